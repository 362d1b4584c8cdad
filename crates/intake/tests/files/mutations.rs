//! Other shops' files: every fixture with its columns shuffled, in other encodings, delimiters, line
//! ends and containers, with other header names, further columns and title rows. The verdicts stay.

use crate::common::{Except, differences, expected, folder, names, preview_bytes};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;
use shuke_intake::rows::{Row, RowReader};
use shuke_intake::sheet::Book;

struct Table {
    name: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    must: Value,
    /// The record that is cut off, if the file has one; other forms cannot show that.
    cut: Vec<u64>,
}

/// The fixtures as tables of text. The one in mixed encoding has no other form.
fn tables() -> Vec<Table> {
    names()
        .into_iter()
        .filter(|n| !n.contains("mixed"))
        .map(|name| {
            let must = expected(&name);
            if name.ends_with(".xlsx") {
                return sheet_table(name, must);
            }
            let bytes = std::fs::read(folder().join(&name)).expect("fixture");
            let encoding = if must["encoding"] == "gb18030" { GB18030 } else { UTF_8 };
            let text = encoding.decode(&bytes).0.into_owned();
            let mut reader = RowReader::new(Box::new(std::io::Cursor::new(text.into_bytes())), b',', b'\n');
            let mut row = Row::default();
            let mut rows = Vec::new();
            while reader.read(&mut row).expect("rows") {
                rows.push((0..row.len()).map(|i| String::from_utf8_lossy(row.cell(i)).into_owned()).collect::<Vec<_>>());
            }
            let header = rows.remove(0);
            let cut = must["not_good"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|n| n["reasons"][0] == "truncated_row")
                .filter_map(|n| n["record"].as_u64())
                .collect();
            Table { name, header, rows, must, cut }
        })
        .collect()
}

fn sheet_table(name: String, must: Value) -> Table {
    let file = std::fs::File::open(folder().join(&name)).expect("fixture");
    let mut book = Book::xlsx(Box::new(file)).expect("book");
    let sheet = book.names().remove(0);
    let mut rows: Vec<Vec<String>> = book
        .head(&sheet, 10_000)
        .expect("rows")
        .iter()
        .map(|row| (0..row.len()).map(|i| String::from_utf8_lossy(row.cell(i)).into_owned()).collect())
        .collect();
    let header = rows.remove(must["header_record"].as_u64().expect("header") as usize - 1);
    rows.retain(|r| r.len() > 3);
    for r in &mut rows {
        r.resize(header.len(), String::new());
    }
    Table { name, header, rows, must, cut: Vec::new() }
}

