//! Batches made, changed, paused, put away; their stock.

use std::collections::BTreeMap;

use shuke_access::audit;
use shuke_http::MoneyDto;
use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_store::{Row, Tx, Value, args};

use super::model::{Batch, Definition, MOST_CODES, MOST_PIECES, Part, divided, parts};
use super::{sql, stock};
use crate::BatchId;
use crate::TemplateId;
use crate::code::made;
use crate::state::State;
use crate::template::offer::MOST_AMOUNT;
use crate::template::service::{self as templates, currency};
use crate::words::{CHANGED, NO_BATCH, STOCK_BELOW_ZERO, STOCK_UNLIMITED, WORD_TAKEN, invalid};

fn read(tx: &mut Tx<'_>, merchant: MerchantNo, mut r: Row) -> Result<Batch> {
    let (template, version): (TemplateId, i64) = (r.get(1)?, r.get(2)?);
    let (state, budget): (String, Option<i64>) = (r.get(4)?, r.get(6)?);
    let definition = Definition {
        name: r.get(3)?,
        template: Some(template),
        pieces: None,
        budget: None,
        per_member: r.get(7)?,
        claim_from: r.get(8)?,
        claim_to: r.get(9)?,
        word: r.get(10)?,
        codes: r.get(11)?,
        version: None,
    };
    Ok(Batch {
        id: r.get(0)?,
        definition,
        template: templates::version(tx, merchant, template, version)?,
        state: State::of(&state)?,
        pieces: r.get(5)?,
        budget,
        parts: r.get(13)?,
        codes_made: r.get(12)?,
        version: r.get(14)?,
        created_at: r.get(15)?,
    })
}

fn found(tx: &mut Tx<'_>, merchant: MerchantNo, text: &'static str, bind: Value) -> Result<Option<Batch>> {
    tx.row(text, &[merchant.into(), bind])?.map(|r| read(tx, merchant, r)).transpose()
}

/// One.
///
/// # Errors
/// Refuses where there is none.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: BatchId) -> Result<Batch> {
    find(tx, merchant, id)?.ok_or_else(|| NO_BATCH.refuse().into())
}

/// One, or none.
///
/// # Errors
/// Where the store does not answer.
pub fn find(tx: &mut Tx<'_>, merchant: MerchantNo, id: BatchId) -> Result<Option<Batch>> {
    found(tx, merchant, sql::GET, id.into())
}

/// The one that has a word, as [`word`](super::model::word) keeps it.
///
/// # Errors
/// Where the store does not answer.
pub fn of_word(tx: &mut Tx<'_>, merchant: MerchantNo, word: &str) -> Result<Option<Batch>> {
    found(tx, merchant, sql::OF_WORD, word.into())
}

/// One that is held until the transaction ends.
///
/// # Errors
/// Refuses where there is none.
pub fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: BatchId) -> Result<Batch> {
    found(tx, merchant, sql::HOLD, id.into())?.ok_or_else(|| NO_BATCH.refuse().into())
}

/// Batches before a place, the newest first; of one template and set to one state, where these are named.
///
/// # Errors
/// Where the store does not answer.
pub fn list(
    tx: &mut Tx<'_>,
    merchant: MerchantNo,
    template: Option<TemplateId>,
    state: Option<State>,
    before: (i64, [u8; 16]),
    limit: i64,
) -> Result<Vec<Batch>> {
    let state = state.map(|state| state.word().to_owned());
    let rows = tx.rows(sql::LIST, args![merchant, before.0, before.1, template, state, limit])?;
    rows.into_iter().map(|r| read(tx, merchant, r)).collect()
}

/// Makes one, its stock, and what makes its codes.
///
/// # Errors
/// Refuses a definition that cannot be, and a template that is not active.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition) -> Result<Batch> {
    let Some(template) = definition.template else {
        return Err(invalid("template", "请选择券模板。", "State the template.").into());
    };
    let template = templates::get(tx, cx.merchant, template)?;
    if template.state != State::Active {
        return Err(template.state.wrong().into());
    }
    let sizes = definition.sizes(&template.definition, currency(tx, cx.merchant)?)?;
    let of = definition.checked()?;
    let (id, count): (BatchId, i64) = (cx.new_id(), parts(sizes.pieces));
    let added = tx.exec(
        sql::ADD,
        args![
            cx.merchant,
            id,
            template.id,
            template.version,
            &of.name,
            sizes.pieces,
            sizes.budget,
            of.per_member,
            of.claim_from,
            of.claim_to,
            of.word.clone(),
            of.codes,
            count,
            cx.now,
            cx.actor.label()
        ],
    )?;
    if added == 0 {
        return Err(WORD_TAKEN.with("word", of.word.unwrap_or_default()).at("word").into());
    }
    let rows = divided(sizes.pieces, sizes.drawn, count).into_iter().enumerate().map(|(no, part)| -> Vec<Value> {
        vec![cx.merchant.into(), id.into(), (no as i64).into(), part.pieces.into(), part.money.into(), 0_i64.into(), 0_i64.into()]
    });
    tx.insert_many(&sql::PUT_PARTS, rows.collect())?;
    audit::record(tx, cx, "coupon_batch.created", &id.to_string(), &of.name)?;
    let made = get(tx, cx.merchant, id)?;
    if of.codes {
        made::enqueue(tx, cx, &made)?;
    }
    Ok(made)
}

