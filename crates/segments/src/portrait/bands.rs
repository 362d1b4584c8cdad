//! Classes that values fall into, as half-open bands, and what they are called.

/// `[from, to)`; an open end is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Band {
    /// From here on.
    pub from: Option<i64>,
    /// To before this.
    pub to: Option<i64>,
}

/// The band in which a value lies, by number, where the value is beside a cut what `side` says.
pub fn place(cuts: &[i64], at_or_above: impl Fn(i64) -> bool) -> usize {
    cuts.iter().take_while(|cut| at_or_above(**cut)).count()
}

/// The bands between ascending cuts.
pub fn between(cuts: &[i64]) -> Vec<Band> {
    let from = std::iter::once(None).chain(cuts.iter().copied().map(Some));
    let to = cuts.iter().copied().map(Some).chain(std::iter::once(None));
    from.zip(to).map(|(from, to)| Band { from, to }).collect()
}

/// Years.
pub const AGES: &[i64] = &[18, 25, 30, 35, 40, 50, 60];
/// Minor units of a piece.
pub const PRICES: &[i64] = &[5_000, 10_000, 30_000, 50_000, 100_000];
/// Minor units of an order.
pub const ORDER_VALUES: &[i64] = &[5_000, 10_000, 20_000, 50_000, 100_000];
/// Orders.
pub const ORDERS: &[i64] = &[1, 2, 3, 4, 5];
/// Hours of the day.
pub const HOURS: &[i64] = &[6, 9, 12, 14, 18, 21];
/// Shares in millionths; the first is just above nought.
pub const DISCOUNTS: &[i64] = &[1, 100_000, 200_000, 300_000, 500_000];
/// The same of what was given back.
pub const REFUNDS: &[i64] = &[1, 100_000, 300_000, 500_000];

/// Months of a season, from spring on.
pub const SEASONS: [[i64; 3]; 4] = [[3, 4, 5], [6, 7, 8], [9, 10, 11], [12, 1, 2]];

/// The season of a month.
pub fn season(month: i64) -> u32 {
    ((month + 9) % 12 / 3) as u32
}

/// A band of counts: `18–24`, `5+`.
pub fn counts(band: Band, zh: bool) -> String {
    match (band.from, band.to) {
        (Some(from), Some(to)) if to == from + 1 => from.to_string(),
        (Some(from), Some(to)) => format!("{from}–{}", to - 1),
        (Some(from), None) => format!("{from}+"),
        (None, Some(1)) => "0".to_owned(),
        (None, Some(to)) if zh => format!("{to} 以下"),
        (None, Some(to)) => format!("under {to}"),
        (None, None) => if zh { "全部" } else { "all" }.to_owned(),
    }
}

/// A band of hours: `06:00–09:00`.
pub fn hours(band: Band) -> String {
    format!("{:02}:00–{:02}:00", band.from.unwrap_or(0), band.to.unwrap_or(24))
}

