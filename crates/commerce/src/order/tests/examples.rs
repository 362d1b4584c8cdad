//! One test a sentence of the rules.

use super::*;

fn paid_order(paid: i64, shipping: i64) -> Observation {
    Observation {
        state: Some(State::Paid),
        created_at: at(1, 10),
        paid_at: at(1, 11),
        paid: Some(paid),
        shipping: Some(shipping),
        ..said(Doc::OrderReport)
    }
}

#[test]
fn an_order_report_is_the_order() {
    let o = order(&[Observation {
        state: Some(State::Completed),
        completed_at: at(9, 0),
        platform_status: Some("交易成功".into()),
        refunded: Some(0),
        ..paid_order(35_200, 600)
    }]);
    assert_eq!((o.state, o.status.as_deref(), o.purchase), (State::Completed, Some("交易成功"), true));
    assert_eq!((o.paid, o.goods_paid, o.net_paid, o.refunded), (Some(35_200), Some(34_600), Some(34_600), 0));
    assert_eq!(o.final_at, at(9, 0), "a platform's settlement delay is none");
    assert_eq!(o.platform, "taobao");
}

#[test]
fn an_older_state_never_overwrites_a_newer_one() {
    // What was said, in some order of time, and the state that holds.
    type Word = (Option<Instant>, State);
    let cases: &[(&[Word], State)] = &[
        (&[(at(1, 0), State::Created), (at(2, 0), State::Paid)], State::Paid),
        (&[(at(2, 0), State::Paid), (at(1, 0), State::Shipped)], State::Paid),
        (&[(at(1, 0), State::Paid), (at(1, 0), State::Shipped)], State::Shipped),
        (&[(None, State::Completed), (None, State::Paid)], State::Completed),
        (&[(None, State::Closed), (None, State::Shipped)], State::Closed),
        (&[(None, State::Shipped), (at(5, 0), State::Paid)], State::Shipped),
        (&[(at(3, 0), State::Closed), (at(2, 0), State::Completed)], State::Closed),
    ];
    for (words, want) in cases {
        let all: Vec<Observation> =
            words.iter().map(|(t, s)| Observation { source_time: *t, state: Some(*s), ..said(Doc::Connector) }).collect();
        assert_eq!(order(&all).state, *want, "{words:?}");
    }
}

#[test]
fn a_statement_that_was_heard_wins_over_earlier_ones_but_never_takes_the_state_back() {
    let first = Observation { state: Some(State::Paid), seller_memo: Some("a".into()), heard: at(2, 0), ..said(Doc::Api) };
    let later = Observation { state: Some(State::Created), seller_memo: Some("b".into()), heard: at(3, 0), ..said(Doc::Api) };
    let o = order(&[later, first]);
    assert_eq!((o.state, o.seller_memo.as_deref()), (State::Paid, Some("b")));
}

#[test]
fn a_word_that_means_on_hold_keeps_the_last_state() {
    let hold = Observation {
        keeps_last_state: true,
        state: Some(State::Paid),
        flags: vec!["status_word_locked".into()],
        source_time: at(9, 0),
        ..said(Doc::Connector)
    };
    let o = order(&[hold.clone(), Observation { state: Some(State::Shipped), source_time: at(8, 0), ..said(Doc::Connector) }]);
    assert_eq!((o.state, o.flags.iter().any(|f| f == "status_word_locked")), (State::Shipped, true));
    assert_eq!(order(&[hold]).state, State::Paid, "where nothing else is known its times tell");
}

#[test]
fn an_unpaid_order_is_no_purchase() {
    let o = order(&[Observation { state: Some(State::Created), paid: Some(0), created_at: at(1, 0), ..said(Doc::OrderReport) }]);
    assert_eq!((o.purchase, o.net_paid, o.paid), (false, Some(0), Some(0)));
    let closed = order(&[Observation { state: Some(State::Closed), paid: Some(0), created_at: at(1, 0), ..said(Doc::OrderReport) }]);
    assert_eq!((closed.purchase, closed.net_paid), (false, Some(0)));
    // What an unpaid order's report says of the payment is not told once it is paid.
    let paid = order(&[
        Observation { state: Some(State::Created), paid: Some(0), created_at: at(1, 0), ..said(Doc::OrderReport) },
        Observation { state: Some(State::Shipped), source_time: at(3, 0), ..said(Doc::Connector) },
    ]);
    assert_eq!((paid.purchase, paid.paid, paid.net_paid), (true, None, None));
}

