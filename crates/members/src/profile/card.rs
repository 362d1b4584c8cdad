//! A member as others show it: masked, with its keys and what its orders come to.

use std::collections::{BTreeMap, HashMap};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::Tx;

use super::mask;
use super::matched::{Match, Search, Who};
use super::model::Profile;
use crate::MemberId;
use crate::hooks::{self, Totals};
use crate::identity::{KeyClaim, KeyClass, KeyKind, keys, rows, sql};
use crate::tag::{Label, give};

/// What orders a member's keys: class, kind, first seen, token.
type Rank = (KeyClass, KeyKind, i64, [u8; 16]);

/// A member's keys, clear, strongest first.
pub(crate) type Keys = Vec<KeyClaim>;

/// A member, its identifiers masked.
#[derive(Clone, Debug)]
pub struct Card {
    /// Who.
    pub id: MemberId,
    /// Name, masked; where none is known, a receiver's or an account's.
    pub display_name: String,
    /// The best phone, masked.
    pub phone: Option<String>,
    /// The best e-mail, masked.
    pub email: Option<String>,
    /// Facts, without the name.
    pub profile: Profile,
    /// First seen by source time.
    pub first_seen: Instant,
    /// Recorded here.
    pub created_at: Instant,
    /// Keys with masked values.
    pub keys: Vec<KeyClaim>,
    /// The id in the merchant's own system.
    pub external: Option<(String, String)>,
    /// What the orders come to.
    pub totals: Totals,
    /// Tags that the merchant gave, the longest held first.
    pub tags: Vec<Label>,
    /// Of a search, why it found the member.
    pub matched: Vec<Match>,
}

/// The keys of members, clear. For masking, searching and answering a person; never for a log.
pub(crate) fn keys_of(tx: &mut Tx<'_>, cx: &Ctx, ids: impl IntoIterator<Item = MemberId>) -> Result<HashMap<MemberId, Keys>> {
    let opened = tx.keys(cx.merchant)?;
    let mut found: HashMap<MemberId, BTreeMap<Rank, KeyClaim>> = HashMap::new();
    let mut seen: HashMap<(MemberId, [u8; 16]), (KeyClass, KeyKind, i64)> = HashMap::new();
    for mut r in tx.rows(sql::VALUES_OF, &[cx.merchant.into(), rows::members(ids)])? {
        let (member, id, first_seen): (MemberId, [u8; 16], i64) = (r.get(0)?, r.get(1)?, r.get(3)?);
        for (key, claim) in keys::open(&opened, &id, &r.get::<Vec<u8>>(4)?, &r.get::<Vec<u8>>(5)?)? {
            let rank = (key.class, key.kind, first_seen);
            // The same value may be a contact in one set and strong in another.
            let best = *seen.entry((member, key.token)).and_modify(|b| *b = (*b).min(rank)).or_insert(rank);
            let theirs = found.entry(member).or_default();
            if best == rank {
                theirs.retain(|k, _| k.3 != key.token);
                theirs.insert((rank.0, rank.1, rank.2, key.token), claim);
            }
        }
    }
    Ok(found.into_iter().map(|(m, keys)| (m, keys.into_values().collect())).collect())
}

pub(crate) fn best<'k>(keys: &'k [KeyClaim], kinds: &[KeyKind]) -> Option<&'k KeyClaim> {
    kinds.iter().find_map(|kind| keys.iter().find(|k| k.kind == *kind))
}

/// The phone that a card shows.
pub(crate) fn phone_of(keys: &[KeyClaim]) -> Option<&KeyClaim> {
    best(keys, &[KeyKind::Phone, KeyKind::ReceiverPhone])
}

/// The name that a member goes by, clear.
pub(crate) fn name_of(profile: &Profile, keys: &[KeyClaim]) -> Option<String> {
    let receiver = || best(keys, &[KeyKind::ReceiverName]).map(|k| k.value.clone());
    let parcel = || best(keys, &[KeyKind::ReceiverAddress]).and_then(|k| k.value.split_once('|').map(|(n, _)| n.to_owned()));
    profile.name.clone().or_else(receiver).or_else(parcel)
}

/// Cards of members, in the order asked; who does not live is left out.
pub fn cards(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<Vec<Card>> {
    cards_found(tx, cx, ids, None)
}

/// The same, with why a search found each.
pub fn cards_found(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId], search: Option<&Search>) -> Result<Vec<Card>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut all_keys = keys_of(tx, cx, ids.iter().copied())?;
    let totals = hooks::totals(tx, cx, ids)?;
    let mut tags = give::labels(tx, cx, ids)?;
    let mut facts: HashMap<MemberId, _> = super::read(tx, cx, ids.iter().copied())?.into_iter().map(|f| (f.id, f)).collect();
    let mut out = Vec::with_capacity(ids.len());
    for (id, totals) in ids.iter().zip(totals) {
        let Some(f) = facts.remove(id).filter(|f| f.state == "live") else { continue };
        let keys = all_keys.remove(id).unwrap_or_default();
        let tags = tags.remove(id).unwrap_or_default();
        let who = Who { id: *id, name: f.profile.name.as_deref(), keys: &keys, tags: &tags };
        let matched = search.map(|s| s.answered_by(&who)).unwrap_or_default();
        let name = name_of(&f.profile, &keys).map(|n| mask::name(&n));
        let account = || best(&keys, &[KeyKind::AccountName]).map(|k| mask::word(&k.value));
        out.push(Card {
            id: *id,
            display_name: name.or_else(account).unwrap_or_default(),
            phone: phone_of(&keys).map(|k| mask::phone(&k.value)),
            email: best(&keys, &[KeyKind::Email]).map(|k| mask::email(&k.value)),
            external: best(&keys, &[KeyKind::OwnId]).map(|k| (k.namespace.clone(), k.value.clone())),
            keys: keys.iter().map(|k| KeyClaim { value: mask::key(k.kind, &k.value), ..k.clone() }).collect(),
            profile: Profile { name: None, ..f.profile },
            first_seen: f.first_seen,
            created_at: f.created_at,
            totals,
            tags,
            matched,
        });
    }
    Ok(out)
}
