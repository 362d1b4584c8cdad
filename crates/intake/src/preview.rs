//! The preview of files: a fold over their records into the answer of `shuke import --preview --json`.
//! Files are taken together, so that an item report can say which of its orders no order report has.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use shuke_commerce::weather::Condition;
use shuke_kernel::Instant;

use crate::apart::{MOST, too_many};
use crate::contact::Phone;
use crate::field::Field as F;
use crate::formats::{Kind, Words};
use crate::layout::{Layout, Mapping};
use crate::open::{Form, Input, OpenError, Said};
use crate::print::Prints;
use crate::reason::{Reason, Verdict};
use crate::record::{Canonical, Consent, ItemRecord, Line, MemberRecord, OrderRecord, Part, UNSURE};
use crate::source::{Meta, Source, hash};
use crate::when::{day_text, rfc3339_china, rfc3339_utc};

/// What a preview may be told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What birthdays are compared with.
    pub now: Instant,
    /// Mappings by file name.
    pub mappings: HashMap<String, Mapping>,
    /// How many good records are shown as they will be read; 0 means 1,000.
    pub canonical: usize,
    /// Also give each reason's text and advice in both languages (for the console).
    pub advice: bool,
}

/// The answer for these files: `{"files": [ … ]}`. A file that cannot be read has `error` with
/// code and text instead of counts.
pub fn preview_files(paths: &[PathBuf], options: &Options) -> Value {
    let inputs: Vec<Input> = paths.iter().map(|p| Input::Path(p.clone())).collect();
    preview_inputs(&inputs, options)
}

/// The same for content from anywhere.
pub fn preview_inputs(inputs: &[Input], options: &Options) -> Value {
    let mut folds: Vec<Result<Fold, (String, OpenError)>> = inputs.iter().map(|i| guarded(i, options).map_err(|e| (i.name(), e))).collect();
    join(&mut folds);
    let files: Vec<Value> = folds
        .into_iter()
        .map(|f| match f {
            Ok(f) => f.answer(options.advice),
            Err((name, e)) => json!({"file": name, "error": {"code": e.code, "text": e.zh, "text_en": e.en}}),
        })
        .collect();
    json!({ "files": files })
}

struct Noted {
    record: u64,
    row: u64,
    /// The sheet, where several are read.
    sheet: Option<Arc<str>>,
    key: String,
    verdict: Verdict,
    reasons: Vec<Reason>,
    /// By which a bad row is known when it comes again.
    print: Option<String>,
}

enum Shown {
    Order(Box<OrderRecord>),
    Value(Value),
}

struct Fold {
    meta: Meta,
    records: u64,
    counts: [u64; 3],
    distinct: HashSet<u64>,
    not_good: Vec<Noted>,
    warned: Vec<Noted>,
    shown: Vec<Shown>,
    /// Order numbers of an order report, good or bad.
    numbers: Option<HashSet<u64>>,
    /// For item reports: every good line.
    items: Vec<ItemRow>,
    joins: Option<String>,
    failure: Option<Said>,
    seen: Seen,
    /// Rows of the sheets that are not read.
    sheet_rows: Vec<u64>,
    /// Rows with formulas.
    computed: u64,
    /// Orders whose rows stand apart.
    apart: HashSet<u64>,
    /// Good rows that tell a day only, by column.
    days: Vec<(F, u64)>,
}

/// Times of orders that are moments: of other days the hour does not matter.
const MOMENTS: [F; 5] = [F::CreatedAt, F::PaidAt, F::ShippedAt, F::CompletedAt, F::ClosedAt];

/// A good line of an item report.
#[derive(Clone)]
struct ItemRow {
    record: u64,
    row: u64,
    sheet: Option<Arc<str>>,
    key: u64,
}

/// Oddities of the file that are worth telling.
#[derive(Default)]
struct Seen {
    newline: bool,
    cut: bool,
    encoding: Vec<u64>,
    lines: bool,
}

