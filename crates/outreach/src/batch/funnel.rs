//! The one funnel: matched, minus exclusions, consented, addressed and not suppressed, not reached too
//! often, held out by no other batch, not held out. The preview and the freezing call [`judge`]; the giving out calls [`guard`],
//! which is its first half, once more.

use std::collections::{HashMap, HashSet};

use shuke_commerce::behaviour;
use shuke_kernel::{Ctx, Result};
use shuke_members::MemberId;
use shuke_members::consent::many::{Standing, any_suppressed, standing};
use shuke_members::consent::suppression;
use shuke_members::profile::reach::{Reach, living, reach};
use shuke_store::{MerchantKeys, Tx, args};

use super::apart::{self, Keeper, Since};
use super::model::{Batch, Destination, Fatigue, Spec, Verdict};
use super::{BatchId, draw, sql};

/// By what a batch judges.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Which batch.
    pub batch: BatchId,
    /// Where it goes.
    pub destination: Destination,
    /// For what.
    pub purpose: String,
    /// On which channel.
    pub channel: String,
    /// Percent held out.
    pub holdout_percent: i64,
    /// How often a member may be reached.
    pub fatigue: Option<Fatigue>,
    /// Whether those whom another batch holds out are handed over all the same.
    pub ignore_holdouts: bool,
}

impl Rules {
    /// Those of a batch to be.
    pub fn of(batch: BatchId, destination: Destination, purpose: &str, spec: &Spec) -> Self {
        Self {
            batch,
            destination,
            purpose: purpose.to_owned(),
            channel: spec.channel.clone(),
            holdout_percent: spec.holdout_percent,
            fatigue: spec.fatigue,
            ignore_holdouts: spec.ignore_holdouts,
        }
    }

    /// Those of a batch.
    pub fn of_batch(batch: &Batch) -> Self {
        Self::of(batch.id, batch.destination, &batch.purpose, &batch.spec)
    }
}

/// A verdict, and the blind token of the address by which the member would be reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// The token; `None` where the destination needs no address or there is none.
    pub address: Option<[u8; 16]>,
    /// The batch that holds the member out, where that is why not.
    pub held_by: Option<BatchId>,
}

/// Addresses that stand in a batch already, by half of their tokens.
pub type Seen = HashSet<u64>;

/// The half of a token by which [`Seen`] knows it.
pub fn half(token: &[u8; 16]) -> u64 {
    u64::from_be_bytes(token[..8].try_into().unwrap_or_default())
}

/// The address that the destination needs; `Err` where it needs none.
fn needed(rules: &Rules, of: &Reach) -> std::result::Result<Option<String>, ()> {
    match (rules.destination, rules.channel.as_str()) {
        (Destination::Sms, _) | (Destination::Webhook, "sms" | "phone") => Ok(of.phone.clone()),
        (Destination::Wecom, _) | (Destination::Webhook, "wechat") => Ok(of.wechat.clone()),
        (Destination::Wangwang, _) => Ok(of.taobao.clone()),
        (Destination::Ads, _) => Ok(of.phone.clone().or_else(|| of.open_id.clone())),
        (Destination::Webhook, "email") => Ok(of.email.clone()),
        (Destination::Parcel | Destination::Webhook, _) => Err(()),
    }
}

/// The address that a batch reaches a member by, where it needs one and there is one.
pub(crate) fn address_of(rules: &Rules, of: &Reach) -> Option<String> {
    needed(rules, of).ok().flatten()
}

/// The blind token by which a batch knows an address.
pub(crate) fn token(keys: &MerchantKeys, address: &str) -> [u8; 16] {
    keys.token("batch address", address)
}

/// What the guards say of a member who lives.
#[derive(Clone)]
pub struct Guarded {
    /// Why not; `None` where nothing speaks against it.
    pub against: Option<Verdict>,
    /// The address that the destination needs.
    pub address: Option<String>,
    /// By what the member can be reached; of who did not agree nothing is opened.
    pub reach: Reach,
}

/// Consent, address, suppression of members as they are now; who does not live is left out.
pub fn guard(tx: &mut Tx<'_>, cx: &Ctx, rules: &Rules, ids: &[MemberId]) -> Result<HashMap<MemberId, Guarded>> {
    let said = standing(tx, cx, ids, &rules.purpose, &rules.channel)?;
    let agreed: Vec<MemberId> = ids.iter().copied().filter(|id| said.get(id) == Some(&Standing::Granted)).collect();
    let mut out = HashMap::with_capacity(ids.len());
    for (id, reach) in reach(tx, cx, &agreed)? {
        let (address, missing) = match needed(rules, &reach) {
            Ok(address) => (address.clone(), address.is_none()),
            Err(()) => (None, false),
        };
        out.insert(id, Guarded { against: missing.then_some(Verdict::NoAddress), address, reach });
    }
    let others: Vec<MemberId> = ids.iter().copied().filter(|id| said.get(id) != Some(&Standing::Granted)).collect();
    for id in living(tx, cx, &others)? {
        let against = match said.get(&id) {
            Some(Standing::Refused) => Verdict::Refused,
            Some(Standing::UnderFourteen) => Verdict::UnderFourteen,
            _ => Verdict::NoConsent,
        };
        out.insert(id, Guarded { against: Some(against), address: None, reach: Reach::default() });
    }
    if any_suppressed(tx, cx)? {
        suppressed(tx, cx, rules, &mut out)?;
    }
    Ok(out)
}

