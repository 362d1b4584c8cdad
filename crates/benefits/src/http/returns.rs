//! What came back of benefits and rewards, by tier.

use axum::Json;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Permission, Query, Reply};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{Brief, TierDto};
use super::{benefit_names, reward_names};
use crate::usage::returns::{self, ASSUMED, Asked, LEAST, Untold};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_benefit_return))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReturnQuery {
    /// The first day.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The last day; 400 days at most.
    #[param(value_type = String, format = Date)]
    to: Date,
    /// The margin of what members buy, thousandths of its price. Without it no margin and no return are told.
    #[param(minimum = 0, maximum = 1000)]
    margin: Option<i64>,
    /// How many members must stand on either side for a number to be told; 30 unless given.
    #[param(minimum = 1, maximum = 1_000_000)]
    least: Option<i64>,
}

/// Members and what they spent, minor units, net of refunds.
#[derive(Serialize, ToSchema)]
struct BenefitReturnSide {
    members: i64,
    /// In the span before.
    before: i64,
    /// In the span that was asked about.
    during: i64,
}

impl From<Untold> for BenefitReturnUntold {
    fn from(why: Untold) -> Self {
        match why {
            Untold::NoTier => Self::NoTier,
            Untold::TooFew => Self::TooFew,
            Untold::NoMargin => Self::NoMargin,
            Untold::NoCost => Self::NoCost,
        }
    }
}

impl From<returns::Side> for BenefitReturnSide {
    fn from(side: returns::Side) -> Self {
        Self { members: side.members, before: side.before, during: side.during }
    }
}

/// Why a number is missing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BenefitReturnUntold {
    /// The benefit is of no programme, or the redemptions kept no tier: nobody is of the same.
    NoTier,
    /// Fewer members than asked for on a side.
    TooFew,
    /// No margin was stated.
    NoMargin,
    /// It cost nothing.
    NoCost,
}

/// What came back of a benefit in a tier, or of all benefits in it, minor units.
#[derive(Serialize, ToSchema)]
struct BenefitReturnLine {
    /// The tier held at the time; null where the benefit is of no programme.
    tier: Option<TierDto>,
    /// Null where it is all benefits together.
    benefit: Option<Brief>,
    uses: i64,
    /// All of it, whoever bears it.
    cost: i64,
    /// Those who used it; null where there is no tier to compare within.
    used: Option<BenefitReturnSide>,
    /// Those who hold the tier and did not use it.
    others: Option<BenefitReturnSide>,
    /// Spent more than before, less what as many of the others spent more.
    added: Option<i64>,
    /// The margin of that.
    added_margin: Option<i64>,
    /// That margin less the cost, in thousandths of the cost: 632 is a return of 63.2%.
    roi_permille: Option<i64>,
    /// Why one of these is null.
    untold: Option<BenefitReturnUntold>,
}

/// What came back of a reward in a tier, minor units.
#[derive(Serialize, ToSchema)]
struct RewardReturnLine {
    /// The tier held when it was redeemed; null where none was kept.
    tier: Option<TierDto>,
    reward: Brief,
    /// How often it was redeemed with points and not cancelled.
    redeemed: i64,
    points: i64,
    /// What the pieces cost, whoever bears it.
    cost: i64,
    /// Those who redeemed it; null where there is no tier to compare within.
    used: Option<BenefitReturnSide>,
    /// Those who hold the tier and neither redeemed it nor were given it by a pack.
    others: Option<BenefitReturnSide>,
    /// Spent more than before, less what as many of the others spent more.
    added: Option<i64>,
    /// The margin of that.
    added_margin: Option<i64>,
    /// That margin less the cost, in thousandths of the cost.
    roi_permille: Option<i64>,
    /// Why one of these is null.
    untold: Option<BenefitReturnUntold>,
}

/// What came back of benefits and rewards in a stretch of days. A difference between members who chose to use them and others of
/// their tier; it is no proof of effect.
#[derive(Serialize, ToSchema)]
struct BenefitReturn {
    from: String,
    to: String,
    /// The first day of the span before, which is as long and ends the day before `from`.
    before_from: String,
    /// Of which currency the amounts are, in its minor units.
    currency: String,
    /// As asked, thousandths.
    margin: Option<i64>,
    least: i64,
    /// All benefits of a tier together, the dearest first.
    tiers: Vec<BenefitReturnLine>,
    /// By tier and benefit, the dearest first.
    lines: Vec<BenefitReturnLine>,
    /// By tier and reward, the dearest first.
    rewards: Vec<RewardReturnLine>,
    /// What is taken for given, in the caller's language.
    assumed: Vec<String>,
}

/// What members who used benefits or redeemed rewards spent more than before, beside others of their tier, and what that is worth against the cost.
#[utoipa::path(get, path = "/benefits/return", operation_id = "get_benefit_return", tag = "benefits", params(ReturnQuery),
    responses((status = 200, body = BenefitReturn)), security(("staff" = ["benefits:read", "orders:read"]), ("key" = ["benefits:read", "orders:read"])))]
async fn get_benefit_return(call: Call, Query(q): Query<ReturnQuery>) -> Reply<BenefitReturn> {
    call.allow(Permission::BenefitsRead)?;
    // What people spent is what their orders say.
    let cx = call.allow(Permission::OrdersRead)?;
    let asked = Asked { from: q.from, to: q.to, margin: q.margin, least: q.least.unwrap_or(LEAST) };
    let (report, names, rewards) =
        call.read(&cx, move |tx, cx| Ok((returns::report(tx, cx, asked)?, benefit_names(tx, cx)?, reward_names(tx, cx)?))).await?;
    let zh = call.lang.is_zh();
    let line = |l: returns::Line| {
        let (used, others) = l.sides.unzip();
        BenefitReturnLine {
            tier: l.tier.map(TierDto::of),
            benefit: l.benefit.map(|id| Brief::named(&names, id)),
            uses: l.uses,
            cost: l.cost,
            used: used.map(Into::into),
            others: others.map(Into::into),
            added: l.gain.added,
            added_margin: l.gain.margin,
            roi_permille: l.gain.roi,
            untold: l.gain.untold.map(Into::into),
        }
    };
    let reward = |l: returns::RewardLine| {
        let (used, others) = l.sides.unzip();
        RewardReturnLine {
            tier: l.tier.map(TierDto::of),
            reward: Brief::named(&rewards, l.reward),
            redeemed: l.redeemed,
            points: l.points,
            cost: l.cost,
            used: used.map(Into::into),
            others: others.map(Into::into),
            added: l.gain.added,
            added_margin: l.gain.margin,
            roi_permille: l.gain.roi,
            untold: l.gain.untold.map(Into::into),
        }
    };
    Ok(Json(BenefitReturn {
        from: asked.from.to_string(),
        to: asked.to.to_string(),
        before_from: report.before.to_string(),
        currency: report.currency.to_string(),
        margin: asked.margin,
        least: asked.least,
        tiers: report.tiers.into_iter().map(line).collect(),
        lines: report.lines.into_iter().map(line).collect(),
        rewards: report.rewards.into_iter().map(reward).collect(),
        assumed: ASSUMED.iter().map(|(chinese, english)| (*if zh { chinese } else { english }).to_owned()).collect(),
    }))
}
