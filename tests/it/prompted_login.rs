//! Password and cookie logins with the real program: the source of the secret, the result and the output.

use serde_json::{Value, json};

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};
use crate::terminal::on_a_terminal;

const PASSWORD: &str = "pass word c4n4ry";

/// The terminal echoes input before the program asks, so the leak harness cannot search for this one.
const TYPED: &str = "typed pass word";

/// BrainMaps as documented: no OAuth 2.0, one account.
fn service() -> ScriptedServer {
    ScriptedServer::start(|received, _| match received.path.as_str() {
        "/api/auth/login/" => login(received),
        "/api/auth/me/" => ScriptedResponse::json(200, &json!({ "email": "me@a.b" })),
        "/api/auth/logout/" => ScriptedResponse::json(200, &json!({})),
        _ => ScriptedResponse::json(404, &json!({ "detail": "Not found." })),
    })
}

fn login(received: &ReceivedRequest) -> ScriptedResponse {
    let body: Value = serde_json::from_str(&received.body).unwrap();
    let right = |password: &str| body == json!({ "email": "me@a.b", "password": password });
    if right(PASSWORD) || right(TYPED) {
        return ScriptedResponse::json(
            200,
            &json!({ "token": "session-c4n4ry", "user": { "email": "me@a.b" } }),
        );
    }
    ScriptedResponse::json(401, &json!({ "detail": "Wrong e-mail or password." }))
}

fn home(server: &ScriptedServer) -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    home
}

#[test]
fn a_password_from_a_pipe_logs_in_and_logout_revokes_the_session() {
    let server = service();
    let home = home(&server);
    let arguments = [
        "login",
        "--username",
        "me@a.b",
        "--password-stdin",
        "--json",
    ];
    let done = home.run_with_input(&arguments, &format!("{PASSWORD}\n"));
    let done = done.expect(0).json();
    assert_eq!(
        (&done["kind"], &done["account"]),
        (&json!("session_token"), &json!("me@a.b"))
    );
    assert_eq!(home.run(&["whoami"]).expect(0).stdout, "me@a.b\n");
    let out = home.run(&["logout"]).expect(0);
    assert!(
        out.stdout.contains("session revoked at the server"),
        "{out}"
    );
    assert_eq!(server.count("/api/auth/logout/"), 1);
}

#[test]
fn a_wrong_password_exits_with_4_and_is_sent_once() {
    let server = service();
    let home = home(&server);
    let arguments = [
        "login",
        "--username",
        "me@a.b",
        "--password-stdin",
        "--json",
    ];
    let ended = home.run_with_input(&arguments, "wrong-c4n4ry").expect(4);
    assert_eq!(ended.error_code(), "CREDENTIAL_REJECTED");
    assert!(ended.stdout.contains("Wrong e-mail or password"), "{ended}");
    assert_eq!(server.count("/api/auth/login/"), 1);
}

#[test]
fn a_terminal_prompts_for_user_name_and_password_without_echo() {
    let server = service();
    let home = home(&server);
    let typed = format!("me@a.b\n{TYPED}\n");
    let ended = on_a_terminal(&home, &["login"], &typed).wait().expect(0);
    for shown in ["E-mail: ", "Password: ", "signed in"] {
        assert!(ended.stdout.contains(shown), "{shown}: {ended}");
    }
    let after = ended.stdout.split_once("Password: ").unwrap().1;
    assert!(!after.contains("pass word"), "{ended}");
}

#[test]
fn without_a_terminal_the_hint_names_the_option_to_pipe_the_secret() {
    let server = service();
    let home = home(&server);
    for (arguments, pipe) in [
        (&["login"][..], "--password-stdin < password.txt"),
        (&["login", "--password"], "--password-stdin < password.txt"),
        (
            &["login", "--username", "me@a.b"],
            "--password-stdin < password.txt",
        ),
        (&["login", "--password-stdin"], "--username NAME"),
        (
            &["--profile", "brainpercent", "login"],
            "--profile brainpercent login --with-cookie < cookie.txt",
        ),
    ] {
        for more in [&["--json"][..], &["--json", "--no-input"]] {
            let arguments = [arguments, more].concat();
            let ended = home.run_with_input(&arguments, PASSWORD).expect(2);
            assert_eq!(ended.error_code(), "USAGE");
            assert!(ended.stdout.contains(pipe), "{arguments:?}: {ended}");
        }
    }
    assert_eq!(server.count("/api/auth/login/"), 0);
}

#[test]
fn a_cookie_from_a_pipe_is_printed_as_header_for_curl() {
    let home = TestHome::new();
    let profile = ["--profile", "brainpercent"];
    let login = [&profile[..], &["login", "--with-cookie", "--no-verify"]].concat();
    home.run_with_input(&login, "Cookie: sid=c4n4ry-cookie\n")
        .expect(0);
    let print = [&profile[..], &["credential", "print", "--header"]].concat();
    assert_eq!(
        home.run(&print).expect(0).stdout,
        "Cookie: sid=c4n4ry-cookie\n"
    );
    let out = home.run(&[&profile[..], &["logout"]].concat()).expect(0);
    assert!(
        out.stdout
            .contains("the session stays valid at the server until it expires"),
        "{out}"
    );
    home.run_with_input(&login, "c4n4ry-cookie").expect(2);
}

#[test]
fn no_verify_is_refused_where_nothing_is_typed() {
    let home = TestHome::new();
    for options in [
        &["--paste"][..],
        &["--callback-port", "8123"],
        &["--no-open"],
        &["--qr"],
    ] {
        let login = [&["login", "--no-verify"], options].concat();
        let ended = home.run_with_input(&login, "").expect(2);
        assert!(ended.stderr.contains("cannot be used with"), "{ended}");
    }
    let login = ["--sandbox", "login", "--no-verify", "--json"];
    let ended = home.run_with_input(&login, "").expect(2);
    assert!(
        ended.stdout.contains("an API key or a cookie only"),
        "{ended}"
    );
}

#[test]
fn the_page_with_the_cookie_is_the_one_of_the_sandbox() {
    let home = TestHome::new();
    let login = ["--profile", "brainpercent", "login"];
    let shown = |more: &[&str]| {
        let arguments = [more, &login].concat();
        on_a_terminal(&home, &arguments, "\n").wait().stdout
    };
    assert!(shown(&[]).contains("at https://brainpercent.app and copy"));
    let shown = shown(&["--sandbox"]);
    assert!(
        shown.contains("http://localhost:8000/brainpercent/login"),
        "{shown}"
    );
    assert!(!shown.contains("brainpercent.app"), "{shown}");
}

#[test]
fn an_undocumented_account_call_is_rejected_first() {
    let ended = TestHome::new()
        .run(&["account", "resend-verification", "--json"])
        .expect(2);
    assert_eq!(ended.error_code(), "UNSUPPORTED");
    let arguments = [
        "--profile",
        "basira",
        "account",
        "resend-verification",
        "--json",
    ];
    let ended = TestHome::new().run(&arguments).expect(4);
    assert_eq!(ended.error_code(), "LOGIN_REQUIRED");
}
