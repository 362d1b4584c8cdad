//! `/segments/{id}/sizes`: how large a segment was, day by day.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Path, Permission, Problem, Query, Reply};
use shuke_kernel::Instant;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::calendar::Reckoning;
use crate::model::SegmentId;
use crate::{book, comings, literal};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_segment_sizes))
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
            let known = comings::days(tx, cx, id, i64::MIN, to)?;
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

fn filled(known: &[comings::Day], from: i64, to: i64, reckoning: &Reckoning) -> Vec<DayDto> {
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
