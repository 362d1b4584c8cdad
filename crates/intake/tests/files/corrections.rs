//! What a load leaves beside orders and members: records in quarantine that a corrected sheet settles,
//! consent that a list states, customers of two legal entities. On both engines.

use calamine::{Data, Reader, Xlsx};
use shuke_access::shops::{self, NewShop};
use shuke_intake::load::job::Load;
use shuke_intake::load::model::{ImportRun, QuarantineId};
use shuke_intake::load::quarantine::{self, Held};
use shuke_intake::load::service::{self, Incoming};
use shuke_intake::load::sheet;
use shuke_intake::load::undo::Undo;
use shuke_store::jobs::JobRunner;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_intake::TABLES]);

fn both(name: &str, test: impl Fn(&TestStore)) {
    shuke_members::hooks::install(shuke_commerce::HOOKS);
    both_with(name, ALL, test);
}

fn job(t: &TestStore) {
    assert!(JobRunner::new(t.store.clone()).with(Load).with(Undo).run_one().expect("a job"));
}

fn load_for(t: &TestStore, name: &str, text: &str, shop: Option<[u8; 16]>) -> ImportRun {
    t.clock.advance_seconds(1);
    let cx = t.ctx();
    let files = vec![Incoming::Bytes { name: name.to_owned(), bytes: text.as_bytes().to_vec() }];
    let staged = service::stage(&t.store, &cx, cx.new_id(), files, None, shop).expect("staged");
    let id = staged.id;
    t.write(move |tx| service::run(tx, &cx, id).map(|_| ()));
    job(t);
    let m = t.merchant;
    let done = t.read(move |tx| service::get(tx, m, id));
    assert_eq!(done.state, "done");
    done
}

fn load(t: &TestStore, name: &str, text: &str) -> ImportRun {
    load_for(t, name, text, None)
}

fn undo(t: &TestStore, import: &ImportRun) {
    let (cx, id) = (t.ctx(), import.id);
    t.write(move |tx| service::undo(tx, &cx, id).map(|_| ()));
    job(t);
}

fn list(t: &TestStore, state: &'static str) -> Vec<Held> {
    let m = t.merchant;
    t.read(move |tx| quarantine::list(tx, m, None, state, "", None, 100))
}

fn one(t: &TestStore, id: QuarantineId) -> Held {
    let m = t.merchant;
    t.read(move |tx| quarantine::get(tx, m, id))
}

const HEAD: &str = "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间";

fn orders() -> String {
    let rows = [
        "6900000000000000001,甲,abc,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00",
        "6900000000000000002,乙,2.00,交易成功,2026-09-31 10:00:00,2026-09-01 10:05:00",
        "6900000000000000003,丙,3.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00",
        "6.9E+18,丁,4.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00",
    ];
    format!("{HEAD}\r\n{}\r\n", rows.join("\r\n"))
}

/// The sheet of an import's open records as rows of cells, read from the workbook itself.
fn workbook(t: &TestStore, import: &ImportRun) -> Vec<Vec<String>> {
    sheet_of(t, import, 0)
}

fn sheet_of(t: &TestStore, import: &ImportRun, file: i64) -> Vec<Vec<String>> {
    let bytes = sheet::rejects(&t.store, t.merchant, import.id, file, true, Vec::new()).expect("a workbook");
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).expect("opened");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("read");
    let cell = |c: &Data| match c {
        Data::String(s) => s.clone(),
        other => other.to_string(),
    };
    range.rows().map(|r| r.iter().map(cell).collect()).collect()
}

fn csv(rows: &[Vec<String>]) -> String {
    rows.iter().map(|r| r.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect::<Vec<_>>().join(",") + "\r\n").collect()
}

fn set(rows: &mut [Vec<String>], row: usize, column: &str, text: &str) {
    let at = rows[0].iter().position(|c| c == column).expect("the column");
    text.clone_into(&mut rows[row][at]);
}

