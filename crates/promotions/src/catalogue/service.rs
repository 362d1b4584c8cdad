//! The catalogue read, kept, and told that it changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value as Json, json};
use shuke_access::merchants;
use shuke_kernel::{Ctx, Currency, Error, Instant, MerchantNo, Result, Zone};
use shuke_pricing::{Offers, Promotion as Offer, Settings};
use shuke_programme::ProgrammeId;
use shuke_programme::definition::service as programmes;
use shuke_segments::SegmentId;
use shuke_segments::book as segments;
use shuke_store::{Row, Tx, args};

use super::sql;
use crate::cart::groups::BuiltIn;
use crate::promotion::{PromotionId, sql as promotions};
use crate::settings::service as settings;
use crate::versions;
use crate::words::{NO_PROGRAMME, UNKNOWN_SEGMENT, UNKNOWN_TIER};

/// The zone of a merchant that is not entered.
const USUAL_ZONE: &str = "Asia/Shanghai";

/// A version of rules and whose.
#[derive(Clone, Debug)]
pub struct Living {
    /// As the engine takes it; its id is the promotion's.
    pub offer: Offer,
    /// As it was written.
    pub rules: String,
    /// What people call the promotion.
    pub name: String,
    /// When the promotion was made.
    pub made: Instant,
}

/// What holds in `[from, until)`.
#[derive(Debug)]
pub struct Catalogue {
    /// Promotions that are in force, and settings. No members, no coupons.
    pub offers: Offers,
    /// What the promotions are called, by id.
    pub names: BTreeMap<String, String>,
    /// Segments that promotions name.
    pub segments: Vec<String>,
    /// Promotions that a member may have so many times only, and when each was made.
    pub limited: Vec<(String, Instant)>,
    /// Whose tiers and points are meant.
    pub programme: Option<ProgrammeId>,
    /// The IANA name of the merchant's zone.
    pub zone: String,
    from: Instant,
    until: Instant,
}

/// Catalogues by their stamps.
static KEPT: Mutex<Option<HashMap<[u8; 16], Arc<Catalogue>>>> = Mutex::new(None);
/// Beyond so many, memory is emptied.
const MOST_KEPT: usize = 100;

/// Says that promotions or settings change, and waits for whoever changes them now.
pub fn restamp(tx: &mut Tx<'_>, cx: &Ctx) -> Result<()> {
    let stamp: PromotionId = cx.new_id();
    tx.exec(sql::RESTAMP, args![cx.merchant, stamp, cx.now]).map(|_| ())
}

/// Zone and currency of a merchant; the usual ones, where no such merchant is entered.
fn place(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<(String, Currency)> {
    match merchants::get(tx, merchant) {
        Ok(found) => Ok((found.zone, found.currency)),
        Err(Error::Refused(_)) => Ok((USUAL_ZONE.to_owned(), Currency::CNY)),
        Err(fault) => Err(fault),
    }
}

/// What holds at an instant.
pub fn at(tx: &mut Tx<'_>, merchant: MerchantNo, at: Instant) -> Result<Arc<Catalogue>> {
    let (zone, currency) = place(tx, merchant)?;
    let stamp: Option<[u8; 16]> = tx.row(sql::STAMP, args![merchant])?.map(|mut r| r.get(0)).transpose()?;
    let good = |c: &Arc<Catalogue>| c.from <= at && at < c.until && c.zone == zone && c.offers.currency == currency;
    if let Some(stamp) = stamp {
        let known = KEPT.lock().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|kept| kept.get(&stamp).cloned());
        if let Some(known) = known.filter(good) {
            return Ok(known);
        }
    }
    let made = Arc::new(read(tx, merchant, at, zone, currency)?);
    if let Some(stamp) = stamp {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.get_or_insert_default();
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(stamp, made.clone());
    }
    Ok(made)
}

fn living_row(mut r: Row) -> Result<Living> {
    let (id, rules): (PromotionId, String) = (r.get(0)?, r.get(1)?);
    // What is kept was read when it was kept.
    let offer = Offer::read(&rules, &id.to_string()).map_err(|e| Error::fault(format!("promotion {id}: {e}")))?;
    Ok(Living { offer, rules, name: r.get(2)?, made: r.get(3)? })
}

/// Whether its own times let it hold.
fn holds(offer: &Offer, at: Instant) -> bool {
    offer.terms.from.is_none_or(|from| from <= at) && offer.terms.to.is_none_or(|to| at < to)
}

