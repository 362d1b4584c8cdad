//! Drawn histories under drawn rules, tried with other drawn rules; then these are saved, time passes, and both are compared member by member.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use shuke_kernel::{Actor, Ctx, Instant, Result};
use shuke_loyalty::Account;
use shuke_loyalty::event::{Act, Event};
use shuke_members::MemberId;
use shuke_programme::book::post::{self, Request};
use shuke_programme::book::{entries, rows, show};
use shuke_programme::definition::service::{self, New};
use shuke_programme::definition::{NOT_FOUND, State};
use shuke_programme::trial::{self, Asked, Filter, Stated, Which};
use shuke_programme::{Programme, ProgrammeId};
use shuke_store::Tx;
use shuke_testkit::TestStore;

use crate::batch::{Batch, Step, draw};
use crate::model::DAY;
use crate::model::drawn::{START, act_at, member, renamed, written};

/// Before anything that is told.
const EVER: Instant = Instant(-2_208_988_800_000_000);
/// Batches that are played on each engine, unless `SHUKE_TRIALS` says otherwise, and histories in each: of two members each.
const BATCHES: u64 = 12;
const HISTORIES: usize = 24;
const SEED: u64 = 20_261_128;

/// What a member has: tier held, and points that were given by themselves.
type Has = (Option<String>, i64);

fn cx(t: &TestStore, at: Instant) -> Ctx {
    Ctx::new(t.merchant, Actor::System("test"), at)
}

/// Plays a batch into a programme of its own. The time at which it ends.
fn play(t: &TestStore, batch: &Batch) -> (ProgrammeId, Instant) {
    let (m, batch) = (t.merchant, Arc::new(batch.clone()));
    t.write(move |tx| {
        let cx = |at: i64| Ctx::new(m, Actor::System("test"), Instant::from_micros(at));
        let before = cx(START - DAY);
        let new = New { name: "trial".to_owned(), shops: Vec::new(), rules: written(&batch.rules), begins_at: Some(EVER) };
        let id = service::create(tx, &before, &new)?;
        // Of the rules that follow the first is in force on the way; the last is what is tried.
        if let Some((from, rules)) = batch.later.first().filter(|_| batch.later.len() > 1) {
            service::post_version(tx, &before, id, &written(rules), Some(Instant::from_micros(START + from)), "")?;
        }
        let programme = service::get(tx, m, id)?;
        let members: Vec<[MemberId; 2]> = batch.histories.iter().map(|_| [before.new_id(), before.new_id()]).collect();
        let mut at = START;
        for (round, gap) in batch.gaps.iter().enumerate() {
            at += gap;
            let mut requests = Vec::new();
            for (i, history) in batch.histories.iter().enumerate() {
                let Step::Told { by_younger, late, id, act } = &history[round] else { continue };
                let time = if *act == Act::Tick { at } else { at - late };
                let event = Event { time: Instant::from_micros(time), id: id.clone(), act: act_at(time, act.clone()) };
                let event = if *by_younger { renamed(event) } else { event };
                requests.push(Request { facts: Some(member()), ..Request::of(members[i][usize::from(*by_younger)], vec![event]) });
            }
            post::post_many(tx, &cx(at), &programme, requests)?;
        }
        // Versions that were scheduled have begun, so that another may follow.
        let last = batch.later.first().map_or(at, |(from, _)| at.max(START + from));
        Ok((id, Instant::from_micros(last)))
    })
}

/// The rules that are tried: drawn ones, at times with a ladder whose tiers are others.
fn other(batch: &Batch, seed: u64) -> Value {
    let mut rules = batch.later.last().map_or_else(|| written(&batch.rules), |(_, rules)| written(rules));
    match seed % 4 {
        1 => drop(rules["ladder"]["tiers"].as_array_mut().map(|tiers| tiers.remove(1))),
        2 => rules["ladder"]["tiers"][2]["id"] = "v3".into(),
        3 if seed % 8 == 3 => drop(rules.as_object_mut().map(|rules| rules.remove("ladder"))),
        _ => {}
    }
    // The rule of the draw is of a tier that may be gone now.
    rules["earn"].as_array_mut().expect("rules").retain(|rule| rule.get("tiers").is_none());
    rules
}

/// What members have at an instant once everything that is due by then has happened.
fn have(tx: &mut Tx<'_>, at: &Ctx, programme: &Programme, given: &BTreeMap<MemberId, i64>) -> Result<BTreeMap<MemberId, Has>> {
    let rules = service::rules(tx, at.merchant, programme)?;
    let books = rows::page(tx, at.merchant, programme.id, MemberId::from_bytes([0; 16]), 10_000)?;
    let members: Vec<MemberId> = books.iter().map(|book| book.member).collect();
    post::pass_due(tx, at, programme, &members, false)?;
    let mut out = BTreeMap::new();
    for book in rows::page(tx, at.merchant, programme.id, MemberId::from_bytes([0; 16]), 10_000)? {
        let tier = show::view(tx, at, programme, &rules, &book)?.tier.map(|tier| tier.id);
        let issued = issued(tx, at, programme.id, book.member)? - given.get(&book.member).copied().unwrap_or(0);
        out.insert(book.member, (tier, issued));
    }
    Ok(out)
}

