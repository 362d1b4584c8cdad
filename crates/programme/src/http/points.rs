//! A member's books: seen, and points given, spent, held, taken back.

use axum::Json;
use serde::Deserialize;
use shuke_http::{App, Body, Call, Page, PageQuery, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Error, Instant, Result as Done};
use shuke_loyalty::event::{Act, Outcome};
use shuke_loyalty::json::MOST_POINTS;
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{Answer, BookDto, EntryDto};
use super::explore;
use crate::book::{self, entries, post, show};
use crate::definition::{ProgrammeId, service};

/// A hold lives so long unless it says otherwise, seconds.
const HOLD: i64 = 15 * 60;
/// Characters of an id at most.
const ID: usize = 120;
/// Characters of a reason at most.
const REASON: usize = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_member_points))
        .routes(routes!(list_member_points_entries))
        .routes(routes!(spend_points))
        .routes(routes!(adjust_points))
        .routes(routes!(adjust_growth))
        .routes(routes!(check_in_member))
        .routes(routes!(record_visit))
        .routes(routes!(hold_points))
        .routes(routes!(capture_hold))
        .routes(routes!(release_hold))
        .routes(routes!(reverse_spend))
        .merge(super::quote::router())
}

pub(super) fn living(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Done<MemberId> {
    identity::resolve(tx, cx, id)?.ok_or_else(|| MEMBER_NOT_FOUND.refuse().into())
}

/// All books of a member, as they are now. A merged id answers with the books of whom it went into.
#[utoipa::path(get, path = "/members/{id}/points", operation_id = "get_member_points", tag = "points", params(("id" = String, Path)),
    responses((status = 200, body = Page<BookDto>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn get_member_points(call: Call, Path(id): Path<MemberId>) -> Reply<Page<BookDto>> {
    let cx = call.allow(Permission::PointsRead)?;
    let lang = call.lang;
    let items = call.read(&cx, move |tx, cx| {
        let member = living(tx, cx, id)?;
        let currency = shuke_commerce::order::service::terms(tx, cx)?.currency;
        show::books_of(tx, cx, member)?.into_iter().map(|view| BookDto::of(view, currency, lang)).collect::<Done<Vec<_>>>()
    });
    Ok(Json(Page::whole(items.await?)))
}

/// A member's entries in a programme, newest first.
#[utoipa::path(get, path = "/members/{id}/points/{programme}/entries", operation_id = "list_member_points_entries", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path), PageQuery),
    responses((status = 200, body = Page<EntryDto>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_member_points_entries(
    call: Call,
    Path((id, programme)): Path<(MemberId, ProgrammeId)>,
    Query(q): Query<PageQuery>,
) -> Reply<Page<EntryDto>> {
    let cx = call.allow(Permission::PointsRead)?;
    let paging = q.paging()?;
    let (before, fetch, lang) = (paging.int(0, i64::MAX)?, paging.fetch(), call.lang);
    let found = call.read(&cx, move |tx, cx| {
        let member = living(tx, cx, id)?;
        service::get(tx, cx.merchant, programme)?;
        let kept = entries::of_member(tx, cx, programme, member, before, fetch)?;
        let why = explore::reasons(tx, cx, programme, &kept)?;
        Ok(kept.into_iter().zip(why).collect::<Vec<_>>())
    });
    let page = Page::cut(found.await?, &paging, |(kept, _)| vec![kept.seq.into()]);
    Ok(Json(page.map(|(kept, why)| EntryDto::of(kept, false, why, lang))))
}

/// What is asked of a member's book, as it came.
struct Asked {
    member: MemberId,
    programme: ProgrammeId,
    /// The caller's id of it; else the idempotency key; else one is drawn.
    id: Option<String>,
    act: Act,
    reason: Option<String>,
}

fn text(value: Option<String>, field: &'static str, limit: usize) -> Result<Option<String>, Problem> {
    let Some(value) = value else { return Ok(None) };
    let value = value.trim().to_owned();
    if value.is_empty() || value.chars().count() > limit {
        return Err(Problem::invalid("body", field, format!("1 to {limit} characters")));
    }
    Ok(Some(value))
}

fn whole(value: i64, field: &'static str, least: i64) -> Result<i64, Problem> {
    if (least..=MOST_POINTS).contains(&value) && value != 0 {
        return Ok(value);
    }
    Err(Problem::invalid("body", field, format!("a whole number from {least} to {MOST_POINTS}, not 0")))
}

/// Posts it; a refusal by a rule is committed under its id before it is answered.
async fn ask(call: &Call, cx: &Ctx, asked: Asked) -> Reply<Answer> {
    let Asked { member, programme, act, .. } = asked;
    let key = || cx.key.as_ref().map(|key| key.key.split_once('/').map_or(key.key.as_str(), |(_, text)| text).to_owned());
    let id = text(asked.id, "id", ID)?.or_else(key).unwrap_or_else(|| cx.new_id::<book::PostingKind>().to_string());
    let reason = text(asked.reason, "reason", REASON)?;
    let request = book::ask::Asked { member, programme, id, act: act.clone(), reason };
    let answered = book::ask::ask(&call.app.store, cx, request).await?;
    let refused = answered.refused;
    let answer = Answer::from(answered);
    match refused {
        None => Ok(Json(answer)),
        Some(outcome) => Err(refusal(outcome, &answer, &act).into()),
    }
}

fn refusal(outcome: Outcome, answer: &Answer, act: &Act) -> Error {
    let available = answer.accounts.get("available").copied().unwrap_or(0);
    match (outcome, act) {
        (Outcome::InsufficientPoints, Act::Spend { points } | Act::Hold { points, .. }) => {
            book::INSUFFICIENT.with("available", available).with("points", points).into()
        }
        (Outcome::ExceedsSpend, _) => book::EXCEEDS_SPEND.refuse().into(),
        (Outcome::Unknown, Act::HoldCapture { .. } | Act::HoldRelease { .. }) => book::UNKNOWN_HOLD.refuse().into(),
        (Outcome::Unknown, _) => book::UNKNOWN_SPEND.refuse().into(),
        (other, _) => book::REFUSED.with("outcome", post::word(other).unwrap_or_default()).into(),
    }
}

/// Points to be spent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SpendInput {
    /// The caller's id of this: the same again is the same request. The idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
    #[schema(minimum = 1)]
    points: i64,
    /// For what, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Spends points, of the lots that end first.
#[utoipa::path(post, path = "/members/{id}/points/{programme}/spend", operation_id = "spend_points", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path)), request_body = SpendInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn spend_points(call: Call, Path((member, programme)): Path<(MemberId, ProgrammeId)>, Body(body): Body<SpendInput>) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    let act = Act::Spend { points: whole(body.points, "points", 1)? };
    ask(&call, &cx, Asked { member, programme, id: body.id, act, reason: body.reason }).await
}

/// Points to be given or taken by hand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdjustInput {
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
    /// Below nothing they are taken.
    points: i64,
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Gives points, or takes them, with a reason.
#[utoipa::path(post, path = "/members/{id}/points/{programme}/adjust", operation_id = "adjust_points", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path)), request_body = AdjustInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn adjust_points(
    call: Call,
    Path((member, programme)): Path<(MemberId, ProgrammeId)>,
    Body(body): Body<AdjustInput>,
) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    let act = Act::Adjust { points: whole(body.points, "points", -MOST_POINTS)? };
    ask(&call, &cx, Asked { member, programme, id: body.id, act, reason: Some(body.reason) }).await
}

/// Growth value to be given or taken by hand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GrowthInput {
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
    /// Below nothing it is taken.
    value: i64,
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Gives growth value, or takes it, with a reason.
#[utoipa::path(post, path = "/members/{id}/points/{programme}/growth", operation_id = "adjust_growth", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path)), request_body = GrowthInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn adjust_growth(
    call: Call,
    Path((member, programme)): Path<(MemberId, ProgrammeId)>,
    Body(body): Body<GrowthInput>,
) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    let act = Act::Growth { value: whole(body.value, "value", -MOST_POINTS)? };
    ask(&call, &cx, Asked { member, programme, id: body.id, act, reason: Some(body.reason) }).await
}

