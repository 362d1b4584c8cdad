//! Taking in what rows of a sheet say.

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Ctx, Error, Instant, Refusal, Result};
use shuke_store::{Tx, Value, args};

use super::who::{self, Sought};
use super::{Current, Source, families, look, sql};
use crate::MemberId;
use crate::identity::rows;
use crate::tag::{NAME_TAKEN, TagId, give, model, service};

/// What a row of a sheet says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// Who says it.
    pub source: String,
    /// Of whom.
    pub whom: Vec<Sought>,
    /// Which tags, by name.
    pub tags: Vec<String>,
    /// In which category, where the sheet names one.
    pub category: Option<String>,
    /// How sure or how strong, in millionths.
    pub score: Option<i64>,
    /// Until when it holds.
    pub valid_until: Option<Instant>,
}

/// What became of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Took {
    /// It is taken in.
    Taken,
    /// Nobody has such a key.
    Nobody,
    /// The keys are of several members.
    Several,
    /// Its tags cannot be made.
    Refused(Box<Refusal>),
}

/// Whose rows are taken in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Of {
    /// The import's number.
    pub import: i64,
    /// Number and end of the import whose rows these correct: they hold as long as it does.
    pub corrects: Option<(i64, Instant)>,
    /// The legal entity of the import's shop, where it is not the merchant's first: only its customers are meant.
    pub entity: Option<String>,
}

/// Takes in rows of an import. One answer each; and how many members have other tags since.
pub fn take(tx: &mut Tx<'_>, cx: &Ctx, of: &Of, said: &[Said]) -> Result<(Vec<Took>, i64)> {
    let whom: Vec<&[Sought]> = said.iter().map(|s| s.whom.as_slice()).collect();
    let whom = who::whose(tx, cx, of.entity.as_deref(), &whom)?;
    let import = of.import;
    let mut waiting: BTreeMap<Source, BTreeSet<MemberId>> = BTreeMap::new();
    let mut vocabulary = Vocabulary::default();
    let mut spoken: BTreeMap<Source, BTreeSet<MemberId>> = BTreeMap::new();
    let mut lines: BTreeMap<(String, MemberId, TagId), Vec<Value>> = BTreeMap::new();
    let mut tags: BTreeSet<(String, TagId)> = BTreeSet::new();
    let mut out = Vec::with_capacity(said.len());
    for (row, found) in said.iter().zip(whom) {
        let member = match (found.len(), found.first()) {
            (0, _) => {
                out.push(Took::Nobody);
                continue;
            }
            (1, Some(member)) => *member,
            _ => {
                waiting.entry(Source::of(&row.source)).or_default().extend(&found);
                out.push(Took::Several);
                continue;
            }
        };
        let named = match vocabulary.all(tx, cx, row) {
            Ok(named) => named,
            Err(Error::Refused(refusal)) => {
                waiting.entry(Source::of(&row.source)).or_default().insert(member);
                out.push(Took::Refused(refusal));
                continue;
            }
            Err(fault) => return Err(fault),
        };
        let source = Source::of(&row.source);
        let ended = row.valid_until.is_some_and(|until| until <= cx.now);
        for tag in named {
            tags.insert((source.key.clone(), tag));
            lines.insert(
                (source.key.clone(), member, tag),
                vec![
                    cx.merchant.into(),
                    source.key.as_str().into(),
                    import.into(),
                    member.into(),
                    tag.into(),
                    row.score.into(),
                    row.valid_until.into(),
                    cx.now.into(),
                    i64::from(ended).into(),
                ],
            );
        }
        spoken.entry(source).or_default().insert(member);
        out.push(Took::Taken);
    }
    for source in spoken.keys() {
        if let Some((corrected, ended)) = of.corrects
            && Current::of(tx, cx, &source.key)?.import == 0
        {
            tx.exec(sql::ADD_ENDED, args![cx.merchant, &source.key, corrected, &source.name, ended])?;
        }
        let begun = of.corrects.map_or(cx.now, |(_, ended)| ended);
        tx.exec(sql::ADD_SOURCE, args![cx.merchant, &source.key, import, &source.name, begun])?;
    }
    tx.insert_many(&sql::SAY, lines.into_values().collect())?;
    let tags = tags.into_iter().map(|(source, tag)| vec![cx.merchant.into(), source.into(), import.into(), tag.into()]);
    tx.insert_many(&sql::SAY_TAGS, tags.collect())?;
    let mut changed = BTreeSet::new();
    for (source, members) in &spoken {
        let members: Vec<MemberId> = members.iter().copied().collect();
        changed.extend(look(tx, cx, source, &members)?.into_iter().filter(|o| o.changed()).map(|o| o.member));
    }
    carry(tx, cx, of, &waiting)?;
    Ok((out, changed.len() as i64))
}

