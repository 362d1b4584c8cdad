//! A portrait as a file that other programs open: figures, then every bar of every attribute.

use std::borrow::Cow;
use std::io;

use jiff::civil::Date;
use shuke_kernel::{Currency, Zone};
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer, amount};

use super::portrait_answer::{AttributeTold, LiftTold, MetricAnswer, SegmentPortrait};

/// What the answer alone does not say.
pub(super) struct About {
    /// The groups in words.
    pub groups: [String; 2],
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub zone: Zone,
}

const BARS: &[Field] = &[
    Field::new("dimension", "维度", Kind::Word),
    Field::new("attribute", "属性", Kind::Word),
    Field::new("value", "值", Kind::Text),
    Field::new("group_members", "人群人数", Kind::Int),
    Field::new("group_known", "人群中有资料的人数", Kind::Int),
    Field::new("group_value", "人群占比或均值", Kind::Number),
    Field::new("against_members", "对照人数", Kind::Int),
    Field::new("against_known", "对照中有资料的人数", Kind::Int),
    Field::new("against_value", "对照占比或均值", Kind::Number),
    Field::new("unit", "单位", Kind::Word),
    Field::new("lift", "倍数", Kind::Number),
    Field::new("low", "倍数下限（95%）", Kind::Number),
    Field::new("high", "倍数上限（95%）", Kind::Number),
    Field::new("p", "p 值", Kind::Number),
    Field::new("distinct", "超出碰巧", Kind::Bool),
];
const ABOUT: &[Field] = &[Field::new("name", "项目", Kind::Text), Field::new("content", "内容", Kind::Text)];

fn sheet(name: &'static str, zh: &'static str, fields: &'static [Field]) -> Sheet {
    Sheet { name: Cow::Borrowed(name), zh: Cow::Borrowed(zh), fields: Cow::Borrowed(fields) }
}

/// The file, whole.
pub(super) fn write(told: &SegmentPortrait, about: &About, format: Format, zh: bool) -> io::Result<Vec<u8>> {
    let mut file = Writer::new(Vec::new(), format, Style { zh, zone: about.zone.clone() });
    let many = format == Format::Xlsx;
    if many {
        file.begin(&sheet("about", "说明", ABOUT))?;
        for row in about_rows(told, about, zh) {
            file.row(&row)?;
        }
    }
    file.begin(&if many { sheet("figures", "经营指标", BARS) } else { sheet("portrait", "画像", BARS) })?;
    for metric in &told.metrics {
        file.row(&figure(metric, told, zh))?;
    }
    if many {
        file.begin(&sheet("attributes", "属性", BARS))?;
    }
    for attribute in &told.attributes {
        for row in bars(attribute, zh) {
            file.row(&row)?;
        }
    }
    Ok(file.finish()?.0)
}

fn about_rows(told: &SegmentPortrait, about: &About, zh: bool) -> Vec<Vec<Cell>> {
    let row = |z: &str, e: &str, content: String| vec![Cell::from(if zh { z } else { e }), Cell::from(content)];
    let [group, against] = &about.groups;
    let open = if zh { "不限" } else { "open" };
    let day = |of: Option<Date>| of.map_or_else(|| open.to_owned(), |d| d.to_string());
    let sky = told.attributes.iter().find(|a| a.key == "weather");
    let unknown = |of: Option<u64>| of.map_or_else(String::new, |n| n.to_string());
    vec![
        row("人群", "group", group.clone()),
        row("人群会员数", "group_members", told.group.members.to_string()),
        row("对照", "against", against.clone()),
        row("对照会员数", "against_members", told.against.members.to_string()),
        row("订单与行为从（含）", "from", day(about.from)),
        row("订单与行为到（不含）", "to", day(about.to)),
        row("提问时刻", "at", told.at.to_string()),
        row("数据截至", "known_at", told.known_at.to_string()),
        row("人群中天气不明的订单数", "group_orders_without_weather", unknown(sky.and_then(|a| a.group.orders_unknown))),
        row("对照中天气不明的订单数", "against_orders_without_weather", unknown(sky.and_then(|a| a.against.orders_unknown))),
    ]
}

fn count(n: u64) -> Cell {
    i64::try_from(n).map_or_else(|_| Cell::Text(n.to_string()), Cell::Int)
}

fn number(of: Option<f64>) -> Cell {
    of.map_or(Cell::Null, |n| Cell::Text(n.to_string()))
}

fn lifted(lift: Option<&LiftTold>) -> [Cell; 5] {
    let Some(l) = lift else { return [Cell::Null, Cell::Null, Cell::Null, Cell::Null, Cell::Null] };
    [number(l.ratio), number(Some(l.low)), number(l.high), number(Some(l.p)), Cell::Bool(l.distinct)]
}

/// Money is told in the currency's own unit, to its minor unit.
fn figure(of: &MetricAnswer, told: &SegmentPortrait, zh: bool) -> Vec<Cell> {
    let currency = &told.group.sales.currency;
    let digits = currency.parse::<Currency>().map_or(2, |c| c.digits());
    let value = |value: Option<f64>| match value {
        Some(minor) if of.kind == "money" => Cell::Text(amount(minor.round() as i64, digits)),
        other => number(other),
    };
    let unit = if of.kind == "money" { Cell::from(currency.as_str()) } else { Cell::from(of.kind) };
    let mut row = vec![
        Cell::from(if zh { "经营指标" } else { "figures" }),
        Cell::from(of.label.clone()),
        Cell::Null,
        count(of.group.members),
        count(of.group.members),
        value(of.group.value),
        count(of.against.members),
        count(of.against.members),
        value(of.against.value),
        unit,
    ];
    row.extend(lifted(of.lift.as_ref()));
    row
}

fn dimension(word: &str, zh: bool) -> &str {
    match word {
        "demand" if zh => "需求标签",
        "buyer" if zh => "买家属性",
        "purchase" if zh => "购买属性",
        "dynamic" if zh => "动态标签",
        other => other,
    }
}

fn bars(of: &AttributeTold, zh: bool) -> impl Iterator<Item = Vec<Cell>> + '_ {
    of.bars.iter().map(move |bar| {
        let mut row = vec![
            Cell::from(dimension(of.dimension, zh)),
            Cell::from(of.label.clone()),
            Cell::from(bar.label.clone()),
            count(bar.group.count),
            count(of.group.known),
            number(bar.group.share),
            count(bar.against.count),
            count(of.against.known),
            number(bar.against.share),
            Cell::from("share"),
        ];
        row.extend(lifted(bar.lift.as_ref()));
        row
    })
}
