//! Keys in files that a variable names, as Docker, Kubernetes and systemd pass secrets.

use std::os::unix::fs::symlink;
use std::path::Path;

use super::{FILE, NAME, service, write};
use crate::support::test_home::{CommandResult, TestHome};

const KEY: &str = "file-c4n4ry-key";

fn run(home: &TestHome, file: &Path, arguments: &[&str]) -> CommandResult {
    let mut command = home.command(arguments);
    command.env(FILE, file);
    home.start_command(&mut command, arguments, "").wait()
}

#[test]
fn secrets_of_containers_are_read() {
    let home = TestHome::new();
    let secrets = home.path().join("secrets");
    let data = secrets.join("..2026_11_29");
    std::fs::create_dir_all(&data).unwrap();
    symlink("..2026_11_29", secrets.join("..data")).unwrap();
    symlink("..data/key", secrets.join("key")).unwrap();
    for (content, mode) in [
        (KEY.to_owned(), 0o444),
        (format!("{KEY}\r\n"), 0o440),
        (format!("\u{feff}{KEY}\n"), 0o644),
        (format!("{KEY}\n"), 0o400),
    ] {
        write(&data.join("key"), content.as_bytes(), mode);
        let outcome = run(&home, &secrets.join("key"), &["credential", "print"]).expect(0);
        assert_eq!(outcome.stdout.trim(), KEY);
    }
    std::fs::rename(data.join("key"), home.path().join("key")).unwrap();
    let outcome = run(&home, Path::new("~/key"), &["credential", "print"]).expect(0);
    assert_eq!(outcome.stdout.trim(), KEY);
}

#[test]
fn the_file_is_a_source_with_its_variable() {
    let server = service();
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    let file = home.path().join("key");
    write(&file, KEY.as_bytes(), 0o400);
    let explained = run(&home, &file, &["credential", "explain"]).expect(0);
    let first = explained.stdout.lines().next().unwrap();
    assert!(first.starts_with("used\t"), "{explained}");
    assert!(
        first.contains(FILE) && first.contains("/key"),
        "{explained}"
    );
    let status = run(&home, &file, &["status", "--json"]).expect(0);
    let source = &status.json()["profiles"][0]["source"];
    assert_eq!(*source, format!("environment:{FILE}"));
    run(&home, &file, &["whoami"]).expect(0);
    let sent = server.received();
    let authorization = sent[0].header("authorization").unwrap();
    assert!(authorization.contains(KEY), "the key without its line end");
}

#[test]
fn an_unusable_file_is_an_error_and_no_other_source_is_used() {
    let server = service();
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    home.run_with_input(&["login", "--with-token", "--no-verify"], "stored-c4n4ry")
        .expect(0);
    let file = home.path().join("key");
    let large = vec![b'x'; 65 * 1024];
    for (content, mode, says) in [
        (&b""[..], 0o600, "is empty"),
        (b"hidden\nhidden\n", 0o600, "one word"),
        (b"\"hidden\"", 0o600, "quotation mark"),
        (b"op://hidden/key", 0o600, "reference"),
        (b"hidden\xff", 0o600, "not UTF-8"),
        (b"hidden", 0o666, "chmod go-w"),
        (&large, 0o600, "larger than"),
    ] {
        write(&file, content, mode);
        let outcome = run(&home, &file, &["whoami"]).expect(2);
        assert!(outcome.stderr.contains(says), "{outcome}");
        assert!(outcome.stderr.contains(FILE), "{outcome}");
        assert!(!outcome.stderr.contains("hidden"), "{outcome}");
    }
    for (path, says) in [
        ("key", "relative"),
        ("./key", "relative"),
        ("/nowhere/key", "does not exist"),
        ("/", "is a directory"),
    ] {
        let outcome = run(&home, Path::new(path), &["whoami", "--json"]).expect(2);
        assert_eq!(outcome.error_code(), "CONFIG");
        assert!(outcome.stdout.contains(says), "{outcome}");
    }
    assert_eq!(server.received().len(), 0);
    let outcome = run(&home, Path::new(" "), &["credential", "print"]).expect(0);
    assert_eq!(outcome.stdout.trim(), "stored-c4n4ry", "blank is unset");
}

#[test]
fn both_variables_are_an_error_that_names_both() {
    let mut home = TestHome::new();
    let file = home.path().join("key");
    write(&file, KEY.as_bytes(), 0o400);
    home.set(NAME, "variable-c4n4ry");
    let outcome = run(&home, &file, &["credential", "print"]).expect(2);
    let expected = format!("{NAME} and {FILE}: both are set");
    assert!(outcome.stderr.contains(&expected), "{outcome}");
    home.set(NAME, "");
    run(&home, &file, &["credential", "print"]).expect(0);
}
