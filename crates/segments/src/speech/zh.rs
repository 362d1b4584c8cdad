//! In Chinese.

use super::zh_rows::unit_of;
use super::{Speaker, amount, column, fact, is_time, names, plain, word};
use crate::tree::{
    AsOf, Calendar, Compare, Cond, Cut, Literal, Name, Operand, Period, Rank, Rows, Sequence, Step, Top, Unit, Value, Wait, Window,
};

impl Speaker<'_> {
    /// A condition; `of` is the table whose rows it is about, `inner` whether it stands inside another.
    pub(super) fn zh(&self, cond: &Cond, of: Option<&str>, inner: bool) -> String {
        let joined = |args: &[Cond], joint: &str| match args {
            [one] => self.zh(one, of, inner),
            _ => {
                let all = args.iter().map(|a| self.zh(a, of, true)).collect::<Vec<_>>().join(joint);
                if inner { format!("（{all}）") } else { all }
            }
        };
        match cond {
            Cond::And(args) => joined(args, "，并且"),
            Cond::Or(args) => joined(args, "，或者"),
            Cond::Not(arg) => self.zh_not(arg, of),
            Cond::All => "所有会员".to_owned(),
            Cond::Compare(op, left, right) => self.zh_compare(*op, left, right, of),
            Cond::Between(inner_of, from, to) => {
                let (value, from_told, to_told) = (self.zh_value(inner_of, of), self.zh_literal(from), self.zh_literal(to));
                let unit = match unit_of(inner_of, from) {
                    "" if !from_told.ends_with('元') => " ",
                    unit => unit,
                };
                if is_time(from) {
                    format!("{value}在 {from_told} 起、{to_told} 之前")
                } else {
                    format!("{value}从 {from_told}{unit}起、不到 {to_told}{}", unit.trim_end())
                }
            }
            Cond::In(value, list) => {
                let words: Vec<String> = list.iter().map(|l| self.zh_beside(value, l, of)).collect();
                format!("{}是{}", self.zh_value(value, of), words.join("或"))
            }
            Cond::IsMissing(value) => format!("{}未知", self.zh_value(value, of)),
            Cond::Under(value, paths) => format!("{}属于{}", self.zh_value(value, of), texts(paths, "或")),
            Cond::Contains(value, text) => format!("{}包含“{text}”", self.zh_value(value, of)),
            Cond::Tags { all, tags, added } => {
                let added = added.as_ref().map_or_else(String::new, |w| format!("{}打上的", self.zh_window(w)));
                format!("有{added}标签{}", texts(tags, if *all { "和" } else { "或" }))
            }
            Cond::Exists(rows) => self.zh_exists(rows, true),
            Cond::Sequence(sequence) => self.zh_sequence(sequence),
            Cond::InSegment(id) => format!("在人群“{}”中", self.segment(id)),
            Cond::Top(top) => self.zh_top(top),
        }
    }

    fn zh_not(&self, arg: &Cond, of: Option<&str>) -> String {
        match arg {
            Cond::Exists(rows) => self.zh_exists(rows, false),
            Cond::InSegment(id) => format!("不在人群“{}”中", self.segment(id)),
            Cond::IsMissing(value) => format!("{}已知", self.zh_value(value, of)),
            Cond::Tags { all: false, tags, added: None } => format!("没有标签{}", texts(tags, "或")),
            Cond::Under(value, paths) => format!("{}不属于{}", self.zh_value(value, of), texts(paths, "或")),
            Cond::In(value, list) => {
                let words: Vec<String> = list.iter().map(|l| self.zh_beside(value, l, of)).collect();
                format!("{}不是{}", self.zh_value(value, of), words.join("或"))
            }
            other => {
                let told = self.zh(other, of, true);
                if told.starts_with('（') { format!("不满足{told}") } else { format!("不满足（{told}）") }
            }
        }
    }

    fn zh_compare(&self, op: Compare, left: &Value, right: &Operand, of: Option<&str>) -> String {
        let value = self.zh_value(left, of);
        let (right, literal) = match right {
            Operand::Value(right) => (self.zh_value(right, of), None),
            Operand::Literal(Literal::Bool(yes)) => {
                return if *yes == (op == Compare::Eq) { value } else { format!("“{value}”为否") };
            }
            Operand::Literal(literal) => (self.zh_beside(left, literal, of), Some(literal)),
        };
        let is_text = matches!(literal, Some(Literal::Text(_)));
        let sign = match (op, literal.is_some_and(is_time)) {
            (Compare::Eq, _) if is_text => "是",
            (Compare::Ne, _) if is_text => "不是",
            (Compare::Eq, _) => "等于 ",
            (Compare::Ne, _) => "不等于 ",
            (Compare::Lt, true) => "早于 ",
            (Compare::Le, true) => "不晚于 ",
            (Compare::Gt, true) => "晚于 ",
            (Compare::Ge, true) => "不早于 ",
            (Compare::Lt, false) => "小于 ",
            (Compare::Le, false) => "不超过 ",
            (Compare::Gt, false) => "大于 ",
            (Compare::Ge, false) => "至少 ",
        };
        let unit = literal.map_or("", |l| unit_of(left, l));
        format!("{value}{sign}{right}{unit}")
    }

    fn zh_beside(&self, value: &Value, literal: &Literal, of: Option<&str>) -> String {
        match literal {
            Literal::Text(text) => word(value, of, text, true).map_or_else(|| format!("“{text}”"), str::to_owned),
            other => self.zh_literal(other),
        }
    }

    fn zh_literal(&self, literal: &Literal) -> String {
        match literal {
            Literal::Fen(fen) => format!("{} 元", amount(*fen)),
            Literal::Text(text) => format!("“{text}”"),
            Literal::Instant(t) => self.clock(*t),
            Literal::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
            other => plain(other).unwrap_or_default(),
        }
    }

    pub(super) fn zh_value(&self, value: &Value, of: Option<&str>) -> String {
        let list = |values: &[Value], joint: &str| values.iter().map(|v| self.zh_value(v, of)).collect::<Vec<_>>().join(joint);
        match value {
            Value::Fact(name) => fact(name, true),
            Value::Col(name) => column(of.unwrap_or_default(), name, true),
            Value::Agg(agg) => self.zh_agg(agg),
            Value::Ratio(pair) => format!("（{}）", list(&**pair, " ÷ ")),
            Value::Add(values) => format!("（{}）", list(values, " + ")),
            Value::Sub(pair) => format!("（{}）", list(&**pair, " − ")),
            Value::Calendar(reading, inner) => {
                if let (Calendar::DaysSince, Value::Agg(agg)) = (reading, &**inner)
                    && agg.of.as_deref() == Some("time")
                    && let Some(act) = self.zh_once(agg)
                {
                    return format!("{act}距今");
                }
                let inner = self.zh_value(inner, of);
                match reading {
                    Calendar::DaysSince => format!("{inner}距今"),
                    Calendar::DaysUntilNext => format!("距下一个{inner}"),
                    Calendar::Age if inner == "生日" => "年龄".to_owned(),
                    Calendar::Age => format!("距{inner}的整年数"),
                    Calendar::MonthOf => format!("{inner}的月份"),
                    Calendar::DayOf => format!("{inner}的日"),
                    Calendar::WeekdayOf => format!("{inner}的星期"),
                    Calendar::HourOf => format!("{inner}的小时"),
                    Calendar::DateOf => format!("{inner}的日期"),
                }
            }
        }
    }

    pub(super) fn zh_window(&self, window: &Window) -> String {
        let unit = |unit: &Unit| match unit {
            Unit::Hours => "小时",
            Unit::Days => "天",
            Unit::Months => "个月",
        };
        match window {
            Window::Between(Some(from), Some(to)) => format!("{} 起、{} 之前", self.edge(*from), self.edge(*to)),
            Window::Between(Some(from), None) => format!("{} 起", self.edge(*from)),
            Window::Between(None, to) => to.map_or_else(String::new, |to| format!("{} 之前", self.edge(to))),
            Window::Last { n, unit: u, until: Some(m), .. } => format!("{n} {0}前到 {m} {0}前", unit(u)),
            Window::Last { n, unit: u, cut, .. } => {
                let cut = match cut {
                    Cut::Days => "",
                    Cut::Complete => "（不含今天）",
                    Cut::Rolling => "（精确到时刻）",
                };
                format!("最近 {n} {}{cut}", unit(u))
            }
            Window::Current(period) => match period {
                Period::Day => "今天",
                Period::Week => "本周",
                Period::Month => "本月",
                Period::Quarter => "本季度",
                Period::Year => "今年",
            }
            .to_owned(),
            Window::Previous(period) => match period {
                Period::Day => "昨天",
                Period::Week => "上周",
                Period::Month => "上个月",
                Period::Quarter => "上季度",
                Period::Year => "去年",
            }
            .to_owned(),
        }
    }

    fn zh_step(&self, step: &Step, is_first: bool) -> String {
        let within = step.within.map_or_else(String::new, |w| match w.of {
            Wait::Hours => format!(" {} 小时内", w.n),
            Wait::Days => format!(" {} 天内", w.n),
            Wait::BusinessDays => format!("到第 {} 天结束前", w.n),
        });
        let rows = Rows { table: step.table.clone(), filter: step.filter.clone(), window: None, on: None };
        format!("{}{within}{}", if is_first { "先" } else { "之后" }, self.zh_exists(&rows, !step.absent))
    }

    fn zh_sequence(&self, of: &Sequence) -> String {
        let window = of.window.as_ref().map_or_else(String::new, |w| self.zh_window(w));
        let steps: Vec<String> = of.steps.iter().enumerate().map(|(i, step)| self.zh_step(step, i == 0)).collect();
        let first_table = of.steps.first().map_or("", |s| &*s.table);
        let same = of.same.as_ref().map_or_else(String::new, |same| format!("，都是同一{}", column(first_table, same, true)));
        format!("{window}{}{same}", steps.join("，"))
    }

    fn zh_top(&self, top: &Top) -> String {
        let count = match top.count {
            Rank::Count(n) => format!("{n} 名"),
            Rank::Percent(p) => format!("{}%", crate::literal::show_decimal(p)),
        };
        let order = if top.low { "从低到高" } else { "从高到低" };
        let among = top.of.as_ref().map_or_else(String::new, |of| format!("（在满足“{}”的会员中）", self.zh(of, None, false)));
        let at = match top.as_of {
            None => String::new(),
            Some(AsOf::DayStart) => "（以今天零点计算）".to_owned(),
            Some(AsOf::Instant(t)) => format!("（以 {} 计算）", self.clock(t)),
        };
        format!("按{}{order}位于前 {count}{among}{at}", self.zh_value(&top.by, None))
    }
}

pub(super) fn texts(of: &[Name], joint: &str) -> String {
    names(of).iter().map(|t| format!("“{t}”")).collect::<Vec<_>>().join(joint)
}
