//! Source files as the rules read them: the text, and the code without comments and tests.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// Parsed once for all rules.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(read_sources);

/// A Rust file of the package or of another crate of the workspace.
pub(crate) struct Source {
    /// Relative to the package, with `/`.
    pub(crate) path: String,
    /// The folder or file stem directly under `src/`: `vault`, `main`, …; for `crates/NAME/src/`, NAME.
    pub(crate) module: String,
    /// With comments and tests.
    pub(crate) text: String,
    /// With tests, without comments.
    pub(crate) uncommented: String,
    /// Without comments and `#[cfg(test)]` modules.
    pub(crate) code: String,
}

/// Returns the package directory.
pub(crate) fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the text of a file of the package, or an empty string if it does not exist.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(package().join(path)).unwrap_or_default()
}

/// Returns every file under `folder` with `extension`, sorted.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![package().join(folder)];
    while let Some(directory) = open.pop() {
        let Ok(entries) = fs::read_dir(&directory) else {
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let skipped = path.file_name().is_some_and(|name| name == "node_modules");
            if path.is_dir() && !skipped {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Returns the path relative to the package.
pub(crate) fn relative(path: &Path) -> String {
    path.strip_prefix(package())
        .unwrap()
        .to_string_lossy()
        .replace('\\', "/")
}

/// Returns every Rust file, tests included.
pub(crate) fn all_sources() -> &'static [Source] {
    &SOURCES
}

/// Returns every Rust file of `src/` and of `crates/*/src/`.
pub(crate) fn sources() -> impl Iterator<Item = &'static Source> {
    let is_product = |path: &str| {
        path.starts_with("src/")
            || (path.starts_with("crates/") && path.split('/').nth(2) == Some("src"))
    };
    SOURCES
        .iter()
        .filter(move |source| is_product(&source.path))
}

fn read_sources() -> Vec<Source> {
    ["src", "crates", "tests/it"]
        .iter()
        .flat_map(|folder| files(folder, "rs"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let path = relative(&path);
            let below = path
                .trim_start_matches("src/")
                .trim_start_matches("crates/");
            let module = below.split(['/', '.']).next().unwrap().to_owned();
            let tests = ["tests.rs", "tests/"]
                .iter()
                .any(|part| below.contains(&format!("/{part}")));
            let uncommented = without_comments(&text);
            let code = if tests {
                String::new()
            } else {
                without_tests(&uncommented)
            };
            Source {
                path,
                module,
                text,
                uncommented,
                code,
            }
        })
        .collect()
}

/// Removes the test module, which clippy's `items_after_test_module` keeps at the end.
fn without_tests(code: &str) -> String {
    let mut rest = code;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        kept.push_str(before);
        let item = after.trim_start();
        if item.starts_with("mod ")
            && item
                .split(['{', ';'])
                .next()
                .is_some_and(|head| item[head.len()..].starts_with('{'))
        {
            return kept;
        }
        rest = after;
    }
    kept + rest
}

/// Removes comments, doc comments included. String literals and line breaks stay.
pub(crate) fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (length, keep) = token(rest, &kept);
        let (taken, after) = rest.split_at(length);
        if keep {
            kept.push_str(taken);
        } else {
            kept.extend(taken.chars().filter(|c| *c == '\n'));
        }
        rest = after;
    }
    kept
}

/// Returns the length of the token at the start of `rest`, and whether it is code.
fn token(rest: &str, before: &str) -> (usize, bool) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), false);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), false);
    }
    let in_a_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if let Some(length) = raw_string(rest).filter(|_| !in_a_word || before.ends_with('b')) {
        return (length, true);
    }
    if rest.starts_with('"') {
        return (quoted(rest, '"'), true);
    }
    if rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'') && rest.starts_with('\'') {
        return (quoted(rest, '\''), true);
    }
    let special = |c: char| matches!(c, '/' | '"' | '\'' | 'r');
    let mut others = rest.char_indices().skip(1);
    let end = others.find(|(_, c)| special(*c));
    (end.map_or(rest.len(), |(at, _)| at), true)
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_u32, 0);
    while at < rest.len() {
        let here = &rest[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(2 + hashes + body.find(&end)? + end.len())
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if !escaped && c == quote {
            return at + 1;
        }
        escaped = !escaped && c == '\\';
    }
    rest.len()
}

/// Returns the plain string literals of some code, each with the code in front of it.
pub(crate) fn literals(code: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = code.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, _) = token(rest, &code[..at]);
        if rest.starts_with('"') && length >= 2 {
            found.push((&code[..at], &rest[1..length - 1]));
        }
        at += length;
    }
    found
}

/// Fails if there are faults, and prints how to fix them.
pub(crate) fn expect_none(faults: &[String], fix: &str) {
    assert!(faults.is_empty(), "\n{}\n\nfix: {fix}\n", faults.join("\n"));
}

#[test]
fn comments_and_test_modules_are_removed() {
    let text = "use a; // x\n/* y /* z */ */let s = \"// kept\"; let r = r#\"/* kept */\"#; 'a' '\\''\n#[cfg(test)]\nmod tests { dbg!() }\n";
    let code = without_tests(&without_comments(text));
    assert_eq!(
        code,
        "use a; \nlet s = \"// kept\"; let r = r#\"/* kept */\"#; 'a' '\\''\n"
    );
    let found: Vec<_> = literals("get(\"A\") + \"b\\\"c\"")
        .into_iter()
        .map(|(_, it)| it)
        .collect();
    assert_eq!(found, ["A", "b\\\"c"]);
}
