//! `shuke demo`: a sample shop from platform files, loaded by the same import as a merchant's own.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use rand::seq::IndexedRandom;
use shuke_access::{merchants, secret, staff};
use shuke_intake::load::service::{self, Incoming};
use shuke_kernel::{Actor, Ctx};
use shuke_store::{Lane, Store};

use super::admin;
use crate::place::Place;
use crate::wrong::wrong;

const OWNER: &str = "demo@shuke.example";

/// Makes the sample shop in an empty store; gives the login again for one that has it.
pub fn prepare(place: &Place, store: &Store) -> Result<Vec<String>> {
    let said = |e: shuke_kernel::Error| anyhow!("{e}");
    let login = place.data.join("demo-login.txt");
    if store.read_now(merchants::every).map_err(said)?.is_empty() {
        let password = password();
        let hashed = secret::hash_password_now(&password).map_err(said)?;
        let shop = admin::found(store, "晴天母婴（示例）", OWNER, &hashed, false)?;
        keep(&login, &password)?;
        eprintln!("loading the sample shop's files …");
        load(store, shop.no)?;
    }
    if store.read_now(|tx| staff::by_email(tx, OWNER)).map_err(said)?.is_none() {
        let text = format!("{} holds a store that is not the sample shop: use `shuke serve` for it, or give `shuke demo` another --data", place.data.display());
        return Err(wrong("demo.not_a_sample", text));
    }
    let password = std::fs::read_to_string(&login).unwrap_or_default();
    if password.is_empty() {
        return Ok(vec![format!("登录 · Sign in:  {OWNER}（忘了密码 · forgot the password: shuke admin reset-password --email {OWNER}）")]);
    }
    Ok(vec![format!("登录 · Sign in:  {OWNER}  /  {}", password.trim())])
}

fn load(store: &Store, merchant: shuke_kernel::MerchantNo) -> Result<()> {
    let said = |e: shuke_kernel::Error| anyhow!("{e}");
    let cx = Ctx::new(merchant, Actor::Cli, store.clock().now());
    let files = shuke_intake::sample::FILES.iter().map(|(name, bytes)| Incoming::Bytes { name: (*name).to_owned(), bytes: bytes.to_vec() }).collect();
    let run = service::stage(store, &cx, cx.new_id(), files, None, None).map_err(said)?;
    store.write_now(Lane::Interactive, move |tx| service::run(tx, &cx, run.id)).map_err(said)?;
    let runner = crate::serve::jobs(store);
    while runner.run_one().map_err(said)? {}
    Ok(())
}

/// Four words and a number: easy to type, 40 bits, and different in every installation.
fn password() -> String {
    const SYLLABLES: [&str; 32] = [
        "ba", "bei", "cha", "chun", "da", "deng", "fan", "feng", "gao", "gui", "hai", "hua", "jin", "kai", "lan", "li", "mei", "ming", "nan", "ping", "qi", "qing",
        "rong", "shan", "shu", "tao", "wan", "xia", "xue", "yun", "zhi", "zhu",
    ];
    let mut rng = rand::rng();
    let mut pick = || SYLLABLES.choose(&mut rng).copied().unwrap_or("shu");
    (0..4).map(|_| format!("{}{}", pick(), pick())).collect::<Vec<_>>().join("-")
}

fn keep(path: &Path, password: &str) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(writeln!(file, "{password}")?)
}
