#!/usr/bin/env bash
# Benchmarks, side by side with the bare engine in the same run. Prints one JSON object a result;
# docs/benchmarks.md has the table and how to read it.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$1" = segments ]; then
  scripts/tools.sh rust duckdb
  cargo build --release -p shuke-bench --bin segments
  exec "${XDG_CACHE_HOME:-$HOME/.cache}/shuke/venv/bin/python" bench/segments.py "${CARGO_TARGET_DIR:-target}/release" "${@:2}"
fi
if [ "$1" = equality ]; then
  scripts/tools.sh rust postgres
  cargo build --release -p shuke -p shuke-bench --bin shuke --bin segments --bin through
  exec python3 bench/equality.py "${CARGO_TARGET_DIR:-target}/release" "${@:2}"
fi
if [ "$1" = columns ]; then
  scripts/tools.sh rust postgres
  cargo build --release -p shuke -p shuke-bench --bin shuke --bin load --bin changes --bin buckets
  exec python3 bench/columns.py "${CARGO_TARGET_DIR:-target}/release" "${@:2}"
fi
if [ "$1" = reports ]; then
  scripts/tools.sh rust
  cargo build --release -p shuke -p shuke-bench --bin shuke --bin buckets
  exec python3 bench/reports.py "${CARGO_TARGET_DIR:-target}/release" "${@:2}"
fi
if [ "$1" = ledger ]; then
  scripts/tools.sh rust postgres
  cargo build --release -p shuke -p shuke-bench --bin shuke --bin ledger
  exec python3 bench/ledger.py "${CARGO_TARGET_DIR:-target}/release" "${@:2}"
fi
if [ "$1" = claims ]; then
  scripts/tools.sh rust postgres
  cargo build --release -p shuke -p shuke-bench --bin shuke --bin claims
  exec python3 bench/claims.py "${CARGO_TARGET_DIR:-target}/release" "${@:2}"
fi
if [ "$1" = trial ]; then
  scripts/tools.sh rust postgres
  cargo build --release -p shuke -p shuke-bench --bin shuke --bin ledger
  exec python3 bench/trial.py "${CARGO_TARGET_DIR:-target}/release" "${@:2}"
fi
if [ "$1" = price ]; then
  scripts/tools.sh rust
  cargo run --release -q -p shuke-pricing --example bench -- "${@:2}"
  cargo build --release -p shuke -p shuke-bench --bin shuke --bin load
  exec python3 bench/price.py "${CARGO_TARGET_DIR:-target}/release" "${@:2:2}"
fi
scripts/tools.sh rust postgres
command -v sqlite3 >/dev/null || echo "the sqlite3 program is not here: make bench import measures without it (apt-get install sqlite3)" >&2
cargo build --release --bin shuke --bin load --bin bare
exec python3 "bench/$1.py" "${CARGO_TARGET_DIR:-target}/release" "${@:2}"
