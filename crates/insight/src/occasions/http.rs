//! `/calendar/occasions`.

use axum::Json;
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Path, Permission, Problem, Query, Reply};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::service::{self, Said};
use super::{Occasion, OccasionId, SPAN_MAX};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_occasions, create_occasion)).routes(routes!(get_occasion, put_occasion, remove_occasion))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OccasionQuery {
    /// The first day.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The day before which it ends: ten years after `from` at most.
    #[param(value_type = String, format = Date)]
    to: Date,
}

/// Occasions, by their first day.
#[derive(Serialize, ToSchema)]
pub struct Occasions {
    items: Vec<Occasion>,
}

/// What is said of an occasion of your own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OccasionInput {
    /// Its name.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// In English; absent: the same.
    #[schema(min_length = 1, max_length = 60)]
    name_en: Option<String>,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The day before which it ends.
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// Its main day; absent: the first.
    #[schema(value_type = Option<String>, format = Date)]
    day: Option<Date>,
}

impl OccasionInput {
    fn said(self) -> Said {
        Said { name: self.name, name_en: self.name_en, from: self.from, to: self.to, day: self.day }
    }
}

/// Sales, holidays and festivals that touch some days, and the merchant's own.
#[utoipa::path(get, path = "/calendar/occasions", operation_id = "list_occasions", tag = "reports", params(OccasionQuery),
    responses((status = 200, body = Occasions)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn list_occasions(call: Call, Query(q): Query<OccasionQuery>) -> Reply<Occasions> {
    let cx = call.allow(Permission::OrdersRead)?;
    if q.to <= q.from || (q.to - q.from).get_days() > SPAN_MAX {
        return Err(Problem::invalid("query", "to", "it lies after `from`, by ten years at most"));
    }
    let items = call.read(&cx, move |tx, cx| service::touching(tx, cx, q.from, q.to)).await?;
    Ok(Json(Occasions { items }))
}

/// Adds an occasion of your own.
#[utoipa::path(post, path = "/calendar/occasions", operation_id = "create_occasion", tag = "reports", request_body = OccasionInput,
    responses((status = 201, body = Occasion)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn create_occasion(call: Call, Body(input): Body<OccasionInput>) -> Result<(StatusCode, Json<Occasion>), Problem> {
    let cx = call.allow(Permission::OrdersWrite)?;
    let said = input.said();
    Ok((StatusCode::CREATED, Json(call.write(&cx, move |tx, cx| service::create(tx, cx, &said)).await?)))
}

/// An occasion of your own.
#[utoipa::path(get, path = "/calendar/occasions/{id}", operation_id = "get_occasion", tag = "reports", params(("id" = String, Path)),
    responses((status = 200, body = Occasion)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn get_occasion(call: Call, Path(id): Path<OccasionId>) -> Reply<Occasion> {
    let cx = call.allow(Permission::OrdersRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| service::get(tx, cx, id)).await?))
}

/// Puts another name and other days in its place.
#[utoipa::path(put, path = "/calendar/occasions/{id}", operation_id = "put_occasion", tag = "reports", params(("id" = String, Path)), request_body = OccasionInput,
    responses((status = 200, body = Occasion)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn put_occasion(call: Call, Path(id): Path<OccasionId>, Body(input): Body<OccasionInput>) -> Reply<Occasion> {
    let cx = call.allow(Permission::OrdersWrite)?;
    let said = input.said();
    Ok(Json(call.write(&cx, move |tx, cx| service::change(tx, cx, id, &said)).await?))
}

/// Removes an occasion of your own.
#[utoipa::path(delete, path = "/calendar/occasions/{id}", operation_id = "remove_occasion", tag = "reports", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn remove_occasion(call: Call, Path(id): Path<OccasionId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::OrdersWrite)?;
    call.write(&cx, move |tx, cx| service::remove(tx, cx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
