//! One pass over the members of both groups: which bars each is in, and what they bought.

use std::collections::BTreeMap;
use std::sync::Arc;

use shuke_columns::registry::{FIRST_SEEN, Origin, TAG, TIME};
use shuke_columns::slice::Rows;
use shuke_columns::{Ints, People, Registry, Slice};
use shuke_kernel::Result;

use super::attribute::Attribute;
use super::bands;
use super::bars::Key;
use super::metrics::Sums;
use super::question::Question;
use crate::calendar::Reckoning;
use crate::count::matches;
use crate::eval::Set;
use crate::tree::Calendar;

/// Members only in the group, in both, only in what it is compared with.
pub type Counts = [u64; 3];

/// Bars and of how many an attribute is known.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Tally {
    /// Of whom it is known.
    pub known: Counts,
    /// Who is in which bar.
    pub bars: BTreeMap<Key, Counts>,
}

/// What a pass found.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Measured {
    /// Members.
    pub members: Counts,
    /// Bars.
    pub attributes: BTreeMap<Attribute, Tally>,
    /// Sales and acts.
    pub sums: Sums,
    /// What divides the fifths of spending: those of all buyers of the base.
    pub cuts: Vec<i64>,
}

/// Bars of a member: attribute and code.
type Seen = Vec<(Attribute, u32)>;

/// Measures a group beside another; `None` when `cancelled` says so.
pub fn measure(people: &People, question: &Question, cancelled: &(dyn Fn() -> bool + Sync)) -> Result<Option<Measured>> {
    let Some(group) = matches(people, &question.group, &question.reckoning, cancelled)? else { return Ok(None) };
    let Some(against) = matches(people, &question.against, &question.reckoning, cancelled)? else { return Ok(None) };
    let Some(cuts) = fifths(people, question, cancelled) else { return Ok(None) };
    let work: Vec<Work<'_>> = people.slices.iter().zip(&group).zip(&against).collect();
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(work.len()).max(1);
    let some = |part: &[Work<'_>]| {
        let mut mine = Measured::default();
        for ((slice, group), against) in part {
            if cancelled() {
                return None;
            }
            let mut marks = vec![0_u8; slice.len()];
            group.iter().for_each(|m| marks[m as usize] |= 1);
            against.iter().for_each(|m| marks[m as usize] |= 2);
            Pass::of(&people.registry, slice, question, &cuts).members(&marks, &mut mine);
        }
        Some(mine)
    };
    let parts: Vec<Option<Measured>> = std::thread::scope(|scope| {
        let parts: Vec<_> = work.chunks(work.len().div_ceil(threads).max(1)).map(|part| scope.spawn(|| some(part))).collect();
        parts.into_iter().map(|p| p.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let mut all = Measured { cuts, ..Measured::default() };
    for part in parts {
        let Some(part) = part else { return Ok(None) };
        all.and(part);
    }
    Ok(Some(all))
}

/// A slice with its members of the group and of what it is compared with.
type Work<'a> = ((&'a Arc<Slice>, &'a Set), &'a Set);

fn add(into: &mut Counts, more: Counts) {
    into.iter_mut().zip(more).for_each(|(all, one)| *all += one);
}

impl Measured {
    fn and(&mut self, other: Self) {
        add(&mut self.members, other.members);
        self.sums.and(&other.sums);
        for (attribute, tally) in other.attributes {
            let into = self.attributes.entry(attribute).or_default();
            add(&mut into.known, tally.known);
            tally.bars.into_iter().for_each(|(key, counts)| add(into.bars.entry(key).or_default(), counts));
        }
    }
}

/// What divides the buyers of the base into fifths by what they spent: equal ones fall together.
fn fifths(people: &People, question: &Question, cancelled: &dyn Fn() -> bool) -> Option<Vec<i64>> {
    let mut spent: Vec<i64> = Vec::new();
    // What no literal can hold is beyond every cut.
    let held = |net: i128| i64::try_from(net).unwrap_or(if net < 0 { i64::MIN } else { i64::MAX });
    for slice in &people.slices {
        if cancelled() {
            return None;
        }
        let pass = Pass::of(&people.registry, slice, question, &[]);
        let seen = &slice.facts[FIRST_SEEN];
        let base = (0..slice.len()).filter(|m| seen.get(*m).is_some_and(|t| t < question.reckoning.at));
        spent.extend(base.filter_map(|m| pass.spent(m)).map(|s| held(s.net)));
    }
    spent.sort_unstable();
    let mut cuts: Vec<i64> = (1..5).filter_map(|k| spent.get(spent.len() * k / 5).copied()).collect();
    cuts.dedup();
    // A cut at the least would leave a fifth below it empty.
    cuts.retain(|cut| spent.first().is_some_and(|least| cut > least));
    Some(cuts)
}

/// The columns of a table by name.
struct Table<'a> {
    rows: &'a Rows,
    columns: &'a [shuke_columns::registry::Column],
}

impl<'a> Table<'a> {
    fn of(registry: &'a Registry, slice: &'a Slice, name: &str) -> Option<Self> {
        let (at, table) = registry.find_table(name)?;
        Some(Self { rows: slice.tables.get(at)?, columns: &table.columns })
    }

    fn column(&self, name: &str) -> Option<(&'a Ints, Option<usize>)> {
        let at = self.columns.iter().position(|c| &*c.name == name)?;
        Some((self.rows.columns.get(at)?, self.columns[at].words))
    }
}

/// A column, that of a registry without it being missing for all.
#[derive(Clone, Copy)]
struct Cells<'a>(Option<&'a Ints>);

