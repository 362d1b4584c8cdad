//! Wished-for portraits: made, changed, put away; how far the group is from them now, and was day by day.

use std::time::Instant as Clock;

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_columns::Registry;
use shuke_http::{App, Body, Call, Lang, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Error, Result};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Given, refusal};
use super::refused;
use super::target_answer::{self, Labels, PortraitDays, PortraitStanding, PortraitTargetDto};
use crate::calendar::Reckoning;
use crate::check::check;
use crate::count::stopped;
use crate::desk::Desk;
use crate::literal;
use crate::model::SegmentId;
use crate::service::Lists;
use crate::target::book::{self, Said};
use crate::target::{ARCHIVED, MILLION, Subject, Target, TargetId, WISHES_TOO_MANY, Wish, reckon, record};
use crate::write;

/// Goods that a subject names.
const SKUS: usize = 1_000;
/// Days of a window.
const WINDOW: i64 = 3_650;
/// Characters of a name of goods or a category.
const LENGTH: usize = 200;
/// Days told at once.
const DAYS: i64 = 1_100;

/// Whose portrait: one of `skus`, `category`, `segment`.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PortraitSubject)]
pub(super) struct SubjectDto {
    /// Who bought one of these goods, by their sku.
    #[schema(value_type = Option<Vec<String>>, max_items = 1000)]
    pub skus: Option<Vec<String>>,
    /// Who bought from this category or one below it, by its path.
    #[schema(max_length = 200)]
    pub category: Option<String>,
    /// Who is in this segment.
    #[schema(value_type = Option<String>)]
    pub segment: Option<SegmentId>,
    /// Of goods: who bought in so many days; without it, who ever bought.
    #[schema(minimum = 1, maximum = 3650)]
    pub days: Option<i64>,
}

/// What share is to have which values.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PortraitWishInput)]
struct WishInput {
    /// As a portrait names it: `gender`, `age`, `province` …; fifths of spending and occasions cannot be wished.
    attribute: String,
    /// As the portrait's bars name them. Of an attribute with one value a member several may be given: they count together.
    #[schema(min_items = 1)]
    values: Vec<String>,
    /// Of the members of whom the attribute is known.
    #[schema(exclusive_minimum = 0, maximum = 1)]
    share: f64,
}

/// A wished-for portrait as it is to be.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PortraitTargetInput {
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    subject: SubjectDto,
    #[schema(min_items = 1, max_items = 30)]
    wishes: Vec<WishInput>,
}

/// The same of one that is there.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PortraitTargetChange {
    /// The version that was read.
    version: i64,
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    subject: SubjectDto,
    #[schema(min_items = 1, max_items = 30)]
    wishes: Vec<WishInput>,
}

impl SubjectDto {
    fn read(self) -> Result<Subject, Problem> {
        let wrong = |field: &'static str, why: &dyn std::fmt::Display| Problem::invalid("body", field, why);
        let days = self.days;
        if days.is_some_and(|n| !(1..=WINDOW).contains(&n)) {
            return Err(wrong("subject.days", &format_args!("1 to {WINDOW}")));
        }
        let is_word = |word: &String| !word.is_empty() && word.chars().count() <= LENGTH;
        match (self.skus, self.category, self.segment) {
            (Some(skus), None, None) => {
                if skus.is_empty() || skus.len() > SKUS || !skus.iter().all(is_word) {
                    return Err(wrong("subject.skus", &format_args!("1 to {SKUS}, each of 1 to {LENGTH} characters")));
                }
                Ok(Subject::Skus { skus, days })
            }
            (None, Some(category), None) if is_word(&category) => Ok(Subject::Category { category, days }),
            (None, Some(_), None) => Err(wrong("subject.category", &format_args!("1 to {LENGTH} characters"))),
            (None, None, Some(id)) if days.is_none() => Ok(Subject::Segment(id)),
            (None, None, Some(_)) => Err(wrong("subject.days", &"a segment has its own window")),
            _ => Err(wrong("subject", &"one of `skus`, `category`, `segment`")),
        }
    }

