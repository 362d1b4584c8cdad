//! `/tag-sources`: who says tags in files, and which import holds.

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Page, Permission, Reply};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::tag::TagId;
use shuke_members::tag::said::{self, Standing};
use shuke_store::{Tx, args};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::load::model::ImportId;
use crate::load::sql;

/// A tag that a source says.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = TagSourceTag)]
struct TagRef {
    #[schema(value_type = String)]
    id: TagId,
    name: String,
}

/// A source of tags: what its last import said holds.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = TagSource)]
struct SourceDto {
    /// As the file names it; else the file's platform or name.
    #[schema(example = "巨量云图")]
    name: String,
    /// The import that holds.
    #[schema(value_type = Option<String>)]
    import: Option<ImportId>,
    /// As imports are listed.
    title: Option<String>,
    /// When its loading began.
    #[schema(value_type = String, format = DateTime)]
    begun_at: Instant,
    /// When it was loaded to its end; from then on what it does not say has ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Instant>,
    /// How many members had tags by it when everybody was last looked at.
    members: Option<i64>,
    /// The tags that it says.
    tags: Vec<TagRef>,
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tag_sources))
}

fn told(tx: &mut Tx<'_>, cx: &Ctx, s: Standing) -> Result<SourceDto> {
    let run = tx.row(sql::NUMBERED, args![cx.merchant, s.import])?;
    let (import, title) = match run {
        Some(mut row) => (Some(row.get(0)?), Some(row.get(1)?)),
        None => (None, None),
    };
    let tags = s.tags.into_iter().map(|(id, name)| TagRef { id, name }).collect();
    Ok(SourceDto { name: s.name, import, title, begun_at: s.begun_at, finished_at: s.finished_at, members: s.members, tags })
}

/// Sources of imported tags, the newest first.
#[utoipa::path(get, path = "/tag-sources", operation_id = "list_tag_sources", tag = "tags",
    responses((status = 200, body = Page<SourceDto>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_tag_sources(call: Call) -> Reply<Page<SourceDto>> {
    let cx = call.allow(Permission::MembersRead)?;
    let found = call.read(&cx, |tx, cx| said::sources(tx, cx)?.into_iter().map(|s| told(tx, cx, s)).collect::<Result<Vec<_>>>()).await?;
    Ok(Json(Page::whole(found)))
}
