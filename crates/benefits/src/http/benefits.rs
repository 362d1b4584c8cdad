//! Benefits: defined, changed, taken from ready sets; what a member may have.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_http::{App, Body, Call, Page, Path, Permission, Problem, Query, Reply};
use shuke_members::MemberId;
use shuke_programme::ProgrammeId;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{BenefitDto, VerdictDto};
use crate::BenefitId;
use crate::benefit::model::Definition;
use crate::benefit::{Kind, service, templates};
use crate::state::State;
use crate::usage;
use crate::who::Person;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_benefits, create_benefit))
        .routes(routes!(list_benefit_templates))
        .routes(routes!(take_benefit_template))
        .routes(routes!(get_benefit, update_benefit))
        .routes(routes!(pause_benefit))
        .routes(routes!(resume_benefit))
        .routes(routes!(archive_benefit))
        .routes(routes!(list_member_benefits))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BenefitList {
    /// `scheduled`, `active`, `ended`, `paused` or `archived`.
    state: Option<String>,
    /// Only of this sort, such as `free_shipping`.
    kind: Option<String>,
}

/// The merchant's benefits, the oldest first.
#[utoipa::path(get, path = "/benefits", operation_id = "list_benefits", tag = "benefits", params(BenefitList),
    responses((status = 200, body = Page<BenefitDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_benefits(call: Call, Query(q): Query<BenefitList>) -> Reply<Page<BenefitDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let kind = match q.kind.as_deref().filter(|k| !k.is_empty()) {
        None => None,
        Some(word) => Some(Kind::named(word).ok_or_else(|| Problem::invalid("query", "kind", "no such sort of benefit"))?),
    };
    let state = q.state.filter(|s| !s.is_empty());
    let all = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant)).await?;
    let fits = |b: &BenefitDto| state.as_ref().is_none_or(|s| b.state == *s) && kind.is_none_or(|k| b.definition.kind == k);
    Ok(Json(Page::whole(all.into_iter().map(|b| BenefitDto::of(b, cx.now)).filter(fits).collect())))
}

/// Makes a benefit.
#[utoipa::path(post, path = "/benefits", operation_id = "create_benefit", tag = "benefits", request_body = Definition,
    responses((status = 201, body = BenefitDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn create_benefit(call: Call, Body(body): Body<Definition>) -> Result<(StatusCode, Json<BenefitDto>), Problem> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let made = call.write(&cx, move |tx, cx| Ok(BenefitDto::of(service::create(tx, cx, body.clone())?, cx.now)));
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// One benefit.
#[utoipa::path(get, path = "/benefits/{id}", operation_id = "get_benefit", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = BenefitDto)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn get_benefit(call: Call, Path(id): Path<BenefitId>) -> Reply<BenefitDto> {
    let cx = call.allow(Permission::BenefitsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| Ok(BenefitDto::of(service::get(tx, cx.merchant, id)?, cx.now))).await?))
}

/// Says something else of a benefit. What was used stays as it is; `version` is the one that was read.
#[utoipa::path(put, path = "/benefits/{id}", operation_id = "update_benefit", tag = "benefits", params(("id" = String, Path)), request_body = Definition,
    responses((status = 200, body = BenefitDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn update_benefit(call: Call, Path(id): Path<BenefitId>, Body(body): Body<Definition>) -> Reply<BenefitDto> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let done = call.write(&cx, move |tx, cx| Ok(BenefitDto::of(service::change(tx, cx, id, body.clone())?, cx.now)));
    Ok(Json(done.await?))
}

async fn set(call: Call, id: BenefitId, to: State) -> Reply<BenefitDto> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let done = call.write(&cx, move |tx, cx| Ok(BenefitDto::of(service::set_state(tx, cx, id, to)?, cx.now)));
    Ok(Json(done.await?))
}

/// Pauses a benefit: nobody can use it.
#[utoipa::path(post, path = "/benefits/{id}/pause", operation_id = "pause_benefit", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = BenefitDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn pause_benefit(call: Call, Path(id): Path<BenefitId>) -> Reply<BenefitDto> {
    set(call, id, State::Paused).await
}

