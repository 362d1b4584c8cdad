//! A re-run through the API: an example reckoned by hand, there and back, refusals, points that ended.

use serde_json::{Value, json};
use shuke_access::audit::{self, Filter};
use shuke_kernel::Clock;

use crate::words::*;

#[test]
fn what_is_shown_is_booked_once_and_there_and_back_leaves_nothing() {
    both("a re-run", |api, t| {
        let id = programme(api, t, rules(1, 500));
        let a = buys(api, order(t, "a", "a1", 100, 10, 0));
        // Once points are double, the first order of that day leaves a hundred points of the cap to the second.
        let b = buys(api, order(t, "b", "b1", 200, 10, 0));
        buys(api, order(t, "b", "b2", 200, 10, 0));
        // Not of the span.
        let c = buys(api, order(t, "c", "c1", 50, 20, 0));
        version(api, t, &id, rules(2, 500));
        let have = || [&a, &b, &c].map(|member| points(api, member));
        assert_eq!(have(), [100, 400, 50], "a change of rules rewrites nothing");
        let entries = t.int("SELECT COUNT(*) FROM points_entry");
        let shown = look(api, t, &id, Some(2), (5, 15));
        let of = |told: &Value| ["members", "changed", "orders", "corrections", "following", "left"].map(|key| told[key].as_i64().unwrap());
        assert_eq!(of(&shown), [2, 2, 3, 3, 0, 0], "{shown}");
        assert_eq!((&shown["more"]["members"], &shown["more"]["points"]), (&json!(2), &json!(200)), "{shown}");
        assert_eq!((&shown["more"]["worth"]["amount"], &shown["less"]["members"]), (&json!(200), &json!(0)), "{shown}");
        // Member by member, page by page.
        let path = format!("/reruns/{}", shown["id"].as_str().unwrap());
        let page = api.ok(200, "GET", &format!("{path}/members?limit=1&value=0.02"), None);
        let rest = api.ok(200, "GET", &format!("{path}/members?limit=1&cursor={}", page["next_cursor"].as_str().unwrap()), None);
        assert_eq!((page["items"].as_array().map(Vec::len), &rest["next_cursor"]), (Some(1), &Value::Null), "{rest}");
        assert_eq!((&page["items"][0]["worth"]["amount"], &rest["items"][0]["worth"]), (&json!(200), &Value::Null), "{page}");
        for member in [&page["items"][0], &rest["items"][0]] {
            let more: i64 =
                member["corrections"].as_array().unwrap().iter().map(|c| c["leaves"].as_i64().unwrap() - c["left"].as_i64().unwrap()).sum();
            assert_eq!((more, member["would_have"].as_i64().unwrap() - member["points"].as_i64().unwrap()), (100, 100), "{member}");
        }
        // The same as a file, and who took it.
        let (status, file) = api.bytes("GET", &format!("{path}/export?value=0.01"), None);
        let file = String::from_utf8(file).unwrap();
        assert_eq!((status, file.lines().count(), file.matches(&b).count()), (200, 4, 2), "{file}");
        assert_eq!(t.int("SELECT COUNT(*) FROM audit_entry WHERE action = 'points.rerun_exported'"), 1);
        assert_eq!((have(), t.int("SELECT COUNT(*) FROM points_entry")), ([100, 400, 50], entries), "looked at, nothing changes");
        // Booked, and only once.
        asked_to_book(api, &shown);
        let again = api.ok(409, "POST", &format!("{path}/book"), Some(json!({})));
        assert_eq!(again["code"], "rerun.wrong_state", "{again}");
        let another = json!({ "version": 2, "from": "2026-02-05", "to": "2026-02-15" });
        assert_eq!(api.ok(409, "POST", &format!("/programmes/{id}/reruns"), Some(another))["code"], "rerun.under_way");
        assert_eq!(api.ok(409, "POST", &format!("{path}/discard"), None)["code"], "rerun.wrong_state");
        work(t);
        let booked = told(api, &shown);
        assert_eq!(
            (&booked["state"], &booked["booked"], &booked["stale"], &booked["note"]),
            (&json!("booked"), &json!(2), &json!(0), &json!("补发双倍"))
        );
        assert_eq!((have(), members(api, &shown, "state=booked").len()), ([200, 500, 50], 2));
        assert!(t.int("SELECT COUNT(*) FROM points_entry WHERE corrects = 1") > 0, "older entries stay, corrections are added");
        let (cx, asked) = (t.ctx(), Filter { action: "programme.rerun".to_owned(), ..Filter::default() });
        let said = t.read(move |tx| audit::list(tx, &cx, &asked, i64::MAX, 10));
        let said: Vec<&str> = said.iter().filter_map(|entry| entry.summary.as_deref()).collect();
        assert_eq!(said, ["会员 by version 2, 2026-02-05 to 2026-02-15: 200 more, 0 fewer; 补发双倍"]);
        // There is nothing left to correct.
        let after = look(api, t, &id, Some(2), (5, 15));
        assert_eq!(of(&after), [2, 0, 0, 0, 0, 3], "{after}");
        assert_eq!(
            api.ok(409, "POST", &format!("/reruns/{}/book", after["id"].as_str().unwrap()), Some(json!({})))["code"],
            "rerun.nothing"
        );
        api.ok(204, "POST", &format!("/reruns/{}/discard", after["id"].as_str().unwrap()), None);
        // Half of an order goes back, and half of what it earned with the correction; told otherwise, it is judged by that version again.
        buys(api, order(t, "a", "a1", 100, 10, 50));
        follow(t);
        assert_eq!(have(), [100, 500, 50]);
        buys(api, order(t, "a", "a1", 120, 10, 60));
        follow(t);
        assert_eq!(have(), [120, 500, 50]);
        // Back to the versions of their own time.
        let back = look(api, t, &id, None, (1, 28));
        assert_eq!((of(&back), &back["version"]), ([3, 2, 3, 3, 0, 1], &Value::Null), "{back}");
        assert_eq!((&back["less"]["members"], &back["less"]["points"]), (&json!(2), &json!(160)), "{back}");
        book(api, t, &back);
        assert_eq!(have(), [60, 400, 50]);
        let listed = api.ok(200, "GET", &format!("/programmes/{id}/reruns?limit=2"), None);
        assert_eq!((listed["items"].as_array().map(Vec::len), &listed["items"][0]["id"]), (Some(2), &back["id"]), "{listed}");
        let rest = api.ok(200, "GET", &format!("/programmes/{id}/reruns?cursor={}", listed["next_cursor"].as_str().unwrap()), None);
        assert_eq!((rest["items"].as_array().map(Vec::len), &rest["items"][0]["id"]), (Some(1), &shown["id"]), "{rest}");
    });
}

