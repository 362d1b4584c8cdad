//! What is in the tables in the end, read as they are, against what the clients were told.

use std::collections::{BTreeMap, HashMap, HashSet};

use shuke_kernel::Result;
use shuke_store::{FromValue, Row, Store, args};

use super::clients::{Fate, Sent, What};
use super::{ENDED_LOTS, ENDED_POINTS};

const EVENTS: &str = "SELECT member, kind, event_id, outcome, seq FROM points_event ORDER BY member, seq";
const ENTRIES: &str =
    "SELECT member, cause_kind, cause_id, from_account, to_account, amount, lot, corrects FROM points_entry ORDER BY member, seq";
const BOOKS: &str = "SELECT member, pending, available, frozen, issued, redeemed, expired, reversed, transferred FROM points_book";

/// How often what happened, for the record.
#[derive(Default, Debug)]
pub struct Told {
    pub done: usize,
    pub refused: usize,
    pub unknown: usize,
    pub lots_ended: usize,
    pub holds_ended: usize,
}

type Id = [u8; 16];

fn of<T: FromValue>(row: &mut Row, i: usize) -> T {
    row.get(i).unwrap()
}

fn id(row: &mut Row) -> Id {
    of::<Vec<u8>>(row, 0).try_into().unwrap()
}

/// What was moved between two accounts on account of one event, corrections and all, and in how many entries.
#[derive(Default)]
struct Moved {
    between: BTreeMap<(String, String), i64>,
}

impl Moved {
    fn net(&self, from: &str, to: &str) -> i64 {
        let way = |from: &str, to: &str| self.between.get(&(from.to_owned(), to.to_owned())).copied().unwrap_or(0);
        way(from, to) - way(to, from)
    }

    fn is_nothing(&self) -> bool {
        self.between.keys().all(|(from, to)| self.net(from, to) == 0)
    }
}

/// The books as their tables tell them.
struct Tables {
    /// By kind and id: whose, and what was answered.
    events: HashMap<(String, String), Vec<(Id, String)>>,
    moved: HashMap<(Id, String, String), Moved>,
    /// By member and lot: what ended of it, in how many entries.
    ended: HashMap<(Id, String), (i64, usize)>,
}

fn rows(store: &Store, sql: &'static str) -> Vec<Row> {
    store.read_now(move |tx| -> Result<Vec<Row>> { tx.rows(sql, args![]) }).unwrap()
}

/// Merchants of whose feed the subscriber has not heard everything, and books in which something is held that is to come
/// back by itself.
pub fn left(store: &Store) -> (i64, i64) {
    store.stamp_events().unwrap();
    let behind = "SELECT COUNT(*) FROM feed_head h, feed_offset o WHERE o.merchant = h.merchant AND o.subscriber = 'points' AND o.position < h.position";
    let held = "SELECT COUNT(*) FROM points_book WHERE frozen <> 0";
    let count = |sql| of(&mut rows(store, sql)[0], 0);
    (count(behind), count(held))
}

/// Every book sums to nothing, and so do all; nothing was spent that was not there.
fn books(store: &Store) {
    let mut all = [0_i64; 8];
    for mut row in rows(store, BOOKS) {
        let member = id(&mut row);
        let of: Vec<i64> = (1..9).map(|i| of(&mut row, i)).collect();
        assert_eq!(of.iter().sum::<i64>(), 0, "the accounts of {member:02x?}: {of:?}");
        assert!(of[0] >= 0, "{member:02x?}: {} pending", of[0]);
        assert_eq!(of[2], 0, "{member:02x?}: something is still held");
        all.iter_mut().zip(of).for_each(|(sum, of)| *sum += of);
    }
    assert_eq!(all.iter().sum::<i64>(), 0, "all accounts: {all:?}");
}

impl Tables {
    fn read(store: &Store) -> Self {
        let mut events: HashMap<(String, String), Vec<(Id, String)>> = HashMap::new();
        for mut row in rows(store, EVENTS) {
            events.entry((of(&mut row, 1), of(&mut row, 2))).or_default().push((id(&mut row), of(&mut row, 3)));
        }
        let mut tables = Self { events, moved: HashMap::new(), ended: HashMap::new() };
        // Member by member, in the order in which they were booked.
        let mut free: HashMap<Id, i64> = HashMap::new();
        let mut held: HashMap<Id, i64> = HashMap::new();
        for mut row in rows(store, ENTRIES) {
            let member = id(&mut row);
            let [kind, cause, from, to]: [String; 4] = [1, 2, 3, 4].map(|i| of(&mut row, i));
            let (amount, lot, corrects): (i64, Option<String>, bool) = (of(&mut row, 5), of(&mut row, 6), of(&mut row, 7));
            assert!(amount > 0, "an entry of {amount}");
            for (sums, account) in [(&mut free, "available"), (&mut held, "frozen")] {
                let sum = sums.entry(member).or_default();
                *sum += i64::from(to == account) * amount - i64::from(from == account) * amount;
            }
            if !corrects && ["spend", "hold"].contains(&kind.as_str()) {
                assert!(free[&member] >= 0, "{kind} {cause} took {member:02x?} to {}", free[&member]);
            }
            assert!(corrects || held[&member] >= 0, "{member:02x?} has {} held", held[&member]);
            if kind == "lot_end" {
                let ended = tables.ended.entry((member, lot.unwrap_or_default())).or_default();
                ended.0 += i64::from(to == "expired") * amount - i64::from(from == "expired") * amount;
                ended.1 += usize::from(!corrects);
            }
            *tables.moved.entry((member, kind, cause)).or_default().between.entry((from, to)).or_default() += amount;
        }
        tables
    }

