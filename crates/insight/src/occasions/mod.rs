//! The promotion calendar: the sales of the year, public holidays, festivals by the lunar calendar,
//! and the merchant's own occasions, as spans of days with a main one. Charts mark them.
//!
//! The sales' spans are what platforms usually do; each year's rules are theirs to announce. Public
//! holidays are the statutory days, not the days off that are moved around them.

pub mod http;
pub mod service;
pub mod sql;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use shuke_kernel::lunar;
use shuke_store::register::{Class::Public, Table};
use utoipa::ToSchema;

/// The crate's tables.
pub const TABLES: &[Table] = &[Table {
    name: "occasion",
    columns: &[(Public, &["merchant", "id", "name", "name_en", "from_day", "to_day", "main_day", "created_at", "updated_at"])],
    key: &["merchant", "id"],
    sealed: &[],
    member: None,
}];

/// Days of which all occasions are told at once: ten years.
pub const SPAN_MAX: i32 = 3_653;

shuke_kernel::ids! {
    /// An occasion of the merchant's own.
    OccasionId = OccasionKind "occ";
}

/// What sort of occasion it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OccasionSort)]
pub enum Sort {
    /// A sale that all platforms hold.
    Sale,
    /// A public holiday.
    Holiday,
    /// A day people celebrate, or give presents on.
    Festival,
    /// The merchant's own.
    Own,
}

/// An occasion's name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OccasionName)]
pub struct Name {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// An occasion.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Occasion {
    /// `occ_…` of the merchant's own; `null` of others.
    #[schema(value_type = Option<String>, example = "occ_01hqzv…")]
    pub id: Option<OccasionId>,
    /// The word of one that everybody has, such as `double_11`; `null` of the merchant's own.
    pub code: Option<String>,
    /// What sort it is.
    pub kind: Sort,
    /// Its name.
    pub name: Name,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The day before which it ends.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// The main day of it.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
}

