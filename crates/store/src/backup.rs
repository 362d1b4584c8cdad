//! A backup is one file that restores on either engine.
//!
//! It is written from a snapshot while the store goes on, table by table of the register, in the
//! format below, and read back in one pass into an empty store: a new file or one transaction, so
//! that a file that is cut short or damaged restores nothing. Beside `FILE` lie
//! `FILE.manifest.json` (size, checksum, schema, rows) and the log of erasures: a member erased
//! after the backup was made must stay erased when it is restored, so [`log_erasure`] is called at
//! each erasure and [`restore`] applies the log before anybody is served.
//!
//! The master key is never in a backup; without it a backup cannot be read, and with it lost
//! nobody can. A restored store starts with outreach paused.
//!
//! Format: the line `SHUKE-BACKUP-1`, then gzip of: a length and a JSON header; blocks of rows, each
//! `R`, table number, row count and the values (`0` null, `1` integer, `2` text, `3` bytes, lengths
//! before contents, little-endian); `E`, a length and a JSON footer with the row counts and the
//! SHA-256 of everything between the first line and the footer, unpacked.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shuke_kernel::{Actor, Ctx, Error, Instant, MerchantNo, Result};

use crate::engine::{self, owner_only};
use crate::flags::{OUTREACH_PAUSED, RESTORE_UNFINISHED};
use crate::migrations;
use crate::register::Table;
use crate::store::{Lane, Store, StoreConfig};
use crate::transfer;
use crate::tx::Tx;
use crate::value::Value;

/// The first bytes of every backup.
pub const MAGIC: &[u8] = b"SHUKE-BACKUP-1\n";
/// No single value is longer; a length beyond it is a damaged file.
const LONGEST: u32 = 512 << 20;

#[derive(Serialize, Deserialize)]
struct Header {
    schema: i64,
    program: String,
    taken_at: Instant,
    engine: String,
    tables: Vec<HeaderTable>,
}

#[derive(Serialize, Deserialize)]
struct HeaderTable {
    name: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Footer {
    rows: Vec<u64>,
    sha256: String,
}

/// What lies beside a backup, for people and for tools.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The backup's file name.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// The schema it was taken at.
    pub schema: i64,
    /// When.
    pub taken_at: Instant,
    /// From which engine; it restores on either.
    pub engine: String,
    /// Each table with its rows.
    pub rows: Vec<(String, u64)>,
    /// Says in words that the master key is not in it.
    pub master_key: String,
}

fn cannot(what: &str, path: &Path) -> impl Fn(std::io::Error) -> Error {
    let what = format!("cannot {what} {}", path.display());
    move |e| Error::fault(format!("{what}: {e}"))
}

fn damaged(why: impl std::fmt::Display) -> Error {
    Error::fault(format!("the backup is damaged or cut short ({why}); nothing was restored"))
}

