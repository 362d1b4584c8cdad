//! `POST /sql`: a question in SQL over the merchant's columns. Every one is in the audit, without what
//! looks like somebody's phone or address.

use std::io::BufWriter;
use std::time::Duration;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_access::{audit, merchants};
use shuke_columns::ask::{End, Fault, Head, TIME};
use shuke_http::{App, Body, Call, Permission, Problem, Wait, streamed_while};
use shuke_kernel::{Error, Instant};
use tokio::task::AbortHandle;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::child::{Asked, Line, Stop, StopOnDrop};
use super::sheet::{self, Ended};
use super::turns::Turn;
use super::{ABSENT, Desk, SECONDS, TOO_LONG, ask, asks, kept, program};

/// A question in SQL.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SqlRequest {
    /// One statement that reads: SELECT, WITH, EXPLAIN, SHOW TABLES or DESCRIBE. `GET /sql/tables` has the tables.
    #[schema(max_length = 100_000)]
    statement: String,
    /// Rows told at most; 1,000 if absent. A file has all, up to 1,000,000.
    #[schema(minimum = 1, maximum = 10_000)]
    limit: Option<u64>,
    /// `json` (default) or `csv`, a file. One of more rows than it may have breaks off: nobody takes a part for the whole.
    #[serde(default)]
    format: SqlFormat,
    /// Personal columns in clear (`birthday`); else of a day of birth only its year is told. Needs `export:clear`.
    #[serde(default)]
    clear: bool,
}

/// As what an answer comes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SqlFormat {
    /// One object.
    #[default]
    Json,
    /// A file.
    Csv,
}

/// A column of an answer.
#[derive(Serialize, ToSchema)]
struct SqlColumn {
    /// Its name.
    name: String,
    /// `int`, `float`, `dec` (a text), `text`, `bool`, `date`, `instant` (RFC 3339 in the merchant's zone) or `other` (a text).
    #[serde(rename = "type")]
    kind: String,
}

/// An answer.
#[derive(Serialize, ToSchema)]
struct SqlAnswer {
    /// The columns.
    columns: Vec<SqlColumn>,
    /// The rows, each an array with a value for each column. Whole numbers beyond 2^53 are texts.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<Box<RawValue>>,
    /// Whether there were more rows than are told.
    cut: bool,
    /// Up to when everything is in.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
    /// What it took, in milliseconds.
    took_ms: f64,
}

/// Bytes of a statement at most.
const LONGEST: usize = 100_000;
const USUAL: u64 = 1_000;
const MOST: u64 = 10_000;
/// Rows of a file.
const FILE: u64 = 1_000_000;
/// Seconds that a file may take.
const FILE_SECONDS: u64 = 300;
/// How long after its time a file breaks off, however slowly it is read.
const GRACE: Duration = Duration::from_secs(5);
/// How long nothing of a file may be taken before it breaks off.
const STALLED: Duration = Duration::from_secs(30);
/// Bytes of the rows of an answer that is no file.
const BYTES: usize = 16 << 20;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(run_sql))
}

/// Answers a question in SQL over the merchant's columns: members, orders, lines, refunds, events, tags, history. It reads only, under limits of time (20 s), memory and rows, and stops when the caller leaves. 501 where the program that answers is not installed.
#[utoipa::path(post, path = "/sql", operation_id = "run_sql", tag = "sql", request_body = SqlRequest,
    responses((status = 200, content((SqlAnswer = "application/json"), (String = "text/csv")))), security(("staff" = ["sql:run"]), ("key" = ["sql:run"])))]
async fn run_sql(call: Call, Body(asked): Body<SqlRequest>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::SqlRun)?;
    if asked.clear {
        call.allow(Permission::ExportClear)?;
    }
    let limit = asked.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::invalid("body", "limit", format_args!("1 to {MOST}")));
    }
    if asked.statement.len() > LONGEST {
        return Err(TOO_LONG.with("bytes", LONGEST).at("statement").into());
    }
    let desk = Desk::of(&call.app)?;
    let program = program(desk.named.as_deref()).ok_or_else(absent)?;
    let turn = desk.turn(cx.merchant).await?;
    let summary = kept::kept(&asked.statement, asked.clear);
    call.write(&cx, move |tx, cx| audit::record(tx, cx, "sql.asked", "", &summary)).await?;
    let zone = call.read(&cx, |tx, cx| merchants::get(tx, cx.merchant)).await?.zone;
    let (merchant, now) = (cx.merchant, cx.now.micros());
    let is_file = asked.format == SqlFormat::Csv;
    let started = blocking(move || {
        let statement = asked.statement;
        let readable = desk.keepers.of(merchant)?.readable(&|name| asks(&statement, name))?;
        let mut question = ask(&readable, &statement, &zone, now);
        question.clear = asked.clear;
        question.rows = if is_file { FILE } else { limit };
        if is_file {
            question.seconds = FILE_SECONDS;
        }
        Ok((Asked::start(&program, &question)?, readable.known_at))
    })
    .await?;
    let (started, known_at) = started;
    // A caller who leaves drops this, and with it the program.
    let leaving = StopOnDrop(started.stop());
    if is_file {
        return file(started, leaving, turn).await;
    }
    let answer = object(started, known_at, turn).await;
    drop(leaving);
    answer
}

