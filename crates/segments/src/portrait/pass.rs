//! A slice on its way through: which bars each of its members is in, and what they bought and did.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use shuke_columns::registry::{Origin, TAG, TIME};
use shuke_columns::{Ints, Registry, Slice};

use super::attribute::Attribute;
use super::bands;
use super::bars::Key;
use super::measure::{Measured, add};
use super::question::Question;
use super::tables::{Acts, KEPT, Lines, Orders, PAID, Table, meant};
use super::tallies::Bars;
use crate::calendar::Reckoning;
use crate::tree::Calendar;

/// Attributes that are facts of the member, with words.
const FACTS: [Attribute; 5] = [Attribute::Gender, Attribute::Province, Attribute::City, Attribute::Source, Attribute::Stage];

/// What a member spent on goods.
#[derive(Clone, Copy, Default)]
pub(super) struct Spent {
    pub amount: i128,
    pub refunded: i128,
}

impl Spent {
    /// Less what was given back.
    pub(super) fn net(self) -> i128 {
        self.amount - self.refunded
    }
}

/// What a member bought and did in the span.
#[derive(Clone, Copy, Default)]
pub(super) struct Deeds {
    pub orders: u64,
    pub net: i128,
    pub carts: u64,
    pub favourites: u64,
    pub views: u64,
}

/// What is read off a day on which something was bought.
struct DayRead {
    weekday: u32,
    season: u32,
    occasions: Vec<u32>,
}

/// A slice on its way through.
pub(super) struct Pass<'a> {
    slice: &'a Slice,
    registry: &'a Registry,
    question: &'a Question,
    reckoning: &'a Reckoning,
    cuts: &'a [i64],
    span: (i64, i64),
    orders: Option<Orders<'a>>,
    lines: Option<Lines<'a>>,
    acts: Option<Acts<'a>>,
    facts: [(Option<&'a Ints>, Option<usize>); FACTS.len()],
    birthday: Option<&'a Ints>,
    /// For each code of a province its part of the country.
    region_of: Vec<Option<u32>>,
    /// Uppermost parts of categories, and for each code of a category which.
    tops: Vec<Box<str>>,
    top_of: Vec<u32>,
    days: RefCell<BTreeMap<i64, Rc<DayRead>>>,
}

fn fact<'a>(registry: &'a Registry, slice: &'a Slice, name: &str) -> (Option<&'a Ints>, Option<usize>) {
    let Some(fact) = registry.find_fact(name) else { return (None, None) };
    match fact.origin {
        Origin::Current(at) => (slice.facts.get(at), fact.words),
        _ => (None, fact.words),
    }
}

impl<'a> Pass<'a> {
    pub(super) fn of(registry: &'a Arc<Registry>, slice: &'a Slice, question: &'a Question, cuts: &'a [i64]) -> Self {
        let table = |name| Table::of(registry, slice, name);
        let (orders, lines, events) = (table("orders"), table("lines"), table("events"));
        let span = question.span();
        // The code of the shop; none where orders of all shops count.
        let shop = question.shop.as_ref().map(|shop| {
            let words = orders.as_ref().and_then(|t| t.words("shop"));
            words.and_then(|v| slice.lexicon.words(v).find(shop)).map(i64::from)
        });
        let meant = |table: &Table<'_>| meant(table, span, shop);
        let facts = FACTS.map(|of| fact(registry, slice, of.word()));
        let (_, provinces) = fact(registry, slice, Attribute::Province.word());
        let regions = provinces.map(|v| slice.lexicon.words(v).since(0).map(bands::region).collect());
        let (tops, top_of) = tops(slice, lines.as_ref().and_then(|t| t.words("category")));
        Self {
            slice,
            registry,
            question,
            reckoning: &question.reckoning,
            cuts,
            span,
            orders: orders.map(|t| Orders {
                rows: t.rows,
                meant: meant(&t),
                time: &t.rows.columns[TIME],
                platform: t.cells("platform"),
                shop: t.cells("shop"),
                paid: t.cells("paid"),
                net: t.cells("net"),
                discount: t.cells("discount"),
                weather: t.cells("weather"),
                temperature: t.cells("temperature"),
                words: [t.words("platform"), t.words("shop"), t.words("weather")],
            }),
            lines: lines.map(|t| Lines {
                rows: t.rows,
                meant: meant(&t),
                category: t.cells("category"),
                amount: t.cells("amount"),
                refunded: t.cells("refunded"),
                qty: t.cells("qty"),
                words: t.words("category"),
            }),
            acts: events.and_then(|t| {
                let (kind, words) = t.column("kind")?;
                let words = slice.lexicon.words(words?);
                let codes = ["cart", "favourite", "view"].map(|w| words.find(w));
                Some(Acts { rows: t.rows, time: &t.rows.columns[TIME], kind, codes })
            }),
            facts,
            birthday: fact(registry, slice, "birthday").0,
            region_of: regions.unwrap_or_default(),
            tops,
            top_of,
            days: RefCell::default(),
        }
    }

