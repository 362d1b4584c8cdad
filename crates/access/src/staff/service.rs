//! Accounts, roles, invitations.

use std::collections::BTreeMap;

use shuke_http::Role;
use shuke_kernel::{Code, Ctx, Error, Instant, Kind, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::model::{NewStaff, Person, Sealed, StaffId, StaffView, email};
use super::sql;
use crate::{audit, merchants, secret, sessions};

/// No such person at this merchant.
pub static NOT_FOUND: Code =
    Code {
        code: "access.staff_not_found", kind: Kind::NotFound, zh: "找不到这位员工。", en: "There is no such person on the staff."
    };
/// The address has an account already.
pub static TAKEN: Code =
    Code {
        code: "access.email_taken", kind: Kind::Conflict, zh: "这个邮箱已有账号。", en: "This e-mail address has an account already."
    };
/// They work here already.
pub static ALREADY_HERE: Code = Code {
    code: "access.staff_exists",
    kind: Kind::Conflict,
    zh: "这位员工已在本商家。请直接修改其角色。",
    en: "This person works here already. Change their role instead.",
};
/// Nobody would be left to own the merchant.
pub static LAST_OWNER: Code = Code {
    code: "access.last_owner",
    kind: Kind::Conflict,
    zh: "这是最后一位所有者。请先指定另一位所有者。",
    en: "This is the last owner. Make somebody else an owner first.",
};
/// The account belongs to the person, and others rely on it too.
pub static SHARED: Code = Code {
    code: "access.staff_shared",
    kind: Kind::Conflict,
    zh: "这位员工也在其他商家工作，账号信息不能在这里修改。",
    en: "This person also works for another merchant; their account cannot be changed here.",
};
/// The invitation is unknown, spent or too old.
pub static INVITE: Code = Code {
    code: "access.invalid_invite",
    kind: Kind::Forbidden,
    zh: "邀请链接无效或已过期。请让店铺所有者重新邀请。",
    en: "The invitation is not valid any more. Ask the owner to invite you again.",
};

const INVITE_SECONDS: i64 = 7 * 24 * 3600;
const SYSTEM: MerchantNo = MerchantNo::SYSTEM;

fn seal(tx: &mut Tx<'_>, id: StaffId, sealed: &Sealed) -> Result<Vec<u8>> {
    tx.keys(SYSTEM)?.seal("staff", id.bytes(), &serde_json::to_vec(sealed)?)
}

fn email_token(tx: &mut Tx<'_>, email: &str) -> Result<[u8; 16]> {
    Ok(tx.keys(SYSTEM)?.token("staff_email", email))
}

/// Opens an account read as in `GET`.
pub(crate) fn person(tx: &mut Tx<'_>, row: &mut Row) -> Result<Person> {
    let id: StaffId = row.get(0)?;
    let sealed: Vec<u8> = row.get(1)?;
    let sealed = serde_json::from_slice(&tx.keys(SYSTEM)?.open("staff", id.bytes(), &sealed)?)?;
    Ok(Person {
        id,
        sealed,
        password: row.get(2)?,
        totp: row.get(3)?,
        totp_pending: row.get(4)?,
        totp_step: row.get(5)?,
        failed: row.get(6)?,
        locked_until: row.get(7)?,
        created_at: row.get(8)?,
    })
}

/// Makes an account without any role.
pub fn add(tx: &mut Tx<'_>, cx: &Ctx, new: &NewStaff) -> Result<StaffId> {
    let sealed = Sealed { name: merchants::name(&new.name, "name")?, email: email(&new.email)? };
    let token = email_token(tx, &sealed.email)?;
    let id: StaffId = cx.new_id();
    let blob = seal(tx, id, &sealed)?;
    if tx.exec(sql::ADD, args![id, blob, token, &new.password, cx.now])? == 0 {
        return Err(TAKEN.at("email").into());
    }
    Ok(id)
}

/// The account of that id.
pub fn get(tx: &mut Tx<'_>, id: StaffId) -> Result<Person> {
    let mut row = tx.row(sql::GET, args![id])?.ok_or_else(|| Error::from(NOT_FOUND.refuse()))?;
    person(tx, &mut row)
}

/// What those of `ids` who still have an account are called.
pub fn names(tx: &mut Tx<'_>, ids: impl Iterator<Item = StaffId>) -> Result<BTreeMap<StaffId, String>> {
    let mut names = BTreeMap::new();
    for id in ids {
        if names.contains_key(&id) {
            continue;
        }
        if let Some(mut row) = tx.row(sql::GET, args![id])? {
            names.insert(id, person(tx, &mut row)?.sealed.name);
        }
    }
    Ok(names)
}

/// The account of that address.
pub fn by_email(tx: &mut Tx<'_>, address: &str) -> Result<Option<Person>> {
    let Ok(address) = email(address) else { return Ok(None) };
    let token = email_token(tx, &address)?;
    tx.row(sql::BY_EMAIL, args![token])?.map(|mut row| person(tx, &mut row)).transpose()
}

/// Gives a person a role at the merchant of the context.
pub fn grant(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId, role: Role) -> Result<()> {
    tx.exec(sql::GRANT, args![cx.merchant, staff, role.word(), cx.now])?;
    audit::record(tx, cx, "staff.role_granted", &staff.to_string(), role.word()).map(|_| ())
}

fn role_row(tx: &mut Tx<'_>, statement: &str, merchant: MerchantNo, staff: StaffId) -> Result<Option<(Role, Instant, Option<Instant>)>> {
    let Some(mut row) = tx.row(statement, args![merchant, staff])? else { return Ok(None) };
    let role: String = row.get(0)?;
    let role = Role::parse(&role).ok_or_else(|| Error::fault("an unknown role is stored"))?;
    Ok(Some((role, row.get(1)?, row.get(2)?)))
}

/// A person's role at a merchant, unless they are shut out.
pub fn role_at(tx: &mut Tx<'_>, merchant: MerchantNo, staff: StaffId) -> Result<Option<Role>> {
    let found = role_row(tx, sql::ROLE.trim_end_matches(" FOR UPDATE"), merchant, staff)?;
    Ok(found.and_then(|(role, _, disabled)| disabled.is_none().then_some(role)))
}

/// One person of the merchant's staff.
pub fn find(tx: &mut Tx<'_>, merchant: MerchantNo, staff: StaffId) -> Result<StaffView> {
    let found = role_row(tx, sql::ROLE.trim_end_matches(" FOR UPDATE"), merchant, staff)?;
    let (role, since, disabled_at) = found.ok_or_else(|| Error::from(NOT_FOUND.refuse()))?;
    Ok(StaffView { person: get(tx, staff)?, role, since, disabled_at })
}

/// The merchant's staff, those after `after`.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo, after: StaffId, limit: i64) -> Result<Vec<StaffView>> {
    let rows = tx.rows(sql::LIST, args![merchant, after, limit])?;
    rows.into_iter()
        .map(|mut row| {
            let person = person(tx, &mut row)?;
            let role: String = row.get(9)?;
            let role = Role::parse(&role).ok_or_else(|| Error::fault("an unknown role is stored"))?;
            Ok(StaffView { person, role, since: row.get(10)?, disabled_at: row.get(11)? })
        })
        .collect()
}

