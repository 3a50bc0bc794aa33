//! Damaged indexes, of the next commit and of packs, and objects that a partial clone has lost.

use std::path::PathBuf;

use super::{Scene, bmc, git_in, place};
use crate::support::temp_dir::temp_dir;

/// A repository whose index has the files `a`, `b` and `c`, of which the last has a key.
fn staged() -> Scene {
    let scene = Scene::repository();
    scene.write("a", "a\n").write("b", "b\n").write("c", bmc(1));
    scene.git(&["add", "."]);
    scene
}

#[test]
fn an_empty_path_in_the_index_hides_no_other_entry() {
    let scene = staged();
    let path = scene.path(".git/index");
    let mut index = std::fs::read(&path).unwrap();
    // The header has 12 bytes, an entry 62 before its path. The last two are the length of the path.
    let (length, name) = (12 + 61, 12 + 62);
    assert_eq!((index[length], index[name]), (1, b'a'));
    (index[length], index[name]) = (0, 0);
    std::fs::write(&path, index).unwrap();
    let document = scene.document(&["--staged"]);
    assert_eq!(place(&document["findings"][0]), "c:1:1");
    assert_eq!(document["unreadable"], 1);
    scene.scan(&["--staged", "--exit-code", "0"]).expect(1);
}

#[test]
fn an_index_that_is_cut_off_is_not_scanned_as_clean() {
    let scene = staged();
    let path = scene.path(".git/index");
    let index = std::fs::read(&path).unwrap();
    for length in [0, 8, 40, 100] {
        std::fs::write(&path, &index[..length]).unwrap();
        let scanned = scene.scan(&["--staged"]);
        assert_eq!(scanned.code, Some(1), "{length}: {scanned}");
    }
    std::fs::write(&path, "").unwrap();
    let scanned = scene.scan(&["--staged"]).expect(1);
    let error = "index file smaller than expected";
    assert!(scanned.stderr.contains(error), "{scanned}");
    assert!(!scanned.stderr.contains("graft"), "{scanned}");
}

#[test]
fn a_damaged_reverse_index_hides_no_object() {
    let scene = staged();
    scene.commit("key");
    let setting = ["-c", "pack.writeReverseIndex=true"];
    scene.git(&[&setting[..], &["repack", "-a", "-d", "--quiet"]].concat());
    let packs = std::fs::read_dir(scene.path(".git/objects/pack")).unwrap();
    let mut packs = packs.map(|entry| entry.unwrap().path());
    let is_reverse_index = |path: &PathBuf| path.extension().is_some_and(|it| it == "rev");
    let path = packs.find(is_reverse_index).unwrap();
    let mut index = std::fs::read(&path).unwrap();
    // Between the header and two checksums are the positions of the objects.
    let end = index.len() - 40;
    index[12..end].fill(0);
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, index).unwrap();
    assert_eq!(scene.places(&["--history"]), ["c:1:1"]);
}

#[test]
fn a_lost_object_of_a_partial_clone_is_named() {
    let scene = Scene::repository();
    scene.write("old.txt", "old\n").commit("one");
    scene.write("old.txt", "new\n").commit("two");
    scene.git(&["config", "uploadpack.allowFilter", "true"]);
    let parent = temp_dir();
    let url = format!("file://{}", scene.tree.path().display());
    let clone = ["clone", "--quiet", "--filter=blob:none", &url, "c"];
    git_in(parent.path(), scene.home.path(), &clone);
    let tree = parent.path().join("c");
    let git = |arguments: &[&str]| git_in(&tree, scene.home.path(), arguments);
    std::fs::write(tree.join("local.txt"), "local\n").unwrap();
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=local"]);
    for range in [&["--history"][..], &["--history", "HEAD"]] {
        let scanned = scene.scan_in(&tree, &[range, &["--json"]].concat(), "");
        assert_eq!(scanned.expect(0).json()["partial"], true);
    }
    let id = git(&["rev-parse", "HEAD:local.txt"]).trim().to_owned();
    std::fs::remove_file(tree.join(format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    for range in [&["--history"][..], &["--history", "HEAD"]] {
        let scanned = scene.scan_in(&tree, &[range, &["--json"]].concat(), "");
        let document = scanned.expect(1).json();
        let expected = format!("object {id}");
        assert_eq!(document["unreadable_files"][0]["name"], expected);
        assert_eq!(document["unreadable"], 1);
        assert_eq!(document["partial"], true);
    }
}

#[test]
fn a_setting_alone_makes_no_partial_clone() {
    for value in ["false", "true"] {
        let scene = staged();
        scene.commit("one");
        let id = scene.git(&["rev-parse", "HEAD:c"]).trim().to_owned();
        scene.git(&["config", "remote.x.promisor", value]);
        let object = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
        std::fs::remove_file(scene.path(&object)).unwrap();
        for range in [&["--history"][..], &["--history", "HEAD"]] {
            let scanned = scene.scan(&[range, &["--json"]].concat()).expect(1);
            let document = scanned.json();
            assert_eq!(document["unreadable"], 1, "{value}: {scanned}");
            assert_eq!(document["partial"], false, "{value}: {scanned}");
        }
    }
}
