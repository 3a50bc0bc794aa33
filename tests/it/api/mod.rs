//! `api` sends a request with the credential, and `--jq` and `--format` filter the documents of all commands.

mod arguments;
mod endless_filters;
mod filters;
mod pages;
mod rejected;
mod requests;

use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer};
use crate::support::test_home::TestHome;

const KEY: &str = "key-c4n4ry-of-a-test";

/// A home with a key for `server`.
fn home_for(server: &ScriptedServer) -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    home
}

fn serve(
    response: impl Fn(&ReceivedRequest) -> ScriptedResponse + Send + Sync + 'static,
) -> ScriptedServer {
    ScriptedServer::start(move |received, _| response(received))
}
