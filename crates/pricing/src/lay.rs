//! From the files to the table: each promotion and held coupon is judged by the conditions that do
//! not depend on the others, and what passes becomes a candidate.

use std::collections::HashMap;

use shuke_kernel::Instant;

use crate::cart::{Asked, Cart, CartLine};
use crate::code::Code;
use crate::coupons::*;
use crate::offers::*;
use crate::prices::Priced;
use crate::table::{Act, Candidate, Group, Held, Limit, Line, Points, Stage, Table};

/// What is not applied, whatever the others do.
#[derive(Debug)]
pub(crate) struct Refused<'a> {
    pub id: &'a str,
    pub code: Code,
}

/// Who buys, and when.
pub(crate) struct Buyer<'a> {
    pub offers: &'a Offers,
    /// What the member's coupons are of.
    pub templates: &'a [Template],
    pub cart: &'a Cart,
    pub member: Option<&'a Member>,
}

impl<'a> Buyer<'a> {
    pub fn of(offers: &'a Offers, cart: &'a Cart) -> Self {
        let member = cart.member.as_ref().and_then(|m| offers.members.get(m));
        Self { offers, templates: &offers.templates, cart, member }
    }

    pub fn used(&self, id: &str) -> i64 {
        self.member.and_then(|m| m.usage.get(id)).copied().unwrap_or(0)
    }

    /// How many more times (units of a flash price) it may be had; none where that is not limited.
    pub fn quota(&self, id: &str, terms: &Terms) -> Option<i64> {
        let of_member = terms.per_member.map(|most| most.saturating_sub(self.used(id)));
        match (terms.quota_left, of_member) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// By the clock: too early, too late, not on this day or at this hour.
    pub fn time(&self, terms: &Terms, from: Option<Instant>, to: Option<Instant>) -> Option<Code> {
        let now = self.cart.time;
        if from.is_some_and(|from| now < from) {
            Some(Code::NotStarted)
        } else if to.is_some_and(|to| now >= to) {
            Some(Code::Expired)
        } else {
            (!self.on_calendar(&terms.calendar)).then_some(Code::OutsideCalendar)
        }
    }

    fn on_calendar(&self, calendar: &Calendar) -> bool {
        let (zone, now) = (&self.offers.zone, self.cart.time);
        let day = zone.day(now);
        let second = now.micros().div_euclid(1_000_000) + zone.offset_seconds(now);
        let minute = second.rem_euclid(86_400) / 60;
        let of = |days: &Option<Vec<i64>>, today: i8| days.as_ref().is_none_or(|d| d.contains(&i64::from(today)));
        let within =
            |(from, to): (i64, i64)| if from < to { (from..to).contains(&minute) } else { from != to && (minute >= from || minute < to) };
        of(&calendar.weekdays, day.weekday().to_monday_one_offset())
            && of(&calendar.month_days, day.day())
            && calendar.hours.is_none_or(within)
    }

    /// Guest, tier, segment.
    pub fn entitled(&self, terms: &Terms) -> bool {
        let Some(member) = self.member else {
            return !terms.members_only && terms.tiers.is_none() && terms.segments.is_none() && terms.per_member.is_none();
        };
        terms.tiers.as_ref().is_none_or(|t| member.tier.as_ref().is_some_and(|m| t.contains(m)))
            && terms.segments.as_ref().is_none_or(|s| s.iter().any(|s| member.segments.contains(s)))
    }

    pub fn too_heavy(&self, terms: &Terms) -> bool {
        let weight: i64 = self.cart.lines.iter().map(|l| l.weight_g * l.qty).sum();
        terms.max_weight_g.is_some_and(|most| weight > most)
    }
}

/// Whether the scope admits the line, leaving aside how its price came about.
pub(crate) fn admits(scope: &Scope, line: &CartLine) -> bool {
    let below = |categories: &[String]| line.category.as_ref().is_some_and(|c| categories.iter().any(|path| is_below(c, path)));
    let by_sku = scope.skus.as_ref().is_some_and(|s| s.contains(&line.sku));
    let by_category = scope.categories.as_ref().is_some_and(|c| below(c));
    let named = by_sku || by_category || scope.skus.is_none() && scope.categories.is_none();
    named && !scope.exclude_skus.contains(&line.sku) && !below(&scope.exclude_categories)
}

fn is_below(category: &str, path: &str) -> bool {
    category.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What is common to a promotion and a held coupon on its way to being a candidate.
struct Offer<'a> {
    id: &'a str,
    kind: &'static str,
    terms: &'a Terms,
    stage: Stage,
    act: Act<'a>,
    /// The sku that an exchange is of.
    sku: Option<&'a str>,
    held: Option<Held>,
}

/// The table, and what never came to it, in no order.
pub(crate) fn lay<'a>(buyer: &Buyer<'a>, prices: &Priced) -> (Table<'a>, Vec<Refused<'a>>) {
    let mut laying = Laying { buyer, prices, groups: HashMap::new(), candidates: Vec::new(), refused: Vec::new() };
    for promotion in &buyer.offers.promotions {
        laying.promotion(promotion);
    }
    if let Some(member) = buyer.member {
        for coupon in &member.coupons {
            laying.coupon(coupon);
        }
    }
    let held = |id: &str| buyer.member.is_some_and(|m| m.coupons.iter().any(|c| c.id == id));
    let mut named: Vec<&str> = buyer.cart.coupons.iter().flatten().map(String::as_str).filter(|id| !held(id)).collect();
    named.sort_unstable();
    named.dedup();
    laying.refused.extend(named.into_iter().map(|id| Refused { id, code: Code::NotAvailable }));
    let Laying { groups, mut candidates, refused, .. } = laying;
    candidates.sort_by(|a, b| b.priority.cmp(&a.priority).then(a.id.cmp(b.id)));
    let settings = &buyer.offers.settings;
    let floor = |l: &CartLine| settings.floors.get(&l.sku).copied();
    let lines: Vec<Line<'_>> = (buyer.cart.lines.iter().zip(&prices.lines))
        .map(|(l, p)| Line { sku: &l.sku, qty: l.qty, base: p.base, floor: floor(l) })
        .collect();
    let table = Table {
        floors: lines.iter().any(|l| l.floor.is_some()),
        lines,
        by_stage: [Stage::Line, Stage::Order, Stage::Shop, Stage::Platform, Stage::Shipping]
            .map(|stage| (0..candidates.len()).filter(|i| candidates[*i].stage == stage).collect()),
        candidates,
        groups: groups.len(),
        limits: [settings.max_coupons.shop, settings.max_coupons.platform, settings.max_coupons.shipping],
        templates: buyer.templates.len(),
        points: points(buyer),
        fee: buyer.cart.shipping_fee,
    };
    (table, refused)
}

