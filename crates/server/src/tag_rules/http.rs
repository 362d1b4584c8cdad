//! `/tags/{id}/rule`, `/tag-rules`, `/tags/{id}/days`: tags that a segment gives and takes, and how a tag
//! changed day by day.

use axum::Json;
use axum::http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Page, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::tag::rule::{self, GroupId, Rule};
use shuke_members::tag::{TagId, service};
use shuke_segments::{Reckoning, SegmentId, book};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A thing by its id and name.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = TagRuleRef)]
struct Ref {
    id: String,
    name: String,
}

/// The rule of a tag: whoever is in the segment has the tag.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = TagRule)]
struct RuleDto {
    tag: Ref,
    segment: Ref,
    /// `applying` until everybody was looked at; `applied`; `resting` while the tag or the segment is archived.
    state: String,
    /// When everybody was last looked at.
    #[schema(value_type = Option<String>, format = DateTime)]
    applied_at: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    set_at: Instant,
    set_by: String,
    /// How many members have the tag by the rule now; told of one rule, not in lists.
    members: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TagRuleInput {
    /// A living or scheduled segment.
    #[schema(value_type = String, example = "seg_01hqzv…")]
    segment: GroupId,
}

/// To whom a tag was given, and from whom it was taken, on a day of the merchant's zone.
#[derive(Serialize, ToSchema)]
#[schema(as = TagDay)]
struct DayDto {
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// Members to whom it was given, by whomever.
    given: i64,
    /// Members from whom it was taken.
    taken: i64,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DaysQuery {
    /// The first day.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The day before which it ends: 366 days after `from` at most.
    #[param(value_type = String, format = Date)]
    to: Date,
}

const DAYS: i32 = 366;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tag_rules))
        .routes(routes!(get_tag_rule, put_tag_rule, delete_tag_rule))
        .routes(routes!(list_tag_days))
}

/// A rule with how many have its tag by it.
fn counted(tx: &mut Tx<'_>, cx: &Ctx, rule: Rule) -> Result<RuleDto> {
    let members = rule::holding(tx, cx, rule.tag)?;
    Ok(RuleDto { members: Some(members), ..told(tx, cx, rule)? })
}

fn told(tx: &mut Tx<'_>, cx: &Ctx, rule: Rule) -> Result<RuleDto> {
    let tag = service::get(tx, cx, rule.tag)?;
    let segment = book::get(tx, cx, SegmentId::from_bytes(*rule.segment.bytes()))?;
    let state = if rule.archived || segment.archived {
        "resting"
    } else if rule.applied == rule.version {
        "applied"
    } else {
        "applying"
    };
    Ok(RuleDto {
        tag: Ref { id: tag.id.to_string(), name: tag.name },
        segment: Ref { id: rule.segment.to_string(), name: segment.name },
        state: state.to_owned(),
        applied_at: rule.applied_at,
        set_at: rule.set_at,
        set_by: rule.set_by,
        members: None,
    })
}

/// Rules of all tags.
#[utoipa::path(get, path = "/tag-rules", operation_id = "list_tag_rules", tag = "tags",
    responses((status = 200, body = Page<RuleDto>)), security(("staff" = ["members:read", "segments:read"]), ("key" = ["members:read", "segments:read"])))]
async fn list_tag_rules(call: Call) -> Reply<Page<RuleDto>> {
    call.allow(Permission::SegmentsRead)?;
    let cx = call.allow(Permission::MembersRead)?;
    let found = call.read(&cx, |tx, cx| rule::list(tx, cx)?.into_iter().map(|r| told(tx, cx, r)).collect::<Result<Vec<_>>>()).await?;
    Ok(Json(Page::whole(found)))
}

/// The rule of a tag.
#[utoipa::path(get, path = "/tags/{id}/rule", operation_id = "get_tag_rule", tag = "tags", params(("id" = String, Path)),
    responses((status = 200, body = RuleDto)), security(("staff" = ["members:read", "segments:read"]), ("key" = ["members:read", "segments:read"])))]
async fn get_tag_rule(call: Call, Path(id): Path<TagId>) -> Reply<RuleDto> {
    call.allow(Permission::SegmentsRead)?;
    let cx = call.allow(Permission::MembersRead)?;
    Ok(Json(
        call.read(&cx, move |tx, cx| {
            let rule = rule::get(tx, cx, id)?;
            counted(tx, cx, rule)
        })
        .await?,
    ))
}

/// Gives a tag the rule that whoever is in a segment has it. Who is in gets it by a task, who has it by the rule and is not in loses it; who got it from a person keeps it, and from whom a person took it, they do not get it again until they leave the segment and come anew.
#[utoipa::path(put, path = "/tags/{id}/rule", operation_id = "put_tag_rule", tag = "tags", params(("id" = String, Path)), request_body = TagRuleInput,
    responses((status = 200, body = RuleDto)), security(("staff" = ["members:write", "segments:read"]), ("key" = ["members:write", "segments:read"])))]
async fn put_tag_rule(call: Call, Path(id): Path<TagId>, Body(body): Body<TagRuleInput>) -> Reply<RuleDto> {
    call.allow(Permission::SegmentsRead)?;
    let cx = call.allow(Permission::MembersWrite)?;
    let put: RuleDto = call
        .write(&cx, move |tx, cx| {
            let rule = rule::put(tx, cx, id, body.segment)?;
            let told = counted(tx, cx, rule)?;
            audit::record(tx, cx, "tag.rule_set", &id.to_string(), &format!("{}: {}", told.tag.name, told.segment.name))?;
            Ok(told)
        })
        .await?;
    Ok(Json(put))
}

/// Takes the rule of a tag away. Whoever has the tag keeps it.
#[utoipa::path(delete, path = "/tags/{id}/rule", operation_id = "delete_tag_rule", tag = "tags", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn delete_tag_rule(call: Call, Path(id): Path<TagId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    call.write(&cx, move |tx, cx| {
        let was = rule::remove(tx, cx, id)?;
        audit::record(tx, cx, "tag.rule_removed", &id.to_string(), &was.segment.to_string()).map(|_| ())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// To how many members a tag was given and from how many it was taken, day by day.
#[utoipa::path(get, path = "/tags/{id}/days", operation_id = "list_tag_days", tag = "tags", params(("id" = String, Path), DaysQuery),
    responses((status = 200, body = Page<DayDto>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_tag_days(call: Call, Path(id): Path<TagId>, Query(q): Query<DaysQuery>) -> Reply<Page<DayDto>> {
    let cx = call.allow(Permission::MembersRead)?;
    if q.to <= q.from || (q.to - q.from).get_days() > DAYS {
        return Err(Problem::invalid("query", "to", format_args!("it lies after `from`, by {DAYS} days at most")));
    }
    let days = call
        .read(&cx, move |tx, cx| {
            service::get(tx, cx, id)?;
            let reckoning = Reckoning::new(cx.now.micros(), &shuke_segments::service::zone(tx, cx.merchant)?);
            let start =
                |d: Date| Instant(reckoning.start_of(shuke_kernel::civil::day_of(d.year().into(), d.month().into(), d.day().into())));
            let days: Vec<Date> = q.from.series(1.day()).take_while(|d| *d < q.to).collect();
            days.into_iter()
                .map(|day| {
                    let (from, to) = (start(day), start(day.saturating_add(1.day())));
                    let (given, taken) = rule::between(tx, cx, id, from, to)?;
                    Ok(DayDto { day, given, taken })
                })
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    Ok(Json(Page::whole(days)))
}
