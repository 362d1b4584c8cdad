//! What a batch brought: told twice and never mixed. Orders laid to its last touch; and, over the
//! whole window, how treated and held out differ, with the interval.
//!
//! Treated are all who were given out, whether or not a provider took the message; held out are those
//! who were looked at beside them, with the same eyes. Whoever a merge made one is one, and treated if
//! either was. The window begins when the first row left.

use std::collections::HashMap;

use shuke_commerce::order::bought::{Bought, bought};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Store, Tx, args};

use super::model::{Batch, State};
use super::stats::{self, Arm, Difference};
use super::touches::{self, How, Touch};
use super::{BatchId, service, sql};

/// Members of one look.
const PAGE: i64 = 1_000;

/// Orders laid to the batch.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Laid {
    /// Members who bought.
    pub buyers: i64,
    /// Their orders.
    pub orders: i64,
    /// Net of refunds, minor units.
    pub revenue: i64,
    /// Of the orders those after a click.
    pub by_click: i64,
}

/// The report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The batch.
    pub batch: Batch,
    /// Members handed over.
    pub handed_over: i64,
    /// Of them those whom a receipt calls reached.
    pub delivered: i64,
    /// Those whom one calls not reached.
    pub failed: i64,
    /// Those who followed the link.
    pub clicked: i64,
    /// Clicks by people.
    pub clicks: i64,
    /// Requests of the link by programs.
    pub scans: i64,
    /// Those who answered.
    pub replied: i64,
    /// Those who ended the messages.
    pub unsubscribed: i64,
    /// Orders laid to it.
    pub laid: Laid,
    /// Orders of another currency, which no sum of money has.
    pub other_currency: i64,
    /// The window of the comparison, `[from, to)`; none before a row left.
    pub window: Option<(Instant, Instant)>,
    /// Whether the window is over.
    pub complete: bool,
    /// Those treated, over the window.
    pub treated: Arm,
    /// Those held out, over the window.
    pub held_out: Arm,
    /// By how much the share of buyers differs.
    pub lift: Option<Difference>,
    /// By how much revenue per member differs, minor units.
    pub revenue_lift: Option<Difference>,
    /// What it cost, minor units.
    pub cost: i64,
}

/// What a difference of revenue per member comes to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Gain {
    /// For all who were treated, minor units, rounded.
    pub value: i64,
    /// At the interval's lower end.
    pub low: i64,
    /// At its upper end.
    pub high: i64,
}

impl Report {
    /// What the batch brought beyond what would have come anyway.
    pub fn gain(&self) -> Option<Gain> {
        let n = self.treated.members as f64;
        self.revenue_lift.map(|d| Gain {
            value: (d.value * n).round() as i64,
            low: (d.low * n).round() as i64,
            high: (d.high * n).round() as i64,
        })
    }

    /// Gain less cost over cost, with the interval's ends; `None` without a holdout or without a cost.
    pub fn roi(&self) -> Option<Difference> {
        let (gain, cost) = (self.gain()?, self.cost as f64);
        let of = |gain: i64| (gain as f64 - cost) / cost;
        (self.cost > 0).then(|| Difference { value: of(gain.value), low: of(gain.low), high: of(gain.high) })
    }
}

/// One member of a batch.
struct Person {
    member: MemberId,
    treated: bool,
    handed: bool,
    delivered: bool,
    failed: bool,
    clicks: i64,
    scans: i64,
    replied: bool,
    unsubscribed: bool,
}

struct Page {
    people: Vec<Person>,
    orders: HashMap<MemberId, Vec<Bought>>,
    touches: HashMap<MemberId, Vec<Touch>>,
}

