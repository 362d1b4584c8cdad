//! The command line: what can be asked, and the settings every command shares.
//!
//! Exit codes: 0 when what was asked is done (a preview that shows bad rows is done), 2 for wrong
//! use or malformed input, 1 otherwise.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// 熟客 Shuke: turns one-time buyers into regulars.
#[derive(Parser, Clone, Debug)]
#[command(name = "shuke", version, about, max_term_width = 100)]
pub struct Cli {
    /// Settings of every command.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Settings of every command.
#[derive(Args, Clone, Debug, Default)]
pub struct Common {
    /// The data directory: the embedded store, its lock and its socket.
    #[arg(long, global = true, env = "SHUKE_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The store: sqlite:PATH or postgres://… (default: the embedded store in the data directory).
    #[arg(long, global = true, env = "SHUKE_STORE", value_name = "URL")]
    pub store: Option<String>,
    /// The file with the master key, 64 hex digits. It must not lie in the data directory.
    #[arg(long, global = true, env = "SHUKE_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// A command that prints the master key.
    #[arg(long, global = true, env = "SHUKE_MASTER_KEY_COMMAND", value_name = "COMMAND")]
    pub master_key_command: Option<String>,
    /// Memory that building columns and keeping them up to date may take, megabytes; at least 16.
    #[arg(long, global = true, env = "SHUKE_COLUMNS_MEMORY", default_value_t = 256, value_name = "MB", value_parser = clap::value_parser!(u32).range(16..))]
    pub columns_memory: u32,
    /// One JSON object on standard output; logs go to standard error.
    #[arg(long, global = true)]
    pub json: bool,
    /// Lists as one JSON object a line.
    #[arg(long, global = true)]
    pub jsonl: bool,
    /// How much to log: error, warn, info, debug, or a filter such as shuke_http=debug.
    #[arg(long, global = true, env = "SHUKE_LOG", default_value = "warn", value_name = "LEVEL")]
    pub log: String,
}

impl Common {
    /// The memory of columns in bytes.
    pub fn columns_memory(&self) -> usize {
        (self.columns_memory as usize) << 20
    }
}

/// What can be asked.
#[derive(Subcommand, Clone, Debug)]
pub enum Command {
    /// Serve console and API.
    Serve(Serve),
    /// Make a sample shop from platform files, if the store is empty, and serve it.
    Demo(Demo),
    /// Read a shop's own files: show how they would be read, or load them.
    Import(Import),
    /// Write a list, or a report's table, into a file: CSV, XLSX or Parquet; masked unless asked otherwise.
    #[command(subcommand)]
    Export(crate::commands::export::Export),
    /// Bring the store's schema up to date.
    Migrate,
    /// Copy a whole installation from one store to another, empty one.
    Copy(Copy),
    /// Write a backup file that restores on either engine. The master key is not in it.
    Backup(Backup),
    /// Restore a backup into an empty store. Erasures made since stay erased.
    Restore(Restore),
    /// Check every invariant of the store, or dump its records for comparison.
    Audit(Audit),
    /// Members, sales and points in figures: dashboard, rfm, lifecycle, cohort, interval, calendar, goods, region, settlement, liability, ending.
    Report(crate::commands::report::Options),
    /// How many members, who, or what is meant: an expression or a segment over a store, or an expression over the files of a folder.
    Segment(crate::commands::segment::Options),
    /// Run a programme on a table of timed steps, with a clock of its own, and show points, tier and coupons after each; with --store in a throw-away place of that store.
    Simulate(crate::commands::simulate::Options),
    /// Members' points: a book as it is now.
    Points(crate::commands::points::Options),
    /// Loyalty programmes: listed, made of a file of rules, a file of rules tried on all members or read, older orders judged by another version.
    Programme(crate::commands::programme::Options),
    /// The shop's promotions: listed, and what of them holds at an instant as a file for `shuke price`.
    Promotions(crate::commands::promotions::Options),
    /// Groups that were frozen: listed, handed over as a sheet, measured.
    Batch(crate::commands::batch::Options),
    /// Coupons: batches listed, their codes made and written as a sheet.
    Coupon(crate::commands::coupon::Options),
    /// The columnar copy that reports read: build it anew, see it, compare it with the store.
    Columns(crate::commands::columns::Options),
    /// What a cart costs and why: promotions, coupons, points and shipping from files, exact to the minor unit; and what refunds give back.
    Price(crate::commands::price::Options),
    /// Look for what would keep Shuke from working here, and say what to do.
    Doctor,
    /// Ask a question in SQL over the columnar copy, or over the files of a folder. Answered by shuke-sql, a program of its own.
    Sql(crate::commands::sql::Options),
    /// Set up and maintain an installation.
    #[command(subcommand)]
    Admin(Admin),
}

/// `shuke serve`
#[derive(Args, Clone, Debug)]
pub struct Serve {
    /// Where to listen.
    #[arg(long, env = "SHUKE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// What this process does.
    #[arg(long, env = "SHUKE_ROLE", value_delimiter = ',', default_values_t = [Role::Web, Role::Worker])]
    pub role: Vec<Role>,
    /// Let webhooks go to private addresses (for tests and shops on the same machine).
    #[arg(long, env = "SHUKE_ALLOW_PRIVATE_WEBHOOKS")]
    pub allow_private_webhooks: bool,
    /// Requests a minute that one caller may make.
    #[arg(long, env = "SHUKE_RATE_LIMIT", default_value_t = 6000, value_name = "N")]
    pub rate_limit: u32,
    /// The page's address from outside, such as https://shuke.example.com; https makes cookies Secure.
    #[arg(long, env = "SHUKE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// The program that answers questions in SQL. Default: shuke-sql beside this one, else on the PATH.
    #[arg(long, env = "SHUKE_SQL_PROGRAM", value_name = "FILE")]
    pub sql_program: Option<std::path::PathBuf>,
}

/// `shuke demo`
#[derive(Args, Clone, Debug)]
pub struct Demo {
    /// How it is served.
    #[command(flatten)]
    pub serve: Serve,
    /// How many people the shop has ever had; a few of them never bought.
    #[arg(long, default_value_t = 20_000, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=shuke_demo::MOST))]
    pub members: u64,
    /// The share of orders whose file shows who bought, 0 to 1; the platforms hide the others.
    #[arg(long, default_value_t = 0.7, value_name = "SHARE", value_parser = share)]
    pub identified: f64,
    /// Another seed is another shop; the same one with the same settings gives the same files.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// The files end before this day (default: today in the shop's zone).
    #[arg(long, value_name = "DATE")]
    pub until: Option<shuke_demo::Date>,
    /// Let the shop go on for so many weeks after its files end: orders placed and changed since are drawn and
    /// loaded as a merchant's next exports. Asked again with more weeks it goes on further.
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=52))]
    pub weeks: i64,
    /// With --weeks: a CSV file that was handed over. Some of those whose phone or account is in it buy for that.
    #[arg(long, value_name = "FILE", requires = "weeks")]
    pub handed_over: Vec<PathBuf>,
    /// With --handed-over: the share of them who do.
    #[arg(long, default_value_t = 0.08, value_name = "SHARE", value_parser = share)]
    pub response: f64,
    /// With a loyalty programme of the last year's orders; points are booked once the shop is served.
    #[arg(long)]
    pub points: bool,
    /// Serve it as if the last file had just been exported: the clock starts where they end.
    #[arg(long)]
    pub then: bool,
    /// Only write the files and the truth behind them into this folder; nothing is loaded or served.
    #[arg(long, value_name = "DIR")]
    pub files_only: Option<PathBuf>,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|s| (0.0..=1.0).contains(s)).ok_or_else(|| "a number from 0 to 1, such as 0.7".to_owned())
}

