//! Why a member is in a segment, or is not.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_http::{App, Body, Call, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Code, Ctx, Kind};
use shuke_store::args;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asked::{Accepted, Given, refused};
use crate::book;
use crate::calendar::Reckoning;
use crate::desk::Desk;
use crate::model::{PersonId, SegmentId};
use crate::service::{self, Lists};
use crate::speech::Speaker;
use crate::sql;
use crate::uses::Uses;
use crate::why::{Judge, Verdict};

/// Nobody has that id.
pub static MEMBER_UNKNOWN: Code =
    Code { code: "segment.member_unknown", kind: Kind::NotFound, zh: "找不到这位会员。", en: "There is no such member." };

/// What a condition was judged by.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentWhyValue)]
struct ValueDto {
    /// What is looked at.
    text: String,
    /// What it is, as people read it; none where nothing is known.
    value: Option<String>,
}

/// A condition as it was judged.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentWhyNode)]
struct NodeDto {
    /// A JSON Pointer into the expression.
    path: String,
    /// What it says, in the caller's language.
    text: String,
    /// What came of it; none where it is unknown.
    result: Option<bool>,
    /// What it was judged by.
    values: Vec<ValueDto>,
}

/// Why somebody is in, or is not.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SegmentWhy {
    /// Whether it is true of the member; none where it is unknown, which does not match.
    matches: Option<bool>,
    /// The expression and its conditions, in reading order.
    tree: Vec<NodeDto>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WhyQuery {
    /// Who: `mem_…`.
    #[param(value_type = String)]
    member: PersonId,
}

/// An expression and a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentWhyRequest {
    /// The tree, as docs/segment.schema.json says.
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    /// Or its text form.
    text: Option<String>,
    /// Who: `mem_…`.
    #[schema(value_type = String)]
    member: PersonId,
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(explain_segment_member)).routes(routes!(explain_expression_member))
}

/// Why a member is in a segment, or is not: each condition with what it was judged by, as of now.
#[utoipa::path(get, path = "/segments/{id}/why", operation_id = "explain_segment_member", tag = "segments", params(("id" = String, Path), WhyQuery),
    responses((status = 200, body = SegmentWhy)), security(("staff" = ["segments:read", "members:read"]), ("key" = ["segments:read", "members:read"])))]
async fn explain_segment_member(call: Call, Path(id): Path<SegmentId>, Query(q): Query<WhyQuery>) -> Reply<SegmentWhy> {
    call.allow(Permission::MembersRead)?;
    let cx = call.allow(Permission::SegmentsRead)?;
    let segment = call.read(&cx, move |tx, cx| book::get(tx, cx, id)).await?;
    match segment.expr {
        Some(expr) => {
            let raw = RawValue::from_string(expr).map_err(|e| Problem::from(shuke_kernel::Error::from(e)))?;
            explain(&call, &cx, Given::Tree(raw), q.member).await
        }
        None => on_list(&call, &cx, id, q.member).await,
    }
}

/// Why an expression is true of a member, or is not.
#[utoipa::path(post, path = "/segments/why", operation_id = "explain_expression_member", tag = "segments", request_body = SegmentWhyRequest,
    responses((status = 200, body = SegmentWhy)), security(("staff" = ["segments:read", "members:read"]), ("key" = ["segments:read", "members:read"])))]
async fn explain_expression_member(call: Call, Body(asked): Body<SegmentWhyRequest>) -> Reply<SegmentWhy> {
    call.allow(Permission::MembersRead)?;
    let cx = call.allow(Permission::SegmentsRead)?;
    explain(&call, &cx, Given::of(asked.expr, asked.text)?, asked.member).await
}

async fn on_list(call: &Call, cx: &Ctx, id: SegmentId, member: PersonId) -> Reply<SegmentWhy> {
    let is_on = call
        .read(cx, move |tx, cx| {
            if tx.row(sql::IS_MEMBER, args![cx.merchant, member])?.is_none() {
                return Err(MEMBER_UNKNOWN.refuse().into());
            }
            let now = service::living(tx, cx.merchant, vec![member])?.remove(&member);
            let list = service::on_list(tx, cx.merchant, id)?;
            Ok(now.is_some_and(|m| list.contains(&m)))
        })
        .await?;
    let text = if call.lang.is_zh() { "在名单上" } else { "is on the list" }.to_owned();
    Ok(Json(SegmentWhy {
        matches: Some(is_on),
        tree: vec![NodeDto { path: String::new(), text, result: Some(is_on), values: Vec::new() }],
    }))
}

async fn explain(call: &Call, cx: &Ctx, given: Given, member: PersonId) -> Reply<SegmentWhy> {
    let desk = Desk::of(&call.app)?;
    let (registry, zh) = (desk.registry(), call.lang.is_zh());
    let (with, merchant) = (registry.clone(), cx.merchant);
    let (accepted, now) = call
        .read(cx, move |tx, cx| {
            let now = service::living(tx, cx.merchant, vec![member])?.remove(&member).ok_or_else(|| MEMBER_UNKNOWN.refuse())?;
            Ok((given.accept(tx, cx, &with, None, Lists::Read)?, now))
        })
        .await?;
    let Accepted { expression, known, .. } = accepted.map_err(|(r, _)| refused(&r, call.lang))?;
    let at = cx.now.micros();
    let verdicts = desk
        .ask(move |desk, _| {
            let uses = Uses::of(&expression);
            let keeper = desk.keepers().of(merchant)?;
            let asks = |name: &str| uses.facts.contains(name);
            let slice = keeper.persons_for(&[now.bytes().to_vec()], &asks)?;
            let reckoning = Reckoning::new(at, &known.zone);
            // Only a ranking needs everybody.
            let ranks = !crate::plan::Plan::of(&expression, &registry, &reckoning)?.rankings.is_empty();
            let people = if ranks { Some(keeper.people_for(&asks)?) } else { None };
            let name_of = |id: &str| known.names.get(id).cloned();
            let speaker = Speaker { zone: &known.zone, name_of: &name_of };
            let judge = Judge { slice: &slice, people: people.as_deref(), registry, reckoning, zone: &known.zone, speaker, zh };
            judge.verdicts(&expression)
        })
        .await?;
    let matches = verdicts.first().and_then(|v| v.result);
    let node = |v: Verdict| NodeDto {
        path: v.path,
        text: v.text,
        result: v.result,
        values: v.values.into_iter().map(|(text, value)| ValueDto { text, value }).collect(),
    };
    Ok(Json(SegmentWhy { matches, tree: verdicts.into_iter().map(node).collect() }))
}
