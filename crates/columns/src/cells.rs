//! Rows of a CSV file with a header, cell by cell: what the folders of reports and of segments are read
//! by. An empty cell is missing; what cannot be read is refused with file, line and column.

use std::path::Path;

use shuke_kernel::{Code, Instant, Kind as Sort, Refusal, Result};

/// A file of the folder cannot be read as what it should be.
pub static UNREADABLE: Code = Code {
    code: "columns.file_unreadable",
    kind: Sort::Invalid,
    zh: "{file}:{problem}。请按 docs/reports.md 的格式修正后重试。",
    en: "{file}: {problem}. Correct it after docs/reports.md and try again.",
};

fn problem(file: &Path, problem: impl std::fmt::Display) -> Refusal {
    UNREADABLE.with("file", file.display()).with("problem", problem)
}

/// A row.
pub(crate) struct Row<'a> {
    file: &'a Path,
    line: u64,
    names: &'a [&'a str],
    columns: &'a [Option<usize>],
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    /// The cell of a column, by its place among the names that were asked for.
    pub fn text(&self, column: usize) -> Option<&str> {
        self.columns[column].and_then(|i| self.cells.get(i)).filter(|t| !t.is_empty())
    }

    /// The same, where it must not be missing.
    pub fn required(&self, column: usize) -> Result<&str> {
        self.text(column).ok_or_else(|| self.wrong(column, "is missing"))
    }

    /// A whole number.
    pub fn number(&self, column: usize) -> Result<Option<i64>> {
        self.text(column).map(|t| t.parse::<i64>().map_err(|_| self.wrong(column, "is no whole number"))).transpose()
    }

    /// A time, in microseconds.
    pub fn time(&self, column: usize) -> Result<Option<i64>> {
        self.text(column)
            .map(|t| t.parse::<Instant>().map(Instant::micros).map_err(|_| self.wrong(column, "is no RFC 3339 time with an offset")))
            .transpose()
    }

    /// That a cell is not what it should be.
    pub fn wrong(&self, column: usize, what: &str) -> shuke_kernel::Error {
        let value = self.text(column).unwrap_or("");
        problem(self.file, format!("line {}: {} `{value}` {what}", self.line, self.names[column])).into()
    }
}

/// Hands on each row of a file, whose header has the first of `names` and those that are `needed`.
pub(crate) fn each(file: &Path, names: &[&str], needed: &[&str], mut take: impl FnMut(Row<'_>) -> Result<()>) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().from_path(file).map_err(|e| problem(file, e))?;
    let header = reader.headers().map_err(|e| problem(file, e))?.clone();
    let columns: Vec<Option<usize>> =
        names.iter().map(|name| header.iter().position(|h| h.trim().trim_start_matches('\u{feff}') == *name)).collect();
    let lacking = names.iter().enumerate().find(|(i, name)| columns[*i].is_none() && (*i == 0 || needed.contains(name)));
    if let Some((_, name)) = lacking {
        return Err(problem(file, format!("the header lacks the column {name}")).into());
    }
    let mut cells = csv::StringRecord::new();
    loop {
        let more = reader.read_record(&mut cells).map_err(|e| problem(file, e))?;
        if !more {
            return Ok(());
        }
        let line = cells.position().map_or(0, csv::Position::line);
        take(Row { file, line, names, columns: &columns, cells: &cells })?;
    }
}
