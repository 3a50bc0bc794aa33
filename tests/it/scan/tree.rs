//! Files of a tree: what is found, where, and what is left out.

use serde_json::json;

use super::{Scene, bmc, key_lines, random};

#[test]
fn a_key_of_each_service_is_found_with_its_place() {
    let scene = Scene::new();
    let lines = key_lines(1);
    for (provider, key, line) in &lines {
        scene.home.record().secret(key);
        scene.write(
            &format!("{provider}.txt"),
            format!("first\n  {line}\nlast\n"),
        );
    }
    let findings = scene.findings(&[]);
    assert_eq!(findings.len(), lines.len(), "{findings:?}");
    for (provider, key, line) in &lines {
        let file = format!("{provider}.txt");
        let finding = findings.iter().find(|it| it["file"] == *file).unwrap();
        assert_eq!(finding["provider"], *provider);
        assert_eq!(finding["line"], 2);
        assert_eq!(finding["column"], 3 + line.find(key.as_str()).unwrap());
        let prefix = finding["prefix"].as_str().unwrap();
        assert!(prefix.len() <= 4 && key.starts_with(prefix), "{finding}");
        assert_eq!(finding["fingerprint"].as_str().unwrap().len(), 16);
        assert_eq!(finding["known"], false);
    }
}

#[test]
fn text_that_only_resembles_a_key_is_not_found() {
    let scene = Scene::new();
    let hidden = random(super::LETTERS, 32, 1);
    let hex = random(super::HEX, 64, 1);
    scene.write(
        "a.txt",
        format!(
            "x_bmc_{hidden}\nbmc_{hidden}9\nbmc_{}\nbp_{}\nabp_{hex}\nbmc_{}\nbp_{}\n\
             BRAINMAPS_API_KEY=your-api-key-from-the-site\nBRAINMAPS_API_KEY=${{KEY_OF_THIS_SERVICE_1}}\n\
             bmc_EXAMPLE{}\nsha256 {hex}\n",
            &hidden[1..],
            hex.to_uppercase(),
            "x".repeat(32),
            "0123456789abcdef".repeat(4),
            &hidden[7..],
        ),
    );
    assert_eq!(scene.places(&[]), [""; 0]);
    scene.scan(&[]).expect(0);
}