    /// What a member spent; none who bought nothing.
    pub(super) fn spent(&self, member: usize) -> Option<Spent> {
        let lines = self.lines.as_ref()?;
        let mut all: Option<Spent> = None;
        for row in lines.rows.of.of(member).filter(|row| lines.meant[*row] & KEPT != 0) {
            lines.add(row, all.get_or_insert_default());
        }
        all
    }

    /// Goes through the members that are marked: 1 of the group, 2 of what it is compared with.
    pub(super) fn members(&self, marks: &[u8]) -> Measured {
        let (mut all, mut bars) = (Measured::default(), Bars::new());
        for (member, mark) in marks.iter().enumerate().filter(|(_, mark)| **mark != 0) {
            let stratum = [0, 0, 2, 1][usize::from(*mark)];
            all.members[stratum] += 1;
            bars.next(stratum);
            bars.know(Attribute::Tags);
            self.who(member, &mut bars);
            let mut deeds = Deeds::default();
            self.goods(member, &mut bars, &mut deeds);
            self.bought(member, &mut bars, &mut deeds);
            self.acted(member, &mut deeds);
            all.sums.add(stratum, &deeds);
        }
        for (((attribute, bars), known), blank) in Attribute::ALL.into_iter().zip(bars.bars).zip(bars.known).zip(bars.blank) {
            let tally = all.attributes.entry(attribute).or_default();
            add(&mut tally.blank, blank);
            add(&mut tally.known, known.counts);
            for (code, met) in bars.into_iter().enumerate().filter(|(_, met)| met.last > 0) {
                add(tally.bars.entry(self.key(attribute, code as u32)).or_default(), met.counts);
            }
        }
        all
    }

    /// A code of this slice as what it stands for.
    fn key(&self, of: Attribute, code: u32) -> Key {
        let words = match of {
            Attribute::Tags => Some(TAG),
            Attribute::Category => return Key::Word(self.tops.get(code as usize).cloned().unwrap_or_default()),
            Attribute::Subcategory => self.lines.as_ref().and_then(|t| t.words),
            Attribute::Platform => self.orders.as_ref().and_then(|t| t.words[0]),
            Attribute::Shop => self.orders.as_ref().and_then(|t| t.words[1]),
            Attribute::Weather => self.orders.as_ref().and_then(|t| t.words[2]),
            of if FACTS.contains(&of) => self.registry.find_fact(of.word()).and_then(|f| f.words),
            _ => None,
        };
        words.map_or(Key::Class(code), |v| Key::Word(self.slice.lexicon.words(v).word(code).into()))
    }

    fn who(&self, member: usize, bars: &mut Bars) {
        for (of, (column, _)) in FACTS.into_iter().zip(&self.facts) {
            let Some(code) = column.and_then(|c| c.code(member)) else { continue };
            bars.meet(of, code);
            if of == Attribute::Province
                && let Some(Some(region)) = self.region_of.get(code as usize)
            {
                bars.meet(Attribute::Region, *region);
            }
        }
        let birthday = self.birthday.and_then(|c| c.get(member));
        if let Some(age) = birthday.and_then(|day| self.reckoning.read(Calendar::Age, day, false)) {
            bars.meet(Attribute::Age, bands::place(bands::AGES, |cut| age >= cut) as u32);
        }
        let (tags, at) = (&self.slice.tags, self.reckoning.at);
        for spell in tags.of.of(member) {
            let holds = tags.from.get(spell).is_some_and(|from| from < at) && tags.to.get(spell).is_none_or(|to| to >= at);
            if let Some(code) = tags.value.code(spell).filter(|_| holds) {
                bars.meet(Attribute::Tags, code);
            }
        }
    }

    fn bought(&self, member: usize, bars: &mut Bars, deeds: &mut Deeds) {
        let Some(table) = &self.orders else { return };
        let (mut net_known, mut net_sum, mut paid_sum, mut discounted) = (0_i128, 0_i128, 0_i128, 0_i128);
        for row in table.rows.of.of(member).filter(|row| table.meant[*row] & KEPT != 0) {
            deeds.orders += 1;
            for (of, column) in [(Attribute::Platform, table.platform), (Attribute::Shop, table.shop)] {
                if let Some(code) = column.get(row) {
                    bars.meet(of, code as u32);
                }
            }
            match table.weather.get(row) {
                Some(code) => bars.meet(Attribute::Weather, code as u32),
                None => bars.blank(Attribute::Weather),
            }
            match table.temperature.get(row) {
                Some(degrees) => bars.meet(Attribute::Temperature, bands::place(bands::TEMPERATURES, |cut| degrees >= cut) as u32),
                None => bars.blank(Attribute::Temperature),
            }
            if let Some(net) = table.net.get(row) {
                (net_known, net_sum) = (net_known + 1, net_sum + i128::from(net));
            }
            paid_sum += i128::from(table.paid.get(row).unwrap_or(0));
            discounted += i128::from(table.discount.get(row).unwrap_or(0));
            if let Some(time) = table.time.get(row) {
                self.time(time, bars);
            }
        }
        let orders = i64::try_from(deeds.orders).unwrap_or(i64::MAX);
        bars.meet(Attribute::Orders, bands::place(bands::ORDERS, |cut| orders >= cut) as u32);
        if orders > 0 {
            bars.know(Attribute::Occasion);
        }
        if net_known > 0 {
            bars.meet(Attribute::OrderValue, bands::place(bands::ORDER_VALUES, |cut| net_sum >= i128::from(cut) * net_known) as u32);
        }
        share(Attribute::Discount, bands::DISCOUNTS, discounted, discounted + paid_sum, bars);
    }

