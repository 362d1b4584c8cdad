//! Making, finding and changing merchants.

use shuke_http::Role;
use shuke_kernel::{Code, Ctx, Currency, Error, Kind, MerchantNo, Result, Zone};
use shuke_store::jobs::NewJob;
use shuke_store::{Event, Row, Tx, args};

use super::model::{Merchant, MerchantId, NewMerchant, Settings};
use super::sql;
use crate::{audit, setup};

/// No such merchant for this caller.
pub static NOT_FOUND: Code =
    Code { code: "access.merchant_not_found", kind: Kind::NotFound, zh: "找不到这个商家。", en: "There is no such merchant." };
/// Names have 1 to 100 characters.
pub static NAME: Code =
    Code {
        code: "access.invalid_name", kind: Kind::Invalid, zh: "名称需要 1 到 100 个字符。", en: "A name has 1 to 100 characters."
    };
/// No such zone.
pub static ZONE: Code = Code {
    code: "access.unknown_zone",
    kind: Kind::Invalid,
    zh: "没有“{zone}”这个时区。请使用 IANA 名称，例如 Asia/Shanghai。",
    en: "There is no time zone {zone}. Use an IANA name such as Asia/Shanghai.",
};
/// The currency is fixed once something happened.
pub static CURRENCY_FIXED: Code = Code {
    code: "access.currency_fixed",
    kind: Kind::Conflict,
    zh: "已有业务数据，币种不能再更改。请新建一个商家。",
    en: "There is data in this currency already; it cannot change. Make another merchant.",
};
/// A setting is out of its range.
pub static SETTING: Code = Code {
    code: "access.invalid_setting",
    kind: Kind::Invalid,
    zh: "设置“{name}”超出范围：{range}。",
    en: "The setting {name} is out of its range: {range}.",
};

/// A name as kept, or what is wrong with it.
pub(crate) fn name(text: &str, field: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 100 || text.chars().any(char::is_control) {
        return Err(NAME.at(field).into());
    }
    Ok(text.to_owned())
}

fn zone(text: &str) -> Result<()> {
    Zone::named(text).map(|_| ()).ok_or_else(|| ZONE.with("zone", text).at("zone").into())
}

fn check(settings: &Settings) -> Result<()> {
    if settings.settlement_delay_days > 90 {
        return Err(SETTING.with("name", "settlement_delay_days").with("range", "0–90").at("settings.settlement_delay_days").into());
    }
    if settings.requests_per_second.is_some_and(|n| !(1..=100_000).contains(&n)) {
        return Err(SETTING.with("name", "requests_per_second").with("range", "1–100000").at("settings.requests_per_second").into());
    }
    if settings.segment_pass_minutes.is_some_and(|n| !(5..=1440).contains(&n)) {
        return Err(SETTING.with("name", "segment_pass_minutes").with("range", "5–1440").at("settings.segment_pass_minutes").into());
    }
    Ok(())
}

/// Makes a merchant with its keys.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, new: &NewMerchant) -> Result<Merchant> {
    let name = name(&new.name, "name")?;
    zone(&new.zone)?;
    setup::ensure_installation(tx)?;
    let no: MerchantNo = tx.one(sql::TAKE_NUMBER, args![])?.get(0)?;
    tx.create_keys(no, cx.now)?;
    let (id, settings): (MerchantId, _) = (cx.new_id(), Settings::default());
    tx.exec(sql::ADD, args![no, id, &name, new.sandbox, &new.zone, new.currency, serde_json::to_string(&settings)?, cx.now])?;
    let own = Ctx { merchant: no, ..cx.clone() };
    audit::record(tx, &own, "merchant.created", &id.to_string(), &name)?;
    Ok(Merchant { no, id, name, sandbox: new.sandbox, zone: new.zone.clone(), currency: new.currency, settings })
}

fn merchant(row: &mut Row) -> Result<Merchant> {
    let settings: String = row.get(6)?;
    Ok(Merchant {
        no: row.get(0)?,
        id: row.get(1)?,
        name: row.get(2)?,
        sandbox: row.get(3)?,
        zone: row.get(4)?,
        currency: row.get(5)?,
        settings: serde_json::from_str(&settings)?,
    })
}

/// The merchant of that number.
pub fn get(tx: &mut Tx<'_>, no: MerchantNo) -> Result<Merchant> {
    let mut row = tx.row(sql::GET, args![no])?.ok_or_else(|| Error::from(NOT_FOUND.refuse()))?;
    merchant(&mut row)
}

/// Waits until nobody [shares](share) the merchant, and keeps others from it until the transaction ends:
/// for what must see everything that was begun before it, such as an erasure.
pub fn hold(tx: &mut Tx<'_>, no: MerchantNo) -> Result<()> {
    tx.row(sql::HOLD, args![no]).map(|_| ())
}

/// Waits until nobody [holds](hold) the merchant: what is begun since is either seen by whoever holds it
/// next, or sees what the last one did.
pub fn share(tx: &mut Tx<'_>, no: MerchantNo) -> Result<()> {
    tx.row(sql::SHARE, args![no]).map(|_| ())
}

/// The merchant of that public id.
pub fn find(tx: &mut Tx<'_>, id: MerchantId) -> Result<Option<Merchant>> {
    tx.row(sql::BY_ID, args![id])?.map(|mut row| merchant(&mut row)).transpose()
}

/// The number behind a public id.
pub fn number_of(tx: &mut Tx<'_>, id: MerchantId) -> Result<MerchantNo> {
    find(tx, id)?.map(|m| m.no).ok_or_else(|| NOT_FOUND.refuse().into())
}

