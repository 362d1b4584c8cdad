//! The layout of a file: which format it is, what each column means, and with what confidence. It
//! is found from the header names and the shapes of the first rows' cells, or given as a [`Mapping`].

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use shuke_kernel::Currency;

use crate::field::Field;
use crate::formats::{self, FORMATS, Format, Kind, Words};
use crate::habits::Habits;
use crate::header;
use crate::open::SheetColumns;
use crate::record::Part;
use crate::vocab;
use crate::when::{DayOrder, Zone};

/// What a mapped file tells about, and how its rows make up the whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A row is an order.
    Orders,
    /// A row is a line; the order's amounts are repeated on every row.
    OrderLines,
    /// A row is a line; the order's amounts are the sums of its rows.
    OrderShares,
    /// A row is a line of a completed sale; there are no status words.
    Sales,
    /// A row is a line of an order that another file tells about.
    Items,
    /// Members.
    Members,
    /// Products.
    Products,
    /// Addresses not to be written to.
    Suppressions,
    /// Who has which tags.
    Tags,
    /// Weather by region and day.
    Weather,
}

/// A column and what it means.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMapping {
    /// The header as it stands in the file.
    pub column: String,
    /// What it means; none: kept aside.
    pub field: Option<Field>,
    /// How sure the proposal is, 0–100; 100 once a person has confirmed it.
    #[serde(default)]
    pub confidence: u8,
}

/// A mapping that was proposed, edited, saved or comes with the product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// A format whose rules apply (`jd_order_export`, …), or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What rows are.
    pub shape: Shape,
    /// The platform that the orders or members belong to.
    #[serde(default = "plain")]
    pub platform: String,
    /// Currency where no column tells it.
    #[serde(default = "cny")]
    pub currency: String,
    /// Zone of bare times.
    #[serde(default = "shanghai")]
    pub zone: String,
    /// `month_first` or `day_first` where the year comes last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_order: Option<String>,
    /// The columns.
    pub columns: Vec<ColumnMapping>,
}

fn plain() -> String {
    "plain".into()
}
fn cny() -> String {
    "CNY".into()
}
fn shanghai() -> String {
    "Asia/Shanghai".into()
}

/// How a file is laid out.
#[derive(Clone)]
pub struct Layout {
    /// Its format.
    pub format: &'static Format,
    /// How rows make up orders.
    pub part: Part,
    /// Whose status words.
    pub words: Words,
    /// The platform.
    pub platform: String,
    /// The currency where no column tells it.
    pub currency: Currency,
    /// The zone of bare times.
    pub zone: Zone,
    /// Day and month where the year comes last.
    pub day_order: DayOrder,
    /// Columns in which they stand otherwise.
    pub day_orders: Vec<(usize, DayOrder)>,
    /// Every header as shown.
    pub headers: Vec<String>,
    /// What each column means and how sure that is.
    pub columns: Vec<(Option<Field>, u8)>,
    at: Vec<u16>,
    units: Vec<(i8, Option<Currency>)>,
    /// The packed lines of a WooCommerce export.
    pub packed: Vec<usize>,
    /// The last column that a complete row must reach.
    pub core_end: usize,
    /// How its rows are written.
    pub habits: Habits,
    /// Columns that mean the same as another: the field, the column that counts, the one that does not.
    pub rivals: Vec<(Field, usize, usize)>,
    /// Nothing in the file tells whether an amount on every line of an order is the order's.
    pub amounts_unsure: bool,
    /// Columns that number rows or tell of the export: two rows that differ in these only are the same.
    pub counters: Vec<usize>,
    /// Columns that tell of the parcel only: two rows of one order that differ in these only are the same order.
    pub parcels: Vec<usize>,
}

/// Headers, by key, of columns that say nothing of the record.
const COUNTERS: &[&str] = &[
    "序号",
    "行号",
    "序",
    "编号序号",
    "导出时间",
    "数据采集时间",
    "导出人",
    "打印次数",
    "打印时间",
    "rownumber",
    "rowno",
    "row",
    "index",
    "sn",
    "exportedat",
];

const NOWHERE: u16 = u16::MAX;

/// Each column's field, if it has one, and how sure that is.
pub(crate) type Columns = Vec<(Option<Field>, u8)>;

impl Layout {
    /// The layout of a sheet that has not all of the file's columns, or calls some of them otherwise.
    pub fn of_sheet(&self, sheet: &SheetColumns) -> Self {
        let mut own = self.clone();
        for i in &sheet.lacks {
            own.at.iter_mut().filter(|at| usize::from(**at) == *i).for_each(|at| *at = NOWHERE);
            own.columns[*i].0 = None;
        }
        own.packed.retain(|i| !sheet.lacks.contains(i));
        for (i, name) in &sheet.names {
            own.headers[*i].clone_from(name);
        }
        own
    }

