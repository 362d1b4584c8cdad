//! What a shell is told: the API's own shapes, for commands that ask the store themselves.

use serde_json::{Value, json};
use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;

use super::dto::{self, Words};
use crate::promotion::service;

/// All promotions of the merchant, the newest first; those put away too where `archived`.
///
/// # Errors
/// Where the store does not answer.
pub fn promotions(tx: &mut Tx<'_>, cx: &Ctx, archived: bool) -> Result<Value> {
    let mut heads = service::heads(tx, cx.merchant)?;
    let mut words = Words::of(tx, cx)?;
    let mut items = Vec::new();
    for found in service::list(tx, cx.merchant)? {
        let all = heads.remove(&found.id).unwrap_or_default();
        if archived || dto::state(&found, &all, cx.now) != "archived" {
            items.push(serde_json::to_value(dto::line(tx, cx, &mut words, found, &all)?)?);
        }
    }
    Ok(json!({ "items": items }))
}
