-- The tables of the language of segments, out of the store's own (raw.*). What a column holds is what
-- docs/guide/en/13-segments.md ("How the shop's data gets there"), docs/orders.md and docs/reports.md say.
-- Times are microseconds since 1970, UTC. Ids of rows are the hex of their bytes: the same order.

-- The question's time and zone; the rest follows from them.
CREATE MACRO T() AS getvariable('t');
CREATE MACRO zone() AS getvariable('zone');
CREATE MACRO local(i) AS timezone(zone(), make_timestamptz(i));
CREATE MACRO day(i) AS CAST(local(i) AS DATE);
CREATE MACRO instant(wall) AS epoch_us(timezone(zone(), CAST(wall AS TIMESTAMP)));
CREATE MACRO today() AS day(T());
-- The midnight n days before today, and that of the day n months before it.
CREATE MACRO days_back(n) AS instant(CAST(today() AS DATE) - CAST(n AS INTEGER));
CREATE MACRO months_back(n) AS instant(CAST(CAST(today() AS DATE) - to_months(CAST(n AS INTEGER)) AS DATE));
CREATE MACRO days(n) AS n * 86400000000;
CREATE MACRO hours(n) AS n * 3600000000;
CREATE MACRO below(category, path) AS category = path OR starts_with(category, path || '/');
CREATE MACRO short_province(p) AS regexp_replace(p, '(壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|省|市)$', '');

CREATE TABLE goods AS
SELECT sku, arg_min(category, (source, source_id)) AS category
FROM (SELECT sku, source, source_id, regexp_replace(category, '\s*>\s*', '/', 'g') AS category FROM raw.product WHERE category IS NOT NULL)
GROUP BY sku;

CREATE TABLE live AS SELECT id AS key, member_id FROM raw.member WHERE state = 'live';

CREATE TABLE whose AS
SELECT o.*, m.member_id,
       coalesce(o.created_at, nullif(o.placed_at, 0), o.recorded_at) AS time,
       CASE WHEN o.purchase = 0 AND o.state = 'closed' THEN NULL ELSE o.paid_at END AS payment
FROM raw.orders o LEFT JOIN live m ON m.key = o.member;

CREATE TABLE lines AS
WITH told AS (
    SELECT order_id, line_no, sku, category, greatest(quantity, 0) AS qty, paid AS amount, refunded
    FROM raw.order_line WHERE role IN ('goods', 'gift')
    UNION ALL
    -- Of an order whose documents list no goods: one line of what was paid for them.
    SELECT id, 1, NULL, NULL, coalesce(quantity, 0), goods_paid, least(goods_paid, coalesce(back.amount, 0))
    FROM raw.orders o LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM raw.refund WHERE state = 'succeeded' AND kind <> 'exchange' GROUP BY order_id) back ON back.order_id = o.id
    WHERE goods_paid > 0 AND NOT EXISTS (SELECT 1 FROM raw.order_line l WHERE l.order_id = o.id AND l.role IN ('goods', 'gift'))
), named AS (
    SELECT r.order_id, n.line_no, sum(greatest(n.quantity, 0)) AS pieces
    FROM raw.refund r JOIN raw.refund_line n ON n.refund = r.id
    WHERE r.state = 'succeeded' AND r.kind <> 'exchange' GROUP BY ALL
)
SELECT o.id || '/' || t.line_no AS line_id, o.member_id, o.id AS order_id, o.time, o.payment AS paid_at, o.state, o.purchase = 1 AS purchase, o.shop,
       t.sku, coalesce(g.category, regexp_replace(t.category, '\s*>\s*', '/', 'g')) AS category, t.qty, t.amount,
       CASE WHEN o.purchase = 1 AND o.state = 'closed' THEN t.qty ELSE least(coalesce(n.pieces, 0), t.qty) END AS refunded_qty, t.refunded
FROM told t JOIN whose o ON o.id = t.order_id LEFT JOIN goods g ON g.sku = t.sku
LEFT JOIN named n ON n.order_id = t.order_id AND n.line_no = t.line_no;

CREATE TABLE orders AS
SELECT o.id AS order_id, o.member_id, o.time, o.payment AS paid_at, o.completed_at, o.state, o.purchase = 1 AS purchase, o.shop, o.platform,
       o.payment_method AS pay_method, CAST(NULL AS VARCHAR) AS coupon, o.quantity AS items, o.paid,
       coalesce(o.merchant_received, o.goods_paid, l.amount) AS received, o.discount, o.shipping
FROM whose o LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM lines GROUP BY order_id) l ON l.order_id = o.id;

