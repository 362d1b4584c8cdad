//! Promotions made, changed, published, taken back, paused, put away; what holds at an instant as a file.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Instant, Result as Done};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{self, LineDto, PromotionDto, VersionDto, Words};
use super::schema::{BothLanguages, PromotionsFile};
use crate::catalogue;
use crate::promotion::model::{self, State};
use crate::promotion::{PromotionId, service};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_promotions, create_promotion))
        .routes(routes!(check_promotion_rules))
        .routes(routes!(get_promotion_catalogue))
        .routes(routes!(get_promotion, update_promotion))
        .routes(routes!(publish_promotion))
        .routes(routes!(pause_promotion))
        .routes(routes!(resume_promotion))
        .routes(routes!(archive_promotion))
        .routes(routes!(list_promotion_versions))
        .routes(routes!(withdraw_promotion_version))
        .routes(routes!(restore_promotion_version))
}

/// The states that a list can be of.
const STATES: [&str; 6] = ["draft", "scheduled", "running", "ended", "paused", "archived"];

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PromotionList {
    /// `draft`, `scheduled`, `running`, `ended`, `paused` or `archived`; all but those put away unless given.
    state: Option<String>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The merchant's promotions, the newest first, each with what it does in one sentence.
#[utoipa::path(get, path = "/promotions", operation_id = "list_promotions", tag = "pricing", params(PromotionList),
    responses((status = 200, body = Page<LineDto>)), security(("staff" = ["promotions:read"]), ("key" = ["promotions:read"])))]
async fn list_promotions(call: Call, Query(q): Query<PromotionList>) -> Reply<Page<LineDto>> {
    let cx = call.allow(Permission::PromotionsRead)?;
    let state = q.state.filter(|s| !s.is_empty());
    if state.as_ref().is_some_and(|s| !STATES.contains(&s.as_str())) {
        return Err(Problem::invalid("query", "state", format!("one of {}", STATES.join(", "))));
    }
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let before = PromotionId::from_bytes(paging.id(0, [255; 16])?);
    let most = usize::try_from(paging.fetch()).unwrap_or(usize::MAX);
    let rows = call.read(&cx, move |tx, cx| {
        let mut heads = service::heads(tx, cx.merchant)?;
        let mut words = Words::of(tx, cx)?;
        let mut lines = Vec::new();
        for found in service::list(tx, cx.merchant)?.into_iter().filter(|p| p.id < before) {
            let all = heads.remove(&found.id).unwrap_or_default();
            let told = dto::state(&found, &all, cx.now);
            if state.as_deref().map_or(told != "archived", |wanted| wanted == told) {
                lines.push(dto::line(tx, cx, &mut words, found, &all)?);
            }
            if lines.len() == most {
                break;
            }
        }
        Ok(lines)
    });
    Ok(Json(Page::cut(rows.await?, &paging, |line| vec![line.id.into()])))
}

/// A promotion to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PromotionInput {
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// As `docs/pricing-format.md` has them in the list `promotions`, without `id`.
    #[schema(value_type = Object)]
    rules: Box<RawValue>,
}

/// Makes a promotion with a draft of its rules. Nothing is in force before it is published.
#[utoipa::path(post, path = "/promotions", operation_id = "create_promotion", tag = "pricing", request_body = PromotionInput,
    responses((status = 201, body = PromotionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn create_promotion(call: Call, Body(body): Body<PromotionInput>) -> Result<(StatusCode, Json<PromotionDto>), Problem> {
    let cx = call.allow(Permission::PromotionsWrite)?;
    let made = call.write(&cx, move |tx, cx| {
        let id = service::create(tx, cx, &body.name, body.rules.get())?;
        dto::promotion(tx, cx, id)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// One promotion.
#[utoipa::path(get, path = "/promotions/{id}", operation_id = "get_promotion", tag = "pricing", params(("id" = String, Path)),
    responses((status = 200, body = PromotionDto)), security(("staff" = ["promotions:read"]), ("key" = ["promotions:read"])))]
async fn get_promotion(call: Call, Path(id): Path<PromotionId>) -> Reply<PromotionDto> {
    let cx = call.allow(Permission::PromotionsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| dto::promotion(tx, cx, id)).await?))
}

/// A promotion's name and draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PromotionChange {
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// The whole draft; none takes the draft away, and what is in force stays.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    rules: Option<Box<RawValue>>,
    /// The `version` that was read: refused where somebody changed it since.
    version: i64,
}

