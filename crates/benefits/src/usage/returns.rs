//! What came back of benefits and rewards: what members who used or redeemed one spent more than others of their tier,
//! beside what it cost.
//!
//! Both sides are looked at in the same two spans, the one that is asked about and the equally long one before it, so
//! that seasons and campaigns which meet both cancel out. What is left is a difference, not an effect: whoever uses a
//! benefit may be about to buy more anyway.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use jiff::ToSpan;
use jiff::civil::Date;
use shuke_access::merchants;
use shuke_kernel::{Ctx, Currency, Error, Result};
use shuke_programme::ProgrammeId;
use shuke_store::{Row, Tx, args};

use super::{cost, sql};
use crate::benefit::service;
use crate::words::invalid;
use crate::{BenefitId, RewardId};

/// Members that must stand on either side unless something else is asked.
pub const LEAST: i64 = 30;
/// Members that can be asked for at most.
const MOST: i64 = 1_000_000;
/// All of a price, in the thousandths in which a margin is told.
const WHOLE: i64 = 1_000;

/// A tier of a programme.
pub type Tier = (ProgrammeId, String);

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The first day,
    pub from: Date,
    /// and the last.
    pub to: Date,
    /// The margin of what members buy, thousandths of its price; unknown where none is stated.
    pub margin: Option<i64>,
    /// How many members must stand on either side.
    pub least: i64,
}

/// Members of one side and what they spent, minor units, net of refunds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Side {
    /// How many.
    pub members: i64,
    /// In the span before.
    pub before: i64,
    /// In the span that is asked about.
    pub during: i64,
}

/// Why something is not told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Untold {
    /// The benefit is of no programme, or the redemption kept no tier: nobody is of the same.
    NoTier,
    /// Too few members on a side.
    TooFew,
    /// No margin is stated.
    NoMargin,
    /// It cost nothing.
    NoCost,
}

/// What came back, as far as it can be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Gain {
    /// Spent more than the others' change would make expected, minor units.
    pub added: Option<i64>,
    /// The margin of that, minor units.
    pub margin: Option<i64>,
    /// That margin less the cost, in thousandths of the cost.
    pub roi: Option<i64>,
    /// Why one of them is missing.
    pub untold: Option<Untold>,
}

/// A tier, or a benefit in a tier.
#[derive(Clone, Debug)]
pub struct Line {
    /// The tier held at the time of use; none where the benefit is of no programme.
    pub tier: Option<Tier>,
    /// Which benefit; none where it is all of them together.
    pub benefit: Option<BenefitId>,
    /// How often it was used.
    pub uses: i64,
    /// What that cost, whoever bears it.
    pub cost: i64,
    /// Those who used it, and those of the tier who did not.
    pub sides: Option<(Side, Side)>,
    /// What came back.
    pub gain: Gain,
}

/// A reward in a tier.
#[derive(Clone, Debug)]
pub struct RewardLine {
    /// The tier held when it was redeemed; none where none was kept, as before tiers were.
    pub tier: Option<Tier>,
    /// Which reward.
    pub reward: RewardId,
    /// How often it was redeemed with points and not cancelled.
    pub redeemed: i64,
    /// Points spent on it.
    pub points: i64,
    /// What the pieces cost, whoever bears it.
    pub cost: i64,
    /// Those who redeemed it, and those of the tier who neither did nor were given it.
    pub sides: Option<(Side, Side)>,
    /// What came back.
    pub gain: Gain,
}

/// The report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The first day of the span before; it ends where the other begins.
    pub before: Date,
    /// Of which currency the amounts are.
    pub currency: Currency,
    /// By tier, the dearest first.
    pub tiers: Vec<Line>,
    /// By tier and benefit, the dearest first.
    pub lines: Vec<Line>,
    /// By tier and reward, the dearest first.
    pub rewards: Vec<RewardLine>,
}

