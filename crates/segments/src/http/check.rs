//! `POST /segments/check`: an expression judged, written out, said in words.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shuke_http::{App, Body, Call, Permission, Reply};
use shuke_kernel::Result;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Accepted, Given};
use crate::check::Expression;
use crate::desk::Desk;
use crate::model::SegmentId;
use crate::service::{Known, Lists};
use crate::speech::Speaker;
use crate::{refusal, text, uses, write};

/// What an expression speaks of, the segments that it refers to included.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentUses)]
pub struct Uses {
    /// Facts; `tags` among them where tags are asked.
    pub facts: Vec<String>,
    /// Tables of rows.
    pub tables: Vec<String>,
    /// Segments that it leads to.
    pub segments: Vec<String>,
    /// Facts that are told as they are now, whatever the time of the question.
    pub current_facts: Vec<String>,
}

/// Why an expression is refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentRefusal)]
pub struct Refused {
    /// A stable code, such as `unknown_field`.
    pub code: &'static str,
    /// A JSON Pointer to the node at fault; the root is empty.
    pub path: String,
    /// What is wrong, in the caller's language.
    pub message: String,
}

/// An expression, judged.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentChecked)]
pub struct Checked {
    /// Whether it is accepted.
    pub ok: bool,
    /// The expression in its canonical form.
    #[schema(value_type = Option<Object>)]
    pub expr: Option<serde_json::Value>,
    /// Its text form.
    pub text: Option<String>,
    /// What it says, in words, in the caller's language.
    pub sentence: Option<String>,
    /// What it speaks of.
    pub uses: Option<Uses>,
    /// Why it is refused.
    pub error: Option<Refused>,
}

impl Uses {
    /// Of an expression.
    pub fn of(expression: &Expression, registry: &shuke_columns::Registry) -> Self {
        let uses = uses::Uses::of(expression);
        let list = |names: &std::collections::BTreeSet<Box<str>>| names.iter().map(ToString::to_string).collect();
        let current_facts = uses.current_facts(registry).iter().map(ToString::to_string).collect();
        Self { facts: list(&uses.facts), tables: list(&uses.tables), segments: list(&uses.segments), current_facts }
    }
}

/// An accepted expression in words.
pub fn sentence(root: &crate::tree::Cond, known: &Known, zh: bool) -> String {
    Speaker { zone: &known.zone, name_of: &|id| known.names.get(id).cloned() }.sentence(root, zh)
}

fn told(accepted: Accepted, registry: &shuke_columns::Registry, zh: bool) -> Checked {
    let Accepted { expression, known, .. } = accepted;
    let uses = Uses::of(&expression, registry);
    let root = expression.root.canonical();
    Checked {
        ok: true,
        expr: Some(write::cond(&root)),
        text: Some(text::show(&root)),
        sentence: Some(sentence(&root, &known, zh)),
        uses: Some(uses),
        error: None,
    }
}

fn refused(refusal: &refusal::Refusal, zh: bool) -> Checked {
    let error = Refused { code: refusal.code.name(), path: refusal.path.clone(), message: refusal.sentence(zh) };
    Checked { ok: false, expr: None, text: None, sentence: None, uses: None, error: Some(error) }
}

/// An expression to be judged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentCheck {
    /// The tree, as docs/segment.schema.json says.
    #[schema(value_type = Option<Object>)]
    expr: Option<Box<RawValue>>,
    /// Or its text form.
    text: Option<String>,
    /// The segment that is being edited: an expression that leads back to it is refused.
    #[schema(value_type = Option<String>)]
    id: Option<SegmentId>,
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(check_segment))
}

/// Judges an expression without asking anybody: its forms, its words, what it speaks of, or what is wrong with it and where.
#[utoipa::path(post, path = "/segments/check", operation_id = "check_segment", tag = "segments", request_body = SegmentCheck,
    responses((status = 200, body = Checked)), security(("staff" = ["segments:read"]), ("key" = ["segments:read"])))]
async fn check_segment(call: Call, Body(asked): Body<SegmentCheck>) -> Reply<Checked> {
    let cx = call.allow(Permission::SegmentsRead)?;
    let given = Given::of(asked.expr, asked.text)?;
    let (registry, zh) = (Desk::of(&call.app)?.registry(), call.lang.is_zh());
    let checked = call
        .read(&cx, move |tx, cx| -> Result<Checked> {
            Ok(match given.accept(tx, cx, &registry, asked.id, Lists::Empty)? {
                Ok(accepted) => told(accepted, &registry, zh),
                Err((refusal, _)) => refused(&refusal, zh),
            })
        })
        .await?;
    Ok(Json(checked))
}
