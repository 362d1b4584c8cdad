//! Paging through a query and filters reaches everybody whom a slow look at clear data finds, each
//! once and newest first, however little a page looks at.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shuke_store::jobs::JobRunner;
use shuke_testkit::{TestStore, both_with};

use super::world::{TABLES, ev, feed, listed};
use crate::MemberId;
use crate::identity::{Evidence, Gender, Region};
use crate::profile::index;
use crate::profile::letters::{initials, plain};
use crate::profile::list::{self, Filter, Limits};
use crate::profile::reindex;
use crate::profile::words;
use crate::tag::model::Change;
use crate::tag::{TagId, give, service};

/// A member in clear.
#[derive(Clone, Debug)]
struct Person {
    id: MemberId,
    name: Option<&'static str>,
    receiver: Option<&'static str>,
    phone: Option<String>,
    own: String,
    platform: &'static str,
    gender: Option<&'static str>,
    province: Option<&'static str>,
    tags: Vec<usize>,
}

const NAMES: [&str; 8] = ["王伟", "王小伟", "王伟小", "李小伟", "王伟小王小伟", "Anna Wong", "wang jian", "欧阳王伟"];
const PROVINCES: [&str; 3] = ["浙江省", "西藏自治区", "上海"];
const TAGS: [&str; 3] = ["VIP", "王伟", "怕冷"];

/// Three hundred people with names and places that many share, and a few that one has.
fn people(t: &TestStore) -> (Vec<Person>, Vec<TagId>) {
    let mut all = Vec::new();
    for i in 0..300_usize {
        let name = (i % 5 != 0).then(|| NAMES[(i * 7) % NAMES.len()]);
        let platform = if i == 150 {
            "jd"
        } else if i % 4 == 0 {
            "taobao"
        } else {
            "erp"
        };
        let own = if platform == "erp" { format!("own:{i}") } else { String::new() };
        let phone = (i % 3 != 0).then(|| format!("138{:04}{:04}", i, if i % 2 == 0 { 8888 } else { i }));
        let receiver = (i % 10 == 1).then_some(if i % 20 == 1 { "王伟" } else { "赵小伟" });
        let mut keys = vec![match platform {
            "jd" => format!("jd:u{i}"),
            "taobao" => format!("name:u{i}"),
            _ => own.clone(),
        }];
        keys.extend(phone.iter().map(|p| format!("phone:{p}")));
        keys.extend(receiver.iter().map(|r| format!("rname:{r}")));
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut e = Evidence { source: "list".to_owned(), source_id: Some(format!("r{i}")), ..ev(i as i64, &keys) };
        e.profile.name = name.map(str::to_owned);
        e.profile.gender = [Some(Gender::Female), Some(Gender::Male), None][i % 3];
        let province = if i == 77 { Some(PROVINCES[1]) } else { (i % 2 == 0).then_some(PROVINCES[(i / 100) % 2 * 2]) };
        e.profile.region = province.map(|p| Region { province: Some(p.to_owned()), city: None });
        let gender = [Some("female"), Some("male"), None][i % 3];
        let tags = (0..3).filter(|n| i % (n * 40 + 3) == 1).collect();
        all.push((e, Person { id: MemberId::from_bytes([0; 16]), name, receiver, phone, own, platform, gender, province, tags }));
    }
    let mut out = Vec::new();
    for part in all.chunks(60) {
        let evidence: Vec<Evidence> = part.iter().map(|(e, _)| e.clone()).collect();
        for ((_, person), found) in part.iter().zip(feed(t, &evidence)) {
            out.push(Person { id: found.member.unwrap(), ..person.clone() });
        }
    }
    let tags = TAGS.map(|name| {
        let cx = t.ctx();
        t.write(move |tx| service::add(tx, &cx, name, None, None)).id
    });
    for (n, tag) in tags.iter().enumerate() {
        let whom: Vec<MemberId> = out.iter().filter(|p| p.tags.contains(&n)).map(|p| p.id).collect();
        let (cx, change) = (t.ctx(), Change { add: vec![*tag], remove: vec![] });
        t.write(move |tx| give::change(tx, &cx, &whom, &change, "test").map(|_| ()));
    }
    (out, tags.to_vec())
}

