//! Segments that are ready to be used, by value, stage, RFM group and play. Each is an expression like any
//! other, to be taken as it is or changed.

use serde::Serialize;
use shuke_columns::Registry;
use shuke_kernel::{Error, Result, Zone};
use utoipa::ToSchema;

use crate::calendar::Reckoning;
use crate::check::check_text;
use crate::definitions::Segments;
use crate::{text, write};

/// A segment that is ready to be used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReadySegment {
    /// Its name in addresses.
    pub key: &'static str,
    /// `value`, `stage`, `rfm` or `play`.
    pub group: &'static str,
    /// As people read it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The expression.
    #[schema(value_type = Object)]
    pub expr: serde_json::Value,
    /// Its text form.
    pub text: String,
}

struct Ready {
    key: &'static str,
    group: &'static str,
    zh: [&'static str; 2],
    en: [&'static str; 2],
    text: &'static str,
}

const fn of(key: &'static str, group: &'static str, zh: [&'static str; 2], en: [&'static str; 2], text: &'static str) -> Ready {
    Ready { key, group, zh, en, text }
}

const ALL: &[Ready] = &[
    of(
        "big_spenders",
        "value",
        ["大客户", "一年内净消费排在前 10% 的买家；并列的都计入"],
        ["Big spenders", "The top 10% of the year's buyers by what they paid less refunds; all who tie with the last are in"],
        "top(10% by sub(sum(lines.amount where kept = true, last 12 months), sum(lines.refunded where kept = true, last 12 months)), of exists(orders where kept = true, last 12 months))",
    ),
    of(
        "active_ones",
        "value",
        ["活跃客户", "半年内买过三次以上，最近 60 天还买过"],
        ["Active ones", "Three orders or more in half a year, the last within 60 days"],
        "count(orders where kept = true, last 180 days) >= 3 and exists(orders where kept = true, last 60 days)",
    ),
    of(
        "advocates",
        "value",
        ["口碑客户", "一年内分享过，或两次以上四星、五星评价"],
        ["Advocates", "Shared within a year, or reviewed twice or more with four stars or five"],
        r#"exists(events where kind = "share", last 12 months) or count(events where kind = "review" and value >= 4, last 12 months) >= 2"#,
    ),
    of(
        "stage_join",
        "stage",
        ["加入期", "刚注册或只买过一次，没超过两倍预期间隔：跟进首单，促成第二单"],
        ["Join", "Registered or bought once, not beyond twice the expected gap: see to the first order, bring about the second"],
        r#"stage = "join""#,
    ),
    of(
        "stage_active",
        "stage",
        ["活跃期", "买过多次，按自己的节奏在买：少打扰，给专享"],
        ["Active", "Bought before and buying at their own pace: disturb little, give what others do not get"],
        r#"stage = "active""#,
    ),
    of(
        "stage_declining",
        "stage",
        ["衰退期", "超过预期间隔的两倍没来，买过一次的也算：现在唤回最划算"],
        ["Declining", "Twice the expected gap without coming, also after one purchase: the best time to win back"],
        r#"stage = "declining""#,
    ),
    of(
        "stage_lost",
        "stage",
        ["流失", "超过预期间隔的四倍没来，买过一次的也算：大事件再联系"],
        ["Lost", "Four times the expected gap without coming, also after one purchase: write on great occasions"],
        r#"stage = "lost""#,
    ),
    of(
        "stage_unconverted",
        "stage",
        ["未转化", "注册很久还没有买过"],
        ["Unconverted", "Registered long ago and never bought"],
        r#"stage = "unconverted""#,
    ),
    of(
        "rfm_hhh",
        "rfm",
        ["重要价值客户", "最近买过、买得勤、花得多（R≥4，F≥2，M≥4）"],
        ["Champions", "Recent, frequent, high spend (R ≥ 4, F ≥ 2, M ≥ 4)"],
        "rfm_r >= 4 and rfm_f >= 2 and rfm_m >= 4",
    ),
    of(
        "rfm_hlh",
        "rfm",
        ["重要发展客户", "最近买过、花得多、次数少（R≥4，F<2，M≥4）"],
        ["To develop", "Recent and high spend, not frequent (R ≥ 4, F < 2, M ≥ 4)"],
        "rfm_r >= 4 and rfm_f < 2 and rfm_m >= 4",
    ),
    of(
        "rfm_lhh",
        "rfm",
        ["重要保持客户", "买得勤、花得多、很久没来（R<4，F≥2，M≥4）"],
        ["To keep", "Frequent and high spend, not recent (R < 4, F ≥ 2, M ≥ 4)"],
        "rfm_r < 4 and rfm_f >= 2 and rfm_m >= 4",
    ),
    of(
        "rfm_llh",
        "rfm",
        ["重要挽留客户", "花得多、次数少、很久没来（R<4，F<2，M≥4）"],
        ["To win back", "High spend, neither recent nor frequent (R < 4, F < 2, M ≥ 4)"],
        "rfm_r < 4 and rfm_f < 2 and rfm_m >= 4",
    ),
    of(
        "rfm_hhl",
        "rfm",
        ["一般价值客户", "最近买过、买得勤、花得少（R≥4，F≥2，M<4）"],
        ["Regulars of small baskets", "Recent and frequent, low spend (R ≥ 4, F ≥ 2, M < 4)"],
        "rfm_r >= 4 and rfm_f >= 2 and rfm_m < 4",
    ),
    of(
        "rfm_hll",
        "rfm",
        ["一般发展客户", "最近买过、次数少、花得少（R≥4，F<2，M<4）"],
        ["Newcomers", "Recent, neither frequent nor high spend (R ≥ 4, F < 2, M < 4)"],
        "rfm_r >= 4 and rfm_f < 2 and rfm_m < 4",
    ),
    of(
        "rfm_lhl",
        "rfm",
        ["一般保持客户", "买得勤、花得少、很久没来（R<4，F≥2，M<4）"],
        ["Once frequent", "Frequent, neither recent nor high spend (R < 4, F ≥ 2, M < 4)"],
        "rfm_r < 4 and rfm_f >= 2 and rfm_m < 4",
    ),
    of(
        "rfm_lll",
        "rfm",
        ["一般挽留客户", "很久没来、次数少、花得少（R<4，F<2，M<4）"],
        ["Drifted away", "Low in all three (R < 4, F < 2, M < 4)"],
        "rfm_r < 4 and rfm_f < 2 and rfm_m < 4",
    ),
    of(
        "play_sampling",
        "play",
        ["派样唤回沉睡客户", "只买过一次、一年没来：新品派样"],
        ["Sampling to the lapsed", "Bought once, nothing for a year: a sample of what is new"],
        "count(orders where kept = true) = 1 and not exists(orders where kept = true, last 365 days)",
    ),
    of(
        "play_parcel_card",
        "play",
        ["包裹卡引导入会", "最近 30 天买过，还没有注册：包裹里放入会二维码"],
        ["Parcel card", "Bought within 30 days and not registered: a card with a code in the parcel"],
        "exists(orders where kept = true, last 30 days) and registered_at is missing",
    ),
    of(
        "play_tiers",
        "play",
        ["等级激励", "一年内买过两到四次：再买几次就能升级"],
        ["Tier programme", "Two to four orders in a year: a few more reach the next tier"],
        "count(orders where kept = true, last 365 days) in [2, 5)",
    ),
    of(
        "play_new_product",
        "play",
        ["新品唤回", "衰退或流失、同意接收短信、最近两周没联系过"],
        ["New product to the lapsed", "Declining or lost, consent to SMS, not written to within two weeks"],
        r#"stage in ("declining", "lost") and consent_sms = true and not exists(events where kind = "msg_sent", last 14 days)"#,
    ),
    of(
        "play_personal",
        "play",
        ["个性化推荐", "最近 30 天看过、收藏或加购，还没有买"],
        ["Personal content", "Looked, kept or put into the cart within 30 days, and bought nothing"],
        r#"exists(events where kind in ("view", "favourite", "cart"), last 30 days) and not exists(orders where kept = true, last 30 days)"#,
    ),
    of(
        "play_touches",
        "play",
        ["多渠道多次触达", "衰退期、短信和邮件都同意接收"],
        ["Several touches", "Declining, consent to SMS and to e-mail"],
        r#"stage = "declining" and consent_sms = true and consent_email = true"#,
    ),
];

/// All of them, in Chinese (`zh`) or English.
pub fn all(registry: &Registry, zh: bool) -> Result<Vec<ReadySegment>> {
    let reckoning = Reckoning::new(0, &Zone::shanghai());
    let one = |of: &Ready| {
        let judged = check_text(of.text, registry, &Segments::default(), &reckoning);
        let root = judged.map_err(|r| Error::fault(format!("the ready segment {}: {r}", of.key)))?.root.canonical();
        let [name, description] = if zh { of.zh } else { of.en };
        Ok(ReadySegment {
            key: of.key,
            group: of.group,
            name: name.to_owned(),
            description: description.to_owned(),
            expr: write::cond(&root),
            text: text::show(&root),
        })
    };
    ALL.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_accepted_and_named_once() {
        let all = all(&Registry::standard(), true).unwrap();
        let keys: std::collections::BTreeSet<_> = all.iter().map(|r| r.key).collect();
        assert_eq!(keys.len(), all.len());
        assert_eq!(all.iter().filter(|r| r.group == "rfm").count(), 8);
        assert_eq!(all.iter().filter(|r| r.group == "play").count(), 6);
    }
}
