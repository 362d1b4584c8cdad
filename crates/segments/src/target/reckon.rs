//! How far a group is from what is wished of it, and who outside it would bring it nearer.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shuke_columns::{People, Slice};
use shuke_kernel::{Error, Result};

pub(crate) use super::wish::UNITS;
use super::wish::{self, MILLION, Wish, any};
use crate::calendar::Reckoning;
use crate::check::Expression;
use crate::count::matches;
use crate::eval::{Matches, Set};
use crate::portrait::{marked, two_sided};
use crate::tree::{Cond, Name};
use crate::uses::Uses;
use crate::write;

/// The normal quantile of 97.5 %.
const Z: f64 = 1.959_963_984_540_054;

/// Members of the group and of the base, of whom an attribute is known and who have what is wished.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Counted {
    /// Of the group, those of whom the attribute is known.
    pub known: u64,
    /// Of these, those with one of the values.
    pub count: u64,
    /// The same of all members.
    pub base_known: u64,
    /// The same of all members.
    pub base_count: u64,
}

/// A wish and what there is of it.
#[derive(Clone, PartialEq, Debug)]
pub struct WishStanding {
    /// What is wished.
    pub wish: Wish,
    /// What there is.
    pub counted: Counted,
    /// The 95 % interval of the share that there is (Wilson); none where it is known of nobody.
    pub interval: Option<(f64, f64)>,
    /// Whether the share is told apart from what is wished, all wishes judged together.
    pub distinct: bool,
}

impl WishStanding {
    /// Whether there is less than is wished. Of a group of whom nothing is known, all is wanting.
    pub fn is_short(&self) -> bool {
        let Counted { known, count, .. } = self.counted;
        known == 0 || i128::from(count) * i128::from(MILLION) < i128::from(self.wish.share) * i128::from(known)
    }

    /// Of the members there are, how many more would have the values if it were as wished; below nought where
    /// more have them. Rounded away from what there is.
    pub fn people(&self) -> i64 {
        let missing = self.millionths();
        let whole = if missing >= 0 { missing + i128::from(MILLION) - 1 } else { missing - i128::from(MILLION) + 1 };
        (whole / i128::from(MILLION)) as i64
    }

    /// How many would have to join, all of them with the values, until the share is as wished; none where no
    /// number is enough, 0 where nothing is wanting.
    pub fn to_join(&self) -> Option<u64> {
        let (missing, rest) = (self.millionths(), i128::from(MILLION - self.wish.share));
        if missing <= 0 {
            return (self.counted.known > 0).then_some(0);
        }
        (rest > 0).then(|| ((missing + rest - 1) / rest) as u64)
    }

    /// Members wanting among those there are, in millionths of one.
    fn millionths(&self) -> i128 {
        i128::from(self.wish.share) * i128::from(self.counted.known) - i128::from(self.counted.count) * i128::from(MILLION)
    }
}

/// Members outside the group who would close at least so many gaps.
#[derive(Clone, PartialEq, Debug)]
pub struct Level {
    /// How many.
    pub gaps: usize,
    /// How many members.
    pub members: u64,
    /// They, as an expression.
    pub cond: Cond,
}

/// How a group stands to what is wished of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Standing {
    /// The group, as a condition.
    pub group: Cond,
    /// Members of the group.
    pub members: u64,
    /// Members of the base.
    pub base: u64,
    /// The wishes, in their order.
    pub wishes: Vec<WishStanding>,
    /// Who would close gaps, those who close most first; none where there is no gap.
    pub levels: Vec<Level>,
}

/// What is wanting of all wishes together, in millionths: the shortfalls of the shares added up.
pub fn shortfall<'a>(all: impl IntoIterator<Item = (&'a Wish, &'a Counted)>) -> i64 {
    let each = all.into_iter().map(|(wish, c)| {
        let share = (i128::from(c.count) * i128::from(MILLION)).checked_div(i128::from(c.known)).unwrap_or(0);
        (wish.share - share as i64).max(0)
    });
    each.sum()
}

/// Facts that the columns are asked for.
pub fn facts(group: &Expression, wishes: &[Wish], reckoning: &Reckoning) -> std::collections::BTreeSet<Name> {
    let question = wish::question(reckoning);
    let mut all = vec![group.root.clone()];
    all.extend(wishes.iter().flat_map(|w| [w.cond(&question), w.missing(&question)]).flatten());
    Uses::of(&Expression { root: Cond::And(all), segments: group.segments.clone() }).facts
}

