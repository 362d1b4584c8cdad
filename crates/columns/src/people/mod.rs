//! Members as questions see them, from the store's rows: all of them in slices, or some as one.
//!
//! What a slice tells of a member is what the store tells, read by one reader whether for everybody or
//! for one. Merged away and erased members are in none. Ids are the API's: `mem_…`, `ord_…`, a line
//! `ord_…/1`, a refund `ref_…` (`ref_…/1` and so on where it names several lines), an act `act_…`.
//!
//! - `first_seen_at` is the earliest that anything tells of the member: the store's own, the day they
//!   joined, an order, a refund, an act. `province` is the short name (浙江, not 浙江省), learnt from
//!   orders where nobody stated it. A `birthday` without a year, or of the lunar calendar, is missing.
//!   `last_visit_at` is the newest act other than one with a message.
//! - `orders.time` is when the order was placed, `paid` all that was paid, shipping included; `received`
//!   what was paid for goods where nobody tells what the merchant received. `lines.amount` is what was
//!   paid for goods; of an order closed after it was paid all pieces are given back. An order without
//!   lines has one of what was paid for its goods. Goods lie where the product list has
//!   them now, as a path (母婴/奶粉).
//! - A refund counts once it succeeded and is no exchange; it has a row for each line that it names and
//!   one for the rest. Acts have the names that expressions have for them (`browse` is `view`,
//!   `check_in` is `checkin`, `message_clicked` is `msg_click`); `value` is the stars of a review;
//!   channel and campaign are those that the act's data name.
//! - Stage and scores are those of the reports, by [`Derived`].

mod derived;
mod fetch;
mod form;
mod history;
mod read;
pub mod sql;
mod tell;

use std::sync::Arc;

use shuke_kernel::{MerchantNo, Result};
use shuke_store::{Store, Tx, args};

pub use self::derived::{Derived, Measure, Teller, Telling, Told};
pub(crate) use self::derived::{is_asked, lay_over, teach};
use self::fetch::Fetched;
pub use self::tell::tell;
use crate::bucket::MEMBERS;
use crate::registry::Registry;
use crate::slice::{Draft, Lexicon, Slice, lay_out};

/// Members read in one transaction.
const STEP: usize = 1_000;

/// All members of a merchant.
#[derive(Clone, Debug)]
pub struct People {
    /// What the slices are laid out after.
    pub registry: Arc<Registry>,
    /// Members in slices. A slice's members are by id, the slices in no order.
    pub slices: Vec<Arc<Slice>>,
    /// Up to when everything is in, microseconds.
    pub known_at: i64,
    /// The position in the feed up to which everything is in.
    pub position: i64,
}

/// Runs over every slice on as many threads as there are processors; answers in the order of the slices.
pub(crate) fn each<T: Send>(slices: &[Arc<Slice>], of: impl Fn(&Slice) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(slices.len()).max(1);
    let part = slices.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let parts = slices.chunks(part).map(|some| scope.spawn(|| some.iter().map(|s| of(s)).collect::<Vec<_>>()));
        let parts: Vec<_> = parts.collect();
        parts.into_iter().flat_map(|p| p.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// These members (ids as the store keeps them) as one slice, read now; who was merged away or erased is
/// left out. What [`Derived`] tells is missing: a [`crate::Keeper`] adds it.
pub fn persons(store: &Store, merchant: MerchantNo, registry: &Registry, ids: &[Vec<u8>]) -> Result<Slice> {
    read_now(store, merchant, registry, Lexicon::of(registry), ids)
}

/// The same with words known before, each thousand members in a transaction of its own.
pub(crate) fn read_now(store: &Store, merchant: MerchantNo, registry: &Registry, lexicon: Lexicon, ids: &[Vec<u8>]) -> Result<Slice> {
    let (mut lexicon, mut drafts) = (lexicon, Vec::with_capacity(ids.len()));
    for some in ids.chunks(STEP) {
        let some = some.to_vec();
        let fetched = store.read_now(move |tx| Fetched::of(tx, merchant, &some))?;
        drafts.append(&mut read::drafts(fetched, registry, &mut lexicon)?);
    }
    Ok(one_slice(registry, lexicon, drafts))
}

/// The same in a transaction that is under way.
pub fn persons_in(tx: &mut Tx<'_>, merchant: MerchantNo, registry: &Registry, ids: &[Vec<u8>]) -> Result<Slice> {
    let (mut lexicon, mut drafts) = (Lexicon::of(registry), Vec::with_capacity(ids.len()));
    for some in ids.chunks(STEP) {
        drafts.append(&mut read::drafts(Fetched::of(tx, merchant, some)?, registry, &mut lexicon)?);
    }
    Ok(one_slice(registry, lexicon, drafts))
}

fn one_slice(registry: &Registry, lexicon: Lexicon, mut drafts: Vec<Draft>) -> Slice {
    drafts.sort_by(|a, b| a.id.cmp(&b.id));
    drafts.dedup_by(|a, b| a.id == b.id);
    lay_out(registry, &Arc::new(lexicon), 0, drafts)
}

/// Everybody, straight from the store: slices of at most 65,536 members by id, with one lexicon.
pub(crate) fn everybody(store: &Store, merchant: MerchantNo, registry: &Registry, mut lexicon: Lexicon) -> Result<Vec<Slice>> {
    let (mut slices, mut drafts, mut after) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let from: Vec<u8> = after.clone();
        let step = STEP.min(MEMBERS - drafts.len()) as i64;
        let (last, fetched) = store.read_now(move |tx| {
            let ids = tx.rows(sql::AFTER, args![merchant, from.as_slice(), step])?;
            let ids = ids.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<Vec<u8>>>>()?;
            Ok((ids.last().cloned(), Fetched::of(tx, merchant, &ids)?))
        })?;
        drafts.append(&mut read::drafts(fetched, registry, &mut lexicon)?);
        if drafts.len() >= MEMBERS || (last.is_none() && !drafts.is_empty()) {
            let first = (slices.len() * MEMBERS) as u32;
            let words = Arc::new(lexicon);
            let mut slice = lay_out(registry, &words, first, std::mem::take(&mut drafts));
            slice.lexicon = Arc::default();
            lexicon = Arc::unwrap_or_clone(words);
            lexicon.forget_ids(registry);
            slices.push(slice);
        }
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    let lexicon = Arc::new(lexicon);
    for slice in &mut slices {
        slice.lexicon = lexicon.clone();
    }
    Ok(slices)
}
