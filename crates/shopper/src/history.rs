//! What happened to a member's points, in a shopper's words: entries of one cause are one line, what moves nothing that a
//! shopper sees is left out, and what people of the shop wrote for each other stays with them.

use std::collections::HashMap;

use serde::Serialize;
use shuke_commerce::OrderId;
use shuke_kernel::{Ctx, Instant, Result};
use shuke_loyalty::Account;
use shuke_members::MemberId;
use shuke_programme::ProgrammeId;
use shuke_programme::book::entries::{self, Kept};
use shuke_store::{Tx, args};

use crate::claim::tail;

/// Entries read for one page.
const READ: i64 = 200;

/// A line of the history.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// When it happened.
    pub at: Instant,
    /// The kind of cause, as in the ledger: `order_paid`, `spend`, `lot_end`.
    pub kind: String,
    /// In the shopper's language.
    pub text: String,
    /// By how much the points free to spend changed.
    pub points: i64,
    /// By how much the points on their way changed.
    pub pending: i64,
}

/// A page of it, newest first, and the number before which to go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lines {
    /// The lines.
    pub lines: Vec<Line>,
    /// Where to go on; none at the end.
    pub next: Option<i64>,
}

/// Entries of one cause, booked together.
struct Group {
    first: Kept,
    points: i64,
    pending: i64,
    last: i64,
}

impl Group {
    fn of(kept: Kept) -> Self {
        let mut group = Self { last: kept.seq, points: 0, pending: 0, first: kept.clone() };
        group.add(&kept);
        group
    }

    fn add(&mut self, kept: &Kept) {
        let entry = &kept.entry;
        let change = |account| (i64::from(entry.to == account) - i64::from(entry.from == account)) * entry.amount;
        self.points = self.points.saturating_add(change(Account::Available));
        self.pending = self.pending.saturating_add(change(Account::Pending));
        self.last = kept.seq;
    }

    fn takes(&self, kept: &Kept) -> bool {
        let (a, b) = (&self.first.entry, &kept.entry);
        a.cause == b.cause && a.booked == b.booked && a.happened == b.happened && a.corrects == b.corrects
    }
}

/// At most `limit` lines before a number.
pub fn page(tx: &mut Tx<'_>, cx: &Ctx, programme: ProgrammeId, member: MemberId, before: i64, limit: usize, zh: bool) -> Result<Lines> {
    let kept = entries::of_member(tx, cx, programme, member, before, READ)?;
    let more = kept.len() as i64 == READ;
    let mut groups: Vec<Group> = Vec::new();
    for kept in kept {
        match groups.last_mut().filter(|group| group.takes(&kept)) {
            Some(group) => group.add(&kept),
            None => groups.push(Group::of(kept)),
        }
    }
    // The oldest may go on beyond what was read: it begins the next page, unless it is all there is.
    if more && groups.len() > 1 {
        groups.pop();
    }
    let (mut shown, mut seen, mut next) = (Vec::new(), None, None);
    let all = groups.len();
    for (i, group) in groups.into_iter().enumerate() {
        if shown.len() == limit {
            next = seen;
            break;
        }
        seen = Some(group.last);
        if group.points != 0 || group.pending != 0 {
            shown.push(group);
        }
        if i + 1 == all && more {
            next = seen;
        }
    }
    let numbers = numbers(tx, cx, &shown)?;
    let lines = shown.into_iter().map(|group| line(&group, &numbers, zh)).collect();
    Ok(Lines { lines, next })
}

fn order_of(cause: &str) -> Option<OrderId> {
    cause.get(..30).unwrap_or(cause).parse().ok()
}

/// The last four of the numbers of the orders that lines are about.
fn numbers(tx: &mut Tx<'_>, cx: &Ctx, groups: &[Group]) -> Result<HashMap<OrderId, String>> {
    let mut found = HashMap::new();
    for order in groups.iter().filter_map(|group| order_of(&group.first.entry.cause.id)) {
        if !found.contains_key(&order)
            && let Some(mut row) = tx.row(shuke_commerce::order::sql::NAME_OF, args![cx.merchant, order])?
        {
            found.insert(order, tail(&row.get::<String>(1)?));
        }
    }
    Ok(found)
}

fn line(group: &Group, numbers: &HashMap<OrderId, String>, zh: bool) -> Line {
    let entry = &group.first.entry;
    let number = order_of(&entry.cause.id).and_then(|order| numbers.get(&order));
    let mut text = words(&entry.cause.kind, number.map(String::as_str), group.points, zh);
    if entry.corrects {
        text.push_str(if zh { "（更正）" } else { " (corrected)" });
    }
    Line { at: entry.happened, kind: entry.cause.kind.clone(), text, points: group.points, pending: group.pending }
}

/// What a kind of cause is to a shopper.
fn words(kind: &str, order: Option<&str>, points: i64, zh: bool) -> String {
    let of = match (order, zh) {
        (Some(tail), true) => format!("订单（尾号 {tail}）"),
        (Some(tail), false) => format!("Order …{tail}"),
        (None, true) => "订单".to_owned(),
        (None, false) => "Order".to_owned(),
    };
    match (kind, zh) {
        ("order_paid", true) => format!("{of}已付款，积分待入账"),
        ("order_paid", false) => format!("{of} paid, points on their way"),
        ("final" | "order_completed", true) => format!("{of}已完成，积分可用"),
        ("final" | "order_completed", false) => format!("{of} complete, points ready"),
        ("refund", true) => "订单退款，积分收回".to_owned(),
        ("refund", false) => "Refund, points taken back".to_owned(),
        ("order_closed", true) => format!("{of}已关闭，积分收回"),
        ("order_closed", false) => format!("{of} closed, points taken back"),
        ("adjust", true) => (if points < 0 { "店铺扣减" } else { "店铺赠送" }).to_owned(),
        ("adjust", false) => (if points < 0 { "Taken by the shop" } else { "A gift of the shop" }).to_owned(),
        _ => plain(kind, zh).to_owned(),
    }
}

fn plain(kind: &str, zh: bool) -> &'static str {
    let (chinese, english) = match kind {
        "spend" => ("使用积分", "Points used"),
        "spend_reverse" => ("积分退回", "Points given back"),
        "hold" => ("结账预留", "Set aside at checkout"),
        "hold_capture" => ("预留的积分已使用", "Set-aside points used"),
        "hold_release" | "hold_end" => ("预留的积分退回", "Set-aside points given back"),
        "check_in" => ("签到", "Check-in"),
        "birthday" => ("生日礼", "Birthday gift"),
        "tier_reward" => ("升级奖励", "Reward for a new tier"),
        "lot_end" => ("积分到期", "Points ended"),
        "absorb" | "depart" | "restore" => ("账户合并", "Accounts joined"),
        _ => ("积分变动", "Points changed"),
    };
    if zh { chinese } else { english }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_a_shoppers() {
        assert_eq!(words("order_paid", Some("4471"), 0, true), "订单（尾号 4471）已付款，积分待入账");
        assert_eq!(words("final", None, 5, false), "Order complete, points ready");
        assert_eq!((words("adjust", None, -5, true), words("adjust", None, 5, false)), ("店铺扣减".into(), "A gift of the shop".into()));
        assert_eq!((words("lot_end", None, -5, true), words("rules", None, 1, false)), ("积分到期".into(), "Points changed".into()));
    }
}
