//! One world of the slow model is parted into two again: each has what is its own, things as they have become, the person as
//! it would be had it never met the other.

use shuke_loyalty::event::{Act, Event};

use super::World;
use super::world::{Coupon, Lot, Order, Taking};

/// What is the younger's, by name.
struct Mine {
    orders: Vec<String>,
    /// Whether it is a hold, and its id.
    takings: Vec<(bool, String)>,
    grants: Vec<String>,
}

fn order_of(act: &Act) -> Option<&String> {
    match act {
        Act::OrderPaid { order, .. } | Act::OrderCompleted { order } | Act::Refund { order, .. } | Act::OrderClosed { order } => {
            Some(order)
        }
        _ => None,
    }
}

fn taking_of(act: &Act) -> Option<&String> {
    match act {
        Act::SpendReverse { spend, .. } => Some(spend),
        Act::HoldCapture { hold } | Act::HoldRelease { hold } => Some(hold),
        _ => None,
    }
}

fn grant_of(act: &Act) -> Option<&String> {
    match act {
        Act::Lock { grant, .. } | Act::Redeem { grant, .. } | Act::Release { grant, .. } | Act::Revoke { grant } => Some(grant),
        _ => None,
    }
}

impl Mine {
    fn of(world: &World) -> Self {
        Self {
            orders: world.orders.iter().map(|o| o.name.clone()).collect(),
            takings: world.takings.iter().map(|t| (t.hold, t.id.clone())).collect(),
            grants: world.coupons.iter().map(|c| c.grant.clone()).collect(),
        }
    }

    /// Whether an event is the younger's: what it names says so, and else by whom it came.
    fn takes(&self, theirs: &Mine, event: &Event, by_younger: bool) -> bool {
        let whose = |mine: &[String], other: &[String], name: &String| mine.contains(name) || by_younger && !other.contains(name);
        if let Some(order) = order_of(&event.act) {
            whose(&self.orders, &theirs.orders, order)
        } else if let Some(id) = taking_of(&event.act) {
            let named = |of: &Mine| of.takings.iter().any(|(_, other)| other == id);
            named(self) || by_younger && !named(theirs)
        } else if let Some(grant) = grant_of(&event.act) {
            whose(&self.grants, &theirs.grants, grant)
        } else {
            by_younger
        }
    }

    fn note(&mut self, event: &Event) {
        match &event.act {
            Act::OrderPaid { order, .. } => self.orders.push(order.clone()),
            Act::Spend { .. } | Act::Hold { .. } => self.takings.push((matches!(event.act, Act::Hold { .. }), event.id.clone())),
            Act::Claim { grant, .. } => self.grants.push(grant.clone()),
            _ => {}
        }
    }
}

impl World {
    fn figures(&self) -> [i64; 7] {
        [self.pending(), self.available(), self.frozen, self.issued, self.redeemed, self.expired, self.reversed]
    }

    /// Balances outside of what is held are those of the book in which they were booked.
    pub fn booked_as(&mut self, book: &World) {
        (self.issued, self.redeemed, self.expired, self.reversed) = (book.issued, book.redeemed, book.expired, book.reversed);
    }

