//! The threads beside the web server: begun with it, stopped with it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use shuke_access::webhooks::{Courier, Policy};
use shuke_columns::Keepers;
use shuke_store::jobs::JobRunner;
use shuke_store::{Engine, Lane, Store};

use super::feed::{feed_loop, places_loop, segments_loop};
use super::upkeep::{columns_loop, points_loop, upkeep_loop};
use crate::cli::Serve;

/// Jobs, the feed and webhook deliveries, on threads of their own.
pub(super) struct Workers {
    halt: Vec<Arc<AtomicBool>>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Workers {
    pub(super) fn none() -> Self {
        Self { halt: Vec::new(), threads: Vec::new() }
    }

    pub(super) fn tend(&mut self, columns: &Arc<Keepers>) -> Result<()> {
        let stop = Arc::new(AtomicBool::new(false));
        self.halt.push(stop.clone());
        let columns = columns.clone();
        self.threads.push(std::thread::Builder::new().name("columns".to_owned()).spawn(move || columns_loop(&columns, &stop))?);
        Ok(())
    }

    /// Segments are kept up on a thread of their own, and reckoned on another: neither waits for imports.
    pub(super) fn keep_segments(&mut self, store: &Store, columns: &Arc<Keepers>) -> Result<()> {
        let holder = shuke_kernel::Ctx::new(shuke_kernel::MerchantNo::SYSTEM, shuke_kernel::Actor::System("segments"), store.clock().now());
        let holder = holder.new_id::<shuke_segments::model::SegmentKind>().to_string();
        let living = Arc::new(shuke_segments::Living::new(store.clone(), columns.clone(), holder));
        let runner = JobRunner::new(store.clone())
            .with(shuke_segments::jobs::Reckon { living: living.clone() })
            .with(shuke_segments::target::record::Record { keepers: columns.clone() });
        self.halt.push(runner.halt_flag());
        self.threads.push(std::thread::Builder::new().name("segment-jobs".to_owned()).spawn(move || runner.run())?);
        let stop = Arc::new(AtomicBool::new(false));
        self.halt.push(stop.clone());
        let store = store.clone();
        self.threads.push(std::thread::Builder::new().name("segments".to_owned()).spawn(move || {
            if let Err(e) = segments_loop(&store, &living, &stop) {
                tracing::error!(error = %e, "segments are not kept up");
            }
        })?);
        Ok(())
    }

    pub(super) fn start(store: &Store, options: &Serve, data: &Path) -> Result<Self> {
        let mut workers = Self::none();
        catch_up(store)?;
        // Exports have a thread beside the others: a list that somebody waits for is not held up by imports.
        let runners =
            [("jobs-0", jobs(store)), ("jobs-1", jobs(store)), ("exports", shuke_export::register_jobs(JobRunner::new(store.clone())))];
        for (name, runner) in runners {
            workers.halt.push(runner.halt_flag());
            workers.threads.push(std::thread::Builder::new().name(name.to_owned()).spawn(move || runner.run())?);
        }
        let stop = Arc::new(AtomicBool::new(false));
        workers.halt.push(stop.clone());
        let (feed_store, feed_stop, data) = (store.clone(), stop.clone(), data.to_owned());
        workers.threads.push(std::thread::Builder::new().name("feed".to_owned()).spawn(move || feed_loop(&feed_store, &feed_stop, &data))?);
        if store.engine() == Engine::Postgres {
            let (store, stop) = (store.clone(), stop.clone());
            workers.threads.push(std::thread::Builder::new().name("feed-places".to_owned()).spawn(move || {
                if let Err(e) = places_loop(&store, &stop) {
                    tracing::error!(error = %e, "events are given no places");
                }
            })?);
        }
        let (upkeep_store, upkeep_stop) = (store.clone(), stop.clone());
        workers
            .threads
            .push(std::thread::Builder::new().name("upkeep".to_owned()).spawn(move || upkeep_loop(&upkeep_store, &upkeep_stop))?);
        let (points_store, points_stop) = (store.clone(), stop.clone());
        workers
            .threads
            .push(std::thread::Builder::new().name("points".to_owned()).spawn(move || points_loop(&points_store, &points_stop))?);
        let courier = Courier::new(store.clone(), Policy { allow_private: options.allow_private_webhooks });
        workers.threads.push(std::thread::Builder::new().name("webhooks".to_owned()).spawn(move || courier.run(&stop))?);
        Ok(workers)
    }

    pub(super) fn stop(self) {
        for flag in &self.halt {
            flag.store(true, Ordering::SeqCst);
        }
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

/// Queues what a store that an older program filled has yet to be brought to.
fn catch_up(store: &Store) -> shuke_kernel::Result<()> {
    let clock = store.clock().clone();
    store.write_now(Lane::Interactive, move |tx| {
        for merchant in shuke_access::merchants::every(tx)? {
            let cx = shuke_kernel::Ctx::new(merchant.no, shuke_kernel::Actor::System("upgrade"), clock.now());
            shuke_members::profile::reindex::enqueue_once(tx, &cx)?;
        }
        Ok(())
    })
}

/// A runner that knows every kind of job.
pub fn jobs(store: &Store) -> JobRunner {
    let runner = JobRunner::new(store.clone())
        .with(shuke_access::privacy::RotateKeys)
        .with(shuke_access::webhooks::Replay)
        .with(shuke_commerce::order::settle::Settle)
        .with(shuke_members::identity::rejudge::Rejudge)
        .with(shuke_members::tag::jobs::TagMembers)
        .with(shuke_members::tag::jobs::DropTag)
        .with(shuke_members::tag::rule::jobs::ApplyRule)
        .with(shuke_members::tag::said::jobs::ApplySource)
        .with(shuke_members::profile::reindex::IndexNames);
    let runner = shuke_benefits::register_jobs(shuke_cards::register_jobs(shuke_programme::register_jobs(runner)));
    let runner = shuke_coupons::register_jobs(runner);
    shuke_outreach::register_jobs(shuke_export::register_jobs(shuke_intake::register_jobs(runner)))
}
