//! JSON, tree and text are the same expression.

use proptest::prelude::*;
use shuke_columns::Registry;
use shuke_kernel::Zone;
use shuke_segments::{Reckoning, Segments, check, check_text, text, write};

use crate::draw::{Clock, Tape};
use crate::trees::Trees;

proptest! {
    #[test]
    fn json_and_text_come_back(tape in prop::collection::vec(any::<u16>(), 0..300)) {
        let mut tape = Tape::new(&tape);
        let registry = Registry::standard();
        let clock = Clock::draw(&mut tape);
        let json = Trees { registry: &registry, clock: &clock, tape: &mut tape, segments: &[] }.cond(4, None).to_string();
        let reckoning = Reckoning::new(clock.at, &Zone::named(clock.zone_name).unwrap());
        let none = Segments::default();
        let tree = check(json.as_bytes(), &registry, &none, &reckoning).unwrap().root;
        let written = write::cond(&tree).to_string();
        prop_assert_eq!(&check(written.as_bytes(), &registry, &none, &reckoning).unwrap().root, &tree, "{}", written);
        let shown = text::show(&tree);
        let read = check_text(&shown, &registry, &none, &reckoning);
        prop_assert!(read.is_ok(), "{}: {}", shown, read.unwrap_err());
        let read = read.unwrap().root;
        prop_assert_eq!(&read, &tree.canonical(), "{}", shown);
        prop_assert_eq!(text::show(&read), shown);
    }

    #[test]
    fn whatever_is_written_is_refused_or_read(shown in "\\PC{0,40}", words in prop::collection::vec(prop::sample::select(&["not", "(", ")", "and", "points", "=", ">=", "1", "0.5", "¥1.00", "in", "[", ",", "exists", "orders", "where", "last", "days", "\"x\"", "top", "by", "%", "2024-02-29", "2024-02-29T00:00:00Z", "-", "sum", "."][..]), 0..14)) {
        let registry = Registry::standard();
        let reckoning = Reckoning::new(0, &Zone::shanghai());
        let none = Segments::default();
        for text in [shown, words.join(" ")] {
            let _ = check(text.as_bytes(), &registry, &none, &reckoning);
            if let Ok(read) = check_text(&text, &registry, &none, &reckoning) {
                prop_assert!(check_text(&text::show(&read.root), &registry, &none, &reckoning).is_ok());
            }
        }
    }
}
