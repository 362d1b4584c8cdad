//! The audit finds what does not fit, and names the entry.

use shuke_kernel::Clock;
use shuke_loyalty::event::{Act, Outcome};

use crate::world::*;

#[test]
fn a_row_that_was_tampered_with_is_named() {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    for t in [shuke_testkit::sqlite_with(ALL), shuke_testkit::postgres_with(ALL)] {
        let t = &t;
        let programme = programme(t, rules());
        let (member, at) = (nobody(t), t.clock.now());
        let events = vec![paid("o", at, 30_000), completed("o", at), event("a", at, Act::Adjust { points: 70 }), spend("s", at, 150)];
        assert_eq!(post(t, &programme, member, events), [Outcome::Ok; 4]);
        sound(t);
        let breaks = |change: &'static str, back: &'static str| {
            t.write(move |tx| tx.exec(change, &[]).map(|_| ()));
            let found = findings(t);
            t.write(move |tx| tx.exec(back, &[]).map(|_| ()));
            sound(t);
            found.join("\n")
        };
        let found = breaks(
            "UPDATE points_entry SET amount = amount + 1 WHERE seq = 3",
            "UPDATE points_entry SET amount = amount - 1 WHERE seq = 3",
        );
        assert!(found.contains("entry 3 is not what the events make of it") && found.contains("its entries sum to"), "{found}");
        let found = breaks(
            "UPDATE points_book SET available = available + 5, issued = issued - 5",
            "UPDATE points_book SET available = available - 5, issued = issued + 5",
        );
        assert!(found.contains("available is"), "{found}");
        let found = breaks("UPDATE points_book SET available = available + 5", "UPDATE points_book SET available = available - 5");
        assert!(found.contains("the accounts sum to 5"), "{found}");
        let found =
            breaks("UPDATE points_event SET taken = 0 WHERE kind = 'adjust'", "UPDATE points_event SET taken = 1 WHERE kind = 'adjust'");
        assert!(found.contains("the heart is not what the events make"), "{found}");
        let found = breaks("UPDATE programme_size SET books = books + 1", "UPDATE programme_size SET books = books - 1");
        assert!(found.contains("books are counted"), "{found}");
    }
}
