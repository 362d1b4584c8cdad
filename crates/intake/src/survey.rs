//! What only the whole of a file tells before its first record can be read: whether a day or a month
//! comes first, and whether an amount that stands on every line of an order is the order's or the line's.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::field::Field;
use crate::layout::Layout;
use crate::open::{self, Input, OpenError, Rows};
use crate::record::Part;
use crate::rows::Row;
use crate::source::hash;
use crate::when::{self, DayOrder, Sign};
use crate::{amount, cell};

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

/// Whether the file writes day or month first: told by the whole of its columns, and by none of them
/// where they contradict each other.
pub(crate) fn day_order(input: &Input, layout: &Layout) -> Result<DayOrder, OpenError> {
    let (mut day, mut month) = (false, false);
    let columns: Vec<usize> = TIMES.iter().filter_map(|f| layout.column(*f)).collect();
    each_row(input, |text, _| {
        for i in &columns {
            match when::sign_of_order(&text(*i)) {
                Some(Sign::DayFirst) => day = true,
                Some(Sign::MonthFirst) => month = true,
                _ => {}
            }
        }
        !(day && month)
    })?;
    Ok(match (day, month) {
        (true, false) => DayOrder::DayFirst,
        (false, true) => DayOrder::MonthFirst,
        _ => DayOrder::Refuse,
    })
}

/// The rows of one order.
struct Group {
    rows: u32,
    first: Option<i64>,
    same: bool,
    /// What the lines are worth by pieces and price, or by their own amounts; none where one does not tell.
    worth: Option<i64>,
    /// Every line is worth the amount beside it.
    each: bool,
}

/// How the rows of an order file that is nobody's make up orders, and whether that had to be guessed.
/// Where the amounts beside an order's lines differ, they are the lines'; where they are the same,
/// what the lines are worth tells whether one of them or all together are meant.
pub(crate) fn part(input: &Input, layout: &Layout) -> Result<(Part, bool), OpenError> {
    let lines = layout.has(Field::LineTitle) || layout.has(Field::LineCode);
    let Some(no) = layout.column(Field::OrderNo).filter(|_| lines) else { return Ok((layout.part, false)) };
    let Some(paid) = [Field::Paid, Field::OrderTotal].into_iter().find(|f| layout.has(*f)) else { return Ok((Part::LineSummed, false)) };
    let mut groups: HashMap<u64, Group> = HashMap::new();
    let mut seen: HashSet<u64> = HashSet::new();
    each_row(input, |text, row| {
        let number = text(no);
        // A row that comes again is no further line.
        let cells: Vec<&[u8]> = (0..row.len()).filter(|i| !layout.counters.contains(i)).map(|i| row.cell(i)).collect();
        if number.is_empty() || !seen.insert(hash(&cells)) {
            return true;
        }
        let money = |f: Field| layout.column(f).and_then(|i| amount::parse(&text(i), layout.currency.digits()).ok()).map(|a| a.minor);
        let pieces = layout.column(Field::Quantity).map_or(Some(1), |i| amount::whole(&text(i)));
        let by_price = pieces.zip(money(Field::UnitPrice)).and_then(|(n, p)| n.checked_mul(p));
        let (paid, worth) = (money(paid), money(Field::LinePaid).or(by_price));
        let each = worth.is_some() && worth == paid;
        match groups.entry(hash(&number)) {
            Entry::Vacant(e) => {
                e.insert(Group { rows: 1, first: paid, same: true, worth, each });
            }
            Entry::Occupied(mut e) => {
                let g = e.get_mut();
                g.rows += 1;
                g.same &= g.first == paid;
                g.worth = g.worth.zip(worth).and_then(|(a, b)| a.checked_add(b));
                g.each &= each;
            }
        }
        true
    })?;
    Ok(judge(groups.values()))
}

fn judge<'a>(groups: impl Iterator<Item = &'a Group>) -> (Part, bool) {
    let (mut own, mut differ, mut order, mut unsure) = (0_u64, 0_u64, 0_u64, 0_u64);
    for g in groups.filter(|g| g.rows > 1) {
        match (g.first, g.worth) {
            _ if !g.same => differ += 1,
            (None | Some(0), _) => {}
            (Some(_), Some(_)) if g.each => own += 1,
            (Some(one), Some(worth)) => {
                let apart = |sum: i64| worth.abs_diff(sum);
                let all = one.saturating_mul(i64::from(g.rows));
                match apart(one).cmp(&apart(all)) {
                    std::cmp::Ordering::Less => order += 1,
                    std::cmp::Ordering::Equal => unsure += 1,
                    std::cmp::Ordering::Greater => own += 1,
                }
            }
            (Some(_), None) => unsure += 1,
        }
    }
    // Without prices, orders whose lines differ speak against those whose lines do not.
    let (lines, orders) = if own + order == 0 { (differ, unsure) } else { (differ + own, order) };
    let part = if lines > orders { Part::LineSummed } else { Part::LineRepeated };
    let told = own + order + differ > 0;
    (part, (!told && unsure > 0) || (lines > 0 && orders > 0 && lines.min(orders) * 10 >= lines.max(orders)))
}
