//! `/members/{id}/identity`, `/members/{id}/merge`, `/merges`, `/reviews`; see `uncover` for a review in clear.

use std::collections::{BTreeSet, HashMap};

use axum::Json;
use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Lang, Page, Paging, Path, Permission, Problem, Query, Reply};
use shuke_kernel::{Ctx, Error, Instant, Result};
use shuke_store::{Tx, args};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::merge::{self, Merge, MergeId};
use super::review::{self, Review, ReviewId};
use super::{resolve, sql};
use crate::profile::dto::{Member, MemberKey};
use crate::profile::{card, mask, service};
use crate::{MEMBER_NOT_FOUND, MemberId};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_member_identity))
        .routes(routes!(merge_member))
        .routes(routes!(list_merges))
        .routes(routes!(unmerge))
        .routes(routes!(list_reviews))
        .routes(routes!(get_review))
        .routes(routes!(merge_review))
        .routes(routes!(keep_review_apart))
        .merge(super::uncover::router())
}

/// A merge of two members.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Merge)]
pub struct MergeDto {
    #[schema(value_type = String, example = "mrg_01hqzv…")]
    id: MergeId,
    #[schema(value_type = String)]
    survivor: MemberId,
    #[schema(value_type = String)]
    absorbed: MemberId,
    /// `keys`, `review`, `manual`.
    cause: String,
    reason: String,
    by: String,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    undone_at: Option<Instant>,
    undone_by: Option<String>,
}

impl From<Merge> for MergeDto {
    fn from(m: Merge) -> Self {
        Self {
            id: m.id,
            survivor: m.survivor,
            absorbed: m.absorbed,
            cause: m.cause,
            reason: m.reason,
            by: m.merged_by,
            at: m.merged_at,
            undone_at: m.undone_at,
            undone_by: m.undone_by,
        }
    }
}

/// What a member is known by.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct MemberIdentity {
    keys: Vec<MemberKey>,
    /// Ids that lead here since a merge.
    #[schema(value_type = Vec<String>)]
    aliases: Vec<MemberId>,
    merges: Vec<MergeDto>,
}

/// What a member is known by, and what was merged into it.
#[utoipa::path(get, path = "/members/{id}/identity", operation_id = "get_member_identity", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = MemberIdentity)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn get_member_identity(call: Call, Path(id): Path<MemberId>) -> Reply<MemberIdentity> {
    let cx = call.allow(Permission::MembersRead)?;
    let identity = call
        .read(&cx, move |tx, cx| {
            let card = service::get_card(tx, cx, id)?;
            let aliases = tx.rows(sql::ALIASES, args![cx.merchant, card.id])?.into_iter().map(|mut r| r.get(0)).collect::<Result<_>>()?;
            let merges = merge::list(tx, cx, Some(card.id), None, 0)?.into_iter().map(MergeDto::from).collect();
            Ok(MemberIdentity { keys: card.keys.iter().map(MemberKey::of).collect(), aliases, merges })
        })
        .await?;
    Ok(Json(identity))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeInput {
    /// The other member.
    #[schema(value_type = String)]
    other: MemberId,
    /// Why; it goes into the audit.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// What a merge came to.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct MergeDone {
    #[schema(value_type = String)]
    merge_id: MergeId,
    member: Member,
}

pub(super) fn why(reason: &str) -> Result<String, Problem> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::invalid("body", "reason", "say why, in at most 500 characters"));
    }
    Ok(reason.to_owned())
}

