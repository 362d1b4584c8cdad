//! `/members/{id}/standing`.

use std::sync::Arc;

use axum::Json;
use jiff::civil::Date;
use serde::Serialize;
use shuke_http::{App, Call, Path, Permission, Query, Reply};
use shuke_kernel::{Code, Ctx, Kind, Result};
use shuke_store::{Tx, args};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::query::question;
use super::{ReportQuery, ShownMember};
use crate::desk::{Freshness, Right, base_key, reckon};
use crate::question::Question;
use crate::sql;
use crate::standing::{Base, Place, place};

/// Nobody has that id.
pub static MEMBER_UNKNOWN: Code =
    Code { code: "report.member_unknown", kind: Kind::NotFound, zh: "找不到这位会员。", en: "There is no such member." };

/// Where a member stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MemberStanding)]
pub struct Standing {
    /// The member; of one who was merged, who took them in.
    #[schema(example = "mem_01hqzv…")]
    member: String,
    /// The day of reckoning.
    #[schema(value_type = String, format = Date)]
    as_of: Date,
    /// The first day of the window.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The day before which it ends.
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// The zone of the days.
    zone: String,
    /// `net` or `ignore`.
    returns: String,
    /// The currency of all money.
    currency: Option<String>,
    /// Up to when the member's own figures know.
    known: Freshness,
    /// Up to when those they are compared with know: in a large shop a minute or so before.
    compared_with: Freshness,
    #[serde(flatten)]
    place: Place,
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_member_standing))
}

/// The member of an id; of one who was merged, who took them in.
fn living(tx: &mut Tx<'_>, cx: &Ctx, id: ShownMember) -> Result<ShownMember> {
    let mut id = id;
    // A merge is made only into the living, so a chain ends; a thousand links would be a circle.
    for _ in 0..1_000 {
        let Some(mut row) = tx.row(sql::ALIAS_OF, args![cx.merchant, id])? else { break };
        match row.get::<Option<ShownMember>>(0)? {
            None => return Ok(id),
            Some(other) => id = other,
        }
    }
    Err(MEMBER_UNKNOWN.refuse().into())
}

/// Where a member stands among all: recency, frequency and money, the stage, and why.
#[utoipa::path(get, path = "/members/{id}/standing", operation_id = "get_member_standing", tag = "reports", params(("id" = String, Path), ReportQuery),
    responses((status = 200, body = Standing)), security(("staff" = ["members:read", "orders:read"]), ("key" = ["members:read", "orders:read"])))]
async fn get_member_standing(call: Call, Path(id): Path<ShownMember>, Query(q): Query<ReportQuery>) -> Reply<Standing> {
    call.allow(Permission::OrdersRead)?;
    let cx = call.allow(Permission::MembersRead)?;
    let id = call.read(&cx, move |tx, cx| living(tx, cx, id)).await?;
    let q = question(&call, &cx, q.asked()).await?;
    let key = base_key(cx.merchant, &q);
    let (asked, found) = (q.clone(), key.clone());
    let now = cx.now.micros();
    let (standing, right) = reckon(&call.app, cx.merchant, move |desk, loaded, columns| {
        let (base, renew) = desk.base(&found, &asked, loaded, columns, now)?;
        let place = place(&loaded.columns, &asked, &base.it, id.bytes())?;
        Ok((standing(id, asked, [Freshness::of(loaded), base.known(loaded)], place), if renew { desk.bases.renew(&found) } else { None }))
    })
    .await?;
    if let Some(right) = right {
        renew_beside(&call.app, &cx, q, key, right);
    }
    Ok(Json(standing))
}

fn standing(id: ShownMember, q: Question, [known, compared_with]: [Freshness; 2], place: Place) -> Standing {
    Standing {
        member: id.to_string(),
        as_of: q.as_of,
        from: q.from,
        to: q.to,
        zone: q.zone,
        returns: if q.net { "net" } else { "ignore" }.to_owned(),
        currency: q.currency,
        known,
        compared_with,
        place,
    }
}

/// Reckons what members are compared with anew, so that nobody waits for it.
fn renew_beside(app: &App, cx: &Ctx, q: Question, key: String, right: Right) {
    let (app, merchant, now) = (app.clone(), cx.merchant, cx.now.micros());
    tokio::spawn(async move {
        let _right = right;
        let done = reckon(&app, merchant, move |desk, loaded, columns| {
            desk.bases.keep(&key, &loaded.manifest, now, Arc::new(Base::of(columns, &q)?));
            Ok(())
        });
        if let Err(problem) = done.await {
            tracing::warn!(code = problem.code(), "what members are compared with was not reckoned anew");
        }
    });
}