fn issued(tx: &mut Tx<'_>, cx: &Ctx, programme: ProgrammeId, member: MemberId) -> Result<i64> {
    let all = entries::of_member(tx, cx, programme, member, i64::MAX, 10_000)?;
    Ok(all.iter().filter(|kept| kept.entry.from == Account::Issued).map(|kept| kept.entry.amount).sum())
}

/// What would be, and nothing of it is kept.
fn without_trace<T: Send + 'static>(t: &TestStore, work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T {
    let found = Arc::new(Mutex::new(None));
    let put = found.clone();
    let undone = t.try_write(move |tx| {
        *put.lock().unwrap() = Some(work(tx)?);
        Err::<(), _>(NOT_FOUND.refuse().into())
    });
    assert_eq!(undone.unwrap_err().refusal().map(|r| r.code.code), Some(NOT_FOUND.code));
    found.lock().unwrap().take().unwrap()
}

fn agree(t: &TestStore, seed: u64) -> u64 {
    let batch = draw(seed, HISTORIES);
    let (id, now) = play(t, &batch);
    let m = t.merchant;
    let programme = t.read(move |tx| service::get(tx, m, id));
    let at = cx(t, now);
    let given = t.read({
        let at = at.clone();
        move |tx| {
            let books = rows::page(tx, m, id, MemberId::from_bytes([0; 16]), 10_000)?;
            books.into_iter().map(|book| Ok((book.member, issued(tx, &at, id, book.member)?))).collect::<Result<BTreeMap<_, _>>>()
        }
    });
    let rules = other(&batch, seed);
    let days = |n: i64| Instant::from_micros(now.micros() + n * DAY);
    let mut moved = 0;
    for (from, as_of) in [(now, now), (now, days(40)), (days(9), days(9)), (days(30), days(400)), (now, days(800))] {
        let place = format!("seed {seed}, from {from}, as of {as_of}");
        let asked = Asked { rules: rules.clone(), from: Some(from), as_of: Some(as_of), stated: Stated::default(), months: 0 };
        let ready = t.read({
            let (at, asked) = (at.clone(), asked.clone());
            move |tx| trial::ready(tx, &at, id, &asked)
        });
        let mut tried = BTreeMap::new();
        let never = AtomicBool::new(false);
        let everybody = Filter { which: Which::All, ..Filter::default() };
        trial::rows(&t.store, &ready, &everybody, None, &never, &mut |row| {
            tried.insert(row.member, (row, ready.ladders.loses(&row)));
            Ok(true)
        })
        .unwrap();
        let (of, then, known) = (programme.clone(), cx(t, as_of), given.clone());
        let without = without_trace(t, move |tx| have(tx, &then, &of, &known));
        let (saves, then, known, posted) = (at.clone(), cx(t, as_of), given.clone(), rules.clone());
        let with = without_trace(t, move |tx| {
            service::post_version(tx, &saves, id, &posted, Some(from), "")?;
            let programme = service::get(tx, m, id)?;
            have(tx, &then, &programme, &known)
        });
        assert_eq!(tried.len(), with.len(), "{place}");
        for (member, (row, _)) in &tried {
            let held = ready.ladders.ids(row.tried.held);
            let told = |tier: Option<&str>, issued| (tier.map(str::to_owned), issued);
            assert_eq!(told(held.before, row.tried.issued.before), without[member], "{place}: {member} without");
            assert_eq!(told(held.after, row.tried.issued.after), with[member], "{place}: {member} with");
            moved += u64::from(held.before != held.after);
        }
        // The whole is the sum of its members.
        let summary = trial::summary(&t.store, &ready, &never).unwrap();
        let cells: u64 = summary.held.cells.iter().map(|(_, _, members)| members).sum();
        assert_eq!((summary.members, cells, summary.unreckoned), (tried.len() as u64, tried.len() as u64, 0), "{place}");
        assert_eq!(summary.losing, tried.values().filter(|(_, loses)| *loses).count() as u64, "{place}");
        assert_eq!(summary.issued.after, tried.values().map(|(row, _)| row.tried.issued.after).sum::<i64>(), "{place}");
    }
    t.write(move |tx| service::set_state(tx, &at, id, State::Archived).map(|_| ()));
    moved
}

fn each(t: &TestStore) {
    let batches = std::env::var("SHUKE_TRIALS").map_or(BATCHES, |text| text.parse().unwrap());
    let moved: u64 = (0..batches).map(|n| agree(t, SEED + n)).sum();
    assert!(moved > 20, "{moved} tiers moved: these rules try nothing");
}

#[test]
fn a_trial_is_what_happens_when_the_rules_are_saved_on_sqlite() {
    each(&shuke_testkit::sqlite_with(crate::ALL));
}

#[test]
fn a_trial_is_what_happens_when_the_rules_are_saved_on_postgresql() {
    each(&shuke_testkit::postgres_with(crate::ALL));
}
