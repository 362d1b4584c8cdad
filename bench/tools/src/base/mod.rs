//! A drawn base for the benchmarks of segments and of reports, part by part: members with tags, tier and consent, lines
//! of orders, behaviour. What a part has depends on the seed and its number alone.

pub mod bucket;
pub mod chance;
mod parquet;
mod slice;
pub mod taking;

pub use parquet::Files;
pub use slice::Layout;

use chance::{Chance, Weighted};

/// Members of a part: those of a slice.
pub const MEMBERS: usize = 65_536;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Goods.
const SKUS: usize = 50_000;
/// Departments of ten categories each.
const CATEGORIES: usize = 200;
/// Tags, one bit each.
pub const TAGS: usize = 60;

/// What the drawing is after.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The seed.
    pub seed: u64,
    /// How many members.
    pub members: usize,
    /// The time of the question, microseconds.
    pub at: i64,
    sku: Weighted,
    category: Vec<u8>,
    province: Weighted,
    tag: Weighted,
}

/// A value from when until when.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// What.
    pub value: i64,
    /// Microseconds.
    pub from: i64,
    /// Microseconds; none: still.
    pub to: Option<i64>,
}

/// A column, missing where there is none.
pub type Column = Vec<Option<i64>>;

/// Rows of a part: columns, and where each member's rows end.
#[derive(Clone, Default, Debug)]
pub struct Rows {
    /// Where each member's rows end.
    pub ends: Vec<u32>,
    /// Names and values.
    pub columns: Vec<(&'static str, Column)>,
}

/// A part of the base.
#[derive(Clone, Default, Debug)]
pub struct Part {
    /// The number of its first member.
    pub first: usize,
    /// Facts, by name.
    pub facts: Vec<(&'static str, Column)>,
    /// Tags by member, as they began.
    pub tags: Vec<Vec<Held>>,
    /// Tier by member.
    pub tier: Vec<Vec<Held>>,
    /// Consent to SMS by member.
    pub consent: Vec<Vec<Held>>,
    /// Lines of orders.
    pub lines: Rows,
    /// Behaviour.
    pub events: Rows,
}

impl Shape {
    /// Of so many members, seen at `at` (microseconds).
    pub fn new(seed: u64, members: usize, at: i64) -> Self {
        let mut chance = Chance::new(seed, u64::MAX);
        let category = Weighted::zipf(CATEGORIES, 0.8, &mut chance);
        Self {
            seed,
            members,
            at,
            sku: Weighted::zipf(SKUS, 0.9, &mut chance),
            category: (0..SKUS).map(|_| category.draw(&mut chance) as u8).collect(),
            province: Weighted::zipf(31, 0.6, &mut chance),
            tag: Weighted::zipf(TAGS, 0.7, &mut chance),
        }
    }

    /// How many parts.
    pub fn parts(&self) -> usize {
        self.members.div_ceil(MEMBERS)
    }

    /// A part of one member with so many lines and as many acts.
    pub fn one(&self, number: usize, rows: usize) -> Part {
        let mut chance = Chance::new(self.seed, u64::MAX / 2 + number as u64);
        let mut drawing = Drawing { shape: self, chance: &mut chance, lines: Lines::default(), events: Events::default() };
        let oldest = drawing.lines_of(number, rows);
        drawing.events_of(rows);
        drawing.finish(number, vec![oldest])
    }

