//! What changed since: whoever an event speaks of is read again, whole, into a new bucket. Newer
//! buckets are joined as they grow, each at most as often as the number of members doubles.

use std::collections::BTreeSet;

use serde::Deserialize;
use shuke_kernel::{Error, Result};
use shuke_store::{Apart, Value, args};

use super::Keeper;
use super::pending::Pending;
use crate::bucket::Bucket;
use crate::budget::Budget;
use crate::shelf::{BucketFile, Loaded, Manifest};
use crate::source::{self, Source};
use crate::sql;
use crate::words::{KINDS, Kind, Words};

/// What is smaller is joined with whatever comes.
const SMALL: usize = 64;
/// Fewer members are read as everybody reads: opening a connection for them takes longer.
const FEW: usize = 2_000;

/// What became of changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Taken {
    /// All that the feed told is in.
    All,
    /// As much is in as may be gathered at a time.
    Part,
    /// Too much changed: build in full.
    TooMuch,
}

impl Keeper {
    /// Takes in what the feed tells since.
    pub(super) fn take_changes(&self, present: &Loaded) -> Result<Taken> {
        let base: usize = present.manifest.base.iter().map(|b| b.members as usize).sum();
        let most = (base / 4).max(20_000);
        if self.tip(present.manifest.position)?.is_some_and(|tip| tip != present.manifest.tip) {
            return Ok(Taken::TooMuch);
        }
        let gathered = self.budget.beside(self.standing()).gathered()?;
        let Some(mut changes) = self.changes(present, most, gathered)? else { return Ok(Taken::TooMuch) };
        let known: Vec<String> = changes.skus.iter().cloned().collect();
        changes.members.extend(self.holders(present, &known, &changes.tags)?);
        if let Some(days) = changes.weather {
            changes.members.extend(self.under_weather(present, days)?);
        }
        let mut manifest = present.manifest.clone();
        let joined = manifest.deltas.split_off(join_from(&manifest.deltas, changes.members.len() + changes.heaps.len()));
        // A newer slice holds the same members as the newer bucket of its number.
        let joined_at: Vec<String> = joined.iter().filter_map(|b| number(&b.file)).map(str::to_owned).collect();
        if !joined.is_empty() {
            let deltas = self.shelf.load(&Manifest { base: joined, deltas: Vec::new(), ..manifest.clone() }, Some(present))?;
            for bucket in &deltas.columns.buckets {
                let keys = (0..bucket.len()).map(|m| bucket.key.get(m).to_vec());
                if bucket.nobody { changes.heaps.extend(keys) } else { changes.members.extend(keys) }
            }
        }
        let held: usize = manifest.deltas.iter().map(|d| d.members as usize).sum();
        if held + changes.members.len() + changes.heaps.len() > most {
            return Ok(Taken::TooMuch);
        }
        manifest.sequence = self.next_sequence()?;
        manifest.position = changes.position;
        manifest.tip = self.tip(changes.position)?.unwrap_or_default();
        // Of a part nobody can say that it is all up to now.
        manifest.written_at = if changes.goes_on { present.known_at() } else { self.store.clock().now().micros() };
        let ids: Vec<_> = std::mem::take(&mut changes.members).into_iter().collect();
        let budget = self.budget.beside(self.standing() + Budget::ids(ids.len() + changes.heaps.len()));
        let apart = if ids.len() < FEW { Apart::shared(&self.store) } else { Apart::keeping(&self.store, budget.pages())? };
        let source = Source { store: &apart, merchant: self.merchant };
        manifest.people = self.renew(&apart, budget, manifest.people, &joined_at, manifest.sequence, &ids)?;
        let known = KINDS.map(|k| present.columns.words.of(k).len());
        let mut words = (*present.columns.words).clone();
        self.take_members(&source, budget, &ids, &mut words, &mut manifest)?;
        self.take_heaps(&source, budget, &changes.heaps, &mut words, &mut manifest)?;
        self.take_goods(&source, present, &changes.skus, &mut words, &mut manifest)?;
        manifest.words = self.shelf.write_words(&manifest.words, known, &words)?;
        self.shelf.commit(&manifest)?;
        Ok(if changes.goes_on { Taken::Part } else { Taken::All })
    }

