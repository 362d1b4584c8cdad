//! What a command says when it did not do what was asked: an exit code for the script, words for
//! people on standard error, and with `--json` one object on standard output.

use anyhow::Error;
use serde_json::{Value, json};
use shuke_kernel::Kind;

/// Wrong use or malformed input: the caller can put it right, so the exit code is 2.
#[derive(Debug)]
pub struct Wrong {
    code: &'static str,
    message: String,
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Wrong {}

/// An error of wrong use, with a stable code such as `backup.file_exists`.
pub fn wrong(code: &'static str, message: impl Into<String>) -> Error {
    Wrong { code, message: message.into() }.into()
}

fn refusal(e: &Error) -> Option<&shuke_kernel::Refusal> {
    e.chain().find_map(|c| c.downcast_ref::<shuke_kernel::Error>()).and_then(shuke_kernel::Error::refusal)
}

fn usage(e: &Error) -> Option<&Wrong> {
    e.chain().find_map(|c| c.downcast_ref::<Wrong>())
}

/// The exit code of a command that ended so: 2 for what the caller did wrong, else 1.
pub fn exit_code(e: &Error) -> u8 {
    let callers = refusal(e).is_some_and(|r| matches!(r.code.kind, Kind::Invalid | Kind::NotFound | Kind::Unprocessable));
    if usage(e).is_some() || callers { 2 } else { 1 }
}

/// The error as the answer of `--json`.
pub fn object(e: &Error) -> Value {
    let code = usage(e).map(|w| w.code).or_else(|| refusal(e).map(|r| r.code.code)).unwrap_or("command.failed");
    let mut error = json!({ "code": code, "message": format!("{e:#}") });
    if let Some(r) = refusal(e) {
        error["message"] = r.text(false).into();
        error["message_zh"] = r.text(true).into();
        if let Some(field) = &r.field {
            error["field"] = field.as_str().into();
        }
    }
    json!({ "error": error })
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    static ODD: shuke_kernel::Code = shuke_kernel::Code { code: "x.odd", kind: Kind::NotFound, zh: "没有", en: "There is none." };
    static BUSY: shuke_kernel::Code = shuke_kernel::Code { code: "x.busy", kind: Kind::Conflict, zh: "忙", en: "It is busy." };

    #[test]
    fn who_erred_decides_the_exit_code() {
        let mine: Error = wrong("a.b", "the file is there").context("while writing");
        assert_eq!((exit_code(&mine), object(&mine)["error"]["code"].as_str()), (2, Some("a.b")));
        let refused = Error::from(shuke_kernel::Error::from(ODD.refuse()));
        assert_eq!(exit_code(&refused), 2);
        assert_eq!(object(&refused), json!({"error": {"code": "x.odd", "message": "There is none.", "message_zh": "没有"}}));
        assert_eq!(exit_code(&Error::from(shuke_kernel::Error::from(BUSY.refuse()))), 1);
        let broken = std::fs::read("/nowhere/at/all").context("cannot read").map(|_| ()).map_err(|e| (exit_code(&e), object(&e)));
        assert!(matches!(&broken, Err((1, o)) if o["error"]["code"] == "command.failed"), "{broken:?}");
    }
}
