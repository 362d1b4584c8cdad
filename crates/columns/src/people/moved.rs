//! Whose slices say what holds no longer by a word that changed: goods that moved to another category,
//! tags that have another name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::each;
use crate::registry::{Registry, TAG};
use crate::slice::Slice;

/// Where goods belong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// Where the product list puts them now.
    pub now: Option<String>,
    /// Whether it put them anywhere before.
    pub before: bool,
}

/// Members of whose tags any has, or had, one of these names.
pub(crate) fn tagged(slices: &[Arc<Slice>], names: &BTreeSet<String>) -> BTreeSet<Vec<u8>> {
    let found = each(slices, |slice| {
        let asked: BTreeSet<i64> = names.iter().filter_map(|n| slice.lexicon.words(TAG).find(n)).map(i64::from).collect();
        let has = |member: usize| slice.tags.of.of(member).any(|spell| asked.contains(&slice.tags.value.value(spell)));
        let members = (0..if asked.is_empty() { 0 } else { slice.len() }).filter(|m| has(*m));
        members.filter_map(|m| slice.members.keys().get(m)).map(|key| key.to_vec()).collect::<Vec<_>>()
    });
    found.into_iter().flatten().collect()
}

/// Members of whom any row has these goods elsewhere, by id as the store keeps it.
pub(crate) fn holders(registry: &Registry, slices: &[Arc<Slice>], goods: &BTreeMap<String, Place>) -> BTreeSet<Vec<u8>> {
    let found = each(slices, |slice| {
        let mut members = BTreeSet::new();
        for (table, rows) in registry.tables().iter().zip(&slice.tables) {
            let (Some(sku), Some(category)) = (table.find("sku"), table.find("category")) else { continue };
            let (Some(words), Some(paths)) = (table.columns[sku].words, table.columns[category].words) else { continue };
            let lexicon = &slice.lexicon;
            // What goods have where the product list is silent, their order told: unknown here.
            let told_by_orders = &*table.name != "events";
            let asked: BTreeMap<i64, (Option<i64>, bool)> = goods
                .iter()
                .filter_map(|(sku, place)| {
                    let now = place.now.as_ref().map(|path| lexicon.words(paths).find(path).map_or(-1, i64::from));
                    Some((lexicon.words(words).find(sku)?.into(), (now, place.before && told_by_orders)))
                })
                .collect();
            if asked.is_empty() {
                continue;
            }
            let (sku, category) = (&rows.columns[sku], &rows.columns[category]);
            for member in 0..slice.len() {
                let moved = |row: usize| {
                    let at = sku.get(row).and_then(|sku| asked.get(&sku));
                    at.is_some_and(|(now, before)| match now {
                        Some(now) => category.get(row) != Some(*now),
                        None => *before || (!told_by_orders && category.get(row).is_some()),
                    })
                };
                if rows.of.of(member).any(moved) {
                    members.insert(member);
                }
            }
        }
        members.into_iter().filter_map(|m| slice.members.keys().get(m)).map(|key| key.to_vec()).collect::<Vec<_>>()
    });
    found.into_iter().flatten().collect()
}
