//! The environments that the program is really started in: containers, CI jobs, service managers, scripts.

mod dotenv_forms;
mod irreplaceable_files;
mod key_alone;
mod key_files;
mod paths;
mod signals;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::json;

use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer};

const NAME: &str = "BRAINMAPS_API_KEY";
const FILE: &str = "BRAINMAPS_API_KEY_FILE";

/// Accepts every key.
fn service() -> ScriptedServer {
    ScriptedServer::start(|_: &ReceivedRequest, _: &str| {
        ScriptedResponse::json(200, &json!({ "email": "me@example.com", "results": [] }))
    })
}

fn write(path: &Path, content: &[u8], mode: u32) {
    let _ = std::fs::remove_file(path);
    std::fs::write(path, content).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
