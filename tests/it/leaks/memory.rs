//! What other programs of the same user can read of a process that holds secrets, and of its child processes.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

use crate::support::{
    process::{copy_program, wait_until},
    scripted_server::{AuthorizationServerScript, device_login},
    test_home::TestHome,
};

/// Not root's, so that the test gives the same result for root.
const OTHER_USER: u32 = 65534;

/// A running program that waits for its stdin.
struct Waiting(Child);

impl Waiting {
    fn start(command: &mut Command) -> Self {
        if rustix::process::geteuid().is_root() {
            command.uid(OTHER_USER);
        }
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        Self(quiet.stdin(Stdio::piped()).spawn().unwrap())
    }

    /// Returns the owner of `/proc/PID/environ`: root if other processes may not read it (`proc(5)`).
    fn owner_of_environ(&self) -> u32 {
        let place = format!("/proc/{}/environ", self.0.id());
        fs::metadata(place).unwrap().uid()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn other_processes_of_the_user_cannot_read_the_memory_of_the_program() {
    // Not a `TestHome`: the sandbox in the binary contains canaries, which this test may read.
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = home.path().join("program");
    copy_program(&program);
    let mut command = Command::new(&program);
    command
        .args(["login", "--with-token", "--no-verify"])
        .env_clear()
        .env("HOME", home.path());
    let login = Waiting::start(&mut command);
    wait_until("the memory is protected", || login.owner_of_environ() == 0);
    let other = Waiting::start(&mut Command::new("/bin/cat"));
    assert_ne!(
        other.owner_of_environ(),
        0,
        "the environment of other processes is readable"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_browser_gets_the_url_and_no_secret() {
    let server = AuthorizationServerScript::default().serve();
    let mut home = TestHome::new();
    let (script, seen) = (home.path().join("bin/browser"), home.path().join("seen"));
    let text = format!(
        "#!/bin/sh\n{{ /bin/cat /proc/$$/cmdline /proc/$$/environ; }} | /usr/bin/tr '\\0' '\\n' > {seen}.new\n/bin/mv {seen}.new {seen}\n",
        seen = seen.display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    home.set("BROWSER", script.to_str().unwrap());
    let arguments = [&device_login(&server.url)[..], &["-vv"]].concat();
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
