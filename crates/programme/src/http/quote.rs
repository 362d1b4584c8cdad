//! What an order would earn, asked before it is paid.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, MoneyDto, Path, Permission, Problem, Reply};
use shuke_kernel::{Ctx, Result as Done};
use shuke_loyalty::event::Line;
use shuke_loyalty::json::{MOST_FEN, MOST_POINTS};
use shuke_loyalty::quote::quote;
use shuke_members::MemberId;
use shuke_store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::points::living;
use crate::book::{self, Standing, show};
use crate::definition::{Programme, ProgrammeId, service};
use crate::people;

/// Lines of a quote at most.
const LINES: usize = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(quote_points))
}

/// A line of an order that is to be quoted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteLine {
    /// Its category.
    #[serde(default)]
    category: Option<String>,
    /// Pieces.
    #[schema(minimum = 0)]
    quantity: i64,
    /// Net paid for it.
    net_paid: MoneyDto,
}

/// An order that might be paid now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteInput {
    #[schema(value_type = String, example = "mem_01kc…")]
    member: MemberId,
    /// Goods paid, after all discounts, without shipping and points used as cash.
    net_paid: MoneyDto,
    #[serde(default)]
    #[schema(max_items = 500)]
    lines: Vec<QuoteLine>,
}

/// What a rule adds.
#[derive(Serialize, ToSchema)]
struct QuoteRule {
    rule: String,
    points: i64,
}

/// What an order would earn.
#[derive(Serialize, ToSchema)]
struct PointsQuote {
    /// After all caps.
    points: i64,
    /// What each rule adds, after its own caps.
    rules: Vec<QuoteRule>,
    /// What the caps of orders, days and months take off.
    capped: i64,
    /// The tier that the order would meet.
    tier: Option<String>,
}

fn fen(money: &MoneyDto, field: &str) -> Result<i64, Problem> {
    let money = money.read(field)?;
    if money.currency != shuke_kernel::Currency::CNY || !(0..=MOST_FEN).contains(&money.amount) {
        return Err(Problem::invalid("body", field, format!("an amount from 0 to {MOST_FEN} in CNY")));
    }
    Ok(money.amount)
}

/// What an order would earn if the member paid it now. Nothing is written.
#[utoipa::path(post, path = "/programmes/{id}/quote", operation_id = "quote_points", tag = "points", params(("id" = String, Path)), request_body = QuoteInput,
    responses((status = 200, body = PointsQuote)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn quote_points(call: Call, Path(id): Path<ProgrammeId>, Body(body): Body<QuoteInput>) -> Reply<PointsQuote> {
    let cx = call.allow(Permission::PointsRead)?;
    if body.lines.len() > LINES {
        return Err(Problem::invalid("body", "lines", format!("at most {LINES} lines")));
    }
    let net = fen(&body.net_paid, "net_paid")?;
    let mut lines = Vec::with_capacity(body.lines.len());
    for (i, line) in body.lines.into_iter().enumerate() {
        let net_fen = fen(&line.net_paid, &format!("lines[{i}].net_paid"))?;
        if !(0..=MOST_POINTS).contains(&line.quantity) {
            return Err(Problem::invalid("body", &format!("lines[{i}].quantity"), format!("a whole number from 0 to {MOST_POINTS}")));
        }
        lines.push(Line { line: (i + 1).to_string(), category: line.category, qty: line.quantity, net_fen });
    }
    let member = body.member;
    let quoted = call.read(&cx, move |tx, cx| {
        let member = living(tx, cx, member)?;
        let programme = service::get(tx, cx.merchant, id)?;
        let rules = service::rules(tx, cx.merchant, &programme)?;
        let book = held(tx, cx, &programme, member)?;
        let heart = show::now(tx, cx, &programme, &rules, &book)?;
        Ok(quote(&rules, &heart, net, &lines, cx.now)?)
    });
    let quoted = quoted.await?;
    let rules = quoted.rules.into_iter().map(|(rule, points)| QuoteRule { rule, points }).collect();
    Ok(Json(PointsQuote { points: quoted.points, rules, capped: quoted.capped, tier: quoted.tier }))
}

/// The member's book, or the empty one that they would have.
fn held(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, member: MemberId) -> Done<book::Book> {
    if let Some(found) = show::find(tx, cx, programme.id, member)?.filter(|b| b.standing == Standing::Open) {
        return Ok(found);
    }
    let rules = service::rules(tx, cx.merchant, programme)?;
    let facts = people::facts(tx, cx, programme, &[member])?.remove(&member).unwrap_or_default();
    Ok(book::Book::new(member, facts, cx.now, &rules))
}
