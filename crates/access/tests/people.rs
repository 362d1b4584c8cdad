//! The first start, signing in, lockout, second factor, the life of a session, invitations.

mod common;

use common::{OWNER, PASSWORD, REGISTER, Web};
use serde_json::json;
use shuke_access::{sessions, setup, testing};
use shuke_kernel::Clock;
use shuke_testkit::both_with;

#[test]
fn the_first_start_prints_a_token_and_whoever_brings_it_is_the_owner() {
    both_with("setup", REGISTER, |t| {
        let web = Web::over(t);
        assert_eq!(web.ask("GET", "/setup", &[], None).body["needs_setup"], true);
        let old = t.write(setup::first_start).expect("a token");
        let token = t.write(setup::first_start).expect("a new one at each start");
        let body = |token: &str, password: &str| {
            Some(json!({"token": token, "name": "王店主", "email": OWNER, "password": password, "merchant_name": "熟客小店"}))
        };
        assert_eq!(web.ask("POST", "/setup", &[], body(&old, PASSWORD)).code(), "access.wrong_setup_token");
        assert_eq!(web.ask("POST", "/setup", &[], body(&token, "short")).code(), "access.weak_password");
        let made = web.ask("POST", "/setup", &[], body(&token, PASSWORD));
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(made.body["staff"]["email_masked"], "o***@example.com");
        assert_eq!(made.body["merchants"][0]["role"], "owner");
        let cookie = made.cookie();
        assert_eq!(web.signed(&cookie, "GET", "/merchants/current", None).body["zone"], "Asia/Shanghai");
        assert_eq!(web.ask("POST", "/setup", &[], body(&token, PASSWORD)).code(), "access.already_set_up");
        assert_eq!(web.ask("GET", "/setup", &[], None).body["needs_setup"], false);
        assert_eq!(t.write(setup::first_start), None);
    });
}

#[test]
fn five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour() {
    both_with("lockout", REGISTER, |t| {
        testing::found(&t.store, OWNER, PASSWORD).expect("an owner");
        let web = Web::over(t);
        let sign_in = |email: &str, password: &str| web.ask("POST", "/sessions", &[], Some(json!({"email": email, "password": password})));
        assert_eq!(sign_in("nobody@example.com", PASSWORD).code(), "access.wrong_credentials");
        for _ in 0..4 {
            assert_eq!(sign_in(OWNER, "wrong password").code(), "access.wrong_credentials");
        }
        assert_eq!(sign_in(OWNER, "wrong password").code(), "access.locked");
        let locked = sign_in(OWNER, PASSWORD);
        assert_eq!((locked.status, locked.code()), (429, "access.locked"));
        assert_eq!(locked.headers["retry-after"], "901");
        t.clock.advance_seconds(sessions::LOCK_SECONDS + 1);
        assert_eq!(sign_in(" Owner@Example.com ", PASSWORD).status, 201);
        assert_eq!(sign_in(OWNER, "wrong password").code(), "access.wrong_credentials", "the count begins anew");
    });
}

#[test]
fn a_session_ends_unused_and_in_any_case() {
    both_with("expiry", REGISTER, |t| {
        testing::found(&t.store, OWNER, PASSWORD).expect("an owner");
        let web = Web::over(t);
        let sign_in = || web.ask("POST", "/sessions", &[], Some(json!({"email": OWNER, "password": PASSWORD}))).cookie();
        let alive = |cookie: &str| web.signed(cookie, "GET", "/sessions/current", None).status == 200;
        let cookie = sign_in();
        assert!(alive(&cookie));
        t.clock.advance_seconds(sessions::IDLE_SECONDS - 1);
        assert!(alive(&cookie), "used: lives on");
        t.clock.advance_seconds(sessions::IDLE_SECONDS - 1);
        assert!(alive(&cookie));
        t.clock.advance_seconds(sessions::IDLE_SECONDS + 1);
        assert!(!alive(&cookie), "unused for too long");
        let cookie = sign_in();
        for _ in 0..(sessions::MAX_SECONDS / 36_000) {
            t.clock.advance_seconds(36_000);
            alive(&cookie);
        }
        t.clock.advance_seconds(3600 * 10);
        assert!(!alive(&cookie), "too old");
        let cookie = sign_in();
        assert_eq!(web.ask("DELETE", "/sessions/current", &[("cookie", &cookie)], None).code(), "access.csrf");
        assert_eq!(web.signed(&cookie, "DELETE", "/sessions/current", None).status, 204);
        assert!(!alive(&cookie), "signed out");
        let now = t.clock.now();
        assert!(t.write(move |tx| sessions::prune(tx, now)) >= 1);
    });
}

