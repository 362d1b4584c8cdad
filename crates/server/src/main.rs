//! The one binary.

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match shuke_server::cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { 2 } else { 0 });
        }
    };
    match shuke_server::commands::main(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(e) => {
            eprintln!("shuke: {e:#}");
            ExitCode::from(1)
        }
    }
}