    /// As it is told.
    pub(super) fn of(subject: &Subject) -> Self {
        match subject.clone() {
            Subject::Skus { skus, days } => Self { skus: Some(skus), days, ..Self::default() },
            Subject::Category { category, days } => Self { category: Some(category), days, ..Self::default() },
            Subject::Segment(id) => Self { segment: Some(id), ..Self::default() },
        }
    }
}

fn said(name: String, subject: SubjectDto, wishes: Vec<WishInput>) -> Result<Said, Problem> {
    let wish = |w: WishInput| {
        // To a millionth; what is no number is no share.
        let share = (w.share * MILLION as f64).round();
        Wish { attribute: w.attribute, values: w.values, share: if share.is_finite() { share as i64 } else { 0 } }
    };
    Ok(Said { name, subject: subject.read()?, wishes: wishes.into_iter().map(wish).collect() })
}

/// Whether the group can be asked for, and the members outside it who would close gaps.
fn judge(tx: &mut Tx<'_>, cx: &Ctx, said: &Said, registry: &Registry, lang: Lang) -> Result<()> {
    said.check()?;
    let tree = RawValue::from_string(write::cond(&said.subject.cond()).to_string()).map_err(Error::fault)?;
    let accepted = match Given::Tree(tree).accept(tx, cx, registry, None, Lists::Empty)? {
        Ok(accepted) => accepted,
        Err((refused, _)) => return Err(refusal(&refused, lang).at("subject").into()),
    };
    let reckoning = Reckoning::new(cx.now.micros(), &accepted.known.zone);
    for expr in reckon::longest(&accepted.expression.root, &said.wishes, &reckoning)? {
        if check(expr.as_bytes(), registry, &accepted.known.segments, &reckoning).is_err() {
            return Err(WISHES_TOO_MANY.with("limit", reckon::UNITS).at("wishes").into());
        }
    }
    Ok(())
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_portrait_targets, create_portrait_target))
        .routes(routes!(get_portrait_target, put_portrait_target))
        .routes(routes!(archive_portrait_target))
        .routes(routes!(restore_portrait_target))
        .routes(routes!(measure_portrait_target))
        .routes(routes!(record_portrait_target))
        .routes(routes!(list_portrait_target_days))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TargetsQuery {
    /// `active` (default), `archived` or `all`.
    state: Option<String>,
    /// How many; 50 if absent.
    limit: Option<i64>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Wished-for portraits, newest first, each with the last day that was recorded.
#[utoipa::path(get, path = "/portrait-targets", operation_id = "list_portrait_targets", tag = "segments", params(TargetsQuery),
    responses((status = 200, body = Page<PortraitTargetDto>)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn list_portrait_targets(call: Call, Query(q): Query<TargetsQuery>) -> Reply<Page<PortraitTargetDto>> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let state = match q.state.as_deref().unwrap_or("active") {
        "all" => String::new(),
        word @ ("active" | "archived") => word.to_owned(),
        other => return Err(Problem::invalid("query", "state", format_args!("`{other}` is no state; there is active, archived, all"))),
    };
    let before = TargetId::from_bytes(paging.id(0, [255; 16])?);
    let (fetch, zh, most) = (paging.fetch(), call.lang.is_zh(), usize::try_from(paging.limit).unwrap_or_default());
    let (more, rows) = call
        .read(&cx, move |tx, cx| {
            let mut all = book::list(tx, cx, &state, before, fetch)?;
            let more = all.len() > most;
            all.truncate(most);
            Ok((more, target_answer::shown(tx, cx, all, zh)?))
        })
        .await?;
    let next_cursor = rows.last().filter(|_| more).map(|t| shuke_http::Cursor::encode(&[t.id.into()]));
    Ok(Json(Page { items: rows, next_cursor }))
}

/// Makes a wished-for portrait; how the group stands to it is recorded at once and then once a day.
#[utoipa::path(post, path = "/portrait-targets", operation_id = "create_portrait_target", tag = "segments", request_body = PortraitTargetInput,
    responses((status = 201, body = PortraitTargetDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn create_portrait_target(
    call: Call,
    Body(input): Body<PortraitTargetInput>,
) -> Result<(StatusCode, Json<PortraitTargetDto>), Problem> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let (lang, registry) = (call.lang, Desk::of(&call.app)?.registry());
    let said = said(input.name, input.subject, input.wishes)?;
    let made = call
        .write(&cx, move |tx, cx| {
            judge(tx, cx, &said, &registry, lang)?;
            let target = book::create(tx, cx, &said)?;
            target_answer::one(tx, cx, target, lang.is_zh())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One wished-for portrait.
#[utoipa::path(get, path = "/portrait-targets/{id}", operation_id = "get_portrait_target", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = PortraitTargetDto)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn get_portrait_target(call: Call, Path(id): Path<TargetId>) -> Reply<PortraitTargetDto> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let zh = call.lang.is_zh();
    let told = call.read(&cx, move |tx, cx| {
        let target = book::get(tx, cx, id)?;
        target_answer::one(tx, cx, target, zh)
    });
    Ok(Json(told.await?))
}

/// Changes a wished-for portrait. Days that were recorded keep the wishes of then. Refused where another was faster.
#[utoipa::path(put, path = "/portrait-targets/{id}", operation_id = "put_portrait_target", tag = "segments", params(("id" = String, Path)),
    request_body = PortraitTargetChange, responses((status = 200, body = PortraitTargetDto)),
    security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn put_portrait_target(call: Call, Path(id): Path<TargetId>, Body(input): Body<PortraitTargetChange>) -> Reply<PortraitTargetDto> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let (lang, registry) = (call.lang, Desk::of(&call.app)?.registry());
    let (version, said) = (input.version, said(input.name, input.subject, input.wishes)?);
    let changed = call
        .write(&cx, move |tx, cx| {
            book::get(tx, cx, id)?;
            judge(tx, cx, &said, &registry, lang)?;
            let target = book::change(tx, cx, id, &said, version)?;
            target_answer::one(tx, cx, target, lang.is_zh())
        })
        .await?;
    Ok(Json(changed))
}

async fn act(call: Call, id: TargetId, act: fn(&mut Tx<'_>, &Ctx, TargetId) -> Result<Target>) -> Reply<PortraitTargetDto> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let zh = call.lang.is_zh();
    let done = call.write(&cx, move |tx, cx| {
        let target = act(tx, cx, id)?;
        target_answer::one(tx, cx, target, zh)
    });
    Ok(Json(done.await?))
}

/// Puts a wished-for portrait away: no day is recorded any more, those that are stay.
#[utoipa::path(post, path = "/portrait-targets/{id}/archive", operation_id = "archive_portrait_target", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = PortraitTargetDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn archive_portrait_target(call: Call, Path(id): Path<TargetId>) -> Reply<PortraitTargetDto> {
    act(call, id, book::archive).await
}

/// Takes a wished-for portrait back.
#[utoipa::path(post, path = "/portrait-targets/{id}/restore", operation_id = "restore_portrait_target", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = PortraitTargetDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn restore_portrait_target(call: Call, Path(id): Path<TargetId>) -> Reply<PortraitTargetDto> {
    act(call, id, book::restore).await
}

/// Reckons a target now, and keeps it as that of today where that is asked.
async fn measured(call: &Call, cx: &Ctx, id: TargetId, keep: bool) -> Result<PortraitStanding, Problem> {
    let (desk, began, zh) = (Desk::of(&call.app)?, Clock::now(), call.lang.is_zh());
    let registry = desk.registry();
    let asked = call
        .read(cx, move |tx, cx| {
            let target = book::get(tx, cx, id)?;
            let accepted = record::accept(tx, cx, &target, &registry)?;
            Ok((Labels::of(tx, cx, zh)?, target, accepted))
        })
        .await?;
    let (labels, target, accepted) = asked;
    if keep && target.archived {
        return Err(Error::from(ARCHIVED.refuse()).into());
    }
    let accepted = accepted.map_err(|r| refused(&r, call.lang))?;
    let (then, of) = (cx.clone(), target.clone());
    let (told, known_at) = desk
        .ask(move |desk, cancel| {
            let people = |facts: &_| desk.people(then.merchant, facts);
            record::standing(people, &of, &accepted, &then, &|| cancel.is_cancelled())?.ok_or_else(stopped)
        })
        .await?;
    let answer = target_answer::standing(&target, &told, &labels, cx.now, known_at, began.elapsed().as_micros() as f64 / 1000.0);
    if keep {
        call.write(cx, move |tx, cx| record::keep(tx, cx, &target, &told, known_at)).await?;
    }
    Ok(answer)
}

/// How the group stands to what is wished of it, now: each share beside the wished one with its 95 % interval, the gap in shares and in people, and the members outside it who would close gaps, those who close most first.
#[utoipa::path(post, path = "/portrait-targets/{id}/measure", operation_id = "measure_portrait_target", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = PortraitStanding)), security(("staff" = ["segments:read", "orders:read"]), ("key" = ["segments:read", "orders:read"])))]
async fn measure_portrait_target(call: Call, Path(id): Path<TargetId>) -> Reply<PortraitStanding> {
    call.allow(Permission::OrdersRead)?;
    let cx = call.allow(Permission::SegmentsRead)?;
    Ok(Json(measured(&call, &cx, id, false).await?))
}

/// The same, kept as what there is today in place of what was recorded of today before.
#[utoipa::path(post, path = "/portrait-targets/{id}/record", operation_id = "record_portrait_target", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = PortraitStanding)), security(("staff" = ["segments:write", "orders:read"]), ("key" = ["segments:write", "orders:read"])))]
async fn record_portrait_target(call: Call, Path(id): Path<TargetId>) -> Reply<PortraitStanding> {
    call.allow(Permission::OrdersRead)?;
    let cx = call.allow(Permission::SegmentsWrite)?;
    Ok(Json(measured(&call, &cx, id, true).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DaysQuery {
    /// The first day. Default: 90 days before the last.
    from: Option<String>,
    /// The day before which it ends. Default: tomorrow.
    to: Option<String>,
}

/// How the group stood to what was wished of it, day by day: days on which nothing was recorded are absent.
#[utoipa::path(get, path = "/portrait-targets/{id}/days", operation_id = "list_portrait_target_days", tag = "segments",
    params(("id" = String, Path), DaysQuery), responses((status = 200, body = PortraitDays)),
    security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn list_portrait_target_days(call: Call, Path(id): Path<TargetId>, Query(q): Query<DaysQuery>) -> Reply<PortraitDays> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let day = |text: &Option<String>, field: &'static str| match text {
        Some(text) => literal::date(text).map(Some).ok_or_else(|| Problem::invalid("query", field, "a day such as 2026-01-31")),
        None => Ok(None),
    };
    let (from, to, zh) = (day(&q.from, "from")?, day(&q.to, "to")?, call.lang.is_zh());
    let items = call
        .read(&cx, move |tx, cx| {
            book::get(tx, cx, id)?;
            let reckoning = Reckoning::new(cx.now.micros(), &crate::service::zone(tx, cx.merchant)?);
            let to = to.unwrap_or(reckoning.today + 1).min(reckoning.today + 1);
            let from = from.unwrap_or(to - 90).max(to - DAYS);
            let labels = Labels::of(tx, cx, zh)?;
            Ok(book::days(tx, cx, id, from, to)?.iter().map(|d| target_answer::day(d, &labels, &reckoning)).collect())
        })
        .await?;
    Ok(Json(PortraitDays { items }))
}
