//! Short words for the tests: evidence, and what a store holds of identity.

use std::collections::{BTreeMap, BTreeSet};

use shuke_kernel::{Instant, MerchantNo, Result};
use shuke_store::register::{GROUND, Register};
use shuke_store::{Tx, args};
use shuke_testkit::TestStore;

use crate::MemberId;
use crate::identity::{Evidence, Gender, Identified, KeyClaim, KeyKind, ProfileHints, identify_many, keys};
use crate::profile::index;
use crate::profile::list::{self, Filter};
use crate::tag;

pub(crate) const TABLES: Register = Register(&[GROUND, crate::TABLES]);

/// A key by a short name: `own:1`, `open:x`, `phone:13800000001`, `name:anna`, `rphone:…`, `raddr:…`.
pub(crate) fn key(text: &str) -> KeyClaim {
    let (kind, value) = text.split_once(':').unwrap();
    let (kind, namespace) = match kind {
        "own" => (KeyKind::OwnId, "erp"),
        "open" => (KeyKind::OpenId, "taobao:app"),
        "phone" => (KeyKind::Phone, ""),
        "email" => (KeyKind::Email, ""),
        "name" => (KeyKind::AccountName, "taobao"),
        "jd" => (KeyKind::AccountName, "jd"),
        "card" => (KeyKind::Card, ""),
        "rphone" => (KeyKind::ReceiverPhone, ""),
        "rname" => (KeyKind::ReceiverName, ""),
        "raddr" => (KeyKind::ReceiverAddress, ""),
        other => panic!("no kind {other}"),
    };
    KeyClaim::new(kind, namespace, value, kind != KeyKind::ReceiverPhone).unwrap_or_else(|| panic!("no key: {text}"))
}

/// Evidence of these keys at a second.
pub(crate) fn ev(at: i64, keys: &[&str]) -> Evidence {
    Evidence {
        keys: keys.iter().map(|k| key(k)).collect(),
        entity: None,
        source_time: Instant(at * 1_000_000),
        source: "taobao:orders".to_owned(),
        source_id: None,
        profile: ProfileHints::default(),
    }
}

pub(crate) fn feed(t: &TestStore, evidence: &[Evidence]) -> Vec<Identified> {
    let (cx, evidence) = (t.ctx(), evidence.to_vec());
    t.write(move |tx| identify_many(tx, &cx, &evidence))
}

pub(crate) fn one(t: &TestStore, at: i64, keys: &[&str]) -> Option<MemberId> {
    feed(t, &[ev(at, keys)])[0].member
}

/// Key sets by member as the keys that they carry, without ids (two stores have other tokens):
/// what must not depend on the order of arrival.
pub(crate) fn partition(t: &TestStore) -> (BTreeSet<BTreeSet<String>>, BTreeSet<String>) {
    let m = t.merchant;
    t.read(move |tx| {
        let opened = tx.keys(m)?;
        let mut groups: BTreeMap<[u8; 16], BTreeSet<String>> = BTreeMap::new();
        let mut nobody = BTreeSet::new();
        for mut r in tx.rows("SELECT id, member, first_seen, tokens, sealed FROM key_set WHERE merchant = $1", &[m.into()])? {
            let (id, member): ([u8; 16], Option<[u8; 16]>) = (r.get(0)?, r.get(1)?);
            let mut words: Vec<String> = keys::open(&opened, &id, &r.get::<Vec<u8>>(3)?, &r.get::<Vec<u8>>(4)?)?
                .into_iter()
                .map(|(_, c)| format!("{}:{}", c.kind.word(), c.value))
                .collect();
            words.sort();
            let text = format!("{} {}", r.get::<i64>(2)?, words.join(" "));
            match member {
                Some(m) => groups.entry(m).or_default().insert(text),
                None => nobody.insert(text),
            };
        }
        Ok((groups.into_values().collect(), nobody))
    })
}

/// A record of a list that names a person.
pub(crate) fn person(at: i64, keys: &[&str], id: &str, name: &str) -> Evidence {
    let mut e = ev(at, keys);
    e.source = "list".to_owned();
    e.source_id = Some(id.to_owned());
    e.profile.name = Some(name.to_owned());
    e.profile.gender = Some(if at > 5 { Gender::Male } else { Gender::Female });
    e
}

/// All whom a query names, page by page.
pub(crate) fn found(t: &TestStore, query: &str) -> BTreeSet<MemberId> {
    listed(t, &Filter { query: query.to_owned(), ..Filter::default() }, 2).into_iter().collect()
}

