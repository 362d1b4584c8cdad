//! Reading plain JSON, and dividing amounts.

use serde_json::Value;

pub fn int(v: &Value, key: &str) -> Option<i64> {
    v.get(key).and_then(Value::as_i64)
}

pub fn text<'a>(v: &'a Value, key: &str) -> Option<&'a str> {
    v.get(key).and_then(Value::as_str)
}

pub fn list<'a>(v: &'a Value, key: &str) -> Vec<&'a Value> {
    v.get(key).and_then(Value::as_array).map(|l| l.iter().collect()).unwrap_or_default()
}

pub fn has(v: &Value, key: &str) -> bool {
    v.get(key).is_some_and(|x| !x.is_null())
}

/// "0.85" → (85, 100)
pub fn rate(s: &str) -> (i128, i128) {
    let (whole, digits) = s.split_once('.').unwrap_or((s, ""));
    let scale = 10_i128.pow(digits.len() as u32);
    (whole.parse::<i128>().unwrap() * scale + if digits.is_empty() { 0 } else { digits.parse::<i128>().unwrap() }, scale)
}

pub fn half_up(amount: i64, s: &str) -> i64 {
    let (a, b) = rate(s);
    let exact_twice = 2 * i128::from(amount) * a;
    ((exact_twice + b) / (2 * b)) as i64
}

/// 1000 over 3 is 334, 333, 333.
pub fn unit_split(amount: i64, pieces: i64) -> Vec<i64> {
    (0..pieces).map(|i| amount / pieces + if i < amount % pieces { 1 } else { 0 }).collect()
}

pub fn largest_remainder(total: i64, amounts: &[(usize, i64)]) -> Vec<(usize, i64)> {
    let sum: i128 = amounts.iter().map(|(_, a)| i128::from(*a)).sum();
    if sum == 0 {
        return amounts.iter().map(|(l, _)| (*l, 0)).collect();
    }
    let mut shares: Vec<(usize, i64)> = amounts.iter().map(|(l, a)| (*l, (i128::from(total) * i128::from(*a) / sum) as i64)).collect();
    let rest = total - shares.iter().map(|(_, s)| s).sum::<i64>();
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order.sort_by_key(|i| (-(i128::from(total) * i128::from(amounts[*i].1) % sum), *i));
    for i in order.into_iter().take(rest as usize) {
        shares[i].1 += 1;
    }
    shares
}
