//! What reads an import's files and makes the steps that its job writes.
//!
//! Rows of one order stay together. Where some files are order reports and others item reports,
//! both are read side by side and what they say of one order goes into one step: folding an order
//! once costs half of folding it twice. What does not meet within [`WINDOW`] pieces goes as it is;
//! the order is the same in the end.

use std::collections::{HashMap, VecDeque};
use std::sync::mpsc::SyncSender;

use shuke_commerce::order::{Noted, Observation};
use shuke_commerce::weather::Said as WeatherSaid;
use shuke_kernel::{Error, MerchantNo, Result};
use shuke_members::identity::Evidence;
use shuke_members::tag::said::Said;
use shuke_store::Store;

use super::apart::Apart;
use super::convert::Origin;
use super::model::{Counts, FileRun, ImportId, Mark, QuarantineId, Stretch};
use super::places::Places;
use super::steps::Out;
use super::{again, convert, quarantine, staging};
use crate::formats::Kind;
use crate::print::Prints;
use crate::record::{ItemRecord, OrderRecord, Part, ProductRecord, SuppressionRecord};
use crate::{Canonical, Record, Source, Verdict};

/// Statements, members, products and quarantined records of one step's transaction together.
pub(super) const STEP: usize = 400;
/// Pieces that wait for what another file says of their order.
const WINDOW: usize = 4_000;

/// What one transaction writes.
#[derive(Clone, Default)]
pub(super) struct Step {
    /// The import's number.
    pub number: i64,
    /// The legal entity of its shop, where it is not the merchant's first.
    pub entity: Option<String>,
    /// The records that it takes in.
    pub read: Vec<Stretch>,
    pub orders: Vec<Noted>,
    /// Refunds that name no order.
    pub refunds: Vec<Noted>,
    pub members: Vec<Evidence>,
    pub products: Vec<ProductRecord>,
    pub suppressions: Vec<SuppressionRecord>,
    pub tags: Vec<Tagged>,
    pub weather: Vec<WeatherSaid>,
    pub refused: Vec<quarantine::Refused>,
    /// Rows that may be corrections of records in quarantine.
    pub loaded: Vec<quarantine::Loaded>,
    pub counts: Counts,
}

impl Step {
    pub fn take(&mut self, piece: Piece) {
        self.read.push(Stretch { file: piece.file, first: piece.first, last: piece.last });
        self.read.extend(piece.apart.iter().map(|n| Stretch { file: piece.file, first: *n, last: *n }));
        self.counts.lines += piece.lines;
        self.loaded.extend(piece.loaded);
        match piece.what {
            What::Passed => self.counts.skipped += 1,
            What::Order(said) => self.orders.push(*said),
            What::Refund { said, alone } => {
                self.counts.refunds += 1;
                if alone { self.refunds.push(*said) } else { self.orders.push(*said) }
            }
            What::Member(m) => self.members.push(*m),
            What::Product(p) => self.products.push(*p),
            What::Suppression(s) => self.suppressions.push(*s),
            What::Tags(t) => self.tags.push(*t),
            What::Weather(w) => self.weather.push(*w),
            What::Refused(r) => self.refused.push(*r),
        }
    }

    pub fn size(&self) -> usize {
        let lists = self.members.len() + self.products.len() + self.suppressions.len() + self.tags.len() + self.weather.len();
        self.orders.len() + self.refunds.len() + lists + self.refused.len()
    }
}

/// What is to be read.
pub(super) struct Reading {
    pub store: Store,
    pub merchant: MerchantNo,
    pub import: ImportId,
    pub origin: Origin,
    /// Whether records of other imports wait in quarantine for a corrected row.
    pub mends: bool,
    pub files: Vec<FileRun>,
    /// How many steps may be under way beside one.
    pub beside: usize,
    /// What was loaded before.
    pub done: std::collections::BTreeMap<i64, Mark>,
}

