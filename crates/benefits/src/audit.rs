//! What must hold of the tables here; each finding names what does not fit.

use shuke_kernel::{Ctx, Result};
use shuke_store::{Tx, args};

use crate::{GrowthTaskId, RewardId};

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// Rewards whose pieces taken are not the redemptions that were not cancelled, or of which fewer than none are left.
        STOCK = "SELECT r.id, r.taken, COUNT(d.id), COALESCE(r.stock, 0) FROM reward r LEFT JOIN redemption d ON d.merchant = r.merchant AND d.reward = r.id AND d.state <> 'cancelled' WHERE r.merchant = $1 GROUP BY r.id, r.taken, r.stock HAVING r.taken <> COUNT(d.id) OR COALESCE(r.stock, 0) < 0 ORDER BY r.id";
        /// Redemptions that cost points, by programme.
        REDEEMED = "SELECT programme, COUNT(*) FROM redemption WHERE merchant = $1 AND points > 0 GROUP BY programme ORDER BY programme";
        /// Spends of a programme whose id is one of a redemption. Who is parted again is told of spends that were asked of both.
        SPENT = "SELECT COUNT(DISTINCT event_id) FROM points_event WHERE merchant = $1 AND programme = $2 AND kind = 'spend' AND outcome = 'ok' AND event_id LIKE 'rwd_%/%'";
        /// Open tasks whose use was taken back.
        TASKS = "SELECT COUNT(*) FROM benefit_task t JOIN benefit_use u ON u.merchant = t.merchant AND u.id = t.use_id WHERE t.merchant = $1 AND t.state = 'open' AND u.undone_at IS NOT NULL";
        /// Growth tasks that say another number of times than they were done.
        GROWTH = "SELECT t.id, t.given, COUNT(d.id) FROM growth_task t LEFT JOIN growth_done d ON d.merchant = t.merchant AND d.task = t.id WHERE t.merchant = $1 GROUP BY t.id, t.given HAVING t.given <> COUNT(d.id) ORDER BY t.id";
        /// Grants that were used more often than they allow.
        GRANTS = "SELECT COUNT(*) FROM (SELECT g.id FROM benefit_grant g JOIN benefit_use u ON u.merchant = g.merchant AND u.grant_id = g.id AND u.undone_at IS NULL WHERE g.merchant = $1 GROUP BY g.id, g.uses HAVING COUNT(*) > g.uses) AS over_used";
    }
}

/// What does not fit at a merchant: pieces against redemptions, redemptions against the ledger, tasks and grants against uses,
/// growth tasks against who has done them.
pub fn audit(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for mut r in tx.rows(sql::STOCK, args![cx.merchant])? {
        let (id, taken, counted, stock): (RewardId, i64, i64, i64) = (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
        found.push(format!("reward {id}: {taken} taken and {stock} left, {counted} redemptions"));
    }
    let programmes = tx.rows(sql::REDEEMED, args![cx.merchant])?;
    for mut r in programmes {
        let (programme, redeemed): (shuke_programme::ProgrammeId, i64) = (r.get(0)?, r.get(1)?);
        let spent: i64 = tx.one(sql::SPENT, args![cx.merchant, programme])?.get(0)?;
        if spent != redeemed {
            found.push(format!("programme {programme}: {redeemed} redemptions, {spent} spends for them"));
        }
    }
    for mut r in tx.rows(sql::GROWTH, args![cx.merchant])? {
        let (id, given, counted): (GrowthTaskId, i64, i64) = (r.get(0)?, r.get(1)?, r.get(2)?);
        found.push(format!("growth task {id}: {given} given, {counted} done"));
    }
    for (what, text) in [("open tasks of uses that were taken back", sql::TASKS), ("grants used more often than they allow", sql::GRANTS)] {
        let count: i64 = tx.one(text, args![cx.merchant])?.get(0)?;
        if count > 0 {
            found.push(format!("{count} {what}"));
        }
    }
    Ok(found)
}
