//! The slow, obvious model: plain vectors, no agenda, no snapshots. At every event everything is played again from
//! nothing in order of time, and what is due next is found by looking at everything. Shanghai only, eight hours ahead.

use shuke_kernel::civil::{date_of, day_of, month_length};
use shuke_loyalty::event::{Act, Event, Outcome};

pub const DAY: i64 = 86_400_000_000;
pub const AHEAD: i64 = 8 * 3_600_000_000;

/// What the model plays under; the engine's programme is made of the same numbers.
#[derive(Clone, Debug)]
pub struct Rules {
    pub settlement: i64,
    pub lot_days: i64,
    pub waive: bool,
    pub back_days: i64,
    pub points: i64,
    pub per_fen: i64,
    /// In hundredths.
    pub factor: i64,
    pub first_order: i64,
    pub day_cap: i64,
    pub month_cap: i64,
    pub check_in: i64,
    pub streak: (i64, i64),
    pub birthday: i64,
    /// Thresholds of the second and third tier: net spend in fen, or orders.
    pub tiers: [(i64, i64); 2],
    pub keep: i64,
    pub rewards: [i64; 2],
    /// 0 lifetime, -1 the calendar year, else months.
    pub window: i64,
    /// 0 the year's end, else months.
    pub validity: i64,
    pub step_down: bool,
    pub grace: i64,
    /// -1 always, -2 at the end of the period, else days.
    pub refund_days: i64,
    pub coupon_days: i64,
    pub lock_minutes: i64,
    pub stock: i64,
}

#[derive(Clone, Debug, Default)]
struct Order {
    name: String,
    net: i64,
    paid: i64,
    earned: i64,
    refunded: i64,
    returned: bool,
    closed: bool,
    taken: i64,
    pending: i64,
    due: Option<i64>,
    finished: Option<i64>,
    lot: Option<usize>,
}

#[derive(Clone, Debug)]
struct Lot {
    id: String,
    made: i64,
    last: i64,
    left: i64,
    ended: i64,
}

#[derive(Clone, Debug)]
struct Taking {
    hold: bool,
    id: String,
    /// Point by point: the lot of each, or none.
    points: Vec<Option<usize>>,
    /// 0 open (a hold) or spent, 1 captured, 2 released.
    state: u8,
}

#[derive(Clone, Debug)]
struct Coupon {
    grant: String,
    state: &'static str,
    before: &'static str,
    expires: i64,
    order: String,
    lock: i64,
    extended: bool,
}

/// What a tier stands for before a rise: place, last day, last day of grace, when entered.
type Held = (usize, i64, i64, i64);

const NEVER: i64 = i64::MAX;

/// The world after a play.
#[derive(Clone, Debug)]
pub struct World {
    rules: Rules,
    now: i64,
    orders: Vec<Order>,
    lots: Vec<Lot>,
    takings: Vec<Taking>,
    /// Point by point, the oldest first: who owes it (place in `takings`), or nobody in particular.
    debt: Vec<Option<usize>>,
    waiting: Vec<Event>,
    earned: Vec<(i64, i64)>,
    check_ins: Vec<i64>,
    birthdays: Vec<i64>,
    tier: Held,
    before: Vec<Held>,
    rewards: Vec<(usize, i64)>,
    coupons: Vec<Coupon>,
    claimed: i64,
    pub strain: i64,
    pub redeemed: i64,
    pub expired: i64,
    pub reversed: i64,
    pub issued: i64,
    pub frozen: i64,
}

pub fn day(t: i64) -> i64 {
    (t + AHEAD).div_euclid(DAY)
}

fn end(day: i64) -> i64 {
    if day == NEVER { NEVER } else { (day + 1) * DAY - AHEAD }
}

fn plus_months(day: i64, months: i64) -> i64 {
    let (y, m, d) = date_of(day);
    let month = y * 12 + (m - 1) + months;
    let (y, m) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    day_of(y, m, d.min(month_length(y, m)))
}

