//! Exports on both engines: whole at any size, resumed where they were broken off, masked unless asked
//! otherwise, and without anybody who was erased.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use parquet::file::reader::{FileReader, SerializedFileReader};
use shuke_export::model::{MemberFilter, OrderFilter, ProductFilter, RefundFilter, Rows, Run, Wanted};
use shuke_export::service::{self, Ask};
use shuke_export::{ExportId, render};
use shuke_intake::load::job::Load;
use shuke_intake::load::service::{self as imports, Incoming};
use shuke_kernel::{Error, Result};
use shuke_members::MemberId;
use shuke_members::profile::list;
use shuke_sheets::Format;
use shuke_store::jobs::{JobEnd, JobHandler, JobRun, JobRunner};
use shuke_store::register::{GROUND, Register};
use shuke_store::{Lane, args};
use shuke_testkit::{TestStore, both_with};

const ALL: Register =
    Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_intake::TABLES, shuke_export::TABLES]);

/// More than a page of each list.
const ORDERS: usize = 620;

fn both(name: &str, test: impl Fn(&TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    shuke_members::hooks::install_files(shuke_export::erased);
    both_with(name, ALL, |t| {
        let m = t.merchant;
        t.write(move |tx| {
            let put = "INSERT INTO merchant (merchant, id, name, sandbox, zone, currency, settings, created_at, updated_at) VALUES ($1, $2, 'x', 0, 'Asia/Shanghai', 'CNY', '{}', 0, 0)";
            tx.exec(put, args![m, [7_u8; 16]]).map(|_| ())
        });
        let head = "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间,收货人姓名,联系手机,收货地址,退款金额";
        let row = |n: usize| {
            let (day, back) = (1 + n % 28, if n.is_multiple_of(10) { "5.00" } else { "0" });
            format!(
                "69000000000000{n:05},buyer{n:04},1{n:03}.50,交易成功,2026-09-{day:02} 10:00:00,2026-09-{day:02} 10:05:00,\
                 张三丰,138{n:08},浙江省 杭州市 西湖区 文三路{n}号,{back}\r\n"
            )
        };
        let text: String = std::iter::once(format!("{head}\r\n")).chain((0..ORDERS).map(row)).collect();
        let cx = t.ctx();
        let item = |n: usize| format!("69000000000000{n:05},=1+1 商品{n},1{n:03}.50,1,SKU-{n},颜色:红,,,交易成功,SKU-{n}\r\n");
        let head = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码\r\n".to_owned();
        let items: String = std::iter::once(head).chain((0..ORDERS).map(item)).collect();
        let files = [("订单.csv", text), ("宝贝.csv", items)];
        let files = files.into_iter().map(|(name, text)| Incoming::Bytes { name: name.to_owned(), bytes: text.into_bytes() }).collect();
        let id = imports::stage(&t.store, &cx, cx.new_id(), files, None, None).expect("staged").id;
        t.write(move |tx| imports::run(tx, &cx, id).map(|_| ()));
        assert!(JobRunner::new(t.store.clone()).with(Load).run_one().expect("loaded"));
        test(t);
    });
}

fn ask(wanted: Wanted, format: Format) -> Ask {
    Ask { wanted, format, clear: false, reason: String::new(), zh: false, columns: Vec::new() }
}

fn start(t: &TestStore, ask: Ask) -> ExportId {
    t.clock.advance_seconds(1);
    let cx = t.ctx();
    t.write(move |tx| service::start(tx, &cx, &ask))
}

/// Does what there is to do. What a busy machine took too long for is due again a little later.
fn work(t: &TestStore) {
    let (runner, m) = (shuke_export::register_jobs(JobRunner::new(t.store.clone())), t.merchant);
    for _ in 0..20 {
        while runner.run_one().expect("a job") {}
        let queued = "SELECT COUNT(*) FROM job WHERE merchant = $1 AND state = 'queued'";
        if t.read(move |tx| tx.one(queued, args![m])?.get::<i64>(0)) == 0 {
            return;
        }
        t.clock.advance_seconds(5);
    }
}

fn get(t: &TestStore, id: ExportId) -> Run {
    let m = t.merchant;
    t.read(move |tx| service::get(tx, m, id))
}

fn file(t: &TestStore, id: ExportId) -> Result<Vec<u8>> {
    render::write(&t.store, t.merchant, id, Vec::new()).map(|(bytes, _)| bytes)
}

/// The export is whole; else what became of its job is told.
fn ready(t: &TestStore, id: ExportId) {
    let (m, run) = (t.merchant, get(t, id));
    let job = run.job.map(|job| t.read(move |tx| tx.job(m, job)));
    let told = job.map(|j| (j.state, j.error));
    assert_eq!(run.state, "ready", "{told:?}");
}

fn done(t: &TestStore, ask: Ask) -> Vec<u8> {
    let id = start(t, ask);
    work(t);
    ready(t, id);
    file(t, id).expect("a file")
}

/// A CSV file as its headings and rows.
fn csv(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(&bytes[3..]);
    let head: Vec<String> = reader.headers().expect("headings").iter().map(str::to_owned).collect();
    reader.records().map(|r| head.iter().cloned().zip(r.expect("a row").iter().map(str::to_owned)).collect()).collect()
}

fn column(rows: &[BTreeMap<String, String>], name: &str) -> Vec<String> {
    rows.iter().map(|r| r[name].clone()).collect()
}

fn chunks(t: &TestStore) -> i64 {
    t.read(|tx| tx.one("SELECT COUNT(*) FROM export_chunk", args![])?.get(0))
}

#[test]
fn lists_are_whole_in_every_format_and_agree() {
    both("whole lists", |t| {
        let members = csv(&done(t, ask(Wanted::Members(MemberFilter::default()), Format::Csv)));
        assert_eq!(members.len(), ORDERS);
        assert_eq!(column(&members, "id").into_iter().collect::<BTreeSet<_>>().len(), ORDERS, "nobody twice");
        assert!(
            members.iter().all(|m| m["name"] == "张**" && m["phone"].contains("****") && m["account"].contains('*')),
            "{:?}",
            members[0]
        );

        let wanted = || Wanted::Orders(OrderFilter::default(), Rows::Orders);
        let orders = csv(&done(t, ask(wanted(), Format::Csv)));
        assert_eq!(orders.len(), ORDERS);
        assert!(orders.iter().all(|o| o["receiver_name"] == "张**" && o["receiver_phone"].contains("****") && o["currency"] == "CNY"));
        let paid: i64 = column(&orders, "paid").iter().map(|p| p.replace('.', "").parse::<i64>().expect("an amount")).sum();

        // The same rows with their types, in Parquet and in a workbook.
        let bytes = done(t, ask(wanted(), Format::Parquet));
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).expect("a file");
        let mut sum = 0;
        let mut numbers = Vec::new();
        for row in reader.get_row_iter(None).expect("rows") {
            for (name, value) in row.expect("a row").into_columns() {
                match (name.as_str(), value) {
                    ("paid", parquet::record::Field::Long(fen)) => sum += fen,
                    ("order_no", parquet::record::Field::Str(no)) => numbers.push(no),
                    _ => {}
                }
            }
        }
        assert_eq!((sum, numbers), (paid, column(&orders, "order_no")));

        let both = done(t, ask(Wanted::Orders(OrderFilter::default(), Rows::Both), Format::Xlsx));
        use calamine::Reader;
        let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(both)).expect("a workbook");
        assert_eq!(book.sheet_names(), ["orders", "lines"]);
        let range = book.worksheet_range("orders").expect("orders");
        assert_eq!(range.rows().count(), ORDERS + 1);
        assert_eq!(range.get((1, 1)).map(ToString::to_string), Some(orders[0]["order_no"].clone()), "long numbers keep their digits");
        assert_eq!(book.worksheet_range("lines").expect("lines").rows().count(), ORDERS + 1);

        let lines = csv(&done(t, ask(Wanted::Orders(OrderFilter::default(), Rows::Lines), Format::Csv)));
        assert_eq!(column(&lines, "order_no"), column(&orders, "order_no"));
        assert!(lines.iter().all(|l| l["title"].starts_with("'=1+1")), "no formula leaves: {}", lines[0]["title"]);

        let refunds = csv(&done(t, ask(Wanted::Refunds(RefundFilter::default()), Format::Csv)));
        assert_eq!((refunds.len(), refunds[0]["amount"].as_str()), (ORDERS / 10, "5.00"));
        assert!(csv(&done(t, ask(Wanted::Products(ProductFilter::default()), Format::Csv))).is_empty(), "an empty list is a heading");
    });
}

