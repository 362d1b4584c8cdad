//! What people or an ERP must do for a use: a dated list that comes back as done.

pub mod sql;

use std::collections::HashMap;

use shuke_access::merchants;
use shuke_kernel::{Ctx, Error, Instant, Result, Zone};
use shuke_members::MemberId;
use shuke_store::{Event, Row, Tx, Value, args};

use crate::benefit::model::{Benefit, By};
use crate::words::{NO_TASK, TASK_CANCELLED};
use crate::{BenefitId, TaskId, UseId};

/// Something to be done.
#[derive(Clone, Debug)]
pub struct Task {
    /// Which.
    pub id: TaskId,
    /// Of which benefit.
    pub benefit: BenefitId,
    /// For which use.
    pub used: UseId,
    /// For whom.
    pub member: MemberId,
    /// For which order: our id of it, or the shop's number.
    pub order: Option<String>,
    /// `hand` or `erp`.
    pub by: String,
    /// The day on which it is due, in the merchant's zone.
    pub due_on: String,
    /// `open`, `done` or `cancelled`.
    pub state: String,
    /// When it was made.
    pub made_at: Instant,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// Who said so.
    pub done_by: Option<String>,
}

impl Task {
    /// Whether it should have been done before that day.
    pub fn overdue(&self, today: &str) -> bool {
        self.state == "open" && *self.due_on < *today
    }
}

fn read(mut r: Row) -> Result<Task> {
    Ok(Task {
        id: r.get(0)?,
        benefit: r.get(1)?,
        used: r.get(2)?,
        member: r.get(3)?,
        order: r.get(4)?,
        by: r.get(5)?,
        due_on: r.get(6)?,
        state: r.get(7)?,
        made_at: r.get(8)?,
        done_at: r.get(9)?,
        done_by: r.get(10)?,
    })
}

/// Makes the task of a use, where the benefit wants one.
pub fn of_use(tx: &mut Tx<'_>, cx: &Ctx, benefit: &Benefit, of: (UseId, MemberId, Option<&str>), zone: &Zone) -> Result<()> {
    let by = benefit.definition.by;
    if by == By::System {
        return Ok(());
    }
    let (used, member, order) = of;
    let (id, due) = (cx.new_id::<crate::TaskKind>(), benefit.due_on(zone, cx.now).to_string());
    tx.exec(sql::ADD, args![cx.merchant, id, benefit.id, used, member, order, by.word(), &due, cx.now])?;
    let data = serde_json::json!({ "task": id, "benefit": benefit.id, "use": used, "by": by.word(), "due_on": due, "order": order });
    tell(tx, cx, "benefit.task_made", member, data)
}

fn tell(tx: &mut Tx<'_>, cx: &Ctx, kind: &'static str, member: MemberId, data: serde_json::Value) -> Result<()> {
    let (subject, data) = (*member.bytes(), data.to_string());
    tx.emit(cx, Event { kind, version: 1, occurred_at: cx.now, subject_kind: "mem", subject, member: Some(subject), data })
}

/// What is still open of a use that is taken back is not to be done.
pub fn cancel(tx: &mut Tx<'_>, cx: &Ctx, used: UseId) -> Result<()> {
    tx.exec(sql::CANCEL, args![cx.merchant, used]).map(|_| ())
}

/// One.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: TaskId) -> Result<Task> {
    tx.row(sql::GET, args![cx.merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_TASK.refuse().into())
}

/// It is done. Said again, it stays as it was said first.
///
/// # Errors
/// Refuses where there is no such task, or it was cancelled.
pub fn done(tx: &mut Tx<'_>, cx: &Ctx, id: TaskId) -> Result<Task> {
    let found = tx.row(sql::HOLD, args![cx.merchant, id])?.map(read).transpose()?.ok_or_else(|| Error::from(NO_TASK.refuse()))?;
    match found.state.as_str() {
        "done" => return Ok(found),
        "open" => {}
        _ => return Err(TASK_CANCELLED.refuse().into()),
    }
    tx.exec(sql::DONE, args![cx.merchant, id, cx.now, cx.actor.label()])?;
    tell(tx, cx, "benefit.task_done", found.member, serde_json::json!({ "task": id, "benefit": found.benefit, "use": found.used }))?;
    get(tx, cx, id)
}

/// The tasks of these uses.
pub fn of_uses(tx: &mut Tx<'_>, cx: &Ctx, uses: impl Iterator<Item = UseId>) -> Result<HashMap<UseId, Task>> {
    let ids: Vec<Vec<u8>> = uses.map(|id| id.bytes().to_vec()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = tx.rows(sql::OF_USES, &[cx.merchant.into(), Value::Blobs(ids)])?;
    rows.into_iter().map(read).map(|task| task.map(|task| (task.used, task))).collect()
}

/// Which tasks are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// `open`, `done` or `cancelled`.
    pub state: String,
    /// `hand` or `erp`.
    pub by: Option<String>,
    /// Only of this benefit.
    pub benefit: Option<BenefitId>,
    /// Due on this day or before.
    pub due: Option<String>,
}

/// Tasks after a place, by the day on which they are due.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, after: (&str, [u8; 16]), limit: i64) -> Result<Vec<Task>> {
    let due = filter.due.clone().unwrap_or_else(|| "9999-12-31".to_owned());
    let binds = args![cx.merchant, &filter.state, after.0, after.1, due, filter.by.clone(), filter.benefit, limit];
    tx.rows(sql::LIST, binds)?.into_iter().map(read).collect()
}

/// How many are open, how many of them overdue, and how many due today.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// All that are open.
    pub open: i64,
    /// Due before today.
    pub overdue: i64,
    /// Due today.
    pub today: i64,
}

/// Counts what is open.
pub fn counts(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Counts> {
    let today = merchants::zone_of(tx, cx.merchant)?.day(cx.now).to_string();
    let mut r = tx.one(sql::COUNTS, args![cx.merchant, today])?;
    Ok(Counts { open: r.get(0)?, overdue: r.get(1)?, today: r.get(2)? })
}
