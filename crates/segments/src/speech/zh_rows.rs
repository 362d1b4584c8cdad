//! Rows in Chinese: what somebody bought, did and gave back, as people say it.

use super::zh::texts;
use super::{Speaker, column, word};
use crate::tree::{Agg, Calendar, Compare, Cond, Fold, Literal, Name, Operand, Rows, Value};

/// Which rows of bought things count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flag {
    /// Purchases as RFM and stage count them.
    Kept,
    /// Whatever was ever paid.
    Paid,
    /// All.
    Any,
}

/// Rows by what people name first, and what else is asked of them.
struct Picked<'a> {
    flag: Flag,
    goods: Option<&'a [Name]>,
    kinds: Vec<&'static str>,
    rest: Vec<&'a Cond>,
}

fn picked(rows: &Rows) -> Picked<'_> {
    let mut of = Picked { flag: Flag::Any, goods: None, kinds: Vec::new(), rest: Vec::new() };
    let all = match rows.filter.as_deref() {
        None => &[],
        Some(Cond::And(args)) => &args[..],
        Some(one) => std::slice::from_ref(one),
    };
    for cond in all {
        let flag = match cond {
            Cond::Compare(Compare::Eq, Value::Col(name), Operand::Literal(Literal::Bool(true))) => match &**name {
                "kept" => Some(Flag::Kept),
                "purchase" => Some(Flag::Paid),
                _ => None,
            },
            _ => None,
        };
        match (flag, cond) {
            (Some(flag), _) if of.flag == Flag::Any => of.flag = flag,
            (_, Cond::Under(Value::Col(name), paths)) if &**name == "category" && &*rows.table == "lines" && of.goods.is_none() => {
                of.goods = Some(paths);
            }
            _ => match kinds(&rows.table, cond) {
                Some(words) if of.kinds.is_empty() => of.kinds = words,
                _ => of.rest.push(cond),
            },
        }
    }
    of
}

/// What acts a condition names, where it does no more.
fn kinds(table: &str, cond: &Cond) -> Option<Vec<&'static str>> {
    let (value, words): (&Value, Vec<&Literal>) = match cond {
        Cond::Compare(Compare::Eq, value, Operand::Literal(one)) => (value, vec![one]),
        Cond::In(value, list) => (value, list.iter().collect()),
        _ => return None,
    };
    let is_kind = table == "events" && matches!(value, Value::Col(name) if &**name == "kind");
    let label = |l: &Literal| match l {
        Literal::Text(text) => word(value, Some(table), text, true),
        _ => None,
    };
    if is_kind { words.into_iter().map(label).collect() } else { None }
}

/// What stands behind a whole number that a value is compared with.
pub(super) fn unit_of(value: &Value, literal: &Literal) -> &'static str {
    if !matches!(literal, Literal::Int(_)) {
        return "";
    }
    match value {
        Value::Calendar(Calendar::DaysSince | Calendar::DaysUntilNext, _) => " 天",
        Value::Calendar(Calendar::Age, _) => " 岁",
        Value::Agg(agg) => match (agg.fold, &*agg.rows.table, agg.of.as_deref()) {
            (Fold::Count, "orders" | "refunds" | "events", _) | (Fold::Distinct, _, Some("order_id")) => " 次",
            (Fold::Sum | Fold::Max | Fold::Min | Fold::Avg, _, Some("qty" | "items" | "refunded_qty")) => " 件",
            _ => "",
        },
        _ => "",
    }
}

