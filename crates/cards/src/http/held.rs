//! A member's cards: seen, tried, bought, given, given up.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_http::{Body, Call, MoneyDto, Page, Path, Permission, Problem, Reply};
use shuke_kernel::{Ctx, Instant, Result as Done};
use shuke_members::MemberId;
use shuke_store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{Around, StandingDto, shown};
use crate::card::{CardId, model, service as cards};
use crate::held::service::{self, Taken, Wish};
use crate::held::{Sort, Standing, give_up};

/// Characters of an id or a till's number at most.
const ID: usize = 120;
/// Characters of a reason at most.
const REASON: usize = 500;

pub(super) fn router() -> OpenApiRouter<shuke_http::App> {
    OpenApiRouter::new()
        .routes(routes!(list_member_cards))
        .routes(routes!(get_member_card))
        .routes(routes!(try_card))
        .routes(routes!(buy_card))
        .routes(routes!(give_card))
        .routes(routes!(give_up_card))
}

/// Where a member stands with each card: those that are sold, and those they had. A merged id answers for whom it went into.
#[utoipa::path(get, path = "/members/{id}/cards", operation_id = "list_member_cards", tag = "cards", params(("id" = String, Path)),
    responses((status = 200, body = Page<StandingDto>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_member_cards(call: Call, Path(id): Path<MemberId>) -> Reply<Page<StandingDto>> {
    let cx = call.allow(Permission::PointsRead)?;
    let items = call.read(&cx, move |tx, cx| {
        let (_, ids) = service::person(tx, cx, id)?;
        let (zone, currency) = (merchants::zone_of(tx, cx.merchant)?, cards::currency(tx, cx.merchant)?);
        let mut standings = service::standings(tx, cx, &zone, &ids)?;
        let around = Around { zone: &zone, currency, ids: &ids };
        let mut out = Vec::new();
        for card in cards::list(tx, cx.merchant)? {
            let standing = standings.remove(&card.id);
            if shown(&card, standing.as_ref()) {
                let standing = standing.unwrap_or(Standing { purchases: Vec::new() });
                out.push(StandingDto::of(tx, cx, &card, &standing, &around)?);
            }
        }
        Ok(out)
    });
    Ok(Json(Page::whole(items.await?)))
}

fn one(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, card: CardId) -> Done<StandingDto> {
    let (_, ids) = service::person(tx, cx, member)?;
    let (zone, currency) = (merchants::zone_of(tx, cx.merchant)?, cards::currency(tx, cx.merchant)?);
    let (card, standing) = service::standing(tx, cx, &zone, &ids, card)?;
    StandingDto::of(tx, cx, &card, &standing, &Around { zone: &zone, currency, ids: &ids })
}

/// Where a member stands with one card: what a checkout asks.
#[utoipa::path(get, path = "/members/{id}/cards/{card}", operation_id = "get_member_card", tag = "cards", params(("id" = String, Path), ("card" = String, Path)),
    responses((status = 200, body = StandingDto)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn get_member_card(call: Call, Path((member, card)): Path<(MemberId, CardId)>) -> Reply<StandingDto> {
    let cx = call.allow(Permission::PointsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| one(tx, cx, member, card)).await?))
}

/// What became of the request, and where the member stands now.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = CardAnswer)]
struct Answer {
    /// `ok`, or `duplicate` where the id was noted before.
    result: String,
    standing: StandingDto,
}

async fn ask(call: &Call, cx: &Ctx, member: MemberId, card: CardId, wish: Wish, paid: Option<MoneyDto>) -> Reply<Answer> {
    let answer = call.write(cx, move |tx, cx| {
        let wish = Wish { paid: service::amount(tx, cx, paid.as_ref(), "paid")?, ..wish.clone() };
        let taken = service::take(tx, cx, member, card, &wish)?;
        let result = if taken == Taken::Now { "ok" } else { "duplicate" };
        Ok(Answer { result: result.to_owned(), standing: one(tx, cx, member, card)? })
    });
    Ok(Json(answer.await?))
}

fn text(value: Option<&String>, field: &str, limit: usize) -> Result<Option<String>, Problem> {
    value.map(|value| model::text(value, field, 1, limit)).transpose().map_err(Problem::from)
}

/// A trial.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TryInput {
    /// The id by which it is known where it was asked for; the idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
}

