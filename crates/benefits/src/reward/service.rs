//! Rewards made, changed, paused, put away; their stock.

use shuke_access::audit;
use shuke_coupons::batch::service as batches;
use shuke_coupons::state::State as Put;
use shuke_kernel::{Ctx, MerchantNo, Result};
use shuke_store::{Row, Tx, args};

use super::model::{Definition, MOST_STOCK, Reward, stock};
use super::sql;
use crate::RewardId;
use crate::benefit::service::currency;
use crate::state::State;
use crate::who::known_tiers;
use crate::words::{CHANGED, NO_REWARD, STOCK_BELOW_ZERO, STOCK_UNLIMITED, TOO_MANY, invalid};

/// Rewards of a merchant at most, those that are put away not counted.
pub const MOST: usize = 1_000;

fn read(mut r: Row) -> Result<Reward> {
    let (body, state): (String, String) = (r.get(1)?, r.get(2)?);
    Ok(Reward {
        id: r.get(0)?,
        definition: serde_json::from_str(&body)?,
        state: State::of(&state)?,
        stock: r.get(3)?,
        taken: r.get(4)?,
        picture: r.get(5)?,
        version: r.get(6)?,
        created_at: r.get(7)?,
    })
}

/// One.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: RewardId) -> Result<Reward> {
    tx.row(sql::GET, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_REWARD.refuse().into())
}

pub(super) fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, id: RewardId) -> Result<Reward> {
    tx.row(sql::HOLD, args![merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_REWARD.refuse().into())
}

/// All of a merchant, the oldest first.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Vec<Reward>> {
    tx.rows(sql::LIST, args![merchant])?.into_iter().map(read).collect()
}

fn checked(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition) -> Result<Definition> {
    if definition.who.programme.is_some_and(|other| other != definition.programme) {
        return Err(
            invalid("who.programme", "奖品的等级属于它自己的会员计划。", "The tiers of a reward are those of its own programme.").into()
        );
    }
    let definition = definition.checked(currency(tx, cx.merchant)?)?;
    if let Some(id) = definition.coupons {
        let usable = batches::find(tx, cx.merchant, id)?.is_some_and(|batch| batch.state != Put::Archived && !batch.definition.codes);
        if !usable {
            let (zh, en) = (
                "找不到这批券，或它已归档，或它凭券码领取。",
                "There is no such batch of coupons, or it is put away, or it is had by codes.",
            );
            return Err(invalid("coupons", zh, en).into());
        }
    }
    if let Some(programme) = definition.who.check(tx, cx)? {
        let named: Vec<String> = definition.tier_points.iter().map(|t| t.tier.clone()).collect();
        known_tiers(tx, cx, &programme, &named, "tier_points")?;
    }
    Ok(definition)
}

/// Makes one.
///
/// # Errors
/// Refuses a definition that cannot be.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, definition: Definition) -> Result<Reward> {
    let pieces = stock(definition.stock)?;
    let definition = checked(tx, cx, definition)?;
    if list(tx, cx.merchant)?.iter().filter(|r| r.state != State::Archived).count() >= MOST {
        return Err(TOO_MANY.with("limit", MOST).into());
    }
    let (id, body): (RewardId, _) = (cx.new_id(), serde_json::to_string(&definition)?);
    let (kind, by) = (definition.kind.word(), cx.actor.label());
    tx.exec(sql::ADD, args![cx.merchant, id, &definition.name, kind, definition.programme, body, pieces, cx.now, by])?;
    audit::record(tx, cx, "reward.created", &id.to_string(), &definition.name)?;
    get(tx, cx.merchant, id)
}

/// Says something else of one that is still as the definition's `version` says. Its programme, sort and stock stay.
///
/// # Errors
/// Refuses a definition that cannot be, and one of a reward that was changed since or put away.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: RewardId, definition: Definition) -> Result<Reward> {
    let found = hold(tx, cx.merchant, id)?;
    if definition.version != Some(found.version) {
        return Err(CHANGED.at("version").into());
    }
    if found.state == State::Archived {
        return Err(found.state.wrong().into());
    }
    if definition.programme != found.definition.programme || definition.kind != found.definition.kind {
        return Err(
            invalid("programme", "会员计划和种类不能更改，请新建一个奖品。", "Programme and sort stay: make another reward.").into()
        );
    }
    let definition = checked(tx, cx, definition)?;
    let body = serde_json::to_string(&definition)?;
    tx.exec(sql::CHANGE, args![cx.merchant, id, &definition.name, definition.kind.word(), body, cx.now])?;
    audit::record(tx, cx, "reward.changed", &id.to_string(), &definition.name)?;
    get(tx, cx.merchant, id)
}

/// Pauses it, sets it going again, or puts it away for good.
///
/// # Errors
/// Refuses where its state does not allow it.
pub fn set_state(tx: &mut Tx<'_>, cx: &Ctx, id: RewardId, to: State) -> Result<Reward> {
    let found = hold(tx, cx.merchant, id)?;
    found.state.may_become(to)?;
    tx.exec(sql::SET_STATE, args![cx.merchant, id, to.word(), cx.now])?;
    audit::record(tx, cx, &format!("reward.set_{}", to.word()), &id.to_string(), &found.definition.name)?;
    get(tx, cx.merchant, id)
}

/// How the number of pieces is to change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stock {
    /// By so many.
    By(i64),
    /// There is no end to it.
    Unlimited,
}

/// Changes the number of pieces that are left. One without end has none until it is given some.
///
/// # Errors
/// Refuses to take off more than there are.
pub fn change_stock(tx: &mut Tx<'_>, cx: &Ctx, id: RewardId, how: Stock) -> Result<Reward> {
    let found = hold(tx, cx.merchant, id)?;
    let left = match how {
        Stock::Unlimited => None,
        Stock::By(more) => {
            if found.stock.is_none() && more <= 0 {
                return Err(STOCK_UNLIMITED.at("change").into());
            }
            let before = found.stock.unwrap_or(0);
            let after = before.saturating_add(more);
            if after < 0 {
                return Err(STOCK_BELOW_ZERO.with("stock", before).with("less", more.unsigned_abs()).at("change").into());
            }
            if after > MOST_STOCK {
                return Err(invalid("change", "库存超出范围。", "The stock is out of range.").into());
            }
            Some(after)
        }
    };
    tx.exec(sql::SET_STOCK, args![cx.merchant, id, left, cx.now])?;
    let said = |stock: Option<i64>| stock.map_or_else(|| "∞".to_owned(), |n| n.to_string());
    let text = format!("{}: {} → {}", found.definition.name, said(found.stock), said(left));
    audit::record(tx, cx, "reward.stock_changed", &id.to_string(), &text)?;
    get(tx, cx.merchant, id)
}
