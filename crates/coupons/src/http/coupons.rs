//! Single coupons: looked at, entered by their codes, taken away; a member's, and what the pricing engine reads of them.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Query, Reply};
use shuke_kernel::{Ctx, Error, Result as Done};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{HadDto, UseDto};
use super::{before, request_of, states};
use crate::batch::service as batches;
use crate::code::enter;
use crate::coupon::shown::{CouponDto, shown};
use crate::coupon::{course, engine, held, missed, service};
use crate::{BatchId, CouponId};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_coupon))
        .routes(routes!(revoke_coupon))
        .routes(routes!(enter_coupon_code))
        .routes(routes!(find_coupon_code))
        .routes(routes!(list_member_coupons))
        .routes(routes!(get_member_coupon_offers))
}

/// A coupon and what orders did with it.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = CouponWithUses)]
struct WithUses {
    /// The coupon.
    coupon: CouponDto,
    /// What orders did with it, the latest first.
    uses: Vec<UseDto>,
    /// Why it was taken away, where it was.
    reason: Option<String>,
}

fn whole(tx: &mut Tx<'_>, cx: &Ctx, id: CouponId) -> Done<WithUses> {
    let coupon = held::get(tx, cx, id)?;
    let mut uses = Vec::new();
    for used in course::of_coupon(tx, cx, id)? {
        let note = missed::note(tx, cx, &used)?;
        uses.push(UseDto::of(used, note));
    }
    Ok(WithUses { coupon: shown(tx, cx, &coupon)?, uses, reason: service::reason(tx, cx, id)? })
}

/// One coupon, as it stands now, and what orders did with it.
#[utoipa::path(get, path = "/coupons/{id}", operation_id = "get_coupon", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = WithUses)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn get_coupon(call: Call, Path(id): Path<CouponId>) -> Reply<WithUses> {
    let cx = call.allow(Permission::CouponsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| whole(tx, cx, id)).await?))
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponReason)]
struct ReasonInput {
    /// In words.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Takes a coupon away that could be used. What it took of stock and budget stays taken.
#[utoipa::path(post, path = "/coupons/{id}/revoke", operation_id = "revoke_coupon", tag = "coupons", params(("id" = String, Path)), request_body = ReasonInput,
    responses((status = 200, body = CouponDto)), security(("staff" = ["coupons:use"]), ("key" = ["coupons:use"])))]
async fn revoke_coupon(call: Call, Path(id): Path<CouponId>, Body(body): Body<ReasonInput>) -> Reply<CouponDto> {
    let cx = call.allow(Permission::CouponsUse)?;
    let done = call.write(&cx, move |tx, cx| {
        let coupon = service::revoke(tx, cx, id, &body.reason)?;
        shown(tx, cx, &coupon)
    });
    Ok(Json(done.await?))
}

/// A code, and who enters it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponCodeInput)]
struct CodeInput {
    /// As it was typed: small letters, blanks and dashes are understood. Or a word that everybody may know.
    #[schema(min_length = 1, max_length = 100)]
    code: String,
    /// `mem_…`.
    #[schema(value_type = String, example = "mem_01kc…")]
    member: MemberId,
    /// Of a word: the caller's id of this. The idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
}

/// Enters a code for a member: the coupon is theirs, who entered it first. A mistyped code is told from one that is not there.
#[utoipa::path(post, path = "/coupons/codes/enter", operation_id = "enter_coupon_code", tag = "coupons", request_body = CodeInput,
    responses((status = 200, body = HadDto)), security(("staff" = ["coupons:use"]), ("key" = ["coupons:use"])))]
async fn enter_coupon_code(call: Call, Body(body): Body<CodeInput>) -> Reply<HadDto> {
    let cx = call.allow(Permission::CouponsUse)?;
    let request = request_of(&cx, body.id)?;
    let (code, member) = (body.code, body.member);
    let done = call.write(&cx, move |tx, cx| {
        let taken = enter::enter(tx, cx, member, &code, &request)?;
        Ok(HadDto::of(shown(tx, cx, &taken.coupon)?, taken.new))
    });
    Ok(Json(done.await?))
}

/// A code to be looked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CouponCodeSought)]
struct SoughtInput {
    /// As it was typed; or a word that everybody may know.
    #[schema(min_length = 1, max_length = 100)]
    code: String,
}

/// What a code or a word is.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = CouponCodeFound)]
struct FoundDto {
    /// `cpb_…`: of which batch,
    #[schema(value_type = String)]
    batch: BatchId,
    /// what that is called,
    batch_name: String,
    /// and how it stands: `scheduled`, `active`, `ended`, `paused` or `archived`.
    batch_state: String,
    /// Of a code: the how-many-eth of its batch, as the sheet has it; null of a word.
    no: Option<i64>,
    /// The coupon that the code has become, and what orders did with it; null as long as nobody entered or showed it.
    found: Option<WithUses>,
}

/// Looks for a code, or a word: of which batch it is, who has it, what became of it. It is in the body, so that no log has it.
#[utoipa::path(post, path = "/coupons/codes/find", operation_id = "find_coupon_code", tag = "coupons", request_body = SoughtInput,
    responses((status = 200, body = FoundDto)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn find_coupon_code(call: Call, Body(body): Body<SoughtInput>) -> Reply<FoundDto> {
    let cx = call.allow(Permission::CouponsRead)?;
    let found = call.read(&cx, move |tx, cx| {
        let found = enter::find(tx, cx, &body.code)?;
        let batch = batches::get(tx, cx.merchant, found.batch)?;
        let batch_state = batch.told(cx.now).to_owned();
        Ok(FoundDto {
            batch: batch.id,
            batch_name: batch.definition.name,
            batch_state,
            no: found.no.map(|no| no + 1),
            found: found.coupon.map(|id| whole(tx, cx, id)).transpose()?,
        })
    });
    Ok(Json(found.await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MemberCoupons {
    /// One or several states with commas, as they are written: one whose time is over since may still say otherwise.
    state: Option<String>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A member's coupons, the newest first.
#[utoipa::path(get, path = "/members/{id}/coupons", operation_id = "list_member_coupons", tag = "coupons", params(("id" = String, Path), MemberCoupons),
    responses((status = 200, body = Page<CouponDto>)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn list_member_coupons(call: Call, Path(id): Path<MemberId>, Query(q): Query<MemberCoupons>) -> Reply<Page<CouponDto>> {
    let cx = call.allow(Permission::CouponsRead)?;
    let (paging, named) = (Paging::new(q.limit, q.cursor.as_deref())?, states(q.state.as_deref())?);
    let (place, fetch) = (before(&paging)?, paging.fetch());
    let found = call.read(&cx, move |tx, cx| {
        let member = identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
        let all = service::of_member(tx, cx, member, &named, place, fetch)?;
        all.iter().map(|coupon| shown(tx, cx, coupon)).collect::<Done<Vec<_>>>()
    });
    Ok(Json(Page::cut(found.await?, &paging, |c| vec![c.made_at.into(), c.id.into()])))
}

/// What the pricing engine reads of a member's coupons: the parts `coupon_templates` and `members` of `promotions.json`, to be
/// laid beside the shop's promotions. Each version of a template is a template there, so a coupon names it.
#[utoipa::path(get, path = "/members/{id}/coupons/offers", operation_id = "get_member_coupon_offers", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = engine::Offers)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn get_member_coupon_offers(call: Call, Path(id): Path<MemberId>) -> Reply<engine::Offers> {
    let cx = call.allow(Permission::CouponsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| engine::of(tx, cx, id)).await?))
}
