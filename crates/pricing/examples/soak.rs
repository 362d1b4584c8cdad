//! `soak COUNT [SEED]`: so many drawn carts against the naive pricer; prints seed and counts, and the
//! line for docs/soak.md. `make soak pricing`.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

#[path = "../tests/agree/mod.rs"]
mod agree;
#[path = "../tests/draw/mod.rs"]
mod draw;
#[path = "../tests/naive/mod.rs"]
mod naive;

fn main() -> ExitCode {
    let mut given = std::env::args().skip(1).map(|a| a.parse::<u64>());
    let (Some(Ok(count)), Some(Ok(seed))) = (given.next(), given.next().or(Some(Ok(1)))) else {
        eprintln!("soak COUNT [SEED]");
        return ExitCode::from(2);
    };
    let (begun, next, compared, wrong) = (Instant::now(), AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let at = next.fetch_add(1, Ordering::Relaxed)
                    && at < count
                {
                    // Seeds of one campaign lie together; those of another far away.
                    let case = seed.wrapping_mul(1_000_000_000).wrapping_add(at);
                    match agree::check(case) {
                        Ok(did) => compared.fetch_add(u64::from(did), Ordering::Relaxed),
                        Err(found) => {
                            println!("WRONG case {case}: {found}");
                            wrong.fetch_add(1, Ordering::Relaxed)
                        }
                    };
                }
            });
        }
    });
    let (compared, wrong) = (compared.into_inner(), wrong.into_inner());
    let found = if wrong == 0 { "nothing".to_owned() } else { format!("{wrong} cases") };
    println!("SOAK | {seed} | {count} | {compared} | {} s | {found} |", begun.elapsed().as_secs());
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
