//! `/members/tags/preview`: how many members a change of tags is for, asked before it is done.

use std::collections::BTreeMap;

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Cursor, Paging, Permission, Reply};
use shuke_kernel::Result;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::members::{FilterInput, MOST};
use crate::MemberId;
use crate::tag::model::Change;
use crate::tag::preview::{self, Preview};
use crate::tag::{Tag, TagId, WHOM, give, service};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(preview_tag_members))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TagPreviewInput {
    /// Tags to give.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    add: Vec<TagId>,
    /// Tags to take off.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    remove: Vec<TagId>,
    /// To these.
    #[schema(value_type = Option<Vec<String>>, max_items = 1000)]
    members: Option<Vec<MemberId>>,
    /// Or to all of a list.
    filter: Option<FilterInput>,
    /// Of a filter: go on counting where the last answer ended.
    cursor: Option<String>,
}

/// How many of those counted have a tag now.
#[derive(Serialize, ToSchema)]
struct TagHeld {
    #[schema(value_type = String, example = "tag_01hqzv…")]
    tag: TagId,
    name: String,
    /// Who have it already.
    having: i64,
    /// Who do not.
    lacking: i64,
}

/// What a change of tags would come to.
#[derive(Serialize, ToSchema)]
struct TagPreview {
    /// Members that are meant, of those counted by this answer.
    members: i64,
    /// For whom at least one tag would change.
    changed: i64,
    /// Who is so already.
    unchanged: i64,
    /// Of ids, those that are nobody's.
    not_found: i64,
    /// Tags to give: who lacks one gets it.
    add: Vec<TagHeld>,
    /// Tags to take off: who has one loses it.
    remove: Vec<TagHeld>,
    /// A long list is counted in several answers: pass it as `cursor` and add up. `null` where all are counted.
    next_cursor: Option<String>,
}

impl TagPreview {
    fn of(found: Preview, tags: &[Tag], change: &Change) -> Self {
        let members = found.changed + found.unchanged;
        let names: BTreeMap<TagId, &str> = tags.iter().map(|t| (t.id, t.name.as_str())).collect();
        let held = |tag: &TagId| {
            let having = found.having.get(tag).copied().unwrap_or_default();
            TagHeld { tag: *tag, name: names.get(tag).copied().unwrap_or_default().to_owned(), having, lacking: members - having }
        };
        Self {
            members,
            changed: found.changed,
            unchanged: found.unchanged,
            not_found: found.not_found,
            add: change.add.iter().map(held).collect(),
            remove: change.remove.iter().map(held).collect(),
            next_cursor: found.next.map(|id| Cursor::encode(&[id.into()])),
        }
    }
}

/// Counts for whom tags would change if they were given and taken off so, without doing it: of up to 1,000 by id, or of
/// all of a list, about ten thousand in one answer.
#[utoipa::path(post, path = "/members/tags/preview", operation_id = "preview_tag_members", tag = "tags", request_body = TagPreviewInput,
    responses((status = 200, body = TagPreview)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn preview_tag_members(call: Call, Body(body): Body<TagPreviewInput>) -> Reply<TagPreview> {
    let cx = call.allow(Permission::MembersRead)?;
    let change = Change::of(body.add, body.remove)?;
    let paging = Paging::new(None, body.cursor.as_deref())?;
    let before = MemberId::from_bytes(paging.id(0, [255; 16])?);
    let filter = match (&body.members, body.filter) {
        (Some(ids), None) if ids.len() <= MOST && body.cursor.is_none() => None,
        (None, Some(filter)) => Some(filter.read()?),
        (Some(_), None) => return Err(WHOM.with("limit", MOST).at("members").into()),
        _ => return Err(WHOM.with("limit", MOST).into()),
    };
    let ids = body.members.unwrap_or_default();
    let told = call
        .read(&cx, move |tx, cx| {
            let tags = give::named(tx, cx, &change)?;
            let found: Result<Preview> = match &filter {
                Some(filter) => {
                    service::known(tx, cx, &filter.tags, "filter.tags")?;
                    preview::of_filter(tx, cx, filter, Some(before), &change)
                }
                None => preview::of_members(tx, cx, &ids, &change),
            };
            Ok(TagPreview::of(found?, &tags, &change))
        })
        .await?;
    Ok(Json(told))
}
