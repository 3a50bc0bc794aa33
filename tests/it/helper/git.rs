//! `helper git`, as git runs it.

use std::fs;

use super::{KEY, home_with_key};
use crate::support::test_home::{CommandResult, TestHome};

const SERVER: &str = "https://git.example.com:8443";

fn get(home: &TestHome, input: &str) -> CommandResult {
    home.run_with_input(&["helper", "git", "get"], input)
}

#[test]
fn response_is_only_for_the_server_of_the_profile() {
    let home = home_with_key(SERVER);
    let basic = format!("username=oauth2accesstoken\npassword={KEY}\n");
    let token = format!("capability[]=authtype\nauthtype=Token\ncredential={KEY}\nephemeral=1\n");
    for (input, expected) in [
        ("protocol=https\nhost=git.example.com:8443\n\n", &*basic),
        (
            "protocol=https\nhost=GIT.example.com:8443\npath=a/b.git\n",
            &basic,
        ),
        (
            "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=git.example.com:8443\n",
            &token,
        ),
        ("protocol=https\nhost=git.example.com\n\n", ""),
        ("protocol=https\nhost=git.example.com:8444\n\n", ""),
        ("protocol=http\nhost=git.example.com:8443\n\n", ""),
        ("protocol=https\nhost=git.example.com.:8443\n\n", ""),
        (
            "protocol=https\nhost=git.example.com.evil.example:8443\n\n",
            "",
        ),
        (
            "protocol=https\nhost=git.example.com:8443@evil.example\n\n",
            "",
        ),
        (
            "protocol=https\nhost=evil.example/git.example.com:8443\n\n",
            "",
        ),
        ("", ""),
        ("\n", ""),
    ] {
        let outcome = get(&home, input).expect(0);
        assert_eq!(outcome.stdout, expected, "{input:?}");
        assert_eq!(outcome.stderr, "", "{input:?}");
    }
}

#[test]
fn malformed_requests_get_no_response() {
    let home = home_with_key(SERVER);
    let long = format!(
        "protocol=https\nhost=git.example.com:8443\npath={}\n\n",
        "x".repeat(70_000)
    );
    for input in [
        &*long,
        "protocol=https\r\nhost=git.example.com:8443\r\n\r\n",
        "protocol\n\n",
    ] {
        let outcome = get(&home, input).expect(2);
        assert_eq!(outcome.stdout, "");
        assert!(
            outcome.stderr.contains("cannot read the request of git"),
            "{outcome}"
        );
    }
    let json = home.run(&["helper", "git", "get", "--json"]).expect(2);
    assert_eq!(json.error_code(), "USAGE");
}

#[test]
fn other_operations_print_no_credential() {
    let home = home_with_key(SERVER);
    let request = "protocol=https\nhost=git.example.com:8443\n\n";
    for (operation, expected) in [
        ("capability", "version 0\ncapability authtype\n"),
        ("store", ""),
        ("erase", ""),
        ("a-later-one", ""),
    ] {
        let outcome = home
            .run_with_input(&["helper", "git", operation], request)
            .expect(0);
        assert_eq!(outcome.stdout + &outcome.stderr, expected, "{operation}");
    }
}

#[test]
fn git_must_not_prompt_for_the_server_of_a_profile_without_a_credential() {
    let home = TestHome::new();
    let server = get(&home, "protocol=https\nhost=api.brainmaps.science\n\n").expect(4);
    assert_eq!(server.stdout, "quit=1\n");
    assert!(server.stderr.contains("brainmaps login"), "{server}");
    let other = get(&home, "protocol=https\nhost=evil.example\n\n").expect(0);
    assert_eq!(other.stdout + &other.stderr, "");
}

#[test]
fn env_file_is_named_only_if_its_credential_is_printed() {
    let home = TestHome::new();
    let file = home.work().join(".env");
    fs::write(&file, format!("BRAINMAPS_API_KEY={KEY}\n")).unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let given = get(&home, "protocol=https\nhost=api.brainmaps.science\n\n").expect(0);
    assert!(given.stdout.contains(KEY), "{given}");
    assert!(
        given.stderr.contains("using BRAINMAPS_API_KEY (./.env)"),
        "{given}"
    );
    let other = get(&home, "protocol=https\nhost=evil.example\n\n").expect(0);
    assert_eq!(other.stdout + &other.stderr, "");
}

#[cfg(feature = "sandbox")]
mod sessions {
    use super::{TestHome, get};
    use crate::support::{sandbox::Sandbox, test_home::RunningCommand};

    fn signed_in() -> (TestHome, Sandbox, String) {
        let mut home = TestHome::new();
        let serve = ["--auto-approve", "--interval", "0", "--access-ttl", "3600"];
        let sandbox = Sandbox::start(&home, &serve);
        home.set("BRAINMAPS_API_URL", &sandbox.url);
        home.run(&["login", "--device", "--no-browser"]).expect(0);
        let host = sandbox.url.trim_start_matches("http://");
        let request = format!("capability[]=authtype\nprotocol=http\nhost={host}\n");
        (home, sandbox, request)
    }

    /// Changes the stored session so that it expires in `seconds`, after a lifetime of an hour.
    fn expire_in(home: &TestHome, seconds: i64) {
        let path = home.data().join("credentials/brainmaps.json");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut stored: serde_json::Value = serde_json::from_str(&text).unwrap();
        let end = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        stored["expires_at"] = end.to_string().into();
        stored["issued_at"] = (end - jiff::SignedDuration::from_hours(1))
            .to_string()
            .into();
        std::fs::write(&path, stored.to_string()).unwrap();
    }

