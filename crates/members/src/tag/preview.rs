//! What giving tags and taking them off would change, counted before it is done. The numbers are those that the
//! giving itself tells afterwards, unless somebody changes the members' tags in between.

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;

use super::model::Change;
use super::{TagId, sql};
use crate::identity::rows;
use crate::profile::list::{self, Filter};
use crate::{MemberId, identity};

/// Members that one look of a filter takes.
const LOOK: usize = 2_000;
/// Members that one answer counts, about: a list of many more is counted in several, so that none runs long.
const ANSWER: i64 = 10_000;

/// What a change would come to.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Preview {
    /// For whom at least one tag would change.
    pub changed: i64,
    /// Who is so already.
    pub unchanged: i64,
    /// Ids that are nobody's.
    pub not_found: i64,
    /// How many of them have each of the tags now; a tag that nobody has is left out.
    pub having: BTreeMap<TagId, i64>,
    /// Go on with those before this one; `None` where all are counted.
    pub next: Option<MemberId>,
}

impl Preview {
    fn take_in(&mut self, had: &BTreeSet<TagId>, change: &Change) {
        for tag in had {
            *self.having.entry(*tag).or_default() += 1;
        }
        let changes = change.add.iter().any(|t| !had.contains(t)) || change.remove.iter().any(|t| had.contains(t));
        *(if changes { &mut self.changed } else { &mut self.unchanged }) += 1;
    }
}

fn having(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], change: &Change) -> Result<BTreeMap<MemberId, BTreeSet<TagId>>> {
    let mut out: BTreeMap<MemberId, BTreeSet<TagId>> = BTreeMap::new();
    if members.is_empty() {
        return Ok(out);
    }
    let tags = rows::blobs(change.add.iter().chain(&change.remove).map(|t| *t.bytes()));
    for mut r in tx.rows(sql::HAVING, &[cx.merchant.into(), rows::members(members.iter().copied()), tags])? {
        out.entry(r.get(0)?).or_default().insert(r.get(1)?);
    }
    Ok(out)
}

/// Of members by their ids, each counted as often as it is named; an alias stands for who took it in.
pub fn of_members(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId], change: &Change) -> Result<Preview> {
    let mut living = Vec::with_capacity(ids.len());
    for id in ids {
        living.push(identity::resolve(tx, cx, *id)?);
    }
    let found: Vec<MemberId> = living.iter().flatten().copied().collect();
    let had = having(tx, cx, &found, change)?;
    let (mut out, none) = (Preview::default(), BTreeSet::new());
    for member in living {
        match member {
            Some(member) => out.take_in(had.get(&member).unwrap_or(&none), change),
            None => out.not_found += 1,
        }
    }
    Ok(out)
}

/// Of those before one whom a filter names, newest first.
pub fn of_filter(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, before: Option<MemberId>, change: &Change) -> Result<Preview> {
    let (mut out, none) = (Preview { next: before, ..Preview::default() }, BTreeSet::new());
    let mut looks = 0;
    loop {
        let found = list::page(tx, cx, filter, out.next, LOOK)?;
        let had = having(tx, cx, &found.ids, change)?;
        for member in &found.ids {
            out.take_in(had.get(member).unwrap_or(&none), change);
        }
        out.next = found.next;
        looks += LOOK as i64;
        if out.next.is_none() || looks >= ANSWER {
            return Ok(out);
        }
    }
}
