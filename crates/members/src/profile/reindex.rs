//! Puts the receivers of key sets into the index of names, and members' own names as they are compared
//! now, for stores that were filled by an older program: a task, once a merchant, member by member from the last checkpoint on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun, NewJob};
use shuke_store::{Lane, Tx, args};
use utoipa::ToSchema;

use super::{index, sql};
use crate::MemberId;
use crate::identity::{self, rows};

/// The kind of the task.
pub const KIND: &str = "members.index_names";
/// The flag of a merchant whose index is as this program makes it.
const FLAG: &str = "names_indexed";
/// Key sets that one step reads.
const STEP: i64 = 1_000;

/// Queues the task for a merchant that it has not run for.
pub fn enqueue_once(tx: &mut Tx<'_>, cx: &Ctx) -> Result<()> {
    if tx.flag(cx.merchant, FLAG)?.is_some() {
        return Ok(());
    }
    let nobody = tx.rows(identity::sql::SETS_BY_MEMBER, args![cx.merchant, Vec::<u8>::new(), 1_i64])?.is_empty();
    if nobody {
        return tx.set_flag(cx.merchant, FLAG, "1", cx.now);
    }
    let title = "会员姓名索引：补入收件人";
    tx.enqueue(cx, NewJob { kind: KIND, title, args: &(), unique_key: Some(KIND), run_at: cx.now, unit: "members" }).map(|_| ())
}

/// How far the index of names is, while it is not whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NameIndexProgress)]
pub struct Building {
    /// Records of keys that are indexed.
    pub done: i64,
    /// Of so many, where that is known already.
    pub total: Option<i64>,
}

/// Whether names are being indexed still, so that a search by name may miss somebody; `None` where the
/// index is whole.
pub fn building(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Option<Building>> {
    if tx.flag(cx.merchant, FLAG)?.is_some() {
        return Ok(None);
    }
    let task = tx.row(sql::TASK, args![cx.merchant, KIND])?;
    task.map(|mut r| Ok(Building { done: r.get(0)?, total: r.get(1)? })).transpose()
}

/// Runs it.
pub struct IndexNames;

impl JobHandler for IndexNames {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let (mut after, mut done): (Option<MemberId>, i64) = run.checkpoint()?.unwrap_or_default();
        let m: MerchantNo = run.merchant;
        let total: i64 = run.store.read_now(move |tx| tx.one(identity::sql::SET_COUNT, args![m])?.get(0))?;
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, place) = (run.cx(), run.fence(), (after, done));
            let next = run.store.write_now(Lane::Bulk, move |tx| {
                let next = step(tx, &cx, place.0)?;
                match &next {
                    Some((member, sets)) => {
                        let done = place.1 + sets;
                        fence.save(tx, cx.now, &(Some(*member), done), done.min(total), Some(total))?;
                    }
                    None => tx.set_flag(cx.merchant, FLAG, "1", cx.now)?,
                }
                Ok(next)
            })?;
            match next {
                Some((member, sets)) => (after, done) = (Some(member), done + sets),
                None => return Ok(JobEnd::Done(serde_json::json!({ "key_sets": done }))),
            }
        }
    }
}

/// Indexes the names and receivers of some members behind `after`. The last of them, and how many key sets
/// they have; `None` at the end.
fn step(tx: &mut Tx<'_>, cx: &Ctx, after: Option<MemberId>) -> Result<Option<(MemberId, i64)>> {
    let from = after.map_or_else(Vec::new, |m| m.bytes().to_vec());
    let found = tx.rows(identity::sql::SETS_BY_MEMBER, args![cx.merchant, from, STEP])?;
    let members: BTreeSet<MemberId> = found.into_iter().map(|mut r| r.get(0)).collect::<Result<_>>()?;
    let Some(last) = members.last().copied() else { return Ok(None) };
    // All sets of each, also of one whose sets lie beyond the stretch; locked, so that none moves meanwhile.
    let sets = rows::sets_of(tx, cx, members.iter().copied())?;
    index::renew(tx, cx, &members)?;
    let tokens = index::of_sets(tx, cx, sets.iter())?;
    let names: index::Names =
        sets.iter().flat_map(|s| tokens.get(&s.id).into_iter().flatten().filter_map(|t| Some((s.member?, *t)))).collect();
    index::put(tx, cx, names.iter())?;
    Ok(Some((last, sets.len() as i64)))
}
