//! What the tables of reports are called in Chinese, and which of their figures are money. A name is
//! a path as in the answer, `money.paid_gross`; a place among many, such as an hour, is a number in it.

/// Figures that are money, by the last word of their path.
const MONEY: [&str; 14] = [
    "paid",
    "received",
    "paid_gross",
    "received_gross",
    "refunded_paid",
    "refunded_received",
    "paid_first",
    "paid_repeat",
    "paid_identified",
    "paid_unidentified",
    "refunds_unlinked_paid",
    "refunds_over",
    "average_order_value",
    "m",
];

/// Words of paths; a whole path that reads otherwise than its words stands first.
const WORDS: &[(&str, &str)] = &[
    ("moves.from", "原阶段"),
    ("moves.to", "新阶段"),
    ("moves.members", "会员数"),
    ("gaps.min", "最短间隔（天）"),
    ("gaps.max", "最长间隔（天）"),
    ("bands.from", "从（天）"),
    ("about", "口径"),
    ("active", "活跃"),
    ("as_of", "统计截止日"),
    ("average_order_value", "客单价"),
    ("bands", "间隔分段"),
    ("bought_ever", "买过"),
    ("buyers", "购买人数"),
    ("category", "类目"),
    ("category_gaps", "类目间隔"),
    ("cells", "三项得分"),
    ("centre", "高低分界"),
    ("cohort", "首购月份"),
    ("cohorts", "同期群"),
    ("compared", "对比期"),
    ("count", "数量"),
    ("coverage", "覆盖情况"),
    ("currency", "币种"),
    ("cut_at", "分界值"),
    ("cuts", "分档方式"),
    ("declining", "衰退"),
    ("default", "默认 90 天"),
    ("en", "英文名"),
    ("events", "买了第二次"),
    ("expected_gap", "预期间隔（天）"),
    ("f", "购买次数"),
    ("figure", "指标"),
    ("figures", "指标"),
    ("first", "首次购买"),
    ("from", "起始"),
    ("gap_from", "间隔依据"),
    ("gaps", "间隔"),
    ("grain", "粒度"),
    ("group", "分类"),
    ("groups", "八类会员"),
    ("items_per_order", "每单件数"),
    ("join", "加入"),
    ("known", "会员总数"),
    ("lines_per_order", "每单商品种数"),
    ("lost", "流失"),
    ("m", "消费金额"),
    ("max", "最大"),
    ("mean", "平均"),
    ("median", "中位数"),
    ("median_days", "半数人的天数"),
    ("median_of_returned", "再次购买者的天数中位数"),
    ("member", "会员编号"),
    ("members", "会员数"),
    ("met_by_order", "由订单认识"),
    ("min", "最小"),
    ("money", "金额"),
    ("month", "月份"),
    ("moves", "阶段变化"),
    ("name", "名称"),
    ("never_bought", "从未购买"),
    ("new_buyers", "新客"),
    ("orders", "订单数"),
    ("orders_by_hour", "各小时订单数"),
    ("orders_by_weekday", "各星期订单数"),
    ("orders_identified", "已识别订单"),
    ("orders_other_currency", "其他币种订单"),
    ("orders_refund_estimated", "按全额估算退款的订单"),
    ("orders_time_estimated", "没有付款时间的订单"),
    ("orders_unidentified", "未识别订单"),
    ("p25", "25 分位"),
    ("p75", "75 分位"),
    ("p90", "90 分位"),
    ("paid", "净实付"),
    ("paid_first", "首购净实付"),
    ("paid_gross", "实付（未减退款）"),
    ("paid_identified", "已识别净实付"),
    ("paid_repeat", "复购净实付"),
    ("paid_unidentified", "未识别净实付"),
    ("period", "周期"),
    ("place", "第几个月"),
    ("points", "走势"),
    ("previous", "上一段"),
    ("r", "最近购买"),
    ("r_days", "距上次购买（天）"),
    ("received", "商家实收（减退款）"),
    ("received_share", "销售占比"),
    ("received_gross", "商家实收（未减退款）"),
    ("refunded_paid", "退给顾客"),
    ("refunded_received", "商家退款"),
    ("refunded_units", "退货件数"),
    ("refunds_over", "超出实付的退款"),
    ("refunds_unlinked", "找不到订单的退款"),
    ("refunds_unlinked_paid", "找不到订单的退款金额"),
    ("region", "地区"),
    ("registered", "新注册"),
    ("registered_in_window", "期间新注册"),
    ("repeat", "再次购买"),
    ("repeat_buyers", "买两次以上"),
    ("report", "报表"),
    ("repurchase_rate", "复购率"),
    ("retention", "留存率"),
    ("returned_share", "退货率（件）"),
    ("returning_buyers", "老客"),
    ("returns", "退款口径"),
    ("row", "序号"),
    ("rows", "明细"),
    ("score", "得分"),
    ("scores", "各项得分"),
    ("second_purchase", "第二次购买"),
    ("series", "分段"),
    ("share", "占比"),
    ("shop", "全店"),
    ("shop_gap", "全店间隔"),
    ("since_days", "距今（天）"),
    ("size", "首购人数"),
    ("sku", "商品编码"),
    ("skus", "商品数"),
    ("stage", "阶段"),
    ("stages", "各阶段会员"),
    ("sum", "合计"),
    ("survival", "尚未再买的比例"),
    ("to", "截至（不含）"),
    ("total", "合计"),
    ("transitions", "每月阶段变化"),
    ("trend", "月度走势"),
    ("unconverted", "未转化"),
    ("unidentified", "未识别"),
    ("units", "件数"),
    ("unknown", "未知"),
    ("value", "数值"),
    ("with", "对比方式"),
    ("within", "到该月底已回购"),
    ("without_sku", "无编码商品"),
    ("zh", "名称"),
    ("zone", "时区"),
];

fn place(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn word(text: &str) -> Option<&'static str> {
    WORDS.iter().find(|(key, _)| *key == text).map(|(_, zh)| *zh)
}

/// A path in Chinese; words that are data, such as a score, stay. `None` where a word is not known.
pub fn chinese(path: &str) -> Option<String> {
    if let Some(whole) = word(path) {
        return Some(whole.to_owned());
    }
    let words: Option<Vec<&str>> = path.split('.').map(|w| if place(w) { Some(w) } else { word(w) }).collect();
    words.map(|w| w.join(" · "))
}

/// A column of a table in Chinese. The calendar's grids have a row a weekday and a column an hour.
pub fn column(table: &str, header: &str) -> Option<String> {
    match (table, header) {
        ("orders" | "paid" | "members" | "orders_by_weekday", "row") => Some("星期（0 为周一）".to_owned()),
        ("orders_by_hour", "row") => Some("小时".to_owned()),
        ("orders_by_hour" | "orders_by_weekday", "value") => word("orders").map(str::to_owned),
        ("orders" | "paid" | "members", hour) if place(hour) => Some(format!("{hour} 时")),
        _ => chinese(header),
    }
}

/// Whether the figure at a path is money.
pub fn is_money(path: &str) -> bool {
    let mut words = path.split('.').collect::<Vec<_>>();
    while words.len() > 1 && words.last().is_some_and(|w| place(w)) {
        words.pop();
    }
    // Members by their score of money.
    !words.contains(&"scores") && words.last().is_some_and(|w| MONEY.contains(w))
}

/// Whether a column of a table is money.
pub fn column_is_money(table: &str, header: &str) -> bool {
    if place(header) { is_money(table) } else { is_money(header) }
}
