//! Orders judged page by page: memory holds a page.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_kernel::{Ctx, Currency, Instant, Result, Zone};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::judge::{Facts, Judged, Reason, judge, unknown};
use super::sql;
use crate::order::{Discount, OrderId, Payer, State};

/// Orders read at once.
pub const PAGE: i64 = 2_000;

/// Which orders are judged.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Placed then or later.
    pub from: Instant,
    /// Placed before.
    pub to: Instant,
    /// On that platform; empty for all.
    pub platform: String,
    /// Of that shop; empty for all.
    pub shop: String,
    /// In that currency.
    pub currency: Currency,
}

/// A place among the orders: when the last one was placed, and its id.
pub type Place = (Instant, [u8; 16]);

/// An order with its judgement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Which.
    pub order: OrderId,
    /// Its number.
    pub order_no: String,
    /// Platform.
    pub platform: String,
    /// Shop.
    pub shop: Option<String>,
    /// State's word.
    pub state: String,
    /// Whose.
    pub member: Option<MemberId>,
    /// Placed.
    pub placed_at: Instant,
    /// Completed.
    pub completed_at: Option<Instant>,
    /// Expected, settled, and why they differ.
    pub judged: Judged,
}

/// Two kinds of rows that a list of differing orders mixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A file gives a figure, and it is not what was expected.
    Differs,
    /// Money was expected, and no file gives a figure.
    Untold,
}

impl Part {
    /// The word in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Differs => "differs",
            Self::Untold => "untold",
        }
    }

    /// The part of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Differs, Self::Untold].into_iter().find(|part| part.word() == word)
    }
}

impl Row {
    /// Which part of the list it is of.
    pub fn part(&self) -> Part {
        if self.judged.settled.is_some() { Part::Differs } else { Part::Untold }
    }

    /// Whether it is in the list of differing orders that is asked for.
    pub fn is_in(&self, part: Option<Part>, reason: Option<Reason>) -> bool {
        self.judged.difference() != 0
            && part.is_none_or(|part| self.part() == part)
            && reason.is_none_or(|reason| self.judged.reasons.iter().any(|(is, _)| *is == reason))
    }
}

/// Some orders of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judgements {
    /// Those of which there is something to say.
    pub rows: Vec<Row>,
    /// Orders left out because they are in another currency.
    pub other_currency: i64,
    /// Purchases of which no document tells an amount, paid or settled.
    pub without_amount: i64,
    /// Where to go on; `None` after the last.
    pub next: Option<Place>,
}

/// Judges the next orders, newest first.
pub fn page(tx: &mut Tx<'_>, cx: &Ctx, asked: &Asked, after: Option<Place>) -> Result<Judgements> {
    let (before, id) = after.unwrap_or((asked.to, [0; 16]));
    let args = args![cx.merchant, before, id, asked.from, &asked.platform, &asked.shop, PAGE];
    let found = tx.rows(sql::ORDERS, args)?;
    let full = found.len() as i64 == PAGE;
    let mut out = Judgements::default();
    let mut last = None;
    let mut refunds = single_refunds(tx, cx, &found)?;
    for mut r in found {
        let (order, placed_at): (OrderId, Instant) = (r.get(0)?, r.get(12)?);
        last = Some((placed_at, *order.bytes()));
        if r.get::<Currency>(15)? != asked.currency {
            out.other_currency += 1;
            continue;
        }
        let state: String = r.get(4)?;
        let discounts: Option<String> = r.get(10)?;
        let discounts: Vec<Discount> = discounts.map_or(Ok(Vec::new()), |d| serde_json::from_str(&d))?;
        let borne = |by: &[Payer]| discounts.iter().filter(|d| by.contains(&d.payer)).fold(0_i64, |s, d| s.saturating_add(d.amount));
        let flags: Option<String> = r.get(17)?;
        let forfeited = flags.is_some_and(|f| f.split(' ').any(|f| f == "deposit_forfeited"));
        let kept = r.get::<Option<i64>>(16)?.filter(|_| forfeited);
        let facts = Facts {
            state: State::from_word(&state).unwrap_or(State::Created),
            purchase: r.get(5)?,
            paid: kept.max(r.get(6)?),
            refunded: r.get(7)?,
            refunds: refunds.remove(&order).unwrap_or_default(),
            shipping: r.get::<Option<i64>>(8)?.unwrap_or(0),
            points: r.get::<Option<i64>>(9)?.unwrap_or(0),
            platform: borne(&[Payer::Platform]),
            payment: borne(&[Payer::Payment, Payer::Unknown]),
            partner: borne(&[Payer::Influencer, Payer::Supplier]),
            settled: r.get(11)?,
        };
        out.without_amount += i64::from(unknown(&facts));
        let judged = judge(&facts);
        if judged.idle() && judged.reasons.is_empty() {
            continue;
        }
        out.rows.push(Row {
            order,
            order_no: r.get(1)?,
            platform: r.get(2)?,
            shop: r.get(3)?,
            state,
            member: r.get(14)?,
            placed_at,
            completed_at: r.get(13)?,
            judged,
        });
    }
    out.next = last.filter(|_| full);
    Ok(out)
}

/// The single refunds of those orders whose figure may be from before them.
fn single_refunds(tx: &mut Tx<'_>, cx: &Ctx, found: &[shuke_store::Row]) -> Result<HashMap<OrderId, Vec<i64>>> {
    let mut of = Vec::new();
    for r in found {
        // What is taken out of a row is gone from it.
        let mut r = shuke_store::Row([0, 7, 11].into_iter().filter_map(|i| r.0.get(i).cloned()).collect());
        if r.get::<i64>(1)? > 0 && r.get::<Option<i64>>(2)?.is_some() {
            of.push(r.get::<Vec<u8>>(0)?);
        }
    }
    let mut out: HashMap<OrderId, Vec<i64>> = HashMap::new();
    if !of.is_empty() {
        for mut r in tx.rows(sql::REFUNDS, args![cx.merchant, of])? {
            out.entry(r.get(0)?).or_default().push(r.get(1)?);
        }
    }
    Ok(out)
}

/// The days that are asked for.
#[derive(Clone, Debug)]
pub struct Window {
    /// The first day.
    pub from: Date,
    /// The day before which it ends.
    pub to: Date,
    /// The zone of the days.
    pub zone: String,
    /// The currency.
    pub currency: Currency,
}

impl Window {
    /// The orders of these days; `None` where the zone is unknown or the days are none of its.
    pub fn asked(&self, platform: &str, shop: &str) -> Option<(Zone, Asked)> {
        let zone = Zone::named(&self.zone)?;
        let (from, to) = (zone.start_of(self.from)?, zone.start_of(self.to)?);
        let asked = Asked { from, to, platform: platform.trim().to_owned(), shop: shop.trim().to_owned(), currency: self.currency };
        Some((zone, asked))
    }

    /// The twelve months before the day after `today`.
    pub fn year_to(today: Date) -> (Date, Date) {
        let to = today.tomorrow().unwrap_or(today);
        (to.checked_sub(jiff::Span::new().months(12)).unwrap_or(to), to)
    }
}
