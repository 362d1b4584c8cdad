//! `/tags` and `/tag-categories`: the merchant's words.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Page, Path, Permission, Problem, Query, Reply};
use shuke_kernel::Instant;
use shuke_store::jobs::JobId;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::CategoryRef;
use crate::tag::service::{self, TagChange};
use crate::tag::{Category, CategoryId, Tag, TagId};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tag_categories, create_tag_category))
        .routes(routes!(update_tag_category, delete_tag_category))
        .routes(routes!(list_tags, create_tag))
        .routes(routes!(get_tag, update_tag, delete_tag))
}

/// A category of tags.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = TagCategory)]
struct CategoryDto {
    #[schema(value_type = String, example = "tgc_01hqzv…")]
    id: CategoryId,
    #[schema(example = "兴趣")]
    name: String,
    /// How many tags it holds, archived ones too.
    tags: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    created_by: String,
}

impl From<Category> for CategoryDto {
    fn from(c: Category) -> Self {
        Self { id: c.id, name: c.name, tags: c.tags, created_at: c.created_at, created_by: c.created_by }
    }
}

/// A tag.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Tag)]
struct TagDto {
    #[schema(value_type = String, example = "tag_01hqzv…")]
    id: TagId,
    #[schema(example = "母婴用品爱好者")]
    name: String,
    category: Option<CategoryRef>,
    /// `grey`, `red`, `orange`, `amber`, `green`, `teal`, `blue`, `purple`, `pink`.
    color: Option<String>,
    /// How many members have it now.
    members: i64,
    /// Since when nobody gets it any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    archived_at: Option<Instant>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    created_by: String,
}

impl From<Tag> for TagDto {
    fn from(t: Tag) -> Self {
        Self {
            id: t.id,
            name: t.name,
            category: t.category.map(CategoryRef::from),
            color: t.color,
            members: t.members,
            archived_at: t.archived_at,
            created_at: t.created_at,
            created_by: t.created_by,
        }
    }
}

