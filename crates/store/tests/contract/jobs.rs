//! Jobs: taken by lease, resumed from their checkpoint, stopped when asked, given up when hopeless.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use shuke_kernel::{Ctx, Error, Result};
use shuke_store::jobs::{JobEnd, JobHandler, JobId, JobRun, JobRunner, NewJob};
use shuke_store::{Lane, args};
use shuke_testkit::{MERCHANT, TestStore, both};

use crate::{NO, count, note, notes, why};

type AtStep = dyn Fn(&JobRun, i64) -> Result<()> + Send + Sync;

/// Writes ten notes, one a step; what it does at a step is the test's choice.
struct Ten {
    kind: &'static str,
    at_step: Arc<AtStep>,
}

impl JobHandler for Ten {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let prefix: String = run.args()?;
        let from: i64 = run.checkpoint()?.unwrap_or(0);
        for i in from..10 {
            if run.should_stop()? {
                return Ok(JobEnd::Stopped);
            }
            let (fence, cx, name) = (run.fence(), run.cx(), format!("{prefix}{i}"));
            run.store.write_now(Lane::Bulk, move |tx| {
                note(tx, &name, i)?;
                fence.save(tx, cx.now, &(i + 1), i + 1, Some(10))
            })?;
            (self.at_step)(run, i)?;
        }
        Ok(JobEnd::Done(serde_json::json!({"wrote": 10, "for": "13912345678"})))
    }
}

fn ten(at_step: impl Fn(&JobRun, i64) -> Result<()> + Send + Sync + 'static) -> Ten {
    Ten { kind: "ten", at_step: Arc::new(at_step) }
}

fn queue(t: &TestStore, kind: &'static str, unique: Option<&'static str>) -> JobId {
    let cx = t.ctx();
    t.write(move |tx| {
        tx.enqueue(&cx, NewJob { kind, title: "ten notes", args: &"note", unique_key: unique, run_at: cx.now, unit: "notes" })
    })
}

fn state(t: &TestStore, id: JobId) -> String {
    t.read(move |tx| tx.job(MERCHANT, id)).state
}

#[test]
fn a_job_runs_to_its_end_and_keeps_its_words_sealed() {
    both("a job", |t| {
        notes(t);
        let id = queue(t, "ten", None);
        let runner = JobRunner::new(t.store.clone()).with(ten(|_, _| Ok(())));
        assert!(runner.run_one().unwrap());
        assert!(!runner.run_one().unwrap());
        let job = t.read(move |tx| tx.job(MERCHANT, id));
        assert_eq!((job.state.as_str(), job.progress, job.total, job.unit.as_str()), ("done", 10, Some(10), "notes"));
        assert!(job.result.unwrap().contains("13912345678"));
        let kept: Vec<Vec<u8>> = t.read(|tx| {
            let mut row = tx.one("SELECT args, checkpoint, result FROM job", args![])?;
            Ok(vec![row.get(0)?, row.get(1)?, row.get(2)?])
        });
        assert!(!kept.concat().windows(11).any(|w| w == b"13912345678"));
        assert_eq!(count(t), 10);
        t.nothing_left(&[]);
    });
}

#[test]
fn a_job_that_breaks_goes_on_from_its_checkpoint() {
    both("resume", |t| {
        notes(t);
        let id = queue(t, "ten", None);
        let broken = Arc::new(AtomicI64::new(0));
        let breaks = broken.clone();
        let runner = JobRunner::new(t.store.clone()).with(ten(move |_, i| match i {
            2 if breaks.fetch_add(1, Ordering::SeqCst) == 0 => Err(Error::fault("broken")),
            #[allow(clippy::panic)]
            6 if breaks.fetch_add(1, Ordering::SeqCst) == 1 => panic!("on purpose"),
            _ => Ok(()),
        }));
        while state(t, id) != "done" {
            assert!(runner.run_one().unwrap());
            t.clock.advance_seconds(10);
        }
        assert_eq!(count(t), 10);
    });
}

