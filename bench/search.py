#!/usr/bin/env python3
"""make bench search: every kind of member search over HTTP at a million members of the drawn shop, before
and while ten thousand changes a minute come in.

    [SHUKE_BENCH_SHOP=FOLDER] bench/search.py BINARIES [MEMBERS [ROUNDS [ENGINE]]]

What is asked for is drawn from the members themselves (phones, accounts and names in clear, by the audited
unmasking) and differs from round to round. With a folder the shop in it is kept and used again. Prints, one JSON object a line: how long the shop took to load;
p50 and p99 of each search with how many members its first page held, and how many pages were `partial` (they
looked at as many candidates as one page may and say where to go on): `first` as the server just started, which
meets the disk, `again` at rest with other words, and `under load`.
"""
import http.client
import json
import random
import sys
import threading
import time
from urllib.parse import quote

from common import KEPT, Shop, postgres, report

binaries, members, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000, int(sys.argv[3]) if len(sys.argv) > 3 else 100
SCOPES = "members:read,members:write,members:unmask,orders:read"
rng = random.Random(7)


class Api:
    """One connection, as a console keeps it."""

    def __init__(self, address, key):
        self.connection, self.key = http.client.HTTPConnection(address, timeout=600), key

    def __call__(self, method, path, body=None):
        begun = time.perf_counter()
        self.connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, {"authorization": f"Bearer {self.key}", "content-type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        seconds = time.perf_counter() - begun
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:300]!r}")
        return seconds, json.loads(text) if text else None


