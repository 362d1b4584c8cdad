//! Members as questions see them, as fresh as the columns.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shuke_kernel::Result;
use shuke_store::{Apart, args};

use super::cap::file;
use super::{Keeper, MOMENTS, locked};
use crate::budget::Budget;
use crate::people::{self, Derived, Measure, People, Place, Writer};
use crate::registry::Registry;
use crate::shelf::{Loaded, LoadedPeople, PeopleFiles};
use crate::slice::{Lexicon, Slice};
use crate::source::Source;
use crate::{Columns, draft};

/// What was read of everybody, and when.
#[derive(Default)]
pub(super) struct Held {
    loaded: Option<Arc<LoadedPeople>>,
    measured: Option<Measured>,
    /// Of which slices and by which measure, and what came of it.
    over: Option<Over>,
}

type Over = (Arc<LoadedPeople>, Arc<dyn Measure>, Vec<Arc<Slice>>);

/// What members are judged by, and which columns it was reckoned over.
struct Measured {
    by: Arc<dyn Measure>,
    sequence: u64,
    words: String,
    at: i64,
}

impl Held {
    /// Bytes that the words of the slices take, and what is known of their files.
    pub fn bytes(&self, registry: &Registry) -> usize {
        self.loaded.as_ref().map_or(0, |l| l.lexicon.bytes(registry).0 + l.slices.iter().map(|s| file(s.len())).sum::<usize>())
    }
}

impl Keeper {
    /// All members for somebody who asks, as [`Keeper::near`] has them. Facts that [`Derived`] tells are
    /// missing.
    pub fn people(&self) -> Result<Arc<People>> {
        let (loaded, people) = self.slices()?;
        Ok(self.as_people(&loaded, people.slices.clone()))
    }

    /// The same with the facts that [`Derived`] tells, where `asks` says of any of them that it is asked
    /// for.
    pub fn people_for(&self, asks: &dyn Fn(&str) -> bool) -> Result<Arc<People>> {
        let Some(derived) = self.derived.as_ref().filter(|d| people::is_asked(&***d, asks)) else { return self.people() };
        let (loaded, over, _) = self.judged(derived)?;
        Ok(self.as_people(&loaded, over))
    }

    /// The slices with the facts that `derived` tells, and until when those hold.
    pub(super) fn judged(&self, derived: &Arc<dyn Derived>) -> Result<(Arc<Loaded>, Vec<Arc<Slice>>, i64)> {
        let (loaded, people) = self.slices()?;
        let mut held = locked(&self.people);
        let measure = self.measure(&mut held, derived, &loaded)?;
        if let Some((of, by, over)) = &held.over
            && Arc::ptr_eq(of, &people)
            && Arc::ptr_eq(by, &measure)
        {
            return Ok((loaded, over.clone(), measure.until()));
        }
        let tell = measure.over(&loaded.columns)?;
        let lay = |slice: &Arc<Slice>| people::lay_over(&**derived, &self.registry, slice, &loaded.columns, &tell);
        let over: Vec<Arc<Slice>> = people::each(&people.slices, lay).into_iter().map(Arc::new).collect();
        drop(tell);
        held.over = Some((people, measure.clone(), over.clone()));
        Ok((loaded, over, measure.until()))
    }

    fn as_people(&self, loaded: &Loaded, slices: Vec<Arc<Slice>>) -> Arc<People> {
        Arc::new(People { registry: self.registry.clone(), slices, known_at: loaded.known_at(), position: loaded.manifest.position })
    }

    /// The slices, and the columns that they are of.
    fn slices(&self) -> Result<(Arc<Loaded>, Arc<LoadedPeople>)> {
        let loaded = self.near()?;
        match self.slices_of(&loaded.manifest.people) {
            Ok(people) => Ok((loaded, people)),
            // What cannot be read, or was swept away by who wrote meanwhile, is looked for anew, then made anew.
            Err(_) => match self.near().and_then(|loaded| Ok((self.slices_of(&loaded.manifest.people)?, loaded))) {
                Ok((people, loaded)) => Ok((loaded, people)),
                Err(_) => {
                    let loaded = self.rebuild()?;
                    Ok((loaded.clone(), self.slices_of(&loaded.manifest.people)?))
                }
            },
        }
    }

    pub(super) fn slices_of(&self, files: &PeopleFiles) -> Result<Arc<LoadedPeople>> {
        let mut held = locked(&self.people);
        if let Some(loaded) = held.loaded.as_ref().filter(|l| l.files == *files) {
            return Ok(loaded.clone());
        }
        let loaded = Arc::new(self.shelf.load_people(files, &self.registry, held.loaded.as_deref())?);
        held.loaded = Some(loaded.clone());
        Ok(loaded)
    }

