//! Every JSON document has exactly the members that docs/reference/json.md, which is also `help json`, lists.

use std::collections::{BTreeMap, BTreeSet};

use rustix::process::Signal;
use serde_json::Value;

use crate::support::test_home::{CommandResult, TestHome};

const REFERENCE: &str = include_str!("../../docs/reference/json.md");

/// Commands whose output is not a JSON document, or belongs to another program.
const WITHOUT_DOCUMENT: &[&str] = &[
    "api",
    "exec",
    "helper git",
    "helper docker",
    "helper kubectl",
    "helper cargo",
    "helper goauth",
    "helper keyring",
    "helper pnpm",
    "helper terraform",
    "sandbox ci",
    "sandbox serve",
    "sandbox conformance",
    "completions",
    "man",
    "help",
];

type Names = BTreeSet<String>;

/// The members of a document.
#[derive(Debug, Default, Clone)]
struct Members {
    required: Names,
    optional: Names,
    /// The members of the entries of a list.
    lists: BTreeMap<String, Names>,
}

/// The text without what is in parentheses.
fn without_remarks(text: &str) -> String {
    let mut depth = 0;
    text.chars()
        .filter(|c| {
            depth += usize::from(*c == '(');
            let is_kept = depth == 0;
            depth -= usize::from(*c == ')');
            is_kept
        })
        .collect()
}

/// Returns the rows of the table of results: the command, and its members.
fn rows() -> Vec<(String, String)> {
    let (_, table) = REFERENCE.split_once("| command | members |").unwrap();
    let lines = table.lines().skip(2);
    lines
        .take_while(|line| line.starts_with("| "))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').splitn(2, " | ").collect();
            (cells[0].trim().replace('`', ""), without_remarks(cells[1]))
        })
        .collect()
}

fn token_members() -> Names {
    let line = REFERENCE
        .lines()
        .find(|line| line.starts_with("A token has"));
    backticked(line.unwrap()).collect()
}

fn backticked(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('`').skip(1).step_by(2).map(str::to_owned)
}

fn documented(command: &str) -> Members {
    let rows = rows();
    let row = rows.iter().find(|(name, _)| name == command);
    let (_, text) = row.unwrap_or_else(|| panic!("`{command}` is not documented"));
    let mut members = Members::default();
    for part in text.split("; ") {
        if let Some(optional) = part.trim().strip_prefix("optional:") {
            members.optional.extend(backticked(optional));
            continue;
        }
        let (names, entries) = part.split_once("[]`: ").unwrap_or((part, ""));
        let closed = if entries.is_empty() {
            names.to_owned()
        } else {
            format!("{names}`")
        };
        members.required.extend(named_members(&closed));
        if !entries.is_empty() {
            let list = backticked(&closed).last().unwrap();
            members.lists.insert(list, named_members(entries));
        }
    }
    members
}

/// The members that a part of a row names, directly or by another row.
fn named_members(text: &str) -> Names {
    let mut names = Names::new();
    let mut rest = text.to_owned();
    for (phrase, of_entry) in [("the members of `", false), ("an entry of `", true)] {
        if let Some((before, after)) = rest.clone().split_once(phrase) {
            let (command, behind) = after.split_once('`').unwrap();
            let other = documented(command);
            names.extend(if of_entry {
                other.lists.into_values().next().unwrap()
            } else {
                other.required
            });
            rest = format!("{before}{behind}");
        }
    }
    if rest.contains("the members of a token") {
        names.extend(token_members());
    }
    names.extend(backticked(&rest));
    names
}

fn keys(document: &Value) -> Names {
    let object = document
        .as_object()
        .unwrap_or_else(|| panic!("no object: {document}"));
    object.keys().cloned().collect()
}

/// Runs commands against the embedded sandbox and compares their documents.
struct Checker {
    home: TestHome,
    checked: Names,
}

impl Checker {
    #[track_caller]
    fn check(&mut self, command: &str, arguments: &[&str]) -> Value {
        self.check_with_input(command, arguments, "")
    }

    #[track_caller]
    fn check_with_input(&mut self, command: &str, arguments: &[&str], input: &str) -> Value {
        let arguments = [&["--sandbox", "--json"], arguments].concat();
        let outcome = self.home.run_with_input(&arguments, input);
        self.compare(command, &outcome)
    }

    #[track_caller]
    fn compare(&mut self, command: &str, outcome: &CommandResult) -> Value {
        let document = outcome.json();
        let expected = documented(command);
        let mut found = keys(&document);
        found.retain(|name| !expected.optional.contains(name));
        assert_eq!(found, expected.required, "`{command}`: {outcome}");
        for (list, members) in &expected.lists {
            let entries = document[list].as_array().unwrap();
            assert!(!entries.is_empty(), "`{command}`, {list}: {outcome}");
            for entry in entries {
                assert_eq!(keys(entry), *members, "`{command}`, {list}: {outcome}");
            }
        }
        self.checked.insert(command.to_owned());
        document
    }
}

