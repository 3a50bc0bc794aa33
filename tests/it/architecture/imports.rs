//! Arrows between the rooms point down only.

use super::source::{Source, expect_none, read, sources};

/// Every room with the rooms that it may import. A room below is never told of a room above.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("files", &["domain"]),
    ("provider", &["domain", "files"]),
    ("http", &["domain"]),
    ("oauth", &["domain", "provider", "http"]),
    ("service", &["domain", "provider", "http"]),
    ("vault", &["domain", "files"]),
    ("host", &["domain", "files"]),
    (
        "actions",
        &[
            "domain", "files", "provider", "http", "oauth", "service", "vault", "host",
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
            "domain", "files", "provider", "http", "oauth", "service", "vault", "host", "actions",
            "ui", "tui", "sandbox",
        ],
    ),
    (
        "tui",
        &["domain", "provider", "service", "host", "actions", "ui"],
    ),
    // A crate of its own: the client and the stand-in must not share a misreading.
    ("sandbox", &[]),
    // The environment is read once, in `main`.
    ("main", &["cli", "host"]),
    ("lib", &[]),
];

/// Rooms that meet in `actions/` alone.
const MEET_IN_ACTIONS: &[&str] = &["oauth", "service", "vault", "host"];

/// Returns the modules that `source` imports. In a crate of its own, `crate::` names its own modules.
fn imports_of(source: &Source) -> Vec<String> {
    if source.path.starts_with("crates/") {
        imported(&["brainmaps::"], &source.code)
    } else {
        imported(&["crate::", "brainmaps::"], &source.code)
    }
}

/// The rooms that some code names as `crate::ROOM`, `crate::{ROOM, …}` or, in `main.rs`, `brainmaps::ROOM`.
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
    found.retain(|room| ROOMS.iter().any(|(name, _)| name == room));
    found.sort();
    found.dedup();
    found
}

/// The first words of the members of `use crate::{a::{b, c}, d};`, the text after the brace given.
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
fn no_arrow_points_up() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == source.room) else {
            faults.push(format!(
                "{}: `{}` is no room of the picture",
                source.path, source.room
            ));
            continue;
        };
        for room in imports_of(&source) {
            if room != source.room && !allowed.contains(&room.as_str()) {
                faults.push(format!(
                    "{}: `{}` imports `{room}`",
                    source.path, source.room
                ));
            }
        }
    }
    expect_none(
        &faults,
        "take the value as an argument, move the code to the room that may know both, or, if the picture itself is to change, change ROOMS in this test and docs/design/architecture.md together",
    );
}

#[test]
fn oauth_service_vault_and_host_meet_in_actions_alone() {
    let mut faults = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| MEET_IN_ACTIONS.contains(&source.room.as_str()))
    {
        for room in imports_of(source) {
            if room != source.room && MEET_IN_ACTIONS.contains(&room.as_str()) {
                faults.push(format!("{}: `{}` meets `{room}`", source.path, source.room));
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
        "the sandbox is written from the services' documents; give it a type of its own",
    );
}

#[test]
fn groups_and_nested_groups_are_seen() {
    let code = "use crate::{domain::{Secret, vault}, host}; let x = crate::http::Client; use mycrate::oauth; $crate::ui!()";
    assert_eq!(imported(&["crate::"], code), ["domain", "host", "http"]);
}
