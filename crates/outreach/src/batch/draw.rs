//! What follows from member and batch alone: who is held out, and the code of the short link.

use sha2::{Digest, Sha256};
use shuke_kernel::MerchantNo;
use shuke_members::MemberId;
use shuke_store::MerchantKeys;

use super::BatchId;

/// Whether a member is held out of a batch, at so many percent: the same answer whenever it is asked.
pub fn held_out(batch: BatchId, member: MemberId, percent: i64) -> bool {
    let hash: [u8; 32] =
        Sha256::new().chain_update(b"shuke holdout").chain_update(batch.bytes()).chain_update(member.bytes()).finalize().into();
    let draw = u64::from_be_bytes(hash[..8].try_into().unwrap_or_default());
    // The share of the whole range that lies below the percent, without dividing the draw unevenly.
    u128::from(draw) * 100 < (u128::from(u64::MAX) + 1) * u128::from(percent.clamp(0, 100) as u64)
}

/// Letters of a code: those that nobody takes for another when reading it out.
const LETTERS: &[u8; 56] = b"23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
/// Letters that make a code unguessable: 56¹¹ are 64 bits.
const SECRET: usize = 11;

fn letters(mut value: u128, at_least: usize) -> String {
    let mut out = Vec::new();
    while value > 0 || out.len() < at_least {
        out.push(LETTERS[(value % 56) as usize]);
        value /= 56;
    }
    out.reverse();
    String::from_utf8(out).unwrap_or_default()
}

/// The code of a member's link: the merchant's number, then letters that only the merchant's keys tell.
pub fn link(keys: &MerchantKeys, merchant: MerchantNo, batch: BatchId, place: i64) -> String {
    let token = u128::from_be_bytes(keys.token("batch link", &format!("{batch}/{place}")));
    let owner = letters(u128::from(merchant.0.unsigned_abs()), 1);
    let secret = letters(token % 56_u128.pow(SECRET as u32), SECRET);
    format!("{owner}{secret}")
}

/// Whose a code is; `None` for what is no code.
pub fn owner(code: &str) -> Option<MerchantNo> {
    if !(SECRET + 1..=SECRET + 11).contains(&code.len()) || !code.is_ascii() {
        return None;
    }
    let mut number: i64 = 0;
    for (i, letter) in code.bytes().enumerate() {
        let digit = LETTERS.iter().position(|l| *l == letter)? as i64;
        if i < code.len() - SECRET {
            number = number.checked_mul(56)?.checked_add(digit)?;
        }
    }
    (number > 0).then_some(MerchantNo(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_held_out_is_the_percent() {
        let batch = BatchId::from_bytes([7; 16]);
        let members: Vec<MemberId> = (0..20_000_u128).map(|n| MemberId::from_bytes(n.to_be_bytes())).collect();
        for percent in [0, 10, 50, 100] {
            let out = members.iter().filter(|m| held_out(batch, **m, percent)).count() as i64;
            // Five standard deviations of a fair draw.
            let room = (20_000.0 * 0.25_f64).sqrt() * 5.0;
            assert!((out - 200 * percent).abs() as f64 <= if percent % 100 == 0 { 0.0 } else { room }, "{percent}: {out}");
        }
        // Who is out at ten percent is out at fifty, and another batch draws others.
        assert!(members.iter().all(|m| !held_out(batch, *m, 10) || held_out(batch, *m, 50)));
        let other = BatchId::from_bytes([8; 16]);
        assert!(members.iter().any(|m| held_out(batch, *m, 10) != held_out(other, *m, 10)));
    }

    #[test]
    fn a_codes_owner_reads_back() {
        for no in [1, 55, 56, 1001, 9_999_999] {
            let code = format!("{}{}", letters(no, 1), letters(123, SECRET));
            assert_eq!(owner(&code), Some(MerchantNo(no as i64)), "{code}");
        }
        for none in ["", "abc", "0l1I0l1I0l1I", "22222222222", "张三张三张三张三张三张三"] {
            assert_eq!(owner(none), None, "{none}");
        }
    }
}
