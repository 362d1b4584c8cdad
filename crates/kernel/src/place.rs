//! Provinces and cities by code (GB/T 2260), Chinese or English name: which place a text means.
//!
//! A place is named by the short names that members and orders have: `浙江`, and `杭州` in it.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::region;

/// Code, full name, other names divided by `|`; a province before its cities.
static LIST: &str = include_str!("places.tsv");

/// A province, or a city in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The province's short name.
    pub province: &'static str,
    /// The city's; empty: the whole province.
    pub city: &'static str,
}

impl Place {
    /// Whether it is a province.
    pub fn is_whole(self) -> bool {
        self.city.is_empty()
    }

    /// The province that it is, or lies in.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { city: "", ..self }
    }
}

/// What a text means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meant {
    /// This place.
    One(Place),
    /// A name that several have: Suzhou, without its province.
    Several,
    /// No province and no city.
    None,
}

struct Table {
    codes: HashMap<&'static str, Place>,
    names: HashMap<String, Vec<Place>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { codes: HashMap::new(), names: HashMap::new() };
    let mut province = "";
    for line in LIST.lines() {
        let mut cells = line.split('\t');
        let (Some(code), Some(name)) = (cells.next(), cells.next()) else { continue };
        let is_province = code.ends_with("0000");
        let short = if is_province { region::short(name) } else { region::short_city(name) };
        if is_province {
            province = short;
        }
        let place = Place { province, city: if is_province { "" } else { short } };
        table.codes.insert(code, place);
        for name in [name, short].into_iter().chain(cells.next().unwrap_or_default().split('|')).filter(|n| !n.is_empty()) {
            let all = table.names.entry(key(name)).or_default();
            if !all.contains(&place) {
                all.push(place);
            }
        }
    }
    table
});

/// A name without what people write otherwise: case, spaces, apostrophes, hyphens, the width of letters.
fn key(name: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !matches!(c, '\'' | '’' | '‘' | '`' | '-' | '.');
    name.chars().filter(|c| plain(*c)).flat_map(char::to_lowercase).collect()
}

/// What an English name may end in, with what it then is.
const PROVINCE_ENDINGS: [&str; 4] = ["province", "autonomousregion", "municipality", "sar"];
const CITY_ENDINGS: [&str; 3] = ["city", "prefecture", "shi"];

/// The places of that very name; those that its ending allows.
fn named(text: &str) -> Vec<Place> {
    let key = key(text);
    let ending = |endings: &[&str]| endings.iter().find_map(|e| key.strip_suffix(e).filter(|rest| rest.len() > 2).map(str::to_owned));
    let get = |key: &str| TABLE.names.get(key).cloned().unwrap_or_default();
    let found = get(&key);
    if !found.is_empty() {
        return found;
    }
    if let Some(rest) = ending(&PROVINCE_ENDINGS) {
        return get(&rest).into_iter().filter(|p| p.is_whole()).collect();
    }
    let of_city = ending(&CITY_ENDINGS).map(|rest| get(&rest)).unwrap_or_default();
    // A municipality is a province that is a city, too.
    let has_city = of_city.iter().any(|p| !p.is_whole());
    of_city.into_iter().filter(|p| !has_city || !p.is_whole()).collect()
}

fn one(found: &[Place]) -> Meant {
    match found {
        [] => Meant::None,
        [only] => Meant::One(*only),
        // 吉林 and Hainan by themselves are the province.
        all => all.iter().find(|p| p.is_whole()).map_or(Meant::Several, |whole| Meant::One(*whole)),
    }
}

/// The place of a code: six digits, or the first two or four of them; a municipality has a second one for its
/// own cities. Longer codes end in noughts.
fn coded(text: &str) -> Option<Place> {
    let digits = match text.len() {
        2 | 4 | 6 => text,
        9 | 12 if text[6..].bytes().all(|b| b == b'0') => &text[..6],
        _ => return None,
    };
    let whole = format!("{digits:0<6}");
    TABLE.codes.get(whole.as_str()).copied().or_else(|| {
        let is_municipality = ["11", "12", "31", "50"].contains(&&digits[..2]) && ["01", "02"].contains(&&whole[2..4]);
        (is_municipality && whole.ends_with("00")).then(|| TABLE.codes.get(format!("{}0000", &digits[..2]).as_str()).copied()).flatten()
    })
}

/// The place that a text means: a code, a name, or a province with its city (`浙江省杭州市`, `Hangzhou, Zhejiang`).
pub fn find(text: &str) -> Meant {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return coded(text).map_or(Meant::None, Meant::One);
    }
    match one(&named(text)) {
        Meant::None => pair(text),
        found => found,
    }
}

/// A province and a city in one text.
fn pair(text: &str) -> Meant {
    let divides = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '/' | '-' | '—' | '·' | '、' | '_' | '|');
    for (at, c) in text.char_indices() {
        let cut = if divides(c) { at + c.len_utf8() } else { at };
        let (left, right) = (text[..at].trim_matches(divides), text[cut..].trim_matches(divides));
        // English names have spaces in them: only what is written without any may be cut anywhere.
        if left.is_empty() || right.is_empty() || (c.is_ascii() && !divides(c)) {
            continue;
        }
        for (province, city) in [(left, right), (right, left)] {
            let Some(province) = named(province).into_iter().find(|p| p.is_whole()) else { continue };
            if let Meant::One(place) = find_in(province, city) {
                return Meant::One(place);
            }
        }
    }
    Meant::None
}

