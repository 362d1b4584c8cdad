//! Settings posted, taken back, read.

use shuke_access::audit;
use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result};
use shuke_pricing::Settings;
use shuke_programme::ProgrammeId;
use shuke_programme::definition::model::State as ProgrammeState;
use shuke_programme::definition::service as programmes;
use shuke_store::{Row, Tx, args};

use super::{CODES, sql};
use crate::catalogue;
use crate::versions::{self, Version};
use crate::words::{BAD_SETTINGS, LONG_SETTINGS, POINTS_OF_NONE, SETTINGS_CHANGED, UNKNOWN_PROGRAMME};

/// Bytes of settings at most: some ten thousand lowest prices.
pub const BYTES: usize = 500_000;

/// What a version says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Says {
    /// Whose tiers and points are meant; none for nobody's.
    pub programme: Option<ProgrammeId>,
    /// What stands under `settings` in the format, as it was written.
    pub text: String,
}

/// Reads settings as they are written.
///
/// # Errors
/// A refusal that names the place which breaks the format.
pub fn read(text: &str) -> Result<Settings> {
    if text.len() > BYTES {
        return Err(LONG_SETTINGS.with("limit", BYTES).with("found", text.len()).at("settings").into());
    }
    Settings::read(text).map_err(|e| {
        let path = if e.path.is_empty() { "settings".to_owned() } else { format!("settings.{}", e.path) };
        BAD_SETTINGS.with("path", &path).with("reason", e.why.word).with("why_zh", &e.why.zh).with("why", &e.why.en).at(path).into()
    })
}

/// All versions, in order.
pub fn versions(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Version<Says>>> {
    let read = |mut r: Row| {
        Ok(Version {
            no: r.get(0)?,
            says: Says { programme: r.get(1)?, text: r.get(2)? },
            from: r.get(3)?,
            note: r.get(4)?,
            at: r.get(5)?,
            by: r.get(6)?,
            withdrawn_at: r.get(7)?,
        })
    };
    tx.rows(sql::VERSIONS, args![merchant])?.into_iter().map(read).collect()
}

/// The programme whose tiers and points are meant at an instant.
pub fn programme_at(tx: &mut Tx<'_>, merchant: MerchantNo, at: Instant) -> Result<Option<ProgrammeId>> {
    let all = versions(tx, merchant)?;
    Ok(versions::in_force(&all, at).and_then(|v| v.says.programme))
}

/// Posts settings, in force from an instant on: now unless given.
///
/// # Errors
/// Refuses what breaks the format, follows on another version than the last that was read (`after`), names no programme that is there, or cannot follow on the versions there are.
pub fn post(tx: &mut Tx<'_>, cx: &Ctx, says: &Says, from: Option<Instant>, note: &str, after: Option<i64>) -> Result<i64> {
    catalogue::restamp(tx, cx)?;
    let all = versions(tx, cx.merchant)?;
    let last = all.iter().rev().find(|v| v.withdrawn_at.is_none()).map_or(0, |v| v.no);
    if after.is_some_and(|no| no != last) {
        return Err(SETTINGS_CHANGED.at("after").into());
    }
    let (no, from) = versions::following(CODES, &all, cx.now, from)?;
    let (note, settings) = (versions::note(CODES, note)?, read(&says.text)?);
    match says.programme.map(|id| programmes::get(tx, cx.merchant, id)) {
        Some(Ok(found)) if found.state != ProgrammeState::Archived => {}
        Some(Ok(_) | Err(Error::Refused(_))) => return Err(UNKNOWN_PROGRAMME.at("programme").into()),
        Some(Err(fault)) => return Err(fault),
        None if settings.points_cash.is_some() => return Err(POINTS_OF_NONE.at("settings.points_cash").into()),
        None => {}
    }
    tx.exec(sql::ADD, args![cx.merchant, no, says.programme, &says.text, from, &note, cx.now, cx.actor.label()])?;
    audit::record(tx, cx, "price_settings.published", &no.to_string(), &format!("{no}: {note}"))?;
    Ok(no)
}

/// Posts the settings of a version again, in force from an instant on: now unless given.
///
/// # Errors
/// As [`post`], and where there is no such version.
pub fn restore(tx: &mut Tx<'_>, cx: &Ctx, no: i64, from: Option<Instant>, note: &str) -> Result<i64> {
    let all = versions(tx, cx.merchant)?;
    let says = versions::numbered(CODES, &all, no)?.says.clone();
    post(tx, cx, &says, from, note, None)
}

/// Withdraws a version that has not begun.
///
/// # Errors
/// Refuses where there is no such version, or it has begun.
pub fn withdraw(tx: &mut Tx<'_>, cx: &Ctx, no: i64) -> Result<()> {
    catalogue::restamp(tx, cx)?;
    let all = versions(tx, cx.merchant)?;
    versions::withdrawable(CODES, &all, no, cx.now)?;
    if tx.exec(sql::WITHDRAW, args![cx.merchant, no, cx.now])? == 0 {
        return Ok(());
    }
    audit::record(tx, cx, "price_settings.version_withdrawn", &no.to_string(), &no.to_string()).map(|_| ())
}
