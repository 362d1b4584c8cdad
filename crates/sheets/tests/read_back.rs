//! Whatever is written is read back by somebody else's reader: csv, calamine, the parquet crate.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field as Read;
use proptest::prelude::*;
use shuke_kernel::Zone;
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer, neutralise, neutralise_within};

const FIELDS: [Field; 7] = [
    Field::new("id", "编号", Kind::Text),
    Field::new("platform", "平台", Kind::Word),
    Field::new("quantity", "件数", Kind::Int),
    Field::new("net_paid", "净实付", Kind::Money),
    Field::new("currency", "币种", Kind::Word),
    Field::new("placed_at", "下单时间", Kind::Time),
    Field::new("purchase", "成交", Kind::Bool),
];

fn sheet() -> Sheet {
    Sheet { name: "orders".into(), zh: "订单".into(), fields: FIELDS.to_vec().into() }
}

fn write(format: Format, zh: bool, rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), format, Style { zh, zone: Zone::shanghai() });
    writer.begin(&sheet()).expect("begun");
    for row in rows {
        writer.row(row).expect("a row");
    }
    let (bytes, written) = writer.finish().expect("ended");
    assert_eq!((written.rows, written.sheets), (rows.len() as u64, 1));
    bytes
}

/// 2026-11-11T00:00:00+08:00.
const SINGLES_DAY: i64 = 1_794_326_400_000_000;

fn rows() -> Vec<Vec<Cell>> {
    vec![
        vec![
            "=HYPERLINK(\"http://evil\")".into(),
            "taobao".into(),
            3.into(),
            12_850.into(),
            "CNY".into(),
            Cell::Int(SINGLES_DAY),
            true.into(),
        ],
        vec!["+8613800000000".into(), Cell::Null, 0.into(), Cell::Int(-5), "CNY".into(), Cell::Null, false.into()],
        vec![
            "a \"b\",\nc & <d>".into(),
            "jd".into(),
            Cell::Null,
            1980.into(),
            "JPY".into(),
            Cell::Int(SINGLES_DAY + 1_500_000),
            Cell::Null,
        ],
    ]
}

#[test]
fn csv_has_decimals_offsets_and_no_formula() {
    let bytes = write(Format::Csv, true, &rows());
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n"));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(
        reader.headers().expect("headings").iter().collect::<Vec<_>>(),
        ["编号", "平台", "件数", "净实付", "币种", "下单时间", "成交"]
    );
    let read: Vec<Vec<String>> = reader.records().map(|r| r.expect("a row").iter().map(str::to_owned).collect()).collect();
    assert_eq!(read[0], ["'=HYPERLINK(\"http://evil\")", "taobao", "3", "128.50", "CNY", "2026-11-11T00:00:00+08:00", "true"]);
    assert_eq!(read[1], ["'+8613800000000", "", "0", "-0.05", "CNY", "", "false"]);
    assert_eq!(read[2], ["a \"b\",\nc & <d>", "jd", "", "1980", "JPY", "2026-11-11T00:00:01.5+08:00", ""]);
}

#[test]
fn csv_cut_at_semicolons_or_tabs_has_no_formula() {
    let texts = ["red;=1+1", "red\t=1+1", "a; @x", "a\n-2+3", "a;\"=1+1\"", "plain;text", "tab\tin it"];
    let rows: Vec<Vec<Cell>> = texts.map(|t| std::iter::once(t.into()).chain((1..7).map(|_| Cell::Null)).collect()).to_vec();
    let text = String::from_utf8(write(Format::Csv, false, &rows)).expect("UTF-8");
    for cut in [';', '\t', ','] {
        for cell in text.split([cut, '\n']) {
            let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '"');
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell:?} of {text}");
        }
    }
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let read: Vec<String> = reader.records().map(|r| r.expect("a row")[0].to_owned()).collect();
    assert_eq!(read, ["red;'=1+1", "red\t'=1+1", "a;' @x", "a\n'-2+3", "a;'\"=1+1\"", "plain;text", "tab\tin it"]);
    assert!(text.contains("\"plain;text\"") && text.contains("\"tab\tin it\""), "{text}");
}

