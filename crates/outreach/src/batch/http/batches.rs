//! Batches previewed, made, listed, changed, closed; their members and codes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Instant, Result as Done};
use shuke_members::MemberId;
use shuke_members::identity::KeyKind;
use shuke_members::profile::card::{self, Card};
use shuke_store::{Row, Tx, args};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{BatchInput, BatchView, Funnel};
use crate::audience::{self, Question};
use crate::batch::apart::Keeper;
use crate::batch::model::{Batch, State, Verdict};
use crate::batch::service::{self, BatchChange};
use crate::batch::{BatchId, codes, sql};

/// A small batch is waited for so many times so long, so that it is frozen in the answer.
const LOOKS: u32 = 20;
const LOOK: Duration = Duration::from_millis(50);

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview_batch))
        .routes(routes!(list_batches, create_batch))
        .routes(routes!(get_batch, update_batch))
        .routes(routes!(close_batch))
        .routes(routes!(add_batch_codes))
        .routes(routes!(list_batch_members))
}

/// Says so when it is dropped: the request went away, or was answered.
#[derive(Default)]
struct Leaving(Arc<AtomicBool>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A batch tells how many a question finds: whoever may not ask the question itself learns it no other way.
fn may_know(call: &Call, whom: &Question) -> Result<(), Problem> {
    if whom.asks_segments() {
        call.allow(Permission::SegmentsRead)?;
    }
    if whom.members.is_some() {
        call.allow(Permission::MembersRead)?;
    }
    Ok(())
}

/// A batch whose comparison still runs, and how many of those asked for it holds out.
#[derive(Serialize, ToSchema)]
struct BatchHeldBy {
    #[schema(value_type = String, example = "bat_01kc…")]
    batch: BatchId,
    name: String,
    /// The end of its window; absent where it has not been handed over.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
    members: i64,
}

/// What freezing it now would come to.
#[derive(Serialize, ToSchema)]
struct BatchPreview {
    /// The id to hand to `POST /batches`, so that the preview comes true.
    #[schema(value_type = String, example = "bat_01kc…")]
    batch: BatchId,
    funnel: Funnel,
    /// The batches that hold out those of `held_by_other`, each member counted with one of them.
    held_by: Vec<BatchHeldBy>,
    #[schema(value_type = String, format = DateTime)]
    asked_at: Instant,
    /// Up to when the answer knows.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
}

/// Judges everybody by the funnel that the freezing uses, and writes nothing. A segment or an expression needs `segments:read` as well, a list `members:read`.
#[utoipa::path(post, path = "/batches/preview", operation_id = "preview_batch", tag = "batches", request_body = BatchInput,
    responses((status = 200, body = BatchPreview)), security(("staff" = ["batches:write"]), ("key" = ["batches:write"])))]
async fn preview_batch(call: Call, Body(body): Body<BatchInput>) -> Reply<BatchPreview> {
    let cx = call.allow(Permission::BatchesWrite)?;
    let ask = body.ask()?;
    may_know(&call, &ask.spec.whom)?;
    let store = call.app.store.clone();
    let left = Leaving::default();
    let gone = left.0.clone();
    let cancelled = move || gone.load(Ordering::Relaxed);
    let work = tokio::task::spawn_blocking(move || service::preview(&store, &cx, ask.destination, &ask.purpose, &ask.spec, &cancelled));
    let p = work.await.map_err(|e| Problem::fault(e.to_string()))??;
    drop(left);
    let held = |(k, members): (Keeper, i64)| BatchHeldBy { batch: k.id, name: k.name, until: k.until, members };
    let held_by = p.held_by.into_iter().map(held).collect();
    Ok(Json(BatchPreview { batch: p.batch, funnel: Funnel::of(&p.counts), held_by, asked_at: p.asked_at, known_at: p.known_at }))
}

pub(super) fn view(tx: &mut Tx<'_>, cx: &Ctx, batch: Batch) -> Done<BatchView> {
    let job = batch.job.map(|job| tx.job(cx.merchant, job)).transpose()?;
    Ok(BatchView::of(batch, job))
}

/// Freezes a group as a batch: a task judges each member once. A small one is frozen in the answer. A segment or an expression needs `segments:read` as well, a list `members:read`.
#[utoipa::path(post, path = "/batches", operation_id = "create_batch", tag = "batches", request_body = BatchInput,
    responses((status = 201, body = BatchView)), security(("staff" = ["batches:write"]), ("key" = ["batches:write"])))]
