//! What is reckoned beside what is really allocated: whoever holds a cap by reckoning must not reckon too little.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, counting what each thread has and had at most.
struct Counting;

thread_local! {
    static NOW: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn count(more: isize) {
    let now = NOW.get() + more;
    NOW.set(now);
    MOST.set(MOST.get().max(now));
}

#[expect(unsafe_code, reason = "an allocator is unsafe by its interface; this one hands everything on to the system's")]
// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as it came.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as it came.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `f` leaves allocated, what it had allocated at most, and what it made; bytes beyond what there was.
fn weighed<T>(f: impl FnOnce() -> T) -> (usize, usize, T) {
    let before = NOW.get();
    MOST.set(before);
    let made = f();
    ((NOW.get() - before) as usize, (MOST.get() - before) as usize, made)
}

mod tests {
    use super::weighed;
    use crate::draft::{self, Line, Member, Order, Refund};
    use crate::people::files;
    use crate::registry::Registry;
    use crate::slice::{self, Draft, Lexicon, Spell};
    use crate::words::Dictionary;
    use std::sync::Arc;

    fn id(prefix: &str, number: usize) -> String {
        format!("{prefix}_{:026}", number)
    }

    /// Members with orders, lines and acts, as a reader makes them.
    fn drafts(registry: &Registry, lexicon: &mut Lexicon, count: usize) -> Vec<Draft> {
        let mut number = 0;
        (0..count)
            .map(|m| {
                let mut draft = Draft::new(registry, &id("mem", m));
                draft.tags.extend((0..m as i64 % 3).map(|value| Spell { value, from: 5, to: None }));
                for (t, rows) in [("orders", m % 5), ("lines", m % 11), ("events", m % 13)] {
                    let (at, table) = registry.find_table(t).unwrap();
                    for _ in 0..rows {
                        number += 1;
                        let mut row = vec![Some(number as i64); table.columns.len()];
                        for (cell, column) in row.iter_mut().zip(&table.columns) {
                            *cell = column.words.map_or(Some(number as i64 * 7), |words| {
                                let word = if registry.vocabularies()[words].is_local {
                                    id("ord", number)
                                } else {
                                    format!("word {}", number % 50)
                                };
                                lexicon.words_mut(words).code(&word).map(i64::from)
                            });
                        }
                        draft.rows[at].push(row);
                    }
                }
                draft
            })
            .collect()
    }

    #[test]
    fn members_for_questions_take_what_is_reckoned() {
        let registry = Registry::standard();
        let (left, _, (mut lexicon, drafts)) = weighed(|| {
            let mut lexicon = Lexicon::of(&registry);
            let drafts = drafts(&registry, &mut lexicon, 6_000);
            (lexicon, drafts)
        });
        let (words, ids) = lexicon.bytes(&registry);
        let reckoned = drafts.iter().map(Draft::bytes).sum::<usize>() + ids;
        assert!(left <= reckoned + words && left * 10 / 9 > reckoned, "{left} of {reckoned}");
        let (_, more, file) = weighed(|| {
            let words = Arc::new(std::mem::take(&mut lexicon));
            let mut file = std::io::sink();
            let slice = slice::lay_out(&registry, &words, 0, drafts);
            files::write(&files::batch(&registry, &slice).unwrap(), &mut file)
        });
        file.unwrap();
        assert!(more <= reckoned / 5 * 2, "{more} more than {reckoned} while it was written");
    }

    #[test]
    fn members_for_reports_take_what_is_reckoned() {
        let order = |number: usize| Order {
            key: id("number", number).into_bytes(),
            paid_at: Some(number as i64 * 1_000_003),
            lines: (0..1 + number as i64 % 3)
                .map(|n| Line { number: n, quantity: 1, paid: 100 * number as i64, ..Line::default() })
                .collect(),
            refunds: (0..usize::from(number.is_multiple_of(9)))
                .map(|r| Refund { key: id("r", r).into_bytes(), amount: 5, ..Refund::default() })
                .collect(),
            ..Order::default()
        };
        let (left, _, members) = weighed(|| {
            let member = |m: usize| Member { key: vec![m as u8; 16], orders: (0..m % 9).map(order).collect(), ..Member::default() };
            (0..6_000).map(member).collect::<Vec<_>>()
        });
        let reckoned = members.iter().map(Member::bytes).sum::<usize>();
        let (_, more, file) = weighed(|| files::write(&draft::lay_out(members).unwrap(), std::io::sink()));
        file.unwrap();
        assert!(left + more <= reckoned / 5 * 7, "{left} and {more} more of {reckoned}");
    }

    #[test]
    fn words_take_what_is_reckoned() {
        let (left, _, words) = weighed(|| {
            let mut words = Dictionary::default();
            (0..50_000).for_each(|i| _ = words.code(&format!("a title of goods, number {i}")));
            words
        });
        let reckoned = words.bytes();
        assert!(left <= reckoned + reckoned / 20 && reckoned <= left + left / 20, "{left} of {reckoned}");
    }
}
