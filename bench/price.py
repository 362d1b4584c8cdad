#!/usr/bin/env python3
"""make bench price, second half: drawn checkouts priced over HTTP, offers and cart in each request.

    bench/price.py BINARIES [CARTS [SEED]]

The server runs on core 0, the load on core 1. At 70 % of what it can take it is asked in five stretches, and each
tells its own p99.
"""
import json
import statistics
import subprocess
import sys

from common import Shop, report

binaries = sys.argv[1]
carts, seed = (sys.argv[2:] + ["10000", "1"][len(sys.argv) - 2 :])[:2]
ONE, TWO = ("taskset", "-c", "0"), ("taskset", "-c", "1")
STRETCHES = 5

shop = Shop(binaries)
key = shop.run("admin", "create-key", "--name", "bench", "--scopes", "carts:price").strip()
drawn = f"{shop.folder}/checkouts.jsonl"
with open(drawn, "wb") as file:
    subprocess.run([f"{binaries}/examples/bench", "draw", carts, seed], stdout=file, check=True)


def load(address, **options):
    flags = [f for k, v in options.items() for f in (f"--{k}", str(v))]
    run = subprocess.run([*TWO, f"{binaries}/load", "--address", address, "--key", key, "--bodies", drawn, *flags], capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    return json.loads(run.stdout)


with shop.serving(ONE) as (address, _, _):
    saturated = load(address, orders=carts, connections=16)
    each = max(int(carts) // STRETCHES, 100)
    calm = [load(address, orders=each, connections=16, rate=saturated["per_second"] * 0.7, **{"from": i * each}) for i in range(STRETCHES)]
report(
    bench="price over HTTP",
    carts=saturated["orders"],
    seed=int(seed),
    per_second=saturated["per_second"],
    p50_ms=saturated["p50_us"] / 1000,
    p99_ms=saturated["p99_us"] / 1000,
    paced_per_second=statistics.median(stretch["per_second"] for stretch in calm),
    paced_p50_ms=[stretch["p50_us"] / 1000 for stretch in calm],
    paced_p99_ms=[stretch["p99_us"] / 1000 for stretch in calm],
)
shop.drop()
