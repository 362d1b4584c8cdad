//! Of a search by a whole phone, whose own proven phone it is: that member stands first on the first page, however
//! many others hold the phone as a receiver's and were recorded later.

use shuke_kernel::{Ctx, Result};
use shuke_store::{Tx, args};

use super::list::{self, Filter, Found};
use super::sql;
use crate::MemberId;
use crate::identity::{self, KeyClaim, KeyClass, KeyKind, keys};

/// Where the page after one that held nothing but owners begins.
const TOP: MemberId = MemberId::from_bytes([255; 16]);

/// Those whose own phone the whole query is and who fit the filters, the merchant's first legal entity first.
fn owners(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter) -> Result<Vec<MemberId>> {
    let Some(claim) = KeyClaim::new(KeyKind::Phone, "", &filter.query, true) else { return Ok(Vec::new()) };
    let opened = tx.keys(cx.merchant)?;
    let mut out: Vec<MemberId> = Vec::new();
    for entity in identity::entities_of(tx, cx, &claim)? {
        let token = keys::token_of(&opened, &claim, &entity);
        for mut r in tx.rows(sql::OWNERS, args![cx.merchant, token, KeyKind::Phone as i64, KeyClass::Strong as i64])? {
            let id: MemberId = r.get(0)?;
            if !out.contains(&id) {
                out.push(id);
            }
        }
    }
    let fitting = if out.is_empty() { Default::default() } else { filter.fitting(tx, cx, &out)? };
    out.retain(|id| fitting.contains(id));
    Ok(out)
}

/// As [`list::page`], the owners of the phone that is looked for before all others; `None` begins the first page.
pub(super) fn page(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, before: Option<MemberId>, limit: usize) -> Result<Found> {
    let mut found = list::page(tx, cx, filter, before, limit)?;
    let mut first = owners(tx, cx, filter)?;
    if first.is_empty() {
        return Ok(found);
    }
    found.ids.retain(|id| !first.contains(id));
    if before.is_some() {
        return Ok(found);
    }
    first.truncate(limit);
    let room = limit - first.len();
    if found.ids.len() > room {
        found.ids.truncate(room);
        found.next = Some(found.ids.last().copied().unwrap_or(TOP));
    }
    first.extend(found.ids);
    Ok(Found { ids: first, ..found })
}