/// One file's fault never takes the other files' answers with it.
fn guarded(input: &Input, options: &Options) -> Result<Fold, OpenError> {
    catch_unwind(AssertUnwindSafe(|| fold(input, options))).unwrap_or_else(|_| Err(OpenError::fault(&input.name())))
}

fn fold(input: &Input, options: &Options) -> Result<Fold, OpenError> {
    let mut source = Source::open(input, options.mappings.get(&input.name()), options.now)?;
    let limit = if options.canonical == 0 { 1_000 } else { options.canonical };
    let kind = source.meta.layout.format.kind;
    let mut f = Fold {
        meta: source.meta.clone(),
        records: 0,
        counts: [0; 3],
        distinct: HashSet::new(),
        not_good: Vec::new(),
        warned: Vec::new(),
        shown: Vec::new(),
        numbers: (kind == Kind::Order).then(HashSet::new),
        items: Vec::new(),
        joins: None,
        failure: None,
        seen: Seen::default(),
        sheet_rows: Vec::new(),
        computed: 0,
        apart: HashSet::new(),
        days: Vec::new(),
    };
    // Where an order's amounts stand on one of its rows, the others need not have them.
    let mut told: HashMap<u64, u32> = HashMap::new();
    let mut unpaid: Vec<(usize, u64, bool)> = Vec::new();
    if !f.meta.passed_over.is_empty() {
        f.sheet_rows = crate::open::sheet_rows(input, &f.meta.passed_over)?;
    }
    let mut place: HashMap<u64, usize> = HashMap::new();
    let mut last = None;
    let mut prints = Prints::of(&f.meta.layout);
    for r in source.by_ref() {
        f.records += 1;
        f.counts[r.verdict as usize] += 1;
        let key = hash(&r.key);
        if let Some(n) = &mut f.numbers {
            n.insert(key);
        }
        f.seen.newline |= r.warnings.iter().any(|w| w.code == "newline_in_cell");
        f.seen.cut |= r.reasons.iter().any(|w| w.code == "truncated_row");
        if r.reasons.iter().any(|w| w.code == "bad_encoding") {
            f.seen.encoding.push(r.record_no);
        }
        let before = std::mem::replace(&mut last, (r.verdict == Verdict::Good).then_some(key));
        if r.verdict != Verdict::Good {
            let is_known = options.advice && r.verdict == Verdict::Bad && kind.is_known_again();
            let print = is_known.then(|| prints.next(&r.raw));
            f.not_good.push(Noted {
                record: r.record_no,
                row: r.row_no,
                sheet: r.sheet,
                key: r.key,
                verdict: r.verdict,
                reasons: r.reasons,
                print,
            });
            continue;
        }
        let in_lines = kind == Kind::Order && f.meta.layout.part != Part::Whole;
        if !f.distinct.insert(key) && in_lines && before != Some(key) {
            f.apart.insert(key);
        }
        for field in r.days.iter().filter(|d| MOMENTS.contains(d)) {
            match f.days.iter_mut().find(|(known, _)| known == field) {
                Some((_, rows)) => *rows += 1,
                None => f.days.push((*field, 1)),
            }
        }
        if let Some(Canonical::Order(o)) = r.canonical.as_ref().filter(|_| in_lines) {
            let order = hash(&(key, &o.platform));
            if o.paid.is_some_and(|paid| paid > 0) || o.paid_stated == Some(0) {
                *told.entry(order).or_insert(0) += 1;
            } else if r.warnings.iter().any(|w| w.code == "missing_amount") {
                unpaid.push((f.warned.len(), order, o.part == Part::LineSummed));
            }
        }
        if kind == Kind::Item {
            f.items.push(ItemRow { record: r.record_no, row: r.row_no, sheet: r.sheet.clone(), key });
        }
        if !r.warnings.is_empty() {
            f.warned.push(Noted {
                record: r.record_no,
                row: r.row_no,
                sheet: r.sheet,
                key: r.key,
                verdict: r.verdict,
                reasons: r.warnings,
                print: None,
            });
        }
        match r.canonical {
            Some(Canonical::Order(o)) if o.part != Part::Whole || f.meta.layout.words == Words::Shopify => {
                let key = hash(&(key, &o.platform));
                if let Some(i) = place.get(&key) {
                    if let Some(Shown::Order(first)) = f.shown.get_mut(*i) {
                        f.seen.lines = true;
                        first.merge(*o);
                    }
                } else if f.counts[0] as usize <= limit {
                    place.insert(key, f.shown.len());
                    f.shown.push(Shown::Order(o));
                }
            }
            Some(Canonical::Order(o)) if f.counts[0] as usize <= limit => f.shown.push(Shown::Order(o)),
            Some(c) if f.counts[0] as usize <= limit => f.shown.push(Shown::Value(canonical(&f.meta.layout, &c))),
            _ => {}
        }
    }
    // Where each row has a share of its own, one that is missing is missing from the sum; in a table of one's own in which one row
    // alone of an order has an amount, that is taken for the order's.
    let is_own = !f.meta.layout.recognised();
    let elsewhere = |order: &u64, shares: bool| told.get(order).is_some_and(|rows| !shares || is_own && *rows == 1);
    for (at, ..) in unpaid.iter().filter(|(_, order, shares)| elsewhere(order, *shares)) {
        if let Some(row) = f.warned.get_mut(*at) {
            row.reasons.retain(|w| w.code != "missing_amount");
        }
    }
    f.warned.retain(|row| !row.reasons.is_empty());
    f.computed = source.computed();
    f.failure = source.failure().cloned();
    Ok(f)
}

