//! `/views`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Error, Instant, Result};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::service::{self, View, ViewId};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_views, save_view)).routes(routes!(remove_view))
}

/// A saved view.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct SavedView {
    #[schema(value_type = String, example = "viw_01hqzv…")]
    id: ViewId,
    page: String,
    name: String,
    query: String,
    columns: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Instant,
}

fn dto(v: View) -> Result<SavedView> {
    let id = v.id.ok_or_else(|| Error::fault("a stored view without an id"))?;
    Ok(SavedView { id, page: v.page, name: v.name, query: v.query, columns: v.columns, updated_at: v.updated_at })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ViewQuery {
    /// Only those of this list.
    page: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// The saved views of a list.
#[utoipa::path(get, path = "/views", operation_id = "list_views", tag = "views", params(ViewQuery),
    responses((status = 200, body = Page<SavedView>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_views(call: Call, Query(q): Query<ViewQuery>) -> Reply<Page<SavedView>> {
    let cx = call.allow(Permission::MembersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let (after, fetch, page) = (ViewId::from_bytes(paging.id(0, [0; 16])?), paging.fetch(), q.page.unwrap_or_default());
    let rows =
        call.read(&cx, move |tx, cx| service::list(tx, cx, &page, after, fetch)?.into_iter().map(dto).collect::<Result<Vec<_>>>()).await?;
    Ok(Json(Page::cut(rows, &paging, |v| vec![v.id.into()])))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SavedViewPut {
    /// Absent for a new one.
    #[schema(value_type = Option<String>)]
    id: Option<ViewId>,
    #[schema(pattern = "^[a-z_/-]{1,40}$", example = "members")]
    page: String,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The list's query, as in the address.
    #[schema(max_length = 4000)]
    query: String,
    #[serde(default)]
    columns: Vec<String>,
}

/// Saves a view, a new one or over an old one.
#[utoipa::path(put, path = "/views", operation_id = "save_view", tag = "views", request_body = SavedViewPut,
    responses((status = 200, body = SavedView)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn save_view(call: Call, Body(body): Body<SavedViewPut>) -> Reply<SavedView> {
    let cx = call.allow(Permission::MembersRead)?;
    if body.query.chars().count() > 4000 {
        return Err(Problem::invalid("body", "query", "at most 4000 characters"));
    }
    if body.columns.len() > 100 || body.columns.iter().any(|c| c.len() > 100) {
        return Err(Problem::invalid("body", "columns", "at most 100 columns of 100 bytes"));
    }
    let view = View { id: body.id, page: body.page, name: body.name, query: body.query, columns: body.columns, updated_at: cx.now };
    Ok(Json(call.write(&cx, move |tx, cx| dto(service::save(tx, cx, &view)?)).await?))
}

/// Forgets a view.
#[utoipa::path(delete, path = "/views/{id}", operation_id = "remove_view", tag = "views", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn remove_view(call: Call, Path(id): Path<ViewId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::MembersRead)?;
    call.write(&cx, move |tx, cx| service::remove(tx, cx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
