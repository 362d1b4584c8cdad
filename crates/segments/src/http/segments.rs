//! Segments made, changed, copied, put away; their sizes by day.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_columns::Registry;
use shuke_http::{App, Body, Call, Lang, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Tx, args};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Given, refusal};
use super::check::sentence;
use crate::book::{self, Said};
use crate::calendar::Reckoning;
use crate::desk::Desk;
use crate::living::SUBSCRIBER;
use crate::model::{Every, Kept, PersonId, Segment, SegmentId};
use crate::service::Lists;
use crate::{literal, text};

/// Another segment, by name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SegmentName)]
pub struct Named {
    /// What it is: `segment`.
    pub kind: String,
    /// Which.
    #[schema(value_type = String)]
    pub id: SegmentId,
    /// As people read it.
    pub name: String,
}

/// A segment.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Segment)]
pub struct SegmentDto {
    /// Which.
    #[schema(value_type = String, example = "seg_01hqzv…")]
    pub id: SegmentId,
    /// As people read it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// `living`, `static` or `scheduled`.
    pub kind: Kept,
    /// `active` or `archived`.
    pub state: String,
    /// Its expression; a list given by ids has none.
    #[schema(value_type = Option<Object>)]
    pub expr: Option<serde_json::Value>,
    /// Its text form; none where it cannot be judged any more.
    pub text: Option<String>,
    /// What it says, in words.
    pub sentence: Option<String>,
    /// Of a scheduled one: how often it is reckoned.
    pub every: Option<Every>,
    /// Of a scheduled one: when, by the shop's clock.
    #[schema(example = "03:00")]
    pub at: Option<String>,
    /// How many members.
    pub size: i64,
    /// Up to when that is known; none before it was ever reckoned.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub size_at: Option<Instant>,
    /// Whether it is being reckoned: its members are still those of before.
    pub building: bool,
    /// Members who came today, by the shop's days.
    pub entered_today: i64,
    /// Members who went today.
    pub left_today: i64,
    /// Segments that refer to it.
    pub used_by: Vec<Named>,
    /// How many these are.
    pub use_count: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Instant,
    /// By whom.
    pub updated_by: String,
    /// Send it with a change.
    pub version: i64,
}

/// What a segment is to say.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentInput {
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// `living`, `static` or `scheduled`; never changes.
    kind: Kept,
    /// The tree, as docs/segment.schema.json says.
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    /// Or its text form.
    text: Option<String>,
    /// Of a list: its members, instead of an expression.
    #[schema(value_type = Option<Vec<String>>, max_items = 100_000)]
    members: Option<Vec<PersonId>>,
    /// Of a scheduled one: how often.
    every: Option<Every>,
    /// Of a scheduled one: when, by the shop's clock; 03:00 if absent.
    #[schema(example = "03:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    at: Option<String>,
}

/// What a segment is to say from now on; what is absent stays.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentPatch {
    /// The version that was read.
    version: i64,
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// As it is: how a segment is kept never changes.
    kind: Option<Kept>,
    /// The tree, as docs/segment.schema.json says.
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    /// Or its text form.
    text: Option<String>,
    /// Of a list: its members.
    #[schema(value_type = Option<Vec<String>>, max_items = 100_000)]
    members: Option<Vec<PersonId>>,
    /// Of a scheduled one: how often.
    every: Option<Every>,
    /// Of a scheduled one: when, by the shop's clock.
    #[schema(example = "03:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    at: Option<String>,
}

/// What a read segment is, before the expression is judged.
struct Input {
    said: Said,
    given: Option<Given>,
}

const MEMBERS: usize = 100_000;
const DESCRIPTION: usize = 2_000;
/// Three in the morning.
const CLOCK: i64 = 180;

fn clock(text: &str) -> Option<i64> {
    let (h, m) = text.split_once(':')?;
    let number = |t: &str| (t.len() == 2).then(|| t.parse::<i64>().ok()).flatten();
    let (h, m) = (number(h)?, number(m)?);
    (h < 24 && m < 60).then_some(h * 60 + m)
}

