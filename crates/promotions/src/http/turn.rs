//! Pricing takes its turn on threads of its own: however many carts come at once, and however large one is, requests about
//! anything else are answered meanwhile.

use shuke_http::Problem;
use tokio::sync::Semaphore;

/// Carts that are priced at a time; most take less than a millisecond.
static TURNS: Semaphore = Semaphore::const_new(4);
/// Of large ones, which may take a second, one at a time.
static LARGE: Semaphore = Semaphore::const_new(1);

/// Does the work when its turn has come. The turn lasts as long as the work, also where nobody waits for it any more.
pub(super) async fn in_turn<T: Send + 'static>(large: bool, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let closed = |e: tokio::sync::AcquireError| Problem::fault(e.to_string());
    let of_large = if large { Some(LARGE.acquire().await.map_err(closed)?) } else { None };
    let turn = TURNS.acquire().await.map_err(closed)?;
    let done = tokio::task::spawn_blocking(move || {
        let _held = (of_large, turn);
        work()
    });
    done.await.map_err(|e| Problem::fault(e.to_string()))
}
