//! What facts, tables, columns and their few words are called, in Chinese and English. Names in
//! expressions never change; what people read may.

/// A name in both languages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Label {
    /// The one of a language.
    pub fn text(self, zh: bool) -> &'static str {
        if zh { self.zh } else { self.en }
    }
}

const fn label(zh: &'static str, en: &'static str) -> Label {
    Label { zh, en }
}

/// Facts: name, group, and what they are called. In the order in which a person looks for them.
const FACTS: &[(&str, &str, Label)] = &[
    ("id", "identity", label("会员编号", "member id")),
    ("tags", "identity", label("标签", "tags")),
    ("source", "identity", label("来源", "source")),
    ("gender", "person", label("性别", "gender")),
    ("birthday", "person", label("生日", "birthday")),
    ("province", "person", label("省份", "province")),
    ("city", "person", label("城市", "city")),
    ("first_seen_at", "time", label("首次出现时间", "first seen")),
    ("registered_at", "time", label("注册时间", "registered")),
    ("last_visit_at", "time", label("最近到访时间", "last visit")),
    ("now", "time", label("此刻", "now")),
    ("stage", "standing", label("生命周期阶段", "lifecycle stage")),
    ("rfm_r", "standing", label("RFM 最近一次得分 R", "RFM recency score")),
    ("rfm_f", "standing", label("RFM 频次得分 F", "RFM frequency score")),
    ("rfm_m", "standing", label("RFM 金额得分 M", "RFM money score")),
    ("p_alive", "standing", label("仍活跃的概率", "probability alive")),
    ("clv", "standing", label("预计终身价值", "lifetime value")),
    ("tier", "loyalty", label("等级", "tier")),
    ("growth", "loyalty", label("成长值", "growth value")),
    ("points", "loyalty", label("可用积分", "points")),
    ("store_credit", "loyalty", label("储值余额", "store credit")),
    ("paid_member", "loyalty", label("付费会员", "paid member")),
    ("consent_sms", "consent", label("同意接收短信", "consent to SMS")),
    ("consent_email", "consent", label("同意接收邮件", "consent to e-mail")),
    ("consent_ads", "consent", label("同意广告匹配", "consent to ads")),
];

/// Groups of facts.
const GROUPS: &[(&str, Label)] = &[
    ("identity", label("会员", "Member")),
    ("person", label("个人资料", "Person")),
    ("time", label("时间", "Time")),
    ("standing", label("阶段与价值", "Stage and value")),
    ("loyalty", label("等级与权益", "Tier and benefits")),
    ("consent", label("授权", "Consent")),
    ("other", label("其他", "Other")),
];

const TABLES: &[(&str, Label)] = &[
    ("orders", label("订单", "orders")),
    ("lines", label("商品明细", "order lines")),
    ("refunds", label("退款", "refunds")),
    ("events", label("行为", "events")),
];

/// Columns by their name; columns of one name are alike.
const COLUMNS: &[(&str, Label)] = &[
    ("order_id", label("订单", "order")),
    ("line_id", label("明细行", "line")),
    ("refund_id", label("退款单", "refund")),
    ("event_id", label("行为记录", "event")),
    ("paid_at", label("付款时间", "paid")),
    ("completed_at", label("完成时间", "completed")),
    ("state", label("订单状态", "state")),
    ("purchase", label("付过款", "paid for")),
    ("kept", label("有效购买", "kept purchase")),
    ("net", label("净支付", "net paid")),
    ("shop", label("店铺", "shop")),
    ("platform", label("平台", "platform")),
    ("pay_method", label("支付方式", "way of paying")),
    ("coupon", label("优惠券", "coupon")),
    ("items", label("件数", "pieces")),
    ("paid", label("实付金额", "paid by the member")),
    ("received", label("商家实收", "received by the merchant")),
    ("discount", label("优惠金额", "discount")),
    ("shipping", label("运费", "shipping")),
    ("weather", label("下单日天气", "weather of the day")),
    ("temperature", label("下单日最高气温（℃）", "highest temperature of the day (°C)")),
    ("sku", label("商品", "goods")),
    ("category", label("品类", "category")),
    ("qty", label("数量", "quantity")),
    ("amount", label("金额", "amount")),
    ("refunded_qty", label("已退数量", "refunded quantity")),
    ("refunded", label("已退金额", "refunded amount")),
    ("kind", label("类型", "kind")),
    ("reason", label("原因", "reason")),
    ("channel", label("渠道", "channel")),
    ("word", label("搜索词", "search word")),
    ("campaign", label("活动", "campaign")),
    ("value", label("数值", "value")),
];

const TIMES: &[(&str, Label)] = &[
    ("orders", label("下单时间", "placed")),
    ("lines", label("下单时间", "placed")),
    ("refunds", label("退款时间", "refunded")),
    ("events", label("发生时间", "happened")),
];

/// Words with what they are called.
pub type Words = &'static [(&'static str, Label)];

const GENDER: Words = &[("female", label("女", "female")), ("male", label("男", "male")), ("other", label("其他", "other"))];

const STAGE: Words = &[
    ("join", label("加入", "join")),
    ("active", label("活跃", "active")),
    ("declining", label("衰退", "declining")),
    ("lost", label("流失", "lost")),
    ("unconverted", label("未转化", "unconverted")),
];