/// Item reports find the order report of the same platform with which they share most orders.
fn join(folds: &mut [Result<Fold, (String, OpenError)>]) {
    for i in 0..folds.len() {
        let Ok(f) = &folds[i] else { continue };
        if f.meta.layout.format.kind != Kind::Item || f.items.is_empty() {
            continue;
        }
        let platform = &f.meta.layout.platform;
        let best = folds
            .iter()
            .enumerate()
            .filter_map(|(j, o)| {
                let o = o.as_ref().ok()?;
                let numbers = o.numbers.as_ref().filter(|_| o.meta.layout.platform == *platform)?;
                let shared = f.items.iter().filter(|x| numbers.contains(&x.key)).count();
                (shared > 0).then_some((shared, j))
            })
            .max_by_key(|(shared, j)| (*shared, usize::MAX - j));
        let Some((_, j)) = best else { continue };
        let (name, orphans) = {
            let (Ok(f), Ok(_)) = (&folds[i], &folds[j]) else { continue };
            let have = |k: u64| folds.iter().flatten().filter_map(|o| o.numbers.as_ref()).any(|n| n.contains(&k));
            let orphans: Vec<ItemRow> = f.items.iter().filter(|x| !have(x.key)).cloned().collect();
            (folds[j].as_ref().map(|o| o.meta.name.clone()).unwrap_or_default(), orphans)
        };
        let Ok(f) = &mut folds[i] else { continue };
        f.joins = Some(name);
        for ItemRow { record, row, sheet, key } in orphans {
            let reason = Reason::of("no_such_order_in_order_report");
            match f.warned.iter_mut().find(|w| w.record == record) {
                Some(w) => w.reasons.push(reason),
                None => f.warned.push(Noted {
                    record,
                    row,
                    sheet,
                    key: String::new(),
                    verdict: Verdict::Good,
                    reasons: vec![reason],
                    print: None,
                }),
            }
            // The key's text was not kept for every line; canonical has it for those shown.
            if let Some(w) = f.warned.iter_mut().find(|w| w.record == record && w.key.is_empty()) {
                w.key = f
                    .shown
                    .iter()
                    .filter_map(|s| if let Shown::Value(v) = s { v.get("order_no")?.as_str() } else { None })
                    .find(|s| hash(*s) == key)
                    .unwrap_or_default()
                    .to_owned();
            }
        }
        f.warned.sort_by_key(|w| w.record);
    }
}

