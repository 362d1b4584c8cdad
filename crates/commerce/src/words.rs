//! What platforms and states of orders are called in sheets for people (docs/glossary.md); elsewhere their codes stand.

/// A platform by its code; one that is not known stands for itself.
pub fn platform(code: &str, zh: bool) -> &str {
    let (chinese, english) = match code {
        "taobao" => ("淘宝", "Taobao"),
        "tmall" => ("天猫", "Tmall"),
        "jd" => ("京东", "JD"),
        "pdd" => ("拼多多", "Pinduoduo"),
        "douyin" => ("抖音", "Douyin"),
        "youzan" => ("有赞", "Youzan"),
        "wechat" => ("微信", "WeChat"),
        "shopify" => ("Shopify", "Shopify"),
        "woocommerce" => ("WooCommerce", "WooCommerce"),
        "own" => ("自营", "Own shop"),
        _ => (code, code),
    };
    if zh { chinese } else { english }
}

/// A state of an order by its code.
pub fn state(code: &str, zh: bool) -> &str {
    let (chinese, english) = match code {
        "created" => ("待付款", "Awaiting payment"),
        "paid" => ("已付款", "Paid"),
        "shipped" => ("已发货", "Shipped"),
        "completed" => ("已完成", "Completed"),
        "closed" => ("已关闭", "Closed"),
        _ => (code, code),
    };
    if zh { chinese } else { english }
}
