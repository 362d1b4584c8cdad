//! What benefits and rewards cost in a stretch of days, by the tier that was held at the time.

use jiff::civil::Date;
use shuke_access::merchants;
use shuke_kernel::{Ctx, Currency, Error, Result};
use shuke_programme::ProgrammeId;
use shuke_store::{Tx, args};

use super::sql;
use crate::benefit::service;
use crate::reward::sql as rewards;
use crate::share::Shares;
use crate::words::invalid;
use crate::{BenefitId, RewardId};

/// Days of a report at most.
const DAYS: i32 = 400;

/// Uses of a benefit by members of a tier.
#[derive(Clone, Debug)]
pub struct Line {
    /// The tier held when it was used; none where the benefit is of no programme.
    pub tier: Option<(ProgrammeId, String)>,
    /// Which benefit.
    pub benefit: BenefitId,
    /// How often.
    pub uses: i64,
    /// By how many members.
    pub members: i64,
    /// What it cost.
    pub shares: Shares,
}

/// Redemptions of a reward that were not cancelled.
#[derive(Clone, Debug)]
pub struct RewardLine {
    /// Which reward.
    pub reward: RewardId,
    /// How often.
    pub redeemed: i64,
    /// Points spent on it.
    pub points: i64,
    /// What the pieces cost.
    pub shares: Shares,
}

/// The report.
#[derive(Clone, Debug)]
pub struct Report {
    /// Of which currency the amounts are.
    pub currency: Currency,
    /// By tier and benefit, the dearest first.
    pub lines: Vec<Line>,
    /// By reward, the dearest first.
    pub rewards: Vec<RewardLine>,
}

/// What was used and redeemed on days `from` to `to`, both included, of the merchant's zone.
///
/// # Errors
/// Refuses a stretch that ends before it begins, or is longer than 400 days.
pub fn report(tx: &mut Tx<'_>, cx: &Ctx, from: Date, to: Date) -> Result<Report> {
    let length = from.until(to).map_err(Error::fault)?.get_days();
    if to < from || length >= DAYS {
        return Err(
            invalid("to", "期间最多 400 天，结束不早于开始。", "A period is 400 days at most and does not end before it begins.").into()
        );
    }
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let next = to.tomorrow().ok().and_then(|day| zone.start_of(day));
    let (Some(from), Some(until)) = (zone.start_of(from), next) else {
        return Err(invalid("from", "日期超出范围。", "A day is out of range.").into());
    };
    let mut lines = Vec::new();
    for mut r in tx.rows(sql::COST, args![cx.merchant, from, until])? {
        let (programme, tier): (Option<ProgrammeId>, Option<String>) = (r.get(0)?, r.get(1)?);
        lines.push(Line {
            tier: programme.zip(tier),
            benefit: r.get(2)?,
            uses: r.get(3)?,
            members: r.get(4)?,
            shares: Shares { cost: r.get(5)?, supplier: r.get(6)?, platform: r.get(7)? },
        });
    }
    lines.sort_by(|a, b| (b.shares.cost, b.uses, &a.tier, a.benefit).cmp(&(a.shares.cost, a.uses, &b.tier, b.benefit)));
    let mut redeemed = Vec::new();
    for mut r in tx.rows(rewards::COST, args![cx.merchant, from, until])? {
        redeemed.push(RewardLine {
            reward: r.get(0)?,
            redeemed: r.get(1)?,
            points: r.get(2)?,
            shares: Shares { cost: r.get(3)?, supplier: r.get(4)?, platform: r.get(5)? },
        });
    }
    redeemed.sort_by(|a, b| (b.shares.cost, b.points, a.reward).cmp(&(a.shares.cost, a.points, b.reward)));
    Ok(Report { currency: service::currency(tx, cx.merchant)?, lines, rewards: redeemed })
}

/// What the report takes for given, in Chinese and English.
pub const ASSUMED: [(&str, &str); 5] = [
    (
        "成本是使用时填写的实际成本，没有填写时是权益上写的单次成本；两者都没有的按 0 计。",
        "A cost is what the use stated, else what the benefit says a use costs; where neither says anything it counts as nothing.",
    ),
    (
        "供应商和平台承担的部分按权益上的比例向下取整到分，其余由店铺承担。",
        "Shares of supplier and platform go by the percentages of the benefit, rounded down; the rest is the shop's.",
    ),
    (
        "等级是使用当时的等级；已撤销的使用和已取消的兑换不计入。",
        "The tier is the one held at the time; uses taken back and redemptions cancelled are left out.",
    ),
    (
        "兑换的成本是兑换当时奖品的成本；花掉的积分另列，不折算成钱。",
        "A redemption costs what the reward cost at the time; the points spent stand beside it and are not turned into money.",
    ),
    (
        "这里只有成本，没有权益带来的销售：要知道带来多少，需要有对照的试验。",
        "This is cost alone: what a benefit brought in sales only an experiment with a control group can tell.",
    ),
];