fn points(buyer: &Buyer<'_>) -> Option<Points> {
    let (terms, member) = (buyer.offers.settings.points_cash?, buyer.member?);
    let asked = match buyer.cart.points_to_use {
        Asked::Max => i64::MAX,
        Asked::Points(points) => points,
    };
    Some(Points { terms, at_hand: asked.min(member.points).max(0) })
}

struct Laying<'a, 'b> {
    buyer: &'b Buyer<'a>,
    prices: &'b Priced,
    groups: HashMap<&'a str, usize>,
    candidates: Vec<Candidate<'a>>,
    refused: Vec<Refused<'a>>,
}

impl<'a> Laying<'a, '_> {
    fn promotion(&mut self, promotion: &'a Promotion) {
        let (stage, act) = match &promotion.rule {
            // The price step is done, and says itself what was not applied.
            Rule::MemberPrice(_) | Rule::FlashPrice(_) => return,
            Rule::PercentOff(percent) => (Stage::Line, Act::PercentLines(*percent)),
            Rule::AmountOff { amount, per } => (Stage::Line, Act::AmountLines { amount: *amount, per: *per }),
            Rule::NthItem(rule) => (Stage::Line, Act::Nth(rule)),
            Rule::BundlePrice(rule) => (Stage::Line, Act::Bundle(rule)),
            Rule::Stepped(rule) => (Stage::Order, Act::Stepped(rule)),
            Rule::Gift(gifts) => (Stage::Order, Act::Gift(gifts)),
            Rule::FreeShipping { cap } => (Stage::Shipping, Act::Shipping(*cap)),
        };
        let (id, terms) = (promotion.id.as_str(), &promotion.terms);
        let offer = Offer { id, kind: promotion.rule.kind(), terms, stage, act, sku: None, held: None };
        let quota = self.buyer.quota(id, terms);
        match self.buyer.time(terms, terms.from, terms.to).or_else(|| self.open_to_buyer(&offer, quota)) {
            Some(code) => self.refused.push(Refused { id, code }),
            None => self.bring(offer),
        }
    }

    fn coupon(&mut self, coupon: &'a Coupon) {
        let template = &self.buyer.templates[coupon.template];
        let (id, terms) = (coupon.id.as_str(), &template.terms);
        let amount = |of: &Option<i64>| coupon.amount.or(*of).unwrap_or(0);
        let act = match &template.benefit {
            Benefit::AmountOff { amount: of } | Benefit::NoThreshold { amount: of } => Act::AmountSum(amount(of)),
            Benefit::PercentOff(percent) => Act::PercentSum(*percent),
            Benefit::Gift(gifts) => Act::Gift(gifts),
            Benefit::Exchange { pay, .. } => Act::Exchange(*pay),
            Benefit::FreeShipping { cap } => Act::Shipping(*cap),
        };
        let sku = if let Benefit::Exchange { sku, .. } = &template.benefit { Some(sku.as_str()) } else { None };
        let platform = template.issuer == Issuer::Platform;
        let (stage, limit) = match (act, platform) {
            (Act::Shipping(_), _) => (Stage::Shipping, Limit::Shipping),
            (_, false) => (Stage::Shop, Limit::Shop),
            (_, true) => (Stage::Platform, Limit::Platform),
        };
        let quota = self.buyer.quota(&template.id, terms);
        let held = Held { limit, template: coupon.template, left: quota.unwrap_or(i64::MAX), platform };
        let offer = Offer { id, kind: template.benefit.kind(), terms, stage, act, sku, held: Some(held) };
        let selected = self.buyer.cart.coupons.as_ref().is_none_or(|ids| ids.iter().any(|i| i == id));
        let code = (self.buyer.time(terms, coupon.from.or(terms.from), coupon.to.or(terms.to)))
            .or((!coupon.available).then_some(Code::NotAvailable))
            .or((!selected).then_some(Code::NotSelected))
            .or_else(|| self.open_to_buyer(&offer, quota));
        match code {
            Some(code) => self.refused.push(Refused { id, code }),
            None => self.bring(offer),
        }
    }

    /// From who may have it to what it weighs.
    fn open_to_buyer(&self, offer: &Offer<'a>, quota: Option<i64>) -> Option<Code> {
        let stock_gone = matches!(offer.act, Act::Gift(gifts) if gifts.iter().any(|g| g.stock_left.is_some_and(|s| s < g.qty)));
        if !self.buyer.entitled(offer.terms) {
            Some(Code::NotEntitled)
        } else if quota.is_some_and(|q| q <= 0) || stock_gone {
            Some(Code::QuotaExhausted)
        } else if self.lines(offer).is_empty() {
            Some(Code::CategoryMismatch)
        } else if self.buyer.too_heavy(offer.terms) {
            Some(Code::TooHeavy)
        } else {
            (self.pieces(&self.scope(offer.terms)) < offer.terms.min_qty).then_some(Code::ThresholdNotMet)
        }
    }

    fn scope(&self, terms: &Terms) -> Vec<usize> {
        let open = |i: usize| self.prices.lines[i].by.is_none_or(|(_, by)| !terms.scope.not_replaced_by.contains(&by));
        let lines = &self.buyer.cart.lines;
        (0..lines.len()).filter(|i| admits(&terms.scope, &lines[*i]) && open(*i)).collect()
    }

    /// Those in scope that it can take from. Goods that a bundle wants are its threshold, not its scope.
    fn lines(&self, offer: &Offer<'a>) -> Vec<usize> {
        let mut lines = self.scope(offer.terms);
        if let Some(sku) = offer.sku {
            lines.retain(|l| self.buyer.cart.lines[*l].sku == sku);
        }
        lines
    }

    fn pieces(&self, lines: &[usize]) -> i64 {
        lines.iter().map(|l| self.buyer.cart.lines[*l].qty).sum()
    }

    fn bring(&mut self, offer: Offer<'a>) {
        let scope = self.scope(offer.terms);
        let group = offer.terms.group.as_deref().map(|name| {
            let next = self.groups.len();
            let exclusive = offer.terms.exclusive;
            let number = *self.groups.entry(name).or_insert(next);
            Group { number, alone: exclusive == Exclusive::Order, alone_on_line: exclusive == Exclusive::Line }
        });
        let gift_value = if let Act::Gift(gifts) = offer.act {
            gifts.iter().map(|g| g.value.saturating_mul(g.qty)).fold(0, i64::saturating_add)
        } else {
            0
        };
        self.candidates.push(Candidate {
            id: offer.id,
            kind: offer.kind,
            priority: offer.terms.priority,
            stage: offer.stage,
            act: offer.act,
            lines: self.lines(&offer),
            pieces: self.pieces(&scope),
            scope,
            min_amount: offer.terms.min_amount,
            group,
            held: offer.held,
            gift_value,
        });
    }
}
