//! Documented error responses of each service: message, code, request id and waiting time are printed, with the
//! documented exit status. The sandbox sends few of them to these commands, so the responses are literal.

use serde_json::{Value, json};

use super::{Contract, text};
use crate::support::{
    scripted_server::{ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

/// The variable and a key of each service, and a request that is never retried.
fn service(name: &str) -> (&'static str, &'static str, Vec<&'static str>) {
    match name {
        "brainmaps" => (
            "BRAINMAPS_API_KEY",
            "key-c4n4ry",
            vec!["token", "create", "ci"],
        ),
        "basic-memory" => (
            "BASIC_MEMORY_CLOUD_API_KEY",
            "bmc_c4n4ryc4n4ryc4n4ryc4n4ryc4n4ryc4",
            vec!["token", "create", "ci"],
        ),
        "neuroio" => (
            "NEUROIO_API_KEY",
            "key-c4n4ry",
            vec!["token", "create", "--permanent"],
        ),
        "brainpercent" => (
            "BRAINPERCENT_API_KEY",
            "bp_c4a4a12ec4a4acffdfb17bd6f8075e20681bde55015d086ebebc14f7c4a4a12e", // brainmaps:allow
            vec!["token", "create", "ci", "--permission", "read"],
        ),
        "basira" => (
            "BASIRA_API_KEY",
            "dbm_ak_1_c4n4ry",
            vec!["token", "create", "ci"],
        ),
        other => panic!("{other}"),
    }
}

struct ErrorCase {
    service: &'static str,
    reply: ScriptedResponse,
    code: &'static str,
    exit: i32,
    /// Text that the message or the hint must contain.
    says: &'static [&'static str],
    request_id: Option<&'static str>,
}

fn error_case(
    service: &'static str,
    reply: ScriptedResponse,
    code: &'static str,
    exit: i32,
    says: &'static [&'static str],
) -> ErrorCase {
    ErrorCase {
        service,
        reply,
        code,
        exit,
        says,
        request_id: None,
    }
}

/// An error of BrainPercent, with its request id.
fn brainpercent(status: u16, code: &str, message: &str, meta: Value) -> ScriptedResponse {
    let mut meta = meta;
    meta["request_id"] = "req_42".into();
    let error = json!({"code": code, "message": message});
    ScriptedResponse::json(
        status,
        &json!({"success": false, "error": error, "meta": meta}),
    )
}

fn numbered(case: ErrorCase) -> ErrorCase {
    ErrorCase {
        request_id: Some("req_42"),
        ..case
    }
}