/// Starts a device login and returns it with its user code.
fn device_login(home: &TestHome) -> (crate::support::test_home::RunningCommand, String) {
    let login = [
        "--sandbox",
        "--json",
        "--profile",
        "basic-memory",
        "login",
        "--device",
        "--no-browser",
    ];
    let login = home.start(&login);
    let code = login.running.wait_for_line(|line| {
        let event: Value = serde_json::from_str(line).ok()?;
        event["user_code"].as_str().map(str::to_owned)
    });
    (login, code)
}

fn check_tokens(checker: &mut Checker) {
    let login = [
        "login",
        "--username",
        "demo@brainmaps.test",
        "--password-stdin",
    ];
    checker.check_with_input("login", &login, "demo");
    checker.check("whoami", &["whoami"]);
    let created = checker.check("token create", &["token", "create", "ci"]);
    let secret = created["secret"].as_str().unwrap().to_owned();
    checker.check("token list", &["token", "list"]);
    // A policy that finds every token.
    checker.check(
        "token audit",
        &["token", "audit", "--within", "0", "--max-age", "0"],
    );
    checker.check(
        "token revoke --dry-run",
        &["token", "revoke", "ci", "--dry-run"],
    );
    checker.check_with_input("token inspect", &["token", "inspect"], &secret);
    let env = ["token", "create", "app", "--env-file", "app.env"];
    checker.check("token create", &env);
    let rotate = ["token", "rotate", "app", "--env-file", "app.env"];
    checker.check("token rotate", &rotate);
    let due = ["token", "rotate", "--due", "--max-age", "0"];
    checker.check(
        "token rotate --due --dry-run",
        &[&due[..], &["--dry-run"]].concat(),
    );
    checker.check("token rotate --due", &due);
    checker.check("token revoke", &["token", "revoke", "ci", "--yes"]);
    checker.check("token revoke", &["token", "revoke", "unknown", "--yes"]);
    let mut variable = checker.home.command(&["--sandbox", "--json", "login"]);
    std::fs::copy(
        checker.home.work().join("app.env"),
        checker.home.work().join(".env"),
    )
    .unwrap();
    let works = checker
        .home
        .start_command(&mut variable, &["login"], "")
        .wait();
    checker.compare("login if a key in the environment works", &works);
    std::fs::remove_file(checker.home.work().join(".env")).unwrap();
    for command in ["status", "credential print", "credential explain"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        checker.check(command, &arguments);
    }
    let api = ["--sandbox", "api", "/api/brains/", "--silent"];
    checker.home.run(&api).expect(0);
    checker.check("credential usage", &["credential", "usage"]);
    let clear = ["credential", "usage", "--clear"];
    checker.check("credential usage --clear", &clear);
    let report = ["credential", "print", "--dotenv", "report.env"];
    checker.check("credential print --dotenv", &report);
    let proxy = checker.home.start(&["--sandbox", "--json", "proxy"]);
    proxy.running.wait_for_text("\n");
    proxy.running.signal(Signal::INT);
    let proxy = proxy.wait();
    checker.compare("proxy", &proxy);
}

fn check_other_services(checker: &mut Checker) {
    let neuroio = ["--profile", "neuroio"];
    let login = [
        &neuroio[..],
        &[
            "login",
            "--username",
            "demo@brainmaps.test",
            "--password-stdin",
        ],
    ];
    checker.check_with_input("login", &login.concat(), "demo");
    let create = [&neuroio[..], &["token", "create", "x", "--permanent"]].concat();
    let token = checker.check("token create", &create);
    let id = token["id"].as_str().unwrap();
    checker.check("token get", &[&neuroio[..], &["token", "get", id]].concat());
    let update = [&neuroio[..], &["token", "update", id, "--inactive"]].concat();
    checker.check("token update", &update);
    let revoke = [&neuroio[..], &["token", "revoke", "--all", "--yes"]].concat();
    checker.check("token revoke --all", &revoke);

    let (denied, denied_code) = device_login(&checker.home);
    let (login, code) = device_login(&checker.home);
    checker.check("sandbox deny", &["sandbox", "deny", &denied_code]);
    checker.check("sandbox approve", &["sandbox", "approve", &code]);
    denied.wait().expect(3);
    let login = login.wait().expect(0);
    checker.compare("login", &login);
    let refresh = [
        "--profile",
        "basic-memory",
        "credential",
        "refresh",
        "--force",
    ];
    let log = checker.home.path().join("audit.jsonl");
    let set = ["config", "set", "audit_log", log.to_str().unwrap()];
    checker.check("config set", &set);
    checker.check("credential refresh", &refresh);
    checker.check("credential log", &["credential", "log"]);

    let basira = ["--profile", "basira"];
    let login = [
        "login",
        "--username",
        "demo@brainmaps.test",
        "--password-stdin",
    ];
    checker.check_with_input("login", &[&basira[..], &login].concat(), "demo");
    let resend = [&basira[..], &["account", "resend-verification"]].concat();
    checker.check("account resend-verification", &resend);
}

