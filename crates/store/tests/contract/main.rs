//! The contract of the store, stamped on both engines: what a write, a key, an event, a job and a
//! sealed value promise, and what becomes of the promises in an outage.

mod feed;
mod idempotency;
mod jobs;
mod keys;
mod locks;
mod outage;
mod schema;
mod together;
mod transfer;
mod values;
mod write;

use shuke_kernel::{Code, Kind, Result};
use shuke_store::{Tx, args};
use shuke_testkit::TestStore;

/// A rule of the tests that says no.
static NO: Code = Code { code: "test.no", kind: Kind::Unprocessable, zh: "不行：{why}", en: "No: {why}" };

/// A table of notes, each with a counter.
fn notes(t: &TestStore) {
    t.write(|tx| {
        tx.batch("CREATE TABLE note (merchant BIGINT NOT NULL, name TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (merchant, name))")
    });
}

fn note(tx: &mut Tx<'_>, name: &str, n: i64) -> Result<u64> {
    tx.exec("INSERT INTO note (merchant, name, n) VALUES ($1, $2, $3)", args![shuke_testkit::MERCHANT, name, n])
}

fn count(t: &TestStore) -> i64 {
    t.int("SELECT COUNT(*) FROM note")
}

/// The code of a refusal, or the words of a fault.
fn why<T>(done: Result<T>) -> String {
    match done {
        Ok(_) => "it went through".to_owned(),
        Err(e) => e.refusal().map_or_else(|| e.to_string(), |r| r.code.code.to_owned()),
    }
}
