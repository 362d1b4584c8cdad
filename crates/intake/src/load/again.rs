//! Rows that come again. A row that waits in quarantine is known by its content as it stood in its file, under the
//! source and the mapping by which it was read; one that comes with the same content in another import, and was
//! repaired or set aside there, is settled as that one was: the repaired reading stays in force. Where the earlier
//! one no longer holds, because an import was taken back, the later ones wait again.
//!
//! Rows of tags are held as they come: each file of a source replaces what the last one said.

use std::collections::{BTreeSet, HashMap};

use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_store::{Tx, args};

use super::convert::Origin;
use super::model::{ImportId, QuarantineId};
use super::sql;

/// Rows that are looked up at once.
const STEP: usize = 500;

/// What a row is known by among those of its merchant.
pub(super) type Digest = [u8; 16];

/// An earlier row with the same content that was settled.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Which.
    pub id: QuarantineId,
    /// Of which import.
    pub import: ImportId,
    /// `repaired` or `discarded`.
    pub state: String,
    /// Why it was set aside.
    pub note: Option<String>,
    /// When it was settled.
    pub resolved_at: Option<Instant>,
    /// By whom.
    pub resolved_by: Option<String>,
}

/// What tells rows of the same words apart: the space that their order numbers and people are of, and the shop that they are loaded for.
pub(super) fn scope(origin: &Origin, platform: &str) -> String {
    let of = |text: &Option<String>| text.as_deref().unwrap_or_default().to_owned();
    format!("{}\n{}\n{}", origin.numbers(platform), of(&origin.entity), of(&origin.shop))
}

/// The blind token of a row's print within its scope.
pub(super) fn digest(tx: &mut Tx<'_>, m: MerchantNo, scope: &str, print: &str) -> Result<Digest> {
    Ok(tx.keys(m)?.token("quarantine.row", &format!("{scope}\n{print}")))
}

/// Which of these rows were settled in another import. Who writes by it holds those imports, so that none is taken back meanwhile; who
/// only looks cannot.
pub(super) fn earlier(
    tx: &mut Tx<'_>,
    m: MerchantNo,
    import: ImportId,
    digests: &[Digest],
    hold: bool,
) -> Result<HashMap<Digest, Earlier>> {
    let stands = if hold { sql::STANDS } else { sql::STANDS.trim_end_matches(" FOR UPDATE") };
    let mut all: Vec<(Digest, Earlier, Option<ImportId>)> = Vec::new();
    for some in digests.chunks(STEP) {
        let some: Vec<Vec<u8>> = some.iter().map(|d| d.to_vec()).collect();
        for mut r in tx.rows(sql::EARLIER, args![m, some, import])? {
            let earlier = Earlier {
                id: r.get(1)?,
                import: r.get(2)?,
                state: r.get(3)?,
                note: r.get(4)?,
                resolved_at: r.get(5)?,
                resolved_by: r.get(6)?,
            };
            all.push((r.get(0)?, earlier, r.get(7)?));
        }
    }
    // Whoever takes one of these imports back meanwhile waits for this, or was before it.
    let of = all.iter().flat_map(|(_, earlier, by)| [Some(earlier.import), *by]).flatten().collect::<BTreeSet<_>>();
    let mut stand = BTreeSet::new();
    if !of.is_empty() {
        let of: Vec<Vec<u8>> = of.iter().map(|id| id.bytes().to_vec()).collect();
        for mut r in tx.rows(stands, args![m, of])? {
            let (id, state): (ImportId, String) = (r.get(0)?, r.get(1)?);
            if !matches!(state.as_str(), "undoing" | "undone") {
                stand.insert(id);
            }
        }
    }
    let holds = |earlier: &Earlier, by: &Option<ImportId>| stand.contains(&earlier.import) && by.is_none_or(|by| stand.contains(&by));
    Ok(all.into_iter().filter(|(_, earlier, by)| holds(earlier, by)).map(|(digest, earlier, _)| (digest, earlier)).collect())
}

/// Settles what waits in other imports and is the same as these rows, which were just settled.
pub(super) fn settle(tx: &mut Tx<'_>, cx: &Ctx, ids: &[QuarantineId]) -> Result<()> {
    for some in ids.chunks(STEP) {
        let some: Vec<Vec<u8>> = some.iter().map(|id| id.bytes().to_vec()).collect();
        for mut r in tx.rows(sql::SAME_OPEN, args![cx.merchant, some])? {
            let (open, settled): (QuarantineId, QuarantineId) = (r.get(0)?, r.get(1)?);
            let (state, note, at, by): (String, Option<String>, Option<Instant>, Option<String>) =
                (r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?);
            tx.exec(sql::SETTLE_SAME, args![cx.merchant, open, state, note, at, by, settled])?;
        }
    }
    Ok(())
}

/// Opens again what is the same as a row of an import that is taken back, or as one that this opened again.
pub(super) fn reopen(tx: &mut Tx<'_>, m: MerchantNo, import: ImportId) -> Result<u64> {
    tx.exec(sql::REOPEN_SAME, args![m, import])
}

/// How the rows of an import in quarantine stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// They wait.
    pub waiting: i64,
    /// Repaired in this import, by hand or by a corrected sheet.
    pub repaired: i64,
    /// Set aside in this import.
    pub set_aside: i64,
    /// The same row was repaired in an earlier import.
    pub repaired_before: i64,
    /// The same row was set aside in an earlier import.
    pub set_aside_before: i64,
}

/// Counts them.
pub fn standing(tx: &mut Tx<'_>, m: MerchantNo, import: ImportId) -> Result<Standing> {
    let mut standing = Standing::default();
    for mut r in tx.rows(sql::STANDING, args![m, import])? {
        let (state, before, rows): (String, i64, i64) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let count = match (state.as_str(), before) {
            ("open", _) => &mut standing.waiting,
            ("repaired", 0) => &mut standing.repaired,
            ("repaired", _) => &mut standing.repaired_before,
            (_, 0) => &mut standing.set_aside,
            _ => &mut standing.set_aside_before,
        };
        *count += rows;
    }
    Ok(standing)
}
