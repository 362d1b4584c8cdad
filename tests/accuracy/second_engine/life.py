"""What platform files do not tell, told to the drawn shop through the API, as its other systems would:
behaviour, tags given and taken, consents, refunds of every sort, odd orders and members, a merge, an
erasure, kept segments. Times are drawn with a fixed seed and lie on midnights, on one another and
exactly some days apart more often than chance would have it."""
import json
import random
import time
import urllib.error
import urllib.request

SCOPES = "members:read,members:write,orders:read,orders:write,segments:read,segments:write,privacy:manage"
DAY, HOUR, SECOND = 86_400_000_000, 3_600_000_000, 1_000_000
KINDS = ["browse"] * 8 + ["search"] * 2 + ["cart"] * 4 + ["favourite", "share", "review", "login", "login", "check_in", "visit"] + ["message_sent"] * 3 + ["message_opened", "message_clicked"]
TAGS = ("新客礼", "老顾客", "沉睡")


def rfc(micros):
    """An instant as the API reads it."""
    seconds, rest = divmod(micros, SECOND)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + (f".{rest:06}" if rest else "") + "Z"


def yuan(amount):
    return {"amount": amount, "currency": "CNY"}


class Shop:
    """The shop over HTTP."""

    def __init__(self, address, key):
        self.address, self.key = address, key

    def call(self, path, body=None):
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        ask = urllib.request.Request(f"http://{self.address}/api/v1{path}", None if body is None else json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(ask, timeout=300) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as e:
            raise SystemExit(f"{path}: {e.code} {e.read().decode()[:500]}") from None

    def batch(self, path, items):
        ids = []
        for begin in range(0, len(items), 1000):
            results = self.call(path, {"items": items[begin:begin + 1000]})["results"]
            refused = [r for r in results if r["status"] == "refused"]
            if refused:
                raise SystemExit(f"{path}: {json.dumps(refused[0], ensure_ascii=False)} for {items[begin + refused[0]['index']]}")
            ids += [r["id"] for r in results]
        return ids


def acts(luck, members, goods, bought, end):
    """What some members did in the last ninety days before `end`, a midnight."""
    for member in members:
        at = end - luck.randrange(90 * 86_400) * SECOND
        for _ in range(luck.randrange(3, 11)):
            what = luck.random()
            if what < 0.12:
                at = end - luck.randrange(90) * DAY
            elif what < 0.22:
                at += luck.choice((0, 1, HOUR, DAY, 3 * DAY, 7 * DAY))
            elif what < 0.30 and bought.get(member):
                at = luck.choice(bought[member]) + luck.choice((-7 * DAY, -3 * DAY, -DAY, 0, 1, DAY))
            else:
                at += luck.randrange(20 * 3600) * SECOND
            kind = luck.choice(KINDS)
            act = {"source": "app", "type": kind, "at": rfc(at), "member": member}
            if kind in ("browse", "cart", "favourite", "share", "review"):
                act["sku"] = luck.choice(goods)
            if kind == "search":
                act["words"] = luck.choice(("奶粉 2段", "纸尿裤", "纸尿裤 L", "积木"))
            if kind == "review" and luck.random() < 0.8:
                act["rating"] = luck.randrange(1, 6)
            if kind.startswith("message"):
                act["data"] = {"channel": luck.choice(("sms", "wechat")), "campaign": luck.choice(("夏凉", "开学季"))}
            yield act
    for _ in range(300):
        yield {"source": "app", "type": "cart", "at": rfc(end - luck.randrange(60 * 86_400) * SECOND), "sku": luck.choice(goods),
               "keys": [{"kind": "open_id", "namespace": "wechat:wx1", "value": f"stranger-{luck.randrange(50)}"}]}


def newcomers():
    """Members of whom the shop's own system tells odd things."""
    births = ["1988-02-29", "2000-02-29", "--05-01", "1990-08-15L", "1991-11-26", "1991-11-27", "1992-12-03", None, "2030-01-01", "1979-12-31"]
    for i in range(200):
        item = {"external": {"source": "crm", "id": f"J{i:03}"}, "keys": [{"kind": "own_id", "namespace": "crm", "value": f"J{i:03}", "verified": True}]}
        if births[i % 10] and births[i % 10] < "2020":
            item["birthday"] = births[i % 10]
        if i % 3:
            item["joined_at"] = f"202{4 + i % 3}-0{1 + i % 9}-1{i % 10}T16:00:00Z"
        if i % 4:
            item["region"] = {"province": ["浙江省", "内蒙古自治区", "广西壮族自治区"][i % 3], **({"city": "宁波"} if i % 5 == 0 else {})}
        if i % 7 == 0:
            item["gender"] = "female"
        yield item


def odd_orders(luck, goods, end):
    """Orders that no platform's file has: at midnight, at one instant, exactly days apart, unpaid, without
    lines, with gifts and shipping booked as lines, told without a pay time, in the days to come."""
    number = 0
    for i in range(200):
        at = end - luck.randrange(1, 400) * DAY
        for step in (0, luck.choice((0, DAY, 7 * DAY, 30 * DAY))):
            number += 1
            at += step
            amount, gift = luck.randrange(1_000, 60_000), luck.random() < 0.2
            item = {"external": {"source": "crm", "id": f"O{number}"}, "created_at": rfc(at), "state": "completed", "currency": "CNY", "buyer": {"keys": [{"kind": "own_id", "namespace": "crm", "value": f"J{i:03}", "verified": True}]}}
            item["lines"] = [{"id": "1", "sku": luck.choice(goods), "quantity": luck.randrange(1, 5), "paid": yuan(amount)}]
            if gift:
                item["lines"].append({"id": "2", "sku": "GIFT", "category": "赠品", "quantity": 1, "paid": yuan(0), "role": "gift"})
            item |= {"paid": yuan(amount), "paid_at": rfc(at + luck.choice((0, 60 * SECOND))), "completed_at": rfc(at + 5 * DAY), "shipping": yuan(0)}
            odd = number % 16
            if odd == 1:
                item |= {"state": "created", "paid": yuan(0)}
                del item["paid_at"], item["completed_at"]
            elif odd == 2:
                item |= {"state": "closed", "paid": yuan(0), "closed_at": rfc(at + DAY)}
                del item["paid_at"], item["completed_at"]
            elif odd == 3:
                del item["paid_at"]
            elif odd == 4:
                del item["lines"]
            elif odd == 5:
                item |= {"state": "closed", "closed_at": rfc(at + 2 * DAY)}
                del item["completed_at"]
            elif odd == 6:
                item |= {"created_at": rfc(end + 3 * DAY), "paid_at": rfc(end + 3 * DAY), "state": "paid"}
                del item["completed_at"]
            elif odd == 7:
                item |= {"discounts": [{"payer": "shop", "name": "满减", "amount": yuan(300)}], "payment_method": "储值", "shop": "门店"}
            elif odd == 8:
                item |= {"lines": item["lines"] + [{"id": "9", "title": "运费", "quantity": 1, "paid": yuan(800), "role": "shipping"}], "paid": yuan(amount + 800), "shipping": yuan(800)}
            elif odd == 9:
                del item["buyer"]
            elif odd == 10:
                del item["paid"], item["lines"][0]["paid"], item["shipping"]
            yield item


def odd_refunds(luck, orders, end):
    """Of orders of the files, and of no order at all; `orders` are (source, number, time, [(line, sku)], paid)."""
    for i, (source, number, at, paid) in enumerate(orders):
        item = {"external": {"source": "erp", "id": f"R{i}"}, "order_external": {"source": source, "id": number}, "at": rfc(min(at + luck.randrange(1, 20) * DAY, end))}
        sort = i % 8
        item["kind"] = ("return", "return", "money_only", "price_protection", "compensation", "exchange", "return", "return")[sort]
        item["amount"] = yuan(paid if sort == 1 else max(paid // 5, 1))
        if sort == 6:
            item["state"] = "open"
        if sort == 7:
            item["state"] = "closed"
        if sort in (0, 4):
            item["reason"] = luck.choice(("不喜欢", "质量问题"))
        yield item
    for i in range(40):
        yield {"external": {"source": "erp", "id": f"L{i}"}, "amount": yuan(500 + i), "at": rfc(end - (i + 1) * DAY), "buyer_keys": [{"kind": "own_id", "namespace": "crm", "value": f"J{i:03}", "verified": True}],
               "lines": [{"sku": luck.choice(("BB-DIA-M54", "BB-CUP-240")), "quantity": 1, "amount": yuan(500 + i)}]}


def tell(shop, store, member_name, end):
    """Tells all of it; gives the ids of the kept segments by name, whom the list has, and when that was."""
    luck = random.Random(20)
    keys = [m for (m,) in store.execute("SELECT id FROM member WHERE state = 'live' ORDER BY first_seen, id")]
    goods = [s for (s,) in store.execute("SELECT sku FROM product ORDER BY sku")]
    named = {k: member_name("mem", k) for k in keys}
    some = luck.sample(keys, min(len(keys), 10_000))
    bought = {}
    for key, at in store.execute("SELECT member, placed_at FROM orders WHERE member IS NOT NULL AND purchase = 1 AND placed_at > ? ORDER BY id", (end - 100 * DAY,)):
        bought.setdefault(named.get(key), []).append(at)
    returned = store.execute("SELECT source, source_id, placed_at, paid FROM orders WHERE member IS NOT NULL AND state = 'completed' AND refunded = 0 AND paid > 5000 ORDER BY source, source_id").fetchall()

    crm = shop.batch("/members/batch", list(newcomers()))
    shop.batch("/orders/batch", list(odd_orders(luck, goods, end)))
    shop.batch("/refunds/batch", list(odd_refunds(luck, luck.sample(returned, min(len(returned), 800)), end)))
    shop.batch("/events/batch", [{**act, "id": f"A{i}"} for i, act in enumerate(acts(luck, [named[k] for k in some] + crm[:100], goods, bought, end))])

    for i, key in enumerate(some[:500] + some[:100]):
        day = end - luck.randrange(1, 300) * DAY
        for at, granted in ((day, luck.random() < 0.6), (day + luck.choice((0, DAY, 30 * DAY)), luck.random() < 0.5)):
            said = {"purpose": luck.choice(("marketing", "marketing", "ads", "service")), "channel": luck.choice(("sms", "email", "any", "any")), "granted": granted, "at": rfc(min(at, end))}
            shop.call(f"/members/{named[key]}/consents", said)

    tags = {name: shop.call("/tags", {"name": name})["id"] for name in TAGS}
    groups = [[named[k] for k in luck.sample(some, min(900, len(some) // 3))] for _ in TAGS]
    for name, group in zip(TAGS, groups):
        shop.call("/members/tags", {"members": group, "add": [tags[name]]})
    shop.call("/members/tags", {"members": groups[0][:500], "remove": [tags[TAGS[0]]]})
    shop.call("/members/tags", {"members": groups[0][:200], "add": [tags[TAGS[0]]]})
    shop.call("/members/tags", {"members": groups[1][:300], "remove": [tags[TAGS[1]]], "add": [tags[TAGS[2]]]})

    # The list names some who are merged away or erased afterwards.
    listed = [named[k] for k in luck.sample(keys, min(3_000, len(keys) // 2))] + [crm[151], crm[153], crm[160]]
    kept = {"segments": segments(shop, listed), "list": listed, "saved": int(time.time() * 1e6)}
    for left, right in ((150, 151), (152, 153)):
        shop.call(f"/members/{crm[left]}/merge", {"other": crm[right], "reason": "同一人"})
    asked = shop.call("/privacy/requests", {"member": crm[160], "kind": "erasure"})
    shop.call(f"/privacy/requests/{asked['id']}/complete", {})
    return kept


def segments(shop, members):
    """Kept segments: living ones, one that refers to others, lists."""
    often = {"op": "ge", "left": {"agg": "count", "table": "orders", "where": {"op": "eq", "left": {"col": "purchase"}, "right": True}}, "right": 3}
    ids = {}
    keep = lambda name, **what: ids.setdefault(name, shop.call("/segments", {"name": name, **what})["id"])
    keep("often", kind="living", expr=often)
    keep("list", kind="static", members=members)
    keep("frozen", kind="static", text='exists(lines where category under ("零食"))')
    keep("nested", kind="living", expr={"op": "and", "args": [{"op": "in_segment", "id": ids["often"]}, {"op": "not", "arg": {"op": "in_segment", "id": ids["list"]}}]})
    for _ in range(1_200):
        if not any(shop.call(f"/segments/{i}")["building"] for i in ids.values()):
            return ids
        time.sleep(0.25)
    raise SystemExit("kept segments are still being reckoned")
