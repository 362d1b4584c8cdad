//! What only the whole of a file tells before its first record can be read: whether a day or a month
//! comes first, and whether an amount that stands on every line of an order is the order's or the line's.

mod orders;

use crate::cell;
use crate::field::Field;
use crate::layout::Layout;
use crate::open::{self, Input, OpenError, Rows};
use crate::record::Part;
use crate::rows::Row;
use crate::when::{self, DayOrder, Orders as DayOrders};
use orders::{Columns, Orders};

/// Fields whose cells are days or times.
pub(crate) const TIMES: &[Field] = &[
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
    Field::WeatherDay,
];

/// Whether a row's cells say anything of the order of day and month.
pub(crate) fn has_sign(layout: &Layout, row: &[String]) -> bool {
    let cells = TIMES.iter().filter_map(|f| layout.column(*f).and_then(|i| row.get(i)));
    cells.into_iter().any(|text| when::choice(cell::clean(text)).is_some())
}

/// Every row of the file behind its header. `go_on` gets a reader of cells, the row, and says whether
/// to go on. What cannot be read to its end is said when the records are read.
fn each_row(input: &Input, mut go_on: impl FnMut(&dyn Fn(usize) -> String, &Row) -> bool) -> Result<(), OpenError> {
    let o = open::open(input)?;
    let (mut rows, mut row) = (o.rows, Row::default());
    loop {
        match &mut rows {
            Rows::Text(r) => match r.read(&mut row) {
                Ok(true) => {}
                _ => return Ok(()),
            },
            Rows::Sheet(s) => match s.read() {
                Ok(Some((_, next))) => row = next,
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
    /// Columns that are in another order, or in none that could be told.
    pub day_orders: Vec<(usize, DayOrder)>,
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
    let (day_order, day_orders) = days.map_or((DayOrder::Refuse, Vec::new()), |d| d.told());
    Ok(Told { day_order, day_orders, part })
}

/// What the dates of a column allow together.
#[derive(Clone, Copy)]
struct Dates {
    orders: DayOrders,
    /// The least and the largest number at their beginning, and at their end.
    first: (i64, i64),
    last: (i64, i64),
}

/// Years that differ by no more are those of one file; days of a month differ by more.
const YEARS_APART: i64 = 1;
const DAYS_APART: i64 = 5;

impl Dates {
    /// The only order that is left. Of two numbers that may be the year, it is the one that hardly changes.
    fn order(self) -> Option<DayOrder> {
        let spread = |(least, most): (i64, i64)| most - least;
        let (first, last) = (spread(self.first), spread(self.last));
        let mut orders = self.orders;
        if first <= YEARS_APART && last >= DAYS_APART && orders.allow(DayOrder::YearFirst) {
            orders = orders.without(DayOrder::DayFirst).without(DayOrder::MonthFirst);
        } else if last <= YEARS_APART && first >= DAYS_APART {
            orders = orders.without(DayOrder::YearFirst);
        }
        orders.only()
    }
}

/// Which of day, month and year the columns of times write first.
struct Days {
    columns: Vec<(usize, Option<Dates>)>,
}

impl Days {
    fn of(layout: &Layout) -> Self {
        Self { columns: TIMES.iter().filter_map(|f| layout.column(*f)).map(|i| (i, None)).collect() }
    }

    /// Takes in a row. Whether another may still change what is told.
    fn row(&mut self, text: &dyn Fn(usize) -> String) -> bool {
        let mut asks = false;
        for (column, dates) in &mut self.columns {
            if let Some(more) = when::choice(&text(*column)) {
                let (a, b) = more.ends;
                let d = dates.get_or_insert(Dates { orders: DayOrders::ANY, first: (a, a), last: (b, b) });
                d.orders = d.orders.and(more.orders);
                d.first = (d.first.0.min(a), d.first.1.max(a));
                d.last = (d.last.0.min(b), d.last.1.max(b));
            }
            asks |= dates.is_none_or(|d| d.orders.each().next().is_some());
        }
        asks
    }

    /// The order of the file, and the columns that are in another or in none.
    fn told(&self) -> (DayOrder, Vec<(usize, DayOrder)>) {
        let asked = || self.columns.iter().filter_map(|(i, dates)| dates.map(|d| (*i, d)));
        let mut decided = asked().filter_map(|(_, d)| d.order());
        let first = decided.next();
        let common = first.filter(|f| decided.all(|d| d == *f)).unwrap_or(DayOrder::Refuse);
        let of = |d: Dates| d.order().or(d.orders.allow(common).then_some(common)).unwrap_or(DayOrder::Refuse);
        (common, asked().map(|(i, d)| (i, of(d))).filter(|(_, order)| *order != common).collect())
    }
}