/// A request that needs nothing but its id.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IdInput {
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
}

/// The member checks in: once a day.
#[utoipa::path(post, path = "/members/{id}/points/{programme}/check-in", operation_id = "check_in_member", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path)), request_body = IdInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn check_in_member(call: Call, Path((member, programme)): Path<(MemberId, ProgrammeId)>, Body(body): Body<IdInput>) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    ask(&call, &cx, Asked { member, programme, id: body.id, act: Act::CheckIn, reason: None }).await
}

/// The member was here: what grades of activity count.
#[utoipa::path(post, path = "/members/{id}/points/{programme}/visit", operation_id = "record_visit", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path)), request_body = IdInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn record_visit(call: Call, Path((member, programme)): Path<(MemberId, ProgrammeId)>, Body(body): Body<IdInput>) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    ask(&call, &cx, Asked { member, programme, id: body.id, act: Act::Visit, reason: None }).await
}

/// Points to be set aside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoldInput {
    /// What the hold is called from now on; the idempotency key unless given.
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
    #[schema(minimum = 1)]
    points: i64,
    /// They are given back then, unless captured or released before: in fifteen minutes unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
}

/// Sets points aside until they are captured, released, or their time is over.
#[utoipa::path(post, path = "/members/{id}/points/{programme}/hold", operation_id = "hold_points", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path)), request_body = HoldInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn hold_points(call: Call, Path((member, programme)): Path<(MemberId, ProgrammeId)>, Body(body): Body<HoldInput>) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    let until = body.until.unwrap_or(cx.now.plus_seconds(HOLD));
    if until <= cx.now || !shuke_loyalty::calendar::reckoned(until) {
        return Err(Problem::invalid("body", "until", "a time in the future"));
    }
    let act = Act::Hold { points: whole(body.points, "points", 1)?, until: Some(until) };
    ask(&call, &cx, Asked { member, programme, id: body.id, act, reason: None }).await
}

