//! What the bench of the ledger shares: whose books, by which names, and the raw engine beside the product.

pub mod bare;
pub mod drive;
pub mod fill;
pub mod http;
pub mod raw;

use anyhow::{Result, anyhow};
use shuke_kernel::MerchantNo;
use shuke_members::MemberId;
use shuke_programme::ProgrammeId;
use shuke_store::Store;

use crate::Over;

/// A store with a programme.
#[derive(clap::Args, Clone)]
pub struct Place {
    /// The store.
    #[command(flatten)]
    pub over: Over,
    /// The merchant's number.
    #[arg(long, default_value_t = 1)]
    pub merchant: i64,
    /// The programme.
    #[arg(long)]
    pub programme: String,
}

impl Place {
    /// Opens the store as the product does.
    ///
    /// # Errors
    /// Where it is in use or the key is another's.
    pub fn open(&self) -> Result<Store> {
        self.over.open()
    }

    /// Whose it is.
    pub fn merchant(&self) -> MerchantNo {
        MerchantNo(self.merchant)
    }

    /// The programme's id.
    ///
    /// # Errors
    /// Where it is none.
    pub fn programme(&self) -> Result<ProgrammeId> {
        self.programme.parse().map_err(|_| anyhow!("{} is no programme", self.programme))
    }
}

/// The member of that number: ids as they come of a clock, one after the other.
pub fn member(number: u64) -> MemberId {
    let mut id = [0; 16];
    id[..6].copy_from_slice(&[0x01, 0x98, 0, 0, 0, 0]);
    id[8..].copy_from_slice(&number.to_be_bytes());
    MemberId::from_bytes(id)
}

/// Numbers below `of` without an order.
pub struct Chance(u64);

impl Chance {
    /// By a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next.
    pub fn below(&mut self, of: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % of.max(1)
    }
}
