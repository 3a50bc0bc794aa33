//! git: lines of `key=value`.

use jiff::Timestamp;

use super::exchange::{FoundCredential, HelperRequest, HelperResponse};

pub(super) fn request(scheme: &str, authority: &str) -> HelperRequest {
    with_lines(&format!(
        "capability[]=authtype\ncapability[]=state\nprotocol={scheme}\nhost={authority}\n"
    ))
}

/// `get` with these lines.
pub(super) fn with_lines(lines: &str) -> HelperRequest {
    HelperRequest::with_input(&["get"], lines)
}

/// Returns a request for another operation. The host does not exist: some helpers erase without comparing the secret.
pub(super) fn operation(name: &str) -> HelperRequest {
    let lines =
        "protocol=https\nhost=conformance.invalid\nusername=conformance\npassword=nothing\n";
    HelperRequest::with_input(&[name], lines)
}

/// Reads the response. Continues after a fault, so that all rules are evaluated.
pub(super) fn read(stdout: &str) -> HelperResponse {
    let mut lines = Lines::default();
    for line in stdout.lines().take_while(|line| !line.is_empty()) {
        if let Err(fault) = lines.read(line) {
            lines.fault.get_or_insert(fault);
        }
    }
    if lines.has_scheme && !lines.has_capability {
        let fault = "authtype is printed without capability[]=authtype";
        lines.fault.get_or_insert(fault);
    }
    let credential = lines.credential;
    HelperResponse {
        credential: (!credential.secret.is_empty()).then_some(credential),
        fault: lines.fault.map(str::to_owned),
    }
}

/// The credential and the protocol faults of the lines so far.
#[derive(Default)]
struct Lines {
    credential: FoundCredential,
    has_capability: bool,
    has_scheme: bool,
    fault: Option<&'static str>,
}

impl Lines {
    fn read(&mut self, line: &str) -> Result<(), &'static str> {
        let pair = line.split_once('=');
        let (key, value) = pair.ok_or("a line is not of the form key=value")?;
        if value.contains(['\r', '\0']) {
            return Err("a value contains a control character");
        }
        match key {
            "capability[]" => self.has_capability |= value == "authtype",
            "authtype" => self.has_scheme = true,
            "password" | "credential" => value.clone_into(&mut self.credential.secret),
            "password_expiry_utc" => {
                let end = value.parse().ok();
                let end = end.and_then(|end| Timestamp::from_second(end).ok());
                self.credential.expires_at =
                    Some(end.ok_or("password_expiry_utc is not a Unix time")?);
            }
            _ => {}
        }
        Ok(())
    }
}
