//! A benefit tried on all members before it is changed: who loses it, who gains it, which real uses could not have been,
//! what that comes to; and the members as a list and a file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_http::{App, Body, Call, Page, PageQuery, Permission, Problem, Query, Reply, streamed};
use shuke_kernel::{Ctx, Error, Instant, Refusal, Result as Done};
use shuke_members::MemberId;
use shuke_sheets::Format;
use shuke_store::Store;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::BenefitId;
use crate::benefit::model::Definition;
use crate::trial::model::{OfTier, Row, Rules, Summary, Which, Why, a_month};
use crate::trial::{self, Asked, Ready, tables};
use crate::words::invalid;

/// Trials that are reckoned at a time: each takes the whole machine for some seconds.
static TURN: Semaphore = Semaphore::const_new(1);

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(try_benefit))
        .routes(routes!(list_benefit_trial_members))
        .routes(routes!(export_benefit_trial_members))
}

/// A benefit to be tried.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BenefitTrialInput {
    /// Which benefit would be changed; left out for one that would be new.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "ben_01kc…")]
    benefit: Option<BenefitId>,
    /// What it would say; left out where nobody could use it any more.
    #[serde(default)]
    definition: Option<Definition>,
    /// Months of real uses that are judged again; 3 unless given.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 12)]
    months: Option<i64>,
}

impl BenefitTrialInput {
    fn asked(self) -> Asked {
        Asked { benefit: self.benefit, definition: self.definition, months: self.months.unwrap_or(3) }
    }
}

/// A benefit to be tried, and which members are to be listed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BenefitTrialMembersInput {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    benefit: Option<BenefitId>,
    #[serde(default)]
    definition: Option<Definition>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 12)]
    months: Option<i64>,
    /// `losing` (default), `refused` or `gaining`.
    #[serde(default)]
    which: Option<String>,
    /// Of the file: `csv` (default), `xlsx` or `parquet`.
    #[serde(default)]
    format: Option<String>,
}

impl BenefitTrialMembersInput {
    fn read(self) -> Result<(Asked, Which, Format), Problem> {
        let which = self.which.as_deref().map_or(Some(Which::default()), Which::named);
        let which = which.ok_or_else(|| Problem::invalid("body", "which", "one of losing, refused, gaining"))?;
        let format = self.format.as_deref().map_or(Some(Format::Csv), Format::named);
        let format = format.ok_or_else(|| Problem::invalid("body", "format", "one of csv, xlsx, parquet"))?;
        let Self { benefit, definition, months, .. } = self;
        Ok((BenefitTrialInput { benefit, definition, months }.asked(), which, format))
    }
}

/// Members who hold a tier now.
#[derive(Serialize, ToSchema)]
struct BenefitTrialTier {
    /// The tier; null for those who hold none.
    id: Option<String>,
    /// What people call it.
    name: Option<String>,
    members: i64,
    /// Whose the benefit is by what they are,
    had: i64,
    /// and whose it would be.
    has: i64,
    losing: i64,
    gaining: i64,
}

impl BenefitTrialTier {
    fn of(id: Option<String>, name: Option<String>, of: OfTier) -> Self {
        Self { id, name, members: of.members, had: of.had, has: of.has, losing: of.losing, gaining: of.gaining }
    }
}

/// How many members, or uses, for a reason.
#[derive(Serialize, ToSchema)]
struct BenefitTrialReason {
    /// `ended`, `tier`, `segment`, `birthday`, `day` or `quota`.
    why: String,
    count: i64,
}

/// What uses are said to cost a month, minor units.
#[derive(Serialize, ToSchema)]
struct BenefitTrialCost {
    cost: i64,
    /// What of it is the shop's.
    shop: i64,
}

