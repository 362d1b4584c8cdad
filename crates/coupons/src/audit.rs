//! What must hold of the tables here; each finding names what does not fit.

use shuke_kernel::{Ctx, Result};
use shuke_store::{Tx, args};

use crate::{BatchId, CouponId};

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// Batches of which another number was taken out of stock than there are coupons, or of which fewer than none are
        /// left, or which came to more than they were made for.
        STOCK = "SELECT b.id, b.pieces, b.budget, s.taken, s.spent, COALESCE(s.pieces, 0), s.lowest, (SELECT COUNT(*) FROM coupon c WHERE c.merchant = b.merchant AND c.batch = b.id), (SELECT CAST(COALESCE(SUM(c.face), 0) AS BIGINT) FROM coupon c WHERE c.merchant = b.merchant AND c.batch = b.id) FROM coupon_batch b JOIN (SELECT batch, CAST(SUM(taken) AS BIGINT) AS taken, CAST(SUM(spent) AS BIGINT) AS spent, CAST(SUM(pieces) AS BIGINT) AS pieces, MIN(COALESCE(pieces, 0)) AS lowest FROM coupon_stock WHERE merchant = $1 GROUP BY batch) s ON s.batch = b.id WHERE b.merchant = $1 ORDER BY b.id";
        /// Members who had more of a batch than one may, those whom a merge made one left out.
        LIMITS = "SELECT c.batch, c.member, COUNT(*), b.per_member FROM coupon c JOIN coupon_batch b ON b.merchant = c.merchant AND b.id = c.batch WHERE c.merchant = $1 AND c.member IS NOT NULL AND b.per_member IS NOT NULL AND NOT EXISTS (SELECT 1 FROM member m WHERE m.merchant = c.merchant AND m.alias_of = c.member) GROUP BY c.batch, c.member, b.per_member HAVING COUNT(*) > b.per_member ORDER BY c.batch, c.member";
        /// Coupons that more than one order used and did not give back, or that say otherwise than their orders.
        TWICE = "SELECT c.id, c.state, COUNT(u.coupon) FROM coupon c LEFT JOIN coupon_use u ON u.merchant = c.merchant AND u.coupon = c.id AND u.state = 'used' WHERE c.merchant = $1 GROUP BY c.id, c.state HAVING COUNT(u.coupon) <> CASE c.state WHEN 'used' THEN 1 ELSE 0 END ORDER BY c.id LIMIT 100";
        /// Coupons that an order holds, and whose order does not say so.
        HELD = "SELECT c.id FROM coupon c LEFT JOIN coupon_use u ON u.merchant = c.merchant AND u.coupon = c.id AND u.order_source = c.order_source AND u.order_no = c.order_no AND u.state = 'held' WHERE c.merchant = $1 AND c.state = 'locked' AND u.coupon IS NULL ORDER BY c.id LIMIT 100";
        /// Codes that are coupons of another batch or place, or of none.
        CODES = "SELECT COUNT(*) FROM coupon_code k LEFT JOIN coupon c ON c.merchant = k.merchant AND c.id = k.coupon WHERE k.merchant = $1 AND k.coupon IS NOT NULL AND (c.id IS NULL OR c.batch <> k.batch OR c.code IS NULL OR c.code <> k.no)";
        /// Batches of which another number of codes was made than they say.
        MADE = "SELECT b.id, b.codes_made, COUNT(k.token) FROM coupon_batch b LEFT JOIN coupon_code k ON k.merchant = b.merchant AND k.batch = b.id WHERE b.merchant = $1 AND b.codes = 1 GROUP BY b.id, b.codes_made HAVING b.codes_made <> COUNT(k.token) ORDER BY b.id";
    }
}

/// What does not fit at a merchant: stock and budgets against coupons, limits, coupons against what orders did with them,
/// codes against coupons.
pub fn audit(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for mut r in tx.rows(sql::STOCK, args![cx.merchant])? {
        let id: BatchId = r.get(0)?;
        let (pieces, budget): (Option<i64>, Option<i64>) = (r.get(1)?, r.get(2)?);
        let (taken, spent, left, least): (i64, i64, i64, i64) = (r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?);
        let (coupons, faces): (i64, i64) = (r.get(7)?, r.get(8)?);
        if taken != coupons || spent != faces {
            found.push(format!("batch {id}: {taken} taken for {spent}, {coupons} coupons for {faces}"));
        }
        if least < 0 || pieces.is_some_and(|pieces| pieces != taken + left) {
            found.push(format!("batch {id}: {taken} taken and {left} left of {pieces:?}"));
        }
        if budget.is_some_and(|budget| spent > budget) {
            found.push(format!("batch {id}: {spent} of a budget of {budget:?}"));
        }
    }
    for mut r in tx.rows(sql::LIMITS, args![cx.merchant])? {
        let (id, member): (BatchId, shuke_members::MemberId) = (r.get(0)?, r.get(1)?);
        let (had, limit): (i64, i64) = (r.get(2)?, r.get(3)?);
        found.push(format!("batch {id}: {member} had {had}, {limit} at most"));
    }
    for mut r in tx.rows(sql::TWICE, args![cx.merchant])? {
        let (id, state, uses): (CouponId, String, i64) = (r.get(0)?, r.get(1)?, r.get(2)?);
        found.push(format!("coupon {id} is {state} and used by {uses} orders"));
    }
    for mut r in tx.rows(sql::HELD, args![cx.merchant])? {
        let id: CouponId = r.get(0)?;
        found.push(format!("coupon {id} is locked by no order"));
    }
    let strange: i64 = tx.one(sql::CODES, args![cx.merchant])?.get(0)?;
    if strange > 0 {
        found.push(format!("{strange} codes that are not the coupons they say"));
    }
    for mut r in tx.rows(sql::MADE, args![cx.merchant])? {
        let (id, made, counted): (BatchId, i64, i64) = (r.get(0)?, r.get(1)?, r.get(2)?);
        found.push(format!("batch {id}: {made} codes made, {counted} are there"));
    }
    Ok(found)
}
