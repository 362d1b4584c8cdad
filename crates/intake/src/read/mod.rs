//! Reading one record: cells to meaning, with every reason why not and every warning. Nothing here
//! remembers other records; what concerns several (repeats, shared phones) is `source`'s.

mod item;
mod list;
mod member;
mod merged;
mod order;
mod packed;
mod preset;
mod tag;
mod weather;

use std::borrow::Cow;
use std::cell::Cell;

use encoding_rs::{Encoding, GB18030, UTF_8};
use shuke_kernel::{Currency, Instant};

use crate::amount::{self, AmountError};
use crate::cell;
use crate::field::Field;
use crate::formats::Kind;
use crate::header;
use crate::layout::Layout;
use crate::reason::{Reason, Verdict};
use crate::record::Canonical;
use crate::rows::Row;
use crate::when::{self, When, WhenError};

/// What one record says.
#[derive(Debug)]
pub struct Reading {
    /// Its key, as it stands in the file.
    pub key: String,
    /// Good or bad; skipped only for rows of totals and the like.
    pub verdict: Verdict,
    /// Why it is not good.
    pub reasons: Vec<Reason>,
    /// What deserves a look.
    pub warnings: Vec<Reason>,
    /// What it says, if it is good.
    pub canonical: Option<Canonical>,
    /// Columns of times that tell a day only.
    pub days: Vec<Field>,
}

/// The cells of a row by field, and what was found wrong with them.
pub(crate) struct Cells<'a> {
    pub layout: &'a Layout,
    pub row: &'a Row,
    pub encoding: &'static Encoding,
    pub now: Instant,
    pub currency: Currency,
    garbled: Cell<bool>,
    pub reasons: Vec<Reason>,
    pub warnings: Vec<Reason>,
    /// Columns of times that tell a day only.
    pub days: Vec<Field>,
}

impl<'a> Cells<'a> {
    fn decode(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        match std::str::from_utf8(bytes) {
            Ok(s) if self.encoding == UTF_8 || s.is_ascii() => Cow::Borrowed(s),
            Err(_) if self.encoding == UTF_8 => {
                self.garbled.set(true);
                String::from_utf8_lossy(bytes)
            }
            _ => {
                let (s, bad) = self.encoding.decode_without_bom_handling(bytes);
                if bad {
                    self.garbled.set(true);
                }
                s
            }
        }
    }

