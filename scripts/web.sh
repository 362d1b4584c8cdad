#!/usr/bin/env bash
# Builds the console once per state of its lock file and sources; the result is embedded by the
# release build and served from disk by the others. `web.sh modules` only installs what it needs.
set -euo pipefail
cd "$(dirname "$0")/.."
cache="${XDG_CACHE_HOME:-$HOME/.cache}/shuke/web"
mkdir -p "$cache"

stamp() { find "$@" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32; }

app=web/console
modules=$(sha256sum "$app/package-lock.json" | cut -c1-32)
if [ "$(cat "$app/node_modules/.shuke-stamp" 2>/dev/null)" != "$modules" ]; then
  echo "installing the console's packages …"
  (cd "$app" && npm ci --no-audit --no-fund --loglevel=error)
  echo "$modules" >"$app/node_modules/.shuke-stamp"
fi
[ "${1:-}" = modules ] && exit 0
sources=$(stamp "$app" web/api-client)
if [ "$(cat "$app/dist/.shuke-stamp" 2>/dev/null)" != "$sources" ]; then
  if [ -d "$cache/$sources" ]; then
    rm -rf "$app/dist" && cp -r "$cache/$sources" "$app/dist"
  else
    echo "building the console …"
    (cd "$app" && npm run --silent build)
    echo "$sources" >"$app/dist/.shuke-stamp"
    rm -rf "${cache:?}"/* && cp -r "$app/dist" "$cache/$sources"
  fi
fi
