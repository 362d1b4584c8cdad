//! Exceptions: orders that were paid as if a coupon had been theirs, with the money at stake.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_commerce::wire::External;
use shuke_http::{App, Body, Call, MoneyDto, Page, Paging, Path, Permission, Problem, Query, Reply};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::before;
use super::dto::{UseDto, order};
use crate::coupon::missed;
use crate::{BatchId, CouponId};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_coupon_exceptions))
        .routes(routes!(count_coupon_exceptions))
        .routes(routes!(settle_coupon_exception))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExceptionList {
    /// `open` or `settled`; both unless given.
    state: Option<String>,
    /// Only of this batch.
    #[param(value_type = Option<String>)]
    batch: Option<BatchId>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Orders that were paid when a coupon of theirs was not there any more, the newest first.
#[utoipa::path(get, path = "/coupons/exceptions", operation_id = "list_coupon_exceptions", tag = "coupons", params(ExceptionList),
    responses((status = 200, body = Page<UseDto>)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn list_coupon_exceptions(call: Call, Query(q): Query<ExceptionList>) -> Reply<Page<UseDto>> {
    let cx = call.allow(Permission::CouponsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let state = q.state.unwrap_or_default();
    if !["", "open", "settled"].contains(&state.as_str()) {
        return Err(Problem::invalid("query", "state", "open or settled"));
    }
    let (place, fetch, batch) = (before(&paging)?, paging.fetch(), q.batch);
    let found = call.read(&cx, move |tx, cx| {
        let mut out = Vec::new();
        for used in missed::list(tx, cx, &state, batch, place, fetch)? {
            let note = missed::note(tx, cx, &used)?;
            out.push(UseDto::of(used, note));
        }
        Ok(out)
    });
    Ok(Json(Page::cut(found.await?, &paging, |u| vec![u.missed_at.into(), u.coupon.into()])))
}

/// How many exceptions are open.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = CouponExceptionCount)]
struct CountDto {
    /// How many.
    count: i64,
    /// The money at stake.
    money: MoneyDto,
}

/// How many exceptions are open and the money at stake, by currency.
#[utoipa::path(get, path = "/coupons/exceptions/counts", operation_id = "count_coupon_exceptions", tag = "coupons",
    responses((status = 200, body = Page<CountDto>)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn count_coupon_exceptions(call: Call) -> Reply<Page<CountDto>> {
    let cx = call.allow(Permission::CouponsRead)?;
    let open = call.read(&cx, missed::open).await?;
    let told = open.into_iter().map(|o| CountDto { count: o.count, money: MoneyDto { amount: o.money, currency: o.currency } });
    Ok(Json(Page::whole(told.collect())))
}

/// How an exception was settled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponSettleInput)]
struct SettleInput {
    /// The order that was paid.
    order: External,
    /// What was done, in words: the difference was asked for, or borne.
    #[schema(min_length = 1, max_length = 500)]
    note: String,
}

/// Settles an exception: somebody has seen to the money at stake.
#[utoipa::path(post, path = "/coupons/{id}/exceptions/settle", operation_id = "settle_coupon_exception", tag = "coupons", params(("id" = String, Path)), request_body = SettleInput,
    responses((status = 200, body = UseDto)), security(("staff" = ["coupons:use"]), ("key" = ["coupons:use"])))]
async fn settle_coupon_exception(call: Call, Path(id): Path<CouponId>, Body(body): Body<SettleInput>) -> Reply<UseDto> {
    let cx = call.allow(Permission::CouponsUse)?;
    let (name, text) = (order(body.order)?, body.note);
    let done = call.write(&cx, move |tx, cx| {
        let used = missed::settle(tx, cx, id, &name, &text)?;
        let note = missed::note(tx, cx, &used)?;
        Ok(UseDto::of(used, note))
    });
    Ok(Json(done.await?))
}
