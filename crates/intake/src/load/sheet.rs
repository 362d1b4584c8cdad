//! The sheet of an import's open records: one column per column of the file, the reasons beside,
//! harmless to a spreadsheet program, to be corrected and loaded again. The last column names the
//! record of each row, so that the corrected row settles it.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::quarantine::Held;
use crate::header;

/// Writes the records of one file as XLSX. All cells are text, so that long numbers keep their digits
/// and no cell is a formula.
pub fn rejects(records: &[Held], zh: bool) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(if zh { "待修正" } else { "To correct" })?;
    fill(sheet, records, zh)?;
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, records: &[Held], zh: bool) -> Result<(), XlsxError> {
    let mut columns: Vec<&str> = Vec::new();
    let beside = |record: &Held, name: &str| record.cells.iter().any(|(n, _)| header::is_reference(n)) && header::is_beside(name);
    for record in records {
        for (name, _) in &record.cells {
            if !columns.contains(&name.as_str()) && !beside(record, name) {
                columns.push(name);
            }
        }
    }
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@");
    sheet.set_freeze_panes(1, 0)?;
    let heads = header::BESIDE[usize::from(!zh)];
    for (c, name) in columns.iter().copied().chain(heads).enumerate() {
        sheet.write_string_with_format(0, c as u16, name, &bold)?;
    }
    for (r, record) in records.iter().enumerate() {
        let row = r as u32 + 1;
        for (name, cell) in &record.cells {
            if let Some(c) = columns.iter().position(|n| n == name) {
                sheet.write_string_with_format(row, c as u16, crate::neutralise(cell), &text)?;
            }
        }
        let (what, advice): (Vec<_>, Vec<_>) = record.reasons.iter().map(|reason| reason.texts(zh)).unzip();
        sheet.write_string(row, columns.len() as u16, what.join("; "))?;
        sheet.write_string(row, columns.len() as u16 + 1, advice.join("; "))?;
        sheet.write_string_with_format(row, columns.len() as u16 + 2, record.id.to_string(), &text)?;
    }
    Ok(())
}
