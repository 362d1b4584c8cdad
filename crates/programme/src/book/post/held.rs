//! The books of requests, held until the transaction ends.

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Result};
use shuke_members::MemberId;
use shuke_store::Tx;

use super::Request;
use crate::book::ERASED;
use crate::book::rows::{self, Book, Standing};
use crate::definition::{Programme, service};
use crate::people;

/// Aliases followed at most: a chain of merges is short.
const CHAIN: usize = 16;

/// The books of the requests, in their order, held; new ones for whom there is none. Of a member whose book a merge
/// moved it is the one that has it now; none where an earlier request has it already.
pub(super) fn held<'a>(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    requests: impl Iterator<Item = &'a Request>,
) -> Result<Vec<Option<Book>>> {
    let (rules, requests) = (service::rules(tx, cx.merchant, programme)?, requests.collect::<Vec<_>>());
    let mut whose: Vec<MemberId> = requests.iter().map(|r| r.member).collect();
    let mut via: Vec<Vec<MemberId>> = vec![Vec::new(); whose.len()];
    let mut found: BTreeMap<MemberId, Book> = BTreeMap::new();
    for _ in 0..CHAIN {
        let asked: BTreeSet<MemberId> = whose.iter().filter(|m| !found.contains_key(*m)).copied().collect();
        let asked: Vec<MemberId> = asked.into_iter().collect();
        found.extend(rows::hold(tx, cx.merchant, programme.id, &asked)?.into_iter().map(|book| (book.member, book)));
        let mut moved = false;
        for (member, via) in whose.iter_mut().zip(&mut via) {
            if let Some(to) = found.get(member).filter(|b| b.standing == Standing::Moved).and_then(|b| b.moved_to) {
                via.push(*member);
                (*member, moved) = (to, true);
            }
        }
        if !moved {
            break;
        }
    }
    let unknown: Vec<MemberId> =
        requests.iter().zip(&whose).filter(|(r, m)| r.facts.is_none() && !found.contains_key(*m)).map(|(_, m)| *m).collect();
    let mut facts = people::facts(tx, cx, programme, &unknown)?;
    let (mut out, mut given) = (Vec::with_capacity(requests.len()), BTreeSet::new());
    for ((request, member), via) in requests.iter().zip(whose).zip(via) {
        if !given.insert(member) {
            out.push(None);
            continue;
        }
        let book = match found.remove(&member) {
            Some(book) => book,
            None => {
                let facts = request.facts.clone().or_else(|| facts.remove(&member)).unwrap_or_default();
                let origin = request.events.iter().map(|e| e.time).min().unwrap_or(cx.now).min(cx.now);
                Book::new(member, facts, origin, &rules)
            }
        };
        if book.standing == Standing::Erased {
            return Err(ERASED.refuse().into());
        }
        out.push(Some(Book { via, ..book }));
    }
    Ok(out)
}
