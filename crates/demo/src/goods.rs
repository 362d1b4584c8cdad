//! What the shop sells: a mother-and-baby shop's goods, each with price, cost, stock and the months
//! in which it is asked for, in categories with the rhythm in which they are used up.

/// A category.
#[derive(Debug)]
pub struct Category {
    /// Path, as the product file writes it.
    pub path: &'static str,
    /// Days after which a pack is used up, or a child has grown.
    pub days: f64,
    /// How many people come for it.
    pub share: f64,
    /// Bought in even steps (used up) rather than by whim.
    pub even: bool,
}

/// The categories.
pub const CATEGORIES: &[Category] = &[
    Category { path: "母婴用品>纸尿裤", days: 30.0, share: 20.0, even: true },
    Category { path: "母婴用品>奶粉", days: 26.0, share: 16.0, even: true },
    Category { path: "母婴用品>婴儿湿巾", days: 48.0, share: 10.0, even: true },
    Category { path: "母婴用品>辅食", days: 38.0, share: 12.0, even: true },
    Category { path: "母婴用品>洗护", days: 75.0, share: 9.0, even: true },
    Category { path: "童装>内衣家居", days: 110.0, share: 10.0, even: false },
    Category { path: "童装>外出服", days: 100.0, share: 8.0, even: false },
    Category { path: "母婴用品>喂养用具", days: 150.0, share: 6.0, even: false },
    Category { path: "玩具>早教", days: 120.0, share: 6.0, even: false },
    Category { path: "零食>儿童零食", days: 45.0, share: 7.0, even: false },
];

/// A stock-keeping unit.
#[derive(Debug)]
pub struct Good {
    /// Code.
    pub sku: &'static str,
    /// Title.
    pub title: &'static str,
    /// Variant, as platforms write it.
    pub spec: &'static str,
    /// Index into [`CATEGORIES`].
    pub category: usize,
    /// List price, fen.
    pub price: i64,
    /// Cost, fen.
    pub cost: i64,
    /// How much it is asked for beside its category's others.
    pub share: f64,
    /// The months it is for: a bit per month from January; 0 is all year.
    pub months: u16,
}

const SUMMER: u16 = 0b0000_1111_1000;
const WINTER: u16 = 0b1110_0000_0011;
const NEW_YEAR: u16 = 0b1000_0000_0011;

