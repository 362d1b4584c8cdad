//! A search by a number's beginning looks at no more than it may, and says so.

use shuke_members::hooks;

use super::stored::{both, buyer, take};
use super::*;
use crate::order::number::{Limits, TOO_MANY, ids, whole};
use crate::order::read::Filter;

fn orders() -> Vec<Observation> {
    let one = |i: i64| Observation {
        source: if i % 3 == 0 { "jd" } else { "taobao" }.into(),
        source_id: format!("20261101{i:02}"),
        state: Some(State::Paid),
        created_at: at(1 + i / 4, 1),
        shop: Some(if i % 10 == 5 { "rare" } else { "often" }.into()),
        buyer: buyer(&format!("buyer{}", i % 5)),
        ..said(Doc::OrderReport)
    };
    let alike = |source: &str| Observation { source: source.into(), source_id: "2026110107".into(), created_at: at(9, 0), ..one(7) };
    (0..40).map(one).chain([alike("jd")]).collect()
}

#[test]
fn whatever_the_steps_each_that_fits_is_found_once_or_the_search_is_refused() {
    hooks::install(crate::HOOKS);
    both("numbers", |t| {
        take(t, orders());
        let rare = Filter { shop: Some("rare".into()), ..Filter::default() };
        let search = |filter: &Filter, number: &str, most: usize, budget: usize, stretch: usize| {
            let (cx, filter, number) = (t.ctx(), filter.clone(), number.to_owned());
            t.read(move |tx| Ok(ids(tx, &cx, &filter, &number, None, 1_000, Limits { most, budget, stretch }).map_err(|e| e.to_string())))
        };
        let want = search(&rare, "202611", 100, 100, 100).expect("few");
        assert_eq!(want.len(), 4);
        for stretch in [1, 2, 3, 41, 42] {
            assert_eq!(search(&rare, "202611", 4, 41, stretch).as_ref(), Ok(&want), "{stretch}");
            assert!(search(&rare, "202611", 3, 41, stretch).is_err(), "more fit than may be shown");
            assert!(search(&rare, "202611", 4, 40, stretch).is_err(), "more begin so than may be looked at");
            assert_eq!(search(&Filter::default(), "202611", 41, 41, stretch).map(|f| f.len()), Ok(41));
        }
        // The whole number at both sources, newest first; of which only one fits.
        assert_eq!(search(&Filter::default(), "2026110107", 1, 1, 1).map(|f| f.len()), Ok(2));
        let late = Filter { from: at(8, 0), ..Filter::default() };
        assert_eq!(search(&late, "2026110107", 1, 1, 1).map(|f| f.len()), Ok(1));
        let cx = t.ctx();
        let both = t.read(move |tx| whole(tx, &cx, "2026110107"));
        assert_eq!(both.iter().map(|o| o.source.as_str()).collect::<Vec<_>>(), ["jd", "taobao"]);
        let (cx, filter) = (t.ctx(), Filter::default());
        let few = Limits { most: 1, budget: 1, stretch: 1 };
        let refused = t.read(move |tx| Ok(ids(tx, &cx, &filter, "202611", None, 9, few).err()));
        assert!(refused.is_some_and(|e| e.to_string().contains(TOO_MANY.code)), "it names its code");
    });
}
