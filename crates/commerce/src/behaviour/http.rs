//! `/events/batch`, and what a member did.

use std::collections::BTreeMap;

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, MoneyDto, Page, PageQuery, Path, Permission, Problem, Query, Reply};
use shuke_kernel::Instant;
use shuke_members::{MEMBER_NOT_FOUND, MemberId, identity};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Act, ActId, ActRow, check, record_many};
use crate::order::dto::KeyDto;
use crate::order::observation::BuyerKey;
use crate::wire::{Answers, Outcome, UNKNOWN_WORD, answers, read_items, renamed};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(batch_events)).routes(routes!(list_member_events))
}

/// What somebody did.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BehaviourInput)]
struct ActInput {
    /// Which system saw it.
    #[schema(min_length = 1, max_length = 100)]
    source: String,
    /// Its id there; the same id is recorded once.
    #[schema(min_length = 1, max_length = 200)]
    id: String,
    /// `browse`, `search`, `cart`, `favourite`, `share`, `review`, `consult`, `login`, `check_in`, `visit`,
    /// `message_sent`, `message_opened`, `message_clicked`, `message_replied`, `register`, `follow`, `subscribe`.
    #[serde(rename = "type")]
    #[schema(example = "browse")]
    kind: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// Who: `mem_…`.
    #[schema(value_type = Option<String>, example = "mem_01kc…")]
    member: Option<MemberId>,
    /// Or by keys. An act of nobody is kept and finds its member when a key arrives.
    #[serde(default)]
    #[schema(max_items = 20)]
    keys: Vec<KeyDto>,
    /// On which goods.
    #[schema(max_length = 200)]
    sku: Option<String>,
    /// Search words.
    #[schema(max_length = 500)]
    words: Option<String>,
    /// How many.
    #[schema(minimum = 0)]
    quantity: Option<i64>,
    /// Worth, minor units of your currency.
    #[schema(minimum = 0)]
    amount: Option<i64>,
    /// Stars.
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<i64>,
    /// Free text of a review or question; kept sealed.
    #[schema(max_length = 10_000)]
    text: Option<String>,
    /// More, as words and whole numbers by name. Nothing that names a person.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    data: BTreeMap<String, serde_json::Value>,
}

impl ActInput {
    fn act(self) -> Result<Act, Problem> {
        let fits = |v: &serde_json::Value| match v {
            serde_json::Value::String(s) => s.chars().count() <= 200,
            serde_json::Value::Number(n) => n.is_i64(),
            serde_json::Value::Bool(_) => true,
            _ => false,
        };
        if let Some((name, value)) = self.data.iter().find(|(n, v)| n.len() > 60 || !fits(v)) {
            return Err(UNKNOWN_WORD
                .at(format!("data.{name}"))
                .with("word", value.to_string().chars().take(40).collect::<String>())
                .into());
        }
        if let Some(i) = self.keys.iter().position(|k| identity::KeyKind::from_word(&k.kind).is_none()) {
            return Err(crate::order::check::UNKNOWN_KEY.at(format!("keys[{i}].kind")).with("kind", &self.keys[i].kind).into());
        }
        let data = if self.data.is_empty() { None } else { serde_json::to_string(&self.data).ok() };
        let act = Act {
            source: self.source,
            source_id: self.id,
            kind: self.kind,
            at: self.at,
            keys: self.keys.into_iter().map(BuyerKey::from).collect(),
            member: self.member,
            sku: self.sku,
            words: self.words,
            quantity: self.quantity,
            amount: self.amount,
            rating: self.rating,
            text: self.text,
            data,
        };
        check(&act).map_err(|mut r| {
            // Here the source stands at the top.
            if r.field.as_deref() == Some("source") {
                return Problem::from(r);
            }
            r.field = r.field.take();
            renamed(r, "")
        })?;
        Ok(act)
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BehaviourBatch {
    /// 1 to 1000 acts.
    #[schema(value_type = Vec<ActInput>, min_items = 1, max_items = 1000)]
    items: Vec<serde_json::Value>,
}

/// Records up to 1,000 acts. Each item is answered for itself; one that is known is `unchanged`.
#[utoipa::path(post, path = "/events/batch", operation_id = "batch_events", tag = "behaviour", request_body = BehaviourBatch,
    responses((status = 200, body = Answers)), security(("staff" = ["orders:write"]), ("key" = ["orders:write"])))]
async fn batch_events(call: Call, Body(body): Body<BehaviourBatch>) -> Reply<Answers> {
    let cx = call.allow(Permission::OrdersWrite)?;
    let (good, bad) = read_items(&call, body.items, ActInput::act)?;
    let (places, acts): (Vec<usize>, Vec<Act>) = good.into_iter().unzip();
    let outcomes: Vec<Outcome> = if acts.is_empty() {
        Vec::new()
    } else {
        let word = |created: bool| if created { "created" } else { "unchanged" };
        let taken = call.write(&cx, move |tx, cx| {
            Ok(record_many(tx, cx, &acts)?
                .into_iter()
                .map(|r| Outcome { status: word(r.created).to_owned(), id: r.id.to_string() })
                .collect::<Vec<_>>())
        });
        taken.await?
    };
    Ok(Json(answers(places, outcomes, bad)))
}

/// What a member did.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Behaviour)]
struct ActDto {
    /// `act_…`.
    #[schema(value_type = String, example = "act_01kc…")]
    id: ActId,
    /// Which system saw it.
    source: String,
    /// Its id there.
    source_id: String,
    /// What it was.
    #[serde(rename = "type")]
    kind: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    /// On which goods.
    sku: Option<String>,
    /// Search words.
    words: Option<String>,
    /// How many.
    quantity: Option<i64>,
    /// Worth.
    amount: Option<MoneyDto>,
    /// Stars.
    rating: Option<i64>,
    /// More.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    data: serde_json::Value,
}

fn dto(r: ActRow, currency: shuke_kernel::Currency) -> ActDto {
    ActDto {
        id: r.id,
        source: r.source,
        source_id: r.source_id,
        kind: r.kind,
        at: r.at,
        sku: r.sku,
        words: r.words,
        quantity: r.quantity,
        amount: crate::wire::maybe(r.amount, currency),
        rating: r.rating,
        data: r.data.and_then(|d| serde_json::from_str(&d).ok()).unwrap_or_else(|| serde_json::json!({})),
    }
}

/// What a member did, newest first.
#[utoipa::path(get, path = "/members/{id}/events", operation_id = "list_member_events", tag = "behaviour", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<ActDto>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_member_events(call: Call, Path(id): Path<MemberId>, Query(q): Query<PageQuery>) -> Reply<Page<ActDto>> {
    let cx = call.allow(Permission::MembersRead)?;
    let paging = q.paging()?;
    let (at, act, fetch) = (paging.int(0, i64::MAX)?, paging.id(1, [0xff; 16])?, paging.fetch());
    let (rows, currency) = call
        .read(&cx, move |tx, cx| {
            let member = identity::resolve(tx, cx, id)?.ok_or_else(|| MEMBER_NOT_FOUND.refuse())?;
            let currency = crate::order::service::terms(tx, cx)?.currency;
            Ok((super::of_member(tx, cx, member, (Instant(at), act), fetch)?, currency))
        })
        .await?;
    Ok(Json(Page::cut(rows, &paging, |r| vec![r.at.into(), r.id.into()]).map(|r| dto(r, currency))))
}