    /// The cell as it stands.
    pub fn raw(&self, f: Field) -> Cow<'a, str> {
        match self.layout.column(f) {
            Some(i) => self.decode(self.row.cell(i)),
            None => Cow::Borrowed(""),
        }
    }

    /// The cleaned value; `None` where there is none.
    pub fn text(&self, f: Field) -> Option<String> {
        match self.raw(f) {
            Cow::Borrowed("") => None,
            Cow::Owned(s) if cell::clean(&s).len() == s.len() => Some(s),
            raw => {
                let s = cell::clean(&raw);
                (!s.is_empty()).then(|| s.to_owned())
            }
        }
    }

    /// What may become somebody's key: no word for nobody, and nothing that a spreadsheet has rounded.
    pub fn id(&mut self, f: Field) -> Option<String> {
        let text = self.text(f).filter(|t| !cell::names_nobody(t))?;
        if lost_precision(&text) {
            self.mention("code_lost_precision", f);
            return None;
        }
        Some(without_point(&text).to_owned())
    }

    /// The text of a phone cell, likewise.
    pub fn phone(&mut self, f: Field) -> Option<String> {
        self.id(f)
    }

    fn blame(&mut self, code: &'static str, f: Field) {
        let name = self.layout.name_of(f);
        let reason = Reason::about(code, name);
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    fn mention(&mut self, code: &'static str, f: Field) {
        self.warnings.push(Reason::about(code, self.layout.name_of(f)));
    }

    /// An amount that must not be negative.
    pub fn amount(&mut self, f: Field) -> Option<i64> {
        self.amount_of(f, false)
    }

    /// A discount: its sign is a matter of style.
    pub fn discount(&mut self, f: Field) -> Option<i64> {
        self.amount_of(f, true)
    }

    fn amount_of(&mut self, f: Field, either_sign: bool) -> Option<i64> {
        let raw = self.raw(f);
        let s = cell::clean(&raw);
        if s.is_empty() {
            // A program reckoned what nobody paid: that is no empty cell.
            if raw.trim_matches(cell::is_blank).eq_ignore_ascii_case("nan") && matches!(f, Field::Paid | Field::OrderTotal) {
                self.blame("bad_amount", f);
            }
            return None;
        }
        let (shift, said) = self.layout.unit(f);
        // The unit in the header moves the decimal point; no amount is stored in another's money.
        let Some(digits) = self.currency.digits().checked_add_signed(i32::from(shift)) else {
            self.blame("bad_amount", f);
            return None;
        };
        if said.is_some_and(|c| c != self.currency) {
            self.blame("bad_amount", f);
            return None;
        }
        match if either_sign { amount::magnitude(s, digits) } else { amount::parse(s, digits) } {
            Ok(a) if !a.allows(self.currency.code()) => {
                self.blame("bad_amount", f);
                None
            }
            Ok(a) => {
                if a.currency_sign {
                    self.mention("currency_sign", f);
                }
                if a.thousands {
                    self.mention("thousands_separator", f);
                }
                Some(a.minor)
            }
            // "无退款申请" says that nothing went back; "未结算" says that nobody knows yet.
            Err(_) if says_nothing(s) => {
                let none = matches!(f, Field::Refund | Field::LineRefund) || either_sign;
                (none && !matches!(s, "未知" | "未结算")).then_some(0)
            }
            Err(_) if f == Field::Shipping && matches!(s, "包邮" | "免邮" | "免运费") => Some(0),
            Err(AmountError::Negative) => {
                self.blame("negative_amount", f);
                None
            }
            Err(AmountError::Bad) => {
                self.blame("bad_amount", f);
                None
            }
        }
    }

    /// A time.
    pub fn time(&mut self, f: Field) -> Option<When> {
        let raw = self.raw(f);
        let s = cell::clean(&raw);
        if s.is_empty() {
            return None;
        }
        match when::parse(s, &self.layout.zone, self.layout.order_of(f)) {
            // What databases and programs have for a step that did not come yet; placed it was at some time.
            Err(_) if f != Field::CreatedAt && ["0000-00-00", "0001-01-01", "0001/1/1"].iter().any(|no| s.starts_with(no)) => {
                self.mention("placeholder_time", f);
                None
            }
            // The day on which computers begin to count stands where a program had no time.
            Ok(w) if w.at.0.div_euclid(86_400_000_000) <= 1 && w.at.0 >= -86_400_000_000 => {
                self.mention("placeholder_time", f);
                None
            }
            // A platform's own export counts to twenty-four: one hour that does not was written by somebody.
            Ok(w) if w.twelve_hours && self.layout.recognised() && !self.layout.habits.twelve_hours => {
                self.blame("bad_date", f);
                None
            }
            Ok(w) => {
                if w.reformatted && self.layout.recognised() {
                    self.mention("date_reformatted_by_spreadsheet", f);
                }
                if w.day_only {
                    self.days.push(f);
                }
                Some(w)
            }
            Err(WhenError::Impossible) => {
                self.blame("impossible_date", f);
                None
            }
            Err(WhenError::Bad) => {
                self.blame("bad_date", f);
                None
            }
            Err(WhenError::Ambiguous) => {
                let both = self.both_readings(f, s);
                self.reasons.push(both);
                None
            }
        }
    }

    /// The reason that names the readings of a day, none of which the column settles.
    fn both_readings(&self, f: Field, s: &str) -> Reason {
        let day = |order| {
            let at = when::parse(s, &when::Zone::SHANGHAI, order).map(|w| when::rfc3339_china(w.at));
            at.ok().and_then(|t| t.get(..10).map(str::to_owned))
        };
        let readings: Vec<String> = when::choice(s).into_iter().flat_map(|c| c.orders.each()).filter_map(day).collect();
        Reason::about("ambiguous_date", &format!("{}: {}", self.layout.name_of(f), readings.join(" / ")))
    }

    /// A count that may be zero.
    pub fn count(&mut self, f: Field, code: &'static str) -> Option<i64> {
        let raw = self.raw(f);
        let s = cell::clean(&raw);
        if s.is_empty() {
            return None;
        }
        let n = amount::whole(s);
        if n.is_none() {
            self.blame(code, f);
        }
        n
    }

    /// Cells that begin like a formula, and cells with line breaks.
    fn look_at_all_cells(&mut self) {
        let row = self.row;
        for i in 0..row.len() {
            let bytes = row.cell(i);
            let Some(&first) = bytes.iter().find(|b| !b.is_ascii_whitespace()) else { continue };
            // 0xEF and 0xA3 lead the full-width forms in UTF-8 and GB18030.
            if matches!(first, b'=' | b'+' | b'-' | b'@' | 0xEF | 0xA3) && cell::is_formula(&self.decode(bytes)) {
                self.warnings.push(Reason::about("formula_cell", self.layout.name(i)));
            }
        }
        if memchr::memchr2(b'\n', b'\r', &row.bytes).is_some() {
            for i in 0..row.len() {
                if memchr::memchr2(b'\n', b'\r', row.cell(i).trim_ascii()).is_some() {
                    self.warnings.push(Reason::about("newline_in_cell", self.layout.name(i)));
                }
            }
        }
    }

    /// The row's text is in another encoding than the file's.
    fn in_other_encoding(&self) -> bool {
        if self.encoding == UTF_8 {
            return std::str::from_utf8(&self.row.bytes).map_or(true, |s| s.contains('\u{fffd}'));
        }
        // In a GB18030 file a row that is UTF-8 throughout decodes as nonsense more often than as an
        // error. Two characters of three bytes each never are valid UTF-8 by chance for a whole row.
        self.encoding == GB18030 && std::str::from_utf8(&self.row.bytes).is_ok_and(|s| s.chars().filter(|c| c.len_utf8() == 3).count() >= 2)
    }
}

