//! Refunds as records of their own. A refund of an order is a statement about that order, and its
//! row is written with the order. A refund that names no order (a cancellation invoice) stands
//! alone: it lowers nobody's order, belongs to the member whom its keys name, and is kept and
//! undone like everything else that is said.

pub mod http;

use shuke_kernel::{Code, Ctx, Currency, Error, Instant, Kind, Result};
use shuke_members::MemberId;
use shuke_members::identity::{self, Evidence, ProfileHints};
use shuke_store::{Column, Event, InsertMany, Row, Tx, Value, args};

use crate::observed::{Entries, Put, put};
use crate::order::observation::{Noted, RefundKind, RefundState};
use crate::order::service::{statements, terms};
use crate::order::state::{RefundLineState, Terms};
use crate::order::{Change, OrderId};

shuke_kernel::ids! {
    /// A refund.
    RefundId = RefundIdKind "ref";
}

/// There is no such refund.
pub static NOT_FOUND: Code =
    Code { code: "refund.not_found", kind: Kind::NotFound, zh: "找不到这笔退款。", en: "There is no such refund." };

macro_rules! columns {
    () => {
        "id, source, source_id, order_id, member, kind, state, amount, goods, currency, refunded_at, reason, lines, estimated, recorded_at"
    };
}

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// Those of an order.
        OF_ORDER = concat!("SELECT ", columns!(), " FROM refund WHERE merchant = $1 AND order_id = $2 ORDER BY source_id");
        /// A page, newest first.
        PAGE = concat!("SELECT ", columns!(), " FROM refund WHERE merchant = $1 AND id < $2 AND ($3 = '' OR state = $3) ORDER BY id DESC LIMIT $4");
        /// A member's.
        OF_MEMBER = concat!("SELECT ", columns!(), " FROM refund WHERE merchant = $1 AND member = $2 AND id < $3 ORDER BY id DESC LIMIT $4");
        /// A member's by time, newest first: by when it went back, or came here where that is not told.
        OF_MEMBER_BY_TIME = concat!("SELECT ", columns!(), " FROM refund WHERE merchant = $1 AND member = $2 AND (COALESCE(refunded_at, recorded_at), id) < ($3, $4) ORDER BY COALESCE(refunded_at, recorded_at) DESC, id DESC LIMIT $5");
        /// By number at a source.
        BY_SOURCE = concat!("SELECT ", columns!(), " FROM refund WHERE merchant = $1 AND source = $2 AND source_id = $3");
        /// By id.
        BY_ID = concat!("SELECT ", columns!(), " FROM refund WHERE merchant = $1 AND id = $2");
        /// What is kept of one that stands alone.
        HELD = "SELECT id, member, key_set, order_id FROM refund WHERE merchant = $1 AND source = $2 AND source_id = $3 FOR UPDATE";
        /// The same by id.
        HELD_BY_ID = "SELECT source, source_id, member, key_set FROM refund WHERE merchant = $1 AND id = $2 FOR UPDATE";
        /// Members' refunds that stand alone.
        ALONE_OF_MEMBERS = "SELECT id FROM refund WHERE merchant = $1 AND member = ANY($2) AND order_id IS NULL ORDER BY id";
        /// Forgets what names people in members' refunds.
        ERASE = "UPDATE refund SET reason = NULL, key_set = NULL WHERE merchant = $1 AND member = ANY($2)";
        /// Drops one.
        DROP = "DELETE FROM refund WHERE merchant = $1 AND id = $2";
    }
}

