//! The setup's token and the founding of an installation.

use shuke_http::Role;
use shuke_kernel::{Code, Ctx, Instant, Kind, Result};
use shuke_store::{Tx, args};
use subtle::ConstantTimeEq;

use super::sql;
use crate::merchants::{self, Merchant, NewMerchant};
use crate::secret;
use crate::staff::{self, NewStaff, StaffId};

/// The token is not the one that was printed.
pub static WRONG_TOKEN: Code = Code {
    code: "access.wrong_setup_token",
    kind: Kind::Forbidden,
    zh: "初始化口令不正确。请使用服务器最近一次启动时打印的口令。",
    en: "The setup token is wrong. Use the one that the server printed at its latest start.",
};
/// It is set up already.
pub static ALREADY: Code = Code {
    code: "access.already_set_up",
    kind: Kind::Conflict,
    zh: "系统已完成初始化，请直接登录。",
    en: "This installation is set up. Sign in.",
};

/// Makes the installation's row, if it is not there yet.
pub(crate) fn ensure_installation(tx: &mut Tx<'_>) -> Result<()> {
    tx.exec(sql::MAKE, args![]).map(|_| ())
}

fn state(tx: &mut Tx<'_>) -> Result<(Option<Vec<u8>>, Option<Instant>)> {
    ensure_installation(tx)?;
    let mut row = tx.one(sql::GET, args![])?;
    Ok((row.get(0)?, row.get(1)?))
}

/// Whether nobody was ever signed up. Reads only.
pub fn needs_setup(tx: &mut Tx<'_>) -> Result<bool> {
    let row = tx.row(sql::GET.trim_end_matches(" FOR UPDATE"), args![])?;
    row.map_or(Ok(true), |mut r| Ok(r.get::<Option<Instant>>(1)?.is_none()))
}

/// Makes a new setup token and returns it for printing; `None` once the installation is set up.
pub fn first_start(tx: &mut Tx<'_>) -> Result<Option<String>> {
    if state(tx)?.1.is_some() {
        return Ok(None);
    }
    let token = format!("setup_{}", secret::token());
    tx.exec(sql::KEEP_TOKEN, args![secret::hash(&token)])?;
    Ok(Some(token))
}

/// Who is to be the first owner, of what.
#[derive(Clone, Debug)]
pub struct FirstOwner {
    /// The person's name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// The hash of their password: see [`crate::secret::hash_password`].
    pub password: String,
    /// The first merchant.
    pub merchant: NewMerchant,
}

/// Founds the installation: the first person, the first merchant, the person its owner. `token`
/// is what the caller brought; `None` for the command line on the machine itself.
pub fn found(tx: &mut Tx<'_>, cx: &Ctx, token: Option<&str>, owner: &FirstOwner) -> Result<(StaffId, Merchant)> {
    let (kept, done) = state(tx)?;
    if done.is_some() {
        return Err(ALREADY.refuse().into());
    }
    if let Some(token) = token {
        let same = kept.is_some_and(|k| bool::from(k.ct_eq(&secret::hash(token.trim()))));
        if !same {
            return Err(WRONG_TOKEN.at("token").into());
        }
    }
    let person = staff::add(tx, cx, &NewStaff { name: owner.name.clone(), email: owner.email.clone(), password: owner.password.clone() })?;
    let cx = Ctx { actor: shuke_kernel::Actor::Staff(*person.bytes()), ..cx.clone() };
    let merchant = merchants::create(tx, &cx, &owner.merchant)?;
    staff::grant(tx, &Ctx { merchant: merchant.no, ..cx.clone() }, person, Role::Owner)?;
    tx.exec(sql::DONE, args![cx.now])?;
    Ok((person, merchant))
}
