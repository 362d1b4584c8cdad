//! What a list of orders shows, and what of an order tells whether it is of those.

use shuke_kernel::{Instant, Result};
use shuke_members::MemberId;
use shuke_store::Row;

use super::OrderRow;
use crate::order::OrderId;
use crate::order::observation::State;

/// What a list of orders shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In that state.
    pub state: Option<State>,
    /// Of that shop.
    pub shop: Option<String>,
    /// On that platform.
    pub platform: Option<String>,
    /// With a member, or without.
    pub identified: Option<bool>,
    /// Placed then or later.
    pub from: Option<Instant>,
    /// Placed before.
    pub to: Option<Instant>,
    /// Of that member.
    pub member: Option<MemberId>,
    /// With that number; where none that fits the rest has it, with a number that begins so.
    pub number: Option<String>,
}

impl Filter {
    /// Whether what it asks for may lie far behind others: no index leads there.
    pub fn is_sparse(&self) -> bool {
        let narrow = self.state.is_some() || self.shop.is_some() || self.platform.is_some() || self.identified == Some(true);
        narrow && self.member.is_none() && self.number.is_none()
    }

    /// The place before which its orders lie that come after another.
    pub(in crate::order) fn end(&self, after: Option<(Instant, [u8; 16])>) -> (Instant, [u8; 16]) {
        let end = self.to.map_or((Instant(i64::MAX), [0xff; 16]), |to| (to, [0; 16]));
        after.map_or(end, |after| after.min(end))
    }

    /// Whether an order is of those it asks for, whatever its number.
    pub(in crate::order) fn fits(&self, g: &Glance) -> bool {
        self.state.is_none_or(|s| s.word() == g.state)
            && self.shop.as_deref().is_none_or(|s| g.shop.as_deref() == Some(s))
            && self.platform.as_deref().is_none_or(|p| p == g.platform)
            && self.identified.is_none_or(|i| i == g.member.is_some())
            && self.from.is_none_or(|t| g.placed_at >= t)
            && self.to.is_none_or(|t| g.placed_at < t)
            && self.member.is_none_or(|m| g.member == Some(m))
    }
}

/// What of an order tells whether it fits a filter.
#[derive(Debug)]
pub(in crate::order) struct Glance {
    /// Its id.
    pub id: OrderId,
    /// When it was placed.
    pub placed_at: Instant,
    /// State's word.
    pub state: String,
    /// Shop.
    pub shop: Option<String>,
    /// Platform.
    pub platform: String,
    /// Whose.
    pub member: Option<MemberId>,
}

impl Glance {
    /// A row of `id, placed_at, state, shop, platform, member`.
    pub(in crate::order) fn of(mut r: Row) -> Result<Self> {
        Ok(Self { id: r.get(0)?, placed_at: r.get(1)?, state: r.get(2)?, shop: r.get(3)?, platform: r.get(4)?, member: r.get(5)? })
    }

    /// Where it lies among all.
    pub(in crate::order) fn place(&self) -> (Instant, [u8; 16]) {
        (self.placed_at, *self.id.bytes())
    }
}

impl From<&OrderRow> for Glance {
    fn from(o: &OrderRow) -> Self {
        let (state, shop, platform) = (o.state.clone(), o.shop.clone(), o.platform.clone());
        Self { id: o.id, placed_at: o.placed_at, state, shop, platform, member: o.member }
    }
}
