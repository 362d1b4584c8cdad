//! The jobs: one gathers a list into sealed pieces, one throws away pieces that are nobody's any more.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use shuke_kernel::{Error, MerchantNo, Result};
use shuke_sheets::Cell;
use shuke_store::jobs::{JobEnd, JobHandler, JobRun};
use shuke_store::{Lane, Store, Tx, args};

use crate::model::ExportId;
use crate::service::{self, KEEP_SECONDS};
use crate::{source, sql};

/// The kind of the job that gathers.
pub const GATHER: &str = "export.gather";
/// The kind of the job that throws pieces away.
pub const DROP: &str = "export.drop";

/// What the gathering job is told.
#[derive(Clone, Serialize, Deserialize)]
pub struct Task {
    /// Which export.
    pub export: ExportId,
}

/// What the job that throws away is told.
#[derive(Clone, Serialize, Deserialize)]
pub struct Waste {
    /// Which export: pieces of its former epochs go.
    pub export: ExportId,
}

/// How far a list is gathered.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Place {
    epoch: i64,
    chunk: i64,
    rows: i64,
    after: Json,
    total: Option<i64>,
}

/// Packs the rows of a piece.
pub(crate) fn pack(rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
    Ok(lz4_flex::compress_prepend_size(&serde_json::to_vec(rows)?))
}

/// Opens what [`pack`] made.
pub(crate) fn unpack(body: &[u8]) -> Result<Vec<Vec<Cell>>> {
    let plain = lz4_flex::decompress_size_prepended(body).map_err(|e| Error::fault(format!("a piece of an export: {e}")))?;
    Ok(serde_json::from_slice(&plain)?)
}

/// Gathers lists.
pub struct Gather;

/// What a step came to.
enum Step {
    More(Place),
    Whole(Place),
    /// It was retired meanwhile: looked at again.
    Stale,
}

impl JobHandler for Gather {
    fn kind(&self) -> &'static str {
        GATHER
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let (m, id) = (run.merchant, run.args::<Task>()?.export);
        let mut place: Place = run.checkpoint()?.unwrap_or_default();
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, at) = (run.cx(), place.clone());
            let read = run.store.read_now(move |tx| {
                let Some(found) = service::find(tx, m, id)?.filter(|f| f.state == "gathering") else { return Ok(None) };
                let mut at = if at.epoch == found.epoch { at.clone() } else { Place { epoch: found.epoch, ..Place::default() } };
                if at.chunk == 0 {
                    at.total = source::total(tx, &cx, &found.spec)?;
                }
                let page = source::page(tx, &cx, &found.spec, &at.after)?;
                Ok(Some((at, page)))
            })?;
            let Some((at, page)) = read else {
                // Deleted, expired, or whole already: there is nothing to do.
                return Ok(JobEnd::Done(serde_json::json!({ "export": id.to_string() })));
            };
            match step(run, id, at, page)? {
                Step::More(next) => place = next,
                Step::Whole(end) => return Ok(JobEnd::Done(serde_json::json!({ "export": id.to_string(), "rows": end.rows }))),
                Step::Stale => {}
            }
        }
    }
}

fn step(run: &JobRun, id: ExportId, at: Place, page: source::Page) -> Result<Step> {
    let (m, cx, fence) = (run.merchant, run.cx(), run.fence());
    run.store.write_now(Lane::Bulk, move |tx| {
        let Some(mut held) = tx.row(sql::HOLD, args![m, id])? else { return Ok(Step::Stale) };
        if (held.get::<String>(0)?.as_str(), held.get::<i64>(1)?) != ("gathering", at.epoch) {
            return Ok(Step::Stale);
        }
        for (sheet, rows) in page.sheets.iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            let sealed = tx.keys(m)?.seal("export_chunk", id.bytes(), &pack(rows)?)?;
            tx.exec(sql::ADD_CHUNK, args![m, id, at.epoch, sheet as i64, at.chunk, rows.len() as i64, sealed])?;
        }
        let rows: i64 = page.sheets.iter().map(|s| s.len() as i64).sum();
        let done = at.rows + rows;
        let next = Place { chunk: at.chunk + 1, rows: done, after: page.next.clone().unwrap_or_default(), ..at.clone() };
        let whole = page.next.is_none();
        if whole {
            tx.exec(sql::READY, args![m, id, done, cx.now, cx.now.plus_seconds(KEEP_SECONDS)])?;
        }
        fence.save(tx, cx.now, &next, done, if whole { Some(done) } else { at.total.map(|t| t.max(done)) })?;
        Ok(if whole { Step::Whole(next) } else { Step::More(next) })
    })
}

/// Throws away pieces that are nobody's any more.
pub struct Drop;

impl JobHandler for Drop {
    fn kind(&self) -> &'static str {
        DROP
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let (m, id) = (run.merchant, run.args::<Waste>()?.export);
        let mut done: i64 = run.checkpoint()?.unwrap_or(0);
        loop {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (cx, fence, so_far) = (run.cx(), run.fence(), done);
            let gone = run.store.write_now(Lane::Bulk, move |tx| {
                let gone = throw_away(tx, m, id)?;
                fence.save(tx, cx.now, &(so_far + gone), so_far + gone, None)?;
                Ok(gone)
            })?;
            done += gone;
            if gone == 0 {
                return Ok(JobEnd::Done(serde_json::json!({ "pieces": done })));
            }
        }
    }
}

/// Throws the pieces of a removed export away now. Its job does the same where nobody does it sooner, but
/// may stand behind an import of hours.
pub fn clear_away(store: &Store, merchant: MerchantNo, id: ExportId) -> Result<()> {
    while store.write_now(Lane::Bulk, move |tx| throw_away(tx, merchant, id))? > 0 {}
    Ok(())
}

fn throw_away(tx: &mut Tx<'_>, m: MerchantNo, id: ExportId) -> Result<i64> {
    // One whose row is gone has no epoch that counts.
    let epoch = tx.row(sql::HOLD, args![m, id])?.map_or(Ok(i64::MAX), |mut r| r.get::<i64>(1))?;
    let mut gone = 0;
    for mut r in tx.rows(sql::STALE_CHUNKS, args![m, id, epoch])? {
        gone += tx.exec(sql::DROP_CHUNK, args![m, id, r.get::<i64>(0)?, r.get::<i64>(1)?, r.get::<i64>(2)?])? as i64;
    }
    if gone == 0 {
        tx.exec(sql::FORGET_DELETED, args![m, id])?;
    }
    Ok(gone)
}