#[test]
fn a_lost_lease_fences_its_late_holder() {
    both("lost lease", |t| {
        notes(t);
        let id = queue(t, "ten", None);
        let taken_over = Arc::new(Mutex::new(None));
        let (clock, second, left) = (t.clock.clone(), t.store.clone(), taken_over.clone());
        let slow = JobRunner::new(t.store.clone()).with(ten(move |_, i| {
            if i == 4 && left.lock().unwrap().is_none() {
                // Asleep for longer than the lease: another worker takes the job and finishes it.
                clock.advance_seconds(61);
                let other = JobRunner::new(second.clone()).with(ten(|_, _| Ok(())));
                *left.lock().unwrap() = Some(other.run_one()?);
            }
            Ok(())
        }));
        assert!(slow.run_one().unwrap());
        assert_eq!(*taken_over.lock().unwrap(), Some(true));
        assert_eq!(state(t, id), "done");
        assert_eq!(count(t), 10);
    });
}

#[test]
fn a_running_job_stops_when_asked_and_resumes_when_asked() {
    both("stop", |t| {
        notes(t);
        let id = queue(t, "ten", None);
        let runner = JobRunner::new(t.store.clone()).with(ten(move |run, i| {
            if i == 3 {
                let id = run.id;
                run.store.write_now(Lane::Interactive, move |tx| tx.stop_job(MERCHANT, id))?;
            }
            Ok(())
        }));
        runner.run_one().unwrap();
        assert_eq!((state(t, id).as_str(), count(t)), ("stopped", 4));
        assert!(!runner.run_one().unwrap());
        let now = t.ctx().now;
        t.write(move |tx| tx.resume_job(MERCHANT, id, now));
        runner.run_one().unwrap();
        assert_eq!((state(t, id).as_str(), count(t)), ("done", 10));
        assert_eq!(why(t.try_write(move |tx| tx.stop_job(MERCHANT, id).map(|_| ()))), "job.wrong_state");
    });
}

#[test]
fn a_stop_is_not_forgotten_when_the_step_breaks() {
    both("stop and break", |t| {
        notes(t);
        let id = queue(t, "ten", None);
        let runner = JobRunner::new(t.store.clone()).with(ten(move |run, _| {
            let id = run.id;
            run.store.write_now(Lane::Interactive, move |tx| tx.stop_job(MERCHANT, id))?;
            Err(Error::fault("broken in the same moment"))
        }));
        runner.run_one().unwrap();
        assert_eq!(state(t, id), "stopped");
    });
}

#[test]
fn a_refused_job_fails_at_once_and_a_broken_one_dies_after_eight_tries() {
    both("failed and dead", |t| {
        notes(t);
        let refused = queue(t, "ten", None);
        let no = JobRunner::new(t.store.clone()).with(ten(|_, _| Err(NO.with("why", "file is gone").into())));
        no.run_one().unwrap();
        let job = t.read(move |tx| tx.job(MERCHANT, refused));
        assert_eq!(job.state, "failed");
        assert!(job.error.unwrap().contains("file is gone"));

        let hopeless = queue(t, "stuck", None);
        struct Stuck;
        impl JobHandler for Stuck {
            fn kind(&self) -> &'static str {
                "stuck"
            }
            fn run(&self, _: &JobRun) -> Result<JobEnd> {
                Err(Error::fault("cannot begin"))
            }
        }
        let runner = JobRunner::new(t.store.clone()).with(Stuck);
        let mut tries = 0;
        while state(t, hopeless) != "dead" {
            assert!(runner.run_one().unwrap());
            t.clock.advance_seconds(1_000);
            tries += 1;
        }
        assert_eq!(tries, 8);
        let now = t.ctx().now;
        t.write(move |tx| tx.resume_job(MERCHANT, hopeless, now));
        assert_eq!(state(t, hopeless), "queued");
    });
}

#[test]
fn a_job_whose_processes_vanish_is_given_up() {
    both("vanishing workers", |t| {
        notes(t);
        let id = queue(t, "ten", None);
        // Each of these took the job and was never heard of again.
        for _ in 0..8 {
            t.write(move |tx| {
                tx.exec(
                    "UPDATE job SET state = 'running', attempts = attempts + 1, lease_token = lease_token + 1, lease_until = 0",
                    args![],
                )
            });
        }
        let runner = JobRunner::new(t.store.clone()).with(ten(|_, _| Ok(())));
        runner.run_one().unwrap();
        assert_eq!((state(t, id).as_str(), count(t)), ("dead", 0));
    });
}