/// What came back of what was used on days `from` to `to`, both included, of the merchant's zone.
///
/// # Errors
/// Refuses a stretch that ends before it begins or is longer than 400 days, a margin that is no share, and a count of
/// members that is none.
pub fn report(tx: &mut Tx<'_>, cx: &Ctx, asked: Asked) -> Result<Report> {
    if asked.margin.is_some_and(|margin| !(0..=WHOLE).contains(&margin)) {
        return Err(invalid("margin", "毛利率为 0 到 1000（千分之几）。", "A margin is 0 to 1000 thousandths.").into());
    }
    if !(1..=MOST).contains(&asked.least) {
        return Err(invalid("least", "最少人数为 1 到 1000000。", "The least number of members is 1 to 1000000.").into());
    }
    let costs = cost::report(tx, cx, asked.from, asked.to)?;
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let days = asked.from.until(asked.to).map_err(Error::fault)?.get_days().saturating_add(1);
    let before = asked.from.checked_sub(days.days()).ok();
    let (Some(before), Some(until)) = (before, asked.to.tomorrow().ok()) else { return Err(out_of_range()) };
    let (Some(start), Some(from), Some(until)) = (zone.start_of(before), zone.start_of(asked.from), zone.start_of(until)) else {
        return Err(out_of_range());
    };
    let currency = service::currency(tx, cx.merchant)?;
    let mut lines: Vec<Line> = costs
        .lines
        .into_iter()
        .map(|l| Line { tier: l.tier, benefit: Some(l.benefit), uses: l.uses, cost: l.shares.cost, sides: None, gain: Gain::default() })
        .collect();
    let mut tiers = by_tier(&lines);
    let mut rewards = redeemed(tx.rows(sql::REDEEMED, args![cx.merchant, from, until])?)?;
    if !tiers.is_empty() || rewards.iter().any(|line| line.tier.is_some()) {
        let binds = args![cx.merchant, start, from, until, currency.to_string()];
        let mut all: HashMap<Tier, Side> = HashMap::new();
        for mut r in tx.rows(sql::HOLDERS, args![cx.merchant])? {
            let members = r.get(0)?;
            all.insert((r.get(1)?, r.get(2)?), Side { members, ..Side::default() });
        }
        for mut r in tx.rows(sql::HOLDERS_SPENT, binds)? {
            let (before, during) = (r.get(0)?, r.get(1)?);
            if let Some(side) = all.get_mut(&(r.get(2)?, r.get(3)?)) {
                (side.before, side.during) = (before, during);
            }
        }
        let of_benefit = |r: &mut Row| r.get::<BenefitId>(5).map(Some);
        let used = sides(tx.rows(sql::USERS, binds)?, of_benefit)?;
        let held = sides(tx.rows(sql::USERS_HELD, binds)?, of_benefit)?;
        let used_any = sides(tx.rows(sql::USERS_OF_ANY, binds)?, |_| Ok(None))?;
        let held_any = sides(tx.rows(sql::USERS_OF_ANY_HELD, binds)?, |_| Ok(None))?;
        for line in lines.iter_mut().chain(&mut tiers) {
            let Some(tier) = line.tier.clone() else { continue };
            let (used, held) = if line.benefit.is_some() { (&used, &held) } else { (&used_any, &held_any) };
            let everybody = all.get(&tier).copied().unwrap_or_default();
            let key = (tier, line.benefit);
            let others = everybody.less(held.get(&key).copied().unwrap_or_default());
            line.sides = Some((used.get(&key).copied().unwrap_or_default(), others));
        }
        let took = sides(tx.rows(sql::REDEEMERS, binds)?, |r| r.get::<RewardId>(5))?;
        let hold = sides(tx.rows(sql::REDEEMERS_HELD, binds)?, |r| r.get::<RewardId>(5))?;
        for line in &mut rewards {
            let Some(tier) = line.tier.clone() else { continue };
            let everybody = all.get(&tier).copied().unwrap_or_default();
            let key = (tier, line.reward);
            let others = everybody.less(hold.get(&key).copied().unwrap_or_default());
            line.sides = Some((took.get(&key).copied().unwrap_or_default(), others));
        }
    }
    for line in lines.iter_mut().chain(&mut tiers) {
        line.gain = gain(line.sides, line.cost, asked.margin, asked.least);
    }
    for line in &mut rewards {
        line.gain = gain(line.sides, line.cost, asked.margin, asked.least);
    }
    Ok(Report { before, currency, tiers, lines, rewards })
}

fn out_of_range() -> Error {
    invalid("from", "日期超出范围。", "A day is out of range.").into()
}

