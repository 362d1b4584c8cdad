//! `/shops`.

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shuke_http::{App, Body, Call, Page, PageQuery, Path, Permission, Problem, Query, Reply};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::service::{self, External, NewShop, Shop, ShopChange, ShopId};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_shops, create_shop)).routes(routes!(get_shop, change_shop))
}

/// The merchant's shops.
#[utoipa::path(get, path = "/shops", operation_id = "list_shops", tag = "merchants", params(PageQuery),
    responses((status = 200, body = Page<Shop>)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn list_shops(call: Call, Query(q): Query<PageQuery>) -> Reply<Page<Shop>> {
    let cx = call.allow(Permission::OrdersRead)?;
    let paging = q.paging()?;
    let (after, fetch) = (ShopId::from_bytes(paging.id(0, [0; 16])?), paging.fetch());
    let rows = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant, after, fetch)).await?;
    Ok(Json(Page::cut(rows, &paging, |s| vec![s.id.into()])))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopCreate {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(pattern = "^[a-z0-9_]{1,32}$", example = "taobao")]
    platform: String,
    #[schema(max_length = 100)]
    legal_entity: Option<String>,
    external: Option<External>,
}

fn bounded(external: Option<External>) -> Result<Option<External>, Problem> {
    match external {
        Some(e) if e.source.trim().is_empty() || e.source.chars().count() > 100 => {
            Err(Problem::invalid("body", "external.source", "1 to 100 characters"))
        }
        Some(e) if e.id.trim().is_empty() || e.id.chars().count() > 200 => {
            Err(Problem::invalid("body", "external.id", "1 to 200 characters"))
        }
        other => Ok(other),
    }
}

/// Adds a shop.
#[utoipa::path(post, path = "/shops", operation_id = "create_shop", tag = "merchants", request_body = ShopCreate,
    responses((status = 201, body = Shop)), security(("staff" = ["settings:write"]), ("key" = ["settings:write"])))]
async fn create_shop(call: Call, Body(body): Body<ShopCreate>) -> Result<(StatusCode, Json<Shop>), Problem> {
    let cx = call.allow(Permission::SettingsWrite)?;
    let external = bounded(body.external)?;
    let new = NewShop { name: body.name, platform: body.platform, legal_entity: body.legal_entity.unwrap_or_default(), external };
    let made = call.write(&cx, move |tx, cx| service::create(tx, cx, &new)).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One shop.
#[utoipa::path(get, path = "/shops/{id}", operation_id = "get_shop", tag = "merchants", params(("id" = String, Path)),
    responses((status = 200, body = Shop)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn get_shop(call: Call, Path(id): Path<ShopId>) -> Reply<Shop> {
    let cx = call.allow(Permission::OrdersRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| service::get(tx, cx.merchant, id)).await?))
}

/// Changes a shop; what is absent stays.
#[utoipa::path(patch, path = "/shops/{id}", operation_id = "change_shop", tag = "merchants", params(("id" = String, Path)), request_body = ShopChange,
    responses((status = 200, body = Shop)), security(("staff" = ["settings:write"]), ("key" = ["settings:write"])))]
async fn change_shop(call: Call, Path(id): Path<ShopId>, Body(body): Body<ShopChange>) -> Reply<Shop> {
    let cx = call.allow(Permission::SettingsWrite)?;
    Ok(Json(call.write(&cx, move |tx, cx| service::change(tx, cx, id, &body)).await?))
}