#[test]
fn xlsx_has_numbers_and_dates_and_no_formula() {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(write(Format::Xlsx, true, &rows()))).expect("a workbook");
    assert_eq!(book.sheet_names(), ["订单"]);
    assert_eq!(book.worksheet_formula("订单").expect("formulas").cells().count(), 0);
    let range = book.worksheet_range("订单").expect("a sheet");
    let cell = |r, c| range.get((r, c)).cloned().unwrap_or(Data::Empty);
    assert_eq!(cell(0, 3), Data::String("净实付".to_owned()));
    assert_eq!(cell(1, 0), Data::String("'=HYPERLINK(\"http://evil\")".to_owned()));
    assert_eq!((cell(1, 2), cell(1, 3)), (Data::Float(3.0), Data::Float(128.5)));
    assert_eq!((cell(2, 1), cell(2, 3)), (Data::Empty, Data::Float(-0.05)));
    assert_eq!((cell(3, 0), cell(3, 3)), (Data::String("a \"b\",\nc & <d>".to_owned()), Data::Float(1980.0)));
    match cell(1, 5) {
        Data::DateTime(at) => assert!(at.is_datetime() && (at.as_f64() - 46_337.0).abs() < 1e-9),
        other => panic!("{other:?} is no date"),
    }
    assert_eq!((cell(1, 6), cell(2, 6), cell(3, 6)), (Data::Bool(true), Data::Bool(false), Data::Empty));
}

#[test]
fn parquet_has_types_and_dictionaries() {
    let reader = SerializedFileReader::new(bytes(write(Format::Parquet, true, &rows()))).expect("a file");
    let schema = reader.metadata().file_metadata().schema_descr();
    let shown: Vec<String> = (0..schema.num_columns())
        .map(|i| format!("{} {:?} {:?}", schema.column(i).name(), schema.column(i).physical_type(), schema.column(i).logical_type_ref()))
        .collect();
    assert!(shown[0].starts_with("id BYTE_ARRAY Some(String"), "{}", shown[0]);
    assert_eq!((shown[2].as_str(), shown[3].as_str()), ("quantity INT64 None", "net_paid INT64 None"));
    assert!(shown[5].contains("INT64") && shown[5].contains("is_adjusted_to_u_t_c: true") && shown[5].contains("MICROS"), "{}", shown[5]);
    assert!(shown[6].contains("BOOLEAN"));
    let group = reader.metadata().row_group(0);
    let has_dictionary: Vec<bool> = group.columns().iter().map(|c| c.dictionary_page_offset().is_some()).collect();
    assert_eq!(has_dictionary, [false, true, false, false, true, false, false]);
    let read: Vec<Vec<Read>> =
        reader.get_row_iter(None).expect("rows").map(|r| r.expect("a row").into_columns().into_iter().map(|(_, f)| f).collect()).collect();
    // The text as it is: nothing computes a Parquet file.
    assert_eq!(read[0][0], Read::Str("=HYPERLINK(\"http://evil\")".to_owned()));
    assert_eq!((&read[0][3], &read[1][3], &read[1][1]), (&Read::Long(12_850), &Read::Long(-5), &Read::Null));
    assert_eq!(read[0][5], Read::TimestampMicros(SINGLES_DAY));
    assert_eq!(read[2][6], Read::Null);
}

/// The parquet crate reads from anything that it can cut.
fn bytes(all: Vec<u8>) -> bytes::Bytes {
    all.into()
}

#[test]
fn more_rows_than_a_group_holds_are_all_there() {
    let fields = vec![Field::new("n", "数", Kind::Int), Field::new("word", "词", Kind::Word)];
    let sheet = Sheet { name: "rows".into(), zh: "行".into(), fields: fields.into() };
    let mut writer = Writer::new(Vec::new(), Format::Parquet, Style { zh: false, zone: Zone::shanghai() });
    writer.begin(&sheet).expect("begun");
    for n in 0..150_000_i64 {
        writer.row(&[n.into(), ["a", "b", "c"][(n % 3) as usize].into()]).expect("a row");
    }
    let (all, written) = writer.finish().expect("ended");
    assert_eq!(written.rows, 150_000);
    let reader = SerializedFileReader::new(bytes(all)).expect("a file");
    assert_eq!((reader.metadata().num_row_groups(), reader.metadata().file_metadata().num_rows()), (3, 150_000));
    let sum: i64 = reader
        .get_row_iter(None)
        .expect("rows")
        .map(|r| match r.expect("a row").into_columns()[0].1 {
            Read::Long(n) => n,
            _ => 0,
        })
        .sum();
    assert_eq!(sum, 150_000 * 149_999 / 2);
}

