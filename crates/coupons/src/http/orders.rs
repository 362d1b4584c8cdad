//! What an order does with coupons, told by the shop: it locks them, is paid, lets them go, is cancelled.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_commerce::wire::External;
use shuke_http::{App, Body, Call, MoneyDto, Page, Permission, Problem, Reply};
use shuke_kernel::{Ctx, Currency, Error, Instant, Result as Done};
use shuke_members::MemberId;
use shuke_store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::order;
use crate::coupon::course::{self, Came, Step, Turn};
use crate::coupon::lock::{self, Ask, Item, Which};
use crate::coupon::shown::{CouponDto, money, shown};
use crate::coupon::{OrderName, held};
use crate::template::service::currency;
use crate::words::invalid;
use crate::{CouponId, code, orders};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(lock_coupons))
        .routes(routes!(redeem_coupons))
        .routes(routes!(release_coupons))
        .routes(routes!(return_coupons))
}

/// A coupon that an order takes.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponLockItem)]
struct LockItem {
    /// `cpn_…`: which. Or by its code.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "cpn_01kc…")]
    coupon: Option<CouponId>,
    /// As it was typed.
    #[serde(default)]
    #[schema(max_length = 100)]
    code: Option<String>,
    /// What it takes off, as the cart was priced: the money at stake.
    saving: MoneyDto,
}

/// Coupons that an order takes.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponLockInput)]
struct LockInput {
    /// The order, by the source and number under which it will be sent here.
    order: External,
    /// Whose coupons; left out where codes are shown by who is no member.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "mem_01kc…")]
    member: Option<MemberId>,
    /// Until when, such as the order's payment deadline; for the minutes of each template unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
    /// 1 to 50 of them: all are locked, or none.
    #[schema(min_items = 1, max_items = 50)]
    coupons: Vec<LockItem>,
}

/// A coupon that an order has.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = CouponLocked)]
struct LockedDto {
    /// `ok`, or `duplicate` where the order had it before.
    result: String,
    /// The coupon.
    coupon: CouponDto,
}

fn item(i: usize, item: LockItem, currency: Currency) -> Done<Item> {
    let place = |field: &str| format!("coupons[{i}].{field}");
    let which = match (item.coupon, item.code) {
        (Some(id), None) => Which::Id(id),
        (None, Some(text)) => Which::Code(code::parse(&text).map_err(|refusal| refusal.at(place("code")))?),
        _ => return Err(invalid(place("coupon"), "券和券码写一个。", "State the coupon or its code, one of the two.").into()),
    };
    if item.saving.currency != currency.code() {
        let (zh, en) = (format!("币种应为 {currency}。"), format!("The currency is {currency}."));
        return Err(invalid(place("saving.currency"), &zh, &en).into());
    }
    Ok(Item { which, saving: item.saving.amount })
}

/// Locks coupons for an order, on a cart that was priced: all of them or none. The same again changes nothing. They are free
/// again when their time is over, and a payment that arrives later still has them where they are there.
#[utoipa::path(post, path = "/coupons/lock", operation_id = "lock_coupons", tag = "coupons", request_body = LockInput,
    responses((status = 200, body = Page<LockedDto>)), security(("staff" = ["coupons:use"]), ("key" = ["coupons:use"])))]
async fn lock_coupons(call: Call, Body(body): Body<LockInput>) -> Reply<Page<LockedDto>> {
    let cx = call.allow(Permission::CouponsUse)?;
    let name = order(body.order.clone())?;
    let done = call.write(&cx, move |tx, cx| {
        let currency = currency(tx, cx.merchant)?;
        let items = body.coupons.iter().cloned().enumerate().map(|(i, one)| item(i, one, currency)).collect::<Done<Vec<_>>>()?;
        let ask = Ask { order: name.clone(), member: body.member, until: body.until, items };
        let mut out = Vec::new();
        for locked in lock::lock(tx, cx, &ask)? {
            let result = if locked.new { "ok" } else { "duplicate" }.to_owned();
            out.push(LockedDto { result, coupon: shown(tx, cx, &locked.coupon)? });
        }
        Ok(out)
    });
    Ok(Json(Page::whole(done.await?)))
}

