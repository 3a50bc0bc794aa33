//! The fuzz targets over their corpus and its mutations. `fuzz/README.md` explains how to fuzz longer.

#[path = "../../fuzz/targets/mod.rs"]
mod targets;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    thread,
};

use targets::{TARGETS, Target};

/// Fixed, so that a failure is reproducible.
const SEED: u64 = 0x6d61_7073_2026;

/// The number of mutations per seed.
const MUTATIONS: u64 = 60;

/// Text that often breaks parsers.
const WORDS: &[&[u8]] = &[
    b"null",
    b"-1",
    b"1e308",
    b"18446744073709551616",
    b"\"\"",
    b"\"",
    b"'",
    b"\\",
    b"{",
    b"[[[[[[[[",
    b"\\u0000",
    b"\\ud800",
    b"\x1b[2J",
    b"\xe2\x80\xae",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\n\n",
    b"\n---\n",
    b"=",
    b"$",
    b"${",
    b"#",
    b".",
    b":",
    b"@",
    b"https://evil.example/",
    b"\xc2\x9b",
    b"\0",
    b"sent-c4n4ry-secret",
];

/// A small generator (xorshift64*): the mutations must be reproducible, not unpredictable.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % end.max(1)
    }

    fn part(&mut self, of: &[u8]) -> (usize, usize) {
        let from = self.below(of.len() + 1);
        let length = self.below(24.min(of.len() - from) + 1);
        (from, from + length)
    }

    /// Applies one to four changes.
    fn mutate(&mut self, seed: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.below(4) {
            let (from, to) = self.part(&bytes);
            let word = WORDS[self.below(WORDS.len())];
            let piece = bytes[from..to].to_vec();
            let new: &[u8] = match self.below(6) {
                0 => &[],
                1 => word,
                2 => &piece.repeat(3),
                3 => &[piece.as_slice(), word].concat(),
                4 => {
                    let (from, to) = self.part(other);
                    &other[from..to]
                }
                _ => &[piece.first().copied().unwrap_or_default() ^ 1 << self.below(8)],
            };
            let to = if self.below(40) == 0 { bytes.len() } else { to };
            bytes.splice(from..to, new.iter().copied());
        }
        bytes
    }
}

fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(name);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut seeds: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    seeds.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        (path, bytes)
    };
    seeds.into_iter().map(read).collect()
}

/// Describes an input that broke a promise.
fn broken(name: &str, target: Target, bytes: &[u8], what: &str) -> Option<String> {
    let ended = catch_unwind(AssertUnwindSafe(|| target(bytes)));
    let printed = || format!("{name}: {what}: b\"{}\"", bytes.escape_ascii());
    ended.err().map(|_| printed())
}

fn run_target(name: &str, target: Target, mutations: u64) -> Vec<String> {
    let seeds = corpus(name);
    assert!(!seeds.is_empty(), "no corpus for {name}");
    let mut found = Vec::new();
    for (index, (path, seed)) in seeds.iter().enumerate() {
        found.extend(broken(name, target, seed, &path.display().to_string()));
        for number in 0..mutations {
            let mut random = Random(SEED + number);
            let other = &seeds[(index + 1 + random.below(seeds.len())) % seeds.len()].1;
            let bytes = random.mutate(seed, other);
            let what = format!("mutation {number} of {} (seed {SEED:#x})", path.display());
            found.extend(broken(name, target, &bytes, &what));
        }
    }
    found
}

#[test]
fn no_corpus_input_violates_an_invariant() {
    run_targets(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn no_mutated_corpus_input_violates_an_invariant() {
    run_targets(MUTATIONS);
}

fn run_targets(mutations: u64) {
    let found: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = TARGETS
            .iter()
            .map(|(name, target)| scope.spawn(|| run_target(name, *target, mutations)))
            .collect();
        let ended = running
            .into_iter()
            .flat_map(|thread| thread.join().unwrap());
        ended.collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_target_is_a_binary_of_the_fuzz_crate() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        let program = format!("fuzz_targets/{name}.rs");
        assert!(
            manifest.contains(&format!("path = \"{program}\"")),
            "{name}"
        );
        let source = fs::read_to_string(fuzz.join(program)).unwrap();
        assert!(
            source.contains(&format!("targets::run(\"{name}\", bytes)")),
            "{name}"
        );
        targets::run(name, b"");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    assert_eq!(
        fs::read_dir(fuzz.join("corpus")).unwrap().count(),
        TARGETS.len()
    );
}
