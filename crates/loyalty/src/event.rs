//! What happened to a member, and what is answered to it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Refusal};

use crate::compact::{instant_if_any, usual};
use crate::json::{Fields, MOST_FEN, MOST_POINTS, Node, Read};
use crate::programme::Programme;
use crate::state::State;
use crate::words::{CONTRADICTION, NOT_THERE, TWICE};

/// What the rules ask of a member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Day of birth.
    #[serde(default, skip_serializing_if = "usual")]
    pub birthday: Option<Date>,
    /// Birthdays count from here on; without it, from the first event.
    #[serde(default, with = "instant_if_any", skip_serializing_if = "usual")]
    pub joined: Option<Instant>,
}

/// One event, at the time it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it happened.
    pub time: Instant,
    /// Its id: the same kind and id again are the same event.
    pub id: String,
    /// What.
    pub act: Act,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// An order was paid.
    OrderPaid {
        /// Which.
        order: String,
        /// Net paid, fen.
        net_fen: i64,
        /// Its lines, as far as they are told.
        lines: Vec<Line>,
        /// The number of the version that says what it earns, where a re-run asked for another than the one in force at payment.
        #[serde(default, skip_serializing_if = "usual")]
        judged_by: Option<u32>,
    },
    /// An order was completed.
    OrderCompleted {
        /// Which.
        order: String,
    },
    /// Money went back for goods of an order.
    Refund {
        /// Which.
        order: String,
        /// How much, fen.
        net_fen: i64,
    },
    /// An order was closed: nothing of it counts.
    OrderClosed {
        /// Which.
        order: String,
    },
    /// Points are spent.
    Spend {
        /// So many.
        points: i64,
    },
    /// Points are set aside.
    Hold {
        /// So many.
        points: i64,
        /// They are given back then, unless they were captured or released before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    },
    /// A spend is taken back, in part or all that is left.
    SpendReverse {
        /// The spend's id.
        spend: String,
        /// So many.
        points: Option<i64>,
    },
    /// Points set aside are spent.
    HoldCapture {
        /// The hold's id.
        hold: String,
    },
    /// Points set aside are given back.
    HoldRelease {
        /// The hold's id.
        hold: String,
    },
    /// The member checked in.
    CheckIn,
    /// The member was here.
    Visit,
    /// The member's day of birth is known from now on, is another one, or is not known any more.
    Known {
        /// Which.
        birthday: Option<Date>,
    },
    /// Somebody gives or takes points by hand.
    Adjust {
        /// So many; fewer than none are taken.
        points: i64,
    },
    /// Growth value is gained or lost.
    Growth {
        /// So much.
        value: i64,
    },
    /// A coupon is claimed.
    Claim {
        /// Of which template.
        template: String,
        /// What the coupon is called from now on.
        grant: String,
        /// By whom; the member whose events these are unless stated.
        member: String,
    },
    /// A coupon is held for an order.
    Lock {
        /// Which coupon.
        grant: String,
        /// For which order.
        order: String,
    },
    /// A coupon is used on an order.
    Redeem {
        /// Which coupon.
        grant: String,
        /// On which order.
        order: String,
    },
    /// A coupon held for an order is free again.
    Release {
        /// Which coupon.
        grant: String,
        /// Which order had it.
        order: String,
    },
    /// A coupon is taken away.
    Revoke {
        /// Which.
        grant: String,
    },
    /// The book of a member who turned out to be the same person comes into this one.
    Absorb {
        /// Whose.
        from: String,
        /// It, whole, as it stands at the time of the event.
        #[serde(with = "crate::merge::text")]
        book: Box<State>,
    },
    /// This book goes into that of the older member who turned out to be the same person.
    Depart {
        /// Whose.
        to: String,
    },
    /// A merge is taken back: the book becomes what [`crate::unmerge::part`] says. What happened before it cannot come after it.
    Restore {
        /// It, whole.
        #[serde(with = "crate::merge::text")]
        book: Box<State>,
    },
    /// Nothing but that time passes.
    Tick,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is called.
    pub line: String,
    /// Of which category.
    pub category: Option<String>,
    /// Pieces.
    pub qty: i64,
    /// Net paid for it, fen.
    pub net_fen: i64,
}

