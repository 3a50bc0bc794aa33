//! The completion scripts, run in bash, fish, zsh and Elvish.

use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;

#[cfg(feature = "sandbox")]
use crate::support::process::wait_until;
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer};
use crate::support::test_home::TestHome;

/// Completes `--profile wo` in bash, which calls the registered function as `complete -F` describes.
const BASH: &str = r#"
    eval "$(brainmaps completions bash)"
    COMP_WORDS=(brainmaps --profile wo) COMP_CWORD=2 COMP_TYPE=9
    function=$(complete -p brainmaps) && function=${function##* -F } && function=${function%% *}
    "$function" brainmaps wo --profile
    printf '%s\n' "${COMPREPLY[@]}"
"#;

const FISH: &str = r#"
    brainmaps completions fish | source
    complete --do-complete "brainmaps --profile wo"
"#;

/// zsh completes only in its line editor: the script must at least define the function and register it.
const ZSH: &str = r#"
    autoload -Uz compinit && compinit -u -D
    eval "$(brainmaps completions zsh)"
    [[ $_comps[brainmaps] == _clap_dynamic_completer_brainmaps ]] && BRAINMAPS_COMPLETE=zsh \
        _CLAP_COMPLETE_INDEX=2 _CLAP_IFS=$'\n' brainmaps -- brainmaps --profile wo
"#;

/// Elvish has the module `edit` only in its line editor, so the script defines a substitute.
const ELVISH: &str = r"
    var edit: = (ns [&'completion:'=(ns [&arg-completer=[&]])])
    eval (brainmaps completions elvish | slurp)
    $edit:completion:arg-completer[brainmaps] brainmaps --profile wo
";

/// Runs a script in a shell whose `brainmaps` is the program under test; `None` if the shell is not installed.
fn run_in_shell(home: &TestHome, shell: &[&str], script: &str) -> Option<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_brainmaps"));
    let path = format!(
        "{}:/usr/local/bin:/usr/bin:/bin",
        program.parent().unwrap().display()
    );
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(script).env_clear();
    let variables = home.command(&[]);
    let variables = variables
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    command
        .envs(variables)
        .env("PATH", path)
        .current_dir(home.work());
    let output = command.stdin(Stdio::null()).output().ok()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shell:?}: {errors}");
    assert_eq!(errors, "", "{shell:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn shells_complete_the_name_of_a_profile() {
    let home = TestHome::new();
    home.run(&["profile", "add", "work", "--provider", "brainmaps"])
        .expect(0);
    for (shell, script) in [
        (&["bash", "--norc", "-c"][..], BASH),
        (&["fish", "--no-config", "-c"], FISH),
        (&["zsh", "-f", "-c"], ZSH),
        (&["elvish", "-norc", "-c"], ELVISH),
    ] {
        let completed = run_in_shell(&home, shell, script);
        if shell[0] == "bash" {
            assert!(completed.is_some(), "bash is not installed");
        }
        if let Some(completed) = completed {
            let value = completed.split(['\t', ':']).next().unwrap();
            assert_eq!(value.trim(), "work", "{shell:?}");
        }
    }
}

/// Returns what the program completes for the last of `words`.
fn complete(home: &TestHome, words: &[&str]) -> Vec<String> {
    let values_with_help = complete_with_help(home, words).into_iter();
    values_with_help.map(|(value, _)| value).collect()
}

/// As [`complete`], with the descriptions.
fn complete_with_help(home: &TestHome, words: &[&str]) -> Vec<(String, String)> {
    let arguments = [&["--", "brainmaps"], words].concat();
    let mut command = home.command(&arguments);
    command.env("BRAINMAPS_COMPLETE", "fish");
    let outcome = home
        .start_command(&mut command, &arguments, "")
        .wait()
        .expect(0);
    assert_eq!(outcome.stderr, "", "{outcome}");
    let lines = outcome.stdout.lines();
    let pairs = lines.map(|line| line.split_once('\t').unwrap_or((line, "")));
    pairs
        .map(|(value, help)| (value.to_owned(), help.to_owned()))
        .collect()
}

