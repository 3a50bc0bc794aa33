//! Which proxy requests off loopback go through, never its password.

use super::{Check, Finding};
use crate::domain::one_line;
use crate::http::NetworkOptions;

pub(super) fn look(network: &NetworkOptions) -> Check {
    let Some(proxy) = &network.proxy else {
        return Finding::Fine("none is named".to_owned()).named("proxy");
    };
    let finding = match (proxy.address(), proxy.exceptions()) {
        (Ok(address), "") => Finding::Fine(format!("{address}, from {}", proxy.variable())),
        (Ok(address), exceptions) => {
            let exceptions = one_line(exceptions);
            Finding::Fine(format!(
                "{address}, from {}, but not for {exceptions}",
                proxy.variable()
            ))
        }
        (Err(error), _) => Finding::failure(error),
    };
    finding.named("proxy")
}
