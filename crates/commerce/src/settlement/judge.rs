//! The rule: what was to be received for one order, and why the file says otherwise.

use serde::{Deserialize, Serialize};
use shuke_kernel::money::allocate;

use crate::order::State;

/// Why an order's settlement is not what was expected.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The order is not completed, and no file tells of money yet.
    NotYetSettled,
    /// The order is at its end, and no file tells what was settled.
    NotTold,
    /// What went back is still in the figure, as where it is from before the refund: no file tells the day of a payout.
    RefundAfterPayout,
    /// What the platform bore is not in the figure.
    PlatformSubsidy,
    /// Shipping is not in the figure.
    Shipping,
    /// Points used as cash are in the figure: the platform paid for them.
    Points,
    /// A discount of a means of payment, or of nobody named, is in the figure: somebody else paid it.
    PaymentDiscount,
    /// A discount of an influencer or a supplier is in the figure: they paid it.
    PartnerDiscount,
    /// The order came to nothing, and the figure is what it would have brought.
    Cancelled,
    /// No document tells what was paid.
    PaidUnknown,
    /// Less than expected, and no document says why: commission, service fees, insurance.
    Deducted,
    /// More than expected, and no document says why.
    Surplus,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::NotYetSettled,
        Self::NotTold,
        Self::RefundAfterPayout,
        Self::PlatformSubsidy,
        Self::Shipping,
        Self::Points,
        Self::PaymentDiscount,
        Self::PartnerDiscount,
        Self::Cancelled,
        Self::PaidUnknown,
        Self::Deducted,
        Self::Surplus,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotYetSettled => "not_yet_settled",
            Self::NotTold => "not_told",
            Self::RefundAfterPayout => "refund_after_payout",
            Self::PlatformSubsidy => "platform_subsidy",
            Self::Shipping => "shipping",
            Self::Points => "points",
            Self::PaymentDiscount => "payment_discount",
            Self::PartnerDiscount => "partner_discount",
            Self::Cancelled => "cancelled",
            Self::PaidUnknown => "paid_unknown",
            Self::Deducted => "deducted",
            Self::Surplus => "surplus",
        }
    }

    /// The reason of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.word() == word)
    }

    /// In words, for the merchant.
    pub const fn text(self, zh: bool) -> &'static str {
        match (self, zh) {
            (Self::NotYetSettled, true) => "订单还没有完成,文件里还没有打款金额",
            (Self::NotYetSettled, false) => "The order is not completed, and no file tells of money yet",
            (Self::NotTold, true) => "订单已结束,但没有文件给出打款金额",
            (Self::NotTold, false) => "The order is at its end, and no file tells what was settled",
            (Self::RefundAfterPayout, true) => "打款金额里还含有已退的钱(多半是打款之后才退的,文件没写打款日期)",
            (Self::RefundAfterPayout, false) => {
                "What went back is still in the figure: probably refunded after the payout, of which no file tells the day"
            }
            (Self::PlatformSubsidy, true) => "打款金额里没有平台承担的优惠",
            (Self::PlatformSubsidy, false) => "What the platform bore of the discounts is not in the figure",
            (Self::Shipping, true) => "打款金额里没有运费",
            (Self::Shipping, false) => "Shipping is not in the figure",
            (Self::Points, true) => "打款金额里含有积分抵扣的部分,由平台支付",
            (Self::Points, false) => "Points used as cash are in the figure: the platform paid for them",
            (Self::PaymentDiscount, true) => "打款金额里含有支付优惠的部分,由支付方或平台承担",
            (Self::PaymentDiscount, false) => "A payment discount is in the figure: the means of payment or the platform bore it",
            (Self::PartnerDiscount, true) => "打款金额里含有达人或供应商承担的优惠",
            (Self::PartnerDiscount, false) => "A discount of an influencer or a supplier is in the figure: they bore it",
            (Self::Cancelled, true) => "订单没有成交,文件里的金额只是成交后应得的金额",
            (Self::Cancelled, false) => "The order came to nothing: the figure is what it would have brought",
            (Self::PaidUnknown, true) => "没有文件说明买家付了多少",
            (Self::PaidUnknown, false) => "No document tells what was paid",
            (Self::Deducted, true) => "结算少于应得,文件没有说明原因(佣金、服务费、运费险等)",
            (Self::Deducted, false) => "Less than expected, and no document says why: commission, service fees, insurance",
            (Self::Surplus, true) => "结算多于应得,文件没有说明原因",
            (Self::Surplus, false) => "More than expected, and no document says why",
        }
    }
}

