//! The reference documents that the program carries, for `help TOPIC` and the manual page.
//!
//! The same files are the documentation of the project, and tests compare them with the code.

mod print;

use crate::provider::FORMAT_REFERENCE;

pub(crate) use print::{indented, print_document};

/// A piece of a document, without markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Heading(String),
    Paragraph(String),
    Item(String),
    /// A table row: the first cells, and the meaning in the last one.
    Row(String, String),
    Code(Vec<String>),
}

pub(crate) const EXIT_CODES: &str = include_str!("../../../docs/reference/exit-codes.md");
pub(crate) const ENVIRONMENT: &str = include_str!("../../../docs/reference/environment.md");
pub(crate) const FILES: &str = include_str!("../../../docs/reference/files.md");
pub(crate) const JSON: &str = include_str!("../../../docs/reference/json.md");
pub(crate) const CREDENTIAL_SOURCES: &str =
    include_str!("../../../docs/reference/credential-sources.md");
const GLOBAL: &str = include_str!("../../../docs/reference/global-options.md");

/// A document that `help` prints.
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    /// The name of its file in `docs/reference`, for links.
    file: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) document: &'static str,
}

/// The topics of `help`.
pub(crate) const TOPICS: [Topic; 7] = [
    Topic {
        name: "global",
        file: "global-options.md",
        summary: "options of every command",
        document: GLOBAL,
    },
    Topic {
        name: "environment",
        file: "environment.md",
        summary: "environment variables",
        document: ENVIRONMENT,
    },
    Topic {
        name: "credential-sources",
        file: "credential-sources.md",
        summary: "which credential is used",
        document: CREDENTIAL_SOURCES,
    },
    Topic {
        name: "exit-codes",
        file: "exit-codes.md",
        summary: "exit codes and error codes",
        document: EXIT_CODES,
    },
    Topic {
        name: "json",
        file: "json.md",
        summary: "documents that --json prints",
        document: JSON,
    },
    Topic {
        name: "files",
        file: "files.md",
        summary: "files and settings",
        document: FILES,
    },
    Topic {
        name: "provider-format",
        file: "provider-format.md",
        summary: "files that describe a service",
        document: FORMAT_REFERENCE,
    },
];

pub(crate) fn topic_names() -> Vec<&'static str> {
    TOPICS.iter().map(|topic| topic.name).collect()
}

/// Splits Markdown into blocks. Handles what the reference documents use.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut is_after_blank = true;
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let code = lines.by_ref().take_while(|line| !line.starts_with("```"));
            blocks.push(Block::Code(code.map(str::to_owned).collect()));
        } else if let Some(text) = line.strip_prefix('#') {
            blocks.push(Block::Heading(
                text.trim_start_matches('#').trim().to_owned(),
            ));
        } else if line.starts_with("|--") {
            // The row above was the table's header.
            blocks.pop();
        } else if let Some(row) = line.strip_prefix("| ") {
            blocks.extend(table_row(row));
        } else if let Some(text) = line.strip_prefix("- ") {
            blocks.push(Block::Item(text.to_owned()));
        } else if !line.is_empty() {
            append(
                &mut blocks,
                line.trim(),
                is_after_blank || is_numbered(line),
            );
        }
        is_after_blank = line.is_empty();
    }
    blocks.into_iter().map(without_markup).collect()
}

fn without_markup(block: Block) -> Block {
    match block {
        Block::Heading(text) => Block::Heading(plain(&text)),
        Block::Paragraph(text) => Block::Paragraph(plain(&text)),
        Block::Item(text) => Block::Item(plain(&text)),
        Block::Row(term, meaning) => Block::Row(plain(&term), plain(&meaning)),
        code @ Block::Code(_) => code,
    }
}

fn table_row(row: &str) -> Option<Block> {
    let mut cells: Vec<_> = row
        .trim_end_matches('|')
        .split('|')
        .map(str::trim)
        .collect();
    let meaning = cells.pop()?.to_owned();
    cells.retain(|cell| !cell.is_empty());
    Some(Block::Row(cells.join("  "), meaning))
}

