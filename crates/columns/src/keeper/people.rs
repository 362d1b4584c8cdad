//! Members as questions see them, as fresh as the columns.

use std::sync::Arc;

use shuke_kernel::Result;

use super::{Keeper, MOMENTS, locked};
use crate::people::{self, Derived, Measure, People};
use crate::shelf::Loaded;
use crate::slice::{Lexicon, Slice};
use crate::source::Source;
use crate::{Columns, draft};

/// What was read of everybody, and when.
#[derive(Default)]
pub(super) struct Held {
    read: Option<(i64, Option<String>, Arc<People>)>,
    measured: Option<Measured>,
    /// Of which people and by which measure, and what came of it.
    over: Option<(Arc<People>, Arc<dyn Measure>, Arc<People>)>,
}

/// What members are judged by, and which columns it was reckoned over.
struct Measured {
    by: Arc<dyn Measure>,
    sequence: u64,
    words: String,
    at: i64,
}

impl Keeper {
    /// All members for somebody who asks: with everything that the feed tells, or, of a large shop, as
    /// it was a minute ago at most. Facts that [`Derived`] tells are missing.
    pub fn people(&self) -> Result<Arc<People>> {
        self.everybody(&mut locked(&self.people))
    }

    /// The same with the facts that [`Derived`] tells, where `asks` says of any of them that it is asked
    /// for.
    pub fn people_for(&self, asks: &dyn Fn(&str) -> bool) -> Result<Arc<People>> {
        let Some(derived) = self.derived.as_ref().filter(|d| people::is_asked(&***d, asks)) else { return self.people() };
        let loaded = self.near()?;
        let mut held = locked(&self.people);
        let people = self.everybody(&mut held)?;
        let measure = self.measure(&mut held, derived, &loaded)?;
        if let Some((of, by, over)) = &held.over
            && Arc::ptr_eq(of, &people)
            && Arc::ptr_eq(by, &measure)
        {
            return Ok(over.clone());
        }
        let tell = measure.over(&loaded.columns)?;
        let lay = |slice: &Slice| people::lay_over(&**derived, &self.registry, slice, &loaded.columns, &tell);
        let slices = people::each(&people.slices, lay).into_iter().map(Arc::new).collect();
        let over = Arc::new(People { slices, ..(*people).clone() });
        held.over = Some((people, measure.clone(), over.clone()));
        Ok(over)
    }

    /// These members (ids as the store keeps them) as one slice, read from the store now. Facts that
    /// [`Derived`] tells are missing.
    pub fn persons(&self, ids: &[Vec<u8>]) -> Result<Slice> {
        let mut lexicon = Lexicon::of(&self.registry);
        people::teach(self.derived.as_ref(), &self.registry, &mut lexicon);
        people::read_now(&self.store, self.merchant, &self.registry, lexicon, ids)
    }

    /// The same with those facts, where they are asked for: the members' own rows as they are now, judged
    /// by what everybody is judged by.
    pub fn persons_for(&self, ids: &[Vec<u8>], asks: &dyn Fn(&str) -> bool) -> Result<Slice> {
        let slice = self.persons(ids)?;
        let Some(derived) = self.derived.as_ref().filter(|d| people::is_asked(&***d, asks)) else { return Ok(slice) };
        let loaded = self.near()?;
        let measure = self.measure(&mut locked(&self.people), derived, &loaded)?;
        let mut words = (*loaded.columns.words).clone();
        let mut goods = (*loaded.columns.goods).clone();
        let source = Source { store: &self.store, merchant: self.merchant };
        let known = words.of(crate::Kind::Sku).len();
        let members = source.members(ids, &mut words)?;
        let new: Vec<String> = words.of(crate::Kind::Sku).since(known).map(str::to_owned).collect();
        source.categories(&new, &mut words, &mut goods)?;
        let bucket = Arc::new(draft::bucket(0, false, members)?);
        let columns = Columns { words: Arc::new(words), buckets: vec![bucket], goods: Arc::new(goods) };
        let tell = measure.over(&columns)?;
        Ok(people::lay_over(&**derived, &self.registry, &slice, &columns, &tell))
    }

    fn everybody(&self, held: &mut Held) -> Result<Arc<People>> {
        let (position, now) = (self.head()?, self.store.clock().now().micros());
        let tip = self.tip(position)?;
        if let Some((at, of, people)) = &held.read {
            let members: usize = people.slices.iter().map(|s| s.len()).sum();
            let young = now - people.known_at < MOMENTS && members as i64 >= super::LARGE && *at <= position;
            if (*at == position && *of == tip) || young {
                return Ok(people.clone());
            }
        }
        let mut lexicon = Lexicon::of(&self.registry);
        people::teach(self.derived.as_ref(), &self.registry, &mut lexicon);
        let slices = people::everybody(&self.store, self.merchant, &self.registry, lexicon)?.into_iter().map(Arc::new).collect();
        let people = Arc::new(People { registry: self.registry.clone(), slices, known_at: now, position });
        held.read = Some((position, tip, people.clone()));
        Ok(people)
    }

    /// What members are judged by: reckoned anew when the columns changed (of a large shop after a minute)
    /// and when a day has passed.
    fn measure(&self, held: &mut Held, derived: &Arc<dyn Derived>, loaded: &Loaded) -> Result<Arc<dyn Measure>> {
        let (manifest, now) = (&loaded.manifest, self.store.clock().now().micros());
        if let Some(m) = &held.measured {
            let young = manifest.is_large() && m.words == manifest.words.file && now - m.at < MOMENTS;
            if now < m.by.until() && (m.sequence == manifest.sequence || young) {
                return Ok(m.by.clone());
            }
        }
        let by = derived.measure(&self.store, self.merchant, &loaded.columns, now)?;
        held.measured = Some(Measured { by: by.clone(), sequence: manifest.sequence, words: manifest.words.file.clone(), at: now });
        Ok(by)
    }
}
