//! `GET /segments/words`: the merchant's own words, for who writes an expression.

use std::collections::{BTreeSet, HashMap};

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_columns::registry::TAG;
use shuke_commerce::product;
use shuke_http::{App, Call, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Result};
use shuke_members::tag;
use shuke_segments::Desk;
use shuke_segments::http::merchant_words;
use shuke_store::Tx;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WordsQuery {
    /// Whose words: the name of a text column or fact (`category`, `sku`, `shop`, `city`, `reason` …) or `tag`.
    vocabulary: String,
    /// Only words that contain this; of goods and shops also those whose title does.
    #[param(max_length = 100)]
    #[serde(default)]
    contains: String,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A word.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = SegmentWordFound)]
struct Found {
    /// As it stands in expressions.
    value: String,
    /// As people call it: a title, a name, or the word itself.
    label: String,
    /// Of a tag: how many members have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
}

/// Words of a vocabulary.
#[derive(Serialize, ToSchema)]
struct SegmentWords {
    /// Those that begin with what was sought first.
    items: Vec<Found>,
}

const MOST: i64 = 200;
const USUAL: i64 = 20;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_segment_words))
}

/// The merchant's words for a text, to choose from while an expression is written.
#[utoipa::path(get, path = "/segments/words", operation_id = "list_segment_words", tag = "segments", params(WordsQuery),
    responses((status = 200, body = SegmentWords)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn list_segment_words(call: Call, Query(q): Query<WordsQuery>) -> Reply<SegmentWords> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let limit = q.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::invalid("query", "limit", format_args!("1 to {MOST}")));
    }
    let desk = Desk::of(&call.app)?;
    let registry = desk.registry();
    let at = registry.vocabularies().iter().position(|v| *v.name == q.vocabulary && (!v.is_local));
    let at = at.ok_or_else(|| Problem::invalid("query", "vocabulary", format_args!("`{}` is no vocabulary", q.vocabulary)))?;
    let contains = q.contains.trim().to_owned();
    let mut found = if at == TAG {
        call.read(&cx, tags).await?
    } else {
        let merchant = cx.merchant;
        let mut words = desk.ask(move |desk, _| Ok(merchant_words(&*desk.people(merchant, &BTreeSet::new())?, at))).await?;
        if q.vocabulary == "category" {
            words = with_parents(words);
        }
        words.into_iter().map(|w| Found { value: w.to_string(), label: w.to_string(), count: None }).collect()
    };
    let sought = contains.clone();
    match &*q.vocabulary {
        "sku" => found = call.read(&cx, move |tx, cx| goods(tx, cx, &sought, limit, found.clone())).await?,
        "shop" => found = call.read(&cx, move |tx, cx| shops(tx, cx, found.clone())).await?,
        _ => {}
    }
    let lower = contains.to_lowercase();
    found.retain(|f| lower.is_empty() || f.value.to_lowercase().contains(&lower) || f.label.to_lowercase().contains(&lower));
    found.sort_by_key(|f| !(f.value.to_lowercase().starts_with(&lower) || f.label.to_lowercase().starts_with(&lower)));
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(Json(SegmentWords { items: found }))
}

/// Paths with everything that they lie below, which can be chosen too: each before what is below it.
fn with_parents(paths: Vec<Box<str>>) -> Vec<Box<str>> {
    let above = |path: &str| path.match_indices('/').filter(|(at, _)| *at > 0).map(|(at, _)| Box::from(&path[..at])).collect::<Vec<_>>();
    let mut all: BTreeSet<Box<str>> = paths.iter().flat_map(|path| above(path)).collect();
    all.extend(paths);
    all.into_iter().collect()
}

fn tags(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<Found>> {
    let all = tag::service::list(tx, cx, "active", None)?;
    Ok(all.into_iter().map(|t| Found { value: t.name.clone(), label: t.name, count: Some(t.members) }).collect())
}

/// Goods with the titles that the product list has for them, found by either.
fn goods(tx: &mut Tx<'_>, cx: &Ctx, contains: &str, limit: i64, words: Vec<Found>) -> Result<Vec<Found>> {
    let listed = product::list(tx, cx, contains, "", ("", [0; 16]), limit.max(MOST))?;
    let titles: HashMap<String, String> = listed.into_iter().filter_map(|p| Some((p.sku, p.title?))).collect();
    let sought = contains.to_lowercase();
    let mut found: Vec<Found> = words
        .into_iter()
        .filter(|w| titles.contains_key(&w.value) || w.value.to_lowercase().contains(&sought))
        .take(usize::try_from(MOST).unwrap_or_default())
        .collect();
    for word in &mut found {
        if let Some(title) = titles.get(&word.value) {
            word.label.clone_from(title);
        }
    }
    Ok(found)
}

/// Shops with their names.
fn shops(tx: &mut Tx<'_>, cx: &Ctx, mut words: Vec<Found>) -> Result<Vec<Found>> {
    let first = shuke_access::ShopId::from_bytes([0; 16]);
    let all = shuke_access::shops::list(tx, cx.merchant, first, 1_000)?;
    let names: HashMap<String, String> = all.into_iter().map(|s| (s.id.to_string(), s.name)).collect();
    for word in &mut words {
        if let Some(name) = names.get(&word.value) {
            word.label.clone_from(name);
        }
    }
    Ok(words)
}
