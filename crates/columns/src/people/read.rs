//! Members of the store as drafts of a slice.
//!
//! What both tell they tell as the reports do (`source.rs`): when an order counts as placed and paid,
//! which lines count, the line of an order that lists none, where goods belong, which refunds count.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use shuke_kernel::money::allocate;
use shuke_kernel::{Result, region};
use shuke_store::Row;

use super::fetch::{Fetched, Named};
use super::form::{Cell, Facts, Form};
use super::history;
use super::rows::{self, Line, Order, Refund, refund_kind};
use super::weather::Sky;
use crate::registry::{OldWord, Registry};
use crate::slice::{Draft, Lexicon};

use Cell::{Int, Text};

shuke_kernel::ids! {
    /// A member's id as the API tells it.
    MemberId = MemberKind "mem";
    /// An act's.
    ActId = ActKind "act";
}

/// A member's id as slices have it; `None` for what is no id.
pub(super) fn member_name(id: &[u8]) -> Option<String> {
    MemberId::from_slice(id).map(|id| id.to_string())
}

/// What is laid with: the columns of the registry by name.
struct Reader<'a> {
    lexicon: &'a mut Lexicon,
    drafts: Vec<Draft>,
    places: HashMap<Vec<u8>, usize>,
    form: &'a Forms,
    /// The earliest that the rows of each member tell, and the newest visit.
    first: Vec<i64>,
    last: Vec<Option<i64>>,
    /// Where each lives.
    homes: Vec<Option<(String, Option<String>)>>,
    sky: Option<Arc<Sky>>,
    categories: HashMap<String, String>,
}

/// Where each table's and fact's columns are.
struct Forms {
    facts: Facts<6>,
    seen: Facts<2>,
    orders: Form<18>,
    lines: Form<15>,
    refunds: Form<10>,
    events: Form<9>,
}

impl Forms {
    #[rustfmt::skip]
    fn of(registry: &Registry) -> Self {
        Self {
            facts: Facts::of(registry, ["registered_at", "birthday", "gender", "province", "city", "source"]),
            seen: Facts::of(registry, ["first_seen_at", "last_visit_at"]),
            orders: Form::of(registry, "orders", [
                "order_id", "time", "paid_at", "completed_at", "state", "purchase", "shop", "platform", "pay_method", "items", "paid",
                "received", "discount", "shipping", "kept", "net", "weather", "temperature",
            ]),
            lines: Form::of(registry, "lines", [
                "line_id", "time", "order_id", "paid_at", "state", "purchase", "shop", "sku", "category", "qty", "amount",
                "refunded_qty", "refunded", "kept", "net",
            ]),
            refunds: Form::of(registry, "refunds", [
                "refund_id", "time", "order_id", "line_id", "kind", "reason", "sku", "category", "qty", "amount",
            ]),
            events: Form::of(registry, "events", [
                "event_id", "time", "kind", "channel", "sku", "category", "word", "campaign", "value",
            ]),
        }
    }
}

/// Members as drafts, in no order.
pub(super) fn drafts(fetched: Fetched, registry: &Registry, lexicon: &mut Lexicon) -> Result<Vec<Draft>> {
    let mut reader = Reader {
        lexicon,
        drafts: Vec::with_capacity(fetched.facts.len()),
        places: HashMap::with_capacity(fetched.facts.len()),
        form: &Forms::of(registry),
        first: Vec::new(),
        last: Vec::new(),
        homes: Vec::new(),
        sky: fetched.sky,
        categories: fetched.categories,
    };
    reader.facts(registry, fetched.facts)?;
    history::consents(registry, fetched.consents, &reader.places, &mut reader.drafts)?;
    history::tags(fetched.tags, &reader.places, reader.lexicon, &mut reader.drafts)?;
    reader.orders(fetched.orders, fetched.lines, fetched.refunds)?;
    reader.loose(fetched.loose)?;
    reader.acts(fetched.acts)?;
    Ok(reader.end())
}

