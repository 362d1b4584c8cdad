//! Who is in a segment, and who came and went, as the list of members shows them.

use std::collections::HashMap;

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Cursor, Page, Paging, Path, Permission, Query, Reply};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_members::profile::Member;
use shuke_segments::model::{Cause, PersonId};
use shuke_segments::{SegmentId, book, comings, service};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::count::members;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SegmentMembersQuery {
    /// Only who came since then. Who was there when the segment was first reckoned did not come.
    #[param(value_type = Option<String>, format = DateTime)]
    entered_since: Option<Instant>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChangesQuery {
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// A member of a segment.
#[derive(Serialize, ToSchema)]
struct SegmentMember {
    #[serde(flatten)]
    member: Member,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    entered_at: Instant,
    /// There when the segment was first reckoned: no coming, and in no count of those who entered.
    at_first: bool,
}

/// A coming or going.
#[derive(Serialize, ToSchema)]
struct SegmentChange {
    /// Who.
    #[schema(value_type = String)]
    member: MemberId,
    /// What the member is called, masked.
    display_name: String,
    /// `entered` or `left`.
    kind: &'static str,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Why: `event`, `time`, `edit` or `refresh`.
    cause: Cause,
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_segment_members)).routes(routes!(list_segment_changes))
}

/// Members by the ids that segments know them by: who was merged is shown as who took them in.
fn shown(tx: &mut Tx<'_>, cx: &Ctx, ids: &[PersonId]) -> Result<HashMap<PersonId, Member>> {
    let now = service::living(tx, cx.merchant, ids.to_vec())?;
    let list: Vec<MemberId> = now.values().map(|id| MemberId::from_bytes(*id.bytes())).collect();
    let cards: HashMap<MemberId, Member> = members(tx, cx, &list)?.into_iter().map(|m| (m.id, m)).collect();
    let card = |(from, to): (PersonId, PersonId)| Some((from, cards.get(&MemberId::from_bytes(*to.bytes()))?.clone()));
    Ok(now.into_iter().filter_map(card).collect())
}

/// Who is in a segment, those who came last first.
#[utoipa::path(get, path = "/segments/{id}/members", operation_id = "list_segment_members", tag = "segments",
    params(("id" = String, Path), SegmentMembersQuery), responses((status = 200, body = Page<SegmentMember>)),
    security(("staff" = ["segments:read", "members:read"]), ("key" = ["segments:read", "members:read"])))]
async fn list_segment_members(call: Call, Path(id): Path<SegmentId>, Query(q): Query<SegmentMembersQuery>) -> Reply<Page<SegmentMember>> {
    call.allow(Permission::MembersRead)?;
    let cx = call.allow(Permission::SegmentsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let before = (paging.int(0, i64::MAX)?, PersonId::from_bytes(paging.id(1, [255; 16])?));
    let (since, fetch, most) = (q.entered_since.map_or(i64::MIN, Instant::micros), paging.fetch(), paging.limit);
    let (items, next) = call
        .read(&cx, move |tx, cx| {
            book::get(tx, cx, id)?;
            let mut rows = comings::page(tx, cx, id, since, before, fetch)?;
            let more = rows.len() as i64 > most;
            rows.truncate(usize::try_from(most).unwrap_or_default());
            let next = rows.last().filter(|_| more).map(|(member, at, _)| (at.micros(), *member));
            let ids: Vec<PersonId> = rows.iter().map(|(member, ..)| *member).collect();
            let mut cards = shown(tx, cx, &ids)?;
            let item = |(member, entered_at, came): comings::Inside| {
                Some(SegmentMember { member: cards.remove(&member)?, entered_at, at_first: !came })
            };
            Ok((rows.into_iter().filter_map(item).collect(), next))
        })
        .await?;
    Ok(Json(Page { items, next_cursor: next.map(|(at, member)| Cursor::encode(&[at.into(), member.into()])) }))
}

/// Who came into a segment and who went, newest first, and why.
#[utoipa::path(get, path = "/segments/{id}/changes", operation_id = "list_segment_changes", tag = "segments",
    params(("id" = String, Path), ChangesQuery), responses((status = 200, body = Page<SegmentChange>)),
    security(("staff" = ["segments:read", "members:read"]), ("key" = ["segments:read", "members:read"])))]
async fn list_segment_changes(call: Call, Path(id): Path<SegmentId>, Query(q): Query<ChangesQuery>) -> Reply<Page<SegmentChange>> {
    call.allow(Permission::MembersRead)?;
    let cx = call.allow(Permission::SegmentsRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let (before, fetch, most) = ((paging.int(0, i64::MAX)?, paging.id(1, [255; 16])?), paging.fetch(), paging.limit);
    let (items, next) = call
        .read(&cx, move |tx, cx| {
            book::get(tx, cx, id)?;
            let mut rows = comings::changes(tx, cx, id, before, fetch)?;
            let more = rows.len() as i64 > most;
            rows.truncate(usize::try_from(most).unwrap_or_default());
            let next = rows.last().filter(|_| more).map(|c| (c.at.micros(), c.id));
            let ids: Vec<PersonId> = rows.iter().map(|c| c.member).collect();
            let cards = shown(tx, cx, &ids)?;
            let item = |c: comings::Coming| {
                let card = cards.get(&c.member)?;
                Some(SegmentChange {
                    member: card.id,
                    display_name: card.display_name.clone(),
                    kind: if c.entered { "entered" } else { "left" },
                    at: c.at,
                    cause: c.cause,
                })
            };
            Ok((rows.into_iter().filter_map(item).collect(), next))
        })
        .await?;
    Ok(Json(Page { items, next_cursor: next.map(|(at, id)| Cursor::encode(&[at.into(), id.into()])) }))
}
