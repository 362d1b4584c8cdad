//! How many an expression is true of, and each of its conditions by itself, with what each took.

use std::sync::Arc;
use std::time::Instant;

use shuke_columns::{People, Slice};
use shuke_kernel::{Error, Result};

use crate::calendar::Reckoning;
use crate::check::Expression;
use crate::eval::{Matches, Set, in_the_base};
use crate::plan::Plan;
use crate::tree::{Cond, Name};

/// What is wanted beside the count.
#[derive(Clone, Copy, Default, Debug)]
pub struct Wanted {
    /// The counts of the conditions.
    pub parts: bool,
    /// So many of the members.
    pub sample: usize,
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Count {
    /// How many it is true of.
    pub count: usize,
    /// Among how many.
    pub base: usize,
    /// Each condition by itself, in reading order; none where the expression is one condition.
    pub parts: Vec<Part>,
    /// Ids of some of the members.
    pub sample: Vec<Name>,
}

/// A condition by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Where it stands: a JSON Pointer into the expression.
    pub path: String,
    /// How many it is true of.
    pub count: usize,
    /// What that took, microseconds.
    pub took: u128,
}

/// Counts; `None` when `cancelled` says so.
pub fn count(
    people: &People,
    expression: &Expression,
    reckoning: &Reckoning,
    wanted: Wanted,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Count>> {
    let Some(found) = matches(people, expression, reckoning, cancelled)? else { return Ok(None) };
    let mut parts = Vec::new();
    if wanted.parts {
        let mut all = Vec::new();
        conditions(&expression.root, "", &mut all);
        // The root is the count itself.
        for (path, cond) in all.into_iter().filter(|(path, _)| !path.is_empty()) {
            let began = Instant::now();
            let part = Expression { root: cond.clone(), segments: expression.segments.clone() };
            let Some(found) = matches(people, &part, reckoning, cancelled)? else { return Ok(None) };
            parts.push(Part { path, count: size(&found), took: began.elapsed().as_micros() });
        }
    }
    let base = people.slices.iter().map(|s| in_the_base(s, reckoning.at)).sum();
    Ok(Some(Count { count: size(&found), base, parts, sample: sample(&people.slices, &found, wanted.sample) }))
}

/// Whom an expression is true of; `None` when `cancelled` says so.
pub fn matches(
    people: &People,
    expression: &Expression,
    reckoning: &Reckoning,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Matches>> {
    let plan = Plan::of(expression, &people.registry, reckoning)?;
    Ok(plan.found(&people.slices, cancelled).map(|(found, _)| found))
}

/// Nobody waits for the answer any more.
pub fn stopped() -> Error {
    Error::fault("the question was cancelled")
}

fn size(found: &Matches) -> usize {
    found.iter().map(Set::len).sum()
}

/// Conditions about members, with their paths, in reading order.
pub(crate) fn conditions<'c>(of: &'c Cond, path: &str, out: &mut Vec<(String, &'c Cond)>) {
    out.push((path.to_owned(), of));
    match of {
        Cond::And(args) | Cond::Or(args) => args.iter().enumerate().for_each(|(i, arg)| conditions(arg, &format!("{path}/args/{i}"), out)),
        Cond::Not(arg) => conditions(arg, &format!("{path}/arg"), out),
        _ => {}
    }
}

/// Some of whom it is true, spread over all of them, the same each time.
fn sample(slices: &[Arc<Slice>], found: &Matches, most: usize) -> Vec<Name> {
    let all = size(found);
    let step = all.checked_div(most).unwrap_or(0).max(1);
    let each = slices.iter().zip(found).flat_map(|(slice, places)| places.iter().map(move |p| (slice, p)));
    each.step_by(step).take(most).map(|(slice, place)| Name::from(&*slice.members.get(place))).collect()
}
