//! `token rotate` by the service's own call: the old key is invalid as soon as the service responds, so that the new one
//! must survive whatever follows.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use jiff::{SignedDuration, Timestamp};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::fixture::{Described, KEY, ok};
use crate::support::process::wait_until;
use crate::support::sandbox::write_private;
use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse};

/// The description of a service like GitLab, which has neither a call that creates nor one that revokes.
const GITLAB: &str = r#"
[environment]
api_key = "MAPS_API_KEY"
[whoami]
call = "GET /user"
account = "/username"
[tokens.list]
call = "GET /personal_access_tokens"
items = ""
[tokens.rotate]
call = "POST /personal_access_tokens/{id}/rotate"
json = { expires_at = "{expires:date}", note = "{name}" }
secret = "/token"
[tokens.fields]
id = "/id"
name = "/name"
created_at = "/created_at"
expires_at = "/expires_at"
scopes = "/scopes"
prefix = "/prefix"
"#;

/// The lifetime of the tokens in days.
const YEAR: i64 = 365;
const OLD: &str = "maps_ci000_c4n4ry_old";
const NEW: &str = "maps_ci111_c4n4ry_new";

/// The date in UTC that is `days` after today.
fn day(days: i64) -> String {
    let date = Timestamp::now() + SignedDuration::from_hours(24 * days);
    date.strftime("%Y-%m-%d").to_string()
}

/// The service, and a request that it holds.
#[derive(Default)]
struct State {
    /// Whether the token of the env file was replaced.
    is_replaced: AtomicBool,
    /// `METHOD PATH` of the request to hold, before it is processed.
    hold: Mutex<Option<&'static str>>,
    holds: AtomicBool,
    released: Condvar,
    /// What happens before the response to the rotation.
    before_response: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    /// The scopes of the new token.
    wider: AtomicBool,
}

impl State {
    fn wait_if_held(&self, line: &str) {
        let mut hold = self.hold.lock().unwrap();
        if hold.is_some_and(|held| held == line) {
            self.holds.store(true, Ordering::SeqCst);
            while hold.is_some() {
                hold = self.released.wait(hold).unwrap();
            }
        }
    }

    fn release(&self) {
        *self.hold.lock().unwrap() = None;
        self.released.notify_all();
    }

    fn respond(&self, received: &ReceivedRequest) -> ScriptedResponse {
        let line = format!("{} {}", received.method, received.path);
        let key = received.header("x-api-key").unwrap_or_default();
        let is_replaced = self.is_replaced.load(Ordering::SeqCst);
        let current = if is_replaced { NEW } else { OLD };
        if line.starts_with("POST") {
            self.is_replaced.store(true, Ordering::SeqCst);
            self.wait_if_held(&line);
            if let Some(before) = self.before_response.lock().unwrap().take() {
                before();
            }
            return ok(&json!({ "id": 9, "token": NEW, "expires_at": day(YEAR) }));
        }
        if key == NEW {
            self.wait_if_held("verify");
        }
        match (key == KEY || key == current, received.path.as_str()) {
            (false, _) => ScriptedResponse::json(401, &json!({ "message": "401 Unauthorized" })),
            (true, "/user") => ok(&json!({ "username": "ada" })),
            _ => ok(&json!([
                { "id": 1, "name": "own", "prefix": "maps_c4n4ry" },
                self.token(is_replaced),
            ])),
        }
    }

    fn token(&self, is_replaced: bool) -> Value {
        let (id, prefix) = if is_replaced {
            (9, "maps_ci111")
        } else {
            (2, "maps_ci000")
        };
        let scopes = if self.wider.load(Ordering::SeqCst) && is_replaced {
            json!(["read", "write"])
        } else {
            json!(["read"])
        };
        json!({
            "id": id, "name": "ci", "prefix": prefix, "scopes": scopes,
            "created_at": format!("{}T00:00:00Z", day(-180)),
            "expires_at": format!("{}T00:00:00Z", day(YEAR - 180)),
        })
    }
}

