//! The index and the history of repositories.

use serde_json::Value;

use super::{Scene, bmc, git_in, place};
use crate::support::temp_dir::temp_dir;

#[test]
fn staged_scans_the_index_instead_of_the_work_tree() {
    let scene = Scene::repository();
    scene.write("staged.txt", format!("a\n{}\n", bmc(1)));
    scene.git(&["add", "staged.txt"]);
    // The index differs from the work tree in both directions.
    scene
        .write("staged.txt", "clean\n")
        .write("work.txt", bmc(2));
    assert_eq!(scene.places(&["--staged"]), ["staged.txt:2:1"]);
    scene.git(&["commit", "--quiet", "-m", "a"]);
    assert_eq!(scene.places(&["--staged"]), [""; 0], "already committed");
    scene.git(&["add", "--intent-to-add", "work.txt"]);
    assert_eq!(scene.places(&["--staged"]), [""; 0]);
    scene.write("sub/ä \"x\".txt", bmc(3));
    scene.git(&["add", "sub"]);
    let inside = scene
        .scan_in(&scene.path("sub"), &["--staged", "--json"], "")
        .expect(9);
    assert_eq!(place(&inside.json()["findings"][0]), "sub/ä \"x\".txt:1:1");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn history_finds_each_key_once_with_its_first_commit() {
    let scene = Scene::repository();
    scene.write("a.txt", "clean\n").commit("one");
    let key = bmc(1);
    let first = scene.write("a.txt", format!("x\n{key}\n")).commit("two");
    scene
        .write("a.txt", format!("y\nx\n{key}\n"))
        .commit("three");
    scene.write("b.txt", format!("{key}\n")).commit("copied");
    scene.git(&["rm", "--quiet", "a.txt", "b.txt"]);
    scene.git(&["commit", "--quiet", "-m", "removed"]);
    assert_eq!(scene.places(&[]), [""; 0]);
    let findings = scene.findings(&["--history"]);
    let places: Vec<String> = findings.iter().map(place).collect();
    assert_eq!(places, ["a.txt:2:1", "b.txt:1:1"]);
    assert_eq!(findings[0]["commit"], first.as_str());
    assert_eq!(findings[0]["fingerprint"], findings[1]["fingerprint"]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn history_includes_deleted_branches_messages_and_unreachable_objects() {
    let scene = Scene::repository();
    scene.write("a.txt", "clean\n").commit("one");
    scene.git(&["switch", "--quiet", "-c", "topic"]);
    let topic = scene.write("topic.txt", bmc(1)).commit("on a branch");
    scene.git(&["switch", "--quiet", "main"]);
    scene.git(&["branch", "-D", "topic"]);
    scene.write("dangling", bmc(2));
    scene.git(&["hash-object", "-w", "dangling"]);
    std::fs::remove_file(scene.path("dangling")).unwrap();
    let message = scene.write("b.txt", "b").commit(&format!("use {}", bmc(3)));
    let findings = scene.findings(&["--history"]);
    let with = |seed: u64| {
        let hash = fingerprint(&scene, &bmc(seed));
        findings
            .iter()
            .find(|it| it["fingerprint"] == hash)
            .unwrap()
    };
    assert_eq!(findings.len(), 3, "{findings:?}");
    assert_eq!(
        (place(with(1)), &with(1)["commit"]),
        ("topic.txt:1:1".to_owned(), &Value::from(topic))
    );
    assert_eq!(
        (&with(2)["file"], &with(2)["commit"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&with(3)["file"], &with(3)["commit"]),
        (&Value::Null, &Value::from(message))
    );
}

fn fingerprint(scene: &Scene, key: &str) -> String {
    let scanned = scene
        .scan_in(scene.home.path(), &["--stdin", "--json"], key)
        .expect(9);
    scanned.json()["findings"][0]["fingerprint"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_range_limits_the_history() {
    let scene = Scene::repository();
    scene.write("old.txt", bmc(1)).commit("one");
    scene.write("new.txt", bmc(2)).commit("two");
    assert_eq!(
        scene.places(&["--history", "HEAD~1..HEAD"]),
        ["new.txt:1:1"]
    );
    assert_eq!(scene.places(&["--history", "HEAD~1"]), ["old.txt:1:1"]);
    for range in ["nowhere", "main..nowhere"] {
        let failed = scene.scan(&["--history", range, "--json"]).expect(2);
        assert_eq!(failed.error_code(), "USAGE", "{failed}");
    }
    let failed = scene.scan(&["--history=--output=x", "--json"]).expect(2);
    assert_eq!(failed.error_code(), "USAGE");
    assert!(!scene.path("x").exists());
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_rebase_keeps_the_fingerprints() {
    let scene = Scene::repository();
    scene.write("a.txt", "a\n").commit("one");
    scene.git(&["switch", "--quiet", "-c", "topic"]);
    let before = scene.write("k.txt", format!("{}\n", bmc(1))).commit("key");
    let fingerprint = |findings: &[Value]| findings[0]["fingerprint"].clone();
    let old = scene.findings(&["--history", "main..topic"]);
    scene.git(&["switch", "--quiet", "main"]);
    scene.write("b.txt", "b\n").commit("two");
    scene.git(&["switch", "--quiet", "topic"]);
    scene.git(&["rebase", "--quiet", "main"]);
    let new = scene.findings(&["--history", "main..topic"]);
    assert_eq!(fingerprint(&old), fingerprint(&new));
    assert_eq!(old[0]["commit"], before.as_str());
    assert_ne!(old[0]["commit"], new[0]["commit"]);
}

#[test]
fn a_partial_clone_is_reported() {
    let scene = Scene::repository();
    scene.write("a.txt", bmc(1)).commit("one");
    scene.write("a.txt", "clean").commit("two");
    scene.git(&["config", "uploadpack.allowFilter", "true"]);
    let parent = temp_dir();
    let url = format!("file://{}", scene.tree.path().display());
    let clone = ["clone", "--quiet", "--filter=blob:none", &url, "c"];
    git_in(parent.path(), scene.home.path(), &clone);
    let clone = parent.path().join("c");
    let scan = |more: &[&str]| scene.scan_in(&clone, &[&["--history"], more].concat(), "");
    let scanned = scan(&[]).expect(0);
    assert!(scanned.stderr.contains("partial"), "{scanned}");
    assert_eq!(scan(&["--json"]).expect(0).json()["partial"], true);

    let fetch = ["fetch", "--quiet", "--refetch", "--no-filter"];
    git_in(&clone, scene.home.path(), &fetch);
    assert_eq!(scan(&["--json"]).expect(9).json()["partial"], false);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_shallow_clone_is_reported() {
    let scene = Scene::repository();
    scene.write("a.txt", bmc(1)).commit("one");
    scene.write("a.txt", "clean").commit("two");
    let clone = temp_dir();
    let url = format!("file://{}", scene.tree.path().display());
    git_in(
        clone.path(),
        scene.home.path(),
        &["clone", "--quiet", "--depth=1", &url, "c"],
    );
    let scanned = scene
        .scan_in(&clone.path().join("c"), &["--history"], "")
        .expect(0);
    assert!(scanned.stderr.contains("shallow"), "{scanned}");
    let scanned = scene
        .scan_in(&clone.path().join("c"), &["--history", "--json"], "")
        .expect(0);
    assert_eq!(scanned.json()["shallow"], true);
    assert_eq!(scene.document(&["--history"])["shallow"], false);
}

#[test]
fn work_trees_are_repositories() {
    let scene = Scene::repository();
    scene.write("a.txt", "a").commit("one");
    let other = temp_dir();
    let path = other.path().join("w");
    scene.git(&[
        "worktree",
        "add",
        "--quiet",
        path.to_str().unwrap(),
        "-b",
        "w",
    ]);
    std::fs::write(path.join("k.txt"), bmc(1)).unwrap();
    git_in(&path, scene.home.path(), &["add", "k.txt"]);
    let staged = scene.scan_in(&path, &["--staged", "--json"], "").expect(9);
    assert_eq!(place(&staged.json()["findings"][0]), "k.txt:1:1");
    let tree = scene.scan_in(&path, &["--json"], "").expect(9);
    assert_eq!(tree.json()["findings"].as_array().unwrap().len(), 1);
}
