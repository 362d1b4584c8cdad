//! A segment as people see it: in words, with its size and who refers to it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_columns::Registry;
use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Tx, args};
use utoipa::ToSchema;

use super::asked::Given;
use super::check::sentence;
use crate::calendar::Reckoning;
use crate::living::SUBSCRIBER;
use crate::model::{Every, Kept, Segment, SegmentId};
use crate::service::Lists;
use crate::{book, comings, text};

/// Another segment, by name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SegmentName)]
pub struct Named {
    /// What it is: `segment`.
    pub kind: String,
    /// Which.
    #[schema(value_type = String)]
    pub id: SegmentId,
    /// As people read it.
    pub name: String,
}

/// A segment.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Segment)]
pub struct SegmentDto {
    /// Which.
    #[schema(value_type = String, example = "seg_01hqzv…")]
    pub id: SegmentId,
    /// As people read it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// `living`, `static` or `scheduled`.
    pub kind: Kept,
    /// `active` or `archived`.
    pub state: String,
    /// Its expression; a list given by ids has none.
    #[schema(value_type = Option<Object>)]
    pub expr: Option<serde_json::Value>,
    /// Its text form; none where it cannot be judged any more.
    pub text: Option<String>,
    /// What it says, in words.
    pub sentence: Option<String>,
    /// Of a scheduled one: how often it is reckoned.
    pub every: Option<Every>,
    /// Of a scheduled one: when, by the shop's clock.
    #[schema(example = "03:00")]
    pub at: Option<String>,
    /// How many members.
    pub size: i64,
    /// Up to when that is known; none before it was ever reckoned.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub size_at: Option<Instant>,
    /// Whether it is being reckoned: its members are still those of before.
    pub building: bool,
    /// Members who came today, by the shop's days.
    pub entered_today: i64,
    /// Members who went today.
    pub left_today: i64,
    /// Segments that refer to it.
    pub used_by: Vec<Named>,
    /// How many these are.
    pub use_count: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Instant,
    /// By whom.
    pub updated_by: String,
    /// Send it with a change.
    pub version: i64,
}

/// Up to when the living segments of a merchant are known: now where the feed was followed to its end, else
/// when the first event was taken in that was not followed yet.
fn followed(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Option<Instant>> {
    let head = tx.feed_head(cx.merchant)?;
    let row = tx.row(crate::sql::FOLLOWED, args![cx.merchant, SUBSCRIBER])?;
    let Some(mut row) = row else { return Ok(None) };
    let at: i64 = row.get(0)?;
    if at >= head {
        return Ok(Some(cx.now));
    }
    tx.row(crate::sql::UNFOLLOWED, args![cx.merchant, at])?.map_or(Ok(Some(cx.now)), |mut r| r.get(0))
}

/// Segments as people see them.
pub fn shown(tx: &mut Tx<'_>, cx: &Ctx, all: Vec<Segment>, registry: &Registry, zh: bool) -> Result<Vec<SegmentDto>> {
    let ids: Vec<SegmentId> = all.iter().map(|s| s.id).collect();
    let zone = crate::service::zone(tx, cx.merchant)?;
    let today = Reckoning::new(cx.now.micros(), &zone).today;
    let (mut users, days, followed) = (book::used_by(tx, cx, &ids)?, comings::on_day(tx, cx, &ids, today)?, followed(tx, cx)?);
    let mut out = Vec::with_capacity(all.len());
    for s in all {
        let (mut words, mut tree) = ((None, None), None);
        if let Some(expr) = &s.expr {
            tree = serde_json::from_str(expr).ok();
            let raw = RawValue::from_string(expr.clone())?;
            if let Ok(accepted) = Given::Tree(raw).accept(tx, cx, registry, None, Lists::Empty)? {
                let root = accepted.expression.root.canonical();
                words = (Some(text::show(&root)), Some(sentence(&root, &accepted.known, zh)));
            }
        }
        let is_followed = s.kept == Kept::Living && !s.archived && s.built == s.version;
        let used_by: Vec<Named> =
            users.remove(&s.id).unwrap_or_default().into_iter().map(|(id, name)| Named { kind: "segment".to_owned(), id, name }).collect();
        let (entered_today, left_today) = days.get(&s.id).copied().unwrap_or_default();
        out.push(SegmentDto {
            id: s.id,
            name: s.name,
            description: s.description,
            kind: s.kept,
            state: if s.archived { "archived" } else { "active" }.to_owned(),
            expr: tree,
            text: words.0,
            sentence: words.1,
            every: s.every,
            at: s.every.map(|_| format!("{:02}:{:02}", s.clock / 60, s.clock % 60)),
            size: s.size,
            size_at: if is_followed { followed.max(s.sized_at) } else { s.sized_at },
            building: !s.archived && s.built != s.version,
            entered_today,
            left_today,
            use_count: used_by.len() as i64,
            used_by,
            created_at: s.created_at,
            created_by: s.created_by,
            updated_at: s.updated_at,
            updated_by: s.updated_by,
            version: s.version,
        });
    }
    Ok(out)
}

pub(super) fn one(tx: &mut Tx<'_>, cx: &Ctx, segment: Segment, zh: bool) -> Result<SegmentDto> {
    let mut all = shown(tx, cx, vec![segment], &Registry::of_store(), zh)?;
    all.pop().ok_or_else(|| shuke_kernel::Error::fault("a segment is shown as none"))
}