#[test]
fn what_cannot_be_judged_is_refused() {
    both("re-runs refused", |api, t| {
        let id = programme(api, t, rules(1, 500));
        let path = format!("/programmes/{id}/reruns");
        let refused = |status: u16, version: Value, from: &str, to: &str| {
            let body = json!({ "version": version, "from": from, "to": to });
            api.ok(status, "POST", &path, Some(body))["code"].as_str().unwrap().to_owned()
        };
        assert_eq!(refused(404, json!(2), "2026-02-01", "2026-02-02"), "programme.version_not_found");
        assert_eq!(refused(404, json!(0), "2026-02-01", "2026-02-02"), "programme.version_not_found");
        for (from, to) in
            [("2026-02-02", "2026-02-01"), ("2026-02-01", "2026-03-01"), ("2020-01-01", "2026-02-01"), ("0001-01-01", "9999-12-31")]
        {
            assert_eq!(refused(400, json!(1), from, to), "rerun.bad_span", "{from} {to}");
        }
        for wrong in [json!(-1), json!(1.5), json!("1"), json!(5_000_000_000_i64)] {
            assert!(refused(400, wrong, "2026-02-01", "2026-02-02").starts_with("request."));
        }
        // Which version is said, and be it none.
        let unsaid = api.call("POST", &path, Some(json!({ "from": "2026-02-01", "to": "2026-02-02" })));
        assert!(unsaid.0 >= 400 && unsaid.1["code"].as_str().is_some_and(|code| code.starts_with("request.")), "{unsaid:?}");
        let later = json!({ "rules": rules(2, 9), "from": t.clock.now().plus_seconds(3_600).to_string() });
        api.ok(201, "POST", &format!("/programmes/{id}/versions"), Some(later));
        assert_eq!(refused(409, json!(2), "2026-02-01", "2026-02-02"), "rerun.not_begun");
        api.ok(200, "POST", &format!("/programmes/{id}/versions/2/withdraw"), None);
        t.clock.advance_seconds(7_200);
        assert_eq!(refused(409, json!(2), "2026-02-01", "2026-02-02"), "rerun.not_begun", "it was withdrawn");
        // A month is judged whole by who has caps of months.
        let mut monthly = rules(3, 500);
        monthly["caps"] = json!([{ "id": "month", "per": "month", "points": 900 }]);
        version(api, t, &id, monthly);
        assert_eq!(refused(400, json!(3), "2026-02-02", "2026-02-28"), "rerun.cut_month");
        assert_eq!(refused(400, json!(3), "2026-02-01", "2026-02-27"), "rerun.cut_month");
        look(api, t, &id, Some(3), (1, 28));
        // Only shown, it gives way to another; thrown away, nothing of it is listed or booked.
        let shown = look(api, t, &id, Some(3), (1, 28));
        let own = format!("/reruns/{}", shown["id"].as_str().unwrap());
        assert_eq!(api.ok(400, "GET", &format!("{own}/members?state=odd"), None)["code"], "rerun.unknown_word");
        assert_eq!(api.call("GET", &format!("{own}?value=much"), None).0, 400);
        assert_eq!(api.call("GET", &format!("{own}/export?format=pdf"), None).0, 400);
        api.ok(204, "POST", &format!("{own}/discard"), None);
        assert_eq!(api.ok(409, "POST", &format!("{own}/book"), Some(json!({})))["code"], "rerun.wrong_state");
        // One that is reckoned can be thrown away too: its task finds nothing to do.
        let begun = api.ok(202, "POST", &path, Some(json!({ "version": 1, "from": "2026-02-01", "to": "2026-02-02" })));
        api.ok(204, "POST", &format!("/reruns/{}/discard", begun["id"].as_str().unwrap()), None);
        work(t);
        assert_eq!(told(api, &begun)["state"], "dropped");
        let long = "长".repeat(501);
        let shown = look(api, t, &id, Some(3), (1, 28));
        let noted = api.call("POST", &format!("/reruns/{}/book", shown["id"].as_str().unwrap()), Some(json!({ "note": long })));
        assert!(noted.0 >= 400, "{noted:?}");
        api.ok(200, "POST", &format!("/programmes/{id}/archive"), None);
        assert_eq!(refused(409, json!(1), "2026-02-01", "2026-02-02"), "programme.wrong_state");
    });
}

