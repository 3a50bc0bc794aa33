//! Prints the reference documents as text.

use super::{Block, blocks};
use crate::ui::{Line, OutputError, Shell, Span};

/// Prints Markdown as text.
pub(crate) fn print_document(shell: &Shell, markdown: &str) -> Result<(), OutputError> {
    let blocks = blocks(markdown);
    for (index, block) in blocks.iter().enumerate() {
        let previous = index.checked_sub(1).map(|previous| &blocks[previous]);
        if previous.is_some_and(|previous| is_separated(previous, block)) {
            shell.result("")?;
        }
        print(shell, block)?;
    }
    Ok(())
}

/// Rows and items of a list follow each other without a blank line.
fn is_separated(previous: &Block, block: &Block) -> bool {
    !matches!(
        (previous, block),
        (Block::Row(..), Block::Row(..)) | (Block::Item(_), Block::Item(_))
    )
}

fn print(shell: &Shell, block: &Block) -> Result<(), OutputError> {
    match block {
        Block::Heading(text) => shell.result(Span::bold(text.as_str()))?,
        Block::Paragraph(text) => indented(shell, text, "", "")?,
        Block::Item(text) => indented(shell, text, "- ", "  ")?,
        Block::Row(term, meaning) => {
            shell.result(Line::from([Span::plain("  "), Span::bold(term.as_str())]))?;
            indented(shell, meaning, "      ", "      ")?;
        }
        Block::Code(lines) => {
            for line in lines {
                shell.result(format!("    {line}"))?;
            }
        }
    }
    Ok(())
}

/// Prints `text` in lines that fit; the first line gets its own indentation.
pub(crate) fn indented(
    shell: &Shell,
    text: &str,
    first: &str,
    rest: &str,
) -> Result<(), OutputError> {
    let lines = shell.stdout_style().wrap_text(text, rest.len());
    for (index, line) in lines.iter().enumerate() {
        let indent = if index == 0 { first } else { rest };
        shell.result(format!("{indent}{line}"))?;
    }
    Ok(())
}
