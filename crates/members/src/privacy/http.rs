//! `/privacy/requests`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::Instant;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Request, RequestId, copy};
use crate::MemberId;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_privacy_requests, create_privacy_request))
        .routes(routes!(get_privacy_request))
        .routes(routes!(complete_privacy_request))
        .routes(routes!(copy_privacy_request))
}

/// A person's request.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct PrivacyRequest {
    #[schema(value_type = String, example = "prq_01hqzv…")]
    id: RequestId,
    #[schema(value_type = String)]
    member: MemberId,
    /// `copy` or `erasure`.
    kind: String,
    /// `open` or `done`.
    state: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// The end of the fifteenth working day.
    #[schema(value_type = String, format = DateTime)]
    due_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Instant>,
    completed_by: Option<String>,
}

impl From<Request> for PrivacyRequest {
    fn from(r: Request) -> Self {
        Self {
            id: r.id,
            member: r.member,
            kind: r.kind,
            state: r.state,
            created_at: r.created_at,
            due_at: r.due_at,
            completed_at: r.completed_at,
            completed_by: r.completed_by,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RequestQuery {
    /// `open` or `done`.
    state: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Requests, newest first.
#[utoipa::path(get, path = "/privacy/requests", operation_id = "list_privacy_requests", tag = "privacy", params(RequestQuery),
    responses((status = 200, body = Page<PrivacyRequest>)), security(("staff" = ["privacy:manage"]), ("key" = ["privacy:manage"])))]
async fn list_privacy_requests(call: Call, Query(q): Query<RequestQuery>) -> Reply<Page<PrivacyRequest>> {
    let cx = call.allow(Permission::PrivacyManage)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let before = RequestId::from_bytes(paging.id(0, [255; 16])?);
    let (state, fetch) = (q.state.unwrap_or_default(), paging.fetch());
    let found = call.read(&cx, move |tx, cx| super::list(tx, cx, &state, Some(before), fetch)).await?;
    Ok(Json(Page::cut(found, &paging, |r| vec![r.id.into()]).map(PrivacyRequest::from)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PrivacyRequestInput {
    #[schema(value_type = String)]
    member: MemberId,
    /// `copy` or `erasure`.
    kind: String,
}

/// Takes a person's request; its clock of fifteen working days begins.
#[utoipa::path(post, path = "/privacy/requests", operation_id = "create_privacy_request", tag = "privacy", request_body = PrivacyRequestInput,
    responses((status = 201, body = PrivacyRequest)), security(("staff" = ["privacy:manage"]), ("key" = ["privacy:manage"])))]
async fn create_privacy_request(call: Call, Body(body): Body<PrivacyRequestInput>) -> Result<(StatusCode, Json<PrivacyRequest>), Problem> {
    let cx = call.allow(Permission::PrivacyManage)?;
    let made: PrivacyRequest = call
        .write(&cx, move |tx, cx| {
            let made = super::request(tx, cx, body.member, &body.kind)?;
            audit::record(tx, cx, "privacy.requested", &made.member.to_string(), &made.kind)?;
            Ok(made.into())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One request.
#[utoipa::path(get, path = "/privacy/requests/{id}", operation_id = "get_privacy_request", tag = "privacy", params(("id" = String, Path)),
    responses((status = 200, body = PrivacyRequest)), security(("staff" = ["privacy:manage"]), ("key" = ["privacy:manage"])))]
async fn get_privacy_request(call: Call, Path(id): Path<RequestId>) -> Reply<PrivacyRequest> {
    let cx = call.allow(Permission::PrivacyManage)?;
    Ok(Json(call.read(&cx, move |tx, cx| super::get(tx, cx, id)).await?.into()))
}

/// Answers a request: an erasure erases, a copy was handed over.
#[utoipa::path(post, path = "/privacy/requests/{id}/complete", operation_id = "complete_privacy_request", tag = "privacy", params(("id" = String, Path)),
    responses((status = 200, body = PrivacyRequest)), security(("staff" = ["privacy:manage"]), ("key" = ["privacy:manage"])))]
async fn complete_privacy_request(call: Call, Path(id): Path<RequestId>) -> Reply<PrivacyRequest> {
    let cx = call.allow(Permission::PrivacyManage)?;
    let done: PrivacyRequest = call
        .write(&cx, move |tx, cx| {
            let done = super::complete(tx, cx, id)?;
            audit::record(tx, cx, "privacy.completed", &done.member.to_string(), &done.kind)?;
            Ok(done.into())
        })
        .await?;
    Ok(Json(done))
}

/// Everything that is kept of the person, as JSON. That it was made is audited.
#[utoipa::path(get, path = "/privacy/requests/{id}/copy", operation_id = "copy_privacy_request", tag = "privacy", params(("id" = String, Path)),
    responses((status = 200, body = serde_json::Value)), security(("staff" = ["privacy:manage"]), ("key" = ["privacy:manage"])))]
async fn copy_privacy_request(call: Call, Path(id): Path<RequestId>) -> Reply<serde_json::Value> {
    let cx = call.allow(Permission::PrivacyManage)?;
    // The copy itself is read, not written: it must not lie among kept answers.
    let all = call
        .read(&cx, move |tx, cx| {
            let request = super::get(tx, cx, id)?;
            Ok((request.member, copy::copy(tx, cx, request.member)?))
        })
        .await?;
    let member = all.0;
    let logged = shuke_kernel::Ctx { key: None, ..cx.clone() };
    call.write(&logged, move |tx, cx| audit::record(tx, cx, "privacy.copied", &member.to_string(), "")).await?;
    Ok(Json(all.1))
}
