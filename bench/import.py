#!/usr/bin/env python3
"""make bench import: N orders in Taobao's two files, against the bare engine with the same rows in bulk.

    bench/import.py BINARIES [ORDERS [ENGINE]]

For SQLite the bare engine is measured twice: rows moved inside one process (`bare`), and the
`sqlite3` program reading them as INSERT statements in one transaction.
"""
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import Shop, bare, postgres, report


def program(file, target, folder):
    """Seconds of the `sqlite3` program for the rows of a store, into the empty schema of one."""
    run = lambda *a, **k: subprocess.run(["sqlite3", *a], check=True, **k)
    schema = subprocess.run(["sqlite3", file, "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"], check=True, capture_output=True, text=True).stdout
    run(target, input="PRAGMA journal_mode=WAL;" + schema, text=True, stdout=subprocess.DEVNULL)
    tables = subprocess.run(["sqlite3", file, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"], check=True, capture_output=True, text=True).stdout.split()
    script = Path(folder, "rows.sql")
    with open(script, "w") as out:
        out.write("PRAGMA synchronous=FULL; PRAGMA cache_size=-32768; BEGIN;\n")
        out.flush()
        for table in tables:
            run(file, f".mode insert {table}", f"SELECT * FROM {table};", stdout=out)
        out.write("COMMIT;\n")
    begun = time.perf_counter()
    run(target, stdin=open(script), stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun
    script.unlink()
    return seconds


binaries, orders = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
here = Path(__file__).parent
with tempfile.TemporaryDirectory() as folder, postgres() as database:
    files = subprocess.run([sys.executable, here / "taobao_files.py", str(orders), folder], check=True, capture_output=True, text=True).stdout.split()
    lines = sum(1 for _ in open(files[1], "rb")) - 1
    for engine in sys.argv[3:4] or ("sqlite", "postgres"):
        shop = Shop(binaries, database() if engine == "postgres" else None)
        seconds, peak, answer = shop.timed("import", *files, "--json")
        assert answer["counts"]["orders_new"] == orders, answer
        if engine == "postgres":
            engine_alone = bare(binaries, shop.store, database())
        else:
            engine_alone = bare(binaries, shop.file, f"{folder}/bare.db")
        extra = {}
        if engine == "sqlite" and shutil.which("sqlite3"):
            alone = program(shop.file, f"{folder}/program.db", folder)
            extra = {"sqlite3_seconds": alone, "ratio_to_sqlite3": alone / seconds}
        report(bench="import", engine=engine, orders=orders, lines=lines, seconds=seconds, rows_per_second=(orders + lines) / seconds, peak_mb=peak, store_rows=engine_alone["rows"], bare_seconds=engine_alone["seconds"], ratio_to_bare=engine_alone["seconds"] / seconds, **extra)
        shop.drop()
