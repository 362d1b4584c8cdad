#!/usr/bin/env python3
"""Segments over a drawn base, side by side with DuckDB on sorted Parquet and on its own in-memory tables.

    segments.py BINARIES [MEMBERS]

The same rows, the same questions, the same threads and memory limit; each engine has the machine to itself,
one after the other in this run. Answers are compared by count and by hash of the sorted members. Prints one
JSON object a segment and a summary. SHUKE_TESTDATA is the folder that has segments/bench.json.
"""
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy

binaries, members = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
questions = Path(os.environ.get("SHUKE_TESTDATA", "../shared/data")) / "segments" / "bench.json"
bench = json.loads(questions.read_text(encoding="utf-8"))
LIMIT, THREADS = os.environ.get("SHUKE_BENCH_MEMORY", "9GB"), len(os.sched_getaffinity(0))
# Large bases are asked less often, so that a run ends within ten minutes.
REPEAT = 5 if members <= 4_000_000 else 3
program = [str(binaries / "segments"), "--members", str(members), "--segments", str(questions)]


def ours():
    """Answers of the evaluator by segment, and how the base was laid out."""
    told = [json.loads(line) for line in subprocess.run([*program, "ask", "--repeat", str(REPEAT)], check=True, capture_output=True, text=True).stdout.splitlines()]
    return told[0], {t["segment"]: t for t in told[1:]}


def duck(folder, in_memory):
    """DuckDB's answers by segment."""
    db = duckdb.connect()
    db.execute(f"SET threads={THREADS}; SET memory_limit='{LIMIT}'; SET temp_directory='{folder}/spill'; SET enable_progress_bar=false")
    begun = time.perf_counter()
    for table in ("members", "lines", "events"):
        db.execute(f"CREATE {'TABLE' if in_memory else 'VIEW'} {table} AS FROM '{folder}/{table}.parquet'")
    loaded = time.perf_counter() - begun
    answers = {}
    for segment in bench["segments"]:
        times = []
        for _ in range(1 + REPEAT):
            begun = time.perf_counter()
            (count,) = db.execute(f"SELECT count(*) FROM ({segment['sql']})").fetchone()
            times.append(1_000 * (time.perf_counter() - begun))
        found = numpy.sort(db.execute(segment["sql"]).fetchnumpy()["member_id"]).astype("<u4")
        answer = {"first_ms": times[0], "median_ms": statistics.median(times[1:]), "count": count}
        answers[segment["name"]] = answer | {"hash": hashlib.sha256(found.tobytes()).hexdigest()}
        print(json.dumps({"duckdb": "memory" if in_memory else "parquet", "segment": segment["name"], **answer}), file=sys.stderr, flush=True)
    db.close()
    return loaded, answers


with tempfile.TemporaryDirectory(prefix="shuke-bench-") as folder:
    subprocess.run([*program, "parquet", folder], check=True, stdout=subprocess.DEVNULL)
    laid_out, mine = ours()
    print(json.dumps(laid_out), flush=True)
    _, parquet = duck(folder, in_memory=False)
    loaded, memory = duck(folder, in_memory=True)

wrong, over_parquet, over_memory = [], {}, {}
for segment in bench["segments"]:
    name = segment["name"]
    three = mine[name], parquet[name], memory[name]
    same = len({(a["count"], a["hash"]) for a in three}) == 1
    if not same:
        wrong.append(name)
    over_parquet[name], over_memory[name] = (other["median_ms"] / three[0]["median_ms"] for other in three[1:])
    print(json.dumps({
        "segment": name, "kind": segment["kind"], "count": three[0]["count"], "same": same,
        **{f"{engine}_{what}": round(answer[what], 2) for engine, answer in zip(("shuke", "parquet", "memory"), three) for what in ("first_ms", "median_ms")},
        "over_parquet": round(over_parquet[name], 1), "over_memory": round(over_memory[name], 1),
    }), flush=True)


def summary(of):
    worst = min(of, key=of.get)
    return {"median": round(statistics.median(of.values()), 1), "worst": round(of[worst], 1), "of": worst}


print(json.dumps({
    "members": members, "lines": laid_out["lines"], "events": laid_out["events"], "bytes_per_line": round(laid_out["bytes_per_line"], 2),
    "laid_out_seconds": round(laid_out["seconds"], 1), "duckdb": duckdb.__version__, "duckdb_loaded_seconds": round(loaded, 1),
    "threads": THREADS, "memory_limit": LIMIT, "slowest_ms": round(max(a["median_ms"] for a in mine.values()), 1),
    "over_parquet": summary(over_parquet), "over_memory": summary(over_memory), "wrong": wrong,
}), flush=True)
sys.exit(1 if wrong else 0)
