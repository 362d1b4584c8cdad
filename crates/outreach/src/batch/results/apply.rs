//! Writing down what a sheet says, a few rows a transaction.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use shuke_access::{audit, merchants};
use shuke_commerce::behaviour::{self, Act};
use shuke_kernel::{Code, Ctx, Instant, Kind, Refusal, Result, Zone};
use shuke_members::MemberId;
use shuke_members::consent::many::{Standing, standing};
use shuke_members::consent::suppression::{self, New};
use shuke_members::consent::{self, Statement};
use shuke_members::identity::model::normal_phone;
use shuke_members::profile::reach::reach;
use shuke_store::{Lane, Row, Store, Tx, args};

use super::words::{Columns, Said, ends_messages, status, time};
use super::{Bad, MOST_ROWS, Outcome, Table};
use crate::batch::funnel::{Rules, address_of};
use crate::batch::model::{Batch, Destination, State};
use crate::batch::{BatchId, NO_COLUMNS, TOO_MANY_ROWS, hand, service, sql};

/// Rows of one transaction.
const STEP: usize = 200;

static BAD_WHO: Code = Code {
    code: "batch.result_who",
    kind: Kind::Invalid,
    zh: "这一行认不出是谁（手机号、短链码、会员编号都读不出）。",
    en: "Nothing in this row says whose it is: no phone, link code or member that can be read.",
};
static BAD_STATUS: Code =
    Code {
        code: "batch.result_status", kind: Kind::Invalid, zh: "不认识状态“{word}”。", en: "The status `{word}` is not known."
    };
static BAD_TIME: Code =
    Code {
        code: "batch.result_time", kind: Kind::Invalid, zh: "时间“{word}”读不出来。", en: "`{word}` is no time that can be read."
    };
static NOTHING_SAID: Code = Code {
    code: "batch.result_empty",
    kind: Kind::Invalid,
    zh: "这一行既没有状态也没有回复。",
    en: "This row has neither a status nor a reply.",
};

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Who {
    Link(String),
    Member(MemberId),
    Phone(String),
}

/// A row, read.
#[derive(Clone, Debug)]
struct Line {
    row: u64,
    who: Who,
    said: Option<Said>,
    reply: Option<String>,
    at: Option<Instant>,
}

fn line(columns: &Columns, row: u64, cells: &[String], zone: &Zone) -> std::result::Result<Line, Refusal> {
    let cell = |at: Option<usize>| at.and_then(|i| cells.get(i)).map(|c| c.trim()).filter(|c| !c.is_empty());
    let link = cell(columns.link).map(|l| l.rsplit('/').next().unwrap_or(l).to_owned());
    let who = link
        .filter(|l| crate::batch::draw::owner(l).is_some())
        .map(Who::Link)
        .or_else(|| cell(columns.member).and_then(|m| m.parse().ok()).map(Who::Member))
        .or_else(|| cell(columns.phone).and_then(|p| normal_phone(p.trim_start_matches('\''))).map(Who::Phone))
        .ok_or_else(|| BAD_WHO.refuse())?;
    let reply = cell(columns.reply).map(str::to_owned);
    let said = match cell(columns.status) {
        Some(word) => Some(status(word).ok_or_else(|| BAD_STATUS.with("word", word))?),
        None if reply.is_none() => return Err(NOTHING_SAID.refuse()),
        None => None,
    };
    let at = match cell(columns.time) {
        Some(text) => time(text, zone).map_err(|()| BAD_TIME.with("word", text))?,
        None => None,
    };
    Ok(Line { row, who, said, reply, at })
}

