//! The fold that decides who is one person. Pure: key sets and people's decisions in, groups out.
//!
//! The answer depends on *which* key sets and decisions there are and never on the order in which
//! they came. Sets are taken in one order, by first source time and then by what they say, in passes: what
//! people put together, then strong keys, then scoped keys, then (only where the shop has set so)
//! contacts. A join that would give one person two values of a single-valued key, or two account
//! phones by a mere account name, does not happen; the key then lies in two groups, and that is
//! what a review shows. What people put apart never joins.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::model::{KeyClass, KeyKind};

/// A blind token.
pub type Token = [u8; 16];
/// A key set's id.
pub type SetId = [u8; 16];

/// A key as the store compares it: no value, only its token.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// Which value.
    pub token: Token,
    /// Which kind and namespace, for single-valued keys.
    pub slot: u32,
    /// Its kind.
    pub kind: KeyKind,
    /// What it can do.
    pub class: KeyClass,
}

impl Key {
    /// Whether it identifies somebody.
    pub fn identifies(&self) -> bool {
        self.class != KeyClass::Contact
    }

    /// Whether sharing it is worth a look by a person (a name alone is not).
    pub fn proposes(&self) -> bool {
        self.kind != KeyKind::ReceiverName
    }

    fn account_phone(&self) -> bool {
        self.kind == KeyKind::Phone && self.class == KeyClass::Strong
    }
}

/// One key set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Set {
    /// Its id.
    pub id: SetId,
    /// The earliest source time of the records that carry it.
    pub first_seen: i64,
    /// Its place among sets that were first seen in the same instant, by what it says: ids follow
    /// from the merchant's keys, and two stores that hold the same must decide the same.
    pub rank: u32,
    /// Its keys.
    pub keys: Vec<Key>,
}

/// What people decided of two key sets. The latest decision of a pair holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Decision {
    /// When.
    pub at: i64,
    /// Its id, to order decisions of one instant.
    pub id: [u8; 16],
    /// One person, or two.
    pub together: bool,
    /// Of this set
    pub left: SetId,
    /// and that.
    pub right: SetId,
}

/// The shop's choices.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Rules {
    /// Whether contacts join by themselves.
    pub merge_on_contact: bool,
}

/// A group of key sets: one person, or (without any key that identifies) nobody yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Indices of its sets, in canonical order.
    pub sets: Vec<usize>,
    /// Whether any of its keys identifies somebody.
    pub identified: bool,
    /// Whether it shares keys or a decision with another group.
    pub contested: bool,
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folded {
    /// The groups, by their earliest set.
    pub groups: Vec<Group>,
    /// Each set's group, by the index of the set in the input.
    pub group_of: Vec<usize>,
}

#[derive(Clone, Default)]
struct Facts {
    values: BTreeMap<u32, BTreeSet<Token>>,
    phones: BTreeSet<Token>,
    apart: BTreeSet<usize>,
    sets: Vec<usize>,
}

struct Work {
    parent: Vec<usize>,
    facts: Vec<Facts>,
}

fn disjoint(a: &BTreeSet<Token>, b: &BTreeSet<Token>) -> bool {
    !a.is_empty() && !b.is_empty() && a.is_disjoint(b)
}

impl Work {
    fn root(&self, mut i: usize) -> usize {
        while self.parent[i] != i {
            i = self.parent[i];
        }
        i
    }

    fn kept_apart(&self, a: usize, b: usize) -> bool {
        let (x, y) = (&self.facts[a], &self.facts[b]);
        x.apart.iter().any(|i| self.root(*i) == b) || y.apart.iter().any(|i| self.root(*i) == a)
    }

    fn contradict(&self, a: usize, b: usize, phones_too: bool) -> bool {
        let (x, y) = (&self.facts[a], &self.facts[b]);
        let values = x.values.iter().any(|(slot, v)| y.values.get(slot).is_some_and(|w| disjoint(v, w)));
        values || (phones_too && disjoint(&x.phones, &y.phones))
    }

    /// Joins the groups of two sets; the earlier root stays, so that roots are canonical.
    fn join(&mut self, i: usize, j: usize, allowed: impl Fn(&Self, usize, usize) -> bool) {
        let (a, b) = (self.root(i), self.root(j));
        if a == b || self.kept_apart(a, b) || !allowed(self, a, b) {
            return;
        }
        let (keep, gone) = (a.min(b), a.max(b));
        let lost = std::mem::take(&mut self.facts[gone]);
        self.parent[gone] = keep;
        let kept = &mut self.facts[keep];
        for (slot, tokens) in lost.values {
            kept.values.entry(slot).or_default().extend(tokens);
        }
        kept.phones.extend(lost.phones);
        kept.apart.extend(lost.apart);
        kept.sets.extend(lost.sets);
    }
}

/// Whether all of these keys can belong to one person with nothing to look at: at most one value
/// of each single-valued key and at most one account phone. Sets whose keys pass this join alike
/// in any order.
pub fn plain<'a>(keys: impl Iterator<Item = &'a Key>) -> bool {
    let mut values: HashMap<u32, Token> = HashMap::new();
    let mut phone = None;
    for key in keys {
        if key.kind.single_valued() && *values.entry(key.slot).or_insert(key.token) != key.token {
            return false;
        }
        if key.account_phone() && *phone.get_or_insert(key.token) != key.token {
            return false;
        }
    }
    true
}

