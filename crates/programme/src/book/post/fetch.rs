//! What lies apart from hearts, fetched as far as events ask for it.

use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_loyalty::event::Event;
use shuke_loyalty::parts::{self, PartKey};
use shuke_loyalty::{Rules, State};
use shuke_members::MemberId;
use shuke_store::{Row, Tx, Value, args};

use super::sql;
use crate::book::fold::{self, Apart};
use crate::book::rows::Book;
use crate::definition::{Programme, ProgrammeId};

/// A heart's place in the store: merchant, programme, member, and how many parts lie apart.
pub(crate) type Place = (MerchantNo, ProgrammeId, MemberId, i64);

/// A heart, and what it is to take.
struct Wanting<'a> {
    member: MemberId,
    parts: i64,
    heart: &'a mut State,
    apart: &'a mut Apart,
    events: &'a [Event],
}

impl Wanting<'_> {
    /// The parts that it may need on the way to `to` and were not asked for yet.
    fn wanted(&mut self, rules: &Rules, to: Instant) -> Vec<PartKey> {
        if self.parts <= self.apart.loaded.len() as i64 {
            return Vec::new();
        }
        if self.events.is_empty() {
            return parts::needs(rules, self.heart, to, None, &mut self.apart.asked);
        }
        let mut wanted = Vec::new();
        for event in self.events {
            wanted.extend(parts::needs(rules, self.heart, to.max(event.time), Some(event), &mut self.apart.asked));
        }
        wanted
    }

    fn put_back(&mut self, mut row: Row) -> Result<()> {
        self.apart.put_back(self.heart, row.get(1)?, row.get(2)?)
    }
}

/// Puts into each heart what the events of its place, and what is due until now, may touch of what lies apart: for all
/// of them at a statement or two.
pub(super) fn fetch_for<'a>(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Rules,
    books: Vec<Book>,
    events: impl Fn(usize) -> &'a [Event],
) -> Result<Vec<(Book, Apart)>> {
    let mut found: Vec<(Book, Apart)> = books.into_iter().map(|book| (book, Apart::default())).collect();
    let wanting = found.iter_mut().enumerate().map(|(i, (book, apart))| Wanting {
        member: book.member,
        parts: book.parts,
        heart: &mut book.heart,
        apart,
        events: events(i),
    });
    fetch_all(tx, (cx.merchant, programme.id), rules, cx.now, &mut wanting.collect::<Vec<_>>())?;
    Ok(found)
}

/// [`fetch_for`] for one heart in hand.
pub(crate) fn fetch_into(
    tx: &mut Tx<'_>,
    (merchant, programme, member, parts): Place,
    rules: &Rules,
    heart: &mut State,
    apart: &mut Apart,
    to: Instant,
    events: &[Event],
) -> Result<()> {
    fetch_all(tx, (merchant, programme), rules, to, &mut [Wanting { member, parts, heart, apart, events }])
}

/// Asks until nothing more is needed: a reversal names a spend, the spend names lots.
fn fetch_all(tx: &mut Tx<'_>, of: (MerchantNo, ProgrammeId), rules: &Rules, to: Instant, wanting: &mut [Wanting<'_>]) -> Result<()> {
    loop {
        let (mut named, mut whole): (Vec<(usize, String)>, Vec<usize>) = (Vec::new(), Vec::new());
        for (i, one) in wanting.iter_mut().enumerate() {
            let wanted = one.wanted(rules, to);
            if wanted.contains(&PartKey::All) {
                whole.push(i);
            } else {
                named.extend(wanted.iter().map(|key| (i, fold::part_name(key))));
            }
        }
        if named.is_empty() && whole.is_empty() {
            return Ok(());
        }
        for i in whole {
            for row in tx.rows(sql::ALL_PARTS, args![of.0, of.1, wanting[i].member])? {
                wanting[i].put_back(row)?;
            }
        }
        by_name(tx, of, named, wanting)?;
    }
}

/// Parts by whose they are and their names. Of lists of both every member would be asked for every name.
fn by_name(
    tx: &mut Tx<'_>,
    (merchant, programme): (MerchantNo, ProgrammeId),
    named: Vec<(usize, String)>,
    wanting: &mut [Wanting<'_>],
) -> Result<()> {
    if tx.alone() || named.len() == 1 {
        for (i, name) in named {
            if let Some(row) = tx.row(sql::PART, args![merchant, programme, wanting[i].member, name])? {
                wanting[i].put_back(row)?;
            }
        }
        return Ok(());
    }
    if named.is_empty() {
        return Ok(());
    }
    let members = Value::Blobs(named.iter().map(|(i, _)| wanting[*i].member.bytes().to_vec()).collect());
    let names = Value::Texts(named.into_iter().map(|(_, name)| name).collect());
    for mut row in tx.rows(sql::PARTS_OF, &[merchant.into(), programme.into(), members, names])? {
        let member: MemberId = row.get(0)?;
        if let Some(one) = wanting.iter_mut().find(|one| one.member == member) {
            one.put_back(row)?;
        }
    }
    Ok(())
}
