//! What re-runs are asked, and what they tell.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::MoneyDto;
use shuke_kernel::{Currency, Instant, Money, Result as Done};
use shuke_loyalty::rerun::Correction;
use shuke_members::MemberId;
use shuke_store::jobs::{JobId, JobView};
use utoipa::ToSchema;

use crate::definition::ProgrammeId;
use crate::owed::revenue::worth;
use crate::rerun::service::Shown;
use crate::rerun::{Asked, Rerun, RerunId, Summary};

/// Which orders are to be judged, and by which version.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RerunInput {
    /// The number of a version that has begun; `null` for the one in force at each payment, which takes earlier re-runs back.
    /// It must be said which.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(minimum = 1, required = true)]
    version: Option<u32>,
    /// The first day of payment, in the programme's zone. Where the version has caps of months, the first of a month.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day of payment; it is over, and 1,100 days are the most. Where the version has caps of months, the last of a month or
    /// yesterday.
    #[schema(value_type = String, format = Date)]
    to: Date,
}

impl RerunInput {
    pub(super) fn asked(&self) -> Asked {
        Asked { judge: self.version, from: self.from, to: self.to }
    }
}

/// A re-run that was begun.
#[derive(Serialize, ToSchema)]
pub(super) struct RerunStarted {
    #[schema(value_type = String, example = "rrn_01hqzv…")]
    pub(super) id: RerunId,
    /// The task: its progress, stopping it and letting it go on.
    #[schema(value_type = String)]
    pub(super) job: JobId,
}

/// Members, and their points together.
#[derive(Serialize, ToSchema)]
struct RerunSide {
    members: u64,
    points: i64,
    /// What these buy, where `value` was stated.
    worth: Option<MoneyDto>,
}

/// Where the task of a re-run is.
#[derive(Serialize, ToSchema)]
struct RerunProgress {
    /// `queued`, `running`, `cancelled`, `failed` or `dead`: as the task says. Whatever it is, it goes on from there when asked to.
    state: String,
    /// Members so far.
    done: i64,
    /// Of how many, where that is known.
    total: Option<i64>,
    /// Why it failed.
    error: Option<String>,
}

/// A re-run and what it comes to, as far as it was reckoned.
#[derive(Serialize, ToSchema)]
pub(super) struct ProgrammeRerun {
    #[schema(value_type = String, example = "rrn_01hqzv…")]
    id: RerunId,
    #[schema(value_type = String)]
    programme: ProgrammeId,
    /// Which version judges; `null` for the one in force at each payment.
    version: Option<u32>,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// `looking`, `shown`, `booking`, `booked` or `dropped`.
    state: String,
    /// Members with orders in the span.
    members: u64,
    /// Of them those for whom anything would be otherwise.
    changed: u64,
    /// Orders that are judged by another version than before.
    orders: u64,
    /// Orders that then earn something else.
    corrections: u64,
    /// Of them those that follow from the others, as where a cap of the month has more room or less.
    following: u64,
    /// Who has more points by it.
    more: RerunSide,
    /// Who has fewer.
    less: RerunSide,
    /// Members who then have less than nothing to spend, and had not before.
    below_zero: u64,
    /// Members who then hold another tier.
    tiers: u64,
    /// Orders of the span that are left as they are: so judged already, or gone into another's book with a merge of members.
    left: u64,
    /// Members who are left as they are, because their numbers are too large to reckon.
    unreckoned: u64,
    /// Members for whom it was booked.
    booked: u64,
    /// Members who were left as they are, because their history was another by then: ask for a re-run again.
    stale: u64,
    /// Why, in the words of who booked it.
    note: String,
    /// The task that reckons or books it.
    #[schema(value_type = String)]
    job: JobId,
    /// Where that is, while it is not over.
    progress: Option<RerunProgress>,
    #[schema(value_type = String, format = DateTime)]
    made_at: Instant,
    made_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    booked_at: Option<Instant>,
    booked_by: Option<String>,
}

