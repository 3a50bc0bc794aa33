//! What other programs of the same user can read of a process that holds secrets, and of its child processes.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    os::unix::process::CommandExt,
    process::{Command, Stdio},
    time::Duration,
};

use crate::support::{
    process::{copy_program, holds_within, wait_until},
    scripted_server::Scripted,
    test_home::TestHome,
};

/// Not root's, so that the test gives the same result for root.
const NOBODY: u32 = 65534;

/// Returns the owner of `/proc/PID/environ`: root if other processes may not read it (`proc(5)`).
fn owner_of_environ(command: &mut Command) -> u32 {
    let is_root = rustix::process::geteuid().is_root();
    if is_root {
        command.uid(NOBODY);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let place = format!("/proc/{}/environ", child.id());
    let owner = || fs::metadata(&place).unwrap().uid();
    holds_within(Duration::from_secs(5), || owner() == 0);
    let owner = owner();
    child.kill().unwrap();
    child.wait().unwrap();
    owner
}

#[test]
fn other_processes_of_the_user_cannot_read_the_memory_of_the_program() {
    // Not a `TestHome`: the sandbox in the binary contains canaries, which this test may read.
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = home.path().join("program");
    copy_program(&program);
    // It waits for the key on stdin.
    let mut command = Command::new(&program);
    command
        .args(["login", "--with-token", "--no-verify"])
        .env_clear()
        .env("HOME", home.path());
    assert_eq!(owner_of_environ(&mut command), 0);
    let mut other = Command::new("/bin/cat");
    assert_ne!(
        owner_of_environ(&mut other),
        0,
        "any other process can be looked into"
    );
}

#[test]
fn the_browser_gets_the_url_and_no_secret() {
    let server = Scripted::default().serve();
    let mut home = TestHome::new();
    let (script, seen) = (home.path().join("bin/browser"), home.path().join("seen"));
    let text = format!(
        "#!/bin/sh\n{{ /bin/cat /proc/$$/cmdline /proc/$$/environ; }} | /usr/bin/tr '\\0' '\\n' > {seen}.new\n/bin/mv {seen}.new {seen}\n",
        seen = seen.display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    home.set("BROWSER", script.to_str().unwrap());
    let arguments = [
        "login",
        "--device",
        "--issuer",
        &server.url,
        "--client-id",
        "native",
        "-vv",
    ];
    // Without a terminal there is no prompt and no browser.
    crate::terminal::on_a_terminal(&home, &arguments, "\n")
        .wait()
        .expect(0);
    wait_until("the browser starts", || seen.exists());
    let printed = fs::read_to_string(&seen).unwrap();
    assert!(
        printed.contains(&format!("{}/device", server.url)),
        "{printed}"
    );
    assert!(!printed.contains("c4n4ry"), "{printed}");
}
