//! `/reviews/{id}/unmask`: both sides of a review in clear, the same fields of each, by one act.
//!
//! A person compares the two, so one side in clear beside a masked one would mislead. Each key comes with its own value:
//! nothing has to be matched up by who reads it.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Path, Permission, Reply};
use shuke_kernel::{Ctx, Error, Result};
use shuke_store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::http::why;
use super::model::{KeyClaim, KeyKind};
use super::resolve;
use super::review::{self, ReviewId};
use crate::profile::dto::MemberKey;
use crate::profile::{card, mask, service};
use crate::{MEMBER_NOT_FOUND, MemberId};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(unmask_review))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewUnmask {
    /// `name`, `phone`, `email`, `account`, `external`, `card`, `address`.
    #[schema(min_items = 1)]
    fields: Vec<String>,
    /// Why; it goes into the audit, once for each side.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// A key of one side, with its value where it was asked for.
#[derive(Serialize, Deserialize, ToSchema)]
struct UncoveredKey {
    #[serde(flatten)]
    key: MemberKey,
    /// In clear; `null` where its field was not asked for.
    value: Option<String>,
}

/// One side of a review.
#[derive(Serialize, Deserialize, ToSchema)]
struct UncoveredSide {
    #[schema(value_type = String, example = "mem_01hqzv…")]
    id: MemberId,
    /// What the member is called, where names were asked for.
    name: Option<String>,
    /// The phone that the card shows, where phones were asked for.
    phone: Option<String>,
    /// Every key of the side, in the order of its card.
    keys: Vec<UncoveredKey>,
}

/// Both sides of a review in clear.
#[derive(Serialize, Deserialize, ToSchema)]
struct ReviewUncovered {
    left: UncoveredSide,
    right: UncoveredSide,
}

/// Shows the same identifiers of both sides in clear. Who saw what and why is audited, once for each side.
#[utoipa::path(post, path = "/reviews/{id}/unmask", operation_id = "unmask_review", tag = "members", params(("id" = String, Path)), request_body = ReviewUnmask,
    responses((status = 200, body = ReviewUncovered)), security(("staff" = ["members:unmask"]), ("key" = ["members:unmask"])))]
async fn unmask_review(call: Call, Path(id): Path<ReviewId>, Body(body): Body<ReviewUnmask>) -> Reply<ReviewUncovered> {
    let cx = call.allow(Permission::MembersUnmask)?;
    let reason = why(&body.reason)?;
    let shown = call
        .write(&cx, move |tx, cx| {
            let nobody = || Error::from(MEMBER_NOT_FOUND.refuse());
            let (left, right) = review::get(tx, cx, id)?.pair.ok_or_else(nobody)?;
            let (left, right) = (resolve(tx, cx, left)?.ok_or_else(nobody)?, resolve(tx, cx, right)?.ok_or_else(nobody)?);
            let sides = ReviewUncovered { left: side(tx, cx, left, &body.fields)?, right: side(tx, cx, right, &body.fields)? };
            let mut seen = vec![left, right];
            seen.dedup();
            for member in seen {
                audit::record(tx, cx, "member.unmasked", &member.to_string(), &format!("{}: {reason}", body.fields.join(", ")))?;
            }
            Ok(sides)
        })
        .await?;
    Ok(Json(shown))
}

fn side(tx: &mut Tx<'_>, cx: &Ctx, id: MemberId, fields: &[String]) -> Result<UncoveredSide> {
    let mut kinds: Vec<KeyKind> = Vec::new();
    for field in fields {
        kinds.extend(service::kinds_of(field)?);
    }
    let asked = |field: &str| fields.iter().any(|f| f == field);
    let profile = crate::profile::get(tx, cx, id)?.unwrap_or_default();
    let keys = card::keys_of(tx, cx, [id])?.remove(&id).unwrap_or_default();
    Ok(UncoveredSide {
        id,
        name: if asked("name") { card::name_of(&profile, &keys) } else { None },
        phone: card::phone_of(&keys).filter(|_| asked("phone")).map(|k| k.value.clone()),
        keys: keys
            .iter()
            .map(|k| UncoveredKey {
                key: MemberKey::of(&KeyClaim { value: mask::key(k.kind, &k.value), ..k.clone() }),
                value: kinds.contains(&k.kind).then(|| k.value.clone()),
            })
            .collect(),
    })
}
