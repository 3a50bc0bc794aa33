//! `login --browser --paste`: no listener, the user pastes where the browser ended.

use serde_json::json;

use super::*;
use crate::support::process::RunningProcess;
use crate::terminal::run_until_prompt;

const PASTE: &[&str] = &["--browser", "--paste", "--no-browser"];

/// Starts a login whose stdin stays open; returns it with the page and the redirect URI.
struct Pasting {
    running: RunningProcess,
    state: String,
    redirect_uri: Url,
}

impl Pasting {
    fn start(home: &TestHome, server: &ScriptedServer) -> Self {
        let mut command = home.command(&arguments(server, PASTE));
        let running = RunningProcess::with_stdin(&mut command);
        let event: Value = running.wait_for_stderr_line(|line| {
            let event: Value = serde_json::from_str(line).ok()?;
            (event["event"] == "authorization_url").then_some(event)
        });
        assert_eq!(event["expires_in"], Value::Null);
        let page = Url::parse(event["url"].as_str().unwrap()).unwrap();
        let mut pairs = page.query_pairs();
        let state = pairs.find(|(name, _)| name == "state").unwrap().1;
        Self {
            running,
            state: state.into_owned(),
            redirect_uri: Url::parse(event["redirect_uri"].as_str().unwrap()).unwrap(),
        }
    }

    fn paste(mut self, text: &str) -> (Option<i32>, Value) {
        self.running.type_text(text);
        self.running.close_stdin();
        let done = self.running.wait();
        assert!(!done.stderr.contains("c4n4ry"), "{}", done.stderr);
        (done.code, serde_json::from_str(&done.stdout).unwrap())
    }
}

#[test]
fn pasted_url_or_code_signs_in() {
    let server = server(json!({"authorization_response_iss_parameter_supported": true}));
    for form in ["url", "query", "code#state", "code"] {
        let home = TestHome::new();
        let login = Pasting::start(&home, &server);
        assert!(is_closed(
            login.redirect_uri.socket_addrs(|| None).unwrap()[0]
        ));
        let query = format!("code={CODE}&state={}&iss={}", login.state, server.url);
        let text = match form {
            "url" => format!("{}?{query}\n", login.redirect_uri),
            "query" => format!("?{query}"),
            "code#state" => format!("{CODE}#{}", login.state),
            _ => CODE.to_owned(),
        };
        let (code, output) = login.paste(&text);
        assert_eq!(code, Some(0), "{form}: {output}");
        home.run(&["--profile", "work", "credential", "print"])
            .expect(0);
    }
    let forms = token_forms(&server);
    assert!(forms.iter().all(|form| form["code"] == CODE), "{forms:?}");
}

#[test]
fn pasted_url_is_checked_like_a_redirect() {
    let server = server(json!({"authorization_response_iss_parameter_supported": true}));
    let iss = &server.url;
    for (query, exit, text) in [
        (
            format!("code={CODE}&state=wrong&iss={iss}"),
            1,
            "does not belong",
        ),
        (format!("code={CODE}&iss={iss}"), 1, "does not belong"),
        (format!("code={CODE}&state=STATE"), 1, "has no `iss`"),
        (
            format!("code={CODE}&state=STATE&iss=https://evil.test"),
            1,
            "evil.test",
        ),
        (
            format!("error=access_denied&state=STATE&iss={iss}"),
            3,
            "declined",
        ),
    ] {
        let home = TestHome::new();
        let login = Pasting::start(&home, &server);
        let query = query.replace("STATE", &login.state);
        let url = format!("{}?{query}", login.redirect_uri);
        let (code, output) = login.paste(&url);
        assert_eq!(code, Some(exit), "{query}: {output}");
        let message = output["error"]["message"].as_str().unwrap();
        assert!(message.contains(text), "{query}: {message}");
        expect_nothing_stored(&home);
    }
    assert_eq!(server.count("/token"), 0);
}

#[test]
fn another_url_is_refused_with_the_expected_one() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Pasting::start(&home, &server);
    let expected = login.redirect_uri.to_string();
    let (code, output) = login.paste(&format!("{}/authorize?code=x", server.url));
    assert_eq!(code, Some(2), "{output}");
    assert!(
        output["error"]["hint"]
            .as_str()
            .unwrap()
            .contains(&expected)
    );
}

#[test]
fn nothing_pasted_is_an_error() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let (code, output) = Pasting::start(&home, &server).paste("");
    assert_eq!(code, Some(2), "{output}");
}

#[test]
fn paste_requires_the_browser_method() {
    let home = TestHome::new();
    for arguments in [
        &["login", "--paste"][..],
        &["login", "--callback-port", "8400"],
        &["login", "--browser", "--device"],
        &["login", "--browser", "--callback-port", "0"],
        &["login", "--browser", "--qr"],
    ] {
        home.run(arguments).expect(2);
    }
}

