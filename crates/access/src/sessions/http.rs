//! `/sessions`.

use axum::Json;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Problem, Reply, Role, SESSION_COOKIE, Stranger, Visitor};
use shuke_kernel::{Actor, Ctx, MerchantNo, Result};
use shuke_store::{Lane, Tx};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::service::{self, Outcome};
use super::totp;
use crate::merchants::{self, MerchantId};
use crate::secret;
use crate::shops::{self, Shop, ShopId};
use crate::staff::{self, StaffId, mask_email};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(get_session, sign_out))
        .routes(routes!(prepare_totp, enable_totp, disable_totp))
        .routes(routes!(change_password))
}

/// Who is signed in, and where they work.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionBody {
    staff: SessionStaff,
    merchants: Vec<SessionMerchant>,
}

/// The signed-in person.
#[derive(Serialize, ToSchema)]
pub struct SessionStaff {
    #[schema(value_type = String, example = "stf_01hqzv…")]
    id: StaffId,
    name: String,
    email_masked: String,
    totp_enabled: bool,
}

/// A merchant where the person works.
#[derive(Serialize, ToSchema)]
pub struct SessionMerchant {
    #[schema(value_type = String, example = "mer_01hqzv…")]
    id: MerchantId,
    name: String,
    role: Role,
    /// What the role may do there.
    permissions: Vec<&'static str>,
    sandbox: bool,
    shops: Vec<Shop>,
}

fn body(tx: &mut Tx<'_>, id: StaffId) -> Result<SessionBody> {
    let person = staff::get(tx, id)?;
    let mut list = Vec::new();
    for (m, role) in merchants::list_of(tx, id)? {
        let shops = shops::list(tx, m.no, ShopId::from_bytes([0; 16]), 200)?;
        list.push(SessionMerchant { id: m.id, name: m.name, role, permissions: role.permissions().words(), sandbox: m.sandbox, shops });
    }
    let email_masked = mask_email(&person.sealed.email);
    Ok(SessionBody {
        staff: SessionStaff { id, name: person.sealed.name, email_masked, totp_enabled: person.totp.is_some() },
        merchants: list,
    })
}

type SetCookie = (HeaderName, String);

fn cookie(app: &App, token: &str, seconds: i64) -> SetCookie {
    let secure = if app.config.secure_cookies { "; Secure" } else { "" };
    (header::SET_COOKIE, format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"))
}

async fn session_of(app: &App, staff: StaffId) -> Result<SessionBody, Problem> {
    Ok(app.store.read(move |tx| body(tx, staff)).await?)
}

/// Begins a session for a person who has just proven who they are.
pub(crate) async fn begin(app: &App, staff: StaffId) -> Result<(SetCookie, SessionBody), Problem> {
    let token = secret::token();
    let cx = Ctx::new(MerchantNo::SYSTEM, Actor::Staff(*staff.bytes()), app.clock.now());
    let kept = token.clone();
    app.store.write(Lane::Interactive, move |tx| service::begin(tx, &cx, staff, &kept)).await?;
    Ok((cookie(app, &token, service::MAX_SECONDS), session_of(app, staff).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    #[schema(format = Email)]
    email: String,
    password: String,
    /// The six digits of the second factor, where it is set up.
    totp: Option<String>,
}

/// Signs in: answers with the session's cookie.
#[utoipa::path(post, path = "/sessions", operation_id = "sign_in", tag = "sessions", request_body = SignIn,
    responses((status = 201, body = SessionBody, headers(("set-cookie" = String, description = "The session")))))]
async fn sign_in(stranger: Stranger, Body(given): Body<SignIn>) -> Result<Response, Problem> {
    let app = stranger.app;
    if given.password.chars().count() > 200 {
        return Err(service::WRONG.refuse().into());
    }
    let address = given.email;
    let person = app.store.read(move |tx| staff::by_email(tx, &address)).await?;
    let now = app.clock.now();
    if let Some(p) = person.as_ref().filter(|p| p.locked_until > now) {
        let wait = (p.locked_until.micros() - now.micros()) / 1_000_000 + 1;
        return Err(service::LOCKED.with("retry_after", wait).into());
    }
    let right = secret::verify_password(given.password, person.as_ref().map(|p| p.password.clone())).await?;
    let Some(staff) = person.map(|p| p.id) else { return Err(service::WRONG.refuse().into()) };
    let (token, code) = (secret::token(), given.totp.filter(|c| !c.is_empty()));
    let (cx, kept) = (Ctx::new(MerchantNo::SYSTEM, Actor::Staff(*staff.bytes()), now), token.clone());
    let outcome = app.store.write(Lane::Interactive, move |tx| service::conclude(tx, &cx, staff, right, code.as_deref(), &kept)).await?;
    match outcome {
        Outcome::In => {
            Ok((StatusCode::CREATED, [cookie(&app, &token, service::MAX_SECONDS)], Json(session_of(&app, staff).await?)).into_response())
        }
        Outcome::Wrong => Err(service::WRONG.refuse().into()),
        Outcome::Locked(wait) => Err(service::LOCKED.with("retry_after", wait).into()),
        Outcome::TotpRequired => Err(service::TOTP_REQUIRED.at("totp").into()),
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/sessions/current", operation_id = "get_session", tag = "sessions",
    responses((status = 200, body = SessionBody)), security(("staff" = [])))]
async fn get_session(visitor: Visitor) -> Reply<SessionBody> {
    Ok(Json(session_of(&visitor.app, StaffId::from_bytes(visitor.person.staff)).await?))
}

/// Signs out.
#[utoipa::path(delete, path = "/sessions/current", operation_id = "sign_out", tag = "sessions", responses((status = 204)), security(("staff" = [])))]
async fn sign_out(visitor: Visitor) -> Result<Response, Problem> {
    let session = visitor.person.session;
    visitor.app.store.write(Lane::Interactive, move |tx| service::end(tx, session)).await?;
    Ok((StatusCode::NO_CONTENT, [cookie(&visitor.app, "", 0)]).into_response())
}

/// The secret of a second factor that is being set up.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct TotpSecret {
    /// Base32, for typing.
    secret: String,
    /// For a QR code.
    otpauth_url: String,
}

