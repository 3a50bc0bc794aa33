//! git: lines of `key=value`.

use jiff::Timestamp;

use super::exchange::{Ask, FoundCredential, Reading};

pub(super) fn request(scheme: &str, authority: &str) -> Ask {
    with_lines(&format!(
        "capability[]=authtype\ncapability[]=state\nprotocol={scheme}\nhost={authority}\n"
    ))
}

/// `get` with these lines.
pub(super) fn with_lines(lines: &str) -> Ask {
    Ask::with_input(&["get"], lines)
}

/// Another operation. The host does not exist: some helpers erase without comparing the secret.
pub(super) fn operation(name: &str) -> Ask {
    let lines =
        "protocol=https\nhost=conformance.invalid\nusername=conformance\npassword=nothing\n";
    Ask::with_input(&[name], lines)
}

/// Reads on after a fault, so that a careless helper is judged by all rules.
pub(super) fn read(stdout: &str) -> Reading {
    let mut reading = Lines::default();
    for line in stdout.lines().take_while(|line| !line.is_empty()) {
        if let Err(fault) = reading.read(line) {
            reading.fault.get_or_insert(fault);
        }
    }
    if reading.has_scheme && !reading.has_capability {
        let fault = "authtype is printed without capability[]=authtype";
        reading.fault.get_or_insert(fault);
    }
    let found = reading.found;
    Reading {
        credential: (!found.secret.is_empty()).then_some(found),
        fault: reading.fault.map(str::to_owned),
    }
}

#[derive(Default)]
struct Lines {
    found: FoundCredential,
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
            "password" | "credential" => value.clone_into(&mut self.found.secret),
            "password_expiry_utc" => {
                let end = value.parse().ok();
                let end = end.and_then(|end| Timestamp::from_second(end).ok());
                self.found.expires_at = Some(end.ok_or("password_expiry_utc is not a Unix time")?);
            }
            _ => {}
        }
        Ok(())
    }
}
