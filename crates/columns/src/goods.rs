//! The category that the product list gives goods now, by their code. It lies beside the buckets and
//! not in them, so that a product that moves to another category changes these few bytes and no
//! member's rows: reports show goods where they belong today, whenever they were bought.

use crate::words::{Kind, Words};

/// No product tells.
const NONE: u32 = u32::MAX;

/// Categories as codes, by the codes of goods.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Goods(Vec<u32>);

impl Goods {
    /// The category of goods, where a product tells one.
    #[inline]
    pub fn category(&self, sku: u32) -> Option<u32> {
        self.0.get(sku as usize).copied().filter(|c| *c != NONE)
    }

    /// Whether no product tells anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the product list says of goods; empty: nothing.
    pub fn set(&mut self, words: &mut Words, sku: &str, category: &str) {
        let Some(sku) = words.of(Kind::Sku).find(sku) else { return };
        let code = words.of_mut(Kind::Category).code(category).unwrap_or(NONE);
        let at = sku as usize;
        if at >= self.0.len() {
            if code == NONE {
                return;
            }
            self.0.resize(at + 1, NONE);
        }
        self.0[at] = code;
    }

    /// A checksum of what the product list says of all goods.
    pub fn checksum(&self) -> u32 {
        crc32fast::hash(&self.to_bytes())
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|code| code.to_le_bytes()).collect()
    }

    /// `None` when the bytes are no whole numbers, or name a category that there is not.
    pub(crate) fn from_bytes(bytes: &[u8], categories: usize) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<4>();
        let codes: Vec<u32> = numbers.iter().map(|b| u32::from_le_bytes(*b)).collect();
        let good = rest.is_empty() && codes.iter().all(|c| *c == NONE || (*c as usize) < categories);
        good.then_some(Self(codes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goods_take_the_category_said_last_and_lose_it() {
        let mut words = Words::default();
        let skus: Vec<u32> = ["A", "B", "C"].iter().filter_map(|w| words.of_mut(Kind::Sku).code(w)).collect();
        let mut goods = Goods::default();
        goods.set(&mut words, "C", "");
        assert!(goods.is_empty());
        goods.set(&mut words, "B", "奶粉");
        goods.set(&mut words, "B", "玩具");
        goods.set(&mut words, "Z", "奶粉");
        let word = |goods: &Goods, sku: u32| goods.category(sku).map(|c| words.of(Kind::Category).word(c).to_owned());
        assert_eq!([0, 1, 2].map(|i| word(&goods, skus[i])), [None, Some("玩具".to_owned()), None]);
        assert_eq!(Goods::from_bytes(&goods.to_bytes(), 2), Some(goods.clone()));
        assert_eq!(Goods::from_bytes(&goods.to_bytes(), 1), None);
        assert_eq!(Goods::from_bytes(&[0; 5], 2), None);
        let mut words = words.clone();
        goods.set(&mut words, "B", "");
        assert_eq!(goods.category(skus[1]), None);
    }
}
