//! The platforms' status words and what they mean. A word that is not here is unknown and said so;
//! it is never taken for the nearest one.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::cell::fold_char;

/// The canonical states of an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Placed, not paid.
    Created,
    /// Paid, not (wholly) dispatched.
    Paid,
    /// Dispatched.
    Shipped,
    /// Received and completed.
    Completed,
    /// Cancelled, or closed by a refund.
    Closed,
}

impl State {
    /// `created`, `paid`, …
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Paid => "paid",
            Self::Shipped => "shipped",
            Self::Completed => "completed",
            Self::Closed => "closed",
        }
    }
}

/// What a status word says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Meaning {
    /// The state; `None` where the word only says that the order is on hold.
    pub state: Option<State>,
    /// The word says that the money went back.
    pub refunded: bool,
    /// The word says that it was never paid.
    pub unpaid: bool,
    /// A warning that the word deserves.
    pub warn: Option<&'static str>,
}

const fn m(state: State) -> Meaning {
    Meaning { state: Some(state), refunded: false, unpaid: false, warn: None }
}
const fn warn(state: State, w: &'static str) -> Meaning {
    Meaning { warn: Some(w), ..m(state) }
}
const REFUNDED: Meaning = Meaning { refunded: true, ..m(State::Closed) };
const UNPAID: Meaning = Meaning { unpaid: true, ..m(State::Closed) };

const PARTIAL: &str = "status_word_partial_shipment";
const REFUNDING: &str = "status_word_refund_in_progress";
/// The word says that part of the money went back, not how far the order is.
pub const PARTIAL_REFUND: &str = "status_word_partial_refund";
const DEPOSIT: &str = "status_word_deposit";