/// What a change of a benefit would make of all members.
#[derive(Serialize, ToSchema)]
struct BenefitTrial {
    /// When it was reckoned.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
    /// How long it took, in milliseconds.
    took_ms: u64,
    /// All members.
    members: i64,
    /// Whose the benefit is by tier and segment,
    had: i64,
    /// and whose it would be.
    has: i64,
    /// Whose it is and would not be.
    losing_it: i64,
    /// Whose it would be and is not.
    gaining: i64,
    /// Why those who lose it do.
    lost_by: Vec<BenefitTrialReason>,
    /// By the tier held now, the lowest first; none where no programme is named.
    tiers: Vec<BenefitTrialTier>,
    /// Months of real uses that were judged again,
    months: i64,
    /// from here on.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// Uses in these months.
    uses: i64,
    /// Of them those that a pack gave: they need no tier, day or quota.
    granted: i64,
    /// Uses that could not have been.
    refused: i64,
    /// Why not.
    refused_by: Vec<BenefitTrialReason>,
    /// Members who used it,
    users: i64,
    /// and those of them with uses that could not have been.
    refused_users: i64,
    /// Members who lose the benefit, or uses that they had.
    losing: i64,
    /// Of which currency the amounts are, in its minor units.
    currency: String,
    /// What the uses come to a month by what the benefit says a use costs; null where nobody can use it now.
    before: Option<BenefitTrialCost>,
    /// What those that could have been come to by what it would say; null where nobody could use it.
    after: Option<BenefitTrialCost>,
    /// What the uses cost a month as they were booked.
    booked: i64,
    /// What those whose it would be newly come to a month, if they used it as often as those whose it is; null where that
    /// cannot be told.
    newcomers: Option<i64>,
    /// What is assumed, in the caller's language.
    assumed: Vec<String>,
}

fn too_large() -> Refusal {
    invalid("definition.cost", "金额太大，无法计算。", "The amounts are too large to reckon with.")
}

impl BenefitTrial {
    fn of(ready: &Ready, all: &Summary, took_ms: u64, zh: bool) -> Done<Self> {
        let months = ready.months;
        let cost = |rules: Option<&Rules>, uses: i64| -> Done<Option<BenefitTrialCost>> {
            let Some(rules) = rules else { return Ok(None) };
            let cost = a_month(i128::from(uses) * i128::from(rules.cost), months).ok_or_else(too_large)?;
            Ok(Some(BenefitTrialCost { cost, shop: rules.funded.of(cost).shop() }))
        };
        let reason = |why: Why, count: i64| BenefitTrialReason { why: why.word().to_owned(), count };
        let (before, after) = (ready.compared.before.as_ref(), ready.compared.after.as_ref());
        let newcomers = after.and_then(|after| all.of_the_new(after.cost)).map(|cost| a_month(cost.into(), months));
        Ok(Self {
            known_at: ready.to,
            took_ms,
            members: all.all.members,
            had: all.all.had,
            has: all.all.has,
            losing_it: all.all.losing,
            gaining: all.all.gaining,
            lost_by: all.lost_by.iter().map(|(why, members)| reason(*why, *members)).collect(),
            tiers: tiers(ready, all),
            months,
            from: ready.compared.from,
            uses: all.uses,
            granted: all.granted,
            refused: all.uses - all.kept(),
            refused_by: Why::ALL.into_iter().zip(all.refused).filter(|(_, uses)| *uses > 0).map(|(why, uses)| reason(why, uses)).collect(),
            users: all.users,
            refused_users: all.refused_users,
            losing: all.losing,
            currency: ready.currency.to_string(),
            before: cost(before, all.uses)?,
            after: cost(after, all.kept())?,
            booked: a_month(all.booked.into(), months).ok_or_else(too_large)?,
            newcomers: newcomers.map(|cost| cost.ok_or_else(too_large)).transpose()?,
            assumed: assumed(ready, zh),
        })
    }
}

/// Members by tier in the order of the ladder; what the ladder has no more comes first, who holds none last.
fn tiers(ready: &Ready, all: &Summary) -> Vec<BenefitTrialTier> {
    let Some((_, ladder)) = &ready.ladder else { return Vec::new() };
    let place = |id: &Option<String>| match id {
        Some(id) => ladder.iter().position(|(tier, _)| tier == id).map_or(0, |at| at + 1),
        None => usize::MAX,
    };
    let mut held: Vec<(&Option<String>, &OfTier)> = all.tiers.iter().collect();
    held.sort_by_key(|(id, _)| place(id));
    let name = |id: &Option<String>| id.as_ref().map(|id| ladder.iter().find(|(tier, _)| tier == id).map_or(id, |(_, name)| name).clone());
    held.into_iter().map(|(id, of)| BenefitTrialTier::of(id.clone(), name(id), *of)).collect()
}

