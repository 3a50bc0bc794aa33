//! Rules for the Markdown documents: links and source files exist, and the README stays short.

use std::path::{Path, PathBuf};

use super::source::{expect_none, files, package, read, relative};

const README_LINES: usize = 200;

/// Returns every Markdown file of the project.
pub(crate) fn documents() -> Vec<PathBuf> {
    let root = std::fs::read_dir(package()).unwrap();
    let root = root.map(|entry| entry.unwrap().path());
    let root = root.filter(|path| path.extension().is_some_and(|it| it == "md"));
    let below = ["docs", "crates", "fuzz", "benches"]
        .iter()
        .flat_map(|folder| files(folder, "md"));
    let mut found: Vec<_> = root.chain(below).collect();
    found.sort();
    found
}

/// Returns the lines outside fenced code, numbered from 1, without inline code.
pub(crate) fn prose(text: &str) -> Vec<(usize, String)> {
    let mut is_code = false;
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            let spans = line.split('`').step_by(2);
            found.push((at + 1, spans.collect::<Vec<_>>().join("`")));
        }
    }
    found
}

/// Returns the targets of the links and images in a line.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
}

/// Returns the anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c
            .is_alphanumeric()
            .then(|| c.to_lowercase().next())
            .flatten(),
    });
    kept.collect()
}

fn has_anchor(text: &str, wanted: &str) -> bool {
    let mut is_code = false;
    text.lines().any(|line| {
        is_code ^= line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        !is_code && heading.len() < line.len() && anchor(heading) == wanted
    })
}

/// Returns why a link in `document` is broken.
fn broken(document: &Path, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
    let file = if path.is_empty() {
        document.to_owned()
    } else {
        document.parent().unwrap().join(path)
    };
    if !file.exists() {
        return Some(format!("no file {path}"));
    }
    if fragment.is_empty() {
        return None;
    }
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    (!has_anchor(&text, fragment)).then(|| format!("no heading #{fragment} in {path}"))
}

#[test]
fn every_relative_link_resolves() {
    let mut faults = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for (number, line) in prose(&text) {
            for target in targets(&line) {
                if let Some(why) = broken(&document, target) {
                    faults.push(format!("{}:{number}: {target}: {why}", relative(&document)));
                }
            }
        }
    }
    expect_none(&faults, "correct the path or the heading");
}

/// Returns the names of Rust files in inline code, such as `vault/lock.rs`.
fn rust_files(text: &str) -> impl Iterator<Item = &str> {
    let spans = text.split('`').skip(1).step_by(2);
    spans.filter(|span| Path::new(span).extension().is_some_and(|it| it == "rs"))
}

#[test]
fn source_files_that_documents_name_exist() {
    let folders = ["src", "crates", "tests", "fuzz", "benches"];
    let mut existing: Vec<_> = folders.iter().flat_map(|it| files(it, "rs")).collect();
    existing.push(package().join("build.rs"));
    let mut faults = Vec::new();
    for document in documents() {
        for (at, line) in std::fs::read_to_string(&document)
            .unwrap()
            .lines()
            .enumerate()
        {
            let missing =
                rust_files(line).filter(|it| !existing.iter().any(|path| path.ends_with(it)));
            let name = relative(&document);
            faults.extend(missing.map(|path| format!("{name}:{}: no file {path}", at + 1)));
        }
    }
    expect_none(&faults, "name the file that has the code now");
}

#[test]
fn readme_has_at_most_200_lines() {
    let readme = read("README.md");
    let count = readme.lines().count();
    let fault = (count > README_LINES).then(|| format!("README.md has {count} lines"));
    let faults: Vec<_> = fault.into_iter().collect();
    expect_none(&faults, "move details to a page in docs/ and link to it");
    for command in ["cargo run --locked -- demo", "./tests/run"] {
        assert!(
            readme.contains(command),
            "README.md does not show `{command}`"
        );
    }
}

#[test]
fn prose_anchors_and_targets_are_parsed() {
    assert_eq!(
        prose("a `told` b\n```\ntold\n```\nc"),
        [(1, "a ` b".to_owned()), (5, "c".to_owned())]
    );
    assert_eq!(
        anchor("Check a client's `case`, now"),
        "check-a-clients-case-now"
    );
    assert_eq!(
        targets("[![x](a.svg)](b.md#c) [d](e)").collect::<Vec<_>>(),
        ["a.svg", "b.md#c", "e"]
    );
}
