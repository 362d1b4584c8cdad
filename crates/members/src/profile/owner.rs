//! Of a search by a whole phone, whose own proven phone it is: those members stand before all others, on as many pages
//! as they take, however many hold the phone as a receiver's and were recorded later.

use std::collections::BTreeSet;

use shuke_http::{Paging, Problem};
use shuke_kernel::{Ctx, Result};
use shuke_store::{Tx, Value, args};

use super::list::{self, Filter, Found};
use super::sql;
use crate::MemberId;
use crate::identity::{self, KeyClaim, KeyClass, KeyKind, keys};

/// Where those who are no owners begin.
const TOP: MemberId = MemberId::from_bytes([255; 16]);

/// An owner's place among the owners: which of the merchant's legal entities it is known by, and who.
type Rank = (i64, MemberId);

/// Where a page begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// At an owner, after this one.
    After(Rank),
    /// Among the others, before this one.
    Before(MemberId),
}

impl Place {
    /// Reads what [`Place::key`] wrote; `None` begins the first page.
    pub(super) fn of(paging: &Paging) -> std::result::Result<Option<Self>, Problem> {
        if paging.after.is_empty() {
            return Ok(None);
        }
        let id = MemberId::from_bytes(paging.id(0, [255; 16])?);
        Ok(Some(if paging.after.len() > 1 { Self::After((paging.int(1, 0)?, id)) } else { Self::Before(id) }))
    }

    /// What a cursor keeps of it.
    pub(super) fn key(self) -> Vec<Value> {
        match self {
            Self::After((entity, id)) => vec![id.into(), entity.into()],
            Self::Before(id) => vec![id.into()],
        }
    }
}

/// Those whose own phone the whole query is and who fit the filters, the merchant's first legal entity first.
fn owners(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter) -> Result<Vec<Rank>> {
    let Some(claim) = KeyClaim::new(KeyKind::Phone, "", &filter.query, true) else { return Ok(Vec::new()) };
    let opened = tx.keys(cx.merchant)?;
    let (mut out, mut seen): (Vec<Rank>, BTreeSet<MemberId>) = (Vec::new(), BTreeSet::new());
    for (nth, entity) in (0..).zip(identity::entities_of(tx, cx, &claim)?) {
        let token = keys::token_of(&opened, &claim, &entity);
        for mut r in tx.rows(sql::OWNERS, args![cx.merchant, token, KeyKind::Phone as i64, KeyClass::Strong as i64])? {
            let id: MemberId = r.get(0)?;
            if seen.insert(id) {
                out.push((nth, id));
            }
        }
    }
    let ids: Vec<MemberId> = seen.into_iter().collect();
    let fitting = if ids.is_empty() { BTreeSet::new() } else { filter.fitting(tx, cx, &ids)? };
    out.retain(|(_, id)| fitting.contains(id));
    Ok(out)
}

/// The next who are no owners, `limit` at most.
fn others(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, owners: &[Rank], before: MemberId, limit: usize) -> Result<Found> {
    let owners: BTreeSet<MemberId> = owners.iter().map(|o| o.1).collect();
    let mut out = Found { ids: Vec::new(), next: Some(before) };
    // One more than the page holds tells whether there is another: what is left may be owners alone.
    let want = limit.saturating_add(1);
    loop {
        let found = list::page(tx, cx, filter, out.next, want - out.ids.len())?;
        let (before, all) = (out.ids.len(), found.ids.len());
        out.ids.extend(found.ids.into_iter().filter(|id| !owners.contains(id)));
        out.next = found.next;
        // Owners left room on the page; one that found little otherwise looked at much already.
        if out.next.is_none() || out.ids.len() >= want || out.ids.len() == before + all {
            break;
        }
    }
    if out.ids.len() > limit {
        out.ids.truncate(limit);
        out.next = out.ids.last().copied();
    }
    Ok(out)
}

/// As [`list::page`], the owners of the phone that is looked for before all others; `None` begins the first page.
pub(super) fn page(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    filter: &Filter,
    from: Option<Place>,
    limit: usize,
) -> Result<(Vec<MemberId>, Option<Place>)> {
    let owners = owners(tx, cx, filter)?;
    if let Some(Place::Before(before)) = from {
        let found = others(tx, cx, filter, &owners, before, limit)?;
        return Ok((found.ids, found.next.map(Place::Before)));
    }
    let left = owners.iter().filter(|o| !matches!(from, Some(Place::After(after)) if **o <= after)).copied();
    let mut first: Vec<Rank> = left.take(limit.saturating_add(1)).collect();
    if first.len() > limit {
        first.truncate(limit);
        let next = first.last().copied().map(Place::After);
        return Ok((first.into_iter().map(|o| o.1).collect(), next));
    }
    let mut ids: Vec<MemberId> = first.into_iter().map(|o| o.1).collect();
    let room = limit - ids.len();
    // Of a page that is full it is told whether there are others to go on with.
    let rest = others(tx, cx, filter, &owners, TOP, room.max(1))?;
    if room == 0 && !rest.ids.is_empty() {
        return Ok((ids, Some(Place::Before(TOP))));
    }
    ids.extend(rest.ids);
    Ok((ids, rest.next.map(Place::Before)))
}
