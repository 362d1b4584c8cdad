#!/usr/bin/env python3
"""Reports agree with the reference, from files and from a store on either engine, and with what
well-known peers compute on Online Retail.

    reports.py BINARIES DATA [DATASET…]

BINARIES holds the program, DATA the folders `reports` and `analytics`. From a store two things
differ by what a store knows: members have ids of ours, and what the merchant received is known of an
order and not of its lines, so that of goods it is compared in sum only.
"""
import contextlib
import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from shop_loader import load, rows
from common import postgres

binaries, data = sys.argv[1], Path(sys.argv[2])
wanted = sys.argv[3:] or ["tiny", "cdnow", "online_retail"]
reports, analytics = data / "reports", data / "analytics"
failed = []


def check(name, problems):
    print(f"{'FAIL' if problems else 'ok  '} {name}", flush=True)
    for p in problems[:5]:
        print("       ", p)
    if problems:
        failed.append(name)


def diff(want, got, at=""):
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return [f"{at}: want an object, got {got!r}"]
        if set(want) == {"num", "den", "value"}:
            same = want["value"] == got.get("value") and (not want["den"] or want["num"] * got["den"] == got["num"] * want["den"])
            return [] if same else [f"{at}: want {want}, got {got}"]
        return [d for k, v in want.items() for d in (diff(v, got[k], f"{at}.{k}") if k in got else [f"{at}.{k}: missing"])]
    if isinstance(want, list):
        if not isinstance(got, list) or len(want) != len(got):
            return [f"{at}: want {len(want)} entries, got {len(got) if isinstance(got, list) else got!r}"]
        return [d for i, (w, g) in enumerate(zip(want, got)) for d in diff(w, g, f"{at}[{i}]")]
    return [] if type(want) is type(got) and want == got else [f"{at}: want {want!r}, got {got!r}"]


def of_a_store(report, answer):
    """What a store can know of an answer."""
    if report in ("rfm", "lifecycle") and "rows" in answer:
        answer["rows"] = sorted(json.dumps({k: v for k, v in r.items() if k != "member"}, sort_keys=True) for r in answer["rows"])
    if report == "goods":
        for r in answer["rows"]:
            r.pop("received")
        answer["rows"].sort(key=lambda r: r["sku"])
    return answer


def prepared(name, folder):
    if (reports / name).is_dir():
        return reports / name
    out = Path(folder) / name
    subprocess.run([sys.executable, str(reports / "prepare.py"), name, str(analytics), str(out)], check=True, stdout=subprocess.DEVNULL)
    return out


def without_long_orders(folder, tmp):
    """The API takes orders of up to 1,000 lines: a copy of the folder without the few that have more."""
    count = Counter(r["order_id"] for r in rows(folder, "lines"))
    long = {o for o, n in count.items() if n > 1000}
    if not long:
        return folder, False
    out = Path(tmp) / f"{Path(folder).name}-short"
    out.mkdir()
    for name in ("members", "orders", "lines", "refunds"):
        with open(Path(folder) / f"{name}.csv", encoding="utf-8", newline="") as f, open(out / f"{name}.csv", "w", encoding="utf-8", newline="") as g:
            reader = csv.DictReader(f)
            writer = csv.DictWriter(g, reader.fieldnames, lineterminator="\n")
            writer.writeheader()
            writer.writerows(r for r in reader if name not in ("orders", "lines") or r["order_id"] not in long)
    return out, True


def from_a_store(name, folder, engine, url, tmp):
    folder, shorter = without_long_orders(folder, tmp)
    shop = load(binaries, folder, url)
    cases = [c for c in json.loads((reports / "cases.json").read_text()) if c["dataset"] == name]
    for c in cases:
        want = json.loads((reports / "expected" / c["expected"]).read_text())
        if shorter:
            want = json.loads(subprocess.run([f"{binaries}/shuke", "report", c["report"], "--on", str(folder), *c["args"], "--json"], check=True, capture_output=True, text=True).stdout)
        got = json.loads(shop.run("report", c["report"], *c["args"], "--json", "--currency", want["currency"]))
        check(f"{c['expected']} from {engine}", diff(of_a_store(c["report"], want), of_a_store(c["report"], got)))
    agrees = json.loads(shop.run("columns", "verify", "--json"))
    check(f"{name}: columns agree with {engine} member by member", agrees["wrong"])
    before = [shop.run("report", c["report"], *c["args"], "--json", "--currency", "CNY") for c in cases[:3]]
    shop.run("columns", "rebuild")
    after = [shop.run("report", c["report"], *c["args"], "--json", "--currency", "CNY") for c in cases[:3]]
    check(f"{name}: built anew on {engine}, the same answers", [] if before == after else ["they differ"])
    shop.drop()


def oracles(folder):
    def report(*a):
        return json.loads(subprocess.run([f"{binaries}/shuke", "report", *a, "--on", str(folder), "--as-of", "2011-12-10", "--zone", "Europe/London", "--returns", "ignore", "--json"], check=True, capture_output=True, text=True).stdout)

    want = json.loads((analytics / "oracles/rfm_online_retail.json").read_text())["expected"]
    got = report("rfm", "--cuts", "quantile")
    seen = {"members": got["members"], "sum_R": got["sum"]["r_days"], "sum_F": got["sum"]["f"], "sum_M_minor": got["sum"]["m"], "cells_rfm": got["cells"]}
    seen["marginals"] = {k: {s: n for s, n in v.items() if n} for k, v in got["scores"].items()}
    check("oracle rfm_online_retail", diff({k: want[k] for k in seen}, seen))
    want = json.loads((analytics / "oracles/cohort_online_retail_monthly.json").read_text())["expected"]
    got = report("cohort")
    seen = {c["cohort"]: c["members"] for c in got["cohorts"]}
    money = {c["cohort"]: c["paid"] for c in got["cohorts"]}
    check("oracle cohort_online_retail_monthly", diff(want["active_members"], seen) + diff(want["net_amount_minor"], money))
    gaps, peer = report("interval"), want["gap_days"]
    g = gaps["gaps"]
    near = abs(float(g["mean"]["value"]) - peer["mean"]) < 1e-4 and [float(g[k]) for k in ("median", "p25", "p75")] == [peer[k] for k in ("median", "p25", "p75")]
    check("oracle cohort: gaps", [] if near and g["count"] == peer["n"] else [f"want {peer}, got {g}"])
    km, peer = gaps["second_purchase"], want["kaplan_meier_time_to_second_purchase_day"]
    check("oracle cohort: second purchase", diff({"members": peer["n"], "events": peer["events"]}, km))


with tempfile.TemporaryDirectory() as tmp, contextlib.ExitStack() as stack:
    only = [a for n in wanted for a in ("--only", n)] if len(wanted) == 1 else []
    run = subprocess.run([sys.executable, str(reports / "check_reports.py"), *only, str(reports), str(analytics), f"{binaries}/shuke", "report"], capture_output=True, text=True)
    check(f"from files: {run.stdout.strip().splitlines()[-1] if run.stdout.strip() else run.stderr}", run.stdout.splitlines()[:-1] if run.returncode else [])
    database = stack.enter_context(postgres())
    for name in wanted:
        folder = prepared(name, tmp)
        for engine in ("sqlite", "postgres"):
            # PostgreSQL is asked with the small shop; the large ones take the same road.
            if engine == "sqlite" or name == "tiny":
                from_a_store(name, folder, engine, database() if engine == "postgres" else None, tmp)
        if name == "online_retail":
            oracles(folder)
sys.exit(1 if failed else 0)
