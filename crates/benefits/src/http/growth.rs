//! Growth tasks: defined, changed, tried beforehand; how far members are, and who has done them.

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Result as Done};
use shuke_members::MemberId;
use shuke_store::Tx;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{AlreadyDto, Brief, DoneDto, GrowthTaskDto, MemberTaskDto, Names, VersionDto};
use super::{before, benefit_names, reward_names};
use crate::GrowthTaskId;
use crate::benefit::service::currency;
use crate::growth::shown::shop_names;
use crate::growth::{Definition, list, service, standing, walk};
use crate::state::State;
use crate::who::Person;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_growth_tasks, create_growth_task))
        .routes(routes!(preview_growth_task))
        .routes(routes!(list_growth_completions))
        .routes(routes!(get_growth_task, update_growth_task))
        .routes(routes!(list_growth_task_versions))
        .routes(routes!(pause_growth_task))
        .routes(routes!(resume_growth_task))
        .routes(routes!(archive_growth_task))
        .routes(routes!(list_member_growth_tasks))
}

/// The merchant's growth tasks, the oldest first.
#[utoipa::path(get, path = "/growth-tasks", operation_id = "list_growth_tasks", tag = "benefits",
    responses((status = 200, body = Page<GrowthTaskDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_growth_tasks(call: Call) -> Reply<Page<GrowthTaskDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let all = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant)).await?;
    Ok(Json(Page::whole(all.into_iter().map(|task| GrowthTaskDto::of(task, cx.now)).collect())))
}

/// Makes a growth task. Where the past counts, whoever has done it by what is known gets it at once.
#[utoipa::path(post, path = "/growth-tasks", operation_id = "create_growth_task", tag = "benefits", request_body = Definition,
    responses((status = 201, body = GrowthTaskDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn create_growth_task(call: Call, Body(body): Body<Definition>) -> Result<(StatusCode, Json<GrowthTaskDto>), Problem> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let made = call.write(&cx, move |tx, cx| Ok(GrowthTaskDto::of(service::create(tx, cx, body.clone())?, cx.now)));
    Ok((StatusCode::CREATED, Json(made.await?)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Preview {
    /// The `next` of the step before.
    #[param(value_type = Option<String>)]
    after: Option<MemberId>,
}

/// Checks a growth task without saving it, and counts who has done it by what is known now, some members at a time: ask
/// again with `next` until there is none, and add up.
#[utoipa::path(post, path = "/growth-tasks/preview", operation_id = "preview_growth_task", tag = "benefits", params(Preview), request_body = Definition,
    responses((status = 200, body = AlreadyDto)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn preview_growth_task(call: Call, Query(q): Query<Preview>, Body(body): Body<Definition>) -> Reply<AlreadyDto> {
    let cx = call.allow(Permission::BenefitsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| Ok(AlreadyDto::of(walk::already(tx, cx, body.clone(), q.after)?))).await?))
}

/// One growth task.
#[utoipa::path(get, path = "/growth-tasks/{id}", operation_id = "get_growth_task", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = GrowthTaskDto)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn get_growth_task(call: Call, Path(id): Path<GrowthTaskId>) -> Reply<GrowthTaskDto> {
    let cx = call.allow(Permission::BenefitsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| Ok(GrowthTaskDto::of(service::get(tx, cx.merchant, id)?, cx.now))).await?))
}

/// Says something else of a growth task, as a new version. The sort of its goal, how often it can be done and whether the
/// past counts stay; `version` is the one that was read. Whoever had the reward keeps it.
#[utoipa::path(put, path = "/growth-tasks/{id}", operation_id = "update_growth_task", tag = "benefits", params(("id" = String, Path)), request_body = Definition,
    responses((status = 200, body = GrowthTaskDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn update_growth_task(call: Call, Path(id): Path<GrowthTaskId>, Body(body): Body<Definition>) -> Reply<GrowthTaskDto> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let done = call.write(&cx, move |tx, cx| Ok(GrowthTaskDto::of(service::change(tx, cx, id, body.clone())?, cx.now)));
    Ok(Json(done.await?))
}

/// What was said of a growth task, the newest first.
#[utoipa::path(get, path = "/growth-tasks/{id}/versions", operation_id = "list_growth_task_versions", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = Page<VersionDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_growth_task_versions(call: Call, Path(id): Path<GrowthTaskId>) -> Reply<Page<VersionDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let all = call.read(&cx, move |tx, cx| service::versions(tx, cx.merchant, id)).await?;
    Ok(Json(Page::whole(all.into_iter().map(VersionDto::of).collect())))
}