/// Reckons; `None` when `cancelled` says so.
pub fn reckon(
    people: &People,
    group: &Expression,
    wishes: &[Wish],
    reckoning: &Reckoning,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Standing>> {
    let asked = Asked { people, group, reckoning, cancelled };
    let (Some(inside), Some(base)) = (asked.of(&group.root)?, asked.of(&Cond::All)?) else { return Ok(None) };
    let question = wish::question(reckoning);
    let mut missing: BTreeMap<&str, Option<Matches>> = BTreeMap::new();
    let (mut told, mut found) = (Vec::new(), Vec::new());
    for wish in wishes {
        let unknown = || Error::fault(format!("a wish of {} is none", wish.attribute));
        let cond = wish.cond(&question).ok_or_else(unknown)?;
        let Some(with) = asked.of(&cond)? else { return Ok(None) };
        if !missing.contains_key(&*wish.attribute) {
            let of = match wish.missing(&question) {
                Some(cond) => match asked.of(&cond)? {
                    Some(of) => Some(of),
                    None => return Ok(None),
                },
                None => None,
            };
            missing.insert(&wish.attribute, of);
        }
        let without = missing.get(&*wish.attribute).and_then(Option::as_ref);
        let known = |all: &Matches| size(all) - without.map_or(0, |w| common(all, w));
        let counted =
            Counted { known: known(&inside), count: common(&inside, &with), base_known: known(&base), base_count: common(&base, &with) };
        told.push(WishStanding { wish: wish.clone(), counted, interval: wilson(counted), distinct: false });
        found.push((cond, with));
    }
    let p: Vec<f64> = told.iter().map(|t| chance(t.counted, t.wish.share)).collect();
    told.iter_mut().zip(marked(&p)).for_each(|(t, distinct)| t.distinct = distinct && t.counted.known > 0);
    let levels = levels(&group.root, &units(&told, found), &inside, &base, people);
    let (members, base) = (size(&inside), size(&base));
    Ok(Some(Standing { group: group.root.clone(), members, base, wishes: told, levels }))
}

struct Asked<'a> {
    people: &'a People,
    group: &'a Expression,
    reckoning: &'a Reckoning,
    cancelled: &'a (dyn Fn() -> bool + Sync),
}

impl Asked<'_> {
    fn of(&self, cond: &Cond) -> Result<Option<Matches>> {
        let expression = Expression { root: cond.clone(), segments: self.group.segments.clone() };
        matches(self.people, &expression, self.reckoning, self.cancelled)
    }
}

fn size(of: &Matches) -> u64 {
    of.iter().map(|s| s.len() as u64).sum()
}

fn common(a: &Matches, b: &Matches) -> u64 {
    let words = a.iter().zip(b).flat_map(|(a, b)| a.words().iter().zip(b.words()));
    words.map(|(a, b)| u64::from((a & b).count_ones())).sum()
}

/// A thing that members are sought by: a wanting value of an attribute with one a member counts together
/// with the others of it, of one with several by itself.
type Unit = (Vec<Cond>, Vec<Matches>);

fn units(told: &[WishStanding], found: Vec<(Cond, Matches)>) -> Vec<Unit> {
    let mut units: Vec<(Option<&str>, Unit)> = Vec::new();
    for (standing, (cond, with)) in told.iter().zip(found).filter(|(s, _)| s.is_short()) {
        let single = standing.wish.of().filter(|of| !of.is_multiple()).map(|_| &*standing.wish.attribute);
        match units.iter_mut().find(|(of, _)| single.is_some() && *of == single) {
            Some((_, (conds, all))) => {
                conds.push(cond);
                all.push(with);
            }
            None => units.push((single, (vec![cond], vec![with]))),
        }
    }
    units.into_iter().map(|(_, unit)| unit).collect()
}

fn levels(group: &Cond, units: &[Unit], inside: &Matches, base: &Matches, people: &People) -> Vec<Level> {
    let mut by_gaps = vec![0_u64; units.len() + 1];
    for (at, slice) in people.slices.iter().enumerate() {
        candidates(slice, units, (&inside[at], &base[at]), at, &mut by_gaps);
    }
    let conds: Vec<Cond> = units.iter().map(|(conds, _)| any(conds.clone())).collect();
    let level = |gaps: usize| Level { gaps, members: by_gaps[gaps..].iter().sum(), cond: closers(group, &conds, gaps) };
    (1..=units.len()).rev().map(level).collect()
}

fn candidates(slice: &Arc<Slice>, units: &[Unit], (inside, base): (&Set, &Set), at: usize, by_gaps: &mut [u64]) {
    let mut gaps = vec![0_u8; slice.len()];
    for (_, sets) in units {
        // Two words may be one value (浙江, 浙江省): whoever has it closes one gap, not two.
        let mut met = vec![false; if sets.len() > 1 { slice.len() } else { 0 }];
        for m in sets.iter().flat_map(|of| of[at].iter()).map(|m| m as usize) {
            if !met.get_mut(m).is_some_and(|met| std::mem::replace(met, true)) {
                gaps[m] += 1;
            }
        }
    }
    base.iter().filter(|m| !inside.contains(*m)).for_each(|m| by_gaps[usize::from(gaps[m as usize])] += 1);
}

/// Who is not in the group and has at least so many of these.
pub(super) fn closers(group: &Cond, units: &[Cond], gaps: usize) -> Cond {
    Cond::And(vec![Cond::Not(Box::new(group.clone())), at_least(gaps, units)])
}

