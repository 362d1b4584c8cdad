#!/usr/bin/env python3
"""make bench claims: one batch of coupons that everybody wants.

    bench/claims.py BINARIES [--engine sqlite|postgres] [--members 20000] [--pieces 10000] [--callers 256]

Every member claims once through the service, by so many callers at a time, until all coupons are gone and the others are told
so. Once with the stock in parts, once with the same stock in one row (docs/decisions/0017-stock-in-parts.md). Whoever has one
has it durably: the rate of those is what the engine's commits allow, the others are answered by readers. It ends with
`shuke audit`.
"""
import argparse
import contextlib
import json
import subprocess

from common import Shop, postgres, report


def run(options, engine, url, one_row):
    shop = Shop(options.binaries, url)
    try:
        store = url or f"sqlite:{shop.file}"
        arguments = [f"{options.binaries}/claims", "--store", store, "--key", f"{shop.folder}/keys/master.key", "--members", str(options.members), "--pieces", str(options.pieces), "--callers", str(options.callers), *(["--one-row"] if one_row else [])]
        done = subprocess.run(arguments, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{arguments}: {done.stderr}")
        told = json.loads(done.stdout)
        if told["had"] != min(options.pieces, options.members):
            raise SystemExit(f"{told['had']} had one of {options.pieces}")
        shop.run("audit")
        report(bench="claims", engine=engine, stock="one row" if one_row else "parts", members=options.members, pieces=options.pieces, callers=options.callers, **told)
    finally:
        shop.drop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), action="append")
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--pieces", type=int, default=10_000)
    parser.add_argument("--callers", type=int, default=256)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        for engine in options.engine or ("sqlite", "postgres"):
            database = stack.enter_context(postgres()) if engine == "postgres" else None
            for one_row in (False, True):
                run(options, engine, database() if database else None, one_row)


if __name__ == "__main__":
    main()