const ALONE: InsertMany = InsertMany {
    table: "refund",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("source"),
        Column::Text("source_id"),
        Column::Bytes("member"),
        Column::Bytes("key_set"),
        Column::Text("kind"),
        Column::Text("state"),
        Column::Int("amount"),
        Column::Int("goods"),
        Column::Text("currency"),
        Column::Int("refunded_at"),
        Column::Text("reason"),
        Column::Text("lines"),
        Column::Int("estimated"),
        Column::Int("recorded_at"),
        Column::Int("updated_at"),
    ],
    then: "ON CONFLICT (merchant, source, source_id) DO UPDATE SET member = excluded.member, key_set = excluded.key_set, kind = excluded.kind, state = excluded.state, amount = excluded.amount, \
        goods = excluded.goods, currency = excluded.currency, refunded_at = excluded.refunded_at, reason = excluded.reason, lines = excluded.lines, estimated = excluded.estimated, updated_at = excluded.updated_at",
};

/// A refund's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefundRow {
    /// Its id.
    pub id: RefundId,
    /// Its source.
    pub source: String,
    /// Its number there.
    pub source_id: String,
    /// The order; `None` where it names none.
    pub order: Option<OrderId>,
    /// Whose.
    pub member: Option<MemberId>,
    /// Why: a word of [`RefundKind`].
    pub kind: String,
    /// How far: a word of [`RefundState`].
    pub state: String,
    /// All that went back.
    pub amount: i64,
    /// What of it lowers net paid.
    pub goods: i64,
    /// Currency.
    pub currency: Currency,
    /// When.
    pub at: Option<Instant>,
    /// The reason's word.
    pub reason: Option<String>,
    /// The lines it names.
    pub lines: Vec<RefundLineState>,
    /// The amount is inferred.
    pub estimated: bool,
    /// When it came here.
    pub recorded_at: Instant,
}

fn refund_row(mut r: Row) -> Result<RefundRow> {
    let lines: Option<String> = r.get(12)?;
    Ok(RefundRow {
        id: r.get(0)?,
        source: r.get(1)?,
        source_id: r.get(2)?,
        order: r.get(3)?,
        member: r.get(4)?,
        kind: r.get(5)?,
        state: r.get(6)?,
        amount: r.get(7)?,
        goods: r.get(8)?,
        currency: r.get(9)?,
        at: r.get(10)?,
        reason: r.get(11)?,
        lines: lines.map_or(Ok(Vec::new()), |l| serde_json::from_str(&l))?,
        estimated: r.get(13)?,
        recorded_at: r.get(14)?,
    })
}

/// The refunds of an order, by number.
pub fn of_order(tx: &mut Tx<'_>, cx: &Ctx, order: OrderId) -> Result<Vec<RefundRow>> {
    tx.rows(sql::OF_ORDER, args![cx.merchant, order])?.into_iter().map(refund_row).collect()
}

/// By how much the refunds of an order that succeeded exceed what was paid for it; `None` where they
/// do not, or where nothing tells what was paid. A payment that arrives later may settle it.
pub fn over(refunds: &[RefundRow], paid: Option<i64>) -> Option<i64> {
    let counts = |r: &&RefundRow| r.state == RefundState::Succeeded.word() && r.kind != RefundKind::Exchange.word();
    let back = refunds.iter().filter(counts).map(|r| r.amount).fold(0, i64::saturating_add);
    paid.map(|paid| back.saturating_sub(paid)).filter(|over| *over > 0)
}

/// A page of refunds, newest first, before an id.
pub fn list(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    member: Option<MemberId>,
    state: Option<RefundState>,
    before: Option<[u8; 16]>,
    limit: i64,
) -> Result<Vec<RefundRow>> {
    let before = before.unwrap_or([0xff; 16]);
    let rows = match member {
        Some(member) => tx.rows(sql::OF_MEMBER, args![cx.merchant, member, before, limit])?,
        None => tx.rows(sql::PAGE, args![cx.merchant, before, state.map_or("", RefundState::word), limit])?,
    };
    rows.into_iter().map(refund_row).collect()
}

/// A member's refunds by time, newest first, before an instant and id.
pub fn of_member(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, before: (Instant, [u8; 16]), limit: i64) -> Result<Vec<RefundRow>> {
    tx.rows(sql::OF_MEMBER_BY_TIME, args![cx.merchant, member, before.0, before.1, limit])?.into_iter().map(refund_row).collect()
}

