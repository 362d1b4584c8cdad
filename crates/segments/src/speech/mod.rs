//! An expression in words, as a person would say it, in Chinese and in English. It is for reading, not
//! for reading back: the text form is that.

mod en;
mod zh;
mod zh_rows;

use shuke_kernel::{Instant, Zone};

use crate::labels;
use crate::literal::{DAY, SECOND, show_date, show_decimal};
use crate::tree::{Cond, Edge, Literal, Name, Value};

/// What a sentence is made with.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    /// The shop's zone: instants are told by its clock.
    pub zone: &'a Zone,
    /// The name of another segment, by id.
    pub name_of: &'a dyn Fn(&str) -> Option<String>,
}

impl Speaker<'_> {
    /// The condition as a sentence, in Chinese (`zh`) or English.
    pub fn sentence(&self, of: &Cond, zh: bool) -> String {
        if zh { self.zh(of, None, false) } else { self.en(of, None, false) }
    }

    /// A value about members, in words.
    pub fn value(&self, of: &Value, zh: bool) -> String {
        if zh { self.zh_value(of, None) } else { self.en_value(of, None) }
    }

    /// What a text of a value is called: one of the product's words, or itself.
    pub fn word(&self, of: &Value, text: &str, zh: bool) -> String {
        word(of, None, text, zh).unwrap_or(text).to_owned()
    }

    fn segment(&self, id: &str) -> String {
        (self.name_of)(id).unwrap_or_else(|| id.to_owned())
    }

    /// An instant by the shop's clock, as short as it can be told.
    pub fn clock(&self, t: i64) -> String {
        let local = t.saturating_add(self.zone.offset_seconds(Instant(t)).saturating_mul(SECOND));
        let (day, seconds) = (local.div_euclid(DAY), local.rem_euclid(DAY) / SECOND);
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, 0, 0) => show_date(day),
            (h, m, 0) => format!("{} {h:02}:{m:02}", show_date(day)),
            (h, m, s) => format!("{} {h:02}:{m:02}:{s:02}", show_date(day)),
        }
    }

    fn edge(&self, edge: Edge) -> String {
        match edge {
            Edge::Date(day) => show_date(day),
            Edge::Instant(t) => self.clock(t),
        }
    }
}

/// Minor units as an amount, without places that say nothing: 30,000 is `300`.
fn amount(fen: i64) -> String {
    let (sign, whole, part) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    if part == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:02}") }
}

/// What one of the product's own words is called, by the value that it stands beside; none of others.
fn word(value: &Value, table: Option<&str>, word: &str, zh: bool) -> Option<&'static str> {
    let words = match (value, table) {
        (Value::Fact(name), _) => labels::fact_words(name),
        (Value::Col(name), Some(table)) => labels::column_words(table, name),
        (Value::Agg(agg), _) => labels::column_words(&agg.rows.table, agg.of.as_deref()?),
        _ => return None,
    };
    words.iter().find(|(w, _)| *w == word).map(|(_, label)| label.text(zh))
}

fn fact(name: &str, zh: bool) -> String {
    labels::fact(name).map_or_else(|| name.to_owned(), |(_, label)| label.text(zh).to_owned())
}

fn table(name: &str, zh: bool) -> String {
    labels::table(name).map_or_else(|| name.to_owned(), |label| label.text(zh).to_owned())
}

fn column(table: &str, name: &str, zh: bool) -> String {
    labels::column(table, name).map_or_else(|| name.to_owned(), |label| label.text(zh).to_owned())
}

/// Numbers that are told alike in both languages; none of texts and truth.
fn plain(literal: &Literal) -> Option<String> {
    Some(match literal {
        Literal::Int(n) => n.to_string(),
        Literal::Dec(n) => show_decimal(*n),
        Literal::Date(day) => show_date(*day),
        Literal::Fen(_) | Literal::Text(_) | Literal::Instant(_) | Literal::Bool(_) => return None,
    })
}

/// Whether a literal tells a time, so that it is earlier and later, not less and greater.
fn is_time(literal: &Literal) -> bool {
    matches!(literal, Literal::Date(_) | Literal::Instant(_))
}

fn names(of: &[Name]) -> Vec<&str> {
    of.iter().map(|n| &**n).collect()
}

#[cfg(test)]
mod tests {
    use shuke_columns::Registry;

    use super::*;
    use crate::calendar::Reckoning;
    use crate::check::check_text;
    use crate::definitions::Segments;