fn check_local_commands(checker: &mut Checker) {
    let git = checker.home.path().join("bin/git");
    std::os::unix::fs::symlink("/usr/bin/git", git).unwrap();
    let install = ["helper", "install", "git", "--host", "git.example.com"];
    checker.check("helper install", &install);
    let key = ["BRAINMAPS_API", "_KEY=9f3c1e7ab05d42688c0e6fd21b94a735"].concat();
    checker.check_with_input("token scan", &["token", "scan", "--stdin"], &key);
    let work = checker.home.work();
    let init = std::process::Command::new("/usr/bin/git")
        .args(["init", "-q"])
        .current_dir(&work)
        .status();
    assert!(init.unwrap().success());
    for command in ["install-hook", "uninstall-hook"] {
        checker.check(
            &format!("token scan {command}"),
            &["token", "scan", command],
        );
    }
    std::fs::remove_dir_all(work.join(".git")).unwrap();
    checker.check("profile list", &["profile", "list"]);
    checker.check("profile show", &["profile", "show"]);
    checker.check("helper uninstall", &["helper", "uninstall", "git"]);
    checker.check(
        "profile add",
        &["profile", "add", "work", "--provider", "brainmaps"],
    );
    checker.check("profile use", &["profile", "use", "work"]);
    checker.check("profile rename", &["profile", "rename", "work", "company"]);
    checker.check("profile remove", &["profile", "remove", "company"]);
    checker.check("project show", &["project", "show"]);
    checker.check("project set-cloud", &["project", "set-cloud"]);
    checker.check("project set-local", &["project", "set-local"]);
    checker.check("project unbind", &["project", "unbind"]);
    checker.check("config set", &["config", "set", "storage", "file"]);
    checker.check("config get", &["config", "get", "storage"]);
    checker.check("config list", &["config", "list"]);
    checker.check("config unset", &["config", "unset", "storage"]);
    checker.check("config path", &["config", "path"]);
    checker.check("provider list", &["provider", "list"]);
    checker.check("provider show", &["provider", "show", "brainmaps"]);
    let wrong = "id = \"maps\"\nname = \"\"\napi_url = \"https://maps.example\"\n[headers]\napi_key = { name = \"X-Key\" }\n";
    std::fs::write(checker.home.work().join("maps.toml"), wrong).unwrap();
    checker.check("provider check", &["provider", "check", "maps.toml"]);
    let valid = wrong.replace("name = \"\"", "name = \"Maps\"")
        + "[whoami]\ncall = \"GET /me\"\naccount = \"/login\"\n";
    std::fs::write(checker.home.work().join("maps.toml"), valid).unwrap();
    checker.check("provider test", &["provider", "test", "maps.toml"]);
    checker.check("provider add", &["provider", "add", "maps.toml", "--yes"]);
    checker.check("provider new", &["provider", "new", "maps"]);
    checker.check("provider explain", &["provider", "explain", "whoami"]);
    checker.check("provider schema", &["provider", "schema"]);
    checker.check("provider export-rules", &["provider", "export-rules"]);
    checker.check(
        "provider client-metadata",
        &[
            "provider",
            "client-metadata",
            "--url",
            "https://a.test/client.json",
        ],
    );
    checker.check("doctor", &["doctor", "--offline"]);
    checker.check("demo", &["demo"]);
    checker.check("sandbox faults", &["sandbox", "faults"]);
    checker.check("sandbox path", &["sandbox", "path"]);
}

/// The commands without subcommands.
fn leaves(command: &clap::Command, path: &str, found: &mut Vec<String>) {
    for below in command.get_subcommands().filter(|it| !it.is_hide_set()) {
        let path = format!("{path} {}", below.get_name());
        if below.has_subcommands() {
            leaves(below, &path, found);
        } else {
            found.push(path.trim().to_owned());
        }
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn documents_have_the_documented_members() {
    let mut checker = Checker {
        home: TestHome::new(),
        checked: Names::new(),
    };
    check_tokens(&mut checker);
    check_other_services(&mut checker);
    check_local_commands(&mut checker);
    checker.check("logout", &["logout"]);
    checker.check("logout --all", &["logout", "--all"]);
    checker.check("sandbox reset", &["sandbox", "reset"]);
    let documented: Names = rows().into_iter().map(|(command, _)| command).collect();
    assert_eq!(checker.checked, documented, "every row is checked");
}

#[test]
fn every_command_is_documented() {
    let mut root = brainmaps::cli::command();
    root.build();
    let mut commands = Vec::new();
    leaves(&root, "", &mut commands);
    let rows = rows();
    let is_documented = |command: &String| {
        let has_row = rows
            .iter()
            .any(|(row, _)| row.starts_with(command.as_str()));
        has_row || WITHOUT_DOCUMENT.contains(&command.as_str())
    };
    commands.retain(|command| !is_documented(command));
    assert_eq!(
        commands, [""; 0],
        "describe their JSON in docs/reference/json.md"
    );
}
