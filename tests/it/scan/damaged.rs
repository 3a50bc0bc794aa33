//! Repositories that lack objects, or whose objects cannot be read: the history is incomplete, and the scan says so.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::PathBuf;

use serde_json::Value;

use super::{Scene, bmc, git_in, place};
use crate::support::temp_dir::temp_dir;
use crate::support::users::{self, ROOT, Users, VICTIM};

/// A blob, a tree, a commit and the newest commit of [`history`].
const OBJECTS: [&str; 4] = ["HEAD~2:sub/old.txt", "HEAD~2:sub", "HEAD~1", "HEAD"];

/// A repository of three commits without a key. The last two do not have `sub`.
fn history() -> Scene {
    let scene = Scene::repository();
    scene.write("sub/old.txt", "an old file\n").commit("one");
    scene.git(&["rm", "--quiet", "-r", "sub"]);
    scene.write("b.txt", "b\n").commit("two");
    scene.write("c.txt", "c\n").commit("three");
    scene
}

/// An object in a file of its own.
struct LooseObject {
    id: String,
    path: PathBuf,
}

impl LooseObject {
    fn new(scene: &Scene, name: &str) -> Self {
        let id = scene.git(&["rev-parse", name]).trim().to_owned();
        let path = scene.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
        Self { id, path }
    }

    fn delete(&self) {
        std::fs::remove_file(&self.path).unwrap();
    }

    fn replace(&self, content: &[u8]) {
        self.delete();
        std::fs::write(&self.path, content).unwrap();
    }

    fn cut_off(&self) {
        let content = std::fs::read(&self.path).unwrap();
        self.replace(&content[..12]);
    }

    /// Fails unless a scan without a finding names the object and does not succeed.
    fn expect_named(&self, scene: &Scene, arguments: &[&str]) {
        let scanned = scene.scan(&[arguments, &["--json"]].concat()).expect(1);
        let document = scanned.json();
        assert_eq!(document["findings"], Value::Array(Vec::new()), "{scanned}");
        let files = document["unreadable_files"].as_array().unwrap();
        assert_eq!(document["unreadable"], files.len());
        let is_named = |file: &Value| file.to_string().contains(&self.id);
        assert!(files.iter().any(is_named), "{}: {scanned}", self.id);
        assert!(scanned.stderr.contains("could not be read: "), "{scanned}");
        assert_eq!(document["partial"], false);
    }
}

#[test]
fn missing_objects_of_the_history_are_named() {
    for name in OBJECTS {
        let scene = history();
        let object = LooseObject::new(&scene, name);
        object.delete();
        object.expect_named(&scene, &["--history"]);
    }
}

