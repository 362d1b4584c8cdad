//! A slow and obvious reference: every report straight from the rows, member by member and order by
//! order, without columns, without passes, with the calendar of a library.

mod rows;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
pub use rows::*;
use serde_json::{Value, json};
use shuke_insight::{Centre, Cuts, Question};

/// A member's id, days since the last purchase, purchases, money.
type Measured = (u8, i64, i64, i64);

/// Stage, days since, expected gap, what it leans on.
type Staged = (&'static str, Option<i64>, Option<(i64, i64)>, Option<&'static str>);

/// An order as it counts.
struct Deal<'a> {
    order: &'a Order,
    time: i64,
    /// Pieces, paid, received, alive: of each line.
    left: Vec<(i64, i64, i64, bool)>,
    purchase: bool,
    over: i64,
    estimated: bool,
}

impl Deal<'_> {
    fn paid(&self) -> i64 {
        self.left.iter().map(|l| l.1).sum()
    }
    fn received(&self) -> i64 {
        self.left.iter().map(|l| l.2).sum()
    }
    fn gross(&self) -> (i64, i64) {
        (self.order.lines.iter().map(|l| l.paid).sum(), self.order.lines.iter().map(|l| l.received).sum())
    }
}

pub struct Naive<'a> {
    pub shop: &'a Shop,
    pub q: &'a Question,
    zone: TimeZone,
}

impl<'a> Naive<'a> {
    pub fn new(shop: &'a Shop, q: &'a Question) -> Self {
        Self { shop, q, zone: TimeZone::get(&q.zone).unwrap() }
    }

    fn midnight(&self, day: Date) -> i64 {
        self.zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap().as_microsecond()
    }

    fn civil(&self, t: i64) -> jiff::civil::DateTime {
        self.zone.to_datetime(Timestamp::from_microsecond(t).unwrap())
    }

    fn day(&self, t: i64) -> Date {
        self.civil(t).date()
    }

    fn month(&self, t: i64) -> String {
        let d = self.day(t);
        format!("{:04}-{:02}", d.year(), d.month())
    }

    fn from(&self) -> i64 {
        self.q.from.map_or(i64::MIN, |d| self.midnight(d))
    }

    fn within(&self, t: i64) -> bool {
        t >= self.from() && t < self.midnight(self.q.to)
    }

