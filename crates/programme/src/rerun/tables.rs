//! The list of corrections as a file: a row for each order, and one for each member of whom only points or tier are otherwise.

use std::borrow::Cow;
use std::io::Write;

use shuke_kernel::{Error, MerchantNo, Result, Zone};
use shuke_loyalty::rerun::Correction;
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer, Written};
use shuke_store::Store;

use super::RerunId;
use super::service::{FIRST, Shown, listed};
use crate::owed::revenue::worth;

/// Members of a step.
const STEP: i64 = 500;

const FIELDS: &[Field] = &[
    Field::new("member", "会员", Kind::Text),
    Field::new("state", "状态", Kind::Word),
    Field::new("order", "订单", Kind::Text),
    Field::new("paid_at", "付款时间", Kind::Time),
    Field::new("paid", "实付金额", Kind::Money),
    Field::new("earned", "原得积分", Kind::Int),
    Field::new("earns", "更正后积分", Kind::Int),
    Field::new("left", "原得积分（退款后）", Kind::Int),
    Field::new("leaves", "更正后积分（退款后）", Kind::Int),
    Field::new("difference", "相差积分", Kind::Int),
    Field::new("difference_worth", "相差价值", Kind::Money),
    Field::new("judged", "按该版本重算", Kind::Bool),
    Field::new("member_points", "会员现有积分", Kind::Int),
    Field::new("member_would_have", "会员更正后积分", Kind::Int),
    Field::new("currency", "币种", Kind::Word),
];

fn rows(shown: &Shown, value: Option<i64>) -> Result<Vec<Vec<Cell>>> {
    let Shown { member, state, found } = shown;
    let row = |order: [Cell; 10], currency: bool| {
        let mut row = vec![Cell::Text(member.to_string()), Cell::Text(state.clone())];
        row.extend(order);
        row.extend([Cell::Int(found.has.points), Cell::Int(found.would_have.points)]);
        row.push(if currency { Cell::Text("CNY".to_owned()) } else { Cell::Null });
        row
    };
    let of = |c: &Correction| -> Result<Vec<Cell>> {
        let difference = c.leaves.saturating_sub(c.left);
        let money = value.map(|value| worth(difference, value)).transpose()?;
        let numbers = [c.earned, c.earns, c.left, c.leaves, difference].map(Cell::Int);
        let [earned, earns, left, leaves, difference] = numbers;
        let (order, paid) = (Cell::Text(c.order.clone()), Cell::from(c.paid));
        Ok(row([order, paid, Cell::Int(c.net), earned, earns, left, leaves, difference, money.into(), Cell::Bool(c.judged)], true))
    };
    if found.corrections.is_empty() {
        return Ok(vec![row([const { Cell::Null }; 10], false)]);
    }
    found.corrections.iter().map(of).collect()
}

/// Writes the whole list while it is read; `value` is what a point buys, in millionths of a yuan. Returns the writer and what was written.
///
/// # Errors
/// What the store or the writer says.
pub fn write<W: Write + Send>(
    store: &Store,
    merchant: MerchantNo,
    id: RerunId,
    value: Option<i64>,
    (format, zh, zone): (Format, bool, Zone),
    to: W,
) -> Result<(W, Written)> {
    let mut file = Writer::new(to, format, Style { zh, zone });
    file.begin(&Sheet { name: "corrections".into(), zh: "积分更正".into(), fields: Cow::Borrowed(FIELDS) }).map_err(Error::fault)?;
    let mut after = FIRST;
    loop {
        let found = store.read_now(move |tx| listed(tx, merchant, id, after, "", STEP))?;
        for shown in &found {
            for row in rows(shown, value)? {
                file.row(&row).map_err(Error::fault)?;
            }
        }
        match found.last() {
            Some(last) if found.len() as i64 == STEP => after = last.member,
            _ => return file.finish().map_err(Error::fault),
        }
    }
}
