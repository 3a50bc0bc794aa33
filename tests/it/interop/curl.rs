//! Runs every line of docs/sandbox/curl.md with sh and curl; only the port is replaced.

use std::{process::Command, sync::LazyLock};

use crate::support::{peer, sandbox::Sandbox, test_home::TestHome};

/// Extra curl arguments: print the status, separate from the response.
const CURLRC: &str = "write-out = \"%{stderr}%{http_code}\\n\"\n";

/// Separates the outputs of two lines.
const MARK: &str = "@@\n";

/// A part of each `curl` line, with the expected status and, if the line prints it, a part of the response.
#[rustfmt::skip]
const RESPONSES: &[(&str, u16, &str)] = &[
    ("$api/auth/login/", 200, ""),
    ("$api/tokens/ -H \"Authorization: Token $session\"", 201, ""),
    ("$api/tokens/ -H \"$auth\"", 200, r#""is_revoked":false,"name":"ci"}]}"#),
    ("$api/auth/me/", 200, r#""email":"demo@brainmaps.test""#),
    ("$api/brains/?page=2", 200, r#""count":5,"next":"http"#),
    ("/revoke/", 200, r#"{"status":"token revoked"}"#),
    ("$api/auth/me/", 401, r#"{"detail":"Invalid token."}"#),
    ("$cloud/oauth2/device_authorization", 200, ""),
    ("$cloud/oauth2/token", 200, ""),
    ("$cloud/api/keys -H \"$auth\" -H \"$json\"", 201, ""),
    ("$cloud/api/keys -H \"$auth\"", 200, r#""name":"ci"}]}"#),
    ("$cloud/proxy/health", 200, r#"{"status":"ok"}"#),
    ("-X DELETE \"$cloud/api/keys/", 204, ""),
    ("$iam/auth/token/", 200, ""),
    ("$iam/tokens/ -H \"$auth\" -H \"$json\"", 201, ""),
    ("$iam/tokens/?limit=20", 200, r#""expires":null"#),
    ("is_active=false", 200, r#""is_active":false"#),
    ("is_active=true", 200, r#""is_active":true"#),
    ("$token -H", 200, r#""is_active":true"#),
    ("$iam/whoami/", 200, r#"{"space":null,"username":"demo@brainmaps.test"}"#),
    ("$iam/sources/", 200, "Car park"),
    ("-X DELETE $token", 204, ""),
    ("-X DELETE \"$iam/tokens/?permanent=true\"", 204, ""),
    ("$site/login", 200, ""),
    ("$site/api/v1/api-keys -H \"Cookie: $web\" -H \"$json\"", 201, ""),
    ("$site/api/v1/api-keys?page=1", 200, r#""pagination":{"has_more":false,"limit":20,"page":1,"total":1"#),
    ("$site/api/v1/user/credits", 200, r#""credits":30"#),
    ("$site/api/v1/articles?page=2", 200, r#""page":2,"total":25,"total_pages":2"#),
    ("$site/api/v1/projects", 403, "lacks the projects scope"),
    ("-X DELETE \"$site/api/v1/api-keys/", 200, r#""success":true"#),
    ("$hub/auth/login", 200, ""),
    ("$hub/auth/refresh", 200, ""),
    ("$hub/api-keys -H \"$auth\" -H \"$json\"", 201, ""),
    ("$hub/api-keys -H \"$auth\"", 200, r#""name":"my-script""#),
    ("$hub/databases", 200, "db_orders"),
    ("$hub/billing", 403, "API keys cannot be used for billing"),
    ("-X DELETE \"$hub/api-keys/", 204, ""),
    ("$issuer/oauth2/par", 201, ""),
    ("$issuer/oauth2/authorize", 200, ""),
    ("$issuer/device/sign-in", 200, ""),
    ("$issuer/device/consent", 303, ""),
    ("$issuer/oauth2/token -d \"$grant", 200, ""),
    ("$issuer/oauth2/userinfo", 200, r#""email":"demo@brainmaps.test""#),
    ("$issuer/oauth2/jwks", 200, "ES256"),
    ("$issuer/oauth2/device_authorization", 200, ""),
    ("$issuer/device)", 200, ""),
    ("$issuer/device -d", 200, ""),
    ("$issuer/device/sign-in", 200, ""),
    ("$issuer/device/consent", 303, ""),
    ("$issuer/oauth2/token -d client_id", 200, ""),
    ("grant_type=client_credentials", 200, ""),
    ("$api/brains/", 200, r#""count":5"#),
    ("$issuer/oauth2/introspect", 200, r#""sub":"sandbox-service""#),
    ("$issuer/oauth2/revoke", 200, ""),
    ("$issuer/oauth2/introspect", 200, r#"{"active":false}"#),
];

/// Returns the lines of the shell blocks.
static LINES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let recipes = include_str!("../../../docs/sandbox/curl.md");
    let blocks = recipes.split("```sh\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    blocks.flat_map(str::lines).collect()
});

/// Prints a mark in both outputs after each line.
fn script(sandbox: &Sandbox) -> String {
    let lines = LINES.iter().map(|line| {
        let line = line.replace("http://localhost:8000", &sandbox.url);
        format!(
            "{line}\nprintf '{0}'; printf '{0}' >&2\n",
            MARK.replace('\n', "\\n")
        )
    });
    lines.collect()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn curl_recipes_return_the_documented_responses() {
    if !peer::has_program("the curl recipes", "curl") {
        return;
    }
    let home = TestHome::new();
    let sandbox = Sandbox::start(&home, &[]);
    sandbox.wait_until_it_responds();
    std::fs::write(home.path().join(".curlrc"), CURLRC).unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_brainmaps"));
    let path = std::env::var("PATH").unwrap();
    let mut shell = Command::new("sh");
    shell
        .args(["-eu", "-c", &script(&sandbox)])
        .env_clear()
        .env("HOME", home.path())
        .env(
            "PATH",
            format!("{}:{path}", program.parent().unwrap().display()),
        )
        .current_dir(home.work());
    let outcome = home.start_command(&mut shell, &["sh"], "").wait().expect(0);

    let (shown, statuses) = (outcome.stdout.split(MARK), outcome.stderr.split(MARK));
    let printed = LINES.iter().zip(shown.zip(statuses));
    let received: Vec<_> = printed.filter(|(line, _)| line.contains("curl ")).collect();
    for ((line, (shown, status)), (piece, expected, response)) in received.iter().zip(RESPONSES) {
        assert!(line.contains(piece), "`{piece}` in {line}");
        assert_eq!(status.trim(), expected.to_string(), "{line}: {shown}");
        assert!(shown.contains(response), "{line}: {shown}");
        assert!(!response.is_empty() || shown.is_empty(), "{line}: {shown}");
    }
    assert_eq!(
        received.len(),
        RESPONSES.len(),
        "RESPONSES needs one entry for each curl line"
    );
}
