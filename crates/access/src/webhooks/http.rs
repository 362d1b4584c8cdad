//! `/webhooks`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Page, PageQuery, Path, Permission, Problem, Query, Reply};
use shuke_kernel::Instant;
use shuke_store::feed::EventId;
use shuke_store::jobs::JobId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::courier::Courier;
use super::events::request_replay;
use super::guard::Policy;
use super::model::{Delivery, Hook, HookId};
use super::service::{self, HookChange};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_webhooks, create_webhook))
        .routes(routes!(get_webhook, change_webhook, remove_webhook))
        .routes(routes!(rotate_webhook))
        .routes(routes!(replay_webhook))
        .routes(routes!(list_deliveries))
        .routes(routes!(test_webhook))
}

/// The server's policy, put on the app's shelf; strict if nobody did.
fn policy(app: &App) -> Policy {
    app.get::<Policy>().map(|p| *p).unwrap_or_default()
}

/// A webhook.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Webhook {
    #[schema(value_type = String, example = "whk_01hqzv…")]
    id: HookId,
    url: String,
    /// Which events; none means all.
    types: Vec<String>,
    /// `active` or `disabled`.
    state: String,
    /// Since when nothing got through.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    disabled_at: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// Shown when made and when rotated.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

fn dto(h: Hook, with_secret: bool) -> Webhook {
    let secret = if with_secret { h.secrets.first().map(|s| s.secret.clone()) } else { None };
    Webhook {
        id: h.id,
        url: h.url,
        types: h.types,
        state: h.state,
        failing_since: h.failing_since,
        disabled_at: h.disabled_at,
        created_at: h.created_at,
        secret,
    }
}

/// The merchant's webhooks.
#[utoipa::path(get, path = "/webhooks", operation_id = "list_webhooks", tag = "webhooks", params(PageQuery),
    responses((status = 200, body = Page<Webhook>)), security(("staff" = ["webhooks:manage"]), ("key" = ["webhooks:manage"])))]
async fn list_webhooks(call: Call, Query(q): Query<PageQuery>) -> Reply<Page<Webhook>> {
    let cx = call.allow(Permission::WebhooksManage)?;
    let paging = q.paging()?;
    let (after, fetch) = (HookId::from_bytes(paging.id(0, [0; 16])?), paging.fetch());
    let rows = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant, after, fetch)).await?;
    Ok(Json(Page::cut(rows, &paging, |h| vec![h.id.into()]).map(|h| dto(h, false))))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookCreate {
    /// `https://…`, public.
    url: String,
    /// `order.paid`, `order.*`; none means all.
    #[serde(default)]
    types: Vec<String>,
}

/// Sets a webhook up.
#[utoipa::path(post, path = "/webhooks", operation_id = "create_webhook", tag = "webhooks", request_body = WebhookCreate,
    responses((status = 201, body = Webhook)), security(("staff" = ["webhooks:manage"]), ("key" = ["webhooks:manage"])))]
