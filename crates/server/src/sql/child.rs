//! The program under way: its answer line by line, and an end to it whenever nobody wants it any more.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::value::RawValue;
use shuke_columns::ask::{Ask, End, Fault, Frame, Head, MEMORY};
use shuke_kernel::{Error, Result};

/// Bytes of a row at most.
const LONGEST: u64 = 16 << 20;

/// A line of an answer.
#[derive(Debug)]
pub enum Line {
    /// The first: the columns.
    Columns(Vec<Head>),
    /// A row: an array with a value for each column.
    Row(Box<RawValue>),
    /// The last: it is whole, or cut as it says.
    End(End),
    /// The last: it is not.
    Fault(Fault),
}

/// Ends the program, whoever reads it.
#[derive(Clone)]
pub struct Stop(Arc<Mutex<Running>>);

struct Running {
    child: Child,
    /// Whether it was ended because nobody wants it any more.
    stopped: bool,
}

impl Running {
    fn end(&mut self) -> Option<std::process::ExitStatus> {
        // One that has ended by itself cannot be killed, and need not be.
        let _ = self.child.kill();
        self.child.wait().ok()
    }
}

impl Stop {
    fn lock(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) {
        let mut running = self.lock();
        running.stopped = true;
        running.end();
    }
}

/// Ends the program when it is dropped: whoever asked has left.
pub struct StopOnDrop(pub Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.now();
    }
}

/// The program with a question.
pub struct Asked {
    out: BufReader<ChildStdout>,
    stop: StopOnDrop,
    ended: bool,
    /// Its end tells the program that this process is gone.
    _in: ChildStdin,
}

impl Asked {
    /// Starts the program with a question.
    ///
    /// # Errors
    /// A fault when it does not start.
    pub fn start(program: &Path, ask: &Ask) -> Result<Self> {
        let wrong = |e: std::io::Error| Error::fault(format!("{} does not start: {e}", program.display()));
        let mut child = Command::new(program)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(wrong)?;
        let (input, out) = (child.stdin.take(), child.stdout.take());
        let stop = StopOnDrop(Stop(Arc::new(Mutex::new(Running { child, stopped: false }))));
        let (Some(mut input), Some(out)) = (input, out) else { return Err(Error::fault("a child without pipes")) };
        let mut line = serde_json::to_vec(ask)?;
        line.push(b'\n');
        input.write_all(&line).and_then(|()| input.flush()).map_err(wrong)?;
        Ok(Self { out: BufReader::with_capacity(64 << 10, out), stop, ended: false, _in: input })
    }

    /// What ends it from elsewhere.
    pub fn stop(&self) -> Stop {
        self.stop.0.clone()
    }

    /// The next line; `None` behind the last.
    ///
    /// # Errors
    /// A fault when it ended without saying how.
    pub fn next_line(&mut self) -> Result<Option<Line>> {
        if self.ended {
            return Ok(None);
        }
        let mut text = String::new();
        let read = (&mut self.out).take(LONGEST).read_line(&mut text).map_err(Error::fault)?;
        if read == 0 {
            self.ended = true;
            return self.died().map(|fault| Some(Line::Fault(fault)));
        }
        if !text.ends_with('\n') {
            self.ended = true;
            return Ok(Some(Line::Fault(Fault::new(&MEMORY, "a row is longer than 16 MB"))));
        }
        if text.starts_with('[') {
            text.truncate(text.len() - 1);
            return Ok(Some(Line::Row(RawValue::from_string(text)?)));
        }
        let line = match serde_json::from_str(&text)? {
            Frame::Columns(heads) => return Ok(Some(Line::Columns(heads))),
            Frame::End(end) => Line::End(end),
            Frame::Error(fault) => Line::Fault(fault),
        };
        self.ended = true;
        Ok(Some(line))
    }

    /// What is to be said of a program that ended without a word: the system refused it memory, or somebody
    /// killed it.
    fn died(&self) -> Result<Fault> {
        use std::os::unix::process::ExitStatusExt;
        let mut running = self.stop.0.lock();
        if running.stopped {
            return Err(Error::fault("nobody waited for the answer any more, or its time was over"));
        }
        let status = running.end();
        match status.and_then(|s| s.signal()) {
            Some(ABORT | KILL) => Ok(Fault::new(&MEMORY, "the system gave no more")),
            _ => Err(Error::fault(format!("shuke-sql ended without an answer: {}", status.map_or_else(String::new, |s| s.to_string())))),
        }
    }
}

/// How a program ends whom the system gives no memory: SIGABRT.
const ABORT: i32 = 6;
/// How one ends whom the system takes its memory: SIGKILL.
const KILL: i32 = 9;
