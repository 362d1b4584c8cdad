//! PostgreSQL for tests: one cluster per machine user, started when a test first asks for it,
//! shared by every test process, stopped by a watchdog when no test process has used it for a
//! while. Each test gets a database of its own, copied from a migrated template.
//!
//! The server refuses to run as root, so as root it runs as the user `postgres` or `nobody`.
//! A test process holds a shared lock on `users.lock` as long as it lives, however it dies; the
//! watchdog stops the cluster when it can take that lock alone. A machine without the server's
//! programs fails the test and names the command that installs them.

use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use postgres::{Client, NoTls};
use sha2::{Digest, Sha256};
use shuke_store::migrations;

const INSTALL: &str = "PostgreSQL's server programs (initdb, pg_ctl) were not found in PATH or /usr/lib/postgresql/*/bin. Tests need them: apt-get install postgresql";

/// Whether a cluster may lose what it acknowledged when the machine stops.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// fsync off: fast, for ordinary tests.
    Relaxed,
    /// As in production: for campaigns that kill.
    Full,
}

/// A PostgreSQL cluster on this machine.
#[derive(Clone, Debug)]
pub struct Cluster {
    dir: PathBuf,
    port: u16,
    bin: PathBuf,
}

/// The folder with `initdb` and `pg_ctl`.
pub fn binaries() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).find(|d| d.join("initdb").is_file() && d.join("pg_ctl").is_file());
    if let Some(dir) = in_path {
        return dir;
    }
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(_, d)| d.join("initdb").is_file() && d.join("pg_ctl").is_file())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| panic!("{INSTALL}")).1
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0\n"))
}

fn user_exists(name: &str) -> bool {
    Command::new("id").arg(name).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// The user under whom the server runs, where that is not the one who runs the tests.
fn server_user() -> Option<&'static str> {
    if !is_root() {
        return None;
    }
    Some(
        ["postgres", "nobody"]
            .into_iter()
            .find(|u| user_exists(u))
            .unwrap_or_else(|| panic!("no user `postgres` or `nobody` to run PostgreSQL as: {INSTALL}")),
    )
}

fn as_server(program: &Path) -> Command {
    let Some(user) = server_user() else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--regid"]).arg(group_of(user)).args(["--init-groups", "--"]).arg(program);
    command
}