#[test]
fn net_paid_leaves_out_shipping_points_and_bonus() {
    let o = order(&[Observation { points_cash: Some(500), bonus_credit: Some(300), goods_list: Some(12_000), ..paid_order(10_600, 600) }]);
    assert_eq!((o.goods_paid, o.net_paid, o.points_cash, o.bonus_credit), (Some(10_000), Some(10_000), Some(500), Some(300)));
}

#[test]
fn each_discount_keeps_its_payer() {
    let list = vec![
        Discount { payer: Payer::Platform, name: "跨店满减".into(), amount: 3000 },
        Discount { payer: Payer::Shop, name: "店铺券".into(), amount: 500 },
    ];
    let o = order(&[Observation { discounts: Some(list), merchant_received: Some(12_500), ..paid_order(10_000, 0) }]);
    assert_eq!((o.discount_of(Payer::Platform), o.discount_of(Payer::Shop), o.merchant_received), (3000, 500, Some(12_500)));
}

#[test]
fn goods_paid_is_shared_by_largest_remainder() {
    let o = order(&[Observation {
        lines: vec![goods("a", 1, 100), LineSaid { ordinal: 1, ..goods("b", 1, 100) }, LineSaid { ordinal: 2, ..goods("c", 1, 100) }],
        ..paid_order(100, 0)
    }]);
    assert_eq!(o.lines.iter().map(|l| l.paid).collect::<Vec<_>>(), [Some(34), Some(33), Some(33)]);
}

#[test]
fn gifts_and_shipping_lines_bear_nothing() {
    let gift = LineSaid { ordinal: 1, role: Role::Gift, ..goods("gift", 1, 900) };
    let post = LineSaid { ordinal: 2, role: Role::Shipping, list: Some(250), ..goods("POST", 1, 250) };
    let o = order(&[Observation {
        state: Some(State::Paid),
        created_at: at(1, 0),
        paid: Some(1250),
        lines: vec![goods("a", 1, 1000), gift, post],
        ..said(Doc::OrderReport)
    }]);
    assert_eq!(o.shipping, Some(250), "shipping booked as a line is shipping");
    assert_eq!((o.net_paid, o.lines[0].paid, o.lines[1].paid, o.lines[2].paid), (Some(1000), Some(1000), Some(0), Some(0)));
}

#[test]
fn money_given_back_lowers_the_named_line_else_all() {
    let lines = vec![goods("a", 1, 6000), LineSaid { ordinal: 1, ..goods("b", 1, 4000) }];
    let base = Observation { lines: lines.clone(), ..paid_order(10_000, 0) };
    let refund = |lines: Vec<RefundLine>| Observation {
        refund: Some(Box::new(RefundSaid {
            source_id: "r1".into(),
            kind: RefundKind::MoneyOnly,
            amount: Some(1001),
            lines,
            at: at(5, 0),
            ..RefundSaid::default()
        })),
        ..said(Doc::Refund)
    };
    let all = order(&[base.clone(), refund(vec![])]);
    assert_eq!((all.net_paid, all.lines[0].refunded, all.lines[1].refunded), (Some(8999), 601, 400));
    let named = order(&[refund(vec![RefundLine { sku: Some("b".into()), ..RefundLine::default() }]), base]);
    assert_eq!((named.net_paid, named.lines[0].refunded, named.lines[1].refunded), (Some(8999), 0, 1001));
    assert_eq!(named.refunds[0].lines[0].line_no, 2);
}

#[test]
fn an_exchange_keeps_net_paid_and_so_does_a_refund_that_is_only_asked_for() {
    let base = paid_order(10_000, 0);
    for (kind, state) in
        [(RefundKind::Exchange, RefundState::Succeeded), (RefundKind::Return, RefundState::Open), (RefundKind::Return, RefundState::Closed)]
    {
        let refund = RefundSaid { source_id: "r".into(), kind, state, amount: Some(4000), ..RefundSaid::default() };
        let o = order(&[base.clone(), Observation { refund: Some(Box::new(refund)), ..said(Doc::Refund) }]);
        assert_eq!((o.net_paid, o.refunded, o.refunds.len()), (Some(10_000), 0, 1), "{kind:?} {state:?}");
    }
}

