//! A sheet of codes, written while it is sent: memory holds a few lines, however many there are.

use std::io::Write;

use shuke_access::audit;
use shuke_kernel::{Ctx, Error, Result, Zone};
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer, Written};
use shuke_store::{Store, Tx};

use super::{of, printed};
use crate::BatchId;
use crate::batch::{Batch, service};
use crate::words::{CODES_NOT_READY, NO_CODES};

const FIELDS: &[Field] = &[
    Field::new("no", "序号", Kind::Int),
    Field::new("code", "券码", Kind::Text),
    Field::new("qr", "二维码内容", Kind::Text),
    Field::new("batch", "批次", Kind::Word),
];

/// The batch whose codes are given out; that they were is in the audit.
///
/// # Errors
/// Refuses a batch without codes, and one whose codes are not all made.
pub fn begin(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId) -> Result<Batch> {
    let batch = service::get(tx, cx.merchant, id)?;
    let all = service::codes_of(&batch);
    if all == 0 {
        return Err(NO_CODES.refuse().into());
    }
    if batch.codes_made < all {
        return Err(CODES_NOT_READY.with("made", batch.codes_made).with("of", all).into());
    }
    audit::record(tx, cx, "coupon_codes.exported", &id.to_string(), &batch.definition.name)?;
    Ok(batch)
}

/// Writes the sheet of a batch that [`begin`] answered with.
///
/// # Errors
/// Where it cannot be written.
pub fn write<W: Write + Send>(store: &Store, cx: &Ctx, batch: &Batch, format: Format, zh: bool, zone: Zone, to: W) -> Result<(W, Written)> {
    let (merchant, id) = (cx.merchant, batch.id);
    let keys = store.read_now(move |tx| tx.keys(merchant))?;
    let mut file = Writer::new(to, format, Style { zh, zone });
    file.begin(&Sheet { name: "codes".into(), zh: "券码".into(), fields: FIELDS.into() }).map_err(Error::fault)?;
    for no in 0..service::codes_of(batch) {
        let code = of(&keys, id, no);
        let row: [Cell; 4] = [(no + 1).into(), printed(&code).into(), code.into(), batch.definition.name.as_str().into()];
        file.row(&row).map_err(Error::fault)?;
    }
    file.finish().map_err(Error::fault)
}
