//! Redeeming rewards, and their delivery.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shuke_access::{audit, merchants};
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply, streamed};
use shuke_kernel::{Ctx, Error, Result as Done};
use shuke_members::MemberId;
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::addresses::to;
use super::dto::{AddressDto, RedemptionDto};
use super::uses::ReasonInput;
use super::{before, request_of, reward_names, text};
use crate::benefit::service::currency;
use crate::reward::address::Address;
use crate::reward::delivery;
use crate::reward::redeem::{self, Ask, Filter, Parcel, Redemption};
use crate::who::Person;
use crate::{RedemptionId, RewardId};

/// Rows of a file that are read at a time.
pub(super) const STEP: i64 = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(redeem_reward))
        .routes(routes!(list_redemptions))
        .routes(routes!(export_redemptions))
        .routes(routes!(get_redemption))
        .routes(routes!(send_redemption))
        .routes(routes!(deliver_redemption))
        .routes(routes!(cancel_redemption))
}

pub(super) fn shown(tx: &mut Tx<'_>, cx: &Ctx, redemption: Redemption) -> Done<RedemptionDto> {
    let (names, currency) = (reward_names(tx, cx)?, currency(tx, cx.merchant)?);
    Ok(RedemptionDto::of(redemption, &names, currency))
}

/// A redemption that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RedeemInput {
    /// The caller's id of this: the same again is the same redemption. The idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
    /// The order in whose parcel it goes: our id of it, or the shop's number.
    #[serde(default)]
    #[schema(max_length = 120)]
    order: Option<String>,
    /// Where goods are sent. A reward with `needs_address` takes this, `address_of` or `order`.
    #[serde(default)]
    address: Option<Address>,
    /// Instead: it goes where this redemption or order of the same member went, `rdm_…` or `ord_…`.
    #[serde(default)]
    #[schema(max_length = 120)]
    address_of: Option<String>,
}

/// What came of it.
#[derive(Serialize, Deserialize, ToSchema)]
struct Redeemed {
    /// `ok`, or `duplicate` where the same request was made before.
    result: String,
    redemption: RedemptionDto,
    /// Points that the member has left.
    available: i64,
}

/// Redeems a reward: points are spent and a piece is taken in one, or neither is.
#[utoipa::path(post, path = "/members/{id}/rewards/{reward}/redeem", operation_id = "redeem_reward", tag = "benefits",
    params(("id" = String, Path), ("reward" = String, Path)), request_body = RedeemInput,
    responses((status = 200, body = Redeemed)), security(("staff" = ["benefits:use"]), ("key" = ["benefits:use"])))]
async fn redeem_reward(call: Call, Path((member, reward)): Path<(MemberId, RewardId)>, Body(body): Body<RedeemInput>) -> Reply<Redeemed> {
    let cx = call.allow(Permission::BenefitsUse)?;
    let to = to(body.address, body.address_of)?;
    let ask = Ask { member, reward, request: request_of(&cx, body.id)?, order: text(body.order, "order")?, to };
    let done = call.write(&cx, move |tx, cx| {
        let made = redeem::make(tx, cx, &ask)?;
        let result = if made.new { "ok" } else { "duplicate" }.to_owned();
        Ok(Redeemed { result, available: made.available, redemption: shown(tx, cx, made.redemption)? })
    });
    Ok(Json(done.await?))
}

/// Which redemptions.
pub(super) fn filter(state: Option<String>, reward: Option<RewardId>, member: Option<MemberId>) -> Result<Filter, Problem> {
    let state = state.filter(|s| !s.is_empty());
    if state.as_deref().is_some_and(|s| !["requested", "sent", "delivered", "cancelled"].contains(&s)) {
        return Err(Problem::invalid("query", "state", "one of requested, sent, delivered, cancelled"));
    }
    Ok(Filter { state, reward, member })
}

