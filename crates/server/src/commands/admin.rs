//! `shuke admin`: what the person who runs the machine does without the console.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;
use shuke_access::merchants::{self, Merchant, NewMerchant};
use shuke_access::{keys, privacy, secret, setup, staff};
use shuke_http::{Permission, Permissions, Role};
use shuke_kernel::{Actor, Ctx, MerchantNo};
use shuke_store::flags::OUTREACH_PAUSED;
use shuke_store::{Lane, MasterKey, Store};

use crate::cli::{Admin, Common};
use crate::out::Out;
use crate::place::write_key;
use crate::wrong::wrong;

/// The merchant of that id or name; the only one where none is named.
pub fn merchant(store: &Store, named: Option<&str>) -> Result<Merchant> {
    let all = store.read_now(merchants::every)?;
    match named {
        Some(name) => all
            .into_iter()
            .find(|m| m.id.to_string() == name || m.name == name)
            .ok_or_else(|| wrong("merchant.not_found", format!("there is no merchant `{name}`"))),
        None => {
            let mut live: Vec<_> = all.into_iter().filter(|m| !m.sandbox).collect();
            match live.len() {
                1 => live.pop().context("there is no merchant"),
                0 => Err(wrong("merchant.none", "there is no merchant yet: shuke admin create-merchant, or sign in to the console first")),
                n => Err(wrong("merchant.several", format!("there are {n} merchants: name one with --merchant"))),
            }
        }
    }
}

/// Runs one of them.
pub fn run(store: &Store, common: &Common, admin: &Admin, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    match admin {
        Admin::SetupToken => setup_token(store, out)?,
        Admin::ResumeOutreach => resume_outreach(store, out)?,
        Admin::CreateMerchant { name, owner, sandbox } => create_merchant(store, name, owner, *sandbox, out)?,
        Admin::ResetPassword { email, second_factor } => reset_password(store, email, *second_factor, out)?,
        Admin::CreateKey { merchant: named, name, scopes } => create_key(store, named.as_deref(), name, scopes, out)?,
        Admin::RotateKeys { merchant: named } => {
            let m = merchant(store, named.as_deref())?;
            let cx = Ctx::new(m.no, Actor::Cli, store.clock().now());
            let job = store.write_now(Lane::Interactive, move |tx| privacy::request(tx, &cx))?;
            let runner = crate::serve::jobs(store);
            while runner.run_one()? {}
            let view = store.read_now(move |tx| tx.job(m.no, job))?;
            if view.state != "done" {
                bail!("the rotation is {}: {}", view.state, view.error.unwrap_or_default());
            }
            out.line("everything is sealed under a new data key")?;
        }
        Admin::ChangeMasterKey { to } => {
            let (path, key) = (directory.join(to), MasterKey::generate());
            write_key(&path, &key)?;
            let count = store.change_master_key(key)?;
            out.line(format!("{count} data keys are under the new master key {}. Start with --master-key-file {0} from now on; the old key opens nothing any more.", path.display()))?;
            let _ = common;
        }
        Admin::Generate { .. } => bail!("documents are generated without a store"),
    }
    Ok(0)
}

fn setup_token(store: &Store, out: &mut Out<'_>) -> Result<()> {
    match store.write_now(Lane::Interactive, setup::first_start)? {
        Some(token) if out.json => out.object(&json!({ "token": token })),
        Some(token) => out.line(token),
        None => bail!("this installation is set up already: sign in, or ask an owner for an invitation"),
    }
}

fn create_merchant(store: &Store, name: &str, owner: &str, sandbox: bool, out: &mut Out<'_>) -> Result<()> {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    secret::check_password(password, owner)?;
    let hashed = secret::hash_password_now(password)?;
    let made = found(store, name, owner, &hashed, sandbox)?;
    if out.json { out.object(&json!({ "id": made.id.to_string(), "name": made.name })) } else { out.line(made.id.to_string()) }
}