/// Takes in what a sheet says of a batch. Each part is written whole or not at all, and the same sheet
/// again changes nothing, so one that broke off is sent again.
pub fn apply(store: &Store, cx: &Ctx, id: BatchId, table: Table) -> Result<Outcome> {
    let columns = Columns::of(&table.header);
    if !columns.suffice() {
        return Err(NO_COLUMNS.with("found", columns.names()).into());
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
}

fn known(r: &mut Row) -> Result<Known> {
    Ok(Known {
        place: r.get(0)?,
        member: r.get(1)?,
        receipt: r.get(2)?,
        receipt_at: r.get(3)?,
        replied_at: r.get(4)?,
        unsubscribed_at: r.get(5)?,
    })
}

fn rows_of(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, lines: &[Line]) -> Result<HashMap<Who, Known>> {
    let keys = tx.keys(cx.merchant)?;
    let (mut links, mut members, mut phones) = (Vec::new(), Vec::new(), HashMap::new());
    for line in lines {
        match &line.who {
            Who::Link(code) => links.push(code.clone()),
            Who::Member(id) => members.push(id.bytes().to_vec()),
            Who::Phone(phone) => drop(phones.insert(keys.token("batch address", phone), phone.clone())),
        }
    }
    let mut out = HashMap::new();
    if !links.is_empty() {
        for mut r in tx.rows(sql::BY_LINK, args![cx.merchant, batch.id, links])? {
            out.insert(Who::Link(r.get(7)?), known(&mut r)?);
        }
    }
    if !members.is_empty() {
        for mut r in tx.rows(sql::BY_MEMBER, args![cx.merchant, batch.id, members])? {
            let found = known(&mut r)?;
            out.insert(Who::Member(found.member), found);
        }
    }
    if !phones.is_empty() {
        let tokens: Vec<Vec<u8>> = phones.keys().map(|t| t.to_vec()).collect();
        for mut r in tx.rows(sql::BY_ADDRESS, args![cx.merchant, batch.id, tokens])? {
            let token: [u8; 16] = r.get(6)?;
            if let Some(phone) = phones.remove(&token) {
                out.insert(Who::Phone(phone), known(&mut r)?);
            }
        }
    }
    Ok(out)
}

fn step(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, lines: &[Line]) -> Result<Outcome> {
    service::hold(tx, cx.merchant, batch.id)?;
    let mut rows = rows_of(tx, cx, batch, lines)?;
    let mut outcome = Outcome::default();
    let (mut acts, mut leavers): (Vec<Act>, Vec<(Option<MemberId>, Option<String>, Line)>) = (Vec::new(), Vec::new());
    for line in lines {
        let complained = line.said == Some(Said::Complained);
        let ends = complained || line.said == Some(Said::Unsubscribed) || line.reply.as_deref().is_some_and(ends_messages);
        let phone = match &line.who {
            Who::Phone(phone) => Some(phone.clone()),
            _ => None,
        };
        let Some(row) = rows.get_mut(&line.who) else {
            outcome.not_in_batch += 1;
            if ends && phone.is_some() {
                outcome.unsubscribed += 1;
                leavers.push((None, phone, line.clone()));
            }
            continue;
        };
        let before = row.clone();
        let at = line.at.unwrap_or(cx.now);
        match line.said {
            Some(Said::Delivered) => outcome.delivered += i64::from(receipt(row, "delivered", line.at)),
            Some(Said::Failed) => outcome.failed += i64::from(receipt(row, "failed", line.at)),
            Some(Said::Sent) => outcome.sent += 1,
            _ => {}
        }
        if let Some(text) = &line.reply {
            if row.replied_at.is_none() {
                outcome.replied += 1;
                row.replied_at = Some(at);
            }
            acts.push(reply(batch, row, text, line.at, at));
        }
        if ends && row.unsubscribed_at.is_none() {
            row.unsubscribed_at = Some(at);
            outcome.unsubscribed += 1;
            leavers.push((Some(row.member), phone, line.clone()));
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
fn reply(batch: &Batch, row: &Known, text: &str, said_at: Option<Instant>, at: Instant) -> Act {
    let hash = Sha256::new().chain_update(said_at.map_or(0, Instant::micros).to_be_bytes()).chain_update(text.as_bytes()).finalize();
    let name: String = hash.iter().take(8).map(|b| format!("{b:02x}")).collect();
    let text = text.chars().take(10_000).collect();
    Act { text: Some(text), ..hand::act(batch, row.place, "message_replied", &format!("reply/{name}"), row.member, at) }
}

/// Ends the messages: the address is suppressed on the channel, and where it is a member's, they refused.
fn leave(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, leavers: &[(Option<MemberId>, Option<String>, Line)]) -> Result<()> {
    if leavers.is_empty() {
        return Ok(());
    }
    let members: Vec<MemberId> = leavers.iter().filter_map(|(member, ..)| *member).collect();
    let rules = Rules::of_batch(batch);
    let reached = reach(tx, cx, &members)?;
    // Who is written to for service and ends it, ends the advertising first of all.
    let purpose = if rules.purpose == "ads" { "ads" } else { "marketing" };
    let said = standing(tx, cx, &members, purpose, &rules.channel)?;
    let (mut suppress, mut refuse) = (Vec::new(), Vec::new());
    let channel = if batch.destination == Destination::Sms { "sms" } else { rules.channel.as_str() };
    let source = batch.spec.signature.as_ref().map_or_else(|| batch.id.to_string(), |s| format!("{} 【{s}】", batch.id));
    for (member, phone, line) in leavers {
        let at = line.at.unwrap_or(cx.now);
        let reason = if line.said == Some(Said::Complained) { "complained" } else { "unsubscribed" };
        let address = phone.clone().or_else(|| member.and_then(|m| reached.get(&m)).and_then(|r| address_of(&rules, r)));
        if let Some(value) = address.filter(|_| suppression::CHANNELS.contains(&channel)) {
            suppress.push(New { channel: channel.to_owned(), value, reason: reason.to_owned(), source: source.clone(), at: Some(at) });
        }
        if let Some(member) = member.filter(|m| reached.contains_key(m) && said.get(m) != Some(&Standing::Refused)) {
            let words = line.reply.as_deref().unwrap_or(reason);
            let statement = Statement {
                purpose: purpose.to_owned(),
                channel: rules.channel.clone(),
                granted: false,
                source: "reply".to_owned(),
                proof: Some(format!("{}, row {}: {words}", batch.id, line.row)),
                basis: String::new(),
                at,
            };
            refuse.push((member, statement));
        }
    }
    // What is no address of the channel (an account's name) cannot be suppressed; the refusal holds for it.
    suppression::suppress(tx, cx, &suppress)?;
    consent::record_many(tx, cx, &refuse)
}