#[test]
fn option_that_the_method_does_not_use_is_refused() {
    let home = TestHome::new();
    // Each has a `requires`, whose argument the method excludes.
    let required = [
        &["--paste"][..],
        &["--callback-port", "8400"],
        &["--callback-host", "localhost"],
        &["--key-id", "k"],
        &["--assertion-audience", "token-endpoint"],
        &["--no-resource-parameter"],
        &["--subject-token-file", "f"],
    ];
    let typed = [
        &["--password"][..],
        &["--username", "me"],
        &["--with-token"],
    ];
    let mut wrong: Vec<Vec<&str>> = Vec::new();
    for option in required {
        wrong.extend(typed.iter().map(|method| [method, option].concat()));
        wrong.push([&["--add-scope", "x"], option].concat());
    }
    for option in [
        "--issuer",
        "--client-id",
        "--scope",
        "--resource",
        "--audience",
        "--key",
    ] {
        wrong.push(vec!["--username", "me", option, "https://a.example"]);
    }
    for option in [
        &["--device"][..],
        &["--browser"],
        &["--client-credentials"],
        &["--workload"],
        &["--password"],
        &["--username", "me"],
        &["--import"],
        &["--issuer", "https://a.example"],
        &["--key", "key.pem"],
        &["--add-scope", "x"],
    ] {
        wrong.push([&["--no-verify"], option].concat());
    }
    wrong.push(vec!["--device", "--paste"]);
    wrong.push(vec!["--client-secret-file", "f", "--key-id", "k"]);
    for arguments in wrong {
        let arguments = [&["login"], &arguments[..], &["--json"]].concat();
        let refused = home.run(&arguments).expect(2);
        let message = refused.json()["error"]["message"]
            .as_str()
            .unwrap()
            .to_owned();
        let reasons = [
            "cannot be used with",
            "require --workload",
            "missing required",
        ];
        assert!(reasons.iter().any(|it| message.contains(it)), "{refused}");
    }
}

/// Starts a login at a terminal; returns it with the page that it prints.
fn start_at_a_terminal(
    home: &TestHome,
    server: &ScriptedServer,
    named: &[&str],
    prompt: &str,
) -> (RunningProcess, Url) {
    let arguments = plain_arguments(server, named).join(" ");
    let running = run_until_prompt(home, &arguments, prompt);
    let page = page_on_terminal(&running);
    (running, page)
}

#[test]
fn pasted_url_is_not_shown_on_a_terminal() {
    let server = server(json!({}));
    for is_url in [true, false] {
        let home = TestHome::new();
        let prompt = "Paste the URL or the code: ";
        let (mut login, page) = start_at_a_terminal(&home, &server, PASTE, prompt);
        let (redirect_uri, state) = (parameter(&page, "redirect_uri"), parameter(&page, "state"));
        login.type_text(&format!("{redirect_uri}?code={CODE}&state=wrong\n"));
        // What is typed between two prompts is shown.
        login.wait_for_text(&format!("paste again\r\n\u{1b}[1m{prompt}"));
        let pasted = if is_url {
            format!("{redirect_uri}?code={CODE}&state={state}")
        } else {
            CODE.to_owned()
        };
        login.type_text(&format!("{pasted}\n"));
        let ended = login.wait();
        let lines: Vec<_> = ended.stdout.lines().map(str::trim_end).collect();
        assert!(lines.contains(&"status 0"), "{ended:?}");
        assert!(lines.contains(&"echo"), "{ended:?}");
        assert!(!ended.stdout.contains(CODE), "{ended:?}");
        home.record()
            .output("the terminal of --paste", ended.stdout);
        home.run(&["--profile", "work", "credential", "print"])
            .expect(0);
    }
    assert_eq!(server.count("/token"), 2);
}

/// What is printed when the login reads the terminal, too.
const LISTENING: &str = "waiting for your approval";

#[test]
fn response_is_pasted_or_received_while_the_login_listens() {
    let server = server(json!({}));
    for is_pasted in [true, false] {
        let home = TestHome::new();
        let named = ["--browser", "--no-open"];
        let (mut login, page) = start_at_a_terminal(&home, &server, &named, LISTENING);
        let redirect_uri = Url::parse(&parameter(&page, "redirect_uri")).unwrap();
        let query = format!("code={CODE}&state={}", parameter(&page, "state"));
        login.wait_for_text("paste its address here");
        login.type_text(&format!("{redirect_uri}?code={CODE}&state=wrong\n\n"));
        login.wait_for_text("paste again");
        login.type_text(&format!("{CODE}\n"));
        login.wait_for_text("paste the whole address");
        if is_pasted {
            login.type_text(&format!("{redirect_uri}?{query}\n"));
        } else {
            assert!(follow(&redirect_uri, &query).contains("approved"));
        }
        let ended = login.wait();
        let lines: Vec<_> = ended.stdout.lines().map(str::trim_end).collect();
        assert!(lines.contains(&"status 0"), "{ended:?}");
        assert!(lines.contains(&"echo"), "{ended:?}");
        home.record()
            .output("the terminal of --browser", ended.stdout);
        home.run(&["--profile", "work", "credential", "print"])
            .expect(0);
    }
    assert_eq!(server.count("/token"), 2);
}

#[test]
fn ctrl_c_ends_a_login_that_listens_and_restores_echo() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let named = ["--browser", "--no-open"];
    let (mut login, _) = start_at_a_terminal(&home, &server, &named, LISTENING);
    login.type_text("half of a code\u{3}");
    let ended = login.wait();
    let lines: Vec<_> = ended.stdout.lines().map(str::trim_end).collect();
    assert!(lines.contains(&"status 130"), "{ended:?}");
    assert!(lines.contains(&"echo"), "{ended:?}");
    assert!(!ended.stdout.contains("half of"), "{ended:?}");
}
