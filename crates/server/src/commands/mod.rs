//! Each command in a file; here is who runs where.

mod admin;
mod audit;
mod backup;
pub mod batch;
pub mod columns;
mod copy;
pub mod coupon;
mod demo;
mod doctor;
pub mod ending;
pub mod export;
mod generate;
mod import;
pub mod liability;
pub mod points;
pub mod price;
pub mod programme;
pub mod programme_rerun;
pub mod programme_try;
pub mod promotions;
pub mod report;
pub mod segment;
mod settlement;
pub mod simulate;
pub mod sql;

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::{Result, bail};
use shuke_store::Store;

use crate::cli::{Admin, Cli, Command};
use crate::out::Out;
use crate::place::Place;
use crate::{serve, socket};

/// Runs the command line of this process. Returns the exit code.
pub fn main(cli: &Cli) -> Result<u8> {
    let (mut answer, mut note) = (std::io::BufWriter::new(std::io::stdout()), std::io::stderr());
    let terminal = std::io::stderr().is_terminal();
    let mut out = Out::new(&mut answer, &mut note, cli.common.json, terminal);
    let code = run(cli, &mut out, terminal).or_else(|e| out.fail(&e))?;
    answer.flush()?;
    Ok(code)
}

fn run(cli: &Cli, out: &mut Out<'_>, terminal: bool) -> Result<u8> {
    let place = Place::of(&cli.common);
    match &cli.command {
        Command::Serve(options) => {
            serve::serve(&place, options, &cli.common, None)?;
            Ok(0)
        }
        Command::Demo(options) => match &options.files_only {
            Some(dir) => demo::write_files(options, dir, out),
            None => {
                let wanted = options.clone();
                let place = if options.then {
                    let clock = demo::clock(&place, options)?;
                    place.at(clock)
                } else {
                    place
                };
                serve::serve(&place, &options.serve, &cli.common, Some(&move |place, store| demo::prepare(place, store, &wanted)))?;
                Ok(0)
            }
        },
        Command::Import(options) if options.preview => import::preview(options, out),
        Command::Report(options) if options.on.is_some() => report::on_files(options, options.on.as_deref().unwrap_or(Path::new(".")), out),
        Command::Segment(options) if options.on.is_some() => {
            segment::on_files(options, options.on.as_deref().unwrap_or(Path::new(".")), out)
        }
        Command::Admin(Admin::Generate { what }) => generate::run(*what, out),
        Command::Simulate(options) => simulate::run(options, cli.common.store.as_deref(), out),
        Command::Copy(options) => copy::run(&place, options, out),
        Command::Doctor => doctor::run(&place, out),
        Command::Price(options) => price::run(options, out),
        Command::Programme(programme::Options { what: programme::What::Check { file, zh }, .. }) => programme::check(file, *zh, out),
        Command::Restore(options) => backup::restore(&place, options, out),
        Command::Sql(options) => sql::run(options, cli.common.jsonl, out, |statement| located(&place, cli, options, statement)),
        _ => match place.lock()? {
            Some(_lock) => {
                if !makes_store(&cli.command) {
                    place.must_exist()?;
                }
                let store = place.open()?;
                run_on_store(cli, &store, &std::env::current_dir()?, out)
            }
            None => socket::delegate(&place.socket(), cli, terminal),
        },
    }
}

/// Where the columns lie that a question is over: asked of the store here, or of the process that owns it.
fn located(place: &Place, cli: &Cli, options: &sql::Options, statement: &str) -> Result<sql::Where> {
    let arguments = sql::question(options, statement);
    let mut answer = Vec::new();
    let code = match place.lock()? {
        Some(_lock) => {
            place.must_exist()?;
            let store = place.open()?;
            let asked =
                columns::Options { what: columns::What::Readable { statement: statement.to_owned() }, merchant: options.merchant.clone() };
            let mut note = std::io::stderr();
            let mut out = Out::new(&mut answer, &mut note, true, false);
            columns::run(&store, &cli.common, &asked, &mut out)?
        }
        None => socket::ask(&place.socket(), arguments, &mut answer)?,
    };
    if code == 0 { sql::told(&answer) } else { Err(crate::wrong::wrong("sql.not_located", sql::said(&answer))) }
}

/// Whether a command may make a store where there is none.
fn makes_store(command: &Command) -> bool {
    match command {
        Command::Migrate | Command::Admin(Admin::CreateMerchant { .. } | Admin::SetupToken) => true,
        Command::Import(options) => options.undo.is_none(),
        _ => false,
    }
}

/// Runs a command on an open store: in this process, or for another one over the socket.
/// `directory` is where the caller stands.
pub fn run_on_store(cli: &Cli, store: &Store, directory: &Path, out: &mut Out<'_>) -> Result<u8> {
    match &cli.command {
        Command::Import(options) => import::load(store, options, directory, out),
        Command::Report(options) => report::on_store(store, &cli.common, options, out),
        Command::Segment(options) => segment::on_store(store, &cli.common, options, directory, out),
        Command::Export(what) => export::run(store, &cli.common, what, directory, out),
        Command::Batch(options) => batch::run(store, options, directory, out),
        Command::Coupon(options) => coupon::run(store, options, directory, out),
        Command::Points(options) => points::run(store, options, out),
        Command::Programme(options) => programme::on_store(store, options, directory, out),
        Command::Promotions(options) => promotions::on_store(store, options, out),
        Command::Columns(options) => columns::run(store, &cli.common, options, out),
        Command::Migrate => {
            out.line(format!("the store is at schema {}", shuke_store::migrations::newest()))?;
            Ok(0)
        }
        Command::Backup(options) => backup::backup(store, &cli.common, options, directory, out),
        Command::Audit(options) => audit::run(store, options, out),
        Command::Admin(admin) => admin::run(store, &cli.common, admin, directory, out),
        _ => bail!("this command cannot run while another process holds the store: stop that process first"),
    }
}
