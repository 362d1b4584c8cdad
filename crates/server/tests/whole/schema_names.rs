//! A schema's name means one thing. The OpenAPI document holds one schema a name, so that of two types
//! of one name one would silently be described by the other's: it is told from the source.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// A type that the document describes.
struct Schema {
    name: String,
    /// Its fields or variants as they are written, without what is said of them.
    shape: String,
}

/// The types of a file that derive `ToSchema`. A type's text ends where a line ends it that is not
/// further in than the line it begins with.
fn schemas(source: &str) -> Vec<Schema> {
    let mut found = Vec::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if !line.trim_start().starts_with("#[derive(") {
            continue;
        }
        let mut derived = line.to_owned();
        while !derived.contains(")]") {
            derived.push_str(lines.next().unwrap_or(")]"));
        }
        if !derived.contains("ToSchema") {
            continue;
        }
        let (mut shape, mut renamed, mut own) = (String::new(), None, None);
        for line in lines.by_ref() {
            let text = line.trim();
            if text.starts_with("//") {
                continue;
            }
            if let Some((_, name)) = text.strip_prefix("#[schema(").and_then(|t| t.split_once("as = ")) {
                renamed = Some(word(name));
                continue;
            }
            if own.is_none() {
                own = ["struct ", "enum "].iter().find_map(|k| text.split_once(k)).map(|(_, name)| word(name));
            }
            let seen_by = ["pub ", "pub(crate) ", "pub(super) "].iter().find_map(|v| text.strip_prefix(v));
            shape.push_str(seen_by.unwrap_or(text));
            shape.push('\n');
            let outermost = line.len() - line.trim_start().len() <= derived.len() - derived.trim_start().len();
            if own.is_some() && outermost && (text.ends_with('}') || text.ends_with(';')) {
                break;
            }
        }
        let Some(own) = own else { continue };
        // What the type itself is called is told by its name, not by its shape.
        let shape = shape.replacen(&own, "", 1);
        found.push(Schema { name: renamed.unwrap_or(own), shape });
    }
    found
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Names under which different types stand, with their places.
fn clashes(files: &[(String, String)]) -> Vec<String> {
    let mut seen: BTreeMap<String, (&str, String)> = BTreeMap::new();
    let mut clashes = Vec::new();
    for (file, source) in files {
        for Schema { name, shape } in schemas(source) {
            match seen.get(&name) {
                Some((other, before)) if *before != shape => clashes.push(format!("{name}: {other} and {file}")),
                Some(_) => {}
                None => drop(seen.insert(name, (file, shape))),
            }
        }
    }
    clashes
}

#[test]
fn a_schema_name_means_one_thing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let listed =
        Command::new("git").args(["ls-files", "-co", "--exclude-standard", "crates/*/src/*.rs"]).current_dir(&root).output().unwrap();
    let files: Vec<(String, String)> = String::from_utf8(listed.stdout)
        .unwrap()
        .lines()
        .filter_map(|f| Some((f.to_owned(), std::fs::read_to_string(root.join(f)).ok()?)))
        .collect();
    // That nothing is overlooked: the document has these, and each has its name from somewhere.
    let names: Vec<String> = files.iter().flat_map(|(_, source)| schemas(source)).map(|s| s.name).collect();
    let document: serde_json::Value = serde_json::from_str(&shuke_server::serve::openapi().unwrap()).unwrap();
    let told = document["components"]["schemas"].as_object().unwrap();
    let unknown: Vec<&String> =
        told.keys().filter(|name| !names.iter().any(|n| n == *name || name.starts_with(&format!("{n}_")))).collect();
    assert!(unknown.is_empty(), "schemas whose type was not found: {unknown:?}");
    let clashes = clashes(&files);
    assert!(clashes.is_empty(), "types that differ under one name: {clashes:#?}");
}

#[test]
fn two_shapes_under_one_name_are_found() {
    let day = |fields: &str| {
        format!("/// A day.\n#[derive(Serialize, ToSchema)]\n#[schema(as = Day)]\npub(crate) struct DayDto {{\n    {fields}\n}}\n")
    };
    let files = |a: String, b: String| [("a.rs".to_owned(), a), ("b.rs".to_owned(), b)];
    assert!(clashes(&files(day("/// When.\n    pub at: Instant,"), day("at: Instant,"))).is_empty(), "the same, said otherwise");
    assert_eq!(clashes(&files(day("at: Instant,"), day("at: Date,"))), ["Day: a.rs and b.rs"]);
    let other = "#[derive(\n    Serialize,\n    ToSchema,\n)]\nenum Day {\n    First,\n}\n".to_owned();
    assert_eq!(clashes(&files(day("at: Instant,"), other)), ["Day: a.rs and b.rs"], "whatever the type itself is called");
    let twice = day("at: Instant,") + &day("day: i64,");
    assert_eq!(clashes(&files(twice, String::new())), ["Day: a.rs and a.rs"], "in one file too");
}
