//! The walk over books in which something is due.

use shuke_access::audit;
use shuke_kernel::{Ctx, Result};
use shuke_loyalty::Rules;
use shuke_store::Tx;

use super::model::{Ending, Place, Window};
use super::sql;
use crate::book::{Standing, rows, show};
use crate::definition::model::State;
use crate::definition::{Programme, ProgrammeId, service};

/// Books read at a time.
const STEP: i64 = 200;
/// Books looked at for one page, where in most something else is due.
const LOOKED: usize = 5_000;

/// What a list is asked of.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The programme.
    pub programme: Programme,
    /// Its rules.
    pub rules: Rules,
    /// The days asked about.
    pub window: Window,
    /// Members of whose points fewer end are left out.
    pub least: i64,
}

/// Some of a list, and where it goes on; none at its end.
#[derive(Clone, Default, Debug)]
pub struct Page {
    /// Members in the list's order.
    pub items: Vec<Ending>,
    /// Where the next begins. There may be one behind a page with few items: of many members looked at few lose points.
    pub next: Option<Place>,
}

/// A programme with what is asked of it; `window` is told today in the programme's zone.
///
/// # Errors
/// Where there is no such programme.
pub fn ready(tx: &mut Tx<'_>, cx: &Ctx, id: ProgrammeId, window: impl FnOnce(jiff::civil::Date) -> Window, least: i64) -> Result<Ready> {
    let programme = service::get(tx, cx.merchant, id)?;
    let rules = service::rules(tx, cx.merchant, &programme)?;
    let window = window(rules.at(cx.now).zone.day(cx.now));
    Ok(Ready { programme, rules: (*rules).clone(), window, least })
}

/// Members after a place of whose points some end in the window, `limit` at most.
///
/// # Errors
/// What the store says; where a book's numbers become too large to reckon.
pub fn page(tx: &mut Tx<'_>, cx: &Ctx, asked: &Ready, after: Place, limit: usize) -> Result<Page> {
    let (mut found, mut at, mut looked) = (Page::default(), after, 0);
    // Of a programme that was put away nothing is booked any more, so nothing ends.
    if asked.programme.state == State::Archived || limit == 0 {
        return Ok(found);
    }
    let by = asked.window.due_by(&asked.rules.at(cx.now).zone);
    loop {
        let books = rows::due_by(tx, sql::DUE_BY, (cx.merchant, asked.programme.id, by), at, STEP)?;
        let full = books.len() as i64 == STEP;
        looked += books.len();
        for book in books {
            at = (book.due.unwrap_or(by), book.member);
            if book.standing != Standing::Open {
                continue;
            }
            let heart = show::now(tx, cx, &asked.programme, &asked.rules, &book)?;
            let tier = show::tier(&asked.rules, &heart);
            let Some(ending) = Ending::of(at, &heart, &asked.window, tier).filter(|e| e.points >= asked.least) else { continue };
            // Only one more than a page holds says that there is a next.
            if found.items.len() == limit {
                found.next = found.items.last().map(|last| last.place);
                return Ok(found);
            }
            found.items.push(ending);
        }
        if !full {
            return Ok(found);
        }
        if looked >= LOOKED {
            found.next = Some(at);
            return Ok(found);
        }
    }
}

/// Writes into the audit who took the list as a file.
///
/// # Errors
/// What the store says.
pub fn taken(tx: &mut Tx<'_>, cx: &Ctx, asked: &Ready, format: &str) -> Result<()> {
    let Window { from, to } = asked.window;
    let summary = format!("points ending from {from} to before {to} as {format}");
    audit::record(tx, cx, "points.ending_exported", &asked.programme.id.to_string(), &summary).map(|_| ())
}
