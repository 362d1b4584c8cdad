//! Tags: what giving, taking, merging and unmerging come to, against a list of givings kept by hand;
//! tasks that stop and go on; erasure and removal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shuke_store::jobs::{JobId, JobRunner};
use shuke_testkit::{TestStore, both_with, sqlite_with};

use super::world::{TABLES, dump, feed, listed, one, person, sound};
use crate::MemberId;
use crate::identity::{self, merge};
use crate::privacy::{self, copy};
use crate::profile::list::Filter;
use crate::tag::model::Change;
use crate::tag::service::{self, TagChange};
use crate::tag::{self, TagId, give, jobs};

fn made(t: &TestStore, name: &str) -> TagId {
    let (cx, name) = (t.ctx(), name.to_owned());
    t.write(move |tx| service::add(tx, &cx, &name, None, None)).id
}

fn changed(t: &TestStore, whom: &[MemberId], add: &[TagId], remove: &[TagId]) -> usize {
    let (cx, whom) = (t.ctx(), whom.to_vec());
    let change = Change { add: add.to_vec(), remove: remove.to_vec() };
    let done = t.write(move |tx| give::change(tx, &cx, &whom, &change, "stf_test"));
    done.iter().filter(|o| o.changed()).count()
}

fn has(t: &TestStore, member: MemberId) -> BTreeSet<TagId> {
    let cx = t.ctx();
    let labels = t.read(move |tx| give::labels(tx, &cx, &[member])).remove(&member).unwrap_or_default();
    let ids: BTreeSet<TagId> = labels.iter().map(|l| l.id).collect();
    assert_eq!(ids.len(), labels.len(), "a tag is shown once");
    ids
}

fn count(t: &TestStore, tag: TagId) -> i64 {
    let cx = t.ctx();
    t.read(move |tx| service::get(tx, &cx, tag)).members
}

fn refused<T>(done: shuke_kernel::Result<T>) -> &'static str {
    match done {
        Ok(_) => "not refused",
        Err(e) => e.refusal().map_or("a fault", |r| r.code.code),
    }
}

fn three(t: &TestStore) -> [MemberId; 3] {
    [1, 2, 3].map(|i| one(t, i, &[&format!("own:{i}"), &format!("phone:1380000000{i}")]).unwrap())
}

#[test]
fn the_vocabulary_is_kept_in_order() {
    both_with("tag_words", TABLES, |t| {
        let cx = t.ctx();
        let (hobby, power) =
            t.write(move |tx| Ok((service::add_category(tx, &cx, "兴趣")?.id, service::add_category(tx, &cx, " 消费能力 ")?.id)));
        let add = |name: &str, category, color: Option<&str>| {
            let (cx, name, color) = (t.ctx(), name.to_owned(), color.map(str::to_owned));
            t.try_write(move |tx| service::add(tx, &cx, &name, category, color.as_deref()))
        };
        let baby = add("母婴用品爱好者", Some(hobby), Some("pink")).unwrap();
        assert_eq!((baby.category.as_ref().map(|c| c.1.as_str()), baby.color.as_deref(), baby.members), (Some("兴趣"), Some("pink"), 0));
        let high = add("高", Some(power), None).unwrap();
        add("高", Some(hobby), None).unwrap();
        add("ＶＩＰ", None, None).unwrap();
        assert_eq!(refused(add("vip", None, None)), "tag.name_taken", "width and case make no other name");
        assert_eq!(refused(add("高", Some(power), None)), "tag.name_taken");
        assert_eq!(refused(add("", None, None)), "tag.bad_name");
        assert_eq!(refused(add(&"长".repeat(41), None, None)), "tag.bad_name");
        assert_eq!(refused(add("x", None, Some("beige"))), "tag.unknown_color");
        let cx = t.ctx();
        let names = t.read(move |tx| service::list(tx, &cx, "active", None)).into_iter().map(|t| t.name).collect::<Vec<_>>();
        assert_eq!(names, ["母婴用品爱好者", "高", "高", "VIP"], "those without a category last");
        let change = |what: TagChange| {
            let cx = t.ctx();
            t.try_write(move |tx| service::change(tx, &cx, high.id, &what))
        };
        assert_eq!(refused(change(TagChange { category: Some(Some(hobby)), ..TagChange::default() })), "tag.name_taken");
        let moved = change(TagChange { category: Some(None), color: Some(Some("red".to_owned())), ..TagChange::default() }).unwrap();
        assert_eq!((moved.category, moved.color.as_deref()), (None, Some("red")));
        let cx = t.ctx();
        t.write(move |tx| service::drop_category(tx, &cx, power).map(|_| ()));
        let cx = t.ctx();
        assert_eq!(refused(t.try_write(move |tx| service::drop_category(tx, &cx, hobby))), "tag.category_in_use");
        let cx = t.ctx();
        assert_eq!(refused(t.try_write(move |tx| service::rename_category(tx, &cx, power, "别的"))), "tag.category_not_found");
    });
}