/// Words by meaning, written as the platforms write them.
static WORDS: &[(Meaning, &[&str])] = &[
    (
        m(State::Created),
        &[
            "等待买家付款",
            "等待付款",
            "待付款",
            "待支付",
            "未付款",
            "尚未付款",
            "未支付",
            "付款确认中",
            "已下单",
            "已创建",
            "待买家付款",
            "等待支付",
            "新订单未付款",
            "TRADE_NO_CREATE_PAY",
            "WAIT_BUYER_PAY",
            "PAY_PENDING",
            "WAIT_PAY",
            "pending payment",
            "unpaid",
            "待付定金",
            "没有创建支付宝交易",
            "等待分阶段付款",
            "延迟付款确认",
            "等待付款确认",
            "created",
        ],
    ),
    (
        warn(State::Created, DEPOSIT),
        &[
            "定金已付,等待尾款",
            "已付定金,待付尾款",
            "预售待付尾款",
            "定金已付尾款未付",
            "等待付尾款",
            "待付尾款",
            "等待买家付尾款",
            "已付定金",
            "FRONT_PAID_FINAL_NOPAID",
        ],
    ),
    (
        m(State::Paid),
        &[
            "待出货",
            "未出货",
            "出货中",
            "买家已付款",
            "买家已付款,等待卖家发货",
            "等待卖家发货",
            "等待发货",
            "待发货",
            "已付款",
            "已支付",
            "已付款待发货",
            "已付款,待发货",
            "备货中",
            "待出库",
            "等待出库",
            "等待打印",
            "待打印",
            "待审核",
            "待配货",
            "待拣货",
            "待成团",
            "待接单",
            "待商家发货",
            "已付款待审核",
            "已审核待配快递",
            "已客审待财审",
            "发货中",
            "异常",
            "等待处理",
            "等待商家发货",
            "已成团,待发货",
            "已打单",
            "待递交",
            "已递交仓库",
            "WaitConfirm",
            "Delivering",
            "等待厂商处理",
            "正在出库",
            "已审核",
            "待财审",
            "待客审",
            "等供销商发货",
            "等外仓发货",
            "等供销商|外仓发货",
            "待核销",
            "待自提",
            "已拼团,待发货",
            "拼团成功,待发货",
            "WAIT_SELLER_SEND_GOODS",
            "PAID_FORBID_CONSIGN",
            "WAIT_SELLER_STOCK_OUT",
            "WAIT_SELLER_DELIVERY",
            "TRADE_PAID",
            "WAIT_CONFIRM",
            "paid",
        ],
    ),
    (
        warn(State::Paid, PARTIAL),
        &["卖家部分发货", "部分发货", "部分卖家已发货", "部分已发货", "SELLER_CONSIGNED_PART", "partially shipped"],
    ),
    (
        m(State::Shipped),
        &[
            "卖家已发货,等待买家确认",
            "卖家已发货",
            "已出货",
            "已发货",
            "已发货,待签收",
            "已发货,待收货",
            "已发货待签收",
            "已发货待收货",
            "待收货",
            "待签收",
            "等待确认收货",
            "等待买家确认收货",
            "待确认收货",
            "买家已签收",
            "买家已签收,货到付款专用",
            "商家已发货",
            "商品出库",
            "物流运输中",
            "已送达",
            "货到付款签收",
            "已出库",
            "运输中",
            "运送中",
            "配送中",
            "派送中",
            "等待收货",
            "WAIT_BUYER_CONFIRM_GOODS",
            "TRADE_BUYER_SIGNED",
            "WAIT_GOODS_RECEIVE_CONFIRM",
            "shipped",
            "delivered to carrier",
            "Sent",
        ],
    ),
    (
        m(State::Completed),
        &[
            "交易成功",
            "交易完成",
            "已完成",
            "完成",
            "已收货",
            "已签收",
            "已确认收货",
            "确认收货",
            "订单完成",
            "已成功",
            "交易已完成",
            "订单已完成",
            "待评价",
            "已评价",
            "已核销",
            "TRADE_FINISHED",
            "TRADE_SUCCESS",
            "RECEIPTS_CONFIRM",
            "FINISHED_L",
            "completed",
            "finished",
            "delivered",
        ],
    ),
    (
        m(State::Closed),
        &[
            "交易关闭",
            "已关闭",
            "订单关闭",
            "关闭",
            "交易自动关闭",
            "TRADE_CLOSED",
            "closed",
            "已作废",
            "作废",
            "被合并",
            "被拆分",
            "已拆分",
            "无效",
            "交易已关闭",
            "订单已关闭",
            "付款后交易关闭",
            "Merged",
            "Split",
        ],
    ),
    (
        UNPAID,
        &[
            "已取消",
            "取消",
            "交易取消",
            "订单取消",
            "用户取消",
            "未付款,已取消",
            "未支付取消",
            "超时未支付取消",
            "拼单失败",
            "拼团失败",
            "未付款关闭",
            "付款以前,卖家或买家主动关闭交易",
            "TRADE_CLOSED_BY_TAOBAO",
            "TRADE_CANCELED",
            "canceled",
            "cancelled",
        ],
    ),
    (
        REFUNDED,
        &[
            "未发货,退款成功",
            "已发货,退款成功",
            "已收货,退款成功",
            "已签收,退款成功",
            "退款成功",
            "已取消,退款成功",
            "退款完结",
            "退货完成",
            "发货前退款完成",
            "发货后退款完成",
            "线下退款",
            "已退货",
            "已退款",
            "全额退款",
            "退款完成",
            "付款以后用户退款成功,交易自动关闭",
            "refunded",
        ],
    ),
    (warn(State::Paid, REFUNDING), &["等待卖家同意退款", "待发货,退款中", "未发货,退款中", "退款中", "待发货,售后中"]),
    (warn(State::Shipped, REFUNDING), &["已发货,退款中", "待收货,退款中", "已发货,售后中"]),
    (warn(State::Completed, REFUNDING), &["已收货,退款中", "已签收,退款中"]),
    (Meaning { state: None, refunded: false, unpaid: false, warn: Some("status_word_locked") }, &["锁定", "LOCKED", "已锁定"]),
    (
        Meaning { state: None, refunded: false, unpaid: false, warn: Some(PARTIAL_REFUND) },
        &[
            "部分退款",
            "部分退款成功",
            "已部分退款",
            "部分商品退款",
            "部分退货",
            "partially refunded",
            "partial refund",
            "PARTIALLY_REFUNDED",
        ],
    ),
    (
        Meaning { state: None, refunded: false, unpaid: false, warn: Some("status_word_paused") },
        &["暂停", "PAUSE", "POP_ORDER_PAUSE", "已暂停", "挂起"],
    ),
];

