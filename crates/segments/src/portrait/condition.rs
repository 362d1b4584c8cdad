//! A bar as a condition on members.

use super::attribute::Attribute;
use super::bands::{self, Band};
use super::question::Question;
use crate::tree::{Agg, Calendar, Compare, Cond, Fold, Literal, Name, Operand, Rows, Value};

/// Millionths.
const MILLION: i64 = shuke_columns::registry::MILLION;

fn col(name: &str) -> Value {
    Value::Col(name.into())
}

fn fact(name: &str) -> Value {
    Value::Fact(name.into())
}

fn is(value: Value, literal: Literal) -> Cond {
    Cond::Compare(Compare::Eq, value, Operand::Literal(literal))
}

fn all(mut args: Vec<Cond>) -> Cond {
    if args.len() == 1 { args.remove(0) } else { Cond::And(args) }
}

/// A value in a band, its ends literals as `literal` makes them.
fn within(value: Value, band: Band, literal: impl Fn(i64) -> Literal) -> Cond {
    match (band.from, band.to) {
        (Some(from), Some(to)) => Cond::Between(value, literal(from), literal(to)),
        (Some(from), None) => Cond::Compare(Compare::Ge, value, Operand::Literal(literal(from))),
        (None, Some(to)) => Cond::Compare(Compare::Lt, value, Operand::Literal(literal(to))),
        (None, None) => Cond::Not(Box::new(Cond::IsMissing(value))),
    }
}

/// The same of a share, whose first band is nought and whose second begins above it.
fn share(value: Value, band: Band) -> Cond {
    let beside = |compare, at: i64| Cond::Compare(compare, value.clone(), Operand::Literal(Literal::Dec(at)));
    match (band.from, band.to) {
        (None, Some(_)) => beside(Compare::Le, 0),
        (Some(1), Some(to)) => all(vec![beside(Compare::Gt, 0), beside(Compare::Lt, to)]),
        _ => within(value, band, Literal::Dec),
    }
}

impl Question {
    /// Rows of purchases, as RFM and stage count them, of which this is true too.
    fn purchases(&self, table: &str, more: impl IntoIterator<Item = Cond>) -> Rows {
        self.rows(table, "kept", more)
    }

    fn rows(&self, table: &str, flag: &str, more: impl IntoIterator<Item = Cond>) -> Rows {
        let shop = self.shop.iter().map(|shop| is(col("shop"), Literal::Text(shop.clone())));
        let filter = std::iter::once(is(col(flag), Literal::Bool(true))).chain(shop).chain(more).collect();
        Rows { table: table.into(), filter: Some(Box::new(all(filter))), window: self.window(), on: None }
    }

    fn bought(&self, table: &str, more: Cond) -> Cond {
        Cond::Exists(self.purchases(table, [more]))
    }

    fn sum(&self, table: &str, of: &str) -> Value {
        Value::Agg(Box::new(Agg { fold: Fold::Sum, of: Some(of.into()), rows: self.purchases(table, []) }))
    }

    /// What a buyer paid for goods less what was given back.
    fn net(&self) -> Value {
        Value::Sub(Box::new([self.sum("lines", "amount"), self.sum("lines", "refunded")]))
    }

    fn order_value(&self) -> Value {
        Value::Agg(Box::new(Agg { fold: Fold::Avg, of: Some("net".into()), rows: self.purchases("orders", []) }))
    }

    fn discount(&self) -> Value {
        let sum = |of| self.sum("orders", of);
        Value::Ratio(Box::new([sum("discount"), Value::Add(vec![sum("discount"), sum("paid")])]))
    }

    fn refund(&self) -> Value {
        // What was wholly given back is no purchase, and all the more a refund.
        let sum = |of: &str| Value::Agg(Box::new(Agg { fold: Fold::Sum, of: Some(of.into()), rows: self.rows("lines", "purchase", []) }));
        Value::Ratio(Box::new([sum("refunded"), sum("amount")]))
    }

    fn price() -> Value {
        Value::Ratio(Box::new([col("amount"), col("qty")]))
    }

