#!/usr/bin/env python3
"""Segments agree with every case: counts, members, canonical texts, and what is refused, with code and
path.

    segments.py PROGRAM DATA

DATA holds dataset/, cases/ and invalid/. Each case is counted and listed from its JSON, explained, and
counted again from its text.
"""
import hashlib
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

program, data = sys.argv[1], Path(sys.argv[2])


def ask(verb, expression, at):
    command = [program, "segment", verb, expression, "--on", data / "dataset", "--at", at, "--json"]
    done = subprocess.run(command, capture_output=True, timeout=600)
    return done.returncode, json.loads(done.stdout)


def agrees(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    wrong = []

    def want(what, expected, got):
        if expected != got or type(expected) is not type(got):
            wrong.append(f"{what}: want {expected!r}, got {got!r}"[:400])

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "expression.json"
        file.write_text(case["expr_text"] if "expr_text" in case else json.dumps(case["expr"], ensure_ascii=False), encoding="utf-8")
        if "error" in case:
            for verb in ("count", "list", "explain"):
                status, got = ask(verb, file, case["at"])
                told = {k: got.get("error", {}).get(k) for k in ("code", "path")}
                want(f"{verb}: refusal", (2, case["error"]), (status, told))
            return wrong
        status, got = ask("count", file, case["at"])
        want("count", (0, case["count"], case["current_facts"]), (status, got.get("count"), got.get("current_facts")))
        status, got = ask("list", file, case["at"])
        members = got.get("members", [])
        want("members", case["members_sha256"], hashlib.sha256("\n".join(members).encode()).hexdigest())
        want("first members", case["first"], members[:10])
        status, got = ask("explain", file, case["at"])
        want("text", case["text"], got.get("text"))
        text = Path(folder) / "expression.seg"
        text.write_text(case["text"], encoding="utf-8")
        status, got = ask("count", text, case["at"])
        want("count from text", case["count"], got.get("count"))
    return wrong


cases = sorted(path for kind in ("cases", "invalid") for path in (data / kind).glob("*.json"))
failed = 0
with ThreadPoolExecutor(2) as pool:
    for path, wrong in zip(cases, pool.map(agrees, cases)):
        if wrong:
            failed += 1
            print(f"FAIL segments {path.parent.name}/{path.name}", *wrong, sep="\n        ", flush=True)
print(f"{'FAIL' if failed or not cases else 'ok  '} segments: {len(cases) - failed} of {len(cases)} cases agree")
sys.exit(1 if failed or not cases else 0)
