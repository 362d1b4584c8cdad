//! Beginning, judging and ending sessions.

use shuke_kernel::{Code, Ctx, Instant, Kind, MerchantNo, Result};
use shuke_store::{Tx, args};

use super::{sql, totp};
use crate::staff::{self, Person, StaffId};
use crate::{audit, secret};

/// Wrong address or password: which of the two is not said.
pub static WRONG: Code = Code {
    code: "access.wrong_credentials",
    kind: Kind::Unauthenticated,
    zh: "邮箱、密码或验证码不正确。",
    en: "The e-mail address, the password or the code is wrong.",
};
/// Too many wrong attempts.
pub static LOCKED: Code = Code {
    code: "access.locked",
    kind: Kind::TooMany,
    zh: "尝试次数过多，账号已暂时锁定，请在 {retry_after} 秒后重试。",
    en: "Too many wrong attempts. The account is locked; try again in {retry_after} seconds.",
};
/// The password was right; the code is still to come.
pub static TOTP_REQUIRED: Code = Code {
    code: "access.totp_required",
    kind: Kind::Unauthenticated,
    zh: "请输入身份验证器中的 6 位验证码。",
    en: "Enter the six digits that your authenticator shows.",
};
/// The code does not fit.
pub static WRONG_CODE: Code = Code {
    code: "access.wrong_totp",
    kind: Kind::Unprocessable,
    zh: "验证码不正确。请检查手机时间是否准确，再输入新的验证码。",
    en: "The code is wrong. Check the clock of your device and enter a new one.",
};
/// The signed-in person does not know their password.
pub static WRONG_PASSWORD: Code =
    Code {
        code: "access.wrong_password", kind: Kind::Unprocessable, zh: "当前密码不正确。", en: "That is not your present password."
    };
/// There is nothing to confirm.
pub static NO_PENDING: Code =
    Code { code: "access.totp_not_begun", kind: Kind::Conflict, zh: "请先获取两步验证密钥。", en: "Ask for a secret first." };

/// Unused for so long, a session ends.
pub const IDLE_SECONDS: i64 = 12 * 3600;
/// A session ends after so long in any case.
pub const MAX_SECONDS: i64 = 14 * 24 * 3600;
/// So many wrong attempts in a row lock the account …
pub const TRIES: i64 = 5;
/// … for so long.
pub const LOCK_SECONDS: i64 = 15 * 60;
/// Use is noted no more often than this.
const TOUCH_SECONDS: i64 = 600;

/// What came of an attempt to sign in. It is written down, so it is no refusal inside the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// In.
    In,
    /// Wrong.
    Wrong,
    /// Locked for so many seconds.
    Locked(i64),
    /// The code of the second factor is missing.
    TotpRequired,
}

/// Judges an attempt whose password was found `right` or not outside the transaction, counts it,
/// and begins the session if all is well.
pub fn conclude(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId, right: bool, code: Option<&str>, token: &str) -> Result<Outcome> {
    let mut row = tx.row(staff::sql::LOCK, args![staff])?.ok_or_else(|| staff::NOT_FOUND.refuse())?;
    let person = staff::person(tx, &mut row)?;
    if person.locked_until > cx.now {
        return Ok(Outcome::Locked((person.locked_until.micros() - cx.now.micros()) / 1_000_000 + 1));
    }
    if !right || person.password.is_empty() {
        return failed(tx, cx, &person);
    }
    if let Some(sealed) = &person.totp {
        let Some(code) = code else { return Ok(Outcome::TotpRequired) };
        let factor = open_totp(tx, &person, sealed)?;
        match totp::check(&factor, code, cx.now, person.totp_step)? {
            Some(step) => tx.exec(staff::sql::SET_TOTP, args![staff, sealed.clone(), person.totp_pending.clone(), step, cx.now])?,
            None => return failed(tx, cx, &person),
        };
    }
    tx.exec(staff::sql::SET_FAILED, args![staff, 0_i64, 0_i64])?;
    begin(tx, cx, staff, token)?;
    Ok(Outcome::In)
}

