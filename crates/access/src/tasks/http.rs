//! `/jobs`.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Page, Paging, Path, Permission, Query, Reply};
use shuke_kernel::{Instant, MerchantNo, Result};
use shuke_store::Tx;
use shuke_store::jobs::{JobId, JobView};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::audit;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(get_job))
        .routes(routes!(cancel_job))
        .routes(routes!(retry_job))
        .routes(routes!(resume_job))
}

/// How far a task is.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct JobProgress {
    /// So many are done …
    done: i64,
    /// … of so many, where known.
    total: Option<i64>,
    /// Of these.
    #[schema(example = "rows")]
    unit: String,
}

/// A long task.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Job {
    #[schema(value_type = String, example = "job_01hqzv…")]
    id: JobId,
    kind: String,
    /// `queued`, `running`, `done`, `failed` (refused by a rule), `cancelled`, `dead` (gave up).
    state: String,
    /// Whether it was asked to stop and has not yet.
    stopping: bool,
    title: String,
    progress: JobProgress,
    /// What came of it, by kind.
    #[schema(value_type = Option<Object>)]
    result: Option<serde_json::Value>,
    error: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Instant>,
}

/// The store says `stopped` where people read `cancelled`: it can be begun again.
const WORDS: [(&str, &str); 1] = [("stopped", "cancelled")];

fn shown(state: &str) -> String {
    WORDS.iter().find(|(stored, _)| *stored == state).map_or(state, |(_, shown)| shown).to_owned()
}

fn stored(state: &str) -> String {
    WORDS.iter().find(|(_, shown)| *shown == state).map_or(state, |(stored, _)| stored).to_owned()
}

impl From<JobView> for Job {
    fn from(j: JobView) -> Self {
        Self {
            id: j.id,
            kind: j.kind,
            state: shown(&j.state),
            stopping: j.stop_requested && j.state == "running",
            title: j.title,
            progress: JobProgress { done: j.progress, total: j.total, unit: j.unit },
            result: j.result.and_then(|r| serde_json::from_str(&r).ok()),
            error: j.error,
            created_at: j.created_at,
            started_at: j.started_at,
            finished_at: j.finished_at,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct JobQuery {
    /// Only in this state.
    state: Option<String>,
    /// Only of this kind.
    kind: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Jobs of a kind, newest first: pages are read until enough are found or there are no more.
fn of_kind(tx: &mut Tx<'_>, merchant: MerchantNo, mut before: JobId, state: &str, kind: &str, limit: i64) -> Result<Vec<JobView>> {
    if kind.is_empty() {
        return tx.jobs(merchant, Some(before), state, limit);
    }
    let mut found = Vec::new();
    loop {
        let page = tx.jobs(merchant, Some(before), state, 200)?;
        let Some(last) = page.last() else { return Ok(found) };
        before = last.id;
        found.extend(page.into_iter().filter(|j| j.kind == kind));
        if found.len() as i64 >= limit {
            found.truncate(usize::try_from(limit).unwrap_or(0));
            return Ok(found);
        }
    }
}

/// The merchant's tasks, newest first.
#[utoipa::path(get, path = "/jobs", operation_id = "list_jobs", tag = "jobs", params(JobQuery),
    responses((status = 200, body = Page<Job>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_jobs(call: Call, Query(q): Query<JobQuery>) -> Reply<Page<Job>> {
    let cx = call.allow(Permission::MembersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let (before, fetch) = (JobId::from_bytes(paging.id(0, [255; 16])?), paging.fetch());
    let (state, kind) = (stored(&q.state.unwrap_or_default()), q.kind.unwrap_or_default());
    let rows = call.read(&cx, move |tx, cx| of_kind(tx, cx.merchant, before, &state, &kind, fetch)).await?;
    Ok(Json(Page::cut(rows, &paging, |j| vec![j.id.into()]).map(Job::from)))
}

/// One task.
#[utoipa::path(get, path = "/jobs/{id}", operation_id = "get_job", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = Job)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn get_job(call: Call, Path(id): Path<JobId>) -> Reply<Job> {
    let cx = call.allow(Permission::MembersRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| Ok(Job::from(tx.job(cx.merchant, id)?))).await?))
}

/// Asks a task to stop: a waiting one at once, a running one at its next step.
#[utoipa::path(post, path = "/jobs/{id}/cancel", operation_id = "cancel_job", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = Job)), security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn cancel_job(call: Call, Path(id): Path<JobId>) -> Reply<Job> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let job = call
        .write(&cx, move |tx, cx| {
            let job = tx.stop_job(cx.merchant, id)?;
            audit::record(tx, cx, "job.cancelled", &id.to_string(), &job.kind)?;
            Ok(Job::from(job))
        })
        .await?;
    Ok(Json(job))
}

async fn again(call: Call, id: JobId, action: &'static str) -> Reply<Job> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let job = call
        .write(&cx, move |tx, cx| {
            let job = tx.resume_job(cx.merchant, id, cx.now)?;
            audit::record(tx, cx, action, &id.to_string(), &job.kind)?;
            Ok(Job::from(job))
        })
        .await?;
    Ok(Json(job))
}

/// Begins a failed task again, from its last step.
#[utoipa::path(post, path = "/jobs/{id}/retry", operation_id = "retry_job", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = Job)), security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn retry_job(call: Call, Path(id): Path<JobId>) -> Reply<Job> {
    again(call, id, "job.retried").await
}

/// Lets a cancelled task go on, from its last step.
#[utoipa::path(post, path = "/jobs/{id}/resume", operation_id = "resume_job", tag = "jobs", params(("id" = String, Path)),
    responses((status = 200, body = Job)), security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn resume_job(call: Call, Path(id): Path<JobId>) -> Reply<Job> {
    again(call, id, "job.resumed").await
}
