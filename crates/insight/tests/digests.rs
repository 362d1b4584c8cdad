//! What is kept beside the buckets of a store's columns: reports say by it what they say by the rows, it is counted, and
//! one that says something else is found out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use shuke_columns::{Columns, Digests, Keeper};
use shuke_insight::standing::Facts;
use shuke_insight::{Question, REPORTS, answer};
use shuke_members::hooks;
use shuke_store::register::{GROUND, Register};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{TestStore, both_with};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_insight::TABLES]);

/// Where numbers begin in a file: behind what it says of itself.
const ALIGNED: usize = 64;

fn merchant(t: &TestStore) {
    let no = t.merchant.0;
    t.write(move |tx| {
        tx.exec(
            &*format!("INSERT INTO merchant (merchant, id, name, sandbox, zone, currency, settings, created_at, updated_at) VALUES ({no}, $1, 'x', 0, 'Asia/Shanghai', 'CNY', '{{}}', 0, 0)"),
            &[shuke_store::Value::Bytes(vec![9; 16])],
        )
    });
}

fn order(no: u64, day: u64) -> Value {
    let at = jiff::civil::Date::constant(2025, 1, 1).saturating_add(jiff::Span::new().days(day as i64));
    let paid = json!({"amount": 100 * (1 + no % 7), "currency": "CNY"});
    json!({"external": {"source": "own", "id": format!("o{no}")}, "state": "completed", "created_at": format!("{at}T04:00:00Z"), "paid_at": format!("{at}T04:00:00Z"),
        "paid": paid, "buyer": {"keys": [{"kind": "own_id", "value": format!("p{}", no % 11), "verified": true}]},
        "lines": [{"id": "1", "sku": format!("S{}", no % 3), "title": format!("商品 {}", no % 5), "category": format!("类目{}", no % 2), "quantity": 1, "paid": paid}]})
}

/// All reports by what is kept beside the buckets, of all of them however small, which are what they are by the rows.
fn asked(keeper: &Keeper) {
    let digests = Some(Arc::new(Digests::of_all(keeper.folder())));
    let beside = Columns { digests, ..(*keeper.fresh().unwrap().columns).clone() };
    let rows = Columns { digests: None, ..beside.clone() };
    let q = Question { currency: Some("CNY".to_owned()), ..Question::about("2026-01-01".parse().unwrap()) };
    let told = |columns: &Columns| {
        let one = |report| serde_json::to_value(answer(columns, report, &q, &|_| String::new()).unwrap()).unwrap();
        REPORTS.map(|(_, report)| one(report))
    };
    assert_eq!(told(&beside), told(&rows));
}

/// The digests in a folder.
fn digests(folder: &Path) -> Vec<PathBuf> {
    let beside = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().contains('+'));
    std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(beside).collect()
}

/// Those of the buckets that hold.
fn of_present(keeper: &Keeper) -> Vec<PathBuf> {
    let manifest = keeper.present().unwrap().unwrap().manifest.clone();
    let is_named = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        manifest.base.iter().chain(&manifest.deltas).any(|bucket| name.split('+').next() == Some(&*bucket.file))
    };
    digests(&keeper.folder()).into_iter().filter(is_named).collect()
}

/// The checksum that files have.
fn crc(bytes: &[u8]) -> u32 {
    let bit = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0_u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}

/// The file with another number in it, whole by its checksum.
fn falsified(whole: &[u8]) -> Vec<u8> {
    let number = |at: usize| u32::from_le_bytes(whole[at..at + 4].try_into().unwrap());
    assert_eq!(number(8), crc(&whole[12..]), "that is how it is summed up");
    let mut other = whole.to_vec();
    other[(16 + number(12) as usize).next_multiple_of(ALIGNED)] ^= 1;
    let sum = crc(&other[12..]);
    other[8..12].copy_from_slice(&sum.to_le_bytes());
    other
}

/// Puts a file in the place of one that may be mapped.
fn put(path: &Path, bytes: &[u8]) {
    let beside = path.with_extension("other");
    std::fs::write(&beside, bytes).unwrap();
    std::fs::rename(beside, path).unwrap();
}

#[test]
fn what_is_kept_beside_buckets_is_counted_and_compared_with_their_rows() {
    hooks::install(shuke_commerce::HOOKS);
    both_with("digests", ALL, |t| {
        merchant(t);
        let api = Api::of(app(t), shuke_commerce::router());
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(t.store.clone(), t.merchant, folder.path()).unwrap().deriving(Some(Arc::new(Facts)));
        for from in [0, 40, 60] {
            api.post("/orders/batch", (from..from + 40).map(|no| order(no, no * 3)).collect());
            t.clock.advance_seconds(60);
            asked(&keeper);
            let files = of_present(&keeper);
            let bytes: u64 = files.iter().map(|path| path.metadata().unwrap().len()).sum();
            assert!(files.len() >= 3, "brief, diary and tally: {files:?}");
            assert_eq!(keeper.status().unwrap().digest_bytes, bytes);
            assert_eq!(keeper.verify().unwrap(), Vec::<String>::new());
            for path in files {
                let whole = std::fs::read(&path).unwrap();
                put(&path, &falsified(&whole));
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                assert_eq!(keeper.verify().unwrap(), [format!("the digest {name} is not what the rows of its bucket say")]);
                // What is torn is nobody's answer, and so no fault.
                put(&path, &whole[..whole.len() / 2]);
                assert_eq!(keeper.verify().unwrap(), Vec::<String>::new());
                put(&path, &whole);
            }
        }
        keeper.rebuild().unwrap();
        assert_eq!((keeper.status().unwrap().digest_bytes, of_present(&keeper).len()), (0, 0));
        keeper.rebuild().unwrap();
        assert_eq!(digests(&keeper.folder()).len(), 0, "they go with their buckets");
        asked(&keeper);
    });
}
