//! `--annotations` and `--exit-code`, for CI systems and hooks.

use super::{Scene, bmc};

#[test]
fn annotations_replace_the_table() {
    let scene = Scene::new();
    scene.write("a,b.txt", format!("\n k={}\n", bmc(1)));
    let printed = scene.scan(&["--annotations", "github"]).expect(9);
    let fingerprint = scene.findings(&[])[0]["fingerprint"].clone();
    let expected = format!(
        "::error file=a%2Cb.txt,line=2,col=4,title=Leaked key of basic-memory::API key with fingerprint {}: \
         revoke it, replace it where it is used, and remove it\n",
        fingerprint.as_str().unwrap()
    );
    assert_eq!(printed.stdout, expected, "{printed}");
    let clean = scene.scan_in(
        scene.home.path(),
        &["--stdin", "--annotations", "github"],
        "nothing",
    );
    assert_eq!(clean.expect(0).stdout, "");
}

#[test]
fn annotations_are_on_stderr_if_stdout_has_a_document() {
    let scene = Scene::new();
    scene.write("a.txt", bmc(1));
    for document in ["--json", "--sarif"] {
        let printed = scene
            .scan(&[document, "--annotations", "github", "-q"])
            .expect(9);
        assert!(printed.json().is_object());
        let line = "::error file=a.txt,line=1,col=1,title=";
        assert!(printed.stderr.starts_with(line), "{printed}");
    }
    let failed = scene.scan(&["--annotations", "other", "--json"]).expect(2);
    assert_eq!(failed.error_code(), "USAGE");
}

#[test]
fn the_exit_code_of_findings_can_be_changed() {
    let scene = Scene::new();
    scene.write("clean.txt", "clean");
    scene.scan(&["--exit-code", "2"]).expect(0);
    scene.write("a.txt", bmc(1));
    for (code, format) in [("2", "--json"), ("0", "--sarif"), ("183", "-q")] {
        let expected = code.parse().unwrap();
        scene.scan(&["--exit-code", code, format]).expect(expected);
    }
    for code in ["256", "-1", "x"] {
        let code = format!("--exit-code={code}");
        scene.scan(&[&code]).expect(2);
    }
}