#[test]
fn filters_are_those_of_the_list() {
    both("filters", |t| {
        let early = OrderFilter { to: Some("2026-09-02T00:00:00+08:00".parse().expect("a time")), ..OrderFilter::default() };
        let orders = csv(&done(t, ask(Wanted::Orders(early, Rows::Orders), Format::Csv)));
        assert_eq!(orders.len(), (0..ORDERS).filter(|n| n.is_multiple_of(28)).count());
        assert!(column(&orders, "placed_at").iter().all(|at| at.starts_with("2026-09-01T10:00:00+08:00")), "{:?}", orders[0]);
        let one = OrderFilter { query: Some("6900000000000000007".to_owned()), ..OrderFilter::default() };
        let found = csv(&done(t, ask(Wanted::Orders(one, Rows::Orders), Format::Csv)));
        assert_eq!(column(&found, "order_no"), ["6900000000000000007"]);
        let whose: MemberId = found[0]["member"].parse().expect("a member");
        let theirs = OrderFilter { member: Some(whose), ..OrderFilter::default() };
        assert_eq!(csv(&done(t, ask(Wanted::Orders(theirs, Rows::Orders), Format::Csv))).len(), 1);
        let members = MemberFilter { query: Some("buyer0007".to_owned()), ..MemberFilter::default() };
        let id = start(t, ask(Wanted::Members(members), Format::Csv));
        work(t);
        assert_eq!(column(&csv(&file(t, id).expect("a file")), "id"), [whose.to_string()]);
        // What was looked for may name a person: kept sealed, shown by name alone.
        assert_eq!(get(t, id).filters, "query");
        let nobody = MemberFilter { province: Some("火星".to_owned()), ..MemberFilter::default() };
        assert!(csv(&done(t, ask(Wanted::Members(nobody), Format::Csv))).is_empty());
    });
}

