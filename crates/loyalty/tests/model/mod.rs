//! The slow, obvious model: plain vectors, no agenda, no snapshots. At every event everything is played again from
//! nothing in order of time, and what is due next is found by looking at everything. Shanghai only, eight hours ahead.

use shuke_loyalty::event::{Act, Event, Outcome};

mod acts;
pub mod books;
pub mod drawn;
mod merge;
mod tiers;
mod world;

pub use world::World;

pub const DAY: i64 = 86_400_000_000;
pub const AHEAD: i64 = 8 * 3_600_000_000;

/// What the model plays under; the engine's programme is made of the same numbers.
#[derive(Clone, Debug)]
pub struct Rules {
    pub settlement: i64,
    pub lot_days: i64,
    pub waive: bool,
    pub back_days: i64,
    pub points: i64,
    pub per_fen: i64,
    /// In hundredths.
    pub factor: i64,
    pub first_order: i64,
    pub day_cap: i64,
    pub month_cap: i64,
    pub check_in: i64,
    pub streak: (i64, i64),
    pub birthday: i64,
    /// Thresholds of the second and third tier: net spend in fen, or orders.
    pub tiers: [(i64, i64); 2],
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

/// All that ever arrived and was accepted, in order of arrival.
#[derive(Debug)]
pub struct Model {
    rules: Rules,
    later: Vec<(i64, Rules)>,
    kept: Vec<Event>,
    seen: Vec<(&'static str, String)>,
    origin: Option<i64>,
    pub world: Option<World>,
}

impl Model {
    pub fn new(rules: &Rules) -> Self {
        Self::under(rules, &[])
    }

    /// Under rules that change at these times.
    pub fn under(rules: &Rules, later: &[(i64, Rules)]) -> Self {
        Self { rules: rules.clone(), later: later.to_vec(), kept: vec![], seen: vec![], origin: None, world: None }
    }

    fn play(&self, fresh: Option<&Event>, origin: i64, to: i64) -> (World, Outcome) {
        let mut all: Vec<(&Event, bool)> = self.kept.iter().map(|e| (e, true)).chain(fresh.map(|e| (e, false))).collect();
        all.sort_by_key(|(e, _)| e.time);
        let (mut world, mut outcome) = (World::new(&self.rules, &self.later, origin), Outcome::Ok);
        for (event, stands) in all {
            world.pass(event.time.micros());
            let answer = world.happens(event, stands);
            if !stands {
                outcome = answer;
            }
        }
        world.pass(to);
        (world, outcome)
    }

    pub fn arrives(&mut self, event: &Event, at: i64) -> Outcome {
        let origin = self.origin.unwrap_or(event.time.micros().min(at)).min(event.time.micros());
        let known = self.origin.unwrap_or(origin);
        let key = (event.act.kind(), event.id.clone());
        let (before, _) = self.play(None, known, at);
        if event.act == Act::Tick || self.seen.contains(&key) {
            self.origin = Some(known);
            self.world = Some(before);
            return if event.act == Act::Tick { Outcome::Ok } else { Outcome::Duplicate };
        }
        self.seen.push(key);
        let (with, outcome) = self.play(Some(event), origin, at);
        let late = self.world.as_ref().is_some_and(|w| event.time.micros() < w.now);
        let outcome = match &event.act {
            Act::OrderCompleted { order } if outcome == Outcome::Waiting && with.refunded(order).is_some() => Outcome::Ok,
            Act::Refund { order, net_fen } if outcome == Outcome::Waiting && with.refunded(order).is_some() => {
                if *net_fen > 0 && with.refunded(order) == before.refunded(order) { Outcome::ExceedsPaid } else { Outcome::Ok }
            }
            _ => outcome,
        };
        let strained = late && with.strain > before.strain;
        if event.act.is_request() && (strained || !outcome.kept()) {
            let said = if outcome.kept() { before.clone().happens(event, false) } else { outcome };
            self.origin = Some(known);
            self.world = Some(before);
            return if said.kept() { refusal(&event.act) } else { said };
        }
        self.kept.push(event.clone());
        self.origin = Some(origin);
        self.world = Some(with);
        outcome
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
