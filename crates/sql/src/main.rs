//! `shuke-sql`: answers one question and ends. It reads the question as a line of JSON and writes lines of
//! JSON; `shuke sql` and the server start it, and kill it when nobody waits for the answer any more.
//!
//! Its exit code is 0 when the answer is whole or cut as it says, 2 when something is wrong with the
//! question, 1 when the answer could not be given.

use std::io::{BufRead, BufWriter, Read, Write};
use std::process::ExitCode;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use shuke_columns::ask::{Ask, Fault, Frame, TIME, WRONG};
use shuke_sql::answer::{Broke, answer, frame};

/// What it takes beside the memory of a question: itself, the words, a slice a thread.
const BESIDE: u64 = 1 << 30;
/// How long after its time the process ends itself, whatever it is at.
const GRACE: Duration = Duration::from_secs(2);
/// How long it tries to say why.
const TELLING: Duration = Duration::from_millis(500);
/// How far it steps behind other work: the taking of orders comes first.
const NICE: i32 = 10;

fn main() -> ExitCode {
    if let Err(e) = rustix::process::nice(NICE) {
        eprintln!("shuke-sql: it runs beside other work as its equal: {e}");
    }
    let mut line = String::new();
    let mut input = std::io::stdin().lock();
    let read = input.read_line(&mut line).map_err(|e| e.to_string());
    drop(input);
    let ask: Ask = match read.and_then(|_| serde_json::from_str(&line).map_err(|e| e.to_string())) {
        Ok(ask) => ask,
        Err(e) => return tell(&Fault::new(&WRONG, format!("a question is one line of JSON: {e}"))),
    };
    limit(ask.memory.saturating_add(BESIDE));
    watch(&ask);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().thread_stack_size(8 << 20).build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(e) => return tell(&Fault::new(&WRONG, e.to_string())),
    };
    let mut out = BufWriter::with_capacity(64 << 10, std::io::stdout());
    let done = runtime.block_on(answer(&ask, &mut out));
    let code = match done {
        Ok(()) => ExitCode::SUCCESS,
        // What was written of the answer stands before what is wrong.
        Err(Broke::Fault(fault)) if out.flush().is_ok() => tell(&fault),
        Err(_) => ExitCode::from(1),
    };
    // Threads that are still at work would hold the end up.
    runtime.shutdown_background();
    code
}

/// Says what is wrong as the last line.
fn tell(fault: &Fault) -> ExitCode {
    let callers = fault.known().kind != shuke_kernel::Kind::Unavailable;
    let mut out = std::io::stdout();
    let said = frame(&Frame::Error(fault.clone()), &mut out);
    ExitCode::from(if callers && said.is_ok() { 2 } else { 1 })
}

/// Memory beyond this is refused by the system: what the pool does not count ends the process, not the machine.
fn limit(bytes: u64) {
    let now = getrlimit(Resource::Data);
    let most = now.maximum.map_or(bytes, |m| m.min(bytes));
    if let Err(e) = setrlimit(Resource::Data, Rlimit { current: Some(most), maximum: now.maximum }) {
        eprintln!("shuke-sql: memory is not limited: {e}");
    }
}

/// Ends the process when its time is over, whatever it is at, and when whoever asked is gone.
fn watch(ask: &Ask) {
    let seconds = ask.seconds;
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(seconds) + GRACE);
        // Whoever writes to a reader that does not read has the output to itself: telling must not hold the end up.
        std::thread::spawn(move || tell(&Fault::new(&TIME, seconds.to_string())));
        std::thread::sleep(TELLING);
        std::process::exit(2);
    });
    if ask.watch {
        std::thread::spawn(|| {
            let mut rest = [0; 64];
            while std::io::stdin().read(&mut rest).is_ok_and(|n| n > 0) {}
            std::process::exit(1);
        });
    }
}
