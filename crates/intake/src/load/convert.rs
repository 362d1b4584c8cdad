//! What a record says, in the words of commerce and members.

use std::fmt::Write;

use shuke_commerce::order::{BuyerKey, Discount, Doc, LineSaid, Observation, Payer, Receiver, RefundSaid, Role, State};
use shuke_kernel::Instant;
use shuke_members::consent::Statement;
use shuke_members::identity::{Birthday, Evidence, Gender, KeyClaim, KeyKind, ProfileHints, Region};
use shuke_members::tag::said::{Said, Sought};

use crate::contact::Phone;
use crate::record::{self, Buyer, Consent, ItemRecord, Line, LineRole, MemberRecord, OrderRecord, Part, RefundRecord, TagRecord};
use crate::status;

fn state(s: status::State) -> State {
    match s {
        status::State::Created => State::Created,
        status::State::Paid => State::Paid,
        status::State::Shipped => State::Shipped,
        status::State::Completed => State::Completed,
        status::State::Closed => State::Closed,
    }
}

fn payer(p: record::Payer) -> Payer {
    match p {
        record::Payer::Shop => Payer::Shop,
        record::Payer::Platform => Payer::Platform,
        record::Payer::Influencer => Payer::Influencer,
        record::Payer::Unknown => Payer::Unknown,
    }
}

fn role(r: LineRole) -> Role {
    match r {
        LineRole::Goods => Role::Goods,
        LineRole::Gift => Role::Gift,
        LineRole::Shipping => Role::Shipping,
        LineRole::Fee => Role::Fee,
        LineRole::Discount => Role::Discount,
    }
}

fn whole(phone: Option<&Phone>) -> Option<String> {
    match phone {
        Some(Phone::Whole(number)) => Some(number.clone()),
        _ => None,
    }
}

/// What is masked of a phone: it identifies nobody, and tells that the source hides somebody.
fn masked(phone: Option<&Phone>) -> Option<String> {
    match phone {
        Some(Phone::Masked(text)) => Some(text.clone()),
        _ => None,
    }
}

/// The buyer's keys that a source states. The open ids and customer ids of a platform identify
/// within it; its account name likewise; phone and e-mail of the account are strong.
fn keys(platform: &str, buyer: &Buyer) -> Vec<BuyerKey> {
    let mut keys = Vec::new();
    let mut add = |kind, namespace: &str, value: Option<&String>, verified| {
        if let Some(value) = value {
            keys.push(BuyerKey::new(kind, namespace, value, verified));
        }
    };
    add(KeyKind::OpenId, platform, buyer.open_id.as_ref().or(buyer.customer_id.as_ref()), true);
    add(KeyKind::AccountName, platform, buyer.account.as_ref(), false);
    add(KeyKind::Phone, "", whole(buyer.phone.as_ref()).as_ref(), true);
    add(KeyKind::Email, "", buyer.email.as_ref(), true);
    keys
}

fn line(l: &Line, ordinal: u32) -> LineSaid {
    LineSaid {
        id: l.sub_order_no.clone(),
        ordinal,
        sku: l.code.clone(),
        outer_code: l.outer_code.clone(),
        product_id: l.product_id.clone(),
        title: l.title.clone(),
        spec: l.spec.clone(),
        quantity: l.qty,
        unit_price: l.unit_price,
        unit_price_exact: l.unit_price_exact.clone(),
        list: l.list,
        paid: l.paid,
        refunded: l.refund,
        refund_in_words: l.estimated && l.refund.is_none(),
        estimated: l.estimated,
        state: l.state.map(state),
        after_sale: l.after_sale.clone(),
        role: role(l.role),
        ..LineSaid::default()
    }
}

/// Where records come from.
#[derive(Clone, Default, Debug)]
pub struct Origin {
    /// The import's number.
    pub import: i64,
    /// The shop that the import was said to be of.
    pub shop: Option<String>,
    /// Its legal entity, where it is another than the merchant's first.
    pub entity: Option<String>,
    /// Whether the merchant had another shop on its platform before it.
    pub further: bool,
}