async fn set(call: Call, id: GrowthTaskId, to: State) -> Reply<GrowthTaskDto> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let done = call.write(&cx, move |tx, cx| Ok(GrowthTaskDto::of(service::set_state(tx, cx, id, to)?, cx.now)));
    Ok(Json(done.await?))
}

/// Pauses a growth task: its reward is not given until it goes on.
#[utoipa::path(post, path = "/growth-tasks/{id}/pause", operation_id = "pause_growth_task", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = GrowthTaskDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn pause_growth_task(call: Call, Path(id): Path<GrowthTaskId>) -> Reply<GrowthTaskDto> {
    set(call, id, State::Paused).await
}

/// Sets a paused growth task going again; what was done meanwhile counts.
#[utoipa::path(post, path = "/growth-tasks/{id}/resume", operation_id = "resume_growth_task", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = GrowthTaskDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn resume_growth_task(call: Call, Path(id): Path<GrowthTaskId>) -> Reply<GrowthTaskDto> {
    set(call, id, State::Active).await
}

/// Puts a growth task away for good; what was given stays.
#[utoipa::path(post, path = "/growth-tasks/{id}/archive", operation_id = "archive_growth_task", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = GrowthTaskDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn archive_growth_task(call: Call, Path(id): Path<GrowthTaskId>) -> Reply<GrowthTaskDto> {
    set(call, id, State::Archived).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CompletionList {
    /// Only of this task.
    #[param(value_type = Option<String>)]
    task: Option<GrowthTaskId>,
    /// Only by this member.
    #[param(value_type = Option<String>)]
    member: Option<MemberId>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

fn names(tx: &mut Tx<'_>, cx: &Ctx) -> Done<Names> {
    let all = service::list(tx, cx.merchant)?;
    let shops = shop_names(tx, cx, &all)?;
    let tasks = all.into_iter().map(|t| (t.id, Brief::of(t.id, &t.definition.name, t.definition.goal.kind.word()))).collect();
    Ok(Names { benefits: benefit_names(tx, cx)?, rewards: reward_names(tx, cx)?, tasks, shops })
}

/// Who has done growth tasks, newest first, with what of the reward could not be given and why.
#[utoipa::path(get, path = "/growth-tasks/completions", operation_id = "list_growth_completions", tag = "benefits", params(CompletionList),
    responses((status = 200, body = Page<DoneDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_growth_completions(call: Call, Query(q): Query<CompletionList>) -> Reply<Page<DoneDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let (place, fetch) = (before(&paging)?, paging.fetch());
    let found = call.read(&cx, move |tx, cx| {
        let asked = q.member.map(|m| Person::find(tx, cx, m)).transpose()?.flatten().map(|p| p.member).or(q.member);
        let names = names(tx, cx)?;
        let done = list::list(tx, cx, q.task, asked, place, fetch)?;
        Ok(done.into_iter().map(|d| (d.done_at, d.id, DoneDto::of(d, &names))).collect::<Vec<_>>())
    });
    Ok(Json(Page::cut(found.await?, &paging, |(at, id, _)| vec![(*at).into(), (*id).into()]).map(|(_, _, done)| done)))
}

/// The growth tasks that run now, with how far a member is in each, what is missing, and what was given. A merged id answers
/// for whom it went into.
#[utoipa::path(get, path = "/members/{id}/growth-tasks", operation_id = "list_member_growth_tasks", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = Page<MemberTaskDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_member_growth_tasks(call: Call, Path(id): Path<MemberId>) -> Reply<Page<MemberTaskDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let items = call.read(&cx, move |tx, cx| {
        let (names, currency) = (names(tx, cx)?, currency(tx, cx.merchant)?);
        let all = standing::of_member(tx, cx, id)?;
        Ok(all.into_iter().map(|standing| MemberTaskDto::of(standing, &names, currency)).collect())
    });
    Ok(Json(Page::whole(items.await?)))
}
