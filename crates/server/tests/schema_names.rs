//! Two crates may give the OpenAPI document a schema of one name only if it is the same schema:
//! else one of them would silently be described by the other's.

use std::collections::BTreeMap;

#[test]
fn a_schema_name_means_one_thing() {
    let documents = [
        ("access", shuke_access::router().to_openapi()),
        ("members", shuke_members::router().to_openapi()),
        ("commerce", shuke_commerce::router().to_openapi()),
        ("intake", shuke_intake::router().to_openapi()),
    ];
    let mut seen: BTreeMap<String, (&str, serde_json::Value)> = BTreeMap::new();
    let mut clashes = Vec::new();
    for (crate_name, document) in documents {
        for (name, schema) in document.components.map(|c| c.schemas).unwrap_or_default() {
            let schema = serde_json::to_value(&schema).unwrap();
            match seen.get(&name) {
                Some((other, before)) if *before != schema => clashes.push(format!("{name}: {other} and {crate_name}")),
                Some(_) => {}
                None => {
                    seen.insert(name, (crate_name, schema));
                }
            }
        }
    }
    assert!(clashes.is_empty(), "schemas that differ under one name: {clashes:#?}");
}