    /// Paid orders before `to`, as known before `as_of`.
    fn deals(&self, as_of: i64, to: i64) -> Vec<Deal<'a>> {
        let mut all: Vec<Deal<'a>> = Vec::new();
        for order in &self.shop.orders {
            let time = order.paid_at.unwrap_or(order.created);
            if time >= to || order.state == "created" || (order.state == "closed" && order.paid_at.is_none()) {
                continue;
            }
            let mut left: Vec<(i64, i64, i64, bool)> = order.lines.iter().map(|l| (l.quantity, l.paid, l.received, true)).collect();
            let (mut over, mut estimated) = (0, false);
            if self.q.net {
                let mut refunds: Vec<&Refund> =
                    self.shop.refunds.iter().filter(|r| r.order.as_ref() == Some(&order.id) && r.at < as_of).collect();
                refunds.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
                for r in refunds {
                    match r.line.and_then(|n| order.lines.iter().position(|l| l.number == n)) {
                        Some(i) => {
                            over += r.amount - r.amount.min(left[i].1);
                            left[i].0 -= r.quantity.min(left[i].0);
                            left[i].1 -= r.amount.min(left[i].1);
                            left[i].2 -= r.amount.min(left[i].2);
                        }
                        None => {
                            let paid: Vec<i64> = left.iter().map(|l| l.1).collect();
                            let received: Vec<i64> = left.iter().map(|l| l.2).collect();
                            let (p, s) = (r.amount.min(paid.iter().sum()), r.amount.min(received.iter().sum()));
                            over += r.amount - p;
                            for (l, part) in left.iter_mut().zip(spread(p, &paid)) {
                                l.1 -= part;
                            }
                            for (l, part) in left.iter_mut().zip(spread(s, &received)) {
                                l.2 -= part;
                            }
                        }
                    }
                }
                if order.state == "closed" {
                    estimated = left.iter().any(|l| l.1 > 0);
                    left.iter_mut().for_each(|l| *l = (0, 0, 0, false));
                }
                for (l, line) in left.iter_mut().zip(&order.lines) {
                    if line.paid > 0 && l.1 == 0 {
                        (l.0, l.3) = (0, false);
                    }
                }
            }
            let gross: i64 = order.lines.iter().map(|l| l.paid).sum();
            let dead = self.q.net && (order.state == "closed" || (gross > 0 && left.iter().all(|l| l.1 == 0)));
            all.push(Deal { order, time, left, purchase: !dead, over, estimated });
        }
        all.sort_by(|a, b| (a.time, &a.order.id).cmp(&(b.time, &b.order.id)));
        all
    }

    fn now(&self) -> Vec<Deal<'a>> {
        self.deals(self.midnight(self.q.as_of), self.midnight(self.q.to))
    }

    /// Refunds of no known order, before `to`.
    fn loose(&self, to: i64) -> Vec<&'a Refund> {
        let known = |r: &Refund| r.order.as_ref().is_some_and(|o| self.shop.orders.iter().any(|x| x.id == *o));
        if self.q.net { self.shop.refunds.iter().filter(|r| !known(r) && r.at < to).collect() } else { Vec::new() }
    }

    fn first_seen(&self, m: &Member) -> Option<i64> {
        let orders = self.shop.orders.iter().filter(|o| o.member == Some(m.id)).map(|o| o.created);
        let loose = self
            .shop
            .refunds
            .iter()
            .filter(|r| r.member == Some(m.id) && !r.order.as_ref().is_some_and(|o| self.shop.orders.iter().any(|x| x.id == *o)))
            .map(|r| r.at);
        m.registered.into_iter().chain(orders).chain(loose).min()
    }

    pub fn coverage(&self) -> Value {
        let deals = self.now();
        let seen: Vec<&Deal> = deals.iter().filter(|d| self.within(d.time)).collect();
        let loose: Vec<_> = self.loose(self.midnight(self.q.to)).into_iter().filter(|r| self.within(r.at)).collect();
        let paid = |named: bool| {
            seen.iter().filter(|d| d.order.member.is_some() == named).map(|d| d.paid()).sum::<i64>()
                - loose.iter().filter(|r| r.member.is_some() == named).map(|r| r.amount).sum::<i64>()
        };
        let count = |named: bool| seen.iter().filter(|d| d.purchase && d.order.member.is_some() == named).count();
        json!({
            "orders_identified": count(true), "orders_unidentified": count(false), "paid_identified": paid(true), "paid_unidentified": paid(false),
            "orders_time_estimated": seen.iter().filter(|d| d.purchase && d.order.paid_at.is_none()).count(),
            "orders_refund_estimated": seen.iter().filter(|d| d.estimated).count(),
            "refunds_unlinked": loose.len(), "refunds_unlinked_paid": loose.iter().map(|r| r.amount).sum::<i64>(),
            "refunds_over": seen.iter().map(|d| d.over).sum::<i64>(),
        })
    }

    pub fn dashboard(&self) -> Value {
        let to = self.midnight(self.q.to);
        let deals = self.now();
        let (mut members, mut first_ever) = (BTreeMap::new(), BTreeMap::new());
        for name in [
            "known",
            "registered_in_window",
            "met_by_order",
            "bought_ever",
            "never_bought",
            "buyers",
            "repeat_buyers",
            "new_buyers",
            "returning_buyers",
        ] {
            members.insert(name, 0);
        }
        for m in &self.shop.members {
            let mine: Vec<&Deal> = deals.iter().filter(|d| d.purchase && d.order.member == Some(m.id)).collect();
            let here = mine.iter().filter(|d| self.within(d.time)).count();
            let known = self.first_seen(m).is_none_or(|t| t < to);
            let new = mine.first().is_some_and(|d| self.within(d.time));
            if let Some(d) = mine.first() {
                first_ever.insert(m.id, d.order.id.clone());
            }
            let mut add = |name, yes: bool| *members.get_mut(name).unwrap() += i32::from(yes);
            add("known", known);
            add("registered_in_window", m.registered.is_some_and(|t| self.within(t)));
            add("met_by_order", !m.registered.is_some_and(|t| self.within(t)) && self.first_seen(m).is_some_and(|t| self.within(t)));
            add("bought_ever", !mine.is_empty());
            add("never_bought", known && mine.is_empty());
            add("buyers", here > 0);
            add("repeat_buyers", here > 1);
            add("new_buyers", here > 0 && new);
            add("returning_buyers", here > 0 && !new);
        }
        let is_first = |d: &Deal| d.order.member.is_some_and(|m| first_ever.get(&m) == Some(&d.order.id));
        let seen: Vec<&Deal> = deals.iter().filter(|d| self.within(d.time)).collect();
        let loose: Vec<_> = self.loose(to).into_iter().filter(|r| self.within(r.at)).collect();
        let bought: Vec<&&Deal> = seen.iter().filter(|d| d.purchase).collect();
        let of = |f: &dyn Fn(&Deal) -> bool| bought.iter().filter(|d| f(d)).count();
        let money = |f: &dyn Fn(&Deal) -> bool| bought.iter().filter(|d| f(d)).map(|d| d.paid()).sum::<i64>();
        let back: i64 = loose.iter().map(|r| r.amount).sum();
        let (gross_paid, gross_received): (i64, i64) = seen.iter().map(|d| d.gross()).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        let (paid, received) = (seen.iter().map(|d| d.paid()).sum::<i64>() - back, seen.iter().map(|d| d.received()).sum::<i64>() - back);
        let items: i64 = bought.iter().flat_map(|d| &d.left).filter(|l| l.3).map(|l| l.0).sum();
        let lines = bought.iter().flat_map(|d| &d.left).filter(|l| l.3).count();
        let months: BTreeSet<String> = seen.iter().map(|d| self.month(d.time)).chain(loose.iter().map(|r| self.month(r.at))).collect();
        let trend: Vec<Value> = months.iter().map(|month| {
            let here: Vec<&&Deal> = seen.iter().filter(|d| self.month(d.time) == *month).collect();
            let back: i64 = loose.iter().filter(|r| self.month(r.at) == *month).map(|r| r.amount).sum();
            let buyers: BTreeSet<u8> = here.iter().filter(|d| d.purchase).filter_map(|d| d.order.member).collect();
            json!({"month": month, "orders": here.iter().filter(|d| d.purchase).count(), "buyers": buyers.len(), "new_buyers": here.iter().filter(|d| is_first(d)).count(),
                "paid": here.iter().map(|d| d.paid()).sum::<i64>() - back, "received": here.iter().map(|d| d.received()).sum::<i64>() - back})
        }).collect();
        let count = bought.len() as i64;
        let answer = json!({
            "members": members, "orders": {"count": count, "first": of(&is_first), "repeat": of(&|d| d.order.member.is_some() && !is_first(d)), "unidentified": of(&|d| d.order.member.is_none())},
            "money": {"paid_gross": gross_paid, "received_gross": gross_received, "refunded_paid": gross_paid - paid, "refunded_received": gross_received - received, "paid": paid, "received": received,
                "paid_first": money(&is_first), "paid_repeat": money(&|d| d.order.member.is_some() && !is_first(d)), "paid_unidentified": money(&|d| d.order.member.is_none())},
            "repurchase_rate": fraction(members["repeat_buyers"].into(), members["buyers"].into()),
            "average_order_value": fraction(money(&|_| true), count), "items_per_order": fraction(items, count), "lines_per_order": fraction(lines as i64, count),
        });
        let mut answer = answer;
        // Months without anything stand between others as zeroes; those are looked at apart.
        answer["trend_months"] = json!(trend);
        answer
    }

    fn measured(&self) -> Vec<Measured> {
        let deals = self.now();
        let loose = self.loose(self.midnight(self.q.to));
        let days = |a: Date, b: Date| i64::from((b - a).get_days());
        self.shop
            .members
            .iter()
            .filter_map(|m| {
                let mine: Vec<&Deal> = deals.iter().filter(|d| d.order.member == Some(m.id) && self.within(d.time)).collect();
                let last = mine.iter().rfind(|d| d.purchase)?;
                let back: i64 = loose.iter().filter(|r| r.member == Some(m.id) && self.within(r.at)).map(|r| r.amount).sum();
                Some((
                    m.id,
                    days(self.day(last.time), self.q.as_of),
                    mine.iter().filter(|d| d.purchase).count() as i64,
                    mine.iter().map(|d| d.paid()).sum::<i64>() - back,
                ))
            })
            .collect()
    }

    pub fn rfm(&self) -> Value {
        let all = self.measured();
        let n = all.len() as i64;
        let score = |better: &dyn Fn(&Measured) -> i64, x: &Measured| {
            let (worse, same) =
                (all.iter().filter(|y| better(y) < better(x)).count() as i64, all.iter().filter(|y| better(y) == better(x)).count() as i64);
            1 + 5 * (2 * worse + same - 1) / (2 * n)
        };
        let centre = |of: &dyn Fn(&Measured) -> i64| {
            let mut v: Vec<i64> = all.iter().map(of).collect();
            v.sort_unstable();
            if self.q.centre == Centre::Median { middle(&v).unwrap_or((0, 1)) } else { (v.iter().sum(), n) }
        };
        let (cr, cf, cm) = (centre(&|x| x.1), centre(&|x| x.2), centre(&|x| x.3));
        let mut groups: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        let mut cells: BTreeMap<String, i64> = BTreeMap::new();
        let rows: Vec<Value> = all
            .iter()
            .map(|x| {
                let f = if self.q.cuts == Cuts::Quantile { score(&|y| y.2, x) } else { x.2.min(5) };
                let digits = format!("{}{f}{}", score(&|y| -y.1, x), score(&|y| y.3, x));
                let sign = |yes: bool| if yes { '+' } else { '-' };
                let group = format!("R{}F{}M{}", sign(x.1 * cr.1 < cr.0), sign(x.2 * cf.1 > cf.0), sign(x.3 * cm.1 > cm.0));
                let sums = groups.entry(group.clone()).or_default();
                *sums = (sums.0 + 1, sums.1 + x.3);
                *cells.entry(digits.clone()).or_default() += 1;
                json!({"member": x.0.to_string(), "r_days": x.1, "f": x.2, "m": x.3, "score": digits, "group": group})
            })
            .collect();
        let named: Vec<Value> = shuke_insight::rfm::GROUPS
            .iter()
            .map(|(g, _, _)| {
                let s = groups.get(*g).copied().unwrap_or_default();
                json!({"group": g, "members": s.0, "m": s.1})
            })
            .collect();
        let cut = if n == 0 {
            Value::Null
        } else {
            json!({"r_days": fraction(cr.0, cr.1), "f": fraction(cf.0, cf.1), "m": fraction(cm.0, cm.1)})
        };
        json!({"members": n, "sum": {"r_days": all.iter().map(|x| x.1).sum::<i64>(), "f": all.iter().map(|x| x.2).sum::<i64>(), "m": all.iter().map(|x| x.3).sum::<i64>()}, "cells": cells, "cut_at": cut, "groups": named, "rows": rows})
    }

    /// Distinct days of a member's purchases before `at`; with a category, of buying in it.
    fn days(&self, deals: &[Deal<'a>], member: u8, category: Option<&str>) -> Vec<Date> {
        let mut days: Vec<Date> = deals
            .iter()
            .filter(|d| d.purchase && d.order.member == Some(member))
            .filter(|d| {
                category.is_none_or(|c| d.order.lines.iter().zip(&d.left).any(|(l, left)| left.3 && l.category.as_deref() == Some(c)))
            })
            .map(|d| self.day(d.time))
            .collect();
        days.dedup();
        days
    }

    fn gaps(days: &[Date]) -> Vec<i64> {
        days.windows(2).map(|w| i64::from((w[1] - w[0]).get_days())).collect()
    }

    /// Stage, days since, expected gap, what it leans on: of every member at the first instant of a day.
    fn stages(&self, day: Date) -> BTreeMap<u8, Staged> {
        let at = self.midnight(day);
        let deals = self.deals(at, at);
        let categories: BTreeSet<String> = deals.iter().flat_map(|d| &d.order.lines).filter_map(|l| l.category.clone()).collect();
        let median = |gaps: Vec<i64>| {
            let mut g = gaps;
            g.sort_unstable();
            if (g.len() as i64) < self.q.min_gaps { None } else { middle(&g) }
        };
        let all = |category: Option<&str>| {
            self.shop.members.iter().flat_map(|m| Self::gaps(&self.days(&deals, m.id, category))).collect::<Vec<i64>>()
        };
        let shop = median(all(None));
        let of: BTreeMap<&String, Option<(i64, i64)>> = categories.iter().map(|c| (c, median(all(Some(c))))).collect();
        let mut out = BTreeMap::new();
        for m in &self.shop.members {
            if self.first_seen(m).is_some_and(|t| t >= at) {
                continue;
            }
            let mine: Vec<&Deal> = deals.iter().filter(|d| d.purchase && d.order.member == Some(m.id)).collect();
            let last = mine.last().map(|d| self.day(d.time)).or(m.registered.filter(|t| *t < at).map(|t| self.day(t)));
            let Some(last) = last else {
                out.insert(m.id, ("unknown", None, None, None));
                continue;
            };
            let since = i64::from((day - last).get_days());
            let mut spent: BTreeMap<&String, i64> = BTreeMap::new();
            for d in &mine {
                for (l, left) in d.order.lines.iter().zip(&d.left).filter(|(_, left)| left.3) {
                    if let Some(c) = &l.category {
                        *spent.entry(c).or_default() += left.1;
                    }
                }
            }
            // The first by bytes among those with most.
            let most = spent.values().max().copied();
            let favourite = spent.iter().find(|(_, v)| Some(**v) == most).map(|(c, _)| *c);
            let (g, lean) = match (favourite.and_then(|c| of[c]), shop) {
                (Some(g), _) => (g, "category"),
                (None, Some(g)) => (g, "shop"),
                (None, None) => ((90, 1), "default"),
            };
            let gaps = Self::gaps(&self.days(&deals, m.id, None));
            let expected = (gaps.iter().sum::<i64>() * g.1 + 2 * g.0, g.1 * (gaps.len() as i64 + 2));
            let within = |times: i64| since * expected.1 <= times * expected.0;
            let stage = if within(2) {
                if mine.len() > 1 { "active" } else { "join" }
            } else if within(4) {
                "declining"
            } else if mine.is_empty() {
                "unconverted"
            } else {
                "lost"
            };
            out.insert(m.id, (stage, Some(since), Some(expected), Some(lean)));
        }
        out
    }

    pub fn lifecycle(&self) -> Value {
        let now = self.stages(self.q.as_of);
        let count = |s: &str| now.values().filter(|x| x.0 == s).count();
        let stages: BTreeMap<&str, usize> =
            ["join", "active", "declining", "lost", "unconverted", "unknown"].iter().map(|s| (*s, count(s))).collect();
        let this = self.q.as_of.first_of_month();
        let mut first = self.q.from.map_or(this.saturating_sub(jiff::Span::new().months(12)), |d| d.first_of_month());
        let mut transitions = Vec::new();
        while first < this {
            let next = first.saturating_add(jiff::Span::new().months(1));
            let (a, b) = (self.stages(first), self.stages(next));
            let mut moves = Vec::new();
            for from in shuke_insight::lifecycle::STAGES {
                for to in &shuke_insight::lifecycle::STAGES[1..] {
                    let n = self
                        .shop
                        .members
                        .iter()
                        .filter(|m| a.get(&m.id).map_or("none", |x| x.0) == from && b.get(&m.id).is_some_and(|x| x.0 == *to))
                        .count();
                    if n > 0 {
                        moves.push(json!({"from": from, "to": to, "members": n}));
                    }
                }
            }
            transitions.push(json!({"from": first.to_string(), "to": next.to_string(), "moves": moves}));
            first = next;
        }
        let at = self.midnight(self.q.as_of);
        let deals = self.deals(at, at);
        let told = |category: Option<&str>| {
            let mut gaps: Vec<i64> = self.shop.members.iter().flat_map(|m| Self::gaps(&self.days(&deals, m.id, category))).collect();
            gaps.sort_unstable();
            let median = if (gaps.len() as i64) < self.q.min_gaps { None } else { middle(&gaps) };
            let people = self.shop.members.iter().filter(|m| self.days(&deals, m.id, category).len() > 1).count();
            (gaps.len(), people, median.map(|m| fraction(m.0, m.1)))
        };
        let mut categories: BTreeSet<&String> = BTreeSet::new();
        for d in deals.iter().filter(|d| d.purchase && d.order.member.is_some()) {
            categories.extend(d.order.lines.iter().zip(&d.left).filter(|(_, left)| left.3).filter_map(|(l, _)| l.category.as_ref()));
        }
        let category_gaps: Vec<Value> = categories
            .into_iter()
            .map(|c| {
                let (gaps, _, median) = told(Some(c));
                json!({"category": c, "gaps": gaps, "median": median})
            })
            .collect();
        let (gaps, people, median) = told(None);
        let shop_gap = json!({"gaps": gaps, "members": people, "median": median});
        let rows: Vec<Value> = now.iter().map(|(id, (stage, since, expected, lean))| json!({"member": id.to_string(), "stage": stage, "since_days": since, "expected_gap": expected.map(|e| fraction(e.0, e.1)), "gap_from": lean})).collect();
        json!({"members": now.len(), "stages": stages, "transitions": transitions, "rows": rows, "shop_gap": shop_gap, "category_gaps": category_gaps})
    }

    pub fn cohort(&self) -> Value {
        let deals = self.now();
        let index = |month: &str| {
            let (y, m) = month.split_once('-').unwrap();
            y.parse::<i32>().unwrap() * 12 + m.parse::<i32>().unwrap()
        };
        let last = index(&self.month(self.midnight(self.q.to) - 1));
        let since = self.q.from.map(|d| format!("{:04}-{:02}", d.year(), d.month()));
        let mut cohorts: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for m in &self.shop.members {
            if let Some(d) = deals.iter().find(|d| d.purchase && d.order.member == Some(m.id)) {
                cohorts.entry(self.month(d.time)).or_default().push(m.id);
            }
        }
        let rows: Vec<Value> = cohorts.iter().filter(|(month, _)| since.as_ref().is_none_or(|s| *month >= s)).map(|(month, who)| {
            let first = index(month);
            let bought = |k: i32| who.iter().filter(|m| deals.iter().any(|d| d.purchase && d.order.member == Some(**m) && index(&self.month(d.time)) == first + k)).count();
            let paid = |k: i32| {
                let of: i64 = deals.iter().filter(|d| d.order.member.is_some_and(|m| who.contains(&m)) && d.purchase && index(&self.month(d.time)) == first + k).map(|d| d.paid()).sum();
                let back: i64 = self.loose(self.midnight(self.q.to)).iter().filter(|r| r.member.is_some_and(|m| who.contains(&m)) && index(&self.month(r.at)).max(first) == first + k).map(|r| r.amount).sum();
                of - back
            };
            let months = 0..=last - first;
            let returned = |k: i32| who.iter().filter(|m| deals.iter().filter(|d| d.purchase && d.order.member == Some(**m) && index(&self.month(d.time)) <= first + k).count() > 1).count();
            json!({"cohort": month, "size": who.len(), "members": months.clone().map(bought).collect::<Vec<_>>(), "paid": months.clone().map(paid).collect::<Vec<_>>(), "within": months.clone().map(returned).collect::<Vec<_>>(),
                "retention": months.map(|k| text(bought(k) as i128, who.len() as i128, 4)).collect::<Vec<_>>()})
        }).collect();
        json!({"cohorts": rows})
    }

    pub fn interval(&self) -> Value {
        let deals = self.now();
        let to = self.q.to;
        let mut gaps = Vec::new();
        let mut people = 0;
        let mut lives: Vec<(i64, bool)> = Vec::new();
        for m in &self.shop.members {
            let days = self.days(&deals, m.id, None);
            let before = gaps.len();
            for w in days.windows(2) {
                if self.q.from.is_none_or(|f| w[1] >= f) {
                    gaps.push(i64::from((w[1] - w[0]).get_days()));
                }
            }
            people += usize::from(gaps.len() > before);
            if days.first().is_some_and(|d| self.q.from.is_none_or(|f| *d >= f)) {
                let end = days.get(1).copied();
                lives.push((i64::from((end.unwrap_or(to.yesterday().unwrap()) - days[0]).get_days()), end.is_some()));
            }
        }
        gaps.sort_unstable();
        let at = |percent: i64| -> Option<String> {
            let n = gaps.len() as i64;
            let steps = percent * (n - 1).max(0);
            let a = *gaps.get((steps / 100) as usize)?;
            let b = gaps.get((steps / 100) as usize + 1).copied().unwrap_or(a);
            text(i128::from(a * 100 + (b - a) * (steps % 100)), 100, 4)
        };
        // Day by day: who is still there, who bought again.
        let longest = lives.iter().map(|l| l.0).max().unwrap_or(-1);
        let (mut num, mut den) = (1_i128, 1_i128);
        let (mut median, mut survival) = (None, serde_json::Map::new());
        for day in 0..=365 {
            let there = lives.iter().filter(|l| l.0 >= day).count() as i128;
            let again = lives.iter().filter(|l| l.0 == day && l.1).count() as i128;
            if again > 0 {
                (num, den) = (num * (there - again), den * there);
                let (mut a, mut b) = (num, den);
                while b != 0 {
                    (a, b) = (b, a % b);
                }
                (num, den) = (num / a, den / a);
                if median.is_none() && 2 * num <= den {
                    median = Some(day);
                }
            }
            if [7, 30, 60, 90, 180, 365].contains(&day) {
                survival.insert(day.to_string(), if day <= longest { json!(text(num, den, 6)) } else { Value::Null });
            }
        }
        // Beyond a year the day by day look is left out.
        let median = if longest > 365 { Value::Null } else { json!(median) };
        let mut returned: Vec<i64> = lives.iter().filter(|l| l.1).map(|l| l.0).collect();
        returned.sort_unstable();
        let of_returned = middle(&returned).and_then(|(num, den)| text(i128::from(num), i128::from(den), 4));
        let mut second = json!({"median_of_returned": of_returned, "members": lives.len(), "events": lives.iter().filter(|l| l.1).count(), "survival": survival});
        if longest <= 365 {
            second["median_days"] = median;
        }
        json!({"gaps": {"count": gaps.len(), "members": people, "mean": fraction(gaps.iter().sum(), gaps.len() as i64), "min": gaps.first(), "max": gaps.last(), "p25": at(25), "median": at(50), "p75": at(75), "p90": at(90)}, "second_purchase": second})
    }

    pub fn calendar(&self) -> Value {
        let mut orders = vec![vec![0; 24]; 7];
        let mut paid = vec![vec![0; 24]; 7];
        for d in self.now().iter().filter(|d| d.purchase && self.within(d.time)) {
            let c = self.civil(d.time);
            let (w, h) = (c.date().weekday().to_monday_zero_offset() as usize, c.hour() as usize);
            orders[w][h] += 1;
            paid[w][h] += d.paid();
        }
        json!({"orders": orders, "paid": paid})
    }

    pub fn goods(&self) -> Value {
        #[derive(Default)]
        struct Sum {
            orders: BTreeSet<String>,
            buyers: BTreeSet<u8>,
            units: i64,
            paid: i64,
            received: i64,
            back_units: i64,
            back: i64,
            name: Option<String>,
            category: Option<String>,
        }
        let mut skus: BTreeMap<Option<String>, Sum> = BTreeMap::new();
        for d in self.now().iter().filter(|d| self.within(d.time)) {
            for (l, left) in d.order.lines.iter().zip(&d.left) {
                let s = skus.entry(l.sku.clone()).or_default();
                if d.purchase && left.3 {
                    s.orders.insert(d.order.id.clone());
                    s.buyers.extend(d.order.member);
                }
                s.units += left.0;
                s.paid += left.1;
                s.received += left.2;
                s.back_units += l.quantity - left.0;
                s.back += l.paid - left.1;
                s.name = l.name.clone().or(s.name.take());
                s.category = l.category.clone().or(s.category.take());
            }
        }
        for r in self.loose(self.midnight(self.q.to)).iter().filter(|r| self.within(r.at)) {
            let s = skus.entry(r.sku.clone()).or_default();
            s.units -= r.quantity;
            s.paid -= r.amount;
            s.received -= r.amount;
            s.back_units += r.quantity;
            s.back += r.amount;
        }
        let without = skus.remove(&None).unwrap_or_default();
        let mut rows: Vec<(String, Sum)> = skus.into_iter().map(|(k, v)| (k.unwrap(), v)).collect();
        rows.sort_by(|a, b| b.1.received.cmp(&a.1.received).then(a.0.cmp(&b.0)));
        let total = |f: &dyn Fn(&Sum) -> i64| rows.iter().map(|r| f(&r.1)).sum::<i64>() + f(&without);
        json!({
            "skus": rows.len(),
            "total": {"units": total(&|s| s.units), "paid": total(&|s| s.paid), "received": total(&|s| s.received), "refunded_units": total(&|s| s.back_units), "refunded_paid": total(&|s| s.back)},
            "without_sku": {"orders": without.orders.len(), "buyers": without.buyers.len(), "units": without.units, "paid": without.paid, "received": without.received, "refunded_units": without.back_units, "refunded_paid": without.back},
            "rows": rows.iter().map(|(sku, s)| json!({"sku": sku, "name": s.name, "category": s.category, "orders": s.orders.len(), "buyers": s.buyers.len(), "units": s.units, "paid": s.paid, "received": s.received, "refunded_units": s.back_units, "refunded_paid": s.back})).collect::<Vec<_>>(),
        })
    }

    pub fn region(&self) -> Value {
        let deals = self.now();
        let bought: Vec<&Deal> = deals.iter().filter(|d| d.purchase && self.within(d.time)).collect();
        let home = |m: Option<u8>| m.and_then(|id| self.shop.members.iter().find(|x| x.id == id)).and_then(|m| m.region.clone());
        let place = |d: &Deal| d.order.region.clone().or_else(|| home(d.order.member));
        let regions: BTreeSet<Option<String>> = bought.iter().map(|d| place(d)).collect();
        let mut rows: Vec<(Option<String>, i64, Value)> = regions.into_iter().map(|region| {
            let here: Vec<&&Deal> = bought.iter().filter(|d| place(d) == region).collect();
            let mut by: BTreeMap<u8, i64> = BTreeMap::new();
            here.iter().filter_map(|d| d.order.member).for_each(|m| *by.entry(m).or_default() += 1);
            let paid = here.iter().map(|d| d.paid()).sum::<i64>();
            let row = json!({"region": region, "orders": here.len(), "share": fraction(here.len() as i64, bought.len() as i64), "buyers": by.len(),
                "repurchase_rate": fraction(by.values().filter(|n| **n > 1).count() as i64, by.len() as i64), "paid": paid, "received": here.iter().map(|d| d.received()).sum::<i64>()});
            (region, paid, row)
        }).collect();
        rows.sort_by(|a, b| a.0.is_none().cmp(&b.0.is_none()).then(b.1.cmp(&a.1)).then(a.0.cmp(&b.0)));
        json!({"rows": rows.into_iter().map(|r| r.2).collect::<Vec<_>>()})
    }
}
