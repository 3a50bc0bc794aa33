//! Rules for the Markdown documents: links resolve, the README stays short, and the terms are those of the style guide.

use std::path::{Path, PathBuf};

use super::source::{expect_none, files, package, read, relative};

const README_LINES: usize = 200;

/// Old words, and what to write instead. Each is matched as a whole word or phrase, outside code.
const OLD_WORDS: &[(&str, &str)] = &[
    ("renew renews renewed renewing renewal renewals", "refresh"),
    ("heed heeds heeded", "use"),
    ("mend mends mended mending", "fix"),
    ("befall befalls befell", "apply to, happen to"),
    ("tell tells told telling", "print, report, show, detect"),
    ("spent", "used"),
    ("brought", "stored, provided"),
    ("stands", "is"),
    ("meet meets", "find, reach, combine"),
    ("whoever", "the process that, anyone who"),
    ("house", "project"),
    ("room rooms", "module, layer, space"),
    ("answer answers answered", "response, respond"),
    ("refusal refusals", "error response"),
    ("unseen", "without echo"),
    ("shield", "interrupt guard"),
    ("stranger strangers", "another user, an untrusted server"),
];

/// Old phrases, and what to write instead.
const OLD_PHRASES: &[(&str, &str)] = &[
    ("in vain", "without success"),
    ("by hand", "manually, with a password or key"),
    ("by itself", "automatically"),
    ("for good", "permanently"),
    ("at once and", "immediately and"),
    ("goes before", "takes precedence over"),
    ("is over", "has expired"),
    ("that of", "name it"),
    ("there is none", "say what is missing"),
    ("as it has it", "as documented"),
    ("to its end", "completely"),
    ("on purpose", "on request"),
    ("whole terminal", "full-screen interface"),
    ("signed out here", "signed out"),
    ("make a token", "create a token"),
    ("makes a token", "creates a token"),
    ("made a token", "created a token"),
];

/// Text that the rules for words skip: a file, how its lines begin, and the reason.
const SKIPPED: &[(&str, &str, &str)] = &[
    (
        "docs/reference/commands.md",
        "",
        "the help's own text; docs/reference/commands.md is generated from it",
    ),
    (
        "docs/sandbox/faults.md",
        "| `",
        "rows in the words of `sandbox faults`",
    ),
    (
        "docs/guide/tui.md",
        "| ",
        "rows in the words of the key bindings",
    ),
];

/// Returns every Markdown file of the project.
fn documents() -> Vec<PathBuf> {
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
fn prose(text: &str) -> Vec<(usize, String)> {
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

/// Returns the old words in a line, each with its replacement.
fn old_words(line: &str) -> Vec<(&'static str, &'static str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '-';
    let plain: String = line
        .to_lowercase()
        .chars()
        .map(|c| if is_word(c) { c } else { ' ' })
        .collect();
    let plain: Vec<_> = plain.split_whitespace().collect();
    let plain = format!(" {} ", plain.join(" "));
    let contains = |word: &str| plain.contains(&format!(" {word} "));
    let words = OLD_WORDS
        .iter()
        .flat_map(|(words, plain)| words.split(' ').map(move |word| (word, *plain)));
    let phrases = OLD_PHRASES.iter().copied();
    words
        .chain(phrases)
        .filter(|(word, _)| contains(word))
        .collect()
}

#[test]
fn documents_use_the_terms_of_the_style_guide() {
    let mut faults = Vec::new();
    for document in documents() {
        let name = relative(&document);
        let is_ours = name.starts_with("docs/") || !name.contains('/');
        if !is_ours {
            continue;
        }
        let text = std::fs::read_to_string(&document).unwrap();
        for (number, line) in prose(&text) {
            // A link target directly follows its text: separate them into words.
            let line = line.replace("](", " ");
            let is_skipped = SKIPPED
                .iter()
                .any(|(file, prefix, _)| *file == name && line.starts_with(prefix));
            if is_skipped {
                continue;
            }
            for (word, plain) in old_words(&line) {
                faults.push(format!("{name}:{number}: \"{word}\": write {plain}"));
            }
        }
    }
    expect_none(
        &faults,
        "CONTRIBUTING.md has the style guide, docs/glossary.md the terms",
    );
}

#[test]
fn old_words_are_found_as_whole_words_outside_code() {
    let found: Vec<_> = old_words("A Renewal, told; stand-in, mender, mended.")
        .into_iter()
        .map(|(word, _)| word)
        .collect();
    assert_eq!(found, ["renewal", "mended", "told"]);
    assert_eq!(
        old_words("Sign-in is\u{a0}over for good"),
        [("for good", "permanently"), ("is over", "has expired")]
    );
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
