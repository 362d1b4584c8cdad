//! Products.

use serde_json::Value as Json;
use shuke_commerce::product::{self, ProductId, ProductRow};
use shuke_kernel::{Ctx, Result};
use shuke_sheets::{Cell, Field, Kind, Sheet};
use shuke_store::Tx;

use super::{Page, place};
use crate::model::ProductFilter;

const PAGE: i64 = 1000;

const FIELDS: &[Field] = &[
    Field::new("id", "商品编号", Kind::Text),
    Field::new("sku", "商家编码", Kind::Text),
    Field::new("source", "来源", Kind::Word),
    Field::new("external_id", "来源编号", Kind::Text),
    Field::new("product_id", "平台商品编号", Kind::Text),
    Field::new("title", "商品名称", Kind::Text),
    Field::new("spec", "规格", Kind::Word),
    Field::new("category", "类目", Kind::Word),
    Field::new("brand", "品牌", Kind::Word),
    Field::new("barcode", "条码", Kind::Text),
    Field::new("currency", "币种", Kind::Word),
    Field::new("price", "价格", Kind::Money),
    Field::new("cost", "成本", Kind::Money),
    Field::new("stock", "库存", Kind::Int),
    Field::new("updated_at", "更新时间", Kind::Time),
];

pub(super) fn sheet() -> Sheet {
    Sheet { name: "products".into(), zh: "商品".into(), fields: FIELDS.into() }
}

pub(super) fn page(tx: &mut Tx<'_>, cx: &Ctx, asked: &ProductFilter, after: &Json) -> Result<Page> {
    let (sku, id): (String, ProductId) = place(after)?.unwrap_or((String::new(), ProductId::from_bytes([0; 16])));
    let (query, category) = (asked.query.as_deref().unwrap_or_default(), asked.category.as_deref().unwrap_or_default());
    let found = product::list(tx, cx, query, category, (&sku, *id.bytes()), PAGE)?;
    let next = super::next(found.len() as i64 == PAGE, found.last().map(|p| (p.sku.clone(), p.id)))?;
    Ok(Page { sheets: vec![found.into_iter().map(row).collect()], next })
}

fn row(p: ProductRow) -> Vec<Cell> {
    vec![
        p.id.to_string().into(),
        p.sku.into(),
        p.source.into(),
        p.source_id.into(),
        p.product_id.into(),
        p.title.into(),
        p.spec.into(),
        Some(p.category.join(" > ")).filter(|c| !c.is_empty()).into(),
        p.brand.into(),
        p.barcode.into(),
        p.currency.to_string().into(),
        p.price.into(),
        p.cost.into(),
        p.stock.into(),
        p.updated_at.into(),
    ]
}
