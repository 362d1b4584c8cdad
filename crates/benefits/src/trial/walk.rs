//! All members in the order of their ids, a wave of them at a time: read by the store's readers, judged by threads of the
//! trial's own.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use shuke_kernel::{Error, Result};
use shuke_members::identity::Birthday;
use shuke_members::{MemberId, profile};
use shuke_programme::ProgrammeId;
use shuke_store::{Store, Tx, args};

use super::model::{Person, Row, Use};
use super::service::{Reads, Ready};
use super::sql;
use crate::GrantId;
use crate::quota::Period;
use crate::who::{Held, Inside};

/// Members of a step.
const STEP: usize = 2_000;
/// Steps of a wave.
const WAVE: usize = 24;

/// Before every member.
pub(super) const FIRST: MemberId = MemberId::from_bytes([0; 16]);

/// A walk over all members.
pub(super) struct Walk<'a> {
    pub(super) store: &'a Store,
    pub(super) ready: &'a Ready,
    /// Whether nobody waits any more.
    pub(super) stop: &'a AtomicBool,
}

/// Who holds which tier.
type Tier = (MemberId, Option<String>);

/// What was read of the members of a step, each part in their order.
struct Found {
    /// By programme: the tiers of those who have an open book.
    tiers: Vec<Vec<Tier>>,
    /// By segment: who is in it.
    inside: Vec<Vec<MemberId>>,
    uses: Vec<(MemberId, Use)>,
    born: HashMap<MemberId, Birthday>,
}

impl Reads {
    fn of(&self, tx: &mut Tx<'_>, first: MemberId, last: MemberId) -> Result<Found> {
        let merchant = self.cx.merchant;
        let mut tiers = Vec::with_capacity(self.programmes.len());
        for (programme, _) in &self.programmes {
            let rows = tx.rows(sql::TIERS, args![merchant, *programme, first, last])?;
            tiers.push(rows.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect::<Result<Vec<Tier>>>()?);
        }
        let mut inside = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let rows = match group.id {
                Some(id) => tx.rows(sql::INSIDE, args![merchant, id, first, last])?,
                None => Vec::new(),
            };
            inside.push(rows.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<MemberId>>>()?);
        }
        let mut uses: Vec<(MemberId, Use)> = Vec::new();
        if let Some(benefit) = self.benefit {
            for mut r in tx.rows(sql::USES, args![merchant, first, last, benefit, self.uses_from])? {
                let (programme, tier): (Option<ProgrammeId>, Option<String>) = (r.get(2)?, r.get(3)?);
                let grant: Option<GrantId> = r.get(4)?;
                let held = programme.zip(tier).map(|(programme, tier)| Held { programme, tier, period: Period::default() });
                uses.push((r.get(0)?, Use { at: r.get(1)?, held, granted: grant.is_some(), booked: r.get(5)? }));
            }
        }
        let mut born = HashMap::new();
        if self.birthdays && !uses.is_empty() {
            let mut users: Vec<MemberId> = uses.iter().map(|(member, _)| *member).collect();
            users.dedup();
            for one in profile::born(tx, &self.cx, &users)? {
                born.extend(one.birthday.map(|birthday| (one.member, birthday)));
            }
        }
        Ok(Found { tiers, inside, uses, born })
    }
}

impl Walk<'_> {
    /// Tells each member after one, in order, until told that it is enough. Whether all were told.
    ///
    /// # Errors
    /// What the store says, or that nobody waits.
    pub(super) fn each(&self, after: MemberId, each: &mut dyn FnMut(Row) -> Result<bool>) -> Result<bool> {
        let mut at = after;
        loop {
            let members = self.members(at)?;
            let Some(last) = members.last().copied() else { return Ok(true) };
            let steps: Vec<&[MemberId]> = members.chunks(STEP).collect();
            for step in self.wave(&steps)? {
                for row in step {
                    if !each(row)? {
                        return Ok(false);
                    }
                }
            }
            at = last;
        }
    }

    /// The members of the next wave.
    fn members(&self, after: MemberId) -> Result<Vec<MemberId>> {
        let merchant = self.ready.reads.cx.merchant;
        let most = i64::try_from(STEP * WAVE).unwrap_or(i64::MAX);
        self.store.read_now(move |tx| {
            tx.rows(sql::LIVING, args![merchant, after, most])?.into_iter().map(|mut row| row.get(0)).collect::<Result<_>>()
        })
    }

    fn wave(&self, steps: &[&[MemberId]]) -> Result<Vec<Vec<Row>>> {
        // Twice the processors: while one waits for the store another judges.
        let threads =
            std::thread::available_parallelism().map_or(2, |n| n.get() * 2).min(self.store.config().readers).clamp(1, steps.len().max(1));
        let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(steps.len())));
        let work = || {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(step) = steps.get(place) else { return };
                let made = self.step(step);
                let failed = made.is_err();
                done.lock().unwrap_or_else(PoisonError::into_inner).push((place, made));
                if failed {
                    return;
                }
            }
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(place, _)| *place);
        let made = done.into_iter().map(|(_, made)| made).collect::<Result<Vec<_>>>()?;
        if made.len() == steps.len() { Ok(made) } else { Err(Error::fault("a step of a trial was not made")) }
    }

    fn step(&self, members: &[MemberId]) -> Result<Vec<Row>> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::fault("nobody waits for this trial any more"));
        }
        let (Some(first), Some(last)) = (members.first().copied(), members.last().copied()) else { return Ok(Vec::new()) };
        let reads: Arc<Reads> = self.ready.reads.clone();
        let found = self.store.read_now(move |tx| reads.of(tx, first, last))?;
        Ok(self.judged(members, found))
    }

    /// What becomes of members of whom this was read.
    fn judged(&self, members: &[MemberId], found: Found) -> Vec<Row> {
        let reads = &self.ready.reads;
        let mut tiers: Vec<_> = found.tiers.into_iter().map(|of| of.into_iter().peekable()).collect();
        let mut inside: Vec<_> = found.inside.into_iter().map(|of| of.into_iter().peekable()).collect();
        let mut uses = found.uses.into_iter().peekable();
        let mut rows = Vec::with_capacity(members.len());
        for member in members.iter().copied() {
            let mut held = Vec::with_capacity(tiers.len());
            for (of, (programme, lowest)) in tiers.iter_mut().zip(&reads.programmes) {
                // Of who is no member any more there may be a book.
                while of.next_if(|(next, _)| *next < member).is_some() {}
                let tier = of.next_if(|(next, _)| *next == member).map_or_else(|| lowest.clone(), |(_, tier)| tier);
                held.extend(tier.map(|tier| Held { programme: *programme, tier, period: Period::default() }));
            }
            let mut is_in = Vec::with_capacity(inside.len());
            for (of, group) in inside.iter_mut().zip(&reads.groups) {
                while of.next_if(|next| *next < member).is_some() {}
                let listed = of.next_if(|next| *next == member).is_some();
                is_in.push(if listed || group.besides.contains(&member) { Inside::Yes } else { Inside::No });
            }
            while uses.next_if(|(of, _)| *of < member).is_some() {}
            let own = std::iter::from_fn(|| uses.next_if(|(of, _)| *of == member)).map(|(_, used)| used).collect();
            let person = Person { member, held, inside: is_in, birthday: found.born.get(&member).copied(), uses: own };
            rows.push(self.ready.compared.of(&person));
        }
        rows
    }
}
