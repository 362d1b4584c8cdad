//! Requests that are written together are answered as if each had come alone.

use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;
use shuke_store::together::Together;
use shuke_testkit::{TestStore, both};

use crate::{NO, count, note, notes, why};

/// Notes by name; `refused…` is refused, `broken…` is a fault.
struct Notes;

impl Together for Notes {
    type Item = String;
    type Answer = String;

    fn subject(name: &String) -> String {
        name.clone()
    }

    fn write(tx: &mut Tx<'_>, _: &Ctx, names: &[String]) -> Result<Vec<String>> {
        let mut out = Vec::new();
        for name in names {
            note(tx, name, 1)?;
            if name.starts_with("refused") {
                return Err(NO.with("why", name).into());
            }
            if name.starts_with("broken") {
                return Err(shuke_kernel::Error::fault("broken"));
            }
            out.push(format!("{name} of {}", names.len()));
        }
        Ok(out)
    }
}

fn all(t: &TestStore, requests: Vec<(Ctx, String)>) -> Vec<Result<String>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = requests
            .into_iter()
            .map(|(cx, name)| {
                let store = t.store.clone();
                tokio::spawn(async move { store.write_together::<Notes>(&cx, name).await })
            })
            .collect();
        let mut out = Vec::new();
        for task in tasks {
            out.push(task.await.unwrap());
        }
        out
    })
}

#[test]
fn many_share_a_transaction_and_each_is_answered() {
    both("together", |t| {
        notes(t);
        let requests: Vec<_> = (0..300).map(|i| (t.keyed(&format!("k{i}"), "r"), format!("n{i}"))).collect();
        let first = all(t, requests.clone());
        for (i, answer) in first.iter().enumerate() {
            assert!(answer.as_ref().unwrap().starts_with(&format!("n{i} of ")), "{answer:?}");
        }
        assert!(first.iter().any(|a| !a.as_ref().unwrap().ends_with(" of 1")), "nothing was gathered");
        assert_eq!(count(t), 300);
        // Sent again each has the answer that it had, also beside new ones.
        let again = all(t, requests.into_iter().chain((0..50).map(|i| (t.keyed(&format!("m{i}"), "r"), format!("m{i}")))).collect());
        for (before, after) in first.iter().zip(&again) {
            assert_eq!(before.as_ref().unwrap(), after.as_ref().unwrap());
        }
        assert_eq!(count(t), 350);
    });
}

#[test]
fn nobody_is_answered_by_anothers_mistake() {
    both("together, with mistakes", |t| {
        notes(t);
        let name = |i: usize| match i % 7 {
            3 => format!("refused{i}"),
            5 => format!("broken{i}"),
            _ => format!("n{i}"),
        };
        let requests: Vec<_> = (0..200).map(|i| (if i % 2 == 0 { t.keyed(&format!("k{i}"), "r") } else { t.ctx() }, name(i))).collect();
        for (i, answer) in all(t, requests).into_iter().enumerate() {
            match i % 7 {
                3 => assert_eq!(why(answer), "test.no"),
                5 => assert_eq!(why(answer), "broken"),
                _ => assert!(answer.unwrap().starts_with(&name(i))),
            }
        }
        assert_eq!(count(t), (0..200).filter(|i| ![3, 5].contains(&(i % 7))).count() as i64);
        // The same key with another request is refused, whatever runs beside it.
        let reused = all(t, vec![(t.keyed("k0", "another"), "other".to_owned()), (t.ctx(), "beside".to_owned())]);
        let [reused, beside] = <[Result<String>; 2]>::try_from(reused).unwrap();
        assert_eq!(why(reused), "idempotency.key_reused");
        assert!(beside.is_ok());
    });
}
