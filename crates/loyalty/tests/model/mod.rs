//! The slow, obvious model, written from the words of the rules alone: plain vectors, point by point, no agenda, no
//! snapshots. Whatever arrives late has everything played again from nothing in order of time, and what is due next is
//! found by looking at everything. Shanghai only, eight hours ahead. Of the engine it has the words for what happens
//! and for what is answered, and nothing that reckons.

use shuke_loyalty::event::{Act, Event, Outcome};

mod acts;
pub mod books;
mod days;
pub mod drawn;
mod merge;
mod part;
mod tiers;
mod world;

pub use world::World;

pub const DAY: i64 = 86_400_000_000;
pub const AHEAD: i64 = 8 * 3_600_000_000;

/// What the model plays under; the engine's programme is made of the same numbers.
#[derive(Clone, Debug)]
pub struct Rules {
    pub settlement: i64,
    /// So many days; 0 to the end of the year; below, so many months.
    pub lot_days: i64,
    pub waive: bool,
    pub back_days: i64,
    pub points: i64,
    pub per_fen: i64,
    /// In hundredths.
    pub factor: i64,
    /// The factor of whoever is on the highest tier, in hundredths.
    pub tier_factor: i64,
    pub first_order: i64,
    pub day_cap: i64,
    pub month_cap: i64,
    pub check_in: i64,
    pub streak: (i64, i64),
    pub birthday: i64,
    /// Thresholds of the second and third tier: net spend in fen, orders, or growth value.
    pub tiers: [(i64, i64, i64); 2],
    pub keep: i64,
    pub rewards: [i64; 2],
    /// 0 lifetime, -1 the calendar year, else months.
    pub window: i64,
    /// 0 the year's end, else months.
    pub validity: i64,
    pub step_down: bool,
    pub grace: i64,
    /// -1 always, -2 at the end of the period, else days.
    pub refund_days: i64,
    pub coupon_days: i64,
    pub lock_minutes: i64,
    pub stock: i64,
}

impl Rules {
    /// What of them is about tiers.
    pub fn ladder(&self) -> impl PartialEq + use<> {
        let Self { tiers, keep, rewards, window, validity, step_down, grace, refund_days, .. } = *self;
        (tiers, keep, rewards, window, validity, step_down, grace, refund_days)
    }
}

/// What stands in a book's history.
#[derive(Clone, Debug)]
enum Step {
    Event(Event),
    /// Another world came in.
    Absorb(Box<World>),
}

/// A merge that may be taken back.
#[derive(Clone, Debug)]
struct Met {
    /// Which of the steps it is.
    step: usize,
    /// The younger world as it came in.
    younger: World,
    /// What the older one was asked of before.
    asked: usize,
}

/// All that ever arrived at a book and was accepted, in order of arrival.
#[derive(Debug)]
pub struct Model {
    rules: Rules,
    later: Vec<(i64, Rules)>,
    /// What the parting of two left, from which everything is played.
    base: Option<World>,
    kept: Vec<(i64, Step)>,
    seen: Vec<(&'static str, String)>,
    origin: Option<i64>,
    met: Option<Met>,
    pub world: Option<World>,
}

/// Somebody asked for it and had an answer, which stands.
fn asked_for(act: &Act) -> bool {
    !matches!(
        act,
        Act::OrderPaid { .. }
            | Act::OrderCompleted { .. }
            | Act::Refund { .. }
            | Act::OrderClosed { .. }
            | Act::CheckIn
            | Act::Visit
            | Act::Adjust { .. }
            | Act::Growth { .. }
            | Act::Tick
    )
}

/// Something came of it.
fn granted(outcome: Outcome) -> bool {
    outcome == Outcome::Ok || outcome == Outcome::Waiting
}

/// The word for a kind.
fn kind(act: &Act) -> &'static str {
    match act {
        Act::OrderPaid { .. } => "paid",
        Act::OrderCompleted { .. } => "completed",
        Act::Refund { .. } => "refund",
        Act::OrderClosed { .. } => "closed",
        Act::Spend { .. } => "spend",
        Act::Hold { .. } => "hold",
        Act::SpendReverse { .. } => "reverse",
        Act::HoldCapture { .. } => "capture",
        Act::HoldRelease { .. } => "give back",
        Act::CheckIn => "check-in",
        Act::Visit => "visit",
        Act::Adjust { .. } => "adjust",
        Act::Growth { .. } => "growth",
        Act::Claim { .. } => "claim",
        Act::Lock { .. } => "lock",
        Act::Redeem { .. } => "redeem",
        Act::Release { .. } => "release",
        Act::Revoke { .. } => "revoke",
        _ => "other",
    }
}

impl Model {
    pub fn new(rules: &Rules) -> Self {
        Self::under(rules, &[])
    }

    /// Under rules that change at these times.
    pub fn under(rules: &Rules, later: &[(i64, Rules)]) -> Self {
        let (rules, later) = (rules.clone(), later.to_vec());
        Self { rules, later, base: None, kept: vec![], seen: vec![], origin: None, met: None, world: None }
    }

