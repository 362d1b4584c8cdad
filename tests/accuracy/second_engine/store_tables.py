"""The store's own tables, read from its SQLite file and laid into DuckDB as they are (schema `raw`);
then tables.sql, giving_back.py and standing.sql make of them what expressions speak of."""
import csv
import json
import sqlite3
from pathlib import Path

import duckdb
import giving_back

HERE = Path(__file__).resolve().parent
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def name(prefix, key):
    """A record's id as the API tells it, of its sixteen bytes."""
    value = int.from_bytes(key, "big")
    return f"{prefix}_" + "".join(LETTERS[(value >> shift) & 31] for shift in range(125, -1, -5))


def money_of(discounts):
    """What an order's listed discounts come to: over nothing a sum is 0."""
    return sum(d["amount"] for d in json.loads(discounts or "[]"))


def refund_lines(rows):
    for key, lines in rows:
        for place, line in enumerate(json.loads(lines), 1):
            yield key, place, line.get("line_no"), line.get("sku"), max(line.get("quantity", 0), 0), max(line.get("amount", 0), 0)


def events(rows):
    for key, member, at, kind, sku, words, rating, data in rows:
        data = json.loads(data) if data else {}
        yield key, member, at, kind, sku, words, rating, data.get("channel"), data.get("campaign")


def tables(store):
    """Name, columns with types, rows."""
    ask = lambda sql: store.execute(sql)
    key = "VARCHAR"
    yield ("member", {"id": key, "member_id": key, "state": key, "alias_of": key, "first_seen": "BIGINT", "joined_at": "BIGINT", "birthday": key, "gender": key, "province": key, "city": key, "join_source": key},
           ((i.hex().upper(), name("mem", i), *rest) for i, *rest in ask("SELECT id, state, nullif(hex(alias_of), ''), first_seen, joined_at, birthday, gender, province, city, join_source FROM member")))
    yield ("orders", {"id": key, "member": key, "source": key, "source_id": key, "created_at": "BIGINT", "placed_at": "BIGINT", "recorded_at": "BIGINT", "paid_at": "BIGINT", "completed_at": "BIGINT", "closed_at": "BIGINT", "state": key, "purchase": "INTEGER", "shop": key, "platform": key, "payment_method": key, "quantity": "BIGINT", "paid": "BIGINT", "goods_paid": "BIGINT", "merchant_received": "BIGINT", "shipping": "BIGINT", "discount": "BIGINT"},
           ((*row, money_of(discounts)) for *row, discounts in ask("SELECT hex(id), nullif(hex(member), ''), source, source_id, created_at, placed_at, recorded_at, paid_at, completed_at, closed_at, state, purchase, shop, platform, payment_method, quantity, paid, goods_paid, merchant_received, shipping, discounts FROM orders")))
    yield ("order_line", {"order_id": key, "line_no": "INTEGER", "sku": key, "category": key, "quantity": "BIGINT", "paid": "BIGINT", "refunded": "BIGINT", "role": key},
           ask("SELECT hex(order_id), line_no, sku, category, quantity, paid, refunded, role FROM order_line"))
    yield ("refund", {"id": key, "order_id": key, "member": key, "kind": key, "state": key, "reason": key, "amount": "BIGINT", "goods": "BIGINT", "refunded_at": "BIGINT", "recorded_at": "BIGINT", "source_id": key},
           ask("SELECT hex(id), nullif(hex(order_id), ''), nullif(hex(member), ''), kind, state, reason, amount, goods, refunded_at, recorded_at, source_id FROM refund"))
    yield ("refund_line", {"refund": key, "place": "INTEGER", "line_no": "INTEGER", "sku": key, "quantity": "BIGINT", "amount": "BIGINT"},
           refund_lines(ask("SELECT hex(id), lines FROM refund WHERE lines IS NOT NULL")))
    yield ("event", {"id": key, "member": key, "at": "BIGINT", "kind": key, "sku": key, "words": key, "rating": "BIGINT", "channel": key, "campaign": key},
           events(ask("SELECT hex(id), nullif(hex(member), ''), at, kind, sku, words, rating, data FROM behaviour_event")))
    yield ("consent", {"member": key, "purpose": key, "channel": key, "granted": "INTEGER", "given_at": "BIGINT"},
           ask("SELECT hex(member), purpose, channel, granted, given_at FROM consent"))
    yield ("tag", {"member": key, "tag": key, "added_at": "BIGINT", "removed_at": "BIGINT"},
           ask("SELECT hex(g.member), t.name, g.since, NULL FROM member_tag g JOIN tag t ON t.id = g.tag UNION ALL SELECT hex(p.member), t.name, p.since, p.taken_at FROM past_tag p JOIN tag t ON t.id = p.tag"))
    yield ("product", {"sku": key, "source": key, "source_id": key, "category": key}, ask("SELECT sku, source, source_id, category FROM product"))


def read(file, folder, zone, now):
    """A DuckDB database with the tables of the language; `now` is the store's day of reckoning."""
    engine = duckdb.connect()
    engine.execute("SET threads = 2; SET memory_limit = '2GB'; SET preserve_insertion_order = false; CREATE SCHEMA raw")
    store = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    for table, columns, rows in tables(store):
        path = Path(folder) / f"{table}.csv"
        with open(path, "w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
        spec = "{" + ", ".join(f"'{c}': '{t}'" for c, t in columns.items()) + "}"
        engine.execute(f"CREATE TABLE raw.{table} AS FROM read_csv('{path}', header = false, columns = {spec}, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', new_line = '\\n')")
        path.unlink()
    store.close()
    engine.execute("SET VARIABLE zone = ?", [zone])
    engine.execute("SET VARIABLE t = ?", [now])
    engine.execute((HERE / "tables.sql").read_text(encoding="utf-8"))
    engine.execute("SET VARIABLE as_of_day = (SELECT CAST(today() AS DATE) + 1)")
    engine.execute("SET VARIABLE as_of = (SELECT instant(getvariable('as_of_day')))")
    giving_back.lay(engine)
    engine.execute((HERE / "standing.sql").read_text(encoding="utf-8"))
    return engine
