//! Who was erased stays erased: a backup of before, restored on the other engine, does not bring
//! them back.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_store::MasterKey;
use shuke_testkit::process::{Server, binary};
use shuke_testkit::shop::with_password;
use shuke_testkit::{MASTER, cluster};

fn shuke(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary("shuke"));
    command.args(arguments).env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
    command
}

fn said(command: &mut Command) -> String {
    let out = command.output().unwrap();
    assert!(out.status.success(), "{command:?}: {}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn a_backup_of_before_does_not_bring_the_erased_back() {
    let dir = tempfile::tempdir().unwrap();
    let (data, backups) = (dir.path().join("data"), dir.path().join("backups"));
    std::fs::create_dir_all(&backups).unwrap();
    let at = data.to_str().unwrap();
    with_password(&mut shuke(&["admin", "create-merchant", "--name", "店", "--owner", "owner@example.com", "--data", at]));
    let key: Value = serde_json::from_str(&said(&mut shuke(&[
        "admin",
        "create-key",
        "--name",
        "k",
        "--scopes",
        "members:read,members:write,privacy:manage",
        "--json",
        "--data",
        at,
    ])))
    .unwrap();
    let bearer = format!("Bearer {}", key["secret"].as_str().unwrap());
    let auth = [("authorization", bearer.as_str())];

    let mut server = Server::start_on(&data, None);
    let mut ids = Vec::new();
    for phone in ["13800000001", "13800000002"] {
        let made = server.call("POST", "/api/v1/members", &auth, Some(&json!({"external": {"source": "own", "id": phone}, "name": "张三", "keys": [{"kind": "phone", "value": phone, "verified": true}]})));
        assert!(made.status < 300, "{}", made.json);
        ids.push(made.json["id"].as_str().unwrap().to_owned());
    }
    let file = backups.join("before.bak");
    said(&mut shuke(&["backup", file.to_str().unwrap(), "--data", at]));
    let erased = server.call("DELETE", &format!("/api/v1/members/{}", ids[0]), &auth, None);
    assert!(erased.status < 300, "{}", erased.json);
    let until = Instant::now() + Duration::from_secs(20);
    for log in [data.join("erasures.jsonl"), backups.join("erasures.jsonl")] {
        while std::fs::read_to_string(&log).unwrap_or_default().lines().count() != 1 {
            assert!(Instant::now() < until, "the erasure was not logged in {}", log.display());
            std::thread::sleep(Duration::from_millis(20));
        }
        // An id or an instant may have three of its digits.
        assert!(!std::fs::read_to_string(&log).unwrap().contains("13800000001"));
    }
    // The machine burns down; the backups' folder is what is left.
    server.kill();
    std::fs::remove_dir_all(&data).unwrap();

    let database = cluster::shared().create_database("template0");
    for store in [None, Some(database.url())] {
        let fresh = dir.path().join(format!("fresh-{}", store.is_some()));
        let mut restore = shuke(&["restore", file.to_str().unwrap(), "--json", "--data", fresh.to_str().unwrap()]);
        if let Some(url) = &store {
            restore.args(["--store", url]);
        }
        let restored: Value = serde_json::from_str(&said(&mut restore)).unwrap();
        assert_eq!(restored["erased"], json!(1));
        let server = Server::start_on(&fresh, store.as_deref());
        for (phone, found) in [("13800000001", 0), ("13800000002", 1)] {
            let list = server.call("GET", &format!("/api/v1/members?query={phone}"), &auth, None);
            assert_eq!(list.json["items"].as_array().map(Vec::len), Some(found), "{phone}: {}", list.json);
        }
        let mut audit = shuke(&["audit", "--data", fresh.to_str().unwrap()]);
        if let Some(url) = &store {
            audit.args(["--store", url]);
        }
        said(&mut audit);
    }
}
