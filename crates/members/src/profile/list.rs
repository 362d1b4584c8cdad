//! Finding members: by any identifier exactly, by the last four digits of a phone, by name (their
//! own or a receiver's) or its initials, by the name of a tag; and pages of all of them, narrowed by filters.
//!
//! A page is read newest first from whichever index says most: the smallest filter where one is
//! small, else what the query names, else the most telling filter. It ends when it is full or when
//! it has looked at as many candidates as [`Limits`] allows: then it holds what it found and says
//! where to go on, so that a rare match behind many others is found by paging and never dropped.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Tx, args};

use super::several::{Also, divided};
use super::source::{Source, Union};
use super::{card, index, sql};
use crate::MemberId;
use crate::identity::model::fold_width;
use crate::identity::{self, KeyClaim, KeyKind, keys, rows, service};
use crate::tag::{self, TagId};

/// How much a page looks at. What it finds does not depend on it, only in how many pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Candidates that one page looks at before it says where to go on.
    pub budget: usize,
    /// A filter with no more members than this is read whole.
    pub small: usize,
    /// Rows that one look takes at most.
    pub stretch: usize,
    /// Holders of phones that end alike, read at once.
    pub alike: i64,
}

const LIMITS: Limits = Limits { budget: 5_000, small: 1_000, stretch: 1_000, alike: 5_000 };

/// Which members to list. What is empty narrows nothing.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Filter {
    /// A phone, its last four digits, an e-mail, an id, an account name, a card, a name, a tag's name; or several of
    /// these with spaces between, all of which members then answer.
    pub query: String,
    /// Members with keys of that platform.
    pub platform: String,
    /// Members with, or without, a phone.
    pub has_phone: Option<bool>,
    /// A gender's word.
    pub gender: String,
    /// A province.
    pub province: String,
    /// Members who have all of these.
    pub tags: Vec<TagId>,
}

/// What a look found.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Found {
    /// Members, newest first.
    pub ids: Vec<MemberId>,
    /// Go on with those before this one; `None` where there are no more.
    pub next: Option<MemberId>,
}

impl Filter {
    /// Whether it narrows nothing.
    pub fn everybody(&self) -> bool {
        self.query.trim().is_empty() && self.sources().is_empty()
    }

    /// The filters' sources, the most telling first.
    fn sources(&self) -> Vec<Source> {
        let mut out: Vec<Source> = self.tags.iter().map(|t| Source::Tag(*t)).collect();
        let words = [
            (&self.province, Source::Province as fn(String) -> Source),
            (&self.platform, Source::Platform),
            (&self.gender, Source::Gender),
        ];
        out.extend(words.into_iter().filter(|(w, _)| !w.is_empty()).map(|(w, of)| of(w.clone())));
        out.extend(self.has_phone.map(Source::Phone));
        out
    }

    /// Which of some members fit.
    pub(super) fn fitting(&self, tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<BTreeSet<MemberId>> {
        let tags: BTreeSet<[u8; 16]> = self.tags.iter().map(|t| *t.bytes()).collect();
        let args = [
            cx.merchant.into(),
            rows::members(ids.iter().copied()),
            (&self.platform).into(),
            self.has_phone.map_or(-1, i64::from).into(),
            (&self.gender).into(),
            (&self.province).into(),
            (tags.len() as i64).into(),
            rows::blobs(tags),
        ];
        tx.rows(sql::FITTING, &args)?.into_iter().map(|mut r| r.get(0)).collect()
    }
}

/// Members that a filter names, newest first, those before `before`: `limit` at most, fewer where
/// many had to be looked at.
pub fn page(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, before: Option<MemberId>, limit: usize) -> Result<Found> {
    page_within(tx, cx, LIMITS, filter, before, limit)
}

/// See [`page`].
pub(crate) fn page_within(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    limits: Limits,
    filter: &Filter,
    before: Option<MemberId>,
    limit: usize,
) -> Result<Found> {
    let query = fold_width(&filter.query);
    let (mut query, mut also) = (query.as_str(), Vec::new());
    if query.contains(' ') && !names_somebody(tx, cx, limits, filter, query)? {
        let (leading, others) = divided(query);
        query = leading;
        also = others.into_iter().map(|w| Also::of(tx, cx, limits, w)).collect::<Result<_>>()?;
    }
    page_of(tx, cx, limits, filter, Asked { query, also: &also }, before, limit)
}

/// What is looked for besides the filters.
#[derive(Clone, Copy)]
struct Asked<'a> {
    /// One word, or several that together name somebody.
    query: &'a str,
    /// Further words.
    also: &'a [Also],
}

/// Whether the words as one name somebody. Looked for from the top, so that every page has the same answer.
fn names_somebody(tx: &mut Tx<'_>, cx: &Ctx, limits: Limits, filter: &Filter, query: &str) -> Result<bool> {
    let mut before = None;
    loop {
        let found = page_of(tx, cx, limits, filter, Asked { query, also: &[] }, before, 1)?;
        if !found.ids.is_empty() || found.next.is_none() {
            return Ok(!found.ids.is_empty());
        }
        before = found.next;
    }
}