/// What an act says in words and numbers of its own.
#[derive(Deserialize, Default)]
#[serde(default)]
struct More {
    channel: serde_json::Value,
    campaign: serde_json::Value,
}

/// The words that expressions have for kinds of acts which the store calls otherwise: the one place where
/// they are mapped. Those that are not here have one word.
pub(crate) const OLD_WORDS: &[OldWord] = &[
    ("events", "kind", "browse", "view"),
    ("events", "kind", "check_in", "checkin"),
    ("events", "kind", "message_sent", "msg_sent"),
    ("events", "kind", "message_opened", "msg_open"),
    ("events", "kind", "message_clicked", "msg_click"),
    ("events", "kind", "message_replied", "msg_reply"),
];

fn act_kind(word: &str) -> &str {
    OLD_WORDS.iter().find(|(.., old, _)| *old == word).map_or(word, |(.., new)| new)
}

/// Whether by such an act the member came to the shop: they logged in, opened the member page, checked in
/// or followed a link. What they do once there, and what is done to them, says nothing more.
fn is_visit(word: &str) -> bool {
    ["login", "visit", "check_in", "message_clicked"].contains(&word)
}

/// A birthday of the common calendar with its year; the moon's, and those without a year, are no day.
fn birthday(text: Option<&str>) -> Option<i64> {
    text.and_then(crate::dataset::date)
}

