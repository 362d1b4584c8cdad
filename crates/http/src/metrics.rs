//! Counters for Prometheus: a small registry of our own. Names and labels are the product's words
//! (methods, route patterns, kinds), never a path or a person.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the latency histogram, in milliseconds.
const BOUNDS: [u64; 10] = [2, 5, 10, 25, 50, 100, 250, 1000, 5000, 30_000];

#[derive(Default)]
struct Route {
    by_status: [u64; 6],
    buckets: [u64; BOUNDS.len()],
    micros: u64,
    count: u64,
}

type Reading = Box<dyn Fn() -> Option<i64> + Send + Sync>;
/// The label's value and the reading, of each member of a family.
type Readings = Box<dyn Fn() -> Vec<(String, i64)> + Send + Sync>;

/// What this process counted since its start.
#[derive(Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<(String, String), Route>>,
    counters: Mutex<BTreeMap<&'static str, u64>>,
    gauges: Mutex<BTreeMap<&'static str, Reading>>,
    families: Mutex<BTreeMap<&'static str, (&'static str, Readings)>>,
    in_flight: AtomicU64,
}

impl Metrics {
    /// Adds to a counter such as `shuke_webhook_deliveries_total`.
    pub fn add(&self, name: &'static str, n: u64) {
        if let Ok(mut counters) = self.counters.lock() {
            *counters.entry(name).or_default() += n;
        }
    }

    /// Registers a gauge that is read when somebody asks. It must not block for long.
    pub fn gauge(&self, name: &'static str, read: impl Fn() -> Option<i64> + Send + Sync + 'static) {
        if let Ok(mut gauges) = self.gauges.lock() {
            gauges.insert(name, Box::new(read));
        }
    }

    /// Registers gauges of one name told apart by a label, whose values are the product's words.
    pub fn family(&self, name: &'static str, label: &'static str, read: impl Fn() -> Vec<(String, i64)> + Send + Sync + 'static) {
        if let Ok(mut families) = self.families.lock() {
            families.insert(name, (label, Box::new(read)));
        }
    }

    pub(crate) fn begin(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn end(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        let Ok(mut routes) = self.routes.lock() else { return };
        let entry = routes.entry((route.to_owned(), method.to_owned())).or_default();
        if let Some(slot) = entry.by_status.get_mut(usize::from(status / 100)) {
            *slot += 1;
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        entry.count += 1;
        entry.micros = entry.micros.saturating_add(micros);
        for (slot, bound) in entry.buckets.iter_mut().zip(BOUNDS) {
            if micros <= bound * 1000 {
                *slot += 1;
            }
        }
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        let mut out = String::with_capacity(4096);
        let _ = writeln!(
            out,
            "# TYPE shuke_http_requests_in_flight gauge\nshuke_http_requests_in_flight {}",
            self.in_flight.load(Ordering::Relaxed)
        );
        if let Ok(routes) = self.routes.lock() {
            requests(&mut out, &routes);
        }
        if let Ok(counters) = self.counters.lock() {
            for (name, n) in counters.iter() {
                let _ = writeln!(out, "# TYPE {name} counter\n{name} {n}");
            }
        }
        if let Ok(gauges) = self.gauges.lock() {
            for (name, read) in gauges.iter() {
                if let Some(n) = read() {
                    let _ = writeln!(out, "# TYPE {name} gauge\n{name} {n}");
                }
            }
        }
        if let Ok(families) = self.families.lock() {
            for (name, (label, read)) in families.iter() {
                let readings = read();
                if !readings.is_empty() {
                    let _ = writeln!(out, "# TYPE {name} gauge");
                }
                for (value, n) in readings {
                    let _ = writeln!(out, "{name}{{{label}=\"{value}\"}} {n}");
                }
            }
        }
        out
    }
}

fn requests(out: &mut String, routes: &BTreeMap<(String, String), Route>) {
    let _ = writeln!(out, "# TYPE shuke_http_requests_total counter");
    for ((route, method), r) in routes {
        for (class, n) in r.by_status.iter().enumerate().filter(|(_, n)| **n > 0) {
            let _ = writeln!(out, "shuke_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{class}xx\"}} {n}");
        }
    }
    let _ = writeln!(out, "# TYPE shuke_http_request_seconds histogram");
    for ((route, method), r) in routes {
        let labels = format!("method=\"{method}\",route=\"{route}\"");
        for (n, bound) in r.buckets.iter().zip(BOUNDS) {
            let _ = writeln!(out, "shuke_http_request_seconds_bucket{{{labels},le=\"{}.{:03}\"}} {n}", bound / 1000, bound % 1000);
        }
        let _ = writeln!(out, "shuke_http_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}", r.count);
        let _ = writeln!(out, "shuke_http_request_seconds_sum{{{labels}}} {}.{:06}", r.micros / 1_000_000, r.micros % 1_000_000);
        let _ = writeln!(out, "shuke_http_request_seconds_count{{{labels}}} {}", r.count);
    }
}