#[test]
fn a_corrected_sheet_settles_what_loads_and_nothing_else() {
    both("corrected sheet", |t| {
        let first = load(t, "订单.csv", &orders());
        assert_eq!((first.counts.orders_new, first.counts.quarantined), (1, 3));
        let waiting = list(t, "open");
        assert_eq!(waiting.iter().map(|h| h.row).collect::<Vec<_>>(), [2, 3, 5], "in the order of the file");
        let mut rows = workbook(t, &first);
        assert!(rows[0].last().expect("a column").starts_with("熟客修正编号"));
        set(&mut rows, 1, "买家实际支付金额", "1.00");
        set(&mut rows, 2, "订单创建时间", "2026-13-01 10:00:00");
        set(&mut rows, 3, "订单编号", "6900000000000000004");
        let second = load(t, "改好了.csv", &csv(&rows));
        assert_eq!((second.counts.orders_new, second.counts.quarantined, second.counts.mended), (2, 1, 2));
        let states: Vec<_> = waiting.iter().map(|h| one(t, h.id)).map(|h| (h.state, h.resolved_how, h.resolved_import)).collect();
        let settled = ("repaired".to_owned(), Some("sheet".to_owned()), Some(second.id));
        assert_eq!(states, [settled.clone(), ("open".to_owned(), None, None), settled]);
        let shown = one(t, waiting[0].id);
        assert!(shown.resolved_by.is_some_and(|by| by == "system:test") && shown.resolved_at.is_some());

        // The row that needs a second correction is repaired in its new place; the first is settled with it.
        let again = list(t, "open");
        assert_eq!(again.iter().map(|h| h.import).collect::<Vec<_>>(), [second.id, first.id], "the newest import first");
        let twice = workbook(t, &second);
        assert_eq!(twice[0].iter().filter(|c| c.starts_with("熟客修正编号") || *c == "问题").count(), 2, "{:?}", twice[0]);
        let (cx, id) = (t.ctx(), again[0].id);
        t.write(move |tx| quarantine::repair(tx, &cx, id, &[("订单创建时间".to_owned(), "2026-09-01 10:00:00".to_owned())]).map(|_| ()));
        assert_eq!(list(t, "open").len(), 0);
        assert_eq!(one(t, waiting[1].id).resolved_how.as_deref(), Some("console"));
        assert_eq!(t.int("SELECT COUNT(*) FROM orders"), 4);

        // Taken back: what it had settled waits again; with the first import gone nothing does.
        undo(t, &second);
        assert_eq!(t.int("SELECT COUNT(*) FROM orders"), 1);
        assert_eq!(list(t, "open").iter().map(|h| h.id).collect::<Vec<_>>(), waiting.iter().map(|h| h.id).collect::<Vec<_>>());
        undo(t, &first);
        assert_eq!((list(t, "open").len(), t.int("SELECT COUNT(*) FROM orders")), (0, 0));
    });
}

#[test]
fn without_the_column_a_row_is_found_by_the_sheets_name_and_its_key() {
    both("corrected by key", |t| {
        let first = load(t, "订单.csv", &orders());
        let fixed = format!("{HEAD}\r\n6900000000000000001,甲,1.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00\r\n");
        // Another report that speaks of the order is no correction of the row.
        load(t, "十月订单.csv", &fixed.replace("1.00", "1.10"));
        assert_eq!(list(t, "open").len(), 3);
        // The sheet of another file is none either.
        load(t, "rejects-退款.csv", &fixed.replace("1.00", "1.20"));
        assert_eq!(list(t, "open").len(), 3);
        let sheet = load(t, "rejects-订单 (1).csv", &fixed);
        assert_eq!(sheet.counts.mended, 1);
        let open = list(t, "open");
        assert_eq!(open.iter().map(|h| h.row).collect::<Vec<_>>(), [3, 5]);
        let settled = list(t, "repaired").remove(0);
        assert_eq!((settled.import, settled.resolved_how.as_deref(), settled.resolved_import), (first.id, Some("key"), Some(sheet.id)));
    });
}

fn shop(t: &TestStore, name: &'static str, entity: &'static str) -> [u8; 16] {
    t.clock.advance_seconds(1);
    let cx = t.ctx();
    let new = NewShop { name: name.to_owned(), platform: "own".to_owned(), legal_entity: entity.to_owned(), external: None };
    *t.write(move |tx| shops::create(tx, &cx, &new)).id.bytes()
}