impl Cells<'_> {
    fn get(self, row: usize) -> Option<i64> {
        self.0.and_then(|c| c.get(row))
    }
}

/// What a member spent on goods.
#[derive(Clone, Copy, Default)]
pub(super) struct Spent {
    pub amount: i128,
    pub refunded: i128,
    pub net: i128,
}

/// A slice on its way through.
struct Pass<'a> {
    slice: &'a Slice,
    registry: &'a Registry,
    question: &'a Question,
    reckoning: &'a Reckoning,
    cuts: &'a [i64],
    span: (i64, i64),
    /// The code of the shop; none where orders of all shops count.
    shop: Option<Option<i64>>,
    orders: Option<Table<'a>>,
    lines: Option<Table<'a>>,
    events: Option<Table<'a>>,
    /// Uppermost parts of categories, and for each code of a category which.
    tops: Vec<Box<str>>,
    top_of: Vec<u32>,
}

/// Rows of the member that lie in the span, are purchases as RFM and stage count them, and of the shop.
fn purchases<'a>(pass: &'a Pass<'_>, table: &'a Table<'_>, member: usize) -> impl Iterator<Item = usize> + 'a {
    rows(pass, table, member, "kept")
}

/// The same of everything that was ever paid for.
fn paid_for<'a>(pass: &'a Pass<'_>, table: &'a Table<'_>, member: usize) -> impl Iterator<Item = usize> + 'a {
    rows(pass, table, member, "purchase")
}

fn rows<'a>(pass: &'a Pass<'_>, table: &'a Table<'_>, member: usize, flag: &'static str) -> impl Iterator<Item = usize> + 'a {
    let (time, flag) = (&table.rows.columns[TIME], Cells(table.column(flag).map(|c| c.0)));
    let shop = Cells(table.column("shop").map(|c| c.0));
    table.rows.of.of(member).filter(move |row| {
        time.get(*row).is_some_and(|t| t >= pass.span.0 && t < pass.span.1)
            && flag.get(*row) == Some(1)
            && pass.shop.is_none_or(|wanted| wanted.is_some() && shop.get(*row) == wanted)
    })
}

