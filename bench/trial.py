#!/usr/bin/env python3
"""make bench trial: changes of the ladder tried on a million members over HTTP, and saved.

    bench/trial.py BINARIES [--engine sqlite|postgres] [--members 1000000] [--rounds 5] [--save] [--benefits]

Books are drawn straight into the store (`ledger fill` of `bench/tools`: one, two or four final orders a member). Told is how long
the server takes for `POST /programmes/{id}/trials`: the first after its start, and the median of the others, each with a ladder that
was not tried before; a trial that lets a year pass; the same with a window that reaches further back than the one in force; and the
first page of those who lose. With `--save` the last ladder is saved and, once the walk that lets it begin is done, the tiers in the
store are counted: they must be what the trial said. With `--benefits` a benefit of silver and gold, used three times in the last
months by everybody who may, is tried too (`POST /benefits/trials`): of gold alone, with a smaller quota, and ended. Aim: under
five seconds a trial at a million.
"""
import argparse
import contextlib
import copy
import sqlite3
import subprocess
import time

from common import Memory, postgres, report
from ledger import RULES, Ledger, call


def ladder(silver, orders, gold, window=None):
    """Silver from so many fen or orders, gold from so many fen."""
    rules = copy.deepcopy(RULES)
    tiers = rules["ladder"]["tiers"]
    tiers[1]["entry"]["any"][0]["min"], tiers[1]["entry"]["any"][1]["min"], tiers[2]["entry"]["all"][0]["min"] = silver, orders, gold
    if window:
        rules["ladder"]["window"] = window
    return rules


def trial(ledger, options):
    filled = ledger.fill(options.members)
    path = f"/programmes/{ledger.programme}/trials"
    with ledger.serving() as (address, _, pid):
        memory = Memory(pid)
        memory.start()

        def ask(rules, where=path, **more):
            begun = time.perf_counter()
            told = call(address, ledger.key, "POST", where, {"rules": rules, **more})
            return time.perf_counter() - begun, told

        first, _ = ask(ladder(450_000, 5, 500_000))
        times = [ask(ladder(450_000 + 1_000 * n, 5, 500_000))[0] for n in range(options.rounds)]
        year = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 365 * 86_400))
        later, _ = ask(ladder(450_000, 5, 500_000), as_of=year)
        wider, _ = ask(ladder(450_000, 5, 500_000, {"kind": "lifetime"}))
        rules = ladder(460_000, 5, 510_000)
        _, told = ask(rules)
        page, _ = ask(rules, f"{path}/members?limit=50")
        peak = memory.stop()
        report(bench="trial", engine=ledger.engine, members=told["members"], fill_seconds=filled["seconds"], first_seconds=first, median_seconds=sorted(times)[len(times) // 2], worst_seconds=max(times), year_later_seconds=later, lifetime_seconds=wider, first_page_of_losers_seconds=page, up=told["held"]["up"], down=told["judged"]["down"], **peak)
        if options.save:
            save(ledger, address, rules, told)


def save(ledger, address, rules, told):
    begun = time.perf_counter()
    call(address, ledger.key, "POST", f"/programmes/{ledger.programme}/versions", {"rules": rules})
    expected = sorted((cell["to"], cell["members"]) for cell in told["held"]["cells"])
    sums = {}
    for tier, members in expected:
        sums[tier] = sums.get(tier, 0) + members
    turned = "SELECT COUNT(*) FROM points_book WHERE tier = '{}'"
    while True:
        counts = {tier: ledger.rows(turned.format(tier))[0][0] for tier in sums}
        if counts == sums:
            break
        if time.perf_counter() - begun > 3_600:
            raise SystemExit(f"saved: {counts}, tried: {sums}")
        time.sleep(2)
    report(bench="trial saved", engine=ledger.engine, members=told["members"], tiers=counts, equal=True, seconds_until_all_have_turned=time.perf_counter() - begun)


SHIPPING = {"name": "free shipping", "kind": "free_shipping", "quota": {"uses": 2, "per": "month"}, "cost": {"amount": 800, "currency": "CNY"}}
#: Uses by everybody who may, a month apart; how bytes and text are drawn differs by engine.
USES = """INSERT INTO benefit_use (merchant, id, benefit, member, request, order_no, used_at, programme, tier, grant_id, cost, supplier, platform, made_by, undone_at, undone_by, reason)
    SELECT merchant, {id}, (SELECT id FROM benefit LIMIT 1), member, {name}, NULL, {at}, programme, tier, NULL, 800, 0, 0, 'bench', NULL, NULL, NULL FROM points_book WHERE tier <> '普通'"""


def benefits(ledger, options):
    """A benefit tried: of gold alone, used less often, ended."""
    who = {"programme": ledger.programme, "tiers": ["银牌", "金牌"]}
    with ledger.serving() as (address, _, pid):
        benefit = call(address, ledger.key, "POST", "/benefits", {**SHIPPING, "who": who})["id"]
    drawn = {"id": "randomblob(16)", "name": "hex(randomblob(12))"} if ledger.engine == "sqlite" else {"id": "uuid_send(gen_random_uuid())", "name": "md5(random()::text || member::text)"}
    for month in range(3):
        sql = USES.format(at=int((time.time() - (month * 28 + 1) * 86_400) * 1e6), **drawn)
        if ledger.engine == "sqlite":
            with contextlib.closing(sqlite3.connect(ledger.shop.file)) as db, db:
                db.execute(sql)
        else:
            subprocess.run(["psql", "-q", ledger.url, "-c", sql], check=True)
    changes = {
        "of gold alone": {**SHIPPING, "who": {**who, "tiers": ["金牌"]}},
        "of everybody": {**SHIPPING, "who": {}},
        "ended": None,
    }
    with ledger.serving() as (address, _, pid):
        memory = Memory(pid)
        memory.start()
        for name, definition in changes.items():
            asked = {"benefit": benefit, "months": 12, **({"definition": definition} if definition else {})}
            times = []
            for _ in range(options.rounds):
                begun = time.perf_counter()
                told = call(address, ledger.key, "POST", "/benefits/trials", asked)
                times.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            call(address, ledger.key, "POST", "/benefits/trials/members?limit=50", asked)
            page = time.perf_counter() - begun
            report(bench="benefit trial", engine=ledger.engine, what=name, members=told["members"], uses=told["uses"], first_seconds=times[0], median_seconds=sorted(times)[len(times) // 2], worst_seconds=max(times), first_page_of_losers_seconds=page, losing=told["losing"], gaining=told["gaining"], refused=told["refused"])
        report(bench="benefit trial", engine=ledger.engine, what="memory", **memory.stop())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), action="append")
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--save", action="store_true", help="save the last ladder and compare")
    parser.add_argument("--benefits", action="store_true", help="try a benefit too")
    parser.add_argument("--first", action="store_true", help="before other work of the machine")
    options = parser.parse_args()
    options.prefix = ("chrt", "-r", "10") if options.first else ()
    with contextlib.ExitStack() as stack:
        for engine in options.engine or ("sqlite", "postgres"):
            database = stack.enter_context(postgres()) if engine == "postgres" else None
            ledger = Ledger(options, engine, database() if database else None)
            # Both processors are the server's: nobody else asks meanwhile.
            ledger.serving = lambda shop=ledger.shop: shop.serving(options.prefix)
            try:
                trial(ledger, options)
                if options.benefits:
                    benefits(ledger, options)
            finally:
                ledger.shop.drop()


if __name__ == "__main__":
    main()
