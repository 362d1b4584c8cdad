//! Quick ways to a merchant with an owner and a key, through the same services as everybody.
//! For tests and for the sample shop; nothing here has a default password.

use shuke_http::{Permission, Permissions};
use shuke_kernel::{Actor, Clock, Ctx, MerchantNo, Result};
use shuke_store::{Lane, Store};

use crate::keys::{self, NewKey};
use crate::merchants::{self, MerchantId, NewMerchant};
use crate::setup::{self, FirstOwner};
use crate::staff::StaffId;

/// A merchant that a test works for.
#[derive(Clone, Debug)]
pub struct Founded {
    /// Its number.
    pub no: MerchantNo,
    /// Its public id.
    pub id: MerchantId,
    /// Its owner.
    pub owner: StaffId,
    /// An API key with every scope.
    pub key: String,
}

fn every_scope() -> Vec<String> {
    Permission::ALL.iter().map(|p| p.word().to_owned()).collect()
}

/// Founds an installation with this owner: a merchant, and a key with every scope.
pub fn found(store: &Store, email: &str, password: &str) -> Result<Founded> {
    let hash = crate::secret::hash_password_now(password)?;
    let owner =
        FirstOwner { name: "店主".to_owned(), email: email.to_owned(), password: hash, merchant: NewMerchant::named("熟客小店") };
    let clock = store.clock().clone();
    store.write_now(Lane::Interactive, move |tx| {
        let cx = Ctx::new(MerchantNo::SYSTEM, Actor::Cli, clock.now());
        let (staff, merchant) = setup::found(tx, &cx, None, &owner)?;
        let cx = Ctx::new(merchant.no, Actor::Cli, cx.now);
        let new = NewKey { name: "tests".to_owned(), scopes: every_scope(), test: false };
        let key = keys::create(tx, &cx, &new, Permissions::of(Permission::ALL))?.secret;
        Ok(Founded { no: merchant.no, id: merchant.id, owner: staff, key })
    })
}

/// Another merchant without staff, and a key for it with these scopes.
pub fn another(store: &Store, name: &str, sandbox: bool, scopes: &[Permission]) -> Result<(MerchantNo, MerchantId, String)> {
    let (name, scopes): (String, Vec<String>) = (name.to_owned(), scopes.iter().map(|p| p.word().to_owned()).collect());
    let clock = store.clock().clone();
    store.write_now(Lane::Interactive, move |tx| {
        let cx = Ctx::new(MerchantNo::SYSTEM, Actor::Cli, clock.now());
        let merchant = merchants::create(tx, &cx, &NewMerchant { sandbox, ..NewMerchant::named(&name) })?;
        let key = key(tx, merchant.no, sandbox, &scopes, &*clock)?;
        Ok((merchant.no, merchant.id, key))
    })
}

/// A key of that merchant with these scopes.
pub fn key_with(store: &Store, no: MerchantNo, scopes: &[Permission]) -> Result<String> {
    let scopes: Vec<String> = scopes.iter().map(|p| p.word().to_owned()).collect();
    let clock = store.clock().clone();
    store.write_now(Lane::Interactive, move |tx| {
        let sandbox = merchants::get(tx, no)?.sandbox;
        key(tx, no, sandbox, &scopes, &*clock)
    })
}

fn key(tx: &mut shuke_store::Tx<'_>, no: MerchantNo, test: bool, scopes: &[String], clock: &dyn Clock) -> Result<String> {
    let cx = Ctx::new(no, Actor::Cli, clock.now());
    let new = NewKey { name: "tests".to_owned(), scopes: scopes.to_vec(), test };
    Ok(keys::create(tx, &cx, &new, Permissions::of(Permission::ALL))?.secret)
}
