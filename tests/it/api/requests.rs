//! One request: its URL, headers and body, and where its response goes.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::{KEY, home_for, serve};
use crate::support::scripted_server::ScriptedResponse;
use crate::support::test_home::TestHome;

fn ok() -> ScriptedResponse {
    ScriptedResponse::text(200, "application/json", "{\"b\": 1.0, \"a\":2}")
}

#[test]
fn method_path_fields_and_headers_are_sent() {
    let server = serve(|_| ok());
    let home = home_for(&server);
    let whole_url = format!("{}/x?q=1", server.url);
    for (arguments, line, body) in [
        (&["/x"][..], "GET /x", ""),
        (&["x/y"], "GET /x/y", ""),
        (&[&whole_url], "GET /x?q=1", ""),
        (&["delete", "/x"], "DELETE /x", ""),
        (&["-X", "PATCH", "/x"], "PATCH /x", ""),
        (&["/x", "-f", "a=true"], "POST /x", r#"{"a":"true"}"#),
        (
            &["PUT", "/x", "-F", "a=true", "-F", "b[]=1"],
            "PUT /x",
            r#"{"a":true,"b":[1]}"#,
        ),
        (
            &["GET", "/x?q=1", "-f", "a=b c", "-F", "n=7"],
            "GET /x?q=1&a=b+c&n=7",
            "",
        ),
    ] {
        let arguments = [&["api"], arguments].concat();
        let outcome = home.run(&arguments).expect(0);
        assert_eq!(
            outcome.stdout, "{\"b\": 1.0, \"a\":2}",
            "the body, unchanged"
        );
        let received = server.received().pop().unwrap();
        assert_eq!(format!("{} {}", received.method, received.path), line);
        assert_eq!(received.body, body, "{arguments:?}");
        let sent = received.header("authorization").map(str::to_owned);
        assert_eq!(sent.as_deref(), Some(&*format!("Token {KEY}")));
        assert_eq!(received.header("accept-encoding"), Some("identity"));
    }
    let headers = ["-H", "Accept: text/plain", "-H", "X-A: 1", "-H", "X-A: 2"];
    home.run(&[&["api", "/x"], &headers[..]].concat()).expect(0);
    let received = server.received().pop().unwrap();
    let accept: Vec<_> = received
        .headers
        .iter()
        .filter(|it| it.0 == "accept")
        .collect();
    assert_eq!((accept.len(), accept[0].1.as_str()), (1, "text/plain"));
    assert_eq!(
        received.headers.iter().filter(|it| it.0 == "x-a").count(),
        2
    );
}

#[test]
fn file_and_stdin_are_sent_as_the_body() {
    let server = serve(|_| ok());
    let home = home_for(&server);
    let data = "d".repeat(300_000);
    std::fs::write(home.work().join("data"), &data).unwrap();
    let file = [
        "api",
        "/x?a=1",
        "--input",
        "data",
        "-f",
        "b=2",
        "-H",
        "Content-Type: text/csv",
    ];
    home.run(&file).expect(0);
    let received = server.received().pop().unwrap();
    assert_eq!(
        (received.method.as_str(), received.path.as_str()),
        ("POST", "/x?a=1&b=2")
    );
    assert_eq!(received.body.len(), data.len());
    assert_eq!(received.header("content-type"), Some("text/csv"));
    home.run_with_input(&["api", "PUT", "/x", "--input", "-"], "{}")
        .expect(0);
    let received = server.received().pop().unwrap();
    assert_eq!(received.header("transfer-encoding"), Some("chunked"));
    assert_eq!(received.header("content-type"), Some("application/json"));
    home.run_with_input(&["api", "/x", "-F", "text=@-"], "from stdin")
        .expect(0);
    let body: Value = serde_json::from_str(&server.received().pop().unwrap().body).unwrap();
    assert_eq!(body, json!({ "text": "from stdin" }));
}

#[test]
fn credential_stays_at_its_origin() {
    let (server, other) = (serve(|_| ok()), serve(|_| ok()));
    let home = home_for(&server);
    let foreign = [
        format!("{}/x", other.url),
        server.url.replace("localhost", "evil.localhost") + "/x",
        server.url.replace("localhost", "127.0.0.1") + "/x",
        server.url.replace("http:", "https:") + "/x",
    ];
    for url in &foreign {
        let outcome = home.run(&["api", url]).expect(2);
        let host = url.trim_end_matches("/x");
        assert!(outcome.stderr.contains(host), "{outcome}");
        assert!(outcome.stderr.contains(&server.url), "{outcome}");
    }
    let with_user = server.url.replace("http://", "http://user:pw@") + "/x";
    home.run(&["api", &with_user]).expect(2);
    // Paths that look like another server.
    home.run(&["api", "//evil.example/x"]).expect(0);
    home.run(&["api", "@evil.example/x"]).expect(0);
    let paths: Vec<_> = server.received().into_iter().map(|it| it.path).collect();
    assert_eq!(paths, ["/evil.example/x", "/@evil.example/x"]);
    assert!(other.received().is_empty());
}

#[test]
fn key_in_an_env_file_goes_to_the_url_in_the_same_file() {
    let server = serve(|_| ok());
    let home = TestHome::new();
    let text = format!(
        "BRAINMAPS_API_KEY={KEY}\nBRAINMAPS_API_URL={}\n",
        server.url
    );
    let file = home.work().join(".env");
    std::fs::write(&file, text).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    home.run(&["api", &format!("{}/x", server.url)]).expect(0);
    home.run(&["api", "https://api.brainmaps.science/x"])
        .expect(2);
    assert_eq!(server.received().len(), 1);
}

#[test]
fn redirect_is_not_followed_with_the_credential() {
    let other = serve(|_| ok());
    let to = format!("{}/y?secret=1", other.url);
    let server = serve(move |received| match received.path.as_str() {
        "/x" => ScriptedResponse::redirect(307, &to),
        "/own" => ScriptedResponse::redirect(302, "/y"),
        _ => ok(),
    });
    let home = home_for(&server);
    for path in ["/x", "/own"] {
        let outcome = home.run(&["api", path]).expect(1);
        assert!(outcome.stderr.contains("redirects to"), "{outcome}");
        assert!(!outcome.stderr.contains("secret"), "{outcome}");
    }
    home.run(&["api", "/x", "--paginate"]).expect(1);
    assert!(other.received().is_empty());
    assert_eq!(server.received().len(), 3);
}

#[test]
fn headers_of_the_credential_and_the_connection_are_rejected() {
    let server = serve(|_| ok());
    let home = home_for(&server);
    for header in [
        "Authorization: Bearer mine",
        "authorization:x",
        "Host: evil.example",
        "Content-Length: 3",
        "X: a\r\nHost: evil.example",
        "nothing",
    ] {
        let outcome = home.run(&["api", "/x", "-H", header]).expect(2);
        assert!(
            !outcome.stderr.contains("mine") && !outcome.stderr.contains("evil"),
            "{outcome}"
        );
    }
    for arguments in [
        &["TRACE", "/x"][..],
        &["CONNECT", "/x"],
        &["-X", "GET", "PUT", "/x"],
        &["/x", "-f", "a"],
    ] {
        home.run(&[&["api"], arguments].concat()).expect(2);
    }
    assert!(server.received().is_empty());
}

#[test]
fn error_responses_go_to_stderr_with_the_exit_status_of_the_table() {
    let server = serve(|received| {
        let status = received.path.trim_start_matches('/').parse().unwrap();
        ScriptedResponse::text(status, "text/plain", "no\u{1b}[31m red\u{9b}2J\nnext")
            .header("x-request-id", "r7")
    });
    let home = home_for(&server);
    for (status, code) in [
        (400, 8),
        (401, 4),
        (402, 3),
        (403, 3),
        (404, 7),
        (409, 8),
        (500, 6),
    ] {
        let outcome = home
            .run(&["api", "POST", &format!("/{status}")])
            .expect(code);
        assert_eq!(outcome.stdout, "", "{outcome}");
        assert!(
            outcome.stderr.starts_with("no[31m red2J\nnext\nerror: "),
            "{outcome}"
        );
    }
    let outcome = home.run(&["api", "POST", "/404", "--json"]).expect(7);
    assert_eq!(outcome.json()["error"]["status"], 404);
    let outcome = home.run(&["api", "POST", "/404", "--jq", "."]).expect(7);
    assert_eq!(outcome.stdout, "");
    let outcome = home.run(&["api", "POST", "/404", "-i"]).expect(7);
    assert!(
        outcome.stdout.starts_with("HTTP/1.1 404 Not Found\n"),
        "{outcome}"
    );
    assert!(outcome.stdout.contains("x-request-id: r7\n"), "{outcome}");
}

#[test]
fn idempotent_requests_are_retried_and_others_are_not() {
    let calls = AtomicUsize::new(0);
    let server = serve(move |_| match calls.fetch_add(1, Ordering::Relaxed) % 2 {
        0 => ScriptedResponse::json(503, &json!({})),
        _ => ok(),
    });
    let home = home_for(&server);
    home.run(&["api", "/x"]).expect(0);
    assert_eq!(server.received().len(), 2);
    home.run(&["api", "POST", "/x"]).expect(6);
    assert_eq!(server.received().len(), 3);
    home.run(&["api", "/x"]).expect(0);
    std::fs::write(home.work().join("data"), "x").unwrap();
    home.run(&["api", "PUT", "/x", "--input", "data"]).expect(0);
    assert_eq!(server.received().len(), 6, "a file is sent again");
}

#[test]
fn echoed_credential_is_replaced() {
    let long = format!("{}Token {KEY}{}", "x".repeat(65_530), "y".repeat(100_000));
    let server = serve(move |_| ScriptedResponse::text(200, "text/plain", &long));
    let home = home_for(&server);
    let outcome = home.run(&["api", "/x"]).expect(0);
    assert!(outcome.stdout.contains("xToken [secret]y"));
    assert!(
        outcome.stderr.contains("contained the credential"),
        "{outcome}"
    );
}

#[test]
fn output_file_is_replaced_only_by_a_complete_body() {
    let server = serve(|received| match received.path.as_str() {
        "/cut" => ScriptedResponse::cut_short(),
        "/404" => ScriptedResponse::json(404, &json!({})),
        _ => ok(),
    });
    let home = home_for(&server);
    let file = home.work().join("out");
    home.run(&["api", "/x", "-o", "out"]).expect(0);
    let mode = file.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode & 0o600, 0o600);
    assert_eq!(mode & 0o111, 0);
    std::fs::write(&file, "old").unwrap();
    for (path, code) in [("/cut", 6), ("/404", 7)] {
        home.run(&["api", path, "--output", "out"]).expect(code);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    }
    std::os::unix::fs::symlink("out", home.work().join("link")).unwrap();
    home.run(&["api", "/x", "--output", "link"]).expect(0);
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "{\"b\": 1.0, \"a\":2}"
    );
    assert_eq!(
        home.work().read_dir().unwrap().count(),
        2,
        "no temporary file is left"
    );
    home.run(&["api", "/x", "--output", "none/out"]).expect(1);
    home.run(&["api", "/x", "--output", "/dev/null"]).expect(0);
}