#[test]
fn tags_are_given_taken_and_forgotten() {
    both_with("tags_given", TABLES, |t| {
        let [a, b, c] = three(t);
        let (vip, cold) = (made(t, "VIP"), made(t, "怕冷"));
        assert_eq!(changed(t, &[a, b, a], &[vip], &[]), 2);
        assert_eq!(changed(t, &[a, b, c], &[vip, cold], &[]), 3);
        assert_eq!(changed(t, &[a, b, c], &[vip, cold], &[]), 0, "who has a tag keeps it as it is");
        assert_eq!((count(t, vip), count(t, cold)), (3, 3));
        assert_eq!(changed(t, &[c], &[], &[vip, cold]), 1);
        assert_eq!((has(t, c), has(t, a)), (BTreeSet::new(), BTreeSet::from([vip, cold])));
        let cx = t.ctx();
        let past = t.read(move |tx| give::past(tx, &cx, c, false, (shuke_kernel::Instant(i64::MAX), [255; 16]), 10));
        assert_eq!(
            past.iter().map(|p| (p.tag, p.taken_by.as_str())).collect::<BTreeSet<_>>(),
            [(vip, "stf_test"), (cold, "stf_test")].into()
        );
        sound(t);

        // Archived: kept, found, given to nobody.
        let cx = t.ctx();
        t.write(move |tx| service::change(tx, &cx, cold, &TagChange { archived: Some(true), ..TagChange::default() }).map(|_| ()));
        let cx = t.ctx();
        let again = t.try_write(move |tx| give::check(tx, &cx, &Change { add: vec![cold], remove: vec![] }));
        assert_eq!(refused(again), "tag.archived");
        let found: BTreeSet<MemberId> = listed(t, &Filter { tags: vec![cold, vip], ..Filter::default() }, 1).into_iter().collect();
        assert_eq!(found, [a, b].into());

        // A copy names the tags; an erased member has none.
        let cx = t.ctx();
        let copied = t.read(move |tx| copy::copy(tx, &cx, a)).to_string();
        assert!(copied.contains("VIP") && copied.contains("怕冷"));
        let cx = t.ctx();
        t.write(move |tx| privacy::erase::erase(tx, &cx, a));
        assert_eq!((count(t, vip), has(t, a)), (1, BTreeSet::new()));
        assert_eq!(dump(t, "SELECT member FROM member_tag WHERE merchant = $1").len(), 2);
        sound(t);
    });
}

#[test]
fn a_tag_outlives_the_record_that_named_its_member() {
    both_with("tags_kept", TABLES, |t| {
        let vip = made(t, "VIP");
        let back = |record: &'static str| {
            let cx = t.ctx();
            t.write(move |tx| identity::retract(tx, &cx, "list", record));
            sound(t);
        };
        let list = [person(9, &["own:9"], "r9", "李雷"), person(9, &["own:8"], "r8", "韩梅梅")];
        let [d, e] = [0, 1].map(|i| feed(t, &list)[i].member.unwrap());
        changed(t, &[d, e], &[vip], &[]);
        changed(t, &[e], &[], &[vip]);
        back("r9");
        back("r8");
        assert_eq!((count(t, vip), has(t, d)), (1, BTreeSet::from([vip])));
        assert_eq!(t.int("SELECT COUNT(*) FROM member"), 1, "a tag taken off again holds nobody");
        assert_eq!(t.int("SELECT COUNT(*) FROM observation"), 0, "what the record told is gone");
        // The same list again finds them with their tag; going again keeps it again.
        assert_eq!(feed(t, &list)[0].member, Some(d));
        assert_eq!((count(t, vip), has(t, d)), (1, BTreeSet::from([vip])));
        back("r9");
        assert_eq!(has(t, d), BTreeSet::from([vip]));
        let cx = t.ctx();
        t.write(move |tx| privacy::erase::erase(tx, &cx, d));
        assert_eq!((count(t, vip), t.int("SELECT COUNT(*) FROM key_set WHERE member IS NOT NULL")), (0, 1));
        sound(t);
    });
}