/// Merges two members by hand. The older survives with its id; the other becomes an alias. It can be taken back.
#[utoipa::path(post, path = "/members/{id}/merge", operation_id = "merge_member", tag = "members", params(("id" = String, Path)), request_body = MergeInput,
    responses((status = 200, body = MergeDone)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn merge_member(call: Call, Path(id): Path<MemberId>, Body(body): Body<MergeInput>) -> Reply<MergeDone> {
    let cx = call.allow(Permission::MembersWrite)?;
    let reason = why(&body.reason)?;
    let done: MergeDone = call
        .write(&cx, move |tx, cx| {
            let merged = merge::merge(tx, cx, id, body.other, "manual", &reason)?;
            let member = service::get_card(tx, cx, merged.survivor)?.into();
            audit::record(tx, cx, "member.merged", &merged.survivor.to_string(), &format!("{}: {reason}", merged.absorbed))?;
            Ok(MergeDone { merge_id: merged.merge, member })
        })
        .await?;
    Ok(Json(done))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MergeQuery {
    /// Merges of this member, either side.
    #[param(value_type = Option<String>)]
    member: Option<MemberId>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Merges, newest first.
#[utoipa::path(get, path = "/merges", operation_id = "list_merges", tag = "members", params(MergeQuery),
    responses((status = 200, body = Page<MergeDto>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_merges(call: Call, Query(q): Query<MergeQuery>) -> Reply<Page<MergeDto>> {
    let cx = call.allow(Permission::MembersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let before = MergeId::from_bytes(paging.id(0, [255; 16])?);
    let fetch = paging.fetch();
    let found = call
        .read(&cx, move |tx, cx| {
            let mut found = merge::list(tx, cx, q.member, Some(before), fetch)?;
            found.retain(|m| m.id < before);
            Ok(found)
        })
        .await?;
    Ok(Json(Page::cut(found, &paging, |m| vec![m.id.into()]).map(MergeDto::from)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// Why; it goes into the audit.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
}

/// Something that is not as it was before the merge.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = UnmergeDifference)]
pub struct DifferenceDto {
    /// `keys`, `profile`, `consent`, `tags`; `merge` of a member that another took in since.
    what: String,
    text: String,
}

/// What taking a merge back came to.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct UnmergeDone {
    differences: Vec<DifferenceDto>,
    #[schema(value_type = Vec<String>)]
    members: Vec<MemberId>,
}

/// Takes a merge back. What came in afterwards goes where its keys lead, and every difference is listed.
#[utoipa::path(post, path = "/merges/{id}/unmerge", operation_id = "unmerge", tag = "members", params(("id" = String, Path)), request_body = Reason,
    responses((status = 200, body = UnmergeDone)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn unmerge(call: Call, Path(id): Path<MergeId>, Body(body): Body<Reason>) -> Reply<UnmergeDone> {
    let cx = call.allow(Permission::MembersWrite)?;
    let reason = why(&body.reason)?;
    let zh = call.lang == Lang::Zh;
    let done: UnmergeDone = call
        .write(&cx, move |tx, cx| {
            let done = merge::unmerge(tx, cx, id)?;
            audit::record(tx, cx, "member.unmerged", &done.members.0.to_string(), &format!("{}: {reason}", done.members.1))?;
            let differences =
                done.differences.into_iter().map(|d| DifferenceDto { what: d.what.to_owned(), text: if zh { d.zh } else { d.en } });
            Ok(UnmergeDone { differences: differences.collect(), members: vec![done.members.0, done.members.1] })
        })
        .await?;
    Ok(Json(done))
}

/// What two members share.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
pub struct ReviewEvidence {
    kind: String,
    value_masked: String,
}

/// Two members that share a key.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
#[schema(as = Review)]
pub struct ReviewDto {
    #[schema(value_type = String, example = "rev_…")]
    id: ReviewId,
    /// `conflict` (a strong key with contradicting others), `renamed_account` or `contact_match`.
    reason: String,
    /// The reasons of every key that the two share, this one first.
    reasons: Vec<String>,
    left: Member,
    right: Member,
    /// Every key that the two share.
    evidence: Vec<ReviewEvidence>,
    /// How many members hold the key; the two shown are the oldest that nobody decided on.
    holders: usize,
    /// `open`, `kept_apart` or `merged`.
    state: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Instant>,
    decided_by: Option<String>,
}

/// The members that reviews are about, each read once: one who bought for many has hundreds of keys
/// and as many reviews.
struct Sides {
    members: HashMap<MemberId, Member>,
    keys: HashMap<MemberId, card::Keys>,
    living: HashMap<MemberId, MemberId>,
}

impl Sides {
    fn of(tx: &mut Tx<'_>, cx: &Ctx, reviews: &[Review]) -> Result<Self> {
        let mut living = HashMap::new();
        for id in reviews.iter().filter_map(|r| r.pair).flat_map(|(a, b)| [a, b]) {
            if let Some(now) = resolve(tx, cx, id)? {
                living.insert(id, now);
            }
        }
        let ids: Vec<MemberId> = living.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let members = card::cards(tx, cx, &ids)?.into_iter().map(|c| (c.id, Member::from(c))).collect();
        Ok(Self { members, keys: card::keys_of(tx, cx, ids)?, living })
    }

    fn get(&self, id: MemberId) -> Option<Member> {
        self.members.get(self.living.get(&id)?).cloned()
    }
}

fn show(sides: &Sides, r: Review) -> Option<ReviewDto> {
    let (left, right) = r.pair?;
    let (left, right) = (sides.get(left)?, sides.get(right)?);
    let keys = &sides.keys;
    let (a, b) = (keys.get(&left.id).map_or(&[][..], Vec::as_slice), keys.get(&right.id).map_or(&[][..], Vec::as_slice));
    let shared = a.iter().filter(|x| left.id != right.id && b.iter().any(|y| x.value == y.value && x.namespace == y.namespace));
    let evidence = shared.map(|k| ReviewEvidence { kind: k.kind.word().to_owned(), value_masked: mask::key(k.kind, &k.value) }).collect();
    Some(ReviewDto {
        id: r.id,
        reason: r.reason,
        reasons: r.reasons,
        left,
        right,
        evidence,
        holders: r.holders,
        state: r.state,
        created_at: r.created_at,
        decided_at: r.decided_at,
        decided_by: r.decided_by,
    })
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReviewQuery {
    /// `open` (if absent), `kept_apart` or `merged`.
    state: Option<String>,
    /// Those in which this member is a side.
    #[param(value_type = Option<String>)]
    member: Option<MemberId>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Members that share keys without being one: for a person to decide. One item a pair, however many keys it shares, in the order of ids.
#[utoipa::path(get, path = "/reviews", operation_id = "list_reviews", tag = "members", params(ReviewQuery),
    responses((status = 200, body = Page<ReviewDto>)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn list_reviews(call: Call, Query(q): Query<ReviewQuery>) -> Reply<Page<ReviewDto>> {
    let cx = call.allow(Permission::MembersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let after = ReviewId::from_bytes(paging.id(0, [0; 16])?);
    let (state, fetch) = (q.state.filter(|s| !s.is_empty()).unwrap_or_else(|| "open".to_owned()), paging.fetch());
    let found = call
        .read(&cx, move |tx, cx| {
            let living = q.member.map(|id| resolve(tx, cx, id)).transpose()?;
            let found = match living {
                None => review::list(tx, cx, &state, Some(after), fetch)?,
                Some(None) => Vec::new(),
                Some(Some(member)) => review::list_of(tx, cx, &state, member, Some(after), fetch)?,
            };
            let sides = Sides::of(tx, cx, &found)?;
            // Of a key that many hold, another pair may be the one to decide by now.
            let theirs = |r: &ReviewDto| living.flatten().is_none_or(|m| r.left.id == m || r.right.id == m);
            Ok(found.into_iter().map(|r| (r.id, show(&sides, r).filter(theirs))).collect::<Vec<_>>())
        })
        .await?;
    let page = Page::cut(found, &paging, |r| vec![r.0.into()]);
    Ok(Json(Page { items: page.items.into_iter().filter_map(|r| r.1).collect(), next_cursor: page.next_cursor }))
}

fn one(tx: &mut Tx<'_>, cx: &Ctx, r: Review) -> Result<ReviewDto> {
    let sides = Sides::of(tx, cx, std::slice::from_ref(&r))?;
    show(&sides, r).ok_or_else(|| Error::from(MEMBER_NOT_FOUND.refuse()))
}

/// One review.
#[utoipa::path(get, path = "/reviews/{id}", operation_id = "get_review", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = ReviewDto)), security(("staff" = ["members:read"]), ("key" = ["members:read"])))]
async fn get_review(call: Call, Path(id): Path<ReviewId>) -> Reply<ReviewDto> {
    let cx = call.allow(Permission::MembersRead)?;
    let found = call
        .read(&cx, move |tx, cx| {
            let r = review::get(tx, cx, id)?;
            one(tx, cx, r)
        })
        .await?;
    Ok(Json(found))
}

/// A decided review, with the member where the two became one.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ReviewDecided {
    review: ReviewDto,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    member: Option<Member>,
}

/// Decides that the two are one person.
#[utoipa::path(post, path = "/reviews/{id}/merge", operation_id = "merge_review", tag = "members", params(("id" = String, Path)), request_body = Reason,
    responses((status = 200, body = ReviewDecided)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn merge_review(call: Call, Path(id): Path<ReviewId>, Body(body): Body<Reason>) -> Reply<ReviewDecided> {
    let cx = call.allow(Permission::MembersWrite)?;
    let done: ReviewDecided = call
        .write(&cx, move |tx, cx| {
            let (r, survivor) = review::merge(tx, cx, id, body.reason.trim())?;
            let member: Member = service::get_card(tx, cx, survivor)?.into();
            let review = one(tx, cx, r)?;
            audit::record(tx, cx, "review.merged", &survivor.to_string(), body.reason.trim())?;
            Ok(ReviewDecided { review, member: Some(member) })
        })
        .await?;
    Ok(Json(done))
}

/// Decides that the two are two people.
#[utoipa::path(post, path = "/reviews/{id}/keep-apart", operation_id = "keep_review_apart", tag = "members", params(("id" = String, Path)), request_body = Reason,
    responses((status = 200, body = ReviewDecided)), security(("staff" = ["members:write"]), ("key" = ["members:write"])))]
async fn keep_review_apart(call: Call, Path(id): Path<ReviewId>, Body(body): Body<Reason>) -> Reply<ReviewDecided> {
    let cx = call.allow(Permission::MembersWrite)?;
    let done: ReviewDecided = call
        .write(&cx, move |tx, cx| {
            let r = review::keep_apart(tx, cx, id)?;
            let review = one(tx, cx, r)?;
            audit::record(tx, cx, "review.kept_apart", &id.to_string(), body.reason.trim())?;
            Ok(ReviewDecided { review, member: None })
        })
        .await?;
    Ok(Json(done))
}
