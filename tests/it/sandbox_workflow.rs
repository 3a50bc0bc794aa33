//! A complete workflow with the real program and its own sandbox; the leak harness checks every output and file.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{
    leak::CANARY,
    process::wait_until,
    sandbox::{EMAIL, Sandbox},
    test_home::TestHome,
};

/// A home with a session at a sandbox server.
fn signed_in(more: &[&str]) -> (TestHome, Sandbox) {
    let mut home = TestHome::new();
    let arguments: Vec<&str> = ["--auto-approve", "--interval", "0"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    let sandbox = Sandbox::start(&home, &arguments);
    let url = sandbox.url.clone();
    // Verbose, so that the leak harness checks the whole log.
    home.set("BRAINMAPS_LOG", "trace");
    home.run(&[
        "login",
        "--device",
        "--api-url",
        &url,
        "--no-browser",
        "--json",
    ])
    .expect(0);
    (home, sandbox)
}

fn mode(path: &std::path::Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn login_whoami_create_use_and_revoke_a_token_logout() {
    let (home, _sandbox) = signed_in(&[]);
    let status = home.run(&["status", "--json"]).expect(0).json();
    assert_eq!(status["profiles"][0]["state"], "valid", "{status}");
    home.run(&["status", "--check"]).expect(0);
    let who = home.run(&["whoami", "--json"]).expect(0);
    assert!(who.stdout.contains("demo@brainmaps.test"), "{who}");
    let explained = home.run(&["credential", "explain"]).expect(0);
    assert!(
        explained.stdout.contains("BRAINMAPS_API_KEY"),
        "{explained}"
    );

    let made = home
        .run(&["token", "create", "of the home", "--json"])
        .expect(0)
        .json();
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert!(secret.contains(CANARY), "the sandbox marks its secrets");
    let listed = home.run(&["token", "list", "--json"]).expect(0);
    assert!(listed.stdout.contains(id), "{listed}");

    home.run(&["token", "revoke", id, "--dry-run"]).expect(0);
    home.run(&["token", "revoke", id, "--yes"]).expect(0);

    home.run(&["logout"]).expect(0);
    assert_eq!(
        home.run(&["credential", "print", "--json"])
            .expect(4)
            .error_code(),
        "LOGIN_REQUIRED"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn stored_files_are_private() {
    let (home, _sandbox) = signed_in(&[]);
    assert_eq!(mode(&home.data()), 0o700);
    assert_eq!(mode(&home.data().join("credentials")), 0o700);
    for file in std::fs::read_dir(home.data().join("credentials"))
        .unwrap()
        .flatten()
    {
        assert_eq!(mode(&file.path()), 0o600, "{}", file.path().display());
    }
    let index = std::fs::read_to_string(home.data().join("profiles.json")).unwrap();
    assert!(!index.contains(CANARY), "the index holds no secret");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_new_token_in_an_env_file_is_used() {
    let (home, sandbox) = signed_in(&[]);
    let made = home
        .run(&[
            "token",
            "create",
            "for the env file",
            "--env-file",
            ".env",
            "--json",
        ])
        .expect(0);
    assert!(
        !made.stdout.contains(CANARY),
        "in the file, so not on stdout"
    );
    let file = home.work().join(".env");
    assert_eq!(mode(&file), 0o600);
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .contains("BRAINMAPS_API_KEY=")
    );

    home.run(&["logout"]).expect(0);
    let who = home
        .run(&["whoami", "--api-url", &sandbox.url, "--json"])
        .expect(0);
    assert!(who.stdout.contains("demo@brainmaps.test"), "{who}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_session_is_refreshed_before_it_expires() {
    let (home, _sandbox) = signed_in(&["--access-ttl", "2"]);
    let first = home.run(&["credential", "print"]).expect(0).stdout;
    let print = || home.run(&["credential", "print"]).expect(0).stdout;
    wait_until("a new token", || print() != first);
    home.run(&["whoami"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_session_unknown_to_the_server_is_reported() {
    let (home, _sandbox) = signed_in(&[]);
    home.run(&["sandbox", "reset"]).expect(0);
    let refused = home.run(&["whoami", "--json"]).expect(4);
    assert!(
        ["CREDENTIAL_REJECTED", "LOGIN_EXPIRED"].contains(&refused.error_code().as_str()),
        "{refused}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_embedded_sandbox_needs_no_server_and_has_its_own_credentials() {
    let home = TestHome::new();
    let login = home.start(&["--sandbox", "login", "--device", "--no-browser", "--json"]);
    let code = login.running.wait_for_stderr_line(|line| {
        let event: Value = serde_json::from_str(line).ok()?;
        event["user_code"].as_str().map(str::to_owned)
    });
    home.run(&["sandbox", "approve", &code]).expect(0);
    login.wait().expect(0);
    home.run(&["--sandbox", "whoami"]).expect(0);
    assert_eq!(
        home.run(&["whoami", "--json"]).expect(4).error_code(),
        "LOGIN_REQUIRED"
    );
    home.run(&["--sandbox", "logout"]).expect(0);
}

#[test]
fn every_service_with_password_login_is_in_the_embedded_sandbox() {
    for profile in ["brainmaps", "neuroio", "basira"] {
        let mut home = TestHome::new();
        home.set("BRAINMAPS_SANDBOX", "1")
            .set("BRAINMAPS_PROFILE", profile);
        #[rustfmt::skip]
        let login = ["login", "--password", "--username", EMAIL, "--password-stdin"];
        home.run_with_input(&login, "demo\n").expect(0);
        home.run(&["whoami"]).expect(0);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_demo_prints_no_secret() {
    let home = TestHome::new();
    let printed = home.run(&["demo"]).expect(0);
    assert!(
        printed.stdout.contains("brainmaps token create"),
        "each step shows its command: {printed}"
    );
    home.run(&["demo", "--json"]).expect(0).json();
    assert!(!home.data().exists(), "it works in a home of its own");
}

#[test]
fn a_sandbox_server_stops_at_ctrl_c() {
    let home = TestHome::new();
    let sandbox = Sandbox::start(&home, &["--memory"]);
    sandbox.wait_until_it_responds();
    sandbox.command.running.signal(rustix::process::Signal::INT);
    let ended = sandbox.command.wait();
    assert!(matches!(ended.code, Some(0 | 130)), "{ended}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_token_is_named_by_its_name_or_the_beginning_of_its_id() {
    let (home, _sandbox) = signed_in(&[]);
    let create = |name: &str| {
        let made = home.run(&["token", "create", name, "--json"]).expect(0);
        made.json()["id"].as_str().unwrap().to_owned()
    };
    let [first, second, deploy] = ["ci", "ci", "deploy"].map(create);
    let ambiguous = home.run(&["token", "revoke", "ci", "--yes"]).expect(2);
    for id in [&first, &second] {
        let candidate = format!("{id} (ci)");
        assert!(ambiguous.stderr.contains(&candidate), "{ambiguous}");
    }
    let plan = home.run(&["token", "revoke", "deploy", "--dry-run", "--json"]);
    assert_eq!(plan.expect(0).json()["would_revoke"][0], deploy.as_str());
    let revoked = home.run(&["token", "revoke", "deploy", "--yes"]).expect(0);
    assert_eq!(
        revoked.stdout,
        format!("✓ Revoked token `deploy` (id {deploy})\n")
    );
    let prefix = &first[..13];
    let revoked = home.run(&["token", "revoke", prefix, "--yes"]).expect(0);
    assert_eq!(
        revoked.stdout,
        format!("✓ Revoked token `ci` (id {first})\n")
    );
    // The name of a revoked token belongs to the one that is left.
    let replace = ["token", "rotate", "ci", "--env-file", ".env"];
    let refused = home.run(&replace).expect(2);
    assert!(refused.stderr.contains("does not exist"), "{refused}");
    let revoked = home.run(&["token", "revoke", "ci", "--yes"]).expect(0);
    assert_eq!(
        revoked.stdout,
        format!("✓ Revoked token `ci` (id {second})\n")
    );
}

#[test]
fn creation_names_another_token_of_the_name_and_the_variables_that_it_writes() {
    let (home, sandbox) = signed_in(&[]);
    let create = ["token", "create", "ci", "--json"];
    let first = home.run(&create).expect(0).json();
    let in_file = ["token", "create", "ci", "--env-file", "app.env"];
    let second = home.run(&in_file).expect(0);
    let id = first["id"].as_str().unwrap();
    for text in [
        format!("note: token {id} has the same name\n"),
        "wrote BRAINMAPS_API_KEY and BRAINMAPS_API_URL to ".to_owned(),
    ] {
        assert!(second.stderr.contains(&text), "{text}: {second}");
    }
    let text = std::fs::read_to_string(home.work().join("app.env")).unwrap();
    assert!(text.contains(&sandbox.url), "the key is of this server");
    home.run(&["token", "revoke", id, "--yes"]).expect(0);
    let other = home.run(&["token", "create", "other"]).expect(0);
    assert!(!other.stderr.contains("same name"), "{other}");
}

#[test]
fn revocation_names_the_files_that_have_the_key() {
    let (home, _sandbox) = signed_in(&[]);
    let create = |name: &str, targets: &[&str]| {
        let create = ["token", "create", name, "--json"];
        let created = home.run(&[&create[..], targets].concat()).expect(0);
        created.json()["id"].as_str().unwrap().to_owned()
    };
    let in_files = create("a", &["--env-file", "a.env", "--env-file", "b.env"]);
    let shown = create("b", &[]);
    let targets = home.work().canonicalize().unwrap();
    let targets = ["a.env", "b.env"].map(|name| targets.join(name).display().to_string());
    let revoked = home.run(&["token", "revoke", &in_files, &shown, "--yes"]);
    let stderr = revoked.expect(0).stderr;
    assert!(targets.iter().all(|it| stderr.contains(it)), "{stderr}");
    assert!(
        stderr.contains("still have keys that are now revoked"),
        "{stderr}"
    );
    let again = home.run(&["token", "revoke", &in_files, "--yes"]);
    assert!(!again.stderr.contains("still ha"), "{again}");
}

#[test]
fn dry_run_of_a_revocation_says_which_tokens_are_already_revoked() {
    let (home, _sandbox) = signed_in(&[]);
    let [revoked, active] = ["first", "second"].map(|name| {
        let created = home.run(&["token", "create", name, "--json"]).expect(0);
        created.json()["id"].as_str().unwrap().to_owned()
    });
    home.run(&["token", "revoke", &revoked, "--yes"]).expect(0);
    let plan = ["token", "revoke", &revoked, "--dry-run"];
    let expected = format!("already revoked: `first` (id {revoked})\nnothing to revoke\n");
    assert_eq!(home.run(&plan).expect(0).stdout, expected);
    let both = [&plan[..], &[&active]].concat();
    let expected = format!(
        "already revoked: `first` (id {revoked})\nwould revoke `second` (id {active}) of profile `brainmaps`\n"
    );
    assert_eq!(home.run(&both).expect(0).stdout, expected);
    let document = home
        .run(&[&both[..], &["--json"]].concat())
        .expect(0)
        .json();
    assert_eq!(document["already_revoked"], serde_json::json!([revoked]));
    assert_eq!(document["would_revoke"], serde_json::json!([active]));
}

#[test]
fn login_at_the_embedded_sandbox_says_which_server_has_its_page() {
    let home = TestHome::new();
    let login = home.start(&["--sandbox", "login", "--device"]);
    let hint = "The page needs `brainmaps sandbox serve` at its default port.";
    login
        .running
        .wait_for_stderr_line(|line| line.contains(hint).then_some(()));
    login.running.signal(rustix::process::Signal::INT);
    login.wait().expect(130);
}

#[test]
fn a_browser_at_the_root_gets_a_page_and_a_program_the_response_of_the_service() {
    let home = TestHome::new();
    let sandbox = Sandbox::start(&home, &["--memory"]);
    let page = sandbox.get("/", "accept: text/html,application/xhtml+xml");
    for text in [
        "The sandbox is running",
        "/basic-memory/",
        "href=\"/device\"",
        EMAIL,
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let response: Value = serde_json::from_str(&sandbox.get("/", "accept: */*")).unwrap();
    assert!(response["detail"].is_string(), "{response}");
}

#[test]
fn hints_name_the_profile_of_the_command() {
    let home = TestHome::new();
    let status = home.run(&["--sandbox", "--profile", "basira", "status"]);
    let status = status.expect(4);
    let hint = "hint: run `brainmaps --sandbox --profile basira login`";
    assert!(status.stderr.contains(hint), "{status}");
    let unknown = home.run(&["--profile", "nope", "whoami"]).expect(2);
    let hint = "to create one, run `brainmaps profile add nope --provider SERVICE`";
    assert!(unknown.stderr.contains(hint), "{unknown}");
    let mistyped = home.run(&["--profile", "brainmap", "whoami"]).expect(2);
    let hint = "did you mean `brainmaps`?";
    assert!(mistyped.stderr.contains(hint), "{mistyped}");
}

#[test]
fn meaningless_option_combinations_are_rejected() {
    let home = TestHome::new();
    for arguments in [
        &["--sandbox", "login", "--issuer", "https://id.example.com"][..],
        &["--sandbox", "login", "--client-id", "other"],
        &["--sandbox", "token", "list", "--limit", "0"],
    ] {
        let refused = home.run(&[arguments, &["--json"]].concat()).expect(2);
        assert_eq!(refused.error_code(), "USAGE", "{arguments:?}");
    }
    let nowhere = home.path().join("no/such/folder");
    let file = nowhere.join(".env");
    let create = ["--sandbox", "token", "create", "x", "--env-file"];
    let arguments = [&create[..], &[file.to_str().unwrap()]].concat();
    let refused = home.run(&arguments).expect(1);
    assert!(refused.stderr.contains("no/such/folder"), "{refused}");
    assert!(!nowhere.exists());
}