fn assumed(ready: &Ready, zh: bool) -> Vec<String> {
    let mut all = always_assumed(ready, zh);
    if ready.paused && ready.compared.after.is_some() {
        let text = if zh {
            "这个权益已暂停：只保存不恢复，仍没有人能用；这里按恢复之后计算。"
        } else {
            "The benefit is paused: saved alone, still nobody may use it. This is how it would be once it goes on."
        };
        all.insert(0, text.to_owned());
    }
    all
}

fn always_assumed(ready: &Ready, zh: bool) -> Vec<String> {
    let day = |at: Instant| ready.compared.zone.day(at).to_string();
    let (from, to) = (day(ready.compared.from), day(ready.to));
    if zh {
        vec![
            "“可用”只看等级和人群，是现在的等级（按积分账户里记的，没有账户的是最低级）和现在的人群；日子和次数不算在内。".to_owned(),
            format!("{from} 到 {to} 的真实使用逐次按改后的规定重新判断：等级用使用当时的，不知道的用现在的；人群和生日用现在的；同一段时间里先用的先占次数。"),
            "每个等级周期的次数，把试算的这段时间当作一个周期；起止时间不参与重新判断；礼包送的次数不受等级、日子和次数限制，停用后一并失效。".to_owned(),
            "改前 = 每月使用次数 × 现在写的单次成本，改后 = 仍能用的次数 × 改后写的单次成本；实际记账的成本另列。会员会不会因此多用或少用，这里不猜。".to_owned(),
            "新增会员的成本假设他们和现在可用的会员用得一样勤，礼包送的使用不算在内。".to_owned(),
        ]
    } else {
        vec![
            "Whose a benefit is goes by tier and segment alone: the tier held now (as booked; the lowest for who has no book) and the segments of now. Days and quotas are left out."
                .to_owned(),
            format!(
                "Each real use from {from} to {to} is judged again by what the benefit would say: by the tier of its time where that is known, else the present one; by the present segments and birthdays; of a stretch the first uses count."
            ),
            "For a quota a period of the tier, all that is looked at counts as one period. The days on which it begins and ends are not judged. What packs gave needs no tier, day or quota, and ends where the benefit ends."
                .to_owned(),
            "Before is uses a month at what the benefit says a use costs; after is those that could have been, at what it would say. What was booked stands beside them. Whether members would use it more or less is not guessed."
                .to_owned(),
            "New members are taken to use it as often as those whose it is; what packs gave is left out of that.".to_owned(),
        ]
    }
}

/// A member as a trial has them.
#[derive(Serialize, ToSchema)]
struct BenefitTrialMember {
    #[schema(value_type = String, example = "mem_01kc…")]
    member: MemberId,
    /// The tier held now; null without one.
    tier: Option<String>,
    /// Whether the benefit is theirs by what they are,
    had: bool,
    /// and whether it would be.
    has: bool,
    /// Why it would not: `ended`, `tier` or `segment`.
    why: Option<String>,
    /// How often they used it.
    uses: i64,
    /// How often they could not have.
    refused: i64,
    /// What these uses are said to cost, minor units.
    value: i64,
}

impl BenefitTrialMember {
    fn of(ready: &Ready, row: Row) -> Self {
        let (refused, value) = (row.lost(), ready.value_of(&row));
        let why = row.out.map(|why| why.word().to_owned());
        Self { member: row.member, tier: row.tier, had: row.had, has: row.has, why, uses: row.uses, refused, value }
    }
}

/// Whoever waits for a trial: when the request goes away the walk ends.
struct Here(Arc<AtomicBool>);

