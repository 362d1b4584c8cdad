//! What happened to a member, source by source, in pages: a page reads a page, whatever the past.

use shuke_kernel::Instant;
use shuke_store::args;
use shuke_testkit::{TestStore, both_with, sqlite_with};

use super::world::{TABLES, one};
use crate::MemberId;
use crate::consent::{self, Statement};
use crate::profile::{self, observe};
use crate::tag::model::Change;
use crate::tag::{TagId, give, service};

type Place = (Instant, [u8; 16]);
const NEWEST: Place = (Instant(i64::MAX), [255; 16]);
const MANY: i64 = 40;

/// All of a source in pages of so many.
fn paged(limit: i64, page: impl Fn(Place, i64) -> Vec<Place>) -> Vec<Place> {
    let (mut out, mut below) = (Vec::new(), NEWEST);
    loop {
        let found = page(below, limit);
        assert!(found.len() as i64 <= limit);
        let Some(last) = found.last() else { return out };
        below = *last;
        out.extend(found);
    }
}

fn fill(t: &TestStore) -> (MemberId, TagId) {
    let member = one(t, 1, &["own:1"]).unwrap();
    let cx = t.ctx();
    let tag = t.write(move |tx| service::add(tx, &cx, "VIP", None, None)).id;
    for n in 0..MANY {
        t.clock.advance_seconds(1);
        let cx = t.ctx();
        t.write(move |tx| {
            let statement = Statement {
                purpose: "marketing".to_owned(),
                channel: "sms".to_owned(),
                granted: n % 2 == 0,
                source: "form".to_owned(),
                proof: Some(format!("call {n}")),
                basis: String::new(),
                // Some fall into one instant.
                at: Instant(cx.now.micros() / 3_000_000 * 3_000_000),
            };
            consent::record(tx, &cx, member, &[statement])?;
            // Every third statement by hand tells nothing but that there was one.
            let told = if n % 3 == 0 { Vec::new() } else { vec![("name".to_owned(), format!("name {n}").into())] };
            observe::state_by_hand(tx, &cx, member, "staff", &told.into_iter().collect())?;
            let change = |add: Vec<TagId>, remove: Vec<TagId>| Change { add, remove };
            give::change(tx, &cx, &[member], &change(vec![tag], vec![]), "stf_test")?;
            give::change(tx, &cx, &[member], &change(vec![], vec![tag]), "stf_test").map(|_| ())
        });
    }
    (member, tag)
}

#[test]
fn pages_of_each_source_are_the_whole_newest_first() {
    both_with("past", TABLES, |t| {
        let (member, _) = fill(t);
        let check = |name: &str, many: i64, page: &dyn Fn(Place, i64) -> Vec<Place>| {
            let whole = page(NEWEST, 1_000);
            assert_eq!(whole.len() as i64, many, "{name}");
            assert!(whole.windows(2).all(|w| w[0] > w[1]), "{name}: newest first");
            for limit in [1, 7, many] {
                assert_eq!(paged(limit, page), whole, "{name} in pages of {limit}");
            }
        };
        check("consents", MANY, &|below, limit| {
            let cx = t.ctx();
            let found = t.read(move |tx| consent::below(tx, &cx, member, below, limit));
            found.into_iter().map(|c| (c.statement.at, *c.id.bytes())).collect()
        });
        check("facts told", MANY - (MANY + 2) / 3, &|below, limit| {
            let cx = t.ctx();
            t.read(move |tx| profile::told(tx, &cx, member, below, limit)).into_iter().map(|p| (p.at, p.record)).collect()
        });
        for by_giving in [false, true] {
            check("tags", MANY, &|below, limit| {
                let cx = t.ctx();
                let found = t.read(move |tx| give::past(tx, &cx, member, by_giving, below, limit));
                found.into_iter().map(|p| (if by_giving { p.since } else { p.taken_at }, *p.id.bytes())).collect()
            });
        }
    });
}

/// An index gives the entries in the order of the page, from its place on: no row is read that is not
/// on it, and none is sorted.
#[test]
fn a_page_reads_no_more_than_itself() {
    let t = sqlite_with(TABLES);
    for text in [consent::sql::BELOW, profile::sql::OBSERVED_BELOW, crate::tag::sql::PAST_OF, crate::tag::sql::PAST_BY_GIVING] {
        let plan = t.read(move |tx| {
            let all = args![1_i64, [0_u8; 16], i64::MAX, [255_u8; 16], 50_i64];
            let rows = tx.rows(format!("EXPLAIN QUERY PLAN {text}").as_str(), all)?;
            rows.into_iter().map(|mut r| r.get::<String>(3)).collect::<shuke_kernel::Result<Vec<_>>>()
        });
        assert!(plan[0].contains("(merchant=? AND member=? AND ("), "{text}: {plan:?}");
        assert!(!plan.iter().any(|step| step == "USE TEMP B-TREE FOR ORDER BY"), "{text}: {plan:?}");
    }
}