/// WooCommerce's own words.
static WOO: &[(Meaning, &[&str])] = &[
    (m(State::Created), &["pending", "pendingpayment", "checkout-draft", "auto-draft", "draft"]),
    (warn(State::Created, "status_on_hold"), &["on-hold", "onhold"]),
    (m(State::Paid), &["processing"]),
    (m(State::Shipped), &["shipped", "partial-shipped", "delivered"]),
    (m(State::Completed), &["completed"]),
    (UNPAID, &["cancelled", "canceled", "failed", "trash"]),
    (
        Meaning { state: None, refunded: false, unpaid: false, warn: Some(PARTIAL_REFUND) },
        &["partially-refunded", "partiallyrefunded", "partial-refunded"],
    ),
    (REFUNDED, &["refunded"]),
];

fn key(word: &str) -> String {
    let folded: String = word
        .chars()
        .map(fold_char)
        .filter(|c| !c.is_whitespace())
        .map(|c| if matches!(c, '，' | '、' | '；' | ';') { ',' } else { c })
        .flat_map(char::to_lowercase)
        .collect();
    crate::header::simplify(folded.trim_end_matches(['。', '.', ',']))
}

fn table(words: &[(Meaning, &[&str])]) -> HashMap<String, Meaning> {
    // The spellings of the files themselves too, so that the usual word needs no folding.
    words
        .iter()
        .flat_map(|(m, ws)| ws.iter().flat_map(move |w| [(key(w), *m), ((*w).to_owned(), *m), (w.replace(',', "，"), *m)]))
        .collect()
}

static COMMON: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| table(WORDS));
static WOO_WORDS: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| table(WOO));

/// What this word of any Chinese platform or ERP means. Words seen once are looked up by their
/// exact spelling; folding happens only for new spellings.
pub fn meaning(word: &str) -> Option<Meaning> {
    if let Some(hit) = COMMON.get(word) {
        return Some(*hit);
    }
    let k = key(word);
    if let Some(rest) = k.strip_prefix("(删除)").or_else(|| k.strip_prefix("(已删除)")) {
        return COMMON
            .get(rest)
            .map(|m| Meaning { state: Some(State::Closed), warn: None, unpaid: m.state == Some(State::Created), refunded: m.refunded })
            .or(Some(m(State::Closed)));
    }
    if let Some(rest) = k.strip_prefix("(锁定)") {
        return COMMON.get(rest).map(|m| Meaning { warn: Some("status_word_locked"), ..*m });
    }
    COMMON.get(&k).copied()
}

/// What this word of a WooCommerce shop means.
pub fn woo(word: &str) -> Option<Meaning> {
    let k = key(word);
    WOO_WORDS.get(k.strip_prefix("wc-").unwrap_or(&k)).copied()
}

/// What Shopify's pair of words means: `None` if the payment or dispatch word is unknown.
pub fn shopify(financial: &str, fulfilment: &str) -> Option<Meaning> {
    let fulfilled = match key(fulfilment).as_str() {
        "fulfilled" => Some(State::Shipped),
        "" | "unfulfilled" | "pending" | "restocked" | "scheduled" | "onhold" | "on_hold" | "open" | "in_progress" => None,
        "partial" | "partially_fulfilled" => Some(State::Paid),
        _ => return None,
    };
    let partial = matches!(key(fulfilment).as_str(), "partial" | "partially_fulfilled");
    let moved = Meaning { warn: partial.then_some(PARTIAL), ..m(fulfilled.unwrap_or(State::Paid)) };
    Some(match key(financial).as_str() {
        "paid" => moved,
        "partially_refunded" => moved,
        "pending" | "authorized" | "unpaid" => m(State::Created),
        "partially_paid" => warn(State::Created, "status_word_partially_paid"),
        "voided" | "expired" => UNPAID,
        "refunded" => REFUNDED,
        _ => return None,
    })
}

/// What an after-sale word says about a line or an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AfterSale {
    /// Nothing was asked for, or the request was closed.
    None,
    /// Under way.
    InProgress,
    /// Part of the money went back.
    Partial,
    /// The money went back.
    Refunded,
    /// A word that is not known; it is kept and said, and leaves what went back untold.
    Unknown,
}