#[test]
fn a_second_factor_is_asked_for_and_its_codes_are_good_once() {
    both_with("totp", REGISTER, |t| {
        testing::found(&t.store, OWNER, PASSWORD).expect("an owner");
        let web = Web::over(t);
        let sign_in =
            |code: Option<&str>| web.ask("POST", "/sessions", &[], Some(json!({"email": OWNER, "password": PASSWORD, "totp": code})));
        let cookie = sign_in(None).cookie();
        assert_eq!(web.signed(&cookie, "PUT", "/sessions/current/totp", Some(json!({"code": "123456"}))).code(), "access.totp_not_begun");
        let made = web.signed(&cookie, "POST", "/sessions/current/totp", Some(json!({})));
        let secret = made.body["secret"].as_str().expect("a secret").to_owned();
        assert!(made.body["otpauth_url"].as_str().expect("a url").starts_with("otpauth://totp/Shuke:owner@example.com?secret="));
        assert_eq!(sign_in(None).status, 201, "not in force yet");
        let code = |ahead: i64| sessions::totp_code_at(&secret, t.clock.now().plus_seconds(ahead)).expect("a code");
        assert_eq!(web.signed(&cookie, "PUT", "/sessions/current/totp", Some(json!({"code": "000000"}))).code(), "access.wrong_totp");
        let first = code(0);
        assert_eq!(web.signed(&cookie, "PUT", "/sessions/current/totp", Some(json!({"code": first}))).status, 204);
        assert_eq!(sign_in(None).code(), "access.totp_required");
        assert_eq!(sign_in(Some(&first)).code(), "access.wrong_credentials", "used when it was set up");
        t.clock.advance_seconds(30);
        let second = code(0);
        assert_eq!(sign_in(Some(&second)).status, 201);
        assert_eq!(sign_in(Some(&second)).code(), "access.wrong_credentials", "used");
        assert_eq!(
            web.signed(&cookie, "DELETE", "/sessions/current/totp", Some(json!({"password": "wrong password"}))).code(),
            "access.wrong_password"
        );
        assert_eq!(web.signed(&cookie, "DELETE", "/sessions/current/totp", Some(json!({"password": PASSWORD}))).status, 204);
        assert_eq!(sign_in(None).status, 201);
    });
}

