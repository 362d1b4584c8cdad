//! The members of a trial as a file.

use std::borrow::Cow;
use std::io::Write;
use std::sync::atomic::AtomicBool;

use shuke_kernel::{Error, Result};
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer};
use shuke_store::Store;

use super::model::{Row, Which};
use super::service::{Ready, rows};

const FIELDS: &[Field] = &[
    Field::new("member", "会员", Kind::Text),
    Field::new("tier", "现在等级", Kind::Word),
    Field::new("had", "现在可用", Kind::Bool),
    Field::new("has", "改后可用", Kind::Bool),
    Field::new("why", "改后不可用的原因", Kind::Word),
    Field::new("uses", "用过次数", Kind::Int),
    Field::new("refused", "其中改后不能用", Kind::Int),
    Field::new("value", "不能用的价值", Kind::Money),
    Field::new("currency", "币种", Kind::Word),
];

fn cells(ready: &Ready, row: Row) -> [Cell; 9] {
    let (value, refused) = (ready.value_of(&row), row.lost());
    [
        row.member.to_string().into(),
        row.tier.into(),
        row.had.into(),
        row.has.into(),
        row.out.map(|why| why.word()).into(),
        row.uses.into(),
        refused.into(),
        value.into(),
        ready.currency.to_string().into(),
    ]
}

/// Writes the members that are chosen while they are found.
///
/// # Errors
/// What the store or the writer says; where `stop` says that nobody waits.
pub fn write<W: Write + Send>(store: &Store, ready: &Ready, which: Which, format: Format, zh: bool, stop: &AtomicBool, to: W) -> Result<W> {
    let mut file = Writer::new(to, format, Style { zh, zone: ready.compared.zone.clone() });
    file.begin(&Sheet { name: "trial".into(), zh: "试算".into(), fields: Cow::Borrowed(FIELDS) }).map_err(Error::fault)?;
    rows(store, ready, which, None, stop, &mut |row| {
        file.row(&cells(ready, row)).map_err(Error::fault)?;
        Ok(true)
    })?;
    Ok(file.finish().map_err(Error::fault)?.0)
}
