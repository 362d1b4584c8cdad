//! What is missing to the next tier, in numbers and in words that a shopper understands.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Currency, Instant};

use crate::programme::{Metric, Window};
use crate::rules::Rules;
use crate::sentences::{capital, in_units, joined};
use crate::state::State;
use crate::tiers::counted;

/// What is missing to the next tier.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Missing {
    /// The next tier's id.
    pub tier: String,
    /// What people call it.
    pub name: String,
    /// Whether one of the amounts is enough; else all are missing.
    pub any: bool,
    /// What is open, and how much: fen, orders or growth value, each more than none and of each kind one. Nothing where
    /// the conditions are met and the next event will bring the tier.
    pub of: Vec<(Metric, i64)>,
    /// Whether only what comes within this calendar year counts.
    pub this_year: bool,
}

/// What is missing at `at` to the next tier above the one held that can be entered; none on the highest and without a ladder.
/// The state has come to `at`.
pub fn missing(rules: &Rules, state: &State, at: Instant) -> Option<Missing> {
    let programme = rules.held(state);
    let ladder = programme.ladder.as_ref()?;
    let counted = counted(state, ladder, &programme.zone, at, None);
    let (tier, entry) = ladder.tiers.iter().skip(state.standing.tier + 1).find_map(|tier| Some((tier, tier.entry.as_ref()?)))?;
    let mut of: Vec<(Metric, i64)> = Vec::new();
    for (metric, min) in &entry.of {
        let open = i64::try_from((i128::from(*min) - counted.of(*metric)).max(0)).unwrap_or(i64::MAX);
        match of.iter_mut().find(|(other, _)| other == metric) {
            // Of two thresholds of one kind the lower is enough where any is, the higher where all are.
            Some((_, known)) => *known = if entry.all { open.max(*known) } else { open.min(*known) },
            None => of.push((*metric, open)),
        }
    }
    if entry.all {
        of.retain(|(_, open)| *open > 0);
    } else if of.iter().any(|(_, open)| *open == 0) {
        of.clear();
    }
    let any = !entry.all && of.len() > 1;
    Some(Missing { tier: tier.id.clone(), name: tier.shown().to_owned(), any, of, this_year: ladder.window == Window::CalendarYear })
}

impl Missing {
    /// It as one sentence, in Chinese or English: 再消费 128.50 元升级金牌. Amounts are of that currency.
    pub fn sentence(&self, currency: Currency, zh: bool) -> String {
        let each: Vec<String> = self.of.iter().map(|(metric, open)| step(*metric, *open, currency, zh)).collect();
        let steps = joined(&each, if self.any { ("或", "or") } else { ("并", "and") }, zh);
        match (zh, each.len()) {
            (true, 0) => format!("已达到{}的条件", self.name),
            (false, 0) => format!("The conditions of {} are met", self.name),
            (true, n) => {
                let year = if self.this_year { "今年内" } else { "" };
                format!("{year}{steps}{}升级{}", if n > 1 { "，" } else { "" }, self.name)
            }
            (false, _) => {
                let year = if self.this_year { " this year" } else { "" };
                format!("{}{year} to reach {}", capital(&steps), self.name)
            }
        }
    }
}

fn step(metric: Metric, open: i64, currency: Currency, zh: bool) -> String {
    let amount = in_units(open, currency.digits());
    match (metric, zh) {
        (Metric::NetSpend, true) if currency == Currency::CNY => format!("再消费 {amount} 元"),
        (Metric::NetSpend, false) if currency == Currency::CNY => format!("spend {amount} yuan more"),
        (Metric::NetSpend, true) => format!("再消费 {amount} {currency}"),
        (Metric::NetSpend, false) => format!("spend {amount} {currency} more"),
        (Metric::Orders, true) => format!("再完成 {open} 笔订单"),
        (Metric::Orders, false) if open == 1 => "complete 1 more order".to_owned(),
        (Metric::Orders, false) => format!("complete {open} more orders"),
        (Metric::Growth, true) => format!("再获得 {open} 成长值"),
        (Metric::Growth, false) => format!("gain {open} more growth value"),
    }
}