impl Speaker<'_> {
    fn window_of(&self, rows: &Rows) -> String {
        let window = rows.window.as_ref().map_or_else(String::new, |w| self.zh_window(w));
        let on = rows.on.as_ref().map_or_else(String::new, |on| format!("（按{}）", column(&rows.table, on, true)));
        format!("{window}{on}")
    }

    /// What else is asked of rows, in brackets.
    fn rest_of(&self, rows: &Rows, of: &Picked<'_>) -> String {
        let mut told: Vec<String> = of.rest.iter().map(|c| self.zh(c, Some(&rows.table), true)).collect();
        if of.flag == Flag::Paid && &*rows.table == "lines" {
            told.push("含后来退款、关闭的".to_owned());
        }
        if told.is_empty() { String::new() } else { format!("（{}）", told.join("，")) }
    }

    fn goods_of(of: &Picked<'_>) -> String {
        of.goods.map_or_else(|| "商品".to_owned(), |paths| format!("{}类商品", texts(paths, "、")))
    }

    fn acts_of(of: &Picked<'_>) -> String {
        match &of.kinds[..] {
            [] => "行为记录".to_owned(),
            [one] => (*one).to_owned(),
            [most @ .., last] => format!("{}或{last}", most.join("、")),
        }
    }

    /// That there are such rows, or are none.
    pub(super) fn zh_exists(&self, rows: &Rows, has: bool) -> String {
        let of = picked(rows);
        let (window, rest) = (self.window_of(rows), self.rest_of(rows, &of));
        let either = |yes: &str, no: &str| if has { yes } else { no }.to_owned();
        let did = match (&*rows.table, of.flag) {
            ("orders", Flag::Kept) => either("买过东西", "没买过东西"),
            ("orders", Flag::Paid) => either("下单付过款", "没有下单付款"),
            ("orders", Flag::Any) => either("下过单", "没下过单"),
            ("lines", Flag::Any) => format!("{}{}", either("下单要过", "没下单要过"), Self::goods_of(&of)),
            ("lines", _) => format!("{}{}", either("买过", "没买过"), Self::goods_of(&of)),
            ("refunds", _) => either("退过款", "没退过款"),
            ("events", _) => format!("{}{}", either("有", "没有"), Self::acts_of(&of)),
            (other, _) => format!("{}{}", either("有", "没有"), super::table(other, true)),
        };
        format!("{window}{did}{rest}")
    }

    /// What rows are, as a noun: their time stands before it.
    fn zh_noun(rows: &Rows, of: &Picked<'_>) -> String {
        match (&*rows.table, of.flag) {
            ("orders", Flag::Kept) => "购买".to_owned(),
            ("orders", Flag::Paid) => "付过款的订单".to_owned(),
            ("lines", Flag::Any) => format!("下单{}", Self::goods_of(of)),
            ("lines", _) => format!("购买{}", Self::goods_of(of)),
            ("events", _) => Self::acts_of(of),
            (other, _) => super::table(other, true),
        }
    }

    /// An aggregate.
    pub(super) fn zh_agg(&self, agg: &Agg) -> String {
        let (rows, of) = (&agg.rows, picked(&agg.rows));
        let subject = format!("{}{}{}", self.window_of(rows), Self::zh_noun(rows, &of), self.rest_of(rows, &of));
        let column = agg.of.as_ref().map_or_else(String::new, |c| column(&rows.table, c, true));
        match (agg.fold, &*rows.table, agg.of.as_deref()) {
            (Fold::Count, "orders", _) if of.flag != Flag::Kept => format!("{subject}数"),
            (Fold::Count, "lines", _) => format!("{subject}的明细行数"),
            (Fold::Count, _, _) if of.rest.is_empty() => format!("{subject}次数"),
            (Fold::Count, ..) | (Fold::Distinct, "lines", Some("order_id")) => format!("{subject}的次数"),
            (Fold::Sum, _, Some("qty" | "items")) => format!("{subject}的件数"),
            (Fold::Sum, ..) => format!("{subject}的{column}合计"),
            (Fold::Avg, ..) => format!("{subject}的平均{column}"),
            (Fold::Min, ..) => format!("{subject}的最小{column}"),
            (Fold::Max, ..) => format!("{subject}的最大{column}"),
            (Fold::Distinct, ..) => format!("{subject}的不同{column}数"),
            (Fold::First | Fold::Last, ..) => {
                let act = self.zh_once(agg).unwrap_or(subject);
                format!("{act}的{column}")
            }
        }
    }

    /// The first or last of rows: `最近一次购买`; none of other aggregates.
    pub(super) fn zh_once(&self, agg: &Agg) -> Option<String> {
        let which = match agg.fold {
            Fold::First => "第一次",
            Fold::Last => "最近一次",
            _ => return None,
        };
        let (rows, of) = (&agg.rows, picked(&agg.rows));
        let noun = match (&*rows.table, of.flag) {
            ("orders", Flag::Any) => "下单".to_owned(),
            ("orders", Flag::Paid) => "下单付款".to_owned(),
            _ => Self::zh_noun(rows, &of),
        };
        Some(format!("{}{which}{noun}{}", self.window_of(rows), self.rest_of(rows, &of)))
    }
}
