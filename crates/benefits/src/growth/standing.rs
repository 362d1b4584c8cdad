//! The tasks of one member: how far they are, what is missing, what was given.

use shuke_access::merchants;
use shuke_kernel::{Ctx, Result};
use shuke_members::MemberId;
use shuke_store::Tx;

use super::evaluate::now;
use super::facts::{Wants, known};
use super::goal::Field;
use super::list::{self, Done};
use super::model::Task;
use super::progress::Progress;
use super::service;
use crate::state::State;
use crate::who::{OF_BENEFITS, Person};
use crate::words::{GROWTH_GONE, Why};

/// How a task stands with a member.
#[derive(Clone, Debug)]
pub enum Stand {
    /// It is to be done.
    Open,
    /// It was done in this period, and the reward was given.
    Done(Box<Done>),
    /// It brings this member nothing.
    Not(Why),
}

/// A task of a member.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Which.
    pub task: Task,
    /// The period in which now lies.
    pub period: String,
    /// How far they are in it.
    pub progress: Progress,
    /// Of a profile: the facts that are missing.
    pub open: Vec<Field>,
    /// How it stands.
    pub stand: Stand,
}

/// The tasks of a member that run now, and those that they have done in the period in which now lies; the oldest first.
pub fn of_member(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Vec<Standing>> {
    let mut person = Person::living(tx, cx, member)?;
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let mut tasks = service::list(tx, cx.merchant)?;
    tasks.retain(|task| task.state == State::Active && task.told(cx.now) == "active");
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let known = known(tx, cx, &[person.member], &Wants::of(&tasks, &zone))?;
    let facts = known.of.get(&person.member).cloned().unwrap_or_default();
    let mut out = Vec::with_capacity(tasks.len());
    for task in tasks {
        let Some((period, progress)) = now(&task, &facts, &zone, cx) else { continue };
        let fields = &task.definition.goal.fields;
        let open = fields.iter().copied().filter(|field| !field.is_in(facts.filled)).collect();
        let stand = match list::in_period(tx, cx, task.id, person.member, &period)? {
            Some(had) => Stand::Done(Box::new(had)),
            None => match why_not(tx, cx, &task, &mut person)? {
                Some(why) => Stand::Not(why),
                None => Stand::Open,
            },
        };
        out.push(Standing { task, period, progress, open, stand });
    }
    Ok(out)
}

fn why_not(tx: &mut Tx<'_>, cx: &Ctx, task: &Task, person: &mut Person) -> Result<Option<Why>> {
    let (who, name) = (&task.definition.who, &task.definition.name);
    if task.left() == Some(0) {
        return Ok(Some(Why::from(&GROWTH_GONE.with("name", name))));
    }
    let held = person.tier_of(tx, cx, who)?;
    let inside = person.inside(tx, cx, &who.segments)?;
    Ok(who.lets(OF_BENEFITS, name, held.as_ref(), &inside).err().map(|refusal| Why::from(&refusal)))
}
