//! Prints the preview of the files named, as `shuke import FILES… --preview --json` does.

use std::path::PathBuf;

use shuke_intake::{Options, preview_files};

fn main() {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let now = shuke_kernel::Clock::now(&shuke_kernel::SystemClock);
    let answer = preview_files(&paths, &Options { now, ..Options::default() });
    println!("{}", serde_json::to_string(&answer).unwrap_or_default());
}
