//! What is wrong at a place of a file: a stable word for programs, a sentence for people in both languages.

/// Why something breaks the format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// Never renamed: `missing`, `unknown_key`, `wrong_type` and the like.
    pub word: &'static str,
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

pub(super) fn reason(word: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Reason {
    Reason { word, zh: zh.into(), en: en.into() }
}

/// The key is not there.
pub(super) fn missing() -> Reason {
    reason("missing", "缺少这一项", "is missing")
}

/// Another kind of value than the format has here; each given in both languages.
pub(super) fn expected(wanted: (&str, &str), found: (&str, &str)) -> Reason {
    let zh = format!("这里应为{}，现在是{}", wanted.0, found.0);
    reason("wrong_type", zh, format!("expected {}, found {}", wanted.1, found.1))
}

/// A value that is not one of the format's forms, such as a time with another offset.
pub(super) fn form(zh: impl Into<String>, en: impl Into<String>) -> Reason {
    reason("wrong_form", zh, en)
}

/// A word that nobody knows here.
pub(super) fn none_of(found: &str, words: &str) -> Reason {
    reason("unknown_word", format!("没有“{found}”，只能是 {words}"), format!("`{found}` is none of {words}"))
}

/// A kind that there is not.
pub(super) fn unknown_kind(kind: &str) -> Reason {
    reason("unknown_word", format!("没有“{kind}”这种类型"), format!("unknown kind `{kind}`"))
}

/// A name that stands twice where it may stand once.
pub(super) fn twice(id: &str) -> Reason {
    reason("stands_twice", format!("“{id}”出现了两次"), format!("`{id}` stands twice"))
}

/// A number below the least, or beyond what can be reckoned.
pub(super) fn out_of_range(zh: impl Into<String>, en: impl Into<String>) -> Reason {
    reason("out_of_range", zh, en)
}

/// Something named that the files do not have.
pub(super) fn not_there(zh: impl Into<String>, en: impl Into<String>) -> Reason {
    reason("not_there", zh, en)
}

/// A rule of the format that more than one key is about.
pub(super) fn breaks(zh: impl Into<String>, en: impl Into<String>) -> Reason {
    reason("breaks_a_rule", zh, en)
}
