//! What the program says to wrong use: exit code 2, words on standard error, with `--json` one
//! object on standard output; and what it never does to what is there already.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use shuke_store::MasterKey;
use shuke_testkit::MASTER;
use shuke_testkit::process::{Server, binary};
use shuke_testkit::shop::with_password;

fn shuke(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary("shuke"));
    command
        .args(arguments)
        .arg("--data")
        .arg(data)
        .env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str())
        .env_remove("SHUKE_STORE")
        .stdin(Stdio::null());
    command
}

fn ended(out: &Output) -> (Option<i32>, Value) {
    (out.status.code(), serde_json::from_slice(&out.stdout).unwrap_or(Value::Null))
}

/// Exit code, code of the error object.
fn refused(command: &mut Command) -> (Option<i32>, String) {
    let out = command.output().unwrap();
    let (code, object) = ended(&out);
    assert!(!out.stderr.is_empty(), "{command:?} said nothing to people");
    (code, object["error"]["code"].as_str().unwrap_or_default().to_owned())
}

fn founded(data: &Path) {
    with_password(&mut shuke(data, &["admin", "create-merchant", "--name", "店", "--owner", "owner@example.com"]));
}

#[test]
fn wrong_use_ends_with_2_and_one_object() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    founded(&data);
    let note = dir.path().join("note.txt");
    std::fs::write(&note, "not json").unwrap();
    let note = note.to_str().unwrap();
    let odd = dir.path().join("odd.json");
    std::fs::write(&odd, json!({"shape": "orders", "currency": "XQZ", "columns": []}).to_string()).unwrap();
    let odd = odd.to_str().unwrap();
    let copy = format!("sqlite:{}", dir.path().join("copy.db").display());
    for (arguments, code) in [
        (vec!["import", note, "--preview", "--mapping", note], "import.malformed_mapping"),
        (vec!["import", note, "--preview", "--mapping", "/nowhere/m.json"], "import.malformed_mapping"),
        (vec!["import", note, "--preview", "--mapping", odd], "import.malformed_mapping"),
        (vec!["import", note, "--merchant", "nobody"], "merchant.not_found"),
        (vec!["restore", note], "backup.malformed"),
        (vec!["restore", "/nowhere/x.bak"], "backup.not_found"),
        (vec!["copy", "--from", "sqlite:/nowhere/x.db", "--to", &copy], "store.not_found"),
        (vec!["copy", "--from", "mysql://x", "--to", &copy], "store.malformed_url"),
        (vec!["admin", "change-master-key", "--to", note], "master_key.file_exists"),
        (vec!["import", note, "--shop", "none"], "shop.not_found"),
        (vec!["import", "--undo", "imp_xxx"], "import.malformed_id"),
        (vec!["import", "--undo", "imp_01kc0000000000000000000000"], "import.not_found"),
        (vec!["admin", "create-key", "--name", "k", "--scopes", "no:such"], "access.unknown_scope"),
        (vec!["admin", "reset-password", "--email", "nobody@example.com"], "access.no_such_account"),
        (vec!["audit", "--store", "mysql://x"], "store.malformed_url"),
        (vec!["audit", "--no-such-flag"], "command.usage"),
        (vec!["backup", dir.path().to_str().unwrap()], "backup.is_a_folder"),
    ] {
        let mut command = shuke(&data, &arguments);
        assert_eq!(refused(command.arg("--json")), (Some(2), code.to_owned()), "{arguments:?}");
    }
    assert_eq!(refused(shuke(&data, &["audit", "--json"]).env("SHUKE_MASTER_KEY", "abc")), (Some(2), "master_key.malformed".to_owned()));
    assert_eq!(refused(&mut shuke(&dir.path().join("none"), &["audit", "--json"])), (Some(2), "store.not_found".to_owned()));
    assert!(!dir.path().join("none/shuke.db").exists() && !dir.path().join("copy.db").exists());
    // The same through the socket of a process that serves.
    let _server = Server::start_on(&data, None);
    assert_eq!(refused(&mut shuke(&data, &["import", "--undo", "imp_xxx", "--json"])), (Some(2), "import.malformed_id".to_owned()));
}

#[test]
fn a_backup_replaces_nothing_unasked() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    founded(&data);
    let file = dir.path().join("shop.bak");
    let at = file.to_str().unwrap();
    assert!(shuke(&data, &["backup", at]).output().unwrap().status.success());
    std::fs::write(&file, "the only backup there is").unwrap();
    assert_eq!(refused(&mut shuke(&data, &["backup", at, "--json"])), (Some(2), "backup.file_exists".to_owned()));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "the only backup there is");
    assert!(shuke(&data, &["backup", at, "--replace"]).output().unwrap().status.success());
    assert!(std::fs::metadata(&file).unwrap().len() > 1_000);
}

#[test]
fn a_demo_does_not_serve_somebodys_shop() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    founded(&data);
    let (code, error) = refused(&mut shuke(&data, &["demo", "--listen", "127.0.0.1:0", "--json"]));
    assert_eq!((code, error.as_str()), (Some(2), "demo.not_a_sample"));
    assert!(!data.join("demo-login.txt").exists());
}

#[test]
fn a_forgotten_password_is_chosen_anew_once() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    founded(&data);
    let server = Server::start_on(&data, None);
    let out = shuke(&data, &["admin", "reset-password", "--email", "OWNER@example.com", "--json"]).output().unwrap();
    let (code, answer) = ended(&out);
    assert_eq!(code, Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let token = answer["token"].as_str().unwrap();
    assert_eq!(answer["path"], json!(format!("/accept?token={token}")));
    let sign_in = |password: &str| {
        server
            .call("POST", "/api/v1/sessions", &[("shuke-csrf", "1")], Some(&json!({"email": "owner@example.com", "password": password})))
            .status
    };
    assert!(sign_in("correct horse battery staple") < 300, "the old password holds until then");
    let accept = || {
        server
            .call(
                "POST",
                "/api/v1/staff/accept",
                &[("shuke-csrf", "1")],
                Some(&json!({"token": token, "password": "battery staple horse 9"})),
            )
            .status
    };
    assert_eq!(accept(), 200);
    assert_eq!(accept(), 403, "a token works once");
    assert_eq!((sign_in("correct horse battery staple"), sign_in("battery staple horse 9") < 300), (401, true));
}
