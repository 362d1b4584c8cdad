//! The catalogue: rewards defined, changed, their stock and pictures; what a member may redeem.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Page, Path, Permission, Problem, Query, Reply};
use shuke_kernel::Ctx;
use shuke_kernel::Result as Done;
use shuke_members::MemberId;
use shuke_programme::book::{self, Standing, show};
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::RewardDto;
use crate::RewardId;
use crate::reward::service::{self, Stock};
use crate::reward::{Definition, picture, redeem};
use crate::state::State;
use crate::who::Person;
use crate::words::{BAD_PICTURE, Why};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_rewards, create_reward))
        .routes(routes!(get_reward, update_reward))
        .routes(routes!(pause_reward))
        .routes(routes!(resume_reward))
        .routes(routes!(archive_reward))
        .routes(routes!(change_reward_stock))
        .routes(routes!(get_reward_picture, put_reward_picture, delete_reward_picture))
        .routes(routes!(list_member_rewards))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RewardList {
    /// `scheduled`, `active`, `ended`, `paused` or `archived`.
    state: Option<String>,
}

/// The catalogue, the oldest first.
#[utoipa::path(get, path = "/rewards", operation_id = "list_rewards", tag = "benefits", params(RewardList),
    responses((status = 200, body = Page<RewardDto>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_rewards(call: Call, Query(q): Query<RewardList>) -> Reply<Page<RewardDto>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let state = q.state.filter(|s| !s.is_empty());
    let all = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant)).await?;
    let fits = |r: &RewardDto| state.as_ref().is_none_or(|s| r.state == *s);
    Ok(Json(Page::whole(all.into_iter().map(|r| RewardDto::of(r, cx.now)).filter(fits).collect())))
}

/// Makes a reward.
#[utoipa::path(post, path = "/rewards", operation_id = "create_reward", tag = "benefits", request_body = Definition,
    responses((status = 201, body = RewardDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn create_reward(call: Call, Body(body): Body<Definition>) -> Result<(StatusCode, Json<RewardDto>), Problem> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let made = call.write(&cx, move |tx, cx| Ok(RewardDto::of(service::create(tx, cx, body.clone())?, cx.now)));
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// One reward.
#[utoipa::path(get, path = "/rewards/{id}", operation_id = "get_reward", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = RewardDto)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn get_reward(call: Call, Path(id): Path<RewardId>) -> Reply<RewardDto> {
    let cx = call.allow(Permission::BenefitsRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| Ok(RewardDto::of(service::get(tx, cx.merchant, id)?, cx.now))).await?))
}

/// Says something else of a reward. Its programme, sort and stock stay; `version` is the one that was read.
#[utoipa::path(put, path = "/rewards/{id}", operation_id = "update_reward", tag = "benefits", params(("id" = String, Path)), request_body = Definition,
    responses((status = 200, body = RewardDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn update_reward(call: Call, Path(id): Path<RewardId>, Body(body): Body<Definition>) -> Reply<RewardDto> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    let done = call.write(&cx, move |tx, cx| Ok(RewardDto::of(service::change(tx, cx, id, body.clone())?, cx.now)));
    Ok(Json(done.await?))
}

async fn write(call: Call, f: impl Fn(&mut Tx<'_>, &Ctx) -> Done<crate::reward::Reward> + Send + 'static) -> Reply<RewardDto> {
    let cx = call.allow(Permission::BenefitsWrite)?;
    Ok(Json(call.write(&cx, move |tx, cx| Ok(RewardDto::of(f(tx, cx)?, cx.now))).await?))
}

/// Pauses a reward: nobody can redeem it.
#[utoipa::path(post, path = "/rewards/{id}/pause", operation_id = "pause_reward", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = RewardDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn pause_reward(call: Call, Path(id): Path<RewardId>) -> Reply<RewardDto> {
    write(call, move |tx, cx| service::set_state(tx, cx, id, State::Paused)).await
}

/// Sets a paused reward going again.
#[utoipa::path(post, path = "/rewards/{id}/resume", operation_id = "resume_reward", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = RewardDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn resume_reward(call: Call, Path(id): Path<RewardId>) -> Reply<RewardDto> {
    write(call, move |tx, cx| service::set_state(tx, cx, id, State::Active)).await
}

/// Puts a reward away for good; its redemptions go on being delivered.
#[utoipa::path(post, path = "/rewards/{id}/archive", operation_id = "archive_reward", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = RewardDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn archive_reward(call: Call, Path(id): Path<RewardId>) -> Reply<RewardDto> {
    write(call, move |tx, cx| service::set_state(tx, cx, id, State::Archived)).await
}

/// How the stock is to change: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RewardStockInput)]
struct StockInput {
    /// By so many pieces; below nothing they are taken off.
    #[serde(default)]
    change: Option<i64>,
    /// There is no end to it.
    #[serde(default)]
    unlimited: bool,
}

