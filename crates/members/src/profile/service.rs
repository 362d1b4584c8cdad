//! What the API and the console do with members: upsert, change, unmask.

use std::collections::HashMap;

use shuke_access::ShopId;
use shuke_kernel::{Code, Ctx, Error, Instant, Kind, Result};
use shuke_store::{Tx, args};

use super::card::{self, Card};
use super::model::{Profile, Stated};
use super::{mask, observe, sql};
use crate::consent;
use crate::identity::{self, Evidence, KeyClaim, KeyKind, ProfileHints, rows};
use crate::{MEMBER_NOT_FOUND, MemberId};

/// The source of what comes by the API.
pub const API: &str = "api";
/// The source of what staff state.
pub const STAFF: &str = "staff";
/// The source of what a member states of themselves.
pub const MEMBER: &str = "member";

/// A value is no key.
pub static BAD_KEY: Code = Code {
    code: "member.bad_key",
    kind: Kind::Invalid,
    zh: "这个值不能作为“{kind}”：它为空、被打码或格式不对。请提供完整的值。",
    en: "This value cannot be a `{kind}`: it is empty, masked or malformed. Give the whole value.",
};
/// No such kind of key.
pub static BAD_KIND: Code = Code {
    code: "member.unknown_key_kind",
    kind: Kind::Invalid,
    zh: "没有“{kind}”这种标识，可选：{known}。",
    en: "There is no kind of key `{kind}`; there are: {known}.",
};
/// A birthday changes once a year.
pub static BIRTHDAY_AGAIN: Code = Code {
    code: "member.birthday_again",
    kind: Kind::Unprocessable,
    zh: "生日每年只能修改一次，上次修改是 {at}。",
    en: "A birthday can change once a year; it was last changed at {at}.",
};
/// The member was erased.
pub static ERASED: Code = Code {
    code: "member.erased",
    kind: Kind::Unprocessable,
    zh: "这些标识属于一位已被删除的会员，且记录早于删除时间，不能再登记。",
    en: "These keys belong to a member who was erased after the record's time; they cannot be recorded again.",
};
/// No such shop.
pub static UNKNOWN_SHOP: Code = Code {
    code: "member.unknown_shop",
    kind: Kind::Invalid,
    zh: "找不到这个店铺。请填写店铺编号 shp_…。",
    en: "There is no such shop. Give a shop's id, `shp_…`.",
};
/// Too many at once.
pub static TOO_MANY: Code =
    Code { code: "member.too_many", kind: Kind::Invalid, zh: "一次最多 {limit} 条。", en: "At most {limit} items at once." };

/// A member as an integrator sends it.
#[derive(Clone, Default, Debug)]
pub struct Upsert {
    /// The id in the merchant's own system.
    pub external: Option<(String, String)>,
    /// Keys.
    pub keys: Vec<KeyClaim>,
    /// Facts.
    pub profile: ProfileHints,
    /// When the source says this held; the present where it says nothing.
    pub source_time: Option<Instant>,
    /// The shop that it comes from: its legal entity's customers are kept apart from others'.
    pub shop: Option<ShopId>,
    /// What they agreed to.
    pub consents: Vec<consent::Statement>,
}

/// What an upsert came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    /// A member was made.
    Created,
    /// A member was changed.
    Updated,
    /// Nothing new was said.
    Unchanged,
}

/// Reads a key; `field` names it in a refusal.
pub fn read_key(kind: &str, namespace: &str, value: &str, verified: bool, field: &str) -> Result<KeyClaim> {
    let Some(kind) = KeyKind::from_word(kind) else {
        let known: Vec<&str> = KeyKind::ALL.iter().map(|k| k.word()).collect();
        return Err(BAD_KIND.with("kind", kind).with("known", known.join(", ")).at(format!("{field}.kind")).into());
    };
    KeyClaim::new(kind, namespace, value, verified).ok_or_else(|| BAD_KEY.with("kind", kind.word()).at(format!("{field}.value")).into())
}