/// What is answered to an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is done.
    Ok,
    /// It is known already; nothing changes.
    Duplicate,
    /// Kept until its order is known.
    Waiting,
    /// More would be refunded than was paid.
    ExceedsPaid,
    /// There are not so many points.
    InsufficientPoints,
    /// More would be given back than is left of the spend.
    ExceedsSpend,
    /// There is no such thing, or it has ended.
    Unknown,
    /// The member has checked in on this day.
    AlreadyToday,
    /// Outside the time of claiming.
    NotInClaimTime,
    /// No piece is left.
    OutOfStock,
    /// The budget does not hold one more.
    OverBudget,
    /// The member has as many as they may.
    LimitReached,
    /// Another order has the coupon.
    AlreadyLocked,
    /// The coupon cannot be had: used, ended, closed or taken away.
    NotAvailable,
    /// The coupon is not held for this order.
    NotLocked,
    /// The coupon is held for another order.
    LockedByOther,
}

impl Outcome {
    /// Whether something came of it: a request with another answer is forgotten but for its id.
    pub fn kept(self) -> bool {
        matches!(self, Self::Ok | Self::Waiting)
    }
}

impl Act {
    /// The word for its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::OrderPaid { .. } => "order_paid",
            Self::OrderCompleted { .. } => "order_completed",
            Self::Refund { .. } => "refund",
            Self::OrderClosed { .. } => "order_closed",
            Self::Spend { .. } => "spend",
            Self::Hold { .. } => "hold",
            Self::SpendReverse { .. } => "spend_reverse",
            Self::HoldCapture { .. } => "hold_capture",
            Self::HoldRelease { .. } => "hold_release",
            Self::CheckIn => "check_in",
            Self::Visit => "visit",
            Self::Known { .. } => "known",
            Self::Adjust { .. } => "adjust",
            Self::Growth { .. } => "growth",
            Self::Claim { .. } => "claim",
            Self::Lock { .. } => "lock",
            Self::Redeem { .. } => "redeem",
            Self::Release { .. } => "release",
            Self::Revoke { .. } => "revoke",
            Self::Absorb { .. } => "absorb",
            Self::Depart { .. } => "depart",
            Self::Restore { .. } => "restore",
            Self::Tick => "tick",
        }
    }

    /// Whether somebody asked for this and had an answer, which then stands; the others are facts,
    /// which are judged anew when an earlier one turns up.
    pub fn is_request(&self) -> bool {
        matches!(
            self,
            Self::Spend { .. }
                | Self::Hold { .. }
                | Self::SpendReverse { .. }
                | Self::HoldCapture { .. }
                | Self::HoldRelease { .. }
                | Self::Claim { .. }
                | Self::Lock { .. }
                | Self::Redeem { .. }
                | Self::Release { .. }
                | Self::Revoke { .. }
        )
    }
}

const KINDS: &[&str] = &[
    "order_paid",
    "order_completed",
    "refund",
    "order_closed",
    "spend",
    "hold",
    "spend_reverse",
    "hold_capture",
    "hold_release",
    "check_in",
    "visit",
    "adjust",
    "growth",
    "claim",
    "lock",
    "redeem",
    "release",
    "revoke",
    "tick",
    "expire_run",
];

/// Reads an event of a programme, which happened at `at` unless it says otherwise.
///
/// # Errors
/// The first place at which it cannot be understood.
pub fn read(node: &Node<'_>, at: Instant, programme: &Programme) -> Read<Event> {
    let fields = node.fields()?;
    let kind = KINDS[fields.need("kind")?.one_of(KINDS)?];
    let time = fields.maybe_instant("time")?.unwrap_or(at);
    let act = act(kind, &fields, time, programme)?;
    let id = if act == Act::Tick { fields.maybe_text("id")?.unwrap_or_default() } else { fields.text("id")? };
    fields.done()?;
    Ok(Event { time, id, act })
}

