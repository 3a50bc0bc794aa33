//! Reads what git prints: objects (`cat-file --batch`) and the commits that introduced them (`log --raw`).

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, BufRead, Read as _};
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

use memchr::memmem;

use super::{Finding, Location, StreamScanner, Tally, Unreadable};
use crate::domain::Secret;

/// The longest line that git prints about an object: its name, type and size.
const MAX_LINE: u64 = 4096;

/// A line in the output of `git cat-file --batch`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum BatchLine {
    /// `NAME TYPE SIZE`. The content follows.
    Object {
        object: String,
        kind: String,
        size: u64,
    },
    /// `NAME missing` or `NAME ambiguous`. Git names an object with `?` if it found out earlier that the object is
    /// missing.
    Missing { name: String, reason: String },
}

impl BatchLine {
    /// # Errors
    /// For any other line: the content of an object would be read as lines, and lines as content.
    fn parse(line: &[u8]) -> io::Result<Self> {
        let line = std::str::from_utf8(line).ok();
        let words: Vec<&str> = line
            .map(|line| line.split(' ').collect())
            .unwrap_or_default();
        let parsed = match words[..] {
            [object, kind, size] if is_object_name(object) => {
                size.parse().ok().map(|size| Self::Object {
                    object: object.to_owned(),
                    kind: kind.to_owned(),
                    size,
                })
            }
            [name, reason @ ("missing" | "ambiguous")]
                if is_object_name(name.strip_prefix('?').unwrap_or(name)) =>
            {
                Some(Self::Missing {
                    name: name.to_owned(),
                    reason: reason.to_owned(),
                })
            }
            _ => None,
        };
        parsed.ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

fn is_object_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What was scanned of the output of `git cat-file --batch`.
#[derive(Debug, Default)]
pub struct Batch {
    pub findings: Vec<Finding>,
    pub tally: Tally,
    /// The objects that `git rev-list --missing=print` calls missing.
    pub absent: Vec<String>,
    /// How many objects the output has completely, or names as missing.
    pub entries: usize,
    /// Whether the output ends within an object, or has a line that does not announce an object.
    pub is_cut_off: bool,
}

impl Batch {
    pub fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.tally.add(&other.tally);
        self.absent.extend(other.absent);
        self.entries += other.entries;
        self.is_cut_off = other.is_cut_off;
    }

    /// Scans the object that `line` announces.
    fn read_object(
        &mut self,
        line: &[u8],
        output: &mut impl BufRead,
        scanner: &mut StreamScanner<'_>,
    ) -> io::Result<()> {
        let (object, kind, size) = match BatchLine::parse(line)? {
            BatchLine::Object { object, kind, size } => (object, kind, size),
            BatchLine::Missing { name, reason } => {
                self.add_missing(&name, &reason);
                return Ok(());
            }
        };
        let mut content = output.by_ref().take(size);
        let found = scanner.scan(&mut content)?;
        let end = read_end_of_object(output);
        let is_tree = kind == "tree";
        if end.is_ok() && !is_tree {
            self.tally.add(&found.tally);
        }
        self.findings
            .extend(found.findings.into_iter().map(|mut finding| {
                if is_tree {
                    finding.location = Location::default();
                }
                finding.location.object = Some(object.clone());
                finding
            }));
        end
    }

    fn add_missing(&mut self, name: &str, reason: &str) {
        let unreadable = match (name.strip_prefix('?'), reason) {
            (Some(object), _) => return self.absent.push(object.to_owned()),
            (None, "missing") => Unreadable::missing_object(name),
            (None, _) => Unreadable::object(name, reason),
        };
        self.tally.unreadable.push(unreadable);
    }
}

/// Fails if the content of the object is not complete, or is longer than announced.
fn read_end_of_object(output: &mut impl BufRead) -> io::Result<()> {
    let mut end = [0];
    output.read_exact(&mut end)?;
    if end == *b"\n" {
        Ok(())
    } else {
        Err(io::ErrorKind::InvalidData.into())
    }
}

/// Scans the objects that git prints. A key in a tree is in the name of a file or a directory. Each location has the object.
///
/// # Errors
/// If the output cannot be read. An early end is not an error: git stops at an object that it cannot read. Reading also
/// ends at a line that does not announce an object.
pub fn read_batch(output: &mut impl BufRead, scanner: &mut StreamScanner<'_>) -> io::Result<Batch> {
    let mut batch = Batch::default();
    let Err(error) = read_objects(&mut batch, output, scanner) else {
        return Ok(batch);
    };
    let cut_off = [io::ErrorKind::UnexpectedEof, io::ErrorKind::InvalidData];
    if !cut_off.contains(&error.kind()) {
        return Err(error);
    }
    batch.is_cut_off = true;
    Ok(batch)
}

fn read_objects(
    batch: &mut Batch,
    output: &mut impl BufRead,
    scanner: &mut StreamScanner<'_>,
) -> io::Result<()> {
    let mut line = Vec::new();
    while read_line(output, &mut line)? {
        batch.read_object(&line, output, scanner)?;
        batch.entries += 1;
    }
    Ok(())
}

fn read_line(output: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let read = output.by_ref().take(MAX_LINE).read_until(b'\n', line)?;
    if read > 0 && line.pop() != Some(b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(read > 0)
}

/// A commit that introduced an object, and the file that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Appearance {
    commit: String,
    file: Option<PathBuf>,
    /// Greater for older commits.
    age: usize,
}

/// Sets commit and file of each finding from the output of `git log --raw -z`, which lists the newest commit first, and
/// keeps the oldest finding of each key in each file.
///
/// # Errors
/// If the output cannot be read.
pub fn first_appearances(
    output: &mut impl BufRead,
    findings: Vec<Finding>,
) -> io::Result<Vec<Finding>> {
    let mut appearances = Appearances::of(&findings);
    let keys_in_names = KeysInNames::of(&findings);
    let mut field = Vec::new();
    let mut changed: Option<String> = None;
    while read_field(output, &mut field)? {
        let text = String::from_utf8_lossy(&field);
        let text = text.trim_start_matches('\n');
        if let Some(object) = changed.take() {
            for (tree, name_path) in keys_in_names.in_path(&field) {
                appearances.record(tree, Some(path_of(name_path)));
            }
            appearances.record(&object, Some(path_of(&field)));
        } else if let Some(change) = text.strip_prefix(':') {
            changed = Some(change.split(' ').nth(3).unwrap_or_default().to_owned());
        } else if !text.is_empty() {
            appearances.begin_commit(text);
        }
    }
    Ok(oldest_of_each(findings, &appearances.of_objects))
}

/// The appearances of the objects with findings, as far as the log was read.
struct Appearances {
    of_objects: BTreeMap<String, Vec<Appearance>>,
    commit: String,
    age: usize,
}

impl Appearances {
    fn of(findings: &[Finding]) -> Self {
        let objects = findings.iter().filter_map(|it| it.location.object.clone());
        Self {
            of_objects: objects.map(|object| (object, Vec::new())).collect(),
            commit: String::new(),
            age: 0,
        }
    }

