//! A JSON document with a list that is too long for memory: its items wait in a file without a name until all are there,
//! so that a failure on the way is the only document.

use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};

use serde::Serialize;
use tempfile::SpooledTempFile;

use super::{Look, OutputError, json};

/// Up to this many bytes of items wait in memory, more in a file.
const IN_MEMORY: usize = 256 * 1024;

/// A list whose items are longer than this together is not kept: it would fill the disk of a small machine.
const MOST: u64 = 64 * 1024 * 1024;

/// About how much is written at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The document: some members, and the list as the last.
#[derive(Debug)]
pub struct LongDocument {
    /// All up to the first item.
    begin: String,
    look: Look,
    items: BufWriter<SpooledTempFile>,
    /// How many bytes of items may still be added.
    left: u64,
}

impl LongDocument {
    /// A document for a stream with this `look`: the members of `head`, which is an object that has some, and an empty
    /// list called `list`.
    ///
    /// # Errors
    /// [`OutputError`] when `head` cannot be written as JSON.
    pub fn new(look: Look, head: &impl Serialize, list: &str) -> Result<Self, OutputError> {
        let head = text(head, &look)?;
        let head = head.strip_suffix('}').unwrap_or(&head);
        Ok(Self {
            begin: format!("{head},\"{list}\":["),
            look,
            items: BufWriter::new(SpooledTempFile::new(IN_MEMORY)),
            left: MOST,
        })
    }

    /// Adds an item. This is no place for secrets.
    ///
    /// # Errors
    /// [`OutputError`] when there is no room for it, and [`OutputError::TooLong`] beyond 64 MiB of items.
    pub fn push(&mut self, item: &impl Serialize) -> Result<(), OutputError> {
        let line = text(item, &self.look)? + "\n";
        let left = self.left.checked_sub(line.len() as u64);
        self.left = left.ok_or(OutputError::TooLong { most: MOST })?;
        let written = self.items.write_all(line.as_bytes());
        written.map_err(OutputError::Failed)
    }

    /// Hands the document to `write`, piece by piece.
    pub(super) fn tell(
        self,
        mut write: impl FnMut(&str) -> Result<(), OutputError>,
    ) -> Result<(), OutputError> {
        let between = if self.look.terminal { ",\n" } else { "," };
        let unbuffered = self.items.into_inner();
        let mut items = unbuffered.map_err(|error| OutputError::Failed(error.into_error()))?;
        items.rewind().map_err(OutputError::Failed)?;
        let mut piece = self.begin;
        for (at, line) in BufReader::new(items).lines().enumerate() {
            if at > 0 {
                piece.push_str(between);
            }
            piece.push_str(&line.map_err(OutputError::Failed)?);
            if piece.len() >= CHUNK {
                write(&piece)?;
                piece.clear();
            }
        }
        piece.push_str("]}\n");
        write(&piece)
    }
}

fn text(value: &impl Serialize, look: &Look) -> Result<String, OutputError> {
    let ascii = look.terminal && !look.utf8;
    json::text(value, false, ascii).map_err(|error| OutputError::Failed(io::Error::from(error)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_list_that_never_ends_does_not_fill_the_disk() {
        let mut document = LongDocument::new(Look::PLAIN, &json!({ "a": 1 }), "tokens").unwrap();
        let item = json!({ "name": "x".repeat(1024 * 1024) });
        for _ in 0..63 {
            document.push(&item).unwrap();
        }
        let refused = document.push(&item).unwrap_err();
        assert!(matches!(refused, OutputError::TooLong { .. }));
        assert_eq!(
            refused.to_string(),
            "cannot write the list as one JSON document: its items are longer than 64 MiB"
        );
    }

    #[test]
    fn it_is_one_document_however_long() {
        for count in [0, 1, 3, 20_000] {
            let head = json!({ "profile": "p", "last": { "a": 1 } });
            let mut document = LongDocument::new(Look::PLAIN, &head, "tokens").unwrap();
            for at in 0..count {
                document
                    .push(&json!({ "id": at, "name": "a\n\u{9b}" }))
                    .unwrap();
            }
            let (mut text, mut longest) = (String::new(), 0);
            let told = document.tell(|piece| {
                longest = longest.max(piece.len());
                text.push_str(piece);
                Ok(())
            });
            told.unwrap();
            let read: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(read["tokens"].as_array().unwrap().len(), count);
            assert_eq!(read["last"]["a"], 1);
            assert_eq!(text.matches('\n').count(), 1);
            assert!(longest < 2 * CHUNK);
        }
    }
}
