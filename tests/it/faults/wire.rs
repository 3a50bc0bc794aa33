//! Each kind of fault as a raw client receives it, compared with `sandbox faults`.

use std::{
    io::Write,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use super::{
    FaultServer,
    raw::{End, Wire},
};
use crate::support::{process::LIMIT, sandbox::CLIENT_ID};

const METADATA: &str = "/.well-known/oauth-authorization-server";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Returns the response to a metadata request under one fault.
fn metadata_under(fault: &str) -> Wire {
    FaultServer::start(&[&format!("metadata={fault}")]).get(METADATA)
}

fn device(server: &FaultServer) -> Value {
    let wire = server.post("/oauth2/device_authorization", &[("client_id", CLIENT_ID)]);
    assert_eq!(wire.status(), 200, "{wire:?}");
    wire.json()
}

fn poll(server: &FaultServer, device: &Value) -> Wire {
    let device_code = device["device_code"].as_str().unwrap();
    let fields = [
        ("grant_type", DEVICE_CODE),
        ("client_id", CLIENT_ID),
        ("device_code", device_code),
    ];
    server.post("/oauth2/token", &fields)
}

fn refresh(server: &FaultServer, refresh_token: &str) -> Wire {
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT_ID),
        ("refresh_token", refresh_token),
    ];
    server.post("/oauth2/token", &fields)
}

#[test]
fn oauth_errors_have_status_400_or_200_like_github() {
    let faults = [
        "poll*1=pending",
        "poll*1=slow_down",
        "poll*1=error:access_denied",
        "poll*1=error_in_200:slow_down",
        "poll*1=pass",
        "poll=error:expired_token",
    ];
    let server = FaultServer::start(&faults);
    let device = device(&server);
    let responses: Vec<(u16, Value)> = (0..4)
        .map(|_| poll(&server, &device))
        .map(|wire| (wire.status(), wire.json()["error"].clone()))
        .collect();
    assert_eq!(
        responses,
        [
            (400, "authorization_pending".into()),
            (400, "slow_down".into()),
            (400, "access_denied".into()),
            (200, "slow_down".into()),
        ]
    );
    assert_eq!(
        poll(&server, &device).status(),
        200,
        "the response of the service"
    );
    assert_eq!(poll(&server, &device).json()["error"], "expired_token");
}

#[test]
fn any_status_is_sent_with_json_html_or_no_body() {
    for (fault, status, kind) in [
        ("json:503", 503, Some("application/json")),
        ("html:502", 502, Some("text/html; charset=utf-8")),
        ("html:200", 200, Some("text/html; charset=utf-8")),
        ("empty:404", 404, None),
    ] {
        let wire = metadata_under(fault);
        assert_eq!(wire.status(), status, "{fault}");
        assert_eq!(wire.header("content-type").as_deref(), kind, "{fault}");
        assert_eq!(wire.body().is_empty(), kind.is_none(), "{fault}");
        assert_eq!(
            wire.json().is_object(),
            fault.starts_with("json"),
            "{fault}"
        );
    }
}

#[test]
fn retry_after_is_seconds_or_a_date_and_ends_after_its_count() {
    let faults = ["any*2=retry_after:7", "any*1=retry_date:7,503"];
    let server = FaultServer::start(&faults);
    for _ in 0..2 {
        let wire = server.get(METADATA);
        assert_eq!(wire.status(), 429);
        assert_eq!(wire.header("retry-after").as_deref(), Some("7"));
    }
    let wire = server.get(METADATA);
    assert_eq!(wire.status(), 503);
    let [after, date] = ["retry-after", "date"].map(|name| time(&wire.header(name).unwrap()));
    // Both are created within a moment, rounded to seconds.
    assert!((5..=9).contains(&(after - date)), "{wire:?}");
    assert_eq!(server.get(METADATA).status(), 200);
}

/// Parses an HTTP date to seconds since 1970.
fn time(date: &str) -> i64 {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    parser.parse_timestamp(date).unwrap().as_second()
}

#[test]
fn redirects_go_to_the_same_url_another_path_or_another_host() {
    for (fault, status, place) in [
        (
            "redirect:loop",
            307,
            "/.well-known/oauth-authorization-server?a=1",
        ),
        ("redirect:/device", 307, "/device"),
        (
            "redirect:https://evil.example/?a,302",
            302,
            "https://evil.example/?a",
        ),
    ] {
        let server = FaultServer::start(&[&format!("metadata={fault}")]);
        let wire = server.get(&format!("{METADATA}?a=1"));
        assert_eq!(wire.status(), status, "{fault}");
        assert_eq!(wire.header("location").as_deref(), Some(place), "{fault}");
    }
}

#[test]
fn big_body_has_the_given_size_and_no_content_length() {
    let wire = metadata_under("big:3");
    assert_eq!(wire.header("content-length"), None);
    let filled = String::from_utf8_lossy(wire.body()).matches('x').count();
    assert_eq!(filled, 3_000_000);
    assert!(
        wire.body().ends_with(b"\"}\r\n0\r\n\r\n"),
        "the JSON or the chunked body is incomplete"
    );
}

