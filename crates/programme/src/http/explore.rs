//! The ledger as a whole: entries of a programme by when they were booked.

use std::collections::HashMap;

use axum::Json;
use serde::Deserialize;
use shuke_http::{App, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Instant, Result as Done};
use shuke_members::MemberId;
use shuke_store::{Tx, args};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{EntryDto, Why};
use crate::book::entries::{self, Kept};
use crate::book::sql;
use crate::definition::{ProgrammeId, service};

/// Entries looked at for one page where a filter leaves most out.
const LOOKED: usize = 5_000;
/// Entries read at a time.
const STEP: i64 = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_programme_entries))
}

/// Who asked for what each entry was booked for, and why.
pub(super) fn reasons(tx: &mut Tx<'_>, cx: &Ctx, programme: ProgrammeId, kept: &[Kept]) -> Done<Vec<Option<Why>>> {
    let mut asked: HashMap<MemberId, Vec<i64>> = HashMap::new();
    for entry in kept {
        asked.entry(entry.member).or_default().extend(entry.event);
    }
    let mut known: HashMap<(MemberId, i64), Why> = HashMap::new();
    let keys = tx.keys(cx.merchant)?;
    for (member, seqs) in asked.into_iter().filter(|(_, seqs)| !seqs.is_empty()) {
        for mut row in tx.rows(sql::REASONS, args![cx.merchant, programme, member, seqs])? {
            let (seq, by, sealed): (i64, String, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let name = shuke_store::register::row_name(&[programme.into(), member.into(), seq.into()]);
            let reason = sealed.map(|blob| keys.open("points_event", &name, &blob)).transpose()?;
            known.insert((member, seq), (by, reason.map(|text| String::from_utf8_lossy(&text).into_owned())));
        }
    }
    Ok(kept.iter().map(|k| k.event.and_then(|seq| known.get(&(k.member, seq)).cloned())).collect())
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EntryList {
    /// Only this member's.
    #[param(value_type = Option<String>)]
    member: Option<MemberId>,
    /// Only entries that move points from or to this account.
    account: Option<String>,
    /// Only of this kind of cause, such as `order_paid`, `spend`, `lot_end`.
    cause: Option<String>,
    /// Only of the cause with this id.
    cause_id: Option<String>,
    /// Booked at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    booked_from: Option<Instant>,
    /// Booked before.
    #[param(value_type = Option<String>, format = DateTime)]
    booked_to: Option<Instant>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl EntryList {
    fn fits(&self, kept: &Kept) -> bool {
        let entry = &kept.entry;
        let at = |account: &str| entry.from.name() == account || entry.to.name() == account;
        self.account.as_deref().is_none_or(at)
            && self.cause.as_ref().is_none_or(|kind| entry.cause.kind == *kind)
            && self.cause_id.as_ref().is_none_or(|id| entry.cause.id == *id)
            && self.member.is_none_or(|member| kept.member == member)
            && self.booked_from.is_none_or(|from| entry.booked >= from)
            && self.booked_to.is_none_or(|to| entry.booked < to)
    }
}

fn place(kept: &Kept) -> entries::Place {
    (kept.entry.booked, *kept.member.bytes(), kept.seq)
}

/// Entries that fit, newest first, before a place; and where to go on, where not all were looked at. A filter that leaves
/// nearly everything out ends a page early, with fewer items and a cursor.
fn found(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: ProgrammeId,
    q: &EntryList,
    mut before: entries::Place,
    limit: usize,
) -> Done<(Vec<Kept>, Option<entries::Place>)> {
    let (mut out, mut looked) = (Vec::new(), 0);
    loop {
        let page = match q.member {
            Some(member) => entries::of_member(tx, cx, programme, member, before.2, STEP)?,
            None => entries::booked(tx, cx, programme, before, q.booked_from.unwrap_or(Instant(i64::MIN)), STEP)?,
        };
        let full = page.len() as i64 == STEP;
        for kept in page {
            looked += 1;
            before = place(&kept);
            if q.fits(&kept) {
                out.push(kept);
                if out.len() == limit {
                    return Ok((out, Some(before)));
                }
            }
        }
        if !full {
            return Ok((out, None));
        }
        if looked >= LOOKED {
            return Ok((out, Some(before)));
        }
    }
}

/// Entries of all members of a programme, newest first by when they were booked.
#[utoipa::path(get, path = "/programmes/{id}/entries", operation_id = "list_programme_entries", tag = "points", params(("id" = String, Path), EntryList),
    responses((status = 200, body = Page<EntryDto>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_programme_entries(call: Call, Path(id): Path<ProgrammeId>, Query(q): Query<EntryList>) -> Reply<Page<EntryDto>> {
    let cx = call.allow(Permission::PointsRead)?;
    if q.account.as_deref().is_some_and(|account| entries::account(account).is_none()) {
        return Err(Problem::invalid("query", "account", "not an account of points"));
    }
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let end = q.booked_to.map_or(i64::MAX, Instant::micros);
    let before =
        (Instant(paging.int(0, end)?), paging.id(1, if q.booked_to.is_some() { [0; 16] } else { [255; 16] })?, paging.int(2, i64::MAX)?);
    let (limit, lang) = (usize::try_from(paging.limit).unwrap_or(50), call.lang);
    let page = call.read(&cx, move |tx, cx| {
        service::get(tx, cx.merchant, id)?;
        let (kept, next) = found(tx, cx, id, &q, before, limit)?;
        let why = reasons(tx, cx, id, &kept)?;
        Ok((kept.into_iter().zip(why).collect::<Vec<_>>(), next))
    });
    let (kept, next) = page.await?;
    let items = kept.into_iter().map(|(kept, why)| EntryDto::of(kept, true, why, lang)).collect();
    let next_cursor = next.map(|(booked, member, seq)| shuke_http::Cursor::encode(&[booked.into(), member.into(), seq.into()]));
    Ok(Json(Page { items, next_cursor }))
}
