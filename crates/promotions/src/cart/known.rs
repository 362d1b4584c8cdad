//! What the engine asks of a member, gathered from where it is kept: tier and points from the programme's book, segments from
//! the segments, how often a promotion was had from the orders, coupons from whoever keeps them.

use std::collections::BTreeMap;

use shuke_benefits::who::{Inside, Person};
use shuke_commerce::order::Discount;
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::{MemberId, identity};
use shuke_pricing::{Member, Template};
use shuke_programme::book::show;
use shuke_segments::SegmentId;
use shuke_store::{Tx, args};

use super::groups::{BuiltIn, has_birthday};
use super::{held, sql};
use crate::catalogue::Catalogue;

/// An order may be placed before a promotion was made and get it all the same, as where it is changed before it is paid.
const BEFORE: i64 = 30 * 86_400;

/// A member as far as prices go.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who: never an alias.
    pub id: MemberId,
    /// What the engine takes.
    pub member: Member,
    /// What their coupons are of.
    pub templates: Vec<Template>,
    /// What people call their coupons, by id.
    pub coupons: BTreeMap<String, String>,
    /// Segments that are being reckoned: whether the member is in one of them nobody knows, and they count as out of it.
    pub building: Vec<String>,
    /// Whether anybody knows what coupons they hold.
    pub coupons_known: bool,
}

/// What is known of a member now, for a price at an instant.
///
/// # Errors
/// Refuses where there is no such member.
pub fn gather(tx: &mut Tx<'_>, cx: &Ctx, catalogue: &Catalogue, id: MemberId, at: Instant) -> Result<Known> {
    let mut person = Person::living(tx, cx, id)?;
    let ids = identity::with_aliases(tx, cx, person.member)?;
    let rank = match catalogue.programme {
        Some(programme) => show::rank(tx, cx, programme, person.member)?,
        None => show::Rank::default(),
    };
    let (mut segments, mut building) = (Vec::new(), Vec::new());
    for name in &catalogue.segments {
        match inside(tx, cx, catalogue, name, &mut person, &ids, at)? {
            Inside::Yes => segments.push(name.clone()),
            Inside::No => {}
            Inside::Unknown => building.push(name.clone()),
        }
    }
    let mut usage = used(tx, cx, catalogue, &ids)?;
    let coupons_known = held::are_kept();
    let held = held::of(tx, cx, person.member, at)?.unwrap_or_default();
    usage.extend(held.usage);
    let member = Member { tier: rank.tier, segments, points: rank.available, usage, coupons: held.coupons };
    Ok(Known { id: person.member, member, templates: held.templates, coupons: held.names, building, coupons_known })
}

/// Whether they are in a segment or a built-in group.
fn inside(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    catalogue: &Catalogue,
    name: &str,
    person: &mut Person,
    ids: &[MemberId],
    at: Instant,
) -> Result<Inside> {
    let yes = |is: bool| if is { Inside::Yes } else { Inside::No };
    let day = catalogue.offers.zone.day(at);
    match BuiltIn::named(name) {
        Some(BuiltIn::FirstOrder) => Ok(yes(tx.row(sql::BOUGHT, args![cx.merchant, blobs(ids)])?.is_none())),
        Some(BuiltIn::Birthday) => Ok(yes(has_birthday(person.birthday(tx, cx)?, day, false))),
        Some(BuiltIn::BirthdayMonth) => Ok(yes(has_birthday(person.birthday(tx, cx)?, day, true))),
        None => match name.parse::<SegmentId>() {
            Ok(id) => Ok(person.inside(tx, cx, &[id])?.first().copied().unwrap_or(Inside::No)),
            Err(_) => Ok(Inside::No),
        },
    }
}

fn blobs(ids: &[MemberId]) -> Vec<Vec<u8>> {
    ids.iter().map(|id| id.bytes().to_vec()).collect()
}

/// How often they had each promotion that is limited: purchases with a discount of its id.
fn used(tx: &mut Tx<'_>, cx: &Ctx, catalogue: &Catalogue, ids: &[MemberId]) -> Result<BTreeMap<String, i64>> {
    let mut used = BTreeMap::new();
    let Some(first) = catalogue.limited.iter().map(|(_, made)| *made).min() else { return Ok(used) };
    for mut row in tx.rows(sql::DISCOUNTS, args![cx.merchant, blobs(ids), first.plus_seconds(-BEFORE)])? {
        let discounts: Vec<Discount> = serde_json::from_str(&row.get::<String>(0)?)?;
        for (id, _) in &catalogue.limited {
            if discounts.iter().any(|d| d.name.trim() == id) {
                *used.entry(id.clone()).or_insert(0) += 1;
            }
        }
    }
    Ok(used)
}
