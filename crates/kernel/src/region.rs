//! Names of provinces and cities: sources write 广东 and 广东省, 广西 and 广西壮族自治区, 上海 and 上海市 of
//! one and the same.

/// What may follow a province's short name; the empty suffix is the short name itself.
pub const SUFFIXES: [&str; 8] = ["", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区"];

/// A province's short name, however it is written; what is none stays as it is.
pub fn short(name: &str) -> &str {
    let name = name.trim();
    // The longest suffix first: 广西壮族自治区 is 广西.
    let short = SUFFIXES.iter().filter(|s| !s.is_empty()).filter_map(|s| name.strip_suffix(s)).min_by_key(|s| s.len());
    short.filter(|s| s.chars().count() >= 2).unwrap_or(name)
}

/// A city's short name: 杭州市 is 杭州, 上海市 is 上海. What is no 市 (a county, a prefecture) stays as it is.
pub fn short_city(name: &str) -> &str {
    let name = name.trim();
    // 沙市 is a place whose name ends so.
    name.strip_suffix('市').filter(|s| s.chars().count() >= 2).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_city_has_one_name() {
        for (name, short) in [
            ("上海市", "上海"),
            ("上海", "上海"),
            (" 广州市 ", "广州"),
            ("沙市", "沙市"),
            ("延边朝鲜族自治州", "延边朝鲜族自治州"),
            ("", ""),
        ] {
            assert_eq!(short_city(name), short);
        }
    }
}
