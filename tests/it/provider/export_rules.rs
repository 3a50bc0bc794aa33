//! `provider export-rules`: the rules find the keys of the services, also by another program.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::test_home::TestHome;

/// Returns what `grep` finds: the patterns are also POSIX extended regular expressions.
fn grep(pattern: &str, text: &str) -> Vec<String> {
    let mut grep = Command::new("grep")
        .args(["-E", "-o", "-e", pattern])
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = grep.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let output = grep.wait_with_output().unwrap();
    assert!(output.status.code().unwrap() < 2, "{pattern}");
    let found = String::from_utf8(output.stdout).unwrap();
    found.lines().map(str::to_owned).collect()
}

fn rules(home: &TestHome, arguments: &[&str]) -> Vec<Value> {
    let arguments = [&["provider", "export-rules", "--json"], arguments].concat();
    let document = home.run(&arguments).expect(0).json();
    document["rules"].as_array().unwrap().clone()
}

fn regex(rules: &[Value], id: &str) -> String {
    let rule = rules.iter().find(|rule| rule["id"] == id).unwrap();
    // POSIX brackets have no escapes.
    rule["regex"].as_str().unwrap().replace("\\t", "\t")
}

fn add_description(home: &TestHome, key: &str) {
    let folder = home.path().join(".config/brainmaps/providers");
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "id = \"acme\"\nname = \"Acme \\\"'''\"\napi_url = \"https://acme.example\"\n[headers]\n\
         api_key = {{ name = \"X-Key\" }}\n[key]\n{key}\n"
    );
    std::fs::write(folder.join("acme.toml"), text).unwrap();
}

#[test]
fn patterns_find_keys_and_nothing_that_only_contains_one() {
    let home = TestHome::new();
    let rules = rules(&home, &[]);
    let bp = format!("bp_{}", "0123456789abcdef".repeat(4));
    let bmc = format!("bmc_{}", "aB3x".repeat(8));
    let dbm = "dbm_ak_7f3a_0123456789-abcdef";
    for (id, key) in [
        ("brainpercent-api-key", bp.as_str()),
        ("basic-memory-api-key", bmc.as_str()),
        ("basira-api-key", dbm),
    ] {
        let pattern = regex(&rules, id);
        for text in [key.to_owned(), format!("k=\"{key}\";"), format!("({key})")] {
            assert_eq!(grep(&pattern, &text), [key], "{text}");
        }
        for text in [format!("x{key}"), format!("_{key}"), key[..16].to_owned()] {
            assert_eq!(grep(&pattern, &text), [""; 0], "{text}");
        }
    }
    assert_eq!(
        grep(&regex(&rules, "brainpercent-api-key"), &format!("{bp}0")),
        [""; 0]
    );
    let variable = regex(&rules, "brainmaps-api-key");
    for text in [
        "BRAINMAPS_API_KEY=q7Tz0mWc4RkXb9LhV2sN8yPd", // brainmaps:allow
        "\"BRAINMAPS_API_KEY\": \"q7Tz0mWc4RkXb9LhV2sN8yPd\"", // brainmaps:allow
    ] {
        assert_eq!(grep(&variable, text).len(), 1, "{text}");
    }
    assert_eq!(
        grep(&variable, "BRAINMAPS_API_KEY is the variable"),
        [""; 0]
    );
}

#[test]
fn patterns_match_the_examples_of_the_description() {
    let home = TestHome::new();
    for (form, example) in [
        ("prefix = \"a.b$-\"\nlength = 16", "a.b$-0123-4567_89-ab-"),
        (
            "prefix = \"$k+\"\nalphabet = \"word\"",
            "$k+word_0123456789",
        ),
        (
            "prefix = \"acme-\"\nseparator = \".\"\nalphabet = \"hex\"",
            "acme-id-7.0123456789abcdef",
        ),
    ] {
        add_description(&home, &format!("{form}\nexamples = [\"{example}\"]"));
        let rules = rules(&home, &["acme"]);
        assert_eq!(rules.len(), 1);
        let found = grep(&regex(&rules, "acme-api-key"), &format!("x {example} y"));
        assert_eq!(found.len(), 1, "{form}");
        assert!(found[0].contains(example), "{found:?}");
    }
}

#[test]
fn rules_are_valid_toml_with_the_members_of_the_document() {
    let home = TestHome::new();
    add_description(&home, "prefix = \"a'''\\\\\"");
    let printed = home.run(&["provider", "export-rules", "--format", "gitleaks"]);
    let printed = printed.expect(0);
    let parsed: toml::Table = toml::from_str(&printed.stdout).unwrap();
    let document = home.run(&["provider", "export-rules", "--json"]).expect(0);
    assert_eq!(serde_json::to_value(parsed).unwrap(), document.json());
}

#[test]
fn unknown_services_and_those_without_keys_are_errors() {
    let home = TestHome::new();
    let unknown = home.run(&["provider", "export-rules", "nowhere", "--json"]);
    assert_eq!(unknown.expect(2).error_code(), "CONFIG");
    let keyless = home.run(&["provider", "export-rules", "oauth2", "--json"]);
    assert_eq!(keyless.expect(2).error_code(), "UNSUPPORTED");
    let other = home.run(&["provider", "export-rules", "--format", "sarif"]);
    assert!(other.expect(2).stderr.contains("gitleaks"));
    let template = home.run(&["--format", "{id}", "provider", "export-rules"]);
    assert!(template.expect(2).stderr.contains("own --format"));
    assert_eq!(rules(&home, &["npm", "grafana"]).len(), 2);
}