/// What the goods of these rows came to; none of no rows.
fn sums(lines: &Table<'_>, rows: impl Iterator<Item = usize>) -> Option<Spent> {
    let (amount, refunded) = (Cells(lines.column("amount").map(|c| c.0)), Cells(lines.column("refunded").map(|c| c.0)));
    let mut all: Option<Spent> = None;
    for row in rows {
        let spent = all.get_or_insert_default();
        spent.amount += i128::from(amount.get(row).unwrap_or(0));
        spent.refunded += i128::from(refunded.get(row).unwrap_or(0));
    }
    all.map(|s| Spent { net: s.amount - s.refunded, ..s })
}

impl<'a> Pass<'a> {
    fn of(registry: &'a Arc<Registry>, slice: &'a Slice, question: &'a Question, cuts: &'a [i64]) -> Self {
        let table = |name| Table::of(registry, slice, name);
        let (orders, lines, events) = (table("orders"), table("lines"), table("events"));
        let words = |of: &Option<Table<'a>>, name| of.as_ref().and_then(|t| t.column(name)).and_then(|c| c.1);
        let shops = words(&orders, "shop");
        let shop = question.shop.as_ref().map(|shop| shops.and_then(|v| slice.lexicon.words(v).find(shop)).map(i64::from));
        let mut tops: Vec<Box<str>> = Vec::new();
        let paths = words(&lines, "category").map(|v| slice.lexicon.words(v).since(0).collect::<Vec<_>>()).unwrap_or_default();
        let mut known: BTreeMap<&str, u32> = BTreeMap::new();
        let top_of = paths.into_iter().map(|path| {
            let top = path.split_once('/').map_or(path, |(top, _)| if top.is_empty() { path } else { top });
            *known.entry(top).or_insert_with(|| {
                tops.push(top.into());
                tops.len() as u32 - 1
            })
        });
        let top_of = top_of.collect();
        Self {
            slice,
            registry,
            question,
            reckoning: &question.reckoning,
            cuts,
            span: question.span(),
            shop,
            orders,
            lines,
            events,
            tops,
            top_of,
        }
    }

    /// What a member spent; none who bought nothing.
    fn spent(&self, member: usize) -> Option<Spent> {
        let lines = self.lines.as_ref()?;
        sums(lines, purchases(self, lines, member))
    }

    fn members(&self, marks: &[u8], all: &mut Measured) {
        let mut bars: [Vec<Counts>; Attribute::ALL.len()] = std::array::from_fn(|_| Vec::new());
        let mut known_of = [Counts::default(); Attribute::ALL.len()];
        let mut seen: Seen = Vec::new();
        for (member, mark) in marks.iter().enumerate().filter(|(_, mark)| **mark != 0) {
            let stratum = [0, 0, 2, 1][usize::from(*mark)];
            all.members[stratum] += 1;
            seen.clear();
            let mut known = [false; Attribute::ALL.len()];
            known[Attribute::Tags as usize] = true;
            self.facts(member, &mut seen);
            self.bought(member, &mut seen, &mut known);
            all.sums.add(stratum, &self.deeds(member));
            seen.sort_unstable();
            seen.dedup();
            for (attribute, code) in &seen {
                known[*attribute as usize] = true;
                let (bars, code) = (&mut bars[*attribute as usize], *code as usize);
                if bars.len() <= code {
                    bars.resize(code + 1, Counts::default());
                }
                bars[code][stratum] += 1;
            }
            known_of.iter_mut().zip(known).for_each(|(all, one)| all[stratum] += u64::from(one));
        }
        for ((attribute, bars), known) in Attribute::ALL.into_iter().zip(bars).zip(known_of) {
            let tally = all.attributes.entry(attribute).or_default();
            add(&mut tally.known, known);
            for (code, counts) in bars.into_iter().enumerate().filter(|(_, counts)| counts.iter().any(|n| *n > 0)) {
                add(tally.bars.entry(self.key(attribute, code as u32)).or_default(), counts);
            }
        }
    }

