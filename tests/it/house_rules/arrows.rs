//! Arrows between the rooms point down only.

use super::source::{expect_none, sources};

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
    ("sandbox", &["domain"]),
    // The environment is read once, in `main`.
    ("main", &["cli", "host"]),
    ("lib", &[]),
];

/// Rooms that meet in `actions/` alone.
const MEET_IN_ACTIONS: &[&str] = &["oauth", "service", "vault", "host"];

/// The rooms that some code names as `crate::ROOM`, `crate::{ROOM, …}` or, in `main.rs`, `brainmaps::ROOM`.
fn imported(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for root in ["crate::", "brainmaps::"] {
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
        for room in imported(&source.code) {
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
        "take the value as an argument, move the code to the room that may know both, or, if the picture itself is to change, change ROOMS in this test and docs/architecture.md together",
    );
}

#[test]
fn oauth_service_vault_and_host_meet_in_actions_alone() {
    let mut faults = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| MEET_IN_ACTIONS.contains(&source.room.as_str()))
    {
        for room in imported(&source.code) {
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
fn groups_and_nested_groups_are_seen() {
    let code = "use crate::{domain::{Secret, vault}, host}; let x = crate::http::Client; use mycrate::oauth; $crate::ui!()";
    assert_eq!(imported(code), ["domain", "host", "http"]);
}
