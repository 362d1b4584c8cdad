//! A shop over the real services, with its segments kept up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use shuke_columns::{Keepers, Registry};
use shuke_kernel::Clock as _;
use shuke_members::{MemberId, hooks};
use shuke_segments::living::ready::judged;
use shuke_segments::model::Cause;
use shuke_segments::service::zone;
use shuke_segments::{Desk, Living, Reckoning, SegmentId, book, comings, count};
use shuke_store::jobs::JobRunner;
use shuke_store::register::{GROUND, Register};
use shuke_store::{Tx, args};
use shuke_testkit::web::{Api, app};
use shuke_testkit::{MERCHANT, TestStore};

pub const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_segments::TABLES]);

fn erased(tx: &mut Tx<'_>, cx: &shuke_kernel::Ctx, members: &[MemberId]) -> shuke_kernel::Result<()> {
    let ids: Vec<[u8; 16]> = members.iter().map(|m| *m.bytes()).collect();
    comings::erased(tx, cx, &ids)?;
    (shuke_commerce::HOOKS.erased)(tx, cx, members)
}

/// A shop.
pub struct Shop<'t> {
    pub t: &'t TestStore,
    pub living: Arc<Living>,
    keepers: Arc<Keepers>,
    api: Api,
    folder: tempfile::TempDir,
}

/// The lock that whoever brings columns up to date must have.
fn locks(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            locks(&entry, into);
        } else if entry.file_name().is_some_and(|n| n == "lock") {
            into.push(entry);
        }
    }
}

impl<'t> Shop<'t> {
    pub fn over(t: &'t TestStore) -> Self {
        hooks::install(hooks::Hooks { erased, ..shuke_commerce::HOOKS });
        let folder = tempfile::tempdir().unwrap();
        let keepers = Arc::new(Keepers::new(t.store.clone(), folder.path().to_owned()));
        let app = app(t).with(Desk::new(keepers.clone(), 1).unwrap());
        let routes = shuke_commerce::router().merge(shuke_members::router()).merge(shuke_segments::router());
        let living = Arc::new(Living::new(t.store.clone(), keepers.clone(), "this"));
        Self { t, living, keepers, api: Api::of(app, routes), folder }
    }

    /// What another process would keep the same segments up with.
    pub fn another(&self, name: &str) -> Living {
        Living::new(self.t.store.clone(), self.keepers.clone(), name)
    }

    /// So many members `p0`, `p1` …
    pub fn people(&self, count: usize) {
        let keys = |name: &str| json!([{"kind": "own_id", "value": name, "verified": true}]);
        let one = |i: usize| json!({"external": {"source": "own", "id": format!("p{i}")}, "keys": keys(&format!("p{i}"))});
        for some in (0..count).collect::<Vec<_>>().chunks(100) {
            self.call("POST", "/members/batch", Some(json!({"items": some.iter().map(|i| one(*i)).collect::<Vec<_>>()})));
        }
    }

    /// What these did just now, by the number of the act.
    pub fn acts(&self, acts: &[(usize, String, &str)]) {
        let one = |(number, who, kind): &(usize, String, &str)| {
            let keys = json!([{"kind": "own_id", "value": who, "verified": true}]);
            json!({"source": "own", "id": format!("a{number}"), "type": kind, "at": self.t.clock.now(), "keys": keys})
        };
        for some in acts.chunks(100) {
            self.call("POST", "/events/batch", Some(json!({"items": some.iter().map(one).collect::<Vec<_>>()})));
        }
    }

    /// The status and what was answered.
    pub fn answer(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.api.call(method, path, body)
    }

    pub fn call(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        self.api.done(method, path, body)
    }

