/** Questions to begin with: each shows something that the reports do not, and a way to write it. */
export const examples: { key: string; statement: string }[] = [
  {
    key: 'province',
    statement: `SELECT m.province, count(DISTINCT m.member_id) AS members, count(o.order_id) AS orders,
       sum(o.paid) / 100.0 AS paid_yuan
FROM members m
LEFT JOIN orders o ON o.member_id = m.member_id AND o.purchase AND o.paid_at > now() - INTERVAL '1 year'
GROUP BY m.province
ORDER BY members DESC`,
  },
  {
    key: 'repeat',
    statement: `WITH bought AS (
  SELECT member_id, paid_at, row_number() OVER (PARTITION BY member_id ORDER BY paid_at) AS n
  FROM orders
  WHERE purchase AND paid_at IS NOT NULL
), pairs AS (
  SELECT a.member_id, a.paid_at AS first_at, b.paid_at AS second_at
  FROM bought a
  LEFT JOIN bought b ON b.member_id = a.member_id AND b.n = 2
  WHERE a.n = 1
)
SELECT date_trunc('month', first_at) AS month, count(*) AS buyers,
       round(100.0 * count(CASE WHEN second_at <= first_at + INTERVAL '90 days' THEN 1 END) / count(*), 1) AS again_percent
FROM pairs
GROUP BY 1
ORDER BY 1 DESC`,
  },
  {
    key: 'category',
    statement: `WITH bought AS (SELECT DISTINCT order_id, category FROM lines WHERE purchase AND category IS NOT NULL)
SELECT a.category, b.category AS with_category, count(*) AS orders
FROM bought a
JOIN bought b ON b.order_id = a.order_id AND b.category > a.category
GROUP BY 1, 2
ORDER BY orders DESC
LIMIT 20`,
  },
];
