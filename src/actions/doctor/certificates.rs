//! Checks that trusted root certificates are available.

use super::{Check, Finding};
use crate::http::NetworkOptions;

pub(super) fn check(network: &NetworkOptions) -> Check {
    let finding = match network.count_root_certificates() {
        Ok(count) => Finding::Ok(match &network.ca_cert {
            Some(own) => format!(
                "{count} trusted root certificates, including those in \"{}\"",
                own.path.display()
            ),
            None => format!("{count} trusted root certificates"),
        }),
        Err(error) => Finding::failure(error),
    };
    finding.into_check("certificates")
}
