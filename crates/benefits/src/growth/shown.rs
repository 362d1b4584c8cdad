//! A member's tasks as the member's own page shows them: only those that bring them something, or did.

use std::collections::HashMap;

use serde::Serialize;
use shuke_access::shops::{self, ShopId};
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_members::MemberId;
use shuke_store::Tx;

use super::goal::GoalKind;
use super::model::Task;
use super::said;
use super::standing::{Stand, of_member};
use crate::benefit::service as benefits;
use crate::reward::service as rewards;
use crate::{BenefitId, GrowthTaskId, RewardId};

/// A task for the member.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// Which.
    pub id: GrowthTaskId,
    /// What people call it.
    pub name: String,
    /// The shop's own sentence; empty where there is none.
    pub says: String,
    /// What is to be done.
    pub goal: String,
    /// What is missing.
    pub missing: String,
    /// What is given.
    pub reward: String,
    /// What is counted.
    pub kind: GoalKind,
    /// So much is done: facts, orders, minor units of the shop's currency, acts, days or points.
    pub have: i64,
    /// So much is done and counts once its orders are final.
    pub waiting: i64,
    /// So much is needed.
    pub need: i64,
    /// Whether it is done and the reward was given.
    pub done: bool,
    /// What is done until then counts.
    pub until: Option<Instant>,
}

/// What the shops are called that tasks name, as orders name them; what is no shop of the merchant's is called so itself.
pub fn shop_names<'a>(tx: &mut Tx<'_>, cx: &Ctx, tasks: impl IntoIterator<Item = &'a Task>) -> Result<HashMap<String, String>> {
    let mut names = HashMap::new();
    for named in tasks.into_iter().flat_map(|task| &task.definition.goal.shops) {
        if names.contains_key(named) {
            continue;
        }
        let found = match named.parse::<ShopId>().ok().map(|id| shops::get(tx, cx.merchant, id)) {
            Some(Ok(shop)) => shop.name,
            None | Some(Err(Error::Refused(_))) => named.clone(),
            Some(Err(fault)) => return Err(fault),
        };
        names.insert(named.clone(), found);
    }
    Ok(names)
}

/// The tasks of a member in one language; what is to be done comes first.
///
/// # Errors
/// Where there is no such member.
pub fn of(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, zh: bool) -> Result<Vec<Shown>> {
    let standings = of_member(tx, cx, member)?;
    if standings.is_empty() {
        return Ok(Vec::new());
    }
    let currency = benefits::currency(tx, cx.merchant)?;
    let named: HashMap<BenefitId, String> = benefits::list(tx, cx.merchant)?.into_iter().map(|b| (b.id, b.definition.name)).collect();
    let goods: HashMap<RewardId, String> = rewards::list(tx, cx.merchant)?.into_iter().map(|r| (r.id, r.definition.name)).collect();
    let shops = shop_names(tx, cx, standings.iter().map(|standing| &standing.task))?;
    let shop = |id: &str| shops.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let benefit = |id| named.get(&id).cloned().unwrap_or_default();
    let reward = |id| goods.get(&id).cloned().unwrap_or_default();
    let mut out = Vec::new();
    for standing in standings {
        let definition = standing.task.definition;
        let done = match standing.stand {
            Stand::Open => false,
            Stand::Done(_) => true,
            Stand::Not(_) => continue,
        };
        let progress = standing.progress;
        out.push(Shown {
            id: standing.task.id,
            goal: said::goal(&definition.goal, currency, &shop, zh),
            missing: said::missing(&definition.goal, progress, &standing.open, currency, zh),
            reward: said::gift(&definition.gift(), &benefit, &reward, zh),
            kind: definition.goal.kind,
            have: progress.have,
            waiting: progress.waiting,
            need: progress.need,
            done,
            until: definition.until,
            name: definition.name,
            says: definition.says,
        });
    }
    out.sort_by_key(|task| task.done);
    Ok(out)
}