/// Sets a paused benefit going again.
#[utoipa::path(post, path = "/benefits/{id}/resume", operation_id = "resume_benefit", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = BenefitDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn resume_benefit(call: Call, Path(id): Path<BenefitId>) -> Reply<BenefitDto> {
    set(call, id, State::Active).await
}

/// Puts a benefit away for good; its uses stay readable.
#[utoipa::path(post, path = "/benefits/{id}/archive", operation_id = "archive_benefit", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = BenefitDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn archive_benefit(call: Call, Path(id): Path<BenefitId>) -> Reply<BenefitDto> {
    set(call, id, State::Archived).await
}

/// A benefit of a ready set.
#[derive(Serialize, ToSchema)]
struct BenefitTemplatePart {
    /// The lowest place in the ladder, from 0, whose members have it.
    tier: usize,
    /// The highest; null for the top.
    to: Option<usize>,
    /// What it is.
    #[serde(flatten)]
    definition: Definition,
}

/// A ready set of benefits.
#[derive(Serialize, ToSchema)]
struct BenefitTemplate {
    key: String,
    name: String,
    description: String,
    /// The ready programme whose ladder it is for.
    programme_template: String,
    /// How many tiers it needs.
    tiers: usize,
    benefits: Vec<BenefitTemplatePart>,
}

/// Ready sets of benefits for the ready ladders, to be taken and changed.
#[utoipa::path(get, path = "/benefits/templates", operation_id = "list_benefit_templates", tag = "benefits",
    responses((status = 200, body = Page<BenefitTemplate>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_benefit_templates(call: Call) -> Reply<Page<BenefitTemplate>> {
    call.allow(Permission::BenefitsRead)?;
    let items = templates::all(call.lang.is_zh())?.into_iter().map(|set| BenefitTemplate {
        key: set.key.to_owned(),
        name: set.name.to_owned(),
        description: set.description.to_owned(),
        programme_template: set.programme.to_owned(),
        tiers: set.tiers,
        benefits: set.parts.into_iter().map(|p| BenefitTemplatePart { tier: p.tier, to: p.to, definition: p.definition }).collect(),
    });
    Ok(Json(Page::whole(items.collect())))
}

/// For which programme.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TakeInput {
    #[schema(value_type = String, example = "prg_01kc…")]
    programme: ProgrammeId,
}

/// Takes a ready set for a programme: its places become the tiers of the programme's present ladder.
#[utoipa::path(post, path = "/benefits/templates/{key}/take", operation_id = "take_benefit_template", tag = "benefits", params(("key" = String, Path)), request_body = TakeInput,
    responses((status = 201, body = Page<BenefitDto>)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn take_benefit_template(
    call: Call,
    Path(key): Path<String>,
    Body(body): Body<TakeInput>,
) -> Result<(StatusCode, Json<Page<BenefitDto>>), Problem> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let zh = call.lang.is_zh();
    let made = call.write(&cx, move |tx, cx| {
        let made = templates::take(tx, cx, &key, body.programme, zh)?;
        Ok(Page::whole(made.into_iter().map(|b| BenefitDto::of(b, cx.now)).collect()))
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// A benefit, and whether a member may use it now.
#[derive(Serialize, ToSchema)]
struct MemberBenefit {
    benefit: BenefitDto,
    verdict: VerdictDto,
}

/// The benefits of a member: all that are in force or will be, what they may use now first, each with the reason why not.
#[utoipa::path(get, path = "/members/{id}/benefits", operation_id = "list_member_benefits", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = Page<MemberBenefit>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_member_benefits(call: Call, Path(id): Path<MemberId>) -> Reply<Page<MemberBenefit>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let items = call.read(&cx, move |tx, cx| {
        let mut person = Person::living(tx, cx, id)?;
        let zone = merchants::zone_of(tx, cx.merchant)?;
        let mut items = Vec::new();
        for benefit in service::list(tx, cx.merchant)?.into_iter().filter(|b| ["active", "scheduled"].contains(&b.told(cx.now))) {
            let verdict = VerdictDto::of(&benefit, usage::look(tx, cx, &benefit, &mut person, &zone)?);
            items.push(MemberBenefit { benefit: BenefitDto::of(benefit, cx.now), verdict });
        }
        items.sort_by_key(|item| !item.verdict.may);
        Ok(items)
    });
    Ok(Json(Page::whole(items.await?)))
}
