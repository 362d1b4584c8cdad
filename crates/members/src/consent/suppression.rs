//! Addresses that must never be written to again: unsubscribed, bounced, complained. Kept by
//! address, not by member, so that it works for people who are no members and outlives an erasure.

use std::collections::HashSet;

use shuke_kernel::{Code, Ctx, Instant, Kind, Result};
use shuke_store::{Tx, args};

use super::sql;
use crate::identity::model::{KeyKind, fold_width};
use crate::identity::{KeyClaim, rows};

shuke_kernel::ids! {
    /// A suppression.
    SuppressionId = SuppressionKind "sup";
}

/// Channels that an address can be suppressed on.
pub const CHANNELS: [&str; 5] = ["sms", "email", "wechat", "phone", "any"];

/// The value is no address of that channel.
pub static BAD_ADDRESS: Code = Code {
    code: "suppression.bad_address",
    kind: Kind::Invalid,
    zh: "这不是可用于渠道“{channel}”的完整手机号或邮箱。",
    en: "This is no whole phone number or e-mail address for the channel `{channel}`.",
};
/// No such suppression.
pub static NOT_FOUND: Code =
    Code { code: "suppression.not_found", kind: Kind::NotFound, zh: "找不到这条屏蔽记录。", en: "There is no such suppression." };

/// An address to suppress.
#[derive(Clone, Debug)]
pub struct New {
    /// One of [`CHANNELS`].
    pub channel: String,
    /// The phone number or e-mail address.
    pub value: String,
    /// Why: `unsubscribed`, `bounced`, `complained`, `imported`, …
    pub reason: String,
    /// Where it was learnt.
    pub source: String,
    /// When.
    pub at: Option<Instant>,
}

/// A suppression as people see it.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// Which.
    pub id: SuppressionId,
    /// On which channel.
    pub channel: String,
    /// Whose, clear.
    pub value: String,
    /// Why.
    pub reason: String,
    /// Where it was learnt.
    pub source: String,
    /// When.
    pub at: Instant,
}

fn normal(channel: &str, value: &str) -> Option<String> {
    let phone = || KeyClaim::new(KeyKind::Phone, "", value, true);
    let email = || KeyClaim::new(KeyKind::Email, "", value, true);
    let claim = match channel {
        "sms" | "phone" => phone(),
        "email" => email(),
        "any" if fold_width(value).contains('@') => email(),
        "any" => phone(),
        "wechat" => KeyClaim::new(KeyKind::OpenId, "", value, true),
        _ => None,
    };
    claim.map(|c| c.value)
}

/// Suppresses addresses; returns for each whether it is new, or why it could not be read.
pub fn suppress(tx: &mut Tx<'_>, cx: &Ctx, items: &[New]) -> Result<Vec<Result<bool>>> {
    let keys = tx.keys(cx.merchant)?;
    let by = cx.actor.label();
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        if !CHANNELS.contains(&item.channel.as_str()) {
            out.push(Err(super::UNKNOWN_WORD.with("word", &item.channel).with("known", CHANNELS.join(", ")).at("channel").into()));
            continue;
        }
        let Some(value) = normal(&item.channel, &item.value) else {
            out.push(Err(BAD_ADDRESS.with("channel", &item.channel).at("value").into()));
            continue;
        };
        let id: SuppressionId = cx.new_id();
        let sealed = keys.seal("suppression", id.bytes(), value.as_bytes())?;
        let row = vec![
            cx.merchant.into(),
            id.into(),
            (&item.channel).into(),
            keys.token("suppress", &value).into(),
            (&item.reason).into(),
            (&item.source).into(),
            item.at.unwrap_or(cx.now).into(),
            (&by).into(),
            sealed.into(),
        ];
        out.push(Ok(tx.insert_many(&sql::SUPPRESS, vec![row])? == 1));
    }
    Ok(out)
}

/// Which of these normalised addresses are suppressed on a channel; on `any`, which are on any at all.
pub fn suppressed(tx: &mut Tx<'_>, cx: &Ctx, channel: &str, values: &[String]) -> Result<Vec<bool>> {
    let keys = tx.keys(cx.merchant)?;
    let tokens: Vec<[u8; 16]> = values.iter().map(|v| keys.token("suppress", v)).collect();
    let mut hit: HashSet<[u8; 16]> = HashSet::new();
    for mut r in tx.rows(sql::SUPPRESSED, &[cx.merchant.into(), rows::blobs(tokens.iter().copied())])? {
        let on: String = r.get(0)?;
        if channel == "any" || on == channel || on == "any" {
            hit.insert(r.get(1)?);
        }
    }
    Ok(tokens.iter().map(|t| hit.contains(t)).collect())
}

/// A page of suppressions, newest first, before an id.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, channel: &str, before: Option<SuppressionId>, limit: i64) -> Result<Vec<Suppression>> {
    let keys = tx.keys(cx.merchant)?;
    let before = before.unwrap_or(SuppressionId::from_bytes([255; 16]));
    let mut out = Vec::new();
    for mut r in tx.rows(sql::SUPPRESSIONS, args![cx.merchant, before, channel, limit])? {
        let id: SuppressionId = r.get(0)?;
        let value = keys.open("suppression", id.bytes(), &r.get::<Vec<u8>>(6)?)?;
        out.push(Suppression {
            id,
            channel: r.get(1)?,
            value: String::from_utf8_lossy(&value).into_owned(),
            reason: r.get(2)?,
            source: r.get(3)?,
            at: r.get(4)?,
        });
    }
    Ok(out)
}

/// Lifts a suppression.
pub fn lift(tx: &mut Tx<'_>, cx: &Ctx, id: SuppressionId) -> Result<()> {
    match tx.exec(sql::LIFT, args![cx.merchant, id])? {
        0 => Err(NOT_FOUND.refuse().into()),
        _ => Ok(()),
    }
}
