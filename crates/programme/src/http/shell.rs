//! What a shell is told: the API's own shapes, for commands that ask the store themselves.

use serde_json::{Value, json};
use shuke_http::Lang;
use shuke_kernel::{Ctx, Result};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::Tx;

use super::dto::{self, BookDto, EntryDto};
use super::explore;
use crate::book::{entries, show};
use crate::definition::service;

/// A member's books, each with its last entries; a merged id answers for whom it went into.
pub fn member(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId, last: i64, lang: Lang) -> Result<Value> {
    let member = identity::resolve(tx, cx, id)?.ok_or_else(|| MEMBER_NOT_FOUND.refuse())?;
    let (currency, mut books) = (shuke_commerce::order::service::terms(tx, cx)?.currency, Vec::new());
    for view in show::books_of(tx, cx, member)? {
        let programme = view.programme.id;
        let kept = entries::of_member(tx, cx, programme, member, i64::MAX, last)?;
        let why = explore::reasons(tx, cx, programme, &kept)?;
        let mut book = serde_json::to_value(BookDto::of(view, currency, lang)?)?;
        let told: Vec<EntryDto> = kept.into_iter().zip(why).map(|(kept, why)| EntryDto::of(kept, false, why, lang)).collect();
        book["entries"] = serde_json::to_value(told)?;
        books.push(book);
    }
    Ok(json!({ "member": member, "books": books }))
}

/// All programmes of the merchant, the oldest first.
pub fn programmes(tx: &mut Tx<'_>, cx: &Ctx, lang: Lang) -> Result<Value> {
    let mut items = Vec::new();
    for programme in service::list(tx, cx.merchant)? {
        items.push(serde_json::to_value(dto::programme(tx, cx, programme, lang)?)?);
    }
    Ok(json!({ "items": items }))
}
