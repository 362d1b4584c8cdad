//! The sheet of an import's open records: one column per column of the file, the reasons beside,
//! harmless to a spreadsheet program, to be corrected and loaded again. The last column names the
//! record of each row, so that the corrected row settles it. Written while it is sent, a step of
//! records in memory at a time; what a sheet cannot hold goes on in the next.

use std::borrow::Cow;
use std::io::Write;

use shuke_kernel::{Error, MerchantNo, Result, Zone};
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer};
use shuke_store::Store;

use super::model::ImportId;
use super::quarantine::{self, Held};
use crate::header;

/// Records read at once.
const STEP: i64 = 1_000;

/// Writes the open records of one file of an import as XLSX. All cells are text, so that long numbers
/// keep their digits and no cell is a formula. Fails, so that nobody takes a part for the whole, where
/// a record got a column meanwhile that the sheet does not have.
pub fn rejects<W: Write + Send>(store: &Store, m: MerchantNo, import: ImportId, file: i64, zh: bool, to: W) -> Result<W> {
    let mut columns: Vec<String> = Vec::new();
    each(store, m, import, file, |record| {
        for (name, _) in told(&record) {
            if !columns.iter().any(|c| c == name) {
                columns.push(name.to_owned());
            }
        }
        Ok(())
    })?;
    let heads = header::BESIDE[usize::from(!zh)];
    let field = |name: &str| Field { name: Cow::Owned(name.to_owned()), zh: Cow::Owned(name.to_owned()), kind: Kind::Text };
    let fields: Vec<Field> = columns.iter().map(String::as_str).chain(heads).map(field).collect();
    let mut book = Writer::new(to, Format::Xlsx, Style { zh, zone: Zone::shanghai() });
    book.begin(&Sheet { name: "To correct".into(), zh: "待修正".into(), fields: fields.into() }).map_err(io)?;
    each(store, m, import, file, |record| book.row(&row(&record, &columns, zh)?).map_err(io))?;
    Ok(book.finish().map_err(io)?.0)
}

fn io(e: std::io::Error) -> Error {
    Error::fault(format!("a sheet of rejects could not be written: {e}"))
}

fn each(store: &Store, m: MerchantNo, import: ImportId, file: i64, mut with: impl FnMut(Held) -> Result<()>) -> Result<()> {
    let mut after = (file, -1);
    loop {
        let found = store.read_now(move |tx| quarantine::rejects(tx, m, import, after, STEP))?;
        let full = found.len() as i64 == STEP;
        for record in found {
            if record.file != file {
                return Ok(());
            }
            after = (file, record.record);
            with(record)?;
        }
        if !full {
            return Ok(());
        }
    }
}

/// The cells that stand in the sheet: of a row that came by such a sheet, not what stood beside.
fn told(record: &Held) -> impl Iterator<Item = (&str, &str)> {
    let corrected = record.cells.iter().any(|(n, _)| header::is_reference(n));
    record.cells.iter().map(|(n, c)| (n.as_str(), c.as_str())).filter(move |(n, _)| !(corrected && header::is_beside(n)))
}

fn row(record: &Held, columns: &[String], zh: bool) -> Result<Vec<Cell>> {
    let mut cells = vec![Cell::Null; columns.len()];
    for (name, text) in told(record) {
        let at = columns.iter().position(|c| c == name);
        let at = at.ok_or_else(|| Error::fault("a record was changed while its sheet was written: download it again"))?;
        cells[at] = Cell::Text(text.to_owned());
    }
    let (what, advice): (Vec<_>, Vec<_>) = record.reasons.iter().map(|reason| reason.texts(zh)).unzip();
    cells.extend([what.join("; "), advice.join("; "), record.id.to_string()].map(Cell::Text));
    Ok(cells)
}
