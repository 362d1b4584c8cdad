//! A scenario: a programme, a member and timed steps, run on a journal of its own with a virtual clock.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use shuke_kernel::Instant;

use crate::coupons::CouponState;
use crate::event::{self, Event, Member, Outcome};
use crate::journal::Journal;
use crate::json::{Node, Read};
use crate::ledger::Account;
use crate::programme::{self, Programme};
use crate::rules::Rules;
use crate::state::State;
use crate::words::{CLOCK_BACK, FUTURE, NOT_JSON};

/// A scenario that was read.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The rules.
    pub programme: Programme,
    /// Who.
    pub member: Member,
    /// What happens.
    pub steps: Vec<Step>,
}

/// One step: an event and when it arrives.
#[derive(Clone, Debug)]
pub struct Step {
    /// When it arrives.
    pub at: Instant,
    /// What.
    pub event: Event,
}

/// The state after a step, as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Shown {
    /// The answer to the step.
    pub result: Outcome,
    /// Balances by account.
    pub accounts: BTreeMap<&'static str, i64>,
    /// Lots with something left, in order of spending.
    pub lots: Vec<ShownLot>,
    /// Tier, where there is a ladder.
    #[serde(flatten)]
    pub tier: Option<ShownTier>,
    /// Coupons by name, where the programme has coupons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupons: Option<BTreeMap<String, ShownCoupon>>,
    /// Grade of activity, where the programme grades: none without a visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity_grade: Option<Option<usize>>,
}

/// A lot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ShownLot {
    /// Its name.
    pub id: String,
    /// What is left.
    pub left: i64,
    /// Until the end of this day.
    pub last_day: String,
}

/// A tier.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ShownTier {
    /// Its name.
    pub tier: String,
    /// When it ends, in grace when grace ends; never on the lowest.
    pub tier_until: Option<Instant>,
    /// Whether it is only kept by grace.
    pub in_grace: bool,
}

/// A coupon.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ShownCoupon {
    /// Where it stands.
    pub state: CouponState,
    /// When it ends.
    pub expires: Instant,
}

impl Scenario {
    /// Reads a scenario from the text of a file. What stands under `expect` is not looked at.
    ///
    /// # Errors
    /// The first place at which it cannot be understood.
    pub fn read(text: &str) -> Read<Self> {
        let value: Value = serde_json::from_str(text).map_err(|e| NOT_JSON.with("why", e))?;
        let fields = Node::root("", &value).fields()?;
        fields.whole("format", 1, 1)?;
        for told in ["id", "title", "why", "hand_checked"] {
            fields.maybe(told);
        }
        let programme = programme::read(&fields.need("programme")?)?;
        let member = fields.maybe("member").map_or(Ok(Member::default()), |n| member(&n))?;
        let steps = fields.need("steps")?.list()?;
        fields.done()?;
        let steps = steps.iter().map(|n| step(n, &programme)).collect::<Read<Vec<_>>>()?;
        if let Some(i) = steps.windows(2).position(|pair| pair[1].at < pair[0].at) {
            let path = format!("steps[{}].at", i + 1);
            return Err(CLOCK_BACK.at(&path).with("path", &path));
        }
        Ok(Self { programme, member, steps })
    }

    /// Runs it and shows the state after each step.
    ///
    /// # Errors
    /// Where numbers become too large to reckon.
    pub fn run(&self) -> Read<Vec<Shown>> {
        let rules = Rules::from(self.programme.clone());
        let mut journal = Journal::new(self.member.clone());
        let mut shown = Vec::with_capacity(self.steps.len());
        for (i, step) in self.steps.iter().enumerate() {
            let place = |refusal: shuke_kernel::Refusal| refusal.at(format!("steps[{i}]"));
            let folded = journal.fold(&rules, step.event.clone(), step.at).map_err(place)?;
            shown.extend(journal.state().map(|state| show(&self.programme, state, folded.outcome)));
        }
        Ok(shown)
    }
}