#[test]
fn of_many_records_the_last_to_go_leaves_one_set() {
    both_with("tags_last", TABLES, |t| {
        let vip = made(t, "VIP");
        let list = [person(3, &["own:1", "phone:13800000001"], "a", "李雷"), person(4, &["phone:13800000001", "open:x"], "b", "李雷")];
        let m = feed(t, &list)[1].member.unwrap();
        changed(t, &[m], &[vip], &[]);
        let cx = t.ctx();
        t.write(move |tx| identity::retract(tx, &cx, "list", "a"));
        assert_eq!((t.int("SELECT COUNT(*) FROM key_set"), has(t, m)), (1, BTreeSet::from([vip])), "another record still names them");
        let cx = t.ctx();
        t.write(move |tx| identity::retract(tx, &cx, "list", "b"));
        assert_eq!((t.int("SELECT COUNT(*) FROM key_set"), has(t, m)), (1, BTreeSet::from([vip])));
        sound(t);
        assert_eq!(one(t, 9, &["phone:13800000001"]), Some(m), "found again by what they are still known by");
    });
}

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    Give(prop::sample::Index, usize),
    Take(prop::sample::Index, usize),
    Merge(prop::sample::Index, prop::sample::Index),
    Unmerge(prop::sample::Index),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = any::<prop::sample::Index>;
    let step = prop_oneof![
        4 => (who(), 0..3usize).prop_map(|(m, t)| Step::Give(m, t)),
        2 => (who(), 0..3usize).prop_map(|(m, t)| Step::Take(m, t)),
        3 => (who(), who()).prop_map(|(a, b)| Step::Merge(a, b)),
        3 => who().prop_map(Step::Unmerge),
    ];
    prop::collection::vec(step, 1..16)
}

/// Every giving as a line: its tag, who has it, and whether it ended.
#[derive(Default)]
struct Book {
    givings: Vec<(usize, MemberId, bool)>,
    /// Each merge with the lines that it moved.
    merges: Vec<(merge::Merged, Vec<usize>)>,
}

fn resolved(t: &TestStore, id: MemberId) -> Option<MemberId> {
    let cx = t.ctx();
    t.read(move |tx| identity::resolve(tx, &cx, id))
}

fn follow(t: &TestStore, book: &mut Book, people: &[MemberId], tags: &[TagId], step: &Step) {
    match step {
        Step::Give(m, tag) => {
            let m = resolved(t, people[m.index(people.len())]).unwrap();
            changed(t, &[m], &[tags[*tag]], &[]);
            if !book.givings.contains(&(*tag, m, false)) {
                book.givings.push((*tag, m, false));
            }
        }
        Step::Take(m, tag) => {
            let m = resolved(t, people[m.index(people.len())]).unwrap();
            changed(t, &[m], &[], &[tags[*tag]]);
            book.givings.iter_mut().filter(|g| (g.0, g.1) == (*tag, m)).for_each(|g| g.2 = true);
        }
        Step::Merge(a, b) => {
            let (a, b, cx) = (people[a.index(people.len())], people[b.index(people.len())], t.ctx());
            let Ok(done) = t.try_write(move |tx| merge::merge(tx, &cx, a, b, "manual", "")) else { return };
            let moved = (0..book.givings.len()).filter(|i| book.givings[*i].1 == done.absorbed).collect::<Vec<_>>();
            moved.iter().for_each(|i| book.givings[*i].1 = done.survivor);
            book.merges.push((done, moved));
        }
        Step::Unmerge(which) if !book.merges.is_empty() => {
            let (merged, moved) = book.merges[which.index(book.merges.len())].clone();
            let (cx, holder) = (t.ctx(), resolved(t, merged.survivor));
            if t.try_write(move |tx| merge::unmerge(tx, &cx, merged.merge)).is_ok() {
                let from = [Some(merged.survivor), holder];
                for i in moved {
                    if from.contains(&Some(book.givings[i].1)) {
                        book.givings[i].1 = merged.absorbed;
                    }
                }
            }
        }
        Step::Unmerge(_) => {}
    }
}

