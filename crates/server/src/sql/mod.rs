//! People's own questions in SQL: the columns' program started as a child for one question, under limits,
//! and killed when nobody waits for its answer any more. It is found beside this program or on the path;
//! where it is not there, that is said with the command that builds it.

pub mod child;
mod http;
mod kept;
pub mod sheet;
mod tables;
mod turns;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use shuke_columns::Keepers;
use shuke_columns::ask::Ask;
use shuke_columns::keeper::Readable;
use shuke_http::{App, Problem};
use shuke_kernel::{Code, Kind, MerchantNo};
use utoipa_axum::router::OpenApiRouter;

use self::turns::{Turn, Turns};

/// What the operations are about.
pub const TAGS: &[shuke_http::Tag] =
    &[shuke_http::Tag("sql", "People's own questions in SQL over members, orders and events: read only, under limits, each in the audit.")];

/// The program is not there.
pub static ABSENT: Code = Code {
    code: "sql.absent",
    kind: Kind::Unavailable,
    zh: "这台机器上没有 shuke-sql 程序。请在源码目录运行 make sql（或安装自带它的 deb 包），把 shuke-sql 放在 shuke 旁边。",
    en: "The program shuke-sql is not on this machine. Run `make sql` in the sources (or install the package that carries it) and put shuke-sql beside shuke.",
};

/// Others are asking.
pub static BUSY: Code = Code {
    code: "sql.busy",
    kind: Kind::TooMany,
    zh: "正在执行的查询太多，请在 {retry_after} 秒后重试。",
    en: "Too many questions are being answered. Try again in {retry_after} seconds.",
};

/// It is too long to be read.
pub static TOO_LONG: Code = Code {
    code: "sql.too_long",
    kind: Kind::Invalid,
    zh: "语句太长：最多 {bytes} 字节（UTF-8）。",
    en: "The statement is too long: {bytes} bytes (UTF-8) at most.",
};

/// Questions that are answered at a time; each uses every processor.
const AT_A_TIME: usize = 2;
/// How long a turn is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// Seconds that a question may take until its first row: below what a request may take.
pub const SECONDS: u64 = 20;
/// Bytes that it may hold for sorting, joining and grouping.
pub const MEMORY: u64 = 512 << 20;

/// What questions need: put on the app's shelf.
pub struct Desk {
    keepers: Arc<Keepers>,
    named: Option<PathBuf>,
    turns: Arc<Turns>,
}

impl Desk {
    /// A desk over these columns; `named` is the program, where it is to be no other.
    pub fn new(keepers: Arc<Keepers>, named: Option<PathBuf>) -> Self {
        Self { keepers, named, turns: Arc::new(Turns::new(AT_A_TIME)) }
    }

    fn of(app: &App) -> Result<Arc<Self>, Problem> {
        app.get::<Self>().ok_or_else(|| shuke_segments::NO_COLUMNS.refuse().into())
    }

    async fn turn(&self, merchant: MerchantNo) -> Result<Turn, Problem> {
        match tokio::time::timeout(PATIENCE, self.turns.take(merchant)).await {
            Ok(turn) => Ok(turn),
            Err(_) => Err(BUSY.with("retry_after", PATIENCE.as_secs()).into()),
        }
    }
}

/// Whether a statement may ask for the fact `name`, one that is reckoned over everybody and so not for nothing.
pub fn asks(statement: &str, name: &str) -> bool {
    let lower = statement.to_lowercase();
    lower.contains(name) || (lower.contains("members") && lower.replace("count(*)", "").contains('*'))
}

/// A question over columns.
pub fn ask(readable: &Readable, statement: &str, zone: &str, now: i64) -> Ask {
    Ask {
        columns: Some(readable.folder.clone()),
        sequence: Some(readable.sequence),
        standing: readable.standing.clone(),
        statement: statement.to_owned(),
        zone: zone.to_owned(),
        now,
        seconds: SECONDS,
        memory: MEMORY,
        watch: true,
        ..Ask::default()
    }
}

/// The program: the one that was named, else beside this program, else on the path.
pub fn program(named: Option<&Path>) -> Option<PathBuf> {
    if let Some(named) = named {
        return named.is_file().then(|| named.to_owned());
    }
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(|d| d.join(shuke_columns::ask::PROGRAM)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|d| d.join(shuke_columns::ask::PROGRAM));
    beside.into_iter().chain(on_path).find(|p| p.is_file())
}

/// The operations of this module.
pub fn router() -> OpenApiRouter<App> {
    http::router().merge(tables::router())
}

#[cfg(test)]
mod tests {
    use super::asks;

    #[test]
    fn facts_of_everybody_are_reckoned_where_they_may_be_asked_for() {
        assert!(asks("SELECT stage, count(*) FROM members GROUP BY 1", "stage"));
        assert!(asks("select * from Members limit 3", "rfm_r"));
        assert!(!asks("SELECT count(*) FROM members", "stage"));
        assert!(!asks("SELECT * FROM orders", "stage"));
    }
}
