//! Batches: made, changed, their stock and codes; claimed from and granted out of.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_http::{App, Body, Call, MoneyDto, Page, Paging, Path, Permission, Problem, Query, Reply, streamed};
use shuke_kernel::{Ctx, Result as Done};
use shuke_members::MemberId;
use shuke_sheets::Format;
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{BatchDto, HadDto, TallyDto};
use super::{before, request_of, states};
use crate::batch::service::{self, More};
use crate::batch::{Batch, Definition, stock};
use crate::code::sheet;
use crate::coupon::shown::{CouponDto, shown};
use crate::coupon::{claim, service as coupons, take};
use crate::state::State;
use crate::template::service::currency;
use crate::{BatchId, TemplateId};

/// Members of one call that are granted something, at most.
const MOST: usize = 200;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_coupon_batches, create_coupon_batch))
        .routes(routes!(get_coupon_batch, update_coupon_batch))
        .routes(routes!(pause_coupon_batch))
        .routes(routes!(resume_coupon_batch))
        .routes(routes!(archive_coupon_batch))
        .routes(routes!(change_coupon_stock))
        .routes(routes!(list_batch_coupons))
        .routes(routes!(export_coupon_codes))
        .routes(routes!(claim_coupon))
        .routes(routes!(grant_coupons))
}