    /// Prints the hash of the credential: the credential itself would be a leak.
    fn exec(home: &TestHome) -> RunningCommand {
        home.start(&[
            "exec",
            "--",
            "/bin/sh",
            "-c",
            "printf %s \"$BRAINMAPS_API_KEY\" | /usr/bin/sha256sum",
        ])
    }

    #[test]
    fn sixteen_programs_refresh_an_expired_session_once() {
        let (home, _sandbox, request) = signed_in();
        let expired = token(&home);
        expire_in(&home, -60);
        let programs: Vec<RunningCommand> = (0..16)
            .map(|number| match number % 2 {
                0 => home.start_with_input(&["helper", "git", "get"], &request),
                _ => exec(&home),
            })
            .collect();
        let outcomes: Vec<String> = programs
            .into_iter()
            .map(|it| it.wait().expect(0).stdout)
            .collect();
        let refreshed = token(&home);
        assert_ne!(refreshed, expired);
        let hash = exec(&home).wait().expect(0).stdout;
        for (number, stdout) in outcomes.iter().enumerate() {
            let is_same = match number % 2 {
                0 => stdout.contains(&format!("credential={refreshed}\n")),
                _ => *stdout == hash,
            };
            assert!(
                is_same,
                "a second refresh would have replaced the first: {stdout}"
            );
        }
    }

    #[test]
    fn credential_that_expires_in_minutes_is_given_if_the_server_is_down() {
        let (home, sandbox, request) = signed_in();
        let before = token(&home);
        expire_in(&home, 240);
        assert_eq!(token(&home), before, "a single command has enough time");
        drop(sandbox);
        let outcome = get(&home, &request).expect(0);
        assert!(outcome.stdout.contains(&before), "{outcome}");
        assert!(
            outcome.stderr.contains("cannot refresh the credential yet"),
            "{outcome}"
        );
        let outcome = exec(&home).wait().expect(0);
        assert!(
            outcome.stderr.contains("cannot refresh the credential yet"),
            "{outcome}"
        );
        let long = ["exec", "--min-ttl", "1h", "--", "/bin/sh", "-c", "echo ran"];
        let refused = home.run(&long).expect(6);
        assert_eq!(refused.stdout, "");
    }

    fn token(home: &TestHome) -> String {
        let printed = home.run(&["credential", "print"]).expect(0);
        printed.stdout.trim_end().to_owned()
    }

    #[test]
    fn session_is_given_with_its_scheme_and_expiry() {
        let (home, _sandbox, request) = signed_in();
        let response = get(&home, &request).expect(0).stdout;
        let token = token(&home);
        assert!(
            response.contains(&format!("authtype=Bearer\ncredential={token}\n")),
            "{response}"
        );
        let document = home
            .run(&["credential", "print", "--json"])
            .expect(0)
            .json();
        let expires_at: jiff::Timestamp = document["expires_at"].as_str().unwrap().parse().unwrap();
        // Git asks again before the server rejects the credential.
        let end = format!("password_expiry_utc={}\n", expires_at.as_second() - 60);
        assert!(response.contains(&end), "{response}");
    }

    #[test]
    fn rejected_credential_is_refreshed_once() {
        let (home, _sandbox, request) = signed_in();
        let rejected = token(&home);
        let erase = |secret: &str| {
            let input = format!("{request}authtype=Bearer\ncredential={secret}\n\n");
            home.run_with_input(&["helper", "git", "erase"], &input)
                .expect(0)
        };
        assert_eq!(erase("another").stdout, "");
        assert_eq!(token(&home), rejected, "it was not the stored one");
        assert_eq!(erase(&rejected).stdout, "");
        let refreshed = token(&home);
        assert_ne!(refreshed, rejected);
        erase(&rejected);
        assert_eq!(
            token(&home),
            refreshed,
            "another process refreshed it already"
        );
    }

    #[test]
    fn other_server_needs_no_network_even_if_the_session_has_expired() {
        let (home, sandbox, request) = signed_in();
        drop(sandbox);
        expire_in(&home, -3600);
        let credentials = home.data().join("credentials");
        std::fs::remove_file(credentials.join("brainmaps.lock")).unwrap();
        let cargo = "{\"v\":1,\"kind\":\"get\",\"registry\":{\"index-url\":\"sparse+https://evil.example/\"}}\n";
        let refused = "{\"v\":[1]}\n{\"Err\":{\"kind\":\"url-not-supported\"}}\n";
        for (arguments, input, code, expected) in [
            (
                &["git", "get"][..],
                "protocol=https\nhost=evil.example\n\n",
                0,
                "",
            ),
            (
                &["docker", "get"],
                "evil.example",
                1,
                "credentials not found in native keychain\n",
            ),
            (&["cargo"], cargo, 0, refused),
            (&["keyring", "get", "evil.example", "me"], "", 1, ""),
            (&["terraform", "get", "evil.example"], "", 0, "{}\n"),
            (
                &["goauth", "https://evil.example"],
                "HTTP/1.1 401 Unauthorized\r\n",
                0,
                "",
            ),
            (&["goauth"], "", 0, ""),
        ] {
            let other = home.run_with_input(&[&["helper"], arguments].concat(), input);
            let other = other.expect(code);
            assert_eq!(other.stdout, expected, "{arguments:?}");
            assert_eq!(other.stderr, "", "{arguments:?}");
        }
        let is_locked = credentials.join("brainmaps.lock").exists();
        assert!(!is_locked, "no lock was taken");
        let unreachable = get(&home, &request).expect(6);
        assert_eq!(unreachable.stdout, "quit=1\n");
    }
}
