-- Stage and scores as REPORTS.md ("What an order counts as", "rfm", "lifecycle") and docs/reports.md
-- have them, with the defaults, at the end of today: as_of is the midnight after it.

CREATE TABLE net_line AS
SELECT member_id, order_id, l.line_id, category, qty, coalesce(amount, 0) AS amount, CASE WHEN state = 'closed' THEN coalesce(amount, 0) ELSE coalesce(b.back, 0) END AS back
FROM lines l LEFT JOIN line_back b ON b.line_id = l.line_id WHERE purchase AND member_id IS NOT NULL;

-- What the refunds of an order lower its net paid by. Money that nobody told of counts as none here.
CREATE TABLE net_order AS
SELECT o.order_id, o.member_id, coalesce(o.paid_at, o.time) AS bought, coalesce(l.amount, 0) AS gross, least(coalesce(l.amount, 0), coalesce(g.goods, 0)) AS back
FROM orders o
LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM lines GROUP BY order_id) l ON l.order_id = o.order_id
LEFT JOIN (SELECT r.order_id, sum(greatest(r.goods, 0)) AS goods FROM raw.refund r WHERE r.state = 'succeeded' AND r.kind <> 'exchange'
           AND coalesce(r.refunded_at, 0) < getvariable('as_of') GROUP BY r.order_id) g ON g.order_id = o.order_id
WHERE o.purchase AND o.state <> 'closed' AND o.member_id IS NOT NULL;

CREATE TABLE bought AS
SELECT *, day(bought) AS on_day FROM net_order WHERE bought < getvariable('as_of') AND NOT (gross > 0 AND back >= gross);

CREATE TABLE scores AS
WITH loose AS (
    SELECT m.member_id, sum(r.goods) AS goods FROM raw.refund r JOIN live m ON m.key = r.member
    WHERE r.order_id IS NULL AND r.state = 'succeeded' AND r.kind <> 'exchange' AND coalesce(r.refunded_at, r.recorded_at) < getvariable('as_of') GROUP BY ALL
), figures AS (
    SELECT b.member_id, getvariable('as_of_day') - max(on_day) AS r, count(*) AS f, sum(gross - back) - coalesce(any_value(x.goods), 0) AS m
    FROM bought b LEFT JOIN loose x ON x.member_id = b.member_id GROUP BY b.member_id
), ranked AS (
    SELECT *, count(*) OVER () AS n, rank() OVER (ORDER BY r DESC) - 1 AS r_rank, count(*) OVER (PARTITION BY r) AS r_equal,
           rank() OVER (ORDER BY m) - 1 AS m_rank, count(*) OVER (PARTITION BY m) AS m_equal FROM figures
)
SELECT member_id, 1 + (5 * (2 * r_rank + r_equal - 1)) // (2 * n) AS rfm_r, least(f, 5) AS rfm_f, 1 + (5 * (2 * m_rank + m_equal - 1)) // (2 * n) AS rfm_m FROM ranked;

CREATE TABLE own_gaps AS
WITH gaps AS (SELECT member_id, on_day - lag(on_day) OVER (PARTITION BY member_id ORDER BY on_day) AS gap FROM (SELECT DISTINCT member_id, on_day FROM bought))
SELECT member_id, gap FROM gaps WHERE gap IS NOT NULL;

CREATE TABLE live_line AS
SELECT n.*, b.on_day FROM net_line n JOIN bought b ON b.order_id = n.order_id WHERE n.category IS NOT NULL AND NOT (n.amount > 0 AND n.back >= n.amount);

CREATE TABLE category_gap AS
WITH gaps AS (SELECT category, on_day - lag(on_day) OVER (PARTITION BY member_id, category ORDER BY on_day) AS gap FROM (SELECT DISTINCT member_id, category, on_day FROM live_line))
SELECT category, median(gap) AS g FROM gaps WHERE gap IS NOT NULL GROUP BY category HAVING count(*) >= 5;

SET VARIABLE shop_gap = (SELECT CASE WHEN count(*) >= 5 THEN median(gap) ELSE 90 END FROM own_gaps);

CREATE TABLE stages AS
WITH spent AS (SELECT member_id, category, sum(amount - back) AS money FROM live_line GROUP BY ALL),
favourite AS (SELECT member_id, arg_max(category, money) AS category FROM (SELECT *, rank() OVER (PARTITION BY member_id ORDER BY money DESC, category) AS place FROM spent) WHERE place = 1 GROUP BY ALL),
told AS (
    SELECT p.member_id, coalesce(b.orders, 0) AS orders, coalesce(x.n, 0) AS n, coalesce(x.days, 0) AS days,
           coalesce(c.g, getvariable('shop_gap')) AS g, getvariable('as_of_day') - coalesce(b.last_day, day(p.registered_at)) AS since
    FROM people p
    LEFT JOIN (SELECT member_id, count(*) AS orders, max(on_day) AS last_day FROM bought GROUP BY ALL) b USING (member_id)
    LEFT JOIN (SELECT member_id, count(*) AS n, sum(gap) AS days FROM own_gaps GROUP BY ALL) x USING (member_id)
    LEFT JOIN favourite f USING (member_id) LEFT JOIN category_gap c ON c.category = f.category
    WHERE p.first_seen_at < getvariable('as_of')
)
-- since <= k * (days + 2 g) / (n + 2); the medians are whole or half, so nothing is lost.
SELECT member_id, CASE WHEN since IS NULL THEN NULL
                       WHEN since * (n + 2) <= 2 * (days + 2 * g) THEN CASE WHEN orders >= 2 THEN 'active' ELSE 'join' END
                       WHEN since * (n + 2) <= 4 * (days + 2 * g) THEN 'declining'
                       WHEN orders = 0 THEN 'unconverted' ELSE 'lost' END AS stage
FROM told;

CREATE TABLE members AS
SELECT p.*, s.stage, x.rfm_r, x.rfm_f, x.rfm_m FROM people p LEFT JOIN stages s USING (member_id) LEFT JOIN scores x USING (member_id);
CREATE VIEW base AS SELECT * FROM members WHERE first_seen_at < T();
