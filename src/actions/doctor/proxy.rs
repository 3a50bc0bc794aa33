//! Reports the proxy for requests to other machines, without its password.

use super::{Check, Finding};
use crate::domain::sanitize_line;
use crate::host::Environment;
use crate::http::NetworkOptions;

pub(super) fn check(environment: &Environment, network: &NetworkOptions) -> Check {
    let Some(proxy) = &network.proxy else {
        let is_plain = ["HTTP_PROXY", "http_proxy"]
            .iter()
            .any(|name| environment.get(name).is_some());
        let message = if is_plain {
            "not configured (HTTP_PROXY is for plain http, which is used on loopback only)"
        } else {
            "not configured"
        };
        return Finding::Ok(message.to_owned()).into_check("proxy");
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
