//! The fold is a function of a set: permutation, repetition and batching cannot matter, and parts
//! always sum to the whole.

use proptest::prelude::*;

use super::*;
use crate::observed::Entries;

fn time() -> impl Strategy<Value = Option<Instant>> {
    prop_oneof![Just(None), (1_i64..20).prop_map(|d| at(d, 0))]
}

fn state() -> impl Strategy<Value = Option<State>> {
    prop_oneof![1 => Just(None), 4 => prop::sample::select(State::ALL.to_vec()).prop_map(Some)]
}

fn money() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![Just(None), (0_i64..20_000).prop_map(Some)]
}

fn line(ordinal: u32) -> impl Strategy<Value = LineSaid> {
    let sku = prop::option::weighted(0.7, prop::sample::select(vec!["a", "b", "c"]));
    let title = prop::option::of(prop::sample::select(vec!["tea", "cup"]));
    (
        (sku, title),
        1_i64..4,
        money(),
        money(),
        money(),
        state(),
        any::<bool>(),
        prop::option::of(0_u8..3),
        prop::sample::select(vec![Role::Goods, Role::Goods, Role::Goods, Role::Gift, Role::Shipping]),
    )
        .prop_map(move |((sku, title), quantity, price, paid, refunded, state, words, id, role)| LineSaid {
            id: id.map(|i| format!("s{i}-{ordinal}")),
            ordinal,
            sku: sku.map(str::to_owned),
            title: title.map(str::to_owned),
            quantity,
            unit_price: price,
            paid,
            refunded: refunded.filter(|r| paid.is_some_and(|p| *r <= p)),
            state,
            refund_in_words: words,
            role,
            ..LineSaid::default()
        })
}

fn lines() -> impl Strategy<Value = Vec<LineSaid>> {
    (0_usize..4).prop_flat_map(|n| (0..n as u32).map(line).collect::<Vec<_>>())
}

fn refund() -> impl Strategy<Value = RefundSaid> {
    let kind = prop::sample::select(RefundKind::ALL.to_vec());
    let state = prop::sample::select(vec![RefundState::Open, RefundState::Succeeded, RefundState::Closed]);
    (0_u8..3, kind, state, money(), prop::option::of(prop::sample::select(vec!["a", "b", "x"])), time()).prop_map(
        |(id, kind, state, amount, sku, at)| RefundSaid {
            source_id: format!("r{id}"),
            kind,
            state,
            amount,
            at,
            lines: sku.map(|s| RefundLine { sku: Some(s.into()), quantity: 1, ..RefundLine::default() }).into_iter().collect(),
            ..RefundSaid::default()
        },
    )
}

fn about() -> impl Strategy<Value = Observation> {
    let doc = prop::sample::select(vec![Doc::OrderReport, Doc::ItemReport, Doc::SuborderReport, Doc::Erp, Doc::Api, Doc::Connector]);
    let amounts = (money(), money(), money(), money(), money());
    (doc, time(), state(), amounts, lines(), any::<bool>(), any::<bool>(), prop::option::of(1_i64..4), prop::option::of(1_i64..9)).prop_map(
        |(doc, source_time, state, (paid, shipping, refunded, deposit, balance), lines, lines_whole, keeps, import, heard)| Observation {
            source_time,
            state,
            paid,
            shipping,
            refunded: refunded.filter(|r| paid.is_none_or(|p| *r <= p)),
            deposit,
            balance,
            keeps_last_state: keeps && state.is_none(),
            lines_whole: lines_whole && !lines.is_empty(),
            lines,
            import: import.filter(|_| doc != Doc::Api),
            heard: heard.and_then(|h| at(20 + h, 0)).filter(|_| doc == Doc::Api && source_time.is_none()),
            ..said(doc)
        },
    )
}

fn observation() -> impl Strategy<Value = Observation> {
    prop_oneof![4 => about(), 1 => refund().prop_map(|r| Observation { refund: Some(Box::new(r)), ..said(Doc::Refund) })]
}

/// What the store would keep after these arrivals.
pub(super) fn kept(all: &[Observation]) -> Entries {
    let mut entries = Entries::default();
    for o in all {
        let note = o.clone().note().unwrap_or_else(|e| panic!("{}", e.text(false)));
        entries.add(note.hash, &note.body, note.said.import, note.said.heard);
    }
    entries
}

fn folded(entries: &Entries) -> Option<OrderState> {
    let said = crate::order::service::statements(entries, "taobao", "1").unwrap_or_else(|e| panic!("{e}"));
    fold(&Terms::default(), "taobao", "1", &said)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn order_of_arrival_and_repetition_do_not_matter(all in prop::collection::vec(observation(), 1..7), seed in any::<prop::sample::Index>(), twice in any::<prop::sample::Index>()) {
        // Statements that only hearing orders are heard in their order: each once, at its time.
        let mut all = all;
        let mut heard: Vec<_> = Vec::new();
        all.retain(|o| o.heard.is_none_or(|h| !heard.contains(&h) && { heard.push(h); true }));
        let base = folded(&kept(&all));
        let mut turned = all.clone();
        turned.rotate_left(seed.index(all.len()));
        turned.reverse();
        let again = turned[twice.index(turned.len())].clone();
        turned.push(again);
        prop_assert_eq!(&folded(&kept(&turned)), &base);
    }

    #[test]
    fn numbers_of_imports_are_names_only(all in prop::collection::vec(observation(), 1..7)) {
        let other: Vec<Observation> = all.iter().map(|o| Observation { import: o.import.map(|n| 9 - n), ..o.clone() }).collect();
        prop_assert_eq!(folded(&kept(&other)), folded(&kept(&all)));
    }

    #[test]
    fn an_undone_import_leaves_no_trace(all in prop::collection::vec(observation(), 1..7), import in 1_i64..4) {
        let mut entries = kept(&all);
        entries.retract(import);
        let rest: Vec<Observation> = all.iter().filter(|o| o.import != Some(import)).cloned().collect();
        prop_assert_eq!(folded(&entries), folded(&kept(&rest)));
    }

    #[test]
    fn parts_sum_to_the_whole_and_nothing_is_below_zero(all in prop::collection::vec(observation(), 1..6)) {
        let Some(o) = folded(&kept(&all)) else { return Ok(()) };
        prop_assert!(o.refunded >= 0);
        for l in &o.lines {
            prop_assert!(l.refunded >= 0);
            prop_assert!(l.paid.is_none_or(|p| p >= l.refunded || !l.role.is_goods()), "{l:?}");
        }
        if let (Some(net), Some(goods)) = (o.net_paid, o.goods_paid) {
            prop_assert!((0..=goods).contains(&net));
            if !o.lines.is_empty() {
                prop_assert_eq!(o.lines.iter().map(|l| l.paid.unwrap_or(0)).sum::<i64>(), goods);
                prop_assert_eq!(o.lines.iter().map(|l| l.refunded).sum::<i64>(), goods - net);
            }
        }
        let refunds: i64 = o.refunds.iter().filter(|r| r.state == RefundState::Succeeded && r.kind != RefundKind::Exchange).map(|r| r.amount).sum();
        prop_assert!(refunds >= o.refunded);
        if o.state == State::Created { prop_assert!(!o.purchase); }
    }
}
