//! A line that one document leaves without its name and another names is one line.

use super::*;

fn report(import: i64, paid: Option<i64>, lines: Vec<LineSaid>) -> Observation {
    Observation {
        import: Some(import),
        state: Some(State::Completed),
        created_at: at(1, 10),
        paid_at: at(1, 11),
        paid,
        lines_whole: !lines.is_empty(),
        lines,
        ..said(Doc::OrderReport)
    }
}

fn line(ordinal: u32, sku: Option<&str>, title: Option<&str>, quantity: i64) -> LineSaid {
    LineSaid {
        ordinal,
        sku: sku.map(str::to_owned),
        title: title.map(str::to_owned),
        quantity,
        unit_price: Some(2_500),
        ..LineSaid::default()
    }
}

/// What two files make, whichever of them is loaded first.
fn both_ways(first: &Observation, second: &Observation) -> OrderState {
    let numbered = |o: &Observation, import| Observation { import: Some(import), ..o.clone() };
    let one = order(&[numbered(first, 1), numbered(second, 2)]);
    assert_eq!(one, order(&[numbered(second, 1), numbered(first, 2)]), "loaded the other way round");
    one
}

fn titles(o: &OrderState) -> Vec<Option<&str>> {
    o.lines.iter().map(|l| l.title.as_deref()).collect()
}

#[test]
fn a_name_that_comes_later_is_taken_whatever_the_hashes_are() {
    // Which of two documents of one time is the newer, their hashes tell: many of them are tried.
    for n in 0..32 {
        let title = format!("tea {n}");
        let without = report(1, Some(5_000 + n), vec![line(0, None, None, 2)]);
        let with = report(2, Some(5_000 + n), vec![line(0, None, Some(&title), 2)]);
        let o = both_ways(&without, &with);
        assert_eq!((titles(&o), o.quantity), (vec![Some(title.as_str())], Some(2)));
        // A code that comes later still, and the variant with it.
        let coded = report(3, Some(5_000 + n), vec![LineSaid { spec: Some("red".into()), ..line(0, Some("T1"), Some(&title), 2) }]);
        for all in [[&without, &with, &coded], [&coded, &without, &with], [&with, &coded, &without]] {
            let o = order(&all.map(Observation::clone));
            assert_eq!(
                (o.lines.len(), o.lines[0].sku.as_deref(), o.lines[0].spec.as_deref()),
                (1, Some("T1"), Some("red")),
                "{:?}",
                o.lines
            );
            assert_eq!(o.lines[0].title.as_deref(), Some(title.as_str()));
        }
    }
}

#[test]
fn each_nameless_line_becomes_the_one_at_its_place() {
    for n in 0..16 {
        let without = report(1, Some(n), vec![line(0, None, None, 1), line(1, None, Some("cup"), 1), line(2, None, None, 1)]);
        let with = report(2, Some(n), vec![line(0, None, Some("tea"), 1), line(1, None, Some("cup"), 1), line(2, None, Some("pot"), 1)]);
        assert_eq!(titles(&both_ways(&without, &with)), [Some("tea"), Some("cup"), Some("pot")]);
    }
    // Elsewhere in the other file: the only one that it may be.
    let moved = |lines| Observation { lines_whole: false, doc: Doc::ItemReport, ..report(1, None, lines) };
    let o = both_ways(&moved(vec![line(0, None, None, 3)]), &moved(vec![line(0, None, Some("cup"), 1), line(1, None, Some("tea"), 3)]));
    assert_eq!(titles(&o), [Some("cup"), Some("tea")], "{:?}", o.lines);
}

#[test]
fn what_differs_or_stands_beside_it_is_another_line() {
    // One file has both: two lines.
    let o = order(&[report(1, None, vec![line(0, None, None, 1), line(1, None, Some("tea"), 1)])]);
    assert_eq!(o.lines.len(), 2);
    let item = |lines| Observation { lines_whole: false, doc: Doc::ItemReport, ..report(1, None, lines) };
    // Other pieces, another variant, another code.
    for other in [line(0, None, Some("tea"), 2), LineSaid { unit_price: Some(9), ..line(0, None, Some("tea"), 1) }] {
        assert_eq!(both_ways(&item(vec![line(0, None, None, 1)]), &item(vec![other])).lines.len(), 2);
    }
    let spec = |s: &str| LineSaid { spec: Some(s.into()), ..line(0, None, None, 1) };
    let red = LineSaid { title: Some("tea".into()), ..spec("red") };
    assert_eq!(both_ways(&item(vec![spec("blue")]), &item(vec![red.clone()])).lines.len(), 2);
    assert_eq!(both_ways(&item(vec![spec("red")]), &item(vec![red])).lines.len(), 1);
    // Rows of an item report may come in files of their own: a name without its variant is no name left out.
    let tea = line(0, None, Some("tea"), 1);
    assert_eq!(both_ways(&item(vec![tea.clone()]), &item(vec![LineSaid { spec: Some("red".into()), ..tea }])).lines.len(), 2);
}

#[test]
fn an_amount_that_comes_later_is_taken_and_none_erases_it() {
    for n in 0..16 {
        let without = report(1, None, vec![line(0, None, Some("tea"), 2)]);
        let with = report(2, Some(5_000 + n), vec![line(0, None, Some("tea"), 2)]);
        let o = both_ways(&without, &with);
        assert_eq!((o.paid, o.net_paid, o.lines[0].paid), (Some(5_000 + n), Some(5_000 + n), Some(5_000 + n)));
        assert_ne!(order(std::slice::from_ref(&without)), o, "the order changed");
    }
}
