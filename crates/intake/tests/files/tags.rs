//! Lists of tags: told from lists of members by what they tell, read whole, and what is wrong with a row said.

use crate::common::preview_bytes;
use serde_json::json;

#[test]
fn a_list_of_tags_is_told_from_a_list_of_members() {
    let format = |text: &str| preview_bytes("a.csv", text.as_bytes().to_vec())["format"].clone();
    assert_eq!(format("手机号,标签\n13800138000,母婴\n"), "tag_list");
    assert_eq!(format("会员编号,标签名称,标签分类,来源,得分,有效期至\n1,母婴,兴趣,巨量云图,0.8,2026-12-31\n"), "tag_list");
    assert_eq!(format("phone,tag,score\n13800138000,outdoor,87%\n"), "tag_list");
    assert_eq!(format("平台,openid,人群包\ndouyin,abc123,高潜\n"), "tag_list");
    assert_eq!(format("手机号,姓名,生日,标签\n13800138000,王芳,1990-01-02,母婴\n"), "member_list");
    assert_eq!(format("手机号,会员等级,积分,标签\n13800138000,金卡,12,母婴\n"), "member_list");
}

#[test]
fn rows_of_tags_are_read_and_refused() {
    let text = "手机号,会员编号,标签,分类,来源,得分,有效期至\n\
        13800138000,,母婴、运动,兴趣,巨量云图,87%,2026-12-31\n\
        ,A7,户外,,,,9999-12-31\n\
        ,A8,户外,,,,长期\n\
        ,,户外,,,,\n\
        13800138001,,,,,,\n\
        13800138002,,户外,,,高,\n\
        12,,户外,,,,\n\
        13800138003,,户外,,,,2026-02-30\n\
        13800138000,,母婴、运动,兴趣,巨量云图,87%,2026-12-31\n";
    let told = preview_bytes("a.csv", text.as_bytes().to_vec());
    assert_eq!((&told["good"], &told["bad"], &told["skipped"]), (&json!(3), &json!(5), &json!(1)), "{told}");
    for code in ["missing_key", "missing_tag", "bad_score", "bad_phone", "impossible_date"] {
        assert!(told.to_string().contains(code), "{code}: {told}");
    }
    let text = told.to_string();
    assert!(text.contains(r#""tags":["母婴","运动"]"#) && text.contains(r#""score":0.87"#), "{text}");
    // What is valid until a day is valid on it.
    assert!(text.contains("2027-01-01T00:00:00+08:00"), "{text}");
}