/// What holds at an instant as `promotions.json`: without members and coupons.
pub fn file(tx: &mut Tx<'_>, merchant: MerchantNo, at: Instant) -> Result<Json> {
    let (zone, currency) = place(tx, merchant)?;
    let mut promotions = Vec::new();
    for row in tx.rows(promotions::IN_FORCE, args![merchant, at])? {
        let living = living_row(row)?;
        if !holds(&living.offer, at) {
            continue;
        }
        let mut whole: Map<String, Json> = serde_json::from_str(&living.rules)?;
        whole.insert("id".to_owned(), Json::from(living.offer.id));
        promotions.push(Json::Object(whole));
    }
    let all = settings::versions(tx, merchant)?;
    let said = versions::in_force(&all, at).map_or_else(|| Ok(json!({})), |v| serde_json::from_str(&v.says.text))?;
    Ok(json!({ "format": 1, "currency": currency, "zone": zone, "settings": said, "promotions": promotions }))
}

/// Rules in force now or later, of promotions that are not put away.
pub fn living(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<Living>> {
    tx.rows(promotions::LIVING, args![cx.merchant, cx.now])?.into_iter().map(living_row).collect()
}

fn read(tx: &mut Tx<'_>, merchant: MerchantNo, at: Instant, zone: String, currency: Currency) -> Result<Catalogue> {
    let in_force: Vec<Living> = tx.rows(promotions::IN_FORCE, args![merchant, at])?.into_iter().map(living_row).collect::<Result<_>>()?;
    let next: Option<Instant> = tx.one(promotions::NEXT, args![merchant, at])?.get(0)?;
    let all = settings::versions(tx, merchant)?;
    let said = versions::in_force(&all, at).map(|v| v.says.clone());
    let turns = in_force.iter().flat_map(|l| [l.offer.terms.from, l.offer.terms.to]).flatten();
    let until = turns.chain(next).chain(versions::next(&all, at).map(|v| v.from)).filter(|turn| *turn > at).min();
    let (mut names, mut promotions) = (BTreeMap::new(), Vec::new());
    let (mut named, mut limited) = (BTreeSet::new(), Vec::new());
    for Living { offer, name, made, .. } in in_force {
        if !holds(&offer, at) {
            continue;
        }
        let terms = &offer.terms;
        named.extend(terms.segments.iter().flatten().cloned());
        if terms.per_member.is_some() {
            limited.push((offer.id.clone(), made));
        }
        names.insert(offer.id.clone(), name);
        promotions.push(offer);
    }
    let settings = said.as_ref().map_or_else(|| Ok(Settings::default()), |says| settings::read(&says.text))?;
    let offers = Offers {
        currency,
        zone: Zone::named(&zone).ok_or_else(|| Error::fault(format!("there is no zone {zone}")))?,
        settings,
        promotions,
        templates: Vec::new(),
        members: BTreeMap::new(),
    };
    Ok(Catalogue {
        offers,
        programme: said.and_then(|says| says.programme),
        names,
        segments: named.into_iter().collect(),
        limited,
        zone,
        from: at,
        until: until.unwrap_or(Instant(i64::MAX)),
    })
}

/// Refuses rules that name tiers or segments which are not there.
///
/// # Errors
/// A refusal that names the place.
pub fn refers(tx: &mut Tx<'_>, cx: &Ctx, offer: &Offer, from: Instant) -> Result<()> {
    if let Some(tiers) = &offer.terms.tiers {
        let programme = settings::programme_at(tx, cx.merchant, from)?.ok_or_else(|| NO_PROGRAMME.at("rules.tiers"))?;
        let found = programmes::get(tx, cx.merchant, programme)?;
        let rules = programmes::rules(tx, cx.merchant, &found)?;
        let present = rules.at(cx.now).version;
        let ladders: Vec<_> = rules.versions().skip_while(|v| v.version != present).filter_map(|v| v.ladder.as_ref()).collect();
        if let Some(i) = tiers.iter().position(|tier| !ladders.iter().any(|ladder| ladder.place(tier).is_some())) {
            return Err(UNKNOWN_TIER.with("tier", &tiers[i]).at(format!("rules.tiers[{i}]")).into());
        }
    }
    for (i, name) in offer.terms.segments.iter().flatten().enumerate() {
        let unknown = || Error::from(UNKNOWN_SEGMENT.with("segment", name).at(format!("rules.segments[{i}]")));
        if BuiltIn::named(name).is_some() {
            continue;
        }
        let id: SegmentId = name.parse().map_err(|_| unknown())?;
        match segments::get(tx, cx, id) {
            Ok(found) if !found.archived => {}
            Ok(_) | Err(Error::Refused(_)) => return Err(unknown()),
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}