fn page_of(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    limits: Limits,
    filter: &Filter,
    words: Asked<'_>,
    before: Option<MemberId>,
    limit: usize,
) -> Result<Found> {
    let before = before.unwrap_or(MemberId::from_bytes([255; 16]));
    let asked = if words.query.is_empty() { None } else { Some(sources_of(tx, cx, limits, words.query, before)?) };
    if asked.as_ref().is_some_and(Vec::is_empty) || words.also.iter().any(Also::is_vain) {
        return Ok(Found::default());
    }
    let filters = filter.sources();
    let mut narrow = !filters.is_empty();
    let mut driver: Vec<(Source, bool)> = match (&asked, filters.first()) {
        (Some(asked), _) => asked.clone(),
        (None, Some(first)) => vec![(first.clone(), true)],
        (None, None) => vec![(Source::Everybody, true)],
    };
    if filters.len() + usize::from(asked.is_some()) > 1 {
        if let Some(few) = smallest(tx, cx, &filters, limits.small)? {
            driver = within(tx, cx, few, asked)?;
        }
    } else if asked.is_none() {
        // The one filter is the source.
        narrow = false;
    }
    walk(tx, cx, Walk { filter, words, narrow, limit, limits }, Union::of(driver, before))
}

/// The members of the smallest filter, if one is small.
fn smallest(tx: &mut Tx<'_>, cx: &Ctx, filters: &[Source], small: usize) -> Result<Option<Vec<MemberId>>> {
    let mut best: Option<Vec<MemberId>> = None;
    for filter in filters {
        let most = best.as_ref().map_or(small, Vec::len);
        if let Some(all) = filter.all(tx, cx, most)? {
            best = Some(all);
        }
    }
    Ok(best)
}

/// Of few members those who answer the query.
fn within(tx: &mut Tx<'_>, cx: &Ctx, few: Vec<MemberId>, asked: Option<Vec<(Source, bool)>>) -> Result<Vec<(Source, bool)>> {
    let Some(asked) = asked else { return Ok(vec![(Source::These(few), true)]) };
    let mut out = Vec::new();
    for (source, exact) in asked {
        let among = source.among(tx, cx, &few)?;
        out.push((Source::These(among.into_iter().collect()), exact));
    }
    Ok(out)
}

/// What a walk looks for.
struct Walk<'a> {
    filter: &'a Filter,
    words: Asked<'a>,
    narrow: bool,
    limit: usize,
    limits: Limits,
}

fn walk(tx: &mut Tx<'_>, cx: &Ctx, walk: Walk<'_>, mut from: Union) -> Result<Found> {
    let mut found = Vec::new();
    let mut looked = 0;
    let most = walk.limits.stretch;
    let mut stretch = walk.limit.saturating_add(1).min(most);
    loop {
        let (candidates, upto, rows) = from.next(tx, cx, stretch)?;
        looked += rows;
        let mut fit: Vec<MemberId> = candidates.iter().map(|(id, _)| *id).collect();
        if walk.narrow && !fit.is_empty() {
            let fitting = walk.filter.fitting(tx, cx, &fit)?;
            fit.retain(|id| fitting.contains(id));
        }
        for also in walk.words.also {
            if !fit.is_empty() {
                let answering = also.answering(tx, cx, &fit)?;
                fit.retain(|id| answering.contains(id));
            }
        }
        let doubtful = candidates.iter().filter(|(id, sure)| !sure && fit.contains(id)).map(|(id, _)| *id).collect();
        let wrong = mistaken(tx, cx, doubtful, walk.words.query)?;
        found.extend(fit.into_iter().filter(|id| !wrong.contains(id)));
        if found.len() > walk.limit {
            found.truncate(walk.limit);
            return Ok(Found { next: found.last().copied(), ids: found });
        }
        if upto.is_none() || looked >= walk.limits.budget {
            return Ok(Found { ids: found, next: upto });
        }
        stretch = (stretch * 4).min(most);
    }
}

/// Of candidates that an index named by a piece those who do not answer the query.
pub(super) fn mistaken(tx: &mut Tx<'_>, cx: &Ctx, doubtful: Vec<MemberId>, query: &str) -> Result<BTreeSet<MemberId>> {
    let mut wrong: BTreeSet<MemberId> = doubtful.into_iter().collect();
    if wrong.is_empty() {
        return Ok(wrong);
    }
    for facts in super::read(tx, cx, wrong.iter().copied())? {
        if facts.profile.name.as_deref().is_some_and(|n| index::answers(n, query)) {
            wrong.remove(&facts.id);
        }
    }
    let known = card::keys_of(tx, cx, wrong.iter().copied())?;
    let ends = |k: &KeyClaim| matches!(k.kind, KeyKind::Phone | KeyKind::ReceiverPhone) && keys::last_four(&k.value) == query;
    let named = |keys: &[KeyClaim]| index::receivers(keys.iter()).into_iter().any(|n| index::answers(n, query));
    wrong.retain(|m| !known.get(m).is_some_and(|keys| named(keys) || (is_four(query) && keys.iter().any(ends))));
    Ok(wrong)
}

