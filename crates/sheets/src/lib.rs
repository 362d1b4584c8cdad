//! Tables as files that other programs open: CSV, XLSX, Parquet. Written row by row to any writer,
//! in memory that does not grow with the rows, and never cut.
//!
//! A cell of text that a spreadsheet would compute is made harmless here and nowhere else
//! ([`formula`]). Times, amounts and counts keep their type as far as the format has one: Parquet
//! has whole minor units and UTC timestamps, XLSX numbers and dates of the shop's zone, CSV decimal
//! amounts and RFC 3339.

mod csv;
pub mod formula;
mod parquet;
mod table;
mod writer;
mod xlsx;

pub use formula::{neutralise, neutralise_within};
pub use table::{Cell, Field, Format, Kind, Sheet, Style, amount};
pub use writer::{Error, Writer, Written};
pub use xlsx::ROWS_OF_A_SHEET;
