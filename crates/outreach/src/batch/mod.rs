//! A batch: members frozen by id to be handed over once, with a verdict on each.
//!
//! [`funnel`] is the one place that judges, for a preview and for the freezing alike; who is held
//! out follows from member and batch ([`draw`]), so a preview says what then happens. A batch is
//! `draft` while a job puts it together ([`freeze`]), `frozen`, `handed_over` from the first row that
//! left ([`hand`]), and `closed`. Each row is stamped in the transaction that gives it out, before it
//! is written anywhere: what breaks off is never given out as new again.
//!
//! At the giving out consent, suppression, address and how often are looked at once more: whoever
//! withdrew since the freezing is not in the file, nor whom a merge or a changed phone made the same
//! as another row ([`twins`]), nor whom another batch holds out while its window runs ([`apart`]), and
//! the verdict says so. At any time treated, held out and
//! left out sum to the matched, to the person.

pub mod apart;
pub mod codes;
pub mod draw;
pub mod freeze;
pub mod funnel;
pub mod hand;
pub mod http;
mod list;
pub mod model;
pub mod post;
pub mod report;
pub mod results;
pub mod service;
pub mod sheet;
pub mod sql;
pub mod stats;
#[cfg(test)]
mod tests;
mod touches;
mod twins;

pub use model::{Batch, Counts, Destination, Spec, State, Verdict};

use shuke_kernel::{Code, Kind};

shuke_kernel::ids! {
    /// A batch.
    BatchId = BatchKind "bat";
}

/// No such batch.
pub static NOT_FOUND: Code =
    Code { code: "batch.not_found", kind: Kind::NotFound, zh: "找不到这个批次。", en: "There is no such batch." };
/// The id is another batch's.
pub static TAKEN: Code = Code {
    code: "batch.id_taken",
    kind: Kind::Conflict,
    zh: "这个预览已经冻结成批次了。请重新预览。",
    en: "This preview was frozen as a batch already. Preview again.",
};
/// A name that is none.
pub static BAD_NAME: Code = Code {
    code: "batch.bad_name",
    kind: Kind::Invalid,
    zh: "名称为 1 到 {limit} 个字，不能有换行等控制字符。",
    en: "A name is 1 to {limit} characters, without line breaks.",
};
/// A word that is none of those known.
pub static UNKNOWN_WORD: Code = Code {
    code: "batch.unknown_word",
    kind: Kind::Invalid,
    zh: "“{word}”不是可用的值，可选：{known}。",
    en: "`{word}` is none of: {known}.",
};
/// A word that was said before.
pub static TWICE: Code =
    Code { code: "batch.named_twice", kind: Kind::Invalid, zh: "“{word}”写了两次。", en: "`{word}` is named twice." };
/// A channel by whose consent nobody may be reached there.
pub static NOT_THIS_CHANNEL: Code = Code {
    code: "batch.not_this_channel",
    kind: Kind::Invalid,
    zh: "去向“{destination}”不能按渠道“{channel}”的授权来触达，请写明：{known}。",
    en: "A batch for `{destination}` cannot go by the consent for the channel `{channel}`. Name one of: {known}.",
};
/// A number outside its range.
pub static OUT_OF_RANGE: Code =
    Code { code: "batch.out_of_range", kind: Kind::Invalid, zh: "可用范围：{from} 到 {to}。", en: "It is from {from} to {to}." };
/// An address that a link cannot lead to.
pub static BAD_URL: Code = Code {
    code: "batch.bad_url",
    kind: Kind::Invalid,
    zh: "请填写 https:// 或 http:// 开头的完整网址，最多 {limit} 个字符。",
    en: "Give a whole address that begins with https:// or http://, {limit} characters at most.",
};
/// What it was asked is not to be had of it now.
pub static WRONG_STATE: Code = Code {
    code: "batch.wrong_state",
    kind: Kind::Conflict,
    zh: "批次现在的状态是“{state}”，不能这样做。",
    en: "The batch is {state}: this cannot be done now.",
};
/// The answer is older than a batch may rest on.
pub static STALE: Code = Code {
    code: "batch.stale",
    kind: Kind::Unavailable,
    zh: "分析数据只更新到 {known_at}，太旧了，不能据此冻结批次。请等数据跟上后再试。",
    en: "The columns know up to {known_at} only, which is too old to freeze a batch by. Try again when they have caught up.",
};
/// Fewer codes than members.
pub static CODES_SHORT: Code = Code {
    code: "batch.codes_short",
    kind: Kind::Conflict,
    zh: "需要 {needed} 个券码，只有 {have} 个。请先补足券码。",
    en: "{needed} codes are needed, there are {have}. Add codes first.",
};
/// A code that is none, or too many.
pub static BAD_CODES: Code = Code {
    code: "batch.bad_codes",
    kind: Kind::Invalid,
    zh: "券码为 1 到 200 个字符，一次最多 {limit} 个。",
    en: "A code is 1 to 200 characters, {limit} at most in a request.",
};
/// No address of this server is known to the outside.
pub static NO_LINK_BASE: Code = Code {
    code: "batch.no_public_url",
    kind: Kind::Conflict,
    zh: "短链需要本系统的公网地址：启动时用 --public-url 设置，或在批次里填写 link_base。",
    en: "Short links need this server's public address: start it with --public-url, or set `link_base` on the batch.",
};
/// The store was restored from a backup.
pub static PAUSED: Code = Code {
    code: "batch.outreach_paused",
    kind: Kind::Conflict,
    zh: "这是从备份恢复的数据，备份之后交付过什么，这里不知道，因此暂停交付。请核对后在服务器上运行 shuke admin resume-outreach 解除。",
    en: "This store was restored from a backup and does not know what was handed over since: handing over is paused. Look it over, then run shuke admin resume-outreach on the server.",
};
/// Handed over by webhook, not as a file; or the other way round.
pub static NOT_THIS_WAY: Code = Code {
    code: "batch.not_this_way",
    kind: Kind::Conflict,
    zh: "去向“{destination}”不能这样交付：webhook 由系统推送，其余下载文件。",
    en: "A batch for `{destination}` is not handed over this way: webhooks are sent, the others are files.",
};
/// Nobody listens.
pub static NO_WEBHOOK: Code = Code {
    code: "batch.no_webhook",
    kind: Kind::Conflict,
    zh: "没有订阅 batch.member_handed_over 的可用回调。请先在设置里添加。",
    en: "No active webhook takes batch.member_handed_over. Set one up first.",
};
/// The results cannot be read.
pub static NO_TABLE: Code = Code {
    code: "batch.unreadable_results",
    kind: Kind::Invalid,
    zh: "结果文件读不了：{problem}",
    en: "The results cannot be read: {problem}",
};
/// No column says whose a row is, or none says what came.
pub static NO_COLUMNS: Code = Code {
    code: "batch.results_columns",
    kind: Kind::Invalid,
    zh: "结果文件里要有一列认人（手机号、短链码或会员编号），再有一列状态或回复。认出的列：{found}。",
    en: "A results file needs a column that says who (phone, link code or member) and one with a status or a reply. Recognised: {found}.",
};
/// More rows than one file may have.
pub static TOO_MANY_ROWS: Code = Code {
    code: "batch.too_many_rows",
    kind: Kind::Invalid,
    zh: "一个结果文件最多 {limit} 行，请拆成几个文件。",
    en: "A results file has {limit} rows at most: cut it into several.",
};
