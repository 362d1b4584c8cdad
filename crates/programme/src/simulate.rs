//! A scenario through the product's own services: a programme of its own in a store, a member of its own, each step
//! posted as it would be, and the state shown as the pure run shows it.

use serde_json::Value as Json;
use shuke_kernel::{Actor, Ctx, Error, Instant, MerchantNo, Result};
use shuke_loyalty::Scenario;
use shuke_loyalty::event::Outcome;
use shuke_loyalty::scenario::Shown;
use shuke_store::{Lane, Store};

use crate::book::post::{self, Request};
use crate::book::show;
use crate::definition::State;
use crate::definition::service::{self, New};

/// Before anything that a scenario may tell of.
const EVER: Instant = Instant(-2_208_988_800_000_000);

/// Runs a scenario, whose text is a file's, in a store in which the merchant has its keys. Shows the state after each
/// step, and leaves the programme there, put away.
///
/// # Errors
/// Refuses what cannot be read or reckoned.
pub fn run(store: &Store, merchant: MerchantNo, text: &str) -> Result<Vec<Shown>> {
    let scenario = Scenario::read(text)?;
    let whole: Json = serde_json::from_str(text)?;
    let rules = whole.get("programme").cloned().unwrap_or_default();
    let began = scenario.steps.first().map_or(EVER, |step| step.at);
    let cx = |at| Ctx::new(merchant, Actor::System("simulate"), at);
    let new = New { name: "simulate".to_owned(), shops: Vec::new(), rules, begins_at: Some(EVER) };
    let first = cx(began);
    let (programme, member) = store.write_now(Lane::Interactive, move |tx| {
        let id = service::create(tx, &first, &new)?;
        Ok((service::get(tx, merchant, id)?, first.new_id::<shuke_members::MemberKind>()))
    })?;
    let mut shown = Vec::with_capacity(scenario.steps.len());
    for (i, step) in scenario.steps.iter().enumerate() {
        let place = |e: Error| match e {
            Error::Refused(refusal) => Error::from(refusal.at(format!("steps[{i}]"))),
            fault => fault,
        };
        let (cx, programme, facts, event) = (cx(step.at), programme.clone(), scenario.member.clone(), step.event.clone());
        let done = store.write_now(Lane::Interactive, move |tx| {
            let request = Request { member, facts: Some(facts.clone()), events: vec![event.clone()], reason: None };
            let written = post::post(tx, &cx, &programme, request)?;
            let rules = service::rules(tx, merchant, &programme)?;
            let result = written.posted.first().map_or(Outcome::Ok, |posted| posted.outcome);
            show::shown(tx, &cx, &programme, &rules, &written.book, result)
        });
        shown.push(done.map_err(place)?);
    }
    let last = cx(scenario.steps.last().map_or(began, |step| step.at));
    store.write_now(Lane::Interactive, move |tx| service::set_state(tx, &last, programme.id, State::Archived).map(|_| ()))?;
    Ok(shown)
}
