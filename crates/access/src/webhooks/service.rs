//! Setting webhooks up, and their deliveries.

use shuke_kernel::{Code, Ctx, Instant, Kind, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::guard::{Policy, check_url};
use super::model::{Delivery, Hook, HookId, OVERLAP_SECONDS, Sealed, Secret, fresh_secret};
use super::sql;
use crate::audit;

/// No such webhook.
pub static NOT_FOUND: Code =
    Code { code: "access.webhook_not_found", kind: Kind::NotFound, zh: "找不到这个回调。", en: "There is no such webhook." };
/// Enough is enough.
pub static TOO_MANY: Code = Code {
    code: "access.too_many_webhooks",
    kind: Kind::Unprocessable,
    zh: "最多设置 {limit} 个回调。",
    en: "At most {limit} webhooks can be set up.",
};
/// Not a type of event.
pub static TYPE: Code = Code {
    code: "access.invalid_event_type",
    kind: Kind::Invalid,
    zh: "“{type}”不是事件类型。例如 order.paid，或 order.* 表示全部订单事件。",
    en: "{type} is not a type of event. Write order.paid, or order.* for all of orders.",
};

pub(crate) const MOST: i64 = 20;

fn check_types(types: &[String]) -> Result<String> {
    for (i, t) in types.iter().enumerate() {
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let fine = t.len() <= 100 && t.split_once('.').is_some_and(|(area, what)| word(area) && (what == "*" || word(what)));
        if !fine || i >= 100 {
            return Err(TYPE.with("type", t).at(format!("types[{i}]")).into());
        }
    }
    Ok(types.join(" "))
}

pub(crate) fn hook(tx: &mut Tx<'_>, merchant: MerchantNo, mut row: Row) -> Result<Hook> {
    let id: HookId = row.get(0)?;
    let sealed: Vec<u8> = row.get(1)?;
    let sealed: Sealed = serde_json::from_slice(&tx.keys(merchant)?.open("webhook", id.bytes(), &sealed)?)?;
    let types: String = row.get(2)?;
    Ok(Hook {
        id,
        url: sealed.url,
        secrets: sealed.secrets,
        types: types.split_whitespace().map(str::to_owned).collect(),
        state: row.get(3)?,
        failing_since: row.get(4)?,
        disabled_at: row.get(5)?,
        created_at: row.get(6)?,
    })
}

fn seal(tx: &mut Tx<'_>, merchant: MerchantNo, h: &Hook) -> Result<Vec<u8>> {
    let sealed = Sealed { url: h.url.clone(), secrets: h.secrets.clone() };
    tx.keys(merchant)?.seal("webhook", h.id.bytes(), &serde_json::to_vec(&sealed)?)
}

pub(crate) fn save(tx: &mut Tx<'_>, merchant: MerchantNo, h: &Hook, now: Instant) -> Result<()> {
    let blob = seal(tx, merchant, h)?;
    tx.exec(sql::CHANGE, args![merchant, h.id, blob, h.types.join(" "), &h.state, h.failing_since, h.disabled_at, now]).map(|_| ())
}

/// Sets a webhook up. Its secret is in [`Hook::secrets`].
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, url: &str, types: &[String], policy: Policy) -> Result<Hook> {
    check_url(url, policy)?;
    let words = check_types(types)?;
    if list(tx, cx.merchant, HookId::from_bytes([0; 16]), MOST)?.len() as i64 >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let h = Hook {
        id: cx.new_id(),
        url: url.to_owned(),
        secrets: vec![Secret { secret: fresh_secret(), until: None }],
        types: types.to_vec(),
        state: "active".to_owned(),
        failing_since: None,
        disabled_at: None,
        created_at: cx.now,
    };
    let blob = seal(tx, cx.merchant, &h)?;
    tx.exec(sql::ADD, args![cx.merchant, h.id, blob, &words, cx.now])?;
    audit::record(tx, cx, "webhook.created", &h.id.to_string(), &words)?;
    Ok(h)
}

/// One webhook.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: HookId) -> Result<Hook> {
    let row = tx.row(sql::GET, args![merchant, id])?.ok_or_else(|| NOT_FOUND.refuse())?;
    hook(tx, merchant, row)
}