async fn create_webhook(call: Call, Body(body): Body<WebhookCreate>) -> Result<(StatusCode, Json<Webhook>), Problem> {
    let cx = call.allow(Permission::WebhooksManage)?;
    let policy = policy(&call.app);
    let made = call.write(&cx, move |tx, cx| Ok(dto(service::create(tx, cx, &body.url, &body.types, policy)?, true))).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One webhook.
#[utoipa::path(get, path = "/webhooks/{id}", operation_id = "get_webhook", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 200, body = Webhook)), security(("staff" = ["webhooks:manage"]), ("key" = ["webhooks:manage"])))]
async fn get_webhook(call: Call, Path(id): Path<HookId>) -> Reply<Webhook> {
    let cx = call.allow(Permission::WebhooksManage)?;
    Ok(Json(call.read(&cx, move |tx, cx| Ok(dto(service::get(tx, cx.merchant, id)?, false))).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookPatch {
    url: Option<String>,
    types: Option<Vec<String>>,
    /// Off, or on again.
    disabled: Option<bool>,
}

/// Changes a webhook; what is absent stays.
#[utoipa::path(patch, path = "/webhooks/{id}", operation_id = "change_webhook", tag = "webhooks", params(("id" = String, Path)), request_body = WebhookPatch,
    responses((status = 200, body = Webhook)), security(("staff" = ["webhooks:manage"]), ("key" = ["webhooks:manage"])))]
async fn change_webhook(call: Call, Path(id): Path<HookId>, Body(body): Body<WebhookPatch>) -> Reply<Webhook> {
    let cx = call.allow(Permission::WebhooksManage)?;
    let (policy, change) = (policy(&call.app), HookChange { url: body.url, types: body.types, disabled: body.disabled });
    Ok(Json(call.write(&cx, move |tx, cx| Ok(dto(service::change(tx, cx, id, &change, policy)?, false))).await?))
}

/// Forgets a webhook and its deliveries.
#[utoipa::path(delete, path = "/webhooks/{id}", operation_id = "remove_webhook", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["webhooks:manage"]), ("key" = ["webhooks:manage"])))]
async fn remove_webhook(call: Call, Path(id): Path<HookId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::WebhooksManage)?;
    call.write(&cx, move |tx, cx| service::remove(tx, cx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a webhook a new secret; the old one signs beside it for a day.
#[utoipa::path(post, path = "/webhooks/{id}/rotate", operation_id = "rotate_webhook", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 200, body = Webhook)), security(("staff" = ["webhooks:manage"]), ("key" = ["webhooks:manage"])))]
async fn rotate_webhook(call: Call, Path(id): Path<HookId>) -> Reply<Webhook> {
    let cx = call.allow(Permission::WebhooksManage)?;
    Ok(Json(call.write(&cx, move |tx, cx| Ok(dto(service::rotate(tx, cx, id)?, true))).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookReplay {
    /// The first position to send again.
    #[schema(minimum = 0)]
    from_position: i64,
}

/// A replay that was queued.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ReplayQueued {
    /// See `/jobs/{id}`.
    #[schema(value_type = String, example = "job_01hqzv…")]
    job: JobId,
}

/// Sends the events from a position on again, as a task.
#[utoipa::path(post, path = "/webhooks/{id}/replay", operation_id = "replay_webhook", tag = "webhooks", params(("id" = String, Path)), request_body = WebhookReplay,
    responses((status = 202, body = ReplayQueued)), security(("staff" = ["webhooks:manage"]), ("key" = ["webhooks:manage"])))]
async fn replay_webhook(
    call: Call,
    Path(id): Path<HookId>,
    Body(body): Body<WebhookReplay>,
) -> Result<(StatusCode, Json<ReplayQueued>), Problem> {
    let cx = call.allow(Permission::WebhooksManage)?;
    if body.from_position < 0 {
        return Err(Problem::invalid("body", "from_position", "a position is 0 or more"));
    }
    let queued = call.write(&cx, move |tx, cx| Ok(ReplayQueued { job: request_replay(tx, cx, id, body.from_position)? })).await?;
    Ok((StatusCode::ACCEPTED, Json(queued)))
}

/// What became of an event on its way to a webhook.
#[derive(Serialize, ToSchema)]
pub struct WebhookDelivery {
    /// The event: the message's `webhook-id`.
    #[schema(value_type = String, example = "evt_01hqzv…")]
    id: EventId,
    position: i64,
    #[serde(rename = "type")]
    kind: String,
    /// `pending`, `paused`, `delivered` or `failed`.
    state: String,
    /// How often it was tried.
    attempt: i64,
    /// The last answer's status.
    status: Option<i64>,
    /// Why there was none.
    error: Option<String>,
    /// When it was last tried, or made.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// When it will be tried again.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Instant>,
}

impl From<Delivery> for WebhookDelivery {
    fn from(d: Delivery) -> Self {
        Self {
            id: EventId::from_bytes(d.event),
            position: d.position,
            kind: d.kind,
            attempt: d.attempts,
            status: d.status,
            error: d.error,
            at: d.tried_at.unwrap_or(d.created_at),
            next_at: (d.state == "pending").then_some(d.next_at),
            state: d.state,
        }
    }
}

/// A webhook's deliveries, newest event first.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", operation_id = "list_deliveries", tag = "webhooks", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<WebhookDelivery>)), security(("staff" = ["webhooks:manage"]), ("key" = ["webhooks:manage"])))]
async fn list_deliveries(call: Call, Path(id): Path<HookId>, Query(q): Query<PageQuery>) -> Reply<Page<WebhookDelivery>> {
    let cx = call.allow(Permission::WebhooksManage)?;
    let paging = q.paging()?;
    let (before, fetch) = (paging.int(0, i64::MAX)?, paging.fetch());
    let rows = call.read(&cx, move |tx, cx| service::deliveries(tx, cx.merchant, id, before, fetch)).await?;
    Ok(Json(Page::cut(rows, &paging, |d| vec![d.position.into()]).map(WebhookDelivery::from)))
}

/// What came of a test message.
#[derive(Serialize, ToSchema)]
pub struct WebhookTested {
    /// Whether the receiver answered with a 2xx.
    delivered: bool,
    status: Option<u16>,
    error: Option<&'static str>,
}

/// Sends a `webhook.test` message now and says what came of it.
#[utoipa::path(post, path = "/webhooks/{id}/test", operation_id = "test_webhook", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 200, body = WebhookTested)), security(("staff" = ["webhooks:manage"]), ("key" = ["webhooks:manage"])))]
async fn test_webhook(call: Call, Path(id): Path<HookId>) -> Reply<WebhookTested> {
    let cx = call.allow(Permission::WebhooksManage)?;
    let hook = call.read(&cx, move |tx, cx| service::get(tx, cx.merchant, id)).await?;
    let (store, policy) = (call.app.store.clone(), policy(&call.app));
    let event: EventId = cx.new_id();
    let body = serde_json::json!({"type": "webhook.test", "timestamp": cx.now, "id": event, "data": {"webhook": id}}).to_string();
    let sent = tokio::task::spawn_blocking(move || Courier::new(store, policy).send(&hook, &event.to_string(), cx.now, &body)).await;
    let sent = sent.map_err(|_| Problem::fault("a test message panicked"))??;
    Ok(Json(WebhookTested { delivered: sent.taken(), status: sent.status, error: sent.error }))
}
