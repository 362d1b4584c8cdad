//! Giving a batch out. Each step stamps its rows, gives them their codes and records that they were
//! reached, in one transaction, before anything is written to a file: a row that was given out once is
//! a repeat from then on, whatever became of the file.

use std::collections::{BTreeMap, HashMap, HashSet};

use shuke_access::audit;
use shuke_commerce::behaviour::{self, Act};
use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_members::MemberId;
use shuke_members::profile::reach::Reach;
use shuke_store::flags::OUTREACH_PAUSED;
use shuke_store::{Row, Tx, args};

use super::apart::{self, Since};
use super::funnel::{self, Guarded, Rules, guard, tired};
use super::model::{Batch, Counts, Destination, State, Verdict};
use super::twins::{Taken, Token};
use super::{BatchId, CODES_SHORT, NO_LINK_BASE, PAUSED, codes, service, sql};

/// The source under which acts of batches are recorded.
pub const SOURCE: &str = "batch";
/// Rows of one step.
pub const STEP: i64 = 200;

/// A giving out that was begun.
#[derive(Clone, Debug)]
pub struct Export {
    /// The batch as it was found.
    pub batch: Batch,
    /// The how-manieth it is; from the second on a repeat.
    pub number: i64,
    /// The address that links begin with, without a slash at its end.
    pub link_base: Option<String>,
}

/// A row that goes out.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its place in the batch.
    pub place: i64,
    /// Who.
    pub member: MemberId,
    /// By what they can be reached, clear.
    pub reach: Reach,
    /// The code of their link.
    pub link: Option<String>,
    /// Their own code.
    pub code: Option<String>,
    /// Whether it went out before.
    pub repeat: bool,
}

/// Begins to give a batch out; audited. `how` says in which form, `base` is this server's address.
pub fn begin(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId, how: &str, base: Option<&str>) -> Result<Export> {
    let batch = service::hold(tx, cx.merchant, id)?;
    service::among(&batch, &[State::Frozen, State::HandedOver])?;
    going_on(tx)?;
    let linked = batch.spec.target_url.is_some() && batch.destination != Destination::Ads;
    let link_base = batch.spec.link_base.as_deref().or(base).map(|b| b.trim_end_matches('/').to_owned());
    if linked && link_base.is_none() {
        return Err(NO_LINK_BASE.refuse().into());
    }
    let needed = batch.count(Verdict::Treated);
    if batch.spec.with_codes && batch.codes < needed {
        return Err(CODES_SHORT.with("needed", needed).with("have", batch.codes).into());
    }
    let number = batch.exports + 1;
    tx.exec(sql::GIVEN_OUT, args![cx.merchant, id, number])?;
    let which = if number == 1 { "first".to_owned() } else { format!("repeat, number {number}") };
    audit::record(tx, cx, "batch.exported", &id.to_string(), &format!("{} as {how}: {which}", batch.destination.word()))?;
    Ok(Export { batch, number, link_base: link_base.filter(|_| linked) })
}

/// Refuses where the store was restored and nobody has said since that it may go on.
fn going_on(tx: &mut Tx<'_>) -> Result<()> {
    match tx.flag(MerchantNo::SYSTEM, OUTREACH_PAUSED)? {
        Some(_) => Err(PAUSED.refuse().into()),
        None => Ok(()),
    }
}

struct Found {
    place: i64,
    member: MemberId,
    verdict: Verdict,
    link: Option<String>,
    code: Option<i64>,
    out_before: bool,
    looked_at: bool,
    address: Option<Token>,
}

fn found(mut r: Row) -> Result<Found> {
    Ok(Found {
        place: r.get(0)?,
        member: r.get(1)?,
        verdict: Verdict::read(&r.get::<String>(2)?, "verdict")?,
        link: r.get(3)?,
        code: r.get(4)?,
        out_before: r.get::<Option<i64>>(5)?.is_some(),
        looked_at: r.get::<Option<i64>>(6)?.is_some(),
        address: r.get(7)?,
    })
}

