"""Windows: days, months, weeks, quarters, hours; boundaries to the microsecond; other zones."""
from life import rfc
from nodes import BOUGHT, agg, both, count, col, eq, exists, ge, kind, last
from questions import DAY, HOUR

WHO = "SELECT member_id FROM base WHERE "
IN = "member_id IN (SELECT member_id FROM {} WHERE {})"


def ask(k):
    noon = k.midnight(-2) + 12 * HOUR
    orders = lambda window: exists("orders", None, window)
    who = lambda condition, table="o": WHO + IN.format(table, condition)
    # Somebody did something exactly at this midnight.
    exact = k.pick(f"SELECT max(time) FROM events WHERE member_id IS NOT NULL AND (time + {8 * HOUR}) % {DAY} = 0 AND time < {k.midnight(-20)}")
    yield "ten days with today", exists("events", None, last(10)), exact + 10 * DAY + HOUR, who("time >= days_back(10)", "e")
    yield "what happened at the midnight is in", exists("events", None, last(10)), exact + 11 * DAY - 1, who("time >= days_back(10)", "e")
    yield "at the next midnight it is out", exists("events", None, last(10)), exact + 11 * DAY, who("time >= days_back(10)", "e")
    yield "what happens at T itself is not known", exists("events", None, {"last": 3, "unit": "hours"}), exact, who("time >= T() - hours(3)", "e")
    yield "three hours before is in", exists("events", None, {"last": 3, "unit": "hours"}), exact + 3 * HOUR, who("time >= T() - hours(3)", "e")
    yield "whole days", orders(last(7, complete=True)), noon, who("time >= days_back(7) AND time < days_back(0)")
    yield "from n to m days ago", exists("lines", BOUGHT, last(90, until=30)), noon, who("purchase AND time >= days_back(90) AND time < days_back(30)", "l")
    yield "rolling days count 24 hours each", orders(last(5, rolling=True)), noon, who("time >= T() - days(5)")
    leap = k.latest("03-31 03:30:00")
    yield "one month before the 31st of March is the last of February", orders(last(1, "months")), leap, who("time >= instant(last_day(make_date(year(today()), 2, 1)))")
    yield "rolling it keeps the clock", ge(count("orders", None, last(1, "months", rolling=True)), 2), leap, WHO + "(SELECT count(*) FROM o x WHERE x.member_id = base.member_id AND time >= instant(last_day(make_date(year(today()), 2, 1)) + INTERVAL '11 hours 30 minutes')) >= 2"
    yield "months until months", exists("orders", BOUGHT, last(6, "months", until=3)), noon, who("purchase AND time >= months_back(6) AND time < months_back(3)")
    yield "this week, on a Monday's noon", exists("events", None, {"current": "week"}), k.pick(f"SELECT instant(date_trunc('week', DATE '{k.date(-10)}')) + hours(12)"), who("time >= instant(date_trunc('week', today()))", "e")
    yield "the week before", exists("events", kind("cart"), {"previous": "week"}), noon, who("kind = 'cart' AND time >= instant(date_trunc('week', today()) - INTERVAL 7 DAY) AND time < instant(date_trunc('week', today()))", "e")
    yield "last month by the day of payment", exists("orders", None, {"previous": "month"}, on="paid_at"), noon, who("paid_at < T() AND paid_at >= instant(date_trunc('month', today()) - INTERVAL 1 MONTH) AND paid_at < instant(date_trunc('month', today()))")
    yield "the quarter before, the money", ge(agg("sum", "lines", "amount", BOUGHT, {"previous": "quarter"}), 40_000), noon, WHO + "(SELECT sum(amount) FROM l x WHERE x.member_id = base.member_id AND purchase AND time >= instant(date_trunc('quarter', today()) - INTERVAL 3 MONTH) AND time < instant(date_trunc('quarter', today()))) >= 40000"
    yield "this year, completed before T", ge(count("orders", eq(col("state"), "completed"), {"current": "year"}, on="completed_at"), 3), k.midnight(-100), WHO + "(SELECT count(*) FROM o x WHERE x.member_id = base.member_id AND state = 'completed' AND completed_at < T() AND completed_at >= instant(date_trunc('year', today()))) >= 3"
    yield "between two dates", orders({"from": k.date(-45), "to": k.date(-44)}), k.now, who(f"time >= {k.midnight(-45)} AND time < {k.midnight(-44)}")
    yield "from an instant that is an act's own, never beyond T", exists("events", None, {"from": rfc(exact), "to": rfc(k.end)}), exact + 5 * DAY, who(f"time >= {exact}", "e")
    yield "the same days in New York, over its change of clocks", exists("orders", BOUGHT, last(30, complete=True)), k.latest("11-10 05:30:00"), who("purchase AND time >= days_back(30) AND time < days_back(0)"), {"zone": "America/New_York"}
    yield "rolling days there are still 24 hours each, months keep the clock", exists("orders", None, last(2, "months", rolling=True)), k.latest("04-01 03:59:59"), who("time >= instant(local(T()) - INTERVAL 2 MONTH)"), {"zone": "America/New_York"}
    yield "yesterday and the quarter so far", both(exists("events", None, {"previous": "day"}), exists("orders", BOUGHT, {"current": "quarter"})), k.midnight(-4) + 1, WHO + IN.format("e", "time >= days_back(1) AND time < days_back(0)") + " AND " + IN.format("o", "purchase AND time >= instant(date_trunc('quarter', today()))")
    yield "the year before", ge(count("orders", BOUGHT, {"previous": "year"}), 4), k.now, WHO + "(SELECT count(*) FROM o x WHERE x.member_id = base.member_id AND purchase AND time >= instant(date_trunc('year', today()) - INTERVAL 1 YEAR) AND time < instant(date_trunc('year', today()))) >= 4"
    yield "whole months, from a day that shorter months lack", orders(last(3, "months", complete=True)), k.latest("05-31 20:00:00") - DAY, who("time >= months_back(3) AND time < days_back(0)")
    yield "longer than the shop is old", exists("refunds", None, last(10_000)), k.midnight(-40), who("time >= days_back(10000)", "r")
    yield "the newest refund was this long ago, by the clock", both(ge({"hour_of": agg("max", "refunds", "time")}, 12), ge({"days_since": agg("max", "refunds", "time")}, 60)), k.now, WHO + "(SELECT hour(local(max(time))) >= 12 AND CAST(today() AS DATE) - day(max(time)) >= 60 FROM r x WHERE x.member_id = base.member_id)"