/// Whatever is given, taken, merged and unmerged in whatever order: each member has what the book
/// says, the counts are the book's, and what was taken stays as somebody's past.
#[test]
fn tags_follow_their_members() {
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&steps(), |history| {
            let t = sqlite_with(TABLES);
            let people: Vec<MemberId> = (0..4).map(|i| one(&t, i, &[&format!("own:{i}")]).unwrap()).collect();
            let tags: Vec<TagId> = ["甲", "乙", "丙"].iter().map(|n| made(&t, n)).collect();
            let mut book = Book::default();
            for step in &history {
                follow(&t, &mut book, &people, &tags, step);
                let mut want: BTreeMap<MemberId, BTreeSet<TagId>> = BTreeMap::new();
                for (tag, member, _) in book.givings.iter().filter(|g| !g.2) {
                    want.entry(*member).or_default().insert(tags[*tag]);
                }
                for p in &people {
                    prop_assert_eq!(has(&t, *p), want.remove(p).unwrap_or_default(), "after {:?}", step);
                }
                for (i, tag) in tags.iter().enumerate() {
                    let members: BTreeSet<MemberId> = book.givings.iter().filter(|g| g.0 == i && !g.2).map(|g| g.1).collect();
                    prop_assert_eq!(count(&t, *tag), members.len() as i64);
                    let shown: BTreeSet<MemberId> = listed(&t, &Filter { tags: vec![*tag], ..Filter::default() }, 2).into_iter().collect();
                    prop_assert_eq!(shown, members);
                }
                sound(&t);
            }
            Ok(())
        })
        .unwrap();
}

fn run_all(t: &TestStore) {
    let runner = JobRunner::new(t.store.clone()).with(jobs::TagMembers).with(jobs::DropTag);
    while runner.run_one().unwrap() {}
}

fn job(t: &TestStore, id: JobId) -> shuke_store::jobs::JobView {
    let m = t.merchant;
    t.read(move |tx| tx.job(m, id))
}

#[test]
fn a_list_is_tagged_by_a_task_and_a_tag_in_use_is_dropped_by_one() {
    both_with("tag_tasks", TABLES, |t| {
        let many: Vec<_> =
            (0..1_203).map(|i| person(i, &[&format!("own:m{i}")], &format!("r{i}"), if i % 3 == 0 { "王芳" } else { "李雷" })).collect();
        for part in many.chunks(400) {
            feed(t, part);
        }
        let (vip, cold) = (made(t, "VIP"), made(t, "怕冷"));
        let asked = |filter: Filter, add: Vec<TagId>, remove: Vec<TagId>| {
            let cx = t.ctx();
            t.write(move |tx| jobs::enqueue(tx, &cx, &filter, &Change { add: add.clone(), remove: remove.clone() }, "+VIP"))
        };
        let id = asked(Filter::default(), vec![vip], vec![]);
        run_all(t);
        let done = job(t, id);
        assert_eq!((done.state.as_str(), done.progress, done.total), ("done", 1_203, Some(1_203)));
        assert_eq!(count(t, vip), 1_203);
        // Narrowed by a query; some have it already.
        let id = asked(Filter { query: "王芳".to_owned(), ..Filter::default() }, vec![cold, vip], vec![]);
        run_all(t);
        assert_eq!((job(t, id).progress, count(t, cold)), (401, 401));
        // Stopped while it waits, resumed later: nothing is missed. The filter is the very tag that it takes.
        let id = asked(Filter { tags: vec![cold], ..Filter::default() }, vec![], vec![cold]);
        let m = t.merchant;
        t.write(move |tx| tx.stop_job(m, id).map(|_| ()));
        run_all(t);
        assert_eq!((job(t, id).state.as_str(), count(t, cold)), ("stopped", 401));
        let now = t.ctx().now;
        t.write(move |tx| tx.resume_job(m, id, now).map(|_| ()));
        run_all(t);
        let done = job(t, id);
        let result: serde_json::Value = serde_json::from_str(done.result.as_deref().unwrap()).unwrap();
        assert_eq!((done.state.as_str(), result), ("done", serde_json::json!({"changed": 401, "members": 401, "unchanged": 0})));
        assert_eq!(count(t, cold), 0);
        // A tag in use goes only when told so, and then with all that names it.
        let drop = |force: bool| {
            let cx = t.ctx();
            t.try_write(move |tx| service::remove(tx, &cx, vip, force))
        };
        assert_eq!(refused(drop(false)), "tag.in_use");
        let id = drop(true).unwrap().job.unwrap();
        run_all(t);
        assert_eq!((job(t, id).state.as_str(), job(t, id).progress), ("done", 1_203));
        assert_eq!(
            t.int("SELECT COUNT(*) FROM tag")
                + t.int("SELECT COUNT(*) FROM member_tag")
                + t.int("SELECT COUNT(*) FROM tag_count WHERE members <> 0"),
            1
        );
        let cx = t.ctx();
        assert!(t.write(move |tx| service::remove(tx, &cx, cold, false)).job.is_none(), "nobody has it");
        assert_eq!(t.int("SELECT COUNT(*) FROM past_tag"), 0);
        sound(t);
        let cx = t.ctx();
        assert_eq!(t.read(move |tx| tag::audit(tx, &cx)), Vec::<String>::new());
    });
}

