//! PATH stays below the API base URL, and arguments that make no request are usage errors.

use serde_json::json;

use super::{home_for, serve};
use crate::support::scripted_server::ScriptedResponse;

#[test]
fn path_cannot_lead_above_the_api_base_url() {
    let server = serve(|_| ScriptedResponse::json(200, &json!({})));
    let mut home = home_for(&server);
    let base = format!("{}/v1", server.url);
    home.set("BRAINMAPS_API_URL", &base);
    for path in [
        "/../device",
        "..",
        "a/../../device",
        "/%2e%2E/device",
        "/.%2e/device",
        "/..\\device",
        "\\..\\device",
        "/a/..%2f..%2fdevice",
        "/..%5cdevice",
        "/.\t./device",
        "/a//../../device",
        "../v1/a",
    ] {
        let outcome = home.run(&["api", path]).expect(2);
        assert!(outcome.stderr.contains(&base), "{path}: {outcome}");
    }
    assert!(server.received().is_empty());
    let elsewhere = format!("{}/device", server.url);
    for (path, expected) in [
        ("/a/../b", "/v1/b"),
        ("/a?next=../../..", "/v1/a?next=../../.."),
        ("/a/..b", "/v1/a/..b"),
        (&elsewhere, "/device"),
    ] {
        home.run(&["api", path]).expect(0);
        assert_eq!(server.received().pop().unwrap().path, expected);
    }
}

#[test]
fn wrong_numbers_of_arguments_name_the_expected_ones() {
    let server = serve(|_| ScriptedResponse::json(200, &json!({})));
    let home = home_for(&server);
    for (arguments, message) in [
        (&["DELETE", "POST", "/api"][..], "too many arguments"),
        (
            &["-X", "GET", "DELETE", "POST", "/api"],
            "too many arguments",
        ),
        (&["-X", "GET", "POST", "/api"], "the method is given twice"),
        (&[""], "the path is empty"),
        (&["GET", ""], "the path is empty"),
    ] {
        let outcome = home.run(&[&["api"], arguments].concat()).expect(2);
        assert!(outcome.stderr.contains(message), "{outcome}");
    }
    assert!(server.received().is_empty());
}

#[test]
fn output_to_a_dash_is_stdout() {
    let server = serve(|_| ScriptedResponse::json(200, &json!({"a": 1})));
    let home = home_for(&server);
    for more in [&[][..], &["--paginate"]] {
        let list = serve(|_| ScriptedResponse::json(200, &json!([{"a": 1}])));
        let url = if more.is_empty() { &server } else { &list };
        let home = home_for(url);
        let outcome = home.run(&[&["api", "/x", "-o", "-"], more].concat());
        assert!(outcome.expect(0).stdout.contains("\"a\":1"));
        assert!(!home.work().join("-").exists());
    }
    let silent = serve(|_| ScriptedResponse::json(404, &json!({"detail": "gone"})));
    let outcome = home_for(&silent).run(&["api", "/x", "--silent"]).expect(7);
    assert!(outcome.stderr.contains("gone"), "{outcome}");
    let help = home.run(&["api", "--help"]).expect(0).stdout;
    assert!(help.contains("Do not print the body of a successful response"));
}
