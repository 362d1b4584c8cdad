//! Bars of a slice while its members go by.

use super::attribute::Attribute;
use super::measure::{Counts, add};
use super::who::by_stratum;

/// A bar, and which member was last met in it.
#[derive(Clone, Copy, Default)]
pub(super) struct Met {
    pub(super) last: u32,
    pub(super) counts: Counts,
}

/// Bars while members go by: a member counts once in a bar however often it is met there.
pub(super) struct Bars {
    pub(super) bars: [Vec<Met>; Attribute::ALL.len()],
    pub(super) known: [Met; Attribute::ALL.len()],
    /// Orders that say nothing of an attribute.
    pub(super) blank: [Counts; Attribute::ALL.len()],
    /// The number of the member at hand, from 1 on, and where it belongs.
    pub(super) member: u32,
    pub(super) stratum: usize,
}

impl Bars {
    pub(super) fn new() -> Self {
        Self {
            bars: std::array::from_fn(|_| Vec::new()),
            known: [Met::default(); Attribute::ALL.len()],
            blank: [Counts::default(); Attribute::ALL.len()],
            member: 0,
            stratum: 0,
        }
    }

    pub(super) fn next(&mut self, stratum: usize) {
        (self.member, self.stratum) = (self.member + 1, stratum);
    }

    /// The attribute is known of the member.
    pub(super) fn know(&mut self, of: Attribute) {
        let known = &mut self.known[of as usize];
        if known.last != self.member {
            known.last = self.member;
            known.counts[self.stratum] += 1;
        }
    }

    /// An order of the member says nothing of the attribute.
    #[inline]
    pub(super) fn blank(&mut self, of: Attribute) {
        self.blank[of as usize][self.stratum] += 1;
    }

    /// So many members, by their marks, are in the bar of a code, and in no other of the attribute.
    pub(super) fn count(&mut self, of: Attribute, code: u32, marked: &[u64; 4]) {
        self.count_known(of, code, marked);
        add(&mut self.known[of as usize].counts, by_stratum(marked));
    }

    /// The same of an attribute that is known of all.
    pub(super) fn count_known(&mut self, of: Attribute, code: u32, marked: &[u64; 4]) {
        let counts = by_stratum(marked);
        if counts == [0; 3] {
            return;
        }
        let (bars, at) = (&mut self.bars[of as usize], code as usize);
        if bars.len() <= at {
            bars.resize(at + 1, Met::default());
        }
        // Met, by whomever.
        bars[at].last = u32::MAX;
        add(&mut bars[at].counts, counts);
    }

    /// The member is in the bars of these bits.
    #[inline]
    pub(super) fn meet_all(&mut self, of: Attribute, mut bits: u32) {
        while bits != 0 {
            self.meet(of, bits.trailing_zeros());
            bits &= bits - 1;
        }
    }

    /// The member is in the bar of a code.
    #[inline]
    pub(super) fn meet(&mut self, of: Attribute, code: u32) {
        self.meets(of, code);
    }

    /// The same; whether that is new of the member.
    #[inline]
    pub(super) fn meets(&mut self, of: Attribute, code: u32) -> bool {
        let (bars, at) = (&mut self.bars[of as usize], code as usize);
        if bars.len() <= at {
            bars.resize(at + 1, Met::default());
        }
        let bar = &mut bars[at];
        let is_new = bar.last != self.member;
        if is_new {
            bar.last = self.member;
            bar.counts[self.stratum] += 1;
            self.know(of);
        }
        is_new
    }
}