/// One refund.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: RefundId) -> Result<RefundRow> {
    tx.row(sql::BY_ID, args![cx.merchant, id])?.map_or_else(|| Err(NOT_FOUND.refuse().into()), refund_row)
}

/// The refund of a number at a source.
pub fn by_external(tx: &mut Tx<'_>, cx: &Ctx, source: &str, source_id: &str) -> Result<RefundRow> {
    tx.row(sql::BY_SOURCE, args![cx.merchant, source, source_id])?.map_or_else(|| Err(NOT_FOUND.refuse().into()), refund_row)
}

/// What a refund that stands alone is, from what was said of it.
struct Alone {
    kind: RefundKind,
    state: RefundState,
    amount: i64,
    goods: i64,
    currency: Currency,
    at: Option<Instant>,
    reason: Option<String>,
    lines: Vec<RefundLineState>,
    evidence: Evidence,
}

fn fold_alone(cx: &Ctx, terms: &Terms, entries: &Entries, source: &str, source_id: &str) -> Result<Option<Alone>> {
    let said = statements(entries, source, source_id)?;
    let newest = said
        .iter()
        .filter_map(|s| s.said.refund.as_ref().map(|r| (s, r)))
        .max_by_key(|(s, r)| (s.said.source_time.or(s.heard).or(r.at).map_or(i64::MIN, Instant::micros), r.state, s.hash));
    let Some((statement, r)) = newest else { return Ok(None) };
    let mut keys: Vec<_> = said.iter().flat_map(|s| s.said.buyer.iter().filter_map(crate::order::BuyerKey::claim)).collect();
    keys.sort();
    keys.dedup();
    let named: i64 = r.lines.iter().filter_map(|l| l.amount).fold(r.shipping, i64::saturating_add);
    let amount = r.amount.unwrap_or(named);
    let counts = r.state == RefundState::Succeeded && r.kind != RefundKind::Exchange;
    Ok(Some(Alone {
        kind: r.kind,
        state: r.state,
        amount,
        goods: if counts { (amount - r.shipping).max(0) } else { 0 },
        currency: statement.said.currency.unwrap_or(terms.currency),
        at: r.at,
        reason: r.reason.clone(),
        lines: r
            .lines
            .iter()
            .map(|l| RefundLineState { line_no: 0, sku: l.sku.clone(), quantity: l.quantity, amount: l.amount.unwrap_or(0) })
            .collect(),
        evidence: Evidence {
            keys,
            entity: statement.said.entity.clone(),
            source_time: r.at.or(statement.said.source_time).unwrap_or(cx.now),
            source: source.to_owned(),
            source_id: None,
            profile: ProfileHints::default(),
        },
    }))
}

/// Takes refunds that name no order, each by its own number (`source_id` of the statement is the
/// refund's). One that meanwhile is known to be of an order stays with it.
pub fn observe_alone(tx: &mut Tx<'_>, cx: &Ctx, notes: &[Noted]) -> Result<Vec<(RefundId, Change)>> {
    let terms = terms(tx, cx)?;
    let mut answers = Vec::with_capacity(notes.len());
    for note in notes {
        let held = tx.row(sql::HELD, args![cx.merchant, note.source(), note.source_id()])?;
        let (id, held) = match held {
            Some(mut r) => {
                let order: Option<OrderId> = r.get(3)?;
                let id: RefundId = r.get(0)?;
                if order.is_some() {
                    answers.push((id, Change::Unchanged));
                    continue;
                }
                (id, Some((r.get::<Option<MemberId>>(1)?, r.get::<Option<[u8; 16]>>(2)?)))
            }
            None => (cx.new_id::<RefundIdKind>(), None),
        };
        let (revision, mut entries) = Entries::load(tx, cx, id.bytes())?;
        if !entries.add(note.hash(), note.body(), note.observation().import, note.observation().heard) {
            answers.push((id, Change::Unchanged));
            continue;
        }
        let imports = note.observation().import.into_iter().collect();
        put(tx, cx, &[Put { kind: "refund", subject: *id.bytes(), revision: revision + 1, entries: &entries, sealed: None, imports }])?;
        write_alone(tx, cx, &terms, id, (note.source(), note.source_id()), &entries, held)?;
        answers.push((id, if held.is_some() { Change::Changed } else { Change::Created }));
    }
    Ok(answers)
}

