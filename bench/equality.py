#!/usr/bin/env python3
"""make bench equality: the base that `make bench segments` draws straight into slices gives the same answers when
it goes through the store.

    [SHUKE_BENCH_SHOP=FOLDER] bench/equality.py BINARIES [MEMBERS [ENGINE]]

The members, consents, orders, refunds, acts and tags of the drawn base are taken into a store by the services
that the API's batches call (bench/tools, `through`); columns are built from it, and the segments of
segments/bench.json are asked there by `shuke segment list`. Compared are the members, by count and by hash of
their sorted numbers, with those that the evaluator finds over the base as it was drawn. Conditions on facts that a
store does not take from outside (stage, tier, points) are left out on both sides, and it is said where. With a
folder the store is kept there. SHUKE_TESTDATA is the folder that has segments/bench.json.
"""
import contextlib
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import KEPT, Shop, postgres, report

binaries = sys.argv[1]
members = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
engine = sys.argv[3] if len(sys.argv) > 3 else "sqlite"
questions = Path(os.environ.get("SHUKE_TESTDATA", "../shared/data")) / "segments" / "bench.json"
# What a store reckons by itself, or does not hold.
OWN = {"stage", "tier", "points"}


def facts(node):
    """The facts that a condition names."""
    if isinstance(node, dict):
        return {node["fact"]} if "fact" in node else set().union(*(facts(part) for part in node.values()))
    return set().union(*(facts(part) for part in node)) if isinstance(node, list) else set()


def without(expr):
    """The expression without those of its conditions that name such facts, and the facts."""
    if expr["op"] != "and":
        return expr, facts(expr) & OWN
    kept = [arg for arg in expr["args"] if not facts(arg) & OWN]
    return {"op": "and", "args": kept}, facts(expr) & OWN


def digest(numbers):
    return hashlib.sha256(b"".join(struct.pack("<I", n) for n in sorted(numbers))).hexdigest()


def taken_in(shop, bench):
    """Fills the store, unless it is full."""
    numbers = Path(shop.folder, f"numbers-{members}")
    if not numbers.exists():
        part = numbers.with_suffix(".part")
        command = [f"{binaries}/through", "--store", shop.store or f"sqlite:{shop.file}", "--key", shop.env["SHUKE_MASTER_KEY_FILE"], "--members", str(members), "--at", bench["at"], "--numbers", part]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        part.rename(numbers)
        report(bench="equality", engine=engine, step="taken into the store", **told, store_mb=None if shop.store else os.path.getsize(shop.file) / 1e6)
        seconds, peak, status = shop.timed("columns", "rebuild", "--json")
        report(bench="equality", engine=engine, step="columns built in full", seconds=seconds, peak_mb=peak, members=status["members"], bytes=status["bytes"], slice_bytes=status["slice_bytes"])
    return {member: number for number, member in enumerate(numbers.read_text().split())}


def main():
    bench = json.loads(questions.read_text(encoding="utf-8"))
    left_out = {}
    for segment in bench["segments"]:
        segment["expr"], left_out[segment["name"]] = without(segment["expr"])
    with contextlib.ExitStack() as stack:
        folder = KEPT and f"{KEPT}/equality-{engine}"
        database = stack.enter_context(postgres(folder)) if engine == "postgres" else None
        again = bool(folder) and os.path.exists(f"{folder}/data")
        shop = Shop(binaries, store=database() if database else None, found=not again, kept=folder)
        stack.callback(shop.drop)
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="shuke-bench-"))
        asked = Path(scratch, "segments.json")
        asked.write_text(json.dumps(bench), encoding="utf-8")
        number_of = taken_in(shop, bench)
        drawn = subprocess.run([f"{binaries}/segments", "--members", str(members), "--segments", asked, "ask", "--repeat", "0"], check=True, stdout=subprocess.PIPE, text=True)
        drawn = {d["segment"]: d for d in map(json.loads, drawn.stdout.splitlines()) if "segment" in d}
        wrong, found = [], 0
        for segment in bench["segments"]:
            name, file = segment["name"], Path(scratch, "question.json")
            file.write_text(json.dumps(segment["expr"], ensure_ascii=False), encoding="utf-8")
            begun = time.perf_counter()
            told = json.loads(shop.run("segment", "list", file, "--at", bench["at"], "--zone", bench["zone"], "--json"))
            seconds = time.perf_counter() - begun
            same = told["count"] == drawn[name]["count"] and digest(number_of[m] for m in told["members"]) == drawn[name]["hash"]
            if not same:
                wrong.append(name)
            found += told["count"]
            report(bench="equality", engine=engine, segment=name, members=told["count"], drawn=drawn[name]["count"], same=same, without=sorted(left_out[name]), whole_command_seconds=seconds)
        whole = sum(not facts for facts in left_out.values())
        report(bench="equality", engine=engine, members=members, segments=len(bench["segments"]), whole=whole, without_a_condition=len(left_out) - whole, found=found, wrong=wrong)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
