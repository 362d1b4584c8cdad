//! Orders whose rows stand apart in their file: how many of them can be loaded.

/// More of them than this make a file that should be sorted first: progress would be kept row by row.
pub(crate) const MOST: usize = 50_000;

/// What is said of such a file, in Chinese and English.
pub(crate) fn too_many(orders: usize) -> [String; 2] {
    [
        format!("有 {orders} 个订单的行分散在文件各处，最多 {MOST} 个：请按订单号排序后再导入"),
        format!("the rows of {orders} orders stand apart, of {MOST} they may: sort the file by order number and import it again"),
    ]
}
