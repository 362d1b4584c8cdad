#!/usr/bin/env bash
# The console without a browser: its types and its unit tests.
set -euo pipefail
cd "$(dirname "$0")/../web/console"
npm run --silent check
npm test --silent
