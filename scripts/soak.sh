#!/usr/bin/env bash
# A long campaign at the size that an acceptance line names; writes its entry into docs/soak.md.
#   scripts/soak.sh store [options of the campaign]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/tools.sh rust postgres
name=$1; shift
cargo run --release -p shuke-testkit --bin soak -- "$name" "$@"