CREATE TABLE refunds AS
WITH counted AS (
    SELECT r.*, coalesce(o.member_id, m.member_id) AS whose, o.id AS of_order,
           coalesce(r.refunded_at, o.closed_at, o.payment, o.time, r.recorded_at) AS time
    FROM raw.refund r LEFT JOIN whose o ON o.id = r.order_id LEFT JOIN live m ON m.key = r.member AND r.order_id IS NULL
    WHERE r.state = 'succeeded' AND r.kind <> 'exchange'
), rest AS (
    SELECT c.id, c.amount - coalesce((SELECT sum(n.amount) FROM raw.refund_line n WHERE n.refund = c.id), 0) AS amount,
           (SELECT count(*) FROM raw.refund_line n WHERE n.refund = c.id) AS named
    FROM counted c
), parts AS (
    SELECT refund AS id, place, line_no, sku, quantity, amount FROM raw.refund_line
    UNION ALL SELECT id, named + 1, NULL, NULL, NULL, amount FROM rest WHERE amount > 0 OR named = 0
)
SELECT c.id || CASE WHEN count(*) OVER (PARTITION BY c.id) > 1 THEN '/' || p.place ELSE '' END AS refund_id,
       c.whose AS member_id, c.of_order AS order_id, l.line_id, c.time,
       CASE WHEN c.kind IN ('money_only', 'price_protection', 'compensation') THEN 'amount_only' ELSE c.kind END AS kind, c.reason,
       coalesce(l.sku, p.sku) AS sku, coalesce(g.category, l.category) AS category, p.quantity AS qty, p.amount
FROM counted c JOIN parts p ON p.id = c.id
LEFT JOIN lines l ON l.line_id = c.order_id || '/' || p.line_no
LEFT JOIN goods g ON g.sku = coalesce(l.sku, p.sku);

CREATE TABLE events AS
SELECT e.id AS event_id, m.member_id, e.at AS time,
       CASE e.kind WHEN 'browse' THEN 'view' WHEN 'check_in' THEN 'checkin' WHEN 'message_sent' THEN 'msg_sent' WHEN 'message_opened' THEN 'msg_open'
                   WHEN 'message_clicked' THEN 'msg_click' WHEN 'message_replied' THEN 'msg_reply' ELSE e.kind END AS kind,
       e.channel, e.sku, g.category, e.words AS word, e.campaign, e.rating AS value
FROM raw.event e LEFT JOIN live m ON m.key = e.member LEFT JOIN goods g ON g.sku = e.sku;

CREATE TABLE tags AS SELECT m.member_id, g.tag, g.added_at, g.removed_at FROM raw.tag g JOIN live m ON m.key = g.member;

CREATE TABLE consents AS
SELECT m.member_id, f.field, c.granted = 1 AS value, c.given_at
FROM raw.consent c JOIN live m ON m.key = c.member
JOIN (VALUES ('consent_sms', 'marketing', 'sms'), ('consent_email', 'marketing', 'email'), ('consent_ads', 'ads', 'any')) f(field, purpose, channel)
  ON c.purpose = f.purpose AND c.channel IN (f.channel, 'any');

CREATE TABLE people AS
SELECT m.member_id,
       least(m.first_seen, m.joined_at, (SELECT min(time) FROM orders x WHERE x.member_id = m.member_id), (SELECT min(time) FROM refunds x WHERE x.member_id = m.member_id),
             (SELECT min(time) FROM events x WHERE x.member_id = m.member_id)) AS first_seen_at,
       m.joined_at AS registered_at,
       CASE WHEN regexp_full_match(m.birthday, '\d{4}-\d{2}-\d{2}') THEN TRY_CAST(m.birthday AS DATE) END AS birthday,
       m.gender, short_province(m.province) AS province, regexp_replace(trim(m.city), '^(..+)市$', '\1') AS city, m.join_source AS source,
       greatest((SELECT max(time) FROM orders x WHERE x.member_id = m.member_id),
                (SELECT max(time) FROM events x WHERE x.member_id = m.member_id AND x.kind IN ('login', 'visit', 'checkin', 'msg_click'))) AS last_visit_at,
       CAST(NULL AS BIGINT) AS growth, CAST(NULL AS BIGINT) AS points, CAST(NULL AS BOOLEAN) AS paid_member, CAST(NULL AS DECIMAL(18, 6)) AS p_alive
FROM raw.member m WHERE m.state = 'live';

-- What is known at T.
CREATE VIEW o AS SELECT * FROM orders WHERE time < T() AND member_id IS NOT NULL;
CREATE VIEW l AS SELECT * FROM lines WHERE time < T() AND member_id IS NOT NULL;
CREATE VIEW r AS SELECT * FROM refunds WHERE time < T() AND member_id IS NOT NULL;
CREATE VIEW e AS SELECT * FROM events WHERE time < T() AND member_id IS NOT NULL;
CREATE VIEW tagged AS SELECT * FROM tags WHERE added_at < T() AND (removed_at IS NULL OR removed_at >= T());
-- The newest statement holds, of one time the refusal.
CREATE VIEW said AS SELECT member_id, field, arg_max(value, (given_at, NOT value)) AS value FROM consents WHERE given_at < T() GROUP BY ALL;

-- The day of a year on which a birthday is kept: of 29 February the 28th in common years.
CREATE MACRO kept(b, y) AS make_date(y, month(b), least(dayofmonth(b), dayofmonth(last_day(make_date(y, month(b), 1)))));
CREATE MACRO until_next(b) AS least(
    CASE WHEN kept(b, year(today())) >= today() THEN kept(b, year(today())) END, kept(b, year(today()) + 1)) - today();
CREATE MACRO age(b) AS CASE WHEN b <= today() THEN year(today()) - year(b) - CASE WHEN kept(b, year(today())) > today() THEN 1 ELSE 0 END END;
