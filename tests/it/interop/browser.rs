//! Debian's Chromium on the sandbox's `/device` page, while the program waits for the decision.

use serde_json::{Value, json};

use crate::support::{
    peer::{Peer, can_run_peers},
    sandbox::{EMAIL, PASSWORD, Sandbox},
    test_home::{RunningCommand, TestHome},
};

/// A sandbox, and the browser of its account.
pub(super) struct Visit {
    pub(super) home: TestHome,
    pub(super) sandbox: Sandbox,
    pub(super) browser: Peer,
}

impl Visit {
    pub(super) fn new(more: &[&str]) -> Self {
        let home = TestHome::new();
        let sandbox = Sandbox::start(&home, more);
        let options = json!({ "base": sandbox.url, "email": EMAIL, "password": PASSWORD });
        let browser = Peer::start("browser.mjs", &options, home.record());
        Self {
            home,
            sandbox,
            browser,
        }
    }

    /// Starts a login; returns it with the user code.
    fn login(&self) -> (RunningCommand, String) {
        let login = self.home.start(&[
            "login",
            "--device",
            "--api-url",
            &self.sandbox.url,
            "--no-browser",
            "--json",
        ]);
        let code = login.running.wait_for_stderr_line(|line| {
            let event: Value = serde_json::from_str(line).ok()?;
            event["user_code"].as_str().map(str::to_owned)
        });
        (login, code)
    }

    fn ask(&self, request: &Value) -> Value {
        self.browser.ask(request)
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn approval_in_the_browser_completes_the_login() {
    if !can_run_peers("browser", true) {
        return;
    }
    let visit = Visit::new(&["--interval", "1"]);
    let (login, code) = visit.login();
    let seen = visit.ask(&json!({ "do": "approve", "code": code, "check": true }));
    let received = seen["asked"].as_str().unwrap();
    assert!(
        received.contains(&code),
        "the code is shown to compare: {received}"
    );
    assert!(
        received.to_lowercase().contains("brainmaps"),
        "who asks: {received}"
    );
    login.wait().expect(0);
    visit.home.run(&["whoami"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn denial_in_the_browser_exits_with_3() {
    if !can_run_peers("browser", true) {
        return;
    }
    let visit = Visit::new(&["--interval", "1"]);
    let (login, code) = visit.login();
    visit.ask(&json!({ "do": "deny", "code": code, "check": true, "dark": true }));
    assert_eq!(login.wait().expect(3).error_code(), "DENIED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn approve_and_deny_buttons_look_alike() {
    if !can_run_peers("browser", true) {
        return;
    }
    let visit = Visit::new(&[]);
    let (_login, code) = visit.login();
    visit.ask(&json!({ "do": "equal_weight", "code": code }));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_wrong_code_is_reported_and_a_decided_code_cannot_be_reused() {
    if !can_run_peers("browser", true) {
        return;
    }
    let visit = Visit::new(&["--interval", "1"]);
    let printed = visit.ask(&json!({ "do": "refused", "code": "BBBB-BBBB", "check": true }));
    assert!(
        printed["shown"].as_str().unwrap().contains("Wrong code"),
        "{printed}"
    );
    let (login, code) = visit.login();
    visit.ask(&json!({ "do": "approve", "code": code }));
    login.wait().expect(0);
    let printed = visit.ask(&json!({ "do": "refused", "code": code, "check": true }));
    assert!(
        printed["shown"].as_str().unwrap().contains("used"),
        "{printed}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_expired_code_is_reported() {
    if !can_run_peers("browser", true) {
        return;
    }
    let visit = Visit::new(&["--code-ttl", "2"]);
    let (login, code) = visit.login();
    login.wait().expect(5);
    let printed = visit.ask(&json!({ "do": "refused", "code": code, "check": true }));
    assert!(
        printed["shown"]
            .as_str()
            .unwrap()
            .to_lowercase()
            .contains("expired"),
        "{printed}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_page_works_with_the_keyboard_only() {
    if !can_run_peers("browser", true) {
        return;
    }
    let visit = Visit::new(&["--interval", "1"]);
    for (decision, code) in [("approve", 0), ("deny", 3)] {
        let (login, user_code) = visit.login();
        visit.ask(&json!({ "do": "keyboard_only", "code": user_code, "decision": decision }));
        login.wait().expect(code);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_page_works_without_scripts_and_on_a_narrow_screen() {
    if !can_run_peers("browser", true) {
        return;
    }
    let visit = Visit::new(&["--interval", "1"]);
    for how in [
        json!({ "scripts": false }),
        json!({ "width": 320, "check": true }),
    ] {
        let (login, code) = visit.login();
        let mut request = how;
        request["do"] = json!("approve");
        request["code"] = json!(code);
        visit.ask(&request);
        login.wait().expect(0);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn other_pages_cannot_frame_script_or_submit_the_page() {
    if !can_run_peers("browser", true) {
        return;
    }
    let visit = Visit::new(&[]);
    let seen = visit.ask(&json!({ "do": "headers" }));
    let policy = seen["headers"]["content-security-policy"].as_str().unwrap();
    for directive in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "form-action",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(directive), "{directive}: {policy}");
    }
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"),
        "{policy}"
    );
    assert_eq!(
        seen["headers"]["x-frame-options"]
            .as_str()
            .unwrap()
            .to_uppercase(),
        "DENY"
    );
    assert_eq!(seen["headers"]["cache-control"], "no-store");
    assert_eq!(seen["inline"], json!([]), "inline event handlers");

    let (_login, code) = visit.login();
    let forged = visit.ask(&json!({ "do": "forged", "code": code }));
    assert!(forged["status"].as_u64().unwrap() >= 400, "{forged}");
}
