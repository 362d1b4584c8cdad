//! Random histories with duplicates, reorderings, refunds and late events: the engine agrees with the slow model at
//! every step, its books balance at every step, and facts give one state in whatever order they arrive.

mod model;

use std::collections::BTreeMap;

use model::{DAY, Model, Rules};
use proptest::prelude::*;
use serde_json::json;
use shuke_kernel::Instant;
use shuke_loyalty::event::{Act, Event, Member, Outcome};
use shuke_loyalty::ledger::{Account, Accounts, Entry};
use shuke_loyalty::{Journal, Programme, State};

const HOUR: i64 = 3_600_000_000;
/// 2026-01-31T16:00:00Z: midnight in Shanghai.
const START: i64 = 1_769_875_200_000_000;

fn programme(rules: &Rules) -> Programme {
    let tier = |i: usize| {
        json!({
            "id": format!("v{}", i + 1),
            "entry": { "any": [{ "metric": "net_spend", "min": rules.tiers[i].0 }, { "metric": "orders", "min": rules.tiers[i].1 }] },
            "keep": { "all": [{ "metric": "net_spend", "min": rules.keep }] },
            "reward_points": rules.rewards[i],
        })
    };
    let window = match rules.window {
        0 => json!({ "kind": "lifetime" }),
        -1 => json!({ "kind": "calendar_year" }),
        months => json!({ "kind": "rolling_months", "months": months }),
    };
    let value = json!({
        "settlement_days": rules.settlement,
        "lot_expiry": { "days": rules.lot_days },
        "shortfall": if rules.waive { "waive" } else { "negative" },
        "reversal_min_days": rules.back_days,
        "earn": [
            { "id": "a", "kind": "per_amount", "points": rules.points, "per_fen": rules.per_fen },
            { "id": "m", "kind": "multiplier", "factor": format!("{}.{:02}", rules.factor / 100, rules.factor % 100) },
            { "id": "f", "kind": "first_order", "points": rules.first_order },
        ],
        "caps": [{ "id": "d", "per": "day", "points": rules.day_cap }, { "id": "m", "per": "month", "points": rules.month_cap }],
        "check_in": { "points": rules.check_in, "streak": [{ "days": rules.streak.0, "bonus": rules.streak.1 }] },
        "birthday": { "points": rules.birthday },
        "ladder": {
            "tiers": [{ "id": "v0" }, tier(0), tier(1)],
            "window": window,
            "validity": if rules.validity == 0 { json!({ "year_end": 0 }) } else { json!({ "months": rules.validity }) },
            "step_down": rules.step_down,
            "grace_days": rules.grace,
            "on_refund": match rules.refund_days { -1 => "always", -2 => "period_end", _ => "window" },
            "refund_window_days": rules.refund_days.max(0),
        },
        "coupons": [{ "id": "t", "amount": 100, "validity": { "days": rules.coupon_days }, "lock_minutes": rules.lock_minutes, "stock": rules.stock }],
    });
    shuke_loyalty::programme::read(&shuke_loyalty::json::Node::root("programme", &value)).unwrap()
}

prop_compose! {
    fn rules()(
        settlement in prop::sample::select(vec![0, 0, 7]),
        lot_days in prop::sample::select(vec![3, 30, 90, 365]),
        waive in any::<bool>(),
        back_days in prop::sample::select(vec![0, 5, 30]),
        points in 1..4_i64,
        per_fen in prop::sample::select(vec![100, 70, 300]),
        factor in prop::sample::select(vec![100, 125, 200]),
        first_order in prop::sample::select(vec![0, 20]),
        caps in prop::sample::select(vec![(1_000, 5_000), (60, 100), (100, 120)]),
        check_in in 0..3_i64,
        streak in (1..4_i64, 0..10_i64),
        birthday in prop::sample::select(vec![0, 15]),
        tiers in prop::sample::select(vec![[(10_000, 3), (30_000, 9)], [(5_000, 2), (8_000, 3)], [(9_000, 1), (100_000, 2)]]),
        keep in prop::sample::select(vec![1, 8_000]),
        (window, validity) in (prop::sample::select(vec![0, -1, 1, 6, 12]), prop::sample::select(vec![0, 1, 12])),
        (step_down, grace) in (any::<bool>(), prop::sample::select(vec![0, 10])),
        refund_days in prop::sample::select(vec![15, 15, -1, -2]),
        (coupon_days, lock_minutes, stock) in (prop::sample::select(vec![0, 7]), prop::sample::select(vec![15, 60, 20_000]), 1..4_i64),
    ) -> Rules {
        Rules {
            settlement, lot_days, waive, back_days, points, per_fen, factor, first_order, day_cap: caps.0, month_cap: caps.1, check_in,
            streak, birthday, tiers, keep, rewards: [5, 25], window, validity, step_down, grace, refund_days, coupon_days, lock_minutes, stock,
        }
    }
}

