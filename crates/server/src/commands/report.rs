//! `shuke report`: a report over files of a folder, or over a merchant's columns.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use shuke_columns::Keeper;
use shuke_insight::standing::Facts;
use shuke_insight::tables::{Table, tables};
use shuke_insight::{Answer, Centre, Compare, Cuts, Grain, Question, Report, answer};
use shuke_store::Store;

use super::admin::merchant;
use super::columns::columns_folder;
use crate::cli::Common;
use crate::out::Out;

/// `shuke report`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Which report.
    #[arg(value_name = "NAME")]
    pub name: Name,
    /// The day of reckoning: what happened before its first instant is known. Default: tomorrow.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// The first day of the window; without it everything there is.
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// The day before which the window ends. Default: the day of reckoning.
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    /// Whether refunds are taken off.
    #[arg(long, default_value = "net")]
    pub returns: Returns,
    /// The zone of the days. Default: the merchant's, else Asia/Shanghai.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// Read members.csv, orders.csv, lines.csv and refunds.csv of this folder instead of a store.
    #[arg(long, value_name = "DIR", conflicts_with = "merchant")]
    pub on: Option<PathBuf>,
    /// The merchant, by id or name (not needed where there is one).
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: Option<String>,
    /// List the members (rfm, lifecycle).
    #[arg(long)]
    pub rows: bool,
    /// How many goods to list.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub top: usize,
    /// Cuts of frequency: 1, 2, 3, 4, 5 and more, or quantiles.
    #[arg(long, default_value = "console")]
    pub cuts: CutsWord,
    /// What divides high from low in the eight groups.
    #[arg(long, default_value = "mean")]
    pub centre: CentreWord,
    /// Gaps that a category or the shop must have for its median to speak.
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub min_gaps: i64,
    /// The currency, where orders are in several. Default: the merchant's.
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
    /// Of the dashboard: add the window day by day, week by week (from Monday) or month by month.
    #[arg(long, value_name = "GRAIN")]
    pub grain: Option<GrainWord>,
    /// Of the dashboard: add the figures of another window to compare with.
    #[arg(long, value_name = "WINDOW")]
    pub compare: Option<CompareWord>,
    /// Print this table of the report as CSV, such as trend or rows.
    #[arg(long, value_name = "TABLE", conflicts_with = "json")]
    pub csv: Option<String>,
    /// What is asked of the liability alone.
    #[command(flatten)]
    pub owed: super::liability::Asked,
    /// Of points that end: within so many days, today being the first, such as 30d. Default: 30d, or --from and --to.
    #[arg(long, value_name = "DAYS", conflicts_with_all = ["from", "to"])]
    pub within: Option<String>,
}

/// The reports by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Name {
    /// Members, sales, repurchase, trend.
    Dashboard,
    /// Recency, frequency, money: scores, cells, the eight groups.
    Rfm,
    /// Stages by each member's own rhythm, and moves between them.
    Lifecycle,
    /// Retention by month of the first purchase.
    Cohort,
    /// Days between purchases.
    Interval,
    /// Weekdays and hours.
    Calendar,
    /// Goods.
    Goods,
    /// Regions.
    Region,
    /// What the platforms settled, beside what was to be received: from a store alone.
    Settlement,
    /// What is owed in points, by the month of lots, and what will become of it: from a store alone.
    Liability,
    /// Whose points end soon, how many and on which day: from a store alone.
    Ending,
}

impl Name {
    /// The report over columns; none for those that read the store itself.
    fn report(self) -> Option<Report> {
        let report = match self {
            Self::Dashboard => Report::Dashboard,
            Self::Rfm => Report::Rfm,
            Self::Lifecycle => Report::Lifecycle,
            Self::Cohort => Report::Cohort,
            Self::Interval => Report::Interval,
            Self::Calendar => Report::Calendar,
            Self::Goods => Report::Goods,
            Self::Region => Report::Region,
            Self::Settlement | Self::Liability | Self::Ending => return None,
        };
        Some(report)
    }
}

/// What becomes of refunds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Returns {
    /// Taken off.
    Net,
    /// Left out of account.
    Ignore,
}

/// How frequency is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum CutsWord {
    /// 1, 2, 3, 4, 5 and more.
    Console,
    /// Quantiles.
    Quantile,
}

/// What divides high from low.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum CentreWord {
    /// The mean.
    Mean,
    /// The median.
    Median,
}

/// Into what a series cuts the window.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum GrainWord {
    /// Days.
    Day,
    /// Weeks from Monday.
    Week,
    /// Months.
    Month,
}

/// What a window is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum CompareWord {
    /// The window of equal length before.
    Previous,
    /// The same days a year before.
    LastYear,
}

impl Options {
    /// The question, with what the command line leaves open taken from the merchant.
    fn question(&self, tomorrow: impl FnOnce(&str) -> Date, zone: &str, currency: Option<&str>) -> Question {
        let zone = self.zone.clone().unwrap_or_else(|| zone.to_owned());
        let as_of = self.as_of.unwrap_or_else(|| tomorrow(&zone));
        Question {
            from: self.from,
            to: self.to.unwrap_or(as_of),
            zone,
            net: self.returns == Returns::Net,
            rows: self.rows,
            top: self.top,
            cuts: if self.cuts == CutsWord::Quantile { Cuts::Quantile } else { Cuts::Console },
            centre: if self.centre == CentreWord::Median { Centre::Median } else { Centre::Mean },
            min_gaps: self.min_gaps,
            currency: self.currency.clone().or_else(|| currency.map(str::to_owned)),
            grain: self.grain.map(|grain| match grain {
                GrainWord::Day => Grain::Day,
                GrainWord::Week => Grain::Week,
                GrainWord::Month => Grain::Month,
            }),
            compare: self.compare.map(|with| match with {
                CompareWord::Previous => Compare::Previous,
                CompareWord::LastYear => Compare::LastYear,
            }),
            ..Question::about(as_of)
        }
    }
}

