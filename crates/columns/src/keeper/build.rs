//! Columns built in full, from every member of the store.

use std::sync::Arc;

use shuke_kernel::{Error, Result};
use shuke_store::Apart;

use super::Keeper;
use super::pending::Pending;
use crate::budget::Budget;
use crate::goods::Goods;
use crate::people::{self, Writer};
use crate::shelf::{self, BucketFile, FORMAT, GoodsFile, Loaded, Manifest, PeopleFiles, WordsFile};
use crate::slice::Lexicon;
use crate::source::{self, Source};
use crate::words::{KINDS, Words};

impl Keeper {
    pub(super) fn build_now(&self) -> Result<Arc<Loaded>> {
        self.build().inspect_err(|e| self.remember_refusal(e))
    }

    fn build(&self) -> Result<Arc<Loaded>> {
        // What changes while the members are read is taken in by the next look at the feed.
        let position = self.settled_head()?;
        let sequence = self.next_sequence()?;
        let apart = Apart::keeping(&self.store, self.budget.pages())?;
        let (words, goods, base) = self.build_buckets(&apart, sequence)?;
        let people = self.build_people(&apart, sequence)?;
        drop(apart);
        let now = self.store.clock().now().micros();
        self.shelf.commit(&Manifest {
            format: FORMAT,
            sequence,
            position,
            tip: self.tip(position)?.unwrap_or_default(),
            written_at: now,
            built_at: now,
            words,
            goods,
            registry: shelf::registry(),
            people,
            base,
            deltas: Vec::new(),
        })?;
        self.present()?.ok_or_else(|| Error::fault("columns: what was built is not there"))
    }

    /// Buckets of everybody and of nobody, with their words and goods.
    fn build_buckets(&self, apart: &Apart, sequence: u64) -> Result<(WordsFile, Option<GoodsFile>, Vec<BucketFile>)> {
        let source = Source { store: apart, merchant: self.merchant };
        let budget = self.budget.beside(self.standing());
        let mut words = Words::default();
        let mut base = Vec::new();
        let file = |n: usize| format!("b-{sequence:012}-{n:06}.arrow");
        let (mut after, mut ordinal, mut pending) = (Vec::new(), 0, Pending::new());
        loop {
            self.go_on()?;
            let share = budget.share(words.bytes())?;
            let mut page = source.members_after(&after, pending.room(share) as i64, &mut words)?;
            let ended = page.is_empty();
            source.fill(&mut page, share, &mut words)?;
            if let Some(last) = page.last() {
                after = last.key.clone();
            }
            pending.add(page);
            if pending.is_full(budget.share(words.bytes())?) || (ended && !pending.is_empty()) {
                let members = pending.take();
                let count = members.len() as u32;
                base.push(self.shelf.write_bucket(file(base.len()), ordinal, false, members)?);
                ordinal += count;
            }
            if ended {
                break;
            }
        }
        self.build_heaps(&source, budget, &mut words, &mut base, &file)?;
        let mut goods = Goods::default();
        source.put_goods(0, &mut words, &mut goods)?;
        let goods = self.shelf.write_goods(format!("goods-{sequence:012}"), &goods)?;
        let before = WordsFile { file: format!("words-{sequence:012}"), ..WordsFile::default() };
        let words = self.shelf.write_words(&before, [0; KINDS.len()], &words)?;
        Ok((words, goods, base))
    }

    /// Slices of everybody.
    fn build_people(&self, apart: &Apart, sequence: u64) -> Result<PeopleFiles> {
        let mut lexicon = Lexicon::of(&self.registry);
        people::teach(self.derived.as_ref(), &self.registry, &mut lexicon);
        let (name, budget) = (format!("s-{sequence:012}"), self.budget.beside(self.standing()));
        let mut writer = Writer::new((apart, self.merchant), &self.registry, &self.shelf, lexicon, name, budget);
        writer.everybody(&|| self.go_on())?;
        let (base, lexicon) = writer.end()?;
        let before = WordsFile { file: format!("lexicon-{sequence:012}"), ..WordsFile::default() };
        let known = vec![0; self.registry.vocabularies().len()];
        let lexicon = self.shelf.write_lexicon(&before, &known, &self.registry, &lexicon)?;
        Ok(PeopleFiles { lexicon, base, deltas: Vec::new() })
    }

    fn build_heaps(
        &self,
        source: &Source<'_>,
        budget: Budget,
        words: &mut Words,
        base: &mut Vec<BucketFile>,
        file: &dyn Fn(usize) -> String,
    ) -> Result<()> {
        let mut heaps = Pending::new();
        let mut write = |heaps: &mut Pending| -> Result<()> {
            base.push(self.shelf.write_bucket(file(base.len()), 0, true, heaps.take())?);
            Ok(())
        };
        let mut next = source.next_heap(i64::MIN / source::HOUR)?;
        while let Some(hour) = next {
            self.go_on()?;
            heaps.add(vec![source.heap(hour, words)?]);
            if heaps.is_full(budget.share(words.bytes())?) {
                write(&mut heaps)?;
            }
            next = source.next_heap(hour + 1)?;
        }
        let loose = source.loose_heap(words)?;
        if !loose.loose.is_empty() {
            heaps.add(vec![loose]);
        }
        if heaps.is_empty() { Ok(()) } else { write(&mut heaps) }
    }
}