/// Counts and hashes what passes through.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W> Hashing<W> {
    fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(buf)?;
        self.hash.update(&buf[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.hash.update(&buf[..n]);
        self.bytes += n as u64;
        Ok(n)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Store {
    /// Writes a backup of this moment to `path` and its manifest beside it. `progress` hears of
    /// each page: the table and its rows so far. An existing file is replaced when the new one is
    /// whole.
    pub fn backup(&self, path: &Path, mut progress: impl FnMut(&str, u64)) -> Result<Manifest> {
        self.stamp_events()?;
        let io = cannot("write", path);
        let half = with_tail(path, ".half");
        let file = File::create(&half).map_err(&io)?;
        owner_only(&half);
        let mut out = Hashing::new(BufWriter::with_capacity(1 << 20, file));
        out.write_all(MAGIC).map_err(&io)?;
        let mut pack = Hashing::new(GzEncoder::new(out, Compression::fast()));
        let taken_at = self.clock().now();
        let engine = format!("{:?}", self.engine()).to_lowercase();
        let tables: Vec<&'static Table> = transfer::travelling(self.config().register).collect();
        let header = Header {
            schema: migrations::newest(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at,
            engine: engine.clone(),
            tables: tables
                .iter()
                .map(|t| HeaderTable { name: t.name.to_owned(), columns: transfer::columns(t).into_iter().map(str::to_owned).collect() })
                .collect(),
        };
        put_json(&mut pack, &header).map_err(&io)?;
        let rows = engine::snapshot(self.config(), self.ring(), |from| {
            let mut counts = Vec::new();
            for (number, table) in tables.iter().enumerate() {
                let mut so_far = 0;
                let total = transfer::each_page(from, table, |_, page| {
                    so_far += page.len() as u64;
                    put_page(&mut pack, number as u32, &page).map_err(&io)?;
                    progress(table.name, so_far);
                    Ok(())
                })?;
                counts.push(total);
            }
            Ok(counts)
        })?;
        let footer = Footer { rows: rows.clone(), sha256: hex(&pack.hash.clone().finalize()) };
        pack.write_all(b"E").and_then(|()| put_json(&mut pack, &footer)).map_err(&io)?;
        let mut out = pack.inner.finish().map_err(&io)?;
        out.flush().map_err(&io)?;
        let file = out.inner.into_inner().map_err(|e| io(e.into_error()))?;
        file.sync_all().map_err(&io)?;
        std::fs::rename(&half, path).map_err(&io)?;
        let manifest = Manifest {
            file: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            bytes: out.bytes,
            sha256: hex(&out.hash.finalize()),
            schema: header.schema,
            taken_at,
            engine,
            rows: tables.iter().map(|t| t.name.to_owned()).zip(rows).collect(),
            master_key: "The master key is not in this backup. Without it nobody can read the backup: keep it apart, and keep it. 主密钥不在备份中，请另行妥善保管；没有它，备份无法读取。".to_owned(),
        };
        let beside = with_tail(path, ".manifest.json");
        std::fs::write(&beside, serde_json::to_vec_pretty(&manifest)?).map_err(cannot("write", &beside))?;
        Ok(manifest)
    }
}

fn with_tail(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}

fn put_json(out: &mut impl Write, value: &impl Serialize) -> std::io::Result<()> {
    let text = serde_json::to_vec(value)?;
    out.write_all(&(text.len() as u32).to_le_bytes())?;
    out.write_all(&text)
}

fn put_page(out: &mut impl Write, table: u32, page: &[Vec<Value>]) -> std::io::Result<()> {
    let mut block = Vec::with_capacity(1 << 16);
    block.push(b'R');
    block.extend_from_slice(&table.to_le_bytes());
    block.extend_from_slice(&(page.len() as u32).to_le_bytes());
    for value in page.iter().flatten() {
        let mut long = |tag: u8, bytes: &[u8]| {
            block.push(tag);
            block.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            block.extend_from_slice(bytes);
        };
        match value {
            Value::Text(t) => long(2, t.as_bytes()),
            Value::Bytes(b) => long(3, b),
            Value::Int(x) => {
                block.push(1);
                block.extend_from_slice(&x.to_le_bytes());
            }
            _ => block.push(0),
        }
    }
    out.write_all(&block)
}

fn take<const N: usize>(from: &mut impl Read) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes).map_err(damaged)?;
    Ok(bytes)
}

fn take_long(from: &mut impl Read) -> Result<Vec<u8>> {
    let length = u32::from_le_bytes(take(from)?);
    if length > LONGEST {
        return Err(damaged("an impossible length"));
    }
    let mut bytes = Vec::new();
    let got = from.take(u64::from(length)).read_to_end(&mut bytes).map_err(damaged)?;
    if got as u64 == u64::from(length) { Ok(bytes) } else { Err(damaged("it ends in the middle of a value")) }
}

fn take_value(from: &mut impl Read) -> Result<Value> {
    Ok(match take::<1>(from)?[0] {
        0 => Value::Null,
        1 => Value::Int(i64::from_le_bytes(take(from)?)),
        2 => Value::Text(String::from_utf8(take_long(from)?).map_err(|_| damaged("text that is not UTF-8"))?),
        3 => Value::Bytes(take_long(from)?),
        _ => return Err(damaged("a value of an unknown kind")),
    })
}

/// A member erased on request. Ids only, so that the log itself names nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The merchant's number.
    pub merchant: i64,
    /// The member's id, in hex.
    pub member: String,
    /// When.
    pub at: Instant,
}

impl Erasure {
    /// An entry for that member.
    pub fn new(merchant: MerchantNo, member: [u8; 16], at: Instant) -> Self {
        Self { merchant: merchant.0, member: hex(&member), at }
    }

    /// The member's id.
    pub fn member_id(&self) -> Option<[u8; 16]> {
        let bytes: Option<Vec<u8>> = (0..16).map(|i| u8::from_str_radix(self.member.get(2 * i..2 * i + 2)?, 16).ok()).collect();
        bytes?.try_into().ok()
    }
}

/// The name of the log of erasures in the data folder and beside backups.
pub const ERASURES: &str = "erasures.jsonl";

/// Adds an erasure to the log in a folder: the data folder, and each folder that holds backups.
/// On the disk when this returns.
pub fn log_erasure(folder: &Path, erasure: &Erasure) -> Result<()> {
    let path = folder.join(ERASURES);
    let io = cannot("write", &path);
    let mut file = File::options().create(true).append(true).open(&path).map_err(&io)?;
    let mut line = serde_json::to_vec(erasure)?;
    line.push(b'\n');
    file.write_all(&line).and_then(|()| file.sync_all()).map_err(io)
}