const PEOPLE: &str = "会员编号,手机号,姓名,接受短信营销,接受邮件营销,邮箱\r\nV1,13800000001,张三,是,否,a@example.com\r\nV2,13800000002,李四,,也许,b@example.com\r\n";

#[test]
fn customers_of_two_legal_entities_are_kept_apart() {
    both("entities of imports", |t| {
        let (a, also_a, b) = (shop(t, "一店", "甲公司"), shop(t, "二店", "甲公司"), shop(t, "三店", "乙公司"));
        let members = || t.int("SELECT COUNT(*) FROM member WHERE state = 'live'");
        load_for(t, "会员.csv", PEOPLE, Some(a));
        assert_eq!(members(), 2);
        // The same entity's other shop, and a file that names no shop, speak of the same people.
        load_for(t, "会员2.csv", &PEOPLE.replace("V1", "W1").replace("V2", "W2").replace("张三", "张三三"), Some(also_a));
        let phones_only = "手机号,姓名,积分\r\n13800000001,张三,5\r\n";
        load_for(t, "会员3.csv", phones_only, None);
        let in_a = members();
        let other = load_for(t, "会员4.csv", PEOPLE, Some(b));
        assert_eq!(members() - in_a, 2, "the same rows are other people's at another entity");
        let order =
            format!("{HEAD},买家手机号\r\n6900000000000000009,,1.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00,13800000001\r\n");
        load_for(t, "订单.csv", &order, Some(b));
        assert_eq!(members() - in_a, 2);
        let theirs =
            "SELECT COUNT(*) FROM orders o JOIN key_set k ON k.merchant = o.merchant AND k.member = o.member WHERE k.entity = '乙公司'";
        assert!(t.int(theirs) > 0);
        undo(t, &other);
        assert_eq!(members() - in_a, 1, "whom the order names stays");
    });
}

const SHOPIFY: &str = "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Id\r\n#1001,a@example.com,paid,2026-09-01 10:05:00 +0800,fulfilled,USD,10.00,0.00,0.00,10.00,2026-09-01 10:00:00 +0800,1,Tea,10.00,T1,5500000000001\r\n";

#[test]
fn shops_that_count_their_orders_from_the_beginning_do_not_share_them() {
    both("numbers of shops", |t| {
        let (first, further) = (shop(t, "一店", ""), shop(t, "二店", ""));
        let orders = || t.int("SELECT COUNT(*) FROM orders");
        let taken = || t.int("SELECT CAST(SUM(paid) AS BIGINT) FROM orders");
        load(t, "export.csv", SHOPIFY);
        load_for(t, "export.csv", SHOPIFY, Some(first));
        assert_eq!((orders(), taken()), (1, 1_000), "before there was a second shop nobody named the first");
        let theirs = SHOPIFY.replace("10.00", "25.00").replace("a@example.com", "b@example.com");
        let import = load_for(t, "export.csv", &theirs, Some(further));
        load_for(t, "export.csv", &theirs, Some(further));
        assert_eq!((orders(), taken()), (2, 3_500), "the same number in another shop is another order, once");
        undo(t, &import);
        let before = orders();
        let row = "6900000000000000031,甲,1.00,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00";
        load_for(t, "订单.csv", &format!("{HEAD}\r\n{row}\r\n"), Some(first));
        load_for(t, "订单.csv", &format!("{HEAD}\r\n{row}\r\n"), Some(further));
        assert_eq!(orders() - before, 1, "a platform that numbers for all its shops has one such order");
    });
}

