//! Members read from the store and written as slice files, some at a time: so many bytes are held in
//! memory and no more.

use std::collections::HashSet;

use shuke_kernel::{MerchantNo, Result};
use shuke_store::{Apart, args};
use std::sync::Arc;

use super::weather::Sky;
use super::{STEP, drafts_of, read, sql};
use crate::bucket::MEMBERS;
use crate::budget::{Budget, Share};
use crate::keeper::pending::Step;
use crate::registry::Registry;
use crate::shelf::{BucketFile, Shelf};
use crate::slice::{Draft, Lexicon, lay_out};

/// Writes members by id ascending.
pub(crate) struct Writer<'a> {
    pub store: &'a Apart,
    pub merchant: MerchantNo,
    pub registry: &'a Registry,
    pub shelf: &'a Shelf,
    /// The words, known ones and those that come.
    pub lexicon: Lexicon,
    /// What the files' names begin with.
    pub name: String,
    /// The ordinal of the first member.
    pub first: u32,
    drafts: Vec<Draft>,
    bytes: usize,
    budget: Budget,
    step: Step,
    files: Vec<BucketFile>,
    /// All weather, where so many members are read that it was read once for all of them.
    sky: Option<Option<Arc<Sky>>>,
}

impl<'a> Writer<'a> {
    /// Into files of that name; what is held before it is written stays within the budget.
    pub fn new(
        (store, merchant): (&'a Apart, MerchantNo),
        registry: &'a Registry,
        shelf: &'a Shelf,
        lexicon: Lexicon,
        name: String,
        budget: Budget,
    ) -> Self {
        let (drafts, files, step) = (Vec::new(), Vec::new(), Step::new());
        Self { store, merchant, registry, shelf, lexicon, name, first: 0, drafts, bytes: 0, budget, step, files, sky: None }
    }

    /// What drafts may take beside the words, and what they and the ids of their rows take.
    fn share(&self) -> Result<(Share, usize)> {
        let (words, ids) = self.lexicon.bytes(self.registry);
        let sky = self.sky.iter().flatten().map(|sky| sky.bytes()).sum::<usize>();
        Ok((self.budget.share(words + sky)?, self.bytes + ids))
    }

    fn next(&self) -> Result<usize> {
        Ok(self.step.members(self.share()?.0).min(STEP).min(MEMBERS - self.drafts.len()))
    }

    /// Everybody of the store. `stop` is asked between steps.
    pub fn everybody(&mut self, stop: &dyn Fn() -> Result<()>) -> Result<()> {
        let (merchant, mut after): (_, Vec<u8>) = (self.merchant, Vec::new());
        self.look_up()?;
        loop {
            stop()?;
            let from = after.clone();
            let step = self.next()? as i64;
            let mut ids = self.store.read_now(move |tx| {
                let ids = tx.rows(sql::AFTER, args![merchant, from.as_slice(), step])?;
                ids.into_iter().map(|mut r| r.get(0)).collect::<Result<Vec<Vec<u8>>>>()
            })?;
            if ids.is_empty() {
                return Ok(());
            }
            let (count, drafts) = self.read(&mut ids)?;
            after = ids.swap_remove(count - 1);
            self.take(drafts)?;
        }
    }

    /// These members, by id ascending; of those who are gone, that they are.
    pub fn these(&mut self, ids: &[Vec<u8>], stop: &dyn Fn() -> Result<()>) -> Result<()> {
        let mut at = 0;
        if ids.len() > STEP {
            self.look_up()?;
        }
        while at < ids.len() {
            stop()?;
            let mut some = ids[at..ids.len().min(at + self.next()?)].to_vec();
            let (count, mut drafts) = self.read(&mut some)?;
            some.truncate(count);
            at += count;
            let there: HashSet<Box<str>> = drafts.iter().map(|d| d.id.clone()).collect();
            let gone = some.iter().filter_map(|id| read::member_name(id)).filter(|id| !there.contains(id.as_str()));
            drafts.extend(gone.map(|id| Draft::new(self.registry, &id)));
            self.take(drafts)?;
        }
        Ok(())
    }

    fn read(&mut self, ids: &mut [Vec<u8>]) -> Result<(usize, Vec<Draft>)> {
        let share = self.share()?.0;
        drafts_of((self.store, self.merchant), self.registry, &mut self.lexicon, ids, self.sky.as_ref(), share)
    }

    /// Reads the weather, for everybody who comes.
    fn look_up(&mut self) -> Result<()> {
        let merchant = self.merchant;
        self.sky = Some(self.store.read_now(move |tx| Sky::whole(tx, merchant))?);
        Ok(())
    }

    fn take(&mut self, mut drafts: Vec<Draft>) -> Result<()> {
        drafts.sort_by(|a, b| a.id.cmp(&b.id));
        let bytes = drafts.iter().map(Draft::bytes).sum::<usize>();
        self.bytes += bytes;
        let count = drafts.len();
        self.drafts.append(&mut drafts);
        let (share, taken) = self.share()?;
        // Ids of rows go with the drafts.
        self.step.learn(count, bytes + bytes.saturating_mul(taken - self.bytes) / self.bytes.max(1));
        if self.drafts.len() >= MEMBERS || taken + share.step > share.drafts { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let drafts = std::mem::take(&mut self.drafts);
        if drafts.is_empty() {
            return Ok(());
        }
        let words = Arc::new(std::mem::take(&mut self.lexicon));
        let mut slice = lay_out(self.registry, &words, self.first, drafts);
        slice.lexicon = Arc::default();
        self.lexicon = Arc::unwrap_or_clone(words);
        self.lexicon.forget_ids(self.registry);
        self.files.push(self.shelf.write_slice(format!("{}-{:06}.arrow", self.name, self.files.len()), self.registry, &slice)?);
        self.first += slice.len() as u32;
        self.bytes = 0;
        Ok(())
    }

    /// The files, and the words with those that came.
    pub fn end(mut self) -> Result<(Vec<BucketFile>, Lexicon)> {
        self.flush()?;
        Ok((self.files, self.lexicon))
    }
}
