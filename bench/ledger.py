#!/usr/bin/env python3
"""make bench ledger: books of points, how fast they take requests, beside the bare engine with the same rows.

    bench/ledger.py BINARIES [rates] [curve] [expiry] [--engine sqlite|postgres] [--members 100000] [--requests 30000]
        [--sizes 10000,100000,1000000] [--lots 500000] [--per 2] [--first]

`rates` (what is asked unless something is named): earns and spends by 64 callers through the service and over HTTP, ten
thousand spends of one member, and reads. *Bare* writes the rows that the run through the service left (events, books,
parts, entries, events of the feed) into a copy of the store as it was before: same tables, indexes, durability and size of
groups, each book once a group; on PostgreSQL a statement a table and group, on two connections, as the product has two runs.
`curve`: the same earns at growing sizes, by 64 callers and by one, and the reads that a checkout waits for over HTTP.
`expiry`: lots that ended a month ago are booked as ended by the server, with spends of other members beside; the server is
killed on the way and started again. Then every lot has ended once.

Books are made by the services, 40 of each kind, and their rows written again under other members (`ledger fill` of
`bench/tools`). The server runs on core 0, who asks it on core 1; the service and its callers share both.
"""
import argparse
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.request

from common import Memory, Shop, postgres, report

ONE, TWO = ("taskset", "-c", "0"), ("taskset", "-c", "1")
SCOPES = "members:read,members:write,points:read,points:write,programmes:write,benefits:read,benefits:write"
RULES = {
    "earn": [{"id": "base", "kind": "per_amount", "points": 1, "per_fen": 100}],
    "lot_expiry": {"days": 365},
    "ladder": {"tiers": [
        {"id": "普通"},
        {"id": "银牌", "entry": {"any": [{"metric": "net_spend", "min": 500_000}, {"metric": "orders", "min": 4}]}},
        {"id": "金牌", "entry": {"all": [{"metric": "net_spend", "min": 2_000_000}]}},
    ]},
}


def call(address, key, method, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"http://{address}/api/v1{path}", data, {"authorization": f"Bearer {key}", "content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


class Ledger:
    """A shop with a programme, its store filled with books."""

    def __init__(self, options, engine, url=None):
        self.options, self.engine, self.binaries = options, engine, options.binaries
        self.shop = Shop(options.binaries, url)
        self.key = self.shop.run("admin", "create-key", "--name", "bench", "--scopes", SCOPES).strip()
        with self.shop.serving() as (address, _, _):
            begins = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() - 800 * 86_400))
            self.programme = call(address, self.key, "POST", "/programmes", {"name": "bench", "rules": RULES, "begins_at": begins})["id"]
            person = {"external": {"source": "own", "id": "pattern"}, "keys": [{"kind": "own_id", "value": "pattern"}]}
            self.like = call(address, self.key, "POST", "/members", person)["id"]
        self.url = url or f"sqlite:{self.shop.file}"
        self.place = ("--store", self.url, "--key", f"{self.shop.folder}/keys/master.key", "--programme", self.programme)
        self.to = 0

    def tool(self, *arguments, prefix=()):
        run = subprocess.run([*prefix, f"{self.binaries}/ledger", *arguments], capture_output=True, text=True)
        if run.returncode:
            raise SystemExit(f"{arguments}: {run.stderr}")
        return json.loads(run.stdout)

    def fill(self, to, kind="living", lots=2):
        told = self.tool("fill", *self.place, "--like", self.like, "--kind", kind, "--lots", str(lots), "--from", str(self.to), "--to", str(to))
        self.to = to
        return told

    def drive(self, what, requests, tag, members=None, first=0, callers=64):
        return self.tool("drive", *self.place, "--what", what, "--members", str(members or self.to), "--first", str(first), "--requests", str(requests), "--callers", str(callers), "--tag", tag, prefix=self.options.prefix)

    def http(self, address, what, requests, tag, members=None, first=0, connections=64, rate=None):
        more = ("--rate", str(rate)) if rate else ()
        return self.tool("http", "--address", address, "--key", self.key, "--programme", self.programme, "--what", what, "--members", str(members or self.to), "--first", str(first), "--requests", str(requests), "--connections", str(connections), "--tag", tag, *more, prefix=(*self.options.prefix, *TWO))

    def copy(self, database, name):
        """The store as it is now, elsewhere."""
        if self.engine == "sqlite":
            shutil.copy(self.shop.file, f"{self.shop.folder}/{name}.db")
            return f"sqlite:{self.shop.folder}/{name}.db"
        admin, now = self.url.rsplit("/", 1)
        subprocess.run(["psql", "-q", f"{admin}/postgres", "-c", f"CREATE DATABASE {name} TEMPLATE {now}"], check=True)
        return f"{admin}/{name}"

    def rows(self, sql):
        if self.engine == "postgres":
            out = subprocess.run(["psql", "-qAt", "-F,", self.url, "-c", sql], check=True, stdout=subprocess.PIPE, text=True).stdout
            return [[int(cell or 0) for cell in line.split(",")] for line in out.split()]
        with contextlib.closing(sqlite3.connect(f"file:{self.shop.file}?mode=ro", uri=True, timeout=60)) as db:
            return [[cell or 0 for cell in row] for row in db.execute(sql).fetchall()]

    def serving(self):
        return self.shop.serving((*self.options.prefix, *ONE))


def brief(told, name):
    return {f"{name}_per_second": told["per_second"], f"{name}_p50_ms": told["p50_ms"], f"{name}_p99_ms": told["p99_ms"]}


