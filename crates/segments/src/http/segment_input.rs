//! What a segment is to say: read, held to its bounds, its expression judged.

use serde::Deserialize;
use serde_json::value::RawValue;
use shuke_columns::Registry;
use shuke_http::{Lang, Problem};
use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;
use utoipa::ToSchema;

use super::asked::{Given, refusal};
use crate::book::Said;
use crate::model::{Every, Kept, PersonId, SegmentId};
use crate::service::Lists;

/// What a segment is to say.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentInput {
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// `living`, `static` or `scheduled`; never changes.
    kind: Kept,
    /// The tree, as docs/segment.schema.json says.
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    /// Or its text form.
    text: Option<String>,
    /// Of a list: its members, instead of an expression.
    #[schema(value_type = Option<Vec<String>>, max_items = 100_000)]
    members: Option<Vec<PersonId>>,
    /// Of a scheduled one: how often.
    every: Option<Every>,
    /// Of a scheduled one: when, by the shop's clock; 03:00 if absent.
    #[schema(example = "03:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    at: Option<String>,
}

/// What a segment is to say from now on; what is absent stays.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentPatch {
    /// The version that was read.
    pub version: i64,
    #[schema(min_length = 1, max_length = 80)]
    pub name: Option<String>,
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// As it is: how a segment is kept never changes.
    pub kind: Option<Kept>,
    /// The tree, as docs/segment.schema.json says.
    #[schema(value_type = Option<Object>)]
    pub expr: Option<Box<RawValue>>,
    /// Or its text form.
    pub text: Option<String>,
    /// Of a list: its members.
    #[schema(value_type = Option<Vec<String>>, max_items = 100_000)]
    pub members: Option<Vec<PersonId>>,
    /// Of a scheduled one: how often.
    pub every: Option<Every>,
    /// Of a scheduled one: when, by the shop's clock.
    #[schema(example = "03:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub at: Option<String>,
}

/// What a read segment is, before the expression is judged.
pub(super) struct Input {
    pub said: Said,
    pub given: Option<Given>,
}

const MEMBERS: usize = 100_000;
const DESCRIPTION: usize = 2_000;
/// Three in the morning.
const CLOCK: i64 = 180;

fn clock(text: &str) -> Option<i64> {
    let (h, m) = text.split_once(':')?;
    let number = |t: &str| (t.len() == 2).then(|| t.parse::<i64>().ok()).flatten();
    let (h, m) = (number(h)?, number(m)?);
    (h < 24 && m < 60).then_some(h * 60 + m)
}

/// What a list and a description may hold, and the clock time in minutes.
pub(super) fn bounds(members: Option<&Vec<PersonId>>, description: Option<&String>, at: Option<&String>) -> Result<Option<i64>, Problem> {
    if members.is_some_and(|m| m.len() > MEMBERS) {
        return Err(Problem::invalid("body", "members", format_args!("at most {MEMBERS}")));
    }
    if description.is_some_and(|d| d.chars().count() > DESCRIPTION) {
        return Err(Problem::invalid("body", "description", format_args!("at most {DESCRIPTION} characters")));
    }
    at.map(|text| clock(text).ok_or_else(|| Problem::invalid("body", "at", "a clock time such as 03:00"))).transpose()
}

impl SegmentInput {
    pub fn read(self) -> Result<Input, Problem> {
        let at = bounds(self.members.as_ref(), self.description.as_ref(), self.at.as_ref())?.unwrap_or(CLOCK);
        let said = Said {
            name: self.name,
            description: self.description.filter(|d| !d.trim().is_empty()),
            kept: self.kind,
            expr: None,
            members: self.members,
            every: self.every,
            clock: at,
        };
        Ok(Input { said, given: Given::maybe(self.expr, self.text)? })
    }
}

pub(super) fn judge(tx: &mut Tx<'_>, cx: &Ctx, input: &Input, registry: &Registry, edited: Option<SegmentId>, lang: Lang) -> Result<Said> {
    let expr = match &input.given {
        None => input.said.expr.clone(),
        Some(given) => match given.accept(tx, cx, registry, edited, Lists::Empty)? {
            Ok(accepted) => Some(accepted.kept()?),
            Err((refused, _)) => return Err(refusal(&refused, lang).into()),
        },
    };
    Ok(Said { expr, ..input.said.clone() })
}
