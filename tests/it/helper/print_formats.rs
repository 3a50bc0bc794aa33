//! `credential print --format`: the programs that read each format.

use std::process::Command;

use crate::support::test_home::TestHome;

const KEY: &str = "key'c4n4ry$of\"a`test\\";

fn with_key() -> TestHome {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], KEY)
        .expect(0);
    home
}

fn print(home: &TestHome, format: &str) -> String {
    let arguments = ["credential", "print", "--format", format];
    home.run(&arguments).expect(0).stdout
}

#[test]
fn shell_reads_back_the_credential() {
    let home = with_key();
    let script = format!(
        "{}\nprintf %s \"$BRAINMAPS_API_KEY\"",
        print(&home, "export")
    );
    let output = Command::new("/bin/sh").args(["-c", &script]).output();
    assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), KEY);
}

#[test]
fn env_file_is_read_back_by_this_program() {
    let home = with_key();
    let line = print(&home, "env");
    let other = TestHome::new();
    let file = other.work().join(".env");
    std::fs::write(&file, line).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&file, mode).unwrap();
    let printed = other.run(&["credential", "print"]).expect(0);
    assert_eq!(printed.stdout.trim_end(), KEY);
}

#[test]
fn header_and_json_formats_agree_with_the_document() {
    let home = with_key();
    let document = home.run(&["credential", "print", "--json"]).expect(0);
    assert_eq!(print(&home, "json"), document.stdout);
    let header = document.json()["header"].as_str().unwrap().to_owned();
    assert_eq!(print(&home, "header").trim_end(), header);
    let headers: serde_json::Value = serde_json::from_str(&print(&home, "header-json")).unwrap();
    let value = headers["Authorization"].as_str().unwrap();
    assert_eq!(format!("Authorization: {value}"), header);
    assert!(print(&home, "netrc").starts_with("machine api.brainmaps.science login "));
    assert!(print(&home, "curl").starts_with("header = \"Authorization: "));
}

#[test]
fn service_without_a_variable_has_no_format_with_one() {
    let home = TestHome::new();
    let profile = ["--profile", "oauth2"];
    let login = [
        "--api-url",
        "https://api.example.com",
        "login",
        "--with-token",
        "--no-verify",
    ];
    home.run_with_input(&[&profile[..], &login].concat(), "key-c4n4ry-of-a-test")
        .expect(0);
    let print = |format| [&profile[..], &["credential", "print", "--format", format]].concat();
    let refused = home.run(&print("export")).expect(2);
    assert!(refused.stderr.contains("has no variable"), "{refused}");
    home.run(&print("curl")).expect(0);
    home.run(&["credential", "print", "--header", "--format", "env"])
        .expect(2);
}
