//! The catalogue of events: every kind that is written to the feed. A test reads the sources and
//! fails when one is written that is not listed.

/// Kind, subject, when.
pub const EVENTS: &[(&str, &str, &str)] = &[
    ("member.created", "mem", "a key identified somebody who was not known"),
    ("member.changed", "mem", "identity or profile changed; `what` says which"),
    ("member.merged", "mem", "another member turned out to be the same person; `data` names the alias"),
    ("member.unmerged", "mem", "a merge was taken back"),
    ("member.removed", "mem", "nothing speaks of the member any more, as after an undone import"),
    ("member.erased", "mem", "identifiers were erased on request; totals stay under the id"),
    ("member.tagged", "mem", "tags were given to the member; `data.tags` names them"),
    ("member.untagged", "mem", "tags were taken off the member; `data.tags` names them"),
    ("consent.changed", "mem", "consent was given or withdrawn for a purpose and channel"),
    ("order.created", "ord", "an order was seen first, or is in this state"),
    ("order.paid", "ord", "it counts as a purchase from now on"),
    ("order.shipped", "ord", "it was dispatched"),
    ("order.completed", "ord", "it was completed"),
    ("order.closed", "ord", "it was cancelled, or closed by a refund"),
    ("order.refunded", "ord", "more of it was refunded"),
    ("order.changed", "ord", "amounts, lines or words changed, not the state"),
    ("order.identified", "ord", "it found its member, or another one"),
    ("order.removed", "ord", "nothing speaks of it any more, as after an undone import"),
    ("refund.recorded", "ref", "a refund that names no order was recorded"),
    ("refund.changed", "ref", "such a refund changed"),
    ("refund.removed", "ref", "nothing speaks of it any more"),
    ("product.created", "prd", "a product was seen first"),
    ("product.changed", "prd", "a product changed"),
    ("product.removed", "prd", "nothing speaks of it any more"),
    ("behaviour.recorded", "act", "something a shopper did was recorded"),
    ("import.finished", "imp", "an import was loaded to its end"),
    ("import.undone", "imp", "an import was taken back"),
];
