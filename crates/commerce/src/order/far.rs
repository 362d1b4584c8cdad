//! Pages of orders that few share: those of one shop, platform or state, however far behind others they lie.
//! Newest first a page looks at so many orders of the store and no more. What it did not find there is asked
//! of who knows all orders by heart, where the outermost crate wired one, and read from the store again, so
//! that a page never shows what the store does not say; else the page says where to go on.

use std::collections::HashMap;

use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_store::{Tx, args};

use super::read::{Filter, Glance, OrderRow, rows, sql};

/// Where an order lies among all: when it was placed, and its id.
pub type Place = (Instant, [u8; 16]);

/// Who knows orders by heart: the places of those, newest first, that may fit a filter and lie before a
/// place, so many at most. What happened in the last moments may be missing. `None` while it knows none yet.
pub struct Known(pub Box<Finder>);

/// See [`Known`].
pub type Finder = dyn Fn(MerchantNo, &Filter, Place, usize) -> Result<Option<Vec<Place>>> + Send + Sync;

/// Orders that a page looks at.
const BUDGET: usize = 8_000;
/// Orders that one look takes.
const STRETCH: usize = 1_000;

/// Orders of a page.
#[derive(Clone, Default, Debug)]
pub struct Far {
    /// Newest first.
    pub rows: Vec<OrderRow>,
    /// Go on with those before this place; `None` where there are no more.
    pub next: Option<Place>,
}

impl Far {
    /// Whether more is wanted than was found.
    pub fn is_wanting(&self, limit: usize) -> Option<Place> {
        self.next.filter(|_| self.rows.len() < limit)
    }

    fn cut(mut rows: Vec<OrderRow>, next: Option<Place>, limit: usize) -> Self {
        rows.sort_by_key(|o| std::cmp::Reverse(place(o)));
        let next = if rows.len() > limit { rows.get(limit.saturating_sub(1)).map(place) } else { next };
        rows.truncate(limit);
        Self { rows, next }
    }
}

fn place(order: &OrderRow) -> Place {
    (order.placed_at, *order.id.bytes())
}

/// The first orders that fit before a place, as far as a page looks.
pub fn look(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, before: Option<Place>, limit: usize) -> Result<Far> {
    look_within(tx, cx, filter, before, limit, (BUDGET, STRETCH))
}

/// See [`look`].
pub(crate) fn look_within(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    filter: &Filter,
    before: Option<Place>,
    limit: usize,
    (budget, stretch): (usize, usize),
) -> Result<Far> {
    let mut at = filter.end(before);
    let from = filter.from.unwrap_or(Instant(i64::MIN));
    let (mut found, mut looked, mut next) = (Vec::new(), 0, Some(at));
    while looked < budget && found.len() <= limit && next.is_some() {
        let some = tx.rows(sql::LOOK, args![cx.merchant, at.0, at.1, from, stretch as i64])?;
        looked += stretch;
        let full = some.len() == stretch;
        for row in some {
            let seen = Glance::of(row)?;
            at = seen.place();
            if filter.fits(&seen) {
                found.push(seen.id.bytes().to_vec());
            }
        }
        next = full.then_some(at);
    }
    // One more than the page shows whether there are more.
    found.truncate(limit + 1);
    Ok(Far::cut(rows(tx, cx, found)?, next, limit))
}

/// The page with those that were known by heart to lie behind what was looked at: `wanted` were asked for.
pub fn fill(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, far: Far, known: &[Place], wanted: usize, limit: usize) -> Result<Far> {
    let places: HashMap<[u8; 16], Instant> = known.iter().map(|(at, id)| (*id, *at)).collect();
    let mut all = far.rows;
    let mut more = rows(tx, cx, known.iter().map(|(_, id)| id.to_vec()).collect())?;
    // One that lies elsewhere by now comes where it lies.
    more.retain(|o| filter.fits(&o.into()) && places.get(o.id.bytes()) == Some(&o.placed_at));
    all.append(&mut more);
    let next = known.last().copied().filter(|_| known.len() >= wanted);
    Ok(Far::cut(all, next, limit))
}