    /// A member with an own id, made or changed.
    pub fn member(&self, name: &str, more: Value) -> String {
        let mut body = json!({"keys": [{"kind": "own_id", "value": name, "verified": true}]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.call("POST", "/members", Some(body))["id"].as_str().unwrap().to_owned()
    }

    /// An order of a member, so many seconds before now, of so many fen.
    pub fn order(&self, number: &str, buyer: &str, ago: i64, fen: i64) {
        let at = self.t.clock.now().plus_seconds(-ago);
        let paid = json!({"amount": fen, "currency": "CNY"});
        let buyer = json!({"keys": [{"kind": "own_id", "value": buyer, "verified": true}]});
        self.call(
            "POST",
            "/orders",
            Some(
                json!({"external": {"source": "own", "id": number}, "platform": "own", "state": "paid", "currency": "CNY", "buyer": buyer,
                "lines": [{"sku": if fen % 200 == 0 { "S2" } else { "S1" }, "quantity": 1, "paid": paid}], "paid": paid, "created_at": at, "paid_at": at}),
            ),
        );
    }

    pub fn segment(&self, name: &str, text: &str) -> SegmentId {
        let made = self.call("POST", "/segments", Some(json!({"name": name, "kind": "living", "text": text})));
        made["id"].as_str().unwrap().parse().unwrap()
    }

    pub fn get(&self, id: SegmentId) -> Value {
        self.call("GET", &format!("/segments/{id}"), None)
    }

    /// Runs the tasks that wait.
    pub fn tasks(&self) {
        let runner = JobRunner::new(self.t.store.clone())
            .with(shuke_segments::jobs::Reckon { living: self.living.clone() })
            .with(shuke_segments::target::record::Record { keepers: self.keepers.clone() });
        while runner.run_one().unwrap() {}
    }

    /// Follows the feed to its end.
    pub fn follow(&self) -> usize {
        self.t.store.stamp_events().unwrap();
        self.living.follow(MERCHANT).unwrap()
    }

    /// Columns stay as they are as long as this is held, as those of a large shop do for a minute.
    pub fn old_columns(&self) -> Vec<File> {
        self.keepers.of(MERCHANT).unwrap().people().unwrap();
        let mut found = Vec::new();
        locks(self.folder.path(), &mut found);
        assert!(!found.is_empty());
        let held: Vec<File> = found.iter().map(|path| File::open(path).unwrap()).collect();
        held.iter().for_each(|file| file.lock().unwrap());
        held
    }

    /// A moment later: what happened at the present instant is known.
    pub fn later(&self, seconds: i64) {
        self.t.clock.advance_seconds(seconds);
    }

    /// Who is in a segment.
    pub fn members(&self, id: SegmentId) -> BTreeSet<String> {
        self.t.read(move |tx| {
            let rows = tx.rows("SELECT member FROM segment_member WHERE merchant = $1 AND segment = $2", args![MERCHANT, id])?;
            rows.into_iter().map(|mut r| Ok(r.get::<MemberId>(0)?.to_string())).collect()
        })
    }

    /// Whom its expression is true of, by evaluation over everybody.
    pub fn true_of(&self, id: SegmentId) -> BTreeSet<String> {
        let cx = self.t.ctx();
        let (expression, zone) = self.t.read(move |tx| {
            let segment = book::get(tx, &cx, id)?;
            Ok((judged(tx, &cx, &segment.expr.unwrap(), &Registry::standard())?.unwrap(), zone(tx, MERCHANT)?))
        });
        let people = self.keepers.of(MERCHANT).unwrap().people().unwrap();
        let reckoning = Reckoning::new(self.t.clock.now().micros(), &zone);
        let found = count::matches(&people, &expression, &reckoning, &|| false).unwrap().unwrap();
        let each = people.slices.iter().zip(found);
        each.flat_map(|(slice, places)| places.iter().map(|p| slice.members.get(p).into_owned()).collect::<Vec<_>>()).collect()
    }

    /// Comings (true) and goings of a segment as the feed tells them, by member.
    pub fn told(&self, id: SegmentId) -> BTreeMap<String, Vec<(bool, Cause)>> {
        let mut all: BTreeMap<String, Vec<(bool, Cause)>> = BTreeMap::new();
        self.t.store.stamp_events().unwrap();
        let events = self.t.read(|tx| tx.events_after(MERCHANT, 0, 1_000_000));
        for event in events.iter().filter(|e| e.kind == "segment.entered" || e.kind == "segment.left") {
            let data: Value = serde_json::from_str(&event.data).unwrap();
            if data["segment"] == json!(id) {
                let member = MemberId::from_bytes(event.subject).to_string();
                let cause = Cause::named(data["cause"].as_str().unwrap()).unwrap();
                all.entry(member).or_default().push((event.kind == "segment.entered", cause));
            }
        }
        all
    }

    /// The size that is kept is the size that is, and who is in it came once more than they went (those of
    /// the beginning, who did not come, as often).
    pub fn adds_up(&self, id: SegmentId, first: &BTreeSet<String>) {
        let members = self.members(id);
        assert_eq!(self.get(id)["size"], json!(members.len()), "the size of {id}");
        let told = self.told(id);
        let mut by_events = first.clone();
        for (member, all) in &told {
            for (entered, _) in all {
                let changed = if *entered { by_events.insert(member.clone()) } else { by_events.remove(member) };
                assert!(changed, "{member} came or went twice: {all:?}");
            }
        }
        assert_eq!(by_events, members, "what the feed tells of {id}");
    }
}
