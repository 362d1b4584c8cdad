//! `shuke export`: a list, or a report's table, as a file. The list is gathered by a job, as for the
//! console, so it works on a store in use; the file is written where the caller stands.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::json;
use shuke_commerce::settlement::Reason;
use shuke_export::model::{MemberFilter, OrderFilter, ProductFilter, RefundFilter, Rows, SettlementFilter, Wanted};
use shuke_export::service::{self, Ask};
use shuke_export::{ExportId, render};
use shuke_kernel::{Actor, Ctx, Currency, Instant, Zone};
use shuke_members::MemberId;
use shuke_members::tag::TagId;
use shuke_sheets::{Format, Style, Writer, Written};
use shuke_store::{Lane, Store};

use super::admin::merchant;
use super::import::Worker;
use crate::cli::Common;
use crate::out::Out;
use crate::wrong::wrong;

/// `shuke export`
#[derive(Subcommand, Clone, Debug)]
pub enum Export {
    /// Members, by the filters of their list.
    Members {
        /// A phone, its last four digits, an e-mail, an id, an account name, a card, a name.
        #[arg(long, value_name = "TEXT")]
        query: Option<String>,
        /// With keys of that platform.
        #[arg(long, value_name = "PLATFORM")]
        platform: Option<String>,
        /// With (true) or without (false) a phone.
        #[arg(long, value_name = "YES")]
        has_phone: Option<bool>,
        /// female, male or other.
        #[arg(long, value_name = "GENDER")]
        gender: Option<String>,
        /// A province.
        #[arg(long, value_name = "PROVINCE")]
        province: Option<String>,
        /// Who has this tag, tag_…; several times for who has all of them.
        #[arg(long = "tag", value_name = "TAG")]
        tags: Vec<TagId>,
        /// Where to.
        #[command(flatten)]
        to: To,
        /// Masked or clear.
        #[command(flatten)]
        seen: Seen,
    },
    /// Orders, or their lines, by the filters of their list.
    Orders {
        /// What a row is; both (a sheet each) in XLSX alone.
        #[arg(long, default_value = "orders")]
        rows: RowsWord,
        /// In that state.
        #[arg(long, value_name = "STATE")]
        state: Option<StateWord>,
        /// The shop, as the orders tell it.
        #[arg(long, value_name = "SHOP")]
        shop: Option<String>,
        /// The platform.
        #[arg(long, value_name = "PLATFORM")]
        platform: Option<String>,
        /// With (true) or without (false) a member.
        #[arg(long, value_name = "YES")]
        identified: Option<bool>,
        /// Placed then or later, such as 2026-11-01T00:00:00+08:00.
        #[arg(long, value_name = "TIME")]
        from: Option<Instant>,
        /// Placed before.
        #[arg(long = "to", value_name = "TIME")]
        to_time: Option<Instant>,
        /// Of that member: mem_….
        #[arg(long, value_name = "MEMBER")]
        member: Option<MemberId>,
        /// The order's number, whole.
        #[arg(long, value_name = "NUMBER")]
        query: Option<String>,
        /// Where to.
        #[command(flatten)]
        to: To,
        /// Masked or clear.
        #[command(flatten)]
        seen: Seen,
    },
    /// Refunds.
    Refunds {
        /// How far they are.
        #[arg(long, value_name = "STATE")]
        state: Option<RefundWord>,
        /// Where to.
        #[command(flatten)]
        to: To,
    },
    /// Products.
    Products {
        /// The beginning of a code, or part of a title.
        #[arg(long, value_name = "TEXT")]
        query: Option<String>,
        /// The beginning of a category path.
        #[arg(long, value_name = "PATH")]
        category: Option<String>,
        /// Where to.
        #[command(flatten)]
        to: To,
    },
    /// Orders whose settlement is not what was expected, with the reasons.
    Settlement {
        /// Placed on that day or later. Default: twelve months before --to.
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// Placed before that day. Default: tomorrow.
        #[arg(long = "to", value_name = "DATE")]
        to_day: Option<Date>,
        /// On that platform.
        #[arg(long, value_name = "PLATFORM")]
        platform: Option<String>,
        /// Of that shop, as the orders tell it.
        #[arg(long, value_name = "SHOP")]
        shop: Option<String>,
        /// Only for this reason, such as refund_after_payout.
        #[arg(long, value_name = "REASON", value_parser = reason)]
        because: Option<Reason>,
        /// Only those of which a file gives another figure (differs), or of which none gives one (untold).
        #[arg(long, value_name = "PART", value_parser = ["differs", "untold"])]
        part: Option<String>,
        /// The currency. Default: the merchant's.
        #[arg(long, value_name = "CODE")]
        currency: Option<Currency>,
        /// Where to.
        #[command(flatten)]
        to: To,
    },
    /// A table of a report: see `shuke report`.
    Report {
        /// The report and what is asked of it.
        #[command(flatten)]
        report: super::report::Options,
        /// Which table, such as trend or rows. Default: the report's own.
        #[arg(long, value_name = "TABLE")]
        table: Option<String>,
        /// Where to.
        #[command(flatten)]
        file: FileTo,
    },
}

