//! New secrets go to several targets: env files, values in configuration files, and commands. The old token is revoked only
//! when all of them have the new secret, whatever fails or is killed.

use std::fs;
use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::Value;

use crate::contract::{Contract, text};
use crate::support::process::wait_until;
use crate::support::recorder::Hold;
use crate::support::sandbox::write_private;
use crate::support::test_home::CommandResult;

const CONFIG: &str = "# keep this\r\napi:\r\n  key: 'OLD'   # and this\r\n  other: [1, 2]\r\n";

const STORE: &str = "umask 077; cat > to.txt; printf %s \"$BRAINMAPS_NEW_TOKEN_ID\" > id.txt";

/// List, create, list again, verify, revoke, and check that the old key is invalid.
const EXCHANGES: usize = 6;

struct Case {
    contract: Contract,
    /// The token.
    id: String,
}

pub(crate) fn signed_in() -> Contract {
    let mut contract = Contract::with_password("brainmaps");
    // The commands of targets are programs of the system.
    contract.home.set("PATH", "/usr/bin:/bin");
    contract
}

/// Interrupts a command while its target command runs, which creates `started` and ends after `go` exists.
pub(crate) fn interrupt(contract: &Contract, arguments: &[&str]) -> CommandResult {
    let file = |name: &str| contract.home.work().join(name);
    for name in ["started", "go"] {
        let _missing = fs::remove_file(file(name));
    }
    let running = contract.home.start(arguments);
    wait_until("the command runs", || file("started").exists());
    running.running.signal(Signal::INT);
    let message = "waiting for the command (at most 1 minute)";
    let is_message = |line: &str| line.contains(message).then_some(());
    running.running.wait_for_stderr_line(is_message);
    fs::write(file("go"), "").unwrap();
    running.wait().expect(130)
}

impl Case {
    /// Creates a token for an env file, a YAML file and the command.
    fn new(command: &str) -> Self {
        let contract = signed_in();
        write_private(&contract.home.work().join("app.yml"), CONFIG);
        #[rustfmt::skip]
        let create = ["token", "create", "ci", "--env-file", "app.env", "--config", "app.yml", "--key", "api.key",
            "--to", command, "--force", "--json"];
        let created = contract.home.run(&create).expect(0).json();
        assert_eq!(created["secret"], Value::Null);
        let id = text(&created, "id").to_owned();
        Self { contract, id }
    }

    fn run(&self, arguments: &[&str]) -> CommandResult {
        self.contract.home.run(arguments)
    }

    fn rotate(&self) -> CommandResult {
        self.run(&["token", "rotate", &self.id, "--json"])
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.contract.home.work().join(name)).unwrap_or_default()
    }

    fn in_env_file(&self) -> String {
        let text = self.read("app.env");
        let mut lines = text.lines();
        let line = lines.find_map(|line| line.strip_prefix("BRAINMAPS_API_KEY="));
        line.unwrap_or_default().to_owned()
    }

    fn in_config(&self) -> String {
        let text = self.read("app.yml");
        text.split('\'').nth(1).unwrap_or_default().to_owned()
    }

    fn journal(&self) -> PathBuf {
        self.contract.home.data().join("rotations/brainmaps.json")
    }

    fn remembered(&self) -> String {
        let path = self.contract.home.data().join("rotations.toml");
        fs::read_to_string(path).unwrap_or_default()
    }

    #[track_caller]
    fn assert_works(&self, secret: &str, when: &str) {
        let arguments = ["whoami"];
        let mut command = self.contract.home.command(&arguments);
        command.env("BRAINMAPS_API_KEY", secret);
        let home = &self.contract.home;
        let who = home.start_command(&mut command, &arguments, "").wait();
        assert_eq!(who.code, Some(0), "{when}: {who}");
    }

    /// Exactly one token is left, and every target has its secret.
    #[track_caller]
    fn assert_settled(&self, when: &str) {
        let alive = self.contract.active_token_ids();
        assert_eq!(alive.len(), 1, "{when}: {alive:?}");
        let secret = self.in_env_file();
        assert_eq!(self.in_config(), secret, "{when}");
        assert_eq!(self.read("to.txt"), secret, "{when}");
        assert_eq!(self.read("id.txt"), alive[0], "{when}");
        assert_eq!(
            self.read("app.yml"),
            CONFIG.replace("OLD", &secret),
            "{when}"
        );
        self.assert_works(&secret, when);
        assert!(!self.journal().exists(), "{when}");
        assert!(self.remembered().contains(&alive[0]), "{when}");
    }
}

