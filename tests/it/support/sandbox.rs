//! `brainmaps sandbox serve` in a journey's home, so that the other commands of the journey share its state.

use super::journey::{Journey, Underway};

/// The OAuth client that the sandbox knows for the BrainMaps service.
pub(crate) const CLIENT_ID: &str = "brainmaps-cli";

/// The account that every sandbox has.
pub(crate) const EMAIL: &str = "demo@brainmaps.test";
pub(crate) const PASSWORD: &str = "demo";

/// A sandbox that listens; it is killed when this is dropped.
pub(crate) struct Sandbox {
    pub(crate) url: String,
    pub(crate) underway: Underway,
}

impl Sandbox {
    /// Starts one on a free port, with these arguments more.
    pub(crate) fn start(journey: &Journey, more: &[&str]) -> Self {
        let arguments: Vec<&str> = ["sandbox", "serve", "--port", "0"]
            .iter()
            .chain(more)
            .copied()
            .collect();
        let underway = journey.start(&arguments);
        let url = underway.running.line(|line| {
            let at = line.find("http://localhost:")?;
            let url = line[at..].split_whitespace().next()?;
            Some(
                url.trim_end_matches(|c: char| !c.is_ascii_digit())
                    .to_owned(),
            )
        });
        Self { url, underway }
    }
}