fn answers(p: &Person, query: &str) -> bool {
    let asked = plain(query);
    // One character finds who begins with it.
    let named = |n: &str| {
        let name = plain(n);
        let part = if asked.chars().count() == 1 { name.starts_with(&asked) } else { name.contains(&asked) };
        part || initials(n).iter().any(|i| i.starts_with(&asked))
    };
    p.name.is_some_and(named)
        || p.receiver.is_some_and(named)
        || p.own.strip_prefix("own:") == Some(query)
        || p.phone.as_deref().is_some_and(|phone| phone == query || phone.ends_with(query) && query.len() == 4)
        || p.tags.iter().any(|t| TAGS[*t].eq_ignore_ascii_case(query))
}

/// Those who answer a query: as one name, and where nobody does, word by word.
fn wanted<'a>(people: &'a [Person], f: &'a Filter, tags: &'a [TagId]) -> Vec<&'a Person> {
    let query = f.query.split_whitespace().collect::<Vec<_>>().join(" ");
    let fitting: Vec<&Person> = people.iter().filter(|p| fits(p, f, tags)).collect();
    let whole: Vec<&Person> = fitting.iter().copied().filter(|p| query.is_empty() || answers(p, &query)).collect();
    if !whole.is_empty() || !query.contains(' ') {
        return whole;
    }
    fitting.into_iter().filter(|p| query.split(' ').all(|word| answers(p, word))).collect()
}

fn fits(p: &Person, f: &Filter, tags: &[TagId]) -> bool {
    (f.platform.is_empty() || p.platform == f.platform)
        && f.has_phone.is_none_or(|has| p.phone.is_some() == has)
        && (f.gender.is_empty() || p.gender == Some(&f.gender))
        && (f.province.is_empty() || p.province == Some(&f.province))
        && f.tags.iter().all(|t| p.tags.iter().any(|n| tags[*n] == *t))
}

fn queries() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "王",
        "w",
        "wj",
        "ww",
        "aw",
        "王伟",
        "小伟",
        "王小伟",
        "伟小王小伟",
        "欧阳王伟",
        "赵小伟",
        "zx",
        "赵",
        "anna",
        "8888",
        "0077",
        "vip",
        "怕冷",
        "77",
        "没有这个人",
        "nobody",
        "王 8888",
        "8888  王",
        "anna VIP",
        "王 wj 怕冷",
        "王 没有这个人",
        "伟 伟",
    ])
}

#[test]
fn every_match_is_reached() {
    both_with("search", TABLES, |t| {
        let (people, tags) = people(t);
        let word = |words: &'static [&'static str]| prop::sample::select(words.to_vec());
        let filters = (
            queries(),
            word(&["", "", "", "erp", "taobao", "jd", "pdd"]),
            prop::sample::select(vec![None, None, Some(true), Some(false)]),
            word(&["", "", "female", "male", "other"]),
            word(&["", "", "浙江省", "西藏自治区", "上海"]),
            prop::collection::vec(0..3_usize, 0..3),
        );
        let limits = (1..40_usize, 0..60_usize, 2..30_usize, 1..80_i64);
        let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
        runner
            .run(
                &(filters, limits, 1..25_usize),
                |((query, platform, has_phone, gender, province, with), (budget, small, stretch, alike), limit)| {
                    let filter = Filter {
                        query: query.to_owned(),
                        platform: platform.to_owned(),
                        has_phone,
                        gender: gender.to_owned(),
                        province: province.to_owned(),
                        tags: with.iter().map(|n| tags[*n]).collect(),
                    };
                    let limits = Limits { budget, small, stretch, alike };
                    let (mut found, mut before) = (Vec::new(), None);
                    loop {
                        let (cx, f) = (t.ctx(), filter.clone());
                        let page = t.read(move |tx| list::page_within(tx, &cx, limits, &f, before, limit));
                        prop_assert!(page.ids.len() <= limit);
                        found.extend(page.ids);
                        match page.next {
                            Some(next) => {
                                prop_assert!(before.is_none_or(|b| next < b), "a page goes on further down");
                                before = Some(next);
                            }
                            None => break,
                        }
                    }
                    let mut want: Vec<MemberId> = wanted(&people, &filter, &tags).into_iter().map(|p| p.id).collect();
                    want.sort_by(|a, b| b.cmp(a));
                    prop_assert_eq!(&found, &want, "{:?}", filter);
                    let whole = {
                        let (cx, f) = (t.ctx(), filter.clone());
                        t.read(move |tx| list::page(tx, &cx, &f, None, 400))
                    };
                    prop_assert_eq!((whole.ids, whole.next), (want, None));
                    Ok(())
                },
            )
            .unwrap();
    });
}

