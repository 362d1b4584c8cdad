//! The real `shuke serve` as a child process. The testkit has one as well; with it every dependency of the
//! server's tests would have a say in how DataFusion is built.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The master key of every store of these tests, in hexadecimal.
pub const MASTER: &str = "1111111111111111111111111111111111111111111111111111111111111111";

/// The program `shuke`, beside these tests in the target folder.
pub fn shuke() -> Command {
    let exe = std::env::current_exe().unwrap();
    let found = exe.ancestors().skip(1).take(3).map(|d| d.join("shuke")).find(|p| p.is_file());
    let mut command = Command::new(found.expect("`shuke` is not built: run `make test-sql`"));
    command.env("SHUKE_MASTER_KEY", MASTER).env("SHUKE_SQL_PROGRAM", env!("CARGO_BIN_EXE_shuke-sql"));
    command.env_remove("SHUKE_STORE").stdin(Stdio::null());
    command
}

/// A running server over a data folder of its own.
pub struct Server {
    child: Child,
    port: u16,
    data: tempfile::TempDir,
}

impl Server {
    /// Starts one.
    pub fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let printed = std::fs::File::create(data.path().join("printed")).unwrap();
        let mut command = shuke();
        command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(data.path());
        let child = command.stdout(printed).spawn().unwrap();
        let server = Self { child, port, data };
        let until = Instant::now() + Duration::from_secs(60);
        while ureq::get(format!("{}/health/ready", server.base())).call().is_err() {
            assert!(Instant::now() < until, "the server did not get ready");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Where it listens.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// The file of its store.
    pub fn store(&self) -> PathBuf {
        self.data().join("shuke.db")
    }

    /// Asks it to stop and waits for it.
    pub fn stop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }

    /// A request, and what came of it: the status and the body as JSON.
    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> (u16, Value, Option<String>) {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60))).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}/api/v1{path}", self.base()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            Some(json) => agent.run(request.header("content-type", "application/json").body(json.to_string()).unwrap()),
            None => agent.run(request.body(String::new()).unwrap()),
        }
        .unwrap();
        let cookie =
            response.headers().get("set-cookie").and_then(|c| c.to_str().ok()).and_then(|c| c.split(';').next()).map(str::to_owned);
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null), cookie)
    }

    /// Sets the installation up with one merchant; a key of these scopes, as the value of `authorization`.
    pub fn key(&self, scopes: &[&str]) -> String {
        let printed = std::fs::read_to_string(self.data().join("printed")).unwrap();
        let token = printed.lines().map(str::trim).find(|l| l.starts_with("setup_")).expect("the first start prints a setup token");
        let owner = json!({"token": token, "name": "店主", "email": "owner@example.com", "password": "correct horse battery", "merchant_name": "甲店"});
        let (_, made, cookie) = self.call("POST", "/setup", &[], Some(&owner));
        let (cookie, merchant) = (cookie.expect("a session"), made["merchants"][0]["id"].as_str().unwrap().to_owned());
        let headers = [("cookie", cookie.as_str()), ("shuke-csrf", "1"), ("shuke-merchant", merchant.as_str())];
        let (_, made, _) = self.call("POST", "/keys", &headers, Some(&json!({"name": "test", "scopes": scopes, "test": false})));
        format!("Bearer {}", made["secret"].as_str().unwrap_or_else(|| panic!("no key: {made}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