/// What is sealed of an order is not even opened where nobody asks for a receiver's column: here it could not be.
#[test]
fn chosen_columns_are_those_of_the_file_and_open_no_more_than_they_need() {
    both("columns", |t| {
        let wanted = || Wanted::Orders(OrderFilter::default(), Rows::Orders);
        let of = |columns: &[&str], wanted: Wanted| {
            let columns = columns.iter().map(|c| (*c).to_owned()).collect();
            Ask { columns, ..ask(wanted, Format::Csv) }
        };
        let whole = csv(&done(t, ask(wanted(), Format::Csv)));
        let some = csv(&done(t, of(&["paid", "order_no", "receiver_name"], wanted())));
        assert_eq!(some.len(), ORDERS);
        assert_eq!(some[0].keys().collect::<Vec<_>>(), ["currency", "order_no", "paid", "receiver_name"], "amounts name their currency");
        for (a, b) in some.iter().zip(&whole) {
            assert!(a.iter().all(|(name, cell)| b[name] == *cell));
        }
        let refused = |ask: Ask| {
            let cx = t.ctx();
            match t.try_write(move |tx| service::start(tx, &cx, &ask)) {
                Err(Error::Refused(r)) => (r.code.code, r.field),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(refused(of(&["paid", "phone"], wanted())), ("export.unknown_word", Some("columns[1]".to_owned())));
        let both = Ask { format: Format::Xlsx, ..of(&["quantity", "sku"], Wanted::Orders(OrderFilter::default(), Rows::Both)) };
        assert!(service_accepts(t, both), "a column of each table");
        let bare = Ask { format: Format::Xlsx, ..of(&["sku"], Wanted::Orders(OrderFilter::default(), Rows::Both)) };
        assert_eq!(refused(bare).0, "export.no_column");
        work(t);

        let m = t.merchant;
        t.write(move |tx| tx.exec("UPDATE observed SET body = $2 WHERE merchant = $1", args![m, vec![0_u8; 40]]).map(|_| ()));
        assert_eq!(csv(&done(t, of(&["order_no", "paid", "province"], wanted()))).len(), ORDERS);
        let id = start(t, of(&["order_no", "receiver_name"], wanted()));
        let runner = shuke_export::register_jobs(JobRunner::new(t.store.clone()));
        let _ = runner.run_one();
        assert_ne!(get(t, id).state, "ready", "which shows that it is opened for whom it is asked");
    });
}

fn service_accepts(t: &TestStore, ask: Ask) -> bool {
    let cx = t.ctx();
    t.try_write(move |tx| service::start(tx, &cx, &ask)).is_ok()
}

#[test]
fn clear_needs_a_reason_and_says_so_in_the_audit() {
    both("in clear", |t| {
        let cx = t.ctx();
        let members = Wanted::Members(MemberFilter::default());
        let refused = |ask: Ask| {
            let cx = cx.clone();
            match t.try_write(move |tx| service::start(tx, &cx, &ask)) {
                Err(Error::Refused(r)) => r.code.code,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(refused(Ask { clear: true, ..ask(members.clone(), Format::Csv) }), "export.reason_needed");
        let products = Wanted::Products(ProductFilter::default());
        assert_eq!(refused(Ask { clear: true, reason: "why".to_owned(), ..ask(products, Format::Csv) }), "export.nothing_masked");
        assert_eq!(refused(ask(Wanted::Orders(OrderFilter::default(), Rows::Both), Format::Csv)), "export.one_table");

        let reason = "对账后逐一致电";
        let clear = csv(&done(t, Ask { clear: true, reason: reason.to_owned(), ..ask(members, Format::Csv) }));
        let names: BTreeSet<String> = column(&clear, "name").into_iter().collect();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["张三丰"]);
        assert!(clear.iter().any(|m| m["phone"] == "13800000007" && m["account"] == "buyer0007"), "{:?}", clear[0]);
        let m = t.merchant;
        let said: Vec<(String, String)> = t.read(move |tx| {
            let cx = shuke_kernel::Ctx::new(m, shuke_kernel::Actor::System("test"), shuke_kernel::Instant(0));
            let all = shuke_access::audit::list(tx, &cx, &Default::default(), i64::MAX, 10)?;
            Ok(all.into_iter().map(|e| (e.action, e.summary.unwrap_or_default())).collect())
        });
        assert!(said.iter().any(|(a, s)| a == "export.requested" && s.contains(reason) && s.contains("in clear")), "{said:?}");
        // Nothing of it lies in the store in clear.
        let kept: Vec<Vec<u8>> = t.read(|tx| {
            let rows =
                tx.rows("SELECT body FROM export_chunk UNION ALL SELECT spec FROM export_run UNION ALL SELECT args FROM job", args![])?;
            rows.into_iter().map(|mut r| r.get(0)).collect()
        });
        for clear in ["张三丰".as_bytes(), b"13800000007"] {
            assert!(!kept.iter().any(|k| k.windows(clear.len()).any(|w| w == clear)));
        }
    });
}

/// Gathers for so many steps, then breaks off as a killed process does.
struct Killed {
    after: i64,
}

impl JobHandler for Killed {
    fn kind(&self) -> &'static str {
        shuke_export::job::GATHER
    }

    fn run(&self, run: &JobRun) -> Result<JobEnd> {
        let (store, m, id, after) = (run.store.clone(), run.merchant, run.id, self.after);
        // Asks the job to stop as soon as it stands there.
        let watch = std::thread::spawn(move || {
            loop {
                let job = store.read_now(move |tx| tx.job(m, id)).expect("the job");
                if job.progress >= after || job.state != "running" {
                    let _ = store.write_now(Lane::Interactive, move |tx| tx.stop_job(m, id));
                    return;
                }
            }
        });
        let ended = shuke_export::job::Gather.run(run);
        watch.join().expect("the watch");
        ended
    }
}

#[test]
fn an_export_that_is_stopped_goes_on_from_where_it_was() {
    both("resume", |t| {
        let id = start(t, ask(Wanted::Orders(OrderFilter::default(), Rows::Both), Format::Xlsx));
        assert!(JobRunner::new(t.store.clone()).with(Killed { after: 1 }).run_one().expect("a part"));
        let (m, job) = (t.merchant, get(t, id).job.expect("a job"));
        if get(t, id).state == "gathering" {
            assert_eq!(t.read(move |tx| tx.job(m, job)).state, "stopped");
            assert!(matches!(file(t, id), Err(Error::Refused(r)) if r.code.code == "export.not_ready"), "no part is handed out");
            let now = t.ctx().now;
            t.write(move |tx| tx.resume_job(m, job, now));
            work(t);
        }
        let run = get(t, id);
        assert_eq!((run.state.as_str(), run.rows), ("ready", Some(2 * ORDERS as i64)), "each row once");
        assert!(file(t, id).is_ok());
    });
}

#[test]
fn a_late_gatherer_adds_nothing() {
    both("lost lease", |t| {
        struct Late {
            store: shuke_store::Store,
            clock: shuke_kernel::TestClock,
        }
        impl JobHandler for Late {
            fn kind(&self) -> &'static str {
                shuke_export::job::GATHER
            }
            fn run(&self, run: &JobRun) -> Result<JobEnd> {
                self.clock.advance_seconds(61);
                assert!(shuke_export::register_jobs(JobRunner::new(self.store.clone())).run_one()?);
                shuke_export::job::Gather.run(run)
            }
        }
        let id = start(t, ask(Wanted::Members(MemberFilter::default()), Format::Csv));
        let late = Late { store: t.store.clone(), clock: t.clock.clone() };
        assert!(JobRunner::new(t.store.clone()).with(late).run_one().expect("the late one"));
        assert_eq!(get(t, id).rows, Some(ORDERS as i64));
        assert_eq!(csv(&file(t, id).expect("a file")).len(), ORDERS);
    });
}

fn erase(t: &TestStore, member: MemberId) {
    let cx = t.ctx();
    t.write(move |tx| shuke_members::privacy::erase::erase(tx, &cx, member));
}

fn any_member(t: &TestStore) -> MemberId {
    let cx = t.ctx();
    let filter = list::Filter { query: "buyer0007".to_owned(), ..list::Filter::default() };
    let found = t.read(move |tx| list::page(tx, &cx, &filter, None, 10));
    found.ids.into_iter().next().expect("a member")
}

#[test]
fn whoever_is_erased_is_in_no_file_that_is_kept() {
    both("erased", |t| {
        let members = start(t, ask(Wanted::Members(MemberFilter::default()), Format::Csv));
        let orders = start(t, ask(Wanted::Orders(OrderFilter::default(), Rows::Orders), Format::Csv));
        let products = start(t, ask(Wanted::Products(ProductFilter::default()), Format::Csv));
        work(t);
        assert!(chunks(t) > 2);
        // One that is under way when the erasure comes.
        let under_way = start(t, ask(Wanted::Members(MemberFilter::default()), Format::Csv));
        assert!(JobRunner::new(t.store.clone()).with(Killed { after: 1 }).run_one().expect("a part"));
        let gone = any_member(t);
        erase(t, gone);
        for id in [members, orders] {
            assert_eq!(get(t, id).state, "withdrawn");
            assert!(matches!(file(t, id), Err(Error::Refused(r)) if r.code.code == "export.gone"));
        }
        assert_eq!(get(t, products).state, "ready", "nobody stands in it");
        if get(t, under_way).state == "gathering" {
            let (m, job, now) = (t.merchant, get(t, under_way).job.expect("a job"), t.ctx().now);
            t.write(move |tx| tx.resume_job(m, job, now));
        }
        work(t);
        if get(t, under_way).state == "ready" {
            let rows = csv(&file(t, under_way).expect("a file"));
            assert_eq!(rows.len(), ORDERS - 1, "begun anew");
            assert!(!column(&rows, "id").contains(&gone.to_string()));
        }
        // The pieces of what was withdrawn are thrown away, not only hidden.
        let m = t.merchant;
        let stale: i64 = t.read(move |tx| {
            tx.one("SELECT COUNT(*) FROM export_chunk c JOIN export_run r ON r.merchant = c.merchant AND r.id = c.export WHERE c.merchant = $1 AND (c.epoch < r.epoch OR r.state <> 'ready')", args![m])?.get(0)
        });
        assert_eq!(stale, 0);
    });
}

#[test]
fn a_removed_exports_pieces_go_although_no_worker_comes() {
    both("cleared away", |t| {
        let id = start(t, ask(Wanted::Orders(OrderFilter::default(), Rows::Both), Format::Xlsx));
        work(t);
        assert!(chunks(t) > 4);
        let (cx, m) = (t.ctx(), t.merchant);
        t.write(move |tx| service::remove(tx, &cx, id));
        shuke_export::job::clear_away(&t.store, m, id).expect("cleared away");
        assert_eq!(chunks(t), 0);
        assert!(t.read(move |tx| service::gone(tx, m, id)));
        // The job that was queued for it finds nothing left to do.
        work(t);
        let left = t.read(move |tx| tx.one("SELECT COUNT(*) FROM job WHERE merchant = $1 AND state <> 'done'", args![m])?.get::<i64>(0));
        assert_eq!(left, 0);
    });
}

/// The erasure has looked for files and is not committed yet; the export begins in that moment, and is
/// gathered as soon as it can be.
#[test]
fn an_export_begun_while_somebody_is_erased_does_not_keep_them() {
    both("erased meanwhile", |t| {
        let gone = any_member(t);
        let (looked, may_begin) = mpsc::channel();
        let (begun, seen) = mpsc::channel();
        // A closure may run again.
        let (looked, seen) = (Mutex::new(looked), Mutex::new(seen));
        let id = std::thread::scope(|s| {
            s.spawn(move || {
                let cx = t.ctx();
                t.write(move |tx| {
                    shuke_members::privacy::erase::erase(tx, &cx, gone)?;
                    let _ = looked.lock().unwrap().send(());
                    // Long enough for an export that does not wait to be whole.
                    let _ = seen.lock().unwrap().recv_timeout(Duration::from_secs(2));
                    Ok(())
                });
            });
            may_begin.recv().unwrap();
            let id = start(t, ask(Wanted::Members(MemberFilter::default()), Format::Csv));
            work(t);
            let _ = begun.send(());
            id
        });
        ready(t, id);
        let rows = csv(&file(t, id).expect("a file"));
        assert_eq!(rows.len(), ORDERS - 1);
        assert!(!column(&rows, "id").contains(&gone.to_string()), "erased before the export was whole");
    });
}

#[test]
fn files_expire_and_deleted_ones_are_forgotten() {
    both("expiry", |t| {
        let id = start(t, ask(Wanted::Members(MemberFilter::default()), Format::Csv));
        let other = start(t, ask(Wanted::Refunds(RefundFilter::default()), Format::Csv));
        work(t);
        let cx = t.ctx();
        t.write(move |tx| service::remove(tx, &cx, other));
        work(t);
        let m = t.merchant;
        assert!(t.read(move |tx| service::find(tx, m, other)).is_none());
        let left: i64 = t.read(|tx| tx.one("SELECT COUNT(*) FROM export_run", args![])?.get(0));
        assert_eq!(left, 1);
        t.clock.advance_seconds(service::KEEP_SECONDS + 1);
        assert!(matches!(file(t, id), Err(Error::Refused(r)) if r.code.code == "export.gone"), "before anybody sweeps");
        assert_eq!(shuke_export::sweep(&t.store).expect("swept"), 1);
        assert_eq!(get(t, id).state, "expired");
        work(t);
        assert_eq!(chunks(t), 0);
        t.clock.advance_seconds(service::SHOW_SECONDS + 1);
        assert_eq!(shuke_export::sweep(&t.store).expect("swept"), 1);
        assert!(t.read(move |tx| service::find(tx, m, id)).is_none());
    });
}

/// Lets go of the export as soon as something of it is written.
struct Meanwhile {
    store: shuke_store::Store,
    cx: shuke_kernel::Ctx,
    id: ExportId,
    gone: bool,
}

impl std::io::Write for Meanwhile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if !std::mem::replace(&mut self.gone, true) {
            let (cx, id) = (self.cx.clone(), self.id);
            self.store.write_now(Lane::Interactive, move |tx| service::remove(tx, &cx, id)).map_err(std::io::Error::other)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_download_under_way_breaks_off_when_the_file_is_let_go_of() {
    both("broken off", |t| {
        let id = start(t, ask(Wanted::Members(MemberFilter::default()), Format::Csv));
        work(t);
        assert!(chunks(t) > 1);
        let to = Meanwhile { store: t.store.clone(), cx: t.ctx(), id, gone: false };
        assert!(render::write(&t.store, t.merchant, id, to).is_err(), "its pieces are there, but nobody's");
    });
}

#[test]
fn many_exports_expire_at_once_and_no_more_are_kept_than_may_be() {
    both("many", |t| {
        let one = || ask(Wanted::Products(ProductFilter::default()), Format::Csv);
        for _ in 0..service::LIVE_AT_MOST {
            start(t, one());
        }
        let (cx, ask) = (t.ctx(), one());
        let more = t.store.write_now(Lane::Interactive, move |tx| service::start(tx, &cx, &ask));
        assert!(matches!(more, Err(Error::Refused(r)) if r.code.code == "export.too_many"));
        t.clock.advance_seconds(service::KEEP_SECONDS + 1_000);
        assert_eq!(shuke_export::sweep(&t.store).expect("swept"), service::LIVE_AT_MOST as u64);
        start(t, one());
    });
}

#[test]
fn a_filter_that_is_none_is_refused() {
    both("no filters", |t| {
        let members = |filter| ask(Wanted::Members(filter), Format::Csv);
        let long = Some("a".repeat(201));
        let cases = [
            (members(MemberFilter { gender: Some("banana".into()), ..MemberFilter::default() }), "member.unknown_gender"),
            (members(MemberFilter { platform: Some("zz".into()), ..MemberFilter::default() }), "export.unknown_word"),
            (members(MemberFilter { query: long.clone(), ..MemberFilter::default() }), "export.too_long"),
            (ask(Wanted::Orders(OrderFilter { query: long, ..OrderFilter::default() }, Rows::Orders), Format::Csv), "export.too_long"),
        ];
        for (asked, code) in cases {
            let cx = t.ctx();
            let found = t.store.write_now(Lane::Interactive, move |tx| service::start(tx, &cx, &asked));
            assert!(matches!(&found, Err(Error::Refused(r)) if r.code.code == code), "{found:?} is not {code}");
        }
        done(t, members(MemberFilter { gender: Some("female".into()), platform: Some("taobao".into()), ..MemberFilter::default() }));
    });
}
