//! Statements of orders.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// Orders by their numbers at one source, with what was said of them.
    FIND = "SELECT o.source_id, o.id, o.member, o.key_set, b.revision, b.body FROM orders o JOIN observed b ON b.merchant = o.merchant AND b.subject = o.id WHERE o.merchant = $1 AND o.source = $2 AND o.source_id = ANY($3)";
    /// The same, locked.
    FIND_LOCKED = "SELECT o.source_id, o.id, o.member, o.key_set, b.revision, b.body FROM orders o JOIN observed b ON b.merchant = o.merchant AND b.subject = o.id WHERE o.merchant = $1 AND o.source = $2 AND o.source_id = ANY($3) ORDER BY o.id FOR UPDATE";
    /// Orders by id, with what was said of them.
    FIND_BY_ID = "SELECT o.source, o.source_id, o.id, o.member, o.key_set, b.revision, b.body FROM orders o JOIN observed b ON b.merchant = o.merchant AND b.subject = o.id WHERE o.merchant = $1 AND o.id = ANY($2)";
    /// Whose they are now, locked: nothing moves them until the transaction ends.
    LOCK = "SELECT o.id, o.member, o.key_set, b.revision FROM orders o JOIN observed b ON b.merchant = o.merchant AND b.subject = o.id WHERE o.merchant = $1 AND o.id = ANY($2) ORDER BY o.id FOR UPDATE";
    /// Members locked in the order of their ids.
    LOCK_MEMBERS = "SELECT id FROM member WHERE merchant = $1 AND id = ANY($2) ORDER BY id FOR UPDATE";
    /// Drops orders.
    DROP = "DELETE FROM orders WHERE merchant = $1 AND id = ANY($2)";
    /// Drops their lines.
    DROP_LINES = "DELETE FROM order_line WHERE merchant = $1 AND order_id = ANY($2)";
    /// Drops the lines of one order beyond a number.
    DROP_LINES_AFTER = "DELETE FROM order_line WHERE merchant = $1 AND order_id = $2 AND line_no > $3";
    /// Drops refunds of an order by number.
    DROP_REFUNDS = "DELETE FROM refund WHERE merchant = $1 AND order_id = $2 AND source_id = ANY($3)";
    /// Drops all refunds of orders.
    DROP_REFUNDS_OF = "DELETE FROM refund WHERE merchant = $1 AND order_id = ANY($2)";
    /// Gives refunds to their order's member.
    GIVE_REFUNDS = "UPDATE refund SET member = $3, key_set = $4 WHERE merchant = $1 AND order_id = $2";
    /// Counts a failed claim.
    CLAIM_FAILED = "UPDATE orders SET claim_failures = claim_failures + 1 WHERE merchant = $1 AND id = $2";
    /// How often claims failed.
    CLAIM_FAILURES = "SELECT claim_failures, member FROM orders WHERE merchant = $1 AND id = $2 FOR UPDATE";
    /// Forgets failed claims.
    CLAIM_CLEAR = "UPDATE orders SET claim_failures = 0 WHERE merchant = $1 AND id = $2";
    /// The order of a number.
    ID_OF = "SELECT id FROM orders WHERE merchant = $1 AND source = $2 AND source_id = $3";
    /// The order's name at its source.
    NAME_OF = "SELECT source, source_id FROM orders WHERE merchant = $1 AND id = $2";
    /// Orders that carry these key sets, for what moves with them.
    OF_KEY_SETS = "SELECT id, source, currency, key_set, member, state, purchase, net_paid, refunded FROM orders WHERE merchant = $1 AND key_set = ANY($2) ORDER BY id";
    /// What an import spoke of, so many after one.
    LAST_OF_IMPORT = "SELECT subject FROM observed_import WHERE merchant = $1 AND import = $2 AND subject > $3 ORDER BY subject LIMIT 1 OFFSET $4";
    /// Orders between two of those that an import spoke of and that nobody can be named for.
    UNNAMED_OF_IMPORT = "SELECT COUNT(*) FROM observed_import i JOIN orders o ON o.merchant = i.merchant AND o.id = i.subject WHERE i.merchant = $1 AND i.import = $2 AND i.subject > $3 AND i.subject <= $4 AND o.member IS NULL";
    /// Ids after an id, for walks over all orders.
    WALK = "SELECT id FROM orders WHERE merchant = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// How many orders there are.
    ORDERS = "SELECT COUNT(*) FROM orders WHERE merchant = $1";
    /// From when on orders are final, and what they count for.
    FINALS = "SELECT id, final_at, net_paid FROM orders WHERE merchant = $1 AND id = ANY($2)";
    /// Orders of members.
    OF_MEMBERS = "SELECT id FROM orders WHERE merchant = $1 AND member = ANY($2) ORDER BY id";
    /// Totals of members' purchases.
    TOTALS = "SELECT member, currency, COUNT(*), CAST(SUM(COALESCE(net_paid, 0)) AS BIGINT), MAX(COALESCE(paid_at, placed_at)) FROM orders WHERE merchant = $1 AND member = ANY($2) AND purchase = 1 GROUP BY member, currency ORDER BY member, currency";
}

