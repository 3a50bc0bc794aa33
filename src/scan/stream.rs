//! Scans a stream of any length in windows, so that neither long lines nor large files need more memory.

use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use memchr::{memchr, memchr_iter, memrchr};

use super::finding::{Finding, Tally};
use super::lookup::Verdict;
use super::rules::Rules;
use super::runs::Runs;

const WINDOW: usize = 1024 * 1024;
/// A key, with the text that decides about it, is at most this long.
const LOOKAHEAD: usize = 16 * 1024;
/// The text before a key that decides about it.
const LOOKBEHIND: usize = 1024;

/// Shorter runs of base64 are not decoded: they contain fewer than 24 bytes, and such keys are rare.
const MIN_RUN: usize = 32;
/// A comment on the same line that allows a key.
const ALLOW: &[u8] = b"brainmaps:allow";
/// How far a comment is searched in a long line.
const ALLOW_DISTANCE: usize = 512;

const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
const MAX_LFS_POINTER: usize = 1024;

/// Where a window begins in the stream.
#[derive(Debug, Clone, Copy)]
struct Position {
    line: u64,
    /// Characters before it in its line.
    column: u64,
}

impl Position {
    const START: Self = Self { line: 1, column: 0 };

    fn advance(&mut self, text: &[u8]) {
        self.line += memchr_iter(b'\n', text).count() as u64;
        let line = memrchr(b'\n', text).map(|end| &text[end + 1..]);
        self.column = match line {
            Some(line) => count_characters(line),
            None => self.column + count_characters(text),
        };
    }
}

/// Counts the characters of UTF-8, and the bytes of anything else.
fn count_characters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u64
}

/// The findings in a stream, and what was left out. The locations have no file.
#[derive(Debug, Default)]
pub struct Scanned {
    pub findings: Vec<Finding>,
    pub tally: Tally,
}

/// Scans one stream after the other with one buffer.
pub struct StreamScanner<'a> {
    rules: &'a Rules,
    buffer: Vec<u8>,
}

/// A part of the stream: the literals that begin in `text[from..to]` are examined.
#[derive(Clone, Copy)]
struct Window<'t> {
    text: &'t [u8],
    from: usize,
    to: usize,
}

impl<'a> StreamScanner<'a> {
    pub fn new(rules: &'a Rules) -> Self {
        Self {
            rules,
            buffer: vec![0; LOOKBEHIND + WINDOW + LOOKAHEAD],
        }
    }

    /// Scans the stream to its last byte.
    ///
    /// # Errors
    /// If the stream cannot be read.
    pub fn scan(&mut self, source: &mut impl Read) -> io::Result<Scanned> {
        let mut scanned = Scanned::default();
        scanned.tally.scanned = 1;
        let mut position = Position::START;
        let (mut from, mut length) = (0, 0);
        loop {
            let read = fill(&mut self.buffer[length..], source)?;
            length += read;
            scanned.tally.bytes += read as u64;
            let is_end = length < self.buffer.len();
            let text = &self.buffer[..length];
            if is_end && from == 0 && is_lfs_pointer(text) {
                // The pointer itself is searched too, because any text may follow it.
                scanned.tally.lfs_pointers = 1;
            }
            let to = if is_end { length } else { length - LOOKAHEAD };
            let window = Window { text, from, to };
            self.rules.scan_window(window, position, &mut scanned);
            if is_end {
                return Ok(scanned);
            }
            let unneeded = to - LOOKBEHIND;
            position.advance(&text[..unneeded]);
            self.buffer.copy_within(unneeded.., 0);
            (from, length) = (LOOKBEHIND, length - unneeded);
        }
    }
}

/// Reads until `buffer` is full or the stream ends.
fn fill(buffer: &mut [u8], source: &mut impl Read) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn is_lfs_pointer(text: &[u8]) -> bool {
    text.len() <= MAX_LFS_POINTER && text.starts_with(LFS_POINTER)
}

impl Rules {
    fn scan_window(&self, window: Window<'_>, position: Position, scanned: &mut Scanned) {
        let hits = self.find_hits(window, &mut scanned.tally);
        place_hits(window.text, position, hits, scanned);
    }

    /// Returns the keys in a short text, each with its location, in order.
    pub(super) fn find_in(&self, text: &[u8]) -> Vec<(usize, Finding)> {
        let (from, to) = (0, text.len());
        self.find_hits(Window { text, from, to }, &mut Tally::default())
    }

