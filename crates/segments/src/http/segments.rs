//! Segments made, changed, copied, put away.

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shuke_columns::Registry;
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::Given;
use super::segment::{SegmentDto, one, shown};
use super::segment_input::{Input, SegmentInput, SegmentPatch, bounds, judge};
use crate::book::{self, Said};
use crate::desk::Desk;
use crate::model::{Kept, Segment, SegmentId};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_segments, create_segment))
        .routes(routes!(get_segment, put_segment))
        .routes(routes!(archive_segment))
        .routes(routes!(restore_segment))
        .routes(routes!(refresh_segment))
        .routes(routes!(duplicate_segment))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SegmentsQuery {
    /// `active` (default), `archived` or `all`.
    state: Option<String>,
    /// `living`, `static` or `scheduled`.
    kind: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Segments, newest first, with their stored sizes: nothing is counted for a page.
#[utoipa::path(get, path = "/segments", operation_id = "list_segments", tag = "segments", params(SegmentsQuery),
    responses((status = 200, body = Page<SegmentDto>)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn list_segments(call: Call, Query(q): Query<SegmentsQuery>) -> Reply<Page<SegmentDto>> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let state = match q.state.as_deref().unwrap_or("active") {
        "all" => String::new(),
        word @ ("active" | "archived") => word.to_owned(),
        other => return Err(Problem::invalid("query", "state", format_args!("`{other}` is no state; there is active, archived, all"))),
    };
    let kind = q.kind.unwrap_or_default();
    if !kind.is_empty() && Kept::named(&kind).is_none() {
        return Err(Problem::invalid("query", "kind", format_args!("`{kind}` is no kind; there is living, static, scheduled")));
    }
    let before = SegmentId::from_bytes(paging.id(0, [255; 16])?);
    let (fetch, zh, most) = (paging.fetch(), call.lang.is_zh(), usize::try_from(paging.limit).unwrap_or_default());
    let (more, rows) = call
        .read(&cx, move |tx, cx| {
            let mut all = book::list(tx, cx, &state, &kind, before, fetch)?;
            let more = all.len() > most;
            all.truncate(most);
            Ok((more, shown(tx, cx, all, &Registry::of_store(), zh)?))
        })
        .await?;
    let next_cursor = rows.last().filter(|_| more).map(|s| shuke_http::Cursor::encode(&[s.id.into()]));
    Ok(Json(Page { items: rows, next_cursor }))
}

/// Makes a segment. The members of one that has an expression are found by a task.
#[utoipa::path(post, path = "/segments", operation_id = "create_segment", tag = "segments", request_body = SegmentInput,
    responses((status = 201, body = SegmentDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn create_segment(call: Call, Body(input): Body<SegmentInput>) -> Result<(StatusCode, Json<SegmentDto>), Problem> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let (input, lang, registry) = (input.read()?, call.lang, Desk::of(&call.app)?.registry());
    let made = call
        .write(&cx, move |tx, cx| {
            let said = judge(tx, cx, &input, &registry, None, lang)?;
            let segment = book::create(tx, cx, &said)?;
            one(tx, cx, segment, lang.is_zh())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One segment.
#[utoipa::path(get, path = "/segments/{id}", operation_id = "get_segment", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = SegmentDto)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn get_segment(call: Call, Path(id): Path<SegmentId>) -> Reply<SegmentDto> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let zh = call.lang.is_zh();
    Ok(Json(
        call.read(&cx, move |tx, cx| {
            let segment = book::get(tx, cx, id)?;
            one(tx, cx, segment, zh)
        })
        .await?,
    ))
}

/// Changes a segment; what is absent stays. Refused where another was faster.
#[utoipa::path(put, path = "/segments/{id}", operation_id = "put_segment", tag = "segments", params(("id" = String, Path)),
    request_body = SegmentPatch, responses((status = 200, body = SegmentDto)),
    security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn put_segment(call: Call, Path(id): Path<SegmentId>, Body(patch): Body<SegmentPatch>) -> Reply<SegmentDto> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let (lang, registry) = (call.lang, Desk::of(&call.app)?.registry());
    let clock = bounds(patch.members.as_ref(), patch.description.as_ref(), patch.at.as_ref())?;
    let given = Given::maybe(patch.expr.clone(), patch.text.clone())?;
    let changed = call
        .write(&cx, move |tx, cx| {
            let before = book::get(tx, cx, id)?;
            let said = Said {
                name: patch.name.clone().unwrap_or(before.name),
                description: patch.description.clone().or(before.description).filter(|d| !d.trim().is_empty()),
                kept: patch.kind.unwrap_or(before.kept),
                expr: before.expr.map(|expr| book::direct_uses(&expr).map(|uses| (expr, uses))).transpose()?,
                members: patch.members.clone(),
                every: patch.every.or(before.every),
                clock: clock.unwrap_or(before.clock),
            };
            let said = judge(tx, cx, &Input { said, given: given.clone() }, &registry, Some(id), lang)?;
            let segment = book::change(tx, cx, id, &said, patch.version)?;
            one(tx, cx, segment, lang.is_zh())
        })
        .await?;
    Ok(Json(changed))
}

/// An action on a segment.
async fn act(call: Call, id: SegmentId, act: fn(&mut Tx<'_>, &Ctx, SegmentId) -> Result<Segment>) -> Reply<SegmentDto> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let zh = call.lang.is_zh();
    let done = call
        .write(&cx, move |tx, cx| {
            let segment = act(tx, cx, id)?;
            one(tx, cx, segment, zh)
        })
        .await?;
    Ok(Json(done))
}

/// Puts a segment away: it is kept up no longer. Refused while others refer to it.
#[utoipa::path(post, path = "/segments/{id}/archive", operation_id = "archive_segment", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = SegmentDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn archive_segment(call: Call, Path(id): Path<SegmentId>) -> Reply<SegmentDto> {
    act(call, id, book::archive).await
}

/// Takes a segment back.
#[utoipa::path(post, path = "/segments/{id}/restore", operation_id = "restore_segment", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = SegmentDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn restore_segment(call: Call, Path(id): Path<SegmentId>) -> Reply<SegmentDto> {
    act(call, id, book::restore).await
}

/// Has a segment reckoned anew, by a task.
#[utoipa::path(post, path = "/segments/{id}/refresh", operation_id = "refresh_segment", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = SegmentDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn refresh_segment(call: Call, Path(id): Path<SegmentId>) -> Reply<SegmentDto> {
    act(call, id, book::refresh).await
}

/// How a copy is to be called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentCopy {
    /// Absent: the name with a number behind it.
    #[schema(max_length = 80)]
    name: Option<String>,
}

/// Copies a segment; of a list, its members as they are now.
#[utoipa::path(post, path = "/segments/{id}/duplicate", operation_id = "duplicate_segment", tag = "segments", params(("id" = String, Path)),
    request_body = SegmentCopy, responses((status = 201, body = SegmentDto)),
    security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn duplicate_segment(
    call: Call,
    Path(id): Path<SegmentId>,
    Body(copy): Body<SegmentCopy>,
) -> Result<(StatusCode, Json<SegmentDto>), Problem> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let zh = call.lang.is_zh();
    let made = call
        .write(&cx, move |tx, cx| {
            let segment = book::duplicate(tx, cx, id, copy.name.as_deref())?;
            one(tx, cx, segment, zh)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}