/// What is known of an order. Amounts in minor units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// The state it is in.
    pub state: State,
    /// It was paid.
    pub purchase: bool,
    /// What was paid, shipping included, or the deposit that the buyer forfeited; `None` where no document
    /// tells.
    pub paid: Option<i64>,
    /// What went back.
    pub refunded: i64,
    /// The single refunds that make it, where they are known.
    pub refunds: Vec<i64>,
    /// What of the payment was shipping.
    pub shipping: i64,
    /// Points used as cash.
    pub points: i64,
    /// What the platform bore of the discounts.
    pub platform: i64,
    /// What a means of payment, or nobody named, bore of them.
    pub payment: i64,
    /// What influencers and suppliers bore of them.
    pub partner: i64,
    /// The file's figure.
    pub settled: Option<i64>,
}

/// The judgement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// What was to be received.
    pub expected: i64,
    /// What the file says.
    pub settled: Option<i64>,
    /// Why the two differ; the amounts add up to the difference. Empty where they agree.
    pub reasons: Vec<(Reason, i64)>,
}

impl Judged {
    /// Settled less expected; where nothing is told, nothing was settled.
    pub fn difference(&self) -> i64 {
        self.settled.unwrap_or(0).saturating_sub(self.expected)
    }

    /// Whether there is nothing to say of it: no money was to come and none came.
    pub fn idle(&self) -> bool {
        self.expected == 0 && self.settled.unwrap_or(0) == 0
    }
}

/// A deduction of more than one in so many of the figure is none that commissions and fees come to.
const DEDUCTED_AT_MOST: i64 = 10;
/// Single refunds looked at each for itself; of more only the whole is.
const REFUNDS: usize = 8;

/// Whether an order was bought and nothing is known of its money.
pub fn unknown(f: &Facts) -> bool {
    f.purchase && f.paid.is_none() && f.settled.is_none()
}

/// The refunds, each with the platform's part of it.
fn went_back(f: &Facts, back: i64, borne: i64) -> Vec<(Reason, i64)> {
    let single: Vec<i64> = f.refunds.iter().copied().filter(|r| *r > 0).collect();
    let whole = single.iter().try_fold(0_i64, |a, b| a.checked_add(*b));
    if whole != Some(back) || single.len() > REFUNDS {
        return vec![(Reason::RefundAfterPayout, back.saturating_add(borne))];
    }
    let share = allocate(borne, &single);
    single.iter().zip(share).map(|(r, b)| (Reason::RefundAfterPayout, r.saturating_add(b))).collect()
}

/// Judges an order.
pub fn judge(f: &Facts) -> Judged {
    let paid = f.paid.unwrap_or(0).max(0);
    let back = f.refunded.clamp(0, paid.max(0));
    let borne = if f.purchase { f.platform.max(0) } else { 0 };
    // The platform's part goes back as the money does.
    let kept = if paid > 0 { allocate(borne, &[paid - back, back])[0] } else { borne };
    let expected = if f.paid.is_some() { (paid - back).saturating_add(kept) } else { 0 };
    let judged = |reasons| Judged { expected, settled: f.settled, reasons };
    let Some(settled) = f.settled else {
        let reason = if matches!(f.state, State::Completed | State::Closed) { Reason::NotTold } else { Reason::NotYetSettled };
        return judged(if expected == 0 { Vec::new() } else { vec![(reason, -expected)] });
    };
    let off = settled.saturating_sub(expected);
    if off == 0 {
        return judged(Vec::new());
    }
    if f.paid.is_none() {
        return judged(vec![(Reason::PaidUnknown, off)]);
    }
    if !f.purchase && expected == 0 {
        return judged(vec![(Reason::Cancelled, off)]);
    }
    let mut parts = went_back(f, back, borne - kept);
    parts.extend([
        (Reason::Points, f.points.max(0)),
        (Reason::PaymentDiscount, f.payment.max(0)),
        (Reason::PartnerDiscount, f.partner.max(0)),
        (Reason::PlatformSubsidy, -kept),
        (Reason::Shipping, -f.shipping.max(0)),
    ]);
    parts.retain(|(_, amount)| *amount != 0);
    judged(explain(off, settled, &parts))
}

