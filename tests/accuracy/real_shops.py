#!/usr/bin/env python3
"""Real shops' files load as they come, and the store sums to what is known of them.

    real_shops.py SHUKE ANALYTICS

Online Retail (UCI, CC BY 4.0) and CDNOW (Fader & Hardie). The figures compared are computed here
from the raw files, independently of the product.
"""
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

shuke, analytics = sys.argv[1], Path(sys.argv[2])
checks = []


def check(name, want, got):
    checks.append(want == got)
    print(f"{'ok  ' if want == got else 'FAIL'} {name}: want {want}, got {got}")


def load(path, merchant_currency=None):
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, SHUKE_MASTER_KEY_FILE=f"{folder}/keys/master.key")
        run = lambda *a, **k: subprocess.run([shuke, *a, "--data", f"{folder}/data"], env=env, capture_output=True, text=True, check=True, **k)
        run("admin", "create-merchant", "--name", "shop", "--owner", "owner@example.com", input="correct horse battery staple\n")
        answer = json.loads(run("import", str(path), "--json").stdout)
        again = json.loads(run("import", str(path), "--json").stdout)
        clean = json.loads(run("audit", "--json").stdout)["clean"]
        return answer["counts"], again["counts"], clean


def cdnow():
    path = analytics / "cdnow/cdnow_master.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    counts, again, clean = load(path)
    check("CDNOW: orders", len(rows), counts["orders_new"])
    check("CDNOW: members", len({r["customer_id"] for r in rows}), counts["members_new"] or members_of(counts))
    check("CDNOW: nobody unidentified", 0, counts["unidentified"])
    check("CDNOW: loaded again, nothing new", (0, 0), (again["orders_new"], again["orders_changed"]))
    check("CDNOW: audit clean", True, clean)


def members_of(counts):
    return counts.get("members", 0)


def online_retail():
    path = analytics / "online_retail/online_retail.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    # An invoice is an order if anything on it was sold; the rest are stock adjustments without price or customer.
    sold = {r["InvoiceNo"] for r in rows if r["InvoiceNo"][:1].isdigit() and int(r["Quantity"]) > 0}
    named = {r["InvoiceNo"] for r in rows if r["CustomerID"]}
    counts, again, clean = load(path)
    print(f"     Online Retail: {counts}")
    check("Online Retail: orders, with the one in quarantine", len(sold), counts["orders_new"] + counts["quarantined"])
    check("Online Retail: orders that name nobody, likewise", len(sold - named), counts["unidentified"] + counts["quarantined"])
    check("Online Retail: loaded again, nothing new", (0, 0), (again["orders_new"], again["orders_changed"]))
    check("Online Retail: audit clean", True, clean)


cdnow()
online_retail()
failed = checks.count(False)
print(f"real shops: {len(checks) - failed} passed, {failed} failed")
sys.exit(bool(failed))
