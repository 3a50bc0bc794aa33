//! Environment variables and exit codes are documented in docs/reference/.

use std::{collections::BTreeSet, fs};

use super::source::{expect_none, files, literals, read, relative, sources};

/// Variables that the program reads and does not document: they belong to the system.
const SYSTEM_VARIABLES: &[&str] = &[
    "HOME",
    "PATH",
    "TERM",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "COLUMNS",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XDG_SESSION_TYPE",
    "SSH_CONNECTION",
    "SSH_TTY",
    "DBUS_SESSION_BUS_ADDRESS",
    "COLORTERM",
    "WSL_DISTRO_NAME",
    "USER",
    "USERNAME",
];

/// The code in front of a variable name that the program reads.
const CALLS: &[&str] = &[".get(", ".flag(", ".path(", "env = "];

/// Prefixes of the program's own variables.
const OUR_PREFIXES: &[&str] = &["BRAINMAPS_", "XDG_"];

fn is_variable_name(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Returns the variables that the source reads and those that descriptions name, each with its location.
fn variables() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for source in sources().filter(|source| source.module != "sandbox") {
        for (before, text) in literals(&source.code) {
            let received = CALLS.iter().any(|call| before.ends_with(call));
            let ours = OUR_PREFIXES.iter().any(|prefix| text.starts_with(prefix));
            if is_variable_name(text) && (received || ours) {
                found.insert((text.to_owned(), source.path.clone()));
            }
        }
    }
    for path in files("src/provider/builtin", "toml") {
        let text = fs::read_to_string(&path).unwrap();
        let names = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .flat_map(|line| line.split('"').skip(1).step_by(2));
        for name in names.filter(|name| is_variable_name(name) && name.contains('_')) {
            found.insert((name.to_owned(), relative(&path)));
        }
    }
    found
}

#[test]
fn every_environment_variable_is_documented() {
    let reference = read("docs/reference/environment.md");
    let faults: Vec<_> = variables()
        .into_iter()
        .filter(|(name, _)| !SYSTEM_VARIABLES.contains(&name.as_str()) && !reference.contains(name))
        .map(|(name, path)| format!("{name}, read in {path}"))
        .collect();
    expect_none(
        &faults,
        "add it to the table in docs/reference/environment.md, with its meaning",
    );
}

#[test]
fn every_variable_of_env_example_is_read() {
    let read_names: BTreeSet<_> = variables().into_iter().map(|(name, _)| name).collect();
    let example = read(".env.example");
    let faults: Vec<_> = example
        .lines()
        .filter_map(|line| line.trim_start_matches('#').split_once('='))
        .map(|(name, _)| name.to_owned())
        .filter(|name| is_variable_name(name) && !read_names.contains(name))
        .collect();
    expect_none(
        &faults,
        "no code and no descriptor reads it: take it out of .env.example",
    );
}

/// Returns exit status and code of each arm of `Code::exit`, such as `Self::NotFound => 7`.
fn exit_codes() -> Vec<(String, String)> {
    let code: String = sources()
        .filter(|source| source.module == "cli")
        .map(|source| source.code.as_str())
        .collect();
    let arms = code
        .split_once("pub fn exit(self)")
        .expect("Code::exit in src/cli")
        .1;
    let arms = arms.split_once("\n    }").expect("the end of Code::exit").0;
    let arms = arms.lines().filter_map(|line| line.split_once("=>"));
    arms.flat_map(|(names, status)| {
        let status = status.trim().trim_end_matches(',').to_owned();
        let names = names
            .split('|')
            .filter_map(|name| name.trim().strip_prefix("Self::"));
        names
            .map(move |name| (status.clone(), screaming_snake_case(name)))
            .collect::<Vec<_>>()
    })
    .collect()
}

/// Converts `NotFound` to `NOT_FOUND`, the form in JSON.
fn screaming_snake_case(name: &str) -> String {
    let mut text = String::new();
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && at > 0 {
            text.push('_');
        }
        text.extend(c.to_uppercase());
    }
    text
}

#[test]
fn every_exit_code_is_documented() {
    let codes = exit_codes();
    assert!(
        codes.len() > 10,
        "the rule cannot read Code::exit any more: {codes:?}"
    );
    let reference = read("docs/reference/exit-codes.md");
    let documented = |status: &str, code: &str| {
        let row = format!("| {status} |");
        reference.lines().any(|line| {
            line.replace('`', "").starts_with(&row) && line.contains(&format!("`{code}`"))
        })
    };
    let faults: Vec<_> = codes
        .iter()
        .filter(|(status, code)| !documented(status, code))
        .map(|(status, code)| format!("{status} {code}"))
        .collect();
    expect_none(
        &faults,
        "add it to the table in docs/reference/exit-codes.md: | 7 | `NOT_FOUND` | 404 |",
    );
}
