//! Files that no rename can replace: mounted or immutable ones. This is noticed before a token is sent or created.

use std::path::Path;
use std::process::Command;

use super::{NAME, service, write};
use crate::crash_recovery::kills::{Found, Operation as _};
use crate::crash_recovery::operations::Refresh;
use crate::support::skip::report_skipped;
use crate::support::test_home::TestHome;

/// Mounts a copy of the file in `$0` over it, and runs the arguments.
const MOUNT: &str =
    "/bin/cp -p \"$0\" \"$0.copy\" && /bin/mount --bind \"$0.copy\" \"$0\" && exec \"$@\"";

/// Returns the wrapper that runs a program with `file` as a mount point; `None` where mounting is not permitted.
fn mounting<'a>(test: &str, file: &'a str) -> Option<[&'a str; 6]> {
    let wrapper = ["/usr/bin/unshare", "-m", "/bin/sh", "-c", MOUNT, file];
    let tried = Command::new(wrapper[0])
        .args(&wrapper[1..])
        .arg("/bin/true")
        .status();
    let _ = std::fs::remove_file(format!("{file}.copy"));
    if tried.is_ok_and(|status| status.success()) {
        return Some(wrapper);
    }
    report_skipped(test, "needs root and unshare");
    None
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_mounted_credential_file_is_noticed_before_the_refresh_token_is_sent() {
    let mut refresh = Refresh::new();
    let file = refresh.home().data().join("credentials/brainmaps.json");
    let Some(wrapper) = mounting("a_mounted_credential_file", file.to_str().unwrap()) else {
        return;
    };
    refresh.home().wrap(&wrapper);
    let outcome = refresh.start().wait().expect(1);
    assert_eq!(outcome.error_code(), "STORAGE");
    assert!(outcome.stdout.contains("is a mount point"), "{outcome}");
    assert!(outcome.stdout.contains("mount its directory"), "{outcome}");
    let doctor = refresh.home().run(&["doctor", "--offline"]).expect(1);
    assert!(doctor.stdout.contains("is a mount point"), "{doctor}");
    refresh.home().wrap(&[]);
    assert!(matches!(refresh.classify_state(), Found::Old));
}

#[test]
fn a_mounted_index_is_noticed_before_a_login_sends_anything() {
    let server = service();
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    home.run_with_input(&["login", "--with-token", "--no-verify"], "stored-c4n4ry")
        .expect(0);
    let file = home.data().join("profiles.json");
    let Some(wrapper) = mounting("a_mounted_index", file.to_str().unwrap()) else {
        return;
    };
    home.wrap(&wrapper);
    let outcome = home
        .run_with_input(&["login", "--with-token"], "other-c4n4ry")
        .expect(1);
    assert!(outcome.stderr.contains("is a mount point"), "{outcome}");
    assert_eq!(server.received().len(), 0);
}

/// Makes the file mutable again.
struct Immutable<'a>(&'a Path);

impl<'a> Immutable<'a> {
    fn new(test: &str, file: &'a Path, flag: &str) -> Option<Self> {
        if chattr(flag, file) {
            return Some(Self(file));
        }
        report_skipped(test, "needs root and a file system with chattr");
        None
    }
}

impl Drop for Immutable<'_> {
    fn drop(&mut self) {
        chattr("-ia", self.0);
    }
}

fn chattr(flag: &str, file: &Path) -> bool {
    let changed = Command::new("/usr/bin/chattr").arg(flag).arg(file).output();
    changed.is_ok_and(|changed| changed.status.success())
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_immutable_credential_file_or_directory_is_noticed_before_the_refresh_token_is_sent() {
    let test = "an_immutable_credential_file";
    let mut refresh = Refresh::new();
    let directory = refresh.home().data().join("credentials");
    for (path, flag) in [
        (directory.join("brainmaps.json"), "+i"),
        (directory.join("brainmaps.json"), "+a"),
        (directory, "+a"),
    ] {
        let Some(immutable) = Immutable::new(test, &path, flag) else {
            return;
        };
        let outcome = refresh.start().wait().expect(1);
        assert!(
            outcome.stdout.contains("is immutable or append-only"),
            "{outcome}"
        );
        assert!(outcome.stdout.contains("chattr -ia"), "{outcome}");
        drop(immutable);
        assert!(matches!(refresh.classify_state(), Found::Old), "{flag}");
    }
}

#[test]
fn an_env_file_that_cannot_be_replaced_is_noticed_before_a_token_is_created() {
    let test = "an_env_file_that_cannot_be_replaced";
    let server = service();
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url)
        .set(NAME, "c4n4ry-key");
    let file = home.work().join("app.env");
    write(&file, b"A=1\n", 0o600);
    let create = ["token", "create", "ci", "--env-file", "app.env"];
    if let Some(wrapper) = mounting(test, file.to_str().unwrap()) {
        home.wrap(&wrapper);
        let outcome = home.run(&create).expect(1);
        assert!(outcome.stderr.contains("is a mount point"), "{outcome}");
        home.wrap(&[]);
        std::fs::remove_file(home.work().join("app.env.copy")).unwrap();
    }
    for (path, flag) in [(file.clone(), "+i"), (home.work(), "+a")] {
        let Some(immutable) = Immutable::new(test, &path, flag) else {
            return;
        };
        let outcome = home.run(&create).expect(1);
        assert!(
            outcome.stderr.contains("is immutable or append-only"),
            "{outcome}"
        );
        drop(immutable);
    }
    assert_eq!(server.received().len(), 0);
    assert_eq!(
        std::fs::read_dir(home.work()).unwrap().count(),
        1,
        "nothing is left"
    );
}
