//! NeuroIO: `Authorization: Token`, final slashes, tokens of 24 hours and permanent ones, `{error_codes, message, fields}`.

use serde_json::{Value, json};

use super::{Contract, call, ids, text, token};
use crate::support::sandbox::EMAIL;

/// Logs in; returns the header that carries the session token, which has the id 1.
fn signed_in() -> (Contract, String) {
    let contract = Contract::with_password("neuroio");
    let header = format!("authorization: Token {}", contract.credential());
    (contract, header)
}

fn stored_token(made: &Value) -> Value {
    let mut stored_token = made.clone();
    stored_token.as_object_mut().unwrap().remove("secret");
    stored_token
}

#[test]
fn login_creates_a_token_and_logout_deletes_it() {
    let contract = Contract::new("neuroio", &["--memory"]);
    let outcome = contract.log_in("demo");
    let body = format!(r#"{{"password":"demo","username":"{EMAIL}"}}"#);
    let login = call("POST /v1/auth/token/", "").json(&body);
    let shown = contract.check(outcome, 0, &[login]).json();
    assert_eq!(
        (&shown["account"], &shown["kind"], &shown["refreshable"]),
        (&json!(EMAIL), &json!("session_token"), &json!(false)),
        "{shown}"
    );
    assert!(
        shown["expires_at"].is_string(),
        "24 hours are shown: {shown}"
    );
    let header = format!("authorization: Token {}", contract.credential());

    let who = contract.run(&["whoami"], 0, &[call("GET /v1/whoami/", &header)]);
    assert_eq!(who.stdout, format!("{EMAIL}\n"));
    assert!(who.stderr.contains("not to a space"), "{who}");
    let check = contract.run(
        &["status", "--check"],
        0,
        &[call("GET /v1/whoami/", &header)],
    );
    assert!(check.stdout.contains("valid"), "{check}");
    let refresh = contract.json(&["credential", "refresh", "--force"], 2, &[]);
    assert_eq!(refresh["error"]["code"], "UNSUPPORTED", "{refresh}");

    let delete = call("DELETE /v1/tokens/1/", &header);
    let out = contract.json(&["logout"], 0, &[delete]);
    assert_eq!(out["server"]["state"], "revoked", "{out}");
    contract.expect_signed_out();
}

#[test]
fn logout_without_the_server_names_the_expiry_of_the_session() {
    for (is_local, code) in [(false, 6), (true, 0)] {
        let Contract { home, sandbox, .. } = signed_in().0;
        let status = home.run(&["status", "--json"]).expect(0).json();
        let end = text(&status["profiles"][0], "expires_at");
        let (minute, _) = end.rsplit_once(':').unwrap();
        drop(sandbox);
        let local = is_local.then_some("--local");
        let arguments: Vec<&str> = std::iter::once("logout").chain(local).collect();
        let out = home.run(&arguments).expect(code);
        let printed = if is_local { &out.stdout } else { &out.stderr };
        for part in ["the session may still be valid at the server", minute] {
            assert!(printed.contains(part), "{part}: {out}");
        }
        home.run(&["status"]).expect(4);
    }
}

#[test]
fn a_wrong_password_is_602_and_sent_once() {
    let contract = Contract::new("neuroio", &["--memory"]);
    let outcome = contract.log_in("wrong");
    let body = format!(r#"{{"password":"wrong","username":"{EMAIL}"}}"#);
    let login = call("POST /v1/auth/token/", "").json(&body);
    let error = contract.check(outcome, 4, &[login]).json();
    assert_eq!(error["error"]["code"], "CREDENTIAL_REJECTED", "{error}");
    assert_eq!(error["error"]["status"], 400, "{error}");
    let hint = text(&error["error"], "hint");
    assert!(
        hint.contains("Unable to log in with the provided credentials"),
        "{hint}"
    );
    contract.expect_signed_out();
}

#[test]
fn tokens_of_both_kinds_are_created_also_in_a_space() {
    let (contract, header) = signed_in();
    let create = |line: &str, permanent: bool| {
        call(line, &header).json(&format!(r#"{{"permanent":{permanent}}}"#))
    };
    let all = "POST /v1/tokens/";
    let made = contract.json(&["token", "create"], 0, &[create(all, false)]);
    let expected = token(&json!({
        "id": "2", "kind": "temporary", "active": true, "created_at": made["created_at"],
        "expires_at": made["expires_at"], "secret": made["secret"],
    }));
    assert_eq!(made, expected);
    assert!(made["expires_at"].is_string() && made["secret"].is_string());

    let made = contract.json(&["token", "create", "--permanent"], 0, &[create(all, true)]);
    let expected = token(&json!({
        "id": "3", "kind": "permanent", "active": true, "created_at": made["created_at"], "secret": made["secret"],
    }));
    assert_eq!(made, expected);
    let plain = contract.run(
        &["token", "create", "--temporary"],
        0,
        &[create(all, false)],
    );
    assert_eq!(
        plain.stdout.lines().count(),
        1,
        "stdout has only the secret"
    );
    assert!(plain.stderr.contains("id 4"), "{}", plain.stderr);

    let in_space = "POST /v1/spaces/1/tokens/";
    let command = ["token", "create", "--space", "1", "--permanent"];
    let made = contract.json(&command, 0, &[create(in_space, true)]);
    let mut contract = contract;
    contract.home.set("NEUROIO_API_KEY", text(&made, "secret"));
    let header = format!("authorization: Token {}", text(&made, "secret"));
    let who = contract.run(&["whoami"], 0, &[call("GET /v1/whoami/", &header)]);
    assert_eq!(who.stdout, format!("{EMAIL}, space 1 (Front door)\n"));
    let who = contract.json(&["whoami"], 0, &[call("GET /v1/whoami/", &header)]);
    assert_eq!(
        who["space"],
        json!({"id": "1", "name": "Front door"}),
        "{who}"
    );
    let list = call("GET /v1/tokens/?limit=20&offset=0", &header);
    let own = contract.json(&["token", "list"], 0, &[list]);
    assert_eq!(
        ids(&own),
        [text(&made, "id")],
        "a token of a space lists the tokens of this space only"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn lists_send_the_documented_filters_and_pages() {
    let (contract, header) = signed_in();
    let permanent = ["token", "create", "--permanent", "--json"];
    let made = contract.home.run(&permanent).expect(0).json();
    for _ in 0..21 {
        contract.home.run(&["token", "create"]).expect(0);
    }
    contract.take_requests();
    let page = |query: &str| call(&format!("GET /v1/tokens/?{query}"), &header);
    let list = |more: &[&str], pages: &[&str]| {
        let pages: Vec<_> = pages.iter().map(|query| page(query)).collect();
        contract.json(&[&["token", "list"], more].concat(), 0, &pages)
    };
    let first = list(&[], &["limit=20&offset=0"]);
    assert_eq!(ids(&first).len(), 20);
    let whole = list(&["--all"], &["limit=20&offset=0", "limit=20&offset=20"]);
    assert_eq!(ids(&whole).len(), 23, "a short page is the last one");
    let cut = list(
        &["--limit", "21", "--offset", "1"],
        &["limit=20&offset=1", "limit=20&offset=21"],
    );
    assert_eq!(ids(&cut), ids(&whole)[1..22]);
    let some = list(&["--permanent"], &["permanent=true&limit=20&offset=0"]);
    assert_eq!(ids(&some), [text(&made, "id")]);
    let others = list(&["--temporary"], &["permanent=false&limit=20&offset=0"]);
    assert_eq!(ids(&others).len(), 20);
    let pages = ["limit=20&offset=0", "limit=20&offset=20"];
    let ending = list(&["--all", "--expires-within", "2d"], &pages);
    assert_eq!(
        ids(&ending).len(),
        22,
        "all tokens except the permanent one"
    );

    let table = contract.run(
        &["token", "list", "--permanent"],
        0,
        &[page("permanent=true&limit=20&offset=0")],
    );
    let row = format!(
        "{}\t\tactive\t{}\tnever\t\n",
        text(&made, "id"),
        text(&made, "created_at")
    );
    assert_eq!(table.stdout, row);
}

#[test]
fn a_token_is_read_disabled_and_enabled() {
    let (contract, header) = signed_in();
    let made = ["token", "create", "--permanent", "--json"];
    let made = stored_token(&contract.home.run(&made).expect(0).json());
    contract.take_requests();
    let one = |method: &str| call(&format!("{method} /v1/tokens/2/"), &header);
    assert_eq!(
        contract.json(&["token", "get", "2"], 0, &[one("GET")]),
        made
    );
    let mut off = made.clone();
    off["active"] = false.into();
    let switch = one("PATCH").form("is_active=false");
    assert_eq!(
        contract.json(&["token", "update", "2", "--inactive"], 0, &[switch]),
        off
    );
    let shown = contract.run(&["token", "get", "2"], 0, &[one("GET")]);
    assert!(shown.stdout.contains("inactive"), "{shown}");
    let switch = one("PATCH").form("is_active=true");
    assert_eq!(
        contract.json(&["token", "update", "2", "--active"], 0, &[switch]),
        made
    );
    let missing = call("GET /v1/tokens/99/", &header);
    let missing = contract.json(&["token", "get", "99"], 7, &[missing]);
    assert_eq!(missing["error"]["code"], "NOT_FOUND");
    assert!(
        text(&missing["error"], "message").contains("605"),
        "the service's code: {missing}"
    );
}

/// Returns the ids of the recorded keys whose tokens were not revoked here.
fn recorded(contract: &Contract) -> Vec<String> {
    let file = contract.home.data().join("created-keys.json");
    let record: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let keys = record["keys"].as_array().unwrap().iter();
    let valid = keys.filter(|key| key["revoked"] != true);
    valid.map(|key| text(key, "id").to_owned()).collect()
}

#[test]
fn tokens_are_revoked_by_id_and_by_kind() {
    let (contract, header) = signed_in();
    for kind in ["--permanent", "--temporary", "--permanent", "--temporary"] {
        let created = contract.home.run(&["token", "create", kind]).expect(0);
        let says_expiry = created.stderr.contains("it expires in ");
        assert_eq!(says_expiry, kind == "--temporary", "{created}");
    }
    contract.take_requests();
    let delete = |path: &str| call(&format!("DELETE /v1/tokens/{path}"), &header);
    let list = call("GET /v1/tokens/?limit=20&offset=0", &header);
    let plan = |id| ["token", "revoke", id, "--dry-run"];
    let planned = contract.run(&plan("2"), 0, std::slice::from_ref(&list));
    assert!(planned.stdout.contains("would revoke 2"), "{planned}");
    let unknown = contract.run(&plan("99"), 7, &[list]);
    assert!(
        unknown.stderr.contains("lists no token \"99\""),
        "{unknown}"
    );
    let one = contract.run(&["token", "revoke", "2"], 0, &[delete("2/")]);
    assert!(one.stdout.contains("Revoked token 2"), "{one}");
    let gone = contract.json(&["token", "revoke", "2", "--yes"], 7, &[delete("2/")]);
    assert_eq!(gone["results"][0]["error"]["code"], "NOT_FOUND", "{gone}");

    // They are sent concurrently, in any order.
    let several = contract
        .home
        .run(&["token", "revoke", "3", "99", "--yes", "--json"]);
    let results = several.expect(7).json()["results"].clone();
    let mut sent = contract.take_requests();
    sent.sort();
    assert_eq!(sent, [delete("3/"), delete("99/")]);
    assert_eq!(
        (&results[0]["revoked"], &results[1]["revoked"]),
        (&json!(true), &json!(false))
    );

    for many in ["--all", "--permanent", "--temporary"] {
        let unasked = contract.json(&["token", "revoke", many], 2, &[]);
        assert_eq!(
            unasked["error"]["code"], "USAGE",
            "{many} needs --yes: {unasked}"
        );
    }
    let many = ["token", "revoke", "--permanent", "--yes"];
    let list = |query: &str| call(&format!("GET /v1/tokens/?{query}"), &header);
    let permanent = list("permanent=true&limit=20&offset=0");
    let many = contract.json(&many, 0, &[permanent, delete("?permanent=true")]);
    assert_eq!(many["revoked"], "permanent", "{many}");
    assert_eq!(recorded(&contract), ["5"]);
    let left = contract.json(
        &["token", "list"],
        0,
        &[call("GET /v1/tokens/?limit=20&offset=0", &header)],
    );
    assert_eq!(ids(&left), ["1", "5"], "the temporary ones are left");
    let whole = list("limit=20&offset=0");
    contract.run(
        &["token", "revoke", "--all", "--yes"],
        0,
        &[whole, delete("")],
    );
    assert_eq!(recorded(&contract), [""; 0]);
    let over = contract.json(&["whoami"], 4, &[call("GET /v1/whoami/", &header)]);
    assert_eq!(
        over["error"]["code"], "CREDENTIAL_REJECTED",
        "the token in use is revoked, too"
    );
}

#[test]
fn temporary_tokens_are_revoked_without_the_permanent_ones() {
    let (mut contract, header) = signed_in();
    let made = ["token", "create", "--permanent", "--json"];
    let made = contract.home.run(&made).expect(0).json();
    contract.take_requests();
    let many = ["token", "revoke", "--temporary", "--yes"];
    let temporary = "GET /v1/tokens/?permanent=false&limit=20&offset=0";
    contract.run(
        &many,
        0,
        &[
            call(temporary, &header),
            call("DELETE /v1/tokens/?permanent=false", &header),
        ],
    );
    assert_eq!(recorded(&contract), ["2"]);
    contract.home.set("NEUROIO_API_KEY", text(&made, "secret"));
    contract.home.run(&["whoami"]).expect(0);
}

#[test]
fn the_sixth_permanent_token_is_rejected_with_the_quota() {
    let (contract, header) = signed_in();
    let permanent = ["token", "create", "--permanent"];
    for _ in 0..5 {
        contract.home.run(&permanent).expect(0);
    }
    contract.take_requests();
    let create = call("POST /v1/tokens/", &header).json(r#"{"permanent":true}"#);
    let refused = contract.run(&permanent, 8, &[create]);
    for words in [
        "No more than 5 permanent tokens are allowed",
        "at most 5 permanent tokens per account or space",
    ] {
        assert!(refused.stderr.contains(words), "{refused}");
    }
}

#[test]
fn rotation_keeps_the_token_kind() {
    let (contract, header) = signed_in();
    let create = ["token", "create", "--permanent", "--env-file", "app.env"];
    contract.home.run(&create).expect(0);
    let in_file = || {
        format!(
            "authorization: Token {}",
            contract.in_file("NEUROIO_API_KEY")
        )
    };
    let old = in_file();
    contract.take_requests();
    let rotate = ["token", "rotate", "2", "--env-file", "app.env", "--json"];
    let rotated = contract.home.run(&rotate).expect(0).json();
    let (who, new) = ("GET /v1/whoami/", in_file());
    assert_eq!(
        contract.take_requests(),
        [
            call("GET /v1/tokens/?limit=20&offset=0", &header),
            // Finds the token of the key in the file.
            call("GET /v1/tokens/?limit=20&offset=0", &header),
            // The new token must belong to the space of the old one.
            call(who, &header),
            call(who, &old),
            call("POST /v1/tokens/", &header).json(r#"{"permanent":true}"#),
            // The lifetime of the new token.
            call("GET /v1/tokens/?limit=20&offset=0", &header),
            call(who, &new),
            call("DELETE /v1/tokens/2/", &header),
            // Checks whether the key in the file was the revoked one.
            call(who, &old),
        ]
    );
    assert_eq!(
        (&rotated["id"], &rotated["replaces"], &rotated["secret"]),
        (&json!("3"), &json!("2"), &Value::Null)
    );
}

#[test]
fn a_key_is_found_in_the_list_and_not_sent() {
    let (contract, header) = signed_in();
    let made = contract
        .home
        .run(&["token", "create", "--json"])
        .expect(0)
        .json();
    contract.take_requests();
    let list = call("GET /v1/tokens/?limit=20&offset=0", &header);
    let get = ["token", "get", "--with-token", "--json"];
    let found = contract.home.run_with_input(&get, text(&made, "secret"));
    let found = contract.check(found, 0, std::slice::from_ref(&list)).json();
    assert_eq!(found, stored_token(&made));
    let none = contract.home.run_with_input(&get, "another-key");
    let none = contract.check(none, 7, &[list]);
    assert_eq!(none.error_code(), "NOT_FOUND");
}

#[test]
fn undocumented_calls_are_rejected_without_a_request() {
    let (contract, _) = signed_in();
    contract.expect_unsupported(
        "NeuroIO",
        &[
            "token create x --permission read",
            "token create x --scope all",
            "token create x --expires-in 90d",
            "account resend-verification",
            "login --device",
            "login --with-cookie",
            "login --import",
        ],
    );
}