pub(super) fn is_four(query: &str) -> bool {
    query.len() == 4 && query.bytes().all(|b| b.is_ascii_digit())
}

/// The sources of members that answer a query, each with whether its members do for sure.
pub(super) fn sources_of(tx: &mut Tx<'_>, cx: &Ctx, limits: Limits, query: &str, before: MemberId) -> Result<Vec<(Source, bool)>> {
    if let Ok(id) = query.parse::<MemberId>() {
        return Ok(vec![(Source::These(identity::resolve(tx, cx, id)?.into_iter().collect()), true)]);
    }
    let mut out = Vec::new();
    let spaces = service::spaces(tx, cx)?;
    let opened = tx.keys(cx.merchant)?;
    let mut rare = BTreeSet::new();
    let mut common = BTreeSet::new();
    for (code, namespace, entity) in &spaces {
        let kind = u8::try_from(*code).ok().and_then(KeyKind::from_code);
        if let Some(claim) = kind.filter(|k| *k != KeyKind::ReceiverAddress).and_then(|k| KeyClaim::new(k, namespace, query, true)) {
            // Many receivers have one name, and a phone written for want of another has many holders.
            let many = matches!(claim.kind, KeyKind::ReceiverName | KeyKind::Phone | KeyKind::ReceiverPhone);
            if many { &mut common } else { &mut rare }.insert(keys::token_of(&opened, &claim, entity));
        }
    }
    out.extend(common.into_iter().map(|t| (Source::Keys(vec![t]), true)));
    if !rare.is_empty() {
        out.push((Source::Keys(rare.into_iter().collect()), true));
    }
    if is_four(query) {
        let entities: BTreeSet<&str> = spaces.iter().map(|s| s.2.as_str()).collect();
        for entity in entities {
            out.extend(alike(tx, cx, limits, query, entity)?.into_iter().map(|s| (s, false)));
        }
    }
    for tag in tag::service::named(tx, cx, query)? {
        out.push((Source::Tag(tag), true));
    }
    for (mut tokens, exact) in index::pieces_of(&opened, query) {
        rarest_first(tx, cx, limits, &mut tokens, before)?;
        out.push((Source::Names(tokens), exact));
    }
    Ok(out)
}

/// Puts the piece of a name that fewest have first.
fn rarest_first(tx: &mut Tx<'_>, cx: &Ctx, limits: Limits, tokens: &mut [identity::fold::Token], before: MemberId) -> Result<()> {
    if tokens.len() < 2 {
        return Ok(());
    }
    let mut sizes = Vec::with_capacity(tokens.len());
    for token in tokens.iter() {
        sizes.push((Source::Names(vec![*token]).next(tx, cx, before, limits.stretch)?.looked, *token));
    }
    sizes.sort_unstable();
    for (slot, (_, token)) in tokens.iter_mut().zip(sizes) {
        *slot = token;
    }
    Ok(())
}

/// Who holds a phone that ends in these four digits: all of them at once where they are a few
/// thousand; else, as with a phone that thousands share, phone by phone.
fn alike(tx: &mut Tx<'_>, cx: &Ctx, limits: Limits, four: &str, entity: &str) -> Result<Vec<Source>> {
    let from = keys::last_four_prefix(&*tx.keys(cx.merchant)?, four, entity).to_vec();
    let mut upto = from.clone();
    upto.extend([255; 13]);
    let found = tx.rows(sql::PHONES_BETWEEN, args![cx.merchant, from.clone(), upto.clone(), limits.alike])?;
    if (found.len() as i64) < limits.alike {
        let ids = found.into_iter().map(|mut r| r.get(0)).collect::<Result<BTreeSet<MemberId>>>()?;
        return Ok(vec![Source::These(ids.into_iter().collect())]);
    }
    let mut tokens = Vec::new();
    let mut at = from;
    while let Some(mut r) = tx.row(sql::PHONE_AFTER, args![cx.merchant, at.clone(), upto.clone()])? {
        let token: identity::fold::Token = r.get(0)?;
        at = token.to_vec();
        tokens.push(Source::Keys(vec![token]));
    }
    Ok(tokens)
}

/// How many members there are, and how many were recorded since an instant.
pub fn count(tx: &mut Tx<'_>, cx: &Ctx, since: Instant) -> Result<(i64, i64)> {
    let mut r = tx.one(sql::COUNT, args![cx.merchant, since])?;
    Ok((r.get(0)?, r.get(1)?))
}