impl Fold {
    fn answer(self, advice: bool) -> Value {
        let l = &self.meta.layout;
        let mut out = Map::new();
        let mut put = |k: &str, v: Value| {
            out.insert(k.to_owned(), v);
        };
        put("file", json!(self.meta.name));
        put("format", json!(l.format.id));
        put("platform", json!(l.platform));
        put("columns", json!(l.named_columns()));
        put("records", json!(self.records));
        put("good", json!(self.counts[0]));
        put("bad", json!(self.counts[1]));
        put("skipped", json!(self.counts[2]));
        put("distinct_keys_good", json!(self.distinct.len()));
        match &self.meta.form {
            Form::Text { encoding, bom, newline, delimiter } => {
                put("encoding", json!(encoding));
                put("bom", json!(bom));
                put("newline", json!(newline));
                put("delimiter", json!(delimiter.to_string()));
            }
            Form::Sheet { container, sheets } => {
                put("container", json!(container));
                put("sheets", json!(sheets));
            }
        }
        put("header_record", json!(self.meta.header_record));
        if let Some(j) = &self.joins {
            put("joins", json!(j));
        }
        let quirks = self.quirks();
        if !quirks.is_empty() {
            put("quirks", json!(quirks));
        }
        let notes = self.notes();
        if !notes.is_empty() {
            put("notes", json!(notes));
        }
        if self.apart.len() > MOST {
            let [zh, en] = too_many(self.apart.len());
            put("error", json!({"code": "rows_apart", "text": zh, "text_en": en}));
        }
        if let Some(f) = &self.failure {
            put(
                "error",
                json!({"code": "file_unreadable", "text": format!("读到一半读不下去了：{}", f.zh), "text_en": format!("reading stopped: {}", f.en)}),
            );
        }
        let mut mapping = serde_json::to_value(l.mapping()).unwrap_or_default();
        if let Value::Object(m) = &mut mapping {
            m.insert("recognised".into(), json!(l.recognised()));
        }
        put("mapping", mapping);
        let note = |n: &Noted, word: &str| {
            let mut o = Map::new();
            o.insert("record".into(), json!(n.record));
            o.insert("row".into(), json!(n.row));
            if let Some(sheet) = &n.sheet {
                o.insert("sheet".into(), json!(&**sheet));
            }
            o.insert("key".into(), json!(n.key));
            if word == "reasons" {
                o.insert("verdict".into(), json!(n.verdict.word()));
            }
            o.insert(word.into(), json!(n.reasons.iter().map(Reason::to_string).collect::<Vec<_>>()));
            let unwritten: Vec<_> = n.reasons.iter().map(Reason::unwritten).collect();
            if unwritten.iter().any(Option::is_some) {
                o.insert("columns".into(), json!(unwritten));
            }
            if advice {
                let each = |r: &Reason| json!({"code": r.code, "about": r.about, "text": r.text(true), "text_en": r.text(false), "advice": r.advice(true), "advice_en": r.advice(false)});
                if let Some(print) = &n.print {
                    o.insert("print".into(), json!(print));
                }
                o.insert("explained".into(), json!(n.reasons.iter().map(each).collect::<Vec<_>>()));
            }
            Value::Object(o)
        };
        put("not_good", json!(self.not_good.iter().map(|n| note(n, "reasons")).collect::<Vec<_>>()));
        put("warned", json!(self.warned.iter().map(|n| note(n, "warnings")).collect::<Vec<_>>()));
        let shown: Vec<Value> = self
            .shown
            .iter()
            .map(|s| match s {
                Shown::Order(o) => order(l, o),
                Shown::Value(v) => v.clone(),
            })
            .collect();
        put("canonical", json!(shown));
        Value::Object(out)
    }

