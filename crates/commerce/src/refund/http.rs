//! `/refunds`, and a member's refunds.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, MoneyDto, Page, PageQuery, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Code, Ctx, Instant, Kind, Result as Done};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{RefundId, RefundRow};
use crate::order::dto::KeyDto;
use crate::order::observation::{BuyerKey, Doc, Noted, Observation, RefundKind, RefundLine, RefundSaid, RefundState};
use crate::order::{OrderId, observe_many, read};
use crate::wire::{Amounts, Answers, External, Outcome, answers, money, read_items, renamed, status, word};

/// The refund is in another currency than its order.
pub static OTHER_CURRENCY: Code = Code {
    code: "refund.other_currency",
    kind: Kind::Unprocessable,
    zh: "退款币种与订单不一致（订单为 {currency}）。",
    en: "The refund is in another currency than its order, which is in {currency}.",
};
/// The body names another order than the path.
pub static OTHER_ORDER: Code = Code {
    code: "refund.other_order",
    kind: Kind::Invalid,
    zh: "请求体中的订单与路径不一致。",
    en: "The body names another order than the path.",
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_refunds, create_refund))
        .routes(routes!(batch_refunds))
        .routes(routes!(get_refund))
        .routes(routes!(get_refund_by_external, put_refund_by_external))
        .routes(routes!(list_member_refunds))
}

/// A line that came back.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RefundLineInput)]
pub struct RefundLineInput {
    /// The order line's id at your side.
    line: Option<String>,
    /// Or its code.
    sku: Option<String>,
    /// Pieces that came back.
    #[schema(minimum = 0)]
    quantity: Option<i64>,
    /// Given back for it; absent: its share of what was paid.
    amount: Option<MoneyDto>,
}

/// A refund as you know it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RefundInput)]
pub struct RefundInput {
    /// Its name at its source. In a path it need not be repeated.
    pub external: Option<External>,
    /// The order: `ord_…`.
    #[schema(value_type = Option<String>, example = "ord_01kc…")]
    order: Option<OrderId>,
    /// Or the order's name at its source. A refund without any order stands alone.
    order_external: Option<External>,
    /// `return` (default), `money_only`, `price_protection`, `compensation` or `exchange`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "return")]
    kind: RefundKind,
    /// `succeeded` (default), `open` or `closed`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "succeeded")]
    state: RefundState,
    /// All that went back; absent: what the lines come to, else all that was paid, as an estimate.
    amount: Option<MoneyDto>,
    /// What of it was shipping.
    shipping: Option<MoneyDto>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Instant>,
    /// When the source last changed it.
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Instant>,
    /// The reason's word.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// The lines that it names; none: the order as a whole.
    #[serde(default)]
    #[schema(max_items = 1000)]
    lines: Vec<RefundLineInput>,
    /// Who it went to, for a refund that stands alone.
    #[serde(default)]
    #[schema(max_items = 50)]
    buyer_keys: Vec<KeyDto>,
}

/// Which order a refund is of.
#[derive(Clone)]
enum Of {
    Order(OrderId),
    Named(External),
    /// Whichever it was before, else none.
    Unsaid,
}

/// A refund that was read and checked as far as it can be without the store.
#[derive(Clone)]
pub(crate) struct Incoming {
    name: External,
    of: Of,
    said: Observation,
}

impl RefundInput {
    fn read(self, cx: &Ctx, name: External) -> Result<Incoming, Problem> {
        let mut amounts = Amounts::default();
        let amount = amounts.read("amount", self.amount.as_ref())?;
        let shipping = amounts.read("shipping", self.shipping.as_ref())?.unwrap_or(0);
        let mut lines = Vec::with_capacity(self.lines.len());
        for (i, l) in self.lines.into_iter().enumerate() {
            let amount = amounts.read(&format!("lines[{i}].amount"), l.amount.as_ref())?;
            lines.push(RefundLine { line: l.line, sku: l.sku, title: None, quantity: l.quantity.unwrap_or(0), amount });
        }
        let refund = RefundSaid {
            source: None,
            source_id: name.id.clone(),
            kind: self.kind,
            state: self.state,
            amount,
            shipping,
            at: self.at,
            reason: self.reason,
            lines,
        };
        let of = match (self.order, self.order_external) {
            (Some(id), _) => Of::Order(id),
            (None, Some(named)) => Of::Named(named),
            (None, None) => Of::Unsaid,
        };
        let said = Observation {
            source: name.source.clone(),
            source_id: name.id.clone(),
            doc: Doc::Refund,
            heard: if self.updated_at.is_none() && self.at.is_none() { Some(cx.now) } else { None },
            source_time: self.updated_at,
            currency: amounts.currency,
            buyer: self.buyer_keys.into_iter().map(BuyerKey::from).collect(),
            refund: Some(Box::new(refund)),
            ..Observation::default()
        };
        said.clone().note().map_err(|r| renamed(r, "refund."))?;
        Ok(Incoming { name, of, said })
    }
}

