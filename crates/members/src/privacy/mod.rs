//! A person's requests: a copy of everything, and erasure. Each has a clock of fifteen working
//! days, which is what the law gives to answer.

pub mod copy;
pub mod erase;
pub mod http;
pub mod sql;

use shuke_kernel::{Code, Ctx, Error, Instant, Kind, Result, Zone};
use shuke_store::{Row, Tx, args};

use crate::identity;
use crate::{MEMBER_NOT_FOUND, MemberId};

shuke_kernel::ids! {
    /// A privacy request.
    RequestId = RequestKind "prq";
}

/// No such request.
pub static NOT_FOUND: Code =
    Code { code: "privacy.not_found", kind: Kind::NotFound, zh: "找不到这个请求。", en: "There is no such request." };
/// It is done already.
pub static DONE: Code =
    Code { code: "privacy.done", kind: Kind::Conflict, zh: "这个请求已经完成。", en: "This request is done already." };
/// Copy or erasure.
pub static BAD_KIND: Code = Code {
    code: "privacy.unknown_kind",
    kind: Kind::Invalid,
    zh: "请求类型只能是 copy（查阅复制）或 erasure（删除）。",
    en: "A request is for a `copy` or an `erasure`.",
};

/// A request as people see it.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which.
    pub id: RequestId,
    /// Whose.
    pub member: MemberId,
    /// `copy` or `erasure`.
    pub kind: String,
    /// `open` or `done`.
    pub state: String,
    /// When it came.
    pub created_at: Instant,
    /// By when it must be answered.
    pub due_at: Instant,
    /// When it was answered.
    pub completed_at: Option<Instant>,
    /// By whom.
    pub completed_by: Option<String>,
}

/// The end of the fifteenth working day after `from`: Saturdays and Sundays do not count, public
/// holidays do, so the clock is never longer than the law's.
pub fn due(from: Instant) -> Instant {
    let zone = Zone::shanghai();
    let mut day = zone.day(from);
    let mut left = 15;
    while left > 0 {
        day = day.tomorrow().unwrap_or(day);
        if !matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday) {
            left -= 1;
        }
    }
    day.tomorrow().ok().and_then(|d| zone.start_of(d)).unwrap_or(from)
}

fn read(mut r: Row) -> Result<Request> {
    Ok(Request {
        id: r.get(0)?,
        member: r.get(1)?,
        kind: r.get(2)?,
        state: r.get(3)?,
        created_at: r.get(4)?,
        due_at: r.get(5)?,
        completed_at: r.get(6)?,
        completed_by: r.get(7)?,
    })
}

/// Takes a request.
pub fn request(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, kind: &str) -> Result<Request> {
    if !["copy", "erasure"].contains(&kind) {
        return Err(BAD_KIND.at("kind").into());
    }
    let member = identity::resolve(tx, cx, member)?.ok_or_else(|| Error::from(MEMBER_NOT_FOUND.at("member")))?;
    let id: RequestId = cx.new_id();
    tx.exec(sql::ADD, args![cx.merchant, id, member, kind, cx.now, due(cx.now)])?;
    get(tx, cx, id)
}

/// One request.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: RequestId) -> Result<Request> {
    tx.row(sql::GET, args![cx.merchant, id])?.map(read).transpose()?.ok_or_else(|| NOT_FOUND.refuse().into())
}

/// A page of requests, newest first, before an id.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, state: &str, before: Option<RequestId>, limit: i64) -> Result<Vec<Request>> {
    let before = before.unwrap_or(RequestId::from_bytes([255; 16]));
    tx.rows(sql::LIST, args![cx.merchant, before, state, limit])?.into_iter().map(read).collect()
}

/// Answers a request: an erasure erases, a copy was handed over.
pub fn complete(tx: &mut Tx<'_>, cx: &Ctx, id: RequestId) -> Result<Request> {
    let request = get(tx, cx, id)?;
    if request.state != "open" {
        return Err(DONE.refuse().into());
    }
    if request.kind == "erasure" {
        erase::erase(tx, cx, request.member)?;
    }
    tx.exec(sql::END, args![cx.merchant, id, cx.now, cx.actor.label()])?;
    get(tx, cx, id)
}