/// Over the files of a folder: no store is needed.
pub fn on_files(options: &Options, folder: &Path, out: &mut Out<'_>) -> Result<u8> {
    let report = columnar(options)?;
    let columns = shuke_columns::files::read(folder)?;
    let question = options.question(|zone| tomorrow(&shuke_kernel::SystemClock, zone), "Asia/Shanghai", None);
    show(&answer(&columns, report, &question, &|key| String::from_utf8_lossy(key).into_owned())?, options, out)
}

/// Over a merchant's columns, brought up to date first.
pub fn on_store(store: &Store, common: &Common, options: &Options, out: &mut Out<'_>) -> Result<u8> {
    match options.name {
        Name::Settlement => return super::settlement::show(store, options, out),
        Name::Liability => return super::liability::show(store, options, out),
        Name::Ending => return super::ending::show(store, options, out),
        _ => {}
    }
    show(&answer_on_store(store, common, options)?, options, out)
}

/// The answer over a merchant's columns, brought up to date first.
pub fn answer_on_store(store: &Store, common: &Common, options: &Options) -> Result<Answer> {
    let report = columnar(options)?;
    let merchant = merchant(store, options.merchant.as_deref())?;
    let keeper = Keeper::new(store.clone(), merchant.no, &columns_folder(store, common))?.deriving(Some(Arc::new(Facts)));
    let loaded = keeper.holding(common.columns_memory()).fresh()?;
    let currency = merchant.currency.to_string();
    let question = options.question(|zone| tomorrow(&**store.clock(), zone), &merchant.zone, Some(&currency));
    Ok(answer(&loaded.columns, report, &question, &member_name)?)
}

fn columnar(options: &Options) -> Result<Report> {
    let name = options.name;
    name.report().ok_or_else(|| crate::wrong::wrong("report.needs_a_store", format!("{name:?} is read from a store: leave --on out")))
}

/// A member's id as people see it.
fn member_name(key: &[u8]) -> String {
    shuke_members::MemberId::from_slice(key).map(|id| id.to_string()).unwrap_or_default()
}

/// The day after today in a zone: with it as the day of reckoning, today counts.
fn tomorrow(clock: &dyn shuke_kernel::Clock, zone: &str) -> Date {
    let zone = shuke_kernel::Zone::named(zone).unwrap_or_else(shuke_kernel::Zone::shanghai);
    let today = zone.day(clock.now());
    today.tomorrow().unwrap_or(today)
}

/// The table of that name; without one the report's own.
pub fn table_named<'t>(tables: &'t [Table], name: Option<&str>) -> Result<&'t Table> {
    let found = match name {
        Some(name) => tables.iter().find(|t| t.name == name),
        None => tables.first(),
    };
    found.ok_or_else(|| {
        let names: Vec<_> = tables.iter().map(|t| t.name.as_str()).collect();
        let wanted = name.unwrap_or_default();
        crate::wrong::wrong("report.unknown_table", format!("the report has no table `{wanted}`: it has {}", names.join(", ")))
    })
}

fn show(answer: &Answer, options: &Options, out: &mut Out<'_>) -> Result<u8> {
    if out.json {
        out.object(answer)?;
        return Ok(0);
    }
    let tables = tables(answer);
    if let Some(wanted) = &options.csv {
        let table = table_named(&tables, Some(wanted))?;
        let all = table.csv()?;
        // The mark for spreadsheets would be in a pipe's way.
        out.stream().write_all(all.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&all))?;
        return Ok(0);
    }
    for table in &tables {
        print(table, out)?;
    }
    Ok(0)
}

/// How wide a text stands at a terminal: Chinese characters take two places.
fn width(text: &str) -> usize {
    text.chars().map(|c| if matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x20000..=0x3fffd) { 2 } else { 1 }).sum()
}

pub(super) fn print(table: &Table, out: &mut Out<'_>) -> Result<()> {
    let columns = table.header.len();
    let widths: Vec<usize> = (0..columns)
        .map(|i| table.rows.iter().chain([&table.header]).filter_map(|r| r.get(i)).map(|c| width(c)).max().unwrap_or(0))
        .collect();
    let number = |text: &str| {
        text.parse::<i64>().is_ok()
            || text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit() || b == b'.') && !text.is_empty()
    };
    out.line(format!("{}:", table.name))?;
    for row in std::iter::once(&table.header).chain(&table.rows) {
        let mut line = String::from(" ");
        for (i, cell) in row.iter().enumerate() {
            let space = " ".repeat(widths[i].saturating_sub(width(cell)));
            line.push(' ');
            line.push_str(&if number(cell) { format!("{space}{cell}") } else { format!("{cell}{space}") });
        }
        out.line(line.trim_end())?;
    }
    out.line("")
}
