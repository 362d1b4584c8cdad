//! What each column of a file means in one format: by the format's own names, by what others call
//! the same thing, and last by the parts of a name. Where several columns mean the same, the name
//! that says it most exactly counts, wherever the column stands.

use std::collections::HashSet;

use crate::field::Field;
use crate::formats::{Format, Kind, Words};
use crate::layout::Columns;
use crate::{header, vocab};

/// How exactly a name that is understood by its parts says what it means: better than an everyday
/// word (`金额`), worse than a proper name (`实付金额`).
const BY_PARTS: u8 = 2;

/// What each column means in this format.
pub(crate) fn assign(f: &'static Format, headers: &[String], keys: &[String]) -> Columns {
    let mut out: Columns = vec![(None, 0); headers.len()];
    let mut taken: HashSet<Field> = HashSet::new();
    // What this very format calls its columns comes first, in any order of the columns …
    for (i, k) in keys.iter().enumerate() {
        if let Some(found) = f.header(k) {
            out[i].1 = 100;
            if let Some(field) = found.filter(|x| *x == Field::PackedLine || taken.insert(*x)) {
                out[i].0 = Some(field);
            }
        } else if is_packed_line(f, k) {
            out[i] = (Some(Field::PackedLine), 100);
        }
    }
    // … then what others call the same thing, or what the parts of a name suggest.
    let mut others: Vec<(u8, usize, Field, u8)> =
        (0..keys.len()).filter_map(|i| meant(f, &headers[i], &keys[i]).map(|(field, rank, sure)| (rank, i, field, sure))).collect();
    others.sort_by_key(|o| (o.0, o.1));
    for (_, i, field, sure) in others {
        if taken.insert(field) {
            out[i] = (Some(field), sure);
        }
    }
    // What is to be paid, beside what was paid, is the order's total.
    if f.kind == Kind::Order && taken.contains(&Field::Paid) && !taken.contains(&Field::OrderTotal) {
        let total = (0..keys.len()).find(|i| out[*i] == (None, 0) && vocab::is_payable(&keys[*i]));
        if let Some(i) = total {
            out[i] = (Some(Field::OrderTotal), 80);
        }
    }
    out
}

fn is_packed_line(f: &Format, key: &str) -> bool {
    f.words == Words::Woo && key.strip_prefix("lineitem").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}

/// What a column that is none of the format's own means, how exactly its name says so (0 is best),
/// and how sure that is.
fn meant(f: &Format, head: &str, key: &str) -> Option<(Field, u8, u8)> {
    // Our own column in a sheet of rejects means nothing of the file's.
    if key.is_empty() || f.header(key).is_some() || is_packed_line(f, key) || header::is_reference(head) {
        return None;
    }
    let kind = f.kind.vocabulary();
    let parts = head.split(['/', '／']).map(header::key);
    if let Some(field) = vocab::exact(key, kind).or_else(|| parts.into_iter().find_map(|p| vocab::exact(&p, kind))) {
        return Some((aliased(f, field), vocab::vagueness(field, key), 90));
    }
    vocab::fuzzy(key, kind).map(|field| (aliased(f, field), BY_PARTS, 60))
}

/// Fields of which it matters which of two columns tells them.
const WEIGHTY: &[Field] = &[
    Field::OrderNo,
    Field::Status,
    Field::CreatedAt,
    Field::PaidAt,
    Field::CompletedAt,
    Field::Paid,
    Field::OrderTotal,
    Field::Refund,
    Field::Shipping,
    Field::UnitPrice,
    Field::Quantity,
    Field::LineTitle,
    Field::LinePaid,
    Field::Phone,
    Field::Points,
    Field::Spent,
    Field::Price,
];

/// Columns that mean what another column already tells: the field, the column that counts, the other.
pub(crate) fn rivals(f: &'static Format, headers: &[String], keys: &[String], columns: &Columns) -> Vec<(Field, usize, usize)> {
    let told = |i: usize| match f.header(&keys[i]) {
        Some(own) => own,
        None => meant(f, &headers[i], &keys[i]).filter(|m| m.2 >= 80).map(|m| m.0),
    };
    (0..keys.len())
        .filter(|i| columns[*i].0.is_none())
        .filter_map(|i| {
            let field = told(i).filter(|x| WEIGHTY.contains(x))?;
            let counts = columns.iter().position(|c| c.0 == Some(field))?;
            Some((field, counts, i))
        })
        .collect()
}

/// A word of the common vocabulary, where this format uses another field for the same thing.
fn aliased(f: &Format, field: Field) -> Field {
    match (f.id, field) {
        // A file of lines has one title a row.
        _ if f.kind == Kind::Item && field == Field::Titles => Field::LineTitle,
        ("taobao_order_report" | "taobao_order_report_2026", Field::LineTitle) => Field::Titles,
        ("taobao_order_report" | "taobao_order_report_2026", Field::Quantity) => Field::QtyTotal,
        ("taobao_order_report_2026", Field::OrderTotal) => Field::GoodsList,
        // … and its amounts are the line's.
        _ if f.kind == Kind::Item && field == Field::Paid => Field::LinePaid,
        _ if f.kind == Kind::Item && field == Field::Refund => Field::LineRefund,
        ("youzan_order_export", Field::BuyerAccount) => Field::BuyerNick,
        ("youzan_order_export", Field::LineTitle) => Field::Titles,
        ("pdd_order_export" | "pdd_order_export_2026" | "douyin_order_export", Field::QtyTotal) => Field::Quantity,
        ("shopify_customers_export", Field::OwnId) => Field::CustomerId,
        (_, field) => field,
    }
}