impl Reading {
    /// Reads and sends steps. Ends early, without an error, when nobody listens any more.
    pub fn read(self, send: &SyncSender<Step>) -> Result<()> {
        let (mut reports, mut items) = (VecDeque::new(), VecDeque::new());
        for file in &self.files {
            let source = self.open(file)?;
            if source.meta.layout.format.kind == Kind::Item { items.push_back(file) } else { reports.push_back(file) }
        }
        if reports.is_empty() {
            std::mem::swap(&mut reports, &mut items);
        }
        let mut out = Out::new(&self.origin, self.beside, send);
        let mut lanes = [Lane::new(reports), Lane::new(items)];
        let joined = lanes.iter().all(|l| !l.files.is_empty());
        while out.heard {
            // The side that is behind reads on.
            let turn = usize::from(lanes[0].ended || (!lanes[1].ended && lanes[1].order.len() < lanes[0].order.len()));
            let Some(piece) = lanes[turn].next(&self)? else {
                if lanes.iter().all(|l| l.ended) {
                    break;
                }
                continue;
            };
            let Some(key) = piece.order().filter(|_| joined) else {
                out.take(vec![piece]);
                continue;
            };
            if let Some(other) = lanes[1 - turn].take(&key) {
                out.take(vec![piece, other]);
                continue;
            }
            if let Some(earlier) = lanes[turn].wait(key, piece) {
                out.take(vec![earlier]);
            }
            while lanes[0].waiting.len() + lanes[1].waiting.len() > WINDOW {
                let longer = usize::from(lanes[1].waiting.len() > lanes[0].waiting.len());
                let Some(oldest) = lanes[longer].oldest() else { break };
                out.take(vec![oldest]);
            }
        }
        for lane in &mut lanes {
            while let Some(oldest) = lane.oldest() {
                out.take(vec![oldest]);
            }
        }
        out.end();
        Ok(())
    }

    fn open(&self, file: &FileRun) -> Result<Source> {
        let input = staging::input(&self.store, self.merchant, self.import, file);
        Source::open(&input, file.mapping.as_ref(), self.store.clock().now()).map_err(Error::fault)
    }
}

/// Records that belong together, and what they say.
pub(super) struct Piece {
    pub file: i64,
    pub first: u64,
    pub last: u64,
    /// Further records, which stand apart.
    pub apart: Vec<u64>,
    pub lines: i64,
    pub loaded: Vec<quarantine::Loaded>,
    pub what: What,
}

pub(super) enum What {
    /// A repeat.
    Passed,
    Order(Box<Noted>),
    Refund {
        said: Box<Noted>,
        alone: bool,
    },
    Member(Box<Evidence>),
    Product(Box<ProductRecord>),
    Suppression(Box<SuppressionRecord>),
    Tags(Box<Tagged>),
    Weather(Box<WeatherSaid>),
    Refused(Box<quarantine::Refused>),
}

/// A row of tags, and the same row for quarantine where it turns out that nobody is meant.
#[derive(Clone)]
pub(super) struct Tagged {
    pub said: Said,
    /// The record in quarantine that it corrects.
    pub reference: Option<QuarantineId>,
    /// Whether its file is a sheet of corrections.
    pub is_correction: bool,
    /// Whether it cannot be read, but for whom it is of.
    pub is_refused: bool,
    /// Whether its source is called as its file.
    pub by_name: bool,
    pub row: quarantine::Refused,
}

impl Piece {
    /// The order that it says something of and that other reports may speak of too.
    fn order(&self) -> Option<(String, String)> {
        match &self.what {
            What::Order(said) => Some((said.source().to_owned(), said.source_id().to_owned())),
            _ => None,
        }
    }
}

/// Files that are read one after the other.
struct Lane<'a> {
    files: VecDeque<&'a FileRun>,
    reading: Option<Gather>,
    ended: bool,
    /// Pieces by their order, and the orders as they came. Some of these may have met theirs.
    waiting: HashMap<(String, String), Piece>,
    order: VecDeque<(String, String)>,
}

impl<'a> Lane<'a> {
    fn new(files: VecDeque<&'a FileRun>) -> Self {
        Self { ended: files.is_empty(), files, reading: None, waiting: HashMap::new(), order: VecDeque::new() }
    }

    fn next(&mut self, plan: &Reading) -> Result<Option<Piece>> {
        loop {
            if self.reading.is_none() {
                let Some(file) = self.files.pop_front() else {
                    self.ended = true;
                    return Ok(None);
                };
                self.reading = Some(Gather::new(plan, file)?);
            }
            if let Some(gather) = &mut self.reading {
                if let Some(piece) = gather.next(plan)? {
                    return Ok(Some(piece));
                }
                self.reading = None;
            }
        }
    }

    /// Sets a piece aside. Gives back one about the same order that waited already.
    fn wait(&mut self, key: (String, String), piece: Piece) -> Option<Piece> {
        let earlier = self.waiting.insert(key.clone(), piece);
        if earlier.is_none() {
            self.order.push_back(key);
        }
        earlier
    }

