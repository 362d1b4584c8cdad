//! What previews and lists show of people: enough to recognise a row, not enough to name anybody.

use serde_json::Value;

/// Keys of a canonical record that name a person.
const PERSONAL: &[&str] = &[
    "buyer_nick",
    "buyer_account",
    "buyer_phone",
    "nick",
    "name",
    "first_name",
    "last_name",
    "phone",
    "email",
    "platform_customer_id",
    "own_id",
    "note",
];

/// Words of a column's name that say its cells name a person.
const COLUMNS: &[&str] = &[
    "会员名",
    "昵称",
    "旺旺",
    "账号",
    "帐号",
    "支付宝",
    "姓名",
    "收货人",
    "收件人",
    "买家",
    "客户",
    "地址",
    "电话",
    "手机",
    "邮箱",
    "留言",
    "备注",
    "抬头",
    "身份证",
    "email",
    "phone",
    "address",
    "street",
    "customer",
    "billing",
    "shipping name",
    "first_name",
    "last_name",
    "first name",
    "last name",
    "notes",
    "company",
];
/// Words that say it is something else after all.
const HARMLESS: &[&str] =
    &["实际支付", "应付", "支付积分", "付款", "服务费", "等级", "状态", "金额", "total", "method", "country", "items", "_at"];

/// The first character and stars; the middle of a long number.
pub fn text(clear: &str) -> String {
    let count = clear.chars().count();
    if count >= 7 && clear.chars().filter(char::is_ascii_digit).count() * 2 > count {
        let all: Vec<char> = clear.chars().collect();
        return all.iter().take(3).chain("****".chars().collect::<Vec<_>>().iter()).chain(all.iter().skip(count - 2)).collect();
    }
    match clear.chars().next() {
        Some(first) => format!("{first}**"),
        None => String::new(),
    }
}

/// A canonical record with what names a person masked.
pub fn record(value: &Value) -> Value {
    let mut out = value.clone();
    if let Some(map) = out.as_object_mut() {
        for key in PERSONAL {
            if let Some(Value::String(clear)) = map.get(*key) {
                let masked = text(clear);
                map.insert((*key).to_owned(), Value::String(masked));
            }
        }
    }
    out
}

/// A cell of a file, masked where its column names a person.
pub fn cell(column: &str, clear: &str) -> String {
    let name = column.to_lowercase();
    let personal = COLUMNS.iter().any(|w| name.contains(w)) && !HARMLESS.iter().any(|w| name.contains(w));
    if personal && !clear.is_empty() && clear != "'null" { text(clear) } else { clear.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_masked_amounts_are_not() {
        assert_eq!(cell("收货人姓名", "张秀兰"), "张**");
        assert_eq!(cell("联系手机", "13875999680"), "138****80");
        assert_eq!(cell("买家实际支付金额", "352.00"), "352.00");
        assert_eq!(cell("订单状态", "交易成功"), "交易成功");
    }
}
