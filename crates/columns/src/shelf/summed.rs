//! A file under way with the checksum of what was written.

use std::fs::File;
use std::io::{BufWriter, Result, Write};

/// Writes to a file and adds it up.
pub(super) struct Summed {
    out: BufWriter<File>,
    sum: crc32fast::Hasher,
    bytes: u64,
}

impl Summed {
    /// To a file from where it stands.
    pub fn new(file: File) -> Self {
        Self::behind(file, 0, 0)
    }

    /// The same behind so many bytes of that checksum.
    pub fn behind(file: File, bytes: u64, crc: u32) -> Self {
        Self { out: BufWriter::with_capacity(1 << 16, file), sum: crc32fast::Hasher::new_with_initial_len(crc, bytes), bytes }
    }

    /// Sees to it that all is on the disk; length and checksum.
    pub fn end(self) -> Result<(u64, u32)> {
        let file = self.out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok((self.bytes, self.sum.finalize()))
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}
