//! What happens by itself happens when it is due, and is shown before it is booked.

use shuke_kernel::Clock;
use shuke_loyalty::Account;
use shuke_loyalty::event::Outcome;
use shuke_programme::book::{due, show};

use crate::world::*;

const DAY: i64 = 86_400;

#[test]
fn orders_become_final_and_lots_end_by_themselves() {
    both("due", |t| {
        let mut wanted = rules();
        wanted["settlement_days"] = 7.into();
        wanted["lot_expiry"] = serde_json::json!({ "days": 30 });
        let programme = programme(t, wanted);
        let members: Vec<_> = (0..120).map(|_| nobody(t)).collect();
        let at = t.clock.now();
        for member in &members {
            let done = post(t, &programme, *member, vec![paid("o", at, 12_345), completed("o", at)]);
            assert_eq!(done, [Outcome::Ok, Outcome::Ok]);
        }
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 0, "nothing is due yet");
        t.clock.advance_seconds(7 * DAY);
        // Whoever looks sees it before it is booked.
        let (cx, of, id) = (t.ctx(), programme.clone(), members[0]);
        let seen = t.read(move |tx| show::books_of(tx, &cx, id));
        assert_eq!(seen[0].accounts[1], ("available", 123));
        assert_eq!(seen[0].tier.as_ref().unwrap().id, "银牌");
        assert_eq!((of.id, available(t, &programme, id)), (seen[0].programme.id, 0));
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 120);
        assert!(members.iter().all(|m| available(t, &programme, *m) == 123));
        t.clock.advance_seconds(31 * DAY);
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 120);
        assert!(members.iter().all(|m| balance(t, &programme, *m, Account::Expired) == 123));
        assert_eq!(t.int("SELECT COUNT(*) FROM event WHERE kind = 'points.expired'"), 120);
        assert_eq!(t.int("SELECT COUNT(*) FROM event WHERE kind = 'tier.changed'"), 120);
        assert_eq!(due::run(&t.store, t.merchant, &|| false).unwrap(), 0, "each once");
    });
}
