#!/usr/bin/env python3
"""make bench columns: what it costs to keep the columns of a drawn shop up to date.

    [SHUKE_BENCH_SHOP=FOLDER] bench/columns.py BINARIES [MEMBERS [ENGINE [PARTS]]]

Parts, all unless some are named with commas between. `build`: the columns built in full under caps of several
sizes (`--columns-memory`); what it took is its own memory less that of the same program which only opens the store
and says what there is. `cost`: a thousand members with an order each, taken in by a keeper that serves questions
(bench/tools, `changes`): seconds and bytes written, ten times. `freshness`: orders come in over HTTP at stated rates
while others ask counts and reports at random moments; told is how far back each answer knew when it came.
`drawn`: the server's memory over MEMBERS members that are drawn straight into its files, while reports are
asked and new members' orders are taken in. Memory is sampled: the process's own, and with the pages of the files that it
has mapped. With a folder the shop in it is kept and used again. Prints one JSON object a line.
"""
import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta, timezone

from common import KEPT, Client, Memory, Shop, behind, postgres, report

binaries = sys.argv[1]
members = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
engine = sys.argv[3] if len(sys.argv) > 3 else "sqlite"
parts = sys.argv[4].split(",") if len(sys.argv) > 4 else ["build", "cost", "freshness"]
# Caps, MB; orders a second (none: as fast as they are answered); how long each rate goes on, seconds.
CAPS = [int(cap) for cap in os.environ.get("SHUKE_BENCH_CAPS", "64,256,1024").split(",")]
RATES = [(500, 256), (2_000, 256), (None, 256), (2_000, 32)]
SECONDS = int(os.environ.get("SHUKE_BENCH_SECONDS", "40"))
SATURATED = 4_000 * SECONDS
PREFIX = ("chrt", "-r", "10") if os.environ.get("SHUKE_BENCH_FIRST") else ()
REPORTS = ["dashboard", "rfm", "lifecycle", "goods", "region"]


def told(**result):
    report(bench="columns", engine=engine, members=members, **result)


def watched(shop, *command, every):
    """What a command answers, and its memory."""
    child = subprocess.Popen([*PREFIX, *shop.arguments("columns", *command, "--json")], env=shop.env, stdout=subprocess.PIPE, text=True)
    memory = Memory(child.pid, every)
    memory.start()
    answer = child.stdout.read()
    if child.wait():
        raise SystemExit(f"columns {command} failed")
    return json.loads(answer), memory.stop()


def build(shop):
    _, opened = watched(shop, "status", every=0.002)
    for cap in CAPS:
        begun = time.perf_counter()
        status, memory = watched(shop, "rebuild", "--columns-memory", str(cap), every=0.05)
        took = memory["own_mb"] - opened["own_mb"]
        told(part="build", cap_mb=cap, seconds=time.perf_counter() - begun, held=status["members"], bytes=status["bytes"], own_before_mb=opened["own_mb"], **memory, took_mb=took, under_cap=took <= cap)


