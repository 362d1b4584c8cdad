//! `/members/{id}/tags` and `/members/tags`: giving tags and taking them off, one member or many.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Page, Path, Permission, Problem, Reply};
use shuke_kernel::{Error, Result};
use shuke_store::jobs::JobId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{LabelDto, TagSaid, reason, said as what_was_said};
use crate::profile::list::Filter;
use crate::profile::words;
use crate::tag::model::{Change, few};
use crate::tag::{Label, TagId, WHOM, give, jobs, said, service};
use crate::{MEMBER_NOT_FOUND, MemberId, identity};

pub(super) const MOST: usize = 1000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_member_tags)).routes(routes!(tag_member, untag_member)).routes(routes!(tag_members))
}

/// The tags of a member, the longest held first.
#[utoipa::path(get, path = "/members/{id}/tags", operation_id = "list_member_tags", tag = "tags", params(("id" = String, Path)),
    responses((status = 200, body = Page<LabelDto>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_member_tags(call: Call, Path(id): Path<MemberId>) -> Reply<Page<LabelDto>> {
    let cx = call.allow(Permission::MembersRead)?;
    let labels: Vec<LabelDto> = call
        .read(&cx, move |tx, cx| {
            let id = identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
            let labels = give::labels(tx, cx, &[id])?.remove(&id).unwrap_or_default();
            let mut stated = said::of_member(tx, cx, id)?;
            let told = |l: Label| {
                let said = stated.remove(&l.id).unwrap_or_default().into_iter().map(TagSaid::from).collect();
                LabelDto { said, ..LabelDto::from(l) }
            };
            Ok(labels.into_iter().map(told).collect())
        })
        .await?;
    Ok(Json(Page::whole(labels)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TagReason {
    /// Why; it goes into the audit.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

async fn change_one(call: Call, id: MemberId, change: Change, body: TagReason) -> Reply<Page<LabelDto>> {
    let cx = call.allow(Permission::MembersWrite)?;
    let why = reason(body.reason)?;
    let given = !change.add.is_empty();
    let labels: Vec<LabelDto> = call
        .write(&cx, move |tx, cx| {
            // Who the member is comes first: nobody learns of another merchant's tags.
            identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
            let tags = check_one(tx, cx, &change)?;
            let (member, changed) = give::change_one(tx, cx, id, &change, &cx.actor.label())?;
            let labels = give::labels(tx, cx, &[member])?.remove(&member).unwrap_or_default();
            if changed {
                let action = if given { "member.tagged" } else { "member.untagged" };
                audit::record(tx, cx, action, &member.to_string(), &what_was_said(&tags, &why))?;
            }
            Ok(labels.into_iter().map(LabelDto::from).collect())
        })
        .await?;
    Ok(Json(Page::whole(labels)))
}

/// The names of a change's tags; what is not there is not found, without a field.
fn check_one(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, change: &Change) -> Result<String> {
    for tag in change.add.iter().chain(&change.remove) {
        service::get(tx, cx, *tag)?;
    }
    let tags = give::check(tx, cx, change)?;
    Ok(names(&tags))
}

fn names(tags: &[crate::tag::Tag]) -> String {
    first_names(tags, tags.len())
}

/// The first names, and how many there are beside.
fn first_names(tags: &[crate::tag::Tag], shown: usize) -> String {
    let names = tags.iter().take(shown).map(|t| t.name.as_str()).collect::<Vec<_>>().join("、");
    let others = tags.len().saturating_sub(shown);
    if others > 0 { format!("{names} … +{others}") } else { names }
}

/// Gives a tag to a member. Who has it already keeps it as it is.
#[utoipa::path(put, path = "/members/{id}/tags/{tag}", operation_id = "tag_member", tag = "tags",
    params(("id" = String, Path), ("tag" = String, Path)), request_body = Option<TagReason>,
    responses((status = 200, body = Page<LabelDto>)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn tag_member(call: Call, Path((id, tag)): Path<(MemberId, TagId)>, Body(body): Body<TagReason>) -> Reply<Page<LabelDto>> {
    change_one(call, id, Change { add: vec![tag], remove: Vec::new() }, body).await
}

/// Takes a tag off a member.
#[utoipa::path(delete, path = "/members/{id}/tags/{tag}", operation_id = "untag_member", tag = "tags",
    params(("id" = String, Path), ("tag" = String, Path)), request_body = Option<TagReason>,
    responses((status = 200, body = Page<LabelDto>)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn untag_member(call: Call, Path((id, tag)): Path<(MemberId, TagId)>, Body(body): Body<TagReason>) -> Reply<Page<LabelDto>> {
    change_one(call, id, Change { add: Vec::new(), remove: vec![tag] }, body).await
}

/// The member list's own filter.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields, default)]
#[schema(as = MemberFilter)]
pub(super) struct FilterInput {
    /// See `GET /members`.
    query: Option<String>,
    platform: Option<String>,
    has_phone: Option<bool>,
    gender: Option<String>,
    province: Option<String>,
    /// Members who have all of these.
    #[schema(value_type = Vec<String>, max_items = 20)]
    tags: Vec<TagId>,
    /// Set where everybody is meant: a filter that names nothing is refused otherwise.
    all: bool,
}

impl FilterInput {
    pub(super) fn read(self) -> Result<Filter> {
        let filter = Filter {
            query: self.query.unwrap_or_default(),
            platform: words::platform(self.platform),
            has_phone: self.has_phone,
            gender: words::gender(self.gender, "filter.gender")?,
            province: words::province(self.province),
            tags: self.tags,
        };
        few(&filter.tags, "filter.tags")?;
        if filter.everybody() != self.all {
            return Err(WHOM.with("limit", MOST).at("filter").into());
        }
        Ok(filter)
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkTags {
    /// Tags to give.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    add: Vec<TagId>,
    /// Tags to take off.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    remove: Vec<TagId>,
    /// To these, at once.
    #[schema(value_type = Option<Vec<String>>, max_items = 1000)]
    members: Option<Vec<MemberId>>,
    /// Or to all of a list, by a task.
    filter: Option<FilterInput>,
    /// Why; it goes into the audit.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// What became of one member.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = TaggedMember)]
struct Tagged {
    index: usize,
    #[schema(value_type = String)]
    id: MemberId,
    /// `changed`, `unchanged` or `not_found`.
    status: String,
}

/// What came of it: the task where a filter was given, else each member's answer.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = BulkTagged)]
struct BulkDone {
    #[schema(value_type = Option<String>, example = "job_01hqzv…")]
    job: Option<JobId>,
    changed: usize,
    unchanged: usize,
    not_found: usize,
    results: Vec<Tagged>,
}

/// Gives tags to many members and takes tags off them: to up to 1,000 by id at once, or to all of a
/// list by a task that is watched, stopped and resumed among the others.
#[utoipa::path(post, path = "/members/tags", operation_id = "tag_members", tag = "tags", request_body = BulkTags,
    responses((status = 200, body = BulkDone), (status = 202, body = BulkDone)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn tag_members(call: Call, Body(body): Body<BulkTags>) -> Result<(StatusCode, Json<BulkDone>), Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    let why = reason(body.reason)?;
    let change = Change::of(body.add, body.remove)?;
    match (body.members, body.filter) {
        (Some(ids), None) if ids.len() <= MOST => {
            let done = call.write(&cx, move |tx, cx| at_once(tx, cx, &ids, &change, &why)).await?;
            Ok((StatusCode::OK, Json(done)))
        }
        (None, Some(filter)) => {
            let filter = filter.read()?;
            let done = call.write(&cx, move |tx, cx| by_task(tx, cx, &filter, &change, &why)).await?;
            Ok((StatusCode::ACCEPTED, Json(done)))
        }
        (Some(ids), None) if ids.len() > MOST => Err(WHOM.with("limit", MOST).at("members").into()),
        _ => Err(WHOM.with("limit", MOST).into()),
    }
}

/// Names of each kind that a task's title shows: it is read at a glance, the audit has them all.
const TITLED: usize = 3;

fn summary(tags: &[crate::tag::Tag], change: &Change, shown: usize) -> String {
    let some = |ids: &[TagId]| {
        let mut theirs: Vec<crate::tag::Tag> = tags.iter().filter(|t| ids.contains(&t.id)).cloned().collect();
        theirs.sort_by(|a, b| a.name.cmp(&b.name));
        first_names(&theirs, shown)
    };
    let (add, remove) = (some(&change.add), some(&change.remove));
    [("+", add), ("−", remove)].iter().filter(|(_, n)| !n.is_empty()).map(|(s, n)| format!("{s}{n}")).collect::<Vec<_>>().join(" ")
}

fn at_once(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, ids: &[MemberId], change: &Change, why: &str) -> Result<BulkDone> {
    let tags = give::check(tx, cx, change)?;
    let mut living = Vec::with_capacity(ids.len());
    for id in ids {
        living.push(identity::resolve(tx, cx, *id)?);
    }
    let whom: Vec<MemberId> = living.iter().flatten().copied().collect();
    let changed: BTreeMap<MemberId, bool> =
        give::change(tx, cx, &whom, change, &cx.actor.label())?.into_iter().map(|o| (o.member, o.changed())).collect();
    let mut done = BulkDone { job: None, changed: 0, unchanged: 0, not_found: 0, results: Vec::with_capacity(ids.len()) };
    for (index, (id, member)) in ids.iter().zip(living).enumerate() {
        let (count, status) = match member.and_then(|m| changed.get(&m)) {
            Some(true) => (&mut done.changed, "changed"),
            Some(false) => (&mut done.unchanged, "unchanged"),
            None => (&mut done.not_found, "not_found"),
        };
        *count += 1;
        done.results.push(Tagged { index, id: *id, status: status.to_owned() });
    }
    if done.changed > 0 {
        let what = format!("{}, {} members", summary(&tags, change, usize::MAX), done.changed);
        audit::record(tx, cx, "members.tagged", "", &what_was_said(&what, why))?;
    }
    Ok(done)
}

fn by_task(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, filter: &Filter, change: &Change, why: &str) -> Result<BulkDone> {
    let tags = give::check(tx, cx, change)?;
    crate::tag::service::known(tx, cx, &filter.tags, "filter.tags")?;
    let what = summary(&tags, change, usize::MAX);
    let job = jobs::enqueue(tx, cx, filter, change, &summary(&tags, change, TITLED))?;
    audit::record(tx, cx, "members.tagged", &job.to_string(), &what_was_said(&what, why))?;
    Ok(BulkDone { job: Some(job), changed: 0, unchanged: 0, not_found: 0, results: Vec::new() })
}