    /// A code of this slice as what it stands for.
    fn key(&self, of: Attribute, code: u32) -> Key {
        let fact = |name: &str| self.registry.find_fact(name).and_then(|f| f.words);
        let column = |table: &Option<Table<'_>>, name: &str| table.as_ref().and_then(|t| t.column(name)).and_then(|c| c.1);
        let words = match of {
            Attribute::Tags => Some(TAG),
            Attribute::Category => return Key::Word(self.tops.get(code as usize).cloned().unwrap_or_default()),
            Attribute::Subcategory => column(&self.lines, "category"),
            Attribute::Platform | Attribute::Shop => column(&self.orders, of.word()),
            Attribute::Gender | Attribute::Province | Attribute::City | Attribute::Source | Attribute::Stage => fact(of.word()),
            _ => None,
        };
        words.map_or(Key::Class(code), |v| Key::Word(self.slice.lexicon.words(v).word(code).into()))
    }

    fn fact(&self, name: &str, member: usize) -> Option<i64> {
        match self.registry.find_fact(name)?.origin {
            Origin::Current(at) => self.slice.facts.get(at)?.get(member),
            _ => None,
        }
    }

    fn facts(&self, member: usize, seen: &mut Seen) {
        for of in [Attribute::Gender, Attribute::Province, Attribute::City, Attribute::Source, Attribute::Stage] {
            let code = self.fact(of.word(), member);
            seen.extend(code.map(|c| (of, c as u32)));
        }
        let province = self.registry.find_fact("province").and_then(|f| f.words).zip(self.fact("province", member));
        let region = province.and_then(|(v, code)| bands::region(self.slice.lexicon.words(v).word(code as u32)));
        seen.extend(region.map(|r| (Attribute::Region, r)));
        let age = self.fact("birthday", member).and_then(|day| self.reckoning.read(Calendar::Age, day, false));
        seen.extend(age.map(|age| (Attribute::Age, bands::place(bands::AGES, |cut| age >= cut) as u32)));
        let (tags, at) = (&self.slice.tags, self.reckoning.at);
        for spell in tags.of.of(member) {
            let holds = tags.from.get(spell).is_some_and(|from| from < at) && tags.to.get(spell).is_none_or(|to| to >= at);
            seen.extend(tags.value.code(spell).filter(|_| holds).map(|code| (Attribute::Tags, code)));
        }
    }

    fn bought(&self, member: usize, seen: &mut Seen, known: &mut [bool]) {
        self.goods(member, seen);
        let Some(table) = &self.orders else { return };
        let column = |name: &str| Cells(table.column(name).map(|c| c.0));
        let (platform, shop, paid, net, discount) = (column("platform"), column("shop"), column("paid"), column("net"), column("discount"));
        let (mut orders, mut net_known, mut net_sum, mut paid_sum, mut discounted) = (0_i64, 0_i128, 0_i128, 0_i128, 0_i128);
        for row in purchases(self, table, member) {
            orders += 1;
            seen.extend(platform.get(row).map(|c| (Attribute::Platform, c as u32)));
            seen.extend(shop.get(row).map(|c| (Attribute::Shop, c as u32)));
            if let Some(net) = net.get(row) {
                (net_known, net_sum) = (net_known + 1, net_sum + i128::from(net));
            }
            paid_sum += i128::from(paid.get(row).unwrap_or(0));
            discounted += i128::from(discount.get(row).unwrap_or(0));
            let Some(time) = table.rows.columns[TIME].get(row) else { continue };
            self.time(time, seen);
        }
        seen.push((Attribute::Orders, bands::place(bands::ORDERS, |cut| orders >= cut) as u32));
        known[Attribute::Occasion as usize] = orders > 0;
        if net_known > 0 {
            seen.push((Attribute::OrderValue, bands::place(bands::ORDER_VALUES, |cut| net_sum >= i128::from(cut) * net_known) as u32));
        }
        share(Attribute::Discount, bands::DISCOUNTS, discounted, discounted + paid_sum, seen);
    }