fn absent() -> Problem {
    Problem::with_status(ABSENT.refuse(), StatusCode::NOT_IMPLEMENTED)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> shuke_kernel::Result<T> + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Problem::from(Error::fault(e)))?.map_err(Problem::from)
}

/// What was wrong, as a problem at the statement.
fn problem(fault: &Fault) -> Problem {
    let mut refusal = fault.known().with("reason", &fault.reason);
    if let (Some(line), Some(column)) = (fault.line, fault.column) {
        refusal = refusal.with("line", line).with("column", column);
    }
    refusal.at("statement").into()
}

struct Gathered {
    heads: Vec<Head>,
    rows: Vec<Box<RawValue>>,
    end: End,
}

/// Everything of an answer, as long as it is not too large to be kept.
fn gather(mut asked: Asked) -> shuke_kernel::Result<Result<Gathered, Fault>> {
    let (mut heads, mut rows, mut bytes, began) = (Vec::new(), Vec::new(), 0, std::time::Instant::now());
    while let Some(line) = asked.next_line()? {
        match line {
            Line::Columns(of) => heads = of,
            Line::Row(row) => {
                bytes += row.get().len();
                if bytes > BYTES {
                    let end = End { rows: rows.len() as u64, cut: true, known_at: None, took: began.elapsed().as_micros() as u64 };
                    return Ok(Ok(Gathered { heads, rows, end }));
                }
                rows.push(row);
            }
            Line::End(end) => return Ok(Ok(Gathered { heads, rows, end })),
            Line::Fault(fault) => return Ok(Err(fault)),
        }
    }
    Err(Error::fault("an answer without an end"))
}

async fn object(asked: Asked, known_at: i64, turn: Turn) -> Result<Response, Problem> {
    let gathered = blocking(move || {
        let _turn = turn;
        gather(asked)
    });
    let Gathered { heads, rows, end } = gathered.await?.map_err(|fault| problem(&fault))?;
    let columns = heads.into_iter().map(|h| SqlColumn { name: h.name, kind: h.kind }).collect();
    Ok(Json(SqlAnswer { columns, rows, cut: end.cut, known_at: Instant(known_at), took_ms: end.took as f64 / 1_000.0 }).into_response())
}

async fn file(mut asked: Asked, leaving: StopOnDrop, turn: Turn) -> Result<Response, Problem> {
    // What is wrong at once is said as a problem; what breaks later breaks the file off.
    let first = blocking(move || Ok((asked.next_line()?, asked)));
    let (first, asked) = match tokio::time::timeout(Duration::from_secs(SECONDS), first).await {
        Ok(done) => done?,
        Err(_) => return Err(problem(&Fault::new(&TIME, SECONDS.to_string()))),
    };
    let heads = match first {
        Some(Line::Columns(heads)) => heads,
        Some(Line::Fault(fault)) => return Err(problem(&fault)),
        _ => return Err(Problem::fault("an answer that does not begin with its columns")),
    };
    let wait = Wait { until: tokio::time::Instant::now() + Duration::from_secs(FILE_SECONDS) + GRACE, part: STALLED };
    // Where the file is not wanted any more, or its time is over, the program ends.
    let leaving = (leaving, Ending::at(wait.until, asked.stop()));
    let body = streamed_while("an answer in SQL".to_owned(), leaving, wait, move |to: BufWriter<_>| {
        // The program ends with this closure at the latest, and its turn after it.
        let _turn = turn;
        match sheet::write(asked, &heads, to)? {
            (to, Ended::End(end)) if !end.cut => Ok(to),
            (_, Ended::End(_)) => Err(Error::fault(format!("there are more than {FILE} rows"))),
            (_, Ended::Fault(fault)) => Err(Error::fault(fault.en)),
        }
    });
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"sql.csv\"")];
    Ok((headers, body).into_response())
}

/// Ends the program at its time, unless it is dropped before.
struct Ending(AbortHandle);

impl Ending {
    fn at(until: tokio::time::Instant, stop: Stop) -> Self {
        let ends = tokio::spawn(async move {
            tokio::time::sleep_until(until).await;
            drop(StopOnDrop(stop));
        });
        Self(ends.abort_handle())
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.abort();
    }
}