/// Spends what a hold set aside.
#[utoipa::path(post, path = "/members/{id}/points/{programme}/holds/{hold}/capture", operation_id = "capture_hold", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path), ("hold" = String, Path)), request_body = IdInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn capture_hold(
    call: Call,
    Path((member, programme, hold)): Path<(MemberId, ProgrammeId, String)>,
    Body(body): Body<IdInput>,
) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    ask(&call, &cx, Asked { member, programme, id: body.id, act: Act::HoldCapture { hold }, reason: None }).await
}

/// Gives back what a hold set aside.
#[utoipa::path(post, path = "/members/{id}/points/{programme}/holds/{hold}/release", operation_id = "release_hold", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path), ("hold" = String, Path)), request_body = IdInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn release_hold(
    call: Call,
    Path((member, programme, hold)): Path<(MemberId, ProgrammeId, String)>,
    Body(body): Body<IdInput>,
) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    ask(&call, &cx, Asked { member, programme, id: body.id, act: Act::HoldRelease { hold }, reason: None }).await
}

/// How much of a spend is given back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReverseInput {
    #[serde(default)]
    #[schema(max_length = 120)]
    id: Option<String>,
    /// All that is left of it unless given.
    #[serde(default)]
    #[schema(minimum = 1)]
    points: Option<i64>,
}

/// Gives a spend, or a captured hold, back to the lots it was taken from.
#[utoipa::path(post, path = "/members/{id}/points/{programme}/spends/{spend}/reverse", operation_id = "reverse_spend", tag = "points",
    params(("id" = String, Path), ("programme" = String, Path), ("spend" = String, Path)), request_body = ReverseInput,
    responses((status = 200, body = Answer)), security(("staff" = ["points:write"]), ("key" = ["points:write"])))]
async fn reverse_spend(
    call: Call,
    Path((member, programme, spend)): Path<(MemberId, ProgrammeId, String)>,
    Body(body): Body<ReverseInput>,
) -> Reply<Answer> {
    let cx = call.allow(Permission::PointsWrite)?;
    let points = body.points.map(|points| whole(points, "points", 1)).transpose()?;
    ask(&call, &cx, Asked { member, programme, id: body.id, act: Act::SpendReverse { spend, points }, reason: None }).await
}
