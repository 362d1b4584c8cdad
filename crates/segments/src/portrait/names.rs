//! What bars are called. Names of shops, tags and occasions are the caller's.

use super::attribute::Attribute;
use super::bands;
use super::bars::Key;
use crate::labels::{self, Words};

/// What a bar is called; the word itself where nothing else is known of it.
pub fn name(of: Attribute, key: &Key, cuts: &[i64], zh: bool) -> String {
    match key {
        Key::Word(word) => {
            let words: Words = match of {
                Attribute::Gender | Attribute::Stage => labels::fact_words(of.word()),
                Attribute::Platform | Attribute::Weather => labels::column_words("orders", of.word()),
                _ => &[],
            };
            words.iter().find(|(w, _)| *w == &**word).map_or_else(|| word.to_string(), |(_, label)| label.text(zh).to_owned())
        }
        Key::Class(class) => class_name(of, *class as usize, cuts, zh),
    }
}

fn class_name(of: Attribute, at: usize, cuts: &[i64], zh: bool) -> String {
    let band = |cuts: &[i64]| bands::between(cuts).get(at).copied().unwrap_or(bands::Band { from: None, to: None });
    let either = |of: Option<(&str, &str)>| of.map_or(String::new(), |(z, e)| if zh { z } else { e }.to_owned());
    match of {
        Attribute::Age => bands::counts(band(bands::AGES), zh),
        Attribute::Spend => bands::money(band(cuts), zh),
        Attribute::Region => either(bands::REGIONS.get(at).map(|(z, e, _)| (*z, *e))),
        Attribute::Price => bands::money(band(bands::PRICES), zh),
        Attribute::Orders => bands::counts(band(bands::ORDERS), zh),
        Attribute::OrderValue => bands::money(band(bands::ORDER_VALUES), zh),
        Attribute::Weekday => either(bands::WEEKDAYS.get(at).copied()),
        Attribute::Hour => bands::hours(band(bands::HOURS)),
        Attribute::Discount => bands::shares(band(bands::DISCOUNTS), zh),
        Attribute::Refund => bands::shares(band(bands::REFUNDS), zh),
        Attribute::Temperature => bands::degrees(band(bands::TEMPERATURES), zh),
        Attribute::Season => either(bands::SEASON_NAMES.get(at).copied()),
        _ => at.to_string(),
    }
}
