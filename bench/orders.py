#!/usr/bin/env python3
"""make bench orders: order upserts over HTTP, one a request, against the bare engine with the same rows and group size.

    bench/orders.py BINARIES [ORDERS [ENGINE]]

The server runs on core 0, the load on core 1. At 70 % of what it can take it is asked in five stretches, and each
tells its own p99; beside them stands what the disk takes for a sync of one page while nobody else writes, since one
sync that takes a fifth of a second is a stretch's p99.
"""
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request

from common import Shop, bare, postgres, report

binaries, orders = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60_000
ONE, TWO = ("taskset", "-c", "0"), ("taskset", "-c", "1")


def load(address, key, **options):
    flags = [f for k, v in options.items() for f in (f"--{k}", str(v))]
    run = subprocess.run([*TWO, f"{binaries}/load", "--address", address, "--key", key, *flags], capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    return json.loads(run.stdout)


def commits(address):
    """Commits of the embedded store so far, from the metrics; none on PostgreSQL."""
    text = urllib.request.urlopen(f"http://{address}/metrics").read().decode()
    found = [l.split()[-1] for l in text.splitlines() if l.startswith("shuke_store_commits_total")]
    return int(float(found[0])) if found else None


def syncs(folder, times=1000):
    """Milliseconds of the disk's syncs of 8 KB each, one after the other: the middle, the 99th of a hundred, the worst."""
    took, path = [], f"{folder}/sync-probe"
    with open(path, "wb", buffering=0) as file:
        for _ in range(times):
            file.write(bytes(8192))
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - begun) * 1000)
    os.remove(path)
    took.sort()
    return {"sync_p50_ms": took[times // 2], "sync_p99_ms": took[times * 99 // 100], "sync_worst_ms": took[-1]}


STRETCHES = 5

with postgres() as database:
    for engine in sys.argv[3:] or ("sqlite", "postgres"):
        shop = Shop(binaries, database() if engine == "postgres" else None)
        key = shop.run("admin", "create-key", "--name", "bench", "--scopes", "orders:write").strip()
        with shop.serving(ONE) as (address, _, _):
            before = commits(address)
            saturated = load(address, key, orders=orders, connections=64)
            after = commits(address)
            each = orders // 6
            calm = [load(address, key, orders=each, connections=64, rate=saturated["per_second"] * 0.7, **{"from": orders + i * each}) for i in range(STRETCHES)]
        disk = syncs(shop.folder)
        groups = after - before if before is not None else orders
        # The bare engine writes exactly what the saturated run and the paced stretches left: each group a slice of
        # the finished tables, and on SQLite also each group the rows that were made together.
        total = saturated["orders"] + sum(stretch["orders"] for stretch in calm)
        rates = {}
        for came in (False, True) if engine == "sqlite" else (False,):
            target = f"{shop.folder}/bare-{came}.db" if engine == "sqlite" else database()
            alone = bare(binaries, shop.file if engine == "sqlite" else shop.store, target, groups=round(groups * total / saturated["orders"]), connections=8, prefix=ONE, as_they_came=came)
            name = "bare_as_they_came" if came else "bare"
            rates |= {f"{name}_orders_per_second": total / alone["seconds"], f"ratio_to_{name}": saturated["per_second"] * alone["seconds"] / total}
        report(bench="orders", engine=engine, orders=orders, per_second=saturated["per_second"], p50_ms=saturated["p50_us"] / 1000, p99_ms=saturated["p99_us"] / 1000, orders_per_commit=saturated["orders"] / groups, **rates, paced_per_second=statistics.median(stretch["per_second"] for stretch in calm), paced_p99_ms=[stretch["p99_us"] / 1000 for stretch in calm], **disk)
        shop.drop()
