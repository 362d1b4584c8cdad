//! `/members`.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Cursor, Lang, Paging, Path, Permission, Problem, ProblemBody, Query, Reply};
use shuke_kernel::{Error, Instant, Result};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{External, Member, MemberInput, Patch, read_patch};
use super::list::Filter;
use super::matched::{self, Search};
use super::owner::Place;
use super::reindex::{self, Building};
use super::service::{self, By, Done};
use super::{card, observe, owner, words};
use crate::MemberId;
use crate::consent;
use crate::consent::http::Consent;
use crate::privacy;
use crate::privacy::http::PrivacyRequest;
use crate::tag::{self, TagId};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_members, create_member))
        .routes(routes!(batch_members))
        .routes(routes!(get_member, update_member, erase_member))
        .routes(routes!(get_member_by_external, put_member_by_external))
        .routes(routes!(unmask_member))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MemberQuery {
    /// A phone, its last four digits, an e-mail, an id, an account name, a card, a name or its pinyin initials, the name of a tag.
    query: Option<String>,
    /// Members known from that platform. Tmall's buyers are Taobao's accounts.
    platform: Option<String>,
    has_phone: Option<bool>,
    /// `female`, `male` or `other`.
    gender: Option<String>,
    /// However it is written: 广东 and 广东省 are one.
    province: Option<String>,
    /// Members who have this tag; several with commas between, for those who have all of them.
    tag: Option<String>,
    /// `-created` (newest recorded first), the only order there is.
    sort: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

const TAGS: usize = 20;

fn tags(text: Option<&str>) -> Result<Vec<TagId>, Problem> {
    let words: Vec<&str> = text.unwrap_or_default().split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
    if words.len() > TAGS {
        return Err(Problem::invalid("query", "tag", format_args!("at most {TAGS} tags")));
    }
    words.into_iter().map(|w| w.parse().map_err(|e: String| Problem::invalid("query", "tag", e))).collect()
}

/// Some members of the list.
#[derive(Serialize, ToSchema)]
struct MemberList {
    items: Vec<Member>,
    /// Pass it as `cursor` for the next page; `null` after the last.
    next_cursor: Option<String>,
    /// Of a search: names are being indexed still, and it may miss somebody. `null` where the index is whole.
    index: Option<NameIndex>,
}

/// An index of names that is not whole yet.
#[derive(Serialize, ToSchema)]
struct NameIndex {
    /// `building`.
    #[schema(example = "building")]
    state: &'static str,
    #[serde(flatten)]
    progress: Building,
}

/// Members, newest recorded first, identifiers masked; of a search by a whole phone, first of all whose own proven phone it is; of one by the last four digits, those of the page first. A page that had to look at many candidates may hold fewer than `limit`, even none, while `next_cursor` tells that there is more to look through.
#[utoipa::path(get, path = "/members", operation_id = "list_members", tag = "members", params(MemberQuery),
    responses((status = 200, body = MemberList)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_members(call: Call, Query(q): Query<MemberQuery>) -> Reply<MemberList> {
    let cx = call.allow(Permission::MembersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    if let Some(sort) = q.sort.as_deref().filter(|s| !["", "-created", "-created_at"].contains(s)) {
        return Err(Problem::invalid("query", "sort", format_args!("`{sort}` is no order; there is `-created`")));
    }
    let filter = Filter {
        query: q.query.unwrap_or_default(),
        platform: words::platform(q.platform),
        has_phone: q.has_phone,
        gender: words::gender(q.gender, "gender")?,
        province: words::province(q.province),
        tags: tags(q.tag.as_deref())?,
    };
    let from = Place::of(&paging)?;
    let limit = usize::try_from(paging.limit).unwrap_or_default();
    let (cards, next, building) = call
        .read(&cx, move |tx, cx| {
            tag::service::known(tx, cx, &filter.tags, "tag")?;
            words::known_platform(tx, cx, &filter.platform, "platform")?;
            let (found, next) = owner::page(tx, cx, &filter, from, limit)?;
            // A full page misses nobody that a reader would look for.
            let few = !filter.query.trim().is_empty() && found.len() < limit;
            let building = if few { reindex::building(tx, cx)? } else { None };
            let mut cards = card::cards_found(tx, cx, &found, Search::of(&filter.query).as_ref())?;
            matched::rank(&mut cards);
            Ok((cards, next, building))
        })
        .await?;
    Ok(Json(MemberList {
        items: cards.into_iter().map(Member::from).collect(),
        next_cursor: next.map(|place| Cursor::encode(&place.key())),
        index: building.map(|progress| NameIndex { state: "building", progress }),
    }))
}

#[derive(Serialize, Deserialize)]
struct Put {
    created: bool,
    member: Member,
}

async fn put(call: &Call, cx: &shuke_kernel::Ctx, input: MemberInput) -> Result<(StatusCode, Json<Member>), Problem> {
    let item = input.read("")?;
    let done: Put = call
        .write(cx, move |tx, cx| {
            let (id, done) = service::upsert(tx, cx, &item)?;
            Ok(Put { created: done == Done::Created, member: service::get_card(tx, cx, id)?.into() })
        })
        .await?;
    Ok((if done.created { StatusCode::CREATED } else { StatusCode::OK }, Json(done.member)))
}

/// Makes a member, or finds and changes the one that its keys name.
#[utoipa::path(post, path = "/members", operation_id = "create_member", tag = "members", request_body = MemberInput,
    responses((status = 201, body = Member), (status = 200, body = Member)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn create_member(call: Call, Body(input): Body<MemberInput>) -> Result<(StatusCode, Json<Member>), Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    put(&call, &cx, input).await
}

/// The member of an id in your own system.
#[utoipa::path(get, path = "/members/by-external/{source}/{id}", operation_id = "get_member_by_external", tag = "members",
    params(("source" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Member)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn get_member_by_external(call: Call, Path((source, id)): Path<(String, String)>) -> Reply<Member> {
    let cx = call.allow(Permission::MembersRead)?;
    let card = call
        .read(&cx, move |tx, cx| {
            let member = service::by_external(tx, cx, &source, &id)?;
            service::get_card(tx, cx, member)
        })
        .await?;
    Ok(Json(card.into()))
}

/// Makes or changes the member of an id in your own system.
#[utoipa::path(put, path = "/members/by-external/{source}/{id}", operation_id = "put_member_by_external", tag = "members",
    params(("source" = String, Path), ("id" = String, Path)), request_body = MemberInput,
    responses((status = 201, body = Member), (status = 200, body = Member)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn put_member_by_external(
    call: Call,
    Path((source, id)): Path<(String, String)>,
    Body(input): Body<MemberInput>,
) -> Result<(StatusCode, Json<Member>), Problem> {
    let cx = call.allow(Permission::MembersWrite)?;
    if let Some(other) = input.external.as_ref().filter(|e| e.source != source || e.id != id) {
        return Err(Problem::invalid("body", "external", format_args!("`{}/{}` is not the path's", other.source, other.id)));
    }
    put(&call, &cx, MemberInput { external: Some(External { source, id }), ..input }).await
}

const BATCH: usize = 1000;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberBatch {
    #[schema(max_items = 1000)]
    items: Vec<MemberInput>,
}

/// What became of one item of a batch.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = MemberResult)]
pub struct BatchResult {
    pub index: usize,
    /// `created`, `updated`, `unchanged` or `refused`.
    pub status: String,
    #[schema(value_type = Option<String>)]
    pub id: Option<MemberId>,
    /// Why it was refused.
    #[schema(value_type = Option<shuke_http::ProblemBody>)]
    pub problem: Option<serde_json::Value>,
}

/// What became of a batch, item by item.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = MemberResults)]
pub struct BatchResults {
    pub results: Vec<BatchResult>,
}

fn refused(index: usize, e: Error, lang: Lang, request_id: &str) -> Result<BatchResult> {
    match e {
        Error::Refused(r) => {
            let body: ProblemBody = Problem::from(*r).body(lang, request_id);
            Ok(BatchResult { index, status: "refused".to_owned(), id: None, problem: Some(serde_json::to_value(body)?) })
        }
        fault => Err(fault),
    }
}

/// Makes or changes up to 1,000 members, each answered for itself.
#[utoipa::path(post, path = "/members/batch", operation_id = "batch_members", tag = "members", request_body = MemberBatch,
    responses((status = 200, body = BatchResults)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn batch_members(call: Call, Body(batch): Body<MemberBatch>) -> Reply<BatchResults> {
    let cx = call.allow(Permission::MembersWrite)?;
    if batch.items.len() > BATCH {
        return Err(service::TOO_MANY.with("limit", BATCH).at("items").into());
    }
    let read: Vec<Result<service::Upsert>> = batch.items.into_iter().enumerate().map(|(i, m)| m.read(&format!("items[{i}]."))).collect();
    let (mut good, mut out) = (Vec::new(), BTreeMap::new());
    for (i, item) in read.into_iter().enumerate() {
        match item {
            Ok(item) => good.push((i, item)),
            Err(e) => {
                out.insert(i, refused(i, e, call.lang, &call.request_id)?);
            }
        }
    }
    let (indices, items): (Vec<usize>, Vec<service::Upsert>) = good.into_iter().unzip();
    let (lang, request_id) = (call.lang, call.request_id.clone());
    let done: BatchResults = call
        .write(&cx, move |tx, cx| {
            let mut results = Vec::new();
            for (i, done) in indices.iter().zip(service::upsert_many(tx, cx, &items)?) {
                results.push(match done {
                    Ok((id, done)) => {
                        let status = match done {
                            Done::Created => "created",
                            Done::Updated => "updated",
                            Done::Unchanged => "unchanged",
                        };
                        BatchResult { index: *i, status: status.to_owned(), id: Some(id), problem: None }
                    }
                    Err(e) => refused(*i, e, lang, &request_id)?,
                });
            }
            Ok(BatchResults { results })
        })
        .await?;
    out.extend(done.results.into_iter().map(|r| (r.index, r)));
    Ok(Json(BatchResults { results: out.into_values().collect() }))
}

/// A member with what it agreed to.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct MemberPage {
    #[serde(flatten)]
    pub member: Member,
    /// What holds now.
    pub consents: Vec<Consent>,
    /// What lists tell of points and tier there, each record for itself, newest first: after a merge there may be several of one list.
    pub told: Vec<ToldStanding>,
}

/// What a record of a list tells of a member's standing there. The figures of two records are two accounts: they are not added.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ToldStanding {
    /// Whose list.
    #[schema(example = "taobao")]
    pub source: String,
    /// When it says so.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// Its points, in its words.
    pub points: Option<String>,
    /// Its tier, in its words.
    pub tier: Option<String>,
}

impl From<observe::Standing> for ToldStanding {
    fn from(s: observe::Standing) -> Self {
        Self { source: s.source, at: s.at, points: s.points, tier: s.tier }
    }
}

/// One member. An id that a merge made an alias answers with the member who took it in.
#[utoipa::path(get, path = "/members/{id}", operation_id = "get_member", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = MemberPage)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn get_member(call: Call, Path(id): Path<MemberId>) -> Reply<MemberPage> {
    let cx = call.allow(Permission::MembersRead)?;
    let page = call
        .read(&cx, move |tx, cx| {
            let card = service::get_card(tx, cx, id)?;
            let consents = consent::effective(tx, cx, card.id)?.into_iter().map(Consent::from).collect();
            let told = observe::standings(tx, cx, card.id)?.into_iter().map(ToldStanding::from).collect();
            Ok(MemberPage { member: card.into(), consents, told })
        })
        .await?;
    Ok(Json(page))
}

/// Changes facts of a member: what is absent stays, null takes a fact back. What people state is newer than every file so far.
#[utoipa::path(patch, path = "/members/{id}", operation_id = "update_member", tag = "members", params(("id" = String, Path)), request_body = Patch,
    responses((status = 200, body = Member)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn update_member(
    call: Call,
    Path(id): Path<MemberId>,
    Body(mut body): Body<serde_json::Map<String, serde_json::Value>>,
) -> Reply<Member> {
    let cx = call.allow(Permission::MembersWrite)?;
    let reason = match body.remove("reason") {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(text)) if text.trim().chars().count() <= 500 => text.trim().to_owned(),
        Some(_) => return Err(Problem::invalid("body", "reason", "say why, in at most 500 characters")),
    };
    let mut changed = body.keys().cloned().collect::<Vec<_>>().join(", ");
    if !reason.is_empty() {
        changed = format!("{changed}: {reason}");
    }
    let (fields, keys) = read_patch(body)?;
    let member: Member = call
        .write(&cx, move |tx, cx| {
            let id = service::change(tx, cx, id, By::Staff, &fields, &keys)?;
            let card = service::get_card(tx, cx, id)?;
            audit::record(tx, cx, "member.changed", &id.to_string(), &changed)?;
            Ok(card.into())
        })
        .await?;
    Ok(Json(member))
}

/// Erases a member at once: identifiers go, entries stay under the id.
#[utoipa::path(delete, path = "/members/{id}", operation_id = "erase_member", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = PrivacyRequest)), security(("staff" = ["privacy:manage"]), ("key" = ["privacy:manage"])))]
async fn erase_member(call: Call, Path(id): Path<MemberId>) -> Reply<PrivacyRequest> {
    let cx = call.allow(Permission::PrivacyManage)?;
    let done: PrivacyRequest = call
        .write(&cx, move |tx, cx| {
            let request = privacy::request(tx, cx, id, "erasure")?;
            let done = privacy::complete(tx, cx, request.id)?;
            audit::record(tx, cx, "member.erased", &done.member.to_string(), "")?;
            Ok(done.into())
        })
        .await?;
    Ok(Json(done))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Unmask {
    /// `name`, `phone`, `email`, `account`, `external`, `card`, `address`.
    #[schema(min_items = 1)]
    fields: Vec<String>,
    /// Why; it goes into the audit.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Shows identifiers of a member in clear. Who saw what and why is audited.
#[utoipa::path(post, path = "/members/{id}/unmask", operation_id = "unmask_member", tag = "members", params(("id" = String, Path)), request_body = Unmask,
    responses((status = 200, body = BTreeMap<String, Option<String>>)), security(("staff" = ["members:unmask"]), ("key" = ["members:unmask"])))]
async fn unmask_member(call: Call, Path(id): Path<MemberId>, Body(body): Body<Unmask>) -> Reply<BTreeMap<String, Option<String>>> {
    let cx = call.allow(Permission::MembersUnmask)?;
    let reason = body.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::invalid("body", "reason", "say why, in at most 500 characters"));
    }
    let shown: BTreeMap<String, Option<String>> = call
        .write(&cx, move |tx, cx| {
            let shown = service::unmask(tx, cx, id, &body.fields)?;
            audit::record(tx, cx, "member.unmasked", &id.to_string(), &format!("{}: {reason}", body.fields.join(", ")))?;
            Ok(shown.fields.into_iter().map(|(f, v)| (f, (!v.is_empty()).then(|| v.join("、")))).collect())
        })
        .await?;
    Ok(Json(shown))
}