/// Groups the sets. Decisions about sets that are not among them do nothing.
pub fn assign(sets: &[Set], decisions: &[Decision], rules: Rules) -> Folded {
    let mut order: Vec<usize> = (0..sets.len()).collect();
    order.sort_by_key(|i| (sets[*i].first_seen, sets[*i].rank, sets[*i].id));
    let place: HashMap<SetId, usize> = order.iter().enumerate().map(|(at, i)| (sets[*i].id, at)).collect();
    let sorted: Vec<&Set> = order.iter().map(|i| &sets[*i]).collect();

    let mut latest: BTreeMap<(usize, usize), Decision> = BTreeMap::new();
    for d in decisions {
        let (Some(l), Some(r)) = (place.get(&d.left), place.get(&d.right)) else { continue };
        let slot = latest.entry((*l.min(r), *l.max(r))).or_insert(*d);
        if (slot.at, slot.id) < (d.at, d.id) {
            *slot = *d;
        }
    }

    let facts = sorted.iter().enumerate().map(|(i, s)| facts_of(i, s)).collect();
    let mut work = Work { parent: (0..sorted.len()).collect(), facts };
    for ((l, r), _) in latest.iter().filter(|(_, d)| !d.together) {
        work.facts[*l].apart.insert(*r);
    }
    let mut together: Vec<_> = latest.iter().filter(|(_, d)| d.together).collect();
    together.sort_by_key(|(_, d)| (d.at, d.id));
    for ((l, r), _) in together {
        work.join(*l, *r, |_, _, _| true);
    }
    pass(&sorted, &mut work, |k| k.class == KeyClass::Strong, |w, a, b| !w.contradict(a, b, false));
    pass(&sorted, &mut work, |k| k.class == KeyClass::Scoped, |w, a, b| !w.contradict(a, b, true));
    if rules.merge_on_contact {
        pass(&sorted, &mut work, Key::proposes, |w, a, b| !w.contradict(a, b, true));
    }
    finish(&order, &sorted, &work, latest.keys().copied(), rules)
}

fn facts_of(i: usize, set: &Set) -> Facts {
    let mut facts = Facts { sets: vec![i], ..Facts::default() };
    for key in &set.keys {
        if key.kind.single_valued() {
            facts.values.entry(key.slot).or_default().insert(key.token);
        }
        if key.account_phone() {
            facts.phones.insert(key.token);
        }
    }
    facts
}

fn pass(sorted: &[&Set], work: &mut Work, counts: impl Fn(&Key) -> bool, allowed: impl Fn(&Work, usize, usize) -> bool) {
    let mut holders: HashMap<Token, Vec<usize>> = HashMap::new();
    for (i, set) in sorted.iter().enumerate() {
        let mut tokens: Vec<Token> = set.keys.iter().filter(|k| counts(k)).map(|k| k.token).collect();
        tokens.sort_unstable();
        tokens.dedup();
        // The earliest set first, whichever key leads there.
        let mut earlier: Vec<usize> = tokens.iter().filter_map(|t| holders.get(t)).flatten().copied().collect();
        earlier.sort_unstable();
        earlier.dedup();
        for j in earlier {
            work.join(j, i, &allowed);
        }
        for token in tokens {
            let theirs = holders.entry(token).or_default();
            // One holder a group is enough: a later set meets the same group by any of them.
            if !theirs.iter().any(|j| work.root(*j) == work.root(i)) {
                theirs.push(i);
            }
        }
    }
}

fn finish(order: &[usize], sorted: &[&Set], work: &Work, decided: impl Iterator<Item = (usize, usize)>, rules: Rules) -> Folded {
    let mut groups: Vec<Group> = Vec::new();
    let mut group_at: HashMap<usize, usize> = HashMap::new();
    let mut of_sorted = vec![0; sorted.len()];
    for (i, set) in sorted.iter().enumerate() {
        let g = *group_at.entry(work.root(i)).or_insert_with(|| {
            groups.push(Group { sets: Vec::new(), identified: false, contested: false });
            groups.len() - 1
        });
        groups[g].sets.push(order[i]);
        groups[g].identified |= set.keys.iter().any(Key::identifies);
        of_sorted[i] = g;
    }
    let mut first: HashMap<Token, usize> = HashMap::new();
    for (i, set) in sorted.iter().enumerate() {
        for key in set.keys.iter().filter(|k| k.identifies() || (rules.merge_on_contact && k.proposes())) {
            let g = *first.entry(key.token).or_insert(of_sorted[i]);
            if g != of_sorted[i] {
                groups[g].contested = true;
                groups[of_sorted[i]].contested = true;
            }
        }
    }
    for (l, r) in decided {
        if of_sorted[l] != of_sorted[r] {
            groups[of_sorted[l]].contested = true;
            groups[of_sorted[r]].contested = true;
        }
    }
    let mut group_of = vec![0; sorted.len()];
    for (i, g) in of_sorted.iter().enumerate() {
        group_of[order[i]] = *g;
    }
    Folded { groups, group_of }
}
