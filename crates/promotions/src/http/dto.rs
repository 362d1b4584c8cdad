//! What the API gives of promotions and settings.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use shuke_access::merchants;
use shuke_kernel::{Ctx, Currency, Error, Instant, Result, Zone};
use shuke_pricing::{Promotion as Offer, Telling, sentence};
use shuke_programme::ProgrammeId;
use shuke_segments::SegmentId;
use shuke_segments::book as segments;
use shuke_store::Tx;
use utoipa::ToSchema;

use super::schema::BothLanguages;
use crate::cart::groups::BuiltIn;
use crate::promotion::model::{Rules, told};
use crate::promotion::{Promotion, PromotionId, service};
use crate::settings::service::Says;
use crate::versions::{self, Version};

/// With what sentences are said: looked up once a request.
pub(super) struct Words {
    currency: Currency,
    zone: Zone,
    segments: HashMap<String, (String, String)>,
}

impl Words {
    pub(super) fn of(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Self> {
        let currency = merchants::as_kept(tx, cx.merchant)?.map_or(Currency::CNY, |(currency, _)| currency);
        Ok(Self { currency, zone: merchants::zone_of(tx, cx.merchant)?, segments: HashMap::new() })
    }

    /// Rules as one sentence, segments by their names.
    pub(super) fn sentence(&mut self, tx: &mut Tx<'_>, cx: &Ctx, offer: &Offer) -> Result<BothLanguages> {
        for name in offer.terms.segments.iter().flatten() {
            if let Entry::Vacant(place) = self.segments.entry(name.clone()) {
                place.insert(called(tx, cx, name)?);
            }
        }
        let segment = |name: &str| self.segments.get(name).cloned().unwrap_or_else(|| (name.to_owned(), name.to_owned()));
        let said = sentence(offer, &Telling { currency: self.currency, zone: &self.zone, segment: &segment });
        Ok(BothLanguages { zh: said.zh, en: said.en })
    }

    /// Rules as they are kept, as one sentence.
    fn of_text(&mut self, tx: &mut Tx<'_>, cx: &Ctx, id: PromotionId, text: &str) -> Result<(String, BothLanguages)> {
        let offer = Offer::read(text, &id.to_string()).map_err(|e| Error::fault(format!("promotion {id}: {e}")))?;
        Ok((offer.rule.kind().to_owned(), self.sentence(tx, cx, &offer)?))
    }
}

/// What people call a segment; its id where there is none any more.
fn called(tx: &mut Tx<'_>, cx: &Ctx, name: &str) -> Result<(String, String)> {
    if let Some(group) = BuiltIn::named(name) {
        return Ok((group.said(true).to_owned(), group.said(false).to_owned()));
    }
    let Ok(id) = name.parse::<SegmentId>() else { return Ok((name.to_owned(), name.to_owned())) };
    match segments::get(tx, cx, id) {
        Ok(found) => Ok((found.name.clone(), found.name)),
        Err(Error::Refused(_)) => Ok((name.to_owned(), name.to_owned())),
        Err(fault) => Err(fault),
    }
}

/// A version of a promotion's rules.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PromotionVersion)]
pub(super) struct VersionDto {
    /// Counts from 1.
    pub no: i64,
    /// Such as `stepped_threshold`.
    pub kind: String,
    /// The rules, as they were written.
    #[schema(value_type = Object)]
    pub rules: Json,
    /// What they do, in one sentence.
    pub sentence: BothLanguages,
    /// From when on they are in force.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Why, in words.
    pub note: String,
    /// By whom they were published.
    pub by: String,
    /// When they were published.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// `past`, `current`, `scheduled` or `withdrawn`.
    pub state: String,
}

/// Rules that are not published.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PromotionDraft)]
pub(super) struct DraftDto {
    /// Such as `stepped_threshold`.
    pub kind: String,
    /// As they were written.
    #[schema(value_type = Object)]
    pub rules: Json,
    /// What they would do, in one sentence.
    pub sentence: BothLanguages,
}

/// A promotion.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Promotion)]
pub(super) struct PromotionDto {
    /// `pro_…`: the cause that reductions name.
    #[schema(value_type = String, example = "pro_01kc…")]
    pub id: PromotionId,
    /// As people call it.
    pub name: String,
    /// `draft`, `scheduled`, `running`, `ended`, `paused` or `archived`.
    pub state: String,
    /// The version in force.
    pub current: Option<VersionDto>,
    /// The next that will be.
    pub next: Option<VersionDto>,
    /// Rules that are not published yet.
    pub draft: Option<DraftDto>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Instant,
    /// Counts its changes: what a change names.
    pub version: i64,
}

/// A promotion in a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PromotionLine)]
pub(super) struct LineDto {
    #[schema(value_type = String, example = "pro_01kc…")]
    pub id: PromotionId,
    pub name: String,
    /// `draft`, `scheduled`, `running`, `ended`, `paused` or `archived`.
    pub state: String,
    /// Of the version in force, else of the next, else of the draft.
    pub kind: String,
    /// What it does, in one sentence; of the same.
    pub sentence: BothLanguages,
    /// From when on these rules hold; none where nothing was published.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// Until when, if they end by themselves.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Instant>,
    /// Whether there are rules that are not published.
    pub has_draft: bool,
    pub version: i64,
}

/// What people are told of a promotion with these versions.
pub(super) fn state(promotion: &Promotion, all: &[Version<Rules>], now: Instant) -> &'static str {
    let current = versions::in_force(all, now).map(|v| &v.says);
    told(promotion.state, current, versions::next(all, now).is_some(), now)
}

