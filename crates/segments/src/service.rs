//! What an expression of a merchant is judged with: the zone of its days, its other segments.

use std::collections::BTreeMap;

use shuke_access::merchants;
use shuke_kernel::{Ctx, Error, Result, Zone};
use shuke_store::Tx;

use crate::definitions::Segments;

/// See above.
#[derive(Clone, Debug)]
pub struct Known {
    /// The zone of days, months and midnights.
    pub zone: Zone,
    /// Segments that may be referred to.
    pub segments: Segments,
    /// Their names, by id.
    pub names: BTreeMap<String, String>,
}

/// What holds for the merchant.
pub fn known(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Known> {
    let name = merchants::get(tx, cx.merchant)?.zone;
    let zone = Zone::named(&name).ok_or_else(|| Error::fault(format!("there is no zone {name}")))?;
    Ok(Known { zone, segments: Segments::default(), names: BTreeMap::new() })
}