fn write_alone(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    terms: &Terms,
    id: RefundId,
    name: (&str, &str),
    entries: &Entries,
    held: Option<(Option<MemberId>, Option<[u8; 16]>)>,
) -> Result<()> {
    let Some(alone) = fold_alone(cx, terms, entries, name.0, name.1)? else {
        return Err(Error::fault("a refund says nothing of a refund"));
    };
    let found = if alone.evidence.keys.is_empty() { None } else { Some(identity::identify(tx, cx, &alone.evidence)?) };
    if let Some(before) = held.and_then(|h| h.1) {
        identity::release(tx, cx, &[before])?;
    }
    let (member, key_set) = found.map_or((None, None), |f| (f.member, f.key_set));
    let lines = if alone.lines.is_empty() { Value::Null } else { serde_json::to_string(&alone.lines)?.into() };
    let row = vec![
        cx.merchant.into(),
        id.into(),
        name.0.into(),
        name.1.into(),
        member.into(),
        key_set.into(),
        alone.kind.word().into(),
        alone.state.word().into(),
        alone.amount.into(),
        alone.goods.into(),
        alone.currency.into(),
        alone.at.into(),
        alone.reason.as_ref().map_or(Value::Null, Value::from),
        lines,
        false.into(),
        cx.now.into(),
        cx.now.into(),
    ];
    tx.insert_many(&ALONE, vec![row])?;
    let data = serde_json::json!({"source": name.0, "kind": alone.kind.word(), "state": alone.state.word(), "amount": alone.amount, "currency": alone.currency.code(), "identified": member.is_some()});
    let kind = if held.is_some() { "refund.changed" } else { "refund.recorded" };
    tx.emit(
        cx,
        Event {
            kind,
            version: 1,
            occurred_at: alone.at.unwrap_or(cx.now),
            subject_kind: "ref",
            subject: *id.bytes(),
            member: member.map(|m| *m.bytes()),
            data: data.to_string(),
        },
    )
}

/// Takes an import's statements about a refund that stands alone back.
pub(crate) fn retract(tx: &mut Tx<'_>, cx: &Ctx, subject: &[u8; 16], import: i64) -> Result<()> {
    let (revision, mut entries) = Entries::load(tx, cx, subject)?;
    if !entries.retract(import) {
        return Ok(());
    }
    let id = RefundId::from_bytes(*subject);
    let Some(mut row) = tx.row(sql::HELD_BY_ID, args![cx.merchant, id])? else { return Ok(()) };
    let (source, source_id, member, key_set): (String, String, Option<MemberId>, Option<[u8; 16]>) =
        (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    if entries.is_empty() {
        tx.exec(sql::DROP, args![cx.merchant, id])?;
        tx.exec(crate::observed::sql::FORGET_SUBJECTS, args![cx.merchant, vec![subject.to_vec()]])?;
        if let Some(key_set) = key_set {
            identity::release(tx, cx, &[key_set])?;
        }
        let data = serde_json::json!({"source": source});
        return tx.emit(
            cx,
            Event {
                kind: "refund.removed",
                version: 1,
                occurred_at: cx.now,
                subject_kind: "ref",
                subject: *subject,
                member: member.map(|m| *m.bytes()),
                data: data.to_string(),
            },
        );
    }
    put(
        tx,
        cx,
        &[Put { kind: "refund", subject: *subject, revision: revision + 1, entries: &entries, sealed: None, imports: Vec::new() }],
    )?;
    let terms = terms(tx, cx)?;
    write_alone(tx, cx, &terms, id, (&source, &source_id), &entries, Some((member, key_set)))
}
