//! `POST /segments/portrait`: what distinguishes a group, beside all members or beside another group.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant as Clock;

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use shuke_http::{App, Body, Call, Permission, Problem, Query, Reply};
use shuke_insight::occasions::{self, Occasion};
use shuke_kernel::{Ctx, Error, Instant, Result, Zone};
use shuke_members::tag::{self, Tag};
use shuke_segments::count::stopped;
use shuke_segments::http::{Accepted, Given, refused, sentence};
use shuke_segments::portrait::{self, Question};
use shuke_segments::service::Lists;
use shuke_segments::{Desk, Reckoning, Uses};
use shuke_sheets::Format;
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::portrait_answer::{Names, SegmentPortrait, Shown, answer};
use super::portrait_file::{self, About};

/// A group of members: one of the three.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SegmentPortraitWhom)]
struct Whom {
    /// A segment by its id.
    segment: Option<String>,
    /// A tree, as docs/segment.schema.json says.
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    /// Or its text form.
    text: Option<String>,
}

/// Whose portrait, beside whom, and over which orders.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentPortraitRequest {
    /// Whose portrait: a segment by its id.
    segment: Option<String>,
    /// Or a tree, as docs/segment.schema.json says.
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    /// Or its text form.
    text: Option<String>,
    /// Beside whom. Default: all members.
    against: Option<Whom>,
    /// Orders of this shop only (`shp_…`). What members did (cart, favourite) is known of no shop and is not narrowed.
    shop: Option<String>,
    /// Orders and acts from this day on; without it everything there is.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// To before this day; without it to the time of the question.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// The time of the question: what happened before it is known. Default: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Instant>,
    /// How many bars of an attribute without an order of its own are told, the greatest first; 30 if absent. How many are not told is said.
    #[schema(minimum = 1, maximum = 1000)]
    bars: Option<usize>,
}

/// Bars of an attribute that are told where nothing is said.
const BARS: usize = 30;
/// Most of them.
const MOST: usize = 1_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(portray_segment)).routes(routes!(export_portrait))
}

impl Whom {
    /// What was given; a segment as the condition of being in it. None where nothing was.
    fn given(self, field: &str) -> Result<Option<Given>, Problem> {
        let many = || Problem::invalid("body", field, "one of `segment`, `expr` and `text` is taken");
        match (self.segment, self.expr, self.text) {
            (None, None, None) => Ok(None),
            (Some(id), None, None) => {
                let tree = serde_json::json!({ "op": "in_segment", "id": id }).to_string();
                Ok(Some(Given::Tree(RawValue::from_string(tree).map_err(Error::fault)?)))
            }
            (None, expr, text) if expr.is_some() != text.is_some() => Given::of(expr, text).map(Some),
            _ => Err(many()),
        }
    }
}

/// Everybody.
fn everybody() -> Given {
    Given::Text("everyone".to_owned())
}

/// What distinguishes a group, beside all members or another group: shares by attribute with their lift and its 95 % interval, and what the group buys. A request that is given up stops the work.
#[utoipa::path(post, path = "/segments/portrait", operation_id = "portray_segment", tag = "segments", request_body = SegmentPortraitRequest,
    responses((status = 200, body = SegmentPortrait)), security(("staff" = ["segments:read", "orders:read"]), ("key" = ["segments:read", "orders:read"])))]
async fn portray_segment(call: Call, Body(asked): Body<SegmentPortraitRequest>) -> Reply<SegmentPortrait> {
    let bars = asked.bars.unwrap_or(BARS);
    if !(1..=MOST).contains(&bars) {
        return Err(Problem::invalid("body", "bars", format_args!("1 to {MOST}")));
    }
    Ok(Json(portrayed(&call, asked, bars).await?.0))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PortraitFileQuery {
    /// `csv` (default) or `xlsx`.
    format: Option<String>,
}

/// The same as a file with every bar of every attribute and every figure: CSV in one table, XLSX with a sheet that says whom it is of, one of figures, one of attributes. Headings are in the language asked for.
#[utoipa::path(post, path = "/segments/portrait/export", operation_id = "export_portrait", tag = "segments", request_body = SegmentPortraitRequest, params(PortraitFileQuery),
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))),
    security(("staff" = ["segments:read", "orders:read"]), ("key" = ["segments:read", "orders:read"])))]
async fn export_portrait(
    call: Call,
    Query(q): Query<PortraitFileQuery>,
    Body(asked): Body<SegmentPortraitRequest>,
) -> Result<impl IntoResponse, Problem> {
    let format = match q.format.as_deref().unwrap_or("csv") {
        "csv" => Format::Csv,
        "xlsx" => Format::Xlsx,
        _ => return Err(Problem::invalid("query", "format", "format is csv or xlsx")),
    };
    if asked.bars.is_some() {
        return Err(Problem::invalid("body", "bars", "a file has all of them"));
    }
    let (told, about) = portrayed(&call, asked, usize::MAX).await?;
    let body = portrait_file::write(&told, &about, format, call.lang.is_zh()).map_err(Error::fault)?;
    let name = format!("attachment; filename=\"portrait.{}\"", format.word());
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)], body))
}

