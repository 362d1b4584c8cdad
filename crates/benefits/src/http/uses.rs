//! Benefits at the moment of use: may a member, use it, take it back; who used what.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_http::{App, Body, Call, MoneyDto, Page, Paging, Path, Permission, Query, Reply};
use shuke_kernel::Instant;
use shuke_members::MemberId;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{UseDto, VerdictDto};
use super::{before, benefit_names, request_of, text};
use crate::benefit::service;
use crate::usage::{self, Ask, Filter};
use crate::who::Person;
use crate::{BenefitId, UseId, task};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(check_benefit))
        .routes(routes!(use_benefit))
        .routes(routes!(undo_benefit_use))
        .routes(routes!(list_benefit_uses))
}

/// Whether a member may use a benefit now, and if not, why. Nothing is written.
#[utoipa::path(post, path = "/members/{id}/benefits/{benefit}/check", operation_id = "check_benefit", tag = "benefits",
    params(("id" = String, Path), ("benefit" = String, Path)),
    responses((status = 200, body = VerdictDto)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn check_benefit(call: Call, Path((member, benefit)): Path<(MemberId, BenefitId)>) -> Reply<VerdictDto> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let verdict = call.read(&cx, move |tx, cx| {
        let mut person = Person::living(tx, cx, member)?;
        let benefit = service::get(tx, cx.merchant, benefit)?;
        let zone = merchants::zone_of(tx, cx.merchant)?;
        Ok(VerdictDto::of(&benefit, usage::look(tx, cx, &benefit, &mut person, &zone)?))
    });
    Ok(Json(verdict.await?))
}

/// A use of a benefit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BenefitUseInput)]
struct UseInput {
    /// The caller's id of this: the same again is the same use. The idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
    /// For which order: our id of it, or the shop's number.
    #[serde(default)]
    #[schema(max_length = 120)]
    order: Option<String>,
    /// What this one really costs; what the benefit says unless given.
    #[serde(default)]
    cost: Option<MoneyDto>,
}

/// What came of it.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = BenefitUsed)]
struct UsedDto {
    /// `ok`, or `duplicate` where the same request was made before.
    result: String,
    #[serde(rename = "use")]
    used: UseDto,
}

/// Uses a benefit for a member, if they may: the quota holds however many ask at once.
#[utoipa::path(post, path = "/members/{id}/benefits/{benefit}/use", operation_id = "use_benefit", tag = "benefits",
    params(("id" = String, Path), ("benefit" = String, Path)), request_body = UseInput,
    responses((status = 200, body = UsedDto)), security(("staff" = ["benefits:use"]), ("key" = ["benefits:use"])))]
async fn use_benefit(call: Call, Path((member, benefit)): Path<(MemberId, BenefitId)>, Body(body): Body<UseInput>) -> Reply<UsedDto> {
    let cx = call.allow(Permission::BenefitsUse)?;
    let ask = Ask { member, benefit, request: request_of(&cx, body.id)?, order: text(body.order, "order")?, cost: body.cost };
    let done = call.write(&cx, move |tx, cx| {
        let (used, new) = usage::make(tx, cx, &ask)?;
        let (names, currency) = (benefit_names(tx, cx)?, service::currency(tx, cx.merchant)?);
        let task = task::of_uses(tx, cx, [used.id].into_iter())?.remove(&used.id);
        Ok(UsedDto { result: if new { "ok" } else { "duplicate" }.to_owned(), used: UseDto::of(used, task, &names, currency) })
    });
    Ok(Json(done.await?))
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BenefitReason)]
pub(super) struct ReasonInput {
    /// In words.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Takes a use back: the quota is free again, and what was still to be done is not.
#[utoipa::path(post, path = "/benefits/uses/{use}/undo", operation_id = "undo_benefit_use", tag = "benefits", params(("use" = String, Path)), request_body = ReasonInput,
    responses((status = 200, body = UseDto)), security(("staff" = ["benefits:use"]), ("key" = ["benefits:use"])))]
async fn undo_benefit_use(call: Call, Path(id): Path<UseId>, Body(body): Body<ReasonInput>) -> Reply<UseDto> {
    let cx = call.allow(Permission::BenefitsUse)?;
    let done = call.write(&cx, move |tx, cx| {
        let used = usage::undo(tx, cx, id, &body.reason)?;
        let (names, currency) = (benefit_names(tx, cx)?, service::currency(tx, cx.merchant)?);
        let task = task::of_uses(tx, cx, [used.id].into_iter())?.remove(&used.id);
        Ok(UseDto::of(used, task, &names, currency))
    });
    Ok(Json(done.await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UseList {
    /// Only of this benefit.
    #[param(value_type = Option<String>)]
    benefit: Option<BenefitId>,
    /// Only by this member.
    #[param(value_type = Option<String>)]
    member: Option<MemberId>,
    /// Only for this order.
    order: Option<String>,
    /// Used at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Used before.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Who used what, newest first; uses that were taken back are among them and say so.
#[utoipa::path(get, path = "/benefits/uses", operation_id = "list_benefit_uses", tag = "benefits", params(UseList),
    responses((status = 200, body = Page<UseDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_benefit_uses(call: Call, Query(q): Query<UseList>) -> Reply<Page<UseDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let (place, fetch) = (before(&paging)?, paging.fetch());
    let filter = Filter { benefit: q.benefit, member: q.member, order: q.order.filter(|o| !o.is_empty()), from: q.from, until: q.until };
    let found = call.read(&cx, move |tx, cx| {
        let mut filter = filter.clone();
        // A member who was merged is asked for by whoever has their uses now.
        if let Some(person) = filter.member.map(|m| Person::find(tx, cx, m)).transpose()?.flatten() {
            filter.member = Some(person.member);
        }
        let (names, currency) = (benefit_names(tx, cx)?, service::currency(tx, cx.merchant)?);
        let uses = usage::list(tx, cx, &filter, place, fetch)?;
        Ok(uses.into_iter().map(|(used, task)| UseDto::of(used, task, &names, currency)).collect::<Vec<_>>())
    });
    Ok(Json(Page::cut(found.await?, &paging, |used| vec![used.used_at.into(), used.id.into()])))
}
