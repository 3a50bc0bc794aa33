//! The readers of responses, and the servers that a helper is asked about.

use super::cases;
use super::protocol::{HelperProtocol, Reading};

fn read(protocol: HelperProtocol, stdout: &str) -> (Option<String>, bool) {
    let Reading { credential, fault } = protocol.read(stdout, true);
    (credential.map(|it| it.secret), fault.is_some())
}

#[test]
fn responses_are_read_strictly() {
    use HelperProtocol::{Cargo, Docker, Git, Goauth, Kubectl};
    let hello = "{\"v\":[1]}\n";
    let token =
        |more: &str| format!("{hello}{{\"Ok\":{{\"kind\":\"get\",\"token\":\"t\"{more}}}}}\n");
    let kubectl = |version: &str, status: &str| {
        format!(
            "{{\"apiVersion\":\"client.authentication.k8s.io/{version}\",\"kind\":\"ExecCredential\",\"status\":{status}}}"
        )
    };
    for (protocol, stdout, credential, is_fault) in [
        (Git, "username=u\npassword=t\n".to_owned(), true, false),
        (Git, "quit=1\n".to_owned(), false, false),
        (
            Git,
            "capability[]=authtype\nauthtype=Bearer\ncredential=t\n".to_owned(),
            true,
            false,
        ),
        (
            Git,
            "authtype=Bearer\ncredential=t\n".to_owned(),
            true,
            true,
        ),
        (Git, "hello\npassword=t\n".to_owned(), true, true),
        (
            Git,
            "password=t\npassword_expiry_utc=soon\n".to_owned(),
            true,
            true,
        ),
        (
            Docker,
            "{\"ServerURL\":\"s\",\"Username\":\"u\",\"Secret\":\"t\"}".to_owned(),
            true,
            false,
        ),
        (
            Docker,
            "{\"Username\":\"u\",\"Secret\":\"t\"}".to_owned(),
            false,
            true,
        ),
        (Docker, "u t".to_owned(), false, true),
        (Kubectl, kubectl("v1", "{\"token\":\"t\"}"), true, false),
        (Kubectl, kubectl("v1", "{}"), false, true),
        (
            Kubectl,
            kubectl("v1", "{\"token\":\"t\",\"expirationTimestamp\":7}"),
            false,
            true,
        ),
        (Cargo, hello.to_owned(), false, false),
        (Cargo, String::new(), false, true),
        (Cargo, token(",\"cache\":\"session\""), true, false),
        (Cargo, token(",\"cache\":\"expires\""), false, true),
        (Cargo, token(""), false, true),
        (
            Cargo,
            format!("{hello}{{\"Err\":{{\"kind\":\"not-found\"}}}}\n"),
            false,
            false,
        ),
        (
            Cargo,
            format!("{hello}{{\"kind\":\"get\",\"token\":\"t\"}}\n"),
            false,
            true,
        ),
        (Goauth, String::new(), false, false),
        (
            Goauth,
            "https://a.example\n\nAuthorization: t\n\n".to_owned(),
            true,
            false,
        ),
        (
            Goauth,
            "http://a.example\n\nAuthorization: t\n\n".to_owned(),
            false,
            true,
        ),
        (
            Goauth,
            "https://a.example\n\nAuthorization: t\n".to_owned(),
            false,
            true,
        ),
        (Goauth, "https://a.example\n\n".to_owned(), false, true),
    ] {
        let expected = (credential.then(|| "t".to_owned()), is_fault);
        assert_eq!(read(protocol, &stdout), expected, "{protocol} {stdout}");
    }
}

#[test]
fn every_case_has_a_rule_and_every_rule_is_judged() {
    let host = "git.example.com".parse().unwrap();
    // These are judged by the first response, or by all.
    let general = ["protocol", "expiry", "user", "stderr"];
    for protocol in HelperProtocol::ALL {
        let cases = cases::of(protocol, &host);
        let rules: Vec<&str> = super::rules::of(protocol).map(|(id, _)| *id).collect();
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
