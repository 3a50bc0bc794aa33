//! Whether there are authorities to trust.

use super::{Check, Finding};
use crate::http::NetworkOptions;

pub(super) fn check(network: &NetworkOptions) -> Check {
    let finding = match network.count_root_certificates() {
        Ok(count) => Finding::Ok(match &network.ca_cert {
            Some(own) => format!(
                "{count} authorities are trusted, with those in `{}`",
                own.display()
            ),
            None => format!("{count} authorities are trusted"),
        }),
        Err(error) => Finding::failure(error),
    };
    finding.into_check("certificates")
}