/// The fewest reasons that explain `off` to the minor unit; else the raising parts that leave the
/// smallest deduction, if it is one that fees come to; else the whole is unexplained.
fn explain(off: i64, settled: i64, parts: &[(Reason, i64)]) -> Vec<(Reason, i64)> {
    let sets = || (1_u32..1 << parts.len()).map(|set| chosen(parts, set));
    let sum = |set: &[(Reason, i64)]| set.iter().fold(0_i64, |a, (_, b)| a.saturating_add(*b));
    if let Some(exact) = sets().filter(|set| sum(set) == off).min_by_key(|set| (reasons(set), set.len())) {
        return joined(exact);
    }
    let raising = |set: &Vec<(Reason, i64)>| set.iter().all(|(_, amount)| *amount > 0);
    let with_deduction = sets().filter(raising).filter(|set| sum(set) > off && off > 0).min_by_key(|set| (sum(set), set.len()));
    match with_deduction {
        Some(mut set) if sum(&set) - off <= settled / DEDUCTED_AT_MOST => {
            let rest = off - sum(&set);
            set.push((Reason::Deducted, rest));
            joined(set)
        }
        _ => vec![(if off < 0 { Reason::Deducted } else { Reason::Surplus }, off)],
    }
}

fn chosen(parts: &[(Reason, i64)], set: u32) -> Vec<(Reason, i64)> {
    parts.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, p)| *p).collect()
}

/// How many reasons; the parts of one stand together.
fn reasons(set: &[(Reason, i64)]) -> usize {
    set.chunk_by(|a, b| a.0 == b.0).count()
}

