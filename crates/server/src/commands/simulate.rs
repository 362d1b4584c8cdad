//! `shuke simulate`: how a merchant tries rules before going live. A programme is run on a table of timed
//! steps, in virtual time: in memory, or with `--store` in a throw-away place of that store, through the services that
//! serve members.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;
use serde_json::json;
use shuke_access::merchants::{self, NewMerchant};
use shuke_kernel::{Actor, Ctx, Instant, MerchantNo};
use shuke_loyalty::Scenario;
use shuke_loyalty::scenario::{Shown, Step};
use shuke_store::{Lane, MasterKey, Scratch, StoreConfig};

use crate::out::Out;
use crate::place::{REGISTER, check_url};
use crate::wrong::wrong;

/// `shuke simulate`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The scenario: a JSON file with the programme, the member and the steps.
    #[arg(value_name = "SCENARIO")]
    pub scenario: PathBuf,
}

#[derive(Serialize)]
struct Answer<'a> {
    steps: &'a [Shown],
}

/// Runs a scenario and shows the state after each step; with a store's URL in a place of its own there.
pub fn run(options: &Options, store: Option<&str>, out: &mut Out<'_>) -> Result<u8> {
    let file = options.scenario.display();
    let bytes = std::fs::read(&options.scenario).map_err(|e| wrong("simulate.no_file", format!("cannot read {file}: {e}")))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("simulate.no_file", format!("{file} is not text in UTF-8")))?;
    let in_file = |refusal| anyhow::Error::from(shuke_kernel::Error::from(refusal));
    let scenario = Scenario::read(&text).map_err(in_file).with_context(|| file.to_string())?;
    let shown = match store {
        None => scenario.run().map_err(in_file).with_context(|| file.to_string())?,
        Some(url) => in_store(url, &text).with_context(|| file.to_string())?,
    };
    if out.json {
        out.object(&Answer { steps: &shown })?;
        return Ok(0);
    }
    for line in table(&scenario, &shown) {
        out.line(line)?;
    }
    Ok(0)
}

/// Runs it through the services, in a place that is gone afterwards. Nothing in the store itself is read or written.
fn in_store(url: &str, text: &str) -> Result<Vec<Shown>> {
    check_url(url)?;
    let config = StoreConfig { register: REGISTER, writers: 1, readers: 1, ..StoreConfig::new(url, MasterKey::generate()) };
    let scratch = Scratch::open(config)?;
    let store = scratch.store()?;
    let merchant = store.write_now(Lane::Interactive, |tx| {
        let cx = Ctx::new(MerchantNo::SYSTEM, Actor::Cli, Instant::default());
        Ok(merchants::create(tx, &cx, &NewMerchant::named("simulate"))?.no)
    })?;
    Ok(shuke_programme::simulate::run(store, merchant, text)?)
}

/// The steps as a table for people: times in the programme's zone, and only columns in which something stands.
fn table(scenario: &Scenario, shown: &[Shown]) -> Vec<String> {
    let head = ["", "at", "event", "result", "pending", "available", "frozen", "lots", "tier", "coupons", "activity"];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(scenario.steps.iter().zip(shown).enumerate().map(|(i, (step, state))| row(scenario, i, step, state)));
    let used = |column: usize| column < 6 || rows.iter().skip(1).any(|row| !matches!(row[column].as_str(), "" | "0"));
    let columns: Vec<usize> = (0..head.len()).filter(|column| used(*column)).collect();
    let wide = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = columns.iter().map(|column| wide(*column)).collect();
    let line = |row: &[String; 11]| {
        let cells = columns.iter().zip(&widths).map(|(column, width)| {
            let (text, right) = (&row[*column], matches!(column, 0 | 4..=6));
            if right { format!("{text:>width$}") } else { format!("{text:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

fn row(scenario: &Scenario, i: usize, step: &Step, state: &Shown) -> [String; 11] {
    let zone = &scenario.programme.zone;
    let word = |outcome| serde_json::to_value(outcome).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let account = |name: &str| state.accounts.get(name).map(i64::to_string).unwrap_or_default();
    let late = if step.event.time < step.at { format!(" (of {})", zone.show(step.event.time)) } else { String::new() };
    let lots = state.lots.iter().map(|lot| format!("{} {} to {}", lot.id, lot.left, lot.last_day));
    let tier = state.tier.as_ref().map(|t| {
        let until = t.tier_until.map(|until| format!(" until {}", zone.show(until))).unwrap_or_default();
        format!("{}{until}{}", t.tier, if t.in_grace { " (grace)" } else { "" })
    });
    let coupons = state.coupons.iter().flatten().map(|(grant, coupon)| format!("{grant} {}", word(json!(coupon.state))));
    [
        (i + 1).to_string(),
        zone.show(step.at),
        format!("{} {}{late}", step.event.act.kind(), step.event.id).trim_end().to_owned(),
        word(json!(state.result)),
        account("pending"),
        account("available"),
        account("frozen"),
        lots.collect::<Vec<_>>().join(", "),
        tier.unwrap_or_default(),
        coupons.collect::<Vec<_>>().join(", "),
        state.activity_grade.flatten().map(|grade| grade.to_string()).unwrap_or_default(),
    ]
}
