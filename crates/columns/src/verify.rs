//! Whether the columns say what the store says: every member and heap is read again and laid out
//! by the same builder, and the rows compared.

use std::sync::Arc;

use shuke_kernel::Result;

use crate::bucket::Bucket;
use crate::budget::Share;
use crate::goods::Goods;
use crate::source::{self, Source};
use crate::words::{Kind, Words};
use crate::{Columns, draft};

/// What differs, in words, at most a hundred of them.
pub(crate) fn against_store(source: &Source<'_>, columns: &Columns) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut words = (*columns.words).clone();
    let mut after = Vec::new();
    let mut members = 0_usize;
    loop {
        let mut page = source.members_after(&after, 2_000, &mut words)?;
        let Some(last) = page.last() else { break };
        after = last.key.clone();
        source.fill(&mut page, Share::ALL, &mut words)?;
        members += page.len();
        let truth = draft::bucket(0, false, page)?;
        compare(columns, &truth, &words, &mut wrong);
    }
    let shown = columns.buckets.iter().filter(|b| !b.nobody).map(|b| b.members().count()).sum::<usize>();
    if shown != members {
        wrong.push(format!("the columns hold {shown} members, the store {members}"));
    }
    let mut next = source.next_heap(i64::MIN / source::HOUR)?;
    let mut orders = 0;
    while let Some(hour) = next {
        let truth = draft::bucket(0, true, vec![source.heap(hour, &mut words)?])?;
        orders += truth.orders.key.len();
        compare(columns, &truth, &words, &mut wrong);
        next = source.next_heap(hour + 1)?;
    }
    let held: usize =
        columns.buckets.iter().filter(|b| b.nobody).map(|b| b.members().map(|m| b.orders.of.of(m).len()).sum::<usize>()).sum();
    if held != orders {
        wrong.push(format!("the columns hold {held} orders of nobody, the store {orders}"));
    }
    let loose = source.loose_heap(&mut words)?;
    if !loose.loose.is_empty() {
        compare(columns, &draft::bucket(0, true, vec![loose])?, &words, &mut wrong);
    }
    compare_goods(source, columns, &mut words, &mut wrong)?;
    wrong.truncate(100);
    Ok(wrong)
}

/// Goods are in the category in which the product list has them.
fn compare_goods(source: &Source<'_>, columns: &Columns, words: &mut Words, wrong: &mut Vec<String>) -> Result<()> {
    let skus: Vec<String> = columns.words.of(Kind::Sku).since(0).map(str::to_owned).collect();
    let mut goods = Goods::default();
    source.categories(&skus, words, &mut goods)?;
    for (code, sku) in skus.iter().enumerate() {
        let word = |goods: &Goods| goods.category(code as u32).map_or("nothing", |c| words.of(Kind::Category).word(c)).to_owned();
        let (held, told) = (word(&columns.goods), word(&goods));
        if held != told {
            wrong.push(format!("goods {sku} differ: the columns have them under {held}, the store under {told}"));
        }
    }
    Ok(())
}

fn compare(columns: &Columns, truth: &Bucket, words: &Words, wrong: &mut Vec<String>) {
    for member in 0..truth.len() {
        let key = truth.key.get(member);
        let place = columns
            .buckets
            .iter()
            .filter(|b| b.nobody == truth.nobody)
            .find_map(|b: &Arc<Bucket>| b.find(key).filter(|row| b.shows(*row)).map(|row| (b, row)));
        let what = if truth.nobody { "heap" } else { "member" };
        let name: String = key.iter().map(|b| format!("{b:02x}")).collect();
        match place {
            None => wrong.push(format!("{what} {name} is missing")),
            Some((bucket, row)) => {
                let (held, true_rows) = (rows(bucket, row, words), rows(truth, member, words));
                let first = (0..held.len().max(true_rows.len())).find(|i| held.get(*i) != true_rows.get(*i));
                if let Some(i) = first {
                    let told = |rows: &[String]| rows.get(i).cloned().unwrap_or_else(|| "nothing".to_owned());
                    wrong.push(format!("{what} {name} differs: the columns have {}, the store {}", told(&held), told(&true_rows)));
                }
            }
        }
    }
}

/// A member's rows in words, so that two buckets with different codes and places compare.
fn rows(b: &Bucket, member: usize, words: &Words) -> Vec<String> {
    let word = |kind: Kind, code: Option<u32>| code.map(|c| words.of(kind).word(c).to_owned());
    let mut out =
        vec![format!("{:?} {:?} {:?}", b.registered_at.get(member), b.first_seen.get(member), word(Kind::Region, b.region.code(member)))];
    let (orders, lines) = (b.orders.of.of(member), b.lines.of.of(member));
    for row in orders.clone() {
        let o = &b.orders;
        let words = (
            word(Kind::Region, o.region.code(row)),
            word(Kind::Currency, o.currency.code(row)),
            word(Kind::Shop, o.shop.code(row)),
            word(Kind::Platform, o.platform.code(row)),
        );
        let numbers = (
            o.time.get(row),
            o.created_at.get(row),
            o.paid_known.get(row),
            o.state.get(row),
            o.lines.get(row),
            o.units.get(row),
            o.paid.get(row),
            o.received.get(row),
        );
        out.push(format!("{:?} {words:?} {numbers:?} {}", o.key.get(row), b.lines_of(row).start - lines.start));
    }
    for row in lines.clone() {
        let l = &b.lines;
        let words = (word(Kind::Sku, l.sku.code(row)), word(Kind::Name, l.name.code(row)), word(Kind::Category, l.category.code(row)));
        out.push(format!("{words:?} {:?} {:?} {:?} {:?}", l.time.get(row), l.quantity.get(row), l.paid.get(row), l.received.get(row)));
    }
    for row in b.refunds.of.of(member) {
        let r = &b.refunds;
        let place = (
            r.order.get(row).map(|o| o - orders.start as i64),
            r.line.get(row).map(|l| l - lines.start as i64),
            word(Kind::Sku, r.sku.code(row)),
        );
        out.push(format!("{place:?} {:?} {:?} {:?} {:?}", r.time.get(row), r.quantity.get(row), r.amount.get(row), r.received.get(row)));
    }
    out
}
