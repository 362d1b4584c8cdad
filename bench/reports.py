#!/usr/bin/env python3
"""make bench reports: every report over HTTP on a shop of any size that is drawn straight into the report
buckets, since the store of so large a shop does not fit on a small disk.

    [SHUKE_BENCH_SHOP=FOLDER] bench/reports.py BINARIES [MEMBERS [ROUNDS]]

A merchant of whom the store knows nothing gets columns of MEMBERS members, drawn from a seed (bench/tools,
`buckets`); the server answers from those. `first` is a question that was not asked before, so that no kept answer
serves; `repeated` the same one asked again right after. `window` is a year, thirty days or all there is. Before
them the first report, the first stages and the first goods ever asked of these buckets, over which their briefs,
diaries and tallies are written, and what those take on the disk. Last, what the dashboard page asks at once, and
pages of the members behind numbers. Prints one JSON object a line; memory is sampled: what the process itself
holds, and with the pages of the mapped files.
"""
import glob
import json
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone

from common import KEPT, Client, Memory, Shop, report, told

binaries = sys.argv[1]
members = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 20
REPORTS = ["dashboard", "rfm", "lifecycle", "cohort", "interval", "calendar", "goods", "region"]
GROUPS = [("dashboard", "known"), ("dashboard", "new_buyers"), ("rfm", "R+F+M+"), ("rfm", "51*"), ("lifecycle", "lost"), ("goods", "S0000001"), ("region", "p07")]


def days(window, as_of):
    return {"year": f"&from={as_of - timedelta(days=365)}", "month": f"&from={as_of - timedelta(days=30)}", "all": ""}[window]


def asked(client, name, window, begin):
    first, again = [], []
    for i in range(rounds):
        as_of = date.today() + timedelta(days=1 - begin - i)
        path = f"/reports/{name}?as_of={as_of}{days(window, as_of)}"
        first.append(client.ask("GET", path)[0])
        again.append(client.ask("GET", path)[0])
    report(bench="reports", members=members, report=name, window=window, rounds=rounds, **told(first, "first"), **told(again, "repeated"), under_a_second=max(first) < 1000)


def dashboard_page(clients, begin):
    """The dashboard page asks about two windows at once."""
    took = []
    for i in range(rounds):
        to = date.today() + timedelta(days=1 - begin - i)
        paths = [f"/reports/dashboard?from={to - timedelta(days=n)}&to={to - timedelta(days=m)}&grain=day" for n, m in ((30, 0), (60, 30))]
        begun = time.perf_counter()
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda c, p: c.ask("GET", p), clients, paths))
        took.append((time.perf_counter() - begun) * 1000)
    report(bench="reports", members=members, page="dashboard", asks=2, rounds=rounds, **told(took, "first"), under_a_second=max(took) < 1000)


def behind_numbers(client, begin):
    """The first page of the members behind a number, and those after it."""
    for name, of in GROUPS:
        as_of = date.today() + timedelta(days=1 - begin)
        path = f"/reports/{name}/members?of={of.replace('+', '%2B')}&as_of={as_of}{days('year', as_of)}&limit=50"
        first, answer = client.ask("GET", path)
        later = []
        for _ in range(rounds):
            if not answer.get("next_cursor"):
                break
            took, answer = client.ask("GET", f"{path}&cursor={answer['next_cursor']}")
            later.append(took)
        report(bench="reports", members=members, behind=f"{name} {of}", first_ms=first, later_p50_ms=statistics.median(later) if later else None, later_worst_ms=max(later, default=None))


def beside(folder):
    """Bytes of the digests in a folder, by their kind."""
    kinds = {}
    for path in glob.glob(f"{folder}/*+*"):
        if path.endswith(".part"):
            continue
        with open(path, "rb") as file:
            prologue = file.read(16)
            kind = json.loads(file.read(int.from_bytes(prologue[12:], "little")))["name"].split()[0]
        kinds[f"{kind}_bytes"] = kinds.get(f"{kind}_bytes", 0) + os.path.getsize(path)
    return kinds


def main():
    shop = Shop(binaries, found=not (KEPT and os.path.exists(f"{KEPT}/data/shuke.db")), kept=KEPT)
    drawn = f"{shop.folder}/drawn-{members}"
    if not os.path.exists(drawn):
        shop.run("columns", "rebuild")
        at = datetime.now(timezone.utc).strftime("%Y-%m-%dT00:00:00Z")
        buckets = subprocess.run([f"{binaries}/buckets", f"{shop.folder}/data/columns/m1", "--members", str(members), "--at", at], check=True, capture_output=True, text=True)
        report(bench="reports", step="drawn", **json.loads(buckets.stdout))
        open(drawn, "w").close()
    key = shop.run("admin", "create-key", "--name", "bench", "--scopes", "orders:read,members:read").strip()
    with shop.serving() as (address, _, process):
        memory = Memory(process)
        memory.start()
        clients = [Client(address, key), Client(address, key)]
        report(bench="reports", members=members, step="first report after the start, which writes the briefs beside the buckets unless they are there", first_ms=clients[0].ask("GET", f"/reports/calendar?as_of={date.today()}")[0])
        took = clients[0].ask("GET", f"/reports/lifecycle?as_of={date.today()}")[0]
        report(bench="reports", members=members, step="first stages ever asked, which writes the diaries beside the buckets", first_ms=took)
        took = clients[0].ask("GET", f"/reports/goods?as_of={date.today()}")[0]
        report(bench="reports", members=members, step="first goods ever asked, which writes the tallies beside the buckets", first_ms=took)
        report(bench="reports", members=members, step="what is kept beside the buckets", **beside(f"{shop.folder}/data/columns/m1"))
        begin = 0
        for window in ("year", "month", "all"):
            for name in REPORTS:
                asked(clients[0], name, window, begin)
            begin += rounds
        dashboard_page(clients, begin)
        behind_numbers(clients[0], begin)
        report(bench="reports", members=members, step="peak memory", **memory.stop())
    shop.drop()


main()
