"""Top and bottom: ties, percentages, among some, at another time."""
from life import rfc
from nodes import BOUGHT, agg, both, col, count, eq, fact, gt, no, top
from questions import HOUR

RANKED = """WITH v AS (SELECT b.member_id, {by} AS v FROM base b {rows} WHERE {among} {group}),
     k AS (SELECT min(v) AS t FROM (SELECT v FROM v WHERE v IS NOT NULL ORDER BY v DESC LIMIT {n}))
SELECT member_id FROM v WHERE v >= (SELECT t FROM k)"""
SHARE = "(SELECT CAST(ceil(count(*) * {} / 100) AS BIGINT) FROM v WHERE v IS NOT NULL)"


def ask(k):
    paid = agg("sum", "orders", "paid", BOUGHT)
    spent = dict(by="coalesce(sum(x.paid), 0)", rows="LEFT JOIN o x ON x.member_id = b.member_id AND x.purchase", group="GROUP BY b.member_id")
    yield "the hundred who paid most", top(paid, 100), k.now, RANKED.format(**spent, among="true", n=100)
    orders = dict(by="count(x.member_id)", rows="LEFT JOIN o x ON x.member_id = b.member_id AND x.purchase", group="GROUP BY b.member_id")
    yield "ties are in", top(count("orders", BOUGHT), 500), k.now, RANKED.format(**orders, among="true", n=500)
    yield "nought is a value: more than ever bought", top(count("orders", BOUGHT), 10_000_000), k.now, "SELECT member_id FROM base"
    mean = dict(by="avg(x.paid)", rows="LEFT JOIN o x ON x.member_id = b.member_id AND x.purchase", group="GROUP BY b.member_id")
    yield "a twentieth by the average, of those who have one", top(agg("avg", "orders", "paid", BOUGHT), percent="5"), k.now, RANKED.format(**mean, among="true", n=SHARE.format("CAST(5 AS DECIMAL(9, 3))"))
    yield "a share with decimals, rounded up", top(agg("avg", "orders", "paid", BOUGHT), percent="0.333"), k.midnight(-60), RANKED.format(**mean, among="true", n=SHARE.format("CAST(0.333 AS DECIMAL(9, 3))"))
    yield "a tenth of the women", top(paid, percent="10", of=eq(fact("gender"), "female")), k.now, RANKED.format(**spent, among="b.gender = 'female'", n=SHARE.format("CAST(10 AS DECIMAL(9, 3))"))
    yield "not in the top: whoever has no value is unknown", no(top(agg("max", "orders", "paid", BOUGHT), 50)), k.now, """WITH v AS (SELECT member_id, max(paid) AS v FROM o WHERE purchase GROUP BY member_id), k AS (SELECT min(v) AS t FROM (SELECT v FROM v WHERE v IS NOT NULL ORDER BY v DESC LIMIT 50))
SELECT member_id FROM v WHERE v < (SELECT t FROM k)"""
    yield "the lowest: who bought most lately", top({"days_since": agg("last", "orders", "time", BOUGHT)}, 30, end="low"), k.midnight(0) - HOUR, """WITH v AS (SELECT member_id, CAST(today() AS DATE) - day(max(time)) AS v FROM o WHERE purchase GROUP BY member_id), k AS (SELECT max(v) AS t FROM (SELECT v FROM v ORDER BY v LIMIT 30))
SELECT member_id FROM v WHERE v <= (SELECT t FROM k)"""
    then = k.midnight(-100) + 7 * HOUR + 1
    earlier = """WITH k AS (SELECT min(v) AS t FROM (SELECT coalesce(sum(x.paid), 0) AS v FROM members m LEFT JOIN orders x ON x.member_id = m.member_id AND x.purchase AND x.time < {then}
                          WHERE m.first_seen_at < {then} GROUP BY m.member_id ORDER BY v DESC LIMIT 200))
SELECT b.member_id FROM base b JOIN o x ON x.member_id = b.member_id AND x.purchase GROUP BY b.member_id HAVING sum(x.paid) >= (SELECT t FROM k)"""
    yield "now, against the threshold of an earlier time", top(paid, 200, as_of=rfc(then)), k.now, earlier.format(then=then)
    yield "against that of this morning", top(paid, 200, as_of="day_start"), k.midnight(-30) + 20 * HOUR, earlier.format(then=k.midnight(-30))
    yield "of some whose condition is unknown for many, from the bottom", top(agg("min", "lines", "amount", both(BOUGHT, gt(col("amount"), 0))), percent="2.5", end="low", of=no(eq(fact("gender"), "male"))), k.now, """WITH v AS (SELECT x.member_id, min(x.amount) AS v FROM l x JOIN base b ON b.member_id = x.member_id AND NOT (b.gender = 'male') WHERE x.purchase AND x.amount > 0 GROUP BY x.member_id),
     k AS (SELECT max(v) AS t FROM (SELECT v FROM v ORDER BY v LIMIT (SELECT CAST(ceil(count(*) * CAST(2.5 AS DECIMAL(9, 3)) / 100) AS BIGINT) FROM v)))
SELECT member_id FROM v WHERE v <= (SELECT t FROM k)"""
    yield "by days since an earlier threshold, which has grown since", top({"days_since": fact("registered_at")}, 400, end="low", as_of=rfc(then)), k.now, f"""WITH k AS (SELECT max(v) AS t FROM (SELECT day({then}) - day(registered_at) AS v FROM members WHERE first_seen_at < {then} AND registered_at IS NOT NULL ORDER BY v LIMIT 400))
SELECT member_id FROM base WHERE CAST(today() AS DATE) - day(registered_at) <= (SELECT t FROM k)"""
