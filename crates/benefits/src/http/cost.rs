//! What benefits and rewards cost, by tier.

use axum::Json;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Permission, Query, Reply};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{Brief, TierDto};
use super::{benefit_names, reward_names};
use crate::share::Shares;
use crate::usage::cost::{self, ASSUMED};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_benefit_cost))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CostQuery {
    /// The first day.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The last day; 400 days at most.
    #[param(value_type = String, format = Date)]
    to: Date,
}

/// Uses of a benefit by members of a tier, minor units.
#[derive(Serialize, ToSchema)]
struct BenefitCostLine {
    /// The tier held at the time; null where the benefit is of no programme.
    tier: Option<TierDto>,
    benefit: Brief,
    uses: i64,
    /// By how many members.
    members: i64,
    cost: i64,
    supplier: i64,
    platform: i64,
    /// What is left for the shop.
    shop: i64,
}

/// Redemptions of a reward that were not cancelled, minor units.
#[derive(Serialize, ToSchema)]
struct RewardCostLine {
    reward: Brief,
    redeemed: i64,
    points: i64,
    cost: i64,
    supplier: i64,
    platform: i64,
    shop: i64,
}

/// All lines together, minor units.
#[derive(Serialize, ToSchema)]
struct BenefitCostTotals {
    /// Uses and redemptions.
    uses: i64,
    cost: i64,
    supplier: i64,
    platform: i64,
    shop: i64,
}

/// What benefits and rewards cost in a stretch of days.
#[derive(Serialize, ToSchema)]
struct BenefitCost {
    from: String,
    to: String,
    /// Of which currency the amounts are, in its minor units.
    currency: String,
    lines: Vec<BenefitCostLine>,
    rewards: Vec<RewardCostLine>,
    totals: BenefitCostTotals,
    /// What is taken for given, in the caller's language.
    assumed: Vec<String>,
}

/// What benefits and rewards cost on these days, by the tier that was held, with the shares that supplier and platform bear kept apart.
#[utoipa::path(get, path = "/benefits/cost", operation_id = "get_benefit_cost", tag = "benefits", params(CostQuery),
    responses((status = 200, body = BenefitCost)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn get_benefit_cost(call: Call, Query(q): Query<CostQuery>) -> Reply<BenefitCost> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let (from, to) = (q.from, q.to);
    let (report, benefits, rewards) =
        call.read(&cx, move |tx, cx| Ok((cost::report(tx, cx, from, to)?, benefit_names(tx, cx)?, reward_names(tx, cx)?))).await?;
    let mut all = Shares::default();
    let mut uses = 0_i64;
    for (count, shares) in report.lines.iter().map(|l| (l.uses, l.shares)).chain(report.rewards.iter().map(|l| (l.redeemed, l.shares))) {
        uses = uses.saturating_add(count);
        all.cost = all.cost.saturating_add(shares.cost);
        all.supplier = all.supplier.saturating_add(shares.supplier);
        all.platform = all.platform.saturating_add(shares.platform);
    }
    let zh = call.lang.is_zh();
    Ok(Json(BenefitCost {
        from: from.to_string(),
        to: to.to_string(),
        currency: report.currency.to_string(),
        lines: report
            .lines
            .into_iter()
            .map(|l| BenefitCostLine {
                tier: l.tier.map(TierDto::of),
                benefit: Brief::named(&benefits, l.benefit),
                uses: l.uses,
                members: l.members,
                cost: l.shares.cost,
                supplier: l.shares.supplier,
                platform: l.shares.platform,
                shop: l.shares.shop(),
            })
            .collect(),
        rewards: report
            .rewards
            .into_iter()
            .map(|l| RewardCostLine {
                reward: Brief::named(&rewards, l.reward),
                redeemed: l.redeemed,
                points: l.points,
                cost: l.shares.cost,
                supplier: l.shares.supplier,
                platform: l.shares.platform,
                shop: l.shares.shop(),
            })
            .collect(),
        totals: BenefitCostTotals { uses, cost: all.cost, supplier: all.supplier, platform: all.platform, shop: all.shop() },
        assumed: ASSUMED.iter().map(|(chinese, english)| (*if zh { chinese } else { english }).to_owned()).collect(),
    }))
}
