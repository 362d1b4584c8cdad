//! What a spreadsheet would compute when it opens a file, and how it is kept a text.

use std::borrow::Cow;

/// White space as exports use it, the byte-order mark and zero-width characters included.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

/// The cell as it may stand in an exported sheet: what begins with `= + - @`, a tab or a carriage
/// return gets a `'` before it, so that no spreadsheet computes it.
pub fn neutralise(cell: &str) -> Cow<'_, str> {
    let lead = cell.trim_start_matches(is_blank).chars().next();
    let first = cell.chars().next();
    if matches!(first, Some('\t' | '\r' | '\n')) || matches!(lead, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The same for what a spreadsheet would take for further cells, because it cuts lines at semicolons or
/// tabs: `red;=1+1` becomes `red;'=1+1`.
pub fn neutralise_within(cell: &str) -> Cow<'_, str> {
    let cuts = |c: char| matches!(c, ';' | '\t' | '\r' | '\n');
    let computes = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    if !cell.contains(cuts) {
        return Cow::Borrowed(cell);
    }
    let mut out = String::with_capacity(cell.len());
    for (number, part) in cell.split_inclusive(cuts).enumerate() {
        if number > 0 && part.trim_start_matches(|c| is_blank(c) || c == '"').starts_with(computes) {
            out.push('\'');
        }
        out.push_str(part);
    }
    Cow::Owned(out)
}

/// Whether a text is nothing but a decimal number: `-12.50`.
pub fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    let all = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    all(whole) && part.is_none_or(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exported_cells_never_compute() {
        assert_eq!(neutralise("=1+1"), "'=1+1");
        assert_eq!(neutralise(" @x"), "' @x");
        assert_eq!(neutralise("\tx"), "'\tx");
        assert_eq!(neutralise("\rx"), "'\rx");
        assert_eq!(neutralise("-5"), "'-5");
        assert_eq!(neutralise("plain"), "plain");
    }

    #[test]
    fn numbers_are_told_from_what_only_begins_like_one() {
        for yes in ["0", "-12.50", "7.0"] {
            assert!(is_number(yes), "{yes}");
        }
        for no in ["", "-", "1.", ".5", "-1+1", "1e5", "１"] {
            assert!(!is_number(no), "{no}");
        }
    }
}