    /// What the file as a whole leaves open, or was passed over: code, and text in both languages.
    fn notes(&self) -> Vec<Value> {
        let l = &self.meta.layout;
        let mut notes = Vec::new();
        if l.format.kind == Kind::Order && !l.recognised() && !l.has(F::Status) && !l.has(F::FinancialStatus) {
            notes.push(json!({"code": "status_assumed_completed",
                "text": "这个文件没有订单状态列:每一行都按已完成、已付款的销售读取。如果其中有未付款、已取消或已退款的订单,请补上状态列,或在列映射里指定",
                "text_en": "This file has no column for the order's status: every row is read as a completed, paid sale. If some were not paid, were cancelled or refunded, add the column or name it in the mapping"}));
        }
        let money = [F::Paid, F::OrderTotal, F::MerchantReceived, F::UnitPrice, F::LinePaid, F::GoodsList, F::GoodsPayable];
        if l.format.kind == Kind::Order && !l.recognised() && self.records > 0 && !money.iter().any(|f| l.has(*f)) {
            notes.push(json!({"code": "amounts_not_told",
                "text": "这个文件里没有认出金额列：订单会读进来，但不知道付了多少。如果有金额，请在列映射里指定",
                "text_en": "No column of this file is known as an amount: orders are read, but not what was paid. If there is one, name it in the mapping"}));
        }
        if l.amounts_unsure {
            let column = if l.has(F::Paid) { l.name_of(F::Paid) } else { l.name_of(F::OrderTotal) };
            let (zh, en) = if l.part == Part::LineSummed {
                ("各行自己的金额,同一订单的各行相加", "each row's own, and the rows of an order are added up")
            } else {
                ("整张订单的金额,只算一次", "the whole order's, counted once")
            };
            notes.push(json!({"code": "order_amount_unsure", "column": column,
                "text": format!("同一订单有多行时,文件里看不出「{column}」是整张订单的还是这一行的:按{zh}读取。请核对,不对就在列映射里改行的含义"),
                "text_en": format!("Where an order has several rows, nothing in the file tells whether `{column}` is the order's or the row's: it is read as {en}. Check it, and change what a row is in the mapping if it is wrong")}));
        }
        let unsure: Vec<&str> = self
            .shown
            .iter()
            .filter_map(|s| match s {
                Shown::Order(o) if o.flags.contains(&UNSURE) => Some(o.order_no.as_str()),
                _ => None,
            })
            .collect();
        if !unsure.is_empty() {
            let (n, first) = (unsure.len(), unsure.iter().take(20).copied().collect::<Vec<_>>());
            let which = first.join("、");
            notes.push(json!({"code": "order_amount_unsure", "column": l.name_of(F::Paid), "orders": first,
                "text": format!("{n} 个订单分几个包裹，每个包裹写着同样的金额，看不出是整张订单的还是每个包裹各付的：按整张订单只算一次。请核对：{which}"),
                "text_en": format!("{n} orders are in several parcels with the same amount beside each, and nothing tells whether it is the order's or each parcel's: it is counted once. Check: {}", first.join(", "))}));
        }
        for (field, counts, other) in &l.rivals {
            let (zh, en) = (crate::labels::label(*field, true), crate::labels::label(*field, false));
            let (counts, other) = (l.name(*counts), l.name(*other));
            notes.push(json!({"code": "column_not_taken", "column": other, "taken": counts,
                "text": format!("「{counts}」和「{other}」都像是「{zh}」:按「{counts}」读取,「{other}」没有读取。不对就在列映射里改"),
                "text_en": format!("`{counts}` and `{other}` both seem to be this: {en}. `{counts}` is read, `{other}` is not. Change the mapping if that is wrong")}));
        }
        for (field, rows) in &self.days {
            let (column, zone) = (l.name_of(*field), l.mapping().zone);
            notes.push(json!({"code": "days_only", "column": column, "rows": rows,
                "text": format!("「{column}」有 {rows} 行只写了日期、没有时间：按当天 00:00（{zone} 时间）读取"),
                "text_en": format!("`{column}` tells a day without a time in {rows} rows: it is taken as 00:00 of that day ({zone})")}));
        }
        if self.computed > 0 {
            let rows = self.computed;
            notes.push(json!({"code": "formulas_as_saved", "rows": rows,
                "text": format!("{rows} 行里有公式:按文件里保存的计算结果读取。如果文件由程序生成,请先用表格软件打开并保存一次"),
                "text_en": format!("{rows} rows have formulas: they are read by the results saved in the file. If a program made the file, open and save it once in a spreadsheet program")}));
        }
        for (sheet, rows) in self.meta.passed_over.iter().zip(&self.sheet_rows) {
            let (name, hidden) = (&sheet.name, sheet.hidden);
            let (why, why_en) = if hidden {
                ("是隐藏的", "is hidden")
            } else {
                (
                    "说的不是同一件事，或列的含义合不到一起",
                    "tells of something else than the sheets that are read, or its columns do not go with theirs",
                )
            };
            notes.push(json!({"code": "sheet_not_read", "sheet": name, "rows": rows, "hidden": hidden,
                "text": format!("工作表「{name}」({rows} 行)没有读取:它{why}。需要的话,请把它另存为单独的文件再导入"),
                "text_en": format!("The sheet `{name}` ({rows} rows) is not read: it {why_en}. If it is needed, save it as a file of its own and import that")}));
        }
        notes
    }

