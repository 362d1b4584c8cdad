#!/usr/bin/env python3
"""Who is one person, judged against the truth of a drawn shop.

    identity_truth.py SHUKE [MEMBERS]

Draws a shop at 100 % and at 70 % identified orders, loads its files as a merchant would, and
compares the store's members with the people who were drawn. What the keys allow is found here from
the files, independently of the product: values that stand together in a row belong together.

Wanted: no member is two people (precision 1), what the keys join is joined (recall 1), every order
whose buyer is shown has a member and no other has one, every contradiction is up for review, and
every row that is bad on purpose is in quarantine, no other.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

shuke, members = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "3000"
checks = []


def check(name, want, got):
    checks.append(want == got)
    print(f"{'ok  ' if want == got else 'FAIL'} {name}: want {want}, got {got}")


def rows(path):
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    clean = lambda s: (s or "").strip().strip("=\"'").strip()
    return [{clean(k): clean(v) for k, v in r.items() if isinstance(v, str) and k is not None} for r in csv.DictReader(text.splitlines())]


def value(kind, text):
    """As identity compares it: account names without regard to case."""
    return text.lower() if kind == "account" else text


def told(folder):
    """The identifying values of each row that says who: lists of (kind, platform, value); and each order's."""
    whole = lambda v: v and "*" not in v
    records, orders = [], defaultdict(list)

    def order(platform, number, key):
        key = (*key[:2], value(key[0], key[2]))
        if whole(key[2]):
            orders[platform, number].append(key)
            records.append([key])

    for path in sorted(folder.glob("*.csv")):
        for r in rows(path) if not path.name.startswith(("products", "ExportOrderDetail")) else []:
            if path.name.startswith("ExportOrderList"):
                order("taobao", r["订单编号"], ("account", "taobao", r["买家会员名"]))
            elif path.name.startswith("jd_"):
                order("jd", r["订单号"], ("account", "jd", r["下单帐号"]))
            elif path.name.startswith("youzan_orders"):
                order("youzan", r["订单号"], ("phone", "", r["买家手机号"]))
            elif path.name.startswith("jushuitan"):
                platform = "pdd" if r["站点"] == "拼多多" else "douyin"
                order(platform, r["线上订单号"], ("account", platform, r["买家账号"]))
            elif path.name.startswith("taobao_members"):
                records.append([("account", "taobao", value("account", r["会员昵称"]))] + [("phone", "", r["手机号"])] * bool(whole(r["手机号"])))
            elif path.name.startswith("youzan_members"):
                records.append([("phone", "", r["客户手机号"])])
            elif path.name.startswith("own_cards"):
                records.append([("card", "", r["会员编号"]), ("phone", "", r["手机号"])])
    return records, orders


def store(folder, files):
    """Loads the files; gives the import's answer and the store's dump in clear."""
    env = dict(os.environ, SHUKE_MASTER_KEY_FILE=f"{folder}/keys/master.key")
    run = lambda *a, **k: subprocess.run([shuke, *a, "--data", f"{folder}/data"], env=env, capture_output=True, text=True, check=True, **k).stdout
    run("admin", "create-merchant", "--name", "shop", "--owner", "owner@example.com", input="correct horse battery staple\n")
    answer = json.loads(run("import", *map(str, files), "--json"))
    clean = json.loads(run("audit", "--json"))["clean"]
    tables = defaultdict(list)
    for line in run("audit", "--dump", "--clear").splitlines():
        name, *cells = line.split("\t")
        tables[name.split("~")[0].split("(")[0]].append(dict(c.split("=", 1) for c in cells))
    return answer, clean, tables


