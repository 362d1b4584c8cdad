#!/usr/bin/env bash
# The console in Debian's Chromium against the real binary, at 1280 and 375 px, in both languages.
# With --members N: only the screens of a shop with so many members, kept as pictures under
# tests/e2e/test-results/crowd (some minutes; not part of make test).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
stamp=$(sha256sum tests/e2e/package-lock.json | cut -c1-32)
if [ "$(cat tests/e2e/node_modules/.shuke-stamp 2>/dev/null)" != "$stamp" ]; then
  (cd tests/e2e && npm ci --no-audit --no-fund --loglevel=error)
  echo "$stamp" >tests/e2e/node_modules/.shuke-stamp
fi
if [ "${1:-}" = --members ]; then
  SHUKE_BIN=$(realpath "${SHUKE_BIN:-$debug_bin}") SHUKE_MEMBERS=${2:?how many members?} npm run crowd --silent --prefix tests/e2e
  exit
fi
SHUKE_BIN=$(realpath "$debug_bin") npm test --silent --prefix tests/e2e