/// The city that a text means in a province; the province itself where the text names that, or says that it
/// is the municipality's own.
pub fn find_in(province: Place, text: &str) -> Meant {
    let text = text.trim();
    if matches!(text, "" | "市辖区" | "县" | "全省" | "全市" | "全区") {
        return Meant::One(province.whole());
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match coded(text) {
            Some(place) if place.province == province.province => Meant::One(place),
            _ => Meant::None,
        };
    }
    let (cities, whole): (Vec<Place>, Vec<Place>) =
        named(text).into_iter().filter(|p| p.province == province.province).partition(|p| !p.is_whole());
    match (cities.as_slice(), whole.as_slice()) {
        ([city], _) => Meant::One(*city),
        ([], [whole]) => Meant::One(*whole),
        ([], []) => match find_again(text) {
            Some(place) if place.province == province.province => Meant::One(place),
            _ => Meant::None,
        },
        _ => Meant::Several,
    }
}

/// A city cell that repeats its province: 浙江省杭州市.
fn find_again(text: &str) -> Option<Place> {
    let province = TABLE.names.iter().filter(|(name, all)| text.starts_with(name.as_str()) && all.iter().any(|p| p.is_whole()));
    let (name, all) = province.max_by_key(|(name, _)| name.len())?;
    let whole = all.iter().find(|p| p.is_whole())?;
    let rest = text[name.len()..].trim();
    let found = named(rest).into_iter().find(|p| p.province == whole.province)?;
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(meant: Meant) -> String {
        match meant {
            Meant::One(p) => format!("{}/{}", p.province, p.city),
            Meant::Several => "several".to_owned(),
            Meant::None => "none".to_owned(),
        }
    }

    #[test]
    fn places_are_found_however_they_are_written() {
        for (text, place) in [
            ("浙江", "浙江/"),
            ("浙江省", "浙江/"),
            (" 杭州市 ", "浙江/杭州"),
            ("杭州", "浙江/杭州"),
            ("浙江杭州", "浙江/杭州"),
            ("浙江省杭州市", "浙江/杭州"),
            ("浙江省 杭州市", "浙江/杭州"),
            ("浙江-杭州", "浙江/杭州"),
            ("广西壮族自治区", "广西/"),
            ("广西桂林", "广西/桂林"),
            ("内蒙古呼和浩特", "内蒙古/呼和浩特"),
            ("北京市", "北京/"),
            ("上海上海市", "上海/"),
            ("延边州", "吉林/延边朝鲜族自治州"),
            ("延边朝鲜族自治州", "吉林/延边朝鲜族自治州"),
            ("吉林", "吉林/"),
            ("吉林市", "吉林/吉林"),
            ("吉林吉林", "吉林/吉林"),
            ("海南", "海南/"),
            ("海南州", "青海/海南藏族自治州"),
            ("330100", "浙江/杭州"),
            ("3301", "浙江/杭州"),
            ("330000", "浙江/"),
            ("33", "浙江/"),
            ("330100000000", "浙江/杭州"),
            ("110100", "北京/"),
            ("469001", "海南/五指山"),
            ("Zhejiang", "浙江/"),
            ("zhejiang province", "浙江/"),
            ("HANGZHOU", "浙江/杭州"),
            ("Hangzhou City", "浙江/杭州"),
            ("Hangzhou, Zhejiang", "浙江/杭州"),
            ("Zhejiang Hangzhou", "浙江/杭州"),
            ("Inner Mongolia", "内蒙古/"),
            ("Inner Mongolia Hohhot", "内蒙古/呼和浩特"),
            ("Xi'an", "陕西/西安"),
            ("xian", "陕西/西安"),
            ("Shaanxi", "陕西/"),
            ("Jilin", "吉林/"),
            ("Jilin City", "吉林/吉林"),
            ("Beijing City", "北京/"),
            ("Hong Kong", "香港/"),
            ("Suzhou", "several"),
            ("Suzhou, Jiangsu", "江苏/苏州"),
            ("Suzhou, Anhui", "安徽/宿州"),
            ("苏州", "江苏/苏州"),
            ("东京", "none"),
            ("西湖区", "none"),
            ("浙江省杭州市西湖区", "none"),
            ("330106", "none"),
            ("990000", "none"),
            ("1", "none"),
            ("", "none"),
        ] {
            assert_eq!(said(find(text)), place, "{text}");
        }
    }

    #[test]
    fn a_city_is_looked_for_in_its_province() {
        let place = |text: &str| match find(text) {
            Meant::One(p) => p,
            other => panic!("{text}: {other:?}"),
        };
        for (province, city, found) in [
            ("浙江", "杭州市", "浙江/杭州"),
            ("浙江", "", "浙江/"),
            ("浙江", "全省", "浙江/"),
            ("浙江", "浙江", "浙江/"),
            ("浙江", "浙江省杭州市", "浙江/杭州"),
            ("吉林", "吉林", "吉林/吉林"),
            ("上海", "上海", "上海/"),
            ("上海", "市辖区", "上海/"),
            ("安徽", "Suzhou", "安徽/宿州"),
            ("浙江", "苏州", "none"),
            ("浙江", "330100", "浙江/杭州"),
            ("浙江", "320500", "none"),
        ] {
            assert_eq!(said(find_in(place(province), city)), found, "{province} {city}");
        }
    }

    #[test]
    fn every_place_is_found_by_its_code_and_by_its_full_name_in_its_province() {
        for line in LIST.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 3, "{line}");
            let Meant::One(place) = find(cells[0]) else { panic!("{line}") };
            assert_eq!(find_in(place.whole(), cells[1]), Meant::One(place), "{line}");
            assert_eq!(region::short(place.province), place.province, "{line}");
            for name in cells[2].split('|') {
                assert!(matches!(find_in(place.whole(), name), Meant::One(found) if found.province == place.province), "{line}");
            }
        }
    }
}
