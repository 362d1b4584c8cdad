#!/usr/bin/env bash
# The console in Debian's Chromium against the real binary, at 1280 and 375 px, in both languages.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
stamp=$(sha256sum tests/e2e/package-lock.json | cut -c1-32)
if [ "$(cat tests/e2e/node_modules/.shuke-stamp 2>/dev/null)" != "$stamp" ]; then
  (cd tests/e2e && npm ci --no-audit --no-fund --loglevel=error)
  echo "$stamp" >tests/e2e/node_modules/.shuke-stamp
fi
(cd web/console && npm run --silent check && npm test --silent)
SHUKE_BIN=$(realpath "$debug_bin") npm test --silent --prefix tests/e2e
