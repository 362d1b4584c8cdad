//! Programmes made, changed, paused, put away; versions of rules posted and withdrawn; rules checked and tried.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shuke_http::{App, Body, Call, Lang, Page, Path, Permission, Problem, Reply};
use shuke_kernel::{Ctx, Error, Instant, Refusal, Result as Done};
use shuke_loyalty::Scenario;
use shuke_store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{self, ProgrammeDto, Sentence, VersionDto};
use crate::definition::model::{State, read_rules};
use crate::definition::service::{self, New};
use crate::definition::{ProgrammeId, templates};

/// Steps of a trial at most.
const STEPS: usize = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_programmes, create_programme))
        .routes(routes!(get_programme, update_programme))
        .routes(routes!(pause_programme))
        .routes(routes!(resume_programme))
        .routes(routes!(archive_programme))
        .routes(routes!(list_programme_versions, post_programme_version))
        .routes(routes!(withdraw_programme_version))
        .routes(routes!(restore_programme_version))
        .routes(routes!(check_programme_rules))
        .routes(routes!(try_programme_rules))
        .routes(routes!(list_programme_templates))
}

fn one(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, lang: Lang) -> Done<ProgrammeDto> {
    let found = service::get(tx, cx.merchant, id)?;
    dto::programme(tx, cx, found, lang)
}