#[test]
fn missing_objects_of_a_range_are_named() {
    for name in &OBJECTS[..3] {
        let scene = history();
        let object = LooseObject::new(&scene, name);
        object.delete();
        object.expect_named(&scene, &["--history", "HEAD"]);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn damaged_objects_of_the_history_are_named() {
    for name in OBJECTS {
        for range in [&["--history"][..], &["--history", "HEAD"]] {
            let scene = history();
            let object = LooseObject::new(&scene, name);
            object.replace(b"not an object");
            object.expect_named(&scene, range);
            object.replace(b"");
            object.expect_named(&scene, range);
        }
        let scene = history();
        let object = LooseObject::new(&scene, name);
        object.cut_off();
        object.expect_named(&scene, &["--history"]);
        object.expect_named(&scene, &["--history", "HEAD"]);
    }
}

#[test]
fn keys_are_found_beside_objects_at_which_git_stops() {
    let scene = history();
    for seed in 1..6 {
        scene.write(&format!("{seed}.txt"), bmc(seed));
    }
    scene.commit("keys");
    for name in ["HEAD:2.txt", "HEAD:4.txt"] {
        LooseObject::new(&scene, name).cut_off();
    }
    for range in [&["--history"][..], &["--history", "HEAD"]] {
        let places = scene.places(range);
        assert_eq!(places, ["1.txt:1:1", "3.txt:1:1", "5.txt:1:1"]);
        scene
            .scan(&[range, &["--exit-code", "0"]].concat())
            .expect(1);
    }
}

#[test]
fn a_key_is_found_although_an_older_commit_is_missing() {
    let scene = history();
    scene.write("k.txt", bmc(1)).commit("key");
    LooseObject::new(&scene, "HEAD~2").delete();
    for range in [&["--history"][..], &["--history", "HEAD"]] {
        assert_eq!(scene.places(range), ["k.txt:1:1"]);
        scene
            .scan(&[range, &["--exit-code", "0"]].concat())
            .expect(1);
    }
}

#[test]
fn sarif_has_a_notification_for_a_missing_object() {
    let scene = history();
    let object = LooseObject::new(&scene, OBJECTS[0]);
    object.delete();
    let log = scene.scan(&["--history", "--sarif"]).expect(1).json();
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let text = &invocation["toolExecutionNotifications"][0]["message"]["text"];
    let expected = format!("cannot read \"object {}\": missing or damaged", object.id);
    assert_eq!(text.as_str(), Some(expected.as_str()));
}

#[test]
fn a_commit_graph_does_not_replace_a_missing_commit() {
    let scene = history();
    scene.git(&["commit-graph", "write", "--reachable"]);
    let object = LooseObject::new(&scene, "HEAD~1");
    object.delete();
    object.expect_named(&scene, &["--history"]);
}

#[test]
fn a_damaged_file_of_the_next_commit_is_named() {
    let scene = history();
    scene.write("d.txt", "staged\n");
    scene.git(&["add", "d.txt"]);
    let object = LooseObject::new(&scene, ":d.txt");
    object.cut_off();
    object.expect_named(&scene, &["--staged"]);
}

#[test]
fn a_missing_file_of_the_index_is_named() {
    let scene = history();
    scene.write("d.txt", "staged\n");
    scene.git(&["add", "d.txt"]);
    let object = LooseObject::new(&scene, ":d.txt");
    object.delete();
    object.expect_named(&scene, &["--history"]);
}

#[test]
fn a_range_of_a_partial_clone_is_scanned_as_far_as_it_is_there() {
    let scene = Scene::repository();
    scene.write("a.txt", "clean").commit("one");
    scene.write("a.txt", bmc(1)).commit("two");
    scene.git(&["config", "uploadpack.allowFilter", "true"]);
    let parent = temp_dir();
    let url = format!("file://{}", scene.tree.path().display());
    let clone = ["clone", "--quiet", "--filter=blob:none", &url, "c"];
    git_in(parent.path(), scene.home.path(), &clone);
    let arguments = ["--history", "HEAD", "--json"];
    let scanned = scene.scan_in(&parent.path().join("c"), &arguments, "");
    let document = scanned.expect(9).json();
    assert_eq!(place(&document["findings"][0]), "a.txt:1:1");
    assert_eq!(
        (&document["partial"], &document["unreadable"]),
        (&true.into(), &0.into())
    );
}

#[test]
fn a_directory_of_objects_that_cannot_be_opened_is_named() {
    let Some(users) = Users::new("unreadable objects") else {
        return;
    };
    let tree = users.home(VICTIM).join("tree");
    users::directory(&tree, ROOT, 0o755);
    let git = |arguments: &[&str]| git_in(&tree, &tree, arguments);
    git(&["init", "--quiet"]);
    users::file(&tree.join("dangling"), "no commit has this\n", ROOT, 0o644);
    let id = git(&["hash-object", "-w", "dangling"]);
    for path in [tree.clone(), tree.join(".git")] {
        chown(path, Some(VICTIM.0), Some(VICTIM.0)).unwrap();
    }
    let unreadable = tree.join(".git/objects").join(&id[..2]);
    set_permissions(&unreadable, Permissions::from_mode(0o700)).unwrap();
    let mut scan = users.command(VICTIM, &tree, &["token", "scan", "--history"]);
    let scanned = users::run(scan.env("PATH", "/usr/bin:/bin"), "");
    assert_eq!(scanned.code, Some(1), "{scanned:?}");
    let directory = format!(".git/objects/{}", &id[..2]);
    assert!(scanned.stderr.contains(&directory), "{scanned:?}");
}
