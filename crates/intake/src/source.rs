//! A source: the records of one file, one by one, with what only several records together can tell:
//! repeats, conflicts, shared phones, the further lines of an order. Memory is bounded by the number
//! of keys (some tens of bytes each), never by the size of the file.

use std::collections::hash_map::{DefaultHasher, Entry};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use encoding_rs::Encoding;
use shuke_kernel::Instant;

use crate::contact::Phone;
use crate::field::Field;
use crate::formats::{Kind, Words};
use crate::habits::Habits;
use crate::layout::{Layout, Mapping};
use crate::open::{self, Form, Input, OpenError, Rows, Said, SheetColumns};
use crate::read;
use crate::reason::{Reason, Verdict};
use crate::record::{Canonical, OrderRecord, Part};
use crate::rows::Row;
use crate::status::State;
use crate::survey;
use crate::when::DayOrder;

/// One record of a file.
#[derive(Debug)]
pub struct Record {
    /// 1-based among the data records.
    pub record_no: u64,
    /// 1-based row of the file or sheet, header and titles counted.
    pub row_no: u64,
    /// The sheet, where several are read.
    pub sheet: Option<Arc<str>>,
    /// Its key as it stands in the file.
    pub key: String,
    /// Good, bad or skipped.
    pub verdict: Verdict,
    /// Why it is not good.
    pub reasons: Vec<Reason>,
    /// What deserves a look.
    pub warnings: Vec<Reason>,
    /// What it says, if good; of a bad row of tags what can be read.
    pub canonical: Option<Canonical>,
    /// Column and text of every filled cell, for quarantine; only where it is not good, or may turn out not to be.
    pub raw: Vec<(String, String)>,
    /// Columns of times that tell a day only.
    pub days: Vec<crate::Field>,
    /// What the row says in the column of a sheet of rejects that names the record it corrects.
    pub reference: Option<String>,
}

/// What is known of a file before its records are read.
#[derive(Clone)]
pub struct Meta {
    /// The file's name.
    pub name: String,
    /// Its outer form.
    pub form: Form,
    /// 1-based record of the header.
    pub header_record: u64,
    /// Its layout.
    pub layout: Layout,
    /// Sheets of the workbook that are not read.
    pub passed_over: Vec<open::PassedOver>,
}

/// Passes 64-bit hashes through: they are hashes already.
#[derive(Default)]
pub struct Through(u64);

impl Hasher for Through {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*b);
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

type Hashed<V> = HashMap<u64, V, BuildHasherDefault<Through>>;
type HashedSet = HashSet<u64, BuildHasherDefault<Through>>;

/// The hash of a key: the same in every run.
pub fn hash(x: &(impl Hash + ?Sized)) -> u64 {
    let mut h = DefaultHasher::new();
    x.hash(&mut h);
    h.finish()
}

/// The records of a file.
pub struct Source {
    /// What is known of the file.
    pub meta: Meta,
    rows: Rows,
    encoding: &'static Encoding,
    now: Instant,
    /// The sheets, where several are read.
    sheets: Vec<SheetLayout>,
    /// The place of the sheet that the present row is of.
    sheet: usize,
    row: Row,
    record_no: u64,
    computed: u64,
    failed: Option<Said>,
    /// The column that names records in quarantine.
    reference: Option<usize>,
    memory: Memory,
}

/// One of several sheets.
struct SheetLayout {
    name: Arc<str>,
    /// The layout, where the sheet has not all columns of the file, or calls some otherwise.
    layout: Option<Box<Layout>>,
}

/// The column of a record in quarantine that names its sheet.
const SHEET: &str = "工作表";

/// What is remembered of earlier records.
#[derive(Default)]
struct Memory {
    /// Key to content of good records.
    content: Hashed<u64>,
    /// Order number to content without what is said of the parcel, where rows are orders.
    apart_from_parcels: Hashed<u64>,
    /// Order number to order-level content, where rows are lines.
    orders: Hashed<u64>,
    /// Keys of records rejected for their encoding.
    garbled: HashedSet,
    phones: HashedSet,
    emails: HashedSet,
    in_order: Hashed<u32>,
    /// Rows of orders whatever their state: a hash of the status word, the state and the latest time.
    states: Hashed<(u32, u8, i64)>,
    /// The row before.
    last_row: u64,
    /// The order whose rows are being read, their content and the sum of their list values, for where
    /// nothing else tells lines apart.
    run: (u64, HashedSet, i64),
    /// The order that a continuation line would continue, and what became of it.
    head: Option<(String, Verdict)>,
}

