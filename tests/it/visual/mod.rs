//! `brainmaps --visual`: the real program, a real terminal, a served sandbox.

mod emulator;
mod login;
mod pictures;
mod sessions;
mod shell;
mod styles;
mod svg;
mod terminal;
mod tokens;

use std::path::PathBuf;

use crate::support::{
    sandbox::{EMAIL, PASSWORD, Sandbox},
    test_home::TestHome,
};
use terminal::Terminal;

/// A common window size.
const SIZE: (u16, u16) = (100, 30);

/// A sandbox, and a home that uses it as BrainMaps.
struct Fixture {
    sandbox: Sandbox,
    home: TestHome,
}

impl Fixture {
    /// Starts the sandbox with these extra arguments.
    fn start(more: &[&str]) -> Self {
        let mut home = TestHome::new();
        let sandbox = Sandbox::start(&home, more);
        sandbox.wait_until_it_responds();
        home.set("BRAINMAPS_API_URL", &sandbox.url);
        Self { sandbox, home }
    }

    /// Like `start`, with a password session.
    fn signed_in(more: &[&str]) -> Self {
        let fixture = Self::start(more);
        fixture.log_in();
        fixture
    }

    fn log_in(&self) {
        let arguments = [
            "login",
            "--password",
            "--username",
            EMAIL,
            "--password-stdin",
        ];
        self.home.run_with_input(&arguments, PASSWORD).expect(0);
    }

    /// BrainPercent requires the cookie of its website.
    fn sign_in_to_brainpercent(&self) {
        let url = format!("{}/brainpercent", self.sandbox.url);
        let login = [
            "--profile",
            "brainpercent",
            "login",
            "--with-cookie",
            "--api-url",
            &url,
        ];
        let cookie = self.sandbox.web_cookie();
        self.home.run_with_input(&login, &cookie).expect(0);
    }

    fn visual(&self, arguments: &[&str]) -> Terminal {
        Terminal::visual(&self.home, arguments, SIZE)
    }

    /// Creates a token with the command; returns its id and secret.
    fn make_token(&self, name: &str) -> (String, String) {
        let made = self.home.run(&["token", "create", name, "--json"]);
        let made = made.expect(0).json();
        let text = |member: &str| made[member].as_str().unwrap().to_owned();
        (text("id"), text("secret"))
    }

    /// Returns the exit status of `whoami` with `key`.
    fn who_has(&self, key: &str) -> String {
        let mut command = self.home.command(&["whoami"]);
        command.env("BRAINMAPS_API_KEY", key);
        let outcome = self.home.start_command(&mut command, &["whoami"], "");
        outcome.wait().expect(0).stdout.trim().to_owned()
    }

    fn in_work(&self, name: &str) -> PathBuf {
        self.home.work().join(name)
    }
}
