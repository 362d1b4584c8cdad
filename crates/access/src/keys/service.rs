//! Making, finding and revoking keys.

use shuke_http::{Permission, Permissions};
use shuke_kernel::{Code, Ctx, Instant, Kind, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::sql;
use crate::{audit, merchants, secret};

shuke_kernel::ids! {
    /// An API key.
    KeyId = KeyKind "key";
}

/// No such key.
pub static NOT_FOUND: Code = Code {
    code: "access.key_not_found",
    kind: Kind::NotFound,
    zh: "找不到这个密钥，或它已被撤销。",
    en: "There is no such key, or it is revoked.",
};
/// Not a scope.
pub static SCOPE: Code =
    Code {
        code: "access.unknown_scope", kind: Kind::Invalid, zh: "没有“{scope}”这个权限范围。", en: "There is no scope {scope}."
    };
/// A key without any scope can do nothing.
pub static NO_SCOPE: Code =
    Code { code: "access.no_scope", kind: Kind::Invalid, zh: "请至少选择一个权限范围。", en: "Choose at least one scope." };
/// Nobody hands out more than they have.
pub static TOO_WIDE: Code = Code {
    code: "access.scope_too_wide",
    kind: Kind::Forbidden,
    zh: "您自己没有其中的某些权限，不能授予密钥。",
    en: "You do not have all of these permissions yourself and cannot give them to a key.",
};
/// Test keys are for sandboxes.
pub static TEST: Code = Code {
    code: "access.test_key_needs_sandbox",
    kind: Kind::Unprocessable,
    zh: "测试密钥只能用于沙箱商家。",
    en: "Test keys are for sandbox merchants only.",
};
/// Sandboxes have test keys.
pub static LIVE: Code = Code {
    code: "access.sandbox_needs_test_key",
    kind: Kind::Unprocessable,
    zh: "沙箱商家只能使用测试密钥。",
    en: "A sandbox merchant has test keys only.",
};

/// Use is noted no more often than this.
const USE_SECONDS: i64 = 600;

/// A key as shown.
#[derive(Clone, Debug)]
pub struct KeyView {
    /// Which.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// The beginning of its secret, to recognise it by.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Whether it is for a sandbox.
    pub test: bool,
    /// When made.
    pub created_at: Instant,
    /// When last used, within ten minutes.
    pub last_used_at: Option<Instant>,
}

impl KeyView {
    /// Its scopes as permissions.
    pub fn permissions(&self) -> Permissions {
        let list: Vec<Permission> = self.scopes.iter().filter_map(|s| Permission::parse(s)).collect();
        Permissions::of(&list)
    }
}

/// A key found by its secret.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The key.
    pub view: KeyView,
    /// Whose.
    pub merchant: MerchantNo,
}

impl Stored {
    /// Whether its use should be noted.
    pub fn use_is_due(&self, now: Instant) -> bool {
        self.view.last_used_at.is_none_or(|t| t.plus_seconds(USE_SECONDS) <= now)
    }
}

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Whether it is for a sandbox.
    pub test: bool,
}

/// A new key with its secret, which is shown this once.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The key.
    pub key: KeyView,
    /// Its secret.
    pub secret: String,
}

fn view(row: &mut Row) -> Result<KeyView> {
    let scopes: String = row.get(3)?;
    Ok(KeyView {
        id: row.get(0)?,
        name: row.get(1)?,
        prefix: row.get(2)?,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        test: row.get(4)?,
        created_at: row.get(5)?,
        last_used_at: row.get(6)?,
    })
}

/// Makes a key. `granted` is what its maker may do: a key never may more.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, new: &NewKey, granted: Permissions) -> Result<Issued> {
    let name = merchants::name(&new.name, "name")?;
    let mut wanted = Vec::new();
    for (i, scope) in new.scopes.iter().enumerate() {
        wanted.push(Permission::parse(scope).ok_or_else(|| SCOPE.with("scope", scope).at(format!("scopes[{i}]")))?);
    }
    let permissions = Permissions::of(&wanted);
    if wanted.is_empty() {
        return Err(NO_SCOPE.at("scopes").into());
    }
    if !granted.covers(permissions) {
        return Err(TOO_WIDE.at("scopes").into());
    }
    let sandbox = merchants::get(tx, cx.merchant)?.sandbox;
    if new.test != sandbox {
        return Err(if new.test { TEST.at("test") } else { LIVE.at("test") }.into());
    }
    let secret = format!("sk_{}_{}", if new.test { "test" } else { "live" }, secret::token());
    let prefix: String = secret.chars().take(12).collect();
    let (id, scopes): (KeyId, _) = (cx.new_id(), permissions.words().join(" "));
    tx.exec(sql::ADD, args![cx.merchant, id, &name, &prefix, secret::hash(&secret), &scopes, new.test, cx.actor.label(), cx.now])?;
    audit::record(tx, cx, "key.created", &id.to_string(), &format!("{name}: {scopes}"))?;
    let scopes = permissions.words().into_iter().map(str::to_owned).collect();
    let key = KeyView { id, name, prefix, scopes, test: new.test, created_at: cx.now, last_used_at: None };
    Ok(Issued { key, secret })
}

/// The key in force whose secret has that hash.
pub fn by_secret(tx: &mut Tx<'_>, hash: [u8; 32]) -> Result<Option<Stored>> {
    let Some(mut row) = tx.row(sql::BY_SECRET, args![hash])? else { return Ok(None) };
    Ok(Some(Stored { view: view(&mut row)?, merchant: row.get(7)? }))
}

/// Keys in force, newest first, those before `before`.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo, before: KeyId, limit: i64) -> Result<Vec<KeyView>> {
    tx.rows(sql::LIST, args![merchant, before, limit])?.into_iter().map(|mut row| view(&mut row)).collect()
}

/// Notes that a key was used.
pub fn note_use(tx: &mut Tx<'_>, merchant: MerchantNo, id: KeyId, now: Instant) -> Result<()> {
    tx.exec(sql::USED, args![merchant, id, now]).map(|_| ())
}

/// Takes a key out of force.
pub fn revoke(tx: &mut Tx<'_>, cx: &Ctx, id: KeyId) -> Result<()> {
    if tx.exec(sql::REVOKE, args![cx.merchant, id, cx.now])? == 0 {
        return Err(NOT_FOUND.refuse().into());
    }
    audit::record(tx, cx, "key.revoked", &id.to_string(), "").map(|_| ())
}
