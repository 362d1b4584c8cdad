//! Reads sheets of results for batches, with the crate that opens shops' files: outreach knows no files.

use std::sync::Arc;

use shuke_intake::open::{Input, Rows, open};
use shuke_kernel::{Error, Result};
use shuke_outreach::batch::NO_TABLE;
use shuke_outreach::batch::results::{MOST_ROWS, Table};

/// The rows of a sheet of any form, one more than a sheet may have at most.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<Table> {
    let no = |problem: String| Error::from(NO_TABLE.with("problem", problem));
    let input = Input::Bytes { name: name.to_owned(), bytes: Arc::from(bytes) };
    let opened = open(&input).map_err(|e| no(e.to_string()))?;
    let encoding = opened.encoding;
    let mut rows = Vec::new();
    let mut put = |row: &shuke_intake::rows::Row| {
        let cells = (0..row.len()).map(|i| encoding.decode_without_bom_handling(row.cell(i)).0.into_owned());
        rows.push((row.number, cells.map(|c| plain(&c)).collect()));
        rows.len() <= MOST_ROWS
    };
    match opened.rows {
        Rows::Text(mut reader) => {
            let mut row = shuke_intake::rows::Row::default();
            while reader.read(&mut row).map_err(|e| no(e.to_string()))? && put(&row) {}
        }
        Rows::Sheet(mut sheets) => {
            while let Some((_, row)) = sheets.read().map_err(|e| no(e.en))? {
                if !put(&row) {
                    break;
                }
            }
        }
    }
    Ok(Table { header: opened.header, rows })
}

/// A cell without what keeps spreadsheets from changing it: `="138…"`, a leading apostrophe, a tab.
fn plain(cell: &str) -> String {
    let cell = cell.trim();
    let inner = cell.strip_prefix("=\"").and_then(|c| c.strip_suffix('"')).unwrap_or(cell);
    inner.trim_start_matches('\'').trim().to_owned()
}
