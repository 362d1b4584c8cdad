//! Who used what: checked at the moment of use, kept with its cost and the tier of that time, taken back.
//!
//! A quota is no counter but the count of uses in its stretch, taken while the member's uses of the benefit are locked: so
//! it is exact under any race, follows merges and unmerges by itself, and a use that is taken back is free again.

pub mod cost;
pub mod returns;
pub mod sql;

use shuke_access::merchants;
use shuke_http::MoneyDto;
use shuke_kernel::{Ctx, Error, Instant, Refusal, Result, Zone};
use shuke_members::MemberId;
use shuke_programme::ProgrammeId;
use shuke_store::register::row_name;
use shuke_store::{Event, Row, Tx, Value, args};

use crate::benefit::judge::{Facts, Right, judge};
use crate::benefit::model::{Benefit, money};
use crate::benefit::service;
use crate::benefit::when::OnBirthday;
use crate::quota::{Period, Quota, Stretch};
use crate::share::Shares;
use crate::task::{self, Task};
use crate::who::{Held, Person};
use crate::words::{NO_USE, OTHER_MEMBER, invalid};
use crate::{BenefitId, GrantId, UseId};

/// Characters of a request's id, and of an order's number, at most.
pub const ID: usize = 120;
/// Characters of a reason at most.
pub const REASON: usize = 500;

/// A use.
#[derive(Clone, Debug)]
pub struct Used {
    /// Which.
    pub id: UseId,
    /// Of which benefit.
    pub benefit: BenefitId,
    /// By whom.
    pub member: MemberId,
    /// The caller's id of it.
    pub request: String,
    /// For which order: our id of it, or the shop's number.
    pub order: Option<String>,
    /// When.
    pub used_at: Instant,
    /// The tier that was held then.
    pub tier: Option<(ProgrammeId, String)>,
    /// The uses that it was one of, where a pack gave it.
    pub grant: Option<GrantId>,
    /// What it cost.
    pub shares: Shares,
    /// Who asked for it.
    pub made_by: String,
    /// When it was taken back.
    pub undone_at: Option<Instant>,
}

fn read(mut r: Row) -> Result<Used> {
    let (programme, tier): (Option<ProgrammeId>, Option<String>) = (r.get(6)?, r.get(7)?);
    Ok(Used {
        id: r.get(0)?,
        benefit: r.get(1)?,
        member: r.get(2)?,
        request: r.get(3)?,
        order: r.get(4)?,
        used_at: r.get(5)?,
        tier: programme.zip(tier),
        grant: r.get(8)?,
        shares: Shares { cost: r.get(9)?, supplier: r.get(10)?, platform: r.get(11)? },
        made_by: r.get(12)?,
        undone_at: r.get(13)?,
    })
}

/// Uses that a pack gave and that are left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Granted {
    /// Which.
    pub id: GrantId,
    /// How many are left.
    pub left: i64,
    /// When they end.
    pub ends_at: Instant,
}

/// Whether a member may use a benefit now, and what that rests on.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// By what they may, or why not.
    pub judged: Result<Right, Refusal>,
    /// The quota, how much of it is used, and in which stretch.
    pub quota: Option<(Quota, i64, Stretch)>,
    /// What packs gave of it and is left, what ends first in front.
    pub granted: Vec<Granted>,
    /// The tier held.
    pub held: Option<Held>,
}

/// Looks at a benefit for a member at the time of `cx`.
pub fn look(tx: &mut Tx<'_>, cx: &Ctx, benefit: &Benefit, person: &mut Person, zone: &Zone) -> Result<Verdict> {
    let definition = &benefit.definition;
    let held = person.tier_of(tx, cx, &definition.who)?;
    let inside = person.inside(tx, cx, &definition.who.segments)?;
    let birthday = if definition.when.birthday == OnBirthday::Any { None } else { person.birthday(tx, cx)? };
    let period = held.as_ref().map_or_else(Period::default, |held| held.period);
    let stretch = definition.quota.map_or_else(Stretch::default, |quota| quota.per.stretch(zone, cx.now, period));
    let used = match definition.quota {
        Some(_) => used(tx, cx, benefit.id, person.member, stretch)?,
        None => 0,
    };
    let granted = granted(tx, cx, benefit.id, person.member)?;
    let left = granted.iter().map(|g| g.left).sum();
    let facts = Facts { now: cx.now, zone, held: held.as_ref(), inside: &inside, birthday, stretch, used, granted: left };
    let judged = judge(benefit, &facts);
    Ok(Verdict { judged, quota: definition.quota.map(|quota| (quota, used, stretch)), granted, held })
}

