//! `--jq` and `--format` with every command that prints a value.

use serde_json::json;

use super::{home_for, serve};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};

fn tokens() -> ScriptedServer {
    serve(|received| {
        if received.method == "POST" {
            return ScriptedResponse::json(201, &json!({"id": 7, "name": "new", "token": "tok-9"}));
        }
        let tokens = json!([{"id": 1, "name": "a b"}, {"id": 2, "name": "c"}]);
        ScriptedResponse::json(200, &json!({ "results": tokens, "next": null }))
    })
}

#[test]
fn documents_are_filtered() {
    let server = tokens();
    let home = home_for(&server);
    for (arguments, expected) in [
        (&["token", "list", "--jq", ".tokens[].name"][..], "a b\nc\n"),
        (&["--jq", ".tokens | length", "token", "list"], "2\n"),
        (
            &["token", "list", "--format", r"{id}\t{name}"],
            "1\ta b\n2\tc\n",
        ),
        (
            &[
                "token",
                "list",
                "--format",
                "{{{profile}}} {id}",
                "--limit",
                "1",
            ],
            "{brainmaps} 1\n",
        ),
        (
            &["status", "--format", "{profile} {state}"],
            "brainmaps unverified\n",
        ),
        (&["credential", "print", "--jq", ".kind"], "api_key\n"),
        (
            &["api", "/x", "--jq", ".results[0] | [.id, .name] | @tsv"],
            "1\ta b\n",
        ),
        (
            &["api", "/x", "--jq", ".results[] | select(.id > 1)"],
            "{\"id\":2,\"name\":\"c\"}\n",
        ),
        (
            &["config", "set", "storage", "file", "--format", "{key}"],
            "storage\n",
        ),
    ] {
        let outcome = home.run(arguments).expect(0);
        assert_eq!(outcome.stdout, expected, "{outcome}");
    }
}

#[test]
fn invalid_filter_fails_before_any_request() {
    let server = tokens();
    let home = home_for(&server);
    for filter in [
        ["--jq", ".tokens["],
        ["--jq", "nonsense"],
        ["--jq", "$ENV.BRAINMAPS_API_KEY"],
        ["--jq", "env"],
        ["--format", "{id"],
        ["--format", r"\q"],
    ] {
        for command in [
            &["token", "create", "x"][..],
            &["token", "list", "--json"],
            &["api", "/x"],
        ] {
            let outcome = home.run(&[command, &filter[..]].concat()).expect(2);
            assert_eq!(outcome.stdout, "", "{outcome}");
            assert!(outcome.stderr.contains(filter[0]), "{outcome}");
        }
    }
    home.run(&["token", "list", "--jq", ".", "--format", "{id}"])
        .expect(2);
    home.run(&["exec", "--jq", ".", "--", "/bin/true"])
        .expect(2);
    assert!(server.received().is_empty());
}

#[test]
fn unknown_field_names_the_known_ones_and_loses_no_secret() {
    let server = tokens();
    let home = home_for(&server);
    let outcome = home.run(&["token", "list", "--format", "{nmae}"]).expect(2);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains("known fields: ") && outcome.stderr.contains(", name,"),
        "{outcome}"
    );
    for (filter, code, message) in [
        (["--format", "{secrt}"], 2, "known fields: "),
        (["--jq", ".secret.x"], 1, "--jq failed: cannot index"),
    ] {
        let outcome = home.run(&[&["token", "create", "new"], &filter[..]].concat());
        let outcome = outcome.expect(code);
        assert!(outcome.stderr.contains(message), "{outcome}");
        assert_eq!(outcome.json()["secret"], "tok-9", "{outcome}");
    }
}

#[test]
fn filter_that_leaves_out_a_new_secret_causes_a_warning() {
    let server = tokens();
    let home = home_for(&server);
    let create = |filter: [&str; 2]| {
        let arguments = [&["token", "create", "new", "-q"], &filter[..]].concat();
        home.run(&arguments).expect(0)
    };
    for filter in [
        ["--jq", ".id"],
        ["--jq", "del(.secret) | keys"],
        ["--jq", ".secret | length"],
        ["--format", "{id}"],
    ] {
        let created = create(filter);
        let warning = "warning: the output leaves out the secret of the new token, which cannot be shown again; \
                       run `brainmaps token revoke 7`\n";
        assert_eq!(created.stderr, warning, "{created}");
    }
    for filter in [
        ["--jq", "."],
        ["--jq", ".id, .secret"],
        ["--jq", ".secret | select(length > 2 and startswith(\"t\"))"],
        ["--jq", "{data: (\"key:\\(.secret)\" | @base64)}"],
        ["--format", "{secret}"],
    ] {
        let created = create(filter);
        assert_eq!(created.stderr, "", "{created}");
    }
    let in_file = ["token", "create", "new", "--env-file", "a.env"];
    let in_file = home.run(&[&in_file[..], &["--jq", ".id"]].concat());
    let in_file = in_file.expect(0);
    assert!(!in_file.stderr.contains("warning"), "{in_file}");
}

#[test]
fn failures_are_text_on_stderr() {
    let server = serve(|_| ScriptedResponse::json(404, &json!({"detail": "gone"})));
    let home = home_for(&server);
    for arguments in [
        &["token", "list", "--jq", "."][..],
        &["token", "list", "--format", "{id}"],
        &["token", "list", "--json", "--jq", "."],
    ] {
        let outcome = home.run(arguments).expect(7);
        assert_eq!(outcome.stdout, "", "{outcome}");
        assert!(outcome.stderr.contains("error: "), "{outcome}");
    }
}

#[test]
fn forms_of_credential_print_take_precedence() {
    let server = tokens();
    let home = home_for(&server);
    let outcome = home
        .run(&["credential", "print", "--format", "header"])
        .expect(0);
    assert!(
        outcome.stdout.starts_with("Authorization: Token "),
        "{}",
        outcome.stdout.len()
    );
    for arguments in [
        &["credential", "print", "--format", "{token}"][..],
        &["--format", "{token}", "credential", "print"],
    ] {
        let outcome = home.run(arguments).expect(2);
        assert!(outcome.stderr.contains("netrc"), "{outcome}");
    }
}
