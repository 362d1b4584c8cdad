//! What trials are asked, and what they tell.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shuke_http::{Lang, MoneyDto, Problem};
use shuke_kernel::{Currency, Instant, Money, Result as Done};
use shuke_loyalty::programme::Ladder;
use shuke_loyalty::trial::{Both, Change};
use shuke_members::MemberId;
use shuke_sheets::Format;
use utoipa::ToSchema;

use crate::owed::revenue::MILLION;
use crate::trial::model::{EarnedByAll, Earning, a_month};
use crate::trial::{self, Asked, Filter, Ready, Row, Stated, Summary, Which};

/// Rules to be tried, and what is assumed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProgrammeTrialInput {
    /// The whole rules, as a new version has them.
    #[schema(value_type = Object)]
    rules: Value,
    /// From when on they would hold; now unless given. At most 15 minutes ago, so that the `from` of an answer can be asked for again.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Up to when time passes, with nothing but what is due by itself: `from` unless given, three years later at most.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Instant>,
    /// Yuan that a point buys; 0.01 unless given.
    #[serde(default)]
    #[schema(example = "0.01")]
    point_value: Option<String>,
    /// The share of points that is used, 0 to 1; 1 unless given.
    #[serde(default)]
    #[schema(example = "0.8")]
    used: Option<String>,
    /// The share of the price of what points buy that is the shop's margin, 0 to 1; 0 unless given.
    #[serde(default)]
    #[schema(example = "0.4")]
    margin: Option<String>,
    /// Months of real orders before `from` that are earned again under both rules; 3 unless given.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 12)]
    months: Option<i64>,
}

impl ProgrammeTrialInput {
    pub(super) fn asked(self) -> Done<Asked> {
        let stated = Stated::read(self.point_value.as_deref(), self.used.as_deref(), self.margin.as_deref())?;
        Ok(Asked { rules: self.rules, from: self.from, as_of: self.as_of, stated, months: self.months.unwrap_or(3) })
    }
}

/// Rules to be tried, and which members are to be listed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TriedMembersInput {
    #[schema(value_type = Object)]
    rules: Value,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Instant>,
    #[serde(default)]
    point_value: Option<String>,
    #[serde(default)]
    used: Option<String>,
    #[serde(default)]
    margin: Option<String>,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 12)]
    months: Option<i64>,
    /// `losing` (default), `held_down`, `held_up`, `judged_down`, `judged_up`, `points_less`, `points_more` or `all`.
    #[serde(default)]
    which: Option<String>,
    /// Which tiers the two below are: `held` (default) or `judged`.
    #[serde(default)]
    by: Option<String>,
    /// Only members with that tier without the rules.
    #[serde(default)]
    tier_before: Option<String>,
    /// Only members with that tier with the rules.
    #[serde(default)]
    tier_after: Option<String>,
    /// Of the file: `csv` (default), `xlsx` or `parquet`.
    #[serde(default)]
    format: Option<String>,
}

impl TriedMembersInput {
    pub(super) fn read(self) -> Result<(Asked, Filter, Format), Problem> {
        let judged = match self.by.as_deref() {
            None | Some("held") => false,
            Some("judged") => true,
            Some(other) => return Err(trial::UNKNOWN_WORD.with("word", other).at("by").into()),
        };
        let which = self.which.as_deref().map_or(Ok(Which::default()), Which::read)?;
        let word = self.format.as_deref().unwrap_or("csv");
        let format = Format::named(word).ok_or_else(|| trial::UNKNOWN_WORD.with("word", word).at("format"))?;
        let Self { rules, from, as_of, point_value, used, margin, months, .. } = self;
        let asked = ProgrammeTrialInput { rules, from, as_of, point_value, used, margin, months }.asked()?;
        Ok((asked, Filter { which, judged, before: self.tier_before, after: self.tier_after }, format))
    }
}

/// A tier of a ladder.
#[derive(Serialize, ToSchema)]
pub(super) struct TrialTier {
    id: String,
    /// What people call it.
    name: String,
}

fn tiers(ladder: Option<&Ladder>) -> Option<Vec<TrialTier>> {
    Some(ladder?.tiers.iter().map(|tier| TrialTier { id: tier.id.clone(), name: tier.shown().to_owned() }).collect())
}

/// Members who go from one tier to another.
#[derive(Serialize, ToSchema)]
pub(super) struct TrialMove {
    /// The tier without the rules; none without a ladder.
    from: Option<String>,
    /// The tier with them.
    to: Option<String>,
    members: u64,
    /// `same`, `up` or `down`: a tier that the new ladder has no more counts as lost.
    change: String,
}

