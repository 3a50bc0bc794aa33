//! The reference documents that the program carries, for `help TOPIC` and the manual page.
//!
//! The same files are the documentation of the project, and tests compare them with the code.

/// A piece of a document, without markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    Heading(String),
    Paragraph(String),
    Item(String),
    /// A table row: the first cells, and the meaning in the last one.
    Row(String, String),
    Code(Vec<String>),
}

pub(super) const EXIT_CODES: &str = include_str!("../../../docs/reference/exit-codes.md");
pub(super) const ENVIRONMENT: &str = include_str!("../../../docs/reference/environment.md");
pub(super) const FILES: &str = include_str!("../../../docs/reference/files.md");
const JSON: &str = include_str!("../../../docs/reference/json.md");
const PROVIDER_FORMAT: &str = include_str!("../../../docs/reference/provider-format.md");
const GLOBAL: &str = include_str!("../../../docs/reference/global-options.md");

/// The topics of `help`.
pub(super) const TOPICS: [(&str, &str); 5] = [
    ("global", GLOBAL),
    ("environment", ENVIRONMENT),
    ("exit-codes", EXIT_CODES),
    ("json", JSON),
    ("provider-format", PROVIDER_FORMAT),
];

/// Splits Markdown into blocks. Handles what the reference documents use.
pub(super) fn blocks(markdown: &str) -> Vec<Block> {
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
            append(&mut blocks, line.trim(), is_after_blank);
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

/// Removes `code`, **bold** and the targets of links.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
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
    fn markdown_is_split_into_blocks_without_markup() {
        let text = "# A `b`\n\none [two\nthree](x.md#y), four\n\n| a | b |\n|---|---|\n| 1 | `X` | c |\n\n- **i**: j\n  k\n\n```json\n{}\n```\n";
        let row = Block::Row("1  X".to_owned(), "c".to_owned());
        assert_eq!(
            blocks(text),
            [
                Block::Heading("A b".to_owned()),
                Block::Paragraph("one two three, four".to_owned()),
                row,
                Block::Item("i: j k".to_owned()),
                Block::Code(vec!["{}".to_owned()]),
            ]
        );
    }
}