async fn create_batch(call: Call, Body(body): Body<BatchInput>) -> Result<(StatusCode, Json<BatchView>), Problem> {
    let cx = call.allow(Permission::BatchesWrite)?;
    let ask = body.ask()?;
    may_know(&call, &ask.spec.whom)?;
    let (store, merchant, whom, now) = (call.app.store.clone(), cx.merchant, ask.spec.whom.clone(), cx.now);
    let checked = tokio::task::spawn_blocking(move || audience::check(&store, merchant, &whom, now));
    checked.await.map_err(|e| Problem::fault(e.to_string()))??;
    let id: BatchId = call.write(&cx, move |tx, cx| service::create(tx, cx, &ask)).await?;
    let mut looks = 0;
    loop {
        let seen = call.read(&cx, move |tx, cx| service::get(tx, cx.merchant, id).and_then(|b| view(tx, cx, b))).await?;
        looks += 1;
        if looks >= LOOKS || seen.state != State::Draft.word() {
            return Ok((StatusCode::CREATED, Json(seen)));
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BatchList {
    /// `draft`, `frozen`, `handed_over` or `closed`.
    state: Option<String>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Batches, newest first.
#[utoipa::path(get, path = "/batches", operation_id = "list_batches", tag = "batches", params(BatchList),
    responses((status = 200, body = Page<BatchView>)), security(("staff" = ["batches:read"]), ("key" = ["batches:read"])))]
async fn list_batches(call: Call, Query(q): Query<BatchList>) -> Reply<Page<BatchView>> {
    let cx = call.allow(Permission::BatchesRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let state = q.state.as_deref().map(|s| State::read(s, "state")).transpose()?.map_or("", State::word);
    let (before, fetch) = (paging.id(0, [255; 16])?, paging.fetch());
    let found = call.read(&cx, move |tx, cx| service::list(tx, cx.merchant, state, before, fetch)).await?;
    let page = Page::cut(found, &paging, |b| vec![b.id.into()]);
    let (items, next_cursor) = (page.items, page.next_cursor);
    let items = call.read(&cx, move |tx, cx| items.clone().into_iter().map(|b| view(tx, cx, b)).collect::<Done<Vec<_>>>()).await?;
    Ok(Json(Page { items, next_cursor }))
}

/// One batch.
#[utoipa::path(get, path = "/batches/{id}", operation_id = "get_batch", tag = "batches", params(("id" = String, Path)),
    responses((status = 200, body = BatchView)), security(("staff" = ["batches:read"]), ("key" = ["batches:read"])))]
async fn get_batch(call: Call, Path(id): Path<BatchId>) -> Reply<BatchView> {
    let cx = call.allow(Permission::BatchesRead)?;
    Ok(Json(call.read(&cx, move |tx, cx| service::get(tx, cx.merchant, id).and_then(|b| view(tx, cx, b))).await?))
}

/// What is to change of a batch; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchPatch {
    #[schema(max_length = 80)]
    name: Option<String>,
    /// Minor units.
    cost_fixed: Option<i64>,
    /// Minor units for a thousand rows.
    cost_per_thousand: Option<i64>,
}

/// Changes a batch's name and costs. Whom it is about is frozen.
#[utoipa::path(patch, path = "/batches/{id}", operation_id = "update_batch", tag = "batches", params(("id" = String, Path)), request_body = BatchPatch,
    responses((status = 200, body = BatchView)), security(("staff" = ["batches:write"]), ("key" = ["batches:write"])))]
async fn update_batch(call: Call, Path(id): Path<BatchId>, Body(body): Body<BatchPatch>) -> Reply<BatchView> {
    let cx = call.allow(Permission::BatchesWrite)?;
    let change = BatchChange { name: body.name, cost_fixed: body.cost_fixed, cost_per_thousand: body.cost_per_thousand };
    Ok(Json(call.write(&cx, move |tx, cx| service::change(tx, cx, id, &change).and_then(|b| view(tx, cx, b))).await?))
}

/// Closes a batch: nothing of it is handed over any more. One that nothing left from counts against nobody.
#[utoipa::path(post, path = "/batches/{id}/close", operation_id = "close_batch", tag = "batches", params(("id" = String, Path)),
    responses((status = 200, body = BatchView)), security(("staff" = ["batches:write"]), ("key" = ["batches:write"])))]
async fn close_batch(call: Call, Path(id): Path<BatchId>) -> Reply<BatchView> {
    let cx = call.allow(Permission::BatchesWrite)?;
    Ok(Json(call.write(&cx, move |tx, cx| service::close(tx, cx, id).and_then(|b| view(tx, cx, b))).await?))
}

/// Codes to be given to members, one each.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchCodes {
    #[schema(max_items = 10_000)]
    codes: Vec<String>,
}

