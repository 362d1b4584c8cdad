//! What is told of a posting along the feed: amounts and ids, one event of a kind for each member and posting.

use serde_json::json;
use shuke_kernel::{Ctx, Instant, Result};
use shuke_loyalty::event::{Act, Outcome};
use shuke_loyalty::{Account, Rules};
use shuke_store::{Event, Tx};

use super::post::{Hand, tier_of};
use crate::definition::Programme;

/// Points that moved in one way, and when last.
#[derive(Default)]
struct Sum {
    points: i64,
    at: Option<Instant>,
}

impl Sum {
    fn add(&mut self, points: i64, at: Instant) {
        self.points = self.points.saturating_add(points);
        self.at = self.at.max(Some(at));
    }
}

/// Tells what became of the books in hand.
pub(super) fn tell(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, hands: &[Hand]) -> Result<()> {
    let mut events = Vec::new();
    for hand in hands {
        let [mut earned, mut spent, mut expired, mut reversed, mut freed] = [(); 5].map(|()| Sum::default());
        for booked in &hand.entries.0 {
            let entry = &booked.entry;
            match (entry.from, entry.to) {
                (Account::Pending, Account::Available) => freed.add(entry.amount, entry.happened),
                (Account::Available, Account::Pending) => freed.add(-entry.amount, entry.happened),
                _ => {}
            }
            // A correction may take an entry back: what goes the other way counts against it.
            for (account, sign) in [(entry.from, -1), (entry.to, 1)] {
                match account {
                    Account::Issued => earned.add(-sign * entry.amount, entry.happened),
                    Account::Redeemed => spent.add(sign * entry.amount, entry.happened),
                    Account::Expired => expired.add(sign * entry.amount, entry.happened),
                    Account::Reversed => reversed.add(sign * entry.amount, entry.happened),
                    Account::Pending | Account::Available | Account::Frozen | Account::Transferred => {}
                }
            }
        }
        let mut put = |kind, at: Option<Instant>, data: serde_json::Value| {
            events.push(Event {
                kind,
                version: 1,
                occurred_at: at.unwrap_or(cx.now),
                subject_kind: "mem",
                subject: *hand.book.member.bytes(),
                member: Some(*hand.book.member.bytes()),
                data: data.to_string(),
            });
        };
        // Also where a check-in brings no points.
        for taken in hand.events.iter().filter(|t| t.event.act == Act::CheckIn && t.posted.outcome == Outcome::Ok) {
            put("member.checked_in", Some(taken.event.time), json!({ "programme": programme.id }));
        }
        let available = hand.book.heart.available();
        // Of what is free as soon as it is earned the earning tells; by itself an order becomes final with nothing else said.
        if earned.points != 0 {
            freed = Sum::default();
        }
        for (kind, sum) in [
            ("points.earned", earned),
            ("points.freed", freed),
            ("points.spent", spent),
            ("points.expired", expired),
            ("points.reversed", reversed),
        ] {
            if sum.points != 0 {
                put(kind, sum.at, json!({ "programme": programme.id, "points": sum.points, "available": available }));
            }
        }
        let tier = tier_of(rules, &hand.book);
        if !hand.book.fresh && tier != hand.tier_before || hand.book.fresh && hand.book.heart.standing.tier > 0 {
            let from = if hand.book.fresh { None } else { hand.tier_before.clone() };
            put("tier.changed", None, json!({ "programme": programme.id, "from": from, "to": tier }));
        }
    }
    tx.emit_many(cx, events)
}
