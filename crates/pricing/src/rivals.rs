//! Which candidates cannot stand together: exclusive groups, limits of coupons, a template's quota.

use crate::table::{Candidate, Limit, Table};

/// What of groups and limits a set takes up.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    /// By group: how many of it are in, and whether one of them stands alone.
    groups: Vec<(usize, usize)>,
    limits: [i64; 3],
    templates: Vec<i64>,
}

impl Taken {
    pub fn nothing(table: &Table<'_>) -> Self {
        Self { groups: vec![(0, 0); table.groups], limits: [0; 3], templates: vec![0; table.templates] }
    }

    pub fn of(table: &Table<'_>, set: &[bool]) -> Self {
        let mut taken = Self::nothing(table);
        table.candidates.iter().zip(set).filter(|(_, s)| **s).for_each(|(c, _)| taken.add(c));
        taken
    }

    pub fn add(&mut self, candidate: &Candidate<'_>) {
        self.change(candidate, true);
    }

    pub fn remove(&mut self, candidate: &Candidate<'_>) {
        self.change(candidate, false);
    }

    fn change(&mut self, candidate: &Candidate<'_>, add: bool) {
        if let Some(group) = candidate.group {
            let (all, alone) = &mut self.groups[group.number];
            *all = if add { *all + 1 } else { *all - 1 };
            if group.alone {
                *alone = if add { *alone + 1 } else { *alone - 1 };
            }
        }
        if let Some(held) = candidate.held {
            let by = if add { 1 } else { -1 };
            self.limits[held.limit as usize] += by;
            self.templates[held.template] += by;
        }
    }

    /// Its group lets it in.
    pub fn group_allows(&self, candidate: &Candidate<'_>) -> bool {
        candidate.group.is_none_or(|g| {
            let (all, alone) = self.groups[g.number];
            all == 0 || !g.alone && alone == 0
        })
    }

    pub fn limit_allows(&self, table: &Table<'_>, candidate: &Candidate<'_>) -> bool {
        candidate.held.is_none_or(|h| self.limits[h.limit as usize] < table.limit(h.limit))
    }

    pub fn quota_allows(&self, candidate: &Candidate<'_>) -> bool {
        candidate.held.is_none_or(|h| self.templates[h.template] < h.left)
    }

    pub fn allows(&self, table: &Table<'_>, candidate: &Candidate<'_>) -> bool {
        self.group_allows(candidate) && self.limit_allows(table, candidate) && self.quota_allows(candidate)
    }

    /// How many more coupons of that sort may come.
    pub fn room(&self, table: &Table<'_>, limit: Limit) -> usize {
        usize::try_from(table.limit(limit) - self.limits[limit as usize]).unwrap_or(0)
    }
}

/// Whether two can never stand together by their groups.
pub(crate) fn exclude_each_other(a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
    match (a.group, b.group) {
        (Some(a), Some(b)) => a.number == b.number && (a.alone || b.alone),
        _ => false,
    }
}
