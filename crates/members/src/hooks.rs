//! What this crate asks of crates that stand above it: wired once at start by the outermost crate.
//! Without wiring every answer is the neutral one.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::Tx;

use crate::MemberId;
use crate::tag::rule::GroupId;

/// A key set that changed hands, and with it every record that carries it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moved {
    /// Which.
    pub key_set: [u8; 16],
    /// Whose it was; `None` for nobody's.
    pub from: Option<MemberId>,
    /// Whose it is; `None` for nobody's.
    pub to: Option<MemberId>,
}

/// What a member's orders come to, for lists.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Totals {
    /// Orders that count as purchases.
    pub orders: i64,
    /// Net paid, in minor units.
    pub net_paid: i64,
    /// The currency of `net_paid`.
    pub currency: String,
    /// The last purchase.
    pub last_order_at: Option<Instant>,
}

/// When and where a key set was seen, by all records above that carry it now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Which.
    pub key_set: [u8; 16],
    /// The earliest source time.
    pub first: i64,
    /// The newest region, with its source time.
    pub region: Option<(i64, Option<String>, Option<String>)>,
}

/// See [`Hooks::seen`].
pub type SeenBy = fn(&mut Tx<'_>, &Ctx, &[[u8; 16]]) -> Result<Vec<Seen>>;

/// Functions of the crates above.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// Totals of these members, one answer each.
    pub totals: fn(&mut Tx<'_>, &Ctx, &[MemberId]) -> Result<Vec<Totals>>,
    /// Called after rows were moved, in the same transaction: sums kept per member follow here.
    pub moved: fn(&mut Tx<'_>, &Ctx, &[Moved]) -> Result<()>,
    /// Called in the transaction that erases members, while rows still carry their ids: takes out
    /// what names them.
    pub erased: fn(&mut Tx<'_>, &Ctx, &[MemberId]) -> Result<()>,
    /// What is kept of a member beyond the rows that carry their id, for their copy, as JSON.
    pub kept: fn(&mut Tx<'_>, &Ctx, MemberId) -> Result<serde_json::Value>,
    /// When and where these key sets were seen by the records that still carry them; sets that
    /// none carries are left out.
    pub seen: SeenBy,
}

static HOOKS: OnceLock<Hooks> = OnceLock::new();

/// See [`install_files`].
pub type Files = fn(&mut Tx<'_>, &Ctx) -> Result<()>;

static FILES: OnceLock<Files> = OnceLock::new();

/// Wires what is called in the transaction that erases somebody: files that were made of lists and
/// are kept may hold them, and are withdrawn. The first call counts.
pub fn install_files(withdraw: Files) {
    let _ = FILES.set(withdraw);
}

pub(crate) fn withdraw_files(tx: &mut Tx<'_>, cx: &Ctx) -> Result<()> {
    FILES.get().map_or(Ok(()), |withdraw| withdraw(tx, cx))
}

/// Wires the hooks; the first call counts.
pub fn install(hooks: Hooks) {
    let _ = HOOKS.set(hooks);
}

pub(crate) fn totals(tx: &mut Tx<'_>, cx: &Ctx, ids: &[MemberId]) -> Result<Vec<Totals>> {
    match HOOKS.get() {
        Some(h) => (h.totals)(tx, cx, ids),
        None => Ok(vec![Totals::default(); ids.len()]),
    }
}

pub(crate) fn moved(tx: &mut Tx<'_>, cx: &Ctx, moves: &[Moved]) -> Result<()> {
    match HOOKS.get() {
        Some(h) if !moves.is_empty() => (h.moved)(tx, cx, moves),
        _ => Ok(()),
    }
}

pub(crate) fn kept(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<serde_json::Value> {
    match HOOKS.get() {
        Some(h) => (h.kept)(tx, cx, member),
        None => Ok(serde_json::Value::Null),
    }
}

/// Whether somebody above erases what is theirs.
pub(crate) fn erased(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<bool> {
    match HOOKS.get() {
        Some(h) => (h.erased)(tx, cx, members).map(|()| true),
        None => Ok(false),
    }
}

/// `None` where nobody above keeps records.
pub(crate) fn seen(tx: &mut Tx<'_>, cx: &Ctx, sets: &[[u8; 16]]) -> Result<Option<Vec<Seen>>> {
    match HOOKS.get() {
        Some(h) if !sets.is_empty() => (h.seen)(tx, cx, sets).map(Some),
        _ => Ok(None),
    }
}

/// What a segment is to a rule of tags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is kept up, and its members are what it says.
    Ready,
    /// It is kept up, and being reckoned.
    Building,
    /// It is not there, not kept up, or put away.
    None,
}

/// See [`Groups::inside`].
pub type Inside = fn(&mut Tx<'_>, &Ctx, GroupId, &[MemberId]) -> Result<BTreeMap<MemberId, Instant>>;

/// What the crate of segments tells of who is in one.
#[derive(Clone, Copy)]
pub struct Groups {
    /// What a segment is to a rule.
    pub standing: fn(&mut Tx<'_>, &Ctx, GroupId) -> Result<Standing>,
    /// Who of these is in it now, and since when.
    pub inside: Inside,
    /// Who is in it, by id, after a member.
    pub page: fn(&mut Tx<'_>, &Ctx, GroupId, MemberId, i64) -> Result<Vec<MemberId>>,
    /// Refuses where rules lead from a segment back to itself.
    pub check: fn(&mut Tx<'_>, &Ctx, GroupId) -> Result<()>,
}

static GROUPS: OnceLock<Groups> = OnceLock::new();

/// Wires the segments; the first call counts.
pub fn install_groups(groups: Groups) {
    let _ = GROUPS.set(groups);
}

pub(crate) fn standing(tx: &mut Tx<'_>, cx: &Ctx, group: GroupId) -> Result<Standing> {
    GROUPS.get().map_or(Ok(Standing::None), |g| (g.standing)(tx, cx, group))
}

pub(crate) fn inside(tx: &mut Tx<'_>, cx: &Ctx, group: GroupId, members: &[MemberId]) -> Result<BTreeMap<MemberId, Instant>> {
    GROUPS.get().map_or_else(|| Ok(BTreeMap::new()), |g| (g.inside)(tx, cx, group, members))
}

pub(crate) fn page_inside(tx: &mut Tx<'_>, cx: &Ctx, group: GroupId, after: MemberId, limit: i64) -> Result<Vec<MemberId>> {
    GROUPS.get().map_or_else(|| Ok(Vec::new()), |g| (g.page)(tx, cx, group, after, limit))
}

pub(crate) fn check_rules(tx: &mut Tx<'_>, cx: &Ctx, group: GroupId) -> Result<()> {
    GROUPS.get().map_or(Ok(()), |g| (g.check)(tx, cx, group))
}
