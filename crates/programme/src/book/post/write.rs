//! Books, their entries and what is told of them, as rows.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Instant, Result, Zone};
use shuke_loyalty::Rules;
use shuke_members::MemberId;
use shuke_store::{Tx, Value, args};

use super::{Hand, sql};
use crate::book::fold::{self, Changed};
use crate::book::tell;
use crate::definition::service::SHARDS;
use crate::definition::{Programme, ProgrammeId, sql as definition};

/// Writes the books, their entries and what is told of them.
pub(in crate::book) fn write(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, rules: &Rules, hands: &mut [Hand]) -> Result<()> {
    let (mut books, mut entries, mut parts, mut fresh) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::<i64, i64>::new());
    let mut books_due_as_before = Vec::new();
    for hand in hands.iter_mut() {
        let (apart, book) = (std::mem::take(&mut hand.apart), &mut hand.book);
        let (rebuilt, before) = (apart.rebuilt, book.parts);
        for booked in &hand.entries.0 {
            book.entries += 1;
            entries.push(entry_row(cx, programme.id, &rules.first().zone, book.member, book.entries, booked)?);
        }
        if book.fresh {
            *fresh.entry(i64::from(book.member.bytes()[15]) % SHARDS).or_default() += 1;
        }
        let Changed { put, gone, count } = apart.settle(rules, &mut book.heart, before)?;
        book.parts = count;
        if rebuilt && before > 0 {
            tx.exec(sql::DROP_ALL_PARTS, args![cx.merchant, programme.id, book.member])?;
        }
        if !gone.is_empty() {
            tx.exec(sql::DROP_PARTS, args![cx.merchant, programme.id, book.member, gone])?;
        }
        let member = book.member;
        parts.extend(
            put.into_iter().map(|(name, body)| vec![cx.merchant.into(), programme.id.into(), member.into(), name.into(), body.into()]),
        );
        // By one statement on an engine that tells for itself what stayed as it was.
        let as_before = tx.alone() && !book.fresh && book.next_due(rules) == book.due;
        if as_before { &mut books_due_as_before } else { &mut books }.push(book.row(cx, programme.id, rules)?);
    }
    tx.insert_many(&sql::PUT_BOOKS, books)?;
    tx.insert_many(&sql::PUT_BOOKS_DUE_AS_BEFORE, books_due_as_before)?;
    tx.insert_many(&sql::PUT_PARTS, parts)?;
    tx.insert_many(&sql::PUT_ENTRIES, entries)?;
    for (shard, more) in fresh {
        tx.exec(definition::MORE_BOOKS, args![cx.merchant, programme.id, shard, more])?;
    }
    tell::tell(tx, cx, programme, rules, hands)
}

fn entry_row(cx: &Ctx, programme: ProgrammeId, zone: &Zone, member: MemberId, seq: i64, booked: &fold::Booked) -> Result<Vec<Value>> {
    let entry = &booked.entry;
    Ok(vec![
        cx.merchant.into(),
        programme.into(),
        member.into(),
        seq.into(),
        entry.from.name().into(),
        entry.to.name().into(),
        entry.amount.into(),
        entry.lot.clone().into(),
        entry.lot_made.into(),
        entry.lot_made.map_or(0, |made| month(zone, made)).into(),
        (&entry.cause.kind).into(),
        (&entry.cause.id).into(),
        entry.version.into(),
        entry.happened.into(),
        cx.now.into(),
        entry.corrects.into(),
        booked.event.into(),
    ])
}

/// The month in which an instant falls, as a number: 202611. Books close by months of the programme's zone.
pub fn month(zone: &Zone, at: Instant) -> i64 {
    let day = zone.day(at);
    i64::from(day.year()) * 100 + i64::from(day.month())
}
