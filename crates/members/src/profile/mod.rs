//! A member's facts: folded from what sources state, sealed where they name the person.

pub mod born;
pub mod card;
pub mod clear;
pub(crate) mod dto;
pub mod filled;
pub(crate) mod http;
pub(crate) mod index;
pub(crate) mod letters;
pub mod list;
pub mod mask;
pub mod matched;
pub mod model;
pub(crate) mod observe;
mod owner;
pub mod reach;
pub mod reindex;
pub mod service;
mod several;
mod source;
pub mod sql;
pub mod words;

pub use born::{Born, born, born_after, living};
pub use dto::Member;
pub use filled::{Filled, filled};
pub use model::{Profile, under_fourteen};
pub use observe::{Told, told};

use std::collections::HashMap;

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{MerchantKeys, Row, Tx, Value};

use crate::MemberId;
use crate::identity::rows::{self, Located};
use crate::identity::{Birthday, Gender, Region};
use model::Statement;

/// A member's row as read.
#[derive(Clone, Debug)]
pub(crate) struct MemberFacts {
    pub id: MemberId,
    pub state: String,
    pub first_seen: Instant,
    pub created_at: Instant,
    pub profile: Profile,
}

fn gender_word(g: Gender) -> &'static str {
    match g {
        Gender::Female => "female",
        Gender::Male => "male",
        Gender::Other => "other",
    }
}

fn gender_of(word: &str) -> Option<Gender> {
    [Gender::Female, Gender::Male, Gender::Other].into_iter().find(|g| gender_word(*g) == word)
}

pub(crate) fn open_name(keys: &MerchantKeys, id: MemberId, sealed: Option<Vec<u8>>) -> Result<Option<String>> {
    match sealed {
        None => Ok(None),
        Some(blob) => Ok(Some(String::from_utf8_lossy(&keys.open("member", id.bytes(), &blob)?).into_owned())),
    }
}

fn facts(keys: &MerchantKeys, mut r: Row) -> Result<MemberFacts> {
    let id: MemberId = r.get(0)?;
    let (province, city): (Option<String>, Option<String>) = (r.get(7)?, r.get(8)?);
    let profile = Profile {
        gender: r.get::<Option<String>>(4)?.as_deref().and_then(gender_of),
        birthday: r.get::<Option<String>>(5)?.as_deref().and_then(Birthday::from_text),
        age_band: r.get(6)?,
        region: (province.is_some() || city.is_some()).then_some(Region { province, city }),
        joined_at: r.get(9)?,
        join_source: r.get(10)?,
        tier: r.get(11)?,
        points: r.get(12)?,
        tags: r.get::<Option<String>>(13)?.map(|t| serde_json::from_str(&t)).transpose()?,
        under_14: r.get::<Option<i64>>(14)?.map(|x| x != 0),
        name: open_name(keys, id, r.get(15)?)?,
    };
    Ok(MemberFacts { id, state: r.get(1)?, first_seen: r.get(2)?, created_at: r.get(3)?, profile })
}

/// Rows of members with their names opened, in no order.
pub(crate) fn read(tx: &mut Tx<'_>, cx: &Ctx, ids: impl IntoIterator<Item = MemberId>) -> Result<Vec<MemberFacts>> {
    let keys = tx.keys(cx.merchant)?;
    tx.rows(sql::GET, &[cx.merchant.into(), rows::members(ids)])?.into_iter().map(|r| facts(&keys, r)).collect()
}

/// A member's facts, clear: for those who may see them.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId) -> Result<Option<Profile>> {
    Ok(read(tx, cx, [id])?.pop().map(|f| f.profile))
}

/// Folds the profiles of members anew from all that is observed. Tells whose profile changed.
pub(crate) fn refold(tx: &mut Tx<'_>, cx: &Ctx, ids: impl IntoIterator<Item = MemberId>) -> Result<Vec<MemberId>> {
    let ids: Vec<MemberId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys = tx.keys(cx.merchant)?;
    let list = rows::members(ids.iter().copied());
    let mut statements: HashMap<MemberId, Vec<Statement>> = HashMap::new();
    for mut r in tx.rows(sql::OBSERVED, &[cx.merchant.into(), list.clone()])? {
        let (source, record): (String, Vec<u8>) = (r.get(1)?, r.get(2)?);
        let fields = observe::open(&keys, &source, &record, r.get(4)?)?;
        statements.entry(r.get(0)?).or_default().push(Statement { time: r.get(3)?, source, record, fields });
    }
    let mut regions: HashMap<MemberId, Located> = HashMap::new();
    for mut r in tx.rows(sql::REGIONS, &[cx.merchant.into(), list])? {
        let seen: Located = (r.get(1)?, r.get(2)?, r.get(3)?);
        let best = regions.entry(r.get(0)?).or_insert_with(|| seen.clone());
        *best = best.clone().max(seen);
    }
    let before: HashMap<MemberId, Profile> = read(tx, cx, ids.iter().copied())?.into_iter().map(|f| (f.id, f.profile)).collect();
    let (mut put, mut changed) = (Vec::new(), Vec::new());
    for id in ids {
        let Some(old) = before.get(&id) else { continue };
        let (mut profile, stated_at) = model::fold(statements.get(&id).map_or(&[][..], Vec::as_slice))?;
        let stated = stated_at.map(|at| profile.region.clone().map_or((at, None, None), |r| (at, r.province, r.city)));
        let region = stated.max(regions.remove(&id));
        profile.region =
            region.as_ref().filter(|r| r.1.is_some() || r.2.is_some()).map(|r| Region { province: r.1.clone(), city: r.2.clone() });
        put.push(row(cx, &keys, id, &profile, region)?);
        if profile != *old {
            index::rename(tx, cx, id, old.name.as_deref(), profile.name.as_deref())?;
            changed.push(id);
        }
    }
    tx.insert_many(&sql::PUT_PROFILES, put)?;
    Ok(changed)
}

fn row(cx: &Ctx, keys: &MerchantKeys, id: MemberId, p: &Profile, region: Option<Located>) -> Result<Vec<Value>> {
    let (at, province, city) = region.map_or((None, None, None), |(at, p, c)| (Some(at), p, c));
    let sealed = p.name.as_deref().map(|n| keys.seal("member", id.bytes(), n.as_bytes())).transpose()?;
    let tags = p.tags.as_ref().map(serde_json::to_string).transpose()?;
    Ok(vec![
        cx.merchant.into(),
        id.into(),
        "live".into(),
        0_i64.into(),
        0_i64.into(),
        0_i64.into(),
        p.gender.map(gender_word).into(),
        p.birthday.map(Birthday::to_text).into(),
        p.age_band.clone().into(),
        province.into(),
        city.into(),
        at.into(),
        p.joined_at.into(),
        p.join_source.clone().into(),
        p.tier.clone().into(),
        p.points.clone().into(),
        tags.into(),
        p.under_14.into(),
        sealed.into(),
    ])
}
