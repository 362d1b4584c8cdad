//! What lies apart from a heart, fetched as far as events ask for it.

use shuke_kernel::{Ctx, Instant, MerchantNo, Result};
use shuke_loyalty::event::Event;
use shuke_loyalty::parts::{self, PartKey};
use shuke_loyalty::{Rules, State};
use shuke_members::MemberId;
use shuke_store::{Tx, Value, args};

use super::sql;
use crate::book::fold::{self, Apart};
use crate::book::rows::{self, Book};
use crate::definition::{Programme, ProgrammeId};

/// Puts into a heart what these events, and what is due until now, may touch of what lies apart.
pub(super) fn fetch(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    programme: &Programme,
    rules: &Rules,
    book: &mut Book,
    apart: &mut Apart,
    events: &[Event],
) -> Result<()> {
    let whose = (cx.merchant, programme.id, book.member, book.parts);
    fetch_into(tx, whose, rules, &mut book.heart, apart, cx.now, events)
}

/// A heart's place in the store: merchant, programme, member, and how many parts lie apart.
pub(crate) type Place = (MerchantNo, ProgrammeId, MemberId, i64);

/// [`fetch`] for a heart in hand. Asks until nothing more is needed: a reversal names a spend, the spend names lots.
pub(crate) fn fetch_into(
    tx: &mut Tx<'_>,
    (merchant, programme, member, parts): Place,
    rules: &Rules,
    heart: &mut State,
    apart: &mut Apart,
    to: Instant,
    events: &[Event],
) -> Result<()> {
    while parts > apart.loaded.len() as i64 {
        let mut wanted = Vec::new();
        if events.is_empty() {
            wanted.extend(parts::needs(rules, heart, to, None, &mut apart.asked));
        }
        for event in events {
            wanted.extend(parts::needs(rules, heart, to.max(event.time), Some(event), &mut apart.asked));
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let rows = if wanted.contains(&PartKey::All) {
            tx.rows(sql::ALL_PARTS, args![merchant, programme, member])?
        } else {
            let names = Value::Texts(wanted.iter().map(fold::part_name).collect());
            tx.rows(sql::PARTS, &[merchant.into(), programme.into(), rows::ids(&[member]), names])?
        };
        for mut row in rows {
            apart.put_back(heart, row.get(1)?, row.get(2)?)?;
        }
    }
    Ok(())
}