/// Says something else of one that is still as the definition's `version` says. Its template, size and how it is had stay.
///
/// # Errors
/// Refuses a definition that cannot be, and one of a batch that was changed since or put away.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId, definition: Definition) -> Result<Batch> {
    let found = hold(tx, cx.merchant, id)?;
    if definition.version != Some(found.version) {
        return Err(CHANGED.at("version").into());
    }
    if found.state == State::Archived {
        return Err(found.state.wrong().into());
    }
    let other = definition.template.is_some_and(|template| template != found.template.id);
    if other || definition.pieces.is_some() || definition.budget.is_some() || definition.codes != found.definition.codes {
        let (zh, en) = ("模板、数量、预算和领取方式不在这里改。", "Template, size, budget and whether it has codes are not changed here.");
        return Err(invalid("template", zh, en).into());
    }
    let of = definition.checked()?;
    let stricter = of.per_member.is_some_and(|now| found.definition.per_member.is_none_or(|before| now < before));
    if stricter && stock::left(tx, cx, &[id])?.iter().any(|left| left.taken > 0) {
        let (zh, en) = ("已有人领取，每人张数只能调高。", "Some were handed out: how many a member may have can only be raised.");
        return Err(invalid("per_member", zh, en).into());
    }
    if let Some(word) = &of.word
        && tx.row(sql::WORD_TAKEN, args![cx.merchant, word, id])?.is_some()
    {
        return Err(WORD_TAKEN.with("word", word).at("word").into());
    }
    tx.exec(sql::CHANGE, args![cx.merchant, id, &of.name, of.per_member, of.claim_from, of.claim_to, of.word.clone(), cx.now])?;
    audit::record(tx, cx, "coupon_batch.changed", &id.to_string(), &of.name)?;
    get(tx, cx.merchant, id)
}

/// Pauses it, sets it going again, or puts it away for good: nothing is handed out of it any more, codes that nobody has
/// entered are worth nothing, and what members have stays good.
///
/// # Errors
/// Refuses where its state does not allow it.
pub fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId, to: State) -> Result<Batch> {
    let found = hold(tx, cx.merchant, id)?;
    found.state.may_become(to)?;
    tx.exec(sql::SET_STATE, args![cx.merchant, id, to.word(), cx.now])?;
    audit::record(tx, cx, &format!("coupon_batch.set_{}", to.word()), &id.to_string(), &found.definition.name)?;
    get(tx, cx.merchant, id)
}

/// How a stock is to change.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct More {
    /// By so many pieces; below nothing they are taken off what is left.
    pub pieces: i64,
    /// By so much budget, where amounts are drawn from one.
    pub budget: Option<MoneyDto>,
}