/// What a process does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Role {
    /// Console and API.
    Web,
    /// Jobs, events, webhooks.
    Worker,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Web => "web",
            Self::Worker => "worker",
        })
    }
}

/// `shuke import`
#[derive(Args, Clone, Debug)]
pub struct Import {
    /// The files; formats are recognised by content.
    #[arg(required_unless_present = "undo", value_name = "FILES")]
    pub files: Vec<PathBuf>,
    /// Only show how they would be read: needs no store and no shop.
    #[arg(long)]
    pub preview: bool,
    /// The merchant to load into, by id or name (not needed where there is one).
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: Option<String>,
    /// The shop that the files are of, by id or name.
    #[arg(long, value_name = "SHOP")]
    pub shop: Option<String>,
    /// A mapping of columns to fields, as a JSON file.
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Undo this import instead of loading.
    #[arg(long, value_name = "IMPORT")]
    pub undo: Option<String>,
}

/// `shuke copy`
#[derive(Args, Clone, Debug)]
pub struct Copy {
    /// From this store.
    #[arg(long, value_name = "URL")]
    pub from: String,
    /// Into this one, which must be empty.
    #[arg(long, value_name = "URL")]
    pub to: String,
}

/// `shuke backup`
#[derive(Args, Clone, Debug)]
pub struct Backup {
    /// The file to write. One that exists is refused.
    #[arg(value_name = "FILE")]
    pub to: PathBuf,
    /// Replace the file if it exists; the old one stays until the new one is whole.
    #[arg(long)]
    pub replace: bool,
}