fn group_of(user: &str) -> String {
    let out = Command::new("id").args(["-g", user]).output().unwrap_or_else(|e| panic!("cannot run id: {e}"));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

fn run(command: &mut Command) {
    let out = command.stdin(Stdio::null()).output().unwrap_or_else(|e| panic!("cannot run {command:?}: {e}"));
    assert!(out.status.success(), "{command:?} failed: {}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|e| panic!("no free port: {e}"));
    listener.local_addr().unwrap_or_else(|e| panic!("no address: {e}")).port()
}

fn open_lock(path: &Path) -> File {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    file.unwrap_or_else(|e| panic!("cannot open {}: {e}", path.display()))
}

impl Cluster {
    /// A cluster of one's own in `dir`, which must not exist yet; for tests that stop or kill it.
    pub fn create(dir: &Path, durability: Durability) -> Self {
        let bin = binaries();
        fs::create_dir_all(dir).unwrap_or_else(|e| panic!("cannot make {}: {e}", dir.display()));
        if let Some(user) = server_user() {
            // Every folder above must let the server's user through.
            run(Command::new("chmod").arg("755").arg(dir));
            run(Command::new("chown").arg(user).arg(dir));
        }
        let cluster = Self { dir: dir.to_owned(), port: free_port(), bin };
        run(as_server(&cluster.bin.join("initdb"))
            .current_dir(dir)
            .args(["-U", "shuke", "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(cluster.data()));
        let durable = match durability {
            Durability::Full => "",
            Durability::Relaxed => "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n",
        };
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = '{}'\nmax_connections = 300\nshared_buffers = 64MB\nmax_wal_size = 512MB\nlog_min_messages = warning\nautovacuum_naptime = 10s\n{durable}",
            cluster.port,
            dir.display()
        );
        let conf = cluster.data().join("shuke.conf");
        fs::write(&conf, settings).unwrap_or_else(|e| panic!("cannot write {}: {e}", conf.display()));
        run(Command::new("chmod").arg("644").arg(&conf));
        let main = cluster.data().join("postgresql.conf");
        let text = fs::read_to_string(&main).unwrap_or_default();
        fs::write(&main, text + "\ninclude = 'shuke.conf'\n").unwrap_or_else(|e| panic!("cannot write {}: {e}", main.display()));
        cluster.start();
        cluster
    }

    /// The cluster in `dir`, started if it stands, made if there is none.
    pub fn open_or_create(dir: &Path, durability: Durability) -> Self {
        let port = fs::read_to_string(dir.join("data").join("shuke.conf")).ok().and_then(|conf| {
            let line = conf.lines().find_map(|l| l.strip_prefix("port = "))?;
            line.trim().parse().ok()
        });
        let Some(port) = port else {
            let _ = fs::remove_dir_all(dir);
            return Self::create(dir, durability);
        };
        let cluster = Self { dir: dir.to_owned(), port, bin: binaries() };
        if Client::connect(&cluster.url("postgres"), NoTls).is_err() {
            cluster.start();
        }
        cluster
    }

    fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Starts a stopped cluster.
    pub fn start(&self) {
        run(as_server(&self.bin.join("pg_ctl"))
            .current_dir(&self.dir)
            .args(["start", "-w", "-t", "60", "-l"])
            .arg(self.dir.join("log"))
            .arg("-D")
            .arg(self.data())
            .stdout(Stdio::null())
            .stderr(Stdio::null()));
    }

    /// Stops it: `smart`, `fast` or `immediate` (as a crash).
    pub fn stop(&self, mode: &str) {
        run(as_server(&self.bin.join("pg_ctl")).current_dir(&self.dir).args(["stop", "-w", "-m", mode, "-D"]).arg(self.data()));
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://shuke@127.0.0.1:{}/{database}", self.port)
    }

    /// A connection for the test's own questions.
    pub fn client(&self, database: &str) -> Client {
        Client::connect(&self.url(database), NoTls).unwrap_or_else(|e| panic!("cannot reach the test cluster: {e}"))
    }

    /// Cuts every connection to a database, as an outage would.
    pub fn cut(&self, database: &str) -> u64 {
        let cut = self
            .client("postgres")
            .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()", &[&database]);
        cut.unwrap_or_else(|e| panic!("cannot cut connections: {e}"))
    }

    /// An empty database with a fresh name.
    pub fn create_database(&self, template: &str) -> Database {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("t_{}_{}_{:08x}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst), rand::random::<u32>());
        let mut client = self.client("postgres");
        client
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .unwrap_or_else(|e| panic!("cannot make a database: {e}"));
        Database { cluster: self.clone(), name }
    }
}

/// A database that is dropped with this value.
pub struct Database {
    cluster: Cluster,
    /// Its name.
    pub name: String,
}

impl Database {
    /// Its URL.
    pub fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    /// A connection of the test's own.
    pub fn client(&self) -> Client {
        self.cluster.client(&self.name)
    }

    /// Cuts every connection to it.
    pub fn cut(&self) -> u64 {
        self.cluster.cut(&self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut client) = Client::connect(&self.cluster.url("postgres"), NoTls) {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// The cluster that all test processes of this user share.
pub fn shared() -> &'static Cluster {
    static SHARED: OnceLock<(Cluster, File)> = OnceLock::new();
    &SHARED.get_or_init(join).0
}

/// The name of the template database with today's schema and the installation's keys under
/// [`crate::MASTER`].
pub fn template() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let mut hash = Sha256::new();
        for m in migrations::ALL {
            hash.update(m.name);
            hash.update(m.postgres);
        }
        let name = hash.finalize()[..6].iter().fold("tpl_".to_owned(), |name, b| format!("{name}{b:02x}"));
        let cluster = shared();
        let lock = open_lock(&cluster.dir.join("template.lock"));
        lock.lock().unwrap_or_else(|e| panic!("cannot lock: {e}"));
        let mut client = cluster.client("postgres");
        let there = client.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).is_ok_and(|rows| !rows.is_empty());
        if !there {
            let making = format!("making_{name}");
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).unwrap_or_else(|e| panic!("{e}"));
            client.batch_execute(&format!("CREATE DATABASE {making}")).unwrap_or_else(|e| panic!("{e}"));
            crate::migrate(&cluster.url(&making));
            client.batch_execute(&format!("ALTER DATABASE {making} RENAME TO {name}")).unwrap_or_else(|e| panic!("{e}"));
        }
        name
    })
}

fn join() -> (Cluster, File) {
    let dir = place().join(format!("shuke-testkit-{}", if is_root() { "root".to_owned() } else { whoami() }));
    fs::create_dir_all(&dir).unwrap_or_else(|e| panic!("cannot make {}: {e}", dir.display()));
    let starting = open_lock(&dir.join("start.lock"));
    starting.lock().unwrap_or_else(|e| panic!("cannot lock: {e}"));
    let users = open_lock(&dir.join("users.lock"));
    users.lock_shared().unwrap_or_else(|e| panic!("cannot lock: {e}"));
    let home = dir.join("cluster");
    if let Some(running) = running(&home) {
        return (running, users);
    }
    let _ = fs::remove_dir_all(&home);
    let cluster = Cluster::create(&home, Durability::Relaxed);
    fs::write(home.join("port"), cluster.port.to_string()).unwrap_or_else(|e| panic!("cannot write the port: {e}"));
    watch(&dir, &cluster);
    (cluster, users)
}

/// Where the shared cluster lies: in memory where the machine has room for it, since every test makes and drops a database of
/// more than a thousand files, and a disk's file system spends more time on that than the tests on everything else.
fn place() -> PathBuf {
    const ROOM: u64 = 6 << 30;
    let free = Command::new("stat").args(["-f", "-c", "%a %S %T", "/dev/shm"]).output().ok().and_then(|out| {
        let said = String::from_utf8(out.stdout).ok()?;
        let mut words = said.split_whitespace();
        let (blocks, size): (u64, u64) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        (words.next()? == "tmpfs").then_some(blocks.saturating_mul(size))
    });
    let memory = fs::read_to_string("/proc/meminfo").ok().and_then(|all| {
        let line = all.lines().find_map(|l| l.strip_prefix("MemAvailable:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
    });
    match (free, memory) {
        (Some(free), Some(memory)) if free.min(memory << 10) >= ROOM => PathBuf::from("/dev/shm"),
        _ => std::env::temp_dir(),
    }
}

fn whoami() -> String {
    std::env::var("USER").unwrap_or_else(|_| "user".to_owned())
}

fn running(home: &Path) -> Option<Cluster> {
    let port = fs::read_to_string(home.join("port")).ok()?.trim().parse().ok()?;
    let cluster = Cluster { dir: home.to_owned(), port, bin: binaries() };
    let config: postgres::Config = format!("{}?connect_timeout=3", cluster.url("postgres")).parse().ok()?;
    config.connect(NoTls).ok().map(|_| cluster)
}

/// Leaves a process behind that stops the cluster once no test process has held `users.lock` for
/// half a minute.
fn watch(dir: &Path, cluster: &Cluster) {
    let script = format!(
        "idle=0; while sleep 10; do \
           exec 8>'{d}/start.lock'; flock 8; \
           if flock -n -x '{d}/users.lock' true; then idle=$((idle+1)); else idle=0; fi; \
           if [ $idle -ge 3 ]; then '{pg_ctl}' stop -w -m immediate -D '{data}'; rm -rf '{home}'; exit 0; fi; \
           exec 8>&-; \
           [ -e '{data}/postmaster.pid' ] || exit 0; \
         done",
        d = dir.display(),
        pg_ctl = cluster.bin.join("pg_ctl").display(),
        data = cluster.data().display(),
        home = cluster.dir.display(),
    );
    // The locks are made by whoever runs the tests; the server's user must be able to take them.
    for lock in ["start.lock", "users.lock"] {
        run(Command::new("chmod").arg("666").arg(dir.join(lock)));
    }
    if server_user().is_some() {
        run(Command::new("chmod").arg("777").arg(dir));
    }
    let watchdog = as_server(Path::new("/bin/sh"))
        .args(["-c", &script])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(e) = watchdog {
        panic!("cannot start the watchdog of the test cluster: {e}");
    }
    std::thread::sleep(Duration::from_millis(1));
}
