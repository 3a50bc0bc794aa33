//! Checks that trusted root certificates are available.

use super::{Check, Finding};
use crate::domain::format_count;
use crate::http::NetworkOptions;

pub(super) fn check(network: &NetworkOptions) -> Check {
    let finding = match network.count_root_certificates() {
        Ok(count) => {
            let count = format_count(count, "trusted root certificate");
            Finding::Ok(match &network.ca_cert {
                Some(own) => format!("{count}, including those in \"{}\"", own.path.display()),
                None => count,
            })
        }
        Err(error) => Finding::failure(error),
    };
    finding.into_check("certificates")
}
