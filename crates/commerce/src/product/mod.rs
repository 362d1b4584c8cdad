//! Products: what the shop sells, with category, cost and stock. A product is computed from what
//! was said of it, as an order is: field by field the newest that tells.

pub mod http;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Ctx, Currency, Instant, Kind, Refusal, Result};
use shuke_store::{Column, Event, InsertMany, Row, Tx, Value, args};

use crate::observed::{Entries, Put, put};
use crate::order::Change;
use crate::order::check::{MAX_AMOUNT, MISSING, NEGATIVE, OUT_OF_RANGE, TOO_LARGE, TOO_LONG};
use crate::order::observation::digest;

shuke_kernel::ids! {
    /// A product.
    ProductId = ProductIdKind "prd";
}

/// There is no such product.
pub static NOT_FOUND: Code =
    Code { code: "product.not_found", kind: Kind::NotFound, zh: "找不到这个商品。", en: "There is no such product." };
/// A category path is too deep.
pub static TOO_DEEP: Code = Code {
    code: "product.category_too_deep",
    kind: Kind::Invalid,
    zh: "类目最多 {max} 级。",
    en: "A category path has {max} levels at most.",
};

/// What a document says of a product.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductSaid {
    /// The namespace of its id.
    #[serde(skip)]
    pub source: String,
    /// Its id there; a product file has only the code, then it is that.
    #[serde(skip)]
    pub source_id: String,
    /// The import that brought it.
    #[serde(skip)]
    pub import: Option<i64>,
    /// When it was heard, for statements without a time; see the order's.
    #[serde(skip)]
    pub heard: Option<Instant>,
    /// When the source last changed it, in microseconds.
    pub source_time: Option<i64>,
    /// Merchant code.
    pub sku: Option<String>,
    /// The platform's goods id.
    pub product_id: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Variant.
    pub spec: Option<String>,
    /// Category path, broadest first; empty: not told.
    pub category: Vec<String>,
    /// Brand.
    pub brand: Option<String>,
    /// Bar code.
    pub barcode: Option<String>,
    /// List price, minor units.
    pub price: Option<i64>,
    /// What it costs the merchant.
    pub cost: Option<i64>,
    /// Currency.
    pub currency: Option<Currency>,
    /// Pieces in stock.
    pub stock: Option<i64>,
}

/// The module's statements.
pub mod sql {
    macro_rules! columns {
        () => {
            "id, source, source_id, sku, product_id, title, spec, category, brand, barcode, price, cost, currency, stock, updated_at"
        };
    }
    shuke_store::statements! {
        /// A product's id, locked.
        HELD = "SELECT id FROM product WHERE merchant = $1 AND source = $2 AND source_id = $3 FOR UPDATE";
        /// A product's name.
        NAME = "SELECT source, source_id FROM product WHERE merchant = $1 AND id = $2 FOR UPDATE";
        /// Drops one.
        DROP = "DELETE FROM product WHERE merchant = $1 AND id = $2";
        /// By id.
        BY_ID = concat!("SELECT ", columns!(), " FROM product WHERE merchant = $1 AND id = $2");
        /// By its id at a source.
        BY_SOURCE = concat!("SELECT ", columns!(), " FROM product WHERE merchant = $1 AND source = $2 AND source_id = $3");
        /// A page by code; the query is a code's beginning or part of a title.
        PAGE = concat!("SELECT ", columns!(), " FROM product WHERE merchant = $1 AND (sku, id) > ($2, $3) AND ($4 = '' OR sku LIKE $4 ESCAPE '\\' OR title LIKE $5 ESCAPE '\\') AND ($6 = '' OR category LIKE $6 ESCAPE '\\') ORDER BY sku, id LIMIT $7");
    }
}

