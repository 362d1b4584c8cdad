//! A batch through the store's own services and through the slow model.

use std::collections::BTreeMap;
use std::sync::Arc;

use shuke_kernel::{Actor, Ctx, Instant, MerchantNo, Result};
use shuke_loyalty::event::{Act, Event, Outcome};
use shuke_loyalty::{Account, Rules};
use shuke_members::MemberId;
use shuke_programme::book::post::{self, Request};
use shuke_programme::book::rows::{self, Book};
use shuke_programme::book::{Standing, audit, merge};
use shuke_programme::definition::service::{self, New};
use shuke_programme::definition::{Programme, State};
use shuke_store::Tx;
use shuke_testkit::TestStore;

use crate::batch::{Batch, Step};
use crate::model::books::same;
use crate::model::drawn::{START, act_at, member, renamed, written};
use crate::model::{DAY, Model};

/// Before anything that is told.
const EVER: Instant = Instant(-2_208_988_800_000_000);
/// So long after the last step everything has ended that ends by itself.
const AFTERWARDS: i64 = 800 * DAY;

/// Where a history went wrong.
pub struct Wrong {
    pub history: usize,
    pub what: String,
}

/// What the store answered to a step, and the book then.
struct Answer {
    outcome: Outcome,
    book: Book,
}

/// What the store made of a batch.
struct Made {
    rules: Arc<Rules>,
    /// By round and history.
    answers: BTreeMap<(usize, usize), Answer>,
    /// The two books at the end.
    last: Vec<[Option<Book>; 2]>,
    findings: Vec<String>,
}

/// Where the steps of each history lead: whether the two are one before each round. They are merged once: what each then calls
/// by a name that the other has too would be called otherwise by the next merge.
fn together(history: &[Step]) -> Vec<bool> {
    let (mut one, mut merged) = (false, false);
    let each = history.iter().map(|step| {
        let before = one;
        match step {
            Step::Merge if !merged => (one, merged) = (true, true),
            Step::Unmerge => one = false,
            _ => {}
        }
        before
    });
    each.collect()
}

/// In which round a history's two are merged.
fn meets(history: &[Step]) -> Option<usize> {
    history.iter().position(|step| matches!(step, Step::Merge))
}

fn event(step: &Step, at: i64) -> Option<(bool, Event)> {
    let Step::Told { by_younger, late, id, act } = step else { return None };
    let time = if *act == Act::Tick { at } else { at - late };
    let event = Event { time: Instant::from_micros(time), id: id.clone(), act: act_at(time, act.clone()) };
    Some((*by_younger, if *by_younger { renamed(event) } else { event }))
}

/// When each round is.
fn rounds(batch: &Batch) -> Vec<i64> {
    let mut at = START;
    let each = batch.gaps.iter().map(|gap| {
        at += gap;
        at
    });
    each.collect()
}

/// Plays a batch both ways and compares.
pub fn agree(store: &TestStore, batch: &Batch) -> std::result::Result<(), Wrong> {
    let (m, of) = (store.merchant, Arc::new(batch.clone()));
    let made = store.write(move |tx| stored(tx, m, &of));
    for history in 0..batch.histories.len() {
        compare(batch, &made, history).map_err(|what| Wrong { history, what })?;
    }
    match made.findings.first() {
        Some(found) => Err(Wrong { history: 0, what: found.clone() }),
        None => Ok(()),
    }
}