fn act(kind: &str, fields: &Fields<'_>, time: Instant, programme: &Programme) -> Read<Act> {
    Ok(match kind {
        "order_paid" => paid(fields)?,
        "order_completed" => Act::OrderCompleted { order: fields.text("order")? },
        "refund" => Act::Refund { order: fields.text("order")?, net_fen: fields.whole("net_fen", 0, MOST_FEN)? },
        "order_closed" => Act::OrderClosed { order: fields.text("order")? },
        "spend" => Act::Spend { points: fields.whole("points", 1, MOST_POINTS)? },
        "hold" => hold(fields, time)?,
        "spend_reverse" => Act::SpendReverse { spend: fields.text("spend")?, points: fields.maybe_whole("points", 1, MOST_POINTS)? },
        "hold_capture" => Act::HoldCapture { hold: fields.text("hold")? },
        "hold_release" => Act::HoldRelease { hold: fields.text("hold")? },
        "check_in" => Act::CheckIn,
        "visit" => Act::Visit,
        "adjust" => Act::Adjust { points: fields.whole("points", -MOST_POINTS, MOST_POINTS)? },
        "growth" => Act::Growth { value: fields.whole("value", -MOST_POINTS, MOST_POINTS)? },
        "claim" => claim(fields, programme)?,
        "lock" => Act::Lock { grant: fields.text("grant")?, order: fields.text("order")? },
        "redeem" => Act::Redeem { grant: fields.text("grant")?, order: fields.text("order")? },
        "release" => Act::Release { grant: fields.text("grant")?, order: fields.text("order")? },
        "revoke" => Act::Revoke { grant: fields.text("grant")? },
        _ => Act::Tick,
    })
}

fn paid(fields: &Fields<'_>) -> Read<Act> {
    let net_fen = fields.whole("net_fen", 0, MOST_FEN)?;
    let lines = fields.list("lines", |n| {
        let line = n.fields()?;
        let read = Line {
            line: line.text("line")?,
            category: line.maybe_text("category")?,
            qty: line.maybe_whole("qty", 0, MOST_POINTS)?.unwrap_or(1),
            net_fen: line.whole("net_fen", 0, MOST_FEN)?,
        };
        line.done()?;
        Ok(read)
    })?;
    let place = format!("{}.lines", fields.path);
    let mut seen = BTreeSet::new();
    if let Some(again) = lines.iter().find(|l| !seen.insert(&l.line)) {
        return Err(TWICE.at(&place).with("path", &place).with("value", &again.line));
    }
    if lines.iter().map(|l| i128::from(l.net_fen)).sum::<i128>() > i128::from(net_fen) {
        return Err(more_than_the_order(&place));
    }
    Ok(Act::OrderPaid { order: fields.text("order")?, net_fen, lines, judged_by: None })
}

fn hold(fields: &Fields<'_>, time: Instant) -> Read<Act> {
    let points = fields.whole("points", 1, MOST_POINTS)?;
    let until = fields.maybe_instant("until")?;
    if until.is_some_and(|until| until <= time) {
        let place = format!("{}.until", fields.path);
        let (zh, en) = ("不晚于预扣的时间，预扣一开始就已到期", "is not after the time of the hold: it would be over before it began");
        return Err(CONTRADICTION.at(&place).with("path", &place).with("why_zh", zh).with("why", en));
    }
    Ok(Act::Hold { points, until })
}

fn more_than_the_order(place: &str) -> Refusal {
    let (zh, en) = ("各行 net_fen 之和大于订单的 net_fen", "the lines' net_fen sum to more than the order's");
    CONTRADICTION.at(place).with("path", place).with("why_zh", zh).with("why", en)
}

fn claim(fields: &Fields<'_>, programme: &Programme) -> Read<Act> {
    let node = fields.need("template")?;
    let template = node.text()?;
    if programme.template(&template).is_none() {
        let known: Vec<&str> = programme.coupons.iter().flatten().map(|t| t.id.as_str()).collect();
        let known = if known.is_empty() { "-".to_owned() } else { known.join(", ") };
        return Err(NOT_THERE.at(&node.path).with("path", &node.path).with("value", &template).with("known", known));
    }
    Ok(Act::Claim { template, grant: fields.text("grant")?, member: fields.maybe_text("member")?.unwrap_or_default() })
}
