//! A day of each wished-for portrait, recorded by a task: when it is new or was changed, then once a day.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_columns::{Keepers, People, Registry};
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobRun, NewJob};
use shuke_store::{Lane, Tx, args};

use super::model::{Target, TargetId};
use super::reckon::{self, Standing};
use super::{book, sql};
use crate::calendar::Reckoning;
use crate::http::{Accepted, Given};
use crate::refusal::Refusal;
use crate::service::{self, Lists};
use crate::write;

/// The kind of the task.
pub const KIND: &str = "segments.portrait_target";

#[derive(Serialize, Deserialize)]
struct Args {
    target: TargetId,
}

/// Queues the reckoning of a day; one task a day and version is enough.
pub fn enqueue(tx: &mut Tx<'_>, cx: &Ctx, id: TargetId, name: &str, version: i64) -> Result<()> {
    let day = Reckoning::new(cx.now.micros(), &service::zone(tx, cx.merchant)?).today;
    let (title, key) = (format!("计算目标画像 {name}"), format!("{KIND}/{id}/{version}/{day}"));
    let job = NewJob { kind: KIND, title: &title, args: &Args { target: id }, unique_key: Some(&key), run_at: cx.now, unit: "members" };
    tx.enqueue(cx, job).map(|_| ())
}

/// Those of which today is not recorded yet.
pub(crate) fn due(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<(TargetId, String, i64)>> {
    let today = Reckoning::new(cx.now.micros(), &service::zone(tx, cx.merchant)?).today;
    let rows = tx.rows(sql::DUE, args![cx.merchant, today])?;
    rows.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
}

/// The subject as an expression, judged as it would be now.
pub fn accept(tx: &mut Tx<'_>, cx: &Ctx, of: &Target, registry: &Registry) -> Result<Result<Accepted, Refusal>> {
    let tree = RawValue::from_string(write::cond(&of.subject.cond()).to_string()).map_err(Error::fault)?;
    Ok(Given::Tree(tree).accept(tx, cx, registry, None, Lists::Read)?.map_err(|(refusal, _)| refusal))
}

/// Reckons a target as it is at the time of `cx`; `None` when `stop` says so.
pub fn standing(
    people: impl FnOnce(&std::collections::BTreeSet<crate::tree::Name>) -> Result<Arc<People>>,
    of: &Target,
    accepted: &Accepted,
    cx: &Ctx,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Option<(Standing, Instant)>> {
    let reckoning = Reckoning::new(cx.now.micros(), &accepted.known.zone);
    let people = people(&reckon::facts(&accepted.expression, &of.wishes, &reckoning))?;
    let told = reckon::reckon(&people, &accepted.expression, &of.wishes, &reckoning, stop)?;
    Ok(told.map(|told| (told, Instant(people.known_at))))
}

/// Keeps it as that of today, unless the target was changed meanwhile.
pub fn keep(tx: &mut Tx<'_>, cx: &Ctx, of: &Target, told: &Standing, known_at: Instant) -> Result<()> {
    if book::get(tx, cx, of.id)?.version != of.version {
        return Ok(());
    }
    let today = Reckoning::new(cx.now.micros(), &service::zone(tx, cx.merchant)?).today;
    book::record(tx, cx, of, today, known_at, told)
}

/// Records a day.
pub struct Record {
    /// The columns.
    pub keepers: Arc<Keepers>,
}

impl JobHandler for Record {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let Args { target: id } = run.args()?;
        let (cx, registry) = (run.cx(), Registry::of_store());
        let asked = {
            let cx = cx.clone();
            run.store.read_now(move |tx| {
                let target = book::get(tx, &cx, id)?;
                let accepted = accept(tx, &cx, &target, &registry)?;
                Ok((target, accepted))
            })?
        };
        let (target, accepted) = asked;
        let accepted = match accepted {
            Ok(accepted) if !target.archived => accepted,
            Ok(_) => return Ok(JobEnd::Done(serde_json::json!({ "target": id, "archived": true }))),
            // The segment was put away: the page of the target says so, and this day has none.
            Err(refusal) => {
                run.store.write_now(Lane::Bulk, move |tx| book::passed(tx, &cx, target.id))?;
                return Ok(JobEnd::Done(serde_json::json!({ "target": id, "refused": refusal.sentence(true) })));
            }
        };
        let stop = || run.should_stop().unwrap_or(true);
        let people =
            |facts: &std::collections::BTreeSet<crate::tree::Name>| self.keepers.of(run.merchant)?.people_for(&|name| facts.contains(name));
        let Some((told, known_at)) = standing(people, &target, &accepted, &cx, &stop)? else { return Ok(JobEnd::Stopped) };
        let members = told.members;
        run.store.write_now(Lane::Bulk, move |tx| keep(tx, &cx, &target, &told, known_at))?;
        Ok(JobEnd::Done(serde_json::json!({ "target": id, "members": members })))
    }
}