#[test]
fn a_cap_of_days_leaves_what_the_month_has_used() {
    both("a cap by days and by months", |api, t| {
        // The same cap, whose period somebody changed in the editor.
        let capped = |per: &str, points: i64| {
            let mut rules = rules(1, 0);
            rules["caps"] = json!([{ "id": "cap", "per": per, "points": points }]);
            rules
        };
        let id = programme(api, t, capped("month", 500));
        let a = buys(api, order(t, "a", "1", 400, 5, 0));
        buys(api, order(t, "a", "2", 100, 12, 0));
        buys(api, order(t, "a", "3", 400, 18, 0));
        version(api, t, &id, capped("day", 1_000));
        assert_eq!(points(api, &a), 500, "the month's cap");
        // The second takes no room of the month any more; the first still does.
        let shown = look(api, t, &id, Some(2), (10, 15));
        assert_eq!((&shown["more"]["points"], &shown["following"]), (&json!(100), &json!(1)), "{shown}");
        book(api, t, &shown);
        assert_eq!(points(api, &a), 600);
        book(api, t, &look(api, t, &id, None, (10, 15)));
        assert_eq!(points(api, &a), 500);
    });
}

#[test]
fn a_month_that_was_judged_whole_is_taken_back_whole() {
    both("a month cut by taking back", |api, t| {
        let id = programme(api, t, rules(1, 5_000));
        let a = buys(api, order(t, "a", "1", 100, 5, 0));
        buys(api, order(t, "a", "2", 100, 20, 0));
        let mut monthly = rules(1, 5_000);
        monthly["caps"] = json!([{ "id": "month", "per": "month", "points": 100 }]);
        version(api, t, &id, monthly);
        book(api, t, &look(api, t, &id, Some(2), (1, 28)));
        assert_eq!(points(api, &a), 100);
        // Its first days alone by their own version, the rest of the month would earn a second hundred within the same cap.
        for version in [Value::Null, json!(1)] {
            let part = json!({ "version": version, "from": "2026-02-01", "to": "2026-02-10" });
            assert_eq!(api.ok(400, "POST", &format!("/programmes/{id}/reruns"), Some(part))["code"], "rerun.cut_month");
        }
        book(api, t, &look(api, t, &id, None, (1, 28)));
        assert_eq!(points(api, &a), 200);
    });
}

