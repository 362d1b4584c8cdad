//! The operations about benefits, packs and the catalogue.

mod addresses;
mod benefits;
mod cost;
mod dto;
mod growth;
mod packs;
mod redemptions;
mod returns;
mod rewards;
mod tasks;
mod trials;
mod uses;

use std::collections::HashMap;

use shuke_http::{App, Paging, Problem};
use shuke_kernel::{Ctx, Result as Done};
use shuke_store::Tx;
use utoipa_axum::router::OpenApiRouter;

use crate::usage::ID;
use crate::{BenefitId, RewardId, benefit, reward};
use dto::Brief;

/// Every operation of this crate.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(benefits::router())
        .merge(uses::router())
        .merge(tasks::router())
        .merge(cost::router())
        .merge(returns::router())
        .merge(packs::router())
        .merge(growth::router())
        .merge(rewards::router())
        .merge(redemptions::router())
        .merge(addresses::router())
        .merge(trials::router())
}

/// A text of 1 to `limit` characters, trimmed, where one is given.
fn text(value: Option<String>, field: &'static str) -> Result<Option<String>, Problem> {
    let Some(value) = value else { return Ok(None) };
    let value = value.trim().to_owned();
    if value.is_empty() || value.chars().count() > ID || value.chars().any(char::is_control) {
        return Err(Problem::invalid("body", field, format!("1 to {ID} characters, no control characters")));
    }
    Ok(Some(value))
}

/// What a request is called: as its caller says, else by its idempotency key, else by an id that is drawn.
fn request_of(cx: &Ctx, id: Option<String>) -> Result<String, Problem> {
    let key = || cx.key.as_ref().map(|key| key.key.split_once('/').map_or(key.key.as_str(), |(_, text)| text).to_owned());
    Ok(text(id, "id")?.or_else(key).unwrap_or_else(|| cx.new_id::<crate::UseKind>().to_string()))
}

/// The place after which a page of what is newest first begins.
fn before(paging: &Paging) -> Result<(i64, [u8; 16]), Problem> {
    Ok((paging.int(0, i64::MAX)?, paging.id(1, [255; 16])?))
}

/// What benefits are called, also those that are put away.
fn benefit_names(tx: &mut Tx<'_>, cx: &Ctx) -> Done<HashMap<BenefitId, Brief>> {
    let all = benefit::service::list(tx, cx.merchant)?;
    Ok(all.into_iter().map(|b| (b.id, Brief::of(b.id, &b.definition.name, b.definition.kind.word()))).collect())
}

/// What rewards are called, also those that are put away.
fn reward_names(tx: &mut Tx<'_>, cx: &Ctx) -> Done<HashMap<RewardId, Brief>> {
    let all = reward::service::list(tx, cx.merchant)?;
    Ok(all.into_iter().map(|r| (r.id, Brief::of(r.id, &r.definition.name, r.definition.kind.word()))).collect())
}
