//! The operations that are killed, and what may be found after each.

use std::fs;

use serde_json::Value;

use super::{FORCE, House, LOGIN, PRINT, kills::Found, kills::Subject};
use crate::support::{
    journey::{Journey, Underway},
    sandbox::write_private,
};

/// `login --with-token`, each time with another key.
pub(super) struct KeyLogin {
    journey: Journey,
    stored: u32,
    next: u32,
}

impl KeyLogin {
    pub(super) fn new() -> Self {
        let mut new = Self {
            journey: Journey::new(),
            stored: 0,
            next: 0,
        };
        new.start().wait().expect(0);
        new.look();
        new
    }

    fn key(number: u32) -> String {
        format!("key-{number}-{}", "x".repeat(2000))
    }
}

impl Subject for KeyLogin {
    fn start(&mut self) -> Underway {
        self.next += 1;
        let login = ["login", "--with-token", "--no-verify", "--json"];
        let input = format!("{}\n", Self::key(self.next));
        let mut command = self.journey.command(&login);
        self.journey.start_command(&mut command, &login, &input)
    }

    fn look(&mut self) -> Found {
        let printed = self.journey.run(&["credential", "print"]).expect(0);
        let found = printed.stdout.trim();
        self.journey.run(&["status", "--json"]).expect(0);
        if found == Self::key(self.next) {
            self.stored = self.next;
            return Found::New;
        }
        assert_eq!(found, Self::key(self.stored));
        Found::Old
    }
}

/// `login` by device flow, which replaces a session.
pub(super) struct DeviceLogin {
    house: House,
    before: Option<Value>,
}

impl DeviceLogin {
    pub(super) fn new() -> Self {
        let house = House::of_quick_logins();
        let before = house.stored("brainmaps");
        Self { house, before }
    }
}

impl Subject for DeviceLogin {
    fn start(&mut self) -> Underway {
        self.house.journey.start(&LOGIN)
    }

    fn look(&mut self) -> Found {
        self.house.journey.run(&PRINT).expect(0);
        self.house.journey.run(&["whoami"]).expect(0);
        let found = self.house.stored("brainmaps");
        if found == self.before {
            return Found::Old;
        }
        self.before = found;
        Found::New
    }
}

/// `credential refresh`, whose token works once.
pub(super) struct Refresh {
    house: House,
    before: Option<Value>,
}

impl Refresh {
    pub(super) fn new() -> Self {
        let house = House::of_quick_logins();
        let before = house.stored("brainmaps");
        Self { house, before }
    }
}

impl Subject for Refresh {
    fn start(&mut self) -> Underway {
        self.house.journey.start(&FORCE)
    }

    /// The access token works in any case but one, and the refresh token with it.
    fn look(&mut self) -> Found {
        let is_new = self.house.stored("brainmaps") != self.before;
        let next = self.house.journey.run(&FORCE);
        let lost = next.code != Some(0);
        let asked = next.json()["refreshed"] == true;
        if lost {
            assert!(!is_new, "what was saved works: {next}");
            assert!(
                next.stdout.contains("the answer was lost"),
                "it says why: {next}"
            );
            assert_eq!(next.expect(4).error_code(), "LOGIN_EXPIRED");
            self.house.journey.run(&LOGIN).expect(0);
        }
        self.before = self.house.stored("brainmaps");
        assert!(self.before.is_some());
        match (lost, is_new, asked) {
            (true, _, _) => Found::Explained,
            (false, true, _) => Found::New,
            (false, false, true) => Found::Old,
            (false, false, false) => Found::Rescued,
        }
    }
}

/// `token rotate` of a key that is used from a file.
pub(super) struct Rotation {
    house: House,
    id: String,
}

impl Rotation {
    pub(super) fn new() -> Self {
        let house = House::of_quick_logins();
        let create = ["token", "create", "ci", "--json"];
        let made = house.journey.run(&create).expect(0).json();
        let line = format!("BRAINMAPS_API_KEY={}\n", made["secret"].as_str().unwrap());
        write_private(&house.journey.work().join("app.env"), &line);
        let id = made["id"].as_str().unwrap().to_owned();
        Self { house, id }
    }

    fn rotate(&self) -> [&str; 6] {
        let id = self.id.as_str();
        ["token", "rotate", id, "--env-file", "app.env", "--json"]
    }

    fn key(&self) -> String {
        let file = fs::read_to_string(self.house.journey.work().join("app.env")).unwrap();
        let mut lines = file.lines();
        let key = lines.find_map(|line| line.strip_prefix("BRAINMAPS_API_KEY="));
        key.unwrap().to_owned()
    }

    fn assert_key_works(&self) {
        let whoami = ["whoami"];
        let mut command = self.house.journey.command(&whoami);
        command.env("BRAINMAPS_API_KEY", self.key());
        let journey = &self.house.journey;
        journey
            .start_command(&mut command, &whoami, "")
            .wait()
            .expect(0);
    }
}

impl Subject for Rotation {
    fn start(&mut self) -> Underway {
        self.house.journey.start(&self.rotate())
    }

    /// The next run finishes or undoes what was left; then there is one key, it is in the file, and it works.
    fn look(&mut self) -> Found {
        self.assert_key_works();
        let again = self.house.journey.run(&self.rotate());
        let found = if again.code == Some(7) {
            Found::New
        } else {
            again.expect(0);
            Found::Old
        };
        self.assert_key_works();
        let listed = self
            .house
            .journey
            .run(&["token", "list", "--all", "--json"]);
        let listed = listed.expect(0).json();
        let tokens = listed["tokens"].as_array().unwrap().iter();
        let alive: Vec<&Value> = tokens.filter(|token| token["active"] != false).collect();
        assert_eq!(alive.len(), 1, "{listed}");
        alive[0]["id"].as_str().unwrap().clone_into(&mut self.id);
        let journal = self.house.journey.data().join("rotations/brainmaps.json");
        assert!(!journal.exists());
        found
    }
}

/// `logout`, which tells the server first.
pub(super) struct Logout {
    house: House,
}

impl Logout {
    pub(super) fn new() -> Self {
        let house = House::of_quick_logins();
        Self { house }
    }
}

impl Subject for Logout {
    fn start(&mut self) -> Underway {
        self.house.journey.start(&["logout", "--json"])
    }

    fn look(&mut self) -> Found {
        let journey = &self.house.journey;
        if self.house.stored("brainmaps").is_none() {
            let none = journey.run(&PRINT).expect(4);
            assert_eq!(none.error_code(), "LOGIN_REQUIRED");
            journey.run(&LOGIN).expect(0);
            return Found::New;
        }
        // Here as it was. At the server it is alive or over, and the next command tells which.
        journey.run(&PRINT).expect(0);
        let who = journey.run(&["whoami", "--json"]);
        if who.code == Some(0) {
            return Found::Old;
        }
        assert_eq!(who.expect(4).error_code(), "LOGIN_EXPIRED");
        journey.run(&["logout", "--json"]).expect(0);
        assert_eq!(self.house.stored("brainmaps"), None);
        journey.run(&LOGIN).expect(0);
        Found::Explained
    }
}
