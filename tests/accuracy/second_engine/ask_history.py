"""Tags, consents, stages and scores: what holds now, and what held at a time."""
from life import rfc
from nodes import BOUGHT, both, count, either, eq, exists, fact, ge, has, isin, last, missing, ne, no

WHO = "SELECT member_id FROM base WHERE "
HAS = "member_id IN (SELECT member_id FROM tagged WHERE tag = '{}')"


def ask(k):
    a, b, c = "新客礼", "老顾客", "沉睡"
    given = k.pick(f"SELECT max(added_at) FROM tags WHERE tag = '{a}'")
    taken = k.pick(f"SELECT min(removed_at) FROM tags WHERE tag = '{a}'")
    moved = k.pick(f"SELECT max(removed_at) FROM tags WHERE tag = '{b}'")
    yield "a tag", has("any", a), k.now, WHO + HAS.format(a)
    yield "not a tag is never unknown", no(has("any", a, b)), k.now, WHO + f"NOT ({HAS.format(a)}) AND NOT ({HAS.format(b)})"
    yield "each of two tags", has("all", b, c), k.now, WHO + f"{HAS.format(b)} AND {HAS.format(c)}"
    yield "a tag given again at that very instant is not yet known", has("any", a), given, WHO + HAS.format(a)
    yield "a microsecond later it is", has("any", a), given + 1, WHO + HAS.format(a)
    yield "a tag taken at that very instant still holds", has("any", a), taken, WHO + HAS.format(a)
    yield "and then no more", has("any", a), taken + 1, WHO + HAS.format(a)
    yield "a tag lost to another one", both(has("any", c), no(has("any", b))), moved + 1, WHO + f"{HAS.format(c)} AND NOT ({HAS.format(b)})"
    yield "a tag that was given in a window", has("any", a, c, added={"last": 1, "unit": "hours"}), k.now, WHO + f"member_id IN (SELECT member_id FROM tagged WHERE tag IN ('{a}', '{c}') AND added_at >= T() - hours(1))"
    yield "a tag that was given again at that instant or later", has("all", a, added={"from": rfc(given)}), k.now, WHO + f"member_id IN (SELECT member_id FROM tagged WHERE tag = '{a}' AND added_at >= {given})"
    yield "a tag that was given before", has("all", a, added={"to": rfc(given)}), k.now, WHO + f"member_id IN (SELECT member_id FROM tagged WHERE tag = '{a}' AND added_at < {given})"
    yield "consent to text messages", eq(fact("consent_sms"), True), k.now, WHO + "member_id IN (SELECT member_id FROM said WHERE field = 'consent_sms' AND value)"
    yield "refused, where who never said anything is neither", ne(fact("consent_sms"), True), k.midnight(-60), WHO + "member_id IN (SELECT member_id FROM said WHERE field = 'consent_sms' AND NOT value)"
    yield "never asked about e-mail, though asked about messages", both(missing(fact("consent_email")), no(missing(fact("consent_sms")))), k.now, WHO + "member_id NOT IN (SELECT member_id FROM said WHERE field = 'consent_email') AND member_id IN (SELECT member_id FROM said WHERE field = 'consent_sms')"
    said = k.pick("SELECT max(given_at) FROM (SELECT given_at FROM consents WHERE field = 'consent_ads' ORDER BY given_at LIMIT 30)")
    yield "consent to advertisements at the instant of a statement", eq(fact("consent_ads"), True), said, WHO + "member_id IN (SELECT member_id FROM said WHERE field = 'consent_ads' AND value)"
    yield "and right after it", either(eq(fact("consent_ads"), True), eq(fact("consent_ads"), False)), said + 1, WHO + "member_id IN (SELECT member_id FROM said WHERE field = 'consent_ads')"
    yield "declining", eq(fact("stage"), "declining"), k.now, WHO + "stage = 'declining'"
    yield "joined or active, as they are now, asked of half a year ago", isin(fact("stage"), "join", "active"), k.midnight(-180), WHO + "stage IN ('join', 'active')"
    yield "not lost leaves out whose stage nobody knows", no(isin(fact("stage"), "lost", "unconverted")), k.now, WHO + "stage NOT IN ('lost', 'unconverted')"
    yield "bought nothing that counts, so no score", both(missing(fact("rfm_m")), exists("orders")), k.now, WHO + "rfm_m IS NULL AND member_id IN (SELECT member_id FROM o)"
    yield "the best by each score", both(eq(fact("rfm_r"), 5), ge(fact("rfm_f"), 2), isin(fact("rfm_m"), 4, 5)), k.now, WHO + "rfm_r = 5 AND rfm_f >= 2 AND rfm_m IN (4, 5)"
    yield "middling money, long gone, lost", both(eq(fact("rfm_m"), 3), eq(fact("rfm_r"), 1), eq(fact("stage"), "lost"), eq(count("orders", BOUGHT, last(365)), 0)), k.now, WHO + "rfm_m = 3 AND rfm_r = 1 AND stage = 'lost' AND member_id NOT IN (SELECT member_id FROM o WHERE purchase AND time >= days_back(365))"