/// Shop systems that number each shop's orders from the beginning: two shops both have a `#1001`.
const NUMBERED_BY_SHOP: [&str; 2] = ["shopify", "woocommerce"];

impl Origin {
    /// The namespace of a platform's order numbers. A merchant's further shops on a system that
    /// numbers shop by shop have one each; the first keeps the plain name, also for files loaded
    /// before there was a second.
    pub(super) fn numbers(&self, platform: &str) -> String {
        match &self.shop {
            Some(shop) if self.further && NUMBERED_BY_SHOP.contains(&platform) => format!("{platform}@{shop}"),
            _ => platform.to_owned(),
        }
    }

    /// Whether a file of that platform and format may speak of orders that are numbered within `source`: in a table of one's own each
    /// row may name its platform.
    pub(super) fn may_number(&self, platform: &str, format: &str, source: &str) -> bool {
        let by_shop = |source: &str| NUMBERED_BY_SHOP.contains(&source.split('@').next().unwrap_or_default());
        self.numbers(platform) == source || format == crate::formats::PLAIN_ORDER.id && !by_shop(source)
    }
}

/// An order's rows, merged, as an observation.
pub fn order(o: &OrderRecord, origin: &Origin) -> Observation {
    let r = &o.receiver;
    let receiver = Receiver {
        name: r.name.clone(),
        phone: r.phone.as_ref().map(|p| p.text().to_owned()),
        tel: r.tel.clone(),
        country: r.country.clone(),
        province: r.province.clone(),
        city: r.city.clone(),
        district: r.district.clone(),
        address: r.address.clone(),
        zip: r.zip.clone(),
    };
    let mut buyer = keys(&o.platform, &o.buyer);
    if !r.masked && !r.cipher {
        if let Some(phone) = whole(r.phone.as_ref()) {
            buyer.push(BuyerKey::new(KeyKind::ReceiverPhone, "", phone, false));
        }
        if let Some(name) = &r.name {
            buyer.push(BuyerKey::new(KeyKind::ReceiverName, "", name, false));
        }
    }
    Observation {
        source: origin.numbers(&o.platform),
        source_id: o.order_no.clone(),
        import: Some(origin.import),
        entity: origin.entity.clone(),
        doc: if o.internal_no.is_some() && o.part != Part::Whole { Doc::Erp } else { Doc::OrderReport },
        platform: Some(o.platform.clone()),
        shop: origin.shop.clone().or_else(|| o.shop_id.clone()).or_else(|| o.shop_name.clone()),
        state: o.state.map(state),
        keeps_last_state: o.keeps_last_state,
        platform_status: o.platform_status.clone(),
        currency: o.currency,
        goods_list: o.goods_list,
        goods_after_discount: o.goods_after_discount,
        shipping: o.shipping,
        tax: o.tax,
        paid: o.paid,
        refunded: o.refund,
        estimated: o.estimated,
        merchant_received: o.merchant_received,
        discounts: (!o.discounts.is_empty())
            .then(|| o.discounts.iter().map(|d| Discount { payer: payer(d.payer), name: d.name.clone(), amount: d.amount }).collect()),
        created_at: o.created_at,
        paid_at: o.paid_at,
        shipped_at: o.shipped_at,
        completed_at: o.completed_at,
        closed_at: o.closed_at,
        day_in_order_no: o.day_in_order_no,
        payment_method: o.payment_method.clone(),
        channel: o.channel.clone(),
        discount_code: o.discount_code.clone(),
        close_reason: o.close_reason.clone().or_else(|| o.after_sale.clone()),
        carrier: o.carrier.clone(),
        tracking_no: o.tracking_no.clone(),
        quantity: o.qty_total,
        titles: if o.lines.is_empty() { o.titles.clone() } else { None },
        buyer,
        buyer_nick: o.buyer.nick.clone().or_else(|| o.buyer.account_masked.clone()).or_else(|| masked(o.buyer.phone.as_ref())),
        receiver: (receiver != Receiver::default()).then_some(receiver),
        buyer_memo: o.buyer_memo.clone(),
        seller_memo: o.seller_memo.clone(),
        flags: o.flags.iter().map(|f| (*f).to_owned()).collect(),
        lines: o.lines.iter().enumerate().map(|(i, l)| line(l, i as u32)).collect(),
        lines_whole: !o.lines.is_empty(),
        ..Observation::default()
    }
}

