//! What of an identifier people see by default.

use shuke_kernel::region;

use crate::identity::KeyKind;

/// 张三 → 张*, 欧阳小明 → 欧***.
pub fn name(text: &str) -> String {
    let mut chars = text.trim().chars();
    match chars.next() {
        None => String::new(),
        Some(first) => format!("{first}{}", "*".repeat(chars.count().clamp(1, 3))),
    }
}

/// 13800000000 → 138****0000.
pub fn phone(text: &str) -> String {
    let digits: Vec<char> = text.chars().collect();
    if digits.len() < 8 {
        return "****".to_owned();
    }
    let (head, tail): (String, String) = (digits[..3].iter().collect(), digits[digits.len() - 4..].iter().collect());
    format!("{head}****{tail}")
}

/// anna@x.com → a***@x.com.
pub fn email(text: &str) -> String {
    match text.split_once('@') {
        Some((local, domain)) => format!("{}***@{domain}", local.chars().next().unwrap_or('*')),
        None => "***".to_owned(),
    }
}

/// An id or account name: its ends.
pub fn word(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    match chars.len() {
        0 => String::new(),
        1..=2 => format!("{}**", chars[0]),
        3..=7 => format!("{}**{}", chars[0], chars[chars.len() - 1]),
        n => format!("{}{}***{}{}", chars[0], chars[1], chars[n - 2], chars[n - 1]),
    }
}

/// Short names of provinces, as addresses begin with them.
const PROVINCES: [&str; 34] = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
];

/// The longest name of a city or prefecture, in characters.
const CITY: usize = 12;

/// An address: the province and city that it begins with, which the member's card shows as well, and
/// nothing after; of one that begins otherwise only that there is one.
pub fn address(text: &str) -> String {
    let text = text.trim();
    let Some(short) = PROVINCES.iter().find(|p| text.starts_with(**p)) else { return "****".to_owned() };
    let rest = &text[short.len()..];
    let suffix = region::SUFFIXES.iter().filter(|s| rest.starts_with(**s)).max_by_key(|s| s.len()).map_or(0, |s| s.len());
    let (province, rest) = text.split_at(short.len() + suffix);
    let near = rest.char_indices().nth(CITY).map_or(rest, |(at, _)| &rest[..at]);
    let end = |word: &str| near.find(word).map(|at| at + word.len());
    // The first that ends a name: a district or a market further on is no city.
    let city = ["自治州", "地区", "盟", "市"].into_iter().filter_map(end).min().map_or("", |at| &rest[..at]);
    let short_of = |word: &str| region::short(region::short_city(word)).to_owned();
    // A street of a municipality may hold the word as well: 上海浦东新区曹市路.
    let municipality = PROVINCES[..4].contains(short);
    match (municipality, city) {
        (true, city) if short_of(city) == *short => format!("{city}****"),
        (true, _) | (false, "") => format!("{province}****"),
        (false, city) => format!("{province}{city}****"),
    }
}

/// The mask that fits a key's kind.
pub fn key(kind: KeyKind, value: &str) -> String {
    match kind {
        KeyKind::Phone | KeyKind::ReceiverPhone => phone(value),
        KeyKind::Email => email(value),
        KeyKind::ReceiverName => name(value),
        KeyKind::ReceiverAddress => address(value.split_once('|').map_or(value, |(_, a)| a)),
        _ => word(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen() {
        assert_eq!(name("张三"), "张*");
        assert_eq!(name("欧阳小明"), "欧***");
        assert_eq!(name(""), "");
        assert_eq!(phone("13800000000"), "138****0000");
        assert_eq!(phone("123"), "****");
        assert_eq!(email("anna@x.com"), "a***@x.com");
        assert_eq!(word("tb123456789"), "tb***89");
        assert_eq!(word("ab"), "a**");
    }

    #[test]
    fn of_an_address_the_region_alone_is_seen() {
        for (written, shown) in [
            ("广东省深圳市南山区科技园1号", "广东省深圳市****"),
            ("广东深圳市南山区", "广东深圳市****"),
            ("新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿图什市光明路", "新疆维吾尔自治区克孜勒苏柯尔克孜自治州****"),
            ("内蒙古自治区锡林郭勒盟锡林浩特市", "内蒙古自治区锡林郭勒盟****"),
            ("上海市上海市浦东新区", "上海市****"),
            ("上海上海市浦东新区", "上海市****"),
            ("上海市浦东新区世纪大道", "上海市****"),
            ("上海浦东新区菜市路", "上海****"),
            ("浙江省", "浙江省****"),
            ("科技园1号", "****"),
            ("", "****"),
            ("***", "****"),
        ] {
            assert_eq!(address(written), shown, "{written}");
        }
        assert_eq!(key(KeyKind::ReceiverAddress, "阿依古丽|广东省深圳市南山区科技园1号"), "广东省深圳市****");
        assert_eq!(key(KeyKind::ReceiverAddress, "阿依古丽|科技园1号"), "****");
    }
}
