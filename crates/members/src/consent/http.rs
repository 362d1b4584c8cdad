//! `/members/{id}/consents`, `/suppressions`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, ProblemBody, Query, Reply};
use shuke_kernel::{Error, Instant, Result};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::suppression::{self, New, Suppression, SuppressionId};
use super::{CHANNELS, ConsentId, Entry, PURPOSES, State, Statement};
use crate::profile::mask;
use crate::{MEMBER_NOT_FOUND, MemberId, identity};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_consents, add_consent))
        .routes(routes!(list_suppressions, add_suppression))
        .routes(routes!(import_suppressions))
        .routes(routes!(lift_suppression))
}

/// A statement of consent.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
pub struct Consent {
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    id: Option<ConsentId>,
    purpose: String,
    channel: String,
    granted: bool,
    source: String,
    proof: Option<String>,
    /// The legal basis that a batch declared.
    basis: String,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
}

impl From<Entry> for Consent {
    fn from(e: Entry) -> Self {
        let s = e.statement;
        Self {
            id: Some(e.id),
            purpose: s.purpose,
            channel: s.channel,
            granted: s.granted,
            source: s.source,
            proof: s.proof,
            basis: s.basis,
            at: s.at,
        }
    }
}

impl From<State> for Consent {
    fn from(s: State) -> Self {
        Self {
            id: None,
            purpose: s.purpose,
            channel: s.channel,
            granted: s.granted,
            source: s.source,
            proof: None,
            basis: String::new(),
            at: s.at,
        }
    }
}

/// A statement of consent to be recorded.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
#[serde(deny_unknown_fields)]
pub struct ConsentInput {
    /// `marketing`, `service`, `profiling`, `ads` or `sharing` (across legal entities).
    purpose: String,
    /// `sms`, `email`, `wechat`, `push`, `phone` or `any`.
    channel: String,
    granted: bool,
    /// Where it was said.
    #[serde(default)]
    #[schema(max_length = 100)]
    source: Option<String>,
    /// What proves it.
    #[serde(default)]
    #[schema(max_length = 2000)]
    proof: Option<String>,
    /// When it was said.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
}

impl ConsentInput {
    pub(crate) fn read(self, at: &str) -> Result<Statement> {
        super::known(&self.purpose, &PURPOSES, &format!("{at}purpose"))?;
        super::known(&self.channel, &CHANNELS, &format!("{at}channel"))?;
        let source = self.source.filter(|s| !s.trim().is_empty()).unwrap_or_else(|| "api".to_owned());
        Ok(Statement {
            purpose: self.purpose,
            channel: self.channel,
            granted: self.granted,
            source,
            proof: self.proof,
            basis: String::new(),
            at: self.at,
        })
    }
}

/// What a member said, newest first.
#[utoipa::path(get, path = "/members/{id}/consents", operation_id = "list_consents", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = Page<Consent>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_consents(call: Call, Path(id): Path<MemberId>) -> Reply<Page<Consent>> {
    let cx = call.allow(Permission::MembersRead)?;
    let entries = call
        .read(&cx, move |tx, cx| {
            let id = identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
            super::history(tx, cx, id)
        })
        .await?;
    Ok(Json(Page::whole(entries.into_iter().rev().map(Consent::from).collect())))
}

/// Records what a member said.
#[utoipa::path(post, path = "/members/{id}/consents", operation_id = "add_consent", tag = "members", params(("id" = String, Path)), request_body = ConsentInput,
    responses((status = 201, body = Page<Consent>)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn add_consent(
    call: Call,
    Path(id): Path<MemberId>,
    Body(input): Body<ConsentInput>,
) -> Result<(StatusCode, Json<Page<Consent>>), Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    let statement = input.read("")?;
    let now: Page<Consent> = call
        .write(&cx, move |tx, cx| {
            let id = identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
            super::record_by_hand(tx, cx, id, std::slice::from_ref(&statement))?;
            Ok(Page::whole(super::effective(tx, cx, id)?.into_iter().map(Consent::from).collect()))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(now)))
}

/// An address that must not be written to.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Suppression)]
pub struct SuppressionDto {
    #[schema(value_type = String, example = "sup_01hqzv…")]
    id: SuppressionId,
    channel: String,
    value_masked: String,
    reason: String,
    source: String,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
}