/// At least so many of these, `1 ≤ n ≤ of.len()`.
fn at_least(n: usize, of: &[Cond]) -> Cond {
    if n <= 1 {
        return any(of.to_vec());
    }
    if n >= of.len() {
        return Cond::And(of.to_vec());
    }
    let with_the_first = match at_least(n - 1, &of[1..]) {
        Cond::And(rest) => Cond::And(std::iter::once(of[0].clone()).chain(rest).collect()),
        rest => Cond::And(vec![of[0].clone(), rest]),
    };
    any(vec![with_the_first, at_least(n, &of[1..])])
}

/// The longest expressions that a target may come to, for the language's limits.
pub(crate) fn longest(group: &Cond, wishes: &[Wish], reckoning: &Reckoning) -> Result<Vec<String>> {
    let question = wish::question(reckoning);
    let mut by: Vec<(Option<&str>, Vec<Cond>)> = Vec::new();
    for wish in wishes {
        let cond = wish.cond(&question).ok_or_else(|| Error::fault(format!("a wish of {} is none", wish.attribute)))?;
        let single = wish.of().filter(|of| !of.is_multiple()).map(|_| &*wish.attribute);
        match by.iter_mut().find(|(of, _)| single.is_some() && *of == single) {
            Some((_, conds)) => conds.push(cond),
            None => by.push((single, vec![cond])),
        }
    }
    let units: Vec<Cond> = by.into_iter().map(|(_, conds)| any(conds)).collect();
    Ok((1..=units.len()).map(|n| write::cond(&closers(group, &units, n)).to_string()).collect())
}

/// Wilson's interval of a share (1927), which holds for few members and for shares near 0 and 1.
fn wilson(of: Counted) -> Option<(f64, f64)> {
    if of.known == 0 {
        return None;
    }
    let (n, p) = (of.known as f64, of.count as f64 / of.known as f64);
    let (zz, centre) = (Z * Z, (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n));
    let half = Z / (1.0 + zz / n) * (p * (1.0 - p) / n + zz / (4.0 * n * n)).sqrt();
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

/// How likely a share so far from what is wished is by chance (the score test).
fn chance(of: Counted, wished: i64) -> f64 {
    let (n, w) = (of.known as f64, wished as f64 / MILLION as f64);
    let error = (w * (1.0 - w) / n).sqrt();
    let apart = of.count as f64 / n - w;
    if of.known == 0 || apart == 0.0 {
        1.0
    } else if error > 0.0 {
        two_sided(apart / error)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(share: i64, known: u64, count: u64) -> WishStanding {
        let wish = Wish { attribute: "gender".into(), values: vec!["female".into()], share };
        let counted = Counted { known, count, base_known: 0, base_count: 0 };
        WishStanding { wish, counted, interval: wilson(counted), distinct: false }
    }

    #[test]
    fn a_gap_is_told_in_people_there_are_and_in_people_to_come() {
        // 50 of 100 are women, 60 % are wished: 10 of the hundred, or 25 more women: 75 of 125.
        let told = standing(600_000, 100, 50);
        assert!(told.is_short());
        assert_eq!((told.people(), told.to_join()), (10, Some(25)));
        // 66 are there: 6 more than wished.
        let told = standing(600_000, 100, 66);
        assert!(!told.is_short());
        assert_eq!((told.people(), told.to_join()), (-6, Some(0)));
        // A third of ten, three are there: one more of the ten, or one who joins: 4 of 11.
        let told = standing(333_333, 10, 3);
        assert_eq!((told.people(), told.to_join()), (1, Some(1)));
        // All of them: no number who join is enough. Nobody is there: all is wanting, of nobody.
        assert_eq!((standing(MILLION, 10, 9).people(), standing(MILLION, 10, 9).to_join()), (1, None));
        let told = standing(600_000, 0, 0);
        assert!(told.is_short());
        assert_eq!((told.people(), told.to_join(), told.interval), (0, None, None));
    }

    #[test]
    fn a_published_interval_of_a_share_comes_out() {
        // Newcombe 1998, table I, method 3: 81 of 263 lies between 0.2553 and 0.3662; 0 of 20 up to 0.1611.
        let (low, high) = wilson(Counted { known: 263, count: 81, ..Counted::default() }).unwrap();
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
        let (low, high) = wilson(Counted { known: 20, count: 0, ..Counted::default() }).unwrap();
        assert!(low == 0.0 && (high - 0.1611).abs() < 5e-5, "{high}");
    }

    #[test]
    fn at_least_so_many_is_true_of_those_combinations_and_no_others() {
        let unit = |at: usize| Cond::Tags { all: false, tags: vec![at.to_string().into()], added: None };
        fn holds(cond: &Cond, of: u32) -> bool {
            match cond {
                Cond::And(args) => args.iter().all(|a| holds(a, of)),
                Cond::Or(args) => args.iter().any(|a| holds(a, of)),
                Cond::Tags { tags, .. } => of >> tags[0].parse::<u32>().unwrap() & 1 == 1,
                other => panic!("{other:?}"),
            }
        }
        for m in 1..=6_usize {
            let units: Vec<Cond> = (0..m).map(unit).collect();
            for n in 1..=m {
                let cond = at_least(n, &units);
                assert!((0..1_u32 << m).all(|of| holds(&cond, of) == (of.count_ones() as usize >= n)), "{n} of {m}");
            }
        }
    }
}
