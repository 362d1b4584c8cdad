//! Whether a member may use a benefit now: a pure rule over what is known of both.

use jiff::civil::Date;
use shuke_kernel::{Instant, Refusal, Zone};
use shuke_members::identity::Birthday;

use super::model::Benefit;
use super::when::{OnBirthday, birthdays_in};
use crate::quota::{Quota, Stretch, then};
use crate::state::State;
use crate::who::{Held, Inside, OF_BENEFITS, day};
use crate::words;

/// What is known of a member and of what they used.
pub struct Facts<'a> {
    /// The instant of the question.
    pub now: Instant,
    /// The merchant's zone.
    pub zone: &'a Zone,
    /// The tier held in the benefit's programme.
    pub held: Option<&'a Held>,
    /// Whether they are in each of the benefit's segments.
    pub inside: &'a [Inside],
    /// Their birthday, where the benefit asks for it and it is known.
    pub birthday: Option<Birthday>,
    /// The stretch in which uses are counted.
    pub stretch: Stretch,
    /// Uses in it.
    pub used: i64,
    /// Uses that packs gave and that are left.
    pub granted: i64,
}

/// By what a member may use it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// By what they are.
    Own,
    /// By a use that a pack gave, whatever their tier and quota.
    Granted,
}

/// By what a member may use it, or why not. What is active and has begun binds everybody; who has uses that were given
/// needs no tier, segment, birthday, day or quota.
///
/// # Errors
/// The first reason for which it may not be, in the order: active, begun, over, tier, segment, birthday, day, quota.
pub fn judge(benefit: &Benefit, facts: &Facts<'_>) -> Result<Right, Refusal> {
    let definition = &benefit.definition;
    let name = &definition.name;
    if benefit.state != State::Active {
        return Err(words::NOT_ACTIVE.with("name", name));
    }
    if let Some(from) = definition.from.filter(|from| facts.now < *from) {
        return Err(words::NOT_BEGUN.with("name", name).with("from", day(facts.zone, from)));
    }
    if let Some(until) = definition.until.filter(|until| *until <= facts.now) {
        return Err(words::OVER.with("name", name).with("until", day(facts.zone, until)));
    }
    match own(benefit, facts) {
        Ok(()) => Ok(Right::Own),
        Err(_) if facts.granted > 0 => Ok(Right::Granted),
        Err(why) => Err(why),
    }
}

fn own(benefit: &Benefit, facts: &Facts<'_>) -> Result<(), Refusal> {
    let definition = &benefit.definition;
    let (name, today) = (&definition.name, facts.zone.day(facts.now));
    definition.who.lets(OF_BENEFITS, name, facts.held, facts.inside)?;
    birthday(definition.when.birthday, facts.birthday, today, name)?;
    if !definition.when.names(today) {
        let next = definition.when.next_after(today).map_or_else(|| "-".to_owned(), |day| day.to_string());
        return Err(words::NOT_THE_DAY.with("name", name).with("next", next));
    }
    match definition.quota {
        Some(quota) if facts.used >= quota.uses => Err(used_up(&words::QUOTA_USED, name, quota, facts.zone, facts.stretch)),
        _ => Ok(()),
    }
}

fn birthday(on: OnBirthday, birthday: Option<Birthday>, today: Date, name: &str) -> Result<(), Refusal> {
    if on == OnBirthday::Any {
        return Ok(());
    }
    let Some(birthday) = birthday else { return Err(words::BIRTHDAY_UNKNOWN.with("name", name)) };
    let days = birthdays_in(birthday, today.year());
    let (fits, zh, en) = match on {
        OnBirthday::Day => (days.contains(&today), "生日当天", "on the birthday"),
        _ => (days.iter().any(|day| day.month() == today.month()), "生日当月", "in the month of the birthday"),
    };
    if fits { Ok(()) } else { Err(words::NOT_BIRTHDAY.with("name", name).with("when_zh", zh).with("when", en)) }
}

