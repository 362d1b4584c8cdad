//! Where an installation lives: data directory, store URL, master key, lock and socket.
//!
//! The embedded store has one owner. Whoever opens it holds a lock on the data directory; a
//! command that finds it held hands its work to the owner over a socket and never opens the file.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use shuke_kernel::{Clock, SystemClock};
use shuke_store::register::Register;
use shuke_store::{MasterKey, Store, StoreConfig};

use crate::cli::Common;
use crate::wrong::wrong;

/// Every table of this installation.
pub const REGISTER: Register = Register(&[
    shuke_store::register::GROUND,
    shuke_access::TABLES,
    shuke_members::TABLES,
    shuke_commerce::TABLES,
    shuke_cards::TABLES,
    shuke_intake::TABLES,
    shuke_export::TABLES,
    shuke_insight::TABLES,
    shuke_outreach::TABLES,
    shuke_programme::TABLES,
    shuke_shopper::TABLES,
    shuke_benefits::TABLES,
    shuke_coupons::TABLES,
    shuke_promotions::TABLES,
    shuke_segments::TABLES,
]);

const MALFORMED_KEY: &str = "master_key.malformed";

/// An installation, located but not opened.
pub struct Place {
    /// The data directory.
    pub data: PathBuf,
    /// The store's URL.
    pub url: String,
    common: Common,
    clock: Arc<dyn Clock>,
}

impl Place {
    /// Where the settings say it is.
    pub fn of(common: &Common) -> Self {
        let data = common.data.clone().unwrap_or_else(default_data);
        let url = common.store.clone().unwrap_or_else(|| format!("sqlite:{}", data.join("shuke.db").display()));
        Self { data, url, common: common.clone(), clock: Arc::new(SystemClock) }
    }

    /// The same in another time.
    pub fn at(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Whether it is the embedded store.
    pub fn embedded(&self) -> bool {
        !self.url.starts_with("postgres://") && !self.url.starts_with("postgresql://")
    }

    /// The socket of the owning process.
    pub fn socket(&self) -> PathBuf {
        // A socket's path is limited to about 100 bytes: a long data directory gets a short one.
        let path = self.data.join("shuke.sock");
        if path.as_os_str().len() < 100 { path } else { std::env::temp_dir().join(format!("shuke-{:x}.sock", fnv(&self.data))) }
    }

    /// Takes the embedded store's lock; `None` if another process holds it. PostgreSQL needs none.
    pub fn lock(&self) -> Result<Option<Lock>> {
        if !self.embedded() {
            return Ok(Some(Lock(None)));
        }
        check_url(&self.url)?;
        make_private_dir(&self.data)?;
        let path = self.data.join("shuke.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(Some(file)))),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(e)) => bail!("cannot lock {}: {e}", path.display()),
        }
    }

    /// Whether there is a store. One on PostgreSQL is taken to be there.
    pub fn exists(&self) -> bool {
        !self.embedded() || Path::new(self.url.strip_prefix("sqlite:").unwrap_or(&self.url)).exists()
    }

    /// Refuses where there is no store: a command that only reads or maintains one must not make an
    /// empty one out of a mistyped path.
    pub fn must_exist(&self) -> Result<()> {
        if self.exists() { Ok(()) } else { Err(wrong("store.not_found", format!("there is no store at {}: is --data right?", self.url))) }
    }

    /// The store's configuration with the master key read (or, for a new store, made).
    pub fn config(&self) -> Result<StoreConfig> {
        let mut config = StoreConfig::new(self.url.clone(), self.master_key()?);
        config.register = REGISTER;
        config.clock = self.clock.clone();
        Ok(config)
    }

    /// Opens the store and brings its schema up to date.
    pub fn open(&self) -> Result<Store> {
        if self.embedded() {
            make_private_dir(&self.data)?;
        }
        crate::serve::wire();
        Ok(Store::open(self.config()?)?)
    }

    /// The file that holds the master key when neither a command nor the environment gives it.
    pub fn master_key_path(&self) -> PathBuf {
        self.common.master_key_file.clone().unwrap_or_else(|| config_dir().join("master.key"))
    }

    /// Where the master key comes from, for people.
    pub fn master_key_source(&self) -> String {
        if std::env::var_os("SHUKE_MASTER_KEY").is_some() {
            return "in the environment variable SHUKE_MASTER_KEY".to_owned();
        }
        match &self.common.master_key_command {
            Some(_) => "that the master key command prints".to_owned(),
            None => format!("in {}", self.master_key_path().display()),
        }
    }

    fn master_key(&self) -> Result<MasterKey> {
        if let Ok(hex) = std::env::var("SHUKE_MASTER_KEY") {
            return MasterKey::from_hex(&hex).ok_or_else(|| wrong(MALFORMED_KEY, "SHUKE_MASTER_KEY must be 64 hex digits"));
        }
        if let Some(command) = &self.common.master_key_command {
            let out = std::process::Command::new("sh").arg("-c").arg(command).output().context("the master key command did not start")?;
            if !out.status.success() {
                bail!("the master key command failed with {}", out.status);
            }
            return MasterKey::from_hex(&String::from_utf8_lossy(&out.stdout))
                .ok_or_else(|| wrong(MALFORMED_KEY, "the master key command must print 64 hex digits"));
        }
        let path = self.master_key_path();
        if path.starts_with(&self.data) {
            return Err(wrong(
                "master_key.with_the_data",
                "the master key must not lie in the data directory: choose another --master-key-file",
            ));
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                MasterKey::from_hex(&text).ok_or_else(|| wrong(MALFORMED_KEY, format!("{} must hold 64 hex digits", path.display())))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && self.embedded() && self.exists() => Err(wrong(
                "master_key.not_found",
                format!(
                    "the master key of this store is not at {}: give the one it was made with by --master-key-file or SHUKE_MASTER_KEY",
                    path.display()
                ),
            )),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let key = MasterKey::generate();
                write_key(&path, &key)?;
                eprintln!(
                    "A new master key was written to {}. Keep a copy apart from the data and its backups: without it nobody can read them.",
                    path.display()
                );
                Ok(key)
            }
            Err(e) => Err(e).with_context(|| format!("cannot read the master key {}", path.display())),
        }
    }
}