    fn time(&self, time: i64, seen: &mut Seen) {
        let read = |reading| self.reckoning.read(reading, time, true).unwrap_or(0);
        seen.push((Attribute::Weekday, (read(Calendar::WeekdayOf) - 1) as u32));
        let hour = read(Calendar::HourOf);
        seen.push((Attribute::Hour, bands::place(bands::HOURS, |cut| hour >= cut) as u32));
        seen.push((Attribute::Season, bands::season(read(Calendar::MonthOf))));
        let day = self.reckoning.day(time);
        let on = |days: &[(i64, i64)]| days.iter().any(|(from, to)| (*from..*to).contains(&day));
        let kept = self.question.occasions.iter().enumerate().filter(|(_, o)| on(&o.days));
        seen.extend(kept.map(|(at, _)| (Attribute::Occasion, at as u32)));
    }

    fn goods(&self, member: usize, seen: &mut Seen) {
        let Some(table) = &self.lines else { return };
        let column = |name: &str| Cells(table.column(name).map(|c| c.0));
        let (category, amount, qty) = (column("category"), column("amount"), column("qty"));
        for row in purchases(self, table, member) {
            if let Some(code) = category.get(row).map(|c| c as u32) {
                seen.push((Attribute::Subcategory, code));
                seen.extend(self.top_of.get(code as usize).map(|top| (Attribute::Category, *top)));
            }
            if let (Some(amount), Some(qty)) = (amount.get(row), qty.get(row).filter(|q| *q != 0)) {
                let (amount, qty) = (i128::from(amount) * i128::from(qty.signum()), i128::from(qty.abs()));
                seen.push((Attribute::Price, bands::place(bands::PRICES, |cut| amount >= i128::from(cut) * qty) as u32));
            }
        }
        if let Some(spent) = self.spent(member) {
            seen.push((Attribute::Spend, bands::place(self.cuts, |cut| spent.net >= i128::from(cut)) as u32));
        }
        // What was wholly given back is no purchase, and all the more a refund.
        if let Some(paid) = sums(table, paid_for(self, table, member)) {
            share(Attribute::Refund, bands::REFUNDS, paid.refunded, paid.amount, seen);
        }
    }
}

/// A share of something other than nought in its band, whose first cut is just above nought.
fn share(of: Attribute, cuts: &[i64], part: i128, whole: i128, seen: &mut Seen) {
    if whole == 0 {
        return;
    }
    let (part, whole) = (part * whole.signum(), whole.abs());
    let reaches = |cut: i64| if cut == 1 { part > 0 } else { part * 1_000_000 >= i128::from(cut) * whole };
    seen.push((of, bands::place(cuts, reaches) as u32));
}

/// What a member bought and did in the span.
#[derive(Clone, Copy, Default)]
pub(super) struct Deeds {
    pub orders: u64,
    pub spent: Spent,
    pub carts: u64,
    pub favourites: u64,
    pub views: u64,
}

impl Pass<'_> {
    fn deeds(&self, member: usize) -> Deeds {
        let orders = self.orders.as_ref().map_or(0, |t| purchases(self, t, member).count() as u64);
        let mut deeds = Deeds { orders, spent: self.spent(member).unwrap_or_default(), ..Deeds::default() };
        let Some(table) = &self.events else { return deeds };
        let Some((kind, Some(words))) = table.column("kind") else { return deeds };
        let words = self.slice.lexicon.words(words);
        let codes = ["cart", "favourite", "view"].map(|w| words.find(w));
        for row in table.rows.of.of(member) {
            let inside = table.rows.columns[TIME].get(row).is_some_and(|t| t >= self.span.0 && t < self.span.1);
            let Some(code) = kind.code(row).filter(|_| inside) else { continue };
            for (wanted, count) in codes.iter().zip([&mut deeds.carts, &mut deeds.favourites, &mut deeds.views]) {
                *count += u64::from(*wanted == Some(code));
            }
        }
        deeds
    }
}
