#!/usr/bin/env python3
"""Every pricing case comes to its price: each key of the expectation with the same value and type; the
answer may have more. Cases without a key (title, why, hand_checked are the case's own) do not ask for it.

    pricing.py PROGRAM CASES...

CASES are folders of cases, each with promotions.json, cart.json, refunds.json if any, expected.json.
"""
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

program, folders = sys.argv[1], [Path(f) for f in sys.argv[2:]]
OWN = {"title", "why", "hand_checked"}


def differ(want, got, at):
    if isinstance(want, dict) and isinstance(got, dict):
        for key, value in want.items():
            if key in got:
                yield from differ(value, got[key], f"{at}.{key}")
            else:
                yield f"{at}.{key}: missing, want {value!r}"
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for i, (w, g) in enumerate(zip(want, got)):
            yield from differ(w, g, f"{at}[{i}]")
    elif type(want) is not type(got) or want != got:
        yield f"{at}: want {want!r}, got {got!r}"


def agrees(case):
    command = [program, "price", "--json", "--promotions", case / "promotions.json", "--cart", case / "cart.json"]
    if (case / "refunds.json").exists():
        command += ["--refunds", case / "refunds.json"]
    done = subprocess.run(command, capture_output=True, timeout=60)
    want = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    if "refused" in want:
        said = done.stderr.decode().splitlines()
        if done.returncode == 2 and len(said) == 1 and want["refused"] in said[0]:
            return []
        return [f"want exit 2 and one line with {want['refused']!r}, got exit {done.returncode}: {said}"]
    if done.returncode:
        return [f"exit {done.returncode}: {done.stderr.decode()}"]
    want = {key: value for key, value in want.items() if key not in OWN}
    return list(differ(want, json.loads(done.stdout), ""))


cases = sorted(path.parent for folder in folders for path in folder.glob("*/expected.json"))
failed = 0
with ThreadPoolExecutor(4) as pool:
    for case, wrong in zip(cases, pool.map(agrees, cases)):
        if wrong:
            failed += 1
            print(f"{case.name}:", *wrong[:6], sep="\n    ")
print(f"pricing: {len(cases) - failed} of {len(cases)} cases agree")
sys.exit(1 if failed or not cases else 0)