/// The rows of an item report about one order; each with its place among the order's rows.
pub fn items(rows: &[(u32, ItemRecord)], origin: &Origin) -> Option<Observation> {
    let (_, first) = rows.first()?;
    let suborders = rows.iter().any(|(_, r)| r.line.sub_order_no.is_some());
    let lines: Vec<_> = rows
        .iter()
        .map(|(place, r)| LineSaid { state: r.line.state.or(r.state).map(state), shipped_at: r.shipped_at, ..line(&r.line, *place) })
        .collect();
    Some(Observation {
        source: origin.numbers(&first.platform),
        source_id: first.order_no.clone(),
        import: Some(origin.import),
        doc: if suborders { Doc::SuborderReport } else { Doc::ItemReport },
        platform: Some(first.platform.clone()),
        platform_status: first.platform_status.clone(),
        currency: first.currency,
        lines,
        ..Observation::default()
    })
}

/// A refund with a number of its own. One that names no order stands under that number, and goes
/// to `refund::observe_alone`.
pub fn refund(r: &RefundRecord, origin: &Origin) -> Observation {
    let order = r.order_no.clone().unwrap_or_else(|| r.refund_no.clone());
    Observation {
        source: origin.numbers(&r.platform),
        source_id: order,
        import: Some(origin.import),
        entity: origin.entity.clone(),
        doc: Doc::Refund,
        platform: Some(r.platform.clone()),
        currency: r.currency,
        buyer: keys(&r.platform, &r.buyer),
        refund: Some(Box::new(RefundSaid {
            source_id: r.refund_no.clone(),
            amount: Some(r.amount),
            at: r.at,
            lines: vec![shuke_commerce::order::RefundLine {
                sku: r.line.code.clone(),
                title: r.line.title.clone(),
                quantity: r.line.qty,
                amount: Some(r.amount),
                ..Default::default()
            }],
            ..RefundSaid::default()
        })),
        ..Observation::default()
    }
}

/// What a member's row says of consent. The list tells no time of it: the newest thing that the row
/// mentions dates it, so that nothing said since is outdone. A cell that cannot be read says nothing.
fn consents(m: &MemberRecord, at: Instant, proof: &str) -> Vec<Statement> {
    let told = [("email", m.consent_email), ("sms", m.consent_sms)];
    let said = told.into_iter().filter_map(|(channel, said)| match said {
        Consent::Yes => Some((channel, true)),
        Consent::No => Some((channel, false)),
        Consent::NotTold | Consent::Unclear => None,
    });
    said.map(|(channel, granted)| Statement {
        purpose: "marketing".to_owned(),
        channel: channel.to_owned(),
        granted,
        source: "import".to_owned(),
        proof: Some(proof.to_owned()),
        basis: "file".to_owned(),
        at,
    })
    .collect()
}