impl Drop for Here {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

async fn ready(call: &Call, cx: &Ctx, asked: Asked) -> Result<Ready, Problem> {
    call.read(cx, move |tx, cx| trial::ready(tx, cx, &asked)).await
}

/// Runs a trial when it is its turn, on a thread that may block.
async fn reckoned<T: Send + 'static>(
    call: &Call,
    work: impl FnOnce(&Store, &AtomicBool) -> Done<T> + Send + 'static,
) -> Result<T, Problem> {
    let _turn = TURN.acquire().await.map_err(|e| Problem::from(Error::fault(e)))?;
    let here = Here(Arc::new(AtomicBool::new(false)));
    let (stop, store) = (here.0.clone(), call.app.store.clone());
    let done = tokio::task::spawn_blocking(move || work(&store, &stop)).await;
    drop(here);
    done.map_err(|e| Problem::from(Error::fault(e)))?.map_err(Problem::from)
}

/// Tries a benefit, changed, new or ended, on all members before that is saved: whose it is and would be, which real uses could
/// not have been, what a month costs. Nothing is changed and nothing is kept.
#[utoipa::path(post, path = "/benefits/trials", operation_id = "try_benefit", tag = "benefits", request_body = BenefitTrialInput,
    responses((status = 200, body = BenefitTrial)), security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn try_benefit(call: Call, Body(body): Body<BenefitTrialInput>) -> Reply<BenefitTrial> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let ready = ready(&call, &cx, body.asked()).await?;
    let (begun, of) = (std::time::Instant::now(), ready.clone());
    let found = reckoned(&call, move |store, stop| trial::summary(store, &of, stop)).await?;
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Json(BenefitTrial::of(&ready, &found, took_ms, call.lang.is_zh())?))
}

/// The members of a trial who lose something, or whom `which` chooses, in order of their ids.
#[utoipa::path(post, path = "/benefits/trials/members", operation_id = "list_benefit_trial_members", tag = "benefits", params(PageQuery),
    request_body = BenefitTrialMembersInput, responses((status = 200, body = Page<BenefitTrialMember>)),
    security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn list_benefit_trial_members(
    call: Call,
    Query(q): Query<PageQuery>,
    Body(body): Body<BenefitTrialMembersInput>,
) -> Reply<Page<BenefitTrialMember>> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let paging = q.paging()?;
    let (asked, which, _) = body.read()?;
    let ready = ready(&call, &cx, asked).await?;
    let after = MemberId::from_bytes(paging.id(0, [0; 16])?);
    let most = usize::try_from(paging.fetch()).unwrap_or(usize::MAX);
    let found = reckoned(&call, move |store, stop| {
        let mut found = Vec::with_capacity(most.min(1_000));
        trial::rows(store, &ready, which, Some(after), stop, &mut |row| {
            found.push(BenefitTrialMember::of(&ready, row));
            Ok(found.len() < most)
        })?;
        Ok(found)
    });
    Ok(Json(Page::cut(found.await?, &paging, |m| vec![m.member.into()])))
}

/// The same members as a file, whole, written while it is sent. Who took it is audited.
#[utoipa::path(post, path = "/benefits/trials/file", operation_id = "export_benefit_trial_members", tag = "benefits", request_body = BenefitTrialMembersInput,
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet")))),
    security(("staff" = ["benefits:read"]), ("key" = ["benefits:read"])))]
async fn export_benefit_trial_members(call: Call, Body(body): Body<BenefitTrialMembersInput>) -> Result<Response, Problem> {
    let cx = call.allow(Permission::BenefitsRead)?;
    let subject = body.benefit.map(|id| id.to_string()).unwrap_or_default();
    let (asked, which, format) = body.read()?;
    let ready = ready(&call, &cx, asked).await?;
    let summary = format!("members of a trial as {}", format.word());
    call.write(&cx, move |tx, cx| audit::record(tx, cx, "benefits.trial_exported", &subject, &summary).map(|_| ())).await?;
    let (store, zh) = (call.app.store.clone(), call.lang.is_zh());
    // A reader who leaves breaks the writing off.
    let never = AtomicBool::new(false);
    let body = streamed("trial of a benefit".to_owned(), move |to| tables::write(&store, &ready, which, format, zh, &never, to));
    let name = format!("attachment; filename=\"benefit-trial.{}\"", format.word());
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response())
}