    /// Records what follows as of `commit`, which is an object itself.
    fn begin_commit(&mut self, commit: &str) {
        commit.clone_into(&mut self.commit);
        self.age += 1;
        self.record(commit, None);
    }

    fn record(&mut self, object: &str, file: Option<PathBuf>) {
        let Some(found) = self.of_objects.get_mut(object) else {
            return;
        };
        found.retain(|appearance| appearance.file != file);
        found.push(Appearance {
            commit: self.commit.clone(),
            file,
            age: self.age,
        });
    }
}

/// The keys that were found in names of files and directories, each with the git tree that contains the name.
struct KeysInNames(Vec<(Secret, String)>);

impl KeysInNames {
    fn of(findings: &[Finding]) -> Self {
        let named = findings.iter().filter(|it| it.location.is_name());
        let keys = named.filter_map(|it| Some((it.key.clone(), it.location.object.clone()?)));
        Self(keys.collect())
    }

    /// Returns the trees of the keys in `path`, each with the path of the file or directory whose name has the key.
    fn in_path<'a>(&'a self, path: &'a [u8]) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.0.iter().filter_map(move |(key, tree)| {
            let end = memmem::find(path, key.expose().as_bytes())? + key.expose().len();
            let rest = memchr::memchr(b'/', &path[end..]);
            let end = rest.map_or(path.len(), |rest| end + rest);
            Some((tree.as_str(), &path[..end]))
        })
    }
}

