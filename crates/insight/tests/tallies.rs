//! Goods of a shop whose buckets are large enough for all that a tally has to tell: thousands of lines, goods with one
//! title and with several, amounts of every size, members held by newer buckets. By their tallies they come to what
//! they come to by their rows, whatever became of the files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;
use shuke_columns::draft::{Line, Loose, Member, Order, Refund, State};
use shuke_columns::shelf::{FORMAT, Manifest, PeopleFiles, Shelf, WordsFile};
use shuke_columns::words::KINDS;
use shuke_columns::{Columns, Digests, Kind, Words};
use shuke_insight::{Question, Report, answer};

const HOUR: i64 = 3_600_000_000;
/// 2025-01-01T00:00:00Z
const START: i64 = 1_735_689_600_000_000;
const GOODS: u64 = 60;

/// A small generator: what it draws is decided by the seed alone.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn line(&mut self, words: &mut Words, number: i64, hour: i64) -> Line {
        let goods = self.below(GOODS);
        let text = (!self.one_in(30)).then(|| format!("S{goods:02}"));
        // Of the first goods titles and categories change with time, or from line to line.
        let name = match goods {
            0..10 => format!("商品 {goods} 第 {} 版", hour / 2_000),
            10..20 => format!("商品 {goods} {}", self.below(3)),
            _ => format!("商品 {goods}"),
        };
        let category = format!("类目 {}", if goods.is_multiple_of(7) { self.below(3) } else { goods % 5 });
        let quantity = if self.one_in(50) { 63 + self.below(70_000) as i64 } else { self.below(4) as i64 };
        let paid = if self.one_in(50) { (1 << 26) - 1 + self.below(3) as i64 } else { self.below(4) as i64 * 1_234 };
        let received = if self.one_in(50) { i64::from(u32::MAX) + self.below(3) as i64 } else { paid + self.below(3) as i64 };
        let (bare_name, bare_category) = (self.one_in(9), self.one_in(9));
        Line {
            number,
            sku: words.code(Kind::Sku, text.as_deref()),
            name: words.code(Kind::Name, (!bare_name).then_some(&*name)),
            category: words.code(Kind::Category, (!bare_category).then_some(&*category)),
            quantity,
            paid,
            received,
        }
    }

    fn order(&mut self, words: &mut Words, number: u64) -> Order {
        // Few hours, so that orders meet in one instant.
        let hour = self.below(9_000) as i64;
        let time = START + hour * HOUR;
        let lines: Vec<Line> = (0..1 + self.below(4) as i64).map(|n| self.line(words, n + 1, hour)).collect();
        let state = [State::Created, State::Closed, State::Paid, State::Completed, State::Completed][self.below(5) as usize];
        let refund = |d: &mut Self, n: u64| {
            let (at, line) = (time + d.below(900) as i64 * HOUR, (!d.one_in(3)).then(|| 1 + d.below(4) as i64));
            let amount = d.below(3_000) as i64;
            Refund { key: format!("r{number}-{n}").into_bytes(), at, line, quantity: d.below(3) as i64, amount, received: amount }
        };
        let refunds = if self.one_in(5) { (0..1 + self.below(2)).map(|n| refund(self, n)).collect() } else { Vec::new() };
        let paid_at = (!self.one_in(6)).then_some(time);
        let key = format!("o{:05}", number * 7_919 % 100_000).into_bytes();
        Order { key, created_at: Some(time), paid_at, state, currency: Some(0), lines, refunds, ..Order::default() }
    }
}

/// Members by id and nobody's heaps, drawn; with the words that they use.
fn shop(seed: u64) -> (Words, Vec<Member>, Vec<Member>) {
    let (mut d, mut words) = (Draw(seed), Words::default());
    words.of_mut(Kind::Currency).code("CNY");
    // Codes do not ascend as words do.
    (0..GOODS).rev().for_each(|n| _ = words.of_mut(Kind::Sku).code(&format!("S{n:02}")));
    let mut number = 0;
    let mut drawn = |count: u8, most: u64| -> Vec<Member> {
        let one = |id: u8| {
            let orders = (0..d.below(most))
                .map(|_| {
                    number += 1;
                    d.order(&mut words, number)
                })
                .collect();
            Member { key: vec![id], orders, ..Member::default() }
        };
        (0..count).map(one).collect()
    };
    let (mut members, heaps) = (drawn(120, 24), drawn(9, 90));
    for (at, member) in members.iter_mut().enumerate().filter(|(at, _)| at.is_multiple_of(17)) {
        let sku = words.of(Kind::Sku).find("S05");
        let at = START + at as i64 * 60 * HOUR;
        member.loose.push(Loose { key: b"l".to_vec(), at, sku, currency: Some(0), quantity: 1, amount: 77, received: 70 });
    }
    (words, members, heaps)
}