fn money(fen: i64) -> MoneyDto {
    Money { amount: fen, currency: Currency::CNY }.into()
}

impl ProgrammeRerun {
    /// `value` is what a point buys, in millionths of a yuan.
    pub(super) fn of(rerun: Rerun, job: Option<JobView>, value: Option<i64>) -> Done<Self> {
        let Rerun {
            id, programme, asked: Asked { judge, from, to }, state, note, job: task, made_at, made_by, booked_at, booked_by, ..
        } = rerun;
        let Summary { members, changed, unreckoned, orders, left, corrections, following, more, less, below, tiers, booked, stale } =
            rerun.summary;
        let side = |(members, points): (u64, i64)| -> Done<RerunSide> {
            let worth = value.map(|value| worth(points, value)).transpose()?.map(money);
            Ok(RerunSide { members, points, worth })
        };
        // People read `cancelled` of a task that the store says is stopped.
        let word = |state: String| if state == "stopped" { "cancelled".to_owned() } else { state };
        let progress = |job: JobView| RerunProgress { state: word(job.state), done: job.progress, total: job.total, error: job.error };
        Ok(Self {
            id,
            programme,
            version: judge,
            from,
            to,
            state: state.word().to_owned(),
            members,
            changed,
            orders,
            corrections,
            following,
            more: side(more)?,
            less: side(less)?,
            below_zero: below,
            tiers,
            left,
            unreckoned,
            booked,
            stale,
            note,
            job: task,
            progress: job.map(progress),
            made_at,
            made_by,
            booked_at,
            booked_by,
        })
    }
}

/// An order that then earns something else.
#[derive(Serialize, ToSchema)]
struct RerunCorrection {
    /// As entries name it.
    order: String,
    #[schema(value_type = String, format = DateTime)]
    paid_at: Instant,
    /// Net paid, before refunds.
    paid: MoneyDto,
    /// What it earned, before refunds,
    earned: i64,
    /// and would have.
    earns: i64,
    /// What refunds have left of that,
    left: i64,
    /// and would have.
    leaves: i64,
    /// Whether the version judges it; else it follows from others.
    judged: bool,
}

impl From<Correction> for RerunCorrection {
    fn from(c: Correction) -> Self {
        let Correction { order, paid, net, earned, earns, left, leaves, judged } = c;
        Self { order, paid_at: paid, paid: money(net), earned, earns, left, leaves, judged }
    }
}

/// What a re-run comes to for a member.
#[derive(Serialize, ToSchema)]
pub(super) struct RerunMember {
    #[schema(value_type = String, example = "mem_01kc…")]
    member: MemberId,
    /// `shown`, `booked`, or `stale`: left as it is, because the history was another by then.
    state: String,
    /// Points pending, available and frozen when it was reckoned,
    points: i64,
    /// and with it. Rewards of tiers and what had ended meanwhile are in it, so it need not be the sum of the corrections.
    would_have: i64,
    /// What the points more or fewer buy, where `value` was stated.
    worth: Option<MoneyDto>,
    /// The id of the tier held then; none where there was no ladder.
    tier: Option<String>,
    /// The tier with it.
    would_hold: Option<String>,
    /// Orders that then earn something else, in order of their names.
    corrections: Vec<RerunCorrection>,
}

impl RerunMember {
    pub(super) fn of(shown: Shown, value: Option<i64>) -> Done<Self> {
        let Shown { member, state, found } = shown;
        let (points, would_have) = (found.has.points, found.would_have.points);
        let worth = value.map(|value| worth(would_have.saturating_sub(points), value)).transpose()?.map(money);
        let corrections = found.corrections.into_iter().map(Into::into).collect();
        Ok(Self { member, state, points, would_have, worth, tier: found.has.tier, would_hold: found.would_have.tier, corrections })
    }
}

/// Why a re-run is booked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RerunBooking {
    /// Why, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub(super) note: String,
}
