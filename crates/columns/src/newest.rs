//! The newest orders that few share, found among all: of one shop or platform, in one state.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::bucket::Bucket;
use crate::draft::State;
use crate::source::order_id;
use crate::words::Kind;
use crate::{Columns, Ints};

/// When an order was placed, and its id.
pub type Place = (i64, [u8; 16]);

/// Which orders.
#[derive(Clone, Default, Debug)]
pub struct Wanted {
    /// Of that shop.
    pub shop: Option<String>,
    /// On that platform.
    pub platform: Option<String>,
    /// In that state. An order that is no purchase for another reason than being closed is found in every
    /// open state: columns do not tell them apart.
    pub state: Option<State>,
    /// With a member, or without.
    pub identified: Option<bool>,
    /// Placed then or later, microseconds.
    pub from: Option<i64>,
}

/// The places of the newest orders before a place, newest first, so many at most.
pub fn newest(columns: &Columns, wanted: &Wanted, before: Place, most: usize) -> Vec<Place> {
    let code = |kind: Kind, word: &Option<String>| match word {
        None => Some(None),
        Some(word) => columns.words.of(kind).find(word).map(|code| Some(i64::from(code))),
    };
    // A word that occurs nowhere finds nothing.
    let (Some(shop), Some(platform)) = (code(Kind::Shop, &wanted.shop), code(Kind::Platform, &wanted.platform)) else { return Vec::new() };
    let each = |found: &mut Newest, bucket: &Bucket| {
        let orders = &bucket.orders;
        let none = |column: &Ints, code: Option<i64>| code.is_some_and(|c| c < column.floor() || c > column.ceiling());
        if wanted.identified.is_some_and(|i| i == bucket.nobody) || none(&orders.shop, shop) || none(&orders.platform, platform) {
            return;
        }
        let is = |column: &Ints, code: Option<i64>, row| code.is_none_or(|c| column.get(row) == Some(c));
        let state = |row| {
            let here = orders.state.value(row);
            wanted.state.is_none_or(|s| here == s as i64 || here == State::Created as i64 && s != State::Closed)
        };
        for member in bucket.members() {
            for row in orders.of.of(member) {
                if is(&orders.shop, shop, row) && is(&orders.platform, platform, row) && state(row) {
                    let Some(at) = orders.created_at.get(row).filter(|at| *at <= before.0) else { continue };
                    if wanted.from.is_none_or(|from| at >= from) {
                        found.add(at, orders.key.get(row), before);
                    }
                }
            }
        }
    };
    let make = || Newest { most, heap: BinaryHeap::new() };
    let found = columns.fold(make, each, |a, b| b.heap.into_iter().for_each(|Reverse(place)| a.keep(place)));
    found.heap.into_sorted_vec().into_iter().map(|Reverse(place)| place).collect()
}

/// The newest that were met; the oldest of them lies on top.
struct Newest {
    most: usize,
    heap: BinaryHeap<Reverse<Place>>,
}

impl Newest {
    #[inline]
    fn add(&mut self, at: i64, key: &[u8], before: Place) {
        if self.heap.len() >= self.most && self.heap.peek().is_some_and(|Reverse(oldest)| at < oldest.0) {
            return;
        }
        let id = order_id(key).try_into().ok();
        if let Some(place) = id.map(|id| (at, id)).filter(|place| *place < before) {
            self.keep(place);
        }
    }

    fn keep(&mut self, place: Place) {
        self.heap.push(Reverse(place));
        if self.heap.len() > self.most {
            self.heap.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::draft::{self, Member, Order};
    use crate::words::Words;

    const SHOPS: [&str; 3] = ["a", "b", "c"];
    const STATES: [State; 3] = [State::Created, State::Paid, State::Closed];

    proptest! {
        #[test]
        fn the_newest_of_all_are_found(
            orders in prop::collection::vec((0_usize..3, 0_usize..3, 0_i64..9, any::<bool>()), 0..40),
            shop in prop::option::of(0_usize..4), state in prop::option::of(0_usize..3), identified in prop::option::of(any::<bool>()),
            before in 0_i64..10, from in prop::option::of(0_i64..9), most in 1_usize..6,
        ) {
            let mut words = Words::default();
            let mut members = [false, true].map(|nobody| (nobody, vec![Member { key: vec![0], ..Member::default() }, Member { key: vec![1], ..Member::default() }]));
            let mut all = Vec::new();
            for (i, (shop, state, at, nobody)) in orders.into_iter().enumerate() {
                let id = [i as u8; 16];
                let order = Order { key: [b"no", &id[..]].concat(), created_at: Some(at), state: STATES[state], shop: words.code(Kind::Shop, Some(SHOPS[shop])), ..Order::default() };
                members[usize::from(nobody)].1[i % 2].orders.push(order);
                all.push((at, id, shop, STATES[state], nobody));
            }
            let buckets = members.map(|(nobody, some)| Arc::new(draft::bucket(0, nobody, some).unwrap()));
            let columns = Columns { words: Arc::new(words), buckets: buckets.to_vec(), ..Columns::default() };
            let word = shop.map(|s| SHOPS.get(s).map_or("nowhere", |s| *s).to_owned());
            let wanted = Wanted { shop: word, platform: None, state: state.map(|s| STATES[s]), identified, from };
            let fits = |(at, id, of, here, nobody): &(i64, [u8; 16], usize, State, bool)| {
                (*at, *id) < (before, [20; 16])
                    && shop.is_none_or(|s| s == *of)
                    && wanted.state.is_none_or(|s| s == *here || *here == State::Created && s != State::Closed)
                    && identified.is_none_or(|i| i != *nobody)
                    && from.is_none_or(|f| *at >= f)
            };
            let mut want: Vec<Place> = all.iter().filter(|o| fits(o)).map(|o| (o.0, o.1)).collect();
            want.sort_by(|a, b| b.cmp(a));
            want.truncate(most);
            prop_assert_eq!(newest(&columns, &wanted, (before, [20; 16]), most), want);
        }
    }
}