#[test]
fn document_of_the_service_is_the_json_document() {
    let server = serve(|received| match received.path.as_str() {
        "/empty" => ScriptedResponse::text(204, "text/plain", ""),
        "/html" => ScriptedResponse::html(200),
        _ => ok(),
    });
    let home = home_for(&server);
    let outcome = home.run(&["api", "/x", "--json"]).expect(0);
    assert_eq!(outcome.stdout, "{\"b\": 1.0, \"a\":2}\n");
    assert_eq!(
        home.run(&["api", "/empty", "--json"]).expect(0).stdout,
        "null\n"
    );
    assert_eq!(
        home.run(&["api", "/html", "--json"]).expect(1).error_code(),
        "FAILED"
    );
    let silent = home.run(&["api", "/x", "--silent"]).expect(0);
    assert_eq!(silent.stdout + &silent.stderr, "");
}

#[test]
fn body_that_was_not_to_be_compressed_is_decompressed() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"{\"a\":1}").unwrap();
    let compressed = encoder.finish().unwrap();
    let sent = compressed.clone();
    let server = serve(move |_| {
        let response = ScriptedResponse::bytes(200, "application/json", sent.clone());
        response.header("content-encoding", "gzip")
    });
    let home = home_for(&server);
    assert_eq!(home.run(&["api", "/x"]).expect(0).stdout, "{\"a\":1}");
    let asked = ["api", "/x", "-H", "Accept-Encoding: gzip", "-o", "out"];
    home.run(&asked).expect(0);
    assert_eq!(std::fs::read(home.work().join("out")).unwrap(), compressed);
}