    /// Returns the keys in the last component of `path`. Their locations have no line.
    pub(super) fn find_in_name(&self, path: &Path) -> Vec<Finding> {
        let name = path.file_name().unwrap_or_default();
        let found = self.find_in(name.as_bytes()).into_iter();
        let found = found.map(|(_, mut finding)| {
            finding.location.file = Some(path.to_owned());
            finding
        });
        found.collect()
    }

    /// Returns the keys in the names of a file and of the directories that it is in.
    pub fn find_in_path(&self, path: &Path) -> Vec<Finding> {
        let names = path.ancestors();
        names.flat_map(|name| self.find_in_name(name)).collect()
    }

    fn find_hits(&self, window: Window<'_>, tally: &mut Tally) -> Vec<(usize, Finding)> {
        let mut hits: Vec<(usize, Finding)> = Vec::new();
        let mut take = |verdict| match verdict {
            Verdict::Key { at, finding } => hits.push((at, *finding)),
            Verdict::OtherJwt => tally.other_jwts += 1,
            Verdict::Nothing => {}
        };
        let direct = self.literals.find_direct(window.text, window.from);
        for (at, literal) in direct.take_while(|(at, _)| *at < window.to) {
            take(self.examine(window.text, at, literal));
        }
        self.scan_runs(window, &mut take);
        hits.sort_by_key(|(at, finding)| (*at, finding.encoding));
        hits.dedup_by(|(at, later), (first, first_finding)| {
            at == first && later.key == first_finding.key
        });
        hits
    }

    fn scan_runs(&self, window: Window<'_>, take: &mut impl FnMut(Verdict)) {
        let is_inside = |at: &usize| (window.from..window.to).contains(at);
        let shortest = self.shortest_created_key();
        for run in Runs::new(window.text, MIN_RUN.min(shortest)) {
            let (start, text) = (run.start, &window.text[run]);
            if text.len() >= MIN_RUN {
                for (at, literal) in self.literals.find_encoded(text) {
                    if is_inside(&(start + at)) {
                        take(self.examine(window.text, start + at, literal));
                    }
                }
            }
            if shortest < usize::MAX {
                self.scan_created(window, start..start + text.len(), take);
            }
        }
    }

    /// Compares the parts of a run with the keys that this computer created. Paths and URLs are runs with slashes.
    fn scan_created(&self, window: Window<'_>, run: Range<usize>, take: &mut impl FnMut(Verdict)) {
        let mut at = run.start;
        for part in window.text[run].split(|byte| matches!(byte, b'/' | b'+')) {
            let is_inside = (window.from..window.to).contains(&at);
            if let Some(finding) = is_inside.then(|| self.examine_run(part)).flatten() {
                let finding = Box::new(finding);
                take(Verdict::Key { at, finding });
            }
            at += part.len() + 1;
        }
    }

    /// Returns the length of the shortest created key that no prefix announces; the greatest number if there is none.
    fn shortest_created_key(&self) -> usize {
        const UNRECORDED: usize = 20;
        let lengths = self.known.created_lengths.iter();
        let lengths = lengths.map(|length| if *length == 0 { UNRECORDED } else { *length });
        lengths.min().unwrap_or(usize::MAX).max(8)
    }
}

/// Computes line and column of each hit, in order, and leaves out those with a comment that allows them.
fn place_hits(
    text: &[u8],
    mut position: Position,
    hits: Vec<(usize, Finding)>,
    scanned: &mut Scanned,
) {
    let mut advanced = 0;
    for (at, mut finding) in hits {
        position.advance(&text[advanced..at]);
        advanced = at;
        if is_allowed(text, at) {
            scanned.tally.allowed += 1;
            continue;
        }
        finding.location.line = position.line;
        finding.location.column = position.column + 1;
        scanned.findings.push(finding);
    }
}

/// Returns `true` if the line around `at` contains the comment that allows a key.
fn is_allowed(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(ALLOW_DISTANCE)..at];
    let start =
        memrchr(b'\n', before).map_or(at - before.len(), |line| at - before.len() + line + 1);
    let after = &text[at..];
    let end = memchr(b'\n', &after[..after.len().min(LOOKAHEAD)]);
    let end = at + end.unwrap_or(after.len().min(ALLOW_DISTANCE));
    memchr::memmem::find(&text[start..end], ALLOW).is_some()
}
