//! `token scan` with the real program and the real git, in trees and histories with keys in odd places.

mod annotations;
#[cfg(feature = "sandbox")]
mod damaged;
mod damaged_index;
mod encodings;
mod git_files;
mod hook;
mod hostile;
mod names;
mod output;
mod own_service;
mod repository;
mod revoke;
mod same_ids;
#[cfg(feature = "sandbox")]
mod several_servers;
#[cfg(feature = "sandbox")]
mod sign_out;
mod tree;
#[cfg(feature = "sandbox")]
mod unreadable;
mod unusable_credentials;
mod verify;
mod volume;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::temp_dir::temp_dir;
use crate::support::test_home::{CommandResult, TestHome};

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &str = "0123456789abcdef";

/// Returns a text that looks random, always the same for one `seed`. Keys are made here, so that no file of the project
/// contains one.
fn random(alphabet: &str, length: usize, seed: u64) -> String {
    let mut state = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let letters: Vec<char> = alphabet.chars().collect();
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        letters[usize::try_from(state >> 33).unwrap() % letters.len()]
    };
    (0..length).map(|_| next()).collect()
}

/// A key of each service: its provider, the key, and a line in which it is recognized.
fn key_lines(seed: u64) -> Vec<(&'static str, String, String)> {
    let bmc = format!("bmc_{}", random(LETTERS, 32, seed));
    let bp = format!("bp_{}", random(HEX, 64, seed));
    let dbm = format!(
        "dbm_ak_{}_{}",
        random(LETTERS, 8, seed),
        random(LETTERS, 32, seed + 1)
    );
    let maps = random(HEX, 40, seed + 2);
    let neuroio = random(HEX, 40, seed + 3);
    vec![
        ("basic-memory", bmc.clone(), format!("key: {bmc}")),
        (
            "brainpercent",
            bp.clone(),
            format!("Authorization: Bearer {bp}"),
        ),
        ("basira", dbm.clone(), format!("client = Client(\"{dbm}\")")),
        (
            "brainmaps",
            maps.clone(),
            format!("export BRAINMAPS_API_KEY={maps}"),
        ),
        (
            "neuroio",
            neuroio.clone(),
            format!("NEUROIO_API_KEY: \"{neuroio}\""),
        ),
    ]
}

fn bmc(seed: u64) -> String {
    format!("bmc_{}", random(LETTERS, 32, seed))
}

/// A home, and a tree outside of it: the leak harness reads every file in the home.
struct Scene {
    home: TestHome,
    tree: TempDir,
}

impl Scene {
    fn new() -> Self {
        let mut home = TestHome::new();
        home.set("PATH", "/usr/local/bin:/usr/bin:/bin");
        Self {
            home,
            tree: temp_dir(),
        }
    }

    /// A scene whose tree is a repository.
    fn repository() -> Self {
        let scene = Self::new();
        scene.git(&["init", "--quiet", "--initial-branch=main"]);
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.tree.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    fn git(&self, arguments: &[&str]) -> String {
        git_in(self.tree.path(), self.home.path(), arguments)
    }

    fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all", "--force"]);
        self.git(&["commit", "--quiet", "--no-verify", "--message", message]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    fn scan_in(&self, directory: &Path, arguments: &[&str], input: &str) -> CommandResult {
        let arguments = [&["token", "scan"], arguments].concat();
        let mut command = self.home.command(&arguments);
        command.current_dir(directory);
        self.home
            .start_command(&mut command, &arguments, input)
            .wait()
    }

    fn scan(&self, arguments: &[&str]) -> CommandResult {
        self.scan_in(self.tree.path(), arguments, "")
    }

    /// Returns the findings, and fails unless the exit status matches them.
    fn findings(&self, arguments: &[&str]) -> Vec<Value> {
        self.document(arguments)["findings"]
            .as_array()
            .unwrap()
            .clone()
    }

    fn document(&self, arguments: &[&str]) -> Value {
        let result = self.scan(&[arguments, &["--json"]].concat());
        let document = result.json();
        let is_empty = document["findings"].as_array().unwrap().is_empty();
        result.expect(if is_empty { 0 } else { 9 });
        document
    }

    /// Returns `FILE:LINE:COLUMN` of each finding.
    fn places(&self, arguments: &[&str]) -> Vec<String> {
        self.findings(arguments).iter().map(place).collect()
    }
}

fn place(finding: &Value) -> String {
    let file = finding["file"].as_str().unwrap_or("-");
    format!("{file}:{}:{}", finding["line"], finding["column"])
}

fn git_in(directory: &Path, home: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "commit.gpgSign=false",
        ])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {shown}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
