//! Birthdays that become known, or are told otherwise: from then on the rules go by them.

use shuke_kernel::{Ctx, Result};
use shuke_loyalty::Rules;
use shuke_loyalty::event::{Act, Event};
use shuke_loyalty::programme::Gives;
use shuke_members::MemberId;
use shuke_store::Tx;

use crate::book::post::{self, Request};
use crate::book::rows::{self, Standing};
use crate::definition::{Programme, service};
use crate::people;

/// Whether any version of the rules asks for birthdays.
fn asks(rules: &Rules) -> bool {
    let multiplies = |rule: &shuke_loyalty::programme::EarnRule| matches!(rule.gives, Gives::Multiplier { birthday: Some(_), .. });
    rules.versions().any(|version| version.birthday_points > 0 || version.earn.iter().any(multiplies))
}

/// Brings the books of these members up to the birthdays that they have now.
///
/// # Errors
/// Where numbers become too large to reckon.
pub(super) fn known(tx: &mut Tx<'_>, cx: &Ctx, programme: &Programme, members: &[MemberId]) -> Result<()> {
    let rules = service::rules(tx, cx.merchant, programme)?;
    if !asks(&rules) {
        return Ok(());
    }
    let mut facts = people::facts(tx, cx, programme, members)?;
    let mut requests = Vec::new();
    for book in rows::hold(tx, cx.merchant, programme.id, members)? {
        let now = facts.remove(&book.member).and_then(|f| f.birthday);
        if book.standing == Standing::Open && book.heart.member.birthday != now {
            let id = format!("known:{}", cx.now.micros());
            requests.push(Request::of(book.member, vec![Event { time: cx.now, id, act: Act::Known { birthday: now } }]));
        }
    }
    // Whoever has a birthday has a book, bought or not.
    if rules.versions().any(|version| version.birthday_points > 0) {
        requests.extend(facts.into_iter().filter(|(_, f)| f.birthday.is_some()).map(|(member, _)| Request::of(member, Vec::new())));
    }
    if requests.is_empty() { Ok(()) } else { post::post_many(tx, cx, programme, requests).map(|_| ()) }
}
