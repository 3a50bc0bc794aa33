//! Descriptions that name variables, files and servers of other programs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use crate::support::{
    sandbox::write_private,
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

/// A server that accepts everything; no test may send it a secret of another service.
fn elsewhere() -> ScriptedServer {
    ScriptedServer::start(|_: &ReceivedRequest, _: &str| {
        ScriptedResponse::json(200, &json!({ "username": "me", "access_token": "a" }))
    })
}

fn describe(home: &TestHome, id: &str, url: &str, more: &str) -> PathBuf {
    let folder = home.path().join(".config/brainmaps/providers");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{id}.toml"));
    // A header needs a login method that provides its value.
    let access = if more.contains("[oauth]") {
        "access_token = { name = \"Authorization\", scheme = \"Bearer\" }\n"
    } else {
        ""
    };
    let text = format!(
        "id = \"{id}\"\nname = \"Mine\"\napi_url = \"{url}\"\n\
         [headers]\napi_key = {{ name = \"Authorization\", scheme = \"Bearer\" }}\n\
         {access}[whoami]\ncall = \"GET /me\"\naccount = [\"/username\"]\n{more}"
    );
    fs::write(&path, text).unwrap();
    path
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[track_caller]
fn refused(outcome: CommandResult) -> String {
    let outcome = outcome.expect(2);
    assert_eq!(outcome.error_code(), "CONFIG", "{outcome}");
    let shown = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(!shown.contains("c4n4ry"), "{outcome}");
    shown
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_description_cannot_read_variables_of_other_programs() {
    let server = elsewhere();
    let mut home = TestHome::new();
    home.set("AWS_SECRET_ACCESS_KEY", "secret-c4n4ry-of-a-cloud");
    home.set("BRAINMAPS_API_KEY", "secret-c4n4ry-of-brainmaps");
    home.set("BASIC_MEMORY_CLOUD_API_KEY", "secret-c4n4ry-of-basic");
    for member in ["api_key", "api_url", "issuer", "client_id"] {
        for (id, variable) in [
            ("evil", "AWS_SECRET_ACCESS_KEY"),
            ("evil", "EVIL"),
            ("evil", "BRAINMAPS_API_KEY"),
            ("basic", "BASIC_MEMORY_CLOUD_API_KEY"),
            ("Brainmaps", "BRAINMAPS_API_KEY"),
        ] {
            let more = format!("[oauth]\n[environment]\n{member} = \"{variable}\"\n");
            let file = describe(&home, id, &server.url, &more);
            let run = |arguments: &[&str]| {
                home.run(&[&["--profile", id], arguments, &["--json"]].concat())
            };
            for command in [&["whoami"][..], &["credential", "print"], &["status"]] {
                let text = refused(run(command));
                assert!(text.contains(variable), "{text}");
            }
            let checked = home.run(&["provider", "check", shown(&file)]).expect(2);
            assert!(checked.stdout.contains(variable), "{checked}");
            fs::remove_file(file).unwrap();
        }
    }
    assert_eq!(server.received().len(), 0);
}

#[test]
fn own_variables_and_allowed_variables_are_read() {
    let server = elsewhere();
    let mut home = TestHome::new();
    home.set("OUR_MAPS_KEY", "key-c4n4ry-of-our-maps");
    home.set("CORP_TOKEN", "key-c4n4ry-of-our-maps");
    let own = "[environment]\napi_key = \"OUR_MAPS_KEY\"\n";
    describe(&home, "our-maps", &server.url, own);
    home.run(&["--profile", "our-maps", "whoami"]).expect(0);
    let file = describe(
        &home,
        "our-maps",
        &server.url,
        "[environment]\napi_key = \"CORP_TOKEN\"\n",
    );
    let printed = home.run(&["--profile", "our-maps", "whoami"]).expect(2);
    let command = "config set allow_variable.our-maps CORP_TOKEN";
    assert!(printed.stderr.contains(command), "{printed}");
    let arguments: Vec<&str> = command.split(' ').collect();
    home.run(&arguments).expect(0);
    home.run(&["--profile", "our-maps", "whoami"]).expect(0);
    let checked = home.run(&["provider", "check", shown(&file)]).expect(0);
    let sends = format!("sends API key to {}", server.url);
    assert!(checked.stdout.contains(&sends), "{checked}");
    let get = ["config", "get", "allow_variable.our-maps"];
    assert_eq!(home.run(&get).expect(0).stdout, "CORP_TOKEN\n");
    home.run(&["config", "unset", "allow_variable.our-maps"])
        .expect(0);
    assert_eq!(home.run(&get).expect(1).stdout, "");
    refused(home.run(&["--profile", "our-maps", "whoami", "--json"]));
    for reserved in ["BRAINMAPS_API_KEY", "a b", ""] {
        let set = ["config", "set", "allow_variable.our-maps", reserved];
        home.run(&set).expect(2);
    }
}

#[test]
fn a_description_cannot_redirect_a_built_in_service() {
    let server = elsewhere();
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", "secret-c4n4ry-of-brainmaps");
    let names = "[environment]\napi_key = \"BRAINMAPS_API_KEY\"\n";
    let own = "[environment]\napi_key = \"BRAINMAPS_STAGING_KEY\"\n";
    let api = "https://api.brainmaps.science";
    for (url, more) in [
        (server.url.as_str(), own.to_owned()),
        (api, format!("{own}[oauth]\nissuer = \"{}\"\n", server.url)),
        (
            api,
            format!("{own}[oauth]\ntoken_endpoint = \"{}/t\"\n", server.url),
        ),
    ] {
        let file = describe(&home, "brainmaps", url, &more);
        for command in [
            &["whoami", "--json"][..],
            &["credential", "print", "--json"],
            &["token", "list", "--json"],
        ] {
            let text = refused(home.run(command));
            assert!(text.contains(&server.url), "{text}");
        }
        let checked = home.run(&["provider", "check", shown(&file)]).expect(0);
        assert!(checked.stderr.contains("--api-url"), "{checked}");
    }
    // If the user names the server, the description is used with its own variables.
    home.set("BRAINMAPS_STAGING_KEY", "key-c4n4ry-of-staging");
    describe(&home, "brainmaps", &server.url, own);
    home.run(&["--api-url", &server.url, "whoami"]).expect(0);
    let add = [
        "--api-url",
        &server.url,
        "profile",
        "add",
        "staging",
        "--provider",
        "brainmaps",
    ];
    home.run(&add).expect(0);
    home.run(&["--profile", "staging", "whoami"]).expect(0);
    let received = server.received();
    assert!(!received.is_empty());
    for one in &received {
        assert_eq!(
            one.header("authorization"),
            Some("Bearer key-c4n4ry-of-staging")
        );
    }
    // The variables of the built-in service apply to its own server.
    describe(&home, "brainmaps", &server.url, names);
    refused(home.run(&["--api-url", &server.url, "whoami", "--json"]));
    assert_eq!(server.received().len(), received.len());
    // At the built-in server nothing changes.
    describe(&home, "brainmaps", api, names);
    let printed = home.run(&["credential", "print"]).expect(0);
    assert_eq!(printed.stdout.trim(), "secret-c4n4ry-of-brainmaps");
}

const IMPORT: &str =
    "access_token = \"/access\"\nrefresh_token = \"/refresh\"\n[oauth]\nclient_id = \"c\"\n";

fn with_import(home: &TestHome, id: &str, files: &str, url: &str) -> PathBuf {
    let more = format!(
        "[login.import]\nfiles = [{files}]\n{IMPORT}issuer = \"{url}\"\ntoken_endpoint = \"{url}/token\"\n"
    );
    describe(home, id, url, &more)
}

#[test]
fn an_import_reads_files_of_other_programs_only_if_named_by_the_user() {
    let server = elsewhere();
    let mut home = TestHome::new();
    let folder = home.path().join(".config/gcloud");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("adc.json");
    let session = r#"{"access":"access-c4n4ry","refresh":"refresh-c4n4ry"}"#;
    write_private(&file, session);
    home.set("CLOUDSDK_CONFIG", folder.to_str().unwrap());
    let absolute = format!("\"{}\"", file.display());
    for (id, place) in [
        ("maps", "\"~/.config/gcloud/adc.json\""),
        ("config", "\"~/.config/gcloud/adc.json\""),
        ("maps", "\"$HOME/.config/gcloud/adc.json\""),
        ("maps", "\"$CLOUDSDK_CONFIG/adc.json\""),
        ("maps", absolute.as_str()),
    ] {
        let description = with_import(&home, id, place, &server.url);
        let login = ["--profile", id, "login", "--import", "--json"];
        let outcome = home.run(&login).expect(2);
        assert_eq!(outcome.error_code(), "USAGE", "{outcome}");
        assert!(outcome.stdout.contains("--import '"), "{outcome}");
        let shown = home.run(&["provider", "show", id]).expect(0);
        assert!(shown.stdout.contains("only as `login --import FILE`"));
        let sends = format!("sends imported refresh token to {}", server.url);
        assert!(shown.stdout.contains(&sends), "{shown}");
        fs::remove_file(description).unwrap();
    }
    assert_eq!(server.received().len(), 0);
    with_import(&home, "maps", "\"~/.maps/session.json\"", &server.url);
    let named = [
        "--profile",
        "maps",
        "login",
        "--json",
        "--import",
        file.to_str().unwrap(),
    ];
    let taken = home.run(&named).expect(0).json();
    assert_eq!(taken["profile"], "maps");
    home.run(&["--profile", "maps", "logout"]).expect(0);
    fs::create_dir_all(home.path().join(".maps")).unwrap();
    write_private(&home.path().join(".maps/session.json"), session);
    let described = ["--profile", "maps", "login", "--import", "--json"];
    home.run(&described).expect(0);
}

#[test]
fn provider_check_and_show_print_what_is_sent_and_where() {
    let home = TestHome::new();
    let more = "[environment]\napi_key = \"MAPS_KEY\"\n[oauth]\nissuer = \"https://id.example\"\nclient_id = \"c\"\n\
                revocation_endpoint = \"https://revoke.example/r\"\n\
                [login.password]\ncall = \"POST /login\"\nkind = \"access_token\"\n\
                body = { u = \"username\", p = \"password\" }\nanswer = { secret = \"/t\", refresh_token = \"/r\" }\n\
                [refresh]\ncall = \"POST /refresh\"\nfield = \"r\"\nanswer = { secret = \"/t\" }\n";
    let file = describe(&home, "maps", "https://maps.example", more);
    let expected = [
        "reads environment variable MAPS_KEY",
        "reads the file that MAPS_KEY_FILE names",
        "sends API key to https://maps.example",
        "sends access token to https://maps.example",
        "sends user name and password to https://maps.example",
        "sends refresh token to https://maps.example",
        "sends device code to https://id.example",
        "sends refresh token to https://id.example",
        "sends refresh token to https://revoke.example",
    ];
    for arguments in [
        ["provider", "check", shown(&file)],
        ["provider", "show", "maps"],
    ] {
        let outcome = home.run(&arguments).expect(0);
        for line in expected {
            assert!(
                outcome.stdout.lines().any(|it| it == line),
                "{line}: {outcome}"
            );
        }
        let arguments = [&arguments[..], &["--json"]].concat();
        let document = home.run(&arguments).expect(0).json();
        let first = json!({ "what": "API key", "to": "https://maps.example" });
        assert!(document["sends"].as_array().unwrap().contains(&first));
    }
}

#[test]
fn a_profile_is_removed_after_its_description_was_deleted_or_damaged() {
    for (is_deleted, logout) in [
        (true, &["--profile", "maps", "logout", "--local"][..]),
        (false, &["--profile", "maps", "logout", "--local"]),
        (true, &["logout", "--all", "--local"]),
    ] {
        let server = elsewhere();
        let home = TestHome::new();
        let path = describe(&home, "maps", &server.url, "");
        let login = ["--profile", "maps", "login", "--with-token", "--no-verify"];
        home.run_with_input(&login, "key-of-maps").expect(0);
        if is_deleted {
            fs::remove_file(&path).unwrap();
        } else {
            fs::write(&path, "id = 7").unwrap();
        }
        let refused = home.run(&["--profile", "maps", "logout"]).expect(2);
        let hint = "run `brainmaps --profile maps logout --local`";
        assert!(refused.stderr.contains(hint), "{refused}");
        home.run(logout).expect(0);
        assert!(!home.data().join("credentials/maps.json").exists());
        home.run(&["profile", "remove", "maps"]).expect(0);
        let index = fs::read_to_string(home.data().join("profiles.json")).unwrap();
        assert!(!index.contains("maps\""), "{index}");
    }
}
