//! Header names reduced to what they say: width, case, spaces, brackets with units, punctuation and
//! traditional characters make no difference.

use std::collections::HashMap;
use std::sync::LazyLock;

use shuke_kernel::Currency;

use crate::cell::{clean, fold_char};

/// Traditional characters of header and status words beside their simplified forms.
const TRADITIONAL: &str = "訂订單单編编號号買买會会員员帳账賬账稱称應应貨货款款郵邮費费實实際际額额狀状態态關关閉闭聯联繫系電电話话機机創创建建時时間间標标題题種种類类備备註注數数總总優优惠惠扣扣價价規规格格屬属寶宝貝贝商商家家發发確确認认賣卖暱昵稱称積积點点級级別别門门鋪铺名名稱称運运送送遞递編编碼码條条圖图庫库產产簽签達达轉转兌兑獲获開开終终結结餘余儲储資资臺台灣湾區区縣县鄉乡鎮镇鄰邻號号樓楼層层歲岁計计歷历內内幣币別别類类圍围體体團团購购倉仓異异處处擇择務务導导滿满減减壓压現现過过進进遲迟還还這这從从個个與与為为無无來来對对於于後后裡里匯汇";

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut pairs = HashMap::new();
    let mut it = TRADITIONAL.chars();
    while let (Some(t), Some(s)) = (it.next(), it.next()) {
        pairs.insert(t, s);
    }
    pairs
});

fn simplify_char(c: char) -> char {
    if c.is_ascii() { c } else { SIMPLIFIED.get(&c).copied().unwrap_or(c) }
}

/// The text with traditional characters of our vocabulary in their simplified form.
pub fn simplify(s: &str) -> String {
    s.chars().map(simplify_char).collect()
}

/// The header as it is shown and named in reasons: wrappers and outer white space off.
pub fn shown(raw: &str) -> String {
    clean(raw).replace(['\r', '\n'], "").trim().to_owned()
}

/// The header reduced to letters and digits, bracketed remarks dropped.
pub fn key(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut depth = 0_u32;
    for c in clean(raw).chars().map(fold_char) {
        match c {
            '(' | '[' | '【' | '〔' | '{' | '<' => depth += 1,
            ')' | ']' | '】' | '〕' | '}' | '>' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => out.extend(simplify_char(c).to_lowercase()),
            _ => {}
        }
    }
    if out.is_empty() {
        // All of it stood in brackets.
        out = clean(raw).chars().map(fold_char).filter(|c| c.is_alphanumeric()).map(simplify_char).flat_map(char::to_lowercase).collect();
    }
    for unit in ["人民币", "cny", "rmb", "元"] {
        if let Some(rest) = out.strip_suffix(unit).filter(|r| r.chars().count() >= 2) {
            out = rest.to_owned();
        }
    }
    out
}

/// What stands beside the columns of a file in the sheet of its rejects, in Chinese and English:
/// what is wrong, what to do, and the record that the row is of.
pub const BESIDE: [[&str; 3]; 2] =
    [["问题", "怎么办", "熟客修正编号（请保留此列）"], ["What is wrong", "What to do", "Shuke reference (keep this column)"]];

fn is_one_of(name: &str, columns: &[usize]) -> bool {
    let key = key(name);
    columns.iter().any(|c| BESIDE.iter().any(|words| self::key(words[*c]) == key))
}

/// Whether a column of that name holds references to records in quarantine.
pub fn is_reference(name: &str) -> bool {
    // Most names are told apart without reducing them.
    name.contains(['熟', 'S', 's']) && is_one_of(name, &[2])
}

/// Whether a column of that name is one of ours in a sheet of rejects.
pub fn is_beside(name: &str) -> bool {
    is_one_of(name, &[0, 1, 2])
}

/// What a header's bracket says of the amounts below it: by how many decimal places its unit is
/// larger than the currency's own, and the currency. `实付金额(分)` is −2, `销售额(万元)` is 4.
pub fn unit(raw: &str) -> (i8, Option<Currency>) {
    let shown: String = clean(raw).chars().map(fold_char).collect();
    let (mut shift, mut currency) = (0, None);
    for part in shown.split(['(', '[', '【', '〔', '{', ':', ')', ']', '】', '〕', '}']).skip(1) {
        let word = part.trim().trim_start_matches("单位").trim().to_uppercase();
        match word.as_str() {
            "分" | "人民币分" => shift = -2,
            "角" => shift = -1,
            "千元" => shift = 3,
            "万元" | "万" => shift = 4,
            "百万元" => shift = 6,
            "亿元" | "亿" => shift = 8,
            "USD" | "US$" | "美元" | "$" => currency = Some("USD"),
            "HKD" | "HK$" | "港币" | "港元" => currency = Some("HKD"),
            "EUR" | "€" | "欧元" => currency = Some("EUR"),
            "GBP" | "£" | "英镑" => currency = Some("GBP"),
            "JPY" | "日元" => currency = Some("JPY"),
            "CNY" | "RMB" | "人民币" => currency = Some("CNY"),
            _ => {}
        }
    }
    (shift, currency.and_then(|c| c.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_brackets() {
        assert_eq!(unit("实付金额(分)"), (-2, None));
        assert_eq!(unit("销售额（单位：万元）"), (4, None));
        assert_eq!(unit("实付金额（元）"), (0, None));
        assert_eq!(unit("Total (USD)").1.map(|c| c.code().to_owned()).as_deref(), Some("USD"));
        assert_eq!(unit("实付金额"), (0, None));
    }

    #[test]
    fn the_same_header() {
        for h in [
            "用户实付金额(元)",
            "用户实付金额（元）",
            " 用户实付金额 ",
            "用户实付金额",
            "\u{feff}用户实付金额",
            "用 户实付金额",
            "=\"用户实付金额\"",
        ] {
            assert_eq!(key(h), "用户实付金额", "{h}");
        }
        assert_eq!(key("Lineitem quantity"), "lineitemquantity");
        assert_eq!(key("order_total"), "ordertotal");
        assert_eq!(key("訂單編號"), "订单编号");
        assert_eq!(key("收货人手机号/提货人手机号"), "收货人手机号提货人手机号");
        assert_eq!(TRADITIONAL.chars().count() % 2, 0);
    }
}
