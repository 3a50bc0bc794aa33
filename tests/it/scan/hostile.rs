//! Trees that try to run programs, to hide keys, or to harm the terminal.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;

use super::{Scene, bmc, place};
use crate::support::temp_dir::temp_dir;

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_configuration_of_a_repository_runs_no_program() {
    let scene = Scene::repository();
    scene.write("a.txt", bmc(1)).commit("one");
    scene.write("b.txt", bmc(2));
    scene.git(&["add", "."]);
    let program = scene.path("evil.sh");
    let mark = scene.home.path().join("ran");
    std::fs::write(
        &program,
        format!("#!/bin/sh\necho \"$0 $*\" >> {}\ncat\n", mark.display()),
    )
    .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = program.to_str().unwrap();
    for name in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "gpg.program",
        "pager.log",
        "uploadpack.packObjectsHook",
    ] {
        scene.git(&["config", name, program]);
    }
    scene.git(&["config", "log.showSignature", "true"]);
    scene.write(".gitattributes", "* filter=evil diff=evil\n");
    scene.git(&[
        "config",
        "core.hooksPath",
        scene.tree.path().to_str().unwrap(),
    ]);
    assert_eq!(scene.findings(&[]).len(), 2);
    assert_eq!(scene.findings(&["--staged"]).len(), 1);
    assert_eq!(scene.findings(&["--history"]).len(), 2);
    assert_eq!(scene.findings(&["--history", "HEAD"]).len(), 1);
    assert!(
        !mark.exists(),
        "{}",
        std::fs::read_to_string(&mark).unwrap_or_default()
    );
}

#[test]
fn a_merge_commit_does_not_run_a_merge_driver() {
    let scene = Scene::repository();
    scene.write("f.txt", "base\n").commit("base");
    scene.git(&["checkout", "--quiet", "-b", "side"]);
    scene.write("f.txt", "side\n").commit("side");
    scene.git(&["checkout", "--quiet", "main"]);
    scene.write("f.txt", "main\n").commit("main");
    let merge = ["merge", "--quiet", "--strategy=ours", "--message=merge"];
    scene.git(&[&merge[..], &["side"]].concat());
    scene.write("f.txt", bmc(1));
    scene.git(&["commit", "--quiet", "--all", "--amend", "--no-edit"]);
    let mark = scene.home.path().join("ran");
    let driver = format!("touch {}; cat %A >/dev/null", mark.display());
    scene.git(&["config", "merge.evil.driver", &driver]);
    scene.git(&["config", "log.diffMerges", "remerge"]);
    scene.write(".git/info/attributes", "* merge=evil\n");
    for range in [&["--history"][..], &["--history", "HEAD"]] {
        assert_eq!(scene.places(range), ["f.txt:1:1"]);
        assert!(!mark.exists());
    }
}

#[test]
fn the_configuration_of_a_repository_hides_no_commit_or_file() {
    for (name, value) in [
        ("core.maxTreeDepth", "1"),
        ("diff.orderFile", "/nonexistent"),
        ("diff.relative", "true"),
        ("i18n.logOutputEncoding", "UTF-16"),
        ("log.diffMerges", "off"),
    ] {
        let scene = Scene::repository();
        scene.write("sub/x/y/b.txt", "clean\n").commit("clean");
        let commit = scene.write("sub/a.txt", bmc(1)).commit("key");
        scene.git(&["config", name, value]);
        let arguments = ["--history", "HEAD", "--json"];
        let scanned = scene.scan_in(&scene.path("sub/x"), &arguments, "");
        let scanned = scanned.expect(9);
        let document = scanned.json();
        let finding = &document["findings"][0];
        assert_eq!(place(finding), "sub/a.txt:1:1", "{name}: {scanned}");
        assert_eq!(finding["commit"], commit, "{name}: {scanned}");
        assert_eq!(document["unreadable"], 0, "{name}: {scanned}");
    }
}

