//! Members as questions see them, from the store's rows: all of them in slices, or some as one.
//!
//! What a slice tells of a member is what the store tells, read by one reader whether for everybody or
//! for one. Merged away and erased members are in none. Ids are the API's: `mem_…`, `ord_…`, a line
//! `ord_…/1`, a refund `ref_…` (`ref_…/1` and so on where it names several lines), an act `act_…`.
//!
//! - `first_seen_at` is the earliest that anything tells of the member: the store's own, the day they
//!   joined, an order, a refund, an act. `province` and `city` are short names (浙江, 杭州; not 浙江省, 杭州市), learnt from
//!   orders where nobody stated it. A `birthday` without a year, or of the lunar calendar, is missing.
//!   `last_visit_at` is the newest login, visit of the member page, check-in, click or order; where no
//!   source reports visits it is the last order.
//! - `orders.time` is when the order was placed, `paid` all that was paid, shipping included; `received`
//!   what was paid for goods where nobody tells what the merchant received; money of which nobody tells
//!   (`paid`, `amount` …) is missing, not nought; `discount` is the sum of those listed. `lines.amount` is what was
//!   paid for goods; of an order closed after it was paid all pieces are given back. `orders.kept` says
//!   whether the order counts as a purchase in RFM and stage (paid, not closed, not wholly given back),
//!   `lines.kept` whether besides something of the line is left; `net` is what was paid for goods
//!   less what was given back. An order without
//!   lines has one of what was paid for its goods. Goods lie where the product list has
//!   them now, as a path (母婴/奶粉). `orders.weather` and `orders.temperature` (the day's highest, °C) are what
//!   imported files told of the day on which the order was placed, where it went, else where the member lives;
//!   missing where they told nothing.
//! - A refund counts once it succeeded and is no exchange; money without goods (price protection and
//!   compensation, too) is `amount_only`; it has a row for each line that it names and
//!   one for the rest. Acts have the names that expressions have for them (`browse` is `view`,
//!   `check_in` is `checkin`, `message_clicked` is `msg_click`); `value` is the stars of a review;
//!   channel and campaign are those that the act's data name.
//! - Stage and scores are those of the reports, by [`Derived`].

mod derived;
mod fetch;
pub(crate) mod files;
mod form;
mod history;
mod moved;
mod read;
mod rows;
pub mod sql;
pub(crate) mod standing;
mod tell;
mod verify;
mod weather;
mod writer;

use std::sync::Arc;

use shuke_kernel::{MerchantNo, Result};
use shuke_store::{Apart, Store, Tx};

pub use self::derived::{Derived, Measure, Teller, Telling, Told};
pub(crate) use self::derived::{is_asked, lay_over, teach};
use self::fetch::Fetched;
pub(crate) use self::fetch::path;
pub(crate) use self::moved::{Place, holders, tagged};
pub(crate) use self::read::OLD_WORDS;
pub use self::tell::tell;
pub(crate) use self::verify::against_store;
pub(crate) use self::weather::{bought_in, is_known};
pub(crate) use self::writer::Writer;
use crate::budget::Share;
pub(crate) use crate::parts::each;
use crate::patient::by_halves;
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

/// These members (ids as the store keeps them) as one slice, read now; who was merged away or erased is
/// left out. What [`Derived`] tells is missing: a [`crate::Keeper`] adds it.
pub fn persons(store: &Store, merchant: MerchantNo, registry: &Registry, ids: &[Vec<u8>]) -> Result<Slice> {
    read_now(store, merchant, registry, Lexicon::of(registry), ids)
}

/// The same with words known before, each thousand members in a transaction of its own.
pub(crate) fn read_now(store: &Store, merchant: MerchantNo, registry: &Registry, lexicon: Lexicon, ids: &[Vec<u8>]) -> Result<Slice> {
    let (mut lexicon, mut drafts) = (lexicon, Vec::with_capacity(ids.len()));
    let store = Apart::shared(store);
    for some in ids.chunks(STEP) {
        drafts.append(&mut drafts_of((&store, merchant), registry, &mut lexicon, &mut some.to_vec(), None, Share::ALL)?.1);
    }
    Ok(one_slice(registry, lexicon, drafts))
}

/// Drafts of the first of these members, as many as may be read at a time, and how many those are. They are read in one
/// transaction where that does not take too long; under the weather that was read before, where it was.
fn drafts_of(
    (store, merchant): (&Apart, MerchantNo),
    registry: &Registry,
    lexicon: &mut Lexicon,
    ids: &mut [Vec<u8>],
    sky: Option<&Option<Arc<weather::Sky>>>,
    share: Share,
) -> Result<(usize, Vec<Draft>)> {
    let mut count = ids.len();
    loop {
        let (mut drafts, mut fits) = (Vec::with_capacity(count), true);
        let share = if count == 1 { Share::ALL } else { share };
        by_halves(&mut ids[..count], &mut |some| {
            let (some, sky) = (some.to_vec(), sky.cloned());
            let fetched = store.read_now(move |tx| match &sky {
                Some(sky) => Fetched::under(tx, merchant, &some, sky.clone(), share),
                None => Fetched::of(tx, merchant, &some, share),
            })?;
            match fetched.filter(|_| fits) {
                Some(fetched) => drafts.append(&mut read::drafts(fetched, registry, lexicon)?),
                None => fits = false,
            }
            Ok(())
        })?;
        if fits {
            return Ok((count, drafts));
        }
        count /= 2;
    }
}

/// The same in a transaction that is under way.
pub fn persons_in(tx: &mut Tx<'_>, merchant: MerchantNo, registry: &Registry, ids: &[Vec<u8>]) -> Result<Slice> {
    let (mut lexicon, mut drafts) = (Lexicon::of(registry), Vec::with_capacity(ids.len()));
    for some in ids.chunks(STEP) {
        let fetched = Fetched::of(tx, merchant, some, Share::ALL)?.unwrap_or_default();
        drafts.append(&mut read::drafts(fetched, registry, &mut lexicon)?);
    }
    Ok(one_slice(registry, lexicon, drafts))
}

fn one_slice(registry: &Registry, lexicon: Lexicon, mut drafts: Vec<Draft>) -> Slice {
    drafts.sort_by(|a, b| a.id.cmp(&b.id));
    drafts.dedup_by(|a, b| a.id == b.id);
    lay_out(registry, &Arc::new(lexicon), 0, drafts)
}