/// Invites a person. Who has no account yet gets one, and a token with which to choose a
/// password; who has one only gets the role.
pub fn invite(tx: &mut Tx<'_>, cx: &Ctx, name: &str, address: &str, role: Role) -> Result<(StaffView, Option<String>)> {
    let known = by_email(tx, address)?;
    let id = match &known {
        Some(p) => p.id,
        None => add(tx, cx, &NewStaff { name: name.to_owned(), email: address.to_owned(), password: String::new() })?,
    };
    if role_row(tx, sql::ROLE, cx.merchant, id)?.is_some() {
        return Err(ALREADY_HERE.at("email").into());
    }
    grant(tx, cx, id, role)?;
    let token = if known.is_none_or(|p| p.password.is_empty()) {
        let token = secret::token();
        tx.exec(sql::ADD_INVITE, args![secret::hash(&token), id, cx.now, cx.now.plus_seconds(INVITE_SECONDS)])?;
        Some(token)
    } else {
        None
    };
    Ok((find(tx, cx.merchant, id)?, token))
}

/// A token with which a person who forgot their password chooses a new one; the old one holds until
/// then. For an owner (`by_owner`) only where the person works nowhere else: an account is not to be
/// taken over from another merchant. The command line may for everybody.
pub fn reset_password(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId, by_owner: bool) -> Result<String> {
    if by_owner {
        find(tx, cx.merchant, staff)?;
        if tx.one(sql::PLACES, args![staff])?.get::<i64>(0)? > 1 {
            return Err(SHARED.refuse().into());
        }
    } else {
        get(tx, staff)?;
    }
    let token = secret::token();
    tx.exec(sql::ADD_INVITE, args![secret::hash(&token), staff, cx.now, cx.now.plus_seconds(INVITE_SECONDS)])?;
    audit::record(tx, cx, "staff.password_reset", &staff.to_string(), "")?;
    Ok(token)
}