/// Returns the section of a document that the anchor of a link leads to, with its heading.
pub(crate) fn section(markdown: &'static str, anchor: &str) -> Option<&'static str> {
    let is_kept = |c: &char| c.is_alphanumeric() || "- ".contains(*c);
    let anchor_of = |heading: &str| {
        let heading = heading.to_lowercase();
        let kept: String = heading.chars().filter(is_kept).collect();
        kept.replace(' ', "-")
    };
    let starts: Vec<usize> = markdown.match_indices("\n## ").map(|(at, _)| at).collect();
    starts.iter().enumerate().find_map(|(index, start)| {
        let end = starts.get(index + 1).copied().unwrap_or(markdown.len());
        let text = markdown.get(*start..end)?.trim_start();
        let heading = text.lines().next()?.trim_start_matches("## ");
        (anchor_of(heading) == anchor).then_some(text)
    })
}

/// Returns true for the first line of an entry of a numbered list.
fn is_numbered(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.starts_with(". ")
}

/// Continues the last paragraph or item, or begins a paragraph.
fn append(blocks: &mut Vec<Block>, text: &str, is_after_blank: bool) {
    match blocks.last_mut() {
        Some(Block::Paragraph(last) | Block::Item(last)) if !is_after_blank => {
            last.push(' ');
            last.push_str(text);
        }
        _ => blocks.push(Block::Paragraph(text.to_owned())),
    }
}

/// Replaces references to the documents of other topics by the command that prints them, and removes those to documents
/// that the program does not carry: `; see [Login](login.md)`, `See [Login](login.md).`
fn resolve_references(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(at) = rest.find("see [").or_else(|| rest.find("See [")) {
        let (before, reference) = rest.split_at(at);
        let Some((_, after)) = reference.split_once("](") else {
            break;
        };
        let Some((target, after)) = after.split_once(')') else {
            break;
        };
        let file = target.split('#').next().unwrap_or_default();
        let topic = TOPICS.iter().find(|topic| topic.file == file);
        text.push_str(before);
        rest = match topic {
            Some(topic) => {
                let see = reference.get(..4).unwrap_or_default();
                for part in [see, "`brainmaps help ", topic.name, "`"] {
                    text.push_str(part);
                }
                after
            }
            None if file.is_empty() => {
                let end = reference.len() - after.len();
                text.push_str(reference.get(..end).unwrap_or_default());
                after
            }
            None => remove_clause(&mut text, after),
        };
    }
    text + rest
}

/// Removes the clause at the end of `text` that a reference behind it completed. Returns the text after the reference.
fn remove_clause<'t>(text: &mut String, after: &'t str) -> &'t str {
    let sentence = text.rfind(". ").map_or(0, |at| at + 1);
    let clause = text.rfind("; ").filter(|at| *at > sentence);
    text.truncate(clause.unwrap_or(sentence));
    if clause.is_some() {
        return after;
    }
    after.strip_prefix('.').unwrap_or(after)
}

/// Removes `code`, **bold** and the targets of links.
pub(crate) fn plain(markdown: &str) -> String {
    let markdown = resolve_references(markdown);
    let mut text = String::new();
    let mut rest = markdown.as_str();
    while let Some((before, after)) = rest.split_once("](") {
        let (before, label) = before.rsplit_once('[').unwrap_or(("", before));
        text.push_str(before);
        text.push_str(label);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    (text + rest).replace('`', "").replace("**", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_name_a_command_or_are_removed() {
        for (markdown, expected) in [
            (
                "a; see [Files](files.md#x).",
                "a; see brainmaps help files.",
            ),
            ("a; see [Sign in](../guide/login.md).", "a."),
            ("a. See [Storage](../design/storage.md).", "a."),
            ("See [Storage](../design/storage.md). b", " b"),
            ("First steps: see [X](x.md). b", " b"),
            ("a (see [Times](#times)), b", "a (see Times), b"),
            ("the [proxy](proxies.md) is", "the proxy is"),
        ] {
            assert_eq!(plain(markdown), expected);
        }
    }

    #[test]
    fn markdown_is_split_into_blocks_without_markup() {
        let text = "# A `b`\n\none [two\nthree](x.md#y), four\n\n1. x\n   y\n2. z\n\n| a | b |\n|---|---|\n| 1 | `X` | c |\n\n- **i**: j\n  k\n\n```json\n{}\n```\n";
        let row = Block::Row("1  X".to_owned(), "c".to_owned());
        assert_eq!(
            blocks(text),
            [
                Block::Heading("A b".to_owned()),
                Block::Paragraph("one two three, four".to_owned()),
                Block::Paragraph("1. x y".to_owned()),
                Block::Paragraph("2. z".to_owned()),
                row,
                Block::Item("i: j k".to_owned()),
                Block::Code(vec!["{}".to_owned()]),
            ]
        );
    }
}
