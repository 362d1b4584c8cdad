//! Ready sets of benefits for the ready ladders: taken for a programme, then changed like others.

use serde_json::{Value, json};
use shuke_kernel::{Ctx, Error, Result};
use shuke_programme::{Programme, ProgrammeId};
use shuke_store::Tx;

use super::model::{Benefit, Definition};
use super::service;
use crate::who::{Who, running};
use crate::words::{LADDER_TOO_SHORT, NO_TEMPLATE};

/// A benefit of a set, from a place of the ladder on.
pub struct Part {
    /// The lowest place, from 0, whose members have it; so have all above, up to `to`.
    pub tier: usize,
    /// The highest place; none for the top.
    pub to: Option<usize>,
    /// What it is, without whose.
    pub definition: Definition,
}

/// A ready set.
pub struct Template {
    /// Its name in links.
    pub key: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// For whom it is.
    pub description: &'static str,
    /// The ready programme whose ladder it is for.
    pub programme: &'static str,
    /// How many tiers it needs.
    pub tiers: usize,
    /// Its benefits.
    pub parts: Vec<Part>,
}

fn part(tier: usize, to: Option<usize>, mut definition: Value, name: &str, description: &str) -> Result<Part> {
    (definition["name"], definition["description"]) = (json!(name), json!(description));
    Ok(Part { tier, to, definition: serde_json::from_value(definition)? })
}

/// The benefits of a ladder of six.
fn six(zh: bool) -> Result<Vec<Part>> {
    let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
    let discount = |tier, to, percent, name_zh, name_en| {
        part(tier, to, json!({ "kind": "member_discount", "terms": { "percent": percent } }), say(name_zh, name_en), "")
    };
    Ok(vec![
        discount(1, Some(1), 2, "会员价 98 折", "Member price: 2 % off")?,
        discount(2, Some(2), 5, "会员价 95 折", "Member price: 5 % off")?,
        discount(3, Some(3), 8, "会员价 92 折", "Member price: 8 % off")?,
        discount(4, Some(4), 10, "会员价 9 折", "Member price: 10 % off")?,
        discount(5, None, 12, "会员价 88 折", "Member price: 12 % off")?,
        part(
            1,
            None,
            json!({ "kind": "birthday_gift", "when": { "birthday": "month" }, "quota": { "uses": 1, "per": "year" }, "by": "hand", "due_days": 3 }),
            say("生日礼物", "Birthday gift"),
            say("生日当月随单附赠，每年一次。", "In the parcel of an order in the month of the birthday, once a year."),
        )?,
        part(
            2,
            None,
            json!({ "kind": "free_shipping", "quota": { "uses": 2, "per": "month" } }),
            say("每月包邮 2 次", "Free shipping twice a month"),
            "",
        )?,
        part(
            2,
            None,
            json!({ "kind": "birthday_offer", "when": { "birthday": "month" }, "quota": { "uses": 1, "per": "year" } }),
            say("生日月专享优惠", "Offer for the month of the birthday"),
            "",
        )?,
        part(
            3,
            None,
            json!({ "kind": "priority_dispatch", "by": "erp", "due_days": 0 }),
            say("优先发货", "Priority dispatch"),
            say("下单当天优先出库。", "Leaves before others on the day of the order."),
        )?,
        part(
            3,
            None,
            json!({ "kind": "product_trial", "quota": { "uses": 1, "per": "month" }, "by": "hand", "due_days": 7 }),
            say("新品试用", "New products to try"),
            "",
        )?,
        part(3, None, json!({ "kind": "early_access" }), say("新品优先购", "New goods before others"), "")?,
        part(4, None, json!({ "kind": "own_agent" }), say("专属客服", "A service agent of one's own"), "")?,
        part(4, None, json!({ "kind": "member_goods" }), say("会员专享商品", "Goods for members only"), "")?,
        part(
            5,
            None,
            json!({ "kind": "personal_adviser", "by": "hand", "due_days": 1 }),
            say("私人导购", "Personal shopping adviser"),
            "",
        )?,
        part(
            5,
            None,
            json!({ "kind": "tailored_service", "quota": { "uses": 2, "per": "year" }, "by": "hand", "due_days": 14 }),
            say("个性化定制服务", "Service made to measure"),
            "",
        )?,
    ])
}

