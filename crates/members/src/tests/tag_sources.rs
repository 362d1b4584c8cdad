//! Tags that files say: whatever sources say, say no longer and take back, whatever people give and take off,
//! and whoever is merged and parted, everybody has what a slow book says; nobody is made; time ends what is
//! over.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shuke_kernel::{Clock as _, Instant};
use shuke_store::feed::{FeedEvent, Subscriber as _};
use shuke_store::jobs::JobRunner;
use shuke_testkit::{TestStore, both_with, sqlite_with};

use super::world::{TABLES, dump, feed, one, person, sound};
use crate::MemberId;
use crate::identity::{self, KeyKind, merge};
use crate::tag::model::Change;
use crate::tag::rule::follow::Follow;
use crate::tag::said::{self, Of, Said, Sought, Took};
use crate::tag::service::{self, TagChange};
use crate::tag::{TagId, give, jobs};

fn run_all(t: &TestStore) {
    let runner = JobRunner::new(t.store.clone()).with(said::jobs::ApplySource).with(jobs::DropTag);
    while runner.run_one().unwrap() {}
}

fn row(source: &str, own_id: &str, tag: &str, until: Option<Instant>) -> Said {
    let whom = vec![Sought { kinds: vec![KeyKind::OwnId, KeyKind::Card], namespace: None, value: own_id.to_owned() }];
    let tags = vec![tag.to_owned()];
    Said { source: source.to_owned(), whom, tags, category: None, score: Some(870_000), valid_until: until }
}

fn take(t: &TestStore, import: i64, rows: &[Said]) -> Vec<Took> {
    let (cx, rows) = (t.ctx(), rows.to_vec());
    t.write(move |tx| said::take(tx, &cx, &Of { import, ..Of::default() }, &rows)).0
}

fn finish(t: &TestStore, import: i64) {
    let cx = t.ctx();
    t.write(move |tx| said::finish(tx, &cx, import, cx.now, true));
    run_all(t);
}

fn current(t: &TestStore) -> i64 {
    let cx = t.ctx();
    t.read(move |tx| said::sources(tx, &cx))[0].import
}

fn undo(t: &TestStore, import: i64) {
    let cx = t.ctx();
    while t.write({
        let cx = cx.clone();
        move |tx| said::unsay(tx, &cx, import, 1)
    }) > 0
    {}
    t.write(move |tx| said::undone(tx, &cx, import));
    run_all(t);
}

fn by_hand(t: &TestStore, member: MemberId, add: &[TagId], remove: &[TagId]) {
    let (cx, change) = (t.ctx(), Change { add: add.to_vec(), remove: remove.to_vec() });
    t.write(move |tx| give::change(tx, &cx, &[member], &change, "stf_test").map(|_| ()));
}

fn tags_of(t: &TestStore, member: MemberId) -> BTreeSet<String> {
    let cx = t.ctx();
    let labels = t.read(move |tx| give::labels(tx, &cx, &[member])).remove(&member).unwrap_or_default();
    labels.into_iter().map(|l| l.name).collect()
}

fn resolved(t: &TestStore, id: MemberId) -> MemberId {
    let cx = t.ctx();
    t.read(move |tx| identity::resolve(tx, &cx, id)).unwrap()
}

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    /// A source's next import says the tag of some, and is loaded to its end or left in the middle.
    Import(usize, Vec<bool>, bool),
    Undo(prop::sample::Index),
    Give(prop::sample::Index),
    Take(prop::sample::Index),
    Merge(prop::sample::Index, prop::sample::Index),
    Unmerge(prop::sample::Index),
}