    fn quirks(&self) -> Vec<String> {
        let l = &self.meta.layout;
        let mut q = Vec::new();
        if self.meta.header_record > 1 {
            q.push("a title row above the header".to_owned());
        }
        if l.headers.last().is_some_and(String::is_empty) {
            q.push("empty last column".to_owned());
        }
        let mut seen = HashSet::new();
        for h in l.headers.iter().filter(|h| !h.is_empty()) {
            if !seen.insert(h) {
                q.push(format!("the column {h} occurs twice"));
            }
        }
        if self.seen.newline {
            q.push("line breaks in cells".to_owned());
        }
        if !self.seen.encoding.is_empty() {
            q.push(format!("{} records in another encoding", self.seen.encoding.len()));
        }
        if self.seen.cut {
            q.push("last line cut off".to_owned());
        }
        if self.seen.lines && l.part == Part::LineRepeated {
            q.push("order amounts repeated on each line".to_owned());
        }
        if self.seen.lines && l.words == Words::Shopify {
            q.push("order columns only on the first line of an order".to_owned());
        }
        if !l.packed.is_empty() {
            q.push("pipe-separated line items".to_owned());
        }
        q
    }
}

fn time(out: &mut Map<String, Value>, name: &str, at: Option<Instant>) {
    out.insert(name.to_owned(), json!(at.map(rfc3339_china)));
    out.insert(format!("{name}_utc"), json!(at.map(rfc3339_utc)));
}

/// The canonical form of any record.
pub fn canonical(layout: &Layout, c: &Canonical) -> Value {
    match c {
        Canonical::Order(o) => order(layout, o),
        Canonical::Item(i) => item(i),
        Canonical::Member(m) => member(layout, m),
        Canonical::Refund(r) => {
            json!({"refund_no": r.refund_no, "order_no": r.order_no, "currency": r.currency, "amount_fen": r.amount, "at": r.at.map(rfc3339_china), "at_utc": r.at.map(rfc3339_utc), "platform_customer_id": r.buyer.customer_id, "line": line(&r.line, true)})
        }
        Canonical::Product(p) => {
            json!({"sku": p.sku, "product_id": p.product_id, "title": p.title, "spec": p.spec, "category": p.category, "brand": p.brand, "currency": p.currency, "price_fen": p.price, "cost_fen": p.cost, "stock": p.stock, "barcode": p.barcode})
        }
        Canonical::Suppression(s) => json!({"channel": s.channel, "value": s.value, "reason": s.reason, "at": s.at.map(rfc3339_china)}),
        Canonical::Weather(w) => {
            let tenths = |of: Option<i64>| of.map(|t| t as f64 / 10.0);
            let city = Some(&w.city).filter(|c| !c.is_empty());
            let condition = w.condition.map(Condition::word);
            json!({"day": day_text(w.day), "province": w.province, "city": city, "condition": condition, "high": tenths(w.high), "low": tenths(w.low), "rain": tenths(w.rain)})
        }
        Canonical::Tag(t) => {
            json!({"own_id": t.own_id, "open_id": t.open_id, "account": t.account, "phone": t.phone, "email": t.email, "platform": t.platform, "tags": t.tags, "category": t.category, "source": t.source, "score": t.score.map(|s| s as f64 / 1_000_000.0), "valid_until": t.valid_until.map(rfc3339_china)})
        }
    }
}

