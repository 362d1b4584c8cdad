//! Phones, e-mails, account names and addresses: what is whole, what is masked or enciphered, and
//! what is none of them. Only whole values can ever become keys.

use crate::cell::fold_width;

/// A phone cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Phone {
    /// A whole number: eleven digits of a mainland mobile, or `+` and digits of any other.
    Whole(String),
    /// A land line; kept, never a key.
    Landline(String),
    /// Partly hidden by the source.
    Masked(String),
    /// Ciphertext of a platform, or a number that a platform lends for one delivery.
    Hidden(String),
    /// None of these.
    Bad(String),
}

impl Phone {
    /// The text whatever it is.
    pub fn text(&self) -> &str {
        match self {
            Self::Whole(s) | Self::Landline(s) | Self::Masked(s) | Self::Hidden(s) | Self::Bad(s) => s,
        }
    }
}

/// The first of several whole mobile numbers in one cell, divided by `/`, `,` and the like.
pub fn first_of_several(text: &str) -> Option<&str> {
    let mut parts = text.split(['/', ',', '，', '、', ';', '；', '|', ' ']).map(str::trim).filter(|p| !p.is_empty());
    let first = parts.next()?;
    let whole = |p: &str| p.len() >= 11 && matches!(phone(p), Phone::Whole(_));
    let rest: Vec<&str> = parts.collect();
    (whole(first) && !rest.is_empty() && rest.iter().all(|p| whole(p))).then_some(first)
}

/// Reads a cleaned, non-empty phone cell.
pub fn phone(text: &str) -> Phone {
    if is_cipher(text) {
        return Phone::Hidden(text.to_owned());
    }
    if text.contains('*') || text.contains('＊') {
        return Phone::Masked(text.to_owned());
    }
    let folded = fold_width(text);
    let compact: String = folded.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '\u{a0}' | '‐' | '–')).collect();
    if folded.contains('转')
        || (folded.ends_with(']') && folded.contains('['))
        || (folded.contains('-')
            && compact.len() > 11
            && compact.starts_with('1')
            && folded.split('-').next().is_some_and(|p| p.trim().len() == 11))
    {
        return Phone::Hidden(text.to_owned());
    }
    let compact = match compact.strip_prefix("00").filter(|r| abroad(r).is_some()) {
        Some(rest) => format!("+{rest}"),
        None => compact,
    };
    let digits = compact.strip_prefix('+').unwrap_or(&compact);
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Phone::Bad(text.to_owned());
    }
    let local = if compact.starts_with('+') {
        digits.strip_prefix("86")
    } else {
        digits
            .strip_prefix("0086")
            .or_else(|| digits.strip_prefix("086").filter(|r| r.len() == 11))
            .or_else(|| digits.strip_prefix("86").filter(|r| r.len() == 11))
            .or(Some(digits))
    };
    if let Some(local) = local {
        let b = local.as_bytes();
        if b.len() == 11 && b[0] == b'1' && (b'3'..=b'9').contains(&b[1]) {
            return Phone::Whole(local.to_owned());
        }
    }
    if let Some(whole) = abroad(digits) {
        return whole;
    }
    // A land line of China with its code.
    if compact.starts_with('+')
        && digits.strip_prefix("86").is_some_and(|r| (9..=12).contains(&r.len()) && (r.len() != 11 || !r.starts_with('1')))
    {
        return Phone::Landline(text.to_owned());
    }
    if compact.starts_with('+') && (7..=15).contains(&digits.len()) && !digits.starts_with("86") && !digits.starts_with('0') {
        return Phone::Whole(compact);
    }
    if (digits.starts_with('0') && (10..=12).contains(&digits.len()))
        || ((7..=8).contains(&digits.len()) && !digits.starts_with('1'))
        || digits.starts_with("400") && digits.len() == 10
    {
        return Phone::Landline(text.to_owned());
    }
    Phone::Bad(text.to_owned())
}