/// Makes or changes members, one answer each. All of them are identified together.
pub fn upsert_many(tx: &mut Tx<'_>, cx: &Ctx, items: &[Upsert]) -> Result<Vec<Result<(MemberId, Done)>>> {
    let mut evidence = Vec::with_capacity(items.len());
    let mut refused: HashMap<usize, Error> = HashMap::new();
    for (i, item) in items.iter().enumerate() {
        let entity = match item.shop.map(|shop| identity::entity_of_shop(tx, cx, &shop.to_string())).transpose()? {
            None => None,
            Some(Some(entity)) => entity,
            Some(None) => {
                refused.insert(i, UNKNOWN_SHOP.at("shop").into());
                evidence.push(Evidence {
                    keys: Vec::new(),
                    entity: None,
                    source_time: cx.now,
                    source: API.to_owned(),
                    source_id: None,
                    profile: ProfileHints::default(),
                });
                continue;
            }
        };
        let external = item.external.clone().unwrap_or_else(|| ("shuke".to_owned(), cx.new_id::<crate::MemberKind>().to_string()));
        let mut keys = item.keys.clone();
        let own = KeyClaim::new(KeyKind::OwnId, &external.0, &external.1, true);
        // A member made by hand with a key of its own needs no invented one.
        let named = item.external.is_some() || !keys.iter().any(|k| k.class != identity::KeyClass::Contact);
        match own {
            Some(own) if named => keys.push(own),
            _ => {}
        }
        evidence.push(Evidence {
            keys,
            // Two entities may have given one id to two people.
            source_id: Some(
                entity.as_ref().map_or_else(|| format!("{}/{}", external.0, external.1), |e| format!("{}/{}@{e}", external.0, external.1)),
            ),
            entity,
            source_time: item.source_time.unwrap_or(cx.now),
            source: API.to_owned(),
            profile: item.profile.clone(),
        });
    }
    let before = observe::peek(tx, cx, API, evidence.iter().filter_map(|e| e.source_id.as_deref()))?;
    let found = identity::identify_many(tx, cx, &evidence)?;
    let after = observe::peek(tx, cx, API, evidence.iter().filter_map(|e| e.source_id.as_deref()))?;
    let mut out = Vec::with_capacity(items.len());
    let mut seen: HashMap<&str, ()> = HashMap::new();
    for (i, ((item, e), f)) in items.iter().zip(&evidence).zip(&found).enumerate() {
        if let Some(refusal) = refused.remove(&i) {
            out.push(Err(refusal));
            continue;
        }
        let id = e.source_id.as_deref().unwrap_or_default();
        let Some(member) = f.member else {
            out.push(Err(Error::from(if e.keys.is_empty() { BAD_KEY.with("kind", "key") } else { ERASED.refuse() })));
            continue;
        };
        if let Err(not_taken) = consent::record(tx, cx, member, &item.consents) {
            match not_taken {
                Error::Refused(_) => out.push(Err(not_taken)),
                fault => return Err(fault),
            }
            continue;
        }
        let again = seen.insert(id, ()).is_some();
        let same = before.get(id).is_some_and(|b| after.get(id) == Some(b)) && item.consents.is_empty();
        out.push(Ok((
            member,
            if f.created {
                Done::Created
            } else if same || again {
                Done::Unchanged
            } else {
                Done::Updated
            },
        )));
    }
    Ok(out)
}

/// Makes or changes one member.
pub fn upsert(tx: &mut Tx<'_>, cx: &Ctx, item: &Upsert) -> Result<(MemberId, Done)> {
    upsert_many(tx, cx, std::slice::from_ref(item))?.pop().unwrap_or_else(|| Err(Error::fault("one upsert had no answer")))
}

/// Who states a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// The merchant's staff, or its own system.
    Staff,
    /// The member.
    Member,
}

