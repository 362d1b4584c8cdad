//! Re-runs: what orders of a span would have earned by another version, reckoned by a task, read as a list, booked as it was shown.

use axum::Json;
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, MoneyDto, Page, PageQuery, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Currency, Instant, Money, Result as Done};
use shuke_loyalty::rerun::Correction;
use shuke_members::MemberId;
use shuke_store::jobs::JobId;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::definition::{ProgrammeId, service as programmes};
use crate::rerun::service::{self, Shown};
use crate::rerun::{Asked, Rerun, RerunId, Summary};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_programme_reruns, start_programme_rerun))
        .routes(routes!(get_programme_rerun))
        .routes(routes!(list_rerun_members))
        .routes(routes!(book_programme_rerun))
        .routes(routes!(discard_programme_rerun))
}

/// Which orders are to be judged, and by which version.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RerunInput {
    /// The number of a version that has begun; `null` for the one in force at each payment, which takes earlier re-runs back.
    #[schema(minimum = 1)]
    version: Option<u32>,
    /// The first day of payment, in the programme's zone. Where the version has caps of months, the first of a month.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day of payment; it is over. Where the version has caps of months, the last of a month or yesterday.
    #[schema(value_type = String, format = Date)]
    to: Date,
}

/// A re-run that was begun.
#[derive(Serialize, ToSchema)]
struct RerunStarted {
    #[schema(value_type = String, example = "rrn_01hqzv…")]
    id: RerunId,
    /// The task: its progress, stopping it and letting it go on.
    #[schema(value_type = String)]
    job: JobId,
}

/// Members, and their points together.
#[derive(Serialize, ToSchema)]
struct RerunSide {
    members: u64,
    points: i64,
}

/// A re-run and what it comes to, as far as it was reckoned.
#[derive(Serialize, ToSchema)]
struct ProgrammeRerun {
    #[schema(value_type = String)]
    id: RerunId,
    #[schema(value_type = String)]
    programme: ProgrammeId,
    version: Option<u32>,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// `looking`, `shown`, `booking`, `booked` or `dropped`.
    state: String,
    /// Members with orders in the span.
    members: u64,
    /// Of them those for whom anything would be otherwise.
    changed: u64,
    /// Orders that are judged by another version than before.
    orders: u64,
    /// Orders that then earn something else.
    corrections: u64,
    /// Of them those that follow from the others, as where a cap of the month has more room or less.
    following: u64,
    /// Who has more points by it.
    more: RerunSide,
    /// Who has fewer.
    less: RerunSide,
    /// Members who then have less than nothing to spend, and had not before.
    below_zero: u64,
    /// Members who then hold another tier.
    tiers: u64,
    /// Orders that are left as they are: so judged already, or come with a merge of members.
    left: u64,
    /// Members who are left as they are, because their numbers are too large to reckon.
    unreckoned: u64,
    /// Members for whom it was booked.
    booked: u64,
    /// Members who were left as they are, because their history was another by then: ask for a re-run again.
    stale: u64,
    /// Why, in the words of who booked it.
    note: String,
    #[schema(value_type = String)]
    job: JobId,
    #[schema(value_type = String, format = DateTime)]
    made_at: Instant,
    made_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    booked_at: Option<Instant>,
    booked_by: Option<String>,
}

impl From<Rerun> for ProgrammeRerun {
    fn from(rerun: Rerun) -> Self {
        let Rerun { id, programme, asked: Asked { judge, from, to }, state, note, job, made_at, made_by, booked_at, booked_by, .. } = rerun;
        let Summary { members, changed, unreckoned, orders, left, corrections, following, more, less, below, tiers, booked, stale } =
            rerun.summary;
        let side = |(members, points)| RerunSide { members, points };
        Self {
            id,
            programme,
            version: judge,
            from,
            to,
            state: state.word().to_owned(),
            members,
            changed,
            orders,
            corrections,
            following,
            more: side(more),
            less: side(less),
            below_zero: below,
            tiers,
            left,
            unreckoned,
            booked,
            stale,
            note,
            job,
            made_at,
            made_by,
            booked_at,
            booked_by,
        }
    }
}

/// An order that then earns something else.
#[derive(Serialize, ToSchema)]
struct RerunCorrection {
    /// As entries name it.
    order: String,
    #[schema(value_type = String, format = DateTime)]
    paid_at: Instant,
    /// Net paid, before refunds.
    paid: MoneyDto,
    /// What it earned, before refunds,
    earned: i64,
    /// and would have.
    earns: i64,
    /// What refunds have left of that,
    left: i64,
    /// and would have.
    leaves: i64,
    /// Whether it is of the span; else it follows from others.
    judged: bool,
}

impl From<Correction> for RerunCorrection {
    fn from(c: Correction) -> Self {
        let paid = Money { amount: c.net, currency: Currency::CNY }.into();
        let Correction { order, earned, earns, left, leaves, judged, .. } = c;
        Self { order, paid_at: c.paid, paid, earned, earns, left, leaves, judged }
    }
}

/// What a re-run comes to for a member.
#[derive(Serialize, ToSchema)]
struct RerunMember {
    #[schema(value_type = String)]
    member: MemberId,
    /// `shown`, `booked`, or `stale`: left as it is, because the history was another by then.
    state: String,
    /// Points pending, available and frozen when it was reckoned,
    points: i64,
    /// and with it. Rewards of tiers and what had ended meanwhile are in it, so it need not be the sum of the corrections.
    would_have: i64,
    corrections: Vec<RerunCorrection>,
}

