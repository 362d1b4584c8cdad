//! `GET /changes`.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Permission, Problem, Query, Reply};
use shuke_kernel::{Code, Kind, Result};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::Change;
use crate::merchants;

/// The position is beyond the newest event.
pub static POSITION_AHEAD: Code = Code {
    code: "changes.position_ahead",
    kind: Kind::Unprocessable,
    zh: "位置 {since} 还没有到：最新的位置是 {head}。如果是恢复了备份，请从 {head} 继续，并核对此前的数据。",
    en: "Position {since} is not reached yet: the newest is {head}. After a restored backup go on from {head} and compare what came before.",
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_changes))
}

/// A stretch of the feed.
#[derive(Serialize, ToSchema)]
pub struct Changes {
    /// In order of position.
    items: Vec<Change>,
    /// Ask for `since` this next. With a filter it moves on although `items` may be empty.
    next_position: i64,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChangeQuery {
    /// Events after this position; 0 is the beginning.
    #[param(minimum = 0)]
    since: Option<i64>,
    /// At most so many are looked at: 1 to 1000, 100 if absent.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
    /// Only these types, separated by commas; `order.*` takes all of orders.
    types: Option<String>,
}

/// What happened since a position: every change once, in order.
#[utoipa::path(get, path = "/changes", operation_id = "list_changes", tag = "events", params(ChangeQuery),
    responses((status = 200, body = Changes)), security(("staff" = ["events:read"]), ("key" = ["events:read"])))]
async fn list_changes(call: Call, Query(q): Query<ChangeQuery>) -> Reply<Changes> {
    let cx = call.allow(Permission::EventsRead)?;
    let (since, limit) = (q.since.unwrap_or(0), q.limit.unwrap_or(100));
    if since < 0 {
        return Err(Problem::invalid("query", "since", "a position is 0 or more"));
    }
    if !(1..=1000).contains(&limit) {
        return Err(Problem::invalid("query", "limit", "limit is 1 to 1000"));
    }
    let types: Vec<String> = q.types.unwrap_or_default().split(',').map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
    let answer = call
        .read(&cx, move |tx, cx| {
            let merchant = merchants::get(tx, cx.merchant)?.id;
            let events = tx.events_after(cx.merchant, since, limit)?;
            // A subscriber that kept a position from elsewhere would wait for ever without a word.
            if events.is_empty() {
                let head = tx.feed_head(cx.merchant)?;
                if since > head {
                    return Err(POSITION_AHEAD.at("since").with("since", since).with("head", head).into());
                }
            }
            let next_position = events.last().map_or(since, |e| e.position);
            let items = events.into_iter().filter(|e| wanted(&types, &e.kind)).map(|e| Change::of(e, merchant)).collect::<Result<_>>()?;
            Ok(Changes { items, next_position })
        })
        .await?;
    Ok(Json(answer))
}

/// Whether an event's type is among `types`, of which none means all.
pub(crate) fn wanted<S: AsRef<str>>(types: &[S], kind: &str) -> bool {
    types.is_empty()
        || types.iter().any(|t| {
            let t = t.as_ref();
            t == kind || t.strip_suffix('*').is_some_and(|area| area.ends_with('.') && kind.starts_with(area))
        })
}
