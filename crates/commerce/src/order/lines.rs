//! Which lines an order has, when several documents tell of them.
//!
//! Within one kind of document a line is known by its own number, else by what it sells and its
//! place among equals, so that a later export which leaves rows out does not shift the others.
//! Between kinds, the strongest kind's lines stand, and the others' are matched to them by number,
//! code, title and variant, and fill in what is missing. The newest statement that all lines are
//! told (`lines_whole`) decides which lines there are; without one, none is left out. A line that one
//! document of a kind describes and another leaves without its name is one line ([`unite`]).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::fold::{Precedence, Weighed};
use super::observation::{Doc, LineSaid, Role, State};

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
    said: Vec<Variant<'a>>,
    /// Which statements of all lines, or imports of other statements, speak of it.
    told_by: BTreeSet<Group>,
    /// Whether all of those tell all lines of the order.
    whole: bool,
}

impl<'a> Slot<'a> {
    fn newest(&self) -> Option<&'a Precedence> {
        self.said.iter().map(|v| v.precedence).max()
    }

    /// Its place in the newest of its documents.
    fn place(&self) -> Option<(&'a Precedence, Reverse<u32>)> {
        self.said.iter().map(|v| (v.precedence, Reverse(v.line.ordinal))).max()
    }
}

/// What the statements of a line tell, to be laid beside another's.
struct Told<'a> {
    /// What tells goods apart: code, title, variant, the platform's id and the outer code.
    words: [BTreeSet<&'a str>; 5],
    /// Price, list and paid.
    amounts: [BTreeSet<i64>; 3],
    quantities: BTreeSet<i64>,
    places: BTreeSet<u32>,
    is_goods: bool,
}

impl<'a> Told<'a> {
    fn of(slot: &Slot<'a>) -> Self {
        let mut told = Self {
            words: Default::default(),
            amounts: Default::default(),
            quantities: BTreeSet::new(),
            places: BTreeSet::new(),
            is_goods: true,
        };
        for line in slot.said.iter().map(|v| v.line) {
            for (known, text) in told.words.iter_mut().zip([&line.sku, &line.title, &line.spec, &line.product_id, &line.outer_code]) {
                known.extend(text.as_deref().map(str::trim).filter(|t| !t.is_empty()));
            }
            for (known, amount) in told.amounts.iter_mut().zip([line.unit_price, line.list, line.paid]) {
                known.extend(amount);
            }
            told.quantities.insert(line.quantity);
            told.places.insert(line.ordinal);
            told.is_goods &= line.role == Role::Goods;
        }
        told
    }

    fn words(&self) -> usize {
        self.words.iter().filter(|known| !known.is_empty()).count()
    }

    /// Whether `other` says all that this one does of the goods, and more, of as many pieces, and no
    /// amount of the two differs.
    fn may_be(&self, other: &Self) -> bool {
        let amounts = self.amounts.iter().zip(&other.amounts);
        self.is_goods
            && other.is_goods
            && self.words() < other.words()
            && self.words.iter().zip(&other.words).all(|(own, theirs)| own.is_empty() || !own.is_disjoint(theirs))
            && !self.quantities.is_disjoint(&other.quantities)
            && amounts.into_iter().all(|(own, theirs)| own.is_empty() || theirs.is_empty() || !own.is_disjoint(theirs))
    }
}

/// Takes lines that one telling of all lines leaves without their name, code or variant together with the
/// lines that another describes at the same place. Answers what each became. Rows of documents that
/// tell some lines only stay as they are: which of them are the same nothing proves. Nothing here hangs
/// on which import came first.
fn unite<'a>(family: &mut BTreeMap<Key<'a>, Slot<'a>>) -> BTreeMap<Key<'a>, Key<'a>> {
    let mut became = BTreeMap::new();
    // Of most orders one document told all lines, and none of them is another.
    let mut by = family.values().map(|slot| &slot.told_by);
    if by.next().is_none_or(|first| by.all(|other| other == first)) {
        return became;
    }
    let comparable = |(key, slot): &(&Key<'a>, &Slot<'a>)| slot.whole && matches!(key, Key::Goods(..));
    let mut all: BTreeMap<Key<'a>, Told<'a>> = family.iter().filter(comparable).map(|(key, slot)| (key.clone(), Told::of(slot))).collect();
    let mut at: BTreeMap<u32, Vec<Key<'a>>> = BTreeMap::new();
    for (key, told) in &all {
        told.places.iter().for_each(|place| at.entry(*place).or_default().push(key.clone()));
    }
    let mut lesser: Vec<(usize, Key<'a>)> = all.iter().map(|(key, told)| (told.words(), key.clone())).collect();
    lesser.sort();
    for (_, key) in lesser {
        let (Some(told), Some(slot)) = (all.get(&key), family.get(&key)) else { continue };
        let beside = told.places.iter().filter_map(|place| at.get(place)).flatten().filter(|k| **k != key);
        let fits = beside
            .filter_map(|k| Some((k, family.get(k)?, all.get(k)?)))
            .filter(|(_, other, theirs)| told.may_be(theirs) && slot.told_by.is_disjoint(&other.told_by));
        let Some(chosen) = fits.max_by_key(|(k, other, _)| (other.newest(), *k)).map(|(k, ..)| k.clone()) else { continue };
        let Some(slot) = family.remove(&key) else { continue };
        all.remove(&key);
        if let Some(into) = family.get_mut(&chosen) {
            into.said.extend(slot.said);
            into.told_by.extend(slot.told_by);
            all.insert(chosen.clone(), Told::of(into));
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
        // What tells all lines stands for itself; rows of the rest are counted over their import.
        if w.imports.is_empty() || w.said.lines_whole {
            put(Group::Alone(w.precedence.hash));
            continue;
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
    docs.sort_by_key(|d| (whole.as_ref().is_none_or(|w| w.0 != *d), Reverse(d.strength())));
    let mut lines: Vec<Merged<'a>> = Vec::new();
    for (nth, doc) in docs.into_iter().enumerate() {
        let Some(family) = families.remove(&doc) else { continue };
        let mut slots: Vec<(Key<'a>, Slot<'a>)> = family.into_iter().collect();
        slots.sort_by_cached_key(|(key, slot)| (slot.place().map(|(_, Reverse(ordinal))| ordinal), key.clone()));
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
