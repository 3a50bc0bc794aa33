//! Keys in files, as Docker, Kubernetes, systemd and shells pass secrets.

use std::os::unix::fs::symlink;
use std::path::Path;

use super::{FILE, NAME, service, write};
use crate::support::skip::report_skipped;
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

/// Runs a shell script, in which `$PROGRAM` is the program.
fn run_script(home: &TestHome, script: &str) -> CommandResult {
    let mut command = std::process::Command::new("bash");
    let variables = home.command(&[]);
    let variables = variables
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    command
        .args(["-c", script])
        .env_clear()
        .envs(variables)
        .env("PROGRAM", env!("CARGO_BIN_EXE_brainmaps"))
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .current_dir(home.work());
    let arguments = ["credential", "print"];
    home.start_command(&mut command, &arguments, "").wait()
}

#[test]
fn pipes_and_memory_files_of_the_program_are_read() {
    let home = TestHome::new();
    for script in [
        format!("{FILE}=<(sleep 0.1; echo {KEY}) $PROGRAM credential print"),
        format!("echo {KEY} | {FILE}=/dev/stdin $PROGRAM credential print"),
        format!("{FILE}=/dev/fd/7 $PROGRAM credential print 7<<<{KEY}"),
        format!(
            "{NAME}={KEY} $PROGRAM exec --fd F -- bash -c 'unset {NAME} BRAINMAPS_EXEC; {FILE}=$F exec $PROGRAM credential print'"
        ),
    ] {
        let outcome = run_script(&home, &script).expect(0);
        assert_eq!(outcome.stdout.trim(), KEY, "{script}");
        assert_eq!(outcome.stderr, "", "{script}");
    }
    // Several checks read the key.
    let doctor = format!("{FILE}=<(echo {KEY}) $PROGRAM credential explain");
    let outcome = run_script(&home, &doctor).expect(0);
    assert!(outcome.stdout.starts_with("used\t"), "{outcome}");
}

#[test]
fn pipes_that_cannot_be_used_are_errors() {
    let home = TestHome::new();
    for (file, says) in [
        ("<(true)", "is empty"),
        ("<(head -c 70000 /dev/zero)", "larger than 65536 bytes"),
        ("/dev/fd/99", "does not exist"),
        ("/dev/null", "is not a regular file"),
        ("/proc/1/fd/0", ""),
    ] {
        let script = format!("{FILE}={file} $PROGRAM credential print");
        let outcome = run_script(&home, &script).expect(2);
        assert!(outcome.stderr.contains(says), "{file}: {outcome}");
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn credential_of_a_systemd_service_is_read() {
    let mut home = TestHome::new();
    let directory = home.path().join("credentials");
    std::fs::create_dir(&directory).unwrap();
    write(&directory.join("brainmaps_api_key"), KEY.as_bytes(), 0o400);
    home.set("CREDENTIALS_DIRECTORY", directory.to_str().unwrap());
    let outcome = home.run(&["credential", "print"]).expect(0);
    assert_eq!(outcome.stdout.trim(), KEY);
    let path = directory.join("brainmaps_api_key").display().to_string();
    let explained = home.run(&["credential", "explain"]).expect(0);
    assert!(
        explained.stdout.contains(&format!("used\t`{path}`")),
        "{explained}"
    );
    let doctor = home.run(&["doctor", "--offline"]);
    assert!(doctor.stdout.contains(&path), "{doctor}");
    let status = home.run(&["status", "--json"]).expect(0);
    let source = &status.json()["profiles"][0]["source"];
    assert_eq!(*source, format!("file:{path}"));

    write(&directory.join("brainmaps_api_key"), b"two words", 0o400);
    let outcome = home.run(&["credential", "print", "--json"]).expect(2);
    assert_eq!(outcome.error_code(), "CONFIG");
    home.set("CREDENTIALS_DIRECTORY", "relative");
    let outcome = home.run(&["credential", "print"]).expect(2);
    assert!(outcome.stderr.contains("relative"), "{outcome}");
    home.set("CREDENTIALS_DIRECTORY", "/nowhere");
    home.run(&["credential", "print"]).expect(4);
}

/// In a mount namespace of its own, because the path is fixed.
#[test]
fn secret_of_a_container_is_read() {
    let home = TestHome::new();
    let script = format!(
        "mount -t tmpfs none /run && mkdir -p /run/secrets && echo {KEY} > /run/secrets/brainmaps_api_key && \
         chmod 444 /run/secrets/brainmaps_api_key && exec $PROGRAM credential print"
    );
    if run_script(&home, "unshare -rm mount -t tmpfs none /run").code != Some(0) {
        report_skipped(
            "secret_of_a_container_is_read",
            "needs unshare and user namespaces",
        );
        return;
    }
    let outcome = run_script(&home, &format!("unshare -rm bash -c '{script}'")).expect(0);
    assert_eq!(outcome.stdout.trim(), KEY);
}
