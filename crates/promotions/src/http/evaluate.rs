//! A cart priced by offers in the request. It speaks the format of `docs/pricing-format.md` word for word: amounts are plain
//! integers of minor units there.

use axum::Json;
use serde::Deserialize;
use serde_json::value::RawValue;
use shuke_http::{App, Body, Call, Permission, Reply};
use shuke_pricing::Priced;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::schema;
use super::turn::in_turn;
use crate::evaluate::{Question, evaluate, limits};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(evaluate_cart))
}

/// Offers and a cart, each as the format has its file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EvaluateInput {
    /// Promotions, coupon templates, settings, and the members with their coupons and points.
    #[schema(value_type = schema::PromotionsFile)]
    promotions: Box<RawValue>,
    /// Lines, time, shipping fee, points to use.
    #[schema(value_type = schema::CartFile)]
    cart: Box<RawValue>,
    /// What came back of the order that the cart became.
    #[serde(default)]
    #[schema(value_type = Option<schema::RefundsFile>)]
    refunds: Option<Box<RawValue>>,
}

impl EvaluateInput {
    fn question(&self) -> Question<'_> {
        Question { promotions: self.promotions.get(), cart: self.cart.get(), refunds: self.refunds.as_deref().map(RawValue::get) }
    }
}

/// What a cart costs and why, by the offers in the request: nothing of the shop is read, nothing is kept. The same answer as
/// `shuke price --json`. Beyond 16 candidates, and for carts of hundreds of lines, the search is bounded and says so.
#[utoipa::path(post, path = "/pricing/evaluate", operation_id = "evaluate_cart", tag = "pricing", request_body = EvaluateInput,
    responses((status = 200, body = schema::PricedCart)), security(("staff" = ["carts:price"]), ("key" = ["carts:price"])))]
async fn evaluate_cart(call: Call, Body(body): Body<EvaluateInput>) -> Reply<Priced> {
    call.allow(Permission::CartsPrice)?;
    let large = body.question().length() > limits::LARGE_BYTES;
    let priced = in_turn(large, move || evaluate(&body.question())).await?;
    Ok(Json(priced?))
}
