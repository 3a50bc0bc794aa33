//! Reads the audit log and checks that no line was changed or deleted.

use std::path::{Path, PathBuf};

use super::append::{lock_existing, open_rotated, rotated_name};
use super::chain::{ChainedRecord, FIRST, hash};
use super::{EventLog, MAX_FILES};
use crate::domain::EventRecord;
use crate::files::TrustedFile;
use crate::vault::VaultError;

/// Where a line was changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLine {
    pub file: PathBuf,
    /// From 1: the line after the change.
    pub line: usize,
}

/// The content of all files of the log, the oldest event first.
#[derive(Debug, Default)]
pub struct EventLogContent {
    pub events: Vec<EventRecord>,
    pub lines: usize,
    /// The number of lines that are not events.
    pub damaged: usize,
    /// The lines that do not follow the line before them.
    pub broken: Vec<BrokenLine>,
    /// Whether the current file does not exist: nothing was recorded yet, or it was deleted.
    pub is_missing: bool,
    /// Whether an older file has lines and the current file has none: rotation is followed by a line at once.
    pub is_newest_missing: bool,
}

impl EventLog {
    /// Reads the log; `None` for the system's log, which another program reads. A missing file is an empty log.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn read(&self) -> Result<Option<EventLogContent>, VaultError> {
        match self {
            Self::File(path) => read(path).map(Some),
            Self::Syslog(_) => Ok(None),
        }
    }
}

fn read(path: &Path) -> Result<EventLogContent, VaultError> {
    let _lock = lock_existing(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default();
    let mut reader = Reader::default();
    let mut older_lines = 0;
    for age in (0..MAX_FILES).rev() {
        older_lines = reader.content.lines;
        let Some(file) = open_rotated(path, age)? else {
            reader.content.is_missing = age == 0;
            continue;
        };
        let path = path.with_file_name(rotated_name(&name, age));
        // The oldest file follows one that was deleted.
        let is_continued = age == MAX_FILES - 1;
        reader.add(&path, &TrustedFile::read(file)?, is_continued);
    }
    let lines = reader.content.lines;
    reader.content.is_newest_missing = lines > 0 && lines == older_lines;
    Ok(reader.content)
}

#[derive(Default)]
struct Reader {
    content: EventLogContent,
    /// The hash of the last line.
    last: Option<String>,
}

impl Reader {
    fn add(&mut self, path: &Path, text: &[u8], is_continued: bool) {
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        if text.is_empty() {
            return;
        }
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let expected = match &self.last {
                Some(last) => Some(last.as_str()),
                None => (!is_continued).then_some(FIRST),
            };
            match serde_json::from_slice::<ChainedRecord>(line) {
                Ok(read) => {
                    if expected.is_some_and(|expected| expected != read.prev) {
                        self.content.broken.push(BrokenLine {
                            file: path.to_owned(),
                            line: index + 1,
                        });
                    }
                    self.content.events.push(read.record.sanitized());
                }
                Err(_) => self.content.damaged += 1,
            }
            self.content.lines += 1;
            self.last = Some(hash(line));
        }
    }
}
