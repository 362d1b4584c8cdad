//! Workbooks made by hand: several sheets, hidden ones, merged cells, numbers where text should be,
//! dates as serial numbers, formulas with and without a result. Nothing is passed over in silence,
//! nothing is rounded.

mod common;

use std::io::{Cursor, Read, Write};

use common::preview_bytes;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use serde_json::Value;

const HEAD: [&str; 5] = ["订单号", "订单状态", "实付金额", "下单时间", "商品名称"];

fn write(sheet: &mut Worksheet, rows: &[[&str; 5]]) {
    for (r, row) in std::iter::once(&HEAD).chain(rows).enumerate() {
        for (c, cell) in row.iter().enumerate() {
            sheet.write_string(r as u32, c as u16, *cell).expect("a cell");
        }
    }
}

fn row(no: &'static str) -> [&'static str; 5] {
    [no, "交易成功", "12.50", "2026-09-01 10:00:00", "茶"]
}

fn read(mut book: Workbook) -> Value {
    preview_bytes("book", book.save_to_buffer().expect("a book"))
}

fn reasons(v: &Value) -> Vec<String> {
    let all = v["not_good"].as_array().into_iter().flatten().flat_map(|n| n["reasons"].as_array().into_iter().flatten());
    all.filter_map(|r| r.as_str().map(str::to_owned)).collect()
}

#[test]
fn every_sheet_is_read_or_named() {
    let mut book = Workbook::new();
    // The fuller sheet comes second: the first one of the same header is read all the same.
    write(book.add_worksheet().set_name("八月").expect("a name"), &[row("A1")]);
    write(book.add_worksheet().set_name("九月").expect("a name"), &[row("B1"), row("B2")]);
    let members = book.add_worksheet().set_name("会员").expect("a name");
    for (r, cells) in [["手机号", "姓名"], ["13800138000", "张三"], ["13900139000", "李四"]].iter().enumerate() {
        for (c, cell) in cells.iter().enumerate() {
            members.write_string(r as u32, c as u16, *cell).expect("a cell");
        }
    }
    write(book.add_worksheet().set_name("旧").expect("a name").set_hidden(true), &[row("C1")]);
    let v = read(book);
    assert_eq!(v["sheets"], serde_json::json!(["八月", "九月"]), "{v}");
    let numbers: Vec<_> = v["canonical"].as_array().into_iter().flatten().map(|o| o["order_no"].clone()).collect();
    assert_eq!(numbers, ["A1", "B1", "B2"]);
    let notes: Vec<_> = v["notes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|n| (n["code"].clone(), n["sheet"].clone(), n["rows"].clone(), n["hidden"].clone()))
        .collect();
    let note = |sheet: &str, rows: u64, hidden: bool| ("sheet_not_read".into(), sheet.into(), rows.into(), hidden.into());
    assert_eq!(notes, [note("会员", 3, false), note("旧", 2, true)]);
    assert!(v["notes"][0]["text_en"].as_str().is_some_and(|t| t.contains("会员") && t.contains("3 rows")), "{v}");
}

fn put(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            sheet.write_string(r as u32, c as u16, *cell).expect("a cell");
        }
    }
}

