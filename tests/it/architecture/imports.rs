//! Imports point down the layers only.

use super::source::{Source, expect_none, read, sources};

/// Every module with the modules that it may import.
const MODULES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("files", &["domain"]),
    ("provider", &["domain", "files"]),
    ("http", &["domain"]),
    ("oauth", &["domain", "provider", "http"]),
    ("service", &["domain", "provider", "http"]),
    ("helper", &["domain"]),
    ("proxy", &["domain", "files", "http"]),
    ("scan", &["domain", "provider"]),
    ("vault", &["domain", "files"]),
    ("host", &["domain", "files"]),
    (
        "actions",
        &[
            "domain", "files", "provider", "http", "oauth", "service", "helper", "proxy", "scan",
            "vault", "host",
        ],
    ),
    (
        "ui",
        &[
            "domain", "files", "provider", "http", "oauth", "service", "vault", "host", "actions",
        ],
    ),
    (
        "cli",
        &[
            "domain", "files", "provider", "http", "oauth", "service", "helper", "proxy", "vault",
            "scan", "host", "actions", "ui", "tui", "sandbox",
        ],
    ),
    (
        "tui",
        &["domain", "provider", "service", "host", "actions", "ui"],
    ),
    // The client and the simulated services are separate so that they cannot share a misreading.
    ("sandbox", &[]),
    // The environment is read once, in `main`.
    ("main", &["cli", "host"]),
    ("lib", &[]),
];

/// Modules that do not import each other; `actions/` connects them.
const CONNECTED_BY_ACTIONS: &[&str] = &["oauth", "service", "vault", "host"];

/// Returns the modules that `source` imports. In another crate, `crate::` names that crate's modules.
fn imports_of(source: &Source) -> Vec<String> {
    if source.path.starts_with("crates/") {
        imported(&["brainmaps::"], &source.code)
    } else {
        imported(&["crate::", "brainmaps::"], &source.code)
    }
}

/// Returns the modules that the code names as `crate::MODULE`, `crate::{MODULE, …}` or, in `main.rs`,
/// `brainmaps::MODULE`.
fn imported(roots: &[&str], code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for root in roots {
        for (at, _) in code.match_indices(root) {
            if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
                continue;
            }
            let after = &code[at + root.len()..];
            if let Some(group) = after.strip_prefix('{') {
                found.extend(group_heads(group));
            } else {
                found.push(word(after));
            }
        }
    }
    found.retain(|module| MODULES.iter().any(|(name, _)| name == module));
    found.sort();
    found.dedup();
    found
}

/// Returns the first segment of each member of a `use` group. `group` is the text after the opening brace.
fn group_heads(group: &str) -> Vec<String> {
    let mut depth = 1_u32;
    let mut heads = vec![word(group.trim_start())];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => heads.push(word(group[at + 1..].trim_start())),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn imports_point_down() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = MODULES.iter().find(|(name, _)| *name == source.module) else {
            faults.push(format!(
                "{}: `{}` is missing from MODULES",
                source.path, source.module
            ));
            continue;
        };
        for module in imports_of(source) {
            if module != source.module && !allowed.contains(&module.as_str()) {
                faults.push(format!(
                    "{}: `{}` imports `{module}`",
                    source.path, source.module
                ));
            }
        }
    }
    expect_none(
        &faults,
        "take the value as an argument, move the code to a module that may import both, or change MODULES in this test and docs/design/architecture.md together",
    );
}

#[test]
fn only_actions_imports_oauth_service_vault_and_host_together() {
    let mut faults = Vec::new();
    for source in sources().filter(|source| CONNECTED_BY_ACTIONS.contains(&source.module.as_str()))
    {
        for module in imports_of(source) {
            if module != source.module && CONNECTED_BY_ACTIONS.contains(&module.as_str()) {
                faults.push(format!(
                    "{}: `{}` imports `{module}`",
                    source.path, source.module
                ));
            }
        }
    }
    expect_none(
        &faults,
        "let actions/ call both and pass values between them",
    );
}

#[test]
fn sandbox_crate_depends_on_no_other_crate_of_the_project() {
    let manifest = read("crates/sandbox/Cargo.toml");
    let (_, dependencies) = manifest.split_once("[dependencies]").unwrap();
    let faults: Vec<_> = dependencies
        .lines()
        .filter(|line| line.contains("brainmaps") || line.contains("path ="))
        .map(|line| format!("crates/sandbox/Cargo.toml: {line}"))
        .collect();
    expect_none(
        &faults,
        "the sandbox is written from the services' documents; define the type there",
    );
}

#[test]
fn imports_in_nested_groups_are_found() {
    let code = "use crate::{domain::{Secret, vault}, host}; let x = crate::http::Client; use mycrate::oauth; $crate::ui!()";
    assert_eq!(imported(&["crate::"], code), ["domain", "host", "http"]);
}