/// The shop on a shelf: every fifth member was another before, and some are gone.
fn shelved((words, members, heaps): &(Words, Vec<Member>, Vec<Member>), folder: &Path) -> Columns {
    let shelf = Shelf::open(folder).unwrap();
    let is_newer = |at: usize| at % 5 == 3;
    let mut before = members.clone();
    for at in (0..before.len()).filter(|at| is_newer(*at)) {
        before[at].orders = members[(at + 1) % members.len()].orders.clone();
        before[at].loose = Vec::new();
    }
    before.extend((200..220).map(|id| Member { key: vec![id], gone: true, ..Member::default() }));
    let newer: Vec<Member> = members.iter().enumerate().filter(|(at, _)| is_newer(*at)).map(|(_, m)| m.clone()).collect();
    let bucket = |name: &str, nobody, members| shelf.write_bucket(name.to_owned(), 0, nobody, members).unwrap();
    let file = WordsFile { file: "words".to_owned(), ..WordsFile::default() };
    let manifest = Manifest {
        format: FORMAT,
        sequence: 1,
        position: 1,
        tip: String::new(),
        written_at: 0,
        built_at: 0,
        words: shelf.write_words(&file, [0; KINDS.len()], words).unwrap(),
        goods: None,
        registry: 0,
        people: PeopleFiles::default(),
        base: vec![bucket("heaps", true, heaps.clone()), bucket("members", false, before)],
        deltas: vec![bucket("newer", false, newer)],
    };
    (*shelf.load(&manifest, None).unwrap().columns).clone()
}

/// Questions about several windows, days of reckoning and zones.
fn questions() -> Vec<Question> {
    let day = |n: i64| Date::constant(2025, 1, 1).saturating_add(n.days());
    let mut all = Vec::new();
    for (as_of, from, to) in [(500, None, 500), (500, Some(30), 380), (200, None, 200), (200, Some(170), 200), (420, Some(100), 101)] {
        for (zone, net) in [("Asia/Shanghai", true), ("Asia/Shanghai", false), ("America/New_York", true)] {
            let (from, top) = (from.map(day), Question::ALL_GOODS);
            all.push(Question { from, to: day(to), zone: zone.to_owned(), net, top, ..Question::about(day(as_of)) });
        }
    }
    all
}

fn told(columns: &Columns, q: &Question) -> Value {
    serde_json::to_value(answer(columns, Report::Goods, q, &|_| String::new()).unwrap()).unwrap()
}

/// The same columns as another process would open them.
fn anew(columns: &Columns, folder: &Path) -> Columns {
    Columns { digests: Some(Arc::new(Digests::of_all(folder.to_owned()))), ..columns.clone() }
}

/// The files of tallies that tell of lines.
fn tallies(folder: &Path) -> Vec<PathBuf> {
    let is_one = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        bytes.len() > 4_096 && bytes.windows(8).any(|w| w == b"\"tally 1")
    };
    let beside = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().contains('+'));
    std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(beside).filter(is_one).collect()
}

#[test]
fn goods_come_to_the_same_by_tallies_and_by_rows() {
    for seed in [1, 2, 3] {
        let (shop, folder) = (shop(seed), tempfile::tempdir().unwrap());
        let kept = anew(&shelved(&shop, folder.path()), folder.path());
        let plain = Columns { digests: None, ..kept.clone() };
        let mut titles = BTreeSet::new();
        for q in questions() {
            let (want, got) = (told(&plain, &q), told(&kept, &q));
            assert_eq!(want, got, "seed {seed}: {q:?}");
            assert!(!want["rows"].as_array().unwrap().is_empty(), "{q:?}");
            titles.extend(want["rows"].as_array().unwrap().iter().filter_map(|r| r["name"].as_str().map(str::to_owned)));
        }
        assert!(titles.len() > GOODS as usize, "goods were called several names: {titles:?}");
        // Three buckets by two zones, and by one of them with refunds left out.
        assert_eq!(tallies(folder.path()).len(), 9, "every bucket has a tally");
        // Listed goods are in the product list's category.
        let (mut words, mut listed) = ((*kept.words).clone(), shuke_columns::Goods::default());
        listed.set(&mut words, "S03", "上架");
        let with_list = |columns: &Columns| Columns { words: Arc::new(words.clone()), goods: Arc::new(listed.clone()), ..columns.clone() };
        for q in questions() {
            assert_eq!(told(&with_list(&plain), &q), told(&with_list(&kept), &q), "seed {seed}, listed: {q:?}");
        }
    }
}

#[test]
fn a_tally_that_was_cut_or_changed_is_made_anew() {
    let (shop, folder) = (shop(4), tempfile::tempdir().unwrap());
    let kept = anew(&shelved(&shop, folder.path()), folder.path());
    // On a day by which not all refunds are known.
    let q = &questions()[6];
    let want = told(&Columns { digests: None, ..kept.clone() }, q);
    assert_eq!(told(&kept, q), want);
    let mut d = Draw(5);
    for path in tallies(folder.path()) {
        let whole = std::fs::read(&path).unwrap();
        for _ in 0..20 {
            let at = d.below(whole.len() as u64) as usize;
            let mut torn = whole.clone();
            if d.one_in(2) {
                torn.truncate(at)
            } else {
                torn[at] ^= 1 << d.below(8)
            }
            std::fs::write(&path, &torn).unwrap();
            // And one that somebody was killed over.
            let begun = format!("{}.1-{at}.part", path.display());
            std::fs::write(&begun, &torn[..torn.len() / 2]).unwrap();
            assert_eq!(told(&anew(&kept, folder.path()), q), want, "at {at} of {}", path.display());
            assert_eq!(std::fs::read(&path).unwrap(), whole, "the same again");
            std::fs::remove_file(begun).unwrap();
        }
        std::fs::remove_file(&path).unwrap();
        assert_eq!(told(&anew(&kept, folder.path()), q), want, "without {}", path.display());
        assert!(path.exists());
    }
}
