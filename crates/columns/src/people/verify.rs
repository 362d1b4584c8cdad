//! Whether slices say what the store says: every member is read again and told beside.

use std::collections::HashMap;
use std::sync::Arc;

use shuke_kernel::{MerchantNo, Result};
use shuke_store::{Store, args};

use super::{STEP, persons, sql, tell};
use crate::registry::Registry;
use crate::slice::Slice;

/// What differs, in words, at most a hundred of them.
pub(crate) fn against_store(store: &Store, merchant: MerchantNo, registry: &Registry, slices: &[Arc<Slice>]) -> Result<Vec<String>> {
    let mut places: HashMap<String, (usize, usize)> = HashMap::new();
    let mut wrong = Vec::new();
    for (at, slice) in slices.iter().enumerate() {
        for member in (0..slice.len()).filter(|m| slice.shows(*m)) {
            let id = slice.members.get(member as u32).into_owned();
            if places.insert(id.clone(), (at, member)).is_some() {
                wrong.push(format!("member {id} is in two slices"));
            }
        }
    }
    let mut after: Vec<u8> = Vec::new();
    loop {
        let from = after.clone();
        let ids = store.read_now(move |tx| {
            let rows = tx.rows(sql::AFTER, args![merchant, from.as_slice(), STEP as i64])?;
            rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<Vec<u8>>>>()
        })?;
        let Some(last) = ids.last() else { break };
        after = last.clone();
        let truth = persons(store, merchant, registry, &ids)?;
        for member in 0..truth.len() {
            let id = truth.members.get(member as u32).into_owned();
            let Some((at, row)) = places.remove(&id) else {
                wrong.push(format!("member {id} is in no slice"));
                continue;
            };
            let (held, told) = (tell(registry, &slices[at], row), tell(registry, &truth, member));
            if let (Some(held), Some(told)) = (held.as_object(), told.as_object()) {
                let differs = held.keys().chain(told.keys()).find(|name| held.get(*name) != told.get(*name));
                if let Some(name) = differs {
                    let text = |of: &serde_json::Map<String, serde_json::Value>| {
                        of.get(name).map_or_else(|| "nothing".to_owned(), |v| v.to_string())
                    };
                    wrong.push(format!("member {id} differs in {name}: its slice has {}, the store {}", text(held), text(told)));
                }
            }
        }
        wrong.truncate(100);
    }
    wrong.extend(places.into_keys().map(|id| format!("member {id} is in a slice and not in the store")));
    wrong.truncate(100);
    Ok(wrong)
}
