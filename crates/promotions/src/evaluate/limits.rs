//! How much is priced at once. A search is bounded by itself; what is bounded here is what every price costs whatever the
//! search does: each offer looked at beside each line.

use shuke_kernel::Refusal;
use shuke_pricing::{Benefit, Cart, Offers, Refund, Rule, Template, Terms};

use crate::words::TOO_LARGE;

/// Bytes of all texts of a question.
pub const BYTES: usize = 2 << 20;
/// Lines of a cart.
pub const LINES: usize = 2_000;
/// Promotions and coupons of the member, times lines: 2,000 lines with 125 offers, 250 lines with 1,000.
pub const OFFERS_BY_LINES: usize = 250_000;
/// Goods, categories and prices that offers name, times lines: each is compared with each line.
pub const NAMES_BY_LINES: usize = 20_000_000;
/// Steps of all stepped promotions together.
pub const STEPS: usize = 400;
/// Refunds of one order.
pub const REFUNDS: usize = 1_000;

/// Where a question is large, it takes its turn with others of its kind, so that checkouts of a usual size do not wait for it.
pub const LARGE_BYTES: usize = 64 << 10;
/// The same where the offers are not in the question.
pub const LARGE_OFFERS_BY_LINES: usize = 50_000;

/// Refuses what is more than can be priced at once.
///
/// # Errors
/// A refusal that names what there is too much of.
pub fn check(offers: &Offers, cart: &Cart, refunds: &[Refund]) -> Result<(), Refusal> {
    let held = cart.member.as_ref().and_then(|id| offers.members.get(id)).map_or(0, |m| m.coupons.len());
    check_for(offers, held, &offers.templates, cart, ("cart.lines", "promotions.promotions"))?;
    within(steps(offers), STEPS, ("档满减", "steps"), "promotions.promotions")?;
    within(refunds.len(), REFUNDS, ("次退款", "refunds"), "refunds.refunds")
}

/// The same for offers that may be the shop's own, beside so many coupons of these templates. Steps are not looked at: how
/// many of them a shop has is bounded where promotions are published. `places` name lines and offers in the request.
///
/// # Errors
/// A refusal that names what there is too much of.
pub fn check_for(offers: &Offers, held: usize, templates: &[Template], cart: &Cart, places: (&str, &str)) -> Result<(), Refusal> {
    let lines = cart.lines.len();
    within(lines, LINES, ("行商品", "lines"), places.0)?;
    let by_lines = (offers.promotions.len() + held).saturating_mul(lines);
    within(by_lines, OFFERS_BY_LINES, ("（优惠数 × 商品行数）", "offers times lines"), places.1)?;
    let names: usize = (offers.promotions.iter().map(|p| of_terms(&p.terms) + of_rule(&p.rule)))
        .chain(templates.iter().map(of_template))
        .fold(0, usize::saturating_add);
    let by_lines = names.saturating_mul(lines);
    within(by_lines, NAMES_BY_LINES, ("（优惠里的商品和类目数 × 商品行数）", "goods named by offers times lines"), places.1)
}

fn steps(offers: &Offers) -> usize {
    offers.promotions.iter().map(|p| steps_of(&p.rule)).sum()
}

/// The steps of one promotion.
pub fn steps_of(rule: &Rule) -> usize {
    if let Rule::Stepped(rule) = rule { rule.steps.len() } else { 0 }
}

fn within(found: usize, limit: usize, (zh, en): (&str, &str), field: &str) -> Result<(), Refusal> {
    if found <= limit {
        return Ok(());
    }
    Err(TOO_LARGE.with("what_zh", zh).with("what", en).with("limit", limit).with("found", found).at(field))
}

fn of_terms(terms: &Terms) -> usize {
    let scope = &terms.scope;
    let named = |list: &Option<Vec<String>>| list.as_ref().map_or(0, Vec::len);
    named(&scope.skus) + named(&scope.categories) + scope.exclude_skus.len() + scope.exclude_categories.len()
}

fn of_rule(rule: &Rule) -> usize {
    match rule {
        Rule::MemberPrice(items) | Rule::FlashPrice(items) => items.len(),
        Rule::BundlePrice(bundle) => bundle.items.len(),
        Rule::Gift(gifts) => gifts.len(),
        _ => 0,
    }
}

fn of_template(template: &Template) -> usize {
    let gifts = if let Benefit::Gift(gifts) = &template.benefit { gifts.len() } else { 0 };
    of_terms(&template.terms) + gifts
}
