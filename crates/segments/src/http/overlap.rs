//! How segments overlap, and segments that are ready to be used.

use std::collections::BTreeMap;

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_columns::Registry;
use shuke_http::{App, Body, Call, Permission, Problem, Reply};
use shuke_kernel::{Error, MerchantNo, Result};
use shuke_store::{Store, args};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::book;
use crate::desk::Desk;
use crate::model::{Kept, PersonId, SegmentId};
use crate::ready::{self, ReadySegment};
use crate::service;
use crate::sql;

/// Which segments.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentOverlapRequest {
    /// Two to five.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 5)]
    ids: Vec<SegmentId>,
}

/// Members who are in each of some segments.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentOverlapSize)]
struct OverlapSize {
    /// Which.
    #[schema(value_type = Vec<String>)]
    ids: Vec<SegmentId>,
    /// Members who are in all of them.
    count: i64,
}

/// How segments overlap: every combination of them.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SegmentOverlap {
    sizes: Vec<OverlapSize>,
}

/// Segments that are ready to be used.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ReadySegments {
    items: Vec<ReadySegment>,
}

const MOST: usize = 5;
/// Members read at a time.
const STEP: i64 = 10_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(overlap_segments)).routes(routes!(list_ready_segments))
}

/// How many members two to five segments have in common, for every combination, by who is in them now.
#[utoipa::path(post, path = "/segments/overlap", operation_id = "overlap_segments", tag = "segments", request_body = SegmentOverlapRequest,
    responses((status = 200, body = SegmentOverlap)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn overlap_segments(call: Call, Body(asked): Body<SegmentOverlapRequest>) -> Reply<SegmentOverlap> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let mut ids = asked.ids;
    ids.dedup();
    let is_twice = (1..ids.len()).any(|i| ids[..i].contains(&ids[i]));
    if !(2..=MOST).contains(&ids.len()) || is_twice {
        return Err(Problem::invalid("body", "ids", format_args!("two to {MOST} different segments")));
    }
    let of = ids.clone();
    let kinds = call.read(&cx, move |tx, cx| of.iter().map(|id| Ok(book::get(tx, cx, *id)?.kept)).collect::<Result<Vec<Kept>>>()).await?;
    let (store, merchant, of) = (call.app.store.clone(), cx.merchant, ids.clone());
    let masks = Desk::of(&call.app)?
        .ask(move |_, cancel| {
            let mut masks: BTreeMap<PersonId, u8> = BTreeMap::new();
            for (i, (id, kind)) in of.iter().zip(kinds).enumerate() {
                each_member(&store, merchant, *id, kind, &mut |person| *masks.entry(person).or_default() |= 1 << i)?;
                if cancel.is_cancelled() {
                    return Err(Error::fault("the question was cancelled"));
                }
            }
            let mut counts = [0_i64; 1 << MOST];
            masks.values().for_each(|mask| counts[usize::from(*mask)] += 1);
            Ok(counts)
        })
        .await?;
    let sizes = (1..1_usize << ids.len()).map(|of| {
        let count = (0..masks.len()).filter(|mask| mask & of == of).map(|mask| masks[mask]).sum();
        OverlapSize { ids: ids.iter().enumerate().filter(|(i, _)| of >> i & 1 == 1).map(|(_, id)| *id).collect(), count }
    });
    let mut sizes: Vec<OverlapSize> = sizes.collect();
    sizes.sort_by_key(|s| s.ids.len());
    Ok(Json(SegmentOverlap { sizes }))
}

fn each_member(store: &Store, merchant: MerchantNo, id: SegmentId, kept: Kept, each: &mut dyn FnMut(PersonId)) -> Result<()> {
    if kept == Kept::Static {
        store.read_now(move |tx| service::on_list(tx, merchant, id))?.into_iter().for_each(each);
        return Ok(());
    }
    let mut after = PersonId::from_bytes([0; 16]);
    loop {
        let some = store.read_now(move |tx| {
            let rows = tx.rows(sql::IN_ORDER, args![merchant, id, after, STEP])?;
            rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<PersonId>>>()
        })?;
        let Some(last) = some.last().copied() else { return Ok(()) };
        some.into_iter().for_each(&mut *each);
        after = last;
    }
}

/// Segments that are ready to be used, as they are or to be changed: by value, stage, RFM group and play.
#[utoipa::path(get, path = "/segments/ready", operation_id = "list_ready_segments", tag = "segments",
    responses((status = 200, body = ReadySegments)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn list_ready_segments(call: Call) -> Reply<ReadySegments> {
    call.allow(Permission::SegmentsRead)?;
    Ok(Json(ReadySegments { items: ready::all(&Registry::standard(), call.lang.is_zh())? }))
}
