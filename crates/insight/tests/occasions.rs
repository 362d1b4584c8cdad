//! The merchant's own occasions on both engines: made, changed, found by the days they touch, gone;
//! each merchant sees its own.

use jiff::civil::Date;
use shuke_insight::occasions::service::{self, Said};
use shuke_insight::occasions::{Occasion, Sort};
use shuke_kernel::{Ctx, Error, MerchantNo};
use shuke_store::register::{GROUND, Register};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_insight::TABLES]);

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn said(name: &str, from: &str, to: &str) -> Said {
    Said { name: name.to_owned(), name_en: None, from: day(from), to: day(to), day: None }
}

fn touching(t: &TestStore, cx: &Ctx, from: &str, to: &str) -> Vec<Occasion> {
    let (cx, from, to) = (cx.clone(), day(from), day(to));
    t.read(move |tx| service::touching(tx, &cx, from, to))
}

fn refused(t: &TestStore, cx: &Ctx, said: Said) -> &'static str {
    let cx = cx.clone();
    match t.try_write(move |tx| service::create(tx, &cx, &said)) {
        Err(Error::Refused(refusal)) => refusal.code.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn own_occasions_stand_beside_those_of_everybody() {
    both_with("occasions", ALL, |t| {
        let cx = t.ctx();
        let make = |said: Said| {
            let cx = cx.clone();
            t.write(move |tx| service::create(tx, &cx, &said))
        };
        let anniversary = make(Said {
            name_en: Some("Anniversary".to_owned()),
            day: Some(day("2026-11-12")),
            ..said(" 店庆 ", "2026-11-10", "2026-11-15")
        });
        assert_eq!((anniversary.kind, anniversary.name.zh.as_str(), anniversary.name.en.as_str()), (Sort::Own, "店庆", "Anniversary"));
        let launch = make(said("新品首发", "2026-03-01", "2026-03-02"));
        assert_eq!((launch.name.en.as_str(), launch.day), ("新品首发", day("2026-03-01")));
        let names = |from: &str, to: &str| touching(t, &cx, from, to).into_iter().map(|o| o.name.zh).collect::<Vec<_>>();
        assert_eq!(names("2026-11-09", "2026-11-12"), ["双11预售", "店庆", "双11"]);
        assert_eq!(names("2026-11-14", "2026-11-15"), ["店庆"]);
        assert_eq!(names("2026-11-15", "2026-11-16"), Vec::<String>::new());

        let id = anniversary.id.unwrap();
        let (of, other) = (cx.clone(), said("周年庆", "2026-11-20", "2026-11-21"));
        let changed = t.write(move |tx| service::change(tx, &of, id, &other));
        assert_eq!((changed.name.en.as_str(), changed.day), ("周年庆", day("2026-11-20")));
        assert_eq!(names("2026-11-14", "2026-11-15"), Vec::<String>::new());

        // Another merchant sees and touches none of it.
        let stranger = Ctx { merchant: MerchantNo(2002), ..cx.clone() };
        assert!(touching(t, &stranger, "2026-01-01", "2027-01-01").iter().all(|o| o.kind != Sort::Own));
        let of = stranger.clone();
        assert!(t.try_write(move |tx| service::remove(tx, &of, id)).is_err());
        let of = cx.clone();
        t.write(move |tx| service::remove(tx, &of, id));
        let of = cx.clone();
        assert!(t.try_write(move |tx| service::get(tx, &of, id)).is_err());

        for (wrong, code) in [
            (said("", "2026-01-01", "2026-01-02"), "occasion.invalid_name"),
            (said(&"长".repeat(61), "2026-01-01", "2026-01-02"), "occasion.invalid_name"),
            (said("倒", "2026-01-02", "2026-01-02"), "occasion.invalid_days"),
            (said("久", "2026-01-01", "2027-02-01"), "occasion.invalid_days"),
            (said("古", "1899-12-31", "1900-01-02"), "occasion.invalid_days"),
            (Said { day: Some(day("2026-01-02")), ..said("外", "2026-01-01", "2026-01-02") }, "occasion.invalid_days"),
        ] {
            assert_eq!(refused(t, &cx, wrong), code);
        }
    });
}
