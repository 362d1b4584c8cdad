//! One cell: what a spreadsheet or a platform wrapped around the value is taken off, and what could
//! act as a formula in somebody's spreadsheet is recognised.

use std::borrow::Cow;

pub use shuke_sheets::formula::is_blank;

/// The value inside a cell: trimmed, without `="…"`, without the `'` that makes a spreadsheet keep
/// text, and empty where the export writes a word for nothing.
pub fn clean(raw: &str) -> &str {
    let mut s = raw.trim_matches(is_blank);
    if let Some(inner) = s.strip_prefix("=\"").and_then(|s| s.strip_suffix('"')) {
        s = inner.trim_matches(is_blank);
    }
    if let Some(rest) = s.strip_prefix('\'') {
        s = rest.trim_matches(is_blank);
    }
    match s {
        "null" | "NULL" | "Null" | "(null)" | "(NULL)" | "<null>" | "<NULL>" | "<NA>" | "-" | "--" | "—" | "——" | "\\N" | "undefined"
        | "None" | "NONE" | "none" | "nan" | "NaN" | "NAN" | "N/A" | "n/a" => "",
        s => s,
    }
}

/// Words that systems and people write where somebody's name, number or id should stand.
const NOBODY: &[&str] = &[
    "/",
    "//",
    "\\",
    ".",
    "无",
    "暂无",
    "空",
    "没有",
    "未知",
    "不详",
    "匿名",
    "匿名用户",
    "匿名买家",
    "匿名会员",
    "匿名顾客",
    "游客",
    "散客",
    "未填",
    "未填写",
    "未登记",
    "保密",
    "na",
    "nil",
    "unknown",
    "anonymous",
    "guest",
];

/// Whether the text of a cleaned cell stands for nobody: as a key it would make one person of strangers.
pub fn names_nobody(s: &str) -> bool {
    s.is_empty() || s.bytes().all(|b| b == b'0') || is_error(s) || NOBODY.contains(&s) || NOBODY.contains(&s.to_lowercase().as_str())
}

/// What a spreadsheet shows instead of a value: `#N/A`, `#REF!`, or `####` where a column is too narrow.
pub fn is_error(s: &str) -> bool {
    let Some(rest) = s.strip_prefix('#') else { return false };
    (rest.len() >= 2 && rest.bytes().all(|b| b == b'#'))
        || matches!(rest, "N/A" | "REF!" | "VALUE!" | "NAME?" | "DIV/0!" | "NULL!" | "NUM!" | "SPILL!" | "CALC!")
}

/// Whether a cell's text would run as a formula when a spreadsheet opens it. The wrapper `="…"`
/// around a plain value and signed numbers do not count.
pub fn is_formula(raw: &str) -> bool {
    let s = raw.trim_matches(is_blank);
    let mut chars = s.chars();
    let Some(first) = chars.next() else { return false };
    if !matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
        return false;
    }
    let rest = chars.as_str();
    if rest.is_empty() {
        return false;
    }
    if first == '=' && rest.len() >= 2 && rest.starts_with('"') && rest.ends_with('"') && !rest[1..rest.len() - 1].contains('"') {
        return is_formula(&rest[1..rest.len() - 1]);
    }
    if matches!(first, '-' | '－' | '—') && rest.chars().all(|c| matches!(c, '-' | '－' | '—')) {
        return false;
    }
    if matches!(first, '+' | '-' | '＋' | '－') {
        return !rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | ' ' | '-' | '(' | ')'))
            || rest.contains('(') && !rest.contains(')');
    }
    true
}

/// Full-width letters, digits and signs as their ASCII form, ideographic space as a space.
pub fn fold_width(s: &str) -> Cow<'_, str> {
    if s.is_ascii() || !s.chars().any(|c| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}' | '\u{a0}' | '￥' | '−')) {
        return Cow::Borrowed(s);
    }
    Cow::Owned(s.chars().map(fold_char).collect())
}

/// One character of [`fold_width`].
pub fn fold_char(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '￥' => '¥',
        '−' => '-',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_come_off() {
        assert_eq!(clean("=\"1234567890123456789\""), "1234567890123456789");
        assert_eq!(clean("'null"), "");
        assert_eq!(clean("\t6917926768823041000"), "6917926768823041000");
        assert_eq!(clean("=\"\""), "");
        assert_eq!(clean("'+8613800138000"), "+8613800138000");
        assert_eq!(clean("——"), "");
        for nothing in ["nan", "NaN", "N/A", "(null)", "<NA>", "NONE", "'none"] {
            assert_eq!(clean(nothing), "", "{nothing}");
        }
    }

    #[test]
    fn words_for_nobody() {
        for s in ["0", "000", "/", "无", "匿名用户", "#N/A", "########", "Unknown", "NA"] {
            assert!(names_nobody(s), "{s}");
        }
        for s in ["10", "tom", "#1001", "无名小店", "guest1", "#A"] {
            assert!(!names_nobody(s), "{s}");
        }
    }

    #[test]
    fn formulas_are_told_from_numbers_and_wrappers() {
        for f in ["=cmd|'/C calc'!A0", "@SUM(1)", "-2+3+cmd", "+8613800138000 拨打", "=1+1", "=HYPERLINK(\"http://evil.example\",\"x\")"]
        {
            assert!(is_formula(f), "{f}");
        }
        for f in ["=\"123\"", "-1.00", "+8613800138000", "-", "——", "--", "'=1", "abc", "", "\t123", "+86 138-0013-8000"] {
            assert!(!is_formula(f), "{f}");
        }
    }
}