/// What there is to know of each sheet, where several are read.
fn sheets(form: &Form, columns: &[SheetColumns], layout: &Layout) -> Vec<SheetLayout> {
    let Form::Sheet { sheets, .. } = form else { return Vec::new() };
    if sheets.len() < 2 {
        return Vec::new();
    }
    let own = |c: &SheetColumns| (*c != SheetColumns::default()).then(|| Box::new(layout.of_sheet(c)));
    sheets.iter().zip(columns).map(|(name, c)| SheetLayout { name: name.as_str().into(), layout: own(c) }).collect()
}

impl Source {
    /// Opens a file. Its format is recognised unless a mapping says what its columns mean. `now` is
    /// what birthdays are compared with.
    pub fn open(input: &Input, mapping: Option<&Mapping>, now: Instant) -> Result<Self, OpenError> {
        let o = open::open(input)?;
        let headers: Vec<String> = o.header.iter().map(|h| crate::header::shown(h)).collect();
        let keys: Vec<String> = headers.iter().map(|h| crate::header::key(h)).collect();
        if let Some((zh, en)) = mapping.is_none().then(|| crate::recognise::other_papers(&keys)).flatten() {
            return Err(OpenError::not_orders(&o.name, zh, en));
        }
        let mut layout = match mapping {
            Some(m) => Layout::from_mapping(m, &headers),
            None => Layout::recognise(&headers, &o.sample),
        };
        let days = layout.day_order == DayOrder::Refuse && o.sample.iter().any(|r| survey::has_sign(&layout, r));
        let parts = mapping.is_none() && !layout.recognised() && layout.format.kind == Kind::Order;
        let told = survey::survey(input, &layout, days, parts)?;
        if days {
            (layout.day_order, layout.day_orders) = (told.day_order, told.day_orders);
        }
        if let Some(part) = told.part {
            (layout.part, layout.amounts_unsure) = part;
        }
        layout.habits = Habits::of(&layout, &o.sample);
        let reference = headers.iter().position(|h| crate::header::is_reference(h));
        let sheets = sheets(&o.form, &o.sheets, &layout);
        let meta = Meta { name: o.name, form: o.form, header_record: o.header_record, layout, passed_over: o.passed_over };
        Ok(Self {
            meta,
            rows: o.rows,
            encoding: o.encoding,
            now,
            sheets,
            sheet: 0,
            row: Row::default(),
            record_no: 0,
            computed: 0,
            failed: None,
            reference,
            memory: Memory::default(),
        })
    }

    /// Why reading stopped before the end of the file, if it did.
    pub fn failure(&self) -> Option<&Said> {
        self.failed.as_ref()
    }

    /// How many rows so far have cells that are formulas.
    pub fn computed(&self) -> u64 {
        self.computed
    }

    fn next_row(&mut self) -> Result<bool, Said> {
        match &mut self.rows {
            Rows::Text(r) => {
                let more = r.read(&mut self.row).map_err(|e| Said::new(e.to_string(), e.to_string()))?;
                self.row.without_nul();
                Ok(more)
            }
            Rows::Sheet(s) => match s.read()? {
                None => Ok(false),
                Some((sheet, row)) => {
                    (self.sheet, self.row) = (sheet, row);
                    Ok(true)
                }
            },
        }
    }

    /// Column and text of every filled cell of the present row.
    fn raw(&self) -> Vec<(String, String)> {
        let l = &self.meta.layout;
        let sheet = self.sheets.get(self.sheet).filter(|_| !l.headers.iter().any(|h| h == SHEET));
        (0..self.row.len())
            .filter(|i| !self.row.cell(*i).is_empty())
            .map(|i| {
                let name = l.name(i);
                let name = if name.is_empty() { format!("#{}", i + 1) } else { name.to_owned() };
                (name, self.encoding.decode_without_bom_handling(self.row.cell(i)).0.into_owned())
            })
            .chain(sheet.map(|s| (SHEET.to_owned(), s.name.to_string())))
            .collect()
    }

