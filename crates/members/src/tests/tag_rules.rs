//! Tags by rule: whatever comes and goes, is given and taken by hand, merged and parted, and however its
//! events are told, everybody has what a slow book says; the look at everybody; archive and removal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shuke_kernel::{Clock as _, Instant};
use shuke_store::feed::{FeedEvent, Subscriber as _};
use shuke_store::jobs::JobRunner;
use shuke_testkit::{TestStore, both_with, sqlite_with};

use super::world::{TABLES, dump, feed, one, person, sound};
use crate::MemberId;
use crate::hooks::{Groups, Standing, install_groups};
use crate::identity::{self, merge};
use crate::tag::model::Change;
use crate::tag::rule::follow::Follow;
use crate::tag::rule::{self, GroupId, Rule};
use crate::tag::service::{self, TagChange};
use crate::tag::{TagId, give, jobs};

/// Who is in which segment since when, in the place of the crate that keeps segments.
#[derive(Default)]
struct World {
    inside: BTreeMap<(GroupId, MemberId), Instant>,
    building: BTreeSet<GroupId>,
}

static WORLD: Mutex<Option<World>> = Mutex::new(None);

fn world() -> MutexGuard<'static, Option<World>> {
    WORLD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A world of its own; each test is a process.
fn begin() {
    *world() = Some(World::default());
    install_groups(Groups {
        standing: |_, _, group| {
            let building = world().as_ref().unwrap().building.contains(&group);
            Ok(if building { Standing::Building } else { Standing::Ready })
        },
        inside: |_, _, group, members| {
            let world = world();
            let inside = &world.as_ref().unwrap().inside;
            Ok(members.iter().filter_map(|m| Some((*m, *inside.get(&(group, *m))?))).collect())
        },
        page: |_, _, group, after, limit| {
            let world = world();
            let all = world.as_ref().unwrap().inside.keys().filter(|(g, m)| *g == group && *m > after).map(|(_, m)| *m);
            Ok(all.take(usize::try_from(limit).unwrap()).collect())
        },
        check: |_, _, _| Ok(()),
    });
}

const GROUP: GroupId = GroupId::from_bytes([7; 16]);
const OTHER: GroupId = GroupId::from_bytes([8; 16]);

fn enter(group: GroupId, member: MemberId, at: Instant) {
    world().as_mut().unwrap().inside.entry((group, member)).or_insert(at);
}

fn leave(group: GroupId, member: MemberId) -> bool {
    world().as_mut().unwrap().inside.remove(&(group, member)).is_some()
}

fn tag(t: &TestStore, name: &str) -> TagId {
    let (cx, name) = (t.ctx(), name.to_owned());
    t.write(move |tx| service::add(tx, &cx, &name, None, None)).id
}

fn put(t: &TestStore, tag: TagId, group: GroupId) -> Rule {
    let cx = t.ctx();
    t.write(move |tx| rule::put(tx, &cx, tag, group))
}

fn by_hand(t: &TestStore, member: MemberId, add: &[TagId], remove: &[TagId]) {
    let (cx, change) = (t.ctx(), Change { add: add.to_vec(), remove: remove.to_vec() });
    t.write(move |tx| give::change(tx, &cx, &[member], &change, "stf_test").map(|_| ()));
}

fn has(t: &TestStore, member: MemberId, tag: TagId) -> bool {
    let cx = t.ctx();
    let labels = t.read(move |tx| give::labels(tx, &cx, &[member])).remove(&member).unwrap_or_default();
    labels.iter().any(|l| l.id == tag)
}

fn event(position: i64, kind: &str, member: MemberId, data: String) -> FeedEvent {
    FeedEvent {
        position,
        id: [0; 16],
        kind: kind.to_owned(),
        version: 1,
        occurred_at: Instant(0),
        recorded_at: Instant(0),
        subject_kind: "mem".to_owned(),
        subject: *member.bytes(),
        member: Some(*member.bytes()),
        data,
    }
}

