//! Ways to come by members: each gives them newest first, a stretch at a time, from an index that is
//! in that order, so that a page costs what it shows and not what there is.

use std::collections::BTreeSet;

use shuke_kernel::{Ctx, Result};
use shuke_store::{Row, Tx, args};

use super::{sql, words};
use crate::MemberId;
use crate::identity::fold::Token;
use crate::identity::rows;
use crate::tag::TagId;

/// One way.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Everybody living.
    Everybody,
    /// Those whose names have all of these pieces; the rarest first is the quickest.
    Names(Vec<Token>),
    /// Those who hold one of these keys.
    Keys(Vec<Token>),
    /// Those with a tag.
    Tag(TagId),
    /// Those with keys of a platform.
    Platform(String),
    /// Those with, or without, a phone.
    Phone(bool),
    /// Those of a gender.
    Gender(String),
    /// Those of a province, by its short name.
    Province(String),
    /// These, ascending.
    These(Vec<MemberId>),
}

/// A stretch of a source.
pub(super) struct Stretch {
    /// Members, newest first, each once.
    pub ids: Vec<MemberId>,
    /// All of the source's from here on are in `ids`; `None` where the source is at its end.
    pub upto: Option<MemberId>,
    /// Rows that were looked at.
    pub looked: usize,
}

fn read(found: Vec<Row>) -> Result<Vec<MemberId>> {
    found.into_iter().map(|mut r| r.get(0)).collect()
}

/// The next of a province in all its spellings, each read from the index in its order.
fn of_province(tx: &mut Tx<'_>, cx: &Ctx, short: &str, before: MemberId, limit: usize) -> Result<Stretch> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let (mut ids, mut lowest) = (Vec::new(), [(0_usize, before); words::SUFFIXES.len()]);
    for mut row in tx.rows(sql::BY_PROVINCE, args![cx.merchant, short, before, most])? {
        let (id, spelling): (MemberId, i64) = (row.get(0)?, row.get(1)?);
        if let Some((count, least)) = usize::try_from(spelling).ok().and_then(|nth| lowest.get_mut(nth)) {
            (*count, *least) = (*count + 1, id.min(*least));
        }
        ids.push(id);
    }
    let looked = ids.len();
    // Below where a full stretch ends, more of that spelling may lie.
    let upto = lowest.iter().filter(|(count, _)| *count == limit).map(|(_, least)| *least).max();
    ids.retain(|id| upto.is_none_or(|u| *id >= u));
    ids.sort_unstable_by(|a, b| b.cmp(a));
    Ok(Stretch { ids, upto, looked })
}

impl Source {
    /// The next of the source's members, those before `before`, from about `limit` rows.
    pub(super) fn next(&self, tx: &mut Tx<'_>, cx: &Ctx, before: MemberId, limit: usize) -> Result<Stretch> {
        let m = cx.merchant;
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = match self {
            Self::Everybody => tx.rows(sql::EVERYBODY, args![m, before, most])?,
            Self::Names(tokens) => match tokens.first() {
                Some(first) => tx.rows(sql::BY_NAME, args![m, *first, before, most])?,
                None => Vec::new(),
            },
            Self::Keys(tokens) => match tokens.as_slice() {
                [one] => tx.rows(sql::BY_KEY, args![m, *one, before, most])?,
                some => tx.rows(sql::BY_KEYS, &[m.into(), rows::blobs(some.iter().copied()), before.into(), most.into()])?,
            },
            Self::Tag(tag) => tx.rows(sql::BY_TAG, args![m, *tag, before, most])?,
            Self::Platform(p) => tx.rows(sql::BY_PLATFORM, args![m, p, before, most])?,
            Self::Phone(has) => tx.rows(sql::BY_PHONE, args![m, *has, before, most])?,
            Self::Gender(g) => tx.rows(sql::BY_GENDER, args![m, g, before, most])?,
            Self::Province(p) => return of_province(tx, cx, p, before, limit),
            Self::These(ids) => {
                let end = ids.partition_point(|id| *id < before);
                let ids: Vec<MemberId> = ids[end.saturating_sub(limit)..end].iter().rev().copied().collect();
                return Ok(Stretch { upto: ids.last().copied().filter(|_| end > limit), looked: ids.len(), ids });
            }
        };
        let looked = found.len();
        let mut ids = read(found)?;
        let upto = ids.last().copied().filter(|_| looked == limit);
        ids.dedup();
        if let Self::Names(tokens) = self {
            for token in tokens.iter().skip(1) {
                if !ids.is_empty() {
                    let have: BTreeSet<MemberId> =
                        read(tx.rows(sql::AMONG_NAME, &[m.into(), (*token).into(), rows::members(ids.iter().copied())])?)?
                            .into_iter()
                            .collect();
                    ids.retain(|id| have.contains(id));
                }
            }
        }
        Ok(Stretch { ids, upto, looked })
    }

