//! Pages of orders that few share hold what the whole list does, however little of it a page looks at.

use shuke_members::hooks;

use super::stored::{both, buyer, take};
use super::*;
use crate::order::far::{Far, Place, fill, look_within};
use crate::order::read::{Filter, OrderRow, list};

fn orders() -> Vec<Observation> {
    let one = |i: i64| Observation {
        source_id: format!("o{i}"),
        state: Some(State::ALL[(i * i % 5) as usize]),
        // Some lie at one instant.
        created_at: at(1 + i / 3, 1),
        shop: Some(if i == 2 || i == 17 { "rare" } else { "often" }.into()),
        buyer: if i % 4 == 0 { Vec::new() } else { buyer(&format!("buyer{}", i % 5)) },
        ..said(Doc::OrderReport)
    };
    (0..30).map(one).collect()
}

fn places(rows: &[OrderRow]) -> Vec<Place> {
    rows.iter().map(|o| (o.placed_at, *o.id.bytes())).collect()
}

#[test]
fn what_few_share_is_found_by_paging_and_never_twice() {
    hooks::install(crate::HOOKS);
    both("far", |t| {
        take(t, orders());
        let shop = |shop: &str| Filter { shop: Some(shop.into()), ..Filter::default() };
        let filters = [
            shop("rare"),
            shop("nowhere"),
            Filter { state: Some(State::Closed), ..shop("often") },
            Filter { identified: Some(true), platform: Some("taobao".into()), ..Filter::default() },
            Filter { from: at(3, 0), to: at(8, 0), ..shop("often") },
        ];
        for filter in filters {
            assert!(filter.is_sparse());
            let whole = |t: &shuke_testkit::TestStore| {
                let (cx, filter) = (t.ctx(), filter.clone());
                t.read(move |tx| list(tx, &cx, &filter, None, 1_000))
            };
            let want = places(&whole(t));
            // By looking alone, and with somebody who knows those behind what was looked at.
            for (limits, by_heart) in [((3, 2), false), ((8, 8), false), ((3, 3), true), ((1_000, 7), true)] {
                let (mut got, mut before, mut pages) = (Vec::new(), None, 0);
                loop {
                    let (cx, asked, limit) = (t.ctx(), filter.clone(), 2);
                    let mut far: Far = t.read(move |tx| look_within(tx, &cx, &asked, before, limit, limits));
                    if let Some(place) = far.is_wanting(limit).filter(|_| by_heart) {
                        let wanted = limit - far.rows.len() + 1;
                        let known: Vec<Place> = want.iter().copied().filter(|p| *p < place).take(wanted).collect();
                        let (cx, asked) = (t.ctx(), filter.clone());
                        far = t.read(move |tx| fill(tx, &cx, &asked, far.clone(), &known, wanted, limit));
                    }
                    assert!(far.rows.len() <= limit);
                    got.extend(places(&far.rows));
                    pages += 1;
                    assert!(pages < 100, "it goes on and on");
                    match far.next {
                        Some(next) => before = Some(next),
                        None => break,
                    }
                }
                assert_eq!(got, want, "{filter:?} {limits:?} {by_heart}");
                assert!(!by_heart || pages <= want.len() / 2 + 1, "{pages} pages of {}", want.len());
            }
        }
    });
}
