//! What an order would earn if it were paid now. Nothing is changed.

use serde::{Deserialize, Serialize};
use shuke_kernel::Instant;

use crate::earn::{Purchase, earn};
use crate::event::Line;
use crate::jobs::advance;
use crate::json::Read;
use crate::rules::Rules;
use crate::state::State;
use crate::words::TOO_LARGE;

/// What an order would earn.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Quote {
    /// Points, after all caps.
    pub points: i64,
    /// What each rule that counts adds, in the order in which they are reckoned, after its own caps. The points are their sum and [`Self::capped`].
    pub rules: Vec<(String, i64)>,
    /// What the caps of orders, days and months take off, so none or fewer than none; more only where rules sum to fewer points than none.
    pub capped: i64,
    /// The tier that the order would meet, where there is a ladder.
    pub tier: Option<String>,
}

/// What an order of so much net paid, with these lines, would earn at `at`, which is not before the state's clock. The state
/// has the parts that [`crate::parts::needs`] tells to go on to `at`.
///
/// # Errors
/// Where the numbers are too large to reckon exactly.
pub fn quote(rules: &Rules, state: &State, net_fen: i64, lines: &[Line], at: Instant) -> Read<Quote> {
    let mut then = state.clone();
    advance(rules, &mut then, at, &mut Vec::new())?;
    let programme = rules.held(&then);
    let (tier, first, born) = (then.standing.tier, !then.bought, then.member.birthday);
    let purchase = Purchase { order: "", at: then.clock, net_fen, lines, tier, first, born };
    let earning = earn(programme, &then, &purchase)?;
    let too_large = || TOO_LARGE.with("path", "net_paid");
    let (mut exact, mut whole, mut shares) = (0_i128, 0_i128, Vec::new());
    for (rule, parts) in &earning.parts {
        // Floors of the running sum: the shares are whole and sum to the floor over the whole.
        exact = exact.checked_add(*parts).ok_or_else(too_large)?;
        let share = exact.div_euclid(programme.unit) - whole;
        whole += share;
        shares.push((programme.earn[*rule].id.clone(), i64::try_from(share).map_err(|_| too_large())?));
    }
    let capped = i64::try_from(i128::from(earning.points) - whole).map_err(|_| too_large())?;
    let tier = programme.ladder.as_ref().and_then(|ladder| ladder.tiers.get(tier)).map(|tier| tier.id.clone());
    Ok(Quote { points: earning.points, rules: shares, capped, tier })
}