fn quote(cell: &str, delimiter: char) -> String {
    if cell.contains([delimiter, '"', '\n', '\r']) || cell.starts_with(' ') {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn delimited(t: &Table, delimiter: char, newline: &str) -> String {
    let line = |cells: &[String]| cells.iter().map(|c| quote(c, delimiter)).collect::<Vec<_>>().join(&delimiter.to_string());
    let mut all = vec![line(&t.header)];
    all.extend(t.rows.iter().map(|r| line(r)));
    let mut text = all.join(newline);
    if t.cut.is_empty() {
        text.push_str(newline);
    }
    text
}

fn encoded(text: &str, label: &str) -> Vec<u8> {
    let utf16 = |be: bool, bom: bool| {
        let units = bom.then_some(0xfeff_u16).into_iter().chain(text.encode_utf16());
        units.flat_map(|u| if be { u.to_be_bytes() } else { u.to_le_bytes() }).collect::<Vec<u8>>()
    };
    let by = |e: &'static Encoding| e.encode(text).0.into_owned();
    match label {
        "utf-8-sig" => [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat(),
        "gb18030" => by(GB18030),
        "utf-16le" => utf16(false, true),
        "utf-16be" => utf16(true, true),
        "utf-16le-bare" => utf16(false, false),
        _ => text.as_bytes().to_vec(),
    }
}

fn check(what: &str, t: &Table, bytes: Vec<u8>, except: &Except, failures: &mut Vec<String>) {
    let is = preview_bytes("export", bytes);
    let mut e = except.clone();
    e.form = true;
    // An item report alone has no order report to join.
    e.codes.push("no_such_order");
    for d in differences(&t.must, &is, &e) {
        failures.push(format!("{} {what}: {d}", t.name));
    }
}

fn done(failures: &[String]) {
    assert!(failures.is_empty(), "{} differences\n{}", failures.len(), failures.iter().take(60).cloned().collect::<Vec<_>>().join("\n"));
}

#[test]
fn encodings_delimiters_and_line_ends() {
    let mut failures = Vec::new();
    for t in tables() {
        for label in ["utf-8", "utf-8-sig", "gb18030", "utf-16le", "utf-16be", "utf-16le-bare"] {
            check(label, &t, encoded(&delimited(&t, ',', "\r\n"), label), &Except::default(), &mut failures);
        }
        for delimiter in ['\t', ';', '|'] {
            for newline in ["\n", "\r\n", "\r"] {
                // A tab stands inside Pinduoduo's and Douyin's cells; quoting keeps it there.
                check(
                    &format!("{delimiter:?} {newline:?}"),
                    &t,
                    encoded(&delimited(&t, delimiter, newline), "utf-8"),
                    &Except::default(),
                    &mut failures,
                );
                check(
                    &format!("gb {delimiter:?} {newline:?}"),
                    &t,
                    encoded(&delimited(&t, delimiter, newline), "gb18030"),
                    &Except::default(),
                    &mut failures,
                );
            }
        }
    }
    done(&failures);
}

/// A permutation that is the same on every run.
fn permutation(n: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for i in (1..n).rev() {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        order.swap(i, (x % (i as u64 + 1)) as usize);
    }
    order
}

fn shuffled(t: &Table, seed: u64) -> Table {
    let width = t.header.len();
    let order = permutation(width, seed);
    let pick = |cells: &[String]| order.iter().map(|i| cells.get(*i).cloned().unwrap_or_default()).collect::<Vec<_>>();
    Table {
        name: t.name.clone(),
        header: pick(&t.header),
        rows: t.rows.iter().map(|r| pick(r)).collect(),
        must: t.must.clone(),
        cut: t.cut.clone(),
    }
}

fn without_cut(t: &Table) -> Except {
    Except { records: t.cut.clone(), ..Except::default() }
}

#[test]
fn shuffled_columns() {
    let mut failures = Vec::new();
    for t in tables() {
        for seed in 1..6 {
            let s = shuffled(&t, seed);
            let e = if t.cut.is_empty() { Except { codes: vec!["no_such_order"], ..Except::default() } } else { without_cut(&t) };
            check(&format!("shuffled {seed}"), &s, encoded(&delimited(&s, ',', "\n"), "gb18030"), &e, &mut failures);
        }
    }
    done(&failures);
}

#[test]
fn titles_above_and_columns_beside() {
    let mut failures = Vec::new();
    for t in tables() {
        let mut s = shuffled(&t, 9);
        for (name, cell) in [("自定义一", "x"), ("Zusatz", "1"), ("导出人", "张三"), ("备用字段", "")] {
            s.header.insert(s.header.len() / 2, name.to_owned());
            for r in &mut s.rows {
                r.insert(r.len() / 2, cell.to_owned());
            }
        }
        let body = delimited(&s, ',', "\r\n");
        let text = format!("店铺报表,2026年9月\r\n导出时间:2026-09-30 10:00:00\r\n\r\n{body}");
        let e = if t.cut.is_empty() { Except::default() } else { without_cut(&t) };
        check("titles", &s, encoded(&text, "utf-8"), &e, &mut failures);
    }
    done(&failures);
}

#[test]
fn header_names_of_other_shops() {
    let variants: &[(&str, &str)] = &[
        ("订单编号", "订单编号 "),
        ("买家实际支付金额", "实付金额（元）"),
        ("买家会员名", "买家昵称"),
        ("订单创建时间", "下单时间"),
        ("订单付款时间 ", "付款时间"),
        ("确认收货时间", "交易成功时间"),
        ("买家应付邮费", "运费（元）"),
        ("订单号", "订单编号"),
        ("用户实付金额(元)", "用户实付金额"),
        ("商品总价(元)", "商品总价（元）"),
        ("邮费(元)", "邮费"),
        ("支付时间", "付款时间"),
        ("下单帐号", "下单账号"),
        ("订购数量", "购买数量"),
        ("京东价", "单价"),
        ("付款确认时间", "支付时间"),
        ("主订单编号", "主订单号"),
        ("子订单编号", "子订单号"),
        ("订单提交时间", "下单时间"),
        ("商品数量", "数量"),
        ("订单应付金额", "应付金额(元)"),
        ("订单实付金额", "实付金额"),
        ("订单已退款金额", "退款金额"),
        ("买家付款时间", "付款时间"),
        ("客户手机号", "手机号"),
        ("客户生日", "生日"),
        ("客户积分", "积分"),
        ("会员昵称", "会员名"),
        ("交易总额(元)", "交易总额"),
        ("购买数量", "数量"),
        ("标题", "宝贝名称"),
        ("Lineitem quantity", "LineItem Quantity"),
        ("Created at", "created_at"),
        ("order_total", "Order Total"),
        ("status", "Order Status"),
        ("Total Orders", "Orders Count"),
    ];
    let mut failures = Vec::new();
    for t in tables() {
        let mut s = shuffled(&t, 3);
        for h in &mut s.header {
            if let Some((_, new)) = variants.iter().find(|(old, _)| old == h) {
                *h = (*new).to_owned();
            }
        }
        let e = Except { columns_in_reasons: true, ..if t.cut.is_empty() { Except::default() } else { without_cut(&t) } };
        check("renamed", &s, encoded(&delimited(&s, ',', "\n"), "utf-8"), &e, &mut failures);
    }
    done(&failures);
}

#[test]
fn only_the_columns_that_matter() {
    // Another shop's export with a third of the columns switched off.
    let mut failures = Vec::new();
    let keep: &[(&str, &[&str])] = &[
        (
            "taobao_ExportOrderList202609091650.csv",
            &[
                "订单编号",
                "买家会员名",
                "买家应付货款",
                "买家应付邮费",
                "总金额",
                "买家实际支付金额",
                "订单状态",
                "订单创建时间",
                "订单付款时间 ",
                "宝贝标题 ",
                "宝贝总数量",
                "退款金额",
                "确认收货时间",
                "订单备注",
                "收货地址 ",
                "收货人姓名",
            ],
        ),
        (
            "jd_orders.csv",
            &[
                "订单号",
                "商品名称",
                "订购数量",
                "下单时间",
                "京东价",
                "应付金额",
                "订单状态",
                "下单帐号",
                "运费金额",
                "付款确认时间",
                "货号",
                "订单完成时间",
                "商家备注",
                "订单金额",
                "客户姓名",
            ],
        ),
        (
            "youzan_members.csv",
            &[
                "客户姓名",
                "客户昵称",
                "客户手机号",
                "客户生日",
                "客户性别",
                "标签",
                "是否会员",
                "成长值",
                "客户积分",
                "消费次数",
                "消费金额",
                "上次消费时间",
                "成为客户时间",
            ],
        ),
    ];
    for t in tables() {
        let Some((_, names)) = keep.iter().find(|k| k.0 == t.name) else { continue };
        let columns: Vec<usize> = t.header.iter().enumerate().filter(|(_, h)| names.contains(&h.as_str())).map(|x| x.0).collect();
        assert_eq!(columns.len(), names.len(), "{}", t.name);
        let pick = |r: &[String]| columns.iter().map(|i| r.get(*i).cloned().unwrap_or_default()).collect::<Vec<_>>();
        let s = Table {
            name: t.name.clone(),
            header: pick(&t.header),
            rows: t.rows.iter().map(|r| pick(r)).collect(),
            must: t.must.clone(),
            cut: t.cut.clone(),
        };
        // Without 商品ID nothing tells two equal lines of an order apart.
        let e = Except { codes: vec!["repeated_line"], ..without_cut(&t) };
        check("fewer columns", &s, encoded(&delimited(&s, ',', "\n"), "utf-8"), &e, &mut failures);
    }
    done(&failures);
}

fn xlsx(t: &Table, typed: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").and_then(|s| s.write_string(0, 0, "本表由后台导出")).expect("sheet");
    let sheet = book.add_worksheet();
    sheet.set_name("订单").expect("name");
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    sheet.write_string(0, 0, "名称：订单明细").expect("cell");
    for (c, h) in t.header.iter().enumerate() {
        sheet.write_string(1, c as u16, h).expect("cell");
    }
    for (r, row) in t.rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (r, c) = (r as u32 + 2, c as u16);
            if cell.is_empty() {
                continue;
            }
            let name = t.header.get(usize::from(c)).map_or("", String::as_str);
            let number = cell.parse::<f64>().ok().filter(|f| {
                typed
                    && f.is_finite()
                    && cell.len() < 12
                    && !cell.contains(['e', 'E'])
                    && !(cell.starts_with('0') && cell.len() > 1 && !cell.starts_with("0."))
                    && !name.contains("手机")
            });
            let time = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", cell.trim()).ok().filter(|_| typed && !cell.contains('\t'));
            if let Some(t) = time {
                let days = (t.date() - jiff::civil::date(1899, 12, 30)).get_days();
                let seconds = i64::from(t.hour()) * 3600 + i64::from(t.minute()) * 60 + i64::from(t.second());
                let serial = f64::from(days) + seconds as f64 / 86_400.0;
                // Half of the columns are formatted as dates, half hold bare serials.
                if c % 2 == 0 {
                    sheet.write_number_with_format(r, c, serial, &date).expect("cell");
                } else {
                    sheet.write_number(r, c, serial).expect("cell");
                }
            } else if let Some(f) = number {
                sheet.write_number(r, c, f).expect("cell");
            } else {
                sheet.write_string(r, c, cell).expect("cell");
            }
        }
    }
    book.save_to_buffer().expect("book")
}

#[test]
fn spreadsheets_of_text_and_of_numbers() {
    let mut failures = Vec::new();
    for t in tables() {
        for typed in [false, true] {
            let s = shuffled(&t, 5);
            let e = if t.cut.is_empty() { Except::default() } else { without_cut(&t) };
            check(if typed { "xlsx typed" } else { "xlsx text" }, &s, xlsx(&s, typed), &e, &mut failures);
        }
    }
    done(&failures);
}

#[test]
fn gzip_is_opened() {
    use std::io::Write;
    let t = tables().remove(0);
    let mut z = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    z.write_all(&encoded(&delimited(&t, ',', "\n"), "gb18030")).expect("gzip");
    let mut failures = Vec::new();
    check("gzip", &t, z.finish().expect("gzip"), &Except::default(), &mut failures);
    done(&failures);
}

#[test]
fn traditional_characters_in_big5() {
    let text = "訂單編號,買家暱稱,訂單狀態,實付金額,下單時間,付款時間,商品名稱,數量\n1234567,阿明,交易成功,120.00,2026-08-06 10:00:00,2026-08-06 10:05:00,茶葉,2\n";
    let is = preview_bytes("x", BIG5.encode(text).0.into_owned());
    assert_eq!(is["encoding"], "big5", "{is}");
    assert_eq!(is["good"], 1, "{is}");
    assert_eq!(is["canonical"][0]["state"], "completed");
    assert_eq!(is["canonical"][0]["paid_fen"], 12000);
}

fn full_width(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c }).collect()
}