impl Export {
    const fn file(&self) -> &FileTo {
        match self {
            Self::Members { to, .. }
            | Self::Orders { to, .. }
            | Self::Refunds { to, .. }
            | Self::Products { to, .. }
            | Self::Settlement { to, .. } => &to.file,
            Self::Report { file, .. } => file,
        }
    }

    /// The folder of the file for a caller who stands in `directory`.
    pub fn folder(&self, directory: &Path) -> PathBuf {
        self.file().folder(directory)
    }
}

fn reason(word: &str) -> Result<Reason, String> {
    let known = || Reason::ALL.map(Reason::word).join(", ");
    Reason::from_word(word).ok_or_else(|| format!("one of {}", known()))
}

/// The file, and whose list.
#[derive(Args, Clone, Debug)]
pub struct To {
    /// The file.
    #[command(flatten)]
    pub file: FileTo,
    /// Only these columns, by their English names. Without the receiver's, orders come much sooner.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: Option<String>,
}

/// The file to write.
#[derive(Args, Clone, Debug)]
pub struct FileTo {
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Default: as the file's name ends.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<FormatWord>,
    /// The language of headings in CSV and XLSX.
    #[arg(long, default_value = "zh", value_name = "LANGUAGE")]
    pub headings: Headings,
    /// Replace a file that is there.
    #[arg(long)]
    pub replace: bool,
}

/// Whether identifiers are masked.
#[derive(Args, Clone, Debug)]
pub struct Seen {
    /// Identifiers in clear; it goes into the audit.
    #[arg(long, requires = "reason")]
    pub clear: bool,
    /// Why in clear.
    #[arg(long, value_name = "TEXT", requires = "clear")]
    pub reason: Option<String>,
}

/// The formats.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum FormatWord {
    /// Comma-separated values.
    Csv,
    /// Excel.
    Xlsx,
    /// Apache Parquet.
    Parquet,
}

/// Languages of headings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Headings {
    /// Chinese.
    Zh,
    /// The names of the API.
    En,
}

/// What a row of an orders' export is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum RowsWord {
    /// An order.
    Orders,
    /// A line of an order.
    Lines,
    /// Both, a sheet each.
    Both,
}

/// States of orders.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum StateWord {
    /// Placed, not paid.
    Created,
    /// Paid.
    Paid,
    /// Dispatched.
    Shipped,
    /// Received and completed.
    Completed,
    /// Cancelled, or closed by a refund.
    Closed,
}

impl StateWord {
    const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Paid => "paid",
            Self::Shipped => "shipped",
            Self::Completed => "completed",
            Self::Closed => "closed",
        }
    }
}

/// States of refunds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum RefundWord {
    /// The money went back.
    Succeeded,
    /// Under way.
    Open,
    /// Refused or taken back.
    Closed,
}

