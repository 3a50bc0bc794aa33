//! Damaged indexes, of the next commit and of packs, and objects that a partial clone has lost.

use std::path::PathBuf;

use super::{Scene, bmc};

/// A repository whose index has the files `a`, `b` and `c`, of which the last has a key.
fn staged() -> Scene {
    let scene = Scene::repository();
    scene.write("a", "a\n").write("b", "b\n").write("c", bmc(1));
    scene.git(&["add", "."]);
    scene
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