struct Case {
    maps: Described,
    state: Arc<State>,
}

const ROTATE: [&str; 6] = ["--json", "token", "rotate", "ci", "--env-file", "app.env"];

impl Case {
    fn start() -> Self {
        let state = Arc::new(State::default());
        let service = Arc::clone(&state);
        let maps = Described::start(GITLAB, move |received| service.respond(received));
        let case = Self { maps, state };
        case.write_file(OLD);
        case
    }

    fn write_file(&self, key: &str) {
        write_private(&self.file(), &format!("MAPS_API_KEY={key}\n"));
    }

    fn file(&self) -> PathBuf {
        self.maps.home.work().join("app.env")
    }

    fn key(&self) -> String {
        let text = fs::read_to_string(self.file()).unwrap();
        text.trim().trim_start_matches("MAPS_API_KEY=").to_owned()
    }

    fn journal(&self) -> PathBuf {
        self.maps.home.data().join("rotations/maps.json")
    }

    fn posts(&self) -> usize {
        let lines = self.maps.lines();
        lines.iter().filter(|line| line.starts_with("POST")).count()
    }

    /// Starts a rotation and kills it while the service holds `request`.
    fn kill_at(&self, request: &'static str) {
        *self.state.hold.lock().unwrap() = Some(request);
        let arguments = [&["--profile", "maps"], &ROTATE[..]].concat();
        let rotation = self.maps.home.start(&arguments);
        wait_until("the request arrives", || {
            self.state.holds.load(Ordering::SeqCst)
        });
        rotation.running.signal(Signal::KILL);
        assert_eq!(rotation.wait().code, None);
        self.state.release();
    }
}

#[test]
fn token_is_replaced_by_one_call_and_nothing_is_revoked() {
    let case = Case::start();
    let before = day(YEAR);
    let rotated = case.maps.run(&ROTATE).expect(0).json();
    assert_eq!(
        (&rotated["id"], &rotated["replaces"]),
        (&json!("9"), &json!("2"))
    );
    assert_eq!(rotated["secret"], Value::Null);
    assert_eq!(rotated["same"], json!(["expiry", "scopes"]));
    assert_eq!(case.key(), NEW);
    let sent = case.maps.last_body();
    assert_eq!(sent["note"], "ci");
    // The old token's lifetime, from the day of the test.
    let sent = sent["expires_at"].as_str().unwrap().to_owned();
    assert!((before..=day(YEAR)).contains(&sent), "{sent}");
    assert_eq!(case.posts(), 1);
    assert!(!case.journal().exists());
    assert!(
        case.maps
            .lines()
            .iter()
            .all(|line| !line.starts_with("DELETE"))
    );
}

#[test]
fn wider_token_is_reported_after_it_is_written() {
    let case = Case::start();
    case.state.wider.store(true, Ordering::SeqCst);
    let rotated = case.maps.run(&ROTATE).expect(0);
    assert!(
        rotated.stderr.contains("differs from the old one"),
        "{rotated}"
    );
    assert_eq!(rotated.json()["changes"][0]["fact"], "scopes");
    assert_eq!(case.key(), NEW);
}

#[test]
fn new_key_survives_a_destination_that_cannot_be_written() {
    let case = Case::start();
    let file = case.file();
    let make_unwritable = move || {
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
    };
    *case.state.before_response.lock().unwrap() = Some(Box::new(make_unwritable));
    let failed = case.maps.run(&ROTATE).expect(2);
    let journal = case.journal();
    let error = failed.json();
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains(journal.to_str().unwrap()), "{failed}");
    assert!(
        !failed.stdout.contains(NEW) && !failed.stderr.contains(NEW),
        "{failed}"
    );
    assert!(fs::read_to_string(&journal).unwrap().contains(NEW));

    fs::remove_dir(case.file()).unwrap();
    case.write_file(OLD);
    let rotated = case.maps.run(&ROTATE).expect(0).json();
    assert_eq!(
        (&rotated["id"], &rotated["resumed"]),
        (&json!("9"), &json!(true))
    );
    assert_eq!((case.key().as_str(), case.posts()), (NEW, 1));
    assert!(!journal.exists());
}

