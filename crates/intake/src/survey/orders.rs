//! Whether the amount beside an order's lines is the order's or the line's: orders of several rows are
//! judged one by one, and each has a vote.

use std::collections::HashMap;

use crate::amount;
use crate::field::Field;
use crate::layout::Layout;
use crate::record::Part;
use crate::rows::Row;
use crate::source::hash;

/// Orders that must have told before the rest of a file is not asked any more.
const ENOUGH: u64 = 1_000;
/// Orders held at a time. Where a file has more, only each second of them is held whose rows stand apart,
/// then each fourth, and so on; of the others, rows that stand together are judged together.
const HELD: usize = 8_192;
/// Different rows of an order that are looked at.
const ROWS: usize = 64;

/// The columns that are asked.
pub struct Columns {
    no: usize,
    platform: Option<usize>,
    paid: Field,
}

impl Columns {
    /// Of a layout; where it cannot be asked, what the rows are without asking.
    pub fn of(layout: &Layout) -> Result<Self, Part> {
        let lines = layout.has(Field::LineTitle) || layout.has(Field::LineCode);
        let no = layout.column(Field::OrderNo).filter(|_| lines).ok_or(layout.part)?;
        let paid = [Field::Paid, Field::OrderTotal].into_iter().find(|f| layout.has(*f)).ok_or(Part::LineSummed)?;
        Ok(Self { no, platform: layout.column(Field::Platform), paid })
    }
}

/// How a line stands to the amount beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// It is worth just that, or that less shipping.
    Worth,
    /// It is worth less: it cannot have been paid that much.
    Above,
    /// It is worth more: with a discount it may have been paid that much.
    Below,
    /// The file has no price of it.
    Unpriced,
}

/// The rows of one order.
struct Group {
    paid: Option<i64>,
    same: bool,
    above: bool,
    each: bool,
    priced: bool,
    /// The first row, and the others: a row that comes again is no further line.
    first: u64,
    more: Vec<u64>,
}

impl Group {
    fn of(row: u64, paid: Option<i64>, line: Line) -> Self {
        let mut group = Self { paid, same: true, above: false, each: true, priced: true, first: row, more: Vec::new() };
        group.set(line);
        group
    }

    fn set(&mut self, line: Line) {
        self.above |= line == Line::Above;
        self.each &= line == Line::Worth;
        self.priced &= line != Line::Unpriced;
    }

    /// Adds a row. Whether it makes this an order of more than one.
    fn add(&mut self, row: u64, paid: Option<i64>, line: Line) -> bool {
        if row == self.first || self.more.contains(&row) || self.more.len() + 1 >= ROWS {
            return false;
        }
        self.more.push(row);
        self.same &= self.paid == paid;
        self.set(line);
        self.more.len() == 1
    }
}

/// What the orders of more than one row say.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Votes {
    /// The amounts of the lines differ: they are the lines'.
    differ: u64,
    /// Each line is worth just the amount beside it.
    own: u64,
    /// The amount is above what one of the lines is worth: it is the order's.
    order: u64,
    /// The amount is below what each line is worth: a discount on each, or a deep one on the order.
    either: u64,
    /// There are no prices.
    unpriced: u64,
}

impl Votes {
    fn count(&mut self, group: &Group) {
        if group.more.is_empty() {
            return;
        }
        let vote = match group.paid {
            _ if !group.same => &mut self.differ,
            None | Some(0) => return,
            Some(_) if group.above => &mut self.order,
            Some(_) if group.each => &mut self.own,
            Some(_) if group.priced => &mut self.either,
            Some(_) => &mut self.unpriced,
        };
        *vote += 1;
    }

    /// How the rows make up orders, and whether that had to be guessed: what nothing tells is counted once.
    pub fn judged(self) -> (Part, bool) {
        let lines = self.differ + self.own;
        // Without prices, orders whose lines differ speak against those whose lines do not.
        let unpriced = if self.own + self.order == 0 { self.unpriced } else { 0 };
        // Where amounts are the lines', those of some order differ.
        let either = if self.differ == 0 { self.either } else { 0 };
        let orders = self.order + unpriced + either;
        let part = if lines > orders { Part::LineSummed } else { Part::LineRepeated };
        let told = lines + self.order > 0;
        let guessed = !told && self.either + self.unpriced > 0;
        (part, guessed || (lines > 0 && orders > 0 && lines.min(orders) * 10 >= lines.max(orders)))
    }
}

/// The orders of a file, as far as they are held, and what those said that are not held any more.
#[derive(Default)]
pub struct Orders {
    held: HashMap<u64, Group>,
    /// The order of the row before, where it is not among those held.
    run: Option<(u64, Group)>,
    /// Bits of a number's hash that must be 0 for an order to be held.
    mask: u64,
    gone: Votes,
    /// Orders of more than one row so far, and how many there must be before votes are counted again.
    several: u64,
    count_at: u64,
    enough: bool,
}

impl Orders {
    /// Whether more rows are of use.
    pub fn asks(&self) -> bool {
        !self.enough
    }

