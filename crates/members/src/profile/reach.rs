//! By what members can be reached, clear: for lists that are handed over. Whoever asks has checked
//! the permission and writes into the audit who took what.

use std::collections::{HashMap, HashSet};

use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;

use super::card::{best, keys_of, name_of};
use super::model::Profile;
use super::sql;
use crate::MemberId;
use crate::identity::{KeyKind, rows};

/// What a living member can be reached by.
#[derive(Clone, Default, Debug)]
pub struct Reach {
    /// The name that the member goes by; where none is known, a receiver's.
    pub name: Option<String>,
    /// The member's own phone: an account's, never a parcel's receiver's, who may be anybody.
    pub phone: Option<String>,
    /// The phone of a receiver of their parcels: for parcels only.
    pub receiver_phone: Option<String>,
    /// The best e-mail.
    pub email: Option<String>,
    /// The id at WeChat that holds across its apps, else one app's.
    pub wechat: Option<String>,
    /// The account's name at Taobao and Tmall.
    pub taobao: Option<String>,
    /// An open id of any platform.
    pub open_id: Option<String>,
    /// Facts, the name among them.
    pub profile: Profile,
}

/// Who of these lives.
pub fn living(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<HashSet<MemberId>> {
    let list = rows::members(ids.iter().copied());
    tx.rows(sql::LIVING, &[cx.merchant.into(), list])?.into_iter().map(|mut r| r.get(0)).collect()
}

/// By what these members can be reached; who does not live is left out.
pub fn reach(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<HashMap<MemberId, Reach>> {
    let mut keys = keys_of(tx, cx, ids.iter().copied())?;
    let mut out = HashMap::with_capacity(ids.len());
    for facts in super::read(tx, cx, ids.iter().copied())?.into_iter().filter(|f| f.state == "live") {
        let keys = keys.remove(&facts.id).unwrap_or_default();
        let of = |kinds: &[KeyKind]| best(&keys, kinds).map(|k| k.value.clone());
        let within = |kind: KeyKind, platform: &str| {
            let there = |space: &str| space == platform || space.strip_prefix(platform).is_some_and(|rest| rest.starts_with(':'));
            keys.iter().find(|k| k.kind == kind && there(&k.namespace)).map(|k| k.value.clone())
        };
        out.insert(
            facts.id,
            Reach {
                name: name_of(&facts.profile, &keys),
                phone: of(&[KeyKind::Phone]),
                receiver_phone: of(&[KeyKind::ReceiverPhone]),
                email: of(&[KeyKind::Email]),
                wechat: of(&[KeyKind::UnionId]).or_else(|| within(KeyKind::OpenId, "wechat")),
                taobao: within(KeyKind::AccountName, "taobao"),
                open_id: of(&[KeyKind::OpenId]),
                profile: facts.profile,
            },
        );
    }
    Ok(out)
}