#[test]
fn points_that_ended_or_were_let_go_do_not_come_back() {
    both("re-runs of what is over", |api, t| {
        let waiving = |points: i64| {
            let mut rules = rules(points, 5_000);
            rules["lot_expiry"] = json!({ "days": 5 });
            rules["shortfall"] = json!("waive");
            rules
        };
        let id = programme(api, t, waiving(1));
        let over = buys(api, order(t, "over", "1", 100, 10, 0));
        let kept = buys(api, order(t, "kept", "2", 100, 20, 0));
        follow(t);
        // What was spent before its order went back is let go.
        api.ok(200, "POST", &format!("/members/{kept}/points/{id}/spend"), Some(json!({ "id": "s", "points": 80 })));
        buys(api, order(t, "kept", "2", 100, 20, 100));
        follow(t);
        assert_eq!((points(api, &over), points(api, &kept), account(api, &over, "expired")), (0, 0, 100));
        version(api, t, &id, waiving(2));
        let shown = look(api, t, &id, Some(2), (1, 28));
        assert_eq!((&shown["changed"], &shown["corrections"]), (&json!(2), &json!(2)), "{shown}");
        assert_eq!((&shown["more"]["points"], &shown["less"]["points"]), (&json!(0), &json!(0)), "nobody has more by it: {shown}");
        let booked = book(api, t, &shown);
        assert_eq!((&booked["booked"], &booked["stale"]), (&json!(2), &json!(0)), "{booked}");
        assert_eq!((points(api, &over), points(api, &kept), account(api, &over, "expired")), (0, 0, 200));
        assert_eq!((account(api, &kept, "redeemed"), account(api, &kept, "reversed")), (80, 120));
    });
}

#[test]
fn who_then_owes_is_told_first() {
    both("re-runs that take", |api, t| {
        let id = programme(api, t, rules(2, 5_000));
        let (spends, keeps) = (buys(api, order(t, "spends", "1", 60, 10, 0)), buys(api, order(t, "keeps", "2", 100, 11, 0)));
        follow(t);
        api.ok(200, "POST", &format!("/members/{spends}/points/{id}/spend"), Some(json!({ "id": "s", "points": 100 })));
        assert_eq!((points(api, &spends), points(api, &keeps)), (20, 200));
        version(api, t, &id, rules(1, 5_000));
        let shown = look(api, t, &id, Some(2), (1, 28));
        assert_eq!(
            (&shown["below_zero"], &shown["less"]["members"], &shown["less"]["points"]),
            (&json!(1), &json!(2), &json!(160)),
            "{shown}"
        );
        book(api, t, &shown);
        assert_eq!((points(api, &spends), points(api, &keeps)), (-40, 100), "what was spent stays spent");
        // Back again, nothing is owed.
        let back = look(api, t, &id, None, (1, 28));
        book(api, t, &back);
        assert_eq!((points(api, &spends), points(api, &keeps)), (20, 200));
    });
}