#[test]
fn commands_options_and_names_are_completed() {
    let home = TestHome::new();
    home.run(&["profile", "add", "work", "--provider", "brainmaps"])
        .expect(0);
    for (words, expected) in [
        (&["tok"][..], &["token"][..]),
        (&["token", "re"], &["revoke"]),
        (&["login", "--stor"], &["--storage"]),
        (&["login", "--storage", "k"], &["keyring"]),
        (&["status", "--pro"], &["--profile"]),
        (&["profile", "use", "w"], &["work"]),
        (&["provider", "show", "neu"], &["neuroio"]),
        (
            &["profile", "add", "new", "--provider", "basir"],
            &["basira"],
        ),
        (&["profile", "add", "wo"], &[]),
        (&["token", "get", "1"], &[]),
        (&["config", "get", "stor"], &["storage"]),
        (
            &["config", "set", "workspace.b"],
            &[
                "workspace.basic-memory",
                "workspace.basira",
                "workspace.brainmaps",
                "workspace.brainpercent",
            ],
        ),
        (&["config", "set", "login_method.w"], &["login_method.work"]),
        (&["config", "set", "login_method.work", "b"], &["browser"]),
        (&["config", "set", "login_method", "d"], &["device"]),
        (&["config", "set", "workspace.basira", "d"], &[]),
        (&["credential", "print", "--format", "po"], &["powershell"]),
        (
            &[
                "-p",
                "brainpercent",
                "token",
                "create",
                "x",
                "--permission",
                "",
            ],
            &["read", "write", "delete"],
        ),
        (
            &[
                "token",
                "create",
                "--profile",
                "brainpercent",
                "--scope",
                "so",
            ],
            &["social"],
        ),
        (
            &["login", "--profile=basic-memory", "--scope", "off"],
            &["offline_access"],
        ),
        (&["token", "create", "x", "--permission", ""], &[]),
    ] {
        assert_eq!(complete(&home, words), expected, "{words:?}");
    }
}

#[test]
fn completion_contacts_no_server() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let mut home = TestHome::new();
    let url = format!("http://{}", server.local_addr().unwrap());
    home.set("BRAINMAPS_API_URL", &url)
        .set("BRAINMAPS_API_KEY", "key-c4n4ry-of-a-test");
    assert_eq!(complete(&home, &["token", "revoke", "1"]), [""; 0]);
    assert!(complete(&home, &["--profile", "b"]).contains(&"brainmaps".to_owned()));
    let accepted = server.accept();
    assert!(accepted.is_err(), "{accepted:?}");
}

#[test]
fn an_unknown_shell_is_a_usage_error() {
    let home = TestHome::new();
    let mut command = home.command(&["status"]);
    command.env("BRAINMAPS_COMPLETE", "tcsh");
    let outcome = home
        .start_command(&mut command, &["status"], "")
        .wait()
        .expect(2);
    assert!(outcome.stderr.contains("unknown shell `tcsh`"), "{outcome}");
    assert_eq!(outcome.stdout, "");
}

/// Returns the offered values of an argument with their descriptions, without options.
fn values_with_help(home: &TestHome, words: &[&str]) -> Vec<(String, String)> {
    let mut all = complete_with_help(home, words);
    all.retain(|(value, _)| !value.starts_with('-'));
    all
}

fn values(home: &TestHome, words: &[&str]) -> Vec<String> {
    let all = values_with_help(home, words).into_iter();
    all.map(|(value, _)| value).collect()
}

fn pair(value: &str, help: &str) -> (String, String) {
    (value.to_owned(), help.to_owned())
}

/// A service whose tokens have these names, with the ids 1, 2 and so on.
fn service_with_tokens(names: &[&str]) -> ScriptedServer {
    let mut tokens = Vec::new();
    for (at, name) in names.iter().enumerate() {
        tokens.push(json!({
            "id": at + 1, "name": name, "created": "2026-01-01T00:00:00Z", "expiry": null, "active": true,
        }));
    }
    ScriptedServer::start(
        move |request: &ReceivedRequest, _: &str| match request.method.as_str() {
            "GET" => ScriptedResponse::json(
                200,
                &json!({ "count": tokens.len(), "next": null, "results": tokens }),
            ),
            _ => ScriptedResponse::json(204, &json!(null)),
        },
    )
}

/// A home with a stored key that has listed the tokens of `server`.
fn home_with_tokens(server: &ScriptedServer) -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    home.run_with_input(
        &["login", "--with-token", "--no-verify"],
        "key-c4n4ry-of-a-test",
    )
    .expect(0);
    home.run(&["token", "list"]).expect(0);
    home
}