fn says_nothing(s: &str) -> bool {
    s.starts_with(['无', '没', '未']) && !s.bytes().any(|b| b.is_ascii_digit())
}

/// `288000007342.0`, as programs write a number that went through a floating-point column, without its end.
pub(crate) fn without_point(s: &str) -> &str {
    s.strip_suffix(".0").filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())).unwrap_or(s)
}

/// Whether an order number has gone through a spreadsheet's number format: `5.11861E+18`.
pub(crate) fn lost_precision(s: &str) -> bool {
    if !s.contains(['E', 'e', 'Ｅ', 'ｅ']) {
        return false;
    }
    let folded: String = s.chars().map(cell::fold_char).filter(|c| *c != ' ').collect();
    let Some((m, e)) = folded.split_once(['E', 'e']) else { return false };
    // Without a sign it may be a number that has an E in it, unless there is a fraction before it.
    let e = match e.strip_prefix('+') {
        Some(e) => e,
        None if m.contains('.') => e,
        None => return false,
    };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (a, b) = m.split_once(['.', ',']).unwrap_or((m, "0"));
    digits(a) && digits(b) && digits(e) && a.len() <= 3
}

/// The same of an order number, where `123E15` is one too: a number of a platform has no letter in its middle.
fn lost_number(s: &str) -> bool {
    let power = |(m, e): (&str, &str)| {
        (1..=3).contains(&m.len())
            && m.bytes().all(|b| b.is_ascii_digit())
            && e.len() == 2
            && e.parse::<u8>().is_ok_and(|e| (10..=25).contains(&e))
    };
    lost_precision(s) || s.split_once(['E', 'e']).is_some_and(power)
}