/// Code, sort, Chinese, English, first day, days, main day counted from the first.
type Fixed = (&'static str, Sort, &'static str, &'static str, (i8, i8), i32, i32);

/// On the same days of every year.
const FIXED: &[Fixed] = &[
    ("new_year", Sort::Holiday, "元旦", "New Year's Day", (1, 1), 1, 0),
    ("valentines_day", Sort::Festival, "情人节", "Valentine's Day", (2, 14), 1, 0),
    ("womens_day", Sort::Sale, "38节", "Women's Day sale", (3, 8), 1, 0),
    ("labour_day", Sort::Holiday, "劳动节", "Labour Day", (5, 1), 5, 0),
    ("may_20", Sort::Festival, "520", "520 (I love you)", (5, 20), 1, 0),
    ("childrens_day", Sort::Festival, "儿童节", "Children's Day", (6, 1), 1, 0),
    ("june_18", Sort::Sale, "618", "618", (6, 1), 20, 17),
    ("national_day", Sort::Holiday, "国庆", "National Day", (10, 1), 7, 0),
    ("double_11_presale", Sort::Sale, "双11预售", "Double 11 pre-sale", (10, 20), 22, 0),
    ("double_11", Sort::Sale, "双11", "Double 11", (11, 11), 1, 0),
    ("double_12", Sort::Sale, "双12", "Double 12", (12, 12), 1, 0),
    ("christmas", Sort::Festival, "圣诞节", "Christmas", (12, 25), 1, 0),
];

/// By the lunar calendar: month and day of the first day.
const LUNAR: &[Fixed] = &[
    ("spring_festival", Sort::Holiday, "春节", "Spring Festival", (1, 1), 7, 0),
    ("lantern_festival", Sort::Festival, "元宵节", "Lantern Festival", (1, 15), 1, 0),
    ("dragon_boat", Sort::Holiday, "端午节", "Dragon Boat Festival", (5, 5), 1, 0),
    ("qixi", Sort::Festival, "七夕", "Qixi", (7, 7), 1, 0),
    ("mid_autumn", Sort::Holiday, "中秋节", "Mid-Autumn Festival", (8, 15), 1, 0),
    ("double_ninth", Sort::Festival, "重阳节", "Double Ninth Festival", (9, 9), 1, 0),
    ("laba", Sort::Festival, "腊八节", "Laba Festival", (12, 8), 1, 0),
];

/// The `nth` weekday of a month.
fn weekday(year: i16, month: i8, nth: i8, weekday: Weekday) -> Option<Date> {
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
}

fn occasion(code: &str, kind: Sort, zh: &str, en: &str, from: Date, days: i32, main: i32) -> Occasion {
    let on = |days: i32| from.saturating_add(days.days());
    Occasion {
        id: None,
        code: Some(code.to_owned()),
        kind,
        name: Name { zh: zh.to_owned(), en: en.to_owned() },
        from,
        to: on(days),
        day: on(main),
    }
}

/// The occasions that begin in a year of the common calendar or in the lunar year of its number.
fn of_year(year: i16, out: &mut Vec<Occasion>) {
    let fixed = |(code, kind, zh, en, _, days, main): &Fixed, from: Option<Date>| {
        from.map(|from| occasion(code, *kind, zh, en, from, *days, *main))
    };
    out.extend(FIXED.iter().filter_map(|f| fixed(f, Date::new(year, f.4.0, f.4.1).ok())));
    out.extend(LUNAR.iter().filter_map(|f| fixed(f, lunar::day(year, f.4.0, f.4.1))));
    let one = |code, kind, zh, en, day: Option<Date>| day.map(|day| occasion(code, kind, zh, en, day, 1, 0));
    out.extend(one("pure_brightness", Sort::Holiday, "清明节", "Qingming", lunar::pure_brightness(year)));
    out.extend(one("mothers_day", Sort::Festival, "母亲节", "Mother's Day", weekday(year, 5, 2, Weekday::Sunday)));
    out.extend(one("fathers_day", Sort::Festival, "父亲节", "Father's Day", weekday(year, 6, 3, Weekday::Sunday)));
    if let (Some(spring), Some(laba)) = (lunar::day(year, 1, 1), lunar::day(year - 1, 12, 8)) {
        let eve = spring.saturating_sub(1.day());
        out.extend(one("new_years_eve", Sort::Festival, "除夕", "Chinese New Year's Eve", Some(eve)));
        // People stock up for the festival from Laba on, as long as parcels still travel.
        let days = (eve - laba).get_days();
        out.push(occasion("new_year_shopping", Sort::Sale, "年货节", "New Year shopping festival", laba, days, 0));
    }
}

/// The occasions that everybody has and that touch the days from `from` until before `to`, by their
/// first day.
pub fn built_in(from: Date, to: Date) -> Vec<Occasion> {
    let mut all = Vec::new();
    for year in from.year().saturating_sub(1)..=to.year().saturating_add(1) {
        of_year(year, &mut all);
    }
    all.retain(|o| from < to && o.from < to && o.to > from);
    sort(&mut all);
    all
}

/// By first day, longer ones first, then by name.
pub(crate) fn sort(all: &mut [Occasion]) {
    all.sort_by(|a, b| (a.from, b.to, &a.code, &a.name.zh, a.id).cmp(&(b.from, a.to, &b.code, &b.name.zh, b.id)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(year: i16) -> Vec<(String, String)> {
        let all = built_in(Date::constant(year, 1, 1), Date::constant(year + 1, 1, 1));
        all.into_iter().map(|o| (o.code.unwrap_or_default(), format!("{} {} {}", o.from, o.to, o.day))).collect()
    }

    fn find(all: &[(String, String)], code: &str) -> Vec<String> {
        all.iter().filter(|(c, _)| c == code).map(|(_, days)| days.clone()).collect()
    }

    #[test]
    fn a_year_has_its_sales_and_festivals() {
        let year = of(2026);
        for (code, days) in [
            ("new_year", "2026-01-01 2026-01-02 2026-01-01"),
            ("new_year_shopping", "2026-01-26 2026-02-16 2026-01-26"),
            ("new_years_eve", "2026-02-16 2026-02-17 2026-02-16"),
            ("spring_festival", "2026-02-17 2026-02-24 2026-02-17"),
            ("lantern_festival", "2026-03-03 2026-03-04 2026-03-03"),
            ("womens_day", "2026-03-08 2026-03-09 2026-03-08"),
            ("pure_brightness", "2026-04-05 2026-04-06 2026-04-05"),
            ("mothers_day", "2026-05-10 2026-05-11 2026-05-10"),
            ("may_20", "2026-05-20 2026-05-21 2026-05-20"),
            ("june_18", "2026-06-01 2026-06-21 2026-06-18"),
            ("dragon_boat", "2026-06-19 2026-06-20 2026-06-19"),
            ("fathers_day", "2026-06-21 2026-06-22 2026-06-21"),
            ("qixi", "2026-08-19 2026-08-20 2026-08-19"),
            ("mid_autumn", "2026-09-25 2026-09-26 2026-09-25"),
            ("national_day", "2026-10-01 2026-10-08 2026-10-01"),
            ("double_ninth", "2026-10-18 2026-10-19 2026-10-18"),
            ("double_11_presale", "2026-10-20 2026-11-11 2026-10-20"),
            ("double_11", "2026-11-11 2026-11-12 2026-11-11"),
            ("double_12", "2026-12-12 2026-12-13 2026-12-12"),
        ] {
            assert_eq!(find(&year, code), [days], "{code}");
        }
    }

    #[test]
    fn a_lunar_year_that_reaches_into_the_next_is_found_by_its_day() {
        // Laba of 2022 lies in December of that year, that of 2021 in January.
        assert_eq!(find(&of(2022), "laba"), ["2022-01-10 2022-01-11 2022-01-10", "2022-12-30 2022-12-31 2022-12-30"]);
        assert_eq!(find(&of(2022), "new_year_shopping").len(), 2);
        assert!(find(&of(2023), "laba").is_empty());
    }

    #[test]
    fn what_touches_a_day_is_told_and_nothing_else() {
        let day = Date::constant(2026, 11, 3);
        let codes: Vec<_> = built_in(day, day.saturating_add(1.day())).into_iter().filter_map(|o| o.code).collect();
        assert_eq!(codes, ["double_11_presale"]);
        assert!(built_in(day, day).is_empty());
        // Beyond the tables the days of the common calendar stay.
        assert!(built_in(Date::constant(2150, 1, 1), Date::constant(2151, 1, 1)).iter().any(|o| o.code.as_deref() == Some("double_11")));
    }
}
