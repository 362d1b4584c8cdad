//! The demo shop: from a seed, people with a rhythm of their own who come, stay and leave; what
//! they order on several platforms; and the export files in which a merchant would find it, hiding
//! buyers as the platforms do. Beside the files lies the truth that was drawn, so that what the
//! product makes of the files can be judged.
//!
//! It knows neither store nor import: it writes files. The same plan gives the same bytes. People
//! are drawn one by one and forgotten when their chunk is written, so memory does not grow with
//! their number. Amounts are fen throughout; fractions occur only where chance is drawn.

mod calendar;
mod files;
mod goods;
mod life;
mod make;
mod next;
mod order;
mod person;
mod rng;
mod words;

pub use files::truth::drawn;
pub use jiff::civil::Date;
pub use make::{MOST, Made, Plan, make};
pub use next::{Reached, go_on};
