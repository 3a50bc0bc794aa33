//! The record of uses, and what follows from it: an audit finding and a rotation to fewer rights.

mod flow;
mod proof;
mod record;
mod refused;
mod screen;

use serde_json::Value;

use crate::support::sandbox::{Sandbox, write_private};
use crate::support::test_home::{CommandResult, TestHome};

const FILE: &str = "app.env";
const ARTICLES: &str = "/api/v1/articles";

/// An account of BrainPercent whose cookie is stored, and a key with every right in `app.env`.
struct Account {
    home: TestHome,
    _sandbox: Sandbox,
    /// The id of the token of the key.
    id: String,
}

impl Account {
    fn new() -> Self {
        let mut home = TestHome::new();
        let sandbox = Sandbox::start(&home, &["--memory"]);
        sandbox.wait_until_it_responds();
        home.set("BRAINMAPS_PROFILE", "brainpercent");
        let url = format!("{}/brainpercent", sandbox.url);
        home.run(&["config", "set-api-url", &url]).expect(0);
        let cookie = sandbox.web_cookie();
        home.run_with_input(&["login", "--with-cookie"], &format!("{cookie}\n"))
            .expect(0);
        #[rustfmt::skip]
        let create = ["token", "create", "ci", "--permission", "read", "--permission", "write", "--permission", "delete",
            "--env-file", FILE, "--json"];
        let created = home.run(&create).expect(0).json();
        let id = created["id"].as_str().unwrap().to_owned();
        Self {
            home,
            _sandbox: sandbox,
            id,
        }
    }

    /// Returns the key in `app.env`.
    fn key(&self) -> String {
        let file = std::fs::read_to_string(self.home.work().join(FILE)).unwrap();
        let mut lines = file.lines();
        let line = lines.find_map(|line| line.strip_prefix("BRAINPERCENT_API_KEY="));
        line.unwrap().to_owned()
    }

    /// Runs a command with `key` in the environment.
    fn run_with(&self, key: &str, arguments: &[&str]) -> CommandResult {
        let mut command = self.home.command(arguments);
        command.env("BRAINPERCENT_API_KEY", key);
        self.home.start_command(&mut command, arguments, "").wait()
    }

    /// Runs a command with the key in `app.env`.
    fn run_with_key(&self, arguments: &[&str]) -> CommandResult {
        self.run_with(&self.key(), arguments)
    }

    /// Moves the recorded days into the past.
    fn age_record(&self, days: i32) {
        let path = self.home.data().join("usage.json");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut record: Value = serde_json::from_str(&text).unwrap();
        for used in record["credentials"].as_array_mut().unwrap() {
            for request in used["requests"].as_array_mut().unwrap() {
                let first: jiff::civil::Date = request["first"].as_str().unwrap().parse().unwrap();
                let first = first - jiff::Span::new().days(days);
                request["first"] = Value::String(first.to_string());
            }
        }
        write_private(&path, &record.to_string());
    }

    fn rotate(&self, more: &[&str]) -> CommandResult {
        let rotate = ["token", "rotate", &self.id, "--env-file", FILE, "--narrow"];
        self.home.run(&[&rotate, more].concat())
    }

    /// Returns the findings and the unknown facts of the rule.
    fn audit(&self) -> (Vec<Value>, Vec<Value>) {
        let audited = self.home.run(&["token", "audit", "--json"]);
        let document = audited.json();
        let of_rule = |list: &str| {
            let entries = document[list].as_array().unwrap().iter();
            let of_rule = entries.filter(|it| it["rule"] == "wider-than-used");
            of_rule.cloned().collect::<Vec<_>>()
        };
        (of_rule("findings"), of_rule("unknown"))
    }
}