async fn portrayed(call: &Call, asked: SegmentPortraitRequest, bars: usize) -> Result<(SegmentPortrait, About), Problem> {
    call.allow(Permission::OrdersRead)?;
    let cx = call.allow(Permission::SegmentsRead)?;
    if asked.from.zip(asked.to).is_some_and(|(from, to)| from >= to) {
        return Err(Problem::invalid("body", "to", "it lies after `from`"));
    }
    let group = Whom { segment: asked.segment, expr: asked.expr, text: asked.text }.given("expr")?;
    let group = group.ok_or_else(|| Problem::invalid("body", "expr", "one of `segment`, `expr` and `text` is needed"))?;
    let against = asked.against.unwrap_or_default().given("against")?.unwrap_or_else(everybody);
    let then = Ctx { now: asked.at.unwrap_or(cx.now), ..cx.clone() };
    let desk = Desk::of(&call.app)?;
    let registry = desk.registry();
    let (of, days) = (then.clone(), (asked.from, asked.to));
    let found = call
        .read(&cx, move |tx, cx| {
            let mut both = Vec::new();
            for given in [&group, &against] {
                match given.accept(tx, &of, &registry, None, Lists::Read)? {
                    Ok(accepted) => both.push(accepted),
                    Err((refusal, _)) => return Ok(Err(refusal)),
                }
            }
            Ok(Ok((both, around(tx, cx, &of, days)?)))
        })
        .await?;
    let (both, around) = found.map_err(|r| refused(&r, call.lang))?;
    let [group, against]: [Accepted; 2] = both.try_into().map_err(|_| Problem::from(Error::fault("two groups were asked")))?;
    let zh = call.lang.is_zh();
    let groups = [&group, &against].map(|of| sentence(&of.expression.root.clone().canonical(), &of.known, zh));
    let day = |of: Option<Date>| of.map(|d| shuke_kernel::civil::day_of(d.year().into(), d.month().into(), d.day().into()));
    let mut facts: BTreeSet<_> = Uses::of(&group.expression).facts;
    facts.extend(Uses::of(&against.expression).facts);
    facts.insert("stage".into());
    let question = Question {
        reckoning: Reckoning::new(then.now.micros(), &group.known.zone),
        shop: asked.shop.map(Into::into),
        from: day(asked.from),
        to: day(asked.to),
        occasions: around.kept,
        group: group.expression,
        against: against.expression,
    };
    let (merchant, began, names) = (cx.merchant, Clock::now(), around.names);
    let about = About { groups, from: asked.from, to: asked.to, zone: around.zone };
    let told = desk
        .ask(move |desk, cancel| {
            let people = desk.people(merchant, &facts)?;
            let measured = portrait::measure(&people, &question, &|| cancel.is_cancelled())?.ok_or_else(stopped)?;
            let told = portrait::tell(&question, &measured);
            let took_ms = began.elapsed().as_micros() as f64 / 1000.0;
            Ok(answer(&question, &told, &names, bars, zh, Shown { known_at: Instant(people.known_at), took_ms }))
        })
        .await?;
    Ok((told, about))
}

/// What the portrait needs of other crates.
struct Around {
    kept: Vec<portrait::Occasion>,
    names: Names,
    zone: Zone,
}

fn around(tx: &mut Tx<'_>, cx: &Ctx, then: &Ctx, (from, to): (Option<Date>, Option<Date>)) -> Result<Around> {
    let merchant = shuke_access::merchants::get(tx, cx.merchant)?;
    let zone = Zone::named(&merchant.zone).ok_or_else(|| Error::fault(format!("there is no zone {}", merchant.zone)))?;
    let today = zone.day(then.now);
    let to = to.unwrap_or_else(|| today.saturating_add(1.day()));
    let from = from.unwrap_or_else(|| to.saturating_sub(occasions::SPAN_MAX.days()));
    let mut by_word: BTreeMap<String, Vec<Occasion>> = BTreeMap::new();
    for occasion in occasions::service::touching(tx, cx, from, to)? {
        by_word.entry(occasion.code.clone().unwrap_or_else(|| occasion.name.zh.clone())).or_default().push(occasion);
    }
    let day = |d: Date| shuke_kernel::civil::day_of(d.year().into(), d.month().into(), d.day().into());
    let kept = by_word
        .iter()
        .map(|(word, all)| portrait::Occasion { word: word.as_str().into(), days: all.iter().map(|o| (day(o.from), day(o.to))).collect() });
    let kept = kept.collect();
    let occasions = by_word.into_iter().filter_map(|(word, mut all)| all.pop().map(|o| (word, o.name.zh, o.name.en))).collect();
    let tags: Vec<Tag> = tag::service::list(tx, cx, "all", None)?;
    let first = shuke_access::ShopId::from_bytes([0; 16]);
    let shops = shuke_access::shops::list(tx, cx.merchant, first, 1_000)?;
    let shops = shops.into_iter().map(|s| (s.id.to_string(), s.name)).collect();
    Ok(Around { kept, names: Names { occasions, tags, shops, currency: merchant.currency }, zone })
}
