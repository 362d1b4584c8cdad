//! What DataFusion finds wrong, told by one of our codes and with its place in the statement.

use datafusion::common::{DataFusionError, SchemaError};
use shuke_columns::ask::{BROKE, COLUMNS, Fault, MEMORY, SYNTAX, UNKNOWN_COLUMN, UNKNOWN_FUNCTION, UNKNOWN_TABLE, WRONG};
use shuke_kernel::Code;

/// Letters of a reason at most.
const LISTED: usize = 400;

/// What is wrong.
pub fn of(e: &DataFusionError) -> Fault {
    let found = match e {
        // Of several the first is as good as any.
        DataFusionError::Collection(all) => all.first().unwrap_or(e),
        other => other,
    };
    let span = found.diagnostic().and_then(|d| d.span).map(|s| (s.start.line, s.start.column)).filter(|p| p.0 > 0);
    let root = found.find_root();
    let text = told(root);
    let (reason, place) = placed(&text);
    Fault::new(code(root, &text), reason).at(place.or(span))
}

fn code(e: &DataFusionError, text: &str) -> &'static Code {
    match e {
        DataFusionError::SQL(..) => &SYNTAX,
        DataFusionError::SchemaError(of, _) if matches!(**of, SchemaError::FieldNotFound { .. }) => &UNKNOWN_COLUMN,
        DataFusionError::ResourcesExhausted(_) => &MEMORY,
        DataFusionError::External(_) | DataFusionError::IoError(_) => &COLUMNS,
        DataFusionError::Execution(_) | DataFusionError::ArrowError(..) => &BROKE,
        _ if text.contains("table '") && text.contains("not found") => &UNKNOWN_TABLE,
        _ if ["Invalid function", "table function '", "No function matches", "failed to match"].iter().any(|t| text.contains(t)) => {
            &UNKNOWN_FUNCTION
        }
        _ => &WRONG,
    }
}

/// The engine's own words, without what it says before them.
fn told(e: &DataFusionError) -> String {
    let text = e.strip_backtrace();
    let prefixes = [
        "SQL error: ",
        "Schema error: ",
        "Error during planning: ",
        "Execution error: ",
        "Resources exhausted: ",
        "Arrow error: ",
        "This feature is not implemented: ",
        "External error: ",
        "External: ",
        "Internal error: ",
    ];
    let text = prefixes.iter().find_map(|p| text.strip_prefix(p)).unwrap_or(&text);
    let text = text.strip_prefix("ParserError(\"").and_then(|t| t.strip_suffix("\")")).unwrap_or(text);
    // Which columns there are stands elsewhere, and of forty nobody reads the fortieth.
    let text = text.split("\nValid fields").next().unwrap_or(text);
    let text = text.split(" any signature, errors:").next().unwrap_or(text);
    let text = text.replace("datafusion.public.", "").replace("shuke.public.", "").replace("\\\"", "\"");
    match text.char_indices().nth(LISTED) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text,
    }
}

/// A parser says the place in its sentence: it is taken out of it.
fn placed(text: &str) -> (String, Option<(u64, u64)>) {
    let Some((before, after)) = text.split_once(" at Line: ") else { return (text.to_owned(), None) };
    let mut numbers = after.split(", Column: ").map(|t| t.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().parse::<u64>());
    match (numbers.next(), numbers.next()) {
        (Some(Ok(line)), Some(Ok(column))) if line > 0 => (before.to_owned(), Some((line, column))),
        _ => (before.to_owned(), None),
    }
}