fn name(prefix: &'static str, of: u32) -> impl Strategy<Value = String> {
    (0..of).prop_map(move |i| format!("{prefix}{i}"))
}

fn fact() -> impl Strategy<Value = Act> {
    let order = || name("o", 4);
    prop_oneof![
        4 => (order(), prop::sample::select(vec![0, 100, 3_333, 5_000, 10_000])).prop_map(|(order, net_fen)| Act::OrderPaid { order, net_fen, lines: vec![] }),
        4 => order().prop_map(|order| Act::OrderCompleted { order }),
        3 => (order(), prop::sample::select(vec![0, 1, 1_111, 3_333, 5_000])).prop_map(|(order, net_fen)| Act::Refund { order, net_fen }),
        1 => order().prop_map(|order| Act::OrderClosed { order }),
        2 => Just(Act::CheckIn),
        2 => (-30..60_i64).prop_map(|points| Act::Adjust { points }),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let (order, grant) = (|| name("o", 3), || name("g", 2));
    prop_oneof![
        12 => fact(),
        5 => (1..80_i64).prop_map(|points| Act::Spend { points }),
        2 => (1..60_i64).prop_map(|points| Act::Hold { points }),
        4 => (name("e", 5), prop::option::of(1..60_i64)).prop_map(|(spend, points)| Act::SpendReverse { spend, points }),
        1 => name("e", 5).prop_map(|hold| Act::HoldCapture { hold }),
        1 => name("e", 5).prop_map(|hold| Act::HoldRelease { hold }),
        2 => grant().prop_map(|grant| Act::Claim { template: "t".into(), grant, member: String::new() }),
        2 => (grant(), order()).prop_map(|(grant, order)| Act::Lock { grant, order }),
        2 => (grant(), order()).prop_map(|(grant, order)| Act::Redeem { grant, order }),
        1 => (grant(), order()).prop_map(|(grant, order)| Act::Release { grant, order }),
        1 => Just(Act::Tick),
    ]
}

/// Microseconds between steps, often to the very end of something.
fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => Just(0),
        2 => Just(15 * 60_000_000),
        4 => (1..30_i64).prop_map(|h| h * HOUR),
        4 => (1..12_i64).prop_map(|d| d * DAY),
        2 => (12..200_i64).prop_map(|d| d * DAY),
        1 => (300..400_i64).prop_map(|d| d * DAY),
    ]
}

fn lateness() -> impl Strategy<Value = i64> {
    prop_oneof![5 => Just(0), 2 => Just(15 * 60_000_000), 2 => (1..48_i64).prop_map(|h| h * HOUR), 2 => (1..60_i64).prop_map(|d| d * DAY)]
}

type Steps = Vec<(i64, i64, String, Act)>;

fn steps() -> impl Strategy<Value = Steps> {
    prop::collection::vec((gap(), lateness(), name("e", 5), act()), 1..40)
}

fn member() -> Member {
    Member { birthday: Some(jiff::civil::date(1992, 2, 29)), joined: None }
}

/// What is posted up to now, as an auditor would add it up.
#[derive(Default)]
struct Books {
    accounts: Accounts,
    available_by_lot: BTreeMap<Option<String>, i64>,
}

impl Books {
    fn add(&mut self, entries: &[Entry]) {
        for e in entries {
            assert!(e.amount > 0 && e.from != e.to, "{e:?}");
            assert!(self.accounts.post(e.from, e.to, e.amount));
            for (account, sign) in [(e.from, -1), (e.to, 1)] {
                if account == Account::Available {
                    *self.available_by_lot.entry(e.lot.clone()).or_default() += sign * e.amount;
                }
            }
        }
    }

    fn agree(&self, state: &State) -> Result<(), TestCaseError> {
        prop_assert_eq!(self.accounts, state.accounts);
        prop_assert_eq!(state.accounts.sum(), 0);
        let owed: i64 = state.owed.iter().map(|o| o.points).sum();
        prop_assert_eq!(state.lots.sum() - i128::from(owed), i128::from(state.available()));
        prop_assert_eq!(self.available_by_lot.get(&None).copied().unwrap_or(0), -owed);
        let left: BTreeMap<&str, i64> = state.lots.in_order().map(|lot| (lot.id.as_str(), lot.left)).collect();
        for (lot, sum) in self.available_by_lot.iter().filter_map(|(lot, sum)| Some((lot.as_deref()?, sum))) {
            prop_assert_eq!(left.get(lot).copied().unwrap_or(0), *sum, "{}", lot);
        }
        let frozen: i64 = state.holds.values().filter(|hold| !hold.over).map(|hold| hold.left()).sum();
        prop_assert_eq!(frozen, state.accounts.of(Account::Frozen));
        let pending: i64 = state.orders.values().map(|order| order.pending).sum();
        prop_assert_eq!(pending, state.accounts.of(Account::Pending));
        Ok(())
    }
}

