//! Re-runs: what orders of a span would have earned by another version, shown as a list of corrections, and booked if it still agrees.

use axum::Json;
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, MoneyDto, Page, PageQuery, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Currency, Error, Instant, Money, Result as Done};
use shuke_members::MemberId;
use shuke_store::jobs::JobId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::trials::reckoned;
use crate::definition::ProgrammeId;
use crate::owed::TOO_LARGE;
use crate::rerun::model::Ready;
use crate::rerun::service::{self, Expected};
use crate::rerun::{Asked, RerunId, Row, Summary};
use crate::trial::Stated;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview_programme_rerun))
        .routes(routes!(list_rerun_corrections))
        .routes(routes!(book_programme_rerun))
}

/// Which orders are to be judged again, and by which version.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RerunInput {
    /// The number of a version that has begun.
    version: i64,
    /// The first day of payment, in the programme's zone.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day of payment; it is over.
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// Yuan that a point buys; 0.01 unless given.
    #[serde(default)]
    #[schema(example = "0.01")]
    point_value: Option<String>,
}

impl RerunInput {
    fn asked(&self) -> Asked {
        Asked { version: self.version, from: self.from, to: self.to }
    }

    fn stated(&self) -> Done<Stated> {
        Stated::read(self.point_value.as_deref(), None, None)
    }
}

/// Points and what they buy.
#[derive(Serialize, ToSchema)]
struct RerunPoints {
    points: i64,
    value: MoneyDto,
}

impl RerunPoints {
    fn of(stated: Stated, points: i128) -> Done<Self> {
        let points = i64::try_from(points).map_err(|_| Error::from(TOO_LARGE.refuse()))?;
        Ok(Self { points, value: Money { amount: stated.value_of(points)?, currency: Currency::CNY }.into() })
    }
}

/// What a re-run would correct. Nothing is booked.
#[derive(Serialize, ToSchema)]
struct ProgrammeRerun {
    version: i64,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// When it was reckoned.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
    /// Members with orders in the span.
    members: u64,
    /// Orders that were judged.
    orders: u64,
    /// Orders that earned something else: so many corrections.
    corrections: u64,
    /// What is booked for those, net of refunds.
    booked: RerunPoints,
    /// What would be.
    would_be: RerunPoints,
    /// The difference: what is booked in all.
    total: RerunPoints,
    /// Members who get points by it, and how many together.
    members_more: u64,
    more: RerunPoints,
    /// Members who lose points by it, and how many together.
    members_less: u64,
    less: RerunPoints,
    /// Orders left as they are, because they came with a merge of members.
    merged: u64,
    /// Members left as they are, because their book is closed: merged into another's, or erased.
    closed: u64,
    /// Members left as they are, because their numbers are too large to reckon.
    unreckoned: u64,
}

impl ProgrammeRerun {
    fn of(ready: &Ready, stated: Stated, found: &Summary) -> Done<Self> {
        let points = |n| RerunPoints::of(stated, n);
        let Asked { version, from, to } = ready.asked;
        Ok(Self {
            version,
            from,
            to,
            known_at: ready.known,
            members: found.members,
            orders: found.orders,
            corrections: found.corrections,
            booked: points(found.booked)?,
            would_be: points(found.would_be)?,
            total: points(found.points())?,
            members_more: found.more.0,
            more: points(found.more.1)?,
            members_less: found.less.0,
            less: points(found.less.1)?,
            merged: found.merged,
            closed: found.closed,
            unreckoned: found.unreckoned,
        })
    }
}

/// An order that earned something else than the version gives.
#[derive(Serialize, ToSchema)]
struct RerunCorrection {
    #[schema(value_type = String)]
    member: MemberId,
    /// The order, as entries name it.
    order: String,
    #[schema(value_type = String, format = DateTime)]
    paid_at: Instant,
    /// Net paid, before refunds.
    paid: MoneyDto,
    /// Points booked for it, net of refunds.
    booked: i64,
    /// What would be.
    would_be: i64,
    /// What is booked: more, or fewer.
    difference: i64,
}

impl From<Row> for RerunCorrection {
    fn from(Row { member, correction }: Row) -> Self {
        let difference = correction.difference();
        let paid = Money { amount: correction.net, currency: Currency::CNY }.into();
        let (booked, would_be) = (correction.booked, correction.would_be);
        Self { member, order: correction.order, paid_at: correction.paid, paid, booked, would_be, difference }
    }
}

