//! Taking pieces out of a batch's stock, made for the one batch that everybody wants (docs/decisions/0017-stock-in-parts.md).
//!
//! The stock lies in parts. Who takes pieces takes them all from one part that nobody else is taking from, so that as many
//! transactions as there are parts go on side by side, and none waits for another's commit. Only where no free part has
//! enough, near the end, are all that have something left waited for, in their order and with nothing held: so nobody is
//! told that there is none while there is, and no two wait for each other.

use shuke_kernel::{Ctx, Error, Result};
use shuke_store::{Row, Tx, args};

use super::draw::Lot;
use super::model::Batch;
use super::sql;

/// A piece that was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// From which part.
    pub part: i64,
    /// The how-many-eth of it: with batch and part it names the draw.
    pub draw: i64,
    /// The amount that was drawn, where amounts are.
    pub amount: Option<i64>,
    /// The most that it takes off; none where that has no end.
    pub face: Option<i64>,
}

struct Part {
    no: i64,
    pieces: Option<i64>,
    money: Option<i64>,
    taken: i64,
}

fn read(mut r: Row) -> Result<Part> {
    Ok(Part { no: r.get(0)?, pieces: r.get(1)?, money: r.get(2)?, taken: r.get(3)? })
}

/// Takes up to `want` pieces; fewer only where no more are left.
///
/// # Errors
/// Where the store does not answer.
pub fn take(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, want: usize) -> Result<Vec<Piece>> {
    let mut out = Vec::with_capacity(want);
    if want == 0 {
        return Ok(out);
    }
    let asked = i64::try_from(want).map_err(|_| Error::fault("more pieces than there are numbers"))?;
    let parts = match tx.row(sql::FREE, args![cx.merchant, batch.id, asked])? {
        Some(row) => vec![read(row)?],
        None if batch.pieces.is_none() => {
            let rows = tx.rows(sql::ONE_ENDLESS, args![cx.merchant, batch.id])?;
            rows.into_iter().map(read).collect::<Result<Vec<_>>>()?
        }
        None => {
            let rows = tx.rows(sql::ALL_LEFT, args![cx.merchant, batch.id])?;
            rows.into_iter().map(read).collect::<Result<Vec<_>>>()?
        }
    };
    for part in parts {
        let missing = asked - out.len() as i64;
        let count = part.pieces.map_or(missing, |pieces| pieces.min(missing));
        if count > 0 {
            draw(tx, cx, batch, part, count, &mut out)?;
        }
    }
    Ok(out)
}

/// Takes so many pieces out of a part that is held.
fn draw(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, mut part: Part, count: i64, out: &mut Vec<Piece>) -> Result<()> {
    let of = &batch.template.definition;
    let (mut money, mut spent) = (0_i64, 0_i64);
    for _ in 0..count {
        let (amount, face) = match &of.random {
            None => (None, of.offer.face()),
            Some(range) => {
                let keys = tx.keys(cx.merchant)?;
                let lot = Lot::from(keys.token("coupon_draw", &format!("{}/{}/{}", batch.id, part.no, part.taken)));
                let amount = range.draw(part.pieces.zip(part.money), lot);
                (Some(amount), Some(amount))
            }
        };
        out.push(Piece { part: part.no, draw: part.taken, amount, face });
        let drawn = amount.unwrap_or(0);
        (money, spent) = (money.saturating_add(drawn), spent.saturating_add(face.unwrap_or(0)));
        (part.pieces, part.money, part.taken) = (part.pieces.map(|n| n - 1), part.money.map(|m| m - drawn), part.taken + 1);
    }
    tx.exec(sql::TAKE, args![cx.merchant, batch.id, part.no, count, money, spent]).map(|_| ())
}

/// What is left of a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Left {
    /// Pieces; none for no end.
    pub pieces: Option<i64>,
    /// Pieces that were taken.
    pub taken: i64,
    /// What those take off at most, minor units; of those whose most is known.
    pub spent: i64,
}

/// Whether anything is left, by a look that holds nothing.
///
/// # Errors
/// Where the store does not answer.
pub fn any_left(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch) -> Result<bool> {
    Ok(tx.row(sql::ANY_LEFT, args![cx.merchant, batch.id])?.is_some())
}

/// What is left of these batches, one answer each.
///
/// # Errors
/// Where the store does not answer.
pub fn left(tx: &mut Tx<'_>, cx: &Ctx, batches: &[crate::BatchId]) -> Result<Vec<Left>> {
    let ids: Vec<Vec<u8>> = batches.iter().map(|id| id.bytes().to_vec()).collect();
    let mut found = std::collections::HashMap::new();
    for mut r in tx.rows(sql::LEFT, args![cx.merchant, ids])? {
        let id: crate::BatchId = r.get(0)?;
        found.insert(id, Left { pieces: r.get(1)?, taken: r.get(2)?, spent: r.get(3)? });
    }
    Ok(batches.iter().map(|id| found.get(id).copied().unwrap_or_default()).collect())
}
