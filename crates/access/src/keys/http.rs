//! `/keys`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Page, PageQuery, Path, Permission, Problem, Query, Reply};
use shuke_kernel::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::service::{self, KeyId, KeyView, NewKey};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_keys, create_key)).routes(routes!(revoke_key))
}

/// An API key, without its secret.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ApiKey {
    #[schema(value_type = String, example = "key_01hqzv…")]
    id: KeyId,
    name: String,
    /// The beginning of the secret.
    #[schema(example = "sk_live_ab2c")]
    prefix: String,
    /// Permission words.
    scopes: Vec<String>,
    /// For a sandbox merchant.
    test: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    /// Within ten minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Instant>,
}

impl From<KeyView> for ApiKey {
    fn from(k: KeyView) -> Self {
        Self {
            id: k.id,
            name: k.name,
            prefix: k.prefix,
            scopes: k.scopes,
            test: k.test,
            created_at: k.created_at,
            last_used_at: k.last_used_at,
        }
    }
}

/// The merchant's keys in force, newest first.
#[utoipa::path(get, path = "/keys", operation_id = "list_keys", tag = "keys", params(PageQuery),
    responses((status = 200, body = Page<ApiKey>)), security(("staff" = ["keys:manage"]), ("key" = ["keys:manage"])))]
async fn list_keys(call: Call, Query(q): Query<PageQuery>) -> Reply<Page<ApiKey>> {
    let cx = call.allow(Permission::KeysManage)?;
    let paging = q.paging()?;
    let (before, fetch) = (KeyId::from_bytes(paging.id(0, [255; 16])?), paging.fetch());
    let rows = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant, before, fetch)).await?;
    Ok(Json(Page::cut(rows, &paging, |k| vec![k.id.into()]).map(ApiKey::from)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApiKeyCreate {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Permission words; at least one.
    scopes: Vec<String>,
    /// For a sandbox merchant: then it must be true.
    #[serde(default)]
    test: bool,
}

/// A new key with its secret.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ApiKeyCreated {
    key: ApiKey,
    /// Shown this once.
    #[schema(example = "sk_live_…")]
    secret: String,
}

/// Makes a key. It never may more than who makes it.
#[utoipa::path(post, path = "/keys", operation_id = "create_key", tag = "keys", request_body = ApiKeyCreate,
    responses((status = 201, body = ApiKeyCreated)), security(("staff" = ["keys:manage"]), ("key" = ["keys:manage"])))]
async fn create_key(call: Call, Body(body): Body<ApiKeyCreate>) -> Result<(StatusCode, Json<ApiKeyCreated>), Problem> {
    let cx = call.allow(Permission::KeysManage)?;
    let granted = call.caller.permissions;
    let new = NewKey { name: body.name, scopes: body.scopes, test: body.test };
    let made = call
        .write(&cx, move |tx, cx| {
            let issued = service::create(tx, cx, &new, granted)?;
            Ok(ApiKeyCreated { key: issued.key.into(), secret: issued.secret })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Revokes a key at once.
#[utoipa::path(delete, path = "/keys/{id}", operation_id = "revoke_key", tag = "keys", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["keys:manage"]), ("key" = ["keys:manage"])))]
async fn revoke_key(call: Call, Path(id): Path<KeyId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::KeysManage)?;
    call.write(&cx, move |tx, cx| service::revoke(tx, cx, id)).await?;
    call.app.auth.forget();
    Ok(StatusCode::NO_CONTENT)
}
