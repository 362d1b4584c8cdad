//! The words of tags: names, colours, what is shown.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Instant, Result};

use super::{BAD_COLOR, BAD_NAME, CategoryId, NOTHING, TOO_MANY_NAMED, TagId};
use crate::identity::model::fold_width;

/// Colours that a tag may have: words, so that each page shows them as its light or dark mode needs.
pub const COLORS: [&str; 9] = ["grey", "red", "orange", "amber", "green", "teal", "blue", "purple", "pink"];

const LONGEST: usize = 40;

/// A category of tags.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Category {
    /// Which.
    pub id: CategoryId,
    /// As people read it.
    pub name: String,
    /// How many tags it holds, archived ones too.
    pub tags: i64,
    /// When it was made.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
}

/// A tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// Which.
    pub id: TagId,
    /// As people read it.
    pub name: String,
    /// Its category, if it has one.
    pub category: Option<(CategoryId, String)>,
    /// One of [`COLORS`].
    pub color: Option<String>,
    /// How many living members have it.
    pub members: i64,
    /// Since when nobody gets it any more.
    pub archived_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
}

/// A tag that a member has, as a card shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Which.
    pub id: TagId,
    /// As people read it.
    pub name: String,
    /// Its category, if it has one.
    pub category: Option<(CategoryId, String)>,
    /// One of [`COLORS`].
    pub color: Option<String>,
    /// Whether nobody gets it any more.
    pub archived: bool,
    /// Since when the member has it.
    pub since: Instant,
    /// Who gave it.
    pub by: String,
}

/// A name as it is shown, and as names are compared: without case and width.
pub fn name(text: &str) -> Result<(String, String)> {
    let shown = fold_width(text);
    if shown.is_empty() || shown.chars().count() > LONGEST || shown.chars().any(char::is_control) {
        return Err(BAD_NAME.with("limit", LONGEST).at("name").into());
    }
    let key = key(&shown);
    Ok((shown, key))
}

/// As names are compared.
pub(crate) fn key(text: &str) -> String {
    fold_width(text).to_lowercase()
}

/// Checks a colour.
pub fn color(word: Option<&str>) -> Result<()> {
    match word {
        Some(word) if !COLORS.contains(&word) => Err(BAD_COLOR.with("color", word).with("known", COLORS.join(", ")).at("color").into()),
        _ => Ok(()),
    }
}

/// Tags that one request may name: with a thousand members, twenty thousand givings at once.
pub const MOST_NAMED: usize = 20;

/// Refuses at `field` where too many tags are named.
pub(crate) fn few(tags: &[TagId], field: &str) -> Result<()> {
    if tags.len() > MOST_NAMED { Err(TOO_MANY_NAMED.with("limit", MOST_NAMED).at(field).into()) } else { Ok(()) }
}

/// What is to be given and taken.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// To be given.
    pub add: Vec<TagId>,
    /// To be taken off.
    pub remove: Vec<TagId>,
}

impl Change {
    /// The change without repetitions; refused where it asks for nothing, for both of one tag, or for
    /// more than [`MOST_NAMED`] of either.
    pub fn of(mut add: Vec<TagId>, mut remove: Vec<TagId>) -> Result<Self> {
        for (list, field) in [(&mut add, "add"), (&mut remove, "remove")] {
            list.sort();
            list.dedup();
            few(list, field)?;
        }
        if (add.is_empty() && remove.is_empty()) || add.iter().any(|t| remove.contains(t)) {
            return Err(NOTHING.refuse().into());
        }
        Ok(Self { add, remove })
    }
}
