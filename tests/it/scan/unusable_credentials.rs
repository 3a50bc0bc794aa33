//! A stored credential that cannot be read is not searched for: each scan warns about it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::{HEX, Scene, random};

const FILE: &str = "credentials/work.json";

/// The path that the warning names, and what makes it unusable.
type Case = (&'static str, fn(&Path));

/// A scene whose tree has the key of profile `work`. The key is not recorded, because the file of a test is open to others.
fn scene() -> Scene {
    let scene = Scene::repository();
    let key = random(HEX, 40, 1);
    let add = ["profile", "add", "work", "--provider", "brainmaps"];
    scene.home.run(&add).expect(0);
    let login = ["--profile", "work", "login", "--with-token", "--no-verify"];
    scene.home.run_with_input(&login, &key).expect(0);
    scene.write("a.txt", &key).git(&["add", "."]);
    scene
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn replace_by_fifo(path: &Path) {
    fs::remove_file(path).unwrap();
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

fn make_newer(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let newer = text.replace("\"version\":1", "\"version\":99");
    let newer = newer.replace("\"version\": 1", "\"version\": 99");
    assert_ne!(newer, text);
    fs::write(path, newer).unwrap();
}

#[test]
fn profile_whose_credential_is_in_the_keyring_is_named() {
    let scene = scene();
    let note = "the credentials of profile `work` are not searched for";
    assert!(!scene.scan(&[]).expect(9).stderr.contains(note));
    fs::remove_file(scene.home.data().join(FILE)).unwrap();
    let index = scene.home.data().join("profiles.json");
    let text = fs::read_to_string(&index).unwrap();
    let in_keyring = text.replace("\"storage\": \"file\"", "\"storage\": \"keyring\"");
    assert_ne!(in_keyring, text);
    fs::write(&index, in_keyring).unwrap();
    let scanned = scene.scan(&[]).expect(0);
    assert!(scanned.stderr.contains(note), "{scanned}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn credential_file_that_cannot_be_used_is_named_once() {
    let cases: [Case; 5] = [
        (FILE, |path| fs::write(path, "{").unwrap()),
        (FILE, |path| set_mode(path, 0o644)),
        (FILE, replace_by_fifo),
        (FILE, make_newer),
        ("credentials", |path| {
            set_mode(path.parent().unwrap(), 0o777);
        }),
    ];
    for (number, (named, damage)) in cases.into_iter().enumerate() {
        let scene = scene();
        scene.scan(&[]).expect(9);
        damage(&scene.home.data().join(FILE));
        let path = scene.home.data().join(named);
        let path = path.to_str().unwrap();
        for arguments in [&[][..], &["--staged"], &["--revoke", "--yes"]] {
            let scanned = scene.scan(arguments).expect(0);
            let warnings = scanned.stderr.lines().filter(|line| line.contains(path));
            let warnings: Vec<&str> = warnings.collect();
            assert_eq!(warnings.len(), 1, "case {number}: {scanned}");
            let start = "warning: cannot search for a stored credential: ";
            assert!(warnings[0].starts_with(start), "case {number}: {scanned}");
        }
    }
}