/// Who has a phone is told by a member's row: by whatever way keys come, move and go.
#[test]
fn a_phone_is_known_wherever_it_comes_from() {
    both_with("has_phone", TABLES, |t| {
        let with = |has: bool| {
            super::world::listed(t, &Filter { has_phone: Some(has), ..Filter::default() }, 10).into_iter().collect::<BTreeSet<_>>()
        };
        let a = feed(t, &[ev(1, &["own:1"])])[0].member.unwrap();
        let b = feed(t, &[ev(2, &["own:2", "rphone:13800000002"])])[0].member.unwrap();
        assert_eq!((with(true), with(false)), ([b].into(), [a].into()));
        feed(t, &[ev(3, &["own:1", "phone:13800000001"])]);
        assert_eq!((with(true), with(false)), ([a, b].into(), BTreeSet::new()));
        let set = feed(t, &[ev(4, &["own:3"]), ev(5, &["own:3", "phone:13800000003"])]);
        let c = set[0].member.unwrap();
        assert!(with(true).contains(&c));
        let (cx, phone) = (t.ctx(), set[1].key_set.unwrap());
        t.write(move |tx| crate::identity::release(tx, &cx, &[phone]));
        assert_eq!(with(false), [c].into());
        super::world::sound(t);
    });
}

/// A store that was filled before receivers were in the index finds them once the task has run; the
/// task runs once.
#[test]
fn receivers_of_before_are_found_after_the_task() {
    both_with("reindex", TABLES, |t| {
        let a = feed(t, &[ev(1, &["own:1", "rname:张三丰"]), ev(2, &["own:1", "raddr:李雷|西湖区1号"])])[0].member.unwrap();
        let found = |query: &str| super::world::found(t, query);
        let queue = || {
            let cx = t.ctx();
            t.write(move |tx| reindex::enqueue_once(tx, &cx));
        };
        t.write(|tx| tx.exec("DELETE FROM member_name WHERE merchant = $1", shuke_store::args![shuke_testkit::MERCHANT]).map(|_| ()));
        assert!(found("zsf").is_empty());
        let building = || {
            let cx = t.ctx();
            t.read(move |tx| reindex::building(tx, &cx))
        };
        assert_eq!(building(), None, "nobody was told to make it");
        queue();
        queue();
        assert_eq!(building(), Some(reindex::Building { done: 0, total: None }), "a search of now may miss somebody");
        let runner = JobRunner::new(t.store.clone()).with(reindex::IndexNames);
        assert!(runner.run_one().unwrap() && !runner.run_one().unwrap());
        assert_eq!(building(), None, "whole");
        for query in ["zsf", "三丰", "张", "张三丰", "ll", "李雷"] {
            assert_eq!(found(query), [a].into(), "{query}");
        }
        super::world::sound(t);
        queue();
        assert!(!runner.run_one().unwrap(), "once is enough");
    });
}

