#!/usr/bin/env python3
"""make bench report: every report over HTTP at a million members of the drawn shop, before and while
ten thousand orders a minute come in.

    bench/report.py BINARIES [MEMBERS [ROUNDS]]

Each question differs from the ones before it, so that no kept answer serves. Prints, one JSON object a
line: how long the columns took to build and how large they are; p50 and p99 of each report; the same
under load, with how far the answers were behind.
"""
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta

from common import free_port, report

binaries, members, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000, int(sys.argv[3]) if len(sys.argv) > 3 else 20
REPORTS = ["dashboard", "rfm", "lifecycle", "cohort", "interval", "calendar", "goods", "region"]
folder = tempfile.mkdtemp(prefix="shuke-bench-report-")
env = dict(os.environ, SHUKE_MASTER_KEY_FILE=f"{folder}/keys/master.key")


def run(*a):
    begun = time.perf_counter()
    out = subprocess.run([f"{binaries}/shuke", *a, "--data", f"{folder}/data"], env=env, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - begun, out


def serve(*a):
    port = free_port()
    child = subprocess.Popen([f"{binaries}/shuke", *a, "--data", f"{folder}/data", "--listen", f"127.0.0.1:{port}", "--rate-limit", "1000000000"], env=env, stdout=subprocess.DEVNULL, stderr=open(f"{folder}/log", "w"))
    while True:
        if child.poll() is not None:
            raise SystemExit(open(f"{folder}/log").read())
        try:
            c = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            c.request("GET", "/health/ready")
            if c.getresponse().status == 200:
                return child, port
        except OSError:
            time.sleep(0.1)


def stop(child):
    child.send_signal(signal.SIGTERM)
    child.wait()


def ask(port, key, method, path, body=None):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    begun = time.perf_counter()
    c.request(method, f"/api/v1{path}", body, {"authorization": f"Bearer {key}", "content-type": "application/json"})
    answer = c.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{method} {path}: {answer.status} {text[:300]!r}")
    return time.perf_counter() - begun, json.loads(text)


def measured(port, key, name, **more):
    times = []
    for i in range(rounds):
        # Another day and another threshold each time.
        as_of = date.today() + timedelta(days=1 - i)
        seconds, answer = ask(port, key, "GET", f"/reports/{name}?as_of={as_of}&from={as_of - timedelta(days=365)}&min_gaps={5 + i}")
        times.append(seconds * 1000)
    times.sort()
    report(bench="report", report=name, members=members, p50_ms=times[len(times) // 2], p99_ms=times[min(len(times) - 1, int(len(times) * 0.99))], known_members=answer.get("members", {}).get("known") if isinstance(answer.get("members"), dict) else None, **more)


begun = time.perf_counter()
child, port = serve("demo", "--members", str(members))
report(bench="report", step="shop drawn and loaded", seconds=time.perf_counter() - begun)
stop(child)
merchant_key = run("admin", "create-key", "--name", "bench", "--scopes", "orders:read,orders:write,members:read")[1].strip()
seconds, said = run("columns", "rebuild", "--json")
status = json.loads(said)
report(bench="report", step="columns built in full", seconds=seconds, **{k: status[k] for k in ("members", "buckets", "bytes")})
child, port = serve("serve")
ask(port, merchant_key, "GET", "/reports/dashboard")
for name in REPORTS:
    measured(port, merchant_key, name)

halt, written = threading.Event(), [0]


def write():
    """Ten thousand orders a minute, in batches of fifty."""
    while not halt.is_set():
        begun = time.perf_counter()
        n = written[0]
        items = [{"external": {"source": "bench", "id": f"b{n + i}"}, "state": "paid", "created_at": f"{date.today()}T00:00:00Z", "paid_at": f"{date.today()}T00:01:00Z", "paid": {"amount": 9900, "currency": "CNY"},
                  "buyer": {"keys": [{"kind": "own_id", "value": f"p{(n + i) % 5000}", "verified": True}]}, "lines": [{"id": "1", "sku": "B", "quantity": 1, "paid": {"amount": 9900, "currency": "CNY"}}]} for i in range(50)]
        ask(port, merchant_key, "POST", "/orders/batch", json.dumps({"items": items}))
        written[0] += 50
        halt.wait(max(0.0, 0.3 - (time.perf_counter() - begun)))


writer = threading.Thread(target=write)
writer.start()
time.sleep(5)
begun, before = time.perf_counter(), written[0]
for name in REPORTS:
    measured(port, merchant_key, name, under_load=True)
per_minute = (written[0] - before) / (time.perf_counter() - begun) * 60
halt.set()
writer.join()
said = json.loads(run("columns", "status", "--json")[1])
report(bench="report", step="under load", orders_a_minute=per_minute, changed=said["changed"], events_behind=said["behind"])
agrees = json.loads(run("columns", "verify", "--json")[1])
report(bench="report", step="columns against the store", agrees=agrees["agrees"])
stop(child)
subprocess.run(["rm", "-rf", folder])