const STATE: Words = &[
    ("created", label("待付款", "created")),
    ("paid", label("已付款", "paid")),
    ("shipped", label("已发货", "shipped")),
    ("completed", label("已完成", "completed")),
    ("closed", label("已关闭", "closed")),
];

const PLATFORM: Words = &[
    ("taobao", label("淘宝", "Taobao")),
    ("tmall", label("天猫", "Tmall")),
    ("1688", label("1688", "1688")),
    ("jd", label("京东", "JD")),
    ("pdd", label("拼多多", "Pinduoduo")),
    ("douyin", label("抖音", "Douyin")),
    ("kuaishou", label("快手", "Kuaishou")),
    ("xiaohongshu", label("小红书", "Xiaohongshu")),
    ("vip", label("唯品会", "Vipshop")),
    ("wechat_shop", label("微信小店", "WeChat shop")),
    ("youzan", label("有赞", "Youzan")),
    ("own", label("自有店铺", "own shop")),
];

const WEATHER: Words = &[
    ("clear", label("晴", "clear")),
    ("cloudy", label("多云或阴", "cloudy")),
    ("fog", label("雾霾沙尘", "fog, haze or dust")),
    ("rain", label("雨", "rain")),
    ("snow", label("雪", "snow")),
    ("extreme", label("极端天气（暴雨、暴雪、台风等）", "extreme (rainstorm, blizzard, typhoon …)")),
];

const REFUND_KIND: Words = &[("return", label("退货退款", "goods returned")), ("amount_only", label("仅退款", "money only"))];

const EVENT_KIND: Words = &[
    ("view", label("浏览", "viewed")),
    ("search", label("搜索", "searched")),
    ("cart", label("加入购物车", "put into the cart")),
    ("favourite", label("收藏", "made a favourite")),
    ("share", label("分享", "shared")),
    ("review", label("评价", "reviewed")),
    ("consult", label("咨询", "asked a question")),
    ("login", label("登录", "signed in")),
    ("checkin", label("签到", "checked in")),
    ("visit", label("到访", "visited")),
    ("msg_sent", label("收到消息", "message sent")),
    ("msg_open", label("打开消息", "opened a message")),
    ("msg_click", label("点击消息", "clicked in a message")),
    ("msg_reply", label("回复消息", "replied to a message")),
    ("register", label("注册", "registered")),
    ("follow", label("关注店铺", "followed the shop")),
    ("subscribe", label("订阅", "subscribed")),
];

fn find<T: Copy>(all: &[(&str, T)], name: &str) -> Option<T> {
    all.iter().find(|(n, _)| *n == name).map(|(_, of)| *of)
}

/// The group of a fact and what it is called; none of a fact that has no label.
pub fn fact(name: &str) -> Option<(&'static str, Label)> {
    FACTS.iter().find(|(n, ..)| *n == name).map(|(_, group, label)| (*group, *label))
}

/// Where a fact stands among all, for lists.
pub fn rank(name: &str) -> usize {
    FACTS.iter().position(|(n, ..)| *n == name).unwrap_or(FACTS.len())
}

/// What a group of facts is called.
pub fn group(name: &str) -> Option<Label> {
    find(GROUPS, name)
}

/// What a table is called.
pub fn table(name: &str) -> Option<Label> {
    find(TABLES, name)
}

/// What a column of a table is called.
pub fn column(table: &str, name: &str) -> Option<Label> {
    if name == "time" { find(TIMES, table) } else { find(COLUMNS, name) }
}

/// The few words that a fact may be, where the product says which.
pub fn fact_words(name: &str) -> Words {
    match name {
        "gender" => GENDER,
        "stage" => STAGE,
        _ => &[],
    }
}

/// The few words that a column may be, where the product says which.
pub fn column_words(table: &str, name: &str) -> Words {
    match (table, name) {
        (_, "state") => STATE,
        (_, "platform") => PLATFORM,
        ("orders", "weather") => WEATHER,
        ("refunds", "kind") => REFUND_KIND,
        ("events", "kind") => EVENT_KIND,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use shuke_columns::Registry;

    use super::*;

    #[test]
    fn no_two_words_are_called_the_same() {
        let registry = Registry::standard();
        let columns = registry.tables().iter().flat_map(|t| t.columns.iter().map(|c| column_words(&t.name, &c.name)));
        for words in registry.facts().iter().map(|f| fact_words(&f.name)).chain(columns) {
            for zh in [true, false] {
                let called: std::collections::BTreeSet<_> = words.iter().map(|(_, label)| label.text(zh)).collect();
                assert_eq!(called.len(), words.len(), "{words:?}");
            }
        }
        let store = Registry::of_store();
        for (word, _) in EVENT_KIND {
            assert_eq!(store.spoken("events", "kind", word), *word, "a word of ours is the one that rows have");
        }
    }

    #[test]
    fn everything_in_the_registry_is_called_something() {
        let registry = Registry::standard();
        for of in registry.facts() {
            let (in_group, _) = fact(&of.name).unwrap_or_else(|| panic!("the fact {} has no label", of.name));
            assert!(group(in_group).is_some());
        }
        for of in registry.tables() {
            assert!(table(&of.name).is_some(), "{}", of.name);
            for c in &of.columns {
                assert!(column(&of.name, &c.name).is_some(), "{}.{}", of.name, c.name);
            }
        }
    }
}