/// The same times, amounts and headers as other programs spell them.
#[test]
fn other_spellings() {
    type Spell = fn(&str) -> String;
    let times: &[(&str, Spell)] = &[
        ("T", |c| c.replace(' ', "T")),
        ("年月日", |c| format!("{}年{}月{}日 {}", &c[..4], &c[5..7], &c[8..10], &c[11..])),
        ("milliseconds", |c| format!("{c}.000")),
        ("dots", |c| c.replace('-', ".")),
        ("full-width colons", |c| c.replace(':', "：")),
        ("digits", |c| c.replace(['-', ':', ' '], "")),
        ("offset", |c| format!("{}+08:00", c.replace(' ', "T"))),
    ];
    let amounts: &[(&str, Spell)] = &[
        ("four decimals", |c| format!("{c}{}", if c.contains('.') { "00" } else { ".0000" })),
        ("元", |c| format!("{c}元")),
        ("full-width digits", full_width),
        ("wrapped", |c| format!("=\"{c}\"")),
    ];
    let headers: &[(&str, Spell)] = &[
        ("full-width headers", full_width),
        ("starred", |h| format!("*{h}")),
        ("capitals", |h| h.to_uppercase()),
        ("full-width brackets", |h| h.replace('(', "（").replace(')', "）")),
    ];
    let money = |h: &str| ["金额", "货款", "邮费", "总价", "京东价", "运费"].iter().any(|w| h.contains(w));
    let time = |h: &str| h.contains("时间") || h.to_lowercase().ends_with(" at") || h.to_lowercase().contains("date");
    let mut failures = Vec::new();
    for t in tables() {
        let mut forms: Vec<(&str, Table)> = Vec::new();
        let with = |fits: &dyn Fn(&str, &str) -> bool, spell: Spell| Table {
            name: t.name.clone(),
            header: t.header.clone(),
            rows: t
                .rows
                .iter()
                .map(|r| {
                    r.iter()
                        .enumerate()
                        .map(|(i, c)| if t.header.get(i).is_some_and(|h| fits(h, c)) { spell(c) } else { c.clone() })
                        .collect()
                })
                .collect(),
            must: t.must.clone(),
            cut: t.cut.clone(),
        };
        for (name, spell) in times {
            let fits = |h: &str, c: &str| time(h) && c.len() == 19 && jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", c).is_ok();
            forms.push((name, with(&fits, *spell)));
        }
        for (name, spell) in amounts {
            let fits = |h: &str, c: &str| {
                money(h) && !c.is_empty() && c.bytes().all(|b| b.is_ascii_digit() || b == b'.') && c.matches('.').count() < 2
            };
            forms.push((name, with(&fits, *spell)));
        }
        for (name, spell) in headers {
            let mut s = shuffled(&t, 7);
            s.header.iter_mut().for_each(|h| *h = spell(h));
            forms.push((name, s));
        }
        let mut numbered = shuffled(&t, 8);
        numbered.header.insert(0, "序号".to_owned());
        numbered.rows.iter_mut().enumerate().for_each(|(n, r)| r.insert(0, (n + 1).to_string()));
        forms.push(("numbered rows", numbered));
        for (name, s) in forms {
            let e = Except { columns_in_reasons: true, ..if t.cut.is_empty() { Except::default() } else { without_cut(&t) } };
            check(name, &s, encoded(&delimited(&s, ',', "\r\n"), "utf-8"), &e, &mut failures);
        }
    }
    done(&failures);
}
