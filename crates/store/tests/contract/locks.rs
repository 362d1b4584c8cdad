//! Locks on names: who shares one comes after the other, who shares none goes beside.

use std::sync::mpsc;
use std::time::Duration;

use shuke_store::args;
use shuke_testkit::{MERCHANT, both, postgres};

use crate::{note, notes};

fn name(number: u16) -> [u8; 16] {
    let mut name = [0; 16];
    name[14..].copy_from_slice(&number.to_be_bytes());
    name
}

#[test]
fn who_shares_a_name_comes_after_the_other_however_many_they_name() {
    both("names", |t| {
        notes(t);
        t.write(|tx| note(tx, "counted", 0));
        std::thread::scope(|s| {
            for worker in 0..8_u16 {
                s.spawn(move || {
                    for _ in 0..10 {
                        t.write(move |tx| {
                            match worker % 4 {
                                0 => tx.lock_names(MERCHANT, [name(7), name(10_000 + worker)])?,
                                1 => tx.lock_names(MERCHANT, (0..3_000).map(name))?,
                                2 => {
                                    tx.lock_names(MERCHANT, [name(8), name(20_000 + worker)])?;
                                    tx.lock_names(MERCHANT, [name(7)])?;
                                }
                                _ => {
                                    tx.lock_names(MERCHANT, [name(20_000 + worker)])?;
                                    tx.lock_names(MERCHANT, (0..3_000).map(name))?;
                                }
                            }
                            let n: i64 = tx.one("SELECT n FROM note", args![])?.get(0)?;
                            tx.exec("UPDATE note SET n = $1", args![n + 1])
                        });
                    }
                });
            }
        });
        assert_eq!(t.int("SELECT n FROM note"), 80, "nobody counted on what another was about to change");
    });
}

#[test]
fn who_shares_none_goes_beside() {
    let t = postgres();
    let (tell, hear) = mpsc::channel();
    std::thread::scope(|s| {
        let t = &t;
        let first = s.spawn(move || {
            let hear = std::sync::Mutex::new(hear);
            t.write(move |tx| {
                tx.lock_names(MERCHANT, [name(1), name(2)])?;
                Ok(hear.lock().unwrap().recv_timeout(Duration::from_secs(30)).is_ok())
            })
        });
        t.write(|tx| tx.lock_names(MERCHANT, [name(3)]));
        tell.send(()).unwrap();
        assert!(first.join().unwrap(), "the second ended while the first was under way");
    });
}