#[test]
fn a_lists_consent_is_loaded_shown_and_taken_back() {
    both("consent columns", |t| {
        let import = load(t, "会员.csv", PEOPLE);
        let kept = t.read(|tx| {
            let rows = tx.rows("SELECT purpose, channel, granted, source, basis FROM consent ORDER BY channel", &[])?;
            rows.into_iter()
                .map(|mut r| Ok((r.get::<String>(0)?, r.get::<String>(1)?, r.get::<bool>(2)?, r.get::<String>(3)?, r.get::<String>(4)?)))
                .collect::<shuke_kernel::Result<Vec<_>>>()
        });
        let said = |channel: &str, granted| ("marketing".to_owned(), channel.to_owned(), granted, "import".to_owned(), "file".to_owned());
        assert_eq!(kept, [said("email", false), said("sms", true)], "an empty cell and a word that is not known say nothing");
        load(t, "又来.csv", PEOPLE);
        assert_eq!(t.int("SELECT COUNT(*) FROM consent"), 2);
        let proof = t.read(|tx| {
            let mut row = tx.one("SELECT member FROM consent WHERE channel = 'sms'", &[])?;
            row.get::<shuke_members::MemberId>(0)
        });
        let cx = t.ctx();
        let history = t.read(move |tx| shuke_members::consent::history(tx, &cx, proof));
        assert_eq!(history[0].statement.proof.as_deref(), Some("会员.csv · 第 2 行 · row 2"));
        undo(t, &import);
        assert_eq!(t.int("SELECT COUNT(*) FROM consent"), 0);
    });
}

#[test]
fn the_sheet_holds_every_record_of_its_file_and_of_no_other() {
    both("long sheet", |t| {
        t.clock.advance_seconds(1);
        let row = |n: usize| format!("69{n:017},甲,abc,交易成功,2026-09-01 10:00:00,2026-09-01 10:05:00");
        let text = |rows: std::ops::Range<usize>| format!("{HEAD}\r\n{}\r\n", rows.map(row).collect::<Vec<_>>().join("\r\n"));
        let file = |name: &str, text: String| Incoming::Bytes { name: name.to_owned(), bytes: text.into_bytes() };
        // More than two steps, and a second file behind them.
        let (many, few) = (2_003, 3);
        let files = vec![file("多.csv", text(0..many)), file("少.csv", text(many..many + few))];
        let cx = t.ctx();
        let id = service::stage(&t.store, &cx, cx.new_id(), files, None, None).expect("staged").id;
        t.write(move |tx| service::run(tx, &cx, id).map(|_| ()));
        job(t);
        let m = t.merchant;
        let import = t.read(move |tx| service::get(tx, m, id));
        assert_eq!(import.counts.quarantined, (many + few) as i64);
        for (file, from, count) in [(0, 0, many), (1, many, few)] {
            let rows = sheet_of(t, &import, file);
            let at = rows[0].iter().position(|c| c == "订单编号").expect("the column");
            let numbers: Vec<&str> = rows[1..].iter().map(|r| r[at].as_str()).collect();
            let wanted: Vec<String> = (from..from + count).map(|n| format!("69{n:017}")).collect();
            assert_eq!(numbers, wanted);
        }
    });
}

fn settle(t: &TestStore) {
    let runner = JobRunner::new(t.store.clone()).with(shuke_members::tag::said::jobs::ApplySource);
    while runner.run_one().expect("a job") {}
}

/// How many have tags, by name of the tag.
fn tagged(t: &TestStore) -> Vec<(String, i64)> {
    let cx = t.ctx();
    let tags = t.read(move |tx| shuke_members::tag::service::list(tx, &cx, "all", None));
    let mut all: Vec<(String, i64)> = tags.into_iter().map(|t| (t.name, t.members)).collect();
    all.sort();
    all
}

fn of(counts: &[(&str, i64)]) -> Vec<(String, i64)> {
    counts.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
}

fn phones(of: std::ops::Range<usize>, rest: &str) -> String {
    of.map(|i| format!("138001380{i:02},{rest}\n")).collect()
}

