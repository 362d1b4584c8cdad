#!/usr/bin/env bash
# Benchmarks, side by side with the bare engine in the same run. Prints one JSON object a result;
# docs/benchmarks.md has the table and how to read it.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/tools.sh rust postgres
cargo build --release --bin shuke --bin load --bin bare
exec python3 "bench/$1.py" "${CARGO_TARGET_DIR:-target}/release" "${@:2}"
