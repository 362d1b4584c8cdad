//! Packs: defined, changed; what was given.

use std::collections::HashMap;

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_members::MemberId;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{Brief, GivenDto, PackDto};
use super::{before, benefit_names, reward_names};
use crate::PackId;
use crate::pack::{Definition, give, service};
use crate::state::State;
use crate::who::Person;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_benefit_packs, create_benefit_pack))
        .routes(routes!(get_benefit_pack, update_benefit_pack))
        .routes(routes!(pause_benefit_pack))
        .routes(routes!(resume_benefit_pack))
        .routes(routes!(archive_benefit_pack))
        .routes(routes!(list_given_packs))
}

/// The merchant's packs, the oldest first.
#[utoipa::path(get, path = "/benefits/packs", operation_id = "list_benefit_packs", tag = "benefits",
    responses((status = 200, body = Page<PackDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_benefit_packs(call: Call) -> Reply<Page<PackDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let all = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant)).await?;
    Ok(Json(Page::whole(all.into_iter().map(|p| PackDto::of(p, cx.now)).collect())))
}

/// Makes a pack. What happened before it is no occasion for it.
#[utoipa::path(post, path = "/benefits/packs", operation_id = "create_benefit_pack", tag = "benefits", request_body = Definition,
    responses((status = 201, body = PackDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn create_benefit_pack(call: Call, Body(body): Body<Definition>) -> Result<(StatusCode, Json<PackDto>), Problem> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let made = call.write(&cx, move |tx, cx| Ok(PackDto::of(service::create(tx, cx, body.clone())?, cx.now)));
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// One pack.
#[utoipa::path(get, path = "/benefits/packs/{id}", operation_id = "get_benefit_pack", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = PackDto)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn get_benefit_pack(call: Call, Path(id): Path<PackId>) -> Reply<PackDto> {
    let cx = call.allow(Permission::BenefitsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| Ok(PackDto::of(service::get(tx, cx.merchant, id)?, cx.now))).await?))
}

/// Says something else of a pack. Its occasion stays; `version` is the one that was read.
#[utoipa::path(put, path = "/benefits/packs/{id}", operation_id = "update_benefit_pack", tag = "benefits", params(("id" = String, Path)), request_body = Definition,
    responses((status = 200, body = PackDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn update_benefit_pack(call: Call, Path(id): Path<PackId>, Body(body): Body<Definition>) -> Reply<PackDto> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let done = call.write(&cx, move |tx, cx| Ok(PackDto::of(service::change(tx, cx, id, body.clone())?, cx.now)));
    Ok(Json(done.await?))
}

async fn set(call: Call, id: PackId, to: State) -> Reply<PackDto> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let done = call.write(&cx, move |tx, cx| Ok(PackDto::of(service::set_state(tx, cx, id, to)?, cx.now)));
    Ok(Json(done.await?))
}

/// Pauses a pack: it is not given, and what happens meanwhile is not made up for.
#[utoipa::path(post, path = "/benefits/packs/{id}/pause", operation_id = "pause_benefit_pack", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = PackDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn pause_benefit_pack(call: Call, Path(id): Path<PackId>) -> Reply<PackDto> {
    set(call, id, State::Paused).await
}

/// Sets a paused pack going again.
#[utoipa::path(post, path = "/benefits/packs/{id}/resume", operation_id = "resume_benefit_pack", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = PackDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn resume_benefit_pack(call: Call, Path(id): Path<PackId>) -> Reply<PackDto> {
    set(call, id, State::Active).await
}

/// Puts a pack away for good; what was given stays.
#[utoipa::path(post, path = "/benefits/packs/{id}/archive", operation_id = "archive_benefit_pack", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = PackDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn archive_benefit_pack(call: Call, Path(id): Path<PackId>) -> Reply<PackDto> {
    set(call, id, State::Archived).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GivenList {
    /// Only of this pack.
    #[param(value_type = Option<String>)]
    pack: Option<PackId>,
    /// Only to this member.
    #[param(value_type = Option<String>)]
    member: Option<MemberId>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Packs that were given, newest first, with what of them could not be given and why.
#[utoipa::path(get, path = "/benefits/given", operation_id = "list_given_packs", tag = "benefits", params(GivenList),
    responses((status = 200, body = Page<GivenDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_given_packs(call: Call, Query(q): Query<GivenList>) -> Reply<Page<GivenDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let (place, fetch) = (before(&paging)?, paging.fetch());
    let found = call.read(&cx, move |tx, cx| {
        let asked = q.member.map(|m| Person::find(tx, cx, m)).transpose()?.flatten().map(|p| p.member).or(q.member);
        let packs = service::list(tx, cx.merchant)?.into_iter();
        let packs: HashMap<PackId, Brief> =
            packs.map(|p| (p.id, Brief::of(p.id, &p.definition.name, p.definition.occasion.word()))).collect();
        let (benefits, rewards) = (benefit_names(tx, cx)?, reward_names(tx, cx)?);
        let given = give::list(tx, cx, q.pack, asked, place, fetch)?;
        Ok(given.into_iter().map(|g| (g.given_at, g.id, GivenDto::of(g, &packs, &benefits, &rewards))).collect::<Vec<_>>())
    });
    Ok(Json(Page::cut(found.await?, &paging, |(at, id, _)| vec![(*at).into(), (*id).into()]).map(|(_, _, given)| given)))
}