/// Who was merged is asked for by whoever has their redemptions now.
fn resolved(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter) -> Done<Filter> {
    let person = filter.member.map(|m| Person::find(tx, cx, m)).transpose()?.flatten();
    Ok(Filter { member: person.map(|p| p.member).or(filter.member), ..filter.clone() })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RedemptionList {
    /// `requested`, `sent`, `delivered` or `cancelled`.
    state: Option<String>,
    /// Only of this reward.
    #[param(value_type = Option<String>)]
    reward: Option<RewardId>,
    /// Only by this member.
    #[param(value_type = Option<String>)]
    member: Option<MemberId>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Redemptions, newest first.
#[utoipa::path(get, path = "/redemptions", operation_id = "list_redemptions", tag = "benefits", params(RedemptionList),
    responses((status = 200, body = Page<RedemptionDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_redemptions(call: Call, Query(q): Query<RedemptionList>) -> Reply<Page<RedemptionDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let (place, fetch, filter) = (before(&paging)?, paging.fetch(), filter(q.state, q.reward, q.member)?);
    let found = call.read(&cx, move |tx, cx| {
        let (names, currency, filter) = (reward_names(tx, cx)?, currency(tx, cx.merchant)?, resolved(tx, cx, &filter)?);
        let found = redeem::list(tx, cx, &filter, place, fetch)?;
        Ok(found.into_iter().map(|r| RedemptionDto::of(r, &names, currency)).collect::<Vec<_>>())
    });
    Ok(Json(Page::cut(found.await?, &paging, |r| vec![r.redeemed_at.into(), r.id.into()])))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RedemptionFile {
    /// `requested`, `sent`, `delivered` or `cancelled`.
    state: Option<String>,
    /// Only of this reward.
    #[param(value_type = Option<String>)]
    reward: Option<RewardId>,
    /// Only by this member.
    #[param(value_type = Option<String>)]
    member: Option<MemberId>,
    /// The merchant, instead of the header `Shuke-Merchant`: a link that a browser follows sends no header.
    #[serde(rename = "merchant")]
    #[param(rename = "merchant")]
    _merchant: Option<String>,
}

const FIELDS: &[Field] = &[
    Field::new("redemption", "兑换", Kind::Text),
    Field::new("redeemed_at", "兑换时间", Kind::Time),
    Field::new("reward", "奖品", Kind::Word),
    Field::new("member", "会员", Kind::Text),
    Field::new("points", "积分", Kind::Int),
    Field::new("state", "状态", Kind::Word),
    Field::new("order", "随单", Kind::Text),
    Field::new("receiver", "收货人", Kind::Text),
    Field::new("phone", "电话", Kind::Text),
    Field::new("address", "收货地址", Kind::Text),
    Field::new("carrier", "快递公司", Kind::Word),
    Field::new("number", "运单号", Kind::Text),
    Field::new("sent_at", "发出时间", Kind::Time),
    Field::new("delivered_at", "送达时间", Kind::Time),
    Field::new("cancelled_at", "取消时间", Kind::Time),
];

/// Redemptions as CSV, whole, newest first; who receives them where is masked.
#[utoipa::path(get, path = "/redemptions/export", operation_id = "export_redemptions", tag = "benefits", params(RedemptionFile),
    responses((status = 200, content((String = "text/csv")))), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn export_redemptions(call: Call, Query(q): Query<RedemptionFile>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let (zh, store, asked) = (call.lang.is_zh(), call.app.store.clone(), filter(q.state, q.reward, q.member)?);
    call.write(&cx, |tx, cx| audit::record(tx, cx, "redemptions.exported", "", "csv").map(|_| ())).await?;
    let (names, filter, currency, zone) = call
        .read(&cx, move |tx, cx| {
            Ok((reward_names(tx, cx)?, resolved(tx, cx, &asked)?, currency(tx, cx.merchant)?, merchants::zone_of(tx, cx.merchant)?))
        })
        .await?;
    let body = streamed("redemptions".to_owned(), move |to| {
        let mut file = Writer::new(to, Format::Csv, Style { zh, zone });
        file.begin(&Sheet { name: "redemptions".into(), zh: "兑换".into(), fields: FIELDS.into() }).map_err(Error::fault)?;
        let mut place = (i64::MAX, [255; 16]);
        loop {
            let (cx, filter, from) = (cx.clone(), filter.clone(), place);
            let page = store.read_now(move |tx| redeem::list(tx, &cx, &filter, from, STEP))?;
            let Some(last) = page.last() else { break };
            place = (last.redeemed_at.micros(), *last.id.bytes());
            for redemption in page {
                let r = RedemptionDto::of(redemption, &names, currency);
                let to = |part: fn(&AddressDto) -> &String| Cell::from(r.address.as_ref().map(|a| part(a).clone()));
                let (receiver, phone, address) = (to(|a| &a.receiver), to(|a| &a.phone), to(|a| &a.address));
                let row: [Cell; 15] = [
                    r.id.to_string().into(),
                    r.redeemed_at.into(),
                    r.reward.name.into(),
                    r.member.to_string().into(),
                    r.points.into(),
                    r.state.into(),
                    r.order.into(),
                    receiver,
                    phone,
                    address,
                    r.carrier.into(),
                    r.number.into(),
                    r.sent_at.into(),
                    r.delivered_at.into(),
                    r.cancelled_at.into(),
                ];
                file.row(&row).map_err(Error::fault)?;
            }
        }
        Ok(file.finish().map_err(Error::fault)?.0)
    });
    let headers = [
        (header::CONTENT_TYPE, Format::Csv.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"redemptions.csv\"".to_owned()),
    ];
    Ok((headers, body).into_response())
}

/// One redemption.
#[utoipa::path(get, path = "/redemptions/{id}", operation_id = "get_redemption", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = RedemptionDto)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn get_redemption(call: Call, Path(id): Path<RedemptionId>) -> Reply<RedemptionDto> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let found = call.read(&cx, move |tx, cx| {
        let found = redeem::get(tx, cx, id)?;
        shown(tx, cx, found)
    });
    Ok(Json(found.await?))
}

pub(super) async fn write(call: Call, f: impl Fn(&mut Tx<'_>, &Ctx) -> Done<Redemption> + Send + 'static) -> Reply<RedemptionDto> {
    let cx = call.allow(Permission::BenefitsUse)?;
    let done = call.write(&cx, move |tx, cx| {
        let done = f(tx, cx)?;
        shown(tx, cx, done)
    });
    Ok(Json(done.await?))
}

/// How it is sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RedemptionParcel)]
struct ParcelInput {
    /// By whom.
    #[schema(min_length = 1, max_length = 60)]
    carrier: String,
    /// Under which number.
    #[schema(min_length = 1, max_length = 60)]
    number: String,
}

/// Goods are on their way; said again, they go under another number.
#[utoipa::path(post, path = "/redemptions/{id}/send", operation_id = "send_redemption", tag = "benefits", params(("id" = String, Path)), request_body = ParcelInput,
    responses((status = 200, body = RedemptionDto)), security(("staff" = ["benefits:use"]), ("key" = ["benefits:use"])))]