    /// Members of whom an attribute is missing; none where it never is.
    pub fn missing(&self, of: Attribute) -> Option<Cond> {
        let unknown = |table: &str, value: Value| Cond::Not(Box::new(self.bought(table, Cond::Not(Box::new(Cond::IsMissing(value))))));
        Some(match of {
            Attribute::Tags | Attribute::Orders => return None,
            Attribute::Gender | Attribute::Province | Attribute::City | Attribute::Source | Attribute::Stage => {
                Cond::IsMissing(fact(of.word()))
            }
            Attribute::Age => Cond::IsMissing(Value::Calendar(Calendar::Age, Box::new(fact("birthday")))),
            // Where a province is in none of the parts, the part is missing as well.
            Attribute::Region => {
                let known = bands::REGIONS.iter().flat_map(|(_, _, all)| all.iter());
                let known = Cond::In(fact("province"), known.map(|p| Literal::Text((*p).into())).collect());
                Cond::Or(vec![Cond::IsMissing(fact("province")), Cond::Not(Box::new(known))])
            }
            Attribute::Spend => Cond::Not(Box::new(Cond::Exists(self.purchases("lines", [])))),
            Attribute::Category | Attribute::Subcategory => unknown("lines", col("category")),
            Attribute::Price => unknown("lines", Self::price()),
            Attribute::OrderValue => Cond::IsMissing(self.order_value()),
            Attribute::Platform | Attribute::Shop | Attribute::Weather | Attribute::Temperature => unknown("orders", col(of.word())),
            Attribute::Discount => Cond::IsMissing(self.discount()),
            Attribute::Refund => Cond::IsMissing(self.refund()),
            Attribute::Weekday | Attribute::Hour | Attribute::Season | Attribute::Occasion => {
                Cond::Not(Box::new(Cond::Exists(self.purchases("orders", []))))
            }
        })
    }

    /// Members in the bar of a word.
    pub fn word(&self, of: Attribute, word: &str) -> Cond {
        let text = || Literal::Text(word.into());
        match of {
            Attribute::Tags => Cond::Tags { all: false, tags: vec![word.into()], added: None },
            Attribute::Category => self.bought("lines", Cond::Under(col("category"), vec![Name::from(word)])),
            Attribute::Subcategory => self.bought("lines", is(col("category"), text())),
            Attribute::Platform | Attribute::Shop | Attribute::Weather => self.bought("orders", is(col(of.word()), text())),
            _ => is(fact(of.word()), text()),
        }
    }

    /// Members in the bar of a class. `cuts` are those between the fifths of spending.
    pub fn class(&self, of: Attribute, class: u32, cuts: &[i64]) -> Cond {
        let at = class as usize;
        let band = |cuts: &[i64]| bands::between(cuts).get(at).copied().unwrap_or(Band { from: None, to: None });
        match of {
            Attribute::Age => within(Value::Calendar(Calendar::Age, Box::new(fact("birthday"))), band(bands::AGES), Literal::Int),
            Attribute::Spend => all(vec![Cond::Exists(self.purchases("lines", [])), within(self.net(), band(cuts), Literal::Fen)]),
            Attribute::Region => {
                let provinces = bands::REGIONS.get(at).map_or(&[][..], |(_, _, all)| *all);
                Cond::In(fact("province"), provinces.iter().map(|p| Literal::Text((*p).into())).collect())
            }
            Attribute::Price => {
                self.bought("lines", within(Self::price(), band(bands::PRICES), |fen| Literal::Dec(fen.saturating_mul(MILLION))))
            }
            Attribute::Orders => {
                let count = Value::Agg(Box::new(Agg { fold: Fold::Count, of: None, rows: self.purchases("orders", []) }));
                within(count, band(bands::ORDERS), Literal::Int)
            }
            Attribute::OrderValue => within(self.order_value(), band(bands::ORDER_VALUES), Literal::Fen),
            Attribute::Weekday => self.at(Calendar::WeekdayOf, |time| is(time, Literal::Int(i64::from(class) + 1))),
            Attribute::Hour => self.at(Calendar::HourOf, |time| within(time, band(bands::HOURS), Literal::Int)),
            Attribute::Discount => share(self.discount(), band(bands::DISCOUNTS)),
            Attribute::Refund => share(self.refund(), band(bands::REFUNDS)),
            Attribute::Season => {
                let months = bands::SEASONS.get(at).copied().unwrap_or_default();
                self.at(Calendar::MonthOf, |time| Cond::In(time, months.iter().map(|m| Literal::Int(*m)).collect()))
            }
            Attribute::Occasion => self.occasion(at),
            Attribute::Temperature => self.bought("orders", within(col("temperature"), band(bands::TEMPERATURES), Literal::Dec)),
            _ => Cond::All,
        }
    }

    /// Members who placed an order of which a reading of its time is so.
    fn at(&self, reading: Calendar, so: impl Fn(Value) -> Cond) -> Cond {
        self.bought("orders", so(Value::Calendar(reading, Box::new(col("time")))))
    }

    fn occasion(&self, at: usize) -> Cond {
        let Some(occasion) = self.occasions.get(at) else { return Cond::All };
        let instant = |day: i64| Literal::Instant(self.reckoning.start_of(day));
        let keeping = |(from, to): &(i64, i64)| Cond::Between(col("time"), instant(*from), instant(*to));
        let mut keepings: Vec<Cond> = occasion.days.iter().map(keeping).collect();
        self.bought("orders", if keepings.len() == 1 { keepings.remove(0) } else { Cond::Or(keepings) })
    }
}
