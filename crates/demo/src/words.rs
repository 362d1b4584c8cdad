//! Names, places and streets from which people are put together. Everyone is invented: common
//! family names with common given names, streets that most cities have, numbers drawn.

use crate::rng::{Rng, pick};

/// Family names by frequency; the first come more often.
const FAMILY: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林", "郭", "何", "高", "罗", "郑", "梁",
    "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭", "萧", "蔡", "潘", "田", "董", "袁", "于", "余", "叶", "蒋", "杜", "苏",
    "魏", "程", "吕", "丁", "沈", "任", "姚", "卢", "傅", "钟", "姜", "崔", "谭", "廖", "范", "汪", "陆", "金", "石", "戴", "贾", "韦",
    "夏", "邱", "方", "侯", "邹", "熊", "孟", "秦", "白", "江", "阎", "薛", "尹", "段", "雷", "黎", "史", "龙", "陶", "贺", "顾", "毛",
    "郝", "龚", "邵", "万", "欧阳", "上官",
];
const WOMEN: &[&str] = &[
    "静", "敏", "丽", "艳", "娟", "霞", "芳", "婷", "雪", "颖", "琳", "玲", "欣怡", "梓涵", "诗涵", "一诺", "雨桐", "秀英", "桂英", "玉兰",
    "晓燕", "美玲", "佳怡", "思琪", "雅静", "海燕", "春梅", "文静", "小红", "丹丹", "晶晶", "露", "倩", "洁", "慧", "莹", "梦洁", "若曦",
    "可欣", "语嫣",
];
const MEN: &[&str] = &[
    "伟", "强", "磊", "军", "洋", "勇", "杰", "涛", "超", "刚", "明", "平", "辉", "鹏", "华", "飞", "鑫", "波", "斌", "宇", "浩", "凯",
    "健", "俊杰", "子轩", "浩然", "思远", "建国", "志强", "文博", "宇航", "天佑",
];
/// Province, city, district, and how many of the shop's buyers live there.
const PLACES: &[(&str, &str, &str, f64)] = &[
    ("广东省", "深圳市", "南山区", 5.0),
    ("广东省", "广州市", "天河区", 5.0),
    ("广东省", "东莞市", "南城区", 2.0),
    ("广东省", "佛山市", "禅城区", 2.0),
    ("浙江省", "杭州市", "西湖区", 5.0),
    ("浙江省", "宁波市", "鄞州区", 2.4),
    ("浙江省", "温州市", "鹿城区", 1.6),
    ("上海", "上海市", "浦东新区", 5.0),
    ("上海", "上海市", "闵行区", 3.0),
    ("北京", "北京市", "朝阳区", 4.5),
    ("北京", "北京市", "海淀区", 3.0),
    ("江苏省", "南京市", "建邺区", 3.0),
    ("江苏省", "苏州市", "吴中区", 3.0),
    ("江苏省", "无锡市", "滨湖区", 1.6),
    ("山东省", "济南市", "历下区", 2.2),
    ("山东省", "青岛市", "市南区", 2.4),
    ("四川省", "成都市", "武侯区", 4.0),
    ("湖北省", "武汉市", "洪山区", 3.0),
    ("湖南省", "长沙市", "岳麓区", 2.6),
    ("河南省", "郑州市", "金水区", 2.8),
    ("河北省", "石家庄市", "长安区", 1.6),
    ("安徽省", "合肥市", "蜀山区", 2.0),
    ("福建省", "福州市", "鼓楼区", 1.8),
    ("福建省", "厦门市", "思明区", 1.6),
    ("陕西省", "西安市", "雁塔区", 2.4),
    ("重庆", "重庆市", "渝北区", 2.6),
    ("天津", "天津市", "和平区", 1.6),
    ("辽宁省", "沈阳市", "浑南区", 1.6),
    ("辽宁省", "大连市", "中山区", 1.2),
    ("吉林省", "长春市", "朝阳区", 1.0),
    ("黑龙江省", "哈尔滨市", "南岗区", 1.2),
    ("江西省", "南昌市", "红谷滩区", 1.2),
    ("广西壮族自治区", "南宁市", "青秀区", 1.4),
    ("云南省", "昆明市", "盘龙区", 1.2),
    ("贵州省", "贵阳市", "观山湖区", 1.0),
    ("山西省", "太原市", "小店区", 1.0),
    ("甘肃省", "兰州市", "城关区", 0.6),
    ("海南省", "海口市", "龙华区", 0.5),
    ("内蒙古自治区", "呼和浩特市", "赛罕区", 0.6),
    ("新疆维吾尔自治区", "乌鲁木齐市", "天山区", 0.5),
    ("宁夏回族自治区", "银川市", "金凤区", 0.3),
    ("西藏自治区", "拉萨市", "城关区", 0.1),
];
const STREETS: &[&str] = &[
    "人民路",
    "解放路",
    "中山路",
    "建设路",
    "文化路",
    "新华路",
    "和平路",
    "学院路",
    "科技路",
    "长江路",
    "友谊路",
    "青年路",
    "滨河路",
    "光明路",
    "振兴路",
];
const NICKS: &[&str] = &[
    "果果妈",
    "小鱼",
    "晴天",
    "茶人",
    "阳光",
    "豆豆麻麻",
    "糖糖",
    "安安",
    "暖暖",
    "朵朵",
    "米粒",
    "七七",
    "momo",
    "Lily",
    "小满",
    "元宝妈",
    "团子",
    "月亮",
];

/// Family and given name.
pub fn name(rng: &mut Rng, female: bool) -> String {
    let family = FAMILY[(rng.unit().powi(2) * FAMILY.len() as f64) as usize];
    format!("{family}{}", pick(rng, if female { WOMEN } else { MEN }))
}

/// Where parcels go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Home {
    /// With its ending; the four cities without.
    pub province: &'static str,
    /// City.
    pub city: &'static str,
    /// District.
    pub district: &'static str,
    /// Street.
    pub street: &'static str,
    /// House, building and room.
    pub door: String,
}

/// A home.
pub fn home(rng: &mut Rng) -> Home {
    let (province, city, district, _) = PLACES[rng.weighted(PLACES.iter().map(|p| p.3))];
    let street = pick(rng, STREETS);
    Home {
        province,
        city,
        district,
        street,
        door: format!("{}号{}栋{}室", rng.between(1, 400), rng.between(1, 30), rng.between(101, 2999)),
    }
}

/// An account name as people choose them; the number makes it the only one.
pub fn nick(rng: &mut Rng, number: u64) -> String {
    if rng.chance(0.55) { format!("tb{number:08}") } else { format!("{}{number}", pick(rng, NICKS)) }
}

/// `陈*`, `欧**`: the family name's first character.
pub fn masked_name(name: &str) -> String {
    let mut out: String = name.chars().take(1).collect();
    out.extend(name.chars().skip(1).map(|_| '*'));
    out
}

/// `小***6`: first and last character of an account.
pub fn masked_account(name: &str) -> String {
    let (first, last) = (name.chars().next().unwrap_or('*'), name.chars().last().unwrap_or('*'));
    format!("{first}***{last}")
}

/// `154****1234`.
pub fn masked_phone(phone: &str) -> String {
    format!("{}****{}", phone.get(..3).unwrap_or_default(), phone.get(7..).unwrap_or_default())
}
