//! `--paginate`: one array, whatever happens to a page.

use std::process::Stdio;

use rustix::process::Signal;
use serde_json::json;

use super::{home_for, serve};
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer};
use crate::support::test_home::CommandResult;

/// The number of the requested page; 1 without a number.
fn number(received: &ReceivedRequest) -> u64 {
    let number = received.path.split("page=").nth(1);
    number.map_or(1, |number| number.parse().unwrap())
}

fn page(number: u64) -> ScriptedResponse {
    let items = json!([{"id": number * 10, "name": "\u{9b}x"}, {"id": number * 10 + 1}]);
    let next = format!("/list?page={}", number + 1);
    ScriptedResponse::json(200, &json!({ "results": items, "next": next }))
}

fn last() -> ScriptedResponse {
    ScriptedResponse::json(200, &json!({"results": [{"id": 99}], "next": null}))
}

fn ids(outcome: &CommandResult) -> Vec<u64> {
    let items = outcome.json();
    let ids = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_u64());
    ids.map(Option::unwrap).collect()
}

/// A list of three pages, one that continues it by a `Link` header, and an empty one.
fn serve_lists() -> ScriptedServer {
    serve(
        |received| match (received.path.as_str(), number(received)) {
            ("/empty", _) => ScriptedResponse::json(200, &json!([])),
            ("/linked", _) => ScriptedResponse::text(200, "application/json", "[{\"id\": 5}]")
                .header("link", "</list?page=3>; rel=\"next\""),
            (_, 3) => last(),
            (_, number) => page(number),
        },
    )
}

#[test]
fn pages_of_the_description_and_of_link_headers_are_one_array() {
    let server = serve_lists();
    let home = home_for(&server);
    let outcome = home.run(&["api", "/list", "--paginate"]).expect(0);
    assert_eq!(ids(&outcome), [10, 11, 20, 21, 99]);
    let outcome = home
        .run(&["api", "/linked", "--paginate", "--json"])
        .expect(0);
    assert_eq!(ids(&outcome), [5, 99]);
    assert_eq!(
        home.run(&["api", "/empty", "--paginate"]).expect(0).stdout,
        "[]\n"
    );
}

#[test]
fn jq_filters_each_page() {
    let server = serve_lists();
    let filtered = home_for(&server)
        .run(&["api", "/list", "--paginate", "--jq", "map(.id) | add"])
        .expect(0);
    assert_eq!(filtered.stdout, "21\n41\n99\n");
}

#[test]
fn format_prints_the_items_of_each_page() {
    let server = serve_lists();
    let formatted = home_for(&server)
        .run(&["api", "/list?page=2", "--paginate", "--format", "id={id}"])
        .expect(0);
    assert_eq!(formatted.stdout, "id=20\nid=21\nid=99\n");
}

#[test]
fn output_file_gets_all_pages() {
    let server = serve_lists();
    let home = home_for(&server);
    let mut outcome = home
        .run(&["api", "/list", "--paginate", "--output", "out"])
        .expect(0);
    assert_eq!(outcome.stdout, "");
    outcome.stdout = std::fs::read_to_string(home.work().join("out")).unwrap();
    assert_eq!(ids(&outcome), [10, 11, 20, 21, 99]);
}

#[test]
fn failed_page_closes_the_array_and_names_the_page_to_continue_at() {
    let server = serve(|received| match number(received) {
        3 => ScriptedResponse::json(500, &json!({"detail": "broken"})),
        number => page(number),
    });
    let home = home_for(&server);
    for more in [&[][..], &["--json"]] {
        let arguments = [&["api", "/list", "--paginate"], more].concat();
        let outcome = home.run(&arguments).expect(6);
        assert_eq!(ids(&outcome), [10, 11, 20, 21]);
        assert!(
            outcome.stderr.contains("{\"detail\":\"broken\"}"),
            "{outcome}"
        );
        let resume = format!("brainmaps api --paginate '{}/list?page=3'", server.url);
        assert!(outcome.stderr.contains(&resume), "{outcome}");
    }
    let outcome = home
        .run(&["api", "/list?page=3", "--paginate", "--json"])
        .expect(6);
    assert_eq!(
        outcome.error_code(),
        "UNAVAILABLE",
        "nothing was printed before"
    );
    let url = format!("{}/list?page=4", server.url);
    let outcome = home
        .run(&["api", "--paginate", &url, "--max-pages", "1"])
        .expect(1);
    assert_eq!(ids(&outcome), [40, 41]);
}

