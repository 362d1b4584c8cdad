//! The sample shop: platform files with synthetic rows, loaded by the same import as a merchant's.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Name and content of each file, in the order in which they are staged.
        pub const FILES: &[(&str, &[u8])] = &[$(($name, include_bytes!(concat!("../../../demo/files/", $name)))),*];
    };
}

files![
    "taobao_ExportOrderList202609091650.csv",
    "taobao_ExportOrderDetailList202609091650.csv",
    "taobao_members.csv",
    "jd_orders.csv",
    "douyin_orders.csv",
    "youzan_orders.csv",
    "youzan_members.csv",
];