/// Changes name and draft. What is in force stays so until the draft is published.
#[utoipa::path(put, path = "/promotions/{id}", operation_id = "update_promotion", tag = "pricing", params(("id" = String, Path)), request_body = PromotionChange,
    responses((status = 200, body = PromotionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn update_promotion(call: Call, Path(id): Path<PromotionId>, Body(body): Body<PromotionChange>) -> Reply<PromotionDto> {
    let cx = call.allow(Permission::PromotionsWrite)?;
    let done = call.write(&cx, move |tx, cx| {
        service::change(tx, cx, id, &body.name, body.rules.as_deref().map(RawValue::get), body.version)?;
        dto::promotion(tx, cx, id)
    });
    Ok(Json(done.await?))
}

/// When the draft begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PromotionPublish {
    /// The `version` that was read: refused where somebody changed it since.
    version: i64,
    /// From when on the rules are in force: now unless given, never in the past.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Why, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// Publishes the draft as a new version, now or from a time on. Carts of before keep their prices: nothing is priced anew.
#[utoipa::path(post, path = "/promotions/{id}/publish", operation_id = "publish_promotion", tag = "pricing", params(("id" = String, Path)), request_body = PromotionPublish,
    responses((status = 200, body = PromotionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn publish_promotion(call: Call, Path(id): Path<PromotionId>, Body(body): Body<PromotionPublish>) -> Reply<PromotionDto> {
    let cx = call.allow(Permission::PromotionsWrite)?;
    let done = call.write(&cx, move |tx, cx| {
        service::publish(tx, cx, id, body.version, body.from, &body.note)?;
        dto::promotion(tx, cx, id)
    });
    Ok(Json(done.await?))
}

async fn set(call: Call, id: PromotionId, to: State) -> Reply<PromotionDto> {
    let cx = call.allow(Permission::PromotionsWrite)?;
    let done = call.write(&cx, move |tx, cx| {
        service::set_state(tx, cx, id, to)?;
        dto::promotion(tx, cx, id)
    });
    Ok(Json(done.await?))
}

/// Pauses a promotion: no cart is priced by it.
#[utoipa::path(post, path = "/promotions/{id}/pause", operation_id = "pause_promotion", tag = "pricing", params(("id" = String, Path)),
    responses((status = 200, body = PromotionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn pause_promotion(call: Call, Path(id): Path<PromotionId>) -> Reply<PromotionDto> {
    set(call, id, State::Paused).await
}

/// Sets a paused promotion going again.
#[utoipa::path(post, path = "/promotions/{id}/resume", operation_id = "resume_promotion", tag = "pricing", params(("id" = String, Path)),
    responses((status = 200, body = PromotionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn resume_promotion(call: Call, Path(id): Path<PromotionId>) -> Reply<PromotionDto> {
    set(call, id, State::Active).await
}

/// Puts a promotion away for good; its versions stay readable.
#[utoipa::path(post, path = "/promotions/{id}/archive", operation_id = "archive_promotion", tag = "pricing", params(("id" = String, Path)),
    responses((status = 200, body = PromotionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn archive_promotion(call: Call, Path(id): Path<PromotionId>) -> Reply<PromotionDto> {
    set(call, id, State::Archived).await
}

fn versions(tx: &mut Tx<'_>, cx: &Ctx, id: PromotionId) -> Done<Vec<VersionDto>> {
    service::get(tx, cx.merchant, id)?;
    let all = service::versions(tx, cx.merchant, id)?;
    let mut words = Words::of(tx, cx)?;
    all.iter().map(|v| dto::version(tx, cx, &mut words, id, &all, v)).collect()
}

/// All versions of a promotion's rules, in order.
#[utoipa::path(get, path = "/promotions/{id}/versions", operation_id = "list_promotion_versions", tag = "pricing", params(("id" = String, Path)),
    responses((status = 200, body = Page<VersionDto>)), security(("staff" = ["promotions:read"]), ("key" = ["promotions:read"])))]
async fn list_promotion_versions(call: Call, Path(id): Path<PromotionId>) -> Reply<Page<VersionDto>> {
    let cx = call.allow(Permission::PromotionsRead)?;
    Ok(Json(Page::whole(call.read(&cx, move |tx, cx| versions(tx, cx, id)).await?)))
}

/// Withdraws a version that has not begun. Where there is no draft, its rules are one again.
#[utoipa::path(post, path = "/promotions/{id}/versions/{no}/withdraw", operation_id = "withdraw_promotion_version", tag = "pricing",
    params(("id" = String, Path), ("no" = i64, Path)),
    responses((status = 200, body = PromotionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn withdraw_promotion_version(call: Call, Path((id, no)): Path<(PromotionId, i64)>) -> Reply<PromotionDto> {
    let cx = call.allow(Permission::PromotionsWrite)?;
    let done = call.write(&cx, move |tx, cx| {
        service::withdraw(tx, cx, id, no)?;
        dto::promotion(tx, cx, id)
    });
    Ok(Json(done.await?))
}

/// From when on an older version holds again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PromotionRestore {
    /// Now unless given, never in the past.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Why, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// Goes back to an older version: its rules are published again as a new one. A draft stays a draft.
#[utoipa::path(post, path = "/promotions/{id}/versions/{no}/restore", operation_id = "restore_promotion_version", tag = "pricing",
    params(("id" = String, Path), ("no" = i64, Path)), request_body = PromotionRestore,
    responses((status = 200, body = PromotionDto)), security(("staff" = ["promotions:write"]), ("key" = ["promotions:write"])))]
async fn restore_promotion_version(
    call: Call,
    Path((id, no)): Path<(PromotionId, i64)>,
    Body(body): Body<PromotionRestore>,
) -> Reply<PromotionDto> {
    let cx = call.allow(Permission::PromotionsWrite)?;
    let done = call.write(&cx, move |tx, cx| {
        service::restore(tx, cx, id, no, body.from, &body.note)?;
        dto::promotion(tx, cx, id)
    });
    Ok(Json(done.await?))
}

/// Rules to be looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PromotionRules {
    #[schema(value_type = Object)]
    rules: Box<RawValue>,
}

/// What is wrong with rules, and where.
#[derive(Serialize, ToSchema)]
struct PromotionRulesError {
    code: String,
    /// The place in the rules, such as `rules.steps[0].amount_off`.
    path: Option<String>,
    /// In the caller's language.
    message: String,
}

/// What rules say.
#[derive(Serialize, ToSchema)]
struct PromotionRulesChecked {
    ok: bool,
    kind: Option<String>,
    /// What they do, in one sentence.
    sentence: Option<BothLanguages>,
    error: Option<PromotionRulesError>,
}

/// Reads rules without keeping them: what they do in one sentence, or the first thing that is wrong.
#[utoipa::path(post, path = "/promotions/check", operation_id = "check_promotion_rules", tag = "pricing", request_body = PromotionRules,
    responses((status = 200, body = PromotionRulesChecked)), security(("staff" = ["promotions:read"]), ("key" = ["promotions:read"])))]
async fn check_promotion_rules(call: Call, Body(body): Body<PromotionRules>) -> Reply<PromotionRulesChecked> {
    let cx = call.allow(Permission::PromotionsRead)?;
    let found = call.read(&cx, move |tx, cx| {
        let offer = model::read(body.rules.get(), cx.new_id())?;
        catalogue::refers(tx, cx, &offer, cx.now)?;
        let sentence = Words::of(tx, cx)?.sentence(tx, cx, &offer)?;
        Ok((offer.rule.kind().to_owned(), sentence))
    });
    let (ok, kind, sentence, error) = match found.await {
        Ok((kind, sentence)) => (true, Some(kind), Some(sentence), None),
        Err(problem) if ["promotion.", "price."].iter().any(|area| problem.code().starts_with(area)) => {
            let refusal = problem.refusal();
            let (code, message) = (refusal.code.code.to_owned(), refusal.text(call.lang.is_zh()));
            (false, None, None, Some(PromotionRulesError { code, path: refusal.field.clone(), message }))
        }
        Err(problem) => return Err(problem),
    };
    Ok(Json(PromotionRulesChecked { ok, kind, sentence, error }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CatalogueAt {
    /// Which instant; now unless given.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<String>,
}

/// What of all promotions and settings holds at an instant, as `promotions.json`: `shuke price` and `POST /pricing/evaluate`
/// take it as it is, with members put beside.
#[utoipa::path(get, path = "/promotions/catalogue", operation_id = "get_promotion_catalogue", tag = "pricing", params(CatalogueAt),
    responses((status = 200, body = PromotionsFile)), security(("staff" = ["promotions:read"]), ("key" = ["promotions:read"])))]
async fn get_promotion_catalogue(call: Call, Query(q): Query<CatalogueAt>) -> Reply<Value> {
    let cx = call.allow(Permission::PromotionsRead)?;
    let wrong = || Problem::invalid("query", "at", "expected an RFC 3339 time with an offset, such as 2026-11-11T00:00:00+08:00");
    let at = match q.at.as_deref().filter(|at| !at.is_empty()) {
        Some(text) => text.parse::<Instant>().map_err(|_| wrong())?,
        None => cx.now,
    };
    Ok(Json(call.read(&cx, move |tx, cx| catalogue::file(tx, cx.merchant, at)).await?))
}
