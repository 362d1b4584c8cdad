//! Behaviour: what shoppers did beside buying, each act once by its id at the source. The act
//! belongs to the member whom its keys name; an act of nobody keeps its key set and finds its
//! member when a key arrives. Free text (a review, a question) is sealed.

pub mod http;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Ctx, Error, Instant, Kind, Refusal, Result};
use shuke_members::MemberId;
use shuke_members::identity::{self, Evidence, ProfileHints};
use shuke_store::{Column, Event, InsertMany, Row, Tx, Value, args};

use crate::order::BuyerKey;
use crate::order::check::{BAD_TIME, MAX_AMOUNT, MISSING, OUT_OF_RANGE, TOO_LONG};

shuke_kernel::ids! {
    /// An act.
    ActId = ActIdKind "act";
}

/// What people do. A word that is not here is refused, so that no report splits by spelling.
pub const KINDS: &[&str] = &[
    "browse",
    "search",
    "cart",
    "favourite",
    "share",
    "review",
    "consult",
    "login",
    "check_in",
    "visit",
    "message_sent",
    "message_opened",
    "message_clicked",
    "message_replied",
    "register",
    "follow",
    "subscribe",
];

/// An unknown kind of act.
pub static UNKNOWN_KIND: Code = Code {
    code: "behaviour.unknown_type",
    kind: Kind::Invalid,
    zh: "未知的行为类型 {type}。可用：{known}。",
    en: "There is no behaviour `{type}`. Known: {known}.",
};

/// An act, as it is told.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Act {
    /// The namespace of its id.
    pub source: String,
    /// Its id there.
    pub source_id: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// When.
    pub at: Instant,
    /// Who, by keys.
    pub keys: Vec<BuyerKey>,
    /// Who, by id.
    pub member: Option<MemberId>,
    /// On which goods.
    pub sku: Option<String>,
    /// Search words.
    pub words: Option<String>,
    /// How many.
    pub quantity: Option<i64>,
    /// Worth, minor units.
    pub amount: Option<i64>,
    /// Stars, 1 to 5.
    pub rating: Option<i64>,
    /// Free text.
    pub text: Option<String>,
    /// More, as short words and numbers by name.
    pub data: Option<String>,
}

impl std::fmt::Debug for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Act({} of {})", self.kind, self.source)
    }
}

/// An act's row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ActRow {
    /// Its id.
    pub id: ActId,
    /// Its source.
    pub source: String,
    /// Its id there.
    pub source_id: String,
    /// What it was.
    pub kind: String,
    /// When.
    pub at: Instant,
    /// Whose.
    pub member: Option<MemberId>,
    /// On which goods.
    pub sku: Option<String>,
    /// Search words.
    pub words: Option<String>,
    /// How many.
    pub quantity: Option<i64>,
    /// Worth.
    pub amount: Option<i64>,
    /// Stars.
    pub rating: Option<i64>,
    /// More, as JSON.
    pub data: Option<String>,
}

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// Which of these acts are known.
        KNOWN = "SELECT source_id, id, member FROM behaviour_event WHERE merchant = $1 AND source = $2 AND source_id = ANY($3)";
        /// How often members did something since.
        OFTEN = "SELECT member, COUNT(*) FROM behaviour_event WHERE merchant = $1 AND member = ANY($2) AND kind = $3 AND at >= $4 GROUP BY member";
        /// Acts of these kinds that members did since; none was after it was recorded, whatever the clock of its source says.
        DONE = "SELECT member, kind, CASE WHEN at > recorded_at THEN recorded_at ELSE at END, sku FROM behaviour_event WHERE merchant = $1 AND member = ANY($2) AND kind = ANY($3) AND at >= $4";
        /// Forgets what members' acts say in words.
        ERASE = "UPDATE behaviour_event SET words = NULL, data = NULL, sealed = NULL, key_set = NULL WHERE merchant = $1 AND member = ANY($2)";
        /// A member's acts, newest first.
        OF_MEMBER = "SELECT id, source, source_id, kind, at, member, sku, words, quantity, amount, rating, data FROM behaviour_event WHERE merchant = $1 AND member = $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5";
    }
}

