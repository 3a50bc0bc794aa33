//! The operations that are killed, and the states that may follow.

use std::fs;

use serde_json::Value;

use super::{FORCE, Fixture, LOGIN, PRINT, kills::Found, kills::Operation};
use crate::support::{
    sandbox::write_private,
    test_home::{RunningCommand, TestHome},
};

/// `login --with-token`, with a new key each time.
pub(crate) struct KeyLogin {
    home: TestHome,
    stored: u32,
    next: u32,
}

impl KeyLogin {
    pub(crate) fn new() -> Self {
        let mut new = Self {
            home: TestHome::new(),
            stored: 0,
            next: 0,
        };
        new.start().wait().expect(0);
        new.classify_state();
        new
    }

    fn key(number: u32) -> String {
        format!("key-{number}-{}", "x".repeat(2000))
    }
}

impl Operation for KeyLogin {
    fn home(&self) -> &TestHome {
        &self.home
    }

    fn start(&mut self) -> RunningCommand {
        self.next += 1;
        let login = ["login", "--with-token", "--no-verify", "--json"];
        let input = format!("{}\n", Self::key(self.next));
        let mut command = self.home.command(&login);
        self.home.start_command(&mut command, &login, &input)
    }

    fn classify_state(&mut self) -> Found {
        let printed = self.home.run(&["credential", "print"]).expect(0);
        let found = printed.stdout.trim();
        self.home.run(&["status", "--json"]).expect(0);
        if found == Self::key(self.next) {
            self.stored = self.next;
            return Found::New;
        }
        assert_eq!(found, Self::key(self.stored));
        Found::Old
    }
}

/// `login` by the device flow, which replaces a session.
pub(crate) struct DeviceLogin {
    fixture: Fixture,
    before: Option<Value>,
}

impl DeviceLogin {
    pub(crate) fn new() -> Self {
        let fixture = Fixture::signed_in();
        let before = fixture.stored("brainmaps");
        Self { fixture, before }
    }
}

impl Operation for DeviceLogin {
    fn home(&self) -> &TestHome {
        &self.fixture.home
    }

    fn start(&mut self) -> RunningCommand {
        self.fixture.home.start(&LOGIN)
    }

    fn classify_state(&mut self) -> Found {
        self.fixture.home.run(&PRINT).expect(0);
        self.fixture.home.run(&["whoami"]).expect(0);
        let found = self.fixture.stored("brainmaps");
        if found == self.before {
            return Found::Old;
        }
        self.before = found;
        Found::New
    }
}

/// `credential refresh`, whose refresh token is used once.
pub(crate) struct Refresh {
    fixture: Fixture,
    before: Option<Value>,
}

impl Refresh {
    pub(crate) fn new() -> Self {
        let fixture = Fixture::signed_in();
        let before = fixture.stored("brainmaps");
        Self { fixture, before }
    }
}

impl Operation for Refresh {
    fn home(&self) -> &TestHome {
        &self.fixture.home
    }

    fn start(&mut self) -> RunningCommand {
        self.fixture.home.start(&FORCE)
    }

    /// The access token is valid in all cases but one, and so is the refresh token.
    fn classify_state(&mut self) -> Found {
        let is_new = self.fixture.stored("brainmaps") != self.before;
        let next = self.fixture.home.run(&FORCE);
        let lost = next.code != Some(0);
        let received = next.json()["refreshed"] == true;
        if lost {
            assert!(!is_new, "what was saved works: {next}");
            assert!(
                next.stdout.contains("its response was lost"),
                "it says why: {next}"
            );
            assert_eq!(next.expect(4).error_code(), "LOGIN_EXPIRED");
            self.fixture.home.run(&LOGIN).expect(0);
        }
        self.before = self.fixture.stored("brainmaps");
        assert!(self.before.is_some());
        match (lost, is_new, received) {
            (true, _, _) => Found::Explained,
            (false, true, _) => Found::New,
            (false, false, true) => Found::Old,
            (false, false, false) => Found::Rescued,
        }
    }
}

/// `token rotate` of a key in a file.
pub(crate) struct Rotation {
    fixture: Fixture,
    id: String,
}