/// Rows of an import that were refused: of whom they speak, what held goes on to hold.
pub fn keep(tx: &mut Tx<'_>, cx: &Ctx, of: &Of, refused: &[Said]) -> Result<()> {
    let whom: Vec<&[Sought]> = refused.iter().map(|s| s.whom.as_slice()).collect();
    let mut waiting: BTreeMap<Source, BTreeSet<MemberId>> = BTreeMap::new();
    for (row, found) in refused.iter().zip(who::whose(tx, cx, of.entity.as_deref(), &whom)?) {
        waiting.entry(Source::of(&row.source)).or_default().extend(found);
    }
    carry(tx, cx, of, &waiting)
}

/// Nobody loses a tag because their row waits for a repair.
fn carry(tx: &mut Tx<'_>, cx: &Ctx, of: &Of, waiting: &BTreeMap<Source, BTreeSet<MemberId>>) -> Result<()> {
    for (source, members) in waiting {
        let holds = Current::of(tx, cx, &source.key)?;
        // What corrects another replaces nothing; what holds already keeps what it says.
        if members.is_empty() || holds.import == 0 || holds.import == of.import || of.corrects.is_some() {
            continue;
        }
        let members: Vec<MemberId> = members.iter().copied().collect();
        let ids = rows::members(families(tx, cx, &members)?.into_keys());
        let which = [cx.merchant.into(), source.key.as_str().into(), holds.import.into(), of.import.into(), ids];
        if tx.exec(sql::CARRY, &which)? > 0 {
            tx.exec(sql::ADD_SOURCE, args![cx.merchant, &source.key, of.import, &source.name, cx.now])?;
            tx.exec(sql::CARRY_TAGS, &which)?;
        }
    }
    Ok(())
}

/// Tags by what rows call them, made where there are none.
#[derive(Default)]
struct Vocabulary(BTreeMap<(Option<String>, String, String), TagId>);

impl Vocabulary {
    fn all(&mut self, tx: &mut Tx<'_>, cx: &Ctx, row: &Said) -> Result<BTreeSet<TagId>> {
        row.tags.iter().map(|name| self.one(tx, cx, row, name)).collect()
    }

    fn one(&mut self, tx: &mut Tx<'_>, cx: &Ctx, row: &Said, name: &str) -> Result<TagId> {
        let called = (row.category.as_deref().map(model::key), model::key(&row.source), model::key(name));
        if let Some(known) = self.0.get(&called) {
            return Ok(*known);
        }
        let id = find_or_make(tx, cx, row, name)?;
        self.0.insert(called, id);
        Ok(id)
    }
}

/// The tag of that name: in the row's category, or wherever there is one alone; else it is made, in the
/// row's category or in one that is called as the source.
fn find_or_make(tx: &mut Tx<'_>, cx: &Ctx, row: &Said, name: &str) -> Result<TagId> {
    let named = service::named(tx, cx, name)?;
    // Held, so that nothing is said of a tag that is being dropped.
    give::hold(tx, cx, &named.iter().copied().collect())?;
    let tags = service::by_ids(tx, cx, &named)?;
    if row.category.is_none()
        && let [only] = tags.as_slice()
    {
        return Ok(only.id);
    }
    let category = row.category.as_deref().unwrap_or(&row.source);
    let key = model::key(category);
    let of = |tags: &[crate::tag::Tag]| tags.iter().find(|t| t.category.as_ref().is_some_and(|c| model::key(&c.1) == key)).map(|t| t.id);
    if let Some(found) = of(&tags) {
        return Ok(found);
    }
    let known = service::categories(tx, cx)?.into_iter().find(|c| model::key(&c.name) == key);
    let category = match known {
        Some(category) => category.id,
        None => match service::add_category(tx, cx, category) {
            Ok(made) => made.id,
            Err(e) if is_taken(&e) => {
                let now = service::categories(tx, cx)?.into_iter().find(|c| model::key(&c.name) == key);
                now.ok_or(e)?.id
            }
            Err(e) => return Err(e),
        },
    };
    match service::add(tx, cx, name, Some(category), None) {
        Ok(made) => Ok(made.id),
        // Another made it in this very moment.
        Err(e) if is_taken(&e) => {
            let named = service::named(tx, cx, name)?;
            of(&service::by_ids(tx, cx, &named)?).ok_or(e)
        }
        Err(e) => Err(e),
    }
}

fn is_taken(e: &Error) -> bool {
    e.refusal().is_some_and(|r| r.code.code == NAME_TAKEN.code)
}