fn removed(t: &TestStore, tag: TagId, force: bool) -> shuke_kernel::Result<service::Dropped> {
    let cx = t.ctx();
    t.try_write(move |tx| service::remove(tx, &cx, tag, force))
}

fn all_tags(t: &TestStore) -> i64 {
    t.int("SELECT COUNT(*) FROM tag")
}

#[test]
fn a_tag_is_gone_when_it_is_said_to_be() {
    both_with("tag_gone", TABLES, |t| {
        // A thousand givings of the past, to the last one that fits, and one less and more.
        let many: Vec<_> = (0..1_001).map(|i| person(i, &[&format!("own:m{i}")], &format!("r{i}"), "李雷")).collect();
        let people: Vec<MemberId> = many.chunks(400).flat_map(|part| feed(t, part)).filter_map(|f| f.member).collect();
        for n in [999, 1_000, 1_001] {
            let tag = made(t, "一时");
            changed(t, &people[..n], &[tag], &[]);
            changed(t, &people[..n], &[], &[tag]);
            let done = removed(t, tag, false).unwrap();
            assert_eq!((done.job.is_some(), all_tags(t)), (n >= 1_000, i64::from(n >= 1_000)), "{n}");
            run_all(t);
            assert_eq!((all_tags(t), t.int("SELECT COUNT(*) FROM past_tag")), (0, 0), "{n}");
        }
        // Stopped, it is begun again by whoever asks again.
        let tag = made(t, "VIP");
        changed(t, &people[..3], &[tag], &[]);
        let (m, id) = (t.merchant, removed(t, tag, true).unwrap().job.unwrap());
        t.write(move |tx| tx.stop_job(m, id).map(|_| ()));
        run_all(t);
        assert_eq!((removed(t, tag, true).unwrap().job, all_tags(t)), (Some(id), 1));
        // Restored before the task got to it, it stays with whom it has.
        let cx = t.ctx();
        t.write(move |tx| service::change(tx, &cx, tag, &TagChange { archived: Some(false), ..TagChange::default() }).map(|_| ()));
        run_all(t);
        let done = job(t, id);
        assert_eq!((done.state.as_str(), count(t, tag)), ("done", 3));
        assert_eq!(done.result.as_deref(), Some(r#"{"members":0,"dropped":false}"#));
        removed(t, tag, true).unwrap();
        run_all(t);
        assert_eq!(all_tags(t), 0);
        sound(t);
    });
}

/// Who drops a tag waits for who is giving it, and learns then that somebody has it.
#[test]
fn no_tag_is_dropped_under_a_giving() {
    both_with("tag_raced", TABLES, |t| {
        let [a, ..] = three(t);
        let tag = made(t, "VIP");
        let (checked, may_drop) = mpsc::channel();
        let (dropped, seen) = mpsc::channel();
        let (checked, seen) = (std::sync::Mutex::new(checked), std::sync::Mutex::new(seen));
        std::thread::scope(|s| {
            s.spawn(move || {
                let cx = t.ctx();
                t.write(move |tx| {
                    let change = Change { add: vec![tag], remove: vec![] };
                    give::check(tx, &cx, &change)?;
                    let _ = checked.lock().unwrap().send(());
                    // Long enough for a drop that does not wait.
                    let _ = seen.lock().unwrap().recv_timeout(Duration::from_secs(1));
                    give::change(tx, &cx, &[a], &change, "stf_test").map(|_| ())
                });
            });
            s.spawn(move || {
                may_drop.recv().unwrap();
                let done = removed(t, tag, false);
                let _ = dropped.send(());
                assert_eq!(refused(done), "tag.in_use");
            });
        });
        assert_eq!((has(t, a), count(t, tag)), (BTreeSet::from([tag]), 1));
        sound(t);
    });
}

#[test]
fn a_request_names_few_tags() {
    let some = |n: u8| (0..n).map(|i| TagId::from_bytes([i; 16])).collect::<Vec<_>>();
    assert!(Change::of(some(20), vec![]).is_ok() && Change::of(vec![], some(20)).is_ok());
    assert_eq!(refused(Change::of(some(21), vec![])), "tag.too_many_named");
    assert_eq!(refused(Change::of(vec![], some(21))), "tag.too_many_named");
}
