//! The plan of a demo shop, and its making: people in chunks, each chunk's orders sorted by time and
//! written as a part of every platform's export, then forgotten.

use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use shuke_kernel::civil::day_of;

use crate::calendar::DAY;
use crate::files::{Sheet, douyin, erp, jd, lists, pdd, products, taobao, taobao_new, truth, youzan};
use crate::life::{self, Arrivals};
use crate::order::{self, Order};
use crate::person::Person;

/// People whose orders are held at once.
pub const CHUNK: u64 = 50_000;
/// How long the newer layouts have been in use on the last day, in days.
const NEW_LAYOUT: i64 = 180;
/// The most people there can be: numbers of phones and accounts are drawn for that many.
pub const MOST: u64 = 10_000_000;

/// What is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// People, of whom a few never buy. At most [`MOST`].
    pub members: u64,
    /// The seed.
    pub seed: u64,
    /// The files tell what happened before this day begins in the shop's zone.
    pub until: Date,
    /// The share of orders whose file shows who bought.
    pub identified: f64,
    /// Whether a few rows are bad, so that quarantine can be seen.
    pub flaws: bool,
    /// Days for which the shop has gone on since: people come and go as they were drawn to, and the files end so
    /// much later.
    pub days: i64,
}

impl Plan {
    /// The instant up to which the shop was drawn, in seconds of the shop's clock.
    pub fn until_second(&self) -> i64 {
        day_of(i64::from(self.until.year()), self.until.month().into(), self.until.day().into()) * DAY
    }

    /// The instant before which everything in the files lies, in seconds of the shop's clock.
    pub fn end_second(&self) -> i64 {
        self.until_second() + self.days * DAY
    }
}

/// What was made.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The files to load, in a sensible order.
    pub files: Vec<PathBuf>,
    /// People.
    pub people: u64,
    /// Orders, paid or not.
    pub orders: u64,
    /// Orders that were paid.
    pub paid: u64,
    /// Orders whose buyer the files show.
    pub shown: u64,
}

/// What a file of a chunk is called.
pub(crate) struct Names<'a> {
    dir: &'a Path,
    stamp: String,
    part: String,
}

impl<'a> Names<'a> {
    /// Of a chunk among so many.
    pub(crate) fn of(plan: &Plan, dir: &'a Path, chunk: u64, chunks: u64) -> Self {
        let part = if chunks == 1 { String::new() } else { format!("-{:03}", chunk + 1) };
        Self { dir, stamp: lists::stamp(plan.end_second() - 1), part }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.named(name, "csv")
    }

    fn named(&self, name: &str, kind: &str) -> PathBuf {
        self.dir.join(format!("{name}{}{}.{kind}", self.stamp, self.part))
    }
}

/// Makes the shop's files in `dir`, and the truth in `dir/truth`. `progress` hears how many people
/// are done.
pub fn make(plan: &Plan, dir: &Path, progress: &mut dyn FnMut(u64)) -> io::Result<Made> {
    let plan = Plan { members: plan.members.min(MOST), identified: plan.identified.clamp(0.0, 1.0), ..*plan };
    std::fs::create_dir_all(dir)?;
    let mut maker = Maker::begin(plan, dir)?;
    maker.made.files.push(products::write(&dir.join("products.csv"), plan.seed)?);
    let chunks = plan.members.div_ceil(CHUNK);
    for chunk in 0..chunks {
        let names = Names::of(&plan, dir, chunk, chunks);
        let people = chunk * CHUNK..((chunk + 1) * CHUNK).min(plan.members);
        let done = people.end;
        let orders = maker.people(&names, people)?;
        maker.orders(&names, orders)?;
        progress(done);
    }
    maker.truth.end()?;
    truth::plan(&dir.join("truth"), &plan, &maker.flawed)?;
    Ok(maker.made)
}

pub(crate) struct Maker {
    pub(crate) plan: Plan,
    pub(crate) arrivals: Arrivals,
    pub(crate) truth: truth::Truth,
    /// Orders so far, by platform.
    serial: [u64; 5],
    flawed: Vec<(String, String, &'static str)>,
    pub(crate) made: Made,
}

/// Orders by platform, each platform's by time.
pub(crate) fn by_platform(all: Vec<Order>) -> [Vec<Order>; 5] {
    let mut of: [Vec<Order>; 5] = Default::default();
    for o in all {
        of[o.platform as usize].push(o);
    }
    for orders in &mut of {
        orders.sort_by_key(|o| (o.at, o.person));
    }
    of
}

/// Begins a file of orders.
type Begin = fn(&Path) -> io::Result<Sheet>;
/// Writes one.
type Write = fn(&mut Sheet, &Order) -> io::Result<()>;

impl Maker {
    /// Nothing is made yet.
    pub(crate) fn begin(plan: Plan, dir: &Path) -> io::Result<Self> {
        Ok(Self {
            plan,
            arrivals: Arrivals::until(plan.until_second().div_euclid(DAY)),
            truth: truth::Truth::begin(&dir.join("truth"))?,
            serial: [0; 5],
            flawed: Vec::new(),
            made: Made { people: plan.members, ..Made::default() },
        })
    }