#[test]
fn three_views_of_one_refund_are_one_refund() {
    let lines = vec![LineSaid { refunded: Some(3000), ..goods("a", 1, 6000) }, LineSaid { ordinal: 1, ..goods("b", 1, 4000) }];
    let record = RefundSaid {
        source_id: "r".into(),
        amount: Some(3000),
        lines: vec![RefundLine { sku: Some("a".into()), amount: Some(3000), ..RefundLine::default() }],
        ..RefundSaid::default()
    };
    let o = order(&[
        Observation { refunded: Some(3000), lines, ..paid_order(10_000, 0) },
        Observation { refund: Some(Box::new(record)), ..said(Doc::Refund) },
    ]);
    assert_eq!((o.refunded, o.net_paid, o.lines[0].refunded, o.lines[1].refunded, o.refunds.len()), (3000, Some(7000), 3000, 0, 1));
    // What only the report states is a record of its own.
    let stated = order(&[Observation { refunded: Some(500), ..paid_order(10_000, 0) }]);
    assert_eq!((stated.refunds[0].source_id.as_str(), stated.refunds[0].amount), ("1#stated", 500));
}

#[test]
fn what_a_line_says_was_given_back_names_the_line() {
    let of = |refunded, words| {
        vec![LineSaid { refunded, refund_in_words: words, ..goods("a", 2, 3000) }, LineSaid { ordinal: 1, ..goods("b", 1, 4000) }]
    };
    let named = |o: &OrderState, at: usize| -> Vec<(i64, i64, i64)> {
        o.refunds[at].lines.iter().map(|l| (l.line_no, l.quantity, l.amount)).collect()
    };
    // By its amount: in part, and whole.
    for (amount, pieces) in [(3000, 0), (6000, 2)] {
        let o = order(&[Observation { lines: of(Some(amount), false), ..paid_order(10_000, 0) }]);
        assert_eq!((named(&o, 0), o.refunds[0].amount), (vec![(1, pieces, amount)], amount));
    }
    // By its words.
    let o = order(&[Observation { lines: of(None, true), ..paid_order(10_000, 0) }]);
    assert_eq!((named(&o, 0), o.refunds[0].amount, o.net_paid), (vec![(1, 2, 6000)], 6000, Some(4000)));
    // What only the order says names no line.
    let o = order(&[Observation { refunded: Some(500), lines: of(None, false), ..paid_order(10_000, 0) }]);
    assert!(o.refunds[0].lines.is_empty());
    // A refund with a number may have been for the line: what is left is all that the rest can name.
    let number = RefundSaid { source_id: "r".into(), amount: Some(4000), ..RefundSaid::default() };
    let o = order(&[
        Observation { lines: of(Some(6000), false), ..paid_order(10_000, 0) },
        Observation { refund: Some(Box::new(number)), ..said(Doc::Refund) },
    ]);
    assert_eq!((named(&o, 1), o.refunds[1].amount, o.refunded), (vec![(1, 0, 2000)], 2000, 6000));
}

#[test]
fn refunded_shipping_does_not_lower_net_paid() {
    let refund = RefundSaid { source_id: "r".into(), amount: Some(4600), shipping: 600, ..RefundSaid::default() };
    let o = order(&[paid_order(10_600, 600), Observation { refund: Some(Box::new(refund)), ..said(Doc::Refund) }]);
    assert_eq!((o.refunded, o.net_paid), (4600, Some(6000)));
}

#[test]
fn net_paid_never_falls_below_zero() {
    let o = order(&[Observation { refunded: Some(10_600), state: Some(State::Closed), ..paid_order(10_600, 600) }]);
    assert_eq!((o.net_paid, o.purchase), (Some(0), true));
    let two = |id: &str| Observation {
        refund: Some(Box::new(RefundSaid { source_id: id.into(), amount: Some(8000), ..RefundSaid::default() })),
        ..said(Doc::Refund)
    };
    let o = order(&[paid_order(10_000, 0), two("a"), two("b")]);
    assert_eq!((o.net_paid, o.refunded), (Some(0), 10_000));
    assert!(o.flags.iter().any(|f| f == "refund_exceeds_paid"));
}