#[test]
fn a_program_leaves_jobs_alone_that_it_has_no_handler_for() {
    both("kinds", |t| {
        notes(t);
        let theirs = queue(t, "theirs", None);
        let runner = JobRunner::new(t.store.clone()).with(ten(|_, _| Ok(())));
        assert!(!runner.run_one().unwrap());
        assert_eq!(state(t, theirs), "queued");
    });
}

#[test]
fn one_open_job_a_unique_key() {
    both("unique", |t| {
        notes(t);
        let first = queue(t, "ten", Some("nightly"));
        assert_eq!(queue(t, "ten", Some("nightly")), first);
        JobRunner::new(t.store.clone()).with(ten(|_, _| Ok(()))).run_one().unwrap();
        assert_ne!(queue(t, "ten", Some("nightly")), first);
    });
}

#[test]
fn each_due_job_is_taken_once_by_many_workers() {
    both("many workers", |t| {
        notes(t);
        for _ in 0..12 {
            let cx = t.ctx();
            t.write(move |tx| {
                let args = cx.new_id::<shuke_store::jobs::JobKind>().to_string();
                tx.enqueue(&cx, NewJob { kind: "ten", title: "ten notes", args: &args, unique_key: None, run_at: cx.now, unit: "notes" })
            });
        }
        let second = if t.store.engine() == shuke_store::Engine::Postgres { t.another() } else { t.store.clone() };
        std::thread::scope(|s| {
            for store in [t.store.clone(), second.clone(), t.store.clone()] {
                s.spawn(move || {
                    let runner = JobRunner::new(store).with(ten(|_, _| Ok(())));
                    while runner.run_one().unwrap() {}
                });
            }
        });
        assert_eq!(count(t), 120);
        t.nothing_left(&[]);
    });
}

#[test]
fn who_asks_again_for_a_stopped_job_has_it_done() {
    both("asked again", |t| {
        notes(t);
        let id = queue(t, "ten", Some("the ten"));
        t.write(move |tx| tx.stop_job(MERCHANT, id).map(|_| ()));
        let runner = JobRunner::new(t.store.clone()).with(ten(|_, _| Ok(())));
        assert!(!runner.run_one().unwrap());
        assert_eq!((queue(t, "ten", Some("the ten")), state(t, id).as_str()), (id, "queued"));
        assert!(runner.run_one().unwrap());
        assert_eq!((state(t, id).as_str(), count(t)), ("done", 10));
    });
}

#[test]
fn who_asks_again_while_a_job_is_stopping_has_it_done() {
    both("asked again, stopping", |t| {
        notes(t);
        let id = queue(t, "halting", Some("halting"));
        let runner = JobRunner::new(t.store.clone()).with(Halting(t.ctx()));
        while state(t, id) != "done" {
            assert!(runner.run_one().unwrap(), "it waits for nobody");
        }
        assert_eq!(count(t), 1);
    });
}

/// Is asked to stop, stops, and is asked for again before its end is written down.
struct Halting(Ctx);

impl JobHandler for Halting {
    fn kind(&self) -> &'static str {
        "halting"
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let (id, fence, cx) = (run.id, run.fence(), self.0.clone());
        if run.checkpoint::<i64>()?.is_some() {
            run.store.write_now(Lane::Bulk, move |tx| note(tx, "gone on", 1))?;
            return Ok(JobEnd::Done(serde_json::Value::Null));
        }
        run.store.write_now(Lane::Bulk, move |tx| fence.save(tx, cx.now, &1, 1, None))?;
        run.store.write_now(Lane::Bulk, move |tx| tx.stop_job(MERCHANT, id).map(|_| ()))?;
        assert!(run.should_stop()?);
        let cx = self.0.clone();
        run.store.write_now(Lane::Bulk, move |tx| {
            let job = NewJob { kind: "halting", title: "x", args: &"x", unique_key: Some("halting"), run_at: cx.now, unit: "notes" };
            tx.enqueue(&cx, job).map(|_| ())
        })?;
        Ok(JobEnd::Stopped)
    }
}
