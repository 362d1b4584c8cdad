//! One order in several parcels, each with a number of its own and an amount beside it: whether the
//! amount is the parcel's or, repeated, the order's.
//!
//! Parcels that were paid differently were paid apart. Where all say the same, what proves it decides:
//! a parcel that is worth less than the amount cannot have cost that much, parcels that are each worth
//! just the amount were each paid; else how many pieces the amount is said to be for. What nothing
//! proves is counted once and marked.

use super::{Line, OrderRecord};

/// The flag of an order whose parcels leave open whose their amounts are.
pub const UNSURE: &str = "order_amount_unsure";

/// What the rows of one parcel say together.
struct Parcel {
    /// The place of its first row.
    first: usize,
    /// What its lines are worth, and whether each of them says what was paid for it.
    worth: Option<i64>,
    exact: bool,
    pieces: i64,
}

/// Whose the amounts beside parcels are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Whose {
    Parcels,
    Order,
    Unsure,
}

fn worth(line: &Line) -> Option<i64> {
    line.paid.or(line.list)
}

fn parcels(rows: &[OrderRecord]) -> Vec<Parcel> {
    let mut out: Vec<Parcel> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let parcel = match out.iter_mut().find(|p| rows[p.first].parcel == row.parcel) {
            Some(parcel) => parcel,
            None => {
                out.push(Parcel { first: i, worth: Some(0), exact: true, pieces: 0 });
                match out.last_mut() {
                    Some(parcel) => parcel,
                    None => continue,
                }
            }
        };
        for line in &row.lines {
            parcel.worth = parcel.worth.zip(worth(line)).map(|(sum, w)| sum.saturating_add(w));
            parcel.exact &= line.paid.is_some();
            parcel.pieces = parcel.pieces.saturating_add(line.qty);
        }
        if row.lines.is_empty() {
            parcel.worth = None;
        }
    }
    out
}

fn whose(rows: &[OrderRecord], parcels: &[Parcel]) -> Whose {
    let of = |p: &Parcel| &rows[p.first];
    let paid = of(&parcels[0]).paid_stated;
    if parcels.iter().any(|p| of(p).paid_stated != paid) {
        return Whose::Parcels;
    }
    let Some(paid) = paid.filter(|p| *p > 0) else { return Whose::Order };
    let near = |a: i64, b: i64, pieces: i64| a.abs_diff(b) <= pieces.saturating_sub(1).max(0).unsigned_abs();
    let shipping = |p: &Parcel| of(p).shipping.unwrap_or(0).max(0);
    let told: Vec<(&Parcel, i64)> = parcels.iter().filter_map(|p| p.worth.map(|w| (p, w))).collect();
    let priced = told.len() == parcels.len();
    let is_above = |(p, w): &(&Parcel, i64)| paid > w.saturating_add(shipping(p)).saturating_add(p.pieces);
    if told.iter().any(is_above) {
        return Whose::Order;
    }
    if priced && told.iter().all(|(p, w)| near(paid, *w, p.pieces) || near(paid, w.saturating_add(shipping(p)), p.pieces)) {
        return Whose::Parcels;
    }
    let all: i64 = told.iter().fold(0, |sum, (_, w)| sum.saturating_add(*w));
    let pieces: i64 = parcels.iter().fold(0, |sum, p| sum.saturating_add(p.pieces));
    if priced && parcels.iter().all(|p| p.exact) && near(paid, all.saturating_add(shipping(&parcels[0])), pieces) {
        return Whose::Order;
    }
    let counted = |n: &dyn Fn(&Parcel) -> i64| parcels.iter().all(|p| of(p).qty_total == Some(n(p)));
    match (counted(&|p| p.pieces), counted(&|_| pieces)) {
        (true, false) => Whose::Parcels,
        (false, true) => Whose::Order,
        _ => Whose::Unsure,
    }
}

impl OrderRecord {
    /// Adds up what the parcels of one order say, or lets it stand once.
    pub(super) fn settle_parcels(&mut self) {
        if self.rows.iter().any(|r| r.parcel.is_none()) {
            return;
        }
        let parcels = parcels(&self.rows);
        if parcels.len() < 2 {
            return;
        }
        let whose = whose(&self.rows, &parcels);
        self.flags.retain(|f| *f != UNSURE);
        if whose == Whose::Unsure {
            self.flags.push(UNSURE);
        }
        let first = self.rows.iter().position(|r| r.paid.is_some_and(|p| p > 0)).unwrap_or(0);
        let sum = |of: fn(&OrderRecord) -> Option<i64>| match whose {
            Whose::Parcels => parcels.iter().filter_map(|p| of(&self.rows[p.first])).reduce(i64::saturating_add),
            _ => of(&self.rows[first]),
        };
        let (total, shipping, paid, net) = (sum(|o| o.order_total), sum(|o| o.shipping), sum(|o| o.paid), sum(|o| o.net_paid));
        let (stated, pieces) = (sum(|o| o.paid_stated), sum(|o| o.qty_total));
        let (goods, received, tax) = (sum(|o| o.goods_after_discount), sum(|o| o.merchant_received), sum(|o| o.tax));
        (self.order_total, self.shipping, self.paid, self.net_paid, self.paid_stated, self.qty_total) =
            (total, shipping, paid, net, stated, pieces);
        (self.goods_after_discount, self.merchant_received, self.tax) = (goods, received, tax);
        let of_whom: Vec<usize> = if whose == Whose::Parcels { parcels.iter().map(|p| p.first).collect() } else { vec![first] };
        let mut discounts = Vec::new();
        of_whom.iter().for_each(|at| super::add_discounts(&mut discounts, &self.rows[*at].discounts));
        self.discounts = discounts;
        self.settle_lines();
    }

