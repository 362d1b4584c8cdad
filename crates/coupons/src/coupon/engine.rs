//! What the pricing engine reads of a member's coupons: templates and held coupons as `promotions.json` has them.
//!
//! Whom a template is for is judged here, where tiers and segments are known, and told as the engine understands it: who is
//! kept out meets a template that admits no tier. Each version of a template is a template of its own there, and what the
//! member has used of it is counted over all its versions.

use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use shuke_access::merchants;
use shuke_kernel::{Ctx, Error, Result};
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use shuke_store::{Tx, args};
use utoipa::ToSchema;

use super::held;
use super::sql;
use crate::template::service::{self as templates, currency};
use crate::{TemplateId, who};

/// A member's coupons that can be used or that an order has, as parts of `promotions.json`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponOffers)]
pub struct Offers {
    /// 1.
    pub format: i64,
    /// The merchant's.
    pub currency: String,
    /// The merchant's; Shanghai's where none is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The templates, each version by itself.
    #[schema(value_type = Vec<Object>)]
    pub coupon_templates: Vec<Value>,
    /// The one member: what they used of which template, and what they hold.
    #[schema(value_type = Object)]
    pub members: Value,
}

/// [`Offers`], and what their coupons are called, for people.
#[derive(Clone, Debug)]
pub struct Told {
    /// As the engine has them.
    pub offers: Offers,
    /// The names of their templates, by the id of each coupon.
    pub names: BTreeMap<String, String>,
}

/// What a member's coupons are to the pricing engine.
///
/// # Errors
/// Refuses where there is no such member.
pub fn of(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Offers> {
    told(tx, cx, member).map(|told| told.offers)
}

/// [`of`], with names.
///
/// # Errors
/// Refuses where there is no such member.
pub fn told(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Told> {
    let Some(member) = identity::resolve(tx, cx, member)? else { return Err(MEMBER_NOT_FOUND.refuse().into()) };
    let currency = currency(tx, cx.merchant)?;
    let zone = match merchants::get(tx, cx.merchant) {
        Ok(merchant) => Some(merchant.zone),
        Err(Error::Refused(_)) => None,
        Err(fault) => return Err(fault),
    };
    let mut used: HashMap<TemplateId, i64> = HashMap::new();
    for mut r in tx.rows(sql::USED_ALL, args![cx.merchant, member, cx.now])? {
        used.insert(r.get(0)?, r.get(1)?);
    }
    let (mut offers, mut coupons, mut usage, mut names) = (BTreeMap::new(), Vec::new(), Map::new(), BTreeMap::new());
    for row in tx.rows(sql::LIVE_OF, args![cx.merchant, member])? {
        let mut coupon = held::read(row)?;
        coupon.life.pass(cx.now);
        let name = format!("{}/{}", coupon.template, coupon.version);
        let (called, _) = match offers.entry(name.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let of = templates::version(tx, cx.merchant, coupon.template, coupon.version)?.definition;
                let mut template = of.offer.as_template(&name)?;
                let out = who::kept_out(tx, cx, &of, &of.name, member)?.is_some();
                if let Some(template) = template.as_object_mut() {
                    template.remove("segments");
                    template.remove("tiers");
                    if out {
                        template.insert("tiers".to_owned(), json!([]));
                    }
                }
                usage.insert(name.clone(), used.get(&coupon.template).copied().unwrap_or(0).into());
                place.insert((of.name, template))
            }
        };
        names.insert(coupon.id.to_string(), called.clone());
        coupons.push(json!({
            "id": coupon.id, "template": name, "state": coupon.life.state.word(), "from": coupon.life.from, "to": coupon.life.expires,
            "amount": coupon.amount,
        }));
    }
    let members = json!({ (member.to_string()): { "usage": usage, "coupons": coupons } });
    let coupon_templates = offers.into_values().map(|(_, template)| template).collect();
    Ok(Told { offers: Offers { format: 1, currency: currency.to_string(), zone, coupon_templates, members }, names })
}
