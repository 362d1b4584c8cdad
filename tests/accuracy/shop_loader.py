"""Loads a folder of members.csv, orders.csv, lines.csv and refunds.csv (docs/reports.md) into a store
through the HTTP API, as an integrator would."""
import csv
import json
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from common import Shop  # noqa: E402


def rows(folder, name):
    with open(Path(folder) / f"{name}.csv", encoding="utf-8", newline="") as f:
        yield from csv.DictReader(f)


def money(amount, currency):
    return {"amount": int(amount), "currency": currency}


def keys(member):
    return [{"kind": "own_id", "value": member, "verified": True}] if member else []


def members(folder):
    for r in rows(folder, "members"):
        item = {"external": {"source": "files", "id": r["member_id"]}, "keys": keys(r["member_id"])}
        if r["registered_at"]:
            item["joined_at"] = r["registered_at"]
        if r["region"]:
            item["region"] = {"province": r["region"]}
        yield item


def orders(folder):
    lines = {}
    for r in rows(folder, "lines"):
        lines.setdefault(r["order_id"], []).append(r)
    for r in rows(folder, "orders"):
        currency, mine = r["currency"], sorted(lines.get(r["order_id"], []), key=lambda l: int(l["line_no"]))
        unpaid = r["state"] == "created" or (r["state"] == "closed" and not r["paid_at"])
        paid = sum(int(l["paid"]) for l in mine)
        received = sum(int(l["received"] or l["paid"]) for l in mine)
        item = {
            "external": {"source": "files", "id": r["order_id"]},
            "state": r["state"],
            "currency": currency,
            "created_at": r["created_at"],
            "paid": money(0 if unpaid else paid, currency),
            "buyer": {"keys": keys(r["member_id"])},
            "lines": [
                {"id": l["line_no"], "quantity": int(l["quantity"]), "paid": money(l["paid"], currency), **{k: l[f] for k, f in (("sku", "sku"), ("title", "name"), ("category", "category")) if l[f]}}
                for l in mine
            ],
        }
        if received != paid:
            item["merchant_received"] = money(received, currency)
        if r["paid_at"]:
            item["paid_at"] = r["paid_at"]
        if r["region"]:
            item["receiver"] = {"province": r["region"]}
        yield item


def refunds(folder):
    known = {r["order_id"]: r["currency"] for r in rows(folder, "orders")}
    currency = next(iter(known.values()), "CNY")
    for r in rows(folder, "refunds"):
        item = {"external": {"source": "files", "id": r["refund_id"]}, "amount": money(r["amount"], currency), "at": r["refunded_at"]}
        if r["order_id"] in known:
            item["order_external"] = {"source": "files", "id": r["order_id"]}
            if r["line_no"]:
                item["lines"] = [{"line": r["line_no"], "quantity": int(r["quantity"] or 0), "amount": money(r["amount"], currency)}]
        else:
            item["buyer_keys"] = keys(r["member_id"])
            line = {"quantity": int(r["quantity"] or 0), "amount": money(r["amount"], currency)}
            item["lines"] = [{**line, **({"sku": r["sku"]} if r["sku"] else {})}]
        yield item


def load(binaries, folder, store=None, scopes="orders:write,orders:read,members:write,members:read"):
    """A shop with the folder's rows in it."""
    shop = Shop(binaries, store)
    shop.key = shop.run("admin", "create-key", "--name", "reports", "--scopes", scopes).strip()
    with shop.serving() as (address, _, _):
        def post(path, items):
            body = json.dumps({"items": items}).encode()
            call = urllib.request.Request(f"http://{address}/api/v1{path}", body, {"authorization": f"Bearer {shop.key}", "content-type": "application/json"})
            answer = json.load(urllib.request.urlopen(call, timeout=300))
            bad = [r for r in answer.get("results", answer.get("items", [])) if r.get("error") or r.get("problem")]
            if bad:
                raise SystemExit(f"{path}: {bad[0]}")

        for path, items in (("/members/batch", members(folder)), ("/orders/batch", orders(folder)), ("/refunds/batch", refunds(folder))):
            group = []
            for item in items:
                group.append(item)
                if len(group) == 500:
                    post(path, group)
                    group = []
            if group:
                post(path, group)
    return shop