#[test]
fn listed_tokens_are_completed_by_id_and_name_until_logout() {
    let server = service_with_tokens(&["ci", "nightly-build"]);
    let mut home = home_with_tokens(&server);
    let requests = server.received().len();
    let all = [
        pair("1", "ci"),
        pair("2", "nightly-build"),
        pair("ci", "id 1"),
        pair("nightly-build", "id 2"),
    ];
    for command in ["get", "revoke", "rotate", "update"] {
        assert_eq!(
            values_with_help(&home, &["token", command, ""]),
            all,
            "{command}"
        );
    }
    assert_eq!(
        values(&home, &["token", "revoke", "1", "ni"]),
        ["nightly-build"]
    );
    assert_eq!(
        values(&home, &["--profile", "neuroio", "token", "get", ""]),
        [""; 0]
    );
    assert_eq!(
        values(
            &home,
            &["--api-url", "https://other.example", "token", "get", ""]
        ),
        [""; 0]
    );
    assert_eq!(server.received().len(), requests, "nothing is sent");

    let file = home.data().join("completion/brainmaps.json");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("nightly-build") && !text.contains("c4n4ry"),
        "{text}"
    );
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    home.run(&["token", "revoke", "1", "--yes"]).expect(0);
    assert_eq!(values(&home, &["token", "get", ""]), ["2", "nightly-build"]);
    home.run(&["logout", "--local"]).expect(0);
    assert!(!file.exists());
    assert_eq!(values(&home, &["token", "get", ""]), [""; 0]);
    home.set("CI", "true")
        .set("BRAINMAPS_API_KEY", "key-c4n4ry-of-a-test");
    home.run(&["token", "list"]).expect(0);
    assert!(!file.exists(), "a CI job completes nothing");
}

#[test]
fn names_of_tokens_are_deleted_with_the_name_of_their_profile() {
    let server = service_with_tokens(&["ci"]);
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    let add = ["profile", "add", "work", "--provider", "brainmaps"];
    home.run(&add).expect(0);
    let login = ["--profile", "work", "login", "--with-token", "--no-verify"];
    home.run_with_input(&login, "key-c4n4ry-of-a-test")
        .expect(0);
    let file = |profile: &str| home.data().join(format!("completion/{profile}.json"));
    home.run(&["--profile", "work", "token", "list"]).expect(0);
    assert!(file("work").exists());
    home.run(&["profile", "rename", "work", "company"])
        .expect(0);
    assert!(!file("work").exists() && !file("company").exists());
    home.run(&["--profile", "company", "token", "list"])
        .expect(0);
    assert!(file("company").exists());
    home.run(&["--profile", "company", "logout", "--local"])
        .expect(0);
    std::fs::write(file("company"), "{}").unwrap();
    home.run(&["profile", "remove", "company"]).expect(0);
    assert!(!file("company").exists());
}

#[test]
fn unusable_files_complete_nothing_and_print_nothing() {
    let server = service_with_tokens(&["ci"]);
    let home = home_with_tokens(&server);
    let file = home.data().join("completion/brainmaps.json");
    for text in ["", "{", "[]", "{\"provider\":\"../x\",\"origin\":1}"] {
        std::fs::write(&file, text).unwrap();
        assert_eq!(values(&home, &["token", "get", ""]), [""; 0], "{text}");
    }
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert_eq!(values(&home, &["token", "get", ""]), [""; 0]);
    std::fs::write(home.data().join("profiles.json"), "{").unwrap();
    assert_eq!(values(&home, &["token", "get", ""]), [""; 0]);
    assert!(values(&home, &["--profile", ""]).contains(&"brainmaps".to_owned()));
    assert_eq!(
        values(&home, &["--profile", "../x", "token", "get", ""]),
        [""; 0]
    );
}