/// The source that a file is by its own name; a sheet of corrections is named after the file that it is of.
pub fn source_of(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = stem.strip_prefix("rejects-").filter(|rest| !rest.is_empty()).unwrap_or(stem);
    stem.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Tags of a row. A file that names no source is one by its own name; whether it is.
pub fn tags(t: &TagRecord, file: &str) -> (Said, bool) {
    let platform = t.platform.clone();
    let sought = |kinds: &[KeyKind], namespace: Option<String>, value: &Option<String>| {
        value.clone().map(|value| Sought { kinds: kinds.to_vec(), namespace, value })
    };
    let whom = [
        sought(&[KeyKind::OwnId, KeyKind::Card], None, &t.own_id),
        sought(&[KeyKind::OpenId, KeyKind::UnionId, KeyKind::OwnId], platform.clone(), &t.open_id),
        sought(&[KeyKind::AccountName], platform.clone(), &t.account),
        sought(&[KeyKind::Phone], None, &t.phone),
        sought(&[KeyKind::Email], None, &t.email),
    ];
    let named = t.source.clone().or(platform);
    let by_name = named.is_none();
    let said = Said {
        source: named.unwrap_or_else(|| source_of(file)),
        whom: whom.into_iter().flatten().collect(),
        tags: t.tags.clone(),
        category: t.category.clone(),
        score: t.score,
        valid_until: t.valid_until,
    };
    (said, by_name)
}

/// A member's row as evidence, with the hash under which it is known: the same row of the same
/// legal entity is the same record, whichever file brings it. `proof` names file and row.
pub fn member(m: &MemberRecord, origin: &Origin, proof: &str) -> Evidence {
    let mut claims: Vec<KeyClaim> = Vec::new();
    let mut add = |kind, namespace: &str, value: Option<&String>, verified| {
        claims.extend(value.and_then(|v| KeyClaim::new(kind, namespace, v, verified)));
    };
    add(KeyKind::OwnId, &m.platform, m.own_id.as_ref(), true);
    add(KeyKind::OpenId, &m.platform, m.open_id.as_ref().or(m.customer_id.as_ref()), true);
    if m.account_is_key {
        add(KeyKind::AccountName, &m.platform, m.nick.as_ref(), false);
    }
    add(KeyKind::Phone, "", whole(m.phone.as_ref()).as_ref(), true);
    add(KeyKind::Email, "", m.email.as_ref(), true);
    let name = m.name.clone().or_else(|| {
        let joined = [m.first_name.as_deref(), m.last_name.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!joined.trim().is_empty()).then_some(joined)
    });
    let region = Region { province: m.province.clone(), city: m.city.clone() };
    // A list carries no time of its own: the newest thing that it mentions dates it.
    let source_time = [m.last_order_at, m.member_since, m.joined_at].into_iter().flatten().max().unwrap_or(Instant(0));
    let name_of_record = origin.entity.as_ref().map_or_else(|| record_name(m), |e| format!("{}@{e}", record_name(m)));
    Evidence {
        keys: claims,
        entity: origin.entity.clone(),
        source_time,
        source: format!("{}:members", m.platform),
        source_id: Some(name_of_record),
        profile: ProfileHints {
            name,
            gender: m.gender.map(|g| match g {
                "female" => Gender::Female,
                "male" => Gender::Male,
                _ => Gender::Other,
            }),
            birthday: m.birthday.map(|(year, month, day)| Birthday {
                year: (year > 0).then_some(year),
                month,
                day,
                lunar: m.birthday_lunar,
            }),
            region: (region != Region::default()).then_some(region),
            joined_at: m.member_since.or(m.joined_at),
            join_source: m.source.clone(),
            tier: m.paid_tier.clone().or_else(|| m.tier.clone()),
            points: m.points.map(|p| p.to_string()),
            tags: (!m.tags.is_empty()).then(|| m.tags.clone()),
            under_14: m.minor.then_some(true),
            consents: consents(m, source_time, proof),
            ..ProfileHints::default()
        },
    }
}

/// Where a row stands, in words that people of either language read.
pub fn proof(file: &str, row: u64) -> String {
    format!("{file} · 第 {row} 行 · row {row}")
}

/// A digest of all that the row says: another list with a newer row is another record.
fn record_name(m: &MemberRecord) -> String {
    use sha2::{Digest, Sha256};
    // What was added to a member's record since keeps the names of records that do not use it.
    let said = format!("{m:?}").replace(", birthday_lunar: false", "");
    let full: [u8; 32] = Sha256::digest(said.as_bytes()).into();
    full[..16].iter().fold(String::with_capacity(32), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

/// A product's row.
pub fn product(p: &crate::record::ProductRecord, import: i64) -> shuke_commerce::product::ProductSaid {
    shuke_commerce::product::ProductSaid {
        source: "file".to_owned(),
        source_id: p.sku.clone(),
        import: Some(import),
        sku: Some(p.sku.clone()),
        product_id: p.product_id.clone(),
        title: p.title.clone(),
        spec: p.spec.clone(),
        category: p.category.clone(),
        brand: p.brand.clone(),
        price: p.price,
        cost: p.cost,
        currency: p.currency,
        stock: p.stock,
        barcode: p.barcode.clone(),
        ..Default::default()
    }
}
