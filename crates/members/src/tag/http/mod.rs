//! `/tags`, `/tag-categories`, `/members/{id}/tags`, `/members/tags`, `/members/tags/preview`.

mod members;
mod preview;
mod vocabulary;

use serde::{Deserialize, Serialize};
use shuke_http::{App, Problem};
use shuke_kernel::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::said::Stated;
use super::{CategoryId, Label, TagId};

pub(crate) fn router() -> OpenApiRouter<App> {
    vocabulary::router().merge(members::router()).merge(preview::router())
}

/// A category by id and name.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
#[schema(as = TagCategoryRef)]
pub struct CategoryRef {
    #[schema(value_type = String, example = "tgc_01hqzv…")]
    id: CategoryId,
    name: String,
}

impl From<(CategoryId, String)> for CategoryRef {
    fn from((id, name): (CategoryId, String)) -> Self {
        Self { id, name }
    }
}

/// A tag that a member has.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
#[schema(as = MemberTag)]
pub struct LabelDto {
    #[schema(value_type = String, example = "tag_01hqzv…")]
    id: TagId,
    #[schema(example = "母婴用品爱好者")]
    name: String,
    category: Option<CategoryRef>,
    /// `grey`, `red`, `orange`, `amber`, `green`, `teal`, `blue`, `purple`, `pink`.
    color: Option<String>,
    /// Whether nobody gets it any more.
    archived: bool,
    /// Since when the member has it.
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    /// Who gave it first, of those who give it now: `stf_…`, `key_…`, `system:tag_rule`, `import:…` with the source.
    by: String,
    /// Which files say it; told of one member, not in lists.
    said: Vec<TagSaid>,
}

/// What a file says of a member's tag.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
pub struct TagSaid {
    /// Who says it.
    #[schema(example = "巨量云图")]
    source: String,
    /// How sure or how strong, as the file wrote it.
    score: Option<f64>,
    /// Until when it holds.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_until: Option<Instant>,
}

impl From<Stated> for TagSaid {
    fn from(s: Stated) -> Self {
        Self { source: s.source, score: s.score.map(|millionths| millionths as f64 / 1_000_000.0), valid_until: s.valid_until }
    }
}

impl From<Label> for LabelDto {
    fn from(l: Label) -> Self {
        Self {
            id: l.id,
            name: l.name,
            category: l.category.map(CategoryRef::from),
            color: l.color,
            archived: l.archived,
            since: l.since,
            by: l.by,
            said: Vec::new(),
        }
    }
}

/// A reason, if one is given.
fn reason(text: Option<String>) -> Result<String, Problem> {
    let text = text.unwrap_or_default().trim().to_owned();
    if text.chars().count() > 500 {
        return Err(Problem::invalid("body", "reason", "say why, in at most 500 characters"));
    }
    Ok(text)
}

/// What an audit entry says: what was done, and why if that was told.
fn said(what: &str, reason: &str) -> String {
    if reason.is_empty() { what.to_owned() } else { format!("{what}: {reason}") }
}
