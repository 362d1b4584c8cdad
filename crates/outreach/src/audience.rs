//! Whom a batch is about: asked of whoever was wired, so that this crate knows no columns. Without
//! wiring only lists of ids can be answered.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_kernel::{Code, Instant, Kind, MerchantNo, Result};
use shuke_members::MemberId;
use shuke_store::Store;

/// None or several of segment, expression, text and list.
pub static WHOM: Code = Code {
    code: "batch.whom",
    kind: Kind::Invalid,
    zh: "请在 segment（人群编号）、expr、text、members（会员编号，最多 {limit} 个）里写且只写一个。",
    en: "Say whom: exactly one of `segment`, `expr`, `text` and `members` (up to {limit} ids).",
};
/// More segments are left out than one batch may name.
pub static EXCLUDES: Code = Code {
    code: "batch.too_many_exclusions",
    kind: Kind::Invalid,
    zh: "最多排除 {limit} 个人群。可以先把它们合成一个人群。",
    en: "Leave out {limit} segments at most: join them to one first.",
};
/// Whose members are not known yet.
pub static UNFINISHED: Code = Code {
    code: "batch.segment_unfinished",
    kind: Kind::Conflict,
    zh: "人群“{name}”的会员还没算完，现在冻结会漏人。请等它算完再试；任务停了的话，在人群页点“重新计算”。",
    en: "The members of the segment “{name}” are not all reckoned yet: some would be left out. Try again when they are; where the task has stopped, reckon the segment anew on its page.",
};
/// This process answers no segments.
pub static NO_SEGMENTS: Code =
    Code { code: "batch.no_segments", kind: Kind::Unavailable, zh: "此进程不能求人群。", en: "This process answers no segments." };

/// Segments that one batch may leave out.
pub const MOST_EXCLUDED: usize = 20;
/// Ids that one request may list.
pub const MOST_LISTED: usize = 100_000;

/// Whom is meant.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub struct Question {
    /// A kept segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// An expression, as it was sent: read by nobody in between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expr: Option<Box<RawValue>>,
    /// An expression in the text form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Members by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<MemberId>>,
    /// Segments whose members are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
}

impl Question {
    /// Whether it asks what a segment or an expression says, and not only for a list.
    pub fn asks_segments(&self) -> bool {
        self.members.is_none() || !self.exclude.is_empty()
    }

    /// Refuses what names nobody, or in two ways.
    pub fn check(&self) -> Result<()> {
        let listed = self.members.as_ref().map_or(0, Vec::len);
        let named = [self.segment.is_some(), self.expr.is_some(), self.text.is_some(), self.members.is_some()];
        if named.iter().filter(|n| **n).count() != 1 || listed > MOST_LISTED {
            return Err(WHOM.with("limit", MOST_LISTED).into());
        }
        if self.exclude.len() > MOST_EXCLUDED {
            return Err(EXCLUDES.with("limit", MOST_EXCLUDED).at("exclude").into());
        }
        Ok(())
    }
}

/// Who it is.
#[derive(Clone, Default, Debug)]
pub struct Found {
    /// Whom the question means, each once.
    pub members: BTreeSet<MemberId>,
    /// Of them those whom an exclusion names.
    pub excluded: BTreeSet<MemberId>,
    /// Up to when the answer knows.
    pub known_at: Instant,
}

/// Answers questions about the base as it is now: nothing is taken from an answer given before.
pub trait Audience: Send + Sync {
    /// Whom the question means at `at`.
    fn find(&self, store: &Store, merchant: MerchantNo, question: &Question, at: Instant) -> Result<Found>;
    /// Refuses a question that cannot be answered, without answering it.
    fn check(&self, store: &Store, merchant: MerchantNo, question: &Question, at: Instant) -> Result<()>;
}

static AUDIENCE: OnceLock<Arc<dyn Audience>> = OnceLock::new();

/// Wires who answers questions about segments; the first call counts.
pub fn install(audience: Arc<dyn Audience>) {
    let _ = AUDIENCE.set(audience);
}

/// Whom the question means at `at`, by whoever was wired.
pub fn find(store: &Store, merchant: MerchantNo, question: &Question, at: Instant) -> Result<Found> {
    question.check()?;
    match (AUDIENCE.get(), &question.members) {
        (Some(audience), _) if question.asks_segments() => audience.find(store, merchant, question, at),
        (_, Some(members)) if question.exclude.is_empty() => {
            Ok(Found { members: members.iter().copied().collect(), excluded: BTreeSet::new(), known_at: at })
        }
        _ => Err(NO_SEGMENTS.refuse().into()),
    }
}

/// Refuses a question that cannot be answered, so that no job is queued for it.
pub fn check(store: &Store, merchant: MerchantNo, question: &Question, at: Instant) -> Result<()> {
    question.check()?;
    match AUDIENCE.get() {
        Some(audience) => audience.check(store, merchant, question, at),
        None if !question.asks_segments() => Ok(()),
        None => Err(NO_SEGMENTS.refuse().into()),
    }
}
