//! A question from end to end: what it names is opened, what it asks is checked, planned and run under
//! limits, and its rows are written while they come.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use shuke_columns::ask::{Ask, COLUMNS, End, Fault, Frame, TIME, WRONG};
use shuke_columns::flat;
use shuke_kernel::Zone;

use crate::fault::of;
use crate::source::Source;
use crate::table::Flat;
use crate::{guard, tell};

/// Why an answer is not whole.
#[derive(Debug)]
pub enum Broke {
    /// Something is wrong with it.
    Fault(Fault),
    /// Nobody reads it any more.
    Gone,
}

impl From<Fault> for Broke {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Answers a question on `to`: the columns, the rows, and how it ended.
///
/// # Errors
/// What is wrong with it; nothing was written of that.
pub async fn answer(ask: &Ask, to: &mut (dyn Write + Send)) -> Result<(), Broke> {
    let limit = Duration::from_secs(ask.seconds);
    match tokio::time::timeout(limit, run(ask, to)).await {
        Ok(done) => done,
        Err(_) => Err(Fault::new(&TIME, ask.seconds.to_string()).into()),
    }
}

fn gone(_: std::io::Error) -> Broke {
    Broke::Gone
}

/// A line that is no row.
///
/// # Errors
/// [`Broke::Gone`] when it cannot be written.
pub fn frame(frame: &Frame, to: &mut dyn Write) -> Result<(), Broke> {
    serde_json::to_writer(&mut *to, frame).map_err(|e| gone(e.into()))?;
    writeln!(to).map_err(gone)
}

async fn run(ask: &Ask, to: &mut (dyn Write + Send)) -> Result<(), Broke> {
    let began = Instant::now();
    let statement = guard::statement(&ask.statement)?;
    if Zone::named(&ask.zone).is_none() {
        return Err(Fault::new(&WRONG, format!("there is no zone {}", ask.zone)).into());
    }
    let source = Arc::new(Source::of(ask).map_err(|e| Fault::new(&COLUMNS, e.to_string()))?);
    let context = context(ask, &source).map_err(|e| of(&e))?;
    let plan = context.state().statement_to_plan(statement).await.map_err(|e| of(&e))?;
    guard::plan(&plan)?;
    guard::days(&plan)?;
    let frame_of = context.execute_logical_plan(plan).await.map_err(|e| of(&e))?;
    let mut stream = frame_of.execute_stream().await.map_err(|e| of(&e))?;
    let heads = tell::heads(&stream.schema());
    let mut heads = Some(heads);
    let (mut told, mut cut) = (0_u64, false);
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(|e| of(&e))?;
        // Columns are told once the first rows are there, so that what breaks at once is told as that alone.
        if let Some(heads) = heads.take() {
            frame(&Frame::Columns(heads), to)?;
        }
        let left = usize::try_from(ask.rows - told).unwrap_or(usize::MAX);
        tell::rows(&batch, left, to).map_err(|e| match e {
            datafusion::arrow::error::ArrowError::IoError(_, e) => gone(e),
            other => Broke::Fault(of(&other.into())),
        })?;
        told += left.min(batch.num_rows()) as u64;
        if batch.num_rows() > left {
            cut = true;
            break;
        }
    }
    if let Some(heads) = heads.take() {
        frame(&Frame::Columns(heads), to)?;
    }
    let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    frame(&Frame::End(End { rows: told, cut, known_at: source.known_at(), took }), to)?;
    to.flush().map_err(gone)
}

fn context(ask: &Ask, source: &Arc<Source>) -> datafusion::common::Result<SessionContext> {
    let mut config = SessionConfig::new().with_information_schema(true).with_default_catalog_and_schema("shuke", "public");
    let options = config.options_mut();
    options.execution.time_zone = Some(ask.zone.clone());
    options.sql_parser.collect_spans = true;
    // What does not fit is refused in words: files of rows in clear would outlive a program that is killed.
    let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    let pool = Arc::new(GreedyMemoryPool::new(usize::try_from(ask.memory).unwrap_or(usize::MAX)));
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(pool).with_disk_manager_builder(disk).build_arc()?;
    let context = SessionContext::new_with_config_rt(config, runtime);
    for table in flat::tables(&source.registry) {
        let name = table.name.to_string();
        context.register_table(name.as_str(), Arc::new(Flat::new(source.clone(), table)))?;
    }
    Ok(context)
}
