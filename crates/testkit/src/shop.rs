//! What tests over HTTP begin with: a folder and a store for the real program, one merchant with a key,
//! and the look at both when the test is over.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use shuke_store::MasterKey;
use tempfile::TempDir;

use crate::MASTER;
use crate::cluster::{self, Database};
use crate::process::{Answer, Server, binary};

/// How long anything that is waited for may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A data folder and a store, gone when this value is.
pub struct Place {
    home: TempDir,
    postgres: Option<Database>,
    store: String,
}

impl Place {
    /// Fresh: a database of its own on PostgreSQL, else SQLite in the folder.
    pub fn new(postgres: bool) -> Self {
        let home = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
        let (postgres, store) = store(home.path(), postgres);
        Self { home, postgres, store }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.home.path()
    }

    /// The store, as `--store` names it.
    pub fn store(&self) -> &str {
        &self.store
    }

    /// Starts the program here.
    pub fn start(&self) -> Server {
        Server::start_on(self.folder(), Some(&self.store))
    }

    /// Runs `shuke` with these arguments on this folder and store; what it prints.
    pub fn run(&self, arguments: &[&str]) -> String {
        let folder = self.folder().display().to_string();
        program(&[arguments, &["--data", &folder, "--store", &self.store]].concat())
    }

    /// Compares the store, which no process serves any more, with itself and with a copy on the other
    /// engine: the audit finds nothing, and both dump the same. The dump.
    pub fn audited(&self) -> String {
        self.run(&["audit"]);
        let beside = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
        let (_database, copy) = store(beside.path(), self.postgres.is_none());
        let folder = self.folder().display().to_string();
        program(&["copy", "--from", &self.store, "--to", &copy, "--data", &folder]);
        let dump = |store: &str| program(&["audit", "--dump", "--data", &folder, "--store", store]);
        let told = dump(&self.store);
        assert!(told == dump(&copy), "the copy tells of something else");
        told
    }
}

fn store(folder: &Path, postgres: bool) -> (Option<Database>, String) {
    let database = postgres.then(|| cluster::shared().create_database("template0"));
    let url = database.as_ref().map_or_else(|| format!("sqlite:{}", folder.join("shuke.db").display()), Database::url);
    (database, url)
}

/// Runs `shuke` with these arguments and the tests' master key; it must end well. What it prints.
pub fn program(arguments: &[&str]) -> String {
    let mut command = Command::new(binary("shuke"));
    command.args(arguments).env("SHUKE_MASTER_KEY", MasterKey::new(MASTER).to_hex().as_str());
    let out = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let (said, wrong) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "{arguments:?}: {said}{wrong}");
    said.into_owned()
}

/// Runs a command that asks for the owner's password, such as `shuke admin create-merchant`.
pub fn with_password(command: &mut Command) {
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let told = child.stdin.take().map(|mut input| input.write_all(b"correct horse battery staple\n"));
    assert!(told.is_some_and(|t| t.is_ok()) && child.wait().is_ok_and(|s| s.success()), "{command:?}");
}

/// A running program with one merchant, spoken to with a key.
pub struct Shop {
    /// The program; it may be stopped, killed, put in another's place.
    pub server: Server,
    /// The value of `authorization`.
    pub key: String,
}

impl Shop {
    /// Sets a fresh installation up; the key has these scopes.
    pub fn new(server: Server, scopes: &[&str]) -> Self {
        let key = server.key(scopes);
        Self { server, key }
    }

    /// A request; `path` begins behind `/api/v1`.
    pub fn answer(&self, method: &str, path: &str, body: Option<&Json>) -> Answer {
        self.server.call(method, &format!("/api/v1{path}"), &[("authorization", self.key.as_str())], body)
    }

    /// A request that must be answered so; the body of the answer.
    pub fn call(&self, status: u16, method: &str, path: &str, body: Option<Json>) -> Json {
        let answer = self.answer(method, path, body.as_ref());
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.json);
        answer.json
    }

    /// A request that must succeed, in whichever way; the body of the answer.
    pub fn done(&self, method: &str, path: &str, body: Option<Json>) -> Json {
        let answer = self.answer(method, path, body.as_ref());
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.json);
        answer.json
    }

    /// Asks until it is so: often at first, to meet what is on its way, then as seldom as a caller's
    /// limit wants. `what` says what is wrong if it never is.
    pub fn until(&self, what: &str, path: &str, is_so: impl Fn(&Json) -> bool) -> Json {
        let begun = Instant::now();
        loop {
            let now = self.call(200, "GET", path, None);
            if is_so(&now) {
                return now;
            }
            assert!(begun.elapsed() < PATIENCE, "{what}: {now}");
            std::thread::sleep(Duration::from_millis(if begun.elapsed() < Duration::from_secs(3) { 5 } else { 100 }));
        }
    }

    /// Sends a sheet as a form does; the body of the answer.
    pub fn upload(&self, status: u16, path: &str, name: &str, text: &str) -> Json {
        let form = format!(
            "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n--X--\r\n"
        );
        let url = format!("{}/api/v1{path}", self.server.base());
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build().into();
        let request = agent.post(&url).header("authorization", &self.key).header("content-type", "multipart/form-data; boundary=X");
        let mut response = request.send(form.as_str()).unwrap_or_else(|e| panic!("{path}: {e}\n{}", self.server.output()));
        let text = response.body_mut().read_to_string().unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!(response.status().as_u16(), status, "{path}: {text}");
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}: {text}"))
    }
}
