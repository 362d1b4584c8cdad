//! A cart priced by the shop's own promotions, for a member as the shop knows them.

use std::collections::BTreeMap;

use axum::Json;
use serde::Serialize;
use serde_json::value::RawValue;
use shuke_http::{App, Body, Call, Permission, Problem, Reply};
use shuke_kernel::{Currency, Instant};
use shuke_members::MemberId;
use shuke_pricing::Priced;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::schema;
use super::turn::in_turn;
use crate::cart::service::{self, Ready};
use crate::evaluate::limits;
use crate::words::TOO_LARGE;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(price_cart))
}

/// What of a member a price rests on.
#[derive(Serialize)]
struct MemberFacts {
    id: MemberId,
    tier: Option<String>,
    points: i64,
    segments: Vec<String>,
    segments_unknown: Vec<String>,
    usage: BTreeMap<String, i64>,
}

/// The engine's answer, and what it rests on.
#[derive(Serialize)]
struct CartPriced {
    #[serde(flatten)]
    priced: Priced,
    time: Instant,
    currency: Currency,
    member: Option<MemberFacts>,
    coupons_known: bool,
    promotions: BTreeMap<String, String>,
    coupons: BTreeMap<String, String>,
}

impl CartPriced {
    fn of(ready: Ready, priced: Priced) -> Self {
        // Guests hold nothing, and that is known.
        let coupons_known = ready.known.as_ref().is_none_or(|known| known.coupons_known);
        let (member, coupons) = ready.known.map_or_else(Default::default, |known| {
            let facts = MemberFacts {
                id: known.id,
                tier: known.member.tier,
                points: known.member.points,
                segments: known.member.segments,
                segments_unknown: known.building,
                usage: known.member.usage,
            };
            (Some(facts), known.coupons)
        });
        Self {
            priced,
            time: ready.cart.time,
            currency: ready.catalogue.offers.currency,
            member,
            coupons_known,
            promotions: ready.catalogue.names.clone(),
            coupons,
        }
    }
}

/// What a member's cart costs and why, by the shop's own promotions and by what the shop knows of the member: tier and points,
/// segments, birthday, first order, how often a promotion was had, the coupons they hold. Nothing is locked or taken: a coupon
/// is locked by `POST /coupons/lock`.
#[utoipa::path(post, path = "/carts/price", operation_id = "price_cart", tag = "pricing", request_body = schema::ShopCart,
    responses((status = 200, body = schema::ShopCartPriced)), security(("staff" = ["carts:price"]), ("key" = ["carts:price"])))]
async fn price_cart(call: Call, Body(body): Body<Box<RawValue>>) -> Reply<CartPriced> {
    let cx = call.allow(Permission::CartsPrice)?;
    let (now, length) = (cx.now, body.get().len());
    if length > limits::BYTES {
        let refusal = TOO_LARGE.with("what_zh", "字节").with("what", "bytes").with("limit", limits::BYTES).with("found", length);
        return Err(Problem::from(refusal));
    }
    let asked = if length > limits::LARGE_BYTES {
        in_turn(true, move || service::read(body.get(), now)).await??
    } else {
        service::read(body.get(), now)?
    };
    let ready = call.read(&cx, move |tx, cx| service::prepare(tx, cx, &asked)).await?;
    let done = in_turn(ready.is_large(), move || {
        let priced = ready.price();
        (ready, priced)
    });
    let (ready, priced) = done.await?;
    Ok(Json(CartPriced::of(ready, priced)))
}