#[test]
fn server_is_asked_only_by_a_setting_and_only_for_a_short_time() {
    let server = service_with_tokens(&["ci"]);
    let home = home_with_tokens(&server);
    let forget = || std::fs::remove_file(home.data().join("completion/brainmaps.json")).unwrap();
    forget();
    let before = server.received().len();
    assert_eq!(values(&home, &["token", "get", ""]), [""; 0]);
    assert_eq!(server.received().len(), before);
    home.run(&["config", "set", "completion", "server"])
        .expect(0);
    assert_eq!(values(&home, &["token", "get", ""]), ["1", "ci"]);
    assert_eq!(values(&home, &["token", "get", ""]), ["1", "ci"]);
    assert_eq!(server.received().len(), before + 1);
    forget();
    // It accepts a connection and never responds.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    assert_eq!(
        values(&home, &["--api-url", &url, "token", "get", ""]),
        [""; 0]
    );
    home.run(&["config", "set", "completion", "never"])
        .expect(2);
}

/// Names with a meaning in a shell, and one without.
const HOSTILE: &[&str] = &[
    "fine",
    "$(touch pwned)",
    "`touch pwned`",
    "a;touch pwned",
    "a\ntouch pwned",
    "a'b",
    "a\"b",
    "a\\b",
    "a:b",
    "a\tb",
    "*",
    "~root",
    "-rf",
    "a\u{1b}[31mb",
    "(touch pwned)",
    "a|touch pwned",
    "a\u{b}b",
    "!x",
    "{a,b}",
    "%n%F{red}",
    "a b",
];

/// Completes in a script of the shell, and reports what was offered line by line.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn hostile_names_neither_break_nor_run_anything_in_any_shell() {
    let server = service_with_tokens(HOSTILE);
    let home = home_with_tokens(&server);
    // A directory with hostile file names, too.
    for name in ["$(touch pwned)", "a b", "x;y", "fine.env"] {
        std::fs::write(home.work().join(name), "").unwrap();
    }
    let ids: Vec<String> = (1..=HOSTILE.len()).map(|id| id.to_string()).collect();
    for (shell, script) in [
        (&["bash", "--norc", "-c"][..], BASH),
        (&["fish", "--no-config", "-c"], FISH),
        (&["zsh", "-f", "-c"], ZSH),
        (&["elvish", "-norc", "-c"], ELVISH),
    ] {
        let script = script
            .replace("--profile wo", "token get ''")
            .replace("brainmaps wo --profile", "brainmaps '' get")
            .replace("COMP_CWORD=2", "COMP_CWORD=3")
            .replace("_INDEX=2", "_INDEX=3")
            .replace(
                "--do-complete \"brainmaps token get ''",
                "--do-complete \"brainmaps token get ",
            );
        let Some(completed) = run_in_shell(&home, shell, &script) else {
            continue;
        };
        let values = completed
            .lines()
            .map(|line| line.split(['\t', ':']).next().unwrap());
        let mut expected = ids.clone();
        // The program removes control characters from names.
        expected.extend(["fine", "ab"].map(ToOwned::to_owned));
        let values = values.filter(|value| !value.starts_with("--"));
        let mut values: Vec<_> = values.map(ToOwned::to_owned).collect();
        values.sort();
        expected.sort();
        assert_eq!(values, expected, "{shell:?}");
        let tokens = completed.lines().filter(|line| !line.starts_with("--"));
        for line in tokens {
            assert!(!line.contains(['\u{1b}', '$', '`', ';', '|']), "{line}");
        }
    }
    let files = BASH
        .replace("--profile wo", "token create x --env-file ''")
        .replace("brainmaps wo --profile", "brainmaps '' --env-file")
        .replace("COMP_CWORD=2", "COMP_CWORD=5");
    let completed = run_in_shell(&home, &["bash", "--norc", "-c"], &files).unwrap();
    assert_eq!(completed.trim(), "fine.env");
    assert!(!home.work().join("pwned").exists());
}

#[cfg(feature = "sandbox")]
#[test]
#[ignore = "slow: run by ./tests/run"]
fn pending_user_codes_are_completed() {
    let home = TestHome::new();
    assert_eq!(values(&home, &["sandbox", "approve", ""]), [""; 0]);
    assert!(!home.data().exists(), "completion creates nothing");
    let login = home.start(&["--sandbox", "login", "--device", "--no-browser"]);
    let mut codes = Vec::new();
    wait_until("a code", || {
        codes = values(&home, &["sandbox", "approve", ""]);
        !codes.is_empty()
    });
    let [code] = codes.as_slice() else {
        panic!("{codes:?}");
    };
    home.run(&["sandbox", "approve", code]).expect(0);
    assert_eq!(values(&home, &["sandbox", "deny", ""]), [""; 0]);
    login.wait().expect(0);
}