fn member(node: &Node<'_>) -> Read<Member> {
    let fields = node.fields()?;
    let member = Member { birthday: fields.maybe("birthday").map(|n| n.day()).transpose()?, joined: fields.maybe_instant("joined")? };
    fields.done()?;
    Ok(member)
}

fn step(node: &Node<'_>, programme: &Programme) -> Read<Step> {
    let fields = node.fields()?;
    let at = fields.need("at")?.instant()?;
    let event = event::read(&fields.need("do")?, at, programme)?;
    fields.maybe("expect");
    fields.done()?;
    if event.time > at {
        let path = format!("{}.do.time", node.path);
        return Err(FUTURE.at(&path).with("path", &path));
    }
    Ok(Step { at, event })
}

/// What is shown of a state after a step that was answered so.
pub fn show(programme: &Programme, state: &State, result: Outcome) -> Shown {
    let lot = |lot: &crate::lots::Lot| ShownLot { id: lot.id.clone(), left: lot.left, last_day: lot.last_day.to_string() };
    let tier = programme.ladder.as_ref().map(|ladder| ShownTier {
        tier: ladder.tiers.get(state.standing.tier).map(|tier| tier.id.clone()).unwrap_or_default(),
        tier_until: state.standing.until(&programme.zone),
        in_grace: state.standing.grace.is_some(),
    });
    let coupons = programme.coupons.as_ref().map(|_| {
        let shown = |(grant, coupon): (&String, &crate::coupons::Coupon)| {
            (grant.clone(), ShownCoupon { state: coupon.state, expires: coupon.expires })
        };
        state.coupons.all.iter().map(shown).collect()
    });
    // Only members who were merged have anything there.
    let told = |(name, balance): &(&str, i64)| *name != Account::Transferred.name() || *balance != 0;
    Shown {
        result,
        accounts: Account::ALL.iter().map(|a| (a.name(), state.accounts.of(*a))).filter(told).collect(),
        lots: state.lots.in_order().map(lot).collect(),
        tier,
        coupons,
        activity_grade: programme.activity_cuts.as_ref().map(|_| state.activity_grade(programme)),
    }
}

/// What of an expected state differs from the one shown, each difference with its place. Keys that are not expected are not looked at.
pub fn differences(expected: &Value, shown: &Shown) -> Vec<String> {
    let got = serde_json::to_value(shown).unwrap_or_default();
    let mut found = Vec::new();
    compare(expected, &got, "", &mut found);
    found
}

fn compare(want: &Value, got: &Value, path: &str, found: &mut Vec<String>) {
    match (want, got) {
        (Value::Object(w), Value::Object(g)) => {
            if path == "/coupons" {
                found.extend(g.keys().filter(|k| !w.contains_key(*k)).map(|k| format!("{path}/{k} is not expected")));
            }
            each(w, g, path, found);
        }
        (Value::Array(w), Value::Array(g)) if w.len() == g.len() => {
            w.iter().zip(g).enumerate().for_each(|(i, (w, g))| compare(w, g, &format!("{path}/{i}"), found));
        }
        _ if same(want, got) => {}
        _ => found.push(format!("{path}: want {want}, got {got}")),
    }
}

fn each(want: &Map<String, Value>, got: &Map<String, Value>, path: &str, found: &mut Vec<String>) {
    for (key, w) in want {
        match got.get(key) {
            Some(g) => compare(w, g, &format!("{path}/{key}"), found),
            None => found.push(format!("{path}/{key}: want {w}, got nothing")),
        }
    }
}

/// Equal, instants by what they name.
fn same(want: &Value, got: &Value) -> bool {
    let instant = |v: &Value| v.as_str().filter(|t| t.contains('T')).and_then(|t| t.parse::<Instant>().ok());
    want == got || instant(want).is_some_and(|t| instant(got) == Some(t))
}
