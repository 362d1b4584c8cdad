//! What holds for every order: posted, scheduled, taken back, gone back to; what is refused.

use serde_json::{Value, json};

use crate::world::both;

const PATH: &str = "/pricing/settings/versions";

#[test]
fn settings_follow_one_another() {
    both("settings", |shop| {
        assert_eq!(shop.get("/pricing/settings"), json!({ "current": null, "next": null }));
        let points = json!({ "points_cash": { "points": 100, "fen": 100 }, "floors": { "A": 500 } });
        let posted = shop.settings(points.clone());
        assert_eq!((&posted["no"], &posted["state"], &posted["settings"]), (&json!(1), &json!("current"), &points));
        assert_eq!(posted["programme"], json!(shop.programme));
        let from = shop.after(3_600);
        let next = shop.api.ok(201, "POST", PATH, Some(json!({ "settings": {}, "from": from, "note": "停用抵现" })));
        assert_eq!((&next["no"], &next["state"], &next["programme"]), (&json!(2), &json!("scheduled"), &Value::Null));
        let now = shop.get("/pricing/settings");
        assert_eq!((&now["current"]["no"], &now["next"]["no"]), (&json!(1), &json!(2)));
        assert_eq!(shop.post(&format!("{PATH}/2/withdraw"), json!({}))["next"], Value::Null);
        shop.api.ok(201, "POST", PATH, Some(json!({ "settings": {} })));
        let back = shop.api.ok(201, "POST", &format!("{PATH}/1/restore"), Some(json!({})));
        assert_eq!((&back["no"], &back["settings"], &back["programme"]), (&json!(4), &points, &json!(shop.programme)));
        let states: Vec<_> = shop.get(PATH)["items"].as_array().unwrap().iter().map(|v| v["state"].clone()).collect();
        assert_eq!(states, ["past", "withdrawn", "past", "current"]);
        let after = |no: i64| json!({ "settings": { "floors": { "B": 1 } }, "after": no });
        let lost = shop.refused(409, "POST", PATH, after(3));
        assert_eq!(lost, ("price_settings.changed_meanwhile".to_owned(), "after".to_owned()));
        shop.api.ok(201, "POST", PATH, Some(after(4)));
    });
}

#[test]
fn settings_that_cannot_be_are_refused_with_their_place() {
    both("refused settings", |shop| {
        let post = |status, body: Value| shop.refused(status, "POST", PATH, body);
        let wrong = |code: &str, at: &str| (format!("price_settings.{code}"), at.to_owned());
        assert_eq!(post(400, json!({ "settings": { "floors": { "A": -1 } } })), wrong("malformed", "settings.floors.A"));
        assert_eq!(post(400, json!({ "settings": { "max_coupon": {} } })), wrong("malformed", "settings.max_coupon"));
        assert_eq!(post(400, json!({ "settings": [] })), wrong("malformed", "settings"));
        let points = json!({ "settings": { "points_cash": { "points": 100, "fen": 100 } } });
        assert_eq!(post(400, points), wrong("points_need_programme", "settings.points_cash"));
        let nowhere = json!({ "settings": {}, "programme": "prg_00000000000000000000000000" });
        assert_eq!(post(400, nowhere), wrong("unknown_programme", "programme"));
        assert_eq!(post(400, json!({ "settings": {}, "from": shop.after(-1) })), wrong("from_in_the_past", "from"));
        shop.api.ok(201, "POST", PATH, Some(json!({ "settings": {}, "from": shop.after(60) })));
        assert_eq!(post(409, json!({ "settings": {} })), wrong("not_after_the_last", "from"));
        assert_eq!(shop.refused(404, "POST", &format!("{PATH}/9/withdraw"), json!({})).0, "price_settings.version_not_found");
        shop.passes(60);
        assert_eq!(shop.refused(409, "POST", &format!("{PATH}/1/withdraw"), json!({})).0, "price_settings.version_begun");
    });
}