/// The benefits of a small shop's four.
fn small(zh: bool) -> Result<Vec<Part>> {
    let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
    Ok(vec![
        part(1, None, json!({ "kind": "member_day", "when": { "month_days": [8] } }), say("每月 8 日会员日", "Member day on the 8th"), "")?,
        part(
            1,
            None,
            json!({ "kind": "birthday_gift", "when": { "birthday": "month" }, "quota": { "uses": 1, "per": "year" }, "by": "hand", "due_days": 3 }),
            say("生日礼物", "Birthday gift"),
            "",
        )?,
        part(
            2,
            None,
            json!({ "kind": "free_shipping", "quota": { "uses": 1, "per": "month" } }),
            say("每月包邮 1 次", "Free shipping once a month"),
            "",
        )?,
        part(3, None, json!({ "kind": "member_discount", "terms": { "percent": 5 } }), say("会员价 95 折", "Member price: 5 % off"), "")?,
        part(3, None, json!({ "kind": "priority_dispatch", "by": "hand", "due_days": 0 }), say("优先发货", "Priority dispatch"), "")?,
    ])
}

/// The ready sets, in Chinese or English.
///
/// # Errors
/// A fault where one cannot be read, which a test shows cannot be.
pub fn all(zh: bool) -> Result<Vec<Template>> {
    let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
    let of_six = |key, name, programme| -> Result<Template> {
        let description = say(
            "折扣逐级加深；银牌起生日礼物，金牌起包邮，钻石起优先发货、试用和优先购，皇冠起专属客服，最高级私人导购和定制服务。",
            "Discounts that grow with the tier; birthday gifts, free shipping, priority dispatch, trials, an agent and an adviser from tier to tier.",
        );
        Ok(Template { key, name, description, programme, tiers: 6, parts: six(zh)? })
    };
    let of_small = |key, name, programme| -> Result<Template> {
        let description = say(
            "第二级起会员日和生日礼物，第三级起每月包邮一次，最高级 95 折和优先发货。",
            "A member day and a birthday gift from the second tier on, free shipping from the third, 5 % off and priority dispatch at the top.",
        );
        Ok(Template { key, name, description, programme, tiers: 4, parts: small(zh)? })
    };
    Ok(vec![
        of_six("spend_six", say("消费金额六级的权益", "Benefits for six tiers by spend"), "spend_six")?,
        of_six("orders_six", say("订单数六级的权益", "Benefits for six tiers by orders"), "orders_six")?,
        of_small("small_orders", say("小店四级的权益（按次数）", "Benefits for a small shop's four tiers by purchases"), "small_orders")?,
        of_small("small_spend", say("小店四级的权益（按金额）", "Benefits for a small shop's four tiers by spend"), "small_spend")?,
    ])
}

/// Takes a set for a programme: places become the tiers of its present ladder.
///
/// # Errors
/// Refuses an unknown set, a programme that is put away, and a ladder with fewer tiers than the set needs.
pub fn take(tx: &mut Tx<'_>, cx: &Ctx, key: &str, programme: ProgrammeId, zh: bool) -> Result<Vec<Benefit>> {
    let set = all(zh)?.into_iter().find(|t| t.key == key).ok_or_else(|| Error::from(NO_TEMPLATE.refuse()))?;
    let found: Programme = running(tx, cx, programme, "programme")?;
    let rules = shuke_programme::definition::service::rules(tx, cx.merchant, &found)?;
    let tiers: Vec<String> =
        rules.at(cx.now).ladder.as_ref().map_or_else(Vec::new, |ladder| ladder.tiers.iter().map(|t| t.id.clone()).collect());
    if tiers.len() < set.tiers {
        return Err(LADDER_TOO_SHORT.with("needs", set.tiers).with("has", tiers.len()).into());
    }
    let mut made = Vec::with_capacity(set.parts.len());
    for part in set.parts {
        let last = part.to.map_or(tiers.len(), |to| to + 1).min(tiers.len());
        let who = Who { programme: Some(programme), tiers: tiers[part.tier..last].to_vec(), segments: Vec::new() };
        made.push(service::create(tx, cx, Definition { who, ..part.definition })?);
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use shuke_kernel::Currency;
    use shuke_programme::definition::templates as ladders;

    use super::*;

    #[test]
    fn every_set_is_good_and_fits_its_ladder() {
        for zh in [true, false] {
            let programmes = ladders::all(zh);
            for set in all(zh).expect("sets that can be read") {
                let programme = programmes.iter().find(|p| p.key == set.programme).expect("its ladder is a ready one");
                assert_eq!(programme.rules["ladder"]["tiers"].as_array().map(Vec::len), Some(set.tiers), "{}", set.key);
                for part in set.parts {
                    assert!(part.tier < set.tiers && part.to.is_none_or(|to| (part.tier..set.tiers).contains(&to)), "{}", set.key);
                    part.definition.checked(Currency::CNY).unwrap_or_else(|e| panic!("{}: {}", set.key, e.text(false)));
                }
            }
        }
    }
}