/// One amount a reason.
fn joined(set: Vec<(Reason, i64)>) -> Vec<(Reason, i64)> {
    let sum = |of: &[(Reason, i64)]| of.iter().fold(0_i64, |a, (_, b)| a.saturating_add(*b));
    set.chunk_by(|a, b| a.0 == b.0).filter_map(|of| of.first().map(|(reason, _)| (*reason, sum(of)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAID: Facts = Facts {
        state: State::Completed,
        purchase: true,
        paid: Some(10_000),
        refunded: 0,
        refunds: Vec::new(),
        shipping: 600,
        points: 0,
        platform: 0,
        payment: 0,
        partner: 0,
        settled: None,
    };

    fn told(settled: i64) -> Facts {
        Facts { settled: Some(settled), ..PAID }
    }

    #[test]
    fn each_reason_has_its_example() {
        use Reason::*;
        type Case = (&'static str, Facts, i64, &'static [(Reason, i64)]);
        let cases: &[Case] = &[
            ("paid out as paid", told(10_000), 10_000, &[]),
            ("Taobao before completion: no figure", Facts { state: State::Shipped, ..PAID }, 10_000, &[(NotYetSettled, -10_000)]),
            ("JD: its file has none", PAID, 10_000, &[(NotTold, -10_000)]),
            ("Taobao: paid out less the refund", Facts { refunded: 3_000, ..told(7_000) }, 7_000, &[]),
            (
                "Youzan: the figure is from before the refund",
                Facts { refunded: 3_000, ..told(10_000) },
                7_000,
                &[(RefundAfterPayout, 3_000)],
            ),
            ("PDD: the platform's discount is paid out", Facts { platform: 500, ..told(10_500) }, 10_500, &[]),
            (
                "PDD refunded whole, its figure as if nothing had been",
                Facts { platform: 500, refunded: 10_000, ..told(10_500) },
                0,
                &[(RefundAfterPayout, 10_500)],
            ),
            (
                "half of it went back, half of the subsidy with it",
                Facts { platform: 501, refunded: 5_000, ..told(10_501) },
                5_251,
                &[(RefundAfterPayout, 5_250)],
            ),
            ("the subsidy is not in it", Facts { platform: 500, ..told(10_000) }, 10_500, &[(PlatformSubsidy, -500)]),
            ("goods without shipping", told(9_400), 10_000, &[(Shipping, -600)]),
            ("both are missing", Facts { platform: 500, ..told(9_400) }, 10_500, &[(PlatformSubsidy, -500), (Shipping, -600)]),
            ("points that the platform paid", Facts { points: 200, ..told(10_200) }, 10_000, &[(Points, 200)]),
            ("PDD: 多多支付立减 is paid out too", Facts { payment: 150, ..told(10_150) }, 10_000, &[(PaymentDiscount, 150)]),
            ("a commission", told(9_950), 10_000, &[(Deducted, -50)]),
            (
                "a refund after payout, and a commission",
                Facts { refunded: 3_000, ..told(9_950) },
                7_000,
                &[(RefundAfterPayout, 3_000), (Deducted, -50)],
            ),
            ("an influencer's coupon is paid out too", Facts { partner: 700, ..told(10_700) }, 10_000, &[(PartnerDiscount, 700)]),
            ("a refund that was paid out less: no fee is as large", Facts { refunded: 5_000, ..told(5_001) }, 5_000, &[(Surplus, 1)]),
            (
                "the second of two refunds came after payout",
                Facts { refunded: 5_000, refunds: vec![2_000, 3_000], ..told(8_000) },
                5_000,
                &[(RefundAfterPayout, 3_000)],
            ),
            (
                "both did, with the platform's part of each",
                Facts { refunded: 5_000, refunds: vec![2_000, 3_000], platform: 500, ..told(10_500) },
                5_250,
                &[(RefundAfterPayout, 5_250)],
            ),
            (
                "the first did, and a commission was taken",
                Facts { refunded: 5_000, refunds: vec![2_000, 3_000], ..told(6_900) },
                5_000,
                &[(RefundAfterPayout, 2_000), (Deducted, -100)],
            ),
            ("more than anybody explains", told(10_001), 10_000, &[(Surplus, 1)]),
            (
                "PDD cancelled before payment",
                Facts { state: State::Closed, purchase: false, paid: Some(0), ..told(8_000) },
                0,
                &[(Cancelled, 8_000)],
            ),
            ("nobody tells what was paid", Facts { paid: None, ..told(8_000) }, 0, &[(PaidUnknown, 8_000)]),
            ("closed, refunded, paid out nothing", Facts { state: State::Closed, refunded: 10_000, ..told(0) }, 0, &[]),
            (
                "a forfeited deposit is the merchant's",
                Facts { state: State::Closed, purchase: false, paid: Some(1_000), ..told(1_000) },
                1_000,
                &[],
            ),
        ];
        for (what, facts, expected, reasons) in cases {
            let judged = judge(facts);
            assert_eq!((judged.expected, judged.reasons.as_slice()), (*expected, *reasons), "{what}");
        }
    }

    #[test]
    fn words_read_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_word(reason.word()), Some(reason));
            assert_eq!(serde_json::to_value(reason).ok(), Some(reason.word().into()));
        }
    }

    proptest! {
        /// Whatever the figures are: expected and the reasons make what was settled.
        #[test]
        fn expected_and_reasons_make_what_was_settled(
            paid in proptest::option::of(0_i64..100_000), refunded in 0_i64..120_000, shipping in 0_i64..2_000, points in 0_i64..500,
            platform in 0_i64..3_000, payment in 0_i64..500, partner in 0_i64..500, first in 0_i64..120_000, settled in proptest::option::of(-500_i64..150_000), purchase in any::<bool>(), state in 0_usize..5,
        ) {
            let refunds = vec![first.min(refunded), refunded - first.min(refunded)];
            let facts = Facts { state: State::ALL[state], purchase, paid, refunded, refunds, shipping, points, platform, payment, partner, settled };
            let judged = judge(&facts);
            let reasons: i64 = judged.reasons.iter().map(|(_, amount)| amount).sum();
            prop_assert_eq!(judged.expected + reasons, settled.unwrap_or(0));
            prop_assert_eq!(reasons, judged.difference());
            prop_assert_eq!(judged.reasons.is_empty(), judged.difference() == 0);
            prop_assert!(judged.reasons.iter().all(|(_, amount)| *amount != 0));
            prop_assert!(judged.expected >= 0);
            let told = settled.unwrap_or(0);
            // Beside a reason that raises, what is called deducted is a share that fees come to.
            let deducted = judged.reasons.iter().find(|(r, _)| *r == Reason::Deducted).map_or(0, |(_, a)| -a);
            prop_assert!(judged.reasons.len() == 1 || deducted * DEDUCTED_AT_MOST <= told);
        }
    }
}
