//! What a command prints, wherever it runs: here at the terminal, or in the owning process for a
//! caller at the other end of the socket.

use std::io::Write;

use serde::Serialize;

/// Where a command's answer and its progress go.
pub struct Out<'a> {
    answer: &'a mut (dyn Write + Send),
    note: &'a mut (dyn Write + Send),
    /// JSON instead of text for people.
    pub json: bool,
    /// Whether a person watches: progress bars and colours.
    pub terminal: bool,
    answered: bool,
}

impl<'a> Out<'a> {
    /// Prints answers to `answer` and progress to `note`.
    pub fn new(answer: &'a mut (dyn Write + Send), note: &'a mut (dyn Write + Send), json: bool, terminal: bool) -> Self {
        Self { answer, note, json, terminal, answered: false }
    }

    /// A line of the answer, for people.
    pub fn line(&mut self, text: impl AsRef<str>) -> anyhow::Result<()> {
        self.answered = true;
        Ok(writeln!(self.answer, "{}", text.as_ref())?)
    }

    /// The answer as one JSON object.
    pub fn object(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        self.answered = true;
        serde_json::to_writer(&mut *self.answer, value)?;
        Ok(writeln!(self.answer)?)
    }

    /// A remark or progress that is not part of the answer.
    pub fn note(&mut self, text: impl AsRef<str>) -> anyhow::Result<()> {
        writeln!(self.note, "{}", text.as_ref())?;
        Ok(self.note.flush()?)
    }

    /// Progress on one line that the next overwrites, for a person at a terminal.
    pub fn progress(&mut self, text: impl AsRef<str>) -> anyhow::Result<()> {
        if self.terminal && !self.json {
            write!(self.note, "\r\x1b[2K{}", text.as_ref())?;
            self.note.flush()?;
        }
        Ok(())
    }

    /// The raw answer stream, for exports and dumps.
    pub fn stream(&mut self) -> &mut (dyn Write + Send) {
        self.answered = true;
        self.answer
    }

    /// Says why the command did not do what was asked: to people beside the answer, and with `--json`
    /// as the one object of the answer, if none was begun. Returns the exit code.
    pub fn fail(&mut self, e: &anyhow::Error) -> anyhow::Result<u8> {
        if self.json && !self.answered {
            self.object(&crate::wrong::object(e))?;
        }
        self.note(format!("shuke: {e:#}"))?;
        Ok(crate::wrong::exit_code(e))
    }
}