fn shown_batch(tx: &mut Tx<'_>, cx: &Ctx, batch: Batch) -> Done<BatchDto> {
    let left = stock::left(tx, cx, &[batch.id])?.pop().unwrap_or_default();
    let currency = currency(tx, cx.merchant)?;
    Ok(BatchDto::of(batch, left, cx.now, currency))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BatchList {
    /// Only of this template.
    #[param(value_type = Option<String>)]
    template: Option<TemplateId>,
    /// Only those that people set to it: `active`, `paused` or `archived`.
    state: Option<String>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Batches, the newest first.
#[utoipa::path(get, path = "/coupons/batches", operation_id = "list_coupon_batches", tag = "coupons", params(BatchList),
    responses((status = 200, body = Page<BatchDto>)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn list_coupon_batches(call: Call, Query(q): Query<BatchList>) -> Reply<Page<BatchDto>> {
    let cx = call.allow(Permission::CouponsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let state = match q.state.as_deref() {
        None | Some("") => None,
        Some(word) => Some(State::of(word).map_err(|_| Problem::invalid("query", "state", "active, paused or archived"))?),
    };
    let (place, fetch, template) = (before(&paging)?, paging.fetch(), q.template);
    let found = call.read(&cx, move |tx, cx| {
        let all = service::list(tx, cx.merchant, template, state, place, fetch)?;
        let ids: Vec<BatchId> = all.iter().map(|batch| batch.id).collect();
        let (left, currency) = (stock::left(tx, cx, &ids)?, currency(tx, cx.merchant)?);
        Ok(all.into_iter().zip(left).map(|(batch, left)| BatchDto::of(batch, left, cx.now, currency)).collect::<Vec<_>>())
    });
    Ok(Json(Page::cut(found.await?, &paging, |b| vec![b.created_at.into(), b.id.into()])))
}

/// Makes a batch: its stock at once, its codes as a task.
#[utoipa::path(post, path = "/coupons/batches", operation_id = "create_coupon_batch", tag = "coupons", request_body = Definition,
    responses((status = 201, body = BatchDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn create_coupon_batch(call: Call, Body(body): Body<Definition>) -> Result<(StatusCode, Json<BatchDto>), Problem> {
    let cx = call.allow(Permission::CouponsWrite)?;
    let made = call.write(&cx, move |tx, cx| {
        let made = service::create(tx, cx, body.clone())?;
        shown_batch(tx, cx, made)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// One batch, and what became of it: its coupons by where they stand, orders that used one, what those saved.
#[utoipa::path(get, path = "/coupons/batches/{id}", operation_id = "get_coupon_batch", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = TallyDto)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn get_coupon_batch(call: Call, Path(id): Path<BatchId>) -> Reply<TallyDto> {
    let cx = call.allow(Permission::CouponsRead)?;
    let found = call.read(&cx, move |tx, cx| {
        let batch = service::get(tx, cx.merchant, id)?;
        let (tally, currency) = (service::tally(tx, cx.merchant, id)?, currency(tx, cx.merchant)?);
        Ok(TallyDto::of(shown_batch(tx, cx, batch)?, tally, currency))
    });
    Ok(Json(found.await?))
}

async fn write(call: Call, f: impl Fn(&mut Tx<'_>, &Ctx) -> Done<Batch> + Send + 'static) -> Reply<BatchDto> {
    let cx = call.allow(Permission::CouponsWrite)?;
    let done = call.write(&cx, move |tx, cx| {
        let batch = f(tx, cx)?;
        shown_batch(tx, cx, batch)
    });
    Ok(Json(done.await?))
}

/// Says something else of a batch: name, claiming time, how many a member may have, its word. `version` is the one that was
/// read; whether it has codes is said as it is.
#[utoipa::path(put, path = "/coupons/batches/{id}", operation_id = "update_coupon_batch", tag = "coupons", params(("id" = String, Path)), request_body = Definition,
    responses((status = 200, body = BatchDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn update_coupon_batch(call: Call, Path(id): Path<BatchId>, Body(body): Body<Definition>) -> Reply<BatchDto> {
    write(call, move |tx, cx| service::change(tx, cx, id, body.clone())).await
}

/// Pauses a batch: nothing is handed out of it.
#[utoipa::path(post, path = "/coupons/batches/{id}/pause", operation_id = "pause_coupon_batch", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = BatchDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn pause_coupon_batch(call: Call, Path(id): Path<BatchId>) -> Reply<BatchDto> {
    write(call, move |tx, cx| service::set_state(tx, cx, id, State::Paused)).await
}

/// Sets a paused batch going again.
#[utoipa::path(post, path = "/coupons/batches/{id}/resume", operation_id = "resume_coupon_batch", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = BatchDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn resume_coupon_batch(call: Call, Path(id): Path<BatchId>) -> Reply<BatchDto> {
    write(call, move |tx, cx| service::set_state(tx, cx, id, State::Active)).await
}

/// Puts a batch away for good: codes that nobody has entered are worth nothing, coupons that members have stay good.
#[utoipa::path(post, path = "/coupons/batches/{id}/archive", operation_id = "archive_coupon_batch", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = BatchDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn archive_coupon_batch(call: Call, Path(id): Path<BatchId>) -> Reply<BatchDto> {
    write(call, move |tx, cx| service::set_state(tx, cx, id, State::Archived)).await
}

/// How a stock is to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponStockInput)]
struct StockInput {
    /// By so many pieces; below nothing they are taken off what is left.
    #[serde(default)]
    pieces: i64,
    /// By so much budget, where amounts are drawn from one.
    #[serde(default)]
    budget: Option<MoneyDto>,
}

/// Changes how many are left, and the budget of drawn amounts.
#[utoipa::path(post, path = "/coupons/batches/{id}/stock", operation_id = "change_coupon_stock", tag = "coupons", params(("id" = String, Path)), request_body = StockInput,
    responses((status = 200, body = BatchDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn change_coupon_stock(call: Call, Path(id): Path<BatchId>, Body(body): Body<StockInput>) -> Reply<BatchDto> {
    let more = More { pieces: body.pieces, budget: body.budget };
    write(call, move |tx, cx| service::change_stock(tx, cx, id, &more)).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BatchCoupons {
    /// One or several states with commas, as they are written: one whose time is over since may still say otherwise.
    state: Option<String>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A batch's coupons, the oldest first.
#[utoipa::path(get, path = "/coupons/batches/{id}/coupons", operation_id = "list_batch_coupons", tag = "coupons", params(("id" = String, Path), BatchCoupons),
    responses((status = 200, body = Page<CouponDto>)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn list_batch_coupons(call: Call, Path(id): Path<BatchId>, Query(q): Query<BatchCoupons>) -> Reply<Page<CouponDto>> {
    let cx = call.allow(Permission::CouponsRead)?;
    let (paging, named) = (Paging::new(q.limit, q.cursor.as_deref())?, states(q.state.as_deref())?);
    let (after, fetch) = (paging.id(0, [0; 16])?, paging.fetch());
    let found = call.read(&cx, move |tx, cx| {
        service::get(tx, cx.merchant, id)?;
        let all = coupons::of_batch(tx, cx, id, &named, after, fetch)?;
        all.iter().map(|coupon| shown(tx, cx, coupon)).collect::<Done<Vec<_>>>()
    });
    Ok(Json(Page::cut(found.await?, &paging, |c| vec![c.id.into()])))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CodesFile {
    /// `csv` unless given, or `xlsx`.
    format: Option<String>,
    /// The merchant, instead of the header `Shuke-Merchant`: a link that a browser follows sends no header.
    #[serde(rename = "merchant")]
    #[param(rename = "merchant")]
    _merchant: Option<String>,
}

/// The codes of a batch as a sheet, all of them, written while it is sent. Who has it has the coupons: it is in the audit.
#[utoipa::path(get, path = "/coupons/batches/{id}/codes", operation_id = "export_coupon_codes", tag = "coupons", params(("id" = String, Path), CodesFile),
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))),
    security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn export_coupon_codes(call: Call, Path(id): Path<BatchId>, Query(q): Query<CodesFile>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::CouponsWrite)?;
    let format = match q.format.as_deref() {
        None | Some("" | "csv") => Format::Csv,
        Some("xlsx") => Format::Xlsx,
        Some(_) => return Err(Problem::invalid("query", "format", "csv or xlsx")),
    };
    let (zh, store) = (call.lang.is_zh(), call.app.store.clone());
    // Asked anew every time: an idempotency key would keep the answer, not the audit's entry.
    let of = cx.clone();
    let batch = store.write(shuke_store::Lane::Interactive, move |tx| sheet::begin(tx, &of, id)).await?;
    let zone = call.read(&cx, |tx, cx| merchants::zone_of(tx, cx.merchant)).await?;
    let body = streamed("coupon codes".to_owned(), move |to| sheet::write(&store, &cx, &batch, format, zh, zone, to).map(|(to, _)| to));
    let name = format!("attachment; filename=\"{id}.{}\"", format.word());
    let headers = [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}

/// Who claims one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponClaimInput)]
struct ClaimInput {
    /// `mem_…`.
    #[schema(value_type = String, example = "mem_01kc…")]
    member: MemberId,
    /// The caller's id of this: the same again is the same coupon. The idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
}

/// Claims a coupon for a member. What keeps them from it is told: claiming time, tier, segment, limit, all gone.
#[utoipa::path(post, path = "/coupons/batches/{id}/claim", operation_id = "claim_coupon", tag = "coupons", params(("id" = String, Path)), request_body = ClaimInput,
    responses((status = 200, body = HadDto)), security(("staff" = ["coupons:use"]), ("key" = ["coupons:use"])))]
async fn claim_coupon(call: Call, Path(id): Path<BatchId>, Body(body): Body<ClaimInput>) -> Reply<HadDto> {
    let cx = call.allow(Permission::CouponsUse)?;
    let ask = claim::Ask { member: body.member, batch: id, request: request_of(&cx, body.id)? };
    let (coupon, new) = claim::claim(&call.app.store, &cx, ask).await?.answer()?;
    Ok(Json(HadDto::of(coupon, new)))
}

/// Who is given one.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponGrantItem)]
struct GrantItem {
    /// `mem_…`.
    #[schema(value_type = String, example = "mem_01kc…")]
    member: MemberId,
    /// The caller's id of this: the same again is the same coupon. The member and the idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
}

/// Who are given one each.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponGrantInput)]
struct GrantInput {
    /// 1 to 200 members.
    #[schema(min_items = 1, max_items = 200)]
    items: Vec<GrantItem>,
}

/// What came of a grant.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = CouponGranted)]
struct Granted {
    /// Whose.
    #[schema(value_type = String)]
    member: MemberId,
    /// `ok`, `duplicate`, or the code of why not, such as `coupon.sold_out`.
    result: String,
    /// Why not, in Chinese,
    why_zh: Option<String>,
    /// and in English.
    why: Option<String>,
    /// The coupon.
    coupon: Option<CouponDto>,
}

/// Gives members a coupon each, whatever the claiming time. Each is answered for themselves; stock and limits hold.
#[utoipa::path(post, path = "/coupons/batches/{id}/grants", operation_id = "grant_coupons", tag = "coupons", params(("id" = String, Path)), request_body = GrantInput,
    responses((status = 200, body = Page<Granted>)), security(("staff" = ["coupons:use"]), ("key" = ["coupons:use"])))]
async fn grant_coupons(call: Call, Path(id): Path<BatchId>, Body(body): Body<GrantInput>) -> Reply<Page<Granted>> {
    let cx = call.allow(Permission::CouponsUse)?;
    if body.items.is_empty() || body.items.len() > MOST {
        return Err(Problem::invalid("body", "items", format!("1 to {MOST} members")));
    }
    let base = request_of(&cx, None)?;
    let mut to: Vec<(MemberId, String)> = Vec::with_capacity(body.items.len());
    for (i, item) in body.items.into_iter().enumerate() {
        let request = match item.id {
            Some(id) => request_of(&cx, Some(id))?,
            None => format!("{base}/{}", item.member),
        };
        if to.iter().any(|(_, known)| *known == request) {
            return Err(Problem::invalid("body", &format!("items[{i}]"), "the same member or id stands twice"));
        }
        to.push((item.member, request));
    }
    let done = call.write(&cx, move |tx, cx| {
        let mut out = Vec::with_capacity(to.len());
        for (answer, (member, _)) in take::grant_many(tx, cx, id, &to)?.into_iter().zip(&to) {
            out.push(match answer {
                Ok(taken) => {
                    let result = if taken.new { "ok" } else { "duplicate" }.to_owned();
                    let coupon = shown(tx, cx, &taken.coupon)?;
                    Granted { member: coupon.member.unwrap_or(*member), result, why_zh: None, why: None, coupon: Some(coupon) }
                }
                Err(refusal) => Granted {
                    member: *member,
                    result: refusal.code.code.to_owned(),
                    why_zh: Some(refusal.text(true)),
                    why: Some(refusal.text(false)),
                    coupon: None,
                },
            });
        }
        Ok(out)
    });
    Ok(Json(Page::whole(done.await?)))
}
