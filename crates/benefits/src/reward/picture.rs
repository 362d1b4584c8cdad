//! A reward's picture, kept in the store: small, and of a sort that a browser shows and cannot run.

use sha2::{Digest, Sha256};
use shuke_access::audit;
use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_store::{Tx, args};

use super::model::Reward;
use super::{service, sql};
use crate::RewardId;
use crate::words::{BAD_PICTURE, NO_PICTURE};

/// Kilobytes at most.
pub const MOST_KB: usize = 300;

/// The media type that the first bytes tell; what others claim is not asked.
pub fn media(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// Gives a reward this picture instead of the one it has.
///
/// # Errors
/// Refuses what is no picture, or too large.
pub fn put(tx: &mut Tx<'_>, cx: &Ctx, id: RewardId, bytes: &[u8]) -> Result<Reward> {
    let found = service::hold(tx, cx.merchant, id)?;
    let Some(media) = media(bytes).filter(|_| bytes.len() <= MOST_KB * 1_000) else {
        return Err(BAD_PICTURE.with("limit", MOST_KB).at("data").into());
    };
    let hash: String = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    tx.exec(sql::PUT_PICTURE, args![cx.merchant, id, media, bytes])?;
    tx.exec(sql::SET_PICTURE, args![cx.merchant, id, hash, cx.now])?;
    audit::record(tx, cx, "reward.picture_changed", &id.to_string(), &found.definition.name)?;
    service::get(tx, cx.merchant, id)
}

/// Takes its picture away.
pub fn remove(tx: &mut Tx<'_>, cx: &Ctx, id: RewardId) -> Result<Reward> {
    service::hold(tx, cx.merchant, id)?;
    tx.exec(sql::DROP_PICTURE, args![cx.merchant, id])?;
    tx.exec(sql::SET_PICTURE, args![cx.merchant, id, Option::<String>::None, cx.now])?;
    service::get(tx, cx.merchant, id)
}

/// Its picture: media type and bytes.
///
/// # Errors
/// Refuses where it has none.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: RewardId) -> Result<(String, Vec<u8>)> {
    match tx.row(sql::PICTURE, args![merchant, id])? {
        Some(mut r) => Ok((r.get(0)?, r.get(1)?)),
        None => Err(NO_PICTURE.refuse().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_told_by_its_bytes() {
        assert_eq!(media(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(media(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(media(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'>"[..], b"GIF89a", b"RIFF\0\0\0\0WAVE", b""] {
            assert_eq!(media(other), None);
        }
    }
}
