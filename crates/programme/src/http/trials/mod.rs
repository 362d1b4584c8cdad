//! Rules tried on all members before they are saved: what moves, who loses, and the same as a file.

mod dto;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use shuke_access::audit;
use shuke_http::{App, Body, Call, Lang, Page, PageQuery, Path, Permission, Problem, Query, Reply, streamed};
use shuke_kernel::{Ctx, Error, Instant, Result as Done};
use shuke_members::MemberId;
use shuke_store::Store;
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::definition::ProgrammeId;
use crate::trial::{self, Asked, Ready, tables};

use dto::{ProgrammeTrial, ProgrammeTrialInput, TriedMember, TriedMembersInput};

/// Trials that are reckoned at a time: each takes the whole machine for some seconds.
static TURN: Semaphore = Semaphore::const_new(1);

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(try_programme_version)).routes(routes!(list_tried_members)).routes(routes!(export_tried_members))
}

/// Whoever waits for a trial: when the request goes away the walk ends.
struct Here(Arc<AtomicBool>);

impl Here {
    fn waiting() -> Self {
        Self(Arc::new(AtomicBool::new(false)))
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

async fn ready(call: &Call, cx: &Ctx, id: ProgrammeId, asked: Asked) -> Result<Ready, Problem> {
    call.read(cx, move |tx, cx| trial::ready(tx, cx, id, &asked)).await
}

/// Runs a trial when it is its turn, on a thread that may block.
async fn reckoned<T: Send + 'static>(
    call: &Call,
    work: impl FnOnce(&Store, &AtomicBool) -> Done<T> + Send + 'static,
) -> Result<T, Problem> {
    let _turn = TURN.acquire().await.map_err(|e| Problem::from(Error::fault(e)))?;
    let here = Here::waiting();
    let (stop, store) = (here.0.clone(), call.app.store.clone());
    let done = tokio::task::spawn_blocking(move || work(&store, &stop)).await;
    drop(here);
    done.map_err(|e| Problem::from(Error::fault(e)))?.map_err(Problem::from)
}

/// Tries rules on all members before they are saved: who would hold which tier, who loses something, points and what they cost.
/// Nothing is changed and nothing is kept.
#[utoipa::path(post, path = "/programmes/{id}/trials", operation_id = "try_programme_version", tag = "points", params(("id" = String, Path)),
    request_body = ProgrammeTrialInput, responses((status = 200, body = ProgrammeTrial)),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn try_programme_version(call: Call, Path(id): Path<ProgrammeId>, Body(body): Body<ProgrammeTrialInput>) -> Reply<ProgrammeTrial> {
    let cx = call.allow(Permission::PointsRead)?;
    let ready = ready(&call, &cx, id, body.asked()?).await?;
    let (begun, of) = (std::time::Instant::now(), ready.clone());
    let found = reckoned(&call, move |store, stop| trial::summary(store, &of, stop)).await?;
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Json(ProgrammeTrial::of(&ready, &found, cx.now, took_ms, call.lang)?))
}

/// The members of a trial who lose something, or whom a filter chooses, in order of their ids.
#[utoipa::path(post, path = "/programmes/{id}/trials/members", operation_id = "list_tried_members", tag = "points",
    params(("id" = String, Path), PageQuery), request_body = TriedMembersInput, responses((status = 200, body = Page<TriedMember>)),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_tried_members(
    call: Call,
    Path(id): Path<ProgrammeId>,
    Query(q): Query<PageQuery>,
    Body(body): Body<TriedMembersInput>,
) -> Reply<Page<TriedMember>> {
    let cx = call.allow(Permission::PointsRead)?;
    let paging = q.paging()?;
    let (asked, filter, _) = body.read()?;
    let ready = ready(&call, &cx, id, asked).await?;
    let after = MemberId::from_bytes(paging.id(0, [0; 16])?);
    let most = usize::try_from(paging.fetch()).unwrap_or(usize::MAX);
    let found = reckoned(&call, move |store, stop| {
        let mut found = Vec::with_capacity(most.min(1_000));
        trial::rows(store, &ready, &filter, Some(after), stop, &mut |row| {
            found.push(TriedMember::of(&ready, &row)?);
            Ok(found.len() < most)
        })?;
        Ok(found)
    });
    Ok(Json(Page::cut(found.await?, &paging, |m| vec![m.member.into()])))
}

/// The same members as a file, whole, written while it is sent. Who took it is audited.
#[utoipa::path(post, path = "/programmes/{id}/trials/file", operation_id = "export_tried_members", tag = "points", params(("id" = String, Path)),
    request_body = TriedMembersInput,
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet")))),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn export_tried_members(call: Call, Path(id): Path<ProgrammeId>, Body(body): Body<TriedMembersInput>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::PointsRead)?;
    let (asked, filter, format) = body.read()?;
    let ready = ready(&call, &cx, id, asked).await?;
    let summary = format!("members of a trial as {}", format.word());
    call.write(&cx, move |tx, cx| audit::record(tx, cx, "points.trial_exported", &id.to_string(), &summary).map(|_| ())).await?;
    let (store, zh) = (call.app.store.clone(), call.lang.is_zh());
    // A reader who leaves breaks the writing off.
    let never = AtomicBool::new(false);
    let body = streamed("trial".to_owned(), move |to| tables::write(&store, &ready, &filter, format, zh, &never, to));
    let name = format!("attachment; filename=\"trial.{}\"", format.word());
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response())
}

/// What a trial comes to, as the API tells it, for who asks at a shell.
///
/// # Errors
/// What the store says; where points are too large to be told in money.
pub fn told(store: &Store, ready: &Ready, known_at: Instant, lang: Lang) -> Done<Value> {
    let begun = std::time::Instant::now();
    let found = trial::summary(store, ready, &AtomicBool::new(false))?;
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(serde_json::to_value(ProgrammeTrial::of(ready, &found, known_at, took_ms, lang)?)?)
}
