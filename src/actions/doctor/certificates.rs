//! Whether there are authorities to trust.

use super::{Check, Finding};
use crate::http::NetworkOptions;

pub(super) fn look(network: &NetworkOptions) -> Check {
    let finding = match network.authorities() {
        Ok(count) => Finding::Fine(match &network.ca_cert {
            Some(own) => format!(
                "{count} authorities are trusted, with those in `{}`",
                own.display()
            ),
            None => format!("{count} authorities are trusted"),
        }),
        Err(error) => Finding::failure(error),
    };
    finding.named("certificates")
}
