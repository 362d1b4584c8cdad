//! The sheet of an import's open records: one column per column of the file, the reasons beside,
//! harmless to a spreadsheet program, to be corrected and loaded again.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::quarantine::Held;

/// Writes the records as XLSX. All cells are text, so that long numbers keep their digits and no
/// cell is a formula.
pub fn rejects(records: &[Held], zh: bool) -> Result<Vec<u8>, XlsxError> {
    let mut columns: Vec<String> = Vec::new();
    for record in records {
        for (name, _) in &record.cells {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
    }
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@");
    let sheet = book.add_worksheet().set_name(if zh { "待修正" } else { "To correct" })?;
    sheet.set_freeze_panes(1, 0)?;
    let heads = if zh { ["问题", "怎么办"] } else { ["What is wrong", "What to do"] };
    for (c, name) in columns.iter().map(String::as_str).chain(heads).enumerate() {
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
    }
    book.save_to_buffer()
}
