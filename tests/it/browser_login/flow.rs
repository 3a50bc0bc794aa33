//! A login from the page to the stored session, and what interrupts it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Mutex, mpsc::channel};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustix::process::Signal;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::support::process::wait_until;
use crate::support::scripted_server::token_response;
use crate::support::test_home::expire;

#[test]
fn session_is_stored_refreshed_and_revoked() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    assert_eq!(login.url.path(), "/authorize");
    assert_eq!(login.parameter("code_challenge_method"), "S256");
    assert_eq!(login.event["expires_in"], 300);
    let challenge = login.parameter("code_challenge");
    let redirect_uri = login.redirect_uri.to_string();
    let page = login.approve("");
    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    let done = login.wait().expect(0).json();
    assert_eq!(done["refreshable"], true);
    assert_eq!(done["issuer"], server.url.as_str());

    let form = token_forms(&server).swap_remove(0);
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], CODE);
    assert_eq!(form["redirect_uri"], redirect_uri);
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    assert_eq!(digest, challenge);

    expire(&home.data().join("credentials/work.json"));
    home.run(&["--profile", "work", "credential", "print"])
        .expect(0);
    assert_eq!(token_forms(&server)[1]["grant_type"], "refresh_token");
    home.run(&["--profile", "work", "logout"]).expect(0);
    assert!(server.count("/revoke") > 0);
}

#[test]
fn page_is_named_on_stderr_and_in_one_json_event() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    let members: Vec<String> = login.event.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        members,
        ["event", "expires_in", "open_within", "redirect_uri", "url"]
    );
    assert_eq!(login.event["expires_in"], 300);
    login.approve("");
    login.wait().expect(0);
    let named = plain_arguments(&server, &["--browser", "--no-browser"]);
    let login = Login::wait_for_page(home.start(&named));
    login.approve("");
    let done = login.wait().expect(0);
    assert!(done.stderr.contains("`native` (scopes: openid)"), "{done}");
    assert!(done.stderr.contains("Approve only a sign-in"), "{done}");
}

#[test]
fn rfc8252_8_12_browser_gets_the_url_and_no_secret() {
    let (mut home, server) = (TestHome::new(), server(json!({})));
    let opened = home.path().join("opened");
    let script = home.path().join("bin/browser");
    let text = format!(
        "#!/bin/sh\n/usr/bin/env > '{0}.env'\nprintf '%s\\n' \"$@\" > '{0}.new'\n/bin/mv '{0}.new' '{0}'\n",
        opened.display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    home.set("BROWSER", script.to_str().unwrap())
        .set("BRAINMAPS_CLIENT_SECRET", "client-c4n4ry")
        .set("NEUROIO_API_KEY", "key-c4n4ry");
    let login = Login::wait_for_page(home.start(&plain_arguments(&server, &["--browser"])));
    wait_until("the browser starts", || opened.exists());
    assert_eq!(
        fs::read_to_string(&opened).unwrap(),
        format!("{}\n", login.url)
    );
    let environment = fs::read_to_string(opened.with_extension("env")).unwrap();
    assert!(environment.contains("HOME="), "{environment}");
    assert!(!environment.contains("c4n4ry"), "{environment}");
    login.approve("");
    let done = login.wait().expect(0);
    assert!(done.stderr.contains("Opened the page"), "{done}");
    assert_eq!(token_forms(&server)[0]["client_secret"], "client-c4n4ry");
}

#[test]
fn rfc8252_8_3_listener_is_closed_after_the_response() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    let address = login.address();
    login.approve("");
    login.wait().expect(0);
    assert!(is_closed(address), "a second tab is not answered");
}

#[test]
fn ctrl_c_while_waiting_stores_nothing() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    let address = login.address();
    login.command.running.signal(Signal::INT);
    let done = login.wait().expect(130);
    assert_eq!(done.error_code(), "INTERRUPTED");
    assert!(is_closed(address));
    expect_nothing_stored(&home);
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_during_the_exchange_does_not_lose_the_session() {
    let (respond, response) = channel();
    let response = Mutex::new(response);
    let slow = AuthorizationServerScript {
        token: Box::new(move |_| {
            response.lock().unwrap().recv().unwrap();
            ScriptedResponse::json(200, &token_response())
        }),
        ..scripted(json!({}))
    };
    let (home, server) = (TestHome::new(), slow.serve());
    let login = Login::start(&home, &server);
    login.approve("");
    wait_until("the code is sent", || server.count("/token") == 1);
    login.command.running.signal_and_wait(Signal::INT);
    respond.send(()).unwrap();
    login.wait().expect(130);
    home.run(&["--profile", "work", "credential", "print"])
        .expect(0);
}

#[test]
fn lost_token_response_is_reported_and_the_code_is_not_sent_again() {
    let broken = AuthorizationServerScript {
        token: Box::new(|_| ScriptedResponse::cut_short()),
        ..scripted(json!({}))
    };
    let (home, server) = (TestHome::new(), broken.serve());
    let login = Login::start(&home, &server);
    login.approve("");
    let done = login.wait().expect(6);
    let error = &done.json()["error"];
    assert_eq!(error["code"], "UNREACHABLE");
    assert!(
        error["message"].as_str().unwrap().contains("was lost"),
        "{done}"
    );
    assert!(
        error["hint"].as_str().unwrap().contains("used up"),
        "{done}"
    );
    assert_eq!(server.count("/token"), 1);
    expect_nothing_stored(&home);
}

#[test]
fn rejected_code_is_reported_without_it() {
    let refusing = AuthorizationServerScript {
        token: Box::new(|_| {
            let text = format!("the code {CODE} is unknown");
            let body = json!({"error": "invalid_grant", "error_description": text});
            ScriptedResponse::json(400, &body)
        }),
        ..scripted(json!({}))
    };
    let (home, server) = (TestHome::new(), refusing.serve());
    let login = Login::start(&home, &server);
    login.approve("");
    let done = login.wait().expect(8);
    assert!(done.stdout.contains("invalid_grant"), "{done}");
    expect_nothing_stored(&home);
}

#[test]
fn two_logins_at_once_have_ports_and_responses_of_their_own() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let first = Login::start(&home, &server);
    let second = Login::start(&home, &server);
    assert_ne!(first.address(), second.address());
    let state = first.parameter("state");
    let page = second.redirect(&format!("code={CODE}&state={state}"));
    assert!(page.contains("does not belong to the sign-in"), "{page}");
    first.approve("");
    second.approve("");
    first.wait().expect(0);
    second.wait().expect(0);
}

#[test]
fn callback_port_in_use_is_reported_before_the_page() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let more = ["--browser", "--no-browser", "--callback-port", &port];
    let refused = home.run(&arguments(&server, &more)).expect(1);
    let error = &refused.json()["error"];
    assert!(
        error["message"].as_str().unwrap().contains(&port),
        "{refused}"
    );
    assert!(error["hint"].as_str().unwrap().contains("--callback-port"));
    assert!(!refused.stderr.contains("authorization_url"), "{refused}");
    drop(other);
    for _ in 0..2 {
        let login = Login::start_with(&home, &server, &more);
        assert_eq!(login.address().port().to_string(), port);
        login.approve("");
        login.wait().expect(0);
    }
}

#[test]
fn localhost_is_named_on_request() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let more = ["--browser", "--no-browser", "--callback-host", "localhost"];
    let login = Login::start_with(&home, &server, &more);
    assert_eq!(login.redirect_uri.host_str(), Some("localhost"));
    assert_eq!(login.parameter("redirect_uri"), login.redirect_uri.as_str());
    login.approve("");
    login.wait().expect(0);
}