#[test]
fn invited_staff_choose_a_password_and_roles_hold() {
    both_with("staff", REGISTER, |t| {
        testing::found(&t.store, OWNER, PASSWORD).expect("an owner");
        let web = Web::over(t);
        let sign_in = |email: &str| web.ask("POST", "/sessions", &[], Some(json!({"email": email, "password": PASSWORD})));
        let owner = sign_in(OWNER);
        let (me, cookie) = (owner.body["staff"]["id"].as_str().expect("an id").to_owned(), owner.cookie());
        let invite =
            |email: &str, role: &str| web.signed(&cookie, "POST", "/staff", Some(json!({"name": "小李", "email": email, "role": role})));
        assert_eq!(invite("not an address", "agent").code(), "access.invalid_email");
        let invited = invite("li@example.com", "agent");
        assert_eq!(invited.status, 201, "{}", invited.body);
        assert_eq!(invited.body["staff"]["invited"], true);
        assert_eq!(invite("LI@example.com", "agent").code(), "access.staff_exists");
        assert_eq!(sign_in("li@example.com").code(), "access.wrong_credentials", "no password yet");
        let token = invited.body["invite_url_token"].as_str().expect("a token").to_owned();
        let accept = |token: &str| web.ask("POST", "/staff/accept", &[], Some(json!({"token": token, "password": PASSWORD})));
        assert_eq!(accept("made up").code(), "access.invalid_invite");
        assert_eq!(accept(&token).status, 200);
        assert_eq!(accept(&token).code(), "access.invalid_invite", "good once");
        let agent = sign_in("li@example.com").cookie();
        assert_eq!(web.signed(&agent, "GET", "/staff", None).code(), "access.forbidden");
        let id = invited.body["staff"]["id"].as_str().expect("an id").to_owned();
        let reset = web.signed(&cookie, "POST", &format!("/staff/{id}/reset"), None);
        assert_eq!(web.signed(&agent, "GET", "/sessions/current", None).status, 200, "the old password holds until then");
        assert_eq!(accept(reset.body["invite_url_token"].as_str().expect("a token")).status, 200);
        assert_eq!(web.signed(&agent, "GET", "/sessions/current", None).status, 401, "a new password ends every session");
        let agent = sign_in("li@example.com").cookie();
        let id = invited.body["staff"]["id"].as_str().expect("an id").to_owned();
        assert_eq!(web.signed(&cookie, "PATCH", &format!("/staff/{me}"), Some(json!({"role": "agent"}))).code(), "access.last_owner");
        assert_eq!(web.signed(&cookie, "DELETE", &format!("/staff/{me}"), None).code(), "access.last_owner");
        assert_eq!(web.signed(&cookie, "PATCH", &format!("/staff/{id}"), Some(json!({"role": "owner"}))).body["role"], "owner");
        assert_eq!(web.signed(&agent, "GET", "/staff", None).body["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(web.signed(&cookie, "PATCH", &format!("/staff/{id}"), Some(json!({"disabled": true}))).status, 200);
        assert_eq!(web.signed(&agent, "GET", "/staff", None).code(), "access.not_your_merchant");
        assert_eq!(web.signed(&cookie, "DELETE", &format!("/staff/{id}"), None).status, 204);
        assert_eq!(web.signed(&agent, "GET", "/sessions/current", None).status, 401, "works nowhere any more: forgotten");
        assert_eq!(t.int("SELECT COUNT(*) FROM staff"), 1);
        assert_eq!(web.signed(&cookie, "GET", "/staff", None).body["items"].as_array().map(Vec::len), Some(1));
        let change = |old: &str| {
            web.signed(
                &cookie,
                "PUT",
                "/sessions/current/password",
                Some(json!({"old_password": old, "new_password": "另一个很长的密码 123"})),
            )
        };
        assert_eq!(change("not it at all").code(), "access.wrong_password");
        let changed = change(PASSWORD);
        assert_eq!(changed.status, 204);
        assert_eq!(web.signed(&cookie, "GET", "/sessions/current", None).status, 401, "old sessions end");
        assert_eq!(web.signed(&changed.cookie(), "GET", "/sessions/current", None).status, 200);
    });
}

#[test]
fn no_address_or_name_of_staff_lies_in_the_file_in_clear() {
    let t = shuke_testkit::sqlite_with(REGISTER);
    testing::found(&t.store, "very.findable@example.com", PASSWORD).expect("an owner");
    let web = Web::over(&t);
    let cookie = web.ask("POST", "/sessions", &[], Some(json!({"email": "very.findable@example.com", "password": PASSWORD}))).cookie();
    let saved = json!({"page": "members", "name": "view", "query": "query=13912345678", "columns": ["id"]});
    let view = web.ask("PUT", "/views", &[("cookie", &cookie), ("shuke-csrf", "1"), ("idempotency-key", "v1")], Some(saved));
    assert_eq!(view.status, 200, "{}", view.body);
    assert_eq!(web.signed(&cookie, "GET", "/views?page=members", None).body["items"][0]["query"], "query=13912345678");
    drop(web);
    for file in std::fs::read_dir(t.dir()).expect("a folder").flatten() {
        let bytes = std::fs::read(file.path()).expect("a file");
        for needle in ["very.findable", "13912345678", PASSWORD] {
            assert!(!bytes.windows(needle.len()).any(|w| w == needle.as_bytes()), "{needle} in {}", file.path().display());
        }
    }
}