/// The settings of a merchant; the defaults, where no such merchant is entered.
pub fn settings(tx: &mut Tx<'_>, no: MerchantNo) -> Result<Settings> {
    current(tx, no)?.map_or_else(|| Ok(Settings::default()), |mut row| Ok(merchant(&mut row)?.settings))
}

/// The zone in which a merchant reckons days; Shanghai's, where no such merchant is entered.
pub fn zone_of(tx: &mut Tx<'_>, no: MerchantNo) -> Result<Zone> {
    let Some(mut row) = current(tx, no)? else { return Ok(Zone::shanghai()) };
    let name = merchant(&mut row)?.zone;
    Zone::named(&name).ok_or_else(|| Error::fault(format!("there is no zone {name}")))
}

/// Currency and settings of a merchant as they are kept.
pub fn as_kept(tx: &mut Tx<'_>, no: MerchantNo) -> Result<Option<(Currency, String)>> {
    current(tx, no)?.map(|mut row| Ok((row.get(5)?, row.get(6)?))).transpose()
}

fn current(tx: &mut Tx<'_>, no: MerchantNo) -> Result<Option<Row>> {
    Ok(tx.remembered(sql::GET, args![no], &["UPDATE merchant ", "INTO merchant "])?.into_iter().next())
}

/// Every merchant of the installation: for the command line and for workers.
pub fn every(tx: &mut Tx<'_>) -> Result<Vec<Merchant>> {
    tx.rows(sql::EVERY, args![])?.into_iter().map(|mut row| merchant(&mut row)).collect()
}

/// The merchants where a person has a role that is not disabled.
pub fn list_of(tx: &mut Tx<'_>, staff: crate::StaffId) -> Result<Vec<(Merchant, Role)>> {
    tx.rows(sql::OF_STAFF, args![staff])?
        .into_iter()
        .map(|mut row| {
            let role: String = row.get(7)?;
            Ok((merchant(&mut row)?, Role::parse(&role).ok_or_else(|| Error::fault("an unknown role is stored"))?))
        })
        .collect()
}

/// What is to change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The name.
    pub name: Option<String>,
    /// The zone.
    pub zone: Option<String>,
    /// The currency: only while nothing happened yet.
    pub currency: Option<Currency>,
    /// The settings, whole.
    pub settings: Option<Settings>,
}

/// Asks for what depends on changed settings to be computed anew: commerce and members have the jobs.
fn recompute(tx: &mut Tx<'_>, cx: &Ctx, old: &Settings, new: &Settings) -> Result<()> {
    let pay_time = (old.pay_time_policy != new.pay_time_policy).then_some(old.pay_time_policy);
    if pay_time.is_some()
        || old.settlement_delay_days != new.settlement_delay_days
        || old.count_platform_discount != new.count_platform_discount
    {
        let args = serde_json::json!({ "pay_time_was": pay_time });
        let title = "按新的设置重算订单 · Recompute orders by the new settings";
        tx.enqueue(cx, NewJob { kind: "orders.settle", title, args: &args, unique_key: None, run_at: cx.now, unit: "orders" })?;
    }
    if old.merge_on_contact != new.merge_on_contact {
        let title = "按新的设置重新判断会员身份 · Judge identity by the new settings";
        tx.enqueue(cx, NewJob { kind: "members.rejudge", title, args: &(), unique_key: None, run_at: cx.now, unit: "records" })?;
    }
    Ok(())
}

/// What is reckoned by days and kept is reckoned anew.
fn zone_changed(cx: &Ctx, id: MerchantId, zone: &str) -> Event {
    Event {
        kind: "merchant.zone_changed",
        version: 1,
        occurred_at: cx.now,
        subject_kind: "mer",
        subject: *id.bytes(),
        member: None,
        data: serde_json::json!({ "zone": zone }).to_string(),
    }
}

/// Changes the merchant of the context.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, with: impl Fn(&Merchant) -> Result<Change>) -> Result<Merchant> {
    let mut row = tx.row(sql::LOCK, args![cx.merchant])?.ok_or_else(|| Error::from(NOT_FOUND.refuse()))?;
    let mut m = merchant(&mut row)?;
    let change = with(&m)?;
    let mut said = Vec::new();
    if let Some(text) = change.name {
        m.name = name(&text, "name")?;
        said.push("name");
    }
    if let Some(text) = change.zone {
        zone(&text)?;
        if text != m.zone && tx.feed_head(cx.merchant)? > 0 {
            tx.emit(cx, zone_changed(cx, m.id, &text))?;
        }
        m.zone = text;
        said.push("zone");
    }
    if let Some(currency) = change.currency.filter(|c| *c != m.currency) {
        if tx.feed_head(cx.merchant)? > 0 {
            return Err(CURRENCY_FIXED.at("currency").into());
        }
        m.currency = currency;
        said.push("currency");
    }
    if let Some(settings) = change.settings.filter(|s| *s != m.settings) {
        check(&settings)?;
        if tx.feed_head(cx.merchant)? > 0 {
            recompute(tx, cx, &m.settings, &settings)?;
        }
        m.settings = settings;
        said.push("settings");
    }
    tx.exec(sql::CHANGE, args![cx.merchant, &m.name, &m.zone, m.currency, serde_json::to_string(&m.settings)?, cx.now])?;
    let summary = format!("{}: {}", said.join(", "), serde_json::to_string(&m.settings)?);
    audit::record(tx, cx, "merchant.changed", &m.id.to_string(), &summary)?;
    Ok(m)
}
