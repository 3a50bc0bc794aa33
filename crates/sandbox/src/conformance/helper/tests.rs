//! The readers of responses, and the servers that a helper is asked about.

use super::cases;
use super::exchange::HelperResponse;
use super::protocol::HelperProtocol;

fn read(protocol: HelperProtocol, stdout: &str) -> (Option<String>, bool) {
    let HelperResponse { credential, fault } = protocol.read(stdout, true);
    (credential.map(|it| it.secret), fault.is_some())
}

const HELLO: &str = "{\"v\":[1]}\n";

fn cargo(more: &str) -> String {
    format!("{HELLO}{{\"Ok\":{{\"kind\":\"get\",\"token\":\"t\"{more}}}}}\n")
}

fn kubectl(status: &str) -> String {
    let version = "client.authentication.k8s.io/v1";
    format!("{{\"apiVersion\":\"{version}\",\"kind\":\"ExecCredential\",\"status\":{status}}}")
}

#[test]
#[rustfmt::skip]
fn responses_are_read_strictly() {
    use HelperProtocol::{Cargo, Docker, Git, Goauth, Kubectl};
    for (protocol, stdout, credential, is_fault) in [
        (Git, "username=u\npassword=t\n", true, false),
        (Git, "quit=1\n", false, false),
        (Git, "capability[]=authtype\nauthtype=Bearer\ncredential=t\n", true, false),
        (Git, "authtype=Bearer\ncredential=t\n", true, true),
        (Git, "hello\npassword=t\n", true, true),
        (Git, "password=t\npassword_expiry_utc=soon\n", true, true),
        (Docker, r#"{"ServerURL":"s","Username":"u","Secret":"t"}"#, true, false),
        (Docker, r#"{"Username":"u","Secret":"t"}"#, false, true),
        (Docker, "u t", false, true),
        (Kubectl, &kubectl(r#"{"token":"t"}"#), true, false),
        (Kubectl, &kubectl("{}"), false, true),
        (Kubectl, &kubectl(r#"{"token":"t","expirationTimestamp":7}"#), false, true),
        (Cargo, HELLO, false, false),
        (Cargo, "", false, true),
        (Cargo, &cargo(r#","cache":"session""#), true, false),
        (Cargo, &cargo(r#","cache":"expires""#), false, true),
        (Cargo, &cargo(""), false, true),
        (Cargo, &format!("{HELLO}{{\"Err\":{{\"kind\":\"not-found\"}}}}\n"), false, false),
        (Cargo, &format!("{HELLO}{{\"kind\":\"get\",\"token\":\"t\"}}\n"), false, true),
        (Goauth, "", false, false),
        (Goauth, "https://a.example\n\nAuthorization: t\n\n", true, false),
        (Goauth, "http://a.example\n\nAuthorization: t\n\n", false, true),
        (Goauth, "https://a.example\n\nAuthorization: t\n", false, true),
        (Goauth, "https://a.example\n\n", false, true),
    ] {
        let expected = (credential.then(|| "t".to_owned()), is_fault);
        assert_eq!(read(protocol, stdout), expected, "{protocol} {stdout}");
    }
}

#[test]
fn every_case_has_a_rule_and_every_rule_is_judged() {
    let host = "git.example.com".parse().unwrap();
    // These are judged by the first response, or by all.
    let general = ["protocol", "expiry", "user", "stderr"];
    for protocol in HelperProtocol::ALL {
        let cases = cases::cases_for(protocol, &host);
        let rules: Vec<&str> = super::rules::rules_for(protocol)
            .map(|(id, _)| *id)
            .collect();
        for case in &cases {
            assert!(rules.contains(&case.rule), "{protocol}: {}", case.name);
        }
        for rule in rules {
            let is_judged = cases.iter().any(|case| case.rule == rule);
            assert!(
                is_judged || general.contains(&rule) || rule == "exit",
                "{protocol}: {rule}"
            );
        }
    }
}

#[test]
fn host_is_an_origin() {
    for (text, authority) in [
        ("git.example.com", "git.example.com"),
        ("https://git.example.com:443/", "git.example.com"),
        ("http://localhost:8000", "localhost:8000"),
        ("[::1]:8000", "[::1]:8000"),
    ] {
        let host: super::HelperHost = text.parse().unwrap();
        assert_eq!(host.authority(), authority);
    }
    for text in [
        "",
        "a b",
        "me@a.example",
        "https://a.example/x",
        "ftp://a.example",
    ] {
        assert!(text.parse::<super::HelperHost>().is_err(), "{text}");
    }
}
