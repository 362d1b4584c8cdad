//! `GET /segments/registry`: what an expression may speak of.

use std::collections::BTreeSet;

use axum::Json;
use serde::Serialize;
use shuke_columns::people::People;
use shuke_columns::registry::{Column, Fact, Origin, Table};
use shuke_columns::{Registry, Type};
use shuke_http::{App, Call, Permission, Reply};
use shuke_kernel::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::desk::Desk;
use crate::labels::{self, Words};

/// A word that a text may be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = SegmentWord)]
pub struct WordValue {
    /// As it stands in expressions.
    pub value: String,
    /// As people call it.
    pub label: String,
}

/// A fact of a member.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentFact)]
pub struct RegistryFact {
    /// As it stands in expressions.
    pub name: String,
    /// `int`, `fen`, `dec`, `text`, `date`, `instant`, `bool` or `tags`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// As people call it.
    pub label: String,
    /// Facts that belong together.
    pub group: &'static str,
    /// What the group is called.
    pub group_label: String,
    /// Whether anything fills it yet; else it is missing for everybody.
    pub filled: bool,
    /// Whether it is told as it is now, whatever the time of the question.
    pub current: bool,
    /// The words it may be, where they are few.
    pub values: Option<Vec<WordValue>>,
}

/// A column of a table.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentColumn)]
pub struct RegistryColumn {
    /// As it stands in expressions.
    pub name: String,
    /// See [`RegistryFact::kind`].
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// As people call it.
    pub label: String,
    /// The words it may be, where they are few.
    pub values: Option<Vec<WordValue>>,
}

/// A table of rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentTable)]
pub struct RegistryTable {
    /// As it stands in expressions.
    pub name: String,
    /// As people call it.
    pub label: String,
    /// Its columns.
    pub columns: Vec<RegistryColumn>,
}

/// What an expression may speak of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SegmentRegistry {
    /// Facts, those that belong together beside each other.
    pub facts: Vec<RegistryFact>,
    /// Tables.
    pub tables: Vec<RegistryTable>,
    /// Up to when the words of the merchant are known.
    #[schema(value_type = String, format = DateTime)]
    pub known_at: Instant,
}

/// Words that a list still shows at a glance.
const FEW: usize = 60;

/// Facts that nothing fills yet: what a later release brings.
const UNFILLED: &[&str] = &["growth", "points", "store_credit", "paid_member", "tier", "p_alive", "clv"];

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_segment_registry))
}

/// What an expression may speak of: facts of members, tables of rows with their columns, the words of those that have few.
#[utoipa::path(get, path = "/segments/registry", operation_id = "get_segment_registry", tag = "segments",
    responses((status = 200, body = SegmentRegistry)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn get_segment_registry(call: Call) -> Reply<SegmentRegistry> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let (merchant, zh) = (cx.merchant, call.lang.is_zh());
    Ok(Json(Desk::of(&call.app)?.ask(move |desk, _| desk.people(merchant, &BTreeSet::new()).map(|people| told(&people, zh))).await?))
}

fn told(people: &People, zh: bool) -> SegmentRegistry {
    let registry = &people.registry;
    let mut facts: Vec<&Fact> = registry.facts().iter().collect();
    facts.sort_by_key(|f| labels::rank(&f.name));
    SegmentRegistry {
        facts: facts.into_iter().map(|f| fact(f, people, zh)).collect(),
        tables: registry.tables().iter().map(|t| table(t, people, zh)).collect(),
        known_at: Instant(people.known_at),
    }
}

fn fact(of: &Fact, people: &People, zh: bool) -> RegistryFact {
    let (group, label) = labels::fact(&of.name).map_or(("other", None), |(group, label)| (group, Some(label)));
    let ours = labels::fact_words(&of.name);
    RegistryFact {
        name: of.name.to_string(),
        kind: of.kind.name(),
        label: label.map_or(of.name.to_string(), |l| l.text(zh).to_owned()),
        group,
        group_label: labels::group(group).map_or("", |l| l.text(zh)).to_owned(),
        filled: !UNFILLED.contains(&&*of.name),
        current: matches!(of.origin, Origin::Current(_)),
        values: values(of.kind, of.words, ours, people, zh),
    }
}

fn table(of: &Table, people: &People, zh: bool) -> RegistryTable {
    let column = |c: &Column| RegistryColumn {
        name: c.name.to_string(),
        kind: c.kind.name(),
        label: labels::column(&of.name, &c.name).map_or(c.name.to_string(), |l| l.text(zh).to_owned()),
        values: values(c.kind, c.words, labels::column_words(&of.name, &c.name), people, zh),
    };
    let label = labels::table(&of.name).map_or(of.name.to_string(), |l| l.text(zh).to_owned());
    RegistryTable { name: of.name.to_string(), label, columns: of.columns.iter().map(column).collect() }
}

/// The words of a text, where they are few: the product's own, then what else the merchant's rows say. A
/// vocabulary that tables share (`kind`) is told by the product's words only.
fn values(kind: Type, words: Option<usize>, ours: Words, people: &People, zh: bool) -> Option<Vec<WordValue>> {
    let words = words.filter(|_| kind == Type::Text)?;
    let mut all: Vec<WordValue> =
        ours.iter().map(|(word, label)| WordValue { value: (*word).to_owned(), label: label.text(zh).to_owned() }).collect();
    if shared(&people.registry, words) && !ours.is_empty() {
        return Some(all);
    }
    if people.registry.vocabularies()[words].is_local {
        return None;
    }
    let theirs = merchant_words(people, words);
    if theirs.len() > FEW {
        return None;
    }
    for word in theirs.into_iter().filter(|w| !ours.iter().any(|(o, _)| *o == &**w)) {
        all.push(WordValue { value: word.to_string(), label: word.to_string() });
    }
    (!all.is_empty()).then_some(all)
}

/// Whether more than one table has columns of this vocabulary.
fn shared(registry: &Registry, words: usize) -> bool {
    registry.tables().iter().filter(|t| t.columns.iter().any(|c| c.words == Some(words))).count() > 1
}

/// The words of a vocabulary that the merchant's members and rows have, sorted.
pub fn merchant_words(people: &People, words: usize) -> Vec<Box<str>> {
    let mut all: Vec<Box<str>> = Vec::new();
    let mut seen: Vec<*const shuke_columns::Lexicon> = Vec::new();
    for slice in &people.slices {
        // Slices share a lexicon, as a rule.
        let lexicon = std::sync::Arc::as_ptr(&slice.lexicon);
        if !seen.contains(&lexicon) {
            seen.push(lexicon);
            all.extend(slice.lexicon.words(words).since(0).map(Box::from));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}
