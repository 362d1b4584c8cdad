//! Orders of before earned again by other rules: what they would come to, with nothing booked.

use shuke_kernel::Instant;

use crate::earn::{self, Purchase};
use crate::event::{Line, Member};
use crate::json::Read;
use crate::programme::{Gives, Programme};
use crate::rules::Rules;
use crate::state::State;

/// An order as it was paid.
#[derive(Clone, Copy, Debug)]
pub struct Bought<'a> {
    /// Its name.
    pub order: &'a str,
    /// When it was paid.
    pub at: Instant,
    /// Net paid, fen.
    pub net_fen: i64,
    /// Its lines.
    pub lines: &'a [Line],
    /// Whether it was the member's first.
    pub first: bool,
}

/// Rules of earning as they hold at one instant, for orders of any time.
#[derive(Clone, Debug)]
pub struct Again {
    programme: Programme,
    /// Where caps take room from; of nobody.
    room: State,
}

impl Again {
    /// The rules of earning that hold at `at`: those that do earn for ever, those that do not never.
    pub fn of(programme: &Programme, at: Instant) -> Self {
        let mut programme = programme.clone();
        for rule in &mut programme.earn {
            let holds = rule.from.is_none_or(|from| from <= at) && rule.to.is_none_or(|to| at < to);
            (rule.from, rule.to) = (None, if holds { None } else { Some(Instant::from_micros(i64::MIN)) });
        }
        let room = State::new(&Rules::from(programme.clone()), Member::default(), at);
        Self { programme, room }
    }

    /// Whether a rule asks for a member's first order.
    pub fn asks_for_first(&self) -> bool {
        self.programme.earn.iter().any(|rule| matches!(rule.gives, Gives::FirstOrder(_)))
    }

    /// Whether a rule asks for the tier.
    pub fn asks_for_tier(&self) -> bool {
        self.programme.earn.iter().any(|rule| rule.tiers.is_some())
    }

    /// Whether orders earn the same by other rules, of a member who has the same tier.
    pub fn same(&self, other: &Self) -> bool {
        let (one, two) = (&self.programme, &other.programme);
        one.earn == two.earn && one.caps == two.caps && one.unit == two.unit
    }

    /// What the orders of a member on that tier earn together; they are in order of time, with all of a cap's period in them or none.
    ///
    /// # Errors
    /// Where numbers are too large to reckon.
    pub fn earn(&mut self, member: &Member, tier: usize, orders: &[Bought<'_>]) -> Read<i64> {
        self.room.caps.clear();
        let mut sum = 0_i64;
        for bought in orders {
            let Bought { order, at, net_fen, lines, first } = *bought;
            let purchase = Purchase { order, at, net_fen, lines, tier, first, born: member.birthday };
            let earning = earn::earn(&self.programme, &self.room, &purchase)?;
            earn::book(&self.programme, &mut self.room, self.programme.zone.day(at), &earning);
            sum = sum.saturating_add(earning.points);
        }
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Node;
    use crate::programme::read;

    #[test]
    fn orders_earn_by_the_rules_that_hold_then_within_their_caps() {
        let rules = serde_json::json!({
            "earn": [
                { "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 },
                { "id": "over", "kind": "per_amount", "points": 9, "per_fen": 100, "to": "2026-01-01T00:00:00Z" },
                { "id": "now", "kind": "multiplier", "factor": "2", "from": "2026-06-01T00:00:00Z" },
                { "id": "first", "kind": "first_order", "points": 50 },
            ],
            "caps": [{ "id": "day", "per": "day", "points": 300 }],
        });
        let at: Instant = "2026-11-01T00:00:00Z".parse().unwrap();
        let mut again = Again::of(&read(&Node::root("rules", &rules)).unwrap(), at);
        let bought =
            |day: &str, net_fen, first| Bought { order: "o", at: format!("{day}T04:00:00Z").parse().unwrap(), net_fen, lines: &[], first };
        // 100 yuan twice the points and the first; 200 yuan on that day up to the cap; 10 yuan on another.
        let orders = [bought("2026-02-01", 10_000, true), bought("2026-02-01", 20_000, false), bought("2026-02-02", 1_000, false)];
        for _ in 0..2 {
            assert_eq!(again.earn(&Member::default(), 0, &orders).unwrap(), 250 + 50 + 20);
        }
        assert!(again.asks_for_first() && !again.asks_for_tier() && again.same(&again.clone()));
    }
}