#[test]
fn remembered_targets_get_the_new_secret() {
    let case = Case::new(STORE);
    case.assert_settled("created");
    let first = case.in_env_file();
    let rotated = case.run(&["token", "rotate", "ci"]).expect(0);
    assert!(rotated.stderr.contains("app.yml (api.key)"), "{rotated}");
    assert_ne!(case.in_env_file(), first);
    assert!(!rotated.stdout.contains(&case.in_env_file()), "{rotated}");
    assert!(!case.contract.active_token_ids().contains(&case.id));
    case.assert_settled("rotated");

    // Other targets replace them, and a revoked token has none.
    let rotated = case.run(&["token", "rotate", "ci", "--env-file", "app.env", "--json"]);
    let rotated = rotated.expect(0).json();
    assert_eq!(rotated["targets"].as_array().unwrap().len(), 1, "{rotated}");
    assert!(!case.remembered().contains("app.yml"));
    case.run(&["token", "revoke", text(&rotated, "id"), "--yes"])
        .expect(0);
    assert!(
        !case.remembered().contains("app.env"),
        "{}",
        case.remembered()
    );
}

#[test]
fn creation_that_is_killed_while_it_delivers_remembers_its_targets() {
    let contract = signed_in();
    let command = "umask 077; cat > to.txt; test -e killed || { : > killed; kill -9 $PPID; }";
    let create = ["token", "create", "ci", "--to", command];
    assert_eq!(contract.home.run(&create).code, None);
    let read = || fs::read_to_string(contract.home.work().join("to.txt")).unwrap();
    let first = read();
    contract.home.run(&["token", "rotate", "ci"]).expect(0);
    let id = String::new();
    let case = Case { contract, id };
    let second = case.read("to.txt");
    assert_ne!(second, first);
    case.assert_works(&second, "rotated");
    assert_eq!(case.contract.active_token_ids().len(), 1);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn failed_target_keeps_the_old_token_until_it_has_the_new_secret() {
    let case = Case::new(
        "test ! -e broken || { echo no luck >&2; exit 3; }; umask 077; cat > to.txt; printf %s \"$BRAINMAPS_NEW_TOKEN_ID\" > id.txt",
    );
    let before = case.in_env_file();
    let broken = case.contract.home.work().join("broken");
    fs::write(&broken, "").unwrap();
    let failed = case.rotate();
    assert_eq!(failed.code, Some(1), "{failed}");
    assert!(failed.stderr.contains("no luck"), "{failed}");
    let message = failed.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(message.contains("app.yml (api.key): written"), "{message}");
    assert!(message.contains("exit status 3"), "{message}");
    assert_eq!(case.contract.active_token_ids().len(), 2);
    case.assert_works(&before, "the old key works");
    let new = case.in_env_file();
    assert_ne!(new, before);
    case.assert_works(&new, "the new key works");
    assert!(fs::read_to_string(case.journal()).unwrap().contains(&new));

    // Another token can be rotated meanwhile.
    let other = ["token", "create", "other", "--env-file", "other.env"];
    case.run(&other).expect(0);
    let other = case.run(&["token", "rotate", "other"]).expect(0);
    assert!(
        other.stderr.contains("some targets lack the new key"),
        "{other}"
    );
    let doctor = case.run(&["doctor"]);
    let waits = format!(
        "token {} of profile \"brainmaps\" waits for command",
        case.id
    );
    assert!(doctor.stdout.contains(&waits), "{doctor}");
    let audit = case.run(&["token", "audit", "--json"]).expect(9).json();
    let findings = audit["findings"].as_array().unwrap();
    let open = &findings[0];
    assert!(
        text(open, "message").contains("waits for command"),
        "{open}"
    );
    let next = format!("brainmaps token rotate {}", case.id);
    assert_eq!(text(open, "fix"), next);
    let fixes = findings[1..].iter().filter_map(|it| it["fix"].as_str());
    let fixes: Vec<&str> = fixes.filter(|it| it.ends_with(&case.id)).collect();
    assert_eq!(fixes, [""; 0], "{audit}");

    assert_eq!(case.rotate().code, Some(1));
    fs::remove_file(&broken).unwrap();
    case.contract.take_requests();
    let rotated = case.rotate().expect(0).json();
    assert_eq!(rotated["resumed"], Value::Bool(true));
    let sent = case.contract.recorder.take_requests();
    let creates = sent
        .iter()
        .filter(|it| it.method == "POST" && it.path == "/api/tokens/");
    assert_eq!(creates.count(), 0);
    case.run(&["token", "revoke", "other", "--yes"]).expect(0);
    case.assert_settled("retried");
}

#[test]
fn mistyped_target_is_replaced_by_the_next_run() {
    let case = Case::new(STORE);
    #[rustfmt::skip]
    let typo = ["token", "rotate", &case.id, "--env-file", "app.env", "--config", "app.yml", "--key", "api.key",
        "--to", "no-such-program-here"];
    case.run(&typo).expect(1);
    let right = ["token", "rotate", &case.id, "--to", STORE];
    case.run(&right).expect(0);
    case.assert_settled("corrected");
}

#[test]
fn output_of_a_command_with_the_secret_is_not_shown() {
    let case = Case::new(
        "umask 077; tee to.txt | base64; cat to.txt; printf %s \"$BRAINMAPS_NEW_TOKEN_ID\" > id.txt",
    );
    let rotated = case.rotate().expect(0);
    let secret = case.in_env_file();
    assert!(rotated.stderr.contains("printed the secret"), "{rotated}");
    assert!(!rotated.stderr.contains(&secret), "{rotated}");
    case.assert_settled("printed");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn command_succeeds_by_its_exit_status_alone() {
    for (command, is_rotated) in [("exec <&-", true), ("kill -9 $$", false), ("exit 1", false)] {
        let case = Case::new(STORE);
        let rotated = case.run(&[
            "token",
            "rotate",
            "ci",
            "--env-file",
            "app.env",
            "--to",
            command,
        ]);
        assert_eq!(rotated.code, Some(i32::from(!is_rotated)), "{rotated}");
        assert_eq!(
            case.contract.active_token_ids().len(),
            if is_rotated { 1 } else { 2 },
            "{command}"
        );
        case.assert_works(&case.in_env_file(), command);
    }
}

#[test]
fn value_of_another_token_in_a_configuration_file_needs_force() {
    let case = Case::new(STORE);
    let before = CONFIG.replace("OLD", "another value");
    write_private(&case.contract.home.work().join("app.yml"), &before);
    let refused = case.rotate();
    assert_eq!(refused.code, Some(2), "{refused}");
    assert_eq!(case.read("app.yml"), before);
    assert_eq!(
        case.contract.active_token_ids(),
        std::slice::from_ref(&case.id)
    );
    #[rustfmt::skip]
    let forced = ["token", "rotate", "ci", "--env-file", "app.env", "--config", "app.yml", "--key", "api.key",
        "--to", STORE, "--force"];
    let forced = case.run(&forced).expect(0);
    let warning = format!("is not known to be the key of token {}", case.id);
    assert!(forced.stderr.contains("app.yml"), "{forced}");
    assert!(forced.stderr.contains("value of api.key"), "{forced}");
    assert!(forced.stderr.contains(&warning), "{forced}");
    case.assert_settled("forced");
}

/// Rotates with `--force`, where the configuration file has `key`, which must stay.
#[track_caller]
fn assert_not_replaced(case: &Case, key: &str) {
    let before = CONFIG.replace("OLD", key);
    write_private(&case.contract.home.work().join("app.yml"), &before);
    let force = ["--config", "app.yml", "--key", "api.key", "--force"];
    let rotate = [&["token", "rotate", &case.id], &force[..]].concat();
    let refused = case.run(&rotate).expect(2);
    let message = "belongs to another token";
    assert!(refused.stderr.contains(message), "{refused}");
    assert!(!refused.stderr.contains("add --force"), "{refused}");
    assert_eq!(case.read("app.yml"), before);
    assert!(case.contract.active_token_ids().contains(&case.id));
}

#[test]
fn key_of_another_service_is_not_replaced_by_force() {
    let case = Case::new(STORE);
    let create = ["token", "create", "other", "--json"];
    let other = case.run(&create).expect(0).json();
    // As if another service had issued it.
    let path = case.contract.home.data().join("created-keys.json");
    let record = fs::read_to_string(&path).unwrap();
    let mut record: Value = serde_json::from_str(&record).unwrap();
    let mut keys = record["keys"].as_array_mut().unwrap().iter_mut();
    let key = keys.find(|key| key["id"] == other["id"]).unwrap();
    key["provider"] = "neuroio".into();
    fs::write(&path, record.to_string()).unwrap();
    assert_not_replaced(&case, text(&other, "secret"));
}

#[test]
fn key_that_the_list_shows_for_another_token_is_not_replaced_by_force() {
    let contract = Contract::with_password("basira");
    let create = |name: &str| {
        let create = ["token", "create", name, "--json"];
        contract.home.run(&create).expect(0).json()
    };
    let (one, other) = (create("one"), create("other"));
    let path = contract.home.data().join("created-keys.json");
    fs::remove_file(path).unwrap();
    let id = text(&one, "id").to_owned();
    let case = Case { contract, id };
    assert_not_replaced(&case, text(&other, "secret"));
}

#[test]
fn key_of_another_active_token_in_a_configuration_file_is_not_replaced() {
    let case = Case::new(STORE);
    let create = ["token", "create", "other", "--env-file", "other.env"];
    case.run(&create).expect(0);
    let config = ["--config", "app.yml", "--key", "api.key"];
    for more in [&[][..], &["--force"]] {
        let rotate = [&["token", "rotate", "other"], &config[..], more].concat();
        let refused = case.run(&rotate).expect(2);
        assert!(
            refused.stderr.contains("belongs to another token"),
            "{refused}"
        );
        assert!(!refused.stderr.contains("add --force"), "{refused}");
    }
    let create = [&["token", "create", "third"], &config[..]].concat();
    let refused = case.run(&create).expect(2);
    assert!(
        refused
            .stderr
            .contains("token rotate ID --config FILE --key PATH"),
        "{refused}"
    );
    let forced = case.run(&[&create[..], &["--force"]].concat()).expect(0);
    assert!(
        forced
            .stderr
            .contains("replaced the previous key of api.key"),
        "{forced}"
    );
    for name in ["other", "third"] {
        case.run(&["token", "revoke", name, "--yes"]).expect(0);
    }
}

#[test]
fn options_of_another_form_of_the_command_are_refused() {
    let case = Case::new(STORE);
    for wrong in [
        &["ci", "--max-age", "90d"][..],
        &["ci", "--all-profiles"],
        &["--max-age", "90d"],
        &["--due", "--key", "api.key"],
        &["--due", "--config-format", "yaml"],
        &["ci", "--yes"],
        &["ci", "--dry-run"],
        &["ci", "--accept-changes", "expiry", "--yes"],
        &["--due", "--observed", "1d"],
        &["ci", "--accept-changes", "expiry", "--observed", "1d"],
        &["--due", "--max-age", "90"],
        &["ci", "--env-file", "app.env:BAD-VAR"],
    ] {
        case.run(&[&["token", "rotate"], wrong].concat()).expect(2);
    }
    for without_due in [&["ci", "--max-age", "90d"][..], &["--max-age", "90d"]] {
        let refused = case.run(&[&["token", "rotate"], without_due].concat());
        for part in [
            "--max-age requires --due",
            "brainmaps token rotate --due --max-age TIME",
        ] {
            assert!(refused.stderr.contains(part), "{refused}");
        }
    }
    case.assert_settled("refused");
}

#[test]
fn target_that_cannot_be_used_is_named_before_anything_is_sent() {
    let case = Case::new(STORE);
    let work = case.contract.home.work();
    std::os::unix::fs::symlink("app.yml", work.join("link.yml")).unwrap();
    fs::create_dir(work.join("directory.yml")).unwrap();
    for (file, hint) in [
        ("link.yml", "that the link leads to"),
        ("directory.yml", "use a regular file"),
        ("-", "omit the option"),
    ] {
        #[rustfmt::skip]
        let create = ["token", "create", "x", "--config", file, "--config-format", "yaml", "--key", "k"];
        let refused = case.run(&create).expect(2);
        assert!(refused.stderr.contains(hint), "{refused}");
    }
    let text = case.remembered();
    let here = work.display().to_string();
    let moved = text.replace(&format!("directory = \"{here}\""), "directory = \"/gone\"");
    assert_ne!(moved, text);
    write_private(&case.contract.home.data().join("rotations.toml"), &moved);
    let refused = case.run(&["token", "rotate", "ci"]).expect(1);
    assert!(
        refused.stderr.contains("`/gone` does not exist"),
        "{refused}"
    );
    assert_eq!(
        case.contract.active_token_ids(),
        std::slice::from_ref(&case.id)
    );
}

#[test]
fn token_is_revoked_if_no_target_can_be_written() {
    let contract = signed_in();
    let run = |more: &[&str]| {
        let create = [&["token", "create", "ci", "--json"], more].concat();
        contract.home.run(&create)
    };
    let failed = run(&["--to", "exit 4", "--to", "exit 5"]);
    assert_eq!(failed.code, Some(1), "{failed}");
    assert!(contract.active_token_ids().is_empty());

    let partial = run(&["--to", "exit 4", "--to", "umask 077; cat > to.txt"]);
    assert_eq!(partial.code, Some(1), "{partial}");
    let document = partial.json();
    assert_eq!(document["secret"], Value::Null);
    assert_eq!(document["targets"][0]["state"], "failed");
    assert_eq!(document["targets"][1]["state"], "written");
    assert!(partial.stderr.contains("token rotate"), "{partial}");
    assert_eq!(contract.active_token_ids().len(), 1);

    for (wrong, message) in [
        (&["--config", "a.conf", "--key", "k"][..], "format of"),
        (&["--config", "a.yml"], "--key"),
        (
            &["--config", "a.yml", "--key", "a..b"],
            "names separated by dots",
        ),
        (&["--to", " "], "is empty"),
        (&["--to", "x", "--to", "x"], "named twice"),
        (&["--to", "x", "--force"], "--force needs a file"),
    ] {
        let failed = run(wrong);
        assert_eq!(failed.code, Some(2), "{failed}");
        assert!(
            failed.stdout.contains(message) || failed.stderr.contains(message),
            "{failed}"
        );
    }
    assert_eq!(contract.active_token_ids().len(), 1);
}

#[test]
fn due_tokens_are_rotated_and_a_failure_does_not_stop_the_others() {
    let case = Case::new(STORE);
    let none = case
        .run(&["token", "rotate", "--due", "--no-input"])
        .expect(0);
    assert_eq!(none.stdout, "no token is due\n");
    let create = ["token", "create", "bad", "--env-file", "bad.env"];
    case.run(&create).expect(0);
    let create = ["token", "create", "other", "--env-file", "other.env"];
    case.run(&create).expect(0);
    write_private(
        &case.contract.home.work().join("bad.env"),
        "BRAINMAPS_API_KEY=another-key-of-mine\n",
    );
    let log = case.contract.home.path().join("audit.jsonl");
    let log = log.to_str().unwrap();
    case.run(&["config", "set", "audit_log", log]).expect(0);
    let due = [
        "token",
        "rotate",
        "--due",
        "--max-age",
        "0",
        "--all-profiles",
        "--json",
    ];
    let rotated = case.run(&due);
    assert_eq!(rotated.code, Some(2), "{rotated}");
    let document = rotated.json();
    assert_eq!(
        document["rotated"].as_array().unwrap().len(),
        2,
        "{rotated}"
    );
    assert_eq!(document["failed"].as_array().unwrap().len(), 1, "{rotated}");
    let recorded = case.run(&["credential", "log", "--json"]).expect(0).json();
    let events = recorded["events"].as_array().unwrap().iter();
    let mut results: Vec<&str> = events.map(|event| text(event, "result")).collect();
    results.sort_unstable();
    assert_eq!(results, ["USAGE", "ok", "ok"]);
    for name in ["bad", "other"] {
        case.run(&["token", "revoke", name, "--yes"]).expect(0);
    }
    case.assert_settled("due");
}

#[test]
fn two_rotations_at_once_leave_one_token() {
    let case = Case::new(STORE);
    let rotate = ["token", "rotate", &case.id, "--json"];
    let [first, second] = [(); 2].map(|()| case.contract.home.start(&rotate));
    let codes = [first.wait().code, second.wait().code];
    // The other one finds no token with this id.
    assert_eq!(
        codes.iter().filter(|code| **code == Some(0)).count(),
        1,
        "{codes:?}"
    );
    case.assert_settled("two at once");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn killed_rotation_is_completed_by_the_next_run() {
    for exchange in 0..EXCHANGES {
        for hold in [Hold::Request, Hold::Response] {
            let when = format!("killed at {exchange}, {hold:?} held");
            let case = Case::new(STORE);
            case.contract.recorder.take_requests();
            case.contract.recorder.hold(exchange, hold);
            let rotate = ["token", "rotate", &case.id, "--json"];
            let rotation = case.contract.home.start(&rotate);
            case.contract.recorder.wait_until_held();
            rotation.running.signal(Signal::KILL);
            assert_eq!(rotation.wait().code, None);
            case.contract.recorder.cut();
            for secret in [case.in_env_file(), case.in_config(), case.read("to.txt")] {
                case.assert_works(&secret, &when);
            }
            let again = case.rotate();
            if exchange == EXCHANGES - 1 {
                // Everything was done except the output.
                assert_eq!(again.expect(7).error_code(), "NOT_FOUND", "{when}");
            } else {
                again.expect(0);
            }
            case.assert_settled(&when);
            assert_ne!(case.contract.active_token_ids()[0], case.id, "{when}");
        }
    }
}

#[test]
fn interrupted_rotation_waits_for_the_command_and_prints_why() {
    let command = format!(
        "if test -e hang; then touch started; until test -e go; do sleep 0.02; done; fi; {STORE}"
    );
    let case = Case::new(&command);
    fs::write(case.contract.home.work().join("hang"), "").unwrap();
    interrupt(&case.contract, &["token", "rotate", &case.id]);
    case.assert_settled("interrupted");
}

#[test]
fn rotation_killed_while_a_command_runs_is_completed_by_the_next_run() {
    let case = Case::new(&format!(
        "if test -e hang; then touch started; while test -e hang; do sleep 0.02; done; exit 1; fi; {STORE}"
    ));
    let file = |name: &str| case.contract.home.work().join(name);
    fs::write(file("hang"), "").unwrap();
    let rotation = case.contract.home.start(&["token", "rotate", &case.id]);
    wait_until("the command runs", || file("started").exists());
    rotation.running.signal(Signal::KILL);
    rotation.wait();
    fs::remove_file(file("hang")).unwrap();
    let rotated = case.rotate().expect(0).json();
    assert_eq!(rotated["resumed"], Value::Bool(true));
    case.assert_settled("killed");
}
