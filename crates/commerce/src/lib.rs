//! Commerce: orders with their lines and refunds, products, and what shoppers do beside buying.
//!
//! Every document that speaks of an order is kept as it came, sealed, and the order is computed
//! from the set of them ([`order::fold`](fn@order::fold)). So files may come in any order and any number of times,
//! reports that tell parts of one order join, and an import that is undone leaves no trace. Who
//! the buyer is, is asked of [`shuke_members::identity`]; an order that names nobody is kept as
//! nobody's, counted as such, and finds its member when a key arrives.
//!
//! What members ask of the crates above them is answered by [`HOOKS`], which the outermost crate
//! installs.
//!
//! Absent here: prices of carts, points, tiers; they hear of orders by events.

pub mod behaviour;
pub mod counters;
pub mod observed;
pub mod order;
pub mod overview;
pub mod product;
pub mod refund;
pub mod seen;
pub mod settlement;
mod tables;
pub mod weather;
pub mod wire;
pub mod words;

use shuke_http::{App, Tag};
use shuke_kernel::{Code, Ctx, Instant, Kind, Result};
use shuke_members::MemberId;
use shuke_members::hooks::{Hooks, Totals};
use shuke_store::{Tx, args};

pub use order::OrderId;
pub use tables::TABLES;

/// Two writers met: nothing was written, and the same request will succeed.
pub static RACED: Code = Code {
    code: "commerce.try_again",
    kind: Kind::Unavailable,
    zh: "同一条记录正在被写入，请重试。",
    en: "The same record is being written; send the request again.",
};

/// The routes of commerce.
pub fn router() -> utoipa_axum::router::OpenApiRouter<App> {
    order::http::router()
        .merge(refund::http::router())
        .merge(product::http::router())
        .merge(behaviour::http::router())
        .merge(settlement::http::router())
        .merge(weather::http::router())
}

/// What the routes' tags mean.
pub const TAGS: &[Tag] = &[
    Tag("orders", "Orders as all documents about them make them."),
    Tag("refunds", "Money that went back, as records of its own."),
    Tag("products", "What the shop sells."),
    Tag("behaviour", "What shoppers do beside buying."),
    Tag("weather", "Weather by region and day, as imported files told it."),
];

/// The statements of this crate, for the test that prepares them all.
pub const STATEMENTS: &[(&str, &[(&str, &str)])] = &[
    ("commerce::observed", observed::sql::ALL),
    ("commerce::counters", counters::sql::ALL),
    ("commerce::order", order::sql::ALL),
    ("commerce::order::number", order::number::sql::ALL),
    ("commerce::order::read", order::read::sql::ALL),
    ("commerce::order::bought", order::bought::sql::ALL),
    ("commerce::order::counting", order::counting::sql::ALL),
    ("commerce::refund", refund::sql::ALL),
    ("commerce::product", product::sql::ALL),
    ("commerce::behaviour", behaviour::sql::ALL),
    ("commerce::seen", seen::sql::ALL),
    ("commerce::settlement", settlement::sql::ALL),
    ("commerce::weather", weather::sql::ALL),
];

/// What members ask of the crates above them: `shuke_members::hooks::install(shuke_commerce::HOOKS)`.
pub const HOOKS: Hooks =
    Hooks { totals, moved: counters::moved, erased: order::erase::erase_members, kept: order::erase::kept_of, seen: seen::seen };

/// What members' purchases come to, one answer each. Where a member bought in several currencies,
/// it is the one with the most purchases.
pub fn totals(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<Vec<Totals>> {
    let list: Vec<Vec<u8>> = ids.iter().map(|i| i.bytes().to_vec()).collect();
    let mut by_member: std::collections::HashMap<MemberId, Totals> = std::collections::HashMap::new();
    for mut r in tx.rows(order::sql::TOTALS, args![cx.merchant, list])? {
        let (member, currency, orders, net_paid, last): (MemberId, String, i64, i64, Instant) =
            (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?);
        let found = by_member.entry(member).or_default();
        if orders > found.orders {
            (found.net_paid, found.currency) = (net_paid, currency);
        }
        found.orders += orders;
        found.last_order_at = found.last_order_at.max((last.micros() != 0).then_some(last));
    }
    Ok(ids.iter().map(|i| by_member.remove(i).unwrap_or_default()).collect())
}