const ROW: InsertMany = InsertMany {
    table: "behaviour_event",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("source"),
        Column::Text("source_id"),
        Column::Text("kind"),
        Column::Int("at"),
        Column::Bytes("member"),
        Column::Bytes("key_set"),
        Column::Text("sku"),
        Column::Text("words"),
        Column::Int("quantity"),
        Column::Int("amount"),
        Column::Int("rating"),
        Column::Text("data"),
        Column::Bytes("sealed"),
        Column::Int("recorded_at"),
    ],
    then: "ON CONFLICT (merchant, source, source_id) DO NOTHING",
};

/// Checks an act.
pub fn check(a: &Act) -> Result<(), Refusal> {
    for (field, value, max) in [("source", &a.source, 100), ("id", &a.source_id, 200)] {
        if value.trim().is_empty() {
            return Err(MISSING.at(field));
        }
        if value.chars().count() > max {
            return Err(TOO_LONG.at(field).with("max", max));
        }
    }
    if !KINDS.contains(&a.kind.as_str()) {
        return Err(UNKNOWN_KIND.at("type").with("type", &a.kind).with("known", KINDS.join(", ")));
    }
    if !(631_152_000_000_000..7_258_118_400_000_000).contains(&a.at.micros()) {
        return Err(BAD_TIME.at("at"));
    }
    for (field, value) in [("quantity", a.quantity), ("amount", a.amount)] {
        if value.is_some_and(|v| !(0..=MAX_AMOUNT).contains(&v)) {
            return Err(OUT_OF_RANGE.at(field).with("max", MAX_AMOUNT));
        }
    }
    if a.rating.is_some_and(|r| !(1..=5).contains(&r)) {
        return Err(OUT_OF_RANGE.at("rating").with("max", 5));
    }
    for (field, value, max) in [("sku", &a.sku, 200), ("words", &a.words, 500), ("text", &a.text, 10_000), ("data", &a.data, 4000)] {
        if value.as_ref().is_some_and(|v| v.chars().count() > max) {
            return Err(TOO_LONG.at(field).with("max", max));
        }
    }
    Ok(())
}

/// What came of an act.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// Its id.
    pub id: ActId,
    /// Whether it is new.
    pub created: bool,
    /// Whose it is.
    pub member: Option<MemberId>,
}

