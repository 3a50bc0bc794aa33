//! What commands print on a terminal of 80 columns without colours. stdout and stderr are interleaved, as a person sees
//! them.

use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};
use crate::terminal::on_a_terminal;

const KEY: &str = "bm_pat_c4n4ry0123456789abcdef0123456789";

struct Screen {
    home: TestHome,
    server: ScriptedServer,
}

impl Screen {
    fn new() -> Self {
        let server = ScriptedServer::start(|received, _| respond(received));
        let mut home = TestHome::new();
        home.set("BRAINMAPS_API_KEY", KEY)
            .set("BRAINMAPS_API_URL", &server.url)
            .set("COLUMNS", "80")
            .set("NO_COLOR", "1");
        Self { home, server }
    }

    /// Returns what `arguments` print, with placeholders for what differs in each run.
    fn show(&self, arguments: &[&str]) -> String {
        let ended = on_a_terminal(&self.home, arguments, "").wait();
        let text = ended.stdout.replace("\r\n", "\n");
        let text = text.replace(&self.server.url, "http://localhost:8000");
        let text = text.replace(self.home.work().to_str().unwrap(), "/work");
        let lines = text.lines().map(str::trim_end);
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn in_days(days: i64) -> String {
    // An hour more, so that the rounded time does not depend on the speed of the test.
    let hours = days * 24 + days.signum();
    (Timestamp::now() + SignedDuration::from_hours(hours)).to_string()
}

fn token(id: &str, name: &str, expires_at: &Value) -> Value {
    json!({
        "id": id, "name": name, "created_at": in_days(-40), "expires_at": expires_at, "last_used_at": in_days(-3),
        "is_revoked": false,
    })
}

fn respond(received: &ReceivedRequest) -> ScriptedResponse {
    let list = json!({ "results": [
        token("3f9a1c52-0b6e-4d71-9c58-2f1e7a8b4d10", "nightly build", &json!(in_days(3))),
        token("9b1d7e64-88aa-4c02-b3f4-5d6c7e8f9a01", "laptop", &Value::Null),
        token("c2e8f0a7-1234-4bcd-8e9f-0a1b2c3d4e5f", "", &json!("in a while")),
    ]});
    match (received.method.as_str(), received.path.as_str()) {
        ("GET", "/api/tokens/") => ScriptedResponse::json(200, &list),
        ("GET", "/api/auth/me/") => {
            ScriptedResponse::json(200, &json!({ "email": "ada@example.org" }))
        }
        ("POST", "/api/tokens/") => {
            let mut created = token("77aa", "ci", &Value::Null);
            created["token"] = json!("bm_pat_c4n4ry9876543210abcdef9876543210");
            ScriptedResponse::json(201, &created)
        }
        _ => ScriptedResponse::json(404, &json!({ "detail": "Not found." })),
    }
}

#[test]
fn tokens_are_a_table() {
    let screen = Screen::new();
    assert_snapshot!(screen.show(&["token", "list"]), @r#"
    ID                                    NAME           STATE         EXPIRES
    3f9a1c52-0b6e-4d71-9c58-2f1e7a8b4d10  nightly build  expires soon  in 3 days
    9b1d7e64-88aa-4c02-b3f4-5d6c7e8f9a01  laptop         active        never
    c2e8f0a7-1234-4bcd-8e9f-0a1b2c3d4e5f                 active        unknown
    "#);
    assert_snapshot!(screen.show(&["token", "list", "--wide"]), @r#"
    ID                                    NAME           STATE         CREATED      EXPIRES    LAST USED
    3f9a1c52-0b6e-4d71-9c58-2f1e7a8b4d10  nightly build  expires soon  40 days ago  in 3 days  3 days ago
    9b1d7e64-88aa-4c02-b3f4-5d6c7e8f9a01  laptop         active        40 days ago  never      3 days ago
    c2e8f0a7-1234-4bcd-8e9f-0a1b2c3d4e5f                 active        40 days ago  unknown    3 days ago
    "#);
}

#[test]
fn new_token_is_printed_with_its_id() {
    let screen = Screen::new();
    assert_snapshot!(screen.show(&["token", "create", "ci"]), @r#"
    ✓ Created token `ci` (id 77aa)
    bm_pat_c4n4ry9876543210abcdef9876543210
    note: the secret is shown only once
    "#);
}

#[test]
fn files_with_a_new_secret_are_one_block() {
    let create = ["token", "create", "ci", "--env-file"];
    let show = |files: &[&str]| Screen::new().show(&[&create[..], files].concat());
    assert_snapshot!(show(&[".env"]), @r#"
    ✓ Created token `ci` (id 77aa)
    wrote the secret to /work/.env (mode 0600)
    wrote BRAINMAPS_API_KEY and BRAINMAPS_API_URL to `/work/.env`
    note: this key is now used in /work and its subdirectories
    "#);
    assert_snapshot!(show(&[".env", "--env-file", ".env:OTHER"]), @r#"
    ✓ Created token `ci` (id 77aa)
    wrote the secret to /work/.env (mode 0600)
    wrote the secret to /work/.env:OTHER (mode 0600)
    wrote BRAINMAPS_API_KEY and BRAINMAPS_API_URL to `/work/.env`
    wrote OTHER and BRAINMAPS_API_URL to `/work/.env`
    note: this key is now used in /work and its subdirectories
    "#);
}

#[test]
fn key_in_another_variable_is_not_reported_as_used() {
    let screen = Screen::new();
    let create = |file| screen.show(&["token", "create", "ci", "--env-file", file]);
    let used = "this key is now used in";
    assert!(create(".env").contains(used));
    let other = create(".env:OTHER");
    assert!(!other.contains(used), "{other}");
}

#[test]
fn account_and_state_are_reported() {
    let screen = Screen::new();
    assert_snapshot!(screen.show(&["whoami"]), @"ada@example.org");
    assert_snapshot!(screen.show(&["status"]), @r#"
    profile:  brainmaps
    service:  brainmaps
    server:   http://localhost:8000
    state:    not checked (use --check)
    source:   environment:BRAINMAPS_API_KEY
    kind:     API key
    "#);
    assert_snapshot!(screen.show(&["status", "--check"]), @r#"
    profile:  brainmaps
    service:  brainmaps
    server:   http://localhost:8000
    state:    valid
    source:   environment:BRAINMAPS_API_KEY
    kind:     API key
    "#);
}

#[test]
fn credential_sources_are_explained_in_order() {
    let screen = Screen::new();
    assert_snapshot!(screen.show(&["credential", "explain"]), @r#"
    VERDICT  SOURCE                               WHY
    used     environment variable                 API key for http://localhost:8000
             BRAINMAPS_API_KEY
    absent   $CREDENTIALS_DIRECTORY               not set
    absent   `/run/secrets`                       no file BRAINMAPS_API_KEY or
                                                  brainmaps_api_key
    absent   BRAINMAPS_API_KEY in .env            not found in this or any parent
                                                  directory
    absent   .brainmaps.toml                      not found in this or any parent
                                                  directory
    absent   the stored credential                no credential is stored for
                                                  profile "brainmaps"
    absent   the workload identity                BRAINMAPS_LOGIN is not set
    "#);
}

#[test]
fn profiles_are_a_table() {
    let screen = Screen::new();
    assert_snapshot!(screen.show(&["profile", "list"]), @r#"
    PROFILE       SERVICE       CURRENT  SIGNED IN  API URL
    basic-memory  basic-memory  no       no         https://cloud.basicmemory.com
    basira        basira        no       no         https://api.usebasira.com
    brainmaps     brainmaps     yes      no         http://localhost:8000
    brainpercent  brainpercent  no       no         https://brainpercent.app
    neuroio       neuroio       no       no         https://iam.neuroio.com
    oauth2        oauth2        no       no
    "#);
}

#[test]
fn error_messages_name_the_next_step() {
    let screen = Screen::new();
    assert_snapshot!(screen.show(&["token", "get", "12"]), @r#"
    error: BrainMaps does not support `token get`
    hint: supported: create, list, revoke, rotate
    "#);
    assert_snapshot!(screen.show(&["token", "list", "--limit", "0"]), @r#"
    error: invalid value for '--limit <N>': expected a whole number from 1

    For more information, try '--help'.
    "#);
    assert_snapshot!(screen.show(&["--profile", "brainmap", "whoami"]), @r#"
    error: profile "brainmap" does not exist
    hint: did you mean `brainmaps`? known profiles: basic-memory, basira, brainmaps, brainpercent, neuroio, oauth2; to create one, run `brainmaps profile add brainmap --provider SERVICE`
    "#);
}

#[test]
fn command_without_credential_names_the_ways_to_give_one() {
    let mut screen = Screen::new();
    screen.home.set("BRAINMAPS_API_KEY", "");
    assert_snapshot!(screen.show(&["whoami"]), @r#"
    error: not signed in to profile "brainmaps"
    hint: run `brainmaps login`, or set BRAINMAPS_API_KEY
    "#);
}