#[test]
fn words_that_say_refunded_without_an_amount_mean_wholly_refunded_and_estimated() {
    let lines = vec![LineSaid { refund_in_words: true, ..goods("a", 1, 6000) }, LineSaid { ordinal: 1, ..goods("b", 1, 4000) }];
    let o = order(&[Observation { lines, ..paid_order(10_000, 0) }]);
    assert_eq!((o.refunded, o.net_paid, o.estimated, o.lines[0].estimated, o.lines[1].estimated), (6000, Some(4000), true, true, false));
    let whole = order(&[Observation { refund_in_words: true, state: Some(State::Closed), ..paid_order(5000, 0) }]);
    assert_eq!((whole.refunded, whole.net_paid, whole.estimated), (5000, Some(0), true));
    let told = order(&[Observation {
        refunded: Some(2000),
        lines: vec![LineSaid { refund_in_words: true, ..goods("a", 1, 6000) }, LineSaid { ordinal: 1, ..goods("b", 1, 4000) }],
        ..paid_order(10_000, 0)
    }]);
    assert_eq!(
        (told.refunded, told.lines[0].refunded, told.lines[1].refunded),
        (2000, 2000, 0),
        "the order tells the amount, the words name the line"
    );
}

#[test]
fn a_closed_order_that_was_paid_and_says_no_more_went_back() {
    let o = order(&[Observation { state: Some(State::Closed), ..paid_order(5000, 0) }]);
    assert_eq!((o.refunded, o.net_paid, o.estimated, o.purchase), (5000, Some(0), true, true));
}

#[test]
fn a_deposit_counts_with_its_final_payment() {
    let waiting =
        Observation { state: Some(State::Created), created_at: at(1, 0), deposit: Some(1000), paid: Some(0), ..said(Doc::OrderReport) };
    assert_eq!(order(std::slice::from_ref(&waiting)).net_paid, Some(0));
    let finished = Observation {
        state: Some(State::Paid),
        created_at: at(1, 0),
        paid_at: at(9, 0),
        deposit: Some(1000),
        balance: Some(9000),
        ..said(Doc::OrderReport)
    };
    let o = order(&[waiting.clone(), finished]);
    assert_eq!((o.paid, o.net_paid, o.purchase), (Some(10_000), Some(10_000), true));
    let forfeited = order(&[
        waiting,
        Observation {
            state: Some(State::Closed),
            closed_at: at(9, 0),
            deposit: Some(1000),
            paid: Some(1000),
            merchant_received: Some(1000),
            ..said(Doc::OrderReport)
        },
    ]);
    assert_eq!((forfeited.purchase, forfeited.net_paid, forfeited.merchant_received), (false, Some(0), Some(1000)));
    assert!(forfeited.flags.iter().any(|f| f == "deposit_forfeited"));
}

#[test]
fn order_report_and_item_report_join_in_either_order() {
    let report = Observation { quantity: Some(3), import: Some(1), ..paid_order(10_000, 0) };
    let items = Observation {
        import: Some(1),
        lines: vec![goods("a", 2, 3000), LineSaid { ordinal: 1, ..goods("b", 1, 4000) }],
        ..said(Doc::ItemReport)
    };
    let o = order(&[report.clone(), items.clone()]);
    assert_eq!(o, order(&[items.clone(), report]));
    assert_eq!((o.lines.len(), o.lines[0].paid, o.lines[1].paid), (2, Some(6000), Some(4000)));
    let alone = order(&[items]);
    assert_eq!((alone.state, alone.paid, alone.net_paid, alone.lines.len()), (State::Created, None, Some(0), 2));
}

#[test]
fn rows_of_an_item_report_may_come_one_by_one() {
    let row = |i: u32, sku: &str| Observation {
        import: Some(1),
        lines: vec![LineSaid { ordinal: i, ..goods(sku, 1, 1000) }],
        ..said(Doc::ItemReport)
    };
    let together = Observation {
        import: Some(1),
        lines: vec![goods("a", 1, 1000), LineSaid { ordinal: 1, ..goods("a", 1, 1000) }, LineSaid { ordinal: 2, ..goods("b", 1, 1000) }],
        ..said(Doc::ItemReport)
    };
    assert_eq!(order(&[row(2, "b"), row(0, "a"), row(1, "a")]).lines, order(&[together]).lines);
}

