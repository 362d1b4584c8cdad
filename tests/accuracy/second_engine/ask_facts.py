"""Facts, what is missing, and the logic of three values; days, ages and birthdays."""
from life import rfc
from nodes import BOUGHT, both, between, contains, either, eq, exists, fact, ge, gt, isin, last, le, lt, missing, ne, no
from questions import HOUR

WHO = "SELECT member_id FROM base WHERE "


def ask(k):
    noon = k.midnight(0) + 12 * HOUR
    yield "everyone", {"op": "all"}, k.now, "SELECT member_id FROM base"
    yield "everyone half a year ago, at a midnight", {"op": "all"}, k.midnight(-180), "SELECT member_id FROM base"
    seen = k.pick("SELECT first_seen_at FROM members ORDER BY first_seen_at, member_id LIMIT 1 OFFSET 1500")
    yield "at the very instant at which somebody was first seen", {"op": "all"}, seen, "SELECT member_id FROM base"
    yield "a microsecond later", {"op": "all"}, seen + 1, "SELECT member_id FROM base"
    yield "not equal leaves out who is not known", ne(fact("gender"), "female"), k.now, WHO + "gender <> 'female'"
    yield "so does not", no(eq(fact("gender"), "female")), k.now, WHO + "NOT (gender = 'female')"
    yield "unknown or true", either(eq(fact("gender"), "male"), exists("orders", BOUGHT, last(60))), k.now, WHO + "gender = 'male' OR member_id IN (SELECT member_id FROM o WHERE purchase AND time >= days_back(60))"
    yield "not of unknown and false is true", no(both(eq(fact("gender"), "female"), eq(fact("province"), "广东"))), k.now, WHO + "NOT (gender = 'female' AND province = '广东')"
    yield "a province however it was written, and no city", both(isin(fact("province"), "浙江", "广西", "内蒙古"), missing(fact("city"))), k.now, WHO + "province IN ('浙江', '广西', '内蒙古') AND city IS NULL"
    yield "not among", no(isin(fact("province"), "广东", "浙江", "江苏", "山东")), k.now, WHO + "province NOT IN ('广东', '浙江', '江苏', '山东')"
    yield "birthday today or within a week", le({"days_until_next": fact("birthday")}, 7), noon, WHO + "until_next(birthday) <= 7"
    february = k.latest("02-28 04:00:00", common=True)
    turned = k.pick(f"SELECT year(make_timestamp({february})) - 1988")
    yield "29 February is kept on the 28th in a common year", eq({"days_until_next": fact("birthday")}, 0), february, WHO + "until_next(birthday) = 0"
    yield "and whoever was born on it is a year older then", both(eq({"age": fact("birthday")}, turned), eq({"month_of": fact("birthday")}, 2)), february, WHO + f"age(birthday) = {turned} AND month(birthday) = 2"
    yield "a band of ages leaves its end out", between({"age": fact("birthday")}, 30, 35), k.midnight(-90) + 1, WHO + "age(birthday) >= 30 AND age(birthday) < 35"
    yield "a birthday between two dates", between(fact("birthday"), "1991-11-26", "1992-02-29"), k.now, WHO + "birthday >= DATE '1991-11-26' AND birthday < DATE '1992-02-29'"
    yield "registered in the last ninety days, and not in the future", between({"days_since": fact("registered_at")}, 0, 91), k.midnight(-30), WHO + "CAST(today() AS DATE) - day(registered_at) BETWEEN 0 AND 90"
    exact = k.pick("SELECT registered_at FROM members WHERE registered_at IS NOT NULL ORDER BY registered_at, member_id LIMIT 1 OFFSET 700")
    yield "registered before an instant that is somebody's own", lt(fact("registered_at"), rfc(exact)), k.now, WHO + f"registered_at < {exact}"
    yield "or at it, by an evening of the weekend", both(ge(fact("registered_at"), rfc(exact)), ge({"weekday_of": fact("registered_at")}, 6), between({"hour_of": fact("registered_at")}, 20, 24)), k.now, WHO + f"registered_at >= {exact} AND isodow(day(registered_at)) >= 6 AND hour(local(registered_at)) >= 20"
    yield "seen before they registered", lt(fact("first_seen_at"), fact("registered_at")), k.now, WHO + "first_seen_at < registered_at"
    yield "no visit for half a year", gt({"days_since": fact("last_visit_at")}, 180), k.now, WHO + "CAST(today() AS DATE) - day(last_visit_at) > 180"
    yield "what no source tells is unknown, and or may still be true", either(ge(fact("points"), 0), no(ge(fact("growth"), 0)), contains(fact("city"), "州")), k.now, WHO + "points >= 0 OR NOT (growth >= 0) OR contains(city, '州')"
    one = k.pick("SELECT member_id FROM members ORDER BY member_id LIMIT 1 OFFSET 99")
    yield "by id", isin(fact("id"), one, "mem_00000000000000000000000000"), k.now, WHO + f"member_id = '{one}'"
    yield "the day they were first seen, in another zone", eq({"date_of": fact("first_seen_at")}, k.date(-40)), k.now, WHO + f"day(first_seen_at) = DATE '{k.date(-40)}'", {"zone": "America/New_York"}
