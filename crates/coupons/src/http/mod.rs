//! The operations about coupons.

mod batches;
mod coupons;
mod dto;
mod exceptions;
mod orders;
mod templates;

use shuke_http::{App, Paging, Problem};
use shuke_kernel::Ctx;
use utoipa_axum::router::OpenApiRouter;

use crate::coupon::State;

/// Characters of a caller's id at most.
const ID: usize = 120;

/// Every operation of this crate.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(templates::router())
        .merge(batches::router())
        .merge(coupons::router())
        .merge(orders::router())
        .merge(exceptions::router())
}

/// What a request is called: as its caller says, else by its idempotency key, else by an id that is drawn.
fn request_of(cx: &Ctx, id: Option<String>) -> Result<String, Problem> {
    let Some(id) = id else {
        // With who calls, since two callers may think of the same key.
        let key = cx.key.as_ref().map(|key| key.key.clone());
        return Ok(key.unwrap_or_else(|| cx.new_id::<crate::CouponKind>().to_string()));
    };
    let id = id.trim().to_owned();
    // Codes and gifts have requests of their own names.
    if id.is_empty() || id.chars().count() > ID || id.chars().any(char::is_control) || id.contains('/') {
        return Err(Problem::invalid("body", "id", format!("1 to {ID} characters, no control characters and no slash")));
    }
    Ok(id)
}

/// The place after which a page of what is newest first begins.
fn before(paging: &Paging) -> Result<(i64, [u8; 16]), Problem> {
    Ok((paging.int(0, i64::MAX)?, paging.id(1, [255; 16])?))
}

/// States that a query names, with commas; all where it names none.
fn states(text: Option<&str>) -> Result<Vec<State>, Problem> {
    let named = text.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    named
        .map(|word| {
            let all = || State::ALL.map(State::word).join(", ");
            State::of(word).ok_or_else(|| Problem::invalid("query", "state", format!("one or several of {}", all())))
        })
        .collect()
}