const fn good([sku, title, spec]: [&'static str; 3], category: usize, [price, cost]: [i64; 2], share: f64, months: u16) -> Good {
    Good { sku, title, spec, category, price, cost, share, months }
}

/// The goods.
pub const GOODS: &[Good] = &[
    good(["BB-DIA-S60", "超薄透气纸尿裤", "尺码:S 60片"], 0, [8900, 5200], 1.0, 0),
    good(["BB-DIA-M54", "超薄透气纸尿裤", "尺码:M 54片"], 0, [9900, 5600], 2.0, 0),
    good(["BB-DIA-L48", "超薄透气纸尿裤", "尺码:L 48片"], 0, [9900, 5600], 2.2, 0),
    good(["BB-PUL-XL42", "学步拉拉裤", "尺码:XL 42片"], 0, [10900, 6100], 1.6, 0),
    good(["BB-DIA-BOX", "纸尿裤整箱装 4包", "尺码:L"], 0, [35900, 22000], 0.5, 0),
    good(["BB-MLK-1", "婴儿配方奶粉 1段", "规格:800g"], 1, [26800, 19800], 1.0, 0),
    good(["BB-MLK-2", "婴儿配方奶粉 2段", "规格:800g"], 1, [25800, 18900], 1.4, 0),
    good(["BB-MLK-3", "幼儿配方奶粉 3段", "规格:800g"], 1, [23800, 17200], 2.0, 0),
    good(["BB-MLK-M", "孕妇营养奶粉", "规格:700g"], 1, [16800, 11200], 0.4, 0),
    good(["BB-WIPE-5", "婴儿湿巾 80抽*5包", "规格:80抽*5包"], 2, [2990, 1350], 2.0, 0),
    good(["BB-WIPE-12", "婴儿湿巾 80抽*12包", "规格:80抽*12包"], 2, [6490, 3100], 1.2, 0),
    good(["BB-TIS-24", "云柔巾 乳霜纸", "规格:24包"], 2, [7990, 4300], 1.0, 0),
    good(["BB-RICE-01", "宝宝辅食有机米粉 高铁 225g", "口味:原味"], 3, [4590, 2200], 1.6, 0),
    good(["BB-RICE-02", "宝宝辅食有机米粉 果蔬 225g", "口味:果蔬"], 3, [4590, 2250], 1.2, 0),
    good(["BB-PUREE-6", "果泥吸吸袋 6袋", "口味:混合"], 3, [5400, 2700], 1.4, 0),
    good(["BB-NOOD-3", "婴幼儿细碎面 3盒", "口味:胡萝卜"], 3, [4200, 1900], 1.0, 0),
    good(["BB-WASH-500", "婴儿洗衣液 酵素 2kg", "规格:2kg"], 4, [5990, 2600], 1.4, 0),
    good(["BB-BATH-300", "洗发沐浴二合一 300ml", "规格:300ml"], 4, [6900, 2900], 1.2, 0),
    good(["BB-CREAM-50", "宝宝面霜 滋润", "规格:50g"], 4, [7900, 2800], 1.2, WINTER),
    good(["BB-SUN-60", "儿童防晒乳 SPF30", "规格:60ml"], 4, [8900, 3300], 1.4, SUMMER),
    good(["BB-MOSQ-2", "驱蚊液 婴儿可用 2瓶", "规格:2瓶"], 4, [4900, 1700], 1.2, SUMMER),
    good(["BB-BODY-66W", "婴儿纯棉连体衣 新生儿哈衣 春秋款", "尺码:66cm;颜色分类:米白"], 5, [8900, 3900], 1.4, 0),
    good(["BB-BODY-80W", "婴儿纯棉连体衣 爬服", "尺码:80cm;颜色分类:浅灰"], 5, [9900, 4300], 1.2, 0),
    good(["BB-PJ-100", "儿童家居服套装", "尺码:100cm;颜色分类:天蓝"], 5, [11900, 5200], 1.0, 0),
    good(["BB-THERM-110", "儿童保暖内衣 德绒", "尺码:110cm;颜色分类:燕麦"], 5, [12900, 5600], 1.6, WINTER),
    good(["BB-HAT-BL", "儿童防晒帽", "颜色分类:天蓝"], 6, [3990, 1400], 1.4, SUMMER),
    good(["BB-TEE-110", "儿童短袖T恤 纯棉", "尺码:110cm;颜色分类:奶黄"], 6, [5900, 2200], 1.6, SUMMER),
    good(["BB-DOWN-110", "儿童轻薄羽绒服", "尺码:110cm;颜色分类:海军蓝"], 6, [29900, 14500], 1.4, WINTER),
    good(["BB-JKT-100", "儿童冲锋衣", "尺码:100cm;颜色分类:橙色"], 6, [19900, 9200], 0.8, 0),
    good(["BB-NY-RED", "儿童拜年服 唐装", "尺码:100cm;颜色分类:大红"], 6, [16900, 7300], 1.4, NEW_YEAR),
    good(["BB-CUP-240", "学饮杯 防漏 PPSU", "容量:240ml"], 7, [6880, 2800], 1.4, 0),
    good(["BB-BTL-260", "宽口径奶瓶 PPSU", "容量:260ml"], 7, [9800, 4200], 1.2, 0),
    good(["BB-BOWL-3", "硅胶餐盘三件套", "颜色分类:薄荷绿"], 7, [7900, 3100], 1.0, 0),
    good(["BB-CHAIR-1", "儿童餐椅 可折叠", "颜色分类:白色"], 7, [25900, 14800], 0.4, 0),
    good(["BB-TOY-BLK", "大颗粒积木 120粒", "规格:120粒"], 8, [9900, 4100], 1.2, 0),
    good(["BB-TOY-BOOK", "撕不烂布书 6本", "规格:6本"], 8, [4900, 1800], 1.2, 0),
    good(["BB-TOY-MAT", "双面爬行垫 XPE", "规格:180*200cm"], 8, [16900, 8200], 0.7, 0),
    good(["BB-TOY-BIKE", "儿童平衡车", "颜色分类:薄荷绿"], 8, [32900, 19600], 0.4, 0),
    good(["SN-SEA-2", "海苔脆片", "口味:原味;规格:2罐"], 9, [2580, 1150], 1.4, 0),
    good(["SN-BIS-400", "无糖苏打饼干", "规格:400g"], 9, [1990, 860], 1.2, 0),
    good(["SN-NUT-30", "每日坚果 混合果仁 30包", "规格:750g"], 9, [6990, 3900], 1.2, 0),
    good(["SN-CHS-20", "儿童奶酪棒", "规格:20支"], 9, [4990, 2600], 1.4, 0),
    good(["SN-BOX-NY", "年货零食大礼包", "规格:1.6kg"], 9, [12800, 6600], 1.6, NEW_YEAR),
];

/// How much this good is asked for in this month (1–12).
pub fn demand(g: &Good, month: i64) -> f64 {
    if g.months == 0 {
        g.share
    } else if g.months >> (month.clamp(1, 12) - 1) & 1 == 1 {
        g.share * 1.8
    } else {
        g.share * 0.08
    }
}