#[test]
fn journal_keeps_the_new_key_until_every_target_has_it() {
    let case = Case::start();
    let failed = case.maps.run(&[&ROTATE[..], &["--to", "exit 3"]].concat());
    assert_eq!(failed.code, Some(1), "{failed}");
    assert!(failed.stdout.contains("the old key is invalid"), "{failed}");
    assert!(!failed.stdout.contains(NEW), "{failed}");
    assert_eq!(case.key(), NEW);
    assert!(fs::read_to_string(case.journal()).unwrap().contains(NEW));

    // Not in the command, which is printed.
    write_private(&case.maps.home.work().join("expected"), NEW);
    let compare = "read -r key; read -r expected < expected; test \"$key\" = \"$expected\"";
    let rotated = case
        .maps
        .run(&["--json", "token", "rotate", "2", "--to", compare]);
    let rotated = rotated.expect(0).json();
    assert_eq!(
        (&rotated["id"], &rotated["resumed"]),
        (&json!("9"), &json!(true))
    );
    assert_eq!(rotated["targets"].as_array().unwrap().len(), 2, "{rotated}");
    assert_eq!(case.posts(), 1);
    assert!(!case.journal().exists());
}

/// The journal was written to its temporary file, and not yet renamed.
#[test]
fn kill_before_the_rename_of_the_journal_keeps_the_new_key() {
    let case = Case::start();
    case.kill_at("POST /personal_access_tokens/2/rotate");
    let text = fs::read_to_string(case.journal()).unwrap();
    let mut rotation: Value = serde_json::from_str(&text).unwrap();
    rotation["made"] = json!({ "id": "9", "fingerprint": "0", "secret": NEW });
    let temp = case.journal().with_file_name(".maps.json.Ab12cd.tmp");
    write_private(&temp, &rotation.to_string());
    let rotated = case.maps.run(&ROTATE).expect(0).json();
    assert_eq!(rotated["resumed"], true);
    assert_eq!((case.key().as_str(), case.posts()), (NEW, 1));
    assert!(!case.journal().exists() && !temp.exists());
}

#[test]
fn new_key_that_can_be_stored_nowhere_is_printed_once() {
    for options in [&["--json"][..], &[]] {
        let case = Case::start();
        let places = [case.file(), case.journal()];
        let make_unwritable = move || {
            for place in places {
                fs::remove_file(&place).unwrap();
                fs::create_dir_all(place.join("full")).unwrap();
            }
        };
        *case.state.before_response.lock().unwrap() = Some(Box::new(make_unwritable));
        let rotate = ["token", "rotate", "ci", "--env-file=app.env"];
        let failed = case.maps.run(&[options, &rotate].concat()).expect(2);
        let all = format!("{}{}", failed.stdout, failed.stderr);
        assert!(all.contains("store it"), "{failed}");
        assert!(!failed.stderr.contains(NEW), "{failed}");
        if options.is_empty() {
            assert_eq!(failed.stdout, format!("{NEW}\n"));
        } else {
            assert_eq!(failed.json()["error"]["secret"], NEW);
        }
    }
}