async fn ready(call: &Call, cx: &Ctx, id: ProgrammeId, asked: Asked) -> Result<Ready, Problem> {
    call.read(cx, move |tx, cx| service::ready(tx, cx, id, asked, cx.now)).await
}

/// What orders of a span would have earned by the rules of a version that has begun, against what is booked for them, net of refunds.
/// Nothing is changed.
#[utoipa::path(post, path = "/programmes/{id}/reruns/preview", operation_id = "preview_programme_rerun", tag = "points",
    params(("id" = String, Path)), request_body = RerunInput, responses((status = 200, body = ProgrammeRerun)),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn preview_programme_rerun(call: Call, Path(id): Path<ProgrammeId>, Body(body): Body<RerunInput>) -> Reply<ProgrammeRerun> {
    let cx = call.allow(Permission::PointsRead)?;
    let stated = body.stated()?;
    let ready = ready(&call, &cx, id, body.asked()).await?;
    let of = ready.clone();
    let found = reckoned(&call, move |store, stop| service::summary(store, &of, stop)).await?;
    Ok(Json(ProgrammeRerun::of(&ready, stated, &found)?))
}

/// The corrections of a re-run one by one, in order of members and orders.
#[utoipa::path(post, path = "/programmes/{id}/reruns/corrections", operation_id = "list_rerun_corrections", tag = "points",
    params(("id" = String, Path), PageQuery), request_body = RerunInput, responses((status = 200, body = Page<RerunCorrection>)),
    security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_rerun_corrections(
    call: Call,
    Path(id): Path<ProgrammeId>,
    Query(q): Query<PageQuery>,
    Body(body): Body<RerunInput>,
) -> Reply<Page<RerunCorrection>> {
    let cx = call.allow(Permission::PointsRead)?;
    let paging = q.paging()?;
    let ready = ready(&call, &cx, id, body.asked()).await?;
    let after = MemberId::from_bytes(paging.id(0, [0; 16])?);
    let after = (!paging.after.is_empty()).then_some((after, paging.text(1, "")?));
    let most = usize::try_from(paging.fetch()).unwrap_or(usize::MAX);
    let found = reckoned(&call, move |store, stop| service::rows(store, &ready, after, most, stop)).await?;
    let page = Page::cut(found, &paging, |row: &Row| vec![row.member.into(), row.correction.order.clone().into()]);
    Ok(Json(page.map(RerunCorrection::from)))
}

/// A re-run to be booked, with what its preview told.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RerunBooking {
    /// The number of a version that has begun.
    version: i64,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// `corrections` of the preview.
    expected_corrections: i64,
    /// `total.points` of the preview.
    expected_points: i64,
    /// Why, in words: each correction shows it.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// A re-run that is being booked.
#[derive(Serialize, ToSchema)]
struct RerunBooked {
    /// What each correction's cause begins with.
    #[schema(value_type = String)]
    id: RerunId,
    /// The task that books it: its progress, stopping it and letting it go on.
    #[schema(value_type = String)]
    job: JobId,
}

/// Books a re-run as corrections, if it still comes to what its preview told; else `rerun.changed`, and nothing is booked.
#[utoipa::path(post, path = "/programmes/{id}/reruns", operation_id = "book_programme_rerun", tag = "points", params(("id" = String, Path)),
    request_body = RerunBooking, responses((status = 202, body = RerunBooked)),
    security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn book_programme_rerun(
    call: Call,
    Path(id): Path<ProgrammeId>,
    Body(body): Body<RerunBooking>,
) -> Result<(StatusCode, Json<RerunBooked>), Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let RerunBooking { version, from, to, expected_corrections: corrections, expected_points: points, note } = body;
    let ready = ready(&call, &cx, id, Asked { version, from, to }).await?;
    let of = ready.clone();
    let found = reckoned(&call, move |store, stop| service::summary(store, &of, stop)).await?;
    service::agrees(&found, Expected { corrections, points })?;
    let begun = call.write(&cx, move |tx, cx| service::begin(tx, cx, &ready, &found, &note));
    let (id, job) = begun.await?;
    Ok((StatusCode::ACCEPTED, Json(RerunBooked { id, job })))
}
