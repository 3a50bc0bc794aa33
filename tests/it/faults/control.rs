//! The endpoint that sets, lists and clears faults while the sandbox runs.

use serde_json::{Value, json};

use super::FaultServer;

const FAULTS: &str = "/_sandbox/faults";
const REQUESTS: &str = "/_sandbox/requests";
const METADATA: &str = "/.well-known/oauth-authorization-server";

fn change(server: &FaultServer, method: &str, body: &str) -> (u16, Value) {
    let wire = server.send(&server.request(&format!("{method} {FAULTS}"), "", body));
    (wire.status(), wire.json())
}

#[test]
fn faults_are_added_counted_replaced_and_cleared_at_run_time() {
    let server = FaultServer::start(&["metadata*1=json:500"]);
    let body = "# two more\n\nmetadata*1=html:502\n  metadata*2=empty:503\r\n";
    let (status, listed) = change(&server, "POST", body);
    assert_eq!(
        (status, listed["faults"].as_array().unwrap().len()),
        (200, 3)
    );
    let statuses: Vec<u16> = (0..3).map(|_| server.get(METADATA).status()).collect();
    assert_eq!(statuses, [500, 502, 503]);
    assert_eq!(
        server.get(FAULTS).json(),
        json!({"faults": [
            {"fault": "metadata*1=json:500", "hits": 1, "left": 0},
            {"fault": "metadata*1=html:502", "hits": 1, "left": 0},
            {"fault": "metadata*2=empty:503", "hits": 1, "left": 1},
        ]})
    );
    let (_, listed) = change(&server, "PUT", "device=reset");
    assert_eq!(
        listed,
        json!({"faults": [{"fault": "device=reset", "hits": 0, "left": null}]})
    );
    assert_eq!(server.get(METADATA).status(), 200);
    assert_eq!(change(&server, "DELETE", "").0, 204);
    assert_eq!(server.get(FAULTS).json(), json!({"faults": []}));
}

#[test]
fn invalid_line_is_reported_and_changes_nothing() {
    let server = FaultServer::start(&[]);
    let (status, response) = change(&server, "POST", "device=reset\ntoken=explode");
    assert_eq!(status, 400);
    assert!(response["detail"].as_str().unwrap().contains("explode"));
    assert_eq!(server.get(FAULTS).json(), json!({"faults": []}));
}

#[test]
fn recorded_requests_contain_no_secret() {
    let server = FaultServer::start(&["/v1/tokens/{id}/=json:500"]);
    let key = "nio_c4n4ry_of_a_test";
    for what in [
        &format!("DELETE /v1/tokens/{key}/"),
        &format!("DELETE /neuroio/v1/tokens/{key}/"),
        &format!("GET /nowhere/{key}?key={key}"),
        "GET /device?user_code=ABCD-EFGH",
    ] {
        let header = "authorization: Token key-c4n4ry\r\n";
        server.send(&server.request(what, header, ""));
    }
    let printed = server.get(REQUESTS);
    let rows: Vec<Value> = printed.json()["requests"].as_array().unwrap().clone();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["path"].as_str().unwrap(),
                row["faults"].as_array().unwrap().len(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("/v1/tokens/{secret}/", 1),
            ("/neuroio/v1/tokens/{id_or_key}/", 0),
            ("/nowhere/{secret}", 0),
            ("/device", 0),
        ]
    );
    let text = String::from_utf8(printed.bytes.clone()).unwrap();
    assert!(!text.contains("c4n4ry") && !text.contains("ABCD"), "{text}");
    server.send(&server.request(&format!("DELETE {REQUESTS}"), "", ""));
    assert_eq!(server.get(REQUESTS).json(), json!({"requests": []}));
}

#[test]
fn web_pages_and_other_hosts_are_rejected() {
    let server = FaultServer::start(&["metadata=reset"]);
    for path in [FAULTS, REQUESTS] {
        for header in [
            "origin: http://evil.example\r\n",
            "origin: null\r\n",
            "sec-fetch-site: cross-site\r\n",
            "sec-fetch-site: same-origin\r\n",
        ] {
            for method in ["GET", "DELETE"] {
                let request = server.request(&format!("{method} {path}"), header, "");
                assert_eq!(server.send(&request).status(), 403, "{path} {header}");
            }
        }
        let typed = server.request(&format!("GET {path}"), "sec-fetch-site: none\r\n", "");
        assert_eq!(server.send(&typed).status(), 200);
        let name = server.address.to_string();
        let request = server
            .request(&format!("GET {path}"), "", "")
            .replace(&name, "rebound.example");
        assert_eq!(server.send(&request).status(), 421);
    }
    assert_eq!(server.get(FAULTS).json()["faults"][0]["hits"], 0);
}

#[test]
fn faults_do_not_affect_the_control_endpoint() {
    let server = FaultServer::start(&["any=reset"]);
    assert_eq!(server.get(FAULTS).status(), 200);
    assert_eq!(change(&server, "DELETE", "").0, 204);
    assert_eq!(server.get(METADATA).status(), 200);
}
