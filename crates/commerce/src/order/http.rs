//! `/orders`, and a member's orders.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Cursor, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Code, Ctx, Error, Instant, Kind, Result as Done};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::together::Together;
use shuke_store::{Tx, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::OrderId;
use super::claim::{self, Claimed, Proof};
use super::dto::{OrderInput, state_word};
use super::far::{self, Known, Place};
use super::observation::{Noted, Observation};
use super::read::{self, Filter, OrderRow};
use super::service::observe_many;
use super::view::{Accepted, OrderDto, StepDto};
use crate::refund::http::{RefundAccepted, RefundDto, RefundInput};
use crate::refund::{self, RefundRow};
use crate::wire::{Answers, External, Outcome, answers, read_items, renamed, status};

/// No shop has that id.
pub static UNKNOWN_SHOP: Code =
    Code { code: "order.unknown_shop", kind: Kind::Unprocessable, zh: "没有这个店铺。", en: "There is no such shop." };

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, create_order))
        .routes(routes!(batch_orders))
        .routes(routes!(get_order))
        .routes(routes!(get_order_by_external, put_order_by_external))
        .routes(routes!(refund_order))
        .routes(routes!(claim_order))
        .routes(routes!(list_member_orders))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OrderQuery {
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// `created`, `paid`, `shipped`, `completed` or `closed`.
    state: Option<String>,
    /// The shop, as the orders tell it.
    shop: Option<String>,
    /// The platform.
    platform: Option<String>,
    /// With a member, or without.
    identified: Option<bool>,
    /// Placed then or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Placed before.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Instant>,
    /// Of that member: `mem_…`.
    #[param(value_type = Option<String>)]
    member: Option<MemberId>,
    /// The order's number. Of the orders that fit the other parameters those with that whole number; where none of them has it, those whose number begins with it, from six characters on. `order.number_too_short` where more than 200 of them begin so, or more than 8,000 of all begin so that those that fit cannot be told in time.
    query: Option<String>,
}

fn after(paging: &Paging) -> Result<Option<(Instant, [u8; 16])>, Problem> {
    if paging.after.is_empty() {
        return Ok(None);
    }
    Ok(Some((Instant(paging.int(0, 0)?), paging.id(1, [0; 16])?)))
}

fn told(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.trim().is_empty())
}

fn shown(tx: &mut Tx<'_>, cx: &Ctx, page: Page<OrderRow>) -> Done<Page<OrderDto>> {
    let private = read::private(tx, cx, &page.items)?;
    Ok(page.map(|o| {
        let id = o.id;
        OrderDto::of(o, private.get(&id))
    }))
}

/// A page of those that few share.
async fn far_page(call: &Call, cx: &Ctx, filter: Filter, limit: usize, start: Option<Place>) -> Reply<Page<OrderDto>> {
    let asked = filter.clone();
    let mut far = call.read(cx, move |tx, cx| far::look(tx, cx, &asked, start, limit)).await?;
    if let Some((place, known)) = far.is_wanting(limit).zip(call.app.get::<Known>()) {
        let (merchant, wanted, asked) = (cx.merchant, limit - far.rows.len() + 1, filter.clone());
        let found = tokio::task::spawn_blocking(move || known.0(merchant, &asked, place, wanted)).await;
        if let Some(places) = found.map_err(|e| Problem::from(Error::fault(e)))?? {
            far = call.read(cx, move |tx, cx| far::fill(tx, cx, &filter, far.clone(), &places, wanted, limit)).await?;
        }
    }
    let next_cursor = far.next.map(|(at, id)| Cursor::encode(&[at.into(), Value::Bytes(id.to_vec())]));
    let page = Page { items: far.rows, next_cursor };
    Ok(Json(call.read(cx, move |tx, cx| shown(tx, cx, Page { items: page.items.clone(), next_cursor: page.next_cursor.clone() })).await?))
}