/// Whatever sources write, a province is one; who is known from a platform by a phone alone is known
/// from it, whichever of several records came first.
#[test]
fn a_filter_means_one_thing_however_it_is_written() {
    both_with("filter_words", TABLES, |t| {
        let written = ["广东", "广东省", "广西壮族自治区", "广西", "上海市", "广东", "广东省", "广东"];
        let evidence: Vec<Evidence> = (0..written.len())
            .map(|i| {
                let mut e = ev(i as i64, &[&format!("phone:1380000000{i}")]);
                e.source = if i % 2 == 0 { "tmall".to_owned() } else { "crm".to_owned() };
                e.profile.region = Some(Region { province: Some(written[i].to_owned()), city: None });
                e
            })
            .collect();
        let people: Vec<MemberId> = feed(t, &evidence).into_iter().filter_map(|f| f.member).collect();
        let some = |of: &[usize]| of.iter().map(|i| people[*i]).collect::<BTreeSet<_>>();
        let asked = |province: &str, has_phone: Option<bool>| {
            let filter = Filter { province: words::province(Some(province.to_owned())), has_phone, ..Filter::default() };
            let pages: Vec<_> = [1, 2, 50].into_iter().map(|limit| listed(t, &filter, limit)).collect();
            assert!(pages.iter().all(|p| *p == pages[0] && p.windows(2).all(|w| w[0] > w[1])), "{pages:?}");
            pages[0].iter().copied().collect::<BTreeSet<_>>()
        };
        for province in ["广东", "广东省"] {
            assert_eq!(asked(province, None), some(&[0, 1, 5, 6, 7]));
            assert_eq!(asked(province, Some(true)), some(&[0, 1, 5, 6, 7]), "as one filter of two");
        }
        assert_eq!((asked("广西", None), asked("上海", None)), (some(&[2, 3]), some(&[4])));
        // A few looks at a time, as where there are many.
        let limits = Limits { budget: 2, small: 1, stretch: 1, alike: 1 };
        let (mut out, mut before) = (BTreeSet::new(), None);
        loop {
            let cx = t.ctx();
            let filter = Filter { province: "广东".to_owned(), ..Filter::default() };
            let page = t.read(move |tx| list::page_within(tx, &cx, limits, &filter, before, 2));
            out.extend(page.ids);
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(out, some(&[0, 1, 5, 6, 7]));

        let from = |platform: &str| {
            let filter = Filter { platform: words::platform(Some(platform.to_owned())), ..Filter::default() };
            listed(t, &filter, 2).into_iter().collect::<BTreeSet<_>>()
        };
        assert_eq!((from("tmall"), from("taobao")), (some(&[0, 2, 4, 6]), some(&[0, 2, 4, 6])));
        feed(t, &[Evidence { source: "taobao:members".to_owned(), ..ev(20, &["phone:13800000001"]) }]);
        assert_eq!(from("taobao"), some(&[0, 1, 2, 4, 6]), "learned from a later record");
        assert_eq!(from("crm"), BTreeSet::new());
    });
}

/// A name is found however it is written and read; a store of an older program holds it so once the
/// task has run, and nothing of how it was held before.
#[test]
fn a_name_is_found_however_it_is_written_and_read() {
    both_with("name_spellings", TABLES, |t| {
        let named =
            |i: i64, name: &str| feed(t, &[super::world::person(i, &[&format!("own:{i}")], &format!("r{i}"), name)])[0].member.unwrap();
        let (zeng, dots, irish) = (named(1, "曾國強"), named(2, "张三·买买提"), named(3, "Seán O’Brien"));
        let parcel = feed(t, &[ev(4, &["own:4", "rname:單雄信"])])[0].member.unwrap();
        let all_found = || {
            let asked = [
                (zeng, &["曾国强", "曾國强", "zgq", "cgq", "国强"][..]),
                (dots, &["张三买买提", "張三•買買提", "三买", "zsmmt"]),
                (irish, &["sean obrien", "O'BRIEN", "so", "brien"]),
                (parcel, &["单雄信", "sxx", "dxx"]),
            ];
            for (who, queries) in asked {
                for query in queries {
                    assert_eq!(super::world::found(t, query), [who].into(), "{query}");
                }
            }
        };
        all_found();
        super::world::sound(t);
        // As the older program held it: other tokens, of which none may stay.
        let cx = t.ctx();
        t.write(move |tx| index::as_before(tx, &cx));
        assert!(super::world::found(t, "zgq").is_empty());
        let cx = t.ctx();
        t.write(move |tx| reindex::enqueue_once(tx, &cx));
        assert!(JobRunner::new(t.store.clone()).with(reindex::IndexNames).run_one().unwrap());
        all_found();
        super::world::sound(t);
    });
}
