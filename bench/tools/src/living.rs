//! Five hundred living segments and events of members: what the evaluator alone does of a second.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use shuke_columns::Slice;
use shuke_kernel::Zone;
use shuke_segments::depends::Depends;
use shuke_segments::{Plan, Reckoning, Segments, Thresholds, Uses, check};

use crate::base::chance::Chance;
use crate::base::{Layout, Shape};
use crate::quantile;

/// Lines of each member.
const LINES: usize = 50;
/// Members whose events they are.
const MEMBERS: usize = 2_000;

/// Segments like those of the file, with other words, numbers and windows.
fn varied(of: &Value, chance: &mut Chance) -> Value {
    match of {
        Value::Array(all) => all.iter().map(|v| varied(v, chance)).collect(),
        Value::Object(all) => all
            .iter()
            .map(|(key, v)| {
                let v = match (key.as_str(), v) {
                    ("last" | "n", Value::Number(n)) => (1 + n.as_i64().unwrap_or(1) * (50 + chance.below(100)) / 100).into(),
                    ("right", Value::Number(n)) => (n.as_i64().unwrap_or(1) * (50 + chance.below(100)) / 100).into(),
                    _ => varied(v, chance),
                };
                (key.clone(), v)
            })
            .collect(),
        Value::String(word) => other_word(word, chance).into(),
        other => other.clone(),
    }
}

/// Another word of the same sort; what is no word of the base stays.
fn other_word(word: &str, chance: &mut Chance) -> String {
    let digits = |from: usize| word.len() > from && word.is_char_boundary(from) && word[from..].bytes().all(|b| b.is_ascii_digit());
    match (word.as_bytes().first(), word.len()) {
        (Some(b'p'), 3) if digits(1) => format!("p{:02}", 1 + chance.below(31)),
        (Some(b't'), 3) if digits(1) => format!("t{:02}", chance.below(60)),
        (Some(b'r'), 3) if digits(1) => format!("r{:02}", chance.below(20)),
        (Some(b'r'), 6) if word.contains("/c") => format!("r{:02}/c{}", chance.below(20), chance.below(10)),
        (Some(b'S'), 8) if digits(1) => format!("S{:07}", 1 + chance.below(50_000)),
        _ => word.to_owned(),
    }
}

/// What happened to a member.
enum Change {
    Line,
    Act,
    Fact(&'static str),
}

/// Asks, for each event, the segments that it may touch, and again all of them. Prints a result.
///
/// # Errors
/// When a segment is refused.
pub fn run(shape: &Shape, bench: &Value, segments: usize, events: usize) -> Result<()> {
    let layout = Layout::default();
    let zone = Zone::named(bench["zone"].as_str().context("zone is missing")?).context("the zone is not known")?;
    let reckoning = Reckoning::new(shape.at, &zone);
    let mut chance = Chance::new(shape.seed, 500);
    let templates = bench["segments"].as_array().context("segments is missing")?;
    let sample = [layout.slice(&shape.part(0))];
    let mut living = Vec::new();
    for i in 0..segments {
        let template = &templates[i % templates.len()]["expr"];
        // The first of each sort is the file's own; windows that a variation makes impossible are drawn again.
        let (expression, plan) = loop {
            let source = if i < templates.len() { template.clone() } else { varied(template, &mut chance) }.to_string();
            match check(source.as_bytes(), &layout.registry, &Segments::default(), &reckoning) {
                Ok(expression) => break (Uses::of(&expression), Plan::of(&expression, &layout.registry, &reckoning)?),
                Err(refusal) if i < templates.len() => return Err(anyhow!("{refusal}")),
                Err(_) => {}
            }
        };
        let thresholds = plan.thresholds(&sample, &|| false).context("cancelled")?;
        living.push((expression, plan, thresholds));
    }
    let depends = Depends::of(&layout.registry, living.iter().map(|(uses, plan, _)| (uses, plan)));
    let members: Vec<Slice> = (0..MEMBERS).map(|number| layout.slice(&shape.one(number, LINES))).collect();
    let table = |name: &str| layout.registry.find_table(name).map_or(0, |(t, _)| t);
    let (lines, acts) = (table("lines"), table("events"));
    let mut is_in: Vec<Vec<bool>> = members.iter().map(|m| living.iter().map(|(_, p, t)| p.is_true_of(m, t)).collect()).collect();
    let ask = |member: usize, now: &Reckoning, number: usize, is_in: &mut Vec<Vec<bool>>| {
        let (_, plan, thresholds): &(Uses, Plan, Thresholds) = &living[number];
        let told = plan.holds_at(now) && plan.is_true_at(now, &members[member], thresholds);
        usize::from(std::mem::replace(&mut is_in[member][number], told) != told)
    };
    let mut met = depends.met();
    let mut figures = Vec::new();
    for by_index in [true, false] {
        let mut chance = Chance::new(shape.seed, 501);
        let (mut asked, mut changed, mut times) = (0, 0, Vec::with_capacity(events));
        let begun = Instant::now();
        let many = if by_index { events } else { events / 20 };
        for i in 0..many {
            let member = chance.below(MEMBERS as u64) as usize;
            let change = match chance.below(100) {
                0..30 => Change::Line,
                30..90 => Change::Act,
                90..95 => Change::Fact("tags"),
                _ => Change::Fact("stage"),
            };
            let event = Instant::now();
            let now = reckoning.at(shape.at + i as i64);
            if by_index {
                met.clear();
                match change {
                    Change::Line => depends.row(&members[member], lines, members[member].tables[lines].columns[1].len() - 1, &mut met),
                    Change::Act => depends.row(&members[member], acts, members[member].tables[acts].columns[1].len() - 1, &mut met),
                    Change::Fact(name) => depends.fact(name, &mut met),
                }
                asked += met.numbers().len();
                changed += met.numbers().iter().map(|n| ask(member, &now, *n as usize, &mut is_in)).sum::<usize>();
            } else {
                asked += living.len();
                changed += (0..living.len()).map(|n| ask(member, &now, n, &mut is_in)).sum::<usize>();
            }
            times.push(event.elapsed().as_nanos() as u64);
        }
        let took: Duration = begun.elapsed();
        times.sort_unstable();
        figures.push(json!({
            "events": many, "seconds": took.as_secs_f64(), "events_per_second": many as f64 / took.as_secs_f64(),
            "asked_per_event": asked as f64 / many as f64, "changed": changed,
            "p50_us": quantile(&times, 0.5) as f64 / 1e3, "p99_us": quantile(&times, 0.99) as f64 / 1e3,
        }));
    }
    println!("{}", json!({"segments": segments, "lines_per_member": LINES, "by_index": figures[0], "all_asked": figures[1]}));
    Ok(())
}