fn line(l: &Line, code: bool) -> Value {
    let mut o = Map::new();
    o.insert("title".into(), json!(l.title));
    o.insert("spec".into(), json!(l.spec));
    if code {
        o.insert("code".into(), json!(l.code));
    }
    o.insert("qty".into(), json!(l.qty));
    o.insert("unit_fen".into(), json!(l.unit_price));
    if let Some(e) = &l.unit_price_exact {
        o.insert("unit_exact".into(), json!(e));
    }
    Value::Object(o)
}

/// An order as it will be read.
pub fn order(layout: &Layout, o: &OrderRecord) -> Value {
    let mut out = Map::new();
    let mut put = |k: &str, v: Value| {
        out.insert(k.to_owned(), v);
    };
    put("order_no", json!(o.order_no));
    put("state", json!(o.state.map(|s| s.word())));
    put("platform_status", json!(o.platform_status));
    put("currency", json!(o.currency));
    put("goods_list_fen", json!(o.goods_list));
    put("shipping_fen", json!(o.shipping));
    put("paid_fen", json!(o.paid));
    put("refund_fen", json!(o.refund));
    put("net_paid_fen", json!(o.net_paid));
    if let Some(r) = o.merchant_received {
        put("merchant_received_fen", json!(r));
    }
    if o.goods_after_discount.is_some() {
        put("goods_after_discount_fen", json!(o.goods_after_discount));
    }
    if !o.discounts.is_empty() {
        put("discounts", json!(o.discounts));
    }
    if o.estimated {
        put("estimated", json!(true));
    }
    if let Some(q) = o.qty_total {
        put("qty_total", json!(q));
    }
    for (name, field, at) in [
        ("created_at", F::CreatedAt, o.created_at),
        ("paid_at", F::PaidAt, o.paid_at),
        ("shipped_at", F::ShippedAt, o.shipped_at),
        ("completed_at", F::CompletedAt, o.completed_at),
    ] {
        if layout.has(field) {
            time(&mut out, name, at);
        }
    }
    let mut put = |k: &str, v: Value| {
        out.insert(k.to_owned(), v);
    };
    if layout.format.id == "taobao_order_report_2026" && !layout.has(F::PaidAt) {
        put("paid_at", Value::Null);
    }
    if !o.lines.is_empty() {
        put("lines", json!(o.lines.iter().map(|l| line(l, true)).collect::<Vec<_>>()));
    }
    let b = &o.buyer;
    let account = b.account.as_ref().or(b.account_masked.as_ref());
    match layout.format.platform {
        "jd" => put("buyer_account", json!(account)),
        _ if layout.has(F::BuyerAccount) => {
            put("buyer_nick", json!(account));
            put("buyer_nick_masked", json!(b.account_masked.is_some()));
        }
        _ if layout.has(F::BuyerNick) => put("buyer_nick", json!(b.nick)),
        _ => {}
    }
    if layout.has(F::IsMember) {
        put("is_member", json!(b.is_member));
    }
    if layout.has(F::BuyerEmail) {
        put("email", json!(b.email));
    }
    if layout.has(F::BuyerPhone) {
        put(if layout.words == Words::Common { "buyer_phone" } else { "phone" }, json!(b.phone.as_ref().map(Phone::text)));
    }
    if layout.has(F::CustomerId) {
        put("platform_customer_id", json!(b.customer_id));
    }
    if layout.has(F::OpenId) {
        put("open_id", json!(b.open_id));
    }
    if o.receiver.cipher {
        put("receiver_masked", json!("platform ciphertext (## or $$): never a key"));
    } else if o.receiver.address.is_some() || o.receiver.name.is_some() {
        put("receiver_masked", json!(o.receiver.masked));
    }
    if let Some(n) = layout.format.note {
        put("note", json!(n));
    }
    Value::Object(out)
}

