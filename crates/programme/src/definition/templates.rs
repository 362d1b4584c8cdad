//! Ready programmes: the ladders that shops know, each with the earning rule that goes with it.

use serde_json::{Value, json};

/// A ready programme.
pub struct Template {
    /// Its name in links.
    pub key: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// For whom it is.
    pub description: &'static str,
    /// Its rules.
    pub rules: Value,
}

/// Tiers by one metric, the lowest first and everybody's.
fn tiers(names: &[&str], metric: &str, least: &[i64]) -> Value {
    let tier = |(i, name): (usize, &&str)| match least.get(i) {
        Some(min) if i > 0 => json!({ "id": name, "entry": { "all": [{ "metric": metric, "min": min }] } }),
        _ => json!({ "id": name }),
    };
    Value::Array(names.iter().enumerate().map(tier).collect())
}

/// One point a yuan, good for a year.
fn earn() -> Value {
    json!([{ "id": "base", "kind": "per_amount", "points": 1, "per_fen": 100 }])
}

/// The ready programmes, in Chinese or English.
pub fn all(zh: bool) -> Vec<Template> {
    let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
    let six: [&str; 6] = if zh {
        ["普通会员", "银牌会员", "金牌会员", "钻石会员", "皇冠会员", "超级买家"]
    } else {
        ["Member", "Silver", "Gold", "Diamond", "Crown", "Super buyer"]
    };
    let small: [&str; 4] = if zh { ["新客", "熟客", "老主顾", "挚友"] } else { ["New", "Regular", "Loyal", "Friend"] };
    let rules = |tiers: Value| json!({ "earn": earn(), "lot_expiry": { "days": 365 }, "ladder": { "tiers": tiers, "window": { "kind": "rolling_months", "months": 12 } } });
    vec![
        Template {
            key: "spend_six",
            name: say("消费金额六级", "Six tiers by spend"),
            description: say(
                "近 12 个月净消费满 100、500、1000、3000、10000 元依次升级；1 元 1 积分，积分一年有效。",
                "100, 500, 1000, 3000 and 10000 yuan net in twelve months; a point a yuan, good for a year.",
            ),
            rules: rules(tiers(&six, "net_spend", &[0, 10_000, 50_000, 100_000, 300_000, 1_000_000])),
        },
        Template {
            key: "orders_six",
            name: say("订单数六级", "Six tiers by orders"),
            description: say(
                "近 12 个月完成 10、20、30、40、50 单依次升级；1 元 1 积分，积分一年有效。",
                "10, 20, 30, 40 and 50 orders in twelve months; a point a yuan, good for a year.",
            ),
            rules: rules(tiers(&six, "orders", &[0, 10, 20, 30, 40, 50])),
        },
        Template {
            key: "small_orders",
            name: say("小店四级（按次数）", "Small shop: four tiers by purchases"),
            description: say(
                "买过 2 次、6 次、11 次依次升级，累计不清零；1 元 1 积分，积分一年有效。",
                "2, 6 and 11 purchases ever; a point a yuan, good for a year.",
            ),
            rules: lifetime(rules(tiers(&small, "orders", &[0, 2, 6, 11]))),
        },
        Template {
            key: "small_spend",
            name: say("小店四级（按金额）", "Small shop: four tiers by spend"),
            description: say(
                "累计净消费满 100、500、1000 元依次升级，累计不清零；1 元 1 积分，积分一年有效。",
                "100, 500 and 1000 yuan net ever; a point a yuan, good for a year.",
            ),
            rules: lifetime(rules(tiers(&small, "net_spend", &[0, 10_000, 50_000, 100_000]))),
        },
    ]
}

/// What counts is all that ever was.
fn lifetime(mut rules: Value) -> Value {
    rules["ladder"]["window"] = json!({ "kind": "lifetime" });
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::model::read_rules;

    #[test]
    fn every_template_is_a_good_programme() {
        for template in all(true).into_iter().chain(all(false)) {
            let rules = read_rules(&template.rules).unwrap_or_else(|e| panic!("{}: {e}", template.key));
            assert!(rules.ladder.is_some_and(|ladder| ladder.tiers.len() >= 4));
        }
    }
}
