//! `shuke doctor`: what would keep Shuke from working here, and what to do about it.

use anyhow::Result;
use serde::Serialize;

use crate::out::Out;
use crate::place::Place;

#[derive(Serialize)]
struct Finding {
    ok: bool,
    what: String,
    advice: Option<String>,
}

/// Checks the place and prints what it finds. Exit code 1 if something must be mended.
pub fn run(place: &Place, out: &mut Out<'_>) -> Result<u8> {
    let mut findings = Vec::new();
    let mut add = |ok: bool, what: String, advice: &str| findings.push(Finding { ok, what, advice: (!ok).then(|| advice.to_owned()) });
    let key = place.master_key_path();
    add(
        !key.starts_with(&place.data),
        format!("the master key {} lies apart from the data {}", key.display(), place.data.display()),
        "move the key file elsewhere and start with --master-key-file",
    );
    if key.exists() {
        add(private(&key), format!("{} can be read by its owner only", key.display()), "chmod 600 the key file");
    }
    if place.data.exists() {
        add(private(&place.data), format!("{} can be entered by its owner only", place.data.display()), "chmod 700 the data directory");
    }
    match place.lock() {
        Err(e) => add(false, format!("the data directory can be locked ({e:#})"), "check the directory's owner and permissions"),
        Ok(None) => add(true, "a running process holds the store".to_owned(), ""),
        Ok(Some(_lock)) if place.embedded() && !place.data.join("shuke.db").exists() => {
            add(true, "there is no store yet; it is made at the first start".to_owned(), "")
        }
        Ok(Some(_lock)) => match place.open() {
            Ok(_) => add(true, format!("the store opens, schema {}", shuke_store::migrations::newest()), ""),
            Err(e) => add(false, format!("the store opens ({e:#})"), "check the URL, the master key and that the server runs"),
        },
    }
    let bad = findings.iter().filter(|f| !f.ok).count();
    if out.json {
        out.object(&serde_json::json!({ "ok": bad == 0, "findings": findings }))?;
    } else {
        for f in &findings {
            out.line(format!("{} {}", if f.ok { "ok  " } else { "MEND" }, f.what))?;
            if let Some(advice) = &f.advice {
                out.line(format!("     → {advice}"))?;
            }
        }
    }
    Ok(u8::from(bad > 0))
}

fn private(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 == 0)
}
