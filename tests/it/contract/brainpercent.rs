//! BrainPercent: Bearer for keys, the web session's cookie to manage them, `{success, data}` and `{success, error, meta}`.

use serde_json::{Value, json};

use super::{Contract, call, ids, text, token};
use crate::support::{
    scripted_server::{ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const KEYS: &str = "/api/v1/api-keys";
const WHO: &str = "GET /api/v1/user/credits";
const LIST: &str = "GET /api/v1/api-keys?page=1&limit=100";

/// Logs in with a cookie; returns the header that carries it.
fn signed_in() -> (Contract, String) {
    let contract = Contract::new("brainpercent", &["--memory"]);
    let cookie = contract.sandbox.web_cookie();
    let login = ["login", "--with-cookie", "--json"];
    let shown = contract.home.run_with_input(&login, &format!("{cookie}\n"));
    assert_eq!(shown.expect(0).json()["kind"], "cookie");
    contract.take_requests();
    (contract, format!("cookie: {cookie}"))
}

#[test]
fn a_key_is_created_with_each_option_by_the_cookie() {
    let (contract, header) = signed_in();
    let create = |body: &str| call(&format!("POST {KEYS}"), &header).json(body);
    for (options, body, permissions, scopes) in [
        (
            "--permission read",
            r#"{"name":"ci","permissions":["read"]}"#,
            json!(["read"]),
            json!(["articles", "social", "projects", "user"]),
        ),
        (
            "--permission read --permission delete --scope articles --scope user --expires-in 90d",
            r#"{"expires_in_days":90,"name":"ci","permissions":["read","delete"],"scopes":["articles","user"]}"#,
            json!(["read", "delete"]),
            json!(["articles", "user"]),
        ),
    ] {
        let options = options.split(' ');
        let command: Vec<&str> = ["token", "create", "ci"]
            .into_iter()
            .chain(options)
            .collect();
        let made = contract.json(&command, 0, &[create(body)]);
        let expected = token(&json!({
            "id": made["id"], "name": "ci", "active": true, "created_at": made["created_at"], "expires_at": made["expires_at"],
            "permissions": permissions, "scopes": scopes, "prefix": made["prefix"], "secret": made["secret"],
        }));
        assert_eq!(made, expected);
        assert_eq!(
            made["expires_at"].is_string(),
            body.contains("expires_in_days")
        );
        assert!(
            text(&made, "secret").starts_with(text(&made, "prefix")),
            "{made}"
        );
    }
}

#[test]
fn invalid_key_options_are_rejected_before_any_request() {
    let (contract, _) = signed_in();
    let long = "n".repeat(101);
    for (options, says) in [
        ("token create x", "permission"),
        ("token create x --permission admin", "admin"),
        (
            "token create x --permission read --scope billing",
            "billing",
        ),
        ("token create x --permission read --expires-in 366d", "365"),
        (&format!("token create {long} --permission read"), "100"),
    ] {
        let command: Vec<&str> = options.split(' ').collect();
        let refused = contract.json(&command, 2, &[]);
        assert_eq!(refused["error"]["code"], "USAGE", "{refused}");
        assert!(
            text(&refused["error"], "message").contains(says),
            "{options}: {refused}"
        );
    }
}

#[test]
fn keys_are_listed_and_revoked_by_the_cookie() {
    let (contract, header) = signed_in();
    let create = |name: &str| {
        let command = ["token", "create", name, "--permission", "read", "--json"];
        contract.home.run(&command).expect(0).json()
    };
    let (first, second) = (create("first"), create("second"));
    contract.take_requests();
    let list = call(LIST, &header);
    let listed = contract.json(&["token", "list"], 0, std::slice::from_ref(&list));
    assert_eq!(ids(&listed), [text(&second, "id"), text(&first, "id")]);
    let mut expected = second.clone();
    expected.as_object_mut().unwrap().remove("secret");
    assert_eq!(listed["tokens"][0], expected);
    let table = contract.run(&["token", "list", "--all"], 0, std::slice::from_ref(&list));
    assert_eq!(table.stdout.lines().count(), 2, "{table}");
    assert!(
        table
            .stdout
            .starts_with(&format!("{}\tsecond\tactive\t", text(&second, "id"))),
        "{table}"
    );

    let delete = |id: &str| call(&format!("DELETE {KEYS}/{id}"), &header);
    let one = contract.json(
        &["token", "revoke", text(&first, "id")],
        0,
        &[delete(text(&first, "id"))],
    );
    assert_eq!(one["results"][0]["revoked"], true, "{one}");
    let several = [
        "token",
        "revoke",
        text(&second, "id"),
        "none-such",
        "--json",
    ];
    let several = contract.home.run(&several).expect(7).json();
    let error = &several["results"][1]["error"];
    assert_eq!(error["code"], "NOT_FOUND", "{several}");
    assert!(text(error, "request_id").starts_with("req_"), "{several}");
    let mut sent = contract.take_requests();
    sent.sort();
    // It could be a name.
    let unknown = [delete("none-such"), list.clone()];
    let mut wire = [vec![delete(text(&second, "id"))], unknown.to_vec()].concat();
    wire.sort();
    assert_eq!(sent, wire);
    assert_eq!(ids(&contract.json(&["token", "list"], 0, &[list])), [""; 0]);
}

#[test]
fn a_key_is_sent_as_bearer_token_and_has_its_permissions() {
    let (mut contract, _) = signed_in();
    let create = |permission: &str, scope: &str| {
        #[rustfmt::skip]
        let command = ["token", "create", "x", "--permission", permission, "--scope", scope, "--json"];
        contract.home.run(&command).expect(0).json()
    };
    let (reads, deletes) = (create("read", "user"), create("delete", "articles"));
    contract.take_requests();
    let key = |made: &Value| format!("authorization: Bearer {}", text(made, "secret"));
    contract
        .home
        .set("BRAINPERCENT_API_KEY", text(&reads, "secret"));
    contract.run(&["whoami"], 0, &[call(WHO, &key(&reads))]);
    let (reading, deleting) = (text(&reads, "id"), text(&deletes, "id"));

    let delete = call(&format!("DELETE {KEYS}/{deleting}"), &key(&reads));
    let refused = contract.json(&["token", "revoke", deleting, "--yes"], 3, &[delete]);
    assert_eq!(refused["error"]["code"], "FORBIDDEN", "{refused}");
    let printed = format!(
        "{} {}",
        refused["error"]["message"], refused["error"]["hint"]
    );
    assert!(
        printed.contains("delete permission") && printed.contains("FORBIDDEN"),
        "{printed}"
    );
    assert!(
        text(&refused["error"], "request_id").starts_with("req_"),
        "{refused}"
    );
    let create =
        call(&format!("POST {KEYS}"), &key(&reads)).json(r#"{"name":"y","permissions":["read"]}"#);
    let refused = contract.json(
        &["token", "create", "y", "--permission", "read"],
        4,
        &[create],
    );
    let printed = format!(
        "{} {}",
        refused["error"]["message"], refused["error"]["hint"]
    );
    assert!(
        printed.contains("cookie"),
        "why, and with what instead: {printed}"
    );

    contract
        .home
        .set("BRAINPERCENT_API_KEY", text(&deletes, "secret"));
    // 403 means that the key itself is valid.
    contract.run(&["whoami"], 0, &[call(WHO, &key(&deletes))]);
    let delete = call(&format!("DELETE {KEYS}/{reading}"), &key(&deletes));
    contract.run(&["token", "revoke", reading, "--yes"], 0, &[delete]);
}

#[test]
fn the_eleventh_active_key_is_rejected_with_the_quota() {
    let (contract, header) = signed_in();
    let command = ["token", "create", "x", "--permission", "read"];
    for _ in 0..10 {
        contract.home.run(&command).expect(0);
    }
    contract.take_requests();
    let create =
        call(&format!("POST {KEYS}"), &header).json(r#"{"name":"x","permissions":["read"]}"#);
    let refused = contract.json(&command, 8, &[create]);
    assert_eq!(refused["error"]["code"], "REJECTED", "{refused}");
    let printed = format!(
        "{} {}",
        refused["error"]["message"], refused["error"]["hint"]
    );
    assert!(
        printed.contains("at most 10 active tokens") && printed.contains("API_KEY_LIMIT_REACHED"),
        "{printed}"
    );
}

#[test]
fn a_key_in_a_file_rotates_by_the_cookie_and_keeps_its_rights_and_lifetime() {
    let (contract, header) = signed_in();
    #[rustfmt::skip]
    let create = ["token", "create", "ci", "--permission", "read", "--scope", "user", "--expires-in", "30d",
        "--env-file", "app.env", "--json"];
    let made = contract.home.run(&create).expect(0).json();
    let id = text(&made, "id");
    let in_file = || {
        format!(
            "authorization: Bearer {}",
            contract.in_file("BRAINPERCENT_API_KEY")
        )
    };
    let old = in_file();
    contract.take_requests();
    contract
        .home
        .run(&["token", "rotate", id, "--env-file", "app.env"])
        .expect(0);
    let body = r#"{"expires_in_days":30,"name":"ci","permissions":["read"],"scopes":["user"]}"#;
    assert_eq!(
        contract.take_requests(),
        [
            call(LIST, &header),
            call(&format!("POST {KEYS}"), &header).json(body),
            // The rights of the new key.
            call(LIST, &header),
            call(WHO, &in_file()),
            call(&format!("DELETE {KEYS}/{id}"), &header),
            call(WHO, &old),
        ]
    );
}

#[test]
fn pages_are_requested_by_number() {
    let server = ScriptedServer::start(|received, _| {
        let page = match received.path.as_str() {
            "/api/v1/api-keys?page=1&limit=100" => 1,
            "/api/v1/api-keys?page=2&limit=100" => 2,
            other => panic!("{other}"),
        };
        let key = json!({"id": format!("k{page}"), "name": "ci", "permissions": ["read"], "scopes": ["user"]});
        let pagination =
            json!({"total": 2, "page": page, "limit": 100, "total_pages": 2, "has_more": page < 2});
        ScriptedResponse::json(
            200,
            &json!({"success": true, "data": [key], "pagination": pagination}),
        )
    });
    let mut home = TestHome::new();
    home.set("BRAINMAPS_PROFILE", "brainpercent")
        .set("BRAINPERCENT_API_KEY", "bp_c4n4ry");
    home.run(&["config", "set-api-url", &server.url]).expect(0);
    for (more, expected) in [(&[][..], &["k1"][..]), (&["--all"], &["k1", "k2"])] {
        let list = home.run(&[&["token", "list", "--json"], more].concat());
        assert_eq!(ids(&list.expect(0).json()), expected, "{more:?}");
    }
}

#[test]
fn a_cookie_is_verified_by_a_call_that_accepts_cookies() {
    let (contract, header) = signed_in();
    let who = contract.run(&["whoami"], 0, &[call(&format!("GET {KEYS}"), &header)]);
    assert!(who.stdout.contains("signed in to BrainPercent"), "{who}");
    let check = contract.run(
        &["status", "--check"],
        0,
        &[call(&format!("GET {KEYS}"), &header)],
    );
    assert!(check.stdout.contains("valid"), "{check}");
}

#[test]
fn the_web_session_cannot_be_revoked() {
    let (contract, _) = signed_in();
    let out = contract.run(&["logout"], 0, &[]);
    assert!(
        out.stdout
            .contains("the session stays valid at the server until it expires"),
        "{out}"
    );
}

#[test]
fn undocumented_calls_are_rejected_without_a_request() {
    let (contract, _) = signed_in();
    contract.expect_unsupported(
        "BrainPercent",
        &[
            "token get 1",
            "token update 1 --active",
            "token revoke --all --yes",
            "token revoke --permanent --yes",
            "token revoke --temporary --yes",
            "token list --permanent",
            "token create x --permission read --permanent",
            "token create x --permission read --temporary",
            "token create x --permission read --space 1",
            "account resend-verification",
            "login --device",
            "login --password",
            "login --import",
        ],
    );
}