impl RefundWord {
    const fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl FileTo {
    /// The folder of the file for a caller who stands in `directory`.
    pub(super) fn folder(&self, directory: &Path) -> PathBuf {
        let path = directory.join(&self.out);
        path.parent().map_or_else(|| directory.to_owned(), Path::to_owned)
    }

    pub(super) fn format(&self) -> Result<Format> {
        if let Some(word) = self.format {
            return Ok(match word {
                FormatWord::Csv => Format::Csv,
                FormatWord::Xlsx => Format::Xlsx,
                FormatWord::Parquet => Format::Parquet,
            });
        }
        let ending = self.out.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        Format::named(&ending)
            .ok_or_else(|| wrong("export.format_needed", format!("{}: say --format csv, xlsx or parquet", self.out.display())))
    }

    /// Where it stands for a caller who stands in `directory`, if it may be written.
    pub(super) fn place(&self, directory: &Path) -> Result<PathBuf> {
        let path = directory.join(&self.out);
        if path.is_dir() {
            return Err(wrong("export.is_a_folder", format!("{} is a folder: name the file to write in it", path.display())));
        }
        if path.exists() && !self.replace {
            return Err(wrong("export.file_exists", format!("{} exists: choose another name, or say --replace", path.display())));
        }
        if !path.parent().is_none_or(Path::is_dir) {
            return Err(wrong("export.no_folder", format!("there is no folder for {}: make it first", path.display())));
        }
        Ok(path)
    }
}

/// Writes beside the file and puts it in its place when it is whole; readable by its owner alone.
pub(super) fn put(path: &Path, id: &str, write: impl FnOnce(BufWriter<File>) -> Result<BufWriter<File>>) -> Result<u64> {
    use std::os::unix::fs::OpenOptionsExt;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let half = path.with_file_name(format!(".{name}.{id}.part"));
    let begin = || File::options().write(true).create(true).truncate(true).mode(0o600).open(&half);
    let done =
        begin().with_context(|| format!("cannot write {}", half.display())).map(BufWriter::new).and_then(write).and_then(|mut file| {
            file.flush()?;
            file.get_ref().sync_all()?;
            let bytes = file.get_ref().metadata()?.len();
            std::fs::rename(&half, path)?;
            Ok(bytes)
        });
    if done.is_err() {
        let _ = std::fs::remove_file(&half);
    }
    done
}

/// What sets an unfinished file of a report apart from all others.
fn apart(store: &Store) -> String {
    let id: ExportId = Ctx::new(shuke_kernel::MerchantNo(0), Actor::Cli, store.clock().now()).new_id();
    id.to_string()
}

/// Exports, in this process or for another one over the socket. `directory` is where the caller stands.
pub fn run(store: &Store, common: &Common, what: &Export, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    let (wanted, to, seen) = match what.clone() {
        Export::Report { report, table, file } => return report_table(store, common, &report, table.as_deref(), &file, directory, out),
        Export::Members { query, platform, has_phone, gender, province, tags, to, seen } => {
            (Wanted::Members(MemberFilter { query, platform, has_phone, gender, province, tags }), to, Some(seen))
        }
        Export::Orders { rows, state, shop, platform, identified, from, to_time, member, query, to, seen } => {
            let rows = match rows {
                RowsWord::Orders => Rows::Orders,
                RowsWord::Lines => Rows::Lines,
                RowsWord::Both => Rows::Both,
            };
            let state = state.map(|s| s.word().to_owned());
            (Wanted::Orders(OrderFilter { state, shop, platform, identified, from, to: to_time, member, query }, rows), to, Some(seen))
        }
        Export::Refunds { state, to } => (Wanted::Refunds(RefundFilter { state: state.map(|s| s.word().to_owned()) }), to, None),
        Export::Settlement { from, to_day, platform, shop, because, part, currency, to } => {
            let reason = because.map(|r| r.word().to_owned());
            (Wanted::Settlement(SettlementFilter { from, to: to_day, platform, shop, reason, part, currency }), to, None)
        }
        Export::Products { query, category, to } => (Wanted::Products(ProductFilter { query, category }), to, None),
    };
    let (path, format) = (to.file.place(directory)?, to.file.format()?);
    // Without a server nobody else lets go of what has run out.
    shuke_export::sweep(store)?;
    let merchant = merchant(store, to.merchant.as_deref())?;
    let cx = Ctx::new(merchant.no, Actor::Cli, store.clock().now());
    let (clear, reason) = seen.map_or((false, String::new()), |s| (s.clear, s.reason.unwrap_or_default()));
    let ask = Ask { wanted, format, clear, reason, zh: to.file.headings == Headings::Zh, columns: to.columns.clone() };
    let (inner, subject) = (cx.clone(), ask.wanted.subject());
    let id = store.write_now(Lane::Interactive, move |tx| service::start(tx, &inner, &ask))?;
    let worker = Worker::start(store);
    let fetched = fetch(store, &cx, id, &path, out);
    // What the file was written from is not kept, whether it came about or not.
    let removed = let_go(store, &cx, id);
    drop(worker);
    let (written, bytes) = match (fetched, removed) {
        (Ok(done), Ok(())) => done,
        (Err(e), Err(kept)) => return Err(e.context(format!("and what was gathered for it could not be removed: {kept:#}"))),
        (Err(e), Ok(())) | (Ok(_), Err(e)) => return Err(e),
    };
    tell(out, subject, format, &path, written, bytes, clear)
}

/// Waits until the export is whole and writes its file.
fn fetch(store: &Store, cx: &Ctx, id: ExportId, path: &Path, out: &mut Out<'_>) -> Result<(Written, u64)> {
    follow(store, cx, id, out)?;
    let mut written = Written::default();
    let bytes = put(path, &id.to_string(), |file| {
        let (file, what) = render::write(store, cx.merchant, id, file)?;
        written = what;
        Ok(file)
    })?;
    let cx = Ctx { now: store.clock().now(), ..cx.clone() };
    store.write_now(Lane::Interactive, move |tx| service::taken(tx, &cx, id))?;
    Ok((written, bytes))
}

/// Removes the export with its pieces, and waits for nobody: the workers may be busy for hours.
fn let_go(store: &Store, cx: &Ctx, id: ExportId) -> Result<()> {
    let (inner, m) = (Ctx { now: store.clock().now(), ..cx.clone() }, cx.merchant);
    if store.read_now(move |tx| service::find(tx, m, id))?.is_some() {
        store.write_now(Lane::Interactive, move |tx| service::remove(tx, &inner, id))?;
    }
    shuke_export::job::clear_away(store, m, id)?;
    Ok(())
}

fn tell(out: &mut Out<'_>, what: &str, format: Format, path: &Path, written: Written, bytes: u64, clear: bool) -> Result<u8> {
    if out.json {
        let file = path.display().to_string();
        out.object(&json!({
            "file": file, "what": what, "format": format.word(), "rows": written.rows, "sheets": written.sheets, "bytes": bytes, "clear": clear,
        }))?;
        return Ok(0);
    }
    out.line(format!("{}: {} rows of {what} as {}, {bytes} bytes", path.display(), written.rows, format.word()))?;
    if written.sheets > 1 {
        let most = shuke_sheets::ROWS_OF_A_SHEET - 1;
        out.line(format!("They stand in {} sheets; a sheet holds {most} rows, and what is more goes on in the next.", written.sheets))?;
    }
    if clear {
        out.line("Identifiers are in clear: who asked and why is in the audit.")?;
    }
    Ok(0)
}

/// Watches the export's job to its end, in this process or in another.
fn follow(store: &Store, cx: &Ctx, id: ExportId, out: &mut Out<'_>) -> Result<()> {
    let m = cx.merchant;
    loop {
        let (run, job) = store.read_now(move |tx| {
            let run = service::get(tx, m, id)?;
            let job = run.job.map(|j| tx.job(m, j)).transpose()?;
            Ok((run, job))
        })?;
        if run.state != "gathering" {
            break;
        }
        if let Some(job) = job {
            let of = job.total.map(|t| format!(" / {t}")).unwrap_or_default();
            out.progress(format!("{}{of} rows", job.progress))?;
            match job.state.as_str() {
                "failed" | "dead" => bail!("the export failed: {}", job.error.unwrap_or_default()),
                "stopped" => bail!("the export was stopped: {id}"),
                _ => {}
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    out.progress("")
}

fn report_table(
    store: &Store,
    common: &Common,
    report: &super::report::Options,
    table: Option<&str>,
    to: &FileTo,
    directory: &Path,
    out: &mut Out<'_>,
) -> Result<u8> {
    if report.csv.is_some() || report.on.is_some() {
        return Err(wrong(
            "export.report_options",
            "`shuke export report` reads a store and takes --table; for a folder use `shuke report --on DIR --csv TABLE`",
        ));
    }
    let (path, format) = (to.place(directory)?, to.format()?);
    let zh = to.headings == Headings::Zh;
    if matches!(report.name, super::report::Name::Ending) {
        let (cx, asked, value) = super::ending::one(store, report, table)?;
        let mut written = Written { rows: 0, sheets: 1 };
        let bytes = put(&path, &apart(store), |file| {
            let (file, all) = shuke_programme::ending::tables::write(store, &cx, &asked, value, format, zh, file)?;
            written = all;
            Ok(file)
        })?;
        return tell(out, "ending", format, &path, written, bytes, false);
    }
    let stored = match report.name {
        super::report::Name::Settlement => {
            let answer = super::settlement::answer(store, report, zh)?;
            let zone = Zone::named(&answer.zone).unwrap_or_else(Zone::shanghai);
            Some(("settlement", super::settlement::table_named(&answer, table, zh)?, zone))
        }
        super::report::Name::Liability => {
            let (table, zone) = super::liability::table_named(store, report, table)?;
            Some(("liability", table, zone))
        }
        _ => None,
    };
    if let Some((name, (sheet, rows), zone)) = stored {
        let bytes = put(&path, &apart(store), |file| {
            let mut file = Writer::new(file, format, Style { zh, zone });
            file.begin(&sheet)?;
            rows.iter().try_for_each(|row| file.row(row))?;
            Ok(file.finish()?.0)
        })?;
        let written = Written { rows: rows.len() as u64, sheets: 1 };
        return tell(out, &format!("{name} {}", sheet.name), format, &path, written, bytes, false);
    }
    // A file is whole: every good, whatever --top says.
    let all = super::report::Options { top: shuke_insight::Question::ALL_GOODS, ..report.clone() };
    let answer = super::report::answer_on_store(store, common, &all)?;
    let tables = shuke_insight::tables::tables(&answer);
    let table = super::report::table_named(&tables, table)?;
    let style = Style { zh, zone: Zone::named(&answer.head.zone).unwrap_or_else(Zone::shanghai) };
    let table = table.for_file(&answer, format, zh);
    let bytes = put(&path, &apart(store), |file| Ok(table.write(file, format, style, answer.head.currency.as_deref())?))?;
    let written = Written { rows: table.rows.len() as u64, sheets: 1 };
    tell(out, &format!("{} {}", answer.head.report, table.name), format, &path, written, bytes, false)
}
