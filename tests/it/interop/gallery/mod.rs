//! Descriptions of the gallery, against the servers that they describe.

mod jupyterhub;
mod verdaccio;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::support::test_home::{CommandResult, TestHome};

/// A home with one description of the gallery. Its profile has the same name.
struct Service {
    home: TestHome,
    id: &'static str,
}

impl Service {
    fn new(home: TestHome, id: &'static str) -> Self {
        home.run(&["provider", "add", id, "--yes"]).expect(0);
        Self { home, id }
    }

    fn run(&self, arguments: &[&str]) -> CommandResult {
        self.run_with_input(arguments, "")
    }

    fn run_with_input(&self, arguments: &[&str], input: &str) -> CommandResult {
        let arguments = [&["--profile", self.id], arguments].concat();
        self.home.run_with_input(&arguments, input)
    }

    /// Creates a token. No later output may show its secret.
    fn create(&self, arguments: &[&str]) -> Value {
        let arguments = [&["token", "create"], arguments, &["--json"]].concat();
        let created = self.run(&arguments).expect(0).json();
        self.home.record().secret(text(&created["secret"]));
        created
    }

    fn tokens(&self) -> Vec<Value> {
        let listed = self.run(&["token", "list", "--all", "--json"]);
        let mut listed = listed.expect(0).json();
        serde_json::from_value(listed["tokens"].take()).unwrap()
    }

    /// Returns the listed token with this name.
    fn token(&self, name: &str) -> Option<Value> {
        let mut tokens = self.tokens().into_iter();
        tokens.find(|token| token["name"] == name)
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Returns the lifetime from the creation of the token to its expiry.
fn lifetime(token: &Value) -> SignedDuration {
    let time = |member: &str| text(&token[member]).parse::<Timestamp>().unwrap();
    time("expires_at").duration_since(time("created_at"))
}

/// Fails unless the token lives as long. A rotation rounds down to whole seconds.
#[track_caller]
fn assert_lives(token: &Value, hours: i64) {
    let deviation = lifetime(token) - SignedDuration::from_hours(hours);
    assert!(deviation.abs() <= SignedDuration::from_secs(2), "{token}");
}
