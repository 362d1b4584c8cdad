//! What holds for every order: seen, posted, taken back.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_http::{App, Body, Call, Page, Path, Permission, Problem, Reply};
use shuke_kernel::{Ctx, Error, Instant, Result as Done};
use shuke_programme::ProgrammeId;
use shuke_store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{self, SettingsVersionDto};
use crate::settings::service::{self, Says};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_price_settings))
        .routes(routes!(list_price_settings_versions, post_price_settings))
        .routes(routes!(withdraw_price_settings))
        .routes(routes!(restore_price_settings))
}

/// What holds for every order, now and next.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct PriceSettings {
    /// None where nobody set anything: one coupon of each sort an order, no points as cash.
    current: Option<SettingsVersionDto>,
    /// The next that will be.
    next: Option<SettingsVersionDto>,
}

fn settings(tx: &mut Tx<'_>, cx: &Ctx) -> Done<PriceSettings> {
    let all = dto::settings(&service::versions(tx, cx.merchant)?, cx.now)?;
    let of = |state: &str| all.iter().find(|v| v.state == state).cloned();
    Ok(PriceSettings { current: of("current"), next: of("scheduled") })
}

/// What holds for every order: how many coupons, points as cash, what is earned, lowest prices; whose tiers and points.
#[utoipa::path(get, path = "/pricing/settings", operation_id = "get_price_settings", tag = "pricing",
    responses((status = 200, body = PriceSettings)), security(("staff" = ["promotions:read"]), ("key" = ["promotions:read"])))]
async fn get_price_settings(call: Call) -> Reply<PriceSettings> {
    let cx = call.allow(Permission::PromotionsRead)?;
    Ok(Json(call.read(&cx, settings).await?))
}

/// All versions, in order.
#[utoipa::path(get, path = "/pricing/settings/versions", operation_id = "list_price_settings_versions", tag = "pricing",
    responses((status = 200, body = Page<SettingsVersionDto>)), security(("staff" = ["promotions:read"]), ("key" = ["promotions:read"])))]
async fn list_price_settings_versions(call: Call) -> Reply<Page<SettingsVersionDto>> {
    let cx = call.allow(Permission::PromotionsRead)?;
    let all = call.read(&cx, |tx, cx| dto::settings(&service::versions(tx, cx.merchant)?, cx.now));
    Ok(Json(Page::whole(all.await?)))
}

fn version(tx: &mut Tx<'_>, cx: &Ctx, no: i64) -> Done<SettingsVersionDto> {
    let all = dto::settings(&service::versions(tx, cx.merchant)?, cx.now)?;
    all.into_iter().find(|v| v.no == no).ok_or_else(|| Error::fault("a version vanished"))
}

/// Settings that are to follow.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PriceSettingsInput {
    /// The whole of what stands under `settings` in `docs/pricing-format.md`.
    #[schema(value_type = Object)]
    settings: Box<RawValue>,
    /// The programme whose tiers promotions name and whose points pay; none for nobody's.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "prg_01kc…")]
    programme: Option<ProgrammeId>,
    /// From when on they are in force: now unless given, never in the past.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Why, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
    /// The `no` of the last version that was read, 0 where there was none: refused where another followed on it.
    #[serde(default)]
    #[schema(minimum = 0)]
    after: Option<i64>,
}

/// Posts settings as a new version, now or from a time on.
#[utoipa::path(post, path = "/pricing/settings/versions", operation_id = "post_price_settings", tag = "pricing", request_body = PriceSettingsInput,
    responses((status = 201, body = SettingsVersionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn post_price_settings(call: Call, Body(body): Body<PriceSettingsInput>) -> Result<(StatusCode, Json<SettingsVersionDto>), Problem> {
    let cx = call.allow(Permission::PromotionsWrite)?;
    let says = Says { programme: body.programme, text: body.settings.get().to_owned() };
    let (from, note, after) = (body.from, body.note, body.after);
    let made = call.write(&cx, move |tx, cx| {
        let no = service::post(tx, cx, &says, from, &note, after)?;
        version(tx, cx, no)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Withdraws a version that has not begun.
#[utoipa::path(post, path = "/pricing/settings/versions/{no}/withdraw", operation_id = "withdraw_price_settings", tag = "pricing", params(("no" = i64, Path)),
    responses((status = 200, body = PriceSettings)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn withdraw_price_settings(call: Call, Path(no): Path<i64>) -> Reply<PriceSettings> {
    let cx = call.allow(Permission::PromotionsWrite)?;
    let done = call.write(&cx, move |tx, cx| {
        service::withdraw(tx, cx, no)?;
        settings(tx, cx)
    });
    Ok(Json(done.await?))
}

/// From when on an older version holds again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PriceSettingsRestore {
    /// Now unless given, never in the past.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Why, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// Goes back to an older version: it is posted again as a new one.
#[utoipa::path(post, path = "/pricing/settings/versions/{no}/restore", operation_id = "restore_price_settings", tag = "pricing", params(("no" = i64, Path)),
    request_body = PriceSettingsRestore,
    responses((status = 201, body = SettingsVersionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn restore_price_settings(
    call: Call,
    Path(no): Path<i64>,
    Body(body): Body<PriceSettingsRestore>,
) -> Result<(StatusCode, Json<SettingsVersionDto>), Problem> {
    let cx = call.allow(Permission::PromotionsWrite)?;
    let made = call.write(&cx, move |tx, cx| {
        let made = service::restore(tx, cx, no, body.from, &body.note)?;
        version(tx, cx, made)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}