const ROW: InsertMany = InsertMany {
    table: "product",
    columns: &[
        Column::Int("merchant"),
        Column::Bytes("id"),
        Column::Text("source"),
        Column::Text("source_id"),
        Column::Text("sku"),
        Column::Text("product_id"),
        Column::Text("title"),
        Column::Text("spec"),
        Column::Text("category"),
        Column::Text("brand"),
        Column::Text("barcode"),
        Column::Int("price"),
        Column::Int("cost"),
        Column::Text("currency"),
        Column::Int("stock"),
        Column::Int("recorded_at"),
        Column::Int("updated_at"),
    ],
    then: "ON CONFLICT (merchant, source, source_id) DO UPDATE SET sku = excluded.sku, product_id = excluded.product_id, title = excluded.title, spec = excluded.spec, category = excluded.category, \
        brand = excluded.brand, barcode = excluded.barcode, price = excluded.price, cost = excluded.cost, currency = excluded.currency, stock = excluded.stock, updated_at = excluded.updated_at",
};

/// A product's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProductRow {
    /// Its id.
    pub id: ProductId,
    /// Its source.
    pub source: String,
    /// Its id there.
    pub source_id: String,
    /// Code.
    pub sku: String,
    /// The platform's goods id.
    pub product_id: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Variant.
    pub spec: Option<String>,
    /// Category path.
    pub category: Vec<String>,
    /// Brand.
    pub brand: Option<String>,
    /// Bar code.
    pub barcode: Option<String>,
    /// List price.
    pub price: Option<i64>,
    /// Cost.
    pub cost: Option<i64>,
    /// Currency.
    pub currency: Currency,
    /// Stock.
    pub stock: Option<i64>,
    /// Last changed here.
    pub updated_at: Instant,
}

/// Between the levels of a category path.
const LEVEL: &str = " > ";

fn check(p: &ProductSaid) -> Result<(), Refusal> {
    for (field, value, max) in [("source", &p.source, 100), ("source_id", &p.source_id, 200)] {
        if value.trim().is_empty() {
            return Err(MISSING.at(field));
        }
        if value.chars().count() > max {
            return Err(TOO_LONG.at(field).with("max", max));
        }
    }
    for (field, value) in [("price", p.price), ("cost", p.cost)] {
        if value.is_some_and(|v| v < 0) {
            return Err(NEGATIVE.at(field));
        }
        if value.is_some_and(|v| v > MAX_AMOUNT) {
            return Err(OUT_OF_RANGE.at(field).with("max", MAX_AMOUNT));
        }
    }
    // Oversold goods have a stock below zero.
    if p.stock.is_some_and(|s| !(-MAX_AMOUNT..=MAX_AMOUNT).contains(&s)) {
        return Err(OUT_OF_RANGE.at("stock").with("max", MAX_AMOUNT));
    }
    for (field, value) in [
        ("sku", &p.sku),
        ("product_id", &p.product_id),
        ("title", &p.title),
        ("spec", &p.spec),
        ("brand", &p.brand),
        ("barcode", &p.barcode),
    ] {
        if value.as_ref().is_some_and(|v| v.chars().count() > 500) {
            return Err(TOO_LONG.at(field).with("max", 500));
        }
    }
    if p.category.len() > 10 {
        return Err(TOO_DEEP.at("category").with("max", 10));
    }
    match p.category.iter().position(|c| c.chars().count() > 100) {
        Some(i) => Err(TOO_LONG.at(format!("category[{i}]")).with("max", 100)),
        None => Ok(()),
    }
}