/// What a list and a description may hold, and the clock time in minutes.
fn bounds(members: Option<&Vec<PersonId>>, description: Option<&String>, at: Option<&String>) -> Result<Option<i64>, Problem> {
    if members.is_some_and(|m| m.len() > MEMBERS) {
        return Err(Problem::invalid("body", "members", format_args!("at most {MEMBERS}")));
    }
    if description.is_some_and(|d| d.chars().count() > DESCRIPTION) {
        return Err(Problem::invalid("body", "description", format_args!("at most {DESCRIPTION} characters")));
    }
    at.map(|text| clock(text).ok_or_else(|| Problem::invalid("body", "at", "a clock time such as 03:00"))).transpose()
}

impl SegmentInput {
    fn read(self) -> Result<Input, Problem> {
        let at = bounds(self.members.as_ref(), self.description.as_ref(), self.at.as_ref())?.unwrap_or(CLOCK);
        let said = Said {
            name: self.name,
            description: self.description.filter(|d| !d.trim().is_empty()),
            kept: self.kind,
            expr: None,
            members: self.members,
            every: self.every,
            clock: at,
        };
        Ok(Input { said, given: Given::maybe(self.expr, self.text)? })
    }
}

fn judge(tx: &mut Tx<'_>, cx: &Ctx, input: &Input, registry: &Registry, edited: Option<SegmentId>, lang: Lang) -> Result<Said> {
    let expr = match &input.given {
        None => input.said.expr.clone(),
        Some(given) => match given.accept(tx, cx, registry, edited, Lists::Empty)? {
            Ok(accepted) => Some(accepted.kept()?),
            Err((refused, _)) => return Err(refusal(&refused, lang).into()),
        },
    };
    Ok(Said { expr, ..input.said.clone() })
}

