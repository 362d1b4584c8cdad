#!/usr/bin/env python3
"""What hidden buyers do to repurchase, RFM and stages: 0, 30, 70 and 100 % of the orders identified.

    identified_share.py SHUKE [MEMBERS]

The same drawn shop, its buyers more and more hidden, is loaded and reported on; the same reports over
the people who were drawn (`shuke report --on`) are what they are compared with. The errors are
printed; they are the platforms' doing and not to be argued away. What must hold at every share: all
orders and their money are there, and what is identified or not adds up.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

shuke, members = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "2000"
UNTIL = "2026-11-24"
checks = []


def check(name, want, got):
    checks.append(want == got)
    print(f"{'ok  ' if want == got else 'FAIL'} {name}: want {want}, got {got}")


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def instant(time):
    return f"{time.replace(' ', 'T')}+08:00" if time else ""


def write(path, header, table):
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(header)
        out.writerows(table)


def as_people(truth, folder):
    """The truth in the layout of `shuke report --on`."""
    folder.mkdir()
    orders = {(o["platform"], o["order_no"]): o for o in rows(truth / "orders.csv")}
    name = lambda at: "/".join(at)
    write(folder / "members.csv", ["member_id", "registered_at", "region"], ())
    write(
        folder / "orders.csv",
        ["order_id", "member_id", "created_at", "paid_at", "state", "region", "currency"],
        ([name(at), o["person"], instant(o["placed_at"]), instant(o["paid_at"]), o["state"], "", "CNY"] for at, o in orders.items()),
    )
    write(
        folder / "lines.csv",
        ["order_id", "line_no", "sku", "name", "category", "quantity", "paid", "received"],
        ([f"{l['platform']}/{l['order_no']}", l["line_no"], l["sku"], l["title"], "", l["quantity"], l["paid_fen"], ""] for l in rows(truth / "lines.csv")),
    )
    # A closed order is wholly refunded by itself; part of the money back names its order.
    write(
        folder / "refunds.csv",
        ["refund_id", "order_id", "line_no", "member_id", "sku", "refunded_at", "quantity", "amount", "received"],
        ([f"r/{name(at)}", name(at), "2" if o["refund"] == "partial" else "", o["person"], "", instant(o["refunded_at"]), "", o["refunded_fen"], ""] for at, o in orders.items() if o["refund"] and o["state"] != "closed"),
    )


def run(*a, env=None, **k):
    done = subprocess.run([shuke, *map(str, a)], env=env, capture_output=True, text=True, **k)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, a))}: {done.stderr}{done.stdout}")
    return done.stdout


def figures(where, env=None):
    report = lambda name, *a: json.loads(run("report", name, "--json", "--as-of", UNTIL, *a, *where, env=env))
    dashboard, rfm, stages = report("dashboard"), report("rfm", "--rows"), report("lifecycle", "--rows")
    buyers = {r["member"]: r for r in rfm["rows"]}
    rate = dashboard["repurchase_rate"]
    return {
        "orders": dashboard["orders"]["count"],
        "paid": dashboard["money"]["paid"],
        "coverage": dashboard["coverage"],
        "buyers": len(buyers),
        "repurchase": rate["num"] / rate["den"] if rate["den"] else None,
        "frequency": rfm["sum"]["f"] / len(buyers) if buyers else None,
        "groups": Counter({g["en"]: g["members"] for g in rfm["groups"]}),
        "stages": Counter(r["stage"] for r in stages["rows"] if r["member"] in buyers),
        "stage_of": {r["member"]: r["stage"] for r in stages["rows"]},
    }


def apart(a, b):
    """How many of a hundred would have to move for one distribution to be the other."""
    whole = lambda c: sum(c.values()) or 1
    return 50 * sum(abs(a[k] / whole(a) - b[k] / whole(b)) for k in set(a) | set(b))


def percent(x):
    return "–" if x is None else f"{100 * x:.1f} %"


def against_life(truth, stage_of):
    """How well stages tell who is still there: the truth knows who will buy again and who has left."""
    people = {p["person"]: p for p in rows(truth / "people.csv") if p["person"] in stage_of}
    for name, who in (("will buy again within 90 days", lambda p: p["purchases_next_90_days"] != "0"), ("have left for good", lambda p: p["alive"] == "0")):
        stages = Counter(stage_of[i] for i, p in people.items() if who(p))
        total = sum(stages.values()) or 1
        print(f"     of those who {name} ({total}): " + ", ".join(f"{s} {100 * stages[s] / total:.0f} %" for s in ("join", "active", "declining", "lost")))


truth_figures = None
for share in ("1", "0.7", "0.3", "0"):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        env = dict(os.environ, SHUKE_MASTER_KEY_FILE=f"{folder}/keys/master.key")
        made = json.loads(run("demo", "--files-only", folder / "files", "--members", members, "--identified", share, "--until", UNTIL, "--json"))
        if truth_figures is None:
            as_people(folder / "files/truth", folder / "people")
            truth_figures = figures(["--on", str(folder / "people")])
            t = truth_figures
            print(f"truth: {t['buyers']} buyers, {t['frequency']:.2f} purchases each, repurchase {percent(t['repurchase'])}, stages {dict(t['stages'])}")
            against_life(folder / "files/truth", t["stage_of"])
        at = ("--data", folder / "data")
        run("admin", "create-merchant", "--name", "shop", "--owner", "owner@example.com", *at, env=env, input="correct horse battery staple\n")
        run("import", *made["files"], "--json", *at, env=env)
        got = figures([str(x) for x in at], env)
    t, c = truth_figures, got["coverage"]
    check(f"{share}: purchases, named or not", t["orders"], got["orders"])
    check(f"{share}: named and unnamed purchases add up", got["orders"], c["orders_identified"] + c["orders_unidentified"])
    check(f"{share}: money after refunds, named or not", t["paid"], got["paid"])
    print(
        f"{float(share):4.0%}: {got['buyers']} buyers for {t['buyers']}, repurchase {percent(got['repurchase'])} for {percent(t['repurchase'])}, "
        f"purchases each {got['frequency'] or 0:.2f} for {t['frequency']:.2f}, RFM groups {apart(got['groups'], t['groups']):.1f} and stages {apart(got['stages'], t['stages']):.1f} of a hundred astray"
    )
failed = checks.count(False)
print(f"identified share: {len(checks) - failed} passed, {failed} failed")
sys.exit(bool(failed))
