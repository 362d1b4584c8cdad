"""Sequences: A then B, within hours, days, business days; nothing between, nothing after; the same goods."""
from nodes import BOUGHT, both, col, eq, gt, isin, kind, last, no, sequence, step, under, within
from questions import DAY

WHO = "SELECT member_id FROM base WHERE member_id IN (SELECT a.member_id FROM {})"


def ask(k):
    q = lambda title, expr, sql, at=k.now: (title, expr, at, WHO.format(sql))
    a, b = "母婴用品/纸尿裤", "母婴用品/奶粉"
    of = lambda category: both(BOUGHT, eq(col("category"), category))
    buys = lambda category: f"(SELECT * FROM l WHERE purchase AND category = '{category}')"
    yield q("nappies, then milk powder within a week", sequence(step("lines", of(a)), step("lines", of(b), within(7))), f"{buys(a)} a JOIN {buys(b)} b ON b.member_id = a.member_id AND b.time > a.time AND b.time < a.time + days(7)")
    yield q("bought again exactly some days later is too late", sequence(step("orders", eq(col("platform"), "crm")), step("orders", eq(col("platform"), "crm"), within(7))), "o a JOIN o b ON b.member_id = a.member_id AND a.platform = 'crm' AND b.platform = 'crm' AND b.time > a.time AND b.time < a.time + days(7)")
    yield q("but not by business days", sequence(step("orders", eq(col("platform"), "crm")), step("orders", eq(col("platform"), "crm"), within(7, business=True))), "o a JOIN o b ON b.member_id = a.member_id AND a.platform = 'crm' AND b.platform = 'crm' AND b.time > a.time AND b.time < instant(day(a.time) + 8)")
    yield q("within an hour", sequence(step("events"), step("events", None, within(1, "hours"))), "e a JOIN e b ON b.member_id = a.member_id AND b.time > a.time AND b.time < a.time + hours(1)")
    yield q("of one instant none is later", sequence(step("events", kind("cart")), step("events", kind("view"), within(1, "days", True))), "e a JOIN e b ON b.member_id = a.member_id AND a.kind = 'cart' AND b.kind = 'view' AND b.time > a.time AND b.time < instant(day(a.time) + 2)")
    yield q("put into the cart, no purchase within three days, the three days being over", sequence(step("events", kind("cart")), step("orders", BOUGHT, within(3), absent=True)), "e a WHERE a.kind = 'cart' AND a.time + days(3) <= T() AND NOT EXISTS (SELECT 1 FROM o c WHERE c.member_id = a.member_id AND c.purchase AND c.time > a.time AND c.time < a.time + days(3))", k.midnight(-10))
    over = k.pick("SELECT time FROM events a WHERE kind = 'cart' AND member_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events c WHERE c.member_id = a.member_id AND c.time > a.time AND c.time < a.time + days(2)) ORDER BY time DESC, event_id LIMIT 1 OFFSET 30")
    quiet = sequence(step("events", kind("cart"), None), step("events", None, within(2), absent=True), window={"last": 60, "unit": "hours"})
    silent = "e a WHERE a.kind = 'cart' AND a.time >= T() - hours(60) AND a.time + days(2) <= T() AND NOT EXISTS (SELECT 1 FROM e c WHERE c.member_id = a.member_id AND c.time > a.time AND c.time < a.time + days(2))"
    yield q("the wait is over at its end", quiet, silent, over + 2 * DAY)
    yield q("and not a microsecond before", quiet, silent, over + 2 * DAY - 1)
    yield q("by business days the wait ends with a day", sequence(step("events", kind("msg_sent")), step("events", kind("msg_click"), within(2, business=True), absent=True), window=last(20)), "e a WHERE a.kind = 'msg_sent' AND a.time >= days_back(20) AND instant(day(a.time) + 3) <= T() AND NOT EXISTS (SELECT 1 FROM e c WHERE c.member_id = a.member_id AND c.kind = 'msg_click' AND c.time > a.time AND c.time < instant(day(a.time) + 3))", k.midnight(-3))
    yield q("viewed, then put the same goods into the cart", sequence(step("events", kind("view")), step("events", kind("cart"), within(14)), same="sku"), "e a JOIN e b ON b.member_id = a.member_id AND b.sku = a.sku AND a.kind = 'view' AND b.kind = 'cart' AND b.time > a.time AND b.time < a.time + days(14)")
    yield q("put into the cart, the same goods not bought within a week", sequence(step("events", isin(col("kind"), "cart", "favourite")), step("lines", BOUGHT, within(7), absent=True), same="sku", window=last(60)), "e a WHERE a.kind IN ('cart', 'favourite') AND a.sku IS NOT NULL AND a.time >= days_back(60) AND a.time + days(7) <= T() AND NOT EXISTS (SELECT 1 FROM l c WHERE c.member_id = a.member_id AND c.sku = a.sku AND c.purchase AND c.time > a.time AND c.time < a.time + days(7))", k.midnight(-1))
    yield q("two purchases with no message between", sequence(step("orders", BOUGHT), step("events", kind("msg_sent"), absent=True), step("orders", BOUGHT, within(60)), window=last(90)), "o a JOIN o b ON b.member_id = a.member_id AND a.purchase AND b.purchase AND a.time >= days_back(90) AND b.time > a.time AND b.time < a.time + days(60) WHERE NOT EXISTS (SELECT 1 FROM e c WHERE c.member_id = a.member_id AND c.kind = 'msg_sent' AND c.time > a.time AND c.time < b.time)")
    yield q("three steps, any choice of the middle one will do", sequence(step("lines", under_("母婴用品")), step("events", None, None), step("orders", BOUGHT, within(5))), "l a JOIN e b ON b.member_id = a.member_id AND below(a.category, '母婴用品') AND b.time > a.time JOIN o c ON c.member_id = a.member_id AND c.purchase AND c.time > b.time AND c.time < b.time + days(5)")
    yield q("three times the same goods, each within two months", sequence(step("lines", BOUGHT), step("lines", BOUGHT, within(60)), step("lines", BOUGHT, within(60)), same="sku"), "l a JOIN l b ON b.member_id = a.member_id AND b.sku = a.sku AND a.purchase AND b.purchase AND b.time > a.time AND b.time < a.time + days(60) JOIN l c ON c.member_id = a.member_id AND c.sku = a.sku AND c.purchase AND c.time > b.time AND c.time < b.time + days(60)")
    yield q("bought, given back, and neither bought nor written to for a month", sequence(step("orders", BOUGHT), step("refunds", gt(col("amount"), 0), within(30)), step("orders", BOUGHT, within(30), absent=True), step("events", kind("msg_sent"), within(20), absent=True)), "o a JOIN r b ON b.member_id = a.member_id AND a.purchase AND b.amount > 0 AND b.time > a.time AND b.time < a.time + days(30) WHERE b.time + days(30) <= T() AND NOT EXISTS (SELECT 1 FROM o c WHERE c.member_id = a.member_id AND c.purchase AND c.time > b.time AND c.time < b.time + days(30)) AND NOT EXISTS (SELECT 1 FROM e d WHERE d.member_id = a.member_id AND d.kind = 'msg_sent' AND d.time > b.time AND d.time < b.time + days(20))")
    yield ("never a sequence is never unknown", no(sequence(step("orders"), step("orders"))), k.now, "SELECT member_id FROM base WHERE member_id NOT IN (SELECT a.member_id FROM o a JOIN o b ON b.member_id = a.member_id AND b.time > a.time)")


def under_(path):
    return under(col("category"), path)