/// Changes how many pieces are left, and divides what is left anew. The budget of coupons with a known most goes with the
/// pieces.
///
/// # Errors
/// Refuses to take off more than there is, to change what has no end or is had by codes, and a budget that the pieces
/// cannot come to.
pub fn change_stock(tx: &mut Tx<'_>, cx: &Ctx, id: BatchId, more: &More) -> Result<Batch> {
    let batch = hold(tx, cx.merchant, id)?;
    let Some(pieces) = batch.pieces else { return Err(STOCK_UNLIMITED.at("pieces").into()) };
    if batch.definition.codes {
        let (zh, en) = ("凭券码领取的不能增减数量，请另建一批。", "What is had by codes has as many as codes: make another batch.");
        return Err(invalid("pieces", zh, en).into());
    }
    let kept = tx.rows(sql::HOLD_PARTS, args![cx.merchant, id])?;
    let mut left = (0_i64, None::<i64>);
    let mut numbers = Vec::with_capacity(kept.len());
    for mut r in kept {
        let (no, some, money): (i64, Option<i64>, Option<i64>) = (r.get(0)?, r.get(1)?, r.get(2)?);
        left.0 += some.unwrap_or(0);
        left.1 = match (left.1, money) {
            (sum, None) => sum,
            (sum, Some(money)) => Some(sum.unwrap_or(0).saturating_add(money)),
        };
        numbers.push(no);
    }
    let after = left.0.saturating_add(more.pieces);
    if after < 0 {
        return Err(STOCK_BELOW_ZERO.with("left", left.0).with("less", more.pieces.unsigned_abs()).at("pieces").into());
    }
    let all = pieces.saturating_add(more.pieces);
    if all > MOST_PIECES {
        return Err(invalid("pieces", "张数超出范围。", "The number is out of range.").into());
    }
    let (money, budget) = budget_after(tx, cx, &batch, left.1, after, more)?;
    let count = numbers.len() as i64;
    for (no, Part { pieces, money }) in numbers.into_iter().zip(divided(Some(after), money, count)) {
        tx.exec(sql::SET_PART, args![cx.merchant, id, no, pieces, money])?;
    }
    tx.exec(sql::SET_SIZE, args![cx.merchant, id, all, budget, cx.now])?;
    let text = format!("{}: {pieces} → {all}", batch.definition.name);
    audit::record(tx, cx, "coupon_batch.stock_changed", &id.to_string(), &text)?;
    get(tx, cx.merchant, id)
}

/// What is left of drawn money, and the budget, after a change.
fn budget_after(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    batch: &Batch,
    money: Option<i64>,
    after: i64,
    more: &More,
) -> Result<(Option<i64>, Option<i64>)> {
    let added = match &more.budget {
        None => 0,
        Some(given) if given.currency == currency(tx, cx.merchant)?.code() => given.amount,
        Some(_) => return Err(invalid("budget.currency", "币种应与商家一致。", "The currency is the merchant's.").into()),
    };
    let of = &batch.template.definition;
    match (money, &of.random, batch.budget) {
        (Some(money), Some(range), Some(budget)) => {
            let (money, budget) = (money.saturating_add(added), budget.saturating_add(added));
            if !range.comes_to(after, money) || budget > MOST_AMOUNT {
                let (least, most) = (after.saturating_mul(range.min), after.saturating_mul(range.max));
                let zh = format!("剩余 {after} 张的随机面额合计应在 {least} 到 {most} 分之间，现在是 {money} 分。");
                let en = format!("The {after} pieces that are left come to between {least} and {most} minor units, not {money}.");
                return Err(invalid("budget", &zh, &en).into());
            }
            Ok((Some(money), Some(budget)))
        }
        _ if more.budget.is_some() => {
            let (zh, en) = ("只有设了预算的随机面额可以追加预算。", "Only a budget of drawn amounts is added to.");
            Err(invalid("budget", zh, en).into())
        }
        // What each can take off is known: the budget goes with the pieces.
        (_, _, Some(budget)) => {
            let grown = more.pieces.saturating_mul(of.offer.face().unwrap_or(0));
            let budget = budget.saturating_add(grown);
            if budget > MOST_AMOUNT {
                return Err(invalid("pieces", "预算超出范围。", "The budget is out of range.").into());
            }
            Ok((None, Some(budget)))
        }
        _ => Ok((None, None)),
    }
}

/// What became of a batch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Coupons by where they stand.
    pub states: BTreeMap<String, i64>,
    /// Orders that used one.
    pub uses: i64,
    /// What those saved by it, minor units, as the carts were priced.
    pub saved: i64,
    /// Exceptions that are open.
    pub exceptions: i64,
    /// The money at stake in those, minor units.
    pub stake: i64,
}

/// Counts what became of a batch.
///
/// # Errors
/// Where the store does not answer.
pub fn tally(tx: &mut Tx<'_>, merchant: MerchantNo, id: BatchId) -> Result<Tally> {
    let states = tx.rows(sql::STATES, args![merchant, id])?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect::<Result<_>>()?;
    let mut saved = tx.one(sql::SAVED, args![merchant, id])?;
    let mut open = tx.one(sql::AT_STAKE, args![merchant, id])?;
    Ok(Tally { states, uses: saved.get(0)?, saved: saved.get(1)?, exceptions: open.get(0)?, stake: open.get(1)? })
}

/// Codes that a batch is to have.
pub fn codes_of(batch: &Batch) -> i64 {
    if batch.definition.codes { batch.pieces.unwrap_or(0).min(MOST_CODES) } else { 0 }
}
