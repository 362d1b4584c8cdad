//! The first page's figures: what several crates know, put beside each other. Each is kept as a
//! counter or read from an index, so that the page opens as fast at a million members as at none.

use axum::Json;
use serde::Serialize;
use shuke_http::{App, Call, MoneyDto, Permission, Reply};
use shuke_kernel::{Instant, Money};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MONTH_SECONDS: i64 = 30 * 86_400;

/// The figures of the first page.
#[derive(Serialize, ToSchema)]
pub struct Overview {
    members: MembersFigure,
    orders: OrdersFigure,
    /// In the merchant's currency.
    money: MoneyFigure,
    /// The same in other currencies; no amounts are added across currencies.
    other_money: Vec<MoneyFigure>,
    /// Records that wait in quarantine.
    quarantine_open: i64,
    /// Pairs that wait for a person.
    reviews_open: i64,
    /// The instant that all figures are of.
    #[schema(value_type = String, format = DateTime)]
    as_of: Instant,
}

/// Members.
#[derive(Serialize, ToSchema)]
pub struct MembersFigure {
    total: i64,
    /// Recorded within 30 days.
    new_30d: i64,
}

/// Orders, with and without a member.
#[derive(Serialize, ToSchema)]
pub struct OrdersFigure {
    total: i64,
    identified: i64,
    unidentified: i64,
}

/// Money, with and without a member.
#[derive(Serialize, ToSchema)]
pub struct MoneyFigure {
    currency: String,
    net_paid: MoneyDto,
    identified: MoneyDto,
    unidentified: MoneyDto,
    merchant_received: MoneyDto,
}

impl From<&shuke_commerce::overview::Overview> for MoneyFigure {
    fn from(o: &shuke_commerce::overview::Overview) -> Self {
        let money = |amount| Money { amount, currency: o.currency }.into();
        Self {
            currency: o.currency.to_string(),
            net_paid: money(o.net_paid),
            identified: money(o.net_paid_identified),
            unidentified: money(o.net_paid_unidentified),
            merchant_received: money(o.merchant_received),
        }
    }
}

/// The operations of this crate.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_overview))
}

/// Get the first page's figures
#[utoipa::path(get, path = "/overview", operation_id = "get_overview", tag = "overview",
    responses((status = 200, body = Overview)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn get_overview(call: Call) -> Reply<Overview> {
    let cx = call.allow(Permission::OrdersRead)?;
    let overview = call
        .read(&cx, |tx, cx| {
            let (total, new_30d) = shuke_members::profile::list::count(tx, cx, cx.now.plus_seconds(-MONTH_SECONDS))?;
            let orders = shuke_commerce::overview::overview(tx, cx)?;
            let sum = |of: fn(&shuke_commerce::overview::Overview) -> i64| orders.iter().map(of).sum();
            Ok(Overview {
                members: MembersFigure { total, new_30d },
                orders: OrdersFigure { total: sum(|o| o.orders), identified: sum(|o| o.identified), unidentified: sum(|o| o.unidentified) },
                money: MoneyFigure::from(&orders[0]),
                other_money: orders[1..].iter().map(MoneyFigure::from).collect(),
                quarantine_open: shuke_intake::load::quarantine::open_count(tx, cx.merchant)?,
                reviews_open: shuke_members::identity::review::count_open(tx, cx)?,
                as_of: cx.now,
            })
        })
        .await?;
    Ok(Json(overview))
}