    /// Adds the lines of a further row. Pieces of one line in two parcels are one line.
    pub(super) fn add_lines(&mut self, other: &OrderRecord) {
        let is_apart = other.parcel.is_some() && other.parcel != self.rows.first().and_then(|r| r.parcel.clone());
        for (i, line) in other.lines.iter().enumerate() {
            let same = |l: &Line| is_apart && line.sub_order_no.is_some() && l.sub_order_no == line.sub_order_no && l.code == line.code;
            let Some(place) = self.lines.iter().position(same) else {
                self.lines.push(line.clone());
                self.line_facts.extend(other.line_facts.get(i).copied());
                continue;
            };
            let into = &mut self.lines[place];
            into.qty = into.qty.saturating_add(line.qty);
            super::add(&mut into.list, line.list);
            super::add(&mut into.paid, line.paid);
            if let (Some(a), Some(b)) = (self.line_facts.get_mut(place), other.line_facts.get(i)) {
                a.refunded_in_words &= b.refunded_in_words;
                super::add(&mut a.refund, b.refund);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Discount, Part, Payer};
    use super::*;

    fn row(parcel: &str, paid: i64, worth: i64, share: bool, pieces: i64, total: Option<i64>) -> OrderRecord {
        let line = Line { qty: pieces, list: Some(worth), paid: share.then_some(worth), ..Line::default() };
        OrderRecord {
            part: Part::LineRepeated,
            parcel: Some(parcel.to_owned()),
            internal_no: Some(parcel.to_owned()),
            paid: Some(paid),
            paid_stated: Some(paid),
            qty_total: total,
            lines: vec![line],
            ..OrderRecord::default()
        }
    }

    fn merged(rows: Vec<OrderRecord>) -> (Option<i64>, bool) {
        let mut rows = rows.into_iter();
        let mut first = rows.next().expect("a row");
        rows.for_each(|r| first.merge(r));
        (first.paid, first.flags.contains(&UNSURE))
    }

    #[test]
    fn what_proves_whose_an_amount_is() {
        // Paid apart, also where two of three say the same.
        assert_eq!(
            merged(vec![row("1", 50, 50, false, 1, None), row("2", 50, 50, false, 1, None), row("3", 30, 30, false, 1, None)]),
            (Some(130), false)
        );
        // Each parcel is worth just what stands beside it.
        assert_eq!(merged(vec![row("1", 50, 50, false, 1, None), row("2", 50, 50, false, 1, None)]), (Some(100), false));
        // No parcel is worth as much: the amount is the order's.
        assert_eq!(merged(vec![row("1", 100, 60, false, 1, None), row("2", 100, 40, false, 1, None)]), (Some(100), false));
        // Shares add up to it.
        assert_eq!(merged(vec![row("1", 100, 60, true, 1, None), row("2", 100, 40, true, 1, None)]), (Some(100), false));
        // A discount on the order or on each: pieces tell, or nothing does.
        assert_eq!(merged(vec![row("1", 50, 60, false, 1, Some(1)), row("2", 50, 60, false, 2, Some(2))]), (Some(100), false));
        assert_eq!(merged(vec![row("1", 50, 60, false, 1, Some(3)), row("2", 50, 60, false, 2, Some(3))]), (Some(50), false));
        assert_eq!(merged(vec![row("1", 50, 60, false, 1, None), row("2", 50, 60, false, 2, None)]), (Some(50), true));
    }

    #[test]
    fn what_parcels_were_paid_apart_is_added_up_with_its_discounts() {
        let of = |parcel: &str, paid: i64, off: i64| {
            let discounts = vec![Discount { payer: Payer::Unknown, amount: off, name: "优惠".to_owned() }];
            OrderRecord { discounts, merchant_received: Some(paid), ..row(parcel, paid, paid + off, false, 1, None) }
        };
        let mut apart = of("1", 50, 10);
        apart.merge(of("2", 30, 5));
        assert_eq!((apart.discounts[0].amount, apart.discounts.len(), apart.merchant_received), (15, 1, Some(80)));
        // The same beside each: said once.
        let mut one = of("1", 100, 10);
        one.lines[0].list = Some(60);
        one.merge(OrderRecord { lines: vec![Line { qty: 1, list: Some(50), ..Line::default() }], ..of("2", 100, 10) });
        assert_eq!((one.paid, one.discounts[0].amount, one.merchant_received), (Some(100), 10, Some(100)));
    }

    #[test]
    fn pieces_of_one_line_in_two_parcels_are_one_line() {
        let of = |parcel: &str, pieces: i64| {
            let mut r = row(parcel, 10 * pieces, 10 * pieces, true, pieces, None);
            r.lines[0].sub_order_no = Some("S1".into());
            r
        };
        let mut first = of("1", 2);
        first.merge(of("2", 1));
        assert_eq!((first.lines.len(), first.lines[0].qty, first.lines[0].paid, first.paid), (1, 3, Some(30), Some(30)));
    }
}
