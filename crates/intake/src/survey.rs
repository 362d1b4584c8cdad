//! What only the whole of a file tells before its first record can be read: whether a day or a month
//! comes first, and whether an amount that stands on every line of an order is the order's or the line's.

mod orders;

use crate::cell;
use crate::field::Field;
use crate::layout::Layout;
use crate::open::{self, Input, OpenError, Rows};
use crate::record::Part;
use crate::rows::Row;
use crate::when::{self, DayOrder, Sign};
use orders::{Columns, Orders};

/// Fields whose cells are days or times.
const TIMES: &[Field] = &[
    Field::CreatedAt,
    Field::PaidAt,
    Field::ShippedAt,
    Field::CompletedAt,
    Field::ClosedAt,
    Field::LastOrderAt,
    Field::JoinedAt,
    Field::MemberSince,
    Field::Birthday,
    Field::SuppressAt,
    Field::TagUntil,
];

/// Whether a row's cells say anything of the order of day and month.
pub(crate) fn has_sign(layout: &Layout, row: &[String]) -> bool {
    let cells = TIMES.iter().filter_map(|f| layout.column(*f).and_then(|i| row.get(i)));
    cells.into_iter().any(|text| when::sign_of_order(cell::clean(text)).is_some())
}

/// Every row of the file behind its header. `go_on` gets a reader of cells, the row, and says whether
/// to go on. What cannot be read to its end is said when the records are read.
fn each_row(input: &Input, mut go_on: impl FnMut(&dyn Fn(usize) -> String, &Row) -> bool) -> Result<(), OpenError> {
    let o = open::open(input)?;
    let (mut rows, mut row, skip) = (o.rows, Row::default(), o.skip_rows);
    loop {
        match &mut rows {
            Rows::Text(r) => match r.read(&mut row) {
                Ok(true) => {}
                _ => return Ok(()),
            },
            Rows::Sheet(s) => match s.read() {
                Ok(Some((i, next))) if next.number > skip.get(i).copied().unwrap_or(0) => row = next,
                Ok(Some(_)) => continue,
                _ => return Ok(()),
            },
        }
        let text = |i: usize| cell::clean(&o.encoding.decode_without_bom_handling(row.cell(i)).0).to_owned();
        if !go_on(&text, &row) {
            return Ok(());
        }
    }
}

/// What the survey of a file tells.
pub(crate) struct Told {
    /// Whether the file writes day or month first, where that was asked: told by the whole of its columns,
    /// and by none of them where they contradict each other.
    pub day_order: DayOrder,
    /// How the rows of an order file that is nobody's make up orders, and whether that had to be guessed;
    /// where that was asked.
    pub part: Option<(Part, bool)>,
}

/// Reads a file once for all that is asked, and no further than it takes.
pub(crate) fn survey(input: &Input, layout: &Layout, days: bool, parts: bool) -> Result<Told, OpenError> {
    let mut days = days.then(|| Days::of(layout));
    let mut known = None;
    let mut orders = None;
    if parts {
        match Columns::of(layout) {
            Ok(columns) => orders = Some((columns, Orders::default())),
            Err(part) => known = Some((part, false)),
        }
    }
    if days.is_some() || orders.is_some() {
        each_row(input, |text, row| {
            let asks_days = days.as_mut().is_some_and(|d| d.row(text));
            let asks_orders = orders.as_mut().is_some_and(|(columns, orders)| orders.asks() && orders.row(columns, layout, text, row));
            asks_days || asks_orders
        })?;
    }
    let part = known.or_else(|| orders.map(|(_, orders)| orders.votes().judged()));
    Ok(Told { day_order: days.map_or(DayOrder::Refuse, |d| d.told()), part })
}

/// Which of day and month the columns of times write first.
struct Days {
    columns: Vec<usize>,
    day: bool,
    month: bool,
}

impl Days {
    fn of(layout: &Layout) -> Self {
        Self { columns: TIMES.iter().filter_map(|f| layout.column(*f)).collect(), day: false, month: false }
    }

    /// Takes in a row. Whether another may still change what is told.
    fn row(&mut self, text: &dyn Fn(usize) -> String) -> bool {
        for i in &self.columns {
            match when::sign_of_order(&text(*i)) {
                Some(Sign::DayFirst) => self.day = true,
                Some(Sign::MonthFirst) => self.month = true,
                _ => {}
            }
        }
        !(self.day && self.month)
    }

    fn told(&self) -> DayOrder {
        match (self.day, self.month) {
            (true, false) => DayOrder::DayFirst,
            (false, true) => DayOrder::MonthFirst,
            _ => DayOrder::Refuse,
        }
    }
}
