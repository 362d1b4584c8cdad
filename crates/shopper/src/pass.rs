//! Passes: what a link holds. A text that names merchant, member and end, signed by HMAC-SHA-256 under the merchant's own key,
//! 128 bits of it. Nothing of it is kept; a merchant ends all its links at once by counting its generation on.

use shuke_access::{Merchant, MerchantId, merchants};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::{MemberId, identity};
use shuke_store::Tx;

use crate::{ACTOR, settings};

/// The first word of every pass: another form has another.
const FORM: &str = "sl1";
/// What signatures of passes are kept apart by from all other tokens under the same key.
const PURPOSE: &str = "shopper link 1";
/// How long a link lives unless asked otherwise, seconds.
pub const USUAL: i64 = 30 * 60;
/// How long a link may live at most, seconds.
pub const LONGEST: i64 = 24 * 3_600;
/// How long a link lives at least, seconds.
pub const SHORTEST: i64 = 60;

/// A pass as it was presented; nothing is known of it until it is proven.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pass {
    merchant: MerchantId,
    member: MemberId,
    until: i64,
    generation: i64,
    signed: String,
    mark: [u8; 16],
}

/// Who a proven pass lets in.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The shop.
    pub merchant: Merchant,
    /// The member, living.
    pub member: MemberId,
    /// When the pass ends.
    pub until: Instant,
}

fn hex(mark: &[u8; 16]) -> String {
    mark.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut mark = [0; 16];
    for (i, byte) in mark.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(mark)
}

/// The letters of an id without its prefix.
fn letters(id: &str) -> &str {
    id.split_once('_').map_or(id, |(_, letters)| letters)
}

/// Makes a pass for a member, good for so many seconds.
///
/// # Errors
/// Where the merchant has no keys.
pub fn make(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, seconds: i64) -> Result<(String, Instant)> {
    let merchant = merchants::get(tx, cx.merchant)?;
    let generation = settings::get(tx, cx.merchant)?.generation;
    let until = cx.now.micros().div_euclid(1_000_000) + seconds;
    let (mer, mem) = (merchant.id.to_string(), member.to_string());
    let signed = format!("{FORM}.{}.{}.{until:x}.{generation:x}", letters(&mer), letters(&mem));
    let mark = tx.keys(cx.merchant)?.token(PURPOSE, &signed);
    Ok((format!("{signed}.{}", hex(&mark)), Instant(until * 1_000_000)))
}

/// Reads what was presented; none where it has not the form of a pass.
pub fn read(text: &str) -> Option<Pass> {
    let (signed, mark) = text.rsplit_once('.')?;
    let mut parts = signed.split('.');
    let (form, mer, mem, until, generation) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if form != FORM || parts.next().is_some() {
        return None;
    }
    Some(Pass {
        merchant: format!("mer_{mer}").parse().ok()?,
        member: format!("mem_{mem}").parse().ok()?,
        until: i64::from_str_radix(until, 16).ok()?,
        generation: i64::from_str_radix(generation, 16).ok()?,
        signed: signed.to_owned(),
        mark: unhex(mark)?,
    })
}

/// Whether two marks are the same, in the same time wherever they differ.
fn same(a: &[u8; 16], b: &[u8; 16]) -> bool {
    a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// Who a pass lets in at an instant; nobody where it is forged, over, ended, or its member is gone.
///
/// # Errors
/// Where the store fails.
pub fn prove(tx: &mut Tx<'_>, pass: &Pass, now: Instant) -> Result<Option<Guest>> {
    let Some(merchant) = merchants::find(tx, pass.merchant)? else { return Ok(None) };
    let mark = tx.keys(merchant.no)?.token(PURPOSE, &pass.signed);
    if !same(&mark, &pass.mark) {
        return Ok(None);
    }
    let until = Instant(pass.until.saturating_mul(1_000_000));
    if now >= until || settings::get(tx, merchant.no)?.generation != pass.generation {
        return Ok(None);
    }
    let cx = Ctx::new(merchant.no, ACTOR, now);
    Ok(identity::resolve(tx, &cx, pass.member)?.map(|member| Guest { merchant, member, until }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "sl1.01kc0000000000000000000000.01kd0000000000000000000000.69a0d2f0.1.00112233445566778899aabbccddeeff";

    #[test]
    fn what_has_not_the_form_is_no_pass() {
        let pass = read(GOOD).expect("a pass");
        assert_eq!((pass.until, pass.generation, pass.mark[1]), (0x69a0_d2f0, 1, 0x11));
        assert!(GOOD.starts_with(&pass.signed));
        let changes: [&dyn Fn(&str) -> String; 9] = [
            &|t| t.replace("sl1", "sl2"),
            &|t| t.replace(".1.", "."),
            &|t| t.replace(".1.", ".1.1."),
            &|t| t.replace("ff", "FF"),
            &|t| t.replace("ff", "f"),
            &|t| t.replace("01kc", "01k!"),
            &|t| t.replace("69a0d2f0", "ffffffffffffffffff"),
            &|t| t[..t.len() - 33].to_owned(),
            &|_| String::new(),
        ];
        for (i, change) in changes.iter().enumerate() {
            assert_eq!(read(&change(GOOD)), None, "change {i}");
        }
    }

    #[test]
    fn marks_are_the_same_only_bit_for_bit() {
        let mark = [7; 16];
        assert!(same(&mark, &mark));
        for i in 0..16 {
            let mut other = mark;
            other[i] ^= 1;
            assert!(!same(&mark, &other));
        }
        assert_eq!(unhex(&hex(&mark)), Some(mark));
    }
}