fn same(state: &State, programme: &Programme, model: &model::World) -> Result<(), TestCaseError> {
    let of = |account| state.accounts.of(account);
    let accounts = [
        of(Account::Pending),
        of(Account::Available),
        of(Account::Frozen),
        of(Account::Redeemed),
        of(Account::Expired),
        of(Account::Reversed),
        of(Account::Issued),
    ];
    let expected = [model.pending(), model.available(), model.frozen, model.redeemed, model.expired, model.reversed, -model.issued];
    prop_assert_eq!(accounts, expected);
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = |d: jiff::civil::Date| i64::from((d - epoch).get_days());
    let lots: Vec<_> = state.lots.in_order().map(|l| (l.id.clone(), l.left, days(l.last_day))).collect();
    prop_assert_eq!(lots, model.lots());
    let standing = &state.standing;
    let until = standing.until(&programme.zone).map(Instant::micros);
    prop_assert_eq!((standing.tier, until, standing.grace.is_some()), model.tier());
    let word = |c: &shuke_loyalty::coupons::Coupon| serde_json::to_value(c.state).unwrap().as_str().unwrap().to_owned();
    let coupons: Vec<_> = state.coupons.all.iter().map(|(g, c)| (g.clone(), word(c), c.expires.micros())).collect();
    let expected: Vec<_> = model.coupons().into_iter().map(|(g, s, e)| (g, s.to_owned(), e)).collect();
    prop_assert_eq!(coupons, expected);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn engine_and_model_agree_at_every_step(rules in rules(), steps in steps()) {
        let programme = programme(&rules);
        let (mut journal, mut model, mut books) = (Journal::new(member()), Model::new(&rules), Books::default());
        let mut at = START;
        for (gap, late, id, act) in steps {
            at += gap;
            let event = Event { time: Instant::from_micros(if act == Act::Tick { at } else { at - late }), id, act };
            let before = journal.state().map_or(0, State::available);
            let folded = journal.fold(&programme, event.clone(), Instant::from_micros(at)).unwrap();
            prop_assert_eq!(folded.outcome, model.arrives(&event, at));
            books.add(&folded.entries);
            let state = journal.state().unwrap();
            books.agree(state)?;
            same(state, &programme, model.world.as_ref().unwrap())?;
            let spends = matches!(event.act, Act::Spend { .. } | Act::Hold { .. }) && folded.outcome == Outcome::Ok;
            prop_assert!(!spends || late > 0 || state.available() >= 0 || before < 0, "spent below zero");
        }
        let kept: Journal = serde_json::from_str(&serde_json::to_string(&journal).unwrap()).unwrap();
        prop_assert_eq!(kept.state(), journal.state());
    }

    #[test]
    fn facts_give_one_state_in_any_order(
        rules in rules(),
        facts in prop::collection::vec((gap(), fact()), 1..16),
        order in prop::collection::vec(any::<prop::sample::Index>(), 16),
    ) {
        let programme = programme(&rules);
        let mut at = START;
        let mut events: Vec<Event> = facts.into_iter().enumerate().map(|(i, (gap, act))| {
            at += gap + 1;
            Event { time: Instant::from_micros(at), id: format!("e{i}"), act }
        }).collect();
        let end = Instant::from_micros(at + DAY);
        let first = Event { time: Instant::from_micros(START), id: "first".into(), act: Act::Visit };
        let run = |events: &[Event], in_time: bool| {
            let (mut journal, mut books) = (Journal::new(member()), Books::default());
            for event in std::iter::once(&first).chain(events) {
                books.add(&journal.fold(&programme, event.clone(), if in_time { event.time } else { end }).unwrap().entries);
            }
            books.add(&journal.pass(&programme, end).unwrap().entries);
            books.agree(journal.state().unwrap()).map(|()| journal)
        };
        let sorted = run(&events, true)?;
        let count = events.len();
        for (i, other) in order.iter().take(count).enumerate() {
            events.swap(i, other.index(count));
        }
        let shuffled = run(&events, false)?;
        prop_assert_eq!(sorted.state(), shuffled.state());
        prop_assert_eq!(sorted.events(), shuffled.events());
    }
}
