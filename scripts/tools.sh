#!/usr/bin/env bash
# Checks the toolchain and installs from Debian what a target needs. Says what is missing and the
# command that brings it. Arguments: rust node postgres chromium python duckdb all
set -euo pipefail

RUST_MIN=1.90
NODE_MIN=20

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n1)" = "$2" ]; }

apt_install() {
  local missing=()
  for p in "$@"; do dpkg -s "$p" >/dev/null 2>&1 || missing+=("$p"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "missing: ${missing[*]}. Install with: apt-get install -y ${missing[*]}" >&2; exit 1; }
    sudo=sudo
  fi
  echo "installing ${missing[*]} …"
  export DEBIAN_FRONTEND=noninteractive
  $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  }
}

rust() {
  # Debian's own rustc is older than ours; its rustup (from Debian 13 on) brings the current one to the usual path.
  if ! command -v cargo >/dev/null && apt-cache show rustup >/dev/null 2>&1; then
    apt_install rustup
    rustup default stable
  fi
  command -v cargo >/dev/null || { echo "Rust $RUST_MIN or newer is needed. Install it from https://rustup.rs, then run this again." >&2; exit 1; }
  local v; v=$(rustc --version | awk '{print $2}')
  at_least "$v" "$RUST_MIN" || { echo "Rust $v is too old, $RUST_MIN is needed: rustup update stable" >&2; exit 1; }
  command -v cc >/dev/null || apt_install build-essential
}

node() {
  if ! command -v node >/dev/null; then apt_install nodejs npm; fi
  local v; v=$(command node --version | tr -d v)
  at_least "$v" "$NODE_MIN" || { echo "Node $v is too old, $NODE_MIN or newer is needed (Debian 13: apt-get install nodejs npm)" >&2; exit 1; }
}

postgres() {
  local d
  for d in /usr/lib/postgresql/*/bin; do [ -x "$d/initdb" ] && return 0; done
  command -v initdb >/dev/null && return 0
  apt_install postgresql
}

chromium() { apt_install chromium fonts-noto-cjk; }

python() {
  local venv="${XDG_CACHE_HOME:-$HOME/.cache}/shuke/venv"
  [ -x "$venv/bin/schemathesis" ] && return 0
  command -v python3 >/dev/null || apt_install python3 python3-venv
  python3 -m venv "$venv" 2>/dev/null || { apt_install python3-venv; python3 -m venv "$venv"; }
  "$venv/bin/pip" install --quiet "schemathesis>=4,<5"
}

# The benchmark of segments and the questions of `make accuracy` need it, for the other side of the comparison.
duckdb() {
  python
  local venv="${XDG_CACHE_HOME:-$HOME/.cache}/shuke/venv"
  "$venv/bin/python" -c "import duckdb, numpy" 2>/dev/null || "$venv/bin/pip" install --quiet duckdb numpy
}

[ $# -gt 0 ] || set -- all
for what in "$@"; do
  case "$what" in
    rust | node | postgres | chromium | python | duckdb) "$what" ;;
    all) rust; node; postgres; chromium; python ;;
    *) echo "unknown tool group: $what" >&2; exit 2 ;;
  esac
done
