//! Outages as answers.
//!
//! The engine gone, the disk full, a read that takes too long: nobody's fault and nobody's rule,
//! but a caller can act on them, so they come back as refusals of kind *unavailable* and never
//! under an idempotency key: what happened is not known to be final. Workers try again.

use shuke_kernel::{Code, Error, Kind};

use crate::tx::Failure;

/// The database does not answer.
pub static UNREACHABLE: Code = Code {
    code: "store.unreachable",
    kind: Kind::Unavailable,
    zh: "数据库暂时连接不上，什么也没有保存。请稍后重试。",
    en: "The database cannot be reached; nothing was saved. Try again shortly.",
};

/// The connection was lost while the commit was on its way.
pub static OUTCOME_UNKNOWN: Code = Code {
    code: "store.outcome_unknown",
    kind: Kind::Unavailable,
    zh: "提交时与数据库的连接中断，无法确定是否已保存。请先查看结果，或带同一个 Idempotency-Key 重试。",
    en: "The connection to the database was lost during the commit, so it is not known whether this was saved. Look first, or repeat the request with the same Idempotency-Key.",
};

/// No room left.
pub static DISK_FULL: Code = Code {
    code: "store.disk_full",
    kind: Kind::Unavailable,
    zh: "数据盘已满，什么也没有保存。请腾出空间后重试。",
    en: "The disk that holds the data is full; nothing was saved. Free some space and try again.",
};

/// The disk does not do what it is asked, as one that is full in the wrong moment.
pub static DISK_ERROR: Code = Code {
    code: "store.disk_error",
    kind: Kind::Unavailable,
    zh: "数据盘读写出错，可能已满或有故障，无法确定是否已保存。请检查磁盘后带同一个 Idempotency-Key 重试。",
    en: "The disk that holds the data fails or is full; it is not known whether this was saved. Look after the disk and repeat the request with the same Idempotency-Key.",
};

/// A read took longer than reads may.
pub static READ_TOO_LONG: Code = Code {
    code: "store.read_too_long",
    kind: Kind::Unavailable,
    zh: "查询超过 5 秒，已中止。请缩小范围后重试。",
    en: "The query took longer than five seconds and was stopped. Ask for less.",
};

/// Another transaction holds what this one needs.
pub static BUSY: Code = Code {
    code: "store.busy",
    kind: Kind::Unavailable,
    zh: "数据正被另一个操作占用，什么也没有保存。请稍后重试。",
    en: "Another operation holds the same data; nothing was saved. Try again shortly.",
};

/// A text with the character U+0000, which not every engine can keep.
pub static TEXT_NUL: Code = Code {
    code: "store.text_nul",
    kind: Kind::Invalid,
    zh: "文字中含有空字符（U+0000），无法保存。请删除后重试。",
    en: "A text contains the character U+0000 and cannot be kept. Remove it and try again.",
};

/// Whether the error is an outage, so that the same work may succeed later.
pub fn is_outage(e: &Error) -> bool {
    e.refusal().is_some_and(|r| r.code.kind == Kind::Unavailable)
}

/// The answer to a failure of the engine, where it has one of its own.
pub(crate) fn answer(failure: Failure) -> Option<Error> {
    match failure {
        Failure::Connection => Some(UNREACHABLE.refuse().into()),
        Failure::Full => Some(DISK_FULL.refuse().into()),
        Failure::Io => Some(DISK_ERROR.refuse().into()),
        Failure::Slow => Some(READ_TOO_LONG.refuse().into()),
        Failure::Busy | Failure::Retry => Some(BUSY.refuse().into()),
        Failure::Crowded | Failure::Double | Failure::Other => None,
    }
}
