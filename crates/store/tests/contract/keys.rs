//! Keys: made once, rotated, retired, put under another master key; what was tampered with does not open.

use shuke_store::{MasterKey, MerchantKeys, Store, args};
use shuke_testkit::{MERCHANT, TestStore, both, postgres, sqlite};

use crate::why;

fn seal(t: &TestStore, clear: &'static str) -> Vec<u8> {
    t.write(move |tx| tx.keys(MERCHANT)?.seal("member", b"row", clear.as_bytes()))
}

fn open(store: &Store, blob: &[u8]) -> shuke_kernel::Result<Vec<u8>> {
    let blob = blob.to_vec();
    store.read_now(move |tx| tx.keys(MERCHANT)?.open("member", b"row", &blob))
}

#[test]
fn a_rotated_key_seals_anew_and_opens_the_old() {
    both("rotation", |t| {
        let old = seal(t, "before");
        let now = t.ctx().now;
        let number = t.write(move |tx| tx.rotate_seal_key(MERCHANT, now));
        assert_eq!(number, 2);
        let new = seal(t, "after");
        assert_eq!((MerchantKeys::number_of(&old).unwrap(), MerchantKeys::number_of(&new).unwrap()), (1, 2));
        assert_eq!(open(&t.store, &old).unwrap(), b"before");
        assert_eq!(open(&t.store, &new).unwrap(), b"after");
        assert_eq!(t.write(move |tx| tx.retire_keys(MERCHANT, 2)), 1);
        assert!(open(&t.store, &old).is_err());
        assert_eq!(open(&t.store, &new).unwrap(), b"after");
    });
}

#[test]
fn another_instance_opens_what_was_sealed_under_a_key_that_it_has_not_seen() {
    let t = postgres();
    let other = t.another();
    let old = seal(&t, "before");
    assert_eq!(open(&other, &old).unwrap(), b"before");
    let now = t.ctx().now;
    t.write(move |tx| tx.rotate_seal_key(MERCHANT, now));
    let new = seal(&t, "after");
    assert_eq!(open(&other, &new).unwrap(), b"after");
    let again = other.write_now(shuke_store::Lane::Interactive, move |tx| tx.keys(MERCHANT)?.open("member", b"row", &new));
    assert_eq!(again.unwrap(), b"after");
}

#[test]
fn rolled_back_keys_are_nobodys() {
    both("rolled back", |t| {
        let now = t.ctx().now;
        let undone = t.try_write(move |tx| {
            tx.rotate_seal_key(MERCHANT, now)?;
            tx.keys(MERCHANT)?.seal("member", b"row", b"x")?;
            Err::<(), _>(crate::NO.refuse().into())
        });
        assert!(undone.is_err());
        assert_eq!(MerchantKeys::number_of(&seal(t, "x")).unwrap(), 1);
    });
}

#[test]
fn what_was_tampered_with_does_not_open() {
    both("tamper", |t| {
        let blob = seal(t, "secret");
        for i in 0..blob.len() {
            let mut bad = blob.clone();
            bad[i] ^= 1;
            assert!(open(&t.store, &bad).is_err(), "byte {i}");
        }
        t.write(|tx| tx.exec("UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE merchant = 0 AND purpose = 'seal') WHERE merchant = $1 AND purpose = 'seal'", args![MERCHANT]));
        t.store.forget_keys();
        assert!(why(open(&t.store, &blob)).contains("master key does not open"));
    });
}

#[test]
fn a_store_opens_under_its_own_master_key_only_and_can_change_it() {
    for t in [sqlite(), postgres()] {
        let blob = seal(&t, "secret");
        assert!(t.store.change_master_key(MasterKey::new([7; 32])).unwrap() >= 4);
        assert_eq!(open(&t.store, &blob).unwrap(), b"secret");
        let old = t.store.config().clone();
        let home = t.close();
        assert!(why(Store::open(old.clone()).map(|_| ())).contains("master key does not open"));
        let new = Store::open(shuke_store::StoreConfig { master: MasterKey::new([7; 32]), ..old }).unwrap();
        assert_eq!(open(&new, &blob).unwrap(), b"secret");
        drop(new);
        drop(home);
    }
}

#[test]
fn a_merchant_without_keys_has_none_of_anybody_elses() {
    both("no keys", |t| {
        let none = t.store.read_now(|tx| tx.keys(shuke_kernel::MerchantNo(555)).map(|_| ()));
        assert!(why(none).contains("has no keys"));
    });
}
