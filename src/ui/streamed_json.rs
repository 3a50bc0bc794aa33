//! A JSON document with a list that may be too long for memory. Its items are kept in an unnamed file until the list is
//! complete, so that after a failure no part of a document was printed.

use std::io::{BufRead, BufReader, BufWriter, Seek, Write};

use serde::Serialize;
use tempfile::SpooledTempFile;
use zeroize::Zeroizing;

use super::{Document, OutputError, StreamStyle};

/// Items beyond this many bytes are kept in a file.
const MEMORY_LIMIT: usize = 256 * 1024;

/// The limit of all items together, so that an endless list does not fill the disk.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The size of the pieces that are written, in bytes.
const CHUNK_SIZE: usize = 64 * 1024;

/// A document whose last member is the list.
#[derive(Debug)]
pub struct StreamedJson {
    /// The text before the first item.
    prefix: String,
    stream: StreamStyle,
    items: BufWriter<SpooledTempFile>,
    /// The bytes of items that may still be added.
    remaining: u64,
}

impl StreamedJson {
    /// Creates a document with the members of `head`, which is an object with members, and an empty list named `list`.
    ///
    /// # Errors
    /// [`OutputError`] if `head` cannot be serialized.
    pub fn new(
        stream: StreamStyle,
        head: &impl Serialize,
        list: &str,
    ) -> Result<Self, OutputError> {
        let head = to_json(head, &stream)?;
        let head = head.strip_suffix('}').unwrap_or(&head);
        Ok(Self {
            prefix: format!("{head},\"{list}\":["),
            stream,
            items: BufWriter::new(SpooledTempFile::new(MEMORY_LIMIT)),
            remaining: MAX_BYTES,
        })
    }

    /// Adds an item, which must not contain secrets.
    ///
    /// # Errors
    /// [`OutputError`] if the file cannot be written, and [`OutputError::TooLong`] beyond 64 MiB of items.
    pub fn push(&mut self, item: &impl Serialize) -> Result<(), OutputError> {
        let mut line = to_json(item, &self.stream)?;
        line.push('\n');
        let left = self.remaining.checked_sub(line.len() as u64);
        self.remaining = left.ok_or(OutputError::TooLong { most: MAX_BYTES })?;
        let written = self.items.write_all(line.as_bytes());
        written.map_err(OutputError::Failed)
    }

    /// Passes the document to `write` in pieces.
    pub(super) fn write_to(
        self,
        mut write: impl FnMut(&str) -> Result<(), OutputError>,
    ) -> Result<(), OutputError> {
        let between = if self.stream.terminal { ",\n" } else { "," };
        let unbuffered = self.items.into_inner();
        let mut items = unbuffered.map_err(|error| OutputError::Failed(error.into_error()))?;
        items.rewind().map_err(OutputError::Failed)?;
        let mut piece = self.prefix;
        for (at, line) in BufReader::new(items).lines().enumerate() {
            if at > 0 {
                piece.push_str(between);
            }
            piece.push_str(&line.map_err(OutputError::Failed)?);
            if piece.len() >= CHUNK_SIZE {
                write(&piece)?;
                piece.clear();
            }
        }
        piece.push_str("]}\n");
        write(&piece)
    }
}

fn to_json(value: &impl Serialize, stream: &StreamStyle) -> Result<Zeroizing<String>, OutputError> {
    Ok(Document::new(value)?.text(stream.terminal && !stream.utf8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn endless_list_is_cut_off() {
        let mut document =
            StreamedJson::new(StreamStyle::PLAIN, &json!({ "a": 1 }), "tokens").unwrap();
        let item = json!({ "name": "x".repeat(1024 * 1024) });
        for _ in 0..63 {
            document.push(&item).unwrap();
        }
        let error = document.push(&item).unwrap_err();
        assert!(matches!(error, OutputError::TooLong { .. }));
        assert_eq!(
            error.to_string(),
            "cannot write the list as one JSON document: its items are longer than 64 MiB"
        );
    }

    #[test]
    fn any_length_is_one_document() {
        for count in [0, 1, 3, 20_000] {
            let head = json!({ "profile": "p", "last": { "a": 1 } });
            let mut document = StreamedJson::new(StreamStyle::PLAIN, &head, "tokens").unwrap();
            for at in 0..count {
                document
                    .push(&json!({ "id": at, "name": "a\n\u{9b}" }))
                    .unwrap();
            }
            let (mut text, mut longest) = (String::new(), 0);
            let result = document.write_to(|piece| {
                longest = longest.max(piece.len());
                text.push_str(piece);
                Ok(())
            });
            result.unwrap();
            let read: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(read["tokens"].as_array().unwrap().len(), count);
            assert_eq!(read["last"]["a"], 1);
            assert_eq!(text.matches('\n').count(), 1);
            assert!(longest < 2 * CHUNK_SIZE);
        }
    }
}