    fn take(&mut self, key: &(String, String)) -> Option<Piece> {
        let found = self.waiting.remove(key)?;
        // Reports of the same sort meet at the front.
        if self.order.front() == Some(key) {
            self.order.pop_front();
        } else if self.order.len() > 2 * self.waiting.len() + 64 {
            self.order.retain(|k| self.waiting.contains_key(k));
        }
        Some(found)
    }

    fn oldest(&mut self) -> Option<Piece> {
        while let Some(key) = self.order.pop_front() {
            if let Some(piece) = self.waiting.remove(&key) {
                return Some(piece);
            }
        }
        None
    }
}

/// One file being read; rows of one order are gathered.
struct Gather {
    run: FileRun,
    apart: Apart,
    file: i64,
    name: String,
    /// Whether its rows may be corrections of what waits.
    mends: bool,
    /// Whether it is a sheet of corrections.
    is_sheet: bool,
    /// Rows being gathered that may be.
    loaded: Vec<quarantine::Loaded>,
    source: Source,
    done: Mark,
    /// The order whose rows are being gathered.
    order: Option<OrderRecord>,
    /// The item rows of one order, with their places.
    items: Vec<(u32, ItemRecord)>,
    /// First and last record of what is being gathered.
    span: (u64, u64),
    /// By what its bad rows are known when they come again.
    prints: Prints,
    scope: String,
    /// How many rows of each order were seen, good or bad: a row's place does not depend on its neighbours' health.
    places: Places,
    /// Row of the last record gathered.
    row: u64,
    /// Pieces that are whole.
    ready: VecDeque<Piece>,
    last: u64,
}

impl Gather {
    fn new(plan: &Reading, file: &FileRun) -> Result<Self> {
        let source = plan.open(file)?;
        let is_sheet = quarantine::is_sheet(&file.name, &source.meta.layout.headers);
        let in_lines = source.meta.layout.format.kind == Kind::Order && source.meta.layout.part != Part::Whole;
        Ok(Self {
            run: file.clone(),
            apart: if in_lines { Apart::of(plan.open(file)?)? } else { Apart::default() },
            file: file.file,
            name: file.name.clone(),
            mends: plan.mends && is_sheet,
            is_sheet,
            loaded: Vec::new(),
            prints: Prints::of(&source.meta.layout),
            scope: again::scope(&plan.origin, &source.meta.layout.platform),
            source,
            done: plan.done.get(&file.file).cloned().unwrap_or_default(),
            order: None,
            items: Vec::new(),
            span: (0, 0),
            places: Places::default(),
            row: 0,
            ready: VecDeque::new(),
            last: 0,
        })
    }

    fn next(&mut self, plan: &Reading) -> Result<Option<Piece>> {
        while self.ready.is_empty() {
            let Some(mut record) = self.source.next() else {
                if let Some(why) = self.source.failure() {
                    return Err(Error::fault(format!("reading stopped after record {}: {}", self.last, why.en)));
                }
                self.flush(plan);
                if self.end_round(plan) {
                    self.source = plan.open(&self.run)?;
                    continue;
                }
                return Ok(self.ready.pop_front());
            };
            self.last = record.record_no;
            let place = self.place(&record);
            let print = (record.verdict == Verdict::Bad && self.source.meta.layout.format.kind.is_known_again())
                .then(|| self.prints.next(&record.raw));
            if self.done.has(record.record_no) {
                continue;
            }
            if self.apart.takes(self.file, &mut record, self.mends) {
                self.flush(plan);
                continue;
            }
            if !self.continues(&record) {
                self.flush(plan);
                self.span.0 = record.record_no;
            }
            (self.span.1, self.row) = (record.record_no, record.row_no);
            self.add(plan, record, place, print);
        }
        Ok(self.ready.pop_front())
    }

    /// Gives what a round has held. Whether there is a further one.
    fn end_round(&mut self, plan: &Reading) -> bool {
        let (held, more) = self.apart.end_round();
        for held in held {
            let Some((first, rest)) = held.records.split_first() else { continue };
            (self.span, self.row, self.loaded) = ((*first, *first), held.row, held.loaded);
            self.note(convert::order(&held.order, &plan.origin), held.order.lines.len() as i64, What::Order);
            if let Some(piece) = self.ready.back_mut() {
                piece.apart = rest.to_vec();
            }
        }
        more
    }