/// Returns the path that git prints as `name`.
pub(crate) fn path_of(name: &[u8]) -> PathBuf {
    PathBuf::from(OsString::from_vec(name.to_owned()))
}

fn read_field(output: &mut impl BufRead, field: &mut Vec<u8>) -> io::Result<bool> {
    field.clear();
    let read = output.read_until(0, field)?;
    if field.last() == Some(&0) {
        field.pop();
    }
    Ok(read > 0)
}

fn oldest_of_each(
    findings: Vec<Finding>,
    appearances: &BTreeMap<String, Vec<Appearance>>,
) -> Vec<Finding> {
    let mut oldest: BTreeMap<(String, bool, Option<PathBuf>), (usize, Finding)> = BTreeMap::new();
    for finding in findings {
        let object = finding.location.object.clone().unwrap_or_default();
        let found = appearances.get(&object).map_or(&[][..], Vec::as_slice);
        let unreachable = Appearance {
            commit: String::new(),
            file: None,
            age: 0,
        };
        let unreachable = [unreachable];
        let found = if found.is_empty() {
            &unreachable[..]
        } else {
            found
        };
        for appearance in found {
            let mut finding = finding.clone();
            finding.location.file.clone_from(&appearance.file);
            finding.location.commit =
                Some(appearance.commit.clone()).filter(|commit| !commit.is_empty());
            let is_name = finding.location.is_name();
            let key = (finding.fingerprint(), is_name, appearance.file.clone());
            let is_older = oldest
                .get(&key)
                .is_none_or(|(age, _)| appearance.age > *age);
            if is_older {
                oldest.insert(key, (appearance.age, finding));
            }
        }
    }
    let mut findings: Vec<Finding> = oldest.into_values().map(|(_, finding)| finding).collect();
    findings.sort_by(|a, b| a.location.cmp(&b.location));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{KnownKeys, Rules};

    fn read(output: &[u8]) -> Batch {
        let rules = Rules::new(&[], Vec::new(), KnownKeys::default()).unwrap();
        read_batch(&mut &output[..], &mut StreamScanner::new(&rules)).unwrap()
    }

    #[test]
    fn trees_and_missing_objects_are_not_counted_as_scanned() {
        let output =
            b"aa blob 3\na\nb\nbb tree 4\n\0\n\0x\ncc missing\n?dd missing\nee commit 2\nxx\n";
        let batch = read(output);
        assert_eq!((batch.tally.scanned, batch.tally.bytes), (2, 5));
        let missing = Unreadable::missing_object("cc");
        assert_eq!(batch.tally.unreadable, [missing]);
        assert_eq!((batch.absent, batch.entries), (vec!["dd".to_owned()], 5));
        assert_eq!(read(b"").tally, Tally::default());
    }

    #[test]
    fn objects_before_the_end_of_output_that_is_cut_off_are_counted() {
        for (output, entries) in [
            (&b"aa blob 1\na\nbb blob 3 caf\xe9\nabc\n"[..], 1),
            (b"aa blob 1\na\nno object\nbb blob 1\nb\n", 1),
            (b"aa blob 1\na\nbb blob 1\nbc\ncc missing\n", 1),
            (b"aa blob 3\nab", 0),
            (b"aa blob 3\nabc", 0),
            (b"aa blob 1\na\nbb missing\ncc blob", 2),
        ] {
            let batch = read(output);
            let shown = String::from_utf8_lossy(output);
            assert_eq!(
                (batch.is_cut_off, batch.entries),
                (true, entries),
                "{shown}"
            );
            assert_eq!(batch.tally.scanned, u64::from(entries > 0), "{shown}");
        }
        assert!(!read(b"aa blob 1\na\n").is_cut_off);
    }
}
