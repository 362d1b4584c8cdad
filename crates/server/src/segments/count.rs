//! `POST /segments/count`: how many an expression is true of, while it is being written.

use std::time::Instant as Clock;

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_http::{App, Body, Call, Permission, Problem, Reply};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_members::profile::{Member, card};
use shuke_segments::count::{Wanted, count, stopped};
use shuke_segments::http::{Accepted, Given, refused};
use shuke_segments::service::Lists;
use shuke_segments::{Desk, Reckoning, Uses};
use shuke_store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// An expression to be counted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentCountRequest {
    /// The tree, as docs/segment.schema.json says.
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    /// Or its text form.
    text: Option<String>,
    /// The time of the question: what happened before it is known. Default: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Instant>,
    /// Whether each condition is counted by itself too.
    #[serde(default)]
    parts: bool,
    /// How many of the members are shown.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 50)]
    sample: usize,
}

/// A condition by itself.
#[derive(Serialize, ToSchema)]
#[schema(as = SegmentCountPart)]
struct Part {
    /// A JSON Pointer into the expression.
    path: String,
    /// How many it is true of.
    count: usize,
    /// What that took, in milliseconds.
    took_ms: f64,
}

/// How many an expression is true of.
#[derive(Serialize, ToSchema)]
struct SegmentCount {
    /// Members it is true of.
    count: usize,
    /// Members in the base at the time of the question.
    base: usize,
    /// The time of the question.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Up to when everything is in.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
    /// Facts that are told as they are now, whatever the time of the question.
    current_facts: Vec<String>,
    /// What all of it took, in milliseconds.
    took_ms: f64,
    /// Each condition by itself, where the expression has more than one and `parts` was asked.
    parts: Vec<Part>,
    /// Some of the members, as the list of members shows them.
    sample: Vec<Member>,
}

const SAMPLE: usize = 50;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(count_segment))
}

fn milliseconds(micros: u128) -> f64 {
    micros as f64 / 1000.0
}

/// Counts the members whom an expression is true of. A request that is given up stops the work.
#[utoipa::path(post, path = "/segments/count", operation_id = "count_segment", tag = "segments", request_body = SegmentCountRequest,
    responses((status = 200, body = SegmentCount)), security(("staff" = ["segments:read", "members:read"]), ("key" = ["segments:read", "members:read"])))]
async fn count_segment(call: Call, Body(asked): Body<SegmentCountRequest>) -> Reply<SegmentCount> {
    call.allow(Permission::MembersRead)?;
    let cx = call.allow(Permission::SegmentsRead)?;
    if asked.sample > SAMPLE {
        return Err(Problem::invalid("body", "sample", format_args!("at most {SAMPLE}")));
    }
    let given = Given::of(asked.expr, asked.text)?;
    let desk = Desk::of(&call.app)?;
    let registry = desk.registry();
    let then = shuke_kernel::Ctx { now: asked.at.unwrap_or(cx.now), ..cx.clone() };
    let (of, with) = (then.clone(), registry.clone());
    let accepted = call.read(&cx, move |tx, _| given.accept(tx, &of, &with, None, Lists::Read)).await?;
    let Accepted { expression, known, .. } = accepted.map_err(|(r, _)| refused(&r, call.lang))?;
    let reckoning = Reckoning::new(then.now.micros(), &known.zone);
    let uses = Uses::of(&expression);
    let current_facts = uses.current_facts(&registry).iter().map(ToString::to_string).collect();
    let wanted = Wanted { parts: asked.parts, sample: asked.sample };
    let (at, merchant, began) = (Instant(reckoning.at), cx.merchant, Clock::now());
    let (known_at, found) = desk
        .ask(move |desk, cancel| {
            let people = desk.people(merchant, &uses.facts)?;
            let found = count(&people, &expression, &reckoning, wanted, &|| cancel.is_cancelled())?.ok_or_else(stopped)?;
            Ok((people.known_at, found))
        })
        .await?;
    let took_ms = milliseconds(began.elapsed().as_micros());
    let ids: Vec<MemberId> = found.sample.iter().filter_map(|id| id.parse().ok()).collect();
    let sample = if ids.is_empty() { Vec::new() } else { call.read(&cx, move |tx, cx| members(tx, cx, &ids)).await? };
    let parts = found.parts.into_iter().map(|p| Part { path: p.path, count: p.count, took_ms: milliseconds(p.took) }).collect();
    Ok(Json(SegmentCount { count: found.count, base: found.base, at, known_at: Instant(known_at), current_facts, took_ms, parts, sample }))
}

/// Members as their list shows them, masked.
pub(super) fn members(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<Vec<Member>> {
    Ok(card::cards(tx, cx, ids)?.into_iter().map(Member::from).collect())
}