#[test]
fn endless_lists_end_with_an_error() {
    let server = serve(|received| match received.path.split('?').next().unwrap() {
        "/same" => ScriptedResponse::json(200, &json!({"results": [{"id": 1}], "next": "/same"})),
        "/content" => {
            let next = format!("/content?page={}", number(received) + 1);
            ScriptedResponse::json(200, &json!({"results": [{"id": 1}], "next": next}))
        }
        "/empty" => {
            let next = format!("/empty?page={}", number(received) + 1);
            ScriptedResponse::json(200, &json!({"results": [], "next": next}))
        }
        _ => page(number(received)),
    });
    let home = home_for(&server);
    for (path, requests, message) in [
        ("/same", 2, "repeat"),
        ("/content", 2, "repeat"),
        ("/empty", 10, "without items"),
    ] {
        let outcome = home.run(&["api", path, "--paginate"]).expect(1);
        assert!(outcome.stderr.contains(message), "{outcome}");
        assert!(outcome.json().is_array());
        assert_eq!(server.count(path), requests, "{outcome}");
    }
    let outcome = home
        .run(&["api", "/list", "--paginate", "--max-pages", "3"])
        .expect(1);
    assert_eq!(ids(&outcome).len(), 6);
    assert!(outcome.stderr.contains("more than 3 pages"), "{outcome}");
    assert!(!outcome.stderr.contains("failed"), "{outcome}");
    assert!(outcome.stderr.contains("page=4"), "{outcome}");
    let limited = [
        "api",
        "/list",
        "--paginate",
        "--max-pages",
        "1",
        "--jq",
        ".",
    ];
    let outcome = home.run(&limited).expect(1);
    assert!(outcome.stderr.contains("the other options"), "{outcome}");
}

#[test]
fn responses_without_one_list_are_errors() {
    let server = serve(|received| match received.path.as_str() {
        "/two" => ScriptedResponse::json(200, &json!({"a": [], "b": []})),
        "/half" => ScriptedResponse::half_json(),
        _ => ScriptedResponse::json(200, &json!({"a": 1})),
    });
    let home = home_for(&server);
    for (path, message) in [
        ("/two", "the response has no list, or more than one"),
        ("/none", "the response has no list, or more than one"),
        ("/half", "the response is not valid JSON"),
    ] {
        let outcome = home.run(&["api", path, "--paginate"]).expect(1);
        assert_eq!(outcome.stdout, "", "{outcome}");
        assert!(outcome.stderr.contains(message), "{outcome}");
    }
}

#[test]
fn options_of_pages_that_do_not_apply_are_usage_errors() {
    let server = serve(|_| ScriptedResponse::json(200, &json!([])));
    let home = home_for(&server);
    for (arguments, message) in [
        (
            &["POST", "/list", "--paginate"][..],
            "requires the method GET",
        ),
        (&["/list", "--max-pages", "2"], "--paginate"),
    ] {
        let outcome = home.run(&[&["api"], arguments].concat()).expect(2);
        assert!(outcome.stderr.contains(message), "{outcome}");
    }
    assert!(server.received().is_empty());
}

#[test]
fn ctrl_c_closes_the_array() {
    let server = serve(|received| match number(received) {
        2 => ScriptedResponse::drip(),
        number => page(number),
    });
    let home = home_for(&server);
    let command = home.start(&["api", "/list", "--paginate"]);
    command.running.wait_for_text("\"id\":11");
    command.running.signal(Signal::INT);
    let outcome = command.wait().expect(130);
    assert_eq!(ids(&outcome), [10, 11]);
    assert!(outcome.stderr.contains("page=2"), "{outcome}");
}

#[test]
fn closed_pipe_ends_the_requests_without_an_error() {
    let server = serve(|received| page(number(received)));
    let home = home_for(&server);
    for arguments in [&["api", "/list", "--paginate"][..], &["api", "/list"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = home.command(arguments);
        let child = command
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let ended = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(
            (ended.status.code(), &*stderr),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
    assert!(server.received().len() < 5);
}