def rates(ledger, database):
    requests = ledger.options.requests
    filled = ledger.fill(ledger.options.members)
    for what in ("earn", "spend"):
        before = ledger.copy(database, f"before_{what}")
        driven = ledger.drive(what, requests, what)
        groups = driven["commits"]
        bare = ledger.tool("bare", "--from", ledger.url, "--to", before, "--at", str(driven["at"]), "--groups", str(groups), prefix=ledger.options.prefix)
        report(bench="ledger", engine=ledger.engine, what=what, books=ledger.to, requests=requests, **brief(driven, "service"), requests_a_commit=requests / groups, bare_per_second=bare["per_second"], rows_a_request=bare["rows"] / requests, ratio=driven["per_second"] / bare["per_second"])
    ledger.drive("give", 1, "hot-gift", members=1)
    hot = ledger.drive("spend", 10_000, "hot", members=1)
    report(bench="ledger", engine=ledger.engine, what="hot account, service", **brief(hot, "service"), requests_a_commit=10_000 / hot["commits"])
    with ledger.serving() as (address, _, _):
        for what, many in (("spend", requests), ("give", requests)):
            report(bench="ledger", engine=ledger.engine, what=f"{what} over HTTP", requests=many, **brief(ledger.http(address, what, many, f"http-{what}"), "http"))
        report(bench="ledger", engine=ledger.engine, what="hot account over HTTP", **brief(ledger.http(address, "spend", 10_000, "http-hot", members=1), "http"))
        reads(ledger, address)
    return filled


def reads(ledger, address):
    for what in ("balance", "quote"):
        ledger.http(address, what, 500, "warm", connections=2)
        report(bench="ledger", engine=ledger.engine, what=f"read: {what}", books=ledger.to, **brief(ledger.http(address, what, 4_000, what, connections=4, rate=400), "http"))


def curve(ledger, _):
    for size in ledger.options.sizes:
        filled = ledger.fill(size)
        ledger.drive("earn", 2_000, f"warm{size}")
        many = ledger.drive("earn", ledger.options.requests, f"many{size}")
        one = ledger.drive("earn", 1_000, f"one{size}", callers=1)
        report(bench="ledger curve", engine=ledger.engine, books=size, fill_seconds=filled["seconds"], **brief(many, "earn"), **brief(one, "one_caller"))
        with ledger.serving() as (address, _, _):
            reads(ledger, address)


def left(ledger):
    now = int(time.time() * 1e6)
    return ledger.rows(f"SELECT COUNT(*) FROM points_book WHERE due IS NOT NULL AND due <= {now}")[0][0]


def expiry(ledger, _):
    options = ledger.options
    living, books = 20_000, options.lots // options.per
    ledger.fill(living)
    filled = ledger.fill(living + books, kind="ended", lots=options.per)
    lots, waiting = books * options.per, left(ledger)
    begun, peak, beside, killed = time.perf_counter(), 0, [], None
    for part in ("killed", "to the end"):
        with ledger.serving() as (address, _, pid):
            memory = Memory(pid)
            memory.start()
            while (still := left(ledger)) > (waiting * 0.6 if part == "killed" else 0):
                beside.append(ledger.http(address, "spend", 200, f"beside-{time.time()}", members=living, connections=8, rate=100))
            peak = max(peak, memory.stop()["own_mb"])
            if part == "killed":
                os.kill(pid, signal.SIGKILL)
                killed = waiting - still
    seconds = time.perf_counter() - begun
    with ledger.serving() as (address, _, _):
        alone = ledger.http(address, "spend", 2_000, "alone", members=living, connections=8, rate=100)
    ended = ledger.rows("SELECT COUNT(*), COUNT(DISTINCT member) FROM points_entry WHERE cause_kind = 'lot_end'")[0]
    once = ledger.rows("SELECT COUNT(*) FROM (SELECT member, lot FROM points_entry WHERE cause_kind = 'lot_end' GROUP BY member, lot HAVING COUNT(*) > 1) twice")[0][0]
    audit = subprocess.run(ledger.shop.arguments("audit"), env=ledger.shop.env, capture_output=True, text=True)
    report(bench="ledger expiry", engine=ledger.engine, lots=lots, books=books, fill_seconds=filled["seconds"], ended=ended[0], of_books=ended[1], twice=once, books_when_killed=killed, seconds=seconds, lots_per_second=lots / seconds, peak_own_mb=peak, beside_worst_p99_ms=max(b["p99_ms"] for b in beside), beside_median_p99_ms=sorted(b["p99_ms"] for b in beside)[len(beside) // 2], beside_worst_ms=max(b["max_ms"] for b in beside), alone_p99_ms=alone["p99_ms"], audit_says=audit.returncode)
    if (ended[0], once) != (lots, 0):
        raise SystemExit("not every lot ended once")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("parts", nargs="*", default=[])
    parser.add_argument("--engine", choices=("sqlite", "postgres"), action="append")
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=30_000)
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--lots", type=int, default=500_000)
    parser.add_argument("--per", type=int, default=2)
    parser.add_argument("--first", action="store_true", help="before other work of the machine")
    options = parser.parse_args()
    options.prefix = ("chrt", "-r", "10") if options.first else ()
    with contextlib.ExitStack() as stack:
        for engine in options.engine or ("sqlite", "postgres"):
            database = stack.enter_context(postgres()) if engine == "postgres" else None
            for part in options.parts or ("rates",):
                ledger = Ledger(options, engine, database() if database else None)
                try:
                    {"rates": rates, "curve": curve, "expiry": expiry}[part](ledger, database)
                finally:
                    ledger.shop.drop()


if __name__ == "__main__":
    main()
