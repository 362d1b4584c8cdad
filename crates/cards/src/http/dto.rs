//! What the API takes and gives of cards and purchases.

use serde::{Deserialize, Serialize};
use shuke_http::MoneyDto;
use shuke_kernel::{Ctx, Currency, Instant, Money, Result, Zone};
use shuke_members::MemberId;
use shuke_store::{Tx, args};
use utoipa::ToSchema;

use crate::card::model::{Draft, Refund, State, Term};
use crate::card::{BAD_CURRENCY, Card, CardId};
use crate::held::give_up::quote;
use crate::held::model::Purchase;
use crate::held::saved::saved;
use crate::held::service::{may_try, reasons};
use crate::held::standing::Standing;
use crate::held::{PurchaseId, sql};
use crate::lay::{Stretch, Unused};

/// Days that "soon" and "lately" are.
const DAYS: i64 = 30;

fn money(amount: i64, currency: Currency) -> MoneyDto {
    Money { amount, currency }.into()
}

/// What a card is sold for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CardTerm)]
pub(super) struct TermDto {
    /// What programs call it: lower-case letters, digits, underscores.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9_]+$")]
    pub key: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 30)]
    pub name: String,
    /// Calendar months that it runs; either these or days.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 60)]
    pub months: Option<i64>,
    /// Calendar days that it runs.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1830)]
    pub days: Option<i64>,
    /// What it costs.
    pub price: MoneyDto,
    /// The goods by which it is sold in orders: their codes.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub skus: Vec<String>,
}

impl TermDto {
    fn of(term: Term, currency: Currency) -> Self {
        let some = |n: i64| (n > 0).then_some(n);
        Self {
            key: term.key,
            name: term.name,
            months: some(term.months),
            days: some(term.days),
            price: money(term.price, currency),
            skus: term.skus,
        }
    }

    fn read(&self, i: usize, currency: Currency) -> Result<Term> {
        if self.price.currency != currency.to_string() {
            return Err(BAD_CURRENCY.with("currency", currency).at(format!("terms[{i}].price.currency")).into());
        }
        Ok(Term {
            key: self.key.clone(),
            name: self.name.clone(),
            months: self.months.unwrap_or_default(),
            days: self.days.unwrap_or_default(),
            price: self.price.amount,
            skus: self.skus.clone(),
        })
    }
}

/// What goes back when a card is given up.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CardRefund)]
pub(super) enum RefundDto {
    /// The share of days that have not begun.
    #[default]
    Unused,
    /// Nothing, unless somebody says how much.
    Never,
}

/// What is written of a card.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CardInput {
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// What it is good for, in the shop's words.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: String,
    #[schema(min_items = 1, max_items = 12)]
    pub terms: Vec<TermDto>,
    /// Days that it may be tried for nothing, once a member; 0 for not at all.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 366)]
    pub trial_days: i64,
    #[serde(default)]
    pub refund: RefundDto,
    /// So many days before it ends `card.ending` is told; 0 for never.
    #[serde(default = "week")]
    #[schema(minimum = 0, maximum = 90)]
    pub notice_days: i64,
    /// Names of discounts in orders that are this card's doing, as the orders' source writes them: what it saved is
    /// their sum.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub discounts: Vec<String>,
    /// Orders paid before have sold nothing of it; when it is made unless given. May lie in the past: orders that are
    /// there already are then looked at.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub counts_from: Option<Instant>,
}

const fn week() -> i64 {
    7
}

impl CardInput {
    pub fn draft(&self, currency: Currency) -> Result<Draft> {
        Ok(Draft {
            name: self.name.clone(),
            description: self.description.clone(),
            terms: self.terms.iter().enumerate().map(|(i, term)| term.read(i, currency)).collect::<Result<_>>()?,
            trial_days: self.trial_days,
            refund: match self.refund {
                RefundDto::Unused => Refund::Unused,
                RefundDto::Never => Refund::Never,
            },
            notice_days: self.notice_days,
            discounts: self.discounts.clone(),
            counts_from: self.counts_from,
        })
    }
}

/// How many, and for how much.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CardSum)]
pub(super) struct SumDto {
    pub count: i64,
    pub amount: MoneyDto,
}

/// A card that is sold.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Card)]
pub(super) struct CardDto {
    #[schema(value_type = String)]
    pub id: CardId,
    pub name: String,
    pub description: String,
    /// `active`, `paused` or `archived`.
    pub state: String,
    pub terms: Vec<TermDto>,
    pub trial_days: i64,
    pub refund: RefundDto,
    pub notice_days: i64,
    pub discounts: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub counts_from: Instant,
    /// The task that looks at orders of before, where one was begun.
    pub job: Option<String>,
    /// Members who hold it now, trials among them.
    pub holders: i64,
    /// Of these, those who try it.
    pub trials: i64,
    /// Of these, those of whom it ends within thirty days.
    pub ending: i64,
    /// Bought within thirty days.
    pub sold: SumDto,
    /// Given up or taken back within thirty days.
    pub returned: SumDto,
    /// To be sent back when it is changed.
    pub version: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
}