/// A row of totals at the foot of a sheet.
fn is_total(text: &str) -> bool {
    if text.is_empty() || text.len() > 60 {
        return false;
    }
    let word: String = text.chars().map(cell::fold_char).filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let word = crate::header::simplify(&word);
    let scope = ["本页", "当页", "本月", "本期", "本次", "全部", "以上", "订单", "金额"].iter().find_map(|p| word.strip_prefix(p));
    for rest in [Some(word.as_str()), scope].into_iter().flatten() {
        let chinese = ["合计", "总计", "小计", "汇总", "共计", "总和", "总合计"].iter().find_map(|w| rest.strip_prefix(w));
        let english = ["grandtotal", "subtotal", "totals", "total", "sum"].iter().find_map(|w| rest.strip_prefix(w));
        // `合计3单`, `总计:3`, `Total (3)`; an order number may begin with the English words.
        if chinese.is_some_and(|r| r.is_empty() || r.starts_with(|c: char| matches!(c, '(' | '[' | ':' | '=' | '¥') || c.is_ascii_digit()))
            || chinese.is_some_and(|r| matches!(r, "金额" | "行" | "数" | "数量" | "单数" | "笔数"))
            || english.is_some_and(|r| r.is_empty() || r.starts_with(['(', ':', '=']))
        {
            return true;
        }
    }
    false
}

/// A row that sums up others: it says so where its key should stand, or it has no key and says so anywhere.
fn sums_up(c: &Cells<'_>, key: &str) -> bool {
    is_total(key) || (key.is_empty() && (0..c.row.len()).any(|i| is_total(cell::clean(&c.decode(c.row.cell(i))))))
}

/// The header, once more: files that were set end to end have it, and sheets that were made to be printed.
fn is_header(c: &Cells<'_>, key: &str) -> bool {
    let is_named = key_field(c.layout).and_then(|f| c.layout.column(f)).is_some_and(|i| !key.is_empty() && key == c.layout.name(i));
    is_named
        && (0..c.row.len()).all(|i| {
            let text = header::shown(&c.decode(c.row.cell(i)));
            text.is_empty() || text == c.layout.name(i)
        })
}

/// Reads one record. `now` is what birthdays are compared with.
pub fn read(layout: &Layout, row: &Row, encoding: &'static Encoding, now: Instant) -> Reading {
    let mut c = Cells {
        layout,
        row,
        encoding,
        now,
        currency: layout.currency,
        garbled: Cell::new(false),
        reasons: Vec::new(),
        warnings: Vec::new(),
        days: Vec::new(),
    };
    let key_field = key_field(layout);
    let key = key_field.and_then(|f| c.text(f)).unwrap_or_default();
    let bad = |key: String, reason: Reason| Reading {
        key,
        verdict: Verdict::Bad,
        reasons: vec![reason],
        warnings: Vec::new(),
        canonical: None,
        days: Vec::new(),
    };
    if row.len() > 1 && row.is_blank() {
        return Reading {
            key,
            verdict: Verdict::Skipped,
            reasons: vec![Reason::of("blank_row")],
            warnings: Vec::new(),
            canonical: None,
            days: Vec::new(),
        };
    }
    if sums_up(&c, &key) {
        return Reading {
            key,
            verdict: Verdict::Skipped,
            reasons: vec![Reason::of("total_row")],
            warnings: Vec::new(),
            canonical: None,
            days: Vec::new(),
        };
    }
    if is_header(&c, &key) {
        return Reading {
            key,
            verdict: Verdict::Skipped,
            reasons: vec![Reason::of("header_again")],
            warnings: Vec::new(),
            canonical: None,
            days: Vec::new(),
        };
    }
    if is_cut(layout, row) {
        return bad(key, Reason::of("truncated_row"));
    }
    if c.in_other_encoding() {
        return bad(key, Reason::of("bad_encoding"));
    }
    // The file ends inside a quoted cell.
    if row.cut && row.stray_quote && row.len().checked_sub(1).is_some_and(|last| row.cell(last).starts_with(b"\"")) {
        return bad(key, Reason::of("truncated_row"));
    }
    if is_shifted(layout, row) {
        return bad(key, Reason::of("too_many_cells"));
    }
    if lacks_its_end(&c, &key) {
        return bad(key, Reason::of("truncated_row"));
    }
    c.look_at_all_cells();
    let canonical = match layout.format.kind {
        Kind::Order => order::read(&mut c),
        Kind::Item => item::read(&mut c).map(|r| (r.order_no.clone(), Canonical::Item(Box::new(r)))),
        Kind::Member => member::read(&mut c),
        Kind::Product => list::product(&mut c),
        Kind::Suppression => list::suppression(&mut c),
        Kind::Tag => tag::read(&mut c),
        Kind::Weather => weather::read(&mut c),
    };
    let key = match &canonical {
        Some((k, _)) if !k.is_empty() => k.clone(),
        _ => key,
    };
    if row.stray_quote {
        c.warnings.push(Reason::of("stray_quote"));
    }
    if c.garbled.get() {
        return bad(key, Reason::of("bad_encoding"));
    }
    let skipped = c.reasons.iter().all(|r| matches!(r.code, "not_an_order" | "not_suppressed")) && !c.reasons.is_empty();
    let verdict = if skipped {
        Verdict::Skipped
    } else if c.reasons.is_empty() && canonical.is_some() {
        Verdict::Good
    } else {
        Verdict::Bad
    };
    if verdict == Verdict::Bad && c.reasons.is_empty() {
        c.reasons.push(Reason::of("missing_key"));
    }
    Reading {
        key,
        verdict,
        reasons: c.reasons,
        warnings: c.warnings,
        days: c.days,
        // Of whom a refused row of tags speaks still counts: they are not passed over.
        canonical: canonical.map(|x| x.1).filter(|c| verdict == Verdict::Good || matches!(c, Canonical::Tag(_))),
    }
}