    fn record(&mut self) -> Record {
        let sheet = self.sheets.get(self.sheet);
        let layout = sheet.and_then(|s| s.layout.as_deref()).unwrap_or(&self.meta.layout);
        let reading = read::read(layout, &self.row, self.encoding, self.now);
        let mut r = Record {
            record_no: self.record_no,
            row_no: self.row.number,
            sheet: sheet.map(|s| s.name.clone()),
            key: reading.key,
            verdict: reading.verdict,
            reasons: reading.reasons,
            warnings: reading.warnings,
            canonical: reading.canonical,
            raw: Vec::new(),
            days: reading.days,
            reference: self
                .reference
                .map(|i| self.encoding.decode_without_bom_handling(self.row.cell(i)).0.into_owned())
                .filter(|t| !t.is_empty()),
        };
        self.memory.judge(&self.meta.layout, &self.row, &mut r);
        if r.verdict != Verdict::Good {
            r.canonical = r.canonical.filter(|c| r.verdict == Verdict::Bad && matches!(c, Canonical::Tag(_)));
            r.raw = self.raw();
        } else if matches!(r.canonical, Some(Canonical::Tag(_))) {
            // Whether there is such a member, the store knows: the row may still be set aside.
            r.raw = self.raw();
        }
        r
    }
}

impl Iterator for Source {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.failed.is_some() {
            return None;
        }
        match self.next_row() {
            Ok(true) => {
                self.record_no += 1;
                self.computed += u64::from(self.row.computed);
                Some(self.record())
            }
            Ok(false) => None,
            Err(e) => {
                self.failed = Some(e);
                None
            }
        }
    }
}

/// What a row says, without what only numbers it.
fn content(layout: &Layout, row: &Row) -> u64 {
    if layout.counters.is_empty() {
        return hash(&(&row.bytes, &row.ends));
    }
    let mut h = DefaultHasher::new();
    (0..row.len()).filter(|i| !layout.counters.contains(i)).for_each(|i| row.cell(i).hash(&mut h));
    h.finish()
}

/// What tells a row from the others of its order, whatever its state.
fn row_of(key: u64, o: &OrderRecord) -> u64 {
    let key = o.parcel.as_ref().map_or(key, |parcel| hash(&(key, parcel)));
    match o.lines.first() {
        None => hash(&(key, o.paid_stated)),
        Some(l) => match &l.sub_order_no {
            Some(sub) => hash(&(key, sub)),
            None => hash(&(key, (&l.product_id, &l.code, &l.title, &l.spec), (l.qty, l.unit_price, l.list))),
        },
    }
}

impl Memory {
    /// Sets the record against those before it.
    fn judge(&mut self, layout: &Layout, row: &Row, r: &mut Record) {
        if layout.words == Words::Shopify && !self.shopify(r) {
            return;
        }
        if r.verdict == Verdict::Bad && r.reasons.iter().any(|x| x.code == "bad_encoding") && !r.key.is_empty() {
            self.garbled.insert(hash(&r.key));
        }
        if r.verdict != Verdict::Good {
            if layout.words == Words::Shopify {
                self.head = Some((r.key.clone(), r.verdict));
            }
            return;
        }
        match layout.format.kind {
            Kind::Order => self.order(layout, row, r),
            Kind::Item => self.item(layout, row, r),
            Kind::Member => self.member(layout, row, r),
            // A member has as many rows as tags: only the same row again says nothing.
            Kind::Tag => {
                let all = content(layout, row);
                self.repeat(all, all, r, "duplicate_key_conflict");
            }
            Kind::Product | Kind::Suppression => self.repeat(hash(&r.key), content(layout, row), r, "duplicate_key_conflict"),
            // However it is written: what counts is what it says.
            Kind::Weather => {
                let said = match &r.canonical {
                    Some(Canonical::Weather(w)) => hash(&**w),
                    _ => content(layout, row),
                };
                self.repeat(hash(&r.key), said, r, "duplicate_weather");
            }
        }
        if r.verdict == Verdict::Good && !self.garbled.is_empty() && self.garbled.contains(&hash(&r.key)) {
            r.warnings.push(Reason::of("same order number as a record rejected for its encoding"));
        }
    }

    /// The first good record of a key wins; the same again is skipped, another content conflicts.
    fn repeat(&mut self, key: u64, content: u64, r: &mut Record, conflict: &'static str) {
        match self.content.entry(key) {
            Entry::Vacant(e) => {
                e.insert(content);
            }
            Entry::Occupied(e) if *e.get() == content => {
                r.verdict = Verdict::Skipped;
                r.reasons = vec![Reason::of("duplicate_same_content")];
            }
            Entry::Occupied(_) => {
                r.verdict = Verdict::Bad;
                r.reasons = vec![Reason::of(conflict)];
            }
        }
    }

