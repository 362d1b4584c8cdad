//! What a document says of an order. Everything that ever speaks of an order becomes an
//! [`Observation`]: a row of an order report, the rows of an item report, a call of the API, a
//! refund, an ERP's row. The state of the order is computed from the set of them (see
//! [`super::fold`]), so it does not matter in which order or how often they arrive.
//!
//! `None` always means that the document does not tell. An observation is checked once, when it is
//! [noted](Observation::note); what is noted is small enough that no sum of it can overflow.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shuke_kernel::{Currency, Instant, Refusal, Result};
use shuke_members::identity::{KeyClaim, KeyKind};

use super::check;
pub use super::words::{Doc, Payer, RefundKind, RefundState, Role, State};

/// A discount with its payer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub struct Discount {
    /// At whose expense.
    pub payer: Payer,
    /// What it was called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Minor units, positive.
    pub amount: i64,
}

fn no(b: &bool) -> bool {
    !*b
}

fn zero(n: &i64) -> bool {
    *n == 0
}

/// Instants as microseconds: small and quick to read.
mod micros {
    use serde::{Deserialize, Deserializer, Serializer};
    use shuke_kernel::Instant;

    pub fn serialize<S: Serializer>(t: &Option<Instant>, s: S) -> Result<S::Ok, S::Error> {
        match t {
            Some(t) => s.serialize_i64(t.micros()),
            None => s.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Instant>, D::Error> {
        Ok(Option::<i64>::deserialize(d)?.map(Instant::from_micros))
    }
}

/// A line, as a document tells it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LineSaid {
    /// The source's id of the line: a sub-order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its place among the order's lines in the document, from 0.
    pub ordinal: u32,
    /// Merchant code (SKU).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Code at goods level, or in an outer system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outer_code: Option<String>,
    /// The platform's goods id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<String>,
    /// Category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Pieces.
    pub quantity: i64,
    /// Price of one piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<i64>,
    /// The price as the source writes it, where it has more places than the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price_exact: Option<String>,
    /// Pieces times price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<i64>,
    /// The line's discounts and its shares of the order's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<Discount>,
    /// Paid for the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<i64>,
    /// Given back of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunded: Option<i64>,
    /// Words say that the line was refunded, but no amount.
    #[serde(skip_serializing_if = "no")]
    pub refund_in_words: bool,
    /// An amount of the line is inferred.
    #[serde(skip_serializing_if = "no")]
    pub estimated: bool,
    /// The line's own state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// The source's after-sale word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_sale: Option<String>,
    /// What it is.
    pub role: Role,
    /// Dispatched.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub shipped_at: Option<Instant>,
    /// Completed.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Instant>,
}

/// What a refund says of a line.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RefundLine {
    /// The source's id of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// Or its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Or its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Pieces that came back.
    #[serde(skip_serializing_if = "zero")]
    pub quantity: i64,
    /// Given back for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

/// A refund, as a document tells it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RefundSaid {
    /// The namespace of its number, where it is not the order's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its number at the source.
    pub source_id: String,
    /// Why.
    pub kind: RefundKind,
    /// How far.
    pub state: RefundState,
    /// All that went back, minor units; `None` where only words say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// What of it was shipping.
    #[serde(skip_serializing_if = "zero")]
    pub shipping: i64,
    /// When.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// The reason's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The lines it names; empty: the order as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<RefundLine>,
}

/// A key of the buyer, as the source gives it; normalised when the order's member is sought.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BuyerKey {
    /// The word of [`KeyKind`].
    pub kind: String,
    /// Where the value means something.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// The value, in clear: an observation is sealed as a whole.
    pub value: String,
    /// Proven, or stated by the platform as the account's.
    #[serde(default, skip_serializing_if = "no")]
    pub verified: bool,
}

impl BuyerKey {
    /// A key of that kind.
    pub fn new(kind: KeyKind, namespace: impl Into<String>, value: impl Into<String>, verified: bool) -> Self {
        Self { kind: kind.word().to_owned(), namespace: namespace.into(), value: value.into(), verified }
    }