impl CardDto {
    pub fn of(tx: &mut Tx<'_>, cx: &Ctx, card: Card, currency: Currency) -> Result<Self> {
        let (soon, lately) = (cx.now.plus_seconds(DAYS * 86_400), cx.now.plus_seconds(-DAYS * 86_400));
        let mut count = tx.one(sql::COUNT, args![cx.merchant, card.id, cx.now, soon])?;
        let mut sum = |text: &str| -> Result<SumDto> {
            let mut row = tx.one(text, args![cx.merchant, card.id, lately, currency])?;
            Ok(SumDto { count: row.get(0)?, amount: money(row.get(1)?, currency) })
        };
        Ok(Self {
            sold: sum(sql::SOLD)?,
            returned: sum(sql::WENT_BACK)?,
            id: card.id,
            name: card.name,
            description: card.description,
            state: card.state.word().to_owned(),
            terms: card.terms.into_iter().map(|term| TermDto::of(term, currency)).collect(),
            trial_days: card.trial_days,
            refund: match card.refund {
                Refund::Unused => RefundDto::Unused,
                Refund::Never => RefundDto::Never,
            },
            notice_days: card.notice_days,
            discounts: card.discounts,
            counts_from: card.counts_from,
            job: card.job.map(|job| job.to_string()),
            holders: count.get(0)?,
            trials: count.get(1)?,
            ending: count.get(2)?,
            version: card.version,
            created_at: card.created_at,
        })
    }
}

/// A card by its name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct CardName {
    #[schema(value_type = String)]
    pub id: CardId,
    pub name: String,
}

/// A term by its name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct TermName {
    pub key: String,
    pub name: String,
}

/// What of a purchase goes back if it is given up now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CardUnused)]
pub(super) struct UnusedDto {
    /// Days that it runs in all.
    pub days: i64,
    /// Of these, days that have not begun.
    pub left: i64,
    pub amount: MoneyDto,
}

/// Something bought, tried or given.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CardPurchase)]
pub(super) struct PurchaseDto {
    #[schema(value_type = String)]
    pub id: PurchaseId,
    /// The id by which it is known where it was sold.
    pub external_id: String,
    /// `paid`, `trial` or `gift`.
    pub kind: String,
    /// None for a trial.
    pub term: Option<TermName>,
    pub count: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// From when on it runs; none where nothing of it is left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    pub paid: MoneyDto,
    pub returned: MoneyDto,
    /// The order that sold it.
    pub order: Option<String>,
    /// What the shop's till calls it.
    pub till: Option<String>,
    /// Since when it is given up or taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub cut_at: Option<Instant>,
    /// Why it was given, or given up.
    pub reason: Option<String>,
    /// Where it is not used up, what would go back of it.
    pub unused: Option<UnusedDto>,
    pub made_by: String,
}

/// What a card saved somebody so far.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CardSaved)]
pub(super) struct SavedDto {
    /// Discounts that the card names, of orders paid while it ran.
    pub amount: MoneyDto,
    pub orders: i64,
}

/// Where a member stands with a card.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CardStanding)]
pub(super) struct StandingDto {
    pub card: CardName,
    /// `none`, `trial`, `active` or `ended`.
    pub state: String,
    /// Since when without a gap.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Instant>,
    /// Until when, everything bought ahead included.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Instant>,
    /// Whether they may try it now.
    pub may_try: bool,
    /// What goes back if they give it up now.
    pub refund: MoneyDto,
    /// What can go back at most, if somebody decides so.
    pub refund_most: MoneyDto,
    pub saved: SavedDto,
    /// In order of time.
    pub purchases: Vec<PurchaseDto>,
}

/// What is told of somebody's standing beside the standing itself.
pub(super) struct Around<'a> {
    pub zone: &'a Zone,
    pub currency: Currency,
    /// All ids of the person.
    pub ids: &'a [MemberId],
}

impl StandingDto {
    pub fn of(tx: &mut Tx<'_>, cx: &Ctx, card: &Card, standing: &Standing, around: &Around<'_>) -> Result<Self> {
        let quote = quote(around.zone, card, standing, around.currency, cx.now);
        let chain = standing.chain();
        let saved = saved(tx, cx, card, around.ids, standing, around.currency)?;
        let ids: Vec<PurchaseId> = standing.purchases.iter().map(|(p, _)| p.id).collect();
        let mut why = reasons(tx, cx, &ids)?;
        let unused = |id: PurchaseId| quote.parts.iter().find(|(p, _)| p.id == id).map(|(_, unused)| *unused);
        let purchases =
            standing.purchases.iter().map(|(p, stretch)| purchase(card, p, *stretch, unused(p.id), why.remove(&p.id))).collect();
        Ok(Self {
            card: CardName { id: card.id, name: card.name.clone() },
            state: standing.word(cx.now).word().to_owned(),
            since: chain.map(|c| c.since),
            until: chain.map(|c| c.until),
            may_try: may_try(card, standing),
            refund: money(quote.amount, around.currency),
            refund_most: money(quote.most, around.currency),
            saved: SavedDto { amount: money(saved.amount, around.currency), orders: saved.orders },
            purchases,
        })
    }
}

fn purchase(card: &Card, p: &Purchase, stretch: Option<Stretch>, unused: Option<Unused>, reason: Option<String>) -> PurchaseDto {
    PurchaseDto {
        id: p.id,
        external_id: p.source_id.clone(),
        kind: p.sort.word().to_owned(),
        term: card.term(&p.term).map(|t| TermName { key: t.key.clone(), name: t.name.clone() }),
        count: p.count,
        at: p.at,
        from: stretch.map(|s| s.from),
        until: stretch.map(|s| s.until),
        paid: money(p.paid, p.currency),
        returned: money(p.back(), p.currency),
        order: p.order.map(|order| order.to_string()),
        till: p.till.clone(),
        cut_at: p.ended_at(),
        reason,
        unused: unused.map(|u| UnusedDto { days: u.days, left: u.left, amount: money(u.amount, p.currency) }),
        made_by: p.made_by.clone(),
    }
}

/// Cards that are shown of whoever asks: those that are sold, and those that the member had.
pub(super) fn shown(card: &Card, standing: Option<&Standing>) -> bool {
    card.state != State::Archived || standing.is_some()
}