/// Up to when the living segments of a merchant are known: now where the feed was followed to its end, else
/// when the first event was taken in that was not followed yet.
fn followed(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Option<Instant>> {
    let head = tx.feed_head(cx.merchant)?;
    let row = tx.row(crate::sql::FOLLOWED, args![cx.merchant, SUBSCRIBER])?;
    let Some(mut row) = row else { return Ok(None) };
    let at: i64 = row.get(0)?;
    if at >= head {
        return Ok(Some(cx.now));
    }
    tx.row(crate::sql::UNFOLLOWED, args![cx.merchant, at])?.map_or(Ok(Some(cx.now)), |mut r| r.get(0))
}

/// Segments as people see them.
pub fn shown(tx: &mut Tx<'_>, cx: &Ctx, all: Vec<Segment>, registry: &Registry, zh: bool) -> Result<Vec<SegmentDto>> {
    let ids: Vec<SegmentId> = all.iter().map(|s| s.id).collect();
    let zone = crate::service::zone(tx, cx.merchant)?;
    let today = Reckoning::new(cx.now.micros(), &zone).today;
    let (mut users, days, followed) = (book::used_by(tx, cx, &ids)?, book::on_day(tx, cx, &ids, today)?, followed(tx, cx)?);
    let mut out = Vec::with_capacity(all.len());
    for s in all {
        let (mut words, mut tree) = ((None, None), None);
        if let Some(expr) = &s.expr {
            tree = serde_json::from_str(expr).ok();
            let raw = RawValue::from_string(expr.clone())?;
            if let Ok(accepted) = Given::Tree(raw).accept(tx, cx, registry, None, Lists::Empty)? {
                let root = accepted.expression.root.canonical();
                words = (Some(text::show(&root)), Some(sentence(&root, &accepted.known, zh)));
            }
        }
        let is_followed = s.kept == Kept::Living && !s.archived && s.built == s.version;
        let used_by: Vec<Named> =
            users.remove(&s.id).unwrap_or_default().into_iter().map(|(id, name)| Named { kind: "segment".to_owned(), id, name }).collect();
        let (entered_today, left_today) = days.get(&s.id).copied().unwrap_or_default();
        out.push(SegmentDto {
            id: s.id,
            name: s.name,
            description: s.description,
            kind: s.kept,
            state: if s.archived { "archived" } else { "active" }.to_owned(),
            expr: tree,
            text: words.0,
            sentence: words.1,
            every: s.every,
            at: s.every.map(|_| format!("{:02}:{:02}", s.clock / 60, s.clock % 60)),
            size: s.size,
            size_at: if is_followed { followed.max(s.sized_at) } else { s.sized_at },
            building: !s.archived && s.built != s.version,
            entered_today,
            left_today,
            use_count: used_by.len() as i64,
            used_by,
            created_at: s.created_at,
            created_by: s.created_by,
            updated_at: s.updated_at,
            updated_by: s.updated_by,
            version: s.version,
        });
    }
    Ok(out)
}

fn one(tx: &mut Tx<'_>, cx: &Ctx, segment: Segment, zh: bool) -> Result<SegmentDto> {
    let mut all = shown(tx, cx, vec![segment], &Registry::of_store(), zh)?;
    all.pop().ok_or_else(|| shuke_kernel::Error::fault("a segment is shown as none"))
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_segments, create_segment))
        .routes(routes!(get_segment, put_segment))
        .routes(routes!(archive_segment))
        .routes(routes!(restore_segment))
        .routes(routes!(refresh_segment))
        .routes(routes!(duplicate_segment))
        .routes(routes!(list_segment_sizes))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SegmentsQuery {
    /// `active` (default), `archived` or `all`.
    state: Option<String>,
    /// `living`, `static` or `scheduled`.
    kind: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Segments, newest first, with their stored sizes: nothing is counted for a page.
#[utoipa::path(get, path = "/segments", operation_id = "list_segments", tag = "segments", params(SegmentsQuery),
    responses((status = 200, body = Page<SegmentDto>)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn list_segments(call: Call, Query(q): Query<SegmentsQuery>) -> Reply<Page<SegmentDto>> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let state = match q.state.as_deref().unwrap_or("active") {
        "all" => String::new(),
        word @ ("active" | "archived") => word.to_owned(),
        other => return Err(Problem::invalid("query", "state", format_args!("`{other}` is no state; there is active, archived, all"))),
    };
    let kind = q.kind.unwrap_or_default();
    if !kind.is_empty() && Kept::named(&kind).is_none() {
        return Err(Problem::invalid("query", "kind", format_args!("`{kind}` is no kind; there is living, static, scheduled")));
    }
    let before = SegmentId::from_bytes(paging.id(0, [255; 16])?);
    let (fetch, zh, most) = (paging.fetch(), call.lang.is_zh(), usize::try_from(paging.limit).unwrap_or_default());
    let (more, rows) = call
        .read(&cx, move |tx, cx| {
            let mut all = book::list(tx, cx, &state, &kind, before, fetch)?;
            let more = all.len() > most;
            all.truncate(most);
            Ok((more, shown(tx, cx, all, &Registry::of_store(), zh)?))
        })
        .await?;
    let next_cursor = rows.last().filter(|_| more).map(|s| shuke_http::Cursor::encode(&[s.id.into()]));
    Ok(Json(Page { items: rows, next_cursor }))
}

/// Makes a segment. The members of one that has an expression are found by a task.
#[utoipa::path(post, path = "/segments", operation_id = "create_segment", tag = "segments", request_body = SegmentInput,
    responses((status = 201, body = SegmentDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn create_segment(call: Call, Body(input): Body<SegmentInput>) -> Result<(StatusCode, Json<SegmentDto>), Problem> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let (input, lang, registry) = (input.read()?, call.lang, Desk::of(&call.app)?.registry());
    let made = call
        .write(&cx, move |tx, cx| {
            let said = judge(tx, cx, &input, &registry, None, lang)?;
            let segment = book::create(tx, cx, &said)?;
            one(tx, cx, segment, lang.is_zh())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One segment.
#[utoipa::path(get, path = "/segments/{id}", operation_id = "get_segment", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = SegmentDto)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn get_segment(call: Call, Path(id): Path<SegmentId>) -> Reply<SegmentDto> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let zh = call.lang.is_zh();
    Ok(Json(
        call.read(&cx, move |tx, cx| {
            let segment = book::get(tx, cx, id)?;
            one(tx, cx, segment, zh)
        })
        .await?,
    ))
}

/// Changes a segment; what is absent stays. Refused where another was faster.
#[utoipa::path(put, path = "/segments/{id}", operation_id = "put_segment", tag = "segments", params(("id" = String, Path)),
    request_body = SegmentPatch, responses((status = 200, body = SegmentDto)),
    security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn put_segment(call: Call, Path(id): Path<SegmentId>, Body(patch): Body<SegmentPatch>) -> Reply<SegmentDto> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let (lang, registry) = (call.lang, Desk::of(&call.app)?.registry());
    let clock = bounds(patch.members.as_ref(), patch.description.as_ref(), patch.at.as_ref())?;
    let given = Given::maybe(patch.expr.clone(), patch.text.clone())?;
    let changed = call
        .write(&cx, move |tx, cx| {
            let before = book::get(tx, cx, id)?;
            let said = Said {
                name: patch.name.clone().unwrap_or(before.name),
                description: patch.description.clone().or(before.description).filter(|d| !d.trim().is_empty()),
                kept: patch.kind.unwrap_or(before.kept),
                expr: before.expr.map(|expr| book::direct_uses(&expr).map(|uses| (expr, uses))).transpose()?,
                members: patch.members.clone(),
                every: patch.every.or(before.every),
                clock: clock.unwrap_or(before.clock),
            };
            let said = judge(tx, cx, &Input { said, given: given.clone() }, &registry, Some(id), lang)?;
            let segment = book::change(tx, cx, id, &said, patch.version)?;
            one(tx, cx, segment, lang.is_zh())
        })
        .await?;
    Ok(Json(changed))
}

/// An action on a segment.
async fn act(call: Call, id: SegmentId, act: fn(&mut Tx<'_>, &Ctx, SegmentId) -> Result<Segment>) -> Reply<SegmentDto> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let zh = call.lang.is_zh();
    let done = call
        .write(&cx, move |tx, cx| {
            let segment = act(tx, cx, id)?;
            one(tx, cx, segment, zh)
        })
        .await?;
    Ok(Json(done))
}

/// Puts a segment away: it is kept up no longer. Refused while others refer to it.
#[utoipa::path(post, path = "/segments/{id}/archive", operation_id = "archive_segment", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = SegmentDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn archive_segment(call: Call, Path(id): Path<SegmentId>) -> Reply<SegmentDto> {
    act(call, id, book::archive).await
}

/// Takes a segment back.
#[utoipa::path(post, path = "/segments/{id}/restore", operation_id = "restore_segment", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = SegmentDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn restore_segment(call: Call, Path(id): Path<SegmentId>) -> Reply<SegmentDto> {
    act(call, id, book::restore).await
}

/// Has a segment reckoned anew, by a task.
#[utoipa::path(post, path = "/segments/{id}/refresh", operation_id = "refresh_segment", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = SegmentDto)), security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn refresh_segment(call: Call, Path(id): Path<SegmentId>) -> Reply<SegmentDto> {
    act(call, id, book::refresh).await
}

/// How a copy is to be called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentCopy {
    /// Absent: the name with a number behind it.
    #[schema(max_length = 80)]
    name: Option<String>,
}

