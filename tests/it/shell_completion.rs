//! The completion scripts in the shells for which they are.

use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

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
    ] {
        let completed = run_in_shell(&home, shell, script);
        if shell[0] == "bash" {
            assert!(completed.is_some(), "bash is not installed");
        }
        if let Some(completed) = completed {
            assert_eq!(completed.trim(), "work", "{shell:?}");
        }
    }
}

/// Returns what the program completes for the last of `words`.
fn complete(home: &TestHome, words: &[&str]) -> Vec<String> {
    let arguments = [&["--", "brainmaps"], words].concat();
    let mut command = home.command(&arguments);
    command.env("BRAINMAPS_COMPLETE", "fish");
    let outcome = home
        .start_command(&mut command, &arguments, "")
        .wait()
        .expect(0);
    assert_eq!(outcome.stderr, "", "{outcome}");
    let names = outcome
        .stdout
        .lines()
        .map(|line| line.split('\t').next().unwrap());
    names.map(ToOwned::to_owned).collect()
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