#[test]
fn recorded_key_is_written_to_another_file_if_the_first_directory_is_gone() {
    let case = Case::start();
    let work = case.maps.home.work();
    fs::create_dir(work.join("sub")).unwrap();
    fs::rename(case.file(), work.join("sub/app.env")).unwrap();
    let sub = work.join("sub");
    let remove = move || fs::remove_dir_all(&sub).unwrap();
    *case.state.before_response.lock().unwrap() = Some(Box::new(remove));
    let rotate = |file| {
        let arguments = ["--json", "token", "rotate", "ci", "--env-file", file];
        case.maps.run(&arguments)
    };
    let failed = rotate("sub/app.env").expect(1);
    assert!(
        failed.stdout.contains("another process changed"),
        "{failed}"
    );
    // Another key is not replaced.
    case.write_file("maps_other_c4n4ry");
    let failed = rotate("app.env").expect(2);
    assert!(failed.stdout.contains("is already set"), "{failed}");
    assert_eq!(case.key(), "maps_other_c4n4ry");
    fs::remove_file(case.file()).unwrap();
    assert_eq!(rotate("app.env").expect(0).json()["resumed"], true);
    assert_eq!((case.key().as_str(), case.posts()), (NEW, 1));
    assert!(!case.journal().exists());
}

#[test]
fn kill_before_the_verification_leaves_the_new_key_and_the_next_run_verifies_it() {
    let case = Case::start();
    case.kill_at("verify");
    assert_eq!(case.key(), NEW);
    let rotated = case.maps.run(&ROTATE).expect(0).json();
    assert_eq!(rotated["resumed"], true);
    assert_eq!((case.key().as_str(), case.posts()), (NEW, 1));
    assert!(!case.journal().exists());
}

#[test]
fn rotation_killed_while_a_command_runs_is_finished_by_the_due_rotations() {
    let mut case = Case::start();
    // The command of the target is a program of the system.
    case.maps.home.set("PATH", "/usr/bin:/bin");
    let file = |name: &str| case.maps.home.work().join(name);
    write_private(&file("app.json"), &json!({ "key": OLD }).to_string());
    let wait = "touch started; until test -e go; do sleep 0.02; done; exit 1";
    let command = format!("test -e go || {{ {wait}; }}; umask 077; cat > to.txt");
    let targets = ["--config", "app.json", "--key", "key", "--to", &command];
    let arguments = [&["--profile", "maps"], &ROTATE[..], &targets].concat();
    let rotation = case.maps.home.start(&arguments);
    wait_until("the command runs", || file("started").exists());
    rotation.running.signal(Signal::KILL);
    assert_eq!(rotation.wait().code, None);
    fs::write(file("go"), "").unwrap();
    assert!(fs::read_to_string(case.journal()).unwrap().contains(NEW));

    let due = case.maps.run(&["--json", "token", "rotate", "--due"]);
    let due = due.expect(0).json();
    let rotated = &due["rotated"][0];
    assert_eq!(
        (&rotated["id"], &rotated["resumed"]),
        (&json!("9"), &json!(true))
    );
    assert_eq!(rotated["targets"].as_array().unwrap().len(), 3, "{due}");
    assert_eq!((case.key().as_str(), case.posts()), (NEW, 1));
    let config = fs::read_to_string(file("app.json")).unwrap();
    assert_eq!(config, json!({ "key": NEW }).to_string());
    assert_eq!(fs::read_to_string(file("to.txt")).unwrap(), NEW);
    assert!(!case.journal().exists());
}

#[test]
fn rotation_of_another_token_first_finishes_the_interrupted_one() {
    let case = Case::start();
    case.kill_at("verify");
    let other = ["token", "rotate", "own", "--env-file", "missing.env"];
    case.maps.run(&other).expect(2);
    let received = case.maps.server.received();
    let verified = received.iter().filter(|it| it.path == "/user");
    let verified = verified.filter(|it| it.header("x-api-key") == Some(NEW));
    assert_eq!(verified.count(), 2);
    assert_eq!((case.key().as_str(), case.posts()), (NEW, 1));
    assert!(!case.journal().exists());
}

