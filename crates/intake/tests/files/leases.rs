//! A worker that lost its lease while it loaded or took back an import says nothing of the import any
//! more: whoever holds the job does. On both engines.

use shuke_intake::load::job::{LOAD, Load};
use shuke_intake::load::model::{ImportId, ImportRun};
use shuke_intake::load::service::{self, Incoming};
use shuke_intake::load::undo::Undo;
use shuke_kernel::Result;
use shuke_store::jobs::{JobEnd, JobHandler, JobRun, JobRunner};
use shuke_store::register::{GROUND, Register};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_intake::TABLES]);

/// Falls asleep with the job in hand for longer than its lease, then goes on as if nothing had been.
struct Sleeper<F> {
    kind: &'static str,
    meanwhile: F,
    awake: fn(&JobRun) -> Result<JobEnd>,
}

impl<F: Fn() + Send + Sync> JobHandler for Sleeper<F> {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        (self.meanwhile)();
        (self.awake)(run)
    }
}

fn staged(t: &TestStore, rows: usize) -> ImportId {
    let head = "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间";
    let row = |n| format!("69000000000000{n:05},甲{n},1.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00\r\n");
    let text: String = std::iter::once(format!("{head}\r\n")).chain((0..rows).map(row)).collect();
    let cx = t.ctx();
    let files = vec![Incoming::Bytes { name: "订单.csv".to_owned(), bytes: text.into_bytes() }];
    let id = service::stage(&t.store, &cx, cx.new_id(), files, None, None).expect("staged").id;
    t.write(move |tx| service::run(tx, &cx, id).map(|_| ()));
    id
}

fn read(t: &TestStore, id: ImportId) -> ImportRun {
    let m = t.merchant;
    t.read(move |tx| service::get(tx, m, id))
}

#[test]
fn a_late_loader_changes_nothing_of_an_import_that_is_done() {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with("late loader", ALL, |t| {
        let id = staged(t, 3);
        let (clock, store) = (t.clock.clone(), t.store.clone());
        let meanwhile = move || {
            clock.advance_seconds(61);
            assert!(JobRunner::new(store.clone()).with(Load).run_one().expect("another worker"));
        };
        let late = Sleeper { kind: LOAD, meanwhile, awake: |run| Load.run(run) };
        assert!(JobRunner::new(t.store.clone()).with(late).run_one().expect("the late one"));
        let import = read(t, id);
        assert_eq!((import.state.as_str(), import.counts.orders_new), ("done", 3));
        assert!(import.finished_at.is_some());
        let (m, job) = (t.merchant, import.job.expect("a job"));
        assert_eq!(t.read(move |tx| tx.job(m, job)).state, "done");
    });
}

#[test]
fn a_late_loader_does_not_stop_an_import_that_another_worker_loads() {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with("late beside another", ALL, |t| {
        let id = staged(t, 3);
        let (clock, store) = (t.clock.clone(), t.store.clone());
        // The other worker has taken the job and not begun to read.
        let meanwhile = move || {
            clock.advance_seconds(61);
            let asleep = Sleeper { kind: LOAD, meanwhile: || (), awake: |_| Ok(JobEnd::Stopped) };
            let other = JobRunner::new(store.clone()).with(asleep);
            // A halted process puts its job back, which goes on belonging to nobody else.
            other.halt_flag().store(true, std::sync::atomic::Ordering::SeqCst);
            assert!(other.run_one().expect("another worker"));
        };
        let late = Sleeper { kind: LOAD, meanwhile, awake: |run| Load.run(run) };
        assert!(JobRunner::new(t.store.clone()).with(late).run_one().expect("the late one"));
        assert_eq!(read(t, id).state, "running", "the late loader had no say");
        assert!(JobRunner::new(t.store.clone()).with(Load).run_one().expect("the next"));
        assert_eq!(read(t, id).state, "done");
    });
}

#[test]
fn a_late_undoer_says_nothing_a_second_time() {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with("late undo", ALL, |t| {
        let id = staged(t, 2);
        assert!(JobRunner::new(t.store.clone()).with(Load).run_one().expect("loaded"));
        let cx = t.ctx();
        t.write(move |tx| service::undo(tx, &cx, id).map(|_| ()));
        let (clock, store) = (t.clock.clone(), t.store.clone());
        let meanwhile = move || {
            clock.advance_seconds(61);
            assert!(JobRunner::new(store.clone()).with(Undo).run_one().expect("another worker"));
        };
        let late = Sleeper { kind: shuke_intake::load::job::UNDO, meanwhile, awake: |run| Undo.run(run) };
        assert!(JobRunner::new(t.store.clone()).with(late).run_one().expect("the late one"));
        assert_eq!(read(t, id).state, "undone");
    });
}