    /// The part of that number.
    pub fn part(&self, number: usize) -> Part {
        let first = number * MEMBERS;
        let count = MEMBERS.min(self.members - first);
        let mut chance = Chance::new(self.seed, number as u64);
        let mut drawing = Drawing { shape: self, chance: &mut chance, lines: Lines::default(), events: Events::default() };
        let mut oldest = Vec::with_capacity(count);
        for number in first..first + count {
            let rows = drawing.count(125);
            oldest.push(drawing.lines_of(number, rows));
            let rows = drawing.count(250);
            drawing.events_of(rows);
        }
        drawing.finish(first, oldest)
    }
}

#[derive(Default)]
struct Lines {
    ends: Vec<u32>,
    time: Column,
    order: Column,
    sku: Column,
    category: Column,
    qty: Column,
    amount: Column,
    shop: Column,
    refunded: Column,
}

impl Lines {
    fn rows(self) -> Rows {
        let columns = vec![
            ("time", self.time),
            ("order_id", self.order),
            ("sku", self.sku),
            ("category", self.category),
            ("qty", self.qty),
            ("amount", self.amount),
            ("shop", self.shop),
            ("refunded_qty", self.refunded),
        ];
        Rows { ends: self.ends, columns }
    }
}

#[derive(Default)]
struct Events {
    ends: Vec<u32>,
    time: Column,
    kind: Column,
    sku: Column,
}

impl Events {
    fn rows(self) -> Rows {
        Rows { ends: self.ends, columns: vec![("time", self.time), ("kind", self.kind), ("sku", self.sku)] }
    }
}

struct Drawing<'a> {
    shape: &'a Shape,
    chance: &'a mut Chance,
    lines: Lines,
    events: Events,
}

impl Drawing<'_> {
    /// A time in the three years before the question, whole seconds, denser at the end.
    fn time(&mut self) -> i64 {
        let back = 3.0 * 365.0 * 86_400.0 * (1.0 - self.chance.share().powf(0.7));
        self.shape.at - (1 + back as i64) * SECOND
    }

    /// How many rows: heavy-tailed, so that all members together have ten on the average.
    fn count(&mut self, none: i64) -> usize {
        if self.chance.thousandths(none) {
            return 0;
        }
        let mean = 10.0 / (1.0 - none as f64 / 1_000.0);
        let sigma: f64 = 1.2;
        (((mean - 0.4).ln() - sigma * sigma / 2.0 + sigma * self.chance.normal()).exp() as usize).clamp(1, 3_000)
    }

    /// What is known of the members from `first` on besides their rows, whose oldest is of these times.
    fn finish(mut self, first: usize, oldest: Vec<Option<i64>>) -> Part {
        let mut part = Part { first, ..Part::default() };
        let mut facts: [Column; 7] = Default::default();
        for oldest in oldest {
            for (column, value) in facts.iter_mut().zip(self.facts(oldest)) {
                column.push(value);
            }
            part.tags.push(self.tags());
            part.tier.push(self.tier());
            part.consent.push(self.consent());
        }
        let names = ["first_seen_at", "registered_at", "birthday", "gender", "province", "stage", "points"];
        part.facts = names.into_iter().zip(facts).collect();
        (part.lines, part.events) = (self.lines.rows(), self.events.rows());
        part
    }

    /// Draws a member's lines; the time of the oldest.
    fn lines_of(&mut self, number: usize, rows: usize) -> Option<i64> {
        let mut left = rows;
        let mut orders = Vec::new();
        while left > 0 {
            let lines = [1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 5][self.chance.below(12) as usize].min(left);
            orders.push((self.time(), lines));
            left -= lines;
        }
        orders.sort_unstable();
        // Orders of a member are told apart by their time.
        for i in 1..orders.len() {
            orders[i].0 = orders[i].0.max(orders[i - 1].0 + SECOND).min(self.shape.at - SECOND);
        }
        orders.dedup_by_key(|o| o.0);
        let start = self.shape.at - 3 * 366 * DAY;
        for (time, lines) in &orders {
            let order = (time - start) / SECOND * 100_000_000 + number as i64;
            let shop = [1, 1, 1, 2, 2, 3, 4][self.chance.below(7) as usize];
            for _ in 0..*lines {
                let sku = self.shape.sku.draw(self.chance);
                let qty = [1, 1, 1, 1, 1, 1, 1, 2, 2, 3][self.chance.below(10) as usize];
                let amount = (qty as f64 * (8_000_f64.ln() + 0.7 * self.chance.normal()).exp()) as i64 + 1;
                let refunded = if self.chance.thousandths(50) { 1 + self.chance.below(qty as u64) } else { 0 };
                let l = &mut self.lines;
                l.time.push(Some(*time));
                l.order.push(Some(order));
                l.sku.push(Some(sku + 1));
                l.category.push(Some(i64::from(self.shape.category[sku as usize])));
                l.qty.push(Some(qty));
                l.amount.push(Some(amount));
                l.shop.push(Some(shop));
                l.refunded.push(Some(refunded));
            }
        }
        self.lines.ends.push(self.lines.time.len() as u32);
        orders.first().map(|(time, _)| *time)
    }

