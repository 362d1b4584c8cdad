//! A load generator: order upserts over HTTP, one order a request, on keep-alive connections; or bodies from a file, in turn.
//!
//! Without `--rate` each connection sends as fast as it is answered (saturation). With it sends
//! are planned ahead and latency is counted from the planned time, so a stalled server cannot hide.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Parser;
use shuke_bench::quantile;
use shuke_bench::wire::{Connection, Request};

#[derive(Parser)]
struct Options {
    /// host:port
    #[arg(long)]
    address: String,
    /// API key.
    #[arg(long)]
    key: String,
    /// Connections.
    #[arg(long, default_value_t = 32)]
    connections: u64,
    /// Orders in all.
    #[arg(long, default_value_t = 20_000)]
    orders: u64,
    /// Orders a second in all; none: as fast as answered.
    #[arg(long)]
    rate: Option<f64>,
    /// Buyers, each with a phone of their own; one parcel in twenty goes to somebody else's.
    #[arg(long, default_value_t = 20_000)]
    buyers: u64,
    /// First order number.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Bodies to be posted instead of orders, one a line, over and over.
    #[arg(long)]
    bodies: Option<PathBuf>,
    /// Where they are posted to.
    #[arg(long, default_value = "/api/v1/pricing/evaluate")]
    path: String,
}

fn body(n: u64, buyers: u64) -> String {
    let buyer = n.wrapping_mul(2_654_435_761) % buyers;
    let phone = if n.is_multiple_of(20) { (buyer * 7 + 1) % buyers } else { buyer };
    let unit = 990 + (n % 400) * 37;
    let paid = unit * 3 + 600;
    format!(
        r#"{{"external":{{"source":"bench","id":"{number}"}},"platform":"own","state":"paid","currency":"CNY","goods_after_discount":{{"amount":{goods},"currency":"CNY"}},"shipping":{{"amount":600,"currency":"CNY"}},"paid":{{"amount":{paid},"currency":"CNY"}},"created_at":"2026-09-0{day}T08:00:00Z","paid_at":"2026-09-0{day}T08:04:00Z","updated_at":"2026-09-0{day}T08:04:00Z","buyer":{{"keys":[{{"kind":"own_id","namespace":"bench","value":"b{buyer}"}}]}},"receiver":{{"name":"王秀英","phone":"138{phone:08}","province":"浙江省","city":"杭州市","district":"西湖区","address":"文三路 {tail} 号"}},"lines":[{{"id":"1","sku":"BB-{a:04}","title":"母婴用品","quantity":2,"unit_price":{{"amount":{unit},"currency":"CNY"}}}},{{"id":"2","sku":"BB-{b:04}","title":"母婴用品","quantity":1,"unit_price":{{"amount":{unit},"currency":"CNY"}}}}]}}"#,
        number = 5_000_000_000 + n,
        goods = unit * 3,
        day = 1 + n % 9,
        tail = buyer % 10_000,
        a = n % 400,
        b = (n * 7) % 400,
    )
}

fn post(connection: &mut Connection, options: &Options, bodies: &[String], n: u64) -> Result<()> {
    let order;
    let request = match bodies.get(n as usize % bodies.len().max(1)) {
        Some(body) => Request { method: "POST", path: &options.path, key: &options.key, once: None, body },
        None => {
            order = body(n, options.buyers);
            Request { method: "POST", path: "/api/v1/orders", key: &options.key, once: Some(format!("bench-{n}")), body: &order }
        }
    };
    let (status, answer) = connection.send(&request)?;
    if status >= 300 {
        bail!("{status}: {answer}");
    }
    Ok(())
}

fn main() -> Result<()> {
    let options = Options::parse();
    let bodies: Vec<String> = match &options.bodies {
        Some(file) => std::fs::read_to_string(file)?.lines().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    let started = Instant::now();
    let per = options.orders / options.connections;
    let latencies: Result<Vec<Vec<u64>>> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..options.connections)
            .map(|c| {
                let (options, bodies) = (&options, &bodies);
                scope.spawn(move || -> Result<Vec<u64>> {
                    let mut connection = Connection::open(&options.address)?;
                    let gap = options.rate.map(|r| Duration::from_secs_f64(options.connections as f64 / r));
                    let mut taken = Vec::with_capacity(per as usize);
                    for i in 0..per {
                        let mut begin = Instant::now();
                        if let Some(gap) = gap {
                            let planned = started + gap.mul_f64(i as f64 + c as f64 / options.connections as f64);
                            std::thread::sleep(planned.saturating_duration_since(begin));
                            begin = planned;
                        }
                        post(&mut connection, options, bodies, options.from + c * per + i)?;
                        taken.push(begin.elapsed().as_micros() as u64);
                    }
                    Ok(taken)
                })
            })
            .collect();
        handles.into_iter().map(|h| h.join().unwrap_or_else(|_| bail!("a connection's thread panicked"))).collect()
    });
    let seconds = started.elapsed().as_secs_f64();
    let mut all: Vec<u64> = latencies?.into_iter().flatten().collect();
    all.sort_unstable();
    println!(
        "{}",
        serde_json::json!({ "orders": all.len(), "seconds": seconds, "per_second": all.len() as f64 / seconds, "p50_us": quantile(&all, 0.5), "p99_us": quantile(&all, 0.99), "max_us": quantile(&all, 1.0) })
    );
    Ok(())
}