#[test]
fn a_workbook_holds_several_tables_and_other_files_one() {
    let style = Style { zh: true, zone: Zone::shanghai() };
    let mut book = Writer::new(Vec::new(), Format::Xlsx, style.clone());
    book.begin(&sheet()).expect("begun");
    book.row(&rows()[0]).expect("a row");
    let lines = Sheet { name: "lines".into(), zh: "订单".into(), fields: vec![Field::new("sku", "编码", Kind::Text)].into() };
    book.begin(&lines).expect("a second table");
    book.row(&["@SUM(1)".into()]).expect("a row");
    let (all, written) = book.finish().expect("ended");
    assert_eq!((written.rows, written.sheets), (2, 2));
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(all)).expect("a workbook");
    assert_eq!(read.sheet_names(), ["订单", "订单 2"], "no two sheets have one name");
    assert_eq!(read.worksheet_range("订单 2").expect("a sheet").get((1, 0)), Some(&Data::String("'@SUM(1)".to_owned())));
    for format in [Format::Csv, Format::Parquet] {
        let mut file = Writer::new(Vec::new(), format, style.clone());
        file.begin(&sheet()).expect("begun");
        assert!(file.begin(&lines).is_err());
        assert!(file.row(&["short".into()]).is_err());
    }
    let (none, _) = Writer::new(Vec::new(), Format::Xlsx, style).finish().expect("an empty workbook");
    assert!(Xlsx::new(Cursor::new(none)).is_ok_and(|b: Xlsx<_>| b.sheet_names().len() == 1));
}

proptest! {
    /// Any text comes back as it was, but for the mark that keeps it a text.
    #[test]
    fn any_text_comes_back(texts in proptest::collection::vec("[\\PC\\t\\n=+@-]{0,40}", 1..20)) {
        let fields = vec![Field::new("text", "文", Kind::Text)];
        let one = Sheet { name: "t".into(), zh: "t".into(), fields: fields.into() };
        let style = Style { zh: false, zone: Zone::shanghai() };
        let make = |format| {
            let mut w = Writer::new(Vec::new(), format, style.clone());
            w.begin(&one).expect("begun");
            texts.iter().for_each(|t| w.row(&[t.as_str().into()]).expect("a row"));
            w.finish().expect("ended").0
        };
        let kept = make(Format::Csv);
        let read: Vec<String> = csv::ReaderBuilder::new().flexible(true).from_reader(&kept[3..]).records()
            .map(|r| r.expect("a row")[0].to_owned()).collect();
        // A line of one empty cell is an empty line, which readers pass over, unless it is quoted.
        let guarded: Vec<String> = texts.iter().map(|t| neutralise(t).into_owned()).collect();
        let within: Vec<String> = guarded.iter().map(|t| neutralise_within(t).into_owned()).collect();
        prop_assert_eq!(&read, &within);
        prop_assert!(read.iter().all(|t| !t.trim_start().starts_with(['=', '+', '-', '@'])));
        let reader = SerializedFileReader::new(bytes(make(Format::Parquet))).expect("a file");
        let read: Vec<String> = reader.get_row_iter(None).expect("rows").map(|r| match &r.expect("a row").into_columns()[0].1 {
            Read::Str(t) => t.clone(),
            other => other.to_string(),
        }).collect();
        prop_assert_eq!(&read, &texts);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(make(Format::Xlsx))).expect("a workbook");
        let range = book.worksheet_range("t").expect("a sheet");
        for (i, text) in guarded.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            let found = range.get((i + 1, 0)).map(ToString::to_string).unwrap_or_default();
            prop_assert_eq!(&found, text);
        }
    }
}
