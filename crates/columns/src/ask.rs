//! What Shuke and its SQL program say to each other: a question as one line of JSON, then lines of its
//! answer: what the columns are, each row as an array, how it ended. And what can be wrong with a question.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Kind};

/// The name of the program.
pub const PROGRAM: &str = "shuke-sql";

/// A question.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The folder of a merchant's columns.
    #[serde(default)]
    pub columns: Option<PathBuf>,
    /// The manifest in it; the newest if absent.
    #[serde(default)]
    pub sequence: Option<u64>,
    /// Facts that are reckoned over everybody, of that manifest.
    #[serde(default)]
    pub standing: Option<PathBuf>,
    /// Or the folder of members.csv and the files beside it.
    #[serde(default)]
    pub files: Option<PathBuf>,
    /// What is asked: one statement that reads.
    pub statement: String,
    /// The zone in which times are told and cut into days.
    pub zone: String,
    /// The time of the question, microseconds.
    pub now: i64,
    /// Rows told at most.
    pub rows: u64,
    /// Seconds that it may take.
    pub seconds: u64,
    /// Bytes that it may hold for sorting, joining and grouping.
    pub memory: u64,
    /// Whether personal columns are told in clear.
    #[serde(default)]
    pub clear: bool,
    /// Whether the end of the standard input ends it: whoever asked is gone.
    #[serde(default)]
    pub watch: bool,
}

/// A column of an answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Head {
    /// Its name.
    pub name: String,
    /// `int`, `float`, `dec`, `text`, `bool`, `date`, `instant` or `other`, which is told as text.
    #[serde(rename = "type")]
    pub kind: String,
}

/// How an answer ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct End {
    /// Rows that were told.
    pub rows: u64,
    /// Whether there were more.
    pub cut: bool,
    /// Up to when everything is in, microseconds; absent of files.
    pub known_at: Option<i64>,
    /// What it took, microseconds.
    pub took: u64,
}

/// What was wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// One of [`CODES`].
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// What the engine says.
    pub reason: String,
    /// The line of the statement at fault, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// The column in it, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub column: Option<u64>,
}

/// A line of an answer that is no row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// The first line: the columns.
    Columns(Vec<Head>),
    /// The last: it is whole, or cut as it says.
    End(End),
    /// The last: it is not.
    Error(Fault),
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $word:literal $kind:ident $zh:literal $en:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { code: $word, kind: Kind::$kind, zh: $zh, en: $en };)*
        /// Everything that can be wrong.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// It cannot be parsed.
    SYNTAX "sql.syntax" Invalid "SQL 语法有误：{reason}" "This is no SQL: {reason}";
    /// It is no single statement that reads.
    READ_ONLY "sql.read_only" Unprocessable "这里只能查询：一条 SELECT、WITH、EXPLAIN、SHOW TABLES 或 DESCRIBE 语句（{reason}）。" "Only questions are taken here: one SELECT, WITH, EXPLAIN, SHOW TABLES or DESCRIBE ({reason}).";
    /// A time beside a day: the engine would take the day's midnight in no zone at all.
    DATES "sql.date_and_time" Unprocessable "时间不能直接和日期比较或相减（{reason}）。请写成 time::date = DATE '2025-11-01'，或和文字比较：time >= '2025-11-01'。" "A time is not compared with a day ({reason}). Write time::date = DATE '2025-11-01', or compare with text: time >= '2025-11-01'.";
    /// There is no such table.
    UNKNOWN_TABLE "sql.unknown_table" Unprocessable "没有这张表：{reason}。SHOW TABLES 列出所有表。" "There is no such table: {reason}. SHOW TABLES lists all.";
    /// There is no such column.
    UNKNOWN_COLUMN "sql.unknown_column" Unprocessable "没有这一列：{reason}" "There is no such column: {reason}";
    /// There is no such function.
    UNKNOWN_FUNCTION "sql.unknown_function" Unprocessable "没有这个函数，或参数不对：{reason}" "There is no such function, or not of these arguments: {reason}";
    /// It means nothing.
    WRONG "sql.wrong" Unprocessable "这条语句无法执行：{reason}" "This statement cannot be run: {reason}";
    /// It broke over the data: a division by zero, a number too large.
    BROKE "sql.broke" Unprocessable "执行时出错：{reason}" "It broke while running: {reason}";
    /// It would hold too much.
    MEMORY "sql.memory" Unprocessable "需要的内存超过上限：请缩小范围，或少取几列、少排序（{reason}）。" "It would need more memory than is allowed: ask for less, with fewer columns or less to sort ({reason}).";
    /// It took too long.
    TIME "sql.time" Unprocessable "超过 {reason} 秒仍未完成，已停止：请缩小范围。" "It was stopped after {reason} seconds: ask for less.";
    /// The columns cannot be read.
    COLUMNS "sql.columns" Unavailable "分析数据读不出来：{reason}" "The columns cannot be read: {reason}";
}

impl Fault {
    /// What is wrong, with the engine's reason.
    pub fn new(code: &'static Code, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        let text = |text: &str| text.replace("{reason}", &reason);
        Self { code: code.code.to_owned(), zh: text(code.zh), en: text(code.en), reason: reason.clone(), line: None, column: None }
    }

    /// The same at a place, where one is known.
    #[must_use]
    pub fn at(self, place: Option<(u64, u64)>) -> Self {
        Self { line: place.map(|p| p.0), column: place.map(|p| p.1), ..self }
    }

    /// The code it names; [`WRONG`] where this release knows no such.
    pub fn known(&self) -> &'static Code {
        CODES.iter().find(|c| c.code == self.code).copied().unwrap_or(&WRONG)
    }
}
