//! The real kubectl and cargo, with simulated servers.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::support::{
    authority::Authority,
    peer,
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const KEY: &str = "key-c4n4ry-of-a-test";
const PROGRAM: &str = env!("CARGO_BIN_EXE_brainmaps");

fn sign_in(home: &TestHome, url: &str) {
    let login = ["--api-url", url, "login", "--with-token", "--no-verify"];
    home.run_with_input(&login, KEY).expect(0);
}

fn authorizations(server: &ScriptedServer) -> Vec<Option<String>> {
    let received = server.received();
    received
        .iter()
        .map(|it| it.header("authorization").map(str::to_owned))
        .collect()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn kubectl_sends_the_credential_to_its_cluster_only() {
    if !peer::has_program("the kubectl helper", "kubectl") {
        return;
    }
    let authority = Authority::new("cluster");
    let start = || {
        let tls = authority.server("localhost");
        ScriptedServer::start_secure("localhost", tls, |_, _| {
            ScriptedResponse::json(200, &json!({ "ok": true }))
        })
    };
    let (ours, other) = (start(), start());
    let mut home = TestHome::new();
    let path = std::env::var("PATH").unwrap();
    home.set("PATH", &path);
    sign_in(&home, &ours.url);
    let file = authority.file(home.path(), "cluster.pem");
    for (server, code, expected) in [(&ours, 0, Some(format!("Bearer {KEY}"))), (&other, 1, None)] {
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{ "name": "c", "cluster": { "server": server.url, "certificate-authority": file } }],
            "contexts": [{ "name": "c", "context": { "cluster": "c", "user": "u" } }],
            "users": [{ "name": "u", "user": { "exec": {
                "apiVersion": "client.authentication.k8s.io/v1beta1", "command": PROGRAM,
                "args": ["helper", "kubectl"], "provideClusterInfo": true, "interactiveMode": "Never",
            } } }],
        });
        let kubeconfig = home.path().join("kubeconfig");
        std::fs::write(&kubeconfig, config.to_string()).unwrap();
        let kubeconfig = format!("--kubeconfig={}", kubeconfig.display());
        let outcome = home
            .run_program("kubectl", &[&kubeconfig, "get", "--raw", "/version"])
            .expect(code);
        let sent = authorizations(server);
        assert!(sent.iter().all(|it| *it == expected), "{sent:?} {outcome}");
        assert_eq!(sent.is_empty(), expected.is_none(), "{outcome}");
    }
}

/// A registry that requires a token.
fn registry() -> ScriptedServer {
    ScriptedServer::start(|received: &ReceivedRequest, url: &str| {
        if received.header("authorization") != Some(&format!("Token {KEY}")) {
            return ScriptedResponse::json(
                401,
                &json!({ "errors": [{ "detail": "a token is required" }] }),
            );
        }
        match received.path.split('?').next().unwrap_or_default() {
            "/index/config.json" => ScriptedResponse::json(
                200,
                &json!({ "dl": url, "api": url, "auth-required": true }),
            ),
            "/api/v1/crates" => {
                ScriptedResponse::json(200, &json!({ "crates": [], "meta": { "total": 0 } }))
            }
            _ => ScriptedResponse::json(404, &json!({})),
        }
    })
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn cargo_sends_the_header_to_its_registry_only() {
    let (ours, other) = (registry(), registry());
    let mut home = TestHome::new();
    let cargo_home = home.path().join("cargo");
    for name in ["PATH", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
        if let Ok(value) = std::env::var(name) {
            home.set(name, &value);
        }
    }
    if std::env::var("RUSTUP_HOME").is_err() {
        let rustup = std::env::var("HOME").unwrap() + "/.rustup";
        home.set("RUSTUP_HOME", &rustup);
    }
    home.set("CARGO_HOME", cargo_home.to_str().unwrap());
    sign_in(&home, &ours.url);
    std::fs::create_dir(&cargo_home).unwrap();
    let provider = home.path().join("provider");
    std::fs::write(
        &provider,
        format!("#!/bin/sh\nexec '{PROGRAM}' helper cargo\n"),
    )
    .unwrap();
    std::fs::set_permissions(&provider, std::fs::Permissions::from_mode(0o700)).unwrap();
    let registry = |name: &str, server: &ScriptedServer| {
        format!(
            "[registries.{name}]\nindex = \"sparse+{}/index/\"\ncredential-provider = [\"{}\"]\n",
            server.url,
            provider.display()
        )
    };
    let config = registry("ours", &ours) + &registry("other", &other);
    std::fs::write(cargo_home.join("config.toml"), config).unwrap();
    let cargo = env!("CARGO");
    home.run_program(cargo, &["search", "--registry", "ours", "x"])
        .expect(0);
    assert!(authorizations(&ours).contains(&Some(format!("Token {KEY}"))));
    home.run_program(cargo, &["search", "--registry", "other", "x"])
        .expect(101);
    let sent = authorizations(&other);
    assert!(
        sent.iter().all(Option::is_none),
        "nothing is disclosed: {sent:?}"
    );
    home.run(&["logout"]).expect(0);
    let signed_out = home
        .run_program(cargo, &["search", "--registry", "ours", "x"])
        .expect(101);
    assert!(
        signed_out.stderr.contains("brainmaps login"),
        "{signed_out}"
    );
}