    fn moved(&self, member: Id, kind: &str, id: &str, from: &str, to: &str) -> i64 {
        self.moved.get(&(member, kind.to_owned(), id.to_owned())).map_or(0, |moved| moved.net(from, to))
    }

    /// A request is there once, and did what it was to do; or it did nothing.
    fn request(&self, sent: &Sent, member: Id) {
        let kind = sent.what.kind();
        let there = self.events.get(&(kind.to_owned(), sent.id.clone())).map(Vec::as_slice).unwrap_or_default();
        let is_done = match (sent.fate, there) {
            (_, [(whose, outcome)]) => {
                assert_eq!(*whose, member, "{sent:?} is another's");
                let is_done = outcome == "ok";
                assert!(sent.fate == Fate::Unknown || is_done == (sent.fate == Fate::Done), "{sent:?} was answered {outcome}");
                is_done
            }
            (Fate::Unknown, []) => false,
            (_, there) => panic!("{sent:?} is there {} times", there.len()),
        };
        let moved = |from, to| self.moved(member, kind, &sent.id, from, to);
        if !is_done {
            let moved = self.moved.get(&(member, kind.to_owned(), sent.id.clone()));
            assert!(moved.is_none_or(Moved::is_nothing), "{sent:?} was refused and moved points");
            return;
        }
        match &sent.what {
            What::Spend(points) => assert_eq!(moved("available", "redeemed"), *points, "{sent:?}"),
            What::Adjust(points) => assert_eq!(moved("issued", "available"), *points, "{sent:?}"),
            What::Reverse(_, points) => assert_eq!(moved("redeemed", "available"), *points, "{sent:?}"),
            What::Hold(points, _) => {
                assert_eq!(moved("available", "frozen"), *points, "{sent:?}");
                // It ended, in one way.
                let by_itself = self.moved(member, "hold_end", &sent.id, "frozen", "available");
                assert!([0, *points].contains(&by_itself), "{sent:?}: {by_itself} came back");
            }
            What::Capture(_) => assert!(moved("frozen", "redeemed") > 0, "{sent:?}"),
            What::Release(_) => assert!(moved("frozen", "available") > 0, "{sent:?}"),
            What::Order(yuan, ..) => assert_eq!(moved("issued", "pending"), *yuan, "{sent:?}"),
            What::Refund(_, yuan) => {
                assert_eq!(moved("pending", "reversed") + moved("available", "reversed"), *yuan, "{sent:?}");
            }
        }
    }
}

/// Everything that was told is so; counts for the record.
pub fn compare(store: &Store, members: &[Id], past: usize, logs: &[&[Sent]]) -> Told {
    books(store);
    let tables = Tables::read(store);
    let mut told = Told::default();
    let mut known: HashSet<(&str, &str)> = HashSet::new();
    for sent in logs.iter().flat_map(|log| log.iter()) {
        tables.request(sent, members[sent.member]);
        known.insert((sent.what.kind(), &sent.id));
        match sent.fate {
            Fate::Done => told.done += 1,
            Fate::Refused => told.refused += 1,
            Fate::Unknown => told.unknown += 1,
        }
    }
    for (kind, id) in tables.events.keys() {
        let is_asked =
            ["spend", "adjust", "hold", "hold_capture", "hold_release", "spend_reverse", "refund", "order_paid"].contains(&kind.as_str());
        // An order that was read while its refund was being recorded is told to have given back something, and then otherwise.
        let gave_way = id.contains("#back#");
        assert!(!is_asked || gave_way || id.starts_with("past-") || known.contains(&(kind, id)), "nobody asked for {kind} {id}");
    }
    for member in &members[..past] {
        for n in 0..ENDED_LOTS {
            let ended = tables.ended.get(&(*member, format!("adjust:past-{n}"))).copied().unwrap_or_default();
            assert_eq!(ended, (ENDED_POINTS, 1), "what ended of lot {n} of {member:02x?}, and in how many entries");
        }
    }
    told.lots_ended = tables.ended.len();
    told.holds_ended = tables.moved.keys().filter(|(_, kind, _)| kind == "hold_end").count();
    told
}
