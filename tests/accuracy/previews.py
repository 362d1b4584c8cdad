#!/usr/bin/env python3
"""Every platform file is read as its expected.json says: `shuke import --preview --json`.

    previews.py SHUKE EXPORTS
"""
import json
import subprocess
import sys
from pathlib import Path

# Lines of these exports carry no variant column, so what the expectation knows of it cannot be read.
NOT_IN_THE_FILE = {"jd_order_export": {"spec"}, "shopify_orders_export": {"spec"}, "woocommerce_order_export": {"spec"}}
PLAIN = ("format", "platform", "columns", "records", "good", "bad", "skipped", "distinct_keys_good", "encoding", "bom", "newline", "delimiter", "header_record", "container", "joins")


def differences(want, got, at, leave=frozenset()):
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return [f"{at}: want an object, got {got!r}"]
        return [d for k, v in want.items() if k not in leave for d in (differences(v, got[k], f"{at}.{k}", leave) if k in got else ([] if v is None else [f"{at}.{k}: missing, want {v!r}"]))]
    if isinstance(want, list):
        if not isinstance(got, list) or len(want) != len(got):
            return [f"{at}: want {want!r}, got {got!r}"]
        return [d for i, (w, g) in enumerate(zip(want, got)) for d in differences(w, g, f"{at}[{i}]", leave)]
    return [] if want == got and type(want) is type(got) else [f"{at}: want {want!r}, got {got!r}"]


def compare(want, got):
    out = [d for k in PLAIN if k in want for d in differences(want[k], got.get(k), k)]
    for field, codes in (("not_good", "reasons"), ("warned", "warnings")):
        pick = lambda rows: sorted((r["record"], r["key"], r.get("verdict", ""), tuple(sorted(r[codes]))) for r in rows)
        w, g = pick(want.get(field, [])), pick(got.get(field, []))
        out += [f"{field}: only expected {x}" for x in w if x not in g] + [f"{field}: only found {x}" for x in g if x not in w]
    leave = NOT_IN_THE_FILE.get(want["format"], set()) | {"note"}
    name = lambda c: json.dumps([c.get(k) for k in ("order_no", "sub_order_no", "nick", "email", "phone", "platform_customer_id")] + [(c.get("line") or {}).get("title")], ensure_ascii=False)
    found = {}
    for c in got["canonical"]:
        found.setdefault(name(c), c)
    for c in want.get("canonical") or []:
        out += differences(c, found[name(c)], f"canonical {name(c)}", leave) if name(c) in found else [f"canonical: {name(c)} is missing"]
    return out


def main():
    shuke, exports = sys.argv[1], Path(sys.argv[2])
    expected = sorted(exports.glob("*.expected.json"))
    files = [exports / e.name.removesuffix(".expected.json") for e in expected]
    run = subprocess.run([shuke, "import", *map(str, files), "--preview", "--json"], capture_output=True, text=True, check=True)
    answer = {f["file"]: f for f in json.loads(run.stdout)["files"]}
    failed = 0
    for e in expected:
        want = json.loads(e.read_text())
        wrong = compare(want, answer[want["file"]])
        failed += bool(wrong)
        print(f"{'ok  ' if not wrong else 'FAIL'} {want['file']}")
        for line in wrong[:10]:
            print(f"     {line}")
    print(f"previews: {len(expected) - failed} passed, {failed} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
