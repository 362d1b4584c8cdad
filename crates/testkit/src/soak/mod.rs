//! Campaigns: the same work, killed at random moments again and again, and then counted.
//!
//! `soak store` runs child processes that write in every way the store knows, each telling over a
//! pipe what was acknowledged to it. The parent kills them (-9), cuts their connections, fills
//! their disk, starts them again, and in the end compares what was acknowledged with what is there.

mod campaign;
mod check;
mod ledger;
mod worker;

use std::path::PathBuf;

pub use campaign::{Report, home, run};
pub use worker::work;

/// Where a campaign runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ground {
    /// One process on the embedded store.
    Sqlite,
    /// One process on the embedded store on a disk that fills up.
    FullDisk,
    /// Two processes on one PostgreSQL, with connections cut between the kills.
    Postgres,
}

impl Ground {
    /// For the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::FullDisk => "SQLite, full disk",
            Self::Postgres => "PostgreSQL, two instances, cut connections",
        }
    }
}

/// A campaign to run.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Where.
    pub ground: Ground,
    /// How often to kill.
    pub kills: u32,
    /// What everything random follows from.
    pub seed: u64,
    /// Where the store, the acknowledgements and the progress are kept: a campaign that was broken
    /// off goes on there.
    pub dir: PathBuf,
    /// The program that becomes a worker by `worker …`.
    pub program: PathBuf,
}

/// Random numbers that a seed repeats (SplitMix64): good enough to choose moments and members.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.roll() % n.max(1)
    }
}
