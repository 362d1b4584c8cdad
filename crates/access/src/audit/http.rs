//! `GET /audit`, `GET /audit/verify`.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Page, Paging, Permission, Problem, Query, Reply};
use shuke_kernel::Instant;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::service::{Entry, Filter, Progress, list, verify_step};
use crate::staff::{self, StaffId};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit)).routes(routes!(verify_audit))
}

/// What somebody did.
#[derive(Serialize, ToSchema)]
pub struct AuditEntry {
    /// Gapless, from 1.
    seq: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// `stf_…`, `key_…`, `cli` or `system:…`.
    actor: String,
    /// Their name, where it is one of the staff and still known.
    actor_name: Option<String>,
    #[schema(example = "key.created")]
    action: String,
    /// The id it was done to.
    subject: Option<String>,
    /// In words; absent once erased.
    summary: Option<String>,
    /// Hash of the chain up to here, in hex.
    hash: String,
}

impl From<Entry> for AuditEntry {
    fn from(e: Entry) -> Self {
        let hash = e.hash.iter().map(|b| format!("{b:02x}")).collect();
        Self {
            seq: e.seq,
            at: e.at,
            actor: e.actor,
            actor_name: None,
            action: e.action,
            subject: Some(e.subject).filter(|s| !s.is_empty()),
            summary: e.summary,
            hash,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Only by this actor.
    actor: Option<String>,
    /// Only this action.
    action: Option<String>,
    /// Not before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Instant>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// The audit, newest first.
#[utoipa::path(get, path = "/audit", operation_id = "list_audit", tag = "trust", params(AuditQuery),
    responses((status = 200, body = Page<AuditEntry>)), security(("staff" = ["audit:read"]), ("key" = ["audit:read"])))]
async fn list_audit(call: Call, Query(q): Query<AuditQuery>) -> Reply<Page<AuditEntry>> {
    let cx = call.allow(Permission::AuditRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let before = paging.int(0, i64::MAX)?;
    let filter = Filter { actor: q.actor.unwrap_or_default(), action: q.action.unwrap_or_default(), since: q.since };
    let fetch = paging.fetch();
    let (rows, names) = call
        .read(&cx, move |tx, cx| {
            let rows = list(tx, cx, &filter, before, fetch)?;
            let names = staff::names(tx, rows.iter().filter_map(|e| e.actor.parse().ok()))?;
            Ok((rows, names))
        })
        .await?;
    let named = |e: Entry| {
        let actor_name = e.actor.parse().ok().and_then(|id| names.get::<StaffId>(&id).cloned());
        AuditEntry { actor_name, ..AuditEntry::from(e) }
    };
    Ok(Json(Page::cut(rows, &paging, |e| vec![e.seq.into()]).map(named)))
}

/// What verifying the chain found.
#[derive(Serialize, ToSchema)]
pub struct AuditVerdict {
    /// Whether every entry holds.
    ok: bool,
    /// How many hold.
    checked: i64,
    /// The first that does not.
    first_bad: Option<i64>,
}

/// Verifies the whole chain.
#[utoipa::path(get, path = "/audit/verify", operation_id = "verify_audit", tag = "trust",
    responses((status = 200, body = AuditVerdict)), security(("staff" = ["audit:read"]), ("key" = ["audit:read"])))]
async fn verify_audit(call: Call) -> Result<Json<AuditVerdict>, Problem> {
    let cx = call.allow(Permission::AuditRead)?;
    let mut at = Progress::default();
    // In short transactions: a long chain must not hold a snapshot.
    loop {
        let (reached, verdict) = call
            .read(&cx, move |tx, cx| {
                let mut at = at;
                let verdict = verify_step(tx, cx.merchant, &mut at, 500)?;
                Ok((at, verdict))
            })
            .await?;
        at = reached;
        if let Some(v) = verdict {
            return Ok(Json(AuditVerdict { ok: v.first_bad.is_none(), checked: v.checked, first_bad: v.first_bad }));
        }
    }
}
