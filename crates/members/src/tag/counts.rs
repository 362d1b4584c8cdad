//! How many members have a tag: sums that move with the rows, in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Result};
use shuke_store::{Tx, args};

use super::{TagId, sql};
use crate::MemberId;
use crate::identity::rows;

const SHARDS: u8 = 16;

/// What some members have, before something moves it.
#[derive(Default)]
pub(crate) struct Holding {
    members: Vec<MemberId>,
    had: BTreeSet<(MemberId, TagId)>,
}

fn read(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<BTreeSet<(MemberId, TagId)>> {
    let found = tx.rows(sql::HOLDING, &[cx.merchant.into(), rows::members(members.iter().copied())])?;
    found.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect()
}

/// Whether anybody has any tag: most members of most shops never had one.
pub(crate) fn ever(tx: &mut Tx<'_>, cx: &Ctx) -> Result<bool> {
    let mut found = tx.remembered(sql::EVER, args![cx.merchant], &["member_tag"])?;
    found.first_mut().map_or(Ok(false), |r| r.get(0))
}

/// Looks at what these members have before their rows move; [`recount`] looks again.
pub(crate) fn holding(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<Holding> {
    if !ever(tx, cx)? {
        return Ok(Holding::default());
    }
    Ok(Holding { members: members.to_vec(), had: read(tx, cx, members)? })
}

/// Moves the sums by what changed since [`holding`] looked.
pub(crate) fn recount(tx: &mut Tx<'_>, cx: &Ctx, before: &Holding) -> Result<()> {
    if before.members.is_empty() {
        return Ok(());
    }
    let now = read(tx, cx, &before.members)?;
    let came = now.difference(&before.had).map(|x| (*x, 1));
    let went = before.had.difference(&now).map(|x| (*x, -1));
    add(tx, cx, came.chain(went))
}

/// Moves the sums.
pub(super) fn add(tx: &mut Tx<'_>, cx: &Ctx, moves: impl Iterator<Item = ((MemberId, TagId), i64)>) -> Result<()> {
    let mut sums: BTreeMap<(TagId, i64), i64> = BTreeMap::new();
    for ((member, tag), by) in moves {
        *sums.entry((tag, i64::from(member.bytes()[15] % SHARDS))).or_default() += by;
    }
    let rows = sums.into_iter().filter(|(_, n)| *n != 0);
    let rows = rows.map(|((tag, shard), n)| vec![cx.merchant.into(), tag.into(), shard.into(), n.into()]);
    tx.insert_many(&sql::COUNT, rows.collect()).map(|_| ())
}

/// Compares the sums with the rows, and the rows with the tags; each difference in words. Reads
/// every row.
pub fn audit(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for mut r in tx.rows(sql::AMISS, args![cx.merchant])? {
        out.push(format!("tag {}: {} more members have it than are counted", r.get::<TagId>(0)?, r.get::<i64>(1)?));
    }
    for mut r in tx.rows(sql::NAMELESS, args![cx.merchant])? {
        out.push(format!("tag {} is not there, and {} givings name it", r.get::<TagId>(0)?, r.get::<i64>(1)?));
    }
    Ok(out)
}
