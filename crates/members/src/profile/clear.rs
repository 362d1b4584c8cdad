//! What a card shows masked, in clear: for an export that somebody who may asked for, with a reason.

use std::collections::HashMap;

use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;

use super::card::{best, keys_of, name_of};
use crate::MemberId;
use crate::identity::KeyKind;

/// Identifiers of a member, clear.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Clear {
    /// Name; where none is known, a receiver's.
    pub name: Option<String>,
    /// The best phone.
    pub phone: Option<String>,
    /// The best e-mail.
    pub email: Option<String>,
    /// The account's name.
    pub account: Option<String>,
}

/// Identifiers of members, clear. The caller has written into the audit who asked for them and why.
pub fn clear(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<HashMap<MemberId, Clear>> {
    let mut keys = keys_of(tx, cx, ids.iter().copied())?;
    let mut out = HashMap::with_capacity(ids.len());
    for facts in super::read(tx, cx, ids.iter().copied())? {
        let keys = keys.remove(&facts.id).unwrap_or_default();
        let of = |kinds: &[KeyKind]| best(&keys, kinds).map(|k| k.value.clone());
        let clear = Clear {
            name: name_of(&facts.profile, &keys),
            phone: of(&[KeyKind::Phone, KeyKind::ReceiverPhone]),
            email: of(&[KeyKind::Email]),
            account: of(&[KeyKind::AccountName]),
        };
        out.insert(facts.id, clear);
    }
    Ok(out)
}