/// What came of a refund that was sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RefundAccepted {
    /// The refund.
    #[schema(value_type = String, example = "ref_01kc…")]
    pub id: RefundId,
    /// Its name at its source.
    pub external: External,
    /// `created`, `updated` or `unchanged`.
    pub status: String,
    /// The order; `null` where it stands alone.
    #[schema(value_type = Option<String>, example = "ord_01kc…")]
    pub order: Option<OrderId>,
    /// The order's net paid now.
    pub order_net_paid: Option<MoneyDto>,
    /// By how much the order's refunds exceed what is known to be paid for it; absent where they do
    /// not. It is taken all the same, since the payment may arrive later; if none does, look into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_refund_over: Option<MoneyDto>,
}

fn take(tx: &mut Tx<'_>, cx: &Ctx, incoming: &Incoming) -> Done<RefundAccepted> {
    let known = match super::by_external(tx, cx, &incoming.name.source, &incoming.name.id) {
        Ok(row) => Some(row),
        Err(e) if e.refusal().is_some() => None,
        Err(e) => return Err(e),
    };
    let order = match (&incoming.of, &known.as_ref().and_then(|k| k.order)) {
        (Of::Order(id), _) | (Of::Unsaid, Some(id)) => {
            let order = read::get(tx, cx, *id)?;
            let currency = order.currency;
            if incoming.said.currency.is_some_and(|c| c != currency) {
                return Err(OTHER_CURRENCY.at("amount.currency").with("currency", currency).into());
            }
            Some(External { source: order.source, id: order.source_id })
        }
        (Of::Named(name), _) => Some(name.clone()),
        (Of::Unsaid, None) => None,
    };
    let Some(order) = order else {
        let note = incoming.said.clone().note()?;
        let (id, change) = super::observe_alone(tx, cx, std::slice::from_ref(&note))?
            .pop()
            .ok_or_else(|| shuke_kernel::Error::fault("a refund had no answer"))?;
        return Ok(RefundAccepted {
            id,
            external: incoming.name.clone(),
            status: change.word().to_owned(),
            order: None,
            order_net_paid: None,
            order_refund_over: None,
        });
    };
    let mut said = Observation { source: order.source, source_id: order.id, ..incoming.said.clone() };
    if let Some(refund) = &mut said.refund
        && said.source != incoming.name.source
    {
        refund.source = Some(incoming.name.source.clone());
    }
    let note: Noted = said.note()?;
    let observed =
        observe_many(tx, cx, std::slice::from_ref(&note))?.pop().ok_or_else(|| shuke_kernel::Error::fault("a refund had no answer"))?;
    let row = super::by_external(tx, cx, &incoming.name.source, &incoming.name.id)?;
    let status = match known {
        None => "created",
        Some(before) if RefundRow { recorded_at: before.recorded_at, ..row.clone() } == before => "unchanged",
        Some(_) => "updated",
    };
    let order = read::get(tx, cx, observed.order)?;
    let over = super::over(&super::of_order(tx, cx, observed.order)?, order.paid);
    Ok(RefundAccepted {
        id: row.id,
        external: incoming.name.clone(),
        status: status.to_owned(),
        order: Some(observed.order),
        order_net_paid: observed.net_paid.map(|n| money(n, observed.currency)),
        order_refund_over: over.map(|o| money(o, order.currency)),
    })
}

async fn upsert(call: &Call, cx: &Ctx, incoming: Incoming) -> Result<(StatusCode, Json<RefundAccepted>), Problem> {
    let made = call.write(cx, move |tx, cx| take(tx, cx, &incoming)).await?;
    Ok((status(&made.status), Json(made)))
}

/// The refund of an order that the path names.
pub(crate) async fn of_order(call: &Call, id: OrderId, mut body: RefundInput) -> Result<(StatusCode, Json<RefundAccepted>), Problem> {
    let cx = call.allow(Permission::OrdersWrite)?;
    if body.order.is_some_and(|o| o != id) || body.order_external.is_some() {
        return Err(OTHER_ORDER.at("order").into());
    }
    body.order = Some(id);
    let name = External::of_body(body.external.take())?;
    let incoming = body.read(&cx, name)?;
    upsert(call, &cx, incoming).await
}

