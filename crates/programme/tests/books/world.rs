//! Short words for the tests: a store with all tables, a programme, events.

use serde_json::{Value, json};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_loyalty::event::{Act, Event, Line, Outcome};
use shuke_loyalty::{Account, Member};
use shuke_members::MemberId;
use shuke_programme::book::post::{self, Request, Written};
use shuke_programme::book::{audit, rows};
use shuke_programme::definition::service::{self, New};
use shuke_programme::{Programme, ProgrammeId};
use shuke_store::register::{GROUND, Register};
use shuke_testkit::{TestStore, both_with};

pub const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_programme::TABLES]);

pub fn both(name: &str, test: impl Fn(&TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, |t| {
        test(t);
        sound(t);
    });
}

/// One point a yuan, lots of a year, three tiers.
pub fn rules() -> Value {
    json!({
        "earn": [{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }],
        "check_in": { "points": 5 },
        "ladder": { "tiers": [
            { "id": "普通" },
            { "id": "银牌", "entry": { "any": [{ "metric": "net_spend", "min": 10_000 }] } },
            { "id": "金牌", "entry": { "any": [{ "metric": "net_spend", "min": 50_000 }] }, "reward_points": 100 },
        ] },
    })
}

pub fn programme(t: &TestStore, rules: Value) -> Programme {
    let (cx, m) = (t.ctx(), t.merchant);
    t.write(move |tx| {
        let new = New { name: "会员计划".to_owned(), shops: Vec::new(), rules: rules.clone(), begins_at: None };
        let id = service::create(tx, &cx, &new)?;
        service::get(tx, m, id)
    })
}

pub fn again(t: &TestStore, id: ProgrammeId) -> Programme {
    let m = t.merchant;
    t.read(move |tx| service::get(tx, m, id))
}

/// A member whom nobody else knows.
pub fn nobody(t: &TestStore) -> MemberId {
    t.ctx().new_id()
}

pub fn event(id: &str, at: Instant, act: Act) -> Event {
    Event { time: at, id: id.to_owned(), act }
}

pub fn paid(order: &str, at: Instant, net_fen: i64) -> Event {
    event(order, at, Act::OrderPaid { order: order.to_owned(), net_fen, lines: Vec::<Line>::new(), judged_by: None })
}

pub fn completed(order: &str, at: Instant) -> Event {
    event(order, at, Act::OrderCompleted { order: order.to_owned() })
}

pub fn spend(id: &str, at: Instant, points: i64) -> Event {
    event(id, at, Act::Spend { points })
}

pub fn try_post(t: &TestStore, cx: &Ctx, programme: &Programme, member: MemberId, events: Vec<Event>) -> Result<Written> {
    let (cx, programme) = (cx.clone(), programme.clone());
    t.try_write(move |tx| {
        let request = Request { facts: Some(Member::default()), ..Request::of(member, events.clone()) };
        post::post(tx, &cx, &programme, request)
    })
}

/// Posts now; what came of each.
pub fn post(t: &TestStore, programme: &Programme, member: MemberId, events: Vec<Event>) -> Vec<Outcome> {
    let written = try_post(t, &t.ctx(), programme, member, events).unwrap_or_else(|e| panic!("not posted: {e}"));
    written.posted.iter().map(|p| p.outcome).collect()
}

pub fn balance(t: &TestStore, programme: &Programme, member: MemberId, account: Account) -> i64 {
    let (m, id) = (t.merchant, programme.id);
    t.read(move |tx| Ok(rows::get(tx, m, id, member)?.map_or(0, |book| book.heart.accounts.of(account))))
}

pub fn available(t: &TestStore, programme: &Programme, member: MemberId) -> i64 {
    balance(t, programme, member, Account::Available)
}

/// What the audit says of all books, each folded anew.
pub fn findings(t: &TestStore) -> Vec<String> {
    let cx = t.ctx();
    t.read(move |tx| audit::audit(tx, &cx, true))
}

pub fn sound(t: &TestStore) {
    assert_eq!(findings(t), Vec::<String>::new());
}