/// All programmes of the merchant, the oldest first.
#[utoipa::path(get, path = "/programmes", operation_id = "list_programmes", tag = "points",
    responses((status = 200, body = Page<ProgrammeDto>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_programmes(call: Call) -> Reply<Page<ProgrammeDto>> {
    let cx = call.allow(Permission::PointsRead)?;
    let lang = call.lang;
    let items = call
        .read(&cx, move |tx, cx| {
            let all = service::list(tx, cx.merchant)?;
            all.into_iter().map(|p| dto::programme(tx, cx, p, lang)).collect::<Done<Vec<_>>>()
        })
        .await?;
    Ok(Json(Page::whole(items)))
}

/// A programme to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProgrammeInput {
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// The shops whose orders count; all of the merchant's where none is named.
    #[serde(default)]
    shops: Vec<String>,
    /// The rules, as `docs/scenarios.md` has them under `programme`.
    #[schema(value_type = Object)]
    rules: Value,
    /// Orders paid before earn nothing and count for tiers; now unless given. May lie in the past.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    begins_at: Option<Instant>,
}

/// Makes a programme with its first version of rules.
#[utoipa::path(post, path = "/programmes", operation_id = "create_programme", tag = "points", request_body = ProgrammeInput,
    responses((status = 201, body = ProgrammeDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn create_programme(call: Call, Body(body): Body<ProgrammeInput>) -> Result<(StatusCode, Json<ProgrammeDto>), Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let lang = call.lang;
    let new = New { name: body.name, shops: body.shops, rules: body.rules, begins_at: body.begins_at };
    let made = call
        .write(&cx, move |tx, cx| {
            let id = service::create(tx, cx, &new)?;
            one(tx, cx, id, lang)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One programme.
#[utoipa::path(get, path = "/programmes/{id}", operation_id = "get_programme", tag = "points", params(("id" = String, Path)),
    responses((status = 200, body = ProgrammeDto)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn get_programme(call: Call, Path(id): Path<ProgrammeId>) -> Reply<ProgrammeDto> {
    let cx = call.allow(Permission::PointsRead)?;
    let lang = call.lang;
    Ok(Json(call.read(&cx, move |tx, cx| one(tx, cx, id, lang)).await?))
}

/// A programme's name and shops.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProgrammeChange {
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// All of the merchant's where none is named.
    #[serde(default)]
    shops: Vec<String>,
    /// The `version` that was read: refused where somebody changed it since.
    version: i64,
}

/// Changes name and shops. Rules are changed by a new version.
#[utoipa::path(put, path = "/programmes/{id}", operation_id = "update_programme", tag = "points", params(("id" = String, Path)), request_body = ProgrammeChange,
    responses((status = 200, body = ProgrammeDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn update_programme(call: Call, Path(id): Path<ProgrammeId>, Body(body): Body<ProgrammeChange>) -> Reply<ProgrammeDto> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let lang = call.lang;
    let done = call.write(&cx, move |tx, cx| {
        service::change(tx, cx, id, &body.name, &body.shops, body.version)?;
        one(tx, cx, id, lang)
    });
    Ok(Json(done.await?))
}

async fn set(call: Call, id: ProgrammeId, to: State) -> Reply<ProgrammeDto> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let lang = call.lang;
    let done = call.write(&cx, move |tx, cx| {
        service::set_state(tx, cx, id, to)?;
        one(tx, cx, id, lang)
    });
    Ok(Json(done.await?))
}

/// Pauses a programme: orders and what is due go on being booked, nobody spends or earns by asking.
#[utoipa::path(post, path = "/programmes/{id}/pause", operation_id = "pause_programme", tag = "points", params(("id" = String, Path)),
    responses((status = 200, body = ProgrammeDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn pause_programme(call: Call, Path(id): Path<ProgrammeId>) -> Reply<ProgrammeDto> {
    set(call, id, State::Paused).await
}

/// Sets a paused programme going again.
#[utoipa::path(post, path = "/programmes/{id}/resume", operation_id = "resume_programme", tag = "points", params(("id" = String, Path)),
    responses((status = 200, body = ProgrammeDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn resume_programme(call: Call, Path(id): Path<ProgrammeId>) -> Reply<ProgrammeDto> {
    set(call, id, State::Active).await
}

/// Puts a programme away for good: nothing is booked in it any more, its books stay readable.
#[utoipa::path(post, path = "/programmes/{id}/archive", operation_id = "archive_programme", tag = "points", params(("id" = String, Path)),
    responses((status = 200, body = ProgrammeDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn archive_programme(call: Call, Path(id): Path<ProgrammeId>) -> Reply<ProgrammeDto> {
    set(call, id, State::Archived).await
}

/// All versions of a programme's rules, in order.
#[utoipa::path(get, path = "/programmes/{id}/versions", operation_id = "list_programme_versions", tag = "points", params(("id" = String, Path)),
    responses((status = 200, body = Page<VersionDto>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_programme_versions(call: Call, Path(id): Path<ProgrammeId>) -> Reply<Page<VersionDto>> {
    let cx = call.allow(Permission::PointsRead)?;
    let lang = call.lang;
    let items = call.read(&cx, move |tx, cx| {
        service::get(tx, cx.merchant, id)?;
        dto::versions(service::versions(tx, cx.merchant, id)?, cx.now, lang)
    });
    Ok(Json(Page::whole(items.await?)))
}

fn version(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, no: i64, lang: Lang) -> Done<VersionDto> {
    let all = dto::versions(service::versions(tx, cx.merchant, id)?, cx.now, lang)?;
    all.into_iter().find(|v| v.no == no).ok_or_else(|| Error::fault("a version vanished"))
}

/// Rules that are to follow.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VersionInput {
    /// The whole rules, not what is otherwise in them.
    #[schema(value_type = Object)]
    rules: Value,
    /// From when on they are in force: now unless given, never in the past.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Why, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// Posts a new version of the rules. What was earned stays what it is. To go back, restore the older version.
#[utoipa::path(post, path = "/programmes/{id}/versions", operation_id = "post_programme_version", tag = "points", params(("id" = String, Path)), request_body = VersionInput,
    responses((status = 201, body = VersionDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn post_programme_version(
    call: Call,
    Path(id): Path<ProgrammeId>,
    Body(body): Body<VersionInput>,
) -> Result<(StatusCode, Json<VersionDto>), Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let lang = call.lang;
    let made = call.write(&cx, move |tx, cx| {
        let no = service::post_version(tx, cx, id, &body.rules, body.from, &body.note)?.no;
        version(tx, cx, id, no, lang)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Withdraws a version that has not begun.
#[utoipa::path(post, path = "/programmes/{id}/versions/{no}/withdraw", operation_id = "withdraw_programme_version", tag = "points",
    params(("id" = String, Path), ("no" = i64, Path)),
    responses((status = 200, body = ProgrammeDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn withdraw_programme_version(call: Call, Path((id, no)): Path<(ProgrammeId, i64)>) -> Reply<ProgrammeDto> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let lang = call.lang;
    let done = call.write(&cx, move |tx, cx| {
        service::withdraw(tx, cx, id, no)?;
        one(tx, cx, id, lang)
    });
    Ok(Json(done.await?))
}

/// From when on an older version holds again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RestoreInput {
    /// Now unless given, never in the past.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Why, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// Goes back to an older version: its rules are posted again as a new one. What was earned meanwhile stays what it is.
#[utoipa::path(post, path = "/programmes/{id}/versions/{no}/restore", operation_id = "restore_programme_version", tag = "points",
    params(("id" = String, Path), ("no" = i64, Path)), request_body = RestoreInput,
    responses((status = 201, body = VersionDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn restore_programme_version(
    call: Call,
    Path((id, no)): Path<(ProgrammeId, i64)>,
    Body(body): Body<RestoreInput>,
) -> Result<(StatusCode, Json<VersionDto>), Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let lang = call.lang;
    let made = call.write(&cx, move |tx, cx| {
        let made = service::restore(tx, cx, id, no, body.from, &body.note)?.no;
        version(tx, cx, id, made, lang)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Rules to be looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RulesInput {
    #[schema(value_type = Object)]
    rules: Value,
}

/// What is wrong with rules, and where.
#[derive(Serialize, ToSchema)]
struct RulesError {
    code: String,
    /// The place in the rules, such as `rules.earn[0].per_fen`.
    path: Option<String>,
    message: String,
}

impl RulesError {
    fn of(refusal: &Refusal, lang: Lang) -> Self {
        Self { code: refusal.code.code.to_owned(), path: refusal.field.clone(), message: refusal.text(lang.is_zh()) }
    }
}

/// What rules say.
#[derive(Serialize, ToSchema)]
struct RulesChecked {
    ok: bool,
    /// Each rule as one sentence.
    sentences: Vec<Sentence>,
    error: Option<RulesError>,
}

/// Reads rules without keeping them: each as a sentence, or the first thing that is wrong.
#[utoipa::path(post, path = "/programmes/check", operation_id = "check_programme_rules", tag = "points", request_body = RulesInput,
    responses((status = 200, body = RulesChecked)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn check_programme_rules(call: Call, Body(body): Body<RulesInput>) -> Reply<RulesChecked> {
    call.allow(Permission::PointsRead)?;
    Ok(Json(match read_rules(&body.rules) {
        Ok(rules) => RulesChecked { ok: true, sentences: dto::told(&rules, call.lang), error: None },
        Err(Error::Refused(refusal)) => RulesChecked { ok: false, sentences: Vec::new(), error: Some(RulesError::of(&refusal, call.lang)) },
        Err(fault) => return Err(fault.into()),
    }))
}

/// A member to try rules on.
#[derive(Deserialize, Serialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
struct TrialMember {
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    birthday: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    joined: Option<String>,
}

/// Rules, a member and what happens to them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Trial {
    #[schema(value_type = Object)]
    rules: Value,
    #[serde(default)]
    member: TrialMember,
    /// `{at, do}` as `docs/scenarios.md` has them.
    #[schema(value_type = Vec<Object>, max_items = 500)]
    steps: Vec<Value>,
}

/// The state after each step.
#[derive(Serialize, ToSchema)]
struct Tried {
    /// As `shuke simulate` prints them.
    #[schema(value_type = Vec<Object>)]
    steps: Vec<Value>,
}

/// Runs rules on an example member with a clock of its own. Nothing is kept.
#[utoipa::path(post, path = "/programmes/try", operation_id = "try_programme_rules", tag = "points", request_body = Trial,
    responses((status = 200, body = Tried)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn try_programme_rules(call: Call, Body(body): Body<Trial>) -> Reply<Tried> {
    call.allow(Permission::PointsRead)?;
    if body.steps.len() > STEPS {
        return Err(Problem::invalid("body", "steps", format!("at most {STEPS} steps")));
    }
    let scenario = json!({ "format": 1, "programme": body.rules, "member": body.member, "steps": body.steps }).to_string();
    let work = tokio::task::spawn_blocking(move || -> Done<Vec<Value>> {
        let shown = Scenario::read(&scenario)?.run()?;
        shown.into_iter().map(|step| Ok(serde_json::to_value(step)?)).collect()
    });
    let steps = work.await.map_err(|e| Problem::fault(e.to_string()))??;
    Ok(Json(Tried { steps }))
}

/// A ready programme that can be taken and changed.
#[derive(Serialize, ToSchema)]
struct ProgrammeTemplate {
    key: String,
    name: String,
    description: String,
    #[schema(value_type = Object)]
    rules: Value,
    sentences: Vec<Sentence>,
}

/// Ready ladders with earning rules, to be taken and changed.
#[utoipa::path(get, path = "/programmes/templates", operation_id = "list_programme_templates", tag = "points",
    responses((status = 200, body = Page<ProgrammeTemplate>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_programme_templates(call: Call) -> Reply<Page<ProgrammeTemplate>> {
    call.allow(Permission::PointsRead)?;
    let zh = call.lang.is_zh();
    let mut items = Vec::new();
    for template in templates::all(zh) {
        let sentences = dto::told(&read_rules(&template.rules)?, call.lang);
        let (key, name, description) = (template.key.to_owned(), template.name.to_owned(), template.description.to_owned());
        items.push(ProgrammeTemplate { key, name, description, rules: template.rules, sentences });
    }
    Ok(Json(Page::whole(items)))
}
