//! Every request off loopback uses the proxy of the environment, whose password is never printed.

use serde_json::json;

use crate::support::authority::Authority;
use crate::support::proxy::TestProxy;
use crate::support::scripted_server::{
    AuthorizationServerScript, ScriptedResponse, ScriptedServer,
};
use crate::support::test_home::TestHome;

const API: &str = "api.example.invalid";
const ISSUER: &str = "id.example.invalid";
const PASSWORD: &str = "pr0xy:p@ss";
/// `me:pr0xy:p@ss`
const LOGIN: &str = "bWU6cHIweHk6cEBzcw==";

/// A home that trusts `authority` only; the leak harness searches for the proxy's password.
fn home_trusting(authority: &Authority) -> TestHome {
    let mut home = TestHome::new();
    let roots = authority.write_certificate(home.path(), "roots.pem");
    home.set("SSL_CERT_FILE", roots.to_str().unwrap());
    for secret in [PASSWORD, LOGIN, "pr0xy%3Ap%40ss"] {
        home.record().secret(secret);
    }
    home
}

fn api(authority: &Authority) -> ScriptedServer {
    ScriptedServer::start_secure(API, authority.server_config(API), |_, _| {
        ScriptedResponse::json(200, &json!({ "email": "demo@example.org" }))
    })
}