#[test]
fn gzip_bomb_is_a_valid_file_that_inflates_a_hundredfold() {
    let wire = metadata_under("gzip_bomb:20");
    assert_eq!(wire.header("content-encoding").as_deref(), Some("gzip"));
    let mut gzip = Command::new("gzip")
        .arg("-dc")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = gzip.stdin.take().unwrap();
    let body = wire.body().to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&body));
    let inflated = gzip.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    // gzip verifies the checksum and the length.
    assert!(inflated.status.success());
    assert!(inflated.stdout.len() > 19_000_000);
    assert!(wire.body().len() < 200_000);
}

#[test]
fn connection_is_reset_before_or_after_the_request_or_closed() {
    let device = "/oauth2/device_authorization";
    for (fault, end) in [
        ("reset", End::Reset),
        ("reset_after", End::Reset),
        ("close", End::Closed),
    ] {
        let server = FaultServer::start(&[&format!("device={fault}")]);
        let wire = server.post(device, &[("client_id", CLIENT_ID)]);
        assert_eq!((wire.end, wire.bytes.len()), (end, 0), "{fault}");
        // The promised body is never sent.
        let half = server
            .request(&format!("POST {device}"), "", "")
            .replace("content-length: 0", "content-length: 9");
        let patience = match fault {
            "reset" => LIMIT,
            _ => Duration::from_millis(300),
        };
        let wire = server.send_waiting(&half, patience);
        let expected = if fault == "reset" {
            End::Reset
        } else {
            End::Silence
        };
        assert_eq!(wire.end, expected, "{fault}");
    }
}

#[test]
fn lost_response_of_a_refresh_still_rotates_the_token() {
    let server = FaultServer::start(&["refresh*1=lost"]);
    let tokens = poll(&server, &device(&server)).json();
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let lost = refresh(&server, refresh_token);
    assert_eq!((lost.end, lost.bytes.len()), (End::Reset, 0));
    let again = refresh(&server, refresh_token);
    assert_eq!(again.json()["error"], "invalid_grant", "it was rotated");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn stalled_request_gets_no_response_and_delayed_one_a_late_response() {
    let server = FaultServer::start(&["metadata*1=stall", "metadata=delay:700ms"]);
    let request = server.request(&format!("GET {METADATA}"), "", "");
    let stalled = server.send_waiting(&request, Duration::from_millis(300));
    assert_eq!((stalled.end, stalled.bytes.len()), (End::Silence, 0));
    let late = server.get(METADATA);
    assert_eq!(late.status(), 200);
    assert!(late.took >= Duration::from_millis(700), "{:?}", late.took);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn dripping_body_arrives_byte_by_byte_and_complete() {
    let faults = ["device=without:device_code", "device=drip:5ms"];
    let server = FaultServer::start(&faults);
    let wire = server.post("/oauth2/device_authorization", &[("client_id", CLIENT_ID)]);
    let length = wire.body().len();
    assert!(length > 100 && wire.json().is_object(), "{wire:?}");
    assert!(wire.reads > 10, "{} reads of {length} bytes", wire.reads);
    assert!(wire.took >= Duration::from_millis(5) * u32::try_from(length).unwrap());
}

#[test]
fn cut_body_is_shorter_than_its_content_length() {
    let wire = metadata_under("cut");
    let promised: usize = wire.header("content-length").unwrap().parse().unwrap();
    assert_eq!(wire.body().len(), promised / 2);
    assert_ne!(wire.end, End::Silence);
}

#[test]
fn real_response_has_the_wrong_content_type() {
    for (fault, kind) in [("type", "text/plain"), ("type:image/png", "image/png")] {
        let wire = metadata_under(fault);
        assert_eq!(wire.header("content-type").as_deref(), Some(kind));
        assert!(wire.json()["issuer"].is_string());
    }
}

#[test]
fn members_of_the_real_response_are_removed_or_replaced() {
    let faults = [
        "device=without:interval",
        "device=without:verification_uri_complete",
        "device=set:expires_in=\"soon\"",
        "device=set:extra={\"a\":[1]}",
    ];
    let server = FaultServer::start(&faults);
    let response = device(&server);
    assert!(
        response["user_code"].is_string(),
        "the rest is real: {response}"
    );
    let members = response.as_object().unwrap();
    assert!(!members.contains_key("interval"));
    assert!(!members.contains_key("verification_uri_complete"));
    assert_eq!(response["expires_in"], "soon");
    assert_eq!(response["extra"]["a"][0], 1);

    for (fault, interval) in [
        ("0", Value::from(0)),
        ("86400", 86400.into()),
        ("-1", (-1).into()),
    ] {
        let server = FaultServer::start(&[&format!("device=set:interval={fault}")]);
        assert_eq!(device(&server)["interval"], interval);
    }
}

#[test]
fn wrong_clock_affects_the_date_header_and_the_service() {
    let server = FaultServer::start(&[]);
    let now = time(&server.get(METADATA).header("date").unwrap());
    for (fault, offset) in [("clock:2h", 7200), ("clock:-2h", -7200)] {
        let date = time(&metadata_under(fault).header("date").unwrap());
        assert!((date - now - offset).abs() < 60, "{fault}");
    }
    // Two hours later a code of ten minutes has expired, for the one request with that clock.
    let faults = ["poll*1=pending", "poll*1=clock:2h"];
    let server = FaultServer::start(&faults);
    let device = device(&server);
    poll(&server, &device);
    let late = poll(&server, &device).json();
    assert_eq!(late["error"], "expired_token");
    assert_eq!(poll(&server, &device).status(), 200);
}
