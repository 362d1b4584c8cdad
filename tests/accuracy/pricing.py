#!/usr/bin/env python3
"""Every pricing case comes to its price, at the shell and over HTTP: each key of the expectation with the same
value and type; the answer may have more. Cases without a key (title, why, hand_checked are the case's own) do
not ask for it. What the program prints and what POST /api/v1/pricing/evaluate answers is the same to the last word.

    pricing.py PROGRAM CASES...

CASES are folders of cases, each with promotions.json, cart.json, refunds.json if any, expected.json.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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


@contextmanager
def served():
    """A fresh shop that is served; where it answers, and a key that may price."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SHUKE_MASTER_KEY": "2a" * 32}
        environment.pop("SHUKE_STORE", None)
        at = ["--data", str(Path(folder) / "data")]
        owner = [program, "admin", "create-merchant", "--name", "shop", "--owner", "owner@example.com", *at]
        subprocess.run(owner, input=b"correct horse battery staple\n", env=environment, check=True, capture_output=True)
        key = [program, "admin", "create-key", "--name", "pricing", "--scopes", "carts:price", "--json", *at]
        secret = json.loads(subprocess.run(key, env=environment, check=True, capture_output=True).stdout)["secret"]
        serve = [program, "serve", *at, "--listen", "127.0.0.1:0", "--rate-limit", "600000"]
        process = subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            ready = next((found for line in process.stdout if (found := re.search(rb"is ready at (http://\S+)", line))), None)
            if not ready:
                sys.exit("the program does not serve")
            yield ready.group(1).decode(), secret
        finally:
            process.terminate()
            process.wait(timeout=30)


def asked(server, case):
    """The status and the answer to the files as they are."""
    base, secret = server
    parts = {"promotions": "promotions.json", "cart": "cart.json", "refunds": "refunds.json"}
    texts = [f'"{part}":{(case / file).read_text(encoding="utf-8")}' for part, file in parts.items() if (case / file).exists()]
    headers = {"authorization": f"Bearer {secret}", "content-type": "application/json", "accept-language": "en"}
    request = urllib.request.Request(f"{base}/api/v1/pricing/evaluate", f"{{{','.join(texts)}}}".encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def agrees(server, case):
    command = [program, "price", "--json", "--promotions", case / "promotions.json", "--cart", case / "cart.json"]
    if (case / "refunds.json").exists():
        command += ["--refunds", case / "refunds.json"]
    done = subprocess.run(command, capture_output=True, timeout=60)
    want = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    status, answer = asked(server, case)
    if "refused" in want:
        said = done.stderr.decode().splitlines()
        if done.returncode != 2 or len(said) != 1 or want["refused"] not in said[0]:
            return [f"want exit 2 and one line with {want['refused']!r}, got exit {done.returncode}: {said}"]
        place = want["refused"].split(":")[0]
        if status != 400 or answer.get("code") != "price.malformed" or not answer.get("field", "").endswith(place):
            return [f"over HTTP: want price.malformed at {place!r}, got {status}: {answer}"]
        return []
    if done.returncode:
        return [f"exit {done.returncode}: {done.stderr.decode()}"]
    printed = json.loads(done.stdout)
    if (status, answer) != (200, printed):
        return [f"over HTTP {status}: {' '.join(list(differ(printed, answer, ''))[:3]) or answer}"]
    want = {key: value for key, value in want.items() if key not in OWN}
    return list(differ(want, printed, ""))


cases = sorted(path.parent for folder in folders for path in folder.glob("*/expected.json"))
failed = 0
with served() as server, ThreadPoolExecutor(4) as pool:
    for case, wrong in zip(cases, pool.map(lambda case: agrees(server, case), cases)):
        if wrong:
            failed += 1
            print(f"{case.name}:", *wrong[:6], sep="\n    ")
print(f"pricing: {len(cases) - failed} of {len(cases)} cases agree, at the shell and over HTTP")
sys.exit(1 if failed or not cases else 0)
