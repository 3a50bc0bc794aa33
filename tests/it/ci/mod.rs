//! The credential in CI jobs: masks in the log, and variables of later steps.

#[cfg(feature = "sandbox")]
mod documented;
#[cfg(feature = "sandbox")]
mod rotation_guide;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use crate::support::process::{ExitedProcess, RunningProcess};
use crate::support::test_home::TestHome;

const KEY: &str = "key-c4n4ry%of-a-test";
const PRINT: [&str; 2] = ["credential", "print"];

/// A home with a stored key.
fn with_key(key: &str) -> TestHome {
    let home = TestHome::new();
    home.run_with_input(&["login", "--with-token", "--no-verify"], key)
        .expect(0);
    home
}

fn command(home: &TestHome, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = home.command(arguments);
    command.envs(variables.iter().copied());
    command
}

/// Runs the program without the leak harness, which would find the mask.
fn run(home: &TestHome, arguments: &[&str], variables: &[(&str, &str)]) -> ExitedProcess {
    RunningProcess::start(&mut command(home, arguments, variables), "").wait()
}

/// The file of a step.
fn step_file(home: &TestHome, content: &str) -> PathBuf {
    let path = home.path().join("step-file");
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    path
}

/// Reads the file as the runner does: `NAME=value` and `NAME<<DELIMITER` blocks.
fn read_step_file(path: &PathBuf) -> Vec<(String, String)> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let mut set = Vec::new();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        if let Some((name, delimiter)) = line.split_once("<<") {
            let value: Vec<&str> = lines.by_ref().take_while(|it| *it != delimiter).collect();
            set.push((name.to_owned(), value.join("\n")));
        } else {
            let (name, value) = line.split_once('=').expect("a line of the runner");
            set.push((name.to_owned(), value.to_owned()));
        }
    }
    set
}

#[test]
fn printed_secret_is_masked_on_stderr_and_stdout_stays_as_it_is() {
    let home = with_key(KEY);
    let outside = home.run(&PRINT).expect(0);
    for (platform, mask) in [
        ("GITHUB_ACTIONS", "::add-mask::key-c4n4ry%25of-a-test\n"),
        (
            "TF_BUILD",
            "##vso[task.setsecret]key-c4n4ry%AZP25of-a-test\n",
        ),
    ] {
        for format in [
            &[][..],
            &["--header"],
            &["--format", "json"],
            &["--json"],
            &["-q"],
        ] {
            let arguments = [&PRINT[..], format].concat();
            let masked = run(&home, &arguments, &[(platform, "true")]);
            assert_eq!(masked.code, Some(0));
            assert_eq!(masked.stderr, mask, "{format:?}");
            let outside = home.run(&arguments).expect(0);
            assert_eq!(masked.stdout, outside.stdout, "{format:?}");
        }
        for off in ["false", ""] {
            assert_eq!(run(&home, &PRINT, &[(platform, off)]).stderr, "");
        }
    }
    assert_eq!(outside.stderr, "");
}

#[test]
fn quoted_secret_is_masked_in_both_forms() {
    let home = with_key("key'c4n4ry$of\"a`test");
    let arguments = [&PRINT[..], &["--format", "export"]].concat();
    let masked = run(&home, &arguments, &[("GITHUB_ACTIONS", "true")]);
    let masks: Vec<&str> = masked.stderr.lines().collect();
    assert_eq!(masks.len(), 2, "{masks:?}");
    assert_eq!(
        masks[1],
        format!("::add-mask::{}", masked.stdout.trim_end())
    );
}

#[test]
fn log_file_of_the_user_contains_no_mask() {
    let home = with_key(KEY);
    let log = home.path().join("log");
    let mut command = command(&home, &PRINT, &[("GITHUB_ACTIONS", "true")]);
    command.stderr(fs::File::create(&log).unwrap());
    assert!(command.output().unwrap().status.success());
    assert_eq!(fs::read_to_string(&log).unwrap(), "");
}