async fn send_redemption(call: Call, Path(id): Path<RedemptionId>, Body(body): Body<ParcelInput>) -> Reply<RedemptionDto> {
    let parcel = Parcel { carrier: body.carrier, number: body.number };
    write(call, move |tx, cx| delivery::send(tx, cx, id, &parcel)).await
}

/// It has arrived, or the service was done.
#[utoipa::path(post, path = "/redemptions/{id}/deliver", operation_id = "deliver_redemption", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = RedemptionDto)), security(("staff" = ["benefits:use"]), ("key" = ["benefits:use"])))]
async fn deliver_redemption(call: Call, Path(id): Path<RedemptionId>) -> Reply<RedemptionDto> {
    write(call, move |tx, cx| delivery::deliver(tx, cx, id)).await
}

/// It is not to be: points go back into the lots they were taken from, the piece into the stock.
#[utoipa::path(post, path = "/redemptions/{id}/cancel", operation_id = "cancel_redemption", tag = "benefits", params(("id" = String, Path)), request_body = ReasonInput,
    responses((status = 200, body = RedemptionDto)), security(("staff" = ["benefits:use"]), ("key" = ["benefits:use"])))]
async fn cancel_redemption(call: Call, Path(id): Path<RedemptionId>, Body(body): Body<ReasonInput>) -> Reply<RedemptionDto> {
    write(call, move |tx, cx| delivery::cancel(tx, cx, id, &body.reason)).await
}