/// How many members move from where to where.
#[derive(Serialize, ToSchema)]
pub(super) struct TrialMoves {
    /// Only those with members.
    cells: Vec<TrialMove>,
    up: u64,
    down: u64,
    same: u64,
}

impl TrialMoves {
    pub(super) fn of(ready: &Ready, moves: &trial::model::Moves) -> Self {
        let word = |change| match change {
            Change::Same => "same",
            Change::Up => "up",
            Change::Down => "down",
        };
        let cell = |(tiers, change, members): &(Both<Option<usize>>, Change, u64)| {
            let ids = ready.ladders.ids(*tiers);
            let text = |id: Option<&str>| id.map(str::to_owned);
            TrialMove { from: text(ids.before), to: text(ids.after), members: *members, change: word(*change).to_owned() }
        };
        let cells = moves.cells.iter().map(cell).collect();
        Self { cells, up: moves.of(Change::Up), down: moves.of(Change::Down), same: moves.of(Change::Same) }
    }
}

fn money(fen: i64) -> MoneyDto {
    Money { amount: fen, currency: Currency::CNY }.into()
}

/// Points, what they buy, and what that costs the shop.
#[derive(Serialize, ToSchema)]
pub(super) struct TrialPoints {
    points: i64,
    value: MoneyDto,
    cost: MoneyDto,
}

impl TrialPoints {
    pub(super) fn of(stated: Stated, points: i64) -> Done<Self> {
        Ok(Self { points, value: money(stated.value_of(points)?), cost: money(stated.cost_of(points)?) })
    }
}

/// Points without the rules and with them.
#[derive(Serialize, ToSchema)]
pub(super) struct TrialIssued {
    before: TrialPoints,
    after: TrialPoints,
}

/// What real orders of some months earn without the rules and with them, each by the tiers that judging gives, a month.
#[derive(Serialize, ToSchema)]
struct TrialEarning {
    /// Of so many months.
    months: i64,
    /// Paid from here on
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// and before here.
    #[schema(value_type = String, format = DateTime)]
    to: Instant,
    /// How many.
    orders: u64,
    /// A month, without the rules.
    before: TrialPoints,
    /// A month, with them.
    after: TrialPoints,
    /// Members who earn more, and how much more they earn a month together.
    members_more: u64,
    points_more: i64,
    /// Members who earn less, and how much less.
    members_less: u64,
    points_less: i64,
}

impl TrialEarning {
    fn of(ready: &Ready, all: &EarnedByAll) -> Done<Option<Self>> {
        let Some(Earning { from, to, months, .. }) = &ready.earning else { return Ok(None) };
        let points = |n| a_month(n, *months).and_then(|n| TrialPoints::of(ready.stated, n));
        Ok(Some(Self {
            months: *months,
            from: *from,
            to: *to,
            orders: all.orders,
            before: points(all.points.before)?,
            after: points(all.points.after)?,
            members_more: all.more.0,
            points_more: a_month(all.more.1, *months)?,
            members_less: all.less.0,
            points_less: a_month(all.less.1, *months)?,
        }))
    }
}

/// What rules would make of all members.
#[derive(Serialize, ToSchema)]
pub(super) struct ProgrammeTrial {
    /// From when on they would hold.
    #[schema(value_type = String, format = DateTime)]
    from: Instant,
    /// Up to when time passed.
    #[schema(value_type = String, format = DateTime)]
    as_of: Instant,
    /// When it was reckoned.
    #[schema(value_type = String, format = DateTime)]
    known_at: Instant,
    /// How long it took, in milliseconds.
    took_ms: u64,
    /// Members who have a book.
    members: u64,
    /// Of them those whose numbers are too large to reckon.
    unreckoned: u64,
    /// The ladder without the rules, the lowest tier first; none where there is no ladder.
    ladder_before: Option<Vec<TrialTier>>,
    /// The ladder of the rules.
    ladder_after: Option<Vec<TrialTier>>,
    /// Tiers held at `as_of`, as they will be once the rules are saved: nobody falls before a period ends.
    held: TrialMoves,
    /// Tiers if everybody's period ended at `from`, without grace.
    judged: TrialMoves,
    /// Points given by itself up to `as_of`: for tiers that are reached, for birthdays.
    issued: TrialIssued,
    /// What real orders would earn; none where the change makes no difference to them, or none were asked for.
    earning: Option<TrialEarning>,
    /// Members who lose something: a tier, now or when their period ends, or points.
    losing: u64,
    /// What is assumed, in the caller's language.
    assumed: Vec<String>,
}

