//! What can go wrong, in two kinds: a *refusal* by a rule, which is an answer for people and is
//! remembered under the request's idempotency key, and a *fault*, which is nobody's answer and
//! rolls everything back.

use std::fmt;

/// What sort of refusal it is. The HTTP layer maps each to one status; nothing else does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The request cannot be read or breaks its own form.
    Invalid,
    /// Nobody is signed in, or the key is not known.
    Unauthenticated,
    /// Known, but not allowed.
    Forbidden,
    /// There is no such thing for this merchant.
    NotFound,
    /// It clashes with the present state; read again and decide.
    Conflict,
    /// Well formed, but a rule says no.
    Unprocessable,
    /// Too many; wait.
    TooMany,
    /// Not now: try again.
    Unavailable,
}

/// A stable, documented refusal: `area.snake_case`, never renamed. `{name}` in the texts is filled
/// from the refusal's parameters.
#[derive(PartialEq, Eq, Debug)]
pub struct Code {
    /// `area.snake_case`.
    pub code: &'static str,
    /// Its sort.
    pub kind: Kind,
    /// For the console: what was wrong and what to do, in Chinese.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

impl Code {
    /// A refusal with this code and no parameters.
    pub fn refuse(&'static self) -> Refusal {
        Refusal { code: self, field: None, params: Vec::new() }
    }

    /// A refusal with one parameter.
    pub fn with(&'static self, name: &'static str, value: impl fmt::Display) -> Refusal {
        self.refuse().with(name, value)
    }

    /// A refusal that points at a field of the request, such as `lines[2].quantity`.
    pub fn at(&'static self, field: impl Into<String>) -> Refusal {
        self.refuse().at(field)
    }
}

/// A refusal by a rule: the code, where, and the values for its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Which.
    pub code: &'static Code,
    /// The field of the request at fault, as a path.
    pub field: Option<String>,
    /// Values for the text, by name.
    pub params: Vec<(&'static str, String)>,
}

impl Refusal {
    /// Adds a value for the text.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// Names the field at fault.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The text in Chinese (`zh`) or English, parameters filled in.
    pub fn text(&self, zh: bool) -> String {
        let mut text = if zh { self.code.zh } else { self.code.en }.to_owned();
        for (name, value) in &self.params {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

/// Why an operation did not happen.
pub enum Error {
    /// A rule said no.
    Refused(Box<Refusal>),
    /// Something broke: I/O, the engine, a bug. Never shown to a caller in detail.
    Fault(String),
}

/// The result of domain operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A fault with this description for the log. It must not contain personal data.
    pub fn fault(what: impl fmt::Display) -> Self {
        Self::Fault(what.to_string())
    }

    /// The refusal, if it is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(r) => Some(r),
            Self::Fault(_) => None,
        }
    }
}

impl From<Refusal> for Error {
    fn from(r: Refusal) -> Self {
        Self::Refused(Box::new(r))
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Self::Fault(format!("json: {:?} at {}:{}", e.classify(), e.line(), e.column()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(r) => write!(f, "{}: {}", r.code.code, r.text(false)),
            Self::Fault(what) => f.write_str(what),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
