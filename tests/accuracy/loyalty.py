#!/usr/bin/env python3
"""`shuke simulate` agrees with every scenario of points, tiers and coupons, step by step.

    loyalty.py PROGRAM SCENARIOS [STORE]

With a store's URL each is run through the services, in a throw-away place of that store; `postgres` for a cluster
that is gone afterwards.

Each file is run without what is expected of it; every key that is expected must come out with the same value
and type. Extra keys are allowed, but no coupon that is not expected.
"""
import contextlib
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from common import postgres  # noqa: E402

program, folder = sys.argv[1], Path(sys.argv[2])
store = sys.argv[3] if len(sys.argv) > 3 else None


def compare(want, got, at, wrong):
    if isinstance(want, dict) and isinstance(got, dict):
        for key in want:
            if key in got:
                compare(want[key], got[key], f"{at}.{key}", wrong)
            else:
                wrong.append(f"{at}.{key}: missing, want {want[key]!r}")
        if at.endswith(".coupons"):
            wrong += [f"{at}.{key}: not expected" for key in got if key not in want]
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for i, (w, g) in enumerate(zip(want, got)):
            compare(w, g, f"{at}[{i}]", wrong)
    elif want != got or type(want) is not type(got):
        wrong.append(f"{at}: want {want!r}, got {got!r}"[:400])


def agrees(path, store):
    scenario = json.loads(path.read_text(encoding="utf-8"))
    expected = [step.pop("expect") for step in scenario["steps"]]
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "scenario.json"
        file.write_text(json.dumps(scenario, ensure_ascii=False), encoding="utf-8")
        done = subprocess.run([program, "simulate", file, "--json", *(["--store", store] if store else [])], capture_output=True, timeout=600)
    if done.returncode:
        return [f"exit {done.returncode}: {done.stderr.decode('utf-8', 'replace').strip()}"]
    steps = json.loads(done.stdout)["steps"]
    if len(steps) != len(expected):
        return [f"want {len(expected)} steps, got {len(steps)}"]
    for i, (want, got) in enumerate(zip(expected, steps)):
        compare(want, got, f"step {i + 1} ({scenario['steps'][i]['do']['kind']})", wrong)
    return wrong


files = sorted(folder.glob("*.json"))
failed = 0
with ThreadPoolExecutor(2) as pool, contextlib.ExitStack() as stack:
    if store == "postgres":
        store = stack.enter_context(postgres())()
    for path, wrong in zip(files, pool.map(lambda path: agrees(path, store), files)):
        if wrong:
            failed += 1
            print(f"FAIL loyalty {path.name}", *wrong[:8], sep="\n        ", flush=True)
print(f"{'FAIL' if failed or not files else 'ok  '} loyalty: {len(files) - failed} of {len(files)} scenarios agree{' in ' + store.split(':')[0] if store else ''}")
sys.exit(1 if failed or not files else 0)