/// A number of Hong Kong, Macau or Taiwan with its code, with or without a `+` before it: no number of
/// the mainland begins like that and is as long.
fn abroad(digits: &str) -> Option<Phone> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole = |code: &str, local: &str| Phone::Whole(format!("+{code}{local}"));
    let fixed = |code: &str, local: &str| Phone::Landline(format!("+{code}{local}"));
    if let Some(local) = digits.strip_prefix("852").filter(|l| l.len() == 8) {
        return match local.as_bytes()[0] {
            b'4'..=b'9' => Some(whole("852", local)),
            b'2' | b'3' => Some(fixed("852", local)),
            _ => None,
        };
    }
    if let Some(local) = digits.strip_prefix("853").filter(|l| l.len() == 8) {
        return match local.as_bytes()[0] {
            b'6' => Some(whole("853", local)),
            b'2' | b'8' => Some(fixed("853", local)),
            _ => None,
        };
    }
    // The 0 before a number of Taiwan is dialled within it only.
    let local = digits.strip_prefix("886")?;
    let local = local.strip_prefix('0').unwrap_or(local);
    match (local.len(), local.as_bytes().first()?) {
        (9, b'9') => Some(whole("886", local)),
        (8 | 9, b'2'..=b'8') => Some(fixed("886", local)),
        _ => None,
    }
}

/// Ciphertext as Douyin, Youzan and Taobao write it: never a key, never shown.
pub fn is_cipher(text: &str) -> bool {
    (text.starts_with("##") && text.len() > 4)
        || (text.starts_with('$') && text.ends_with('$') && text.len() > 4)
        || (text.starts_with('~') && text.ends_with('~') && text.len() > 4)
        || (text.starts_with("#") && text.ends_with("##") && text.len() > 8)
}

/// Whether the source hid part of the value.
pub fn is_masked(text: &str) -> bool {
    text.contains('*') || text.contains('＊') || text.contains("●●")
}

/// Whether this can be an e-mail address.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty()
        && text.len() <= 254
        && !domain.contains('@')
        && !text.chars().any(|c| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"'))
        && domain.split('.').count() >= 2
        && domain.split('.').all(|p| !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '-'))
}

/// Whether a text has a mainland mobile number in it that is not part of a longer number.
pub fn has_mobile(text: &str) -> bool {
    let b = text.as_bytes();
    let mut i = 0;
    while i < b.len() {
        if b[i].is_ascii_digit() {
            let start = i;
            while i < b.len() && b[i].is_ascii_digit() {
                i += 1;
            }
            if i - start == 11 && b[start] == b'1' && (b'3'..=b'9').contains(&b[start + 1]) {
                return true;
            }
        } else {
            i += 1;
        }
    }
    false
}

/// Province, city, district and the rest of an address, as far as they can be told apart.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct AddressParts {
    /// Province, with its own ending.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District.
    pub district: Option<String>,
}

const PROVINCES: &[&str] = &[
    "北京市",
    "北京",
    "天津市",
    "天津",
    "上海市",
    "上海",
    "重庆市",
    "重庆",
    "河北省",
    "山西省",
    "辽宁省",
    "吉林省",
    "黑龙江省",
    "江苏省",
    "浙江省",
    "安徽省",
    "福建省",
    "江西省",
    "山东省",
    "河南省",
    "湖北省",
    "湖南省",
    "广东省",
    "海南省",
    "四川省",
    "贵州省",
    "云南省",
    "陕西省",
    "甘肃省",
    "青海省",
    "台湾省",
    "台湾",
    "内蒙古自治区",
    "内蒙古",
    "广西壮族自治区",
    "广西",
    "西藏自治区",
    "西藏",
    "宁夏回族自治区",
    "宁夏",
    "新疆维吾尔自治区",
    "新疆",
    "香港特别行政区",
    "香港",
    "澳门特别行政区",
    "澳门",
];

/// A district's name: a number alone is a house or a code, and no district.
pub fn district(text: impl Into<String>) -> Option<String> {
    Some(text.into()).filter(|t| t.chars().any(char::is_alphabetic))
}

