//! `/staff`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Page, PageQuery, Path, Permission, Problem, Query, Reply, Role, Stranger};
use shuke_kernel::{Actor, Ctx, Instant, MerchantNo};
use shuke_store::Lane;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{StaffId, StaffView, mask_email};
use super::service::{self, StaffChange};
use crate::secret;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_staff, invite_staff))
        .routes(routes!(change_staff, remove_staff))
        .routes(routes!(reset_staff_password))
        .routes(routes!(accept_invite))
}

/// A person of the staff.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Staff {
    #[schema(value_type = String, example = "stf_01hqzv…")]
    id: StaffId,
    name: String,
    /// `l***@example.com`.
    email_masked: String,
    role: Role,
    totp_enabled: bool,
    /// Whether they have not taken their invitation yet.
    invited: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    disabled_at: Option<Instant>,
}

impl From<StaffView> for Staff {
    fn from(v: StaffView) -> Self {
        Self {
            id: v.person.id,
            email_masked: mask_email(&v.person.sealed.email),
            name: v.person.sealed.name,
            role: v.role,
            totp_enabled: v.person.totp.is_some(),
            invited: v.person.password.is_empty(),
            created_at: v.since,
            disabled_at: v.disabled_at,
        }
    }
}

/// The merchant's staff.
#[utoipa::path(get, path = "/staff", operation_id = "list_staff", tag = "staff", params(PageQuery),
    responses((status = 200, body = Page<Staff>)), security(("staff" = ["staff:manage"]), ("key" = ["staff:manage"])))]
async fn list_staff(call: Call, Query(q): Query<PageQuery>) -> Reply<Page<Staff>> {
    let cx = call.allow(Permission::StaffManage)?;
    let paging = q.paging()?;
    let (after, fetch) = (StaffId::from_bytes(paging.id(0, [0; 16])?), paging.fetch());
    let rows = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant, after, fetch)).await?;
    Ok(Json(Page::cut(rows, &paging, |v| vec![v.person.id.into()]).map(Staff::from)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StaffInvite {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(format = Email)]
    email: String,
    role: Role,
}

/// An invitation.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct StaffInvited {
    staff: Staff,
    /// For the link `/accept?token=…`, good for a week; absent if the person has an account.
    invite_url_token: Option<String>,
}

/// Invites a person to the merchant's staff.
#[utoipa::path(post, path = "/staff", operation_id = "invite_staff", tag = "staff", request_body = StaffInvite,
    responses((status = 201, body = StaffInvited)), security(("staff" = ["staff:manage"]), ("key" = ["staff:manage"])))]
async fn invite_staff(call: Call, Body(body): Body<StaffInvite>) -> Result<(StatusCode, Json<StaffInvited>), Problem> {
    let cx = call.allow(Permission::StaffManage)?;
    // Nobody hands out what they do not have themselves.
    if !call.caller.permissions.covers(body.role.permissions()) {
        return Err(shuke_http::codes::FORBIDDEN.with("permission", "staff:manage").into());
    }
    let invited = call
        .write(&cx, move |tx, cx| {
            let (staff, invite_url_token) = service::invite(tx, cx, &body.name, &body.email, body.role)?;
            Ok(StaffInvited { staff: staff.into(), invite_url_token })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(invited)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StaffPatch {
    role: Option<Role>,
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Shut out, or let in again.
    disabled: Option<bool>,
}

/// Changes a person's role, name or access; what is absent stays.
#[utoipa::path(patch, path = "/staff/{id}", operation_id = "change_staff", tag = "staff", params(("id" = String, Path)), request_body = StaffPatch,
    responses((status = 200, body = Staff)), security(("staff" = ["staff:manage"]), ("key" = ["staff:manage"])))]
async fn change_staff(call: Call, Path(id): Path<StaffId>, Body(body): Body<StaffPatch>) -> Reply<Staff> {
    let cx = call.allow(Permission::StaffManage)?;
    if body.role.is_some_and(|r| !call.caller.permissions.covers(r.permissions())) {
        return Err(shuke_http::codes::FORBIDDEN.with("permission", "staff:manage").into());
    }
    let change = StaffChange { role: body.role, name: body.name, disabled: body.disabled };
    Ok(Json(call.write(&cx, move |tx, cx| Ok(Staff::from(service::change(tx, cx, id, &change)?))).await?))
}

/// Takes a person from the merchant's staff.
#[utoipa::path(delete, path = "/staff/{id}", operation_id = "remove_staff", tag = "staff", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["staff:manage"]), ("key" = ["staff:manage"])))]
async fn remove_staff(call: Call, Path(id): Path<StaffId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::StaffManage)?;
    call.write(&cx, move |tx, cx| service::remove(tx, cx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A link for choosing a new password.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct PasswordReset {
    /// For the link `/accept?token=…`, good for a week.
    invite_url_token: String,
}

/// Makes a link with which a person who forgot their password chooses a new one. Only where they
/// work for no other merchant.
#[utoipa::path(post, path = "/staff/{id}/reset", operation_id = "reset_staff_password", tag = "staff", params(("id" = String, Path)),
    responses((status = 200, body = PasswordReset)), security(("staff" = ["staff:manage"]), ("key" = ["staff:manage"])))]
async fn reset_staff_password(call: Call, Path(id): Path<StaffId>) -> Reply<PasswordReset> {
    let cx = call.allow(Permission::StaffManage)?;
    let made = call.write(&cx, move |tx, cx| Ok(PasswordReset { invite_url_token: service::reset_password(tx, cx, id, true)? })).await?;
    Ok(Json(made))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InviteAccept {
    /// As in the invitation.
    token: String,
    #[schema(min_length = 10, max_length = 200)]
    password: String,
}

/// Whose invitation was taken.
#[derive(Serialize, ToSchema)]
pub struct InviteAccepted {
    #[schema(value_type = String)]
    id: StaffId,
    name: String,
    email_masked: String,
}

/// Takes an invitation by choosing a password. Sign in afterwards.
#[utoipa::path(post, path = "/staff/accept", operation_id = "accept_invite", tag = "sessions", request_body = InviteAccept,
    responses((status = 200, body = InviteAccepted)))]
async fn accept_invite(stranger: Stranger, Body(body): Body<InviteAccept>) -> Reply<InviteAccepted> {
    secret::check_password(&body.password, "")?;
    let password = secret::hash_password(body.password).await?;
    let cx = Ctx::new(MerchantNo::SYSTEM, Actor::System("invite"), stranger.app.clock.now());
    let token = body.token;
    let person = stranger.app.store.write(Lane::Interactive, move |tx| service::accept(tx, &cx, &token, &password)).await?;
    Ok(Json(InviteAccepted { id: person.id, email_masked: mask_email(&person.sealed.email), name: person.sealed.name }))
}