/// Takes an invitation: the person's password is set. `password` is its hash.
pub fn accept(tx: &mut Tx<'_>, cx: &Ctx, token: &str, password: &str) -> Result<Person> {
    let mut row = tx.row(sql::INVITE, args![secret::hash(token.trim())])?.ok_or_else(|| Error::from(INVITE.at("token")))?;
    let (staff, expires): (StaffId, Instant) = (row.get(0)?, row.get(1)?);
    if expires <= cx.now {
        return Err(INVITE.at("token").into());
    }
    tx.exec(sql::SPEND_INVITE, args![staff])?;
    set_password(tx, cx, staff, password)?;
    get(tx, staff)
}

/// Sets a password (its hash) and ends every session of the person.
pub fn set_password(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId, password: &str) -> Result<()> {
    if tx.exec(sql::SET_PASSWORD, args![staff, password, cx.now])? == 0 {
        return Err(NOT_FOUND.refuse().into());
    }
    sessions::end_all(tx, staff)?;
    let own = Ctx { merchant: SYSTEM, ..cx.clone() };
    audit::record(tx, &own, "staff.password_set", &staff.to_string(), "").map(|_| ())
}

/// Takes the second factor away: for the command line, when a device is lost.
pub fn reset_totp(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId) -> Result<()> {
    tx.exec(sql::SET_TOTP, args![staff, None::<Vec<u8>>, None::<Vec<u8>>, 0_i64, cx.now])?;
    let own = Ctx { merchant: SYSTEM, ..cx.clone() };
    audit::record(tx, &own, "staff.totp_reset", &staff.to_string(), "").map(|_| ())
}

/// What is to change; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct StaffChange {
    /// Another role.
    pub role: Option<Role>,
    /// Another name.
    pub name: Option<String>,
    /// Shut out, or let in again.
    pub disabled: Option<bool>,
}

/// Refuses to leave the merchant without an owner.
fn keep_an_owner(tx: &mut Tx<'_>, cx: &Ctx, leaving: StaffId) -> Result<()> {
    let owners = tx.rows(sql::OWNERS, args![cx.merchant])?.into_iter().map(|mut r| r.get::<StaffId>(0)).collect::<Result<Vec<_>>>()?;
    if owners.iter().any(|o| *o != leaving) { Ok(()) } else { Err(LAST_OWNER.refuse().into()) }
}

/// Changes a person's role, name or access.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId, change: &StaffChange) -> Result<StaffView> {
    let (role, _, disabled) = role_row(tx, sql::ROLE, cx.merchant, staff)?.ok_or_else(|| Error::from(NOT_FOUND.refuse()))?;
    let loses = change.role.is_some_and(|r| r != Role::Owner) || change.disabled == Some(true);
    if role == Role::Owner && disabled.is_none() && loses {
        keep_an_owner(tx, cx, staff)?;
    }
    if let Some(name) = &change.name {
        rename(tx, cx, staff, name)?;
    }
    if let Some(new) = change.role.filter(|r| *r != role) {
        grant(tx, cx, staff, new)?;
    }
    if let Some(off) = change.disabled.filter(|off| *off != disabled.is_some()) {
        tx.exec(sql::DISABLE, args![cx.merchant, staff, off.then_some(cx.now)])?;
        let action = if off { "staff.disabled" } else { "staff.enabled" };
        audit::record(tx, cx, action, &staff.to_string(), "")?;
    }
    find(tx, cx.merchant, staff)
}

fn rename(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId, name: &str) -> Result<()> {
    let name = merchants::name(name, "name")?;
    if tx.one(sql::PLACES, args![staff])?.get::<i64>(0)? > 1 {
        return Err(SHARED.at("name").into());
    }
    let old = get(tx, staff)?;
    let blob = seal(tx, staff, &Sealed { name, ..old.sealed })?;
    tx.exec(sql::SET_SEALED, args![staff, blob, cx.now])?;
    audit::record(tx, cx, "staff.renamed", &staff.to_string(), "").map(|_| ())
}

/// Takes a person from the merchant's staff. The account stays while they work for another merchant;
/// else it is forgotten with their name and address.
pub fn remove(tx: &mut Tx<'_>, cx: &Ctx, staff: StaffId) -> Result<()> {
    let (role, _, disabled) = role_row(tx, sql::ROLE, cx.merchant, staff)?.ok_or_else(|| Error::from(NOT_FOUND.refuse()))?;
    if role == Role::Owner && disabled.is_none() {
        keep_an_owner(tx, cx, staff)?;
    }
    tx.exec(sql::REVOKE, args![cx.merchant, staff])?;
    if tx.one(sql::PLACES, args![staff])?.get::<i64>(0)? == 0 {
        sessions::end_all(tx, staff)?;
        tx.exec(sql::SPEND_INVITE, args![staff])?;
        tx.exec(sql::REMOVE, args![staff])?;
    }
    audit::record(tx, cx, "staff.removed", &staff.to_string(), role.word()).map(|_| ())
}