/// Which coupons of an order.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponOrderInput)]
struct OrderInput {
    /// The order that locked them.
    order: External,
    /// Only these; all that it locked unless given.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    coupons: Option<Vec<CouponId>>,
    /// Of a payment: when it was made, where that is known.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    paid_at: Option<Instant>,
}

/// What came of a coupon of an order.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = CouponStep)]
struct StepDto {
    /// `ok`; `duplicate` where it had been done before or there was nothing to do; `exception` where the order is paid and the
    /// coupon is not there any more.
    result: String,
    /// The money at stake: what it took off, as the cart was priced.
    saving: MoneyDto,
    /// The coupon.
    coupon: CouponDto,
}

fn told(tx: &mut Tx<'_>, cx: &Ctx, step: &Step) -> Done<StepDto> {
    let result = match step.came {
        Came::Now => "ok",
        Came::Before => "duplicate",
        Came::Missed => "exception",
    };
    let currency: Currency = step.used.currency.parse().map_err(Error::fault)?;
    Ok(StepDto { result: result.to_owned(), saving: money(step.used.saving, currency), coupon: shown(tx, cx, &step.coupon)? })
}

async fn turned(call: Call, body: OrderInput, turn: Turn) -> Reply<Page<StepDto>> {
    let cx = call.allow(Permission::CouponsUse)?;
    let name: OrderName = order(body.order)?;
    if body.coupons.as_ref().is_some_and(|only| only.is_empty() || only.len() > lock::MOST) {
        return Err(Problem::invalid("body", "coupons", "1 to 50 coupons, or none named for all of the order"));
    }
    let only = body.coupons;
    let done = call.write(&cx, move |tx, cx| {
        let mut steps = course::turn(tx, cx, &name, only.as_deref(), turn)?;
        // A payment that is told of an order which was closed here meanwhile gives its coupons back.
        if matches!(turn, Turn::Paid { .. }) && !steps.is_empty() {
            orders::again(tx, cx, &name)?;
            for step in &mut steps {
                step.coupon = held::get(tx, cx, step.coupon.id)?;
            }
        }
        steps.iter().map(|step| told(tx, cx, step)).collect::<Done<Vec<_>>>()
    });
    Ok(Json(Page::whole(done.await?)))
}

/// The order is paid: it uses the coupons that it locked. One that is not there any more is answered with `exception` and
/// put on the list of exceptions. An order that is sent here does this of itself when it is paid.
#[utoipa::path(post, path = "/coupons/redeem", operation_id = "redeem_coupons", tag = "coupons", request_body = OrderInput,
    responses((status = 200, body = Page<StepDto>)), security(("staff" = ["coupons:use"]), ("key" = ["coupons:use"])))]
async fn redeem_coupons(call: Call, Body(body): Body<OrderInput>) -> Reply<Page<StepDto>> {
    let turn = Turn::Paid { at: body.paid_at, asked: true };
    turned(call, body, turn).await
}

/// The shop takes coupons off an order that is not paid: they are free again, and the order does not use them when it is paid.
#[utoipa::path(post, path = "/coupons/release", operation_id = "release_coupons", tag = "coupons", request_body = OrderInput,
    responses((status = 200, body = Page<StepDto>)), security(("staff" = ["coupons:use"]), ("key" = ["coupons:use"])))]
async fn release_coupons(call: Call, Body(body): Body<OrderInput>) -> Reply<Page<StepDto>> {
    turned(call, body, Turn::LetGo).await
}

/// The order is closed, or all of it went back: what it holds is free, and what it used comes back as its template says. An
/// order that is sent here does this of itself.
#[utoipa::path(post, path = "/coupons/return", operation_id = "return_coupons", tag = "coupons", request_body = OrderInput,
    responses((status = 200, body = Page<StepDto>)), security(("staff" = ["coupons:use"]), ("key" = ["coupons:use"])))]
async fn return_coupons(call: Call, Body(body): Body<OrderInput>) -> Reply<Page<StepDto>> {
    turned(call, body, Turn::Gone).await
}