    /// Reads these members (by id ascending) into newer buckets, so many bytes at a time.
    fn take_members(&self, source: &Source<'_>, budget: Budget, ids: &[Vec<u8>], words: &mut Words, manifest: &mut Manifest) -> Result<()> {
        let mut first = manifest.base.iter().chain(&manifest.deltas).filter(|b| !b.nobody).map(|b| b.first + b.members).max().unwrap_or(0);
        let (mut at, mut files, mut pending) = (0, 0, Pending::new());
        while at < ids.len() {
            self.go_on()?;
            let share = budget.share(words.bytes())?;
            let some = source.some(&ids[at..ids.len().min(at + pending.room(share))], share, words)?;
            at += some.len();
            pending.add(some);
            if pending.is_full(budget.share(words.bytes())?) || at == ids.len() {
                let members = pending.take();
                let count = members.len() as u32;
                let name = format!("d-{:012}-m-{files:06}.arrow", manifest.sequence);
                manifest.deltas.push(self.shelf.write_bucket(name, first, false, members)?);
                (first, files) = (first + count, files + 1);
            }
        }
        Ok(())
    }

    /// The same of orders and refunds of nobody.
    fn take_heaps(
        &self,
        source: &Source<'_>,
        budget: Budget,
        keys: &BTreeSet<Vec<u8>>,
        words: &mut Words,
        manifest: &mut Manifest,
    ) -> Result<()> {
        let (mut left, mut files, mut pending) = (keys.len(), 0, Pending::new());
        for key in keys {
            self.go_on()?;
            pending.add(vec![match source::hour(key) {
                Some(hour) => source.heap(hour, words)?,
                None => source.loose_heap(words)?,
            }]);
            left -= 1;
            if pending.is_full(budget.share(words.bytes())?) || left == 0 {
                let name = format!("d-{:012}-n-{files:06}.arrow", manifest.sequence);
                manifest.deltas.push(self.shelf.write_bucket(name, 0, true, pending.take())?);
                files += 1;
            }
        }
        Ok(())
    }

    /// Puts goods that are new here, or of which the product list says something new, in their category.
    fn take_goods(
        &self,
        source: &Source<'_>,
        present: &Loaded,
        told: &BTreeSet<String>,
        words: &mut Words,
        manifest: &mut Manifest,
    ) -> Result<()> {
        let mut goods = (*present.columns.goods).clone();
        source.put_goods(present.columns.words.of(Kind::Sku).len(), words, &mut goods)?;
        source.categories(&told.iter().cloned().collect::<Vec<_>>(), words, &mut goods)?;
        if goods != *present.columns.goods {
            manifest.goods = self.shelf.write_goods(format!("goods-{:012}", manifest.sequence), &goods)?;
        }
        Ok(())
    }