fn used(tx: &mut Tx<'_>, cx: &Ctx, benefit: BenefitId, member: MemberId, stretch: Stretch) -> Result<i64> {
    let (from, until) = (stretch.from.map_or(i64::MIN, Instant::micros), stretch.until.map_or(i64::MAX, Instant::micros));
    tx.one(sql::USED, args![cx.merchant, member, benefit, from, until])?.get(0)
}

fn granted(tx: &mut Tx<'_>, cx: &Ctx, benefit: BenefitId, member: MemberId) -> Result<Vec<Granted>> {
    let mut all = Vec::new();
    for mut r in tx.rows(sql::GRANTS, args![cx.merchant, member, benefit, cx.now])? {
        all.push(Granted { id: r.get(0)?, left: r.get(1)?, ends_at: r.get(2)? });
    }
    if all.is_empty() {
        return Ok(all);
    }
    let ids = Value::Blobs(all.iter().map(|g| g.id.bytes().to_vec()).collect());
    for mut r in tx.rows(sql::GRANTS_USED, &[cx.merchant.into(), ids])? {
        let (id, used): (GrantId, i64) = (r.get(0)?, r.get(1)?);
        all.iter_mut().filter(|g| g.id == id).for_each(|g| g.left -= used);
    }
    all.retain(|g| g.left > 0);
    Ok(all)
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// For whom.
    pub member: MemberId,
    /// Which benefit.
    pub benefit: BenefitId,
    /// The caller's id of it.
    pub request: String,
    /// For which order.
    pub order: Option<String>,
    /// What it really costs; what the benefit says unless given.
    pub cost: Option<MoneyDto>,
}

/// Uses a benefit, if the member may; the same request again answers with the same use. Tells also whether it is new.
///
/// # Errors
/// Refuses with the reason for which the member may not; nothing is then written.
pub fn make(tx: &mut Tx<'_>, cx: &Ctx, ask: &Ask) -> Result<(Used, bool)> {
    let person = Person::staying(tx, cx, ask.member)?;
    let Some(mut person) = person else { return Err(shuke_members::MEMBER_NOT_FOUND.refuse().into()) };
    tx.lock_names(cx.merchant, [lock_name(ask.benefit, person.member)])?;
    let benefit = service::get(tx, cx.merchant, ask.benefit)?;
    if let Some(known) = of_request(tx, cx, ask)? {
        return if known.member == person.member { Ok((known, false)) } else { Err(OTHER_MEMBER.at("id").into()) };
    }
    let zone = merchants::zone_of(tx, cx.merchant)?;
    let verdict = look(tx, cx, &benefit, &mut person, &zone)?;
    let grant = match verdict.judged? {
        Right::Own => None,
        Right::Granted => verdict.granted.first().map(|g| g.id),
    };
    let cost = money(ask.cost.as_ref().or(benefit.definition.cost.as_ref()), service::currency(tx, cx.merchant)?, "cost")?;
    let shares = benefit.definition.funded.of(cost);
    let id: UseId = cx.new_id();
    let (programme, tier) = verdict.held.map(|held| (held.programme, held.tier)).unzip();
    let added = tx.exec(
        sql::ADD,
        args![
            cx.merchant,
            id,
            benefit.id,
            person.member,
            &ask.request,
            ask.order.clone(),
            cx.now,
            programme,
            tier,
            grant,
            shares.cost,
            shares.supplier,
            shares.platform,
            cx.actor.label()
        ],
    )?;
    if added == 0 {
        // Nobody else can have asked for this member: it was another's.
        return Err(OTHER_MEMBER.at("id").into());
    }
    task::of_use(tx, cx, &benefit, (id, person.member, ask.order.as_deref()), &zone)?;
    tell(tx, cx, "benefit.used", person.member, benefit.id, id)?;
    Ok((get(tx, cx, id)?, true))
}

fn of_request(tx: &mut Tx<'_>, cx: &Ctx, ask: &Ask) -> Result<Option<Used>> {
    tx.row(sql::OF_REQUEST, args![cx.merchant, ask.benefit, &ask.request])?.map(read).transpose()
}

