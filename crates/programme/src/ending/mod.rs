//! Whom to remind: members whose points end within some days, with how many end on which day.
//!
//! A book's row says when something is due in it next, and a lot's end is among that: whoever loses points by a day is due by
//! its end. So the list walks the index of what is due up to there and reads those books alone, each as it is at the moment
//! of asking: what is due and not booked yet has happened. Points that pend or that a hold has set aside lie in no lot and
//! end on no day: they are not told here.
//!
//! The order is that of the walk: by when something is due in the book next, then by member. It depends on nothing but the
//! books, so pages fit together; a book that moves while pages are read may be met again at its new place, or lie before
//! the reader's.

pub mod model;
pub mod service;
pub mod sql;
pub mod tables;

pub use model::{Ending, MOST_DAYS, Place, START, Window};
pub use service::{Page, page, ready};
