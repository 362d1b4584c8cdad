//! The words of a list's filters: the spellings that mean one thing, and words that mean nothing.

use shuke_kernel::{Code, Ctx, Kind, Result, region};
use shuke_store::Tx;

use super::gender_of;
use crate::identity::model::{fold_width, normal_namespace};
use crate::identity::{keys, service};

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

/// No platform's word, and no own system's.
pub static UNKNOWN_PLATFORM: Code = Code {
    code: "member.unknown_platform",
    kind: Kind::Invalid,
    zh: "没有叫“{platform}”的平台，也没有会员来自叫这个名字的自有系统。",
    en: "There is no platform `{platform}`, and no member came from a system of that name.",
};

/// Whether that is a platform, or a system of the merchant's own that some member has a key of.
pub fn knows_platform(tx: &mut Tx<'_>, cx: &Ctx, word: &str) -> Result<bool> {
    if word.is_empty() || keys::PLATFORMS.contains(&word) {
        return Ok(true);
    }
    let spaces = service::spaces(tx, cx)?;
    Ok(spaces.iter().any(|(_, namespace, _)| namespace.split(':').next() == Some(word)))
}

/// Refuses a word that [`knows_platform`] does not know, at `field`: a page of nobody would say that
/// there are none.
pub fn known_platform(tx: &mut Tx<'_>, cx: &Ctx, word: &str, field: &str) -> Result<()> {
    if knows_platform(tx, cx, word)? { Ok(()) } else { Err(UNKNOWN_PLATFORM.with("platform", word).at(field).into()) }
}

/// A platform as keys name it: Tmall's buyers are Taobao's accounts.
pub fn platform(word: Option<String>) -> String {
    normal_namespace(&word.unwrap_or_default())
}

/// What may follow a province's short name.
pub(super) use shuke_kernel::region::SUFFIXES;

/// A province by its short name, however it is written.
pub fn province(word: Option<String>) -> String {
    region::short(&fold_width(&word.unwrap_or_default())).to_owned()
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