#[test]
fn a_later_export_of_fewer_rows_shifts_no_line() {
    let line = |ordinal: u32, sku: &str, state: State| LineSaid { ordinal, state: Some(state), ..goods(sku, 1, 1000) };
    let first = Observation { import: Some(1), lines: vec![line(0, "a", State::Paid), line(1, "b", State::Paid)], ..said(Doc::ItemReport) };
    let filtered = Observation { import: Some(2), lines: vec![line(0, "b", State::Completed)], ..said(Doc::ItemReport) };
    let o = order(&[first, filtered]);
    let seen: Vec<_> = o.lines.iter().map(|l| (l.sku.as_deref().unwrap_or(""), l.state)).collect();
    assert_eq!(seen.len(), 2);
    assert!(seen.contains(&("b", Some(State::Completed))) && seen.contains(&("a", Some(State::Paid))), "{seen:?}");
}

#[test]
fn lines_of_two_kinds_of_document_are_one_line() {
    let items = Observation {
        import: Some(1),
        lines: vec![LineSaid { spec: Some("红".into()), ..goods("a", 2, 3000) }, LineSaid { ordinal: 1, ..goods("b", 1, 4000) }],
        ..said(Doc::ItemReport)
    };
    let sub = |id: &str, ordinal: u32, sku: &str, q: i64| LineSaid {
        id: Some(id.into()),
        ordinal,
        title: Some(format!("title {sku}")),
        quantity: q,
        paid: Some(q * 1000),
        ..LineSaid::default()
    };
    let subs = Observation {
        import: Some(2),
        lines: vec![sub("s2", 0, "b", 1), LineSaid { spec: Some("红".into()), ..sub("s1", 1, "a", 2) }],
        ..said(Doc::SuborderReport)
    };
    let o = order(&[items, subs]);
    let seen: Vec<_> = o.lines.iter().map(|l| (l.source_line.as_deref(), l.sku.as_deref(), l.quantity)).collect();
    assert_eq!(seen, [(Some("s2"), Some("b"), 1), (Some("s1"), Some("a"), 2)]);
}

#[test]
fn the_newest_whole_list_says_which_lines_there_are() {
    let api = |t: i64, skus: &[&str]| Observation {
        source_time: at(t, 0),
        lines_whole: true,
        lines: skus
            .iter()
            .enumerate()
            .map(|(i, s)| LineSaid { id: Some(format!("l{s}")), ordinal: i as u32, ..goods(s, 1, 1000) })
            .collect(),
        ..said(Doc::Api)
    };
    let o = order(&[api(1, &["a", "b", "c"]), api(2, &["a", "c"])]);
    assert_eq!(o.lines.iter().filter_map(|l| l.sku.as_deref()).collect::<Vec<_>>(), ["a", "c"]);
}

#[test]
fn a_sub_order_has_its_own_state_and_refund_and_the_last_live_line_makes_the_order_final() {
    let line = |i: u32, sku: &str, state: State| LineSaid {
        id: Some(format!("s{i}")),
        ordinal: i,
        state: Some(state),
        paid: Some(5000),
        ..goods(sku, 1, 5000)
    };
    let subs = |a: State, b: State| Observation {
        lines: vec![line(0, "a", a), line(1, "b", b)],
        created_at: at(1, 0),
        ..said(Doc::SuborderReport)
    };
    let half = order(&[subs(State::Completed, State::Shipped)]);
    assert_eq!((half.state, half.final_at, half.lines[0].state), (State::Shipped, None, Some(State::Completed)));
    let all = order(&[subs(State::Completed, State::Completed)]);
    assert_eq!((all.state, all.final_at.is_some()), (State::Completed, true));
    // A closed line is no live line: it went back, and the other makes the order final.
    let one = order(&[subs(State::Completed, State::Closed)]);
    assert_eq!((one.state, one.net_paid, one.lines[1].refunded, one.estimated), (State::Completed, Some(5000), 5000, true));
}

