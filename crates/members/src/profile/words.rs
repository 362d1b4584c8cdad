//! The words of a list's filters: the spellings that mean one thing, and words that mean nothing.

use shuke_kernel::{Code, Kind, Result};

use super::gender_of;
use crate::identity::model::{fold_width, normal_namespace};

/// No gender's word.
pub static UNKNOWN_GENDER: Code = Code {
    code: "member.unknown_gender",
    kind: Kind::Invalid,
    zh: "性别写 female、male 或 other，没有“{gender}”。",
    en: "A gender is `female`, `male` or `other`; there is no `{gender}`.",
};

/// A gender's word, or nothing; another word is refused at `field`: a page of nobody would say that
/// there are none.
pub fn gender(word: Option<String>, field: &str) -> Result<String> {
    let word = word.unwrap_or_default();
    if !word.is_empty() && gender_of(&word).is_none() {
        return Err(UNKNOWN_GENDER.with("gender", word).at(field).into());
    }
    Ok(word)
}

/// A platform as keys name it: Tmall's buyers are Taobao's accounts. Own systems have names of their
/// own, so no word is unknown.
pub fn platform(word: Option<String>) -> String {
    normal_namespace(&word.unwrap_or_default())
}

/// What may follow a province's short name: sources write 广东 and 广东省, 广西 and 广西壮族自治区.
pub(super) const SUFFIXES: [&str; 8] = ["", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区"];

/// A province by its short name, however it is written.
pub fn province(word: Option<String>) -> String {
    let word = fold_width(&word.unwrap_or_default());
    // The longest suffix first: 广西壮族自治区 is 广西.
    let short = SUFFIXES.iter().filter(|s| !s.is_empty()).filter_map(|s| word.strip_suffix(s)).min_by_key(|s| s.len());
    short.filter(|s| s.chars().count() >= 2).map(str::to_owned).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_mean_one_thing() {
        for (written, short) in [
            ("广东", "广东"),
            (" 广东省 ", "广东"),
            ("上海市", "上海"),
            ("广西壮族自治区", "广西"),
            ("广西自治区", "广西"),
            ("新疆维吾尔自治区", "新疆"),
            ("内蒙古自治区", "内蒙古"),
            ("香港特别行政区", "香港"),
            ("省", "省"),
            ("", ""),
            ("Bavaria", "Bavaria"),
        ] {
            assert_eq!(province(Some(written.to_owned())), short, "{written}");
        }
        assert_eq!(platform(Some("Tmall".to_owned())), "taobao");
        assert_eq!(platform(Some("erp".to_owned())), "erp");
        assert_eq!(gender(Some("male".to_owned()), "gender").unwrap(), "male");
        assert_eq!(gender(Some("nonsense".to_owned()), "gender").unwrap_err().refusal().unwrap().code.code, "member.unknown_gender");
    }
}