/// A line that a refund names.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RefundLine)]
pub struct RefundLineDto {
    /// Its number in the order; `null` where the order has no such line.
    pub line_no: Option<i64>,
    /// Its code.
    pub sku: Option<String>,
    /// Pieces.
    pub quantity: i64,
    /// Given back for it.
    pub amount: MoneyDto,
}

/// A refund.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Refund)]
pub struct RefundDto {
    /// `ref_…`.
    #[schema(value_type = String, example = "ref_01kc…")]
    pub id: RefundId,
    /// Its name at its source; what an order states without a number is `…#stated`.
    pub external: External,
    /// The order; `null` where it stands alone.
    #[schema(value_type = Option<String>, example = "ord_01kc…")]
    pub order_id: Option<OrderId>,
    /// Whose.
    #[schema(value_type = Option<String>, example = "mem_01kc…")]
    pub member: Option<MemberId>,
    /// Why.
    pub kind: String,
    /// How far.
    pub state: String,
    /// All that went back.
    pub amount: MoneyDto,
    /// What of it lowers net paid.
    pub goods: MoneyDto,
    /// The reason's word.
    pub reason: Option<String>,
    /// When, as the source tells.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Instant>,
    /// The lines that it names.
    pub lines: Vec<RefundLineDto>,
    /// The amount is inferred.
    pub estimated: bool,
}