#[test]
fn lost_response_is_reported_and_the_key_at_the_destination_is_kept() {
    let case = Case::start();
    case.kill_at("POST /personal_access_tokens/2/rotate");
    assert_eq!(case.key(), OLD);
    let failed = case.maps.run(&ROTATE).expect(1);
    assert!(failed.stdout.contains("was lost"), "{failed}");
    assert_eq!((case.key().as_str(), case.posts()), (OLD, 1));
    assert!(!case.journal().exists());

    // A service that did not process the request has not replaced the key.
    case.state.is_replaced.store(false, Ordering::SeqCst);
    case.state.holds.store(false, Ordering::SeqCst);
    case.kill_at("POST /personal_access_tokens/2/rotate");
    case.state.is_replaced.store(false, Ordering::SeqCst);
    case.maps.run(&ROTATE).expect(0);
    assert_eq!((case.key().as_str(), case.posts()), (NEW, 3));
}

#[test]
fn stored_key_of_the_profile_is_replaced() {
    let description = GITLAB.replace("id = \"/id\"", "id = \"/name\"");
    let replaced = AtomicBool::new(false);
    let maps = Described::start(&description, move |received| {
        let key = received.header("x-api-key").unwrap_or_default();
        let is_replaced = replaced.load(Ordering::SeqCst);
        if key != if is_replaced { NEW } else { KEY } {
            return ScriptedResponse::json(401, &json!({}));
        }
        match received.path.as_str() {
            "/user" => ok(&json!({ "username": "ada" })),
            "/personal_access_tokens" => ok(&json!([{ "name": "own" }])),
            _ => {
                replaced.store(true, Ordering::SeqCst);
                ok(&json!({ "token": NEW }))
            }
        }
    });
    let rotated = maps.run(&["token", "rotate", "own"]).expect(0);
    assert!(
        rotated.stderr.contains("Replaced the key of token own"),
        "{rotated}"
    );
    assert_eq!(rotated.stdout.trim(), NEW);
    let printed = maps.run(&["credential", "print"]).expect(0);
    assert_eq!(printed.stdout.trim(), NEW);
    maps.run(&["whoami"]).expect(0);
}

#[test]
fn rotation_is_offered_without_calls_that_create_and_revoke() {
    let case = Case::start();
    let shown = case.maps.run(&["provider", "show", "maps"]).expect(0);
    assert!(shown.stdout.contains("rotate"), "{shown}");
}

#[test]
fn refused_rotation_leaves_no_journal_and_the_hint_has_the_id() {
    let json = "json = { password = \"{password}\", note = \"{name}\" }";
    let description = GITLAB.replace(
        "json = { expires_at = \"{expires:date}\", note = \"{name}\" }",
        json,
    );
    let status = Arc::new(Mutex::new(401));
    let refused = Arc::clone(&status);
    let maps = Described::start(&description, move |received| match received.path.as_str() {
        "/user" => ok(&json!({ "username": "ada" })),
        "/personal_access_tokens" => ok(&json!([{ "id": 1, "name": "own" }])),
        _ => ScriptedResponse::json(*refused.lock().unwrap(), &json!({})),
    });
    let journal = maps.home.data().join("rotations/maps.json");
    let rotate = ["--profile", "maps", "token", "rotate", "1"];
    let with_password = [&rotate[..], &["--password-stdin"]].concat();
    for (code, exit) in [(401, 4), (403, 3), (400, 8), (422, 8)] {
        *status.lock().unwrap() = code;
        let failed = maps.home.run_with_input(&with_password, "wrong");
        failed.expect(exit);
        assert!(!journal.exists(), "{code}");
    }
    let failed = maps.run(&["--no-input", "token", "rotate", "1"]).expect(2);
    let hint = "token rotate 1 --password-stdin < password.txt";
    assert!(failed.stderr.contains(hint), "{failed}");

    // A request that may have been processed leaves one.
    *status.lock().unwrap() = 500;
    maps.home.run_with_input(&with_password, "right").expect(6);
    assert!(journal.exists());
    let audited = maps.run(&["token", "audit"]);
    assert!(
        audited.stdout.contains("its key may be replaced"),
        "{audited}"
    );
    assert!(!audited.stdout.contains("both tokens"), "{audited}");
}
