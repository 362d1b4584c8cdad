//! Reads that go on where the store answers too slowly for so many at once: a disk that seeks, a machine
//! that is busy. Nobody waits for them, so half as many are asked, and half of those.

use shuke_kernel::{Error, Result};
use shuke_store::outage::READ_TOO_LONG;

/// How often one alone is asked for: what is slow for one is slow by chance.
const ALONE: usize = 3;

fn is_slow(error: &Error) -> bool {
    matches!(error, Error::Refused(refusal) if refusal.code.code == READ_TOO_LONG.code)
}

/// Has `read` read these, in their order, some at a time where that takes longer than a read may. What a read
/// did that took too long must not count.
///
/// # Errors
/// What `read` fails with otherwise, and when one alone takes too long again and again.
pub(crate) fn by_halves<I>(items: &mut [I], read: &mut dyn FnMut(&mut [I]) -> Result<()>) -> Result<()> {
    for _ in 0..ALONE {
        match read(items) {
            Err(e) if is_slow(&e) && items.len() > 1 => {
                let (first, rest) = items.split_at_mut(items.len() / 2);
                by_halves(first, read)?;
                return by_halves(rest, read);
            }
            Err(e) if is_slow(&e) => {}
            done => return done,
        }
    }
    read(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads at most `most` at once; `luck` slow answers for one alone.
    fn read_of(count: usize, most: usize, mut luck: usize) -> (Result<()>, Vec<usize>, usize) {
        let mut items: Vec<usize> = (0..count).collect();
        let (mut got, mut asked) = (Vec::new(), 0);
        let done = by_halves(&mut items, &mut |some: &mut [usize]| {
            asked += 1;
            if some.len() > most || some.len() == 1 && luck > 0 {
                luck -= usize::from(some.len() == 1);
                return Err(READ_TOO_LONG.refuse().into());
            }
            got.extend_from_slice(some);
            Ok(())
        });
        (done, got, asked)
    }

    #[test]
    fn all_are_read_once_and_in_order_however_few_at_a_time() {
        for (count, most) in [(0, 1), (1, 1), (7, 100), (7, 3), (2_000, 1), (2_000, 130)] {
            let (done, got, _) = read_of(count, most, 0);
            assert!(done.is_ok());
            assert_eq!(got, (0..count).collect::<Vec<_>>(), "{most} at a time");
        }
        assert_eq!(read_of(2_000, 2_000, 0).2, 1, "what is read at once is asked once");
    }

    #[test]
    fn one_alone_is_asked_for_again_and_not_for_ever() {
        let (done, got, _) = read_of(1, 1, ALONE);
        assert!(done.is_ok());
        assert_eq!(got, [0]);
        let (done, _, asked) = read_of(1, 1, ALONE + 1);
        assert!(done.is_err_and(|e| is_slow(&e)));
        assert_eq!(asked, ALONE + 1);
    }

    #[test]
    fn what_fails_otherwise_is_not_asked_again() {
        let mut asked = 0;
        let done = by_halves(&mut [1, 2, 3], &mut |_: &mut [i32]| {
            asked += 1;
            Err(Error::fault("broken"))
        });
        assert!(done.is_err());
        assert_eq!(asked, 1);
    }
}
