//! Why each promotion and coupon that is not in the chosen set is not: the first code that fits.

use crate::code::{Code, Missing};
use crate::line_step::LineStep;
use crate::pieces::{bundle_missing, nth_missing};
use crate::rivals::{Taken, exclude_each_other};
use crate::settle::{Settled, settle, start_of};
use crate::state::met;
use crate::table::{Act, Table};

/// Why a candidate was not chosen.
#[derive(Debug)]
pub(crate) struct WhyNot {
    pub code: Code,
    pub missing: Missing,
    /// Place of the applied one that keeps it out.
    pub excluded_by: Option<usize>,
}

fn plain(code: Code) -> WhyNot {
    WhyNot { code, missing: Missing::default(), excluded_by: None }
}

/// Judges a candidate beside the chosen set.
pub(crate) fn why_not(table: &Table<'_>, first: &LineStep<'_>, settled: &Settled, index: usize) -> WhyNot {
    let candidate = &table.candidates[index];
    let chosen = &settled.chosen;
    let taken = Taken::of(table, chosen);
    if !taken.quota_allows(candidate) {
        return plain(Code::QuotaExhausted);
    }
    let start = &settled.starts[start_of(candidate.stage)];
    if met(candidate, &table.lines, start).is_none() {
        return WhyNot { missing: missing(table, index, start), ..plain(Code::ThresholdNotMet) };
    }
    let beside = (0..chosen.len()).find(|i| chosen[*i] && exclude_each_other(candidate, &table.candidates[*i]));
    if let Some(by) = beside.or_else(|| first.kept_out_by(table, index, |i| chosen[i])) {
        return WhyNot { excluded_by: Some(by), ..plain(Code::ExcludedByGroup) };
    }
    if !taken.limit_allows(table, candidate) {
        return plain(Code::CouponLimit);
    }
    let mut with = chosen.clone();
    with[index] = true;
    let with = settle(table, first, &with);
    plain(if candidate.is_gift() {
        Code::NotBetter
    } else if with.took[index] == 0 {
        Code::NoEffect
    } else if !with.chosen[index] {
        Code::FloorReached
    } else {
        Code::NotBetter
    })
}

/// How much more a threshold wants, at the start of its step.
fn missing(table: &Table<'_>, index: usize, start: &[i64]) -> Missing {
    let candidate = &table.candidates[index];
    let amount: i64 = candidate.scope.iter().map(|l| start[*l]).sum();
    let above_zero = |n: i64| (n > 0).then_some(n);
    let short = above_zero(candidate.min_amount - amount);
    match candidate.act {
        Act::Stepped(rule) => {
            let first = rule.steps.first().map_or(0, |s| s.from);
            if rule.by_qty {
                Missing { amount: short, qty: above_zero(first - candidate.pieces), points: None }
            } else {
                Missing { amount: above_zero(first.max(candidate.min_amount) - amount), ..Missing::default() }
            }
        }
        Act::Nth(rule) => Missing { amount: short, qty: above_zero(nth_missing(rule, &candidate.lines, &table.lines)), points: None },
        Act::Bundle(rule) => {
            let qty = bundle_missing(rule, &candidate.lines, &table.lines).map(|(_, qty)| qty);
            Missing { amount: short, qty, points: None }
        }
        _ => Missing { amount: short, ..Missing::default() },
    }
}
