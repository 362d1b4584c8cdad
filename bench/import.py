#!/usr/bin/env python3
"""make bench import: N orders in Taobao's two files, against the bare engine with the same rows in bulk.

    bench/import.py BINARIES [ORDERS]
"""
import subprocess
import sys
import tempfile
from pathlib import Path

from common import Shop, bare, postgres, report

binaries, orders = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
here = Path(__file__).parent
with tempfile.TemporaryDirectory() as folder, postgres() as database:
    files = subprocess.run([sys.executable, here / "taobao_files.py", str(orders), folder], check=True, capture_output=True, text=True).stdout.split()
    lines = sum(1 for _ in open(files[1], "rb")) - 1
    for engine in ("sqlite", "postgres"):
        shop = Shop(binaries, database() if engine == "postgres" else None)
        seconds, peak, answer = shop.timed("import", *files, "--json")
        assert answer["counts"]["orders_new"] == orders, answer
        if engine == "postgres":
            engine_alone = bare(binaries, shop.store, database())
        else:
            engine_alone = bare(binaries, shop.file, f"{folder}/bare.db")
        report(bench="import", engine=engine, orders=orders, lines=lines, seconds=seconds, rows_per_second=(orders + lines) / seconds, peak_mb=peak, store_rows=engine_alone["rows"], bare_seconds=engine_alone["seconds"], ratio_to_bare=engine_alone["seconds"] / seconds)
        shop.drop()