#[test]
fn columns_count_characters_and_long_lines_are_read_in_parts() {
    let scene = Scene::new();
    let (one, two, three) = (bmc(1), bmc(2), bmc(3));
    scene.write("wide.txt", format!("é日本 {one}"));
    let padding = "é;".repeat(2_600_000);
    scene.write(
        "bundle.min.js",
        format!("a\n{padding}{two};{padding}{three}"),
    );
    let columns = [1 + 4, 5_200_000 + 1, 2 * 5_200_000 + 1 + 36 + 1];
    assert_eq!(
        scene.places(&[]),
        [
            format!("bundle.min.js:2:{}", columns[1]),
            format!("bundle.min.js:2:{}", columns[2]),
            format!("wide.txt:1:{}", columns[0]),
        ]
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_key_at_any_offset_of_a_window_is_found_once() {
    let scene = Scene::new();
    let window = 1024 * 1024;
    for (number, offset) in (0..40).zip((window - 20_000..).step_by(1000)) {
        let text = format!("{} {}\n", "-".repeat(offset), bmc(number));
        scene.write(
            &format!("{number:02}.txt"),
            format!("{text}{}", "-\n".repeat(window)),
        );
    }
    let findings = scene.findings(&[]);
    assert_eq!(findings.len(), 40);
    assert!(findings.iter().all(|it| it["line"] == 1), "{findings:?}");
}

#[test]
fn hidden_and_lock_and_binary_files_are_scanned_and_git_is_not() {
    let scene = Scene::repository();
    scene.write(".env", format!("K={}\n", bmc(1)));
    scene.write(".hidden/deep/x.lock", format!("token {}", bmc(2)));
    scene.write(
        "program",
        [b"\x7fELF\0\0\x01".as_slice(), bmc(3).as_bytes(), b"\0\xff"].concat(),
    );
    scene.write(".git/config.bak", bmc(4));
    assert_eq!(
        scene.places(&[]),
        [".env:1:3", ".hidden/deep/x.lock:1:7", "program:1:8"]
    );
}

#[test]
fn ignored_files_are_left_out_and_counted_unless_git_tracks_them() {
    let scene = Scene::repository();
    scene.write(".gitignore", "*.log\nbuild/\n");
    scene.write("tracked.log", bmc(1));
    scene.commit("a");
    scene
        .write("other.log", bmc(2))
        .write("build/out.js", bmc(3));
    let document = scene.document(&[]);
    assert_eq!(document["findings"].as_array().unwrap().len(), 1);
    assert_eq!(document["findings"][0]["file"], "tracked.log");
    assert_eq!(document["ignored"], 2);
    let all = ["build/out.js:1:1", "other.log:1:1", "tracked.log:1:1"];
    assert_eq!(scene.places(&["--no-ignore"]), all);
    // A path that the user names is scanned.
    assert_eq!(scene.places(&["other.log"]), ["other.log:1:1"]);
}

#[test]
fn submodules_are_scanned_on_request() {
    let library = Scene::repository();
    library.write("lib.rs", bmc(1)).commit("a");
    let scene = Scene::repository();
    let source = library.tree.path().to_str().unwrap();
    scene.git(&["submodule", "--quiet", "add", source, "vendor/lib"]);
    scene.write("own.rs", bmc(2));
    let document = scene.document(&[]);
    assert_eq!(document["findings"][0]["file"], "own.rs");
    assert_eq!(document["findings"].as_array().unwrap().len(), 1);
    assert_eq!(document["submodules"], 1);
    let all = ["own.rs:1:1", "vendor/lib/lib.rs:1:1"];
    assert_eq!(scene.places(&["--recurse-submodules"]), all);
}

#[test]
fn lfs_pointers_are_counted_and_searched() {
    let scene = Scene::new();
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n",
        random(super::HEX, 64, 1)
    );
    scene.write("model.bin", &pointer);
    assert_eq!(scene.document(&[])["lfs_pointers"], 1);
    scene.write("model.bin", format!("{pointer}{}\n", bmc(1)));
    assert_eq!(scene.places(&[]), ["model.bin:4:1"]);
}

#[test]
fn a_tree_without_git_is_scanned() {
    let mut scene = Scene::new();
    scene.write("a.txt", bmc(1));
    scene.home.set("PATH", "/nonexistent");
    assert_eq!(scene.places(&[]), ["a.txt:1:1"]);
    let failed = scene.scan(&["--staged", "--json"]).expect(1);
    assert_eq!(failed.error_code(), "FAILED");
}

#[test]
fn the_keys_that_this_computer_stores_are_found_without_a_name() {
    let scene = Scene::new();
    let key = random(super::HEX, 40, 7);
    scene.home.record().secret(&key);
    let login = ["login", "--with-token", "--no-verify"];
    scene.home.run_with_input(&login, &key).expect(0);
    scene.write("notes.txt", format!("the one we use is {key}, ask me\n"));
    let findings = scene.findings(&[]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["provider"], "brainmaps");
    assert_eq!(
        (&findings[0]["known"], &findings[0]["kind"]),
        (&json!(true), &json!("opaque"))
    );
    // The program's own files are not leaks.
    let home = scene.home.path().to_str().unwrap().to_owned();
    assert_eq!(scene.places(&[&home]), [""; 0]);
}

/// The result would look clean.
#[test]
fn named_path_that_cannot_be_read_is_a_usage_error() {
    let scene = Scene::new();
    scene.write("a.txt", "x");
    let pipe = scene.path("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let failed = scene.scan(&["a.txt", "pipe", "--json"]).expect(2);
    assert_eq!(failed.error_code(), "USAGE");
    assert!(
        failed.stdout.contains("not a file or directory"),
        "{failed}"
    );
    assert!(failed.stdout.contains("--stdin"), "{failed}");
    // Not even root can read it.
    if cfg!(target_os = "linux") {
        let failed = scene.scan(&["/proc/self/mem", "--json"]).expect(2);
        assert_eq!(failed.error_code(), "USAGE");
    }
}

#[test]
fn missing_paths_and_wrong_options_are_usage_errors() {
    let scene = Scene::new();
    for arguments in [
        &["nowhere"][..],
        &["--staged", "--stdin"],
        &["--history", "--no-ignore"],
        &["--staged", "a.txt"],
        &["--update-baseline"],
    ] {
        let arguments = [arguments, &["--json"]].concat();
        assert_eq!(
            scene.scan(&arguments).expect(2).error_code(),
            "USAGE",
            "{arguments:?}"
        );
    }
    for arguments in [
        &["--staged", "--json"],
        &["--history", "--json"],
        &["install-hook", "--json"],
    ] {
        let failed = scene.scan(arguments).expect(2);
        assert!(failed.stdout.contains("not a git repository"), "{failed}");
    }
}