/// Every address of a member counts where the destination needs none of its own, or goes by any channel.
fn suppressed(tx: &mut Tx<'_>, cx: &Ctx, rules: &Rules, of: &mut HashMap<MemberId, Guarded>) -> Result<()> {
    let mut values: Vec<(MemberId, String)> = Vec::new();
    for (id, g) in of.iter().filter(|(_, g)| g.against.is_none()) {
        values.extend(g.address.iter().map(|v| (*id, v.clone())));
        if g.address.is_none() || rules.channel == "any" {
            let r = &g.reach;
            let all = [&r.phone, &r.receiver_phone, &r.email, &r.wechat, &r.open_id];
            values.extend(all.into_iter().flatten().map(|v| (*id, v.clone())));
        }
    }
    let list: Vec<String> = values.iter().map(|(_, v)| v.clone()).collect();
    if list.is_empty() {
        return Ok(());
    }
    for ((id, _), hit) in values.iter().zip(suppression::suppressed(tx, cx, &rules.channel, &list)?) {
        if let Some(g) = of.get_mut(id).filter(|_| hit) {
            g.against = Some(Verdict::Suppressed);
        }
    }
    Ok(())
}

/// Judges members, each with whether an exclusion names it, in this order. `seen` are the addresses
/// of those judged before.
pub fn judge(tx: &mut Tx<'_>, cx: &Ctx, rules: &Rules, members: &[(MemberId, bool)], seen: &Seen) -> Result<Vec<Judged>> {
    let ids: Vec<MemberId> = members.iter().filter(|(_, excluded)| !excluded).map(|(id, _)| *id).collect();
    let guarded = guard(tx, cx, rules, &ids)?;
    let often = reached(tx, cx, rules, &ids)?;
    let keepers = keepers(tx, cx, rules, Since::Waiting)?;
    let keys = tx.keys(cx.merchant)?;
    let address = |id: &MemberId| guarded.get(id).and_then(|g| g.address.as_deref()).map(|a| token(&keys, a));
    let of: Vec<_> = ids.iter().map(|id| (*id, address(id))).collect();
    let elsewhere = apart::held(tx, cx.merchant, &keepers, &of)?;
    let mut mine = Seen::new();
    let mut out = Vec::with_capacity(members.len());
    for (id, excluded) in members {
        let no = |verdict| Judged { verdict, address: None, held_by: None };
        let Some(g) = guarded.get(id).filter(|_| !excluded) else {
            out.push(no(if *excluded { Verdict::Excluded } else { Verdict::Gone }));
            continue;
        };
        if let Some(verdict) = g.against {
            out.push(no(verdict));
            continue;
        }
        let address = g.address.as_deref().map(|a| token(&keys, a));
        if let Some(half) = address.as_ref().map(half)
            && (seen.contains(&half) || !mine.insert(half))
        {
            out.push(no(Verdict::SameAddress));
            continue;
        }
        let verdict = if rules.fatigue.is_some_and(|f| often.get(id).copied().unwrap_or(0) >= f.max) {
            Verdict::Fatigued
        } else if elsewhere.contains_key(id) {
            Verdict::HeldByOther
        } else if draw::held_out(rules.batch, *id, rules.holdout_percent) {
            Verdict::HeldOut
        } else {
            Verdict::Treated
        };
        let held_by = elsewhere.get(id).copied().filter(|_| verdict == Verdict::HeldByOther);
        out.push(Judged { verdict, address, held_by });
    }
    Ok(out)
}

/// The batches whose holdout is left alone; none where a batch is to ignore them.
pub(crate) fn keepers(tx: &mut Tx<'_>, cx: &Ctx, rules: &Rules, since: Since) -> Result<Vec<Keeper>> {
    if rules.ignore_holdouts { Ok(Vec::new()) } else { apart::keepers(tx, cx, rules.batch, since) }
}

/// How often members were reached lately; nobody where no limit is set.
fn sent(tx: &mut Tx<'_>, cx: &Ctx, rules: &Rules, ids: &[MemberId]) -> Result<HashMap<MemberId, i64>> {
    let Some(fatigue) = rules.fatigue else { return Ok(HashMap::new()) };
    behaviour::often(tx, cx, ids, "message_sent", cx.now.plus_seconds(-fatigue.days * 24 * 3600))
}

/// Who of members was reached often enough by now. Batches that only wait do not count: each would
/// wait for the other.
pub(crate) fn tired(tx: &mut Tx<'_>, cx: &Ctx, rules: &Rules, ids: &[MemberId]) -> Result<HashSet<MemberId>> {
    let often = sent(tx, cx, rules, ids)?.into_iter();
    Ok(often.filter(|(_, n)| rules.fatigue.is_some_and(|f| *n >= f.max)).map(|(id, _)| id).collect())
}

/// How often members were reached lately, and wait to be reached by another batch.
fn reached(tx: &mut Tx<'_>, cx: &Ctx, rules: &Rules, ids: &[MemberId]) -> Result<HashMap<MemberId, i64>> {
    if rules.fatigue.is_none() {
        return Ok(HashMap::new());
    }
    let mut often = sent(tx, cx, rules, ids)?;
    let list: Vec<Vec<u8>> = ids.iter().map(|m| m.bytes().to_vec()).collect();
    for mut r in tx.rows(sql::WAITING, args![cx.merchant, list, rules.batch])? {
        *often.entry(r.get(0)?).or_default() += r.get::<i64>(1)?;
    }
    Ok(often)
}
