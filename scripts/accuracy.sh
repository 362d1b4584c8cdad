#!/usr/bin/env bash
# Against the data in $SHUKE_TESTDATA, read in place: platform files read as their expected.json
# says; scenarios of points, tiers and coupons come out step by step; real shops' files load as they come and sum to what is known of them. Beside them a shop is
# drawn whose people are known, and who the store takes for one is compared with who is; and the demo
# shop, of which more than a hundred questions are asked of the program and in SQL of DuckDB
# (SHUKE_SQL_MEMBERS people; 20,000 unless told otherwise, so that it takes minutes in an unoptimised build).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
testdata=${SHUKE_TESTDATA:-../shared/data}
[ -d "$testdata" ] || { echo "no data at $testdata: set SHUKE_TESTDATA" >&2; exit 1; }
[ -x "$debug_bin" ] || cargo build --bin shuke
python3 tests/accuracy/previews.py "$debug_bin" "$testdata/platforms/exports"
python3 tests/accuracy/identity_truth.py "$debug_bin"
python3 tests/accuracy/identified_share.py "$debug_bin"
python3 tests/accuracy/real_shops.py "$debug_bin" "$testdata/analytics"
python3 tests/accuracy/segments.py "$debug_bin" "$testdata/segments"
python3 tests/accuracy/loyalty.py "$debug_bin" "$testdata/loyalty/scenarios"
trying=$(mktemp -d)
python3 tests/accuracy/loyalty.py "$debug_bin" "$testdata/loyalty/scenarios" "sqlite:$trying/shuke.db"
rmdir "$trying"
python3 tests/accuracy/loyalty.py "$debug_bin" "$testdata/loyalty/scenarios" postgres
python3 tests/accuracy/reports.py "$(dirname "$debug_bin")" "$testdata"
python3 tests/accuracy/pricing.py "$debug_bin" "$testdata/pricing/cases" crates/pricing/tests/cases
scripts/tools.sh duckdb
"${XDG_CACHE_HOME:-$HOME/.cache}/shuke/venv/bin/python" tests/accuracy/segments_sql.py "$debug_bin" "${SHUKE_SQL_MEMBERS:-20000}"