impl World {
    fn new(rules: &Rules, origin: i64) -> Self {
        let rules = rules.clone();
        let first = date_of(day(origin)).0;
        // Born on a 29 February.
        let birthdays = (first..first + 12).map(|y| day_of(y, 2, month_length(y, 2)) * DAY - AHEAD).filter(|t| *t >= origin).collect();
        Self {
            rules,
            now: origin,
            orders: vec![],
            lots: vec![],
            takings: vec![],
            debt: vec![],
            waiting: vec![],
            earned: vec![],
            check_ins: vec![],
            birthdays,
            tier: (0, NEVER, NEVER, 0),
            before: vec![],
            rewards: vec![],
            coupons: vec![],
            claimed: 0,
            strain: 0,
            redeemed: 0,
            expired: 0,
            reversed: 0,
            issued: 0,
            frozen: 0,
        }
    }

    pub fn pending(&self) -> i64 {
        self.orders.iter().map(|o| o.pending).sum()
    }

    pub fn available(&self) -> i64 {
        self.lots.iter().map(|l| l.left).sum::<i64>() - self.debt.len() as i64
    }

    fn spending_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.lots.len()).filter(|i| self.lots[*i].left > 0).collect();
        order.sort_by_key(|i| (self.lots[*i].last, self.lots[*i].made, *i));
        order
    }

    pub fn lots(&self) -> Vec<(String, i64, i64)> {
        self.spending_order().into_iter().map(|i| (self.lots[i].id.clone(), self.lots[i].left, self.lots[i].last)).collect()
    }

    pub fn tier(&self) -> (usize, Option<i64>, bool) {
        let (tier, last, grace, _) = self.tier;
        let until = if grace == NEVER { end(last) } else { end(grace) };
        (tier, (until != NEVER).then_some(until), grace != NEVER)
    }

    pub fn coupons(&self) -> Vec<(String, &'static str, i64)> {
        let mut all: Vec<_> = self.coupons.iter().map(|c| (c.grant.clone(), c.state, c.expires)).collect();
        all.sort();
        all
    }

    fn new_lot(&mut self, id: String) -> usize {
        self.lots.push(Lot { id, made: self.now, last: day(self.now) + self.rules.lot_days, left: 0, ended: 0 });
        self.lots.len() - 1
    }

    fn give(&mut self, lot: usize, points: i64) {
        for _ in 0..points {
            if self.debt.is_empty() {
                self.lots[lot].left += 1;
            } else if let Some(owner) = self.debt.remove(0) {
                let unpaid = self.takings[owner].points.iter().position(Option::is_none).unwrap();
                self.takings[owner].points.remove(unpaid);
                self.takings[owner].points.push(Some(lot));
            }
        }
    }

    fn gift(&mut self, id: String, points: i64) {
        if points > 0 {
            self.issued += points;
            let lot = self.new_lot(id);
            self.give(lot, points);
        }
    }

    fn take_back(&mut self, points: i64, lot: Option<usize>) {
        for _ in 0..points {
            let own = lot.filter(|l| self.lots[*l].left > 0);
            if own.is_none()
                && let Some(l) = lot.filter(|l| self.lots[*l].ended > 0)
            {
                self.lots[l].ended -= 1;
            } else if let Some(l) = own.or_else(|| self.spending_order().first().copied()) {
                self.lots[l].left -= 1;
                self.reversed += 1;
            } else if !self.rules.waive {
                self.debt.push(None);
                self.reversed += 1;
            }
        }
    }

    fn take(&mut self, hold: bool, id: &str, points: i64, stands: bool) -> Outcome {
        if points > self.available() && !stands {
            return Outcome::InsufficientPoints;
        }
        self.takings.push(Taking { hold, id: id.to_owned(), points: vec![], state: 0 });
        let place = self.takings.len() - 1;
        for _ in 0..points {
            let lot = self.spending_order().first().copied();
            match lot {
                Some(l) => self.lots[l].left -= 1,
                None => {
                    self.debt.push(Some(place));
                    self.strain += 1;
                }
            }
            // What nobody paid for counts as taken last.
            self.takings[place].points.push(lot);
        }
        if hold {
            self.frozen += points
        } else {
            self.redeemed += points
        }
        Outcome::Ok
    }

    fn give_back(&mut self, place: usize, points: i64) {
        for _ in 0..points {
            let unpaid = self.takings[place].points.iter().rposition(Option::is_none);
            let from = unpaid.unwrap_or(self.takings[place].points.len() - 1);
            match self.takings[place].points.remove(from) {
                None => {
                    let owed = self.debt.iter().position(|o| *o == Some(place)).unwrap();
                    self.debt.remove(owed);
                }
                Some(lot) => {
                    if end(self.lots[lot].last) <= self.now {
                        self.lots[lot].last = day(self.now) + self.rules.back_days;
                    }
                    self.give(lot, 1);
                }
            }
        }
    }

    fn earns(&mut self, exact: i64) -> i64 {
        let today = day(self.now);
        let month = |d: i64| (date_of(d).0, date_of(d).1);
        let in_day: i64 = self.earned.iter().filter(|(d, _)| *d == today).map(|(_, p)| p).sum();
        let in_month: i64 = self.earned.iter().filter(|(d, _)| month(*d) == month(today)).map(|(_, p)| p).sum();
        let points = exact.min(self.rules.day_cap - in_day).min(self.rules.month_cap - in_month).max(0);
        self.earned.push((today, points));
        points
    }

    fn counted(&self, t: i64, instead: Option<&Order>) -> (i64, i64) {
        let from = match self.rules.window {
            0 => i64::MIN,
            -1 => day_of(date_of(day(t)).0, 1, 1) * DAY - AHEAD,
            months => plus_months(day(t), -months) * DAY + (t + AHEAD).rem_euclid(DAY) - AHEAD,
        };
        let all = self.orders.iter().map(|o| instead.filter(|i| i.name == o.name).unwrap_or(o));
        let counting: Vec<_> = all.filter(|o| o.finished.is_some_and(|f| from <= f && f <= t) && !o.closed && !o.returned).collect();
        (counting.iter().map(|o| o.net - o.refunded).sum(), counting.len() as i64)
    }

    fn enters(&self, tier: usize, (net, orders): (i64, i64)) -> bool {
        tier == 0 || net >= self.rules.tiers[tier - 1].0 || orders >= self.rules.tiers[tier - 1].1
    }

    fn highest(&self, counted: (i64, i64)) -> usize {
        (0..3).rev().find(|t| self.enters(*t, counted)).unwrap()
    }

    fn keeps(&self, (net, _): (i64, i64)) -> bool {
        net >= self.rules.keep
    }

    fn first_period(&self) -> i64 {
        let today = day(self.now);
        if self.rules.validity == 0 { day_of(date_of(today).0, 12, 31) } else { plus_months(today, self.rules.validity) }
    }

    fn next_period(&self, last: i64) -> i64 {
        plus_months(last, if self.rules.validity == 0 { 12 } else { self.rules.validity })
    }

    fn rise(&mut self) {
        let counted = self.counted(self.now, None);
        let to = self.highest(counted);
        if to > self.tier.0 {
            self.before.push(self.tier);
            self.tier = (to, self.first_period(), NEVER, self.now);
            let given: Vec<_> = self.rewards.iter().filter(|(t, _)| *t == to).collect();
            if given.last().is_none_or(|(_, until)| self.now >= *until) && self.rules.rewards[to - 1] > 0 {
                let id = format!("reward:v{to}:{}", given.len() + 1);
                self.rewards.push((to, end(self.tier.1)));
                self.gift(id, self.rules.rewards[to - 1]);
            }
        } else if self.tier.2 != NEVER && self.keeps(counted) {
            self.tier = (self.tier.0, self.first_period(), NEVER, self.now);
        }
    }

    fn tier_ends(&mut self) {
        let (tier, last, grace, _) = self.tier;
        let ended = if grace == NEVER { end(last) } else { end(grace) };
        let counted = self.counted(ended - 1, None);
        if self.keeps(counted) && grace == NEVER {
            self.tier = (tier, self.next_period(last), NEVER, ended);
        } else if grace == NEVER && self.rules.grace > 0 {
            self.tier.2 = last + self.rules.grace;
        } else {
            let free = self.highest(counted).min(tier);
            let to = if self.keeps(counted) { tier } else { free.max(if self.rules.step_down { tier - 1 } else { 0 }) };
            self.before.clear();
            self.tier = if to == 0 { (0, NEVER, NEVER, ended) } else { (to, self.next_period(last), NEVER, ended) };
        }
        self.rise();
    }

    fn sinks(&mut self, was: &Order) {
        let Some(finished) = was.finished else { return };
        let in_window = self.now < finished + self.rules.refund_days * DAY;
        if self.rules.refund_days == -2 || self.rules.refund_days != -1 && !in_window {
            return;
        }
        let mut first = true;
        while self.tier.0 > 0 {
            let (tier, entered) = (self.tier.0, self.tier.3);
            let met = |t, instead: Option<&Order>| self.enters(tier, self.counted(t, instead));
            let here = first && met(self.now, Some(was));
            first = false;
            let there = met(entered, Some(was)) && !met(entered, None);
            if met(self.now, None) || !here && !there {
                return;
            }
            let qualified = self.highest(self.counted(self.now, None)).min(tier - 1);
            let held = self.before.pop().unwrap_or((0, NEVER, NEVER, entered));
            let until = if held.2 == NEVER { end(held.1) } else { end(held.2) };
            if until > self.now && held.0 >= qualified {
                self.tier = held;
            } else {
                self.before.retain(|b| b.0 < qualified);
                self.tier = if qualified == 0 { (0, NEVER, NEVER, entered) } else { (qualified, self.tier.1, self.tier.2, entered) };
            }
        }
    }

    fn less(&mut self, i: usize, was: &Order) {
        let order = self.orders[i].clone();
        let gone = order.closed || order.returned;
        let due = if gone { order.earned } else { (i128::from(order.earned) * i128::from(order.refunded) / i128::from(order.net)) as i64 };
        let points = due - order.taken;
        let pending = points.min(order.pending);
        self.orders[i].taken = due;
        self.orders[i].pending -= pending;
        self.reversed += pending;
        self.take_back(points - pending, order.lot);
        self.sinks(was);
        if gone {
            self.coupons_of(&order.name);
        }
    }

    fn coupons_of(&mut self, order: &str) {
        let (now, today) = (self.now, day(self.now));
        for coupon in self.coupons.iter_mut().filter(|c| c.order == order) {
            if coupon.state == "locked" {
                coupon.state = if coupon.expires <= now { "expired" } else { coupon.before };
                coupon.order.clear();
            } else if coupon.state == "used" && coupon.expires <= now && coupon.extended {
                coupon.state = "closed";
            } else if coupon.state == "used" {
                coupon.state = "restored";
                coupon.order.clear();
                if coupon.expires <= now {
                    (coupon.extended, coupon.expires) = (true, end(today + 7));
                }
            }
        }
    }

    /// What is due next: when, its rank, and its place.
    fn next_due(&self) -> Option<(i64, u8, usize)> {
        let mut due = vec![];
        due.extend(
            self.orders.iter().enumerate().filter(|(_, o)| !o.closed && o.finished.is_none()).filter_map(|(i, o)| Some((o.due?, 0, i))),
        );
        due.extend(self.coupons.iter().enumerate().filter(|(_, c)| c.state == "locked").map(|(i, c)| (c.lock, 1, i)));
        let open = |c: &Coupon| c.state == "available" || c.state == "restored";
        due.extend(self.coupons.iter().enumerate().filter(|(_, c)| open(c)).map(|(i, c)| (c.expires, 2, i)));
        due.extend(self.lots.iter().enumerate().filter(|(_, l)| l.left > 0).map(|(i, l)| (end(l.last), 3, i)));
        due.extend(self.tier().1.map(|until| (until, 4, 0)));
        due.extend(self.birthdays.first().map(|t| (*t, 5, 0)));
        due.into_iter().min()
    }

    fn pass(&mut self, to: i64) {
        while let Some((due, rank, i)) = self.next_due().filter(|(due, _, _)| *due <= to) {
            self.now = due.max(self.now);
            match rank {
                0 => {
                    self.orders[i].finished = Some(self.now);
                    let points = std::mem::take(&mut self.orders[i].pending);
                    if points > 0 {
                        let lot = self.new_lot(format!("order:{}", self.orders[i].name));
                        self.orders[i].lot = Some(lot);
                        self.give(lot, points);
                    }
                    self.rise();
                }
                1 => {
                    let coupon = &mut self.coupons[i];
                    coupon.state = if coupon.expires <= self.now { "expired" } else { coupon.before };
                    coupon.order.clear();
                }
                2 => self.coupons[i].state = "expired",
                3 => {
                    let left = std::mem::take(&mut self.lots[i].left);
                    self.lots[i].ended += left;
                    self.expired += left;
                }
                4 => self.tier_ends(),
                _ => {
                    self.birthdays.remove(0);
                    self.gift(format!("birthday:{}", date_of(day(self.now)).0), self.rules.birthday);
                }
            }
        }
        self.now = self.now.max(to);
    }

    fn order(&self, name: &str) -> Option<usize> {
        self.orders.iter().position(|o| o.name == name)
    }

    fn happens(&mut self, event: &Event, stands: bool) -> Outcome {
        match &event.act {
            Act::OrderPaid { order, net_fen, .. } => {
                if self.order(order).is_some() {
                    return Outcome::Duplicate;
                }
                let exact = i128::from(*net_fen) * i128::from(self.rules.points) * i128::from(self.rules.factor);
                let mut points = (exact / (i128::from(self.rules.per_fen) * 100)) as i64;
                if self.orders.is_empty() {
                    points += self.rules.first_order;
                }
                let earned = self.earns(points);
                self.issued += earned;
                let made = Order { name: order.clone(), net: *net_fen, paid: self.now, earned, pending: earned, ..Order::default() };
                self.orders.push(made);
                let mine = |e: &Event| matches!(&e.act, Act::OrderCompleted { order: o } | Act::Refund { order: o, .. } | Act::OrderClosed { order: o } if o == order);
                let (waiting, others) = std::mem::take(&mut self.waiting).into_iter().partition(mine);
                self.waiting = others;
                for event in waiting as Vec<Event> {
                    self.happens(&event, false);
                }
                Outcome::Ok
            }
            Act::OrderCompleted { order } | Act::Refund { order, .. } | Act::OrderClosed { order } if self.order(order).is_none() => {
                self.waiting.push(event.clone());
                if matches!(event.act, Act::OrderClosed { .. }) {
                    self.coupons_of(order);
                    return Outcome::Ok;
                }
                Outcome::Waiting
            }
            Act::OrderCompleted { order } => {
                let i = self.order(order).unwrap();
                if self.orders[i].due.is_some() {
                    return Outcome::Duplicate;
                }
                self.orders[i].due = Some((event.time.micros() + self.rules.settlement * DAY).max(self.orders[i].paid));
                Outcome::Ok
            }
            Act::Refund { order, net_fen } => {
                let i = self.order(order).unwrap();
                let was = self.orders[i].clone();
                if was.refunded + net_fen > was.net {
                    return Outcome::ExceedsPaid;
                }
                self.orders[i].refunded += net_fen;
                self.orders[i].returned = self.orders[i].refunded == was.net;
                self.less(i, &was);
                Outcome::Ok
            }
            Act::OrderClosed { order } => {
                let i = self.order(order).unwrap();
                let was = self.orders[i].clone();
                if was.closed {
                    return Outcome::Duplicate;
                }
                self.orders[i].closed = true;
                self.less(i, &was);
                Outcome::Ok
            }
            Act::Spend { points } => self.take(false, &event.id, *points, stands),
            Act::Hold { points } => self.take(true, &event.id, *points, stands),
            Act::SpendReverse { spend, points } => {
                let of = |t: &Taking, hold: bool| t.id == *spend && t.hold == hold && (!hold || t.state == 1);
                let place = self.takings.iter().position(|t| of(t, false)).or_else(|| self.takings.iter().position(|t| of(t, true)));
                let Some(place) = place else { return Outcome::Unknown };
                let left = self.takings[place].points.len() as i64;
                let points = points.unwrap_or(left);
                if points > left || points == 0 {
                    if !stands {
                        return Outcome::ExceedsSpend;
                    }
                    self.strain += points - left;
                }
                self.redeemed -= points.min(left);
                self.give_back(place, points.min(left));
                Outcome::Ok
            }
            Act::HoldCapture { hold } | Act::HoldRelease { hold } => {
                let Some(place) = self.takings.iter().position(|t| t.hold && t.id == *hold && t.state == 0) else {
                    self.strain += i64::from(stands);
                    return Outcome::Unknown;
                };
                let points = self.takings[place].points.len() as i64;
                self.frozen -= points;
                if matches!(event.act, Act::HoldCapture { .. }) {
                    self.redeemed += points;
                    self.takings[place].state = 1;
                } else {
                    self.give_back(place, points);
                    self.takings[place].state = 2;
                }
                Outcome::Ok
            }
            Act::CheckIn => {
                let today = day(self.now);
                if self.check_ins.last() == Some(&today) {
                    return Outcome::AlreadyToday;
                }
                self.check_ins.push(today);
                let run = self.check_ins.iter().rev().enumerate().take_while(|(i, d)| **d == today - *i as i64).count() as i64;
                let bonus = if run % self.rules.streak.0 == 0 { self.rules.streak.1 } else { 0 };
                let points = self.earns(self.rules.check_in + bonus);
                let (y, m, d) = date_of(today);
                self.gift(format!("check_in:{y:04}-{m:02}-{d:02}"), points);
                Outcome::Ok
            }
            Act::Adjust { points } => {
                if *points > 0 {
                    self.gift(format!("adjust:{}", event.id), *points)
                } else {
                    self.take_back(-points, None)
                }
                Outcome::Ok
            }
            Act::Claim { grant, .. } => {
                if self.coupons.iter().any(|c| c.grant == *grant) {
                    return Outcome::Duplicate;
                }
                if self.claimed >= self.rules.stock {
                    if !stands {
                        return Outcome::OutOfStock;
                    }
                    self.strain += 1;
                }
                self.claimed += 1;
                let expires = end(day(self.now) + self.rules.coupon_days);
                let (state, order) = ("available", String::new());
                self.coupons.push(Coupon { grant: grant.clone(), state, before: state, expires, order, lock: 0, extended: false });
                Outcome::Ok
            }
            Act::Lock { grant, order } => {
                let until = self.now + self.rules.lock_minutes * 60_000_000;
                let Some(coupon) = self.coupons.iter_mut().find(|c| c.grant == *grant) else { return Outcome::Unknown };
                if coupon.state == "locked" && coupon.order == *order {
                    return Outcome::Duplicate;
                }
                if coupon.state != "available" && coupon.state != "restored" {
                    if !stands {
                        return if coupon.state == "locked" { Outcome::AlreadyLocked } else { Outcome::NotAvailable };
                    }
                    self.strain += 1;
                }
                coupon.before = match coupon.state {
                    "restored" => "restored",
                    "locked" => coupon.before,
                    _ => "available",
                };
                (coupon.state, coupon.order, coupon.lock) = ("locked", order.clone(), until);
                Outcome::Ok
            }
            Act::Redeem { grant, order } => {
                let Some(coupon) = self.coupons.iter_mut().find(|c| c.grant == *grant) else { return Outcome::NotAvailable };
                let mine = coupon.order == *order;
                let refused = match coupon.state {
                    "locked" if mine => None,
                    "used" if mine => return Outcome::Duplicate,
                    "locked" => Some(Outcome::LockedByOther),
                    "available" | "restored" => Some(Outcome::NotLocked),
                    _ => Some(Outcome::NotAvailable),
                };
                if let Some(refused) = refused {
                    if !stands {
                        return refused;
                    }
                    self.strain += 1;
                }
                (coupon.state, coupon.order) = ("used", order.clone());
                Outcome::Ok
            }
            Act::Release { grant, order } => {
                let now = self.now;
                let held = self.coupons.iter_mut().find(|c| c.grant == *grant && c.state == "locked" && c.order == *order);
                let Some(coupon) = held else { return Outcome::NotLocked };
                coupon.state = if coupon.expires <= now { "expired" } else { coupon.before };
                coupon.order.clear();
                Outcome::Ok
            }
            _ => Outcome::Ok,
        }
    }
}