fn stored(tx: &mut Tx<'_>, m: MerchantNo, batch: &Batch) -> Result<Made> {
    let cx = |at: i64| Ctx::new(m, Actor::System("test"), Instant::from_micros(at));
    let before = cx(START - DAY);
    let new = New { name: "histories".to_owned(), shops: Vec::new(), rules: written(&batch.rules), begins_at: Some(EVER) };
    let id = service::create(tx, &before, &new)?;
    for (from, rules) in &batch.later {
        service::post_version(tx, &before, id, &written(rules), Some(Instant::from_micros(START + from)), "")?;
    }
    let programme = service::get(tx, m, id)?;
    let members: Vec<[MemberId; 2]> = batch.histories.iter().map(|_| [before.new_id(), before.new_id()]).collect();
    let (times, one) = (rounds(batch), batch.histories.iter().map(|h| together(h)).collect::<Vec<_>>());
    let mut answers = BTreeMap::new();
    for (round, at) in times.iter().enumerate() {
        let (now, mut whose, mut requests) = (cx(*at), Vec::new(), Vec::new());
        for (i, history) in batch.histories.iter().enumerate() {
            if let Some((by_younger, event)) = event(&history[round], *at) {
                let facts = Some(member());
                requests.push(Request { facts, ..Request::of(members[i][usize::from(by_younger)], vec![event]) });
                whose.push(i);
            }
        }
        for (i, written) in whose.into_iter().zip(post::post_many(tx, &now, &programme, requests)?) {
            answers.insert((round, i), Answer { outcome: written.posted[0].outcome, book: written.book });
        }
        for (i, history) in batch.histories.iter().enumerate() {
            let [a, b] = members[i];
            match history[round] {
                Step::Merge if meets(history) == Some(round) => {
                    both_begun(tx, &now, &programme, [a, b])?;
                    merge::merged(tx, &now, &programme, a, b, &format!("m{round}"))?;
                }
                Step::Unmerge if one[i][round] => drop(merge::parted(tx, &now, &programme, a, b)?),
                _ => {}
            }
        }
    }
    let end = cx(times.last().copied().unwrap_or(START) + AFTERWARDS);
    let all: Vec<MemberId> = members.iter().flatten().copied().collect();
    post::pass_due(tx, &end, &programme, &all, false)?;
    let mut last = Vec::with_capacity(members.len());
    for [a, b] in &members {
        last.push([rows::get(tx, m, id, *a)?, rows::get(tx, m, id, *b)?]);
    }
    let findings = audit::of(tx, &end, &programme, true)?;
    let rules = service::rules(tx, m, &programme)?;
    service::set_state(tx, &end, id, State::Archived)?;
    Ok(Made { rules, answers, last, findings })
}

/// Who merges has a book: one that had nothing would have nothing to give.
fn both_begun(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, members: [MemberId; 2]) -> Result<()> {
    for of in members {
        if rows::get(tx, cx.merchant, programme.id, of)?.is_none() {
            post::post(tx, cx, programme, Request { facts: Some(member()), ..Request::of(of, Vec::new()) })?;
        }
    }
    Ok(())
}

/// A history by the slow model, against what the store made of it.
fn compare(batch: &Batch, made: &Made, history: usize) -> std::result::Result<(), String> {
    let later: Vec<_> = batch.later.iter().map(|(from, rules)| (START + from, rules.clone())).collect();
    let (mut older, mut younger) = (Model::under(&batch.rules, &later), Model::under(&batch.rules, &later));
    let (times, one) = (rounds(batch), together(&batch.histories[history]));
    for (round, at) in times.iter().enumerate() {
        match &batch.histories[history][round] {
            Step::Merge if meets(&batch.histories[history]) == Some(round) => older.absorb(&mut younger, *at),
            Step::Unmerge if one[round] => older.part(&mut younger, *at),
            step => {
                let (Some((by_younger, event)), Some(answer)) = (event(step, *at), made.answers.get(&(round, history))) else { continue };
                let known = one[round] && by_younger && event.act != Act::Tick && younger.knows(&event);
                let model = if by_younger && !one[round] { &mut younger } else { &mut older };
                let meant = if known {
                    model.pass(*at);
                    Outcome::Duplicate
                } else {
                    model.arrives(&event, *at)
                };
                let place = format!("round {round}, {event:?}");
                if answer.outcome != meant {
                    return Err(format!("{place}: answered {:?}, the model {meant:?}", answer.outcome));
                }
                looks_alike(&made.rules, &answer.book, model).map_err(|what| format!("{place}: {what}"))?;
            }
        }
    }
    let end = times.last().copied().unwrap_or(START) + AFTERWARDS;
    let mut transferred = 0;
    for (book, model) in made.last[history].iter().zip([&mut older, &mut younger]) {
        let Some(book) = book else { continue };
        transferred += book.heart.accounts.of(Account::Transferred);
        if book.standing == Standing::Open {
            model.pass(end);
            looks_alike(&made.rules, book, model).map_err(|what| format!("at the end: {what}"))?;
        }
    }
    if transferred == 0 { Ok(()) } else { Err(format!("{transferred} points were moved from nobody")) }
}

fn looks_alike(rules: &Rules, book: &Book, model: &Model) -> std::result::Result<(), String> {
    let world = model.world.as_ref().ok_or("the model has not begun")?;
    same(&book.heart, rules.held(&book.heart), world).map_err(|e| e.to_string())
}
