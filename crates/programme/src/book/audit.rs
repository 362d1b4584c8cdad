//! What must hold of the books whatever crashed: every balance is the sum of its entries, all accounts of a book sum
//! to nothing, numbers run without a gap, points free to spend lie in lots, and the heart is what the events make it.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Result};
use shuke_loyalty::{Account, Entry, Event, Rules};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::entries::{self, Kept};
use super::fold::{self, Apart};
use super::rows::{self, Book, Standing};
use super::{post, sql};
use crate::definition::{Programme, service};

/// Books read at a time.
const STEP: i64 = 500;
/// Of so many books one is folded anew, unless all are asked for.
const SAMPLE: u8 = 16;

/// What a walk is about.
struct Walk<'a> {
    programme: &'a Programme,
    rules: std::sync::Arc<Rules>,
    deep: bool,
    found: Vec<String>,
}

/// Checks every book of a merchant; `deep` folds each anew from its events, else a sample of them.
pub fn audit(tx: &mut Tx<'_>, cx: &Ctx, deep: bool) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for programme in service::list(tx, cx.merchant)? {
        found.append(&mut of(tx, cx, &programme, deep)?);
    }
    Ok(found)
}

/// Checks every book of a programme, and that what merges moved came from somewhere: over all books it sums to nothing.
pub fn of(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, deep: bool) -> Result<Vec<String>> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    let mut walk = Walk { programme, rules, deep, found: Vec::new() };
    let mut after = MemberId::from_bytes([0; 16]);
    let (mut books, mut transferred) = (0_i64, 0_i128);
    loop {
        let page = tx.rows(sql::BALANCES, args![cx.merchant, programme.id, after, STEP])?;
        let mut kept = Vec::with_capacity(page.len());
        for row in page {
            kept.push(Balances::read(row)?);
        }
        let (Some(first), Some(last)) = (kept.first().map(|b| b.member), kept.last().map(|b| b.member)) else { break };
        walk.page(tx, cx, &kept, first, last)?;
        after = last;
        books += kept.len() as i64;
        transferred += kept.iter().map(|book| i128::from(book.of[Account::Transferred as usize])).sum::<i128>();
    }
    let counted = service::books(tx, cx.merchant, programme.id)?;
    if counted != books {
        walk.found.push(format!("{}: {counted} books are counted, there are {books}", programme.id));
    }
    if transferred != 0 {
        walk.found.push(format!("{}: merges moved {transferred} points that nobody gave", programme.id));
    }
    Ok(walk.found)
}

/// A book's row without its heart.
struct Balances {
    member: MemberId,
    standing: Standing,
    of: [i64; 8],
    events: i64,
    entries: i64,
}

impl Balances {
    fn read(mut r: shuke_store::Row) -> Result<Self> {
        let mut of = [0; 8];
        for (i, balance) in of.iter_mut().enumerate() {
            *balance = r.get(2 + i)?;
        }
        Ok(Self { member: r.get(0)?, standing: Standing::of(&r.get::<String>(1)?)?, of, events: r.get(10)?, entries: r.get(11)? })
    }
}

/// What a member's entries come to.
#[derive(Default)]
struct Summed {
    of: [i128; 8],
    count: i64,
    last: i64,
    least: Option<i64>,
}

