//! What of an identifier people see by default.

use crate::identity::KeyKind;

/// 张三 → 张*, 欧阳小明 → 欧***.
pub fn name(text: &str) -> String {
    let mut chars = text.trim().chars();
    match chars.next() {
        None => String::new(),
        Some(first) => format!("{first}{}", "*".repeat(chars.count().clamp(1, 3))),
    }
}

/// 13800000000 → 138****0000.
pub fn phone(text: &str) -> String {
    let digits: Vec<char> = text.chars().collect();
    if digits.len() < 8 {
        return "****".to_owned();
    }
    let (head, tail): (String, String) = (digits[..3].iter().collect(), digits[digits.len() - 4..].iter().collect());
    format!("{head}****{tail}")
}

/// anna@x.com → a***@x.com.
pub fn email(text: &str) -> String {
    match text.split_once('@') {
        Some((local, domain)) => format!("{}***@{domain}", local.chars().next().unwrap_or('*')),
        None => "***".to_owned(),
    }
}

/// An id or account name: its ends.
pub fn word(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    match chars.len() {
        0 => String::new(),
        1..=2 => format!("{}**", chars[0]),
        3..=7 => format!("{}**{}", chars[0], chars[chars.len() - 1]),
        n => format!("{}{}***{}{}", chars[0], chars[1], chars[n - 2], chars[n - 1]),
    }
}

/// An address: nothing but that there is one.
pub fn address(_: &str) -> String {
    "****".to_owned()
}

/// The mask that fits a key's kind.
pub fn key(kind: KeyKind, value: &str) -> String {
    match kind {
        KeyKind::Phone | KeyKind::ReceiverPhone => phone(value),
        KeyKind::Email => email(value),
        KeyKind::ReceiverName => name(value),
        KeyKind::ReceiverAddress => value.split_once('|').map_or_else(|| address(value), |(n, a)| format!("{} {}", name(n), address(a))),
        _ => word(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen() {
        assert_eq!(name("张三"), "张*");
        assert_eq!(name("欧阳小明"), "欧***");
        assert_eq!(name(""), "");
        assert_eq!(phone("13800000000"), "138****0000");
        assert_eq!(phone("123"), "****");
        assert_eq!(email("anna@x.com"), "a***@x.com");
        assert_eq!(word("tb123456789"), "tb***89");
        assert_eq!(word("ab"), "a**");
    }
}