#[rustfmt::skip]
fn cases() -> Vec<ErrorCase> {
    let says = |error: &str, detail: &str| json!({"error": error, "detail": detail});
    let detail = |detail: &str| json!({"detail": detail});
    let subscription = json!({"error": "subscription_required", "message": "Pay.", "subscribe_url": "https://pay.test/"});
    let nested = json!({"detail": subscription});
    let neuroio = |code: u16, words: &str, fields: &[&str]| json!({"error_codes": [code], "message": words, "fields": fields});
    let error = |words: &str| json!({"error": words});
    let scope = "Bearer error=\"insufficient_scope\", scope=\"tokens:write\"";
    vec![
        error_case("brainmaps", ScriptedResponse::json(400, &says("validation_error", "name is required.")), "REJECTED", 8,
            &["name is required", "validation_error", "HTTP 400"]),
        error_case("brainmaps", ScriptedResponse::json(401, &detail("Invalid token.")), "CREDENTIAL_REJECTED", 4, &["Invalid token", "BRAINMAPS_API_KEY"]),
        error_case("brainmaps", ScriptedResponse::json(403, &detail("No.")).header("www-authenticate", scope), "FORBIDDEN", 3, &["tokens:write"]),
        error_case("brainmaps", ScriptedResponse::json(403, &detail("You do not have permission.")), "FORBIDDEN", 3, &["You do not have permission"]),
        error_case("brainmaps", ScriptedResponse::json(404, &detail("Not found.")), "NOT_FOUND", 7, &["Not found"]),
        error_case("basic-memory", ScriptedResponse::json(401, &detail("Not authenticated")), "CREDENTIAL_REJECTED", 4, &["Not authenticated"]),
        error_case("basic-memory", ScriptedResponse::json(403, &nested), "PAYMENT_REQUIRED", 3, &["Pay", "subscription_required", "https://pay.test/"]),
        error_case("basic-memory", ScriptedResponse::json(403, &subscription), "PAYMENT_REQUIRED", 3, &["subscription_required", "https://pay.test/"]),
        error_case("basic-memory", ScriptedResponse::json(403, &detail("Not yours")), "FORBIDDEN", 3, &["Not yours"]),
        error_case("basic-memory", ScriptedResponse::json(422, &detail("name: Field required")), "REJECTED", 8, &["name: Field required"]),
        error_case("neuroio", ScriptedResponse::json(400, &neuroio(601, "Invalid.", &["permanent"])), "REJECTED", 8, &["Invalid", "601", "permanent"]),
        error_case("neuroio", ScriptedResponse::json(400, &neuroio(606, "Too many.", &[])), "REJECTED", 8, &["Too many", "at most 5 permanent tokens"]),
        error_case("neuroio", ScriptedResponse::json(401, &neuroio(603, "Token is expired.", &[])), "CREDENTIAL_REJECTED", 4, &["Token is expired"]),
        error_case("neuroio", ScriptedResponse::json(403, &neuroio(604, "Managers only.", &[])), "FORBIDDEN", 3, &["Managers only", "604"]),
        error_case("neuroio", ScriptedResponse::json(404, &neuroio(4, "Not found", &[])), "NOT_FOUND", 7, &["Not found"]),
        numbered(error_case("brainpercent", brainpercent(400, "VALIDATION_ERROR", "Bad name", json!({})), "REJECTED", 8,
            &["Bad name", "VALIDATION_ERROR", "req_42"])),
        numbered(error_case("brainpercent", brainpercent(401, "UNAUTHORIZED", "Bad key", json!({})), "CREDENTIAL_REJECTED", 4,
            &["Bad key", "requires a session cookie"])),
        numbered(error_case("brainpercent", brainpercent(402, "INSUFFICIENT_CREDITS", "3 are left", json!({})), "PAYMENT_REQUIRED", 3,
            &["3 are left", "INSUFFICIENT_CREDITS"])),
        numbered(error_case("brainpercent", brainpercent(403, "FORBIDDEN", "This key lacks the write permission", json!({})), "FORBIDDEN", 3,
            &["lacks the write permission", "FORBIDDEN"])),
        numbered(error_case("brainpercent", brainpercent(403, "FORBIDDEN", "API key lacks required permission: write", json!({})), "FORBIDDEN", 3,
            &["permission write"])),
        numbered(error_case("brainpercent", brainpercent(403, "FORBIDDEN", "Missing scope 'articles'", json!({})), "FORBIDDEN", 3,
            &["scope articles"])),
        numbered(error_case("brainpercent", brainpercent(429, "RATE_LIMIT_EXCEEDED", "Slow down", json!({"retry_after": 37})), "RATE_LIMITED", 6,
            &["Slow down", "RATE_LIMIT_EXCEEDED", "37 seconds"])),
        numbered(error_case("brainpercent", brainpercent(429, "RATE_LIMIT_EXCEEDED", "Slow down", json!({})).header("retry-after", "38"),
            "RATE_LIMITED", 6, &["38 seconds"])),
        numbered(error_case("brainpercent", brainpercent(200, "FORBIDDEN", "Said with a good status", json!({})), "REJECTED", 8,
            &["Said with a good status"])),
        error_case("basira", ScriptedResponse::json(400, &error("name is required")), "REJECTED", 8, &["name is required"]),
        error_case("basira", ScriptedResponse::json(401, &error("invalid API key")), "CREDENTIAL_REJECTED", 4, &["invalid API key", "BASIRA_API_KEY"]),
        error_case("basira", ScriptedResponse::json(403, &error("verify your email first")), "FORBIDDEN", 3, &["verify your email first"]),
        error_case("basira", ScriptedResponse::json(429, &error("too many requests")), "RATE_LIMITED", 6, &["too many requests", "try again later"]),
        error_case("basira", ScriptedResponse::json(503, &error("down for repairs")), "UNAVAILABLE", 6, &["down for repairs"]),
    ]
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn errors_are_printed_with_the_services_message_and_the_documented_exit_status() {
    for case in cases() {
        let reply = case.reply.clone();
        let server = ScriptedServer::start(move |_, _| reply.clone());
        let (variable, key, command) = service(case.service);
        let mut home = TestHome::new();
        home.set("BRAINMAPS_PROFILE", case.service)
            .set(variable, key);
        home.run(&["config", "set-api-url", &server.url]).expect(0);
        let shown = home
            .run(&[&command[..], &["--json"]].concat())
            .expect(case.exit)
            .json();
        let (error, about) = (
            &shown["error"],
            format!("{} {:?}", case.service, case.reply),
        );
        assert_eq!(error["code"], case.code, "{about}: {shown}");
        assert_eq!(error["exit"], case.exit, "{about}: {shown}");
        assert_eq!(
            error["request_id"],
            json!(case.request_id),
            "{about}: {shown}"
        );
        let plain = home.run(&command).expect(case.exit);
        assert!(
            plain.stdout.is_empty() && plain.stderr.lines().any(|line| line.starts_with("error: ")),
            "{plain}"
        );
        let printed = format!("{} {}", error["message"], error["hint"]);
        for words in case.says {
            assert!(printed.contains(words), "`{words}` in {about}: {shown}");
            assert!(
                plain.stderr.contains(words),
                "`{words}` in {about}: {plain}"
            );
        }
        let received = server.received().into_iter();
        let received = received
            .filter(|received| received.method == "POST")
            .count();
        assert_eq!(
            received, 2,
            "a call that makes something is never repeated: {about}"
        );
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_denied_login_fails_and_stores_nothing() {
    for service in ["brainmaps", "basic-memory"] {
        let contract = Contract::new(service, &["--interval", "1"]);
        let issuer = format!("{}{}", contract.recorder.url, contract.prefix);
        let arguments = [
            "login",
            "--device",
            "--issuer",
            &issuer,
            "--no-browser",
            "--json",
        ];
        let login = contract.home.start(&arguments);
        let code = login.running.wait_for_stderr_line(|line| {
            let event: Value = serde_json::from_str(line).ok()?;
            Some(text(&event, "user_code").to_owned())
        });
        contract.home.run(&["sandbox", "deny", &code]).expect(0);
        let denied = login.wait().expect(3).json();
        assert_eq!(denied["error"]["code"], "DENIED", "{denied}");
        contract.take_requests();
        contract.expect_signed_out();
    }
}