    /// Plays these steps in order of time; those of one time in order of arrival. Each is given with whether it stands.
    fn play<'a>(&self, steps: impl Iterator<Item = (i64, &'a Step, bool)>, origin: i64, to: i64) -> (World, Outcome) {
        let mut all: Vec<_> = steps.collect();
        all.sort_by_key(|(time, ..)| *time);
        let mut world = self.base.clone().unwrap_or_else(|| World::new(&self.rules, &self.later, origin));
        let mut outcome = Outcome::Ok;
        for (time, step, stands) in all {
            world.pass(time);
            match step {
                Step::Event(event) => {
                    let answer = world.happens(event, stands);
                    if !stands {
                        outcome = answer;
                    }
                }
                Step::Absorb(other) => world.absorb(other),
            }
        }
        world.pass(to);
        (world, outcome)
    }

    fn standing(&self) -> impl Iterator<Item = (i64, &Step, bool)> {
        self.kept.iter().map(|(time, step)| (*time, step, true))
    }

    /// Time passes.
    pub fn pass(&mut self, to: i64) {
        let origin = *self.origin.get_or_insert(to);
        let mut world = self.world.take().unwrap_or_else(|| World::new(&self.rules, &self.later, origin));
        world.pass(to);
        self.world = Some(world);
    }

    /// Whether something of that kind and id has arrived.
    pub fn knows(&self, event: &Event) -> bool {
        self.seen.contains(&(kind(&event.act), event.id.clone()))
    }

    pub fn arrives(&mut self, event: &Event, at: i64) -> Outcome {
        let time = self.base.as_ref().map_or(event.time.micros(), |base| event.time.micros().max(base.now));
        let event = &Event { time: shuke_kernel::Instant::from_micros(time), ..event.clone() };
        let origin = self.origin.unwrap_or(time.min(at)).min(time);
        let known = self.origin.unwrap_or(origin);
        let late = self.world.as_ref().is_some_and(|world| time < world.now);
        let again = self.knows(event);
        if !late && !again && event.act != Act::Tick {
            // In order of time everything that was played stays as it is.
            let mut world = self.world.take().unwrap_or_else(|| World::new(&self.rules, &self.later, origin));
            world.pass(time);
            let mut with = world.clone();
            let outcome = with.happens(event, false);
            self.seen.push((kind(&event.act), event.id.clone()));
            self.origin = Some(known);
            if !asked_for(&event.act) || granted(outcome) {
                self.kept.push((time, Step::Event(event.clone())));
                world = with;
            }
            world.pass(at);
            self.world = Some(world);
            return outcome;
        }
        let (before, _) = self.play(self.standing(), known, at);
        if event.act == Act::Tick || again {
            self.origin = Some(known);
            self.world = Some(before);
            return if event.act == Act::Tick { Outcome::Ok } else { Outcome::Duplicate };
        }
        self.seen.push((kind(&event.act), event.id.clone()));
        let step = Step::Event(event.clone());
        let (with, outcome) = self.play(self.standing().chain([(time, &step, false)]), origin, at);
        let outcome = match &event.act {
            Act::OrderCompleted { order } if outcome == Outcome::Waiting && with.refunded(order).is_some() => Outcome::Ok,
            Act::Refund { order, net_fen } if outcome == Outcome::Waiting && with.refunded(order).is_some() => {
                if *net_fen > 0 && with.refunded(order) == before.refunded(order) { Outcome::ExceedsPaid } else { Outcome::Ok }
            }
            _ => outcome,
        };
        if asked_for(&event.act) && (with.strain > before.strain || !granted(outcome)) {
            let said = if granted(outcome) { before.clone().happens(event, false) } else { outcome };
            self.origin = Some(known);
            self.world = Some(before);
            return if granted(said) { refusal(&event.act) } else { said };
        }
        self.kept.push((time, step));
        self.origin = Some(origin);
        self.world = Some(with);
        outcome
    }

    /// The other book comes into this one.
    pub fn absorb(&mut self, other: &mut Self, at: i64) {
        self.pass(at);
        other.pass(at);
        let Some(younger) = other.world.clone() else { return };
        self.met = Some(Met { step: self.kept.len(), younger: younger.clone(), asked: self.seen.len() });
        if let Some(world) = &mut self.world {
            world.absorb(&younger);
        }
        self.kept.push((at, Step::Absorb(Box::new(younger))));
    }

    /// What came into this book last comes out of it again.
    pub fn part(&mut self, other: &mut Self, at: i64) {
        let Some(met) = self.met.take() else { return };
        self.pass(at);
        let Some(merged) = self.world.clone() else { return };
        let met_at = self.kept[met.step].0;
        // What stands before the merge by its time, whenever it was told.
        let mut order: Vec<usize> = (0..self.kept.len()).collect();
        order.sort_by_key(|i| self.kept[*i].0);
        let place = order.iter().position(|i| *i == met.step).unwrap();
        let before = order[..place].iter().map(|i| (self.kept[*i].0, &self.kept[*i].1, true));
        let (older, _) = self.play(before, self.origin.unwrap_or(met_at), met_at);
        let since = order[place + 1..].iter().filter_map(|i| match &self.kept[*i].1 {
            Step::Event(event) => Some((event.clone(), false)),
            Step::Absorb(_) => None,
        });
        let since: Vec<(Event, bool)> = since.collect();
        let (mut own, mut theirs) = merged.parted(&older, &met.younger, &since);
        own.booked_as(&merged);
        theirs.booked_as(&met.younger);
        // What was asked of the one book the younger knows too; orders are with whom they belong to.
        let of_order = |kind: &str| ["paid", "completed", "refund", "closed"].contains(&kind);
        other.seen.extend(self.seen[met.asked..].iter().filter(|(kind, _)| !of_order(kind)).cloned());
        for (model, world) in [(self, own), (other, theirs)] {
            model.kept.clear();
            model.base = Some(world.clone());
            model.world = Some(world);
        }
    }
}

fn refusal(act: &Act) -> Outcome {
    match act {
        Act::Spend { .. } | Act::Hold { .. } => Outcome::InsufficientPoints,
        Act::SpendReverse { .. } => Outcome::ExceedsSpend,
        Act::HoldCapture { .. } | Act::HoldRelease { .. } => Outcome::Unknown,
        Act::Claim { .. } => Outcome::OutOfStock,
        Act::Release { .. } => Outcome::NotLocked,
        _ => Outcome::NotAvailable,
    }
}
