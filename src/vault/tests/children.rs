//! Tests that need a process of their own, to set its umask or kill it.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::*;

const CHILD: &str = "this-is-for-a-child-process";

/// Runs one of the ignored tests below as a process in `directory`, after the shell commands in `setup`.
fn child(test: &str, setup: &str, directory: &Path) -> Child {
    put(&directory.join(CHILD), "", 0o600);
    let script =
        format!("{setup}; exec \"$0\" --exact --ignored --quiet vault::tests::children::{test}");
    Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .current_dir(directory)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "run as a child by modes_do_not_depend_on_the_umask"]
fn child_writes_once() {
    if Path::new(CHILD).exists() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let vault = Vault::new("a/b".into());
        runtime.block_on(write(&vault, "canary"));
        let insert = |index: &mut ProfileIndex| index.default_profile = Some(work());
        runtime.block_on(vault.update_index(insert)).unwrap();
    }
}

#[test]
fn modes_do_not_depend_on_the_umask() {
    for umask in ["000", "022", "077", "0277", "0777"] {
        let home = tempfile::tempdir().unwrap();
        let status = child("child_writes_once", &format!("umask {umask}"), home.path())
            .wait()
            .unwrap();
        assert!(status.success(), "umask {umask}");
        for directory in ["a", "a/b", "a/b/credentials"] {
            assert_eq!(
                mode(&home.path().join(directory)),
                0o700,
                "{directory}, umask {umask}"
            );
        }
        let files = [
            INDEX,
            INDEX_LOCK,
            "credentials/work.json",
            "credentials/work.lock",
        ];
        for file in files {
            assert_eq!(
                mode(&home.path().join("a/b").join(file)),
                0o600,
                "{file}, umask {umask}"
            );
        }
    }
}

#[test]
#[ignore = "run as a child by killed_writer_leaves_a_complete_credential"]
fn child_writes_in_a_loop() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let vault = Vault::new("data".into());
    while Path::new(CHILD).exists() {
        runtime.block_on(write(&vault, &"x".repeat(200_000)));
    }
}

#[test]
fn killed_writer_leaves_a_complete_credential() {
    let (home, vault) = vault();
    for round in 0..6 {
        let mut writer = child("child_writes_in_a_loop", "umask 022", home.path());
        while !vault.credentials.join("work.json").exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(20 + 7 * round));
        writer.kill().unwrap();
        writer.wait().unwrap();
        assert!(vault.read(&work(), Storage::File).unwrap().is_some());
        fs::remove_file(home.path().join(CHILD)).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(write(&vault, "last"));
    assert_eq!(file_count(&vault.credentials), 2, "credential and lock");
}

#[test]
#[ignore = "run as a child by full_disk_leaves_the_stored_credential_unchanged"]
fn child_writes_to_a_full_disk() {
    if !Path::new(CHILD).exists() {
        return;
    }
    let vault = Vault::new("data".into());
    let lock = vault.try_lock(&work()).unwrap().unwrap();
    let errors = [
        vault.preflight_write(&lock, Storage::File).unwrap_err(),
        vault
            .write(&lock, Storage::File, &stored(&"x".repeat(200_000)))
            .unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().contains("cannot write"), "{error}");
        assert!(
            error.hint().unwrap().plain().contains("unchanged"),
            "{error:?}"
        );
    }
}

/// A file size limit replaces a full disk: in both cases a write fails halfway.
#[tokio::test]
async fn full_disk_leaves_the_stored_credential_unchanged() {
    let (home, vault) = vault();
    write(&vault, "first").await;
    let setup = "trap '' XFSZ; ulimit -f 4";
    let status = child("child_writes_to_a_full_disk", setup, home.path()).wait();
    assert!(status.unwrap().success());
    let found = vault.read(&work(), Storage::File).unwrap();
    assert_eq!(found, Some(stored("first")));
    assert_eq!(file_count(&vault.credentials), 2);
}
