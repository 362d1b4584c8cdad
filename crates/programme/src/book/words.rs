//! What causes of entries are called by people.

/// What a kind of cause is called.
pub fn cause(kind: &str, zh: bool) -> &str {
    let (chinese, english) = match kind {
        "order_paid" => ("订单付款", "Order paid"),
        "final" => ("订单完成入账", "Order final"),
        "order_completed" => ("订单完成", "Order completed"),
        "refund" => ("退款", "Refund"),
        "order_closed" => ("订单关闭", "Order closed"),
        "spend" => ("消费积分", "Points spent"),
        "spend_reverse" => ("退回已消费积分", "Spend given back"),
        "hold" => ("预扣积分", "Points held"),
        "hold_capture" => ("预扣确认扣减", "Held points spent"),
        "hold_release" => ("释放预扣", "Hold released"),
        "hold_end" => ("预扣超时释放", "Hold timed out"),
        "check_in" => ("签到", "Check-in"),
        "adjust" => ("人工调整", "Adjusted by hand"),
        "growth" => ("成长值变动", "Growth value"),
        "visit" => ("到访", "Visit"),
        "birthday" => ("生日赠送", "Birthday"),
        "tier_reward" => ("升级奖励", "Tier reward"),
        "tier_end" => ("等级到期", "Tier period ended"),
        "lot_end" => ("积分过期", "Points expired"),
        "rules" => ("新规则生效", "New rules"),
        "absorb" | "depart" => ("会员合并", "Members merged"),
        other => (other, other),
    };
    if zh { chinese } else { english }
}