fn with_password(proxy: &TestProxy) -> String {
    format!("http://me:pr0xy%3Ap%40ss@{}", proxy.address)
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn every_request_uses_a_proxy_with_a_password() {
    let authority = Authority::new("roots");
    let issuer = ScriptedServer::start_secure(
        ISSUER,
        authority.server_config(ISSUER),
        AuthorizationServerScript::default().script(),
    );
    let proxy = TestProxy::start(issuer.address, Some(LOGIN));
    let mut home = home_trusting(&authority);
    home.set("HTTPS_PROXY", &with_password(&proxy));
    let options = [
        "--issuer",
        &issuer.url,
        "--client-id",
        "native",
        "--no-browser",
    ];
    let login = [
        &[
            "--profile",
            "work",
            "--api-url",
            &issuer.url,
            "login",
            "-vv",
        ],
        &options[..],
    ]
    .concat();
    home.run(&login).expect(0);
    let refresh = [
        "--profile",
        "work",
        "credential",
        "refresh",
        "--force",
        "-vv",
    ];
    home.run(&refresh).expect(0);
    home.run(&["--profile", "work", "logout", "-vv"]).expect(0);

    let paths: Vec<_> = issuer
        .received()
        .into_iter()
        .map(|received| received.path)
        .collect();
    for path in ["/device_authorization", "/token", "/revoke"] {
        assert!(
            paths.iter().any(|received| received == path),
            "{path}: {paths:?}"
        );
    }
    let connects = proxy.connects();
    assert_eq!(connects.len(), paths.len(), "each connection is a tunnel");
    assert!(
        connects.iter().all(|it| *it == format!("{ISSUER}:443")),
        "{connects:?}"
    );
    let carried = issuer.received();
    let carried = carried
        .iter()
        .find(|received| received.header("proxy-authorization").is_some());
    assert!(
        carried.is_none(),
        "the server does not get the proxy's password"
    );
}

#[test]
fn a_wrong_proxy_password_is_reported_and_sent_once() {
    let authority = Authority::new("roots");
    let server = api(&authority);
    let proxy = TestProxy::start(server.address, Some("c29tZWJvZHk6ZWxzZQ=="));
    let mut home = home_trusting(&authority);
    home.set("BRAINMAPS_API_KEY", "proxied-c4n4ry-key");
    home.set("HTTPS_PROXY", &with_password(&proxy));
    for (count, flag) in ["-v", "-vv", "--json"].into_iter().enumerate() {
        let outcome = home
            .run(&["--api-url", &server.url, "whoami", flag])
            .expect(6);
        let printed = outcome.stdout + &outcome.stderr;
        assert!(
            printed.contains(&format!("the proxy http://{}", proxy.address)),
            "{printed}"
        );
        assert!(
            printed.contains("407") && printed.contains("HTTPS_PROXY"),
            "{printed}"
        );
        assert_eq!(
            proxy.connects().len(),
            count + 1,
            "an account can be locked"
        );
    }
    assert_eq!(server.received().len(), 0);
}

#[test]
fn all_proxy_is_used_and_an_unreachable_proxy_is_reported() {
    let authority = Authority::new("roots");
    let server = api(&authority);
    let proxy = TestProxy::start(server.address, None);
    let mut home = home_trusting(&authority);
    home.set("BRAINMAPS_API_KEY", "proxied-c4n4ry-key");
    home.set("all_proxy", &proxy.address);
    home.run(&["--api-url", &server.url, "whoami"]).expect(0);
    assert_eq!(proxy.connects(), [format!("{API}:443")]);

    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    home.set(
        "HTTPS_PROXY",
        &format!("http://me:pr0xy%3Ap%40ss@{address}"),
    );
    let outcome = home
        .run(&["--api-url", &server.url, "whoami", "-vv"])
        .expect(6);
    let expected = format!("cannot connect to the proxy http://{address}: connection refused");
    assert!(outcome.stderr.contains(&expected), "{outcome}");
}

#[test]
fn no_proxy_hosts_and_loopback_are_reached_directly() {
    let authority = Authority::new("roots");
    let there = api(&authority);
    let here =
        ScriptedServer::start_secure("localhost", authority.server_config("localhost"), |_, _| {
            ScriptedResponse::json(200, &json!({ "email": "demo@example.org" }))
        });
    let proxy = TestProxy::start(there.address, None);
    let mut home = home_trusting(&authority);
    home.set("BRAINMAPS_API_KEY", "proxied-c4n4ry-key");
    home.set("HTTPS_PROXY", &format!("http://{}", proxy.address));
    home.set("HTTP_PROXY", &format!("http://{}", proxy.address));
    home.run(&["--api-url", &here.url, "whoami"]).expect(0);
    assert_eq!(proxy.connects().len(), 0, "loopback");

    home.set("NO_PROXY", "other.example, .example.invalid");
    // This name does not resolve, so a direct connection fails.
    let outcome = home.run(&["--api-url", &there.url, "whoami"]).expect(6);
    assert!(!outcome.stderr.contains("proxy"), "{outcome}");
    assert_eq!(proxy.connects().len(), 0, "an exception");
}

#[test]
fn a_socks_proxy_looks_up_the_name_and_gets_the_password() {
    let authority = Authority::new("roots");
    let server = api(&authority);
    let proxy = TestProxy::start_socks(server.address, Some(&format!("me:{PASSWORD}")));
    let mut home = home_trusting(&authority);
    home.set("BRAINMAPS_API_KEY", "proxied-c4n4ry-key");
    home.set(
        "ALL_PROXY",
        &format!("socks5h://me:pr0xy%3Ap%40ss@{}", proxy.address),
    );
    let whoami = ["--api-url", &server.url, "whoami", "-vv"];
    home.run(&whoami).expect(0);
    assert_eq!(proxy.connects(), [format!("{API}:443")]);

    home.set(
        "ALL_PROXY",
        &format!("socks5h://me:wr0ng@{}", proxy.address),
    );
    let outcome = home.run(&whoami).expect(6);
    let expected = format!("the proxy socks5h://{}", proxy.address);
    assert!(outcome.stderr.contains(&expected), "{outcome}");
    assert!(outcome.stderr.contains("ALL_PROXY"), "{outcome}");
    assert_eq!(server.received().len(), 1, "nothing bypasses the proxy");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn no_proxy_accepts_the_forms_of_curl_and_go() {
    let authority = Authority::new("roots");
    let server = api(&authority);
    let proxy = TestProxy::start(server.address, None);
    let mut home = home_trusting(&authority);
    home.set("BRAINMAPS_API_KEY", "proxied-c4n4ry-key");
    home.set("https_proxy", &format!("http://{}", proxy.address));
    let whoami = ["--api-url", &server.url, "whoami"];
    for excepted in [
        "*",
        "*.example.invalid",
        ".example.invalid",
        "API.example.invalid.",
        "api.example.invalid:443",
        "other.example other.test,api.example.invalid",
    ] {
        home.set("NO_PROXY", excepted);
        // The name has no address, so that only the proxy could connect.
        let outcome = home.run(&whoami).expect(6);
        assert!(
            outcome.stderr.contains("host name was not found"),
            "{excepted}: {outcome}"
        );
    }
    assert_eq!(proxy.connects().len(), 0);
    for other in [
        "api.example.invalid:8443",
        "*.api.example.invalid",
        "10.0.0.0/8",
        "invalid.example",
    ] {
        home.set("NO_PROXY", other);
        home.run(&whoami).expect(0);
    }
    assert_eq!(proxy.connects().len(), 4);
}

#[test]
fn an_unsupported_proxy_is_reported_and_not_bypassed() {
    let authority = Authority::new("roots");
    let server = api(&authority);
    let mut home = home_trusting(&authority);
    home.set("BRAINMAPS_API_KEY", "proxied-c4n4ry-key");
    for value in [
        "socks4://me:pr0xy%3Ap%40ss@127.0.0.1:1",
        "http://CORP\\me:pr0xy:p@ss@127.0.0.1:1",
        "http://me:80/pr0xy:p@ss@127.0.0.1:1",
        "http://me:pr0xy%3Ap%40ss@:nowhere",
    ] {
        home.set("HTTPS_PROXY", value);
        let outcome = home
            .run(&["--api-url", &server.url, "whoami", "--json", "-vv"])
            .expect(2);
        assert_eq!(outcome.error_code(), "CONFIG");
        assert!(outcome.stdout.contains("HTTPS_PROXY"), "{outcome}");
    }
}
