//! Requests to books over HTTP, on connections that stay open.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant as Clock};

use anyhow::{Result, bail};
use serde_json::json;

use super::{Chance, member};
use crate::quantile;
use crate::wire::{Connection, Request};

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum What {
    /// A point is spent.
    Spend,
    /// A hundred points are given by hand.
    Give,
    /// What a member has: balances, lots, tier, what is missing to the next.
    Balance,
    /// What an order would earn.
    Quote,
}

/// Who asks how much.
#[derive(clap::Args)]
pub struct Options {
    /// host:port
    #[arg(long)]
    address: String,
    /// API key.
    #[arg(long)]
    key: String,
    #[arg(long)]
    programme: String,
    #[arg(long, value_enum)]
    what: What,
    /// Members, numbered from the first; one member is a hot account.
    #[arg(long)]
    members: u64,
    /// The first member's number.
    #[arg(long, default_value_t = 0)]
    first: u64,
    #[arg(long)]
    requests: u64,
    #[arg(long, default_value_t = 64)]
    connections: u64,
    /// Requests a second in all, planned ahead, latency counted from the plan; none: as fast as answered.
    #[arg(long)]
    rate: Option<f64>,
    /// What ids of requests begin with.
    #[arg(long)]
    tag: String,
}

impl Options {
    fn one(&self, connection: &mut Connection, number: u64, chance: &mut Chance) -> Result<()> {
        let (whom, of) = (member(self.first + chance.below(self.members)), &self.programme);
        let (method, path, body) = match self.what {
            What::Spend => ("POST", format!("/api/v1/members/{whom}/points/{of}/spend"), r#"{"points":1}"#.to_owned()),
            What::Give => ("POST", format!("/api/v1/members/{whom}/points/{of}/adjust"), r#"{"points":100,"reason":"bench"}"#.to_owned()),
            What::Balance => ("GET", format!("/api/v1/members/{whom}/points"), String::new()),
            What::Quote => {
                let money = r#"{"amount":25600,"currency":"CNY"}"#;
                let body = format!(r#"{{"member":"{whom}","net_paid":{money},"lines":[{{"quantity":2,"net_paid":{money}}}]}}"#);
                ("POST", format!("/api/v1/programmes/{of}/quote"), body)
            }
        };
        let once = matches!(self.what, What::Spend | What::Give).then(|| format!("{}-{number}", self.tag));
        let (status, answer) = connection.send(&Request { method, path: &path, key: &self.key, once, body: &body })?;
        if status >= 300 {
            bail!("{path}: {status}: {answer}");
        }
        Ok(())
    }
}

/// Asks, and tells how fast it was answered.
///
/// # Errors
/// Where something is refused.
pub fn run(options: &Options) -> Result<()> {
    let (next, begun) = (AtomicU64::new(0), Clock::now());
    let done: Result<Vec<Vec<u64>>> = std::thread::scope(|scope| {
        let one = |connection: u64| -> Result<Vec<u64>> {
            let mut chance = Chance::new(1_000 + connection);
            let (mut wire, mut taken) = (Connection::open(&options.address)?, Vec::new());
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= options.requests {
                    return Ok(taken);
                }
                let mut from = Clock::now();
                if let Some(rate) = options.rate {
                    let planned = begun + Duration::from_secs_f64(number as f64 / rate);
                    std::thread::sleep(planned.saturating_duration_since(from));
                    from = planned;
                }
                options.one(&mut wire, number, &mut chance)?;
                taken.push(u64::try_from(from.elapsed().as_micros())?);
            }
        };
        let all: Vec<_> = (0..options.connections).map(|connection| scope.spawn(move || one(connection))).collect();
        all.into_iter().map(|thread| thread.join().unwrap_or_else(|_| bail!("a connection's thread broke off"))).collect()
    });
    let mut taken: Vec<u64> = done?.into_iter().flatten().collect();
    let seconds = begun.elapsed().as_secs_f64();
    taken.sort_unstable();
    let told = json!({
        "requests": taken.len(), "seconds": seconds, "per_second": taken.len() as f64 / seconds,
        "p50_ms": quantile(&taken, 0.5) as f64 / 1000.0, "p99_ms": quantile(&taken, 0.99) as f64 / 1000.0,
        "max_ms": quantile(&taken, 1.0) as f64 / 1000.0,
    });
    println!("{told}");
    Ok(())
}
