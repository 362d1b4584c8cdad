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
            if !e.use_stderr() {
                return ExitCode::SUCCESS;
            }
            if std::env::args().any(|a| a == "--json") {
                println!("{}", shuke_server::wrong::object(&shuke_server::wrong::wrong("command.usage", e.to_string())));
            }
            return ExitCode::from(2);
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
