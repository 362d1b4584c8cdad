//! Cards made, changed, paused, put away; who holds one.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Instant, Result as Done};
use shuke_members::MemberId;
use shuke_store::{Row, Tx, args};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{CardDto, CardInput};
use crate::card::model::State;
use crate::card::{CardId, service};
use crate::held::sql;

pub(super) fn router() -> OpenApiRouter<shuke_http::App> {
    OpenApiRouter::new()
        .routes(routes!(list_cards, create_card))
        .routes(routes!(get_card, update_card))
        .routes(routes!(pause_card))
        .routes(routes!(resume_card))
        .routes(routes!(archive_card))
        .routes(routes!(list_card_holders))
}

fn one(tx: &mut Tx<'_>, cx: &Ctx, id: CardId) -> Done<CardDto> {
    let currency = service::currency(tx, cx.merchant)?;
    let card = service::get(tx, cx.merchant, id)?;
    CardDto::of(tx, cx, card, currency)
}

/// All cards of the merchant, the oldest first.
#[utoipa::path(get, path = "/cards", operation_id = "list_cards", tag = "cards",
    responses((status = 200, body = Page<CardDto>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_cards(call: Call) -> Reply<Page<CardDto>> {
    let cx = call.allow(Permission::PointsRead)?;
    let items = call.read(&cx, move |tx, cx| {
        let currency = service::currency(tx, cx.merchant)?;
        let all = service::list(tx, cx.merchant)?;
        all.into_iter().map(|card| CardDto::of(tx, cx, card, currency)).collect::<Done<Vec<_>>>()
    });
    Ok(Json(Page::whole(items.await?)))
}

/// Makes a card that can be bought.
#[utoipa::path(post, path = "/cards", operation_id = "create_card", tag = "cards", request_body = CardInput,
    responses((status = 201, body = CardDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn create_card(call: Call, Body(body): Body<CardInput>) -> Result<(StatusCode, Json<CardDto>), Problem> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let made = call.write(&cx, move |tx, cx| {
        let currency = service::currency(tx, cx.merchant)?;
        let id = service::create(tx, cx, &body.draft(currency)?)?;
        one(tx, cx, id)
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// One card.
#[utoipa::path(get, path = "/cards/{id}", operation_id = "get_card", tag = "cards", params(("id" = String, Path)),
    responses((status = 200, body = CardDto)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn get_card(call: Call, Path(id): Path<CardId>) -> Reply<CardDto> {
    let cx = call.allow(Permission::PointsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| one(tx, cx, id)).await?))
}

/// A card, changed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CardChange {
    card: CardInput,
    /// The `version` that was read: refused where somebody changed it since.
    version: i64,
}

/// Changes a card. Terms that were sold keep their length; what members have stays what it is.
#[utoipa::path(put, path = "/cards/{id}", operation_id = "update_card", tag = "cards", params(("id" = String, Path)), request_body = CardChange,
    responses((status = 200, body = CardDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn update_card(call: Call, Path(id): Path<CardId>, Body(body): Body<CardChange>) -> Reply<CardDto> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let done = call.write(&cx, move |tx, cx| {
        let currency = service::currency(tx, cx.merchant)?;
        service::change(tx, cx, id, &body.card.draft(currency)?, body.version)?;
        one(tx, cx, id)
    });
    Ok(Json(done.await?))
}

async fn set(call: Call, id: CardId, to: State) -> Reply<CardDto> {
    let cx = call.allow(Permission::ProgrammesWrite)?;
    let done = call.write(&cx, move |tx, cx| {
        service::set_state(tx, cx, id, to)?;
        one(tx, cx, id)
    });
    Ok(Json(done.await?))
}

/// Pauses a card: nobody buys, tries or is given it by asking; who has it keeps it, and orders that have its goods count.
#[utoipa::path(post, path = "/cards/{id}/pause", operation_id = "pause_card", tag = "cards", params(("id" = String, Path)),
    responses((status = 200, body = CardDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn pause_card(call: Call, Path(id): Path<CardId>) -> Reply<CardDto> {
    set(call, id, State::Paused).await
}

/// Sells a paused card again.
#[utoipa::path(post, path = "/cards/{id}/resume", operation_id = "resume_card", tag = "cards", params(("id" = String, Path)),
    responses((status = 200, body = CardDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn resume_card(call: Call, Path(id): Path<CardId>) -> Reply<CardDto> {
    set(call, id, State::Active).await
}

/// Puts a card away for good: nothing sells it any more, who has it keeps it until it ends.
#[utoipa::path(post, path = "/cards/{id}/archive", operation_id = "archive_card", tag = "cards", params(("id" = String, Path)),
    responses((status = 200, body = CardDto)), security(("staff" = ["programmes:write"]), ("key" = ["programmes:write"])))]
async fn archive_card(call: Call, Path(id): Path<CardId>) -> Reply<CardDto> {
    set(call, id, State::Archived).await
}

/// Which holders are asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HolderList {
    /// `running` (default): those who hold it, whom it ends for first before others; `ended`: those for whom it is over,
    /// the latest first.
    #[param(inline)]
    state: Option<HolderState>,
    /// Of those who hold it, only those for whom it ends within so many days.
    #[param(minimum = 0, maximum = 36600)]
    within_days: Option<i64>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum HolderState {
    Running,
    Ended,
}

/// A member who holds a card, or held it.
#[derive(Serialize, ToSchema)]
#[schema(as = CardHolder)]
struct HolderDto {
    #[schema(value_type = String)]
    member: MemberId,
    /// Whether it ends as a trial.
    trial: bool,
    /// Since when without a gap.
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    until: Instant,
}

fn holder(mut r: Row) -> Done<HolderDto> {
    Ok(HolderDto { member: r.get(0)?, trial: r.get(1)?, since: r.get(2)?, until: r.get(3)? })
}

/// Who holds a card, or held it.
#[utoipa::path(get, path = "/cards/{id}/holders", operation_id = "list_card_holders", tag = "cards", params(("id" = String, Path), HolderList),
    responses((status = 200, body = Page<HolderDto>)), security(("staff" = ["points:read"]), ("key" = ["points:read"])))]
async fn list_card_holders(call: Call, Path(id): Path<CardId>, Query(q): Query<HolderList>) -> Reply<Page<HolderDto>> {
    let cx = call.allow(Permission::PointsRead)?;
    let within = q.within_days.unwrap_or(36_600);
    if !(0..=36_600).contains(&within) {
        return Err(Problem::invalid("query", "within_days", "0 to 36600 days"));
    }
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let ended = q.state == Some(HolderState::Ended);
    let (until, member) = (Instant(paging.int(0, cx.now.micros())?), MemberId::from_bytes(paging.id(1, [255; 16])?));
    let fetch = paging.fetch();
    let rows = call.read(&cx, move |tx, cx| {
        service::get(tx, cx.merchant, id)?;
        let rows = if ended {
            tx.rows(sql::OVER, args![cx.merchant, id, until, member, fetch])?
        } else {
            tx.rows(sql::RUNNING, args![cx.merchant, id, until, member, cx.now.plus_seconds(within * 86_400), fetch])?
        };
        rows.into_iter().map(holder).collect::<Done<Vec<_>>>()
    });
    Ok(Json(Page::cut(rows.await?, &paging, |h| vec![h.until.into(), h.member.into()])))
}
