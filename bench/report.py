#!/usr/bin/env python3
"""make bench report: every report and a member's standing over HTTP at a million members of the drawn
shop, at rest and while ten thousand orders a minute come in, on both engines.

    [SHUKE_BENCH_SHOP=FOLDER] bench/report.py BINARIES [MEMBERS [ENGINE [ROUNDS]]]

`first` is a question that was not asked before, so that no kept answer serves; `repeated` the same one
asked again right after. With a folder the shop in it is kept and used again. Prints, one JSON object a line: how long the columns took to build and how
large they are; p50 and p99 of each; the same under load, with how far back the answers knew.
"""
import json
import random
import sys
import threading
import time
from datetime import date, timedelta

from common import KEPT, Client, Shop, behind, postgres, report, told

binaries = sys.argv[1]
members = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
engines = [sys.argv[3]] if len(sys.argv) > 3 else ["sqlite", "postgres"]
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 20
REPORTS = ["dashboard", "rfm", "lifecycle", "cohort", "interval", "calendar", "goods", "region"]


def measured(engine, client, name, paths, **more):
    """Each path twice: what it takes at first, and again."""
    first, again, back = [], [], []
    for path in paths:
        took, answer = client.ask("GET", path)
        first.append(took)
        back.append(behind(answer))
        again.append(client.ask("GET", path)[0])
    more = dict(more, known_back_s=max(back)) if more else more
    report(bench="report", engine=engine, members=members, report=name, rounds=len(first), **told(first, "first"), **told(again, "repeated"), **more)


def questions(turn):
    """A year up to another day each round, with another threshold, so that each is new."""
    for i in range(rounds):
        as_of = date.today() + timedelta(days=1 - i)
        yield f"as_of={as_of}&from={as_of - timedelta(days=365)}&min_gaps={5 + i + 100 * turn}"


def all_reports(engine, client, ids, turn, **more):
    for name in REPORTS:
        measured(engine, client, name, [f"/reports/{name}?{q}" for q in questions(turn)], **more)
    # Member pages ask by the defaults: what a member is compared with is reckoned once.
    client.ask("GET", f"/members/{ids[0]}/standing")
    measured(engine, client, "standing", [f"/members/{i}/standing" for i in random.sample(ids, min(len(ids), 5 * rounds))], **more)


def write(client, halt, written, who):
    """Five thousand orders a minute, in batches of fifty, of fifty thousand people."""
    money, run = {"amount": 9900, "currency": "CNY"}, f"b{int(time.time())}-{who}"
    due = time.perf_counter()
    while not halt.is_set():
        due, n, today = due + 0.6, written[who], date.today()
        items = [{"external": {"source": "bench", "id": f"{run}-{n + i}"}, "state": "paid", "created_at": f"{today}T00:00:00Z", "paid_at": f"{today}T00:01:00Z", "paid": money,
                  "buyer": {"keys": [{"kind": "own_id", "value": f"p{(n + i) * 7919 % 50_000}", "verified": True}]}, "lines": [{"id": "1", "sku": "B", "quantity": 1, "paid": money}]} for i in range(50)]
        client.ask("POST", "/orders/batch", json.dumps({"items": items}))
        written[who] += 50
        halt.wait(max(0.0, due - time.perf_counter()))


def bench(engine, store):
    shop = Shop(binaries, store, found=False, kept=KEPT and f"{KEPT}/postgres" if store else KEPT)
    report(bench="report", engine=engine, members=members, step="shop drawn and loaded", seconds=shop.draw(members))
    key = shop.run("admin", "create-key", "--name", "bench", "--scopes", "orders:read,orders:write,members:read").strip()
    begun = time.perf_counter()
    status = json.loads(shop.run("columns", "rebuild", "--json"))
    report(bench="report", engine=engine, members=members, step="columns built in full", seconds=time.perf_counter() - begun, held=status["members"], buckets=status["buckets"], bytes=status["bytes"])
    with shop.serving() as (address, _, _):
        client = Client(address, key)
        ids = [i["member"] for i in client.ask("GET", "/reports/dashboard/members?of=known&limit=200")[1]["items"]]
        all_reports(engine, client, ids, 0)
        halt, written = threading.Event(), [0, 0]
        writers = [threading.Thread(target=write, args=(Client(address, key), halt, written, who)) for who in range(2)]
        for writer in writers:
            writer.start()
        time.sleep(10)
        begun, before = time.perf_counter(), sum(written)
        all_reports(engine, client, ids, 1, under_load=True)
        a_minute = (sum(written) - before) / (time.perf_counter() - begun) * 60
        halt.set()
        for writer in writers:
            writer.join()
        status = json.loads(shop.run("columns", "status", "--json"))
        report(bench="report", engine=engine, members=members, step="under load", orders_a_minute=a_minute, changed=status["changed"], events_behind=status["behind"])
        agrees = json.loads(shop.run("columns", "verify", "--json"))["agrees"]
        report(bench="report", engine=engine, members=members, step="columns against the store", agrees=agrees)
        if not agrees:
            raise SystemExit("the columns do not say what the store says")
    shop.drop()


if __name__ == "__main__":
    with postgres(KEPT) as database:
        for engine in engines:
            bench(engine, database() if engine == "postgres" else None)