#[test]
fn an_own_shop_is_final_seven_days_after_delivery() {
    let o = Observation {
        source: "own".into(),
        state: Some(State::Completed),
        delivered_at: at(5, 0),
        completed_at: at(6, 0),
        platform: Some("own".into()),
        ..paid_order(100, 0)
    };
    assert_eq!(order(&[o]).final_at, at(12, 0));
    let shipped = Observation { state: Some(State::Shipped), shipped_at: at(3, 0), ..paid_order(100, 0) };
    assert_eq!(order(&[shipped]).final_at, None);
}

#[test]
fn a_pay_time_that_the_source_lacks_stays_unknown() {
    let o = order(&[Observation { state: Some(State::Shipped), created_at: at(1, 0), paid: Some(100), ..said(Doc::OrderReport) }]);
    assert_eq!(o.paid_at, None);
    assert!(o.flags.iter().any(|f| f == "pay_time_unknown"));
}

#[test]
fn an_order_that_only_a_refund_speaks_of_was_paid() {
    let o = order(&[Observation {
        refund: Some(Box::new(RefundSaid { source_id: "r".into(), amount: Some(100), ..RefundSaid::default() })),
        ..said(Doc::Refund)
    }]);
    assert_eq!((o.state, o.net_paid, o.refunded), (State::Paid, None, 100));
}

#[test]
fn keys_of_every_document_are_the_buyers() {
    use shuke_members::identity::KeyKind;
    let a = Observation { buyer: vec![BuyerKey::new(KeyKind::AccountName, "taobao", "tb21696296", true)], ..paid_order(100, 0) };
    let b = Observation {
        buyer: vec![BuyerKey::new(KeyKind::OpenId, "taobao:app", "AAE1", true)],
        source_time: at(9, 0),
        ..said(Doc::Connector)
    };
    let masked = Observation { receiver: Some(Receiver { phone: Some("138****5678".into()), ..Receiver::default() }), ..said(Doc::Erp) };
    assert_eq!(order(&[a, b, masked]).keys.len(), 2);
}

#[test]
fn a_hidden_receiver_does_not_hide_one_that_is_known() {
    let receiver = |name: &str| Some(Receiver { name: Some(name.into()), ..Receiver::default() });
    let o = order(&[
        Observation { receiver: receiver("张三"), source_time: at(1, 0), ..said(Doc::Erp) },
        Observation { receiver: receiver("张*"), source_time: at(2, 0), ..said(Doc::Connector) },
    ]);
    assert_eq!(o.receiver.name.as_deref(), Some("张三"));
}

#[test]
fn what_cannot_be_is_refused_by_field() {
    let cases: Vec<(Observation, &str, &str)> = vec![
        (Observation { paid: Some(-1), ..said(Doc::Api) }, "order.negative_amount", "paid"),
        (Observation { paid: Some(i64::MAX), ..said(Doc::Api) }, "order.out_of_range", "paid"),
        (Observation { source_id: " ".into(), ..said(Doc::Api) }, "order.missing_field", "source_id"),
        (Observation { paid: Some(1), refunded: Some(2), ..said(Doc::Api) }, "order.refund_exceeds_paid", "refunded"),
        (Observation { created_at: at(2, 0), paid_at: at(1, 0), ..said(Doc::Api) }, "order.time_order", "paid_at"),
        (Observation { lines: vec![goods("a", 0, 1)], ..said(Doc::Api) }, "order.bad_quantity", "lines[0].quantity"),
        (
            Observation { lines: vec![goods("a", 1_000_000_000, 1_000_000_000)], ..said(Doc::Api) },
            "order.out_of_range",
            "lines[0].unit_price",
        ),
        (
            Observation {
                lines: vec![LineSaid { id: Some("x".into()), ..goods("a", 1, 1) }, LineSaid { id: Some("x".into()), ..goods("b", 1, 1) }],
                ..said(Doc::Api)
            },
            "order.same_line_id",
            "lines[1].id",
        ),
        (Observation { created_at: Some(Instant(0)), ..said(Doc::Api) }, "order.impossible_time", "created_at"),
    ];
    for (o, code, field) in cases {
        let refusal = o.note().expect_err(code);
        assert_eq!((refusal.code.code, refusal.field.as_deref()), (code, Some(field)));
    }
}
