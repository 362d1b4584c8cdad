//! The text form of expressions, which a person can read and compare: written from the tree in one
//! canonical way, read back into the JSON that the checker judges.

mod print;
mod read;
mod tokens;
mod values;

pub use print::show;
pub use read::read;
