//! Which lines an order has, when several documents tell of them.
//!
//! Within one kind of document a line is known by its own number, else by what it sells and its
//! place among equals, so that a later export which leaves rows out does not shift the others.
//! Between kinds, the strongest kind's lines stand, and the others' are matched to them by number,
//! code, title and variant, and fill in what is missing. The newest statement that all lines are
//! told (`lines_whole`) decides which lines there are; without one, none is left out. A line that one
//! document of a kind describes and another leaves without its name is one line ([`unite`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::fold::{Precedence, Weighed};
use super::observation::{Doc, LineSaid, State};

/// A line with everything that was said of it, newest first.
pub(super) struct Merged<'a> {
    /// The statements.
    pub said: Vec<Variant<'a>>,
}

/// One statement about a line.
#[derive(Clone, Copy)]
pub(super) struct Variant<'a> {
    /// How new it is.
    pub precedence: &'a Precedence,
    /// Whether its document has a source time.
    pub timed: bool,
    /// What it says.
    pub line: &'a LineSaid,
}

impl<'a> Merged<'a> {
    /// The newest statement that tells.
    pub fn pick<T>(&self, f: impl Fn(&'a LineSaid) -> Option<T>) -> Option<T> {
        self.said.iter().find_map(|v| f(v.line))
    }

    /// Whether any statement says so.
    pub fn any(&self, f: impl Fn(&LineSaid) -> bool) -> bool {
        self.said.iter().any(|v| f(v.line))
    }

    /// The line's own state.
    pub fn state(&self) -> Option<State> {
        furthest(self.said.iter().filter_map(|v| Some((v.timed.then_some(v.precedence.time), v.line.state?))))
    }

    fn word(&self, f: impl Fn(&'a LineSaid) -> Option<&'a String>) -> Option<&'a str> {
        self.pick(|l| f(l).map(|t| t.trim()).filter(|t| !t.is_empty()))
    }
}

/// Of statements with a source time the newest holds, of those without one the furthest; of the
/// two the further. So no older statement takes an order back, whatever the order of arrival.
pub(super) fn furthest(said: impl Iterator<Item = (Option<i64>, State)>) -> Option<State> {
    let (mut timed, mut untimed): (Option<(i64, State)>, Option<State>) = (None, None);
    for (time, state) in said {
        match time {
            Some(t) => timed = timed.max(Some((t, state))),
            None => untimed = untimed.max(Some(state)),
        }
    }
    timed.map(|t| t.1).max(untimed)
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Id(&'a str),
    Goods([&'a str; 3], u32),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Import(i64),
    Alone([u8; 16]),
}

fn goods(line: &LineSaid) -> [&str; 3] {
    fn of(t: &Option<String>) -> &str {
        t.as_deref().map_or("", str::trim)
    }
    match (of(&line.sku), of(&line.title)) {
        ("", "") => [of(&line.product_id), of(&line.outer_code), of(&line.spec)],
        ("", title) => ["", title, of(&line.spec)],
        (sku, _) => [sku, "", ""],
    }
}

struct Slot<'a> {
    ordinal: u32,
    said: Vec<Variant<'a>>,
    /// Which imports, or statements of none, speak of it.
    told_by: BTreeSet<Group>,
    /// Whether all of those tell all lines of the order.
    whole: bool,
}

/// What tells goods apart, a line's known ones of these.
const TRAITS: [fn(&LineSaid) -> &Option<String>; 5] = [|l| &l.sku, |l| &l.title, |l| &l.spec, |l| &l.product_id, |l| &l.outer_code];

impl<'a> Slot<'a> {
    fn known(&self, field: fn(&LineSaid) -> &Option<String>) -> BTreeSet<&'a str> {
        self.said.iter().filter_map(|v| field(v.line).as_deref()).map(str::trim).filter(|t| !t.is_empty()).collect()
    }

    fn is_nameless(&self) -> bool {
        TRAITS[..2].iter().all(|field| self.known(*field).is_empty())
    }

    /// How many of the traits are told.
    fn told(&self) -> usize {
        TRAITS.iter().filter(|field| !self.known(**field).is_empty()).count()
    }

    fn places(&self) -> BTreeSet<u32> {
        self.said.iter().map(|v| v.line.ordinal).collect()
    }

    /// Whether `other` says all that this one does of the goods, and more: as many pieces at the same
    /// price, told by documents none of which has both.
    fn may_be(&self, other: &Self) -> bool {
        let fits = |field: &fn(&LineSaid) -> &Option<String>| {
            let own = self.known(*field);
            own.is_empty() || !own.is_disjoint(&other.known(*field))
        };
        let quantities = |s: &Self| -> BTreeSet<i64> { s.said.iter().map(|v| v.line.quantity).collect() };
        let prices = |s: &Self| -> BTreeSet<i64> { s.said.iter().filter_map(|v| v.line.unit_price).collect() };
        let (own, others) = (prices(self), prices(other));
        self.told() < other.told()
            && (self.is_nameless() || (self.whole && other.whole))
            && self.told_by.is_disjoint(&other.told_by)
            && TRAITS.iter().all(fits)
            && !quantities(self).is_disjoint(&quantities(other))
            && (own.is_empty() || others.is_empty() || !own.is_disjoint(&others))
    }

    fn newest(&self) -> Option<&'a Precedence> {
        self.said.iter().map(|v| v.precedence).max()
    }
}

/// Takes lines that one document leaves without their name, code or variant together with the lines that
/// another of its kind describes: the one at the same place, else the only one that it may be. Answers
/// what each became. Nothing here hangs on which import came first.
fn unite<'a>(family: &mut BTreeMap<Key<'a>, Slot<'a>>) -> BTreeMap<Key<'a>, Key<'a>> {
    let mut became = BTreeMap::new();
    // Of most orders one document told all lines, and none of them is another.
    let mut by = family.values().map(|slot| &slot.told_by);
    if by.next().is_none_or(|first| by.all(|other| other == first)) {
        return became;
    }
    let mut lesser: Vec<(usize, Key<'a>)> =
        family.iter().filter(|(key, _)| matches!(key, Key::Goods(..))).map(|(key, slot)| (slot.told(), key.clone())).collect();
    lesser.sort();
    for (_, key) in lesser {
        let Some(slot) = family.get(&key) else { continue };
        let fits: Vec<_> = family.iter().filter(|(k, other)| matches!(k, Key::Goods(..)) && **k != key && slot.may_be(other)).collect();
        let at_its_place = fits.iter().filter(|(_, other)| !slot.places().is_disjoint(&other.places()));
        let chosen = match (at_its_place.max_by_key(|(k, other)| (other.newest(), *k)), &fits[..]) {
            (Some((k, _)), _) | (None, [(k, _)]) => (*k).clone(),
            _ => continue,
        };
        let Some(slot) = family.remove(&key) else { continue };
        if let Some(into) = family.get_mut(&chosen) {
            into.said.extend(slot.said);
            into.told_by.extend(slot.told_by);
            into.whole &= slot.whole;
        }
        became.insert(key, chosen);
    }
    became
}

/// The lines of an order, and whether a document told them all.
pub(super) fn merge<'a>(weighed: &'a [Weighed<'a>]) -> Vec<Merged<'a>> {
    let telling: Vec<&Weighed<'_>> = weighed.iter().filter(|w| !w.said.lines.is_empty()).collect();
    if let [only] = telling[..] {
        let mut lines: Vec<&LineSaid> = only.said.lines.iter().collect();
        lines.sort_by_key(|l| l.ordinal);
        return lines.into_iter().map(|line| Merged { said: vec![variant(only, line)] }).collect();
    }
    let mut groups: BTreeMap<(Doc, Group), Vec<(&Weighed<'_>, &LineSaid)>> = BTreeMap::new();
    for w in &telling {
        let mut put = |group| groups.entry((w.said.doc, group)).or_default().extend(w.said.lines.iter().map(|l| (*w, l)));
        if w.imports.is_empty() {
            put(Group::Alone(w.precedence.hash));
        }
        for import in w.imports {
            put(Group::Import(*import));
        }
    }
    let mut families: BTreeMap<Doc, BTreeMap<Key<'_>, Slot<'_>>> = BTreeMap::new();
    let mut whole: Option<(&Precedence, Doc, BTreeSet<Key<'_>>)> = None;
    for ((doc, group), mut lines) in groups {
        lines.sort_by(|a, b| {
            (a.1.ordinal, &a.1.id, goods(a.1)).cmp(&(b.1.ordinal, &b.1.id, goods(b.1))).then_with(|| b.0.precedence.cmp(a.0.precedence))
        });
        let newest_whole = lines.iter().filter(|(w, _)| w.said.lines_whole).map(|(w, _)| w.precedence).max();
        let mut keys = BTreeSet::new();
        let mut seen: HashMap<[&str; 3], u32> = HashMap::new();
        let mut previous: Option<(&LineSaid, Key<'_>)> = None;
        for (w, line) in lines {
            // Two rows for one place are two statements about one line.
            let repeated = previous.as_ref().filter(|(p, _)| p.ordinal == line.ordinal && p.id == line.id && goods(p) == goods(line));
            let key = match (repeated, &line.id) {
                (Some((_, key)), _) => key.clone(),
                (None, Some(id)) => Key::Id(id),
                (None, None) => {
                    let nth = seen.entry(goods(line)).or_insert(0);
                    *nth += 1;
                    Key::Goods(goods(line), *nth)
                }
            };
            previous = Some((line, key.clone()));
            keys.insert(key.clone());
            let slot = families.entry(doc).or_default().entry(key).or_insert_with(|| Slot {
                ordinal: line.ordinal,
                said: Vec::new(),
                told_by: BTreeSet::new(),
                whole: true,
            });
            slot.said.push(variant(w, line));
            slot.told_by.insert(group);
            slot.whole &= w.said.lines_whole;
        }
        if let Some(precedence) = newest_whole
            && whole.as_ref().is_none_or(|w| precedence > w.0)
        {
            whole = Some((precedence, doc, keys));
        }
    }
    for (doc, family) in &mut families {
        let became = unite(family);
        if let Some((_, _, keys)) = whole.as_mut().filter(|w| w.1 == *doc && !became.is_empty()) {
            // What a line became may have become another in its turn.
            let last = |key: &Key<'a>| std::iter::successors(Some(key), |k| became.get(*k)).last().unwrap_or(key).clone();
            *keys = keys.iter().map(last).collect();
        }
    }
    join(families, whole.map(|(_, doc, keys)| (doc, keys)))
}

fn variant<'a>(w: &Weighed<'a>, line: &'a LineSaid) -> Variant<'a> {
    Variant { precedence: w.precedence, timed: w.said.source_time.is_some(), line }
}

fn join<'a>(mut families: BTreeMap<Doc, BTreeMap<Key<'a>, Slot<'a>>>, whole: Option<(Doc, BTreeSet<Key<'a>>)>) -> Vec<Merged<'a>> {
    if let Some((doc, keys)) = &whole
        && let Some(family) = families.get_mut(doc)
    {
        family.retain(|key, _| keys.contains(key));
    }
    let mut docs: Vec<Doc> = families.keys().copied().collect();
    docs.sort_by_key(|d| (whole.as_ref().is_none_or(|w| w.0 != *d), std::cmp::Reverse(d.strength())));
    let mut lines: Vec<Merged<'a>> = Vec::new();
    for (nth, doc) in docs.into_iter().enumerate() {
        let Some(family) = families.remove(&doc) else { continue };
        let mut slots: Vec<(Key<'a>, Slot<'a>)> = family.into_iter().collect();
        slots.sort_by(|a, b| (a.1.ordinal, &a.0).cmp(&(b.1.ordinal, &b.0)));
        let mut more: Vec<Option<Merged<'a>>> = slots
            .into_iter()
            .map(|(_, mut slot)| {
                slot.said.sort_by(|a, b| b.precedence.cmp(a.precedence));
                // One document under two imports says it once.
                slot.said.dedup_by(|a, b| std::ptr::eq(a.line, b.line));
                Some(Merged { said: slot.said })
            })
            .collect();
        if nth == 0 {
            lines = more.into_iter().flatten().collect();
            continue;
        }
        enrich(&mut lines, &mut more);
        if whole.is_none() {
            lines.extend(more.into_iter().flatten());
        }
    }
    for line in &mut lines {
        line.said.sort_by(|a, b| b.precedence.cmp(a.precedence));
    }
    lines
}

/// Takes out of `more` what is about one of `lines`, by the surest likeness first.
fn enrich<'a>(lines: &mut [Merged<'a>], more: &mut [Option<Merged<'a>>]) {
    let mut taken = vec![false; lines.len()];
    type Alike = fn(&Merged<'_>, &Merged<'_>) -> bool;
    fn same(a: Option<&str>, b: Option<&str>) -> bool {
        a.is_some() && a == b
    }
    let passes: [Alike; 6] = [
        |a, b| same(a.word(|l| l.id.as_ref()), b.word(|l| l.id.as_ref())),
        |a, b| same(a.word(|l| l.sku.as_ref()), b.word(|l| l.sku.as_ref())) && a.pick(|l| Some(l.quantity)) == b.pick(|l| Some(l.quantity)),
        |a, b| same(a.word(|l| l.sku.as_ref()), b.word(|l| l.sku.as_ref())),
        |a, b| {
            same(a.word(|l| l.title.as_ref()), b.word(|l| l.title.as_ref())) && a.word(|l| l.spec.as_ref()) == b.word(|l| l.spec.as_ref())
        },
        |a, b| same(a.word(|l| l.product_id.as_ref()), b.word(|l| l.product_id.as_ref())),
        |a, b| same(a.word(|l| l.title.as_ref()), b.word(|l| l.title.as_ref())),
    ];
    for alike in passes {
        for slot in more.iter_mut() {
            let Some(other) = slot else { continue };
            if let Some(at) = lines.iter().enumerate().position(|(i, line)| !taken[i] && alike(line, other)) {
                taken[at] = true;
                if let Some(other) = slot.take() {
                    lines[at].said.extend(other.said);
                }
            }
        }
    }
    // One line on either side that nothing else fits: the same line told in other words.
    let left: Vec<usize> = (0..lines.len()).filter(|i| !taken[*i]).collect();
    if let ([at], 1) = (&left[..], more.iter().flatten().count()) {
        for other in more.iter_mut().filter_map(Option::take) {
            lines[*at].said.extend(other.said);
        }
    }
}