/// Records acts that were [checked](check), each once by its source and id.
pub fn record_many(tx: &mut Tx<'_>, cx: &Ctx, acts: &[Act]) -> Result<Vec<Recorded>> {
    let mut by_source: std::collections::BTreeMap<&str, Vec<String>> = std::collections::BTreeMap::new();
    for a in acts {
        by_source.entry(&a.source).or_default().push(a.source_id.clone());
    }
    let mut known: std::collections::HashMap<(String, String), Recorded> = std::collections::HashMap::new();
    for (source, ids) in by_source {
        for mut r in tx.rows(sql::KNOWN, args![cx.merchant, source, ids])? {
            known.insert((source.to_owned(), r.get(0)?), Recorded { id: r.get(1)?, created: false, member: r.get(2)? });
        }
    }
    let mut answers: Vec<Option<Recorded>> = Vec::with_capacity(acts.len());
    let mut fresh: Vec<usize> = Vec::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    for (i, a) in acts.iter().enumerate() {
        let name = (a.source.clone(), a.source_id.clone());
        if let Some(there) = known.get(&name) {
            answers.push(Some(Recorded { created: false, ..*there }));
            continue;
        }
        let id = cx.new_id::<ActIdKind>();
        known.insert(name, Recorded { id, created: false, member: None });
        answers.push(Some(Recorded { id, created: true, member: None }));
        fresh.push(i);
        let mut keys: Vec<_> = a.keys.iter().filter_map(BuyerKey::claim).collect();
        keys.sort();
        keys.dedup();
        evidence.push(Evidence {
            keys,
            entity: None,
            source_time: a.at,
            source: a.source.clone(),
            source_id: None,
            profile: ProfileHints::default(),
        });
    }
    let found = identity::identify_many(tx, cx, &evidence)?;
    let keys = tx.keys(cx.merchant)?;
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(fresh.len());
    let mut events = Vec::with_capacity(fresh.len());
    for (i, found) in fresh.iter().zip(found) {
        let a = &acts[*i];
        let Some(answer) = answers[*i].as_mut() else { continue };
        let stated = match (found.member, a.member) {
            (None, Some(id)) => identity::resolve(tx, cx, id)?,
            (member, _) => member,
        };
        answer.member = stated;
        let text = |t: &Option<String>| t.as_ref().map_or(Value::Null, Value::from);
        let sealed = a.text.as_ref().map(|t| keys.seal("behaviour_event", answer.id.bytes(), t.as_bytes())).transpose()?;
        rows.push(vec![
            cx.merchant.into(),
            answer.id.into(),
            (&a.source).into(),
            (&a.source_id).into(),
            (&a.kind).into(),
            a.at.into(),
            stated.into(),
            found.key_set.into(),
            text(&a.sku),
            text(&a.words),
            a.quantity.into(),
            a.amount.into(),
            a.rating.into(),
            text(&a.data),
            sealed.into(),
            cx.now.into(),
        ]);
        let data = serde_json::json!({"source": a.source, "type": a.kind, "sku": a.sku, "quantity": a.quantity, "amount": a.amount, "rating": a.rating});
        events.push(Event {
            kind: "behaviour.recorded",
            version: 1,
            occurred_at: a.at,
            subject_kind: "act",
            subject: *answer.id.bytes(),
            member: stated.map(|m| *m.bytes()),
            data: data.to_string(),
        });
    }
    let expected = rows.len() as u64;
    if tx.insert_many(&ROW, rows)? != expected {
        // Another instance recorded one of them meanwhile: the whole batch is refused, and finds it next time.
        return Err(crate::RACED.refuse().into());
    }
    tx.emit_many(cx, events)?;
    answers.into_iter().map(|a| a.ok_or_else(|| Error::fault("an act had no answer"))).collect()
}

/// How often each of these members did something since `from`; who never did is left out.
pub fn often(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    members: &[MemberId],
    kind: &str,
    from: Instant,
) -> Result<std::collections::HashMap<MemberId, i64>> {
    let ids: Vec<Vec<u8>> = members.iter().map(|m| m.bytes().to_vec()).collect();
    tx.rows(sql::OFTEN, args![cx.merchant, ids, kind, from])?.into_iter().map(|mut r| Ok((r.get(0)?, r.get(1)?))).collect()
}

/// What a member did, as far as it is counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DidRow {
    /// Who.
    pub member: MemberId,
    /// One of [`KINDS`].
    pub kind: String,
    /// When.
    pub at: Instant,
    /// On which goods.
    pub sku: Option<String>,
}

/// What these members did of these kinds since `from`, in no order.
pub fn did(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId], kinds: &[String], from: Instant) -> Result<Vec<DidRow>> {
    let ids: Vec<Vec<u8>> = members.iter().map(|m| m.bytes().to_vec()).collect();
    let rows = tx.rows(sql::DONE, args![cx.merchant, ids, kinds.to_vec(), from])?;
    rows.into_iter().map(|mut r| Ok(DidRow { member: r.get(0)?, kind: r.get(1)?, at: r.get(2)?, sku: r.get(3)? })).collect()
}

fn act_row(mut r: Row) -> Result<ActRow> {
    Ok(ActRow {
        id: r.get(0)?,
        source: r.get(1)?,
        source_id: r.get(2)?,
        kind: r.get(3)?,
        at: r.get(4)?,
        member: r.get(5)?,
        sku: r.get(6)?,
        words: r.get(7)?,
        quantity: r.get(8)?,
        amount: r.get(9)?,
        rating: r.get(10)?,
        data: r.get(11)?,
    })
}

/// A member's acts, newest first, before an instant and id.
pub fn of_member(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, before: (Instant, [u8; 16]), limit: i64) -> Result<Vec<ActRow>> {
    tx.rows(sql::OF_MEMBER, args![cx.merchant, member, before.0, before.1, limit])?.into_iter().map(act_row).collect()
}