#[test]
fn a_sheet_a_month_is_read_by_its_own_header() {
    let mut book = Workbook::new();
    let head: &[&str] = &["订单号", "订单状态", "实付金额", "下单时间", "收货人"];
    put(
        book.add_worksheet().set_name("7月").expect("a name"),
        &[&["七月订单"], head, &["A1", "已完成", "1.00", "2026-07-01", "张三"], &["A2", "不知道", "1.00", "2026-07-02", ""]],
    );
    // Another order of the columns.
    put(
        book.add_worksheet().set_name("8月").expect("a name"),
        &[&["收货人", "下单时间", "实付金额", "订单号", "订单状态"], &["李四", "2026-08-01", "2.00", "B1", "已完成"]],
    );
    // Another word for the number, one column more and one less.
    put(
        book.add_worksheet().set_name("9月").expect("a name"),
        &[
            &["订单编号", "实付金额", "退款金额", "下单时间", "订单状态"],
            &["C1", "3.00", "1.00", "2026-09-01", "已完成"],
            &["C2", "x", "", "2026-09-02", "已完成"],
        ],
    );
    // The same order again, its columns in another order: a repeat and no conflict.
    put(
        book.add_worksheet().set_name("补").expect("a name"),
        &[&["下单时间", "收货人", "实付金额", "订单号", "订单状态"], &["2026-08-01", "李四", "2.00", "B1", "已完成"]],
    );
    // Lines of orders are another matter.
    put(book.add_worksheet().set_name("明细").expect("a name"), &[&["订单号", "商品名称", "数量", "单价"], &["A1", "茶", "1", "1.00"]]);
    let v = read(book);
    assert_eq!(v["sheets"], serde_json::json!(["7月", "8月", "9月", "补"]), "{v}");
    let of = |o: &Value| {
        (o["order_no"].clone(), o["paid_fen"].clone(), o["refund_fen"].clone(), o["created_at"].as_str().unwrap_or("")[..10].to_owned())
    };
    let all: Vec<_> = v["canonical"].as_array().into_iter().flatten().map(of).collect();
    // A sheet without a column for refunds tells of none, and not that there was none.
    assert_eq!(
        all,
        [
            ("A1".into(), 100.into(), Value::Null, "2026-07-01".to_owned()),
            ("B1".into(), 200.into(), Value::Null, "2026-08-01".to_owned()),
            ("C1".into(), 300.into(), 100.into(), "2026-09-01".to_owned()),
        ],
        "{v}"
    );
    let places: Vec<_> =
        v["not_good"].as_array().into_iter().flatten().map(|n| (n["sheet"].clone(), n["row"].clone(), n["reasons"][0].clone())).collect();
    assert_eq!(
        places,
        [
            ("7月".into(), 4.into(), "unknown_status:不知道".into()),
            ("9月".into(), 3.into(), "bad_amount:实付金额".into()),
            ("补".into(), 2.into(), "duplicate_same_content".into()),
        ],
        "{v}"
    );
    let not_read = v["notes"].as_array().into_iter().flatten().find(|n| n["code"] == "sheet_not_read");
    assert_eq!(not_read.map(|n| &n["sheet"]), Some(&"明细".into()), "{v}");
}

#[test]
fn a_header_of_two_rows_says_what_its_lower_row_says() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let text = Format::new();
    for (c, h) in ["订单号", "订单状态", "实付金额", "下单时间"].iter().enumerate() {
        sheet.merge_range(0, c as u16, 1, c as u16, h, &text).expect("merged");
    }
    sheet.merge_range(0, 4, 0, 5, "收货信息", &text).expect("merged");
    put_at(sheet, 1, 4, &["收货人", "手机号"]);
    put_at(sheet, 2, 0, &["A1", "已完成", "1.00", "2026-07-01", "张三", "13800138000"]);
    let v = read(book);
    assert_eq!((&v["header_record"], &v["good"], &v["bad"]), (&2.into(), &1.into(), &0.into()), "{v}");
    let fields: Vec<_> = v["mapping"]["columns"].as_array().into_iter().flatten().map(|c| c["field"].as_str().unwrap_or("-")).collect();
    assert_eq!(fields, ["order_no", "status", "paid", "created_at", "receiver_name", "receiver_phone"]);
}

fn put_at(sheet: &mut Worksheet, r: u32, c: u16, cells: &[&str]) {
    for (i, cell) in cells.iter().enumerate() {
        sheet.write_string(r, c + i as u16, *cell).expect("a cell");
    }
}

#[test]
fn numbers_that_lost_their_digits_are_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    write(sheet, &[row("A1"), row("A2"), row("A3"), row("A4")]);
    sheet.write_number(1, 0, 1_234_567_890_123_456_789.0).expect("a cell");
    sheet.write_number(2, 0, 123_456_789_012.0).expect("a cell");
    sheet.write_string(3, 0, "1.23457E18").expect("a cell");
    let v = read(book);
    assert_eq!(reasons(&v), ["order_no_lost_precision", "order_no_lost_precision"], "{v}");
    assert_eq!(v["canonical"][0]["order_no"], "123456789012");
    // Of a line, the code is left out and said so; the number of a sub-order is its name.
    let text = "主订单编号,子订单编号,选购商品,商品数量,订单应付金额,订单状态,订单提交时间,商品ID,商家编码\n\
        6900000000000000001,6.9E+18,茶,1,10.00,已完成,2026-09-01 10:00:00,1,A\n\
        6900000000000000002,6900000000000000012,茶,1,10.00,已完成,2026-09-01 10:00:00,3.61E+12,A\n";
    let v = preview_bytes("d", text.into());
    assert_eq!(reasons(&v), ["order_no_lost_precision"], "{v}");
    assert_eq!(v["warned"][0]["warnings"], serde_json::json!(["code_lost_precision:商品ID"]), "{v}");
}