def judge(share):
    print(f"-- {members} people, {share} of the orders identified")
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "files"
        made = subprocess.run([shuke, "demo", "--files-only", str(drawn), "--members", members, "--identified", share, "--until", "2026-11-24", "--json"], check=True, capture_output=True, text=True)
        truth = {name: rows(drawn / "truth" / f"{name}.csv") for name in ("people", "keys", "orders", "bad_rows")}
        records, named = told(drawn)
        answer, clean, tables = store(folder, json.loads(made.stdout)["files"])
    case = {p["person"]: p["case"] for p in truth["people"]}
    bad = {r["order_no"] for r in truth["bad_rows"]}
    owners = defaultdict(set)
    for k in truth["keys"]:
        kind = k["kind"].removeprefix("old_")
        owners[kind, k["platform"], value(kind, k["value"])].add(k["person"])

    check("orders", len(truth["orders"]), answer["counts"]["orders_new"])
    check("rows in quarantine: those bad on purpose", len(bad), answer["counts"]["quarantined"])
    check("audit clean", True, clean)

    # Which members hold which value, and whose orders and values each member holds.
    holders, people = defaultdict(set), defaultdict(set)
    kinds = {1: "card", 4: "phone", 6: "account"}
    for s in tables["key_set"]:
        keys = [(kinds[k], "" if kinds[k] != "account" else place, value(kinds[k], text)) for k, place, text, *_ in json.loads(s["sealed"]) if k in kinds]
        if not s.get("member"):
            continue
        for key in keys:
            holders[key].add(s["member"])
            # A number that changed hands says nothing by itself; the card beside it does.
            if len(owners[key]) == 1:
                people[s["member"]] |= owners[key]
    person_of = {(o["platform"], o["order_no"]): o["person"] for o in truth["orders"]}
    member_of = {(o["source"], o["source_id"]): o.get("member", "") for o in tables["orders"]}
    for at, member in member_of.items():
        if member:
            people[member].add(person_of[at])
    strangers = [k for k in holders if not owners[k]]
    check("values that nobody has", 0, len(strangers))
    mixed = [m for m, who in people.items() if len(who) > 1]
    check("precision: members that are two people", 0, len(mixed))
    check("orders that show their buyer, without a member", 0, sum(1 for at in named if at in person_of and not member_of[at]))
    check("orders that hide their buyer, with a member", 0, sum(1 for at, m in member_of.items() if m and at not in named))
    shown = {(o["platform"], o["order_no"]) for o in truth["orders"] if o["shown"] == "1"}
    check("orders that show their buyer, as drawn", len(shown), len([at for at in named if at in person_of]))

    # What the orders came to, whatever their files tell of it and in which of their ways.
    drawn_as = {(o["platform"], o["order_no"]): (o["state"], o["paid_fen"], o["refunded_fen"], str(int(o["paid_at"] != ""))) for o in truth["orders"]}
    kept_as = {(o["source"], o["source_id"]): (o["state"], o.get("paid"), o.get("refunded"), o.get("purchase")) for o in tables["orders"]}
    check("orders whose state, payment or refund is not what was drawn", 0, sum(1 for at, drawn in drawn_as.items() if kept_as.get(at) != drawn))

    # Recall: values joined by rows, within people whose values do not contradict.
    parent = {}

    def root(key):
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for record in records:
        for key in record[1:]:
            parent[root(record[0])] = root(key)
        root(record[0])
    groups = defaultdict(set)
    for key in parent:
        groups[root(key)].add(key)
    contradicts = ("number_given", "number_taken", "phone_changed")
    fair = [g for g in groups.values() if not any(case[p] in contradicts for key in g for p in owners[key])]
    check("people whom the keys would mix", 0, sum(1 for g in fair if len(set().union(*(owners[k] for k in g))) > 1))
    torn = [g for g in fair if len(set().union(*(holders[k] for k in g))) != 1]
    check("recall: people whom the keys join, torn apart", 0, len(torn))
    several = sum(1 for g in fair if len(g) > 1)
    joined = defaultdict(set)
    for m, who in people.items():
        for p in who:
            joined[p].add(m)
    print(f"     {len(people)} members of {len(joined)} people; {several} joined over several keys; {sum(1 for m in joined.values() if len(m) > 1)} people stay several members, since no key joins them")

    # Contradictions: a value that several members hold is up for review, and nothing else is.
    contested = lambda kind: {k for k, m in holders.items() if k[0] == kind and len(m) > 1}
    open_reviews = lambda reason: sum(1 for r in tables["review"] if r["reason"] == reason and r["state"] == "open")
    check("numbers that changed hands, in review", len(contested("phone")), open_reviews("conflict"))
    check("accounts with two phones, in review", len(contested("account")), open_reviews("renamed_account"))
    both_cards = {k for k in owners if k[0] == "phone" and len(owners[k]) == 2 and sum(1 for r in records if r[0][0] == "card" and k in r) == 2}
    check("numbers on two people's cards are contested", set(), both_cards - contested("phone"))
    phones = defaultdict(set)
    for r in records:
        if r[0][0] == "account" and len(r) == 2:
            phones[r[0]].add(r[1])
    check("accounts that lists give two phones are contested", set(), {k for k, p in phones.items() if len(p) > 1} - contested("account"))
    print(f"     {len(both_cards)} numbers changed hands, {sum(1 for p in phones.values() if len(p) > 1)} accounts changed phones, {open_reviews('contact_match')} proposals by receiver; {sum(1 for o in truth['orders'] if o['goes_to'] == 'gift')} gifts and {sum(1 for o in truth['orders'] if o['goes_to'] == 'family')} orders to a family's phone joined nobody")


judge("1")
judge("0.7")
failed = checks.count(False)
print(f"identity against the truth: {len(checks) - failed} passed, {failed} failed")
sys.exit(bool(failed))