fn moved(position: i64, group: GroupId, member: MemberId, came: bool) -> FeedEvent {
    let kind = if came { "segment.entered" } else { "segment.left" };
    event(position, kind, member, serde_json::json!({ "segment": group, "cause": "event" }).to_string())
}

fn handle(t: &TestStore, events: &[FeedEvent]) {
    let (cx, events) = (t.ctx(), events.to_vec());
    t.write(move |tx| Follow.handle(tx, &cx, &events));
}

fn run_all(t: &TestStore) {
    let runner = JobRunner::new(t.store.clone()).with(rule::jobs::ApplyRule).with(jobs::DropTag);
    while runner.run_one().unwrap() {}
}

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    Enter(prop::sample::Index),
    Leave(prop::sample::Index),
    Give(prop::sample::Index),
    Take(prop::sample::Index),
    Merge(prop::sample::Index, prop::sample::Index),
    Unmerge(prop::sample::Index),
    /// What happened is told, in an order and some of it twice.
    Tell(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = any::<prop::sample::Index>;
    let step = prop_oneof![
        4 => who().prop_map(Step::Enter),
        3 => who().prop_map(Step::Leave),
        2 => who().prop_map(Step::Give),
        3 => who().prop_map(Step::Take),
        2 => (who(), who()).prop_map(|(a, b)| Step::Merge(a, b)),
        2 => who().prop_map(Step::Unmerge),
        4 => (0..99usize).prop_map(Step::Tell),
    ];
    prop::collection::vec(step, 1..24)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum By {
    Hand,
    Rule,
}

/// One giving.
#[derive(Clone, Debug)]
struct Line {
    by: By,
    member: MemberId,
    ended: Option<(By, Instant)>,
}

/// Every giving as a line, and what is not told yet.
#[derive(Default)]
struct Book {
    lines: Vec<Line>,
    merges: Vec<(merge::Merged, Vec<usize>)>,
    untold: Vec<FeedEvent>,
    position: i64,
}

fn resolved(t: &TestStore, id: MemberId) -> MemberId {
    let cx = t.ctx();
    t.read(move |tx| identity::resolve(tx, &cx, id)).unwrap()
}

impl Book {
    fn next(&mut self) -> i64 {
        self.position += 1;
        self.position
    }

    fn open(&self, member: MemberId, by: Option<By>) -> bool {
        self.lines.iter().any(|l| l.member == member && l.ended.is_none() && by.is_none_or(|by| l.by == by))
    }

    fn end(&mut self, member: MemberId, of: Option<By>, by: By, at: Instant) {
        let mine = |l: &&mut Line| l.member == member && l.ended.is_none() && of.is_none_or(|of| l.by == of);
        self.lines.iter_mut().filter(mine).for_each(|l| l.ended = Some((by, at)));
    }

    /// Whether a member is in a merge that stands: who is whom after chains of them is for the tests of identity.
    fn is_merged(&self, member: MemberId) -> bool {
        self.merges.iter().any(|(m, _)| [m.survivor, m.absorbed].contains(&member))
    }

    /// What the rule comes to for everybody, whoever was told of.
    fn settle(&mut self, people: &[MemberId], now: Instant) {
        for member in people.iter().copied() {
            let came = world().as_ref().unwrap().inside.get(&(GROUP, member)).copied();
            match came {
                None => self.end(member, Some(By::Rule), By::Rule, now),
                Some(came) => {
                    let taken_off = |l: &Line| l.member == member && l.ended.is_some_and(|(by, at)| by == By::Hand && at >= came);
                    if !self.open(member, Some(By::Rule)) && !self.lines.iter().any(taken_off) {
                        self.lines.push(Line { by: By::Rule, member, ended: None });
                    }
                }
            }
        }
    }

    fn follow(&mut self, t: &TestStore, people: &[MemberId], tag: TagId, step: &Step) {
        t.clock.advance_seconds(1);
        let now = t.clock.now();
        let pick = |i: &prop::sample::Index| resolved(t, people[i.index(people.len())]);
        match step {
            Step::Enter(m) => {
                enter(GROUP, pick(m), now);
                let position = self.next();
                self.untold.push(moved(position, GROUP, pick(m), true));
            }
            Step::Leave(m) => {
                if leave(GROUP, pick(m)) {
                    let position = self.next();
                    self.untold.push(moved(position, GROUP, pick(m), false));
                }
            }
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
                self.end(m, None, By::Hand, now);
            }
            Step::Merge(a, b) => self.merge(t, people[a.index(people.len())], people[b.index(people.len())]),
            Step::Unmerge(which) if !self.merges.is_empty() => self.unmerge(t, which.index(self.merges.len())),
            Step::Unmerge(_) => {}
            Step::Tell(order) => {
                let mut events = std::mem::take(&mut self.untold);
                events.extend(events.clone().into_iter().take(3));
                let middle = if events.is_empty() { 0 } else { order % events.len() };
                events.rotate_left(middle);
                handle(t, &events);
                let living: BTreeSet<MemberId> = people.iter().map(|p| resolved(t, *p)).collect();
                self.settle(&living.into_iter().collect::<Vec<_>>(), now);
            }
        }
    }

    fn merge(&mut self, t: &TestStore, a: MemberId, b: MemberId) {
        let cx = t.ctx();
        if self.is_merged(resolved(t, a)) || self.is_merged(resolved(t, b)) {
            return;
        }
        let Ok(done) = t.try_write(move |tx| merge::merge(tx, &cx, a, b, "manual", "")) else { return };
        let lines = (0..self.lines.len()).filter(|i| self.lines[*i].member == done.absorbed).collect::<Vec<_>>();
        lines.iter().for_each(|i| self.lines[*i].member = done.survivor);
        // The segment judges who is no more as outside.
        leave(GROUP, done.absorbed);
        let position = self.next();
        self.untold.push(moved(position, GROUP, done.absorbed, false));
        self.merges.push((done, lines));
    }

    fn unmerge(&mut self, t: &TestStore, which: usize) {
        let (merged, lines) = self.merges[which].clone();
        let (cx, holder) = (t.ctx(), resolved(t, merged.survivor));
        if t.try_write(move |tx| merge::unmerge(tx, &cx, merged.merge)).is_ok() {
            for i in lines {
                if [merged.survivor, holder].contains(&self.lines[i].member) {
                    self.lines[i].member = merged.absorbed;
                }
            }
            let position = self.next();
            let data = serde_json::json!({ "from": holder }).to_string();
            self.untold.push(event(position, "member.unmerged", merged.absorbed, data));
            self.merges.remove(which);
        }
    }
}

