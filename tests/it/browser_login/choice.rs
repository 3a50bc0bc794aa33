//! The login method if the user names none, and the reason that is printed.

use std::fs;

use serde_json::json;

use super::*;

fn with_device() -> Value {
    json!({"device_authorization_endpoint": "/device_authorization"})
}

#[test]
fn server_without_device_flow_gets_a_browser_login_with_the_reason() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::wait_for_page(home.start(&plain_arguments(&server, &[])));
    login.approve("");
    let done = login.wait().expect(0);
    let reason = "Signing in in a browser: the server does not offer the device flow.";
    assert!(done.stderr.contains(reason), "{done}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn device_flow_is_the_default_if_the_server_supports_it() {
    let (home, server) = (TestHome::new(), server(with_device()));
    let done = home.run(&arguments(&server, &[])).expect(0);
    assert!(done.stderr.contains("device_code"), "{done}");
    assert!(!done.stderr.contains("Signing in"), "{done}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn description_may_prefer_the_browser() {
    let server = server(with_device());
    let mut home = TestHome::new();
    let folder = home.path().join(".config/brainmaps/providers");
    fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "id = \"mine\"\nname = \"Mine\"\napi_url = \"{0}\"\n[headers]\n\
        access_token = {{ name = \"Authorization\", scheme = \"Bearer\" }}\n\
        [oauth]\nissuer = \"{0}\"\nclient_id = \"native\"\n[login]\nmethods = [\"browser\", \"device\"]\n",
        server.url
    );
    fs::write(folder.join("mine.toml"), text).unwrap();
    let run = ["--profile", "mine", "login", "--no-browser"];
    let done = home.run(&run).expect(0);
    let reason = "Signing in with the device flow: this machine has no display.";
    assert!(done.stderr.contains(reason), "{done}");
    home.set("BROWSER", "/no/such/browser");
    let login = Login::wait_for_page(home.start(&run));
    login.approve("");
    let done = login.wait().expect(0);
    let reason = "Signing in in a browser: the service prefers it.";
    assert!(done.stderr.contains(reason), "{done}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn settings_and_profile_may_prefer_a_method() {
    let server = server(with_device());
    let mut home = TestHome::new();
    home.set("BROWSER", "/no/such/browser");
    let set = ["config", "set", "login_method", "browser"];
    home.run(&set).expect(0);
    let run = plain_arguments(&server, &["--no-open"]);
    let login = Login::wait_for_page(home.start(&run));
    login.approve("");
    let done = login.wait().expect(0);
    let reason = "Signing in in a browser: the setting login_method prefers it.";
    assert!(done.stderr.contains(reason), "{done}");
    let add = [
        "profile",
        "add",
        "own",
        "--provider",
        "oauth2",
        "--login-method",
        "device",
    ];
    home.run(&add).expect(0);
    let run: Vec<&str> = run
        .iter()
        .map(|word| if *word == "work" { "own" } else { *word })
        .collect();
    let done = home.run(&run).expect(0);
    assert!(done.stderr.contains("Enter code"), "{done}");
    home.set("BROWSER", "none");
    for (key, by) in [
        ("login_method", "the setting login_method"),
        ("login_method.own", "the profile"),
    ] {
        home.run(&["config", "unset", "login_method.own"]).expect(0);
        home.run(&["config", "set", key, "browser"]).expect(0);
        let done = home.run(&run).expect(0);
        let reason = format!("device flow: {by} prefers the browser, but BROWSER=none");
        assert!(done.stderr.contains(&reason), "{done}");
    }
    let wrong = ["config", "set", "login_method", "password", "--json"];
    let hint = home.run(&wrong).expect(2).json().to_string();
    assert!(hint.contains("device"), "{hint}");
}

#[test]
fn method_of_one_profile_is_a_setting_of_it() {
    let home = TestHome::new();
    home.run(&["profile", "add", "own", "--provider", "oauth2"])
        .expect(0);
    let set = ["config", "set", "login_method.own", "browser"];
    home.run(&set).expect(0);
    let get = home.run(&["config", "get", "login_method.own"]).expect(0);
    assert_eq!(get.stdout, "browser\n");
    home.run(&["config", "get", "login_method"]).expect(1);
    let shown = home.run(&["profile", "show", "own"]).expect(0);
    assert!(shown.stdout.contains("login method:\tbrowser"), "{shown}");
    let listed = home.run(&["config", "list", "--json"]).expect(0).json();
    let expected = json!({"key": "login_method.own", "value": "browser", "source": "profile"});
    assert!(
        listed["settings"].as_array().unwrap().contains(&expected),
        "{listed}"
    );
    home.run(&["config", "unset", "login_method.own"]).expect(0);
    home.run(&["config", "get", "login_method.own"]).expect(1);
    for (key, value) in [
        ("login_method.own", "cookie"),
        ("login_method.none", "device"),
    ] {
        home.run(&["config", "set", key, value]).expect(2);
    }
    let all = [
        "--profile",
        "own",
        "config",
        "set",
        "login_method",
        "device",
    ];
    let warned = home.run(&all).expect(0);
    assert!(
        warned.stderr.contains("config set login_method.own"),
        "{warned}"
    );
}

#[test]
fn over_ssh_the_forward_command_is_shown() {
    let (mut home, server) = (TestHome::new(), server(json!({})));
    home.set("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22");
    let named = plain_arguments(&server, &["--browser", "--no-browser"]);
    let login = Login::wait_for_page(home.start(&named));
    let port = login.address().port();
    login.approve("");
    let done = login.wait().expect(0);
    let command = format!("ssh -N -L {port}:127.0.0.1:{port} HOST");
    assert!(done.stderr.contains(&command), "{done}");
}

#[test]
fn ci_waits_only_for_a_named_method_and_opens_nothing() {
    let server = server(json!({}));
    let mut home = TestHome::new();
    home.set("CI", "true").set("BROWSER", "/no/such/browser");
    let done = home.run(&arguments(&server, &[])).expect(2);
    assert_eq!(done.error_code(), "USAGE");
    assert_eq!(server.received().len(), 0);
    let login = Login::start_with(&home, &server, &["--browser"]);
    login.approve("");
    let done = login.wait().expect(0);
    assert!(!done.stderr.contains("browser; open the page"), "{done}");
}

#[test]
fn refused_device_flow_hints_at_the_browser_and_is_not_switched() {
    for code in ["unauthorized_client", "access_denied"] {
        let refusing = |more| AuthorizationServerScript {
            device: Box::new(move |_| ScriptedResponse::json(400, &json!({"error": code}))),
            ..scripted(more)
        };
        let (home, server) = (TestHome::new(), refusing(with_device()).serve());
        let done = home.run(&arguments(&server, &["--device"])).expect(8);
        let error = &done.json()["error"];
        assert!(error["message"].as_str().unwrap().contains(code), "{done}");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("login --browser"), "{done}");
        assert!(!done.stderr.contains("authorization_url"), "{done}");
        let mut device_only = with_device();
        device_only["authorization_endpoint"] = Value::Null;
        let server = refusing(device_only).serve();
        let done = home.run(&arguments(&server, &["--device"])).expect(8);
        assert!(!done.stdout.contains("--browser"), "{done}");
    }
}