fn page(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, after: [u8; 16]) -> Result<Page> {
    let mut people = Vec::new();
    for mut r in tx.rows(sql::ARMS, args![cx.merchant, batch.id, after, PAGE])? {
        people.push(Person {
            member: r.get(0)?,
            treated: r.get::<i64>(1)? != 0,
            handed: r.get::<Option<i64>>(2)?.is_some(),
            delivered: r.get::<i64>(3)? != 0,
            failed: r.get::<i64>(4)? != 0,
            clicks: r.get(5)?,
            scans: r.get(6)?,
            replied: r.get::<Option<i64>>(7)?.is_some(),
            unsubscribed: r.get::<Option<i64>>(8)?.is_some(),
        });
    }
    let ids: Vec<MemberId> = people.iter().map(|p| p.member).collect();
    let (mut orders, mut found): (HashMap<MemberId, Vec<Bought>>, _) = (HashMap::new(), HashMap::new());
    if let Some(from) = batch.handed_at {
        let until = cx.now.plus_seconds(1);
        for b in bought(tx, cx, &ids, from, until)? {
            orders.entry(b.member).or_default().push(b);
        }
        let buyers: Vec<MemberId> = orders.keys().copied().collect();
        found = touches::of(tx, cx, &buyers)?;
    }
    Ok(Page { people, orders, touches: found })
}

/// The report of a batch as it stands.
pub fn report(store: &Store, cx: &Ctx, id: BatchId) -> Result<Report> {
    let merchant = cx.merchant;
    let batch = store.read_now(move |tx| service::get(tx, merchant, id))?;
    if batch.state == State::Draft {
        service::among(&batch, &[State::Frozen])?;
    }
    let window = batch.handed_at.map(|from| (from, from.plus_seconds(batch.spec.window_days * 24 * 3600)));
    let mut report = Report {
        handed_over: 0,
        delivered: 0,
        failed: 0,
        clicked: 0,
        clicks: 0,
        scans: 0,
        replied: 0,
        unsubscribed: 0,
        laid: Laid::default(),
        other_currency: 0,
        complete: window.is_some_and(|(_, to)| cx.now >= to),
        window,
        treated: Arm::default(),
        held_out: Arm::default(),
        lift: None,
        revenue_lift: None,
        cost: 0,
        batch,
    };
    let mut after = [0_u8; 16];
    loop {
        let (context, batch) = (cx.clone(), report.batch.clone());
        let page = store.read_now(move |tx| page(tx, &context, &batch, after))?;
        let Some(last) = page.people.last() else { break };
        after = *last.member.bytes();
        for person in &page.people {
            report.take(person, &page);
        }
    }
    report.lift = stats::shares(report.treated.buyers, report.treated.members, report.held_out.buyers, report.held_out.members);
    report.revenue_lift = stats::means(&report.treated, &report.held_out);
    report.cost = if report.batch.handed_at.is_some() { report.batch.cost(report.handed_over) } else { 0 };
    Ok(report)
}

impl Report {
    fn take(&mut self, p: &Person, page: &Page) {
        let yes = |b: bool| i64::from(b);
        self.handed_over += yes(p.handed);
        self.delivered += yes(p.delivered);
        self.failed += yes(p.failed && !p.delivered);
        self.clicked += yes(p.clicks > 0);
        self.clicks += p.clicks;
        self.scans += p.scans;
        self.replied += yes(p.replied);
        self.unsubscribed += yes(p.unsubscribed);
        let currency = self.batch.currency.to_string();
        let none = Vec::new();
        let orders = page.orders.get(&p.member).unwrap_or(&none);
        let touches = page.touches.get(&p.member).map_or(&[][..], Vec::as_slice);
        let within = |at: Instant| self.window.is_some_and(|(from, to)| from <= at && at < to);
        let (mut sum, mut count, mut laid) = (0_i64, 0_i64, Laid::default());
        for order in orders {
            let own = order.currency == currency;
            if within(order.at) {
                count += 1;
                self.other_currency += yes(!own);
                sum += if own { order.net_paid } else { 0 };
            }
            let spec = &self.batch.spec;
            let touch = touches::last(touches, order.at, spec.click_days, spec.delivery_days);
            if let Some(touch) = touch.filter(|t| p.handed && t.batch == self.batch.id) {
                laid.orders += 1;
                laid.revenue += if own { order.net_paid } else { 0 };
                laid.by_click += yes(touch.how == How::Click);
            }
        }
        self.laid.buyers += yes(laid.orders > 0);
        self.laid.orders += laid.orders;
        self.laid.revenue += laid.revenue;
        self.laid.by_click += laid.by_click;
        let arm = if p.treated { &mut self.treated } else { &mut self.held_out };
        arm.members += 1;
        arm.buyers += yes(count > 0);
        arm.orders += count;
        arm.revenue += sum;
        arm.squares += i128::from(sum) * i128::from(sum);
    }
}