#[test]
fn a_tag_follows_who_is_in_the_segment_however_it_is_told() {
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&steps(), |history| {
            begin();
            let t = sqlite_with(TABLES);
            let people: Vec<MemberId> = (0..4).map(|i| one(&t, i, &[&format!("own:{i}")]).unwrap()).collect();
            let vip = tag(&t, "VIP");
            put(&t, vip, GROUP);
            let mut book = Book::default();
            for step in history.iter().chain([&Step::Tell(1)]) {
                book.follow(&t, &people, vip, step);
                for p in people.iter().filter(|p| resolved(&t, **p) == **p) {
                    prop_assert_eq!(has(&t, *p, vip), book.open(*p, None), "{} after {:?} of {:?}", p, step, history);
                }
                sound(&t);
            }
            // All of it once more changes nothing.
            let before = dump(&t, "SELECT id, member FROM member_tag WHERE merchant = $1 ORDER BY id");
            let all: Vec<FeedEvent> = people.iter().map(|p| moved(99, GROUP, *p, true)).collect();
            handle(&t, &all);
            run_all(&t);
            prop_assert_eq!(before, dump(&t, "SELECT id, member FROM member_tag WHERE merchant = $1 ORDER BY id"));
            Ok(())
        })
        .unwrap();
}

fn count(t: &TestStore, tag: TagId) -> (i64, i64) {
    let cx = t.ctx();
    t.read(move |tx| Ok((service::get(tx, &cx, tag)?.members, rule::holding(tx, &cx, tag)?)))
}

