#!/usr/bin/env bash
# Writes what is generated from the program: OpenAPI document, TypeScript client, CLI and
# configuration reference. With --check: fails when what is committed differs.
set -euo pipefail
cd "$(dirname "$0")/.."
out=docs client=web/api-client/src
if [ "${1:-}" = --check ]; then
  tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
  mkdir -p "$tmp/docs" "$tmp/client"
  out=$tmp/docs client=$tmp/client
fi
bin=${SHUKE_BIN:-target/debug/shuke}
[ -x "$bin" ] || cargo build --bin shuke
"$bin" admin generate openapi >"$out/openapi.json"
"$bin" admin generate cli >"$out/cli.md"
"$bin" admin generate config >"$out/config.md"
"$bin" admin generate events >"$out/events.md"
"$bin" admin generate privacy >"$out/privacy-register.md"
"$bin" admin generate segments >"$out/segment.schema.json"
node web/api-client/generate.mjs "$out/openapi.json" "$client/generated.ts"
if [ "${1:-}" = --check ]; then
  status=0
  for f in openapi.json cli.md config.md events.md privacy-register.md segment.schema.json; do diff -u "docs/$f" "$out/$f" | head -n 40 || true; cmp -s "docs/$f" "$out/$f" || status=1; done
  cmp -s web/api-client/src/generated.ts "$client/generated.ts" || { diff -u web/api-client/src/generated.ts "$client/generated.ts" | head -n 40; status=1; }
  [ $status -eq 0 ] || { echo "generated files are stale: run make gen and commit" >&2; exit 1; }
  echo "generated files are clean"
fi