/// Reads a word of an after-sale column.
pub fn after_sale(word: &str) -> AfterSale {
    let k = key(word);
    if k.is_empty() {
        return AfterSale::None;
    }
    // A column may only ask whether it was refunded.
    match k.as_str() {
        "是" | "yes" | "true" | "y" => return AfterSale::Refunded,
        "否" | "no" | "false" | "n" => return AfterSale::None,
        _ => {}
    }
    let says = |w: &[&str]| w.iter().any(|w| k.contains(w));
    let under_way = k.ends_with('中') || says(&["处理中", "退款中", "售后中"]);
    if says(&[
        "无售后",
        "没有申请",
        "无退款",
        "未退款",
        "售后取消",
        "售后关闭",
        "退款关闭",
        "退款失败",
        "退款取消",
        "已拒绝",
        "拒绝退款",
        "no_refund",
        "closed",
        "换货成功",
        "换货完成",
        "补寄成功",
        "补寄完成",
        "维修完成",
        "已撤销",
        "已关闭",
    ]) {
        AfterSale::None
    } else if !under_way && (says(&["部分退", "partial"]) || (k.contains("部分") && k.contains('退'))) {
        AfterSale::Partial
    } else if !under_way
        && says(&[
            "退款成功",
            "已退款",
            "全额退款",
            "退款完成",
            "退款已完成",
            "已退货退款",
            "退货退款成功",
            "退货退款完成",
            "退货成功",
            "退货完成",
            "售后成功",
            "售后完成",
            "success",
            "refunded",
        ])
    {
        AfterSale::Refunded
    } else if under_way || says(&["待", "申请", "同意", "审核", "wait"]) {
        AfterSale::InProgress
    } else {
        AfterSale::Unknown
    }
}

/// Whether what stands for a closing reason says that the order was not closed, as Taobao's reports
/// do of every other order.
pub fn not_closed(word: &str) -> bool {
    word == "订单未关闭"
}

/// Whether a closing reason says that the order was never paid.
pub fn reason_unpaid(word: &str) -> bool {
    ["未付款", "未支付", "超时", "未及时付款", "拍错", "不想买", "取消订单"].iter().any(|w| word.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_platforms() {
        let state = |w| meaning(w).and_then(|m| m.state);
        assert_eq!(state("卖家已发货，等待买家确认"), Some(State::Shipped));
        assert_eq!(state("买家已付款,等待卖家发货"), Some(State::Paid));
        assert_eq!(state("(删除)等待出库"), Some(State::Closed));
        assert_eq!(state("已发货，待收货"), Some(State::Shipped));
        assert_eq!(state("交易關閉"), Some(State::Closed));
        assert!(not_closed("订单未关闭") && !not_closed("订单关闭"));
        assert_eq!(meaning("锁定").map(|m| m.state), Some(None));
        for unknown in ["平台介入处理中", "系统处理异常", "风控审核", "未知状态", "审核中"] {
            assert_eq!(meaning(unknown), None, "{unknown}");
        }
        assert_eq!(woo("checkout-drafty"), None);
        assert_eq!(woo("wc-processing").and_then(|m| m.state), Some(State::Paid));
        assert_eq!(shopify("on_hold_by_alien", "fulfilled"), None);
        assert_eq!(after_sale("无售后或售后取消"), AfterSale::None);
        assert_eq!(after_sale("退款成功"), AfterSale::Refunded);
        assert_eq!(after_sale("部分退款成功"), AfterSale::Partial);
        for (means, words) in [
            (AfterSale::Refunded, &["售后完成", "已退货退款", "退货成功", "售后成功", "退款已完成", "已全额退款", "SUCCESS"][..]),
            (AfterSale::Partial, &["退款成功(部分)", "已退款-部分", "部分退", "部分退款"]),
            (
                AfterSale::InProgress,
                &["退款中", "部分退款中", "退货退款中", "买家已经申请退款，等待卖家同意", "已退货，待退款", "待商家处理"],
            ),
            (AfterSale::None, &["退款关闭", "售后关闭", "补寄成功", "没有申请退款", "NO_REFUND", ""]),
            (AfterSale::Unknown, &["退款", "平台介入", "未知词"]),
        ] {
            for w in words {
                assert_eq!(after_sale(w), means, "{w}");
            }
        }
    }
}
