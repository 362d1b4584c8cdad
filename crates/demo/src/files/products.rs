//! The product file: code, id, title, variant, category, price, cost, stock and bar code.

use std::io;
use std::path::{Path, PathBuf};

use super::{Sheet, Text, goods_id};
use crate::goods::{CATEGORIES, GOODS};
use crate::rng::Rng;

const HEADER: &str = "商家编码,商品ID,商品标题,规格,类目,品牌,价格,成本价,库存,条码";

/// Writes it.
pub fn write(path: &Path, seed: u64) -> io::Result<PathBuf> {
    let mut sheet = Sheet::begin(path, Text::Marked, HEADER, "\r\n")?;
    let rng = &mut Rng::of(&[seed, 5]);
    for (n, good) in GOODS.iter().enumerate() {
        // One in ten is all but sold out.
        let stock = if rng.chance(0.1) { rng.between(0, 12) } else { rng.between(80, 2_400) };
        sheet.row(|r| {
            r.cells(&[good.sku, &goods_id(1, n), good.title, good.spec, CATEGORIES[good.category].path, "晴天"]);
            r.yuan(good.price).yuan(good.cost).number(stock).parts(&["69", &format!("{:011}", 52_018_000_000 + n as u64 * 1_117)]);
        })?;
    }
    sheet.end()
}