    /// Who changed since, up to about `gathered` of them; `None` when that is more than `most`.
    fn changes(&self, present: &Loaded, most: usize, gathered: usize) -> Result<Option<Changes>> {
        let mut changes = Changes { position: present.manifest.position, ..Changes::default() };
        let (mut orders, mut new_orders): (BTreeSet<Vec<u8>>, BTreeSet<Vec<u8>>) = Default::default();
        let at_a_time = self.budget.beside(self.standing()).events()?;
        loop {
            let (merchant, after) = (self.merchant, changes.position);
            let rows = self.store.read_now(move |tx| tx.rows(sql::EVENTS, args![merchant, after, at_a_time]))?;
            if rows.is_empty() {
                break;
            }
            // Positions have no gaps: where one is missing it was forgotten, and what it told.
            if rows[0].0.first() != Some(&Value::Int(after + 1)) {
                return Ok(None);
            }
            for mut row in rows {
                changes.position = row.get(0)?;
                let (about, subject, member): (String, Vec<u8>, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?, row.get(3)?);
                let (kind, data): (String, String) = (row.get(4)?, row.get(5)?);
                let nobodys = member.is_none();
                changes.members.extend(member);
                match about.as_str() {
                    "mem" => {
                        changes.members.insert(subject);
                        changes.members.extend(mentioned(&data));
                    }
                    "ord" => {
                        // An order that is new was nobody's before.
                        if data.contains("\"previous_state\":null") {
                            new_orders.insert(subject);
                        } else {
                            orders.insert(subject);
                        }
                        changes.members.extend(mentioned(&data));
                    }
                    "ref" if kind != "refund.recorded" => {
                        changes.refund_moved = true;
                        changes.heaps.insert(source::LOOSE.to_vec());
                    }
                    // Reading all refunds of nobody is dear: only where there are, or may be now.
                    "ref" if nobodys || present.columns.buckets.iter().any(|b| b.nobody && b.find(source::LOOSE).is_some()) => {
                        changes.heaps.insert(source::LOOSE.to_vec());
                    }
                    "prd" => {
                        let of: OfProduct = serde_json::from_str(&data)?;
                        changes.skus.extend(of.sku.into_iter().chain(of.sku_before));
                    }
                    "tag" => {
                        let of: OfTag = serde_json::from_str(&data)?;
                        changes.tags.extend([of.name].into_iter().chain(of.previous));
                    }
                    _ if kind == "import.undone" => return Ok(None),
                    _ if kind == "weather.changed" => {
                        let of: OfWeather = serde_json::from_str(&data)?;
                        changes.weather = Some(wider(changes.weather, (day(&of.from)?, day(&of.to)?)));
                    }
                    // Every order may lie on another day.
                    _ if kind == "merchant.zone_changed" => changes.weather = Some((i64::MIN, i64::MAX)),
                    _ => {}
                }
                if orders.len() + new_orders.len() + changes.members.len() > 4 * most {
                    return Ok(None);
                }
            }
            if orders.len() + new_orders.len() + changes.members.len() + changes.heaps.len() >= gathered {
                changes.goes_on = true;
                break;
            }
        }
        if changes.position > self.head()? {
            return Ok(None);
        }
        self.places_of(present, &orders, &new_orders, &mut changes)?;
        Ok(Some(changes))
    }

    /// The heaps and members in which these orders lie now, and lay before.
    fn places_of(&self, present: &Loaded, orders: &BTreeSet<Vec<u8>>, new_orders: &BTreeSet<Vec<u8>>, changes: &mut Changes) -> Result<()> {
        let ids: Vec<Vec<u8>> = orders.union(new_orders).cloned().collect();
        for some in ids.chunks(5_000) {
            let (merchant, some) = (self.merchant, some.to_vec());
            for mut row in self.store.read_now(move |tx| tx.rows(sql::PLACES, args![merchant, some.clone()]))? {
                let (member, placed_at): (Option<Vec<u8>>, i64) = (row.get(1)?, row.get(2)?);
                match member {
                    Some(member) => {
                        changes.members.insert(member);
                    }
                    None => {
                        changes.heaps.insert(source::heap(placed_at.div_euclid(source::HOUR)));
                    }
                }
            }
        }
        let before = Before::of(orders, changes.refund_moved);
        let found = present.columns.fold(Vec::new, |found, bucket| before.owners(bucket, found), |all: &mut Vec<_>, more| all.extend(more));
        for (nobody, key) in found {
            if nobody {
                changes.heaps.insert(key)
            } else {
                changes.members.insert(key)
            };
        }
        Ok(())
    }
}

/// Whose rows these orders were: an event names whom an order belongs to now, not before.
struct Before<'a> {
    orders: &'a BTreeSet<Vec<u8>>,
    /// A bit for the last two bytes of each order's id, which are random: nearly every other order is
    /// passed over by it.
    marks: Vec<u64>,
    /// A refund of no known order may have been somebody else's; they have no names here.
    refund_moved: bool,
}

impl<'a> Before<'a> {
    fn of(orders: &'a BTreeSet<Vec<u8>>, refund_moved: bool) -> Self {
        let mut marks = vec![0; 1024];
        for id in orders {
            let mark = mark(id);
            marks[mark / 64] |= 1 << (mark % 64);
        }
        Self { orders, marks, refund_moved }
    }

    fn owners(&self, bucket: &Bucket, found: &mut Vec<(bool, Vec<u8>)>) {
        if self.orders.is_empty() && !self.refund_moved {
            return;
        }
        let is_one = |row: usize| {
            let id = source::order_id(bucket.orders.key.get(row));
            let mark = mark(id);
            self.marks[mark / 64] >> (mark % 64) & 1 == 1 && self.orders.contains(id)
        };
        for member in bucket.members() {
            let moved = || self.refund_moved && bucket.refunds.of.of(member).any(|row| bucket.refunds.order.get(row).is_none());
            if bucket.orders.of.of(member).any(is_one) || moved() {
                found.push((bucket.nobody, bucket.key.get(member).to_vec()));
            }
        }
    }
}