pub(crate) fn lock(tx: &mut Tx<'_>, merchant: MerchantNo, id: HookId) -> Result<Hook> {
    let row = tx.row(sql::LOCK, args![merchant, id])?.ok_or_else(|| NOT_FOUND.refuse())?;
    hook(tx, merchant, row)
}

/// The merchant's webhooks, those after `after`.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo, after: HookId, limit: i64) -> Result<Vec<Hook>> {
    tx.rows(sql::LIST, args![merchant, after, limit])?.into_iter().map(|row| hook(tx, merchant, row)).collect()
}

/// What is to change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct HookChange {
    /// Where to.
    pub url: Option<String>,
    /// Which events.
    pub types: Option<Vec<String>>,
    /// Off, or on again.
    pub disabled: Option<bool>,
}

/// Changes a webhook. Switched on again, it goes on with what was waiting.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: HookId, change: &HookChange, policy: Policy) -> Result<Hook> {
    let mut h = lock(tx, cx.merchant, id)?;
    if let Some(url) = &change.url {
        check_url(url, policy)?;
        h.url = url.clone();
    }
    if let Some(types) = &change.types {
        check_types(types)?;
        h.types = types.clone();
    }
    match change.disabled {
        Some(true) if h.state == "active" => switch_off(tx, cx.merchant, &mut h, cx.now)?,
        Some(false) if h.state != "active" => {
            h.state = "active".to_owned();
            (h.disabled_at, h.failing_since) = (None, None);
            tx.exec(sql::UNPAUSE, args![cx.merchant, id, cx.now])?;
        }
        _ => {}
    }
    save(tx, cx.merchant, &h, cx.now)?;
    audit::record(tx, cx, "webhook.changed", &id.to_string(), &format!("{} {}", h.state, h.types.join(" ")))?;
    Ok(h)
}

pub(crate) fn switch_off(tx: &mut Tx<'_>, merchant: MerchantNo, h: &mut Hook, now: Instant) -> Result<()> {
    h.state = "disabled".to_owned();
    h.disabled_at = Some(now);
    tx.exec(sql::PAUSE, args![merchant, h.id]).map(|_| ())
}

/// Gives a webhook a new secret; the old one signs beside it for a day. At most two are live.
pub fn rotate(tx: &mut Tx<'_>, cx: &Ctx, id: HookId) -> Result<Hook> {
    let mut h = lock(tx, cx.merchant, id)?;
    h.secrets.truncate(1);
    if let Some(old) = h.secrets.first_mut() {
        old.until = Some(cx.now.plus_seconds(OVERLAP_SECONDS));
    }
    h.secrets.insert(0, Secret { secret: fresh_secret(), until: None });
    save(tx, cx.merchant, &h, cx.now)?;
    audit::record(tx, cx, "webhook.secret_rotated", &id.to_string(), "")?;
    Ok(h)
}

/// Forgets a webhook and its deliveries.
pub fn remove(tx: &mut Tx<'_>, cx: &Ctx, id: HookId) -> Result<()> {
    if tx.exec(sql::REMOVE, args![cx.merchant, id])? == 0 {
        return Err(NOT_FOUND.refuse().into());
    }
    tx.exec(sql::REMOVE_DELIVERIES, args![cx.merchant, id])?;
    audit::record(tx, cx, "webhook.removed", &id.to_string(), "").map(|_| ())
}

/// A webhook's deliveries, newest event first, those before `before`.
pub fn deliveries(tx: &mut Tx<'_>, merchant: MerchantNo, id: HookId, before: i64, limit: i64) -> Result<Vec<Delivery>> {
    get(tx, merchant, id)?;
    let rows = tx.rows(sql::DELIVERIES, args![merchant, id, before, limit])?;
    rows.into_iter()
        .map(|mut r| {
            Ok(Delivery {
                position: r.get(0)?,
                event: r.get(1)?,
                kind: r.get(2)?,
                state: r.get(3)?,
                attempts: r.get(4)?,
                status: r.get(5)?,
                error: r.get(6)?,
                next_at: r.get(7)?,
                created_at: r.get(8)?,
                tried_at: r.get(9)?,
            })
        })
        .collect()
}

/// Forgets what was settled before `before`.
pub fn prune(tx: &mut Tx<'_>, merchant: MerchantNo, before: Instant) -> Result<u64> {
    tx.exec(sql::PRUNE, args![merchant, before])
}