impl From<Suppression> for SuppressionDto {
    fn from(s: Suppression) -> Self {
        let value_masked = match s.channel.as_str() {
            "wechat" => mask::word(&s.value),
            _ if s.value.contains('@') => mask::email(&s.value),
            _ => mask::phone(&s.value),
        };
        Self { id: s.id, channel: s.channel, value_masked, reason: s.reason, source: s.source, at: s.at }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SuppressionQuery {
    channel: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Addresses that must not be written to, newest first.
#[utoipa::path(get, path = "/suppressions", operation_id = "list_suppressions", tag = "privacy", params(SuppressionQuery),
    responses((status = 200, body = Page<SuppressionDto>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_suppressions(call: Call, Query(q): Query<SuppressionQuery>) -> Reply<Page<SuppressionDto>> {
    let cx = call.allow(Permission::MembersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let before = SuppressionId::from_bytes(paging.id(0, [255; 16])?);
    let (channel, fetch) = (q.channel.unwrap_or_default(), paging.fetch());
    let found = call.read(&cx, move |tx, cx| suppression::list(tx, cx, &channel, Some(before), fetch)).await?;
    Ok(Json(Page::cut(found, &paging, |s| vec![s.id.into()]).map(SuppressionDto::from)))
}

/// An address to be suppressed.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
#[serde(deny_unknown_fields)]
pub struct SuppressionInput {
    /// `sms`, `email`, `wechat`, `phone` or `any`.
    channel: String,
    /// A whole phone number or e-mail address.
    #[schema(min_length = 1, max_length = 400)]
    value: String,
    /// `unsubscribed`, `bounced`, `complained`, …
    #[serde(default)]
    #[schema(max_length = 100)]
    reason: Option<String>,
    #[serde(default)]
    #[schema(max_length = 100)]
    source: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Instant>,
}

impl From<SuppressionInput> for New {
    fn from(s: SuppressionInput) -> Self {
        let or = |text: Option<String>, word: &str| text.filter(|t| !t.trim().is_empty()).unwrap_or_else(|| word.to_owned());
        Self { channel: s.channel, value: s.value, reason: or(s.reason, "unsubscribed"), source: or(s.source, "api"), at: s.at }
    }
}

/// What became of addresses to be suppressed.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct SuppressionResults {
    added: usize,
    /// Suppressed before.
    unchanged: usize,
    /// What could not be read.
    refused: Vec<SuppressionRefused>,
}

/// An address that could not be suppressed.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct SuppressionRefused {
    index: usize,
    #[schema(value_type = shuke_http::ProblemBody)]
    problem: serde_json::Value,
}

/// Suppresses one address.
#[utoipa::path(post, path = "/suppressions", operation_id = "add_suppression", tag = "privacy", request_body = SuppressionInput,
    responses((status = 201, body = SuppressionResults)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn add_suppression(call: Call, Body(input): Body<SuppressionInput>) -> Result<(StatusCode, Json<SuppressionResults>), Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    let new = New::from(input);
    let done: SuppressionResults = call
        .write(&cx, move |tx, cx| {
            let fresh = suppression::suppress(tx, cx, std::slice::from_ref(&new))?.pop().unwrap_or(Ok(false))?;
            Ok(SuppressionResults { added: usize::from(fresh), unchanged: usize::from(!fresh), refused: Vec::new() })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(done)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SuppressionImport {
    #[schema(max_items = 10000)]
    items: Vec<SuppressionInput>,
}

/// Suppresses up to 10,000 addresses, each answered for itself.
#[utoipa::path(post, path = "/suppressions/import", operation_id = "import_suppressions", tag = "privacy", request_body = SuppressionImport,
    responses((status = 200, body = SuppressionResults)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn import_suppressions(call: Call, Body(body): Body<SuppressionImport>) -> Reply<SuppressionResults> {
    let cx = call.allow(Permission::MembersWrite)?;
    if body.items.len() > 10_000 {
        return Err(crate::profile::service::TOO_MANY.with("limit", 10_000).at("items").into());
    }
    let items: Vec<New> = body.items.into_iter().map(New::from).collect();
    let (lang, request_id) = (call.lang, call.request_id.clone());
    let done: SuppressionResults = call
        .write(&cx, move |tx, cx| {
            let mut out = SuppressionResults { added: 0, unchanged: 0, refused: Vec::new() };
            for (index, done) in suppression::suppress(tx, cx, &items)?.into_iter().enumerate() {
                match done {
                    Ok(true) => out.added += 1,
                    Ok(false) => out.unchanged += 1,
                    Err(Error::Refused(r)) => {
                        let body: ProblemBody = Problem::from(*r).body(lang, &request_id);
                        out.refused.push(SuppressionRefused { index, problem: serde_json::to_value(body)? });
                    }
                    Err(fault) => return Err(fault),
                }
            }
            audit::record(
                tx,
                cx,
                "suppressions.imported",
                "",
                &format!("{} added, {} unchanged, {} refused", out.added, out.unchanged, out.refused.len()),
            )?;
            Ok(out)
        })
        .await?;
    Ok(Json(done))
}

/// Lifts a suppression.
#[utoipa::path(delete, path = "/suppressions/{id}", operation_id = "lift_suppression", tag = "privacy", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn lift_suppression(call: Call, Path(id): Path<SuppressionId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    call.write(&cx, move |tx, cx| {
        suppression::lift(tx, cx, id)?;
        audit::record(tx, cx, "suppression.lifted", &id.to_string(), "").map(|_| ())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