    /// The two worlds that this one is parted into. `older` and `younger` are what met, `since` what happened since and whether it
    /// came by the younger.
    pub fn parted(&self, older: &World, younger: &World, since: &[(Event, bool)]) -> (World, World) {
        let (mut mine, mut theirs) = (Mine::of(younger), Mine::of(older));
        let (mut alone, mut other) = (older.clone(), younger.clone());
        for (event, by_younger) in since {
            let is_mine = mine.takes(&theirs, event, *by_younger);
            let (world, names) = if is_mine { (&mut other, &mut mine) } else { (&mut alone, &mut theirs) };
            names.note(event);
            world.pass(event.time.micros());
            world.happens(event, true);
        }
        alone.pass(self.now);
        other.pass(self.now);
        let mut joined = older.clone();
        joined.absorb(younger);
        let quiet = [(older, &alone), (younger, &other), (&joined, self)].iter().all(|(was, is)| was.figures() == is.figures());
        if since.is_empty() && quiet {
            return (alone, other);
        }
        let (first, both) = (older.lots.len(), older.lots.len() + younger.lots.len());
        let made = |world: &World, lot: &Lot| world.lots.iter().any(|l| l.made >= younger.now && l.id == lot.id && l.made == lot.made);
        let is_younger = |i: usize| {
            let lot = &self.lots[i];
            match self.orders.iter().find(|o| o.lot == Some(i)) {
                Some(order) => mine.orders.contains(&order.name),
                None if i < both => i >= first,
                None => made(&other, lot) && !made(&alone, lot),
            }
        };
        let of_younger: Vec<bool> = (0..self.lots.len()).map(is_younger).collect();
        let own: Vec<usize> = (0..self.lots.len()).filter(|i| !of_younger[*i]).collect();
        // The younger has again what it brought, and then what came since.
        let brought = |i: &usize| (first..both).contains(i);
        let came: Vec<usize> = (0..self.lots.len()).filter(|i| of_younger[*i]).collect();
        let came = came.iter().filter(|i| brought(i)).chain(came.iter().filter(|i| !brought(i))).copied().collect();
        (self.half(alone, own, &|names: Names<'_>| !names.any(&mine)), self.half(other, came, &|names: Names<'_>| names.any(&mine)))
    }

    fn half(&self, person: World, lots: Vec<usize>, is_here: &dyn Fn(Names<'_>) -> bool) -> World {
        let mut here = person;
        let mut places: Vec<Option<usize>> = vec![None; self.lots.len()];
        here.lots = lots.iter().map(|i| self.lots[*i].clone()).collect();
        lots.iter().enumerate().for_each(|(place, i)| places[*i] = Some(place));
        // Of the other's lots, what is named here is here empty: so points that come back have where to go.
        let mut place = |i: usize, lots: &mut Vec<Lot>| {
            *places[i].get_or_insert_with(|| {
                lots.push(Lot { left: 0, ended: 0, ..self.lots[i].clone() });
                lots.len() - 1
            })
        };
        let mut takings: Vec<(usize, Taking)> =
            self.takings.iter().cloned().enumerate().filter(|(_, t)| is_here(Names::Taking(t.hold, &t.id))).collect();
        takings.sort_by_key(|(_, t)| (t.hold, t.id.clone()));
        for (_, taking) in &mut takings {
            for lot in taking.points.iter_mut().flatten() {
                *lot = place(*lot, &mut here.lots);
            }
        }
        takings.sort_by_key(|(old, _)| *old);
        let mut orders: Vec<Order> = self.orders.iter().filter(|o| is_here(Names::Order(&o.name))).cloned().collect();
        let mut by_name: Vec<&mut Order> = orders.iter_mut().collect();
        by_name.sort_by_key(|o| o.name.clone());
        for order in by_name {
            order.lot = order.lot.map(|lot| place(lot, &mut here.lots));
        }
        let debt = self.debt.iter().filter_map(|owner| match owner {
            None => is_here(Names::Nobody).then_some(None),
            Some(old) => takings.iter().position(|(place, _)| place == old).map(Some),
        });
        here.debt = debt.collect();
        here.takings = takings.into_iter().map(|(_, taking)| taking).collect();
        here.orders = orders;
        here.coupons = self.coupons.iter().filter(|c: &&Coupon| is_here(Names::Grant(&c.grant))).cloned().collect();
        here.frozen = here.takings.iter().filter(|t| t.hold && t.state == 0).map(|t| t.points.len() as i64).sum();
        here.rewarded(&self.rewards);
        here
    }
}

/// What is asked whose it is.
enum Names<'a> {
    Order(&'a String),
    /// Whether it is a hold, and its id.
    Taking(bool, &'a String),
    Grant(&'a String),
    /// Points taken back that nobody had: they stay with the older.
    Nobody,
}

impl Names<'_> {
    fn any(&self, mine: &Mine) -> bool {
        match self {
            Self::Order(name) => mine.orders.contains(name),
            Self::Taking(hold, id) => mine.takings.iter().any(|(is_hold, other)| is_hold == hold && other == *id),
            Self::Grant(grant) => mine.grants.contains(grant),
            Self::Nobody => false,
        }
    }
}
