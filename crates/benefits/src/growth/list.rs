//! What was done, read back.

use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Row, Tx, Value, args};

use super::sql;
use crate::gift::give::Parts;
use crate::{GivenId, GrowthTaskId};

/// A task that a member did.
#[derive(Clone, Debug)]
pub struct Done {
    /// Which.
    pub id: GivenId,
    /// Of which task.
    pub task: GrowthTaskId,
    /// By whom.
    pub member: MemberId,
    /// In which period: `once`, a month or a year.
    pub period: String,
    /// By which version of the task.
    pub version: i64,
    /// Points.
    pub points: i64,
    /// Growth value.
    pub growth: i64,
    /// The rest.
    pub parts: Parts,
    /// When the reward was given.
    pub done_at: Instant,
}

fn read(mut r: Row) -> Result<Done> {
    let body: String = r.get(7)?;
    Ok(Done {
        id: r.get(0)?,
        task: r.get(1)?,
        member: r.get(2)?,
        period: r.get(3)?,
        version: r.get(4)?,
        points: r.get(5)?,
        growth: r.get(6)?,
        parts: serde_json::from_str(&body)?,
        done_at: r.get(8)?,
    })
}

/// What was done before a place, newest first; of a task or by a member where those are named.
pub fn list(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    task: Option<GrowthTaskId>,
    member: Option<MemberId>,
    before: (i64, [u8; 16]),
    limit: i64,
) -> Result<Vec<Done>> {
    let mut binds: Vec<Value> = vec![cx.merchant.into(), before.0.into(), before.1.into(), task.into(), limit.into()];
    let text = match member {
        Some(member) => {
            binds.push(member.into());
            sql::DONE_BY
        }
        None => sql::DONE,
    };
    tx.rows(text, &binds)?.into_iter().map(read).collect()
}

/// What a member did of a task in a period; the first, where a merge made two of it.
pub fn in_period(tx: &mut Tx<'_>, cx: &Ctx, task: GrowthTaskId, member: MemberId, period: &str) -> Result<Option<Done>> {
    tx.row(sql::DONE_IN, args![cx.merchant, member, task, period])?.map(read).transpose()
}