#[test]
fn variable_of_later_steps_is_masked_first_and_appended() {
    let home = with_key(KEY);
    for (option, variable) in [
        ("--github-env", "GITHUB_ENV"),
        ("--github-output", "GITHUB_OUTPUT"),
    ] {
        let file = step_file(&home, "OTHER=1");
        let variables = [
            ("GITHUB_ACTIONS", "true"),
            (variable, file.to_str().unwrap()),
        ];
        for (name, header) in [("A_KEY", &[][..]), ("A_HEADER", &["--header"])] {
            let arguments = [&PRINT[..], &[option, name], header].concat();
            let outcome = run(&home, &arguments, &variables);
            assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
            assert_eq!(outcome.stdout, "::add-mask::key-c4n4ry%25of-a-test\n");
            assert!(!outcome.stderr.contains("c4n4ry"), "{}", outcome.stderr);
        }
        let expected = [
            ("OTHER".to_owned(), "1".to_owned()),
            ("A_KEY".to_owned(), KEY.to_owned()),
            ("A_HEADER".to_owned(), format!("Authorization: Token {KEY}")),
        ];
        assert_eq!(read_step_file(&file), expected);
        let json = run(
            &home,
            &["credential", "print", option, "X", "--json"],
            &variables,
        );
        let document: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!(document["kind"], "api_key");
        assert!(!json.stdout.contains("c4n4ry"), "{}", json.stdout);
        assert!(json.stderr.starts_with("::add-mask::"), "{}", json.stderr);
        fs::remove_file(file).unwrap();
    }
}

#[test]
fn several_processes_append_whole_blocks() {
    let home = with_key(KEY);
    let file = step_file(&home, "");
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_ENV", file.to_str().unwrap()),
    ];
    let names: Vec<String> = (0..8).map(|number| format!("KEY_{number}")).collect();
    let running: Vec<RunningProcess> = names
        .iter()
        .map(|name| {
            let arguments = ["credential", "print", "--github-env", name];
            RunningProcess::start(&mut command(&home, &arguments, &variables), "")
        })
        .collect();
    for running in running {
        assert_eq!(running.wait().code, Some(0));
    }
    let mut set = read_step_file(&file);
    set.sort();
    let expected: Vec<_> = names
        .into_iter()
        .map(|name| (name, KEY.to_owned()))
        .collect();
    assert_eq!(set, expected);
    fs::remove_file(file).unwrap();
}

#[test]
fn azure_variable_is_secret_and_masked_first() {
    let home = with_key(KEY);
    let arguments = ["credential", "print", "--azure-variable", "A_KEY"];
    let outcome = run(&home, &arguments, &[("TF_BUILD", "True")]);
    assert_eq!(
        outcome.stdout,
        "##vso[task.setsecret]key-c4n4ry%AZP25of-a-test\n\
         ##vso[task.setvariable variable=A_KEY;issecret=true]key-c4n4ry%AZP25of-a-test\n"
    );
    let json = [&arguments[..], &["--json"]].concat();
    assert_eq!(run(&home, &json, &[("TF_BUILD", "True")]).code, Some(2));
}

#[test]
fn outside_of_a_job_nothing_is_printed() {
    let home = with_key(KEY);
    let file = step_file(&home, "");
    let path = file.to_str().unwrap();
    for (arguments, variables, says) in [
        (
            ["--github-env", "A"],
            &[("GITHUB_ENV", path)][..],
            "GITHUB_ACTIONS is not true",
        ),
        (
            ["--github-output", "A"],
            &[("GITHUB_ACTIONS", "true")],
            "GITHUB_OUTPUT",
        ),
        (
            ["--github-env", "A"],
            &[("GITHUB_ACTIONS", "true"), ("GITHUB_ENV", "relative")],
            "GITHUB_ENV",
        ),
        (
            ["--azure-variable", "A"],
            &[("GITHUB_ACTIONS", "true")],
            "TF_BUILD is not true",
        ),
    ] {
        let arguments = [&PRINT[..], &arguments].concat();
        let mut command = command(&home, &arguments, variables);
        let outcome = home
            .start_command(&mut command, &arguments, "")
            .wait()
            .expect(2);
        assert!(outcome.stderr.contains(says), "{outcome}");
        assert_eq!(outcome.stdout, "");
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "");
}