/// Gives out the next rows after a place. Tells them and the last place that was looked at; `None`
/// where none is left. Who withdrew, was suppressed, lost the address, was reached often enough, is held
/// out by a batch that was begun since, or turned out to be another row's person stays in, and on the first giving out the verdict
/// says so. Those held out are looked at with the same eyes, so that both sides stay alike. Where the
/// store was restored meanwhile the step is refused, and with it what is under way.
pub fn step(tx: &mut Tx<'_>, cx: &Ctx, export: &Export, after: i64) -> Result<Option<(i64, Vec<Given>)>> {
    going_on(tx)?;
    let id = export.batch.id;
    let batch = service::hold(tx, cx.merchant, id)?;
    service::among(&batch, &[State::HandedOver])?;
    let rows = tx.rows(sql::TO_GIVE, args![cx.merchant, id, after, STEP])?.into_iter().map(found).collect::<Result<Vec<_>>>()?;
    let Some(last) = rows.last().map(|r| r.place) else { return Ok(None) };
    let ids: Vec<MemberId> = rows.iter().map(|r| r.member).collect();
    let rules = Rules::of_batch(&batch);
    let guarded = guard(tx, cx, &rules, &ids)?;
    let keys = tx.keys(cx.merchant)?;
    let token = |id: &MemberId| guarded.get(id).and_then(|g| g.address.as_deref()).map(|a| funnel::token(&keys, a));
    let tokens: HashMap<MemberId, Option<Token>> = ids.iter().map(|id| (*id, token(id))).collect();
    let of: Vec<_> = tokens.iter().map(|(id, token)| (*id, *token)).collect();
    let mut taken = Taken::find(tx, cx, id, &of)?;
    for r in rows.iter().filter(|r| r.out_before || r.verdict == Verdict::HeldOut) {
        taken.add(r.place, r.out_before, r.member, tokens.get(&r.member).copied().flatten());
    }
    let tired = tired(tx, cx, &rules, &ids)?;
    let keepers = funnel::keepers(tx, cx, &rules, Since::Begun)?;
    let elsewhere = apart::held(tx, cx.merchant, &keepers, &of)?.into_keys().collect();
    let (counts, codes_used) = (batch.counts.clone(), batch.codes_used);
    let mut step = Step { export, counts, codes_used, acts: Vec::new(), tokens, taken, tired, elsewhere };
    let mut out = Vec::new();
    for row in rows {
        // Two rows can be of one member since a merge.
        let g = guarded.get(&row.member).cloned();
        if let Some(given) = step.row(tx, cx, row, g)? {
            out.push(given);
        }
    }
    let numbers: Vec<i64> = out.iter().filter_map(|(_, number)| *number).collect();
    let mut clear = codes::clear(tx, cx, id, &numbers)?;
    let given = out.into_iter().map(|(g, number)| Given { code: number.and_then(|n| clear.remove(&n)), ..g }).collect();
    let first = (!step.acts.is_empty()).then_some(cx.now);
    tx.exec(sql::STEPPED, args![cx.merchant, id, serde_json::to_string(&step.counts)?, step.codes_used, first])?;
    if first.is_some() && batch.handed_at.is_none() {
        tx.emit(cx, service::event("batch.handed_over", &batch, cx.now))?;
    }
    behaviour::record_many(tx, cx, &step.acts)?;
    Ok(Some((last, given)))
}

struct Step<'a> {
    export: &'a Export,
    counts: Counts,
    codes_used: i64,
    acts: Vec<Act>,
    tokens: HashMap<MemberId, Option<Token>>,
    taken: Taken,
    tired: HashSet<MemberId>,
    /// Whom another batch holds out.
    elsewhere: HashSet<MemberId>,
}