/// What was added.
#[derive(Serialize, Deserialize, ToSchema)]
struct BatchCodesAdded {
    /// Codes that the batch did not have.
    added: i64,
}

/// Adds codes to a batch. One that it has already is not added again.
#[utoipa::path(post, path = "/batches/{id}/codes", operation_id = "add_batch_codes", tag = "batches", params(("id" = String, Path)), request_body = BatchCodes,
    responses((status = 200, body = BatchCodesAdded)), security(("staff" = ["batches:write"]), ("key" = ["batches:write"])))]
async fn add_batch_codes(call: Call, Path(id): Path<BatchId>, Body(body): Body<BatchCodes>) -> Reply<BatchCodesAdded> {
    let cx = call.allow(Permission::BatchesWrite)?;
    let added = call.write(&cx, move |tx, cx| codes::add(tx, cx, id, &body.codes)).await?;
    Ok(Json(BatchCodesAdded { added }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BatchMemberList {
    /// Only those with this verdict.
    verdict: Option<String>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A member of a batch.
#[derive(Serialize, ToSchema)]
struct BatchMember {
    #[serde(skip)]
    #[schema(ignore)]
    place: i64,
    #[schema(value_type = String, example = "mem_01kc…")]
    member: MemberId,
    /// Masked: the name, else the phone or another key; absent for who is no member any more.
    display_name: Option<String>,
    phone_masked: Option<String>,
    /// `treated`, `held_out`, or why they were left out.
    verdict: String,
    /// The code of the short link.
    link: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    handed_at: Option<Instant>,
    /// `delivered` or `failed`, as a receipt says.
    receipt: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    receipt_at: Option<Instant>,
    /// The first click by a person.
    #[schema(value_type = Option<String>, format = DateTime)]
    clicked_at: Option<Instant>,
    clicks: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    replied_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    unsubscribed_at: Option<Instant>,
}

fn batch_member(mut r: Row) -> Done<BatchMember> {
    Ok(BatchMember {
        place: r.get(0)?,
        member: r.get(1)?,
        display_name: None,
        phone_masked: None,
        verdict: r.get(2)?,
        link: r.get(3)?,
        handed_at: r.get(4)?,
        receipt: r.get(5)?,
        receipt_at: r.get(6)?,
        clicked_at: r.get(7)?,
        clicks: r.get(8)?,
        replied_at: r.get(9)?,
        unsubscribed_at: r.get(10)?,
    })
}

/// Says who they are, as the list of members does.
fn named(tx: &mut Tx<'_>, cx: &Ctx, mut of: Vec<BatchMember>) -> Done<Vec<BatchMember>> {
    let ids: Vec<MemberId> = of.iter().map(|m| m.member).collect();
    let cards: HashMap<MemberId, Card> = card::cards(tx, cx, &ids)?.into_iter().map(|c| (c.id, c)).collect();
    for m in &mut of {
        let Some(card) = cards.get(&m.member) else { continue };
        m.phone_masked.clone_from(&card.phone);
        let key = card.keys.iter().find(|k| !matches!(k.kind, KeyKind::Phone | KeyKind::Email)).map(|k| k.value.clone());
        let name = Some(card.display_name.clone()).filter(|n| !n.is_empty());
        m.display_name = name.or(key).or_else(|| card.phone.clone()).or_else(|| card.email.clone());
    }
    Ok(of)
}

/// The members of a batch with their verdicts, and what came of them.
#[utoipa::path(get, path = "/batches/{id}/members", operation_id = "list_batch_members", tag = "batches", params(("id" = String, Path), BatchMemberList),
    responses((status = 200, body = Page<BatchMember>)), security(("staff" = ["batches:read", "members:read"]), ("key" = ["batches:read", "members:read"])))]
async fn list_batch_members(call: Call, Path(id): Path<BatchId>, Query(q): Query<BatchMemberList>) -> Reply<Page<BatchMember>> {
    let cx = call.allow(Permission::BatchesRead)?;
    call.allow(Permission::MembersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let verdict = q.verdict.as_deref().map(|v| Verdict::read(v, "verdict")).transpose()?.map_or("", Verdict::word);
    let (after, fetch) = (paging.int(0, -1)?, paging.fetch());
    let found = call
        .read(&cx, move |tx, cx| {
            service::get(tx, cx.merchant, id)?;
            let rows = tx.rows(sql::MEMBERS, args![cx.merchant, id, verdict, after, fetch])?;
            named(tx, cx, rows.into_iter().map(batch_member).collect::<Done<Vec<_>>>()?)
        })
        .await?;
    Ok(Json(Page::cut(found, &paging, |m| vec![m.place.into()])))
}
