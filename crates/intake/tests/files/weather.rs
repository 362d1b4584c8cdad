//! Weather by region and day: known by what its columns say, in any order and encoding; what is wrong with a
//! row is said.

use crate::common::preview_bytes;
use encoding_rs::GB18030;
use serde_json::{Value, json};

/// What would be loaded: day, province, city, condition, high, low, rain.
fn read(told: &Value) -> Vec<[Value; 7]> {
    let good = told["canonical"].as_array().expect("records");
    good.iter().map(|r| ["day", "province", "city", "condition", "high", "low", "rain"].map(|name| r[name].clone())).collect()
}

/// Why rows would not.
fn codes(told: &Value) -> Vec<String> {
    let bad = told["not_good"].as_array().expect("rows").iter().filter(|r| r["verdict"] == "bad");
    bad.map(|r| r["reasons"][0].as_str().unwrap_or_default().split(':').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn weather_is_told_from_other_files() {
    let format = |text: &str| preview_bytes("a.csv", text.as_bytes().to_vec())["format"].clone();
    for text in [
        "日期,地区,天气,最高气温,最低气温\n2025-07-01,浙江,晴,35,26\n",
        "城市,日期,气温,天气状况,风力风向\n杭州,2025年7月1日,35℃ / 26℃,多云 /小雨,东风3级\n",
        "date,province,city,weather,high,low,rain\n2025-07-01,Zhejiang,Hangzhou,Sunny,35,26,0\n",
        "最低温,最高温,adcode,日期\n26,35,330100,2025-07-01\n",
        "Date\tRegion\tMax Temp (°F)\tMin Temp (°F)\tConditions\n2025-07-01\tBeijing\t95\t77\tClear\n",
    ] {
        assert_eq!(format(text), "weather_file", "{text}");
    }
    for (text, other) in [
        ("手机号,姓名,生日,省份,城市\n13800138000,王芳,1990-01-02,浙江,杭州\n", "member_list"),
        ("手机号,标签\n13800138000,母婴\n", "tag_list"),
        ("商家编码,商品名称,类目,成本价,库存\nA1,奶粉,母婴,1,2\n", "product_file"),
    ] {
        assert_eq!(format(text), other, "{text}");
    }
    // An order is one, whatever it says of the weather.
    let orders = "订单编号,下单日期,省份,城市,天气,最高气温,实付金额,订单状态\n1001,2025-07-01,浙江,杭州,晴,35,12.00,交易成功\n";
    assert_ne!(format(orders), "weather_file");
}

#[test]
fn columns_stand_in_any_order_in_any_encoding_with_days_as_people_write_them() {
    let text = "最低气温(℃),降水量(mm),天气状况,日期,城市,省份,最高气温(℃),风向\n\
        25,18.5,多云转雷阵雨,2025年7月1日,,浙江省,33,东\n\
        24,62,大到暴雨,2025/7/1,杭州市,浙江,31,\n\
        24,0,晴,2025-07-01 星期二,市辖区,北京市,36.25,\n\
        -12,,雾转小雪,2025-01-05,延边朝鲜族自治州,吉林,-3.5,\n\
        22,0.6,,45840,,330200,30,\n";
    let expected = json!([
        ["2025-07-01", "浙江", null, "rain", 33.0, 25.0, 18.5],
        ["2025-07-01", "浙江", "杭州", "extreme", 31.0, 24.0, 62.0],
        ["2025-07-01", "北京", null, "clear", 36.3, 24.0, 0.0],
        ["2025-01-05", "吉林", "延边朝鲜族自治州", "snow", -3.5, -12.0, null],
        ["2025-07-02", "浙江", "宁波", "rain", 30.0, 22.0, 0.6]
    ]);
    for bytes in [text.as_bytes().to_vec(), GB18030.encode(text).0.into_owned()] {
        let told = preview_bytes("天气.csv", bytes);
        assert_eq!(told["bad"], json!(0), "{told}");
        assert_eq!(json!(read(&told)), expected, "{told}");
    }
    let english = "Date,Region,Conditions,Max Temp (°F),Min Temp (°F)\n\
        2025-07-01,Hangzhou,Light rain showers,95,77\n2025-07-01,\"Suzhou, Anhui\",Partly cloudy,86,68\n2025-07-01,Inner Mongolia,Dust storm,,\n";
    let told = preview_bytes("weather.csv", english.as_bytes().to_vec());
    assert_eq!(
        json!(read(&told)),
        json!([
            ["2025-07-01", "浙江", "杭州", "rain", 35.0, 25.0, null],
            ["2025-07-01", "安徽", "宿州", "cloudy", 30.0, 20.0, null],
            ["2025-07-01", "内蒙古", null, "extreme", null, null, null]
        ]),
        "{told}"
    );
    let both = "日期,城市,气温,天气状况\n2025-07-01,杭州,35℃ / 26℃,多云 /小雨\n2025-07-02,杭州,24~32℃,阴\n";
    let told = preview_bytes("a.tsv", both.replace(',', "\t").into_bytes());
    assert_eq!(
        json!(read(&told)),
        json!([["2025-07-01", "浙江", "杭州", "rain", 35.0, 26.0, null], ["2025-07-02", "浙江", "杭州", "cloudy", 32.0, 24.0, null]]),
        "{told}"
    );
}

#[test]
fn what_is_wrong_with_a_row_is_said() {
    let text = "日期,地区,天气,最高气温,最低气温,降水量\n\
        2025-07-01,浙江,晴,35,26,0\n\
        2025-02-30,浙江,晴,35,26,0\n\
        ,浙江,晴,35,26,0\n\
        2027-07-01,浙江,晴,35,26,0\n\
        2025-07-02,,晴,35,26,0\n\
        2025-07-02,东京,晴,35,26,0\n\
        2025-07-02,浙江省杭州市西湖区,晴,35,26,0\n\
        2025-07-02,Suzhou,晴,35,26,0\n\
        2025-07-02,浙江,61,35,26,0\n\
        2025-07-02,浙江,晴,热,26,0\n\
        2025-07-02,浙江,晴,99,26,0\n\
        2025-07-02,浙江,晴,20,26,0\n\
        2025-07-02,浙江,晴,35,26,-1\n\
        2025-07-02,浙江,,,,\n\
        2025/7/1,浙江省,雨,35,26,0\n\
        2025-07-01,浙江,晴,35,26,0\n";
    let told = preview_bytes("a.csv", text.as_bytes().to_vec());
    assert_eq!((&told["good"], &told["bad"], &told["skipped"]), (&json!(1), &json!(14), &json!(1)), "{told}");
    assert_eq!(
        codes(&told),
        [
            "impossible_date",
            "missing_weather_day",
            "future_weather",
            "missing_region",
            "bad_region",
            "bad_region",
            "ambiguous_region",
            "bad_weather",
            "bad_temperature",
            "bad_temperature",
            "high_below_low",
            "bad_rain",
            "missing_weather",
            "duplicate_weather",
        ],
        "{told}"
    );
}