/// All categories of tags, by name.
#[utoipa::path(get, path = "/tag-categories", operation_id = "list_tag_categories", tag = "tags",
    responses((status = 200, body = Page<CategoryDto>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_tag_categories(call: Call) -> Reply<Page<CategoryDto>> {
    let cx = call.allow(Permission::MembersRead)?;
    let found = call.read(&cx, service::categories).await?;
    Ok(Json(Page::whole(found.into_iter().map(CategoryDto::from).collect())))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TagCategoryInput {
    #[schema(min_length = 1, max_length = 40)]
    name: String,
}

/// Makes a category of tags.
#[utoipa::path(post, path = "/tag-categories", operation_id = "create_tag_category", tag = "tags", request_body = TagCategoryInput,
    responses((status = 201, body = CategoryDto)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn create_tag_category(call: Call, Body(body): Body<TagCategoryInput>) -> Result<(StatusCode, Json<CategoryDto>), Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    let made: CategoryDto = call
        .write(&cx, move |tx, cx| {
            let made = service::add_category(tx, cx, &body.name)?;
            audit::record(tx, cx, "tag_category.created", &made.id.to_string(), &made.name)?;
            Ok(made.into())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Renames a category of tags.
#[utoipa::path(patch, path = "/tag-categories/{id}", operation_id = "update_tag_category", tag = "tags", params(("id" = String, Path)), request_body = TagCategoryInput,
    responses((status = 200, body = CategoryDto)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn update_tag_category(call: Call, Path(id): Path<CategoryId>, Body(body): Body<TagCategoryInput>) -> Reply<CategoryDto> {
    let cx = call.allow(Permission::MembersWrite)?;
    let changed: CategoryDto = call
        .write(&cx, move |tx, cx| {
            let changed = service::rename_category(tx, cx, id, &body.name)?;
            audit::record(tx, cx, "tag_category.changed", &id.to_string(), &changed.name)?;
            Ok(changed.into())
        })
        .await?;
    Ok(Json(changed))
}

/// Drops a category that holds no tags.
#[utoipa::path(delete, path = "/tag-categories/{id}", operation_id = "delete_tag_category", tag = "tags", params(("id" = String, Path)),
    responses((status = 204)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn delete_tag_category(call: Call, Path(id): Path<CategoryId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    call.write(&cx, move |tx, cx| {
        let was = service::drop_category(tx, cx, id)?;
        audit::record(tx, cx, "tag_category.deleted", &id.to_string(), &was.name).map(|_| ())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TagQuery {
    /// Only of this category.
    #[param(value_type = Option<String>)]
    category: Option<CategoryId>,
    /// `active` (if absent), `archived` or `all`.
    state: Option<String>,
}

/// All tags, by category and name, those without a category last.
#[utoipa::path(get, path = "/tags", operation_id = "list_tags", tag = "tags", params(TagQuery),
    responses((status = 200, body = Page<TagDto>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_tags(call: Call, Query(q): Query<TagQuery>) -> Reply<Page<TagDto>> {
    let cx = call.allow(Permission::MembersRead)?;
    let state = q.state.unwrap_or_else(|| "active".to_owned());
    if !["active", "archived", "all"].contains(&state.as_str()) {
        return Err(Problem::invalid("query", "state", "state is `active`, `archived` or `all`"));
    }
    let found = call.read(&cx, move |tx, cx| service::list(tx, cx, &state, q.category)).await?;
    Ok(Json(Page::whole(found.into_iter().map(TagDto::from).collect())))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TagInput {
    #[schema(min_length = 1, max_length = 40)]
    name: String,
    #[schema(value_type = Option<String>)]
    category: Option<CategoryId>,
    /// `grey`, `red`, `orange`, `amber`, `green`, `teal`, `blue`, `purple`, `pink`.
    color: Option<String>,
}

/// Makes a tag.
#[utoipa::path(post, path = "/tags", operation_id = "create_tag", tag = "tags", request_body = TagInput,
    responses((status = 201, body = TagDto)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn create_tag(call: Call, Body(body): Body<TagInput>) -> Result<(StatusCode, Json<TagDto>), Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    let made: TagDto = call
        .write(&cx, move |tx, cx| {
            let made = service::add(tx, cx, &body.name, body.category, body.color.as_deref())?;
            audit::record(tx, cx, "tag.created", &made.id.to_string(), &made.name)?;
            Ok(made.into())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One tag.
#[utoipa::path(get, path = "/tags/{id}", operation_id = "get_tag", tag = "tags", params(("id" = String, Path)),
    responses((status = 200, body = TagDto)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn get_tag(call: Call, Path(id): Path<TagId>) -> Reply<TagDto> {
    let cx = call.allow(Permission::MembersRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| service::get(tx, cx, id)).await?.into()))
}

/// Tells null from absent.
fn stated<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(d).map(Some)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TagPatch {
    #[schema(min_length = 1, max_length = 40)]
    name: Option<String>,
    /// Null for none.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    category: Option<Option<CategoryId>>,
    /// Null for none.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    color: Option<Option<String>>,
    /// An archived tag stays with those who have it; nobody gets it any more.
    archived: Option<bool>,
}

/// Changes a tag: what is absent stays. Archiving is done here too.
#[utoipa::path(patch, path = "/tags/{id}", operation_id = "update_tag", tag = "tags", params(("id" = String, Path)), request_body = TagPatch,
    responses((status = 200, body = TagDto)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn update_tag(call: Call, Path(id): Path<TagId>, Body(body): Body<TagPatch>) -> Reply<TagDto> {
    let cx = call.allow(Permission::MembersWrite)?;
    let what = TagChange { name: body.name, category: body.category, color: body.color, archived: body.archived };
    let changed: TagDto = call
        .write(&cx, move |tx, cx| {
            let changed = service::change(tx, cx, id, &what)?;
            let archived = if changed.archived_at.is_some() { " (archived)" } else { "" };
            audit::record(tx, cx, "tag.changed", &id.to_string(), &format!("{}{archived}", changed.name))?;
            Ok(changed.into())
        })
        .await?;
    Ok(Json(changed))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TagDelete {
    /// Also where members have it: it is archived at once, taken off them by a task, then dropped.
    #[serde(default)]
    force: bool,
}

/// The task that does it.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = TagJob)]
struct JobRef {
    #[schema(value_type = String, example = "job_01hqzv…")]
    job: JobId,
}

/// Drops a tag. Where members have it, it is refused with how many, unless `force` is set.
#[utoipa::path(delete, path = "/tags/{id}", operation_id = "delete_tag", tag = "tags", params(("id" = String, Path), TagDelete),
    responses((status = 204), (status = 202, body = JobRef)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn delete_tag(call: Call, Path(id): Path<TagId>, Query(q): Query<TagDelete>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    let job: Option<JobId> = call
        .write(&cx, move |tx, cx| {
            let dropped = service::remove(tx, cx, id, q.force)?;
            let said = format!("{}: {} members had it", dropped.tag.name, dropped.tag.members);
            audit::record(tx, cx, "tag.deleted", &id.to_string(), &said)?;
            Ok(dropped.job)
        })
        .await?;
    Ok(match job {
        Some(job) => (StatusCode::ACCEPTED, Json(JobRef { job })).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
