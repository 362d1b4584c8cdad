//! Members as questions see them, as fresh as the columns.

use std::sync::Arc;

use shuke_kernel::Result;

use super::{Keeper, MOMENTS, locked};
use crate::people::{self, People};
use crate::slice::Slice;

/// What was read of everybody, and when.
pub(super) struct Held {
    position: i64,
    tip: Option<String>,
    people: Arc<People>,
}

impl Keeper {
    /// All members for somebody who asks: with everything that the feed tells, or, of a large shop, as
    /// it was a minute ago at most.
    pub fn people(&self) -> Result<Arc<People>> {
        let mut held = locked(&self.people);
        let (position, now) = (self.head()?, self.store.clock().now().micros());
        let tip = self.tip(position)?;
        if let Some(held) = held.as_mut() {
            let members: usize = held.people.slices.iter().map(|s| s.len()).sum();
            let young = now - held.people.known_at < MOMENTS && members as i64 >= super::LARGE && held.position <= position;
            if (held.position == position && held.tip == tip) || young {
                return Ok(held.people.clone());
            }
        }
        let slices = people::everybody(&self.store, self.merchant, &self.registry)?.into_iter().map(Arc::new).collect();
        let people = Arc::new(People { registry: self.registry.clone(), slices, known_at: now });
        *held = Some(Held { position, tip, people: people.clone() });
        Ok(people)
    }

    /// These members (ids as the store keeps them) as one slice, read from the store now.
    pub fn persons(&self, ids: &[Vec<u8>]) -> Result<Slice> {
        people::persons(&self.store, self.merchant, &self.registry, ids)
    }
}