    /// Members whose slices have goods elsewhere than the product list does now, or tags by a name that
    /// they had.
    pub(super) fn holders(&self, present: &Loaded, skus: &[String], tags: &BTreeSet<String>) -> Result<BTreeSet<Vec<u8>>> {
        if skus.is_empty() && tags.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut goods = BTreeMap::new();
        for some in skus.chunks(2_000) {
            let (merchant, asked) = (self.merchant, some.to_vec());
            let found = self.store.read_now(move |tx| tx.rows(people::sql::CATEGORIES, args![merchant, asked.clone()]))?;
            let mut now: BTreeMap<String, String> = BTreeMap::new();
            for mut row in found {
                let (sku, category): (String, String) = (row.get(0)?, row.get(1)?);
                now.entry(sku).or_insert_with(|| people::path(&category));
            }
            for sku in some {
                let code = present.columns.words.of(crate::Kind::Sku).find(sku);
                let before = code.is_some_and(|code| present.columns.goods.category(code).is_some());
                goods.insert(sku.clone(), Place { now: now.remove(sku), before });
            }
        }
        let people = self.slices_of(&present.manifest.people)?;
        let mut found = people::tagged(&people.slices, tags);
        found.extend(people::holders(&self.registry, &people.slices, &goods));
        Ok(found)
    }

    /// Members of whose orders some may have other weather than their slices tell: placed on these days.
    pub(super) fn under_weather(&self, present: &Loaded, days: (i64, i64)) -> Result<BTreeSet<Vec<u8>>> {
        let merchant = self.merchant;
        let Some((orders, _)) = self.registry.find_table("orders") else { return Ok(BTreeSet::new()) };
        // What is taken back is told by the undone import.
        if !self.store.read_now(move |tx| people::is_known(tx, merchant))? {
            return Ok(BTreeSet::new());
        }
        let people = self.slices_of(&present.manifest.people)?;
        Ok(people::bought_in(orders, &people.slices, days))
    }

    /// What slices say otherwise than the store does.
    pub(super) fn verify_people(&self, fresh: &Loaded) -> Result<Vec<String>> {
        let people = self.slices_of(&fresh.manifest.people)?;
        people::against_store(&self.store, self.merchant, &self.registry, &people.slices)
    }

    /// The files of slices after these members (by id ascending) changed; newer slices of these numbers
    /// are joined with them.
    pub(super) fn renew(
        &self,
        apart: &Apart,
        budget: Budget,
        mut files: PeopleFiles,
        joined: &[String],
        sequence: u64,
        ids: &[Vec<u8>],
    ) -> Result<PeopleFiles> {
        if ids.is_empty() {
            return Ok(files);
        }
        let held = locked(&self.people).loaded.clone().filter(|l| l.files.lexicon == files.lexicon);
        let lexicon = match held {
            Some(loaded) => (*loaded.lexicon).clone(),
            None => self.shelf.read_lexicon(&files.lexicon, &self.registry)?,
        };
        let known: Vec<usize> = (0..self.registry.vocabularies().len()).map(|v| lexicon.words(v).len()).collect();
        files.deltas.retain(|d| super::changes::number(&d.file).is_none_or(|n| joined.iter().all(|j| j != n)));
        let name = format!("t-{sequence:012}");
        let mut writer = Writer::new((apart, self.merchant), &self.registry, &self.shelf, lexicon, name, budget);
        writer.first = files.base.iter().chain(&files.deltas).map(|f| f.first + f.members).max().unwrap_or(0);
        writer.these(ids, &|| self.go_on())?;
        let (more, lexicon) = writer.end()?;
        files.deltas.extend(more);
        files.lexicon = self.shelf.write_lexicon(&files.lexicon, &known, &self.registry, &lexicon)?;
        Ok(files)
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
        self.with_derived(self.persons(ids)?, ids, asks)
    }

    /// A slice of [`Keeper::persons`] with those facts, where they are asked for.
    pub fn with_derived(&self, slice: Slice, ids: &[Vec<u8>], asks: &dyn Fn(&str) -> bool) -> Result<Slice> {
        let Some(derived) = self.derived.as_ref().filter(|d| people::is_asked(&***d, asks)) else { return Ok(slice) };
        let loaded = self.near()?;
        let measure = self.measure(&mut locked(&self.people), derived, &loaded)?;
        let mut words = (*loaded.columns.words).clone();
        let mut goods = (*loaded.columns.goods).clone();
        let apart = Apart::shared(&self.store);
        let source = Source { store: &apart, merchant: self.merchant };
        let known = words.of(crate::Kind::Sku).len();
        let members = source.members(ids, &mut words)?;
        let new: Vec<String> = words.of(crate::Kind::Sku).since(known).map(str::to_owned).collect();
        source.categories(&new, &mut words, &mut goods)?;
        let bucket = Arc::new(draft::bucket(0, false, members)?);
        let columns = Columns { words: Arc::new(words), buckets: vec![bucket], goods: Arc::new(goods), ..Columns::default() };
        let tell = measure.over(&columns)?;
        Ok(people::lay_over(&**derived, &self.registry, &slice, &columns, &tell))
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
