//! A browser login under faults. The authorization code is in the redirect only: it is in no output and on no page.

use rustix::process::Signal;
use url::Url;

use super::{LOG_OPTIONS, set_log_variables, unexpected_exit};
use crate::faults::FaultServer;
use crate::support::leak::CANARY;
use crate::support::test_home::{RunningCommand, TestHome};
use crate::support::visitor::follow;

const FAULTS: &[&str] = &[
    "any=pass",
    "par=error:unauthorized_client",
    "authorize=set:iss=https://evil.example",
    "authorize=without:iss",
    "authorize=set:error=access_denied",
    "code=error:invalid_grant",
    "code=json:500",
    "code=html:200",
    "code=lost",
    "code=redirect:https://evil.example/",
];

/// Returns the authorization URL in a line of either form.
fn url_in(line: &str) -> Option<Url> {
    let start = line.find("http://localhost:")?;
    let rest = &line[start..];
    let end = rest.find(|c: char| c.is_whitespace() || c == '"');
    let url = Url::parse(&rest[..end.unwrap_or(rest.len())]).ok()?;
    let is_page = url.path() == "/oauth2/authorize" && url.query().is_some();
    is_page.then_some(url)
}

/// Opens the URL that the program prints, and follows the redirects; returns the page of the program.
fn visit(login: &RunningCommand) -> String {
    follow(&login.running.wait_for_stderr_line(url_in))
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn no_browser_login_prints_a_secret_under_any_fault() {
    let mut wrong = Vec::new();
    for fault in FAULTS {
        let (server, mut home) = (FaultServer::start(&[fault]), TestHome::new());
        home.set("BRAINMAPS_API_URL", &server.url());
        set_log_variables(&mut home);
        for options in LOG_OPTIONS {
            let arguments = [&["login", "--browser", "--no-browser"], *options].concat();
            let login = home.start(&arguments);
            let page = visit(&login);
            assert!(!page.contains(CANARY), "{fault}: {page}");
            wrong.extend(unexpected_exit(&login.wait(), fault));
        }
        home.run(&["status"]);
        home.run(&["logout"]);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn no_interrupted_browser_login_prints_a_secret() {
    let (server, mut home) = (FaultServer::start(&["code=stall"]), TestHome::new());
    home.set("BRAINMAPS_API_URL", &server.url());
    let login = set_log_variables(&mut home).start(&["login", "--browser", "--no-browser", "-vv"]);
    let page = visit(&login);
    assert!(!page.contains(CANARY), "{page}");
    login.running.signal(Signal::INT);
    let done = login.wait();
    assert_eq!(unexpected_exit(&done, "code=stall"), None, "{done}");
}
