//! What the API gives of templates, batches, and what orders did with coupons.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shuke_commerce::wire::External;
use shuke_http::{MoneyDto, Problem};
use shuke_kernel::{Currency, Instant};
use shuke_members::MemberId;
use utoipa::ToSchema;

use crate::batch::service::{Tally, codes_of};
use crate::batch::stock::Left;
use crate::batch::{self, Batch};
use crate::coupon::OrderName;
use crate::coupon::course::Use;
use crate::coupon::shown::{CouponDto, money};
use crate::template::service::Version;
use crate::template::{self, Template};
use crate::{BatchId, CouponId, TemplateId};

/// A template.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponTemplate)]
pub(super) struct TemplateDto {
    /// `cpt_…`.
    #[schema(value_type = String, example = "cpt_01kc…")]
    pub id: TemplateId,
    /// `active`, `paused` or `archived`.
    pub state: String,
    /// Counts its versions: what a change names, and what coupons keep.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// What the merchant says of it.
    #[serde(flatten)]
    pub definition: template::Definition,
}

impl TemplateDto {
    pub(super) fn of(t: Template) -> Self {
        // Its version is the one beside, not one that a change would name.
        let definition = template::Definition { version: None, ..t.definition };
        Self { id: t.id, state: t.state.word().to_owned(), version: t.version, created_at: t.created_at, definition }
    }
}

/// A version of a template.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponTemplateVersion)]
pub(super) struct VersionDto {
    /// The how-many-eth.
    pub no: i64,
    /// What it says.
    pub definition: template::Definition,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Instant,
    /// By whom.
    pub made_by: String,
}

impl From<Version> for VersionDto {
    fn from(v: Version) -> Self {
        Self { no: v.no, definition: v.definition, made_at: v.made_at, made_by: v.made_by }
    }
}

/// How far the codes of a batch are.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponCodes)]
pub(super) struct CodesDto {
    /// Made so far.
    pub made: i64,
    /// Of so many.
    pub of: i64,
    /// Bits of a code that nobody can foresee.
    pub entropy_bits: i64,
}

/// A batch.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponBatch)]
pub(super) struct BatchDto {
    /// `cpb_…`.
    #[schema(value_type = String, example = "cpb_01kc…")]
    pub id: BatchId,
    /// As people read it.
    pub name: String,
    /// `cpt_…`: what its coupons are of,
    #[schema(value_type = String)]
    pub template: TemplateId,
    /// what that is called,
    pub template_name: String,
    /// and in which version.
    pub template_version: i64,
    /// `scheduled`, `active`, `ended`, `paused` or `archived`.
    pub state: String,
    /// How many there are in all; null for no end.
    pub pieces: Option<i64>,
    /// How many are left; null for no end.
    pub left: Option<i64>,
    /// How many were handed out.
    pub taken: i64,
    /// For how much at most.
    pub budget: Option<MoneyDto>,
    /// What those that were handed out take off at most, of those whose most is known.
    pub spent: MoneyDto,
    /// How many a member may have.
    pub per_member: Option<i64>,
    /// From when it can be claimed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub claim_from: Option<Instant>,
    /// When claiming ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub claim_to: Option<Instant>,
    /// The word by which everybody can claim it.
    pub word: Option<String>,
    /// Where it is had by codes: how far they are.
    pub codes: Option<CodesDto>,
    /// Counts its changes: what a change names.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
}

impl BatchDto {
    pub(super) fn of(b: Batch, left: Left, now: Instant, currency: Currency) -> Self {
        let state = b.told(now).to_owned();
        let all = codes_of(&b);
        let codes = (all > 0).then_some(CodesDto { made: b.codes_made, of: all, entropy_bits: crate::code::ENTROPY_BITS });
        let batch::Definition { name, per_member, claim_from, claim_to, word, .. } = b.definition;
        Self {
            id: b.id,
            name,
            template: b.template.id,
            template_name: b.template.definition.name,
            template_version: b.template.version,
            state,
            pieces: b.pieces,
            left: left.pieces,
            taken: left.taken,
            budget: b.budget.map(|budget| money(budget, currency)),
            spent: money(left.spent, currency),
            per_member,
            claim_from,
            claim_to,
            word,
            codes,
            version: b.version,
            created_at: b.created_at,
        }
    }
}