/// The erasures logged in a folder; none where there is no log.
pub fn erasures_in(folder: &Path) -> Result<Vec<Erasure>> {
    let path = folder.join(ERASURES);
    match std::fs::read_to_string(&path) {
        Ok(text) => text
            .lines()
            .enumerate()
            // A last line without its end is a write that a crash cut short: it was not acknowledged.
            .filter(|(i, line)| !line.is_empty() && (text.ends_with('\n') || i + 1 < text.lines().count()))
            .map(|(i, line)| {
                serde_json::from_str(line).map_err(|_| Error::fault(format!("line {} of {} is no erasure", i + 1, path.display())))
            })
            .collect(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(cannot("read", &path)(e)),
    }
}

/// What erases a member in a transaction; must do nothing for one who is erased already or absent.
pub type Erase = Arc<dyn Fn(&mut Tx<'_>, &Ctx, [u8; 16]) -> Result<()> + Send + Sync>;

/// How to restore.
pub struct Restore<'a> {
    /// The backup.
    pub file: &'a Path,
    /// Into which store, with the master key that the backup's store had.
    pub to: &'a StoreConfig,
    /// Whether what is there may be replaced.
    pub force: bool,
    /// Erasures made since, beside those logged in the backup's own folder.
    pub erasures: Vec<Erasure>,
    /// What erases a member.
    pub erase: Erase,
}

/// What was restored.
#[derive(Clone, Debug, Serialize)]
pub struct Restored {
    /// When the backup was taken.
    pub taken_at: Instant,
    /// Each table with its rows.
    pub rows: Vec<(String, u64)>,
    /// How many members were erased again.
    pub erased: u64,
}

/// Restores a backup into an empty store, brings its schema up to date, erases again whom the logs
/// name, and pauses outreach. `progress` hears of each page.
pub fn restore(how: Restore<'_>, mut progress: impl FnMut(&str, u64)) -> Result<Restored> {
    let now = how.to.clock.now();
    let mut log = erasures_in(how.file.parent().unwrap_or(Path::new(".")))?;
    log.extend(how.erasures);
    let mut file = BufReader::with_capacity(1 << 20, File::open(how.file).map_err(cannot("read", how.file))?);
    let mut first = Vec::new();
    file.by_ref().take(64).read_until(b'\n', &mut first).map_err(damaged)?;
    if first != MAGIC {
        return Err(Error::fault(format!("{} is not a backup of this program", how.file.display())));
    }
    let mut unpack = Hashing::new(BufReader::with_capacity(1 << 20, GzDecoder::new(file)));
    let header: Header = serde_json::from_slice(&take_long(&mut unpack)?).map_err(damaged)?;
    let tables: Vec<(&'static Table, &HeaderTable)> = header.tables.iter().map(|h| known(how.to, h)).collect::<Result<_>>()?;
    let why = format!("restored from a backup of {}", header.taken_at);
    let counts = transfer::fill(how.to, header.schema, how.force, now, |target| {
        let mut counts = vec![0_u64; tables.len()];
        loop {
            let so_far = hex(&unpack.hash.clone().finalize());
            match take::<1>(&mut unpack)?[0] {
                b'R' => {
                    let number = u32::from_le_bytes(take(&mut unpack)?) as usize;
                    let height = u32::from_le_bytes(take(&mut unpack)?);
                    let (table, named) = tables.get(number).ok_or_else(|| damaged("a table it does not announce"))?;
                    let rows: Vec<Vec<Value>> =
                        (0..height).map(|_| named.columns.iter().map(|_| take_value(&mut unpack)).collect()).collect::<Result<_>>()?;
                    target.add(table, &named.columns, rows)?;
                    counts[number] += u64::from(height);
                    progress(table.name, counts[number]);
                }
                b'E' => {
                    let footer: Footer = serde_json::from_slice(&take_long(&mut unpack)?).map_err(damaged)?;
                    if footer.sha256 != so_far || footer.rows != counts {
                        return Err(damaged("its checksum does not match"));
                    }
                    // In the same transaction as the rows: nobody is served before the rest is done.
                    target.tx.set_flag(MerchantNo::SYSTEM, OUTREACH_PAUSED, &why, now)?;
                    target.tx.set_flag(MerchantNo::SYSTEM, RESTORE_UNFINISHED, "1", now)?;
                    return Ok(counts);
                }
                _ => return Err(damaged("an unknown block")),
            }
        }
    })?;
    let store = Store::open_restored(how.to.clone())?;
    let erased = erase_again(&store, &log, &how.erase)?;
    store.write_now(Lane::Interactive, |tx| tx.lift_flag(MerchantNo::SYSTEM, RESTORE_UNFINISHED))?;
    let rows = header.tables.iter().map(|t| t.name.clone()).zip(counts).collect();
    Ok(Restored { taken_at: header.taken_at, rows, erased })
}

fn known<'h>(to: &StoreConfig, header: &'h HeaderTable) -> Result<(&'static Table, &'h HeaderTable)> {
    let table = to.register.tables().find(|t| t.name == header.name);
    table
        .map(|t| (t, header))
        .ok_or_else(|| Error::fault(format!("the backup has a table {} that this program does not know", header.name)))
}

fn erase_again(store: &Store, log: &[Erasure], erase: &Erase) -> Result<u64> {
    let mut erased = 0;
    for entry in log {
        let member = entry.member_id().ok_or_else(|| Error::fault("an entry of the erasure log has no member's id"))?;
        let cx = Ctx::new(MerchantNo(entry.merchant), Actor::System("restore"), store.clock().now());
        let erase = erase.clone();
        store.write_now(Lane::Interactive, move |tx| erase(tx, &cx, member))?;
        erased += 1;
    }
    Ok(erased)
}