#[test]
fn names_that_a_runner_or_loader_acts_on_are_refused() {
    let home = with_key(KEY);
    let file = step_file(&home, "");
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_ENV", file.to_str().unwrap()),
    ];
    for name in [
        "LD_PRELOAD",
        "PATH",
        "path",
        "GITHUB_TOKEN",
        "RUNNER_TEMP",
        "NODE_OPTIONS",
        "CI",
        "A B",
        "A\nB",
        "A=B",
        "A<<B",
        "1A",
        "",
    ] {
        let arguments = [&PRINT[..], &["--github-env", name]].concat();
        let mut command = command(&home, &arguments, &variables);
        let outcome = home
            .start_command(&mut command, &arguments, "")
            .wait()
            .expect(2);
        assert_eq!(outcome.stdout, "", "{name:?}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "");
    for pair in [
        ["--format", "env"],
        ["--dotenv", "x"],
        ["--azure-variable", "B"],
    ] {
        let arguments = [&PRINT[..], &["--github-env", "A"], &pair].concat();
        home.run(&arguments).expect(2);
    }
}

#[test]
fn step_file_that_another_user_can_change_is_refused() {
    let home = with_key(KEY);
    let file = step_file(&home, "");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let link = home.path().join("link");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    for path in [&file, &link] {
        let variables = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_ENV", path.to_str().unwrap()),
        ];
        let arguments = [&PRINT[..], &["--github-env", "A"]].concat();
        let mut command = command(&home, &arguments, &variables);
        home.start_command(&mut command, &arguments, "")
            .wait()
            .expect(1);
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "");
}

#[test]
fn dotenv_report_is_private_and_its_variable_is_replaced() {
    let home = with_key("key-c4n4ry-one");
    let report = home.work().join("build.env");
    fs::write(&report, "OTHER=1\n").unwrap();
    fs::set_permissions(&report, fs::Permissions::from_mode(0o600)).unwrap();
    for (key, target) in [
        ("key-c4n4ry-two", "build.env"),
        ("key-c4n4ry-three", "build.env:DEPLOY_KEY"),
        ("key-c4n4ry-four", "build.env"),
    ] {
        home.run_with_input(&["login", "--with-token", "--no-verify"], key)
            .expect(0);
        let arguments = [&PRINT[..], &["--dotenv", target, "--profile", "brainmaps"]].concat();
        // The key in the file named .env is not used: the file has another name.
        let outcome = home.run(&arguments).expect(0);
        assert_eq!(outcome.stdout, "");
    }
    assert_eq!(
        fs::read_to_string(&report).unwrap(),
        "OTHER=1\nBRAINMAPS_API_KEY=key-c4n4ry-four\nDEPLOY_KEY=key-c4n4ry-three\n"
    );
    home.run(&["credential", "print", "--dotenv", "new.env"])
        .expect(0);
    let mode = fs::metadata(home.work().join("new.env"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn value_that_needs_quotation_marks_is_not_written_to_a_dotenv_report() {
    let home = with_key("key'c4n4ry");
    let refused = home
        .run(&["credential", "print", "--dotenv", "new.env"])
        .expect(2);
    assert!(refused.stderr.contains("dotenv report"), "{refused}");
    assert!(!home.work().join("new.env").exists());
}

#[cfg(feature = "sandbox")]
#[test]
fn new_token_is_masked() {
    let home = TestHome::new();
    let login = [
        "--sandbox",
        "login",
        "--username",
        "demo@brainmaps.test",
        "--password-stdin",
        "-p",
        "neuroio",
    ];
    home.run_with_input(&login, "demo").expect(0);
    let create = ["--sandbox", "-p", "neuroio", "token", "create", "ci", "-q"];
    let created = run(&home, &create, &[("GITHUB_ACTIONS", "true")]);
    assert_eq!(created.code, Some(0), "{}", created.stderr);
    assert_eq!(created.stderr, format!("::add-mask::{}", created.stdout));
}