impl From<RefundRow> for RefundDto {
    fn from(r: RefundRow) -> Self {
        let c = r.currency;
        Self {
            id: r.id,
            external: External { source: r.source, id: r.source_id },
            order_id: r.order,
            member: r.member,
            kind: r.kind,
            state: r.state,
            amount: money(r.amount, c),
            goods: money(r.goods, c),
            reason: r.reason,
            created_at: r.at,
            lines: r
                .lines
                .into_iter()
                .map(|l| RefundLineDto {
                    line_no: (l.line_no > 0).then_some(l.line_no),
                    sku: l.sku,
                    quantity: l.quantity,
                    amount: money(l.amount, c),
                })
                .collect(),
            estimated: r.estimated,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RefundQuery {
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// `open`, `closed` or `succeeded`.
    state: Option<String>,
}

fn before(paging: &Paging) -> Result<Option<[u8; 16]>, Problem> {
    if paging.after.is_empty() { Ok(None) } else { paging.id(0, [0; 16]).map(Some) }
}

fn cut(rows: Vec<RefundRow>, paging: &Paging) -> Page<RefundDto> {
    Page::cut(rows, paging, |r| vec![r.id.into()]).map(RefundDto::from)
}

/// Refunds, newest first.
#[utoipa::path(get, path = "/refunds", operation_id = "list_refunds", tag = "refunds", params(RefundQuery),
    responses((status = 200, body = Page<RefundDto>)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn list_refunds(call: Call, Query(q): Query<RefundQuery>) -> Reply<Page<RefundDto>> {
    let cx = call.allow(Permission::OrdersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let start = before(&paging)?;
    let state: Option<RefundState> = q.state.filter(|s| !s.is_empty()).map(|s| word("state", &s)).transpose()?;
    let fetch = paging.fetch();
    let rows = call.read(&cx, move |tx, cx| super::list(tx, cx, None, state, start, fetch)).await?;
    Ok(Json(cut(rows, &paging)))
}

/// A member's refunds, newest first.
#[utoipa::path(get, path = "/members/{id}/refunds", operation_id = "list_member_refunds", tag = "refunds", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<RefundDto>)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn list_member_refunds(call: Call, Path(id): Path<MemberId>, Query(q): Query<PageQuery>) -> Reply<Page<RefundDto>> {
    let cx = call.allow(Permission::OrdersRead)?;
    let paging = q.paging()?;
    let start = before(&paging)?;
    let fetch = paging.fetch();
    let rows = call.read(&cx, move |tx, cx| {
        let member = identity::resolve(tx, cx, id)?.ok_or_else(|| MEMBER_NOT_FOUND.refuse())?;
        super::list(tx, cx, Some(member), None, start, fetch)
    });
    Ok(Json(cut(rows.await?, &paging)))
}

/// One refund.
#[utoipa::path(get, path = "/refunds/{id}", operation_id = "get_refund", tag = "refunds", params(("id" = String, Path)),
    responses((status = 200, body = RefundDto)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn get_refund(call: Call, Path(id): Path<RefundId>) -> Reply<RefundDto> {
    let cx = call.allow(Permission::OrdersRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| super::get(tx, cx, id)).await?.into()))
}

/// The refund of that name at its source.
#[utoipa::path(get, path = "/refunds/by-external/{source}/{id}", operation_id = "get_refund_by_external", tag = "refunds",
    params(("source" = String, Path), ("id" = String, Path)), responses((status = 200, body = RefundDto)),
    security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn get_refund_by_external(call: Call, Path((source, id)): Path<(String, String)>) -> Reply<RefundDto> {
    let cx = call.allow(Permission::OrdersRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| super::by_external(tx, cx, &source, &id)).await?.into()))
}

/// Takes a refund, new or known by its `external`.
#[utoipa::path(post, path = "/refunds", operation_id = "create_refund", tag = "refunds", request_body = RefundInput,
    responses((status = 201, body = RefundAccepted), (status = 200, body = RefundAccepted)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn create_refund(call: Call, Body(mut body): Body<RefundInput>) -> Result<(StatusCode, Json<RefundAccepted>), Problem> {
    let cx = call.allow(Permission::OrdersWrite)?;
    let name = External::of_body(body.external.take())?;
    let incoming = body.read(&cx, name)?;
    upsert(&call, &cx, incoming).await
}

/// Takes a refund under its name at its source.
#[utoipa::path(put, path = "/refunds/by-external/{source}/{id}", operation_id = "put_refund_by_external", tag = "refunds",
    params(("source" = String, Path), ("id" = String, Path)), request_body = RefundInput,
    responses((status = 201, body = RefundAccepted), (status = 200, body = RefundAccepted)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn put_refund_by_external(
    call: Call,
    Path((source, id)): Path<(String, String)>,
    Body(body): Body<RefundInput>,
) -> Result<(StatusCode, Json<RefundAccepted>), Problem> {
    let cx = call.allow(Permission::OrdersWrite)?;
    let name = External::of_path(source, id, body.external.as_ref())?;
    let incoming = body.read(&cx, name)?;
    upsert(&call, &cx, incoming).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefundBatch {
    /// 1 to 1000 refunds, each with its `external`.
    #[schema(value_type = Vec<RefundInput>, min_items = 1, max_items = 1000)]
    items: Vec<serde_json::Value>,
}

/// What came of an item that was read well: taken, or refused by a rule that only the store knows.
#[derive(Serialize, Deserialize)]
enum Taken {
    Yes(Outcome),
    OtherCurrency(String),
    NoOrder,
}

/// Takes up to 1,000 refunds. Each item is answered for itself.
#[utoipa::path(post, path = "/refunds/batch", operation_id = "batch_refunds", tag = "refunds", request_body = RefundBatch,
    responses((status = 200, body = Answers)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn batch_refunds(call: Call, Body(body): Body<RefundBatch>) -> Reply<Answers> {
    let cx = call.allow(Permission::OrdersWrite)?;
    let make = |mut refund: RefundInput| {
        let name = External::of_body(refund.external.take())?;
        refund.read(&cx, name)
    };
    let (good, mut bad) = read_items(&call, body.items, make)?;
    let (places, incoming): (Vec<usize>, Vec<Incoming>) = good.into_iter().unzip();
    let taken: Vec<Taken> = if incoming.is_empty() {
        Vec::new()
    } else {
        let one = |tx: &mut Tx<'_>, cx: &Ctx, i: &Incoming| match take(tx, cx, i) {
            Ok(a) => Ok(Taken::Yes(Outcome { status: a.status, id: a.id.to_string() })),
            Err(e) => match e.refusal() {
                Some(r) if *r.code == OTHER_CURRENCY => Ok(Taken::OtherCurrency(r.params.first().map(|p| p.1.clone()).unwrap_or_default())),
                Some(r) if *r.code == read::NOT_FOUND => Ok(Taken::NoOrder),
                _ => Err(e),
            },
        };
        call.write(&cx, move |tx, cx| incoming.iter().map(|i| one(tx, cx, i)).collect()).await?
    };
    let (mut fine, mut outcomes) = (Vec::new(), Vec::new());
    for (index, t) in places.into_iter().zip(taken) {
        let refusal = match t {
            Taken::Yes(outcome) => {
                fine.push(index);
                outcomes.push(outcome);
                continue;
            }
            Taken::OtherCurrency(currency) => OTHER_CURRENCY.at(format!("items[{index}].amount.currency")).with("currency", currency),
            Taken::NoOrder => read::NOT_FOUND.at(format!("items[{index}].order")),
        };
        let problem = Problem::from(refusal).body(call.lang, &call.request_id);
        bad.push(crate::wire::Answer { index, status: "refused".to_owned(), id: None, problem: Some(problem) });
    }
    Ok(Json(answers(fine, outcomes, bad)))
}
