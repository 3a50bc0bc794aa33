//! Debian's Chromium from the consent page of the sandbox to the loopback page of `login --browser`.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::{Value, json};

use super::browser::Visit;
use crate::support::{
    peer::can_run_peers,
    process::wait_until,
    sandbox::Sandbox,
    test_home::{RunningCommand, TestHome},
};

/// Starts a browser login that opens no page, and returns it with the page.
fn start(home: &TestHome, sandbox: &Sandbox) -> (RunningCommand, String) {
    #[rustfmt::skip]
    let arguments = ["login", "--browser", "--no-browser", "--api-url", &sandbox.url, "--json"];
    let login = home.start(&arguments);
    let url = login.running.wait_for_stderr_line(|line| {
        let event: Value = serde_json::from_str(line).ok()?;
        event["url"].as_str().map(str::to_owned)
    });
    (login, url)
}

impl Visit {
    fn sign_in(&self, decision: &str, how: &Value) -> (RunningCommand, Value) {
        let (login, url) = start(&self.home, &self.sandbox);
        let mut request = how.clone();
        request["do"] = json!("sign_in");
        request["url"] = json!(url);
        request["decision"] = json!(decision);
        (login, self.browser.ask(&request))
    }
}

/// Checks what is left in the browser.
fn expect_no_trace(page: &Value) {
    let address = page["address"].as_str().unwrap();
    assert!(address.starts_with("http://127.0.0.1:"), "{page}");
    assert!(address.ends_with("/callback"), "{page}");
    assert_eq!(page["referrer"], "", "{page}");
    assert_eq!(page["sent_referrer"], "", "{page}");
    assert_eq!(page["entries"], json!([]), "{page}");
    let headers = &page["headers"];
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    let policy = headers["content-security-policy"].as_str().unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn approval_ends_at_a_page_without_the_code() {
    if !can_run_peers("browser_login", true) {
        return;
    }
    for more in [&[][..], &["--require-par"]] {
        let visit = Visit::new(more);
        let (login, page) = visit.sign_in("approve", &json!({ "check": true }));
        assert_eq!(page["status"], 200, "{page}");
        assert_eq!(page["title"], "Sign-in approved");
        let text = page["text"].as_str().unwrap();
        assert!(text.contains("Return to the terminal"), "{page}");
        expect_no_trace(&page);
        login.wait().expect(0);
        visit.home.run(&["whoami"]).expect(0);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn denial_ends_at_a_page_that_reports_it() {
    if !can_run_peers("browser_login", true) {
        return;
    }
    let visit = Visit::new(&[]);
    let (login, page) = visit.sign_in("deny", &json!({ "check": true }));
    assert_eq!(page["title"], "Sign-in declined");
    expect_no_trace(&page);
    assert_eq!(login.wait().expect(3).error_code(), "DENIED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn sign_in_works_without_scripts() {
    if !can_run_peers("browser_login", true) {
        return;
    }
    let visit = Visit::new(&[]);
    let (login, url) = start(&visit.home, &visit.sandbox);
    let request = json!({ "do": "sign_in", "url": url, "decision": "approve", "scripts": false });
    let page = visit.browser.ask(&request);
    assert_eq!(page["title"], "Sign-in approved", "{page}");
    login.wait().expect(0);
}

/// The wrapper lets Chromium exit after the page, and prints the page.
const WRAPPER: &str = "#!/bin/sh
exec /usr/bin/chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
  --user-data-dir=PROFILE --timeout=60000 --dump-dom \"$1\" > PAGE 2> /dev/null
";

#[test]
#[ignore = "slow: run by ./tests/run"]
fn chromium_that_the_program_starts_completes_the_login() {
    if !can_run_peers("browser_login", true) {
        return;
    }
    let mut home = TestHome::new();
    let sandbox = Sandbox::start(&home, &["--auto-approve"]);
    let (wrapper, page) = (home.path().join("bin/browser"), home.path().join("page"));
    let profile = home.path().join("chromium");
    let script = WRAPPER
        .replace("PROFILE", profile.to_str().unwrap())
        .replace("PAGE", page.to_str().unwrap());
    fs::write(&wrapper, script).unwrap();
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
    home.set("BROWSER", wrapper.to_str().unwrap());
    let login = ["login", "--browser", "--api-url", &sandbox.url];
    let done = home.run(&login).expect(0);
    assert!(done.stderr.contains("Opened the page"), "{done}");
    let shown = || fs::read_to_string(&page).is_ok_and(|text| text.contains("</html>"));
    wait_until("Chromium prints the page", shown);
    let text = fs::read_to_string(&page).unwrap();
    assert!(text.contains("<h1>Sign-in approved</h1>"), "{text}");
    home.run(&["whoami"]).expect(0);
}
