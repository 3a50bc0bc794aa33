//! Reports the proxy for requests to other machines, without its password.

use super::{Check, Finding};
use crate::domain::sanitize_line;
use crate::http::NetworkOptions;

pub(super) fn check(network: &NetworkOptions) -> Check {
    let Some(proxy) = &network.proxy else {
        return Finding::Ok("not configured".to_owned()).into_check("proxy");
    };
    let finding = match (proxy.address(), proxy.exceptions()) {
        (Ok(address), "") => Finding::Ok(format!("{address}, from {}", proxy.variable())),
        (Ok(address), exceptions) => {
            let exceptions = sanitize_line(exceptions);
            Finding::Ok(format!(
                "{address}, from {} (except for {exceptions})",
                proxy.variable()
            ))
        }
        (Err(error), _) => Finding::failure(error),
    };
    finding.into_check("proxy")
}