/// Begins to set up a second factor: it is in force once its first code was given.
#[utoipa::path(post, path = "/sessions/current/totp", operation_id = "prepare_totp", tag = "sessions",
    responses((status = 200, body = TotpSecret)), security(("staff" = [])))]
async fn prepare_totp(visitor: Visitor) -> Reply<TotpSecret> {
    let (staff, secret) = (StaffId::from_bytes(visitor.person.staff), totp::fresh_secret());
    let made = visitor
        .write(&visitor.cx(), move |tx, cx| {
            let email = service::prepare_totp(tx, cx, staff, &secret)?;
            Ok(TotpSecret { otpauth_url: totp::url(&secret, &email), secret: secret.clone() })
        })
        .await?;
    Ok(Json(made))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TotpCode {
    /// Six digits.
    code: String,
}

/// Puts the second factor in force.
#[utoipa::path(put, path = "/sessions/current/totp", operation_id = "enable_totp", tag = "sessions", request_body = TotpCode,
    responses((status = 204)), security(("staff" = [])))]
async fn enable_totp(visitor: Visitor, Body(given): Body<TotpCode>) -> Result<StatusCode, Problem> {
    let staff = StaffId::from_bytes(visitor.person.staff);
    visitor.write(&visitor.cx(), move |tx, cx| service::enable_totp(tx, cx, staff, &given.code)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordProof {
    password: String,
}

/// A request with a password in it is not kept under its idempotency key, not even as a hash.
fn unkeyed(visitor: &Visitor) -> Ctx {
    Ctx { key: None, ..visitor.cx() }
}

/// Whether the signed-in person knows their password. Wrong ones count towards the lock.
async fn prove(visitor: &Visitor, password: String) -> Result<StaffId, Problem> {
    let staff = StaffId::from_bytes(visitor.person.staff);
    let person = visitor.app.store.read(move |tx| staff::get(tx, staff)).await?;
    visitor.app.limiter.take(&format!("password {staff}"), shuke_http::Rate { per_second: 1, burst: 5 })?;
    if secret::verify_password(password, Some(person.password)).await? {
        Ok(staff)
    } else {
        Err(service::WRONG_PASSWORD.at("password").into())
    }
}

/// Takes the second factor away.
#[utoipa::path(delete, path = "/sessions/current/totp", operation_id = "disable_totp", tag = "sessions", request_body = PasswordProof,
    responses((status = 204)), security(("staff" = [])))]
async fn disable_totp(visitor: Visitor, Body(given): Body<PasswordProof>) -> Result<StatusCode, Problem> {
    let staff = prove(&visitor, given.password).await?;
    visitor.write(&unkeyed(&visitor), move |tx, cx| staff::reset_totp(tx, cx, staff)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    old_password: String,
    #[schema(min_length = 10, max_length = 200)]
    new_password: String,
}

/// Changes one's password. Every other session of the person ends; this one gets a new cookie.
#[utoipa::path(put, path = "/sessions/current/password", operation_id = "change_password", tag = "sessions", request_body = PasswordChange,
    responses((status = 204, headers(("set-cookie" = String, description = "The new session")))), security(("staff" = [])))]
async fn change_password(visitor: Visitor, Body(given): Body<PasswordChange>) -> Result<Response, Problem> {
    let staff = prove(&visitor, given.old_password).await?;
    secret::check_password(&given.new_password, "")?;
    let password = secret::hash_password(given.new_password).await?;
    visitor.write(&unkeyed(&visitor), move |tx, cx| staff::set_password(tx, cx, staff, &password)).await?;
    let (cookie, _) = begin(&visitor.app, staff).await?;
    Ok((StatusCode::NO_CONTENT, [cookie]).into_response())
}