/// The field whose cell names a record.
pub(crate) fn key_field(layout: &Layout) -> Option<Field> {
    let order: &[Field] = match layout.format.kind {
        Kind::Order | Kind::Item => &[Field::OrderNo, Field::InternalNo],
        Kind::Member => match layout.format.id {
            "taobao_member_list" => &[Field::Nick],
            "youzan_customer_export" => &[Field::Phone],
            "shopify_customers_export" => &[Field::CustomerId, Field::Email],
            _ => &[Field::OwnId, Field::OpenId, Field::CustomerId, Field::Phone, Field::Email, Field::Nick],
        },
        Kind::Product => &[Field::Sku, Field::ProductId, Field::Title],
        Kind::Suppression => &[Field::SuppressValue],
        Kind::Weather => &[Field::WeatherDay],
        Kind::Tag => &[Field::OwnId, Field::OpenId, Field::Phone, Field::Email, Field::Nick],
    };
    order.iter().copied().find(|f| layout.has(*f))
}

/// An order whose row names it and then lacks its status together with its payment or its time, which
/// every row of these files has: the row was cut off, and whoever handled the file since filled it up
/// or moved its columns.
fn lacks_its_end(c: &Cells<'_>, key: &str) -> bool {
    if c.layout.format.kind != Kind::Order || key.is_empty() {
        return false;
    }
    // The words for nothing are short: most cells need no decoding.
    let empty = |f: Field| c.layout.column(f).is_none_or(|i| c.row.cell(i).len() <= 16) && cell::clean(&c.raw(f)).is_empty();
    let lacks = |f: Field| c.layout.has(f) && empty(f);
    let times = [Field::CreatedAt, Field::PaidAt];
    let no_time = times.iter().any(|f| c.layout.has(*f)) && times.iter().all(|f| empty(*f));
    lacks(Field::Status) && (lacks(Field::Paid) || no_time)
}

/// A record with fewer cells than it must have: the file ends in it, or a core column is missing.
fn is_cut(layout: &Layout, row: &Row) -> bool {
    let named = layout.headers.iter().rposition(|h| !h.is_empty()).map_or(0, |i| i + 1);
    if row.len() >= named || row.bytes.is_empty() || row.of_sheet {
        return false;
    }
    row.cut || row.len() <= layout.core_end || (layout.habits.full_rows && layout.habits.lacks(layout, row.len()))
}

/// A record with more cells than the header, where the file's rows have not: a delimiter stands in a
/// cell without quotes, and what follows it has moved.
fn is_shifted(layout: &Layout, row: &Row) -> bool {
    row.len() > layout.headers.len() && !row.of_sheet && !layout.habits.wide_rows
}