    fn events_of(&mut self, rows: usize) {
        let mut times: Vec<i64> = (0..rows).map(|_| self.time()).collect();
        times.sort_unstable();
        for time in times {
            let kind = match self.chance.below(100) {
                0..45 => 0,
                45..58 => 1,
                58..66 => 2,
                66..74 => 3,
                74..88 => 4,
                88..97 => 5,
                _ => 6,
            };
            let sku = matches!(kind, 0 | 2 | 3).then(|| self.shape.sku.draw(self.chance) + 1);
            self.events.time.push(Some(time));
            self.events.kind.push(Some(kind));
            self.events.sku.push(sku);
        }
        self.events.ends.push(self.events.time.len() as u32);
    }

    fn facts(&mut self, oldest: Option<i64>) -> [Option<i64>; 7] {
        let at = self.shape.at;
        let registered = (!self.chance.thousandths(100)).then(|| at - (1 + self.chance.below(3 * 365 * 86_400)) * SECOND);
        let known = oldest.into_iter().chain(registered).min().unwrap_or(at - DAY);
        let birthday = (!self.chance.thousandths(250)).then(|| at / DAY - 16 * 365 - self.chance.below(54 * 365));
        let gender = match self.chance.below(10) {
            0..4 => Some(1),
            4..8 => Some(2),
            _ => None,
        };
        let province = (!self.chance.thousandths(100)).then(|| self.shape.province.draw(self.chance) + 1);
        let stage = [0, 1, 1, 1, 2, 2, 3, 3, 3, 3][self.chance.below(10) as usize];
        let points = (self.chance.share().powi(3) * 5_000.0) as i64;
        [Some(known - SECOND), registered, birthday, gender, province, Some(stage), Some(points)]
    }

    fn tags(&mut self) -> Vec<Held> {
        let mut tags: Vec<Held> = Vec::new();
        for _ in 0..self.chance.below(7) {
            let value = self.shape.tag.draw(self.chance);
            if tags.iter().all(|t| t.value != value) {
                let from = self.time();
                let to = self.chance.thousandths(100).then(|| from + self.chance.below(((self.shape.at - from) / SECOND) as u64) * SECOND);
                tags.push(Held { value, from, to });
            }
        }
        tags.sort_by_key(|t| (t.from, t.value));
        tags
    }

    fn tier(&mut self) -> Vec<Held> {
        let value = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5][self.chance.below(12) as usize];
        let from = self.time();
        let before = Held { value: (value - 1_i64).max(0), from: from - 100 * DAY, to: Some(from) };
        let now = Held { value, from, to: None };
        if self.chance.thousandths(300) { vec![before, now] } else { vec![now] }
    }

    fn consent(&mut self) -> Vec<Held> {
        if self.chance.thousandths(200) {
            return Vec::new();
        }
        vec![Held { value: i64::from(self.chance.thousandths(700)), from: self.time(), to: None }]
    }
}

/// What held at `at`.
pub fn held_at(of: &[Held], at: i64) -> impl Iterator<Item = i64> {
    of.iter().filter(move |h| h.from < at && h.to.is_none_or(|to| to >= at)).map(|h| h.value)
}
