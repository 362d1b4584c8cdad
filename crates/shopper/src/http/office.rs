//! What the shop asks: a link for a member, and what the shopper's page may do.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Path, Permission, Problem, Reply};
use shuke_kernel::{Ctx, Error, Instant};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::settings::{self, ProofKind, Settings};
use crate::{PublicUrl, pass};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(make_shopper_link))
        .routes(routes!(get_shopper_page, put_shopper_page))
        .routes(routes!(end_shopper_links))
}

/// How long a link is to live.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopperLinkInput {
    /// Seconds: 60 to 86,400; 1,800 unless given.
    #[serde(default)]
    #[schema(minimum = 60, maximum = 86_400)]
    seconds: Option<i64>,
}

/// A link to a member's own page. Whoever holds it is the member until it ends.
#[derive(Serialize, Deserialize, ToSchema)]
struct ShopperLink {
    /// The page's address, pass included; without the host where the server does not know its own (`--public-url`).
    url: String,
    /// The pass alone: after `Authorization: Bearer` for `/shopper/v1`.
    token: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
}

/// Makes a signed, short-lived link to a member's own page. It is written into the audit; the link itself is kept nowhere.
#[utoipa::path(post, path = "/members/{id}/shopper-link", operation_id = "make_shopper_link", tag = "shopper", params(("id" = String, Path)), request_body = ShopperLinkInput,
    responses((status = 201, body = ShopperLink)), security(("staff" = ["shopper:link"]), ("key" = ["shopper:link"])))]
async fn make_shopper_link(
    call: Call,
    Path(id): Path<MemberId>,
    Body(body): Body<ShopperLinkInput>,
) -> Result<(StatusCode, Json<ShopperLink>), Problem> {
    // Under a key the answer would be kept, and with it the link: who asks twice has two.
    let cx = Ctx { key: None, ..call.allow(Permission::ShopperLink)? };
    let seconds = body.seconds.unwrap_or(pass::USUAL);
    if !(pass::SHORTEST..=pass::LONGEST).contains(&seconds) {
        return Err(Problem::invalid("body", "seconds", format!("{} to {} seconds", pass::SHORTEST, pass::LONGEST)));
    }
    let base = call.app.get::<PublicUrl>().map(|url| url.0.trim_end_matches('/').to_owned()).unwrap_or_default();
    let made = call.write(&cx, move |tx, cx| {
        let member = identity::resolve(tx, cx, id)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))?;
        let (token, expires_at) = pass::make(tx, cx, member, seconds)?;
        audit::record(tx, cx, "shopper.link_made", &member.to_string(), &format!("{seconds} s"))?;
        // After the mark no server, log or referrer sees it.
        Ok(ShopperLink { url: format!("{base}/my#{token}"), token, expires_at })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// What the shopper's page may do.
#[derive(Serialize, Deserialize, ToSchema)]
struct ShopperPage {
    /// Pages of these origins may ask `/shopper/v1` in a browser.
    origins: Vec<String>,
    /// What proves that an order is a shopper's; empty where orders cannot be claimed.
    proofs: Vec<ProofKind>,
}

impl From<Settings> for ShopperPage {
    fn from(settings: Settings) -> Self {
        Self { origins: settings.origins, proofs: settings.proofs }
    }
}

/// What the shopper's page may do.
#[utoipa::path(get, path = "/shopper-page", operation_id = "get_shopper_page", tag = "shopper",
    responses((status = 200, body = ShopperPage)), security(("staff" = ["settings:write"]), ("key" = ["settings:write"])))]
async fn get_shopper_page(call: Call) -> Reply<ShopperPage> {
    let cx = call.allow(Permission::SettingsWrite)?;
    Ok(Json(call.read(&cx, |tx, cx| settings::get(tx, cx.merchant)).await?.into()))
}

/// Another choice of what the shopper's page may do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopperPageInput {
    /// Like `https://shop.example.com`: 20 at most.
    #[schema(max_items = 20)]
    origins: Vec<String>,
    proofs: Vec<ProofKind>,
}

/// Settles what the shopper's page may do.
#[utoipa::path(put, path = "/shopper-page", operation_id = "put_shopper_page", tag = "shopper", request_body = ShopperPageInput,
    responses((status = 200, body = ShopperPage)), security(("staff" = ["settings:write"]), ("key" = ["settings:write"])))]
async fn put_shopper_page(call: Call, Body(body): Body<ShopperPageInput>) -> Reply<ShopperPage> {
    let cx = call.allow(Permission::SettingsWrite)?;
    let done = call.write(&cx, move |tx, cx| settings::put(tx, cx, &body.origins, &body.proofs).map(ShopperPage::from));
    Ok(Json(done.await?))
}

/// Ends all links that were made so far, at once: a key was lost, or a link went where it should not.
#[utoipa::path(post, path = "/shopper-page/end-links", operation_id = "end_shopper_links", tag = "shopper",
    responses((status = 200, body = ShopperPage)), security(("staff" = ["settings:write"]), ("key" = ["settings:write"])))]
async fn end_shopper_links(call: Call) -> Reply<ShopperPage> {
    let cx = call.allow(Permission::SettingsWrite)?;
    Ok(Json(call.write(&cx, |tx, cx| settings::end_links(tx, cx).map(ShopperPage::from)).await?))
}