    /// Whether a record is of the order being gathered.
    fn continues(&self, record: &Record) -> bool {
        let same_order = self.order.as_ref().is_some_and(|o| match &record.canonical {
            Some(Canonical::Order(next)) => {
                let is_named = next.order_no == o.order_no && next.platform == o.platform;
                next.part != Part::Whole && (is_named || next.part == Part::Continuation)
            }
            _ => false,
        });
        let same_items = self.items.first().is_some_and(|(_, i)| match &record.canonical {
            Some(Canonical::Item(next)) => next.order_no == i.order_no && next.platform == i.platform,
            _ => false,
        });
        same_order || same_items
    }

    fn place(&mut self, record: &Record) -> u32 {
        if record.key.is_empty() {
            return 0;
        }
        self.places.next(crate::source::hash(record.key.as_str()))
    }

    fn add(&mut self, plan: &Reading, record: Record, place: u32, print: Option<String>) {
        if let Some(Canonical::Tag(_)) = &record.canonical {
            return self.tags(record, place);
        }
        match record.verdict {
            Verdict::Skipped => return self.push(What::Passed, 0),
            Verdict::Bad => {
                let refused = quarantine::Refused::of(self.file, place, record, print.map(|print| (self.scope.clone(), print)));
                return self.push(What::Refused(Box::new(refused)), 0);
            }
            Verdict::Good if self.mends => self.loaded.push(quarantine::Loaded::of(self.file, &record)),
            Verdict::Good => {}
        }
        match record.canonical {
            Some(Canonical::Order(o)) => match &mut self.order {
                Some(first) => first.merge(*o),
                None => self.order = Some(*o),
            },
            Some(Canonical::Item(i)) => self.items.push((place, *i)),
            Some(Canonical::Refund(r)) => {
                let alone = r.order_no.is_none();
                self.note(convert::refund(&r, &plan.origin), 0, |said| What::Refund { said, alone });
            }
            Some(Canonical::Member(m)) => {
                self.push(What::Member(Box::new(convert::member(&m, &plan.origin, &convert::proof(&self.name, self.row)))), 0)
            }
            Some(Canonical::Product(p)) => self.push(What::Product(p), 0),
            Some(Canonical::Suppression(s)) => self.push(What::Suppression(s), 0),
            Some(Canonical::Weather(w)) => self.push(What::Weather(w), 0),
            Some(Canonical::Tag(_)) | None => self.push(What::Passed, 0),
        }
    }

    fn tags(&mut self, record: Record, place: u32) {
        let Some(Canonical::Tag(tag)) = &record.canonical else { return };
        let (said, by_name) = convert::tags(tag, &self.name);
        let loaded = quarantine::Loaded::of(self.file, &record);
        let (reference, is_refused) = (loaded.reference, record.verdict == Verdict::Bad);
        if self.mends && !is_refused {
            self.loaded.push(loaded);
        }
        let (row, is_correction) = (quarantine::Refused::of(self.file, place, record, None), self.is_sheet);
        self.push(What::Tags(Box::new(Tagged { said, reference, is_correction, is_refused, by_name, row })), 0);
    }

    fn flush(&mut self, plan: &Reading) {
        if let Some(o) = self.order.take() {
            self.note(convert::order(&o, &plan.origin), o.lines.len() as i64, What::Order);
        }
        let items = std::mem::take(&mut self.items);
        if let Some(o) = convert::items(&items, &plan.origin) {
            self.note(o, items.len() as i64, What::Order);
        }
    }

    fn note(&mut self, observation: Observation, lines: i64, what: impl FnOnce(Box<Noted>) -> What) {
        let key = observation.source_id.clone();
        match observation.note() {
            Ok(noted) => self.push(what(Box::new(noted)), lines),
            // The reader let it pass, commerce does not: a reader's defect, but the row is not lost.
            Err(refusal) => {
                self.push(What::Refused(Box::new(quarantine::Refused::by_commerce(self.file, (self.span.1, self.row), key, &refusal))), 0)
            }
        }
    }

    fn push(&mut self, what: What, lines: i64) {
        let (first, last) = self.span;
        let mut loaded = std::mem::take(&mut self.loaded);
        if matches!(what, What::Passed | What::Refused(_)) {
            loaded.clear();
        }
        self.ready.push_back(Piece { file: self.file, first, last, apart: Vec::new(), lines, loaded, what });
    }
}