/// Makes a merchant with its owner; the first one founds the installation.
pub fn found(store: &Store, name: &str, owner: &str, password: &str, sandbox: bool) -> Result<Merchant> {
    let new = NewMerchant { sandbox, ..NewMerchant::named(name) };
    let (email, password) = (owner.to_owned(), password.to_owned());
    let cx = Ctx::new(MerchantNo::SYSTEM, Actor::Cli, store.clock().now());
    let made = store.write_now(Lane::Interactive, move |tx| {
        let made = if setup::needs_setup(tx)? {
            let first = setup::FirstOwner { name: email.clone(), email: email.clone(), password: password.clone(), merchant: new.clone() };
            setup::found(tx, &cx, None, &first)?.1
        } else {
            let person = match staff::by_email(tx, &email)? {
                Some(person) => person.id,
                None => staff::add(tx, &cx, &staff::NewStaff { name: email.clone(), email: email.clone(), password: password.clone() })?,
            };
            let made = merchants::create(tx, &cx, &new)?;
            staff::grant(tx, &Ctx { merchant: made.no, ..cx.clone() }, person, Role::Owner)?;
            made
        };
        // Nobody is there whose index an older program made.
        shuke_members::profile::reindex::enqueue_once(tx, &Ctx { merchant: made.no, ..cx.clone() })?;
        Ok(made)
    })?;
    Ok(made)
}

/// The old password holds until the token is used; whoever runs the machine may do this for everybody.
fn reset_password(store: &Store, email: &str, second_factor: bool, out: &mut Out<'_>) -> Result<()> {
    let cx = Ctx::new(MerchantNo::SYSTEM, Actor::Cli, store.clock().now());
    let address = email.to_owned();
    let token = store.write_now(Lane::Interactive, move |tx| {
        let Some(person) = staff::by_email(tx, &address)? else { return Ok(None) };
        if second_factor {
            staff::reset_totp(tx, &cx, person.id)?;
        }
        staff::reset_password(tx, &cx, person.id, false).map(Some)
    })?;
    let token = token.ok_or_else(|| wrong("access.no_such_account", format!("nobody signs in with `{email}`: look at the address")))?;
    let path = format!("/accept?token={token}");
    if out.json {
        return out.object(&json!({ "token": token, "path": path }));
    }
    out.line(&path)?;
    out.note("Open this path in the console within a week and choose a new password. It works once.")
}

fn create_key(store: &Store, named: Option<&str>, name: &str, scopes: &[String], out: &mut Out<'_>) -> Result<()> {
    let m = merchant(store, named)?;
    let cx = Ctx::new(m.no, Actor::Cli, store.clock().now());
    let new = keys::NewKey { name: name.to_owned(), scopes: scopes.to_vec(), test: m.sandbox };
    let issued = store.write_now(Lane::Interactive, move |tx| keys::create(tx, &cx, &new, Permissions::of(Permission::ALL)))?;
    if out.json { out.object(&json!({ "id": issued.key.id.to_string(), "secret": issued.secret })) } else { out.line(issued.secret) }
}

/// Lifts what a restore set; audited.
fn resume_outreach(store: &Store, out: &mut Out<'_>) -> Result<()> {
    let cx = Ctx::new(MerchantNo::SYSTEM, Actor::Cli, store.clock().now());
    let lifted = store.write_now(Lane::Interactive, move |tx| {
        let lifted = tx.lift_flag(MerchantNo::SYSTEM, OUTREACH_PAUSED)?;
        if lifted {
            shuke_access::audit::record(tx, &cx, "outreach.resumed", "", "batches are handed over again after a restore")?;
        }
        Ok(lifted)
    })?;
    if out.json {
        return out.object(&serde_json::json!({ "resumed": lifted }));
    }
    out.line(if lifted { "Batches can be handed over again." } else { "Outreach was not paused." })
}