    /// As identity takes it, if it is a key at all.
    pub fn claim(&self) -> Option<KeyClaim> {
        KeyClaim::new(KeyKind::from_word(&self.kind)?, &self.namespace, &self.value, self.verified)
    }
}

impl std::fmt::Debug for BuyerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}(…)", self.kind, self.namespace)
    }
}

/// Who gets the parcel. Region words are attributes; the rest is sealed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Receiver {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Mobile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Land line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tel: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// District.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// The rest of the address, or all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receiver(…)")
    }
}

/// What one document says of one order.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Observation {
    /// The namespace of the order number: a platform, a shop system, an own source. With
    /// `source_id` it names the order.
    #[serde(skip)]
    pub source: String,
    /// The order number.
    #[serde(skip)]
    pub source_id: String,
    /// The number of the import that brought it, so that it can be undone; `None` otherwise.
    #[serde(skip)]
    pub import: Option<i64>,
    /// For a statement without a time of its own that was made *now* by somebody who means it to
    /// hold: when it was heard. It decides between two such statements, but never moves an order's
    /// state backwards. Files leave it empty: their order of arrival means nothing.
    #[serde(skip)]
    pub heard: Option<Instant>,

    /// What kind of document.
    pub doc: Doc,
    /// When the source last changed what it says here; decides which of two statements is newer.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub source_time: Option<Instant>,
    /// Platform: `taobao`, `jd`, `own`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The shop: its id, or its name at the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// The legal entity of the shop, where the merchant has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// State.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// The word says only that the order is on hold: `state` counts only where nothing else tells one.
    #[serde(skip_serializing_if = "no")]
    pub keeps_last_state: bool,
    /// The platform's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_status: Option<String>,
    /// Currency of all amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Goods at list price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_list: Option<i64>,
    /// Goods after discounts, without shipping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_after_discount: Option<i64>,
    /// Shipping, as the buyer pays it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping: Option<i64>,
    /// Tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<i64>,
    /// Money that the buyer paid, shipping included; points used as cash and bonus credit are not
    /// in it. 0 while unpaid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<i64>,
    /// Points used as cash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points_cash: Option<i64>,
    /// Bonus credit used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bonus_credit: Option<i64>,
    /// The deposit (预售定金) of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deposit: Option<i64>,
    /// The final payment (尾款).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<i64>,
    /// Given back in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunded: Option<i64>,
    /// Words say that the order was wholly refunded, but no amount.
    #[serde(skip_serializing_if = "no")]
    pub refund_in_words: bool,
    /// An amount is inferred.
    #[serde(skip_serializing_if = "no")]
    pub estimated: bool,
    /// What the merchant received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_received: Option<i64>,
    /// All discounts; `None` where the document does not speak of discounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discounts: Option<Vec<Discount>>,
    /// Placed.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    /// Paid.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Instant>,
    /// Dispatched.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub shipped_at: Option<Instant>,
    /// Delivered, where that is told apart from completed.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Instant>,
    /// Completed.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Instant>,
    /// Closed.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
    /// The day that the order number carries, where no time of placing is told.
    #[serde(with = "micros", skip_serializing_if = "Option::is_none")]
    pub day_in_order_no: Option<Instant>,
    /// How it was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    /// Where the order came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Codes that gave discounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_code: Option<String>,
    /// Why it was closed or what the after-sale word is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_reason: Option<String>,
    /// Carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// Parcel number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_no: Option<String>,
    /// Pieces in the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<i64>,
    /// All titles in one cell, where there are no lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub titles: Option<String>,
    /// The buyer's keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buyer: Vec<BuyerKey>,
    /// What the source calls the buyer: for display, never a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer_nick: Option<String>,
    /// The receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<Receiver>,
    /// The buyer's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer_memo: Option<String>,
    /// The merchant's note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller_memo: Option<String>,
    /// Words that stay with the order: `test_order_suspect`, `status_word_locked`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// Lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineSaid>,
    /// These are all the lines that the order has.
    #[serde(skip_serializing_if = "no")]
    pub lines_whole: bool,
    /// A refund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund: Option<Box<RefundSaid>>,
    /// The member who proved the order to be theirs (`mem_…`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    /// The person asked to be forgotten: nothing that names them is kept of this order any more.
    #[serde(skip_serializing_if = "no")]
    pub erased: bool,
}

