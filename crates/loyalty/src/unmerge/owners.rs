//! Whose is what in a merged book.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::Act;
use crate::lots::LotNo;
use crate::merge::Names;
use crate::spend::Owing;
use crate::state::State;

use super::{Merge, Since};

/// Of the younger member's things, under the names they have there, with the names they had.
pub(super) struct Owners {
    pub(super) orders: BTreeMap<String, String>,
    pub(super) spends: BTreeMap<String, String>,
    pub(super) holds: BTreeMap<String, String>,
    pub(super) grants: BTreeMap<String, String>,
    pub(super) lots: BTreeMap<LotNo, LotNo>,
    /// How many lots there were with the merge.
    pub(super) with_merge: LotNo,
    younger: BTreeSet<(&'static str, String)>,
}

impl Owners {
    pub(super) fn of(merge: &Merge<'_>, since: &[Since<'_>]) -> Self {
        let names = Names::new(merge.from, merge.older);
        let (older, younger) = (merge.older, merge.younger);
        let first = older.lots.made();
        let mut owners = Self {
            orders: younger.orders.keys().map(|name| (names.order(name), name.clone())).collect(),
            spends: younger.spends.keys().map(|id| (names.spend(id), id.clone())).collect(),
            holds: younger.holds.keys().map(|id| (names.hold(id), id.clone())).collect(),
            grants: younger.coupons.all.keys().map(|grant| (names.grant(grant), grant.clone())).collect(),
            lots: (first..).zip(younger.lots.numbers()).collect(),
            with_merge: 0,
            younger: BTreeSet::new(),
        };
        owners.with_merge = first.saturating_add(LotNo::try_from(owners.lots.len()).unwrap_or(LotNo::MAX));
        for name in merge.orders {
            owners.orders.entry(name.clone()).or_insert_with(|| name.clone());
        }
        let mut known = Known::of(older);
        known.orders.retain(|name| !merge.orders.contains(name));
        since.iter().for_each(|s| owners.note(s, &mut known));
        owners
    }

    /// Notes whose an event is, and what it makes.
    fn note(&mut self, since: &Since<'_>, known: &mut Known) {
        let (event, by) = (since.event, since.by_younger);
        let whose = |younger: bool, older: bool| if younger { true } else { by && !older };
        let mine = match &event.act {
            Act::OrderPaid { order, .. } | Act::OrderCompleted { order } | Act::Refund { order, .. } | Act::OrderClosed { order } => {
                whose(self.orders.contains_key(order), known.orders.contains(order))
            }
            Act::SpendReverse { spend: id, .. } | Act::HoldCapture { hold: id } | Act::HoldRelease { hold: id } => {
                whose(self.spends.contains_key(id) || self.holds.contains_key(id), known.takings.contains(id))
            }
            Act::Lock { grant, .. } | Act::Redeem { grant, .. } | Act::Release { grant, .. } | Act::Revoke { grant } => {
                whose(self.grants.contains_key(grant), known.grants.contains(grant))
            }
            _ => by,
        };
        if mine {
            self.younger.insert((event.act.kind(), event.id.clone()));
        }
        let (name, younger, older) = match &event.act {
            Act::OrderPaid { order, .. } => (order, &mut self.orders, &mut known.orders),
            Act::Spend { .. } => (&event.id, &mut self.spends, &mut known.takings),
            Act::Hold { .. } => (&event.id, &mut self.holds, &mut known.takings),
            Act::Claim { grant, .. } => (grant, &mut self.grants, &mut known.grants),
            _ => return,
        };
        if mine {
            younger.insert(name.clone(), name.clone());
        } else {
            older.insert(name.clone());
        }
    }

    pub(super) fn is_younger(&self, since: &Since<'_>) -> bool {
        self.younger.contains(&(since.event.act.kind(), since.event.id.clone()))
    }

    pub(super) fn owes(&self, owing: &Owing) -> bool {
        match owing {
            // Whose refund it was is not kept; it stays where the merged book stays.
            Owing::TakenBack => false,
            Owing::Spend(id) => self.spends.contains_key(id),
            Owing::Hold(id) => self.holds.contains_key(id),
        }
    }
}

/// What the older member has.
struct Known {
    orders: BTreeSet<String>,
    takings: BTreeSet<String>,
    grants: BTreeSet<String>,
}

impl Known {
    fn of(older: &State) -> Self {
        Self {
            orders: older.orders.keys().cloned().collect(),
            takings: older.spends.keys().chain(older.holds.keys()).cloned().collect(),
            grants: older.coupons.all.keys().cloned().collect(),
        }
    }
}
