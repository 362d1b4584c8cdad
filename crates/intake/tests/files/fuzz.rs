//! Whatever bytes arrive, they are answered and never panic.

use crate::common::{folder, names, preview_bytes};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        preview_bytes("x", bytes);
    }

    #[test]
    fn damaged_exports(which in 0_usize..16, at in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), junk in prop::collection::vec(any::<u8>(), 1..20)) {
        let name = &names()[which];
        let mut bytes = std::fs::read(folder().join(name)).expect("fixture");
        let i = at.index(bytes.len());
        for (k, b) in junk.iter().enumerate() {
            if let Some(x) = bytes.get_mut(i + k) { *x = *b; }
        }
        bytes.truncate(cut.index(bytes.len()).max(1));
        preview_bytes(name, bytes);
    }

    #[test]
    fn cells_of_all_sorts(cells in prop::collection::vec(prop::collection::vec("[\\PC]{0,12}|[0-9./:-]{0,22}|=\"[0-9]*\"", 8), 1..8)) {
        let mut text = String::from("订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,订单付款时间,退款金额,收货地址\n");
        for r in cells {
            text.push_str(&r.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect::<Vec<_>>().join(","));
            text.push('\n');
        }
        let answer = preview_bytes("x", text.into_bytes());
        let sum = ["good", "bad", "skipped"].iter().filter_map(|k| answer[*k].as_u64()).sum::<u64>();
        prop_assert_eq!(Some(sum), answer["records"].as_u64());
    }
}