impl Step<'_> {
    /// Why a row is not given out, or not held out any more.
    fn against(&self, row: &Found, g: Option<&Guarded>, token: Option<Token>) -> Option<Verdict> {
        if let Some(verdict) = g.map_or(Some(Verdict::Gone), |g| g.against) {
            return Some(verdict);
        }
        let twin = if row.out_before {
            self.taken.repeats(row.place, row.member, token)
        } else {
            self.taken.forbids(row.place, row.verdict == Verdict::HeldOut, row.member, token)
        };
        if twin {
            return Some(Verdict::SameAddress);
        }
        if row.out_before {
            return None;
        }
        let (tired, elsewhere) = (self.tired.contains(&row.member), self.elsewhere.contains(&row.member));
        if tired { Some(Verdict::Fatigued) } else { elsewhere.then_some(Verdict::HeldByOther) }
    }

    /// What becomes of one row: given out with its code's number, or not.
    fn row(&mut self, tx: &mut Tx<'_>, cx: &Ctx, row: Found, g: Option<Guarded>) -> Result<Option<(Given, Option<i64>)>> {
        let (batch, number) = (&self.export.batch, self.export.number);
        let token = self.tokens.get(&row.member).copied().flatten();
        if let Some(verdict) = self.against(&row, g.as_ref(), token) {
            // What went out stays in the count of those treated; it only does not go out again.
            if !row.out_before && !row.looked_at {
                tx.exec(sql::LAPSED, args![cx.merchant, batch.id, row.place, verdict.word(), number])?;
                *self.counts.entry(row.verdict).or_default() -= 1;
                *self.counts.entry(verdict).or_default() += 1;
            }
            return Ok(None);
        }
        if row.verdict != Verdict::Treated {
            if !row.looked_at {
                tx.exec(sql::LOOKED_AT, args![cx.merchant, batch.id, row.place, number, token])?;
            }
            return Ok(None);
        }
        let mut code = row.code;
        if !row.out_before {
            if batch.spec.with_codes && code.is_none() {
                code = Some(self.codes_used);
                self.codes_used += 1;
            }
            tx.exec(sql::STAMP, args![cx.merchant, batch.id, row.place, cx.now, number, code, token])?;
            self.taken.add(row.place, true, row.member, token);
            self.acts.push(act(batch, row.place, "message_sent", "sent", row.member, cx.now));
        } else if token.is_some() && token != row.address {
            tx.exec(sql::READDRESSED, args![cx.merchant, batch.id, row.place, token])?;
        }
        let reach = g.map(|g| g.reach).unwrap_or_default();
        Ok(Some((Given { place: row.place, member: row.member, reach, link: row.link, code: None, repeat: row.out_before }, code)))
    }
}

/// An act of a batch's row: once by its name.
pub(crate) fn act(batch: &Batch, place: i64, kind: &str, name: &str, member: MemberId, at: shuke_kernel::Instant) -> Act {
    let data =
        serde_json::json!({ "campaign": batch.id.to_string(), "channel": batch.spec.channel, "destination": batch.destination.word() });
    Act {
        source: SOURCE.to_owned(),
        source_id: format!("{}/{place}/{name}", batch.id),
        kind: kind.to_owned(),
        at,
        member: Some(member),
        data: Some(data.to_string()),
        ..Act::default()
    }
}

/// Verdicts and counts, as the API gives them.
pub fn words(counts: &Counts) -> BTreeMap<&'static str, i64> {
    counts.iter().map(|(v, n)| (v.word(), *n)).collect()
}

/// Sums of a funnel: what is left after each step. `matched` is the sum of all verdicts.
pub fn funnel(counts: &Counts) -> HashMap<&'static str, i64> {
    let of = |v: &[Verdict]| v.iter().map(|v| counts.get(v).copied().unwrap_or(0)).sum::<i64>();
    let matched: i64 = counts.values().sum();
    let excluded = of(&[Verdict::Excluded, Verdict::Gone]);
    let consented = matched - excluded - of(&[Verdict::NoConsent, Verdict::Refused, Verdict::UnderFourteen, Verdict::Pending]);
    let addressed = consented - of(&[Verdict::NoAddress, Verdict::Suppressed, Verdict::SameAddress]);
    let rested = addressed - of(&[Verdict::Fatigued]);
    let treated = of(&[Verdict::Treated]);
    HashMap::from([
        ("matched", matched),
        ("excluded", excluded),
        ("consented", consented),
        ("addressed", addressed),
        ("not_fatigued", rested),
        ("not_held_out", rested - of(&[Verdict::HeldByOther, Verdict::HeldOut])),
        ("treated", treated),
    ])
}