    /// Whether the row is an order that came before and differs in what it says of the parcel only: its
    /// amounts are counted already. Platforms write an order once; other people's sheets may not.
    fn another_parcel(&mut self, layout: &Layout, row: &Row, key: u64, r: &mut Record) -> bool {
        if layout.recognised() || layout.parcels.is_empty() {
            return false;
        }
        let mut h = DefaultHasher::new();
        let says = |i: &usize| !layout.counters.contains(i) && !layout.parcels.contains(i);
        (0..row.len()).filter(says).for_each(|i| row.cell(i).hash(&mut h));
        match self.apart_from_parcels.entry(key) {
            Entry::Vacant(e) => {
                e.insert(h.finish());
                false
            }
            Entry::Occupied(e) => {
                let is = *e.get() == h.finish() && self.content.get(&key).is_some_and(|c| *c != content(layout, row));
                if is {
                    r.verdict = Verdict::Skipped;
                    r.reasons = vec![Reason::of("another_parcel")];
                }
                is
            }
        }
    }

    /// Shopify's further lines share the fate of their order. False when nothing is left to judge.
    fn shopify(&mut self, r: &mut Record) -> bool {
        let continues = matches!(&r.canonical, Some(Canonical::Order(o)) if o.part == Part::Continuation);
        if !continues {
            return true;
        }
        match &self.head {
            Some((no, Verdict::Good)) if *no == r.key => {}
            Some((no, Verdict::Skipped)) if *no == r.key => {
                r.verdict = Verdict::Skipped;
                r.reasons = vec![Reason::of("duplicate_same_content")];
            }
            Some((no, Verdict::Bad)) if *no == r.key => {
                r.verdict = Verdict::Bad;
                r.reasons = vec![Reason::of("order_row_not_good")];
            }
            _ => {
                r.verdict = Verdict::Bad;
                r.reasons = vec![Reason::of("missing_status")];
            }
        }
        false
    }

    fn order(&mut self, layout: &Layout, row: &Row, r: &mut Record) {
        if layout.format.id == "online_retail_invoices" {
            return;
        }
        let Some(Canonical::Order(o)) = &mut r.canonical else { return };
        if layout.format.id == "cdnow_master" {
            // A repeat of the same purchase is another purchase: it gets the next number.
            let n = self.in_order.entry(hash(&o.order_no)).or_insert(0);
            *n += 1;
            if *n > 1 {
                o.order_no = format!("{}-{n}", o.order_no);
                r.key.clone_from(&o.order_no);
            }
            return;
        }
        // Platforms number their orders each for themselves.
        let key = hash(&(&r.key, &o.platform));
        match o.part {
            Part::Whole | Part::Continuation => {
                if !self.another_parcel(layout, row, key, r) {
                    self.repeat(key, content(layout, row), r, "duplicate_order_no_conflict");
                }
            }
            Part::LineSummed | Part::LineRepeated => {
                o.row = row_of(key, o);
                // The parcels of an ERP's order may be paid for apart.
                let part = o.parcel.as_ref().map_or(key, |parcel| hash(&(key, parcel)));
                let line = o.lines.first();
                let head = (o.part == Part::LineRepeated).then(|| hash(&(o.created_at, o.paid_stated, o.order_total, &o.buyer.account)));
                let told_apart = line.is_some_and(|l| l.product_id.is_some());
                let id = match line.and_then(|l| l.sub_order_no.as_deref()) {
                    Some(sub) => hash(&(part, sub)),
                    None => content(layout, row),
                };
                if self.run.0 != key {
                    self.run = (key, HashedSet::default(), 0);
                }
                if let Some(newer) = self.restated(o, told_apart) {
                    if newer && head.is_some_and(|head| self.orders.get(&part).is_some_and(|h| *h != head)) {
                        r.verdict = Verdict::Bad;
                        r.reasons = vec![Reason::of("duplicate_order_no_conflict")];
                    } else if newer {
                        o.supersedes = true;
                        self.content.insert(id, content(layout, row));
                        self.run.1.insert(id);
                        r.warnings.push(Reason::of("newer_state"));
                    } else {
                        r.verdict = Verdict::Skipped;
                        r.reasons = vec![Reason::of("older_state")];
                    }
                    return;
                }
                // Equal rows side by side, with nothing to tell lines apart, are two equal lines, unless
                // the order's total says that there is no room for another; equal rows that come again
                // further down are a repeat.
                let list = line.and_then(|l| l.list).unwrap_or(0);
                let room = o.order_total.is_none_or(|t| self.run.2.saturating_add(list) <= t);
                let again = !self.run.1.insert(id);
                self.run.2 = self.run.2.saturating_add(list);
                if again && room && !told_apart && line.is_some_and(|l| l.sub_order_no.is_none()) {
                    r.warnings.push(Reason::of("repeated_line"));
                } else {
                    self.repeat(id, content(layout, row), r, "duplicate_order_no_conflict");
                }
                if let (Verdict::Good, Some(head)) = (r.verdict, head)
                    && *self.orders.entry(part).or_insert(head) != head
                {
                    r.verdict = Verdict::Bad;
                    r.reasons = vec![Reason::of("duplicate_order_no_conflict")];
                }
            }
        }
        if layout.words == Words::Shopify {
            self.head = Some((r.key.clone(), r.verdict));
        }
    }

