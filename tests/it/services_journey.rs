//! Each service's token calls with the real program against the sandbox inside it.

use serde_json::Value;

use crate::support::journey::{Journey, Outcome};

const ACCOUNT: &str = "demo@brainmaps.test";

/// A home that talks to the embedded sandbox as `profile`.
fn home_of(profile: &str) -> Journey {
    let mut journey = Journey::new();
    journey
        .set("BRAINMAPS_SANDBOX", "1")
        .set("BRAINMAPS_PROFILE", profile);
    journey
}

fn with_password(profile: &str) -> Journey {
    let journey = home_of(profile);
    let arguments = ["login", "--username", ACCOUNT, "--password-stdin", "--json"];
    journey.run_with_input(&arguments, "demo\n").expect(0);
    journey
}

fn json(journey: &Journey, arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    journey.run(&arguments).expect(0).json()
}

fn id_of(token: &Value) -> String {
    token["id"].as_str().unwrap().to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    let tokens = list["tokens"].as_array().unwrap();
    tokens.iter().map(id_of).collect()
}

fn code(outcome: &Outcome) -> String {
    outcome.error_code()
}

#[test]
fn neuroio_makes_shows_switches_lists_and_revokes_tokens_of_both_kinds() {
    let journey = with_password("neuroio");
    let permanent = json(&journey, &["token", "create", "--permanent"]);
    assert_eq!(permanent["kind"], "permanent");
    let temporary = json(&journey, &["token", "create", "--temporary"]);
    assert!(temporary["expires_at"].is_string(), "{}", temporary["id"]);
    let (permanent, temporary) = (id_of(&permanent), id_of(&temporary));

    let off = json(&journey, &["token", "update", &permanent, "--inactive"]);
    assert_eq!(off["active"], false);
    let shown = json(&journey, &["token", "get", &permanent]);
    assert_eq!(
        (&shown["active"], &shown["kind"]),
        (&false.into(), &"permanent".into())
    );
    let on = json(&journey, &["token", "update", &permanent, "--active"]);
    assert_eq!(on["active"], true);
    assert_eq!(
        ids(&json(&journey, &["token", "list", "--permanent"])),
        [permanent.as_str()]
    );

    json(&journey, &["token", "revoke", &temporary, "--yes"]);
    let gone = journey
        .run(&["token", "get", &temporary, "--json"])
        .expect(7);
    assert_eq!(code(&gone), "NOT_FOUND");
    let unasked = journey
        .run(&["token", "revoke", "--all", "--json"])
        .expect(2);
    assert_eq!(code(&unasked), "USAGE");
    json(&journey, &["token", "revoke", "--all", "--yes"]);
    // The token that signed in is gone with the others.
    assert_eq!(
        code(&journey.run(&["whoami", "--json"]).expect(4)),
        "CREDENTIAL_REJECTED"
    );
}

#[test]
fn neuroio_tells_whose_a_token_is_and_which_one_a_key_is() {
    let mut journey = with_password("neuroio");
    let account = journey.run(&["whoami"]).expect(0);
    assert_eq!(account.stdout, format!("{ACCOUNT}\n"));
    assert!(account.stderr.contains("of no space"), "{account}");
    let shown = journey.run(&["token", "create"]).expect(0);
    assert!(shown.stderr.contains("`brainmaps whoami` tells"), "{shown}");
    let made = json(&journey, &["token", "create", "--space", "1"]);
    let secret = made["secret"].as_str().unwrap();

    journey.set("NEUROIO_API_KEY", secret);
    let space = journey.run(&["whoami"]).expect(0);
    assert_eq!(space.stdout, format!("{ACCOUNT}, space 1 (Front door)\n"));
    assert_eq!(json(&journey, &["whoami"])["space"]["id"], "1");

    let get = ["token", "get", "--with-token", "--json"];
    let found = journey.run_with_input(&get, secret).expect(0).json();
    assert_eq!(found["id"], made["id"]);
    let none = journey.run_with_input(&get, "another-key").expect(7);
    assert_eq!(code(&none), "NOT_FOUND");
    journey.run(&["token", "get"]).expect(2);
}

#[test]
fn a_key_that_was_brought_along_is_said_to_be_unverified() {
    let journey = home_of("neuroio");
    let login = ["login", "--with-token"];
    let refused = journey.run_with_input(&login, "Bearer abc\n").expect(2);
    assert!(
        refused.stderr.contains("without a word such as"),
        "{refused}"
    );
    let stored = journey.run_with_input(&login, "abcdef\n").expect(0);
    assert!(
        stored.stderr.contains("`brainmaps status --check` does"),
        "{stored}"
    );
    assert_eq!(
        state_of(&journey.run(&["status", "--check", "--json"]).expect(4)),
        "rejected"
    );
}

fn state_of(status: &Outcome) -> String {
    let state = &status.json()["profiles"][0]["state"];
    state.as_str().unwrap().to_owned()
}

#[test]
fn neuroio_explains_its_limit_of_permanent_tokens() {
    let journey = with_password("neuroio");
    for _ in 0..5 {
        json(&journey, &["token", "create", "--permanent"]);
    }
    let refused = journey.run(&["token", "create", "--permanent"]).expect(8);
    assert!(refused.stderr.contains("5 permanent tokens"), "{refused}");
}

#[test]
fn basira_keys_work_until_they_are_revoked_and_the_session_renews() {
    let mut journey = with_password("basira");
    let made = json(&journey, &["token", "create", "script"]);
    assert_eq!(ids(&json(&journey, &["token", "list"])), [id_of(&made)]);
    let renewed = json(&journey, &["credential", "refresh", "--force"]);
    assert_eq!(renewed["refreshed"], true);

    journey.set("BASIRA_API_KEY", made["secret"].as_str().unwrap());
    journey.run(&["whoami"]).expect(0);
    json(&journey, &["token", "revoke", &id_of(&made), "--yes"]);
    assert_eq!(
        code(&journey.run(&["whoami", "--json"]).expect(4)),
        "CREDENTIAL_REJECTED"
    );
}

#[test]
fn verbs_that_a_service_does_not_document_and_values_that_it_does_not_take_are_refused() {
    let journey = with_password("basira");
    for (arguments, exit, expected) in [
        (&["token", "get", "1"][..], 2, "UNSUPPORTED"),
        (&["token", "update", "1", "--active"], 2, "UNSUPPORTED"),
        (&["token", "create", "x", "--permanent"], 2, "UNSUPPORTED"),
        (
            &["token", "revoke", "--temporary", "--yes"],
            2,
            "UNSUPPORTED",
        ),
        (&["token", "revoke", "none-such", "--yes"], 7, "NOT_FOUND"),
    ] {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        assert_eq!(
            code(&journey.run(&arguments).expect(exit)),
            expected,
            "{arguments:?}"
        );
    }
}

#[test]
fn a_wrong_password_is_told_and_nothing_is_stored() {
    for profile in ["neuroio", "basira", "brainmaps"] {
        let journey = home_of(profile);
        let arguments = [
            "login",
            "--password",
            "--username",
            ACCOUNT,
            "--password-stdin",
            "--json",
        ];
        let refused = journey.run_with_input(&arguments, "wrong\n").expect(4);
        assert_eq!(code(&refused), "CREDENTIAL_REJECTED", "{profile}");
        assert_eq!(
            code(&journey.run(&["whoami", "--json"]).expect(4)),
            "LOGIN_REQUIRED"
        );
    }
}
