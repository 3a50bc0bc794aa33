//! `brainmaps --visual`: the real program on a pseudo-terminal, with a served sandbox.

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

    /// Starts the program with `--visual`.
    fn visual(&self, arguments: &[&str]) -> Terminal {
        Terminal::visual(&self.home, arguments, SIZE)
    }

    /// Creates a token with `token create`; returns its id and secret.
    fn create_token(&self, name: &str) -> (String, String) {
        let created = self.home.run(&["token", "create", name, "--json"]);
        let created = created.expect(0).json();
        let text = |member: &str| created[member].as_str().unwrap().to_owned();
        (text("id"), text("secret"))
    }

    /// Returns the account that `whoami` prints for `key`.
    fn account_of_key(&self, key: &str) -> String {
        let mut command = self.home.command(&["whoami"]);
        command.env("BRAINMAPS_API_KEY", key);
        let outcome = self.home.start_command(&mut command, &["whoami"], "");
        outcome.wait().expect(0).stdout.trim().to_owned()
    }

    /// Returns the path of a file in the working directory.
    fn path_in_work(&self, name: &str) -> PathBuf {
        self.home.work().join(name)
    }
}