/// A batch and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponBatchTally)]
pub(super) struct TallyDto {
    /// The batch.
    pub batch: BatchDto,
    /// Its coupons by where they stand.
    pub states: BTreeMap<String, i64>,
    /// Orders that used one.
    pub uses: i64,
    /// What those saved by it, as their carts were priced.
    pub saved: MoneyDto,
    /// Orders that were paid when a coupon of theirs was not there any more, as long as nobody settled them.
    pub exceptions: i64,
    /// The money at stake in those.
    pub stake: MoneyDto,
}

impl TallyDto {
    pub(super) fn of(batch: BatchDto, tally: Tally, currency: Currency) -> Self {
        let Tally { states, uses, saved, exceptions, stake } = tally;
        Self { batch, states, uses, saved: money(saved, currency), exceptions, stake: money(stake, currency) }
    }
}

/// What an order did with a coupon.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponUse)]
pub(super) struct UseDto {
    /// `cpn_…`.
    #[schema(value_type = String)]
    pub coupon: CouponId,
    /// Which order.
    pub order: External,
    /// Whose.
    #[schema(value_type = Option<String>)]
    pub member: Option<MemberId>,
    /// `held`, `used`, `let_go`, `given_back` or `missed`.
    pub state: String,
    /// What it took off, as the cart was priced; of an exception the money at stake.
    pub saving: MoneyDto,
    /// When it was locked,
    #[schema(value_type = String, format = DateTime)]
    pub locked_at: Instant,
    /// until when,
    #[schema(value_type = String, format = DateTime)]
    pub lock_until: Instant,
    /// when it was used,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<Instant>,
    /// and when it was let go or given back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Instant>,
    /// How it was let go: `timeout`, `order` or `shop`.
    pub how: Option<String>,
    /// Of an exception: when the order was found paid without it,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub missed_at: Option<Instant>,
    /// where the coupon stood then,
    pub missed_why: Option<String>,
    /// and when that was settled,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub settled_at: Option<Instant>,
    /// by whom,
    pub settled_by: Option<String>,
    /// and how, in their words.
    pub note: Option<String>,
}

impl UseDto {
    pub(super) fn of(u: Use, note: Option<String>) -> Self {
        Self {
            coupon: u.coupon,
            order: External { source: u.order.source, id: u.order.no },
            member: u.member,
            state: u.state,
            saving: MoneyDto { amount: u.saving, currency: u.currency },
            locked_at: u.locked_at,
            lock_until: u.lock_until,
            used_at: u.used_at,
            ended_at: u.ended_at,
            how: u.how,
            missed_at: u.missed_at,
            missed_why: u.missed_why,
            settled_at: u.settled_at,
            settled_by: u.settled_by,
            note,
        }
    }
}

/// A coupon that somebody asked for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponHad)]
pub(super) struct HadDto {
    /// `ok`, or `duplicate` where the same was asked for before.
    pub result: String,
    /// The coupon.
    pub coupon: CouponDto,
}

impl HadDto {
    pub(super) fn of(coupon: CouponDto, new: bool) -> Self {
        Self { result: if new { "ok" } else { "duplicate" }.to_owned(), coupon }
    }
}

/// An order as the rest of this crate names it.
pub(super) fn order(name: External) -> Result<OrderName, Problem> {
    for (field, text, most) in [("source", &name.source, 100), ("id", &name.id, 200)] {
        if !(1..=most).contains(&text.chars().count()) || text.chars().any(char::is_control) {
            return Err(Problem::invalid("body", &format!("order.{field}"), format!("1 to {most} characters, no control characters")));
        }
    }
    Ok(OrderName { source: name.source, no: name.id })
}