/// Changes how many pieces are left.
#[utoipa::path(post, path = "/rewards/{id}/stock", operation_id = "change_reward_stock", tag = "benefits", params(("id" = String, Path)), request_body = StockInput,
    responses((status = 200, body = RewardDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn change_reward_stock(call: Call, Path(id): Path<RewardId>, Body(body): Body<StockInput>) -> Reply<RewardDto> {
    let how = match (body.change, body.unlimited) {
        (Some(change), false) => Stock::By(change),
        (None, true) => Stock::Unlimited,
        _ => return Err(Problem::invalid("body", "change", "change or unlimited, one of the two")),
    };
    write(call, move |tx, cx| service::change_stock(tx, cx, id, how)).await
}

/// A picture.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RewardPictureInput)]
struct PictureInput {
    /// PNG, JPEG or WebP in base64, 300 kB at most before it.
    data: String,
}

/// Gives a reward a picture, instead of the one it has.
#[utoipa::path(put, path = "/rewards/{id}/picture", operation_id = "put_reward_picture", tag = "benefits", params(("id" = String, Path)), request_body = PictureInput,
    responses((status = 200, body = RewardDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn put_reward_picture(call: Call, Path(id): Path<RewardId>, Body(body): Body<PictureInput>) -> Reply<RewardDto> {
    // Who may not is told so, whatever the picture.
    call.allow(Permission::BenefitsWrite)?;
    let bytes = BASE64_STANDARD.decode(body.data.trim());
    let bytes = bytes.map_err(|_| Problem::from(BAD_PICTURE.with("limit", picture::MOST_KB).at("data")))?;
    write(call, move |tx, cx| picture::put(tx, cx, id, &bytes)).await
}

/// Takes a reward's picture away.
#[utoipa::path(delete, path = "/rewards/{id}/picture", operation_id = "delete_reward_picture", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = RewardDto)), security(("staff" = ["benefits:write"]), ("key" = ["benefits:write"])))]
async fn delete_reward_picture(call: Call, Path(id): Path<RewardId>) -> Reply<RewardDto> {
    write(call, move |tx, cx| picture::remove(tx, cx, id)).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PictureQuery {
    /// Which picture: another one has another link.
    #[serde(rename = "v")]
    #[param(rename = "v")]
    _version: Option<String>,
    /// The merchant, instead of the header `Shuke-Merchant`: a picture on a page sends no header.
    #[serde(rename = "merchant")]
    #[param(rename = "merchant")]
    _merchant: Option<String>,
}

/// A reward's picture.
#[utoipa::path(get, path = "/rewards/{id}/picture", operation_id = "get_reward_picture", tag = "benefits", params(("id" = String, Path), PictureQuery),
    responses((status = 200, content((String = "image/png"), (String = "image/jpeg"), (String = "image/webp")))),
    security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn get_reward_picture(call: Call, Path(id): Path<RewardId>, Query(_): Query<PictureQuery>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let (media, bytes) = call.read(&cx, move |tx, cx| picture::get(tx, cx.merchant, id)).await?;
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// A reward, and whether a member may redeem it now.
#[derive(Serialize, ToSchema)]
struct MemberReward {
    reward: RewardDto,
    /// What it costs this member.
    points: i64,
    may: bool,
    why: Option<Why>,
}

/// The catalogue as a member has it: their price, and whether they may redeem each reward now, with the reason why not.
#[utoipa::path(get, path = "/members/{id}/rewards", operation_id = "list_member_rewards", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = Page<MemberReward>)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_member_rewards(call: Call, Path(id): Path<MemberId>) -> Reply<Page<MemberReward>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let items = call.read(&cx, move |tx, cx| {
        let mut person = Person::living(tx, cx, id)?;
        let mut purses = std::collections::HashMap::new();
        let mut items = Vec::new();
        for reward in service::list(tx, cx.merchant)?.into_iter().filter(|r| ["active", "scheduled"].contains(&r.told(cx.now))) {
            let standing = redeem::look(tx, cx, &reward, &mut person)?;
            let programme = reward.definition.programme;
            let available = match purses.get(&programme) {
                Some(known) => *known,
                None => available(tx, cx, programme, person.member)?,
            };
            purses.insert(programme, available);
            let enough = || {
                if available >= standing.price {
                    return Ok(());
                }
                Err(book::INSUFFICIENT.with("available", available).with("points", standing.price))
            };
            let why = standing.judged.and_then(|()| enough()).err().map(|refusal| Why::from(&refusal));
            items.push(MemberReward { points: standing.price, reward: RewardDto::of(reward, cx.now), may: why.is_none(), why });
        }
        items.sort_by_key(|item| !item.may);
        Ok(items)
    });
    Ok(Json(Page::whole(items.await?)))
}

/// What a member can spend in a programme now.
pub(super) fn available(tx: &mut Tx<'_>, cx: &Ctx, programme: shuke_programme::ProgrammeId, member: MemberId) -> Done<i64> {
    let Some(found) = show::find(tx, cx, programme, member)?.filter(|book| book.standing == Standing::Open) else { return Ok(0) };
    let programme = shuke_programme::definition::service::get(tx, cx.merchant, programme)?;
    let rules = shuke_programme::definition::service::rules(tx, cx.merchant, &programme)?;
    Ok(show::view(tx, cx, &programme, &rules, &found)?.heart.available())
}
