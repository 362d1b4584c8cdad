//! Growth tasks made, changed, paused, put away.

use shuke_access::audit;
use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::model::{Definition, Past, Task};
use super::{sql, walk};
use crate::GrowthTaskId;
use crate::benefit::service::currency;
use crate::state::State;
use crate::words::{CHANGED, NO_GROWTH_TASK, TOO_MANY, invalid};

/// Tasks of a merchant at most, those that are put away not counted: each is looked at with each order.
pub const MOST: usize = 50;

fn read(mut r: Row) -> Result<Task> {
    let (body, state): (String, String) = (r.get(1)?, r.get(2)?);
    Ok(Task {
        id: r.get(0)?,
        definition: serde_json::from_str(&body)?,
        state: State::of(&state)?,
        given: r.get(3)?,
        version: r.get(4)?,
        created_at: r.get(5)?,
    })
}

/// One.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: GrowthTaskId) -> Result<Task> {
    tx.row(sql::GET, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_GROWTH_TASK.refuse().into())
}

pub(super) fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: GrowthTaskId) -> Result<Task> {
    tx.row(sql::HOLD, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_GROWTH_TASK.refuse().into())
}

/// All of a merchant, the oldest first.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Task>> {
    tx.rows(sql::LIST, args![merchant])?.into_iter().map(read).collect()
}

/// Those that are active. Also those whose time is over: what was done in it may be told late.
pub fn active(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Task>> {
    tx.rows(sql::ACTIVE, args![merchant])?.into_iter().map(read).collect()
}

/// A version of a task.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number: the task's `version` from when it was said until the next.
    pub no: i64,
    /// What was said.
    pub definition: Definition,
    /// When.
    pub made_at: Instant,
    /// By whom.
    pub made_by: String,
}

/// What was said of a task, the newest first.
pub fn versions(tx: &mut Tx<'_>, merchant: MerchantNo, id: GrowthTaskId) -> Result<Vec<Version>> {
    get(tx, merchant, id)?;
    let read = |mut r: Row| {
        let body: String = r.get(1)?;
        Ok(Version { no: r.get(0)?, definition: serde_json::from_str(&body)?, made_at: r.get(2)?, made_by: r.get(3)? })
    };
    tx.rows(sql::VERSIONS, args![merchant, id])?.into_iter().map(read).collect()
}

/// A definition that can be, as it is kept.
///
/// # Errors
/// Refuses one that cannot be.
pub fn checked(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition) -> Result<Definition> {
    let definition = definition.checked(currency(tx, cx.merchant)?)?;
    definition.who.check(tx, cx)?;
    definition.gift().known(tx, cx)?;
    Ok(definition)
}

/// Makes one. Who has done it already is looked for, where the past counts.
///
/// # Errors
/// Refuses a definition that cannot be.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition) -> Result<Task> {
    let definition = checked(tx, cx, definition)?;
    if list(tx, cx.merchant)?.iter().filter(|t| t.state != State::Archived).count() >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let (id, body, by): (GrowthTaskId, _, _) = (cx.new_id(), serde_json::to_string(&definition)?, cx.actor.label());
    tx.exec(sql::ADD, args![cx.merchant, id, &definition.name, definition.goal.kind.word(), &body, cx.now, &by])?;
    tx.exec(sql::ADD_VERSION, args![cx.merchant, id, 1_i64, &body, cx.now, &by])?;
    audit::record(tx, cx, "growth_task.created", &id.to_string(), &definition.name)?;
    let made = get(tx, cx.merchant, id)?;
    // Of a task that counts from now on nobody has done anything yet; one that begins later is looked at then.
    if definition.past == Past::Count || definition.from.is_some_and(|from| from > cx.now) {
        walk::enqueue(tx, cx, &made, None)?;
    }
    Ok(made)
}

/// Says something else of one that is still as the definition's `version` says, as a new version. Who has done it already
/// keeps what they got; who has done it by what is said now gets it.
///
/// # Errors
/// Refuses a definition that cannot be, and one of a task that was changed since or put away.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: GrowthTaskId, definition: Definition) -> Result<Task> {
    let found = hold(tx, cx.merchant, id)?;
    if definition.version != Some(found.version) {
        return Err(CHANGED.at("version").into());
    }
    if found.state == State::Archived {
        return Err(found.state.wrong().into());
    }
    let was = &found.definition;
    // Else what was done in a period that is called otherwise now could be done again.
    if definition.goal.kind != was.goal.kind || definition.repeat != was.repeat || definition.past != was.past {
        let (zh, en) = (
            "目标的种类、重复方式和过去是否计入不能更改，请新建一个任务。",
            "The sort of goal, how often it can be done and whether the past counts stay: make another task.",
        );
        return Err(invalid("goal.kind", zh, en).into());
    }
    let definition = checked(tx, cx, definition)?;
    let body = serde_json::to_string(&definition)?;
    tx.exec(sql::CHANGE, args![cx.merchant, id, &definition.name, &body, cx.now])?;
    let made = get(tx, cx.merchant, id)?;
    tx.exec(sql::ADD_VERSION, args![cx.merchant, id, made.version, &body, cx.now, cx.actor.label()])?;
    audit::record(tx, cx, "growth_task.changed", &id.to_string(), &definition.name)?;
    if made.state == State::Active {
        walk::enqueue(tx, cx, &made, None)?;
    }
    Ok(made)
}

/// Pauses it, sets it going again, or puts it away for good. What was done while it was paused counts when it goes on.
///
/// # Errors
/// Refuses where its state does not allow it.
pub fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: GrowthTaskId, to: State) -> Result<Task> {
    let found = hold(tx, cx.merchant, id)?;
    found.state.may_become(to)?;
    tx.exec(sql::SET_STATE, args![cx.merchant, id, to.word(), cx.now])?;
    audit::record(tx, cx, &format!("growth_task.set_{}", to.word()), &id.to_string(), &found.definition.name)?;
    let made = get(tx, cx.merchant, id)?;
    if to == State::Active {
        walk::enqueue(tx, cx, &made, None)?;
    }
    Ok(made)
}