fn fold(entries: &Entries, source_id: &str, fallback: Currency) -> Result<Option<ProductSaid>> {
    let mut said: Vec<(i64, [u8; 16], ProductSaid)> = Vec::new();
    for e in entries.iter() {
        let p: ProductSaid = serde_json::from_slice(&e.body)?;
        said.push((p.source_time.or(e.heard.map(Instant::micros)).unwrap_or(i64::MIN), e.hash, p));
    }
    // Two files without times are told apart by the import that came later: a shop's price and
    // stock are what its latest file says.
    let latest = |hash: &[u8; 16]| entries.iter().find(|e| e.hash == *hash).and_then(|e| e.imports.last().copied()).unwrap_or(0);
    said.sort_by_key(|s| std::cmp::Reverse((s.0, latest(&s.1), s.1)));
    if said.is_empty() {
        return Ok(None);
    }
    fn pick<T: Clone>(said: &[(i64, [u8; 16], ProductSaid)], f: impl Fn(&ProductSaid) -> Option<T>) -> Option<T> {
        said.iter().find_map(|s| f(&s.2))
    }
    Ok(Some(ProductSaid {
        sku: pick(&said, |p| p.sku.clone()).or_else(|| Some(source_id.to_owned())),
        product_id: pick(&said, |p| p.product_id.clone()),
        title: pick(&said, |p| p.title.clone()),
        spec: pick(&said, |p| p.spec.clone()),
        category: pick(&said, |p| (!p.category.is_empty()).then(|| p.category.clone())).unwrap_or_default(),
        brand: pick(&said, |p| p.brand.clone()),
        barcode: pick(&said, |p| p.barcode.clone()),
        price: pick(&said, |p| p.price),
        cost: pick(&said, |p| p.cost),
        currency: pick(&said, |p| p.currency).or(Some(fallback)),
        stock: pick(&said, |p| p.stock),
        ..ProductSaid::default()
    }))
}

/// Takes what documents say of products and answers each in its place.
pub fn observe_many(tx: &mut Tx<'_>, cx: &Ctx, said: &[ProductSaid]) -> Result<Vec<(ProductId, Change)>> {
    let fallback = crate::order::service::terms(tx, cx)?.currency;
    let mut answers = Vec::with_capacity(said.len());
    for p in said {
        check(p)?;
        let body = serde_json::to_vec(p).map_err(|_| TOO_LARGE.refuse())?;
        let held = tx.row(sql::HELD, args![cx.merchant, &p.source, &p.source_id])?;
        let known = held.is_some();
        let id: ProductId = held.map_or_else(|| Ok(cx.new_id::<ProductIdKind>()), |mut r| r.get(0))?;
        let (revision, mut entries) = if known { Entries::load(tx, cx, id.bytes())? } else { (0, Entries::default()) };
        let before = fold(&entries, &p.source_id, fallback)?;
        if !entries.add(digest(&body), &body, p.import, p.heard) {
            answers.push((id, Change::Unchanged));
            continue;
        }
        put(
            tx,
            cx,
            &[Put {
                kind: "product",
                subject: *id.bytes(),
                revision: revision + 1,
                entries: &entries,
                sealed: None,
                imports: p.import.into_iter().collect(),
            }],
        )?;
        let after = fold(&entries, &p.source_id, fallback)?;
        let change = match (&before, before == after) {
            (None, _) => Change::Created,
            (_, true) => Change::Unchanged,
            _ => Change::Changed,
        };
        if let (true, Some(after)) = (change != Change::Unchanged, after) {
            write(tx, cx, id, (&p.source, &p.source_id), &after, before.as_ref())?;
        }
        answers.push((id, change));
    }
    Ok(answers)
}

fn write(tx: &mut Tx<'_>, cx: &Ctx, id: ProductId, name: (&str, &str), p: &ProductSaid, before: Option<&ProductSaid>) -> Result<()> {
    let text = |t: &Option<String>| t.as_ref().map_or(Value::Null, Value::from);
    let row = vec![
        cx.merchant.into(),
        id.into(),
        name.0.into(),
        name.1.into(),
        p.sku.as_deref().unwrap_or(name.1).into(),
        text(&p.product_id),
        text(&p.title),
        text(&p.spec),
        if p.category.is_empty() { Value::Null } else { p.category.join(LEVEL).into() },
        text(&p.brand),
        text(&p.barcode),
        p.price.into(),
        p.cost.into(),
        p.currency.unwrap_or(Currency::CNY).into(),
        p.stock.into(),
        cx.now.into(),
        cx.now.into(),
    ];
    tx.insert_many(&ROW, vec![row])?;
    let kind = if before.is_none() { "product.created" } else { "product.changed" };
    let mut data = serde_json::json!({"source": name.0, "sku": p.sku, "price": p.price, "stock": p.stock});
    // Who keeps something by code must let go of the old one.
    if let Some(sku) = before.and_then(|b| b.sku.as_ref()).filter(|sku| p.sku.as_ref() != Some(sku)) {
        data["sku_before"] = sku.as_str().into();
    }
    tx.emit(
        cx,
        Event { kind, version: 1, occurred_at: cx.now, subject_kind: "prd", subject: *id.bytes(), member: None, data: data.to_string() },
    )
}

