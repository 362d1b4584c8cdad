//! `shuke audit`: every invariant of the store, and the dump by which two stores are compared.

use anyhow::Result;
use serde_json::json;
use shuke_kernel::{Actor, Ctx, Instant, MerchantNo};
use shuke_store::audit::Check;
use shuke_store::dump::Dump;
use shuke_store::{Store, Tx};

use crate::cli::Audit;
use crate::dump_plan::PLAN;
use crate::out::Out;

/// The checks that domain crates add to the store's own.
pub const CHECKS: &[Check] = &[
    ("audit chain", chains),
    ("order counters", counters),
    ("tag counts", tags),
    ("segment sizes", segments),
    ("orders", orders),
    ("benefits", benefits),
    ("coupons", coupons),
];

/// The books of points: by their sums, and a sample of them folded anew; or all of them.
const BOOKS: [Check; 2] = [("points", points), ("points", all_points)];

fn each_merchant(
    tx: &mut Tx<'_>,
    mut check: impl FnMut(&mut Tx<'_>, MerchantNo) -> shuke_kernel::Result<Vec<String>>,
) -> shuke_kernel::Result<Vec<String>> {
    let mut found = Vec::new();
    for merchant in shuke_access::merchants::every(tx)? {
        found.extend(check(tx, merchant.no)?);
    }
    Ok(found)
}

fn chains(tx: &mut Tx<'_>) -> shuke_kernel::Result<Vec<String>> {
    each_merchant(tx, |tx, m| {
        let verdict = shuke_access::audit::verify(tx, m)?;
        Ok(verdict.first_bad.map(|at| format!("merchant {}: entry {at} does not fit the chain", m.0)).into_iter().collect())
    })
}

fn counters(tx: &mut Tx<'_>) -> shuke_kernel::Result<Vec<String>> {
    each_merchant(tx, |tx, m| shuke_commerce::counters::audit(tx, &context(m)))
}

fn tags(tx: &mut Tx<'_>) -> shuke_kernel::Result<Vec<String>> {
    each_merchant(tx, |tx, m| shuke_members::tag::audit(tx, &context(m)))
}

fn segments(tx: &mut Tx<'_>) -> shuke_kernel::Result<Vec<String>> {
    each_merchant(tx, |tx, m| shuke_segments::book::audit(tx, &context(m)))
}

fn benefits(tx: &mut Tx<'_>) -> shuke_kernel::Result<Vec<String>> {
    each_merchant(tx, |tx, m| shuke_benefits::audit::audit(tx, &context(m)))
}

fn coupons(tx: &mut Tx<'_>) -> shuke_kernel::Result<Vec<String>> {
    each_merchant(tx, |tx, m| shuke_coupons::audit::audit(tx, &context(m)))
}

fn points(tx: &mut Tx<'_>) -> shuke_kernel::Result<Vec<String>> {
    each_merchant(tx, |tx, m| shuke_programme::book::audit::audit(tx, &context(m), false))
}

fn all_points(tx: &mut Tx<'_>) -> shuke_kernel::Result<Vec<String>> {
    each_merchant(tx, |tx, m| shuke_programme::book::audit::audit(tx, &context(m), true))
}

/// Every order is what its statements make it.
fn orders(tx: &mut Tx<'_>) -> shuke_kernel::Result<Vec<String>> {
    each_merchant(tx, |tx, m| {
        let (mut found, mut after) = (Vec::new(), Some([0; 16]));
        while let Some(at) = after {
            let (wrong, next) = shuke_commerce::order::audit_orders(tx, &context(m), at, 500)?;
            found.extend(wrong);
            after = next;
        }
        Ok(found)
    })
}

fn context(merchant: MerchantNo) -> Ctx {
    Ctx::new(merchant, Actor::System("audit"), Instant(0))
}

/// Checks or dumps. Exit code 1 if something is wrong.
pub fn run(store: &Store, options: &Audit, out: &mut Out<'_>) -> Result<u8> {
    if options.dump {
        let how = Dump { plan: &PLAN, salt: &options.salt, clear: options.clear };
        store.dump(&how, out.stream())?;
        return Ok(0);
    }
    let checks = [CHECKS, &[BOOKS[usize::from(options.deep)]]].concat();
    let findings = store.audit(&checks)?;
    if out.json {
        let checks: Vec<_> = findings.checks.iter().map(|(name, found)| json!({ "check": name, "findings": found })).collect();
        out.object(&json!({ "clean": findings.clean(), "checks": checks }))?;
    } else {
        for (name, found) in &findings.checks {
            out.line(format!("{} {name}", if found.is_empty() { "ok  " } else { "BAD " }))?;
            for f in found {
                out.line(format!("     {f}"))?;
            }
        }
    }
    Ok(u8::from(!findings.clean()))
}
