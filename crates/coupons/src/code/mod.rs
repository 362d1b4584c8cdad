//! Codes that are printed or sent: what they look like, how a mistyped one is told from a real one, and where they come from.
//!
//! A code has sixteen characters of an alphabet of 29: fifteen of a number drawn evenly from all that fit, and a check
//! character. That is 72.8 bits: with a million codes that can be used, one guess in 2^52 finds one. The number is made of
//! the merchant's own key, the batch and the code's place in it, so codes lie nowhere in clear and a sheet of them can be
//! written at any time; a typed one is found by its blind token.
//!
//! The alphabet has no `0 O 1 I L S Z`. Who reads `S` or `Z` where `5` or `2` is printed is understood. The check character
//! is a sum with a weight of its own for each place, modulo 29, a prime: one wrong character changes it, and so does
//! exchanging any two.

pub mod enter;
pub mod made;
pub mod sheet;
pub mod sql;

use shuke_kernel::Refusal;
use shuke_store::MerchantKeys;

use crate::BatchId;
use crate::words::CODE_MISTYPED;

/// The characters, by their values.
const ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRTUVWXY";

/// Characters of the number.
const BODY: usize = 15;
/// Characters with the check character.
pub const LENGTH: usize = BODY + 1;
/// Bits of a code that nobody can foresee, rounded down.
pub const ENTROPY_BITS: i64 = 72;

/// How many numbers there are: 29 to the 15th.
const NUMBERS: u128 = 29_u128.pow(BODY as u32);

/// What characters at these places add to the sum; zero for a code.
fn sum(values: impl Iterator<Item = usize>) -> usize {
    values.enumerate().map(|(place, value)| value * (LENGTH - place)).sum::<usize>() % ALPHABET.len()
}

fn value(c: char) -> Option<usize> {
    ALPHABET.iter().position(|known| char::from(*known) == c)
}

/// The code of a number, without dashes.
pub fn written(number: u128) -> String {
    let (mut rest, mut values) = (number % NUMBERS, [0_usize; LENGTH]);
    for slot in values[..BODY].iter_mut().rev() {
        *slot = (rest % 29) as usize;
        rest /= 29;
    }
    values[BODY] = (ALPHABET.len() - sum(values[..BODY].iter().copied())) % ALPHABET.len();
    values.iter().map(|value| char::from(ALPHABET[*value])).collect()
}

/// A code in groups of four, as it is printed.
pub fn printed(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A character as it was meant: capitals, narrow, and what looks like another one of the alphabet.
fn meant(c: char) -> char {
    // Full-width letters and digits lie in the same order as the narrow ones.
    let narrow = match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    match narrow.to_ascii_uppercase() {
        'S' => '5',
        'Z' => '2',
        other => other,
    }
}

fn mistyped(zh: &str, en: &str) -> Refusal {
    CODE_MISTYPED.with("why_zh", zh).with("why", en)
}

/// A typed code as it was written: blanks and dashes anywhere, small letters and full-width ones are understood.
///
/// # Errors
/// A refusal that says what cannot be: the length, a character that no code has, or the check character.
pub fn parse(text: &str) -> Result<String, Refusal> {
    let blank = |c: &char| c.is_whitespace() || ['-', '－', '—', '–', '_', '·'].contains(c);
    let letters: Vec<char> = text.chars().filter(|c| !blank(c)).take(100).map(meant).collect();
    if letters.len() != LENGTH {
        let (zh, en) = (
            format!("券码为 {LENGTH} 位，这里有 {} 位。", letters.len()),
            format!("A code has {LENGTH} characters; this has {}.", letters.len()),
        );
        return Err(mistyped(&zh, &en));
    }
    let mut values = Vec::with_capacity(LENGTH);
    for (place, letter) in letters.iter().enumerate() {
        let Some(value) = value(*letter) else {
            let (at, zh) = (place + 1, format!("第 {} 位“{letter}”不会出现在券码里，请核对。", place + 1));
            return Err(mistyped(&zh, &format!("No code has `{letter}`, the character at place {at}: check it.")));
        };
        values.push(value);
    }
    if sum(values.into_iter()) != 0 {
        return Err(mistyped("券码有误，请核对后再输入。", "The code is mistyped: check it and type it again."));
    }
    Ok(letters.into_iter().collect())
}

/// The code at a place of a batch.
pub fn of(keys: &MerchantKeys, batch: BatchId, no: i64) -> String {
    written(u128::from_be_bytes(keys.token("coupon_code", &format!("{batch}/{no}"))))
}

/// What a code is found by.
pub fn token(keys: &MerchantKeys, code: &str) -> [u8; 16] {
    keys.token("coupon_code_token", code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_character_looks_like_another_one_that_is_left_out() {
        let alphabet: Vec<char> = ALPHABET.iter().map(|c| char::from(*c)).collect();
        assert!("0O1ILSZ".chars().all(|c| !alphabet.contains(&c)));
        assert!(alphabet.windows(2).all(|pair| pair[0] < pair[1]), "each once, in order");
        // 2^72 < 29^15 < 2^73.
        assert_eq!(i64::from(NUMBERS.ilog2()), ENTROPY_BITS);
    }

    #[test]
    fn what_people_type_is_understood() {
        let code = written(123_456_789_012_345_678_901);
        for typed in [
            code.clone(),
            printed(&code),
            code.to_lowercase(),
            format!("  {} ", printed(&code).replace('-', " ")),
            code.replace('5', "S").replace('2', "z"),
        ] {
            assert_eq!(parse(&typed), Ok(code.clone()), "{typed}");
        }
        assert_eq!(printed(&code).len(), 19);
        for wrong in ["", "AAAA", "O234567890123456", &code[1..], &format!("{code}2")] {
            assert_eq!(parse(wrong).expect_err(wrong).code.code, "coupon.code_mistyped");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_character_and_two_exchanged_are_caught(number in any::<u128>(), place in 0..LENGTH, other in 0..LENGTH, letter in 0..ALPHABET.len()) {
            let code = written(number);
            prop_assert_eq!(parse(&code), Ok(code.clone()));
            let letters: Vec<char> = code.chars().collect();
            let mut wrong = letters.clone();
            wrong[place] = char::from(ALPHABET[letter]);
            let wrong: String = wrong.into_iter().collect();
            prop_assert_eq!(parse(&wrong).is_ok(), wrong == code);
            let mut exchanged = letters;
            exchanged.swap(place, other);
            let exchanged: String = exchanged.into_iter().collect();
            prop_assert_eq!(parse(&exchanged).is_ok(), exchanged == code);
        }

        #[test]
        fn numbers_have_codes_of_their_own(a in 0..NUMBERS, b in 0..NUMBERS) {
            prop_assert_eq!(written(a) == written(b), a == b);
        }
    }
}