#[test]
fn merged_cells_hold_for_every_row_they_cover() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let text = Format::new();
    for (c, h) in ["订单号", "订单状态", "订单金额", "下单时间", "商品名称", "数量", "单价"].iter().enumerate() {
        sheet.write_string(0, c as u16, *h).expect("a cell");
    }
    for (c, cell) in ["A1", "交易成功", "30.00", "2026-09-01 10:00:00"].iter().enumerate() {
        sheet.merge_range(1, c as u16, 2, c as u16, cell, &text).expect("merged");
    }
    for (r, (title, price)) in [("茶", "10.00"), ("杯", "20.00")].iter().enumerate() {
        for (c, cell) in [(4, *title), (5, "1"), (6, *price)] {
            sheet.write_string(r as u32 + 1, c, cell).expect("a cell");
        }
    }
    let v = read(book);
    assert_eq!((&v["good"], &v["canonical"][0]["paid_fen"]), (&2.into(), &3000.into()), "{v}");
    assert_eq!(v["canonical"][0]["lines"].as_array().map(Vec::len), Some(2));
}

#[test]
fn serial_dates_and_formulas() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    write(sheet, &[row("A1"), row("A2"), row("A3"), row("A4")]);
    sheet.write_number_with_format(1, 3, 46_266.5, &Format::new().set_num_format("yyyy/m/d h:mm")).expect("a cell");
    sheet.write_number(2, 3, 46_266.5).expect("a cell");
    sheet.write_formula(3, 2, Formula::new("=5*5").set_result("25")).expect("a cell");
    let v = read(book);
    let of = |i: usize, field: &str| v["canonical"][i][field].clone();
    assert_eq!((of(0, "created_at"), of(1, "created_at")), ("2026-09-01T12:00:00+08:00".into(), "2026-09-01T12:00:00+08:00".into()), "{v}");
    assert_eq!(of(2, "paid_fen"), 2500);
    // What a program left there without computing it cannot be told from a result: it is said.
    assert_eq!((&v["notes"][0]["code"], &v["notes"][0]["rows"]), (&"formulas_as_saved".into(), &1.into()), "{v}");
}

/// A workbook with one of its parts changed.
fn changed(book: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(book)).expect("a workbook");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..from.len() {
        let mut file = from.by_index(i).expect("a part");
        let name = file.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        if name == part {
            bytes = change(String::from_utf8(bytes).expect("text")).into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        to.write_all(&bytes).expect("its bytes");
    }
    to.finish().expect("a workbook").into_inner()
}

/// A workbook of the older Macintosh counts days from 1904, also where a float lies a hair below the second.
#[test]
fn days_counted_from_1904() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    write(sheet, &[row("A1")]);
    let day = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    sheet.write_number_with_format(1, 3, 44_773.416_674_768_52, &day).expect("a cell");
    let bytes = book.save_to_buffer().expect("a book");
    let v = preview_bytes("book", changed(&bytes, "xl/workbook.xml", |t| t.replacen("<workbookPr", "<workbookPr date1904=\"1\"", 1)));
    assert_eq!(v["canonical"][0]["created_at"], "2026-08-01T10:00:01+08:00", "{v}");
}

#[test]
fn a_workbook_made_to_fill_memory_is_refused_before_it_is_unpacked() {
    let mut book = Workbook::new();
    write(book.add_worksheet(), &[row("A1")]);
    let bytes = book.save_to_buffer().expect("a book");
    let swollen = changed(&bytes, "xl/sharedStrings.xml", |t| t.replacen("茶", &"x".repeat(70 << 20), 1));
    assert!(swollen.len() < 1 << 20);
    assert_eq!(preview_bytes("book", swollen)["error"]["code"], "not_a_table");
}
