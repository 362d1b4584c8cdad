//! What a column of orders means by its cells, where its name says nothing that is known: a column of
//! status words is the status, whatever it is called. Without it every row would be a completed sale.

use std::collections::HashSet;

use crate::field::Field;
use crate::layout::Columns;
use crate::status;
use crate::when::{self, DayOrder, WhenError, Zone};
use crate::{cell, vocab};

/// How sure a meaning is that cells alone tell.
const BY_CELLS: u8 = 60;

/// Names whose columns tell of something else, whatever their cells look like.
const OTHERS: &[&str] = &[
    "退款",
    "售后",
    "退货",
    "物流",
    "快递",
    "运单",
    "发票",
    "审核",
    "打印",
    "导出",
    "支付单",
    "支付流水",
    "流水",
    "商户",
    "商品",
    "货品",
    "货号",
    "会员",
    "客户",
    "用户",
    "手机",
    "电话",
    "店铺",
    "仓库",
    "批次",
    "活动",
    "子单",
    "预计",
    "承诺",
    "最晚",
    "更新",
    "修改",
    "生日",
    "refund",
    "return",
    "tracking",
    "carrier",
    "invoice",
    "customer",
    "member",
    "user",
    "product",
    "item",
    "sku",
    "phone",
    "batch",
    "shop",
    "store",
    "updated",
    "modified",
    "due",
    "birth",
    "transaction",
];

/// Adds what the cells of columns without a meaning tell: the order's status, its number, its time.
pub fn complete(keys: &[String], sample: &[Vec<String>], columns: &mut Columns) {
    let have: HashSet<Field> = columns.iter().filter_map(|c| c.0).collect();
    let has = |fields: &[Field]| fields.iter().any(|f| have.contains(f));
    let money = has(&[Field::Paid, Field::OrderTotal, Field::UnitPrice, Field::MerchantReceived]);
    let free: Vec<usize> = (0..keys.len())
        .filter(|i| {
            columns[*i].0.is_none() && !OTHERS.iter().any(|w| keys[*i].contains(w)) && vocab::exact(&keys[*i], vocab::ORDER).is_none()
        })
        .collect();
    let cells =
        |i: usize| -> Vec<&str> { sample.iter().filter_map(|r| r.get(i)).map(|c| cell::clean(c)).filter(|c| !c.is_empty()).collect() };
    // How many of a column's cells fit, where most do.
    let fitting = |i: usize, fits: &dyn Fn(&str) -> bool| {
        let cells = cells(i);
        let n = cells.iter().filter(|c| fits(c)).count();
        (n > 0 && n * 10 >= cells.len() * 8).then_some(n)
    };
    let best = |fits: &dyn Fn(usize) -> Option<usize>| {
        free.iter().filter_map(|i| fits(*i).map(|n| (n, usize::MAX - i))).max().map(|(_, i)| usize::MAX - i)
    };
    let mut found: Vec<(usize, Field)> = Vec::new();
    if !has(&[Field::OrderNo]) && money && has(&[Field::Status, Field::CreatedAt, Field::PaidAt]) {
        let names_order =
            |k: &str| ["单号", "单编号", "单据", "交易", "订单", "order", "sale", "trade", "reference"].iter().any(|w| k.contains(w));
        found.extend(best(&|i| if names_order(&keys[i]) { fitting(i, &is_number) } else { None }).map(|i| (i, Field::OrderNo)));
    }
    let is_order = has(&[Field::OrderNo]) || !found.is_empty();
    if is_order && !has(&[Field::Status, Field::FinancialStatus]) {
        let is_word = |c: &str| status::meaning(c).or_else(|| status::woo(c)).is_some();
        found.extend(best(&|i| fitting(i, &is_word)).map(|i| (i, Field::Status)));
    }
    if is_order && !has(&[Field::CreatedAt, Field::PaidAt]) {
        // A time of the day beside the day: digits alone may be anything.
        let is_time = |c: &str| {
            c.contains([':', '-', '/', '年', '时'])
                && !matches!(when::parse(c, &Zone::SHANGHAI, DayOrder::Refuse), Err(WhenError::Bad | WhenError::Impossible))
        };
        found.extend(best(&|i| fitting(i, &is_time)).map(|i| (i, Field::CreatedAt)));
    }
    for (i, field) in found {
        columns[i] = (Some(field), BY_CELLS);
    }
    // What a shop's own sheet calls received is what its buyers paid.
    if is_order && !has(&[Field::Paid, Field::OrderTotal]) {
        let received = columns.iter().position(|c| c.0 == Some(Field::MerchantReceived));
        if let Some(i) = received.filter(|i| ["实收金额", "实收", "实收总额"].contains(&keys[*i].as_str())) {
            columns[i] = (Some(Field::Paid), BY_CELLS);
        }
    }
}

/// Whether a cell may be the number of an order: long enough, and digits for the most part.
fn is_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (6..=40).contains(&text.len()) && digits * 2 > text.len() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