    /// The column of a field.
    pub fn column(&self, f: Field) -> Option<usize> {
        match self.at[f as usize] {
            NOWHERE => None,
            i => Some(usize::from(i)),
        }
    }

    /// Whether the file has the field.
    pub fn has(&self, f: Field) -> bool {
        self.at[f as usize] != NOWHERE
    }

    /// What the header of a field's column says of its amounts' unit and currency.
    pub fn unit(&self, f: Field) -> (i8, Option<Currency>) {
        self.column(f).and_then(|i| self.units.get(i)).copied().unwrap_or_default()
    }

    /// Whether another number beside the order's tells parcels apart: an ERP's own, or a parcel's. A mere
    /// `id` numbers rows.
    pub fn tells_parcels(&self) -> bool {
        self.part != Part::Whole
            && self.column(Field::InternalNo).is_some_and(|i| vocab::vagueness(Field::InternalNo, &header::key(self.name(i))) == 0)
    }

    /// How day and month stand in a field's column.
    pub fn order_of(&self, f: Field) -> DayOrder {
        let own = self.column(f).and_then(|i| self.day_orders.iter().find(|(c, _)| *c == i));
        own.map_or(self.day_order, |(_, order)| *order)
    }

    /// The header of column `i`.
    pub fn name(&self, i: usize) -> &str {
        self.headers.get(i).map_or("", String::as_str)
    }

    /// The header of a field's column.
    pub fn name_of(&self, f: Field) -> &str {
        self.column(f).map_or(f.word(), |i| self.name(i))
    }

    /// Columns with a name.
    pub fn named_columns(&self) -> usize {
        self.headers.iter().filter(|h| !h.is_empty()).count()
    }

    /// Whether the format was recognised, and not merely proposed.
    pub fn recognised(&self) -> bool {
        FORMATS.iter().any(|f| f.id == self.format.id)
    }

    /// The layout as a mapping that can be shown, edited and saved.
    pub fn mapping(&self) -> Mapping {
        let shape = match (self.format.kind, self.part, self.words) {
            (Kind::Order, _, Words::Sale) => Shape::Sales,
            (Kind::Order, Part::LineRepeated, _) => Shape::OrderLines,
            (Kind::Order, Part::LineSummed, _) => Shape::OrderShares,
            (Kind::Order, _, _) => Shape::Orders,
            (Kind::Item, _, _) => Shape::Items,
            (Kind::Member, _, _) => Shape::Members,
            (Kind::Product, _, _) => Shape::Products,
            (Kind::Suppression, _, _) => Shape::Suppressions,
            (Kind::Tag, _, _) => Shape::Tags,
            (Kind::Weather, _, _) => Shape::Weather,
        };
        Mapping {
            name: String::new(),
            format: self.recognised().then(|| self.format.id.to_owned()),
            shape,
            platform: self.platform.clone(),
            currency: self.currency.code().to_owned(),
            zone: match &self.zone {
                Zone::Named(tz) => tz.iana_name().unwrap_or("Asia/Shanghai").to_owned(),
                Zone::Fixed(_) => shanghai(),
            },
            day_order: match self.day_order {
                // Told by the file itself, whenever it is read.
                DayOrder::Refuse | DayOrder::YearFirst => None,
                DayOrder::MonthFirst => Some("month_first".into()),
                DayOrder::DayFirst => Some("day_first".into()),
            },
            columns: self
                .headers
                .iter()
                .zip(&self.columns)
                .filter(|(h, _)| !h.is_empty())
                .map(|(h, (f, c))| ColumnMapping { column: h.clone(), field: *f, confidence: *c })
                .collect(),
        }
    }

