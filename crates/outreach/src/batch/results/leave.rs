//! Who is not written to any more: people who end the messages, addresses that nobody reads.

use std::collections::{BTreeSet, HashMap};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_members::consent::many::{Standing, standing};
use shuke_members::consent::suppression::{self, New};
use shuke_members::consent::{self, Statement};
use shuke_members::profile::reach::reach;
use shuke_store::Tx;

use super::apply::within;
use super::line::Line;
use crate::batch::funnel::{Rules, address_of};
use crate::batch::model::{Batch, Destination};

/// A line after which nothing is sent any more, and whose it is.
pub(super) struct Leaver<'a> {
    /// The member, where one is known.
    pub member: Option<MemberId>,
    /// What the sheet says.
    pub line: &'a Line,
    /// The blind token of the address that was written to.
    pub sent_to: Option<[u8; 16]>,
    /// When the row, or else the batch, left.
    pub handed_at: Option<Instant>,
}

impl Leaver<'_> {
    /// When they ended the messages, and whether the sheet tells that very time. A date alone tells
    /// less than what was agreed to on that day, and counts as now.
    pub fn at(&self, now: Instant) -> (Instant, bool) {
        let told = self.line.answered.filter(|w| !w.date_only && w.at <= now).map(|w| w.at);
        (within(told, self.handed_at, now), told.is_some())
    }
}

/// Suppresses addresses on the batch's channel, and refuses for the members who end the messages. The
/// same again changes nothing.
pub(super) fn leave(tx: &mut Tx<'_>, cx: &Ctx, batch: &Batch, leavers: &[Leaver<'_>]) -> Result<()> {
    if leavers.is_empty() {
        return Ok(());
    }
    let members: Vec<MemberId> = leavers.iter().filter_map(|l| l.member).collect();
    let rules = Rules::of_batch(batch);
    let keys = tx.keys(cx.merchant)?;
    let reached = reach(tx, cx, &members)?;
    let channel = if batch.destination == Destination::Sms { "sms" } else { rules.channel.as_str() };
    let source = batch.spec.signature.as_ref().map_or_else(|| batch.id.to_string(), |s| format!("{} 【{s}】", batch.id));
    let mut suppress = Vec::new();
    for l in leavers.iter().filter(|_| suppression::CHANNELS.contains(&channel)) {
        let told = l.line.phone().filter(|_| ["sms", "phone", "any"].contains(&channel)).map(str::to_owned);
        let known = || l.member.and_then(|m| reached.get(&m)).and_then(|r| address_of(&rules, r));
        // A person ends the messages wherever they are reached now; a dead address is the one written to.
        let is_it = |address: &String| l.line.ends() || l.sent_to == Some(keys.token("batch address", address));
        if let Some(value) = told.or_else(|| known().filter(is_it)) {
            let (reason, at) = (l.line.reason().to_owned(), l.at(cx.now).0);
            suppress.push(New { channel: channel.to_owned(), value, reason, source: source.clone(), at: Some(at) });
        }
    }
    // What is no address of the channel (an account's name) cannot be suppressed; the refusal holds for it.
    suppression::suppress(tx, cx, &suppress)?;
    // Who is written to for service and ends it, ends the advertising first of all.
    let purposes: BTreeSet<&str> = match rules.purpose.as_str() {
        "ads" => BTreeSet::from(["ads"]),
        other => BTreeSet::from(["marketing", other]),
    };
    let mut refuse = Vec::new();
    for purpose in purposes {
        refuse.extend(refusals(tx, cx, batch, purpose, &rules.channel, leavers)?.into_iter().filter(|(m, _)| reached.contains_key(m)));
    }
    consent::record_many(tx, cx, &refuse)
}

/// What of a purpose is refused anew by these lines.
fn refusals(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    batch: &Batch,
    purpose: &str,
    channel: &str,
    leavers: &[Leaver<'_>],
) -> Result<Vec<(MemberId, Statement)>> {
    let members: Vec<MemberId> = leavers.iter().filter(|l| l.line.ends()).filter_map(|l| l.member).collect();
    let said = standing(tx, cx, &members, purpose, channel)?;
    // The newest refusal of each.
    let mut refused: HashMap<MemberId, Option<Instant>> = HashMap::new();
    let mut out = Vec::new();
    for l in leavers.iter().filter(|l| l.line.ends()) {
        let Some(member) = l.member else { continue };
        let (at, told) = l.at(cx.now);
        let newest = match refused.get(&member) {
            Some(newest) => *newest,
            None => {
                let of = |s: &Statement| !s.granted && s.purpose == purpose && (s.channel == channel || s.channel == "any");
                let history = consent::history(tx, cx, member)?;
                history.iter().map(|e| &e.statement).filter(|s| of(s)).map(|s| s.at).max()
            }
        };
        refused.insert(member, newest);
        // A time that the sheet tells is compared; without one whoever refuses already said it.
        let known = newest >= Some(at) || (!told && said.get(&member) == Some(&Standing::Refused));
        if known {
            continue;
        }
        refused.insert(member, Some(at));
        let statement = Statement {
            purpose: purpose.to_owned(),
            channel: channel.to_owned(),
            granted: false,
            source: "reply".to_owned(),
            proof: Some(format!("{}, row {}: {}", batch.id, l.line.row, l.line.reply.as_deref().unwrap_or(l.line.reason()))),
            basis: String::new(),
            at,
        };
        out.push((member, statement));
    }
    Ok(out)
}