fn item(i: &ItemRecord) -> Value {
    let mut out = Map::new();
    out.insert("order_no".into(), json!(i.order_no));
    if let Some(sub) = &i.line.sub_order_no {
        out.insert("sub_order_no".into(), json!(sub));
    }
    out.insert("state".into(), json!(i.state.map(|s| s.word())));
    if i.line.paid.is_some() {
        out.insert("paid_fen".into(), json!(i.line.paid));
    }
    if i.line.refund.is_some() {
        out.insert("refund_fen".into(), json!(i.line.refund));
    }
    out.insert("line".into(), line(&i.line, i.line.sub_order_no.is_none()));
    Value::Object(out)
}

fn member(layout: &Layout, m: &MemberRecord) -> Value {
    let mut out = Map::new();
    let mut put = |k: &str, f: F, v: Value| {
        if layout.has(f) {
            out.insert(k.to_owned(), v);
        }
    };
    put("own_id", F::OwnId, json!(m.own_id));
    put("platform_customer_id", F::CustomerId, json!(m.customer_id));
    put("open_id", F::OpenId, json!(m.open_id));
    put("nick", F::Nick, json!(m.nick));
    put("name", F::Name, json!(m.name));
    put("first_name", F::FirstName, json!(m.first_name));
    put("last_name", F::LastName, json!(m.last_name));
    put("email", F::Email, json!(m.email));
    match &m.phone {
        Some(Phone::Masked(p)) if m.account_is_key => put("phone_masked", F::Phone, json!(p)),
        // The export writes numbers of China with their country code; it is kept as shown there.
        Some(Phone::Whole(p)) if layout.format.platform == "shopify" && p.len() == 11 && !p.starts_with('+') => {
            put("phone", F::Phone, json!(format!("+86{p}")))
        }
        p => put("phone", F::Phone, json!(p.as_ref().map(Phone::text))),
    }
    put(
        "birthday",
        F::Birthday,
        json!(m.birthday.map(|(y, mo, d)| if y == 0 { format!("--{mo:02}-{d:02}") } else { format!("{y:04}-{mo:02}-{d:02}") })),
    );
    if m.birthday_lunar {
        put("birthday_lunar", F::Birthday, json!(true));
    }
    put("gender", F::Gender, json!(m.gender));
    put("tier_word", F::Tier, json!(m.tier));
    put("is_member", F::IsMember, json!(m.is_member));
    put("points", F::Points, json!(m.points));
    put("growth", F::Growth, json!(m.growth));
    put("orders", F::Orders, json!(m.orders));
    put("spent_fen", F::Spent, json!(m.spent));
    put("last_order_at", F::LastOrderAt, json!(m.last_order_at.map(rfc3339_china)));
    put("last_order_at_utc", F::LastOrderAt, json!(m.last_order_at.map(rfc3339_utc)));
    put("joined_at", F::JoinedAt, json!(m.joined_at.map(rfc3339_china)));
    put("joined_at_utc", F::JoinedAt, json!(m.joined_at.map(rfc3339_utc)));
    let consent = |c: Consent| match c {
        Consent::Yes => json!(true),
        Consent::No => json!(false),
        _ => Value::Null,
    };
    put("consent_email", F::ConsentEmail, consent(m.consent_email));
    put("consent_sms", F::ConsentSms, consent(m.consent_sms));
    put("tags", F::Tags, json!(m.tags));
    Value::Object(out)
}
