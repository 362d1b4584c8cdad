//! `shuke copy`: a whole installation from one store to another, on either engine.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::json;

use crate::cli::Copy;
use crate::out::Out;
use crate::place::{Place, check_url};
use crate::wrong::wrong;

/// Copies. The target must be empty; the master key stays the same.
pub fn run(place: &Place, options: &Copy, out: &mut Out<'_>) -> Result<u8> {
    check_url(&options.from)?;
    check_url(&options.to)?;
    if let Some(path) = options.from.strip_prefix("sqlite:")
        && !Path::new(path).exists()
    {
        return Err(wrong("store.not_found", format!("there is no store at {}: nothing to copy", options.from)));
    }
    let Some(_lock) = place.lock()? else {
        bail!("another process serves {}: stop it first, so that nothing is written behind the copy's back", place.data.display());
    };
    let mut from = place.config()?;
    from.url.clone_from(&options.from);
    let mut to = place.config()?;
    to.url.clone_from(&options.to);
    let store = shuke_store::Store::open(from)?;
    let mut shown = String::new();
    let copied = store.copy_to(&to, |table, rows| {
        shown = format!("{table}: {rows} rows");
        let _ = out.progress(&shown);
    })?;
    out.progress("")?;
    if out.json {
        let tables: serde_json::Map<_, _> = copied.tables.iter().map(|(t, n)| ((*t).to_owned(), json!(n))).collect();
        out.object(&json!({ "rows": copied.rows(), "tables": tables }))?;
    } else {
        out.line(format!("{} rows of {} tables copied. The copy opens with the same master key.", copied.rows(), copied.tables.len()))?;
    }
    Ok(0)
}