/// Tiers with what was used in them, the dearest first.
fn by_tier(lines: &[Line]) -> Vec<Line> {
    let mut sums: BTreeMap<&Tier, (i64, i64)> = BTreeMap::new();
    for line in lines {
        let Some(tier) = &line.tier else { continue };
        let (uses, cost) = sums.entry(tier).or_default();
        (*uses, *cost) = (uses.saturating_add(line.uses), cost.saturating_add(line.cost));
    }
    let line = |(tier, (uses, cost)): (&Tier, (i64, i64))| Line {
        tier: Some(tier.clone()),
        benefit: None,
        uses,
        cost,
        sides: None,
        gain: Gain::default(),
    };
    let mut tiers: Vec<Line> = sums.into_iter().map(line).collect();
    tiers.sort_by_key(|tier| std::cmp::Reverse((tier.cost, tier.uses)));
    tiers
}

/// What was redeemed, by tier and reward, the dearest first.
fn redeemed(rows: Vec<Row>) -> Result<Vec<RewardLine>> {
    let mut lines = Vec::with_capacity(rows.len());
    for mut r in rows {
        let (programme, tier): (ProgrammeId, Option<String>) = (r.get(0)?, r.get(1)?);
        let tier = tier.map(|tier| (programme, tier));
        let (reward, redeemed, points, cost) = (r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?);
        lines.push(RewardLine { tier, reward, redeemed, points, cost, sides: None, gain: Gain::default() });
    }
    lines.sort_by(|a, b| (b.cost, b.points, a.reward, &a.tier).cmp(&(a.cost, a.points, b.reward, &b.tier)));
    Ok(lines)
}

/// Sides by tier and by what a row's last column says.
fn sides<K: Eq + Hash>(rows: Vec<Row>, what: impl Fn(&mut Row) -> Result<K>) -> Result<HashMap<(Tier, K), Side>> {
    let mut all = HashMap::with_capacity(rows.len());
    for mut r in rows {
        let side = Side { members: r.get(0)?, before: r.get(1)?, during: r.get(2)? };
        let tier = (r.get(3)?, r.get(4)?);
        all.insert((tier, what(&mut r)?), side);
    }
    Ok(all)
}

impl Side {
    /// Those who are left without some of them.
    fn less(self, some: Self) -> Self {
        Self { members: self.members - some.members, before: self.before - some.before, during: self.during - some.during }
    }
}

/// Difference in differences: what those who used it spent more than before, less what as many others spent more.
fn gain(sides: Option<(Side, Side)>, cost: i64, margin: Option<i64>, least: i64) -> Gain {
    let Some((used, others)) = sides else { return Gain { untold: Some(Untold::NoTier), ..Gain::default() } };
    if used.members.min(others.members) < least.max(1) {
        return Gain { untold: Some(Untold::TooFew), ..Gain::default() };
    }
    let change = |side: Side| i128::from(side.during) - i128::from(side.before);
    let (mine, theirs) = (i128::from(used.members), i128::from(others.members));
    // A sum as a fraction over the others' number: nothing is rounded before the last step.
    let added = change(used) * theirs - mine * change(others);
    let mut gain = Gain { added: rounded(added, theirs), ..Gain::default() };
    let Some(margin) = margin else { return Gain { untold: Some(Untold::NoMargin), ..gain } };
    let (earned, parts) = (added.saturating_mul(margin.into()), theirs * i128::from(WHOLE));
    gain.margin = rounded(earned, parts);
    if cost <= 0 {
        return Gain { untold: Some(Untold::NoCost), ..gain };
    }
    let all_cost = parts.saturating_mul(cost.into());
    gain.roi = rounded(earned.saturating_sub(all_cost).saturating_mul(WHOLE.into()), all_cost);
    gain
}

/// A fraction to the nearest whole, halves away from nought; none where it is no number of ours.
fn rounded(over: i128, under: i128) -> Option<i64> {
    let half = if over < 0 { -(under / 2) } else { under / 2 };
    i64::try_from(over.checked_add(half)?.checked_div(under)?).ok()
}

