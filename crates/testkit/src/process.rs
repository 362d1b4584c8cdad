//! The real program as a child process, spoken to over HTTP.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use shuke_store::MasterKey;
use tempfile::TempDir;

use crate::MASTER;

/// The program `name`: from `CARGO_BIN_EXE_name`, else beside this test in the target folder.
pub fn binary(name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(format!("CARGO_BIN_EXE_{name}")) {
        return PathBuf::from(path);
    }
    let exe = std::env::current_exe().unwrap_or_else(|e| panic!("where is this test? {e}"));
    let found = exe.ancestors().skip(1).take(3).map(|d| d.join(name)).find(|p| p.is_file());
    found.unwrap_or_else(|| panic!("the program `{name}` is not built: run `cargo build` first"))
}

/// A running `shuke serve`.
pub struct Server {
    child: Child,
    port: u16,
    data: PathBuf,
    output: Arc<Mutex<Vec<String>>>,
    /// Kept until the server is gone, where the folder is the server's own.
    _home: Option<TempDir>,
}

/// An answer: the status, the headers of interest, the body as JSON (`null` where it is none).
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub json: Json,
    /// `Set-Cookie`, where there is one.
    pub cookie: Option<String>,
}

/// Whoever set an installation up, signed in.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The session's cookie.
    pub cookie: String,
    /// The first merchant's id.
    pub merchant: String,
}

impl Owner {
    /// With which requests are theirs.
    pub fn headers(&self) -> [(&str, &str); 3] {
        [("cookie", &self.cookie), ("shuke-csrf", "1"), ("shuke-merchant", &self.merchant)]
    }
}

impl Server {
    /// Starts the program on a free port with a fresh data folder.
    /// Its master key is [`crate::MASTER`], so that a test's own commands open the store too.
    pub fn start() -> Self {
        let home = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
        let data = home.path().to_owned();
        let mut server = Self::start_on(&data, None);
        server._home = Some(home);
        server
    }

    /// Starts it on a data folder, with another store where `store` names one.
    pub fn start_on(data: &Path, store: Option<&str>) -> Self {
        Self::start_with(Command::new(binary("shuke")), data, store)
    }

    /// Starts it by a prepared command, to which the arguments of `serve` are added.
    pub fn start_with(mut command: Command, data: &Path, store: Option<&str>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).unwrap_or_else(|e| panic!("no free port: {e}")).port();
        // Never the key file of whoever runs the tests.
        command.env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
        command.arg("serve").arg("--data").arg(data).args(["--listen", &format!("127.0.0.1:{port}")]);
        if let Some(store) = store {
            command.args(["--store", store]);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{command:?}: {e}"));
        let output = Arc::new(Mutex::new(Vec::new()));
        if let Some(out) = child.stdout.take() {
            gather(out, &output);
        }
        if let Some(err) = child.stderr.take() {
            gather(err, &output);
        }
        let mut server = Self { child, port, data: data.to_owned(), output, _home: None };
        server.wait_ready();
        server
    }

    fn wait_ready(&mut self) {
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until {
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the server ended at once ({status}):\n{}", self.output());
            }
            if ureq::get(format!("{}/health/ready", self.base())).call().is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server did not get ready:\n{}", self.output());
    }

    /// Sets a fresh installation up with one merchant.
    pub fn owner(&self) -> Owner {
        let printed = self.output();
        let token = printed.lines().map(str::trim).find(|l| l.starts_with("setup_"));
        let token = token.unwrap_or_else(|| panic!("the first start printed no setup token:\n{printed}"));
        let owner = json!({"token": token, "name": "店主", "email": "owner@example.com", "password": "correct horse battery", "merchant_name": "甲店"});
        let made = self.call("POST", "/api/v1/setup", &[], Some(&owner));
        let cookie = made.cookie.as_deref().and_then(|c| c.split(';').next()).unwrap_or_else(|| panic!("no session: {}", made.json));
        let merchant = made.json["merchants"][0]["id"].as_str().unwrap_or_else(|| panic!("no merchant: {}", made.json));
        Owner { cookie: cookie.to_owned(), merchant: merchant.to_owned() }
    }

    /// Sets a fresh installation up with one merchant and returns a key of these scopes, as the
    /// value of `authorization`.
    pub fn key(&self, scopes: &[&str]) -> String {
        self.key_of(&self.owner(), scopes)
    }

    /// A key of these scopes for the owner's merchant, as the value of `authorization`.
    pub fn key_of(&self, owner: &Owner, scopes: &[&str]) -> String {
        let wanted = json!({"name": "test", "scopes": scopes, "test": false});
        let made = self.call("POST", "/api/v1/keys", &owner.headers(), Some(&wanted));
        format!("Bearer {}", made.json["secret"].as_str().unwrap_or_else(|| panic!("no key: {}", made.json)))
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Everything it has printed.
    pub fn output(&self) -> String {
        self.output.lock().map(|lines| lines.join("\n")).unwrap_or_default()
    }

    /// Kills it as a power cut would, without a chance to tidy up.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop and waits for it.
    pub fn stop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }

    /// [`Server::call`] that hands back what went wrong on the way: for servers that are killed.
    pub fn try_call(base: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Json>) -> Result<Answer, String> {
        Self::try_text(base, method, path, headers, body.map(|json| json.to_string()))
    }

    /// The same with a text that stands for JSON, and may be none.
    pub fn try_text(base: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Result<Answer, String> {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60))).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{base}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let done = match body {
            Some(text) => request.header("content-type", "application/json").body(text).map(|r| agent.run(r)),
            None => request.body(String::new()).map(|r| agent.run(r)),
        };
        let mut response = done.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?;
        let cookie = response.headers().get("set-cookie").and_then(|c| c.to_str().ok()).map(str::to_owned);
        let text = response.body_mut().read_to_string().map_err(|e| e.to_string())?;
        Ok(Answer { status: response.status().as_u16(), json: serde_json::from_str(&text).unwrap_or(Json::Null), cookie })
    }

    /// A request whose body is a text that stands for JSON, and may be none.
    pub fn post_text(&self, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        Self::try_text(&self.base(), "POST", path, headers, Some(body)).unwrap_or_else(|e| panic!("POST {path}: {e}\n{}", self.output()))
    }

    /// A request. `path` begins at `/api/v1` or at another root; `headers` are added.
    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Json>) -> Answer {
        Self::try_call(&self.base(), method, path, headers, body).unwrap_or_else(|e| panic!("{method} {path}: {e}\n{}", self.output()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn gather(stream: impl std::io::Read + Send + 'static, output: &Arc<Mutex<Vec<String>>>) {
    let output = output.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Ok(mut lines) = output.lock() {
                lines.push(line);
            }
        }
    });
}
