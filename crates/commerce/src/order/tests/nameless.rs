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
}

#[test]
fn what_differs_is_another_line() {
    // One file has both: two lines.
    let o = order(&[report(1, None, vec![line(0, None, None, 1), line(1, None, Some("tea"), 1)])]);
    assert_eq!(o.lines.len(), 2);
    // Other pieces, another price, another amount paid, another variant, another role: the newer file says which it is.
    let (bare, tea) = (line(0, None, None, 1), line(0, None, Some("tea"), 1));
    let paid = |line: &LineSaid, fen| LineSaid { paid: Some(fen), ..line.clone() };
    let spec = |line: &LineSaid, s: &str| LineSaid { spec: Some(s.into()), ..line.clone() };
    for (bare, named) in [
        (bare.clone(), line(0, None, Some("tea"), 2)),
        (bare.clone(), LineSaid { unit_price: Some(9), ..tea.clone() }),
        (paid(&bare, 9_000), paid(&tea, 1_000)),
        (spec(&bare, "blue"), spec(&tea, "red")),
        (LineSaid { role: Role::Discount, unit_price: None, ..paid(&bare, -500) }, tea.clone()),
    ] {
        for n in 0..8 {
            let (without, with) = (report(1, Some(n), vec![bare.clone()]), report(2, Some(n), vec![named.clone()]));
            let o = both_ways(&without, &with);
            assert_eq!(o.lines.len(), 1, "{:?}", o.lines);
            let (l, of) = (&o.lines[0], if o.lines[0].title.is_some() { &named } else { &bare });
            assert_eq!((l.quantity, l.unit_price, l.role, &l.spec), (of.quantity, of.unit_price, of.role, &of.spec));
        }
    }
    let o = both_ways(&report(1, None, vec![spec(&bare, "red")]), &report(2, None, vec![spec(&tea, "red")]));
    assert_eq!(titles(&o), [Some("tea")]);
}

/// Rows of an item report may come in files of their own, as of two warehouses: each is a line.
#[test]
fn rows_of_documents_that_tell_some_lines_stay_apart() {
    let item = |lines| Observation { lines_whole: false, doc: Doc::ItemReport, ..report(1, None, lines) };
    let (bare, tea) = (line(0, None, None, 1), line(0, None, Some("tea"), 1));
    let red = LineSaid { spec: Some("red".into()), ..tea.clone() };
    for other in [&bare, &red] {
        let o = both_ways(&item(vec![tea.clone()]), &item(vec![other.clone()]));
        assert_eq!((o.lines.len(), o.quantity), (2, Some(2)), "{:?}", o.lines);
    }
}

#[test]
fn two_files_of_one_import_are_two_tellings() {
    for n in 0..8 {
        let without = report(1, Some(5_000 + n), vec![line(0, None, None, 2)]);
        let with = report(1, Some(5_000 + n), vec![line(0, None, Some("tea"), 2)]);
        let o = order(&[without, with]);
        assert_eq!((titles(&o), o.quantity), (vec![Some("tea")], Some(2)));
        // Rows in another order.
        let (tea, cup) = (Some("tea"), Some("cup"));
        let one = report(1, Some(101 + n), vec![line(0, None, tea, 1), line(1, None, cup, 1)]);
        let two = report(1, Some(101 + n), vec![line(0, None, cup, 1), line(1, None, tea, 1)]);
        assert_eq!(order(&[one.clone(), two.clone()]).quantity, Some(2));
        // And whichever is loaded first, the odd fen goes to the same line.
        both_ways(&one, &two);
    }
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
