//! The report's tables as sheets.

use shuke_sheets::{Cell, Field, Kind, Sheet};

use super::service::{Part, Row};
use super::sums::{Settlement, Sum};
use crate::words;

/// The tables there are; the first is the report's own.
pub const TABLES: [&str; 6] = ["by_platform_month", "platforms", "by_platform", "by_month", "reasons", "total"];

const PLATFORM: Field = Field::new("platform", "平台", Kind::Word);
const SHOP: Field = Field::new("shop", "店铺", Kind::Word);
const MONTH: Field = Field::new("month", "下单月份", Kind::Word);
const CURRENCY: Field = Field::new("currency", "币种", Kind::Word);
const SUM: [Field; 11] = [
    CURRENCY,
    Field::new("orders", "订单数", Kind::Int),
    Field::new("matched", "一致", Kind::Int),
    Field::new("differing", "有差异", Kind::Int),
    Field::new("untold", "没有打款金额", Kind::Int),
    Field::new("expected", "应收", Kind::Money),
    Field::new("settled", "平台打款", Kind::Money),
    Field::new("difference_told", "差额（有打款金额的订单）", Kind::Money),
    Field::new("deducted", "其中少结、文件没说明（佣金等）", Kind::Money),
    Field::new("expected_untold", "没有打款金额的应收", Kind::Money),
    Field::new("difference", "打款减应收（全部订单）", Kind::Money),
];

/// The columns of differing orders.
pub const ORDERS: &[Field] = &[
    Field::new("order_no", "订单号", Kind::Text),
    PLATFORM,
    SHOP,
    Field::new("state", "状态", Kind::Word),
    Field::new("placed_at", "下单时间", Kind::Time),
    Field::new("completed_at", "完成时间", Kind::Time),
    CURRENCY,
    Field::new("expected", "应收", Kind::Money),
    Field::new("settled", "平台打款", Kind::Money),
    Field::new("difference", "差额", Kind::Money),
    Field::new("reasons", "原因", Kind::Text),
    Field::new("part", "类别", Kind::Word),
];

/// The sheet of differing orders.
pub fn orders() -> Sheet {
    Sheet { name: "settlement".into(), zh: "收款对账".into(), fields: ORDERS.into() }
}

/// A differing order as a row of [`orders`].
pub fn order(row: &Row, currency: &str, zh: bool) -> Vec<Cell> {
    let texts: Vec<&str> = row.judged.reasons.iter().map(|(r, _)| r.text(zh)).collect();
    vec![
        row.order_no.clone().into(),
        words::platform(&row.platform, zh).to_owned().into(),
        row.shop.clone().into(),
        words::state(&row.state, zh).to_owned().into(),
        row.placed_at.into(),
        row.completed_at.into(),
        currency.into(),
        row.judged.expected.into(),
        row.judged.settled.into(),
        row.judged.difference().into(),
        texts.join(if zh { "；" } else { "; " }).into(),
        match (row.part(), zh) {
            (Part::Differs, true) => "有打款金额，与应收不同",
            (Part::Untold, true) => "文件没写打款金额",
            (part, false) => part.word(),
        }
        .into(),
    ]
}

fn sum(currency: &str, s: &Sum) -> Vec<Cell> {
    let counts =
        [s.orders, s.matched, s.differing, s.untold, s.expected, s.settled, s.difference_told, s.deducted, s.expected_untold, s.difference];
    std::iter::once(currency.into()).chain(counts.map(Cell::Int)).collect()
}

fn with(first: Vec<Cell>, rest: Vec<Cell>) -> Vec<Cell> {
    first.into_iter().chain(rest).collect()
}

/// One of the [`TABLES`] with its rows; platforms by their Chinese or English names.
pub fn table(answer: &Settlement, name: &str, zh_words: bool) -> Option<(Sheet, Vec<Vec<Cell>>)> {
    let c = answer.currency.as_str();
    let called = |platform: &str| Cell::from(words::platform(platform, zh_words).to_owned());
    let summed = |first: &[Field]| first.iter().chain(&SUM).cloned().collect::<Vec<_>>();
    let (zh, fields, rows): (&'static str, Vec<Field>, Vec<Vec<Cell>>) = match name {
        "total" => ("合计", summed(&[]), vec![sum(c, &answer.total)]),
        "by_month" => {
            ("按月", summed(&[MONTH]), answer.by_month.iter().map(|m| with(vec![m.month.clone().into()], sum(c, &m.sum))).collect())
        }
        "platforms" => {
            let row = |p: &super::sums::OfWholePlatform| with(vec![called(&p.platform)], sum(c, &p.sum));
            ("平台合计", summed(&[PLATFORM]), answer.platforms.iter().map(row).collect())
        }
        "by_platform" => {
            let row = |p: &super::sums::OfPlatform| with(vec![called(&p.platform), p.shop.clone().into()], sum(c, &p.sum));
            ("按平台和店铺", summed(&[PLATFORM, SHOP]), answer.by_platform.iter().map(row).collect())
        }
        "by_platform_month" => {
            let row = |p: &super::sums::OfPlatformMonth| {
                with(vec![called(&p.platform), p.shop.clone().into(), p.month.clone().into()], sum(c, &p.sum))
            };
            ("按平台和月份", summed(&[PLATFORM, SHOP, MONTH]), answer.by_platform_month.iter().map(row).collect())
        }
        "reasons" => {
            let fields = vec![
                Field::new("reason", "原因", Kind::Word),
                Field::new("text", "说明", Kind::Word),
                Field::new("orders", "订单数", Kind::Int),
                CURRENCY,
                Field::new("amount", "金额", Kind::Money),
            ];
            let row =
                |r: &super::sums::OfReason| vec![r.reason.word().into(), r.text.clone().into(), r.orders.into(), c.into(), r.amount.into()];
            ("差异原因", fields, answer.reasons.iter().map(row).collect())
        }
        _ => return None,
    };
    Some((Sheet { name: name.to_owned().into(), zh: zh.into(), fields: fields.into() }, rows))
}
