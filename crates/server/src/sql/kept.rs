//! What the audit keeps of a statement: its beginning, without what looks like somebody's phone or address.
//! The audit outlives an erasure, so what would tell who it was is never in it.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// Characters that are kept.
const KEPT: usize = 500;
/// Digits from which on they may be a phone or a number of an order.
const LONG: usize = 7;
/// What stands for something masked.
const MASK: &str = "***";

/// The statement as the audit keeps it: masked, its first 500 characters; of a longer one its length and the
/// SHA-256 of the whole, masked. A sum of the statement as it was would let a phone be tried out.
pub fn kept(statement: &str, clear: bool) -> String {
    let masked = masked(statement);
    let mut text = if clear { "[clear] ".to_owned() } else { String::new() };
    match masked.char_indices().nth(KEPT) {
        None => text.push_str(&masked),
        Some((at, _)) => {
            text.push_str(&masked[..at]);
            let _ = write!(text, " … ({} bytes, SHA-256 ", statement.len());
            for byte in Sha256::digest(masked.as_bytes()) {
                let _ = write!(text, "{byte:02x}");
            }
            text.push(')');
        }
    }
    text
}

/// The same without e-mail addresses and long runs of digits, written in groups or not. Days stay.
fn masked(statement: &str) -> String {
    let all: Vec<char> = statement.chars().collect();
    let (mut text, mut at) = (String::with_capacity(statement.len()), 0);
    while at < all.len() {
        let (address, digits) = (address(&all, at), digits(&all, at));
        let end = if address > at || is_long(&all[at..digits]) {
            text.push_str(MASK);
            address.max(digits)
        } else {
            let end = if digits > at { digits } else { word(&all, at) };
            text.extend(&all[at..end]);
            end
        };
        at = end;
    }
    text
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || "._%+-".contains(c)
}

/// Where letters from `at` on end: before a digit, where a number may begin. Behind `at` in any case.
fn word(all: &[char], at: usize) -> usize {
    if !is_local(all[at]) {
        return at + 1;
    }
    all[at + 1..].iter().position(|c| !is_local(*c) || c.is_numeric()).map_or(all.len(), |n| at + 1 + n)
}

/// The end of an e-mail address that begins at `at`; `at` where there is none.
fn address(all: &[char], at: usize) -> usize {
    // Within a word an address began before.
    if at > 0 && is_local(all[at - 1]) && all[at] != '@' {
        return at;
    }
    let sign = all[at..].iter().position(|c| !is_local(*c)).map_or(all.len(), |n| at + n);
    if all.get(sign) != Some(&'@') {
        return at;
    }
    let end = all[sign + 1..].iter().position(|c| !is_local(*c)).map_or(all.len(), |n| sign + 1 + n);
    if end > sign + 1 { end } else { at }
}

/// The end of digits that begin at `at`, with single spaces, dashes, dots and slashes among them.
fn digits(all: &[char], at: usize) -> usize {
    let mut end = at;
    while end < all.len() {
        if all[end].is_numeric() {
            end += 1;
        } else if end > at && " -./".contains(all[end]) && all.get(end + 1).is_some_and(|c| c.is_numeric()) {
            end += 2;
        } else {
            break;
        }
    }
    end
}

fn is_long(run: &[char]) -> bool {
    run.iter().filter(|c| c.is_numeric()).count() >= LONG && !is_day(run)
}

/// Whether it is a day, `2025-11-01`, or one with the hour behind it.
fn is_day(run: &[char]) -> bool {
    let text: String = run.iter().collect();
    let number = |from: usize, till: usize| text.get(from..till).and_then(|t| t.parse::<u32>().ok());
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    ["0000-00-00", "0000-00-00 00"].contains(&shape.as_str())
        && number(0, 4).is_some_and(|y| (1900..2100).contains(&y))
        && number(5, 7).is_some_and(|m| (1..=12).contains(&m))
        && number(8, 10).is_some_and(|d| (1..=31).contains(&d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_who_it_was_is_not_kept() {
        for (asked, told) in [
            ("WHERE phone = '13800138000'", "WHERE phone = '***'"),
            ("WHERE phone = 13800138000 LIMIT 5", "WHERE phone = *** LIMIT 5"),
            ("-- don't call 138-0013-8000\nSELECT 1", "-- don't call ***\nSELECT 1"),
            ("'+86 138 0013 8000'", "'+***'"),
            ("'(010) 6512-3456'", "'(010) ***'"),
            ("'１３８００１３８０００'", "'***'"),
            ("LIKE '138001380%'", "LIKE '***%'"),
            ("tag = 'vip13800138000'", "tag = 'vip***'"),
            ("'li.lei+1@example.com' = x", "'***' = x"),
            ("'13800138000@qq.com'", "'***'"),
            ("LIKE '%@qq.com'", "LIKE '***'"),
            ("a@", "a@"),
        ] {
            assert_eq!(masked(asked), told, "{asked}");
        }
    }

    #[test]
    fn what_a_question_is_made_of_stays() {
        for asked in [
            "SELECT province, count(*) FROM members WHERE time >= '2025-11-01' AND paid > 100000 GROUP BY 1 -- 城市",
            "time BETWEEN '2025-11-01 08:30:00' AND '2025-11-02T00:00:00Z'",
            "amount / 100.0 > 1234.5 AND level IN (1, 2, 3)",
        ] {
            assert_eq!(kept(asked, false), asked);
        }
    }

    #[test]
    fn a_long_one_is_told_by_its_beginning_and_its_sum() {
        let long = format!("SELECT '{}'", "好".repeat(1_000));
        let told = kept(&long, true);
        assert!(told.starts_with("[clear] SELECT '好") && told.contains("3009 bytes, SHA-256 "), "{told}");
        assert!(told.chars().count() < KEPT + 120);
        let (one, other) = (format!("{long} 13800138000"), format!("{long} 13900139000"));
        assert_eq!(kept(&one, false), kept(&other, false));
        assert_ne!(kept(&format!("{long} x"), false), kept(&format!("{long} y"), false));
    }
}
