//! Writing down what a sheet says, a few rows a transaction.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};
use shuke_access::{audit, merchants};
use shuke_commerce::behaviour::{self, Act};
use shuke_kernel::{Ctx, Instant, Result, Zone};
use shuke_members::{MemberId, identity};
use shuke_store::{Lane, Row, Store, Tx, args};

use super::leave::{Leaver, leave};
use super::line::{Line, Who, line};
use super::words::{Columns, Said};
use super::{Bad, MOST_ROWS, Outcome, Table};
use crate::batch::model::{Batch, State};
use crate::batch::{BatchId, NO_COLUMNS, TOO_MANY_ROWS, hand, service, sql};

/// Rows of one transaction.
const STEP: usize = 200;

/// Takes in what a sheet says of a batch. Each part is written whole or not at all, and the same sheet
/// again changes nothing, so one that broke off is sent again.
pub fn apply(store: &Store, cx: &Ctx, id: BatchId, table: Table) -> Result<Outcome> {
    let columns = Columns::of(&table.header);
    if !columns.suffice() {
        return Err(NO_COLUMNS.with("found", columns.names(&table.header)).into());
    }
    if table.rows.len() > MOST_ROWS {
        return Err(TOO_MANY_ROWS.with("limit", MOST_ROWS).into());
    }
    let merchant = cx.merchant;
    let (batch, zone) = store.read_now(move |tx| Ok((service::get(tx, merchant, id)?, merchants::get(tx, merchant)?.zone)))?;
    service::among(&batch, &[State::HandedOver, State::Closed])?;
    let zone = Zone::named(&zone).unwrap_or_else(Zone::shanghai);
    let mut outcome = Outcome { rows: table.rows.len() as i64, ..Outcome::default() };
    let mut lines = Vec::new();
    for (row, cells) in &table.rows {
        match line(&columns, *row, cells, &zone) {
            Ok(line) => lines.push(line),
            Err(why) => outcome.add(Outcome { bad: 1, bad_rows: vec![Bad { row: *row, why }], ..Outcome::default() }),
        }
    }
    for part in lines.chunks(STEP) {
        let (cx, batch, part) = (Ctx { key: None, ..cx.clone() }, batch.clone(), part.to_vec());
        outcome.add(store.write_now(Lane::Bulk, move |tx| step(tx, &cx, &batch, &part))?);
    }
    let (cx, said) =
        (Ctx { key: None, ..cx.clone() }, format!("{} rows, {} unsubscribed, {} bad", outcome.rows, outcome.unsubscribed, outcome.bad));
    store.write_now(Lane::Interactive, move |tx| audit::record(tx, &cx, "batch.results", &id.to_string(), &said).map(|_| ()))?;
    Ok(outcome)
}

/// A handed-over row, as the store has it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Known {
    place: i64,
    member: MemberId,
    receipt: Option<String>,
    receipt_at: Option<Instant>,
    replied_at: Option<Instant>,
    unsubscribed_at: Option<Instant>,
    address: Option<[u8; 16]>,
    link: Option<String>,
    handed_at: Instant,
}

fn known(mut r: Row) -> Result<Known> {
    Ok(Known {
        place: r.get(0)?,
        member: r.get(1)?,
        receipt: r.get(2)?,
        receipt_at: r.get(3)?,
        replied_at: r.get(4)?,
        unsubscribed_at: r.get(5)?,
        address: r.get(6)?,
        link: r.get(7)?,
        handed_at: r.get(8)?,
    })
}

/// The rows of the batch that lines name, each once however it is named, and how it is found.
#[derive(Default)]
struct Rows {
    by_place: BTreeMap<i64, Known>,
    places: HashMap<Who, i64>,
    /// Who lives behind the ids that the sheet names.
    living: HashMap<MemberId, MemberId>,
}

impl Rows {
    fn of(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, lines: &[Line]) -> Result<Self> {
        let keys = tx.keys(cx.merchant)?;
        let mut out = Self::default();
        let (mut links, mut members, mut phones) = (Vec::new(), HashMap::<MemberId, Vec<MemberId>>::new(), HashMap::new());
        for who in lines.iter().flat_map(|line| &line.who) {
            match who {
                Who::Link(code) => links.push(code.clone()),
                Who::Member(id) => {
                    let living = identity::resolve(tx, cx, *id)?;
                    out.living.extend(living.map(|living| (*id, living)));
                    // An erased member's row is still the batch's.
                    members.entry(living.unwrap_or(*id)).or_default().push(*id);
                }
                Who::Phone(phone) => drop(phones.insert(keys.token("batch address", phone), phone.clone())),
            }
        }
        if !links.is_empty() {
            for r in tx.rows(sql::BY_LINK, args![cx.merchant, batch.id, links])? {
                let found = known(r)?;
                let who = found.link.clone().map(Who::Link);
                out.put(found, who);
            }
        }
        if !members.is_empty() {
            let list: Vec<Vec<u8>> = members.keys().map(|id| id.bytes().to_vec()).collect();
            for r in tx.rows(sql::BY_MEMBER, args![cx.merchant, batch.id, list])? {
                let found = known(r)?;
                let named = members.get(&found.member).cloned().unwrap_or_default();
                out.put(found, named.into_iter().map(Who::Member));
            }
        }
        if !phones.is_empty() {
            let tokens: Vec<Vec<u8>> = phones.keys().map(|t| t.to_vec()).collect();
            for r in tx.rows(sql::BY_ADDRESS, args![cx.merchant, batch.id, tokens])? {
                let found = known(r)?;
                let who = found.address.and_then(|token| phones.get(&token)).cloned().map(Who::Phone);
                out.put(found, who);
            }
        }
        Ok(out)
    }