pub(super) fn version(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    words: &mut Words,
    id: PromotionId,
    all: &[Version<Rules>],
    v: &Version<Rules>,
) -> Result<VersionDto> {
    let (kind, sentence) = words.of_text(tx, cx, id, &v.says.text)?;
    Ok(VersionDto {
        no: v.no,
        kind,
        rules: serde_json::from_str(&v.says.text)?,
        sentence,
        from: v.from,
        note: v.note.clone(),
        by: v.by.clone(),
        at: v.at,
        state: versions::word(all, v, cx.now).to_owned(),
    })
}

/// A promotion as people see it.
pub(super) fn promotion(tx: &mut Tx<'_>, cx: &Ctx, id: PromotionId) -> Result<PromotionDto> {
    let found = service::get(tx, cx.merchant, id)?;
    let all = service::versions(tx, cx.merchant, id)?;
    let mut words = Words::of(tx, cx)?;
    let mut shown = |tx: &mut Tx<'_>, v: Option<&Version<Rules>>| v.map(|v| version(tx, cx, &mut words, id, &all, v)).transpose();
    let current = shown(tx, versions::in_force(&all, cx.now))?;
    let next = shown(tx, versions::next(&all, cx.now))?;
    let draft = match &found.draft {
        Some(text) => {
            let (kind, sentence) = words.of_text(tx, cx, id, text)?;
            Some(DraftDto { kind, rules: serde_json::from_str(text)?, sentence })
        }
        None => None,
    };
    Ok(PromotionDto {
        id,
        state: state(&found, &all, cx.now).to_owned(),
        name: found.name,
        current,
        next,
        draft,
        created_at: found.created_at,
        created_by: found.created_by,
        updated_at: found.updated_at,
        version: found.version,
    })
}

/// A promotion in a list; its versions are without their text.
pub(super) fn line(tx: &mut Tx<'_>, cx: &Ctx, words: &mut Words, p: Promotion, all: &[Version<Rules>]) -> Result<LineDto> {
    let shown = versions::in_force(all, cx.now).or_else(|| versions::next(all, cx.now));
    let text = match (shown, &p.draft, all.last()) {
        (Some(v), _, _) | (None, None, Some(v)) => service::rules_of(tx, cx.merchant, p.id, v.no)?,
        (None, Some(draft), _) => draft.clone(),
        (None, None, None) => return Err(Error::fault("a promotion has no rules at all")),
    };
    let (kind, sentence) = words.of_text(tx, cx, p.id, &text)?;
    Ok(LineDto {
        id: p.id,
        state: state(&p, all, cx.now).to_owned(),
        kind,
        sentence,
        from: shown.map(|v| v.says.begins.map_or(v.from, |begins| begins.max(v.from))),
        to: shown.and_then(|v| v.says.ends),
        has_draft: p.draft.is_some(),
        version: p.version,
        name: p.name,
    })
}

/// A version of what holds for every order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceSettingsVersion)]
pub(super) struct SettingsVersionDto {
    /// Counts from 1.
    pub no: i64,
    /// `max_coupons`, `points_cash`, `earn`, `floors`, as they were written.
    #[schema(value_type = Object)]
    pub settings: Json,
    /// The programme whose tiers and points are meant.
    #[schema(value_type = Option<String>, example = "prg_01kc…")]
    pub programme: Option<ProgrammeId>,
    /// From when on they are in force.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Why, in words.
    pub note: String,
    /// By whom they were posted.
    pub by: String,
    /// When they were posted.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// `past`, `current`, `scheduled` or `withdrawn`.
    pub state: String,
}

/// All versions of settings, in order.
pub(super) fn settings(all: &[Version<Says>], now: Instant) -> Result<Vec<SettingsVersionDto>> {
    let one = |v: &Version<Says>| {
        Ok(SettingsVersionDto {
            no: v.no,
            settings: serde_json::from_str(&v.says.text)?,
            programme: v.says.programme,
            from: v.from,
            note: v.note.clone(),
            by: v.by.clone(),
            at: v.at,
            state: versions::word(all, v, now).to_owned(),
        })
    };
    all.iter().map(one).collect()
}
