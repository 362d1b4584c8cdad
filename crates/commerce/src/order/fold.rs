//! An order is a pure fold over what was said of it: [`fold`] takes the *set* of statements and
//! yields the order. It sorts them itself, so order of arrival, repetition and batching cannot
//! matter, and taking an import's statements out leaves what there would be without it.
//!
//! Newer is: the later source time (or, without one, the time it was heard, or the latest time that
//! it mentions), then the further state, then the stronger kind of document, then the hash, so that
//! there is always an answer and always the same. A field's value is the newest one told. For the
//! state itself see [`super::lines::furthest`].

use std::borrow::Cow;

use shuke_kernel::Instant;
use shuke_members::identity::KeyClaim;

use super::lines::{self, furthest};
use super::money;
use super::observation::{Doc, Observation, Receiver, State};
use super::state::{OrderState, Terms};

/// How new a statement is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Precedence {
    /// Source time, heard time or own time.
    pub time: i64,
    rank: u8,
    strength: u8,
    /// The statement's hash.
    pub hash: [u8; 16],
}

/// A statement with its precedence.
pub(super) struct Weighed<'a> {
    /// How new.
    pub precedence: &'a Precedence,
    /// The imports that brought it.
    pub imports: &'a [i64],
    /// What it says.
    pub said: &'a Observation,
}

/// One statement of the set, as it is kept.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// What is said.
    pub said: Cow<'a, Observation>,
    /// The hash of its canonical bytes.
    pub hash: [u8; 16],
    /// When it was heard, for statements that have no time of their own and need one.
    pub heard: Option<Instant>,
    /// The imports that brought it.
    pub imports: Vec<i64>,
}

impl Statement<'_> {
    fn precedence(&self) -> Precedence {
        let time = self.said.source_time.or(self.heard).or_else(|| self.said.own_time()).map_or(i64::MIN, Instant::micros);
        let rank = self.said.state.filter(|_| !self.said.keeps_last_state).map_or(0, |s| s as u8 + 1);
        Precedence { time, rank, strength: self.said.doc.strength(), hash: self.hash }
    }
}

/// Platforms that settle for their shops. Everything else is an own shop, whose orders become
/// final some days after delivery.
const PLATFORMS: &[&str] = &[
    "taobao",
    "tmall",
    "1688",
    "jd",
    "pdd",
    "douyin",
    "kuaishou",
    "xiaohongshu",
    "vip",
    "suning",
    "dewu",
    "wechat_shop",
    "amazon",
    "shopee",
    "lazada",
    "tiktok",
];

/// Whether that platform settles for its shops.
pub fn settles(platform: &str) -> bool {
    PLATFORMS.contains(&platform)
}

