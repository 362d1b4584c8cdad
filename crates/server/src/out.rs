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
}

impl<'a> Out<'a> {
    /// Prints answers to `answer` and progress to `note`.
    pub fn new(answer: &'a mut (dyn Write + Send), note: &'a mut (dyn Write + Send), json: bool, terminal: bool) -> Self {
        Self { answer, note, json, terminal }
    }

    /// A line of the answer, for people.
    pub fn line(&mut self, text: impl AsRef<str>) -> anyhow::Result<()> {
        Ok(writeln!(self.answer, "{}", text.as_ref())?)
    }

    /// The answer as one JSON object.
    pub fn object(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
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
        self.answer
    }
}