    /// Draws people and writes the lists of them. Gives their orders.
    fn people(&mut self, names: &Names<'_>, people: std::ops::Range<u64>) -> io::Result<Vec<Order>> {
        let plan = self.plan;
        let earlier = lists::earlier(&plan);
        let old = names.dir.join(format!("taobao_members{}{}.csv", lists::stamp(earlier - 1), names.part));
        let (mut before, mut now) = (lists::taobao(&old)?, lists::taobao(&names.path("taobao_members"))?);
        let (mut mini, mut cards) = (lists::youzan(&names.path("youzan_members"))?, lists::cards(&names.path("own_cards"))?);
        let mut consents = lists::consents(&names.path("sms_consents"))?;
        let mut all = Vec::new();
        for index in people {
            let person = Person::draw(&plan, index);
            let life = life::live(&plan, &self.arrivals, &person);
            let orders = order::orders(&plan, &person, &life);
            lists::write_taobao(&mut before, &plan, &person, &orders, earlier)?;
            lists::write_taobao(&mut now, &plan, &person, &orders, plan.end_second())?;
            lists::write_youzan(&mut mini, &plan, &person, &orders)?;
            lists::write_card(&mut cards, &plan, &person)?;
            lists::write_consent(&mut consents, &plan, &person)?;
            self.truth.person(&plan, &person, &life, &orders)?;
            all.extend(orders);
        }
        for list in [before, now, mini, cards, consents] {
            self.made.files.extend(list.end_unless_empty()?);
        }
        Ok(all)
    }

    /// Numbers a chunk's orders and writes them.
    fn orders(&mut self, names: &Names<'_>, all: Vec<Order>) -> io::Result<()> {
        let of = self.numbered(all);
        self.write(names, &of)
    }

    /// A chunk's orders by platform and time, each with its place among all of the platform.
    pub(crate) fn numbered(&mut self, all: Vec<Order>) -> [Vec<Order>; 5] {
        let mut of = by_platform(all);
        for (orders, serial) in of.iter_mut().zip(&mut self.serial) {
            for o in orders {
                o.serial = *serial;
                *serial += 1;
            }
        }
        of
    }

    /// Writes a chunk's orders, by platform and time.
    pub(crate) fn write(&mut self, names: &Names<'_>, of: &[Vec<Order>; 5]) -> io::Result<()> {
        for o in of.iter().flatten() {
            self.made.orders += 1;
            self.made.paid += u64::from(o.was_paid());
            self.made.shown += u64::from(o.shown);
            self.truth.order(o)?;
        }
        let [tb, jd_orders, dy, pdd_orders, yz] = of;
        // Since then Taobao's and Pinduoduo's exports are workbooks with another layout.
        let turn = self.plan.until_second() - NEW_LAYOUT * DAY;
        let (new, old): (Vec<_>, Vec<_>) = tb.iter().partition(|o| o.at >= turn && !o.shown);
        self.taobao(names, &old)?;
        self.taobao_new(names, &new)?;
        let pdd_turn = pdd_orders.partition_point(|o| o.at < turn);
        self.pdd_new(names, &pdd_orders[pdd_turn..])?;
        let kinds: [(&str, Begin, Write, &[Order]); 4] = [
            ("jd_orders", jd::begin, jd::write, jd_orders),
            ("douyin_orders", douyin::begin, douyin::write, dy),
            ("pdd_orders", pdd::begin, pdd::write, &pdd_orders[..pdd_turn]),
            ("youzan_orders", youzan::begin, youzan::write, yz),
        ];
        for (name, begin, write, orders) in kinds {
            if orders.is_empty() {
                continue;
            }
            let mut sheet = begin(&names.path(name))?;
            orders.iter().try_for_each(|o| write(&mut sheet, o))?;
            self.made.files.push(sheet.end()?);
        }
        if dy.iter().chain(pdd_orders).any(|o| o.shown) {
            let mut sheet = erp::begin(&names.path("jushuitan_orders"))?;
            dy.iter().chain(pdd_orders).try_for_each(|o| erp::write(&mut sheet, o))?;
            self.made.files.push(sheet.end()?);
        }
        Ok(())
    }

    fn taobao_new(&mut self, names: &Names<'_>, orders: &[&Order]) -> io::Result<()> {
        if orders.is_empty() {
            return Ok(());
        }
        let (mut report, mut items) =
            (taobao_new::orders(&names.named("taobao_orders", "xlsx"))?, taobao_new::items(&names.named("taobao_suborders", "xlsx"))?);
        orders.iter().try_for_each(|o| taobao_new::write(&mut report, &mut items, o))?;
        self.made.files.push(report.end()?);
        self.made.files.push(items.end()?);
        Ok(())
    }

    fn pdd_new(&mut self, names: &Names<'_>, orders: &[Order]) -> io::Result<()> {
        if orders.is_empty() {
            return Ok(());
        }
        let mut book = pdd::begin_new(&names.named("pdd_orders", "xlsx"))?;
        orders.iter().try_for_each(|o| pdd::write_new(&mut book, o))?;
        self.made.files.push(book.end()?);
        Ok(())
    }

    fn taobao(&mut self, names: &Names<'_>, orders: &[&Order]) -> io::Result<()> {
        if orders.is_empty() {
            return Ok(());
        }
        let path = names.path("ExportOrderList");
        let (mut report, mut items) = (taobao::orders(&path)?, taobao::items(&names.path("ExportOrderDetailList"))?);
        for (n, o) in orders.iter().enumerate() {
            taobao::write(&mut report, &mut items, o)?;
            // Spread over the first part, which so stays sorted by time.
            let spread = orders.len() / (taobao::FLAWS.len() + 1);
            if self.plan.flaws && self.flawed.len() < taobao::FLAWS.len() && spread > 0 && n == spread * (self.flawed.len() + 1) {
                let reason = taobao::FLAWS[self.flawed.len()];
                let number = taobao::write_flawed(&mut report, o, reason)?;
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                self.flawed.push((file, number, reason));
            }
        }
        self.made.files.push(report.end()?);
        self.made.files.push(items.end()?);
        Ok(())
    }
}
