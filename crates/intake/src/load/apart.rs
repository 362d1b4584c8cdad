//! Orders whose rows stand apart in their file: parcels that an ERP made later, rows with a bad one
//! between them. What such an order is, only its rows together say, so they are read in further rounds,
//! each of which holds some of these orders until the file's end.

use std::collections::{HashMap, HashSet};

use shuke_kernel::Result;

use super::model::UNREADABLE;
use super::quarantine;
use crate::apart::{MOST, too_many};
use crate::record::{OrderRecord, Part};
use crate::source::hash;
use crate::{Canonical, Record, Source, Verdict};

/// Orders that are held in one round.
const HELD: usize = 5_000;

/// The orders of a file whose rows stand apart.
#[derive(Default)]
pub(super) struct Apart {
    keys: HashSet<u64>,
    /// The round, from 1; 0 while the other rows are read.
    round: u64,
    held: HashMap<u64, Held>,
    /// The held orders as they came.
    order: Vec<u64>,
}

/// An order that is held.
pub(super) struct Held {
    pub order: OrderRecord,
    /// Its records.
    pub records: Vec<u64>,
    /// The last one's row.
    pub row: u64,
    pub loaded: Vec<quarantine::Loaded>,
}

/// What an order of several rows is known by; `None` for everything else.
fn key(record: &Record) -> Option<u64> {
    match &record.canonical {
        Some(Canonical::Order(o)) if record.verdict == Verdict::Good && matches!(o.part, Part::LineRepeated | Part::LineSummed) => {
            Some(hash(&(&o.platform, &o.order_no)))
        }
        _ => None,
    }
}

impl Apart {
    /// Reads a file through for them.
    pub fn of(source: Source) -> Result<Self> {
        let (mut seen, mut keys, mut last) = (HashSet::new(), HashSet::new(), None);
        for record in source {
            let now = key(&record);
            if let Some(order) = now.filter(|_| now != last)
                && !seen.insert(order)
            {
                keys.insert(order);
            }
            last = now;
        }
        if keys.len() > MOST {
            let [zh, en] = too_many(keys.len());
            return Err(UNREADABLE.with("text", zh).with("text_en", en).into());
        }
        Ok(Self { keys, ..Self::default() })
    }

    fn rounds(&self) -> u64 {
        self.keys.len().div_ceil(HELD) as u64
    }

    /// Whether a record is read in a further round, or in this one; it is held where it is.
    pub fn takes(&mut self, file: i64, record: &mut Record, mends: bool) -> bool {
        if self.keys.is_empty() {
            return false;
        }
        let Some(key) = key(record).filter(|k| self.keys.contains(k)) else { return self.round > 0 };
        if self.round == 0 || key % self.rounds() != self.round - 1 {
            return true;
        }
        let loaded = mends.then(|| quarantine::Loaded::of(file, record));
        if let Some(Canonical::Order(o)) = record.canonical.take() {
            match self.held.get_mut(&key) {
                Some(held) => {
                    held.order.merge(*o);
                    held.records.push(record.record_no);
                    held.row = record.row_no;
                    held.loaded.extend(loaded);
                }
                None => {
                    let held =
                        Held { order: *o, records: vec![record.record_no], row: record.row_no, loaded: loaded.into_iter().collect() };
                    self.held.insert(key, held);
                    self.order.push(key);
                }
            }
        }
        true
    }

    /// The orders of the round that ended. Whether there is a further one.
    pub fn end_round(&mut self) -> (Vec<Held>, bool) {
        let held = std::mem::take(&mut self.order).iter().filter_map(|k| self.held.remove(k)).collect();
        self.round += 1;
        (held, self.round <= self.rounds())
    }
}