fn page(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, paging: &Paging, start: Option<(Instant, [u8; 16])>) -> Done<Page<OrderDto>> {
    let rows = read::list(tx, cx, filter, start, paging.fetch())?;
    shown(tx, cx, Page::cut(rows, paging, |o: &OrderRow| vec![o.placed_at.into(), o.id.into()]))
}

/// Orders, newest first. By shop, platform or state a page may hold fewer than asked, or none, and yet say where to go on: many others lay between. What lies far behind is found in the columns, where the last moments may be missing.
#[utoipa::path(get, path = "/orders", operation_id = "list_orders", tag = "orders", params(OrderQuery),
    responses((status = 200, body = Page<OrderDto>)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn list_orders(call: Call, Query(q): Query<OrderQuery>) -> Reply<Page<OrderDto>> {
    let cx = call.allow(Permission::OrdersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let start = after(&paging)?;
    let filter = Filter {
        state: told(q.state).map(|s| state_word(&s)).transpose()?,
        shop: told(q.shop),
        platform: told(q.platform),
        identified: q.identified,
        from: q.from,
        to: q.to,
        member: q.member,
        number: told(q.query),
    };
    if filter.is_sparse() {
        return far_page(&call, &cx, filter, usize::try_from(paging.limit).unwrap_or(0), start).await;
    }
    let found = call.read(&cx, move |tx, cx| {
        let mut filter = filter.clone();
        if let Some(member) = filter.member {
            filter.member = Some(identity::resolve(tx, cx, member)?.unwrap_or(member));
        }
        page(tx, cx, &filter, &paging, start)
    });
    Ok(Json(found.await?))
}

/// A member's orders, newest first.
#[utoipa::path(get, path = "/members/{id}/orders", operation_id = "list_member_orders", tag = "orders",
    params(("id" = String, Path), shuke_http::PageQuery), responses((status = 200, body = Page<OrderDto>)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn list_member_orders(call: Call, Path(id): Path<MemberId>, Query(q): Query<shuke_http::PageQuery>) -> Reply<Page<OrderDto>> {
    let cx = call.allow(Permission::OrdersRead)?;
    let paging = q.paging()?;
    let start = after(&paging)?;
    let found = call.read(&cx, move |tx, cx| {
        let member = identity::resolve(tx, cx, id)?.ok_or_else(|| MEMBER_NOT_FOUND.refuse())?;
        page(tx, cx, &Filter { member: Some(member), ..Filter::default() }, &paging, start)
    });
    Ok(Json(found.await?))
}

fn whole(tx: &mut Tx<'_>, cx: &Ctx, id: OrderId) -> Done<OrderDto> {
    let order = read::get(tx, cx, id)?;
    let private = read::private(tx, cx, std::slice::from_ref(&order))?.remove(&id).unwrap_or_default();
    let refunds: Vec<RefundRow> = refund::of_order(tx, cx, id)?;
    let step =
        |s: &read::Step| StepDto { state: s.state.word().to_owned(), platform_status: s.status.clone(), at: s.at, source: s.doc.clone() };
    let currency = order.currency;
    let mut dto = OrderDto::of(order, Some(&private));
    dto.refund_over = refund::over(&refunds, dto.paid.as_ref().map(|p| p.amount)).map(|over| crate::wire::money(over, currency));
    dto.refunds = Some(refunds.into_iter().map(RefundDto::from).collect());
    dto.unidentified_because = private.unnamed.map(|u| u.word().to_owned());
    dto.states = Some(private.steps.iter().map(step).collect());
    Ok(dto)
}

/// One order, with its refunds and what was said of its state.
#[utoipa::path(get, path = "/orders/{id}", operation_id = "get_order", tag = "orders", params(("id" = String, Path)),
    responses((status = 200, body = OrderDto)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn get_order(call: Call, Path(id): Path<OrderId>) -> Reply<OrderDto> {
    let cx = call.allow(Permission::OrdersRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| whole(tx, cx, id)).await?))
}

/// The order of that name at its source.
#[utoipa::path(get, path = "/orders/by-external/{source}/{id}", operation_id = "get_order_by_external", tag = "orders",
    params(("source" = String, Path), ("id" = String, Path)), responses((status = 200, body = OrderDto)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn get_order_by_external(call: Call, Path((source, id)): Path<(String, String)>) -> Reply<OrderDto> {
    let cx = call.allow(Permission::OrdersRead)?;
    let found = call.read(&cx, move |tx, cx| {
        let id = read::by_external(tx, cx, &source, &id)?;
        whole(tx, cx, id)
    });
    Ok(Json(found.await?))
}

fn note(observation: Observation) -> Result<Noted, Problem> {
    observation.note().map_err(|r| renamed(r, ""))
}

/// A shop that is named by its id must be there; whose it is matters where the merchant has shops
/// of several legal entities.
fn with_shop(tx: &mut Tx<'_>, cx: &Ctx, note: Noted) -> Done<Noted> {
    let said = note.observation();
    let Some(id) = said.shop.as_deref().filter(|s| s.starts_with("shp_")) else { return Ok(note) };
    match identity::entity_of_shop(tx, cx, id)? {
        None => Err(UNKNOWN_SHOP.at("shop").into()),
        Some(None) => Ok(note),
        Some(entity) => Ok(Observation { entity, ..said.clone() }.note()?),
    }
}

fn take(tx: &mut Tx<'_>, cx: &Ctx, notes: &[Noted]) -> Done<Vec<Accepted>> {
    let mut placed = Vec::with_capacity(notes.len());
    for note in notes {
        placed.push(with_shop(tx, cx, note.clone())?);
    }
    let mut out = Vec::with_capacity(notes.len());
    for part in placed.chunks(500) {
        for (observed, note) in observe_many(tx, cx, part)?.iter().zip(part) {
            out.push(Accepted::of(observed, External { source: note.source().to_owned(), id: note.source_id().to_owned() }));
        }
    }
    Ok(out)
}

/// Single orders that arrive at the same time.
struct Orders;

impl Together for Orders {
    type Item = Noted;
    type Answer = Accepted;

    fn subject(note: &Noted) -> String {
        format!("{}/{}", note.source(), note.source_id())
    }

    fn write(tx: &mut Tx<'_>, cx: &Ctx, notes: &[Noted]) -> Done<Vec<Accepted>> {
        take(tx, cx, notes)
    }
}

async fn upsert(call: &Call, cx: &Ctx, observation: Observation) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let note = note(observation)?;
    let made = call.app.store.write_together::<Orders>(cx, note).await?;
    Ok((status(&made.status), Json(made)))
}

/// Takes an order, new or known by its `external`: what you say is laid beside what others said,
/// and the order is what all of it makes.
#[utoipa::path(post, path = "/orders", operation_id = "create_order", tag = "orders", request_body = OrderInput,
    responses((status = 201, body = Accepted), (status = 200, body = Accepted)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn create_order(call: Call, Body(mut body): Body<OrderInput>) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let cx = call.allow(Permission::OrdersWrite)?;
    let name = External::of_body(body.external.take())?;
    let observation = body.observation(&cx, name)?;
    upsert(&call, &cx, observation).await
}

/// Takes an order under its name at its source.
#[utoipa::path(put, path = "/orders/by-external/{source}/{id}", operation_id = "put_order_by_external", tag = "orders",
    params(("source" = String, Path), ("id" = String, Path)), request_body = OrderInput,
    responses((status = 201, body = Accepted), (status = 200, body = Accepted)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn put_order_by_external(
    call: Call,
    Path((source, id)): Path<(String, String)>,
    Body(body): Body<OrderInput>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let cx = call.allow(Permission::OrdersWrite)?;
    let name = External::of_path(source, id, body.external.as_ref())?;
    let observation = body.observation(&cx, name)?;
    upsert(&call, &cx, observation).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrderBatch {
    /// 1 to 1000 orders, each with its `external`.
    #[schema(value_type = Vec<OrderInput>, min_items = 1, max_items = 1000)]
    items: Vec<serde_json::Value>,
}

/// Takes up to 1,000 orders. Each item is answered for itself.
#[utoipa::path(post, path = "/orders/batch", operation_id = "batch_orders", tag = "orders", request_body = OrderBatch,
    responses((status = 200, body = Answers)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn batch_orders(call: Call, Body(body): Body<OrderBatch>) -> Reply<Answers> {
    let cx = call.allow(Permission::OrdersWrite)?;
    let make = |mut order: OrderInput| {
        let name = External::of_body(order.external.take())?;
        note(order.observation(&cx, name)?)
    };
    let (good, bad) = read_items(&call, body.items, make)?;
    let (places, notes): (Vec<usize>, Vec<Noted>) = good.into_iter().unzip();
    let outcomes = if notes.is_empty() {
        Vec::new()
    } else {
        let taken = call.write(&cx, move |tx, cx| {
            Ok(take(tx, cx, &notes)?.into_iter().map(|a| Outcome { status: a.status, id: a.id.to_string() }).collect::<Vec<_>>())
        });
        taken.await?
    };
    Ok(Json(answers(places, outcomes, bad)))
}

/// Records a refund of the order.
#[utoipa::path(post, path = "/orders/{id}/refund", operation_id = "refund_order", tag = "refunds", params(("id" = String, Path)), request_body = RefundInput,
    responses((status = 201, body = RefundAccepted), (status = 200, body = RefundAccepted)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn refund_order(
    call: Call,
    Path(id): Path<OrderId>,
    Body(body): Body<RefundInput>,
) -> Result<(StatusCode, Json<RefundAccepted>), Problem> {
    refund::http::of_order(&call, id, body).await
}

/// What proves that the order is the member's.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrderClaimProof)]
struct ProofInput {
    /// `phone_last4` or `receiver_name`.
    #[schema(example = "phone_last4")]
    kind: String,
    /// The last four digits of the receiver's phone, or the receiver's name.
    #[schema(min_length = 1, max_length = 100)]
    value: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrderClaim)]
struct ClaimInput {
    /// Who claims it.
    #[schema(value_type = String, example = "mem_01kc…")]
    member: MemberId,
    /// With which proof.
    proof: ProofInput,
}

/// An answer that must be kept although it is a no: wrong proofs are counted.
#[derive(Serialize, Deserialize)]
enum Verdict {
    Yes(Box<Accepted>),
    Wrong,
    Locked,
    Taken,
}

/// Gives an order of nobody to the member who proves it to be theirs. Five wrong proofs lock it.
#[utoipa::path(post, path = "/orders/{id}/claim", operation_id = "claim_order", tag = "orders", params(("id" = String, Path)), request_body = ClaimInput,
    responses((status = 200, body = Accepted)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn claim_order(call: Call, Path(id): Path<OrderId>, Body(body): Body<ClaimInput>) -> Reply<Accepted> {
    let cx = call.allow(Permission::OrdersWrite)?;
    if !["phone_last4", "receiver_name"].contains(&body.proof.kind.as_str()) {
        return Err(crate::wire::UNKNOWN_WORD.at("proof.kind").with("word", &body.proof.kind).into());
    }
    let verdict = call.write(&cx, move |tx, cx| {
        let value = body.proof.value.as_str();
        let proof = if body.proof.kind == "phone_last4" { Proof::PhoneLast4(value) } else { Proof::ReceiverName(value) };
        Ok(match claim::claim(tx, cx, id, body.member, proof)? {
            Claimed::Yes(observed) => {
                let order = read::get(tx, cx, id)?;
                Verdict::Yes(Box::new(Accepted::of(&observed, External { source: order.source, id: order.source_id })))
            }
            Claimed::Wrong => Verdict::Wrong,
            Claimed::Locked => Verdict::Locked,
            Claimed::Taken => Verdict::Taken,
        })
    });
    match verdict.await? {
        Verdict::Yes(accepted) => Ok(Json(*accepted)),
        Verdict::Wrong => Err(claim::WRONG.at("proof").into()),
        Verdict::Locked => Err(claim::LOCKED.refuse().into()),
        Verdict::Taken => Err(claim::TAKEN.refuse().into()),
    }
}