/// Refuses what is no store's URL: a mistyped scheme must not become a folder of that name.
pub fn check_url(url: &str) -> Result<()> {
    let server = url.starts_with("postgres://") || url.starts_with("postgresql://");
    if !server && (url.contains("://") || url.is_empty()) {
        return Err(wrong("store.malformed_url", format!("`{url}` is no store's URL: use sqlite:PATH or postgres://…")));
    }
    Ok(())
}

/// Writes a key file that only its owner can read; never overwrites one.
pub fn write_key(path: &Path, key: &MasterKey) -> Result<()> {
    if path.exists() {
        return Err(wrong(
            "master_key.file_exists",
            format!("{} exists: a key is never written over another, name a new file", path.display()),
        ));
    }
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("cannot write the master key to {}", path.display()))?;
    file.write_all(key.to_hex().as_bytes())?;
    file.sync_all()?;
    Ok(())
}

/// Holds the embedded store while it lives.
pub struct Lock(#[expect(dead_code, reason = "held for its lock")] Option<File>);

/// Makes a folder, if it is not there, that only its owner may look into.
pub fn make_private_dir(dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make the data directory {}", dir.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))
            .with_context(|| format!("cannot close {} to others", dir.display()))?;
    }
    Ok(())
}

fn home() -> PathBuf {
    std::env::var_os("HOME").map_or_else(|| PathBuf::from("/"), PathBuf::from)
}

fn default_data() -> PathBuf {
    std::env::var_os("XDG_DATA_HOME").map_or_else(|| home().join(".local/share"), PathBuf::from).join("shuke")
}

fn config_dir() -> PathBuf {
    std::env::var_os("XDG_CONFIG_HOME").map_or_else(|| home().join(".config"), PathBuf::from).join("shuke")
}

fn fnv(path: &Path) -> u64 {
    path.as_os_str().as_encoded_bytes().iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3))
}