/// Fen for people: `¥1,000`, and with fen only where there are any.
fn yuan(fen: i64) -> String {
    let (whole, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut out = if fen < 0 { "−¥".to_owned() } else { "¥".to_owned() };
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if rest > 0 {
        out.push_str(&format!(".{rest:02}"));
    }
    out
}

/// A band of money: `¥100–¥200`, half open.
pub fn money(band: Band, zh: bool) -> String {
    match (band.from.map(yuan), band.to.map(yuan)) {
        (Some(from), Some(to)) => format!("{from}–{to}"),
        (Some(from), None) => {
            if zh {
                format!("{from} 及以上")
            } else {
                format!("{from} and more")
            }
        }
        (None, Some(to)) => {
            if zh {
                format!("{to} 以下")
            } else {
                format!("under {to}")
            }
        }
        (None, None) => if zh { "全部" } else { "all" }.to_owned(),
    }
}

/// A band of shares: `10 %–20 %`, half open.
pub fn shares(band: Band, zh: bool) -> String {
    let percent = |m: i64| format!("{}%", m / 10_000);
    match (band.from, band.to) {
        (None, Some(_)) => if zh { "无" } else { "none" }.to_owned(),
        (Some(1), Some(to)) => {
            if zh {
                format!("{} 以下", percent(to))
            } else {
                format!("under {}", percent(to))
            }
        }
        (Some(from), Some(to)) => format!("{}–{}", percent(from), percent(to)),
        (Some(from), None) => {
            if zh {
                format!("{} 及以上", percent(from))
            } else {
                format!("{} and more", percent(from))
            }
        }
        (None, None) => if zh { "全部" } else { "all" }.to_owned(),
    }
}

/// Millionths of a degree Celsius: frost all day, and from 35 ℃ on what the weather service warns of as heat.
pub const TEMPERATURES: &[i64] = &[0, 10_000_000, 20_000_000, 30_000_000, 35_000_000];

/// A band of temperatures: `10–20℃`, half open.
pub fn degrees(band: Band, zh: bool) -> String {
    let whole = |m: i64| m / 1_000_000;
    match (band.from.map(whole), band.to.map(whole)) {
        (Some(from), Some(to)) => format!("{from}–{to}℃"),
        (Some(from), None) => {
            if zh {
                format!("{from}℃ 及以上")
            } else {
                format!("{from} ℃ and more")
            }
        }
        (None, Some(to)) => {
            if zh {
                format!("{to}℃ 以下")
            } else {
                format!("under {to} ℃")
            }
        }
        (None, None) => if zh { "全部" } else { "all" }.to_owned(),
    }
}

/// Days of the week from Monday.
pub const WEEKDAYS: [(&str, &str); 7] = [
    ("周一", "Monday"),
    ("周二", "Tuesday"),
    ("周三", "Wednesday"),
    ("周四", "Thursday"),
    ("周五", "Friday"),
    ("周六", "Saturday"),
    ("周日", "Sunday"),
];
/// Seasons from spring.
pub const SEASON_NAMES: [(&str, &str); 4] = [
    ("春季（3–5 月）", "spring (Mar–May)"),
    ("夏季（6–8 月）", "summer (Jun–Aug)"),
    ("秋季（9–11 月）", "autumn (Sep–Nov)"),
    ("冬季（12–2 月）", "winter (Dec–Feb)"),
];

/// Parts of the country with their provinces, as the statistical yearbooks divide it.
pub const REGIONS: [(&str, &str, &[&str]); 8] = [
    ("华北", "North", &["北京", "天津", "河北", "山西", "内蒙古"]),
    ("东北", "North-east", &["辽宁", "吉林", "黑龙江"]),
    ("华东", "East", &["上海", "江苏", "浙江", "安徽", "福建", "江西", "山东"]),
    ("华中", "Centre", &["河南", "湖北", "湖南"]),
    ("华南", "South", &["广东", "广西", "海南"]),
    ("西南", "South-west", &["重庆", "四川", "贵州", "云南", "西藏"]),
    ("西北", "North-west", &["陕西", "甘肃", "青海", "宁夏", "新疆"]),
    ("港澳台", "Hong Kong, Macao, Taiwan", &["香港", "澳门", "台湾"]),
];

/// The part of the country of a province.
pub fn region(province: &str) -> Option<u32> {
    REGIONS.iter().position(|(_, _, all)| all.contains(&province)).map(|at| at as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_half_open_and_named() {
        let names: Vec<String> = between(ORDERS).into_iter().map(|b| counts(b, false)).collect();
        assert_eq!(names, ["0", "1", "2", "3", "4", "5+"]);
        assert_eq!(between(AGES).into_iter().map(|b| counts(b, true)).next_back().as_deref(), Some("60+"));
        assert_eq!(place(AGES, |cut| 18 >= cut), 1);
        assert_eq!(place(AGES, |cut| 17 >= cut), 0);
        let names: Vec<String> = between(PRICES).into_iter().map(|b| money(b, true)).collect();
        assert_eq!(names, ["¥50 以下", "¥50–¥100", "¥100–¥300", "¥300–¥500", "¥500–¥1,000", "¥1,000 及以上"]);
        assert_eq!(money(Band { from: Some(123_456_789), to: None }, false), "¥1,234,567.89 and more");
        let names: Vec<String> = between(DISCOUNTS).into_iter().map(|b| shares(b, false)).collect();
        assert_eq!(names, ["none", "under 10%", "10%–20%", "20%–30%", "30%–50%", "50% and more"]);
    }

    #[test]
    fn a_year_has_four_seasons_and_the_country_all_its_provinces() {
        for (at, months) in SEASONS.iter().enumerate() {
            assert!(months.iter().all(|m| season(*m) == at as u32));
        }
        assert_eq!(REGIONS.iter().map(|(_, _, all)| all.len()).sum::<usize>(), 34);
    }
}