    /// Of two rows of one name (two members of the batch became one) the first in the batch counts.
    fn put(&mut self, found: Known, named: impl IntoIterator<Item = Who>) {
        for who in named {
            self.places.entry(who).and_modify(|place| *place = (*place).min(found.place)).or_insert(found.place);
        }
        self.by_place.insert(found.place, found);
    }

    fn find(&mut self, line: &Line) -> Option<&mut Known> {
        let place = line.who.iter().find_map(|who| self.places.get(who))?;
        self.by_place.get_mut(place)
    }

    /// Whose a line is that names no row of the batch, where it says so.
    fn stranger(&self, tx: &mut Tx<'_>, cx: &Ctx, line: &Line) -> Result<Option<MemberId>> {
        for who in &line.who {
            let found = match who {
                Who::Link(code) => match tx.row(sql::LINK, args![cx.merchant, code])? {
                    Some(mut row) => identity::resolve(tx, cx, row.get(2)?)?,
                    None => None,
                },
                Who::Member(id) => self.living.get(id).copied(),
                Who::Phone(_) => None,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

fn step(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, lines: &[Line]) -> Result<Outcome> {
    service::hold(tx, cx.merchant, batch.id)?;
    let mut rows = Rows::of(tx, cx, batch, lines)?;
    let mut outcome = Outcome::default();
    let (mut acts, mut leavers): (Vec<Act>, Vec<Leaver<'_>>) = (Vec::new(), Vec::new());
    for line in lines {
        let Some(row) = rows.find(line) else {
            outcome.not_in_batch += 1;
            if line.ends() || line.is_dead() {
                let member = if line.ends() { rows.stranger(tx, cx, line)? } else { None };
                outcome.unsubscribed += i64::from(line.ends() && (member.is_some() || line.phone().is_some()));
                leavers.push(Leaver { member, line, sent_to: None, handed_at: batch.handed_at });
            }
            continue;
        };
        let before = row.clone();
        match line.said {
            Some(Said::Delivered) => outcome.delivered += i64::from(receipt(row, "delivered", line.received)),
            Some(Said::Failed | Said::Bounced) => outcome.failed += i64::from(receipt(row, "failed", line.received)),
            Some(Said::Sent) => outcome.sent += 1,
            _ => {}
        }
        if let Some(text) = &line.reply {
            let at = within(line.answered.map(|w| w.at), Some(row.handed_at), cx.now);
            if row.replied_at.is_none() {
                outcome.replied += 1;
                row.replied_at = Some(at);
            }
            acts.push(reply(batch, row, text, line, at));
        }
        // Told again, it is obeyed again: they may have agreed in between.
        let leaver = Leaver { member: Some(row.member), line, sent_to: row.address, handed_at: Some(row.handed_at) };
        if line.ends() {
            if row.unsubscribed_at.is_none() {
                row.unsubscribed_at = Some(leaver.at(cx.now).0);
                outcome.unsubscribed += 1;
            }
            leavers.push(leaver);
        } else if line.is_dead() && row.receipt.as_deref() == Some("failed") {
            leavers.push(leaver);
        }
        if before == *row {
            outcome.unchanged += 1;
        } else {
            let set = args![cx.merchant, batch.id, row.place, row.receipt.clone(), row.receipt_at, row.replied_at, row.unsubscribed_at];
            tx.exec(sql::RESULT, set)?;
        }
    }
    behaviour::record_many(tx, cx, &acts)?;
    leave(tx, cx, batch, &leavers)?;
    Ok(outcome)
}

/// A time of a sheet, never before the handing over nor after now; now where there is none.
pub(super) fn within(at: Option<Instant>, handed_at: Option<Instant>, now: Instant) -> Instant {
    at.unwrap_or(now).max(handed_at.unwrap_or(Instant(i64::MIN))).min(now)
}

/// Writes a receipt down, unless a later one is known. Whether it says anything new.
fn receipt(row: &mut Known, word: &str, at: Option<Instant>) -> bool {
    if row.receipt_at.is_some() && at < row.receipt_at || (row.receipt.as_deref() == Some(word) && at <= row.receipt_at) {
        return false;
    }
    row.receipt = Some(word.to_owned());
    row.receipt_at = at.or(row.receipt_at);
    true
}

/// A reply, once by what it said and when.
fn reply(batch: &Batch, row: &Known, text: &str, line: &Line, at: Instant) -> Act {
    let said_at = line.answered.map(|w| w.at).or(line.received).map_or(0, Instant::micros);
    let hash = Sha256::new().chain_update(said_at.to_be_bytes()).chain_update(text.as_bytes()).finalize();
    let name: String = hash.iter().take(8).map(|b| format!("{b:02x}")).collect();
    let text = text.chars().take(10_000).collect();
    Act { text: Some(text), ..hand::act(batch, row.place, "message_replied", &format!("reply/{name}"), row.member, at) }
}
