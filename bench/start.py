#!/usr/bin/env python3
"""make bench start: from exec to ready, and idle memory, on an empty store and on one with N orders.

    [SHUKE_BENCH_SHOP=FOLDER] bench/start.py BINARIES [ORDERS]

With a folder also on the drawn shop that bench/search.py or bench/report.py keep in it.
"""
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import KEPT, Shop, report

binaries, orders = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
here = Path(__file__).parent


def measure(shop, what):
    with shop.serving() as (_, seconds, pid):
        time.sleep(3)
        status = Path(f"/proc/{pid}/status").read_text()
        rss = int(next(l for l in status.splitlines() if l.startswith("VmRSS")).split()[1]) / 1024
        report(bench="start", store=what, ready_seconds=seconds, idle_mb=rss)


empty = Shop(binaries)
measure(empty, "empty")
empty.drop()
if KEPT:
    measure(Shop(binaries, found=False, kept=KEPT), "the drawn shop")
    sys.exit()
full = Shop(binaries)
with tempfile.TemporaryDirectory() as folder:
    files = subprocess.run([sys.executable, here / "taobao_files.py", str(orders), folder], check=True, capture_output=True, text=True).stdout.split()
    full.timed("import", *files, "--json")
measure(full, f"{orders} orders")
full.drop()