impl Rotation {
    pub(crate) fn new() -> Self {
        let fixture = Fixture::signed_in();
        let create = ["token", "create", "ci", "--json"];
        let made = fixture.home.run(&create).expect(0).json();
        let line = format!("BRAINMAPS_API_KEY={}\n", made["secret"].as_str().unwrap());
        write_private(&fixture.home.work().join("app.env"), &line);
        let id = made["id"].as_str().unwrap().to_owned();
        Self { fixture, id }
    }

    fn rotate(&self) -> [&str; 6] {
        let id = self.id.as_str();
        ["token", "rotate", id, "--env-file", "app.env", "--json"]
    }

    fn key(&self) -> String {
        let file = fs::read_to_string(self.fixture.home.work().join("app.env")).unwrap();
        let mut lines = file.lines();
        let key = lines.find_map(|line| line.strip_prefix("BRAINMAPS_API_KEY="));
        key.unwrap().to_owned()
    }

    fn assert_key_works(&self) {
        let whoami = ["whoami"];
        let mut command = self.fixture.home.command(&whoami);
        command.env("BRAINMAPS_API_KEY", self.key());
        let home = &self.fixture.home;
        home.start_command(&mut command, &whoami, "")
            .wait()
            .expect(0);
    }
}

impl Operation for Rotation {
    fn home(&self) -> &TestHome {
        &self.fixture.home
    }

    fn start(&mut self) -> RunningCommand {
        self.fixture.home.start(&self.rotate())
    }

    /// The next run completes or reverts the rotation; then one valid key exists, and it is in the file.
    fn classify_state(&mut self) -> Found {
        self.assert_key_works();
        let again = self.fixture.home.run(&self.rotate());
        let found = if again.code == Some(7) {
            Found::New
        } else {
            again.expect(0);
            Found::Old
        };
        self.assert_key_works();
        let listed = self.fixture.home.run(&["token", "list", "--all", "--json"]);
        let listed = listed.expect(0).json();
        let tokens = listed["tokens"].as_array().unwrap().iter();
        let active: Vec<&Value> = tokens.filter(|token| token["active"] != false).collect();
        assert_eq!(active.len(), 1, "{listed}");
        active[0]["id"].as_str().unwrap().clone_into(&mut self.id);
        let journal = self.fixture.home.data().join("rotations/brainmaps.json");
        assert!(!journal.exists());
        found
    }
}

/// `logout`, which revokes at the server first.
pub(crate) struct Logout {
    fixture: Fixture,
}

impl Logout {
    pub(crate) fn new() -> Self {
        let fixture = Fixture::signed_in();
        Self { fixture }
    }
}

impl Operation for Logout {
    fn home(&self) -> &TestHome {
        &self.fixture.home
    }

    fn start(&mut self) -> RunningCommand {
        self.fixture.home.start(&["logout", "--json"])
    }

    fn classify_state(&mut self) -> Found {
        let home = &self.fixture.home;
        if self.fixture.stored("brainmaps").is_none() {
            let none = home.run(&PRINT).expect(4);
            assert_eq!(none.error_code(), "LOGIN_REQUIRED");
            home.run(&LOGIN).expect(0);
            return Found::New;
        }
        // Still stored. At the server it is valid or revoked; the next command reports which.
        home.run(&PRINT).expect(0);
        let who = home.run(&["whoami", "--json"]);
        if who.code == Some(0) {
            return Found::Old;
        }
        assert_eq!(who.expect(4).error_code(), "LOGIN_EXPIRED");
        home.run(&["logout", "--json"]).expect(0);
        assert_eq!(self.fixture.stored("brainmaps"), None);
        home.run(&LOGIN).expect(0);
        Found::Explained
    }
}

/// `token create` with a key for a file.
pub(crate) struct Creation {
    fixture: Fixture,
}

impl Creation {
    pub(crate) fn new() -> Self {
        let fixture = Fixture::signed_in();
        Self { fixture }
    }

    fn create(&self) -> RunningCommand {
        let create = ["token", "create", "ci", "--env-file", "new.env", "--json"];
        self.fixture.home.start(&create)
    }