    fn new(format: &'static Format, headers: &[String], columns: Columns) -> Self {
        let mut at = vec![NOWHERE; Field::ALL.len()];
        let mut packed = Vec::new();
        for (i, (f, _)) in columns.iter().enumerate().take(usize::from(NOWHERE)) {
            match f {
                Some(Field::PackedLine) => packed.push(i),
                Some(f) if at[*f as usize] == NOWHERE => at[*f as usize] = i as u16,
                _ => {}
            }
        }
        // `line_item_2` is the second line wherever its column stands.
        packed.sort_by_key(|i| {
            (header::key(&headers[*i]).trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().unwrap_or(u32::MAX), *i)
        });
        let core: &[Field] = match format.kind {
            Kind::Order => &[Field::OrderNo, Field::Status, Field::FinancialStatus, Field::Paid, Field::CreatedAt, Field::PaidAt],
            Kind::Item => &[Field::OrderNo, Field::Quantity, Field::UnitPrice],
            _ => &[],
        };
        let core_end = core.iter().filter(|&f| at[*f as usize] != NOWHERE).map(|f| usize::from(at[*f as usize])).max().unwrap_or(0);
        let units: Vec<_> = headers.iter().map(|h| header::unit(h)).collect();
        let is_counter = |(i, h): (usize, &String)| (COUNTERS.contains(&header::key(h).as_str()) && columns[i].0.is_none()).then_some(i);
        let counters = headers.iter().enumerate().filter_map(is_counter).collect();
        let of_parcel = |(i, h): (usize, &String)| {
            let of_field = matches!(columns[i].0, Some(Field::TrackingNo | Field::Carrier | Field::InternalNo));
            (of_field || (columns[i].0.is_none() && ["包裹", "箱号", "快递", "物流"].iter().any(|w| h.contains(w)))).then_some(i)
        };
        let parcels = headers.iter().enumerate().filter_map(of_parcel).collect();
        // A file whose headers all name one currency is in that currency.
        let mut said = units.iter().zip(&columns).filter(|(_, c)| c.0.is_some()).filter_map(|(u, _)| u.1);
        let told = said.next().filter(|first| said.all(|c| c == *first));
        Self {
            format,
            part: format.part,
            words: format.words,
            platform: format.platform.to_owned(),
            currency: told.unwrap_or_else(|| format.currency.parse().unwrap_or(Currency::CNY)),
            zone: Zone::named(format.zone),
            day_order: if format.words == Words::Sale && format.id != "plain" { DayOrder::MonthFirst } else { DayOrder::Refuse },
            day_orders: Vec::new(),
            headers: headers.to_vec(),
            columns,
            at,
            units,
            packed,
            core_end,
            habits: Habits::default(),
            rivals: Vec::new(),
            amounts_unsure: false,
            counters,
            parcels,
        }
    }

    /// The layout that a mapping describes, for a file with these headers. Columns are found by
    /// name, in any order.
    pub fn from_mapping(mapping: &Mapping, headers: &[String]) -> Self {
        let format = mapping.format.as_deref().and_then(Format::by_id).unwrap_or(match mapping.shape {
            Shape::Orders => &formats::PLAIN_ORDER,
            Shape::OrderLines => &formats::PLAIN_ORDER_LINES,
            Shape::OrderShares => &formats::PLAIN_ORDER_SHARES,
            Shape::Sales => &formats::PLAIN_SALES,
            Shape::Items => &formats::PLAIN_ITEMS,
            Shape::Members => &formats::MEMBER_LIST,
            Shape::Products => &formats::PRODUCT_FILE,
            Shape::Suppressions => &formats::SUPPRESSION_LIST,
            Shape::Tags => &formats::TAG_LIST,
            Shape::Weather => &formats::WEATHER_FILE,
        });
        let mut used = vec![false; mapping.columns.len()];
        let columns = headers
            .iter()
            .map(|h| {
                let k = header::key(h);
                let hit = mapping
                    .columns
                    .iter()
                    .enumerate()
                    .find(|(i, c)| !used[*i] && (c.column == *h || (!k.is_empty() && header::key(&c.column) == k)));
                match hit {
                    Some((i, c)) => {
                        used[i] = true;
                        (c.field, c.confidence.max(1))
                    }
                    None => (None, 0),
                }
            })
            .collect();
        let mut l = Self::new(format, headers, columns);
        l.platform.clone_from(&mapping.platform);
        if let Ok(c) = mapping.currency.parse() {
            l.currency = c;
        }
        l.zone = Zone::named(&mapping.zone);
        l.day_order = match mapping.day_order.as_deref() {
            Some("month_first") => DayOrder::MonthFirst,
            Some("day_first") => DayOrder::DayFirst,
            _ => l.day_order,
        };
        l
    }

    /// Recognises a file by its headers and the cells of its first rows.
    pub fn recognise(headers: &[String], sample: &[Vec<String>]) -> Self {
        let keys: Vec<String> = headers.iter().map(|h| header::key(h)).collect();
        let (format, columns) = match crate::recognise::claimed(headers, &keys, sample) {
            Some(found) => found,
            None => crate::recognise::proposed(headers, &keys, sample),
        };
        let rivals = crate::assign::rivals(format, headers, &keys, &columns);
        let mut l = Self::new(format, headers, columns);
        l.rivals = rivals;
        if format.kind == Kind::Order && !l.recognised() {
            if l.has(Field::LineTitle) || l.has(Field::LineCode) {
                l.part = Part::LineRepeated;
            }
            if !l.has(Field::Status) && !l.has(Field::FinancialStatus) {
                l.words = Words::Sale;
            }
        }
        l
    }
}

/// How much a row looks like a header: the number of its cells that are words of our vocabulary.
pub fn header_score(cells: &[String]) -> usize {
    let mut seen = HashSet::new();
    cells
        .iter()
        .map(|c| header::key(c))
        .filter(|k| !k.is_empty() && k.chars().count() <= 30)
        .filter(|k| vocab::known(k) || Format::knows(k))
        .filter(|k| seen.insert(k.clone()))
        .count()
}
