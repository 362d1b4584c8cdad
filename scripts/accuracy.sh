#!/usr/bin/env bash
# Against the data in $SHUKE_TESTDATA, read in place: platform files read as their expected.json
# says; scenarios of points, tiers and coupons come out step by step; real shops' files load as they come and sum to what is known of them. Beside them a shop is
# drawn whose people are known, and who the store takes for one is compared with who is; and the demo
# shop, of which more than a hundred questions are asked of the program and in SQL of DuckDB
# (SHUKE_SQL_MEMBERS people; 20,000 unless told otherwise, so that it takes minutes in an unoptimised build).
# As many checks at a time as there are processors; what each prints comes in one piece when it ends.
# With names of checks: only those.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
testdata=${SHUKE_TESTDATA:-../shared/data}
[ -d "$testdata" ] || { echo "no data at $testdata: set SHUKE_TESTDATA" >&2; exit 1; }
[ -x "$debug_bin" ] || cargo build --bin shuke
scripts/tools.sh duckdb

previews() { python3 tests/accuracy/previews.py "$debug_bin" "$testdata/platforms/exports"; }
identity() { python3 tests/accuracy/identity_truth.py "$debug_bin"; }
shares() { python3 tests/accuracy/identified_share.py "$debug_bin"; }
real_shops() { python3 tests/accuracy/real_shops.py "$debug_bin" "$testdata/analytics"; }
segments() { python3 tests/accuracy/segments.py "$debug_bin" "$testdata/segments"; }
scenarios() { python3 tests/accuracy/loyalty.py "$debug_bin" "$testdata/loyalty/scenarios"; }
scenarios_sqlite() {
  local place; place=$(mktemp -d)
  python3 tests/accuracy/loyalty.py "$debug_bin" "$testdata/loyalty/scenarios" "sqlite:$place/shuke.db" && rmdir "$place"
}
scenarios_postgres() { python3 tests/accuracy/loyalty.py "$debug_bin" "$testdata/loyalty/scenarios" postgres; }
reports_online_retail() { python3 tests/accuracy/reports.py "$(dirname "$debug_bin")" "$testdata" online_retail; }
reports() { python3 tests/accuracy/reports.py "$(dirname "$debug_bin")" "$testdata" tiny cdnow; }
pricing() { python3 tests/accuracy/pricing.py "$debug_bin" "$testdata/pricing/cases" crates/pricing/tests/cases; }
segments_sql() { "${XDG_CACHE_HOME:-$HOME/.cache}/shuke/venv/bin/python" tests/accuracy/segments_sql.py "$debug_bin" "${SHUKE_SQL_MEMBERS:-20000}"; }
# The longest first, so that none runs alone at the end.
all=(real_shops reports_online_retail segments_sql reports segments identity shares scenarios_postgres scenarios_sqlite scenarios previews pricing)

one() {
  local said=$trying/$1.log began=$SECONDS agreed=0
  "$1" >"$said" 2>&1 || agreed=$?
  (flock 9; echo "== $1, $((SECONDS - began)) s"; cat "$said") 9>"$trying/printing"
  return "$agreed"
}
trying=$(mktemp -d)
trap 'rm -rf "$trying"' EXIT
export trying testdata debug_bin
export -f one "${all[@]}"
[ $# -gt 0 ] || set -- "${all[@]}"
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 bash -c 'set -eu; one "$0"'
