//! What a merchant has settled of its shoppers' page: which pages of its own may ask, what proves a claim, and which links
//! still hold.

use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_kernel::{Code, Ctx, Kind, MerchantNo, Result};
use shuke_store::{Tx, args};
use utoipa::ToSchema;

use crate::sql;

/// Origins at most.
const ORIGINS: usize = 20;
/// Characters of an origin at most.
const ORIGIN_LENGTH: usize = 200;

/// An origin that is none.
pub static BAD_ORIGIN: Code = Code {
    code: "shopper.bad_origin",
    kind: Kind::Invalid,
    zh: "来源须像 https://shop.example.com 这样写，不带路径，最多 {limit} 个。",
    en: "An origin is written like https://shop.example.com, without a path; there are {limit} at most.",
};
/// Without one nobody could claim.
pub static NO_PROOF: Code = Code {
    code: "shopper.no_proof",
    kind: Kind::Invalid,
    zh: "认领订单的核对方式不能重复。",
    en: "A kind of proof is named once at most.",
};

/// What may prove that an order is somebody's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClaimProof)]
pub enum ProofKind {
    /// The last four digits of the receiver's phone.
    PhoneLast4,
    /// The receiver's name.
    ReceiverName,
    /// What was paid, shipping included.
    Paid,
}

impl ProofKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PhoneLast4, Self::ReceiverName, Self::Paid];
}

/// A merchant's choices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Pages of these origins may ask in a browser; ours always may.
    pub origins: Vec<String>,
    /// What proves a claim; nothing where orders cannot be claimed.
    pub proofs: Vec<ProofKind>,
    /// Links of an earlier one do not hold any more.
    pub generation: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { origins: Vec::new(), proofs: ProofKind::ALL.to_vec(), generation: 1 }
    }
}

/// What a merchant has settled.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Settings> {
    let Some(mut row) = tx.row(sql::SETTINGS, args![merchant])? else { return Ok(Settings::default()) };
    let (origins, proofs): (String, String) = (row.get(0)?, row.get(1)?);
    Ok(Settings { origins: serde_json::from_str(&origins)?, proofs: serde_json::from_str(&proofs)?, generation: row.get(2)? })
}

fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest.filter(|_| text.len() <= ORIGIN_LENGTH) else { return false };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let good_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    // Whoever listens on the way could take the link.
    let safe = text.starts_with("https://") || host == "localhost" || host == "127.0.0.1";
    good_host && safe && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|p| p > 0))
}

/// Settles origins and proofs.
///
/// # Errors
/// Refuses what is no origin, and a proof that is named twice.
pub fn put(tx: &mut Tx<'_>, cx: &Ctx, origins: &[String], proofs: &[ProofKind]) -> Result<Settings> {
    if origins.len() > ORIGINS || !origins.iter().all(|origin| is_origin(origin)) {
        return Err(BAD_ORIGIN.with("limit", ORIGINS).at("origins").into());
    }
    let mut sorted = proofs.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() != proofs.len() {
        return Err(NO_PROOF.at("proofs").into());
    }
    // The generation stays out of it: links that somebody ends meanwhile do not hold again.
    write(tx, cx, sql::PUT_SETTINGS, &Settings { origins: origins.to_vec(), proofs: sorted, ..Settings::default() })?;
    let settings = get(tx, cx.merchant)?;
    audit::record(tx, cx, "shopper.page_changed", "", &format!("{} origins", settings.origins.len()))?;
    Ok(settings)
}

/// Ends all links that were made so far.
pub fn end_links(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Settings> {
    let first = Settings::default();
    write(tx, cx, sql::END_LINKS, &Settings { generation: first.generation + 1, ..first })?;
    audit::record(tx, cx, "shopper.links_ended", "", "")?;
    get(tx, cx.merchant)
}

/// Puts settings where there are none; where there are, `how` says what of them is put.
fn write(tx: &mut Tx<'_>, cx: &Ctx, how: &'static str, settings: &Settings) -> Result<()> {
    let (origins, proofs) = (serde_json::to_string(&settings.origins)?, serde_json::to_string(&settings.proofs)?);
    tx.exec(how, args![cx.merchant, origins, proofs, settings.generation, cx.now, cx.actor.label()]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_hosts_that_nobody_listens_to_on_the_way() {
        for good in ["https://shop.example.com", "https://m.shop.example.com:8443", "http://localhost:5173", "http://127.0.0.1"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "http://shop.example.com",
            "https://",
            "https://a/",
            "https://a.com/x",
            "https://A.com",
            "*",
            "null",
            "https://a:0",
            "https://a:b",
            "https://u@a.com",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
