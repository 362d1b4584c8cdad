//! What becomes of members and of their uses, reckoned by hand.

use shuke_kernel::{Instant, Zone};
use shuke_members::MemberId;
use shuke_members::identity::Birthday;
use shuke_programme::ProgrammeId;

use super::model::*;
use crate::benefit::when::{OnBirthday, When};
use crate::quota::{Per, Period, Quota};
use crate::share::Funded;
use crate::who::{Held, Who};

const PROGRAMME: ProgrammeId = ProgrammeId::from_bytes([1; 16]);

fn held(tier: &str) -> Held {
    Held { programme: PROGRAMME, tier: tier.to_owned(), period: Period::default() }
}

fn rules(tiers: &[&str], quota: Option<Quota>) -> Rules {
    let tiers = tiers.iter().map(|tier| (*tier).to_owned()).collect();
    let who = Who { programme: Some(PROGRAMME), tiers, segments: Vec::new() };
    Rules { who, segments: Vec::new(), when: When::default(), quota, cost: 800, funded: Funded::default() }
}

fn at(text: &str) -> Instant {
    text.parse().expect("a time")
}

fn used(text: &str, tier: Option<&str>) -> Use {
    Use { at: at(text), held: tier.map(held), granted: false, booked: 700 }
}

fn person(tier: &str, uses: Vec<Use>) -> Person {
    Person { member: MemberId::from_bytes([9; 16]), held: vec![held(tier)], inside: Vec::new(), birthday: None, uses }
}

fn compared(before: Option<Rules>, after: Option<Rules>) -> Compared {
    Compared { before, after, from: at("2026-01-01T00:00:00+08:00"), zone: Zone::shanghai() }
}

#[test]
fn uses_are_judged_by_the_tier_of_their_time_and_the_new_quota() {
    let monthly = Some(Quota { uses: 1, per: Per::Month });
    let both = compared(Some(rules(&[], None)), Some(rules(&["金牌"], monthly)));
    let uses = vec![
        used("2025-12-31T12:00:00+08:00", Some("金牌")),
        used("2026-01-05T12:00:00+08:00", Some("金牌")),
        used("2026-01-06T12:00:00+08:00", Some("金牌")),
        used("2026-02-01T12:00:00+08:00", Some("银牌")),
        Use { granted: true, ..used("2026-02-02T12:00:00+08:00", Some("银牌")) },
        used("2026-02-03T12:00:00+08:00", None),
    ];
    let row = both.of(&person("金牌", uses));
    assert_eq!((row.had, row.has, row.uses, row.granted, row.booked), (true, true, 5, 1, 3_500));
    // One in February by another tier, one in January too many; where no tier is known the present one counts.
    assert_eq!(row.refused, [0, 1, 0, 0, 0, 1]);
    assert!(row.loses() && Which::Refused.meets(&row) && !Which::Gaining.meets(&row));
    let silver = both.of(&person("银牌", Vec::new()));
    assert_eq!((silver.had, silver.has, silver.out, silver.lost()), (true, false, Some(Why::Tier), 0));
}

#[test]
fn days_birthdays_and_the_end_have_their_reasons() {
    let day = When { week_days: vec![1], ..When::default() };
    let born = When { birthday: OnBirthday::Month, ..When::default() };
    let one = || vec![used("2026-03-08T12:00:00+08:00", None)];
    let sunday = compared(None, Some(Rules { when: day, ..rules(&[], None) })).of(&person("银牌", one()));
    assert_eq!((sunday.refused, sunday.had, sunday.has), ([0, 0, 0, 0, 1, 0], false, true));
    let month = compared(None, Some(Rules { when: born, ..rules(&[], None) }));
    assert_eq!(month.of(&person("银牌", one())).refused, [0, 0, 0, 1, 0, 0], "nobody knows the birthday");
    let known = Person { birthday: Some(Birthday { year: None, month: 3, day: 20, lunar: false }), ..person("银牌", one()) };
    assert_eq!(month.of(&known).lost(), 0);
    let granted = Use { granted: true, ..used("2026-03-08T12:00:00+08:00", None) };
    let ended = compared(Some(rules(&[], None)), None).of(&person("银牌", vec![granted]));
    assert_eq!((ended.refused, ended.out), ([1, 0, 0, 0, 0, 0], Some(Why::Ended)), "a pack's uses end with the benefit");
}

#[test]
fn what_all_come_to_adds_up() {
    let both = compared(Some(rules(&["银牌"], None)), Some(rules(&["金牌"], None)));
    let mut all = Summary::default();
    let uses = || vec![used("2026-01-05T12:00:00+08:00", Some("银牌")), used("2026-01-06T12:00:00+08:00", Some("银牌"))];
    for one in [person("银牌", uses()), person("银牌", Vec::new()), person("金牌", Vec::new()), person("普通", Vec::new())] {
        all.add(&both.of(&one));
    }
    assert_eq!(all.all, OfTier { members: 4, had: 2, has: 1, losing: 2, gaining: 1 });
    assert_eq!((all.losing, all.users, all.uses, all.kept(), all.lost_by[&Why::Tier]), (2, 1, 2, 0, 2));
    // Two uses by two members who may: one new member uses it once, at 8 yuan.
    assert_eq!(all.of_the_new(800), Some(800));
    assert_eq!((a_month(1_000, 3), a_month(500, 3), Summary::default().of_the_new(800)), (Some(333), Some(167), None));
    assert_eq!(a_month(i128::MAX, 1), None, "no number of ours, and no panic");
}

#[test]
fn uses_are_read_from_where_their_stretch_begins() {
    let (zone, from) = (Zone::shanghai(), at("2026-02-15T00:00:00+08:00"));
    let of = |per| reads_from(Some(&rules(&[], Some(Quota { uses: 1, per }))), &zone, from);
    assert_eq!(of(Per::Month), at("2026-02-01T00:00:00+08:00"));
    assert_eq!(of(Per::Year), at("2026-01-01T00:00:00+08:00"));
    assert_eq!((of(Per::Day), of(Per::TierPeriod), of(Per::Ever)), (from, from, Instant(i64::MIN)));
    assert_eq!((reads_from(Some(&rules(&[], None)), &zone, from), reads_from(None, &zone, from)), (from, from));
}
