//! Orders: what they earn when paid, what becomes available when they are final, and what refunds take back.

use crate::calendar::{DAY, later};
use crate::earn::{Purchase, book, earn};
use crate::event::{Act, Event, Line, Outcome};
use crate::jobs::Due;
use crate::json::Read;
use crate::ledger::Account;
use crate::programme::Programme;
use crate::state::Order;
use crate::turn::Turn;
use crate::words::PART_MISSING;

impl Turn<'_> {
    /// An order is paid. What it earns is said by the version in force, unless another was asked to judge it; all that comes of it
    /// later is said by the versions in force then. What was waiting for it follows.
    pub fn paid(&mut self, name: &str, net_fen: i64, lines: &[Line], judged_by: Option<u32>) -> Read<Outcome> {
        if self.state.orders.contains_key(name) {
            return Ok(Outcome::Duplicate);
        }
        self.visited();
        let judge = match judged_by {
            // What turned out since to be paid before the programme began earns nothing, whatever judged it.
            Some(no) if self.programme.version > 0 => {
                self.rules.numbered(no).ok_or_else(|| PART_MISSING.with("what", format!("version {no}")))?
            }
            _ => self.programme,
        };
        let purchase = Purchase {
            order: name,
            at: self.now,
            net_fen,
            lines,
            tier: self.tier_on(judge),
            first: !self.state.bought,
            born: self.state.member.birthday,
        };
        let earning = earn(judge, self.state, &purchase)?;
        book(judge, self.state, self.today(), &earning);
        self.state.bought = true;
        let in_force = std::mem::replace(&mut self.programme, judge);
        let posted = self.post(Account::Issued, Account::Pending, earning.points, None);
        self.programme = in_force;
        posted?;
        let order = Order {
            net: net_fen,
            paid: self.now,
            earned: earning.points,
            refunded: 0,
            returned: false,
            closed: false,
            reversed: 0,
            pending: earning.points,
            completed: false,
            final_at: None,
            lot: None,
        };
        self.state.orders.insert(name.to_owned(), order);
        for event in self.state.waiting.remove(name).unwrap_or_default() {
            self.follow(&event)?;
        }
        Ok(Outcome::Ok)
    }

    /// Where on a version's ladder the tier lies that is held: by id, and where that is gone the nearest lower one that there is.
    fn tier_on(&self, judge: &Programme) -> usize {
        let held = self.state.standing.tier;
        if judge.version == self.programme.version {
            return held;
        }
        let ladder = self.rules.until_now(self.state).find_map(|version| version.ladder.as_ref());
        ladder.zip(judge.ladder.as_ref()).map_or(0, |(old, new)| old.place_on(new, held))
    }

    /// What came before its order happens now that the order is known.
    pub(crate) fn follow(&mut self, event: &Event) -> Read<()> {
        self.cause.kind = event.act.kind().to_owned();
        self.cause.id.clone_from(&event.id);
        match &event.act {
            Act::OrderCompleted { order } => self.completed(order, event)?,
            Act::Refund { order, net_fen } => self.refund(order, *net_fen, event)?,
            Act::OrderClosed { order } => self.closed(order, event)?,
            _ => Outcome::Ok,
        };
        Ok(())
    }

    fn wait(&mut self, order: &str, event: &Event, answer: Outcome) -> Outcome {
        self.state.waiting.entry(order.to_owned()).or_default().push(event.clone());
        answer
    }

    /// An order is completed: it will be final after the shop's delay, and not before it is paid.
    pub fn completed(&mut self, name: &str, event: &Event) -> Read<Outcome> {
        let Some(order) = self.state.orders.get_mut(name) else { return Ok(self.wait(name, event, Outcome::Waiting)) };
        if order.completed {
            return Ok(Outcome::Duplicate);
        }
        order.completed = true;
        let due = later(event.time, self.programme.settlement_days.saturating_mul(DAY)).max(order.paid);
        self.expect(due, Due::Final(name.to_owned()));
        Ok(Outcome::Ok)
    }

    /// An order becomes final: its points are available, and it counts for tiers.
    pub fn becomes_final(&mut self, name: &str) -> Read<()> {
        let Some(order) = self.state.orders.get_mut(name).filter(|order| !order.closed) else { return Ok(()) };
        order.final_at = Some(self.now);
        let points = std::mem::take(&mut order.pending);
        if points > 0 {
            let lot = self.open_lot(format!("order:{name}"));
            if let Some(order) = self.state.orders.get_mut(name) {
                order.lot = Some(lot);
            }
            self.make_available(Account::Pending, lot, points)?;
        }
        self.rise()
    }

    /// Money goes back for goods of an order.
    pub fn refund(&mut self, name: &str, net_fen: i64, event: &Event) -> Read<Outcome> {
        let Some(order) = self.state.orders.get_mut(name) else { return Ok(self.wait(name, event, Outcome::Waiting)) };
        let refunded = order.refunded.saturating_add(net_fen);
        if refunded > order.net {
            return Ok(Outcome::ExceedsPaid);
        }
        let before = order.clone();
        order.refunded = refunded;
        order.returned = refunded == order.net;
        self.lessened(name, &before)?;
        Ok(Outcome::Ok)
    }

    /// An order is closed: what it earned goes back, whatever was refunded before.
    pub fn closed(&mut self, name: &str, event: &Event) -> Read<Outcome> {
        let Some(order) = self.state.orders.get_mut(name) else {
            self.coupons_of_gone_order(name);
            return Ok(self.wait(name, event, Outcome::Ok));
        };
        if order.closed {
            return Ok(Outcome::Duplicate);
        }
        let before = order.clone();
        order.closed = true;
        self.lessened(name, &before)?;
        Ok(Outcome::Ok)
    }

    /// Less of an order counts than before: points, tier and coupons follow.
    fn lessened(&mut self, name: &str, before: &Order) -> Read<()> {
        let Some(order) = self.state.orders.get_mut(name) else { return Ok(()) };
        let due = if order.gone() {
            order.earned
        } else {
            let share = i128::from(order.earned) * i128::from(order.refunded) / i128::from(order.net.max(1));
            i64::try_from(share).unwrap_or(order.earned)
        };
        let points = due - order.reversed;
        order.reversed = due;
        let pending = order.pending.min(points);
        order.pending -= pending;
        let lot = order.lot;
        let gone = order.gone();
        self.post(Account::Pending, Account::Reversed, pending, None)?;
        self.take_back(points - pending, lot)?;
        self.sink(name, before);
        if gone {
            self.coupons_of_gone_order(name);
        }
        Ok(())
    }
}