    /// Which of some members the source has.
    pub(super) fn among(&self, tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<BTreeSet<MemberId>> {
        let m = cx.merchant;
        let mut left: BTreeSet<MemberId> = ids.iter().copied().collect();
        match self {
            Self::Names(tokens) => {
                for token in tokens {
                    let found = tx.rows(sql::AMONG_NAME, &[m.into(), (*token).into(), rows::members(left)])?;
                    left = read(found)?.into_iter().collect();
                }
            }
            Self::Keys(tokens) => {
                let found = tx.rows(sql::AMONG_KEYS, &[m.into(), rows::blobs(tokens.iter().copied()), rows::members(left)])?;
                left = read(found)?.into_iter().collect();
            }
            Self::Tag(tag) => {
                left = read(tx.rows(sql::AMONG_TAG, &[m.into(), (*tag).into(), rows::members(left)])?)?.into_iter().collect();
            }
            Self::These(these) => left.retain(|id| these.binary_search(id).is_ok()),
            // What else narrows a list is asked of all its candidates in one statement.
            Self::Everybody | Self::Platform(_) | Self::Phone(_) | Self::Gender(_) | Self::Province(_) => {}
        }
        Ok(left)
    }

    /// All of the source's members, ascending, if they are no more than `most`.
    pub(super) fn all(&self, tx: &mut Tx<'_>, cx: &Ctx, most: usize) -> Result<Option<Vec<MemberId>>> {
        let stretch = self.next(tx, cx, MemberId::from_bytes([255; 16]), most + 1)?;
        if stretch.upto.is_some() {
            return Ok(None);
        }
        let mut ids = stretch.ids;
        ids.reverse();
        Ok(Some(ids))
    }
}

/// Several sources as one, newest first, nobody twice.
pub(super) struct Union {
    streams: Vec<Stream>,
}

struct Stream {
    source: Source,
    exact: bool,
    ids: Vec<MemberId>,
    /// Told up to here; `None` at the end.
    upto: Option<MemberId>,
}

impl Union {
    /// Of sources, each with whether its members answer for sure or are yet to be looked at, from
    /// `before` on.
    pub(super) fn of(sources: impl IntoIterator<Item = (Source, bool)>, before: MemberId) -> Self {
        let stream = |(source, exact)| Stream { source, exact, ids: Vec::new(), upto: Some(before) };
        Self { streams: sources.into_iter().map(stream).collect() }
    }

    /// The next members with whether they answer for sure, where the union goes on, and how many
    /// rows were looked at.
    #[expect(clippy::type_complexity, reason = "told where it is read, three lines above")]
    pub(super) fn next(&mut self, tx: &mut Tx<'_>, cx: &Ctx, limit: usize) -> Result<(Vec<(MemberId, bool)>, Option<MemberId>, usize)> {
        let mut looked = 0;
        for stream in self.streams.iter_mut().filter(|s| s.ids.is_empty()) {
            if let Some(before) = stream.upto {
                let stretch = stream.source.next(tx, cx, before, limit)?;
                looked += stretch.looked;
                stream.upto = stretch.upto;
                stream.ids = stretch.ids;
                stream.ids.reverse();
            }
        }
        // What lies below the stream that told least is not yet known of all.
        let horizon = self.streams.iter().filter_map(|s| s.upto).max();
        let mut out: std::collections::BTreeMap<MemberId, bool> = std::collections::BTreeMap::new();
        for stream in &mut self.streams {
            while let Some(id) = stream.ids.pop_if(|id| horizon.is_none_or(|h| *id >= h)) {
                *out.entry(id).or_default() |= stream.exact;
            }
        }
        Ok((out.into_iter().rev().collect(), horizon, looked))
    }
}

#[cfg(test)]
mod tests {
    use super::{sql, words};

    #[test]
    fn a_province_is_asked_for_in_each_of_its_spellings() {
        for (nth, suffix) in words::SUFFIXES.iter().enumerate() {
            let name = if suffix.is_empty() { "$2 ".to_owned() } else { format!("$2 || '{suffix}' ") };
            assert!(
                sql::BY_PROVINCE.contains(&format!(
                    "SELECT id, {nth} AS spelling FROM (SELECT id FROM member WHERE merchant = $1 AND province = {name}"
                )),
                "{suffix}"
            );
        }
    }
}