/// The order that these statements make; `None` for none.
pub fn fold(terms: &Terms, source: &str, source_id: &str, statements: &[Statement<'_>]) -> Option<OrderState> {
    let mut ranked: Vec<(Precedence, &Statement<'_>)> = statements.iter().map(|s| (s.precedence(), s)).collect();
    ranked.sort_by_key(|r| std::cmp::Reverse(r.0));
    ranked.dedup_by(|a, b| a.0.hash == b.0.hash);
    let weighed: Vec<Weighed<'_>> =
        ranked.iter().map(|(precedence, s)| Weighed { precedence, imports: &s.imports, said: &s.said }).collect();
    let about: Vec<&Observation> = weighed.iter().map(|w| w.said).filter(|o| !matches!(o.doc, Doc::Refund | Doc::Claim)).collect();
    weighed.iter().find(|w| w.said.doc != Doc::Claim)?;

    let merged = lines::merge(&weighed);
    let mut flags: Vec<String> = Vec::new();
    let state = state_of(&weighed, &about, &merged, &mut flags);
    let pick = Newest(&about);
    let platform = pick
        .of(|o| o.platform.clone())
        .or_else(|| weighed.iter().find_map(|w| w.said.platform.clone()))
        .unwrap_or_else(|| source.split(':').next().unwrap_or(source).to_owned());
    let shipped_at = pick.of(|o| o.shipped_at).or_else(|| merged.iter().filter_map(|l| l.pick(|s| s.shipped_at)).max());
    let live_completed = merged.iter().filter(|l| l.state() != Some(State::Closed)).filter_map(|l| l.pick(|s| s.completed_at)).max();
    let created_at = pick.of(|o| o.created_at);
    let mut order = OrderState {
        shop: pick.of(|o| o.shop.clone()),
        entity: pick.of(|o| o.entity.clone()).or_else(|| weighed.iter().find_map(|w| w.said.entity.clone())),
        state,
        status: status_of(&about, state),
        currency: pick.of(|o| o.currency).or_else(|| weighed.iter().find_map(|w| w.said.currency)).unwrap_or(terms.currency),
        goods_list: pick.of(|o| o.goods_list),
        goods_after_discount: pick.of(|o| o.goods_after_discount),
        shipping: pick.of(|o| o.shipping),
        tax: pick.of(|o| o.tax),
        paid: None,
        points_cash: pick.of(|o| o.points_cash),
        bonus_credit: pick.of(|o| o.bonus_credit),
        deposit: pick.of(|o| o.deposit),
        goods_paid: None,
        refunded: 0,
        net_paid: None,
        merchant_received: pick.of(|o| o.merchant_received),
        discounts: pick.of(|o| o.discounts.clone()).unwrap_or_default(),
        placed_at: Instant::default(),
        created_at,
        paid_at: pick.of(|o| o.paid_at),
        shipped_at,
        delivered_at: pick.of(|o| o.delivered_at),
        completed_at: pick.of(|o| o.completed_at).max(live_completed),
        closed_at: pick.of(|o| o.closed_at),
        final_at: None,
        counts_at: None,
        purchase: false,
        estimated: false,
        quantity: pick.of(|o| o.quantity),
        flags,
        payment_method: pick.of(|o| o.payment_method.clone()),
        channel: pick.of(|o| o.channel.clone()),
        parcel: pick.of(|o| (o.carrier.is_some() || o.tracking_no.is_some()).then(|| (o.carrier.clone(), o.tracking_no.clone()))),
        close_reason: pick.of(|o| o.close_reason.clone()),
        lines: Vec::new(),
        refunds: Vec::new(),
        keys: keys(&weighed),
        claimed_by: weighed.iter().find_map(|w| w.said.claimed_by.clone()),
        erased: weighed.iter().any(|w| w.said.erased),
        buyer_nick: pick.of(|o| o.buyer_nick.clone()),
        receiver: receiver(&about),
        buyer_memo: pick.of(|o| o.buyer_memo.clone()),
        seller_memo: pick.of(|o| o.seller_memo.clone()),
        platform,
    };
    order.placed_at = placed(&order, &about, &weighed);
    money::settle(&mut order, source_id, &about, &weighed, &merged);
    super::counted::count(terms, &mut order);
    order.final_at = final_at(terms, &order, &weighed);
    order.flags.sort();
    order.flags.dedup();
    Some(order)
}

/// Picks a field's newest value.
pub(super) struct Newest<'a>(pub &'a [&'a Observation]);

impl<'a> Newest<'a> {
    /// The newest value told.
    pub fn of<T>(&self, f: impl Fn(&'a Observation) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(|o| f(o))
    }
}

fn state_of(weighed: &[Weighed<'_>], about: &[&Observation], merged: &[lines::Merged<'_>], flags: &mut Vec<String>) -> State {
    let told = about.iter().filter(|o| !o.keeps_last_state).filter_map(|o| Some((o.source_time.map(Instant::micros), o.state?)));
    let explicit = furthest(told.clone());
    let any_timed = told.into_iter().any(|(time, _)| time.is_some());
    let line_states: Vec<State> = merged.iter().filter_map(lines::Merged::state).collect();
    let live = line_states.iter().copied().filter(|s| *s != State::Closed).min();
    let from_lines = if line_states.len() == merged.len() && !merged.is_empty() { live.or(Some(State::Closed)) } else { None };
    let words = |o: &Observation, of_moment: bool| {
        o.flags.iter().filter(move |f| (f.starts_with("status_") || f.starts_with("hold")) == of_moment).cloned().collect::<Vec<_>>()
    };
    for w in weighed {
        flags.extend(words(w.said, false));
    }
    // Words about the moment are the newest statement's alone.
    if let Some(newest) = about.iter().find(|o| o.state.is_some() || o.keeps_last_state) {
        flags.extend(words(newest, true));
    }
    match (explicit, from_lines) {
        (Some(told), Some(lines)) if !any_timed && lines != State::Closed && lines > told && covers(about, merged) => lines,
        (Some(told), _) => told,
        (None, Some(lines)) => lines,
        (None, None) => about.iter().find_map(|o| o.state).unwrap_or_else(|| from_times(about)),
    }
}

/// Whether the lines are all there are, as far as a count of pieces can tell.
fn covers(about: &[&Observation], merged: &[lines::Merged<'_>]) -> bool {
    let pieces: i64 = merged.iter().filter_map(|l| l.pick(|s| Some(s.quantity))).sum();
    about.iter().find_map(|o| o.quantity).is_none_or(|all| all == pieces)
}

fn from_times(about: &[&Observation]) -> State {
    let any = |f: fn(&Observation) -> bool| about.iter().any(|o| f(o));
    if any(|o| o.closed_at.is_some()) {
        State::Closed
    } else if any(|o| o.completed_at.is_some()) {
        State::Completed
    } else if any(|o| o.shipped_at.is_some()) {
        State::Shipped
    } else if any(|o| o.paid_at.is_some() || o.paid.is_some_and(|p| p > 0)) || about.is_empty() {
        // An order that only a refund speaks of was paid.
        State::Paid
    } else {
        State::Created
    }
}

fn status_of(about: &[&Observation], state: State) -> Option<String> {
    let word = |o: &&Observation| o.platform_status.clone();
    let fitting = about.iter().filter(|o| o.state == Some(state) || o.keeps_last_state).find_map(word);
    fitting.or_else(|| about.iter().find_map(word))
}

fn placed(order: &OrderState, about: &[&Observation], weighed: &[Weighed<'_>]) -> Instant {
    let day = about.iter().find_map(|o| o.day_in_order_no);
    order
        .created_at
        .or(day)
        .or(order.paid_at)
        .or(order.shipped_at)
        .or(order.completed_at)
        .or(order.closed_at)
        .or_else(|| weighed.iter().filter_map(|w| w.said.source_time.or_else(|| w.said.own_time())).min())
        .unwrap_or_default()
}

/// Completed, and past the settlement delay; for an own shop the delay begins with the delivery.
fn final_at(terms: &Terms, order: &OrderState, weighed: &[Weighed<'_>]) -> Option<Instant> {
    if order.state != State::Completed {
        return None;
    }
    let latest = || {
        let known = [order.shipped_at, order.paid_at, order.created_at].into_iter().flatten().max();
        // A completion without a time is no later than the document that tells it.
        weighed.iter().filter(|w| w.said.state == Some(State::Completed)).filter_map(|w| w.said.source_time).min().or(known)
    };
    let (from, days) = if settles(&order.platform) {
        (order.completed_at, terms.platform_days)
    } else {
        (order.delivered_at.or(order.completed_at), terms.own_days)
    };
    from.or_else(latest).or((order.placed_at.micros() != 0).then_some(order.placed_at)).map(|t| t.plus_seconds(days.saturating_mul(86_400)))
}

/// Everything that names the buyer, from every document: a key that one of them lacks is not lost.
fn keys(weighed: &[Weighed<'_>]) -> Vec<KeyClaim> {
    let mut keys: Vec<KeyClaim> = weighed.iter().flat_map(|w| w.said.claims()).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Field by field the newest that is not hidden, else the newest.
fn receiver(about: &[&Observation]) -> Receiver {
    let field = |f: fn(&Receiver) -> &Option<String>| -> Option<String> {
        let told = || about.iter().filter_map(|o| o.receiver.as_ref()).filter_map(|r| f(r).as_ref());
        told().find(|t| !hidden(t)).or_else(|| told().next()).cloned()
    };
    Receiver {
        name: field(|r| &r.name),
        phone: field(|r| &r.phone),
        tel: field(|r| &r.tel),
        country: field(|r| &r.country),
        province: field(|r| &r.province),
        city: field(|r| &r.city),
        district: field(|r| &r.district),
        address: field(|r| &r.address),
        zip: field(|r| &r.zip),
    }
}

/// Masked, or a platform's ciphertext.
pub(crate) fn hidden(text: &str) -> bool {
    text.contains(['*', '＊', '●'])
        || text.starts_with("##")
        || (text.starts_with('$') && text.ends_with('$'))
        || (text.starts_with('~') && text.ends_with('~'))
        || (text.len() > 4 && text.starts_with('#') && text.ends_with("##"))
}
