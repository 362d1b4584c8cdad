//! What an event may change, and what a segment depends on: only where they meet is a segment asked.

use shuke_columns::Registry;
use shuke_columns::registry::Origin;

use crate::uses::Uses;

/// Sorts of things that are known of a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Topics(u8);

const PROFILE: u8 = 1;
const TAGS: u8 = 2;
const CONSENTS: u8 = 4;
const ORDERS: u8 = 8;
const EVENTS: u8 = 16;
const ALL: u8 = 255;

impl Topics {
    /// None.
    pub const NONE: Self = Self(0);

    /// Whether both have one.
    pub fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those of either.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What an event of that kind may change of a member. What a later release tells changes everything.
    pub fn of_event(kind: &str) -> Self {
        Self(match kind {
            "member.tagged" | "member.untagged" => TAGS,
            "consent.changed" => CONSENTS,
            "behaviour.recorded" => EVENTS,
            kind if kind.starts_with("order.") || kind.starts_with("refund.") => ORDERS,
            kind if kind.starts_with("segment.") => 0,
            _ => ALL,
        })
    }

    /// What an expression depends on. Who is in the base at all depends on the profile.
    pub fn of_uses(uses: &Uses, registry: &Registry) -> Self {
        let facts = uses.facts.iter().map(|name| match &**name {
            "tags" => TAGS,
            "now" | "id" => 0,
            // Learnt from orders and acts, too.
            "first_seen_at" | "last_visit_at" => ORDERS | EVENTS,
            "province" | "city" | "stage" | "rfm_r" | "rfm_f" | "rfm_m" | "p_alive" | "clv" => ORDERS,
            name => match registry.find_fact(name).map(|f| f.origin) {
                Some(Origin::History(_)) => CONSENTS,
                _ => 0,
            },
        });
        let tables = uses.tables.iter().map(|name| match &**name {
            "orders" | "lines" | "refunds" => ORDERS,
            "events" => EVENTS,
            _ => ALL,
        });
        Self(facts.chain(tables).fold(PROFILE, |all, one| all | one))
    }
}

#[cfg(test)]
mod tests {
    use shuke_kernel::Zone;

    use super::*;
    use crate::calendar::Reckoning;
    use crate::check::check_text;
    use crate::definitions::Segments;

    #[test]
    fn an_event_meets_the_segments_that_speak_of_what_it_changed() {
        let registry = Registry::standard();
        let topics = |text: &str| {
            let reckoning = Reckoning::new(0, &Zone::shanghai());
            Topics::of_uses(&Uses::of(&check_text(text, &registry, &Segments::default(), &reckoning).unwrap()), &registry)
        };
        let by_tag = topics(r#"has_any("VIP")"#);
        let by_order = topics("count(orders) > 2");
        let by_consent = topics("consent_sms = true");
        for (event, met) in [
            ("member.tagged", [true, false, false]),
            ("order.paid", [false, true, false]),
            ("refund.recorded", [false, true, false]),
            ("consent.changed", [false, false, true]),
            ("member.merged", [true, true, true]),
            ("behaviour.recorded", [false, false, false]),
            ("segment.entered", [false, false, false]),
            ("something.new", [true, true, true]),
        ] {
            assert_eq!([by_tag, by_order, by_consent].map(|t| t.meet(Topics::of_event(event))), met, "{event}");
        }
        assert!(topics("exists(events)").meet(Topics::of_event("behaviour.recorded")));
        assert!(topics("tier = \"gold\"").meet(Topics::of_event("consent.changed")), "what has a history");
    }
}
