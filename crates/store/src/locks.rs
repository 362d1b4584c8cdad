//! Locks on names: on what may have no row yet, such as a key that nobody holds so far.
//!
//! On PostgreSQL every name is an advisory lock until the transaction ends: transactions that have
//! no name in common run side by side. The server has room for so many locks and no more, for all
//! its clients together, so whoever names very many, or finds no room, takes one gate for itself
//! through which all others pass together. On SQLite nobody else writes meanwhile.

use std::collections::BTreeSet;

use shuke_kernel::{Error, MerchantNo, Result};

use crate::args;
use crate::tx::{Failure, Tx};

/// Names that one transaction locks one by one. PostgreSQL as it comes has room for some 7,000 locks.
const MOST: usize = 2_000;

/// Tells a merchant's gate from names.
const GATE: i64 = 0x5348_554b_4500_0000;

/// Passes the gate, then locks names in the order in which they are given. A lock is no value: no row is answered.
const NAMES: &str =
    "SELECT 1 FROM unnest($2::bigint[]) AS t(name) WHERE pg_advisory_xact_lock_shared($1) IS NULL OR pg_advisory_xact_lock(name) IS NULL";
/// Locks further names as far as nobody has them; a row where somebody does.
const MORE: &str = "SELECT 1 FROM unnest($1::bigint[]) AS t(name) WHERE NOT pg_try_advisory_xact_lock(name) LIMIT 1";
/// Takes the gate.
const ALONE: &str = "SELECT 1 WHERE pg_advisory_xact_lock($1) IS NULL";

/// What a transaction has locked.
#[derive(Default)]
pub(crate) struct Locks {
    names: BTreeSet<i64>,
    /// Merchants whose gate it has for itself.
    gates: BTreeSet<i64>,
    /// There was no room for names: it takes the gate.
    pub(crate) crowded: bool,
}

impl Tx<'_> {
    /// Waits until no other transaction has any of these names locked, and keeps others from them
    /// until this one ends. Who has names locked already does not wait for more, since others may wait
    /// for those: where one is taken the closure runs again, with the gate to itself. Names are blind
    /// tokens: of two that share their second half, each waits for the other, which costs time and
    /// nothing else.
    pub fn lock_names(&mut self, merchant: MerchantNo, names: impl IntoIterator<Item = [u8; 16]>) -> Result<()> {
        if self.alone() || self.locks.gates.contains(&merchant.0) {
            return Ok(());
        }
        let half = |name: [u8; 16]| name[8..].iter().fold(0_i64, |all, byte| (all << 8) | i64::from(*byte));
        // Ascending, so that two who share several wait in the same order.
        let more: BTreeSet<i64> = names.into_iter().map(half).filter(|name| !self.locks.names.contains(name)).collect();
        if more.is_empty() {
            return Ok(());
        }
        let (gate, list) = (GATE ^ merchant.0, more.iter().copied().collect::<Vec<i64>>());
        let (first, many) = (self.locks.names.is_empty(), self.locks.names.len() + more.len() > MOST);
        if first && (many || self.locks.crowded) {
            self.exec(ALONE, args![gate])?;
            self.locks.gates.insert(merchant.0);
            return Ok(());
        }
        if first {
            self.exec(NAMES, args![gate, list])?;
        } else if many || self.row(MORE, args![list])?.is_some() {
            self.failure = Some(Failure::Crowded);
            return Err(Error::fault("more names than can be locked beside others"));
        }
        self.locks.names.extend(more);
        Ok(())
    }
}
