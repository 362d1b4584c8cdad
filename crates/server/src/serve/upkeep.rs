//! What comes up with time: points, cards and coupons booked when due, columns that take in what changed, what has run out forgotten.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use shuke_columns::Keepers;
use shuke_store::{Lane, Store};

/// Rows that upkeep ends in one transaction.
const UPKEEP_STEP: i64 = 500;

/// How often points are looked at for what happens by itself.
const POINTS_EVERY: Duration = Duration::from_secs(1);

/// How often columns look whether something changed.
const COLUMNS_EVERY: Duration = Duration::from_secs(5);

/// Every few seconds: columns that are there take in what changed.
pub(super) fn columns_loop(columns: &Keepers, stop: &AtomicBool) {
    let mut due = Instant::now() + COLUMNS_EVERY;
    while !stop.load(Ordering::SeqCst) {
        if Instant::now() >= due {
            match columns.tend() {
                Ok(failed) => failed.iter().for_each(|(merchant, e)| {
                    tracing::warn!(merchant = merchant.0, error = %e, "columns were not brought up to date");
                }),
                Err(e) => tracing::warn!(error = %e, "columns were not brought up to date"),
            }
            due = Instant::now() + COLUMNS_EVERY;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Orders become final, lots and tiers end, holds time out, coupons end: booked as it comes up. What becomes final may be a growth task done.
pub(super) fn points_loop(store: &Store, stop: &AtomicBool) {
    let mut due = Instant::now();
    while !stop.load(Ordering::SeqCst) {
        if Instant::now() >= due {
            if let Err(e) = points_round(store, stop) {
                tracing::warn!(error = %e, "points: what is due was not booked");
            }
            due = Instant::now() + POINTS_EVERY;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn points_round(store: &Store, stop: &AtomicBool) -> shuke_kernel::Result<()> {
    let stop = || stop.load(Ordering::SeqCst);
    for merchant in store.read_now(shuke_access::merchants::every)? {
        // Each for itself: what ails one must not keep the points of the others.
        if let Err(e) = due_of(store, merchant.no, &stop) {
            tracing::warn!(merchant = merchant.no.0, error = %e, "points: what is due was not booked");
        }
    }
    Ok(())
}

fn due_of(store: &Store, merchant: shuke_kernel::MerchantNo, stop: &dyn Fn() -> bool) -> shuke_kernel::Result<()> {
    // Coupons wait for nothing of what the others do.
    let coupons = shuke_coupons::coupon::due::run(store, merchant, stop);
    shuke_programme::book::due::run(store, merchant, stop)?;
    shuke_cards::due::run(store, merchant, stop)?;
    shuke_benefits::growth::look::run(store, merchant, stop)?;
    coupons.map(drop)
}

/// Once an hour: what has run out is forgotten.
pub(super) fn upkeep_loop(store: &Store, stop: &AtomicBool) {
    let mut due = Instant::now();
    while !stop.load(Ordering::SeqCst) {
        if Instant::now() >= due {
            // Each for itself: files with people in them go even where the rest fails.
            for done in [
                shuke_access::upkeep::sweep(store).map(drop),
                shuke_export::sweep(store).map(drop),
                end_tags(store),
                sum_points(store, stop),
                give_packs(store, stop),
            ] {
                if let Err(e) = done {
                    tracing::warn!(error = %e, "upkeep did not finish");
                }
            }
            due = Instant::now() + Duration::from_secs(3600);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Gives the packs of birthdays and days of joining that came up.
fn give_packs(store: &Store, stop: &AtomicBool) -> shuke_kernel::Result<()> {
    for merchant in store.read_now(shuke_access::merchants::every)? {
        shuke_benefits::pack::due::run(store, merchant.no, &|| stop.load(Ordering::SeqCst))?;
    }
    Ok(())
}

/// Sums what was booked in points since.
fn sum_points(store: &Store, stop: &AtomicBool) -> shuke_kernel::Result<()> {
    for merchant in store.read_now(shuke_access::merchants::every)? {
        shuke_programme::book::sums::run(store, merchant.no, &|| stop.load(Ordering::SeqCst))?;
    }
    Ok(())
}

/// Ends imported tags whose time is over.
fn end_tags(store: &Store) -> shuke_kernel::Result<()> {
    for merchant in store.read_now(shuke_access::merchants::every)? {
        let cx = shuke_kernel::Ctx::new(merchant.no, shuke_kernel::Actor::System("imported_tags"), store.clock().now());
        loop {
            let of = cx.clone();
            if store.write_now(Lane::Bulk, move |tx| shuke_members::tag::said::expire(tx, &of, UPKEEP_STEP))? == 0 {
                break;
            }
        }
    }
    Ok(())
}