fn state(t: &TestStore, tag: TagId) -> bool {
    let cx = t.ctx();
    let rule = t.read(move |tx| rule::get(tx, &cx, tag));
    rule.applied == rule.version
}

#[test]
fn everybody_is_looked_at_when_a_rule_is_set_changed_or_its_segment_reckoned() {
    both_with("tag_rule_task", TABLES, |t| {
        begin();
        let many: Vec<_> = (0..1_203).map(|i| person(i, &[&format!("own:m{i}")], &format!("r{i}"), "李雷")).collect();
        let people: Vec<MemberId> = many.chunks(400).flat_map(|part| feed(t, part)).filter_map(|f| f.member).collect();
        let (vip, now) = (tag(t, "VIP"), t.clock.now());
        people[..1_000].iter().for_each(|p| enter(GROUP, *p, now));
        people[500..].iter().for_each(|p| enter(OTHER, *p, now));
        by_hand(t, people[0], &[vip], &[]);
        put(t, vip, GROUP);
        assert!(!state(t, vip));
        run_all(t);
        assert_eq!((count(t, vip), state(t, vip)), ((1_000, 1_000), true), "who had it by hand has it by the rule too");
        // The same rule again is no other one.
        assert_eq!(put(t, vip, GROUP).version, 1);
        // Another segment: those of the first lose it, but who had it by hand.
        put(t, vip, OTHER);
        run_all(t);
        assert_eq!((count(t, vip), state(t, vip)), ((704, 703), true));
        assert!(has(t, people[0], vip) && !has(t, people[1], vip));
        sound(t);

        // A segment that is being reckoned is waited for; that it is done is told, once or twice.
        world().as_mut().unwrap().building.insert(GROUP);
        put(t, vip, GROUP);
        run_all(t);
        assert_eq!((count(t, vip), state(t, vip)), ((704, 703), false), "nobody loses it meanwhile");
        world().as_mut().unwrap().building.clear();
        let mut reckoned = event(7, "segment.changed", people[0], r#"{"what":"reckoned"}"#.to_owned());
        (reckoned.subject, reckoned.member) = (*GROUP.bytes(), None);
        handle(t, &[reckoned.clone(), reckoned]);
        run_all(t);
        assert_eq!((count(t, vip), state(t, vip)), ((1_000, 1_000), true));

        // Taken off by hand it stays off, whatever looks again; who comes anew gets it anew.
        by_hand(t, people[1], &[], &[vip]);
        handle(t, &[moved(8, GROUP, people[1], true)]);
        assert!(!has(t, people[1], vip));
        leave(GROUP, people[1]);
        t.clock.advance_seconds(9);
        enter(GROUP, people[1], t.clock.now());
        handle(t, &[moved(9, GROUP, people[1], true)]);
        assert!(has(t, people[1], vip));

        // An archived tag rests; back, it catches up.
        let archive = |archived: bool| {
            let cx = t.ctx();
            t.write(move |tx| service::change(tx, &cx, vip, &TagChange { archived: Some(archived), ..TagChange::default() }).map(|_| ()));
        };
        archive(true);
        leave(GROUP, people[2]);
        handle(t, &[moved(10, GROUP, people[2], false)]);
        assert!(has(t, people[2], vip));
        archive(false);
        run_all(t);
        assert_eq!((count(t, vip), state(t, vip)), ((999, 999), true));

        // Without its rule a tag stays with whom it has; a tag that goes takes its rule with it.
        let cx = t.ctx();
        t.write(move |tx| rule::remove(tx, &cx, vip).map(|_| ()));
        leave(GROUP, people[3]);
        handle(t, &[moved(11, GROUP, people[3], false)]);
        assert_eq!(count(t, vip).0, 999);
        put(t, vip, GROUP);
        let cx = t.ctx();
        t.write(move |tx| service::remove(tx, &cx, vip, true).map(|_| ()));
        run_all(t);
        assert_eq!(t.int("SELECT COUNT(*) FROM tag_rule") + t.int("SELECT COUNT(*) FROM member_tag"), 0);
        sound(t);
    });
}

#[test]
fn what_goes_while_another_giver_gives_on_is_no_loss() {
    both_with("tag_two_givers", TABLES, |t| {
        begin();
        let (m, vip) = (one(t, 1, &["own:1"]).unwrap(), tag(t, "VIP"));
        put(t, vip, GROUP);
        enter(GROUP, m, t.clock.now());
        handle(t, &[moved(1, GROUP, m, true)]);
        t.clock.advance_seconds(1);
        by_hand(t, m, &[vip], &[]);
        t.clock.advance_seconds(1);
        leave(GROUP, m);
        handle(t, &[moved(2, GROUP, m, false)]);
        let past = |by_giving| {
            let cx = t.ctx();
            t.read(move |tx| give::past(tx, &cx, m, by_giving, (Instant(i64::MAX), [255; 16]), 10)).len()
        };
        assert!(has(t, m, vip));
        assert_eq!((past(false), past(true)), (0, 1), "it was given once and is still there");
        t.clock.advance_seconds(1);
        by_hand(t, m, &[], &[vip]);
        assert_eq!((has(t, m, vip), past(false), past(true)), (false, 1, 1));
        let told = dump(t, "SELECT kind FROM event WHERE merchant = $1 AND kind IN ('member.tagged', 'member.untagged')");
        assert_eq!(told.len(), 2, "given once, taken once");
    });
}

#[test]
fn a_rule_set_anew_is_another_rule_and_gives_nobody_what_a_person_took_off() {
    both_with("tag_rule_anew", TABLES, |t| {
        begin();
        let (a, b, vip) = (one(t, 1, &["own:1"]).unwrap(), one(t, 2, &["own:2"]).unwrap(), tag(t, "VIP"));
        enter(GROUP, a, t.clock.now());
        enter(GROUP, b, t.clock.now());
        t.clock.advance_seconds(1);
        // Taken off while no rule was there, and they have not left the segment since.
        by_hand(t, b, &[vip], &[]);
        by_hand(t, b, &[], &[vip]);
        put(t, vip, OTHER);
        let cx = t.ctx();
        t.write(move |tx| rule::remove(tx, &cx, vip).map(|_| ()));
        // Its task was not begun: the new rule of the same version has one of its own.
        t.clock.advance_seconds(1);
        put(t, vip, GROUP);
        assert_eq!(dump(t, "SELECT id FROM job WHERE merchant = $1 AND kind = 'tags.rule'").len(), 2);
        run_all(t);
        assert_eq!((has(t, a, vip), has(t, b, vip), state(t, vip)), (true, false, true));
        sound(t);
    });
}

#[test]
fn a_tag_by_rule_keeps_nobody_whose_records_are_taken_back() {
    both_with("tag_rule_keeps", TABLES, |t| {
        begin();
        let list = [person(9, &["own:9"], "r9", "李雷"), person(9, &["own:8"], "r8", "韩梅梅")];
        let [by_rule, by_both] = [0, 1].map(|i| feed(t, &list)[i].member.unwrap());
        let vip = tag(t, "VIP");
        put(t, vip, GROUP);
        [by_rule, by_both].iter().for_each(|m| enter(GROUP, *m, t.clock.now()));
        run_all(t);
        by_hand(t, by_both, &[vip], &[]);
        for record in ["r9", "r8"] {
            let cx = t.ctx();
            t.write(move |tx| identity::retract(tx, &cx, "list", record));
        }
        assert_eq!((t.int("SELECT COUNT(*) FROM member"), has(t, by_both, vip), count(t, vip).0), (1, true, 1));
        sound(t);
    });
}
