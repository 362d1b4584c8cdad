//! Whom a batch is about, of the columns: an expression, or a kept segment, evaluated when it is asked.
//! Nothing that was counted before is taken for an answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use shuke_columns::{Keepers, Registry};
use shuke_kernel::{Actor, Ctx, Error, Instant, MerchantNo, Result};
use shuke_members::MemberId;
use shuke_outreach::audience::{Audience, Found, Question, UNFINISHED, WHOM};
use shuke_segments::count::{matches, stopped};
use shuke_segments::http::{Given, REFUSED};
use shuke_segments::service::Lists;
use shuke_segments::{Expression, Reckoning, Uses, service};
use shuke_store::Store;

/// Asks the columns of this process.
pub struct Columns(pub Arc<Keepers>);

impl Audience for Columns {
    fn find(&self, store: &Store, merchant: MerchantNo, question: &Question, at: Instant) -> Result<Found> {
        let mut known_at = at;
        let members = match (&question.members, given(question)?) {
            (Some(list), _) => list.iter().copied().collect(),
            (None, Some(given)) => self.of(store, merchant, &given, at, &mut known_at)?,
            (None, None) => return Err(WHOM.with("limit", shuke_outreach::audience::MOST_LISTED).into()),
        };
        let mut excluded = BTreeSet::new();
        for segment in &question.exclude {
            let theirs = self.of(store, merchant, &kept(segment)?, at, &mut known_at)?;
            excluded.extend(members.intersection(&theirs).copied());
        }
        Ok(Found { members, excluded, known_at })
    }

    fn check(&self, store: &Store, merchant: MerchantNo, question: &Question, at: Instant) -> Result<()> {
        let excluded = question.exclude.iter().map(|segment| kept(segment)).collect::<Result<Vec<_>>>()?;
        for given in given(question)?.iter().chain(&excluded) {
            self.judged(store, merchant, given, at)?;
        }
        Ok(())
    }
}

/// A kept segment as the expression that leads to it.
fn kept(segment: &str) -> Result<Given> {
    let expr = serde_json::json!({ "op": "in_segment", "id": segment }).to_string();
    serde_json::value::RawValue::from_string(expr).map(Given::Tree).map_err(Error::from)
}

fn given(question: &Question) -> Result<Option<Given>> {
    match (&question.segment, &question.expr, &question.text) {
        (Some(segment), ..) => kept(segment).map(Some),
        (_, Some(expr), _) => Ok(Some(Given::Tree(expr.clone()))),
        (.., Some(text)) => Ok(Some(Given::Text(text.clone()))),
        _ => Ok(None),
    }
}

impl Columns {
    /// The expression, judged, and what it is reckoned by.
    fn judged(&self, store: &Store, merchant: MerchantNo, given: &Given, at: Instant) -> Result<(Expression, Reckoning)> {
        let cx = Ctx::new(merchant, Actor::System("batches"), at);
        let expr = given.json();
        let known = store.read_now(move |tx| service::known(tx, &cx, expr.as_ref(), Lists::Read))?;
        // A list that is half reckoned would freeze whoever is on it by now as if they were all.
        if let Some(name) = known.unfinished.first() {
            return Err(UNFINISHED.with("name", name).into());
        }
        let reckoning = Reckoning::new(at.micros(), &known.zone);
        let refuse = |r: shuke_segments::Refusal| {
            Error::from(REFUSED.with("message", r.sentence(true)).with("reason", r.code.name()).with("path", &r.path).at("expr"))
        };
        Ok((given.check(&Registry::of_store(), &known.segments, &reckoning).map_err(refuse)?, reckoning))
    }

    /// Whom an expression is true of at `at`; `known_at` becomes the earlier of itself and of what the
    /// columns know.
    fn of(&self, store: &Store, merchant: MerchantNo, given: &Given, at: Instant, known_at: &mut Instant) -> Result<BTreeSet<MemberId>> {
        let (expression, reckoning) = self.judged(store, merchant, given, at)?;
        let uses = Uses::of(&expression);
        let people = self.0.of(merchant)?.people_for(&|name| uses.facts.contains(name))?;
        let found = matches(&people, &expression, &reckoning, &|| false)?.ok_or_else(stopped)?;
        *known_at = (*known_at).min(Instant(people.known_at));
        let ids = people.slices.iter().zip(&found).flat_map(|(slice, places)| places.iter().map(|p| slice.members.get(p)));
        ids.map(|id| id.parse().map_err(Error::fault)).collect()
    }
}

#[cfg(test)]
mod tests {
    use shuke_segments::book::{self, Said};
    use shuke_segments::model::Kept;
    use shuke_testkit::MERCHANT;

    use super::*;

    #[test]
    fn a_segment_whose_members_are_being_reckoned_is_refused_not_taken_to_be_empty() {
        shuke_testkit::both_with("unfinished", crate::place::REGISTER, |t| {
            let (folder, cx) = (tempfile::tempdir().unwrap(), t.ctx());
            let columns = Columns(Arc::new(Keepers::new(t.store.clone(), folder.path().to_owned())));
            let expr = r#"{"op":"count","table":"orders","cmp":"ge","value":0}"#.to_owned();
            let said = Said {
                name: "名单".to_owned(),
                description: None,
                kept: Kept::Static,
                expr: Some((expr, Vec::new())),
                members: None,
                every: None,
                clock: 0,
            };
            let id = t.write(move |tx| book::create(tx, &cx, &said)).id;
            let whom = Question { segment: Some(id.to_string()), ..Question::default() };
            let left_out = Question { members: Some(Vec::new()), exclude: vec![id.to_string()], ..Question::default() };
            let code = |e: Error| e.refusal().map(|r| r.code.code);
            for question in [&whom, &left_out] {
                let now = t.ctx().now;
                assert_eq!(columns.check(&t.store, MERCHANT, question, now).map_err(code), Err(Some("batch.segment_unfinished")));
                assert_eq!(
                    columns.find(&t.store, MERCHANT, question, now).map(|_| ()).map_err(code),
                    Err(Some("batch.segment_unfinished"))
                );
            }
            let cx = t.ctx();
            t.write(move |tx| tx.exec(shuke_segments::sql::BUILT, shuke_store::args![cx.merchant, id, 1_i64, cx.now]));
            assert_eq!(columns.check(&t.store, MERCHANT, &whom, t.ctx().now).map_err(code), Ok(()));
        });
    }
}
