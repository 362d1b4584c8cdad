"""One event against many living segments, from the row that the store takes to entry and exit.

    python3 bench/living.py BINARIES [--segments 500] [--members 2000] [--events 20000] [--rate 200] [--together 1] [--postgres]

Members with fifty order lines each; segments by tag, count, sum, behaviour and their mixes, a fifth each. First
events are taken in while nobody follows (`--role web`); then the program is started on one core and has them
before it: it is told how many a second it follows, from its start to the last coming or going, how much
processor time each took, and when who else follows the feed had heard of all of them. Then events at a stated
rate, some together in a request: how long after an event was recorded the comings and goings that it brings
about are. Times are those of the store's own rows, so the commit of the last write is not in them. `--first`
puts the program before other work. `--fill FOLDER` only fills a shop and takes the events in, for `follow` of
`bench/tools`, which follows the feed with the segments and nothing else beside.
"""
import argparse
import contextlib
import datetime
import http.client
import json
import os
import random
import sqlite3
import subprocess
import time

from common import Shop, postgres, report

TAGS, SKUS = 20, 40


class Api:
    def __init__(self, address, key):
        self.wire = http.client.HTTPConnection(address, timeout=600)
        self.headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}

    def call(self, method, path, body=None):
        self.wire.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, self.headers)
        answer = self.wire.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:400]}")
        return json.loads(text or "{}")


def who(i):
    return [{"kind": "own_id", "value": f"m{i}", "verified": True}]


def fill(api, members):
    """Ten orders of five lines a member."""
    draw, now = random.Random(1), datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    for at in range(0, members, 200):
        some = range(at, min(members, at + 200))
        api.call("POST", "/members/batch", {"items": [{"external": {"source": "own", "id": f"m{i}"}, "keys": who(i), "gender": draw.choice(["female", "male"])} for i in some]})
    orders = [(m, o) for m in range(members) for o in range(10)]
    for at in range(0, len(orders), 500):
        items = []
        for m, o in orders[at : at + 500]:
            when = (now - datetime.timedelta(days=draw.randrange(700))).isoformat().replace("+00:00", "Z")
            lines = [{"sku": f"S{draw.randrange(SKUS)}", "quantity": 1, "paid": {"amount": draw.randrange(500, 20_000), "currency": "CNY"}} for _ in range(5)]
            paid = {"amount": sum(l["paid"]["amount"] for l in lines), "currency": "CNY"}
            items.append({"external": {"source": "own", "id": f"{m}-{o}"}, "platform": "own", "state": "completed", "currency": "CNY", "buyer": {"keys": who(m)}, "lines": lines, "paid": paid, "created_at": when, "paid_at": when})
        api.call("POST", "/orders/batch", {"items": items})


def segments(api, count):
    """A fifth each by tag, count of orders, sum of lines, behaviour, and mixes of these."""
    for i in range(count):
        n = i // 5
        text = [
            f'has_any("t{n % TAGS}") and gender = "{"female" if n % 2 else "male"}"',
            f"count(orders where purchase = true and paid >= ¥{100 + n}.00) >= {1 + n % 5}",
            f'sum(lines.amount where sku = "S{n % SKUS}" and purchase = true) >= ¥{50 + n}.00',
            f'count(events where kind = "cart" and sku = "S{n % SKUS}", last {10 + n} days) >= {1 + n % 2}',
            f'exists(events where kind = "cart" and sku = "S{n % SKUS}") and sum(lines.amount, last {100 + n} days) > ¥{n}.00',
        ][i % 5]
        api.call("POST", "/segments", {"name": f"s{i}", "kind": "living", "text": text})
    while any(s["building"] for s in pages(api, "/segments?limit=200")):
        time.sleep(0.5)


def pages(api, path):
    cursor = None
    while True:
        page = api.call("GET", f"{path}&cursor={cursor}" if cursor else path)
        yield from page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return


def act(draw, members, number):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    return {"source": "own", "id": f"e{number}", "type": "cart", "sku": f"S{draw.randrange(SKUS)}", "at": now, "keys": who(draw.randrange(members))}


def feed(api, since):
    while True:
        page = api.call("GET", f"/changes?since={since}&limit=1000")
        yield from page["items"]
        if page["next_position"] == since:
            return
        since = page["next_position"]


class Head:
    """Where the feed is: read on from where it was."""

    last = 0


