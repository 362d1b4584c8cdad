"""Kept segments: living ones, lists, one within another, at other times."""
from nodes import BOUGHT, both, either, eq, exists, fact, last, no, segment

WHO = "SELECT member_id FROM base WHERE "
OFTEN = "member_id IN (SELECT member_id FROM o WHERE purchase GROUP BY member_id HAVING count(*) >= 3)"
LISTED = "member_id IN (FROM listed)"


def ask(k):
    often, named, frozen, nested = (segment(k.segments[n]) for n in ("often", "list", "frozen", "nested"))
    sweet = f"member_id IN (SELECT member_id FROM lines WHERE below(category, '零食') AND time < {k.saved} AND member_id IS NOT NULL)"
    refers = {"refers": True}
    yield "a living segment", often, k.now, WHO + OFTEN, refers
    yield "a living segment, as it was", often, k.midnight(-200), WHO + OFTEN, refers
    yield "a list", named, k.now, WHO + LISTED, refers
    yield "a list at a time when not all of it was there", both(named, exists("orders", BOUGHT, last(30))), k.midnight(-365), WHO + LISTED + " AND member_id IN (SELECT member_id FROM o WHERE purchase AND time >= days_back(30))", refers
    yield "whoever an expression was true of when it was saved", no(frozen), k.now, WHO + f"NOT ({sweet})", refers
    yield "a segment of segments", nested, k.now, WHO + OFTEN + " AND NOT (" + LISTED + ")", refers
    yield "never unknown, beside something that is", either(no(nested), eq(fact("gender"), "male")), k.midnight(-30), WHO + f"NOT ({OFTEN} AND NOT ({LISTED})) OR gender = 'male'", refers