/// All whom a filter names, newest first, read in pages of so many.
pub(crate) fn listed(t: &TestStore, filter: &Filter, limit: usize) -> Vec<MemberId> {
    let (mut out, mut before) = (Vec::new(), None);
    loop {
        let (cx, f) = (t.ctx(), filter.clone());
        let page = t.read(move |tx| list::page(tx, &cx, &f, before, limit));
        assert!(page.ids.len() <= limit);
        out.extend(page.ids);
        match page.next {
            Some(next) => before = Some(next),
            None => return out,
        }
    }
}

/// Everything of a table as text, for comparing before and after.
pub(crate) fn dump(t: &TestStore, sql: &'static str) -> Vec<String> {
    let m = t.merchant;
    t.read(move |tx| Ok(tx.rows(sql, &[m.into()])?.into_iter().map(|r| format!("{:?}", r.0)).collect()))
}

/// Where who holds which key, and as of which class, is not what the key sets say.
fn holdings(tx: &mut Tx<'_>, m: MerchantNo) -> Result<Vec<String>> {
    let mut want: BTreeMap<([u8; 16], [u8; 16]), (bool, i64)> = BTreeMap::new();
    for mut r in tx.rows("SELECT id, member, tokens FROM key_set WHERE merchant = $1", &[m.into()])? {
        let (id, member): ([u8; 16], Option<[u8; 16]>) = (r.get(0)?, r.get(1)?);
        for key in keys::unpack(&r.get::<Vec<u8>>(2)?)? {
            let class = key.class as i64;
            let entry = want.entry((key.token, member.unwrap_or(id))).or_insert((member.is_some(), class));
            entry.1 = entry.1.min(class);
        }
    }
    let mut wrong = Vec::new();
    for mut r in tx.rows("SELECT token, holder, held, class FROM identity_key WHERE merchant = $1", &[m.into()])? {
        let (at, is) = ((r.get(0)?, r.get(1)?), (r.get(2)?, r.get(3)?));
        if want.remove(&at) != Some(is) {
            wrong.push(format!("{at:?} is {is:?}"));
        }
    }
    wrong.extend(want.into_iter().map(|(at, must)| format!("{at:?} must be {must:?}")));
    Ok(wrong)
}

/// What holds of a store whose identity is sound, whatever happened.
pub(crate) fn sound(t: &TestStore) {
    let m = t.merchant;
    let none = |sql: &'static str, what: &str| {
        let found = t.read(move |tx| Ok(tx.rows(sql, &[m.into()])?.len()));
        assert_eq!(found, 0, "{what}");
    };
    none(
        "SELECT 1 FROM key_set k WHERE k.merchant = $1 AND k.member IS NOT NULL AND NOT EXISTS (SELECT 1 FROM member m WHERE m.merchant = k.merchant AND m.id = k.member AND m.state = 'live')",
        "a key set belongs to nobody living",
    );
    none(
        "SELECT 1 FROM member m WHERE m.merchant = $1 AND m.state = 'live' AND NOT EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = m.merchant AND k.member = m.id)",
        "a living member has no key set",
    );
    none(
        "SELECT 1 FROM identity_key i WHERE i.merchant = $1 AND i.held = 1 AND NOT EXISTS (SELECT 1 FROM member m WHERE m.merchant = i.merchant AND m.id = i.holder AND m.state = 'live')",
        "a key is held by nobody living",
    );
    none(
        "SELECT 1 FROM member m WHERE m.merchant = $1 AND m.state = 'live' AND m.first_seen <> (SELECT MIN(k.first_seen) FROM key_set k WHERE k.merchant = m.merchant AND k.member = m.id)",
        "a member's first time is not that of its key sets",
    );
    none(
        "SELECT 1 FROM member m WHERE m.merchant = $1 AND m.state = 'live' AND m.has_phone <> (CASE WHEN EXISTS (SELECT 1 FROM key_set k WHERE k.merchant = m.merchant AND k.member = m.id AND k.reach IN (1, 3)) THEN 1 ELSE 0 END)",
        "a member's row tells another than its key sets whether there is a phone",
    );
    none(
        "SELECT 1 FROM member_tag g WHERE g.merchant = $1 AND NOT EXISTS (SELECT 1 FROM member m WHERE m.merchant = g.merchant AND m.id = g.member AND m.state = 'live')",
        "a tag is had by nobody living",
    );
    assert_eq!(t.read(move |tx| holdings(tx, m)), Vec::<String>::new(), "who holds which key is not what key sets make it");
    let (cx, all) = (t.ctx(), dump(t, "SELECT token, member FROM member_name WHERE merchant = $1 ORDER BY member, token"));
    let want = t.write(move |tx| index::rebuilt(tx, &cx));
    let want: Vec<String> = want.into_iter().map(|(m, token)| format!("{:?}", args![token, m].to_vec())).collect();
    assert_eq!(all, want, "the index of names is not what profiles and key sets make it");
    let cx = t.ctx();
    assert_eq!(t.read(move |tx| tag::audit(tx, &cx)), Vec::<String>::new());
}
