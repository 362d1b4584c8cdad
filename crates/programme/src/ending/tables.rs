//! The list as a file, a row for each member and last day.

use std::borrow::Cow;
use std::io::Write;

use shuke_kernel::{Ctx, Error, Result};
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer, Written};
use shuke_store::Store;

use super::model::{Ending, START};
use super::service::{Ready, page};
use crate::owed::revenue::worth;

/// Members of a step.
const STEP: usize = 1_000;

const FIELDS: &[Field] = &[
    Field::new("member", "会员", Kind::Text),
    Field::new("tier", "等级", Kind::Word),
    Field::new("available", "可用积分", Kind::Int),
    Field::new("points", "将到期积分", Kind::Int),
    Field::new("day", "最后可用日", Kind::Text),
    Field::new("day_points", "当日到期积分", Kind::Int),
    Field::new("day_worth", "当日到期价值", Kind::Money),
    Field::new("currency", "币种", Kind::Word),
];

fn rows(ending: &Ending, value: Option<i64>) -> Result<Vec<Vec<Cell>>> {
    let tier = ending.tier.as_ref().map_or(Cell::Null, |tier| Cell::Text(tier.id.clone()));
    let of = |(day, points): &(jiff::civil::Date, i64)| {
        let money = value.map(|value| worth(*points, value)).transpose()?;
        Ok(vec![
            Cell::Text(ending.member.to_string()),
            tier.clone(),
            Cell::Int(ending.available),
            Cell::Int(ending.points),
            Cell::Text(day.to_string()),
            Cell::Int(*points),
            money.into(),
            money.map(|_| "CNY").into(),
        ])
    };
    ending.days.iter().map(of).collect()
}

/// Writes the whole list while it is found; `value` is what a point buys, in millionths of a yuan. Returns the writer and
/// what was written.
///
/// # Errors
/// What the store or the writer says.
pub fn write<W: Write + Send>(
    store: &Store,
    cx: &Ctx,
    asked: &Ready,
    value: Option<i64>,
    format: Format,
    zh: bool,
    to: W,
) -> Result<(W, Written)> {
    let mut file = Writer::new(to, format, Style { zh, zone: asked.rules.at(cx.now).zone.clone() });
    file.begin(&Sheet { name: "ending".into(), zh: "将到期积分".into(), fields: Cow::Borrowed(FIELDS) }).map_err(Error::fault)?;
    let mut at = START;
    loop {
        let (cx, of) = (cx.clone(), asked.clone());
        let found = store.read_now(move |tx| page(tx, &cx, &of, at, STEP))?;
        for ending in &found.items {
            for row in rows(ending, value)? {
                file.row(&row).map_err(Error::fault)?;
            }
        }
        match found.next {
            Some(next) => at = next,
            None => return file.finish().map_err(Error::fault),
        }
    }
}
