//! Writing an export's file from its pieces: one piece in memory at a time, never a file that is not
//! whole.

use std::io::Write;

use shuke_kernel::{Error, MerchantNo, Result, Zone};
use shuke_sheets::{Style, Writer, Written};
use shuke_store::{Store, args};

use crate::model::{ExportId, Run};
use crate::{job, service, source, sql};

fn io(e: std::io::Error) -> Error {
    Error::fault(format!("an export's file could not be written: {e}"))
}

/// Writes the file of an export that is whole. Fails, so that nobody takes a part for the whole, where
/// it is withdrawn or thrown away meanwhile.
pub fn write<W: Write + Send>(store: &Store, merchant: MerchantNo, id: ExportId, to: W) -> Result<(W, Written)> {
    let now = store.clock().now();
    let run: Run = store.read_now(move |tx| service::whole(tx, merchant, id, now))?;
    let zone = Zone::named(&run.spec.zone).unwrap_or_else(Zone::shanghai);
    let mut file = Writer::new(to, run.spec.format, Style { zh: run.spec.zh, zone });
    let mut written = 0_i64;
    for (number, sheet) in source::sheets(&run.spec).iter().enumerate() {
        file.begin(sheet).map_err(io)?;
        let mut last = -1_i64;
        while let Some((chunk, rows)) = piece(store, merchant, &run, number as i64, last)? {
            last = chunk;
            written += rows.len() as i64;
            for row in rows {
                file.row(&row).map_err(io)?;
            }
        }
    }
    if run.rows != Some(written) {
        return Err(Error::fault(format!("an export has {written} of {:?} rows: it was let go of while it was read", run.rows)));
    }
    file.finish().map_err(io)
}

type Piece = (i64, Vec<Vec<shuke_sheets::Cell>>);

fn piece(store: &Store, merchant: MerchantNo, run: &Run, sheet: i64, after: i64) -> Result<Option<Piece>> {
    let (id, epoch, now) = (run.id, run.epoch, store.clock().now());
    store.read_now(move |tx| {
        let Some(mut row) = tx.row(sql::NEXT_CHUNK, args![merchant, id, epoch, sheet, after, now])? else { return Ok(None) };
        let body = tx.keys(merchant)?.open("export_chunk", id.bytes(), &row.get::<Vec<u8>>(2)?)?;
        let rows = job::unpack(&body)?;
        if rows.len() as i64 != row.get::<i64>(1)? {
            return Err(Error::fault("a piece of an export is not whole"));
        }
        Ok(Some((row.get(0)?, rows)))
    })
}
