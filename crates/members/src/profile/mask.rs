//! What of an identifier people see by default.

use shuke_kernel::place::{self, Meant, Place};
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

/// What ends the full name of a city, or of what lies right under a province in its place.
const ENDINGS: [&str; 6] = ["市", "自治州", "盟", "地区", "县", "林区"];

/// How much of a text is the full name of a city of the province. What merely ends like one, a town with a market, is
/// none; nor is a short name, which a street may have.
fn city(province: Place, rest: &str) -> usize {
    let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(CITY);
    let is_city = |name: &str| matches!(place::find_in(province, name), Meant::One(found) if !found.is_whole());
    ends.filter(|end| ENDINGS.iter().any(|e| rest[..*end].ends_with(e)) && is_city(&rest[..*end])).last().unwrap_or_default()
}

/// An address: the province and city that it begins with, which the member's card shows as well, and
/// nothing after; of one that begins otherwise only that there is one.
pub fn address(text: &str) -> String {
    let text = text.trim();
    let Some(short) = PROVINCES.iter().find(|p| text.starts_with(**p)) else { return "****".to_owned() };
    let after = |short: &str, rest: &str| {
        let suffixes = region::SUFFIXES.iter().filter(|s| rest[short.len()..].starts_with(**s));
        short.len() + suffixes.map(|s| s.len()).max().unwrap_or_default()
    };
    let (province, rest) = text.split_at(after(short, text));
    // A municipality is named as its own city too; a street of it may be named like a city.
    if PROVINCES[..4].contains(short) {
        return if rest.starts_with(short) { format!("{}****", &rest[..after(short, rest)]) } else { format!("{province}****") };
    }
    let known = match place::find(short) {
        Meant::One(found) => city(found, rest),
        Meant::Several | Meant::None => 0,
    };
    format!("{province}{}****", &rest[..known])
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
            ("上海上海路3号", "上海****"),
            ("浙江省", "浙江省****"),
            ("浙江省浙江省杭州市西湖区", "浙江省浙江省杭州市****"),
            ("广东省 深圳市 南山区", "广东省 深圳市****"),
            ("海南省琼中黎族苗族自治县营根镇", "海南省琼中黎族苗族自治县****"),
            ("湖北省神农架林区松柏镇", "湖北省神农架林区****"),
            ("吉林省吉林市昌邑区", "吉林省吉林市****"),
            ("新疆喀什地区疏勒县", "新疆喀什地区****"),
            // Streets, shops and markets are no cities, nor is a city of another province.
            ("江苏省沙家浜镇王记超市3号", "江苏省****"),
            ("广东省菜市路2号", "广东省****"),
            ("浙江杭州路5号城市之星", "浙江****"),
            ("广西同盟村王宅", "广西****"),
            ("河北省李家地区供销社", "河北省****"),
            ("四川省深圳市", "四川省****"),
            ("江苏省320500号楼", "江苏省****"),
            ("香港旺角城市中心", "香港****"),
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
