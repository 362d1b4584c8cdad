//! A slice on its way through: which bars each of its members is in, and what they bought and did.

use std::collections::BTreeMap;
use std::sync::Arc;

use shuke_columns::registry::{FIRST_SEEN, Origin, TAG, TIME};
use shuke_columns::{Ints, Registry, Slice};

use super::ahead::{ActsAhead, LinesAhead, NONE, OrderRows, OrdersAhead, UNTOLD};
use super::attribute::Attribute;
use super::bands;
use super::bars::Key;
use super::day::{self, Days};
use super::measure::{Measured, add};
use super::question::Question;
use super::spending::Spending;
use super::tables::{Acts, KEPT, Lines, Meant, Orders, PAID, Table};
use super::tallies::Bars;
use crate::calendar::Reckoning;

/// Attributes that are facts of the member, with words.
pub(super) const FACTS: [Attribute; 5] = [Attribute::Gender, Attribute::Province, Attribute::City, Attribute::Source, Attribute::Stage];

/// Where a member belongs by the mark.
pub(super) const STRATA: [usize; 4] = [0, 0, 2, 1];

/// What a member spent on goods.
#[derive(Clone, Copy, Default)]
pub(super) struct Spent {
    pub amount: i128,
    pub refunded: i128,
}

impl Spent {
    /// Adds a line, where it counts.
    #[inline]
    fn add(&mut self, counts: bool, amount: i64, refunded: i64) {
        // No branch: which lines count cannot be guessed.
        let mask = -i64::from(counts);
        self.amount += i128::from(amount & mask);
        self.refunded += i128::from(refunded & mask);
    }

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

/// Rows as they are laid out, table by table.
#[derive(Default)]
struct Ahead {
    lines: LinesAhead,
    orders: OrdersAhead,
    acts: ActsAhead,
}

/// A slice on its way through.
pub(super) struct Pass<'a> {
    pub(super) slice: &'a Slice,
    registry: &'a Registry,
    pub(super) reckoning: &'a Reckoning,
    days: &'a Days<'a>,
    orders: Option<Orders<'a>>,
    lines: Option<Lines<'a>>,
    acts: Option<Acts<'a>>,
    pub(super) facts: [(Option<&'a Ints>, Option<usize>); FACTS.len()],
    pub(super) birthday: Option<&'a Ints>,
    /// For each code of a province its part of the country.
    pub(super) region_of: Vec<Option<u32>>,
    /// Uppermost parts of categories, and for each code of a category which.
    tops: Vec<Box<str>>,
    top_of: Vec<u32>,
}

fn fact<'a>(registry: &'a Registry, slice: &'a Slice, name: &str) -> (Option<&'a Ints>, Option<usize>) {
    let Some(fact) = registry.find_fact(name) else { return (None, None) };
    match fact.origin {
        Origin::Current(at) => (slice.facts.get(at), fact.words),
        _ => (None, fact.words),
    }
}

impl<'a> Pass<'a> {
    pub(super) fn of(registry: &'a Arc<Registry>, slice: &'a Slice, question: &'a Question, days: &'a Days<'a>) -> Self {
        let table = |name| Table::of(registry, slice, name);
        let (orders, lines, events) = (table("orders"), table("lines"), table("events"));
        let span = question.span();
        // The code of the shop; none where orders of all shops count.
        let shop = question.shop.as_ref().map(|shop| {
            let words = orders.as_ref().and_then(|t| t.words("shop"));
            words.and_then(|v| slice.lexicon.words(v).find(shop)).map(i64::from)
        });
        let meant = |table: &Table<'a>| Meant::of(table, span, shop);
        let facts = FACTS.map(|of| fact(registry, slice, of.word()));
        let (_, provinces) = fact(registry, slice, Attribute::Province.word());
        let regions = provinces.map(|v| slice.lexicon.words(v).since(0).map(bands::region).collect());
        let (tops, top_of) = tops(slice, lines.as_ref().and_then(|t| t.words("category")));
        Self {
            slice,
            registry,
            reckoning: &question.reckoning,
            days,
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
                Some(Acts { rows: t.rows, time: &t.rows.columns[TIME], kind, codes, span })
            }),
            facts,
            birthday: fact(registry, slice, "birthday").0,
            region_of: regions.unwrap_or_default(),
            tops,
            top_of,
        }
    }

    /// Goes through the members that are marked: 1 of the group, 2 of what it is compared with. What all
    /// members of the base spent is told beside.
    pub(super) fn members(&self, marks: &[u8]) -> (Measured, Spending) {
        let (mut all, mut bars, mut spending, mut ahead) = (Measured::default(), Bars::new(), Spending::default(), Ahead::default());
        self.who(marks, &mut bars);
        let seen = &self.slice.facts[FIRST_SEEN];
        for (member, mark) in marks.iter().enumerate() {
            let is_base = seen.get(member).is_some_and(|t| t < self.reckoning.at);
            if *mark == 0 {
                if is_base && let Some(spent) = self.spent(member, &mut ahead) {
                    spending.add(spent.net(), None, true);
                }
                continue;
            }
            let stratum = STRATA[usize::from(*mark)];
            all.members[stratum] += 1;
            bars.next(stratum);
            bars.know(Attribute::Tags);
            let mut deeds = Deeds::default();
            if let Some(spent) = self.goods(member, &mut bars, &mut ahead) {
                deeds.net = spent.net();
                spending.add(spent.net(), Some(stratum), is_base);
            }
            self.bought(member, &mut bars, &mut deeds, &mut ahead);
            self.acted(member, &mut deeds, &mut ahead);
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
        (all, spending)
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

    /// What a member spent; none who bought nothing.
    fn spent(&self, member: usize, ahead: &mut Ahead) -> Option<Spent> {
        let table = self.lines.as_ref()?;
        let rows = ahead.lines.rows(table, table.rows.of.of(member));
        let mut spent = Spent::default();
        let mut met = 0;
        for ((meant, amount), refunded) in rows.meant.iter().zip(rows.amount).zip(rows.refunded) {
            met |= meant;
            spent.add(meant & KEPT != 0, *amount, *refunded);
        }
        (met & KEPT != 0).then_some(spent)
    }

    /// What a member bought; what they spent, none who bought nothing.
    fn goods(&self, member: usize, bars: &mut Bars, ahead: &mut Ahead) -> Option<Spent> {
        let table = self.lines.as_ref()?;
        let rows = table.rows.of.of(member);
        if rows.is_empty() {
            return None;
        }
        let rows = ahead.lines.rows(table, rows);
        let (mut spent, mut paid, mut met, mut prices) = (Spent::default(), Spent::default(), 0, 0);
        let columns = rows.amount.iter().zip(rows.refunded).zip(rows.category).zip(rows.price);
        for (meant, (((amount, refunded), category), price)) in rows.meant.iter().zip(columns) {
            met |= meant;
            let is_kept = meant & KEPT != 0;
            spent.add(is_kept, *amount, *refunded);
            paid.add(meant & PAID != 0, *amount, *refunded);
            prices |= if is_kept { *price } else { 0 };
            if is_kept
                && *category != NONE
                && bars.meets(Attribute::Subcategory, *category)
                && let Some(top) = self.top_of.get(*category as usize)
            {
                bars.meet(Attribute::Category, *top);
            }
        }
        bars.meet_all(Attribute::Price, prices.into());
        // What was wholly given back is no purchase, and all the more a refund.
        if met & PAID != 0 {
            share(Attribute::Refund, bands::REFUNDS, paid.refunded, paid.amount, bars);
        }
        (met & KEPT != 0).then_some(spent)
    }

    fn bought(&self, member: usize, bars: &mut Bars, deeds: &mut Deeds, ahead: &mut Ahead) {
        let Some(table) = &self.orders else { return };
        let all = table.rows.of.of(member);
        let mut totals = Totals::default();
        if !all.is_empty() {
            let rows = ahead.orders.rows(table, all.clone());
            self.orders(table, all.start, &rows, bars, &mut totals);
        }
        deeds.orders = totals.orders;
        let orders = i64::try_from(deeds.orders).unwrap_or(i64::MAX);
        bars.meet(Attribute::Orders, bands::place(bands::ORDERS, |cut| orders >= cut) as u32);
        if orders == 0 {
            return;
        }
        bars.know(Attribute::Occasion);
        bars.meet_all(Attribute::Weekday, totals.when >> day::WEEKDAYS & ((1 << bands::WEEKDAYS.len()) - 1));
        bars.meet_all(Attribute::Season, totals.when >> day::SEASONS & ((1 << bands::SEASONS.len()) - 1));
        bars.meet_all(Attribute::Hour, totals.when >> day::HOURS);
        let Totals { net_known, net, .. } = totals;
        if net_known > 0 {
            let class = bands::place(bands::ORDER_VALUES, |cut| net >= i128::from(cut) * i128::from(net_known));
            bars.meet(Attribute::OrderValue, class as u32);
        }
        share(Attribute::Discount, bands::DISCOUNTS, totals.discounted, totals.discounted + totals.paid, bars);
    }

    /// A member's orders, the first of which is at that row.
    #[inline]
    fn orders(&self, table: &Orders<'_>, first: usize, rows: &OrderRows<'_>, bars: &mut Bars, totals: &mut Totals) {
        let (nets_known, times_known) = (table.net.is_all_known(), table.time.all_known());
        for (at, _) in rows.meant.iter().enumerate().filter(|(_, meant)| **meant & KEPT != 0) {
            totals.orders += 1;
            for (of, code) in [(Attribute::Platform, rows.platform[at]), (Attribute::Shop, rows.shop[at])] {
                if code != NONE {
                    bars.meet(of, code);
                }
            }
            match rows.weather[at] {
                NONE => bars.blank(Attribute::Weather),
                code => bars.meet(Attribute::Weather, code),
            }
            match rows.temperature[at] {
                UNTOLD => bars.blank(Attribute::Temperature),
                band => bars.meet(Attribute::Temperature, band.into()),
            }
            if nets_known || table.net.get(first + at).is_some() {
                totals.net_known += 1;
                totals.net += i128::from(rows.net[at]);
            }
            totals.paid += i128::from(rows.paid[at]);
            totals.discounted += i128::from(rows.discount[at]);
            if times_known || table.time.is_known(first + at) {
                let (day, hour) = self.reckoning.day_and_hour(rows.time[at]);
                totals.when |= day::hour(hour);
                self.days.read(day, |read| {
                    totals.when |= read.when;
                    read.occasions.iter().for_each(|at| bars.meet(Attribute::Occasion, *at));
                });
            }
        }
    }

    fn acted(&self, member: usize, deeds: &mut Deeds, ahead: &mut Ahead) {
        let Some(acts) = &self.acts else { return };
        let rows = acts.rows.of.of(member);
        if rows.is_empty() {
            return;
        }
        let mut counts = [0_u64; 4];
        ahead.acts.rows(acts, rows).iter().for_each(|which| counts[usize::from(*which & 3)] += 1);
        [_, deeds.carts, deeds.favourites, deeds.views] = counts;
    }
}

/// What a member's orders come to.
#[derive(Default)]
struct Totals {
    orders: u64,
    /// Bits of [`day`].
    when: u32,
    net_known: u64,
    net: i128,
    paid: i128,
    discounted: i128,
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
