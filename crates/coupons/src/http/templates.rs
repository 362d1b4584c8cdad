//! Templates: defined, changed in versions, paused, put away.

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shuke_http::{App, Body, Call, Page, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Result as Done};
use shuke_store::Tx;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{TemplateDto, VersionDto};
use crate::TemplateId;
use crate::state::State;
use crate::template::{Definition, Template, service};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_coupon_templates, create_coupon_template))
        .routes(routes!(get_coupon_template, update_coupon_template))
        .routes(routes!(list_coupon_template_versions))
        .routes(routes!(pause_coupon_template))
        .routes(routes!(resume_coupon_template))
        .routes(routes!(archive_coupon_template))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TemplateList {
    /// `active`, `paused` or `archived`.
    state: Option<String>,
}

/// Templates, the oldest first.
#[utoipa::path(get, path = "/coupons/templates", operation_id = "list_coupon_templates", tag = "coupons", params(TemplateList),
    responses((status = 200, body = Page<TemplateDto>)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn list_coupon_templates(call: Call, Query(q): Query<TemplateList>) -> Reply<Page<TemplateDto>> {
    let cx = call.allow(Permission::CouponsRead)?;
    let state = q.state.filter(|s| !s.is_empty());
    let all = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant)).await?;
    let fits = |t: &TemplateDto| state.as_ref().is_none_or(|s| t.state == *s);
    Ok(Json(Page::whole(all.into_iter().map(TemplateDto::of).filter(fits).collect())))
}

/// Makes a template.
#[utoipa::path(post, path = "/coupons/templates", operation_id = "create_coupon_template", tag = "coupons", request_body = Definition,
    responses((status = 201, body = TemplateDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn create_coupon_template(call: Call, Body(body): Body<Definition>) -> Result<(StatusCode, Json<TemplateDto>), Problem> {
    let cx = call.allow(Permission::CouponsWrite)?;
    let made = call.write(&cx, move |tx, cx| Ok(TemplateDto::of(service::create(tx, cx, body.clone())?)));
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// One template, in its newest version.
#[utoipa::path(get, path = "/coupons/templates/{id}", operation_id = "get_coupon_template", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = TemplateDto)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn get_coupon_template(call: Call, Path(id): Path<TemplateId>) -> Reply<TemplateDto> {
    let cx = call.allow(Permission::CouponsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| Ok(TemplateDto::of(service::get(tx, cx.merchant, id)?))).await?))
}

/// Says something else of a template, in a new version. Batches and coupons that are there keep theirs; its kind stays.
/// `version` is the one that was read.
#[utoipa::path(put, path = "/coupons/templates/{id}", operation_id = "update_coupon_template", tag = "coupons", params(("id" = String, Path)), request_body = Definition,
    responses((status = 200, body = TemplateDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn update_coupon_template(call: Call, Path(id): Path<TemplateId>, Body(body): Body<Definition>) -> Reply<TemplateDto> {
    write(call, move |tx, cx| service::change(tx, cx, id, body.clone())).await
}

/// The versions of a template, the newest first.
#[utoipa::path(get, path = "/coupons/templates/{id}/versions", operation_id = "list_coupon_template_versions", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = Page<VersionDto>)), security(("staff" = ["coupons:read"]), ("key" = ["coupons:read"])))]
async fn list_coupon_template_versions(call: Call, Path(id): Path<TemplateId>) -> Reply<Page<VersionDto>> {
    let cx = call.allow(Permission::CouponsRead)?;
    let all = call.read(&cx, move |tx, cx| service::versions(tx, cx.merchant, id)).await?;
    Ok(Json(Page::whole(all.into_iter().map(VersionDto::from).collect())))
}

async fn write(call: Call, f: impl Fn(&mut Tx<'_>, &Ctx) -> Done<Template> + Send + 'static) -> Reply<TemplateDto> {
    let cx = call.allow(Permission::CouponsWrite)?;
    Ok(Json(call.write(&cx, move |tx, cx| Ok(TemplateDto::of(f(tx, cx)?))).await?))
}

/// Pauses a template: no batch is made of it.
#[utoipa::path(post, path = "/coupons/templates/{id}/pause", operation_id = "pause_coupon_template", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = TemplateDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn pause_coupon_template(call: Call, Path(id): Path<TemplateId>) -> Reply<TemplateDto> {
    write(call, move |tx, cx| service::set_state(tx, cx, id, State::Paused)).await
}

/// Sets a paused template going again.
#[utoipa::path(post, path = "/coupons/templates/{id}/resume", operation_id = "resume_coupon_template", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = TemplateDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn resume_coupon_template(call: Call, Path(id): Path<TemplateId>) -> Reply<TemplateDto> {
    write(call, move |tx, cx| service::set_state(tx, cx, id, State::Active)).await
}

/// Puts a template away for good: nothing is handed out of its batches any more; coupons that members have stay good.
#[utoipa::path(post, path = "/coupons/templates/{id}/archive", operation_id = "archive_coupon_template", tag = "coupons", params(("id" = String, Path)),
    responses((status = 200, body = TemplateDto)), security(("staff" = ["coupons:write"]), ("key" = ["coupons:write"])))]
async fn archive_coupon_template(call: Call, Path(id): Path<TemplateId>) -> Reply<TemplateDto> {
    write(call, move |tx, cx| service::set_state(tx, cx, id, State::Archived)).await
}