/// What the report takes for given, in Chinese and English.
pub const ASSUMED: [(&str, &str); 7] = [
    (
        "用不用权益是会员自己选的：常买的人本来就更会用。这个差异不能证明是权益带来的；要证明，需要有对照组的试验。",
        "Users chose themselves, and who buys more may use more: the difference is no proof of effect. Only an experiment with a control group can prove one.",
    ),
    (
        "增加的消费 = 使用者本期比上期多花的，减去同等级、本期没有使用的会员人均多花的 × 使用人数；两边看同样的两段日期，上期与本期等长、紧接在本期之前。",
        "Added sales are what users spent more than in the equally long span just before, less what members of the same tier who did not use it spent more a head, times the number of users; both sides in the same two spans.",
    ),
    (
        "使用者的等级是使用当时的，没有使用的会员按现在的等级；没有积分账户的和已删除的会员不参与比较。上期已经用过的人也算使用者。",
        "A user's tier is the one held at the time, the others' the one they hold now; members without a points book and those erased are not compared. Who used it in the span before as well counts as a user.",
    ),
    (
        "消费是计入购买的订单的商品实付减退款，按下单时间，只计店铺货币的订单；以后发生的退款会改变结果。",
        "Sales are goods paid less refunds of orders that count as purchases, by when they were placed, in the shop's currency; refunds to come change them.",
    ),
    (
        "回报率 =（增加的消费 × 您填写的毛利率 − 成本）÷ 成本；成本是全部成本，不论谁承担。",
        "Return is added sales at the margin you state, less the cost, over the cost; the cost is all of it, whoever bears it.",
    ),
    (
        "奖品的比较方法相同：本期用积分兑换了它的会员，与同等级、本期既没有兑换也没有由礼包得到它的会员相比。成本是兑换当时的单件成本，花掉的积分不折算成钱；记录等级之前的兑换只列成本。",
        "Rewards are compared in the same way: members who redeemed one with points, beside those of their tier who neither did nor were given it by a pack. The cost is that of the pieces at the time, and the points spent are not turned into money; redemptions from before tiers were kept have a cost alone.",
    ),
    (
        "任何一边的人数少于要求的最少人数时不给出增加的消费和回报率。同时使用多项权益的会员会出现在多行，各行不能相加。",
        "Where fewer members than asked for stand on either side no added sales and no return are told. Who used several benefits is in several lines, so lines do not add up.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    const fn side(members: i64, before: i64, during: i64) -> Side {
        Side { members, before, during }
    }

    /// Users, others, cost, margin, least → added, its margin, thousandths, why not.
    type Case = (Side, Side, i64, Option<i64>, i64, Option<i64>, Option<i64>, Option<i64>, Option<Untold>);

    #[test]
    fn gains_are_exact_and_told_only_where_they_can_be() {
        let cases: [Case; 9] = [
            // (18 000 − 2 × 4 000 / 2) = 14 000; 35 % of it 4 900; (4 900 − 3 003) / 3 003.
            (side(2, 16_000, 34_000), side(2, 17_000, 21_000), 3_003, Some(350), 2, Some(14_000), Some(4_900), Some(632), None),
            // A third of a fen is rounded once, at the end: 100 − 1/3 and 10 % of it.
            (side(1, 0, 100), side(3, 0, 1), 10, Some(100), 1, Some(100), Some(10), Some(-3), None),
            (side(1, 100, 0), side(1, 0, 100), 100, Some(500), 1, Some(-200), Some(-100), Some(-2_000), None),
            (side(1, 0, 100), side(1, 0, 0), 0, Some(500), 1, Some(100), Some(50), None, Some(Untold::NoCost)),
            (side(1, 0, 100), side(1, 0, 0), 9, None, 1, Some(100), None, None, Some(Untold::NoMargin)),
            (side(1, 0, 100), side(1, 0, 0), 9, Some(0), 1, Some(100), Some(0), Some(-1_000), None),
            (side(29, 0, 100), side(30, 0, 0), 9, Some(1), 30, None, None, None, Some(Untold::TooFew)),
            (side(0, 0, 0), side(30, 0, 0), 9, Some(1), 0, None, None, None, Some(Untold::TooFew)),
            (side(5, 0, 0), side(0, 0, 0), 9, Some(1), 0, None, None, None, Some(Untold::TooFew)),
        ];
        for (i, (used, others, cost, margin, least, added, earned, roi, untold)) in cases.into_iter().enumerate() {
            assert_eq!(gain(Some((used, others)), cost, margin, least), Gain { added, margin: earned, roi, untold }, "case {i}");
        }
        assert_eq!(gain(None, 1, Some(1), 1).untold, Some(Untold::NoTier));
        let huge = side(1_000_000, i64::MIN, i64::MAX);
        assert_eq!(gain(Some((huge, side(1, 0, 0))), 1, Some(1_000), 1).added, None, "no number of ours, and no panic");
    }
}