fn failed(tx: &mut Tx<'_>, cx: &Ctx, person: &Person) -> Result<Outcome> {
    let count = person.failed + 1;
    let until = if count >= TRIES { cx.now.plus_seconds(LOCK_SECONDS) } else { Instant(0) };
    tx.exec(staff::sql::SET_FAILED, args![person.id, count, until])?;
    if count >= TRIES {
        let own = Ctx { merchant: MerchantNo::SYSTEM, ..cx.clone() };
        audit::record(tx, &own, "staff.locked", &person.id.to_string(), &format!("{count} wrong attempts"))?;
        return Ok(Outcome::Locked(LOCK_SECONDS));
    }
    Ok(Outcome::Wrong)
}

/// Begins a session with this token.
pub fn begin(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId, token: &str) -> Result<()> {
    tx.exec(sql::ADD, args![secret::hash(token), staff, cx.now, cx.now.plus_seconds(IDLE_SECONDS)])?;
    let own = Ctx { merchant: MerchantNo::SYSTEM, ..cx.clone() };
    audit::record(tx, &own, "session.begun", &staff.to_string(), "").map(|_| ())
}

/// Whose session has that token hash, and whether its use should be noted.
pub fn current(tx: &mut Tx<'_>, token_hash: [u8; 32], now: Instant) -> Result<Option<(StaffId, bool)>> {
    let Some(mut row) = tx.row(sql::FIND, args![token_hash, now])? else { return Ok(None) };
    let (staff, created, seen): (StaffId, Instant, Instant) = (row.get(0)?, row.get(1)?, row.get(2)?);
    if created.plus_seconds(MAX_SECONDS) <= now {
        return Ok(None);
    }
    Ok(Some((staff, seen.plus_seconds(TOUCH_SECONDS) <= now)))
}

/// Notes that a session was used: it lives on.
pub fn touch(tx: &mut Tx<'_>, token_hash: [u8; 32], now: Instant) -> Result<()> {
    tx.exec(sql::TOUCH, args![token_hash, now, now.plus_seconds(IDLE_SECONDS)]).map(|_| ())
}

/// Ends a session.
pub fn end(tx: &mut Tx<'_>, token_hash: [u8; 32]) -> Result<()> {
    tx.exec(sql::END, args![token_hash]).map(|_| ())
}

/// Ends all sessions of a person.
pub fn end_all(tx: &mut Tx<'_>, staff: StaffId) -> Result<u64> {
    tx.exec(sql::END_ALL, args![staff])
}

/// Forgets sessions that ran out.
pub fn prune(tx: &mut Tx<'_>, now: Instant) -> Result<u64> {
    tx.exec(sql::PRUNE, args![now])
}

fn open_totp(tx: &mut Tx<'_>, person: &Person, sealed: &[u8]) -> Result<String> {
    let clear = tx.keys(MerchantNo::SYSTEM)?.open("staff", person.id.bytes(), sealed)?;
    Ok(String::from_utf8_lossy(&clear).into_owned())
}

/// Makes a second factor that is not in force until [`enable_totp`]. Returns its secret and the
/// person's address.
pub(crate) fn prepare_totp(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId, secret: &str) -> Result<String> {
    let person = staff::get(tx, staff)?;
    let pending = tx.keys(MerchantNo::SYSTEM)?.seal("staff", staff.bytes(), secret.as_bytes())?;
    tx.exec(staff::sql::SET_TOTP, args![staff, person.totp, pending, person.totp_step, cx.now])?;
    Ok(person.sealed.email)
}

/// Puts the prepared second factor in force, if the code proves that the device has it.
pub(crate) fn enable_totp(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId, code: &str) -> Result<()> {
    let person = staff::get(tx, staff)?;
    let pending = person.totp_pending.clone().ok_or_else(|| NO_PENDING.refuse())?;
    let factor = open_totp(tx, &person, &pending)?;
    let step = totp::check(&factor, code, cx.now, 0)?.ok_or_else(|| WRONG_CODE.at("code"))?;
    tx.exec(staff::sql::SET_TOTP, args![staff, pending, None::<Vec<u8>>, step, cx.now])?;
    audit::record(tx, cx, "staff.totp_enabled", &staff.to_string(), "").map(|_| ())
}
