#!/usr/bin/env bash
# A long campaign at the size that an acceptance line names; writes its entry into docs/soak.md.
#   scripts/soak.sh store [options of the campaign]
#   scripts/soak.sh segments [TRIPLES [SEED]]      goes on where it was stopped, on the same commit
#   scripts/soak.sh columns [KILLS [SEED]]
#   scripts/soak.sh living [KILLS [SEED]]
#   scripts/soak.sh ledger [KILLS [SEED]]
#   scripts/soak.sh pricing [CARTS [SEED]]
#   scripts/soak.sh histories [HISTORIES [SEED]]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/tools.sh rust postgres
name=$1; shift
if [ "$name" = segments ]; then
  seed=${2:-$(date +%s)} state="${XDG_CACHE_HOME:-$HOME/.cache}/shuke/soak-segments-$(git rev-parse --short HEAD)"
  mkdir -p "$(dirname "$state")"
  [ -n "${2:-}" ] || ! [ -s "$state" ] || seed=$(cut -d' ' -f1 "$state")
  begun=$SECONDS
  SHUKE_SOAK_TRIPLES=${1:-1000000} SHUKE_SOAK_SEED=$seed SHUKE_SOAK_STATE=$state \
    cargo test --release -p shuke-segments --test language -- --exact agreement::set_and_single_agree_on_as_many_as_are_asked_for --nocapture
  read -r _ trees triples <"$state"
  row="| $(date -u +%FT%R) | $(git rev-parse --short HEAD) | $seed | $trees | $triples | $((SECONDS - begun)) s | nothing |"
  # Under the head of its table; the store's entries go to the end of the file.
  sed -i "/^| when (UTC) | commit | seed | trees /{n;s/\$/\n$row/}" docs/soak.md
  echo "$row"
  rm "$state"
  exit
fi
if [ "$name" = columns ]; then
  seed=${2:-$(date +%s)} log=$(mktemp)
  cargo build -p shuke --bin shuke
  # One engine after the other: each has the machine to itself.
  SHUKE_SOAK_KILLS=${1:-200} SHUKE_SOAK_SEED=$seed \
    cargo test -p shuke --test whole columns_killed:: -- --nocapture --test-threads 1 | tee "$log"
  # Newest first, under the head of its table.
  grep -o 'SOAK |.*' "$log" | while read -r _ row; do
    sed -i "/^| when (UTC) | commit | store | seed | kills | serving /{n;s/\$/\n| $(date -u +%FT%R) | $(git rev-parse --short HEAD) ${row//\//\\/}/}" docs/soak.md
  done
  rm "$log"
  exit
fi
if [ "$name" = living ]; then
  seed=${2:-$(date +%s)} log=$(mktemp)
  cargo build -p shuke --bin shuke
  # One engine after the other: each has the machine to itself.
  SHUKE_SOAK_KILLS=${1:-50} SHUKE_SOAK_SEGMENTS=500 SHUKE_SOAK_SEED=$seed \
    cargo test -p shuke --test whole living_killed:: -- --nocapture --test-threads 1 | tee "$log"
  # Newest first, under the head of its table.
  grep -o 'SOAK |.*' "$log" | while read -r _ row; do
    sed -i "/^| when (UTC) | commit | store | seed | segments | kills /{n;s/\$/\n| $(date -u +%FT%R) | $(git rev-parse --short HEAD) ${row//\//\\/}/}" docs/soak.md
  done
  rm "$log"
  exit
fi
if [ "$name" = ledger ]; then
  seed=${2:-$(date +%s)} log=$(mktemp)
  cargo build -p shuke --bin shuke
  # One engine after the other: each has the machine to itself.
  SHUKE_SOAK_KILLS=${1:-50} SHUKE_SOAK_SEED=$seed \
    cargo test -p shuke --test whole ledger_killed:: -- --nocapture --test-threads 1 | tee "$log"
  # Newest first, under the head of its table.
  grep -o 'SOAK |.*' "$log" | while read -r _ row; do
    sed -i "/^| when (UTC) | commit | store | seed | kills | at work /{n;s/\$/\n| $(date -u +%FT%R) | $(git rev-parse --short HEAD) ${row//\//\\/}/}" docs/soak.md
  done
  rm "$log"
  exit
fi
if [ "$name" = pricing ]; then
  log=$(mktemp)
  cargo run --release -p shuke-pricing --example soak -- "${1:-200000}" "${2:-$(date +%s)}" | tee "$log"
  # Newest first, under the head of its table.
  row="| $(date -u +%FT%R) | $(git rev-parse --short HEAD) $(grep -o '^SOAK .*' "$log" | cut -c6-)"
  sed -i "/^| when (UTC) | commit | seed | carts /{n;s/\$/\n$row/}" docs/soak.md
  echo "$row"
  rm "$log"
  exit
fi
if [ "$name" = histories ]; then
  seed=${2:-$(date +%s)} log=$(mktemp) many=${1:-100000}
  # The engine alone plays ten times as many.
  SHUKE_HISTORIES=$((many * 10)) PROPTEST_RNG_SEED=$seed \
    cargo test --release -p shuke-loyalty --test histories --test merges
  echo "SOAK | pure | $seed | $((many * 10)) | – | – | $((SECONDS)) s | nothing |" | tee "$log"
  SHUKE_HISTORIES=$many SHUKE_HISTORIES_SEED=$seed \
    cargo test --release -p shuke-programme --test histories -- --nocapture | tee -a "$log"
  # Newest first, under the head of its table.
  grep -o 'SOAK |.*' "$log" | while read -r _ row; do
    sed -i "/^| when (UTC) | commit | store | seed | histories /{n;s/\$/\n| $(date -u +%FT%R) | $(git rev-parse --short HEAD) ${row//\//\\/}/}" docs/soak.md
  done
  rm "$log"
  exit
fi
cargo run --release -p shuke-testkit --bin soak -- "$name" "$@"