/// Orders; of one that is there everything but what names it and when it was first seen changes.
pub const PUT: InsertMany = InsertMany {
    table: "orders",
    columns: COLUMNS,
    then: "ON CONFLICT (merchant, id) DO UPDATE SET platform = excluded.platform, shop = excluded.shop, state = excluded.state, status = excluded.status, currency = excluded.currency, \
        goods_list = excluded.goods_list, goods_after_discount = excluded.goods_after_discount, shipping = excluded.shipping, tax = excluded.tax, paid = excluded.paid, \
        points_cash = excluded.points_cash, bonus_credit = excluded.bonus_credit, deposit = excluded.deposit, goods_paid = excluded.goods_paid, refunded = excluded.refunded, \
        net_paid = excluded.net_paid, merchant_received = excluded.merchant_received, discounts = excluded.discounts, placed_at = excluded.placed_at, created_at = excluded.created_at, \
        paid_at = excluded.paid_at, shipped_at = excluded.shipped_at, delivered_at = excluded.delivered_at, completed_at = excluded.completed_at, closed_at = excluded.closed_at, \
        final_at = excluded.final_at, member = excluded.member, key_set = excluded.key_set, country = excluded.country, province = excluded.province, city = excluded.city, \
        district = excluded.district, payment_method = excluded.payment_method, channel = excluded.channel, quantity = excluded.quantity, purchase = excluded.purchase, \
        estimated = excluded.estimated, flags = excluded.flags, updated_at = excluded.updated_at",
};

const COLUMNS: &[Column] = &[
    Column::Int("merchant"),
    Column::Bytes("id"),
    Column::Text("source"),
    Column::Text("source_id"),
    Column::Text("platform"),
    Column::Text("shop"),
    Column::Text("state"),
    Column::Text("status"),
    Column::Text("currency"),
    Column::Int("goods_list"),
    Column::Int("goods_after_discount"),
    Column::Int("shipping"),
    Column::Int("tax"),
    Column::Int("paid"),
    Column::Int("points_cash"),
    Column::Int("bonus_credit"),
    Column::Int("deposit"),
    Column::Int("goods_paid"),
    Column::Int("refunded"),
    Column::Int("net_paid"),
    Column::Int("merchant_received"),
    Column::Text("discounts"),
    Column::Int("placed_at"),
    Column::Int("created_at"),
    Column::Int("paid_at"),
    Column::Int("shipped_at"),
    Column::Int("delivered_at"),
    Column::Int("completed_at"),
    Column::Int("closed_at"),
    Column::Int("final_at"),
    Column::Bytes("member"),
    Column::Bytes("key_set"),
    Column::Text("country"),
    Column::Text("province"),
    Column::Text("city"),
    Column::Text("district"),
    Column::Text("payment_method"),
    Column::Text("channel"),
    Column::Int("quantity"),
    Column::Int("purchase"),
    Column::Int("estimated"),
    Column::Text("flags"),
    Column::Int("claim_failures"),
    Column::Int("recorded_at"),
    Column::Int("updated_at"),
];

/// Lines; the newest fold of a line replaces it.
pub const LINES: InsertMany = InsertMany {
    table: "order_line",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("order_id"),
        Column::Int("line_no"),
        Column::Text("source_line"),
        Column::Text("sku"),
        Column::Text("outer_code"),
        Column::Text("product_id"),
        Column::Text("title"),
        Column::Text("spec"),
        Column::Text("category"),
        Column::Int("quantity"),
        Column::Int("unit_price"),
        Column::Int("list"),
        Column::Int("discount"),
        Column::Int("paid"),
        Column::Int("refunded"),
        Column::Text("state"),
        Column::Text("role"),
        Column::Int("estimated"),
    ],
    then: "ON CONFLICT (merchant, order_id, line_no) DO UPDATE SET source_line = excluded.source_line, sku = excluded.sku, outer_code = excluded.outer_code, product_id = excluded.product_id, \
        title = excluded.title, spec = excluded.spec, category = excluded.category, quantity = excluded.quantity, unit_price = excluded.unit_price, list = excluded.list, \
        discount = excluded.discount, paid = excluded.paid, refunded = excluded.refunded, state = excluded.state, role = excluded.role, estimated = excluded.estimated",
};

/// Refunds; the newest fold of a refund replaces it.
pub const REFUNDS: InsertMany = InsertMany {
    table: "refund",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("source"),
        Column::Text("source_id"),
        Column::Bytes("order_id"),
        Column::Bytes("member"),
        Column::Bytes("key_set"),
        Column::Text("kind"),
        Column::Text("state"),
        Column::Int("amount"),
        Column::Int("goods"),
        Column::Text("currency"),
        Column::Int("refunded_at"),
        Column::Text("reason"),
        Column::Text("lines"),
        Column::Int("estimated"),
        Column::Int("recorded_at"),
        Column::Int("updated_at"),
    ],
    then: "ON CONFLICT (merchant, source, source_id) DO UPDATE SET order_id = excluded.order_id, member = excluded.member, key_set = excluded.key_set, kind = excluded.kind, state = excluded.state, \
        amount = excluded.amount, goods = excluded.goods, currency = excluded.currency, refunded_at = excluded.refunded_at, reason = excluded.reason, lines = excluded.lines, \
        estimated = excluded.estimated, updated_at = excluded.updated_at",
};