/// Lets a member try a card, once, before they ever bought it.
#[utoipa::path(post, path = "/members/{id}/cards/{card}/try", operation_id = "try_card", tag = "cards", params(("id" = String, Path), ("card" = String, Path)), request_body = TryInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn try_card(call: Call, Path((member, card)): Path<(MemberId, CardId)>, Body(body): Body<TryInput>) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    let id = text(body.id.as_ref(), "id", ID)?;
    let wish = Wish { sort: Sort::Trial, term: String::new(), count: 1, paid: None, at: None, id, till: None, reason: None };
    ask(&call, &cx, member, card, wish, None).await
}

/// A purchase that the shop's till took money for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BuyInput {
    /// The id by which it is known where it was sold; the idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
    /// The key of the term.
    term: String,
    /// How many of it, one after the other.
    #[serde(default = "single")]
    #[schema(minimum = 1, maximum = 100)]
    count: i64,
    /// What was paid; the price unless given.
    #[serde(default)]
    paid: Option<MoneyDto>,
    /// When; now unless given, never in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Instant>,
    /// What the till calls it, such as a payment's number.
    #[serde(default)]
    #[schema(max_length = 120)]
    till: Option<String>,
}

const fn single() -> i64 {
    1
}

/// Notes that a member bought a card, or renewed it: it begins when what they have ends. Taking the money is the till's.
#[utoipa::path(post, path = "/members/{id}/cards/{card}/buy", operation_id = "buy_card", tag = "cards", params(("id" = String, Path), ("card" = String, Path)), request_body = BuyInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn buy_card(call: Call, Path((member, card)): Path<(MemberId, CardId)>, Body(body): Body<BuyInput>) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    let (id, till) = (text(body.id.as_ref(), "id", ID)?, text(body.till.as_ref(), "till", ID)?);
    let count = model::number(body.count, "count", 1, 100)?;
    let wish = Wish { sort: Sort::Paid, term: body.term, count, paid: None, at: body.at, id, till, reason: None };
    ask(&call, &cx, member, card, wish, body.paid).await
}

/// A card that the shop gives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiveInput {
    /// The id by which it is known; the idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
    /// The key of the term.
    term: String,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Gives a member a card for nothing.
#[utoipa::path(post, path = "/members/{id}/cards/{card}/give", operation_id = "give_card", tag = "cards", params(("id" = String, Path), ("card" = String, Path)), request_body = GiveInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn give_card(call: Call, Path((member, card)): Path<(MemberId, CardId)>, Body(body): Body<GiveInput>) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    let (id, reason) = (text(body.id.as_ref(), "id", ID)?, text(Some(&body.reason), "reason", REASON)?);
    let wish = Wish { sort: Sort::Gift, term: body.term, count: 1, paid: None, at: None, id, till: None, reason };
    ask(&call, &cx, member, card, wish, None).await
}

/// Why a card is given up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GiveUpInput {
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// What goes back; by the card's rule unless given.
    #[serde(default)]
    amount: Option<MoneyDto>,
}

/// What goes back, and where the member stands now.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = CardGivenUp)]
struct GivenUp {
    /// What the till is to give back.
    returned: MoneyDto,
    standing: StandingDto,
}

/// Gives up everything of a card that is not used up, at once. Giving the money back is the till's.
#[utoipa::path(post, path = "/members/{id}/cards/{card}/give-up", operation_id = "give_up_card", tag = "cards", params(("id" = String, Path), ("card" = String, Path)), request_body = GiveUpInput,
    responses((status = 200, body = GivenUp)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn give_up_card(call: Call, Path((member, card)): Path<(MemberId, CardId)>, Body(body): Body<GiveUpInput>) -> Reply<GivenUp> {
    let cx = call.allow(Permission::PointsWrite)?;
    let reason = model::text(&body.reason, "reason", 1, REASON)?;
    let done = call.write(&cx, move |tx, cx| {
        let amount = service::amount(tx, cx, body.amount.as_ref(), "amount")?;
        let quote = give_up::give_up(tx, cx, member, card, amount, &reason)?;
        let currency = cards::currency(tx, cx.merchant)?;
        let returned = shuke_kernel::Money { amount: quote.amount, currency }.into();
        Ok(GivenUp { returned, standing: one(tx, cx, member, card)? })
    });
    Ok(Json(done.await?))
}
