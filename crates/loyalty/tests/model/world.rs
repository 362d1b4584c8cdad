//! The world of the slow model: balances as plain vectors, point by point, and what is due found by looking at everything.

use shuke_loyalty::event::{Event, Outcome};

use super::days::{date_of, day_of, month_length};
use super::{AHEAD, DAY, Rules};

#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    pub(super) name: String,
    pub(super) net: i64,
    pub(super) paid: i64,
    pub(super) earned: i64,
    pub(super) refunded: i64,
    pub(super) returned: bool,
    pub(super) closed: bool,
    pub(super) taken: i64,
    pub(super) pending: i64,
    pub(super) due: Option<i64>,
    pub(super) finished: Option<i64>,
    pub(super) lot: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Lot {
    pub(super) id: String,
    pub(super) made: i64,
    pub(super) last: i64,
    pub(super) left: i64,
    pub(super) ended: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Taking {
    pub(super) hold: bool,
    pub(super) id: String,
    /// Point by point: the lot of each, or none.
    pub(super) points: Vec<Option<usize>>,
    /// 0 open (a hold) or spent, 1 captured, 2 released.
    pub(super) state: u8,
    /// When an open hold is given back by itself.
    pub(super) until: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) struct Coupon {
    pub(super) grant: String,
    pub(super) state: &'static str,
    pub(super) before: &'static str,
    pub(super) expires: i64,
    pub(super) order: String,
    pub(super) lock: i64,
    pub(super) extended: bool,
}

/// What a tier stands for before a rise: place, last day, last day of grace, when entered.
pub(super) type Held = (usize, i64, i64, i64);

pub(super) const NEVER: i64 = i64::MAX;
/// Places of holds among what times out begin here; coupons come before.
const HOLDS: usize = 1_000_000;

/// The world after a play.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) rules: Rules,
    /// All there ever are, by their numbers less one.
    pub(super) all: Vec<Rules>,
    /// The rules that follow, and from when on.
    pub(super) later: Vec<(i64, Rules)>,
    pub now: i64,
    pub(super) orders: Vec<Order>,
    pub(super) lots: Vec<Lot>,
    pub(super) takings: Vec<Taking>,
    /// Point by point, the oldest first: who owes it (place in `takings`), or nobody in particular.
    pub(super) debt: Vec<Option<usize>>,
    pub(super) waiting: Vec<Event>,
    /// When, and how much.
    pub(super) growth: Vec<(i64, i64)>,
    pub(super) earned: Vec<(i64, i64)>,
    pub(super) check_ins: Vec<i64>,
    pub(super) birthdays: Vec<i64>,
    pub(super) tier: Held,
    pub(super) before: Vec<Held>,
    pub(super) rewards: Vec<(usize, i64)>,
    pub(super) coupons: Vec<Coupon>,
    pub(super) claimed: i64,
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

pub(super) fn end(day: i64) -> i64 {
    if day == NEVER { NEVER } else { (day + 1) * DAY - AHEAD }
}

pub(super) fn plus_months(day: i64, months: i64) -> i64 {
    let (y, m, d) = date_of(day);
    let month = y * 12 + (m - 1) + months;
    let (y, m) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    day_of(y, m, d.min(month_length(y, m)))
}

impl World {
    pub fn new(rules: &Rules, later: &[(i64, Rules)], origin: i64) -> Self {
        let rules = rules.clone();
        let first = date_of(day(origin)).0;
        // Born on a 29 February.
        let birthdays = (first..first + 90).map(|y| day_of(y, 2, month_length(y, 2)) * DAY - AHEAD).filter(|t| *t >= origin).collect();
        let all = std::iter::once(&rules).chain(later.iter().map(|(_, rules)| rules)).cloned().collect();
        Self {
            rules,
            all,
            later: later.to_vec(),
            now: origin,
            orders: vec![],
            lots: vec![],
            takings: vec![],
            debt: vec![],
            waiting: vec![],
            growth: vec![],
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

    pub fn refunded(&self, order: &str) -> Option<i64> {
        self.orders.iter().find(|o| o.name == order).map(|o| o.refunded)
    }

    pub fn available(&self) -> i64 {
        self.lots.iter().map(|l| l.left).sum::<i64>() - self.debt.len() as i64
    }

    pub(super) fn spending_order(&self) -> Vec<usize> {
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

    pub(super) fn new_lot(&mut self, id: String) -> usize {
        let today = day(self.now);
        let last = match self.rules.lot_days {
            0 => day_of(date_of(today).0, 12, 31),
            days if days > 0 => today + days,
            months => plus_months(today, -months),
        };
        self.lots.push(Lot { id, made: self.now, last, left: 0, ended: 0 });
        self.lots.len() - 1
    }

    pub(super) fn give(&mut self, lot: usize, points: i64) {
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

    pub(super) fn gift(&mut self, id: String, points: i64) {
        if points > 0 {
            self.issued += points;
            let lot = self.new_lot(id);
            self.give(lot, points);
        }
    }

    pub(super) fn take_back(&mut self, points: i64, lot: Option<usize>) {
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

    pub(super) fn take(&mut self, hold: bool, id: &str, points: i64, stands: bool) -> Outcome {
        if points > self.available() && !stands {
            return Outcome::InsufficientPoints;
        }
        self.takings.push(Taking { hold, id: id.to_owned(), points: vec![], state: 0, until: None });
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

    pub(super) fn give_back(&mut self, place: usize, points: i64) {
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

    pub(super) fn let_go(&mut self, place: usize) {
        let points = self.takings[place].points.len() as i64;
        self.frozen -= points;
        self.give_back(place, points);
        self.takings[place].state = 2;
    }

    pub(super) fn earns(&mut self, exact: i64, rules: &Rules) -> i64 {
        let today = day(self.now);
        let month = |d: i64| (date_of(d).0, date_of(d).1);
        let in_day: i64 = self.earned.iter().filter(|(d, _)| *d == today).map(|(_, p)| p).sum();
        let in_month: i64 = self.earned.iter().filter(|(d, _)| month(*d) == month(today)).map(|(_, p)| p).sum();
        let points = exact.min(rules.day_cap - in_day).min(rules.month_cap - in_month).max(0);
        self.earned.push((today, points));
        points
    }

    pub(super) fn less(&mut self, i: usize, was: &Order) {
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

    pub(super) fn coupons_of(&mut self, order: &str) {
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
    pub(super) fn next_due(&self) -> Option<(i64, u8, usize)> {
        let mut due = vec![];
        due.extend(
            self.orders.iter().enumerate().filter(|(_, o)| !o.closed && o.finished.is_none()).filter_map(|(i, o)| Some((o.due?, 0, i))),
        );
        due.extend(self.coupons.iter().enumerate().filter(|(_, c)| c.state == "locked").map(|(i, c)| (c.lock, 1, i)));
        let held = |t: &Taking| t.until.filter(|_| t.hold && t.state == 0);
        due.extend(self.takings.iter().enumerate().filter_map(|(i, t)| Some((held(t)?, 1, HOLDS + i))));
        let open = |c: &Coupon| c.state == "available" || c.state == "restored";
        due.extend(self.coupons.iter().enumerate().filter(|(_, c)| open(c)).map(|(i, c)| (c.expires, 2, i)));
        due.extend(self.lots.iter().enumerate().filter(|(_, l)| l.left > 0).map(|(i, l)| (end(l.last), 3, i)));
        due.extend(self.tier().1.map(|until| (until, 4, 0)));
        due.extend(self.birthdays.first().map(|t| (*t, 5, 0)));
        due.into_iter().min()
    }

    pub fn pass(&mut self, to: i64) {
        loop {
            let due = self.next_due().filter(|(due, _, _)| *due <= to);
            if let Some((from, _)) = self.later.first()
                && *from <= to
                && due.is_none_or(|(due, _, _)| *from <= due)
            {
                let (from, rules) = self.later.remove(0);
                self.now = self.now.max(from);
                let risen = self.rules.ladder() != rules.ladder();
                self.rules = rules;
                if risen {
                    self.rise();
                }
                continue;
            }
            let Some((due, rank, i)) = due else { break };
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
                1 if i >= HOLDS => self.let_go(i - HOLDS),
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

    pub(super) fn order(&self, name: &str) -> Option<usize> {
        self.orders.iter().position(|o| o.name == name)
    }
}