#[test]
fn a_corrected_sheet_of_tags_takes_them_off_nobody() {
    both("corrected tags", |t| {
        load(t, "会员.csv", &format!("手机号,姓名,会员等级\n{}", phones(0..30, "王芳,金卡")));
        let head = "手机号,标签,得分\n";
        load(t, "人群.csv", &format!("{head}{}", phones(0..30, "baby,0.5")));
        settle(t);
        assert_eq!(tagged(t), of(&[("baby", 30)]));

        // Two rows of thirty are refused: theirs stay, others' end; the sheet puts them right and nothing else.
        let second = load(t, "人群.csv", &format!("{head}{}{}", phones(0..20, "baby,0.5"), phones(20..22, "camp,high")));
        settle(t);
        assert_eq!((second.counts.quarantined, second.counts.ends_kept, tagged(t)), (2, 0, of(&[("baby", 22)])));
        let mut rows = workbook(t, &second);
        set(&mut rows, 1, "得分", "0.7");
        let sheet = load(t, "rejects-人群.csv", &csv(&rows));
        settle(t);
        assert_eq!((sheet.counts.mended, sheet.counts.tags, sheet.counts.quarantined), (1, 1, 1));
        assert_eq!(tagged(t), of(&[("baby", 22), ("camp", 1)]));
        // The row that is refused again is repaired where it is now.
        let id = list(t, "open").into_iter().find(|h| h.import == sheet.id).expect("it waits").id;
        let cx = t.ctx();
        t.write(move |tx| quarantine::repair(tx, &cx, id, &[("得分".to_owned(), "70%".to_owned())]).map(|_| ()));
        assert_eq!((list(t, "open").len(), tagged(t)), (0, of(&[("baby", 22), ("camp", 2)])));
        undo(t, &sheet);
        settle(t);
        assert_eq!((list(t, "open").len(), tagged(t)), (2, of(&[("baby", 22), ("camp", 0)])));

        // Without the column for it a sheet replaces nothing either.
        load(t, "rejects-人群.csv", &format!("{head}13800138020,camp,0.7\n"));
        settle(t);
        assert_eq!(tagged(t), of(&[("baby", 22), ("camp", 1)]));
    });
}

#[test]
fn an_import_of_which_much_was_refused_ends_nobodys_tags_until_it_is_put_right() {
    both("holed tags", |t| {
        load(t, "会员.csv", &format!("手机号,姓名,会员等级\n{}", phones(0..30, "王芳,金卡")));
        let head = "手机号,标签,得分\n";
        load(t, "人群.csv", &format!("{head}{}", phones(0..30, "baby,0.5")));
        settle(t);
        let second = load(t, "人群.csv", &format!("{head}{}{}", phones(0..8, "camp,0.5"), phones(8..10, "camp,high")));
        settle(t);
        assert_eq!((second.counts.ends_kept, tagged(t)), (1, of(&[("baby", 30), ("camp", 8)])));
        let mut rows = workbook(t, &second);
        (1..3).for_each(|row| set(&mut rows, row, "得分", "0.7"));
        load(t, "改好了.csv", &csv(&rows));
        settle(t);
        let (m, id) = (t.merchant, second.id);
        assert_eq!(t.read(move |tx| service::get(tx, m, id)).counts.ends_kept, 0);
        assert_eq!(tagged(t), of(&[("baby", 2), ("camp", 10)]), "what held of the two goes on until the next import");
        // A list that speaks of many who are no members is none with holes.
        let third = load(t, "人群.csv", &format!("{head}{}", phones(29..60, "camp,0.5")));
        settle(t);
        assert_eq!((third.counts.quarantined, third.counts.ends_kept, tagged(t)), (30, 0, of(&[("baby", 0), ("camp", 1)])));
    });
}

#[test]
fn a_sheet_of_tags_stays_within_the_legal_entity_of_its_shop() {
    both("tags of entities", |t| {
        let (home, other) = (shop(t, "甲", "甲公司"), shop(t, "乙", "乙公司"));
        load_for(t, "乙会员.csv", "手机号,姓名,会员等级\n13800138000,王芳,金卡\n", Some(other));
        let sheet = "手机号,标签\n13800138000,baby\n";
        assert_eq!(load_for(t, "人群.csv", sheet, Some(home)).counts.tags, 0);
        assert_eq!(load(t, "人群二.csv", sheet).counts.tags, 0);
        assert_eq!(load_for(t, "人群三.csv", sheet, Some(other)).counts.tags, 1);
        assert_eq!(tagged(t), of(&[("baby", 1)]));
    });
}