def cost(shop):
    store = shop.store or f"sqlite:{shop.file}"
    command = [*PREFIX, f"{binaries}/changes", "--store", store, "--key", shop.env["SHUKE_MASTER_KEY_FILE"], "--columns", f"{shop.folder}/data/columns"]
    rounds = [json.loads(line) for line in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()]
    for one in rounds:
        told(part="cost", **{k: v for k, v in one.items() if k != "members"})
    by_time = sorted(one["seconds"] for one in rounds)
    told(part="cost", rounds=len(rounds), changes=rounds[0]["changes"], first_seconds=rounds[0]["seconds"], median_seconds=by_time[len(by_time) // 2], worst_seconds=by_time[-1], first_bytes=rounds[0]["bytes_written"], mean_bytes=sum(one["bytes_written"] for one in rounds) / len(rounds))


class Asker(threading.Thread):
    """Asks at random moments, and keeps how far back each answer knew when it came, seconds."""

    def __init__(self, address, key, what):
        super().__init__(daemon=True)
        self.client, self.what, self.ages, self.took, self.over = Client(address, key), what, [], [], threading.Event()
        self.draw, self.failed = random.Random(what), None

    def ask(self):
        """Questions of which none is the one before, so that no kept answer serves."""
        n = self.draw.randrange(1_000)
        if self.what == "segment":
            body = json.dumps({"text": f"count(orders where purchase = true and paid >= ¥{n}.00) >= {1 + n % 3}"})
            took, answer = self.client.ask("POST", "/segments/count", body.encode())
            return took, {"known": {"at": answer["known_at"]}}
        as_of = date.today() + timedelta(days=1 - n % 300)
        return self.client.ask("GET", f"/reports/{REPORTS[n % len(REPORTS)]}?as_of={as_of}&from={as_of - timedelta(days=365)}&min_gaps={5 + n}")

    def run(self):
        while not self.over.wait(self.draw.uniform(0, 0.5)):
            try:
                took, answer = self.ask()
            except SystemExit as refused:
                self.failed = refused
                return
            self.ages.append(behind(answer))
            self.took.append(took)

    def stop(self):
        self.over.set()
        self.join()
        if self.failed or not self.ages:
            raise self.failed or SystemExit(f"no {self.what} was answered")
        place = lambda of, q: sorted(of)[min(len(of) - 1, int(q * len(of)))]
        return {f"{self.what}_asked": len(self.ages), **{f"{self.what}_age_{n}_s": place(self.ages, q) for n, q in (("p50", 0.5), ("p99", 0.99), ("max", 1))}, f"{self.what}_took_p50_ms": place(self.took, 0.5)}


def loaded(address, key, rate, start):
    """Orders at that rate, or as fast as they are answered; what came of it."""
    orders = rate * SECONDS if rate else SATURATED
    flags = ["--rate", str(rate)] if rate else []
    command = [f"{binaries}/load", "--address", address, "--key", key, "--orders", str(orders // 64 * 64), "--connections", "64", "--from", str(start), *flags]
    load = subprocess.run([*PREFIX, *command], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(load.stdout)


def asked_beside(shop, key, rate, cap, start, **more):
    """Counts and reports beside orders, under a cap."""
    with shop.serving(PREFIX, "--columns-memory", str(cap)) as (address, _, process):
        askers = [Asker(address, key, what) for what in ("segment", "report")]
        for asker in askers:
            # Files are mapped and checked once, before anything is told.
            asker.ask()
        memory = Memory(process)
        for thread in (memory, *askers):
            thread.start()
        load = loaded(address, key, rate, start)
        ages = [asker.stop() for asker in askers]
        memory = memory.stop() | {"own_before_mb": memory.base}
        told(**more, cap_mb=cap, asked_rate=rate, orders_a_second=load["per_second"], order_p99_ms=load["p99_us"] / 1000, **ages[0], **ages[1], **memory, over_before_mb=memory["own_mb"] - memory["own_before_mb"])


def key_of(shop):
    return shop.run("admin", "create-key", "--name", "bench", "--scopes", "orders:read,orders:write,members:read,members:write,segments:read").strip()


def freshness(shop):
    key = key_of(shop)
    for i, (rate, cap) in enumerate(RATES):
        start = int(time.time()) % 1_000_000 * 1_000_000 + i * 10_000_000
        asked_beside(shop, key, rate, cap, start, part="freshness")
    status = json.loads(shop.run("columns", "status", "--json"))
    told(part="freshness", step="afterwards", changed=status["changed"], behind=status["behind"], bytes=status["bytes"])
    agrees = json.loads(shop.run("columns", "verify", "--json"))["agrees"]
    told(part="freshness", step="columns against the store", agrees=agrees)
    if not agrees:
        raise SystemExit("the columns do not say what the store says")


def drawn():
    """Members drawn straight into the report buckets of a merchant of whom the store knows nothing."""
    shop = Shop(binaries)
    try:
        shop.run("columns", "rebuild")
        at = datetime.now(timezone.utc).strftime("%Y-%m-%dT00:00:00Z")
        made = subprocess.run([f"{binaries}/buckets", f"{shop.folder}/data/columns/m1", "--members", str(members), "--at", at], check=True, stdout=subprocess.PIPE, text=True)
        told(part="drawn", **{k: v for k, v in json.loads(made.stdout).items() if k != "members"})
        key = key_of(shop)
        for i, cap in enumerate(CAPS):
            asked_beside(shop, key, 500, cap, i * 10_000_000, part="drawn")
    finally:
        shop.drop()


def main():
    if "drawn" in parts:
        drawn()
    if parts == ["drawn"]:
        return
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(postgres(KEPT)) if engine == "postgres" else None
        shop = Shop(binaries, database() if database else None, found=False, kept=KEPT and f"{KEPT}/postgres" if engine == "postgres" else KEPT)
        stack.callback(shop.drop)
        told(step="shop drawn and loaded", seconds=shop.draw(members))
        if "build" in parts:
            build(shop)
        elif not json.loads(shop.run("columns", "status", "--json"))["built"]:
            shop.run("columns", "rebuild")
        for name, part in (("cost", cost), ("freshness", freshness)):
            if name in parts:
                part(shop)


if __name__ == "__main__":
    main()