impl Walk<'_> {
    fn page(&mut self, tx: &mut Tx<'_>, cx: &Ctx, kept: &[Balances], first: MemberId, last: MemberId) -> Result<()> {
        let id = self.programme.id;
        let mut sums: BTreeMap<MemberId, Summed> = BTreeMap::new();
        for mut r in tx.rows(sql::SUMS, args![cx.merchant, id, first, last])? {
            let sum = sums.entry(r.get(0)?).or_default();
            let (from, to) = (entries::account_of(&r.get::<String>(1)?)?, entries::account_of(&r.get::<String>(2)?)?);
            let amount = i128::from(r.get::<i64>(3)?);
            sum.of[from as usize] -= amount;
            sum.of[to as usize] += amount;
            sum.count += r.get::<i64>(4)?;
            sum.last = sum.last.max(r.get(6)?);
            let least = r.get(7)?;
            sum.least = Some(sum.least.map_or(least, |l: i64| l.min(least)));
        }
        let mut events: BTreeMap<MemberId, (i64, i64)> = BTreeMap::new();
        for mut r in tx.rows(sql::EVENT_COUNTS, args![cx.merchant, id, first, last])? {
            events.insert(r.get(0)?, (r.get(1)?, r.get(2)?));
        }
        for book in kept {
            let sum = sums.remove(&book.member).unwrap_or_default();
            let told = events.remove(&book.member).unwrap_or_default();
            let sound = self.row(book, &sum, told);
            let sampled = self.deep || book.member.bytes()[15].is_multiple_of(SAMPLE);
            if book.standing == Standing::Open && (sampled || !sound) {
                self.whole(tx, cx, book.member)?;
            }
        }
        for member in sums.keys().chain(events.keys()) {
            self.found.push(format!("{id} {member}: there are entries or events and no book"));
        }
        Ok(())
    }

    fn says(&mut self, member: MemberId, what: String) {
        self.found.push(format!("{} {member}: {what}", self.programme.id));
    }

    /// What a row and the sums of its entries tell. Whether nothing is wrong.
    fn row(&mut self, book: &Balances, sum: &Summed, (count, last): (i64, i64)) -> bool {
        let before = self.found.len();
        let all: i128 = book.of.iter().map(|b| i128::from(*b)).sum();
        if all != 0 {
            self.says(book.member, format!("the accounts sum to {all}"));
        }
        for account in Account::ALL {
            let (kept, booked) = (book.of[account as usize], sum.of[account as usize]);
            if i128::from(kept) != booked {
                self.says(book.member, format!("{} is {kept}, its entries sum to {booked}", account.name()));
            }
        }
        if (sum.count, sum.last) != (book.entries, book.entries) {
            self.says(book.member, format!("{} entries up to number {}, the book gave {}", sum.count, sum.last, book.entries));
        }
        if sum.least.is_some_and(|least| least <= 0) {
            self.says(book.member, "an entry moves nothing or less".to_owned());
        }
        if (count, last) != (book.events, book.events) {
            self.says(book.member, format!("{count} events up to number {last}, the book gave {}", book.events));
        }
        self.found.len() == before
    }

    /// The heart against its events, and entry by entry what was booked against what should have been.
    fn whole(&mut self, tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<()> {
        let id = self.programme.id;
        let Some(mut book) = rows::get(tx, cx.merchant, id, member)? else { return Ok(()) };
        let mut apart = Apart::default();
        for mut row in tx.rows(sql::ALL_PARTS, args![cx.merchant, id, member])? {
            apart.put_back(&mut book.heart, row.get(1)?, row.get(2)?)?;
        }
        if apart.loaded.len() as i64 != book.parts {
            self.says(member, format!("{} parts lie apart, the book counts {}", apart.loaded.len(), book.parts));
        }
        let heart = &book.heart;
        let debt: i128 = heart.owed.iter().map(|owed| i128::from(owed.points)).sum();
        if i128::from(heart.available()) != heart.lots.sum() - debt {
            self.says(member, format!("{} points are free, lots have {} and {debt} are owed", heart.available(), heart.lots.sum()));
        }
        let history = post::read_history(tx, cx.merchant, id, member)?;
        let booked = entries::all(tx, cx, id, member)?;
        self.anew(&book, &history, &booked);
        Ok(())
    }

    fn anew(&mut self, book: &Book, history: &[Event], booked: &[Kept]) {
        let made = match fold::anew(&self.rules, book, history) {
            Ok(made) => made,
            Err(refusal) => return self.says(book.member, format!("the events cannot be folded: {}", refusal.text(false))),
        };
        if made.state != book.heart {
            let (is, makes) = (rows::balances(&book.heart.accounts), rows::balances(&made.state.accounts));
            self.says(book.member, format!("the heart is not what the events make: balances {is:?}, by the events {makes:?}"));
        }
        let mut should: BTreeMap<Key<'_>, i64> = BTreeMap::new();
        for entry in &made.entries {
            add(&mut should, entry, -1);
        }
        for kept in booked {
            add(&mut should, &kept.entry, 1);
        }
        should.retain(|_, amount| *amount != 0);
        let wrong: Vec<i64> = booked.iter().filter(|k| should.keys().any(|key| *key == key_of(&k.entry).0)).map(|k| k.seq).collect();
        for seq in &wrong {
            self.says(book.member, format!("entry {seq} is not what the events make of it"));
        }
        if wrong.is_empty() && !should.is_empty() {
            self.says(book.member, format!("{} entries that the events make are not there", should.len()));
        }
    }
}

/// What makes two entries one: all but the amount, and which way it goes.
type Key<'a> = (i64, &'a str, &'a str, Option<&'a str>, Account, Account, u32);

/// An entry's key, from the smaller account to the larger, and its sign.
fn key_of(entry: &Entry) -> (Key<'_>, i64) {
    let (from, to, sign) = if entry.from < entry.to { (entry.from, entry.to, 1) } else { (entry.to, entry.from, -1) };
    ((entry.happened.micros(), &entry.cause.kind, &entry.cause.id, entry.lot.as_deref(), from, to, entry.version), sign)
}

fn add<'a>(sums: &mut BTreeMap<Key<'a>, i64>, entry: &'a Entry, times: i64) {
    let (key, sign) = key_of(entry);
    let sum = sums.entry(key).or_default();
    *sum = sum.saturating_add(times * sign * entry.amount);
}