/// `shuke restore`
#[derive(Args, Clone, Debug)]
pub struct Restore {
    /// The backup file.
    #[arg(value_name = "FILE")]
    pub from: PathBuf,
    /// Replace what is in the store.
    #[arg(long)]
    pub force: bool,
}

/// `shuke audit`
#[derive(Args, Clone, Debug)]
pub struct Audit {
    /// Print every record, named by source keys and sorted, without generated ids and ingest times.
    #[arg(long)]
    pub dump: bool,
    /// The salt of the digests by which a dump shows sealed values: the same for stores to be compared.
    /// Without one of your own a dump can be guessed at; treat it as personal data.
    #[arg(long, default_value = "shuke", value_name = "TEXT", requires = "dump")]
    pub salt: String,
    /// Show sealed values in clear instead.
    #[arg(long, requires = "dump")]
    pub clear: bool,
    /// Fold every member's book of points anew from its events; without it one in sixteen.
    #[arg(long, conflicts_with = "dump")]
    pub deep: bool,
}

/// `shuke admin`
#[derive(Subcommand, Clone, Debug)]
pub enum Admin {
    /// Print a new token for the first sign-in.
    SetupToken,
    /// Make a merchant with its owner, who signs in with the password read from standard input.
    CreateMerchant {
        /// The merchant's name.
        #[arg(long)]
        name: String,
        /// The owner's e-mail address.
        #[arg(long)]
        owner: String,
        /// A sandbox: test keys only, no sends.
        #[arg(long)]
        sandbox: bool,
    },
    /// Print a one-time token with which a person who forgot their password chooses a new one, at
    /// /accept?token=…, within a week. The old password holds until then.
    ResetPassword {
        /// The person's e-mail address.
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        /// Take the second factor away as well: the device is lost.
        #[arg(long)]
        second_factor: bool,
    },
    /// Make an API key and print its secret once.
    CreateKey {
        /// The merchant, by id or name (not needed where there is one).
        #[arg(long)]
        merchant: Option<String>,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// Its scopes, such as orders:write.
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
    },
    /// Seal everything under a new data key.
    RotateKeys {
        /// The merchant, by id or name (not needed where there is one).
        #[arg(long)]
        merchant: Option<String>,
    },
    /// Put all data keys under a new master key, written to this file.
    ChangeMasterKey {
        /// The file of the new key; must not exist.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Let batches be handed over again on a store that was restored from a backup.
    ResumeOutreach,
    /// Write generated documents.
    Generate {
        /// Which.
        what: Generated,
    },
}

/// Documents made from the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Generated {
    /// The OpenAPI 3.1 document.
    Openapi,
    /// The command reference.
    Cli,
    /// The configuration reference.
    Config,
    /// The catalogue of events.
    Events,
    /// The privacy register.
    Privacy,
    /// The language of segments as JSON Schema.
    Segments,
}