const PEOPLE: usize = 4;
const SOURCES: [&str; 2] = ["巨量云图", "Ocean"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = any::<prop::sample::Index>;
    let step = prop_oneof![
        5 => (0..SOURCES.len(), prop::collection::vec(any::<bool>(), PEOPLE), prop::bool::weighted(0.8)).prop_map(|(s, m, e)| Step::Import(s, m, e)),
        2 => who().prop_map(Step::Undo),
        2 => who().prop_map(Step::Give),
        3 => who().prop_map(Step::Take),
        2 => (who(), who()).prop_map(|(a, b)| Step::Merge(a, b)),
        2 => who().prop_map(Step::Unmerge),
    ];
    prop::collection::vec(step, 1..14)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum By {
    Hand,
    Source(usize),
}

#[derive(Clone, Debug)]
struct Line {
    by: By,
    member: MemberId,
    ended: Option<(By, Instant)>,
}

/// A statement: source, import, of whom it was said, when.
type Statement = (usize, i64, MemberId, Instant);

#[derive(Default)]
struct Book {
    lines: Vec<Line>,
    merges: Vec<(merge::Merged, Vec<usize>)>,
    statements: Vec<Statement>,
    /// Imports by source, and whether they were loaded to their end.
    imports: BTreeMap<i64, (usize, bool)>,
    last: i64,
}

impl Book {
    fn open(&self, member: MemberId, by: Option<By>) -> bool {
        self.lines.iter().any(|l| l.member == member && l.ended.is_none() && by.is_none_or(|by| l.by == by))
    }

    /// Whether a member is in a merge that stands: who is whom after chains of them is for the tests of identity.
    fn is_merged(&self, member: MemberId) -> bool {
        self.merges.iter().any(|(m, _)| [m.survivor, m.absorbed].contains(&member))
    }

    fn settle(&mut self, t: &TestStore, people: &[MemberId]) {
        let now = t.clock.now();
        let living: BTreeSet<MemberId> = people.iter().map(|p| resolved(t, *p)).collect();
        for source in 0..SOURCES.len() {
            let current = self.imports.iter().filter(|(_, (s, ended))| *s == source && *ended).map(|(i, _)| *i).max().unwrap_or(0);
            for member in living.iter().copied() {
                let said: Vec<Instant> = self
                    .statements
                    .iter()
                    .filter(|(s, import, of, _)| *s == source && *import >= current && resolved(t, *of) == member)
                    .map(|s| s.3)
                    .collect();
                let by = By::Source(source);
                let off = self.lines.iter().filter(|l| l.member == member && l.by == by);
                let off = off.filter_map(|l| l.ended).filter(|(by, _)| *by == By::Hand).map(|(_, at)| at).max();
                if said.is_empty() {
                    let mine = |l: &&mut Line| l.member == member && l.by == by && l.ended.is_none();
                    self.lines.iter_mut().filter(mine).for_each(|l| l.ended = Some((by, now)));
                } else if !self.open(member, Some(by)) && said.iter().any(|at| off.is_none_or(|off| off < *at)) {
                    self.lines.push(Line { by, member, ended: None });
                }
            }
        }
    }

    fn follow(&mut self, t: &TestStore, people: &[MemberId], tag: TagId, step: &Step) {
        t.clock.advance_seconds(1);
        let now = t.clock.now();
        let pick = |i: &prop::sample::Index| resolved(t, people[i.index(people.len())]);
        match step {
            Step::Import(source, of, ends) => {
                self.last += 1;
                let rows: Vec<Said> =
                    (0..PEOPLE).filter(|i| of[*i]).map(|i| row(SOURCES[*source], &i.to_string(), "运动达人", None)).collect();
                assert!(take(t, self.last, &rows).iter().all(|t| *t == Took::Taken));
                for i in (0..PEOPLE).filter(|i| of[*i]) {
                    self.statements.push((*source, self.last, resolved(t, people[i]), now));
                }
                if !rows.is_empty() {
                    self.imports.insert(self.last, (*source, *ends));
                }
                if *ends {
                    finish(t, self.last);
                }
            }
            Step::Undo(which) if !self.imports.is_empty() => {
                let import = *self.imports.keys().nth(which.index(self.imports.len())).unwrap();
                undo(t, import);
                self.imports.remove(&import);
                self.statements.retain(|s| s.1 != import);
            }
            Step::Undo(_) => {}
            Step::Give(m) => {
                let m = pick(m);
                by_hand(t, m, &[tag], &[]);
                if !self.open(m, Some(By::Hand)) {
                    self.lines.push(Line { by: By::Hand, member: m, ended: None });
                }
            }
            Step::Take(m) => {
                let m = pick(m);
                by_hand(t, m, &[], &[tag]);
                let mine = |l: &&mut Line| l.member == m && l.ended.is_none();
                self.lines.iter_mut().filter(mine).for_each(|l| l.ended = Some((By::Hand, now)));
            }
            Step::Merge(a, b) => {
                let (cx, a, b) = (t.ctx(), pick(a), pick(b));
                if self.is_merged(a) || self.is_merged(b) {
                    return self.settle(t, people);
                }
                let Ok(done) = t.try_write(move |tx| merge::merge(tx, &cx, a, b, "manual", "")) else { return self.settle(t, people) };
                let lines = (0..self.lines.len()).filter(|i| self.lines[*i].member == done.absorbed).collect::<Vec<_>>();
                lines.iter().for_each(|i| self.lines[*i].member = done.survivor);
                tell(t, "member.merged", done.survivor, done.absorbed);
                self.merges.push((done, lines));
            }
            Step::Unmerge(which) if !self.merges.is_empty() => {
                let (merged, lines) = self.merges.remove(which.index(self.merges.len()));
                let (cx, holder) = (t.ctx(), resolved(t, merged.survivor));
                if t.try_write(move |tx| merge::unmerge(tx, &cx, merged.merge)).is_ok() {
                    for i in lines {
                        if [merged.survivor, holder].contains(&self.lines[i].member) {
                            self.lines[i].member = merged.absorbed;
                        }
                    }
                    tell(t, "member.unmerged", merged.absorbed, holder);
                }
            }
            Step::Unmerge(_) => {}
        }
        self.settle(t, people);
    }
}

fn tell(t: &TestStore, kind: &str, member: MemberId, other: MemberId) {
    let told = FeedEvent {
        position: 1,
        id: [0; 16],
        kind: kind.to_owned(),
        version: 1,
        occurred_at: Instant(0),
        recorded_at: Instant(0),
        subject_kind: "mem".to_owned(),
        subject: *member.bytes(),
        member: Some(*member.bytes()),
        data: serde_json::json!({ "other": other }).to_string(),
    };
    let cx = t.ctx();
    t.write(move |tx| Follow.handle(tx, &cx, &[told.clone(), told.clone()]));
}

#[test]
fn tags_follow_what_files_say_whatever_else_happens() {
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&steps(), |history| {
            let t = sqlite_with(TABLES);
            let people: Vec<MemberId> = (0..PEOPLE).map(|i| one(&t, i as i64, &[&format!("own:{i}")]).unwrap()).collect();
            let cx = t.ctx();
            let tag = t.write(move |tx| service::add(tx, &cx, "运动达人", None, None)).id;
            let mut book = Book::default();
            for step in &history {
                book.follow(&t, &people, tag, step);
                for p in people.iter().filter(|p| resolved(&t, **p) == **p) {
                    let has = !tags_of(&t, *p).is_empty();
                    prop_assert_eq!(has, book.open(*p, None), "{} after {:?} of {:?}", p, step, history);
                }
                sound(&t);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_source_says_again_and_what_it_says_no_longer_ends() {
    both_with("tag_sources", TABLES, |t| {
        let [a, b] = [1, 2].map(|i| one(t, i, &[&format!("own:{i}"), &format!("phone:1380000000{i}")]).unwrap());
        let took =
            take(t, 1, &[row("巨量云图", "1", "母婴", None), row("巨量云图", "2", "运动", None), row("巨量云图", "9", "运动", None)]);
        assert_eq!(took, [Took::Taken, Took::Taken, Took::Nobody]);
        let by_phone = Sought { kinds: vec![KeyKind::Phone], namespace: None, value: "13800000002".to_owned() };
        let of_two =
            Said { whom: vec![by_phone.clone(), row("x", "1", "x", None).whom[0].clone()], ..row("巨量云图", "", "运动", None) };
        assert_eq!(take(t, 1, &[of_two]), [Took::Several]);
        take(t, 2, &[Said { whom: vec![by_phone], category: Some("兴趣".to_owned()), ..row("友盟", "", "户外", None) }]);
        finish(t, 1);
        finish(t, 2);
        assert_eq!((tags_of(t, a), tags_of(t, b)), (["母婴".to_owned()].into(), ["运动", "户外"].map(str::to_owned).into()));
        let cx = t.ctx();
        let categories: BTreeSet<String> = t.read(move |tx| service::categories(tx, &cx)).into_iter().map(|c| c.name).collect();
        assert_eq!(categories, ["兴趣", "巨量云图"].map(str::to_owned).into(), "in the file's category, else in one called as the source");
        assert_eq!(t.int("SELECT COUNT(*) FROM member"), 2, "nobody is made");

        // Again: b's is not said any more and ends as a spell; a hand-given one and other sources' stay.
        let cx = t.ctx();
        let sport = t.read(move |tx| service::named(tx, &cx, "运动"))[0];
        by_hand(t, a, &[sport], &[]);
        t.clock.advance_seconds(1);
        take(t, 3, &[row("巨量云图", "1", "母婴", None)]);
        assert!(tags_of(t, b).contains("运动"), "not before the load is at its end");
        finish(t, 3);
        assert_eq!((tags_of(t, a).len(), tags_of(t, b)), (2, ["户外".to_owned()].into()));
        let cx = t.ctx();
        let past = t.read(move |tx| give::past(tx, &cx, b, false, (Instant(i64::MAX), [255; 16]), 9));
        assert_eq!(past.iter().map(|p| (p.name.as_str(), p.taken_by.as_str())).collect::<Vec<_>>(), [("运动", "import:巨量云图")]);
        undo(t, 3);
        assert_eq!(tags_of(t, b).len(), 2, "what held before holds again");

        // Its own time ends a statement; an archived tag is kept and catches up.
        let soon = Instant(t.clock.now().micros() + 5_000_000);
        take(t, 4, &[row("友盟", "1", "露营", Some(soon)), row("友盟", "2", "户外", None)]);
        finish(t, 4);
        assert!(tags_of(t, a).contains("露营"));
        let cx = t.ctx();
        let said = t.read(move |tx| said::of_member(tx, &cx, a));
        assert!(said.values().flatten().any(|s| (s.source.as_str(), s.score, s.valid_until) == ("友盟", Some(870_000), Some(soon))));
        t.clock.advance_seconds(6);
        let cx = t.ctx();
        assert_eq!(t.write(move |tx| said::expire(tx, &cx, 100)), 1);
        let cx = t.ctx();
        assert_eq!(t.write(move |tx| said::expire(tx, &cx, 100)), 0);
        assert!(!tags_of(t, a).contains("露营"));
        let archive = |archived: bool| {
            let cx = t.ctx();
            t.write(move |tx| service::change(tx, &cx, sport, &TagChange { archived: Some(archived), ..TagChange::default() }).map(|_| ()));
        };
        archive(true);
        take(t, 5, &[row("巨量云图", "2", "运动", None)]);
        finish(t, 5);
        archive(false);
        run_all(t);
        assert!(tags_of(t, b).contains("运动"));
        let cx = t.ctx();
        let sources = t.read(move |tx| said::sources(tx, &cx));
        assert_eq!(
            sources.iter().map(|s| (s.name.as_str(), s.import, s.members)).collect::<Vec<_>>(),
            [("巨量云图", 5, Some(1)), ("友盟", 4, Some(2))]
        );

        // Who is erased, and a tag that goes, take what is said with them; a copy tells it.
        let cx = t.ctx();
        assert!(t.read(move |tx| crate::privacy::copy::copy(tx, &cx, b)).to_string().contains("tag_said"));
        let cx = t.ctx();
        t.write(move |tx| crate::privacy::erase::erase(tx, &cx, b));
        let cx = t.ctx();
        t.write(move |tx| service::remove(tx, &cx, sport, true).map(|_| ()));
        run_all(t);
        assert_eq!(
            dump(t, "SELECT tag FROM tag_said WHERE merchant = $1 AND member NOT IN (SELECT id FROM member WHERE state = 'live')").len(),
            0
        );
        let cx = t.ctx();
        assert!(t.read(move |tx| service::named(tx, &cx, "运动")).is_empty());
        sound(t);
    });
}

fn people(t: &TestStore) -> [MemberId; 3] {
    [1, 2, 3].map(|i| one(t, i, &[&format!("own:{i}")]).unwrap())
}

#[test]
fn the_import_whose_load_ends_last_holds_whatever_its_number() {
    both_with("tag_sources_order", TABLES, |t| {
        let [a, b, c] = people(t);
        take(t, 2, &[row("友盟", "1", "母婴", None), row("友盟", "2", "母婴", None)]);
        finish(t, 2);
        // Staged before that one, loaded after it.
        t.clock.advance_seconds(1);
        take(t, 1, &[row("友盟", "1", "母婴", None)]);
        finish(t, 1);
        assert_eq!((tags_of(t, a).len(), tags_of(t, b).len(), current(t)), (1, 0, 1));
        // One that began before another ended and ends after it: its first rows hold from then on.
        t.clock.advance_seconds(1);
        take(t, 3, &[row("友盟", "3", "母婴", None)]);
        t.clock.advance_seconds(1);
        take(t, 4, &[row("友盟", "2", "母婴", None)]);
        finish(t, 4);
        assert_eq!([a, b, c].map(|m| tags_of(t, m).len()), [0, 1, 0]);
        t.clock.advance_seconds(1);
        finish(t, 3);
        assert_eq!(([a, b, c].map(|m| tags_of(t, m).len()), current(t)), ([0, 0, 1], 3));
        undo(t, 3);
        assert_eq!(([a, b, c].map(|m| tags_of(t, m).len()), current(t)), ([0, 1, 0], 4));
        sound(t);
    });
}

#[test]
fn nobody_loses_a_tag_by_a_refused_row_or_a_correction() {
    both_with("tag_sources_refused", TABLES, |t| {
        let [a, b, c] = people(t);
        take(t, 1, &["1", "2", "3"].map(|m| row("友盟", m, "母婴", None)));
        finish(t, 1);
        t.clock.advance_seconds(1);
        take(t, 2, &[row("友盟", "1", "户外", None)]);
        let cx = t.ctx();
        t.write(move |tx| said::keep(tx, &cx, &Of { import: 2, ..Of::default() }, &[row("友盟", "2", "", None)]));
        finish(t, 2);
        assert_eq!([a, b, c].map(|m| tags_of(t, m)), [["户外".to_owned()].into(), ["母婴".to_owned()].into(), BTreeSet::new()]);
        // Who has it taken off by a person meanwhile does not get it back.
        let cx = t.ctx();
        let ended = t.clock.now();
        let baby = t.read(move |tx| service::named(tx, &cx, "母婴"))[0];
        by_hand(t, b, &[], &[baby]);
        run_all(t);
        assert!(tags_of(t, b).is_empty());

        // Rows that correct the second import speak for it: beside it, and only as long as it holds.
        t.clock.advance_seconds(1);
        let (cx, of) = (t.ctx(), Of { import: 3, corrects: Some((2, ended)), entity: None });
        t.write(move |tx| {
            said::take(tx, &cx, &of, &[row("友盟", "2", "露营", None)])?;
            said::finish(tx, &cx, 3, cx.now, false)
        });
        run_all(t);
        assert_eq!((tags_of(t, a).len(), tags_of(t, b), current(t)), (1, ["露营".to_owned()].into(), 2));
        // One of which too much was refused ends nobody's.
        t.clock.advance_seconds(1);
        take(t, 4, &[row("友盟", "3", "露营", None)]);
        let cx = t.ctx();
        assert_eq!(t.write(move |tx| said::finish(tx, &cx, 4, cx.now, false)), 1);
        run_all(t);
        assert_eq!([a, b, c].map(|m| tags_of(t, m).len()), [1, 1, 1]);
        take(t, 5, &[row("友盟", "3", "露营", None)]);
        t.clock.advance_seconds(1);
        finish(t, 5);
        assert_eq!([a, b, c].map(|m| tags_of(t, m).len()), [0, 0, 1]);
        undo(t, 5);
        assert_eq!([a, b, c].map(|m| tags_of(t, m).len()), [1, 1, 1]);
        undo(t, 3);
        assert_eq!([a, b, c].map(|m| tags_of(t, m).len()), [1, 0, 1], "a sheet of corrections is taken back alone");
        sound(t);
    });
}

#[test]
fn two_tags_of_one_source_that_come_back_together_are_both_given() {
    both_with("tag_sources_woken", TABLES, |t| {
        let [a, ..] = people(t);
        let cx = t.ctx();
        let tags =
            t.write(move |tx| ["户外", "露营"].into_iter().map(|n| service::add(tx, &cx, n, None, None)).collect::<Result<Vec<_>, _>>());
        let archive = |archived: bool| {
            let ids = tags.iter().map(|t| t.id).collect::<Vec<_>>();
            let cx = t.ctx();
            t.write(move |tx| {
                let what = TagChange { archived: Some(archived), ..TagChange::default() };
                ids.iter().try_for_each(|id| service::change(tx, &cx, *id, &what).map(|_| ()))
            });
        };
        archive(true);
        take(t, 1, &[row("友盟", "1", "户外", None), row("友盟", "1", "露营", None)]);
        finish(t, 1);
        assert_eq!(tags_of(t, a).len(), 0);
        archive(false);
        let waiting = "SELECT id FROM job WHERE merchant = $1 AND kind = 'tags.source' AND state = 'queued'";
        assert_eq!(dump(t, waiting).len(), 2, "a task for each");
        run_all(t);
        assert_eq!(tags_of(t, a).len(), 2);
        // A file's tag keeps nobody whose records are taken back.
        let list = [person(9, &["own:9"], "r9", "李雷")];
        feed(t, &list);
        take(t, 2, &[row("友盟", "9", "户外", None)]);
        let cx = t.ctx();
        t.write(move |tx| identity::retract(tx, &cx, "list", "r9"));
        assert_eq!(t.int("SELECT COUNT(*) FROM member"), 3);
        sound(t);
    });
}