    fn said(text: &str) -> [String; 2] {
        let zone = Zone::shanghai();
        let reckoning = Reckoning::new(1_700_000_000_000_000, &zone);
        let root = check_text(text, &Registry::standard(), &Segments::default(), &reckoning).unwrap().root;
        let speaker = Speaker { zone: &zone, name_of: &|_| None };
        [speaker.sentence(&root, true), speaker.sentence(&root, false)]
    }

    #[test]
    fn conditions_are_said_as_a_person_would() {
        for (text, zh, en) in [
            (
                r#"gender = "female" and province in ("浙江", "江苏")"#,
                "性别是女，并且省份是“浙江”或“江苏”",
                "gender is female, and province is “浙江” or “江苏”",
            ),
            (r#"stage = "declining""#, "生命周期阶段是衰退", "lifecycle stage is declining"),
            (
                r#"count(lines where category under ("sports/shoes") and purchase = true, last 180 days) >= 2"#,
                "最近 180 天购买“sports/shoes”类商品（含后来退款、关闭的）的明细行数至少 2",
                "the number of order lines (category is in “sports/shoes”, and paid for) in the last 180 days is at least 2",
            ),
            (
                r"sum(lines.amount where purchase = true, last 180 days) in [¥300.00, ¥1000.00)",
                "最近 180 天购买商品（含后来退款、关闭的）的金额合计从 300 元起、不到 1000 元",
                "the sum of amount of order lines (paid for) in the last 180 days is from ¥300 to below ¥1000",
            ),
            (
                r#"not exists(events where kind = "msg_sent", last 14 days)"#,
                "最近 14 天没有收到消息",
                "there are no events (kind is message sent) in the last 14 days",
            ),
            (r#"has_any("VIP", "老客")"#, "有标签“VIP”或“老客”", "has the tag “VIP” or “老客”"),
            ("days_since(registered_at) <= 30", "注册时间距今不超过 30 天", "days since registered is at most 30"),
            (
                "birthday is missing or not (points > 5 and growth > 1)",
                "生日未知，或者不满足（可用积分大于 5，并且成长值大于 1）",
                "birthday is missing, or not (points is greater than 5, and growth value is greater than 1)",
            ),
            ("consent_sms = true", "同意接收短信", "consent to SMS"),
            (
                r"top(10% by clv, of points > 0)",
                "按预计终身价值从高到低位于前 10%（在满足“可用积分大于 0”的会员中）",
                "is in the top 10% by lifetime value (among members with points is greater than 0)",
            ),
            (
                r#"sequence(events where kind = "cart" then no lines where purchase = true within 7 days, same sku, starting last 30 days)"#,
                "最近 30 天先有加入购物车，之后 7 天内没买过商品（含后来退款、关闭的），都是同一商品",
                "events (kind is put into the cart) in the last 30 days, then no order lines (paid for) within 7 days, all of the same goods",
            ),
            (
                r#"sum(lines.qty where kept = true and category under ("母婴"), last 12 months) >= 2"#,
                "最近 12 个月购买“母婴”类商品的件数至少 2 件",
                "the sum of quantity of order lines (kept purchase, and category is in “母婴”) in the last 12 months is at least 2",
            ),
            (
                r#"count(orders where kept = true, last 180 days) >= 3 and not exists(lines where kept = true and category under ("零食"))"#,
                "最近 180 天购买次数至少 3 次，并且没买过“零食”类商品",
                "the number of orders (kept purchase) in the last 180 days is at least 3, and there are no order lines (kept purchase, and category is in “零食”)",
            ),
            (
                r"days_since(last(orders.time where kept = true)) >= 90 and exists(orders where kept = true, last 30 days)",
                "最近一次购买距今至少 90 天，并且最近 30 天买过东西",
                "days since placed of the last of orders (kept purchase) is at least 90, and there are orders (kept purchase) in the last 30 days",
            ),
            (
                r#"count(events where kind in ("view", "cart", "favourite"), last 30 days) >= 5 and exists(refunds)"#,
                "最近 30 天浏览、加入购物车或收藏次数至少 5 次，并且退过款",
                "the number of events (kind is viewed or put into the cart or made a favourite) in the last 30 days is at least 5, and there are refunds",
            ),
            ("paid_member = false", "“付费会员”为否", "not paid member"),
        ] {
            assert_eq!(said(text), [zh, en], "{text}");
        }
    }
}
