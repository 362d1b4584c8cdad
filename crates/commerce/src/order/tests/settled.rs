//! What the settlement report reads of orders, on both engines.

use super::stored::{both, take};
use super::*;
use crate::settlement::Adder;
use crate::settlement::judge::Reason::{self, *};
use crate::settlement::service::{self, Window};
use shuke_kernel::Currency;

fn told(id: &str, state: State, paid: i64, settled: i64) -> Observation {
    Observation {
        source_id: id.into(),
        state: Some(state),
        created_at: at(1, 0),
        paid_at: at(1, 1),
        closed_at: at(9, 0).filter(|_| state == State::Closed),
        paid: Some(paid),
        merchant_received: Some(settled),
        lines: vec![goods("S1", 1, paid)],
        ..said(Doc::OrderReport)
    }
}

fn borne(payer: Payer, amount: i64) -> Option<Vec<Discount>> {
    Some(vec![Discount { payer, name: String::new(), amount }])
}

fn refund(of: &str, id: &str, amount: i64) -> Observation {
    let said_refund = RefundSaid { source_id: id.into(), amount: Some(amount), at: at(5, 0), ..RefundSaid::default() };
    Observation { source_id: of.into(), refund: Some(Box::new(said_refund)), ..said(Doc::Refund) }
}

/// An order's number, what was expected of it and why it differs.
type Told = (String, i64, Vec<(Reason, i64)>);

#[test]
fn partners_deposits_single_refunds_and_unknown_money_are_told() {
    both("settled", |t| {
        take(
            t,
            vec![
                Observation { discounts: borne(Payer::Influencer, 700), ..told("influencer", State::Completed, 10_000, 10_700) },
                Observation { discounts: borne(Payer::Supplier, 300), ..told("supplier", State::Completed, 10_000, 10_300) },
                Observation { deposit: Some(1_000), ..told("forfeited", State::Closed, 1_000, 900) },
                told("late", State::Completed, 10_000, 8_000),
                refund("late", "R1", 2_000),
                refund("late", "R2", 3_000),
                told("odd", State::Completed, 10_000, 5_001),
                refund("odd", "R3", 5_000),
                Observation { paid: None, merchant_received: None, lines: Vec::new(), ..told("unknown", State::Completed, 0, 0) },
                Observation { merchant_received: None, ..told("untold", State::Completed, 4_000, 0) },
            ],
        );
        let day = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text} is no day"));
        let window = Window { from: day("2026-01-01"), to: day("2027-01-01"), zone: "Asia/Shanghai".to_owned(), currency: Currency::CNY };
        let (zone, asked) = window.asked("", "").unwrap_or_else(|| panic!("no window"));
        let cx = t.ctx();
        let page = t.read(move |tx| service::page(tx, &cx, &asked, None));
        let mut found: Vec<Told> = page.rows.iter().map(|r| (r.order_no.clone(), r.judged.expected, r.judged.reasons.clone())).collect();
        found.sort();
        let told = |no: &str, expected, why: &[(Reason, i64)]| -> Told { (no.to_owned(), expected, why.to_vec()) };
        let wanted = vec![
            told("forfeited", 1_000, &[(Deducted, -100)]),
            told("influencer", 10_000, &[(PartnerDiscount, 700)]),
            told("late", 5_000, &[(RefundAfterPayout, 3_000)]),
            told("odd", 5_000, &[(Surplus, 1)]),
            told("supplier", 10_000, &[(PartnerDiscount, 300)]),
            told("untold", 4_000, &[(NotTold, -4_000)]),
        ];
        assert_eq!(found, wanted);
        let mut adder = Adder::default();
        adder.take(&zone, page);
        let answer = adder.done(window, t.ctx().now, true);
        assert_eq!(answer.orders_without_amount, 1);
        let total = answer.total;
        assert_eq!((total.difference_told, total.expected_untold, total.difference), (700 + 300 - 100 + 3_000 + 1, 4_000, -99));
    });
}