/// What stands for a member's uses of a benefit. Both ids end in what was drawn by chance.
fn lock_name(benefit: BenefitId, member: MemberId) -> [u8; 16] {
    let mut name = *member.bytes();
    name.iter_mut().zip(benefit.bytes()).for_each(|(a, b)| *a ^= b);
    name
}

/// One.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: UseId) -> Result<Used> {
    tx.row(sql::GET, args![cx.merchant, id])?.map(read).transpose()?.ok_or_else(|| NO_USE.refuse().into())
}

/// Takes a use back: the quota is free again, and what was still to be done for it is not. A second time changes nothing.
///
/// # Errors
/// Refuses where there is no such use, or no reason is given.
pub fn undo(tx: &mut Tx<'_>, cx: &Ctx, id: UseId, reason: &str) -> Result<Used> {
    let reason = reason_of(reason)?;
    let whose = get(tx, cx, id)?.member;
    let person = Person::staying(tx, cx, whose)?;
    let found = tx.row(sql::HOLD, args![cx.merchant, id])?.map(read).transpose()?.ok_or_else(|| Error::from(NO_USE.refuse()))?;
    if found.undone_at.is_some() {
        return Ok(found);
    }
    // What is said of who was erased is not kept.
    let sealed = match person {
        Some(_) => Some(tx.keys(cx.merchant)?.seal("benefit_use", &row_name(&[id.into()]), reason.as_bytes())?),
        None => None,
    };
    tx.exec(sql::UNDO, args![cx.merchant, id, cx.now, cx.actor.label(), sealed])?;
    task::cancel(tx, cx, id)?;
    tell(tx, cx, "benefit.use_undone", found.member, found.benefit, id)?;
    get(tx, cx, id)
}

/// A reason in words, trimmed.
///
/// # Errors
/// Where there is none, or it is too long.
pub fn reason_of(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if (1..=REASON).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(invalid("reason", "请写明原因，最多 500 个字。", "State a reason of 500 characters at most."))
}

fn tell(tx: &mut Tx<'_>, cx: &Ctx, kind: &'static str, member: MemberId, benefit: BenefitId, id: UseId) -> Result<()> {
    let event = Event {
        kind,
        version: 1,
        occurred_at: cx.now,
        subject_kind: "mem",
        subject: *member.bytes(),
        member: Some(*member.bytes()),
        data: serde_json::json!({ "benefit": benefit, "use": id }).to_string(),
    };
    tx.emit(cx, event)
}

/// Gives a member uses of a benefit that need no tier, segment, day or quota. They end at `ends_at`.
pub fn grant(tx: &mut Tx<'_>, cx: &Ctx, of: (BenefitId, MemberId), uses: i64, ends_at: Instant, given: crate::GivenId) -> Result<GrantId> {
    let id: GrantId = cx.new_id();
    tx.exec(sql::ADD_GRANT, args![cx.merchant, id, of.0, of.1, uses, ends_at, given, cx.now])?;
    Ok(id)
}

/// Which uses are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this benefit.
    pub benefit: Option<BenefitId>,
    /// Only by this member.
    pub member: Option<MemberId>,
    /// Only for this order.
    pub order: Option<String>,
    /// Used at this time or later.
    pub from: Option<Instant>,
    /// Used before.
    pub until: Option<Instant>,
}

/// Uses before a place, newest first, each with its task.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, filter: &Filter, before: (i64, [u8; 16]), limit: i64) -> Result<Vec<(Used, Option<Task>)>> {
    let (from, until) = (filter.from.map_or(i64::MIN, Instant::micros), filter.until.map_or(i64::MAX, Instant::micros));
    let mut binds: Vec<Value> = vec![
        cx.merchant.into(),
        before.0.into(),
        before.1.into(),
        from.into(),
        until.into(),
        filter.benefit.into(),
        filter.order.clone().into(),
        limit.into(),
    ];
    let rows = match filter.member {
        Some(member) => {
            binds.push(member.into());
            tx.rows(sql::LIST_OF, &binds)?
        }
        None => tx.rows(sql::LIST, &binds)?,
    };
    let found = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    let mut tasks = task::of_uses(tx, cx, found.iter().map(|used| used.id))?;
    Ok(found.into_iter().map(|used| (tasks.remove(&used.id), used)).map(|(task, used)| (used, task)).collect())
}