#[test]
fn missing_endpoints_of_a_named_method_are_reported() {
    let home = TestHome::new();
    let browser_only = server(json!({}));
    let done = home.run(&arguments(&browser_only, &["--device"])).expect(2);
    assert!(done.stdout.contains("login --browser"), "{done}");
    let mut device_only = with_device();
    device_only["authorization_endpoint"] = Value::Null;
    let device_only = server(device_only);
    let named = ["--browser", "--no-browser"];
    let done = home.run(&arguments(&device_only, &named)).expect(2);
    assert_eq!(done.error_code(), "UNSUPPORTED");
    assert!(done.stdout.contains("no authorization endpoint"), "{done}");
    let no_pkce = server(json!({"code_challenge_methods_supported": ["plain"]}));
    let done = home.run(&arguments(&no_pkce, &named)).expect(2);
    assert!(done.stdout.contains("PKCE"), "{done}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn device_login_ignores_a_page_for_browsers_at_another_origin() {
    for member in [
        "authorization_endpoint",
        "pushed_authorization_request_endpoint",
    ] {
        let mut more = with_device();
        more[member] = json!("https://www.example.com/page");
        let (home, server) = (TestHome::new(), server(more));
        for named in [&[][..], &["--device"]] {
            let done = home.run(&arguments(&server, named)).expect(0);
            assert!(done.stderr.contains("device_code"), "{done}");
        }
    }
}
