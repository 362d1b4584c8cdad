//! What held when: consents and tags, as spells.
//!
//! `consent_sms` and `consent_email` are what was said of the purpose `marketing` on that channel or on
//! any; `consent_ads` is what was said of the purpose `ads` on any channel. The newest statement holds,
//! of one time the refusal; before the first nothing is known.

use std::collections::HashMap;

use shuke_kernel::Result;
use shuke_store::Row;

use crate::registry::{Origin, Registry, TAG};
use crate::slice::{Draft, Lexicon, Spell};

/// Facts of consent: name, purpose, channel.
const CONSENTS: [(&str, &str, &str); 3] =
    [("consent_sms", "marketing", "sms"), ("consent_email", "marketing", "email"), ("consent_ads", "ads", "any")];

/// Takes in statements of consent, in the order in which they were made.
pub(super) fn consents(registry: &Registry, rows: Vec<Row>, places: &HashMap<Vec<u8>, usize>, drafts: &mut [Draft]) -> Result<()> {
    let histories = CONSENTS.map(|(name, _, _)| match registry.find_fact(name)?.origin {
        Origin::History(at) => Some(at),
        _ => None,
    });
    for mut row in rows {
        let (owner, purpose, channel): (Vec<u8>, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (granted, at): (bool, i64) = (row.get(3)?, row.get(4)?);
        let Some(owner) = places.get(&owner) else { continue };
        for (of, (_, of_purpose, of_channel)) in histories.iter().zip(CONSENTS) {
            if let Some(of) = of
                && purpose == of_purpose
                && (channel == of_channel || channel == "any")
            {
                say(&mut drafts[*owner].histories[*of], granted.into(), at);
            }
        }
    }
    Ok(())
}

/// Takes in tags that members have and had.
pub(super) fn tags(rows: Vec<Row>, places: &HashMap<Vec<u8>, usize>, lexicon: &mut Lexicon, drafts: &mut [Draft]) -> Result<()> {
    for mut row in rows {
        let (owner, name, from): (Vec<u8>, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let to: Option<i64> = row.get(3)?;
        if let Some((owner, code)) = places.get(&owner).zip(lexicon.words_mut(TAG).code(&name)) {
            drafts[*owner].tags.push(Spell { value: code.into(), from, to });
        }
    }
    Ok(())
}

/// A statement ends the one before it; one that says the same goes on with it.
fn say(spells: &mut Vec<Spell>, value: i64, from: i64) {
    if let Some(last) = spells.last_mut() {
        if last.value == value {
            return;
        }
        if last.from == from {
            last.value = value;
            return;
        }
        last.to = Some(from);
    }
    spells.push(Spell { value, from, to: None });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_statement_holds_from_its_time_on() {
        let mut spells = Vec::new();
        for (value, from) in [(1, 5), (1, 7), (0, 9), (1, 12), (0, 12)] {
            say(&mut spells, value, from);
        }
        assert_eq!(
            spells,
            vec![
                Spell { value: 1, from: 5, to: Some(9) },
                Spell { value: 0, from: 9, to: Some(12) },
                Spell { value: 0, from: 12, to: None }
            ]
        );
    }
}