impl ProgrammeTrial {
    pub(super) fn of(ready: &Ready, found: &Summary, known_at: Instant, took_ms: u64, lang: Lang) -> Done<Self> {
        let points = |n| TrialPoints::of(ready.stated, n);
        Ok(Self {
            from: ready.trial.from,
            as_of: ready.trial.as_of,
            known_at,
            took_ms,
            members: found.members,
            unreckoned: found.unreckoned,
            ladder_before: tiers(ready.ladders.before.as_ref()),
            ladder_after: tiers(ready.ladders.after.as_ref()),
            held: TrialMoves::of(ready, &found.held),
            judged: TrialMoves::of(ready, &found.judged),
            issued: TrialIssued { before: points(found.issued.before)?, after: points(found.issued.after)? },
            earning: found.earned.as_ref().map_or(Ok(None), |all| TrialEarning::of(ready, all))?,
            losing: found.losing,
            assumed: assumed(ready, lang),
        })
    }
}

fn decimal(millionths: i64) -> String {
    let text = format!("{}.{:06}", millionths / MILLION, millionths % MILLION);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn percent(millionths: i64) -> String {
    decimal(millionths.saturating_mul(100))
}

/// A time as RFC 3339 tells it, as people read it.
fn to_the_minute(shown: &str) -> String {
    shown.get(..16).unwrap_or(shown).replace('T', " ")
}

fn assumed(ready: &Ready, lang: Lang) -> Vec<String> {
    let minute = |at| to_the_minute(&ready.zone.show(at));
    let (from, as_of) = (minute(ready.trial.from), minute(ready.trial.as_of));
    let Stated { value, used, margin } = ready.stated;
    let (value, used, margin) = (decimal(value), percent(used), percent(margin));
    let mut said = if lang.is_zh() {
        vec![
            format!("“当时等级”截至 {as_of}：在此之前没有新的订单、退款和成长值，只有到时自动发生的事。"),
            format!("“到期后等级”假设每位会员的等级都在 {from} 到期，没有宽限期。"),
            format!("1 积分值 {value} 元；发出的积分有 {used}% 会被使用；积分换走的商品毛利率为 {margin}%。"),
            "只包括已有积分账户的会员。".to_owned(),
        ]
    } else {
        vec![
            format!("Tiers held are those of {as_of}, with no new orders, refunds or growth until then: only what happens by itself."),
            format!("Tiers once judged assume that every member's period ended at {from}, without grace."),
            format!("A point is worth {value} yuan; {used}% of the points given are used; the goods they buy have a margin of {margin}%."),
            "Only members who have a book of points are counted.".to_owned(),
        ]
    };
    if let Some(earning) = &ready.earning {
        let (since, to) = (minute(earning.from), minute(earning.to));
        said.push(if lang.is_zh() {
            format!("每月积分按 {since} 至 {to} 付款的真实订单重新计算：用“到期后等级”和 {from} 时有效的规则，退款不扣除，签到、生日等不计。")
        } else {
            format!(
                "Points a month are those of the real orders paid from {since} to {to}, earned again with the tiers once judged by the rules that hold at {from}; refunds are not taken off, check-ins, birthdays and the like are left out."
            )
        });
    }
    said
}

/// A tier without the rules and with them.
#[derive(Serialize, ToSchema)]
pub(super) struct TriedTier {
    before: Option<String>,
    after: Option<String>,
}

/// Points without the rules and with them.
#[derive(Serialize, ToSchema)]
pub(super) struct TriedPoints {
    before: i64,
    after: i64,
}

/// A member as a trial has them.
#[derive(Serialize, ToSchema)]
pub(super) struct TriedMember {
    #[schema(value_type = String, example = "mem_01kc…")]
    pub(super) member: MemberId,
    /// The tier held at `as_of`.
    held: TriedTier,
    /// The tier once the period has ended.
    judged: TriedTier,
    /// Points given by itself up to `as_of`.
    issued: TriedPoints,
    /// Points of the orders that are earned again, of all months together; none where none are.
    earning: Option<TriedPoints>,
    /// Points more, or fewer, with the rules.
    points: i64,
    /// What these buy.
    value: MoneyDto,
    /// What that costs the shop.
    cost: MoneyDto,
}

impl TriedMember {
    pub(super) fn of(ready: &Ready, row: &Row) -> Done<Self> {
        let tier = |of| {
            let ids = ready.ladders.ids(of);
            TriedTier { before: ids.before.map(str::to_owned), after: ids.after.map(str::to_owned) }
        };
        let both = |both: Both<i64>| TriedPoints { before: both.before, after: both.after };
        let points = row.more();
        Ok(Self {
            member: row.member,
            held: tier(row.tried.held),
            judged: tier(row.tried.judged),
            issued: both(row.tried.issued),
            earning: row.earned.map(|earned| both(earned.points)),
            points,
            value: money(ready.stated.value_of(points)?),
            cost: money(ready.stated.cost_of(points)?),
        })
    }
}
