//! The members of a trial as a file.

use std::borrow::Cow;
use std::io::Write;
use std::sync::atomic::AtomicBool;

use shuke_kernel::{Error, Result};
use shuke_loyalty::trial::Both;
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer};
use shuke_store::Store;

use super::model::{Filter, Row};
use super::service::{Ready, rows};

const FIELDS: &[Field] = &[
    Field::new("member", "会员", Kind::Text),
    Field::new("tier_before", "等级（不改）", Kind::Word),
    Field::new("tier_after", "等级（改后）", Kind::Word),
    Field::new("judged_before", "到期后等级（不改）", Kind::Word),
    Field::new("judged_after", "到期后等级（改后）", Kind::Word),
    Field::new("issued_before", "自动发放积分（不改）", Kind::Int),
    Field::new("issued_after", "自动发放积分（改后）", Kind::Int),
    Field::new("earned_before", "订单积分（不改）", Kind::Int),
    Field::new("earned_after", "订单积分（改后）", Kind::Int),
    Field::new("points", "积分增减", Kind::Int),
    Field::new("value", "价值增减", Kind::Money),
    Field::new("cost", "成本增减", Kind::Money),
    Field::new("currency", "币种", Kind::Word),
];

fn cells(ready: &Ready, row: &Row) -> Result<Vec<Cell>> {
    let text = |id: Option<&str>| id.map_or(Cell::Null, |id| Cell::Text(id.to_owned()));
    let tiers = |of: Both<Option<usize>>| {
        let ids = ready.ladders.ids(of);
        [text(ids.before), text(ids.after)]
    };
    let earned = |of: fn(Both<i64>) -> i64| Cell::from(row.earned.map(|earned| of(earned.points)));
    let (held, judged, issued, points) = (tiers(row.tried.held), tiers(row.tried.judged), row.tried.issued, row.more());
    let money = [ready.stated.value_of(points)?, ready.stated.cost_of(points)?].map(Cell::Int);
    let mut out = vec![Cell::Text(row.member.to_string())];
    out.extend(held.into_iter().chain(judged));
    out.extend([Cell::Int(issued.before), Cell::Int(issued.after), earned(|b| b.before), earned(|b| b.after), Cell::Int(points)]);
    out.extend(money.into_iter().chain([Cell::Text("CNY".to_owned())]));
    Ok(out)
}

/// Writes the members of a filter while they are found.
///
/// # Errors
/// What the store or the writer says; where `stop` says that nobody waits.
pub fn write<W: Write + Send>(
    store: &Store,
    ready: &Ready,
    filter: &Filter,
    format: Format,
    zh: bool,
    stop: &AtomicBool,
    to: W,
) -> Result<W> {
    let mut file = Writer::new(to, format, Style { zh, zone: ready.zone.clone() });
    file.begin(&Sheet { name: "trial".into(), zh: "试算".into(), fields: Cow::Borrowed(FIELDS) }).map_err(Error::fault)?;
    rows(store, ready, filter, None, stop, &mut |row| {
        file.row(&cells(ready, &row)?).map_err(Error::fault)?;
        Ok(true)
    })?;
    Ok(file.finish().map_err(Error::fault)?.0)
}
