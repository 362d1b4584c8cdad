//! Re-runs: what orders of a span would have earned by another version, reckoned by a task, read as a list and as a file, booked as it
//! was shown.

mod dto;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply, streamed};
use shuke_kernel::{Ctx, Instant, Result as Done};
use shuke_members::MemberId;
use shuke_sheets::Format;
use shuke_store::Tx;
use shuke_store::jobs::JobView;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ending::value;
use crate::definition::{ProgrammeId, service as programmes};
use crate::rerun::service::{self, SHOWN, Shown};
use crate::rerun::{Rerun, RerunId, State, UNKNOWN_WORD, tables};

use dto::{ProgrammeRerun, RerunBooking, RerunInput, RerunMember, RerunStarted};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_programme_reruns, start_programme_rerun))
        .routes(routes!(get_programme_rerun))
        .routes(routes!(list_rerun_members))
        .routes(routes!(export_rerun))
        .routes(routes!(book_programme_rerun))
        .routes(routes!(discard_programme_rerun))
}

/// Asks what orders of a span would have earned by the rules of a version that has begun: a task reckons it, and nothing is booked. A
/// re-run of this programme that was only shown is thrown away.
#[utoipa::path(post, path = "/programmes/{id}/reruns", operation_id = "start_programme_rerun", tag = "points",
    params(("id" = String, Path)), request_body = RerunInput, responses((status = 202, body = RerunStarted)),
    security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn start_programme_rerun(
    call: Call,
    Path(id): Path<ProgrammeId>,
    Body(body): Body<RerunInput>,
) -> Result<(StatusCode, Json<RerunStarted>), Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let asked = body.asked();
    let (id, job) = call.write(&cx, move |tx, cx| service::start(tx, cx, id, asked)).await?;
    Ok((StatusCode::ACCEPTED, Json(RerunStarted { id, job })))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RerunsQuery {
    /// What a point buys, yuan, such as `0.01`: with it `worth` is told.
    value: Option<String>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// With where its task is, while that is not over.
fn with_task(tx: &mut Tx<'_>, cx: &Ctx, rerun: Rerun) -> Done<(Rerun, Option<JobView>)> {
    let job = match rerun.state {
        State::Looking | State::Booking => Some(tx.job(cx.merchant, rerun.job)?),
        State::Shown | State::Booked | State::Dropped => None,
    };
    Ok((rerun, job))
}

/// A programme's re-runs, the newest first.
#[utoipa::path(get, path = "/programmes/{id}/reruns", operation_id = "list_programme_reruns", tag = "points",
    params(("id" = String, Path), RerunsQuery), responses((status = 200, body = Page<ProgrammeRerun>)),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_programme_reruns(call: Call, Path(id): Path<ProgrammeId>, Query(q): Query<RerunsQuery>) -> Reply<Page<ProgrammeRerun>> {
    let cx = call.allow(Permission::PointsRead)?;
    let (paging, value) = (Paging::new(q.limit, q.cursor.as_deref())?, value(q.value.as_deref())?);
    let after = (Instant(paging.int(0, i64::MAX)?), paging.id(1, [255; 16])?);
    let limit = paging.fetch();
    let found = call.read(&cx, move |tx, cx| {
        programmes::get(tx, cx.merchant, id)?;
        let found = service::list(tx, cx.merchant, id, after, limit)?;
        found.into_iter().map(|rerun| with_task(tx, cx, rerun)).collect::<Done<Vec<_>>>()
    });
    let page = Page::cut(found.await?, &paging, |(rerun, _)| vec![rerun.made_at.into(), rerun.id.into()]);
    let items = page.items.into_iter().map(|(rerun, job)| ProgrammeRerun::of(rerun, job, value)).collect::<Done<Vec<_>>>()?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RerunQuery {
    /// What a point buys, yuan, such as `0.01`: with it `worth` is told.
    value: Option<String>,
}

/// A re-run and what it comes to.
#[utoipa::path(get, path = "/reruns/{id}", operation_id = "get_programme_rerun", tag = "points", params(("id" = String, Path), RerunQuery),
    responses((status = 200, body = ProgrammeRerun)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn get_programme_rerun(call: Call, Path(id): Path<RerunId>, Query(q): Query<RerunQuery>) -> Reply<ProgrammeRerun> {
    let cx = call.allow(Permission::PointsRead)?;
    let value = value(q.value.as_deref())?;
    let found = call.read(&cx, move |tx, cx| {
        let rerun = service::get(tx, cx.merchant, id)?;
        with_task(tx, cx, rerun)
    });
    let (rerun, job) = found.await?;
    Ok(Json(ProgrammeRerun::of(rerun, job, value)?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RerunMembersQuery {
    /// Only those that are `shown`, `booked` or `stale`.
    state: Option<String>,
    /// What a point buys, yuan, such as `0.01`: with it `worth` is told.
    value: Option<String>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

fn state(word: Option<String>) -> Result<String, Problem> {
    let word = word.unwrap_or_default();
    if word.is_empty() || SHOWN.contains(&word.as_str()) { Ok(word) } else { Err(UNKNOWN_WORD.with("word", word).at("state").into()) }
}

/// The members for whom anything would be otherwise, and their orders, in order of their ids. Of one that was thrown away nobody.
#[utoipa::path(get, path = "/reruns/{id}/members", operation_id = "list_rerun_members", tag = "points",
    params(("id" = String, Path), RerunMembersQuery), responses((status = 200, body = Page<RerunMember>)),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_rerun_members(call: Call, Path(id): Path<RerunId>, Query(q): Query<RerunMembersQuery>) -> Reply<Page<RerunMember>> {
    let cx = call.allow(Permission::PointsRead)?;
    let (paging, state, value) = (Paging::new(q.limit, q.cursor.as_deref())?, state(q.state)?, value(q.value.as_deref())?);
    let (after, limit) = (MemberId::from_bytes(paging.id(0, [0; 16])?), paging.fetch());
    let found = call.read(&cx, move |tx, cx| service::listed(tx, cx.merchant, id, after, &state, limit)).await?;
    let page = Page::cut(found, &paging, |shown: &Shown| vec![shown.member.into()]);
    let items = page.items.into_iter().map(|shown| RerunMember::of(shown, value)).collect::<Done<Vec<_>>>()?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RerunFile {
    value: Option<String>,
    /// `csv` (default), `xlsx` or `parquet`.
    format: Option<String>,
    /// The merchant, instead of the header `Shuke-Merchant`: a link that a browser follows sends no header.
    #[serde(rename = "merchant")]
    #[param(rename = "merchant")]
    _merchant: Option<String>,
}

/// The same as a file, whole, a row for each correction, written while it is sent. Who took it is audited.
#[utoipa::path(get, path = "/reruns/{id}/export", operation_id = "export_rerun", tag = "points", params(("id" = String, Path), RerunFile),
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet")))),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn export_rerun(call: Call, Path(id): Path<RerunId>, Query(q): Query<RerunFile>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::PointsRead)?;
    let value = value(q.value.as_deref())?;
    let word = q.format.as_deref().filter(|word| !word.is_empty()).unwrap_or("csv");
    let format = Format::named(word).ok_or_else(|| Problem::invalid("query", "format", "format is csv, xlsx or parquet"))?;
    let found = call.read(&cx, move |tx, cx| {
        let rerun = service::get(tx, cx.merchant, id)?;
        let programme = programmes::get(tx, cx.merchant, rerun.programme)?;
        let zone = programmes::rules(tx, cx.merchant, &programme)?.first().zone.clone();
        Ok((rerun, zone))
    });
    let (rerun, zone) = found.await?;
    call.write(&cx, move |tx, cx| service::taken(tx, cx, &rerun, format.word())).await?;
    let (store, zh, merchant) = (call.app.store.clone(), call.lang.is_zh(), cx.merchant);
    let body = streamed("rerun".to_owned(), move |to| Ok(tables::write(&store, merchant, id, value, (format, zh, zone), to)?.0));
    let name = format!("attachment; filename=\"corrections.{}\"", format.word());
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response())
}

/// Books a re-run as it was shown: a task goes from member to member. Whose history is another by then is left as it is and told.
#[utoipa::path(post, path = "/reruns/{id}/book", operation_id = "book_programme_rerun", tag = "points", params(("id" = String, Path)),
    request_body = RerunBooking, responses((status = 202, body = RerunStarted)),
    security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn book_programme_rerun(
    call: Call,
    Path(id): Path<RerunId>,
    Body(body): Body<RerunBooking>,
) -> Result<(StatusCode, Json<RerunStarted>), Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let job = call.write(&cx, move |tx, cx| service::book(tx, cx, id, &body.note)).await?;
    Ok((StatusCode::ACCEPTED, Json(RerunStarted { id, job })))
}

/// Throws away a re-run that is shown, or still reckoned. Nothing of it was booked.
#[utoipa::path(post, path = "/reruns/{id}/discard", operation_id = "discard_programme_rerun", tag = "points", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn discard_programme_rerun(call: Call, Path(id): Path<RerunId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    call.write(&cx, move |tx, cx| service::discard(tx, cx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a re-run comes to, as the API tells it, for who asks at a shell.
///
/// # Errors
/// Where there is none.
pub fn told(tx: &mut Tx<'_>, cx: &Ctx, id: RerunId, value: Option<i64>) -> Done<Value> {
    let rerun = service::get(tx, cx.merchant, id)?;
    let (rerun, job) = with_task(tx, cx, rerun)?;
    Ok(serde_json::to_value(ProgrammeRerun::of(rerun, job, value)?)?)
}

/// The members of a re-run after one, as the API tells them.
///
/// # Errors
/// Where there is none.
pub fn members(tx: &mut Tx<'_>, cx: &Ctx, id: RerunId, after: MemberId, value: Option<i64>, limit: i64) -> Done<Vec<Value>> {
    let found = service::listed(tx, cx.merchant, id, after, "", limit)?;
    found.into_iter().map(|shown| Ok(serde_json::to_value(RerunMember::of(shown, value)?)?)).collect()
}