/// That a quota is used up, and when it can be had again.
pub fn used_up(code: &'static shuke_kernel::Code, name: &str, quota: Quota, zone: &Zone, stretch: Stretch) -> Refusal {
    let ((per_zh, per), (then_zh, then)) = (quota.per.said(), then(zone, stretch));
    code.with("name", name).with("uses", quota.uses).with("per_zh", per_zh).with("per", per).with("then_zh", then_zh).with("then", then)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shuke_programme::ProgrammeId;

    use super::*;
    use crate::BenefitId;
    use crate::benefit::model::Definition;
    use crate::benefit::when::When;
    use crate::quota::{Per, Period};
    use crate::who::Who;

    fn benefit(change: impl FnOnce(&mut Definition)) -> Benefit {
        let mut definition: Definition = serde_json::from_str(r#"{"name": "包邮", "kind": "free_shipping"}"#).expect("a definition");
        change(&mut definition);
        Benefit { id: BenefitId::from_bytes([1; 16]), definition, state: State::Active, version: 1, created_at: Instant(0) }
    }

    fn held(tier: &str) -> Held {
        Held { programme: ProgrammeId::from_bytes([1; 16]), tier: tier.to_owned(), period: Period::default() }
    }

    fn gold(definition: &mut Definition) {
        definition.who = Who { programme: Some(ProgrammeId::from_bytes([1; 16])), tiers: vec!["金牌".to_owned()], segments: Vec::new() };
    }

    /// Noon of 2026-03-08, a Sunday, in Shanghai.
    fn now() -> Instant {
        "2026-03-08T04:00:00Z".parse().expect("a time")
    }

    #[test]
    fn each_reason_has_its_code_and_its_sentence() {
        let zone = Zone::shanghai();
        let born = |month, day| Some(Birthday { year: None, month, day, lunar: false });
        let (silver, golden) = (held("银牌"), held("金牌"));
        let day = |on| move |d: &mut Definition| d.when = When { birthday: on, ..When::default() };
        let monthly = |d: &mut Definition| d.quota = Some(Quota { uses: 2, per: Per::Month });
        let at = |text: &str| text.parse::<Instant>().ok();
        type Case<'a> = (&'a str, Benefit, Option<&'a Held>, Option<Birthday>, i64, Result<Right, (&'a str, &'a str)>);
        let cases: Vec<Case<'_>> = vec![
            ("everybody", benefit(|_| {}), None, None, 9, Ok(Right::Own)),
            ("gold", benefit(gold), Some(&golden), None, 0, Ok(Right::Own)),
            ("silver", benefit(gold), Some(&silver), None, 0, Err(("benefit.not_in_tier", "“包邮”限金牌使用，该会员现在是银牌。"))),
            ("no tier", benefit(gold), None, None, 0, Err(("benefit.not_in_tier", "“包邮”限金牌使用，该会员现在没有等级。"))),
            (
                "not begun",
                benefit(|d| d.from = at("2026-04-01T00:00:00+08:00")),
                None,
                None,
                0,
                Err(("benefit.not_begun", "“包邮”2026-04-01 开始。")),
            ),
            (
                "over",
                benefit(|d| d.until = at("2026-03-08T00:00:00+08:00")),
                None,
                None,
                0,
                Err(("benefit.over", "“包邮”已于 2026-03-08 结束。")),
            ),
            ("birth month", benefit(day(OnBirthday::Month)), None, born(3, 31), 0, Ok(Right::Own)),
            (
                "other month",
                benefit(day(OnBirthday::Month)),
                None,
                born(4, 1),
                0,
                Err(("benefit.not_birthday", "“包邮”只在生日当月可用。")),
            ),
            ("birthday", benefit(day(OnBirthday::Day)), None, born(3, 8), 0, Ok(Right::Own)),
            (
                "no birthday",
                benefit(day(OnBirthday::Day)),
                None,
                None,
                0,
                Err(("benefit.birthday_unknown", "不知道该会员的生日，不能使用“包邮”。")),
            ),
            (
                "member day",
                benefit(|d| d.when.month_days = vec![18]),
                None,
                None,
                0,
                Err(("benefit.not_the_day", "“包邮”限会员日使用，下一个会员日是 2026-03-18。")),
            ),
            ("one left", benefit(monthly), None, None, 1, Ok(Right::Own)),
            (
                "used up",
                benefit(monthly),
                None,
                None,
                2,
                Err(("benefit.quota_used", "“包邮”的次数已用完（每月 2 次），2026-04-01 起可再用。")),
            ),
        ];
        for (what, benefit, held, birthday, used, want) in cases {
            let stretch = benefit.definition.quota.map_or_else(Stretch::default, |q| q.per.stretch(&zone, now(), Period::default()));
            let facts = Facts { now: now(), zone: &zone, held, inside: &[], birthday, stretch, used, granted: 0 };
            let got = judge(&benefit, &facts);
            match want {
                Ok(right) => assert_eq!(got, Ok(right), "{what}"),
                Err((code, zh)) => {
                    let refusal = got.expect_err(what);
                    assert_eq!((refusal.code.code, refusal.text(true).as_str()), (code, zh), "{what}");
                    assert!(!refusal.text(false).contains('{') && !refusal.text(true).contains('{'), "{what}: {}", refusal.text(false));
                }
            }
        }
        let paused = Benefit { state: State::Paused, ..benefit(|_| {}) };
        let facts =
            Facts { now: now(), zone: &zone, held: None, inside: &[], birthday: None, stretch: Stretch::default(), used: 0, granted: 3 };
        assert_eq!(judge(&paused, &facts).expect_err("paused").code.code, "benefit.not_active");
        assert_eq!(judge(&benefit(gold), &facts), Ok(Right::Granted), "a use that was given needs no tier");
    }

    proptest! {
        /// Whatever is used, given, held: never more than the quota by one's own right, and never without a use that was given beyond it.
        #[test]
        fn a_quota_is_never_exceeded(uses in 1..5_i64, used in 0..9_i64, granted in 0..3_i64, is_gold in any::<bool>()) {
            let zone = Zone::shanghai();
            let benefit = benefit(|d| { gold(d); d.quota = Some(Quota { uses, per: Per::Ever }); });
            let held = held(if is_gold { "金牌" } else { "银牌" });
            let facts = Facts { now: now(), zone: &zone, held: Some(&held), inside: &[], birthday: None, stretch: Stretch::default(), used, granted };
            let expected = match (is_gold && used < uses, granted > 0) {
                (true, _) => Some(Right::Own),
                (false, true) => Some(Right::Granted),
                (false, false) => None,
            };
            prop_assert_eq!(judge(&benefit, &facts).ok(), expected);
        }
    }
}