impl From<Shown> for RerunMember {
    fn from(Shown { member, state, found }: Shown) -> Self {
        let corrections = found.corrections.into_iter().map(Into::into).collect();
        Self { member, state, points: found.has.points, would_have: found.would_have.points, corrections }
    }
}

/// Asks what orders of a span would have earned by the rules of a version that has begun: a task reckons it, and nothing is booked. A
/// re-run of this programme that was only shown is thrown away.
#[utoipa::path(post, path = "/programmes/{id}/reruns", operation_id = "start_programme_rerun", tag = "points",
    params(("id" = String, Path)), request_body = RerunInput, responses((status = 202, body = RerunStarted)),
    security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn start_programme_rerun(
    call: Call,
    Path(id): Path<ProgrammeId>,
    Body(body): Body<RerunInput>,
) -> Result<(StatusCode, Json<RerunStarted>), Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let asked = Asked { judge: body.version, from: body.from, to: body.to };
    let (id, job) = call.write(&cx, move |tx, cx| service::start(tx, cx, id, asked)).await?;
    Ok((StatusCode::ACCEPTED, Json(RerunStarted { id, job })))
}

/// A programme's re-runs, the newest first.
#[utoipa::path(get, path = "/programmes/{id}/reruns", operation_id = "list_programme_reruns", tag = "points",
    params(("id" = String, Path), PageQuery), responses((status = 200, body = Page<ProgrammeRerun>)),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_programme_reruns(call: Call, Path(id): Path<ProgrammeId>, Query(q): Query<PageQuery>) -> Reply<Page<ProgrammeRerun>> {
    let cx = call.allow(Permission::PointsRead)?;
    let paging = q.paging()?;
    let after = (Instant(paging.int(0, i64::MAX)?), paging.id(1, [255; 16])?);
    let limit = paging.fetch();
    let found = call
        .read(&cx, move |tx, cx| {
            programmes::get(tx, cx.merchant, id)?;
            service::list(tx, cx.merchant, id, after, limit)
        })
        .await?;
    let page = Page::cut(found, &paging, |rerun: &Rerun| vec![rerun.made_at.into(), rerun.id.into()]);
    Ok(Json(page.map(ProgrammeRerun::from)))
}

/// A re-run and what it comes to.
#[utoipa::path(get, path = "/reruns/{id}", operation_id = "get_programme_rerun", tag = "points", params(("id" = String, Path)),
    responses((status = 200, body = ProgrammeRerun)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn get_programme_rerun(call: Call, Path(id): Path<RerunId>) -> Reply<ProgrammeRerun> {
    let cx = call.allow(Permission::PointsRead)?;
    let rerun = call.read(&cx, move |tx, cx| service::get(tx, cx.merchant, id)).await?;
    Ok(Json(rerun.into()))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MembersQuery {
    #[serde(default)]
    limit: Option<i64>,
    #[serde(default)]
    cursor: Option<String>,
    /// `shown`, `booked` or `stale`.
    #[serde(default)]
    state: Option<String>,
}

/// The members for whom anything would be otherwise, and their orders, in order of their ids.
#[utoipa::path(get, path = "/reruns/{id}/members", operation_id = "list_rerun_members", tag = "points",
    params(("id" = String, Path), MembersQuery), responses((status = 200, body = Page<RerunMember>)),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_rerun_members(call: Call, Path(id): Path<RerunId>, Query(q): Query<MembersQuery>) -> Reply<Page<RerunMember>> {
    let cx = call.allow(Permission::PointsRead)?;
    let paging = shuke_http::Paging::new(q.limit, q.cursor.as_deref())?;
    let (after, limit, state) = (MemberId::from_bytes(paging.id(0, [0; 16])?), paging.fetch(), q.state.unwrap_or_default());
    let found = call
        .read(&cx, move |tx, cx| -> Done<Vec<Shown>> {
            service::get(tx, cx.merchant, id)?;
            service::rows(tx, cx.merchant, id, after, &state, limit)
        })
        .await?;
    Ok(Json(Page::cut(found, &paging, |shown: &Shown| vec![shown.member.into()]).map(RerunMember::from)))
}

/// Why a re-run is booked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RerunBooking {
    /// Why, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// Books a re-run as it was shown: a task goes from member to member. Whose history is another by then is left as it is and told.
#[utoipa::path(post, path = "/reruns/{id}/book", operation_id = "book_programme_rerun", tag = "points", params(("id" = String, Path)),
    request_body = RerunBooking, responses((status = 202, body = RerunStarted)),
    security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn book_programme_rerun(
    call: Call,
    Path(id): Path<RerunId>,
    Body(body): Body<RerunBooking>,
) -> Result<(StatusCode, Json<RerunStarted>), Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let job = call.write(&cx, move |tx, cx| service::book(tx, cx, id, &body.note)).await?;
    Ok((StatusCode::ACCEPTED, Json(RerunStarted { id, job })))
}

/// Throws away a re-run that was shown.
#[utoipa::path(post, path = "/reruns/{id}/discard", operation_id = "discard_programme_rerun", tag = "points", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn discard_programme_rerun(call: Call, Path(id): Path<RerunId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    call.write(&cx, move |tx, cx| service::discard(tx, cx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
