//! Keys in the names of files and directories.

use serde_json::{Value, json};

use super::{Scene, bmc};

/// The file, the line and the kind of each finding.
fn summary(findings: &[Value]) -> Vec<Value> {
    let findings = findings.iter();
    findings
        .map(|it| json!([it["file"], it["line"], it["kind"]]))
        .collect()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_key_in_a_name_is_reported_without_a_line() {
    let scene = Scene::repository();
    scene.home.record().secret(&bmc(1));
    let name = format!("d/backup-{}.d/a.txt", bmc(1));
    scene.write(&name, "clean\n").write("b.txt", "clean\n");
    let expected = [json!(["d/backup-[redacted].d", null, "api_key"])];
    assert_eq!(summary(&scene.findings(&[])), expected);
    scene.git(&["add", "."]);
    assert_eq!(summary(&scene.findings(&["--staged"])), expected);
    let commit = scene.commit("one");
    scene.git(&["rm", "--quiet", "-r", "d"]);
    scene.commit("two");
    assert_eq!(scene.findings(&[]), [Value::Null; 0]);
    for history in [&["--history"][..], &["--history", "HEAD"]] {
        let findings = scene.findings(history);
        assert_eq!(summary(&findings), expected);
        assert_eq!(findings[0]["commit"], commit.as_str());
    }
}

#[test]
fn a_key_in_a_name_has_no_position_in_any_report() {
    let scene = Scene::new();
    scene.home.record().secret(&bmc(1));
    scene.write(&format!("{}.txt", bmc(1)), format!("{}\n", bmc(1)));
    let printed = scene.scan(&[]).expect(9);
    let lines: Vec<Vec<&str>> = printed
        .stdout
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(
        lines[0][1..3],
        ["API key, in the name", "[redacted].txt"],
        "{printed}"
    );
    assert_eq!(lines[1][1..3], ["API key", "[redacted].txt:1:1"]);
    let log = scene.scan(&["--sarif"]).expect(9).json();
    let results = &log["runs"][0]["results"];
    let region = |index: usize| &results[index]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region(0), &Value::Null);
    assert_eq!(region(1)["startLine"], 1);
    let printed = scene.scan(&["--annotations", "github"]).expect(9);
    let first = printed.stdout.lines().next().unwrap();
    assert!(first.starts_with("::error file=[redacted].txt,title="));
}

#[test]
fn names_of_links_and_special_files_are_searched() {
    let scene = Scene::new();
    std::os::unix::fs::symlink("nowhere", scene.path(&bmc(1))).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        scene.path(&bmc(2)),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    assert_eq!(scene.findings(&[]).len(), 2);
}