    /// Takes in a row. Whether more are of use.
    pub fn row(&mut self, columns: &Columns, layout: &Layout, text: &dyn Fn(usize) -> String, row: &Row) -> bool {
        let number = text(columns.no);
        if number.is_empty() {
            return true;
        }
        let cells: Vec<&[u8]> = (0..row.len()).filter(|i| !layout.counters.contains(i)).map(|i| row.cell(i)).collect();
        let money = |f: Field| layout.column(f).and_then(|i| amount::parse(&text(i), layout.currency.digits()).ok()).map(|a| a.minor);
        let paid = money(columns.paid);
        let pieces = layout.column(Field::Quantity).map_or(Some(1), |i| amount::whole(&text(i)));
        let by_price = || pieces.zip(money(Field::UnitPrice)).and_then(|(n, p)| n.checked_mul(p));
        let worth = money(Field::LinePaid).or_else(by_price);
        let line = match paid.zip(worth) {
            None => Line::Unpriced,
            Some((paid, worth)) => stands(paid, worth, money(Field::Shipping).unwrap_or(0), pieces.unwrap_or(1)),
        };
        // Platforms number their orders each for themselves.
        let order = hash(&(number, columns.platform.map(text)));
        self.add(order, hash(&cells), paid, line);
        !self.enough
    }

    fn add(&mut self, order: u64, row: u64, paid: Option<i64>, line: Line) {
        if self.run.as_ref().is_some_and(|(of, _)| *of != order) {
            self.end_run();
        }
        let several = if order & self.mask == 0 {
            match self.held.get_mut(&order) {
                Some(group) => group.add(row, paid, line),
                None => {
                    self.held.insert(order, Group::of(row, paid, line));
                    if self.held.len() > HELD {
                        self.thin();
                    }
                    false
                }
            }
        } else if let Some((_, group)) = &mut self.run {
            group.add(row, paid, line)
        } else {
            self.run = Some((order, Group::of(row, paid, line)));
            false
        };
        self.several += u64::from(several);
        if self.several >= self.count_at.max(ENOUGH) && several {
            let votes = self.votes();
            self.enough = votes.differ + votes.own + votes.order >= ENOUGH;
            self.count_at = self.several * 2;
        }
    }

    fn end_run(&mut self) {
        if let Some((_, group)) = self.run.take() {
            self.gone.count(&group);
        }
    }

    /// Holds half as many, or fewer; those that go have told what they know.
    fn thin(&mut self) {
        while self.held.len() > HELD / 2 {
            self.mask = (self.mask << 1) | 1;
            let (mask, gone) = (self.mask, &mut self.gone);
            self.held.retain(|order, group| {
                let stays = order & mask == 0;
                if !stays {
                    gone.count(group);
                }
                stays
            });
        }
    }

    /// What all orders say, those that are held too.
    pub fn votes(&self) -> Votes {
        let mut votes = self.gone;
        self.held.values().chain(self.run.iter().map(|(_, group)| group)).for_each(|group| votes.count(group));
        votes
    }
}

/// How a line stands to an amount. A price may be rounded: by up to a minor unit for each further piece.
fn stands(paid: i64, worth: i64, shipping: i64, pieces: i64) -> Line {
    let slack = pieces.saturating_sub(1).max(0);
    let with = worth.saturating_add(shipping.max(0));
    if paid > with.saturating_add(slack) {
        Line::Above
    } else if [worth, with].iter().any(|w| paid.abs_diff(*w) <= slack.unsigned_abs()) {
        Line::Worth
    } else {
        Line::Below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_whatever_the_size_and_enough_orders_end_it() {
        // Single rows only: nothing tells, and little is held.
        let mut orders = Orders::default();
        for n in 0..200_000_u64 {
            orders.add(hash(&n), n, Some(100), Line::Worth);
            assert!(orders.held.len() <= HELD + 1);
        }
        assert!(orders.asks());
        assert_eq!(orders.votes(), Votes::default());
        // A single order of two rows next to each other is found among them.
        orders.add(hash("two"), 1, Some(60), Line::Worth);
        orders.add(hash("two"), 2, Some(40), Line::Worth);
        orders.add(hash("three"), 3, Some(40), Line::Worth);
        assert_eq!(orders.votes().judged(), (Part::LineSummed, false));
    }

    #[test]
    fn orders_whose_rows_stand_far_apart_are_judged_by_some_of_them() {
        let mut orders = Orders::default();
        for row in 0..2_u64 {
            for n in 0..100_000_u64 {
                orders.add(hash(&n), (row << 32) | n, Some(100), Line::Above);
            }
        }
        assert!(orders.held.len() <= HELD + 1);
        assert_eq!(orders.votes().judged(), (Part::LineRepeated, false));
        assert!(!orders.asks(), "{:?}", orders.votes());
    }

    #[test]
    fn a_file_is_read_no_further_than_it_takes() {
        let mut orders = Orders::default();
        let mut rows = 0;
        while orders.asks() {
            orders.add(hash(&(rows / 3)), rows, Some(100), Line::Above);
            rows += 1;
        }
        assert!(rows <= 3 * (ENOUGH + 1), "{rows}");
    }

    #[test]
    fn an_order_of_very_many_rows_is_held_by_some_of_them() {
        let mut orders = Orders::default();
        (0..100_000).for_each(|row| orders.add(1, row, Some(100), Line::Below));
        assert_eq!(orders.held.get(&1).or(orders.run.as_ref().map(|r| &r.1)).map(|g| g.more.len() + 1), Some(ROWS));
        assert_eq!(orders.votes().judged(), (Part::LineRepeated, true));
    }

    #[test]
    fn a_line_paid_above_its_own_worth_speaks_for_the_order() {
        assert!(stands(8_000, 3_000, 0, 1) == Line::Above);
        assert!(stands(3_500, 3_000, 500, 1) == Line::Worth);
        assert!(stands(10_000, 9_999, 0, 3) == Line::Worth, "33.33 is rounded");
        assert!(stands(2_000, 3_000, 0, 1) == Line::Below);
        assert!(stands(i64::MAX, i64::MAX, i64::MAX, i64::MIN) == Line::Worth);
    }
}