fn living(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<MemberId> {
    identity::resolve(tx, cx, id)?.ok_or_else(|| MEMBER_NOT_FOUND.refuse().into())
}

/// Changes facts of a member; null takes a fact back. A member may change their birthday once a
/// year. `keys` are bound to the member beside those that it has.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId, by: By, fields: &Stated, keys: &[KeyClaim]) -> Result<MemberId> {
    let mut id = living(tx, cx, id)?;
    let source = if by == By::Member { MEMBER } else { STAFF };
    if by == By::Member && fields.contains_key("birthday") {
        let opened = tx.keys(cx.merchant)?;
        for mut r in tx.rows(sql::LAST_BY, args![cx.merchant, id, MEMBER])? {
            let (at, sealed, record): (Instant, Option<Vec<u8>>, Vec<u8>) = (r.get(0)?, r.get(1)?, r.get(3)?);
            let told = observe::open(&opened, MEMBER, &record, sealed)?.contains_key("birthday");
            if told && cx.now < at.plus_seconds(365 * 86_400) {
                return Err(BIRTHDAY_AGAIN.with("at", at).at("birthday").into());
            }
        }
    }
    if !keys.is_empty() {
        let mut all = card::keys_of(tx, cx, [id])?.remove(&id).unwrap_or_default();
        all.retain(|k| k.class != identity::KeyClass::Contact);
        all.extend(keys.iter().cloned());
        let entity = rows::sets_of(tx, cx, [id])?.pop().map(|s| s.entity).filter(|e| !e.is_empty());
        let evidence = Evidence {
            keys: all,
            entity,
            source_time: cx.now,
            source: source.to_owned(),
            source_id: Some(cx.new_id::<crate::MemberKind>().to_string()),
            profile: ProfileHints::default(),
        };
        id = identity::identify(tx, cx, &evidence)?.member.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
    }
    if !fields.is_empty() {
        observe::state_by_hand(tx, cx, id, source, fields)?;
    }
    Ok(id)
}

/// The card of a living member; an alias shows the one who took it in.
pub fn get_card(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Card> {
    let id = living(tx, cx, id)?;
    card::cards(tx, cx, &[id])?.pop().ok_or_else(|| MEMBER_NOT_FOUND.refuse().into())
}

/// The member of an external id.
pub fn by_external(tx: &mut Tx<'_>, cx: &Ctx, source: &str, id: &str) -> Result<MemberId> {
    let Some(claim) = KeyClaim::new(KeyKind::OwnId, source, id, true) else { return Err(MEMBER_NOT_FOUND.refuse().into()) };
    // The merchant's first legal entity before others, which may have given the same id.
    for entity in identity::entities_of(tx, cx, &claim)? {
        if let Some(found) = identity::find_by_key(tx, cx, &claim, Some(&entity))?.into_iter().next() {
            return Ok(found);
        }
    }
    Err(MEMBER_NOT_FOUND.refuse().into())
}

/// Fields that can be unmasked.
pub const UNMASKABLE: [&str; 7] = ["name", "phone", "email", "account", "external", "card", "address"];

/// What a person asked to see, clear. The caller audits it with the reason.
#[derive(Clone, Default, Debug)]
pub struct Unmasked {
    /// Field to values.
    pub fields: Vec<(String, Vec<String>)>,
}

/// Identifiers of a member, clear.
pub fn unmask(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId, fields: &[String]) -> Result<Unmasked> {
    let id = living(tx, cx, id)?;
    let profile = super::get(tx, cx, id)?.unwrap_or_default();
    let keys = card::keys_of(tx, cx, [id])?.remove(&id).unwrap_or_default();
    let of = |kinds: &[KeyKind]| keys.iter().filter(|k| kinds.contains(&k.kind)).map(|k| k.value.clone()).collect::<Vec<_>>();
    let mut out = Unmasked::default();
    for field in fields {
        let kinds = kinds_of(field)?;
        let values = if field == "name" { card::name_of(&profile, &keys).into_iter().collect() } else { of(&kinds) };
        out.fields.push((field.clone(), values));
    }
    Ok(out)
}

/// The kinds of keys that a field shows in clear; with the name those that are names.
pub(crate) fn kinds_of(field: &str) -> Result<Vec<KeyKind>> {
    Ok(match field {
        "name" => vec![KeyKind::ReceiverName],
        "phone" => vec![KeyKind::Phone, KeyKind::ReceiverPhone],
        "email" => vec![KeyKind::Email],
        "account" => vec![KeyKind::AccountName, KeyKind::OpenId, KeyKind::UnionId],
        "external" => vec![KeyKind::OwnId],
        "card" => vec![KeyKind::Card],
        "address" => vec![KeyKind::ReceiverAddress],
        other => return Err(consent::UNKNOWN_WORD.with("word", other).with("known", UNMASKABLE.join(", ")).at("fields").into()),
    })
}

/// A profile with its name masked.
pub fn masked(profile: Profile) -> Profile {
    Profile { name: profile.name.as_deref().map(mask::name), ..profile }
}