/// All that ever arrived and was accepted, in order of arrival.
#[derive(Debug)]
pub struct Model {
    rules: Rules,
    kept: Vec<Event>,
    seen: Vec<(&'static str, String)>,
    origin: Option<i64>,
    pub world: Option<World>,
}

impl Model {
    pub fn new(rules: &Rules) -> Self {
        Self { rules: rules.clone(), kept: vec![], seen: vec![], origin: None, world: None }
    }

    fn play(&self, fresh: Option<&Event>, origin: i64, to: i64) -> (World, Outcome) {
        let mut all: Vec<(&Event, bool)> = self.kept.iter().map(|e| (e, true)).chain(fresh.map(|e| (e, false))).collect();
        all.sort_by_key(|(e, _)| e.time);
        let (mut world, mut outcome) = (World::new(&self.rules, origin), Outcome::Ok);
        for (event, stands) in all {
            world.pass(event.time.micros());
            let answer = world.happens(event, stands);
            if !stands {
                outcome = answer;
            }
        }
        world.pass(to);
        (world, outcome)
    }

    pub fn arrives(&mut self, event: &Event, at: i64) -> Outcome {
        let origin = self.origin.unwrap_or(event.time.micros().min(at)).min(event.time.micros());
        let known = self.origin.unwrap_or(origin);
        let key = (event.act.kind(), event.id.clone());
        let (before, _) = self.play(None, known, at);
        if event.act == Act::Tick || self.seen.contains(&key) {
            self.origin = Some(known);
            self.world = Some(before);
            return if event.act == Act::Tick { Outcome::Ok } else { Outcome::Duplicate };
        }
        self.seen.push(key);
        let (with, outcome) = self.play(Some(event), origin, at);
        let late = self.world.as_ref().is_some_and(|w| event.time.micros() < w.now);
        let strained = late && with.strain > before.strain;
        if event.act.is_request() && (strained || !outcome.kept()) {
            let said = if outcome.kept() { before.clone().happens(event, false) } else { outcome };
            self.origin = Some(known);
            self.world = Some(before);
            return if said.kept() { refusal(&event.act) } else { said };
        }
        self.kept.push(event.clone());
        self.origin = Some(origin);
        self.world = Some(with);
        outcome
    }
}

fn refusal(act: &Act) -> Outcome {
    match act {
        Act::Spend { .. } | Act::Hold { .. } => Outcome::InsufficientPoints,
        Act::SpendReverse { .. } => Outcome::ExceedsSpend,
        Act::HoldCapture { .. } | Act::HoldRelease { .. } => Outcome::Unknown,
        Act::Claim { .. } => Outcome::OutOfStock,
        Act::Release { .. } => Outcome::NotLocked,
        _ => Outcome::NotAvailable,
    }
}