impl Reader<'_> {
    fn facts(&mut self, registry: &Registry, rows: Vec<Row>) -> Result<()> {
        for mut row in rows {
            let id: [u8; 16] = row.get(0)?;
            let (first, joined): (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
            let (born, gender, province): (Option<String>, Option<String>, Option<String>) = (row.get(3)?, row.get(4)?, row.get(5)?);
            let (city, source): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
            let mut draft = Draft::new(registry, &MemberId::from_bytes(id).to_string());
            let cells = [
                Int(joined),
                Int(birthday(born.as_deref())),
                Text(gender.as_deref()),
                Text(province.as_deref().map(region::short)),
                Text(city.as_deref().map(region::short_city)),
                Text(source.as_deref()),
            ];
            self.form.facts.set(&mut draft, self.lexicon, cells);
            self.places.insert(id.to_vec(), self.drafts.len());
            self.drafts.push(draft);
            self.first.push(joined.map_or(first, |j| j.min(first)));
            self.last.push(None);
            self.homes.push(rows::place(province, city));
        }
        Ok(())
    }

    fn owner(&self, id: Option<Vec<u8>>) -> Option<usize> {
        id.and_then(|id| self.places.get(&id)).copied()
    }

    fn orders(&mut self, rows: Vec<Row>, lines: Vec<Row>, refunds: Vec<Row>) -> Result<()> {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(owner) = self.owner(rows::owner(&row)) {
                all.push(Order::of(row, owner)?);
            }
        }
        let by_id: HashMap<[u8; 16], usize> = all.iter().enumerate().map(|(i, o)| (o.id, i)).collect();
        for mut row in lines {
            if let Some(at) = by_id.get(&row.get::<[u8; 16]>(0)?) {
                all[*at].lines.push(Line::of(&mut row)?);
            }
        }
        for mut row in refunds {
            let of: Option<[u8; 16]> = row.get(1)?;
            if let Some(at) = of.and_then(|id| by_id.get(&id)) {
                all[*at].refunds.push(Refund::of(&mut row)?);
            }
        }
        for order in &mut all {
            self.lay(order);
        }
        Ok(())
    }

    fn lay(&mut self, order: &mut Order) {
        order.lines.sort_by_key(|l| l.number);
        if let Some(paid) = order.goods_paid.filter(|paid| *paid > 0 && order.lines.is_empty()) {
            // Some sources give an order's sum and no lines: reports have it as one line without a name.
            let refunded = order.refunds.iter().map(|r| r.amount).fold(0, i64::saturating_add).min(paid);
            order.lines.push(Line {
                number: 1,
                sku: None,
                category: None,
                qty: order.items.unwrap_or(0).max(0),
                amount: Some(paid),
                refunded,
            });
        }
        let draft = &mut self.drafts[order.owner];
        let first = &mut self.first[order.owner];
        *first = (*first).min(order.time);
        // An order is a visit; where no source reports others, it is all that is known of visits.
        self.last[order.owner] = self.last[order.owner].max(Some(order.time));
        let shop = Text(order.shop.as_deref());
        // What nobody told is missing, not nought.
        let received =
            order.received.or(order.goods_paid).or_else(|| order.lines.iter().filter_map(|l| l.amount).reduce(i64::saturating_add));
        // What counts as a purchase is what RFM and stage count: see `Replay` in crates/insight.
        let closed = order.state == "closed";
        let net_of = |l: &Line| l.amount.map(|amount| if closed { 0 } else { (amount - l.refunded).max(0) });
        let net = order.lines.iter().filter_map(net_of).reduce(i64::saturating_add).or(closed.then_some(0));
        let is_free = order.lines.iter().all(|l| l.amount.unwrap_or(0) == 0);
        let kept = order.purchase && !closed && (is_free || net.unwrap_or(0) > 0);
        let place = order.place.as_ref().or(self.homes[order.owner].as_ref());
        let known = self.sky.as_ref().zip(place);
        let (weather, temperature) = known.map_or((None, None), |(sky, (province, city))| sky.at((province, city.as_deref()), order.time));
        let cells = [
            Text(Some(&order.name)),
            Int(Some(order.time)),
            Int(order.paid_at),
            Int(order.completed_at),
            Text(Some(&order.state)),
            Int(Some(order.purchase.into())),
            shop,
            Text(Some(&order.platform)),
            Text(order.pay_method.as_deref()),
            Int(order.items),
            Int(order.paid),
            Int(received),
            Int(order.discount),
            Int(order.shipping),
            Int(Some(kept.into())),
            Int(net.filter(|_| order.purchase)),
            Text(weather),
            Int(temperature),
        ];
        self.form.orders.add(draft, self.lexicon, cells);
        for l in &order.lines {
            let named = order.refunds.iter().flat_map(|r| &r.lines).filter(|n| n.line_no == l.number);
            let named = named.map(|n| n.quantity.max(0)).fold(0, i64::saturating_add);
            // An order closed after it was paid is wholly given back.
            let back = if order.purchase && order.state == "closed" { l.qty } else { named.min(l.qty) };
            let cells = [
                Text(Some(&line_name(&order.name, l.number))),
                Int(Some(order.time)),
                Text(Some(&order.name)),
                Int(order.paid_at),
                Text(Some(&order.state)),
                Int(Some(order.purchase.into())),
                shop,
                Text(l.sku.as_deref()),
                Text(category(&self.categories, l.sku.as_deref(), l.category.as_deref())),
                Int(Some(l.qty)),
                Int(l.amount),
                Int(Some(back)),
                Int(Some(l.refunded)),
                Int(Some((kept && (l.amount.unwrap_or(0) == 0 || net_of(l).unwrap_or(0) > 0)).into())),
                Int(net_of(l).filter(|_| order.purchase)),
            ];
            self.form.lines.add(draft, self.lexicon, cells);
        }
        let otherwise = order.closed_at.or(order.paid_at).unwrap_or(order.time);
        for refund in &order.refunds {
            self.give_back(order.owner, refund, refund.at.unwrap_or(otherwise), Some(order));
        }
    }

    /// A refund's rows: one for each line that it names, one for what is left.
    fn give_back(&mut self, owner: usize, refund: &Refund, at: i64, order: Option<&Order>) {
        let told = refund.lines.iter().map(|l| l.amount.max(0)).fold(0, i64::saturating_add);
        // Lines without amounts share the refund's by pieces.
        let parts = if told == 0 {
            allocate(refund.amount.max(0), &refund.lines.iter().map(|l| l.quantity.max(0)).collect::<Vec<_>>())
        } else {
            refund.lines.iter().map(|l| l.amount.max(0)).collect()
        };
        let mut left = refund.amount.max(0);
        let mut rows: Vec<(Option<&Named>, i64)> = Vec::with_capacity(parts.len() + 1);
        for (named, part) in refund.lines.iter().zip(parts) {
            rows.push((Some(named), part.min(left)));
            left -= part.min(left);
        }
        if left > 0 || rows.is_empty() {
            rows.push((None, left));
        }
        let alone = rows.len() == 1;
        for (i, (named, amount)) in rows.into_iter().enumerate() {
            let name = if alone { refund.name.clone() } else { format!("{}/{}", refund.name, i + 1) };
            let line = named.and_then(|n| order.and_then(|o| o.lines.iter().find(|l| l.number == n.line_no)));
            let sku = line.and_then(|l| l.sku.as_deref()).or_else(|| named.and_then(|n| n.sku.as_deref()));
            let of_line = order.zip(line).map(|(o, l)| line_name(&o.name, l.number));
            let cells = [
                Text(Some(&name)),
                Int(Some(at)),
                Text(order.map(|o| o.name.as_str())),
                Text(of_line.as_deref()),
                Text(Some(refund_kind(&refund.kind))),
                Text(refund.reason.as_deref()),
                Text(sku),
                Text(category(&self.categories, sku, line.and_then(|l| l.category.as_deref()))),
                Int(named.map(|n| n.quantity.max(0))),
                Int(Some(amount)),
            ];
            self.form.refunds.add(&mut self.drafts[owner], self.lexicon, cells);
        }
    }

    fn loose(&mut self, rows: Vec<Row>) -> Result<()> {
        for mut row in rows {
            let Some(owner) = self.owner(row.get(2)?) else { continue };
            let refund = Refund::of(&mut row)?;
            let at = refund.at.unwrap_or(refund.recorded_at);
            self.first[owner] = self.first[owner].min(at);
            self.give_back(owner, &refund, at, None);
        }
        Ok(())
    }

    fn acts(&mut self, rows: Vec<Row>) -> Result<()> {
        for mut row in rows {
            let id: [u8; 16] = row.get(0)?;
            let Some(owner) = self.owner(row.get(1)?) else { continue };
            let (at, kind): (i64, String) = (row.get(2)?, row.get(3)?);
            let (sku, words, rating): (Option<String>, Option<String>, Option<i64>) = (row.get(4)?, row.get(5)?, row.get(6)?);
            // Data that is no object with such words tells none.
            let more: More = row.get::<Option<String>>(7)?.and_then(|d| serde_json::from_str(&d).ok()).unwrap_or_default();
            let name = ActId::from_bytes(id).to_string();
            if is_visit(&kind) {
                self.last[owner] = self.last[owner].max(Some(at));
            }
            self.first[owner] = self.first[owner].min(at);
            let cells = [
                Text(Some(&name)),
                Int(Some(at)),
                Text(Some(act_kind(&kind))),
                Text(more.channel.as_str()),
                Text(sku.as_deref()),
                Text(category(&self.categories, sku.as_deref(), None)),
                Text(words.as_deref()),
                Text(more.campaign.as_str()),
                Int(rating),
            ];
            self.form.events.add(&mut self.drafts[owner], self.lexicon, cells);
        }
        Ok(())
    }

    /// Members with what their rows tell of them.
    fn end(mut self) -> Vec<Draft> {
        for (i, draft) in self.drafts.iter_mut().enumerate() {
            self.form.seen.set(draft, self.lexicon, [Int(Some(self.first[i])), Int(self.last[i])]);
        }
        self.drafts
    }
}

/// A line as the API names it.
fn line_name(order: &str, number: i64) -> String {
    format!("{order}/{number}")
}

/// Where goods belong: where the product list puts them now, else what their order told.
fn category<'a>(listed: &'a HashMap<String, String>, sku: Option<&str>, told: Option<&'a str>) -> Option<&'a str> {
    sku.and_then(|sku| listed.get(sku)).map(String::as_str).or(told)
}