/// Copies a segment; of a list, its members as they are now.
#[utoipa::path(post, path = "/segments/{id}/duplicate", operation_id = "duplicate_segment", tag = "segments", params(("id" = String, Path)),
    request_body = SegmentCopy, responses((status = 201, body = SegmentDto)),
    security(("staff" = ["segments:write"]), ("key" = ["segments:write"])))]
async fn duplicate_segment(
    call: Call,
    Path(id): Path<SegmentId>,
    Body(copy): Body<SegmentCopy>,
) -> Result<(StatusCode, Json<SegmentDto>), Problem> {
    let cx = call.allow(Permission::SegmentsWrite)?;
    let zh = call.lang.is_zh();
    let made = call
        .write(&cx, move |tx, cx| {
            let segment = book::duplicate(tx, cx, id, copy.name.as_deref())?;
            one(tx, cx, segment, zh)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SizesQuery {
    /// The first day, or an instant of it. Default: 90 days before the last.
    from: Option<String>,
    /// The day before which it ends, or an instant of it. Default: tomorrow.
    to: Option<String>,
}

/// A day of a segment.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentDay)]
struct DayDto {
    /// When the day began, by the shop's clock.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// How many members at the end of what happened on it.
    size: i64,
    /// Members who came.
    entered: i64,
    /// Members who went.
    left: i64,
}

/// How large a segment was, day by day; days on which nothing changed have the size of the day before.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SegmentSizes {
    items: Vec<DayDto>,
}

/// Days that are told at once.
const DAYS: i64 = 1_100;

/// How large a segment was, day by day, with who came and went.
#[utoipa::path(get, path = "/segments/{id}/sizes", operation_id = "list_segment_sizes", tag = "segments", params(("id" = String, Path), SizesQuery),
    responses((status = 200, body = SegmentSizes)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn list_segment_sizes(call: Call, Path(id): Path<SegmentId>, Query(q): Query<SizesQuery>) -> Reply<SegmentSizes> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let edge = |text: &Option<String>, field: &'static str| match text {
        Some(text) => Edge::of(text).map(Some).ok_or_else(|| Problem::invalid("query", field, "a day such as 2026-01-31, or an instant")),
        None => Ok(None),
    };
    let (from, to) = (edge(&q.from, "from")?, edge(&q.to, "to")?);
    let items = call
        .read(&cx, move |tx, cx| {
            book::get(tx, cx, id)?;
            let reckoning = Reckoning::new(cx.now.micros(), &crate::service::zone(tx, cx.merchant)?);
            let tomorrow = reckoning.today + 1;
            let to = to.map_or(tomorrow, |e| e.day(&reckoning)).min(tomorrow);
            let from = from.map_or(to - 90, |e| e.day(&reckoning)).max(to - DAYS);
            let known = book::days(tx, cx, id, i64::MIN, to)?;
            Ok(filled(&known, from, to, &reckoning))
        })
        .await?;
    Ok(Json(SegmentSizes { items }))
}

/// A day, or an instant of one.
#[derive(Clone, Copy)]
enum Edge {
    Day(i64),
    Instant(Instant),
}

impl Edge {
    fn of(text: &str) -> Option<Self> {
        literal::date(text).map(Self::Day).or_else(|| text.parse().ok().map(Self::Instant))
    }

    fn day(self, reckoning: &Reckoning) -> i64 {
        match self {
            Self::Day(day) => day,
            Self::Instant(at) => reckoning.day(at.micros()),
        }
    }
}

fn filled(known: &[book::Day], from: i64, to: i64, reckoning: &Reckoning) -> Vec<DayDto> {
    let mut out = Vec::new();
    let mut known = known.iter().peekable();
    let mut size = None;
    while let Some(before) = known.next_if(|d| d.day < from) {
        size = Some(before.size);
    }
    for day in from..to {
        let here = known.next_if(|d| d.day == day);
        size = here.map_or(size, |d| Some(d.size));
        if let Some(size) = size {
            let (entered, left) = here.map_or((0, 0), |d| (d.entered, d.left));
            out.push(DayDto { at: Instant(reckoning.start_of(day)), size, entered, left });
        }
    }
    out
}
