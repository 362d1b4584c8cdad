//! `GET` and `POST /setup`: without a session, since there is nobody yet.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Problem, Reply, Stranger};
use shuke_kernel::{Actor, Ctx, MerchantNo};
use shuke_store::Lane;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::service::{self, FirstOwner};
use crate::merchants::NewMerchant;
use crate::secret;
use crate::sessions::http::{SessionBody, begin};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(setup_state, set_up))
}

/// Whether the first owner is still to come.
#[derive(Serialize, ToSchema)]
pub struct SetupState {
    /// If so, the console asks for the token that the server printed.
    needs_setup: bool,
    /// Of this program.
    version: &'static str,
}

/// Whether the installation is set up.
#[utoipa::path(get, path = "/setup", operation_id = "setup_state", tag = "sessions", responses((status = 200, body = SetupState)))]
async fn setup_state(stranger: Stranger) -> Reply<SetupState> {
    let needs_setup = stranger.app.store.read(service::needs_setup).await?;
    Ok(Json(SetupState { needs_setup, version: env!("CARGO_PKG_VERSION") }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetupRequest {
    /// As printed by the server.
    token: String,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(format = Email)]
    email: String,
    #[schema(min_length = 10, max_length = 200)]
    password: String,
    #[schema(min_length = 1, max_length = 100)]
    merchant_name: String,
}

/// Makes the first owner and the first merchant, and signs the owner in.
#[utoipa::path(post, path = "/setup", operation_id = "set_up", tag = "sessions", request_body = SetupRequest,
    responses((status = 201, body = SessionBody, headers(("set-cookie" = String, description = "The session")))))]
async fn set_up(stranger: Stranger, Body(body): Body<SetupRequest>) -> Result<Response, Problem> {
    let app = stranger.app;
    if !app.store.read(service::needs_setup).await? {
        return Err(service::ALREADY.refuse().into());
    }
    secret::check_password(&body.password, &body.email)?;
    let password = secret::hash_password(body.password).await?;
    let owner = FirstOwner { name: body.name, email: body.email, password, merchant: NewMerchant::named(body.merchant_name) };
    let cx = Ctx::new(MerchantNo::SYSTEM, Actor::System("setup"), app.clock.now());
    let token = body.token;
    let (staff, _) = app.store.write(Lane::Interactive, move |tx| service::found(tx, &cx, Some(&token), &owner)).await?;
    let (cookie, session) = begin(&app, staff).await?;
    Ok((StatusCode::CREATED, [cookie], Json(session)).into_response())
}
