//! Comparisons are kept apart: whom one batch holds out, no other hands over while that one's window
//! runs, or is still to begin. Else the holdout would have been reached too and tell nothing.
//!
//! The freezing and the preview ask [`Since::Waiting`]: batches that only wait count as well, so that two
//! which are frozen together see whom the other holds out. The giving out asks [`Since::Begun`] only: two
//! that wait would each wait for the other. Held out is whoever has a row that says so, which a merge
//! carries to the member that stays, and whoever would be reached by the address of such a row.

use std::collections::HashMap;

use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::model::{Spec, State};
use super::twins::Token;
use super::{BatchId, sql};

/// The longest window that a batch may have, seconds.
const LONGEST: i64 = 365 * 24 * 3600;

/// From when on a batch keeps its holdout to itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Since {
    /// From its first judged row.
    Waiting,
    /// From the beginning of its giving out.
    Begun,
}

/// A batch whose holdout is left alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keeper {
    /// Which.
    pub id: BatchId,
    /// As people call it.
    pub name: String,
    /// The end of its window; `None` where that has not begun.
    pub until: Option<Instant>,
}

/// The other batches whose comparison runs or, by `since`, is still to begin.
pub fn keepers(tx: &mut Tx<'_>, cx: &Ctx, but: BatchId, since: Since) -> Result<Vec<Keeper>> {
    let mut out = Vec::new();
    for mut r in tx.rows(sql::KEEPERS, args![cx.merchant, but, cx.now.plus_seconds(-LONGEST)])? {
        let (id, name, state, spec): (BatchId, String, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
        let spec: Spec = serde_json::from_str(&spec)?;
        let until = r.get::<Option<Instant>>(4)?.map(|from| from.plus_seconds(spec.window_days * 24 * 3600));
        let runs = match until {
            Some(end) => cx.now < end,
            None => since == Since::Waiting || state == State::HandedOver.word(),
        };
        if runs && spec.holdout_percent > 0 {
            out.push(Keeper { id, name, until });
        }
    }
    Ok(out)
}

/// Which of members, each with the token of the address that would reach them, a keeper holds out, by one of them that does. Who has
/// the address of somebody held out is one with them, as within a batch.
pub(super) fn held(
    tx: &mut Tx<'_>,
    merchant: MerchantNo,
    keepers: &[Keeper],
    members: &[(MemberId, Option<Token>)],
) -> Result<HashMap<MemberId, BatchId>> {
    if keepers.is_empty() || members.is_empty() {
        return Ok(HashMap::new());
    }
    let batches: Vec<Vec<u8>> = keepers.iter().map(|k| k.id.bytes().to_vec()).collect();
    let ids: Vec<Vec<u8>> = members.iter().map(|(m, _)| m.bytes().to_vec()).collect();
    let rows = tx.rows(sql::HELD_BY, args![merchant, batches.clone(), ids])?;
    let mut out = rows.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect::<Result<HashMap<MemberId, BatchId>>>()?;
    let addresses: Vec<Vec<u8>> = members.iter().filter_map(|(_, token)| token.map(|t| t.to_vec())).collect();
    if addresses.is_empty() {
        return Ok(out);
    }
    let rows = tx.rows(sql::HELD_AT, args![merchant, batches, addresses])?;
    let at = rows.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect::<Result<HashMap<Token, BatchId>>>()?;
    for (member, token) in members {
        if let Some(batch) = token.and_then(|token| at.get(&token)) {
            out.entry(*member).or_insert(*batch);
        }
    }
    Ok(out)
}