    /// Whether the row came before with another status word, and this one is the newer: the one further
    /// on, or with the later time. Which of them stands first in the file says nothing.
    fn restated(&mut self, o: &OrderRecord, told_apart: bool) -> Option<bool> {
        let beside = std::mem::replace(&mut self.last_row, o.row) == o.row;
        let times = [o.created_at, o.paid_at, o.shipped_at, o.completed_at, o.closed_at];
        let latest = times.into_iter().flatten().max().map_or(i64::MIN, |t| t.0);
        let now = (hash(&o.platform_status) as u32, o.state.map_or(0, |s| s as u8), latest);
        match self.states.entry(o.row) {
            Entry::Vacant(e) => {
                e.insert(now);
                None
            }
            Entry::Occupied(mut e) => {
                let (word, state, time) = *e.get();
                let closed = State::Closed as u8;
                // Of two equal lines side by side one may have been cancelled.
                if word == now.0
                    || (beside
                        && !told_apart
                        && o.lines.first().is_none_or(|l| l.sub_order_no.is_none())
                        && (state == closed) != (now.1 == closed))
                {
                    return None;
                }
                let newer = (now.1, now.2) > (state, time);
                if newer {
                    e.insert(now);
                }
                Some(newer)
            }
        }
    }

    /// Equal lines of an item report are lines of their own: a buyer may take the same thing twice.
    fn item(&mut self, layout: &Layout, row: &Row, r: &mut Record) {
        let Some(Canonical::Item(item)) = &mut r.canonical else { return };
        let n = self.in_order.entry(hash(&item.order_no)).or_insert(0);
        item.index_in_order = *n;
        *n += 1;
        if let Some(sub) = item.line.sub_order_no.as_deref().filter(|_| layout.has(Field::SubOrderNo)) {
            let id = hash(sub);
            self.repeat(id, content(layout, row), r, "duplicate_order_no_conflict");
        }
    }

    fn member(&mut self, layout: &Layout, row: &Row, r: &mut Record) {
        let all = content(layout, row);
        let key = hash(&r.key);
        let by_account = read::key_field(layout).is_some_and(|f| f != Field::Phone && f != Field::Email) && !r.key.is_empty();
        if by_account {
            self.repeat(key, all, r, "duplicate_key_conflict");
        } else {
            match self.content.entry(all) {
                Entry::Vacant(e) => {
                    e.insert(all);
                }
                Entry::Occupied(_) => {
                    r.verdict = Verdict::Skipped;
                    r.reasons = vec![Reason::of("duplicate_same_content")];
                }
            }
        }
        if r.verdict != Verdict::Good {
            return;
        }
        let Some(Canonical::Member(m)) = &r.canonical else { return };
        if let Some(Phone::Whole(p)) = &m.phone
            && !self.phones.insert(hash(p))
        {
            r.warnings.push(Reason::about("phone_shared_with_another_row", "review"));
        }
        if let Some(e) = &m.email
            && !self.emails.insert(hash(&e.to_lowercase()))
        {
            r.warnings.push(Reason::about("duplicate_email", "review"));
        }
    }
}
