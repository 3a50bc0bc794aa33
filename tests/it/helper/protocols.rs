//! `helper docker|kubectl|cargo|goauth`, as these programs run it.

use serde_json::{Value, json};

use super::{KEY, home_with_key};
use crate::support::test_home::{CommandResult, TestHome};

const SERVER: &str = "https://host.example.com:8443";

fn run(home: &TestHome, arguments: &[&str], input: &str) -> CommandResult {
    home.run_with_input(&[&["helper"], arguments].concat(), input)
}

#[test]
fn docker_gets_the_key_of_the_registry_and_a_fixed_text_for_others() {
    let home = home_with_key(SERVER);
    let get = |registry: &str| run(&home, &["docker", "get"], registry);
    let response = get("host.example.com:8443").expect(0).json();
    let expected = json!({
        "ServerURL": "host.example.com:8443", "Username": "oauth2accesstoken", "Secret": KEY
    });
    assert_eq!(response, expected);
    for other in [
        "host.example.com",
        "evil.example",
        "https://index.docker.io/v1/",
    ] {
        let outcome = get(other).expect(1);
        assert_eq!(outcome.stdout, "credentials not found in native keychain\n");
        assert_eq!(outcome.stderr, "");
    }
    let empty = get("\n").expect(1);
    assert_eq!(empty.stdout, "no credentials server URL\n");
    get("a\nb").expect(2);
    let store = r#"{"ServerURL":"host.example.com:8443","Username":"me","Secret":"hunter2"}"#;
    let refused = run(&home, &["docker", "store"], store).expect(1);
    assert!(refused.stdout.contains("brainmaps login"), "{refused}");
    run(&home, &["docker", "erase"], "host.example.com:8443").expect(0);
    assert_eq!(
        run(&home, &["docker", "list"], "unused").expect(0).json(),
        json!({})
    );
    // Clients show what is on stdout.
    home.run(&["logout"]).expect(0);
    let signed_out = get("host.example.com:8443").expect(4);
    let message = signed_out.stdout.trim_end();
    assert!(
        !message.is_empty() && signed_out.stderr.contains(message),
        "{signed_out}"
    );
}

fn kubectl(home: &mut TestHome, request: &Value) -> CommandResult {
    home.set("KUBERNETES_EXEC_INFO", &request.to_string());
    run(home, &["kubectl"], "")
}

fn exec_credential(cluster: &Value) -> Value {
    json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "spec": { "interactive": false, "cluster": cluster },
    })
}

#[test]
fn kubectl_gets_the_key_of_its_cluster_only() {
    let mut home = home_with_key(SERVER);
    let response = kubectl(&mut home, &exec_credential(&json!({ "server": SERVER }))).expect(0);
    let expected = json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": { "token": KEY },
    });
    assert_eq!(response.json(), expected);
    for (cluster, code, reason) in [
        (
            json!({ "server": "https://evil.example" }),
            4,
            "no credential for https://evil.example",
        ),
        (json!({}), 2, "provideClusterInfo: true"),
    ] {
        let refused = kubectl(&mut home, &exec_credential(&cluster)).expect(code);
        assert_eq!(refused.stdout, "");
        assert!(refused.stderr.contains(reason), "{refused}");
    }
}

#[test]
fn cargo_gets_the_header_of_its_registry_only() {
    let home = home_with_key(SERVER);
    let request = |kind: &str, index: &str| {
        let request = json!({ "v": 1, "kind": kind, "operation": "read", "args": [],
            "registry": { "index-url": index, "name": "mine" } });
        format!("{request}\n")
    };
    let ours = format!("sparse+{SERVER}/index/");
    let input = [
        request("get", &ours),
        request("get", "sparse+https://evil.example/"),
        request("login", &ours),
    ];
    let outcome = run(&home, &["cargo"], &input.concat()).expect(0);
    let lines: Vec<Value> = outcome
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let token = format!("Token {KEY}");
    let expected = [
        json!({ "v": [1] }),
        json!({ "Ok": { "kind": "get", "token": token, "cache": "session",
            "operation_independent": true } }),
        json!({ "Err": { "kind": "url-not-supported" } }),
        json!({ "Err": { "kind": "operation-not-supported" } }),
    ];
    assert_eq!(lines, expected);
    run(&home, &["cargo"], "{\"v\":2}\n").expect(2);
    home.run(&["logout"]).expect(0);
    let signed_out = run(&home, &["cargo"], &request("get", &ours)).expect(0);
    assert!(
        signed_out.stdout.contains("brainmaps login"),
        "{signed_out}"
    );
}

#[test]
fn go_gets_the_header_before_its_first_request_and_after_a_rejection() {
    let home = home_with_key(SERVER);
    let expected = format!("{SERVER}\n\nAuthorization: Token {KEY}\n\n");
    let url = format!("{SERVER}/mod/@v/list");
    for (arguments, input, expected) in [
        (&["goauth"][..], "", &*expected),
        (
            &["goauth", &url],
            "HTTP/1.1 401 Unauthorized\r\n\r\n",
            &expected,
        ),
        (&["goauth", &url], "HTTP/1.1 404 Not Found\r\n\r\n", ""),
        (
            &["goauth", "https://evil.example/"],
            "HTTP/1.1 401 Unauthorized\r\n\r\n",
            "",
        ),
    ] {
        let outcome = run(&home, arguments, input).expect(0);
        assert_eq!(outcome.stdout, expected, "{arguments:?} {input}");
    }
}