/// Takes an import's statements about a product back.
pub(crate) fn retract(tx: &mut Tx<'_>, cx: &Ctx, subject: &[u8; 16], import: i64) -> Result<()> {
    let (revision, mut entries) = Entries::load(tx, cx, subject)?;
    let id = ProductId::from_bytes(*subject);
    let Some(mut row) = tx.row(sql::NAME, args![cx.merchant, id])? else { return Ok(()) };
    let (source, source_id): (String, String) = (row.get(0)?, row.get(1)?);
    let fallback = crate::order::service::terms(tx, cx)?.currency;
    let before = fold(&entries, &source_id, fallback)?;
    if !entries.retract(import) {
        return Ok(());
    }
    match fold(&entries, &source_id, fallback)? {
        Some(after) => {
            put(
                tx,
                cx,
                &[Put { kind: "product", subject: *subject, revision: revision + 1, entries: &entries, sealed: None, imports: Vec::new() }],
            )?;
            write(tx, cx, id, (&source, &source_id), &after, before.as_ref())
        }
        None => {
            tx.exec(sql::DROP, args![cx.merchant, id])?;
            tx.exec(crate::observed::sql::FORGET_SUBJECTS, args![cx.merchant, vec![subject.to_vec()]])?;
            let data = serde_json::json!({"source": source, "sku": before.and_then(|b| b.sku)});
            tx.emit(
                cx,
                Event {
                    kind: "product.removed",
                    version: 1,
                    occurred_at: cx.now,
                    subject_kind: "prd",
                    subject: *subject,
                    member: None,
                    data: data.to_string(),
                },
            )
        }
    }
}

fn product_row(mut r: Row) -> Result<ProductRow> {
    let category: Option<String> = r.get(7)?;
    Ok(ProductRow {
        id: r.get(0)?,
        source: r.get(1)?,
        source_id: r.get(2)?,
        sku: r.get(3)?,
        product_id: r.get(4)?,
        title: r.get(5)?,
        spec: r.get(6)?,
        category: category.map(|c| c.split(LEVEL).map(str::to_owned).collect()).unwrap_or_default(),
        brand: r.get(8)?,
        barcode: r.get(9)?,
        price: r.get(10)?,
        cost: r.get(11)?,
        currency: r.get(12)?,
        stock: r.get(13)?,
        updated_at: r.get(14)?,
    })
}

/// One product.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: ProductId) -> Result<ProductRow> {
    tx.row(sql::BY_ID, args![cx.merchant, id])?.map_or_else(|| Err(NOT_FOUND.refuse().into()), product_row)
}

/// The product of an id at a source.
pub fn by_external(tx: &mut Tx<'_>, cx: &Ctx, source: &str, source_id: &str) -> Result<ProductRow> {
    tx.row(sql::BY_SOURCE, args![cx.merchant, source, source_id])?.map_or_else(|| Err(NOT_FOUND.refuse().into()), product_row)
}

fn pattern(text: &str, before: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    format!("{before}{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// A page of products by code, after a code and id.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, query: &str, category: &str, after: (&str, [u8; 16]), limit: i64) -> Result<Vec<ProductRow>> {
    let args = args![cx.merchant, after.0, after.1, pattern(query, ""), pattern(query, "%"), pattern(category, ""), limit];
    tx.rows(sql::PAGE, args)?.into_iter().map(product_row).collect()
}