#[test]
fn a_git_program_inside_the_tree_is_not_started() {
    let mut scene = Scene::repository();
    scene.write("bin/git", "#!/bin/sh\ntouch ran\n");
    std::fs::set_permissions(
        scene.path("bin/git"),
        std::fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    scene.home.set("PATH", "bin:.:/usr/bin:/bin");
    scene.scan(&[]).expect(0);
    scene.scan(&["--history"]).expect(0);
    assert!(!scene.path("ran").exists());
}

#[test]
fn files_in_the_tree_do_not_switch_rules_off() {
    let scene = Scene::repository();
    for name in [
        ".ignore",
        ".rgignore",
        ".fdignore",
        ".gitleaksignore",
        ".brainmaps-baseline",
    ] {
        scene.write(name, "*\n");
    }
    scene
        .write(".brainmaps.toml", "[scan]\nignore = [\"*\"]\n")
        .write("a.txt", bmc(1));
    // Not a submodule, because the index has no such entry.
    scene
        .write("sub/.git", "gitdir: nowhere\n")
        .write("sub/b.txt", bmc(2));
    assert_eq!(scene.places(&[]), ["a.txt:1:1", "sub/b.txt:1:1"]);
}

#[test]
fn links_are_not_followed_and_pipes_do_not_block() {
    let scene = Scene::new();
    let outside = Scene::new();
    outside.write("secret.txt", bmc(1));
    symlink(outside.tree.path(), scene.path("link")).unwrap();
    symlink(outside.path("secret.txt"), scene.path("file-link")).unwrap();
    symlink(".", scene.path("loop")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        scene.path("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let _socket = UnixListener::bind(scene.path("socket")).unwrap();
    let document = scene.document(&[]);
    assert_eq!(document["findings"].as_array().unwrap().len(), 0);
    assert_eq!(document["special"], 2);
    // The link that the user names is followed.
    assert_eq!(scene.findings(&["link"]).len(), 1);
    assert_eq!(scene.places(&["file-link"]), ["file-link:1:1"]);
}

#[test]
fn escape_sequences_in_names_are_not_printed() {
    let scene = Scene::new();
    scene.write("a\u{1b}[2J\u{202e}\nb.txt", bmc(1));
    let printed = scene.scan(&[]).expect(9);
    assert!(
        !printed.stdout.contains('\u{1b}') && !printed.stdout.contains('\u{202e}'),
        "{printed}"
    );
    assert_eq!(printed.stdout.lines().count(), 1, "{printed}");
    assert!(!scene.scan(&["--sarif"]).stdout.contains('\u{1b}'));
}

#[test]
fn unreadable_files_are_counted_and_reported() {
    if rustix::process::geteuid().is_root() {
        return;
    }
    let scene = Scene::new();
    scene.write("a.txt", bmc(1)).write("b.txt", bmc(2));
    std::fs::set_permissions(scene.path("a.txt"), std::fs::Permissions::from_mode(0o000)).unwrap();
    let scanned = scene.scan(&["--json"]).expect(9);
    assert_eq!(scanned.json()["unreadable"], 1);
    assert!(
        scanned.stderr.contains("1 file could not be read"),
        "{scanned}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn replacements_and_grafts_hide_no_keys() {
    let scene = Scene::repository();
    scene.write("clean.txt", "clean\n").commit("one");
    scene.write("a.txt", bmc(1));
    scene.git(&["add", "."]);
    scene.git(&["replace", ":a.txt", "HEAD:clean.txt"]);
    assert_eq!(scene.places(&["--staged"]), ["a.txt:1:1"]);
    scene.commit("two");
    scene.git(&["rm", "--quiet", "a.txt"]);
    let last = scene.commit("three");
    assert_eq!(scene.places(&["--history", "HEAD"]), ["a.txt:1:1"]);
    // A commit without parents.
    scene.write(".git/info/grafts", format!("{last}\n"));
    assert_eq!(scene.places(&["--history", "HEAD"]), ["a.txt:1:1"]);
}

#[test]
fn a_range_is_scanned_whatever_the_names_of_its_files_are() {
    let scene = Scene::repository();
    let latin1 = OsStr::from_bytes(b"caf\xe9.txt");
    std::fs::write(scene.tree.path().join(latin1), bmc(1)).unwrap();
    scene.write("a missing", bmc(2)).commit("key");
    scene.write("blob", bmc(3));
    let blob = scene.git(&["hash-object", "-w", "blob"]);
    let digits = blob.trim().as_bytes().chunks(2);
    let object = digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap());
    let long = "x".repeat(70_000);
    let mut tree = format!("100644 {long}\0").into_bytes();
    tree.extend(object);
    scene.write("tree", tree);
    let store = ["hash-object", "--literally", "-t", "tree", "-w", "tree"];
    let tree = scene.git(&store);
    let commit = scene.git(&["commit-tree", "-p", "HEAD", "-m", "long", tree.trim()]);
    let places = scene.places(&["--history", commit.trim()]);
    let expected = [
        "a missing:1:1",
        "caf\u{fffd}.txt:1:1",
        &format!("{long}:1:1"),
    ];
    assert_eq!(places, expected);
}

#[test]
fn older_versions_of_git_fetch_no_object() {
    let mut scene = Scene::repository();
    let mark = scene.home.path().join("ran");
    let url = format!("ext::sh -c touch% {}", mark.display());
    for (name, value) in [
        ("remote.x.url", url.as_str()),
        ("remote.x.promisor", "true"),
        ("protocol.ext.allow", "always"),
    ] {
        scene.git(&["config", name, value]);
    }
    let entry = format!("100644,{},a.txt", "1".repeat(40));
    scene.git(&["update-index", "--add", "--cacheinfo", &entry]);
    // Only newer versions read this variable.
    let programs = temp_dir();
    let git = programs.path().join("git");
    let script =
        "#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nPATH=/usr/local/bin:/usr/bin:/bin exec git \"$@\"\n";
    std::fs::write(&git, script).unwrap();
    std::fs::set_permissions(&git, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", programs.path().display());
    scene.home.set("PATH", &path);
    scene.scan(&["--staged"]).expect(1);
    assert!(!mark.exists());
}