    fn time(&self, time: i64, bars: &mut Bars) {
        let day = self.day(self.reckoning.day(time));
        bars.meet(Attribute::Weekday, day.weekday);
        bars.meet(Attribute::Season, day.season);
        day.occasions.iter().for_each(|at| bars.meet(Attribute::Occasion, *at));
        if let Some(hour) = self.reckoning.read(Calendar::HourOf, time, true) {
            bars.meet(Attribute::Hour, bands::place(bands::HOURS, |cut| hour >= cut) as u32);
        }
    }

    /// What a day is: many orders fall on one, and a calendar of years has hundreds of occasions.
    fn day(&self, day: i64) -> Rc<DayRead> {
        let mut days = self.days.borrow_mut();
        let read = days.entry(day).or_insert_with(|| {
            let read = |reading| self.reckoning.read(reading, day, false).unwrap_or(1);
            let on = |days: &[(i64, i64)]| days.iter().any(|(from, to)| (*from..*to).contains(&day));
            let kept = self.question.occasions.iter().enumerate().filter(|(_, o)| on(&o.days));
            Rc::new(DayRead {
                weekday: (read(Calendar::WeekdayOf) - 1) as u32,
                season: bands::season(read(Calendar::MonthOf)),
                occasions: kept.map(|(at, _)| at as u32).collect(),
            })
        });
        read.clone()
    }

    fn goods(&self, member: usize, bars: &mut Bars, deeds: &mut Deeds) {
        let Some(table) = &self.lines else { return };
        let (mut spent, mut paid): (Option<Spent>, Option<Spent>) = (None, None);
        for row in table.rows.of.of(member) {
            let meant = table.meant[row];
            if meant & PAID != 0 {
                table.add(row, paid.get_or_insert_default());
            }
            if meant & KEPT == 0 {
                continue;
            }
            table.add(row, spent.get_or_insert_default());
            if let Some(code) = table.category.get(row).map(|c| c as u32) {
                bars.meet(Attribute::Subcategory, code);
                if let Some(top) = self.top_of.get(code as usize) {
                    bars.meet(Attribute::Category, *top);
                }
            }
            if let (Some(amount), Some(qty)) = (table.amount.get(row), table.qty.get(row).filter(|q| *q != 0)) {
                let (amount, qty) = (i128::from(amount) * i128::from(qty.signum()), i128::from(qty.abs()));
                bars.meet(Attribute::Price, bands::place(bands::PRICES, |cut| amount >= i128::from(cut) * qty) as u32);
            }
        }
        if let Some(spent) = spent {
            deeds.net = spent.net();
            bars.meet(Attribute::Spend, bands::place(self.cuts, |cut| spent.net() >= i128::from(cut)) as u32);
        }
        // What was wholly given back is no purchase, and all the more a refund.
        if let Some(paid) = paid {
            share(Attribute::Refund, bands::REFUNDS, paid.refunded, paid.amount, bars);
        }
    }

    fn acted(&self, member: usize, deeds: &mut Deeds) {
        let Some(acts) = &self.acts else { return };
        for row in acts.rows.of.of(member) {
            let inside = acts.time.get(row).is_some_and(|t| t >= self.span.0 && t < self.span.1);
            let Some(code) = acts.kind.code(row).filter(|_| inside) else { continue };
            for (wanted, count) in acts.codes.iter().zip([&mut deeds.carts, &mut deeds.favourites, &mut deeds.views]) {
                *count += u64::from(*wanted == Some(code));
            }
        }
    }
}

/// The uppermost parts of the categories of a slice, and for each code of a category which.
fn tops(slice: &Slice, words: Option<usize>) -> (Vec<Box<str>>, Vec<u32>) {
    let mut tops: Vec<Box<str>> = Vec::new();
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    let paths = words.map(|v| slice.lexicon.words(v).since(0).collect::<Vec<_>>()).unwrap_or_default();
    let top_of = paths.into_iter().map(|path| {
        let top = path.split_once('/').map_or(path, |(top, _)| if top.is_empty() { path } else { top });
        *known.entry(top).or_insert_with(|| {
            tops.push(top.into());
            tops.len() as u32 - 1
        })
    });
    let top_of = top_of.collect();
    (tops, top_of)
}

/// A share of something other than nought in its band, whose first cut is just above nought.
fn share(of: Attribute, cuts: &[i64], part: i128, whole: i128, bars: &mut Bars) {
    if whole == 0 {
        return;
    }
    let (part, whole) = (part * whole.signum(), whole.abs());
    let reaches = |cut: i64| if cut == 1 { part > 0 } else { part * 1_000_000 >= i128::from(cut) * whole };
    bars.meet(of, bands::place(cuts, reaches) as u32);
}
