//! Wrong answers to a refresh: only `invalid_grant` ends a session, everything else leaves it as it was.

use std::{thread, time::Duration};

use serde_json::{Value, json};

use super::{Ending, ends, expect_no_faults, fault, signed_in, with};
use crate::support::{
    scripted_server::{Asked, Reply, Scripted, ScriptedServer, token},
    test_home::TestHome,
};

/// A server whose access tokens live a second, and whose answer to a refresh is the one given.
fn refreshing(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> ScriptedServer {
    let scripted = Scripted {
        token: Box::new(move |asked| {
            if asked.body.contains("grant_type=refresh_token") {
                answer(asked)
            } else {
                Reply::json(200, &with(token(), "expires_in", json!(1)))
            }
        }),
        ..Scripted::default()
    };
    scripted.serve()
}

fn stored(home: &TestHome) -> Vec<u8> {
    let folder = home.data().join("credentials");
    let file = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .find(|it| it.path().extension().is_some_and(|it| it == "json"));
    std::fs::read(file.unwrap().path()).unwrap()
}

fn expire() {
    thread::sleep(Duration::from_millis(1100));
}

#[test]
fn whatever_a_server_answers_to_a_refresh_the_session_stays_unless_it_says_invalid_grant() {
    let cases: Vec<(&str, Reply, Ending)> = vec![
        ("HTML", Reply::html(200), ends(1, "")),
        ("HTML 502", Reply::html(502), ends(6, "")),
        (
            "500",
            Reply::json(500, &json!({ "error": "server_error" })),
            ends(6, ""),
        ),
        ("half JSON", Reply::half_json(), ends(1, "")),
        ("cut short", Reply::cut_short(), ends(6, "")),
        (
            "50 MB",
            Reply::stream(50 * 1024 * 1024),
            ends(1, "larger than"),
        ),
        (
            "wrong type",
            Reply::json(200, &with(token(), "access_token", json!([1]))),
            ends(1, "access_token"),
        ),
        (
            "no access_token",
            Reply::json(200, &with(token(), "access_token", Value::Null)),
            ends(1, "access_token"),
        ),
        (
            "redirect",
            Reply::redirect(307, "https://evil.example/token"),
            ends(1, "evil.example"),
        ),
        (
            "invalid_client",
            Reply::json(401, &json!({ "error": "invalid_client" })),
            ends(8, "invalid_client"),
        ),
        (
            "too many",
            Reply::json(429, &json!({})).header("retry-after", "3600"),
            ends(6, "3600"),
        ),
    ];
    let mut faults = Vec::new();
    for (name, reply, ending) in cases {
        let server = refreshing(move |_| reply.clone());
        let home = signed_in(&server);
        let before = stored(&home);
        expire();
        let outcome = home.run(&["credential", "print", "--json"]);
        faults.extend(fault(name, &outcome, &ending));
        assert_eq!(
            stored(&home),
            before,
            "{name}: the session is not as it was"
        );
    }
    expect_no_faults(&faults);
}

#[test]
fn invalid_grant_ends_the_session() {
    let server = refreshing(|_| Reply::json(400, &json!({ "error": "invalid_grant" })));
    let home = signed_in(&server);
    expire();
    let ended = home.run(&["credential", "print", "--json"]).expect(4);
    assert_eq!(ended.error_code(), "LOGIN_EXPIRED");
    let status = home.run(&["status", "--json"]).expect(4).json();
    assert_eq!(status["profiles"][0]["state"], "expired");
    let again = home.run(&["credential", "print", "--json"]).expect(4);
    assert_eq!(again.error_code(), "LOGIN_EXPIRED");
    let refreshes = server
        .asked()
        .iter()
        .filter(|asked| asked.body.contains("grant_type=refresh_token"))
        .count();
    assert_eq!(refreshes, 1, "a dead session is not tried again");
}

#[test]
fn the_old_refresh_token_is_kept_when_none_comes_and_replaced_when_one_comes() {
    let answers = |asked: &Asked| {
        let second = asked.body.contains("refresh-c4n4ry-2");
        let answer = with(
            with(token(), "expires_in", json!(1)),
            "access_token",
            json!(if second {
                "access-c4n4ry-3"
            } else {
                "access-c4n4ry-2"
            }),
        );
        Reply::json(
            200,
            &with(
                answer,
                "refresh_token",
                if second {
                    Value::Null
                } else {
                    json!("refresh-c4n4ry-2")
                },
            ),
        )
    };
    let server = refreshing(answers);
    let home = signed_in(&server);
    for expected in ["access-c4n4ry-2", "access-c4n4ry-3", "access-c4n4ry-3"] {
        expire();
        assert_eq!(
            home.run(&["credential", "print"]).expect(0).stdout.trim(),
            expected
        );
    }
}

#[test]
fn a_dead_network_ends_nothing() {
    let server = refreshing(|_| Reply::cut_short());
    let home = signed_in(&server);
    let before = stored(&home);
    expire();
    home.run(&["credential", "print", "--json"]).expect(6);
    assert_eq!(stored(&home), before);
}
