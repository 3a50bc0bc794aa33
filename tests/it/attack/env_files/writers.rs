//! Several processes write one env file; a killed process leaves no file permanently.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use serde_json::json;

use super::{Fixture, NEW_KEY};
use crate::support::{
    sandbox::write_private,
    scripted_server::{ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const WRITERS: usize = 4;
/// The number of rounds, unless `BRAINMAPS_TEST_ROUNDS` is set: 200 take some minutes.
const ROUNDS: usize = 5;
const VARIABLE: &str = "BRAINMAPS_TEST_ROUNDS";

fn rounds() -> usize {
    let text = std::env::var(VARIABLE);
    text.map_or(ROUNDS, |text| text.parse().unwrap())
}

/// A service whose description names its own variables.
fn describe(home: &TestHome, id: &str, url: &str) {
    let upper = id.to_uppercase();
    let text = format!(
        "id = \"{id}\"\nname = \"{id}\"\napi_url = \"{url}/{id}\"\n[environment]\napi_key = \"{upper}_API_KEY\"\n\
        api_url = \"{upper}_API_URL\"\n[headers]\napi_key = {{ name = \"Authorization\" }}\n\
        [tokens.create]\ncall = \"POST /tokens\"\nbody = {{ name = \"name\" }}\nsecret = \"/token\"\n"
    );
    let folder = home.path().join(".config/brainmaps/providers");
    fs::create_dir_all(&folder).unwrap();
    write_private(&folder.join(format!("{id}.toml")), &text);
}

#[test]
fn concurrent_writers_lose_no_key() {
    let made: &'static Mutex<BTreeMap<String, usize>> = Box::leak(Box::default());
    let server = ScriptedServer::start(move |received, _| {
        let id = received
            .path
            .split('/')
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        let mut made = made.lock().unwrap();
        let count = made.entry(id.clone()).or_default();
        *count += 1;
        let token = format!("{id}-c4n4ry-{count}");
        ScriptedResponse::json(201, &json!({ "id": count.to_string(), "token": token }))
    });
    let home = TestHome::new();
    let ids: Vec<String> = (0..WRITERS)
        .map(|number| format!("writer{number}"))
        .collect();
    for id in &ids {
        describe(&home, id, &server.url);
        let login = ["--profile", id, "login", "--with-token", "--no-verify"];
        home.run_with_input(&login, "in-use-c4n4ry").expect(0);
    }
    made.lock().unwrap().clear();
    write_private(&home.work().join("app.env"), "# mine\nA=1\n");
    for _ in 0..rounds() {
        let commands: Vec<_> = ids
            .iter()
            .map(|id| {
                home.start(&[
                    "--profile",
                    id,
                    "token",
                    "create",
                    "ci",
                    "--env-file",
                    "app.env",
                    "--force",
                ])
            })
            .collect();
        for one in commands {
            one.wait().expect(0);
        }
        let text = fs::read_to_string(home.work().join("app.env")).unwrap();
        for (id, count) in made.lock().unwrap().iter() {
            let line = format!("{}_API_KEY={id}-c4n4ry-{count}", id.to_uppercase());
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
        assert!(text.starts_with("# mine\nA=1\n"), "{text}");
    }
    let names = fs::read_dir(home.work()).unwrap().count();
    assert_eq!(names, 1, "nothing but the file is left");
}

/// One of several writers of the same variable succeeds; the others revoke the tokens they created.
#[test]
fn a_concurrently_set_variable_is_not_replaced() {
    let fixture = Fixture::new();
    let create = ["token", "create", "ci", "--env-file", "app.env"];
    let commands: Vec<_> = (0..WRITERS).map(|_| fixture.home.start(&create)).collect();
    let codes: Vec<_> = commands
        .into_iter()
        .map(crate::support::test_home::RunningCommand::wait)
        .collect();
    let done = codes.iter().filter(|one| one.code == Some(0)).count();
    assert_eq!(done, 1, "{codes:?}");
    let revoked = fixture.server.received();
    let revoked = revoked
        .iter()
        .filter(|received| received.path.ends_with("/revoke/"));
    assert_eq!(revoked.count() + 1, fixture.created());
    assert_eq!(fixture.read().matches("BRAINMAPS_API_KEY").count(), 1);
}

#[test]
fn temporary_files_of_a_killed_writer_are_removed_and_files_of_the_user_stay() {
    let fixture = Fixture::new();
    let left = "app.env.brainmaps-0123456789abcdef.env";
    let own = [
        ".app.env.backup.tmp",
        "app.env.brainmaps-old.env",
        "app.env.tmp",
    ];
    for name in own.iter().chain(&[left]) {
        write_private(&fixture.home.work().join(name), "KEY=x\n");
    }
    fixture.put(&format!("BRAINMAPS_API_KEY={NEW_KEY}\n"));
    fixture.create(&[]).expect(2);
    let names = fixture.names();
    assert!(!names.contains(&left.to_owned()), "{names:?}");
    assert_eq!(names.len(), own.len() + 1, "{names:?}");
}