impl std::fmt::Debug for Observation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Observation({:?} {:?} {:?} at {:?}, {} lines)", self.doc, self.source, self.state, self.source_time, self.lines.len())
    }
}

/// An observation that was checked, with its canonical bytes and their hash: what
/// [`super::observe_many`] takes. Making it costs no transaction; clones share it.
#[derive(Clone, Debug)]
pub struct Noted(Arc<Note>);

/// What a [`Noted`] holds.
#[derive(Debug)]
pub struct Note {
    pub(super) said: Observation,
    pub(super) body: Vec<u8>,
    pub(super) hash: [u8; 16],
}

impl std::ops::Deref for Noted {
    type Target = Note;

    fn deref(&self) -> &Note {
        &self.0
    }
}

impl Noted {
    /// What was said.
    pub fn observation(&self) -> &Observation {
        &self.said
    }

    /// Its canonical bytes.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Their hash.
    pub(crate) fn hash(&self) -> [u8; 16] {
        self.hash
    }

    /// The order's source.
    pub fn source(&self) -> &str {
        &self.said.source
    }

    /// The order's number there.
    pub fn source_id(&self) -> &str {
        &self.said.source_id
    }
}

impl Observation {
    /// Checks it and makes it ready to be observed.
    pub fn note(mut self) -> Result<Noted, Refusal> {
        check::check(&self)?;
        if let Some(discounts) = &mut self.discounts {
            discounts.sort();
        }
        self.buyer.sort();
        self.buyer.dedup();
        self.flags.sort();
        self.flags.dedup();
        let body = serde_json::to_vec(&self).map_err(|_| check::TOO_LARGE.refuse())?;
        let hash = digest(&body);
        Ok(Noted(Arc::new(Note { said: self, body, hash })))
    }

    /// What it says of who the buyer is.
    pub fn claims(&self) -> Vec<KeyClaim> {
        let mut claims: Vec<KeyClaim> = self.buyer.iter().filter_map(BuyerKey::claim).collect();
        if let Some(r) = &self.receiver {
            let of = |kind, value: &Option<String>| value.as_deref().and_then(|v| KeyClaim::new(kind, "", v, false));
            claims.extend(of(KeyKind::ReceiverPhone, &r.phone));
            claims.extend(of(KeyKind::ReceiverName, &r.name));
            if let (Some(name), Some(address)) = (&r.name, &r.address) {
                let parts = [&r.province, &r.city, &r.district].into_iter().flatten().map(String::as_str);
                let region: String = parts.filter(|part| !address.contains(part)).collect();
                claims.extend(of(KeyKind::ReceiverAddress, &Some(format!("{name}|{region}{address}"))));
            }
        }
        claims
    }

    /// The same without anything that names a person.
    pub(crate) fn stripped(&self) -> Self {
        Self {
            buyer: Vec::new(),
            buyer_nick: None,
            receiver: self
                .receiver
                .as_ref()
                .and_then(|r| r.country.clone())
                .map(|country| Receiver { country: Some(country), ..Receiver::default() }),
            buyer_memo: None,
            seller_memo: None,
            tracking_no: None,
            claimed_by: None,
            ..self.clone()
        }
    }

    /// The newest instant that it mentions as having passed.
    pub(super) fn own_time(&self) -> Option<Instant> {
        let lines = self.lines.iter().flat_map(|l| [l.shipped_at, l.completed_at]).max().flatten();
        let refund = self.refund.as_ref().and_then(|r| r.at);
        [self.created_at, self.paid_at, self.shipped_at, self.delivered_at, self.completed_at, self.closed_at, lines, refund]
            .into_iter()
            .max()
            .flatten()
    }
}

/// The first sixteen bytes of SHA-256.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 16] {
    let full: [u8; 32] = Sha256::digest(bytes).into();
    let mut out = [0; 16];
    out.copy_from_slice(&full[..16]);
    out
}
