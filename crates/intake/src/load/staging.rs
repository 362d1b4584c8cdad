//! A file's bytes between preview and load: sealed pieces in the store for what came by upload, the
//! path for what the command line reads in place. Nothing lies on the disk in clear.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use shuke_kernel::{Error, MerchantNo, Result};
use shuke_store::{Store, Tx, args};

use super::model::{FILE_CHANGED, FileRun, ImportId};
use super::sql;
use crate::Input;

/// Bytes of a piece.
pub const CHUNK: usize = 1 << 20;

/// Writes one piece of a file.
pub fn write_chunk(tx: &mut Tx<'_>, merchant: MerchantNo, import: ImportId, file: i64, chunk: i64, bytes: &[u8]) -> Result<()> {
    let sealed = tx.keys(merchant)?.seal("import_chunk", import.bytes(), bytes)?;
    tx.exec(sql::ADD_CHUNK, args![merchant, import, file, chunk, sealed]).map(|_| ())
}

/// The file as something that can be read from any place, as often as needed.
pub fn input(store: &Store, merchant: MerchantNo, import: ImportId, file: &FileRun) -> Input {
    match &file.path {
        Some(path) => Input::Path(path.into()),
        None => staged(store, merchant, import, file.file, &file.name, file.size),
    }
}

/// A file whose pieces lie in the store.
pub fn staged(store: &Store, merchant: MerchantNo, import: ImportId, file: i64, name: &str, size: i64) -> Input {
    let (store, size) = (store.clone(), size.max(0) as u64);
    Input::Opener {
        name: name.to_owned(),
        open: Arc::new(move || Ok(Box::new(Chunks { store: store.clone(), merchant, import, file, size, at: 0, held: None }))),
    }
}

/// Refuses a file in place that is not what it was at the preview.
pub fn unchanged(file: &FileRun) -> Result<()> {
    let Some(path) = &file.path else { return Ok(()) };
    match digest_of(Path::new(path)) {
        Ok((size, digest)) if size == file.size && digest == file.digest => Ok(()),
        _ => Err(FILE_CHANGED.with("name", &file.name).into()),
    }
}

/// Size and SHA-256 of a file.
pub fn digest_of(path: &Path) -> io::Result<(i64, [u8; 32])> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut size = 0;
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok((size, hasher.finalize().into()));
        }
        hasher.update(&buffer[..n]);
        size += n as i64;
    }
}

/// Reads the sealed pieces as one file, one piece in memory at a time.
struct Chunks {
    store: Store,
    merchant: MerchantNo,
    import: ImportId,
    file: i64,
    size: u64,
    at: u64,
    held: Option<(i64, Vec<u8>)>,
}

impl Chunks {
    fn piece(&mut self, number: i64) -> io::Result<&[u8]> {
        if self.held.as_ref().is_none_or(|(n, _)| *n != number) {
            let (m, i, f) = (self.merchant, self.import, self.file);
            let bytes = self
                .store
                .read_now(move |tx| {
                    let mut row =
                        tx.row(sql::CHUNK, args![m, i, f, number])?.ok_or_else(|| Error::fault("a piece of a staged file is missing"))?;
                    tx.keys(m)?.open("import_chunk", i.bytes(), &row.get::<Vec<u8>>(0)?)
                })
                .map_err(io::Error::other)?;
            self.held = Some((number, bytes));
        }
        Ok(self.held.as_ref().map_or(&[], |(_, b)| b))
    }
}

impl Read for Chunks {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || out.is_empty() {
            return Ok(0);
        }
        let within = (self.at % CHUNK as u64) as usize;
        let piece = self.piece((self.at / CHUNK as u64) as i64)?;
        let rest = piece.get(within..).unwrap_or_default();
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Chunks {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(n) => i128::from(n),
            SeekFrom::End(n) => i128::from(self.size) + i128::from(n),
            SeekFrom::Current(n) => i128::from(self.at) + i128::from(n),
        };
        self.at = u64::try_from(target).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