    fn active_token_ids(&self) -> Vec<String> {
        let list = ["token", "list", "--all", "--json"];
        let listed = self.fixture.home.run(&list).expect(0).json();
        let tokens = listed["tokens"].as_array().unwrap().iter();
        let active = tokens.filter(|token| token["active"] != false);
        active
            .map(|token| token["id"].as_str().unwrap().to_owned())
            .collect()
    }

    fn key(&self) -> Option<String> {
        fs::read_to_string(self.fixture.home.work().join("new.env")).ok()
    }
}

impl Operation for Creation {
    fn home(&self) -> &TestHome {
        &self.fixture.home
    }

    fn start(&mut self) -> RunningCommand {
        let _ = fs::remove_file(self.fixture.home.work().join("new.env"));
        self.create()
    }

    /// The next run reports the token of the killed one. Then each key is in its file, or reported.
    fn classify_state(&mut self) -> Found {
        let first = self.key();
        let before = self.active_token_ids();
        let _ = fs::remove_file(self.fixture.home.work().join("new.env"));
        let next = self.create().wait().expect(0);
        let id = next.json()["id"].as_str().unwrap().to_owned();
        let others: Vec<String> = self
            .active_token_ids()
            .into_iter()
            .filter(|it| *it != id)
            .collect();
        let are_reported = others.iter().all(|other| next.stderr.contains(other));
        let found = match (&first, others.len()) {
            (Some(_), 1) => Found::New,
            (None, 0) if before.is_empty() => Found::Old,
            (None, 0) => Found::Rescued,
            (None, 1) if are_reported => Found::Explained,
            _ => panic!(
                "tokens {others:?} are left, file {}: {next}",
                first.is_some()
            ),
        };
        for id in self.active_token_ids() {
            let revoke = ["token", "revoke", &id, "--yes"];
            self.fixture.home.run(&revoke).expect(0);
        }
        found
    }
}

/// `profile rename` between two names.
pub(crate) struct Rename {
    home: TestHome,
    /// The name of the profile, and its next name.
    names: [&'static str; 2],
}

impl Rename {
    const KEY: &str = "key-c4n4ry-of-a-test";

    pub(crate) fn new() -> Self {
        let home = TestHome::new();
        let add = ["profile", "add", "work", "--provider", "brainmaps"];
        home.run(&add).expect(0);
        let login = ["--profile", "work", "login", "--with-token", "--no-verify"];
        home.run_with_input(&login, Self::KEY).expect(0);
        Self {
            home,
            names: ["work", "company"],
        }
    }

    fn files(&self) -> Vec<String> {
        let files = fs::read_dir(self.home.data().join("credentials")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.contains(".json")).collect();
        names.sort();
        names
    }
}

impl Operation for Rename {
    fn home(&self) -> &TestHome {
        &self.home
    }

    fn start(&mut self) -> RunningCommand {
        let [old, new] = self.names;
        self.home.start(&["profile", "rename", old, new, "--json"])
    }

    /// The profile has one name and its key; repeating the command completes the rename and deletes the copy.
    fn classify_state(&mut self) -> Found {
        let [old, new] = self.names;
        let listed = self.home.run(&["profile", "list", "--json"]).expect(0);
        let has = |name: &str| listed.stdout.contains(&format!("\"{name}\""));
        assert_ne!(has(old), has(new), "{listed}");
        let is_new = has(new);
        let (name, other) = if is_new { (new, old) } else { (old, new) };
        let print = |name: &str| self.home.run(&["--profile", name, "credential", "print"]);
        assert_eq!(print(name).expect(0).stdout.trim(), Self::KEY);
        print(other).expect(2);
        let again = self.home.run(&["profile", "rename", old, new]);
        // Nothing is left to delete after a complete rename.
        assert!(
            again.code == Some(0) || is_new && again.code == Some(2),
            "{again}"
        );
        assert_eq!(self.files(), [format!("{new}.json")], "{again}");
        assert_eq!(print(new).expect(0).stdout.trim(), Self::KEY);
        self.names = [new, old];
        if is_new { Found::New } else { Found::Old }
    }
}
