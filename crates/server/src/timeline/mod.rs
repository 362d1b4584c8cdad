//! Everything that happened to a member, newest first: what several crates know, put into one order.
//!
//! Each source gives its next entries below a place; the newest of all are the page. So a page costs
//! a page of each source, whatever the member's past. What belonged to members whom a merge took in
//! is the survivor's past too, since their rows are the survivor's.

mod entry;
mod sources;

use axum::Json;
use serde::Deserialize;
use shuke_http::{App, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::Tx;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use entry::TimelineEntry;
use entry::{KINDS, Kind};

/// The operations of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_member_timeline))
}

/// A place in the order of all entries: its time, its kind, its id; the greater the newer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place {
    at: i64,
    rank: i64,
    id: [u8; 16],
}

impl Place {
    const NEWEST: Self = Self { at: i64::MAX, rank: i64::MAX, id: [0xff; 16] };

    /// Where a source that orders its own by time and id goes on: below this, all of its are below
    /// the place.
    fn below(self, kind: Kind) -> (Instant, [u8; 16]) {
        let id = match kind.rank().cmp(&self.rank) {
            std::cmp::Ordering::Less => [0xff; 16],
            std::cmp::Ordering::Equal => self.id,
            std::cmp::Ordering::Greater => [0; 16],
        };
        (Instant(self.at), id)
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TimelineQuery {
    /// Only these, with commas between: `order`, `refund`, `behaviour`, `consent`, `merge`, `unmerge`, `tag`, `untag`, `import`, `profile`, `joined`, `first_seen`.
    kind: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

fn kinds(text: Option<&str>) -> Result<Vec<Kind>, Problem> {
    let words: Vec<&str> = text.unwrap_or_default().split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        return Ok(KINDS.to_vec());
    }
    let known = || KINDS.map(Kind::word).join(", ");
    words
        .into_iter()
        .map(|w| Kind::of(w).ok_or_else(|| Problem::invalid("query", "kind", format_args!("`{w}` is none of: {}", known()))))
        .collect()
}

/// Everything that happened to a member, newest first. What members had whom a merge took in is in it.
#[utoipa::path(get, path = "/members/{id}/timeline", operation_id = "get_member_timeline", tag = "members",
    params(("id" = String, Path), TimelineQuery), responses((status = 200, body = Page<TimelineEntry>)),
    security(("staff" = ["members:read", "orders:read"]), ("key" = ["members:read", "orders:read"])))]
async fn get_member_timeline(call: Call, Path(id): Path<MemberId>, Query(q): Query<TimelineQuery>) -> Reply<Page<TimelineEntry>> {
    call.allow(Permission::OrdersRead)?;
    let cx = call.allow(Permission::MembersRead)?;
    let kinds = kinds(q.kind.as_deref())?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let top = Place::NEWEST;
    let from = Place { at: paging.int(0, top.at)?, rank: paging.int(1, top.rank)?, id: paging.id(2, top.id)? };
    let fetch = paging.fetch();
    let found = call.read(&cx, move |tx, cx| page(tx, cx, id, &kinds, from, fetch)).await?;
    let page = Page::cut(found, &paging, |(p, _)| vec![p.at.into(), p.rank.into(), p.id.into()]);
    Ok(Json(page.map(|(_, entry)| entry)))
}

fn page(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId, kinds: &[Kind], from: Place, fetch: i64) -> Result<Vec<(Place, TimelineEntry)>> {
    let id = identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
    let mut all = Vec::new();
    for kind in KINDS.into_iter().filter(|k| kinds.contains(k)) {
        all.extend(sources::entries(tx, cx, id, kind, from, fetch)?);
    }
    all.retain(|(place, _)| *place < from);
    all.sort_by_key(|e| std::cmp::Reverse(e.0));
    all.truncate(usize::try_from(fetch).unwrap_or_default());
    Ok(all)
}
