//! `GET /privacy/register`, `POST /privacy/rotate-keys`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Page, Permission, Problem, Reply};
use shuke_store::jobs::JobId;
use shuke_store::register::Class;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::rotate;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_register)).routes(routes!(rotate_keys))
}

/// A column of the store with its class.
#[derive(Serialize, ToSchema)]
pub struct RegisterColumn {
    table: &'static str,
    column: &'static str,
    /// `public`, `attribute` (about a person, erasable), `identifier` (sealed, or a blind token) or `secret`.
    class: &'static str,
    /// Whether the table's rows belong to a member.
    of_member: bool,
}

/// The privacy register: what each column of the store holds.
#[utoipa::path(get, path = "/privacy/register", operation_id = "list_register", tag = "privacy",
    responses((status = 200, body = Page<RegisterColumn>)), security(("staff" = ["privacy:manage"]), ("key" = ["privacy:manage"])))]
async fn list_register(call: Call) -> Reply<Page<RegisterColumn>> {
    call.allow(Permission::PrivacyManage)?;
    let mut items = Vec::new();
    for table in call.app.store.config().register.tables() {
        for (class, columns) in table.columns {
            let class = match class {
                Class::Public => "public",
                Class::Attribute => "attribute",
                Class::Identifier => "identifier",
                Class::Secret => "secret",
            };
            items.extend(columns.iter().map(|column| RegisterColumn {
                table: table.name,
                column,
                class,
                of_member: table.member.is_some(),
            }));
        }
    }
    Ok(Json(Page::whole(items)))
}

/// A task that was queued.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct RotationQueued {
    /// See `/jobs/{id}`.
    #[schema(value_type = String, example = "job_01hqzv…")]
    job: JobId,
}

/// Makes a new data key and seals everything anew under it, as a task.
#[utoipa::path(post, path = "/privacy/rotate-keys", operation_id = "rotate_keys", tag = "privacy",
    responses((status = 202, body = RotationQueued)), security(("staff" = ["privacy:manage"]), ("key" = ["privacy:manage"])))]
async fn rotate_keys(call: Call) -> Result<(StatusCode, Json<RotationQueued>), Problem> {
    let cx = call.allow(Permission::PrivacyManage)?;
    let queued = call.write(&cx, |tx, cx| Ok(RotationQueued { job: rotate::request(tx, cx)? })).await?;
    Ok((StatusCode::ACCEPTED, Json(queued)))
}
