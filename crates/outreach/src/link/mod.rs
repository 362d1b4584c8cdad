//! Short links `/s/{code}`: whoever follows one is sent on to the batch's address. A person's click and
//! a program's request are told apart and never summed: measurement rests on people.

pub mod http;
mod looks;

use shuke_commerce::behaviour;
use shuke_kernel::{Actor, Ctx, Instant, MerchantNo, Result};
use shuke_members::{MemberId, identity};
use shuke_store::{Tx, args};

use crate::batch::{BatchId, Spec, draw, hand, service, sql};

/// Where a code leads, and whose it is.
#[derive(Clone, Debug)]
pub struct Target {
    merchant: MerchantNo,
    batch: BatchId,
    place: i64,
    member: MemberId,
    handed: bool,
    /// The address.
    pub url: String,
}

/// Where a code leads; `None` for a code of nobody.
pub fn find(tx: &mut Tx<'_>, code: &str) -> Result<Option<Target>> {
    let Some(merchant) = draw::owner(code) else { return Ok(None) };
    let Some(mut r) = tx.row(sql::LINK, args![merchant, code])? else { return Ok(None) };
    let spec: Spec = serde_json::from_str(&r.get::<String>(4)?)?;
    let (batch, place, member) = (r.get(0)?, r.get(1)?, r.get(2)?);
    let handed = r.get::<Option<i64>>(3)?.is_some();
    Ok(spec.target_url.map(|url| Target { merchant, batch, place, member, handed, url }))
}

/// Clicks of one member that lie nearer together than this are one visit, seconds.
const VISIT: i64 = 3_600;

/// Writes down that a code was followed, by a person or by a program. What was never handed over
/// counts nothing. Each visit of a person is an act of the member, and a touch that orders are laid to.
pub fn followed(tx: &mut Tx<'_>, target: &Target, human: bool, now: Instant) -> Result<()> {
    if !target.handed {
        return Ok(());
    }
    let cx = Ctx::new(target.merchant, Actor::System("links"), now);
    if !human {
        return tx.exec(sql::SCANNED, args![cx.merchant, target.batch, target.place]).map(|_| ());
    }
    tx.exec(sql::CLICKED, args![cx.merchant, target.batch, target.place, now])?;
    let visit = args![cx.merchant, target.batch, target.place, now, now.plus_seconds(-VISIT)];
    if tx.exec(sql::ADD_CLICK, visit)? == 0 {
        return Ok(());
    }
    let Some(member) = identity::resolve(tx, &cx, target.member)? else { return Ok(()) };
    let batch = service::get(tx, cx.merchant, target.batch)?;
    let name = format!("click/{}", now.micros());
    behaviour::record_many(tx, &cx, &[hand::act(&batch, target.place, "message_clicked", &name, member, now)]).map(|_| ())
}
