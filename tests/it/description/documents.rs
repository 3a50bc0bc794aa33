//! The examples in the reference of the format are valid descriptions.

use std::fs;

use brainmaps::provider::check;
use toml::{Table, Value};

/// What the examples rely on.
const BASE: &str = r#"
id = "maps"
name = "Maps"
api_url = "https://maps.example.com"
[headers]
api_key = { name = "X-API-Key" }
[parameters]
user = { label = "user" }
account = { label = "account" }
[whoami]
call = "GET /me"
[tokens.fields]
id = "/id"
"#;

fn merge(base: &mut Table, other: Table) {
    for (name, value) in other {
        match (base.get_mut(&name), value) {
            (Some(Value::Table(base)), Value::Table(other)) => merge(base, other),
            (_, value) => drop(base.insert(name, value)),
        }
    }
}

#[test]
fn each_example_of_the_reference_is_valid() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/reference/provider-format.md"
    );
    let text = fs::read_to_string(path).unwrap();
    let examples: Vec<&str> = text.split("```toml\n").skip(2).collect();
    assert!(examples.len() > 8);
    for example in examples {
        let example = example.split("```").next().unwrap();
        let mut description: Table = toml::from_str(BASE).unwrap();
        merge(&mut description, toml::from_str(example).unwrap());
        let found = check(&toml::to_string(&description).unwrap(), None);
        // The examples show the header or the login, not always both.
        let is_about_headers =
            |it: &&brainmaps::provider::Diagnostic| it.at.starts_with("headers.");
        let found: Vec<_> = found.iter().filter(|it| !is_about_headers(it)).collect();
        assert!(found.is_empty(), "{example}{found:?}");
    }
}
