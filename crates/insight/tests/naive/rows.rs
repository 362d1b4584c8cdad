//! A shop's rows as they are drawn, and the little arithmetic of the reference.

use serde_json::{Value, json};

#[derive(Clone, Debug, Default)]
pub struct Member {
    pub id: u8,
    pub registered: Option<i64>,
    pub region: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Line {
    pub number: i64,
    pub sku: Option<String>,
    pub name: Option<String>,
    pub category: Option<String>,
    pub quantity: i64,
    pub paid: i64,
    pub received: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Order {
    pub id: String,
    pub member: Option<u8>,
    pub created: i64,
    pub paid_at: Option<i64>,
    pub state: &'static str,
    pub region: Option<String>,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, Default)]
pub struct Refund {
    pub id: String,
    pub order: Option<String>,
    pub line: Option<i64>,
    pub member: Option<u8>,
    pub sku: Option<String>,
    pub at: i64,
    pub quantity: i64,
    pub amount: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Shop {
    pub members: Vec<Member>,
    pub orders: Vec<Order>,
    pub refunds: Vec<Refund>,
}

/// By largest remainder, ties to the earlier.
pub fn spread(amount: i64, over: &[i64]) -> Vec<i64> {
    let sum: i64 = over.iter().sum();
    if sum == 0 || amount == 0 {
        return vec![0; over.len()];
    }
    let mut parts: Vec<i64> = over.iter().map(|w| amount * w / sum).collect();
    let mut order: Vec<usize> = (0..over.len()).collect();
    order.sort_by_key(|i| (-(amount * over[*i] % sum), *i));
    let missing = amount - parts.iter().sum::<i64>();
    for i in order.into_iter().take(missing as usize) {
        parts[i] += 1;
    }
    parts
}

pub fn fraction(num: i64, den: i64) -> Value {
    json!({"num": num, "den": den, "value": text(i128::from(num), i128::from(den), 4)})
}

pub fn text(num: i128, den: i128, digits: u32) -> Option<String> {
    if den == 0 {
        return None;
    }
    let scale = 10_i128.pow(digits);
    let rounded = (2 * num.abs() * scale + den) / (2 * den);
    let sign = if num < 0 && rounded != 0 { "-" } else { "" };
    Some(format!("{sign}{}.{:0w$}", rounded / scale, rounded % scale, w = digits as usize))
}

pub fn middle(sorted: &[i64]) -> Option<(i64, i64)> {
    let n = sorted.len();
    if n == 0 {
        None
    } else if n % 2 == 1 {
        Some((sorted[n / 2], 1))
    } else {
        Some((sorted[n / 2 - 1] + sorted[n / 2], 2))
    }
}