def people(api, wanted):
    """Members of every platform, with and without a phone, with what names them in clear."""
    found, lists = {}, ["", "&has_phone=true", *(f"&platform={p}" for p in ("taobao", "jd", "pdd", "douyin", "youzan"))]
    for narrowed in lists:
        cursor, upto = "", len(found) + wanted // len(lists)
        while len(found) < upto:
            _, page = api("GET", f"/members?limit=200{narrowed}{cursor}")
            found.update((m["id"], m) for m in rng.sample(page["items"], min(20, len(page["items"]))))
            if not page["next_cursor"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
    found = list(found.values())
    for m in found:
        _, m["clear"] = api("POST", f"/members/{m['id']}/unmask", {"fields": ["name", "phone", "account"], "reason": "bench search"})
    return found


def tagged(api):
    """Four tags: on a tenth of all, on a thousandth, on nobody, and one that comes and goes under load."""
    there = api("GET", "/tags")[1]
    there = {t["name"]: t["id"] for t in (there["items"] if isinstance(there, dict) else there)}
    tags = {name: there.get(name) or api("POST", "/tags", {"name": name})[1]["id"] for name in ("沿海常客", "高原来客", "没有人", "来来去去")}
    for name, province in (("沿海常客", "浙江省"), ("高原来客", "西藏自治区")):
        if name in there:
            continue
        _, asked = api("POST", "/members/tags", {"add": [tags[name]], "filter": {"province": province}})
        begun = time.perf_counter()
        while (job := api("GET", f"/jobs/{asked['job']}")[1])["state"] != "done":
            if job["state"] not in ("queued", "running"):
                raise SystemExit(f"tagging ended as {job}")
            time.sleep(0.2)
        seconds = time.perf_counter() - begun
        report(bench="search", step="tagged by a task", members=job["result"]["members"], seconds=seconds, engine=engine)
    return tags


def searches(found, tags):
    """Each kind of search: its name, and what it asks in round `i`."""
    named = [m["clear"]["name"] for m in found if m["clear"]["name"]]
    phones = [m["clear"]["phone"].split("、")[0] for m in found if m["clear"]["phone"]]
    accounts = [m["clear"]["account"].split("、")[0] for m in found if m["clear"]["account"]]
    letters = "wlzcyhxsm"
    of = lambda some: some[rng.randrange(len(some))]
    q = lambda text, more="": f"query={quote(text)}{more}"
    return {
        "list, first page": lambda i: "",
        "phone": lambda i: q(of(phones)),
        "last four": lambda i: q(f"{rng.randrange(10_000):04d}"),
        "account": lambda i: q(of(accounts)),
        "id": lambda i: q(of(found)["id"]),
        "name": lambda i: q(of(named)),
        "part of a name": lambda i: q(of(named)[-2:]),
        "one character": lambda i: q(of(named)[0]),
        "two names put together": lambda i: q(of(named) + of(named)),
        "two initials": lambda i: q(of(letters) + of(letters)),
        "three initials": lambda i: q(of(letters) + of(letters) + of(letters)),
        "nobody by that name": lambda i: q(f"无{i}此人"),
        "nobody by that phone": lambda i: q(f"199{rng.randrange(10**8):08d}"),
        "tag, many": lambda i: f"tag={tags['沿海常客']}",
        "tag, few": lambda i: f"tag={tags['高原来客']}",
        "tag, nobody": lambda i: f"tag={tags['没有人']}",
        "tag by name": lambda i: q("高原来客"),
        "gender": lambda i: f"gender={of(['female', 'male'])}",
        "gender, nobody": lambda i: "gender=other",
        "province, many": lambda i: f"province={quote('广东省')}",
        "province, few": lambda i: f"province={quote('西藏自治区')}",
        "province, nobody": lambda i: f"province={quote('火星')}",
        "platform": lambda i: f"platform={of(['taobao', 'jd', 'pdd', 'douyin', 'youzan'])}",
        "with phone": lambda i: "has_phone=true",
        "without phone": lambda i: "has_phone=false",
        "initials and gender": lambda i: q(of(letters) + of(letters), "&gender=female"),
        "initials and a small province": lambda i: q(of(letters) + of(letters), f"&province={quote('西藏自治区')}"),
        "initials and a tag": lambda i: q(of(letters) + of(letters), f"&tag={tags['沿海常客']}"),
        "name, no phone": lambda i: q(of(named), "&has_phone=false"),
        "gender, province, phone": lambda i: f"gender=male&province={quote('浙江省')}&has_phone=true",
        "two large tags that few share": lambda i: f"tag={tags['沿海常客']}&province={quote('广东省')}",
    }


def measured(name, ask, state):
    times, held, partial = [], 0, 0
    for i in range(rounds):
        seconds, page = ask(i)
        times.append(seconds * 1000)
        if isinstance(page, dict) and "items" in page:
            held += len(page["items"])
            partial += bool(page["next_cursor"]) and len(page["items"]) < 50
    times.sort()
    report(bench="search", search=name, engine=engine, members=members, p50_ms=times[rounds // 2], p99_ms=times[-(-rounds * 99 // 100) - 1], max_ms=times[-1], held=held / rounds, partial=partial, state=state)


def measure_all(api, found, tags, state):
    for name, path in searches(found, tags).items():
        measured(name, lambda i: api("GET", f"/members?{path(i)}&limit=50"), state)
    pages = {"cursor": ""}

    def onwards(_):
        seconds, page = api("GET", f"/members?query=w&limit=50{pages['cursor']}")
        pages["cursor"] = f"&cursor={page['next_cursor']}" if page["next_cursor"] else ""
        return seconds, page

    measured("one initial, page after page", onwards, state)
    some = [m["id"] for m in found]
    measured("member page", lambda i: api("GET", f"/members/{some[i % len(some)]}"), state)
    measured("timeline", lambda i: api("GET", f"/members/{some[i % len(some)]}/timeline"), state)


def changes(address, key, tags, halt, written, who):
    """Five thousand changes a minute: in turns new members, members renamed, and members tagged."""
    api, n, due = Api(address, key), who * 10_000, time.perf_counter()
    while not halt.is_set():
        due += 0.6
        items = [{"external": {"source": "bench", "id": f"b{(n + i) % 20_000}"}, "name": rng.choice("王李张刘陈") + rng.choice("芳伟敏静丽强磊军洋艳"), "gender": rng.choice(["female", "male"]), "keys": [{"kind": "phone", "value": f"189{(n + i) % 20_000:08d}", "verified": True}]} for i in range(30)]
        _, done = api("POST", "/members/batch", {"items": items})
        ids = [r["id"] for r in done["results"] if r["id"]][:20]
        give = (n // 30) % 2 == 0
        api("POST", "/members/tags", {"add" if give else "remove": [tags["来来去去"]], "members": ids})
        n += 30
        written[who] += 50
        halt.wait(max(0.0, due - time.perf_counter()))


def bench(store):
    shop = Shop(binaries, store, found=False, kept=KEPT and f"{KEPT}/postgres" if store else KEPT)
    report(bench="search", step="shop drawn and loaded", seconds=shop.draw(members), members=members, engine=engine)
    key = shop.run("admin", "create-key", "--name", "bench", "--scopes", SCOPES).strip()
    with shop.serving() as (address, _, _):
        api = Api(address, key)
        found, tags = people(api, 400), tagged(api)
        for state in ("first", "again"):
            measure_all(api, found, tags, state)
        halt, written = threading.Event(), [0, 0]
        writers = [threading.Thread(target=changes, args=(address, key, tags, halt, written, who)) for who in range(2)]
        for writer in writers:
            writer.start()
        time.sleep(3)
        begun, before = time.perf_counter(), sum(written)
        measure_all(api, found, tags, "under load")
        report(bench="search", step="under load", changes_a_minute=(sum(written) - before) / (time.perf_counter() - begun) * 60, engine=engine)
        halt.set()
        for writer in writers:
            writer.join()
    shop.drop()


with postgres(KEPT) as database:
    for engine in sys.argv[4:] or ("sqlite", "postgres"):
        bench(database() if engine == "postgres" else None)