fn mark(id: &[u8]) -> usize {
    match id {
        [.., a, b] => usize::from(*a) << 8 | usize::from(*b),
        _ => 0,
    }
}

#[derive(Default)]
struct Changes {
    /// Whether a refund of no known order was changed or taken away.
    refund_moved: bool,
    /// Whether the feed may tell more behind the position.
    goes_on: bool,
    position: i64,
    members: BTreeSet<Vec<u8>>,
    heaps: BTreeSet<Vec<u8>>,
    /// Codes of goods of which the product list says something new.
    skus: BTreeSet<String>,
    /// Names of tags that have another now, or are gone.
    tags: BTreeSet<String>,
    /// From and to before which day something else is known of the weather, since 1970.
    weather: Option<(i64, i64)>,
}

/// The number of the manifest that a newer file came with, as its name has it.
pub(super) fn number(file: &str) -> Option<&str> {
    file.split('-').nth(1)
}

/// What an event says of a product: its code, and the one it had before.
#[derive(Deserialize)]
struct OfProduct {
    sku: Option<String>,
    sku_before: Option<String>,
}

/// What an event says of a tag: its name, and the one it had before.
#[derive(Deserialize)]
struct OfTag {
    name: String,
    previous: Option<String>,
}

/// What an event says of weather: its days.
#[derive(Deserialize)]
struct OfWeather {
    from: String,
    to: String,
}

fn day(text: &str) -> Result<i64> {
    crate::dataset::date(text).ok_or_else(|| Error::fault(format!("{text} is no day")))
}

fn wider(one: Option<(i64, i64)>, other: (i64, i64)) -> (i64, i64) {
    one.map_or(other, |one| (one.0.min(other.0), one.1.max(other.1)))
}

/// From which of the newer buckets on they are joined with what comes now: those that are not much
/// larger than everything after them. Those that came with one manifest are joined together: their slices
/// are of the same members, and go with them.
fn join_from(deltas: &[BucketFile], coming: usize) -> usize {
    let (mut from, mut after) = (deltas.len(), coming.max(SMALL));
    while from > 0 && deltas[from - 1].members as usize <= 2 * after {
        from -= 1;
        after += deltas[from].members as usize;
    }
    while 0 < from && from < deltas.len() && number(&deltas[from - 1].file) == number(&deltas[from].file) {
        from -= 1;
    }
    from
}

/// Members whom an event's data names by their public ids, such as the alias of a merge.
fn mentioned(data: &str) -> Vec<Vec<u8>> {
    shuke_kernel::ids! {
        /// A member's id, as events write it.
        MentionedId = MentionedKind "mem";
    }
    let words = data.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|w| w.starts_with("mem_")).filter_map(|w| w.parse::<MentionedId>().ok()).map(|id| id.bytes().to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_together_is_joined_together() {
        let of = |file: &str, members: u32| BucketFile { file: file.to_owned(), bytes: 0, crc: 0, first: 0, members, nobody: false };
        let deltas =
            [of("d-000000000004-m-000000.arrow", 9_000), of("d-000000000005-m-000000.arrow", 500), of("d-000000000005-n.arrow", 3)];
        assert_eq!(join_from(&deltas, 10), 1, "the heaps of the fifth are small, its members are not");
        assert_eq!(join_from(&deltas[..1], 10), 1);
    }

    #[test]
    fn newer_buckets_stay_few_and_each_is_joined_seldom() {
        let mut number = 0;
        let mut of = |members: usize| {
            number += 1;
            BucketFile {
                file: format!("d-{number:012}-m-000000.arrow"),
                bytes: 0,
                crc: 0,
                first: 0,
                members: members as u32,
                nobody: false,
            }
        };
        let (mut deltas, mut read) = (Vec::new(), 0);
        for _ in 0..1_000 {
            let from = join_from(&deltas, 800);
            let all = 800 + deltas.drain(from..).map(|d: BucketFile| d.members as usize).sum::<usize>();
            read += all;
            deltas.push(of(all));
            assert!(deltas.len() <= 10, "{} newer buckets", deltas.len());
        }
        assert!(read < 8 * 1_000 * 800, "each member was read {} times", read / 800_000);
    }
}
