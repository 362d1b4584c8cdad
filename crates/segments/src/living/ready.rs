//! A merchant's living segments, read and judged once and used until one of them changes.

use std::sync::Arc;

use shuke_columns::{Registry, Slice};
use shuke_kernel::{Ctx, Error, Result};
use shuke_store::{Tx, args};

use super::index::Index;
use crate::calendar::Reckoning;
use crate::check::{Expression, Segment, check};
use crate::depends::Depends;
use crate::eval::{Set, Thresholds};
use crate::json;
use crate::model::SegmentId;
use crate::plan::Plan;
use crate::service::{self, Lists};
use crate::sql;
use crate::uses::Uses;

/// What tells whether segments are the same as before.
pub type Mark = [i64; 5];

/// A living segment.
pub struct One {
    /// Which.
    pub id: SegmentId,
    /// What it says.
    pub expression: Expression,
    /// What it asks.
    pub uses: Uses,
    /// The same, ready to be asked on the day on which it was read.
    plan: Plan,
    /// The thresholds of its rankings, where it has any.
    pub thresholds: Thresholds,
}

/// All of a merchant that can be judged.
pub struct Ready {
    /// See [`Mark`].
    pub mark: Mark,
    /// When they were read, in the zone of the merchant's days.
    pub reckoning: Reckoning,
    /// Segments whose members are what they say.
    pub segments: Vec<One>,
    /// Whether any of them refers to a list: who is on it changes when members are merged.
    pub has_lists: bool,
    /// Which of them an event may touch.
    pub index: Index,
}

/// The mark of the merchant's segments.
pub fn mark(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Mark> {
    let mut row = tx.one(sql::LIVING_MARK, args![cx.merchant])?;
    Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
}

impl Ready {
    /// Reads them. One that cannot be judged (a fact that a later release took away) is passed over and
    /// told in the log: it harms no other.
    pub fn read(tx: &mut Tx<'_>, cx: &Ctx, registry: &Arc<Registry>) -> Result<Self> {
        let (mark, zone) = (mark(tx, cx)?, service::zone(tx, cx.merchant)?);
        let reckoning = Reckoning::new(cx.now.micros(), &zone);
        let mut segments = Vec::new();
        for mut row in tx.rows(sql::LIVING, args![cx.merchant])? {
            let (id, expr): (SegmentId, Option<String>) = (row.get(0)?, row.get(1)?);
            let (version, built): (i64, i64) = (row.get(2)?, row.get(3)?);
            if version != built {
                continue;
            }
            match judged(tx, cx, expr.as_deref().unwrap_or_default(), registry)? {
                Some(expression) => {
                    let (uses, plan) = (Uses::of(&expression), Plan::of(&expression, registry, &reckoning)?);
                    let thresholds = Thresholds::of_text(row.get::<Option<String>>(4)?.as_deref().unwrap_or_default());
                    segments.push(One { id, expression, uses, plan, thresholds });
                }
                None => tracing::warn!(segment = %id, "a segment cannot be judged any more"),
            }
        }
        let is_list = |s: &Segment| matches!(s, Segment::List(_));
        let has_lists = segments.iter().any(|s| s.expression.segments.values().any(is_list));
        // What one depends on is the same at any time.
        let index = Index::of(registry, Depends::of(registry, segments.iter().map(|s| (&s.uses, &s.plan))));
        Ok(Self { mark, reckoning, segments, has_lists, index })
    }
}

/// A stored expression, judged with everything that it leads to; none where it is refused.
pub fn judged(tx: &mut Tx<'_>, cx: &Ctx, expr: &str, registry: &Registry) -> Result<Option<Expression>> {
    let json = json::read(expr.as_bytes()).map_err(Error::fault)?;
    let known = service::known(tx, cx, Some(&json), Lists::Read)?;
    let reckoning = Reckoning::new(cx.now.micros(), &known.zone);
    Ok(check(expr.as_bytes(), registry, &known.segments, &reckoning).ok())
}

impl One {
    /// Who of some members of a slice (their places, ascending) is in it.
    pub fn true_among(&self, slice: &Slice, members: &[u32], registry: &Arc<Registry>, now: &Reckoning) -> Result<Set> {
        if self.plan.holds_at(now) {
            return Ok(self.plan.true_among(now, slice, members, &self.thresholds));
        }
        Ok(Plan::of(&self.expression, registry, now)?.true_among(now, slice, members, &self.thresholds))
    }
}
