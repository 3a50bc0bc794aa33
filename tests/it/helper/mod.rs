//! Credential helpers: the real program responds to the requests of other programs.

mod git;
mod install;
mod links;
mod print_formats;
mod profiles;
mod protocols;

use crate::support::test_home::TestHome;

const KEY: &str = "key-c4n4ry-of-a-test";

/// A home with [`KEY`] for `server` in the default profile.
fn home_with_key(server: &str) -> TestHome {
    let home = TestHome::new();
    let login = ["--api-url", server, "login", "--with-token", "--no-verify"];
    home.run_with_input(&login, KEY).expect(0);
    home
}

/// A home with [`KEY`] for `server` in the profile `work`.
fn home_with_profile(server: &str) -> TestHome {
    let home = TestHome::new();
    let add = ["profile", "add", "work", "--provider", "brainmaps"];
    home.run(&[&["--api-url", server], &add[..]].concat())
        .expect(0);
    let login = ["--profile", "work", "login", "--with-token", "--no-verify"];
    home.run_with_input(&login, KEY).expect(0);
    home
}