/// Divides an address in one cell. Only what is certain is told.
pub fn address(text: &str) -> AddressParts {
    let text = text.trim();
    let pieces: Vec<&str> = text.split_whitespace().collect();
    let known = |p: &str| PROVINCES.iter().any(|q| p == *q || q.strip_suffix('省') == Some(p));
    if pieces.len() >= 4 && known(pieces[0]) {
        return AddressParts { province: Some(pieces[0].to_owned()), city: Some(pieces[1].to_owned()), district: district(pieces[2]) };
    }
    let Some(province) = PROVINCES.iter().find(|p| text.starts_with(**p)) else { return AddressParts::default() };
    let rest = text[province.len()..].trim_start();
    let cut = |s: &str, ends: &[&str]| -> Option<usize> {
        ends.iter().filter_map(|e| s.find(e).map(|i| i + e.len())).filter(|i| s[..*i].chars().count() <= 12).min()
    };
    let mut out = AddressParts { province: Some((*province).to_owned()), ..AddressParts::default() };
    if let Some(i) = cut(rest, &["市", "自治州", "地区", "盟", "州"]) {
        out.city = Some(rest[..i].to_owned());
        let rest = rest[i..].trim_start();
        if let Some(j) = cut(rest, &["区", "县", "市", "旗"]) {
            out.district = district(&rest[..j]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones() {
        for s in ["13800138000", "+8613800138000", "86 138-0013-8000", "008613800138000", "１３８００１３８０００"] {
            assert_eq!(phone(s), Phone::Whole("13800138000".into()), "{s}");
        }
        assert_eq!(phone("+14155550100"), Phone::Whole("+14155550100".into()));
        assert!(matches!(phone("0571-88885165"), Phone::Landline(_)));
        assert!(matches!(phone("138****0000"), Phone::Masked(_)));
        assert!(matches!(phone("$$39515b5b0e$$1$"), Phone::Hidden(_)));
        assert!(matches!(phone("18400001234-1234"), Phone::Hidden(_)));
        assert!(matches!(phone("18400001234[1234]"), Phone::Hidden(_)));
        assert!(matches!(phone("abc"), Phone::Bad(_)));
        assert!(matches!(phone("1380013800"), Phone::Bad(_)));
    }

    #[test]
    fn phones_of_hong_kong_macau_and_taiwan() {
        for s in ["+852 9123 4567", "852-91234567", "00852 9123 4567", "85291234567", "(852)9123-4567", "＋８５２　９１２３　４５６７"]
        {
            assert_eq!(phone(s), Phone::Whole("+85291234567".into()), "{s}");
        }
        for s in ["+853 6612 3456", "85366123456", "00853-66123456"] {
            assert_eq!(phone(s), Phone::Whole("+85366123456".into()), "{s}");
        }
        for s in ["+886 912 345 678", "886912345678", "+886-0912-345-678", "00886912345678", "+886(0)912345678"] {
            assert_eq!(phone(s), Phone::Whole("+886912345678".into()), "{s}");
        }
        for s in ["852-2123 4567", "+853 2812 3456", "+886-2-2345-6789", "+86-571-88885165"] {
            assert!(matches!(phone(s), Phone::Landline(_)), "{s}: {:?}", phone(s));
        }
        for s in ["85211234567", "8529123456", "8869123"] {
            assert!(!matches!(phone(s), Phone::Whole(_)), "{s}: {:?}", phone(s));
        }
    }

    #[test]
    fn mobiles_in_memos() {
        assert!(has_mobile("改地址 联系13800138000"));
        assert!(!has_mobile("+8613800138000 拨打"));
        assert!(!has_mobile("单号 113800138000"));
    }

    #[test]
    fn addresses() {
        let a = address("新疆维吾尔自治区 乌鲁木齐市 天山区 解放北路 101号 (000000)");
        assert_eq!(a.district.as_deref(), Some("天山区"));
        let b = address("广东省深圳市南山区科技南路*****");
        assert_eq!((b.province.as_deref(), b.city.as_deref(), b.district.as_deref()), (Some("广东省"), Some("深圳市"), Some("南山区")));
        let c = address("上海上海市浦东新区张杨路*****");
        assert_eq!((c.city.as_deref(), c.district.as_deref()), (Some("上海市"), Some("浦东新区")));
        let d = address("上海 上海市 19655 某路 1号");
        assert_eq!((d.city.as_deref(), d.district), (Some("上海市"), None), "a number is no district");
        assert_eq!(address("Baker Street 221b"), AddressParts::default());
    }

    #[test]
    fn emails() {
        assert!(is_email("u0.317@example.com"));
        assert!(!is_email("not-an-email"));
        assert!(!is_email("a@b"));
        assert!(!is_email("a b@example.com"));
    }
}