def head(api):
    for event in feed(api, Head.last):
        Head.last = event["position"]
    return Head.last


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def offsets(shop):
    """Where the feed is once all events have a place in it, and how far who follows it is, asked of the store itself."""
    asked = "SELECT '', MAX(position) + (SELECT COUNT(*) FROM event WHERE position IS NULL) FROM feed_head UNION ALL SELECT subscriber, MIN(position) FROM feed_offset GROUP BY subscriber"
    if shop.store:
        rows = [line.split(",") for line in subprocess.run(["psql", "-qAt", "-F,", shop.store, "-c", asked], check=True, stdout=subprocess.PIPE, text=True).stdout.split()]
    else:
        with contextlib.closing(sqlite3.connect(f"file:{shop.file}?mode=ro", uri=True, timeout=60)) as db:
            rows = db.execute(asked).fetchall()
    return {subscriber: int(at) for subscriber, at in rows}


def settled(shop, upto=0):
    """Waits until segments have nothing left to follow; when each of those who follow the feed was at `upto`."""
    quiet, heard = 0, {}
    while quiet < 6:
        time.sleep(0.25)
        at = offsets(shop)
        for subscriber, position in at.items():
            if subscriber and position >= upto:
                heard.setdefault(subscriber, time.time())
        quiet = quiet + 1 if at.get("segments", at[""]) >= at[""] else 0
    return heard


def spent(pid):
    """Processor seconds of a process."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bench(shop, options, engine):
    scopes = "members:write,members:read,orders:write,events:read,segments:read,segments:write"
    key = shop.run("admin", "create-key", "--name", "bench", "--scopes", scopes).strip()
    with shop.serving() as (address, _, _):
        api = Api(address, key)
        fill(api, options.members)
        segments(api, options.segments)
        settled(shop)
        start = head(api)
    draw = random.Random(2)
    numbers = iter(range(10**9))
    with shop.serving((), "--role", "web") as (address, _, _):
        api = Api(address, key)
        for _ in range(0, options.events, 500):
            api.call("POST", "/events/batch", {"items": [act(draw, options.members, next(numbers)) for _ in range(500)]})
    if options.fill:
        return
    upto = offsets(shop)[""]
    begun = time.time()
    with shop.serving((*options.prefix, "taskset", "-c", "0")) as (address, _, pid):
        api = Api(address, key)
        heard = settled(shop, upto)
        used = spent(pid)
        happened = list(feed(api, start))
        acts = sum(e["type"] == "behaviour.recorded" for e in happened)
        moves = [instant(e["recorded_at"]) for e in happened if e["type"].startswith("segment.")]
        took = max(moves) - begun
        report(what="follow", engine=engine, segments=options.segments, members=options.members, events=acts, comings_and_goings=len(moves), seconds=took, events_a_second=acts / took, processor_ms_an_event=1000 * used / acts, all_heard_after={who: round(at - begun, 2) for who, at in heard.items()})

        start = head(api)
        begun = time.perf_counter()
        count = options.rate * options.seconds
        for i in range(0, count, options.together):
            api.call("POST", "/events/batch", {"items": [act(draw, options.members, next(numbers)) for _ in range(options.together)]})
            time.sleep(max(0, begun + (i + options.together) / options.rate - time.perf_counter()))
        sent = count / (time.perf_counter() - begun)
        settled(shop)
        heard, waits = {}, []
        for e in feed(api, start):
            at = instant(e["recorded_at"])
            if e["type"] == "behaviour.recorded":
                heard[e["member"]] = at
            elif e["type"].startswith("segment.") and e.get("member") in heard:
                waits.append(at - heard[e["member"]])
        waits.sort()
        place = lambda p: 1000 * waits[min(len(waits) - 1, int(p * len(waits)))] if waits else None
        report(what="latency", engine=engine, segments=options.segments, rate=sent, together=options.together, events=count, comings_and_goings=len(waits), p50_ms=place(0.5), p99_ms=place(0.99), max_ms=place(1.0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("--segments", type=int, default=500)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--together", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--fill", metavar="FOLDER", help="a folder that stays")
    parser.add_argument("--first", action="store_true", help="before other work: chrt -r 10")
    options = parser.parse_args()
    options.prefix = ("chrt", "-r", "10") if options.first else ()
    with postgres() if options.postgres else contextlib.nullcontext() as database:
        shop = Shop(options.binaries, store=database() if database else None, kept=options.fill)
        try:
            bench(shop, options, "postgres" if database else "sqlite")
        finally:
            shop.drop()


main()
